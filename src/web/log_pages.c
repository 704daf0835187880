/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The log in public: checkpoint, tiles and bundles, never past what is published. */
#include "web/site.h"

#define PREFIX "/log/"
#define FOREVER "public, max-age=31536000, immutable"

/* Whoever checks from another page may read what everybody may read. */
static void open_to_all(struct web_answer *answer)
{
	web_answer_header(answer, STR("Access-Control-Allow-Origin"), STR("*"));
}

static bool serve_checkpoint(struct web_request *request, struct web_answer *answer,
                             struct err *err)
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
	open_to_all(answer);
	if (request->head->etag.p && str_eq(request->head->etag, etag))
		answer->status = 304;
	else
		buf_add(&answer->body, note);
	return true;
}

/* The raw path: nothing is decoded, and no query belongs to it. */
static bool serve_tile(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_reader *reader;
	struct str path = request->head->path, bytes;
	if (request->head->query.count > 0)
		return err_set(err, ERR_ABSENT,
		               "There is no such tile at the log's published size");
	path = str_sub(path, sizeof PREFIX - 1, path.n);
	if (!site_reader(request, &reader, err) ||
	    !casebook_log_tile(reader, request->arena, path, &bytes, err))
		return false;
	answer->type = STR("application/octet-stream");
	answer->caching = STR(FOREVER);
	open_to_all(answer);
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

static const struct web_route ROUTES[] = {
	{ .method = WEB_GET,
	  .pattern = PREFIX "checkpoint",
	  .handler = serve_checkpoint,
	  .flags = WEB_PUBLIC },
	{ .method = WEB_GET,
	  .pattern = PREFIX "tile/*path",
	  .handler = serve_tile,
	  .flags = WEB_PUBLIC },
	{ .method = WEB_GET,
	  .pattern = PREFIX "opened/:from",
	  .handler = serve_opened,
	  .flags = WEB_PUBLIC },
	{ .method = WEB_GET,
	  .pattern = PREFIX "opened/rules/:n",
	  .handler = serve_rules,
	  .flags = WEB_PUBLIC },
};

const struct routes log_routes = { ROUTES, COUNT_OF(ROUTES) };
