/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `pack check`: the sample and the England pack hold; planted defects are found as what they are.
 */
#include "check_fixture.h"

#include "pack/walk.h"

static void the_sample_holds(void **state)
{
	struct pack_report report = check_bytes(*state, find_pack(*state, sample_folder()));
	assert_holds(&report);
}

static void the_pack_of_england_holds(void **state)
{
	struct pack_report report = check_bytes(*state, find_pack(*state, "england"));
	assert_holds(&report);
}

/* What another act ends is not answered by it. */
static void it_is_said_of_whom_nobody_but_others_can_answer(void **state)
{
	struct pack_report report = check_bytes(*state, find_pack(*state, "england"));
	assert_true(advises(&report, "duty T27 is owed by missing-coordinator, settled only by rhi-worker"));
	assert_true(advises(&report, "duty T98 is owed by team-manager, settled only by advocate"));
}

static void the_sketch_of_wales_holds(void **state)
{
	struct pack_report report = check_bytes(*state, find_pack(*state, "wales"));
	assert_holds(&report);
}

/* --- planted defects -------------------------------------------------------------- */

struct planted {
	const char *property;
	struct edit edit;
	const char *expected; /* part of the first line of that property */
};

#define T20_NEED "    - { need: { not: { duty: { rule: [T20], is: late } } }"
#define NRM "  by: [exploitation-lead]\n  settles: [T35]"

#define OF_OFFICES(when) "K99:\n  title: One office\n  about: office\n  owner: service-manager\n  source: Norm\n" when

#define BURNS(needs)                                                                               \
	"child.burnt:\n  title: Burn it\n  file: child\n  from: [closed]\n  by: [dcs]\n  destroys: yes\n" needs

