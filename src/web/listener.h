/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The socket that the server listens on: HOST:PORT, or the path of a Unix socket. */
#ifndef CANDOUR_WEB_LISTENER_H
#define CANDOUR_WEB_LISTENER_H

#include "base/base.h"

struct listener {
	int fd;
	bool is_unix;
	bool is_loopback; /* reached from this machine alone */
	uint16_t port;    /* the one in use, also when 0 was asked for; 0 for a Unix socket */
};

/*
 * `where`: "127.0.0.1:8080", "[::1]:8080", "localhost:8080", ":8080" (loopback
 * too), or a path beginning with a slash. Host names are not looked up. A
 * Unix socket left behind by a server that is gone is replaced.
 * ERR_USAGE: not such an address; ERR_UNABLE: in use, or not allowed.
 */
bool listener_open(const char *where, struct listener *out, struct err *err) MUST_USE;

#endif
