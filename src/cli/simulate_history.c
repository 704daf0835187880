/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One history. Everything by chance comes from the seed: acts, faults, what the
 * disk keeps. What was acknowledged is remembered outside the register and
 * looked for after every restart.
 */
#include "cli/simulate.h"

#include <stdlib.h>

#include "casebook/casebook.h"
#include "log/log.h"
#include "store/store.h"

#define ACCOUNTS 12
#define KEPT_MAX 20000
#define OFFICES COUNT_OF(OFFICE)
#define START INT64_C(1790000000000000)
#define ARENA_ACT ((size_t)32 << 20)
#define FILES_MAX 4000
#define ROOTS_MAX 20000
#define TRIES 6

static const char *const OFFICE[] = { "screener",
	                              "edt",
	                              "team-manager",
	                              "service-manager",
	                              "head-of-service",
	                              "dcs",
	                              "police-contact",
	                              "named-nurse",
	                              "dsl",
	                              "independent-scrutineer",
	                              "register-administrator" };

/* What was acknowledged: the entry must be there, the same, for ever. */
struct kept {
	int64_t index;
	struct hash header;
};

struct due_kept {
	int64_t duty;
	instant due;
};

struct sim {
	const struct simulate_options *options;
	struct simulate_report *report;
	struct random_source *random;
	struct store_shim *shim;
	struct casebook *book;
	struct arena *arena; /* of the present act */
	struct arena *forever;
	struct str account[ACCOUNTS];
	int account_count;
	struct str file[FILES_MAX]; /* concerns acknowledged */
	int file_count;
	struct kept *kept;
	size_t kept_count;
	struct {
		int64_t size;
		struct hash root;
	} * roots; /* signed, as told by receipts */
	size_t root_count;
	struct due_kept *dues;
	size_t due_count;
	int64_t submissions;
	instant now;
	uint64_t opened; /* how often: gives each opening its own randomness */
	int64_t read_file; /* of the newest reading that was answered; -1: none */
	struct err err;
};

static bool broken(struct sim *sim, const char *format, ...) PRINTF(2, 3);

static bool broken(struct sim *sim, const char *format, ...)
{
	va_list args;
	if (sim->report->broken[0])
		return false;
	va_start(args, format);
	(void)vsnprintf(sim->report->broken, sizeof sim->report->broken, format, args);
	va_end(args);
	return false;
}

static uint64_t below(struct sim *sim, uint64_t n)
{
	return random_below(sim->random, n);
}

/* --- opening -------------------------------------------------------------------------------- */

static bool open_book(struct sim *sim)
{
	struct casebook_options options = { .vfs = store_shim_name(sim->shim),
		                            .has_seed = true,
		                            .seed = sim->options->seed * 1000003 + ++sim->opened };
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
		                              .origin = STR("drill.simulated.example/register"),
		                              .is_drill = true,
		                              .has_seed = true,
		                              .seed = sim->options->seed,
		                              .start = START,
		                              .vfs = store_shim_name(sim->shim) };
	sim->now = START;
	return casebook_create(&founding, sim->forever, &made, &sim->err) && open_book(sim);
}

/* --- remembering ---------------------------------------------------------------------------- */

static bool header_of(struct sim *sim, struct casebook_reader *reader, int64_t index,
                      struct hash *out)
{
	struct casebook_entry entry;
	if (!casebook_entry_get(reader, sim->arena, index, &entry, &sim->err))
		return false;
	*out = hash_of(entry.header);
	return true;
}

static bool remember(struct sim *sim, const struct casebook_answer *answer)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	if (answer->index < 0 || sim->kept_count == KEPT_MAX)
		return true;
	if (!casebook_reader_take(sim->book, &reader, &sim->err))
		return false;
	struct kept *kept = &sim->kept[sim->kept_count];
	kept->index = answer->index;
	if (!header_of(sim, reader, answer->index, &kept->header))
		return broken(sim, "L1: entry %" PRId64 " was acknowledged and is not there",
		              answer->index);
	sim->kept_count++;
	return true;
}

/* --- acts ----------------------------------------------------------------------------------- */

static struct str pick_file(struct sim *sim)
{
	return sim->file_count ? sim->file[below(sim, (uint64_t)sim->file_count)] : STR("R-1");
}

