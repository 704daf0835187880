/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Defects planted in the sample one at a time, each with the stage that must
 * find it and what it must say. Places are those of the sample's files.
 */
#include "pack_fixture.h"

struct defect {
	int stage;
	struct edit edit;
	const char *expected;
};

/* Stage 1: bytes and YAML. */
static const struct defect YAML_DEFECTS[] = {
	{ 1, { "kinds/concern.yaml", "hint: \"What did you weigh, in words the family could read\"",
	       "hint: What did you weigh, in words the family could read" },
	  "kinds/concern.yaml:89:89: an empty value" },
	{ 1, { "duties.yaml", "  out-of-hours: edt\n", "  owed-by: edt\n" },
	  "duties.yaml:27:3: key \"owed-by\" stands twice" },
	{ 1, { "words.yaml", "match: [promiscuous]", "match: &a [promiscuous]" }, "words.yaml:7:10: " },
	{ 1, { "words.yaml", "match: [promiscuous]", "match: *a" }, "words.yaml:7:10: " },
	{ 1, { "words.yaml", "match: [promiscuous]", "match: !!seq [promiscuous]" }, "words.yaml:7:10: " },
	{ 1, { "lists.yaml", "  neglect: Neglect", "\tneglect: Neglect" }, "lists.yaml:2:1: " },
	{ 1, { "lists.yaml", "  neglect: Neglect", "  neglect:" }, "lists.yaml:2:" },
	{ 1, { "lists.yaml", "harm:", "---\nharm:\n  a: b\n---\nharm:" }, "lists.yaml:" },
	{ 1, { "lists.yaml", "Neglect", "Ne\xffglect" }, "lists.yaml:2:1: " },
	{ 1, { "lists.yaml", "harm:", "%YAML 1.2\n---\nharm:" }, "lists.yaml:1:1: " },
	{ 1, { "gates.yaml", "G15:", "G15: [" }, "gates.yaml:" },
	{ 1, { "gates.yaml", "G1:", "? G1\n: x\nG1:" }, "gates.yaml:1:3: a key with ? before it" },
	{ 1, { "words.yaml", "lifestyle-choice:", "- a\n" }, "words.yaml:" },
	{ 1, { "offices.yaml", "agencies:", "agensies:" },
	  "offices.yaml:1:1: found \"agensies\"; expected agencies or offices; nearest: agencies" },
	{ 1, { "kinds/zz.yaml", "", "note.made: { title: Twice }\n" }, "kinds/zz.yaml:1:1: note.made stands twice" },
	{ 1, { "pack.yaml", NULL, NULL }, "pack.yaml:1:1: there is no such file" },
	{ 1, { "lists.yaml", "harm:", "a: [[[[[[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]]]]]\nharm:" }, "lists.yaml:1:" },
};

