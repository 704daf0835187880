/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The clock's thread. It looks once a second: at the index of what is due, and
 * at the machine's time since boot for the beat. A wait that is cut short or
 * stretched (a suspended host) only moves the next look; what fell due
 * meanwhile fires then, in order.
 */
#include "clock/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock/publisher.h"
#include "clock/run.h"

#define LOOK_MS 1000
#define TIDY_SECONDS 60
#define SECOND_US INSTANT_PER_SECOND
#define COMPLAIN_US (5 * INSTANT_PER_MINUTE)

struct clock {
	struct casebook *book;       /* set before the thread starts */
	int64_t beat_us;             /* set before the thread starts */
	struct publisher *publisher; /* set before the thread starts; NULL: no witness is asked */
	int stop_read;               /* set before the thread starts */
	int stop_write;              /* set before the thread starts; closed to stop */
	int64_t last_beat;           /* thread only: time since boot */
	int64_t last_tidy;           /* thread only */
	int64_t last_complaint;      /* thread only: 0: none since things went well */
	_Atomic int64_t rounds;
	pthread_t thread;
};

/* Says once in five minutes that something does not work, and goes on trying. */
static void complain(struct clock *clock, int64_t boot, const struct err *err)
{
	if (clock->last_complaint && boot - clock->last_complaint < COMPLAIN_US)
		return;
	clock->last_complaint = boot;
	if (err->context[0])
		journal_write(JOURNAL_ERROR, "clock: %s (%s)", err->message, err->context);
	else
		journal_write(JOURNAL_ERROR, "clock: %s", err->message);
}

static bool climb(struct clock *clock, struct err *err)
{
	struct clock_ran ran = { 0 };
	struct str why;
	instant next;
	if (casebook_is_intake_only(clock->book, &why))
		return true;
	return run_due(clock->book, casebook_now(clock->book), &ran, &next, err);
}

static bool do_round(struct clock *clock, int64_t boot, struct err *err)
{
	if (!climb(clock, err))
		return false;
	if (boot - clock->last_tidy >= TIDY_SECONDS * SECOND_US) {
		if (!casebook_tidy(clock->book, err))
			return false;
		clock->last_tidy = boot;
	}
	if (boot - clock->last_beat >= clock->beat_us) {
		bool waits = publisher_waits(clock->publisher);
		if (!(waits ? casebook_beat_unpublished(clock->book, err)
		            : casebook_beat(clock->book, err)) ||
		    !publisher_send(clock->publisher, err))
			return false;
		clock->last_beat = boot;
	}
	return true;
}

/* False once the clock is to stop. */
static bool wait_a_second(struct clock *clock)
{
	struct pollfd stop = { .fd = clock->stop_read, .events = POLLIN };
	int n = poll(&stop, 1, LOOK_MS);
	return n == 0 || (n < 0 && errno == EINTR);
}

static void *run(void *ctx)
{
	struct clock *clock = ctx;
	do {
		struct err err = { 0 };
		int64_t boot = clock_read().boot_us;
		if (do_round(clock, boot, &err)) {
			clock->last_complaint = 0;
			atomic_fetch_add(&clock->rounds, 1);
		} else {
			complain(clock, boot, &err);
		}
	} while (wait_a_second(clock));
	return NULL;
}

static void free_clock(struct clock *clock)
{
	if (clock->stop_read >= 0)
		close(clock->stop_read);
	if (clock->stop_write >= 0)
		close(clock->stop_write);
	free(clock);
}

static bool open_stop(struct clock *clock, struct err *err)
{
	int ends[2];
	if (pipe(ends) != 0)
		return err_set(err, ERR_UNABLE,
		               "The clock cannot be started: too many files are open");
	clock->stop_read = ends[0];
	clock->stop_write = ends[1];
	if (fcntl(ends[0], F_SETFD, FD_CLOEXEC) != 0 || fcntl(ends[1], F_SETFD, FD_CLOEXEC) != 0)
		return err_set(err, ERR_UNABLE, "The clock cannot be started");
	return true;
}

bool clock_start(struct casebook *book, struct clock **out, struct err *err)
{
	struct clock *clock = calloc(1, sizeof *clock);
	*out = NULL;
	if (!clock)
		return err_set(err, ERR_UNABLE, "There is not enough memory to start the clock");
	clock->book = book;
	clock->stop_read = clock->stop_write = -1;
	clock->beat_us = casebook_limit(book, STR("publish.every")) * SECOND_US;
	/* The first beat comes at once: those who read the register see that the clock goes. */
	clock->last_beat = clock_read().boot_us - clock->beat_us;
	clock->last_tidy = clock_read().boot_us - TIDY_SECONDS * SECOND_US;
	/* Whom the witnesses stopped is served for reading. */
	if (!open_stop(clock, err) || !publisher_start(book, &clock->publisher, err) ||
	    (casebook_may_take(book) && !climb(clock, err))) {
		publisher_stop(clock->publisher);
		free_clock(clock);
		return false;
	}
	if (pthread_create(&clock->thread, NULL, run, clock) != 0) {
		publisher_stop(clock->publisher);
		free_clock(clock);
		return err_set(err, ERR_UNABLE, "The clock cannot be started: no more threads");
	}
	*out = clock;
	return true;
}

void clock_stop(struct clock *clock)
{
	if (!clock)
		return;
	close(clock->stop_write);
	clock->stop_write = -1;
	pthread_join(clock->thread, NULL);
	publisher_stop(clock->publisher);
	free_clock(clock);
}

int64_t clock_rounds(const struct clock *clock)
{
	return atomic_load(&clock->rounds);
}
