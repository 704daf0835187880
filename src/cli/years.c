/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The years: founded, peopled, lived through by a heap of what people mean to do. */
#include "cli/years_world.h"

#include <stdlib.h>

#define START INT64_C(1790000000000000)
#define ARENA_BATCH ((size_t)4 << 30) /* a night of a large register is long */
#define YEARS_MEMORY 1024             /* MiB: years are over sooner */
#define ARENA_FOREVER ((size_t)2 << 30)
#define SLOTS 7      /* times of a day at which people act */
#define SLOT_FIRST 7 /* hours */
#define SLOT_HOURS 2
#define YEARS_TWO 730
#define SPREAD_DAYS 40  /* over which a given number of histories begins */
#define AFTER_DAYS 700  /* that they may take */
#define VACANT_IN 25    /* offices without a holder at the start: one in */
#define WRONG_IN 12     /* acts: one in so many may not be */
#define CHANGES_DAYS 45 /* between two changes of a holder */

/* How simulated offices work: late more often than real ones, so that ladders are climbed. */
static const struct years_manner SIMULATED = {
	.in_time = 92,
	.late = 4,
	.very_late = 2,
	.share = 60,
	.tries = 14,
	.efforts = YEARS_EFFORTS,
	.choices = 4,
	.arrivals = 7,
};

static const struct {
	const char *name;
	const char *words;
} CHECKS[YEARS_CHECKS] = {
	[YEARS_L4] = { "L4", "open files that owe" },
	[YEARS_L5] = { "L5", "rungs told at their time" },
	[YEARS_OUT] = { "L5 outside", "last rungs that reached somebody outside" },
	[YEARS_L6] = { "L6", "due times that stayed" },
	[YEARS_L7] = { "L7", "refusals that changed nothing" },
	[YEARS_NEEDS] = { "L7 needs", "acts with needs, judged again by what was remembered" },
	[YEARS_SECOND] = { "L7 second", "acts that somebody else agreed to" },
	[YEARS_L8] = { "L8", "acts of whoever began the file, or of an office that is named" },
	[YEARS_L10] = { "L10", "entries with nothing sealed in plain text" },
	[YEARS_L12] = { "L12", "acts whose words are as they were written" },
	[YEARS_VERIFY] = { "verify", "clean" },
	[YEARS_REFOLD] = { "refold", "the same bytes" },
};

const char *years_check_name(enum years_check check)
{
	return CHECKS[check].name;
}

const char *years_check_words(enum years_check check)
{
	return CHECKS[check].words;
}

bool years_broken(struct years *years, const char *format, ...)
{
	va_list args;
	if (years->report->broken[0])
		return false;
	va_start(args, format);
	(void)vsnprintf(years->report->broken, sizeof years->report->broken, format, args);
	va_end(args);
	return false;
}

void years_count_kind(struct simulate_tally *kinds, struct str name)
{
	for (size_t i = 0; i < YEARS_KINDS; i++) {
		if (kinds[i].count && !str_eq(str_from_c(kinds[i].name), name))
			continue;
		(void)snprintf(kinds[i].name, sizeof kinds[i].name, "%.*s", STR_ARG(name));
		kinds[i].count++;
		return;
	}
}

uint64_t years_below(struct years *years, uint64_t n)
{
	return random_below(years->random, n);
}

bool years_chance(struct years *years, uint64_t in)
{
	return years_below(years, in) == 0;
}

void *years_grow(void *list, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return list;
	size_t wanted = *room ? *room * 2 : 8;
	void *grown = realloc(list, wanted * size);
	if (grown) {
		memset((char *)grown + *room * size, 0, (wanted - *room) * size);
		*room = wanted;
	}
	return grown;
}

/* --- what is to happen ------------------------------------------------------------------------ */

