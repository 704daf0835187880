/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the register writes on another file is a move of that file: planted
 * defects of `then:`, `on:` and `makes:` are found with the history that shows
 * them. In the sample a child who is found has risk.wanted written on the
 * child's own file.
 */
#include "check_fixture.h"

#define CHILD_STATES "    states: [known, assessing, enquiry, plan, closed]\n"
#define RESTS "    rests: [known, assessing, enquiry, plan]\n"
#define WANTED "  file: child\n  by: [register]\n"
#define THEN "then: [{ kind: risk.wanted, on: about,"

struct planted {
	const char *property;
	struct edit edits[3];
	const char *line;    /* part of a line of that property */
	const char *history; /* part of its history */
};

static const struct planted PLANTED[] = {
	/* Into a state in which nothing is owed. */
	{ "P01",
	  { { "files.yaml", CHILD_STATES,
	      "    states: [known, assessing, enquiry, plan, waiting, closed]\n" RESTS },
	    { "kinds/episode.yaml", WANTED "  fields: [{ name: sign, type: yes }, { name: since, type: instant }]\n  opens: [T30]",
	      "  file: child\n  from: any\n  to: waiting\n  by: [register]\n"
	      "  fields: [{ name: sign, type: yes }, { name: since, type: instant }]" } },
	  "files.yaml:15:47: a child in state waiting may be owed nothing but T00; list it in rests",
	  "if the register writes it for missing.found\n" },
	/* Into its end past its gate. */
	{ "P02",
	  { { "kinds/episode.yaml", WANTED, "  file: child\n  from: any\n  to: closed\n  by: [register]\n" } },
	  "kinds/episode.yaml:40:10: missing.found: then makes risk.wanted on a linked child and ends it"
	  " from known, assessing, enquiry, plan past its gates",
	  "1  person.opened" },
	/* And with something owed there. */
	{ "P02",
	  { { "kinds/episode.yaml", WANTED, "  file: child\n  to: closed\n  by: [register]\n" } },
	  " a child ends (closed) while T",
	  "if the register writes it for missing.found" },
	/* Past a gate that nobody is there to meet. */
	{ "P05",
	  { { "kinds/episode.yaml", WANTED, "  file: child\n  by: [register]\n  needs: [{ gate: G2 }]\n" } },
	  "missing.found: then makes risk.wanted on a linked child, and it needs what nobody is there to"
	  " meet",
	  NULL },
	/* Not allowed where the file has ended, of a type that lists where it may rest. */
	{ "P05",
	  { { "files.yaml", CHILD_STATES, CHILD_STATES RESTS } },
	  "kinds/episode.yaml:40:10: missing.found: then makes risk.wanted on a linked child while it is"
	  " closed, where its from: does not allow it: person.opened > child.closed",
	  "2  child.closed" },
	/* On a file of no type of it. */
	{ "P05",
	  { { "kinds/episode.yaml", WANTED, "  file: concern\n  by: [register]\n" } },
	  "missing.found: then makes risk.wanted on a linked child, which is no file type of it",
	  NULL },
	/* As a file of its own. */
	{ "P05",
	  { { "kinds/episode.yaml", WANTED, "  file: child\n  new: yes\n  by: [register]\n" } },
	  "then makes risk.wanted on a linked child, and it begins a file of its own",
	  NULL },
	/* Nothing has it written. */
	{ "P05",
	  { { "kinds/episode.yaml", "  " THEN, "  # " THEN } },
	  "risk.wanted can never be made on a child: it is by the register, and no then: or makes: has"
	  " it written there",
	  NULL },
	/* Only on files of another type. */
	{ "P05",
	  { { "kinds/episode.yaml", THEN, "then: [{ kind: risk.wanted, on: about, type: [episode]," } },
	  "risk.wanted can never be made on a child: it is by the register, and no then: or makes: has"
	  " it written there",
	  NULL },
	/* On its own file, in a state to which the act leads. */
	{ "P05",
	  { { "files.yaml", "    states: [missing, graded, found, interviewed, closed]\n",
	      "    states: [missing, graded, found, interviewed, closed]\n"
	      "    rests: [missing, graded, found, interviewed]\n" },
	    { "kinds/episode.yaml", THEN, "then: [{ kind: risk.wanted," },
	    { "kinds/episode.yaml", WANTED, "  file: episode\n  from: [missing, graded]\n  by: [register]\n" } },
	  "missing.found: then makes risk.wanted on its episode while it is found, where its from: does not"
	  " allow it",
	  "missing.found" },
	/* Opened on a file that has ended, where nobody can answer it. */
	{ "P03",
	  { { "kinds/episode.yaml", "  opens: [T24]\n", "  opens: [T24, { duty: T35, on: about }]\n" } },
	  "duty T35 on a child in state closed can be discharged by nobody: person.opened > child.closed (closing done) >"
	  " (another file or a pattern)",
	  NULL },
	/* By a rung, in a state that does not allow it. */
	{ "P05",
	  { { "files.yaml", "    states: [raised, answered, outside, settled]\n",
	      "    states: [raised, answered, outside, settled]\n    rests: [raised, answered, outside]\n" } },
	  "duties.yaml:99:3: a rung of T62 makes challenge.raised-up on a challenge while it is outside,"
	  " where its from: does not allow it: challenge.raised > challenge.raised-up (rung 3)",
	  NULL },
};

