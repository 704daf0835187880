/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A way in again by the officers' shares, and tokens that are listed and ended one by one. */
#include "casebook/dump.h"
#include "casebook/owed.h"

/* A register with two of three shares, in the place of the test's own. */
static struct casebook_made with_shares(struct fixture *f)
{
	const char *folders[] = { test_packs() };
	struct casebook_made made;
	struct casebook_founding founding = { .dir = f->dir,
		                              .origin = STR("drill.northmere.example/register"),
		                              .is_drill = true,
		                              .has_seed = true,
		                              .seed = 1,
		                              .start = FIXTURE_START - INSTANT_PER_HOUR,
		                              .shares = 3,
		                              .shares_needed = 2 };
	MUST(f, pack_find(f->arena, folders, 1, STR("england"), &founding.pack, &f->err));
	casebook_close(f->book);
	f->book = NULL;
	fixture_remove_folder(f->arena, f->dir);
	MUST(f, casebook_create(&founding, f->arena, &made, &f->err));
	fixture_open(f);
	assert_int_equal(made.share_count, 3);
	return made;
}

static bool recover(struct fixture *f, const struct str *shares, size_t count, struct str account,
                    struct casebook_account_made *out)
{
	struct casebook_recovery recovery = { .shares = shares,
		                              .share_count = count,
		                              .account = account,
		                              .password = STR("another long password"),
		                              .machine_user = STR("root") };
	return casebook_account_recover(f->book, &recovery, f->arena, out, &f->err);
}

static bool signs_in(struct fixture *f, const char *name, const char *password, struct str totp)
{
	struct str account;
	return casebook_sign_in(f->book, str_from_c(name), str_from_c(password), digits_now(f, totp), f->arena,
	                        &account, &f->err);
}

static void must_verify(struct fixture *f)
{
	struct casebook_verified found;
	casebook_close(f->book);
	f->book = NULL;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	if (!found.ok)
		fail_msg("%.*s: %.*s", STR_ARG(found.difference.where), STR_ARG(found.difference.what));
	fixture_open(f);
}

static void the_officers_shares_give_an_account_a_way_in_again(void **state)
{
	struct fixture *f = *state;
	struct casebook_made shares = with_shares(f);
	struct person admin = person(f, "ada", "register-administrator");
	struct casebook_account_made made;
	struct casebook_session session;
	struct casebook_entry entry;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	MUST(f, casebook_session_make(f->book, admin.account, admin.actor.office, secret, &f->err));
	for (int i = 0; i < 5; i++)
		assert_false(signs_in(f, "ada", "a wrong password", admin.totp));
	struct str two[2] = { shares.shares[2], shares.shares[0] };
	MUST(f, recover(f, two, 2, admin.account, &made));
	fixture_must_admit(&made.answer, "account.recovered");
	assert_false(casebook_session_get(f->book, f->arena, str_from_c(secret), &session, &f->err));
	assert_true(signs_in(f, "ada", "another long password", made.totp_base32));
	assert_false(signs_in(f, "ada", FIXTURE_PASSWORD, admin.totp));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_entry_get(reader, f->arena, made.answer.index, &entry, &f->err));
	assert_true(str_eq(entry.kind, STR("account.recovered")));
	assert_int_equal(json_number(entry.plain, STR("officers"), 0), 2);
	assert_true(str_eq(json_text(entry.plain, STR("account")), admin.account));
	casebook_reader_give(&reader);
	must_verify(f);
}

static void the_head_of_every_agency_is_told_of_a_recovery(void **state)
{
	struct fixture *f = *state;
	struct casebook_made shares = with_shares(f);
	struct person admin = person(f, "ada", "register-administrator"), nurse = person(f, "nadia", "named-nurse");
	struct casebook_account_made made;
	MUST(f, recover(f, shares.shares, 3, admin.account, &made));
	/* council, police, health, school, voluntary; one heads partnership and host */
	assert_int_equal(open_count_of(f, STR("R-1"), "R02"), 6);
	struct casebook_duty_list list = duties_of(f, STR("R-1"));
	for (size_t i = 0; i < list.count; i++) {
		if (!str_eq(list.at[i].office, STR("named-nurse")))
			continue;
		struct json *fields = json_object(f->arena);
		json_put_text(f->arena, fields, STR("duty"), list.at[i].name);
		admitted(f, &nurse.actor, "duty.read", STR("R-1"), fields);
	}
	assert_int_equal(open_count_of(f, STR("R-1"), "R02"), 5);
	CLEANUP(buf_finish) struct buf before = dump(f);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	CLEANUP(buf_finish) struct buf after = dump(f);
	assert_same_dump(&before, &after);
}

