/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How a new version stands to the one in force. */
#include "pack_fixture.h"

struct pair {
	struct edit edit; /* makes the new version */
	enum pack_change change;
	const char *line; /* some line begins so; NULL: there is none */
};

static const struct pair PAIRS[] = {
	{ { "pack.yaml", "version: 0.1.0", "version: 0.1.1" },
	  PACK_CHANGE_TEXT,
	  "pack sample version: 0.1.0 -> 0.1.1   text" },
	{ { "duties.yaml",
	    "{ title: See the child, owed-by: social-worker, from: recorded, within: { working-days: 5 }",
	    "{ title: See the child, owed-by: social-worker, from: recorded, within: { working-days: 4 }" },
	  PACK_CHANGE_TIGHTER,
	  "duty T08 within: 5 working-days -> 4 working-days   tighter" },
	{ { "duties.yaml",
	    "{ title: See the child, owed-by: social-worker, from: recorded, within: { working-days: 5 }",
	    "{ title: See the child, owed-by: social-worker, from: recorded, within: { working-days: 6 }" },
	  PACK_CHANGE_LOOSER,
	  "duty T08 within: 5 working-days -> 6 working-days   looser" },
	{ { "duties.yaml", "within: { hours: 72 }", "within: { days: 1 }" },
	  PACK_CHANGE_TIGHTER,
	  "duty T27 within: 72 hours -> 1 days   tighter" },
	{ { "duties.yaml", "within: { hours: 72 }", "within: { days: 2 }" },
	  PACK_CHANGE_LOOSER,
	  "duty T27 within: 72 hours -> 2 days   looser" },
	{ { "duties.yaml", "within: { hours: 72 }", "within: { hours: 72 }, not-older: { days: 3 }" },
	  PACK_CHANGE_TIGHTER,
	  "duty T27 not-older: (nothing) -> 3 days   tighter" },
	{ { "pack.yaml", "born: child.born", "not-older: { days: 0 }\nborn: child.born" },
	  PACK_CHANGE_TIGHTER,
	  "pack sample not-older: (nothing) -> 0 days   tighter" },
	{ { "duties.yaml", "within: { working-days: 10 }", "within: { days: 12 }" },
	  PACK_CHANGE_TIGHTER,
	  "duty T00 within: 10 working-days -> 12 days   tighter" },
	{ { "files.yaml", "    person: yes\n", "    person: yes\n    private: yes\n" },
	  PACK_CHANGE_OTHER,
	  "file type child private: (nothing) -> yes   other" },
	{ { "kinds/concern.yaml", "  by: [screener, edt]\n", "  by: [screener, edt]\n  any-file: [edt]\n" },
	  PACK_CHANGE_LOOSER,
	  "kind concern.looked any-file: edt added   looser" },
	{ { "offices.yaml", "reads: [{ what: sample }]", "reads: [{ what: sample }, { what: restricted }]" },
	  PACK_CHANGE_LOOSER,
	  "office independent-scrutineer reads: restricted added   looser" },
	{ { "words.yaml", "advice: Say what happened, and who did it.",
	    "advice: Say what happened." },
	  PACK_CHANGE_TEXT,
	  "word promiscuous advice: " },
	{ { "kinds/concern.yaml", "concern.added:",
	    "concern.parted:\n  title: Not about this child\n  file: concern\n  by: [screener]\n"
	    "  fields: [{ name: child, type: file, of: [child], required: yes }]\n"
	    "  unlinks: [{ relation: about, to: child }]\nconcern.added:" },
	  PACK_CHANGE_LOOSER,
	  "kind concern.parted added   looser" },
	{ { "kinds/concern.yaml", "  links: [{ relation: about, to: child }]\n  opens: [T01, T02, T03]",
	    "  links: [{ relation: about, to: child }]\n  unlinks: [{ relation: about, to: child }]\n"
	    "  opens: [T01, T02, T03]" },
	  PACK_CHANGE_LOOSER,
	  "kind concern.received unlinks: " },
	{ { "kinds/challenge.yaml", "watches: { months: 24 }", "watches: { months: 24 }\n  tells-owners: [child]" },
	  PACK_CHANGE_TIGHTER,
	  "kind challenge.raised tells-owners: child added   tighter" },
	{ { "kinds/concern.yaml", "concern.received:\n", "concern.received:\n  watches: { days: 60 }\n" },
	  PACK_CHANGE_TIGHTER,
	  "kind concern.received watches: (nothing) -> 60 days   tighter" },
	{ { "kinds/challenge.yaml", "watches: { months: 24 }", "watches: { months: 25 }" },
	  PACK_CHANGE_TIGHTER,
	  "kind challenge.raised watches: 24 months -> 25 months   tighter" },
	{ { "kinds/challenge.yaml", "watches: { months: 24 }", "watches: { days: 60 }" },
	  PACK_CHANGE_LOOSER,
	  "kind challenge.raised watches: 24 months -> 60 days   looser" },
	{ { "gates.yaml", "G13:",
	    "G14:\n  title: New\n  needs: [{ need: { has: child.seen }, else: See }]\nG13:" },
	  PACK_CHANGE_TIGHTER,
	  "gate G14 added   tighter" },
	{ { "gates.yaml",
	    "    - { need: { not: { duty: { rule: [T20], is: late } } }, else: The plan cannot end while visits are late }\n",
	    "" },
	  PACK_CHANGE_LOOSER,
	  "gate G5 needs: \"The plan cannot end while visits are late\" gone   looser" },
	{ { "gates.yaml", "else: The plan cannot end while visits are late",
	    "else: Visits are late" },
	  PACK_CHANGE_TEXT,
	  "gate G5 needs: " },
	{ { "gates.yaml", "else: The plan cannot end while visits are late",
	    "else: The plan cannot end while visits are late, there: No visit is late" },
	  PACK_CHANGE_TEXT,
	  "gate G5 needs: " },
	{ { "gates.yaml", "{ fact: { danger: [possible, now] } }", "{ fact: { danger: [now] } }" },
	  PACK_CHANGE_LOOSER,
	  "gate G1 needs: " },
	{ { "gates.yaml", "when: { fact: { harm-sign: yes } }",
	    "when: { fact: { harm-sign: [yes, unknown] } }" },
	  PACK_CHANGE_TIGHTER,
	  "gate G1 needs: " },
	{ { "kinds/concern.yaml", "{ duty: T12, when: { decision: [strategy, emergency] } }",
	    "{ duty: T12, when: { decision: [strategy, emergency, assess] } }" },
	  PACK_CHANGE_TIGHTER,
	  "kind concern.decided opens: " },
	{ { "kinds/concern.yaml", "{ duty: T12, when: { decision: [strategy, emergency] } }",
	    "{ duty: T12, when: { decision: [strategy] } }" },
	  PACK_CHANGE_LOOSER,
	  "kind concern.decided opens: T12 when: decision is strategy or emergency -> decision is strategy   looser" },
	{ { "kinds/concern.yaml", "    - T06\n", "" },
	  PACK_CHANGE_LOOSER,
	  "kind concern.decided opens: T06 gone   looser" },
	{ { "kinds/concern.yaml", "by: [screener, edt]", "by: [edt, dcs]" },
	  PACK_CHANGE_LOOSER,
	  "kind concern.looked by: screener gone; dcs added   looser" },
	{ { "kinds/concern.yaml", "{ duty: T12, when: { decision: [strategy, emergency] } }",
	    "{ duty: T12, when: { fact: { danger: now } } }" },
	  PACK_CHANGE_OTHER,
	  "kind concern.decided opens: T12 when: decision is strategy or emergency -> the file's danger is now   other" },
	{ { "kinds/concern.yaml", "{ gate: G1, when: { decision: none } }",
	    "{ gate: G1, when: { any: [{ decision: none }, { decision: early-help }] } }" },
	  PACK_CHANGE_TIGHTER,
	  "kind concern.decided needs: " },
	{ { "kinds/child.yaml",
	    "settles: [{ duty: T20, only: earliest, when: { contact: [seen-alone, seen-with-other] } }]",
	    "settles: [{ duty: T20, only: earliest, when: { contact: seen-alone } }]" },
	  PACK_CHANGE_TIGHTER,
	  "kind visit.made settles: " },
	{ { "kinds/child.yaml",
	    "settles: [{ duty: T20, only: earliest, when: { contact: [seen-alone, seen-with-other] } }]",
	    "settles: [{ duty: T20, only: earliest }]" },
	  PACK_CHANGE_LOOSER,
	  "kind visit.made settles: T20 when gone   looser" },
	{ { "kinds/episode.yaml", "type: integer, min: 2, max: 9, required: yes }",
	    "type: integer, max: 9, counted: late }" },
	  PACK_CHANGE_OTHER,
	  NULL },
	{ { "kinds/concern.yaml", "max: 10000, required: yes, hint",
	    "max: 9000, required: yes, hint" },
	  PACK_CHANGE_TIGHTER,
	  "kind concern.decided fields: reasons max: 10000 -> 9000   tighter" },
	/* What is beside a question may change, but not where the public is asked. */
	{ { "kinds/concern.yaml", "hint: \"What did you weigh, in words the family could read\"", "hint: What you know" },
	  PACK_CHANGE_TEXT,
	  "kind concern.decided fields: " },
	{ { "kinds/concern.yaml", "hint: Choose all that fit", "hint: Choose some" },
	  PACK_CHANGE_OTHER,
	  "kind concern.received fields: " },
	{ { "texts/cy.yaml", "list.harm.neglect:", "kind.concern.received.field.harm.hint: Dewiswch\nlist.harm.neglect:" },
	  PACK_CHANGE_OTHER,
	  "text cy kind.concern.received.field.harm.hint: " },
	{ { "texts/cy.yaml", "list.harm.neglect:", "kind.concern.decided.field.reasons.hint: Tystiolaeth\nlist.harm.neglect:" },
	  PACK_CHANGE_TEXT,
	  "text cy kind.concern.decided.field.reasons.hint: " },
	{ { "texts/en.yaml", "", "report.question.danger-now.hint: Only if a doctor says so\n" },
	  PACK_CHANGE_OTHER,
	  "text en added   other" },
	{ { "kinds/concern.yaml", "by: [screener, edt]", "by: [edt, screener]" },
	  PACK_CHANGE_TEXT,
	  "kind concern.looked by: in another order   text" },
	{ { "patterns.yaml", "owner: service-manager", "owner: [service-manager, dcs]" },
	  PACK_CHANGE_OTHER,
	  "pattern K01 owner: dcs added   other" },
	{ { "patterns.yaml", "K03:\n",
	    "K02:\n  title: Everybody\n  about: child\n  owner: independent-scrutineer\n"
	    "  when: { has: child.seen }\n  source: Ours\nK03:\n" },
	  PACK_CHANGE_OTHER,
	  "pattern K02 added   other" },
	{ { "patterns.yaml", "opens: [T12]\n  source: Norm; Jay report",
	    "opens: [T12, { duty: T30, owed-by: independent-scrutineer }]\n  source: Norm; Jay report" },
	  PACK_CHANGE_OTHER,
	  "pattern K01 opens: T30 added   other" },
	{ { "patterns.yaml", "opens: [T12]\n  source: Norm; Jay report",
	    "opens: [T12, T30]\n  source: Norm; Jay report" },
	  PACK_CHANGE_TIGHTER,
	  "pattern K01 opens: T30 added   tighter" },
	{ { "duties.yaml", "T01:\n",
	    "T101: { title: Read it, owed-by: independent-scrutineer, from: recorded, within: { days: 3 },"
	    " ladder: referral, source: Ours, class: local, certainty: sure }\nT01:\n" },
	  PACK_CHANGE_OTHER,
	  "duty T101 added   other" },
	/* Of what is long what differs is shown, and what is the same is left out. */
	{ { "patterns.yaml", "different: source, within: { months: 6 }, at-least: 2",
	    "different: source, within: { months: 6 }, at-least: 3" },
	  PACK_CHANGE_LOOSER,
	  "pattern K01 when: …of concern.received within 12 months; or there are at least 2 different"
	  " \"source\" in entries of concern.received where har… -> …of concern.received within 12 months;"
	  " or there are at least 3 different \"source\" in entries of concern.received where har…   looser" },
	{ { "patterns.yaml", "within: { months: 12 }, at-least: 3 } }\n      - { count: { of: { kind: concern.received, where",
	    "within: { months: 12 }, at-least: 4 } }\n      - { count: { of: { kind: concern.received, where" },
	  PACK_CHANGE_LOOSER,
	  "pattern K01 when: there are at least 3 of concern.received within 12 months; or there are at least…"
	  " -> there are at least 4 of concern.received within 12 months; or there are at least…   looser" },
	/* What the head of a file tells. */
	{ { "files.yaml", "    facts:\n      born:",
	    "    tells: [{ title: Last seen, kind: child.seen, none: Nobody has seen the child }]\n    facts:\n      born:" },
	  PACK_CHANGE_OTHER,
	  "file type child tells: " },
	{ { "patterns.yaml", "owner: [team-manager, service-manager]", "owner: team-manager" },
	  PACK_CHANGE_LOOSER,
	  "pattern K16 owner: " },
	{ { "patterns.yaml", "at-least: 3 } }\n      - { count: { of: { kind: concern.received",
	    "at-least: 2 } }\n      - { count: { of: { kind: concern.received" },
	  PACK_CHANGE_TIGHTER,
	  "pattern K01 when: " },
	{ { "patterns.yaml", "within: { months: 12 }, at-least: 3",
	    "within: { months: 11 }, at-least: 3" },
	  PACK_CHANGE_LOOSER,
	  "pattern K01 when: " },
	{ { "patterns.yaml", "within: { months: 12 }, at-least: 3",
	    "within: { months: 13 }, at-least: 3" },
	  PACK_CHANGE_TIGHTER,
	  "pattern K01 when: " },
	/* Conditions are said in words: of gates, of needs, of what goes. */
	{ { "gates.yaml", "when: { fact: { harm-sign: yes } }, need: { second: team-manager }",
	    "when: { fact: { harm-sign: [yes, unknown] } }, need: { second: team-manager }" },
	  PACK_CHANGE_TIGHTER,
	  "gate G1 needs: \"Closing on a sign of harm needs a second reader\" when: the file's harm-sign is"
	  " yes -> the file's harm-sign is yes or unknown   tighter" },
	{ { "gates.yaml", "need: { second: team-manager }, else: Closing on", "need: { second: edt }, else: Closing on" },
	  PACK_CHANGE_LOOSER,
	  "gate G1 needs: \"Closing on a sign of harm needs a second reader\" need: team-manager has agreed as"
	  " second reader -> edt has agreed as second reader   looser" },
	{ { "kinds/concern.yaml", "    - { duty: T07, when: { decision: [assess, strategy] } }\n", "" },
	  PACK_CHANGE_LOOSER,
	  "kind concern.decided opens: T07 gone, when decision is assess or strategy   looser" },
	{ { "kinds/concern.yaml", "required: { field: { knows: refused } }", "required: { field: { knows: [refused, nothing] } }" },
	  PACK_CHANGE_OTHER,
	  "kind concern.answered fields: refusal-reason required: knows is refused -> knows is refused or nothing   " },
	{ { "patterns.yaml", "type: concern, of: 2, within: { months: 3 }", "type: [concern, child], of: 2, within: { months: 3 }" },
	  PACK_CHANGE_OTHER,
	  "pattern K16 when: …" },
	/* What the words do not tell apart is shown as it is written. */
	{ { "patterns.yaml", "when: { state: [known, enquiry] } }]", "when: { all: [{ state: [known, enquiry] }] } }]" },
	  PACK_CHANGE_LOOSER,
	  "pattern K16 opens: T12 when: { state: [known, enquiry] } -> { all: [{ state: [known, enquiry] }] }   " },
	{ { "lists.yaml", ", hospital: Hospital", "" },
	  PACK_CHANGE_LOOSER,
	  "list source hospital: Hospital -> (nothing)   looser" },
	{ { "duties.yaml", "T93:\n", "T93:\n  retired: 2027-01-01\n" },
	  PACK_CHANGE_LOOSER,
	  "duty T93 retired: (nothing) -> 2027-01-01   looser" },
	{ { "offices.yaml", "cp-chair: {", "cp-chair: { retired: 2027-01-01," },
	  PACK_CHANGE_OTHER,
	  "office cp-chair retired: (nothing) -> 2027-01-01   other" },
	{ { "indicators.yaml", "title: Clocks kept", "title: Clocks" },
	  PACK_CHANGE_TEXT,
	  "indicator E1 title: Clocks kept -> Clocks   text" },
	{ { "pack.yaml", "never: [", "never: [disability, " },
	  PACK_CHANGE_TIGHTER,
	  "pack sample never: " },
	{ { "files.yaml", "  sibling:", "  cousin: { from: [child], to: [child] }\n  sibling:" },
	  PACK_CHANGE_TIGHTER,
	  "relation cousin added   tighter" },
	/* Whoever tells, objects or looks is not to be kept from it. */
	{ { "kinds/concern.yaml", "  links: [{ relation: about, to: child }]\n  opens: [T01, T02, T03]",
	    "  links: [{ relation: about, to: child }]\n"
	    "  needs: [{ need: { danger-now: no }, else: Ring }]\n  opens: [T01, T02, T03]" },
	  PACK_CHANGE_LOOSER,
	  "kind concern.received needs: " },
	{ { "kinds/concern.yaml", "  by: [anyone, public]", "  by: [anyone]" },
	  PACK_CHANGE_LOOSER,
	  "kind concern.received by: public gone   looser" },
	{ { "kinds/concern.yaml", "name: age-said, type: integer, min: 0,",
	    "name: age-said, type: integer, min: 16," },
	  PACK_CHANGE_LOOSER,
	  "kind concern.received fields: " },
	{ { "kinds/concern.yaml", "  to: { by-state: [closed], to: received }\n",
	    "  to: { by-state: [closed], to: received }\n"
	    "  needs: [{ need: { second: dcs }, else: Not agreed }]\n" },
	  PACK_CHANGE_LOOSER,
	  "kind concern.added needs: " },
	{ { "kinds/concern.yaml", "  offers: [{ kind: challenge.raised, when: { agrees: no } }]",
	    "  offers: [{ kind: challenge.raised, when: { agrees: no } }]\n"
	    "  needs: [{ need: { second: dcs }, else: Not agreed }]" },
	  PACK_CHANGE_TIGHTER,
	  "kind concern.told needs: " },
	/* Ways round what is asked. */
	{ { "kinds/concern.yaml", "concern.added:",
	    "concern.burnt:\n  title: Burn it\n  file: concern\n  from: any\n  by: [team-manager]\n"
	    "  destroys: yes\n  needs: [{ need: { second: dcs }, else: No }]\nconcern.added:" },
	  PACK_CHANGE_LOOSER,
	  "kind concern.burnt added   looser" },
	{ { "kinds/concern.yaml", "concern.added:",
	    "concern.tidied:\n  title: Tidy it away\n  file: concern\n  from: [received]\n  to: closed\n"
	    "  by: [team-manager]\nconcern.added:" },
	  PACK_CHANGE_OTHER,
	  "kind concern.tidied added   other" },
	{ { "kinds/concern.yaml", "concern.added:",
	    "concern.parked:\n  title: Park it\n  file: concern\n  from: [received]\n  to: helped\n"
	    "  by: [team-manager]\nconcern.added:" },
	  PACK_CHANGE_OTHER,
	  "kind concern.parked added   other" },
	{ { "kinds/concern.yaml", "concern.added:",
	    "concern.freed:\n  title: Everybody reads it\n  file: concern\n  by: [team-manager]\n"
	    "  lifts: {}\nconcern.added:" },
	  PACK_CHANGE_OTHER,
	  "kind concern.freed added   other" },
	{ { "kinds/concern.yaml", "concern.added:",
	    "concern.begun:\n  title: It begins here\n  file: child\n  to: known\n  new: yes\n  by: [team-manager]\n"
	    "concern.added:" },
	  PACK_CHANGE_OTHER,
	  "kind concern.begun added   other" },
	{ { "kinds/concern.yaml", "concern.added:",
	    "concern.found:\n  title: Found\n  file: concern\n  by: [dcs]\n  any-file: [dcs]\n"
	    "concern.added:" },
	  PACK_CHANGE_OTHER,
	  "kind concern.found added   other" },
	/* What may lie longer than the rest duty takes its place. */
	{ { "duties.yaml", "T01:\n",
	    "T101: { title: Some day, owed-by: dcs, from: recorded, within: { field: until },"
	    " ladder: referral, source: Ours, class: local, certainty: sure }\nT01:\n" },
	  PACK_CHANGE_OTHER,
	  "duty T101 added   other" },
	{ { "duties.yaml", "T01:\n",
	    "T101: { title: Some day, owed-by: dcs, from: recorded, within: { months: 12 },"
	    " ladder: referral, source: Ours, class: local, certainty: sure }\nT01:\n" },
	  PACK_CHANGE_OTHER,
	  "duty T101 added   other" },
	{ { "duties.yaml", "T01:\n",
	    "T101: { title: Soon, owed-by: dcs, from: recorded, within: { days: 3 },"
	    " ladder: referral, source: Ours, class: local, certainty: sure }\nT01:\n" },
	  PACK_CHANGE_TIGHTER,
	  "duty T101 added   tighter" },
	/* Who looks on. */
	{ { "offices.yaml", "independent: yes, reads: [{ what: sample }]",
	    "independent: yes, reads: [{ what: nothing }]" },
	  PACK_CHANGE_LOOSER,
	  "office independent-scrutineer reads: " },
	{ { "offices.yaml", "Return interviewer, agency: council, line: exploitation-lead, reads: [{ what: own }]",
	    "Return interviewer, agency: council, line: exploitation-lead, reads: [{ what: nothing }]" },
	  PACK_CHANGE_TIGHTER,
	  "office rhi-worker reads: " },
	{ { "offices.yaml", "title: Team manager, agency: council, line: service-manager",
	    "title: Team manager, agency: council, line: icb-nurse" },
	  PACK_CHANGE_OTHER,
	  "office team-manager line: service-manager -> icb-nurse   other" },
	{ { "offices.yaml", "title: Team manager, agency: council, line: service-manager",
	    "title: Team manager, agency: council, line: none" },
	  PACK_CHANGE_OTHER,
	  "office team-manager line: service-manager -> none   other" },
	{ { "offices.yaml", "title: MASH screener, agency: council, line: team-manager",
	    "title: MASH screener, agency: council, line: social-worker" },
	  PACK_CHANGE_TIGHTER,
	  "office screener line: team-manager -> social-worker   tighter" },
	{ { "offices.yaml", "  police-missing:",
	    "  eye: { title: An eye, agency: council, line: dcs, reads: [{ what: children }] }\n"
	    "  police-missing:" },
	  PACK_CHANGE_OTHER,
	  "office eye added   other" },
	{ { "kinds/concern.yaml", "title: Close the concern", "title: \"Keep it\\nopen\"" },
	  PACK_CHANGE_OTHER,
	  "kind concern.closed title: Close the concern -> Keep it open   other" },
	/* Codes that no rule knows, and names turned round. */
	{ { "lists.yaml", "source: { child: The child,", "source: { heard: Heard of, child: The child," },
	  PACK_CHANGE_OTHER,
	  "list source heard: (nothing) -> Heard of   other" },
	{ { "lists.yaml", "hospital: Hospital,", "hospital: { title: Hospital, retired: 2026-01-01, instead: public }," },
	  PACK_CHANGE_OTHER,
	  "list source hospital: " },
	{ { "lists.yaml", "seen-alone: Seen alone", "seen-alone: Not seen at all" },
	  PACK_CHANGE_OTHER,
	  "list contact seen-alone: Seen alone -> Not seen at all   other" },
	{ { "kinds/concern.yaml", "title: Close the concern", "title: Keep it open" },
	  PACK_CHANGE_OTHER,
	  "kind concern.closed title: Close the concern -> Keep it open   other" },
	{ { "offices.yaml", "title: Independent scrutineer", "title: Team manager" },
	  PACK_CHANGE_OTHER,
	  "office independent-scrutineer title: " },
};

