/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files into claims: columns found, rows read and checked. */
#include "match/reading.h"

#include "match/ids.h"
#include "match/table_check.h"
#include "match/work.h"

const struct model_column *match_column_given(const struct match *match, struct str header)
{
	for (size_t i = 0; match->given && i < match->given->column_count; i++) {
		if (str_eq(match->given->columns[i].header, header))
			return &match->given->columns[i];
	}
	return NULL;
}

static bool given_column(void *ctx, struct str header, enum field *out)
{
	const struct model_column *column = match_column_given(ctx, header);
	if (column)
		*out = column->field;
	return column != NULL;
}

/* The order of dates that the model says. */
static void set_orders(const struct match *match, struct table *table)
{
	for (size_t i = 0; i < table->source_count; i++) {
		struct table_source *source = &table->sources[i];
		const struct model_column *column =
			match_column_given(match, table->csv.header[source->columns[0]]);
		if (source->field != FIELD_DOB || !column || column->order == MODEL_ORDER_FOUND)
			continue;
		source->order = column->order == MODEL_ORDER_MDY ? NORM_MDY : NORM_DMY;
		source->has_order = source->is_by_order = true;
	}
}

static void keep_order(struct match *match, size_t n, struct table *table)
{
	const struct table_source *source = table_source(table, FIELD_DOB, 0);
	match->orders[n] = !source || !source->is_by_order ? MODEL_ORDER_FOUND
	                   : source->order == NORM_MDY     ? MODEL_ORDER_MDY
	                                                   : MODEL_ORDER_DMY;
}

static bool open_csv(struct match *match, struct csv *csv, struct str name, struct str text,
                     struct err *err)
{
	enum csv_opened opened = csv_open(csv, match->pool, text, match->arena);
	/* Nothing at all is a file of no records. */
	if (opened == CSV_EMPTY)
		opened = csv_open(csv, match->pool, STR("id\n"), match->arena);
	switch (opened) {
	case CSV_OPENED:
		return true;
	case CSV_EMPTY:
	case CSV_NO_HEADER:
		return err_set(err, ERR_INPUT, "%.*s:1: the first line names no columns",
		               STR_ARG(name));
	case CSV_MANY:
		return err_set(
			err, ERR_INPUT,
			"%.*s:%u: more than %d columns; leave out those that tell nobody apart",
			STR_ARG(name), csv->header_line, CSV_COLUMNS_MAX);
	case CSV_NO_MEMORY:
		return match_no_memory(err);
	}
	return false;
}

/* Rows are found by one thread while another reckons the file's hash. */
struct opening {
	struct match *match;
	struct csv *csv;
	struct str name, text;
	struct err *err;
	bool is_open;
};

static bool open_half(void *ctx, size_t part, unsigned thread)
{
	struct opening *opening = ctx;
	struct match *match = opening->match;
	(void)thread;
	if (part == 0)
		opening->is_open =
			open_csv(match, opening->csv, opening->name, opening->text, opening->err);
	else
		match->hashes[match->file_count] = hash_of(opening->text);
	return true;
}

/* The list of bad rows outlasts the table, for whoever wants to mend them. */
static void keep_bad_rows(struct match *match, size_t n, struct table *table)
{
	match->bad_rows[n] = table->left_out;
	if (!match->limits.lists_bad)
		return;
	match->bad[n] = table->bad;
	match->bad_count[n] = table->bad_count;
	table->bad = NULL;
	table->bad_count = table->left_out = 0;
}

/* "a:X1" is the first file's X1 where both have one. */
static bool is_shown(struct str id, struct str wanted, size_t n)
{
	return str_eq(id, wanted) || (str_starts(wanted, n == 0 ? STR("a:") : STR("b:")) &&
	                              str_eq(id, str_sub(wanted, 2, wanted.n)));
}

static bool is_of(enum field field, enum comparison k)
{
	return k == COMPARE_NAME
	               ? field == FIELD_FIRST || field == FIELD_SURNAME || field == FIELD_FULL
	               : field == compare_field(k);
}

/* A record's values as they are written, several of one comparison with a blank between. */
static void keep_written(struct match *match, struct table *table, uint32_t record, size_t side)
{
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		struct str all = STR("");
		for (size_t s = 0; s < table->source_count; s++) {
			const struct table_source *source = &table->sources[s];
			if (source->field == FIELD_ID || !is_of(source->field, k))
				continue;
			struct str text = dictionary_text(&source->raw, source->codes[record]);
			all = arena_format(match->arena, "%.*s%s%.*s", STR_ARG(all),
			                   all.n && text.n ? " " : "", STR_ARG(text));
		}
		match->written[side][k] = all;
	}
}

static void find_shown(struct match *match, size_t n, struct table *table)
{
	for (size_t side = 0; side < 2; side++) {
		struct str wanted = match->limits.shown[side];
		bool is_there = match->written[side][COMPARE_NAME].p != NULL;
		/* Of two files that have one each the first named is the first's. */
		if (!wanted.n || (is_there && side != n))
			continue;
		for (uint32_t i = 0; i < table->count; i++) {
			if (is_shown(table->ids[i], wanted, n))
				keep_written(match, table, i, side);
		}
	}
}