static struct str pick(struct sim *sim, const char *const *from, size_t count)
{
	return str_from_c(from[below(sim, count)]);
}

static void put_codes(struct sim *sim, struct json *fields, struct str name,
                      const char *const *from, size_t count)
{
	struct json *list = json_array(sim->arena);
	json_push(list, json_string(sim->arena, pick(sim, from, count)));
	if (below(sim, 2))
		json_push(list, json_string(sim->arena, str_from_c(from[0])));
	json_put(fields, name, list);
}

static const struct json *fields_received(struct sim *sim)
{
	static const char *const source[] = { "neighbour", "school", "police", "anonymous",
		                              "child" };
	static const char *const harm[] = { "not-yet-known", "neglect", "physical", "sexual" };
	static const char *const three[] = { "yes", "no", "unknown" };
	static const char *const channel[] = { "web", "phone", "letter" };
	struct json *fields = json_object(sim->arena);
	json_put_text(sim->arena, fields, STR("source"), pick(sim, source, 5));
	put_codes(sim, fields, STR("harm"), harm, 4);
	json_put_text(sim->arena, fields, STR("danger-now"), pick(sim, three, 3));
	json_put_text(sim->arena, fields, STR("harm-sign"), pick(sim, three, 3));
	json_put_text(sim->arena, fields, STR("channel"), pick(sim, channel, 3));
	json_put_text(sim->arena, fields, STR("happening"),
	              arena_format(sim->arena, "Something happened, %" PRIu64 ".\n\nMore of it.",
	                           below(sim, 1000)));
	if (below(sim, 3) == 0)
		json_put_text(sim->arena, fields, STR("name"), STR("Somebody"));
	return fields;
}

static const struct json *fields_decided(struct sim *sim)
{
	static const char *const decision[] = { "strategy",   "assess", "none",
		                                "early-help", "advice", "emergency" };
	static const char *const why[] = { "information-only", "not-about-a-child" };
	struct json *fields = json_object(sim->arena), *evidence = json_array(sim->arena);
	struct str chosen = pick(sim, decision, 6);
	json_put_text(sim->arena, fields, STR("decision"), chosen);
	json_put_text(sim->arena, fields, STR("threshold"), STR("2026"));
	json_push(evidence, json_integer(sim->arena, (int64_t)below(sim, 60)));
	json_put(fields, STR("evidence"), evidence);
	json_put_text(sim->arena, fields, STR("reasons"), STR("What was weighed."));
	if (str_eq(chosen, STR("none")))
		json_put_text(sim->arena, fields, STR("reason-none"), pick(sim, why, 2));
	return fields;
}

static const struct json *fields_looked(struct sim *sim)
{
	static const char *const danger[] = { "none-found", "possible", "now" };
	static const char *const checked[] = { "own-files", "police", "health", "school" };
	struct json *fields = json_object(sim->arena), *list = json_array(sim->arena);
	json_put_text(sim->arena, fields, STR("danger"), pick(sim, danger, 3));
	for (size_t i = 0; i < 4; i++) {
		if (below(sim, 4))
			json_push(list, json_string(sim->arena, str_from_c(checked[i])));
	}
	json_put(fields, STR("checked"), list);
	return fields;
}

static const struct json *fields_asked(struct sim *sim)
{
	static const char *const office[] = { "police-contact", "named-nurse", "dsl",
		                              "nobody-here" };
	struct json *fields = json_object(sim->arena);
	json_put_text(sim->arena, fields, STR("office"), pick(sim, office, 4));
	json_put_bool(sim->arena, fields, STR("urgent"), (int)below(sim, 2));
	json_put_text(sim->arena, fields, STR("lawful-basis"), STR("public-task"));
	json_put_text(sim->arena, fields, STR("question"), STR("What do you know?"));
	return fields;
}

