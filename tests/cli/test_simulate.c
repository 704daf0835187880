/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The laws under faults: 25 seeds with 40 faults each (CANDOUR_SEEDS and
 * CANDOUR_CRASHES ask for more). A seed that fails is printed and replays:
 * candour simulate --seed S --seeds 1. And that each check can fail: a hand on
 * the register, or rules with a gate taken out, and the simulation names the
 * law.
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
#include "packs.h"
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
	const char *folders[] = { test_packs() };
	const struct pack_bytes *pack = NULL;
	struct err err;
	if (!pack_find(arena, folders, 1, STR("england"), &pack, &err))
		fail_msg("%s", err.message);
	return pack;
}

static void run(struct simulate_options *options, struct arena *arena, struct simulate_report *report)
{
	char folder[] = "/tmp/candour-simulate-XXXXXX";
	struct err err = { 0 };
	assert_non_null(mkdtemp(folder));
	options->folder = folder;
	options->shelf = shelf;
	options->acts_between = 6;
	bool done = simulate_history(options, report, &err);
	remove_folder(arena, folder);
	if (!done)
		fail_msg("seed %d: %s (%s)", (int)options->seed, err.message, err.context);
}

static void one(uint64_t seed, int crashes, struct simulate_report *report)
{
	struct arena *arena = arena_create((size_t)64 << 20);
	struct simulate_options options = { .seed = seed, .pack = england(arena), .crashes = crashes };
	run(&options, arena, report);
	arena_destroy(arena);
	if (report->broken[0])
		fail_msg("seed %d: %s", (int)seed, report->broken);
}

/* What the histories must have lived through, besides reports and what is done with them. */
static const char *const MUST_HAPPEN[] = {
	"log.key-changed", "log.key-compromised", "token.made",      "token.ended",  "account.added",
	"account.changed", "account.ended",       "office.held",     "office.left",  "office.handed-over",
	"office.deputised", "second.given",       "entry.corrected", "duty.extended", "access.broken",
	"pack.adopted",    "concern.closed",
};

static int64_t count_of(const struct simulate_tally *tallies, const char *name)
{
	for (size_t i = 0; i < SIMULATE_TALLIES; i++) {
		if (strcmp(tallies[i].name, name) == 0)
			return tallies[i].count;
	}
	return 0;
}

static void add_up(struct simulate_report *all, const struct simulate_report *one)
{
	all->attachments += one->attachments;
	all->waiting += one->waiting;
	for (size_t i = 0; i < SIMULATE_CHECKS; i++)
		all->checked[i] += one->checked[i];
	for (size_t i = 0; i < SIMULATE_TALLIES; i++) {
		if (one->kinds[i].count)
			simulate_count(all->kinds, str_from_c(one->kinds[i].name), one->kinds[i].count);
	}
}

/* None held because nobody looked, or because nothing happened. */
static void must_have_lived(const struct simulate_report *all, int seeds)
{
	for (size_t i = 0; i < SIMULATE_CHECKS; i++) {
		if (all->checked[i] == 0)
			fail_msg("%s was never checked", simulate_check_name(i));
	}
	for (size_t i = 0; seeds >= 25 && i < COUNT_OF(MUST_HAPPEN); i++) {
		if (count_of(all->kinds, MUST_HAPPEN[i]) == 0)
			fail_msg("%s never happened", MUST_HAPPEN[i]);
	}
	assert_true(all->attachments > 0 && all->waiting > 0);
}

static void the_laws_hold_through_faults_of_the_disk(void **state) /* L1 L2 L3 L4 L5 L6 L7 L9 */
{
	int seeds = from_environment("CANDOUR_SEEDS", 25), crashes = from_environment("CANDOUR_CRASHES", 40);
	struct simulate_report report, all = { 0 };
	(void)state;
	for (int seed = 1; seed <= seeds; seed++) {
		one((uint64_t)seed, crashes, &report);
		assert_int_equal(report.faults, crashes);
		assert_true(report.admitted > 0);
		add_up(&all, &report);
	}
	must_have_lived(&all, seeds);
}

static void one_seed_replays_one_history_exactly(void **state)
{
	struct simulate_report first, second;
	(void)state;
	one(4, 8, &first);
	one(4, 8, &second);
	assert_memory_equal(&first, &second, sizeof first);
}

/* --- that each check can fail ---------------------------------------------------------------- */

/* Rows are changed behind the register's back, once, as soon as `when` gives a number above zero. */
struct hand {
	const char *when;
	const char *what;
	bool is_done;
};

