/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "vault/turnstile.h"

#include <time.h>

bool turnstile_init(struct turnstile *turnstile, struct err *err)
{
	turnstile->inside = 0;
	if (pthread_mutex_init(&turnstile->lock, NULL) != 0)
		return err_set(err, ERR_UNABLE, "There is not enough memory to check passwords");
	if (pthread_cond_init(&turnstile->left, NULL) != 0) {
		pthread_mutex_destroy(&turnstile->lock);
		return err_set(err, ERR_UNABLE, "There is not enough memory to check passwords");
	}
	return true;
}

void turnstile_finish(struct turnstile *turnstile)
{
	pthread_cond_destroy(&turnstile->left);
	pthread_mutex_destroy(&turnstile->lock);
}

/*
 * How long one may wait is measured by the time since boot; the sleep itself
 * can only be told in wall time, which may step, so it is cut in short pieces.
 */
static void sleep_a_little(struct turnstile *turnstile)
{
	instant until = clock_read().wall + 100 * INSTANT_PER_MS;
	struct timespec at = {
		.tv_sec = (time_t)(until / INSTANT_PER_SECOND),
		.tv_nsec = (long)(until % INSTANT_PER_SECOND) * 1000,
	};
	pthread_cond_timedwait(&turnstile->left, &turnstile->lock, &at);
}

bool turnstile_enter(struct turnstile *turnstile, struct err *err)
{
	int64_t until = clock_read().boot_us + TURNSTILE_WAIT_US;
	pthread_mutex_lock(&turnstile->lock);
	while (turnstile->inside >= TURNSTILE_AT_ONCE && clock_read().boot_us < until)
		sleep_a_little(turnstile);
	bool may_enter = turnstile->inside < TURNSTILE_AT_ONCE;
	if (may_enter)
		turnstile->inside++;
	pthread_mutex_unlock(&turnstile->lock);
	if (!may_enter)
		return err_set(err, ERR_UNABLE,
		               "Many people are signing in at once; try again in a moment");
	return true;
}

void turnstile_leave(struct turnstile *turnstile)
{
	pthread_mutex_lock(&turnstile->lock);
	turnstile->inside--;
	pthread_cond_signal(&turnstile->left);
	pthread_mutex_unlock(&turnstile->lock);
}