/* Stage 2: keys, types, limits. */
static const struct defect FORM_DEFECTS[] = {
	{ 2, { "duties.yaml", "  source: Norm of this register (L4)\n", "" },
	  "duties.yaml:1:1: duty T00 has no \"source\"" },
	{ 2, { "pack.yaml", "rest: T00", "#" }, "pack.yaml:2:1: pack has no \"rest\"" },
	{ 2, { "pack.yaml", "rest: T00", "rset: T00" },
	  "pack.yaml:11:1: pack has key \"rset\"; no such key; nearest: rest" },
	{ 2, { "pack.yaml", "version: 0.1.0", "version: \"0.1\"" }, "version is \"0.1\"; expected MAJOR.MINOR.PATCH" },
	{ 2, { "pack.yaml", "language: en\n", "language: English\n" }, "language is \"English\"" },
	{ 2, { "duties.yaml", "class: norm", "class: norn" }, "duties.yaml:9:10: duty T00: class is \"norn\"; no such class; nearest: norm" },
	{ 2, { "duties.yaml", "certainty: sure", "certainty: maybe" }, "no such certainty; one of: sure, likely, check" },
	{ 2, { "duties.yaml", "extendable: line-above", "extendable: yes" }, "extendable is \"yes\"" },
	{ 2, { "duties.yaml", "renewals: 3", "renewals: 12" }, "renewals is 12; expected 1 to 9" },
	{ 2, { "duties.yaml", "renewals: 3", "renewals: three" }, "renewals is \"three\"; expected a whole number" },
	{ 2, { "duties.yaml", "  within: { working-days: 10 }", "  within: 10" }, "within is \"10\"; expected a period" },
	{ 2, { "duties.yaml", "due: 2026-05-26T23:00:00Z", "due: 2026-05-26" }, "a case's due is no instant" },
	{ 2, { "duties.yaml", "T00:\n", "R00:\n" }, "duties.yaml:1:1: duty \"R00\" is no name; expected T and a number" },
	{ 2, { "gates.yaml", "G5:", "5:" }, "gate \"5\" is no name" },
	{ 2, { "patterns.yaml", "K01:", "Pattern:" }, "pattern \"Pattern\" is no name" },
	{ 2, { "ladders.yaml", "visit:", "Visit:" }, "ladder \"Visit\" is no name" },
	{ 2, { "kinds/concern.yaml", "concern.told:", "told:" }, "kind \"told\" is no name; expected words joined by dots" },
	{ 2, { "kinds/concern.yaml", "new: yes", "new: true" }, "new is \"true\"; expected yes or no; write yes" },
	{ 2, { "kinds/concern.yaml", "  by: [anyone, public]\n", "" }, "concern.received has no \"by\"" },
	{ 2, { "kinds/concern.yaml", "title: More about it", "title: More about it, at such a length that nobody would ever read the heading of the form to its end" },
	  "title has 94 bytes; expected at most 80" },
	{ 2, { "kinds/concern.yaml", "type: integer", "type: number" }, "type is \"number\"; no such type" },
	{ 2, { "kinds/concern.yaml", "max-items: 20", "max-items: 201" }, "max-items is 201; expected 1 to 200" },
	{ 2, { "kinds/concern.yaml", "to: { by: decision,", "to: { by-state: x," }, "expected STATE, { by: FIELD" },
	{ 2, { "kinds/concern.yaml", "settles: [T01]", "settles: T01" }, "settles is \"T01\"; expected a list" },
	{ 2, { "kinds/concern.yaml", "  new: yes", "  weighty: maybe\n  new: yes" }, "weighty is \"maybe\"; expected yes or no" },
	{ 2, { "files.yaml", "    title: Child\n", "    title: Child\n    letter: ch\n" }, "letter is \"ch\"; expected one to three capitals" },
	{ 2, { "files.yaml", "keep: ever", "keep: always" }, "keep is \"always\"; no such keep" },
	{ 2, { "offices.yaml", "what: figures", "what: numbers" }, "what is \"numbers\"; no such what" },
	{ 2, { "offices.yaml", "line: none, outside: yes", "outside: yes" }, "has no \"line\"" },
	{ 2, { "ladders.yaml", "{ after: { hours: 0 }, tell: [team-manager] }", "{ tell: [team-manager] }" }, "ladder referral has no \"after\"" },
	{ 2, { "gates.yaml", "else: The plan cannot end while visits are late", "els: x" }, "gate G5 has key \"els\"; no such key; nearest: else" },
	{ 2, { "lists.yaml", "closing:\n", "closing:\n  closed: perhaps\n" }, "closed is \"perhaps\"; expected yes or no" },
	{ 2, { "lists.yaml", "  neglect: Neglect", "  Neglect: Neglect" }, "code \"Neglect\" is not written" },
	{ 2, { "calendar.yaml", "rules: none", "rules: scotland" }, "rules is \"scotland\"; no such rules" },
	{ 2, { "calendar.yaml", "published: [2026, 2026]", "published: 2026" }, "published is \"2026\"; expected a list of two" },
	{ 2, { "kinds/zz.yaml", "", "duty.taken: { title: Take it on, by: [anyone] }\n" }, "duty.taken has key \"by\"; no such key" },
};

