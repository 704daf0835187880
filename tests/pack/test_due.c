/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Due times and ages as properties; single cases are in tests/data/dated-cases.json. */
#include <pthread.h>

#include "pack_fixture.h"

#include "pack/calendars.h"

#define ARENA_MAX ((size_t)16 * 1024 * 1024)
#define TRIES 20000
#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)

struct fixture {
	struct arena *arena;
	struct calendars calendars;
	struct err err;
	uint64_t seed;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	const char *seed = file_environment("SEED");
	f->arena = arena_create(ARENA_MAX);
	f->seed = seed ? strtoull(seed, NULL, 10) : 20261126;
	print_message("SEED=%llu\n", (unsigned long long)f->seed);
	assert_true(calendars_read(f->arena, &f->calendars, &f->err));
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	zone_destroy(f->calendars.zone);
	arena_destroy(f->arena);
	free(f);
	return 0;
}

static int64_t draw(uint64_t *seed, int64_t below)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (int64_t)((z ^ (z >> 31)) % (uint64_t)below);
}

/* An instant of 1998 to 2040, and a period of any unit. */
static instant draw_start(uint64_t *seed)
{
	int64_t first = day_number((struct day){ 1998, 1, 1 });
	int64_t last = day_number((struct day){ 2040, 12, 31 });
	return (first + draw(seed, last - first)) * INSTANT_PER_DAY + draw(seed, INSTANT_PER_DAY);
}

static struct pack_period draw_period(uint64_t *seed)
{
	enum pack_unit unit = (enum pack_unit)draw(seed, 4);
	bool has_time = unit != PACK_HOURS && draw(seed, 4) == 0;
	return (struct pack_period){ .unit = unit,
		                     .amount = draw(seed, 40),
		                     .at_minute = has_time ? (int)draw(seed, 1440) : -1 };
}

static instant due_of(struct fixture *f, instant start, const struct pack_period *within,
                      struct pack_due *due)
{
	assert_true(pack_due(&f->calendars.england_wales, start, within, due, &f->err));
	return due->due;
}

static instant at(const char *text)
{
	instant out;
	assert_true(instant_read(str_from_c(text), &out));
	return out;
}

static void assert_due(struct fixture *f, const char *start, enum pack_unit unit, int64_t amount,
                       const char *want)
{
	struct pack_period within = { .unit = unit, .amount = amount, .at_minute = -1 };
	struct pack_due due;
	assert_int_equal(due_of(f, at(start), &within, &due), at(want));
}

static void a_later_start_is_never_due_earlier(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < TRIES; i++) {
		struct pack_period within = draw_period(&f->seed);
		struct pack_due a;
		struct pack_due b;
		instant start = draw_start(&f->seed);
		instant later = start + draw(&f->seed, 3 * INSTANT_PER_DAY);
		assert_true(due_of(f, start, &within, &a) <= due_of(f, later, &within, &b));
	}
}

static void a_longer_period_is_never_due_earlier(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < TRIES; i++) {
		struct pack_period within = draw_period(&f->seed);
		struct pack_due a;
		struct pack_due b;
		instant start = draw_start(&f->seed);
		instant due = due_of(f, start, &within, &a);
		within.amount++;
		assert_true(due <= due_of(f, start, &within, &b));
	}
}

static void a_working_day_clock_never_ends_on_a_day_nobody_works(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < TRIES; i++) {
		struct pack_period within = { PACK_WORKING_DAYS, draw(&f->seed, 30), -1, NULL };
		struct pack_due due;
		(void)due_of(f, draw_start(&f->seed), &within, &due);
		assert_true(pack_is_working_day(&f->calendars.england_wales, due.last_day));
	}
}

static void a_due_time_without_an_hour_is_a_midnight(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < TRIES; i++) {
		struct pack_period within = draw_period(&f->seed);
		struct pack_due due;
		within.at_minute = -1;
		if (within.unit == PACK_HOURS)
			continue;
		(void)due_of(f, draw_start(&f->seed), &within, &due);
		struct local local = zone_local(f->calendars.zone, due.due);
		assert_int_equal(local.hour * 3600 + local.minute * 60 + local.second, 0);
		assert_int_equal(day_number(local.day), day_number(due.last_day) + 1);
	}
}

