/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/pattern.h"

#include "casebook/fold_parts.h"
#include "casebook/joined.h"
#include "casebook/rows.h"
#include "casebook/world.h"

#define PLAIN_DEPTH 8

/* --- what is known ------------------------------------------------------------------------- */

/* By pattern's key and the primary keys; the pattern duties are the first that its entry opened,
 * one for each owner. */
static const char KNOWN_SQL[] =
	"SELECT p.name, p.opened, p.newest, d.id, d.closed, e.plain FROM pattern AS p"
	" JOIN duty AS d ON d.id IN (p.opened * 1024 + 1, p.opened * 1024 + 2)"
	" AND (d.id = p.opened * 1024 + 1 OR d.rule = ?2) LEFT JOIN entry AS e ON e.idx = d.closed"
	" WHERE p.file = ?1 ORDER BY p.name, d.id";

/* What is known of the patterns on a file; kept until one is found there. */
struct pattern_file {
	struct pattern_file *next;
	int64_t file;
	struct rows rows; /* of struct pattern_known */
};

/* Whether the entry that settled the pattern duty says that it is none. */
static bool is_refuting(struct pattern_eye *eye, struct str plain, bool *is, struct err *err)
{
	struct arena *arena = eye->fold->looks;
	const struct json *object = NULL;
	if (!json_read(arena, arena_copy(arena, plain), PLAIN_DEPTH, &object, err))
		return false;
	*is = str_eq(json_text(object, STR("follows")), STR("not-a-pattern"));
	return true;
}

static bool read_known(struct pattern_eye *eye, struct store_stmt *found, struct pattern_known *out,
                       struct err *err)
{
	out->pattern = pack_pattern_find(eye->fold->pack, store_str(found, 0));
	out->was_found = true;
	out->opened = store_int(found, 1);
	out->newest = store_int(found, 2);
	out->duty = store_int(found, 3);
	out->is_open = store_is_null(found, 4);
	out->answered = out->is_open ? -1 : store_int(found, 4);
	return out->is_open || store_is_null(found, 5) ||
	       is_refuting(eye, store_str(found, 5), &out->is_refuted, err);
}

/* What each of several owners owes, as one. */
static void join_known(struct pattern_known *out, const struct pattern_known *next)
{
	if (!out->was_found) {
		*out = *next;
		return;
	}
	out->duty = out->is_open || !next->is_open ? out->duty : next->duty;
	out->is_open = out->is_open || next->is_open;
	out->is_refuted = out->is_refuted && next->is_refuted;
	out->answered = out->answered > next->answered ? out->answered : next->answered;
}

static bool read_file(struct pattern_eye *eye, int64_t n, struct pattern_file *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct pattern_known *known;
	bool failed = false;
	const struct rows *kept = joined_known(eye->fold->joined, eye->fold->pack, n);
	*out = (struct pattern_file){ .next = eye->files, .file = n };
	if (kept) {
		out->rows = *kept;
		return true;
	}
	out->rows =
		(struct rows){ .arena = eye->fold->looks, .size = sizeof(struct pattern_known) };
	/* Nothing was found yet on a file that begins with the entry. */
	if (eye->entry && eye->own->n == n && eye->own->first_entry == eye->entry->index &&
	    eye->fold->book->entries == eye->entry->index + 1) {
		joined_keep_known(eye->fold->joined, eye->fold->pack, n, &out->rows);
		return true;
	}
	if (!store_prepare(eye->fold->store, KNOWN_SQL, &found, err))
		return false;
	store_bind_int(found, 1, n);
	store_bind_str(found, 2,
	               eye->fold->pack->pattern_duty ? eye->fold->pack->pattern_duty->name
	                                             : STR(""));
	while ((known = rows_next(&out->rows, found, &failed, err))) {
		if (!read_known(eye, found, known, err))
			return false;
	}
	if (!failed)
		joined_keep_known(eye->fold->joined, eye->fold->pack, n, &out->rows);
	return !failed;
}

