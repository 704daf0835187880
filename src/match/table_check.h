/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is wrong with a table's rows, by line and column. Private to the room. */
#ifndef CANDOUR_MATCH_TABLE_CHECK_H
#define CANDOUR_MATCH_TABLE_CHECK_H

#include "match/note.h"
#include "match/table.h"

struct table_checks {
	struct str name; /* of the file */
	int this_year;
	unsigned threads;
	bool lists_dates;    /* each row of which a date is not read, not the first and their number
	                        alone */
	struct arena *arena; /* of the notes' texts */
	struct notes *notes;
};

/* Why a row is left out, as a person reads it. */
struct str table_bad_words(const struct table_bad *bad, size_t columns, struct arena *arena);
/* The column's name; empty: the row as a whole. */
struct str table_bad_column(const struct table *table, const struct table_bad *bad);

/*
 * Finds the order of day and month where the table's columns say nothing of
 * it, notes bad rows and dates that are none, and adds these to the bad ones if
 * they are to be listed. ERR_INPUT: an id is missing or stands twice; too many rows are bad.
 */
bool table_check(struct table *table, const struct table_checks *checks, struct err *err) MUST_USE;

#endif
