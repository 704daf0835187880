/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Defects by which something goes on for ever, or can be done by nobody who may
 * act, planted in the sample one at a time; and what looks like one and is none.
 */
#include "check_fixture.h"

struct planted {
	const char *property; /* NULL: the pack holds */
	struct edit edits[4];
	const char *expected; /* part of a line of that property */
};

static bool is_said(const struct pack_report *report, const struct planted *planted)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct pack_finding *one = &report->at[i];
		if (one->verdict == PACK_FAILS && str_eq(one->property, str_from_c(planted->property)) &&
		    str_find_str(one->line, str_from_c(planted->expected)) < one->line.n)
			return true;
	}
	return false;
}

static void each_is_told(struct arena *arena, const struct planted *planted, size_t count)
{
	size_t missed = 0;
	for (size_t i = 0; i < count; i++) {
		arena_reset(arena);
		const struct pack_bytes *bytes = find_pack(arena, sample_folder());
		for (size_t e = 0; e < COUNT_OF(planted->edits) && planted[i].edits[e].file; e++)
			bytes = edit_pack(arena, bytes, &planted[i].edits[e]);
		struct pack_report report = check_bytes(arena, bytes);
		bool is_right = planted[i].property ? is_said(&report, &planted[i]) : report.holds;
		if (is_right)
			continue;
		print_message("%zu: expected %s %s\n", i, planted[i].property ? planted[i].property : "to hold",
		              planted[i].expected ? planted[i].expected : "");
		for (size_t n = 0; n < report.count; n++) {
			if (report.at[n].verdict == PACK_FAILS)
				print_message("   found %.*s\n", STR_ARG(report.at[n].line));
		}
		missed++;
	}
	assert_int_equal(missed, 0);
}

/* --- patterns -------------------------------------------------------------------------------- */

#define K99(when)                                                                                  \
	{ "patterns.yaml", "K19:\n",                                                               \
	  "K99:\n  title: Once more\n  about: child\n  owner: team-manager\n  source: Norm\n"      \
	  "  when: " when "\nK19:\n" }
#define WANTS(when) K99(when), { "kinds/child.yaml", "strategy.held:\n", WANTED "strategy.held:\n" }
#define ROUND(what) "K99 counts " what ", which follows from its being found"

/* What the register writes when an answer to a pattern (T90) or to another duty is late. */
#define T90_LATE                                                                                   \
	{ "duties.yaml", "calendar: england-wales }, ladder: referral, source: Norm, class",       \
	  "calendar: england-wales }, ladder: late, source: Norm, class" }
#define WANTED                                                                                     \
	"look.wanted: { title: Nobody looked, file: child, from: any, by: [register] }\n"
#define LADDER_LATE                                                                                \
	"late:\n  rungs:\n"                                                                        \
	"    - { after: { hours: 0 }, tell: [team-manager], makes: look.wanted }\n"                \
	"    - { after: { working-days: 9 }, tell: [independent-scrutineer], place: independent }\n" \
	"    - { after: { working-days: 18 }, tell: [ofsted-contact], place: outside }\n"
static const struct planted PATTERNS[] = {
	{ "P10", { K99("{ count: { of: pattern.found, at-least: 1 } }") }, ROUND("pattern.found") },
	{ "P10", { K99("{ has: pattern.found }") }, "patterns.yaml:" },
	{ "P10", { K99("{ not: { lacks: pattern.found } }") }, ROUND("pattern.found") },
	{ "P10",
	  { K99("{ any: [{ has: child.seen }, { has: pattern.found }] }") },
	  ROUND("pattern.found") },
	{ "P10",
	  { K99("{ count: { of: [child.seen, pattern.found], at-least: 3 } }") },
	  ROUND("pattern.found") },
	{ "P10",
	  { K99("{ after: { first: child.seen, then: pattern.found, within: { days: 9 } } }") },
	  ROUND("pattern.found") },
	/* What people write to answer it. */
	{ "P10",
	  { K99("{ count: { of: pattern.considered, at-least: 3 } }") },
	  "K99 counts pattern.considered, which answers it" },
	{ NULL, { K99("{ has: { kind: child.seen, after: pattern.considered } }") }, NULL },
	{ NULL, { K99("{ has: child.seen, lacks: pattern.considered }") }, NULL },
	/* What the register writes when the pattern is not answered. */
	{ "P10",
	  { T90_LATE, { "ladders.yaml", "", LADDER_LATE }, WANTS("{ has: look.wanted }") },
	  ROUND("look.wanted") },
	{ NULL, { T90_LATE, { "ladders.yaml", "", LADDER_LATE }, WANTS("{ has: child.seen }") }, NULL },
	/* And for another reason too. */
	{ NULL,
	  { T90_LATE,
	    { "ladders.yaml", "visit: { rungs: [{ after: { hours: 0 }, tell: [team-manager] }",
	      LADDER_LATE "visit: { rungs: [{ after: { hours: 0 }, tell: [team-manager], makes: look.wanted }" },
	    WANTS("{ has: look.wanted }") },
	  NULL },
	/* What only keeps it from being found again. */
	{ NULL, { K99("{ has: child.seen, lacks: pattern.found }") }, NULL },
	{ NULL, { K99("{ has: child.seen, not: { has: pattern.found } }") }, NULL },
	{ NULL, { K99("{ has: { kind: child.seen, after: pattern.found } }") }, NULL },
	{ NULL, { K99("{ has: child.seen, count: { of: pattern.found, at-most: 2 } }") }, NULL },
};

