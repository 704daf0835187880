/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an office owed by a rule: when it was due, of what is due by now. */
#include "casebook/chart.h"
#include "casebook/world_parts.h"

/* By duty_owed, backwards. */
static const char OWED_SQL[] = "SELECT due FROM duty WHERE office = ?1 AND rule = ?2 AND due <= ?3"
			       " ORDER BY due DESC";

static const struct chart_office *office_of(const struct chart *chart, int64_t file)
{
	for (size_t i = 0; chart && i < chart->office_count; i++) {
		if (chart->offices[i].file == file)
			return &chart->offices[i];
	}
	return NULL;
}

bool world_owed(const struct pack_world *shown, const struct pack_duty *rule, pack_visit_due *visit,
                void *ctx, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct world *world = world_of(shown);
	const struct chart_office *office =
		world->row ? office_of(world->chart, world->row->n) : NULL;
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
