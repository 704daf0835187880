/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/joined_parts.h"

#include <stdlib.h>

#include "casebook/rows.h"
#include "casebook/world_parts.h"

#define FILES_MAX 512 /* joined in one list */
#define KINDS_MAX 256
#define FIRST_MEMBERS 2
#define FIRST_ROWS 4

/* By entry_file(file, kind, idx), which holds all that is read. */
static const char OWN_SQL[] = "SELECT idx, kind FROM entry WHERE file = ?1 AND idx < ?2 LIMIT ?3";
static const char A_SQL[] =
	"SELECT l.b, l.entry FROM link AS l WHERE l.a = ?1 AND l.relation = ?4 AND l.entry < ?2"
	" AND l.removed IS NULL ORDER BY l.b DESC LIMIT ?3";
static const char B_SQL[] =
	"SELECT l.a, l.entry FROM link AS l WHERE l.b = ?1 AND l.relation = ?4 AND l.entry < ?2"
	" AND l.removed IS NULL ORDER BY l.a DESC LIMIT ?3";
static const char SEE_SQL[] =
	"SELECT e.idx, e.header, e.plain, (SELECT 1 FROM corrected AS c WHERE c.of_entry = e.idx LIMIT 1)"
	" FROM entry AS e WHERE e.idx = ?1 AND e.header IS NOT NULL";

/* A file whose entries are in a list. */
struct member {
	int64_t file;
	int64_t linked; /* by which entry, the first that still joins it; -1: the list's own file */
	bool is_read;
	struct str id; /* p NULL: not known yet */
};

struct joined_row {
	int64_t index;
	const struct pack_kind *kind; /* NULL: unknown to the rules */
	uint32_t member;
	bool is_read;
	bool is_own;                  /* the register's; known once it was read */
	const struct pack_seen *seen; /* once it was read; NULL: destroyed */
};

struct joined_list {
	struct joined_list *next;
	int64_t file;
	const struct pack_relation *const *along;
	size_t along_count;
	bool has_own;
	bool is_dead; /* forgotten */
	bool is_long; /* J3 */
	int64_t exact_from;
	int64_t newest; /* entry or link in it */
	uint64_t
		kinds[KINDS_MAX / 64]; /* that it holds, by their number; several may share a bit */
	struct rows members;
	struct rows rows; /* oldest first */
};

/* A file is a member of a list. */
struct part {
	struct part *next;
	int64_t file;
	struct joined_list *list;
	size_t member;
};

struct joined *joined_create(size_t room)
{
	struct joined *joined = calloc(1, sizeof *joined);
	if (!joined || !(joined->arena = arena_create(room))) {
		joined_destroy(joined);
		return NULL;
	}
	return joined;
}

void joined_destroy(struct joined *joined)
{
	if (!joined)
		return;
	arena_destroy(joined->arena);
	free(joined);
}

void joined_forget(struct joined *joined)
{
	if (!joined || !joined->pack)
		return;
	memset(joined->lists, 0, sizeof joined->lists);
	memset(joined->parts, 0, sizeof joined->parts);
	memset(joined->knowns, 0, sizeof joined->knowns);
	memset(joined->alones, 0, sizeof joined->alones);
	arena_reset(joined->arena);
	joined->pack = NULL;
	joined->is_shut = false;
}

void joined_rest(struct joined *joined)
{
	if (joined && joined->is_shut)
		joined_forget(joined);
}

void joined_open(struct joined *joined, const struct pack *pack)
{
	if (!joined || joined->is_shut)
		return;
	if (!joined->pack)
		joined->pack = pack;
	joined->is_shut = joined->pack != pack;
}

/* --- members and rows --------------------------------------------------------------------------
 */

static struct member *members_of(const struct joined_list *list)
{
	return list->members.at;
}

static struct joined_row *rows_of(const struct joined_list *list)
{
	return list->rows.at;
}

static void give_up(struct joined *joined, struct joined_list *list)
{
	list->is_dead = true;
	joined->is_shut = true;
}

static void note_newest(struct joined_list *list, int64_t index)
{
	list->newest = index > list->newest ? index : list->newest;
}

