/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of files in hand during an act: read once, written back at its end. */
#include <stdlib.h>

#include "casebook/finder.h"
#include "casebook/fold_parts.h"
#include "casebook/world.h"

static const char INSERT_SQL[] =
	"INSERT INTO file (n, id, type, number, state, facts, area, first_entry, last_entry, first_office,"
	" last_office, open_duties, destroyed, finder)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
static const char UPDATE_SQL[] =
	"UPDATE file SET state = ?2, facts = ?3, area = ?4, last_entry = ?5, last_office = ?6,"
	" open_duties = ?7, destroyed = ?8, first_office = ?9 WHERE n = ?1";
/* By file_number(type, number): one step from its end. */
static const char NUMBER_SQL[] = "SELECT MAX(number) FROM file WHERE type = ?1";

#define FIRST_FILES 16

static bool too_many(struct err *err)
{
	return err_set(err, ERR_UNABLE,
	               "This act reaches more than %d files; make it on a file with fewer links",
	               FOLD_FILES_MAX);
}

static bool take_in_hand(struct fold *fold, struct file_row *row, struct err *err)
{
	if (fold->file_count == fold->file_room) {
		size_t room = fold->file_room ? fold->file_room * 2 : FIRST_FILES;
		struct file_row **files = realloc(fold->files, room * sizeof(struct file_row *));
		if (!files)
			return err_set(err, ERR_UNABLE, "There is no memory for a file in hand");
		fold->files = files;
		fold->file_room = room;
	}
	fold->files[fold->file_count++] = row;
	return true;
}

struct file_row *fold_in_hand(struct fold *fold, int64_t n)
{
	for (size_t i = 0; i < fold->file_count; i++) {
		if (fold->files[i]->n == n)
			return fold->files[i];
	}
	return NULL;
}

struct file_row *fold_in_hand_by_id(struct fold *fold, struct str id)
{
	for (size_t i = 0; i < fold->file_count; i++) {
		if (str_eq(fold->files[i]->id, id))
			return fold->files[i];
	}
	return NULL;
}

bool fold_file(struct fold *fold, int64_t n, struct file_row **out, struct err *err)
{
	*out = fold_in_hand(fold, n);
	if (*out)
		return true;
	if (fold->file_count == FOLD_FILES_MAX)
		return too_many(err);
	return file_row_read(fold->store, fold->pack, fold->arena, n, out, err) &&
	       take_in_hand(fold, *out, err);
}

bool fold_file_by_id(struct fold *fold, struct str id, struct file_row **out, struct err *err)
{
	int64_t n;
	*out = fold_in_hand_by_id(fold, id);
	if (*out)
		return true;
	return file_row_by_id(fold->store, fold->file_tags, id, &n, err) &&
	       fold_file(fold, n, out, err);
}

/* The next number of a type: over the store, and over new rows still in hand. */
static bool next_number(struct fold *fold, struct str type, int64_t *number, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *newest = NULL;
	if (!store_prepare(fold->store, NUMBER_SQL, &newest, err))
		return false;
	store_bind_str(newest, 1, type);
	if (store_step(newest, err) == STORE_FAILED)
		return false;
	*number = store_int(newest, 0) + 1;
	for (size_t i = 0; i < fold->file_count; i++) {
		const struct file_row *row = fold->files[i];
		if (row->is_new && str_eq(row->type_name, type) && row->number >= *number)
			*number = row->number + 1;
	}
	return true;
}

bool fold_file_new(struct fold *fold, int64_t n, struct str id, const struct pack_file_type *type,
                   struct file_row **out, struct err *err)
{
	if (fold->file_count == FOLD_FILES_MAX)
		return too_many(err);
	struct file_row *row = arena_alloc(fold->arena, 1, sizeof *row);
	struct str *facts = arena_alloc(fold->arena, type->fact_count, sizeof *facts);
	if (!row || !facts)
		return err_set(err, ERR_UNABLE, "There is no memory for a new file");
	*row = (struct file_row){
		.n = n,
		.id = id,
		.type = type,
		.type_name = type->name,
		.facts = facts,
		.area = STR("-"),
		.first_office = STR("-"),
		.last_office = STR("-"),
		.destroyed = -1,
		.is_new = true,
		.is_dirty = true,
	};
	*out = row;
	return next_number(fold, type->name, &row->number, err) && take_in_hand(fold, row, err);
}

