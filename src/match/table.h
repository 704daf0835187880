/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Rows of a file as codes: of each column that is meant, each distinct text
 * once as it is written (raw), and per record its number. Private to the room.
 */
#ifndef CANDOUR_MATCH_TABLE_H
#define CANDOUR_MATCH_TABLE_H

#include "base/base.h"
#include "match/csv.h"
#include "match/dictionary.h"
#include "match/field.h"

#define TABLE_SOURCES_MAX 8 /* columns of one field */
#define TABLE_BAD_SHARE 100 /* more than one bad row in so many: nothing is done */

struct table_source {
	enum field field;
	size_t columns[TABLE_SOURCES_MAX]; /* joined in order */
	size_t count;
	struct dictionary raw;
	uint32_t *codes; /* by record */
};

#define TABLE_SOURCES 24

struct table_bad {
	uint32_t line;
	enum csv_fault fault;
	uint32_t cells;
};

struct table {
	struct pool *pool;
	struct arena *texts[64]; /* cells that were written anew, by thread */
	struct csv csv;
	struct table_source sources[TABLE_SOURCES];
	size_t source_count;
	struct str *ids; /* by record */
	uint32_t count;  /* of records */
	struct table_bad *bad;
	size_t bad_count;
	size_t recoded; /* cells that were Windows-1252 */
};

/* Reads the rows whose columns csv->header names as fields[]; FIELD_NONE and FIELD_REFUSED are not
 * read. ERR_INPUT: no id column, too many bad rows; ERR_UNABLE. `name` is the file's, for messages.
 */
bool table_read(struct table *table, struct pool *pool, struct csv *csv, const enum field *fields,
                struct str name, unsigned threads, uint64_t seed, struct err *err) MUST_USE;
void table_finish(struct table *table);

/* The source of a field; NULL: there is none. n-th, where several are (phones). */
struct table_source *table_source(struct table *table, enum field field, size_t n);

#endif
