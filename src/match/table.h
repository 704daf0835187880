/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Rows of a file as codes: of each column that is meant, each distinct text
 * once as it is written (raw), and per record its number. Private to the room.
 */
#ifndef CANDOUR_MATCH_TABLE_H
#define CANDOUR_MATCH_TABLE_H

#include "base/base.h"
#include "match/csv.h"
#include "match/date.h"
#include "match/dictionary.h"
#include "match/field.h"

#define TABLE_SOURCES_MAX 8 /* columns of one field */
#define TABLE_BAD_SHARE 100 /* more than one bad row in so many: nothing is done */

struct table_source {
	enum field field;
	size_t columns[TABLE_SOURCES_MAX]; /* joined in order */
	size_t count;
	struct dictionary raw;
	uint32_t *codes;       /* by record */
	enum norm_order order; /* of dates */
	bool is_by_order;      /* some of them can be read either way */
	bool has_order;        /* somebody said so, and nothing in the column counts */
};

#define TABLE_SOURCES 24

enum table_why {
	TABLE_ROW,     /* the row is left out, for its fault */
	TABLE_DATE,    /* a date is none: it counts as missing */
	TABLE_DEFAULT, /* it is what a form fills in: missing too */
};

struct table_bad {
	uint32_t line;
	uint32_t cells;
	uint16_t column; /* from 1; 0: the row as a whole */
	uint8_t fault;   /* enum csv_fault */
	uint8_t why;     /* enum table_why */
};

struct table {
	struct pool *pool;
	uint64_t seed;
	struct arena *texts[64]; /* cells that were written anew, by thread */
	struct csv csv;
	struct table_source sources[TABLE_SOURCES];
	size_t source_count;
	struct str *ids; /* by record */
	uint32_t count;  /* of records */
	struct table_bad *bad;
	size_t bad_count; /* rows left out come first, by line */
	size_t left_out;
	size_t recoded; /* rows with letters that were Windows-1252 */
};

/* Reads the rows whose columns csv->header names as fields[]; FIELD_NONE and FIELD_REFUSED are not
 * read. Bad rows are left out, however many. ERR_UNABLE; `name` is the file's, for messages. The
 * rows stay until table_forget_rows. */
bool table_read(struct table *table, struct pool *pool, struct csv *csv, const enum field *fields,
                struct str name, unsigned threads, uint64_t seed, struct err *err) MUST_USE;
void table_forget_rows(struct table *table);
void table_finish(struct table *table);
/* A text of Windows-1252 as UTF-8, in the arena. False: it is none, or there is no memory. */
bool table_recode(struct arena *arena, struct str *text) MUST_USE;
/* False: there is no memory. */
bool table_add_bad(struct table *table, struct table_bad bad) MUST_USE;

/* The source of a field; NULL: there is none. n-th, where several are (phones). */
struct table_source *table_source(struct table *table, enum field field, size_t n);

#endif
