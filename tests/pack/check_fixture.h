/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A pack checked, and what was found of a property. */
#ifndef CANDOUR_TESTS_PACK_CHECK_FIXTURE_H
#define CANDOUR_TESTS_PACK_CHECK_FIXTURE_H

#include "pack_fixture.h"

#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)

static inline int set_up(void **state)
{
	*state = arena_create(FIXTURE_BYTES * 4);
	return *state ? 0 : -1;
}

static inline int tear_down(void **state)
{
	arena_destroy(*state);
	return 0;
}

static inline struct pack_report check_bytes(struct arena *arena, const struct pack_bytes *bytes)
{
	struct pack *pack = load_good(arena, bytes);
	struct pack_report report;
	struct err err = { 0 };
	if (!pack_check(pack, arena, &report, &err))
		fail_msg("%s", err.message);
	pack_destroy(pack);
	return report;
}

static inline const struct pack_finding *failure(const struct pack_report *report,
                                                 const char *property)
{
	for (size_t i = 0; i < report->count; i++) {
		if (report->at[i].verdict == PACK_FAILS &&
		    str_eq(report->at[i].property, str_from_c(property)))
			return &report->at[i];
	}
	return NULL;
}

static inline void print_report(const struct pack_report *report)
{
	for (size_t i = 0; i < report->count; i++)
		print_message("%d %.*s\n", (int)report->at[i].verdict, STR_ARG(report->at[i].line));
}

static inline void assert_holds(const struct pack_report *report)
{
	size_t held = 0;
	for (size_t i = 0; i < report->count; i++)
		held += report->at[i].verdict == PACK_HOLDS;
	if (!report->holds || held != 14)
		print_report(report);
	assert_true(report->holds);
	assert_int_equal(held, 14);
}

static inline bool advises(const struct pack_report *report, const char *text)
{
	for (size_t i = 0; i < report->count; i++) {
		struct str line = report->at[i].line;
		if (report->at[i].verdict == PACK_ADVICE &&
		    str_find_str(line, str_from_c(text)) < line.n)
			return true;
	}
	return false;
}

#endif