static bool is_before(const struct years_event *a, const struct years_event *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void sift_up(struct years_event *heap, size_t at)
{
	while (at > 0 && is_before(&heap[at], &heap[(at - 1) / 2])) {
		struct years_event event = heap[at];
		heap[at] = heap[(at - 1) / 2];
		heap[(at - 1) / 2] = event;
		at = (at - 1) / 2;
	}
}

static bool push(struct years *years, struct years_event **heap, size_t *count, size_t *room,
                 struct years_event event)
{
	struct years_event *grown = years_grow(*heap, *count, room, sizeof *grown);
	if (!grown)
		return err_set(&years->err, ERR_UNABLE, "There is no memory to simulate");
	*heap = grown;
	event.order = ++years->ordered;
	grown[*count] = event;
	sift_up(grown, (*count)++);
	return true;
}

bool years_plan(struct years *years, struct years_event event)
{
	if (event.sort == YEARS_WANTED || event.sort == YEARS_JOINED || event.sort == YEARS_PERSON)
		event.at = years_in_hours(years, event.at, INT64_MAX);
	return push(years, &years->events, &years->event_count, &years->event_room, event);
}

bool years_plan_duty(struct years *years, struct years_duty *duty, int file, instant at)
{
	duty->planned = years->ordered + 1;
	return years_plan(years,
	                  (struct years_event){
				  .at = at, .sort = YEARS_OWED, .what = file, .which = duty->id });
}

bool years_plan_rung(struct years *years, struct years_event event)
{
	return push(years, &years->rungs, &years->rung_count, &years->rung_room, event);
}

bool years_next(struct years_event *heap, size_t *count, instant until, struct years_event *out)
{
	size_t at = 0;
	if (*count == 0 || heap[0].at > until)
		return false;
	*out = heap[0];
	heap[0] = heap[--*count];
	for (;;) {
		size_t least = at;
		for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < *count; child++) {
			if (is_before(&heap[child], &heap[least]))
				least = child;
		}
		if (least == at)
			return true;
		struct years_event event = heap[at];
		heap[at] = heap[least];
		heap[least] = event;
		at = least;
	}
}

/* --- people ----------------------------------------------------------------------------------- */

static struct clock_reading machine_clock(void *ctx)
{
	(void)ctx;
	return (struct clock_reading){ .wall = START, .boot_us = INSTANT_PER_SECOND };
}

static bool found(struct years *years)
{
	const struct years_options *options = years->options;
	struct casebook_made made;
	struct pack_errors errors;
	struct casebook_founding founding = { .dir = options->folder,
		                              .pack = options->pack,
		                              .shelf = options->shelf,
		                              .origin = STR("drill.years.example/register"),
		                              .is_drill = true,
		                              .has_seed = true,
		                              .seed = options->seed,
		                              .start = START };
	/* Far from the seeds that founding takes, or a file would get the id of one that is there.
	 */
	struct casebook_options opening = { .shelf = options->shelf,
		                            .has_seed = true,
		                            .seed = ~options->seed,
		                            .clock = machine_clock,
		                            .memory = YEARS_MEMORY };
	years->start = years->now = START;
	if (!casebook_create(&founding, years->forever, &made, &years->err) ||
	    !casebook_open_with(options->folder, CASEBOOK_WRITE, &opening, &years->book,
	                        &years->err) ||
	    !casebook_set_now(years->book, START, &years->err))
		return false;
	years->pack = years->rules = casebook_pack(years->book);
	if (!options->stricter)
		return true;
	if (!pack_load(options->stricter, &years->stricter, years->arena, &errors, &years->err))
		return false;
	years->rules = years->stricter;
	return true;
}

static bool name_holder(struct years *years, struct years_office *office, const char *kind)
{
	struct casebook_answer answer;
	struct json *fields = json_object(years->arena);
	json_put_text(years->arena, fields, STR("office"), office->id);
	json_put_text(years->arena, fields, STR("account"), office->account);
	struct casebook_act act = { .actor = { .by = CASEBOOK_BY_REGISTER },
		                    .via = CASEBOOK_REGISTER,
		                    .kind = str_from_c(kind),
		                    .file = office->file,
		                    .fields = fields };
	return casebook_submit(years->book, &act, years->arena, &answer, &years->err) &&
	       (answer.outcome == CASEBOOK_ADMITTED ||
	        err_set(&years->err, ERR_FAULT, "%s of %.*s was not admitted: %.*s %s", kind,
	                STR_ARG(office->id), STR_ARG(answer.sentence), answer.err.message));
}

static bool change_holder(struct years *years, int which, bool comes)
{
	struct years_office *office = &years->offices[which];
	struct years_event next = { .at = years->now + INSTANT_PER_DAY,
		                    .sort = comes ? YEARS_LEAVES : YEARS_COMES,
		                    .what = which };
	if (office->is_held != comes) {
		if (!name_holder(years, office, comes ? "office.held" : "office.left"))
			return false;
		office->is_held = comes;
	}
	if (comes) {
		next.what = (int)years_below(years, years->pack->office_count);
		next.at += (int64_t)years_below(years, 2 * CHANGES_DAYS) * INSTANT_PER_DAY;
	} else {
		next.at += (int64_t)years_below(years, CHANGES_DAYS) * INSTANT_PER_DAY;
	}
	return years_plan(years, next);
}

