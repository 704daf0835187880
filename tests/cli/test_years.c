/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Years of a partnership: months of them by the whole England pack, and by a
 * pack that has nothing of England, held to the laws; and that each check can
 * fail: a hand on the register, and the years name the law.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/simulate_parts.h"
#include "cli/years.h"
#include "store/store.h"

static struct casebook_shelf *shelf; /* of the whole program */

static int make_shelf(void **state)
{
	(void)state;
	shelf = casebook_shelf_create();
	return shelf ? 0 : -1;
}

static int drop_shelf(void **state)
{
	(void)state;
	casebook_shelf_destroy(shelf);
	return 0;
}

static const struct pack_bytes *pack_named(struct arena *arena, const char *name)
{
	const char *folders[] = { "packs" };
	const struct pack_bytes *pack = NULL;
	struct err err;
	if (!pack_find(arena, folders, 1, str_from_c(name), &pack, &err))
		fail_msg("%s", err.message);
	return pack;
}

static void live(struct years_options *options, struct years_report *report)
{
	struct arena *arena = arena_create((size_t)64 << 20);
	char folder[] = "/dev/shm/candour-years-XXXXXX", otherwise[] = "/tmp/candour-years-XXXXXX";
	struct err err = { 0 };
	options->folder = mkdtemp(folder);
	if (!options->folder)
		options->folder = mkdtemp(otherwise);
	assert_non_null(options->folder);
	if (!options->pack)
		options->pack = pack_named(arena, "england");
	options->shelf = shelf;
	bool done = years_live(options, report, &err);
	simulate_remove_folder(arena, options->folder);
	arena_destroy(arena);
	options->pack = NULL;
	if (!done)
		fail_msg("seed %d: %s (%s)", (int)options->seed, err.message, err.context);
}

static void must_hold(const struct years_report *report, uint64_t seed)
{
	if (report->broken[0])
		fail_msg("seed %d: %s", (int)seed, report->broken);
}

static void must_be_checked(const struct years_report *report, enum years_check but)
{
	for (int i = 0; i < YEARS_CHECKS; i++) {
		if (report->checked[i] == 0 && i != (int)but)
			fail_msg("%s was never checked", years_check_name(i));
	}
}

static void months_of_england_keep_the_laws(void **state) /* L4 L5 L6 L7 L8 L10 L12 */
{
	struct years_options options = { .seed = 3, .days = 120, .children = 180 };
	static struct years_report report;
	(void)state;
	live(&options, &report);
	must_hold(&report, options.seed);
	assert_true(report.files > 20 && report.ended > 0 && report.unlawful > 20);
	assert_true(report.in_time > report.late && report.outside > 0);
	must_be_checked(&report, YEARS_L8); /* by whoever began a file: seldom within so few */
}

static void a_pack_of_another_country_lives_too(void **state)
{
	struct arena *arena = arena_create((size_t)64 << 20);
	struct years_options options = { .seed = 5, .days = 120, .children = 300 };
	static struct years_report report;
	(void)state;
	options.pack = pack_named(arena, "wales");
	live(&options, &report);
	arena_destroy(arena);
	must_hold(&report, options.seed);
	assert_true(report.files > 20 && report.admitted > 50);
}

static void one_seed_replays_the_same_years_and_what_is_sealed_changes_nothing(void **state) /* L10 */
{
	struct years_options options = { .seed = 7, .words_seed = 1, .days = 60, .children = 180 };
	static struct years_report first, again, other, otherwise;
	(void)state;
	live(&options, &first);
	live(&options, &again);
	options.words_seed = 2;
	live(&options, &other);
	options.seed = 8;
	live(&options, &otherwise);
	must_hold(&first, 7);
	assert_true(first.entries > 300);
	assert_memory_equal(&first.sum, &again.sum, sizeof first.sum);
	assert_memory_equal(&first.sum, &other.sum, sizeof first.sum);
	assert_int_not_equal(memcmp(&first.sum, &otherwise.sum, sizeof first.sum), 0);
}

/* --- that each check can fail ---------------------------------------------------------------- */

/* Rows are changed behind the register's back, once, as soon as `when` gives a number above zero. */
struct hand {
	const char *when;
	const char *what;
	bool is_done;
};

static void meddle(void *ctx, const char *database, int day)
{
	struct hand *hand = ctx;
	struct store *store = NULL;
	struct err err = { 0 };
	int64_t n = 0;
	(void)day;
	if (hand->is_done)
		return;
	if (!store_open(database, STORE_WRITE, &store, &err) || !store_get_int(store, hand->when, &n, &err))
		fail_msg("%s", err.message);
	if (n > 0) {
		hand->is_done = true;
		if (!store_begin(store, &err) || !store_run(store, hand->what, &err) || !store_commit(store, &err))
			fail_msg("%s", err.message);
	}
	store_close(store);
}

static void expect(const char *law, const char *when, const char *what)
{
	struct hand hand = { .when = when, .what = what };
	struct years_options options = {
		.seed = 4, .days = 90, .children = 180, .meddle = meddle, .meddle_ctx = &hand
	};
	static struct years_report report;
	live(&options, &report);
	assert_true(hand.is_done);
	if (strncmp(report.broken, law, strlen(law)) != 0)
		fail_msg("wanted %s; it said: %s", law, report.broken[0] ? report.broken : "nothing");
}

/* The register lives by rules in which one piece of text stands instead of another; its acts are judged again by
 * the rules as they are. */
