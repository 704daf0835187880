/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A layer may add and tighten, never loosen. */
#include "pack_fixture.h"

struct fixture {
	struct arena *arena;
	const struct pack_bytes *northmere;
};

static int set_up(void **state)
{
	char path[200];
	struct fixture *f = calloc(1, sizeof *f);
	assert_non_null(f);
	(void)snprintf(path, sizeof path, "%s/layers/northmere", sample_folder());
	f->arena = arena_create(FIXTURE_BYTES);
	f->northmere = find_pack(f->arena, path);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	arena_destroy(f->arena);
	free(f);
	return 0;
}

static void a_layer_found_beside_its_base_merges(void **state)
{
	struct fixture *f = *state;
	struct pack *pack = load_good(f->arena, f->northmere);
	const struct pack_duty *seen = pack_duty_find(pack, STR("T08"));
	const struct pack_ladder *visit = pack_ladder_find(pack, STR("visit"));
	assert_true(str_eq(pack->name, STR("northmere")));
	assert_int_equal(seen->within.amount, 4);
	assert_true(str_eq(seen->title, STR("See the child")));
	assert_int_equal(pack_duty_find(pack, STR("T28"))->within.at_minute, 12 * 60);
	assert_int_equal(visit->count, 5);
	assert_int_equal(visit->rungs[1].after.amount, 1);
	assert_true(str_eq(visit->rungs[1].tell[0].role->name, STR("service-manager")));
	assert_int_equal(pack_gate_find(pack, STR("G5"))->need_count, 4);
	assert_true(hash_eq(&pack->hash, &f->northmere->hash));
	pack_destroy(pack);
}

static void an_error_names_the_file_of_the_layer_that_made_it(void **state)
{
	struct fixture *f = *state;
	const struct edit edit = { "duties.yaml", "", "T20: { ladder: visti }\n" };
	assert_true(
		is_refused(f->arena, edit_pack(f->arena, f->northmere, &edit), 3,
	                   "layers/northmere/duties.yaml:3:16: duty T20 names ladder \"visti\""));
}

/* What a layer may do. */
static const struct edit GOOD[] = {
	{ "duties.yaml", "", "T24: { class: guidance }\n" },
	{ "duties.yaml", "", "T31: { within: { days: 60 } }\n" },
	{ "duties.yaml", "", "T27: { no-later-than: field returned }\n" },
	{ "duties.yaml", "", "T00: { renewals: 2 }\n" },
	{ "duties.yaml", "", "T24: { ladder: emergency, title: Grade the risk at once }\n" },
	{ "duties.yaml", "", "T10: { from: [field referral-received, recorded, happened] }\n" },
	{ "ladders.yaml", "", "referral: { rungs: [{}, { tell: [edt] }] }\n" },
	{ "offices.yaml", "", "offices: { team-manager: { deputies: [] } }\n" },
	{ "offices.yaml", "",
	  "offices: { edt: { reads: [{ what: children, files: [concern] }] } }\n" },
	{ "offices.yaml", "",
	  "offices: { northmere-clerk: { title: Clerk, agency: council, line: dcs, reads: [{ what: nothing }] } }\n" },
	{ "lists.yaml", "", "source: { club: A sports club }\n" },
	{ "lists.yaml", "",
	  "contact: { video: { title: By video, retired: 2027-01-01, instead: not-seen } }\n" },
	{ "kinds/local.yaml", "", "concern.told: { by: [screener], title: Tell them }\n" },
	{ "kinds/local.yaml", "", "concern.looked: { by: [screener] }\n" },
	{ "kinds/local.yaml", "", "concern.looked: { weighty: yes }\n" },
	{ "kinds/local.yaml", "",
	  "concern.looked: { fields: [{ name: how-long, type: integer, min: 0, max: 99, required: yes }] }\n" },
	{ "kinds/local.yaml", "",
	  "concern.received: { fields: [{ name: school, type: name }] }\n" },
	{ "kinds/local.yaml", "",
	  "child.closed: { needs: [{ need: { second: dcs }, else: The director has not agreed }] }\n" },
	{ "kinds/local.yaml", "", "concern.looked: { opens: [T06] }\n" },
	{ "patterns.yaml", "", "K01: { opens: [T30] }\n" },
	{ "words.yaml", "",
	  "hard-to-reach: { match: [hard to reach], advice: Say who tried and when., source: Ours }\n" },
	{ "files.yaml", "",
	  "files: { concern: { facts: { told: { from: [concern.told.agrees], keep: last } } } }\n" },
};

