/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kinds by which fewer may read: what a change of them amounts to, and what no pack may say of them. */
#include "pack_fixture.h"

#define KINDS "kinds/restriction.yaml"
#define PLACED "restricts: { until: until, to: who, entries: entries, reason: reason }"
#define LIFTED "  lifts: { entries: entries, of: restriction }\n"

static const struct {
	struct edit edit; /* makes the new version */
	enum pack_change change;
	const char *line; /* some line begins so */
} CHANGES[] = {
	{ { KINDS, PLACED, "restricts: { until: until, to: who, reason: reason }" },
	  PACK_CHANGE_LOOSER,
	  "kind restriction.placed restricts: " },
	{ { KINDS, PLACED, "restricts: { until: until, to: who, entries: entries }" },
	  PACK_CHANGE_LOOSER,
	  "kind restriction.placed restricts: " },
	{ { KINDS, "  " PLACED "\n", "" },
	  PACK_CHANGE_OTHER,
	  "kind restriction.placed restricts: " },
	{ { KINDS, LIFTED, "  lifts: { entries: entries }\n" },
	  PACK_CHANGE_OTHER,
	  "kind restriction.lifted lifts: " },
	{ { KINDS, LIFTED, "" },
	  PACK_CHANGE_LOOSER,
	  "kind restriction.lifted lifts: " },
};

static bool has_line(const struct pack_comparison *found, const char *begins)
{
	for (size_t i = 0; i < found->count; i++) {
		if (str_starts(found->lines[i], str_from_c(begins)))
			return true;
	}
	return false;
}

static enum pack_change change_to(struct arena *arena, const struct edit *edit, bool back, const char *line)
{
	const struct pack_bytes *bytes = find_pack(arena, "england");
	struct pack *old = load_good(arena, bytes), *new = load_good(arena, edit_pack(arena, bytes, edit));
	struct pack_comparison found;
	struct err err;
	assert_true(pack_compare(back ? new : old, back ? old : new, arena, &found, &err));
	if (!has_line(&found, line)) {
		for (size_t i = 0; i < found.count; i++)
			print_message("  %.*s\n", STR_ARG(found.lines[i]));
		fail_msg("no line: %s", line);
	}
	pack_destroy(old);
	pack_destroy(new);
	return found.change;
}

static void what_hides_more_is_looser(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(CHANGES); i++) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
		enum pack_change change = change_to(arena, &CHANGES[i].edit, false, CHANGES[i].line);
		if (change != CHANGES[i].change)
			fail_msg("%s: %d", CHANGES[i].edit.replace, (int)change);
	}
}

/* Where the old asked no reason, or could hide the whole file alone, asking for it tightens; what hid nothing and
 * then does loosens. */
static void what_holds_a_restriction_to_a_measure_is_tighter(void **state)
{
	static const enum pack_change back[] = { PACK_CHANGE_TIGHTER, PACK_CHANGE_TIGHTER, PACK_CHANGE_LOOSER };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(back); i++) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
		assert_int_equal(change_to(arena, &CHANGES[i].edit, true, CHANGES[i].line), back[i]);
	}
}

static const struct {
	struct edit edit;
	const char *expected; /* of the load, or of P12 */
} DEFECTS[] = {
	{ { KINDS, PLACED "\n  opens: [T81]", PLACED "\n  opens: [{ duty: T81, when: { reason: court-order } }]" },
	  "restriction.placed restricts who may read, and opens no duty to justify it" },
	{ { KINDS, PLACED "\n  opens: [T81]", PLACED },
	  "restriction.placed restricts who may read, and opens no duty to justify it" },
	{ { KINDS, PLACED, "restricts: { to: who, entries: entries, reason: reason }" }, "has no \"until\"" },
	{ { KINDS, PLACED, "restricts: { until: until, entries: entries, reason: reason }" }, "has no \"to\"" },
	{ { KINDS, PLACED, "restricts: { until: who, to: who, entries: entries, reason: reason }" },
	  "until names \"who\"; expected a plain field of type date" },
	{ { KINDS, PLACED, "restricts: { until: until, to: until, entries: entries, reason: reason }" },
	  "to names \"until\"; expected a plain field of type office" },
	{ { KINDS, PLACED, "restricts: { until: until, to: who, entries: who, reason: reason }" },
	  "entries names \"who\"; expected a plain field of type entry" },
	{ { KINDS, PLACED, "restricts: { until: until, to: who, entries: entries, reason: until }" },
	  "reason names \"until\"; expected a plain field of type code" },
	{ { KINDS, PLACED, PLACED "\n  lifts: { entries: entries }" },
	  "restriction.placed restricts and lifts at once" },
	{ { KINDS, LIFTED, "  lifts: { entries: entries, of: entries }\n" },
	  "of names \"entries\"; expected a plain field of type duty" },
	{ { KINDS, PLACED, "restricts: { until: until, to: who, entries: entries, reason: reason, for-ever: until }" },
	  "for-ever" },
};

static bool is_found(struct arena *arena, const struct pack_bytes *bytes, const char *expected)
{
	struct pack *pack = NULL;
	struct pack_errors errors = { 0 };
	struct pack_report report = { 0 };
	struct err err = { 0 };
	bool is = false;
	if (!pack_load(bytes, &pack, arena, &errors, &err))
		return says(&errors, expected);
	if (!pack_check(pack, arena, &report, &err))
		fail_msg("%s", err.message);
	for (size_t i = 0; i < report.count; i++)
		is = is || (report.at[i].verdict == PACK_FAILS && str_eq(report.at[i].property, STR("P12")) &&
		            str_find_str(report.at[i].line, str_from_c(expected)) < report.at[i].line.n);
	pack_destroy(pack);
	return is;
}

static void each_defect_of_a_restriction_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(DEFECTS); i++) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
		if (!is_found(arena, edit_pack(arena, find_pack(arena, "england"), &DEFECTS[i].edit), DEFECTS[i].expected))
			fail_msg("%s", DEFECTS[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_hides_more_is_looser),
		cmocka_unit_test(what_holds_a_restriction_to_a_measure_is_tighter),
		cmocka_unit_test(each_defect_of_a_restriction_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
