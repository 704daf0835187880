/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From a report to its receipt, and what the reporter sees of it. */
#include "cli/cli_fixture.h"

static void the_first_line_is_the_code_with_hyphens(void **state)
{
	struct fixture *f = *state;
	struct str rest = str_from_c(report(f, "He is alone at night.")), piece;
	size_t pieces = 0;
	while (str_cut(&rest, '-', &piece)) {
		assert_true(piece.n >= 4);
		pieces++;
	}
	assert_int_equal(pieces, 5);
}

static void the_code_is_kept_nowhere(void **state)
{
	struct fixture *f = *state;
	const char *code = report(f, "He is alone at night.");
	struct str bytes = text_of(f, path_of(f, "r/register.db"));
	assert_false(says(bytes, code));
	assert_false(says(bytes, "He is alone at night."));
}

static void the_code_tells_who_owes_what_by_when(void **state)
{
	struct fixture *f = *state;
	must_run(f, "status", drill(f), report(f, "He is alone at night."), "--json");
	const struct json *status = json_of(f);
	assert_true(has_members(status, "received state owed done"));
	assert_true(is_member_instant(status, "received"));
	assert_true(str_eq(json_text(status, STR("state")), STR("received")));
	const struct json *owed = json_member(status, STR("owed"));
	assert_true(owed->count >= 3);
	for (const struct json *row = owed->first; row; row = row->next) {
		assert_true(has_members(row, "rule what by due late rung"));
		assert_true(is_member_instant(row, "due"));
		assert_int_equal(json_member(row, STR("late"))->type, JSON_FALSE);
		assert_int_equal(json_number(row, STR("rung"), -1), 0);
	}
	const struct json *done = json_member(status, STR("done"));
	assert_int_equal(done->count, 1);
	assert_true(has_members(done->first, "what when"));
	assert_true(is_member_instant(done->first, "when"));
}

static void the_code_is_read_as_people_type_it(void **state)
{
	struct fixture *f = *state;
	struct str rest = str_from_c(report(f, "He is alone at night."));
	struct str w[5];
	for (size_t i = 0; i < 5; i++)
		assert_true(str_cut(&rest, '-', &w[i]));
	const char *blanks = arena_format(f->arena, "%.*s %.*s %.*s %.*s %.*s", STR_ARG(w[0]), STR_ARG(w[1]),
	                                  STR_ARG(w[2]), STR_ARG(w[3]), STR_ARG(w[4])).p;
	const char *first = arena_format(f->arena, "%.*s-%.*s-%.*s-%.*s-%.*s", STR_ARG(w[4]), STR_ARG(w[0]),
	                                 STR_ARG(w[1]), STR_ARG(w[2]), STR_ARG(w[3])).p;
	must_run(f, "status", drill(f), blanks);
	must_run(f, "status", drill(f), first);
	must_run(f, "status", drill(f), str_to_c(f->arena, w[0]), str_to_c(f->arena, w[1]),
	         str_to_c(f->arena, w[2]), str_to_c(f->arena, w[3]), str_to_c(f->arena, w[4]));
}

static void a_whole_report_comes_as_json(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(run_with(f,
	                          "{\"happening\":\"He hides bruises\",\"child\":\"Sam, Year 4\",\"danger\":\"yes\","
	                          "\"where\":\"at home\",\"when\":\"last week\",\"words\":\"It was the door\","
	                          "\"name\":\"Joan\",\"contact\":\"after six\"}",
	                          "report", drill(f), "--json", "-"),
	                 0);
	must_run(f, "show", drill(f), "C-1", "--as", "amara", "--office", "screener", "--json");
	const struct json *entry = json_member(json_of(f), STR("entries"))->first;
	const struct json *plain = json_member(entry, STR("plain")), *sealed = json_member(entry, STR("sealed"));
	assert_true(str_eq(json_text(plain, STR("source")), STR("public")));
	assert_true(str_eq(json_text(plain, STR("danger-now")), STR("yes")));
	assert_true(str_eq(json_text(plain, STR("channel")), STR("phone")));
	assert_true(str_eq(json_text(plain, STR("harm-sign")), STR("unknown")));
	assert_true(str_eq(json_text(plain, STR("via")), STR("cli")));
	assert_true(str_eq(json_text(sealed, STR("happening")), STR("He hides bruises")));
	assert_true(str_eq(json_text(sealed, STR("said")), STR("It was the door")));
	assert_true(str_eq(json_text(sealed, STR("child")), STR("Sam, Year 4")));
	assert_null(json_member(plain, STR("child")));
}

static void a_worry_without_name_date_or_place_is_accepted(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(run_with(f, "{\"happening\":\"Something is wrong there\"}", "report", drill(f), "--json", "-"),
	                 0);
}

static void words_are_kept_to_the_letter(void **state)
{
	struct fixture *f = *state; /* L12 */
	const char *words = "  \"I dont no\"  \t\xc3\xa9 e\xcc\x81 \xf0\x9f\x98\x9f ";
	(void)report(f, words);
	must_run(f, "show", drill(f), "C-1", "--as", "amara", "--office", "screener", "--json");
	const struct json *entry = json_member(json_of(f), STR("entries"))->first;
	assert_true(str_eq(json_text(json_member(entry, STR("sealed")), STR("happening")), str_from_c(words)));
}

