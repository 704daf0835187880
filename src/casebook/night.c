/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The night: once a local day, at 03:00 of the pack's zone, patterns are asked
 * that time alone makes true. Only files at which something ends that night are
 * looked at: those of the entries made since the last night, of the entries
 * whose period ends between the two nights, and of those born in the month whose
 * age is reached. What a night costs follows from what happens in a day, not
 * from the register's age.
 */
#include "casebook/fold_parts.h"
#include "casebook/pattern.h"

#define NIGHT_HOUR 3
#define LOOKS_AT_ONCE 64 /* files in one turn */

static const char NIGHT_STATE[] = "night";

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

static instant night_after(const struct zone *zone, instant at)
{
	struct day day = zone_day(zone, at);
	instant night = night_of(zone, day);
	return night > at ? night : night_of(zone, day_from_number(day_number(day) + 1));
}

/* The night that was looked through last; of a register that knows of none, the one before. */
static bool read_last(struct casebook *book, const struct zone *zone, instant target,
                      struct err *err)
{
	static const char STATE_SQL[] = "SELECT value FROM short_state WHERE name = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct book_night *night = &book->night;
	uint64_t value;
	if (night->is_read)
		return true;
	if (!store_prepare(book->store, STATE_SQL, &found, err))
		return false;
	store_bind_str(found, 1, str_from_c(NIGHT_STATE));
	enum store_step step = store_step(found, err);
	if (step == STORE_FAILED)
		return false;
	night->last = pattern_night(zone, target - 1);
	if (step == STORE_ROW && str_to_u64(store_str(found, 0), INT64_MAX, &value))
		night->last = (instant)value;
	night->is_read = true;
	return true;
}

static bool keep_last(struct casebook *book, instant at, struct err *err)
{
	char text[32];
	(void)snprintf(text, sizeof text, "%" PRId64, at);
	if (!book_begin(book, err))
		return false;
	if (!book_put_state(book->store, str_from_c(NIGHT_STATE), str_from_c(text), err)) {
		store_abort(book->store);
		return false;
	}
	return store_commit(book->store, err);
}

/* --- which entries -------------------------------------------------------------------------- */

static bool recorded_of(struct store *store, int64_t index, instant *at, struct err *err)
{
	static const char HEADER_SQL[] = "SELECT header FROM entry WHERE idx = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct log_header header;
	*at = INSTANT_MIN;
	if (!store_prepare(store, HEADER_SQL, &found, err))
		return false;
	store_bind_int(found, 1, index);
	enum store_step step = store_step(found, err);
	if (step != STORE_ROW || store_is_null(found, 0))
		return step != STORE_FAILED;
	if (!log_header_glance(store_blob(found, 0), &header, err))
		return false;
	*at = header.recorded;
	return true;
}

/* The end of a period that begins with an entry; the entry's own moment when there is none. */
static bool end_of(struct turn *turn, const struct pack_period *period, int64_t index, instant *at,
                   struct err *err)
{
	struct pack_due due;
	if (!recorded_of(turn->store, index, at, err))
		return false;
	if (!period || *at == INSTANT_MIN)
		return true;
	if (!pack_due(turn->fold->pack->calendar, *at, period, &due, err))
		return false;
	*at = due.due;
	return true;
}

/* The first entry whose period ends past `at`: entries are recorded in their order. */
static bool first_past(struct turn *turn, const struct pack_period *period, instant at,
                       int64_t *index, struct err *err)
{
	int64_t low = 0, high = turn->first;
	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		instant end;
		if (!end_of(turn, period, middle, &end, err))
			return false;
		if (end > at)
			high = middle;
		else
			low = middle + 1;
	}
	*index = low;
	return true;
}

/* Months of birth, counted from year 0, whose age is reached between the two nights. */
static void find_months(const struct turn *turn, struct book_night *night,
                        const struct pack_wait *wait)
{
	const struct zone *zone = turn->fold->pack->zone;
	struct day from = zone_day(zone, night->last), to = zone_day(zone, night->at);
	/* It is reached on the last day of a month, or on the first behind a shorter one. */
	night->month = (int64_t)from.year * 12 + from.month - 2 - wait->months;
	night->end = (int64_t)to.year * 12 + to.month - 1 - wait->months;
	night->next = -1;
}

static bool open_window(struct turn *turn, struct book_night *night, const struct pack_wait *wait,
                        struct err *err)
{
	night->is_window = true;
	night->skipped = -1;
	if (wait && !wait->period) {
		find_months(turn, night, wait);
		return true;
	}
	const struct pack_period *period = wait ? wait->period : NULL;
	return first_past(turn, period, night->last, &night->next, err) &&
	       first_past(turn, period, night->at, &night->end, err);
}

static bool file_of_entry(struct store *store, int64_t index, int64_t *file, struct err *err)
{
	static const char FILE_SQL[] = "SELECT file FROM entry WHERE idx = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	*file = -1;
	if (!store_prepare(store, FILE_SQL, &found, err))
		return false;
	store_bind_int(found, 1, index);
	enum store_step step = store_step(found, err);
	if (step == STORE_ROW)
		*file = store_int(found, 0);
	return step != STORE_FAILED;
}

