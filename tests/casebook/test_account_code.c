/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One administrator can become nobody else: accounts are begun by their owners,
 * reset by two, their tokens made by their owners, administrators ended by two.
 */
#include "casebook/account_parts.h"
#include "casebook/live.h"
#include "casebook/owed.h"
#include "casebook/reader.h"
#include "store/dialect.h"

#define ANOTHER "another long password"

static bool begin(struct fixture *f, const char *name, struct str code, struct casebook_account_begun *out)
{
	struct casebook_beginning beginning = {
		.name = str_from_c(name), .code = code, .password = STR(ANOTHER), .via = CASEBOOK_WEB
	};
	return casebook_account_begin(f->book, &beginning, f->arena, out, &f->err);
}

static bool signs_in(struct fixture *f, const char *name, const char *password, struct str totp)
{
	struct str account;
	return casebook_sign_in(f->book, str_from_c(name), str_from_c(password), digits_now(f, totp), f->arena,
	                        &account, &f->err);
}

static struct casebook_account_made added(struct fixture *f, const struct casebook_actor *actor, const char *name,
                                          struct str password)
{
	struct casebook_new_account told = { .name = str_from_c(name), .password = password };
	struct casebook_account_made made;
	MUST(f, casebook_account_add(f->book, actor, CASEBOOK_WEB, &told, f->arena, &made, &f->err));
	return made;
}

static struct casebook_account_made reset(struct fixture *f, const struct casebook_actor *actor, struct str account)
{
	struct casebook_account_made made;
	MUST(f, casebook_account_reset(f->book, actor, CASEBOOK_WEB, STR_NONE, account, f->arena, &made, &f->err));
	return made;
}

