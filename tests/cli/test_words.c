/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What commands print for people: words of the pack, times of the place, the next step. */
#include "cli/cli_fixture.h"

#define TOMORROW "2026-11-27T10:00:00Z"
#define CHILD    "{\"happening\":\"He hides bruises\",\"child\":\"Sam, Year 4\",\"danger\":\"yes\"}"

static size_t place_of(struct fixture *f, const char *part)
{
	size_t at = str_find_str(f->out, str_from_c(part));
	if (at == f->out.n)
		fail_msg("no \"%s\" in: %.*s", part, STR_ARG(f->out));
	return at;
}

static void show_first(struct fixture *f)
{
	must_run(f, "show", drill(f), "C-1", "--as", "amara", "--office", "screener");
}

static void a_file_is_shown_in_the_words_of_its_pack(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(run_with(f, CHILD, "report", drill(f), "--json", "-"), 0);
	show_first(f);
	(void)place_of(f, "Somebody is worried about a child");
	(void)place_of(f, "Is somebody in danger right now? Yes");
	(void)place_of(f, "What kind of harm may it be? Not yet known");
	(void)place_of(f, "Thursday 26 November 2026, 10am");
	assert_false(says(f->out, "2026-11-26T"));
	assert_false(says(f->out, "danger-now"));
	assert_false(says(f->out, "[\""));
	assert_false(says(f->out, "via"));
}

static void what_is_owed_stands_above_and_late_first(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	must_run(f, "clock", drill(f), "--until", TOMORROW);
	show_first(f);
	size_t late = place_of(f, "  LATE  T03"), told = place_of(f, "told: Emergency duty worker");
	assert_true(place_of(f, "\nOwed\n") < late && late < told);
	assert_true(told < place_of(f, "Somebody is worried about a child"));
	(void)place_of(f, ", late by ");
}

static void a_duty_in_an_entry_is_told_by_what_it_is(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	must_run(f, "clock", drill(f), "--until", TOMORROW);
	show_first(f);
	(void)place_of(f, "Duty: First look, is the child in danger now (T03, D");
}

static void the_label_heads_what_is_shown_and_found(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(run_with(f, CHILD, "report", drill(f), "--json", "-"), 0);
	show_first(f);
	assert_string_equal(line_of(f, 0), "C-1  Concern: Received");
	assert_string_equal(line_of(f, 1), "Sam, Year 4");
	must_run(f, "find", drill(f), "C-1", "--as", "amara");
	assert_string_equal(line_of(f, 1), "Sam, Year 4");
	must_run(f, "find", drill(f), "C-1", "--as", "amara", "--json");
	assert_true(str_eq(json_text(json_of(f)->first, STR("label")), STR("Sam, Year 4")));
}

static long entries(struct fixture *f)
{
	must_run(f, "log", "checkpoint", drill(f));
	return strtol(line_of(f, 1), NULL, 10);
}

static void a_label_that_was_opened_leaves_a_reading(void **state)
{
	struct fixture *f = *state; /* L9 */
	assert_int_equal(run_with(f, CHILD, "report", drill(f), "--json", "-"), 0);
	assert_int_equal(run(f, "find", drill(f), "C-9", "--as", "amara", "--office", "screener"), 1);
	long before = entries(f);
	must_run(f, "find", drill(f), "C-1", "--as", "amara");
	assert_true(entries(f) > before);
}

static void words_cannot_steer_the_terminal(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "red \033[31m, bell \a, \xc2\x9b" "31m, turned \xe2\x80\xae, gone \177");
	show_first(f);
	(void)place_of(f, "red ^[[31m, bell ^G, <U+009B>31m, turned <U+202E>, gone ^?");
	for (size_t i = 0; i < f->out.n; i++)
		assert_true((unsigned char)f->out.p[i] >= 0x20 || f->out.p[i] == '\n');
}

/* Errors and notes too, whatever they name. */
static void no_message_steers_the_terminal(void **state)
{
	struct fixture *f = *state;
	assert_int_not_equal(run(f, "pack", "check", "no\033[2J\xe2\x80\xae" "pack"), 0);
	assert_true(says(f->words, "no^[[2J<U+202E>pack"));
	for (size_t i = 0; i < f->words.n; i++)
		assert_true((unsigned char)f->words.p[i] >= 0x20 || f->words.p[i] == '\n');
}

static void words_keep_their_lines(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "First.\r\n\nThird \xc3\xa9.");
	show_first(f);
	(void)place_of(f, "What is happening?\n          First.\n\n          Third \xc3\xa9.\n");
}

static void the_reporter_is_told_which_office_silence_told(void **state)
{
	struct fixture *f = *state;
	const char *code = report(f, "He is alone at night.");
	must_run(f, "clock", drill(f), "--until", TOMORROW);
	must_run(f, "status", drill(f), code);
	size_t told = place_of(f, "because it is late, these were told:");
	assert_true(place_of(f, "      Team manager") > told);
	assert_false(says(f->out, "2026-11-26T"));
}

static void a_ladder_is_told_by_the_end_of_a_day(void **state)
{
	struct fixture *f = *state; /* midnight alone says not which of two days it ends */
	const char *code = report(f, "He is alone at night.");
	must_run(f, "clock", drill(f), "--until", "2026-12-02T10:00:00Z");
	must_run(f, "status", drill(f), code);
	size_t decide = place_of(f, "Somebody decides what to do");
	size_t told = place_of(f, "Team manager, Council (nobody holds this office now), the end of");
	assert_true(told > decide);
	size_t done = place_of(f, "\nDone\n");
	assert_false(says(f->out, "midnight"));
	assert_true(says(str_sub(f->out, done, f->out.n), "\n  the end of "));
}

