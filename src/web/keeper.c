/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A keeper of a copy over HTTP: it takes parcels from who has its token, and tells how it is. */
#include "log/log.h"

#include <stdlib.h>

#include "web/server.h"
#include "web/web.h"

struct web_keeper {
	struct log_keeper *keeper;
	struct server *server;
};

static void give(const struct log_keeper_answer *given, struct web_answer *answer)
{
	answer->status = (unsigned)given->status;
	answer->type = STR("text/plain; charset=utf-8");
	answer->caching = STR("no-store");
	buf_add(&answer->body, given->body);
}

/* Asked before the body is read: from nobody else so much is taken. */
static bool is_sender(struct web_request *request, struct web_answer *answer, struct err *err)
{
	const struct web_keeper *web = request->ctx;
	(void)err;
	if (request->route->flags & WEB_PUBLIC ||
	    log_keeper_knows(web->keeper, request->head->bearer))
		return true;
	web_answer_text(answer, 401, STR("This keeper takes a copy from who has its token\n"));
	web_answer_header(answer, STR("WWW-Authenticate"), STR("Bearer"));
	answer->closes = true;
	return false;
}

static bool take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	const struct web_keeper *web = request->ctx;
	struct log_keeper_answer given;
	if (!log_keeper_take(web->keeper, request->arena, request->body, request->now, &given, err))
		return false;
	give(&given, answer);
	return true;
}

static bool tell(struct web_request *request, struct web_answer *answer, struct err *err)
{
	const struct web_keeper *web = request->ctx;
	struct log_keeper_answer given;
	if (!log_keeper_tell(web->keeper, request->arena, &given, err))
		return false;
	give(&given, answer);
	return true;
}

/* For anybody: no more than that it is there, how far, and what is wrong. */
static bool tell_status(struct web_request *request, struct web_answer *answer, struct err *err)
{
	const struct web_keeper *web = request->ctx;
	struct log_keeper_answer given, short_one = { .status = 200 };
	struct str rest, line;
	CLEANUP(buf_finish) struct buf text = { 0 };
	if (!log_keeper_tell(web->keeper, request->arena, &given, err))
		return false;
	buf_init(&text, WEB_FORM_MAX);
	rest = given.body;
	while (str_cut(&rest, '\n', &line)) {
		if (str_starts(line, STR("origin ")) || str_starts(line, STR("proved ")) ||
		    str_starts(line, STR("heard ")) || str_starts(line, STR("alarm ")))
			buf_format(&text, "%.*s\n", STR_ARG(line));
	}
	short_one.body = buf_str(&text);
	give(&short_one, answer);
	return true;
}

static const struct web_route ROUTES[] = {
	{ .method = WEB_POST,
	  .pattern = "/copy",
	  .handler = take,
	  .takes = GATE_TAKES_FORM | GATE_TAKES_JSON | GATE_TAKES_OTHER,
	  .max_bytes = LOG_PARCEL_MAX,
	  .flags = WEB_ANY_SITE },
	{ .method = WEB_GET, .pattern = "/copy", .handler = tell, .flags = 0 },
	{ .method = WEB_GET, .pattern = "/status", .handler = tell_status, .flags = WEB_PUBLIC },
};

bool web_keeper_start(struct log_keeper *keeper, const char *listen, struct web_keeper **out,
                      struct err *err)
{
	struct web_keeper *web = calloc(1, sizeof *web);
	struct random_source *random = random_system_create();
	*out = NULL;
	if (!web || !random) {
		free(web);
		random_destroy(random);
		return err_set(err, ERR_UNABLE, "There is no memory for the web server");
	}
	web->keeper = keeper;
	struct server_config config = {
		.listen = listen,
		.routes = ROUTES,
		.route_count = COUNT_OF(ROUTES),
		.ctx = web,
		.hooks = { .before = is_sender },
	};
	random_bytes(random, config.peer_key.bytes, sizeof config.peer_key.bytes);
	random_destroy(random);
	if (!server_start(&config, &web->server, err)) {
		free(web);
		return false;
	}
	*out = web;
	return true;
}

void web_keeper_stop(struct web_keeper *web)
{
	if (!web)
		return;
	server_stop(web->server);
	free(web);
}

uint16_t web_keeper_port(const struct web_keeper *web)
{
	return server_port(web->server);
}