static bool has_line(const struct pack_comparison *found, const char *begins)
{
	for (size_t i = 0; i < found->count; i++) {
		if (str_starts(found->lines[i], str_from_c(begins)))
			return true;
	}
	return false;
}

static void a_pack_equals_itself(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *old = load_good(arena, find_pack(arena, sample_folder()));
	struct pack *new = load_good(arena, find_pack(arena, sample_folder()));
	struct pack_comparison found;
	struct err err;
	assert_true(pack_compare(old, new, arena, &found, &err));
	assert_int_equal(found.change, PACK_CHANGE_EQUAL);
	assert_int_equal(found.count, 0);
	pack_destroy(old);
	pack_destroy(new);
}

static void each_change_is_told_by_its_word(void **state)
{
	(void)state;
	size_t wrong = 0;
	for (size_t i = 0; i < COUNT_OF(PAIRS); i++) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
		const struct pack_bytes *bytes = find_pack(arena, sample_folder());
		struct pack *old = load_good(arena, bytes);
		struct pack *new = load_good(arena, edit_pack(arena, bytes, &PAIRS[i].edit));
		struct pack_comparison found;
		struct err err;
		assert_true(pack_compare(old, new, arena, &found, &err));
		if (found.change != PAIRS[i].change || !has_line(&found, PAIRS[i].line)) {
			wrong++;
			print_message("%s\n", PAIRS[i].line);
			for (size_t j = 0; j < found.count; j++)
				print_message("  %.*s\n", STR_ARG(found.lines[j]));
		}
		pack_destroy(old);
		pack_destroy(new);
	}
	assert_int_equal(wrong, 0);
}

