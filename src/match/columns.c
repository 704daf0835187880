/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/columns.h"

#include <stdlib.h>

#include "match/date.h"
#include "match/header.h"
#include "match/number.h"
#include "match/place.h"
#include "match/street.h"
#include "match/text.h"

#define SAMPLE ((size_t)2000) /* rows looked at */
#define MOST 80               /* of a hundred that are there */
#define NEARLY 95             /* the same, for what is hard to tell */
#define PRESENT 30            /* of a hundred rows, for somebody's own number */
#define SHARED_LEAST 10       /* values that several rows have, to tell whose they are */
#define SHARED_ENOUGH 2000    /* and as many as are looked at */
#define CELLS_MAX ((size_t)64 << 20)

/* What the cells of one column could be, of so many rows. */
struct looks {
	size_t rows, there;
	size_t dates, postcodes, nhs, phones, mails, addresses;
	size_t distinct;
	uint64_t seen[4096 / 64]; /* bits of hashes: about how many differ */
	size_t numbers;           /* cells that may be a number of somebody's own */
};

static uint64_t spread(struct str text)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < text.n; i++)
		hash = (hash ^ (uint8_t)text.p[i]) * UINT64_C(1099511628211);
	return hash ^ hash >> 32;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (uint8_t)c >= 0x80;
}

/* With a digit, and in one piece: "6988048", "AB/12345"; or in pieces that are no words: "QQ 12 34
 * 56 C". "12 Mill Road" is none. */
static bool is_number(struct str cell)
{
	bool has_digit = false, has_blank = false;
	size_t letters = 0, most = 0;
	for (size_t i = 0; i < cell.n; i++) {
		char c = cell.p[i];
		has_digit = has_digit || (c >= '0' && c <= '9');
		has_blank = has_blank || c == ' ' || c == ',' || c == '\n';
		letters = is_letter(c) ? letters + 1 : 0;
		most = letters > most ? letters : most;
	}
	return has_digit && (!has_blank || most <= 2);
}

/* A house's number or flat, and what ends in a kind of street. */
static bool is_address(struct str cell)
{
	struct norm_text bytes;
	struct norm_address address;
	norm_address(cell, &bytes, &address);
	size_t last = address.street.n;
	while (last > 0 && address.street.p[last - 1] != ' ')
		last--;
	return address.number.n && last > 0 &&
	       street_is_kind(str_sub(address.street, last, address.street.n));
}

static void look(struct looks *looks, struct str cell, int this_year)
{
	struct norm_date date;
	struct norm_postcode postcode;
	uint64_t digits;
	bool is_valid = false;
	char phone[16];
	looks->rows++;
	if (!cell.n)
		return;
	looks->there++;
	looks->dates += cell.n > 4 && norm_date(cell, NORM_DMY, this_year, &date);
	looks->postcodes += norm_postcode(cell, &postcode) && postcode.in[0];
	looks->nhs += norm_nhs(cell, &digits, &is_valid) && is_valid;
	looks->phones += norm_phone(cell, phone) && (cell.p[0] == '0' || cell.p[0] == '+');
	looks->mails += str_find(cell, '@') < cell.n;
	looks->numbers += is_number(cell);
	looks->addresses += is_address(cell);
	size_t bit = spread(cell) % 4096;
	looks->distinct += !(looks->seen[bit / 64] >> bit % 64 & 1);
	looks->seen[bit / 64] |= UINT64_C(1) << bit % 64;
}

static bool is_share(size_t some, size_t of, size_t percent)
{
	return of > 0 && some * 100 > of * percent;
}

static bool is_most(size_t some, size_t of)
{
	return is_share(some, of, MOST);
}

static enum field field_of_looks(const struct looks *looks)
{
	if (looks->there * 100 < looks->rows * PRESENT)
		return FIELD_NONE;
	if (is_most(looks->dates, looks->there))
		return FIELD_DOB;
	if (is_most(looks->postcodes, looks->there))
		return FIELD_POSTCODE;
	if (is_most(looks->nhs, looks->there))
		return FIELD_NHS;
	if (is_most(looks->mails, looks->there))
		return FIELD_EMAIL;
	if (is_most(looks->phones, looks->there))
		return FIELD_PHONE;
	if (is_most(looks->addresses, looks->there))
		return FIELD_ADDRESS;
	/* One claim or a few have each: a number of somebody's own. */
	if (is_share(looks->numbers, looks->there, NEARLY) &&
	    looks->distinct * 2 > (looks->there < 2000 ? looks->there : 2000))
		return FIELD_OTHER;
	return FIELD_NONE;
}

