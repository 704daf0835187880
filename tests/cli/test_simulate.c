/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The laws under faults: 25 seeds with 40 faults each (CANDOUR_SEEDS and
 * CANDOUR_CRASHES ask for more). A seed that fails is printed and replays:
 * candour simulate --seed S --seeds 1.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/simulate.h"

static int from_environment(const char *name, int otherwise)
{
	const char *text = getenv(name);
	return text ? (int)strtol(text, NULL, 10) : otherwise;
}

static void remove_folder(struct arena *arena, const char *folder)
{
	const struct str *names;
	size_t count = 0;
	struct err ignored;
	if (!file_list(arena, folder, &names, &count, &ignored))
		return;
	for (size_t i = 0; i < count; i++) {
		const char *path = file_join(arena, folder, str_to_c(arena, names[i]));
		if (file_is_folder(path))
			remove_folder(arena, path);
		else
			(void)unlink(path);
	}
	(void)rmdir(folder);
}

static const struct pack_bytes *england(struct arena *arena)
{
	const char *folders[] = { "packs" };
	const struct pack_bytes *pack = NULL;
	struct err err;
	if (!pack_find(arena, folders, 1, STR("england"), &pack, &err))
		fail_msg("%s", err.message);
	return pack;
}

static void one(uint64_t seed, int crashes, struct simulate_report *report)
{
	struct arena *arena = arena_create((size_t)64 << 20);
	char folder[] = "/tmp/candour-simulate-XXXXXX";
	struct err err = { 0 };
	assert_non_null(mkdtemp(folder));
	struct simulate_options options = {
		.seed = seed, .pack = england(arena), .folder = folder, .crashes = crashes, .acts_between = 6
	};
	bool done = simulate_history(&options, report, &err);
	remove_folder(arena, folder);
	arena_destroy(arena);
	if (!done)
		fail_msg("seed %d: %s (%s)", (int)seed, err.message, err.context);
	if (report->broken[0])
		fail_msg("seed %d: %s", (int)seed, report->broken);
}

static void the_laws_hold_through_faults_of_the_disk(void **state) /* L1 L2 L4 L6 L9 */
{
	int seeds = from_environment("CANDOUR_SEEDS", 25), crashes = from_environment("CANDOUR_CRASHES", 40);
	struct simulate_report report;
	(void)state;
	for (int seed = 1; seed <= seeds; seed++) {
		one((uint64_t)seed, crashes, &report);
		assert_int_equal(report.faults, crashes);
		assert_true(report.admitted > 0);
	}
}

static void one_seed_replays_one_history_exactly(void **state)
{
	struct simulate_report first, second;
	(void)state;
	one(4, 10, &first);
	one(4, 10, &second);
	assert_int_equal(first.acts, second.acts);
	assert_int_equal(first.entries, second.entries);
	assert_int_equal(first.climbed, second.climbed);
	assert_int_equal(first.unknown, second.unknown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_laws_hold_through_faults_of_the_disk),
		cmocka_unit_test(one_seed_replays_one_history_exactly),
	};
	journal_set_level(JOURNAL_SILENT); /* the faults are the test's own */
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