bool pattern_known(struct pattern_eye *eye, const struct pack_pattern *pattern, int64_t file,
                   struct pattern_known *out, struct err *err)
{
	struct pattern_file *kept = eye->files;
	*out = (struct pattern_known){ .pattern = pattern, .newest = -1, .answered = -1 };
	while (kept && kept->file != file)
		kept = kept->next;
	if (!kept) {
		kept = arena_alloc(eye->fold->looks, 1, sizeof *kept);
		if (!kept)
			return err_set(err, ERR_UNABLE, "There is no memory to look for patterns");
		if (!read_file(eye, file, kept, err))
			return false;
		eye->files = kept;
	}
	const struct pattern_known *rows = kept->rows.at;
	for (size_t i = 0; i < kept->rows.count; i++) {
		if (rows[i].pattern == pattern)
			join_known(out, &rows[i]);
	}
	return true;
}

void pattern_added(struct fold *fold, const struct pack_pattern *pattern, int64_t file,
                   int64_t entry)
{
	struct rows *kept = joined_known(fold->joined, fold->pack, file);
	struct pattern_known *rows = kept ? kept->at : NULL;
	for (size_t i = 0; kept && i < kept->count; i++) {
		if (rows[i].pattern == pattern)
			rows[i].newest = entry;
	}
}

bool pattern_may_rest_on(const struct pack_pattern *pattern, const struct file_row *row)
{
	return row->type == pattern->about && row->destroyed < 0 &&
	       !(row->type->final >> row->state & 1);
}

/* --- its condition ------------------------------------------------------------------------- */

void pattern_show(struct pattern_eye *eye, const struct pack_pattern *pattern, struct file_row *row,
                  int64_t up_to, instant now, struct entry_world *out)
{
	struct fold *fold = eye->fold;
	out->world = (struct world){ .store = fold->store,
		                     .files = fold->file_tags,
		                     .pack = fold->pack,
		                     .chart = fold->chart,
		                     .arena = fold->looks,
		                     .row = row,
		                     .up_to = up_to,
		                     .fold = fold,
		                     .pattern = pattern,
		                     .gathered = &eye->gathered };
	world_show(&out->world, &out->shown);
	out->shown.now = now;
	out->shown.shows_act = true;
}

bool pattern_holds(struct pattern_eye *eye, const struct pack_pattern *pattern,
                   struct file_row *row, int64_t up_to, instant now, bool *holds, struct err *err)
{
	struct entry_world world;
	pattern_show(eye, pattern, row, up_to, now, &world);
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

bool pattern_counted(struct pattern_eye *eye, const struct pack_pattern *pattern,
                     struct file_row *row, int64_t up_to, int64_t more,
                     int64_t out[PATTERN_ENTRIES_MAX], size_t *count, struct err *err)
{
	struct entry_world world;
	struct collecting collecting = { .count = 0 };
	pattern_show(eye, pattern, row, up_to, eye->now, &world);
	if (!pack_cond_counted(pattern->when, &world.shown, collect_seen, &collecting, err))
		return false;
	if (more >= 0)
		collect(&collecting, more);
	for (size_t i = 0; i < collecting.count; i++)
		out[i] = collecting.entries[collecting.count - 1 - i];
	*count = collecting.count;
	return true;
}

/* --- what an entry does --------------------------------------------------------------------- */

static bool joins(const struct pack_pattern *pattern, const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->link_count; i++) {
		if (pattern_is_through(pattern, kind->links[i].relation))
			return true;
	}
	return false;
}

static bool is_counted(struct pattern_eye *eye, const struct pack_wake *wake,
                       const struct pattern_reached *reached, struct file_row *row, int64_t up_to)
{
	const struct pack_pattern *pattern = wake->pattern;
	struct entry_world world;
	const struct folding *entry = eye->entry;
	struct pack_seen seen = { .index = entry->index,
		                  .kind = entry->kind,
		                  .file = entry->file_id,
		                  .happened = entry->happened,
		                  .recorded = entry->recorded,
		                  .plain = entry->plain_text,
		                  .account = entry->account,
		                  .office = entry->office,
		                  .by_register = entry->by == CASEBOOK_BY_REGISTER };
	if (wake->is_by_link)
		return joins(pattern, entry->kind);
	pattern_show(eye, pattern, row, up_to, eye->now, &world);
	return reached->is_joined && pack_cond_counts(pattern->when, &world.shown, &seen);
}

/* Whether it is true at an instant of what was written since the newest answer alone. */
static bool holds_since(struct pattern_eye *eye, const struct pattern_known *known,
                        struct file_row *row, int64_t up_to, instant now, bool *holds,
                        struct err *err)
{
	struct entry_world world;
	pattern_show(eye, known->pattern, row, up_to, now, &world);
	world.world.newer = known->answered + 1;
	return pack_cond_holds(known->pattern->when, &world.shown, holds, err);
}

