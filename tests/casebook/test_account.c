/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Accounts, sign-in, sessions, tokens, drafts. */
#include "fixture.h"

#include <pthread.h>

#include "casebook/credential.h"

#define ONE_ERROR "The account name, the password or the digits are not right"

static bool sign_in(struct fixture *f, const char *name, const char *password, struct str digits)
{
	struct str account;
	return casebook_sign_in(f->book, str_from_c(name), str_from_c(password), digits, f->arena,
	                        &account, &f->err);
}

static void name_password_and_digits_sign_in(void **state)
{
	struct fixture *f = *state;
	struct str account;
	struct person amara = account_named(f, "Amara");
	MUST(f, casebook_sign_in(f->book, STR("amara"), STR(FIXTURE_PASSWORD),
	                         digits_now(f, amara.totp), f->arena, &account, &f->err));
	assert_true(str_eq(account, amara.account));
}

static void everything_wrong_has_one_answer(void **state)
{
	struct fixture *f = *state;
	struct person amara = account_named(f, "amara");
	struct str digits = digits_now(f, amara.totp);
	struct str wrong = digits_at(f, amara.totp, 0);
	const struct {
		const char *name;
		const char *password;
		struct str digits;
	} tries[] = {
		{ "amarb", FIXTURE_PASSWORD, digits }, { "amara", "another password", digits },
		{ "amara", FIXTURE_PASSWORD, wrong },  { "amara", "", STR("") },
		{ "", FIXTURE_PASSWORD, digits },      { "two words", FIXTURE_PASSWORD, digits },
	};
	for (size_t i = 0; i < COUNT_OF(tries); i++) {
		assert_false(sign_in(f, tries[i].name, tries[i].password, tries[i].digits));
		assert_int_equal(f->err.code, ERR_ABSENT);
		assert_string_equal(f->err.message, ONE_ERROR);
	}
}

static void digits_serve_once(void **state)
{
	struct fixture *f = *state;
	struct person amara = account_named(f, "amara");
	struct str digits = digits_now(f, amara.totp);
	assert_true(sign_in(f, "amara", FIXTURE_PASSWORD, digits));
	assert_false(sign_in(f, "amara", FIXTURE_PASSWORD, digits));
	assert_int_equal(f->err.code, ERR_ABSENT);
	later(f, 30 * INSTANT_PER_SECOND);
	assert_true(sign_in(f, "amara", FIXTURE_PASSWORD, digits_now(f, amara.totp)));
}

struct trying {
	pthread_t thread;
	struct fixture *f;
	struct str digits;
	bool is_in;
};

static void *try_once(void *ctx)
{
	struct trying *trying = ctx;
	struct arena *arena = arena_create(65536);
	struct err err;
	struct str account;
	trying->is_in =
		arena && casebook_sign_in(trying->f->book, STR("amara"), STR(FIXTURE_PASSWORD),
	                                  trying->digits, arena, &account, &err);
	arena_destroy(arena);
	return NULL;
}

static void digits_serve_one_of_many_at_once(void **state)
{
	struct fixture *f = *state;
	struct trying tries[8];
	size_t in = 0;
	struct person amara = account_named(f, "amara");
	MUST(f, casebook_start_writer(f->book, &f->err));
	for (size_t i = 0; i < COUNT_OF(tries); i++) {
		tries[i] = (struct trying){ .f = f, .digits = digits_now(f, amara.totp) };
		assert_int_equal(pthread_create(&tries[i].thread, NULL, try_once, &tries[i]), 0);
	}
	for (size_t i = 0; i < COUNT_OF(tries); i++) {
		assert_int_equal(pthread_join(tries[i].thread, NULL), 0);
		in += tries[i].is_in;
	}
	assert_int_equal(in, 1);
}

static void the_fifth_wrong_try_makes_that_name_wait(void **state)
{
	struct fixture *f = *state;
	struct person amara = account_named(f, "amara");
	struct person bela = account_named(f, "bela");
	for (int i = 0; i < 5; i++) {
		assert_false(sign_in(f, "amara", "another password", STR("000000")));
		assert_int_equal(f->err.code, ERR_ABSENT);
	}
	assert_false(sign_in(f, "amara", FIXTURE_PASSWORD, digits_now(f, amara.totp)));
	assert_int_equal(f->err.code, ERR_UNABLE);
	assert_string_equal(f->err.message, "Wait until 10:01am, or ask an administrator");
	/* Nobody shuts another out. */
	assert_true(sign_in(f, "bela", FIXTURE_PASSWORD, digits_now(f, bela.totp)));
	later(f, INSTANT_PER_MINUTE);
	assert_true(sign_in(f, "amara", FIXTURE_PASSWORD, digits_now(f, amara.totp)));
}

