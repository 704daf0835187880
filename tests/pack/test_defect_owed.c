/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Defects in when a thing is owed, by whom, and who hears of it. */
#include "pack_fixture.h"

struct defect {
	int stage;
	struct edit edit;
	const char *expected; /* NULL: it is none */
};

static const struct defect LADDER_DEFECTS[] = {
	{ 0, { "duties.yaml", "{ by: urgent, yes: challenge-urgent, no: challenge }",
	       "{ by: urgent, yes: challenge-urgent, else: challenge }" },
	  NULL },
	{ 3, { "duties.yaml", "{ by: urgent, yes: challenge-urgent, no: challenge }",
	       "{ by: urgent, yse: challenge-urgent, else: challenge }" },
	  "opens T62, which has a ladder for \"yse\"; field \"urgent\" has no such code" },
	{ 3, { "duties.yaml", "{ by: urgent, yes: challenge-urgent, no: challenge }",
	       "{ by: nothing, yes: challenge-urgent, else: challenge }" },
	  "opens T62, whose ladder is field \"nothing\"; it has no such field" },
	{ 3, { "duties.yaml", "{ by: urgent, yes: challenge-urgent, no: challenge }",
	       "{ by: urgent, yes: challenge-urgent, else: chalenge }" },
	  "duty T62 names ladder \"chalenge\"; no such ladder; nearest: challenge" },
	{ 0, { "duties.yaml", "within: { working-days: 5 }, ladder: visit",
	       "within: { working-days: 5 }, ladder: { by: harm-happened, yes: emergency, else: visit }" },
	  NULL },
	{ 3, { "duties.yaml", "within: { working-days: 5 }, ladder: visit",
	       "within: { working-days: 5 }, ladder: { by: harm-happened, maybe: emergency, else: visit }" },
	  "which has a ladder for \"maybe\"; field \"harm-happened\" has no such code" },
	/* What the file may not know asks for a ladder all the same. */
	{ 3, { "duties.yaml", "within: { working-days: 5 }, ladder: visit",
	       "within: { working-days: 5 }, ladder: { by: harm-happened, yes: emergency }" },
	  "whose ladder is field \"harm-happened\"; it has no such field" },
};

#define LAST "[last strategy.held,"
#define ENQUIRY "where: { decision: [enquiry] }"

static const struct defect START_DEFECTS[] = {
	{ 0, { "duties.yaml", LAST, "[{ last: { kind: strategy.held, " ENQUIRY " } }," }, NULL },
	{ 0, { "duties.yaml", LAST, "[{ first: { kind: strategy.held, by: [team-manager] } }," }, NULL },
	{ 2, { "duties.yaml", LAST, "[[strategy.held]," }, "expected a name, or { first: " },
	{ 2, { "duties.yaml", LAST, "[recorded, recorded," }, "from names \"recorded\" twice" },
	{ 3, { "duties.yaml", LAST, "[{ next: { kind: strategy.held } }," }, "duty T15: from is { first:" },
	{ 3, { "duties.yaml", LAST, "[{ last: { kind: strategy.held, after: enquiry.opened } }," },
	  "duty T15: from is { first:" },
	{ 3, { "duties.yaml", LAST, "[{ last: { kind: strategy.hold, " ENQUIRY " } }," },
	  "no such kind; nearest: strategy.held" },
	{ 3, { "duties.yaml", LAST, "[{ last: { kind: strategy.held, where: { decison: [x] } } }," },
	  "strategy.held has no field \"decison\"" },
};

#define ANSWERED "challenge.answered:\n"
#define TAKES(duties, offered)                                                                     \
	{ "kinds/challenge.yaml", ANSWERED,                                                        \
	  ANSWERED "  takes: { duties: " duties ", offered: " offered " }\n" }