static const struct planted BY_FORM[] = {
	{ "P05",
	  { "kinds/concern.yaml", "concern.added:",
	    "concern.begun:\n  title: It begins\n  file: child\n  new: yes\n  by: [dcs]\n"
	    "  needs: [{ when: { file: concern }, need: { second: edt }, else: No }]\nconcern.added:" },
	  "concern.begun begins a file, and asks for a second reader; what begins a file cannot wait" },
	{ "P12",
	  { "kinds/concern.yaml", "concern.received:",
	    BURNS("  needs: [{ need: { has: child.closed }, else: No }]\n") "concern.received:" },
	  "child.burnt destroys the key of a file on one person's word" },
	{ "P12",
	  { "kinds/concern.yaml", "concern.received:",
	    BURNS("  needs: [{ need: { second: edt }, else: No }]\n") "concern.received:" },
	  "child.burnt destroys the key of a file, and asks no gate for what is owed and for the keeping" },
	{ "P03",
	  { "patterns.yaml", "K19:\n",
	    OF_OFFICES("  when: { count: { of: concern.decided, at-least: 3 } }\n") "K19:\n" },
	  "pattern K99 opens T90 on the file of an office, and nothing that may be made there settles it" },
	{ "P13",
	  { "patterns.yaml", "K19:\n",
	    OF_OFFICES("  when: { older-than: { kind: concern.decided, days: 9 } }\n") "K19:\n" },
	  "pattern K99 asks what time alone makes true; an office is looked at when an entry comes" },
	{ "P13",
	  { "patterns.yaml", "K19:\n",
	    OF_OFFICES("  when: { share: { of: entries, from-one: account, at-least: 80, among-at-least: 10, within: { days: 9 } } }\n")
	    "K19:\n" },
	  "pattern K99 counts all entries of an office; name their kinds" },
	{ "P13",
	  { "patterns.yaml", "K19:\n",
	    OF_OFFICES("  when: { count: { of: { kind: duty.climbed, where: { first: yes } }, alike: rule, within: { months: 3 }, at-least: 5, of-owed: 20 } }\n")
	    "K19:\n" },
	  "pattern K99 asks of how much that an office owed; it is about: office, through: [late-in]" },
	{ "P13",
	  { "patterns.yaml", "K19:\n",
	    "K99:\n  title: Few files\n  about: child\n  owner: service-manager\n  source: Norm\n"
	    "  when: { count: { of: concern.decided, different: file, within: { days: 28 }, at-least: 2, of-files: 5 } }\n"
	    "K19:\n" },
	  "pattern K99 asks of how many of its files an office did something; it is about: office, through: [made-in]" },
	{ "P13",
	  { "patterns.yaml", "different: source,", "different: harm," },
	  "counts the codes ticked in \"harm\": signs are never added up (L10)" },
	{ "P13",
	  { "patterns.yaml", "when: { after: { first: missing.found",
	    "when: { ethnicity: present, after: { first: missing.found" },
	  "patterns.yaml:38:11: pattern K09 looks at \"ethnicity\", which no condition may (L10)" },
	{ "P13",
	  { "kinds/child.yaml", "opens: [{ duty: T12, when: { outcome: enquiry } }",
	    "opens: [{ duty: T12, when: { analysis: present } }" },
	  "kinds/child.yaml:57:32: assessment.completed looks at sealed field \"analysis\"; the machine"
	  " opens no seal" },
	{ "P06",
	  { "ladders.yaml", "tell: [ofsted-contact], place: outside }\nagency",
	    "tell: [dcs], place: outside }\nagency" },
	  "ladders.yaml:14:7: ladder referral does not end outside: its last rung tells dcs" },
	{ "P06",
	  { "offices.yaml", "agency: partnership, line: none, independent",
	    "agency: partnership, line: dcs, independent" },
	  "offices.yaml:25:87: office independent-scrutineer is outside or independent but stands in"
	  " the line of dcs" },
	{ "P06",
	  { "offices.yaml", "title: Team manager, agency: council, line: service-manager",
	    "title: Team manager, agency: council, line: screener" },
	  "offices.yaml:8:13: the line of screener comes back to itself" },
	{ "P06",
	  { "kinds/challenge.yaml", "  opens: [T62a]  ", "  settles: [T62]\n  opens: [T62a]  " },
	  "ladders.yaml:26:78: ladder challenge: its rung makes challenge.raised-up, which settles T62"
	  " itself; the rungs above are never reached" },
	{ "P10",
	  { "duties.yaml", "within: { working-days: 2 }, ladder: silent",
	    "within: { working-days: 2 }, ladder: agency" },
	  "duties.yaml:128:3: the register goes round by itself: duty T88 > silence.noted > duty T88" },
	{ "P01",
	  { "kinds/concern.yaml", "settles: [{ duty: T00, when: { field: { next: present } } }]",
	    "settles: [T00]" },
	  "kinds/concern.yaml:132:13: note.made settles T00, but neither says what is next nor closes"
	  " through a gate (L4)" },
	{ "P08",
	  { "kinds/child.yaml", "  by: [social-worker, police-officer]\n  opens: [T35]",
	    "  by: [social-worker, police-officer]" },
	  "duties.yaml:89:3: duty T35 is opened by nothing" },
	{ "P06",
	  { "ladders.yaml", "after: { hours: 24 }, tell: [dcs, police-commander]",
	    "after: { hours: 1 }, tell: [dcs, police-commander]" },
	  "ladders.yaml:5:16: ladder emergency: a rung comes before the one under it" },
	{ "P15",
	  { "duties.yaml", "due: 2026-05-26T23:00:00Z", "due: 2026-05-25T23:00:00Z" },
	  "duties.yaml:21:43: duty T01 is due at 2026-05-26T23:00:00Z; the case says"
	  " 2026-05-25T23:00:00Z" },
	{ "P12",
	  { "patterns.yaml", "K19:\n",
	    "K18:\n  title: Two more\n  about: child\n  owner: team-manager\n  source: Norm\n"
	    "  when: { has: child.seen, linked: { by: about, type: concern, where: { asked-and-answered:"
	    " { ask: concern.asked, answer: concern.answered, silent: T88 } } } }\nK19:\n" },
	  " its own conditions and"
	  " those of the patterns that listen to it together; expected at most 100000; the dearest"
	  " condition is linked(" },
	{ "P08",
	  { "duties.yaml", "T35:\n", "T35:\n  retired: 2027-01-01\n" },
	  ": duty T35 is retired, and nrm.referred still opens it" },
	{ "P08",
	  { "duties.yaml", "T00:\n", "T00:\n  retired: 2027-01-01\n" },
	  ": duty T00 is retired, and pack.yaml still names it" },
	{ "P03",
	  { "duties.yaml", "",
	    "T77: { title: Old, owed-by: dcs, from: recorded, within: { days: 1 }, ladder: referral,"
	    " source: Norm, class: norm, certainty: sure, retired: 2026-01-01 }\n" },
	  ": duty T77 is retired, and nothing settles what is still open of it" },
	{ "P07",
	  { "offices.yaml", "screener: { title: MASH screener,",
	    "screener: { retired: 2027-01-01, title: MASH screener," },
	  ": duty T01 is owed by office screener, which is retired" },
	{ "P07",
	  { "offices.yaml", "cp-chair: {", "cp-chair: { retired: 2027-01-01," },
	  ": ladder visit tells office cp-chair, which is retired" },
	{ "P07",
	  { "offices.yaml", "rhi-worker: {", "rhi-worker: { retired: 2027-01-01," },
	  ": return-interview.held may be made by offices alone that are retired" },
	{ "P05",
	  { "kinds/episode.yaml", "risk.wanted:\n", "risk.wanted:\n  retired: 2026-01-01\n" },
	  "kinds/episode.yaml:40:10: risk.wanted is retired, and missing.found still has it written" },
	{ "P05",
	  { "kinds/challenge.yaml", "challenge.raised-up:\n", "challenge.raised-up:\n  retired: 2026-01-01\n" },
	  "ladders.yaml:26:12: challenge.raised-up is retired, and ladder challenge still makes it" },
	{ "P05",
	  { "kinds/challenge.yaml", "challenge.raised:\n", "challenge.raised:\n  retired: 2026-01-01\n" },
	  "challenge.raised is retired, and concern.answered still offers it" },
	{ "P12",
	  { "kinds/concern.yaml", "concern.received:",
	    "concern.counted:\n  title: Counted\n  file: child\n  by: [dcs]\n  fields: ["
	    "{ name: na, type: integer, counted: late, max: 10000 },"
	    "{ name: nb, type: integer, counted: late, max: 10000 },"
	    "{ name: nc, type: integer, counted: late, max: 10000 },"
	    "{ name: nd, type: integer, counted: late, max: 10000 },"
	    "{ name: ne, type: integer, counted: late, max: 10000 },"
	    "{ name: nf, type: integer, counted: late, max: 10000 },"
	    "{ name: ng, type: integer, counted: late, max: 10000 },"
	    "{ name: nh, type: integer, counted: late, max: 10000 },"
	    "{ name: ni, type: integer, counted: late, max: 10000 },"
	    "{ name: nj, type: integer, counted: late, max: 10000 },"
	    "{ name: nk, type: integer, counted: child, max: 10000 }]\nconcern.received:" },
	  "one concern.counted may look at 112000 rows, 110000 of them to count what its fields say; expected at most 100000" },
	{ "P12",
	  { "files.yaml", "    person: yes\n", "    person: yes\n    private: yes\n" },
	  ": child is private, and no office reads it; name it under files: in the reads of one" },
};