static void the_same_submission_twice_is_one_concern(void **state)
{
	struct fixture *f = *state;
	must_run(f, "report", drill(f), "--text", "He is alone at night.", "--id", "one");
	const char *code = line_of(f, 0), *entry = value_of(f, "entry");
	must_run(f, "report", drill(f), "--text", "He is alone at night.", "--id", "one");
	assert_string_equal(line_of(f, 0), code);
	assert_string_equal(value_of(f, "entry"), entry);
	must_run(f, "report", drill(f), "--text", "He is alone at night.");
	assert_string_not_equal(line_of(f, 0), code);
}

static void another_act_under_a_used_submission_is_refused(void **state)
{
	struct fixture *f = *state;
	must_run(f, "report", drill(f), "--text", "One thing", "--id", "one");
	assert_int_not_equal(run(f, "report", drill(f), "--text", "Another thing", "--id", "one"), 0);
}

static const char *vkey(struct fixture *f)
{
	must_run(f, "log", "vkey", drill(f));
	return line_of(f, 0);
}

static void the_receipt_is_checked_offline(void **state)
{
	struct fixture *f = *state; /* L3 */
	const char *receipt = path_of(f, "receipt");
	must_run(f, "report", drill(f), "--text", "He is alone at night.", "--receipt", receipt);
	const char *key = vkey(f);
	must_run(f, "receipt", receipt, "--vkey", key);
	assert_string_equal(line_of(f, 0), "signed");
	must_run(f, "receipt", receipt, "--vkey", key, "--json");
	assert_true(has_members(json_of(f), "result index recorded kind file origin size cosigners"));
}

/* tlog.md 12: a promise is given with every receipt that is not yet witnessed, asked for or not. */
static void the_promise_lies_beside_the_receipt(void **state)
{
	struct fixture *f = *state;
	const char *receipt = path_of(f, "receipt");
	must_run(f, "report", drill(f), "--text", "He is alone at night.", "--receipt", receipt);
	assert_true(str_starts(text_of(f, path_of(f, "receipt.promise")), STR("candour/promise/v1\n")));
	must_run(f, "report", drill(f), "--text", "He is alone again.", "--receipt", path_of(f, "other"), "--promise",
	         path_of(f, "named"));
	assert_true(str_starts(text_of(f, path_of(f, "named")), STR("candour/promise/v1\n")));
	assert_int_not_equal(access(path_of(f, "other.promise"), F_OK), 0);
}

static void the_receipt_proves_the_words(void **state)
{
	struct fixture *f = *state;
	const char *receipt = path_of(f, "receipt");
	must_run(f, "report", drill(f), "--text", "He is alone at night.", "--receipt", receipt);
	const char *key = vkey(f);
	write_file(f, "words.json", STR("{\"sealed\":{\"happening\":\"He is alone at night.\"}}"));
	must_run(f, "receipt", receipt, "--vkey", key, "--report", path_of(f, "words.json"));
	write_file(f, "words.json", STR("{\"sealed\":{\"happening\":\"He is alone at night\"}}"));
	assert_int_equal(run(f, "receipt", receipt, "--vkey", key, "--report", path_of(f, "words.json")), 1);
	assert_string_equal(line_of(f, 0), "report");
}

static void another_logs_key_does_not_prove_it(void **state)
{
	struct fixture *f = *state;
	const char *receipt = path_of(f, "receipt"), *other = path_of(f, "other");
	must_run(f, "report", drill(f), "--text", "He is alone at night.", "--receipt", receipt);
	must_run(f, "init", other, "--drill");
	must_run(f, "log", "vkey", other);
	assert_int_equal(run(f, "receipt", receipt, "--vkey", line_of(f, 0)), 1);
	assert_string_equal(line_of(f, 0), "origin");
}

static void a_receipt_that_cannot_be_written_loses_no_concern(void **state)
{
	struct fixture *f = *state; /* L1 */
	assert_int_equal(run(f, "report", drill(f), "--text", "x", "--receipt", "/proc/candour/receipt"), 4);
	assert_true(says(f->words, "/proc/candour/receipt"));
	const char *code = line_of(f, 0);
	must_run(f, "status", drill(f), code);
}

static void a_code_that_is_none_is_not_found(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	assert_int_equal(run(f, "status", drill(f), "moth-trek-frozen-freight-9673"), 1);
	assert_int_equal(f->out.n, 0);
	assert_int_equal(run(f, "status", drill(f), "lantren-otter-maple-river-4071"), 1);
	assert_true(says(f->words, "lantern"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_first_line_is_the_code_with_hyphens),
		PROVES(the_code_is_kept_nowhere),
		PROVES(the_code_tells_who_owes_what_by_when),
		PROVES(the_code_is_read_as_people_type_it),
		PROVES(a_whole_report_comes_as_json),
		PROVES(a_worry_without_name_date_or_place_is_accepted),
		PROVES(words_are_kept_to_the_letter),
		PROVES(the_same_submission_twice_is_one_concern),
		PROVES(another_act_under_a_used_submission_is_refused),
		PROVES(the_receipt_is_checked_offline),
		PROVES(the_promise_lies_beside_the_receipt),
		PROVES(the_receipt_proves_the_words),
		PROVES(another_logs_key_does_not_prove_it),
		PROVES(a_receipt_that_cannot_be_written_loses_no_concern),
		PROVES(a_code_that_is_none_is_not_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