static const struct defect TAKES_DEFECTS[] = {
	{ 0, { "kinds/challenge.yaml", "", "over.taken:\n  title: Taken over\n  file: challenge\n"
	       "  by: [anyone]\n  fields: [{ name: these, type: duty }]\n"
	       "  takes: { duties: these, offered: over.taken.these }\n" },
	  NULL },
	{ 2, { "kinds/challenge.yaml", ANSWERED, ANSWERED "  takes: { duties: these }\n" },
	  "challenge.answered has no \"offered\"" },
	{ 3, TAKES("evidnce", "challenge.raised.to"), "duties names" },
	{ 3, TAKES("answer", "challenge.raised.to"),
	  "duties names \"answer\"; expected a plain field of type duty" },
	{ 3, TAKES("answer", "challenge.raised.to"),
	  "offered names \"challenge.raised.to\"; expected KIND.FIELD, a plain field of type duty" },
	{ 3, TAKES("answer", "challenge.rased.to"), "no such kind; nearest: challenge.raised" },
};

/* A kind of the child's file with the rest of its body. */
#define TALK(body)                                                                                 \
	{ "kinds/child.yaml", "strategy.held:\n",                                                  \
	  "talk.sent:\n  title: Sent\n  file: child\n  by: [anyone]\n" body "strategy.held:\n" }
#define FIELDS(more) "  fields: [{ name: to, type: office, repeated: yes, max-items: 9 }" more "]\n"
#define NEEDS(need) "  needs: [{ need: { " need " }, else: Not all }]\n"

#define HARM ", { name: harm, type: codes, list: harm }"
#define ROWS                                                                                                           \
	", { name: rows, type: rows, max-items: 9, columns: [{ name: who, type: office, label: W }, { name: what, type: code," \
	" codes: [low, high], label: X }] }"
#define ASKED "asked-and-answered: { ask: concern.asked, answer: concern.answered"
#define HELD "{ kind: strategy.held, field: "

#define UNBORN(how) ", { name: said, type: code, codes: [seen, not-yet], unborn: { " how " } }"

