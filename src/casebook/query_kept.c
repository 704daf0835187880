/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Clocks kept and missed: how often each rule was met in time among what fell due in spans. */
#include "casebook/query.h"

#include "casebook/readings.h"
#include "casebook/rows.h"

#define NEWEST_N 20000 /* duties looked at: what a page of anybody may cost */
#define NEWEST "20000"
#define GROUPS_MAX "2000"

/* By the primary key, backwards; those of the built-in rules (told, second reader) are nobody's
 * clock. */
static const char KEPT_SQL[] =
	"SELECT n.rule, SUM(CASE WHEN n.closed_at < n.due THEN 1 ELSE 0 END) AS kept, COUNT(*) AS owed,"
	" SUM(CASE WHEN n.closed_at >= n.due AND n.done_at < n.due THEN 1 ELSE 0 END) AS written_late,"
	" CASE WHEN n.due < ?2 THEN 0 WHEN n.due < ?3 THEN 1 WHEN n.due < ?4 THEN 2"
	" WHEN n.due < ?5 THEN 3 WHEN n.due < ?6 THEN 4 WHEN n.due < ?7 THEN 5"
	" WHEN n.due < ?8 THEN 6 ELSE 7 END AS span"
	" FROM (SELECT rule, due, closed, closed_at, closed_how, done_at FROM duty ORDER BY id DESC LIMIT " NEWEST
	") AS n WHERE n.due >= ?1 AND n.due < ?9"
	" AND NOT (n.closed IS NOT NULL AND n.closed_how = 'ended' AND n.closed_at < n.due)"
	" GROUP BY span, n.rule ORDER BY span, n.rule LIMIT " GROUPS_MAX;
static const char LOOKED_AT_SQL[] =
	"SELECT COUNT(*) FROM (SELECT id FROM duty ORDER BY id DESC LIMIT " NEWEST ") AS n";

static bool add_rule(struct casebook_reader *reader, struct arena *arena, struct store_stmt *row,
                     struct rows *rows, struct err *err)
{
	bool lost = false;
	struct str rule = row_text(arena, row, 0, &lost);
	const struct pack *pack = reader_pack(reader);
	const struct pack_duty *rules = lost ? NULL : pack_duty_find(pack, rule);
	if (!lost && ((pack->read_duty && str_eq(rule, pack->read_duty->name)) ||
	              (pack->second_duty && str_eq(rule, pack->second_duty->name))))
		return true;
	struct casebook_kept *kept = lost ? NULL : rows_add(rows);
	if (!kept)
		return rows_too_long(err);
	*kept = (struct casebook_kept){
		.rule = rule,
		.title = rules ? rules->title : rule,
		.is_by_law =
			rules && (rules->class == PACK_STATUTE || rules->class == PACK_GUIDANCE),
		.owed = store_int(row, 2),
		.kept = store_int(row, 1),
		.written_late = store_int(row, 3),
		.span = (size_t)store_int(row, 4),
	};
	return true;
}

bool casebook_clocks_kept(struct casebook_reader *reader, struct arena *arena,
                          const instant *bounds, size_t spans, const struct casebook_kept **out,
                          size_t *count, bool *is_whole, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_kept) };
	int64_t looked_at;
	*out = NULL;
	*count = 0;
	*is_whole = false;
	if (!store_get_int(reader->store, LOOKED_AT_SQL, &looked_at, err) ||
	    !store_prepare(reader->store, KEPT_SQL, &stmt, err))
		return false;
	/* Stretches that nobody asked for are empty: they begin and end with the last bound. */
	for (size_t i = 0; i <= CASEBOOK_SPANS_MAX; i++)
		store_bind_int(stmt, (int)i + 1, bounds[i < spans ? i : spans]);
	for (;;) {
		enum store_step step = store_step(stmt, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		if (!add_rule(reader, arena, stmt, &rows, err))
			return false;
	}
	*out = rows.at;
	*count = rows.count;
	*is_whole = looked_at < NEWEST_N;
	return true;
}