static const struct json *fields_small(struct sim *sim, const char *kind)
{
	struct json *fields = json_object(sim->arena);
	if (strcmp(kind, "concern.acknowledged") == 0 || strcmp(kind, "concern.told") == 0) {
		json_put_text(sim->arena, fields, STR("to"), STR("not-reachable"));
		json_put_text(sim->arena, fields, STR("how"), STR("none"));
	} else if (strcmp(kind, "concern.answered") == 0) {
		json_put_text(sim->arena, fields, STR("knows"), STR("nothing"));
		json_put_text(sim->arena, fields, STR("answer"), STR("We know nothing."));
	} else if (strcmp(kind, "concern.added") == 0) {
		json_put_text(sim->arena, fields, STR("source"), STR("neighbour"));
		json_put_text(sim->arena, fields, STR("words"), STR("And it goes on."));
	} else if (strcmp(kind, "concern.closed") == 0) {
		json_put_text(sim->arena, fields, STR("closing"), STR("done"));
		json_put_integer(sim->arena, fields, STR("decision"), (int64_t)below(sim, 80));
	} else {
		json_put_text(sim->arena, fields, STR("text"), STR("A note."));
		if (below(sim, 2))
			json_put_text(sim->arena, fields, STR("next"), STR("wait"));
	}
	return fields;
}

static void random_act(struct sim *sim, struct casebook_act *act)
{
	static const char *const small[] = { "concern.acknowledged", "concern.told",
		                             "concern.answered",     "concern.added",
		                             "concern.closed",       "note.made" };
	const char *kind = small[below(sim, 6)];
	*act = (struct casebook_act){
		.actor = { .by = CASEBOOK_BY_OFFICE,
		           .account = sim->account[below(sim, (uint64_t)sim->account_count)],
		           .office = str_from_c(OFFICE[below(sim, OFFICES)]) },
		.via = CASEBOOK_API,
		.submission = arena_format(sim->arena, "s%" PRId64, ++sim->submissions),
		.file = pick_file(sim),
	};
	switch (below(sim, 8)) {
	case 0:
	case 1:
		act->actor = (struct casebook_actor){ .by = CASEBOOK_BY_PUBLIC };
		act->kind = STR("concern.received");
		act->file = STR_NONE;
		act->wants_code = true;
		act->fields = fields_received(sim);
		if (below(sim, 8) == 0) {
			act->has_received = true;
			act->received = sim->now - (int64_t)below(sim, 30) * INSTANT_PER_DAY;
		}
		break;
	case 2:
		act->kind = STR("concern.looked");
		act->fields = fields_looked(sim);
		break;
	case 3:
		act->kind = STR("concern.decided");
		act->fields = fields_decided(sim);
		break;
	case 4:
		act->kind = STR("concern.asked");
		act->fields = fields_asked(sim);
		break;
	default:
		act->kind = str_from_c(kind);
		act->fields = fields_small(sim, kind);
		break;
	}
	/* Most acts by who may do them: the office that its holder has. */
	if (act->actor.by == CASEBOOK_BY_OFFICE && below(sim, 4)) {
		size_t office = below(sim, OFFICES);
		act->actor.office = str_from_c(OFFICE[office]);
		act->actor.account = sim->account[office % (size_t)sim->account_count];
	}
}

static bool is_cut_off(const struct casebook_answer *answer)
{
	return answer->outcome == CASEBOOK_FAILED &&
	       (answer->err.code == ERR_UNABLE || answer->err.code == ERR_FAULT);
}

static bool count_answer(struct sim *sim, const struct casebook_act *act,
                         const struct casebook_answer *answer)
{
	if (answer->outcome == CASEBOOK_ADMITTED) {
		sim->report->admitted++;
		if (act->wants_code && sim->file_count < FILES_MAX && !answer->is_repeat)
			sim->file[sim->file_count++] = arena_copy(sim->forever, answer->file);
	} else if (answer->outcome == CASEBOOK_REFUSED) {
		sim->report->refused++;
	}
	return remember(sim, answer);
}

/* --- laws ----------------------------------------------------------------------------------- */

/* L1, L2: what was acknowledged is there, the same. */
static bool check_kept(struct sim *sim, struct casebook_reader *reader)
{
	for (size_t i = 0; i < sim->kept_count; i++) {
		struct hash header;
		if (i % 64 == 0)
			arena_reset(sim->arena);
		if (!header_of(sim, reader, sim->kept[i].index, &header))
			return broken(sim, "L1: entry %" PRId64 " was acknowledged and is gone: %s",
			              sim->kept[i].index, sim->err.message);
		if (!hash_eq(&header, &sim->kept[i].header))
			return broken(sim, "L2: entry %" PRId64 " is not what was acknowledged",
			              sim->kept[i].index);
	}
	return true;
}

