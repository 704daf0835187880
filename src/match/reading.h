/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A file read and checked, before it is claims. Private to the room. */
#ifndef CANDOUR_MATCH_READING_H
#define CANDOUR_MATCH_READING_H

#include "match/match_parts.h"

/* What is done with a table that was checked, while its rows are there. */
typedef bool match_with_table(void *ctx, const struct table *table, struct err *err);

/* match_add, but for what becomes of the rows: `with` has them, and nothing is linked. */
bool match_read(struct match *match, struct str name, struct str text, match_with_table *with,
                void *ctx, struct err *err) MUST_USE;

#endif
