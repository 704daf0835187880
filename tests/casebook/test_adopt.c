/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Adopting another version of the pack. */
#include "casebook/changed_pack.h"
#include "casebook/dump.h"
#include "casebook/keys.h"
#include "pack/whole.h"

static const struct pack_bytes *changed_as(struct fixture *f, const char *version, const char *path,
                                           const char *from, const char *to)
{
	const struct text_change change = { path, from, to };
	return changed_all(f, version, &change, 1);
}

static const struct pack_bytes *changed(struct fixture *f, const char *path, const char *from, const char *to)
{
	return changed_as(f, "version: 0.2.0", path, from, to);
}

static const struct pack_bytes *changed_duty(struct fixture *f, const char *from, const char *to)
{
	return changed(f, "duties.yaml", from, to);
}

static struct casebook_adoption adopt(struct fixture *f, const struct person *a, const struct person *b,
                                      const struct pack_bytes *pack)
{
	struct casebook_adoption out;
	MUST(f, casebook_adopt(f->book, &a->actor, &b->actor, CASEBOOK_CLI, STR_NONE, pack, f->arena, &out, &f->err));
	return out;
}

static void a_changed_text_is_adopted_by_two_agencies(void **state)
{
	struct fixture *f = *state;
	struct person one = person(f, "ada", "register-administrator"), two = person(f, "noor", "named-nurse");
	struct casebook_adoption out = adopt(
		f, &one, &two, changed_duty(f, "within one working day of receiving a referral", "one working day from the referral"));
	assert_int_equal(out.answer.outcome, CASEBOOK_ADMITTED);
	assert_int_equal(out.change, PACK_CHANGE_TEXT);
	assert_true(str_eq(casebook_pack(f->book)->version, STR("0.2.0")));
	fixture_reopen(f);
	assert_true(str_eq(casebook_pack(f->book)->version, STR("0.2.0")));
	report(f, "He is alone at night.");
}

struct two {
	struct person one;
	struct person other;
};

