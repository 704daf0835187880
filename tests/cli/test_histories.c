/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Histories by chance over the whole England pack: files of every type, each
 * from its first entry to its end or 40 acts, held to L4-L8, L10 and L12 at
 * every entry. Many share a register, so that patterns and links are met too.
 *
 *	CANDOUR_HISTORIES_COUNT=100000   how many, else 150
 *	CANDOUR_SEED=17                  the first register's
 *
 * Printed are the kinds that came about: what is not among them is proved by the
 * stories alone (tests/data/england).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/simulate_parts.h"
#include "cli/years.h"

#define HISTORIES 150
#define IN_A_REGISTER 500
#define MORE_REGISTERS 8
#define ACTS_MAX 40
#define CHILDREN_PER_TEN 4
#define VERIFIED_IN 10 /* registers: one in so many is refolded and verified too */

struct tally {
	int64_t registers, files, ended, acts, admitted, waiting, refused, failed, unlawful, entries, duties;
	int64_t in_time, late, moot, owed, outside, climbs, patterns;
	int64_t spent_us;
	int64_t checked[YEARS_CHECKS];
	struct simulate_tally kinds[YEARS_KINDS];
};

static int from_environment(const char *name, int otherwise)
{
	const char *text = getenv(name);
	return text ? (int)strtol(text, NULL, 10) : otherwise;
}

static void add_kind(struct tally *all, const struct simulate_tally *one)
{
	size_t at = 0;
	while (all->kinds[at].count && strcmp(all->kinds[at].name, one->name) != 0)
		at++;
	int64_t before = all->kinds[at].count;
	all->kinds[at] = *one;
	all->kinds[at].count += before;
}

static void add(struct tally *all, const struct years_report *one)
{
	all->registers++;
	all->files += one->files;
	all->ended += one->ended;
	all->acts += one->acts;
	all->admitted += one->admitted;
	all->waiting += one->waiting;
	all->refused += one->refused;
	all->failed += one->failed;
	all->unlawful += one->unlawful;
	all->entries += one->entries;
	all->duties += one->opened;
	all->in_time += one->in_time;
	all->late += one->late;
	all->moot += one->moot;
	all->owed += one->owed;
	all->outside += one->outside;
	all->spent_us += one->spent_us;
	for (int i = 1; i <= YEARS_RUNGS; i++)
		all->climbs += one->climbed[i];
	for (size_t i = 0; i < COUNT_OF(one->patterns); i++)
		all->patterns += one->patterns[i].count;
	for (size_t i = 0; i < YEARS_CHECKS; i++)
		all->checked[i] += one->checked[i];
	for (size_t i = 0; i < YEARS_KINDS && one->kinds[i].count; i++)
		add_kind(all, &one->kinds[i]);
}

static void one_register(struct tally *all, const struct pack_bytes *pack, struct casebook_shelf *shelf,
                         uint64_t seed, int histories)
{
	static struct years_report report;
	struct arena *arena = arena_create((size_t)16 << 20);
	char folder[] = "/dev/shm/candour-histories-XXXXXX", otherwise[] = "/tmp/candour-histories-XXXXXX";
	struct err err = { 0 };
	struct years_options options = { .pack = pack,
		                         .shelf = shelf,
		                         .seed = seed,
		                         .words_seed = seed,
		                         .children = 1 + histories * CHILDREN_PER_TEN / 10,
		                         .histories = histories,
		                         .acts_max = ACTS_MAX,
		                         .is_unverified = seed % VERIFIED_IN != 1 };
	options.folder = mkdtemp(folder);
	if (!options.folder)
		options.folder = mkdtemp(otherwise);
	assert_non_null(options.folder);
	bool done = years_live(&options, &report, &err);
	simulate_remove_folder(arena, options.folder);
	arena_destroy(arena);
	if (!done)
		fail_msg("seed %d: %s (%s)", (int)seed, err.message, err.context);
	if (report.broken[0])
		fail_msg("seed %d: %s", (int)seed, report.broken);
	add(all, &report);
}

static void print_all(const struct tally *all)
{
	print_message("%" PRId64 " files in %" PRId64 " registers, %" PRId64 " at their end; %" PRId64 " acts, %" PRId64
	              " admitted, %" PRId64 " to wait, %" PRId64 " refused, %" PRId64 " bad input, %" PRId64
	              " unlawful; %" PRId64 " duties: %" PRId64 " in time, %" PRId64 " late, %" PRId64
	              " ended, %" PRId64 " owed, %" PRId64 " told outside; %" PRId64 " climbs, %" PRId64
	              " patterns; %" PRId64 " entries in %" PRId64 " s\n",
	              all->files, all->registers, all->ended, all->acts, all->admitted, all->waiting, all->refused,
	              all->failed, all->unlawful, all->duties, all->in_time, all->late, all->moot, all->owed,
	              all->outside, all->climbs, all->patterns, all->entries, all->spent_us / INSTANT_PER_SECOND);
	for (size_t i = 0; i < YEARS_CHECKS; i++)
		print_message("%-12s %10" PRId64 " %s\n", years_check_name(i), all->checked[i], years_check_words(i));
}

static void print_kinds(const struct tally *all)
{
	size_t count = 0;
	while (count < YEARS_KINDS && all->kinds[count].count)
		count++;
	print_message("%zu kinds admitted:", count);
	for (size_t i = 0; i < count; i++)
		print_message(" %s %" PRId64, all->kinds[i].name, (int64_t)all->kinds[i].count);
	print_message("\n");
}

static bool is_each_checked(const struct tally *all)
{
	for (size_t i = 0; i < YEARS_CHECKS; i++) {
		if (all->checked[i] == 0)
			return false;
	}
	return true;
}

static void random_histories_keep_the_laws(void **state) /* L4 L5 L6 L7 L8 L10 L12 */
{
	int count = from_environment("CANDOUR_HISTORIES_COUNT", HISTORIES), seed = from_environment("CANDOUR_SEED", 1);
	struct arena *arena = arena_create((size_t)64 << 20);
	struct casebook_shelf *shelf = casebook_shelf_create();
	const char *folders[] = { "packs" };
	const struct pack_bytes *pack = NULL;
	static struct tally all;
	struct err err;
	(void)state;
	assert_non_null(shelf);
	if (!pack_find(arena, folders, 1, STR("england"), &pack, &err))
		fail_msg("%s", err.message);
	for (int left = count; left > 0; left -= IN_A_REGISTER, seed++) {
		one_register(&all, pack, shelf, (uint64_t)seed, left < IN_A_REGISTER ? left : IN_A_REGISTER);
		if (left > IN_A_REGISTER)
			print_all(&all);
	}
	/* Some laws are looked at seldom: whichever seed it is, it goes on until each was. */
	for (int more = 0; more < MORE_REGISTERS && !is_each_checked(&all); more++)
		one_register(&all, pack, shelf, (uint64_t)seed++, HISTORIES);
	casebook_shelf_destroy(shelf);
	arena_destroy(arena);
	print_all(&all);
	print_kinds(&all);
	assert_true(all.files >= count && all.ended > 0);
	for (size_t i = 0; i < YEARS_CHECKS; i++) {
		if (all.checked[i] == 0)
			fail_msg("%s was never checked", years_check_name(i));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_histories_keep_the_laws),
	};
	journal_set_level(JOURNAL_SILENT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