/* The file as a member, already there or new. */
static struct member *add_member(struct joined *joined, struct joined_list *list, int64_t file,
                                 int64_t linked)
{
	struct member *members = members_of(list);
	for (size_t i = 0; i < list->members.count; i++) {
		if (members[i].file == file) {
			members[i].linked = linked < members[i].linked ? linked : members[i].linked;
			return &members[i];
		}
	}
	struct part *part = arena_alloc(joined->arena, 1, sizeof *part);
	struct member *member = part ? rows_add(&list->members) : NULL;
	if (!member) {
		give_up(joined, list);
		return NULL;
	}
	*member = (struct member){ .file = file, .linked = linked };
	note_newest(list, linked);
	size_t bucket = joined_bucket(file);
	*part = (struct part){ joined->parts[bucket], file, list, list->members.count - 1 };
	joined->parts[bucket] = part;
	list->is_long = list->is_long || list->members.count > FILES_MAX;
	return member;
}

/* In the order of their index; most are newer than all that is there. */
static struct joined_row *add_row(struct joined *joined, struct joined_list *list, int64_t index)
{
	if (!rows_add(&list->rows)) {
		give_up(joined, list);
		return NULL;
	}
	list->is_long = list->is_long || list->rows.count > JOINED_ROWS_MAX;
	struct joined_row *rows = rows_of(list);
	size_t at = list->rows.count - 1;
	for (; at > 0 && rows[at - 1].index > index; at--)
		rows[at] = rows[at - 1];
	rows[at] = (struct joined_row){ .index = index };
	return &rows[at];
}

static void set_kind(struct joined_list *list, struct joined_row *row, const struct pack_kind *kind)
{
	row->kind = kind;
	note_newest(list, row->index);
	if (kind)
		list->kinds[kind->number % KINDS_MAX / 64] |= UINT64_C(1) << kind->number % 64;
}

static bool holds_any(const struct joined_list *list, const struct pack_kind *const *kinds,
                      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (list->kinds[kinds[i]->number % KINDS_MAX / 64] >> kinds[i]->number % 64 & 1)
			return true;
	}
	return count == 0;
}

static const struct pack_seen *keep_seen(struct joined *joined, const struct pack_seen *seen,
                                         struct str id)
{
	struct arena *arena = joined->arena;
	struct pack_seen *kept = arena_alloc(arena, 1, sizeof *kept);
	struct pack_said *said = arena_alloc(arena, 1, sizeof *said);
	if (!kept || !said)
		return NULL;
	*kept = *seen;
	kept->said = said;
	kept->file = id;
	kept->plain = arena_copy(arena, seen->plain);
	if (seen->account.p)
		kept->account = arena_copy(arena, seen->account);
	if (seen->office.p)
		kept->office = arena_copy(arena, seen->office);
	return kept->plain.p && !seen->account.p == !kept->account.p &&
	                       !seen->office.p == !kept->office.p
	               ? kept
	               : NULL;
}

/* --- what is written -------------------------------------------------------------------------- */

static const struct pack_seen *keep_entry(struct joined *joined, const struct folding *entry)
{
	struct str id = arena_copy(joined->arena, entry->file_id);
	struct pack_seen seen = { .index = entry->index,
		                  .kind = entry->kind,
		                  .happened = entry->happened,
		                  .recorded = entry->recorded,
		                  .plain = entry->plain_text,
		                  .account = entry->account,
		                  .office = entry->office,
		                  .by_register = entry->by == CASEBOOK_BY_REGISTER };
	return id.p ? keep_seen(joined, &seen, id) : NULL;
}

/* `kept`: as keep_entry made it, for the first list that takes it. */
static void add_entry(struct joined *joined, struct joined_list *list, size_t at,
                      const struct folding *entry, const struct pack_seen **kept)
{
	struct member *member = &members_of(list)[at];
	if (!member->is_read)
		return; /* it comes when the others are read */
	if (!*kept)
		*kept = keep_entry(joined, entry);
	struct joined_row *row = *kept ? add_row(joined, list, entry->index) : NULL;
	if (!row) {
		give_up(joined, list);
		return;
	}
	if (!member->id.p)
		member->id = (*kept)->file;
	set_kind(list, row, entry->kind);
	row->member = (uint32_t)at;
	row->is_read = true;
	row->is_own = (*kept)->by_register;
	row->seen = *kept;
}

