/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Duties in the views: settled by what counts for them, or ended with what they are about. */
#include "casebook/chart.h"
#include "casebook/fold_parts.h"
#include "casebook/joined.h"
#include "casebook/rows.h"
#include "casebook/world.h"

#define PLAIN_DEPTH 8

/* By duty_file(file, id): the open ones of one file, past (due, id). */
static const char OPEN_OF_RULE_SQL[] =
	"SELECT id, office, due FROM duty WHERE file = ?1 AND rule = ?2 AND closed IS NULL"
	" AND (due > ?3 OR (due = ?3 AND id > ?4)) ORDER BY due, id";
static const char ALSO_OWES_SQL[] = "SELECT 1 FROM duty_also WHERE duty = ?1 AND office = ?2";
static const char CLOSE_SQL[] =
	"UPDATE duty SET closed = ?2, closed_at = ?3, closed_how = ?4, done_at = ?5, next_at = NULL"
	" WHERE id = ?1";
static const char READ_SQL[] = "SELECT file, rule FROM duty WHERE id = ?1 AND closed IS NULL";
/* By duty_about. */
static const char ABOUT_SQL[] =
	"SELECT id FROM duty WHERE about = ?1 AND closed IS NULL ORDER BY id";

static bool close_row(struct fold *fold, int64_t id, const struct folding *entry, const char *how,
                      struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(fold->store, CLOSE_SQL, &put, err))
		return false;
	store_bind_int(put, 1, id);
	store_bind_int(put, 2, entry->index);
	store_bind_int(put, 3, entry->recorded);
	store_bind_str(put, 4, str_from_c(how));
	if (str_eq(str_from_c(how), STR("settled")))
		store_bind_int(put, 5, entry->happened);
	else
		store_bind_null(put, 5);
	return store_do(put, err);
}