static void a_pattern_does_not_count_what_follows_from_it(void **state)
{
	each_is_told(*state, PATTERNS, COUNT_OF(PATTERNS));
}

/* --- who acts -------------------------------------------------------------------------------- */

/* A kind made by cp-chair alone. */
#define ENDED "  by: [cp-chair]\n  needs: [{ gate: G5 }"
#define NEEDS(need) { "kinds/child.yaml", ENDED, ENDED ", { " need ", else: x }" }
#define BY(by, need) { "kinds/child.yaml", ENDED, "  by: " by "\n  needs: [{ gate: G5 }, { " need ", else: x }" }
#define NONE "plan.ended needs what none of the offices that may make it can meet"
#define G5_FIRST "  title: A plan ends\n  needs:\n"

static const struct planted ACTING[] = {
	{ "P04", { NEEDS("need: { office: [dcs] }") }, "kinds/child.yaml:126:25: " NONE },
	{ "P04", { NEEDS("need: { all: [{ office: [dcs, screener] }, { has: risk.judged }] }") }, NONE },
	{ "P04", { NEEDS("need: { has: risk.judged, office: dcs }") }, NONE },
	{ "P04", { NEEDS("need: { not: { office: [cp-chair] } }") }, NONE },
	{ "P04", { NEEDS("need: { any: [{ office: [dcs] }, { office: [edt], state: plan }] }") }, NONE },
	{ "P04",
	  { NEEDS("when: { not: { office: [dcs] } }, need: { office: [dcs] }") },
	  NONE },
	/* Where it is asked, nobody can. */
	{ "P04", { NEEDS("when: { has: risk.judged }, need: { office: [dcs] }") }, NONE },
	{ "P04",
	  { { "gates.yaml", G5_FIRST, G5_FIRST "    - { need: { office: [dcs] }, else: x }\n" } },
	  "gates.yaml:17:7: gate G5: " NONE },
	/* One for each need, and none for both. */
	{ "P04",
	  { BY("[cp-chair, dcs]", "need: { office: [dcs] }, else: x }, { need: { office: [cp-chair] }") },
	  "none of the offices that may make plan.ended can meet this and its other needs together" },
	{ NULL, { NEEDS("need: { office: [dcs, cp-chair] }") }, NULL },
	{ NULL, { NEEDS("need: { any: [{ office: [dcs] }, { has: risk.judged }] }") }, NULL },
	{ NULL, { NEEDS("when: { office: [dcs] }, need: { office: [edt] }") }, NULL },
	{ NULL, { BY("[cp-chair, dcs]", "when: { has: risk.judged }, need: { office: [dcs] }") }, NULL },
	{ NULL, { BY("[cp-chair, dcs]", "when: { office: [dcs] }, need: { office: [edt] }") }, NULL },
	{ NULL, { BY("[anyone]", "need: { office: [dcs] }") }, NULL },
	{ NULL, { BY("[first account]", "need: { office: [dcs] }") }, NULL },
	{ NULL, { BY("[owner of T20]", "need: { office: [dcs] }") }, NULL },
	/* Its deputy makes it while the office stands empty. */
	{ NULL, { BY("[team-manager]", "need: { office: [service-manager] }") }, NULL },
};

static void a_need_is_met_by_somebody_who_may_make_the_kind(void **state)
{
	each_is_told(*state, ACTING, COUNT_OF(ACTING));
}

