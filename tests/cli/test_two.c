/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What takes two people: both prove themselves on one terminal, or the second agrees later. */
#define _XOPEN_SOURCE 700 /* for terminals of our own */
#include "cli/terminal.h"

#include "casebook/casebook.h"

/* A live register with two administrators and a police officer, each signed in once. */
struct two {
	struct live live;
	struct casebook *book;
	struct str ada, otto, wanda; /* account ids */
	const char *otto_totp;
	const char *wanda_totp;
};

static const struct casebook_actor BY_REGISTER = { .by = CASEBOOK_BY_REGISTER };

#define MUST(f, done)                                                                              \
	do {                                                                                       \
		if (!(done))                                                                       \
			fail_msg("%s %s", err.message, err.context);                               \
	} while (0)

static void must_admit(const struct casebook_answer *answer)
{
	if (answer->outcome != CASEBOOK_ADMITTED)
		fail_msg("%.*s %s", STR_ARG(answer->sentence), answer->err.message);
}

static struct str file_of(struct fixture *f, struct casebook *book, const char *office)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_office *offices;
	struct casebook_file file;
	struct err err = { 0 };
	size_t count;
	MUST(f, casebook_reader_take(book, &reader, &err));
	MUST(f, casebook_offices(reader, f->arena, &offices, &count, &err));
	for (size_t i = 0; i < count; i++) {
		if (!str_eq(offices[i].id, str_from_c(office)))
			continue;
		MUST(f, casebook_file_get(reader, f->arena, offices[i].file, &file, &err));
		return file.id;
	}
	fail_msg("no office %s", office);
	return STR_NONE;
}

static void submit(struct fixture *f, struct casebook *book, const struct casebook_actor *actor, const char *kind,
                   struct str file, const struct json *fields, struct casebook_answer *answer)
{
	struct err err = { 0 };
	struct casebook_act act = {
		.actor = *actor, .via = CASEBOOK_CLI, .kind = str_from_c(kind), .file = file, .fields = fields
	};
	MUST(f, casebook_submit(book, &act, f->arena, answer, &err));
}

/* By the register itself, so that no digits are used up; who signs in uses those of the step before now's. */
static struct str seat(struct fixture *f, struct casebook *book, const char *name, const char *office, const char **totp)
{
	struct casebook_new_account told = { .name = str_from_c(name), .password = STR(PASSWORD) };
	struct casebook_account_made made;
	struct casebook_answer answer;
	struct json *fields = json_object(f->arena);
	struct err err = { 0 };
	struct str account;
	MUST(f, casebook_account_add(book, &BY_REGISTER, CASEBOOK_REGISTER, &told, f->arena, &made, &err));
	must_admit(&made.answer);
	*totp = str_to_c(f->arena, made.totp_base32);
	json_put_text(f->arena, fields, STR("office"), str_from_c(office));
	json_put_text(f->arena, fields, STR("account"), made.account);
	submit(f, book, &BY_REGISTER, "office.held", file_of(f, book, office), fields, &answer);
	must_admit(&answer);
	MUST(f, casebook_sign_in(book, told.name, told.password, str_from_c(digits(f, *totp, -1)), f->arena, &account, &err));
	return made.account;
}

/* What opening asks beside those who signed in: casebook/test_particular.c. */
static void make_ready(struct fixture *f, struct two *two)
{
	static const char *const NAMES[] = { "privacy.controllers", "privacy.officer", "privacy.schedule",
		                             "privacy.complaints", "phones" };
	struct casebook_actor ada = { CASEBOOK_BY_OFFICE, two->ada, STR("register-administrator"), true };
	struct casebook_described of[COUNT_OF(NAMES)];
	struct casebook_answer answer;
	struct err err = { 0 };
	int number;
	for (size_t i = 0; i < COUNT_OF(NAMES); i++)
		of[i] = (struct casebook_described){ str_from_c(NAMES[i]), STR("The council of Northmere") };
	MUST(f, casebook_describe(two->book, &ada, CASEBOOK_CLI, STR("root"), STR(""), of, COUNT_OF(NAMES), f->arena, &answer,
	                          &err));
	must_admit(&answer);
	for (size_t i = 0; i < COUNT_OF(two->live.shares); i++)
		MUST(f, casebook_share_confirm(two->book, str_from_c(two->live.shares[i]), &number, &err));
	MUST(f, casebook_remember(two->live.dir, CASEBOOK_BACKED_UP, 1000000, true, &err));
	MUST(f, casebook_remember(two->live.dir, CASEBOOK_RESTORED, 1000000, true, &err));
}