/* Without a name a family of one birthday is one person. */
static void note_names(struct match *match, size_t n)
{
	const enum field *fields = match->columns[n].fields;
	bool has_name = false;
	for (size_t i = 0; i < match->header_count[n]; i++)
		has_name = has_name || is_of(fields[i], COMPARE_NAME);
	if (!has_name && match->records[n])
		notes_add(&match->notes, match->arena,
		          (struct note){ .file = match->names[n],
		                         .what = STR("no column is known to hold names, without "
		                                     "which twins are one and families are near; "
		                                     "a model says which one is "
		                                     "(columns: { surname: [header] })") });
}

static bool add_table(struct match *match, size_t n, struct table *table, match_with_table *with,
                      void *ctx, struct err *err)
{
	struct table_checks checks = { .name = match->names[n],
		                       .this_year = match->limits.this_year,
		                       .threads = match->limits.threads,
		                       .lists_dates = match->limits.lists_bad,
		                       .arena = match->arena,
		                       .notes = &match->notes };
	set_orders(match, table);
	bool done = table_check(table, &checks, err);
	keep_order(match, n, table);
	if (done && with)
		done = with(ctx, table, err);
	table_forget_rows(table);
	match->records[n] = table->count;
	match->recoded[n] = table->recoded;
	note_names(match, n);
	keep_bad_rows(match, n, table);
	if (done)
		find_shown(match, n, table);
	return done && (with || claims_add(&match->claims, table, err));
}

static bool tell_rows(void *ctx, uint64_t done, uint64_t of)
{
	const struct match *match = ctx;
	return !match->limits.progress ||
	       match->limits.progress(match->limits.ctx, MATCH_READING, done, of);
}

/* Names of columns are shown, so they are text. */
static bool mend_headers(struct match *match, struct csv *csv, struct str name, struct err *err)
{
	for (size_t i = 0; i < csv->columns; i++) {
		struct str *header = &csv->header[i];
		if (!str_is_utf8(*header) && !table_recode(match->arena, header))
			return err_set(err, ERR_INPUT,
			               "%.*s:%u: column %zu: letters that are neither UTF-8 nor "
			               "Windows-1252",
			               STR_ARG(name), csv->header_line, i + 1);
	}
	return true;
}

static bool read_file(struct match *match, size_t n, struct csv *csv, match_with_table *with,
                      void *ctx, struct err *err)
{
	struct table table;
	if (!columns_find(&match->columns[n], csv, match->names[n], match->limits.this_year,
	                  given_column, match, err)) {
		csv_close(csv);
		return false;
	}
	csv->progress = tell_rows;
	csv->ctx = match;
	if (!table_read(&table, match->pool, csv, match->columns[n].fields, match->names[n],
	                match->limits.threads, match->limits.seed, err))
		return false;
	bool done = add_table(match, n, &table, with, ctx, err);
	table_finish(&table);
	return done;
}

bool match_read(struct match *match, struct str name, struct str text, match_with_table *with,
                void *ctx, struct err *err)
{
	size_t n = match->file_count;
	struct csv csv;
	double began = match_seconds();
	if (n == MATCH_FILES)
		return err_set(err, ERR_USAGE, "Two files are linked at most");
	struct opening opening = { match, &csv, name, text, err, false };
	if (!work_share(match->limits.threads, match->limits.has_hashes ? 2 : 1, open_half,
	                &opening) ||
	    !opening.is_open)
		return false;
	if (!mend_headers(match, &csv, name, err)) {
		csv_close(&csv);
		return false;
	}
	match->names[n] = arena_copy(match->arena, name);
	match->header_count[n] = csv.columns;
	for (size_t i = 0; i < csv.columns; i++)
		match->headers[n][i] = arena_copy(match->arena, csv.header[i]);
	match->file_count++;
	bool done = read_file(match, n, &csv, with, ctx, err);
	if (done && match->file_count == MATCH_FILES && !ids_tell_apart(&match->claims))
		done = match_no_memory(err);
	match->seconds[MATCH_READING] += match_seconds() - began;
	return done;
}

bool match_add(struct match *match, struct str name, struct str text, struct err *err)
{
	return match_read(match, name, text, NULL, NULL, err);
}

bool match_bad_rows(const struct match *match, match_visit_bad *visit, void *ctx, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)1 << 16);
	for (size_t f = 0; arena && f < match->file_count; f++) {
		for (size_t i = 0; i < match->bad_count[f]; i++) {
			const struct table_bad *row = &match->bad[f][i];
			struct match_bad bad = {
				.file = match->names[f],
				.line = row->line,
				.column =
					row->column ? match->headers[f][row->column - 1] : STR(""),
				.why = table_bad_words(row, match->header_count[f], arena),
				.is_left_out = row->why == TABLE_ROW,
			};
			if (!visit(ctx, &bad))
				return true;
			arena_reset(arena);
		}
	}
	return arena || match_no_memory(err);
}
