/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which column is about what: by its name, else by what stands in it. Private to the room. */
#ifndef CANDOUR_MATCH_COLUMNS_H
#define CANDOUR_MATCH_COLUMNS_H

#include "base/base.h"
#include "match/csv.h"
#include "match/field.h"

enum columns_why {
	COLUMNS_BY_NAME,
	COLUMNS_BY_VALUES,
	COLUMNS_BY_MODEL,
	COLUMNS_UNEXPLAINED, /* not read */
	COLUMNS_REFUSED,     /* nobody is matched by it: not read */
	COLUMNS_TWICE,       /* another column is that already: not read */
	COLUMNS_SHARED,      /* numbers that families have in common: not read */
	COLUMNS_UNWANTED,    /* the model says so: not read */
};

struct columns {
	enum field fields[CSV_COLUMNS_MAX];
	enum columns_why why[CSV_COLUMNS_MAX];
};

/* What a model says of a header, FIELD_NONE: that it is not to be read. False: it says nothing. */
typedef bool columns_given(void *ctx, struct str header, enum field *out);
/* `given` may be NULL. ERR_INPUT: no column of ids, or two of one name. `name`: the file's. */
bool columns_find(struct columns *columns, const struct csv *csv, struct str name, int this_year,
                  columns_given *given, void *ctx, struct err *err) MUST_USE;

#endif