static void waits_grow(void **state)
{
	struct fixture *f = *state;
	struct person amara = account_named(f, "amara");
	for (int i = 0; i < 5; i++)
		assert_false(sign_in(f, "amara", "another password", STR("000000")));
	later(f, INSTANT_PER_MINUTE);
	assert_false(sign_in(f, "amara", "another password", STR("000000")));
	assert_int_equal(f->err.code, ERR_ABSENT);
	later(f, INSTANT_PER_MINUTE);
	assert_false(sign_in(f, "amara", FIXTURE_PASSWORD, digits_now(f, amara.totp)));
	assert_int_equal(f->err.code, ERR_UNABLE);
	later(f, INSTANT_PER_MINUTE);
	assert_true(sign_in(f, "amara", FIXTURE_PASSWORD, digits_now(f, amara.totp)));
}

/* Whether there is such an account is told by nothing, the wait included. */
static void a_name_nobody_has_waits_too(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 5; i++)
		assert_false(sign_in(f, "nobody", "another password", STR("000000")));
	assert_int_equal(f->err.code, ERR_ABSENT);
	assert_false(sign_in(f, "nobody", "another password", STR("000000")));
	assert_int_equal(f->err.code, ERR_UNABLE);
}

/* What is counted against names nobody has does not grow for ever. */
static void tries_are_forgotten_after_a_day(void **state)
{
	struct fixture *f = *state;
	int64_t rows = -1;
	(void)account_named(f, "amara");
	assert_false(sign_in(f, "amara", "another password", STR("000000")));
	assert_false(sign_in(f, "nobody", "another password", STR("000000")));
	later(f, INSTANT_PER_DAY - INSTANT_PER_MINUTE);
	MUST(f, casebook_tidy(f->book, &f->err));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, store_get_int(reader->store, "SELECT COUNT(*) FROM short_totp", &rows, &f->err));
	assert_int_equal(rows, 2);
	casebook_reader_give(&reader);
	later(f, 2 * INSTANT_PER_MINUTE);
	MUST(f, casebook_tidy(f->book, &f->err));
	reader = reader_of(f);
	MUST(f, store_get_int(reader->store, "SELECT COUNT(*) FROM short_totp", &rows, &f->err));
	assert_int_equal(rows, 0);
}

static void an_account_that_ended_signs_in_no_more(void **state)
{
	struct fixture *f = *state;
	struct person amara = account_named(f, "amara");
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("account"), amara.account);
	admitted(f, &BY_REGISTER, "account.ended", STR("R-1"), fields);
	assert_false(sign_in(f, "amara", FIXTURE_PASSWORD, digits_now(f, amara.totp)));
	assert_string_equal(f->err.message, ONE_ERROR);
}