static bool seat(struct years *years, const struct casebook_office *made)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct years_office *office = &years->offices[made->role->number];
	struct casebook_actor founder = { .by = CASEBOOK_BY_REGISTER };
	struct casebook_account_made account;
	struct casebook_file file;
	struct casebook_new_account new_account = {
		.name = arena_format(years->forever, "of-%.*s", STR_ARG(made->id)),
		.person = STR("A Person"),
	};
	if (!casebook_reader_take(years->book, &reader, &years->err) ||
	    !casebook_file_get(reader, years->forever, made->file, &file, &years->err))
		return false;
	casebook_reader_give(&reader);
	reader = NULL;
	if (!casebook_account_add(years->book, &founder, CASEBOOK_REGISTER, &new_account,
	                          years->forever, &account, &years->err))
		return false;
	*office = (struct years_office){ .id = arena_copy(years->forever, made->id),
		                         .role = made->role,
		                         .account = account.account,
		                         .file = file.id };
	office->is_held = !years_chance(years, VACANT_IN);
	return !office->is_held || name_holder(years, office, "office.held");
}

static bool add_people(struct years *years)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_office *offices;
	size_t count;
	years->offices = calloc(years->pack->office_count + 1, sizeof *years->offices);
	if (!years->offices || !casebook_reader_take(years->book, &reader, &years->err) ||
	    !casebook_offices(reader, years->forever, &offices, &count, &years->err))
		return false;
	casebook_reader_give(&reader);
	reader = NULL;
	for (size_t i = 0; i < count; i++) {
		if (offices[i].role && !seat(years, &offices[i]))
			return false;
		arena_reset(years->arena);
	}
	return years_plan(years, (struct years_event){ .at = years->now + INSTANT_PER_DAY,
	                                               .sort = YEARS_LEAVES });
}

bool years_add_children(struct years *years)
{
	const struct years_house *house = years->options->house;
	years->children = calloc((size_t)years->options->children, sizeof *years->children);
	for (int i = 0; years->children && i < years->options->children; i++) {
		struct day today = instant_utc_day(years->start);
		years->children[i] = (struct years_child){
			.born = { .year = today.year - 1 - (int)years_below(years, 16),
			          .month = 1 + (int)years_below(years, 12) },
			.person = -1,
		};
		if (house)
			years->children[i].born = house->born[i];
	}
	return years->children ||
	       err_set(&years->err, ERR_UNABLE, "There is no memory to simulate");
}

/* --- days ------------------------------------------------------------------------------------- */

static bool is_running(const struct years *years, int day)
{
	const struct years_options *options = years->options;
	if (options->histories)
		return day < SPREAD_DAYS || (day < SPREAD_DAYS + AFTER_DAYS && years->event_count);
	return day < options->days;
}

bool years_plan_arrivals(struct years *years, int day)
{
	const struct years_options *options = years->options;
	int64_t all = options->histories ? (day < SPREAD_DAYS ? (int64_t)options->histories : 0)
	                                 : (int64_t)options->children * years->manner->arrivals;
	int64_t among = options->histories ? SPREAD_DAYS : 10 * YEARS_TWO;
	int64_t count = all / among;
	if (options->histories && day == SPREAD_DAYS - 1)
		count = options->histories - years->begun;
	else if (all % among > (int64_t)years_below(years, (uint64_t)among))
		count++;
	for (int64_t i = 0; i < count; i++) {
		struct years_event event = {
			.at = years->start + day * INSTANT_PER_DAY +
			      (int64_t)years_below(years, 24 * 60) * INSTANT_PER_MINUTE,
			.sort = YEARS_ARRIVAL,
			.what = (int)years_below(years, (uint64_t)options->children)
		};
		years->begun++;
		/* Most is told by day. */
		if (options->house && !years_chance(years, 3))
			event.at = years_in_hours(years, event.at, INT64_MAX);
		if (!years_plan(years, event))
			return false;
	}
	return true;
}

