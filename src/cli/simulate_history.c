/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One history. Everything by chance comes from the seed: acts, faults, what the
 * disk keeps, how the machine's clock steps. What was acknowledged is
 * remembered outside the register and looked for after every restart.
 */
#include "cli/simulate_world.h"

#include <stdlib.h>

#define START INT64_C(1790000000000000)
#define ARENA_ACT ((size_t)64 << 20)
#define STEPS_MAX 400
#define OPENINGS 4
#define BOOT_AT INT64_C(77000000)
#define CLIMBS_MAX 1000
#define CLIMBS_TURN 1000

const char *const sim_offices[SIM_PEOPLE] = { "screener",
	                                      "edt",
	                                      "team-manager",
	                                      "service-manager",
	                                      "head-of-service",
	                                      "dcs",
	                                      "social-worker",
	                                      "police-contact",
	                                      "police-sergeant",
	                                      "police-duty-inspector",
	                                      "named-nurse",
	                                      "designated-nurse",
	                                      "dsl",
	                                      "headteacher",
	                                      "partnership-manager",
	                                      "independent-scrutineer",
	                                      "register-administrator" };

static const struct {
	const char *name;
	const char *words;
} CHECKS[SIMULATE_CHECKS] = {
	[SIMULATE_L1] = { "L1", "acknowledged entries found again" },
	[SIMULATE_L2] = { "L2", "signed roots that none contradicts" },
	[SIMULATE_L3] = { "L3", "receipts checked offline" },
	[SIMULATE_L4] = { "L4", "open files that owe" },
	[SIMULATE_L5] = { "L5", "open duties told outside their line" },
	[SIMULATE_L6] = { "L6", "due times that stayed" },
	[SIMULATE_L7] = { "L7", "refusals that changed nothing, closings with their evidence" },
	[SIMULATE_L9] = { "L9", "readings found again" },
	[SIMULATE_ONCE] = { "exactly once", "acts that are one entry, and answers given again" },
	[SIMULATE_WHOLE] = { "none half", "entries with all that follows from them" },
	[SIMULATE_VERIFY] = { "verify", "clean" },
};

const char *simulate_check_name(enum simulate_check check)
{
	return CHECKS[check].name;
}

const char *simulate_check_words(enum simulate_check check)
{
	return CHECKS[check].words;
}

void simulate_count(struct simulate_tally *tallies, struct str name, int64_t count)
{
	for (size_t i = 0; i < SIMULATE_TALLIES; i++) {
		struct simulate_tally *tally = &tallies[i];
		if (tally->count && !str_eq(str_from_c(tally->name), name))
			continue;
		(void)snprintf(tally->name, sizeof tally->name, "%.*s", STR_ARG(name));
		tally->count += count;
		return;
	}
}

bool sim_broken(struct sim *sim, const char *format, ...)
{
	va_list args;
	if (sim->report->broken[0])
		return false;
	va_start(args, format);
	(void)vsnprintf(sim->report->broken, sizeof sim->report->broken, format, args);
	va_end(args);
	return false;
}

uint64_t sim_below(struct sim *sim, uint64_t n)
{
	return random_below(sim->random, n);
}

bool sim_chance(struct sim *sim, uint64_t in)
{
	return sim_below(sim, in) == 0;
}

struct str sim_pick(struct sim *sim, const char *const *from, size_t count)
{
	return str_from_c(from[sim_below(sim, count)]);
}

bool sim_has_failed(const struct sim *sim)
{
	return store_shim_has_failed(sim->shim);
}

/* --- time ----------------------------------------------------------------------------------- */

static struct clock_reading machine_clock(void *ctx)
{
	const struct sim *sim = ctx;
	return (struct clock_reading){ .wall = sim->wall, .boot_us = sim->boot_us };
}

/* The host sleeps, is set forwards or back by minutes or years: none of it is register time. */
static bool step_clock(struct sim *sim)
{
	static const int64_t steps[] = { INSTANT_PER_SECOND,      -INSTANT_PER_SECOND,
		                         20 * INSTANT_PER_MINUTE, -20 * INSTANT_PER_MINUTE,
		                         400 * INSTANT_PER_DAY,   -400 * INSTANT_PER_DAY };
	instant before = casebook_now(sim->book);
	sim->wall += steps[sim_below(sim, COUNT_OF(steps))];
	sim->boot_us += (int64_t)sim_below(sim, 90) * INSTANT_PER_SECOND;
	sim->report->clock_steps++;
	return casebook_now(sim->book) == before ||
	       sim_broken(sim, "the machine's clock moved the register's time");
}

/* --- opening -------------------------------------------------------------------------------- */

