/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Running to a moment. What is due is asked of the casebook's index, a bounded
 * number at a time, so that other acts get their turns in between.
 */
#include "clock/clock.h"
#include "clock/run.h"

/* The night past, if there is one to be looked through. */
static bool run_night(struct casebook *book, instant until, struct clock_ran *ran, instant *next,
                      struct err *err)
{
	bool is_done;
	do {
		size_t found;
		if (!casebook_night(book, until, &found, next, &is_done, err))
			return false;
		ran->fired += (int64_t)found;
	} while (!is_done);
	return true;
}

bool run_due(struct casebook *book, instant until, struct clock_ran *ran, instant *next,
             struct err *err)
{
	size_t fired;
	instant night;
	if (!run_night(book, until, ran, &night, err))
		return false;
	do {
		fired = 0;
		*next = 0;
		if (!casebook_climb(book, until, CLOCK_CLIMBS_AT_ONCE, &fired, next, err))
			return false;
		ran->fired += (int64_t)fired;
	} while (fired > 0 && *next && *next <= until);
	if (night && (!*next || night < *next))
		*next = night;
	return true;
}

static bool check_believed(const struct casebook *book, struct err *err)
{
	struct str why;
	if (!casebook_is_intake_only(book, &why))
		return true;
	return err_set(err, ERR_UNABLE,
	               "The clock stands still: %.*s. Nothing climbs until two accounts have run"
	               " \"candour clock DIR --confirm\"",
	               STR_ARG(why));
}

/*
 * Moves a drill's time forward. It runs on by itself meanwhile, and others may
 * have moved it further: then it is past `to` already, and that is as good.
 */
static bool move_to(struct casebook *book, instant to, struct err *err)
{
	struct err found = { 0 };
	if (casebook_now(book) >= to || casebook_set_now(book, to, &found) ||
	    casebook_now(book) >= to)
		return true;
	*err = found;
	return false;
}

/* A drill: time goes to each due moment, then to the end. */
static bool run_virtual(struct casebook *book, instant until, struct clock_ran *ran,
                        struct err *err)
{
	instant now = casebook_now(book), next;
	instant before = casebook_ran_to(book);
	if (until < now && (!before || until < before))
		return err_set(
			err, ERR_USAGE,
			"The clock never goes back: the register's time is later than that already."
			" Name a later moment, or leave out --until");
	if (until < now) {
		/* It was run so far, and time went on by itself: what fell due by then fires. */
		ran->ran_to = until;
		return run_due(book, until, ran, &next, err) && casebook_tidy(book, err);
	}
	ran->ran_to = now;
	if (!run_due(book, now, ran, &next, err))
		return false;
	while (next && next <= until) {
		if (!move_to(book, next, err))
			return false;
		ran->ran_to = next;
		if (!casebook_tidy(book, err) || !run_due(book, next, ran, &next, err))
			return false;
	}
	if (!move_to(book, until, err) || !casebook_tidy(book, err))
		return false;
	ran->ran_to = until;
	casebook_has_run_to(book, until);
	return true;
}

static bool run_live(struct casebook *book, instant until, struct clock_ran *ran, struct err *err)
{
	instant next;
	instant newest = casebook_newest(book);
	if (until > casebook_now(book))
		return err_set(
			err, ERR_USAGE,
			"This register is live: its clock cannot run ahead. That moment has not come yet");
	/* Moments are given by the second. */
	if (until < newest - newest % INSTANT_PER_SECOND)
		return err_set(
			err, ERR_USAGE,
			"The clock never goes back: the register's newest entry is later than that."
			" Leave out --until to run to now");
	ran->ran_to = until;
	return run_due(book, until, ran, &next, err) && casebook_tidy(book, err);
}

bool clock_run_until(struct casebook *book, instant until, struct clock_ran *out, struct err *err)
{
	*out = (struct clock_ran){ 0 };
	if (!check_believed(book, err))
		return false;
	if (casebook_is_drill(book))
		return run_virtual(book, until, out, err);
	return run_live(book, until, out, err);
}

bool clock_run_now(struct casebook *book, struct clock_ran *out, struct err *err)
{
	instant next, now = casebook_now(book);
	*out = (struct clock_ran){ .ran_to = now };
	if (!check_believed(book, err))
		return false;
	return run_due(book, now, out, &next, err) && casebook_tidy(book, err);
}
