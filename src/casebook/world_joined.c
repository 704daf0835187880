/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Entries of a file and of those linked to it as one list, newest first: what a
 * pattern looks over. Their numbers are gathered from the indexes alone, a
 * bounded many; rows are read one by one while the condition asks for more.
 */
#include <stdlib.h>

#include "casebook/joined.h"
#include "casebook/recorded.h"
#include "casebook/rows.h"
#include "casebook/sights.h"
#include "casebook/world_parts.h"

#define JOINED_MAX                                                                                 \
	JOINED_ROWS_MAX /* of one source; conditions look at no more than PACK_ROWS_MAX */

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
/* By office_entry's key, backwards. */
static const char OFFICE_SQL[] =
	"SELECT entry FROM office_entry WHERE file = ?1 AND part = ?5 AND kind = ?2 AND entry < ?3"
	" ORDER BY entry DESC LIMIT ?4";
static const char SEE_SQL[] =
	"SELECT e.idx, e.header, e.plain, (SELECT 1 FROM corrected AS c WHERE c.of_entry = e.idx LIMIT 1)"
	" FROM entry AS e WHERE e.idx = ?1 AND e.header IS NOT NULL";

/* What was gathered for one question; rows are read from its beginning as far as was asked. */
struct world_gathered {
	struct world_gathered *next;
	int64_t file;
	int64_t up_to;
	const struct pack_kind *const *kinds;
	size_t kind_count;
	const struct pack_relation *const *along;
	size_t along_count;
	bool has_own;
	unsigned of_office; /* PACK_OF_OFFICE */
	struct rows rows;   /* of int64_t */
	struct pack_seen *seen;
	size_t read;
};

struct joining {
	struct world *world;
	struct world_gathered *to;
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
	while ((index = rows_next(&joining->to->rows, rows, &failed, joining->err)))
		*index = store_int(rows, 0);
	return !failed;
}

/* What is an office's by what it says, or is counted wherever it is. */
static bool gather_of_office(struct joining *joining, unsigned part)
{
	struct world *world = joining->world;
	const struct world_gathered *to = joining->to;
	for (size_t i = 0; i < to->kind_count; i++) {
		CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
		bool failed = false;
		int64_t *index;
		if (!store_prepare(world->store, OFFICE_SQL, &rows, joining->err))
			return false;
		store_bind_int(rows, 1, to->file);
		store_bind_str(rows, 2, to->kinds[i]->name);
		store_bind_int(rows, 3, world->up_to);
		store_bind_int(rows, 4, JOINED_MAX);
		store_bind_int(rows, 5, part);
		while ((index = rows_next(&joining->to->rows, rows, &failed, joining->err)))
			*index = store_int(rows, 0);
		if (failed)
			return false;
	}
	return true;
}