/* --- what is never done with ----------------------------------------------------------------- */

#define OWED(rule)                                                                                 \
	rule ": { title: Something, owed-by: social-worker, from: recorded, within: { days: 9 }, " \
	"ladder: visit, source: Norm, class: norm, certainty: sure }\n"
#define NOTE(name, body) name ": { title: A note, file: child, by: [anyone], " body " }\n"
#define ROUNDS(duties, kinds)                                                                      \
	{ "duties.yaml", "", duties }, { "kinds/child.yaml", "strategy.held:\n", kinds "strategy.held:\n" }
#define BEGUN NOTE("note.begun", "opens: [T500]")
#define NEVER(rule) "duty " rule " is never done with: "
#define CLOSE_BOTH                                                                                 \
	{ "kinds/child.yaml", "rule: [T86], is: open", "rule: [T86, T500, T501], is: open" }
#define CLOSES                                                                                     \
	{ "kinds/child.yaml", "rule: [T86], is: open", "rule: [T86, T500], is: open" }

static const struct planted NOWHERE[] = {
	/* With itself. */
	{ "P03",
	  { ROUNDS(OWED("T500"), NOTE("note.one", "opens: [T500], settles: [T500]")), CLOSES },
	  "duties.yaml:140:7: " NEVER("T500") },
	{ "P03",
	  { ROUNDS(OWED("T500"), NOTE("note.one", "opens: [T500], settles: [T500]")), CLOSES },
	  ": T500 > note.one > T500" },
	/* By another, each ended in the act that opens the other. */
	{ "P03",
	  { ROUNDS(OWED("T500") OWED("T501"),
	           BEGUN NOTE("note.one", "opens: [T501], settles: [T500]")
	           NOTE("note.two", "opens: [T500], ends: [T501]")), CLOSE_BOTH },
	  ": T500 > note.one > T501 > note.two > T500" },
	/* Two ways, and both go round. */
	{ "P03",
	  { ROUNDS(OWED("T500") OWED("T501"),
	           BEGUN NOTE("note.one", "opens: [T501], settles: [T500]")
	           NOTE("note.other", "opens: [T500], settles: [T500]")
	           NOTE("note.two", "opens: [T500], settles: [T501]")), CLOSE_BOTH },
	  NEVER("T501") },
	/* By what the register writes then. */
	{ "P03",
	  { ROUNDS(OWED("T500"),
	           BEGUN NOTE("note.one", "settles: [T500], then: [{ kind: note.more }]")
	           "note.more: { title: More, file: child, by: [register], opens: [T500] }\n"),
	    CLOSES },
	  ": T500 > note.one > T500" },
	/* And no way but by what is retired. */
	{ "P03",
	  { ROUNDS(OWED("T500"),
	           NOTE("note.one", "opens: [T500], settles: [T500]")
	           NOTE("note.old", "settles: [T500], retired: 2020-01-01")), CLOSES },
	  NEVER("T500") },
	/* Another way ends it. */
	{ NULL,
	  { ROUNDS(OWED("T500"),
	           NOTE("note.one", "opens: [T500], settles: [T500]") NOTE("note.end", "ends: [T500]")),
	    CLOSES },
	  NULL },
	{ NULL,
	  { ROUNDS(OWED("T500") OWED("T501"),
	           BEGUN NOTE("note.one", "opens: [T501], settles: [T500]")
	           NOTE("note.two", "settles: [T501]")), CLOSE_BOTH },
	  NULL },
	/* It is opened again only where somebody says so. */
	{ NULL,
	  { ROUNDS(OWED("T500"),
	           NOTE("note.one", "fields: [{ name: more, type: yes, required: yes }], settles: [T500],"
	                " opens: [{ duty: T500, when: { field: { more: yes } } }]")),
	    CLOSES },
	  NULL },
	{ NULL,
	  { ROUNDS(OWED("T500"),
	           BEGUN NOTE("note.one", "settles: [T500], fields: [{ name: who, type: office, repeated: yes,"
	                " max-items: 9 }], opens: [{ duty: T500, each: who }]")),
	    CLOSES },
	  NULL },
};

static void whatever_is_owed_can_be_done_with(void **state)
{
	each_is_told(*state, NOWHERE, COUNT_OF(NOWHERE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_pattern_does_not_count_what_follows_from_it),
		PROVES(a_need_is_met_by_somebody_who_may_make_the_kind),
		PROVES(whatever_is_owed_can_be_done_with),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