static void must_verify(struct fixture *f, const char *dir)
{
	struct casebook_verified found;
	MUST(f, casebook_verify(dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	if (!found.ok)
		fail_msg("%.*s: %.*s", STR_ARG(found.difference.where), STR_ARG(found.difference.what));
}

/* --- a one-time code --------------------------------------------------------------------------- */

static void an_account_is_begun_by_its_code_once(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator");
	struct casebook_account_made made = added(f, &ada.actor, "ben", STR_NONE);
	struct casebook_account_begun begun;
	fixture_must_admit(&made.answer, "account.added");
	assert_true(made.code.n == 23 && !made.totp_base32.n);
	assert_false(signs_in(f, "ben", "", STR("AAAA")));
	/* As people type it. */
	struct str typed = arena_copy(f->arena, made.code);
	for (size_t i = 0; i < typed.n; i++)
		((char *)(uintptr_t)typed.p)[i] = made.code.p[i] == '-' ? ' ' : made.code.p[i];
	MUST(f, begin(f, "Ben", typed, &begun));
	fixture_must_admit(&begun.made.answer, "account.changed");
	assert_false(begun.was_reset);
	assert_true(str_eq(begun.given_by, ada.account));
	assert_true(signs_in(f, "ben", ANOTHER, begun.made.totp_base32));
	assert_false(begin(f, "ben", made.code, &begun));
	assert_int_equal(f->err.code, ERR_ABSENT);
	must_verify(f, f->dir);
}

static void what_is_no_code_has_one_answer(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator");
	struct casebook_account_made ben = added(f, &ada.actor, "ben", STR_NONE), cy = added(f, &ada.actor, "cy", STR_NONE);
	struct casebook_account_begun begun;
	const struct {
		const char *name;
		struct str code;
	} tries[] = { { "ben", cy.code }, { "ben", STR("") }, { "nobody", ben.code }, { "two words", ben.code },
		      { "ada", ben.code }, { "ada", STR("") } };
	for (size_t i = 0; i < COUNT_OF(tries); i++) {
		assert_false(begin(f, tries[i].name, tries[i].code, &begun));
		assert_int_equal(f->err.code, ERR_ABSENT);
		assert_string_equal(f->err.message, "The account name or the code is not right, or the code was used or"
		                                    " has run out");
	}
	struct casebook_beginning weak = { .name = STR("ben"), .code = ben.code, .password = STR("short") };
	assert_false(casebook_account_begin(f->book, &weak, f->arena, &begun, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	MUST(f, begin(f, "ben", ben.code, &begun));
}

static void a_code_runs_out_after_fourteen_days(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator");
	struct casebook_account_made ben = added(f, &ada.actor, "ben", STR_NONE), cy = added(f, &ada.actor, "cy", STR_NONE);
	struct casebook_account_begun begun;
	later(f, 14 * INSTANT_PER_DAY - INSTANT_PER_MINUTE);
	MUST(f, begin(f, "ben", ben.code, &begun));
	later(f, INSTANT_PER_MINUTE);
	assert_false(begin(f, "cy", cy.code, &begun));
	assert_int_equal(f->err.code, ERR_ABSENT);
	/* Another is given. */
	struct casebook_account_made again = reset(f, &ada.actor, cy.account);
	fixture_must_admit(&again.answer, "account.changed");
	MUST(f, begin(f, "cy", again.code, &begun));
	assert_true(begun.was_reset);
}

/* Whoever gave it knows it still; the row of its entry is his who writes the database. */
static void a_code_runs_out_whatever_its_row_says(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator");
	struct casebook_account_made ben = added(f, &ada.actor, "ben", STR_NONE);
	struct casebook_account_begun begun;
	CLEANUP(store_cleanup) struct store *store = NULL;
	later(f, 15 * INSTANT_PER_DAY);
	MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_WRITE, &store, &f->err));
	struct str sql = arena_format(f->arena,
	                              "UPDATE entry SET header = CAST(REPLACE(CAST(header AS TEXT), 'recorded 2026-11',"
	                              " 'recorded 2026-12') AS BLOB) WHERE idx = %lld",
	                              (long long)ben.answer.index);
	MUST(f, store_run_script(store, str_to_c(f->arena, sql), &f->err));
	assert_false(begin(f, "ben", ben.code, &begun));
	assert_int_equal(f->err.code, ERR_ABSENT);
}

static void a_code_stands_in_no_file_of_the_register(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator");
	struct casebook_account_made made = added(f, &ada.actor, "ben", STR_NONE);
	struct str bytes, plain = arena_format(f->arena, "%.5s%.5s", made.code.p, made.code.p + 6);
	MUST(f, file_read(f->arena, file_join(f->arena, f->dir, "register.db"), FIXTURE_FILE_MAX, &bytes, &f->err));
	assert_int_equal(str_find_str(bytes, made.code), bytes.n);
	assert_int_equal(str_find_str(bytes, plain), bytes.n);
}

/* Whoever can write into the database gives nobody a way in unseen. */
static void a_password_put_beside_a_code_shows(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator");
	struct casebook_account_made made = added(f, &ada.actor, "ben", STR_NONE);
	CLEANUP(store_cleanup) struct store *store = NULL;
	struct casebook_verified found;
	must_verify(f, f->dir);
	MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_WRITE, &store, &f->err));
	struct str sql = arena_format(f->arena,
	                              "INSERT INTO credential SELECT '%.*s', sort, bytes FROM credential"
	                              " WHERE account = '%.*s' AND sort = 'password'",
	                              STR_ARG(made.account), STR_ARG(ada.account));
	MUST(f, store_run_script(store, str_to_c(f->arena, sql), &f->err));
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	assert_false(found.ok);
	assert_true(str_starts(found.difference.where, STR("credential.")));
}

/* --- one administrator ------------------------------------------------------------------------- */