/* Stage 3: names, and what types and limits ask of one another. */
static const struct defect NAME_DEFECTS[] = {
	{ 3, { "duties.yaml", "within: { working-days: 5 }, ladder: visit", "within: { working-days: 5 }, ladder: visti" },
	  "duties.yaml:50:104: duty T08 names ladder \"visti\"; no such ladder; nearest: visit" },
	{ 3, { "kinds/concern.yaml", "assess: assessing", "asess: assessing" },
	  "kinds/concern.yaml:83:23: concern.decided: field \"decision\" has no code \"asess\"; nearest: assess" },
	{ 3, { "gates.yaml", "{ fresh: {", "{ freshh: {" }, "gates.yaml:17:17: gate G5 for plan.ended: \"freshh\" is no condition, field or fact; nearest: fresh" },
	{ 3, { "kinds/concern.yaml", "to: { by-state: [closed], to: received }", "to: nowhere" },
	  "kinds/concern.yaml:27:7: concern.added: to names \"nowhere\"; no such state; one of: " },
	{ 3, { "kinds/concern.yaml", "to: { by-state: [closed]", "to: { by-state: [close]" }, "by-state names \"close\"; no such state; nearest: closed" },
	{ 3, { "kinds/concern.yaml", "from: [received, gathering]", "from: [recieved, gathering]" }, "from names \"recieved\"; no such state; nearest: received" },
	{ 3, { "kinds/concern.yaml", "opens: [T01, T02, T03]", "opens: [T01, T02, T99]" }, "concern.received: opens names duty \"T99\"; no such duty" },
	{ 3, { "kinds/concern.yaml", "settles: [T01]", "settles: [T0l]" }, "settles names duty \"T0l\"; no such duty" },
	{ 3, { "kinds/concern.yaml", "by: [screener, edt]", "by: [screner, edt]" }, "concern.looked names office \"screner\"; no such office; nearest: screener" },
	{ 3, { "kinds/concern.yaml", "owner of T88", "owner of T89" }, "names duty \"T89\"; no such duty" },
	{ 3, { "kinds/concern.yaml", "gate: G2", "gate: G3" }, "concern.closed names gate \"G3\"; no such gate; nearest: G1" },
	{ 3, { "kinds/concern.yaml", "list: source", "list: sources" }, "names list \"sources\"; no such list; nearest: source" },
	{ 3, { "kinds/concern.yaml", "relation: about", "relation: abuot" }, "names relation \"abuot\"; no such relation; nearest: about" },
	{ 3, { "kinds/concern.yaml", "to: child }]", "to: chld }]" }, "links names field \"chld\"; no such field; nearest: child" },
	{ 3, { "kinds/concern.yaml", "offers: [{ kind: challenge.raised, when: { agrees: no } }]", "offers: [{ kind: challenge.risen }]" },
	  "names kind \"challenge.risen\"; no such kind; nearest: challenge.raised" },
	{ 3, { "kinds/concern.yaml", "  file: concern\n  from: [closing]", "  file: concrn\n  from: [closing]" }, "concern.closed names file type \"concrn\"; no such file type; nearest: concern" },
	{ 3, { "kinds/concern.yaml", "to: { by: decision", "to: { by: threshold" }, "to goes by a field of type code or yes; \"threshold\" is neither" },
	{ 3, { "kinds/child.yaml", "to: { by: outcome", "to: { by: outcom" }, "assessment.completed: to names field \"outcom\"; no such field; nearest: outcome" },
	{ 3, { "kinds/child.yaml", "only: field action", "only: field evidence" }, "only names \"evidence\", which is no duty" },
	{ 3, { "kinds/child.yaml", "only: earliest", "only: latest" }, "only is \"latest\"; expected own, field NAME, earliest or all" },
	{ 3, { "kinds/child.yaml", "each: actions", "each: plan" }, "each goes over rows or repeated values" },
	{ 3, { "kinds/child.yaml", "on: named-in", "on: namedin" }, "names relation \"namedin\"; no such relation; nearest: named-in" },
	{ 3, { "kinds/child.yaml", "max: 10000, required: yes }]\nassessment", "max: 5000, required: yes }]\nassessment" }, "never limited under 10000 bytes (L12)" },
	{ 3, { "kinds/child.yaml", "{ name: born, type: month,", "{ name: born, type: date," }, "expected fields of type month alone" },
	{ 3, { "kinds/child.yaml", "repeated: yes, max-items: 20 }", "repeated: yes }" }, "is repeated and has no \"max-items\"" },
	{ 3, { "kinds/child.yaml", "{ name: plan, type: text, max: 10000,", "{ name: plan, type: text," }, "field \"plan\" has no \"max\"" },
	{ 3, { "kinds/child.yaml", "{ name: plan, type: text, max: 10000,", "{ name: plan, type: text, max: 70000," }, "max is 70000; expected 1 to 65536 bytes" },
	{ 3, { "kinds/child.yaml", "{ name: plan, type: text,", "{ name: actions, type: text," }, "field \"actions\" stands twice" },
	{ 3, { "kinds/child.yaml", "{ name: office, type: office, required: yes }, { name: what", "{ name: office, type: text, max: 20000 }, { name: what" }, "a column is plain" },
	{ 3, { "kinds/child.yaml", "{ name: alone, type: yes, required: yes }", "{ name: age, type: yes, required: yes }" }, "\"age\" is a form of conditions" },
	{ 3, { "kinds/child.yaml", "codes: [police, order]", "list: harm, codes: [police, order]" }, "needs either list: or codes:" },
	{ 3, { "kinds/child.yaml", "else: The team manager has not agreed", "when: { outcome: need }" }, "a need has no sentence; add else:" },
	{ 3, { "kinds/concern.yaml", "type: identifier, protected: yes", "type: identifier" }, "field \"ethnicity\" must be sealed by its type and protected (L10)" },
	{ 3, { "kinds/concern.yaml", "{ name: age-said, type: integer, min: 0, max: 25 }", "{ name: age-said, type: integer, min: 30, max: 25 }" }, "min is above max" },
	{ 3, { "kinds/concern.yaml", "not-after: today", "not-after: now, min: 1" }, "min and max go with integers and text" },
	{ 3, { "kinds/concern.yaml", "{ name: threshold, type: version,", "{ name: threshold, type: text, max: 100, plain: yes," }, "type text is always sealed" },
	{ 3, { "kinds/episode.yaml", "set: { sign: yes,", "set: { sgin: yes," }, "set names field \"sgin\"" },
	{ 3, { "kinds/episode.yaml", "then: [{ kind: risk.wanted, on: about, when: { fact: { sign: yes } }, set: { sign: yes, since: field returned } }]", "then: [{ kind: risk.judged, on: about }]" },
	  "then makes risk.judged, which is not by the register alone" },
	{ 3, { "files.yaml", "area: field area", "area: field areas" }, "concern.received begins a concern, whose area is field \"areas\"" },
	{ 3, { "files.yaml", "final: [closed]", "final: [close]" }, "final names \"close\"; no such state; nearest: closed" },
	{ 3, { "files.yaml", "concern.looked.danger", "concern.looked.dangr" }, "concern.looked has no field \"dangr\"" },
	{ 3, { "files.yaml", "concern.looked.danger", "concern.looked.basis" }, "reads \"concern.looked.basis\", which is sealed" },
	{ 3, { "files.yaml", "order: [none-found, possible, now]", "order: [none, possible, now]" }, "order names \"none\"; no such code" },
	{ 3, { "files.yaml", "keep: ever, value: yes", "keep: ever" }, "value goes with keep: ever" },
	{ 3, { "files.yaml", "both-ways: yes", "both-ways: no }\n  kin: { from: [child], to: [concern], both-ways: yes" }, "goes both ways between different file types" },
	{ 3, { "files.yaml", "  episode:\n", "  office:\n    title: X\n    states: [a]\n    final: none\n  episode:\n" }, "file type office is built in" },
	{ 3, { "offices.yaml", "agency: police, line: police-commander", "agency: polis, line: police-commander" }, "names agency \"polis\"; no such agency; one of: council, health" },
	{ 3, { "offices.yaml", "deputies: [edt]", "deputies: [etd]" }, "office screener names office \"etd\"; no such office; nearest: edt" },
	{ 3, { "offices.yaml", "police: { title: Police, head: police-duty-inspector,", "police: { title: Police," }, "agency police has no \"head\"" },
	{ 3, { "offices.yaml", "states: [received, gathering]", "states: [received, gathred]" }, "office screener: reads names \"gathred\"; no such state" },
	{ 3, { "duties.yaml", "owed-by: office in office", "owed-by: office in offices" }, "concern.asked opens T04, whose owner is field \"offices\"; it has no such field" },
	{ 3, { "duties.yaml", "owed-by: screener", "owed-by: screenr" }, "\"screenr\" is no office and no owner; nearest: screener" },
	{ 3, { "duties.yaml", "from: received", "from: receivd" }, "duty T01: from is \"receivd\"; expected recorded" },
	{ 3, { "duties.yaml", "from: field returned", "from: field return" }, "duty T27: from names field \"return\"; no kind that opens it has such a field" },
	{ 3, { "duties.yaml", "[last strategy.held,", "[last strategy.hold," }, "duty T15 names kind \"strategy.hold\"; no such kind; nearest: strategy.held" },
	{ 3, { "duties.yaml", "yes: challenge-urgent, no: challenge }", "yes: challenge-urgent }" }, "opens T62, which has no ladder when \"urgent\" is no" },
	{ 3, { "duties.yaml", "within: { field: actions.by-date }", "within: { field: actions.by }" }, "plan.made opens T93, whose due time is field \"actions.by\"" },
	{ 3, { "duties.yaml", "within: { hours: 72 }", "within: { hours: 72, days: 3 }" }, "a period has two units" },
	{ 3, { "duties.yaml", "within: { hours: 72 }", "within: { weeks: 3 }" }, "a period has no key \"weeks\"" },
	{ 3, { "duties.yaml", "at: \"17:00\"", "at: \"5pm\"" }, "at: is no time of day" },
	{ 3, { "duties.yaml", "within: { hours: 72 }", "within: { hours: 72, at: \"17:00\" }" }, "a period of hours ends at its own instant" },
	{ 3, { "duties.yaml", "calendar: england-wales", "calendar: england" }, "a period names calendar \"england\"; no such calendar" },
	{ 3, { "ladders.yaml", "makes: silence.noted", "makes: silence.note" }, "ladder agency names kind \"silence.note\"; no such kind; nearest: silence.noted" },
	{ 3, { "ladders.yaml", "one-of: [cp-chair, head-of-service]", "tell: [cp-chair], one-of: [dcs]" }, "expected either tell: or one-of:" },
	{ 3, { "patterns.yaml", "about: child", "about: kid" }, "pattern K01 names file type \"kid\"; no such file type" },
	{ 3, { "patterns.yaml", "owner: service-manager", "owner: service-manger" }, "\"service-manger\" is no office and no owner; nearest: service-manager" },
	{ 3, { "pack.yaml", "pattern-duty: T90", "" }, "pack has patterns and no \"pattern-duty\"" },
	{ 3, { "pack.yaml", "zone: Europe/London", "zone: Europe/Londres" }, "pack.yaml:7:7: zone \"Europe/Londres\"" },
	{ 3, { "pack.yaml", "calendar: england-wales", "calendar: wales" }, "pack names calendar \"wales\"; no such calendar" },
	{ 3, { "pack.yaml", "never: [ethnicity,", "never: [" }, "never does not hold ethnicity (L10)" },
	{ 3, { "pack.yaml", "born: child.born", "born: child.birth" }, "born names \"child.birth\"; expected FILETYPE.FACT" },
	{ 3, { "pack.yaml", "languages: [en, cy]", "languages: [en]" }, "language cy is not among the languages" },
	{ 3, { "calendar.yaml", "2026-12-28]\n  published", "2027-12-28]\n  published" }, "holiday 2027-12-28 lies outside published" },
	{ 3, { "calendar.yaml", "weekend: [saturday, sunday]", "weekend: [saturday, sundai]" }, "weekend names \"sundai\"; no such day; nearest: sunday" },
	{ 3, { "indicators.yaml", "of: [T01, T03, T27]", "of: [ethnicity]" }, "indicator E1 measures \"ethnicity\"" },
	{ 3, { "indicators.yaml", "of: [child.seen]", "of: [child.sean]" }, "indicator E4 names \"child.sean\"" },
	{ 3, { "words.yaml", "  source: ", "  in: [words]\n  source: " }, "a person's own words are never advised on" },
	{ 3, { "texts/cy.yaml", "list.harm.neglect", "list.harm.neglct" }, "\"list.harm.neglct\" is the path of no sentence" },
	{ 3, { "lists.yaml", "instead: done", "instead: dne" }, "instead names \"dne\"; no such code" },
};

