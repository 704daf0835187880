/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A file's rows as they are written, found and checked as linking does, and handed on one by one.
 */
#include "match/date.h"
#include "match/match_parts.h"
#include "match/reading.h"

#define ROW_BYTES ((size_t)4 << 20) /* more than one line may hold */

struct rows_visit {
	struct match *match;
	const struct table *table;
	match_visit_row *visit;
	void *ctx;
};

static enum match_cell cell_of(enum field field, size_t nth)
{
	static const enum match_cell CELLS[] = {
		[FIELD_FIRST] = MATCH_CELL_FIRST,
		[FIELD_MIDDLE] = MATCH_CELL_MIDDLE,
		[FIELD_SURNAME] = MATCH_CELL_SURNAME,
		[FIELD_DOB] = MATCH_CELL_BIRTH,
		[FIELD_SEX] = MATCH_CELLS,
		[FIELD_POSTCODE] = MATCH_CELL_POSTCODE,
		[FIELD_ADDRESS] = MATCH_CELL_ADDRESS,
		[FIELD_PHONE] = MATCH_CELL_PHONE,
		[FIELD_EMAIL] = MATCH_CELL_EMAIL,
		[FIELD_NHS] = MATCH_CELL_NHS,
		[FIELD_UPN] = MATCH_CELL_UPN,
		[FIELD_OTHER] = MATCH_CELL_OTHER,
		[FIELD_OTHER + 1] = MATCH_CELL_OTHER_2,
		[FIELD_AGENCY] = MATCH_CELLS,
		[FIELD_FULL] = MATCH_CELL_FULL,
		[FIELD_ID] = MATCH_CELL_ID,
		[FIELD_NONE] = MATCH_CELLS,
		[FIELD_REFUSED] = MATCH_CELLS,
	};
	enum match_cell cell = CELLS[field];
	if (cell == MATCH_CELL_PHONE && nth > 0)
		return nth == 1 ? MATCH_CELL_PHONE_2 : MATCH_CELLS;
	return cell;
}

/* Parts of an address stand in their order, as somebody would write them. */
static bool put_cell(struct arena *arena, struct str *cell, struct str text)
{
	struct str pieces[3] = { *cell, STR(", "), text };
	*cell = cell->n && text.n ? arena_join(arena, pieces, 3) : text.n ? text : *cell;
	return cell->p || cell->n == 0;
}

static struct match_birth birth_of(const struct norm_date *date)
{
	/* The first of January is what many write who know the year alone. */
	bool is_year = date->sure == NORM_SURE_YEAR || date->sure == NORM_DEFAULT;
	return (struct match_birth){ .year = date->year,
		                     .month = is_year ? 0 : date->month,
		                     .day = is_year || date->is_month_only ? 0 : date->day };
}

bool match_birth_read(struct str text, int this_year, struct match_birth *out)
{
	struct norm_date date;
	*out = (struct match_birth){ 0 };
	if (!norm_date(text, NORM_DMY, this_year, &date))
		return false;
	*out = birth_of(&date);
	return true;
}

static void read_birth(const struct match *match, const struct table *table, struct match_row *row)
{
	const struct table_source *source = NULL;
	struct norm_date date;
	for (size_t i = 0; i < table->source_count; i++) {
		if (table->sources[i].field == FIELD_DOB)
			source = &table->sources[i];
	}
	if (!source ||
	    !norm_date(row->cells[MATCH_CELL_BIRTH], source->order, match->limits.this_year, &date))
		return;
	struct match_birth birth = birth_of(&date);
	row->year = birth.year;
	row->month = birth.month;
	row->day = birth.day;
}

static bool fill_row(struct rows_visit *visit, const struct csv_row *at, struct arena *arena,
                     struct match_row *row, bool *is_good)
{
	const struct csv *csv = &visit->table->csv;
	const struct columns *columns = &visit->match->columns[0];
	struct str cells[CSV_COLUMNS_MAX];
	size_t phones = 0;
	*row = (struct match_row){ .line = at->line };
	*is_good = csv_cells(csv, at, cells, arena) == CSV_GOOD;
	for (size_t i = 0; *is_good && i < csv->columns; i++) {
		enum field field = columns->fields[i];
		enum match_cell cell = cell_of(field, phones);
		phones += field == FIELD_PHONE;
		if (!str_is_utf8(cells[i]) && !table_recode(arena, &cells[i])) {
			*is_good = false;
			return true;
		}
		if (cell != MATCH_CELLS && !put_cell(arena, &row->cells[cell], cells[i]))
			return false;
	}
	if (*is_good)
		read_birth(visit->match, visit->table, row);
	return true;
}

static bool visit_rows(void *ctx, const struct table *table, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(ROW_BYTES);
	struct rows_visit *visit = ctx;
	visit->table = table;
	for (size_t i = 0; arena && i < table->csv.count; i++) {
		struct match_row row;
		bool is_good;
		if (!fill_row(visit, &table->csv.rows[i], arena, &row, &is_good))
			return match_no_memory(err);
		if (is_good && !visit->visit(visit->ctx, &row, err))
			return false;
		arena_reset(arena);
	}
	return arena || match_no_memory(err);
}

bool match_rows(struct match *match, struct str name, struct str text, match_visit_row *visit,
                void *ctx, struct err *err)
{
	struct rows_visit rows = { .match = match, .visit = visit, .ctx = ctx };
	if (match->file_count > 0)
		return err_set(err, ERR_USAGE, "One file is read by its rows");
	return match_read(match, name, text, visit_rows, &rows, err);
}