/* More that is due at once, and more of it, is found sooner. */
static void a_completeness_is_compared_by_its_numbers(void **state)
{
	static const struct {
		struct edit edit;
		enum pack_change change;
	} CHANGES[] = {
		{ { "patterns.yaml", "under: 80\n", "under: 81\n" }, PACK_CHANGE_TIGHTER },
		{ { "patterns.yaml", "under: 80\n", "under: 79\n" }, PACK_CHANGE_LOOSER },
		{ { "patterns.yaml", "at-least: 20\n", "at-least: 19\n" }, PACK_CHANGE_TIGHTER },
		{ { "patterns.yaml", "at-least: 20\n", "at-least: 21\n" }, PACK_CHANGE_LOOSER },
		{ { "patterns.yaml", "within: { months: 3 }\n      under", "within: { months: 4 }\n      under" },
		  PACK_CHANGE_TIGHTER },
		{ { "patterns.yaml", "due: [ethnicity, sex, age,", "due: [ethnicity, sex," }, PACK_CHANGE_OTHER },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(CHANGES); i++) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
		const struct pack_bytes *bytes = find_pack(arena, "england");
		struct pack *old = load_good(arena, bytes);
		struct pack *new = load_good(arena, edit_pack(arena, bytes, &CHANGES[i].edit));
		struct pack_comparison found;
		struct err err;
		assert_true(pack_compare(old, new, arena, &found, &err));
		assert_int_equal(found.change, CHANGES[i].change);
		pack_destroy(old);
		pack_destroy(new);
	}
}

