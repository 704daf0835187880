/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A witness over HTTP: it is asked to cosign, and shows what it cosigned. */
#include "log/log.h"

#include <stdlib.h>

#include "web/limit.h"
#include "web/server.h"
#include "web/web.h"

/* A log that beats every 5 seconds, and tries each beat as often as it may, sends 96 a minute. */
#define ASKED_A_MINUTE 600
#define PLACES 4096

struct web_witness {
	struct log_witness *witness;
	struct server *server;
	struct limits *limits; /* how often an address asked */
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

/* Before the body is read: whoever floods a witness costs it a head and no signature. This machine
 * does not count: where a proxy that does not name itself stands there, all logs would be one. */
static bool within_limits(struct web_request *request, struct web_answer *answer, struct err *err)
{
	const struct web_witness *web = request->ctx;
	(void)err;
	if (request->head->method != WEB_POST || request->is_peer_exempt)
		return true;
	unsigned wait = limit_take(web->limits, LIMIT_COSIGN, &request->peer, clock_read().wall);
	if (wait == 0)
		return true;
	web_answer_text(answer, 429, STR("Too many requests of one address; wait a little\n"));
	web_answer_header(answer, STR("Retry-After"), arena_format(request->arena, "%u", wait));
	return false;
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

bool web_witness_start(struct log_witness *witness, const char *listen, struct str proxy_secret,
                       struct web_witness **out, struct err *err)
{
	static const unsigned A_MINUTE[LIMIT_KINDS] = { [LIMIT_COSIGN] = ASKED_A_MINUTE };
	struct web_witness *web = calloc(1, sizeof *web);
	struct random_source *random = random_system_create();
	*out = NULL;
	if (!web || !random || !(web->limits = limits_create(A_MINUTE, PLACES))) {
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
		.hooks = { .before = within_limits },
		.proxy_secret = proxy_secret,
	};
	random_bytes(random, config.peer_key.bytes, sizeof config.peer_key.bytes);
	random_destroy(random);
	if (!server_start(&config, &web->server, err)) {
		limits_destroy(web->limits);
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
	limits_destroy(web->limits);
	free(web);
}

uint16_t web_witness_port(const struct web_witness *web)
{
	return server_port(web->server);
}
