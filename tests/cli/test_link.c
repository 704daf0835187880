/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Two records, and why they are one person or not. */
#include "cli/cli_fixture.h"

#define PEOPLE "tests/data/linkage/people_2000.csv"

static void explain_says_what_each_comparison_gave(void **state)
{
	struct fixture *f = *state;
	must_be_done(f, run(f, "link", "explain", "--in", PEOPLE, "R0000011", "R0000037"));
	assert_true(says(f->out, "any two records"));
	assert_true(says(f->out, "bits: "));
	assert_true(says(f->out, "proposed as one person"));
}

static void why_not_says_first_what_stood_between(void **state)
{
	struct fixture *f = *state;
	must_be_done(f, run(f, "link", "why-not", "--in", PEOPLE, "R0000001", "R0000002"));
	assert_true(str_starts(f->out, STR("no rule makes the pair")));
}

static void a_record_that_is_not_there_is_said(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(run(f, "link", "explain", "--in", PEOPLE, "R0000001", "nobody"), 1);
	assert_true(says(f->words, "nobody"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(explain_says_what_each_comparison_gave),
		PROVES(why_not_says_first_what_stood_between),
		PROVES(a_record_that_is_not_there_is_said),
	};
	return !!cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