static void names_differ_in_more_than_capitals(void **state)
{
	struct fixture *f = *state;
	struct casebook_account_made made;
	struct casebook_new_account again = { .name = STR("AMARA"),
		                              .password = STR(FIXTURE_PASSWORD) };
	(void)account_named(f, "amara");
	assert_false(casebook_account_add(f->book, &BY_REGISTER, CASEBOOK_REGISTER, &again,
	                                  f->arena, &made, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
}

static void bad_names_and_short_passwords_are_not_taken(void **state)
{
	struct fixture *f = *state;
	struct casebook_account_made made;
	const struct casebook_new_account bad[] = {
		{ .name = STR(""), .password = STR(FIXTURE_PASSWORD) },
		{ .name = STR("two words"), .password = STR(FIXTURE_PASSWORD) },
		{ .name = STR("bad \xFF"), .password = STR(FIXTURE_PASSWORD) },
		{ .name = STR("no\xC2\xA0"
		              "blank"),
		  .password = STR(FIXTURE_PASSWORD) },
		{ .name = STR("amara"), .password = STR("eleven char") },
		{ .name = STR("0123456789012345678901234567890123456789012345678901234567890123x"),
		  .password = STR(FIXTURE_PASSWORD) },
	};
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		assert_false(casebook_account_add(f->book, &BY_REGISTER, CASEBOOK_REGISTER, &bad[i],
		                                  f->arena, &made, &f->err));
		assert_int_equal(f->err.code, ERR_INPUT);
	}
}

/* A swapped credential shows. */
static void an_accounts_entry_commits_to_its_credentials(void **state)
{
	struct fixture *f = *state;
	struct person amara = account_named(f, "amara");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct account_row row;
	struct casebook_entry entry;
	struct hash in_entry, in_store;
	static const struct str sorts[] = { { "password", 8 }, { "totp", 4 } };
	bool found;
	MUST(f, account_by_id(reader->store, amara.account, &row, &found, &f->err));
	assert_true(found);
	MUST(f, casebook_entry_get(reader, f->arena, row.newest, &entry, &f->err));
	for (size_t i = 0; i < COUNT_OF(sorts); i++) {
		struct buf bytes;
		buf_init(&bytes, CREDENTIAL_MAX);
		MUST(f, credential_read(reader->store, amara.account, sorts[i], &bytes, &f->err));
		in_store = hash_of(buf_str(&bytes));
		assert_true(bytes.n > 0);
		buf_finish(&bytes);
		assert_true(hash_read_hex(json_text(entry.plain, sorts[i]), &in_entry));
		assert_true(hash_eq(&in_store, &in_entry));
	}
	assert_null(json_member(entry.plain, STR("name")));
	assert_null(json_member(entry.plain, STR("person")));
}

static void a_new_password_replaces_the_old_one(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer answer;
	struct person amara = account_named(f, "amara");
	MUST(f,
	     casebook_account_password(f->book, &BY_REGISTER, CASEBOOK_REGISTER, STR_NONE, amara.account,
	                               STR("quite another password"), f->arena, &answer, &f->err));
	fixture_must_admit(&answer, "account.changed");
	assert_false(sign_in(f, "amara", FIXTURE_PASSWORD, digits_now(f, amara.totp)));
	assert_true(sign_in(f, "amara", "quite another password", digits_now(f, amara.totp)));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct str name;
	MUST(f, casebook_account_name(reader, f->arena, amara.account, &name, &f->err));
	assert_true(str_eq(name, STR("amara")));
}

static void a_new_device_replaces_the_old_one(void **state)
{
	struct fixture *f = *state;
	struct casebook_account_made made;
	struct person amara = account_named(f, "amara");
	MUST(f, casebook_account_totp(f->book, &BY_REGISTER, CASEBOOK_REGISTER, STR_NONE, amara.account,
	                              f->arena, &made, &f->err));
	fixture_must_admit(&made.answer, "account.changed");
	assert_false(sign_in(f, "amara", FIXTURE_PASSWORD, digits_now(f, amara.totp)));
	assert_true(sign_in(f, "amara", FIXTURE_PASSWORD, digits_now(f, made.totp_base32)));
}

static void nobody_raises_his_own_rights(void **state)
{
	struct fixture *f = *state;
	struct person administrator = person(f, "ada", "register-administrator");
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("office"), STR("dcs"));
	json_put_text(f->arena, fields, STR("account"), administrator.account);
	struct casebook_answer answer =
		act(f, &administrator.actor, "office.held", file_of_office(f, "dcs"), fields);
	assert_int_equal(answer.outcome, CASEBOOK_REFUSED);
	assert_true(answer.sentence.n > 0);
	assert_true(answer.index >= 0); /* the refusal is an entry */
}

static void accounts_are_listed_with_their_names(void **state)
{
	struct fixture *f = *state;
	const struct casebook_account_row *rows;
	size_t count;
	struct person amara = account_named(f, "amara");
	(void)account_named(f, "bela");
	assert_true(sign_in(f, "amara", FIXTURE_PASSWORD, digits_now(f, amara.totp)));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_accounts(reader, f->arena, &rows, &count, &f->err));
	assert_int_equal(count, 2);
	assert_true(str_eq(rows[0].name, STR("amara")));
	assert_int_equal(rows[0].signed_in, FIXTURE_START);
	assert_true(str_eq(rows[1].name, STR("bela")));
	assert_int_equal(rows[1].signed_in, 0);
}

