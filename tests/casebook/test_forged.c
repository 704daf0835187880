/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Somebody who writes the database and has no key: no row that he makes or alters lets him in. */
#include "fixture.h"

#include "casebook/credential.h"
#include "store/dialect.h"
#include "store/store.h"

#define SQL(f, ...) str_to_c((f)->arena, arena_format((f)->arena, __VA_ARGS__))
#define CHOSEN "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" /* what the forger's browser holds */

/* What is set aside lies in `kept`, a database of its own: in register.db no table may be added. */
static void run_beside(struct fixture *f, struct store *store, const char *dir, const char *sql)
{
	FILE *empty = fopen(SQL(f, "%s/kept.db", dir), "ab");
	assert_non_null(empty);
	assert_int_equal(fclose(empty), 0);
	MUST(f, store_run_script(store, SQL(f, "ATTACH '%s/kept.db' AS kept", dir), &f->err));
	MUST(f, store_run_script(store, sql, &f->err));
}

/* With the register closed, which is then opened again. */
static void by_hand(struct fixture *f, const char *sql)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	const char *path = file_join(f->arena, f->dir, "register.db");
	instant now = casebook_now(f->book);
	static const struct casebook_options options = { .has_seed = true, .seed = 9 };
	assert_non_null(sql);
	casebook_close(f->book);
	f->book = NULL;
	MUST(f, store_open(path, STORE_WRITE, &store, &f->err));
	run_beside(f, store, f->dir, sql);
	store_cleanup(&store);
	store = NULL;
	MUST(f, casebook_open_with(f->dir, CASEBOOK_WRITE, &options, &f->book, &f->err));
	MUST(f, casebook_set_now(f->book, now, &f->err));
}

static struct str sum_of(struct fixture *f, const char *secret)
{
	struct hash hash = hash_of(str_from_c(secret));
	return hash_hex(f->arena, &hash);
}

static bool session(struct fixture *f, const char *secret, struct casebook_session *out)
{
	return casebook_session_get(f->book, f->arena, str_from_c(secret), out, &f->err);
}

