/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Somebody who has an account and writes the database, without a key, is no second reader of his own
 * act, and gives nobody an act that was never theirs. */
#include "casebook/keys.h"
#include "casebook/live.h"

#define SQL(f, ...) str_to_c((f)->arena, arena_format((f)->arena, __VA_ARGS__))

static struct casebook_entry entry_of(struct fixture *f, int64_t index)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_entry entry;
	MUST(f, casebook_entry_get(reader, f->arena, index, &entry, &f->err));
	return entry;
}

static struct casebook_act a_report(struct fixture *f, struct str submission)
{
	return (struct casebook_act){
		.actor = BY_PUBLIC,
		.via = CASEBOOK_WEB,
		.kind = STR("concern.received"),
		.submission = submission,
		.wants_code = true,
		.fields = fields_of(f, "{'source':'neighbour','happening':'He hits her.','harm':['physical'],"
		                       "'danger-now':'no','harm-sign':'unknown','channel':'web'}"),
	};
}

/* Nothing more is done against a sign of harm: that wants a team manager's yes. */
static struct casebook_answer decide(struct fixture *f, const struct person *who, struct str *number)
{
	struct casebook_act what = a_report(f, STR("sign"));
	what.fields = fields_of(f, "{'source':'neighbour','happening':'A burn.','harm':['physical'],"
	                           "'danger-now':'no','harm-sign':'yes','channel':'web'}");
	struct casebook_answer concern;
	MUST(f, casebook_submit(f->book, &what, f->arena, &concern, &f->err));
	*number = concern.number;
	admitted(f, &who->actor, "concern.looked", *number,
	         fields_of(f, "{'danger':'none-found','checked':['own-files','police','health','school']}"));
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'decision':'none','threshold':'2026','reason-none':'information-only','reasons':'A kettle.'}");
	struct json *evidence = json_array(f->arena);
	json_push(evidence, json_integer(f->arena, concern.index));
	json_put(fields, STR("evidence"), evidence);
	struct casebook_answer waits = act(f, &who->actor, "concern.decided", *number, fields);
	assert_int_equal(waits.outcome, CASEBOOK_WAITING);
	return waits;
}

static void nobody_agrees_to_his_own_act_by_a_row_of_what_waits(void **state)
{
	struct fixture *f = *state;
	struct person both = person(f, "mallory", "screener"), other = person(f, "tomas", "team-manager");
	struct str number;
	hold(f, &both, "team-manager");
	both.actor.office = STR("screener");
	struct casebook_answer waits = decide(f, &both, &number);
	both.actor.office = STR("team-manager");
	run_sql(f, SQL(f, "UPDATE waiting SET account = '%.*s', office = 'team-manager' WHERE entry = %lld;",
	               STR_ARG(other.account), (long long)waits.index));
	struct casebook_answer given =
		act(f, &both.actor, "second.given", number, agreeing(f, waits.index));
	assert_int_equal(given.outcome, CASEBOOK_REFUSED);
	assert_true(str_eq(file_named(f, number).state_name, STR("received")));
}

static void what_waits_is_admitted_as_its_entry_says_and_no_row(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener"), manager = person(f, "tomas", "team-manager");
	struct str number;
	struct casebook_answer waits = decide(f, &screener, &number);
	run_sql(f, SQL(f, "UPDATE waiting SET account = '%.*s', office = 'team-manager', kind = 'concern.told',"
	               " given = 'team-manager' WHERE entry = %lld;",
	               STR_ARG(manager.account), (long long)waits.index));
	admitted(f, &manager.actor, "second.given", number, agreeing(f, waits.index));
	struct casebook_entry entry = entry_of(f, file_named(f, number).last_entry);
	assert_true(str_eq(entry.kind, STR("concern.decided")));
	assert_true(str_eq(entry.account, screener.account));
	assert_true(str_eq(entry.office, STR("screener")));
}

static const struct json *deciding(struct fixture *f, struct str number, const char *fields)
{
	struct json *all = (struct json *)(uintptr_t)fields_of(f, fields);
	struct json *evidence = json_array(f->arena);
	json_push(evidence, json_integer(f->arena, file_named(f, number).first_entry));
	json_put(all, STR("evidence"), evidence);
	return all;
}

/* Somebody decided meanwhile, and the file stayed where it was: a yes to what was written before does not undo that. */
static void what_waits_is_not_admitted_over_a_decision_made_since(void **state)
{
	static const char ASSESS[] = "{'decision':'assess','threshold':'2026','reasons':'He was burnt before.'}";
	static const char NONE[] =
		"{'decision':'none','threshold':'2026','reason-none':'information-only','reasons':'A kettle.'}";
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener"), manager = person(f, "tomas", "team-manager");
	struct person other = person(f, "sunita", "team-manager");
	struct str number;
	(void)decide(f, &screener, &number);
	admitted(f, &other.actor, "concern.decided", number, deciding(f, number, ASSESS));
	struct casebook_answer waits = act(f, &screener.actor, "concern.decided", number, deciding(f, number, NONE));
	assert_int_equal(waits.outcome, CASEBOOK_WAITING);
	admitted(f, &other.actor, "concern.decided", number, deciding(f, number, ASSESS));
	(void)act(f, &manager.actor, "second.given", number, agreeing(f, waits.index));
	assert_true(str_eq(file_named(f, number).state_name, STR("assessing")));
}

