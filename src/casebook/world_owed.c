/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an office owed by a rule: when it was due, of what is due by now. */
#include "casebook/chart.h"
#include "casebook/world_parts.h"

/* By duty_owed, backwards. */
static const char OWED_SQL[] = "SELECT due FROM duty WHERE office = ?1 AND rule = ?2 AND due <= ?3"
			       " ORDER BY due DESC";

bool world_owed(const struct pack_world *shown, const struct pack_duty *rule, pack_visit_due *visit,
                void *ctx, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct world *world = world_of(shown);
	const struct chart_office *office =
		world->row ? chart_of_file(world->chart, world->row->n) : NULL;
	enum store_step step;
	if (!office)
		return true;
	if (!store_prepare(world->store, OWED_SQL, &rows, err))
		return false;
	store_bind_str(rows, 1, office->id);
	store_bind_str(rows, 2, rule->name);
	store_bind_int(rows, 3, shown->now);
	while ((step = store_step(rows, err)) == STORE_ROW) {
		if (!visit(ctx, store_int(rows, 0)))
			return true;
	}
	return step == STORE_DONE;
}
