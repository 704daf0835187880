/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A witness over HTTP: it is asked to cosign, and shows what it cosigned. */
#include "log/log.h"

#include <stdlib.h>

#include "web/server.h"
#include "web/web.h"

struct web_witness {
	struct log_witness *witness;
	struct server *server;
};

static void give(const struct log_witness_answer *given, struct web_answer *answer)
{
	answer->status = (unsigned)given->status;
	answer->type = given->type;
	answer->caching = STR("no-store");
	buf_add(&answer->body, given->body);
}

static bool add_checkpoint(struct web_request *request, struct web_answer *answer, struct err *err)
{
	const struct web_witness *web = request->ctx;
	struct log_witness_answer given;
	if (!log_witness_add_checkpoint(web->witness, request->arena, request->body,
	                                request->now / INSTANT_PER_SECOND, &given, err))
		return false;
	give(&given, answer);
	return true;
}

static bool get_checkpoint(struct web_request *request, struct web_answer *answer, struct err *err)
{
	const struct web_witness *web = request->ctx;
	struct log_witness_answer given;
	if (!log_witness_checkpoint(web->witness, request->arena, request->head->path, &given, err))
		return false;
	give(&given, answer);
	web_answer_header(answer, STR("Access-Control-Allow-Origin"), STR("*"));
	return true;
}

static const struct web_route ROUTES[] = {
	{ .method = WEB_POST,
	  .pattern = "/add-checkpoint",
	  .handler = add_checkpoint,
	  .takes = GATE_TAKES_FORM | GATE_TAKES_JSON | GATE_TAKES_OTHER,
	  .max_bytes = LOG_WITNESS_BODY_MAX,
	  .flags = WEB_PUBLIC | WEB_ANY_SITE },
	{ .method = WEB_GET,
	  .pattern = "/:log/checkpoint",
	  .handler = get_checkpoint,
	  .flags = WEB_PUBLIC },
};

bool web_witness_start(struct log_witness *witness, const char *listen, struct web_witness **out,
                       struct err *err)
{
	struct web_witness *web = calloc(1, sizeof *web);
	struct random_source *random = random_system_create();
	*out = NULL;
	if (!web || !random) {
		free(web);
		random_destroy(random);
		return err_set(err, ERR_UNABLE, "There is no memory for the web server");
	}
	web->witness = witness;
	struct server_config config = {
		.listen = listen,
		.routes = ROUTES,
		.route_count = COUNT_OF(ROUTES),
		.ctx = web,
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

void web_witness_stop(struct web_witness *web)
{
	if (!web)
		return;
	server_stop(web->server);
	free(web);
}

uint16_t web_witness_port(const struct web_witness *web)
{
	return server_port(web->server);
}