/* L4: every open file owes something; L6: a due time never moves. */
static bool check_file(struct sim *sim, struct casebook_reader *reader, struct str id)
{
	struct casebook_file file;
	struct casebook_duty_list duties;
	size_t open = 0;
	if (!casebook_file_find(reader, sim->arena, id, &file, &sim->err))
		return broken(sim, "L1: file %.*s is gone", STR_ARG(id));
	if (!casebook_duties_of_file(reader, sim->arena, file.n, 500, &duties, &sim->err))
		return broken(sim, "duties of %.*s cannot be read: %s", STR_ARG(id),
		              sim->err.message);
	for (size_t i = 0; i < duties.count; i++) {
		const struct casebook_duty *duty = &duties.at[i];
		open += duty->is_open && !duty->rules->is_built_in;
		if (!duty->office.n || str_eq(duty->office, STR("-")))
			return broken(sim, "L4: duty %.*s is owed by nobody", STR_ARG(duty->name));
		bool is_kept = false;
		for (size_t d = 0; d < sim->due_count && !is_kept; d++) {
			is_kept = sim->dues[d].duty == duty->id;
			if (is_kept && sim->dues[d].due != duty->due)
				return broken(sim, "L6: the due time of %.*s moved",
				              STR_ARG(duty->name));
		}
		if (sim->due_count < KEPT_MAX && !is_kept)
			sim->dues[sim->due_count++] = (struct due_kept){ duty->id, duty->due };
	}
	bool is_final = file.type->final >> file.state & 1;
	if (!is_final && open == 0)
		return broken(sim, "L4: %.*s is open and owes nothing", STR_ARG(file.number));
	if (is_final && open > 0)
		return broken(sim, "%.*s is closed and still owes", STR_ARG(file.number));
	return true;
}

/* No checkpoint signed before contradicts the tree of now (L2). */
static bool check_roots(struct sim *sim)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	if (!casebook_reader_take(sim->book, &reader, &sim->err))
		return broken(sim, "no reader after a restart: %s", sim->err.message);
	for (size_t i = sim->root_count > 40 ? sim->root_count - 40 : 0; i < sim->root_count; i++) {
		struct hash root;
		if (!casebook_root(reader, sim->roots[i].size, &root, &sim->err))
			return broken(sim, "L2: the tree of %" PRId64 " that was signed is gone",
			              sim->roots[i].size);
		if (!hash_eq(&root, &sim->roots[i].root))
			return broken(sim, "L2: another root for size %" PRId64,
			              sim->roots[i].size);
	}
	struct casebook_health health;
	if (!casebook_health(reader, &health, &sim->err))
		return broken(sim, "health cannot be read: %s", sim->err.message);
	sim->report->entries = health.entries;
	if (sim->root_count == ROOTS_MAX || health.entries == 0)
		return true;
	sim->roots[sim->root_count].size = health.entries;
	if (!casebook_root(reader, health.entries, &sim->roots[sim->root_count].root, &sim->err))
		return broken(sim, "the newest root cannot be reckoned: %s", sim->err.message);
	sim->root_count++;
	return true;
}

/* L9: the newest reading that was answered is there. */
static bool check_reading(struct sim *sim)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_reading *readings;
	size_t count;
	bool found = sim->read_file < 0;
	if (!casebook_reader_take(sim->book, &reader, &sim->err) ||
	    !casebook_readings(reader, sim->arena, -1, sim->account[0], 1000, &readings, &count, &sim->err))
		return broken(sim, "readings cannot be read: %s", sim->err.message);
	for (size_t i = 0; i < count; i++)
		found = found || readings[i].file == sim->read_file;
	return found || broken(sim, "L9: a reading was answered and is gone");
}