static void one_administrator_sets_nobody_elses_credentials(void **state)
{
	struct fixture *f = *state;
	struct live live;
	struct casebook_answer answer;
	struct casebook_account_made made;
	live_found(f, &live, STR("northmere.example/register"));
	struct casebook_actor *ada = &live.ada.actor;
	made = added(&live.f, ada, "eve", STR(FIXTURE_PASSWORD));
	REFUSED(&live.f, made.answer, "not-own");
	MUST(&live.f, casebook_account_password(live.f.book, ada, CASEBOOK_WEB, STR_NONE, live.wanda.account, STR(ANOTHER),
	                                        f->arena, &answer, &live.f.err));
	REFUSED(&live.f, answer, "not-own");
	MUST(&live.f, casebook_account_totp(live.f.book, ada, CASEBOOK_WEB, STR_NONE, live.wanda.account, f->arena, &made,
	                                    &live.f.err));
	REFUSED(&live.f, made.answer, "not-own");
	/* The owner alone, as before. */
	MUST(&live.f, casebook_account_password(live.f.book, &live.wanda.actor, CASEBOOK_WEB, STR_NONE, live.wanda.account,
	                                        STR(ANOTHER), f->arena, &answer, &live.f.err));
	fixture_must_admit(&answer, "account.changed");
	live_close(&live);
}

