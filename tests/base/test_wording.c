/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Words for dates and times. */
#include "base/arena_fixture.h"

/* Thursday 19 November 2026, 10:12am in London. */
#define NOW "2026-11-19T10:12:00Z"

static instant at(const char *text)
{
	instant out;
	if (!instant_read(str_from_c(text), &out))
		fail_msg("%s", text);
	return out;
}

static struct zone *london(struct fixture *f)
{
	struct zone *zone;
	assert_true(zone_load(STR("Europe/London"), &zone, &f->err));
	return zone;
}

static void a_day_is_said_with_its_weekday(void **state)
{
	struct fixture *f = *state;
	assert_str(wording_day(f->arena, (struct day){ 2026, 11, 17 }), "Tuesday 17 November 2026");
	assert_str(wording_day(f->arena, (struct day){ 2024, 2, 29 }), "Thursday 29 February 2024");
	assert_str(wording_day_short(f->arena, (struct day){ 2026, 11, 17 }), "17 Nov 2026");
	assert_str(wording_day_short(f->arena, (struct day){ 2026, 5, 1 }), "1 May 2026");
	assert_str(wording_month(f->arena, (struct month){ 2020, 3 }), "March 2020");
	assert_str(wording_month(f->arena, (struct month){ 2020, 0 }), "2020");
}

static void a_time_is_said_on_the_twelve_hour_clock(void **state)
{
	struct fixture *f = *state;
	assert_str(wording_time(f->arena, 15, 20), "3:20pm");
	assert_str(wording_time(f->arena, 10, 0), "10am");
	assert_str(wording_time(f->arena, 12, 0), "midday");
	assert_str(wording_time(f->arena, 0, 0), "midnight");
	assert_str(wording_time(f->arena, 12, 5), "12:05pm");
	assert_str(wording_time(f->arena, 0, 5), "12:05am");
	assert_str(wording_time(f->arena, 23, 59), "11:59pm");
	assert_str(wording_time(f->arena, 13, 0), "1pm");
}

static void an_instant_is_said_in_local_time(void **state)
{
	struct fixture *f = *state;
	struct zone *zone = london(f);
	assert_str(wording_instant(f->arena, zone, at(NOW)), "Thursday 19 November 2026, 10:12am");
	assert_str(wording_instant(f->arena, zone, at("2026-06-30T23:00:00Z")),
	           "Wednesday 1 July 2026, midnight");
	zone_destroy(zone);
}

static void a_near_instant_is_today_yesterday_or_tomorrow(void **state)
{
	struct fixture *f = *state;
	struct zone *zone = london(f);
	assert_str(wording_near(f->arena, zone, at("2026-11-19T14:12:00Z"), at(NOW)),
	           "today at 2:12pm");
	assert_str(wording_near(f->arena, zone, at("2026-11-18T00:00:00Z"), at(NOW)),
	           "yesterday at midnight");
	assert_str(wording_near(f->arena, zone, at("2026-11-20T23:59:00Z"), at(NOW)),
	           "tomorrow at 11:59pm");
	assert_str(wording_near(f->arena, zone, at("2026-11-21T00:00:00Z"), at(NOW)),
	           "Saturday 21 November 2026, midnight");
	assert_str(wording_near(f->arena, zone, at("2026-11-17T12:00:00Z"), at(NOW)),
	           "Tuesday 17 November 2026, midday");
	zone_destroy(zone);
}

static void a_duty_due_at_midnight_is_due_by_the_end_of_a_day(void **state)
{
	struct fixture *f = *state;
	struct zone *zone = london(f);
	assert_str(wording_due(f->arena, zone, at("2026-11-17T00:00:00Z"), at(NOW)),
	           "the end of Monday 16 November");
	assert_str(wording_due(f->arena, zone, at("2026-11-20T00:00:00Z"), at(NOW)),
	           "the end of today");
	assert_str(wording_due(f->arena, zone, at("2027-01-01T00:00:00Z"), at(NOW)),
	           "the end of Thursday 31 December");
	assert_str(wording_due(f->arena, zone, at("2027-01-02T00:00:00Z"), at(NOW)),
	           "the end of Friday 1 January 2027");
	/* In summer local midnight is 11pm in UTC. */
	assert_str(
		wording_due(f->arena, zone, at("2026-07-01T23:00:00Z"), at("2026-07-01T08:00:00Z")),
		"the end of today");
	zone_destroy(zone);
}

