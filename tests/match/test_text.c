/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Folding, for any bytes: what comes out is folded text, folding it again
 * changes nothing, and nothing is written beyond its room.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "match/text.h"

#define LONG 10000 /* of whatever should not be there */
#define GUARD 0x5A

/* A result with bytes behind it that nobody may touch. */
struct guarded {
	struct norm_text text;
	unsigned char behind[64];
};

static void guard(struct guarded *guarded)
{
	memset(guarded, GUARD, sizeof *guarded);
}

static void assert_untouched(const struct guarded *guarded)
{
	for (size_t i = 0; i < sizeof guarded->behind; i++)
		assert_int_equal(guarded->behind[i], GUARD);
}

/* UTF-8, at most 256 code points, no capital of ASCII, and blanks single and within alone. */
static void assert_folded(struct str text)
{
	assert_true(str_is_utf8(text));
	assert_true(str_utf8_count(text) <= NORM_POINTS_MAX);
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		bool is_within = i > 0 && i + 1 < text.n && text.p[i - 1] != ' ';
		assert_true(c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		            (c == ' ' && is_within));
	}
}

static void assert_folds_once(void (*fold)(struct str, struct norm_text *), struct str text)
{
	struct guarded once, again;
	guard(&once);
	fold(text, &once.text);
	assert_untouched(&once);
	assert_folded(norm_str(&once.text));
	fold(norm_str(&once.text), &again.text);
	if (!str_eq(norm_str(&once.text), norm_str(&again.text)))
		fail_msg("\"%.*s\" gives \"%.*s\", and that \"%.*s\"", STR_ARG(text),
		         STR_ARG(norm_str(&once.text)), STR_ARG(norm_str(&again.text)));
}

static void assert_folds_to(struct str text, const char *expected)
{
	struct norm_text out;
	norm_fold(text, &out);
	if (!str_eq(norm_str(&out), str_from_c(expected)))
		fail_msg("\"%.*s\", not \"%s\"", STR_ARG(norm_str(&out)), expected);
	assert_folds_once(norm_fold, text);
	assert_folds_once(norm_fold_script, text);
}

/* `piece` written `times` times, then `end`. */
static void assert_repeated_folds_to(const char *piece, size_t times, const char *end,
                                     const char *expected)
{
	size_t n = strlen(piece);
	char *text = malloc(n * times + strlen(end) + 1);
	assert_non_null(text);
	for (size_t i = 0; i < times; i++)
		memcpy(text + i * n, piece, n);
	memcpy(text + n * times, end, strlen(end));
	assert_folds_to((struct str){ text, n * times + strlen(end) }, expected);
	free(text);
}

static void folding_what_is_folded_changes_nothing_for_any_code_point(void **state)
{
	(void)state;
	for (int32_t point = 0; point < 0x110000; point++) {
		char text[8] = { 'a' };
		if (point >= 0xD800 && point < 0xE000)
			continue;
		size_t n = fold_write(point, text + 1);
		text[n + 1] = 'b';
		assert_folds_once(norm_fold, (struct str){ text, n + 2 });
		assert_folds_once(norm_fold_script, (struct str){ text, n + 2 });
		assert_folds_once(norm_fold, (struct str){ text + 1, n });
		assert_folds_once(norm_name, (struct str){ text, n + 2 });
	}
}

static int32_t any_point(struct random_source *random)
{
	static const int32_t BEGIN[] = { 0x00,  0xA0,  0x300,  0x370,  0x400,
		                         0x600, 0x900, 0x2000, 0x1100, 0xFE00 };
	int32_t point = (int32_t)random_below(random, 0x110000);
	if (random_below(random, 8) > 0)
		point = BEGIN[random_below(random, COUNT_OF(BEGIN))] +
		        (int32_t)random_below(random, 0x100);
	return point >= 0xD800 && point < 0xE000 ? ' ' : point;
}

