/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Dates: each day of the calendar in each form it is written in, and what is no date. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "match/date.h"

#define THIS_YEAR 2026

static const int DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

static void assert_reads(const char *text, enum norm_order order, int year, int month, int day)
{
	struct norm_date date;
	if (!norm_date(str_from_c(text), order, THIS_YEAR, &date) || date.year != year ||
	    date.month != month || date.day != day)
		fail_msg("%s: %d-%d-%d", text, date.year, date.month, date.day);
}

static void assert_day_reads_in_each_form(int year, int month, int day)
{
	static const char *const MONTHS[] = {
		"Jan",  "February", "MAR",  "apr", "May",      "June",
		"July", "AUG",      "Sept", "oct", "November", "Dec"
	};
	char text[64];
	snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
	assert_reads(text, NORM_MDY, year, month, day);
	snprintf(text, sizeof text, "%04d-%d-%dT00:00:00.000Z", year, month, day);
	assert_reads(text, NORM_DMY, year, month, day);
	snprintf(text, sizeof text, "%04d%02d%02d", year, month, day);
	assert_reads(text, NORM_MDY, year, month, day);
	snprintf(text, sizeof text, " %d/%d/%04d", day, month, year);
	assert_reads(text, NORM_DMY, year, month, day);
	snprintf(text, sizeof text, "%02d.%02d.%04d ", month, day, year);
	assert_reads(text, NORM_MDY, year, month, day);
	snprintf(text, sizeof text, "%d %s %d", day, MONTHS[month - 1], year);
	assert_reads(text, NORM_MDY, year, month, day);
	if (year > THIS_YEAR - 100 && year <= THIS_YEAR) {
		snprintf(text, sizeof text, "%02d-%s-%02d", day, MONTHS[month - 1], year % 100);
		assert_reads(text, NORM_DMY, year, month, day);
	}
}

static bool is_everybodys(int year, int month, int day)
{
	return month == 1 && day == 1 && (year == 1900 || year == 1901 || year == 1970);
}

static void each_day_is_read_in_each_form(void **state)
{
	(void)state;
	for (int year = 1900; year <= THIS_YEAR + 1; year++) {
		bool is_leap = year % 4 == 0 && year != 1900;
		for (int month = 1; month <= 12; month++) {
			for (int day = 1; day <= DAYS[month - 1] + (is_leap && month == 2); day++) {
				if (!is_everybodys(year, month, day))
					assert_day_reads_in_each_form(year, month, day);
			}
		}
	}
}

static void a_date_says_what_of_it_is_sure(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum norm_sure sure;
	} CASES[] = {
		{ "2011-03-27", NORM_SURE_DAY }, { "2011-03-01", NORM_SURE_MONTH },
		{ "2011-03", NORM_SURE_MONTH },  { "2011-01", NORM_SURE_MONTH },
		{ "2011", NORM_SURE_YEAR },      { "2011-01-01", NORM_DEFAULT },
		{ "01/01/11", NORM_DEFAULT },
	};
	for (size_t i = 0; i < COUNT_OF(CASES); i++) {
		struct norm_date date;
		assert_true(norm_date(str_from_c(CASES[i].text), NORM_DMY, THIS_YEAR, &date));
		assert_int_equal(date.sure, CASES[i].sure);
	}
}

static void two_figures_are_a_year_that_has_been(void **state)
{
	(void)state;
	assert_reads("27/03/26", NORM_DMY, 2026, 3, 27);
	assert_reads("27/03/27", NORM_DMY, 1927, 3, 27);
	struct norm_date date;
	assert_true(norm_date(STR("27/03/27"), NORM_DMY, 2031, &date));
	assert_int_equal(date.year, 2027);
}

static void what_is_no_birth_date_is_missing(void **state)
{
	(void)state;
	static const char *const TEXTS[] = {
		"",
		" ",
		"unknown",
		"n/a",
		"1899-12-30",
		"1900-01-01",
		"01/01/1970",
		"9999-12-31",
		"2028-01-01",
		"31/04/2010",
		"2011-02-29",
		"2011-13-01",
		"1/2/3/4",
		"12345",
		"2011-1-",
		"--",
		"12 Mar",
		"Mar",
		"March 2011 or 2012",
		"27/03/2009x",
		"0x7d1",
		"2011-03-27-01",
	};
	for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
		struct norm_date date = { 1, 1, 1, 1, true };
		if (norm_date(str_from_c(TEXTS[i]), NORM_DMY, THIS_YEAR, &date))
			fail_msg("\"%s\" is %d-%d-%d", TEXTS[i], date.year, date.month, date.day);
		assert_true(date.year == 0 && date.month == 0 && date.day == 0 && date.sure == 0);
	}
}

static void an_order_that_makes_a_value_impossible_is_told(void **state)
{
	(void)state;
	bool dmy, mdy;
	assert_true(norm_date_orders(STR("13/12/2010"), &dmy, &mdy));
	assert_true(dmy && !mdy);
	assert_true(norm_date_orders(STR("12-13-2010"), &dmy, &mdy));
	assert_true(!dmy && mdy);
	assert_true(norm_date_orders(STR("11.12.10"), &dmy, &mdy));
	assert_true(dmy && mdy);
	assert_false(norm_date_orders(STR("2010-12-13"), &dmy, &mdy));
	assert_true(!dmy && !mdy);
}

static void ten_thousand_of_anything_are_no_date(void **state)
{
	(void)state;
	static char text[10000];
	static const char SIGNS[] = { '0', '1', ' ', '-', '/', 'a', '\0', '\xff', '\xe2' };
	struct norm_date date;
	for (size_t i = 0; i < sizeof SIGNS; i++) {
		memset(text, SIGNS[i], sizeof text);
		assert_false(
			norm_date((struct str){ text, sizeof text }, NORM_DMY, THIS_YEAR, &date));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_day_is_read_in_each_form),
		cmocka_unit_test(a_date_says_what_of_it_is_sure),
		cmocka_unit_test(two_figures_are_a_year_that_has_been),
		cmocka_unit_test(what_is_no_birth_date_is_missing),
		cmocka_unit_test(an_order_that_makes_a_value_impossible_is_told),
		cmocka_unit_test(ten_thousand_of_anything_are_no_date),
	};
	return cmocka_run_group_tests_name("match: date", tests, NULL, NULL);
}
