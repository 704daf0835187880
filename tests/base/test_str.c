/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/arena_fixture.h"

static void slices_compare_by_bytes(void **state)
{
	(void)state;
	assert_true(str_eq(STR("ab"), STR("ab")));
	assert_false(str_eq(STR("ab"), STR("abc")));
	assert_true(str_eq(STR_NONE, STR("")));
	assert_true(str_compare(STR("a"), STR("ab")) < 0);
	assert_true(str_compare(STR("b"), STR("ab")) > 0);
	assert_true(str_compare(STR("\xff"), STR("a")) > 0);
	assert_int_equal(str_compare(STR_NONE, STR("")), 0);
	assert_int_equal(str_from_c(NULL).n, 0);
}

static void parts_are_found(void **state)
{
	(void)state;
	assert_true(str_starts(STR("abc"), STR("ab")));
	assert_false(str_starts(STR("a"), STR("ab")));
	assert_true(str_ends(STR("abc"), STR("bc")));
	assert_false(str_ends(STR("c"), STR("bc")));
	assert_int_equal(str_find(STR("abc"), 'c'), 2);
	assert_int_equal(str_find(STR("abc"), 'x'), 3);
	assert_int_equal(str_find(STR_NONE, 'x'), 0);
	assert_int_equal(str_find_str(STR("aab"), STR("ab")), 1);
	assert_int_equal(str_find_str(STR("aaaab"), STR("aab")), 2);
	assert_int_equal(str_find_str(STR("aab"), STR("b")), 2);
	assert_int_equal(str_find_str(STR("aab"), STR("abb")), 3);
	assert_int_equal(str_find_str(STR("a"), STR("ab")), 1);
	assert_int_equal(str_find_str(STR("abc"), STR("")), 0);
}

static void a_part_is_clamped(void **state)
{
	(void)state;
	assert_str(str_sub(STR("abc"), 1, 1), "b");
	assert_str(str_sub(STR("abc"), 1, SIZE_MAX), "bc");
	assert_str(str_sub(STR("abc"), 9, 9), "");
	assert_int_equal(str_sub(STR_NONE, 1, 1).n, 0);
}

static void blanks_are_trimmed_at_both_ends_only(void **state)
{
	(void)state;
	assert_str(str_trim(STR(" \t\r\na b\n ")), "a b");
	assert_int_equal(str_trim(STR(" \n")).n, 0);
	assert_str(str_trim(STR("\xc2\xa0x")), "\xc2\xa0x");
}

static void cutting_gives_every_piece_the_last_empty_one_too(void **state)
{
	(void)state;
	struct str rest = STR("a,b,"), piece;
	assert_true(str_cut(&rest, ',', &piece));
	assert_str(piece, "a");
	assert_true(str_cut(&rest, ',', &piece));
	assert_str(piece, "b");
	assert_true(str_cut(&rest, ',', &piece));
	assert_str(piece, "");
	assert_false(str_cut(&rest, ',', &piece));
	rest = STR_NONE;
	assert_false(str_cut(&rest, ',', &piece));
}

static void a_list_has_its_words_and_no_parts_of_them(void **state)
{
	(void)state;
	assert_true(str_has_word(STR("team-manager screener"), STR("screener")));
	assert_true(str_has_word(STR("screener"), STR("screener")));
	assert_false(str_has_word(STR("team-manager"), STR("manager")));
	assert_false(str_has_word(STR(""), STR("screener")));
}

static void numbers_are_plain_digits_within_a_bound(void **state)
{
	(void)state;
	static const char *const BAD[] = { "",
		                           "01",
		                           "+1",
		                           "-1",
		                           " 1",
		                           "1 ",
		                           "1a",
		                           "18446744073709551616",
		                           "99999999999999999999" };
	uint64_t n = 7;
	assert_true(str_to_u64(STR("0"), 0, &n));
	assert_int_equal(n, 0);
	assert_true(str_to_u64(STR("18446744073709551615"), UINT64_MAX, &n));
	assert_true(n == UINT64_MAX);
	assert_true(str_to_u64(STR("10"), 10, &n));
	assert_false(str_to_u64(STR("11"), 10, &n));
	assert_int_equal(n, 10);
	for (size_t i = 0; i < COUNT_OF(BAD); i++)
		assert_false(str_to_u64(str_from_c(BAD[i]), UINT64_MAX, &n));
}

