/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A live register: founded by the set-up code, acted in after proof on a terminal or by a token. */
#define _XOPEN_SOURCE 700 /* for terminals of our own */
#include "cli/terminal.h"

static void the_set_up_code_dies_at_first_use(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	assert_int_not_equal(run(f, "account", "first", live.dir, "eve", "--setup-code", path_of(f, "code"),
	                         "--password", path_of(f, "password")),
	                     0);
}

static void a_wrong_set_up_code_makes_nobody(void **state)
{
	struct fixture *f = *state;
	const char *dir = path_of(f, "live");
	must_run(f, "init", dir);
	write_file(f, "code", STR("AAAAA-BBBBB-CCCCC-DDDDD"));
	write_file(f, "password", STR(PASSWORD));
	assert_int_equal(run(f, "account", "first", dir, "eve", "--setup-code", path_of(f, "code"), "--password",
	                     path_of(f, "password")),
	                 1);
	must_run(f, "account", "list", dir);
	assert_int_equal(f->out.n, 0);
}

static void a_name_alone_is_no_proof(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	assert_int_equal(run(f, "account", "add", live.dir, "ben", "--as", "ada"), 2);
	assert_true(says(f->words, "no terminal"));
}

static void password_and_digits_are_asked_on_the_terminal(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, live.totp, 1)),
	                 ARGS("account", "add", live.dir, "ben", "--as", "ada"));
	assert_false(says(f->words, PASSWORD));
	must_run(f, "account", "list", live.dir);
	assert_true(says(f->out, "ben"));
}

static void wrong_digits_are_an_answer_no(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	assert_int_equal(run_on_terminal(f, ANSWERS(PASSWORD, "000000"),
	                                 ARGS("account", "add", live.dir, "ben", "--as", "ada")),
	                 1);
}

/* Whoever adds the account knows neither password nor codes. */
static void its_owner_begins_an_account_by_the_code(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	assert_int_equal(run(f, "account", "add", live.dir, "ben", "--as", "ada", "--password", path_of(f, "password")), 2);
	assert_true(says(f->words, "Whoever the account belongs to chooses the password"));
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, live.totp, 1)), ARGS("account", "add", live.dir, "ben", "--as", "ada"));
	assert_false(says(f->out, "totp"));
	const char *code = value_of(f, "code");
	must_run(f, "account", "list", live.dir);
	assert_true(says(f->out, "ben  not begun"));
	assert_int_equal(run_on_terminal(f, ANSWERS(code, "one password here", "another one here"),
	                                 ARGS("account", "begin", live.dir, "ben")),
	                 3);
	assert_true(says(f->words, "differ"));
	must_on_terminal(f, ANSWERS(code, PASSWORD, PASSWORD), ARGS("account", "begin", live.dir, "ben"));
	assert_int_equal(strlen(value_of(f, "totp")), 32);
	assert_false(says(f->words, code));
	assert_int_equal(run_on_terminal(f, ANSWERS(code, PASSWORD, PASSWORD), ARGS("account", "begin", live.dir, "ben")), 1);
	must_run(f, "account", "list", live.dir);
	assert_false(says(f->out, "not begun"));
}

/* Somebody in an office, and a token for a program of his. */
static const char *token_for(struct fixture *f, const struct live *live, const char *name, const char *office,
                             const char **totp)
{
	await_fresh_half_minute();
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, live->totp, 0)),
	                 ARGS("account", "add", live->dir, name, "--as", "ada"));
	write_file(f, "begin", str_from_c(value_of(f, "code")));
	must_run(f, "account", "begin", live->dir, name, "--code", path_of(f, "begin"), "--password", path_of(f, "password"));
	*totp = value_of(f, "totp");
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, live->totp, 1)),
	                 ARGS("office", "hold", live->dir, office, name, "--as", "ada"));
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, *totp, 0)),
	                 ARGS("account", "token", live->dir, name, "--for", office, "--until",
	                      "2099-01-01T00:00:00Z", "--as", name));
	write_file(f, "token", str_from_c(line_of(f, 0)));
	return path_of(f, "token");
}