static const struct pack_finding *failure_that_says(const struct pack_report *report,
                                                    const char *property, const char *text)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct pack_finding *one = &report->at[i];
		if (one->verdict == PACK_FAILS && str_eq(one->property, str_from_c(property)) &&
		    str_find_str(one->line, str_from_c(text)) < one->line.n)
			return one;
	}
	return NULL;
}

static void what_the_register_writes_elsewhere_is_walked_there(void **state)
{
	struct arena *arena = *state;
	for (size_t i = 0; i < COUNT_OF(PLANTED); i++) {
		const struct planted *planted = &PLANTED[i];
		arena_reset(arena);
		const struct pack_bytes *bytes = find_pack(arena, sample_folder());
		for (size_t e = 0; e < COUNT_OF(planted->edits) && planted->edits[e].file; e++)
			bytes = edit_pack(arena, bytes, &planted->edits[e]);
		struct pack_report report = check_bytes(arena, bytes);
		const struct pack_finding *found =
			failure_that_says(&report, planted->property, planted->line);
		struct str history = found ? found->history : STR("");
		bool is_told =
			found && (!planted->history ||
		                  str_find_str(history, str_from_c(planted->history)) < history.n);
		if (!is_told) {
			print_message("%zu: expected %s %s\n", i, planted->property, planted->line);
			print_report(&report);
			fail_msg("%.*s", STR_ARG(history));
		}
	}
}

/* Of a type that says nothing of where it may rest it is said, and no error. */
static void what_would_be_refused_there_is_advised_on(void **state)
{
	struct pack_report report = check_bytes(*state, find_pack(*state, sample_folder()));
	assert_holds(&report);
	assert_true(advises(&report, "then makes risk.wanted on a linked child while it is closed"));
	assert_true(advises(&report, "a rung of T62 makes challenge.raised-up on a challenge while it is"));
}

/* Allowed everywhere, and opening again what has ended, it holds without a word. */
static void what_opens_a_file_again_may_be_written_at_any_time(void **state)
{
	static const struct edit ANY = { "kinds/episode.yaml", WANTED,
		                         "  file: child\n  from: any\n"
		                         "  to: { by-state: [closed], to: known }\n  by: [register]\n" };
	struct pack_report report =
		check_bytes(*state, edit_pack(*state, find_pack(*state, sample_folder()), &ANY));
	assert_holds(&report);
	assert_false(advises(&report, "then makes risk.wanted"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_the_register_writes_elsewhere_is_walked_there),
		PROVES(what_would_be_refused_there_is_advised_on),
		PROVES(what_opens_a_file_again_may_be_written_at_any_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