static void utf8_is_strict(void **state)
{
	(void)state;
	static const char *const GOOD[] = { "",
		                            "a",
		                            "\xc2\x80",
		                            "\xdf\xbf",
		                            "\xe0\xa0\x80",
		                            "\xed\x9f\xbf",
		                            "\xee\x80\x80",
		                            "\xef\xbf\xbf",
		                            "\xf0\x90\x80\x80",
		                            "\xf4\x8f\xbf\xbf" };
	static const char *const BAD[] = { "\x80",
		                           "\xc0\xaf",
		                           "\xc1\xbf",
		                           "\xc2",
		                           "\xc2x",
		                           "\xe0\x9f\xbf",
		                           "\xed\xa0\x80",
		                           "\xed\xbf\xbf",
		                           "\xe2\x82",
		                           "\xf0\x8f\xbf\xbf",
		                           "\xf4\x90\x80\x80",
		                           "\xf5\x80\x80\x80",
		                           "\xff",
		                           "\xfe",
		                           "\xf0\x90\x80" };
	for (size_t i = 0; i < COUNT_OF(GOOD); i++)
		assert_true(str_is_utf8(str_from_c(GOOD[i])));
	for (size_t i = 0; i < COUNT_OF(BAD); i++)
		assert_false(str_is_utf8(str_from_c(BAD[i])));
	assert_true(str_is_utf8(STR_NONE));
	assert_true(str_is_utf8(STR("a\0b")));
	assert_int_equal(str_utf8_count(STR("a\xc3\xa9\xf0\x9f\x98\x80")), 3);
	assert_int_equal(str_characters(STR("\xc3\xa9\r\n\n\r")), 4);
}

static void keys_are_composed(void **state)
{
	struct fixture *f = *state;
	struct str out;
	assert_true(str_nfc(f->arena, STR("e\xcc\x81"), &out, &f->err));
	assert_str(out, "\xc3\xa9");
	assert_true(str_nfc(f->arena, STR(""), &out, &f->err));
	assert_str(out, "");
	assert_false(str_nfc(f->arena, STR("\xff"), &out, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	struct arena *small = arena_create(8);
	assert_false(str_nfc(small, STR("abc"), &out, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	arena_destroy(small);
}

static void a_swap_of_neighbours_is_one_step(void **state)
{
	(void)state;
	char long_one[65];
	memset(long_one, 'a', sizeof long_one);
	assert_int_equal(str_distance(STR("referal"), STR("referral")), 1);
	assert_int_equal(str_distance(STR("visti"), STR("visit")), 1);
	assert_int_equal(str_distance(STR(""), STR("abc")), 3);
	assert_int_equal(str_distance(STR("kitten"), STR("sitting")), 3);
	assert_int_equal(str_distance(STR("same"), STR("same")), 0);
	assert_int_equal(str_distance((struct str){ long_one, 64 }, STR("a")), 63);
	assert_true(str_distance((struct str){ long_one, 65 }, STR("a")) == SIZE_MAX);
}

static void secrets_compare_equal_only_whole(void **state)
{
	(void)state;
	assert_true(str_eq_constant_time(STR("abc"), STR("abc")));
	assert_false(str_eq_constant_time(STR("abc"), STR("abd")));
	assert_false(str_eq_constant_time(STR("abc"), STR("ab")));
	assert_true(str_eq_constant_time(STR_NONE, STR("")));
}

static void a_c_string_never_hides_a_nul(void **state)
{
	struct fixture *f = *state;
	assert_string_equal(str_to_c(f->arena, STR("abc")), "abc");
	assert_string_equal(str_to_c(f->arena, STR_NONE), "");
	assert_null(str_to_c(f->arena, STR("a\0b")));
}

static void an_error_keeps_its_code_under_more_context(void **state)
{
	(void)state;
	static const int STATUS[] = { 0, 1, 1, 2, 3, 4, 70 };
	struct err err;
	assert_false(err_set(&err, ERR_REFUSED, "no %d", 7));
	assert_false(err_context(&err, "row %d", 1));
	assert_false(err_context(&err, "again"));
	assert_int_equal(err.code, ERR_REFUSED);
	assert_string_equal(err.message, "no 7");
	assert_string_equal(err.context, "row 1; again");
	for (int code = ERR_NONE; code <= ERR_FAULT; code++)
		assert_int_equal(err_exit_status((enum err_code)code), STATUS[code]);
	for (int i = 0; i < 100; i++)
		(void)err_context(&err, "much more of it");
	assert_true(strlen(err.context) < sizeof err.context);
}

static void a_long_message_is_cut_between_characters(void **state)
{
	(void)state;
	struct err err;
	char text[700];
	for (size_t shift = 0; shift < 4; shift++) {
		memset(text, 'a', shift);
		for (size_t i = shift; i + 4 < sizeof text; i += 4)
			memcpy(text + i, "\xf0\x9f\x98\x80", 5);
		(void)err_set(&err, ERR_INPUT, "%s", text);
		assert_true(strlen(err.message) > sizeof err.message - 5);
		assert_true(str_is_utf8(str_from_c(err.message)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(slices_compare_by_bytes),
		PROVES(parts_are_found),
		PROVES(a_part_is_clamped),
		PROVES(blanks_are_trimmed_at_both_ends_only),
		PROVES(cutting_gives_every_piece_the_last_empty_one_too),
		PROVES(a_list_has_its_words_and_no_parts_of_them),
		PROVES(numbers_are_plain_digits_within_a_bound),
		PROVES(utf8_is_strict),
		PROVES(keys_are_composed),
		PROVES(a_swap_of_neighbours_is_one_step),
		PROVES(secrets_compare_equal_only_whole),
		PROVES(a_c_string_never_hides_a_nul),
		PROVES(an_error_keeps_its_code_under_more_context),
		PROVES(a_long_message_is_cut_between_characters),
	};
	return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
