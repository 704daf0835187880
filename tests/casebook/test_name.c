/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A register's name, given once before its first concern: it is the name of the signing key. */
#include "casebook/owed.h"

#define NAME "drill.north.example/register"

/* A drill without a name, in the place of the test's own. */
static struct person unnamed(struct fixture *f)
{
	const char *folders[] = { test_packs() };
	struct casebook_made made;
	struct casebook_founding founding = { .dir = f->dir,
		                              .is_drill = true,
		                              .has_seed = true,
		                              .seed = 1,
		                              .start = FIXTURE_START - INSTANT_PER_HOUR };
	MUST(f, pack_find(f->arena, folders, 1, STR("england"), &founding.pack, &f->err));
	casebook_close(f->book);
	f->book = NULL;
	fixture_remove_folder(f->arena, f->dir);
	MUST(f, casebook_create(&founding, f->arena, &made, &f->err));
	fixture_open(f);
	assert_true(str_starts(casebook_origin(f->book), STR("drill.unnamed.invalid/")));
	return person(f, "ada", "register-administrator");
}

static struct casebook_answer name(struct fixture *f, const struct person *by, const char *to)
{
	struct casebook_answer answer;
	MUST(f, casebook_register_name(f->book, &by->actor, CASEBOOK_CLI, STR("root"), str_from_c(to), f->arena, &answer,
	                               &f->err));
	return answer;
}

static void must_verify(struct fixture *f)
{
	struct casebook_verified found;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	if (!found.ok)
		fail_msg("%.*s: %.*s", STR_ARG(found.difference.where), STR_ARG(found.difference.what));
}

static void the_name_is_that_of_the_signing_key_from_then_on(void **state)
{
	struct fixture *f = *state;
	struct person admin = unnamed(f);
	MUST(f, casebook_beat(f->book, &f->err));
	struct casebook_answer named = name(f, &admin, NAME);
	fixture_must_admit(&named, "register.named");
	assert_true(str_eq(casebook_origin(f->book), STR(NAME)));
	assert_true(str_starts(casebook_vkey(f->book), STR(NAME "+")));
	/* Everything it signed holds under the name; so does what comes after, and after a restart. */
	report(f, "He is alone at night.");
	MUST(f, casebook_beat(f->book, &f->err));
	fixture_reopen(f);
	assert_true(str_eq(casebook_origin(f->book), STR(NAME)));
	assert_true(str_starts(casebook_vkey(f->book), STR(NAME "+")));
	report(f, "He is alone again.");
	casebook_close(f->book);
	f->book = NULL;
	must_verify(f);
	assert_false(file_exists(file_join(f->arena, f->dir, "keys/log.key.next")));
}

static void a_register_is_named_once(void **state)
{
	struct fixture *f = *state;
	struct person admin = unnamed(f);
	struct casebook_answer named = name(f, &admin, NAME);
	fixture_must_admit(&named, "register.named");
	fixture_reopen(f);
	REFUSED(f, name(f, &admin, "drill.south.example/register"), "named");
}

static void after_the_first_concern_it_keeps_the_name_it_has(void **state)
{
	struct fixture *f = *state;
	struct person admin = unnamed(f);
	struct str before = casebook_vkey(f->book);
	report(f, "He is alone at night.");
	REFUSED(f, name(f, &admin, NAME), "concern");
	assert_true(str_eq(casebook_vkey(f->book), before));
	assert_false(file_exists(file_join(f->arena, f->dir, "keys/log.key.next")));
	casebook_close(f->book);
	f->book = NULL;
	must_verify(f);
}

/* Broken off between the commit and the key's taking its place, or before the commit. */
static void a_naming_that_was_broken_off_is_whole_or_not_at_all(void **state)
{
	struct fixture *f = *state;
	struct person admin = unnamed(f);
	const char *key = file_join(f->arena, f->dir, "keys/log.key"), *next = file_join(f->arena, f->dir, "keys/log.key.next");
	struct str old;
	MUST(f, file_read(f->arena, key, 4096, &old, &f->err));
	struct casebook_answer named = name(f, &admin, NAME);
	fixture_must_admit(&named, "register.named");
	casebook_close(f->book);
	f->book = NULL;
	/* As it is when the machine stops right after the commit. */
	assert_int_equal(rename(key, next), 0);
	MUST(f, file_write(key, 0600, old, &f->err));
	fixture_open(f);
	assert_true(str_starts(casebook_vkey(f->book), STR(NAME "+")));
	report(f, "He is alone at night.");
	casebook_close(f->book);
	f->book = NULL;
	assert_false(file_exists(next));
	must_verify(f);
	/* As it is when it stops before: the renamed key lies there, and the settings name the old one. */
	MUST(f, file_write(next, 0600, old, &f->err));
	fixture_open(f);
	assert_true(str_starts(casebook_vkey(f->book), STR(NAME "+")));
	assert_false(file_exists(next));
	casebook_close(f->book);
	f->book = NULL;
	must_verify(f);
	fixture_open(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_name_is_that_of_the_signing_key_from_then_on),
		PROVES(a_register_is_named_once),
		PROVES(after_the_first_concern_it_keeps_the_name_it_has),
		PROVES(a_naming_that_was_broken_off_is_whole_or_not_at_all),
	};
	return PROVE(tests);
}
