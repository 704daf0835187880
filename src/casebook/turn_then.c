/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a kind has the register write besides (`then:` of a kind, `makes:` of a
 * rung). It is an entry as anybody's is: where the file's state or its type does
 * not allow it, it is not made, and act.refused says so on that file. The act
 * from which it follows stands all the same: nobody's report waits for the
 * state of another file.
 */
#include "casebook/fold_parts.h"
#include "casebook/rows.h"
#include "casebook/turn_parts.h"
#include "casebook/world.h"

static struct json *then_plain(struct turn *turn, const struct pack_then *then,
                               const struct folding *entry)
{
	struct arena *arena = turn->fold->arena;
	struct json *plain = json_object(arena);
	for (size_t i = 0; i < then->set_count; i++) {
		const struct pack_set *set = &then->set[i];
		const struct json *from =
			set->from_field.p ? json_member(entry->plain, set->from_field) : NULL;
		struct json *value = json_string(arena, set->value);
		if (set->from_field.p) {
			value = from ? arena_alloc(arena, 1, sizeof *value) : NULL;
			if (value) {
				*value = *from;
				value->next = NULL;
			}
		}
		if (value)
			json_put(plain, set->field, value);
	}
	return plain;
}

/* --- whether it may stand there ------------------------------------------------------------- */

/* What bars such an entry of the register there, as it would anybody's; empty: nothing. Of needs
 * the check has proved that there are none. */
static struct str barred_by(const struct pack_kind *kind, const struct file_row *row)
{
	if (row->destroyed >= 0)
		return STR("destroyed");
	if (!row->type || !(kind->file_types >> row->type->number & 1))
		return STR("file-type");
	if (kind->may_begin)
		return STR("begins-a-file");
	return kind->from[row->type->number] >> row->state & 1 ? STR("") : STR("state");
}

bool turn_write(struct turn *turn, const struct pack_kind *kind, int64_t file, struct json *plain,
                int64_t cause, int depth, struct err *err)
{
	struct folding made;
	struct file_row *row;
	if (!fold_file(turn->fold, file, &row, err))
		return false;
	struct str why = barred_by(kind, row);
	if (why.n) {
		plain = json_object(turn->fold->arena);
		json_put_text(turn->fold->arena, plain, STR("kind"), kind->name);
		json_put_text(turn->fold->arena, plain, STR("because"), why);
	}
	return turn_register_entry(turn, why.n ? STR("act.refused") : kind->name, file, plain,
	                           cause, &made, err) &&
	       turn_follow(turn, &made, depth, err);
}

/* --- then ----------------------------------------------------------------------------------- */

static bool then_on(struct turn *turn, const struct pack_then *then, const struct folding *entry,
                    int64_t file, int depth, struct err *err)
{
	return turn_write(turn, then->kind, file, then_plain(turn, then, entry), entry->index,
	                  depth + 1, err);
}

static bool then_through(struct turn *turn, const struct pack_then *then,
                         const struct folding *entry, int depth, struct err *err)
{
	struct rows found;
	if (!fold_linked(turn->fold, entry->file, then->on, &found, err))
		return false;
	for (size_t i = 0; i < found.count; i++) {
		int64_t file = rows_id(&found, i);
		struct file_row *row;
		if (!fold_file(turn->fold, file, &row, err))
			return false;
		if (row->type && !(then->types >> row->type->number & 1))
			continue;
		if (!then_on(turn, then, entry, file, depth, err))
			return false;
	}
	return true;
}

bool turn_then(struct turn *turn, const struct folding *entry, int depth, struct err *err)
{
	for (size_t i = 0; entry->kind && i < entry->kind->then_count; i++) {
		const struct pack_then *then = &entry->kind->then[i];
		struct file_row *row;
		struct entry_world seen;
		bool holds;
		if (depth >= TURN_DEPTH_MAX)
			return err_set(err, ERR_FAULT, "more follows from one act than may");
		if (!fold_file(turn->fold, entry->file, &row, err))
			return false;
		if (!then->on && row->type && !(then->types >> row->type->number & 1))
			continue;
		world_of_entry(turn->fold, row, entry, entry->index + 1, &seen);
		if (!pack_cond_holds(then->when, &seen.shown, &holds, err))
			return false;
		if (holds && !(then->on ? then_through(turn, then, entry, depth, err)
		                        : then_on(turn, then, entry, entry->file, depth, err)))
			return false;
	}
	return true;
}