static void what_tightens_one_way_loosens_the_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(PAIRS); i++) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
		const struct pack_bytes *bytes = find_pack(arena, sample_folder());
		struct pack *old = load_good(arena, bytes);
		struct pack *new = load_good(arena, edit_pack(arena, bytes, &PAIRS[i].edit));
		struct pack_comparison there, back;
		struct err err;
		assert_true(pack_compare(old, new, arena, &there, &err));
		assert_true(pack_compare(new, old, arena, &back, &err));
		if (there.change == PACK_CHANGE_TIGHTER)
			assert_true(back.change >= PACK_CHANGE_OTHER);
		pack_destroy(old);
		pack_destroy(new);
	}
}

/* The smallest number is what the change asks for, whatever number the new version gives itself. */
static void each_change_asks_for_its_smallest_number(void **state)
{
	static const char *const smallest[] = {
		[PACK_CHANGE_EQUAL] = "0.1.0",
		[PACK_CHANGE_TEXT] = "0.1.1",
		[PACK_CHANGE_TIGHTER] = "0.2.0",
		[PACK_CHANGE_OTHER] = "1.0.0",
		[PACK_CHANGE_LOOSER] = "1.0.0",
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(PAIRS); i++) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
		const struct pack_bytes *bytes = find_pack(arena, sample_folder());
		struct pack *old = load_good(arena, bytes);
		struct pack *new = load_good(arena, edit_pack(arena, bytes, &PAIRS[i].edit));
		bool is_number_alone = strcmp(PAIRS[i].edit.search, "version: 0.1.0") == 0;
		struct pack_comparison found;
		struct err err;
		assert_true(pack_compare(old, new, arena, &found, &err));
		enum pack_change change = is_number_alone ? PACK_CHANGE_EQUAL : found.change;
		assert_true(str_eq(found.smallest, str_from_c(smallest[change])));
		assert_int_equal(found.is_number_enough, is_number_alone);
		pack_destroy(old);
		pack_destroy(new);
	}
}