static const char *token_for_ben(struct fixture *f, const struct live *live)
{
	const char *totp;
	return token_for(f, live, "ben", "screener", &totp);
}

static void a_token_acts_for_its_account_in_its_office(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	const char *token = token_for_ben(f, &live);
	must_run(f, "office", "list", live.dir);
	assert_true(says(f->out, "ben"));
	must_run(f, "report", live.dir, "--text", "He is alone at night.");
	must_run(f, "show", live.dir, "C-1", "--token", token);
	assert_true(says(f->out, "He is alone at night."));
	write_file(f, "fields", STR("{\"danger\":\"none-found\",\"checked\":[\"own-files\"]}"));
	(void)setenv("CANDOUR_TOKEN", str_to_c(f->arena, str_trim(text_of(f, token))), 1);
	must_run(f, "add", live.dir, "concern.looked", "--file", "C-1", "--json", path_of(f, "fields"));
	must_run(f, "show", live.dir, "C-1", "--json");
	const struct json *last = json_member(json_of(f), STR("entries"))->last;
	assert_true(str_eq(json_text(last, STR("kind")), STR("concern.looked")));
	assert_true(str_eq(json_text(last, STR("by")), STR("ben")));
	assert_true(str_eq(json_text(last, STR("office")), STR("screener")));
	assert_int_equal(run(f, "show", live.dir, "C-1", "--office", "dcs"), 2);
}

static void a_token_keeps_no_account_and_breaks_no_glass(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	const char *totp, *token = token_for(f, &live, "otto", "register-administrator", &totp);
	assert_int_equal(run(f, "account", "add", live.dir, "eve", "--token", token), 1);
	assert_true(says(f->words, "password and six digits"));
	assert_true(says(f->words, "A token is no such proof"));
	assert_true(says(f->words, "(refused, entry "));
	must_run(f, "account", "list", live.dir);
	assert_false(says(f->out, "eve"));
	must_run(f, "report", live.dir, "--text", "He is alone at night.");
	struct str until = instant_write(f->arena, clock_read().wall + INSTANT_PER_HOUR);
	write_file(f, "glass",
	           arena_format(f->arena, "{\"because\":\"The child is in the waiting room.\",\"until\":\"%.*s\"}",
	                        STR_ARG(until)));
	assert_int_equal(run(f, "add", live.dir, "access.broken", "--file", "C-1", "--json", path_of(f, "glass"),
	                     "--token", token),
	                 1);
	assert_true(says(f->words, "A token is no such proof"));
	/* The same by password and digits. */
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, totp, 1)),
	                 ARGS("add", live.dir, "access.broken", "--file", "C-1", "--json", path_of(f, "glass"), "--as",
	                      "otto"));
}

/* Every account.* and token.* entry, in a drill where a name is enough. */
static void the_machines_user_stands_beside_the_account(void **state)
{
	struct fixture *f = *state;
	const char *dir = path_of(f, "drill");
	int found = 0;
	must_run(f, "init", dir, "--drill");
	write_file(f, "password", STR(PASSWORD "\n"));
	must_run(f, "account", "add", dir, "ben", "--as", "ada", "--password", path_of(f, "password"));
	must_run(f, "office", "hold", dir, "screener", "ben", "--as", "ada");
	must_run(f, "account", "password", dir, "ben", "--as", "ben", "--password", path_of(f, "password"));
	must_run(f, "account", "totp", dir, "ben", "--as", "ben");
	must_run(f, "account", "token", dir, "ben", "--for", "screener", "--until", "2099-01-01T00:00:00Z", "--as", "ben");
	must_run(f, "account", "token", "list", dir, "--json");
	const char *entry = arena_format(f->arena, "%" PRId64, json_number(json_of(f)->first, STR("entry"), -1)).p;
	must_run(f, "account", "token", "end", dir, entry, "--as", "ada");
	must_run(f, "show", dir, "R-1", "--as", "ada", "--json");
	for (const struct json *one = json_member(json_of(f), STR("entries"))->first; one; one = one->next) {
		struct str kind = json_text(one, STR("kind"));
		if (!str_starts(kind, STR("account.")) && !str_starts(kind, STR("token.")))
			continue;
		found++;
		if (!json_text(json_member(one, STR("plain")), STR("user")).n)
			fail_msg("%.*s tells no user of the machine", STR_ARG(kind));
	}
	/* ada, ben, his password and digits, a token made and ended. */
	assert_int_equal(found, 6);
}