static const struct planted BY_WALK[] = {
	{ "P01",
	  { "files.yaml", "    area: field area ", "    rests: [assessing]\n    area: field area " },
	  "a concern in state protecting may be owed nothing but T00; list it in rests" },
	{ "P02",
	  { "kinds/episode.yaml", "  settles: [T28, T00]", "  settles: [T00]" },
	  "duties.yaml:83:3: a episode ends (closed) while T28 is still owed: missing.reported >"
	  " missing.found > return-interview.held > return-interview.shared" },
	{ "P03",
	  { "kinds/child.yaml", NRM,
	    "  by: [exploitation-lead]\n  needs: [{ need: { not: { duty: { rule: [T35], is: open } } },"
	    " else: x }]\n  settles: [T35]" },
	  "duties.yaml:89:3: duty T35 on a child in state known can be discharged by nobody:"
	  " person.opened > nrm.referred" },
	{ "P03",
	  { "kinds/child.yaml", NRM, "  by: [register]\n  settles: [T35]" },
	  "duties.yaml:89:3: duty T35 on a child in state known can be discharged by nobody:"
	  " person.opened > nrm.referred" },
	{ "P05",
	  { "gates.yaml", T20_NEED, "    - { need: { lacks: plan.made }, else: x }\n" T20_NEED },
	  "kinds/child.yaml:121:3: plan.ended can never be made on a child: a need of it is never met" },
	{ "P05",
	  { "gates.yaml", T20_NEED, "    - { need: { has: missing.found }, else: x }\n" T20_NEED },
	  "kinds/child.yaml:121:3: plan.ended can never be made on a child: a need of it is never met" },
	{ "P02",
	  { "kinds/concern.yaml", "ends: [T03, T04, T05, T06, T07", "ends: [T03, T04, T05, T07" },
	  "duties.yaml:46:3: a concern ends (closed) while T06 is still owed: concern.received"
	  " (harm-sign yes) > concern.decided (decision none) > concern.closed" },
	{ "P02",
	  { "kinds/concern.yaml", "when: { fact: { decision: none } } }, { gate: G2 }]",
	    "when: { fact: { decision: none } } }]" },
	  "duties.yaml:23:3: a concern ends (closed) while T02 is still owed: concern.received"
	  " (harm-sign yes) > concern.decided (decision none) > concern.closed" },
	{ "P09",
	  { "kinds/concern.yaml", "from: [assessing, protecting, helped]",
	    "from: [assessing, helped]" },
	  "files.yaml:3:5: file type concern: from state protecting no final state can be reached;"
	  " after: concern.received (harm-sign yes) > concern.decided (decision emergency)" },
	{ "P08",
	  { "files.yaml", "[known, assessing, enquiry, plan, closed]",
	    "[known, assessing, enquiry, plan, support, closed]" },
	  "files.yaml:15:47: file type child: state \"support\" is never reached" },
	/* what is retired leads nowhere and settles nothing any more */
	{ "P03",
	  { "kinds/child.yaml", "nrm.decided:\n", "nrm.decided:\n  retired: 2026-01-01\n" },
	  "duties.yaml:89:3: duty T35 on a child in state known can be discharged by nobody:"
	  " person.opened > nrm.referred" },
	{ "P03",
	  { "kinds/concern.yaml", "concern.decided:\n", "concern.decided:\n  retired: 2026-01-01\n" },
	  "duty T01 on a concern in state received can be discharged by nobody: concern.received" },
	{ "P09",
	  { "kinds/concern.yaml", "concern.decided:\n", "concern.decided:\n  retired: 2026-01-01\n" },
	  "file type concern: from state received no final state can be reached; after: concern.received" },
	/* needs that contradict by age: at least 12 and under 10 are one number */
	{ "P05",
	  { "gates.yaml", T20_NEED,
	    "    - { need: { age: { under: 10 } }, else: x }\n"
	    "    - { need: { age: { at-least: 12 } }, else: x }\n" T20_NEED },
	  "kinds/child.yaml:121:3: plan.ended can never be made on a child: a need of it is never met" },
	/* settled only when late and not late: one unknown has one truth */
	{ "P03",
	  { "kinds/child.yaml", NRM,
	    "  by: [exploitation-lead]\n  needs: [{ need: { duty: { rule: [T35], is: late } }, else: x },"
	    " { need: { not: { duty: { rule: [T35], is: late } } }, else: x }]\n  settles: [T35]" },
	  "duties.yaml:89:3: duty T35 on a child in state known can be discharged by nobody:"
	  " person.opened > nrm.referred" },
	{ "P03",
	  { "kinds/child.yaml",
	    "  needs:\n    - { need: { has: { kind: child.seen, where: { alone: yes } }",
	    "  needs:\n    - { need: { outcome: none }, else: x }\n    - { need: { outcome: need }, else:"
	    " x }\n    - { need: { has: { kind: child.seen, where: { alone: yes } }" },
	  "duties.yaml:52:3: duty T10 on a child in state assessing can be discharged by nobody:"
	  " person.opened > assessment.opened" },
};