static void shares_that_do_not_rebuild_the_key_recover_nothing(void **state)
{
	struct fixture *f = *state;
	struct casebook_made shares = with_shares(f);
	struct person admin = person(f, "ada", "register-administrator");
	struct casebook_account_made made;
	assert_false(recover(f, shares.shares, 1, admin.account, &made));
	assert_int_equal(f->err.code, ERR_INPUT);
	struct str same[2] = { shares.shares[1], shares.shares[1] };
	assert_false(recover(f, same, 2, admin.account, &made));
	assert_false(recover(f, shares.shares, 2, STR("0123456789ABCDEFGHJKMNPQRS"), &made));
	assert_int_equal(f->err.code, ERR_ABSENT);
	assert_int_equal(open_count_of(f, STR("R-1"), "R02"), 0);
	assert_true(signs_in(f, "ada", FIXTURE_PASSWORD, admin.totp));
}

static int64_t make_token(struct fixture *f, const struct person *who, char secret[CASEBOOK_SECRET_TEXT + 1])
{
	struct casebook_answer answer;
	MUST(f, casebook_token_make(f->book, &BY_REGISTER, CASEBOOK_REGISTER, STR_NONE, who->account, who->actor.office,
	                            casebook_now(f->book) + INSTANT_PER_DAY, f->arena, secret, &answer, &f->err));
	fixture_must_admit(&answer, "token.made");
	return answer.index;
}

static bool opens(struct fixture *f, const char *secret)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_actor actor;
	return casebook_token_get(reader, f->arena, str_from_c(secret), &actor, &f->err);
}

static enum casebook_token_state state_of(struct fixture *f, int64_t entry)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	const struct casebook_token *tokens;
	size_t count;
	MUST(f, casebook_tokens(reader, f->arena, &tokens, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		if (tokens[i].entry == entry)
			return tokens[i].state;
	}
	fail_msg("no token of that entry");
	return CASEBOOK_TOKEN_LIVE;
}

static void one_token_ends_and_the_others_stay(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator"), amara = person(f, "amara", "screener");
	struct person nurse = person(f, "nadia", "named-nurse");
	char one[CASEBOOK_SECRET_TEXT + 1], other[CASEBOOK_SECRET_TEXT + 1], third[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_answer answer;
	int64_t first = make_token(f, &amara, one), second = make_token(f, &amara, other);
	int64_t last = make_token(f, &nurse, third);
	MUST(f, casebook_token_end(f->book, &admin.actor, CASEBOOK_CLI, STR_NONE, first, f->arena, &answer, &f->err));
	fixture_must_admit(&answer, "token.ended");
	assert_false(opens(f, one));
	assert_true(opens(f, other));
	leave(f, &nurse);
	assert_int_equal(state_of(f, first), CASEBOOK_TOKEN_ENDED);
	assert_int_equal(state_of(f, second), CASEBOOK_TOKEN_LIVE);
	assert_int_equal(state_of(f, last), CASEBOOK_TOKEN_LAPSED);
	later(f, INSTANT_PER_DAY);
	assert_int_equal(state_of(f, second), CASEBOOK_TOKEN_LAPSED);
}

static void what_is_no_standing_token_is_not_ended(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator"), amara = person(f, "amara", "screener");
	struct person nurse = person(f, "nadia", "named-nurse");
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_answer answer;
	int64_t made = make_token(f, &amara, secret);
	assert_false(casebook_token_end(f->book, &admin.actor, CASEBOOK_CLI, STR_NONE, made - 1, f->arena, &answer, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
	assert_false(casebook_token_end(f->book, &admin.actor, CASEBOOK_CLI, STR_NONE, 1000000, f->arena, &answer, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
	MUST(f, casebook_token_end(f->book, &nurse.actor, CASEBOOK_CLI, STR_NONE, made, f->arena, &answer, &f->err));
	REFUSED(f, answer, "not-own");
	MUST(f, casebook_token_end(f->book, &admin.actor, CASEBOOK_CLI, STR_NONE, made, f->arena, &answer, &f->err));
	MUST(f, casebook_token_end(f->book, &admin.actor, CASEBOOK_CLI, STR_NONE, made, f->arena, &answer, &f->err));
	REFUSED(f, answer, "no-token");
	REFUSED(f, act(f, &admin.actor, "token.ended", STR("R-1"), fields_of(f, "{'token':'0123'}")), "no-token");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_officers_shares_give_an_account_a_way_in_again),
		PROVES(the_head_of_every_agency_is_told_of_a_recovery),
		PROVES(shares_that_do_not_rebuild_the_key_recover_nothing),
		PROVES(one_token_ends_and_the_others_stay),
		PROVES(what_is_no_standing_token_is_not_ended),
	};
	return PROVE(tests);
}