static void the_day_of_the_start_never_counts(void **state)
{
	struct fixture *f = *state;
	assert_due(f, "2026-06-05T00:00:00Z", PACK_WORKING_DAYS, 1, "2026-06-08T23:00:00Z");
	assert_due(f, "2026-06-05T22:59:00Z", PACK_WORKING_DAYS, 1, "2026-06-08T23:00:00Z");
	assert_due(f, "2026-06-06T22:59:59Z", PACK_WORKING_DAYS, 1, "2026-06-08T23:00:00Z");
	assert_due(f, "2026-06-07T23:00:00Z", PACK_WORKING_DAYS, 1, "2026-06-09T23:00:00Z");
}

static void hours_run_through_clock_changes(void **state)
{
	struct fixture *f = *state;
	assert_due(f, "2026-03-27T06:15:00Z", PACK_HOURS, 72, "2026-03-30T06:15:00Z");
	assert_due(f, "2026-10-25T01:15:00Z", PACK_HOURS, 72, "2026-10-28T01:15:00Z");
}

static void a_month_ends_on_its_last_day_when_the_day_is_missing(void **state)
{
	struct fixture *f = *state;
	assert_due(f, "2026-01-31T12:00:00Z", PACK_MONTHS, 1, "2026-03-01T00:00:00Z");
	assert_due(f, "2023-11-30T12:00:00Z", PACK_MONTHS, 3, "2024-03-01T00:00:00Z");
	assert_due(f, "2024-02-29T12:00:00Z", PACK_MONTHS, 12, "2025-03-01T00:00:00Z");
}

/* W4 */
static void the_standing_rules_agree_with_every_listed_year(void **state)
{
	struct fixture *f = *state;
	struct pack_calendar computed = f->calendars.england_wales;
	/* Proclaimed days of 1999 to 2023, and the standing days that they moved. */
	static const struct day PROCLAIMED[] = {
		{ 1999, 12, 31 }, { 2002, 5, 27 }, { 2002, 6, 3 }, { 2002, 6, 4 },  { 2011, 4, 29 },
		{ 2012, 5, 28 },  { 2012, 6, 4 },  { 2012, 6, 5 }, { 2020, 5, 4 },  { 2020, 5, 8 },
		{ 2022, 5, 30 },  { 2022, 6, 2 },  { 2022, 6, 3 }, { 2022, 9, 19 }, { 2023, 5, 8 },
	};
	struct pack_calendar listed = computed;
	computed.published_first = computed.published_last = 1;
	listed.published_first = 1997;
	listed.published_last = 2035;
	int64_t last = day_number((struct day){ 2035, 12, 31 });
	for (int64_t n = day_number((struct day){ 1997, 1, 1 }); n <= last; n++) {
		struct day day = day_from_number(n);
		bool is_proclaimed = false;
		for (size_t i = 0; i < COUNT_OF(PROCLAIMED); i++)
			is_proclaimed = is_proclaimed || day_compare(PROCLAIMED[i], day) == 0;
		if (is_proclaimed)
			continue;
		if (pack_is_working_day(&computed, day) != pack_is_working_day(&listed, day))
			fail_msg("%d-%02d-%02d", day.year, day.month, day.day);
	}
}

static void assert_same_days(const struct pack_calendar *a, const struct pack_calendar *b)
{
	int64_t last = day_number((struct day){ a->published_last, 12, 31 });
	int64_t n = day_number((struct day){ a->published_first, 1, 1 });
	for (; n <= last; n++) {
		struct day day = day_from_number(n);
		if (pack_is_working_day(a, day) != pack_is_working_day(b, day))
			fail_msg("%.*s: %d-%02d-%02d", STR_ARG(a->name), day.year, day.month,
			         day.day);
	}
}

static void the_calendars_of_england_are_the_published_ones(void **state)
{
	struct fixture *f = *state;
	struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(arena, find_pack(arena, "england"));
	size_t compared = 0;
	for (size_t i = 0; i < pack->calendar_count; i++) {
		const struct pack_calendar *calendar = &pack->calendars[i];
		if (str_eq(calendar->name, STR("england-wales"))) {
			assert_same_days(calendar, &f->calendars.england_wales);
			compared++;
		}
		if (str_eq(calendar->name, STR("uk-any"))) {
			assert_same_days(calendar, &f->calendars.uk_any);
			compared++;
		}
	}
	assert_int_equal(compared, 2);
	pack_destroy(pack);
	arena_destroy(arena);
}