static void refuse_number(struct fixture *f, const struct two *who, const char *number, const char *from,
                          const char *to, const char *smallest)
{
	struct casebook_adoption out =
		adopt(f, &who->one, &who->other, changed_as(f, number, "duties.yaml", from, to));
	assert_int_equal(out.answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(out.answer.err.code, ERR_REFUSED);
	assert_non_null(strstr(out.answer.err.message, smallest));
	assert_true(str_eq(casebook_pack(f->book)->version, STR("0.1.0")));
}

static void a_number_too_small_for_what_changed_is_refused_and_the_smallest_named(void **state)
{
	struct fixture *f = *state;
	struct two who = { person(f, "ada", "register-administrator"), person(f, "noor", "named-nurse") };
	refuse_number(f, &who, "version: 0.1.0", "within one working day of receiving a referral", "one working day from the referral",
	              "Version 0.1.0 is too small a number for what changed (text); the smallest that may be"
	              " adopted is 0.1.1");
	refuse_number(f, &who, "version: 0.1.9", "within: { hours: 24 }", "within: { hours: 12 }",
	              "(tighter); the smallest that may be adopted is 0.2.0");
	refuse_number(f, &who, "version: 0.9.0", "within: { hours: 24 }", "within: { hours: 48 }",
	              "(looser); the smallest that may be adopted is 1.0.0");
	refuse_number(f, &who, "version: 0.0.9", "within one working day of receiving a referral", "one working day from the referral",
	              "Version 0.0.9 is older than 0.1.0");
}

static void one_agency_alone_adopts_nothing(void **state)
{
	struct fixture *f = *state;
	struct person one = person(f, "amara", "screener"), two = person(f, "tomas", "team-manager");
	struct casebook_adoption out = adopt(
		f, &one, &two, changed_duty(f, "within one working day of receiving a referral", "one working day from the referral"));
	assert_int_equal(out.answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(out.answer.err.code, ERR_REFUSED);
}

/* Roles are numbered anew in each pack; a duty of the day before must still tell whom it would have told. */
static void what_was_owed_before_climbs_its_own_ladder_after(void **state)
{
	static const char *const line[] = { "team-manager", "service-manager", "head-of-service", "dcs",
		                            "independent-scrutineer", "ofsted-contact" };
	struct fixture *f = *state;
	struct person one = person(f, "ada", "register-administrator"), two = person(f, "noor", "named-nurse");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_adoption out =
		adopt(f, &one, &two,
	              changed(f, "offices.yaml", "\noffices:\n",
	                      "\noffices:\n  a-first-office: { title: New here, agency: council, line: team-manager,"
	                      " reads: [{ what: own }] }\n"));
	fixture_must_admit(&out.answer, "pack.adopted");
	later(f, 60 * INSTANT_PER_DAY);
	for (size_t fired = 1; fired > 0;) {
		instant next;
		MUST(f, casebook_climb(f->book, casebook_now(f->book), 1000, &fired, &next, &f->err));
	}
	struct casebook_file file = file_named(f, concern.number);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_duty_list list;
	MUST(f, casebook_duties_of_file(reader, f->arena, file.n, 100, &list, &f->err));
	for (size_t i = 0; i < list.count; i++) {
		const struct casebook_told *told;
		size_t count;
		if (!str_eq(list.at[i].rule, STR("T01")))
			continue;
		MUST(f, casebook_duty_told(reader, f->arena, list.at[i].id, &told, &count, &f->err));
		assert_int_equal(count, COUNT_OF(line));
		for (size_t t = 0; t < count; t++)
			assert_true(str_eq(told[t].office, str_from_c(line[t])));
		return;
	}
	fail_msg("T01 is not owed");
}

static struct casebook_answer decided(struct fixture *f, const struct person *amara, const char *decision)
{
	struct casebook_answer concern = report(f, "He is alone at night.");
	return admitted(f, &amara->actor, "concern.decided", concern.file,
	                fields_of(f, arena_format(f->arena,
	                                          "{'decision':'%s','threshold':'1','evidence':[%" PRId64
	                                          "],'reasons':'Enough.'}",
	                                          decision, concern.index)
	                                     .p));
}

static void must_be(struct fixture *f, const struct casebook_answer *on, const char *state)
{
	assert_true(str_eq(file_named(f, on->file).state_name, str_from_c(state)));
}

/* Rows hold numbers of states; each pack counts its own. */
static void files_keep_their_state_when_states_are_counted_anew(void **state)
{
	struct fixture *f = *state;
	struct person one = person(f, "ada", "register-administrator"), two = person(f, "noor", "named-nurse"),
		      amara = person(f, "amara", "screener");
	struct casebook_answer new = report(f, "x"), assessed = decided(f, &amara, "assess"),
			       advised = decided(f, &amara, "advice");
	struct casebook_adoption out =
		adopt(f, &one, &two,
	              changed(f, "files.yaml", "[received, gathering, assessing, protecting, helped, closing, closed]",
	                      "[received, closing, protecting, assessing, helped, gathering, closed]"));
	fixture_must_admit(&out.answer, "pack.adopted");
	for (int i = 0; i < 2; i++) {
		must_be(f, &new, "received");
		must_be(f, &assessed, "assessing");
		must_be(f, &advised, "closing");
		MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	}
}

static const struct pack_bytes *without_helped(struct fixture *f, const char *now)
{
	const struct text_change changes[] = {
		{ "files.yaml", "protecting, helped, closing, closed]",
		  arena_format(f->arena, "protecting, closing, closed]\n    retired-states: { helped: %s }", now).p },
		{ "files.yaml", "protecting, helped, closing] ", "protecting, closing] " },
		{ "kinds/concern.yaml", "from: [received, gathering, assessing, protecting, helped]",
		  "from: [received, gathering, assessing, protecting]" },
		{ "offices.yaml", "protecting, helped, closing] }", "protecting, closing] }" },
		{ "kinds/concern.yaml", "early-help: helped",
		  arena_format(f->arena, "early-help: %s", now).p },
	};
	return changed_all(f, "version: 0.2.0", changes, COUNT_OF(changes));
}

static void a_retired_state_becomes_the_one_that_stands_for_it(void **state)
{
	struct fixture *f = *state;
	struct person one = person(f, "ada", "register-administrator"), two = person(f, "noor", "named-nurse"),
		      amara = person(f, "amara", "screener");
	struct casebook_answer helped = decided(f, &amara, "early-help"), advised = decided(f, &amara, "advice");
	must_be(f, &helped, "helped");
	struct casebook_adoption out = adopt(f, &one, &two, without_helped(f, "assessing"));
	fixture_must_admit(&out.answer, "pack.adopted");
	assert_int_equal(out.change, PACK_CHANGE_TIGHTER);
	for (int i = 0; i < 2; i++) {
		must_be(f, &helped, "assessing");
		must_be(f, &advised, "closing");
		MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	}
	fixture_reopen(f);
	must_be(f, &helped, "assessing");
}

/* L7: what was helped could not be closed; by another name it still cannot, unless the scrutineer agrees. */
static void a_retired_state_opens_no_door(void **state)
{
	struct fixture *f = *state;
	struct person one = person(f, "ada", "register-administrator"), two = person(f, "noor", "named-nurse");
	struct casebook_adoption out = adopt(f, &one, &two, without_helped(f, "closing"));
	assert_int_equal(out.answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(out.answer.err.code, ERR_REFUSED);
	assert_int_equal(out.change, PACK_CHANGE_LOOSER);
	bool is_named = false;
	for (size_t i = 0; i < out.change_count; i++)
		is_named = is_named || str_starts(out.changes[i], STR("file type concern retired-states:"));
	assert_true(is_named);
}

static struct str facts_of(struct fixture *f, const struct casebook_answer *of)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	MUST(f, store_open(file_join(f->arena, f->dir, BOOK_DATABASE), STORE_READ, &store, &f->err));
	MUST(f, store_prepare(store, "SELECT facts FROM file WHERE n = ?1", &read, &f->err));
	store_bind_int(read, 1, file_named(f, of->file).n);
	assert_int_equal(store_step(read, &f->err), STORE_ROW);
	return arena_copy(f->arena, store_str(read, 0));
}

static void must_have(struct fixture *f, const struct casebook_answer *of, const char *fact, bool has)
{
	struct str facts = facts_of(f, of);
	if ((str_find_str(facts, str_from_c(fact)) < facts.n) != has)
		fail_msg("%s: %.*s", fact, STR_ARG(facts));
}

static void must_be_clean(struct fixture *f)
{
	struct casebook_verified found;
	CLEANUP(buf_finish) struct buf before = dump(f);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	CLEANUP(buf_finish) struct buf after = dump(f);
	assert_same_dump(&before, &after);
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	if (!found.ok)
		fail_msg("%.*s: %.*s", STR_ARG(found.difference.where), STR_ARG(found.difference.what));
}

#define OLD_FACT "      first-source: {"
#define NEW_FACTS                                                                                                      \
	"      way-in: { from: [concern.received.channel], keep: first }\n"                                            \
	"      told: { from: [concern.acknowledged.to, concern.told.to], keep: last }\n"                                \
	"      was-yes: { from: [concern.received.danger-now], keep: ever, value: yes }\n"

/* pack.md 5.5: facts are refolded over all entries by the new definitions. */
static void a_fact_that_a_pack_adds_is_reckoned_from_what_was_there(void **state)
{
	struct fixture *f = *state;
	struct person one = person(f, "ada", "register-administrator"), two = person(f, "noor", "named-nurse"),
		      amara = person(f, "amara", "screener");
	struct casebook_answer told = report(f, "x"), untold = report(f, "y"), later_on;
	admitted(f, &amara.actor, "concern.acknowledged", told.file, fields_of(f, "{'to':'not-reachable','how':'none'}"));
	struct casebook_adoption out =
		adopt(f, &one, &two, changed(f, "files.yaml", OLD_FACT, NEW_FACTS OLD_FACT));
	fixture_must_admit(&out.answer, "pack.adopted");
	assert_int_equal(out.change, PACK_CHANGE_TIGHTER);
	must_have(f, &told, "\"way-in\":\"web\"", true);
	must_have(f, &told, "\"told\":\"not-reachable\"", true);
	must_have(f, &told, "\"first-source\":\"neighbour\"", true);
	must_have(f, &untold, "\"way-in\":\"web\"", true);
	must_have(f, &untold, "\"told\"", false);
	must_have(f, &untold, "\"was-yes\"", false);
	admitted(f, &amara.actor, "concern.acknowledged", untold.file, fields_of(f, "{'to':'referrer','how':'phone'}"));
	later_on = report(f, "z");
	must_have(f, &untold, "\"told\":\"referrer\"", true);
	must_have(f, &later_on, "\"way-in\":\"web\"", true);
	must_be_clean(f);
}

/* --- what loosens ----------------------------------------------------------------------------- */

#define LONGER "within: { hours: 24 }", "within: { hours: 48 }"

static const struct pack_bytes *longer(struct fixture *f)
{
	return changed_as(f, "version: 1.0.0", "duties.yaml", LONGER);
}

static struct casebook_adoption proposed_by(struct fixture *f, const struct two *who, const struct pack_bytes *pack)
{
	struct casebook_adoption out = adopt(f, &who->one, &who->other, pack);
	if (out.answer.outcome != CASEBOOK_WAITING)
		fail_msg("%s", out.answer.err.message);
	assert_int_equal(out.answer.role_count, 1);
	assert_true(str_eq(out.answer.roles[0], STR("independent-scrutineer")));
	assert_true(str_eq(casebook_pack(f->book)->version, STR("0.1.0")));
	return out;
}

static struct casebook_adoption proposed(struct fixture *f, const struct pack_bytes *pack)
{
	struct two who = { person(f, "ada", "register-administrator"), person(f, "noor", "named-nurse") };
	return proposed_by(f, &who, pack);
}

static struct casebook_answer answered(struct fixture *f, const struct person *who, int64_t waits, const char *answer)
{
	return act(f, &who->actor, "second.given", STR("R-1"),
	           fields_of(f, arena_format(f->arena, "{'of':%" PRId64 ",'answer':'%s','reasons':'I read it.'}", waits,
	                                     answer)
	                                .p));
}

static void what_loosens_waits_for_the_independent_scrutineer(void **state)
{
	struct fixture *f = *state;
	struct person sam = person(f, "sam", "independent-scrutineer");
	struct casebook_adoption out = proposed(f, longer(f));
	assert_int_equal(out.change, PACK_CHANGE_LOOSER);
	fixture_reopen(f);
	assert_true(str_eq(casebook_pack(f->book)->version, STR("0.1.0")));
	struct casebook_answer given = answered(f, &sam, out.answer.index, "yes");
	fixture_must_admit(&given, "second.given");
	assert_true(str_eq(casebook_pack(f->book)->version, STR("1.0.0")));
	must_be_clean(f);
	fixture_reopen(f);
	assert_true(str_eq(casebook_pack(f->book)->version, STR("1.0.0")));
	report(f, "He is alone at night.");
}

static void what_the_scrutineer_refuses_falls(void **state)
{
	struct fixture *f = *state;
	struct person sam = person(f, "sam", "independent-scrutineer");
	struct casebook_adoption out = proposed(f, longer(f));
	struct casebook_answer given = answered(f, &sam, out.answer.index, "no");
	fixture_must_admit(&given, "second.given");
	given = answered(f, &sam, out.answer.index, "yes");
	assert_int_equal(given.outcome, CASEBOOK_REFUSED);
	assert_true(str_eq(casebook_pack(f->book)->version, STR("0.1.0")));
	must_be_clean(f);
}

/* Two are two agencies, and the third is neither of them. */
static void nobody_is_the_third_to_his_own_proposal(void **state)
{
	struct fixture *f = *state;
	struct person one = person(f, "ada", "register-administrator"), sam = person(f, "sam", "independent-scrutineer"),
		      noor = person(f, "noor", "named-nurse"), tomas = person(f, "tomas", "team-manager");
	struct casebook_adoption out = adopt(f, &one, &sam, longer(f));
	assert_int_equal(out.answer.outcome, CASEBOOK_FAILED);
	assert_non_null(strstr(out.answer.err.message, "leads an agency"));
	out = adopt(f, &one, &noor, longer(f));
	assert_int_equal(out.answer.outcome, CASEBOOK_WAITING);
	struct casebook_answer given = answered(f, &noor, out.answer.index, "yes");
	assert_int_equal(given.outcome, CASEBOOK_REFUSED);
	given = answered(f, &one, out.answer.index, "yes");
	assert_int_equal(given.outcome, CASEBOOK_REFUSED);
	given = answered(f, &tomas, out.answer.index, "yes");
	assert_int_equal(given.outcome, CASEBOOK_REFUSED);
	assert_true(str_eq(casebook_pack(f->book)->version, STR("0.1.0")));
}

/* By form nobody can tell whether it loosens: so it is asked like what does. */
static void what_cannot_be_told_by_form_waits_too(void **state)
{
	struct fixture *f = *state;
	struct casebook_adoption out = proposed(f, changed_as(f, "version: 1.0.0", "duties.yaml", "  from: recorded\n  within: { hours: 24 }",
	                                                      "  from: happened\n  within: { hours: 24 }"));
	assert_int_equal(out.change, PACK_CHANGE_OTHER);
}

static void a_proposal_whose_text_is_gone_or_altered_is_proposed_again(void **state)
{
	static const char *const WRONG[] = { "DELETE FROM short_proposed;",
		                             "UPDATE short_proposed SET text = CAST(REPLACE(CAST(text AS TEXT), 'hours: 48',"
		                             " 'hours: 99') AS BLOB);" };
	struct fixture *f = *state;
	struct person sam = person(f, "sam", "independent-scrutineer");
	struct two who = { person(f, "ada", "register-administrator"), person(f, "noor", "named-nurse") };
	for (size_t i = 0; i < COUNT_OF(WRONG); i++) {
		struct casebook_adoption out = proposed_by(f, &who, longer(f));
		run_sql(f, WRONG[i]);
		struct casebook_answer given = answered(f, &sam, out.answer.index, "yes");
		fixture_must_admit(&given, "second.given");
		assert_true(str_eq(casebook_pack(f->book)->version, STR("0.1.0")));
	}
	must_be_clean(f);
}

/* While it waited, another version came into force, by which its number is too small. */
static void a_proposal_is_judged_by_what_is_in_force_when_it_is_agreed_to(void **state)
{
	struct fixture *f = *state;
	struct person sam = person(f, "sam", "independent-scrutineer");
	struct two who = { person(f, "ada", "register-administrator"), person(f, "noor", "named-nurse") };
	struct casebook_adoption out = proposed_by(f, &who, longer(f));
	struct casebook_adoption next = adopt(f, &who.one, &who.other, changed_as(f, "version: 1.0.1", "duties.yaml", "within one working day of receiving a referral",
	                                                                "one working day from the referral"));
	fixture_must_admit(&next.answer, "pack.adopted");
	struct casebook_answer given = answered(f, &sam, out.answer.index, "yes");
	fixture_must_admit(&given, "second.given");
	assert_true(str_eq(casebook_pack(f->book)->version, STR("1.0.1")));
	must_be_clean(f);
}

/* However it came to be: here what was in force was altered in memory, and put back. */
static void what_loosened_without_the_scrutineer_is_named(void **state)
{
	struct fixture *f = *state;
	struct person one = person(f, "ada", "register-administrator"), two = person(f, "noor", "named-nurse");
	const struct yaml *duty = yaml_member(whole_of(casebook_pack(f->book))->roots[SECTION_DUTIES], STR("T95"));
	struct yaml *hours = (struct yaml *)(uintptr_t)yaml_member(yaml_member(duty, STR("within")), STR("hours"));
	struct casebook_verified found;
	hours->text = STR("48");
	struct casebook_adoption out = adopt(f, &one, &two, longer(f));
	hours->text = STR("24");
	fixture_must_admit(&out.answer, "pack.adopted");
	assert_int_equal(out.change, PACK_CHANGE_TEXT);
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	assert_false(found.ok);
	assert_int_equal(found.difference.index, out.answer.index);
	struct str says = STR("It says that the pack is text, and it is looser");
	assert_true(str_find_str(found.difference.what, says) < found.difference.what.n);
}

/* --- what may never be ------------------------------------------------------------------------ */

static void refuse_pack(struct fixture *f, const struct pack_bytes *pack, enum err_code code, const char *because)
{
	struct person one = person(f, "ada", "register-administrator"), two = person(f, "noor", "named-nurse");
	struct casebook_adoption out = adopt(f, &one, &two, pack);
	assert_int_equal(out.answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(out.answer.err.code, code);
	if (!strstr(out.answer.err.message, because))
		fail_msg("%s", out.answer.err.message);
	assert_true(str_eq(casebook_pack(f->book)->version, STR("0.1.0")));
}

static void what_old_entries_name_is_never_taken_away(void **state)
{
	struct fixture *f = *state;
	refuse_pack(f,
	            changed_as(f, "version: 9.0.0", "kinds/concern.yaml", "name: said, type: words", "name: told, type: words"),
	            ERR_REFUSED, "field said of concern.received is gone");
}

static void a_pack_that_fails_its_check_is_not_adopted(void **state)
{
	struct fixture *f = *state;
	refuse_pack(f, changed_as(f, "version: 9.0.0", "kinds/concern.yaml", "    - { gate: G2 }", "    - { gate: G1 }"), ERR_INPUT, "a concern ends (closed) while T02 is still owed");
}

static const struct pack_bytes *helped_gone(struct fixture *f)
{
	const struct text_change changes[] = {
		{ "files.yaml", "protecting, helped, closing, closed]", "protecting, closing, closed]" },
		{ "files.yaml", "protecting, helped, closing] ", "protecting, closing] " },
		{ "kinds/concern.yaml", "from: [received, gathering, assessing, protecting, helped]",
		  "from: [received, gathering, assessing, protecting]" },
		{ "offices.yaml", "protecting, helped, closing] }", "protecting, closing] }" },
		{ "kinds/concern.yaml", "early-help: helped", "early-help: assessing" },
	};
	return changed_all(f, "version: 1.0.0", changes, COUNT_OF(changes));
}

static void a_state_goes_only_when_no_file_is_in_it(void **state)
{
	struct fixture *f = *state;
	struct person sam = person(f, "sam", "independent-scrutineer"), amara = person(f, "amara", "screener");
	struct two who = { person(f, "ada", "register-administrator"), person(f, "noor", "named-nurse") };
	struct casebook_answer helped = decided(f, &amara, "early-help");
	struct casebook_adoption out = adopt(f, &who.one, &who.other, helped_gone(f));
	assert_int_equal(out.answer.outcome, CASEBOOK_REFUSED);
	assert_true(str_starts(out.answer.sentence, STR("File C-1 is in state helped, which the new version lacks")));
	admitted(f, &amara.actor, "concern.decided", helped.file,
	         fields_of(f, arena_format(f->arena, "{'decision':'assess','threshold':'1','evidence':[%" PRId64 "],'reasons':'More.'}",
	                                   helped.index).p));
	out = proposed_by(f, &who, helped_gone(f));
	struct casebook_answer given = answered(f, &sam, out.answer.index, "yes");
	fixture_must_admit(&given, "second.given");
	assert_true(str_eq(casebook_pack(f->book)->version, STR("1.0.0")));
	must_be(f, &helped, "assessing");
	must_be_clean(f);
}

/* What the walk of the new version cannot know of: a duty that only the old one opened (L4, L7). */
static void what_an_earlier_version_opened_holds_an_end_up_in_words(void **state)
{
	static const struct text_change CHANGES[] = {
		{ "kinds/concern.yaml", "  opens: [{ duty: T12, when: { danger: now } }]\n", "" },
		{ "kinds/concern.yaml", "    - { duty: T12, when: { decision: [strategy, emergency] } }\n", "" },
		{ "gates.yaml", "    - { need: { not: { duty: { rule: [T12], is: open } } },",
		  "    - { when: { has: { kind: note.made, where: { topic: meeting } } }, need: { not: { duty: { rule: [T12], is: open } } }," },
		{ "kinds/note.yaml", "  settles:\n", "  opens: [{ duty: T12, when: { topic: meeting } }]\n  settles:\n" },
	};
	struct fixture *f = *state;
	struct person sam = person(f, "sam", "independent-scrutineer"), amara = person(f, "amara", "screener"),
		      tess = person(f, "tess", "team-manager");
	struct two who = { person(f, "ada", "register-administrator"), person(f, "noor", "named-nurse") };
	struct casebook_answer concern = decided(f, &amara, "emergency");
	struct casebook_adoption out = proposed_by(f, &who, changed_all(f, "version: 1.0.0", CHANGES, COUNT_OF(CHANGES)));
	struct casebook_answer given = answered(f, &sam, out.answer.index, "yes");
	fixture_must_admit(&given, "second.given");
	struct casebook_answer now =
		admitted(f, &amara.actor, "concern.decided", concern.file,
	                 fields_of(f, arena_format(f->arena,
	                                           "{'decision':'advice','threshold':'1','evidence':[%" PRId64
	                                           "],'reasons':'Enough.'}",
	                                           concern.index)
	                                      .p));
	const char *told = "{'to':'referrer','how':'phone'}";
	admitted(f, &amara.actor, "concern.looked", concern.file,
	         fields_of(f, "{'danger':'none-found','checked':['own-files','police','health','school']}"));
	admitted(f, &amara.actor, "concern.acknowledged", concern.file, fields_of(f, told));
	admitted(f, &amara.actor, "concern.told", concern.file, fields_of(f, told));
	const char *close = arena_format(f->arena, "{'closing':'done','decision':%" PRId64 "}", now.index).p;
	struct casebook_answer refused = act(f, &amara.actor, "concern.closed", concern.file, fields_of(f, close));
	assert_int_equal(refused.outcome, CASEBOOK_REFUSED);
	assert_true(str_eq(refused.sentence,
	                   STR("It is still owed, from an earlier version of the rules: Hold a strategy discussion (T12),"
	                       " by Team manager. This does not settle it. What does: Anything else worth keeping")));
	must_be(f, &concern, "closing");
	must_be_clean(f);
	admitted(f, &tess.actor, "note.made", concern.file, fields_of(f, "{'topic':'strategy-held','text':'Held.'}"));
	admitted(f, &amara.actor, "concern.closed", concern.file, fields_of(f, close));
	must_be(f, &concern, "closed");
	must_be_clean(f);
}

static void each_file_whose_state_is_renamed_has_an_entry_of_it(void **state)
{
	struct fixture *f = *state;
	struct person one = person(f, "ada", "register-administrator"), two = person(f, "noor", "named-nurse"),
		      amara = person(f, "amara", "screener");
	struct casebook_answer files[] = { decided(f, &amara, "early-help"), decided(f, &amara, "early-help") },
			       other = decided(f, &amara, "assess");
	int64_t before = file_named(f, other.file).last_entry;
	struct casebook_adoption out = adopt(f, &one, &two, without_helped(f, "assessing"));
	fixture_must_admit(&out.answer, "pack.adopted");
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
		struct casebook_entry entry;
		MUST(f, casebook_entry_get(reader, f->arena, file_named(f, files[i].file).last_entry, &entry, &f->err));
		assert_true(str_eq(entry.kind, STR("state.renamed")));
		assert_true(str_eq(json_text(entry.plain, STR("from")), STR("helped")));
		assert_true(str_eq(json_text(entry.plain, STR("to")), STR("assessing")));
	}
	assert_int_equal(file_named(f, other.file).last_entry, before);
	must_be_clean(f);
}

/* pack.md 5.5: by the new definitions, over all entries. */
static void a_fact_that_changes_or_goes_is_reckoned_anew(void **state)
{
	struct fixture *f = *state;
	struct person sam = person(f, "sam", "independent-scrutineer"), amara = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "x");
	admitted(f, &amara.actor, "concern.acknowledged", concern.file, fields_of(f, "{'to':'not-reachable','how':'none'}"));
	admitted(f, &amara.actor, "concern.acknowledged", concern.file, fields_of(f, "{'to':'referrer','how':'phone'}"));
	struct casebook_adoption out =
		proposed(f, changed_as(f, "version: 1.0.0", "files.yaml", OLD_FACT " from: [concern.received.source], keep: first }",
	                               OLD_FACT " from: [concern.acknowledged.to], keep: first }"));
	struct casebook_answer given = answered(f, &sam, out.answer.index, "yes");
	fixture_must_admit(&given, "second.given");
	assert_true(str_eq(casebook_pack(f->book)->version, STR("1.0.0")));
	must_have(f, &concern, "\"first-source\":\"not-reachable\"", true);
	must_be_clean(f);
}

/* --- roles and layers ------------------------------------------------------------------------- */

static void a_new_role_gets_its_office_in_the_same_turn(void **state)
{
	struct fixture *f = *state;
	struct person one = person(f, "ada", "register-administrator"), two = person(f, "noor", "named-nurse");
	struct casebook_adoption out =
		adopt(f, &one, &two,
	              changed(f, "offices.yaml", "\noffices:\n",
	                      "\noffices:\n  a-first-office: { title: New here, agency: council, line: team-manager,"
	                      " reads: [{ what: own }] }\n"));
	fixture_must_admit(&out.answer, "pack.adopted");
	person(f, "nia", "a-first-office");
	must_be_clean(f);
}

static const struct pack_bytes *layer(struct fixture *f, const char *extends, const char *hours)
{
	const char *folders[] = { test_packs() };
	const struct pack_bytes *next = NULL;
	char folder[] = "/tmp/candour-layer-XXXXXX";
	assert_non_null(mkdtemp(folder));
	struct str head = arena_format(f->arena, "name: northmere\nversion: 1.0.0\ntitle: Northmere\nextends: %s\n", extends);
	struct str duties = arena_format(f->arena, "T01: { within: { hours: %s } }\n", hours);
	MUST(f, file_write(file_join(f->arena, folder, "pack.yaml"), 0600, head, &f->err));
	MUST(f, file_write(file_join(f->arena, folder, "duties.yaml"), 0600, duties, &f->err));
	MUST(f, pack_find(f->arena, folders, 1, arena_format(f->arena, "%s/", folder), &next, &f->err));
	fixture_remove_folder(f->arena, folder);
	return next;
}

static void a_layer_upon_what_is_in_force_is_adopted(void **state)
{
	struct fixture *f = *state;
	struct person one = person(f, "ada", "register-administrator"), two = person(f, "noor", "named-nurse");
	struct casebook_adoption out = adopt(f, &one, &two, layer(f, "england 0.1.0", "4"));
	fixture_must_admit(&out.answer, "pack.adopted");
	assert_int_equal(out.change, PACK_CHANGE_TIGHTER);
	assert_true(str_eq(casebook_pack(f->book)->name, STR("northmere")));
	must_be_clean(f);
	/* Back to what lies below is no version of it. */
	const char *folders[] = { test_packs() };
	const struct pack_bytes *england = NULL;
	MUST(f, pack_find(f->arena, folders, 1, STR("england"), &england, &f->err));
	out = adopt(f, &one, &two, england);
	assert_int_equal(out.answer.outcome, CASEBOOK_FAILED);
	assert_non_null(strstr(out.answer.err.message, "neither another version of northmere"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_changed_text_is_adopted_by_two_agencies),
		PROVES(a_number_too_small_for_what_changed_is_refused_and_the_smallest_named),
		PROVES(one_agency_alone_adopts_nothing),
		PROVES(what_was_owed_before_climbs_its_own_ladder_after),
		PROVES(files_keep_their_state_when_states_are_counted_anew),
		PROVES(a_retired_state_becomes_the_one_that_stands_for_it),
		PROVES(a_retired_state_opens_no_door),
		PROVES(a_fact_that_a_pack_adds_is_reckoned_from_what_was_there),
		PROVES(what_loosens_waits_for_the_independent_scrutineer),
		PROVES(what_the_scrutineer_refuses_falls),
		PROVES(nobody_is_the_third_to_his_own_proposal),
		PROVES(what_cannot_be_told_by_form_waits_too),
		PROVES(a_proposal_whose_text_is_gone_or_altered_is_proposed_again),
		PROVES(a_proposal_is_judged_by_what_is_in_force_when_it_is_agreed_to),
		PROVES(what_loosened_without_the_scrutineer_is_named),
		PROVES(what_old_entries_name_is_never_taken_away),
		PROVES(a_pack_that_fails_its_check_is_not_adopted),
		PROVES(a_state_goes_only_when_no_file_is_in_it),
		PROVES(what_an_earlier_version_opened_holds_an_end_up_in_words),
		PROVES(each_file_whose_state_is_renamed_has_an_entry_of_it),
		PROVES(a_fact_that_changes_or_goes_is_reckoned_anew),
		PROVES(a_new_role_gets_its_office_in_the_same_turn),
		PROVES(a_layer_upon_what_is_in_force_is_adopted),
	};
	return PROVE(tests);
}
