/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules in force: which pack, and every duty with its owner, time and source. */
#include "web/admin.h"

static const char *const CLASSES[] = { [PACK_STATUTE] = "statute",
	                               [PACK_GUIDANCE] = "guidance",
	                               [PACK_NORM] = "norm",
	                               [PACK_LOCAL] = "local" };

/* As one sentence: it begins with a capital letter, whatever comes first. */
static struct str owners_text(struct arena *arena, const struct pack_duty *duty)
{
	struct str owners = STR("");
	for (size_t i = 0; i < duty->owner_count; i++)
		owners = arena_format(arena, "%.*s%s%.*s", STR_ARG(owners), i ? " and " : "",
		                      STR_ARG(page_owner(arena, &duty->owners[i])));
	if (str_starts(owners, STR("the ")))
		return arena_format(arena, "The %.*s", STR_ARG(str_sub(owners, 4, owners.n)));
	return owners;
}

static struct str within_text(struct arena *arena, const struct pack_duty *duty)
{
	static const char *const UNITS[] = { [PACK_HOURS] = "hour",
		                             [PACK_DAYS] = "day",
		                             [PACK_WORKING_DAYS] = "working day",
		                             [PACK_MONTHS] = "month" };
	if (duty->within_is_field)
		return STR("As the entry says");
	return arena_format(arena, "%" PRId64 " %s%s", duty->within.amount,
	                    UNITS[duty->within.unit], duty->within.amount == 1 ? "" : "s");
}

static void put_duty(struct arena *arena, const struct pack_duty *duty, struct json *rows)
{
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("rule"), duty->name);
	json_put_text(arena, row, STR("what"), duty->title);
	json_put_text(arena, row, STR("owed_by"), owners_text(arena, duty));
	json_put_text(arena, row, STR("within"), within_text(arena, duty));
	json_put_text(arena, row, STR("class"), str_from_c(CLASSES[duty->class]));
	json_put_text(arena, row, STR("source"), duty->source.p ? duty->source : STR(""));
	json_put_text(arena, row, STR("certainty"), duty->certainty.p ? duty->certainty : STR(""));
	json_put_text(arena, row, STR("ladder_name"),
	              duty->ladder ? duty->ladder->name : STR("by what is answered"));
	json_push(rows, row);
}

bool pack_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("pack"), .title = STR("Rules in force") };
	struct arena *arena = request->arena;
	const struct pack *pack = casebook_pack(site_book(request));
	struct json *model, *rows = json_array(arena), *about = json_object(arena);
	struct casebook_reader *reader;
	struct casebook_entry adopted;
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err) ||
	    !site_reader(request, &reader, err) ||
	    !casebook_pack_since(reader, arena, &adopted, err))
		return false;
	json_put(about, STR("since"), page_time(request, adopted.recorded));
	json_put_integer(arena, about, STR("entry"), adopted.index);
	json_put_text(arena, about, STR("name"), pack->name);
	json_put_text(arena, about, STR("version"), pack->version);
	json_put_text(arena, about, STR("pack_title"), pack->title.p ? pack->title : STR(""));
	json_put_text(arena, about, STR("hash"), hash_hex(arena, &pack->hash));
	json_put_integer(arena, about, STR("kinds"), (int64_t)pack->kind_count);
	json_put_integer(arena, about, STR("duties_n"), (int64_t)pack->duty_count);
	json_put(model, STR("pack"), about);
	for (size_t i = 0; i < pack->duty_count; i++)
		put_duty(arena, &pack->duties[i], rows);
	json_put(model, STR("rows"), rows);
	return page_answer(request, answer, STR("admin/pack"), model, err);
}