static bool open_book(struct sim *sim)
{
	struct casebook_options options = { .vfs = store_shim_name(sim->shim),
		                            .shelf = sim->options->shelf,
		                            .has_seed = true,
		                            .seed = sim->options->seed * 1000003 + ++sim->opened,
		                            .clock = machine_clock,
		                            .clock_ctx = sim };
	if (!casebook_open_with(sim->options->folder, CASEBOOK_WRITE, &options, &sim->book,
	                        &sim->err))
		return false;
	instant newest = casebook_now(sim->book);
	if (newest > sim->now)
		sim->now = newest;
	return casebook_set_now(sim->book, sim->now, &sim->err);
}

static bool create_book(struct sim *sim)
{
	struct casebook_made made;
	struct casebook_founding founding = { .dir = sim->options->folder,
		                              .pack = sim->options->pack,
		                              .shelf = sim->options->shelf,
		                              .origin = STR("drill.simulated.example/register"),
		                              .is_drill = true,
		                              .has_seed = true,
		                              .seed = sim->options->seed,
		                              .start = START,
		                              .vfs = store_shim_name(sim->shim) };
	sim->now = sim->wall = START;
	sim->boot_us = BOOT_AT;
	return casebook_create(&founding, sim->forever, &made, &sim->err) && open_book(sim);
}

static void close_book(struct sim *sim)
{
	casebook_close(sim->book);
	sim->book = NULL;
	store_shim_restart(sim->shim);
	sim->report->restarts++;
}

static void plan_fault(struct sim *sim, uint64_t within)
{
	static const enum store_fault faults[] = { STORE_FAULT_POWER, STORE_FAULT_POWER,
		                                   STORE_FAULT_AFTER, STORE_FAULT_SYNC,
		                                   STORE_FAULT_WRITE, STORE_FAULT_FULL };
	store_shim_plan(sim->shim, faults[sim_below(sim, COUNT_OF(faults))],
	                1 + (int64_t)sim_below(sim, within));
}

/* Sometimes it fails again while it opens, before it is of any use. */
static bool open_through_faults(struct sim *sim)
{
	for (int i = 0; i < OPENINGS; i++) {
		bool is_planned = i + 1 < OPENINGS && sim_chance(sim, 6);
		if (is_planned && sim_chance(sim, 2))
			store_shim_plan(sim->shim, STORE_FAULT_OPEN, 1);
		else if (is_planned)
			plan_fault(sim, 3);
		bool opened = open_book(sim);
		bool has_failed = is_planned && sim_has_failed(sim);
		store_shim_heal(sim->shim);
		if (opened && !has_failed)
			return true;
		if (!has_failed)
			return false;
		sim->report->recoveries++;
		close_book(sim);
	}
	return sim_broken(sim, "it does not open though no fault is left");
}

bool sim_restart(struct sim *sim)
{
	struct arena *arena = sim->arena;
	if (sim->report->broken[0] || sim->depth)
		return sim_broken(sim, "something failed while nothing was wrong: %s (%s)",
		                  sim->err.message, sim->err.context);
	close_book(sim);
	if (!open_through_faults(sim))
		return sim_broken(sim, "it does not open after a fault: %s (%s)", sim->err.message,
		                  sim->err.context);
	/* The act in flight keeps its memory while the checks use theirs. */
	sim->arena = arena_create(ARENA_ACT);
	sim->depth++;
	bool good = sim->arena ? sim_check_laws(sim) : sim_broken(sim, "no memory");
	sim->depth--;
	arena_destroy(sim->arena);
	sim->arena = arena;
	return good;
}

/* --- the history ---------------------------------------------------------------------------- */

static bool hold(struct sim *sim, const struct sim_chart *chart, size_t i)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_office *office = sim_office(chart, str_from_c(sim_offices[i]));
	struct casebook_answer answer;
	struct casebook_file file;
	struct json *fields = json_object(sim->arena);
	if (!office)
		return true; /* another pack has other offices */
	if (!casebook_reader_take(sim->book, &reader, &sim->err) ||
	    !casebook_file_get(reader, sim->arena, office->file, &file, &sim->err))
		return false;
	json_put_text(sim->arena, fields, STR("office"), office->id);
	json_put_text(sim->arena, fields, STR("account"), sim->account[i]);
	struct casebook_act act = { .actor = { .by = CASEBOOK_BY_REGISTER },
		                    .via = CASEBOOK_REGISTER,
		                    .kind = STR("office.held"),
		                    .file = file.id,
		                    .fields = fields };
	return casebook_submit(sim->book, &act, sim->arena, &answer, &sim->err);
}

static bool add_people(struct sim *sim)
{
	struct sim_chart chart;
	if (!sim_chart(sim, &chart))
		return false;
	for (size_t i = 0; i < SIM_PEOPLE; i++) {
		struct casebook_actor actor = { .by = CASEBOOK_BY_REGISTER };
		struct casebook_new_account new_account = {
			.name = arena_format(sim->arena, "person%zu", i),
			.person = STR("A Person"),
			.password = STR("a long enough password"),
		};
		struct casebook_account_made made;
		if (!casebook_account_add(sim->book, &actor, CASEBOOK_REGISTER, &new_account,
		                          sim->forever, &made, &sim->err))
			return false;
		sim->account[i] = made.account;
		if (!hold(sim, &chart, i))
			return false;
	}
	arena_reset(sim->arena);
	return true;
}

