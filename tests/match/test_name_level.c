/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Levels of names: by kept pairs, and by what must hold of any. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "linkage.h"
#include "match/name_level.h"
#include "match/text.h"

#define ARENA_BYTES ((size_t)64 << 20)

static struct {
	struct arena *arena;
	struct arena *pair; /* of two values, while they are compared */
	const struct names *names;
} kept;

static int load(void **state)
{
	(void)state;
	struct err err = { 0 };
	kept.arena = arena_create(ARENA_BYTES);
	kept.pair = arena_create((size_t)1 << 20);
	return names_load(kept.arena, &kept.names, &err) ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	arena_destroy(kept.arena);
	arena_destroy(kept.pair);
	return 0;
}

static void prepare(struct name_value *value, const struct names *names, struct str text)
{
	struct norm_text *folded = arena_alloc(kept.pair, 2, sizeof *folded);
	struct err err = { 0 };
	assert_non_null(folded);
	norm_name(text, &folded[0]);
	norm_fold_script(text, &folded[1]);
	assert_true(name_value_init(value, kept.pair, names, norm_str(&folded[0]),
	                            norm_str(&folded[1]), &err));
}

static int level_with(const struct names *names, struct str a, struct str b, enum name_by *by)
{
	struct name_value left, right;
	enum name_by back;
	arena_reset(kept.pair);
	prepare(&left, names, a);
	prepare(&right, names, b);
	int level = name_level_by(&left, &right, by);
	assert_int_equal(level, name_level_by(&right, &left, &back));
	assert_int_equal(*by, back);
	assert_int_equal(level, name_level(names, &left, &right));
	assert_true((level == NAME_LEVEL_VARIANT) == (*by != NAME_BY_NONE));
	return level;
}

static void assert_level(const char *a, const char *b, int level, enum name_by by)
{
	enum name_by there;
	int is = level_with(kept.names, str_from_c(a), str_from_c(b), &there);
	if (is != level || there != by)
		fail_msg("%s, %s: level %d by %d", a, b, is, (int)there);
}

/* --- kept pairs ---------------------------------------------------------------------------------
 */

enum { RELATIONS = 6, LEVELS = 6 };

static const char *const RELATION[RELATIONS] = { "spelling",    "form",       "part",
	                                         "translation", "diminutive", "different" };

static size_t relation_of(struct str text)
{
	size_t at = 0;
	while (at < RELATIONS && !str_eq(text, str_from_c(RELATION[at])))
		at++;
	assert_true(at < RELATIONS);
	return at;
}

static void count_pairs(const struct names *names, bool tells, int counts[RELATIONS][LEVELS])
{
	struct str rest = linkage_file(kept.arena, "name_pairs.csv"), row[3];
	assert_true(linkage_row(&rest, row, 3));
	while (linkage_row(&rest, row, 3)) {
		enum name_by by;
		int level = level_with(names, row[0], row[1], &by);
		bool is_kept = (relation_of(row[2]) == RELATIONS - 1) == (level == NAME_LEVEL_ELSE);
		counts[relation_of(row[2])][level]++;
		if (tells && !is_kept)
			print_message("  %.*s, %.*s (%.*s): %d\n", STR_ARG(row[0]), STR_ARG(row[1]),
			              STR_ARG(row[2]), level);
	}
	print_message("%-12s    1    2    3    5\n", names == kept.names ? "with sets" : "without");
	for (size_t i = 0; i < RELATIONS; i++)
		print_message("%-12s %4d %4d %4d %4d\n", RELATION[i], counts[i][1], counts[i][2],
		              counts[i][3], counts[i][5]);
}

static int percent(const int counts[LEVELS], int first, int last)
{
	int in = 0, all = 0;
	for (int level = 0; level < LEVELS; level++) {
		all += counts[level];
		in += level >= first && level <= last ? counts[level] : 0;
	}
	return all > 0 ? 100 * in / all : 0;
}

static void kept_pairs_have_the_level_they_should(void **state)
{
	(void)state;
	int without[RELATIONS][LEVELS] = { 0 }, with[RELATIONS][LEVELS] = { 0 };
	count_pairs(NULL, false, without);
	count_pairs(kept.names, true, with);
	assert_true(percent(with[0], 1, 3) >= 90);
	assert_true(percent(with[1], 1, 3) >= 90);
	assert_true(percent(with[2], 1, 3) >= 90);
	assert_true(percent(with[4], 3, 3) >= 70);
	assert_true(percent(with[5], 5, 5) >= 80);
}

/* --- what must hold -----------------------------------------------------------------------------
 */

