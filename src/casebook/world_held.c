/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Until when whoever acts held an office, or stood in for it by name. */
#include "casebook/world_parts.h"

/* By holding_account; and by the primary key. A person's seats in one office are few. */
static const char HELD_SQL[] = "SELECT until FROM holding WHERE account = ?1 AND office = ?2";
static const char STOOD_IN_SQL[] =
	"SELECT until_at FROM deputising WHERE account = ?1 AND office = ?2 AND from_at <= ?3";

static bool take_latest(struct store_stmt *rows, instant now, instant *until, struct err *err)
{
	enum store_step step;
	while ((step = store_step(rows, err)) == STORE_ROW) {
		instant at = store_is_null(rows, 0) ? INSTANT_MAX : store_int(rows, 0);
		if (at > now)
			at = INSTANT_MAX;
		*until = at > *until ? at : *until;
	}
	return step == STORE_DONE;
}

bool world_held_until(const struct pack_world *shown, struct str office, instant *until,
                      struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *held = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *stood_in = NULL;
	struct store *store = world_of(shown)->store;
	*until = INSTANT_MIN;
	if (!store_prepare(store, HELD_SQL, &held, err) ||
	    !store_prepare(store, STOOD_IN_SQL, &stood_in, err))
		return false;
	store_bind_str(held, 1, shown->account);
	store_bind_str(held, 2, office);
	store_bind_str(stood_in, 1, shown->account);
	store_bind_str(stood_in, 2, office);
	store_bind_int(stood_in, 3, shown->now);
	return take_latest(held, shown->now, until, err) &&
	       take_latest(stood_in, shown->now, until, err);
}