static void meddle(void *ctx, const char *vfs, const char *database)
{
	struct hand *hand = ctx;
	struct store *store = NULL;
	struct err err = { 0 };
	int64_t n = 0;
	if (hand->is_done)
		return;
	if (!store_open_on(vfs, database, STORE_WRITE, &store, &err) ||
	    (hand->when && !store_get_int(store, hand->when, &n, &err)))
		fail_msg("%s", err.message);
	if (!hand->when || n > 0) {
		hand->is_done = true;
		if (!store_begin(store, &err) || !store_run(store, hand->what, &err) || !store_commit(store, &err))
			fail_msg("%s", err.message);
	}
	store_close(store);
}

/* Each history names the harm; which check comes to it first is chance. */
static void expect(const char *law, const char *when, const char *what)
{
	struct arena *arena = arena_create((size_t)64 << 20);
	struct simulate_report report = { 0 };
	for (uint64_t seed = 2; seed < 8 && strncmp(report.broken, law, strlen(law)) != 0; seed++) {
		struct hand hand = { .when = when, .what = what };
		struct simulate_options options = {
			.seed = seed, .pack = england(arena), .crashes = 40, .meddle = meddle, .meddle_ctx = &hand
		};
		run(&options, arena, &report);
		assert_true(hand.is_done);
		assert_int_not_equal(report.broken[0], 0);
	}
	arena_destroy(arena);
	if (strncmp(report.broken, law, strlen(law)) != 0)
		fail_msg("wanted %s; it said: %s", law, report.broken[0] ? report.broken : "nothing");
}

#define REPORTS "SELECT COUNT(*) FROM entry WHERE kind = 'concern.received'"
#define LONG_AGO "(SELECT MAX(idx) FROM entry) - 80"
#define TOLD_OUTSIDE                                                                                      \
	"SELECT COUNT(*) FROM climb AS c JOIN duty AS d ON d.id = c.duty JOIN file AS f ON f.n = d.file"  \
	" WHERE c.office = 'ofsted-contact' AND d.closed IS NULL AND f.type = 'concern' AND c.entry < " LONG_AGO
#define NEWEST  "(SELECT MAX(idx) FROM entry WHERE kind = 'concern.received')"

static void an_acknowledged_entry_that_is_lost_is_named(void **state)
{
	(void)state;
	expect("L1:", REPORTS, "DELETE FROM entry WHERE idx = " NEWEST);
}

static void an_acknowledged_entry_that_is_changed_is_named(void **state)
{
	(void)state;
	expect("L2:", REPORTS,
	       "UPDATE entry SET header = (SELECT header FROM entry WHERE idx = 3) WHERE idx = " NEWEST);
}

static void a_tree_that_is_not_the_one_signed_is_named(void **state)
{
	(void)state;
	expect("L2:", REPORTS, "UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 0");
}

static void a_receipt_that_holds_no_more_is_named(void **state)
{
	(void)state;
	/* The entry's own bytes are the same; what ties them to the tree is not. */
	expect("L3:", REPORTS, "UPDATE entry SET nonce = zeroblob(length(nonce)) WHERE idx = " NEWEST);
}

static void an_open_file_that_owes_nothing_is_named(void **state)
{
	(void)state;
	/* Of a file whose entries have all been looked at: no consequence is missed first. */
	expect("L4:", REPORTS " AND idx < " LONG_AGO,
	       "DELETE FROM duty WHERE file = (SELECT MIN(file) FROM entry WHERE kind = 'concern.received')");
}

static void a_duty_past_its_last_rung_that_nobody_outside_knows_is_named(void **state)
{
	(void)state;
	/* Of climbs that have all been looked at. */
	expect("L5:", TOLD_OUTSIDE,
	       "DELETE FROM climb WHERE office IN ('ofsted-contact', 'hmicfrs-contact') AND entry < " LONG_AGO);
}

static void a_due_time_that_moved_is_named(void **state)
{
	(void)state;
	expect("L6:", "SELECT COUNT(*) FROM signed WHERE size > 90", "UPDATE duty SET due = due + 1");
}

static void a_reading_that_is_gone_is_named(void **state)
{
	(void)state;
	expect("L9:", "SELECT COUNT(*) FROM reading", "DELETE FROM reading");
}

static void an_act_that_was_forgotten_is_taken_twice_and_named(void **state)
{
	(void)state;
	expect("exactly once:", REPORTS, "DELETE FROM short_submission");
}

