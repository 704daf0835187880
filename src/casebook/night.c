/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The night: once a local day, at 03:00 of the pack's zone, patterns are asked
 * that time alone makes true (night.h says on which files). What a night costs
 * follows from what happens in a day, not from the register's age. When it is
 * over the register says so in an entry, night.looked: from there the next one
 * goes on, and verify looks through the same. Before it begins, what was refused
 * since the last is told where the pack watches over whoever asked (kept_out.h).
 */
#include "casebook/night.h"

#include "casebook/fold_parts.h"
#include "casebook/kept_out.h"

#define LOOKS_AT_ONCE 64    /* in one turn */
#define PASSED_AT_ONCE 1024 /* looked at before */
#define PLAIN_DEPTH 8
#define LAST_ARENA ((size_t)64 << 10)

/* The night that was looked through last; of a register that knows of none, the one before. By
 * entry_file(file, kind, idx). */
static bool read_last(struct casebook *book, const struct zone *zone, instant target,
                      struct err *err)
{
	static const char LAST_SQL[] =
		"SELECT plain FROM entry WHERE file = 0 AND kind = 'night.looked' ORDER BY idx DESC"
		" LIMIT 1";
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(LAST_ARENA);
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	const struct json *plain = NULL;
	struct book_night *night = &book->night;
	if (night->is_read)
		return true;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to look for patterns");
	if (!store_prepare(book->store, LAST_SQL, &found, err))
		return false;
	enum store_step step = store_step(found, err);
	if (step == STORE_FAILED ||
	    (step == STORE_ROW && !json_read(arena, store_str(found, 0), PLAIN_DEPTH, &plain, err)))
		return false;
	if (!plain || !instant_read(json_text(plain, STR("night")), &night->last))
		night->last = pattern_night(zone, target - 1);
	night->since = plain ? json_number(plain, STR("entries"), INT64_MAX) : INT64_MAX;
	night->is_read = true;
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
		if (!night_once(turn->book->once, turn->fold->pack, pattern, reached[i].file, true))
			continue;
		if (!night_look(&eye, pattern, reached[i].file, night, turn->book->entries, &looked,
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

static bool look_some(struct turn *turn, struct night_plan *plan, struct book_night *night,
                      size_t *fired, bool *is_done, struct err *err)
{
	*is_done = false;
	for (size_t looked = 0, passed = 0; looked < LOOKS_AT_ONCE && passed < PASSED_AT_ONCE;) {
		const struct pack_pattern *pattern;
		int64_t file;
		if (!night_next(turn->fold, plan, night, &pattern, &file, err))
			return false;
		if (file < 0) {
			*is_done = true;
			return true;
		}
		if (!night_once(turn->book->once, turn->fold->pack, pattern, file, false)) {
			passed++;
			continue;
		}
		looked++;
		if (!look_around(turn, pattern, file, night, fired, err))
			return false;
	}
	return true;
}

/* That the night was looked through, from which one on, and over how many entries at least. */
static bool tell(struct turn *turn, const struct book_night *night, struct err *err)
{
	struct arena *arena = turn->fold->arena;
	struct folding entry;
	fold_begin_act(turn->fold);
	turn->follow_count = 0;
	turn->now = book_recorded(turn->book);
	struct json *plain = json_object(arena);
	json_put_text(arena, plain, STR("night"), instant_write(arena, night->at));
	json_put_text(arena, plain, STR("from"), instant_write(arena, night->last));
	json_put_integer(arena, plain, STR("entries"), night->entries);
	return turn_register_entry(turn, STR("night.looked"), 0, plain, -1, &entry, err) &&
	       turn_end_act(turn, err);
}

/* One turn of the night at hand. */
static bool night_turn(struct casebook *book, size_t *fired, bool *is_done, struct err *err)
{
	struct book_night before = book->night;
	struct turn *turn;
	if (!turn_begin(book, &turn, err))
		return false;
	struct night_plan plan;
	bool done = night_plan_make(turn->fold->pack, &plan, err) &&
	            look_some(turn, &plan, &book->night, fired, is_done, err) &&
	            (!*is_done || tell(turn, &book->night, err));
	night_plan_finish(&plan);
	if (!done)
		turn_abort(turn);
	if (!done || !turn_commit(turn, err)) {
		book->night = before;
		night_once_forget(book->once);
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
	if (pack && (pack->asks_time || pack->watches) && book->is_writer &&
	    !book->is_intake_only) {
		instant target = pattern_night(pack->zone, now);
		done = read_last(book, pack->zone, target, err);
		bool begins = done && !night->is_begun && target > night->last;
		done = done && (!begins || kept_out_look(book, err));
		if (done && begins && !book->once)
			book->once = night_once_create();
		if (done && begins)
			night_once_forget(book->once);
		if (done && begins)
			*night = (struct book_night){ .is_read = true,
				                      .is_begun = true,
				                      .last = night->last,
				                      .since = night->since,
				                      .at = target,
				                      .entries = book->entries };
		if (done && night->is_begun)
			done = night_turn(book, fired, is_done, err);
		if (done && night->is_begun && *is_done)
			*night = (struct book_night){ .is_read = true,
				                      .last = night->at,
				                      .since = night->entries };
		*next = night_after(pack->zone, night->is_begun ? night->at : night->last);
	}
	pthread_mutex_unlock(&book->turn_lock);
	return done;
}
