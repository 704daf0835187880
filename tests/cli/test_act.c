/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Acts of accounts in a drill, and what they read. */
#include "cli/cli_fixture.h"

#define LOOKED "{\"danger\":\"none-found\",\"checked\":[\"own-files\"]}"

static void a_name_is_enough_in_a_drill(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	must_run(f, "show", drill(f), "C-1", "--as", "amara", "--office", "screener");
	must_run(f, "account", "list", drill(f), "--json");
	assert_true(str_eq(json_text(json_of(f)->first, STR("name")), STR("amara")));
	must_run(f, "office", "list", drill(f), "--json");
	for (const struct json *row = json_of(f)->first; row; row = row->next) {
		if (!str_eq(json_text(row, STR("office")), STR("screener")))
			continue;
		assert_true(str_eq(json_member(row, STR("holders"))->first->string, STR("amara")));
		return;
	}
	fail_msg("no screener");
}

#define TELLS                                                                                                     \
	"{\"happening\":\"He is alone at night.\",\"name\":\"Rosa Quill\",\"contact\":\"rosa@quill.example\"}"

static void who_told_is_shown_only_when_it_is_asked_for(void **state)
{
	struct fixture *f = *state; /* L9 */
	if (run_with(f, TELLS, "report", drill(f), "--json", "-") != 0)
		fail_msg("%.*s", STR_ARG(f->words));
	must_run(f, "show", drill(f), "C-1", "--as", "amara", "--office", "screener");
	assert_true(says(f->out, "alone at night"));
	assert_false(says(f->out, "Quill") || says(f->out, "rosa@"));
	assert_true(says(f->out, "--who"));
	must_run(f, "show", drill(f), "C-1", "--as", "amara", "--office", "screener", "--json");
	assert_false(says(f->out, "Quill") || says(f->out, "rosa@"));
	must_run(f, "show", drill(f), "C-1", "--as", "amara", "--office", "screener", "--who");
	assert_true(says(f->out, "Rosa Quill") && says(f->out, "rosa@quill.example"));
}

static void an_account_in_one_office_need_not_name_it(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	must_run(f, "show", drill(f), "C-1", "--as", "amara", "--office", "screener");
	must_run(f, "show", drill(f), "C-1", "--as", "amara");
}

static bool holds(struct fixture *f, const char *office, const char *name)
{
	must_run(f, "office", "list", drill(f), "--json");
	for (const struct json *row = json_of(f)->first; row; row = row->next) {
		const struct json *held_by = json_member(row, STR("holders"));
		if (!str_eq(json_text(row, STR("office")), str_from_c(office)))
			continue;
		for (const struct json *held = held_by->first; held; held = held->next)
			if (str_eq(held->string, str_from_c(name)))
				return true;
	}
	return false;
}

static void nobody_becomes_an_administrator_by_the_way(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	must_run(f, "show", drill(f), "C-1", "--as", "gwen", "--office", "team-manager");
	must_run(f, "show", drill(f), "C-1", "--as", "owen", "--office", "edt");
	assert_int_equal(run(f, "office", "hold", drill(f), "screener", "owen", "--as", "gwen"), 2);
	assert_true(says(f->words, "gwen is no register-administrator"));
	assert_true(says(f->words, "--as") && says(f->words, "--office OFFICE"));
	assert_false(holds(f, "register-administrator", "gwen") || holds(f, "screener", "owen"));
	/* The first of a drill is named by the way; whoever is new after that is not. */
	must_run(f, "office", "hold", drill(f), "screener", "owen", "--as", "admin");
	assert_true(holds(f, "register-administrator", "admin") && holds(f, "screener", "owen"));
	assert_int_equal(run(f, "office", "leave", drill(f), "screener", "owen", "--as", "newcomer"), 2);
	assert_true(says(f->words, "newcomer is no register-administrator"));
	must_run(f, "account", "list", drill(f));
	assert_false(says(f->out, "newcomer"));
	assert_int_equal(run(f, "office", "hold", drill(f), "screener", "owen", "--as", "admin"), 1);
	assert_true(says(f->words, "This account holds the office screener already"));
}

