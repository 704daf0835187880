/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/settled.h"

#include <stdlib.h>

#include "match/ids.h"
#include "match/match_parts.h"

#define SCRATCH ((size_t)64 << 20)

static int by_pair(const void *a, const void *b)
{
	const struct cluster_pair *left = a, *right = b;
	if (left->a != right->a)
		return left->a < right->a ? -1 : 1;
	if (left->b != right->b)
		return left->b < right->b ? -1 : 1;
	return (left->line > right->line) - (left->line < right->line);
}

static bool no_memory(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory for so many settled pairs");
}

static size_t column_of(const struct csv *csv, struct str header)
{
	size_t i = 0;
	while (i < csv->columns && !str_eq(csv->header[i], header))
		i++;
	return i;
}

static bool read_row(struct settled *settled, const struct ids *ids, const struct csv_row *row,
                     struct str left, struct str right, struct err *err)
{
	uint32_t a = ids_find(ids, left, IDS_LEFT), b = ids_find(ids, right, IDS_RIGHT);
	if (!left.n || !right.n || str_eq(left, right))
		return err_set(err, ERR_INPUT, "%.*s:%u: two ids are expected, each another's",
		               STR_ARG(settled->name), row->line);
	if (a == IDS_ABSENT || b == IDS_ABSENT) {
		settled->absent_line = settled->absent++ ? settled->absent_line : row->line;
		return true;
	}
	settled->pairs[settled->count++] =
		(struct cluster_pair){ a < b ? a : b, a < b ? b : a, row->line };
	return true;
}

static bool read_rows(struct settled *settled, const struct csv *csv, const struct ids *ids,
                      struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *scratch = arena_create(SCRATCH);
	struct str cells[CSV_COLUMNS_MAX];
	size_t left = column_of(csv, STR("id_l")), right = column_of(csv, STR("id_r"));
	if (left == csv->columns || right == csv->columns)
		return err_set(err, ERR_INPUT,
		               "%.*s:%u: the first line must name the columns id_l and id_r",
		               STR_ARG(settled->name), csv->header_line);
	for (size_t i = 0; scratch && i < csv->count; i++) {
		if (csv_cells(csv, &csv->rows[i], cells, scratch) != CSV_GOOD)
			return err_set(err, ERR_INPUT,
			               "%.*s:%u: this row cannot be read as the header has it",
			               STR_ARG(settled->name), csv->rows[i].line);
		if (!read_row(settled, ids, &csv->rows[i], cells[left], cells[right], err))
			return false;
		arena_reset(scratch);
	}
	return scratch || no_memory(err);
}

static bool read_csv(struct settled *settled, const struct claims *claims, const struct csv *csv,
                     struct err *err)
{
	struct ids ids;
	settled->pairs = pool_take(claims->pool, csv->count, sizeof *settled->pairs);
	settled->stops = pool_take(claims->pool, csv->count, sizeof *settled->stops);
	if (!settled->pairs || !settled->stops || !ids_open(&ids, claims))
		return no_memory(err);
	bool done = read_rows(settled, csv, &ids, err);
	ids_close(&ids);
	if (done)
		qsort(settled->pairs, settled->count, sizeof *settled->pairs, by_pair);
	return done;
}

bool settled_read(struct settled *settled, const struct claims *claims, struct str name,
                  struct str text, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)1 << 20);
	struct csv csv;
	*settled = (struct settled){ .pool = claims->pool, .name = name };
	if (!arena)
		return no_memory(err);
	switch (csv_open(&csv, claims->pool, text, arena)) {
	case CSV_OPENED:
		break;
	case CSV_EMPTY:
		return true;
	case CSV_NO_HEADER:
		return err_set(err, ERR_INPUT, "%.*s:1: the first line names no columns",
		               STR_ARG(name));
	case CSV_MANY:
		return err_set(err, ERR_INPUT, "%.*s:1: more than %d columns", STR_ARG(name),
		               CSV_COLUMNS_MAX);
	case CSV_NO_MEMORY:
		return no_memory(err);
	}
	bool done = read_csv(settled, claims, &csv, err);
	csv_close(&csv);
	return done;
}

void settled_finish(struct settled *settled)
{
	if (!settled->pool)
		return;
	pool_give(settled->pool, settled->pairs);
	pool_give(settled->pool, settled->stops);
	*settled = (struct settled){ .pool = NULL };
}

bool match_settle(struct match *match, enum match_settled sort, struct str name, struct str text,
                  struct err *err)
{
	if (match->is_fitted || match->settled[sort].pool)
		return err_set(err, ERR_USAGE,
		               "Settled pairs are given once, before anything is compared");
	return settled_read(&match->settled[sort], &match->claims, name, text, err);
}
