/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Variant sets: those the program carries, and what a file of them must be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "match/names.h"
#include "match/sound.h"
#include "match/text.h"

#define ARENA_BYTES ((size_t)64 << 20)

static bool read_text(struct arena *arena, const char *text, const struct names **names,
                      struct err *err)
{
	struct embed_file file = { "own.yaml", (const unsigned char *)text, strlen(text) };
	return names_read(arena, &file, 1, names, err);
}

static enum names_relation relation(const struct names *names, const char *a, const char *b)
{
	struct norm_text left, right;
	norm_name(str_from_c(a), &left);
	norm_name(str_from_c(b), &right);
	enum names_relation there = names_relation(names, norm_str(&left), norm_str(&right));
	assert_int_equal(there, names_relation(names, norm_str(&right), norm_str(&left)));
	return there;
}

static void the_sets_of_the_program_are_all_read(void **state)
{
	(void)state;
	struct arena *arena = arena_create((size_t)16 << 20);
	const struct names *names = NULL;
	struct err err = { 0 };
	if (!names_load(arena, &names, &err))
		fail_msg("%s", err.message);
	struct names_count count = names_count(names);
	print_message("%zu groups, %zu names, %zu memberships, %zu bytes\n", count.groups,
	              count.forms, count.memberships, arena_used(arena));
	assert_true(count.groups >= 700);
	assert_int_equal(relation(names, "Kathleen", "Cathleen"), NAMES_VARIANT);
	assert_int_equal(relation(names, "Cabdullaahi", "Abdoulaye"), NAMES_VARIANT);
	assert_int_equal(relation(names, "Иван", "Іван"), NAMES_VARIANT);
	assert_int_equal(relation(names, "Karol", "Karolina"), NAMES_DIFFERENT);
	assert_int_equal(relation(names, "Siobhan", "Wojciech"), NAMES_NONE);
	assert_int_equal(names_groups(names, STR("")).n, 0);
	arena_destroy(arena);
}

static void names_are_related_by_a_group_and_never_through_a_third(void **state)
{
	(void)state;
	struct arena *arena = arena_create(ARENA_BYTES);
	const struct names *names = NULL;
	struct err err = { 0 };
	assert_true(read_text(
		arena,
		"- { kind: diminutive, langs: [en], of: [Samuel, Samual], forms: [Sam, Sammy] }\n"
		"- { kind: diminutive, langs: [en], of: [Samantha], forms: [Sam] }\n",
		&names, &err));
	assert_int_equal(names_count(names).forms, 5);
	assert_int_equal(relation(names, "SAM", "Samuel"), NAMES_VARIANT);
	assert_int_equal(relation(names, "sam", "Samantha"), NAMES_VARIANT);
	assert_int_equal(relation(names, "Samuel", "Samantha"), NAMES_NONE);
	assert_int_equal(relation(names, "Sammy", "Sam"), NAMES_NONE);
	assert_int_equal(relation(names, "Samuel", "Samual"), NAMES_NONE);
	assert_int_equal(relation(names, "Sammy", "Samantha"), NAMES_NONE);
	arena_destroy(arena);
}

static void what_is_different_by_decree_is_so_in_any_group(void **state)
{
	(void)state;
	struct arena *arena = arena_create(ARENA_BYTES);
	const struct names *names = NULL;
	struct err err = { 0 };
	assert_true(read_text(
		arena,
		"- { kind: different, langs: [en], forms: [Ella, Ellie, Elsa] }\n"
		"- { kind: translation, langs: [en], forms: [Eleanor, Ella, Ellie] }\n"
		"- { kind: different, langs: [en], forms: [Paul], against: [Paula, Pauline] }\n",
		&names, &err));
	assert_int_equal(relation(names, "Ella", "Ellie"), NAMES_DIFFERENT);
	assert_int_equal(relation(names, "Elsa", "Ellie"), NAMES_DIFFERENT);
	assert_int_equal(relation(names, "Eleanor", "Ellie"), NAMES_VARIANT);
	assert_int_equal(relation(names, "Paul", "Pauline"), NAMES_DIFFERENT);
	assert_int_equal(relation(names, "Paula", "Pauline"), NAMES_NONE);
	assert_int_equal(relation(names, "Ella", "Ella"), NAMES_VARIANT);
	arena_destroy(arena);
}

