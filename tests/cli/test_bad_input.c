/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What is wrong is answered by its own words and exit status, and leaves the
 * log as it was: 2 wrong use, 3 bad input, 1 the answer is no, 4 not now.
 */
#include "cli/cli_fixture.h"

struct bad {
	int status;
	const char *says;
	const char *in;       /* standard input, or NULL */
	const char *args[12]; /* DIR and CODE stand for the register and a code of it */
};

#define FILE_OF_TEST "@" /* stands before a file's name in the test's folder */

static const struct bad BADS[] = {
	{ 2, "COMMAND", NULL, { NULL } },
	{ 2, "There is no command \"reprot\". Did you mean \"report\"", NULL, { "reprot", "DIR" } },
	{ 2, "There is no command", NULL, { "--nonsense" } },
	{ 2, "wants one of these", NULL, { "pack" } },
	{ 2, "wants one of these", NULL, { "office", "hodl", "DIR" } },
	{ 2, "Something is missing", NULL, { "report" } },
	{ 2, "too much", NULL, { "report", "DIR", "DIR", "--text", "x" } },
	{ 2, "Did you mean --text", NULL, { "report", "DIR", "--txt", "x" } },
	{ 2, "has no option --danger", NULL, { "report", "DIR", "--danger", "x" } },
	{ 2, "wants a value", NULL, { "report", "DIR", "--text" } },
	{ 2, "given twice", NULL, { "report", "DIR", "--text", "x", "--text", "y" } },
	{ 2, "takes no value", NULL, { "duties", "DIR", "--json=yes" } },
	{ 2, "two dashes", NULL, { "duties", "DIR", "-j" } },
	{ 2, "one of them", NULL, { "report", "DIR" } },
	{ 2, "one of them", "{}", { "report", "DIR", "--text", "x", "--json", "-" } },
	{ 2, "name of a file", NULL, { "report", "DIR", "--json", "" } },
	{ 2, "--id is", NULL, { "report", "DIR", "--text", "x", "--id", "" } },
	{ 2, "Say who acts", NULL, { "show", "DIR", "C-1" } },
	{ 2, "wants the name", NULL, { "show", "DIR", "C-1", "--as", "" } },
	{ 2, "Say which office", NULL, { "show", "DIR", "C-1", "--as", "newcomer" } },
	{ 2, "not both", "x", { "show", "DIR", "C-1", "--as", "a", "--token", "-" } },
	{ 2, "must be a moment", NULL, { "clock", "DIR", "--until", "tomorrow" } },
	{ 2, "must be a moment", NULL, { "clock", "DIR", "--until", "2026-02-30T00:00:00Z" } },
	{ 2, "must be a moment", NULL, { "clock", "DIR", "--until", "2026-12-01T00:00:00+01:00" } },
	{ 2, "never goes back", NULL, { "clock", "DIR", "--until", "2000-01-01T00:00:00Z" } },
	{ 2, "not both", NULL, { "clock", "DIR", "--confirm", "--until", "2027-01-01T00:00:00Z" } },
	{ 2, "needs no account", NULL, { "clock", "DIR", "--as", "amara" } },
	{ 2, "must be a moment", NULL, { "add", "DIR", "concern.looked", "--as", "a", "--happened", "now" } },
	{ 2, "whom you trust", NULL, { "receipt", "@receipt" } },
	{ 2, "whom you trust", "x", { "receipt", "@receipt", "--vkey", "x", "--policy", "-" } },
	{ 2, "not a whole number", NULL, { "log", "prove", "DIR", "first" } },
	{ 2, "the smaller first", NULL, { "log", "consistency", "DIR", "9", "3" } },
	{ 2, "the smaller first", NULL, { "log", "consistency", "DIR", "1", "999999" } },
	{ 2, "K/N", NULL, { "init", "@new", "--drill", "--shares", "5/3" } },
	{ 2, "K/N", NULL, { "init", "@new", "--drill", "--shares", "1/3" } },
	{ 2, "add --drill", NULL, { "init", "@new", "--seed", "1" } },
	{ 2, "whole number", NULL, { "init", "@new", "--drill", "--seed", "one" } },
	{ 2, "must be a moment", NULL, { "init", "@new", "--drill", "--start", "Monday" } },
	{ 2, "is empty", NULL, { "init", "", "--drill" } },
	{ 2, "K/N", NULL, { "key", "split", "DIR", "three" } },
	{ 2, "for which office", NULL, { "account", "token", "DIR", "amara", "--as", "admin" } },
	{ 2, "which agency", NULL, { "office", "make", "DIR", "screener", "--area", "north", "--as", "admin" } },
	{ 2, "--area AREA", NULL, { "office", "make", "DIR", "screener", "--agency", "council", "--as", "admin" } },
	{ 2, "from when until when", NULL, { "office", "deputise", "DIR", "screener", "edt", "--as", "admin" } },
	{ 2, "one of them", "x", { "restore", "@copy", "@new", "--master", "-", "--shares", "@receipt" } },

	{ 3, "--text is empty", NULL, { "report", "DIR", "--text", "" } },
	{ 3, "--text is empty", NULL, { "report", "DIR", "--text", " \n\t " } },
	{ 3, "\"happening\" is missing", "{}", { "report", "DIR", "--json", "-" } },
	{ 3, "\"happening\" is missing", "{\"happening\":\"\"}", { "report", "DIR", "--json", "-" } },
	{ 3, "A report has no \"hapening\"", "{\"hapening\":\"x\"}", { "report", "DIR", "--json", "-" } },
	{ 3, "no \"harm\"", "{\"happening\":\"x\",\"harm\":\"y\"}", { "report", "DIR", "--json", "-" } },
	{ 3, "\"danger\" must be", "{\"happening\":\"x\",\"danger\":\"maybe\"}", { "report", "DIR", "--json", "-" } },
	{ 3, "\"danger\" must be", "{\"happening\":\"x\",\"danger\":true}", { "report", "DIR", "--json", "-" } },
	{ 3, "must be text", "{\"happening\":\"x\",\"where\":7}", { "report", "DIR", "--json", "-" } },
	{ 3, "must be text", "{\"happening\":\"x\",\"child\":null}", { "report", "DIR", "--json", "-" } },
	{ 3, "must be text", "{\"happening\":[\"x\"]}", { "report", "DIR", "--json", "-" } },
	{ 3, "one JSON object", "[]", { "report", "DIR", "--json", "-" } },
	{ 3, "standard input", "{\"happening\":\"x\"", { "report", "DIR", "--json", "-" } },
	{ 3, "standard input", "{\"happening\":\"x\"} y", { "report", "DIR", "--json", "-" } },
	{ 3, "standard input", "{\"happening\":\"x\",\"happening\":\"y\"}", { "report", "DIR", "--json", "-" } },
	{ 3, "standard input", "", { "report", "DIR", "--json", "-" } },
	{ 3, "standard input", "{\"happening\":\"\\ud800\"}", { "report", "DIR", "--json", "-" } },
	{ 3, "not UTF-8", "{\"happening\":\"\xff\"}", { "report", "DIR", "--json", "-" } },
	{ 3, "not UTF-8", NULL, { "report", "DIR", "--text", "\xc3\x28" } },
	{ 3, "", NULL, { "report", "DIR", "--json", "@not-there" } },
	{ 3, "", NULL, { "report", "DIR", "--json", "@" } },
	{ 3, "not empty", NULL, { "init", "DIR", "--drill" } },
	{ 3, "There is no pack nowhere", NULL, { "init", "@new", "--drill", "--pack", "nowhere" } },
	{ 3, "origin", NULL, { "init", "@new", "--origin", "No Such Origin" } },
	{ 3, "Only a drill", NULL, { "init", "@new", "--origin", "drill.example/x" } },
	{ 3, "There is no pack nowhere", NULL, { "pack", "check", "nowhere" } },
	{ 3, "", NULL, { "receipt", "@not-there", "--vkey", "x" } },
	{ 3, "", NULL, { "receipt", "@receipt", "--vkey", "nonsense" } },
	{ 3, "", "nonsense", { "receipt", "@receipt", "--policy", "-" } },
	{ 3, "", NULL, { "add", "DIR", "no.such.kind", "--as", "a", "--office", "screener" } },
	{ 3, "later than --from", NULL, { "office", "deputise", "DIR", "screener", "edt", "--from", "2027-01-02T00:00:00Z", "--until", "2027-01-01T00:00:00Z", "--as", "admin" } },
	{ 3, "to itself", NULL, { "office", "hand-over", "DIR", "screener", "screener", "--as", "a" } },
	{ 3, "", "not a share", { "key", "confirm", "DIR", "--share", "-" } },
	{ 3, "No share", "\n", { "key", "join", "DIR", "--shares", "-" } },
	{ 3, "", "not a share\n", { "key", "join", "DIR", "--prove", "--shares", "-" } },
	{ 3, "not empty", NULL, { "backup", "DIR", "DIR" } },
	{ 3, "letters", "short", { "account", "add", "DIR", "bo", "--as", "admin", "--password", "-" } },

	{ 1, "There is no register", NULL, { "report", "@not-there", "--text", "x" } },
	{ 1, "There is no register", NULL, { "duties", "@" } },
	{ 1, "There is no register", NULL, { "backup", "@not-there", "@copy" } },
	{ 1, "There is no register", NULL, { "key", "split", "@not-there", "2/3" } },
	{ 1, "There is no backup", NULL, { "restore", "@not-there", "@new", "--master", "@receipt" } },
	{ 1, "", NULL, { "status", "DIR", "lantern" } },
	{ 1, "", NULL, { "status", "DIR", "lantern-otter-maple-river-4071" } },
	{ 1, "Did you mean", NULL, { "status", "DIR", "lantren-otter-maple-river-4071" } },
	{ 1, "", NULL, { "log", "prove", "DIR", "999999" } },
	{ 1, "no office called", NULL, { "duties", "DIR", "--office", "nobody" } },
	{ 1, "no office called", NULL, { "show", "DIR", "C-1", "--as", "a", "--office", "nobody" } },
	{ 1, "no account called", NULL, { "account", "end", "DIR", "nobody", "--as", "admin" } },
	{ 1, "", NULL, { "pack", "explain", "england", "T999" } },
	{ 1, "", NULL, { "find", "DIR", "C-999", "--as", "a", "--office", "screener" } },
};