static void the_clock_runs_to_the_same_moment_twice(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	must_run(f, "clock", drill(f), "--until", "2026-12-24T10:00:00Z");
	must_run(f, "clock", drill(f), "--until", "2026-12-24T10:00:00Z");
	assert_string_equal(value_of(f, "fired"), "0");
	assert_int_equal(run(f, "clock", drill(f), "--until", "2026-12-24T09:59:59Z"), 2);
	assert_true(says(f->words, "never goes back"));
}

/* Its time runs on from there as soon as it is founded. */
static void the_clock_of_a_new_drill_runs_to_the_moment_it_began_at(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 2; i++) {
		must_run(f, "clock", drill(f), "--until", START);
		assert_string_equal(value_of(f, "fired"), "0");
		(void)report(f, "He is alone at night.");
	}
	assert_int_equal(run(f, "clock", drill(f), "--until", "2026-11-26T09:59:59Z"), 2);
	assert_true(says(f->words, "never goes back"));
	must_run(f, "clock", drill(f), "--until", "2026-12-24T10:00:00Z");
	assert_int_equal(run(f, "clock", drill(f), "--until", START), 2);
}

/* Ten years at one call, from the drill's own time; further by a call from there. */
static void the_clock_of_a_drill_is_run_ten_years_ahead_at_most(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(run(f, "clock", drill(f), "--until", "9999-12-31T00:00:00Z"), 2);
	assert_true(says(f->words, "10 years ahead"));
	assert_true(says(f->words, "2036-12-03T10:"));
	assert_int_equal(run(f, "clock", drill(f), "--until", "2036-12-04T00:00:00Z"), 2);
	must_run(f, "clock", drill(f), "--until", "2036-12-03T00:00:00Z");
	must_run(f, "clock", drill(f), "--until", "2037-01-01T00:00:00Z");
}

static void an_act_is_an_entry_and_settles_its_duty(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	if (run_with(f, LOOKED, "add", drill(f), "concern.looked", "--file", "C-1", "--as", "amara", "--office",
	             "screener", "--json", "-") != 0)
		fail_msg("%.*s", STR_ARG(f->words));
	assert_string_equal(value_of(f, "number"), "C-1");
	must_run(f, "duties", drill(f), "--json");
	for (const struct json *row = json_of(f)->first; row; row = row->next)
		assert_false(str_eq(json_text(row, STR("rule")), STR("T03")));
}

/* On standard error, which scripts leave alone: the entry stands as it was written. */
static void words_we_advise_against_are_said_beside_the_answer(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "She is promiscuous.");
	assert_int_equal(run_with(f, "{\"text\":\"A lifestyle choice\"}", "add", drill(f), "note.made", "--file",
	                          "C-1", "--as", "amara", "--office", "screener", "--json", "-"),
	                 0);
	assert_true(says(f->words, "advice: lifestyle choice: "));
	assert_true(says(f->words, "other words: is being exploited by"));
	assert_false(says(f->out, "advice"));
	assert_int_equal(run_with(f, "{\"text\":\"Seen at school\"}", "add", drill(f), "note.made", "--file", "C-1",
	                          "--as", "amara", "--office", "screener", "--json", "-"),
	                 0);
	assert_false(says(f->words, "advice"));
}

static void what_an_act_lacks_is_named_field_by_field(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	assert_int_equal(run_with(f, "{\"nothing\":1}", "add", drill(f), "concern.looked", "--file", "C-1", "--as",
	                          "amara", "--office", "screener", "--json", "-"),
	                 3);
	assert_true(says(f->words, "danger:"));
	assert_true(says(f->words, "nothing:"));
}

static void a_refusal_is_an_answer_no_with_its_reasons(void **state)
{
	struct fixture *f = *state; /* L7 */
	(void)report(f, "He is alone at night.");
	assert_int_equal(run_with(f, LOOKED, "add", drill(f), "concern.looked", "--file", "C-1", "--as", "gwen",
	                          "--office", "charity-contact", "--json", "-"),
	                 1);
	assert_true(says(f->words, "refused"));
}

