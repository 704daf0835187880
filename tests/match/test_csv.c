/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Comma-separated text as strangers write it: what is well formed is read, what is not is told by its line. */
#include "../base/arena_fixture.h"

#include "match/csv.h"

struct read {
	struct pool *pool;
	struct csv csv;
	enum csv_opened opened;
};

static struct read read_csv(struct fixture *f, struct str text)
{
	struct read out = { .pool = pool_create((size_t)64 << 20) };
	assert_non_null(out.pool);
	out.opened = csv_open(&out.csv, out.pool, text, f->arena);
	return out;
}

static void finish(struct read *read)
{
	csv_close(&read->csv);
	assert_int_equal(pool_used(read->pool), 0);
	pool_destroy(read->pool);
}

static enum csv_fault cells_of(struct fixture *f, const struct read *read, size_t row, struct str *cells)
{
	assert_true(row < read->csv.count);
	return csv_cells(&read->csv, &read->csv.rows[row], cells, f->arena);
}

static void assert_cells(struct fixture *f, const struct read *read, size_t row, const char *const *expected, size_t count)
{
	struct str cells[CSV_COLUMNS_MAX];
	assert_int_equal(cells_of(f, read, row, cells), CSV_GOOD);
	assert_int_equal(read->csv.columns, count);
	for (size_t i = 0; i < count; i++)
		assert_true(str_eq(cells[i], str_from_c(expected[i])));
}

static void any_line_end_mark_and_separator_is_read(void **state)
{
	static const char *const TEXTS[] = {
		"id,name\n1,Jo\n2,Ada\n", "id,name\r\n1,Jo\r\n2,Ada\r\n", "\xEF\xBB\xBFid;name\n1;Jo\n2;Ada", "id\tname\n1\tJo\n\n2\tAda\n",
		"id, name\n1, Jo \n2, Ada\n", "\"id\",\"name\"\n\"1\",\"Jo\"\n 2 ,\"Ada\" \n",
	};
	for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
		struct fixture *f = *state;
		struct read read = read_csv(f, str_from_c(TEXTS[i]));
		assert_int_equal(read.opened, CSV_OPENED);
		assert_str(read.csv.header[0], "id");
		assert_str(read.csv.header[1], "name");
		assert_int_equal(read.csv.count, 2);
		assert_cells(f, &read, 0, (const char *const[]){ "1", "Jo" }, 2);
		assert_cells(f, &read, 1, (const char *const[]){ "2", "Ada" }, 2);
		finish(&read);
	}
}

static void what_is_quoted_may_hold_anything(void **state)
{
	struct fixture *f = *state;
	struct read read = read_csv(f, STR("id,name\n1,\"O\"\"Neil, \"\"Jo\"\"\"\n2,\"two\nlines, one cell\"\n3,\"\"\n4,last\n"));
	assert_int_equal(read.csv.count, 4);
	assert_cells(f, &read, 0, (const char *const[]){ "1", "O\"Neil, \"Jo\"" }, 2);
	assert_cells(f, &read, 1, (const char *const[]){ "2", "two\nlines, one cell" }, 2);
	assert_cells(f, &read, 2, (const char *const[]){ "3", "" }, 2);
	assert_int_equal(read.csv.rows[2].line, 5);
	assert_int_equal(read.csv.rows[3].line, 6);
	finish(&read);
}

static void a_bad_row_is_told_and_the_next_is_read(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		enum csv_fault fault;
	} ROWS[] = {
		{ "1", 1, CSV_CELLS },
		{ "1,Jo,more", 9, CSV_CELLS },
		{ "1,\"Jo", 5, CSV_QUOTE },
		{ "1,\"Jo\"x", 7, CSV_QUOTE },
		{ "1,J\0o", 5, CSV_NUL },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
		struct buf text;
		struct str cells[CSV_COLUMNS_MAX];
		buf_init(&text, 4096);
		buf_add(&text, STR("id,name\n"));
		buf_add_bytes(&text, ROWS[i].text, ROWS[i].n);
		buf_add(&text, STR("\n2,Ada\n"));
		struct read read = read_csv(f, buf_str(&text));
		assert_int_equal(read.csv.count, 2);
		assert_int_equal(cells_of(f, &read, 0, cells), ROWS[i].fault);
		assert_int_equal(read.csv.rows[1].line, 3);
		assert_cells(f, &read, 1, (const char *const[]){ "2", "Ada" }, 2);
		finish(&read);
		buf_finish(&text);
	}
}

static void what_is_too_long_is_told(void **state)
{
	struct fixture *f = *state;
	static const size_t LENGTHS[] = { CSV_CELL_MAX + 1, CSV_LINE_MAX + 1 };
	static const enum csv_fault FAULTS[] = { CSV_LONG, CSV_LINE };
	for (size_t i = 0; i < 2; i++) {
		struct buf text;
		struct str cells[CSV_COLUMNS_MAX];
		buf_init(&text, (size_t)4 << 20);
		buf_add(&text, STR("id,name\n1,"));
		for (size_t n = 0; n < LENGTHS[i]; n++)
			buf_add_char(&text, 'a');
		buf_add(&text, STR("\n2,Ada\n"));
		struct read read = read_csv(f, buf_str(&text));
		assert_int_equal(read.csv.count, 2);
		assert_int_equal(cells_of(f, &read, 0, cells), FAULTS[i]);
		assert_cells(f, &read, 1, (const char *const[]){ "2", "Ada" }, 2);
		finish(&read);
		buf_finish(&text);
	}
}

static void nothing_and_a_header_alone_are_told_apart(void **state)
{
	struct fixture *f = *state;
	struct read empty = read_csv(f, STR("")), blank = read_csv(f, STR("\n\n")), header = read_csv(f, STR("id,name\n"));
	assert_int_equal(empty.opened, CSV_EMPTY);
	assert_int_equal(blank.opened, CSV_EMPTY);
	assert_int_equal(header.opened, CSV_OPENED);
	assert_int_equal(header.csv.count, 0);
	finish(&empty);
	finish(&blank);
	finish(&header);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(any_line_end_mark_and_separator_is_read),
		PROVES(what_is_quoted_may_hold_anything),
		PROVES(a_bad_row_is_told_and_the_next_is_read),
		PROVES(what_is_too_long_is_told),
		PROVES(nothing_and_a_header_alone_are_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