static void must_be_no_session(struct fixture *f, const char *secret)
{
	struct casebook_session found;
	char next[CASEBOOK_SECRET_TEXT + 1];
	assert_false(session(f, secret, &found));
	assert_int_equal(f->err.code, ERR_ABSENT);
	assert_false(casebook_session_office(f->book, str_from_c(secret), STR("screener"), next, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
}

static bool token(struct fixture *f, const char *secret, struct casebook_actor *out)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	return casebook_token_get(reader, f->arena, str_from_c(secret), out, &f->err);
}

static void must_be_no_token(struct fixture *f, const char *secret)
{
	struct casebook_actor actor;
	assert_false(token(f, secret, &actor));
	assert_int_equal(f->err.code, ERR_ABSENT);
	assert_int_equal(actor.account.n, 0);
}

static void make_token(struct fixture *f, const struct person *who, char secret[CASEBOOK_SECRET_TEXT + 1])
{
	struct casebook_answer answer;
	MUST(f, casebook_token_make(f->book, &BY_REGISTER, CASEBOOK_REGISTER, STR_NONE, who->account, who->actor.office,
	                            casebook_now(f->book) + INSTANT_PER_DAY, f->arena, secret, &answer, &f->err));
	fixture_must_admit(&answer, "token.made");
}

/* --- sessions ------------------------------------------------------------------------------- */

static void a_good_session_outlives_a_restart(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_session found;
	struct person amara = person(f, "amara", "screener");
	MUST(f, casebook_session_make(f->book, amara.account, STR("screener"), secret, &f->err));
	fixture_reopen(f);
	MUST(f, session(f, secret, &found));
	assert_true(str_eq(found.account, amara.account));
	assert_true(found.is_proved);
	/* And goes on through use, which is written. */
	for (int i = 0; i < 4; i++) {
		later(f, 10 * INSTANT_PER_MINUTE);
		MUST(f, session(f, secret, &found));
	}
	MUST(f, casebook_session_prove(f->book, str_from_c(secret), STR(FIXTURE_PASSWORD), digits_now(f, amara.totp),
	                               &f->err));
	fixture_reopen(f);
	MUST(f, session(f, secret, &found));
	assert_true(found.is_proved);
}

static void a_session_put_in_by_hand_opens_nothing(void **state)
{
	struct fixture *f = *state;
	char own[CASEBOOK_SECRET_TEXT + 1];
	struct person amara = person(f, "amara", "screener");
	struct person forger = person(f, "bela", "screener");
	MUST(f, casebook_session_make(f->book, forger.account, STR("screener"), own, &f->err));
	by_hand(f, SQL(f,
	               "INSERT INTO short_session (hash, account, office, made, used, proved, tag) SELECT"
	               " x'%.*s', '%.*s', 'screener', made, used, proved, tag FROM short_session",
	               STR_ARG(sum_of(f, CHOSEN)), STR_ARG(amara.account)));
	must_be_no_session(f, CHOSEN);
	by_hand(f, SQL(f, "UPDATE short_session SET tag = x'' WHERE hash = x'%.*s' AND account = '%.*s'",
	               STR_ARG(sum_of(f, CHOSEN)), STR_ARG(amara.account)));
	must_be_no_session(f, CHOSEN);
}

/* The forger's own session, with one field altered. */
static void must_end(struct fixture *f, const struct person *forger, const char *office, const char *change)
{
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_session found;
	MUST(f, casebook_session_make(f->book, forger->account, str_from_c(office), secret, &f->err));
	MUST(f, session(f, secret, &found));
	by_hand(f, change);
	must_be_no_session(f, secret);
	by_hand(f, "DELETE FROM short_session");
}

static void a_session_altered_by_hand_opens_nothing(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct person forger = person(f, "bela", "screener");
	must_end(f, &forger, "screener",
	         SQL(f, "UPDATE short_session SET account = '%.*s'", STR_ARG(amara.account)));
	must_end(f, &forger, "", "UPDATE short_session SET office = 'screener'");
	must_end(f, &forger, "screener", "UPDATE short_session SET office = ''");
	must_end(f, &forger, "screener", "UPDATE short_session SET proved = proved + 60000000");
	must_end(f, &forger, "screener", "UPDATE short_session SET used = used + 60000000");
	must_end(f, &forger, "screener", "UPDATE short_session SET made = made + 60000000");
}

static void proof_is_not_had_by_hand(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_session found;
	struct person amara = person(f, "amara", "screener");
	MUST(f, casebook_session_make(f->book, amara.account, STR("screener"), secret, &f->err));
	later(f, 6 * INSTANT_PER_MINUTE);
	MUST(f, session(f, secret, &found));
	assert_false(found.is_proved);
	by_hand(f, "UPDATE short_session SET proved = used");
	must_be_no_session(f, secret);
}

static void a_session_brought_back_after_a_new_password_opens_nothing(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_answer answer;
	struct person amara = person(f, "amara", "screener");
	MUST(f, casebook_session_make(f->book, amara.account, STR("screener"), secret, &f->err));
	by_hand(f, "CREATE TABLE kept.aside AS SELECT * FROM short_session");
	MUST(f, casebook_account_password(f->book, &BY_REGISTER, CASEBOOK_REGISTER, STR_NONE, amara.account,
	                                  STR("quite another password"), f->arena, &answer, &f->err));
	must_be_no_session(f, secret);
	by_hand(f, "INSERT INTO short_session SELECT * FROM kept.aside");
	must_be_no_session(f, secret);
}

/* --- tokens --------------------------------------------------------------------------------- */

static void a_good_token_outlives_a_restart(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_actor actor;
	struct person amara = person(f, "amara", "screener");
	make_token(f, &amara, secret);
	fixture_reopen(f);
	MUST(f, token(f, secret, &actor));
	assert_true(str_eq(actor.account, amara.account));
}

static void a_token_put_in_by_hand_opens_nothing(void **state)
{
	struct fixture *f = *state;
	char own[CASEBOOK_SECRET_TEXT + 1];
	struct person amara = person(f, "amara", "screener");
	struct person forger = person(f, "bela", "screener");
	make_token(f, &forger, own);
	by_hand(f, SQL(f,
	               "INSERT INTO short_token (hash, account, office, entry, until_at, tag) SELECT"
	               " x'%.*s', '%.*s', 'screener', entry, until_at, tag FROM short_token",
	               STR_ARG(sum_of(f, CHOSEN)), STR_ARG(amara.account)));
	must_be_no_token(f, CHOSEN);
}

/* The newest that was made. */
static void must_be_listed(struct fixture *f, enum casebook_token_state state)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	const struct casebook_token *tokens;
	size_t count;
	MUST(f, casebook_tokens(reader, f->arena, &tokens, &count, &f->err));
	assert_true(count > 0);
	assert_int_equal(tokens[count - 1].state, state);
}

static void a_token_altered_by_hand_opens_nothing(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct person amara = person(f, "amara", "screener");
	struct person forger = person(f, "bela", "screener");
	const char *const changes[] = {
		SQL(f, "UPDATE short_token SET account = '%.*s'", STR_ARG(amara.account)),
		"UPDATE short_token SET office = 'register-administrator'",
		"UPDATE short_token SET until_at = until_at + 60000000",
		"UPDATE short_token SET entry = entry + 1",
		"UPDATE short_token SET hash = zeroblob(32)",
		"UPDATE short_token SET tag = zeroblob(32)",
	};
	for (size_t i = 0; i < COUNT_OF(changes); i++) {
		struct casebook_actor actor;
		make_token(f, &forger, secret);
		MUST(f, token(f, secret, &actor));
		must_be_listed(f, CASEBOOK_TOKEN_LIVE);
		by_hand(f, changes[i]);
		must_be_no_token(f, secret);
		must_be_listed(f, CASEBOOK_TOKEN_SPOILT);
		by_hand(f, "DELETE FROM short_token");
	}
}