bool fold_facts_text(struct arena *arena, const struct file_row *row, struct str *out,
                     struct err *err)
{
	struct buf text;
	struct json *object = json_object(arena);
	for (size_t i = 0; row->type && i < row->type->fact_count; i++) {
		if (row->facts[i].p)
			json_put_text(arena, object, row->type->facts[i].name, row->facts[i]);
	}
	buf_init(&text, (size_t)64 << 10);
	bool done = json_write_canonical(&text, object, err);
	*out = done ? arena_copy(arena, buf_str(&text)) : STR_NONE;
	buf_finish(&text);
	return done &&
	       (out->p || err_set(err, ERR_UNABLE, "There is no memory for a file's facts"));
}

static void bind_destroyed(struct store_stmt *stmt, int at, int64_t destroyed)
{
	if (destroyed >= 0)
		store_bind_int(stmt, at, destroyed);
	else
		store_bind_null(stmt, at);
}

static bool insert_row(struct fold *fold, const struct file_row *row, struct str facts,
                       struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(fold->store, INSERT_SQL, &put, err))
		return false;
	store_bind_int(put, 1, row->n);
	store_bind_str(put, 2, row->id);
	store_bind_str(put, 3, row->type_name);
	store_bind_int(put, 4, row->number);
	store_bind_int(put, 5, row->state);
	store_bind_str(put, 6, facts);
	store_bind_str(put, 7, row->area);
	store_bind_int(put, 8, row->first_entry);
	store_bind_int(put, 9, row->last_entry);
	store_bind_str(put, 10, row->first_office);
	store_bind_str(put, 11, row->last_office);
	store_bind_int(put, 12, row->open_duties);
	bind_destroyed(put, 13, row->destroyed);
	int64_t finder = finder_of_id(row->id);
	store_bind_int(put, 14, finder);
	return store_do(put, err) &&
	       (row->n == 0 || tags_put(fold->file_tags, fold->store, finder, row->n, err));
}

static bool update_row(struct fold *fold, const struct file_row *row, struct str facts,
                       struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(fold->store, UPDATE_SQL, &put, err))
		return false;
	store_bind_int(put, 1, row->n);
	store_bind_int(put, 2, row->state);
	store_bind_str(put, 3, facts);
	store_bind_str(put, 4, row->area);
	store_bind_int(put, 5, row->last_entry);
	store_bind_str(put, 6, row->last_office);
	store_bind_int(put, 7, row->open_duties);
	bind_destroyed(put, 8, row->destroyed);
	store_bind_str(put, 9, row->first_office);
	return store_do(put, err);
}

bool fold_born(struct fold *fold, struct file_row *row, struct err *err)
{
	static const char PUT_SQL[] =
		"INSERT INTO born (month, file) VALUES (?1, ?2) ON CONFLICT (file)"
		" DO UPDATE SET month = excluded.month";
	static const char DROP_SQL[] = "DELETE FROM born WHERE file = ?1";
	struct str born = file_row_born(fold->pack, row);
	if (born.p == row->born.p || (born.p && row->born.p && str_eq(born, row->born)))
		return true;
	row->born = born;
	/* Of a year alone its last month: the age is then reached for certain. */
	if (born.n == 4)
		born = arena_format(fold->arena, "%.*s-12", STR_ARG(born));
	return born.p ? fold_put(fold, PUT_SQL, &born, 1, &row->n, 1, err)
	              : fold_put(fold, DROP_SQL, NULL, 0, &row->n, 1, err);
}

bool fold_write_rows(struct fold *fold, struct err *err)
{
	for (size_t i = 0; i < fold->file_count; i++) {
		struct file_row *row = fold->files[i];
		struct str facts;
		if (!row->is_dirty)
			continue;
		if (!fold_facts_text(fold->arena, row, &facts, err) ||
		    !(row->is_new ? insert_row(fold, row, facts, err)
		                  : update_row(fold, row, facts, err)) ||
		    !fold_born(fold, row, err))
			return false;
		row->is_new = row->is_dirty = false;
	}
	return true;
}
