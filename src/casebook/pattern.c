/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/pattern.h"

#include "casebook/fold_parts.h"
#include "casebook/world.h"

#define PLAIN_DEPTH 8

/* --- what is known ------------------------------------------------------------------------- */

/* By the primary keys; the pattern duty is the first that its entry opened. */
static const char KNOWN_SQL[] =
	"SELECT p.opened, p.newest, d.closed, e.plain FROM pattern AS p JOIN duty AS d ON d.id = p.opened * 1024 + 1"
	" LEFT JOIN entry AS e ON e.idx = d.closed WHERE p.file = ?1 AND p.name = ?2";

/* Whether the entry that settled the pattern duty says that it is none. */
static bool is_refuting(struct fold *fold, struct str plain, bool *is, struct err *err)
{
	const struct json *object = NULL;
	if (!json_read(fold->arena, arena_copy(fold->arena, plain), PLAIN_DEPTH, &object, err))
		return false;
	*is = str_eq(json_text(object, STR("follows")), STR("not-a-pattern"));
	return true;
}

bool pattern_known(struct fold *fold, const struct pack_pattern *pattern, int64_t file,
                   struct pattern_known *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	*out = (struct pattern_known){ .newest = -1 };
	if (!store_prepare(fold->store, KNOWN_SQL, &found, err))
		return false;
	store_bind_int(found, 1, file);
	store_bind_str(found, 2, pattern->name);
	enum store_step step = store_step(found, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	out->was_found = true;
	out->opened = store_int(found, 0);
	out->newest = store_int(found, 1);
	out->is_open = store_is_null(found, 2);
	return out->is_open || store_is_null(found, 3) ||
	       is_refuting(fold, store_str(found, 3), &out->is_refuted, err);
}

bool pattern_may_rest_on(const struct pack_pattern *pattern, const struct file_row *row)
{
	return row->type == pattern->about && row->destroyed < 0 &&
	       !(row->type->final >> row->state & 1);
}

/* --- its condition ------------------------------------------------------------------------- */

struct pattern_world {
	struct world world;
	struct pack_world shown;
};

static void show(struct fold *fold, const struct pack_pattern *pattern, struct file_row *row,
                 int64_t up_to, instant now, struct pattern_world *out)
{
	out->world = (struct world){ .store = fold->store,
		                     .files = fold->file_tags,
		                     .pack = fold->pack,
		                     .chart = fold->chart,
		                     .arena = fold->arena,
		                     .row = row,
		                     .up_to = up_to,
		                     .fold = fold,
		                     .pattern = pattern };
	world_show(&out->world, &out->shown);
	out->shown.now = now;
	out->shown.shows_act = true;
}

bool pattern_holds(struct fold *fold, const struct pack_pattern *pattern, struct file_row *row,
                   int64_t up_to, instant now, bool *holds, struct err *err)
{
	struct pattern_world world;
	show(fold, pattern, row, up_to, now, &world);
	return pack_cond_holds(pattern->when, &world.shown, holds, err);
}

struct collecting {
	int64_t entries[PATTERN_ENTRIES_MAX];
	size_t count;
};

/* Keeps the newest, newest first. */
static void collect(struct collecting *collecting, int64_t index)
{
	size_t at = 0;
	while (at < collecting->count && collecting->entries[at] > index)
		at++;
	if (at == PATTERN_ENTRIES_MAX ||
	    (at < collecting->count && collecting->entries[at] == index))
		return;
	if (collecting->count < PATTERN_ENTRIES_MAX)
		collecting->count++;
	for (size_t i = collecting->count - 1; i > at; i--)
		collecting->entries[i] = collecting->entries[i - 1];
	collecting->entries[at] = index;
}

static bool collect_seen(void *ctx, const struct pack_seen *seen)
{
	struct collecting *collecting = ctx;
	bool is_full = collecting->count == PATTERN_ENTRIES_MAX;
	/* They come newest first: what follows is older still. */
	if (is_full && seen->index < collecting->entries[PATTERN_ENTRIES_MAX - 1])
		return false;
	collect(collecting, seen->index);
	return true;
}

bool pattern_counted(struct fold *fold, const struct pack_pattern *pattern, struct file_row *row,
                     int64_t up_to, instant now, int64_t more, int64_t out[PATTERN_ENTRIES_MAX],
                     size_t *count, struct err *err)
{
	struct pattern_world world;
	struct collecting collecting = { .count = 0 };
	show(fold, pattern, row, up_to, now, &world);
	if (!pack_cond_counted(pattern->when, &world.shown, collect_seen, &collecting, err))
		return false;
	if (more >= 0)
		collect(&collecting, more);
	for (size_t i = 0; i < collecting.count; i++)
		out[i] = collecting.entries[collecting.count - 1 - i];
	*count = collecting.count;
	return true;
}

/* --- files that an entry concerns ----------------------------------------------------------- */

/* By the primary key and by link_b, the newest files first; a link that this very entry took away
 * leads there still. ?4: only links that this entry made, or -1. */
static const char NEAR_A_SQL[] =
	"SELECT b FROM link WHERE a = ?1 AND relation = ?2 AND (removed IS NULL OR removed = ?3)"
	" AND (?4 < 0 OR entry = ?4) ORDER BY b DESC LIMIT ?5";
static const char NEAR_B_SQL[] =
	"SELECT a FROM link WHERE b = ?1 AND relation = ?2 AND (removed IS NULL OR removed = ?3)"
	" AND (?4 < 0 OR entry = ?4) ORDER BY a DESC LIMIT ?5";

struct near {
	int64_t files[2 * PATTERN_REACHED_MAX];
	size_t count;
};

static bool near_by(struct fold *fold, const char *sql, int64_t file,
                    const struct pack_relation *relation, const struct folding *entry, bool made,
                    struct near *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!store_prepare(fold->store, sql, &rows, err))
		return false;
	store_bind_int(rows, 1, file);
	store_bind_str(rows, 2, relation->name);
	store_bind_int(rows, 3, entry->index);
	store_bind_int(rows, 4, made ? entry->index : -1);
	store_bind_int(rows, 5, PATTERN_REACHED_MAX);
	while (out->count < COUNT_OF(out->files)) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		out->files[out->count++] = store_int(rows, 0);
	}
	return true;
}