static const char *argument_of(struct fixture *f, const char *text, const char *dir)
{
	if (strcmp(text, "DIR") == 0)
		return dir;
	return text[0] == FILE_OF_TEST[0] ? path_of(f, text + 1) : text;
}

static int run_bad(struct fixture *f, const struct bad *bad, const char *dir)
{
	const char *args[COUNT_OF(bad->args) + 1] = { NULL };
	for (size_t i = 0; i < COUNT_OF(bad->args) && bad->args[i]; i++)
		args[i] = argument_of(f, bad->args[i], dir);
	if (bad->in)
		write_file(f, "in", str_from_c(bad->in));
	return run_list(f, bad->in ? path_of(f, "in") : NULL, args);
}

static void prepare(struct fixture *f)
{
	must_run(f, "report", drill(f), "--text", "He is alone at night.", "--receipt", path_of(f, "receipt"));
	/* Those who are made by their first name, so that what follows adds nothing. */
	must_run(f, "find", drill(f), "C-1", "--as", "a", "--office", "screener");
	must_run(f, "find", drill(f), "R-1", "--as", "admin", "--office", "register-administrator");
}

static const char *size_of(struct fixture *f)
{
	must_run(f, "log", "checkpoint", drill(f));
	return line_of(f, 1);
}

static void try_all(struct fixture *f)
{
	const char *dir = drill(f);
	size_t failed = 0;
	for (size_t i = 0; i < COUNT_OF(BADS); i++) {
		const struct bad *bad = &BADS[i];
		int status = run_bad(f, bad, dir);
		if (status == bad->status && says(f->words, bad->says) && f->words.n > 0)
			continue;
		print_error("row %zu (%s %s): exit %d, wanted %d \"%s\": %.*s\n", i,
		            bad->args[0] ? bad->args[0] : "", bad->args[1] ? bad->args[1] : "", status,
		            bad->status, bad->says, STR_ARG(f->words));
		failed++;
	}
	assert_int_equal(failed, 0);
}

