/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Who is at the other end, as far as anything of ours may know: a keyed hash
 * of an address. Addresses are neither kept nor written anywhere.
 */
#ifndef CANDOUR_WEB_PEER_H
#define CANDOUR_WEB_PEER_H

#include "base/base.h"
#include "web/gate.h"

struct sockaddr;

#define PEER_SECRET_HEADER "X-Candour-Proxy"

struct peer_rules {
	struct hash key;         /* of the hash; random at each start */
	struct str proxy_secret; /* what the proxy sends in PEER_SECRET_HEADER; p NULL: no proxy */
	bool is_unix;            /* we listen on a Unix socket: only a proxy reaches us */
};

struct peer {
	struct hash key;
	bool is_exempt; /* limits do not count: loopback without a proxy */
	bool is_local;  /* loopback or Unix socket: where the proxy is */
};

/* The peer of a connection. An IPv6 address counts by its first 64 bits. NULL: a Unix socket. */
void peer_of_address(const struct peer_rules *rules, const struct sockaddr *address,
                     struct peer *out);

/*
 * The peer of a request: behind the proxy (local, and its secret matches) the
 * last address of X-Forwarded-For, which the proxy wrote; else the
 * connection's own. A header alone never moves it.
 */
void peer_of_request(const struct peer_rules *rules, const struct peer *connection,
                     const struct gate_input *head, struct peer *out);

#endif