/* What it may not. */
static const struct {
	struct edit edit;
	const char *expected;
} BAD[] = {
	{ { "duties.yaml", "", "T20: { within: { working-days: 11 } }\n" },
	  "northmere/duties.yaml:3:8: duty T20: within is looser; a layer may only add or tighten; below it stands at " },
	{ { "duties.yaml", "", "T20: { within: { days: 15 } }\n" }, "duty T20: within is looser" },
	{ { "duties.yaml", "", "T31: { within: { days: 93 } }\n" }, "duty T31: within is looser" },
	{ { "duties.yaml", "", "T01: { class: norm }\n" }, "duty T01: class is looser" },
	{ { "duties.yaml", "", "T03: { from: recorded }\n" }, "duty T03: from changed" },
	{ { "duties.yaml", "", "T03: { owed-by: edt }\n" }, "duty T03: owed-by changed" },
	{ { "duties.yaml", "", "T00: { renewals: 4 }\n" }, "duty T00: renewals is looser" },
	{ { "duties.yaml", "", "T03: { ladder: referral }\n" }, "duty T03: ladder is looser" },
	{ { "duties.yaml", "",
	    "T101: { title: Ours, owed-by: dcs, from: recorded, within: { days: 1 }, ladder: referral, source: Ours 1, class: local, certainty: sure }\n" },
	  "duty T101 is added by a layer; its name begins with \"northmere-\"" },
	{ { "ladders.yaml", "", "referral: { rungs: [{}, { after: { working-days: 2 } }] }\n" },
	  "ladder referral: rungs is looser" },
	{ { "ladders.yaml", "", "referral: { rungs: [{}, {}, {}, { place: line }] }\n" },
	  "ladder referral: rungs changed" },
	{ { "offices.yaml", "", "offices: { social-worker: { deputies: [edt] } }\n" },
	  "office social-worker: deputies is looser" },
	{ { "offices.yaml", "", "offices: { social-worker: { reads: [{ what: children }] } }\n" },
	  "office social-worker: reads is looser" },
	{ { "offices.yaml", "", "offices: { team-manager: { line: cp-chair } }\n" },
	  "office team-manager: line is looser" },
	{ { "offices.yaml", "", "offices: { independent-scrutineer: { independent: no } }\n" },
	  "office independent-scrutineer: independent changed" },
	{ { "files.yaml", "", "files: { concern: { final: [closed, closing] } }\n" },
	  "file type concern: final changed" },
	{ { "files.yaml", "", "files: { concern: { facts: { danger: { keep: last } } } }\n" },
	  "northmere/files.yaml:1:40: file type concern: facts changed so that it cannot be told; a layer may only add or tighten; below it stands at tests/data/pack-sample/files.yaml:" },
	{ { "offices.yaml", "", "offices: { ofsted-contact: { outside: no } }\n" },
	  "northmere/offices.yaml:1:30: office ofsted-contact: outside changed so that it cannot be told; a layer may only add or tighten; below it stands at tests/data/pack-sample/offices.yaml:" },
	{ { "kinds/local.yaml", "", "challenge.raised: { ends: [T01] }\n" },
	  "kind challenge.raised: ends is looser; a layer may only add or tighten; below it stands at tests/data/pack-sample/kinds/challenge.yaml:1" },
	{ { "kinds/local.yaml", "",
	    "northmere-a.b: { title: Ours, file: concern, by: [dcs], settles: [T01] }\n" },
	  "kind northmere-a.b settles or ends what the pack below owes; a layer may only add or tighten; below it stands at tests/data/pack-sample/duties.yaml:" },
	{ { "kinds/local.yaml", "",
	    "northmere-a.b: { title: Ours, file: concern, by: [dcs], to: closed }\n" },
	  "kind northmere-a.b leads a file of the pack below from one state to another; a layer may only add or tighten; below it stands at tests/data/pack-sample/files.yaml:2" },
	{ { "kinds/local.yaml", "", "concern.told: { by: [anyone] }\n" },
	  "kind concern.told: by is looser" },
	{ { "kinds/local.yaml", "",
	    "concern.received: { fields: [{ name: school, type: name, required: yes }] }\n" },
	  "kind concern.received: fields is looser" },
	{ { "kinds/local.yaml", "",
	    "concern.looked: { fields: [{ name: checked, required: no }] }\n" },
	  "kind concern.looked: fields is looser" },
	{ { "kinds/local.yaml", "",
	    "concern.looked: { fields: [{ name: danger, sealed: yes }] }\n" },
	  NULL },
	{ { "kinds/local.yaml", "", "concern.told: { settles: [T01] }\n" },
	  "kind concern.told: settles is looser" },
	{ { "kinds/local.yaml", "",
	    "northmere-a.b: { title: Ours, file: concern, by: [dcs], settles: [T01] }\n" },
	  "kind northmere-a.b settles or ends what the pack below owes" },
	{ { "kinds/local.yaml", "", "a.b: { title: Ours, file: concern, by: [dcs] }\n" },
	  "kind a.b is added by a layer" },
	{ { "kinds/local.yaml", "", "concern.closed: { from: any }\n" },
	  "kind concern.closed: from changed" },
	{ { "calendar.yaml", "",
	    "england-wales: { office-hours: { from: \"10:00\", to: \"12:00\" } }\n" },
	  "calendar england-wales: office-hours changed" },
	{ { "patterns.yaml", "", "K19: { once: no, opens: [T12] }\nK01: { once: yes }\n" },
	  "pattern K01: once is looser" },
	{ { "pack.yaml", "title:", "rest: T01\ntitle:" }, "pack northmere: rest changed" },
	{ { "kinds/local.yaml", "",
	    "concern.received: { needs: [{ need: { danger-now: no }, else: Ring us }] }\n" },
	  "kind concern.received: needs is looser" },
	{ { "kinds/local.yaml", "", "concern.received: { by: [anyone] }\n" },
	  "kind concern.received: by is looser" },
	{ { "kinds/local.yaml", "",
	    "northmere-a.b: { title: Ours, file: concern, from: any, by: [dcs], destroys: yes,"
	    " needs: [{ need: { second: edt }, else: No }] }\n" },
	  "kind northmere-a.b destroys words; a layer may only add or tighten" },
	{ { "kinds/local.yaml", "",
	    "northmere-a.b: { title: Ours, file: concern, by: [dcs], to: closed }\n" },
	  "kind northmere-a.b leads a file of the pack below from one state to another" },
	{ { "kinds/local.yaml", "",
	    "northmere-a.b: { title: Ours, file: concern, by: [dcs], lifts: {} }\n" },
	  "kind northmere-a.b changes who may read a file of the pack below" },
	{ { "offices.yaml", "", "offices: { independent-scrutineer: { reads: [{ what: nothing }] } }\n" },
	  "office independent-scrutineer: reads is looser" },
	{ { "offices.yaml", "", "offices: { team-manager: { line: none } }\n" },
	  "office team-manager: line changed" },
};