static void each_wrong_thing_has_its_words_and_status(void **state)
{
	struct fixture *f = *state;
	prepare(f);
	const char *before = size_of(f);
	try_all(f);
	assert_string_equal(size_of(f), before);
	/* What was refused left nothing in the way. */
	must_run(f, "init", path_of(f, "new"), "--drill");
}

static void the_same_while_the_register_is_served(void **state)
{
	struct fixture *f = *state;
	prepare(f);
	serve(f);
	const char *before = size_of(f);
	try_all(f);
	assert_string_equal(size_of(f), before);
}

static void nothing_is_on_standard_output_when_it_failed(void **state)
{
	struct fixture *f = *state;
	prepare(f);
	for (size_t i = 0; i < COUNT_OF(BADS); i++) {
		(void)run_bad(f, &BADS[i], drill(f));
		if (f->out.n)
			fail_msg("row %zu printed: %.*s", i, STR_ARG(f->out));
	}
}

static void a_read_only_folder_is_told_as_such(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(run(f, "init", "/proc/candour", "--drill"), 4);
	assert_int_equal(run(f, "report", drill(f), "--text", "x", "--receipt", "/proc/candour/receipt"), 4);
	/* The concern is in all the same, and its code is told. */
	assert_true(f->out.n > 0);
}

static void a_key_that_others_may_read_is_refused(void **state)
{
	struct fixture *f = *state;
	const char *dir = drill(f);
	assert_int_equal(chmod(path_of(f, "r/keys/master.key"), 0644), 0);
	assert_int_not_equal(run(f, "report", dir, "--text", "x"), 0);
	assert_true(says(f->words, "chmod"));
}

static void a_lost_master_key_names_its_remedy(void **state)
{
	struct fixture *f = *state;
	const char *dir = drill(f);
	assert_int_equal(unlink(path_of(f, "r/keys/master.key")), 0);
	assert_int_equal(run(f, "report", dir, "--text", "x"), 4);
	assert_true(says(f->words, "key join"));
}

static void a_database_that_is_none_is_refused(void **state)
{
	struct fixture *f = *state;
	const char *dir = drill(f);
	write_file(f, "r/register.db", STR("this is no database, but a letter to somebody"));
	assert_int_not_equal(run(f, "duties", dir), 0);
	assert_int_not_equal(f->status, 70);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(each_wrong_thing_has_its_words_and_status),
		PROVES(the_same_while_the_register_is_served),
		PROVES(nothing_is_on_standard_output_when_it_failed),
		PROVES(a_read_only_folder_is_told_as_such),
		PROVES(a_key_that_others_may_read_is_refused),
		PROVES(a_lost_master_key_names_its_remedy),
		PROVES(a_database_that_is_none_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