void joined_entry(struct joined *joined, const struct folding *entry)
{
	if (!joined || !joined->pack)
		return;
	if (str_eq(entry->kind_name, STR("entry.corrected"))) {
		joined->is_shut = true;
		return;
	}
	const struct pack_seen *kept = NULL;
	struct part **link = &joined->parts[joined_bucket(entry->file)];
	while (*link) {
		struct part *part = *link;
		if (part->list->is_dead) {
			*link = part->next;
			continue;
		}
		if (part->file == entry->file && !part->list->is_long)
			add_entry(joined, part->list, part->member, entry, &kept);
		link = &part->next;
	}
}

static bool looks_along(const struct joined_list *list, const struct pack_relation *relation)
{
	for (size_t i = 0; i < list->along_count; i++) {
		if (list->along[i] == relation)
			return true;
	}
	return false;
}

static void link_one(struct joined *joined, const struct pack_relation *relation, int64_t file,
                     int64_t other, int64_t entry, int64_t begun)
{
	for (struct joined_list *list = joined->lists[joined_bucket(file)]; list;
	     list = list->next) {
		if (list->file != file || list->is_dead || list->is_long ||
		    !looks_along(list, relation))
			continue;
		struct member *member = add_member(joined, list, other, entry);
		if (member && other == begun)
			member->is_read = true;
	}
}

void joined_link(struct joined *joined, const struct pack_relation *relation, int64_t a, int64_t b,
                 int64_t entry, int64_t begun)
{
	if (!joined || !joined->pack)
		return;
	joined_note_linked(joined, a, relation);
	joined_note_linked(joined, b, relation);
	link_one(joined, relation, a, b, entry, begun);
	link_one(joined, relation, b, a, entry, begun);
}

static void forget_file(struct joined *joined, int64_t file)
{
	for (struct joined_list **link = &joined->lists[joined_bucket(file)]; *link;) {
		struct joined_list *list = *link;
		if (list->file == file) {
			list->is_dead = true;
			*link = list->next;
		} else {
			link = &list->next;
		}
	}
}

void joined_unlink(struct joined *joined, int64_t a, int64_t b)
{
	if (!joined || !joined->pack)
		return;
	forget_file(joined, a);
	forget_file(joined, b);
}

/* --- what is read ------------------------------------------------------------------------------
 */

struct reading {
	struct world *world;
	struct joined *joined;
	struct joined_list *list;
	struct err *err;
};

static bool read_along(const struct reading *reading, const char *sql,
                       const struct pack_relation *relation)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!store_prepare(reading->world->store, sql, &rows, reading->err))
		return false;
	store_bind_int(rows, 1, reading->list->file);
	store_bind_int(rows, 2, reading->world->up_to);
	store_bind_int(rows, 3, FILES_MAX + 1);
	store_bind_str(rows, 4, relation->name);
	for (;;) {
		enum store_step step = store_step(rows, reading->err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!add_member(reading->joined, reading->list, store_int(rows, 0),
		                store_int(rows, 1)))
			return true;
	}
}

static bool read_members(const struct reading *reading)
{
	struct joined_list *list = reading->list;
	uint64_t me = UINT64_C(1) << reading->world->row->type->number;
	if (list->has_own && !add_member(reading->joined, list, list->file, -1))
		return true;
	for (size_t i = 0; i < list->along_count && !list->is_dead; i++) {
		const struct pack_relation *relation = list->along[i];
		if (joined_has_none(reading->joined, reading->world->pack, list->file, relation,
		                    reading->world->up_to))
			continue;
		if (((relation->from & me) && !read_along(reading, A_SQL, relation)) ||
		    ((relation->to & me) && !read_along(reading, B_SQL, relation)))
			return false;
	}
	return true;
}

static int oldest_first(const void *a, const void *b)
{
	int64_t left = ((const struct joined_row *)a)->index,
		right = ((const struct joined_row *)b)->index;
	return (left > right) - (left < right);
}

/* The entries of one file, as the index names them, behind all that is there. */
static bool read_entries(const struct reading *reading, size_t at)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct joined_list *list = reading->list;
	if (!store_prepare(reading->world->store, OWN_SQL, &rows, reading->err))
		return false;
	store_bind_int(rows, 1, members_of(list)[at].file);
	store_bind_int(rows, 2, reading->world->up_to);
	store_bind_int(rows, 3, JOINED_ROWS_MAX + 1);
	while (!list->is_long) {
		enum store_step step = store_step(rows, reading->err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		struct joined_row *row = rows_add(&list->rows);
		if (!row) {
			give_up(reading->joined, list);
			return true;
		}
		*row = (struct joined_row){ .index = store_int(rows, 0), .member = (uint32_t)at };
		set_kind(list, row, pack_kind_find(reading->world->pack, store_str(rows, 1)));
		list->is_long = list->rows.count > JOINED_ROWS_MAX;
	}
	return true;
}

