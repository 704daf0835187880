/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The public header of room clock: what is due is found and told up the
 * ladders, by itself. As a thread beside a running register, or run to a
 * moment by hand. It writes by the casebook alone and knows no page.
 */
#ifndef CANDOUR_CLOCK_CLOCK_H
#define CANDOUR_CLOCK_CLOCK_H

#include "base/base.h"
#include "casebook/casebook.h"

/* What a run came to. */
struct clock_ran {
	instant ran_to;
	int64_t fired; /* entries that were made */
};

/*
 * Runs everything that is due up to `until`, each once, in order of time.
 *
 * A drill register's time steps to each due moment in turn and then to
 * `until`, so that every entry carries its own moment. A live register's time
 * is the machine's: `until` may not be past it, and what fires is recorded
 * now, marked late where it is.
 *
 * A drill's time runs on by itself afterwards: the same `until` again, or one
 * that has passed since, is no step back, and fires only what was not fired.
 *
 * ERR_USAGE: `until` lies before what a drill was run to and before its time, or
 * before the second of a live register's newest entry, or after its time. ERR_UNABLE: the clock is
 * not believed (message: confirm it), store. *out is good as far as it came, on failure too.
 */
bool clock_run_until(struct casebook *book, instant until, struct clock_ran *out,
                     struct err *err) MUST_USE;
/* The same up to the register's present time. */
bool clock_run_now(struct casebook *book, struct clock_ran *out, struct err *err) MUST_USE;

/* A thread that climbs, beats and tidies until it is stopped. */
struct clock;

/*
 * Everything that fell due while nobody ran the register fires first, before
 * this returns. ERR_UNABLE: no thread, or the casebook's writer has stopped.
 * The book must outlive the clock.
 */
bool clock_start(struct casebook *book, struct clock **out, struct err *err) MUST_USE;
/* Waits for the turn in hand and ends the thread. Takes NULL. */
void clock_stop(struct clock *clock);
/* Turns of the thread's loop that went well since the start, for tests and health. Any thread. */
int64_t clock_rounds(const struct clock *clock);

#endif
