/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/log_health.h"

static void put_size(struct arena *arena, struct json *to, const char *name, int64_t size)
{
	json_put_text(arena, to, str_from_c(name),
	              size < 0 ? STR("none") : wording_number(arena, size));
	json_put(to, arena_format(arena, "%s_n", name),
	         size < 0 ? json_null(arena) : json_integer(arena, size));
}

static void put_time(struct web_request *request, struct json *to, struct str name, bool is_there,
                     instant at)
{
	json_put(to, name, is_there ? page_time(request, at) : json_null(request->arena));
}

static struct json *witness_of(struct web_request *request, const struct casebook_witness *one)
{
	struct json *witness = json_object(request->arena);
	json_put_text(request->arena, witness, STR("name"), one->name);
	json_put_bool(request->arena, witness, STR("has_signed"), one->size >= 0);
	put_size(request->arena, witness, "entries", one->size);
	put_time(request, witness, STR("at"), one->size >= 0, one->signed_at);
	return witness;
}

struct json *log_health_of(struct web_request *request, const struct casebook_witnesses *all)
{
	struct arena *arena = request->arena;
	struct json *log = json_object(arena), *witnesses = json_array(arena);
	int64_t promise = casebook_limit(site_book(request), STR("publish.promise"));
	json_put_bool(arena, log, STR("has_published"), all->published >= 0);
	put_size(arena, log, "published", all->published);
	put_time(request, log, STR("published_at"), all->published > 0, all->published_at);
	json_put_bool(arena, log, STR("asks"), all->asks);
	bool is_forked = casebook_is_forked(site_book(request));
	json_put_bool(arena, log, STR("is_met"),
	              all->asks && !is_forked && all->quorum_size >= 0 &&
	                      all->quorum_size == all->published);
	json_put_bool(arena, log, STR("has_quorum"), all->quorum_size >= 0);
	put_size(arena, log, "quorum", all->quorum_size);
	put_time(request, log, STR("quorum_at"), all->quorum_size > 0, all->quorum_at);
	json_put_text(arena, log, STR("promise"),
	              wording_elapsed(arena, promise * INSTANT_PER_SECOND));
	json_put_integer(arena, log, STR("promise_seconds"), promise);
	for (size_t i = 0; i < all->count; i++)
		json_push(witnesses, witness_of(request, &all->at[i]));
	json_put(log, STR("witnesses"), witnesses);
	json_put_bool(arena, log, STR("is_forked"), is_forked);
	return log;
}

bool log_health(struct web_request *request, struct casebook_reader *reader, struct json **out,
                struct err *err)
{
	struct casebook_witnesses all;
	if (!casebook_witnesses(reader, request->arena, &all, err))
		return false;
	*out = log_health_of(request, &all);
	return true;
}
