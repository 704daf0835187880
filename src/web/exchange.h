/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One request and its answer, from the first byte of the target to the last of the answer. */
#ifndef CANDOUR_WEB_EXCHANGE_H
#define CANDOUR_WEB_EXCHANGE_H

#include "base/base.h"
#include "web/http_library.h"
#include "web/peer.h"
#include "web/reaper.h"
#include "web/route.h"
#include "web/server.h"

/* What all exchanges share; set before threads start, read by all. */
struct exchange_shared {
	struct http_library http;
	struct server_config config;
	struct routes routes;
	struct peer_rules peers;
	struct reaper *reaper;
	bool sees_head_bytes; /* the library is one whose heads head_bytes.h reads */
};

/* What lives as long as its connection. */
struct exchange_connection {
	struct peer peer;
	struct reaper_slot *slot;
};

struct exchange;

/* Begins with the raw target, which no other call of the library shows. NULL: out of memory. */
struct exchange *exchange_create(const struct exchange_shared *shared, struct str target);
void exchange_destroy(struct exchange *exchange);

/*
 * The head is there: refuses, or prepares for the body. MHD_NO: the connection
 * is to be dropped.
 */
enum MHD_Result exchange_begin(struct exchange *exchange, struct MHD_Connection *connection,
                               struct str method, struct str version);
bool exchange_has_begun(const struct exchange *exchange);

/* A piece of the body. */
void exchange_feed(struct exchange *exchange, struct str bytes);

/* The body is there: calls the page and sends. */
enum MHD_Result exchange_answer(struct exchange *exchange, struct MHD_Connection *connection);

#endif