static void half_an_act_is_named(void **state)
{
	(void)state;
	/* Of a report that was not yet looked at: it is the newest entry but what climbed since. */
	expect("none half:", REPORTS " AND idx > (SELECT MAX(idx) FROM entry) - 3",
	       "DELETE FROM duty WHERE rule = 'T03' AND opened = " NEWEST);
}

static void what_only_verify_sees_is_named(void **state)
{
	(void)state;
	expect("verify:", NULL, "UPDATE credential SET bytes = zeroblob(20)");
}

static void a_disk_that_lies_about_its_syncs_is_found_out(void **state)
{
	struct arena *arena = arena_create((size_t)64 << 20);
	struct simulate_options options = {
		.seed = 1, .pack = england(arena), .crashes = 40, .disk_lies = true
	};
	struct simulate_report report;
	(void)state;
	run(&options, arena, &report);
	arena_destroy(arena);
	assert_int_not_equal(report.broken[0], 0);
}

/* The rules with one piece of text instead of another; which seed comes to it first is chance. */
static void expect_of_rules(const char *law, uint64_t first, const char *path, const char *from, const char *to)
{
	struct arena *arena = arena_create((size_t)64 << 20);
	struct pack_bytes pack = *england(arena);
	struct pack_file *files = arena_alloc(arena, pack.count, sizeof *files);
	struct simulate_report report = { 0 };
	bool is_changed = false;
	for (size_t i = 0; i < pack.count; i++) {
		files[i] = pack.files[i];
		if (!str_eq(files[i].path, str_from_c(path)))
			continue;
		const char *text = str_to_c(arena, files[i].bytes), *at = strstr(text, from);
		assert_non_null(at);
		files[i].bytes = arena_format(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
		is_changed = true;
	}
	assert_true(is_changed);
	pack.files = files;
	for (uint64_t seed = first; seed < first + 40 && !report.broken[0]; seed++) {
		struct simulate_options options = { .seed = seed, .pack = &pack, .crashes = 20 };
		run(&options, arena, &report);
	}
	arena_destroy(arena);
	if (strncmp(report.broken, law, strlen(law)) != 0)
		fail_msg("wanted %s; it said: %s", law, report.broken[0] ? report.broken : "nothing");
}

static void a_time_limit_that_can_be_put_off_is_named(void **state)
{
	(void)state;
	expect_of_rules("L7:", 30, "duties.yaml", "extendable: no", "extendable: line-above");
}

static void a_gate_that_lets_everything_through_is_named(void **state)
{
	(void)state;
	expect_of_rules("L7:", 1, "kinds/concern.yaml", "    - { gate: G1, when: { decision: none } }\n",
	                "");
}

static void a_ladder_that_does_not_end_outside_is_named(void **state)
{
	(void)state;
	expect_of_rules("L5:", 1, "ladders.yaml", "tell: [ofsted-contact], place: outside", "tell: [dcs]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_laws_hold_through_faults_of_the_disk),
		cmocka_unit_test(one_seed_replays_one_history_exactly),
		cmocka_unit_test(an_acknowledged_entry_that_is_lost_is_named),
		cmocka_unit_test(an_acknowledged_entry_that_is_changed_is_named),
		cmocka_unit_test(a_tree_that_is_not_the_one_signed_is_named),
		cmocka_unit_test(a_receipt_that_holds_no_more_is_named),
		cmocka_unit_test(an_open_file_that_owes_nothing_is_named),
		cmocka_unit_test(a_duty_past_its_last_rung_that_nobody_outside_knows_is_named),
		cmocka_unit_test(a_due_time_that_moved_is_named),
		cmocka_unit_test(a_reading_that_is_gone_is_named),
		cmocka_unit_test(an_act_that_was_forgotten_is_taken_twice_and_named),
		cmocka_unit_test(half_an_act_is_named),
		cmocka_unit_test(what_only_verify_sees_is_named),
		cmocka_unit_test(a_disk_that_lies_about_its_syncs_is_found_out),
		cmocka_unit_test(a_time_limit_that_can_be_put_off_is_named),
		cmocka_unit_test(a_gate_that_lets_everything_through_is_named),
		cmocka_unit_test(a_ladder_that_does_not_end_outside_is_named),
	};
	journal_set_level(JOURNAL_SILENT); /* the faults are the test's own */
	return cmocka_run_group_tests(tests, make_shelf, drop_shelf) != 0;
}