static void folding_what_is_folded_changes_nothing_for_any_text(void **state)
{
	(void)state;
	struct random_source *random = random_seeded_create(20261127);
	for (size_t i = 0; i < 40000; i++) {
		char text[400];
		size_t n = 0, points = random_below(random, 60);
		for (size_t k = 0; k < points; k++) {
			n += fold_write(any_point(random), text + n);
			if (random_below(random, 16) == 0) /* and a byte that is none */
				text[n++] = (char)(0x80 + random_below(random, 0x80));
		}
		assert_folds_once(norm_fold, (struct str){ text, n });
		assert_folds_once(norm_fold_script, (struct str){ text, n });
		assert_folds_once(norm_name, (struct str){ text, n });
	}
	random_destroy(random);
}

static void bytes_that_are_no_utf_8_are_read_as_windows_1252(void **state)
{
	(void)state;
	assert_folds_to(STR("Zo\xeb"), "zoe");
	assert_folds_to(STR("O\x92"
	                    "Brien"),
	                "obrien");
	assert_folds_to(STR("Jos\xe9 Garc\xed"
	                    "a"),
	                "jose garcia");
	assert_folds_to(STR("\x8a"
	                    "imon"),
	                "simon");
	assert_folds_to(STR("Zo\xc3"), "zoa");
	assert_folds_to(STR("\xed\xa0\x80"),
	                "i"); /* half a pair: three stray bytes, two of them no letters */
	assert_folds_to(STR("a\xff\xfe"
	                    "b"),
	                "aythb");
	for (int byte = 0; byte < 256; byte++) {
		char text[3] = { 'a', (char)byte, 'b' };
		assert_folds_once(norm_fold, (struct str){ text, 3 });
		assert_folds_once(norm_fold_script, (struct str){ text, 2 });
	}
}

static void what_was_misread_is_undone_alone_where_it_was(void **state)
{
	(void)state;
	assert_folds_to(STR("Ã"), "a");
	assert_folds_to(STR("Ãngela"), "angela");
	assert_folds_to(STR("São"), "sao");
	assert_folds_to(STR("Wrã³bel"),
	                "wra3bel"); /* made small on its way: no longer what it was */
	assert_folds_to(STR("WrÃ³bel 王"), "wra3bel 王"); /* no such file was ever misread */
	assert_folds_to(STR("WrÃƒÂ³bel"), "wrobel");      /* twice */
}

static void the_longest_text_is_cut_at_256_code_points(void **state)
{
	(void)state;
	char wanted[NORM_POINTS_MAX * 3 + 1] = { 0 };
	memset(wanted, 'x', NORM_POINTS_MAX);
	assert_repeated_folds_to("x", LONG, "", wanted);
	for (size_t i = 0; i < NORM_POINTS_MAX; i++)
		memcpy(wanted + i * 3, "王", 3);
	assert_repeated_folds_to("王", LONG, "", wanted);
	for (size_t i = 0; i < NORM_POINTS_MAX; i++)
		wanted[i] = i % 2 ? ' ' : 'y';
	wanted[NORM_POINTS_MAX - 1] = 0; /* no blank at its end */
	assert_repeated_folds_to("y ", LONG, "", wanted);
}

static void signs_that_are_not_seen_do_no_harm(void **state)
{
	(void)state;
	assert_repeated_folds_to("\u200d", LONG, "Anna", "anna");
	assert_repeated_folds_to("\u0301", LONG, "Anna", "anna");
	assert_repeated_folds_to("\u200f\u202b", LONG, "محمد", "mhmd");
	assert_repeated_folds_to("'", LONG, "Anna", "anna");
	assert_folds_to(STR("\u202eAnna\u202c"), "anna");
	assert_folds_to(STR("Zo\u0308\u0308\u0308\u0308\u0308\u0308e"), "zoe");
	assert_folds_to(STR("An\0na"), "an na");
	assert_folds_to(STR("\0\0\0"), "");
	assert_folds_to(STR_NONE, "");
}