#define PROPOSED "  title: Propose to destroy the file's key\n  file: child\n"
#define WITHDRAWN "  title: Not destroyed\n  file: child\n"

/* What is opened on a file that has ended is owed there, and must be discharged there. */
static void what_is_opened_on_an_ended_file_is_owed_there(void **state)
{
	static const struct edit OPENED = { "kinds/child.yaml", PROPOSED,
		                            PROPOSED "  from: any\n" };
	static const struct edit CLOSED = { "kinds/child.yaml", WITHDRAWN,
		                            WITHDRAWN "  from: any\n" };
	const struct pack_bytes *sample = find_pack(*state, sample_folder());
	const struct pack_bytes *opened = edit_pack(*state, sample, &OPENED);
	struct pack_report report = check_bytes(*state, opened);
	const struct pack_finding *found = failure(&report, "P03");
	assert_null(failure(&report, "P02"));
	assert_non_null(found);
	assert_true(str_find_str(found->line, STR("duty T86 on a child in state closed can be"
	                                          " discharged by nobody: person.opened > ")) <
	            found->line.n);
	report = check_bytes(*state, edit_pack(*state, opened, &CLOSED));
	assert_holds(&report);
}

static void assert_found(struct arena *arena, const struct planted *planted, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		arena_reset(arena);
		const struct pack_bytes *sample = find_pack(arena, sample_folder());
		struct pack_report report =
			check_bytes(arena, edit_pack(arena, sample, &planted[i].edit));
		const struct pack_finding *found = failure(&report, planted[i].property);
		if (!found ||
		    str_find_str(found->line, str_from_c(planted[i].expected)) == found->line.n) {
			print_message("expected %s %s\n", planted[i].property, planted[i].expected);
			print_report(&report);
			fail();
		}
		assert_false(report.holds);
	}
}

static void settling_all_is_advised_on_unless_it_is_written_out(void **state)
{
	static const char ADVICE[] =
		"duty T62a is owed by the office that each entry names, and challenge.settled settles"
		" all of them; write only: own, or only: all where that is meant";
	static const struct edit MEANT = { "kinds/challenge.yaml", "settles: [T62, T62a, T00, T90]",
		                           "settles: [T62, { duty: T62a, only: all }, T00, T90]" };
	const struct pack_bytes *sample = find_pack(*state, sample_folder());
	struct pack_report report = check_bytes(*state, sample);
	assert_true(advises(&report, ADVICE));
	report = check_bytes(*state, edit_pack(*state, sample, &MEANT));
	assert_false(advises(&report, ADVICE));
}

