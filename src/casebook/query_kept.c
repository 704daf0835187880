/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Clocks kept and missed: how often each rule was met in time among what fell due in a span. */
#include "casebook/query.h"

#include "casebook/readings.h"
#include "casebook/rows.h"

#define NEWEST_N 20000 /* duties looked at: what a page of anybody may cost */
#define NEWEST "20000"
#define RULES_MAX "500"

/* By the primary key, backwards; those of the built-in rules (told, second reader) are nobody's
 * clock. */
static const char KEPT_SQL[] =
	"SELECT n.rule, SUM(CASE WHEN n.closed_at < n.due THEN 1 ELSE 0 END) AS kept, COUNT(*) AS owed"
	" FROM (SELECT rule, due, closed, closed_at, closed_how FROM duty ORDER BY id DESC LIMIT " NEWEST
	") AS n WHERE n.due >= ?1 AND n.due < ?2"
	" AND NOT (n.closed IS NOT NULL AND n.closed_how = 'ended' AND n.closed_at < n.due)"
	" GROUP BY n.rule ORDER BY n.rule LIMIT " RULES_MAX;
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
	};
	return true;
}

bool casebook_clocks_kept(struct casebook_reader *reader, struct arena *arena, instant from,
                          instant until, const struct casebook_kept **out, size_t *count,
                          bool *is_whole, struct err *err)
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
	store_bind_int(stmt, 1, from);
	store_bind_int(stmt, 2, until);
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
