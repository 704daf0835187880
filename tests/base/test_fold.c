/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Letters as they are compared: small, plain, without marks; the text is left alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"

/* Whether the first letter of `text` is compared by the letters of `as`. */
static bool folds(const char *text, const char *as)
{
	struct fold_letter letter = fold_letter_at(str_from_c(text), 0);
	struct str want = str_from_c(as);
	bool same = letter.sort == FOLD_LETTER && letter.count == want.n;
	for (size_t i = 0; same && i < want.n; i++)
		same = letter.points[i] == want.p[i];
	return same;
}

static void letters_are_compared_small_and_without_marks(void **state)
{
	(void)state;
	assert_true(folds("a", "a"));
	assert_true(folds("Z", "z"));
	assert_true(folds("7", "7"));
	assert_true(folds("\xc3\x89t\xc3\xa9", "e")); /* É */
	assert_true(folds("\xef\xbc\xae", "n"));      /* full width N */
	assert_true(folds("\xc3\x9f", "ss"));         /* ß */
	assert_true(folds("\xef\xac\x83", "ffi"));    /* a ligature */
}

static void what_is_no_letter_is_told_apart(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum fold_sort sort;
		size_t n;
	} CASES[] = {
		{ " ", FOLD_BLANK, 1 },
		{ "\n", FOLD_BLANK, 1 },
		{ "\xc2\xa0", FOLD_BLANK, 2 },
		{ "\xe2\x80\xa8", FOLD_BLANK, 3 },
		{ "-", FOLD_HYPHEN, 1 },
		{ "\xe2\x80\x91", FOLD_HYPHEN, 3 },
		{ "\xe2\x80\x94", FOLD_OTHER, 3 },
		{ "'", FOLD_APOSTROPHE, 1 },
		{ "\xe2\x80\x99", FOLD_APOSTROPHE, 3 },
		{ "\xc2\xad", FOLD_NOTHING, 2 },
		{ "\xcc\x81", FOLD_NOTHING, 2 },
		{ ".", FOLD_OTHER, 1 },
		{ "_", FOLD_OTHER, 1 },
		{ "*", FOLD_OTHER, 1 },
		{ "\xff", FOLD_OTHER, 1 },
		{ "\xe2\x80", FOLD_OTHER, 1 },
	};
	for (size_t i = 0; i < COUNT_OF(CASES); i++) {
		struct fold_letter letter = fold_letter_at(str_from_c(CASES[i].text), 0);
		if (letter.sort != CASES[i].sort || letter.n != CASES[i].n)
			fail_msg("case %zu: sort %d, %zu bytes", i, (int)letter.sort, letter.n);
	}
}

static void any_point_is_read_as_it_was_written(void **state)
{
	(void)state;
	for (int32_t point = 0; point < 0x110000; point++) {
		char text[4];
		size_t at = 0;
		if (point >= 0xD800 && point < 0xE000)
			continue;
		struct str written = { text, fold_write(point, text) };
		assert_true(str_is_utf8(written));
		assert_int_equal(fold_read(written, &at), point);
		assert_int_equal(at, written.n);
	}
}

static void bytes_that_are_no_text_are_read_one_by_one(void **state)
{
	(void)state;
	struct str text = STR("\xc3\xed\xa0\x80\xf4\x90");
	size_t at = 0, count = 0;
	for (; at < text.n; count++)
		assert_int_equal(fold_read(text, &at), -1);
	assert_int_equal(count, text.n);
}

static void what_was_taken_apart_is_put_together(void **state)
{
	(void)state;
	int32_t points[FOLD_EXPANDED_MAX];
	assert_int_equal(fold_expand(0x1EA4, points), 3); /* A with two marks */
	assert_true(points[0] == 'a' && points[1] == 0x302 && points[2] == 0x301);
	assert_int_equal(fold_compose(points, 3), 1);
	assert_int_equal(points[0], 0x1EA5);
	assert_int_equal(fold_expand(0xFDFA, points), 18); /* the longest */
	assert_int_equal(fold_expand(-1, points), 0);
	assert_int_equal(fold_class_of(0xFDFA), FOLD_CLASS_LETTER);
	assert_int_equal(fold_class_of(0x301), FOLD_CLASS_MARK);
	assert_int_equal(fold_class_of(0x200D), FOLD_CLASS_OTHER);
	assert_int_equal(fold_order_of(0x301), 230);
	assert_int_equal(fold_order_of('a'), 0);
}

static void digits_of_any_script_have_their_value(void **state)
{
	(void)state;
	static const int32_t ZEROS[] = { '0',    0x660,   0x6F0,   0x966,  0x9E6,
		                         0xFF10, 0x1D7CE, 0x1D7F6, 0x1E950 };
	for (size_t i = 0; i < COUNT_OF(ZEROS); i++) {
		for (int digit = 0; digit < 10; digit++)
			assert_int_equal(fold_digit(ZEROS[i] + digit), digit);
	}
	assert_int_equal(fold_digit('/'), -1);
	assert_int_equal(fold_digit(':'), -1);
	assert_int_equal(fold_digit(0xB2), -1); /* raised two */
	assert_int_equal(fold_digit(-1), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_are_compared_small_and_without_marks),
		cmocka_unit_test(what_is_no_letter_is_told_apart),
		cmocka_unit_test(any_point_is_read_as_it_was_written),
		cmocka_unit_test(bytes_that_are_no_text_are_read_one_by_one),
		cmocka_unit_test(what_was_taken_apart_is_put_together),
		cmocka_unit_test(digits_of_any_script_have_their_value),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