static void past_the_published_years_a_due_time_is_provisional(void **state)
{
	struct fixture *f = *state;
	struct pack_period within = { PACK_WORKING_DAYS, 1, -1, NULL };
	struct pack_due due;
	(void)due_of(f, at("2028-12-28T12:00:00Z"), &within, &due);
	assert_int_equal(due.sure, PACK_DUE_FIXED);
	(void)due_of(f, at("2028-12-29T12:00:00Z"), &within, &due);
	assert_int_equal(due.sure, PACK_DUE_PROVISIONAL);
	assert_int_equal(due.due, at("2029-01-03T00:00:00Z"));
	within.unit = PACK_DAYS;
	(void)due_of(f, at("2030-01-01T12:00:00Z"), &within, &due);
	assert_int_equal(due.sure, PACK_DUE_FIXED);
}

static void a_rung_never_comes_before_the_due_time(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < TRIES; i++) {
		struct pack_period within = draw_period(&f->seed);
		struct pack_period after = draw_period(&f->seed);
		struct pack_due due;
		instant rung;
		(void)due_of(f, draw_start(&f->seed), &within, &due);
		assert_true(
			pack_due_rung(&f->calendars.england_wales, &due, &after, &rung, &f->err));
		assert_true(rung >= due.due);
	}
}

static void a_rung_in_working_days_counts_from_the_last_day_in_time(void **state)
{
	struct fixture *f = *state;
	struct pack_period within = { PACK_WORKING_DAYS, 1, -1, NULL };
	struct pack_period after = { PACK_WORKING_DAYS, 1, -1, NULL };
	struct pack_due due;
	instant rung;
	(void)due_of(f, at("2026-05-21T09:00:00Z"), &within, &due); /* Friday 22 May */
	assert_true(pack_due_rung(&f->calendars.england_wales, &due, &after, &rung, &f->err));
	assert_int_equal(rung, at("2026-05-26T23:00:00Z")); /* Monday is a bank holiday */
	within = (struct pack_period){ PACK_HOURS, 4, -1, NULL };
	(void)due_of(f, at("2026-05-21T19:00:00Z"), &within, &due); /* midnight ends the Thursday */
	assert_int_equal(due.last_day.day, 21);
	assert_true(pack_due_rung(&f->calendars.england_wales, &due, &after, &rung, &f->err));
	assert_int_equal(rung, at("2026-05-22T23:00:00Z"));
}

static void the_due_time_of_a_date_is_its_end(void **state)
{
	struct fixture *f = *state;
	struct pack_due due;
	assert_true(pack_due_from_day(&f->calendars.england_wales, (struct day){ 2026, 7, 1 }, &due,
	                              &f->err));
	assert_int_equal(due.due, at("2026-07-01T23:00:00Z"));
	assert_int_equal(due.last_day.day, 1);
	due = pack_due_from_instant(&f->calendars.england_wales, at("2026-07-01T23:00:00Z"));
	assert_int_equal(due.last_day.day, 1);
}

static void amounts_out_of_range_are_refused(void **state)
{
	struct fixture *f = *state;
	for (int unit = PACK_HOURS; unit <= PACK_MONTHS; unit++) {
		struct pack_period within = { (enum pack_unit)unit, -1, -1, NULL };
		struct pack_due due;
		assert_false(pack_due(&f->calendars.england_wales, 0, &within, &due, &f->err));
		assert_int_equal(f->err.code, ERR_INPUT);
		within.amount = pack_period_max(within.unit) + 1;
		assert_false(pack_due(&f->calendars.england_wales, 0, &within, &due, &f->err));
		within.amount = pack_period_max(within.unit);
		assert_true(pack_due(&f->calendars.england_wales, 0, &within, &due, &f->err));
		assert_false(
			pack_due(&f->calendars.england_wales, INSTANT_MAX, &within, &due, &f->err));
		assert_int_equal(f->err.code, ERR_INPUT);
	}
}

