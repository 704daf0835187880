/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Step 12 of the turn: the patterns that an entry makes true, as entries of the register. */
#include "casebook/fold_parts.h"
#include "casebook/pattern.h"

/* What follows from an act besides patterns keeps its room; what is not found for want of it is
 * found by the next entry (pattern.h, P1). */
#define FOLLOW_ROOM 64
#define FILES_ROOM 16

bool pattern_has_room(const struct fold *fold, int64_t followed, size_t files)
{
	return followed + FOLLOW_ROOM < TURN_FOLLOW_MAX &&
	       fold->file_count + files + FILES_ROOM < FOLD_FILES_MAX;
}

bool turn_pattern_found(struct turn *turn, struct pattern_eye *eye,
                        const struct pack_pattern *pattern, const struct pattern_looked *looked,
                        int64_t cause, int depth, struct err *err)
{
	struct arena *arena = turn->fold->arena;
	struct json *plain = json_object(arena), *list = json_array(arena);
	int64_t entries[PATTERN_ENTRIES_MAX] = { cause }; /* of one that is added */
	size_t count = 1;
	struct pattern_awaited awaited;
	struct folding made;
	bool is_added = looked->found == PATTERN_ADDED;
	if (!pattern_awaited(eye, pattern, looked->row, looked->up_to, &awaited, err) ||
	    (!is_added && !pattern_counted(eye, pattern, looked->row, looked->up_to, cause, entries,
	                                   &count, err)))
		return false;
	if (is_added)
		awaited.others.count = 0; /* they were asked already */
	json_put_text(arena, plain, STR("pattern"), pattern->name);
	for (size_t i = 0; i < count; i++)
		json_push(list, json_integer(arena, entries[i]));
	if (count)
		json_put(plain, STR("entries"), list);
	if (is_added)
		json_put_text(arena, plain, STR("duty"),
		              duty_name_write(arena, looked->known.duty));
	pattern_put_awaited(arena, plain, &awaited);
	return turn_register_entry(turn, STR("pattern.found"), looked->row->n, plain, cause, &made,
	                           err) &&
	       turn_follow(turn, &made, depth + 1, err);
}

static bool look_over(struct turn *turn, struct pattern_eye *eye, const struct pack_wake *wake,
                      int depth, struct err *err)
{
	struct pattern_reached reached[PATTERN_REACHED_MAX];
	size_t count;
	if (!pattern_reach(eye, wake->pattern, reached, &count, err))
		return false;
	for (size_t i = 0; i < count && pattern_has_room(turn->fold, turn->follow_count, 0) &&
	                   pattern_eye_has_room(eye);
	     i++) {
		struct pattern_looked looked;
		if (!pattern_look(eye, wake, &reached[i], turn->book->entries, &looked, err))
			return false;
		if (looked.found == PATTERN_NOT_FOUND)
			continue;
		if (!turn_pattern_found(turn, eye, wake->pattern, &looked, eye->entry->index, depth,
		                        err))
			return false;
		eye->files = NULL; /* another is known now */
	}
	return true;
}

bool turn_patterns(struct turn *turn, const struct folding *entry, int depth, struct err *err)
{
	struct pattern_eye eye;
	if (!turn->fold->pack->pattern_count || depth >= TURN_DEPTH_MAX)
		return true;
	if (!pattern_eye_open(turn->fold, entry, &eye, err))
		return false;
	for (size_t i = 0; eye.woken && i < eye.woken->wake_count; i++) {
		if (!look_over(turn, &eye, &eye.woken->wakes[i], depth, err))
			return false;
	}
	return true;
}