/* Files at the other end of a relation, whose type is among `types`. */
static bool find_near(struct fold *fold, int64_t file, uint64_t type,
                      const struct pack_relation *relation, uint64_t types,
                      const struct folding *entry, bool made, struct near *out, struct err *err)
{
	out->count = 0;
	if ((relation->from & type) && (relation->to & types) &&
	    !near_by(fold, NEAR_A_SQL, file, relation, entry, made, out, err))
		return false;
	return !(relation->to & type) || !(relation->from & types) ||
	       near_by(fold, NEAR_B_SQL, file, relation, entry, made, out, err);
}

struct reaching {
	struct pattern_reached *out;
	size_t count;
};

static void reach(struct reaching *reaching, int64_t file, bool is_joined)
{
	for (size_t i = 0; i < reaching->count; i++) {
		if (reaching->out[i].file == file) {
			reaching->out[i].is_joined = reaching->out[i].is_joined || is_joined;
			return;
		}
	}
	if (reaching->count < PATTERN_REACHED_MAX)
		reaching->out[reaching->count++] = (struct pattern_reached){ file, is_joined };
}

/* A file that was just linked may be shared with others of the pattern's type. */
static bool reach_shared(struct fold *fold, const struct pack_pattern *pattern,
                         const struct pack_relation *relation, const struct folding *entry,
                         uint64_t type, struct reaching *reaching, struct err *err)
{
	struct near made, others;
	uint64_t about = UINT64_C(1) << pattern->about->number, any = UINT64_MAX;
	if (!find_near(fold, entry->file, type, relation, any, entry, true, &made, err))
		return false;
	for (size_t i = 0; i < made.count; i++) {
		/* Of whichever type the other end is, the relation leads back. */
		uint64_t there = relation->from | relation->to;
		if (!find_near(fold, made.files[i], there, relation, about, entry, false, &others,
		               err))
			return false;
		for (size_t j = 0; j < others.count; j++)
			reach(reaching, others.files[j], false);
	}
	return true;
}

static bool is_through(const struct pack_pattern *pattern, const struct pack_relation *relation)
{
	for (size_t i = 0; i < pattern->through_count; i++) {
		if (pattern->through[i] == relation)
			return true;
	}
	return false;
}

bool pattern_reach(struct fold *fold, const struct pack_pattern *pattern,
                   const struct folding *entry, struct pattern_reached out[PATTERN_REACHED_MAX],
                   size_t *count, struct err *err)
{
	struct reaching reaching = { .out = out };
	struct file_row *row;
	*count = 0;
	if (!fold_file(fold, entry->file, &row, err))
		return false;
	if (!row->type)
		return true;
	uint64_t type = UINT64_C(1) << row->type->number;
	uint64_t about = UINT64_C(1) << pattern->about->number;
	if (type == about)
		reach(&reaching, row->n, true);
	/* Nothing is linked to a file that has just begun, but what this entry links. */
	bool is_alone = row->first_entry == entry->index && entry->kind->link_count == 0;
	for (size_t i = 0; i < pattern->reach_count && !is_alone; i++) {
		const struct pack_relation *relation = pattern->reach[i];
		struct near near;
		if (!find_near(fold, row->n, type, relation, about, entry, false, &near, err))
			return false;
		for (size_t j = 0; j < near.count; j++)
			reach(&reaching, near.files[j], is_through(pattern, relation));
		if (entry->kind->link_count && pack_cond_shares(pattern->when, relation) &&
		    !reach_shared(fold, pattern, relation, entry, type, &reaching, err))
			return false;
	}
	*count = reaching.count;
	return true;
}

