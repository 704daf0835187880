/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The log in public: checkpoint, tiles and bundles, never past what is published
 * (C2SP tlog-tiles). Names are taken to the letter: whatever is none is not
 * there, and may be tomorrow.
 */
#include "web/site.h"

#define FOREVER "public, max-age=31536000, immutable"

/* Whoever checks from another page may read what everybody may read. What is not there says so to
 * him too, and may be there tomorrow. */
static bool finish(struct web_answer *answer, bool is_served, struct err *err)
{
	if (!is_served && err->code != ERR_ABSENT)
		return false;
	if (!is_served)
		web_answer_text(answer, 404,
		                STR("The log has nothing of this name at its published size\n"));
	*err = (struct err){ 0 };
	web_answer_header(answer, STR("Access-Control-Allow-Origin"), STR("*"));
	return true;
}

static bool give_checkpoint(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_reader *reader;
	struct str note;
	int64_t size;
	if (!site_reader(request, &reader, err) ||
	    !casebook_log_checkpoint(reader, request->arena, &size, &note, err))
		return false;
	struct hash hash = hash_of(note);
	struct str hex = hash_hex(request->arena, &hash);
	struct str etag = arena_format(request->arena, "\"%.*s\"", 32, hex.p ? hex.p : "");
	answer->type = STR("text/plain; charset=utf-8");
	answer->caching = STR("no-cache");
	web_answer_header(answer, STR("ETag"), etag);
	if (web_etag_is_named(request->head->etag, etag))
		answer->status = 304;
	else
		buf_add(&answer->body, note);
	return true;
}

static bool give_tile(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_reader *reader;
	struct str path = request->head->path, bytes;
	path = str_sub(path, sizeof SITE_LOG - 1, path.n);
	if (!casebook_log_kept(site_book(request), request->arena, path, &bytes) &&
	    (!site_reader(request, &reader, err) ||
	     !casebook_log_tile(reader, request->arena, path, &bytes, err)))
		return false;
	answer->type = STR("application/octet-stream");
	answer->caching = STR(FOREVER);
	buf_add(&answer->body, bytes);
	return true;
}

/* --- under an agreement ---------------------------------------------------------------------- */

/* False: an answer of 401, or an error. */
static bool agreed(struct web_request *request, struct web_answer *answer,
                   struct casebook_reader **reader, struct casebook_agreement *out, bool *is_agreed,
                   struct err *err)
{
	struct err why = { 0 };
	*is_agreed = false;
	if (!site_reader(request, reader, err))
		return false;
	if (request->head->bearer.p) {
		*is_agreed = casebook_agreement_get(*reader, request->arena, request->head->bearer,
		                                    out, &why);
		if (!*is_agreed && why.code != ERR_ABSENT) {
			*err = why;
			return false;
		}
	}
	if (*is_agreed)
		return true;
	struct json *model = json_object(request->arena);
	json_put_integer(request->arena, model, STR("status"), 401);
	json_put_text(request->arena, model, STR("message"),
	              STR("This is given to mirrors under an agreement that stands"));
	answer->status = 401;
	web_answer_header(answer, STR("WWW-Authenticate"), STR("Bearer"));
	web_answer_json(answer, model);
	return true;
}

static void push_given(struct arena *arena, struct json *list, const struct casebook_given *given)
{
	struct json *row = json_object(arena);
	json_put_integer(arena, row, STR("index"), given->index);
	json_put_bool(arena, row, STR("destroyed"), given->header.p == NULL);
	if (given->header.p) {
		json_put_text(arena, row, STR("header"), given->header);
		json_put_text(arena, row, STR("opener"), hash_hex(arena, &given->opener));
		json_put_text(arena, row, STR("plain_salt"), hash_hex(arena, &given->plain_salt));
		json_put_text(arena, row, STR("plain"), given->plain);
	}
	json_push(list, row);
}

static bool read_place(struct web_request *request, struct str name, int64_t *out, struct err *err)
{
	uint64_t n;
	if (request->head->query.count > 0 ||
	    !str_to_u64(web_param(request, name), JSON_INTEGER_MAX, &n))
		return err_set(err, ERR_ABSENT, "There is no such page");
	*out = (int64_t)n;
	return true;
}

/* Entries as they open their commitments, from one on: header, opener, plain fields, their salt. */
static bool serve_opened(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_agreement agreement;
	struct casebook_reader *reader;
	const struct casebook_given *given;
	struct json *model = json_object(request->arena), *list = json_array(request->arena);
	int64_t from;
	size_t count;
	bool is_agreed;
	if (!read_place(request, STR("from"), &from, err) ||
	    !agreed(request, answer, &reader, &agreement, &is_agreed, err))
		return false;
	if (!is_agreed)
		return true;
	if (!casebook_given(reader, &agreement, from, request->arena, &given, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		push_given(request->arena, list, &given[i]);
	json_put(model, STR("entries"), list);
	web_answer_json(answer, model);
	return true;
}

/* The rules that were adopted, by their number from 1: what is owed is reckoned by them. */
static bool serve_rules(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_agreement agreement;
	struct casebook_reader *reader;
	struct str text;
	int64_t n;
	bool is_agreed;
	if (!read_place(request, STR("n"), &n, err) ||
	    !agreed(request, answer, &reader, &agreement, &is_agreed, err))
		return false;
	if (!is_agreed)
		return true;
	if (!casebook_given_rules(reader, &agreement, n, request->arena, &text, err))
		return false;
	answer->type = STR("application/octet-stream");
	buf_add(&answer->body, text);
	return true;
}

/* --- for all ---------------------------------------------------------------------------------- */

static bool serve_checkpoint(struct web_request *request, struct web_answer *answer,
                             struct err *err)
{
	return finish(answer, give_checkpoint(request, answer, err), err);
}

static bool serve_tile(struct web_request *request, struct web_answer *answer, struct err *err)
{
	return finish(answer, give_tile(request, answer, err), err);
}

static const struct web_route ROUTES[] = {
	{ .method = WEB_GET,
	  .pattern = SITE_LOG "checkpoint",
	  .handler = serve_checkpoint,
	  .flags = WEB_PUBLIC | WEB_RAW },
	/* All else that is asked for there: a tile, or nothing. */
	{ .method = WEB_GET,
	  .pattern = SITE_LOG "*path",
	  .handler = serve_tile,
	  .flags = WEB_PUBLIC | WEB_RAW },
	{ .method = WEB_GET,
	  .pattern = SITE_LOG_OPENED ":from",
	  .handler = serve_opened,
	  .flags = WEB_PUBLIC },
	{ .method = WEB_GET,
	  .pattern = SITE_LOG_OPENED "rules/:n",
	  .handler = serve_rules,
	  .flags = WEB_PUBLIC },
};

const struct routes log_routes = { ROUTES, COUNT_OF(ROUTES) };
