/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Proof anew for what decides who may do what, in a drill and in a live register. */
#include "casebook/live.h"
#include "casebook/owed.h"

static struct casebook_actor unproved(const struct person *person)
{
	struct casebook_actor actor = person->actor;
	actor.is_proved = false; /* as a token's is, and a session's after five minutes */
	return actor;
}

/* --- which kinds ----------------------------------------------------------------------------- */

static void a_holder_is_named_and_leaves_by_proof_alone(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator"), wanda = account_named(f, "wanda");
	struct casebook_actor actor = unproved(&ada);
	struct str file = file_of_office(f, "screener");
	REFUSED(f, act(f, &actor, "office.held", file, naming(f, "screener", wanda.account)), "not-proved");
	admitted(f, &ada.actor, "office.held", file, naming(f, "screener", wanda.account));
	REFUSED(f, act(f, &actor, "office.left", file, naming(f, "screener", wanda.account)), "not-proved");
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'office':'screener','deputy':'team-manager','from':'2026-03-01T00:00:00Z',"
		   "'until':'2026-04-01T00:00:00Z'}");
	REFUSED(f, act(f, &actor, "office.deputised", file, fields), "not-proved");
}

static void an_account_is_kept_by_proof_alone(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator"), wanda = account_named(f, "wanda");
	struct casebook_actor actor = unproved(&ada);
	struct casebook_new_account ben = { .name = STR("ben"), .password = STR(FIXTURE_PASSWORD) };
	struct casebook_account_made made;
	struct casebook_answer answer;
	MUST(f, casebook_account_add(f->book, &actor, CASEBOOK_API, &ben, f->arena, &made, &f->err));
	REFUSED(f, made.answer, "not-proved");
	assert_true(str_find_str(made.answer.sentence, STR("token is no such proof")) < made.answer.sentence.n);
	MUST(f, casebook_account_password(f->book, &actor, CASEBOOK_API, STR_NONE, ada.account, STR("another long password"),
	                                  f->arena, &answer, &f->err));
	REFUSED(f, answer, "not-proved");
	MUST(f, casebook_account_totp(f->book, &actor, CASEBOOK_API, STR_NONE, ada.account, f->arena, &made, &f->err));
	REFUSED(f, made.answer, "not-proved");
	MUST(f, casebook_account_reset(f->book, &actor, CASEBOOK_API, STR_NONE, wanda.account, f->arena, &made, &f->err));
	REFUSED(f, made.answer, "not-proved");
	assert_null(made.code.p);
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("account"), wanda.account);
	REFUSED(f, act(f, &actor, "account.ended", STR("R-1"), fields), "not-proved");
	admitted(f, &ada.actor, "account.ended", STR("R-1"), fields);
}

static void a_token_is_made_and_ended_by_proof_alone(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator"), wanda = person(f, "wanda", "screener");
	struct casebook_actor actor = unproved(&wanda);
	char secret[CASEBOOK_SECRET_TEXT + 1];
	instant until = casebook_now(f->book) + INSTANT_PER_DAY;
	struct casebook_answer answer, made;
	MUST(f, casebook_token_make(f->book, &actor, CASEBOOK_API, STR_NONE, wanda.account, STR("screener"), until, f->arena,
	                            secret, &answer, &f->err));
	REFUSED(f, answer, "not-proved");
	assert_int_equal(secret[0], 0);
	MUST(f, casebook_token_make(f->book, &wanda.actor, CASEBOOK_API, STR_NONE, wanda.account, STR("screener"), until, f->arena,
	                            secret, &made, &f->err));
	MUST(f, casebook_token_end(f->book, &actor, CASEBOOK_API, STR_NONE, made.index, f->arena, &answer, &f->err));
	REFUSED(f, answer, "not-proved");
	MUST(f, casebook_token_end(f->book, &ada.actor, CASEBOOK_API, STR_NONE, made.index, f->arena, &answer, &f->err));
	fixture_must_admit(&answer, "token.ended");
}

static void the_glass_is_broken_by_proof_alone(void **state)
{
	struct fixture *f = *state;
	struct person nurse = person(f, "nasrin", "named-nurse");
	struct casebook_actor actor = unproved(&nurse);
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("because"), STR("The child is in the waiting room."));
	json_put_text(f->arena, fields, STR("until"),
	              instant_write(f->arena, casebook_now(f->book) + INSTANT_PER_HOUR));
	REFUSED(f, act(f, &actor, "access.broken", concern.file, fields), "not-proved");
	admitted(f, &nurse.actor, "access.broken", concern.file, fields);
}

static void work_asks_no_proof_anew(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_actor actor = unproved(&screener);
	struct casebook_answer concern = report(f, "He is alone at night.");
	admitted(f, &actor, "note.made", concern.file, fields_of(f, "{'text':'I rang the school.'}"));
	assert_false(casebook_wants_proof(STR("office.handed-over")));
	assert_false(casebook_wants_proof(STR("duty.taken")));
}

/* --- a live register that is open -------------------------------------------------------------- */

/* What was proved when it was written is carried out when the other, proved too, agrees: hours may lie between. */
static void a_second_administrator_agrees_by_proof_alone(void **state)
{
	struct fixture *f = *state;
	struct live live;
	live_found(f, &live, STR("northmere.example/register"));
	struct casebook_actor early = unproved(&live.ada), actor = unproved(&live.otto);
	REFUSED(&live.f, act(&live.f, &early, "register.opened", STR("R-1"), json_object(f->arena)), "not-proved");
	live_open(&live);
	struct person nora = account_named(&live.f, "nora");
	struct str file = file_of_office(&live.f, "screener");
	struct casebook_answer waits =
		act(&live.f, &live.ada.actor, "office.held", file, naming(&live.f, "screener", nora.account));
	assert_int_equal(waits.outcome, CASEBOOK_WAITING);
	REFUSED(&live.f, act(&live.f, &actor, "second.given", file, agreeing(&live.f, waits.index)), "not-proved");
	admitted(&live.f, &live.otto.actor, "second.given", file, agreeing(&live.f, waits.index));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(&live.f);
	const struct casebook_seat *seats;
	size_t count;
	MUST(&live.f, casebook_seats(reader, f->arena, nora.account, &seats, &count, &live.f.err));
	assert_int_equal(count, 1);
	casebook_reader_give(&reader);
	live_close(&live);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_holder_is_named_and_leaves_by_proof_alone),
		PROVES(an_account_is_kept_by_proof_alone),
		PROVES(a_token_is_made_and_ended_by_proof_alone),
		PROVES(the_glass_is_broken_by_proof_alone),
		PROVES(work_asks_no_proof_anew),
		PROVES(a_second_administrator_agrees_by_proof_alone),
	};
	return PROVE(tests);
}