static void a_token_brought_back_after_a_reset_opens_nothing(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_account_made made;
	struct person amara = person(f, "amara", "screener");
	make_token(f, &amara, secret);
	by_hand(f, "CREATE TABLE kept.aside AS SELECT * FROM short_token");
	MUST(f, casebook_account_reset(f->book, &BY_REGISTER, CASEBOOK_REGISTER, STR_NONE, amara.account, f->arena,
	                               &made, &f->err));
	fixture_must_admit(&made.answer, "account.changed");
	must_be_no_token(f, secret);
	by_hand(f, "INSERT INTO short_token SELECT * FROM kept.aside");
	must_be_no_token(f, secret);
}

/* --- sign-in -------------------------------------------------------------------------------- */

static bool sign_in(struct fixture *f, const struct person *who)
{
	struct str account;
	return casebook_sign_in(f->book, STR("amara"), STR(FIXTURE_PASSWORD), digits_now(f, who->totp), f->arena,
	                        &account, &f->err);
}

static void an_older_password_brought_back_signs_nobody_in(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer answer;
	struct person amara = person(f, "amara", "screener");
	by_hand(f, "CREATE TABLE kept.aside AS SELECT * FROM credential WHERE sort = 'password'");
	MUST(f, casebook_account_password(f->book, &BY_REGISTER, CASEBOOK_REGISTER, STR_NONE, amara.account,
	                                  STR("quite another password"), f->arena, &answer, &f->err));
	by_hand(f, "DELETE FROM credential WHERE sort = 'password';"
	           " INSERT INTO credential SELECT * FROM kept.aside");
	assert_false(sign_in(f, &amara));
	assert_int_equal(f->err.code, ERR_ABSENT);
}

static void change_password(struct fixture *f, const struct person *who)
{
	struct casebook_answer answer;
	MUST(f, casebook_account_password(f->book, &BY_REGISTER, CASEBOOK_REGISTER, STR_NONE, who->account,
	                                  STR("quite another password"), f->arena, &answer, &f->err));
}

static void an_older_password_and_its_entry_brought_back_sign_nobody_in(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	by_hand(f, "CREATE TABLE kept.aside AS SELECT * FROM credential; CREATE TABLE kept.before AS SELECT * FROM account");
	change_password(f, &amara);
	by_hand(f, "DELETE FROM credential; INSERT INTO credential SELECT * FROM kept.aside;"
	           " DELETE FROM account; INSERT INTO account SELECT * FROM kept.before");
	assert_false(sign_in(f, &amara));
	assert_int_equal(f->err.code, ERR_ABSENT);
}

/* A password that the forger chose, and the entry that commits to one written anew to name it. */
static void a_password_put_in_with_its_entry_altered_signs_nobody_in(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct person forger = person(f, "forger", "screener");
	CLEANUP(buf_finish) struct buf chosen = { 0 };
	change_password(f, &amara);
	{
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
		buf_init(&chosen, CREDENTIAL_MAX);
		MUST(f, credential_read(reader->store, forger.account, STR("password"), &chosen, &f->err));
	}
	struct hash sum = hash_of(buf_str(&chosen));
	by_hand(f, SQL(f,
	               "UPDATE credential SET bytes = (SELECT bytes FROM credential WHERE account = '%.*s' AND sort = 'password')"
	               " WHERE account = '%.*s' AND sort = 'password';"
	               " UPDATE entry SET plain = json_set(plain, '$.password', '%.*s')"
	               " WHERE idx = (SELECT newest FROM account WHERE id = '%.*s');",
	               STR_ARG(forger.account), STR_ARG(amara.account), STR_ARG(hash_hex(f->arena, &sum)),
	               STR_ARG(amara.account)));
	assert_false(sign_in(f, &amara));
	assert_int_equal(f->err.code, ERR_ABSENT);
}

static instant last_sign_in(struct fixture *f, struct str account)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	instant at;
	MUST(f, signed_in_at(f->book, reader->store, account, &at, &f->err));
	return at;
}