static void a_file_that_is_not_so_is_told_by_its_line(void **state)
{
	(void)state;
	static const char *const TEXTS[] = {
		"",
		"names: []\n",
		"- { kind: [\n",
		"- Samuel\n",
		"- { kind: nickname, langs: [en], forms: [Samuel, Sam] }\n",
		"- { kind: spelling, forms: [Samuel, Sam] }\n",
		"- { kind: spelling, langs: [], forms: [Samuel, Sam] }\n",
		"- { kind: spelling, langs: [en], forms: Samuel }\n",
		"- { kind: spelling, langs: [en], forms: [Samuel, [Sam]] }\n",
		"- { kind: spelling, langs: [en], forms: [Samuel, unknown] }\n",
		"- { kind: spelling, langs: [en], forms: [Samuel, '-'] }\n",
		"- { kind: spelling, langs: [en], forms: [Samuel, Sam], sex: [m] }\n",
		"- { kind: spelling, langs: [en], forms: [Samuel], against: [Sam] }\n",
		"- { kind: different, langs: [en], forms: [Samuel], against: [Sam, SAMUEL] }\n",
		"- { kind: different, langs: [en], forms: [Samuel], of: [Sam] }\n",
		"- { kind: diminutive, langs: [en], forms: [Samuel, Sam] }\n",
		"- { kind: diminutive, langs: [en], of: [Samuel, Sam], forms: [Sam] }\n",
	};
	for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
		struct arena *arena = arena_create(ARENA_BYTES);
		const struct names *names = NULL;
		struct err err = { 0 };
		if (read_text(arena, TEXTS[i], &names, &err))
			fail_msg("taken: %s", TEXTS[i]);
		assert_int_equal(err.code, ERR_INPUT);
		assert_non_null(strstr(err.message, "own.yaml, line "));
		arena_destroy(arena);
	}
}

static void without_files_no_names_are_related(void **state)
{
	(void)state;
	struct arena *arena = arena_create(ARENA_BYTES);
	const struct names *names = NULL;
	struct err err = { 0 };
	assert_true(names_read(arena, NULL, 0, &names, &err));
	assert_int_equal(relation(names, "Bob", "Robert"), NAMES_NONE);
	arena_destroy(arena);
}

static void too_small_an_arena_is_told(void **state)
{
	(void)state;
	static const char TEXT[] = "- { kind: spelling, langs: [en], forms: [Samuel, Sam] }\n";
	const struct names *names = NULL;
	bool done = false;
	for (size_t bytes = 64; !done; bytes += 64) {
		struct arena *arena = arena_create(bytes);
		struct err err = { 0 };
		done = read_text(arena, TEXT, &names, &err);
		assert_true(done || err.code == ERR_UNABLE || err.code == ERR_INPUT);
		arena_destroy(arena);
	}
}

/* By its first group a name has one form in common with what is written for it. */
static void a_name_has_its_usual_form(void **state)
{
	(void)state;
	static const char TEXT[] = "- { kind: diminutive, langs: [en], of: [Samuel], forms: [Sam] }\n"
	                           "- { kind: spelling, langs: [en], forms: [Samuel, Samuell] }\n"
	                           "- { kind: spelling, langs: [he], forms: [Shmuel, Samuel] }\n";
	const struct names *names = NULL;
	struct arena *arena = arena_create((size_t)1 << 20);
	struct err err = { 0 };
	assert_true(read_text(arena, TEXT, &names, &err));
	assert_true(str_eq(names_usual(names, STR("samuell")), STR("samuel")));
	assert_true(str_eq(names_usual(names, STR("samuel")), STR("samuel")));
	assert_true(str_eq(names_usual(names, STR("shmuel")), STR("shmuel")));
	assert_true(str_eq(names_usual(names, STR("sam")), STR("sam")));
	assert_true(str_eq(names_usual(names, STR("ruth")), STR("ruth")));
	arena_destroy(arena);
}

