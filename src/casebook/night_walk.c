/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/night.h"

#include <stdlib.h>

#include "casebook/fold_parts.h"
#include "casebook/recorded.h"

#define NIGHT_HOUR 3

/* --- when ---------------------------------------------------------------------------------- */

static instant night_of(const struct zone *zone, struct day day)
{
	struct local local = { .day = day, .hour = NIGHT_HOUR };
	return zone_instant(zone, local);
}

instant pattern_night(const struct zone *zone, instant at)
{
	struct day day = zone_day(zone, at);
	instant night = night_of(zone, day);
	return night <= at ? night : night_of(zone, day_from_number(day_number(day) - 1));
}

instant night_after(const struct zone *zone, instant at)
{
	struct day day = zone_day(zone, at);
	instant night = night_of(zone, day);
	return night > at ? night : night_of(zone, day_from_number(day_number(day) + 1));
}

/* --- what is waited for -------------------------------------------------------------------- */

static bool is_same_period(const struct pack_period *one, const struct pack_period *other)
{
	if (!one || !other)
		return one == other;
	return one->unit == other->unit && one->amount == other->amount &&
	       one->at_minute == other->at_minute && one->calendar == other->calendar;
}

static bool is_same(const struct night_wait *one, const struct night_wait *other)
{
	return one->is_since == other->is_since && one->wait.months == other->wait.months &&
	       is_same_period(one->wait.period, other->wait.period);
}

/* Types of files from which the pattern's files are reached. */
static uint64_t types_of(const struct pack_pattern *pattern)
{
	uint64_t about = UINT64_C(1) << pattern->about->number, types = about;
	for (size_t i = 0; i < pattern->reach_count; i++) {
		const struct pack_relation *relation = pattern->reach[i];
		if (relation->to & about)
			types |= relation->from;
		if (relation->from & about)
			types |= relation->to;
	}
	return types;
}

static bool plan_wait(struct night_plan *plan, const struct night_wait *wanted,
                      const struct pack_pattern *pattern, struct err *err)
{
	struct night_wait *wait = plan->waits;
	while (wait < plan->waits + plan->count && !is_same(wait, wanted))
		wait++;
	if (wait == plan->waits + plan->count) {
		*wait = *wanted;
		wait->patterns = calloc(plan->pack->pattern_count, sizeof(struct pack_pattern *));
		if (!wait->patterns)
			return err_set(err, ERR_UNABLE, "There is no memory to look for patterns");
		plan->count++;
	}
	if (wait->count == 0 || wait->patterns[wait->count - 1] != pattern)
		wait->patterns[wait->count++] = pattern;
	wait->types |= types_of(pattern);
	return true;
}

