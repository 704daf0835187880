/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour simulate --years: asks for them, and prints what became of them. */
#include <stdlib.h>

#include "cli/packs.h"
#include "cli/simulate_parts.h"
#include "cli/years.h"

#define YEARS_MAX 20
#define CHILDREN_MAX 20000
#define CHILDREN 2000
#define DAYS_OF_YEAR 365
#define IN_MEMORY "/dev/shm"
#define MEMORY_WANTED (2LL << 30)

/* --- printing --------------------------------------------------------------------------------- */

static void print_tally(struct cli_call *call, const char *what, const struct simulate_tally *at,
                        size_t max)
{
	struct str all = STR("");
	for (size_t i = 0; i < max && at[i].count; i++)
		all = arena_format(call->arena, "%.*s%s%s %" PRId64, STR_ARG(all), i ? ", " : "",
		                   at[i].name, at[i].count);
	cli_print(call, "%s: %.*s", what, STR_ARG(all.n ? all : STR("none")));
}

static size_t names_in(const struct simulate_tally *at, size_t max)
{
	size_t count = 0;
	while (count < max && at[count].count)
		count++;
	return count;
}

static int64_t a_second(const struct years_report *report)
{
	int64_t ms = report->spent_us / INSTANT_PER_MS;
	return ms > 0 ? report->entries * 1000 / ms : 0;
}

static void print_text(struct cli_call *call, const struct years_report *report)
{
	cli_print(call,
	          "%" PRId64 " days, %" PRId64 " files, %" PRId64 " of them at their end: %s%s",
	          report->days, report->files, report->ended,
	          report->broken[0] ? "broken: " : "no law broken", report->broken);
	cli_print(call,
	          "%" PRId64 " acts, %" PRId64 " admitted of %zu kinds, %" PRId64
	          " to wait for a second reader, %" PRId64 " refused, %" PRId64 " bad input",
	          report->acts, report->admitted, names_in(report->kinds, YEARS_KINDS),
	          report->waiting, report->refused, report->failed);
	cli_print(call,
	          "%" PRId64 " duties, %" PRId64 " met in time, %" PRId64 " met late, %" PRId64
	          " ended, %" PRId64 " still owed, %" PRId64 " of these late",
	          report->opened, report->in_time, report->late, report->moot, report->owed,
	          report->owed_late);
	struct str rungs = STR("");
	for (int i = 1; i <= YEARS_RUNGS; i++) {
		if (report->climbed[i])
			rungs = arena_format(call->arena, "%.*s, rung %d %" PRId64, STR_ARG(rungs),
			                     i, report->climbed[i]);
	}
	cli_print(call, "climbed: %" PRId64 " to outside%.*s", report->outside, STR_ARG(rungs));
	print_tally(call, "refused by gate", report->gates, SIMULATE_TALLIES);
	print_tally(call, "patterns", report->patterns, SIMULATE_TALLIES);
	cli_print(call, "%" PRId64 " unlawful tries", report->unlawful);
	print_tally(call, "tried", report->wrongs, SIMULATE_TALLIES);
	cli_print(call,
	          "%" PRId64 " entries in %" PRId64 " s, %" PRId64 " a second; %" PRId64
	          " s for the last checks",
	          report->entries, report->spent_us / INSTANT_PER_SECOND, a_second(report),
	          report->checking_us / INSTANT_PER_SECOND);
	for (size_t i = 0; i < YEARS_CHECKS; i++)
		cli_print(call, "  %-12s %9" PRId64 " %s", years_check_name(i), report->checked[i],
		          years_check_words(i));
	cli_print(call, "sum %.*s", STR_ARG(hash_hex(call->arena, &report->sum)));
}

