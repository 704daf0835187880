/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Entries of a file and of those linked to it as one list, newest first: what a
 * pattern looks over. Their numbers are gathered from the indexes alone, a
 * bounded many; rows are read one by one while the condition asks for more.
 */
#include <stdlib.h>

#include "casebook/rows.h"
#include "casebook/world_parts.h"

#define JOINED_MAX 1024 /* of one source; conditions look at no more than 1,000 */

/* By entry_file(file, kind, idx) and entry_thread(file, idx), backwards. */
static const char OWN_SQL[] =
	"SELECT idx FROM entry WHERE file = ?1 AND kind = ?2 AND idx < ?3 ORDER BY idx DESC LIMIT ?4";
static const char OWN_ANY_SQL[] =
	"SELECT idx FROM entry WHERE file = ?1 AND idx < ?3 ORDER BY idx DESC LIMIT ?4";
/* By link's key or link_b, the newest files first, then as above. */
static const char A_SQL[] =
	"SELECT e.idx FROM link AS l CROSS JOIN entry AS e WHERE l.a = ?1 AND l.relation = ?5 AND l.entry < ?3"
	" AND (l.removed IS NULL OR l.removed >= ?3) AND e.file = l.b AND e.kind = ?2 AND e.idx < ?3"
	" ORDER BY l.b DESC LIMIT ?4";
static const char A_ANY_SQL[] =
	"SELECT e.idx FROM link AS l CROSS JOIN entry AS e WHERE l.a = ?1 AND l.relation = ?5 AND l.entry < ?3"
	" AND (l.removed IS NULL OR l.removed >= ?3) AND e.file = l.b AND e.idx < ?3"
	" ORDER BY l.b DESC LIMIT ?4";
static const char B_SQL[] =
	"SELECT e.idx FROM link AS l CROSS JOIN entry AS e WHERE l.b = ?1 AND l.relation = ?5 AND l.entry < ?3"
	" AND (l.removed IS NULL OR l.removed >= ?3) AND e.file = l.a AND e.kind = ?2 AND e.idx < ?3"
	" ORDER BY l.a DESC LIMIT ?4";
static const char B_ANY_SQL[] =
	"SELECT e.idx FROM link AS l CROSS JOIN entry AS e WHERE l.b = ?1 AND l.relation = ?5 AND l.entry < ?3"
	" AND (l.removed IS NULL OR l.removed >= ?3) AND e.file = l.a AND e.idx < ?3"
	" ORDER BY l.a DESC LIMIT ?4";
static const char SEE_SQL[] =
	"SELECT e.idx, e.header, e.plain, (SELECT 1 FROM corrected AS c WHERE c.of_entry = e.idx LIMIT 1)"
	" FROM entry AS e WHERE e.idx = ?1 AND e.header IS NOT NULL";

struct joining {
	struct world *world;
	const struct pack_kind *const *kinds;
	size_t count;
	struct rows rows; /* of int64_t */
	struct err *err;
};

static bool gather(struct joining *joining, const char *sql, const struct pack_kind *kind,
                   const struct pack_relation *relation)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct world *world = joining->world;
	bool failed = false;
	int64_t *index;
	if (!store_prepare(world->store, sql, &rows, joining->err))
		return false;
	store_bind_int(rows, 1, world->row->n);
	if (kind)
		store_bind_str(rows, 2, kind->name);
	store_bind_int(rows, 3, world->up_to);
	store_bind_int(rows, 4, JOINED_MAX);
	if (relation)
		store_bind_str(rows, 5, relation->name);
	while ((index = rows_next(&joining->rows, rows, &failed, joining->err)))
		*index = store_int(rows, 0);
	return !failed;
}

static bool gather_kinds(struct joining *joining, const char *sql, const char *any_sql,
                         uint64_t types, const struct pack_relation *relation)
{
	if (joining->count == 0)
		return gather(joining, any_sql, NULL, relation);
	for (size_t i = 0; i < joining->count; i++) {
		if ((joining->kinds[i]->file_types & types) &&
		    !gather(joining, sql, joining->kinds[i], relation))
			return false;
	}
	return true;
}

static bool gather_along(struct joining *joining, const struct pack_relation *relation)
{
	uint64_t me = UINT64_C(1) << joining->world->row->type->number;
	if ((relation->from & me) &&
	    !gather_kinds(joining, A_SQL, A_ANY_SQL, relation->to, relation))
		return false;
	return !(relation->to & me) ||
	       gather_kinds(joining, B_SQL, B_ANY_SQL, relation->from, relation);
}

static int newest_first(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
	return (left < right) - (left > right);
}

static bool visit_gathered(struct joining *joining, pack_visit_entry *visit, void *ctx)
{
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	struct world *world = joining->world;
	const int64_t *index = joining->rows.at;
	if (!store_prepare(world->store, SEE_SQL, &row, joining->err))
		return false;
	for (size_t i = 0; i < joining->rows.count; i++) {
		struct pack_seen seen;
		if (i > 0 && index[i] == index[i - 1])
			continue;
		store_reset(row);
		store_bind_int(row, 1, index[i]);
		enum store_step step = store_step(row, joining->err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			continue;
		if (!world_see(world, row, STR_NONE, &seen, joining->err))
			return false;
		if (seen.kind && !visit(ctx, &seen))
			return true;
	}
	return true;
}

bool world_joined(const struct pack_world *shown, const struct pack_kind *const *kinds,
                  size_t count, const struct pack_relation *through, pack_visit_entry *visit,
                  void *ctx, struct err *err)
{
	struct world *world = world_of(shown);
	struct joining joining = { .world = world,
		                   .kinds = kinds,
		                   .count = count,
		                   .rows = { .arena = world->arena, .size = sizeof(int64_t) },
		                   .err = err };
	uint64_t me = UINT64_C(1) << world->row->type->number;
	if (!through && !gather_kinds(&joining, OWN_SQL, OWN_ANY_SQL, me, NULL))
		return false;
	for (size_t i = 0; !through && i < world->pattern->through_count; i++) {
		if (!gather_along(&joining, world->pattern->through[i]))
			return false;
	}
	if (through && !gather_along(&joining, through))
		return false;
	if (joining.rows.count > 1)
		qsort(joining.rows.at, joining.rows.count, sizeof(int64_t), newest_first);
	return visit_gathered(&joining, visit, ctx);
}
