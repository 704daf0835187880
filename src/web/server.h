/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The HTTP server: libmicrohttpd, a thread per connection, behind the gate.
 *
 * The way of a request: head read -> gate -> route -> what the route takes ->
 * where a post comes from -> may_take -> before -> body read -> handler ->
 * answer. A refusal before the body is answered at once with Connection: close
 * and the body is never read. Targets and header values are never written
 * anywhere.
 */
#ifndef CANDOUR_WEB_SERVER_H
#define CANDOUR_WEB_SERVER_H

#include "base/base.h"
#include "web/csrf.h"
#include "web/request.h"

#define SERVER_LISTEN "127.0.0.1:8080"
#define SERVER_CONNECTIONS_MAX 1200
#define SERVER_CROWD 900    /* connections from which the oldest heads are cut */
#define SERVER_PEER_MAX 600 /* connections of one peer; none for the proxy */
#define SERVER_HEAD_MS 10000
#define SERVER_BODY_MS 10000 /* and 1 s for each 16 KiB */
#define SERVER_IDLE_S 15
#define SERVER_STOP_MS 5000          /* how long answers may go on when stopping */
#define SERVER_RETRY_S 20            /* Retry-After of a 503 */
#define SERVER_ARENA_MAX (24u << 20) /* bytes of one request's arena */

struct server_hooks {
	/* Asked before the body of a post is read; false: 503 with Retry-After. NULL: always. */
	bool (*may_take)(void *ctx);
	/*
	 * Called when a route is found, before the body is read: session, rights,
	 * limits. True: go on. False with answer->status set to something else than
	 * 200: that is sent; else err is rendered by `refuse`. NULL: nothing to do.
	 */
	bool (*before)(struct web_request *request, struct web_answer *answer, struct err *err);
	/*
	 * Renders a refusal: answer->status is set, `message` is for the person,
	 * `reference` (p NULL: none) is in the journal too. request->route may be
	 * NULL, request->head may be incomplete. NULL: plain text or JSON.
	 */
	void (*refuse)(struct web_request *request, struct web_answer *answer, struct str message,
	               struct str reference);
	/* The time for handlers. NULL: the machine's. */
	instant (*now)(void *ctx);
	/* Called once for each request->session that `before` set. NULL: nothing. */
	void (*end)(struct web_request *request);
};

struct server_config {
	const char *listen;    /* NULL: SERVER_LISTEN; see web/listener.h */
	const char *why_alone; /* not NULL: refused with these words where others than this machine
	                          would reach it */
	const struct web_route *routes;
	size_t route_count;
	void *ctx; /* the owner's: goes into each request */
	struct server_hooks hooks;
	struct gate_names names; /* hosts and cookies; copied not: lives as long as the server */
	enum csrf_scheme scheme; /* how the browser reaches us */
	struct str proxy_secret; /* p NULL: no proxy */
	struct hash peer_key;    /* random, of this start */
	int head_ms;             /* 0: SERVER_HEAD_MS; tests take less */
	int body_ms;             /* 0: SERVER_BODY_MS */
	size_t peer_max;         /* 0: SERVER_PEER_MAX */
};

struct server;

/* ERR_USAGE: listen is no address, or others would reach it and may not; ERR_UNABLE: in use, or the
 * machine gives no memory or thread. */
bool server_start(const struct server_config *config, struct server **out,
                  struct err *err) MUST_USE;

/*
 * Takes no more requests, lets what is under way end (SERVER_STOP_MS at most
 * for what only sends or receives; a page at work is waited for), and frees
 * all. Takes NULL.
 */
void server_stop(struct server *server);

/* The port in use; 0 for a Unix socket. */
uint16_t server_port(const struct server *server);
/* True when only this machine can reach it. */
bool server_is_loopback(const struct server *server);
/* Connections open now. */
size_t server_connections(const struct server *server);

#endif
