/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: what the sources of the queries share. */
#ifndef CANDOUR_CASEBOOK_ROWS_H
#define CANDOUR_CASEBOOK_ROWS_H

#include "casebook/chart.h"
#include "casebook/readings.h"

#define ROWS_MAX 1000 /* of one answer; a page shows 50 */

/* "This list is too long to show at once": false. */
bool rows_too_long(struct err *err);
/* Whether `limit` is 1 .. ROWS_MAX; a fault of the caller's else. */
bool rows_limit_is_good(size_t limit, struct err *err) MUST_USE;

/* A list that grows in an arena, at most `max` items: the old block is left to the arena. */
struct rows {
	struct arena *arena;
	void *at;
	size_t count;
	size_t room;
	size_t size; /* bytes of an item */
};
/* A zeroed item at the end; NULL when the arena is out. */
void *rows_add(struct rows *rows);

/* The item for the next row of a statement; NULL after the last, or when *failed (err says why). */
void *rows_next(struct rows *rows, struct store_stmt *stmt, bool *failed, struct err *err);

/* The first column of every row, as numbers. */
bool rows_of_ids(struct rows *out, struct arena *arena, struct store_stmt *stmt,
                 struct err *err) MUST_USE;
/* The n-th of them. */
int64_t rows_id(const struct rows *rows, size_t n);

/* A copied column; sets *lost when the arena is out. */
struct str row_text(struct arena *arena, struct store_stmt *rows, int column, bool *lost);

/* "C-418", by the letter of a type; the type's name stands for the letter of one that is gone. */
struct str number_write(struct arena *arena, const struct pack_file_type *type,
                        struct str type_name, int64_t number);

#endif
