/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Planted in the sample one at a time: what must be cited and can never be
 * there, needs that no such file can meet, bounds that contradict each other,
 * patterns that are never found. Each is refused with file, line and reason.
 */
#include "check_fixture.h"

struct planted {
	const char *property; /* NULL: it is not even read */
	struct edit edit;
	const char *expected; /* part of some line of that property */
};

#define PROOF(fields)                                                                              \
	"proof.given:\n  title: A proof\n  file: child\n  by: [anyone]\n  fields:\n" fields
#define GHOST "ghost.noted:\n  title: Noted\n  file: child\n  by: [register]\n"

/* What must be named. */
static const struct planted CITED[] = {
	{ "P05",
	  { "kinds/child.yaml", "person.opened:\n",
	    PROOF("    - { name: on, type: entry, of: [ghost.noted], required: yes }\n")
	    GHOST "person.opened:\n" },
	  "kinds/child.yaml:6:7: proof.given: field \"on\" must be filled, and nothing that it may name"
	  " (ghost.noted) can ever be there" },
	{ "P05",
	  { "kinds/child.yaml", "person.opened:\n",
	    PROOF("    - { name: on, type: entry, of: [proof.given], required: yes }\n") "person.opened:\n" },
	  "kinds/child.yaml:6:7: proof.given: field \"on\" must be filled, and nothing that it may name"
	  " (proof.given) can ever be there" },
	{ "P05",
	  { "kinds/child.yaml", "person.opened:\n",
	    PROOF("    - { name: on, type: entry, of: [proof.read], required: yes }\n")
	    "proof.read:\n  title: It was read\n  file: child\n  by: [dcs]\n"
	    "  fields: [{ name: of-it, type: entry, of: [proof.given], required: yes }]\nperson.opened:\n" },
	  "proof.read: field \"of-it\" must be filled, and nothing that it may name (proof.given) can" },
	{ "P05",
	  { "kinds/child.yaml", "person.opened:\n",
	    PROOF("    - { name: sure, type: yes, required: yes }\n"
	          "    - { name: on, type: entry, of: [ghost.noted], required: { field: { sure: no } } }\n")
	    GHOST "person.opened:\n" },
	  "kinds/child.yaml:7:7: proof.given: field \"on\" must be filled" },
	{ "P05",
	  { "kinds/child.yaml", "person.opened:\n",
	    PROOF("    - { name: each, type: rows, max-items: 5, required: yes, columns: [{ name: on, type:"
	          " entry, of: [ghost.noted], required: yes }] }\n")
	    GHOST "person.opened:\n" },
	  "proof.given: field \"on\" must be filled, and nothing that it may name (ghost.noted)" },
	/* An episode is linked to a child, and not to a concern. */
	{ "P05",
	  { "kinds/episode.yaml", "  by: [missing-coordinator]\n  needs:",
	    "  by: [missing-coordinator]\n  fields: [{ name: on, type: entry, of: [concern.received],"
	    " required: yes }]\n  needs:" },
	  "return-interview.shared: field \"on\" must be filled, and nothing that it may name"
	  " (concern.received) can ever be there: an act with needs names what stands on its own file" },
	{ "P05",
	  { "kinds/child.yaml", "person.opened:\n",
	    PROOF("    - { name: on, type: duty, of: [T62a], required: yes }\n") "person.opened:\n" },
	  NULL },
};

#define GUARDED(need)                                                                              \
	{                                                                                          \
		"gates.yaml", "    - { when: { fact: { harm-sign: yes } }, need: { second",        \
			"    - { when: { fact: { harm-sign: yes } }, need: { " need                \
			" }, else: x }\n    - { when: { fact: { harm-sign: yes } }, need: { second" \
	}

