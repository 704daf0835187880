/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Numbers that stand for a person: their check signs find each single slip. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "match/number.h"

static bool is_nhs(const char *text)
{
	uint64_t digits;
	bool is_valid;
	return norm_nhs(str_from_c(text), &digits, &is_valid) && is_valid;
}

static bool is_upn(const char *text)
{
	char upn[14];
	bool is_valid, is_temporary;
	return norm_upn(str_from_c(text), upn, &is_valid, &is_temporary) && is_valid;
}

static void nine_digits_have_one_check_digit_or_none(void **state)
{
	(void)state;
	size_t none = 0, times = 11000;
	for (size_t i = 0; i < times; i++) {
		size_t valid = 0;
		for (int last = 0; last < 10; last++) {
			char text[16];
			snprintf(text, sizeof text, "%09zu%d", 400000000 + i * 7919, last);
			valid += is_nhs(text);
		}
		assert_true(valid <= 1);
		none += valid == 0;
	}
	/* One in eleven would have a check digit of 10. */
	assert_in_range(none, times / 11 - 50, times / 11 + 50);
}

static void a_slip_in_an_nhs_number_is_seen_but_the_number_kept(void **state)
{
	(void)state;
	uint64_t digits;
	bool is_valid;
	for (size_t place = 0; place < 10; place++) {
		for (char digit = '0'; digit <= '9'; digit++) {
			char text[] = "9434765919";
			if (text[place] == digit)
				continue;
			text[place] = digit;
			assert_true(norm_nhs(str_from_c(text), &digits, &is_valid));
			assert_false(is_valid);
			assert_true(digits < UINT64_C(10000000000));
		}
	}
	assert_true(norm_nhs(STR("943 476 5919"), &digits, &is_valid));
	assert_true(is_valid && digits == UINT64_C(9434765919));
	assert_false(norm_nhs(STR("0000000000"), &digits, &is_valid));
	assert_true(digits == 0 && !is_valid);
}

static void a_pupil_number_has_one_check_letter(void **state)
{
	(void)state;
	size_t valid = 0;
	for (char letter = 'A'; letter <= 'Z'; letter++) {
		char text[] = "F990123412007";
		text[0] = letter;
		valid += is_upn(text);
	}
	assert_int_equal(valid, 1);
	for (size_t place = 1; place < 13; place++) {
		char text[] = "F990123412007";
		text[place] = (char)(text[place] == '9' ? '0' : text[place] + 1);
		assert_false(is_upn(text));
	}
}

static void a_pupil_number_that_ends_in_a_letter_is_temporary(void **state)
{
	(void)state;
	char upn[14];
	bool is_valid, is_temporary;
	assert_true(norm_upn(STR(" x1234 5678 901a"), upn, &is_valid, &is_temporary));
	assert_string_equal(upn, "X12345678901A");
	assert_true(is_valid && is_temporary);
	assert_true(norm_upn(STR("F990123412007"), upn, &is_valid, &is_temporary));
	assert_true(is_valid && !is_temporary);
}

static void a_telephone_number_is_one_however_it_is_written(void **state)
{
	(void)state;
	static const char *const TEXTS[] = {
		"07911123456",         "07911 123 456",      "+447911123456",
		"+44 (0) 7911 123456", "00447911123456",     "0044 07911 123456",
		"447911123456",        "(07911) 123-456",    "tel: 07911/123.456",
		"7911123456",          "\u202d07911 123456", "+44 07911 123456",
	};
	for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
		char phone[16];
		if (!norm_phone(str_from_c(TEXTS[i]), phone) || strcmp(phone, "07911123456") != 0)
			fail_msg("\"%s\" is \"%s\"", TEXTS[i], phone);
	}
}

static void ten_thousand_of_anything_are_no_number(void **state)
{
	(void)state;
	static char text[10000];
	static const char SIGNS[] = { '0', '1', '+', '(', ' ', '-', 'A', '\0', '\xff', '\xe2' };
	for (size_t i = 0; i < sizeof SIGNS; i++) {
		char phone[16], upn[14];
		uint64_t digits;
		bool is_valid, is_temporary;
		memset(text, SIGNS[i], sizeof text);
		struct str all = { text, sizeof text };
		assert_false(norm_phone(all, phone));
		assert_string_equal(phone, "");
		assert_false(norm_nhs(all, &digits, &is_valid));
		assert_false(norm_upn(all, upn, &is_valid, &is_temporary));
		assert_string_equal(upn, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nine_digits_have_one_check_digit_or_none),
		cmocka_unit_test(a_slip_in_an_nhs_number_is_seen_but_the_number_kept),
		cmocka_unit_test(a_pupil_number_has_one_check_letter),
		cmocka_unit_test(a_pupil_number_that_ends_in_a_letter_is_temporary),
		cmocka_unit_test(a_telephone_number_is_one_however_it_is_written),
		cmocka_unit_test(ten_thousand_of_anything_are_no_number),
	};
	return cmocka_run_group_tests_name("match: number", tests, NULL, NULL);
}
