/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour simulate: histories under faults, each from a seed, held to the laws. */
#include "cli/simulate.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/packs.h"
#include "cli/simulate_parts.h"

#define SEEDS_MAX 1000000
#define CRASHES_MAX 100000
#define ACTS 6

static const struct cli_option OPTIONS[] = {
	{ "seed", CLI_TEXT, "S", "the first seed (1)" },
	{ "seeds", CLI_TEXT, "N", "how many histories, one a seed (25)" },
	{ "crashes", CLI_TEXT, "N", "faults in each (40)" },
	{ "pack", CLI_TEXT, "PACK", "the rules (england)" },
	{ "years", CLI_TEXT, "N", "instead: N years of one partnership, without faults" },
	{ "children", CLI_TEXT, "N", "in those years: how many children it knows (2000)" },
	{ "into", CLI_TEXT, "DIR", "in those years: keep the register there, to be looked at" },
	CLI_PACKS,
	{ "json", CLI_FLAG, NULL, "as JSON, for programs" },
};

bool simulate_number(struct cli_call *call, const char *name, uint64_t max, uint64_t otherwise,
                     uint64_t *out, struct err *err)
{
	*out = otherwise;
	if (!cli_has(call, name) || str_to_u64(cli_text(call, name), max, out))
		return true;
	return err_set(err, ERR_USAGE, "--%s takes a whole number of at most %" PRIu64, name, max);
}

void simulate_remove_folder(struct arena *arena, const char *folder)
{
	const struct str *names;
	size_t count = 0;
	struct err ignored;
	if (!file_list(arena, folder, &names, &count, &ignored))
		return;
	for (size_t i = 0; i < count; i++) {
		const char *path = file_join(arena, folder, str_to_c(arena, names[i]));
		if (path && file_is_folder(path))
			simulate_remove_folder(arena, path);
		else if (path)
			(void)unlink(path);
	}
	(void)rmdir(folder);
}

static void add(struct simulate_report *all, const struct simulate_report *one)
{
	int64_t *const sums[] = { &all->acts,      &all->admitted,    &all->waiting,
		                  &all->refused,   &all->failed,      &all->unlawful,
		                  &all->closings,  &all->unknown,     &all->found,
		                  &all->climbed,   &all->readings,    &all->attachments,
		                  &all->adoptions, &all->faults,      &all->recoveries,
		                  &all->restarts,  &all->clock_steps, &all->entries };
	const int64_t ones[] = { one->acts,        one->admitted, one->waiting,    one->refused,
		                 one->failed,      one->unlawful, one->closings,   one->unknown,
		                 one->found,       one->climbed,  one->readings,   one->attachments,
		                 one->adoptions,   one->faults,   one->recoveries, one->restarts,
		                 one->clock_steps, one->entries };
	_Static_assert(sizeof sums / sizeof *sums == sizeof ones / sizeof *ones,
	               "one sum for each");
	for (size_t i = 0; i < COUNT_OF(sums); i++)
		*sums[i] += ones[i];
	for (size_t i = 0; i < SIMULATE_CHECKS; i++)
		all->checked[i] += one->checked[i];
	for (size_t i = 0; i < SIMULATE_TALLIES; i++) {
		if (one->kinds[i].count)
			simulate_count(all->kinds, str_from_c(one->kinds[i].name),
			               one->kinds[i].count);
		if (one->wrongs[i].count)
			simulate_count(all->wrongs, str_from_c(one->wrongs[i].name),
			               one->wrongs[i].count);
	}
}

static bool one_history(struct cli_call *call, const struct simulate_options *of, uint64_t seed,
                        struct simulate_report *report, struct err *err)
{
	char folder[] = "/tmp/candour-simulate-XXXXXX";
	if (!mkdtemp(folder))
		return err_set(err, ERR_UNABLE, "There is no room in /tmp for the keys of a drill");
	struct simulate_options options = *of;
	options.seed = seed;
	options.folder = folder;
	bool done = simulate_history(&options, report, err);
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)1 << 20);
	if (arena)
		simulate_remove_folder(arena, folder);
	if (done && report->broken[0])
		cli_print(call, "seed %" PRIu64 ": %s", seed, report->broken);
	return done;
}

static size_t names_in(const struct simulate_tally *tallies)
{
	size_t count = 0;
	while (count < SIMULATE_TALLIES && tallies[count].count)
		count++;
	return count;
}

struct json *simulate_tallied(struct arena *arena, const struct simulate_tally *tallies, size_t max)
{
	struct json *model = json_object(arena);
	for (size_t i = 0; i < max && tallies[i].count; i++)
		json_put_integer(arena, model, str_from_c(tallies[i].name), tallies[i].count);
	return model;
}

