/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whether each night found what was there, and no more. What a night found
 * stands before the entry that says it is over; then the night is gone through
 * once more, and finds nothing that is not known.
 *
 * Others may have written while the night was looked through: what it did not
 * find is missing only if it was there before them too, and they left its file
 * alone.
 */
#include "casebook/fold_parts.h"
#include "casebook/night.h"
#include "casebook/verify.h"

#include <stdlib.h>

#define PAIRS_MAX ((size_t)1 << 16)

/* A pattern to be looked for on a file. */
struct pair {
	int64_t file;
	uint32_t pattern; /* its number in the pack */
};

struct pairs {
	struct pair at[PAIRS_MAX];
	size_t count;
};

struct verify_nights {
	struct pairs asked;     /* from where a night looks */
	struct pairs reached;   /* at what it looks */
	struct night_plan plan; /* of the pack that it names */
	bool is_due;            /* the act at hand says that a night is over */
	struct book_night night;
	int64_t index;   /* of the entry that says so */
	instant newest;  /* the night before, or 0 */
	int64_t since;   /* entries there were when it began */
	int64_t adopted; /* the newest entry that adopted a pack */
	int64_t at;
};

struct verify_nights *verify_nights_create(struct err *err)
{
	struct verify_nights *nights = calloc(1, sizeof *nights);
	if (!nights)
		err_set(err, ERR_UNABLE, "There is no memory to verify");
	return nights;
}

void verify_nights_destroy(struct verify_nights *nights)
{
	if (nights)
		night_plan_finish(&nights->plan);
	free(nights);
}

int64_t verify_nights_at(const struct verify_nights *nights)
{
	return nights->at;
}

/* --- what it found --------------------------------------------------------------------------- */

/* Whether it was there, and for whom it waits is as the entry says. */
static bool held_at(struct fold *fold, const struct folding *entry,
                    const struct pack_pattern *pattern, instant now, bool *holds, struct err *err)
{
	struct pattern_eye eye;
	*holds = false;
	struct pattern_awaited awaited;
	if (!pattern_eye_night(fold, entry->file, now, &eye, err))
		return false;
	if (!pattern_may_rest_on(pattern, eye.own))
		return true;
	if (!pattern_holds(&eye, pattern, eye.own, entry->index, now, holds, err) ||
	    !pattern_awaited(&eye, pattern, eye.own, entry->index, &awaited, err))
		return false;
	*holds = *holds && pattern_is_awaited(entry->plain, &awaited);
	return true;
}

/* The night that found it may have begun before another one came. */
static bool check_found(struct fold *fold, const struct folding *entry, struct err *err)
{
	struct str name = json_text(entry->plain, STR("pattern"));
	const struct pack_pattern *pattern = pack_pattern_find(fold->pack, name);
	instant night = pattern_night(fold->pack->zone, entry->recorded);
	bool holds = false;
	if (pattern && !held_at(fold, entry, pattern, night, &holds, err))
		return false;
	if (pattern && !holds &&
	    !held_at(fold, entry, pattern, pattern_night(fold->pack->zone, night - 1), &holds, err))
		return false;
	return holds || err_set(err, ERR_INPUT,
	                        "The pattern %.*s was found, and by the rules of its day it was"
	                        " not there",
	                        STR_ARG(str_sub(name, 0, 64)));
}

/* --- what it should have found -----------------------------------------------------------------
 */

/* Follows on the one before, and is a night that was past. */
static bool take_night(struct verify_nights *nights, struct fold *fold, const struct folding *entry,
                       struct err *err)
{
	struct book_night night = { .entries = json_number(entry->plain, STR("entries"), -1) };
	const struct zone *zone = fold->pack->zone;
	bool fits = instant_read(json_text(entry->plain, STR("night")), &night.at) &&
	            instant_read(json_text(entry->plain, STR("from")), &night.last) &&
	            night.at <= entry->recorded && night.last < night.at && night.entries >= 0 &&
	            night.entries <= entry->index &&
	            (!nights->newest || nights->newest == night.last) &&
	            (nights->newest || pattern_night(zone, night.at - 1) == night.last);
	if (!fits)
		return err_set(err, ERR_INPUT,
		               "It says that a night was looked through which does not follow on"
		               " the one before");
	night.since = nights->newest ? nights->since : INT64_MAX;
	nights->night = night;
	nights->since = night.entries;
	nights->index = entry->index;
	nights->newest = night.at;
	/* By which rules it was looked through is not known where others came meanwhile. */
	nights->is_due = nights->adopted < night.entries;
	if (!nights->is_due)
		night_plan_finish(&nights->plan);
	return true;
}

/* Whether somebody wrote on the file while the night was looked through. */
static bool is_written(struct verify_nights *nights, struct fold *fold, int64_t file, bool *is,
                       struct err *err)
{
	/* By entry_file(file, kind, idx). */
	static const char WRITTEN_SQL[] = "SELECT 1 FROM entry WHERE file = ?1 AND idx >= ?2 AND"
					  " idx < ?3 AND kind <> 'pattern.found' LIMIT 1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	*is = false;
	if (nights->night.entries == nights->index)
		return true;
	if (!store_prepare(fold->store, WRITTEN_SQL, &found, err))
		return false;
	store_bind_int(found, 1, file);
	store_bind_int(found, 2, nights->night.entries);
	store_bind_int(found, 3, nights->index);
	enum store_step step = store_step(found, err);
	*is = step == STORE_ROW;
	return step != STORE_FAILED;
}