static void a_level_says_what_it_is_by(void **state)
{
	(void)state;
	assert_level("Tomasz", "TOMASZ", NAME_LEVEL_EQUAL, NAME_BY_NONE);
	assert_level("Thompson", "Thomspon", NAME_LEVEL_CLOSE, NAME_BY_NONE);
	assert_level("Bobobob", "Bobobo", NAME_LEVEL_CLOSE, NAME_BY_NONE);
	assert_level("Rebecca", "Becky", NAME_LEVEL_VARIANT, NAME_BY_SET);
	assert_level("Zbroznik", "Sbrosnick", NAME_LEVEL_VARIANT, NAME_BY_SOUND);
	assert_level("Fu", "Fue", NAME_LEVEL_ELSE, NAME_BY_NONE); /* too short for a sound */
	assert_level("Rebecca", "R", NAME_LEVEL_VARIANT, NAME_BY_INITIAL);
	assert_level("Rebecca", "B", NAME_LEVEL_ELSE, NAME_BY_NONE);
	assert_level("Ashworth-Bell", "Bell", NAME_LEVEL_VARIANT, NAME_BY_PART);
	assert_level("Ashworth", "Bellingham", NAME_LEVEL_ELSE, NAME_BY_NONE);
}

/* 3.9: a letter alone never agrees exactly. */
static void an_initial_agrees_weakly(void **state)
{
	(void)state;
	assert_level("R", "R", NAME_LEVEL_VARIANT, NAME_BY_INITIAL);
	assert_level("J P", "John Paul", NAME_LEVEL_VARIANT, NAME_BY_INITIAL);
	assert_level("J Ashworth", "Jackson", NAME_LEVEL_ELSE, NAME_BY_NONE);
	/* One character of Han is a whole name. */
	assert_level("陈", "陈", NAME_LEVEL_EQUAL, NAME_BY_NONE);
	assert_level("陈", "Chen", NAME_LEVEL_VARIANT, NAME_BY_SET);
	assert_level("陈", "王", NAME_LEVEL_ELSE, NAME_BY_NONE);
}

static void words_may_stand_in_another_order(void **state)
{
	(void)state;
	assert_level("Anna Maria", "Maria Anna", NAME_LEVEL_CLOSE, NAME_BY_NONE);
	assert_level("Okafor-Bell", "Bell Okafor", NAME_LEVEL_CLOSE, NAME_BY_NONE);
	assert_level("Anna Maria", "Annamaria", NAME_LEVEL_CLOSE, NAME_BY_NONE);
	assert_level("A Bo Ce Du Fi", "Abocedufi", NAME_LEVEL_CLOSE, NAME_BY_NONE);
	assert_level("Mohd Ali", "Ali Mohammed", NAME_LEVEL_VARIANT, NAME_BY_SET);
	assert_level("Mohammed Ali", "Muhammed", NAME_LEVEL_VARIANT, NAME_BY_PART);
	assert_level("Anna Maria Sofia", "Sofia Anna", NAME_LEVEL_VARIANT, NAME_BY_PART);
	assert_level("Anna Maria", "Anna Ottoline", NAME_LEVEL_ELSE, NAME_BY_NONE);
}

/* An article is in half of the names of a language. */
static void a_particle_is_no_part(void **state)
{
	(void)state;
	assert_level("de la Torre", "de la Vega", NAME_LEVEL_ELSE, NAME_BY_NONE);
	assert_level("al Zawiya", "al Qutb", NAME_LEVEL_ELSE, NAME_BY_NONE);
	assert_level("de Torre", "Torre Vega", NAME_LEVEL_VARIANT, NAME_BY_PART);
	assert_level("van der Berg", "Berg", NAME_LEVEL_VARIANT, NAME_BY_PART);
}

static void a_language_has_rules(void **state)
{
	(void)state;
	assert_level("Al-Zawiya", "Zawiya", NAME_LEVEL_VARIANT, NAME_BY_SET);
	assert_level("Abdul Wadud", "Abd al-Wadood", NAME_LEVEL_VARIANT, NAME_BY_SET);
	assert_level("Abdussabur", "Abd as-Sabur", NAME_LEVEL_VARIANT, NAME_BY_SET);
	assert_level("Abdul Wadud", "Abdul Ghafar", NAME_LEVEL_ELSE, NAME_BY_NONE);
	assert_level("Ní Chonaill", "O'Connell", NAME_LEVEL_VARIANT, NAME_BY_SET);
	assert_level("Nic Dhuibhir", "Mac Duibhir", NAME_LEVEL_VARIANT, NAME_BY_SET);
	assert_level("Bilska", "Bilskyi", NAME_LEVEL_VARIANT, NAME_BY_SET);
	assert_level("Čihák", "Čiháková", NAME_LEVEL_CLOSE, NAME_BY_NONE);
	assert_level("Loudova", "Louda", NAME_LEVEL_CLOSE, NAME_BY_NONE);
	assert_level("Mec", "Mcová", NAME_LEVEL_ELSE, NAME_BY_NONE);
	assert_level("Jaxon", "John", NAME_LEVEL_ELSE, NAME_BY_NONE);
	assert_level("Xuubow", "Huubow", NAME_LEVEL_VARIANT, NAME_BY_SET);
}