static void print_text(struct cli_call *call, uint64_t seeds, uint64_t bad,
                       const struct simulate_report *all)
{
	cli_print(call,
	          "%" PRIu64 " histories, %" PRId64 " faults, %" PRId64
	          " more while opening, %" PRId64 " restarts: laws broken in %" PRIu64,
	          seeds, all->faults, all->recoveries, all->restarts, bad);
	cli_print(call,
	          "%" PRId64 " acts sent, %" PRId64 " admitted of %zu kinds, %" PRId64
	          " to wait for a second reader, %" PRId64 " refused, %" PRId64 " bad input",
	          all->acts, all->admitted, names_in(all->kinds), all->waiting, all->refused,
	          all->failed);
	cli_print(call,
	          "%" PRId64 " of them unlawful, in %zu ways, %" PRId64 " closings, %" PRId64
	          " with attachments, %" PRId64 " packs adopted",
	          all->unlawful, names_in(all->wrongs), all->closings, all->attachments,
	          all->adoptions);
	cli_print(call, "%" PRId64 " cut off and sent again, %" PRId64 " of those were there",
	          all->unknown, all->found);
	cli_print(call,
	          "%" PRId64 " climbs, %" PRId64 " readings, %" PRId64
	          " steps of the machine's clock, %" PRId64 " entries",
	          all->climbed, all->readings, all->clock_steps, all->entries);
	for (size_t i = 0; i < SIMULATE_CHECKS; i++)
		cli_print(call, "  %-12s %9" PRId64 " %s", simulate_check_name(i), all->checked[i],
		          simulate_check_words(i));
}

static bool print_all(struct cli_call *call, uint64_t seeds, uint64_t bad,
                      const struct simulate_report *all, struct err *err)
{
	if (!cli_has(call, "json")) {
		print_text(call, seeds, bad, all);
		return true;
	}
	struct json *model = json_object(call->arena), *checked = json_object(call->arena);
	json_put_integer(call->arena, model, STR("histories"), (int64_t)seeds);
	json_put_integer(call->arena, model, STR("broken"), (int64_t)bad);
	json_put_integer(call->arena, model, STR("faults"), all->faults);
	json_put_integer(call->arena, model, STR("restarts"), all->restarts);
	json_put_integer(call->arena, model, STR("acts"), all->acts);
	json_put_integer(call->arena, model, STR("admitted"), all->admitted);
	json_put(model, STR("kinds"), simulate_tallied(call->arena, all->kinds, SIMULATE_TALLIES));
	json_put_integer(call->arena, model, STR("unlawful"), all->unlawful);
	json_put(model, STR("ways"), simulate_tallied(call->arena, all->wrongs, SIMULATE_TALLIES));
	json_put_integer(call->arena, model, STR("entries"), all->entries);
	for (size_t i = 0; i < SIMULATE_CHECKS; i++)
		json_put_integer(call->arena, checked, str_from_c(simulate_check_name(i)),
		                 all->checked[i]);
	json_put(model, STR("checked"), checked);
	return cli_print_json(call, model, err);
}

static bool run(struct cli_call *call, struct err *err)
{
	uint64_t seed, seeds, crashes, bad = 0;
	const struct pack_bytes *pack;
	struct simulate_report all = { 0 };
	struct str name = cli_has(call, "pack") ? cli_text(call, "pack") : STR("england");
	if (cli_has(call, "years"))
		return simulate_years(call, name, err);
	if (cli_has(call, "children") || cli_has(call, "into"))
		return err_set(err, ERR_USAGE, "--children and --into go with --years");
	if (!simulate_number(call, "seed", UINT32_MAX, 1, &seed, err) ||
	    !simulate_number(call, "seeds", SEEDS_MAX, 25, &seeds, err) ||
	    !simulate_number(call, "crashes", CRASHES_MAX, 40, &crashes, err) ||
	    !packs_find(call, name, &pack, err))
		return false;
	CLEANUP(casebook_shelf_cleanup) struct casebook_shelf *shelf = casebook_shelf_create();
	struct simulate_options options = {
		.pack = pack, .shelf = shelf, .crashes = (int)crashes, .acts_between = ACTS
	};
	if (!shelf)
		return err_set(err, ERR_UNABLE, "There is no memory to simulate");
	journal_set_level(JOURNAL_SILENT); /* the faults are ours */
	for (uint64_t i = 0; i < seeds; i++) {
		struct simulate_report one;
		if (!one_history(call, &options, seed + i, &one, err))
			return false;
		bad += one.broken[0] != 0;
		add(&all, &one);
		if (call->person.progress)
			call->person.progress(call->person.ctx, "histories", (int64_t)i + 1,
			                      (int64_t)seeds);
	}
	call->status = bad ? 1 : 0;
	return print_all(call, seeds, bad, &all, err);
}

const struct cli_command cli_simulate = {
	.name = "simulate",
	.arguments = "",
	.about = "Live through random histories with faults, or years, and hold them to the laws",
	.detail =
		"One seed is one history, replayed exactly: acts lawful and unlawful by random offices, people who\n"
		"come and go, tokens made and ended, signing keys changed and stolen, attachments, second readers,\n"
		"packs adopted. A disk in memory loses, tears and re-orders what was not synced; syncs, writes and\n"
		"opening fail, the disk fills, power goes before and after a sync, and while it opens again. Prints\n"
		"how often each law was checked. Exit 1 when one was broken; the seed is printed.\n"
		"With --years a partnership lives through years of a virtual clock instead, without faults, by the\n"
		"pack alone: who owes something does it in time, late or never. Prints what was owed, met, told.",
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};