extern const struct embed_file match_name_files[];
extern const size_t match_name_files_n;

/* As a rule has it: by the sound of their usual forms, or by what variants have in common. */
static bool share_a_key(const struct names *names, struct str a, struct str b)
{
	char left[NORM_ROOM], right[NORM_ROOM];
	size_t n = sound_key(names_usual(names, a), left, sizeof left),
	       m = sound_key(names_usual(names, b), right, sizeof right);
	if (n && n == m && memcmp(left, right, n) == 0)
		return true;
	struct names_keys x = names_keys(names, a), y = names_keys(names, b);
	for (uint32_t i = 0; i < x.n; i++) {
		for (uint32_t j = 0; j < y.n; j++) {
			if (x.keys[i] == y.keys[j])
				return true;
		}
	}
	return false;
}

static void check_forms(const struct names *names, const struct yaml *first, const struct yaml *second, size_t *seen)
{
	for (const struct yaml *one = first ? first->first : NULL; one; one = one->next) {
		for (const struct yaml *other = second ? second->first : NULL; other; other = other->next) {
			struct norm_text a, b;
			norm_name(one->text, &a);
			norm_name(other->text, &b);
			if (names_relation(names, norm_str(&a), norm_str(&b)) != NAMES_VARIANT)
				continue;
			(*seen)++;
			if (!share_a_key(names, norm_str(&a), norm_str(&b)))
				fail_msg("%.*s, %.*s", STR_ARG(one->text), STR_ARG(other->text));
		}
	}
}

/* Of all sets of the program, whatever other sets a name stands in. */
static void any_two_variants_have_a_key_in_common(void **state)
{
	(void)state;
	struct arena *arena = arena_create(ARENA_BYTES), *texts = arena_create(ARENA_BYTES);
	const struct names *names = NULL;
	struct err err = { 0 };
	size_t seen = 0, most = 0;
	assert_true(names_load(arena, &names, &err));
	for (size_t f = 0; f < match_name_files_n; f++) {
		const struct yaml *root;
		const struct yaml_error *errors;
		assert_true(yaml_read(texts, str_from_bytes(match_name_files[f].bytes, match_name_files[f].size), 400000,
		                      &root, &errors));
		for (const struct yaml *group = root->first; group; group = group->next) {
			const struct yaml *forms = yaml_member(group, STR("forms")), *of = yaml_member(group, STR("of"));
			check_forms(names, forms, of ? of : forms, &seen);
			for (const struct yaml *form = forms->first; form; form = form->next) {
				struct norm_text folded;
				norm_name(form->text, &folded);
				uint32_t n = names_keys(names, norm_str(&folded)).n;
				most = n > most ? n : most;
			}
		}
	}
	print_message("%zu pairs, at most %zu keys of a name\n", seen, most);
	assert_true(seen > 10000);
	assert_true(most <= 32); /* as many as a rule looks at */
	assert_int_equal(names_keys(names, STR("")).n, 0);
	assert_int_equal(names_keys(names, STR("quillfeather")).n, 0);
	arena_destroy(texts);
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sets_of_the_program_are_all_read),
		cmocka_unit_test(names_are_related_by_a_group_and_never_through_a_third),
		cmocka_unit_test(what_is_different_by_decree_is_so_in_any_group),
		cmocka_unit_test(a_file_that_is_not_so_is_told_by_its_line),
		cmocka_unit_test(without_files_no_names_are_related),
		cmocka_unit_test(too_small_an_arena_is_told),
		cmocka_unit_test(a_name_has_its_usual_form),
		cmocka_unit_test(any_two_variants_have_a_key_in_common),
	};
	return cmocka_run_group_tests_name("match: names", tests, NULL, NULL);
}