static void the_set_up_code_works_once(void **state)
{
	struct fixture *f = *state;
	struct casebook_made made;
	struct casebook_account_made first, second;
	const char *dir = arena_format(f->arena, "%s/live", f->dir).p;
	struct casebook_new_account ada = { .name = STR("ada"), .password = STR(FIXTURE_PASSWORD) };
	struct casebook_new_account eve = { .name = STR("eve"), .password = STR(FIXTURE_PASSWORD) };
	casebook_close(f->book);
	f->book = NULL;
	fixture_create(f, dir, false, &made);
	assert_true(made.setup_code.n > 0);
	MUST(f, casebook_open(dir, CASEBOOK_WRITE, &f->book, &f->err));
	assert_false(casebook_is_opened(f->book));
	assert_false(casebook_account_first(f->book, STR("AAAAA-AAAAA-AAAAA-AAAAA"), &ada, f->arena,
	                                    &first, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
	MUST(f, casebook_account_first(f->book, made.setup_code, &ada, f->arena, &first, &f->err));
	fixture_must_admit(&first.answer, "the first account");
	assert_false(
		casebook_account_first(f->book, made.setup_code, &eve, f->arena, &second, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	const struct casebook_seat *seats;
	const struct casebook_account_row *rows;
	size_t count;
	MUST(f, casebook_seats(reader, f->arena, first.account, &seats, &count, &f->err));
	assert_true(count >= 1);
	assert_true(str_eq(seats[0].office, STR("register-administrator")));
	MUST(f, casebook_accounts(reader, f->arena, &rows, &count, &f->err));
	assert_int_equal(count, 1);
	assert_true(rows[0].is_founding);
}

/* --- sessions ------------------------------------------------------------------------------- */

static bool session(struct fixture *f, const char *secret, struct casebook_session *out)
{
	return casebook_session_get(f->book, f->arena, str_from_c(secret), out, &f->err);
}

static void a_session_tells_account_and_office(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1], other[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_session found, second;
	struct person amara = person(f, "amara", "screener");
	MUST(f, casebook_session_make(f->book, amara.account, STR("screener"), secret, &f->err));
	MUST(f, casebook_session_make(f->book, amara.account, STR("screener"), other, &f->err));
	assert_int_equal(strlen(secret), CASEBOOK_SECRET_TEXT);
	MUST(f, session(f, secret, &found));
	MUST(f, session(f, other, &second));
	assert_true(str_eq(found.account, amara.account));
	assert_true(str_eq(found.office, STR("screener")));
	assert_true(found.is_proved);
	assert_int_equal(found.ends, FIXTURE_START + 15 * INSTANT_PER_MINUTE);
	assert_false(str_eq(found.tag, second.tag));
	assert_int_equal(str_find_str(str_from_c(secret), found.tag), strlen(secret));
}

static void an_idle_session_ends(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_session found;
	struct person amara = person(f, "amara", "screener");
	MUST(f, casebook_session_make(f->book, amara.account, STR("screener"), secret, &f->err));
	later(f, 14 * INSTANT_PER_MINUTE);
	assert_true(session(f, secret, &found)); /* used: the idle time begins anew */
	later(f, 14 * INSTANT_PER_MINUTE);
	assert_true(session(f, secret, &found));
	later(f, 15 * INSTANT_PER_MINUTE);
	assert_false(session(f, secret, &found));
	assert_int_equal(f->err.code, ERR_ABSENT);
}

static void a_session_ends_after_ten_hours_of_work(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_session found;
	struct person amara = person(f, "amara", "screener");
	MUST(f, casebook_session_make(f->book, amara.account, STR("screener"), secret, &f->err));
	for (int i = 0; i < 59; i++) {
		later(f, 10 * INSTANT_PER_MINUTE);
		assert_true(session(f, secret, &found));
	}
	assert_int_equal(found.ends, FIXTURE_START + 10 * INSTANT_PER_HOUR);
	later(f, 10 * INSTANT_PER_MINUTE);
	assert_false(session(f, secret, &found));
}

static void a_session_ends_with_the_holding(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_session found;
	struct person amara = person(f, "amara", "screener");
	MUST(f, casebook_session_make(f->book, amara.account, STR("screener"), secret, &f->err));
	assert_true(session(f, secret, &found));
	leave(f, &amara);
	assert_false(session(f, secret, &found));
	assert_int_equal(f->err.code, ERR_ABSENT);
}

static void a_session_ends_with_the_account(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_session found;
	struct person amara = account_named(f, "amara");
	MUST(f, casebook_session_make(f->book, amara.account, STR_NONE, secret, &f->err));
	assert_true(session(f, secret, &found));
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("account"), amara.account);
	admitted(f, &BY_REGISTER, "account.ended", STR("R-1"), fields);
	assert_false(session(f, secret, &found));
}

static void a_session_ends_with_the_password_or_device_it_was_begun_by(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1], other[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_session found;
	struct casebook_answer answer;
	struct casebook_account_made made;
	struct person amara = account_named(f, "amara"), bela = account_named(f, "bela");
	MUST(f, casebook_session_make(f->book, bela.account, STR_NONE, other, &f->err));
	MUST(f, casebook_session_make(f->book, amara.account, STR_NONE, secret, &f->err));
	MUST(f, casebook_account_password(f->book, &BY_REGISTER, CASEBOOK_REGISTER, STR_NONE, amara.account,
	                                  STR("quite another password"), f->arena, &answer, &f->err));
	assert_false(session(f, secret, &found));
	MUST(f, casebook_session_make(f->book, amara.account, STR_NONE, secret, &f->err));
	MUST(f, casebook_account_totp(f->book, &BY_REGISTER, CASEBOOK_REGISTER, STR_NONE, amara.account, f->arena,
	                              &made, &f->err));
	assert_false(session(f, secret, &found));
	assert_true(session(f, other, &found));
}

static void another_office_is_another_secret(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1], next[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_session found;
	struct person amara = person(f, "amara", "screener");
	hold(f, &amara, "social-worker");
	MUST(f, casebook_session_make(f->book, amara.account, STR("screener"), secret, &f->err));
	assert_false(
		casebook_session_office(f->book, str_from_c(secret), STR("dcs"), next, &f->err));
	assert_int_equal(f->err.code, ERR_REFUSED);
	MUST(f, casebook_session_office(f->book, str_from_c(secret), STR("social-worker"), next,
	                                &f->err));
	assert_false(session(f, secret, &found));
	MUST(f, session(f, next, &found));
	assert_true(str_eq(found.office, STR("social-worker")));
}

static void proof_lasts_five_minutes_and_can_be_given_anew(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_session found;
	struct person amara = person(f, "amara", "screener");
	MUST(f, casebook_session_make(f->book, amara.account, STR("screener"), secret, &f->err));
	later(f, 5 * INSTANT_PER_MINUTE);
	MUST(f, session(f, secret, &found));
	assert_false(found.is_proved);
	assert_false(casebook_session_prove(f->book, str_from_c(secret), STR("another password"),
	                                    digits_now(f, amara.totp), &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
	MUST(f, casebook_session_prove(f->book, str_from_c(secret), STR(FIXTURE_PASSWORD),
	                               digits_now(f, amara.totp), &f->err));
	MUST(f, session(f, secret, &found));
	assert_true(found.is_proved);
}

static void who_signs_out_is_out(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_session found;
	struct person amara = person(f, "amara", "screener");
	MUST(f, casebook_session_make(f->book, amara.account, STR("screener"), secret, &f->err));
	MUST(f, casebook_session_end(f->book, str_from_c(secret), &f->err));
	assert_false(session(f, secret, &found));
	MUST(f, casebook_session_end(f->book, STR("nonsense"), &f->err));
}

static void a_secret_is_not_in_the_database(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct str bytes;
	struct person amara = person(f, "amara", "screener");
	MUST(f, casebook_session_make(f->book, amara.account, STR("screener"), secret, &f->err));
	casebook_close(f->book);
	f->book = NULL;
	MUST(f, file_read(f->arena, file_join(f->arena, f->dir, "register.db"), FIXTURE_FILE_MAX,
	                  &bytes, &f->err));
	assert_int_equal(str_find_str(bytes, str_from_c(secret)), bytes.n);
	assert_int_equal(str_find_str(bytes, STR("amara")), bytes.n);
	assert_int_equal(str_find_str(bytes, STR(FIXTURE_PASSWORD)), bytes.n);
}

/* --- tokens --------------------------------------------------------------------------------- */

static bool token(struct fixture *f, const char *secret, struct casebook_actor *out)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	return casebook_token_get(reader, f->arena, str_from_c(secret), out, &f->err);
}

static void make_token(struct fixture *f, const struct person *who,
                       char secret[CASEBOOK_SECRET_TEXT + 1])
{
	struct casebook_answer answer;
	MUST(f, casebook_token_make(f->book, &BY_REGISTER, CASEBOOK_REGISTER, STR_NONE, who->account,
	                            who->actor.office, casebook_now(f->book) + INSTANT_PER_DAY,
	                            f->arena, secret, &answer, &f->err));
	fixture_must_admit(&answer, "token.made");
}

static void a_token_acts_for_its_account_in_its_office(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_actor actor;
	struct person amara = person(f, "amara", "screener");
	make_token(f, &amara, secret);
	MUST(f, token(f, secret, &actor));
	assert_int_equal(actor.by, CASEBOOK_BY_OFFICE);
	assert_true(str_eq(actor.account, amara.account));
	assert_true(str_eq(actor.office, STR("screener")));
	assert_false(actor.is_proved);
	secret[3] = secret[3] == 'A' ? 'B' : 'A';
	assert_false(token(f, secret, &actor));
	assert_int_equal(f->err.code, ERR_ABSENT);
}

static void a_token_ends_at_its_time(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_actor actor;
	struct person amara = person(f, "amara", "screener");
	make_token(f, &amara, secret);
	later(f, INSTANT_PER_DAY - INSTANT_PER_MS);
	assert_true(token(f, secret, &actor));
	later(f, INSTANT_PER_MS);
	assert_false(token(f, secret, &actor));
}

static void a_token_ends_with_the_holding(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_actor actor;
	struct person amara = person(f, "amara", "screener");
	make_token(f, &amara, secret);
	leave(f, &amara);
	assert_false(token(f, secret, &actor));
}

static void a_token_ends_by_an_entry(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1], other[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_actor actor;
	struct hash hash;
	struct person amara = person(f, "amara", "screener");
	make_token(f, &amara, secret);
	make_token(f, &amara, other);
	assert_true(secret_hash(f->book, str_from_c(secret), &hash, &f->err));
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("token"), hash_hex(f->arena, &hash));
	admitted(f, &BY_REGISTER, "token.ended", STR("R-1"), fields);
	assert_false(token(f, secret, &actor));
	assert_true(token(f, other, &actor));
}

/* --- drafts --------------------------------------------------------------------------------- */

static void a_reporters_draft_opens_with_her_key_alone(void **state)
{
	struct fixture *f = *state;
	uint8_t key[VAULT_KEY_SIZE] = { 7 }, other[VAULT_KEY_SIZE] = { 8 };
	struct str text;
	instant used;
	MUST(f, casebook_draft_save(f->book, STR("d1"), STR(""), key, STR("He is alone"), &f->err));
	MUST(f, casebook_draft_load(f->book, f->arena, STR("d1"), STR(""), key, &text, &used,
	                            &f->err));
	assert_true(str_eq(text, STR("He is alone")));
	assert_int_equal(used, FIXTURE_START);
	assert_false(casebook_draft_load(f->book, f->arena, STR("d1"), STR(""), other, &text, &used,
	                                 &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
	assert_false(casebook_draft_load(f->book, f->arena, STR("d1"), STR(""), NULL, &text, &used,
	                                 &f->err));
	assert_false(casebook_draft_load(f->book, f->arena, STR("d2"), STR(""), key, &text, &used,
	                                 &f->err));
	assert_false(casebook_draft_load(f->book, f->arena, STR("d1"), STR("A"), key, &text, &used,
	                                 &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
}

static void a_reporters_draft_is_gone_after_an_idle_hour(void **state)
{
	struct fixture *f = *state;
	uint8_t key[VAULT_KEY_SIZE] = { 7 };
	struct str text;
	instant used;
	MUST(f, casebook_draft_save(f->book, STR("d1"), STR(""), key, STR("He is alone"), &f->err));
	later(f, 50 * INSTANT_PER_MINUTE);
	assert_true(casebook_draft_load(f->book, f->arena, STR("d1"), STR(""), key, &text, &used,
	                                &f->err));
	later(f, 50 * INSTANT_PER_MINUTE);
	assert_true(casebook_draft_load(f->book, f->arena, STR("d1"), STR(""), key, &text, &used,
	                                &f->err));
	later(f, 60 * INSTANT_PER_MINUTE);
	assert_false(casebook_draft_load(f->book, f->arena, STR("d1"), STR(""), key, &text, &used,
	                                 &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
}

static void a_practitioners_draft_is_for_its_owner(void **state)
{
	struct fixture *f = *state;
	struct str text;
	const struct str *owners;
	size_t count;
	instant used;
	MUST(f, casebook_draft_save(f->book, STR("p1"), STR("A/screener/C-1/note.made"), NULL,
	                            STR("one"), &f->err));
	MUST(f, casebook_draft_save(f->book, STR("p2"), STR("A/screener/C-2/note.made"), NULL,
	                            STR("two"), &f->err));
	MUST(f, casebook_draft_save(f->book, STR("p3"), STR("B/screener/C-1/note.made"), NULL,
	                            STR("three"), &f->err));
	fixture_reopen(f);
	later(f, 13 * INSTANT_PER_DAY);
	MUST(f, casebook_draft_load(f->book, f->arena, STR("p1"), STR("A/screener/C-1/note.made"),
	                            NULL, &text, &used, &f->err));
	assert_true(str_eq(text, STR("one")));
	assert_false(casebook_draft_load(f->book, f->arena, STR("p1"),
	                                 STR("B/screener/C-1/note.made"), NULL, &text, &used,
	                                 &f->err));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f,
	     casebook_draft_list(reader, f->arena, STR("A/screener/"), &owners, &count, &f->err));
	assert_int_equal(count, 2);
	casebook_reader_give(&reader);
	MUST(f, casebook_draft_drop(f->book, STR("p1"), &f->err));
	assert_false(casebook_draft_load(f->book, f->arena, STR("p1"),
	                                 STR("A/screener/C-1/note.made"), NULL, &text, &used,
	                                 &f->err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(name_password_and_digits_sign_in),
		PROVES(everything_wrong_has_one_answer),
		PROVES(digits_serve_once),
		PROVES(digits_serve_one_of_many_at_once),
		PROVES(the_fifth_wrong_try_makes_that_name_wait),
		PROVES(waits_grow),
		PROVES(a_name_nobody_has_waits_too),
		PROVES(tries_are_forgotten_after_a_day),
		PROVES(an_account_that_ended_signs_in_no_more),
		PROVES(names_differ_in_more_than_capitals),
		PROVES(bad_names_and_short_passwords_are_not_taken),
		PROVES(an_accounts_entry_commits_to_its_credentials),
		PROVES(a_new_password_replaces_the_old_one),
		PROVES(a_new_device_replaces_the_old_one),
		PROVES(nobody_raises_his_own_rights),
		PROVES(accounts_are_listed_with_their_names),
		PROVES(the_set_up_code_works_once),
		PROVES(a_session_tells_account_and_office),
		PROVES(an_idle_session_ends),
		PROVES(a_session_ends_after_ten_hours_of_work),
		PROVES(a_session_ends_with_the_holding),
		PROVES(a_session_ends_with_the_account),
		PROVES(a_session_ends_with_the_password_or_device_it_was_begun_by),
		PROVES(another_office_is_another_secret),
		PROVES(proof_lasts_five_minutes_and_can_be_given_anew),
		PROVES(who_signs_out_is_out),
		PROVES(a_secret_is_not_in_the_database),
		PROVES(a_token_acts_for_its_account_in_its_office),
		PROVES(a_token_ends_at_its_time),
		PROVES(a_token_ends_with_the_holding),
		PROVES(a_token_ends_by_an_entry),
		PROVES(a_reporters_draft_opens_with_her_key_alone),
		PROVES(a_reporters_draft_is_gone_after_an_idle_hour),
		PROVES(a_practitioners_draft_is_for_its_owner),
	};
	return PROVE(tests);
}
