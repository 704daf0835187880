/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Normalisation judged by vectors: fn, input, expected; nothing expected is
 * missing. CANDOUR_LINKAGE names the folder of those that came from outside,
 * else tests/data/linkage; normalise_more.csv is what they are silent about.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "match/norm_cases.h"

#define OWN_FOLDER "tests/data/linkage"
#define FILE_MAX ((size_t)4 << 20)
#define FIELDS 3

/* One field of RFC 4180 from *at on, unquoted into `arena`; *is_last: the row ends behind it. */
static struct str read_field(struct arena *arena, struct str file, size_t *at, bool *is_last)
{
	char *out = arena_alloc(arena, file.n - *at + 1, 1);
	bool is_quoted = *at < file.n && file.p[*at] == '"';
	size_t n = 0;
	assert_non_null(out);
	*at += is_quoted;
	for (; *at < file.n; ++*at) {
		char c = file.p[*at];
		if (is_quoted && c == '"') {
			++*at;
			if (*at == file.n || file.p[*at] != '"')
				break;
		} else if (!is_quoted && (c == ',' || c == '\n')) {
			break;
		}
		if (c != '\r')
			out[n++] = c;
	}
	*is_last = *at >= file.n || file.p[*at] == '\n';
	++*at;
	return (struct str){ out, n };
}

/* A row of at most three fields; what is wanting is empty. */
static void read_row(struct arena *arena, struct str file, size_t *at, struct str fields[FIELDS])
{
	bool is_last = false;
	for (size_t i = 0; i < FIELDS; i++)
		fields[i] = is_last ? STR_NONE : read_field(arena, file, at, &is_last);
	assert_true(is_last);
}

static bool holds(const char *fn, struct str input, struct str expected)
{
	struct answer answer;
	/* A copy of its own length, so that a read past the end is seen. */
	char *copy = malloc(input.n ? input.n : 1);
	assert_non_null(copy);
	memcpy(copy, input.n ? input.p : "", input.n);
	assert_true(norm_answer(fn, (struct str){ copy, input.n }, &answer));
	free(copy);
	if (str_eq(str_from_c(answer.text), expected))
		return true;
	print_error("%s of \"%.*s\" is \"%s\", not \"%.*s\"\n", fn, STR_ARG(input), answer.text,
	            STR_ARG(expected));
	return false;
}

/* Every row of a file; with `fn`, its rows are input and expected alone. */
static void every_row_holds(const char *folder, const char *name, const char *fn)
{
	struct arena *arena = arena_create(FILE_MAX * 2), *row = arena_create(FILE_MAX * 4);
	struct err err = { 0 };
	struct str file, fields[FIELDS];
	size_t at = 0, rows = 0, wrong = 0;
	assert_true(file_read(arena, file_join(arena, folder, name), FILE_MAX, &file, &err));
	read_row(row, file, &at, fields); /* the header */
	while (at < file.n) {
		arena_reset(row);
		read_row(row, file, &at, fields);
		if (fn)
			wrong += !holds(fn, fields[0], fields[1]);
		else
			wrong += !holds(str_to_c(row, fields[0]), fields[1], fields[2]);
		rows++;
	}
	arena_destroy(row);
	arena_destroy(arena);
	assert_true(rows > 0);
	assert_int_equal(wrong, 0);
}

static const char *linkage_folder(void)
{
	const char *named = file_environment("CANDOUR_LINKAGE");
	return named ? named : OWN_FOLDER;
}

static void values_are_normalised_as_the_vectors_say(void **state)
{
	(void)state;
	every_row_holds(linkage_folder(), "normalise_vectors.csv", NULL);
}

static void what_the_vectors_are_silent_about_is_sensible(void **state)
{
	(void)state;
	every_row_holds(OWN_FOLDER, "normalise_more.csv", NULL);
}

static void names_have_the_sound_key_that_the_vectors_say(void **state)
{
	(void)state;
	every_row_holds(linkage_folder(), "name_key_vectors.csv", "key");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_normalised_as_the_vectors_say),
		cmocka_unit_test(what_the_vectors_are_silent_about_is_sensible),
		cmocka_unit_test(names_have_the_sound_key_that_the_vectors_say),
	};
	return cmocka_run_group_tests_name("match: normalise", tests, NULL, NULL);
}
