/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a kind with restricts or lifts means to the views: whose words fewer may
 * read, until when, and which of them may be read again. The end of its last
 * day ends a restriction by itself: no entry, and nothing to fold.
 */
#include "casebook/fold_parts.h"

/* By the primary key. */
static const char OLD_SQL[] =
	"SELECT first, since, renewals, whole, ended FROM restriction WHERE entry = ?1 AND file = ?2";
static const char PLACE_SQL[] =
	"INSERT INTO restriction (office, reason, entry, file, first, since, until_at, renewals, whole)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
static const char READER_SQL[] =
	"INSERT INTO restriction_reader (office, restriction) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
static const char FIRST_READER_SQL[] =
	"INSERT INTO restriction_reader (office, restriction) SELECT office, ?2 FROM restriction"
	" WHERE entry = ?1 ON CONFLICT DO NOTHING";
/* An entry of another file is none of this file's to restrict. */
static const char ENTRY_SQL[] =
	"INSERT INTO restriction_entry (restriction, entry) SELECT ?1, idx FROM entry"
	" WHERE idx = ?2 AND file = ?3 ON CONFLICT DO NOTHING";
/* What the one before hid, and what of it was opened since. */
static const char COPY_SQL[] =
	"INSERT INTO restriction_entry (restriction, entry, opened) SELECT ?1, entry, opened"
	" FROM restriction_entry WHERE restriction = ?2 ON CONFLICT DO NOTHING";
static const char END_SQL[] = "UPDATE restriction SET ended = ?2 WHERE entry = ?1";
/* By restriction_file. */
static const char IN_FORCE_SQL[] =
	"SELECT entry FROM restriction WHERE file = ?1 AND ended IS NULL ORDER BY entry";
static const char OPENED_SQL[] =
	"INSERT INTO restriction_entry (restriction, entry, opened) SELECT ?1, idx, ?4 FROM entry"
	" WHERE idx = ?2 AND file = ?3 ON CONFLICT (restriction, entry) DO UPDATE SET opened = excluded.opened";
static const char LEFT_SQL[] =
	"SELECT 1 FROM restriction_entry WHERE restriction = ?1 AND opened IS NULL LIMIT 1";

#define LIFTED_MAX 64 /* restrictions of one file that one entry lifts */

struct old {
	int64_t entry; /* -1: there is none */
	int64_t first;
	int64_t since;
	int64_t renewals;
	bool is_whole;
};

static const struct json *first_of(const struct json *value)
{
	return value && value->type == JSON_ARRAY ? value->first : value;
}

static const struct json *next_of(const struct json *value, const struct json *item)
{
	return value->type == JSON_ARRAY ? item->next : NULL;
}

/* The restriction by whose entry the duty was opened that the field `of` names. */
static bool find_old(struct fold *fold, const struct file_row *row, const struct folding *entry,
                     struct str of, struct old *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	int64_t duty;
	*out = (struct old){ .entry = -1 };
	if (!of.p || !duty_name_read(folding_text(entry, of), &duty))
		return true;
	if (!store_prepare(fold->store, OLD_SQL, &found, err))
		return false;
	store_bind_int(found, 1, duty / FOLD_ORDINAL_BASE);
	store_bind_int(found, 2, row->n);
	enum store_step step = store_step(found, err);
	if (step == STORE_ROW && store_is_null(found, 4))
		*out = (struct old){ .entry = duty / FOLD_ORDINAL_BASE,
			             .first = store_int(found, 0),
			             .since = store_int(found, 1),
			             .renewals = store_int(found, 2),
			             .is_whole = store_int(found, 3) != 0 };
	return step != STORE_FAILED;
}

static bool put_entries(struct fold *fold, const struct file_row *row, const struct folding *entry,
                        const struct json *entries, struct err *err)
{
	for (const struct json *item = first_of(entries); item; item = next_of(entries, item)) {
		int64_t numbers[] = { entry->index, item->integer, row->n };
		if (item->type == JSON_INTEGER &&
		    !fold_put(fold, ENTRY_SQL, NULL, 0, numbers, COUNT_OF(numbers), err))
			return false;
	}
	return true;
}

static bool put_readers(struct fold *fold, const struct folding *entry, const struct old *old,
                        const struct json *offices, struct err *err)
{
	int64_t from_first[] = { old->first, entry->index };
	if (!fold_put(fold, READER_SQL, &entry->office, 1, &entry->index, 1, err))
		return false;
	if (old->entry >= 0 && !fold_put(fold, FIRST_READER_SQL, NULL, 0, from_first, 2, err))
		return false;
	for (const struct json *item = first_of(offices); item; item = next_of(offices, item)) {
		if (item->type == JSON_STRING &&
		    !fold_put(fold, READER_SQL, &item->string, 1, &entry->index, 1, err))
			return false;
	}
	return true;
}