static const struct pair_gone {
	struct edit edit;
	const char *sentence; /* NULL: nothing is missed */
} GONE[] = {
	{ { "lists.yaml", ", hospital: Hospital", "" },
	  "list source has no code hospital any more; what was adopted is never deleted" },
	{ { "lists.yaml", "hospital: Hospital", "hospital: { title: Hospital, retired: 2027-01-01 }" },
	  NULL },
	{ { "kinds/concern.yaml", "name: reasons, type: text, max: 10000, required: yes, hint",
	    "name: reasoning, type: text, max: 10000, required: yes, hint" },
	  "field reasons of concern.decided is gone; what was adopted is never deleted" },
	{ { "duties.yaml", "T93:\n", "T93:\n  retired: 2027-01-01\n" }, NULL },
	{ { "files.yaml", "child:\n", "child:\n    letter: Z\n" },
	  "file type child has the letter Z; files are known by " },
	{ { "duties.yaml", "within: { hours: 72 }", "within: { hours: 96 }" }, NULL },
};

static void what_old_entries_name_is_missed_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(GONE); i++) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
		const struct pack_bytes *bytes = find_pack(arena, sample_folder());
		struct pack *old = load_good(arena, bytes);
		struct pack *new = load_good(arena, edit_pack(arena, bytes, &GONE[i].edit));
		struct pack_comparison found;
		struct err err;
		assert_true(pack_compare(old, new, arena, &found, &err));
		if ((found.gone_count > 0) != (GONE[i].sentence != NULL))
			fail_msg("%s: %zu are gone", GONE[i].edit.search, found.gone_count);
		if (GONE[i].sentence && !str_starts(found.gone[0], str_from_c(GONE[i].sentence)))
			fail_msg("%.*s", STR_ARG(found.gone[0]));
		pack_destroy(old);
		pack_destroy(new);
	}
}

static void versions_are_compared_as_numbers(void **state)
{
	(void)state;
	assert_true(pack_version_compare(STR("0.9.0"), STR("0.10.0")) < 0);
	assert_true(pack_version_compare(STR("1.0.0"), STR("0.99.99")) > 0);
	assert_true(pack_version_compare(STR("2.3.4"), STR("2.3.5")) < 0);
	assert_int_equal(pack_version_compare(STR("2.3.4"), STR("2.3.4")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pack_equals_itself),
		cmocka_unit_test(each_change_is_told_by_its_word),
		cmocka_unit_test(what_tightens_one_way_loosens_the_other),
		cmocka_unit_test(a_completeness_is_compared_by_its_numbers),
		cmocka_unit_test(each_change_asks_for_its_smallest_number),
		cmocka_unit_test(what_old_entries_name_is_missed_by_name),
		cmocka_unit_test(versions_are_compared_as_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
