/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Running to a moment: every due step once, in order, each with its own moment (L5, L6). */
#include "casebook/fixture.h"
#include "clock/clock.h"

#define FAR (60 * INSTANT_PER_DAY)

static struct casebook_duty first_of(struct fixture *f, struct str rule)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_duty_list list;
	MUST(f, casebook_duties_open(reader, f->arena, false, INSTANT_MIN, -1, 500, &list, &f->err));
	for (size_t i = 0; i < list.count; i++) {
		if (str_eq(list.at[i].rule, rule))
			return list.at[i];
	}
	fail_msg("no open duty %.*s", STR_ARG(rule));
	return (struct casebook_duty){ 0 };
}

static const struct casebook_entry *entries_of(struct fixture *f, int64_t file, size_t *count)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	const struct casebook_entry *entries;
	MUST(f, casebook_entries(reader, f->arena, file, -1, 1000, &entries, count, &f->err));
	return entries;
}

static size_t climbs_of(const struct casebook_entry *entries, size_t count, struct str duty)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++)
		n += str_eq(entries[i].kind, STR("duty.climbed")) &&
		     str_eq(json_text(entries[i].plain, STR("duty")), duty);
	return n;
}

static void an_entry_carries_the_moment_it_was_due(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_duty look = first_of(f, STR("T03"));
	struct casebook_file file = file_named(f, concern.number);
	struct clock_ran ran;
	size_t count;
	MUST(f, clock_run_until(f->book, FIXTURE_START + FAR, &ran, &f->err));
	const struct casebook_entry *entries = entries_of(f, file.n, &count);
	for (size_t i = 0; i < count; i++) {
		if (!str_eq(entries[i].kind, STR("duty.climbed")))
			continue;
		assert_int_equal(entries[i].recorded, look.due - look.due % INSTANT_PER_MS);
		assert_false(json_is_true(entries[i].plain, STR("late")));
		return;
	}
	fail_msg("nothing climbed");
}

static void steps_fire_in_order_of_time(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_file file = file_named(f, concern.number);
	struct clock_ran ran;
	size_t count;
	MUST(f, clock_run_until(f->book, FIXTURE_START + FAR, &ran, &f->err));
	const struct casebook_entry *entries = entries_of(f, file.n, &count);
	assert_true(count > 4);
	for (size_t i = 1; i < count; i++)
		assert_true(entries[i].recorded >= entries[i - 1].recorded);
}

static void a_second_run_fires_nothing(void **state)
{
	struct fixture *f = *state;
	struct clock_ran ran;
	report(f, "He is alone at night.");
	MUST(f, clock_run_until(f->book, FIXTURE_START + FAR, &ran, &f->err));
	assert_true(ran.fired > 0);
	assert_int_equal(ran.ran_to, FIXTURE_START + FAR);
	MUST(f, clock_run_until(f->book, FIXTURE_START + FAR, &ran, &f->err));
	assert_int_equal(ran.fired, 0);
}

static void many_short_runs_come_to_the_same_as_one_long(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_duty look = first_of(f, STR("T03"));
	struct casebook_file file = file_named(f, concern.number);
	struct clock_ran ran;
	int64_t fired = 0, step = 7 * INSTANT_PER_HOUR;
	size_t count;
	for (instant at = FIXTURE_START; at < FIXTURE_START + FAR; at += step) {
		MUST(f, clock_run_until(f->book, at, &ran, &f->err));
		fired += ran.fired;
	}
	const struct casebook_entry *entries = entries_of(f, file.n, &count);
	size_t climbs = climbs_of(entries, count, look.name);
	assert_true(climbs > 1);
	assert_int_equal(climbs, first_of(f, STR("T03")).rung);
	assert_true(fired >= (int64_t)climbs);
}

static void the_clock_never_goes_back(void **state)
{
	struct fixture *f = *state;
	struct clock_ran ran;
	assert_false(clock_run_until(f->book, FIXTURE_START - 1, &ran, &f->err));
	assert_int_equal(f->err.code, ERR_USAGE);
}

/* A drill's time runs on by itself, so the same moment lies behind it when it is said again. */
static void the_same_moment_again_is_no_step_back(void **state)
{
	struct fixture *f = *state;
	struct clock_ran ran;
	report(f, "He is alone at night.");
	MUST(f, clock_run_until(f->book, FIXTURE_START + FAR, &ran, &f->err));
	later(f, INSTANT_PER_SECOND);
	MUST(f, clock_run_until(f->book, FIXTURE_START + FAR, &ran, &f->err));
	assert_int_equal(ran.fired, 0);
	assert_int_equal(ran.ran_to, FIXTURE_START + FAR);
	assert_false(clock_run_until(f->book, FIXTURE_START + FAR - 1, &ran, &f->err));
	assert_int_equal(f->err.code, ERR_USAGE);
}

static void after_an_outage_each_step_fires_once_and_says_late(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_duty look = first_of(f, STR("T03"));
	struct casebook_file file = file_named(f, concern.number);
	struct clock_ran ran;
	size_t count, late = 0;
	/* Three days in which nothing ran. */
	later(f, 3 * INSTANT_PER_DAY);
	MUST(f, clock_run_now(f->book, &ran, &f->err));
	const struct casebook_entry *entries = entries_of(f, file.n, &count);
	for (size_t i = 0; i < count; i++) {
		if (!str_eq(entries[i].kind, STR("duty.climbed")) ||
		    !str_eq(json_text(entries[i].plain, STR("duty")), look.name))
			continue;
		assert_true(json_is_true(entries[i].plain, STR("late")));
		assert_int_equal(json_number(entries[i].plain, STR("rung"), 0), (int64_t)++late);
	}
	assert_true(late > 1);
	MUST(f, clock_run_now(f->book, &ran, &f->err));
	assert_int_equal(ran.fired, 0);
}

static void a_live_register_runs_neither_ahead_nor_back(void **state)
{
	struct fixture *f = *state;
	struct fixture live = { .arena = f->arena };
	struct casebook_made made;
	struct clock_ran ran;
	char dir[80];
	(void)snprintf(dir, sizeof dir, "%s-live", f->dir);
	fixture_create(&live, dir, false, &made);
	MUST(&live, casebook_open(dir, CASEBOOK_WRITE, &live.book, &live.err));
	instant now = casebook_now(live.book);
	assert_false(clock_run_until(live.book, now + INSTANT_PER_DAY, &ran, &live.err));
	assert_int_equal(live.err.code, ERR_USAGE);
	MUST(&live, clock_run_until(live.book, now, &ran, &live.err));
	assert_int_equal(ran.ran_to, now);
	/* To the second, as people name a moment. */
	instant newest = casebook_newest(live.book);
	MUST(&live, clock_run_until(live.book, newest - newest % INSTANT_PER_SECOND, &ran, &live.err));
	assert_false(clock_run_until(live.book, newest - INSTANT_PER_SECOND, &ran, &live.err));
	assert_int_equal(live.err.code, ERR_USAGE);
	assert_non_null(strstr(live.err.message, "never goes back"));
	casebook_close(live.book);
	fixture_remove_folder(f->arena, dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(an_entry_carries_the_moment_it_was_due),
		PROVES(steps_fire_in_order_of_time),
		PROVES(a_second_run_fires_nothing),
		PROVES(many_short_runs_come_to_the_same_as_one_long),
		PROVES(the_clock_never_goes_back),
		PROVES(the_same_moment_again_is_no_step_back),
		PROVES(after_an_outage_each_step_fires_once_and_says_late),
		PROVES(a_live_register_runs_neither_ahead_nor_back),
	};
	return PROVE(tests);
}