static void open_register(struct fixture *f, struct two *two)
{
	struct casebook_actor ada = { CASEBOOK_BY_OFFICE, two->ada, STR("register-administrator"), true };
	struct casebook_actor otto = { CASEBOOK_BY_OFFICE, two->otto, STR("register-administrator"), true };
	struct casebook_answer answer;
	struct json *yes = json_object(f->arena);
	submit(f, two->book, &ada, "register.opened", STR("R-1"), json_object(f->arena), &answer);
	assert_int_equal(answer.outcome, CASEBOOK_WAITING);
	json_put_integer(f->arena, yes, STR("of"), answer.index);
	json_put_text(f->arena, yes, STR("answer"), STR("yes"));
	json_put_text(f->arena, yes, STR("reasons"), STR("It is ready."));
	submit(f, two->book, &otto, "second.given", STR("R-1"), yes, &answer);
	must_admit(&answer);
}

static struct two found_two(struct fixture *f, bool is_open)
{
	struct two two = { .live = found_live(f) };
	struct err err = { 0 };
	await_fresh_half_minute();
	MUST(f, casebook_open(two.live.dir, CASEBOOK_WRITE, &two.book, &err));
	MUST(f, casebook_sign_in(two.book, STR("ada"), STR(PASSWORD), str_from_c(digits(f, two.live.totp, -1)), f->arena,
	                         &two.ada, &err));
	two.otto = seat(f, two.book, "otto", "register-administrator", &two.otto_totp);
	two.wanda = seat(f, two.book, "wanda", "police-officer", &two.wanda_totp);
	make_ready(f, &two);
	if (is_open)
		open_register(f, &two);
	casebook_close(two.book);
	return two;
}

#define BOTH(f, two) ANSWERS(PASSWORD, digits((f), (two).live.totp, 0), PASSWORD, digits((f), (two).otto_totp, 0))

/* --- on one terminal --------------------------------------------------------------------------- */

static void a_register_is_opened_by_two(void **state)
{
	struct fixture *f = *state;
	struct two two = found_two(f, false);
	assert_int_equal(run_on_terminal(f, ANSWERS(PASSWORD, digits(f, two.live.totp, 0), PASSWORD, "000000"),
	                                 ARGS("register", "opened", two.live.dir, "--as", "ada", "--second", "otto")),
	                 1);
	/* Nothing waits: both are proved before anything is written. */
	assert_int_equal(run_on_terminal(f, ANSWERS(PASSWORD, digits(f, two.live.totp, 1), PASSWORD, digits(f, two.otto_totp, 0)),
	                                 ARGS("register", "opened", two.live.dir, "--as", "ada", "--second", "otto")),
	                 0);
	assert_true(says(f->out, "entry "));
	assert_false(says(f->out, "waiting"));
	assert_int_equal(run_on_terminal(f, ANSWERS(PASSWORD, digits(f, two.otto_totp, 1)),
	                                 ARGS("register", "opened", two.live.dir, "--as", "otto")),
	                 1);
	assert_true(says(f->words, "open already"));
}

static void a_holder_is_named_by_two(void **state)
{
	struct fixture *f = *state;
	struct two two = found_two(f, true);
	must_on_terminal(f, BOTH(f, two),
	                 ARGS("office", "hold", two.live.dir, "police-contact", "wanda", "--as", "ada", "--second", "otto"));
	must_run(f, "office", "list", two.live.dir);
	assert_true(says(f->out, ": wanda\n"));
	must_run(f, "office", "list", two.live.dir, "--json");
	for (const struct json *office = json_of(f)->first; office; office = office->next) {
		if (str_eq(json_text(office, STR("office")), STR("police-contact")))
			assert_true(str_eq(json_member(office, STR("holders"))->first->string, STR("wanda")));
	}
	must_run(f, "verify", two.live.dir);
}

static void one_alone_names_nobody(void **state)
{
	struct fixture *f = *state;
	struct two two = found_two(f, true);
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, two.live.totp, 0)),
	                 ARGS("office", "hold", two.live.dir, "police-contact", "wanda", "--as", "ada"));
	assert_true(says(f->out, "waiting "));
	must_run(f, "office", "list", two.live.dir, "--json");
	for (const struct json *office = json_of(f)->first; office; office = office->next) {
		if (str_eq(json_text(office, STR("office")), STR("police-contact")))
			assert_int_equal(json_member(office, STR("holders"))->count, 0);
	}
}

static void a_mirror_is_agreed_with_by_two(void **state)
{
	struct fixture *f = *state;
	struct two two = found_two(f, true);
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, two.live.totp, 0)),
	                 ARGS("log", "mirror", "agree", two.live.dir, "one.example.org", "--until", "2099-01-01T00:00:00Z", "--as", "ada"));
	assert_true(says(f->out, "waiting "));
	must_run(f, "log", "mirror", "list", two.live.dir);
	assert_int_equal(f->out.n, 0);
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, two.live.totp, 1), PASSWORD, digits(f, two.otto_totp, 0)),
	                 ARGS("log", "mirror", "agree", two.live.dir, "two.example.org", "--until", "2099-01-01T00:00:00Z", "--as", "ada",
	                      "--second", "otto"));
	assert_int_equal(strlen(line_of(f, 0)), 43);
	must_run(f, "log", "mirror", "list", two.live.dir);
	assert_true(says(f->out, "two.example.org  until 2099-01-01T00:00:00Z  live\n"));
	assert_false(says(f->out, "one.example.org"));
	must_run(f, "verify", two.live.dir);
}