static void a_reset_takes_two_administrators(void **state)
{
	struct fixture *f = *state;
	struct live live;
	struct casebook_account_begun begun;
	char session[CASEBOOK_SECRET_TEXT + 1], token[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_session found;
	struct casebook_answer answer;
	live_found(f, &live, STR("northmere.example/register"));
	live_open(&live);
	struct fixture *l = &live.f;
	MUST(l, casebook_session_make(l->book, live.wanda.account, STR("police-officer"), session, &l->err));
	MUST(l, casebook_token_make(l->book, &live.wanda.actor, CASEBOOK_CLI, STR_NONE, live.wanda.account,
	                            STR("police-officer"), casebook_now(l->book) + INSTANT_PER_DAY, l->arena, token, &answer,
	                            &l->err));
	struct casebook_account_made asked = reset(l, &live.ada.actor, live.wanda.account);
	assert_int_equal(asked.answer.outcome, CASEBOOK_WAITING);
	/* Nothing has happened yet, and who asked has half a code. */
	assert_int_equal(asked.code.n, 11);
	assert_false(begin(l, "wanda", asked.code, &begun));
	MUST(l, casebook_session_get(l->book, l->arena, str_from_c(session), &found, &l->err));
	/* Neither who asked nor whom it is about agrees. */
	REFUSED(l, act(l, &live.ada.actor, "second.given", STR("R-1"), agreeing(l, asked.answer.index)), "own");
	struct casebook_answer agreed =
		act(l, &live.otto.actor, "second.given", STR("R-1"), agreeing(l, asked.answer.index));
	fixture_must_admit(&agreed, "second.given");
	assert_false(casebook_session_get(l->book, l->arena, str_from_c(session), &found, &l->err));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(l);
	struct casebook_actor by_token;
	const struct casebook_token *tokens;
	size_t count;
	assert_false(casebook_token_get(reader, l->arena, str_from_c(token), &by_token, &l->err));
	MUST(l, casebook_tokens(reader, l->arena, &tokens, &count, &l->err));
	assert_int_equal(count, 1);
	assert_int_equal(tokens[0].state, CASEBOOK_TOKEN_LAPSED);
	/* The other half is for who agreed, and for nobody else. */
	struct casebook_half half;
	assert_false(casebook_account_half(reader, live.ada.account, agreed.index, l->arena, &half, &l->err));
	assert_int_equal(l->err.code, ERR_ABSENT);
	assert_false(casebook_account_half(reader, live.otto.account, asked.answer.index, l->arena, &half, &l->err));
	MUST(l, casebook_account_half(reader, live.otto.account, agreed.index, l->arena, &half, &l->err));
	assert_true(str_eq(half.account, live.wanda.account) && str_eq(half.asked_by, live.ada.account));
	casebook_reader_give(&reader);
	assert_false(signs_in(l, "wanda", FIXTURE_PASSWORD, live.wanda.totp));
	assert_false(begin(l, "wanda", asked.code, &begun));
	assert_false(begin(l, "wanda", half.half, &begun));
	/* In either order. */
	MUST(l, begin(l, "wanda", casebook_code_join(l->arena, half.half, asked.code), &begun));
	assert_true(begun.was_reset);
	assert_true(str_eq(begun.given_by, live.ada.account));
	assert_true(signs_in(l, "wanda", ANOTHER, begun.made.totp_base32));
	reader = reader_of(l);
	assert_false(casebook_account_half(reader, live.otto.account, agreed.index, l->arena, &half, &l->err));
	assert_int_equal(l->err.code, ERR_ABSENT);
	casebook_reader_give(&reader);
	must_verify(l, live.dir);
	live_close(&live);
}

/* Who asked knows the first half; by a row written anew in his name he does not learn the second. */
static void who_asked_is_not_told_the_other_half_by_a_row_altered(void **state)
{
	struct live live;
	struct casebook_half half;
	CLEANUP(store_cleanup) struct store *store = NULL;
	live_found(*state, &live, STR("northmere.example/register"));
	live_open(&live);
	struct fixture *l = &live.f;
	struct casebook_account_made asked = reset(l, &live.ada.actor, live.wanda.account);
	struct casebook_answer agreed =
		act(l, &live.otto.actor, "second.given", STR("R-1"), agreeing(l, asked.answer.index));
	struct str sql = arena_format(l->arena,
	                              "UPDATE entry SET header = CAST(REPLACE(CAST(header AS TEXT), '%.*s', '%.*s') AS BLOB)"
	                              " WHERE idx = %lld",
	                              STR_ARG(live.otto.account), STR_ARG(live.ada.account), (long long)agreed.index);
	MUST(l, store_open(file_join(l->arena, live.dir, "register.db"), STORE_WRITE, &store, &l->err));
	MUST(l, store_run_script(store, str_to_c(l->arena, sql), &l->err));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(l);
	assert_false(casebook_account_half(reader, live.ada.account, agreed.index, l->arena, &half, &l->err));
	assert_int_equal(l->err.code, ERR_ABSENT);
	casebook_reader_give(&reader);
	live_close(&live);
}

static void nobody_resets_himself_nor_agrees_to_his_own(void **state)
{
	struct fixture *f = *state;
	struct live live;
	live_found(f, &live, STR("northmere.example/register"));
	live_open(&live);
	struct fixture *l = &live.f;
	struct casebook_account_made own = reset(l, &live.ada.actor, live.ada.account);
	REFUSED(l, own.answer, "own");
	struct casebook_account_made by_officer = reset(l, &live.wanda.actor, live.ada.account);
	REFUSED(l, by_officer.answer, "not-administrator");
	struct casebook_account_made of_otto = reset(l, &live.ada.actor, live.otto.account);
	assert_int_equal(of_otto.answer.outcome, CASEBOOK_WAITING);
	REFUSED(l, act(l, &live.otto.actor, "second.given", STR("R-1"), agreeing(l, of_otto.answer.index)), "own");
	live_close(&live);
}

static const struct json *ending(struct fixture *f, struct str account)
{
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("account"), account);
	return fields;
}

static void an_administrators_account_is_ended_by_two(void **state)
{
	struct fixture *f = *state;
	struct live live;
	live_found(f, &live, STR("northmere.example/register"));
	struct fixture *l = &live.f;
	struct person mo = account_named(l, "mo");
	live_seat(&live, &mo, "register-administrator");
	live_open(&live);
	struct casebook_answer waits =
		act(l, &live.ada.actor, "account.ended", STR("R-1"), ending(l, mo.account));
	assert_int_equal(waits.outcome, CASEBOOK_WAITING);
	REFUSED(l, act(l, &mo.actor, "second.given", STR("R-1"), agreeing(l, waits.index)), "own");
	live_agree(&live, &waits, STR("R-1"));
	REFUSED(l, act(l, &mo.actor, "account.ended", STR("R-1"), ending(l, live.ada.account)), "not-holder");
	live_close(&live);
}

