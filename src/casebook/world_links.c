/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The world beyond one file: what is linked to it, and the entries there. */
#include "casebook/joined.h"
#include "casebook/recorded.h"
#include "casebook/world_parts.h"

/* By the primary key and by link_b. As the entries below ?3 left them. */
static const char LINKS_A_SQL[] =
	"SELECT l.b, l.entry, f.id, f.type, f.state FROM link AS l LEFT JOIN file AS f ON f.n = l.b"
	" WHERE l.a = ?1 AND l.relation = ?2 AND l.entry < ?3 AND (l.removed IS NULL OR l.removed >= ?3)"
	" ORDER BY l.entry";
static const char LINKS_B_SQL[] =
	"SELECT l.a, l.entry, f.id, f.type, f.state FROM link AS l LEFT JOIN file AS f ON f.n = l.a"
	" WHERE l.b = ?1 AND l.relation = ?2 AND l.entry < ?3 AND (l.removed IS NULL OR l.removed >= ?3)"
	" ORDER BY l.entry";

bool world_row(struct world *world, struct str id, struct file_row **out, struct err *err)
{
	int64_t n;
	*out = world->fold ? fold_in_hand_by_id(world->fold, id) : NULL;
	return *out || (file_row_by_id(world->store, world->files, id, &n, err) &&
	                file_row_read(world->store, world->pack, world->arena, n, out, err));
}

/* Whether the act at hand names the file by a field that would link it by `relation`. */
static bool is_linking(const struct world *world, const struct pack_relation *relation,
                       struct str file)
{
	for (size_t i = 0; world->linking && i < world->linking->link_count; i++) {
		const struct pack_link *link = &world->linking->links[i];
		const struct json *value = json_member(world->linking_plain, link->field);
		const struct json *item = value && value->type == JSON_ARRAY ? value->first : value;
		for (; link->relation == relation && item; item = item == value ? NULL : item->next)
			if (str_eq(item->string, file))
				return true;
	}
	return false;
}

/* When the entry that made a link was recorded; patterns alone ask it. */
static bool linked_at(struct world *world, int64_t entry, instant *at, struct err *err)
{
	*at = 0;
	return !world->pattern || recorded_read(world->store, entry, at, err);
}

/* The file of the present row; a row in hand is newer than the table's, which may lack it yet. */
static bool linked_file(struct world *world, struct store_stmt *rows, struct pack_seen_file *out,
                        struct err *err)
{
	const struct file_row *hand =
		world->fold ? fold_in_hand(world->fold, store_int(rows, 0)) : NULL;
	*out = (struct pack_seen_file){ .type = NULL };
	if (hand) {
		*out = (struct pack_seen_file){ hand->id, hand->type, hand->state, 0 };
	} else if (!store_is_null(rows, 2)) {
		out->file = arena_copy(world->arena, store_str(rows, 2));
		out->type = pack_file_type_find(world->pack, store_str(rows, 3));
		out->state = (int)store_int(rows, 4);
		if (!out->file.p)
			return world_no_room(err);
	}
	return !out->type || linked_at(world, store_int(rows, 1), &out->linked, err);
}

/* `found`: how many there are besides. */
static bool visit_links(struct world *world, const char *sql, const struct pack_relation *relation,
                        pack_visit_file *visit, void *ctx, bool *go_on, size_t *found,
                        struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!store_prepare(world->store, sql, &rows, err))
		return false;
	store_bind_int(rows, 1, world->row->n);
	store_bind_str(rows, 2, relation->name);
	store_bind_int(rows, 3, world->up_to);
	while (*go_on) {
		struct pack_seen_file file;
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		++*found;
		if (store_int(rows, 1) < world->newer)
			continue;
		if (!linked_file(world, rows, &file, err))
			return false;
		bool is_told = world->linking && (store_int(rows, 0) == world->row->n ||
		                                  is_linking(world, relation, file.file));
		if (file.type && !is_told)
			*go_on = visit(ctx, &file);
	}
	return true;
}

/* The files that the act at hand would link by `relation`. */
static bool visit_linking(struct world *world, const struct pack_relation *relation,
                          pack_visit_file *visit, void *ctx, bool *go_on, struct err *err)
{
	for (size_t i = 0; world->linking && i < world->linking->link_count; i++) {
		const struct pack_link *link = &world->linking->links[i];
		const struct json *value = json_member(world->linking_plain, link->field);
		const struct json *item = value && value->type == JSON_ARRAY ? value->first : value;
		for (; link->relation == relation && item && *go_on;
		     item = item == value ? NULL : item->next) {
			struct file_row *row;
			if (!world_row(world, item->string, &row, err))
				return false;
			struct pack_seen_file file = { .file = item->string,
				                       .type = row->type,
				                       .state = row->state };
			if (file.type && row->n != world->row->n)
				*go_on = visit(ctx, &file);
		}
	}
	return true;
}

bool world_links(const struct pack_world *shown, const struct pack_relation *relation,
                 pack_visit_file *visit, void *ctx, struct err *err)
{
	struct world *world = world_of(shown);
	uint64_t me = UINT64_C(1) << world->row->type->number;
	struct joined *joined = world->fold ? world->fold->joined : NULL;
	bool go_on = true;
	size_t found = 0;
	if (!visit_linking(world, relation, visit, ctx, &go_on, err))
		return false;
	if (joined_has_none(joined, world->pack, world->row->n, relation, world->up_to))
		return true;
	if (go_on && (relation->from & me) &&
	    !visit_links(world, LINKS_A_SQL, relation, visit, ctx, &go_on, &found, err))
		return false;
	/* From the other end too: a relation is asked of whichever end the file is. */
	if (go_on && (relation->to & me) &&
	    !visit_links(world, LINKS_B_SQL, relation, visit, ctx, &go_on, &found, err))
		return false;
	if (go_on && !found && joined && world->up_to == world->fold->book->entries)
		joined_note_none(joined, world->pack, world->row->n, relation, world->up_to);
	return true;
}

struct linked_entries {
	struct world *world;
	const struct pack_kind *const *kinds;
	size_t count;
	pack_visit_entry *visit;
	void *ctx;
	bool go_on;
	bool done;
	struct err *err;
};

static bool visit_linked_file(void *ctx, const struct pack_seen_file *file)
{
	struct linked_entries *linked = ctx;
	struct world *world = linked->world;
	struct file_row row = { .id = file->file };
	/* One that began in this turn stands in hand alone. */
	const struct file_row *hand =
		world->fold ? fold_in_hand_by_id(world->fold, file->file) : NULL;
	if (hand)
		row.n = hand->n;
	linked->done = (hand || file_row_by_id(world->store, world->files, file->file, &row.n,
	                                       linked->err)) &&
	               world_visit_file(world, &row, linked->kinds, linked->count, linked->visit,
	                                linked->ctx, &linked->go_on, linked->err);
	return linked->done && linked->go_on;
}

bool world_linked_entries(const struct pack_world *shown, const struct pack_kind *const *kinds,
                          size_t count, const struct pack_relation *through,
                          pack_visit_entry *visit, void *ctx, struct err *err)
{
	struct linked_entries linked = {
		world_of(shown), kinds, count, visit, ctx, true, true, err
	};
	return world_links(shown, through, visit_linked_file, &linked, err) && linked.done;
}