static void a_call_is_recorded_with_a_code_for_the_caller(void **state)
{
	struct fixture *f = *state;
	const char *fields = "{\"happening\":\"He cries\",\"source\":\"anonymous\",\"harm\":[\"not-yet-known\"],"
	                     "\"harm-sign\":\"unknown\",\"danger-now\":\"no\",\"channel\":\"phone\"}";
	if (run_with(f, fields, "add", drill(f), "concern.received", "--as", "amara", "--office", "screener",
	             "--json", "-", "--code", "--receipt", path_of(f, "receipt")) != 0)
		fail_msg("%.*s", STR_ARG(f->words));
	const char *code = line_of(f, 0);
	must_run(f, "status", drill(f), code);
	must_run(f, "log", "vkey", drill(f));
	must_run(f, "receipt", path_of(f, "receipt"), "--vkey", line_of(f, 0));
	assert_true(str_starts(text_of(f, path_of(f, "receipt.promise")), STR("candour/promise/v1\n")));
}

static void a_file_is_found_by_all_its_names(void **state)
{
	struct fixture *f = *state;
	const char *code = report(f, "He is alone at night.");
	const char *id = value_of(f, "file"), *entry = value_of(f, "entry");
	const char *const names[] = { code, id, entry, "C-1", "c-1" };
	must_run(f, "find", drill(f), "C-1", "--as", "amara", "--office", "screener");
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		must_run(f, "find", drill(f), names[i], "--as", "amara", "--json");
		assert_true(str_eq(json_text(json_of(f)->first, STR("file")), str_from_c(id)));
	}
}

static void who_has_no_part_in_a_file_is_told_it_is_not_there(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	assert_int_equal(run(f, "find", drill(f), "C-1", "--as", "gwen", "--office", "charity-contact"), 1);
	assert_int_equal(run(f, "show", drill(f), "C-1", "--as", "gwen"), 1);
	assert_false(says(f->out, "alone"));
	assert_int_equal(run(f, "show", drill(f), "C-99", "--as", "gwen"), 1);
}

static void what_is_handed_over_stays_owed(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	must_run(f, "office", "make", drill(f), "screener", "--agency", "council", "--id", "screener-north", "--area",
	         "north", "--as", "admin");
	must_run(f, "office", "hand-over", drill(f), "screener", "screener-north", "--as", "amara", "--office",
	         "screener");
	must_run(f, "duties", drill(f), "--office", "screener", "--json");
	assert_int_equal(json_of(f)->count, 0);
	must_run(f, "duties", drill(f), "--office", "screener-north", "--json");
	assert_int_equal(json_of(f)->count, 3);
}

static void what_the_other_office_cannot_settle_stays_and_is_named(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	assert_int_equal(run(f, "office", "hand-over", drill(f), "screener", "police-officer", "--as", "amara", "--office",
	                     "screener"), 1);
	assert_true(says(f->words, "stays: That office may not do what settles this duty"));
	assert_true(says(f->words, "Not handed over: "));
	must_run(f, "duties", drill(f), "--office", "screener", "--json");
	assert_int_equal(json_of(f)->count, 3);
}

static void a_folder_may_be_named_last(void **state)
{
	struct fixture *f = *state;
	write_file(f, "password", STR("twelve letters and more\n"));
	must_run(f, "account", "add", "zofia", drill(f), "--as", "admin", "--password", path_of(f, "password"));
	must_run(f, "account", "list", drill(f));
	assert_true(says(f->out, "zofia"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_name_is_enough_in_a_drill),
		PROVES(who_told_is_shown_only_when_it_is_asked_for),
		PROVES(an_account_in_one_office_need_not_name_it),
		PROVES(nobody_becomes_an_administrator_by_the_way),
		PROVES(the_clock_runs_to_the_same_moment_twice),
		PROVES(the_clock_of_a_new_drill_runs_to_the_moment_it_began_at),
		PROVES(the_clock_of_a_drill_is_run_ten_years_ahead_at_most),
		PROVES(an_act_is_an_entry_and_settles_its_duty),
		PROVES(words_we_advise_against_are_said_beside_the_answer),
		PROVES(what_an_act_lacks_is_named_field_by_field),
		PROVES(a_refusal_is_an_answer_no_with_its_reasons),
		PROVES(a_call_is_recorded_with_a_code_for_the_caller),
		PROVES(a_file_is_found_by_all_its_names),
		PROVES(who_has_no_part_in_a_file_is_told_it_is_not_there),
		PROVES(what_is_handed_over_stays_owed),
		PROVES(what_the_other_office_cannot_settle_stays_and_is_named),
		PROVES(a_folder_may_be_named_last),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