/* What is asked only sometimes, and is never met then. */
static const struct planted NEEDED[] = {
	{ "P04", GUARDED("has: missing.found"),
	  "gates.yaml:6:53: gate G1 for concern.decided: a need that can never hold on a concern:"
	  " it is never so there that there is missing.found" },
	{ "P04", GUARDED("has: { kind: missing.found, through: about }"),
	  "gate G1 for concern.decided: a need that can never hold on a concern: it is never so"
	  " there that there is missing.found on the files that \"about\" leads to" },
	{ "P04", GUARDED("fresh: { kind: missing.found, within: { days: 3 } }"),
	  "gate G1 for concern.decided: a need that can never hold on a concern: it is never so there that there is missing.found within 3 days" },
	{ "P04", GUARDED("linked: { by: about, type: child, where: { has: concern.received } }"),
	  "gate G1 for concern.decided: a need that can never hold on a concern: it is never so there that " },
	{ "P04", GUARDED("linked: { by: about, type: child, where: { all: [{ age: { under: 5 } }, { age: { at-least: 9 } }] } }"),
	  "gate G1 for concern.decided: a need that can never hold on a concern: it is never so there that " },
	{ "P04", GUARDED("duty: { rule: [T20], is: settled }"),
	  "gate G1 for concern.decided: a need that can never hold on a concern: it is never so there that T20 " },
	/* It is ended there, and settled by nobody. */
	{ "P04",
	  { "kinds/child.yaml", "  settles: [T30, T31]", "  settles: [T31]\n  ends: [{ duty: T30, when: { harm-happened: no } }]" },
	  "child.closed: a need that can never hold on a child: it is never so there that T30 is settled" },
	{ "P04", GUARDED("any: [{ has: missing.found }, { has: child.closed }]"),
	  "gate G1 for concern.decided: a need that can never hold on a concern: it is never so there that there is missing.found" },
	{ "P04", GUARDED("count: { of: concern.answered, at-least: 3, within: { days: 9 } }, lacks: concern.answered"),
	  "exclude each other: " },
	{ "P04", GUARDED("fact: { harm-sign: no }"),
	  "exclude each other: " },
	{ "P04", GUARDED("state: received, not: { state: [received, gathering] }"),
	  "exclude each other: " },
	{ "P04",
	  { "kinds/episode.yaml", "    - { name: asked-times, type: integer, min: 2, max: 9, required: yes }\n"
	    "    - { name: words, type: words, max: 10000, required: yes }\n",
	    "    - { name: asked-times, type: integer, min: 2, max: 9, required: yes }\n"
	    "    - { name: words, type: words, max: 10000, required: yes }\n"
	    "  needs: [{ when: { has: missing.graded }, need: { asked-times: { at-least: 10 } }, else: x }]\n" },
	  "return-interview.refused: a need that can never hold on a episode: it is never so there that asked-times is at least 10" },
	{ "P04",
	  { "kinds/concern.yaml", "  needs: [{ gate: G1, when: { decision: none } }, { need: { evidence: present }",
	    "  needs: [{ gate: G1, when: { decision: none } }, { when: { decision: none }, need: { evidence: absent }, else: x },"
	    " { need: { evidence: present }" },
	  "concern.decided: a need that can never hold on a concern: it is never so there that evidence is not given" },
	{ "P04",
	  { "offices.yaml", "  edt: {", "  gone: { title: Gone, agency: council, line: dcs, retired: 2026-01-01, reads: [{ what: own }] }\n  edt: {" },
	  NULL },
};

#define T12_WHEN "{ duty: T12, when: { decision: [strategy, emergency] } }"
#define OPENS_WHEN(when) { "kinds/concern.yaml", T12_WHEN, T12_WHEN "\n    - { duty: T07, when: { " when " } }" }

/* What two parts of one condition ask at once. */
static const struct planted BOUNDED[] = {
	{ NULL, OPENS_WHEN("count: { of: concern.answered, at-least: 3, at-most: 2 }"),
	  "at-least is above at-most" },
	{ NULL, OPENS_WHEN("linked: { by: about, at-least: 3, at-most: 2 }"), "at-least is above at-most" },
	{ NULL,
	  { "patterns.yaml", "earlier-not-reported: { at-least: 2, at-most: 99 }",
	    "earlier-not-reported: { at-least: 99, at-most: 2 }" },
	  "at-least is above at-most" },
	{ NULL,
	  { "kinds/episode.yaml", "min: 2, max: 9", "min: 10, max: 9" },
	  "min is above max" },
	{ "P08", OPENS_WHEN("all: [{ count: { of: concern.answered, at-least: 3, within: { days: 5 } } }, { count: { of: concern.answered, at-most: 2, within: { days: 9 } } }]"),
	  "concern.decided: opens T07 when can never hold on a concern: two parts of it exclude each other: " },
	{ "P08", OPENS_WHEN("all: [{ linked: { by: about, at-least: 3 } }, { linked: { by: about, at-most: 2 } }]"),
	  "exclude each other: " },
	{ "P08", OPENS_WHEN("all: [{ fresh: { kind: concern.answered, within: { days: 5 } } }, { older-than: { kind: concern.answered, days: 9 } }]"),
	  "exclude each other: " },
	{ "P08", OPENS_WHEN("decision: none, not: { field: { decision: [none, assess] } }"),
	  "exclude each other: " },
	{ "P08", OPENS_WHEN("all: [{ fact: { harm-sign: yes } }, { fact: { harm-sign: no } }]"),
	  "exclude each other: " },
	{ "P08", OPENS_WHEN("all: [{ after: { first: concern.asked, then: concern.answered, within: { days: 3 } } }, { not: { after: { first: concern.asked, then: concern.answered, within: { days: 9 } } } }]"),
	  "exclude each other: " },
	{ "P08", OPENS_WHEN("all: [{ running: { of: concern.asked, among: [concern.asked], times: 3 } }, { not: { running: { of: concern.asked, among: [concern.asked], times: 2 } } }]"),
	  "exclude each other: " },
	{ "P03",
	  { "kinds/child.yaml", "settles: [T15]\nprotection.taken:",
	    "settles: [T15, { duty: T30, when: { all: [{ age: { under: 10 } }, { age: { at-least: 12 } }] } }]\n"
	    "protection.taken:" },
	  "enquiry.completed: settles T30 when can never hold on a child: two parts of it exclude each other: whoever" },
	{ "P05",
	  { "kinds/concern.yaml", "when: { agrees: no } }]", "when: { all: [{ agrees: no }, { agrees: yes }] } }]" },
	  "concern.told: offers challenge.raised when can never hold on a concern: " },
};