static bool gather_kinds(struct joining *joining, const char *sql, const char *any_sql,
                         uint64_t types, const struct pack_relation *relation)
{
	const struct world_gathered *to = joining->to;
	if (to->kind_count == 0)
		return gather(joining, any_sql, NULL, relation);
	for (size_t i = 0; i < to->kind_count; i++) {
		if ((to->kinds[i]->file_types & types) &&
		    !gather(joining, sql, to->kinds[i], relation))
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

/* Each once: two relations may lead to one file. */
static void put_in_order(struct rows *rows)
{
	int64_t *index = rows->at;
	size_t kept = 1;
	if (rows->count < 2)
		return;
	qsort(index, rows->count, sizeof *index, newest_first);
	for (size_t i = 1; i < rows->count; i++) {
		if (index[i] != index[kept - 1])
			index[kept++] = index[i];
	}
	rows->count = kept;
}

static bool gather_all(struct world *world, struct world_gathered *to, struct err *err)
{
	struct joining joining = { .world = world, .to = to, .err = err };
	uint64_t me = UINT64_C(1) << world->row->type->number;
	to->rows = (struct rows){ .arena = world->arena, .size = sizeof(int64_t) };
	if (to->has_own && !gather_kinds(&joining, OWN_SQL, OWN_ANY_SQL, me, NULL))
		return false;
	for (unsigned part = 1; part < 1u << PACK_PARTS_N; part <<= 1) {
		if ((to->of_office & part) && !gather_of_office(&joining, part))
			return false;
	}
	for (size_t i = 0; i < to->along_count; i++) {
		if (!gather_along(&joining, to->along[i]))
			return false;
	}
	put_in_order(&to->rows);
	return true;
}

/* --- kept while nothing changes -------------------------------------------------------------- */

static bool is_same_question(const struct world_gathered *one, const struct world_gathered *other)
{
	return one->file == other->file && one->up_to == other->up_to &&
	       one->has_own == other->has_own && one->of_office == other->of_office &&
	       one->kind_count == other->kind_count && one->along_count == other->along_count &&
	       (!one->kind_count ||
	        memcmp(one->kinds, other->kinds, one->kind_count * sizeof(const void *)) == 0) &&
	       (!one->along_count ||
	        memcmp(one->along, other->along, one->along_count * sizeof(const void *)) == 0);
}

/* The kinds lie where whoever asks has them, perhaps for this one question. */
static bool copy_kinds(struct world *world, struct world_gathered *to, struct err *err)
{
	const struct pack_kind **kinds =
		arena_alloc(world->arena, to->kind_count, sizeof(const struct pack_kind *));
	if (!kinds)
		return world_no_room(err);
	for (size_t i = 0; i < to->kind_count; i++)
		kinds[i] = to->kinds[i];
	to->kinds = kinds;
	return true;
}

/* As it was gathered before, or now. */
static bool keep_gathered(struct world *world, struct world_gathered *to,
                          struct world_gathered **out, struct err *err)
{
	struct world_gathered *kept = world->gathered ? *world->gathered : NULL;
	while (kept && !is_same_question(kept, to))
		kept = kept->next;
	*out = kept ? kept : to;
	if (kept)
		return true;
	if (!copy_kinds(world, to, err) || !gather_all(world, to, err))
		return false;
	if (world->gathered) {
		to->next = *world->gathered;
		*world->gathered = to;
	}
	return true;
}

static bool gathered_for(struct world *world, const struct pack_kind *const *kinds, size_t count,
                         const struct pack_relation *through, struct world_gathered **out,
                         struct err *err)
{
	const struct pack_pattern *pattern = world->pattern;
	struct world_gathered *to = arena_alloc(world->arena, 1, sizeof *to);
	const struct pack_relation **along = arena_alloc(world->arena, 1, sizeof *along);
	if (!to || !along)
		return world_no_room(err);
	*along = through;
	*to = (struct world_gathered){ .file = world->row->n,
		                       .up_to = world->up_to,
		                       .kinds = kinds,
		                       .kind_count = count,
		                       .along = through ? along : pattern->through,
		                       .along_count = through ? 1 : pattern->through_count,
		                       .has_own = !through,
		                       .of_office = through ? 0 : pattern->of_office };
	return keep_gathered(world, to, out, err);
}

/* Of all files: the register's own stands for them. */
static bool gathered_anywhere(struct world *world, const struct pack_kind *const *kinds,
                              size_t count, struct world_gathered **out, struct err *err)
{
	struct world_gathered *to = arena_alloc(world->arena, 1, sizeof *to);
	if (!to)
		return world_no_room(err);
	*to = (struct world_gathered){ .up_to = world->up_to,
		                       .kinds = kinds,
		                       .kind_count = count,
		                       .of_office = PACK_ANYWHERE };
	return keep_gathered(world, to, out, err);
}

/* What the writer remembers of them; *out NULL: nothing. `through` of NULL: the pattern's own. */
static bool find_kept(struct world *world, const struct pack_relation *const *through,
                      struct joined_list **out, struct err *err)
{
	struct joined_question question = { .along = through, .along_count = 1 };
	*out = NULL;
	if (world->pattern->of_office && !*through)
		return true; /* what is an office's is not kept: it has an index of its own */
	if (!*through)
		question = (struct joined_question){ .along = world->pattern->through,
			                             .along_count = world->pattern->through_count,
			                             .has_own = true };
	return joined_find(world, &question, out, err);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The next row of what was gathered; a destroyed one has no kind. */
static bool read_row(struct world *world, struct store_stmt **row, int64_t index,
                     struct pack_seen *seen, struct err *err)
{
	*seen = (struct pack_seen){ .kind = NULL };
	if (!*row && !store_prepare(world->store, SEE_SQL, row, err))
		return false;
	store_reset(*row);
	store_bind_int(*row, 1, index);
	enum store_step step = store_step(*row, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	if (!world_see(world, *row, STR_NONE, seen, err))
		return false;
	seen->plain = arena_copy(world->arena, seen->plain);
	if (!seen->plain.p)
		return world_no_room(err);
	if (world->fold && store_is_null(*row, 3))
		sights_keep(world->fold->sights, seen);
	return true;
}

static bool read_next(struct world *world, struct store_stmt **row, struct world_gathered *from,
                      struct err *err)
{
	int64_t index = ((const int64_t *)from->rows.at)[from->read];
	struct pack_seen *seen = &from->seen[from->read];
	const struct pack_seen *kept = world->fold ? sights_find(world->fold->sights, index) : NULL;
	if (kept)
		*seen = *kept;
	else if (!read_row(world, row, index, seen, err))
		return false;
	from->read++;
	return true;
}

static bool visit_gathered(struct world *world, struct world_gathered *from,
                           pack_visit_entry *visit, void *ctx, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	if (!from->seen && from->rows.count) {
		from->seen = arena_alloc(world->arena, from->rows.count, sizeof *from->seen);
		if (!from->seen)
			return world_no_room(err);
	}
	for (size_t i = 0; i < from->rows.count; i++) {
		if (i == from->read && !read_next(world, &row, from, err))
			return false;
		if (from->seen[i].kind && !visit(ctx, &from->seen[i]))
			return true;
	}
	return true;
}

bool world_joined(const struct pack_world *shown, const struct pack_kind *const *kinds,
                  size_t count, const struct pack_relation *through, pack_visit_entry *visit,
                  void *ctx, struct err *err)
{
	struct world *world = world_of(shown);
	struct world_gathered *from;
	struct joined_list *list;
	if (!find_kept(world, &through, &list, err))
		return false;
	if (list)
		return joined_visit(world, list, kinds, count, visit, ctx, err);
	if (!gathered_for(world, kinds, count, through, &from, err))
		return false;
	return visit_gathered(world, from, visit, ctx, err);
}

bool world_anywhere(const struct pack_world *shown, const struct pack_kind *const *kinds,
                    size_t count, pack_visit_entry *visit, void *ctx, struct err *err)
{
	struct world *world = world_of(shown);
	struct world_gathered *from;
	return gathered_anywhere(world, kinds, count, &from, err) &&
	       visit_gathered(world, from, visit, ctx, err);
}

bool world_joined_count(const struct pack_world *shown, const struct pack_kind *const *kinds,
                        size_t count, const struct pack_relation *through, int64_t *most,
                        struct err *err)
{
	struct world *world = world_of(shown);
	struct world_gathered *from;
	struct joined_list *list;
	if (!find_kept(world, &through, &list, err))
		return false;
	if (list) {
		*most = joined_count(world, list, kinds, count);
		return true;
	}
	if (!gathered_for(world, kinds, count, through, &from, err))
		return false;
	*most = from->rows.count > PACK_ROWS_MAX ? INT64_MAX : (int64_t)from->rows.count;
	return true;
}

bool world_joined_began(const struct pack_world *shown, instant *at, struct err *err)
{
	struct world *world = world_of(shown);
	struct world_gathered *from;
	struct joined_list *list;
	static const struct pack_relation *const own = NULL;
	if (!find_kept(world, &own, &list, err))
		return false;
	if (list)
		return joined_began(world, list, at, err);
	*at = INSTANT_MAX;
	if (!gathered_for(world, NULL, 0, NULL, &from, err))
		return false;
	if (from->rows.count == 0)
		return true;
	*at = INSTANT_MIN; /* destroyed, or not the oldest */
	return from->rows.count >= JOINED_MAX ||
	       recorded_read(world->store, ((const int64_t *)from->rows.at)[from->rows.count - 1],
	                     at, err);
}