static bool check_laws(struct sim *sim)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	arena_reset(sim->arena);
	if (!casebook_reader_take(sim->book, &reader, &sim->err))
		return broken(sim, "no reader after a restart: %s", sim->err.message);
	if (!check_kept(sim, reader))
		return false;
	for (int i = 0; i < sim->file_count; i++) {
		arena_reset(sim->arena);
		if (!check_file(sim, reader, sim->file[i]))
			return false;
	}
	casebook_reader_give(&reader);
	reader = NULL;
	arena_reset(sim->arena);
	if (!check_roots(sim) || !check_reading(sim))
		return false;
	arena_reset(sim->arena);
	struct casebook_verified verified;
	if (!casebook_verify_on(store_shim_name(sim->shim), sim->options->folder, CASEBOOK_VERIFY_WHOLE, sim->arena,
	                        NULL, NULL, &verified, &sim->err))
		return broken(sim, "verify cannot run: %s", sim->err.message);
	return verified.ok || broken(sim, "verify: %.*s: %.*s", STR_ARG(verified.difference.where),
	                             STR_ARG(verified.difference.what));
}

/* --- faults --------------------------------------------------------------------------------- */

static bool restart(struct sim *sim)
{
	casebook_close(sim->book);
	sim->book = NULL;
	store_shim_restart(sim->shim);
	sim->report->restarts++;
	if (!open_book(sim))
		return broken(sim, "it does not open after a fault: %s (%s)", sim->err.message,
		              sim->err.context);
	return check_laws(sim);
}

static void plan_fault(struct sim *sim)
{
	static const enum store_fault faults[] = { STORE_FAULT_POWER, STORE_FAULT_POWER,
		                                   STORE_FAULT_POWER, STORE_FAULT_SYNC,
		                                   STORE_FAULT_WRITE, STORE_FAULT_FULL };
	store_shim_plan(sim->shim, faults[below(sim, 6)], 1 + (int64_t)below(sim, 60));
}

/* Sends an act; after a fault, again under the same submission: it must be one entry. */
static bool send(struct sim *sim)
{
	struct casebook_act act;
	struct casebook_answer answer;
	arena_reset(sim->arena);
	random_act(sim, &act);
	struct arena *kept_arena = sim->arena;
	for (int i = 0; i < TRIES; i++) {
		sim->report->acts++;
		bool taken = casebook_submit(sim->book, &act, kept_arena, &answer, &sim->err);
		if (taken && !is_cut_off(&answer)) {
			sim->report->found += i > 0 && answer.is_repeat;
			return count_answer(sim, &act, &answer);
		}
		sim->report->unknown++;
		store_shim_heal(sim->shim);
		/* The act's own memory must outlive the checks of a restart. */
		sim->arena = arena_create(ARENA_ACT);
		bool good = sim->arena && restart(sim);
		arena_destroy(sim->arena);
		sim->arena = kept_arena;
		if (!good)
			return broken(sim, "no memory");
	}
	return broken(sim, "an act could not be sent in %d tries: %s", TRIES, answer.err.message);
}

static bool pass_time(struct sim *sim)
{
	size_t fired;
	instant next;
	sim->now += (int64_t)below(sim, 40) * INSTANT_PER_HOUR +
	            (int64_t)below(sim, 3600) * INSTANT_PER_SECOND;
	if (!casebook_set_now(sim->book, sim->now, &sim->err))
		return broken(sim, "time does not go on: %s", sim->err.message);
	if (!casebook_climb(sim->book, sim->now, 1000, &fired, &next, &sim->err))
		return restart(sim);
	sim->report->climbed += (int64_t)fired;
	if (below(sim, 3) == 0 && !casebook_beat(sim->book, &sim->err))
		return restart(sim);
	if (below(sim, 5) == 0 && !casebook_tidy(sim->book, &sim->err))
		return restart(sim);
	return true;
}

/* L9: a reading is durable before a word leaves. */
static bool read_something(struct sim *sim)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_file file;
	struct casebook_viewer viewer = {
		.actor = { .by = CASEBOOK_BY_OFFICE,
		           .account = sim->account[0],
		           .office = STR("screener") },
		.session = STR("simulated"),
	};
	enum casebook_seal how;
	const struct json *sealed;
	if (sim->file_count == 0)
		return true;
	if (!casebook_reader_take(sim->book, &reader, &sim->err))
		return restart(sim);
	struct str id = pick_file(sim);
	if (!casebook_file_find(reader, sim->arena, id, &file, &sim->err)) {
		casebook_reader_give(&reader);
		reader = NULL;
		return restart(sim);
	}
	bool shown = casebook_open_seal(reader, &viewer, file.first_entry, sim->arena, &how,
	                                &sealed, &sim->err);
	casebook_reader_give(&reader);
	reader = NULL;
	if (!shown)
		return sim->err.code == ERR_ABSENT || restart(sim);
	if (how == CASEBOOK_SEAL_OPEN) {
		sim->report->readings++;
		sim->read_file = file.n;
	}
	return true;
}