#define K99(body) { "patterns.yaml", "K19:\n", "K99:\n  title: More\n  owner: dcs\n  source: Norm\n" body "K19:\n" }

/* What is never found. */
static const struct planted FOUND[] = {
	{ "P08",
	  { "patterns.yaml", "harm-happened: yes } } }\n  through: [about]\n",
	    "harm-happened: yes } } }\n  through: [named-in]\n" },
	  "pattern K09 looks for missing.found, which no file in its reach can have" },
	/* One of several alternatives lies dead. */
	{ "P08", K99("  about: child\n  when: { any: [{ count: { of: child.not-seen, at-least: 3 } }, { count: { of: missing.reported, at-least: 3 } }] }\n"),
	  "pattern K99 looks for missing.reported, which no file in its reach can have" },
	{ "P08", K99("  about: child\n  when: { count: { of: [child.not-seen, missing.reported], at-least: 3 } }\n"),
	  "pattern K99 looks for missing.reported, which no file in its reach can have" },
	{ "P08", K99("  about: child\n  when: { count: { of: { kind: child.not-seen, through: named-in }, at-least: 3 } }\n"),
	  "pattern K99: its when can never hold on a child: it is never so there that " },
	{ "P08", K99("  about: child\n  when: { file: child }\n"),
	  "pattern K99 is never found: no entry can make it true, nor does time" },
	{ "P08",
	  { "patterns.yaml", "age: { under: 18 }, older-than", "age: { under: 17 }, older-than" },
	  "pattern K19: its when can never hold on a child: " },
	{ "P08", K99("  about: child\n  when: { all: [{ silent-for: { days: 60, by: agency } }, { not: { silent-for: { days: 30, by: agency } } }] }\n"),
	  "exclude each other: " },
	{ "P08", K99("  about: child\n  when: { all: [{ share: { of: entries, from-one: agency, at-least: 80, among-at-least: 10, within: { months: 6 } } }, { not: { share: { of: entries, from-one: agency, at-least: 50, among-at-least: 5, within: { months: 6 } } } }] }\n"),
	  "exclude each other: " },
	{ "P08", K99("  about: child\n  when: { all: [{ same-file: { by: named-in, type: concern, of: 3 } }, { not: { same-file: { by: named-in, type: concern, of: 2 } } }] }\n"),
	  "exclude each other: " },
	{ "P08", K99("  about: child\n  when: { all: [{ count: { of: child.not-seen, at-least: 3 } }, { count: { of: [child.not-seen, child.seen], at-most: 2 } }] }\n"),
	  "exclude each other: " },
	{ "P08",
	  { "patterns.yaml", "when: { state: [known, enquiry] } }]", "when: { all: [{ state: known }, { state: enquiry }] } }]" },
	  "pattern K16: opens T12 when can never hold on a child: two parts of it exclude each other: the file is in known; and the file is in enquiry" },
};

static bool is_said(const struct pack_report *report, const struct planted *planted)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct pack_finding *finding = &report->at[i];
		if (finding->verdict == PACK_FAILS &&
		    str_eq(finding->property, str_from_c(planted->property)) &&
		    str_find_str(finding->line, str_from_c(planted->expected)) < finding->line.n)
			return true;
	}
	return false;
}

static bool is_found(struct arena *arena, const struct planted *planted)
{
	const struct pack_bytes *wrong =
		edit_pack(arena, find_pack(arena, sample_folder()), &planted->edit);
	if (!planted->property)
		return is_refused(arena, wrong, 3, planted->expected);
	struct pack_report report = check_bytes(arena, wrong);
	if (!planted->expected) {
		assert_holds(&report);
		return true;
	}
	if (is_said(&report, planted))
		return true;
	print_message("expected %s %s\n", planted->property, planted->expected);
	for (size_t i = 0; i < report.count; i++) {
		if (report.at[i].verdict == PACK_FAILS)
			print_message("found: %.*s\n", STR_ARG(report.at[i].line));
	}
	return false;
}

