/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * States of files when another pack comes into force: a row holds the number of
 * its state, and each pack numbers its own. A state that the new pack retires
 * becomes the one that stands for it.
 */
#include "casebook/fold_parts.h"
#include "casebook/world.h"

#define APART 1000 /* above every number of a state, so that no row is moved twice */

/* By file_number(type, number). */
static const char MOVE_SQL[] = "UPDATE file SET state = ?3 WHERE type = ?1 AND state = ?2";
static const char JOIN_SQL[] = "UPDATE file SET state = state - ?2 WHERE type = ?1 AND state >= ?2";

static int state_now(const struct pack_file_type *old, const struct pack_file_type *new, int state)
{
	for (size_t i = 0; i < new->retired_state_count; i++)
		if (str_eq(new->retired_states[i].old, old->states[state]))
			return new->retired_states[i].now;
	return pack_state_find(new, old->states[state]);
}

static bool move(struct fold *fold, const struct pack_file_type *type, int state, int now,
                 struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(fold->store, MOVE_SQL, &put, err))
		return false;
	store_bind_str(put, 1, type->name);
	store_bind_int(put, 2, state);
	store_bind_int(put, 3, now + APART);
	return store_do(put, err);
}

static bool join(struct fold *fold, const struct pack_file_type *type, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(fold->store, JOIN_SQL, &put, err))
		return false;
	store_bind_str(put, 1, type->name);
	store_bind_int(put, 2, APART);
	return store_do(put, err);
}

static bool is_in_use(struct fold *fold, const struct pack_file_type *type, int state, bool *is,
                      struct err *err)
{
	/* By file_number(type, number). */
	static const char USED_SQL[] = "SELECT 1 FROM file WHERE type = ?1 AND state = ?2 LIMIT 1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (!store_prepare(fold->store, USED_SQL, &found, err))
		return false;
	store_bind_str(found, 1, type->name);
	store_bind_int(found, 2, state);
	enum store_step step = store_step(found, err);
	*is = step == STORE_ROW;
	return step != STORE_FAILED;
}

/* Rows in hand are written back after those of the store, by what they hold. */
static void move_in_hand(struct fold *fold, const struct pack_file_type *old,
                         const struct pack_file_type *new)
{
	for (size_t i = 0; i < fold->file_count; i++) {
		struct file_row *row = fold->files[i];
		if (str_eq(row->type_name, old->name) && row->state >= 0 &&
		    (size_t)row->state < old->state_count)
			row->state = state_now(old, new, row->state);
	}
}

static bool of_type(struct fold *fold, const struct pack_file_type *old,
                    const struct pack_file_type *new, struct err *err)
{
	bool moves = false;
	for (size_t i = 0; i < old->state_count; i++) {
		int now = state_now(old, new, (int)i);
		if (now < 0) {
			bool is_used;
			if (!is_in_use(fold, old, (int)i, &is_used, err))
				return false;
			if (is_used)
				return err_set(err, ERR_FAULT,
				               "the adopted pack has no state \"%.*s\"",
				               STR_ARG(old->states[i]));
			continue;
		}
		if (now == (int)i)
			continue;
		moves = true;
		if (!move(fold, old, (int)i, now, err))
			return false;
	}
	if (!moves)
		return true;
	move_in_hand(fold, old, new);
	return join(fold, old, err);
}

bool fold_states_anew(struct fold *fold, const struct pack *old, const struct pack *new,
                      struct err *err)
{
	for (size_t i = 0; i < old->file_type_count; i++) {
		const struct pack_file_type *type = &old->file_types[i];
		const struct pack_file_type *now = pack_file_type_find(new, type->name);
		if (now && !of_type(fold, type, now, err))
			return false;
	}
	return true;
}