static bool plan_pattern(struct night_plan *plan, const struct pack_pattern *pattern,
                         struct err *err)
{
	struct pack_wait waits[PACK_WAITS_MAX];
	struct night_wait since = { .is_since = true };
	size_t count = pack_cond_waits(pattern->when, waits, COUNT_OF(waits));
	if (!plan_wait(plan, &since, pattern, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct night_wait wanted = { .wait = waits[i] };
		if (!plan_wait(plan, &wanted, pattern, err))
			return false;
	}
	return true;
}

bool night_plan_make(const struct pack *pack, struct night_plan *out, struct err *err)
{
	*out = (struct night_plan){ .pack = pack };
	out->waits = calloc(1 + pack->pattern_count * (PACK_WAITS_MAX + 1), sizeof *out->waits);
	if (!out->waits)
		return err_set(err, ERR_UNABLE, "There is no memory to look for patterns");
	for (size_t i = 0; i < pack->pattern_count; i++) {
		if (pack->patterns[i].asks_time && !plan_pattern(out, &pack->patterns[i], err)) {
			night_plan_finish(out);
			return false;
		}
	}
	return true;
}

void night_plan_finish(struct night_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		free(plan->waits[i].patterns);
	free(plan->waits);
	*plan = (struct night_plan){ .pack = NULL };
}

/* --- which entries -------------------------------------------------------------------------- */

/* The end of a period that begins with an entry; the entry's own moment when there is none. */
static bool end_of(struct fold *fold, const struct pack_period *period, int64_t index, instant *at,
                   struct err *err)
{
	struct pack_due due;
	*at = INSTANT_MIN;
	if (!recorded_read(fold->store, index, at, err))
		return false;
	if (!period || *at == INSTANT_MIN)
		return true;
	if (!pack_due(fold->pack->calendar, *at, period, &due, err))
		return false;
	*at = due.due;
	return true;
}

/* The first entry below `high` whose period ends past `at`, from `low` on: entries are recorded in
 * their order. Goes in growing steps, as it lies near to `low` when that is known. */
static bool first_past(struct fold *fold, const struct pack_period *period, instant at, int64_t low,
                       int64_t high, int64_t *index, struct err *err)
{
	int64_t step = low ? 1 : high;
	while (low < high) {
		int64_t far = step < high - low ? step : high - low;
		int64_t middle = step < high ? low + far - 1 : low + (high - low) / 2;
		instant end;
		if (!end_of(fold, period, middle, &end, err))
			return false;
		if (end > at) {
			high = middle;
			step = high; /* from here on by halves */
		} else {
			low = middle + 1;
			step = step < high ? 2 * step : step;
		}
	}
	*index = low;
	return true;
}

/* Months of birth, counted from year 0, whose age is reached between the two nights. */
static void find_months(const struct fold *fold, struct book_night *night,
                        const struct pack_wait *wait)
{
	const struct zone *zone = fold->pack->zone;
	struct day from = zone_day(zone, night->last), to = zone_day(zone, night->at);
	/* It is reached on the last day of a month, or on the first behind a shorter one. */
	night->month = (int64_t)from.year * 12 + from.month - 2 - wait->months;
	night->end = (int64_t)to.year * 12 + to.month - 1 - wait->months;
	night->next = -1;
}

/* What was written while the night before was looked through is looked at in this one, at whatever
 * moment. */
static bool open_window(struct fold *fold, struct book_night *night, struct night_wait *wait,
                        struct err *err)
{
	const struct pack_period *period = wait->wait.period;
	night->is_window = true;
	night->skipped = night->file = -1;
	if (!wait->is_since && !period) {
		find_months(fold, night, &wait->wait);
		return true;
	}
	night->next = wait->ended;
	if (!wait->ended &&
	    !first_past(fold, period, night->last, 0, night->entries, &night->next, err))
		return false;
	if (wait->is_since && night->next > night->since)
		night->next = night->since;
	return first_past(fold, period, night->at, night->next, night->entries, &night->end, err);
}

/* By the primary keys. *file -1: none of those types. */
static bool file_of_entry(struct fold *fold, int64_t index, uint64_t types, int64_t *file,
                          struct err *err)
{
	static const char FILE_SQL[] =
		"SELECT f.n, f.type FROM entry AS e JOIN file AS f ON f.n = e.file WHERE e.idx = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	*file = -1;
	if (!store_prepare(fold->store, FILE_SQL, &found, err))
		return false;
	store_bind_int(found, 1, index);
	enum store_step step = store_step(found, err);
	if (step != STORE_ROW)
		return step != STORE_FAILED;
	const struct pack_file_type *type = pack_file_type_find(fold->pack, store_str(found, 1));
	if (type && (types >> type->number & 1))
		*file = store_int(found, 0);
	return true;
}

/* By born_month(month, file). *file -1: there is none left. */
static bool next_born(struct fold *fold, struct book_night *night, int64_t *file, struct err *err)
{
	static const char BORN_SQL[] =
		"SELECT file FROM born WHERE month = ?1 AND file > ?2 ORDER BY file LIMIT 1";
	*file = -1;
	for (; night->month <= night->end; night->month++, night->next = -1) {
		CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
		char month[16];
		(void)snprintf(month, sizeof month, "%04d-%02d", (int)(night->month / 12),
		               (int)(night->month % 12 + 1));
		if (!store_prepare(fold->store, BORN_SQL, &found, err))
			return false;
		store_bind_str(found, 1, str_from_c(month));
		store_bind_int(found, 2, night->next);
		enum store_step step = store_step(found, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			continue;
		night->next = *file = store_int(found, 0);
		return true;
	}
	return true;
}

/* The next file of the window that is not the one looked at last; -1: the window is at its end. */
static bool next_file(struct fold *fold, struct book_night *night, const struct night_wait *wait,
                      int64_t *file, struct err *err)
{
	*file = -1;
	if (!wait->is_since && !wait->wait.period)
		return next_born(fold, night, file, err);
	while (night->next < night->end) {
		if (!file_of_entry(fold, night->next++, wait->types, file, err))
			return false;
		if (*file > 0 && *file != night->skipped) {
			night->skipped = *file;
			return true;
		}
		*file = -1;
	}
	return true;
}

bool night_next(struct fold *fold, struct night_plan *plan, struct book_night *night,
                const struct pack_pattern **pattern, int64_t *file, struct err *err)
{
	for (*file = -1; night->wait < plan->count;) {
		struct night_wait *wait = &plan->waits[night->wait];
		if (!night->is_window && !open_window(fold, night, wait, err))
			return false;
		if (night->file < 0) {
			night->pattern = 0;
			if (!next_file(fold, night, wait, &night->file, err))
				return false;
		}
		if (night->file < 0) {
			if (wait->is_since || wait->wait.period)
				wait->ended = night->end;
			night->is_window = false;
			night->wait++;
		} else if (night->pattern < wait->count) {
			*pattern = wait->patterns[night->pattern++];
			*file = night->file;
			return true;
		} else {
			night->file = -1;
		}
	}
	return true;
}

/* --- each once ------------------------------------------------------------------------------ */

#define ONCE_SLOTS ((size_t)1 << 20)

struct night_once {
	const struct pack *pack;
	size_t count;
	uint64_t slots[ONCE_SLOTS]; /* 0: free */
};

struct night_once *night_once_create(void)
{
	return calloc(1, sizeof(struct night_once));
}

void night_once_destroy(struct night_once *once)
{
	free(once);
}

void night_once_forget(struct night_once *once)
{
	if (once && once->count)
		memset(once, 0, sizeof *once);
}

bool night_once(struct night_once *once, const struct pack *pack,
                const struct pack_pattern *pattern, int64_t file, bool is_reached)
{
	uint64_t key = (uint64_t)file << 16 | (uint64_t)(pattern - pack->patterns) << 1 |
	               (uint64_t)is_reached;
	size_t at = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 44);
	if (!once)
		return true;
	if (once->pack != pack)
		night_once_forget(once);
	once->pack = pack;
	if (file <= 0 || once->count >= ONCE_SLOTS / 2)
		return true;
	while (once->slots[at] && once->slots[at] != key)
		at = (at + 1) % ONCE_SLOTS;
	if (once->slots[at])
		return false;
	once->slots[at] = key;
	once->count++;
	return true;
}

/* --- looking -------------------------------------------------------------------------------- */

bool night_look(struct pattern_eye *eye, const struct pack_pattern *pattern, int64_t file,
                const struct book_night *night, int64_t up_to, struct pattern_looked *out,
                struct err *err)
{
	bool holds, held;
	*out = (struct pattern_looked){ .up_to = up_to };
	if (!pattern_eye_row(eye, file, &out->row, err))
		return false;
	if (!pattern_may_rest_on(pattern, out->row))
		return true;
	if (!pattern_known(eye, pattern, file, &out->known, err))
		return false;
	if (out->known.is_open || (out->known.was_found && pattern->is_once))
		return true;
	if (!pattern_holds(eye, pattern, out->row, up_to, night->at, &holds, err))
		return false;
	if (holds && out->known.was_found) {
		if (!pattern_holds(eye, pattern, out->row, up_to, night->last, &held, err))
			return false;
		if (held && !pattern_is_newly_silent(eye, pattern, out->row, up_to, &holds, err))
			return false;
		if (held && !holds &&
		    !pattern_anew_by(eye, &out->known, out->row, up_to, night->last, night->at,
		                     &holds, err))
			return false;
	}
	if (holds)
		out->found = PATTERN_FOUND;
	return true;
}