static void an_entry_that_was_altered_is_agreed_to_by_nobody(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener"), manager = person(f, "tomas", "team-manager");
	struct str number;
	struct casebook_answer waits = decide(f, &screener, &number), given;
	run_sql(f, SQL(f, "UPDATE entry SET plain = REPLACE(plain, 'team-manager', 'screener')"
	               " WHERE idx = %lld;", (long long)waits.index));
	struct casebook_act yes = { .actor = manager.actor, .via = CASEBOOK_CLI, .kind = STR("second.given"),
		                    .file = number, .fields = agreeing(f, waits.index) };
	MUST(f, casebook_submit(f->book, &yes, f->arena, &given, &f->err));
	assert_int_equal(given.outcome, CASEBOOK_FAILED);
	assert_int_equal(given.err.code, ERR_UNABLE);
	assert_non_null(strstr(given.err.message, "candour verify"));
	assert_true(str_eq(file_named(f, number).state_name, STR("received")));
}

/* What a gate looked at was another for the moment, and is as it was: the act's own past refuses it. */
static void verify_names_an_act_that_the_rules_of_its_day_refuse(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct str number;
	(void)decide(f, &screener, &number);
	close_register(f);
	must_verify(f);
	MUST(f, casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
	int64_t file = file_named(f, number).n;
	run_sql(f, SQL(f, "UPDATE file SET facts = REPLACE(facts, '\"harm-sign\":\"yes\"', '\"harm-sign\":\"no\"')"
	               " WHERE n = %lld;", (long long)file));
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'decision':'none','threshold':'2026','reason-none':'information-only','reasons':'A kettle.'}");
	struct json *evidence = json_array(f->arena);
	json_push(evidence, json_integer(f->arena, file_named(f, number).first_entry));
	json_put(fields, STR("evidence"), evidence);
	struct casebook_answer decided = admitted(f, &screener.actor, "concern.decided", number, fields);
	run_sql(f, SQL(f, "UPDATE file SET facts = REPLACE(facts, '\"harm-sign\":\"no\"', '\"harm-sign\":\"yes\"')"
	               " WHERE n = %lld;", (long long)file));
	close_register(f);
	struct casebook_difference found = looked_at(f);
	assert_true(str_eq(found.where, STR("entry")));
	assert_int_equal(found.index, decided.index);
	assert_non_null(strstr(str_to_c(f->arena, found.what), "second reader"));
}

/* So it is with the state of a file. */
static void verify_names_an_act_that_its_files_state_did_not_let_in(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct json *fields = json_object(f->arena);
	json_put_integer(f->arena, fields, STR("because"), concern.index);
	long long file = file_named(f, concern.number).n;
	run_sql(f, SQL(f, "UPDATE file SET state = 6 WHERE n = %lld;", file));
	struct casebook_answer again = admitted(f, &screener.actor, "concern.reopened", concern.number, fields);
	assert_true(str_eq(file_named(f, concern.number).state_name, STR("received")));
	close_register(f);
	struct casebook_difference found = looked_at(f);
	assert_true(str_eq(found.where, STR("entry")));
	assert_int_equal(found.index, again.index);
	assert_non_null(strstr(str_to_c(f->arena, found.what), "while the file is received"));
}

/* A clock far ahead is believed when two accounts confirm it, whatever row says that one waits. */
static void one_account_and_a_made_up_row_confirm_no_clock(void **state)
{
	struct live live;
	live_found(*state, &live, STR("northmere.example/register"));
	live_open(&live);
	(void)snprintf(live.f.dir, sizeof live.f.dir, "%.63s", live.dir);
	run_sql(&live.f, SQL(&live.f, "INSERT INTO waiting (entry, file, kind, account, office, roles, given, until_at)"
	               " SELECT MAX(idx), 0, 'clock.confirmed', '%.*s', 'register-administrator',"
	               " 'register-administrator', '', 9000000000000000 FROM entry;",
	               STR_ARG(live.otto.account)));
	struct json *fields = json_object(live.f.arena);
	json_put_text(live.f.arena, fields, STR("wall"), instant_write(live.f.arena, casebook_now(live.f.book)));
	struct casebook_answer confirmed =
		act(&live.f, &live.ada.actor, "clock.confirmed", STR("R-1"), fields);
	assert_int_equal(confirmed.outcome, CASEBOOK_WAITING);
	live_close(&live);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(nobody_agrees_to_his_own_act_by_a_row_of_what_waits),
		PROVES(what_waits_is_admitted_as_its_entry_says_and_no_row),
		PROVES(what_waits_is_not_admitted_over_a_decision_made_since),
		PROVES(an_entry_that_was_altered_is_agreed_to_by_nobody),
		PROVES(verify_names_an_act_that_the_rules_of_its_day_refuse),
		PROVES(verify_names_an_act_that_its_files_state_did_not_let_in),
		PROVES(one_account_and_a_made_up_row_confirm_no_clock),
	};
	return PROVE(tests);
}