static bool pass_time(struct sim *sim)
{
	size_t fired = CLIMBS_MAX;
	instant next;
	int64_t hours = sim_chance(sim, 12) ? 24 * 16 : 40;
	sim->now += (int64_t)sim_below(sim, (uint64_t)hours) * INSTANT_PER_HOUR +
	            (int64_t)sim_below(sim, 3600) * INSTANT_PER_SECOND;
	if (sim_chance(sim, 3) && !step_clock(sim))
		return false;
	if (!casebook_set_now(sim->book, sim->now, &sim->err))
		return sim_broken(sim, "time does not go on: %s", sim->err.message);
	if (!casebook_climb(sim->book, sim->now, CLIMBS_TURN, &fired, &next, &sim->err))
		return sim_restart(sim);
	sim->report->climbed += (int64_t)fired;
	if (sim_chance(sim, 3) && !casebook_beat(sim->book, &sim->err))
		return sim_restart(sim);
	if (sim_chance(sim, 5) && !casebook_tidy(sim->book, &sim->err))
		return sim_restart(sim);
	return true;
}

/* One thing that happens. */
static bool step(struct sim *sim)
{
	arena_reset(sim->arena);
	if (sim_chance(sim, 6))
		return pass_time(sim);
	if (sim_chance(sim, 10))
		return sim_read(sim);
	if (sim_chance(sim, 16))
		return sim_keep(sim);
	return sim_send(sim);
}

static bool live(struct sim *sim)
{
	while (sim->report->faults < sim->options->crashes) {
		int acts = 1 + (int)sim_below(sim, (uint64_t)sim->options->acts_between);
		int64_t before = sim->report->restarts;
		bool adopts = sim_chance(sim, 15);
		plan_fault(sim, 60);
		if (adopts && !sim_adopt(sim))
			return false;
		for (int i = 0;
		     i < STEPS_MAX && !sim_has_failed(sim) && sim->report->restarts == before;
		     i++) {
			if (!step(sim))
				return sim_broken(sim, "%s", sim->err.message);
		}
		sim->report->faults++;
		if (sim->report->restarts == before && !sim_restart(sim))
			return false;
		if (sim_chance(sim, 25) && !sim_adopt(sim))
			return false;
		for (int i = 0; i < acts; i++) {
			if (!step(sim))
				return sim_broken(sim, "%s", sim->err.message);
		}
	}
	arena_reset(sim->arena);
	return sim_check_laws(sim);
}

static void sim_destroy(struct sim *sim)
{
	casebook_close(sim->book);
	store_shim_destroy(sim->shim);
	free(sim->kept);
	free(sim->by_index);
	free(sim->receipts);
	free(sim->roots);
	free(sim->dues);
	hasher_destroy(sim->hasher);
	arena_destroy(sim->arena);
	arena_destroy(sim->forever);
	random_destroy(sim->random);
	free(sim);
}

static bool sim_fill(struct sim *sim)
{
	sim->random = random_seeded_create(sim->options->seed);
	sim->arena = arena_create(ARENA_ACT);
	sim->forever = arena_create(4 * ARENA_ACT);
	sim->hasher = hasher_create();
	sim->kept = calloc(SIM_KEPT_MAX, sizeof *sim->kept);
	sim->by_index = calloc(SIM_ENTRIES_MAX, 1);
	sim->receipts = calloc(SIM_RECEIPTS_MAX, sizeof *sim->receipts);
	sim->roots = calloc(SIM_KEPT_MAX, sizeof *sim->roots);
	sim->dues = calloc(SIM_KEPT_MAX, sizeof *sim->dues);
	return sim->arena && sim->forever && sim->hasher && sim->kept && sim->by_index &&
	       sim->receipts && sim->roots && sim->dues;
}

bool simulate_history(const struct simulate_options *options, struct simulate_report *out,
                      struct err *err)
{
	struct sim *sim = calloc(1, sizeof *sim);
	*out = (struct simulate_report){ 0 };
	if (!sim)
		return err_set(err, ERR_UNABLE, "There is no memory to simulate");
	sim->options = options;
	sim->report = out;
	sim->ghost = -1;
	bool done =
		sim_fill(sim) || err_set(&sim->err, ERR_UNABLE, "There is no memory to simulate");
	done = done && store_shim_create(options->seed, &sim->shim, &sim->err) &&
	       create_book(sim) && add_people(sim);
	if (done && options->disk_lies)
		store_shim_lie(sim->shim);
	if (done)
		(void)live(sim); /* what is broken stands in the report */
	*err = sim->err;
	sim_destroy(sim);
	return done;
}