/* Until its day it is an answer: what names it is told, and let be. */
static void an_answer_that_is_retired_is_advised_on_where_a_rule_names_it(void **state)
{
	static const struct edit LIST = { "kinds/child.yaml", "{ name: outcome, type: code, codes: [none, need, enquiry], required: yes }",
		                          "{ name: outcome, type: code, list: outcome, required: yes }" };
	static const struct edit RETIRED = { "lists.yaml", "", "outcome: { none: None, need: Need, enquiry: { title: Enquiry, retired: 2027-01-01, instead: need } }\n" };
	static const struct edit OFFICE = { "kinds/child.yaml", "by: [exploitation-lead]\n  settles: [T35]",
		                            "by: [exploitation-lead]\n  settles: [{ duty: T35, when: { any: [{ office: [exploitation-lead] }, { office: [gone] }] } }]" };
	static const struct edit GONE = { "offices.yaml", "  edt:", "  gone: { title: Gone, agency: council, line: dcs, retired: 2026-01-01, reads: [{ what: own }] }\n  edt:" };
	const struct pack_bytes *bytes = find_pack(*state, sample_folder());
	bytes = edit_pack(*state, edit_pack(*state, bytes, &LIST), &RETIRED);
	bytes = edit_pack(*state, edit_pack(*state, bytes, &OFFICE), &GONE);
	struct pack_report report = check_bytes(*state, bytes);
	assert_holds(&report);
	assert_true(advises(&report, "kinds/child.yaml:49:7: assessment.completed: a rule names the answer"
	                             " \"enquiry\" of outcome, which is none from 2027-01-01 on"));
	assert_true(advises(&report, "kinds/child.yaml:57:32: assessment.completed: a rule names the answer"));
	assert_true(advises(&report, "nrm.decided: a rule names office gone, which is retired"));
}

static void defects_of_form_are_found_as_what_they_are(void **state)
{
	assert_found(*state, BY_FORM, COUNT_OF(BY_FORM));
}

/* What an inspectorate owes is told to another: there has to be one. */
static void whoever_is_outside_is_not_alone_there(void **state)
{
	static const struct edit OTHERS[] = {
		{ "offices.yaml", "inspectorate: hmicfrs-contact", "inspectorate: ofsted-contact" },
		{ "offices.yaml", "inspectorate: cqc-contact", "inspectorate: ofsted-contact" },
		{ "offices.yaml", "HMICFRS contact, agency: outside, line: none, outside",
		  "HMICFRS contact, agency: outside, line: none, independent" },
	};
	static const struct edit LAST = { "offices.yaml", "CQC contact, agency: outside, line: none, outside",
		                          "CQC contact, agency: outside, line: none, independent" };
	const struct pack_bytes *bytes = find_pack(*state, sample_folder());
	for (size_t i = 0; i < COUNT_OF(OTHERS); i++)
		bytes = edit_pack(*state, bytes, &OTHERS[i]);
	struct pack_report report = check_bytes(*state, bytes);
	assert_holds(&report);
	report = check_bytes(*state, edit_pack(*state, bytes, &LAST));
	const struct pack_finding *found = failure(&report, "P06");
	assert_non_null(found);
	assert_true(str_find_str(found->line,
	                         STR("offices.yaml:26:19: office ofsted-contact is the only one outside: what it"
	                             " owes is told to nobody outside but itself")) < found->line.n);
}

static void defects_of_meaning_are_found_by_the_walk(void **state)
{
	assert_found(*state, BY_WALK, COUNT_OF(BY_WALK));
}

/* What looks like one, and is none: plan.made settles T15 as well. */
static const struct edit HARMLESS[] = {
	/* it is retired, and others do what it did */
	{ "kinds/child.yaml", "visit.made:\n", "visit.made:\n  retired: 2026-01-01\n" },
	{ "kinds/child.yaml", "to: { by: finding, no-risk: known }",
	  "to: { by: finding, no-risk: known, continuing-risk: plan }" },
	/* not late is possible while it is open */
	{ "kinds/child.yaml", NRM,
	  "  by: [exploitation-lead]\n  needs: [{ need: { not: { duty: { rule: [T35], is: late } } },"
	  " else: x }]\n  settles: [T35]" },
	/* another rule may be open while T35 is not */
	{ "kinds/child.yaml", "  by: [social-worker, police-officer]\n  opens: [T35]",
	  "  by: [social-worker, police-officer]\n  needs: [{ need: { duty: { rule: [T35, T30], is: open"
	  " } }, else: x }]\n  opens: [T35]" },
	{ "kinds/child.yaml", NRM,
	  "  by: [exploitation-lead]\n  needs: [{ need: { any: [{ age: { under: 10 } }, { age: { under:"
	  " 18 } }] }, else: x }, { need: { age: { at-least: 10 } }, else: x }]\n  settles: [T35]" },
};

static void a_change_that_harms_nothing_holds(void **state)
{
	for (size_t i = 0; i < COUNT_OF(HARMLESS); i++) {
		arena_reset(*state);
		struct pack_report report =
			check_bytes(*state, edit_pack(*state, find_pack(*state, sample_folder()),
		                                      &HARMLESS[i]));
		assert_holds(&report);
	}
}