/* T01: one working day, with dated cases beside it in the pack below. */
static void cases_below_say_how_late_a_tighter_duty_may_be(void **state)
{
	static const struct {
		const char *duty;
		bool holds;
	} TRIES[] = {
		{ "T01: { within: { hours: 4 } }\n", true },
		{ "T01: { within: { hours: 4 }, cases: [{ start: 2026-11-26T10:00:00Z, due: 2026-11-26T14:00:00Z, why: Ours }] }\n", true },
		{ "T01: { within: { hours: 4 }, cases: [{ start: 2026-11-26T10:00:00Z, due: 2026-11-26T15:00:00Z, why: Ours }] }\n", false },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < COUNT_OF(TRIES); i++) {
		const struct edit edit = { "duties.yaml", "", TRIES[i].duty };
		struct pack *pack = load_good(f->arena, edit_pack(f->arena, f->northmere, &edit));
		struct pack_report report;
		struct err err = { 0 };
		bool fails = false;
		assert_true(pack_check(pack, f->arena, &report, &err));
		for (size_t n = 0; n < report.count; n++)
			fails = fails || (str_eq(report.at[n].property, STR("P15")) &&
			                  report.at[n].verdict == PACK_FAILS);
		assert_int_equal(fails, !TRIES[i].holds);
		pack_destroy(pack);
	}
}