/* D8: a holder is named, and no less taken away, by the office above or by two administrators. */
static void a_holders_account_is_ended_by_two(void **state)
{
	struct fixture *f = *state;
	struct live live;
	live_found(f, &live, STR("northmere.example/register"));
	struct fixture *l = &live.f;
	struct person stella = account_named(l, "stella"), olu = account_named(l, "olu"), mo = account_named(l, "mo");
	live_seat(&live, &stella, "police-sergeant");
	live_open(&live);
	struct casebook_answer waits =
		act(l, &live.ada.actor, "account.ended", STR("R-1"), ending(l, live.wanda.account));
	live_agree(&live, &waits, STR("R-1"));
	REFUSED(l, act(l, &live.ada.actor, "account.ended", STR("R-1"), ending(l, live.wanda.account)), "no-account");
	admitted(l, &live.ada.actor, "account.ended", STR("R-1"), ending(l, olu.account));
	/* Who stands in, or will, is one too. */
	struct json *deputy = (struct json *)(uintptr_t)fields_of(
		l, "{'office':'police-officer','deputy':'police-sergeant','from':'2026-11-26T00:00:00Z',"
		   "'until':'2099-01-01T00:00:00Z'}");
	json_put_text(l->arena, deputy, STR("account"), mo.account);
	admitted(l, &stella.actor, "office.deputised", file_of_office(l, "police-officer"), deputy);
	waits = act(l, &live.ada.actor, "account.ended", STR("R-1"), ending(l, mo.account));
	assert_int_equal(waits.outcome, CASEBOOK_WAITING);
	live_close(&live);
}

static void the_office_above_lets_somebody_leave_at_once(void **state)
{
	struct fixture *f = *state;
	struct live live;
	live_found(f, &live, STR("northmere.example/register"));
	struct fixture *l = &live.f;
	struct person stella = account_named(l, "stella");
	live_seat(&live, &stella, "police-sergeant");
	live_open(&live);
	admitted(l, &stella.actor, "office.left", file_of_office(l, "police-officer"),
	         naming(l, "police-officer", live.wanda.account));
	admitted(l, &live.ada.actor, "account.ended", STR("R-1"), ending(l, live.wanda.account));
	live_close(&live);
}

/* A password alone would make the code dead, and leave nobody a way in. */
static void a_reset_and_a_new_password_do_not_mix(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator"), wanda = person(f, "wanda", "screener");
	struct casebook_account_made made = reset(f, &ada.actor, wanda.account), other;
	struct casebook_answer answer;
	struct casebook_account_begun begun;
	fixture_must_admit(&made.answer, "account.changed");
	MUST(f, casebook_account_password(f->book, &wanda.actor, CASEBOOK_WEB, STR_NONE, wanda.account, STR(ANOTHER),
	                                  f->arena, &answer, &f->err));
	REFUSED(f, answer, "not-begun");
	MUST(f, casebook_account_totp(f->book, &wanda.actor, CASEBOOK_WEB, STR_NONE, wanda.account, f->arena, &other,
	                              &f->err));
	REFUSED(f, other.answer, "not-begun");
	MUST(f, begin(f, "wanda", made.code, &begun));
	must_verify(f, f->dir);
}