/* Where a dated case fails nothing was walked, and nobody is told that it holds. */
static void what_was_not_walked_is_not_said_to_hold(void **state)
{
	static const struct edit WRONG = { "duties.yaml", "due: 2026", "due: 2027" };
	struct pack_report report = check_bytes(
		*state, edit_pack(*state, find_pack(*state, sample_folder()), &WRONG));
	size_t unasked = 0;
	assert_non_null(failure(&report, "P15"));
	for (size_t i = 0; i < report.count; i++) {
		struct str id = report.at[i].property;
		unasked += report.at[i].verdict == PACK_UNASKED;
		if (report.at[i].verdict == PACK_HOLDS)
			assert_false(str_compare(id, STR("P02")) >= 0 && str_compare(id, STR("P09")) <= 0);
	}
	assert_int_equal(unasked, 8);
	assert_false(report.holds);
}

/* A kind that begins a file and says no state begins it in the first. */
static void a_file_begins_in_its_first_state(void **state)
{
	static const struct edit UNSAID = { "kinds/episode.yaml", "  to: missing\n", "" };
	static const struct edit OWED = { "kinds/episode.yaml", "  settles: [T28, T00]", "  settles: [T00]" };
	const struct pack_bytes *sample = find_pack(*state, sample_folder());
	const struct pack_bytes *unsaid = edit_pack(*state, sample, &UNSAID);
	struct pack_report report = check_bytes(*state, unsaid);
	assert_holds(&report);
	report = check_bytes(*state, edit_pack(*state, unsaid, &OWED));
	assert_non_null(failure(&report, "P02"));
}

/* named-in leads from a child to a concern; an act on the concern settles on the child by it. */
static void a_relation_is_followed_from_either_end(void **state)
{
	static const struct edit NOT_HERE = { "kinds/child.yaml", NRM, "  by: [exploitation-lead]" };
	static const struct edit THERE = { "kinds/concern.yaml", "settles: [T01]",
		                           "settles: [T01, { duty: T35, on: named-in }]" };
	const struct pack_bytes *sample = find_pack(*state, sample_folder());
	const struct pack_bytes *without = edit_pack(*state, sample, &NOT_HERE);
	struct pack_report report = check_bytes(*state, without);
	assert_non_null(failure(&report, "P03"));
	report = check_bytes(*state, edit_pack(*state, without, &THERE));
	assert_null(failure(&report, "P03"));
}

/* Entries of 22 sorts, told apart by their codes. */
static const struct {
	const char *kind;
	const char *field;
	const char *codes[4];
} COUNTED[] = {
	{ "concern.looked", "danger", { "none-found", "possible", "now" } },
	{ "concern.looked", "checked", { "own-files", "police", "health", "school" } },
	{ "concern.acknowledged",
	  "to",
	  { "referrer", "parent", "child", "not-reachable" } },
	{ "concern.answered", "knows", { "yes", "nothing", "refused" } },
	{ "concern.told", "how", { "letter", "phone", "in-person" } },
	{ "concern.told", "agrees", { "yes", "no", "not-said" } },
	{ "note.made", "next", { "visit", "ask", "meet", "wait" } },
};

/* Each of them as `{ WORD: { kind: K, where: { FIELD: CODE } } }` between the two texts. */
static void each_counted(struct buf *text, size_t first, const char *before, const char *word,
                         const char *behind)
{
	for (size_t i = first; i < COUNT_OF(COUNTED); i++) {
		for (size_t c = 0; c < 4 && COUNTED[i].codes[c]; c++)
			buf_format(text, "%s{ %s: { kind: %s, where: { %s: %s } } }%s", before, word,
			           COUNTED[i].kind, COUNTED[i].field, COUNTED[i].codes[c], behind);
	}
}

/* A gate of as many needs as no walk could try in every order: 2^22 states. */
static void a_gate_of_many_needs_is_proved(void **state)
{
	struct buf text;
	buf_init(&text, 10000);
	buf_add(&text, STR("G77:\n  title: Much\n  needs:\n"));
	each_counted(&text, 2, "    - { need: ", "has", ", else: x }\n");
	buf_add_char(&text, '\0');
	const struct edit gate = { "gates.yaml", "", text.p };
	static const struct edit asked = { "kinds/concern.yaml", "{ gate: G2 }]", "{ gate: G2 }, { gate: G77 }]" };
	const struct pack_bytes *sample = find_pack(*state, sample_folder());
	struct pack_report report =
		check_bytes(*state, edit_pack(*state, edit_pack(*state, sample, &asked), &gate));
	assert_holds(&report);
	buf_finish(&text);
}

/* And that one of them contradicts another is found all the same. */
static void a_gate_of_many_needs_that_nobody_can_meet_is_found(void **state)
{
	struct buf text;
	buf_init(&text, 10000);
	buf_add(&text, STR("G77:\n  title: Much\n  needs:\n"));
	each_counted(&text, 2, "    - { need: ", "has", ", else: x }\n");
	buf_add(&text, STR("    - { need: { lacks: concern.told }, else: x }\n"));
	buf_add_char(&text, '\0');
	const struct edit gate = { "gates.yaml", "", text.p };
	static const struct edit asked = { "kinds/concern.yaml", "{ gate: G2 }]", "{ gate: G2 }, { gate: G77 }]" };
	const struct pack_bytes *sample = find_pack(*state, sample_folder());
	struct pack_report report =
		check_bytes(*state, edit_pack(*state, edit_pack(*state, sample, &asked), &gate));
	const struct pack_finding *found = failure(&report, "P05");
	assert_non_null(found);
	assert_true(str_find_str(found->line, STR("concern.closed can never be made on a concern")) < found->line.n);
	buf_finish(&text);
}