static bool has(const struct columns *columns, size_t count, enum field field)
{
	for (size_t i = 0; i < count; i++) {
		if (columns->fields[i] == field)
			return true;
	}
	return false;
}

static bool may_be_several(enum field field)
{
	return field == FIELD_ADDRESS || field == FIELD_PHONE || field == FIELD_NONE ||
	       field == FIELD_REFUSED;
}

static void take(struct columns *columns, const struct csv *csv, size_t column, enum field field,
                 enum columns_why why)
{
	if (field == FIELD_OTHER && has(columns, csv->columns, FIELD_OTHER))
		field = FIELD_OTHER + 1;
	bool is_twice = !may_be_several(field) && has(columns, csv->columns, field);
	columns->fields[column] = is_twice ? FIELD_NONE : field;
	columns->why[column] = is_twice                 ? COLUMNS_TWICE
	                       : field == FIELD_REFUSED ? COLUMNS_REFUSED
	                       : field == FIELD_NONE    ? COLUMNS_UNEXPLAINED
	                                                : why;
}

/* Where a file has no line of headers, a person's name stands in their place. */
static struct str shown(struct str header)
{
	return field_of_header(header) != FIELD_NONE
	               ? header
	               : STR("the same; the first line is to name the columns");
}

static bool check_headers(const struct csv *csv, struct str name, struct err *err)
{
	for (size_t i = 0; i < csv->columns; i++) {
		if (!csv->header[i].n)
			return err_set(err, ERR_INPUT, "%.*s:%u: column %zu has no name",
			               STR_ARG(name), csv->header_line, i + 1);
		for (size_t j = 0; j < i; j++) {
			if (str_eq(csv->header[i], csv->header[j]))
				return err_set(err, ERR_INPUT,
				               "%.*s:%u: columns %zu and %zu are both called %.*s",
				               STR_ARG(name), csv->header_line, j + 1, i + 1,
				               STR_ARG(shown(csv->header[i])));
		}
	}
	return true;
}

/* Of two headers for one column one would not be read; a model that names both tells them apart. */
static bool check_fields(const struct columns *columns, const struct csv *csv, struct str name,
                         struct err *err)
{
	for (size_t i = 0; i < csv->columns; i++) {
		for (size_t j = 0; j < i; j++) {
			if (columns->why[i] == COLUMNS_TWICE &&
			    columns->why[j] == COLUMNS_BY_NAME &&
			    field_is_same_header(csv->header[i], csv->header[j]))
				return err_set(err, ERR_INPUT,
				               "%.*s:%u: columns %zu and %zu are both called "
				               "%.*s (case and marks do not count)",
				               STR_ARG(name), csv->header_line, j + 1, i + 1,
				               STR_ARG(csv->header[i]));
		}
	}
	return true;
}

/* --- ids
 * -------------------------------------------------------------------------------------------------
 */

struct row_value {
	uint64_t hash;
	uint32_t row;
};