static void names_in_one_script_are_compared_as_written(void **state)
{
	(void)state;
	assert_level("Олег", "Олег", NAME_LEVEL_EQUAL, NAME_BY_NONE);
	/* In the Latin form both are one; as written a letter differs. */
	assert_level("حامد", "هامد", NAME_LEVEL_VARIANT, NAME_BY_SET);
	assert_level("Щербаков", "Щербакав", NAME_LEVEL_CLOSE, NAME_BY_NONE);
	assert_level("Тарас", "Taras", NAME_LEVEL_EQUAL, NAME_BY_NONE);
	assert_level("Олег", "Oleg", NAME_LEVEL_VARIANT, NAME_BY_SET);
}

static void alike_is_not_one_by_decree(void **state)
{
	(void)state;
	assert_level("Karol", "Karolina", NAME_LEVEL_ELSE, NAME_BY_NONE);
	assert_level("Rashid Ali", "Rashida Ali", NAME_LEVEL_ELSE, NAME_BY_NONE);
	assert_level("Ali Rashid", "Rashida Ali", NAME_LEVEL_ELSE, NAME_BY_NONE);
	assert_level("Patrick", "Patricia", NAME_LEVEL_ELSE, NAME_BY_NONE);
}

/* Each of three is unlike the others, and like itself. */
static void a_word_is_not_different_from_itself(void **state)
{
	(void)state;
	static const char TEXT[] =
		"- { kind: different, langs: [en], forms: [Ella, Ellie, Elsa] }\n";
	struct embed_file file = { "own.yaml", (const unsigned char *)TEXT, sizeof TEXT - 1 };
	const struct names *names = NULL;
	struct err err = { 0 };
	enum name_by by;
	assert_true(names_read(kept.arena, &file, 1, &names, &err));
	assert_int_equal(level_with(names, STR("Ella Bo"), STR("Ella Bow"), &by), NAME_LEVEL_CLOSE);
	assert_int_equal(level_with(names, STR("Ella Bo"), STR("Ellie Bo"), &by), NAME_LEVEL_ELSE);
	assert_int_equal(level_with(names, STR("Ella"), STR("Ella"), &by), NAME_LEVEL_EQUAL);
}

static void anything_has_a_level_and_the_same_from_both_sides(void **state)
{
	(void)state;
	static const char *const PIECES[] = { "a",   "o",  "mac", "abd", "ul", " ", "-",    "ska",
		                              "ova", "陈", "ж",   "h",   "x",  "é", "bell", "" };
	struct random_source *source = random_seeded_create(20261);
	for (int i = 0; i < 20000; i++) {
		char text[2][80] = { "", "" };
		for (size_t side = 0; side < 2; side++)
			for (size_t n = random_below(source, 7); n > 0; n--) {
				const char *piece = PIECES[random_below(source, COUNT_OF(PIECES))];
				memcpy(text[side] + strlen(text[side]), piece, strlen(piece) + 1);
			}
		enum name_by by;
		int level = level_with(kept.names, str_from_c(text[0]), str_from_c(text[1]), &by);
		assert_true(level == 1 || level == 2 || level == 3 || level == 5);
	}
	random_destroy(source);
}

static void a_name_of_many_words_is_looked_at_in_part(void **state)
{
	(void)state;
	assert_level("Aa Bb Cc Dd Ee Ff Gg Hh", "Aa Bb Cc Dd Ee Ff Gg Hh", NAME_LEVEL_EQUAL,
	             NAME_BY_NONE);
	char text[600] = "";
	for (size_t i = 0; i + 3 < sizeof text; i += 2)
		memcpy(text + i, "a ", 3);
	assert_level(text, "Aa Bb", NAME_LEVEL_ELSE, NAME_BY_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kept_pairs_have_the_level_they_should),
		cmocka_unit_test(a_level_says_what_it_is_by),
		cmocka_unit_test(an_initial_agrees_weakly),
		cmocka_unit_test(words_may_stand_in_another_order),
		cmocka_unit_test(a_particle_is_no_part),
		cmocka_unit_test(a_language_has_rules),
		cmocka_unit_test(names_in_one_script_are_compared_as_written),
		cmocka_unit_test(alike_is_not_one_by_decree),
		cmocka_unit_test(a_word_is_not_different_from_itself),
		cmocka_unit_test(anything_has_a_level_and_the_same_from_both_sides),
		cmocka_unit_test(a_name_of_many_words_is_looked_at_in_part),
	};
	return cmocka_run_group_tests_name("match: name_level", tests, load, unload);
}