static bool look_at(struct verify_nights *nights, struct pattern_eye *eye,
                    const struct pack_pattern *pattern, int64_t file, struct err *err)
{
	const struct book_night *night = &nights->night;
	struct pattern_looked looked;
	bool is;
	if (!night_look(eye, pattern, file, night, nights->index, &looked, err))
		return false;
	/* Found this night, and answered since. */
	if (looked.found != PATTERN_FOUND || looked.known.opened >= night->entries)
		return true;
	if (!is_written(nights, eye->fold, file, &is, err))
		return false;
	if (is)
		return true;
	if (!pattern_holds(eye, pattern, looked.row, night->entries, night->at, &is, err))
		return false;
	return !is || err_set(err, ERR_INPUT,
	                      "By then the pattern %.*s was there on the file of entry %" PRId64
	                      ", and no entry says so",
	                      STR_ARG(pattern->name), looked.row->first_entry);
}

/* --- each file once --------------------------------------------------------------------------
 *
 * A file comes again and again: by each of its entries, for each period, along each link. Nothing
 * is written between two looks of one night, so each pattern is asked once on each file, and what
 * is looked over is read once for all patterns of a file.
 */

static int pairs_in_order(const void *a, const void *b)
{
	const struct pair *left = a, *right = b;
	if (left->file != right->file)
		return left->file < right->file ? -1 : 1;
	return (left->pattern > right->pattern) - (left->pattern < right->pattern);
}

static void sort_pairs(struct pairs *pairs)
{
	size_t kept = 0;
	qsort(pairs->at, pairs->count, sizeof pairs->at[0], pairs_in_order);
	for (size_t i = 0; i < pairs->count; i++) {
		if (!kept || pairs_in_order(&pairs->at[i], &pairs->at[kept - 1]) != 0)
			pairs->at[kept++] = pairs->at[i];
	}
	pairs->count = kept;
}

typedef bool each_pair(struct verify_nights *nights, struct pattern_eye *eye,
                       const struct pack_pattern *pattern, int64_t file, struct err *err);

static bool for_each(struct verify_nights *nights, struct fold *fold, struct pairs *pairs,
                     each_pair *fn, struct err *err)
{
	struct pattern_eye eye = { .fold = NULL };
	int64_t before = -1;
	sort_pairs(pairs);
	for (size_t i = 0; i < pairs->count; i++) {
		int64_t file = pairs->at[i].file;
		if (file != before && fold->looks)
			arena_reset(fold->looks);
		if (file != before && !pattern_eye_night(fold, file, nights->night.at, &eye, err))
			return false;
		before = file;
		if (!fn(nights, &eye, &fold->pack->patterns[pairs->at[i].pattern], file, err))
			return false;
	}
	pairs->count = 0;
	return true;
}

static bool look_reached(struct verify_nights *nights, struct fold *fold, struct err *err)
{
	return for_each(nights, fold, &nights->reached, look_at, err);
}

/* The files that a pattern reaches from one. */
static bool reach_from(struct verify_nights *nights, struct pattern_eye *eye,
                       const struct pack_pattern *pattern, int64_t file, struct err *err)
{
	struct pattern_reached reached[PATTERN_REACHED_MAX];
	size_t count;
	(void)file;
	if (!pattern_reach(eye, pattern, reached, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		nights->reached.at[nights->reached.count++] =
			(struct pair){ reached[i].file,
			               (uint32_t)(pattern - eye->fold->pack->patterns) };
	return true;
}

/* As many at a time as the reached have room for. */
static bool look_asked(struct verify_nights *nights, struct fold *fold, struct err *err)
{
	return for_each(nights, fold, &nights->asked, reach_from, err) &&
	       look_reached(nights, fold, err);
}

/* Windows follow on one another while the pack is the same. */
static bool plan_for(struct verify_nights *nights, const struct pack *pack, struct err *err)
{
	if (nights->plan.pack == pack)
		return true;
	night_plan_finish(&nights->plan);
	return night_plan_make(pack, &nights->plan, err);
}

static bool look_through(struct verify_nights *nights, struct fold *fold, struct err *err)
{
	struct book_night *night = &nights->night;
	struct pairs *asked = &nights->asked;
	int64_t file;
	asked->count = nights->reached.count = 0;
	if (!plan_for(nights, fold->pack, err))
		return false;
	for (;;) {
		const struct pack_pattern *pattern;
		if (!night_next(fold, &nights->plan, night, &pattern, &file, err))
			return false;
		bool is_full = asked->count == PAIRS_MAX / PATTERN_REACHED_MAX;
		if ((file < 0 || is_full) && !look_asked(nights, fold, err))
			return false;
		if (file < 0)
			return true;
		asked->at[asked->count++] =
			(struct pair){ file, (uint32_t)(pattern - fold->pack->patterns) };
	}
}

/* --- one entry after the other -----------------------------------------------------------------
 */

bool verify_nights_next(struct verify_nights *nights, struct fold *fold,
                        const struct folding *entry, struct err *err)
{
	struct str kind = entry->kind_name;
	nights->at = entry->index;
	if (str_eq(kind, STR("pack.adopted")))
		nights->adopted = entry->index;
	if (entry->by != CASEBOOK_BY_REGISTER || entry->has_cause)
		return true;
	if (str_eq(kind, STR("night.looked")))
		return take_night(nights, fold, entry, err);
	return !str_eq(kind, STR("pattern.found")) || check_found(fold, entry, err);
}

bool verify_nights_end(struct verify_nights *nights, struct fold *fold, struct err *err)
{
	if (!nights->is_due)
		return true;
	nights->is_due = false;
	nights->at = nights->index;
	return look_through(nights, fold, err);
}