static int by_value(const void *a, const void *b)
{
	const struct row_value *x = a, *y = b;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

/* Whether no two rows have one value there. */
static bool is_everybodys_own(const struct csv *csv, size_t column, uint64_t *hashes,
                              struct arena *arena)
{
	struct str cells[CSV_COLUMNS_MAX];
	size_t count = 0;
	for (size_t i = 0; i < csv->count; i++) {
		arena_reset(arena);
		if (csv_cells(csv, &csv->rows[i], cells, arena) == CSV_GOOD)
			hashes[count++] = spread(cells[column]);
	}
	qsort(hashes, count, sizeof *hashes, by_number);
	for (size_t i = 1; i < count; i++) {
		if (hashes[i] == hashes[i - 1])
			return false;
	}
	return true;
}

/* Of the columns that may be the rows' own numbers the first that is; else the first. */
static bool find_id(struct columns *columns, const struct csv *csv, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(CELLS_MAX);
	uint64_t *hashes = pool_take(csv->pool, csv->count + 1, sizeof *hashes);
	size_t found = csv->columns;
	bool is_own = false;
	if (!arena || !hashes) {
		pool_give(csv->pool, hashes);
		return err_set(err, ERR_UNABLE, "There is no memory to look at the columns");
	}
	for (size_t i = 0; i < csv->columns && !is_own; i++) {
		if (columns->why[i] != COLUMNS_UNEXPLAINED || !header_may_be_id(csv->header[i]))
			continue;
		is_own = is_everybodys_own(csv, i, hashes, arena);
		found = is_own || found == csv->columns ? i : found;
	}
	pool_give(csv->pool, hashes);
	if (found < csv->columns)
		take(columns, csv, found, FIELD_ID, COLUMNS_BY_NAME);
	return true;
}

/* Headers in words of their own, behind all that are called so outright. */
static void take_by_words(struct columns *columns, const struct csv *csv)
{
	for (size_t i = 0; i < csv->columns; i++) {
		enum field field = columns->why[i] == COLUMNS_UNEXPLAINED
		                           ? header_field(csv->header[i])
		                           : FIELD_NONE;
		if (field != FIELD_NONE)
			take(columns, csv, i, field, COLUMNS_BY_NAME);
	}
}

/* --- values
 * -------------------------------------------------------------------------------------------------
 */

/* Rows that have one value in a column, two of each value: whether they are mostly of one person.
 * What a family shares is a number too: of its house, of its case. */
struct whose {
	const struct columns *columns;
	const struct csv *csv;
	struct arena *arena;
	size_t told, same; /* pairs of which something tells, and those of one person by it */
};

static void compare_rows(struct whose *whose, uint32_t a, uint32_t b)
{
	struct str left[CSV_COLUMNS_MAX], right[CSV_COLUMNS_MAX];
	const struct csv *csv = whose->csv;
	bool is_told = false, is_same = false;
	arena_reset(whose->arena);
	if (csv_cells(csv, &csv->rows[a], left, whose->arena) != CSV_GOOD ||
	    csv_cells(csv, &csv->rows[b], right, whose->arena) != CSV_GOOD)
		return;
	for (size_t i = 0; i < csv->columns; i++) {
		enum field field = whose->columns->fields[i];
		if ((field != FIELD_DOB && field != FIELD_FIRST && field != FIELD_FULL) ||
		    !left[i].n || !right[i].n)
			continue;
		is_told = true;
		is_same = is_same || str_eq(left[i], right[i]);
	}
	whose->told += is_told;
	whose->same += is_same;
}

static bool compare_sharers(struct whose *whose, const struct row_value *values, size_t count)
{
	size_t seen = 0;
	for (size_t i = 1; i < count && seen < SHARED_ENOUGH; i++) {
		bool is_second = values[i].hash == values[i - 1].hash &&
		                 (i == 1 || values[i].hash != values[i - 2].hash);
		if (!is_second)
			continue;
		compare_rows(whose, values[i - 1].row, values[i].row);
		seen++;
	}
	return whose->told < SHARED_LEAST || is_most(whose->same, whose->told);
}

/* Whether a column of numbers is of people's own, as far as the file tells. */
static bool is_of_people(const struct columns *columns, const struct csv *csv, size_t column,
                         bool *out)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(CELLS_MAX);
	struct row_value *values = pool_take(csv->pool, csv->count + 1, sizeof *values);
	struct whose whose = { .columns = columns, .csv = csv, .arena = arena };
	struct str cells[CSV_COLUMNS_MAX];
	size_t count = 0;
	bool done = arena && values;
	for (size_t i = 0; done && i < csv->count; i++) {
		arena_reset(arena);
		if (csv_cells(csv, &csv->rows[i], cells, arena) == CSV_GOOD && cells[column].n)
			values[count++] = (struct row_value){ spread(cells[column]), (uint32_t)i };
	}
	if (done && count)
		qsort(values, count, sizeof *values, by_value);
	*out = done && compare_sharers(&whose, values, count);
	pool_give(csv->pool, values);
	return done;
}