static void who_never_signed_in_did_not_by_hand(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct person other = person(f, "bela", "screener");
	MUST(f, sign_in(f, &amara));
	assert_int_equal(last_sign_in(f, amara.account), casebook_now(f->book));
	by_hand(f, SQL(f,
	               "INSERT INTO short_signed_in (account, at, tag) SELECT '%.*s', at, tag FROM short_signed_in"
	               " WHERE account = '%.*s'",
	               STR_ARG(other.account), STR_ARG(amara.account)));
	assert_int_equal(last_sign_in(f, amara.account), casebook_now(f->book));
	assert_int_equal(last_sign_in(f, other.account), 0);
}

/* What an older copy of the database held is known to whoever has one. */
static void a_set_up_code_brought_back_makes_no_second_administrator(void **state)
{
	struct fixture *f = *state;
	struct casebook_made made;
	struct casebook_account_made account;
	const char *dir = SQL(f, "%s/live", f->dir), *path = file_join(f->arena, dir, "register.db");
	struct casebook_new_account ada = { .name = STR("ada"), .password = STR(FIXTURE_PASSWORD) };
	struct casebook_new_account eve = { .name = STR("eve"), .password = STR(FIXTURE_PASSWORD) };
	struct store *store = NULL;
	bool waits;
	casebook_close(f->book);
	f->book = NULL;
	fixture_create(f, dir, false, &made);
	MUST(f, store_open(path, STORE_WRITE, &store, &f->err));
	run_beside(f, store, dir, "CREATE TABLE kept.aside AS SELECT * FROM short_state");
	store_cleanup(&store);
	MUST(f, casebook_open(dir, CASEBOOK_WRITE, &f->book, &f->err));
	MUST(f, casebook_setup_waits(f->book, &waits, &f->err));
	assert_true(waits);
	MUST(f, casebook_account_first(f->book, made.setup_code, &ada, f->arena, &account, &f->err));
	casebook_close(f->book);
	store = NULL;
	MUST(f, store_open(path, STORE_WRITE, &store, &f->err));
	run_beside(f, store, dir, "DELETE FROM short_state; INSERT INTO short_state SELECT * FROM kept.aside");
	store_cleanup(&store);
	MUST(f, casebook_open(dir, CASEBOOK_WRITE, &f->book, &f->err));
	MUST(f, casebook_setup_waits(f->book, &waits, &f->err));
	assert_false(waits);
	assert_false(casebook_setup_check(f->book, made.setup_code, &f->err));
	assert_false(casebook_account_first(f->book, made.setup_code, &eve, f->arena, &account, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
	assert_non_null(strstr(f->err.message, "has its first administrator already"));
}

/* In a drill anybody acts as anybody. */
static void a_live_register_is_made_no_drill_by_a_setting(void **state)
{
	struct fixture *f = *state;
	struct casebook_made made;
	const char *dir = SQL(f, "%s/live", f->dir), *path = file_join(f->arena, dir, "register.db");
	static const char *const changes[] = {
		"UPDATE setting SET value = 'yes' WHERE name = 'drill'",
		"UPDATE setting SET value = 'drill.' || value WHERE name = 'origin'",
		"DELETE FROM setting WHERE name = 'origin'; INSERT INTO setting VALUES ('origin', 'drill.a.example/b')",
	};
	casebook_close(f->book);
	f->book = NULL;
	fixture_create(f, dir, false, &made);
	for (size_t i = 0; i < COUNT_OF(changes); i++) {
		struct store *store = NULL;
		MUST(f, store_open(path, STORE_WRITE, &store, &f->err));
		MUST(f, store_run_script(store, changes[i], &f->err));
		store_cleanup(&store);
		assert_false(casebook_open(dir, CASEBOOK_WRITE, &f->book, &f->err));
		assert_int_equal(f->err.code, ERR_UNABLE);
		assert_non_null(strstr(f->err.message, "which is a live register"));
		assert_false(casebook_open(dir, CASEBOOK_READ, &f->book, &f->err));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_good_session_outlives_a_restart),
		PROVES(a_session_put_in_by_hand_opens_nothing),
		PROVES(a_session_altered_by_hand_opens_nothing),
		PROVES(proof_is_not_had_by_hand),
		PROVES(a_session_brought_back_after_a_new_password_opens_nothing),
		PROVES(a_good_token_outlives_a_restart),
		PROVES(a_token_put_in_by_hand_opens_nothing),
		PROVES(a_token_altered_by_hand_opens_nothing),
		PROVES(a_token_brought_back_after_a_reset_opens_nothing),
		PROVES(an_older_password_brought_back_signs_nobody_in),
		PROVES(an_older_password_and_its_entry_brought_back_sign_nobody_in),
		PROVES(a_password_put_in_with_its_entry_altered_signs_nobody_in),
		PROVES(who_never_signed_in_did_not_by_hand),
		PROVES(a_set_up_code_brought_back_makes_no_second_administrator),
		PROVES(a_live_register_is_made_no_drill_by_a_setting),
	};
	return PROVE(tests);
}
