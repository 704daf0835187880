/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an office owed by a rule: when it was due, of what is due by now; and on how many files it
 * owes. */
#include "casebook/chart.h"
#include "casebook/world_parts.h"

/* By duty_owed, backwards. */
static const char OWED_SQL[] = "SELECT due FROM duty WHERE office = ?1 AND rule = ?2 AND due <= ?3"
			       " ORDER BY due DESC";

/* By duty_open: so many of the rows as a condition looks at. */
static const char OWES_ON_SQL[] =
	"SELECT count(*) FROM (SELECT DISTINCT file FROM (SELECT file FROM duty WHERE office = ?1"
	" AND closed IS NULL ORDER BY due, id LIMIT ?2) AS d LIMIT ?3) AS f";

static const struct chart_office *office_of(const struct world *world)
{
	return world->row ? chart_of_file(world->chart, world->row->n) : NULL;
}

bool world_owed(const struct pack_world *shown, const struct pack_duty *rule, pack_visit_due *visit,
                void *ctx, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct world *world = world_of(shown);
	const struct chart_office *office = office_of(world);
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

bool world_owes_on(const struct pack_world *shown, int64_t most, int64_t *files, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	struct world *world = world_of(shown);
	const struct chart_office *office = office_of(world);
	*files = 0;
	if (!office)
		return true;
	if (!store_prepare(world->store, OWES_ON_SQL, &row, err))
		return false;
	store_bind_str(row, 1, office->id);
	store_bind_int(row, 2, PACK_ROWS_MAX);
	store_bind_int(row, 3, most);
	if (store_step(row, err) != STORE_ROW)
		return false;
	*files = store_int(row, 0);
	return true;
}
