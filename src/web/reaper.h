/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Deadlines of connections. The HTTP library knows idle time only, so that one
 * byte every two seconds lives for ever; here each connection has an instant
 * by which its head, its body, its answer must be through. One thread looks
 * four times a second and shuts down what is over; the library then closes.
 *
 * Invariant: a slot is freed under the lock by the library's own notice that
 * it closes the connection, before the descriptor can name another one; a
 * shutdown under the same lock therefore never hits a stranger.
 */
#ifndef CANDOUR_WEB_REAPER_H
#define CANDOUR_WEB_REAPER_H

#include "base/base.h"

enum reaper_phase {
	REAPER_HEAD,   /* a head is awaited or comes in */
	REAPER_BODY,   /* a body comes in */
	REAPER_BUSY,   /* a page is at work: no deadline */
	REAPER_ANSWER, /* an answer goes out */
};

struct reaper_rules {
	size_t connections_max;
	size_t crowd;    /* from so many on the oldest heads go before their time */
	size_t peer_max; /* open connections of one peer */
	int64_t head_us; /* for a head */
	int64_t body_us; /* for a body, and 1 s more for each 16 KiB */
	int64_t idle_us; /* added to the head's between two requests */
};

struct reaper;
struct reaper_slot;

/* NULL: out of memory. Destroy takes NULL, and stops the thread. */
struct reaper *reaper_create(const struct reaper_rules *rules);
void reaper_destroy(struct reaper *reaper);
bool reaper_start(struct reaper *reaper, struct err *err) MUST_USE;

/*
 * Takes a connection in, its head awaited. NULL: all slots are taken. When
 * `peer` (NULL: uncounted) has peer_max open already, the connection is shut
 * down at once. `now_us` is time since boot.
 */
struct reaper_slot *reaper_add(struct reaper *reaper, int fd, const struct hash *peer,
                               int64_t now_us);
void reaper_remove(struct reaper *reaper, struct reaper_slot *slot);
/* `bytes`: of the body or the answer, when known. Takes a NULL slot. */
void reaper_enter(struct reaper *reaper, struct reaper_slot *slot, enum reaper_phase phase,
                  uint64_t bytes, int64_t now_us);
/* Between two requests. */
void reaper_wait(struct reaper *reaper, struct reaper_slot *slot, int64_t now_us);

/* One look at all; answers how many were shut down. The thread does this; tests do it by hand. */
size_t reaper_sweep(struct reaper *reaper, int64_t now_us);
/* Shuts all down that await a head, for stopping; answers how many others are left. */
size_t reaper_hush(struct reaper *reaper);
/* Open connections. */
size_t reaper_count(struct reaper *reaper);

#endif
