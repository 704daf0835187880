/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What is fetched from others over HTTP: tiles, checkpoints, cosignatures. By https, and by http
 * from this machine alone. Nothing is followed anywhere, no cookie is kept, and no more is read
 * than was asked for.
 */
#ifndef CANDOUR_LOG_FETCH_H
#define CANDOUR_LOG_FETCH_H

#include "base/base.h"

#define LOG_FETCH_URL_MAX ((size_t)2048) /* bytes */

/* A client: keeps its connections. One thread at a time. */
struct log_fetch;

struct log_fetched {
	int status;
	struct str type; /* Content-Type; empty: none */
	struct str body;
};

/* How long is waited, in milliseconds: for the connection, and for all of it. */
struct log_fetch_patience {
	int connect_ms;
	int all_ms;
};

/* ERR_UNABLE: the HTTP client's library is not here, with the package's name; memory. */
bool log_fetch_create(const struct log_fetch_patience *patience, struct log_fetch **out,
                      struct err *err) MUST_USE;
void log_fetch_destroy(struct log_fetch *fetch);  /* takes NULL */
void log_fetch_cleanup(struct log_fetch **fetch); /* for CLEANUP */

/* From here on each request shows `secret` as its bearer. ERR_INPUT: it is none. ERR_UNABLE. */
bool log_fetch_bear(struct log_fetch *fetch, struct str secret, struct err *err) MUST_USE;

/* Whether a URL may be fetched: https://host…, or http:// of this machine. ERR_USAGE says what is
 * wrong with it. */
bool log_fetch_is_url(struct str url, struct err *err) MUST_USE;
/*
 * The answer, whatever its status, in the arena. ERR_USAGE: as above; ERR_UNABLE: nothing came, or
 * more than `max` bytes, and why.
 */
bool log_fetch_get(struct log_fetch *fetch, struct arena *arena, struct str url, size_t max,
                   struct log_fetched *out, struct err *err) MUST_USE;
bool log_fetch_post(struct log_fetch *fetch, struct arena *arena, struct str url, struct str body,
                    size_t max, struct log_fetched *out, struct err *err) MUST_USE;

#endif
