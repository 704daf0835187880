/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/csv.h"

#define FIRST_ROWS 1024

struct scan {
	struct csv *csv;
	const char *at, *end;
	uint32_t line;
};

static const char *find(const char *from, const char *end, char c)
{
	const char *found = from < end ? memchr(from, c, (size_t)(end - from)) : NULL;
	return found ? found : end;
}

/*
 * The end of the row that begins at `from`: the first line end outside quotes.
 * Where a quote never closes within a line's maximum, the row ends at its first
 * line end, so that the others are read.
 */
static const char *row_end(const struct scan *scan, const char *from, bool *is_open)
{
	const char *newline = find(from, scan->end, '\n'), *first = newline;
	const char *quote = find(from, newline, '"');
	*is_open = false;
	while (quote < newline) {
		const char *close = find(quote + 1, scan->end, '"');
		if (close == scan->end || (size_t)(close - from) > CSV_LINE_MAX) {
			*is_open = true;
			return first;
		}
		if (close > newline)
			newline = find(close, scan->end, '\n');
		quote = find(close + 1, newline, '"');
	}
	return newline;
}

static uint32_t lines_in(const char *from, const char *to)
{
	uint32_t lines = 0;
	for (const char *at = find(from, to, '\n'); at < to; at = find(at + 1, to, '\n'))
		lines++;
	return lines;
}

/* The next row that is not blank; false at the end. */
static bool next_row(struct scan *scan, struct csv_row *row)
{
	while (scan->at < scan->end) {
		const char *from = scan->at;
		bool is_open;
		const char *end = row_end(scan, from, &is_open);
		uint32_t line = scan->line;
		scan->line += 1 + lines_in(from, end);
		scan->at = end < scan->end ? end + 1 : end;
		if (end > from && end[-1] == '\r')
			end--;
		if (end == from)
			continue;
		size_t n = (size_t)(end - from);
		bool is_long = n > CSV_LINE_MAX;
		*row = (struct csv_row){ .at = (uint64_t)(from - scan->csv->text.p),
			                 .n = is_long ? (uint32_t)CSV_LINE_MAX : (uint32_t)n,
			                 .line = line,
			                 .fault = is_long   ? CSV_LINE
			                          : is_open ? CSV_QUOTE
			                                    : CSV_GOOD };
		return true;
	}
	return false;
}

static bool find_rows(struct scan *scan)
{
	struct csv *csv = scan->csv;
	struct csv_row row;
	size_t room = 0;
	while (next_row(scan, &row)) {
		if (csv->count == room) {
			/* As many as the rows so far let expect, and a little more. */
			size_t left = (size_t)(scan->end - scan->at);
			size_t more =
				csv->count
					? left / ((size_t)(scan->at - csv->text.p) / csv->count + 1)
					: 0;
			room = room + FIRST_ROWS + (csv->count ? more + more / 16 : 0);
			struct csv_row *rows = pool_grow(csv->pool, csv->rows, room, sizeof *rows);
			if (!rows)
				return false;
			csv->rows = rows;
		}
		csv->rows[csv->count++] = row;
	}
	return true;
}

/* What parts the cells: whichever there is most of in the header. */
static char choose_by(struct str header)
{
	size_t count[3] = { 0 };
	static const char BY[3] = { ',', ';', '\t' };
	size_t best = 0;
	for (size_t i = 0; i < header.n; i++) {
		for (size_t b = 0; b < 3; b++)
			count[b] += header.p[i] == BY[b];
	}
	for (size_t b = 1; b < 3; b++)
		best = count[b] > count[best] ? b : best;
	return BY[best];
}

enum csv_opened csv_open(struct csv *csv, struct pool *pool, struct str text, struct arena *arena)
{
	struct csv_row header;
	if (str_starts(text, STR("\xEF\xBB\xBF")))
		text = str_sub(text, 3, text.n);
	*csv = (struct csv){ .pool = pool, .text = text };
	struct scan scan = { .csv = csv, .at = text.p, .end = text.p + text.n, .line = 1 };
	if (!next_row(&scan, &header))
		return CSV_EMPTY;
	csv->by = choose_by((struct str){ text.p + header.at, header.n });
	csv->header_line = header.line;
	csv->columns = CSV_COLUMNS_MAX;
	enum csv_fault fault = csv_cells(csv, &header, csv->header, arena);
	size_t columns = 0;
	while (columns < CSV_COLUMNS_MAX && csv->header[columns].p)
		columns++;
	if ((fault != CSV_GOOD && fault != CSV_CELLS) || columns == 0)
		return CSV_NO_HEADER;
	if (fault == CSV_CELLS && columns == CSV_COLUMNS_MAX)
		return CSV_MANY;
	csv->columns = columns;
	if (find_rows(&scan))
		return CSV_OPENED;
	csv_close(csv);
	return CSV_NO_MEMORY;
}