/* What is so only when all 22 are looked at together. */
static void a_walk_past_its_bound_is_an_error_that_says_so(void **state)
{
	struct buf text;
	buf_init(&text, 10000);
	buf_add(&text, STR("ends: [T03, T04, T05, { duty: T06, when: { any: [{ all: ["));
	each_counted(&text, 0, "", "has", ", ");
	buf_add(&text, STR("{ has: concern.received }] }"));
	each_counted(&text, 0, ", ", "lacks", "");
	buf_add(&text, STR("] } }, T07"));
	buf_add_char(&text, '\0');
	struct edit edit = { "kinds/concern.yaml", "ends: [T03, T04, T05, T06, T07", text.p };
	struct pack_report report =
		check_bytes(*state, edit_pack(*state, find_pack(*state, sample_folder()), &edit));
	const struct pack_finding *found = failure(&report, "P03");
	assert_non_null(found);
	assert_true(str_find_str(found->line, STR("passes 200000 states")) < found->line.n);
	buf_finish(&text);
}

/* --- counter-examples ------------------------------------------------------------------------ */

static const struct edit T06_FORGOTTEN = { "kinds/concern.yaml", "ends: [T03, T04, T05, T06, T07",
	                                   "ends: [T03, T04, T05, T07" };

static void a_counter_example_tells_each_act(void **state)
{
	struct arena *arena = *state;
	struct pack_report report = check_bytes(
		arena, edit_pack(arena, find_pack(arena, sample_folder()), &T06_FORGOTTEN));
	const struct pack_finding *found = failure(&report, "P02");
	assert_non_null(found);
	static const char *const PARTS[] = {
		"FAIL P02 a concern ends (closed) while T06 \"Tell the referrer what was decided\" is"
		" still owed\n",
		"\n  1  concern.received     harm-sign yes            opens T01 T02 T03   ",
		"\n  2  concern.decided      decision none            settles T01, opens T06 ",
		"\n  3  concern.closed                                ends T03 ",
		" closed     owed: T06\n",
		"\n       if ",
		"duties.yaml:46:3     closing kind ",
	};
	for (size_t i = 0; i < COUNT_OF(PARTS); i++) {
		if (str_find_str(found->history, str_from_c(PARTS[i])) == found->history.n)
			fail_msg("%s\nin\n%.*s", PARTS[i], STR_ARG(found->history));
	}
}

static void a_counter_example_is_json_too(void **state)
{
	struct arena *arena = *state;
	struct pack_report report = check_bytes(
		arena, edit_pack(arena, find_pack(arena, sample_folder()), &T06_FORGOTTEN));
	const struct json *root;
	struct err err = { 0 };
	assert_true(json_read(arena, failure(&report, "P02")->json, 8, &root, &err));
	const struct json *steps = json_member(root, STR("steps"));
	assert_true(str_eq(json_text(root, STR("rule")), STR("T06")));
	assert_int_equal(steps->count, 3);
	const struct json *decided = steps->first->next;
	assert_true(str_eq(json_text(decided, STR("kind")), STR("concern.decided")));
	assert_true(str_eq(json_text(json_member(decided, STR("fields")), STR("decision")),
	                   STR("none")));
	assert_true(str_eq(json_text(decided, STR("state")), STR("closing")));
}

static void a_counter_example_is_the_same_each_time(void **state)
{
	struct arena *arena = *state;
	const struct pack_bytes *bytes =
		edit_pack(arena, find_pack(arena, sample_folder()), &T06_FORGOTTEN);
	struct pack_report first = check_bytes(arena, bytes);
	struct pack_report second = check_bytes(arena, bytes);
	assert_int_equal(first.count, second.count);
	for (size_t i = 0; i < first.count; i++) {
		assert_true(str_eq(first.at[i].line, second.at[i].line));
		assert_true(str_eq(first.at[i].history, second.at[i].history));
	}
}

