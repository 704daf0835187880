/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/arena_fixture.h"

static void days_and_numbers_are_each_others_way_back(void **state)
{
	(void)state;
	int64_t expected = day_number((struct day){ 1, 1, 1 });
	assert_int_equal(day_number((struct day){ 1970, 1, 1 }), 0);
	assert_int_equal(day_number((struct day){ 2000, 3, 1 }), 11017);
	assert_int_equal(expected, -719162);
	for (int year = 1; year <= 9999; year++) {
		for (int month = 1; month <= 12; month++) {
			int last = month_length(year, month);
			struct day first = day_from_number(expected);
			assert_true(first.year == year && first.month == month && first.day == 1);
			assert_int_equal(day_number(first), expected);
			expected += last;
		}
	}
	assert_int_equal(expected, day_number((struct day){ 9999, 12, 31 }) + 1);
}

static void weekdays_begin_with_monday(void **state)
{
	(void)state;
	assert_int_equal(day_weekday((struct day){ 1970, 1, 1 }), 3);
	assert_int_equal(day_weekday((struct day){ 2026, 11, 16 }), 0);
	assert_int_equal(day_weekday((struct day){ 2026, 11, 22 }), 6);
	assert_int_equal(day_weekday((struct day){ 1900, 1, 1 }), 0);
}

static void only_real_days_are_read(void **state)
{
	(void)state;
	static const char *const BAD[] = { "2026-02-29",
		                           "1900-02-29",
		                           "2026-13-01",
		                           "2026-00-01",
		                           "2026-01-00",
		                           "2026-04-31",
		                           "0000-01-01",
		                           "2026-1-01",
		                           "26-01-01",
		                           "2026-01-01 ",
		                           "2026/01/01",
		                           "+026-01-01",
		                           "" };
	struct day day;
	struct month month;
	assert_true(day_read(STR("2024-02-29"), &day));
	assert_true(day.year == 2024 && day.month == 2 && day.day == 29);
	assert_true(day_read(STR("2000-02-29"), &day));
	for (size_t i = 0; i < COUNT_OF(BAD); i++)
		assert_false(day_read(str_from_c(BAD[i]), &day));
	assert_true(month_read(STR("2026-11"), &month));
	assert_true(month.year == 2026 && month.month == 11);
	assert_false(month_read(STR("2026-13"), &month));
	assert_false(month_read(STR("2026-11-01"), &month));
}

static void days_compare_and_are_written(void **state)
{
	struct fixture *f = *state;
	struct day early = { 2026, 9, 30 }, late = { 2026, 10, 1 };
	assert_true(day_compare(early, late) < 0);
	assert_true(day_compare(late, early) > 0);
	assert_int_equal(day_compare(late, late), 0);
	assert_str(day_write(f->arena, late), "2026-10-01");
	assert_str(day_write(f->arena, (struct day){ 1, 1, 1 }), "0001-01-01");
}

static void instants_are_read_in_utc_alone(void **state)
{
	(void)state;
	static const char *const BAD[] = {
		"2026-11-26T10:12:00",
		"2026-11-26T10:12:00+00:00",
		"2026-11-26t10:12:00Z",
		"2026-11-26T10:12:00z",
		"2026-11-26 10:12:00Z",
		"2026-11-26T24:00:00Z",
		"2026-11-26T10:60:00Z",
		"2026-11-26T10:12:60Z",
		"2026-11-26T10:12:00.Z",
		"2026-11-26T10:12:00.1234567Z",
		"2026-02-29T00:00:00Z",
		"2026-11-26T10:12Z",
		"2026-11-26T10:12:00,1Z",
		"2026-11-26T10:12:00.1a2Z",
		"",
	};
	instant at;
	assert_true(instant_read(STR("1970-01-01T00:00:00Z"), &at));
	assert_int_equal(at, 0);
	assert_true(instant_read(STR("2026-11-26T10:12:00.5Z"), &at));
	assert_int_equal(at, INT64_C(1795687920500000));
	assert_true(instant_read(STR("1969-12-31T23:59:59.999999Z"), &at));
	assert_int_equal(at, -1);
	assert_true(instant_read(STR("0001-01-01T00:00:00Z"), &at));
	assert_int_equal(at, INSTANT_MIN);
	assert_true(instant_read(STR("9999-12-31T23:59:59.999999Z"), &at));
	assert_int_equal(at, INSTANT_MAX);
	for (size_t i = 0; i < COUNT_OF(BAD); i++)
		if (instant_read(str_from_c(BAD[i]), &at))
			fail_msg("%s was read", BAD[i]);
}

static void milliseconds_are_cut_not_rounded(void **state)
{
	struct fixture *f = *state;
	char text[INSTANT_MS_LENGTH];
	instant_write_ms(text, INT64_C(1795687920123999));
	assert_memory_equal(text, "2026-11-26T10:12:00.123Z", sizeof text);
	instant_write_ms(text, -1);
	assert_memory_equal(text, "1969-12-31T23:59:59.999Z", sizeof text);
	instant_write_ms(text, INSTANT_MAX);
	assert_memory_equal(text, "9999-12-31T23:59:59.999Z", sizeof text);
	instant_write_ms(text, INSTANT_MIN);
	assert_memory_equal(text, "0001-01-01T00:00:00.000Z", sizeof text);
	assert_str(instant_write(f->arena, INT64_C(1795687920000999)), "2026-11-26T10:12:00Z");
	assert_str(instant_write(f->arena, INT64_C(1795687920120000)), "2026-11-26T10:12:00.120Z");
}

static void the_utc_day_before_1970_is_its_own(void **state)
{
	(void)state;
	struct day day = instant_utc_day(-1);
	assert_true(day.year == 1969 && day.month == 12 && day.day == 31);
	day = instant_utc_day(0);
	assert_true(day.year == 1970 && day.month == 1 && day.day == 1);
}

static void the_clock_since_boot_never_steps_back(void **state)
{
	(void)state;
	struct clock_reading first = clock_read(), second = clock_read();
	assert_true(second.boot_us >= first.boot_us && first.boot_us > 0);
	assert_true(first.wall > INT64_C(1577836800000000)); /* 2020 */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(days_and_numbers_are_each_others_way_back),
		PROVES(weekdays_begin_with_monday),
		PROVES(only_real_days_are_read),
		PROVES(days_compare_and_are_written),
		PROVES(instants_are_read_in_utc_alone),
		PROVES(milliseconds_are_cut_not_rounded),
		PROVES(the_utc_day_before_1970_is_its_own),
		PROVES(the_clock_since_boot_never_steps_back),
	};
	return cmocka_run_group_tests_name("instant", tests, NULL, NULL);
}
