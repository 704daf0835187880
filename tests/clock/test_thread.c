/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The clock as a thread beside a running register. */
#include <poll.h>

#include "casebook/fixture.h"
#include "clock/clock.h"

#define PATIENCE 100 /* tenths of a second until a round must have come */

static void await_round(const struct clock *clock, int64_t rounds)
{
	for (int i = 0; i < PATIENCE && clock_rounds(clock) < rounds; i++)
		(void)poll(NULL, 0, 100);
	assert_true(clock_rounds(clock) >= rounds);
}

static struct casebook_health health_of(struct fixture *f)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_health health;
	MUST(f, casebook_health(reader, &health, &f->err));
	return health;
}

static void what_fell_due_before_fires_before_the_start_returns(void **state)
{
	struct fixture *f = *state;
	struct clock *clock;
	report(f, "He is alone at night.");
	later(f, 3 * INSTANT_PER_DAY);
	int64_t before = health_of(f).entries;
	MUST(f, casebook_start_writer(f->book, &f->err));
	MUST(f, clock_start(f->book, &clock, &f->err));
	assert_true(health_of(f).entries > before);
	clock_stop(clock);
}

static void what_falls_due_fires_by_itself(void **state)
{
	struct fixture *f = *state;
	struct clock *clock;
	MUST(f, casebook_start_writer(f->book, &f->err));
	report(f, "He is alone at night.");
	MUST(f, clock_start(f->book, &clock, &f->err));
	await_round(clock, 1);
	int64_t before = health_of(f).entries;
	later(f, 2 * INSTANT_PER_DAY);
	await_round(clock, clock_rounds(clock) + 2);
	clock_stop(clock);
	assert_true(health_of(f).entries > before);
}

static void a_clock_that_goes_is_seen_by_its_beat(void **state)
{
	struct fixture *f = *state;
	struct clock *clock;
	MUST(f, casebook_start_writer(f->book, &f->err));
	MUST(f, clock_start(f->book, &clock, &f->err));
	await_round(clock, 1);
	clock_stop(clock);
	struct casebook_health health = health_of(f);
	assert_true(health.last_beat > 0);
	assert_false(health.clock_is_late);
}

static void stopping_nothing_does_nothing(void **state)
{
	(void)state;
	clock_stop(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_fell_due_before_fires_before_the_start_returns),
		PROVES(what_falls_due_fires_by_itself),
		PROVES(a_clock_that_goes_is_seen_by_its_beat),
		cmocka_unit_test(stopping_nothing_does_nothing),
	};
	return PROVE(tests);
}