static void assert_found(struct arena *arena, const struct planted *planted, size_t count)
{
	size_t missed = 0;
	for (size_t i = 0; i < count; i++) {
		arena_reset(arena);
		missed += !is_found(arena, &planted[i]);
	}
	assert_int_equal(missed, 0);
}

static void what_must_be_named_can_be_there(void **state)
{
	assert_found(*state, CITED, COUNT_OF(CITED));
}

static void a_need_that_no_such_file_can_meet_is_found_though_it_is_asked_sometimes(void **state)
{
	assert_found(*state, NEEDED, COUNT_OF(NEEDED));
}

static void bounds_that_contradict_each_other_are_found(void **state)
{
	assert_found(*state, BOUNDED, COUNT_OF(BOUNDED));
}

static void a_pattern_that_is_never_found_is_found(void **state)
{
	assert_found(*state, FOUND, COUNT_OF(FOUND));
}

/* A sequence whose end is there, and whose beginning stands on files that are linked: said, and no
 * failure. */
static void a_relation_that_was_forgotten_is_advised_on(void **state)
{
	static const struct edit FORGOTTEN = { "patterns.yaml", "harm-happened: yes } } }\n  through: [about]\n",
		                               "harm-happened: yes } } }\n" };
	struct pack_report report =
		check_bytes(*state, edit_pack(*state, find_pack(*state, sample_folder()), &FORGOTTEN));
	assert_holds(&report);
	assert_true(advises(&report, "patterns.yaml:38:11: pattern K09 looks for missing.found, which no file in"
	                             " its reach can have; name a relation that leads there under through"));
}

/* What looks like one, and is none. */
static const struct edit HARMLESS[] = {
	/* several codes of one field may be ticked at once */
	OPENS_WHEN("all: [{ has: { kind: concern.looked, where: { checked: police } } }, { has: { kind: concern.looked, where: { checked: health } } }]"),
	OPENS_WHEN("any: [{ fact: { harm-sign: yes } }, { fact: { harm-sign: no } }]"),
	OPENS_WHEN("all: [{ count: { of: concern.answered, at-least: 3 } }, { count: { of: concern.answered, at-most: 2, within: { days: 9 } } }]"),
	OPENS_WHEN("count: { of: concern.answered, at-least: 2, at-most: 2 }"),
	/* what is false by the type of file is meant so: the gate is shared */
	GUARDED("any: [{ has: concern.received }, { has: missing.found }]"),
	GUARDED("not: { has: missing.found }"),
	{ "gates.yaml", "    - { need: { not: { duty: { class: [statute, guidance], is: open } } }",
	  "    - { when: { file: episode }, need: { has: missing.found }, else: x }\n"
	  "    - { need: { not: { duty: { class: [statute, guidance], is: open } } }" },
	/* named, where it was begun by another way */
	{ "kinds/child.yaml", "person.opened:\n",
	  PROOF("    - { name: on, type: entry, of: [proof.given, child.seen], required: yes }\n")
	  "person.opened:\n" },
	{ "kinds/episode.yaml", "  by: [missing-coordinator]\n  needs:",
	  "  by: [missing-coordinator]\n  fields: [{ name: on, type: entry, of: [child.seen],"
	  " required: yes }]\n  needs:" },
	K99("  about: child\n  when: { all: [{ silent-for: { days: 30, by: agency } }, { not: { silent-for: { days: 60, by: agency } } }] }\n"),
	K99("  about: child\n  through: [about]\n  when: { count: { of: [child.not-seen, missing.reported], at-least: 3 } }\n"),
	K99("  about: child\n  when: { linked: { by: about, type: episode, where: { has: missing.found } } }\n"),
};

static void what_may_be_is_let_be(void **state)
{
	for (size_t i = 0; i < COUNT_OF(HARMLESS); i++) {
		arena_reset(*state);
		struct pack_report report = check_bytes(
			*state, edit_pack(*state, find_pack(*state, sample_folder()), &HARMLESS[i]));
		if (!report.holds)
			print_message("%s\n", HARMLESS[i].replace);
		assert_holds(&report);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_must_be_named_can_be_there),
		PROVES(a_need_that_no_such_file_can_meet_is_found_though_it_is_asked_sometimes),
		PROVES(bounds_that_contradict_each_other_are_found),
		PROVES(a_pattern_that_is_never_found_is_found),
		PROVES(a_relation_that_was_forgotten_is_advised_on),
		PROVES(what_may_be_is_let_be),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