static void nobody_is_his_own_second(void **state)
{
	struct fixture *f = *state;
	const char *dir = path_of(f, "drill");
	must_run(f, "init", dir, "--drill");
	assert_int_equal(run(f, "clock", dir, "--confirm", "--as", "ada", "--second", "ada"), 2);
	assert_true(says(f->words, "somebody else must agree"));
	/* In a drill one is enough; the second makes no entry. */
	must_run(f, "clock", dir, "--confirm", "--as", "ada", "--second", "otto",
	         "--second-office", "register-administrator");
	assert_true(says(f->words, "Nobody else had to agree"));
}

static void the_time_is_confirmed_by_two(void **state)
{
	struct fixture *f = *state;
	struct two two = found_two(f, true);
	must_on_terminal(f, BOTH(f, two),
	                 ARGS("clock", two.live.dir, "--confirm", "--as", "ada", "--second", "otto"));
	assert_false(says(f->out, "waiting"));
	must_run(f, "verify", two.live.dir);
}

static void an_account_is_reset_by_two(void **state)
{
	struct fixture *f = *state;
	struct two two = found_two(f, true);
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, two.wanda_totp, 0)),
	                 ARGS("account", "token", two.live.dir, "wanda", "--for", "police-officer", "--until",
	                      "2099-01-01T00:00:00Z", "--as", "wanda"));
	write_file(f, "token", str_from_c(line_of(f, 0)));
	must_on_terminal(f, BOTH(f, two), ARGS("account", "reset", two.live.dir, "wanda", "--as", "ada", "--second", "otto"));
	const char *code = value_of(f, "code");
	write_file(f, "begin", str_from_c(code));
	assert_int_equal(run(f, "find", two.live.dir, "C-1", "--token", path_of(f, "token")), 1);
	must_run(f, "account", "token", "list", two.live.dir);
	assert_true(says(f->out, "lapsed"));
	assert_int_equal(run_on_terminal(f, ANSWERS(PASSWORD, digits(f, two.wanda_totp, 1)),
	                                 ARGS("account", "end", two.live.dir, "otto", "--as", "wanda")),
	                 1);
	must_run(f, "account", "begin", two.live.dir, "wanda", "--code", path_of(f, "begin"), "--password",
	         path_of(f, "password"));
	assert_true(says(f->words, "This account was reset on "));
	assert_int_equal(strlen(value_of(f, "totp")), 32);
	must_run(f, "verify", two.live.dir);
}

static void until_another_agrees_a_reset_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct two two = found_two(f, true);
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, two.live.totp, 0)),
	                 ARGS("account", "reset", two.live.dir, "wanda", "--as", "ada"));
	assert_true(says(f->out, "waiting "));
	assert_true(says(f->words, "first half of a one-time code"));
	assert_false(says(f->out, "code "));
	write_file(f, "begin", str_from_c(value_of(f, "half")));
	assert_int_equal(run(f, "account", "begin", two.live.dir, "wanda", "--code", path_of(f, "begin"), "--password",
	                     path_of(f, "password")),
	                 1);
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, two.wanda_totp, 0)),
	                 ARGS("account", "totp", two.live.dir, "wanda", "--as", "wanda"));
}

static void a_holders_account_ends_by_two(void **state)
{
	struct fixture *f = *state;
	struct two two = found_two(f, true);
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, two.live.totp, 0)),
	                 ARGS("account", "end", two.live.dir, "wanda", "--as", "ada"));
	assert_true(says(f->out, "waiting "));
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, two.otto_totp, 0)),
	                 ARGS("account", "add", two.live.dir, "olu", "--as", "otto"));
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, two.live.totp, 1)),
	                 ARGS("account", "end", two.live.dir, "olu", "--as", "ada"));
	must_run(f, "account", "list", two.live.dir);
	assert_true(says(f->out, "olu  ended"));
	assert_false(says(f->out, "wanda  ended"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_register_is_opened_by_two),
		PROVES(a_holder_is_named_by_two),
		PROVES(one_alone_names_nobody),
		PROVES(a_mirror_is_agreed_with_by_two),
		PROVES(nobody_is_his_own_second),
		PROVES(the_time_is_confirmed_by_two),
		PROVES(an_account_is_reset_by_two),
		PROVES(until_another_agrees_a_reset_changes_nothing),
		PROVES(a_holders_account_ends_by_two),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
