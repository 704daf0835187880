/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Lets two through at once: a password costs 19 MiB and 22 ms, and a crowd at
 * the sign-in page may take neither the memory nor the processors of those at
 * work. Any thread.
 */
#ifndef CANDOUR_VAULT_TURNSTILE_H
#define CANDOUR_VAULT_TURNSTILE_H

#include <pthread.h>

#include "base/base.h"

#define TURNSTILE_AT_ONCE 2
#define TURNSTILE_WAIT_US (2 * INSTANT_PER_SECOND)

struct turnstile {
	pthread_mutex_t lock;
	pthread_cond_t left;
	int inside; /* guarded by lock */
};

bool turnstile_init(struct turnstile *turnstile, struct err *err) MUST_USE;
void turnstile_finish(struct turnstile *turnstile);
/* Waits at most 2 seconds. ERR_UNABLE: too many are waiting. */
bool turnstile_enter(struct turnstile *turnstile, struct err *err) MUST_USE;
void turnstile_leave(struct turnstile *turnstile);

#endif