/* The file as it was before the entry; false: there is none to compare with, and *held says what
 * counts then. A correction leaves nothing to compare with; what begins a file found nothing there.
 */
static bool was_there(struct pattern_eye *eye, struct file_row *row, struct file_row *before,
                      bool *held)
{
	const struct folding *entry = eye->entry;
	*before = *row;
	*held = true;
	if (str_eq(entry->kind_name, STR("entry.corrected")))
		return false;
	if (row->n != entry->file)
		return true;
	*held = false;
	if (!entry->before)
		return false;
	*before = *entry->before;
	return true;
}

/* Whether it was true already without the entry. */
static bool held_without(struct pattern_eye *eye, const struct pack_pattern *pattern,
                         struct file_row *row, bool *held, struct err *err)
{
	struct file_row before;
	return !was_there(eye, row, &before, held) ||
	       pattern_holds(eye, pattern, &before, eye->entry->index, eye->now, held, err);
}

/* Whether the entry makes it true of what was written since the answer alone (P6). */
static bool is_anew(struct pattern_eye *eye, const struct pattern_known *known,
                    struct file_row *row, int64_t up_to, bool *is, struct err *err)
{
	struct file_row before;
	bool held = true;
	*is = false;
	if (known->answered < 0 || known->answered >= eye->entry->index)
		return true;
	if (!holds_since(eye, known, row, up_to, eye->now, is, err))
		return false;
	if (*is && was_there(eye, row, &before, &held) &&
	    !holds_since(eye, known, &before, eye->entry->index, eye->now, &held, err))
		return false;
	*is = *is && !held;
	return true;
}

/* What an entry that begins its file joins is its own alone: a pattern that does not listen to it
 * stays what it was. */
static bool is_idle(const struct pattern_eye *eye, const struct pack_wake *wake)
{
	return wake->is_by_link && eye->own->first_entry == eye->entry->index &&
	       eye->own->type != wake->pattern->about;
}

bool pattern_anew_by(struct pattern_eye *eye, const struct pattern_known *known,
                     struct file_row *row, int64_t up_to, instant last, instant now, bool *is,
                     struct err *err)
{
	bool held = true;
	*is = false;
	if (known->answered < 0)
		return true;
	if (!holds_since(eye, known, row, up_to, now, is, err) ||
	    (*is && !holds_since(eye, known, row, up_to, last, &held, err)))
		return false;
	*is = *is && !held;
	return true;
}

bool pattern_look(struct pattern_eye *eye, const struct pack_wake *wake,
                  const struct pattern_reached *reached, int64_t up_to, struct pattern_looked *out,
                  struct err *err)
{
	const struct pack_pattern *pattern = wake->pattern;
	bool holds, held;
	*out = (struct pattern_looked){ .up_to = up_to };
	if (is_idle(eye, wake))
		return true;
	if (!pattern_eye_row(eye, reached->file, &out->row, err))
		return false;
	if (!pattern_may_rest_on(pattern, out->row))
		return true;
	if (!pattern_known(eye, pattern, reached->file, &out->known, err))
		return false;
	const struct pattern_known *known = &out->known;
	/* Found by what followed from the entry: it is told already. */
	if (known->newest > eye->entry->index ||
	    (pattern->is_once && known->was_found && !known->is_open))
		return true;
	bool counted = known->was_found && is_counted(eye, wake, reached, out->row, up_to);
	bool opens_each = pattern_opens_each(pattern), is_new = false;
	if (known->is_open && !counted && !opens_each)
		return true;
	if (!pattern_holds(eye, pattern, out->row, up_to, eye->now, &holds, err))
		return false;
	if (!holds)
		return true;
	if (opens_each && known->was_found && !counted &&
	    !pattern_is_newly_silent(eye, pattern, out->row, up_to, &is_new, err))
		return false;
	if (known->is_open && !counted && !is_new)
		return true;
	if (is_new || known->is_open || !known->was_found || (known->is_refuted && counted)) {
		out->found = known->is_open ? PATTERN_ADDED : PATTERN_FOUND; /* P1, P2, P3 */
		return true;
	}
	if (!held_without(eye, pattern, out->row, &held, err) ||
	    (held && !is_anew(eye, known, out->row, up_to, &is_new, err)))
		return false;
	if (!held || is_new)
		out->found = PATTERN_FOUND;
	return true;
}