/* By born_month(month, file). *file -1: there is none left. */
static bool next_born(struct turn *turn, struct book_night *night, int64_t *file, struct err *err)
{
	static const char BORN_SQL[] =
		"SELECT file FROM born WHERE month = ?1 AND file > ?2 ORDER BY file LIMIT 1";
	*file = -1;
	for (; night->month <= night->end; night->month++, night->next = -1) {
		CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
		char month[16];
		(void)snprintf(month, sizeof month, "%04d-%02d", (int)(night->month / 12),
		               (int)(night->month % 12 + 1));
		if (!store_prepare(turn->store, BORN_SQL, &found, err))
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
static bool next_file(struct turn *turn, struct book_night *night, const struct pack_wait *wait,
                      int64_t *file, struct err *err)
{
	*file = -1;
	if (wait && !wait->period)
		return next_born(turn, night, file, err);
	while (night->next < night->end) {
		if (!file_of_entry(turn->store, night->next++, file, err))
			return false;
		if (*file > 0 && *file != night->skipped) {
			night->skipped = *file;
			return true;
		}
		*file = -1;
	}
	return true;
}

/* --- looking -------------------------------------------------------------------------------- */

/* True this night, and never found, or not true the night before. */
static bool look_at(struct pattern_eye *eye, const struct pack_pattern *pattern, int64_t file,
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
		holds = !held;
	}
	if (holds)
		out->found = PATTERN_FOUND;
	return true;
}

/* Each file is an act of its own. */
static bool look_around(struct turn *turn, const struct pack_pattern *pattern, int64_t file,
                        const struct book_night *night, size_t *fired, struct err *err)
{
	struct pattern_reached reached[PATTERN_REACHED_MAX];
	struct pattern_eye eye;
	size_t count;
	fold_begin_act(turn->fold);
	turn->follow_count = 0;
	turn->now = book_recorded(turn->book);
	if (!pattern_eye_night(turn->fold, file, night->at, &eye, err) ||
	    !pattern_reach(&eye, pattern, reached, &count, err))
		return false;
	for (size_t i = 0; i < count && pattern_eye_has_room(&eye); i++) {
		struct pattern_looked looked;
		if (!look_at(&eye, pattern, reached[i].file, night, turn->book->entries, &looked,
		             err))
			return false;
		if (looked.found == PATTERN_NOT_FOUND)
			continue;
		++*fired;
		/* What follows is an act of its own: the one at hand ends with it. */
		return turn_pattern_found(turn, &eye, pattern, &looked, -1, -1, err) &&
		       turn_end_act(turn, err) &&
		       (i + 1 == count || look_around(turn, pattern, file, night, fired, err));
	}
	return turn_end_act(turn, err);
}

/* Goes on to the next window, pattern by pattern; false at the night's end. */
static bool next_window(const struct pack *pack, struct book_night *night, size_t waits)
{
	night->is_window = false;
	if (night->pattern >= pack->pattern_count)
		return false;
	if (pack->patterns[night->pattern].asks_time && night->wait < waits) {
		night->wait++;
		return true;
	}
	night->wait = 0;
	night->pattern++;
	return night->pattern < pack->pattern_count;
}

static bool look_some(struct turn *turn, struct book_night *night, size_t *fired, bool *is_done,
                      struct err *err)
{
	const struct pack *pack = turn->fold->pack;
	*is_done = pack->pattern_count == 0;
	for (size_t looked = 0; looked < LOOKS_AT_ONCE && !*is_done;) {
		struct pack_wait waits[PACK_WAITS_MAX];
		if (night->pattern >= pack->pattern_count) { /* other rules were adopted since */
			*is_done = true;
			break;
		}
		const struct pack_pattern *pattern = &pack->patterns[night->pattern];
		size_t count = pack_cond_waits(pattern->when, waits, COUNT_OF(waits));
		const struct pack_wait *wait = night->wait ? &waits[night->wait - 1] : NULL;
		int64_t file = -1;
		if (pattern->asks_time && !night->is_window && !open_window(turn, night, wait, err))
			return false;
		if (pattern->asks_time && !next_file(turn, night, wait, &file, err))
			return false;
		if (file < 0) {
			*is_done = !next_window(pack, night, count);
			continue;
		}
		looked++;
		if (!look_around(turn, pattern, file, night, fired, err))
			return false;
	}
	return true;
}

/* One turn of the night at hand. */
static bool night_turn(struct casebook *book, size_t *fired, bool *is_done, struct err *err)
{
	struct book_night before = book->night;
	struct turn *turn;
	if (!turn_begin(book, &turn, err))
		return false;
	if (!look_some(turn, &book->night, fired, is_done, err)) {
		turn_abort(turn);
		book->night = before;
		return false;
	}
	if (!turn_commit(turn, err)) {
		book->night = before;
		return false;
	}
	return true;
}

bool casebook_night(struct casebook *book, instant now, size_t *fired, instant *next, bool *is_done,
                    struct err *err)
{
	struct book_night *night = &book->night;
	bool done = true;
	*fired = 0;
	*next = 0;
	*is_done = true;
	pthread_mutex_lock(&book->turn_lock);
	const struct pack *pack = book_pack(book, book->pack_count);
	if (pack && pack->asks_time && book->is_writer && !book->is_intake_only) {
		instant target = pattern_night(pack->zone, now);
		done = read_last(book, pack->zone, target, err);
		if (done && !night->is_begun && target > night->last)
			*night = (struct book_night){
				.is_read = true, .is_begun = true, .last = night->last, .at = target
			};
		if (done && night->is_begun)
			done = night_turn(book, fired, is_done, err);
		if (done && night->is_begun && *is_done) {
			done = keep_last(book, night->at, err);
			if (done)
				*night = (struct book_night){ .is_read = true, .last = night->at };
		}
		*next = night_after(pack->zone, night->is_begun ? night->at : night->last);
	}
	pthread_mutex_unlock(&book->turn_lock);
	return done;
}
