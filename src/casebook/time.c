/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Register time (design 5; settled 7, 8). Within a process it follows the time
 * since boot, which counts sleep and never steps; the wall clock is believed
 * as far as it does not run ahead of that by more than five minutes. Never
 * below the newest entry. A drill's time is virtual once it was set.
 */
#include "casebook/book.h"

#define AHEAD_MAX      (5 * INSTANT_PER_MINUTE)
#define BEHIND_MAX     (5 * INSTANT_PER_MINUTE)
#define GAP_MAX        (35 * INSTANT_PER_DAY)
#define YOUNG_REGISTER 20 /* entries: younger ones ask no confirmation */

static instant whole_ms(instant at)
{
	return at - at % INSTANT_PER_MS;
}

/* Called under time_lock. */
static instant reckon(struct casebook *book)
{
	struct clock_reading now = clock_read();
	if (book->is_virtual && book->is_frozen)
		return book->base_wall;
	instant expected = book->base_wall + (now.boot_us - book->base_boot);
	instant at = now.wall;
	if (book->is_virtual)
		return expected;
	if (at > expected + AHEAD_MAX) {
		/* Not believed: intake goes on under the slow time, and it is told once. */
		if (!book->has_stepped) {
			book->has_stepped = true;
			book->stepped_wall = at;
		}
		at = expected;
	} else if (at < expected) {
		at = expected; /* a step back is waited out */
	} else {
		book->base_wall = at; /* small corrections are followed */
		book->base_boot = now.boot_us;
	}
	return at;
}

instant casebook_now(struct casebook *book)
{
	pthread_mutex_lock(&book->time_lock);
	instant at = reckon(book);
	if (at < book->newest)
		at = book->newest;
	pthread_mutex_unlock(&book->time_lock);
	return at;
}

instant book_recorded(struct casebook *book)
{
	pthread_mutex_lock(&book->time_lock);
	instant at = whole_ms(reckon(book));
	if (at < book->newest)
		at = book->newest;
	book->newest = at;
	pthread_mutex_unlock(&book->time_lock);
	return at;
}

bool casebook_set_now(struct casebook *book, instant now, struct err *err)
{
	if (!book->is_drill)
		return err_set(err, ERR_USAGE, "Only a drill register's time can be set");
	pthread_mutex_lock(&book->time_lock);
	bool forward = now >= book->newest;
	if (forward) {
		book->is_virtual = true;
		book->base_wall = now;
		book->base_boot = clock_read().boot_us;
		book->newest = whole_ms(now);
	}
	pthread_mutex_unlock(&book->time_lock);
	return forward || err_set(err, ERR_USAGE, "A register's time never goes backwards");
}

bool book_time_open(struct casebook *book, instant newest, int64_t entries, struct err *err)
{
	struct clock_reading now = clock_read();
	(void)err;
	book->newest = newest;
	book->base_wall = now.wall;
	book->base_boot = now.boot_us;
	if (book->is_drill) {
		/* A drill goes on where it stood: its own time, not the machine's. */
		if (newest > 0) {
			book->is_virtual = true;
			book->base_wall = newest;
		}
		return true;
	}
	if (entries < YOUNG_REGISTER)
		return true;
	if (now.wall > newest + GAP_MAX) {
		book->is_intake_only = true;
		book->intake_why = STR("The machine's clock is more than 35 days past the newest entry; two accounts"
		                       " must confirm it by clock --confirm. Reports are still taken");
	} else if (now.wall + BEHIND_MAX < newest) {
		book->is_intake_only = true;
		book->intake_why = STR("The machine's clock is behind the newest entry; set it, or two accounts must"
		                       " confirm it by clock --confirm. Reports are still taken");
	}
	if (now.wall < newest)
		book->base_wall = newest;
	return true;
}
