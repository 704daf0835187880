/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pack's own tools, as commands. */
#include "cli/cli_fixture.h"

#define SAMPLE "tests/data/pack-sample"

/* A copy of the sample with one text changed; its folder. */
static const char *sample_with(struct fixture *f, const char *file, const char *search, const char *replace)
{
	const char *changed = path_of(f, "changed"), *path = file_join(f->arena, changed, file);
	struct str copy = arena_format(f->arena, "cp -r " SAMPLE " %s", changed);
	struct str wanted = str_from_c(search);
	struct err err = { 0 };
	assert_int_equal(system(copy.p), 0);
	struct str text = text_of(f, path);
	size_t at = str_find_str(text, wanted);
	assert_true(at < text.n);
	struct str pieces[3] = { str_sub(text, 0, at), str_from_c(replace),
		                 str_sub(text, at + wanted.n, text.n) };
	if (!file_write(path, 0600, arena_join(f->arena, pieces, 3), &err))
		fail_msg("%s", err.message);
	return changed;
}

static void two_packs_that_say_the_same_are_equal(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(run(f, "pack", "diff", SAMPLE, SAMPLE), 0);
	assert_true(says(f->out, "equal\nsmallest version number allowed: 0.1.0 (it has 0.1.0)\n"));
}

static void what_differs_is_said_counted_and_numbered(void **state)
{
	struct fixture *f = *state;
	const char *changed = sample_with(f, "duties.yaml", "within: { hours: 72 }", "within: { hours: 96 }");
	assert_int_equal(run(f, "pack", "diff", SAMPLE, changed), 1);
	assert_true(says(f->out, "duty T27 within: 72 hours -> 96 hours   looser\n"));
	assert_true(says(f->out, "\n0 tighter, 1 looser, 0 other, 0 text\n"));
	assert_true(says(f->out, "allowed: 1.0.0 (it has 0.1.0, which is too small)\n"));
	assert_int_equal(run(f, "pack", "diff", SAMPLE, changed, "--json"), 1);
	assert_true(says(f->out, "\"change\":\"looser\",\"counts\":{\"tighter\":0,\"looser\":1,"));
	assert_true(says(f->out, "{\"element\":\"duty\",\"name\":\"T27\",\"key\":\"within\","
	                         "\"what\":\"72 hours -> 96 hours\",\"change\":\"looser\"}"));
	assert_true(says(f->out, "\"smallest\":\"1.0.0\",\"enough\":false"));
}

static void what_may_never_go_is_said(void **state)
{
	struct fixture *f = *state;
	const char *changed = sample_with(f, "lists.yaml", ", hospital: Hospital", "");
	assert_int_equal(run(f, "pack", "diff", SAMPLE, changed), 1);
	assert_true(says(f->out, "\nnever: list source has no code hospital any more"));
	assert_int_equal(run(f, "pack", "diff", SAMPLE, "no-such-pack"), 3);
}

static void what_a_language_lacks_is_counted_and_named(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(run(f, "pack", "check", SAMPLE, "--texts"), 0);
	assert_true(says(f->out, "text: cy lacks duty.T01.title\n"));
	assert_false(says(f->out, "text: cy lacks list.harm.neglect\n"));
	assert_true(says(f->out, "\ntexts cy: 3 of "));
	must_run(f, "pack", "check", SAMPLE);
	assert_false(says(f->out, "text: "));
}

static void a_file_type_is_drawn_with_title_and_words(void **state)
{
	struct fixture *f = *state;
	must_run(f, "pack", "draw", SAMPLE, "challenge");
	assert_true(str_starts(f->out, STR("<svg xmlns=\"http://www.w3.org/2000/svg\"")));
	assert_true(says(f->out, "<title id=\"states-title\">Challenge: its states and the ways between them</title>"));
	assert_true(says(f->out, "From Raised or Answered or Outside to Settled by challenge.settled [G13]."));
	assert_true(says(f->out, ">challenge.settled [G13]</text>"));
	assert_true(str_ends(f->out, STR("</svg>\n")));
	assert_false(says(f->out, "style="));
	must_run(f, "pack", "draw", SAMPLE, "challenge", "--dot");
	assert_true(str_starts(f->out, STR("digraph \"challenge\" {\n")));
	assert_int_equal(run(f, "pack", "draw", SAMPLE, "nothing"), 1);
	assert_true(says(f->words, "has no file type nothing"));
}

static void a_file_type_and_a_list_are_explained(void **state)
{
	struct fixture *f = *state;
	must_run(f, "pack", "explain", SAMPLE, "child");
	assert_true(says(f->out, "It begins in known; it ends in closed.\n"));
	must_run(f, "pack", "explain", SAMPLE, "source");
	assert_true(says(f->out, "  - hospital: Hospital\n"));
	assert_int_equal(run(f, "pack", "explain", SAMPLE, "nothing"), 1);
	assert_true(says(f->words, "file type or list named nothing"));
}

static void a_table_tells_what_opens_and_settles(void **state)
{
	struct fixture *f = *state;
	must_run(f, "pack", "table", SAMPLE);
	assert_true(str_starts(f->out, STR("id\tduty\topened by\towed by\tdue\tsettled by\tladder\tsource\tclass\tcertainty\n")));
	assert_true(says(f->out, "\tsilence.noted (ladder agency)\t"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(two_packs_that_say_the_same_are_equal),
		PROVES(what_differs_is_said_counted_and_numbered),
		PROVES(what_may_never_go_is_said),
		PROVES(what_a_language_lacks_is_counted_and_named),
		PROVES(a_file_type_is_drawn_with_title_and_words),
		PROVES(a_file_type_and_a_list_are_explained),
		PROVES(a_table_tells_what_opens_and_settles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