/* Breadth first: no state is found before one that lies nearer. */
static void histories_are_shortest(void **state)
{
	struct arena *arena = *state;
	struct pack *pack = load_good(arena, find_pack(arena, sample_folder()));
	struct slice slice = { pack_file_type_find(pack, STR("concern")),
		               pack_duty_find(pack, STR("T06")), NULL };
	struct machine *machine;
	struct walk walk;
	struct err err = { 0 };
	assert_true(machine_build(pack, slice.type, arena, &machine, &err));
	struct var_set kept = machine_kept(machine, &slice);
	assert_true(walk_run(machine, &slice, &kept, WALK_STATES_MAX, arena, &walk, &err));
	size_t *depth = arena_alloc(arena, walk.count, sizeof *depth);
	assert_true(walk.count > 50);
	for (size_t n = 1; n < walk.count; n++) {
		depth[n] = depth[walk_node(&walk, n)->parent] + 1;
		assert_true(depth[n] >= depth[n - 1]);
	}
	const struct walk_edge *edges = (const void *)walk.edges.p;
	for (size_t i = 0; i < walk_edge_count(&walk); i++)
		assert_true(depth[edges[i].to] <= depth[edges[i].from] + 1);
	walk_finish(&walk);
	pack_destroy(pack);
}

/* Of each rule, no more sets of truths are tried than lead elsewhere: else one condition more makes
 * the check of a whole pack slow. */
static void what_the_needs_ask_is_not_tried_for_an_effect_apart_from_it(void **state)
{
	static const struct var_set NOTHING = { { 0 } };
	struct arena *arena = *state;
	struct pack *pack = load_good(arena, find_pack(arena, "england"));
	for (size_t t = 0; t < pack->file_type_count; t++) {
		struct machine *machine;
		struct err err = { 0 };
		assert_true(machine_build(pack, &pack->file_types[t], arena, &machine, &err));
		for (size_t r = 0; r < machine->rule_count; r++) {
			struct slice slice = { machine->type, machine->rules[r], NULL };
			struct arena *room = arena_create(FIXTURE_BYTES);
			struct walk walk;
			assert_true(walk_run(machine, &slice, &NOTHING, WALK_STATES_MAX, room, &walk, &err));
			if (walk.steps > 50000)
				fail_msg("%.*s on %.*s: %zu steps", STR_ARG(machine->rules[r]->name),
				         STR_ARG(machine->type->name), walk.steps);
			walk_finish(&walk);
			arena_destroy(room);
		}
	}
	pack_destroy(pack);
}

/* --- limits ---------------------------------------------------------------------------------- */

static void want_of_room_is_an_answer_not_a_crash(void **state)
{
	struct arena *arena = *state;
	struct pack *pack = load_good(arena, find_pack(arena, sample_folder()));
	bool done = false;
	for (size_t bytes = 1024; !done && bytes < FIXTURE_BYTES; bytes = bytes * 5 / 4) {
		struct arena *small = arena_create(bytes);
		struct pack_report report;
		struct err err = { 0 };
		done = pack_check(pack, small, &report, &err);
		if (!done)
			assert_int_equal(err.code, ERR_UNABLE);
		arena_destroy(small);
	}
	assert_true(done);
	pack_destroy(pack);
}

static void the_sample_is_walked_in_a_moment(void **state)
{
	struct arena *arena = *state;
	struct pack *pack = load_good(arena, find_pack(arena, sample_folder()));
	struct pack_report report;
	struct err err = { 0 };
	size_t walks = 0;
	assert_true(pack_check(pack, arena, &report, &err));
	/* Work, not time: slices stay small. */
	for (size_t i = 0; i < report.count; i++) {
		if (str_eq(report.at[i].property, STR("P02")))
			walks = str_find_str(report.at[i].line, STR("68 walks"));
	}
	assert_true(walks > 0);
	pack_destroy(pack);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_sample_holds),
		PROVES(the_pack_of_england_holds),
		PROVES(it_is_said_of_whom_nobody_but_others_can_answer),
		PROVES(the_sketch_of_wales_holds),
		PROVES(an_answer_that_is_retired_is_advised_on_where_a_rule_names_it),
		PROVES(defects_of_form_are_found_as_what_they_are),
		PROVES(settling_all_is_advised_on_unless_it_is_written_out),
		PROVES(whoever_is_outside_is_not_alone_there),
		PROVES(defects_of_meaning_are_found_by_the_walk),
		PROVES(a_change_that_harms_nothing_holds),
		PROVES(what_is_opened_on_an_ended_file_is_owed_there),
		PROVES(what_was_not_walked_is_not_said_to_hold),
		PROVES(a_file_begins_in_its_first_state),
		PROVES(a_relation_is_followed_from_either_end),
		PROVES(a_gate_of_many_needs_is_proved),
		PROVES(a_gate_of_many_needs_that_nobody_can_meet_is_found),
		PROVES(a_walk_past_its_bound_is_an_error_that_says_so),
		PROVES(a_counter_example_tells_each_act),
		PROVES(a_counter_example_is_json_too),
		PROVES(a_counter_example_is_the_same_each_time),
		PROVES(histories_are_shortest),
		PROVES(what_the_needs_ask_is_not_tried_for_an_effect_apart_from_it),
		PROVES(want_of_room_is_an_answer_not_a_crash),
		PROVES(the_sample_is_walked_in_a_moment),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