static const struct defect NAMED_DEFECTS[] = {
	{ 0, TALK(FIELDS("") NEEDS("office: { in: to, all-of: " HELD "present } }")), NULL },
	{ 0, TALK(FIELDS("") NEEDS("office: { in: to, all-of: to, each: agency }")), NULL },
	{ 0, TALK(FIELDS("") NEEDS(ASKED ", named: to }")), NULL },
	{ 0, TALK(FIELDS(", { name: said, type: entry, made-by: to }")), NULL },
	{ 0, TALK(FIELDS(", { name: said, type: text, max: 100, more-than: [low, high] }")), NULL },
	{ 0, TALK(FIELDS(", { name: said, type: code, codes: [seen, not-yet], unborn: not-yet }")), NULL },
	{ 0, TALK(FIELDS(UNBORN("code: not-yet"))), NULL },
	{ 0, TALK(FIELDS(UNBORN("code: not-yet, early: 6"))), NULL },
	{ 2, TALK(FIELDS(UNBORN("code: not-yet, early: 7"))), "early is 7; expected 0 to 6" },
	{ 2, TALK(FIELDS(UNBORN("code: not-yet, late: 1"))), "late" },
	{ 2, TALK(FIELDS(UNBORN("early: 1"))), "code" },
	{ 3, TALK(FIELDS(UNBORN("code: never"))), "unborn names \"never\"; expected a code of the field" },
	{ 3, TALK(FIELDS("") NEEDS("office: { in: to, all-of: " HELD "decision } }")),
	  "expected a field of that kind that names offices" },
	{ 3, TALK(FIELDS("") NEEDS("office: { in: rows.who, all-of: to }")),
	  "expected a column of this act that names offices" },
	{ 3, TALK(FIELDS("") NEEDS("office: { in: to, all-of: to, offices: [dcs] }")),
	  "expected one of all-of, agencies, offices" },
	{ 0, TALK(FIELDS("") NEEDS("office: { in: " HELD "present }, offices: [dcs] }")), NULL },
	{ 3, TALK(FIELDS("") NEEDS("office: { in: " HELD "decision }, offices: [dcs] }")),
	  "expected a field of that kind that names offices" },
	{ 0, TALK(FIELDS(ROWS) NEEDS("codes: { in: rows.what, any-of: [high] }")), NULL },
	{ 3, TALK(FIELDS(ROWS) NEEDS("codes: { in: rows.who, any-of: [high] }")),
	  "expected a column of this act of type code" },
	{ 3, TALK(FIELDS(ROWS) NEEDS("codes: { in: rows.what, any-of: [higher] }")), "has no code \"higher\"" },
	{ 3, TALK(FIELDS(ROWS) NEEDS("codes: { in: rows.what, any-of: present }")), "expected codes of that column" },
	{ 0, TALK(FIELDS("") NEEDS("second: { office: dcs, who-began: yes }")), NULL },
	{ 3, TALK(FIELDS("") NEEDS("second: { office: dcs, who-began: no }")), "expected who-began: yes" },
	{ 3, TALK(FIELDS("") NEEDS("office: { in: to, all-of: to, each: town }")),
	  "expected each: office or agency" },
	{ 3, TALK(FIELDS("") NEEDS("codes: { in: to, all-of: " HELD "decision } }")),
	  "expected a field of this act of type codes" },
	{ 3, TALK(FIELDS(HARM) NEEDS("codes: { in: harm, all-of: " HELD "decision } }")),
	  "expected a field of that kind of the same list of codes" },
	{ 0, TALK(FIELDS(HARM) NEEDS("codes: { in: harm, all-of: { kind: concern.received, field: harm } }")), NULL },
	{ 3, TALK(FIELDS("") NEEDS(ASKED " }")), "expected silent or named" },
	{ 3, TALK(FIELDS("") NEEDS(ASKED ", named: nobody }")),
	  "expected a field of this act that names offices" },
	{ 3, TALK(FIELDS(", { name: said, type: entry, made-by: too }")),
	  "made-by names \"too\"; expected, on a field of type entry, a plain field of type office" },
	{ 3, TALK(FIELDS(", { name: said, type: yes, made-by: to }")),
	  "made-by names \"to\"; expected, on a field of type entry" },
	{ 3, TALK(FIELDS(", { name: said, type: entry, agrees-on: to }")),
	  "agrees-on names \"to\"; expected, on a field of type entry with of, a plain field of type file" },
	{ 3, TALK(FIELDS(", { name: said, type: yes, more-than: [low] }")),
	  "more-than goes with text, not with yes" },
	{ 3, TALK(FIELDS(", { name: said, type: text, max: 100, more-than: [low risk] }")),
	  "more-than names \"low risk\"; expected single words" },
	{ 3, TALK(FIELDS(", { name: said, type: code, codes: [seen], unborn: not-yet }")),
	  "unborn names \"not-yet\"; expected a code of the field" },
	{ 3, TALK(FIELDS(", { name: said, type: codes, codes: [seen], unborn: seen }")),
	  "unborn goes with one plain code, and not in a column" },
	{ 0, TALK(FIELDS(", { name: called, type: name, matched-as: name }")), NULL },
	{ 2, TALK(FIELDS(", { name: called, type: name, matched-as: face }")), "matched-as" },
	{ 3, TALK(FIELDS(", { name: called, type: words, max: 10000, matched-as: name }")),
	  "matched-as goes with text, name, address and identifier, not with words" },
	{ 3, TALK(FIELDS(", { name: n, type: integer, matched-as: number }")),
	  "matched-as goes with text, name, address and identifier, not with integer" },
	{ 3, TALK(FIELDS(", { name: faith, type: identifier, protected: yes, matched-as: number }")),
	  "field \"faith\" is protected: nobody is matched by it (L10)" },
	{ 0, TALK(FIELDS(", { name: n, type: integer, counted: late, max: 10000 }")), NULL },
	{ 0, TALK(FIELDS(", { name: n, type: integer, counted: challenge, min: 0, max: 1 }")), NULL },
	{ 3, TALK(FIELDS(", { name: n, type: integer, counted: late, max: 10001 }")),
	  "field \"n\": what the register counts has a max, 1 to 10000" },
	{ 3, TALK(FIELDS(", { name: n, type: integer, counted: late }")),
	  "field \"n\": what the register counts has a max, 1 to 10000" },
	{ 3, TALK(FIELDS(", { name: n, type: integer, counted: late, min: 1, max: 9 }")),
	  "and no min above 0" },
	{ 3, TALK(FIELDS(", { name: n, type: integer, counted: late, max: 9, required: yes }")),
	  "counted goes with a plain integer, alone, and without required" },
	{ 3, TALK(FIELDS(", { name: n, type: integer, counted: late, max: 9, sealed: yes }")),
	  "counted goes with a plain integer" },
	{ 3, TALK(FIELDS(", { name: n, type: yes, counted: late }")),
	  "counted goes with a plain integer" },
	{ 3, TALK(FIELDS(", { name: n, type: integer, counted: chalenge, max: 9 }")),
	  "names file type \"chalenge\"; no such file type; nearest: challenge" },
	{ 3,
	  { "kinds/child.yaml", "strategy.held:\n",
	    "talk.sent:\n  title: Sent\n  file: child\n  by: [register]\n  fields: [{ name: n, "
	    "type: integer, counted: late, max: 9 }]\nstrategy.held:\n" },
	  "talk.sent is by the register alone; counted goes with what people make" },
};