/* --- the history ---------------------------------------------------------------------------- */

static bool add_people(struct sim *sim)
{
	for (int i = 0; i < ACCOUNTS && i < (int)OFFICES; i++) {
		struct casebook_actor actor = { .by = CASEBOOK_BY_REGISTER };
		struct casebook_new_account new_account = {
			.name = arena_format(sim->forever, "person%d", i),
			.person = STR("A Person"),
			.password = STR("a long enough password"),
		};
		struct casebook_account_made made;
		struct casebook_answer answer;
		if (!casebook_account_add(sim->book, &actor, CASEBOOK_REGISTER, &new_account,
		                          sim->forever, &made, &sim->err))
			return false;
		sim->account[sim->account_count++] = made.account;
		struct json *fields = json_object(sim->forever);
		json_put_text(sim->forever, fields, STR("office"), str_from_c(OFFICE[i]));
		json_put_text(sim->forever, fields, STR("account"), made.account);
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
		const struct casebook_office *offices;
		struct casebook_file file;
		size_t count;
		if (!casebook_reader_take(sim->book, &reader, &sim->err) ||
		    !casebook_offices(reader, sim->forever, &offices, &count, &sim->err))
			return false;
		for (size_t o = 0; o < count; o++) {
			if (!str_eq(offices[o].id, str_from_c(OFFICE[i])))
				continue;
			if (!casebook_file_get(reader, sim->forever, offices[o].file, &file,
			                       &sim->err))
				return false;
			struct casebook_act act = { .actor = actor,
				                    .via = CASEBOOK_REGISTER,
				                    .kind = STR("office.held"),
				                    .file = file.id,
				                    .fields = fields };
			if (!casebook_submit(sim->book, &act, sim->forever, &answer, &sim->err))
				return false;
		}
	}
	return true;
}

/* One thing that happens. */
static bool step(struct sim *sim)
{
	if (below(sim, 5) == 0)
		return pass_time(sim);
	return below(sim, 8) == 0 ? read_something(sim) : send(sim);
}

static bool live(struct sim *sim)
{
	while (sim->report->faults < sim->options->crashes && !sim->report->broken[0]) {
		int acts = 1 + (int)below(sim, (uint64_t)sim->options->acts_between);
		plan_fault(sim);
		int64_t before = sim->report->restarts;
		for (int i = 0; i < 400 && !store_shim_has_failed(sim->shim); i++) {
			if (!step(sim))
				return broken(sim, "%s", sim->err.message);
		}
		sim->report->faults++;
		if (sim->report->restarts == before && !restart(sim))
			return false;
		for (int i = 0; i < acts; i++) {
			if (!step(sim))
				return broken(sim, "%s", sim->err.message);
		}
	}
	return check_laws(sim);
}

static void sim_destroy(struct sim *sim)
{
	casebook_close(sim->book);
	store_shim_destroy(sim->shim);
	free(sim->kept);
	free(sim->roots);
	free(sim->dues);
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
	sim->kept = calloc(KEPT_MAX, sizeof *sim->kept);
	sim->roots = calloc(ROOTS_MAX, sizeof *sim->roots);
	sim->dues = calloc(KEPT_MAX, sizeof *sim->dues);
	return sim->arena && sim->forever && sim->kept && sim->roots && sim->dues;
}

bool simulate_history(const struct simulate_options *options, struct simulate_report *out,
                      struct err *err)
{
	struct sim *sim = calloc(1, sizeof *sim);
	*out = (struct simulate_report){ 0 };
	if (!sim)
		return err_set(err, ERR_UNABLE, "There is no memory to simulate");
	sim->options = options;
	sim->read_file = -1;
	sim->report = out;
	bool done =
		sim_fill(sim) || err_set(&sim->err, ERR_UNABLE, "There is no memory to simulate");
	done = done && store_shim_create(options->seed, &sim->shim, &sim->err) &&
	       create_book(sim) && add_people(sim);
	if (done)
		(void)live(sim); /* what is broken stands in the report */
	*err = sim->err;
	sim_destroy(sim);
	return done;
}
