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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_are_compared_small_and_without_marks),
		cmocka_unit_test(what_is_no_letter_is_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