static bool take_steps(struct years *years)
{
	struct years_event event;
	while (years_next(years->events, &years->event_count, years->now, &event)) {
		bool is_of_people = event.sort == YEARS_LEAVES || event.sort == YEARS_COMES;
		if (is_of_people && !years_send(years))
			return false;
		if (is_of_people ? !change_holder(years, event.what, event.sort == YEARS_COMES)
		                 : !years_do(years, &event))
			return false;
		/* Alone, so that nothing makes it lawful on the way. */
		if (!is_of_people && years_chance(years, WRONG_IN) &&
		    (!years_send(years) || !years_try_wrong(years) || !years_send(years)))
			return false;
		if (years->act_count + 2 > YEARS_BATCH && !years_send(years))
			return false;
	}
	return years_send(years);
}

bool years_pass_to(struct years *years, instant until)
{
	struct clock_ran ran;
	arena_reset(years->arena);
	if (!clock_run_until(years->book, until, &ran, &years->err))
		return false;
	years->now = until;
	return years_see(years) && years_check_rungs(years);
}

static bool live_day(struct years *years, int day)
{
	instant midnight = years->start + day * INSTANT_PER_DAY;
	if (!years_plan_arrivals(years, day))
		return false;
	for (int slot = 0; slot < SLOTS; slot++) {
		int64_t hours = SLOT_FIRST + slot * SLOT_HOURS;
		if (!years_pass_to(years, midnight + hours * INSTANT_PER_HOUR) ||
		    !take_steps(years))
			return false;
	}
	if (!years_pass_to(years, midnight + INSTANT_PER_DAY) ||
	    !casebook_beat(years->book, &years->err) || !years_see(years))
		return false;
	years->report->days = day + 1;
	if (years->options->meddle)
		years->options->meddle(
			years->options->meddle_ctx,
			file_join(years->arena, years->options->folder, "register.db"), day);
	if (years->options->progress)
		years->options->progress(years->options->progress_ctx, "days", day + 1,
		                         years->options->histories ? SPREAD_DAYS + AFTER_DAYS
		                                                   : years->options->days);
	return true;
}

static bool live(struct years *years)
{
	struct clock_reading began = clock_read();
	for (int day = 0; is_running(years, day); day++) {
		if (!live_day(years, day))
			return false;
	}
	years->report->spent_us = clock_read().boot_us - began.boot_us;
	return true;
}

/* --- beginning and end ------------------------------------------------------------------------ */

void years_destroy(struct years *years)
{
	if (!years->options->house)
		casebook_close(years->book);
	for (size_t i = 0; i < years->file_count; i++) {
		free(years->files[i].entries);
		free(years->files[i].duties);
		free(years->files[i].links);
	}
	for (size_t i = 0; i < years->settler_count; i++)
		free(years->settlers[i].at);
	free(years->settlers);
	free(years->beginners);
	free(years->far);
	free(years->offices);
	free(years->entries);
	free(years->files);
	free(years->by_n);
	free(years->by_id);
	pack_destroy(years->stricter);
	free(years->dirty);
	free(years->children);
	free(years->events);
	free(years->rungs);
	hasher_destroy(years->hasher);
	arena_destroy(years->arena);
	arena_destroy(years->forever);
	random_destroy(years->random);
	random_destroy(years->words);
	free(years);
}

static bool prepare(struct years *years)
{
	years->random = random_seeded_create(years->options->seed);
	years->words = random_seeded_create(years->options->words_seed + 1);
	years->arena = arena_create(ARENA_BATCH);
	years->forever = arena_create(ARENA_FOREVER);
	years->hasher = hasher_create();
	hasher_start(years->hasher);
	return (years->random && years->words && years->arena && years->forever) ||
	       err_set(&years->err, ERR_UNABLE, "There is no memory to simulate");
}

struct years *years_create(const struct years_options *options, struct years_report *report,
                           struct err *err)
{
	struct years *years = calloc(1, sizeof *years);
	*report = (struct years_report){ 0 };
	if (!years) {
		(void)err_set(err, ERR_UNABLE, "There is no memory to simulate");
		return NULL;
	}
	years->options = options;
	years->manner = options->manner ? options->manner : &SIMULATED;
	years->report = report;
	if (prepare(years))
		return years;
	*err = years->err;
	years_destroy(years);
	return NULL;
}

bool years_live(const struct years_options *options, struct years_report *out, struct err *err)
{
	struct years *years = years_create(options, out, err);
	if (!years)
		return false;
	bool done = found(years) && years_tables(years) && add_people(years) &&
	            years_add_children(years) && years_see(years) && live(years) &&
	            years_check_end(years);
	/* A law that is broken ends the years, and is no error. */
	done = done || out->broken[0];
	if (!done)
		*err = years->err;
	years_destroy(years);
	return done;
}