/* R02 ends with the duty it is about; so does what is about an R01 that climbed. */
bool fold_end_about(struct fold *fold, int64_t id, const struct folding *entry, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct rows found;
	if (!store_prepare(fold->store, ABOUT_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, id);
	if (!rows_of_ids(&found, fold->arena, rows, err))
		return false;
	store_stmt_finish(&rows);
	for (size_t i = 0; i < found.count; i++) {
		if (!close_row(fold, rows_id(&found, i), entry, "ended", err) ||
		    !fold_end_about(fold, rows_id(&found, i), entry, err))
			return false;
	}
	return true;
}

bool fold_close_duty(struct fold *fold, int64_t id, const struct folding *entry, const char *how,
                     struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	struct file_row *row;
	if (!store_prepare(fold->store, READ_SQL, &read, err))
		return false;
	store_bind_int(read, 1, id);
	enum store_step step = store_step(read, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return true; /* closed already: nothing to settle is no error */
	int64_t file = store_int(read, 0);
	const struct pack_duty *rule = pack_duty_find(fold->pack, store_str(read, 1));
	store_stmt_finish(&read);
	if (!close_row(fold, id, entry, how, err) || !fold_end_about(fold, id, entry, err))
		return false;
	joined_drop_known(fold->joined, file);
	if (rule && rule->is_built_in)
		return true;
	if (!fold_file(fold, file, &row, err))
		return false;
	row->open_duties--;
	row->is_dirty = row->is_touched = true;
	return true;
}

bool fold_owes(struct fold *fold, int64_t id, struct str owner, struct str office, bool *out,
               struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *also = NULL;
	const struct chart_office *vacant = chart_find(fold->chart, owner);
	*out = str_eq(owner, office);
	if (!*out && vacant && !chart_is_held(vacant)) {
		const struct chart_office *above = chart_first_held_in_line(fold->chart, vacant);
		*out = above && str_eq(above->id, office);
	}
	if (*out || !office.n)
		return true;
	if (!store_prepare(fold->store, ALSO_OWES_SQL, &also, err))
		return false;
	store_bind_int(also, 1, id);
	store_bind_str(also, 2, office);
	enum store_step step = store_step(also, err);
	*out = step == STORE_ROW;
	return step != STORE_FAILED;
}

struct open_duty {
	int64_t id;
	instant due;
	struct str office;
};

/* The next ones past `past`, at most `room`. */
static bool open_of_rule(struct fold *fold, int64_t file, struct str rule,
                         const struct open_duty *past, struct open_duty *found, size_t room,
                         size_t *count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	*count = 0;
	if (!store_prepare(fold->store, OPEN_OF_RULE_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, file);
	store_bind_str(rows, 2, rule);
	store_bind_int(rows, 3, past->due);
	store_bind_int(rows, 4, past->id);
	while (*count < room) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			return true;
		found[*count].id = store_int(rows, 0);
		found[*count].due = store_int(rows, 2);
		found[*count].office = arena_copy(fold->arena, store_str(rows, 1));
		if (!found[(*count)++].office.p)
			return err_set(err, ERR_UNABLE, "There is no memory for a duty");
	}
	return true;
}

/* The duty a field names, "D17.1". */
static int64_t duty_in_field(const struct folding *entry, struct str field)
{
	int64_t id;
	return duty_name_read(json_text(entry->plain, field), &id) ? id : -1;
}

/* The earliest of when the duty began, when what opened it happened, and `now`. */
static bool began_by(struct fold *fold, int64_t id, instant now, instant *out, struct err *err)
{
	static const char BEGAN_SQL[] =
		"SELECT d.started, e.header, e.plain FROM duty d JOIN entry e ON e.idx = d.opened"
		" WHERE d.id = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	struct log_header header;
	const struct json *plain;
	struct err unread = { 0 };
	instant happened;
	*out = now;
	if (!store_prepare(fold->store, BEGAN_SQL, &read, err))
		return false;
	store_bind_int(read, 1, id);
	enum store_step step = store_step(read, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	if (store_int(read, 0) < *out)
		*out = store_int(read, 0);
	if (store_is_null(read, 1)) /* destroyed since */
		return true;
	if (!log_header_glance(store_blob(read, 1), &header, err))
		return false;
	if (!json_read(fold->arena, arena_copy(fold->arena, store_str(read, 2)), PLAIN_DEPTH,
	               &plain, &unread) ||
	    !instant_read(json_text(plain, STR("happened")), &happened))
		happened = header.recorded;
	if (happened < *out)
		*out = happened;
	return true;
}

/* Counted from no later than now: whatever is done today settles, whenever it was to begin. */
bool fold_counts(struct fold *fold, int64_t id, const struct pack_settle *line,
                 const struct json *plain, instant recorded, instant happened, bool *counts,
                 struct err *err)
{
	const struct pack_duty *rule = line->duty;
	instant began, done;
	*counts = true;
	if (!rule->has_not_older)
		return true;
	if (!began_by(fold, id, recorded, &began, err) ||
	    !pack_due_reaches(fold->pack->calendar, happened, &rule->not_older, began, counts, err))
		return false;
	if (!*counts || !line->done.p || !fold_instant(fold, json_text(plain, line->done), &done))
		return true;
	return pack_due_reaches(fold->pack->calendar, done, &rule->not_older, began, counts, err);
}

bool fold_agrees(struct fold *fold, int64_t id, const struct json *plain, struct str field,
                 bool *agrees, struct err *err)
{
	static const char OPENED_SQL[] =
		"SELECT e.plain, e.kind FROM duty d JOIN entry e ON e.idx = d.opened"
		" WHERE d.id = ?1 AND e.plain IS NOT NULL";
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	const struct json *there;
	struct str named = json_text(plain, field);
	*agrees = false;
	if (!named.n)
		return true;
	if (!store_prepare(fold->store, OPENED_SQL, &read, err))
		return false;
	store_bind_int(read, 1, id);
	enum store_step step = store_step(read, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	if (!json_read(fold->arena, arena_copy(fold->arena, store_str(read, 0)), PLAIN_DEPTH,
	               &there, err))
		return false;
	*agrees = str_eq(json_text(there, field), named) &&
	          pack_asks_who(fold->pack, pack_kind_find(fold->pack, store_str(read, 1)), there);
	return true;
}

/* Whether the line means this one of the open duties of its rule. */
static bool is_meant(struct fold *fold, const struct folding *entry, const struct pack_settle *line,
                     const struct open_duty *duty, bool *meant, struct err *err)
{
	*meant = line->only != PACK_ONLY_FIELD || duty->id == duty_in_field(entry, line->field);
	if (line->only == PACK_ONLY_OPENED)
		*meant = duty_is_of(duty->id, entry->plain, line->field);
	if (line->only == PACK_ONLY_AGREES &&
	    !fold_agrees(fold, duty->id, entry->plain, line->field, meant, err))
		return false;
	if ((line->only == PACK_ONLY_OWN || (*meant && line->is_own)) &&
	    !fold_owes(fold, duty->id, duty->office, entry->office, meant, err))
		return false;
	return !*meant || fold_counts(fold, duty->id, line, entry->plain, entry->recorded,
	                              entry->happened, meant, err);
}

/* Whether the file where it is owed is as the line asks. */
static bool is_there(struct fold *fold, struct file_row *row, const struct folding *entry,
                     const struct pack_settle *line, bool *is, struct err *err)
{
	struct entry_world there;
	*is = true;
	if (!line->where)
		return true;
	world_of_entry(fold, row, entry, entry->index + 1, &there);
	there.shown.kind = NULL; /* the act stands on another file */
	there.shown.plain = NULL;
	return pack_cond_holds(line->where, &there.shown, is, err);
}

bool fold_settle(struct fold *fold, struct file_row *row, const struct folding *entry,
                 const struct pack_settle *line, struct err *err)
{
	struct open_duty found[128], past = { .id = -1, .due = INSTANT_MIN };
	size_t count = COUNT_OF(found);
	if (row->open_duties == 0 && !line->duty->is_built_in)
		return true;
	while (count == COUNT_OF(found)) {
		bool is = true;
		if (!open_of_rule(fold, row->n, line->duty->name, &past, found, COUNT_OF(found),
		                  &count, err) ||
		    (count > 0 && !is_there(fold, row, entry, line, &is, err)))
			return false;
		if (!is)
			return true;
		for (size_t i = 0; i < count; i++) {
			bool meant;
			if (!is_meant(fold, entry, line, &found[i], &meant, err) ||
			    (meant && !fold_close_duty(fold, found[i].id, entry, "settled", err)))
				return false;
			if (meant && line->only == PACK_ONLY_EARLIEST)
				return true;
			past = found[i];
		}
	}
	return true;
}

bool fold_end_rule(struct fold *fold, struct file_row *row, const struct folding *entry,
                   const struct pack_duty *rule, struct err *err)
{
	struct open_duty found[128], past = { .id = -1, .due = INSTANT_MIN };
	size_t count = COUNT_OF(found);
	if (row->open_duties == 0 && !rule->is_built_in)
		return true;
	while (count == COUNT_OF(found)) {
		if (!open_of_rule(fold, row->n, rule->name, &past, found, COUNT_OF(found), &count,
		                  err))
			return false;
		for (size_t i = 0; i < count; i++) {
			if (!fold_close_duty(fold, found[i].id, entry, "ended", err))
				return false;
			past = found[i];
		}
	}
	return true;
}
