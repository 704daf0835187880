/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What tables and columns there are. */
#include "store/store.h"

static const char COLUMNS_SQL[] =
	"SELECT m.name || '.' || p.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS p"
	" WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1";

bool store_columns(struct store *store, struct arena *arena, const struct str **out, size_t *count,
                   struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *list = NULL;
	size_t room = 2000, n = 0;
	struct str *rows = arena_alloc(arena, room, sizeof *rows);
	if (!rows)
		return err_set(err, ERR_UNABLE, "There is no memory for the list of columns");
	if (!store_prepare(store, COLUMNS_SQL, &list, err))
		return false;
	for (;;) {
		enum store_step step = store_step(list, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		if (n == room || !(rows[n] = arena_copy(arena, store_str(list, 0))).p)
			return err_set(err, ERR_UNABLE,
			               "There are more columns than can be listed");
		n++;
	}
	*out = rows;
	*count = n;
	return true;
}