static void a_layer_says_the_questions_in_its_own_words(void **state)
{
	struct fixture *f = *state;
	const struct edit edit = { "texts/en.yaml", "",
		                   "report.page.child.heading: Who is it?\n"
		                   "report.question.when-kind.code.now: \"Yes: now\"\n" };
	struct pack *plain = load_good(f->arena, f->northmere);
	struct pack *pack = load_good(f->arena, edit_pack(f->arena, f->northmere, &edit));
	struct str heading = STR("report.page.child.heading");
	assert_true(str_eq(pack_sentence(pack, heading), STR("Who is it?")));
	assert_true(str_eq(pack_sentence(pack, STR("report.question.when-kind.code.now")),
	                   STR("Yes: now")));
	assert_true(str_eq(pack_sentence(pack, STR("report.page.child.title")),
	                   STR("Who is it about")));
	/* Without words of its own a pack says the built-in ones. */
	assert_true(str_eq(pack_sentence(plain, heading), STR("Who is the child?")));
	assert_null(pack_sentence(plain, STR("report.page.child")).p);
	pack_destroy(pack);
	pack_destroy(plain);
	const struct edit wrong = { "texts/en.yaml", "", "report.page.chidl.heading: Who?\n" };
	assert_true(is_refused(f->arena, edit_pack(f->arena, f->northmere, &wrong), 0,
	                       "\"report.page.chidl.heading\" is the path of no sentence"));
}

static void what_adds_or_tightens_is_taken(void **state)
{
	struct fixture *f = *state;
	for (size_t i = 0; i < COUNT_OF(GOOD); i++) {
		pack_destroy(load_good(f->arena, edit_pack(f->arena, f->northmere, &GOOD[i])));
	}
}

static void what_loosens_or_cannot_be_told_is_refused(void **state)
{
	struct fixture *f = *state;
	size_t missed = 0;
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		const struct pack_bytes *bytes = edit_pack(f->arena, f->northmere, &BAD[i].edit);
		if (BAD[i].expected)
			missed += !is_refused(f->arena, bytes, 4, BAD[i].expected);
		else
			missed += !is_refused(f->arena, bytes, 0, "");
	}
	assert_int_equal(missed, 0);
}

/* Lists are added to: what a layer leaves out of one, or says again, takes nothing away; whoever
 * writes it means to. And each form in which a layer may try to loosen. */