/* A day that is asked only where the duty is opened is there when it is. */
#define PROMISE                                                                                    \
	"promise.made:\n  title: A promise\n  file: child\n  by: [anyone]\n  fields:\n"            \
	"    - { name: sure, type: yes, required: yes }\n"                                         \
	"    - { name: by-date, type: date, required: { field: { sure: %s } } }\n"                 \
	"  opens: [{ duty: T93x, owed-by: office of the entry, when: { field: { sure: %s } } }]\n" \
	"  settles: [{ duty: T93x, only: own }]\n"
#define PROMISED                                                                                   \
	"T93x: { title: Keep it, owed-by: office of the entry, from: recorded, within: { field: "  \
	"by-date }, ladder: visit, source: Norm, class: norm, certainty: sure }\n"

static bool is_as_told(struct arena *arena, const struct pack_bytes *bytes,
                       const struct defect *defect)
{
	struct pack *pack = NULL;
	struct pack_errors errors;
	struct err err = { 0 };
	if (defect->expected)
		return is_refused(arena, bytes, defect->stage, defect->expected);
	bool is_read = pack_load(bytes, &pack, arena, &errors, &err);
	if (!is_read)
		print_error("%s is refused: %s, %.*s\n", defect->edit.replace, err.message,
		            STR_ARG(errors.count ? errors.lines[0] : STR_NONE));
	pack_destroy(pack);
	return is_read;
}

static void each_is_told(const struct defect *defects, size_t count)
{
	size_t missed = 0;
	for (size_t i = 0; i < count; i++) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
		const struct pack_bytes *bytes = find_pack(arena, sample_folder());
		missed += !is_as_told(arena, edit_pack(arena, bytes, &defects[i].edit), &defects[i]);
	}
	assert_int_equal(missed, 0);
}

#define AS(from, to) { "pack.yaml", from, to }
static const struct defect MATCHING_DEFECTS[] = {
	{ 0, AS("  as: { name: person, home: address,", "  as: { home: address,"), NULL },
	{ 2, AS("  answer: link.answered\n", ""), "pack has no \"answer\"" },
	{ 2, AS("{ name: person, home", "{ face: person, home"), "pack has key \"face\"; no such key" },
	{ 3, AS("{ name: person, home", "{ name: soul, home"),
	  "matching: as names \"soul\"; expected a code of link.proposed.what" },
	{ 3, AS("propose: link.proposed", "propose: link.propose"), "no such kind; nearest: link.proposed" },
	{ 3, AS("propose: link.proposed", "propose: person.joined"),
	  "matching: propose names person.joined; expected a kind that the register may make" },
	{ 3, AS("answer: link.answered", "answer: link.made"),
	  "matching: answer names link.made; expected a kind with the plain field \"of\"" },
	{ 3, AS("undecided: cannot-tell", "undecided: perhaps"),
	  "matching: undecided names \"perhaps\"; expected a code of the plain field \"answer\" of link.answered" },
	{ 3, AS("same: person.joined", "same: link.proposed"),
	  "matching: same and apart are kinds that link the two files" },
	{ 0, AS("  - { kind: adult.opened, from-age: 18 }\n", ""), NULL },
	{ 2, AS("kind: adult.opened, from-age: 18", "kind: adult.opened, from: 18"), "pack has key \"from\"; no such key" },
	{ 2, AS("kind: adult.opened, from-age: 18", "kind: adult.opened, from-age: 0"), "from-age" },
	{ 3, AS("kind: adult.opened, from-age: 18", "kind: adult.openend, from-age: 18"),
	  "no such kind; nearest: adult.opened" },
	{ 3, AS("kind: adult.opened, from-age: 18", "kind: person.known, from-age: 18"),
	  "import: kind names person.known; expected a kind that begins a file, with fields matched as name and as number" },
	{ 3, AS("kind: adult.opened, from-age: 18", "kind: place.opened, from-age: 18"),
	  "import: kind names place.opened; expected a kind that begins a file, with fields matched as name and as number" },
	{ 3, AS("{ kind: person.opened, born", "{ kind: person.opened, from-age: 4, born"),
	  "import: the first is what a row becomes of which no age is known; expected no from-age" },
	{ 3, AS("born: born, known", "born: birth, known"), "import: born names \"birth\"; expected a plain month of person.opened" },
	{ 3, AS("known: birth-known, as: { day: day, month: month, year: year, none: no } }", "}"),
	  "import: person.opened asks for \"birth-known\", which no row says" },
	{ 3, AS("known: birth-known, as: { day: day, month: month, year: year, none: no } }", "known: birth-known }"),
	  "import: known has no \"as\"" },
	{ 3, AS("year: year, none: no }", "year: year, none: never }"),
	  "import: as names \"never\"; expected a code of person.opened.birth-known" },
};