/* The same from another list that has read the file already; false: none has. */
static bool copy_entries(const struct reading *reading, size_t at)
{
	struct joined_list *list = reading->list, *from = NULL;
	int64_t file = members_of(list)[at].file;
	size_t there = 0;
	for (struct part *part = reading->joined->parts[joined_bucket(file)]; part && !from;
	     part = part->next) {
		if (part->file != file || part->list == list || part->list->is_dead ||
		    part->list->is_long || !members_of(part->list)[part->member].is_read)
			continue;
		from = part->list;
		there = part->member;
	}
	for (size_t i = 0; from && i < from->rows.count && !list->is_long; i++) {
		const struct joined_row *known = &rows_of(from)[i];
		struct joined_row *row = known->member == there ? rows_add(&list->rows) : NULL;
		if (known->member != there)
			continue;
		if (!row) {
			give_up(reading->joined, list);
			return true;
		}
		*row = *known;
		row->member = (uint32_t)at;
		set_kind(list, row, known->kind);
		list->is_long = list->rows.count > JOINED_ROWS_MAX;
	}
	if (from && !members_of(list)[at].id.p)
		members_of(list)[at].id = members_of(from)[there].id;
	return from != NULL;
}

/* Of all files whose entries are not there yet. */
static bool read_missing(const struct reading *reading)
{
	struct joined_list *list = reading->list;
	bool is_any = false;
	for (size_t i = 0; i < list->members.count && !list->is_dead && !list->is_long; i++) {
		if (members_of(list)[i].is_read)
			continue;
		if (!copy_entries(reading, i) && !read_entries(reading, i))
			return false;
		members_of(list)[i].is_read = true;
		is_any = true;
	}
	if (is_any)
		qsort(list->rows.at, list->rows.count, sizeof(struct joined_row), oldest_first);
	return true;
}

static bool is_asked(const struct joined_list *list, int64_t file,
                     const struct joined_question *question)
{
	if (list->file != file || list->has_own != question->has_own || list->is_dead ||
	    list->along_count != question->along_count)
		return false;
	for (size_t i = 0; i < list->along_count; i++) {
		if (list->along[i] != question->along[i])
			return false;
	}
	return true;
}

static struct joined_list *add_list(struct joined *joined, const struct world *world,
                                    const struct joined_question *question)
{
	struct arena *arena = joined->arena;
	struct joined_list *list = arena_alloc(arena, 1, sizeof *list);
	const struct pack_relation **along =
		arena_alloc(arena, question->along_count, sizeof(const struct pack_relation *));
	if (!list || !along) {
		joined->is_shut = true;
		return NULL;
	}
	for (size_t i = 0; i < question->along_count; i++)
		along[i] = question->along[i];
	struct joined_list **bucket = &joined->lists[joined_bucket(world->row->n)];
	/* Most files have few entries. */
	struct member *members = arena_alloc(arena, FIRST_MEMBERS, sizeof *members);
	struct joined_row *rows = arena_alloc(arena, FIRST_ROWS, sizeof *rows);
	if (!members || !rows) {
		joined->is_shut = true;
		return NULL;
	}
	*list = (struct joined_list){
		.next = *bucket,
		.file = world->row->n,
		.along = along,
		.along_count = question->along_count,
		.has_own = question->has_own,
		.exact_from = world->up_to,
		.members = { arena, members, 0, FIRST_MEMBERS, sizeof *members },
		.rows = { arena, rows, 0, FIRST_ROWS, sizeof *rows },
	};
	*bucket = list;
	return list;
}

static bool is_known(const struct joined_list *list, int64_t up_to)
{
	return !list->is_dead && !list->is_long && up_to >= list->exact_from;
}