/* Of two changes of one account at once, the one that speaks of what is gone is not taken. */
static void a_change_of_what_was_changed_meanwhile_is_not_taken(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct credentials stale = { .account = ada.account, .password = "x", .has_password = true };
	stale.totp_sum = hash_of(STR("another secret"));
	assert_false(credentials_write(&stale, reader->store, 1, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	assert_string_equal(f->err.message, "This account was changed just now. Try again");
}

/* Of two who use one code at once, one finds it gone. */
static void a_code_serves_one_of_two_at_once(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator");
	struct casebook_account_made ben = added(f, &ada.actor, "ben", STR_NONE);
	struct casebook_account_begun begun;
	MUST(f, begin(f, "ben", ben.code, &begun));
	(void)added(f, &ada.actor, "cy", STR_NONE);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	int64_t after = begun.made.answer.index + 2;
	MUST(f, account_code_stands(reader->store, ben.account, begun.made.answer.index, after, &f->err));
	assert_false(account_code_stands(reader->store, ben.account, ben.answer.index, after, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
}

static void a_token_is_made_for_nobody_else(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator"), wanda = person(f, "wanda", "screener");
	struct person otto = person(f, "otto", "gp");
	char secret[CASEBOOK_SECRET_TEXT + 1];
	instant until = casebook_now(f->book) + INSTANT_PER_DAY;
	struct casebook_answer answer, made;
	MUST(f, casebook_token_make(f->book, &ada.actor, CASEBOOK_CLI, STR_NONE, wanda.account, STR("screener"), until,
	                            f->arena, secret, &answer, &f->err));
	REFUSED(f, answer, "not-own");
	assert_int_equal(secret[0], 0);
	MUST(f, casebook_token_make(f->book, &wanda.actor, CASEBOOK_CLI, STR_NONE, wanda.account, STR("screener"), until,
	                            f->arena, secret, &made, &f->err));
	fixture_must_admit(&made, "token.made");
	MUST(f, casebook_token_end(f->book, &otto.actor, CASEBOOK_CLI, STR_NONE, made.index, f->arena, &answer, &f->err));
	REFUSED(f, answer, "not-own");
	MUST(f, casebook_token_end(f->book, &ada.actor, CASEBOOK_CLI, STR_NONE, made.index, f->arena, &answer, &f->err));
	fixture_must_admit(&answer, "token.ended");
}

static void accounts_say_which_code_still_stands(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator");
	struct casebook_account_made made = added(f, &ada.actor, "ben", STR_NONE);
	const struct casebook_account_row *rows;
	struct casebook_account_begun begun;
	size_t count;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_accounts(reader, f->arena, &rows, &count, &f->err));
	assert_int_equal(rows[0].code_until, 0);
	assert_int_equal(rows[1].code_until, made.answer.recorded + 14 * INSTANT_PER_DAY);
	casebook_reader_give(&reader);
	MUST(f, begin(f, "ben", made.code, &begun));
	reader = reader_of(f);
	MUST(f, casebook_accounts(reader, f->arena, &rows, &count, &f->err));
	assert_int_equal(rows[1].code_until, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(an_account_is_begun_by_its_code_once),
		PROVES(what_is_no_code_has_one_answer),
		PROVES(a_code_runs_out_after_fourteen_days),
		PROVES(a_code_runs_out_whatever_its_row_says),
		PROVES(a_code_stands_in_no_file_of_the_register),
		PROVES(a_password_put_beside_a_code_shows),
		PROVES(one_administrator_sets_nobody_elses_credentials),
		PROVES(a_reset_takes_two_administrators),
		PROVES(who_asked_is_not_told_the_other_half_by_a_row_altered),
		PROVES(nobody_resets_himself_nor_agrees_to_his_own),
		PROVES(an_administrators_account_is_ended_by_two),
		PROVES(a_holders_account_is_ended_by_two),
		PROVES(the_office_above_lets_somebody_leave_at_once),
		PROVES(a_reset_and_a_new_password_do_not_mix),
		PROVES(a_change_of_what_was_changed_meanwhile_is_not_taken),
		PROVES(a_code_serves_one_of_two_at_once),
		PROVES(a_token_is_made_for_nobody_else),
		PROVES(accounts_say_which_code_still_stands),
	};
	return PROVE(tests);
}