static void a_calendar_without_a_working_day_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pack_calendar never = f->calendars.england_wales;
	struct pack_period within = { PACK_WORKING_DAYS, 1, -1, &never };
	struct pack_due due;
	never.weekend = 0x7f;
	assert_false(pack_due(&f->calendars.england_wales, 0, &within, &due, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
}

static void office_hours_are_local_hours_of_working_days(void **state)
{
	struct fixture *f = *state;
	const struct pack_calendar *calendar = &f->calendars.england_wales;
	assert_true(pack_in_office_hours(calendar, at("2026-07-01T08:00:00Z")));
	assert_false(pack_in_office_hours(calendar, at("2026-07-01T07:59:59Z")));
	assert_false(pack_in_office_hours(calendar, at("2026-07-01T16:00:00Z")));
	assert_false(pack_in_office_hours(calendar, at("2026-07-04T10:00:00Z")));
	assert_false(pack_in_office_hours(calendar, at("2026-12-25T10:00:00Z")));
	assert_true(pack_in_office_hours(&f->calendars.uk_any, at("2026-12-25T03:00:00Z")));
}

static void a_birth_known_in_part_counts_as_young_as_it_may_be(void **state)
{
	(void)state;
	for (int month = 1; month <= 12; month++) {
		struct month born = { 2012, month };
		for (int64_t n = 0; n < 800; n++) {
			struct day on = day_from_number(day_number((struct day){ 2025, 1, 1 }) + n);
			int least = pack_age_least(born, on);
			int most = pack_age_most(born, on);
			assert_true(least <= most && most - least <= 1);
			for (int d = 1; d <= month_length(2012, month); d++) {
				int age = pack_age_on((struct day){ 2012, month, d }, on);
				assert_true(age >= least && age <= most);
			}
		}
	}
}

/* --- threads and zones of the process -------------------------------------------------------- */

struct worker {
	const struct pack_calendar *calendar;
	uint64_t seed;
	uint64_t sum;
};

static void *reckon(void *argument)
{
	struct worker *worker = argument;
	for (int i = 0; i < TRIES; i++) {
		struct pack_period within = draw_period(&worker->seed);
		struct pack_due due;
		struct err err;
		instant start = draw_start(&worker->seed);
		if (pack_due(worker->calendar, start, &within, &due, &err))
			worker->sum = worker->sum * 31 + (uint64_t)due.due;
	}
	return NULL;
}

static void eight_threads_reckon_the_same_in_any_zone_of_the_process(void **state)
{
	static const char *const ZONES[] = { "UTC", "America/New_York", "Asia/Kolkata" };
	struct fixture *f = *state;
	struct worker workers[8];
	pthread_t threads[COUNT_OF(workers)];
	uint64_t expected = 0;
	for (size_t z = 0; z < COUNT_OF(ZONES); z++) {
		assert_int_equal(setenv("TZ", ZONES[z], 1), 0);
		for (size_t i = 0; i < COUNT_OF(workers); i++) {
			workers[i] = (struct worker){ &f->calendars.england_wales, f->seed, 0 };
			assert_int_equal(pthread_create(&threads[i], NULL, reckon, &workers[i]), 0);
		}
		for (size_t i = 0; i < COUNT_OF(workers); i++) {
			assert_int_equal(pthread_join(threads[i], NULL), 0);
			expected = expected ? expected : workers[i].sum;
			assert_true(workers[i].sum == expected);
		}
	}
	assert_int_equal(unsetenv("TZ"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_later_start_is_never_due_earlier),
		PROVES(a_longer_period_is_never_due_earlier),
		PROVES(a_working_day_clock_never_ends_on_a_day_nobody_works),
		PROVES(a_due_time_without_an_hour_is_a_midnight),
		PROVES(the_day_of_the_start_never_counts),
		PROVES(hours_run_through_clock_changes),
		PROVES(a_month_ends_on_its_last_day_when_the_day_is_missing),
		PROVES(the_standing_rules_agree_with_every_listed_year),
		PROVES(the_calendars_of_england_are_the_published_ones),
		PROVES(past_the_published_years_a_due_time_is_provisional),
		PROVES(a_rung_never_comes_before_the_due_time),
		PROVES(a_rung_in_working_days_counts_from_the_last_day_in_time),
		PROVES(the_due_time_of_a_date_is_its_end),
		PROVES(amounts_out_of_range_are_refused),
		PROVES(a_calendar_without_a_working_day_is_refused),
		PROVES(office_hours_are_local_hours_of_working_days),
		PROVES(a_birth_known_in_part_counts_as_young_as_it_may_be),
		PROVES(eight_threads_reckon_the_same_in_any_zone_of_the_process),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