static void expect_of_rules(const char *law, const char *path, const char *from, const char *to)
{
	struct arena *arena = arena_create((size_t)64 << 20);
	const struct pack_bytes *pack = pack_named(arena, "england");
	struct pack_bytes looser = *pack;
	struct pack_file *files = arena_alloc(arena, pack->count, sizeof *files);
	static struct years_report report;
	bool is_changed = false;
	for (size_t i = 0; i < pack->count; i++) {
		files[i] = pack->files[i];
		if (!str_eq(files[i].path, str_from_c(path)))
			continue;
		const char *text = str_to_c(arena, files[i].bytes), *at = strstr(text, from);
		assert_non_null(at);
		files[i].bytes = arena_format(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
		is_changed = true;
	}
	assert_true(is_changed);
	looser.files = files;
	report.broken[0] = 0;
	for (uint64_t seed = 1; seed < 12 && !report.broken[0]; seed++) {
		struct years_options options = { .seed = seed, .histories = 120, .children = 180, .acts_max = 40,
			                         .is_unverified = true };
		options.pack = &looser;
		options.stricter = pack;
		live(&options, &report);
	}
	arena_destroy(arena);
	if (strncmp(report.broken, law, strlen(law)) != 0)
		fail_msg("wanted %s; it said: %s", law, report.broken[0] ? report.broken : "nothing");
}

#define OPEN_DUTY "SELECT COUNT(*) FROM duty WHERE closed IS NULL AND rule LIKE 'T%'"

static void what_is_owed_and_goes_is_named(void **state)
{
	(void)state;
	expect("L4:", OPEN_DUTY, "DELETE FROM duty WHERE id = (SELECT MIN(id) FROM duty WHERE closed IS NULL)");
}

static void a_file_that_owes_nothing_is_named(void **state)
{
	(void)state;
	expect("L4:", "SELECT COUNT(*) > 20 FROM duty WHERE closed IS NULL AND rule LIKE 'T%'",
	       "UPDATE duty SET closed = 1, closed_at = 1, closed_how = 'ended', next_at = NULL WHERE closed IS NULL");
}

static void a_rung_that_nobody_is_told_of_is_named(void **state)
{
	(void)state;
	expect("L5:", OPEN_DUTY, "UPDATE duty SET next_at = NULL");
}

static void nobody_told_outside_is_named(void **state)
{
	(void)state;
	expect("L5:", "SELECT COUNT(*) FROM duty WHERE closed IS NULL AND rung > 3",
	       "UPDATE duty SET rung = rung + 20, next_at = NULL WHERE rung > 0");
}

static void a_due_time_that_moved_is_named(void **state)
{
	(void)state;
	expect("L6:", OPEN_DUTY, "UPDATE duty SET due = due + 1");
}

static void a_duty_that_is_owed_again_is_named(void **state)
{
	(void)state;
	expect("L6:", "SELECT COUNT(*) FROM duty WHERE closed_how = 'settled' AND rung = 0",
	       "UPDATE duty SET closed = NULL, closed_at = NULL WHERE closed_how = 'settled'");
}

static void words_that_stand_bare_are_named(void **state)
{
	(void)state;
	expect("L10:", "SELECT COUNT(*) FROM reading", "UPDATE reading SET purpose = 'kVw7Zq3x' WHERE n = (SELECT MIN(n) FROM reading)");
}

static void what_only_verify_sees_is_named(void **state)
{
	(void)state;
	expect("verify:", OPEN_DUTY, "UPDATE entry SET nonce = zeroblob(length(nonce)) WHERE idx = 5");
}

static void words_that_are_lost_are_named(void **state)
{
	(void)state;
	expect("L12:", "SELECT COUNT(*) > 40 FROM duty", "UPDATE entry SET sealed = zeroblob(length(sealed)) WHERE idx > 286");
}

static void a_gate_that_lets_everything_through_is_named(void **state)
{
	(void)state;
	expect_of_rules("L7:", "kinds/child.yaml", "    - { gate: G4 }\n",
	                "    - { gate: G4, when: { age: { at-least: 90 } } }\n");
}

static void a_challenge_settled_by_somebody_else_is_named(void **state) /* L8 */
{
	(void)state;
	expect_of_rules("L8:", "kinds/challenge.yaml", "  by: [first account, person, independent-scrutineer]\n",
	                "  by: [first account, person, independent-scrutineer, team-manager, screener, dsl, named-nurse]\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(months_of_england_keep_the_laws),
		cmocka_unit_test(a_pack_of_another_country_lives_too),
		cmocka_unit_test(one_seed_replays_the_same_years_and_what_is_sealed_changes_nothing),
		cmocka_unit_test(what_is_owed_and_goes_is_named),
		cmocka_unit_test(a_file_that_owes_nothing_is_named),
		cmocka_unit_test(a_rung_that_nobody_is_told_of_is_named),
		cmocka_unit_test(nobody_told_outside_is_named),
		cmocka_unit_test(a_due_time_that_moved_is_named),
		cmocka_unit_test(a_duty_that_is_owed_again_is_named),
		cmocka_unit_test(words_that_stand_bare_are_named),
		cmocka_unit_test(what_only_verify_sees_is_named),
		cmocka_unit_test(words_that_are_lost_are_named),
		cmocka_unit_test(a_gate_that_lets_everything_through_is_named),
		cmocka_unit_test(a_challenge_settled_by_somebody_else_is_named),
	};
	journal_set_level(JOURNAL_SILENT);
	return cmocka_run_group_tests(tests, make_shelf, drop_shelf) != 0;
}
