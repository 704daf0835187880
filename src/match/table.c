/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * In batches: threads first read rows into cells, then each takes whole columns
 * and looks their texts up in the order of the rows. So codes do not depend on
 * the number of threads.
 */
#include "match/table.h"

#include "match/work.h"

#define BATCH ((size_t)1 << 13) /* rows */
#define PART ((size_t)1 << 9)   /* rows that one thread reads at a time */
#define TEXTS_MAX ((size_t)1 << 32)
#define BAD_FIRST ((size_t)256)
#define JOINED_MAX ((size_t)2048)
#define JOINED_AT_ONCE 4 /* texts of several cells */

struct batch {
	struct table *table;
	size_t from, count; /* rows */
	struct str *cells;  /* by row, then by column */
	uint8_t *faults;    /* by row */
	uint32_t *record;   /* by row: its number, or UINT32_MAX */
	size_t *recoded;    /* by thread */
};

/* --- letters --------------------------------------------------------------------------------- */

/* Windows-1252 from 0x80 on; 0: there is no such letter. */
static const uint16_t WINDOWS[32] = {
	0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
	0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
	0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static bool is_plain(struct str text)
{
	uint64_t all = 0, word;
	size_t i = 0;
	for (; i + 8 <= text.n; i += 8) {
		memcpy(&word, text.p + i, 8);
		all |= word;
	}
	for (; i < text.n; i++)
		all |= (uint64_t)(uint8_t)text.p[i];
	return (all & UINT64_C(0x8080808080808080)) == 0;
}

bool table_recode(struct arena *arena, struct str *cell)
{
	char *out = arena_alloc(arena, cell->n, 3);
	size_t n = 0;
	if (!out)
		return false;
	for (size_t i = 0; i < cell->n; i++) {
		uint8_t c = (uint8_t)cell->p[i];
		unsigned point = c < 0x80 || c >= 0xA0 ? c : WINDOWS[c - 0x80];
		if (!point)
			return false;
		if (point < 0x80) {
			out[n++] = (char)point;
		} else if (point < 0x800) {
			out[n++] = (char)(0xC0 | point >> 6);
			out[n++] = (char)(0x80 | (point & 0x3F));
		} else {
			out[n++] = (char)(0xE0 | point >> 12);
			out[n++] = (char)(0x80 | (point >> 6 & 0x3F));
			out[n++] = (char)(0x80 | (point & 0x3F));
		}
	}
	*cell = (struct str){ out, n };
	return true;
}

static enum csv_fault mend_letters(struct batch *batch, struct str *cells, unsigned thread)
{
	bool is_recoded = false;
	for (size_t i = 0; i < batch->table->csv.columns; i++) {
		if (is_plain(cells[i]) || str_is_utf8(cells[i]))
			continue;
		if (!table_recode(batch->table->texts[thread], &cells[i]))
			return CSV_LETTERS;
		is_recoded = true;
	}
	batch->recoded[thread] += is_recoded;
	return CSV_GOOD;
}

/* --- one batch ---------------------------------------------------------------------------------
 */

static bool read_part(void *ctx, size_t part, unsigned thread)
{
	struct batch *batch = ctx;
	const struct csv *csv = &batch->table->csv;
	size_t end = (part + 1) * PART < batch->count ? (part + 1) * PART : batch->count;
	for (size_t i = part * PART; i < end; i++) {
		const struct csv_row *row = &csv->rows[batch->from + i];
		struct str *cells = &batch->cells[i * csv->columns];
		enum csv_fault fault = csv_cells(csv, row, cells, batch->table->texts[thread]);
		if (fault == CSV_GOOD && !is_plain((struct str){ csv->text.p + row->at, row->n }))
			fault = mend_letters(batch, cells, thread);
		batch->faults[i] = (uint8_t)fault;
	}
	return true;
}

/* The cells of one source's columns as one text; *is_new: it lies in `room`. */
static struct str join_cells(const struct table_source *source, const struct str *cells,
                             char room[JOINED_MAX], bool *is_new)
{
	size_t n = 0;
	*is_new = source->count > 1;
	if (!*is_new)
		return cells[source->columns[0]];
	for (size_t i = 0; i < source->count; i++) {
		struct str cell = cells[source->columns[i]];
		if (cell.n == 0 || n + cell.n + 2 > JOINED_MAX)
			continue;
		if (n)
			room[n++] = ' ';
		memcpy(room + n, cell.p, cell.n);
		n += cell.n;
	}
	return (struct str){ room, n };
}

static bool put_codes(struct table_source *source, struct dictionary_put *puts,
                      const uint32_t *records, size_t *count)
{
	bool done = true;
	dictionary_put_some(&source->raw, puts, *count);
	for (size_t i = 0; i < *count; i++) {
		done = done && puts[i].code != UINT32_MAX;
		source->codes[records[i]] = puts[i].code;
	}
	*count = 0;
	return done;
}

static bool encode_source(void *ctx, size_t part, unsigned thread)
{
	struct batch *batch = ctx;
	struct table *table = batch->table;
	struct table_source *source = &table->sources[part];
	char rooms[JOINED_AT_ONCE][JOINED_MAX]; /* a single column's cells lie in the file */
	size_t most = source->count > 1 ? JOINED_AT_ONCE : DICTIONARY_PUTS;
	struct dictionary_put puts[DICTIONARY_PUTS];
	uint32_t records[DICTIONARY_PUTS];
	size_t count = 0;
	(void)thread;
	for (size_t i = 0; i < batch->count; i++) {
		if (batch->record[i] == UINT32_MAX)
			continue;
		const struct str *cells = &batch->cells[i * table->csv.columns];
		if (source->field == FIELD_ID) {
			table->ids[batch->record[i]] = cells[source->columns[0]];
			continue;
		}
		puts[count].text = join_cells(source, cells, rooms[count % JOINED_AT_ONCE],
		                              &puts[count].is_copied);
		records[count++] = batch->record[i];
		if (count == most && !put_codes(source, puts, records, &count))
			return false;
	}
	return put_codes(source, puts, records, &count);
}

bool table_add_bad(struct table *table, struct table_bad bad)
{
	size_t count = table->bad_count;
	/* At 0, 256, 512, 1024 … it is full. */
	if (count == 0 || (count >= BAD_FIRST && (count & (count - 1)) == 0)) {
		size_t room = count ? 2 * count : BAD_FIRST;
		struct table_bad *grown = pool_grow(table->pool, table->bad, room, sizeof *grown);
		if (!grown)
			return false;
		table->bad = grown;
	}
	table->bad[table->bad_count++] = bad;
	return true;
}

static bool number_rows(struct batch *batch)
{
	struct table *table = batch->table;
	for (size_t i = 0; i < batch->count; i++) {
		batch->record[i] = UINT32_MAX;
		if (batch->faults[i] == CSV_GOOD) {
			batch->record[i] = table->count++;
			continue;
		}
		const struct csv_row *row = &table->csv.rows[batch->from + i];
		if (!table_add_bad(table, (struct table_bad){ .line = row->line,
		                                              .fault = batch->faults[i] }))
			return false;
	}
	return true;
}

static bool read_batch(struct batch *batch, unsigned threads)
{
	return work_share(threads, (batch->count + PART - 1) / PART, read_part, batch) &&
	       number_rows(batch) &&
	       work_share(threads, batch->table->source_count, encode_source, batch);
}

static bool read_batches(struct table *table, unsigned threads)
{
	size_t recoded[64] = { 0 };
	size_t columns = table->csv.columns, rows = table->csv.count;
	size_t room = rows < BATCH ? rows : BATCH;
	struct batch batch = { .table = table, .recoded = recoded };
	batch.cells = pool_take(table->pool, room * columns, sizeof *batch.cells);
	batch.faults = pool_take(table->pool, room, 1);
	batch.record = pool_take(table->pool, room, sizeof *batch.record);
	bool done = batch.cells && batch.faults && batch.record;
	for (; done && batch.from < rows; batch.from += batch.count) {
		batch.count = rows - batch.from < BATCH ? rows - batch.from : BATCH;
		done = read_batch(&batch, threads) &&
		       (!table->csv.progress ||
		        table->csv.progress(table->csv.ctx, batch.from + batch.count, rows));
	}
	for (unsigned i = 0; i < threads && i < 64; i++)
		table->recoded += recoded[i];
	pool_give(table->pool, batch.cells);
	pool_give(table->pool, batch.faults);
	pool_give(table->pool, batch.record);
	return done;
}

/* --- all -----------------------------------------------------------------------------------------
 */

static struct table_source *source_for(struct table *table, enum field field)
{
	/* Telephones are several, each of its own; parts of an address are one. */
	struct table_source *there = field == FIELD_ADDRESS ? table_source(table, field, 0) : NULL;
	if (there)
		return there->count < TABLE_SOURCES_MAX ? there : NULL;
	if (table->source_count == TABLE_SOURCES)
		return NULL;
	struct table_source *source = &table->sources[table->source_count++];
	*source = (struct table_source){ .field = field };
	return source;
}

static bool begin(struct table *table, const enum field *fields, unsigned threads, uint64_t seed)
{
	size_t rows = table->csv.count;
	for (size_t i = 0; i < table->csv.columns; i++) {
		struct table_source *source = fields[i] == FIELD_NONE || fields[i] == FIELD_REFUSED
		                                      ? NULL
		                                      : source_for(table, fields[i]);
		if (source)
			source->columns[source->count++] = i;
	}
	table->ids = pool_take(table->pool, rows, sizeof *table->ids);
	for (size_t i = 0; i < table->source_count; i++) {
		struct table_source *source = &table->sources[i];
		if (source->field == FIELD_ID)
			continue;
		source->codes = pool_take(table->pool, rows, sizeof *source->codes);
		if (!source->codes || !dictionary_init(&source->raw, table->pool, seed))
			return false;
	}
	for (unsigned i = 0; i < threads && i < 64; i++) {
		table->texts[i] = arena_create(TEXTS_MAX);
		if (!table->texts[i])
			return false;
	}
	return table->ids != NULL;
}

bool table_read(struct table *table, struct pool *pool, struct csv *csv, const enum field *fields,
                struct str name, unsigned threads, uint64_t seed, struct err *err)
{
	*table = (struct table){ .pool = pool, .csv = *csv, .seed = seed };
	*csv = (struct csv){ .pool = NULL };
	threads = threads < 1 ? 1 : threads > 64 ? 64 : threads;
	if (!begin(table, fields, threads, seed) || !read_batches(table, threads)) {
		table_finish(table);
		return err_set(err, ERR_UNABLE, "%.*s: there is no memory for so many rows",
		               STR_ARG(name));
	}
	table->left_out = table->bad_count;
	return true;
}

void table_forget_rows(struct table *table)
{
	pool_give(table->pool, table->csv.rows);
	table->csv.rows = NULL;
}

void table_finish(struct table *table)
{
	if (!table->pool)
		return;
	csv_close(&table->csv);
	for (size_t i = 0; i < table->source_count; i++) {
		dictionary_finish(&table->sources[i].raw);
		pool_give(table->pool, table->sources[i].codes);
	}
	for (size_t i = 0; i < 64; i++)
		arena_destroy(table->texts[i]);
	pool_give(table->pool, table->ids);
	pool_give(table->pool, table->bad);
	*table = (struct table){ .pool = NULL };
}

struct table_source *table_source(struct table *table, enum field field, size_t n)
{
	for (size_t i = 0; i < table->source_count; i++) {
		if (table->sources[i].field == field && n-- == 0)
			return &table->sources[i];
	}
	return NULL;
}