static const struct edit BOTH[] = {
	{ "gates.yaml", "", "G1: { needs: [] }\n" },
	{ "gates.yaml", "",
	  "G1: { needs: [{ when: { fact: { harm-sign: yes } }, need: { second: team-manager }, else: Closing on a sign of harm needs a second reader }] }\n" },
	{ "gates.yaml", "",
	  "G2: { needs: [{ when: { state: closing }, need: { not: { duty: { rule: [T88], is: open } } }, else: Silent }] }\n" },
	{ "kinds/local.yaml", "", "plan.ended: { needs: [] }\n" },
	{ "kinds/local.yaml", "", "plan.ended: { needs: [{ gate: G5, when: { state: plan } }] }\n" },
	{ "kinds/local.yaml", "", "assessment.completed: { needs: [{ need: { second: team-manager }, when: { outcome: none }, else: x }] }\n" },
	{ "kinds/local.yaml", "", "concern.decided: { opens: [{ duty: T06, when: { decision: none } }] }\n" },
	{ "kinds/local.yaml", "", "concern.decided: { opens: [] }\n" },
	{ "kinds/local.yaml", "", "concern.looked: { fields: [] }\n" },
	{ "kinds/local.yaml", "", "concern.looked: { fields: [{ name: checked, required: no }] }\n" },
	{ "kinds/local.yaml", "", "concern.looked: { fields: [{ name: danger, codes: [none-found, possible] }] }\n" },
	{ "kinds/local.yaml", "", "concern.looked: { fields: [{ name: danger, type: yes }] }\n" },
	{ "kinds/local.yaml", "", "concern.received: { fields: [{ name: source, type: text, max: 10 }] }\n" },
	{ "patterns.yaml", "", "K01: { when: { any: [] } }\n" },
	{ "patterns.yaml", "",
	  "K01: { when: { any: [{ count: { of: concern.received, within: { months: 12 }, at-least: 3 } }] } }\n" },
	{ "patterns.yaml", "", "K01: { when: { count: { of: concern.received, within: { months: 12 }, at-least: 4 } } }\n" },
	{ "patterns.yaml", "", "K16: { opens: [{ duty: T12, when: { state: known } }] }\n" },
	{ "patterns.yaml", "", "K01: { through: [] }\n" },
	{ "patterns.yaml", "", "K16: { owner: team-manager }\n" },
	{ "ladders.yaml", "", "referral: { rungs: [{}, { one-of: [dcs, edt] }] }\n" },
	{ "ladders.yaml", "", "referral: { rungs: [{}, { after: { working-days: 9 } }] }\n" },
	{ "lists.yaml", "", "source: { hospital: { title: Hospital, retired: 2026-01-01 } }\n" },
	{ "duties.yaml", "", "T07: { within: { working-days: 9 } }\n" },
};

/* A line that begins with the layer's own file, line and column, and names the one below. */
static bool names_both(const struct pack_errors *errors)
{
	static const struct str OWN = { "tests/data/pack-sample/layers/northmere/", 40 };
	static const struct str BELOW = { "; below it stands at tests/data/pack-sample/", 44 };
	for (size_t i = 0; i < errors->count; i++) {
		struct str line = errors->lines[i];
		size_t below = str_find_str(line, BELOW);
		size_t place = str_find_str(str_sub(line, below, line.n), STR(".yaml:"));
		if (str_starts(line, OWN) && below < line.n && below + place + 6 < line.n &&
		    line.p[below + place + 6] >= '1' && line.p[below + place + 6] <= '9')
			return true;
	}
	return false;
}

static bool is_told_of_both(struct fixture *f, const struct edit *edit)
{
	struct pack *pack = NULL;
	struct pack_errors errors = { 0 };
	struct err err = { 0 };
	bool is_read = pack_load(edit_pack(f->arena, f->northmere, edit), &pack, f->arena, &errors, &err);
	pack_destroy(pack);
	if (!is_read && names_both(&errors))
		return true;
	print_message("%s: %s", is_read ? "it is taken" : "not both", edit->replace);
	for (size_t i = 0; i < errors.count; i++)
		print_message("found:    %.*s\n", STR_ARG(errors.lines[i]));
	return false;
}

static void what_loosens_is_told_with_both_lines(void **state)
{
	struct fixture *f = *state;
	size_t missed = 0;
	for (size_t i = 0; i < COUNT_OF(BOTH); i++)
		missed += !is_told_of_both(f, &BOTH[i]);
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		bool is_of_its_own = BAD[i].expected &&
		                     strstr(BAD[i].expected, "is added by a layer");
		missed += !is_of_its_own && !is_told_of_both(f, &BAD[i].edit);
	}
	assert_int_equal(missed, 0);
}

#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_layer_found_beside_its_base_merges),
		PROVES(an_error_names_the_file_of_the_layer_that_made_it),
		PROVES(a_layer_says_the_questions_in_its_own_words),
		PROVES(cases_below_say_how_late_a_tighter_duty_may_be),
		PROVES(what_adds_or_tightens_is_taken),
		PROVES(what_loosens_or_cannot_be_told_is_refused),
		PROVES(what_loosens_is_told_with_both_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
