/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Comma-separated text in memory, as strangers write it (RFC 4180; also ";" and
 * tabs, any line ends, a byte order mark). Rows are found first, in one pass,
 * and then read cell by cell, by several threads. Private to the room.
 */
#ifndef CANDOUR_MATCH_CSV_H
#define CANDOUR_MATCH_CSV_H

#include <stdint.h>

#include "base/base.h"

#define CSV_COLUMNS_MAX 128
#define CSV_CELL_MAX ((size_t)64 << 10) /* bytes */
#define CSV_LINE_MAX ((size_t)1 << 20)

enum csv_fault {
	CSV_GOOD,
	CSV_CELLS,   /* too few or too many */
	CSV_QUOTE,   /* it opens and does not close, or something stands behind it */
	CSV_NUL,     /* a byte of nothing */
	CSV_LONG,    /* a cell */
	CSV_LINE,    /* the line */
	CSV_LETTERS, /* bytes that are no text in either form */
};

/* A row's bytes without the line end. */
struct csv_row {
	uint64_t at;
	uint32_t n;
	uint32_t line; /* on which it begins, from 1 */
	enum csv_fault fault;
};

struct csv {
	struct pool *pool;
	struct str text; /* borrowed */
	char by;
	struct csv_row *rows; /* without the header */
	size_t count;
	struct str header[CSV_COLUMNS_MAX]; /* trimmed, as written */
	size_t columns;
	uint32_t header_line;
	/* Told how far reading the rows has come; false ends it. May be NULL. */
	bool (*progress)(void *ctx, uint64_t done, uint64_t of);
	void *ctx;
};

enum csv_opened {
	CSV_OPENED,
	CSV_EMPTY, /* not even a header */
	CSV_NO_HEADER,
	CSV_MANY, /* more columns than CSV_COLUMNS_MAX */
	CSV_NO_MEMORY,
};

/* Finds the rows; blank lines are none. `arena` takes headers that had to be read anew. */
enum csv_opened csv_open(struct csv *csv, struct pool *pool, struct str text,
                         struct arena *arena) MUST_USE;
void csv_close(struct csv *csv);

/*
 * The cells of a row, csv->columns of them, without blanks at both ends. They
 * lie in the text; a cell with quotes inside is written anew into `scratch`.
 */
enum csv_fault csv_cells(const struct csv *csv, const struct csv_row *row, struct str *cells,
                         struct arena *scratch) MUST_USE;

/* Of a row that is not good: how many cells it has, and the column of what is wrong. `scratch` as
 * above. */
void csv_fault_at(const struct csv *csv, const struct csv_row *row, struct arena *scratch,
                  size_t *cells, size_t *column);

#endif