static void a_duty_due_in_the_day_is_said_with_its_time(void **state)
{
	struct fixture *f = *state;
	struct zone *zone = london(f);
	assert_str(wording_due(f->arena, zone, at("2026-11-19T14:12:00Z"), at(NOW)),
	           "2:12pm today");
	assert_str(wording_due(f->arena, zone, at("2026-11-20T09:00:00Z"), at(NOW)),
	           "9am on Friday 20 November");
	assert_str(wording_due(f->arena, zone, at("2027-11-20T09:00:00Z"), at(NOW)),
	           "9am on Saturday 20 November 2027");
	assert_str(wording_due(f->arena, zone, at("2026-11-19T00:01:00Z"), at(NOW)),
	           "12:01am today");
	zone_destroy(zone);
}

static void elapsed_time_is_whole_units_rounded_down(void **state)
{
	struct fixture *f = *state;
	assert_str(wording_elapsed(f->arena, 2 * INSTANT_PER_DAY + 23 * INSTANT_PER_HOUR),
	           "2 days");
	assert_str(wording_elapsed(f->arena, INSTANT_PER_DAY), "1 day");
	assert_str(wording_elapsed(f->arena, INSTANT_PER_DAY - 1), "23 hours");
	assert_str(wording_elapsed(f->arena, INSTANT_PER_HOUR), "1 hour");
	assert_str(wording_elapsed(f->arena, INSTANT_PER_HOUR - 1), "59 minutes");
	assert_str(wording_elapsed(f->arena, INSTANT_PER_MINUTE), "1 minute");
	assert_str(wording_elapsed(f->arena, INSTANT_PER_MINUTE - 1), "less than a minute");
	assert_str(wording_elapsed(f->arena, 0), "less than a minute");
	assert_str(wording_elapsed(f->arena, -INSTANT_PER_DAY), "less than a minute");
	assert_str(wording_elapsed(f->arena, 1200 * INSTANT_PER_DAY), "1,200 days");
}

static void numbers_are_parted_by_thousands(void **state)
{
	struct fixture *f = *state;
	assert_str(wording_number(f->arena, 0), "0");
	assert_str(wording_number(f->arena, 999), "999");
	assert_str(wording_number(f->arena, 1000), "1,000");
	assert_str(wording_number(f->arena, 12345), "12,345");
	assert_str(wording_number(f->arena, -1234567), "-1,234,567");
	assert_str(wording_number(f->arena, INT64_MIN), "-9,223,372,036,854,775,808");
}

static void a_small_arena_gives_nothing_rather_than_a_part(void **state)
{
	struct fixture *f = *state;
	struct zone *zone = london(f);
	for (size_t bytes = 0; bytes < 200; bytes++) {
		struct arena *small = arena_create(bytes);
		struct str due = wording_due(small, zone, at("2026-11-20T09:00:00Z"), at(NOW));
		if (due.p)
			assert_str(due, "9am on Friday 20 November");
		arena_destroy(small);
	}
	zone_destroy(zone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_day_is_said_with_its_weekday),
		PROVES(a_time_is_said_on_the_twelve_hour_clock),
		PROVES(an_instant_is_said_in_local_time),
		PROVES(a_near_instant_is_today_yesterday_or_tomorrow),
		PROVES(a_duty_due_at_midnight_is_due_by_the_end_of_a_day),
		PROVES(a_duty_due_in_the_day_is_said_with_its_time),
		PROVES(elapsed_time_is_whole_units_rounded_down),
		PROVES(numbers_are_parted_by_thousands),
		PROVES(a_small_arena_gives_nothing_rather_than_a_part),
	};
	return cmocka_run_group_tests_name("wording", tests, NULL, NULL);
}
