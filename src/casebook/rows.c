/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/rows.h"

#define FIRST_ROOM 16

bool rows_too_long(struct err *err)
{
	return err_set(err, ERR_UNABLE, "This list is too long to show at once");
}

bool rows_limit_is_good(size_t limit, struct err *err)
{
	return (limit >= 1 && limit <= ROWS_MAX) || err_set(err, ERR_FAULT, "a list of %zu", limit);
}

void *rows_add(struct rows *rows)
{
	if (rows->count == rows->room) {
		size_t room = rows->room ? rows->room * 2 : FIRST_ROOM;
		char *at = arena_alloc(rows->arena, room, rows->size);
		if (!at)
			return NULL;
		if (rows->count)
			memcpy(at, rows->at, rows->count * rows->size);
		rows->at = at;
		rows->room = room;
	}
	return (char *)rows->at + rows->count++ * rows->size;
}

void *rows_next(struct rows *rows, struct store_stmt *stmt, bool *failed, struct err *err)
{
	enum store_step step = store_step(stmt, err);
	void *item = step == STORE_ROW ? rows_add(rows) : NULL;
	*failed = step == STORE_FAILED || (step == STORE_ROW && !item && !rows_too_long(err));
	return item;
}

bool rows_of_ids(struct rows *out, struct arena *arena, struct store_stmt *stmt, struct err *err)
{
	bool failed = false;
	int64_t *id;
	*out = (struct rows){ .arena = arena, .size = sizeof *id };
	while ((id = rows_next(out, stmt, &failed, err)))
		*id = store_int(stmt, 0);
	return !failed;
}

int64_t rows_id(const struct rows *rows, size_t n)
{
	return ((const int64_t *)rows->at)[n];
}

struct str row_text(struct arena *arena, struct store_stmt *rows, int column, bool *lost)
{
	struct str found = store_str(rows, column);
	if (!found.p)
		return STR_NONE;
	struct str kept = arena_copy(arena, found);
	if (!kept.p)
		*lost = true;
	return kept;
}

struct str number_write(struct arena *arena, const struct pack_file_type *type,
                        struct str type_name, int64_t number)
{
	struct str letter = type ? type->letter : type_name;
	return arena_format(arena, "%.*s-%" PRId64, STR_ARG(letter), number);
}