static void expanding_letters_stay_in_their_room(void **state)
{
	(void)state;
	struct guarded out;
	char text[3 * 1000];
	for (size_t i = 0; i < 1000; i++)
		memcpy(text + i * 3, "\ufdfa", 3); /* eighteen letters in one */
	guard(&out);
	norm_fold_script((struct str){ text, sizeof text }, &out.text);
	assert_untouched(&out);
	/* The last of them is a blank. */
	assert_int_equal(str_utf8_count(norm_str(&out.text)), NORM_POINTS_MAX - 1);
}

static void both_forms_are_one_for_latin_letters(void **state)
{
	(void)state;
	for (int32_t point = 0; point < 0x250; point++) {
		struct norm_text latin, script;
		char text[4];
		size_t n = fold_write(point, text);
		if (point == 0xB5) /* the micro sign is a Greek letter */
			continue;
		norm_fold((struct str){ text, n }, &latin);
		norm_fold_script((struct str){ text, n }, &script);
		if (!str_eq(norm_str(&latin), norm_str(&script)))
			fail_msg("U+%04X", (unsigned)point);
	}
}

static void a_name_that_nobody_has_is_no_name(void **state)
{
	(void)state;
	assert_true(norm_is_no_name(STR("")));
	assert_true(norm_is_no_name(STR("unknown")));
	assert_true(norm_is_no_name(STR("n k")));
	assert_true(norm_is_no_name(STR("baby of anna")));
	static const char *const SOMEBODY[] = { "girl", "a girl", "the boy", "a little girl", "an unknown man", "young woman",
		                                "another child", "a baby", "the older boy", "unknown man", "a person" };
	static const char *const NAMES[] = { "a young", "man", "young man", "kim young", "a smith", "an", "the", "a ali",
		                             "lady", "lee child", "a girling", "boyd", "little" };
	for (size_t i = 0; i < COUNT_OF(SOMEBODY); i++) {
		struct norm_text first, surname;
		norm_full_name(str_from_c(SOMEBODY[i]), &first, &surname);
		if (!norm_is_no_name(str_from_c(SOMEBODY[i])) || first.n || surname.n)
			fail_msg("a name: %s", SOMEBODY[i]);
	}
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		if (norm_is_no_name(str_from_c(NAMES[i])))
			fail_msg("no name: %s", NAMES[i]);
	}
	assert_false(norm_is_no_name(STR("anna")));
	assert_false(norm_is_no_name(STR("n")));
	assert_false(norm_is_no_name(STR("unknow")));
	assert_false(norm_is_no_name(STR("unknowns")));
	assert_false(norm_is_no_name(STR("王")));
}

static void a_full_name_of_ten_thousand_words_is_read(void **state)
{
	(void)state;
	struct guarded first, surname;
	char text[LONG * 2];
	for (size_t i = 0; i < LONG; i++)
		memcpy(text + i * 2, "x ", 2);
	guard(&first);
	guard(&surname);
	norm_full_name((struct str){ text, sizeof text }, &first.text, &surname.text);
	assert_untouched(&first);
	assert_untouched(&surname);
	assert_folded(norm_str(&first.text));
	assert_int_equal(surname.text.n, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folding_what_is_folded_changes_nothing_for_any_code_point),
		cmocka_unit_test(folding_what_is_folded_changes_nothing_for_any_text),
		cmocka_unit_test(bytes_that_are_no_utf_8_are_read_as_windows_1252),
		cmocka_unit_test(what_was_misread_is_undone_alone_where_it_was),
		cmocka_unit_test(the_longest_text_is_cut_at_256_code_points),
		cmocka_unit_test(signs_that_are_not_seen_do_no_harm),
		cmocka_unit_test(expanding_letters_stay_in_their_room),
		cmocka_unit_test(both_forms_are_one_for_latin_letters),
		cmocka_unit_test(a_name_that_nobody_has_is_no_name),
		cmocka_unit_test(a_full_name_of_ten_thousand_words_is_read),
	};
	return cmocka_run_group_tests_name("match: text", tests, NULL, NULL);
}