static bool place(struct fold *fold, const struct file_row *row, const struct folding *entry,
                  struct err *err)
{
	const struct pack_restricts *by = entry->kind->restricts;
	const struct json *entries = by->entries.p ? json_member(entry->plain, by->entries) : NULL;
	bool names_some = first_of(entries) != NULL;
	struct str reason = by->reason.p ? folding_text(entry, by->reason) : STR("");
	struct str texts[] = { entry->office.p ? entry->office : STR(""),
		               reason.p ? reason : STR("") };
	struct pack_due end;
	struct old old;
	struct day day;
	if (!day_read(folding_text(entry, by->until), &day))
		return folding_lacks(err, entry, "day");
	if (!pack_due_from_day(fold->pack->calendar, day, &end, err) ||
	    !find_old(fold, row, entry, by->of, &old, err))
		return false;
	bool is_renewal = old.entry >= 0;
	bool is_whole = is_renewal && !names_some ? old.is_whole : !names_some;
	int64_t numbers[] = { entry->index,
		              row->n,
		              is_renewal ? old.first : entry->index,
		              is_renewal ? old.since : entry->recorded,
		              end.due,
		              is_renewal ? old.renewals + 1 : 0,
		              is_whole };
	int64_t ended[] = { old.entry, entry->index }, copied[] = { entry->index, old.entry };
	if (!fold_put(fold, PLACE_SQL, texts, COUNT_OF(texts), numbers, COUNT_OF(numbers), err) ||
	    (is_renewal && !fold_put(fold, END_SQL, NULL, 0, ended, 2, err)) ||
	    !put_readers(fold, entry, &old, json_member(entry->plain, by->to), err))
		return false;
	/* Renewed without naming any, it hides what it hid. */
	return names_some ? put_entries(fold, row, entry, entries, err)
	                  : !is_renewal || fold_put(fold, COPY_SQL, NULL, 0, copied, 2, err);
}

/* Whether a restriction of named entries hides any still; one of the whole file always does. */
static bool hides_any(struct fold *fold, int64_t restriction, bool *hides, struct err *err)
{
	static const char WHOLE_SQL[] = "SELECT whole FROM restriction WHERE entry = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *whole = NULL, *left = NULL;
	if (!store_prepare(fold->store, WHOLE_SQL, &whole, err) ||
	    !store_prepare(fold->store, LEFT_SQL, &left, err))
		return false;
	store_bind_int(whole, 1, restriction);
	store_bind_int(left, 1, restriction);
	if (store_step(whole, err) != STORE_ROW)
		return false;
	*hides = store_int(whole, 0) != 0;
	if (*hides)
		return true;
	enum store_step step = store_step(left, err);
	*hides = step == STORE_ROW;
	return step != STORE_FAILED;
}

static bool lift_one(struct fold *fold, const struct file_row *row, const struct folding *entry,
                     int64_t restriction, const struct json *entries, struct err *err)
{
	int64_t ended[] = { restriction, entry->index };
	bool hides = false;
	for (const struct json *item = first_of(entries); item; item = next_of(entries, item)) {
		int64_t numbers[] = { restriction, item->integer, row->n, entry->index };
		if (item->type == JSON_INTEGER &&
		    !fold_put(fold, OPENED_SQL, NULL, 0, numbers, COUNT_OF(numbers), err))
			return false;
	}
	if (first_of(entries) && !hides_any(fold, restriction, &hides, err))
		return false;
	return hides || fold_put(fold, END_SQL, NULL, 0, ended, 2, err);
}

static bool lift(struct fold *fold, const struct file_row *row, const struct folding *entry,
                 struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	const struct pack_lifts *by = entry->kind->lifts;
	const struct json *entries = by->entries.p ? json_member(entry->plain, by->entries) : NULL;
	int64_t found[LIFTED_MAX];
	size_t count = 0;
	struct old old;
	if (!find_old(fold, row, entry, by->of, &old, err))
		return false;
	if (by->of.p)
		return old.entry < 0 || lift_one(fold, row, entry, old.entry, entries, err);
	if (!store_prepare(fold->store, IN_FORCE_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, row->n);
	while (count < COUNT_OF(found)) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		found[count++] = store_int(rows, 0);
	}
	store_stmt_finish(&rows);
	for (size_t i = 0; i < count; i++) {
		if (!lift_one(fold, row, entry, found[i], entries, err))
			return false;
	}
	return true;
}

bool fold_restrict(struct fold *fold, const struct file_row *row, const struct folding *entry,
                   struct err *err)
{
	if (entry->kind->restricts)
		return place(fold, row, entry, err);
	return !entry->kind->lifts || lift(fold, row, entry, err);
}