/* Stage 5: what needs no walk of P12 and P14. */
static const struct defect RULE_DEFECTS[] = {
	{ 5, { "duties.yaml", "  no-later-than: field order-ends\n", "  extendable: line-above\n" },
	  "duties.yaml:71:15: duty T23 is of class statute and cannot be extended (X2)" },
	{ 5, { "kinds/child.yaml", "T08, T12, T15, T20, T30, T31, T90, T93]", "T08, T12, T15, T20, T23, T31, T90, T93]" },
	  "child.closed ends duty T23 of class statute without a condition (X6)" },
	{ 5, { "duties.yaml", "not-before: { days: 28 }", "not-before: { days: 42 }" },
	  "duties.yaml:121:15: duty T86 may be settled only when it is late already" },
	{ 5, { "duties.yaml", "source: Children Act 1989 s.45(1)-(3)", "source: Some Act" },
	  "duty T23 is of class statute and names no Act" },
};

static void each_is_found(const struct defect *defects, size_t count)
{
	size_t missed = 0;
	for (size_t i = 0; i < count; i++) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
		const struct pack_bytes *bytes = find_pack(arena, sample_folder());
		const struct pack_bytes *wrong = edit_pack(arena, bytes, &defects[i].edit);
		missed += !is_refused(arena, wrong, defects[i].stage, defects[i].expected);
	}
	assert_int_equal(missed, 0);
}

static void what_is_no_yaml_of_ours_is_refused_where_it_stands(void **state)
{
	(void)state;
	each_is_found(YAML_DEFECTS, COUNT_OF(YAML_DEFECTS));
}

static void a_wrong_form_is_refused_where_it_stands(void **state)
{
	(void)state;
	each_is_found(FORM_DEFECTS, COUNT_OF(FORM_DEFECTS));
}

static void a_name_that_leads_nowhere_is_refused_where_it_stands(void **state)
{
	(void)state;
	each_is_found(NAME_DEFECTS, COUNT_OF(NAME_DEFECTS));
}

static void a_limit_of_law_that_would_not_stand_is_refused(void **state)
{
	(void)state;
	each_is_found(RULE_DEFECTS, COUNT_OF(RULE_DEFECTS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_yaml_of_ours_is_refused_where_it_stands),
		cmocka_unit_test(a_wrong_form_is_refused_where_it_stands),
		cmocka_unit_test(a_name_that_leads_nowhere_is_refused_where_it_stands),
		cmocka_unit_test(a_limit_of_law_that_would_not_stand_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