/* --- what an entry does --------------------------------------------------------------------- */

bool pattern_woken(struct fold *fold, const struct folding *entry, const struct pack_kind **woken,
                   struct err *err)
{
	static const char KIND_SQL[] = "SELECT kind FROM entry WHERE idx = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	*woken = entry->kind;
	if (!entry->kind || !str_eq(entry->kind_name, STR("entry.corrected")))
		return true;
	if (!store_prepare(fold->store, KIND_SQL, &found, err))
		return false;
	store_bind_int(found, 1, json_number(entry->plain, STR("of"), -1));
	enum store_step step = store_step(found, err);
	if (step == STORE_ROW)
		*woken = pack_kind_find(fold->pack, store_str(found, 0));
	return step != STORE_FAILED;
}

static bool joins(const struct pack_pattern *pattern, const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->link_count; i++) {
		if (is_through(pattern, kind->links[i].relation))
			return true;
	}
	return false;
}

static bool is_counted(struct fold *fold, const struct pack_pattern *pattern,
                       const struct folding *entry, const struct pattern_reached *reached,
                       struct file_row *row, int64_t up_to)
{
	struct pattern_world world;
	struct pack_seen seen = { .index = entry->index,
		                  .kind = entry->kind,
		                  .file = entry->file_id,
		                  .happened = entry->happened,
		                  .recorded = entry->recorded,
		                  .plain = entry->plain_text,
		                  .account = entry->account,
		                  .office = entry->office,
		                  .by_register = entry->by == CASEBOOK_BY_REGISTER };
	if (joins(pattern, entry->kind))
		return true;
	show(fold, pattern, row, up_to, entry->recorded, &world);
	return reached->is_joined && pack_cond_counts(pattern->when, &world.shown, &seen);
}

/* Whether it was true already without the entry. A correction leaves nothing to compare with. */
static bool held_without(struct fold *fold, const struct pack_pattern *pattern,
                         const struct folding *entry, struct file_row *row, bool *held,
                         struct err *err)
{
	struct file_row before = *row;
	*held = true;
	if (str_eq(entry->kind_name, STR("entry.corrected")))
		return true;
	if (row->n == entry->file) {
		*held = false;
		if (!entry->before)
			return true;
		before = *entry->before;
	}
	return pattern_holds(fold, pattern, &before, entry->index, entry->recorded, held, err);
}

static bool row_of(struct fold *fold, int64_t n, struct file_row **out, struct err *err)
{
	*out = fold_in_hand(fold, n);
	return *out || file_row_read(fold->store, fold->pack, fold->arena, n, out, err);
}

bool pattern_look(struct fold *fold, const struct pack_pattern *pattern,
                  const struct folding *entry, const struct pattern_reached *reached, int64_t up_to,
                  struct pattern_looked *out, struct err *err)
{
	bool holds, held;
	*out = (struct pattern_looked){ .up_to = up_to };
	if (!row_of(fold, reached->file, &out->row, err))
		return false;
	if (!pattern_may_rest_on(pattern, out->row))
		return true;
	if (!pattern_holds(fold, pattern, out->row, up_to, entry->recorded, &holds, err) ||
	    !pattern_known(fold, pattern, reached->file, &out->known, err))
		return false;
	const struct pattern_known *known = &out->known;
	/* Found by what followed from the entry: it is told already. */
	if (!holds || known->newest > entry->index)
		return true;
	if (!known->was_found) {
		out->found = PATTERN_FOUND; /* P1 */
		return true;
	}
	if (pattern->is_once && !known->is_open)
		return true;
	bool counted = is_counted(fold, pattern, entry, reached, out->row, up_to);
	if (known->is_open || known->is_refuted) { /* P2, P3 */
		if (counted)
			out->found = known->is_open ? PATTERN_ADDED : PATTERN_FOUND;
		if (counted || known->is_open)
			return true;
	}
	if (!held_without(fold, pattern, entry, out->row, &held, err))
		return false;
	if (!held)
		out->found = PATTERN_FOUND;
	return true;
}