static bool print_json(struct cli_call *call, const struct years_report *report, struct err *err)
{
	struct arena *arena = call->arena;
	struct json *model = json_object(arena), *rungs = json_array(arena);
	struct json *checked = json_object(arena);
	const struct {
		const char *name;
		int64_t value;
	} figures[] = {
		{ "days", report->days },
		{ "files", report->files },
		{ "ended", report->ended },
		{ "acts", report->acts },
		{ "admitted", report->admitted },
		{ "waiting", report->waiting },
		{ "refused", report->refused },
		{ "failed", report->failed },
		{ "unlawful", report->unlawful },
		{ "duties", report->opened },
		{ "in_time", report->in_time },
		{ "late", report->late },
		{ "moot", report->moot },
		{ "owed", report->owed },
		{ "owed_late", report->owed_late },
		{ "outside", report->outside },
		{ "entries", report->entries },
		{ "entries_a_second", a_second(report) },
		{ "spent_ms", report->spent_us / INSTANT_PER_MS },
		{ "checking_ms", report->checking_us / INSTANT_PER_MS },
	};
	json_put_text(arena, model, STR("broken"), str_from_c(report->broken));
	for (size_t i = 0; i < COUNT_OF(figures); i++)
		json_put_integer(arena, model, str_from_c(figures[i].name), figures[i].value);
	for (int i = 1; i <= YEARS_RUNGS; i++)
		json_push(rungs, json_integer(arena, report->climbed[i]));
	json_put(model, STR("climbed"), rungs);
	json_put(model, STR("gates"), simulate_tallied(arena, report->gates, SIMULATE_TALLIES));
	json_put(model, STR("patterns"),
	         simulate_tallied(arena, report->patterns, SIMULATE_TALLIES));
	json_put(model, STR("kinds"), simulate_tallied(arena, report->kinds, YEARS_KINDS));
	json_put(model, STR("ways"), simulate_tallied(arena, report->wrongs, SIMULATE_TALLIES));
	for (size_t i = 0; i < YEARS_CHECKS; i++)
		json_put_integer(arena, checked, str_from_c(years_check_name(i)),
		                 report->checked[i]);
	json_put(model, STR("checked"), checked);
	json_put_text(arena, model, STR("sum"), hash_hex(arena, &report->sum));
	return cli_print_json(call, model, err);
}

/* --- running ---------------------------------------------------------------------------------- */

/* In memory where the machine has room for it: every act is durable before the next. */
static bool make_folder(struct cli_call *call, const char **folder, struct err *err)
{
	const char *root = file_free_bytes(IN_MEMORY) > MEMORY_WANTED ? IN_MEMORY : "/tmp";
	if (cli_has(call, "into")) {
		*folder = str_to_c(call->arena, cli_text(call, "into"));
		return *folder || err_set(err, ERR_USAGE, "--into takes a folder");
	}
	struct str name = arena_format(call->arena, "%s/candour-years-XXXXXX", root);
	char *made = arena_alloc(call->arena, name.n + 1, 1);
	if (!made)
		return err_set(err, ERR_UNABLE, "There is no memory to simulate");
	memcpy(made, name.p, name.n);
	*folder = mkdtemp(made);
	return *folder || err_set(err, ERR_UNABLE, "There is no room in %s for a drill", root);
}

bool simulate_years(struct cli_call *call, struct str name, struct err *err)
{
	uint64_t years, children, seed;
	struct years_options options = { .progress = call->person.progress,
		                         .progress_ctx = call->person.ctx };
	struct years_report *report = arena_alloc(call->arena, 1, sizeof *report);
	if (cli_has(call, "seeds") || cli_has(call, "crashes"))
		return err_set(err, ERR_USAGE, "--seeds and --crashes do not go with --years");
	if (!simulate_number(call, "years", YEARS_MAX, 2, &years, err) ||
	    !simulate_number(call, "children", CHILDREN_MAX, CHILDREN, &children, err) ||
	    !simulate_number(call, "seed", UINT32_MAX, 1, &seed, err) ||
	    !packs_find(call, name, &options.pack, err))
		return false;
	if (!years || !children)
		return err_set(err, ERR_USAGE, "--years and --children are at least 1");
	if (!report)
		return err_set(err, ERR_UNABLE, "There is no memory to simulate");
	if (!make_folder(call, &options.folder, err))
		return false;
	options.seed = options.words_seed = seed;
	options.days = (int)years * DAYS_OF_YEAR;
	options.children = (int)children;
	journal_set_level(JOURNAL_SILENT);
	bool done = years_live(&options, report, err);
	if (!cli_has(call, "into"))
		simulate_remove_folder(call->arena, options.folder);
	if (!done)
		return false;
	call->status = report->broken[0] ? 1 : 0;
	if (cli_has(call, "json"))
		return print_json(call, report, err);
	print_text(call, report);
	return true;
}