static void what_looks_alike_is_proposed_by_kinds_that_can_say_it(void **state)
{
	(void)state;
	size_t missed = 0;
	for (size_t i = 0; i < COUNT_OF(MATCHING_DEFECTS); i++) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
		const struct defect *defect = &MATCHING_DEFECTS[i];
		const struct pack_bytes *bytes = find_pack(arena, "england");
		missed += !is_as_told(arena, edit_pack(arena, bytes, &defect->edit), defect);
	}
	assert_int_equal(missed, 0);
}

static void a_ladder_goes_by_a_code_of_the_act_or_of_the_file(void **state)
{
	(void)state;
	each_is_told(LADDER_DEFECTS, COUNT_OF(LADDER_DEFECTS));
}

static void a_time_counts_from_the_entries_that_are_meant(void **state)
{
	(void)state;
	each_is_told(START_DEFECTS, COUNT_OF(START_DEFECTS));
}

static void what_goes_over_is_named_and_was_offered(void **state)
{
	(void)state;
	each_is_told(TAKES_DEFECTS, COUNT_OF(TAKES_DEFECTS));
}

static void who_is_named_and_what_is_said_is_asked_of_fields_that_have_it(void **state)
{
	(void)state;
	each_is_told(NAMED_DEFECTS, COUNT_OF(NAMED_DEFECTS));
}

static void a_day_is_asked_wherever_something_is_owed_by_it(void **state)
{
	static const char *const WHEN[][2] = { { "yes", "yes" }, { "yes", "no" } };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(WHEN); i++) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
		const struct pack_bytes *bytes = find_pack(arena, sample_folder());
		struct edit duty = { "duties.yaml", "", PROMISED };
		struct defect kind = { 3, { "kinds/child.yaml", "", NULL }, NULL };
		kind.edit.replace = arena_format(arena, PROMISE, WHEN[i][0], WHEN[i][1]).p;
		if (i == 1)
			kind.expected = "whose due time is field \"by-date\"; expected a required field";
		bytes = edit_pack(arena, edit_pack(arena, bytes, &duty), &kind.edit);
		assert_true(is_as_told(arena, bytes, &kind));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ladder_goes_by_a_code_of_the_act_or_of_the_file),
		cmocka_unit_test(a_time_counts_from_the_entries_that_are_meant),
		cmocka_unit_test(what_goes_over_is_named_and_was_offered),
		cmocka_unit_test(who_is_named_and_what_is_said_is_asked_of_fields_that_have_it),
		cmocka_unit_test(a_day_is_asked_wherever_something_is_owed_by_it),
		cmocka_unit_test(what_looks_alike_is_proposed_by_kinds_that_can_say_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
