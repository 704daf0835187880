/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The signing key at the terminal: one that may be known to others. */
#include "cli/cli_fixture.h"

static const char *vkey(struct fixture *f)
{
	must_run(f, "log", "vkey", drill(f));
	return line_of(f, 0);
}

static const char *receipt_of(struct fixture *f, const char *name)
{
	const char *path = path_of(f, name);
	must_run(f, "report", drill(f), "--text", "He is alone at night.", "--receipt", path);
	return path;
}

static void a_stolen_key_is_replaced_at_once_and_listed_as_doubtful(void **state)
{
	struct fixture *f = *state;
	const char *old = vkey(f), *before = receipt_of(f, "before");
	must_run(f, "key", "rotate", drill(f), "--compromised", "2026-11-25T08:00:00Z", "--as", "ada");
	assert_true(says(f->words, "The old signing key signs no more"));
	const char *new = vkey(f);
	assert_string_not_equal(new, old);
	assert_true(says(f->out, " doubtful since 2026-11-25T08:00:00Z"));
	const char *after = receipt_of(f, "after");
	must_run(f, "receipt", after, "--vkey", new);
	assert_int_equal(run(f, "receipt", after, "--vkey", old), 1);
	assert_string_equal(line_of(f, 0), "signature");
	must_run(f, "receipt", before, "--vkey", old);
	must_run(f, "receipt", before, "--vkey", old, "--doubtful-since", "2027-01-01T00:00:00Z");
	assert_string_equal(line_of(f, 0), "signed");
	assert_int_equal(run(f, "receipt", before, "--vkey", old, "--doubtful-since", "2026-11-25T08:00:00Z"), 1);
	assert_string_equal(line_of(f, 0), "doubtful");
	assert_true(says(f->words, "Ask the register for a new receipt"));
	must_run(f, "verify", drill(f));
}

static void a_time_that_is_not_past_or_no_time_changes_nothing(void **state)
{
	struct fixture *f = *state;
	const char *old = vkey(f);
	assert_int_equal(run(f, "key", "rotate", drill(f), "--compromised", "2031-01-01T00:00:00Z", "--as", "ada"), 1);
	assert_true(says(f->words, "a time that is past"));
	assert_int_equal(run(f, "key", "rotate", drill(f), "--compromised", "yesterday", "--as", "ada"), 2);
	assert_true(says(f->words, "--compromised"));
	assert_int_equal(run(f, "receipt", receipt_of(f, "one"), "--vkey", old, "--doubtful-since", "then"), 2);
	assert_true(says(f->words, "--doubtful-since"));
	assert_string_equal(vkey(f), old);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_stolen_key_is_replaced_at_once_and_listed_as_doubtful),
		PROVES(a_time_that_is_not_past_or_no_time_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