static size_t owed(struct fixture *f, const char *a, const char *b, const char *c, const char *d)
{
	must_run(f, "duties", drill(f), "--json", a, b, c, d);
	return json_of(f)->count;
}

static void duties_are_narrowed_by_each_option_and_by_all(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	(void)report(f, "She has no coat.");
	assert_int_equal(owed(f, "--rule", "T01", NULL, NULL), 2);
	assert_int_equal(owed(f, "--file", "C-2", NULL, NULL), 3);
	assert_int_equal(owed(f, "--file", "c-2", "--rule", "T01"), 1);
	assert_int_equal(owed(f, "--rule", "T01", "--office", "edt"), 0);
	must_run(f, "duties", drill(f), "--overdue", "--file", "C-2");
	assert_true(says(f->words, "Nothing is late of what you asked for"));
}

static void what_duties_are_asked_for_must_be_there(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(run(f, "duties", drill(f), "--rule", "T999"), 1);
	assert_true(says(f->words, "no rule T999") && says(f->words, "candour pack table"));
	assert_int_equal(run(f, "duties", drill(f), "--file", "C-7"), 1);
	assert_true(says(f->words, "no file C-7"));
}

static void duties_are_lines_with_their_sum(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	must_run(f, "duties", drill(f));
	assert_string_equal(line_of(f, 0), "C-1     T03         Duty team: First look, is the child in danger"
	                                   " now, due 2pm today");
	assert_true(says(f->words, " owed, 0 late."));
}

static void the_clock_says_the_time_of_the_place_and_what_next(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	must_run(f, "clock", drill(f), "--until", TOMORROW);
	assert_true(says(f->words, "Friday 27 November 2026, 10am"));
	assert_true(says(f->words, "candour duties DIR --overdue"));
}

static void the_version_is_told_by_word_and_by_option(void **state)
{
	struct fixture *f = *state;
	must_run(f, "--version");
	struct str said = f->out;
	assert_true(str_starts(said, STR("candour ")));
	must_run(f, "version");
	assert_true(str_eq(f->out, said));
}

static void an_option_before_the_command_is_told_as_such(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(run(f, "--json", "duties", "x"), 2);
	assert_true(says(f->words, "--json") && says(f->words, "candour --help"));
}

static void advice_on_a_pack_begins_with_note(void **state)
{
	struct fixture *f = *state;
	must_run(f, "pack", "check", "tests/data/pack-sample");
	(void)place_of(f, "\nnote: tests/data/pack-sample/duties.yaml:");
	assert_false(says(f->out, "\ntests/data/"));
}

static void act(struct fixture *f, const char *dir, const char *as, const char *office, const char *kind,
                const char *fields)
{
	const char *file = str_eq(str_from_c(kind), STR("person.opened")) ? NULL : "--file";
	if (run_with(f, fields, "add", dir, kind, "--as", as, "--office", office, "--json", "-", file,
	             "CH-1") != 0)
		fail_msg("%s: %.*s", kind, STR_ARG(f->words));
}

static void rows_of_a_table_are_a_line_each(void **state)
{
	struct fixture *f = *state;
	const char *dir = path_of(f, "sample");
	must_run(f, "init", dir, "--drill", "--start", START, "--origin", "drill.northmere.example/sample",
	         "--pack", "tests/data/pack-sample");
	act(f, dir, "sam", "social-worker", "person.opened", "{\"names\":[\"Ada Quill\"]}");
	/* Three attempts in vain open what the team manager holds. */
	for (int i = 0; i < 3; i++)
		act(f, dir, "sam", "social-worker", "child.not-seen", "{\"reason\":\"not-in\"}");
	act(f, dir, "tom", "team-manager", "strategy.held",
	    "{\"decision\":\"enquiry\",\"present\":[\"team-manager\",\"police-officer\",\"named-nurse\"]}");
	act(f, dir, "sam", "social-worker", "plan.made",
	    "{\"plan\":\"See below\",\"actions\":["
	    "{\"office\":\"named-nurse\",\"what\":\"visit\",\"by-date\":\"2026-12-01\"},"
	    "{\"office\":\"social-worker\",\"what\":\"help\",\"by-date\":\"2026-12-24\"}]}");
	must_run(f, "show", dir, "CH-1", "--as", "sam");
	assert_string_equal(line_of(f, 1), "Ada Quill");
	(void)place_of(f, "Office: Named nurse; What: Visit; By date: Tuesday 1 December 2026\n");
	(void)place_of(f, "Office: Social worker; What: Help; By date: Thursday 24 December 2026\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_file_is_shown_in_the_words_of_its_pack),
		PROVES(what_is_owed_stands_above_and_late_first),
		PROVES(a_duty_in_an_entry_is_told_by_what_it_is),
		PROVES(the_label_heads_what_is_shown_and_found),
		PROVES(a_label_that_was_opened_leaves_a_reading),
		PROVES(words_cannot_steer_the_terminal),
		PROVES(no_message_steers_the_terminal),
		PROVES(words_keep_their_lines),
		PROVES(the_reporter_is_told_which_office_silence_told),
		PROVES(a_ladder_is_told_by_the_end_of_a_day),
		PROVES(duties_are_narrowed_by_each_option_and_by_all),
		PROVES(what_duties_are_asked_for_must_be_there),
		PROVES(duties_are_lines_with_their_sum),
		PROVES(the_clock_says_the_time_of_the_place_and_what_next),
		PROVES(the_version_is_told_by_word_and_by_option),
		PROVES(rows_of_a_table_are_a_line_each),
		PROVES(advice_on_a_pack_begins_with_note),
		PROVES(an_option_before_the_command_is_told_as_such),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