static void take_by_looks(struct columns *columns, const struct csv *csv, const struct looks *looks)
{
	for (size_t c = 0; c < csv->columns; c++) {
		enum header_whose whose = header_whose(csv->header[c]);
		enum field field = field_of_looks(&looks[c]);
		if (columns->fields[c] != FIELD_NONE || columns->why[c] != COLUMNS_UNEXPLAINED ||
		    whose == HEADER_ANOTHERS || (whose == HEADER_KINS && field != FIELD_PHONE) ||
		    field == FIELD_OTHER)
			continue;
		/* A second address is another one, not a line of the first. */
		if (field == FIELD_ADDRESS && has(columns, csv->columns, FIELD_ADDRESS))
			columns->why[c] = COLUMNS_TWICE;
		else
			take(columns, csv, c, field, COLUMNS_BY_VALUES);
	}
}

/* Behind all others, which tell whose they are. */
static bool take_numbers(struct columns *columns, const struct csv *csv, const struct looks *looks)
{
	for (size_t c = 0; c < csv->columns; c++) {
		bool is_own = false;
		if (columns->fields[c] != FIELD_NONE || columns->why[c] != COLUMNS_UNEXPLAINED ||
		    field_of_looks(&looks[c]) != FIELD_OTHER ||
		    header_whose(csv->header[c]) != HEADER_HERS ||
		    header_is_of_house(csv->header[c]))
			continue;
		if (!is_of_people(columns, csv, c, &is_own))
			return false;
		if (is_own)
			take(columns, csv, c, FIELD_OTHER, COLUMNS_BY_VALUES);
		else
			columns->why[c] = COLUMNS_SHARED;
	}
	return true;
}

static bool look_at_values(struct columns *columns, const struct csv *csv, int this_year,
                           struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(CELLS_MAX);
	struct looks *looks = arena ? arena_alloc(arena, csv->columns, sizeof *looks) : NULL;
	struct str cells[CSV_COLUMNS_MAX];
	if (!looks)
		return err_set(err, ERR_UNABLE, "There is no memory to look at the columns");
	size_t step = csv->count / SAMPLE + 1;
	for (size_t i = 0; i < csv->count; i += step) {
		if (csv_cells(csv, &csv->rows[i], cells, arena) != CSV_GOOD)
			continue;
		for (size_t c = 0; c < csv->columns; c++) {
			if (columns->fields[c] == FIELD_NONE &&
			    columns->why[c] == COLUMNS_UNEXPLAINED)
				look(&looks[c], cells[c], this_year);
		}
	}
	take_by_looks(columns, csv, looks);
	return take_numbers(columns, csv, looks) ||
	       err_set(err, ERR_UNABLE, "There is no memory to look at the columns");
}

bool columns_find(struct columns *columns, const struct csv *csv, struct str name, int this_year,
                  columns_given *given, void *ctx, struct err *err)
{
	if (!check_headers(csv, name, err))
		return false;
	for (size_t i = 0; i < CSV_COLUMNS_MAX; i++) {
		columns->fields[i] = FIELD_NONE;
		columns->why[i] = COLUMNS_UNEXPLAINED;
	}
	for (size_t i = 0; i < csv->columns; i++) {
		enum field field = field_of_header(csv->header[i]);
		bool is_given =
			field != FIELD_REFUSED && given && given(ctx, csv->header[i], &field);
		take(columns, csv, i, field, is_given ? COLUMNS_BY_MODEL : COLUMNS_BY_NAME);
		if (is_given && field == FIELD_NONE)
			columns->why[i] = COLUMNS_UNWANTED;
	}
	take_by_words(columns, csv);
	if (!check_fields(columns, csv, name, err))
		return false;
	if (!has(columns, csv->columns, FIELD_ID) && !find_id(columns, csv, err))
		return false;
	if (!has(columns, csv->columns, FIELD_ID))
		return err_set(err, ERR_INPUT, "%.*s:%u: no column of ids; call one of them id",
		               STR_ARG(name), csv->header_line);
	return look_at_values(columns, csv, this_year, err);
}
