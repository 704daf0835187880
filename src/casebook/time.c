/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Register time. Within a process it follows the time
 * since boot, which counts sleep and never steps; the wall clock is believed
 * as far as it does not run ahead of that by more than five minutes. Never
 * below the newest entry. A drill's time is virtual once it was set.
 */
#include "casebook/book.h"

#define AHEAD_MAX (5 * INSTANT_PER_MINUTE)
#define BEHIND_MAX (5 * INSTANT_PER_MINUTE)
#define GAP_MAX (35 * INSTANT_PER_DAY)
#define YOUNG_REGISTER 20 /* entries: younger ones ask no confirmation */

static instant whole_ms(instant at)
{
	return at - at % INSTANT_PER_MS;
}

static struct clock_reading read_machine(const struct casebook *book)
{
	return book->clock ? book->clock(book->clock_ctx) : clock_read();
}

/* Called under time_lock. */
static instant reckon(struct casebook *book)
{
	struct clock_reading now = read_machine(book);
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

instant casebook_newest(struct casebook *book)
{
	pthread_mutex_lock(&book->time_lock);
	instant at = book->newest;
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
		book->base_boot = read_machine(book).boot_us;
		book->newest = whole_ms(now);
	}
	pthread_mutex_unlock(&book->time_lock);
	return forward || err_set(err, ERR_USAGE, "A register's time never goes backwards");
}

instant casebook_ran_to(struct casebook *book)
{
	pthread_mutex_lock(&book->time_lock);
	instant at = book->ran_to;
	pthread_mutex_unlock(&book->time_lock);
	return at;
}

void casebook_has_run_to(struct casebook *book, instant at)
{
	pthread_mutex_lock(&book->time_lock);
	if (at > book->ran_to)
		book->ran_to = at;
	pthread_mutex_unlock(&book->time_lock);
}

void book_time_confirmed(struct casebook *book)
{
	pthread_mutex_lock(&book->time_lock);
	struct clock_reading now = read_machine(book);
	instant expected = book->base_wall + (now.boot_us - book->base_boot);
	if (!book->is_virtual) {
		book->base_wall = now.wall > expected ? now.wall : expected;
		book->base_boot = now.boot_us;
	}
	book->has_stepped = book->is_step_told = false;
	pthread_mutex_unlock(&book->time_lock);
	book->is_intake_only = false;
}

/*
 * How far the register may lawfully be ahead of the wall: as far as it was when
 * two accounts last confirmed, so that one confirmation outlives a restart.
 */
static bool confirmed_ahead(struct casebook *book, int64_t *ahead, struct err *err)
{
	/* By entry_file(file, kind, idx), one step from its end. */
	static const char NEWEST_SQL[] =
		"SELECT header, plain FROM entry WHERE file = 0 AND kind = 'clock.confirmed' AND header IS NOT NULL"
		" ORDER BY idx DESC LIMIT 1";
	CLEANUP(store_stmt_finish) struct store_stmt *newest = NULL;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)1 << 16);
	const struct json *plain = NULL;
	struct log_header header;
	instant wall;
	*ahead = 0;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to open the register");
	if (!store_prepare(book->store, NEWEST_SQL, &newest, err))
		return false;
	enum store_step step = store_step(newest, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	if (!log_header_read(store_blob(newest, 0), &header, err) ||
	    !json_read(arena, arena_copy(arena, store_str(newest, 1)), 4, &plain, err))
		return false;
	if (instant_read(json_text(plain, STR("wall")), &wall) && wall < header.recorded)
		*ahead = header.recorded - wall;
	return true;
}

bool book_time_open(struct casebook *book, instant newest, int64_t entries, struct err *err)
{
	struct clock_reading now = read_machine(book);
	int64_t ahead;
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
	if (now.wall < newest)
		book->base_wall = newest;
	if (entries < YOUNG_REGISTER)
		return true;
	if (!confirmed_ahead(book, &ahead, err))
		return false;
	if (now.wall > newest + GAP_MAX) {
		/* A report must not carry a time that nobody confirmed: the next opening would find
		 * the clock right by it. It gets the register's own, the newest entry's, as after a
		 * step. */
		book->base_wall = newest;
		book->is_intake_only = true;
		book->intake_why = STR(
			"The machine's clock is more than 35 days past the newest entry; two accounts"
			" must confirm it by clock --confirm. Reports are still taken");
	} else if (now.wall + BEHIND_MAX + ahead < newest) {
		book->is_intake_only = true;
		book->intake_why = STR(
			"The machine's clock is behind the newest entry; set it, or two accounts must"
			" confirm it by clock --confirm. Reports are still taken");
	}
	return true;
}
