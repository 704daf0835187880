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

static const struct web_route ROUTES[] = {
	{ .method = WEB_GET,
	  .pattern = PREFIX "checkpoint",
	  .handler = serve_checkpoint,
	  .flags = WEB_PUBLIC },
	{ .method = WEB_GET,
	  .pattern = PREFIX "tile/*path",
	  .handler = serve_tile,
	  .flags = WEB_PUBLIC },
};

const struct routes log_routes = { ROUTES, COUNT_OF(ROUTES) };