static void a_token_is_kept_as_a_hash(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	struct str token = text_of(f, token_for_ben(f, &live));
	assert_true(token.n >= 43);
	assert_false(says(text_of(f, path_of(f, "live/register.db")), str_to_c(f->arena, str_trim(token))));
}

static void what_is_no_token_opens_nothing(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	write_file(f, "token", STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"));
	assert_int_equal(run(f, "show", live.dir, "C-1", "--token", path_of(f, "token")), 1);
	(void)setenv("CANDOUR_TOKEN", "nonsense", 1);
	assert_int_equal(run(f, "show", live.dir, "C-1"), 1);
}

static void terminal_questions_come_through_the_door(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	f->serving = start(f, NULL, ARGS("serve", live.dir, "--listen", "none"));
	for (int i = 0; i < 100 && !file_exists(path_of(f, "live/socket")); i++)
		(void)poll(NULL, 0, 50);
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, live.totp, 1)),
	                 ARGS("account", "add", live.dir, "ben", "--as", "ada"));
	assert_int_equal(stop_serving(f), 0);
	must_run(f, "account", "list", live.dir);
	assert_true(says(f->out, "ben"));
}

static void a_live_clock_runs_neither_ahead_nor_back(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	assert_int_equal(run(f, "clock", live.dir, "--until", "2199-01-01T00:00:00Z"), 2);
	assert_int_equal(run(f, "clock", live.dir, "--until", "2026-01-01T00:00:00Z"), 2);
	assert_true(says(f->words, "Leave out --until"));
	must_run(f, "clock", live.dir, "--json");
}

static void a_register_in_postgresql_is_refused_for_now(void **state)
{
	struct fixture *f = *state;
	const char *dir = path_of(f, "elsewhere");
	static const char *const URLS[] = { "postgresql://db.example/candour", "postgres://u:secret@db.example/x" };
	for (size_t i = 0; i < COUNT_OF(URLS); i++) {
		assert_int_equal(run(f, "init", dir, "--store", URLS[i]), 4);
		assert_true(says(f->words, "Leave out --store"));
		assert_false(says(f->words, "secret"));
		assert_false(file_exists(dir));
	}
	assert_int_equal(run(f, "init", dir, "--store", "mysql://db.example/x"), 2);
	assert_true(says(f->words, "Leave it out"));
	assert_false(file_exists(dir));
}

static void reports_are_taken_before_the_register_is_opened(void **state)
{
	struct fixture *f = *state;
	const char *dir = path_of(f, "live");
	must_run(f, "init", dir);
	must_run(f, "report", dir, "--text", "He is alone at night.");
	must_run(f, "status", dir, line_of(f, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_set_up_code_dies_at_first_use),
		PROVES(a_wrong_set_up_code_makes_nobody),
		PROVES(a_name_alone_is_no_proof),
		PROVES(password_and_digits_are_asked_on_the_terminal),
		PROVES(wrong_digits_are_an_answer_no),
		PROVES(its_owner_begins_an_account_by_the_code),
		PROVES(a_token_acts_for_its_account_in_its_office),
		PROVES(a_token_keeps_no_account_and_breaks_no_glass),
		PROVES(the_machines_user_stands_beside_the_account),
		PROVES(a_token_is_kept_as_a_hash),
		PROVES(what_is_no_token_opens_nothing),
		PROVES(terminal_questions_come_through_the_door),
		PROVES(a_live_clock_runs_neither_ahead_nor_back),
		PROVES(a_register_in_postgresql_is_refused_for_now),
		PROVES(reports_are_taken_before_the_register_is_opened),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