bool joined_find(struct world *world, const struct joined_question *question,
                 struct joined_list **out, struct err *err)
{
	struct joined *joined = world->fold ? world->fold->joined : NULL;
	*out = NULL;
	if (!joined_is_open(joined, world->pack) || !world->row->type)
		return true;
	struct joined_list *list = joined->lists[joined_bucket(world->row->n)];
	while (list && !is_asked(list, world->row->n, question))
		list = list->next;
	/* What is read now is what is there now: of what was, the tables know. */
	bool is_now = world->up_to == world->fold->book->entries;
	struct reading reading = { world, joined, list, err };
	if (!list) {
		if (!is_now || !(list = add_list(joined, world, question)))
			return true;
		reading.list = list;
		if (!read_members(&reading))
			return false;
	}
	if (is_now && !read_missing(&reading))
		return false;
	for (size_t i = 0; i < list->members.count; i++) {
		if (!members_of(list)[i].is_read)
			return true;
	}
	if (is_known(list, world->up_to))
		*out = list;
	return true;
}

/* --- looking -----------------------------------------------------------------------------------
 */

static bool is_there(const struct world *world, const struct joined_list *list,
                     const struct joined_row *row)
{
	return list->newest < world->up_to ||
	       (row->index < world->up_to && members_of(list)[row->member].linked < world->up_to);
}

static bool is_of_kinds(const struct joined_row *row, const struct pack_kind *const *kinds,
                        size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (kinds[i] == row->kind)
			return true;
	}
	return count == 0;
}

/* The entry itself, read when it is first looked at. `spare` is filled where there is no room to
 * keep it. */
static bool read_row(struct world *world, struct joined_list *list, struct joined_row *row,
                     struct pack_seen *spare, const struct pack_seen **out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct joined *joined = world->fold->joined;
	struct member *member = &members_of(list)[row->member];
	if (!store_prepare(world->store, SEE_SQL, &found, err))
		return false;
	store_bind_int(found, 1, row->index);
	enum store_step step = store_step(found, err);
	*out = NULL;
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_ROW) {
		if (!world_see(world, found, member->id, spare, err))
			return false;
		if (!member->id.p)
			member->id = arena_copy(joined->arena, spare->file);
		row->seen = member->id.p ? keep_seen(joined, spare, member->id) : NULL;
		joined->is_shut = joined->is_shut || !row->seen;
		if (!row->seen)
			spare->plain = arena_copy(world->arena, spare->plain);
		*out = row->seen ? row->seen : spare;
	}
	row->is_read = step == STORE_DONE || row->seen;
	row->is_own = row->seen && row->seen->by_register;
	return (*out == NULL || (*out)->plain.p) || world_no_room(err);
}

static bool see(struct world *world, struct joined_list *list, struct joined_row *row,
                struct pack_seen *spare, const struct pack_seen **out, struct err *err)
{
	*out = row->seen;
	return row->is_read || read_row(world, list, row, spare, out, err);
}

bool joined_visit(struct world *world, struct joined_list *list,
                  const struct pack_kind *const *kinds, size_t count, pack_visit_entry *visit,
                  void *ctx, struct err *err)
{
	for (size_t i = holds_any(list, kinds, count) ? list->rows.count : 0; i-- > 0;) {
		struct joined_row *row = &rows_of(list)[i];
		struct pack_seen spare;
		const struct pack_seen *seen;
		if (!row->kind || !is_of_kinds(row, kinds, count) || !is_there(world, list, row))
			continue;
		if (!see(world, list, row, &spare, &seen, err))
			return false;
		if (seen && seen->kind && !visit(ctx, seen))
			return true;
	}
	return true;
}

int64_t joined_count(const struct world *world, const struct joined_list *list,
                     const struct pack_kind *const *kinds, size_t count)
{
	int64_t found = 0, own = 0;
	for (size_t i = 0; holds_any(list, kinds, count) && i < list->rows.count; i++) {
		const struct joined_row *row = &rows_of(list)[i];
		bool is_meant = is_of_kinds(row, kinds, count) && is_there(world, list, row);
		found += is_meant;
		own += is_meant && row->is_own;
	}
	if (found > PACK_ROWS_MAX)
		return INT64_MAX;
	/* Where every kind is meant, the register's own entries are not. */
	return count == 0 ? found - own : found;
}

bool joined_began(struct world *world, struct joined_list *list, instant *at, struct err *err)
{
	*at = INSTANT_MAX;
	for (size_t i = 0; i < list->rows.count; i++) {
		struct joined_row *row = &rows_of(list)[i];
		struct pack_seen spare;
		const struct pack_seen *seen;
		if (!is_there(world, list, row))
			continue;
		if (!see(world, list, row, &spare, &seen, err))
			return false;
		*at = seen ? seen->recorded : INSTANT_MIN;
		return true;
	}
	return true;
}