void csv_close(struct csv *csv)
{
	if (!csv->pool)
		return;
	pool_give(csv->pool, csv->rows);
	*csv = (struct csv){ .pool = NULL };
}

/* A cell in quotes; *at is moved behind the closing one. */
static enum csv_fault quoted(const char **at, const char *end, struct str *cell,
                             struct arena *scratch)
{
	const char *from = *at + 1, *close = find(from, end, '"');
	size_t doubled = 0;
	while (close < end && close + 1 < end && close[1] == '"') {
		doubled++;
		close = find(close + 2, end, '"');
	}
	if (close == end)
		return CSV_QUOTE;
	*at = close + 1;
	*cell = (struct str){ from, (size_t)(close - from) };
	if (!doubled)
		return CSV_GOOD;
	char *out = arena_alloc(scratch, cell->n, 1);
	size_t n = 0;
	if (!out)
		return CSV_LONG;
	for (const char *p = from; p < close; p += *p == '"' ? 2 : 1)
		out[n++] = *p;
	*cell = (struct str){ out, n };
	return CSV_GOOD;
}

/* The next cell; *at stands behind it, at what parts it from the next, or at the end. */
static enum csv_fault next_cell(const struct csv *csv, const char **at, const char *end,
                                struct str *cell, struct arena *scratch)
{
	while (*at < end && **at == ' ')
		(*at)++;
	if (*at < end && **at == '"') {
		enum csv_fault fault = quoted(at, end, cell, scratch);
		if (fault != CSV_GOOD)
			return fault;
		while (*at < end && **at == ' ')
			(*at)++;
		if (*at < end && **at != csv->by)
			return CSV_QUOTE;
	} else {
		const char *stop = find(*at, end, csv->by);
		*cell = (struct str){ *at, (size_t)(stop - *at) };
		*at = stop;
	}
	return cell->n > CSV_CELL_MAX ? CSV_LONG : CSV_GOOD;
}

enum csv_fault csv_cells(const struct csv *csv, const struct csv_row *row, struct str *cells,
                         struct arena *scratch)
{
	const char *at = csv->text.p + row->at, *end = at + row->n;
	size_t count = 0;
	if (row->fault != CSV_GOOD)
		return row->fault;
	if (memchr(at, 0, row->n))
		return CSV_NUL;
	for (;; at++) {
		struct str cell;
		if (count == csv->columns)
			return CSV_CELLS;
		enum csv_fault fault = next_cell(csv, &at, end, &cell, scratch);
		if (fault != CSV_GOOD)
			return fault;
		cells[count++] = str_trim(cell);
		if (at >= end)
			break;
	}
	if (count < csv->columns)
		cells[count] = STR_NONE;
	return count == csv->columns ? CSV_GOOD : CSV_CELLS;
}

/* No text in either form: bytes that Windows-1252 has no letter for. */
static bool is_no_text(struct str cell)
{
	if (str_is_utf8(cell))
		return false;
	for (size_t i = 0; i < cell.n; i++) {
		uint8_t c = (uint8_t)cell.p[i];
		if (c == 0x81 || c == 0x8D || c == 0x8F || c == 0x90 || c == 0x9D)
			return true;
	}
	return false;
}

void csv_fault_at(const struct csv *csv, const struct csv_row *row, struct arena *scratch,
                  size_t *cells, size_t *column)
{
	const char *at = csv->text.p + row->at, *end = at + row->n;
	const char *nul = memchr(at, 0, row->n);
	*cells = *column = 0;
	for (;; at++) {
		const char *from = at;
		struct str cell = STR_NONE;
		bool is_bad = next_cell(csv, &at, end, &cell, scratch) != CSV_GOOD;
		bool holds_nul = nul && nul >= from && nul < at;
		bool is_odd = !is_bad && is_no_text(cell);
		if (is_bad || holds_nul || (is_odd && *column == 0))
			*column = *cells + 1;
		(*cells)++;
		if (is_bad || holds_nul || at >= end)
			break;
	}
}
