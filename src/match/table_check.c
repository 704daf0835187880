/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/table_check.h"

#include "match/date_order.h"
#include "match/text.h"
#include "match/work.h"

#define SCRATCH ((size_t)64 << 20)

/* --- rows that are left out
 * ---------------------------------------------------------------------------------- */

struct str table_bad_words(const struct table_bad *bad, size_t columns, struct arena *arena)
{
	static const char *const WORDS[] = {
		[CSV_GOOD] = "",
		[CSV_CELLS] = "",
		[CSV_QUOTE] = "a quotation mark opens and does not close",
		[CSV_NUL] = "a NUL byte",
		[CSV_LONG] = "longer than 64 KiB",
		[CSV_LINE] = "the line is longer than 1 MiB",
		[CSV_LETTERS] = "letters that are neither UTF-8 nor Windows-1252",
	};
	switch ((enum table_why)bad->why) {
	case TABLE_DATE:
		return STR("not a real date; kept as missing");
	case TABLE_DEFAULT:
		return STR("a form's default date; kept as missing");
	case TABLE_ROW:
		break;
	}
	return bad->fault == CSV_CELLS ? arena_format(arena, "%u cells where the header has %zu",
	                                              bad->cells, columns)
	                               : str_from_c(WORDS[bad->fault]);
}

struct str table_bad_column(const struct table *table, const struct table_bad *bad)
{
	return bad->column && bad->column <= table->csv.columns ? table->csv.header[bad->column - 1]
	                                                        : STR("");
}

static const struct csv_row *row_of_line(const struct table *table, uint32_t line)
{
	size_t from = 0, to = table->csv.count;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (table->csv.rows[middle].line < line)
			from = middle + 1;
		else
			to = middle;
	}
	return &table->csv.rows[from];
}

/* How many cells each has, and in which column it goes wrong. */
static bool look_at_bad_rows(struct table *table)
{
	CLEANUP(arena_cleanup) struct arena *scratch = arena_create(SCRATCH);
	for (size_t i = 0; scratch && i < table->left_out; i++) {
		struct table_bad *bad = &table->bad[i];
		size_t cells, column;
		csv_fault_at(&table->csv, row_of_line(table, bad->line), scratch, &cells, &column);
		bool is_whole = bad->fault == CSV_CELLS || bad->fault == CSV_LINE;
		bad->cells = (uint32_t)cells;
		bad->column = is_whole || column > table->csv.columns ? 0 : (uint16_t)column;
		arena_reset(scratch);
	}
	return scratch != NULL;
}

/* One note for each fault, by its first row. */
static void note_bad_rows(const struct table *table, const struct table_checks *checks)
{
	for (enum csv_fault fault = CSV_CELLS; fault <= CSV_LETTERS; fault++) {
		const struct table_bad *first = NULL;
		uint64_t rows = 0;
		for (size_t i = 0; i < table->left_out; i++) {
			if (table->bad[i].fault != fault)
				continue;
			first = first ? first : &table->bad[i];
			rows++;
		}
		if (!first)
			continue;
		struct str words = table_bad_words(first, table->csv.columns, checks->arena);
		notes_add(
			checks->notes, checks->arena,
			(struct note){
				.file = checks->name,
				.line = first->line,
				.column = arena_copy(checks->arena, table_bad_column(table, first)),
				.what = arena_format(checks->arena, "%.*s; the row is left out",
		                                     STR_ARG(words)),
				.rows = rows });
	}
}

static bool check_share(const struct table *table, const struct table_checks *checks,
                        struct err *err)
{
	if (table->left_out * TABLE_BAD_SHARE <= table->csv.count)
		return true;
	const struct table_bad *first = &table->bad[0];
	struct str words = table_bad_words(first, table->csv.columns, checks->arena),
		   column = table_bad_column(table, first);
	return err_set(err, ERR_INPUT,
	               "%.*s:%u: %s%.*s%s%.*s; %zu of %zu rows are bad, more than one in a"
	               " hundred: mend them; nothing was done",
	               STR_ARG(checks->name), first->line, column.n ? "column " : "",
	               STR_ARG(column), column.n ? ": " : "", STR_ARG(words), table->left_out,
	               table->csv.count);
}

/* --- ids
 * ---------------------------------------------------------------------------------------------------
 */

/* The lines of records, which come one after the other. */
struct lines {
	const struct table *table;
	size_t row, bad;
};

static uint32_t next_line(struct lines *lines)
{
	const struct table *table = lines->table;
	while (lines->bad < table->left_out &&
	       table->bad[lines->bad].line == table->csv.rows[lines->row].line) {
		lines->bad++;
		lines->row++;
	}
	return table->csv.rows[lines->row++].line;
}

static uint32_t line_of(const struct table *table, uint32_t record)
{
	struct lines lines = { .table = table };
	for (uint32_t i = 0; i < record; i++)
		(void)next_line(&lines);
	return next_line(&lines);
}

struct id_faults {
	uint32_t missing, missing_first;
	uint32_t twice, twice_first, twice_of; /* records */
};

/* Records' ids as they come, several at once. */
struct id_search {
	struct dictionary ids;
	uint32_t *records; /* by code */
	struct dictionary_put puts[DICTIONARY_PUTS];
	uint32_t of[DICTIONARY_PUTS]; /* records */
	size_t count;
	struct id_faults *out;
};

static bool look_up_ids(struct id_search *search)
{
	uint32_t known = search->ids.count;
	dictionary_put_some(&search->ids, search->puts, search->count);
	for (size_t i = 0; i < search->count; i++) {
		uint32_t code = search->puts[i].code;
		if (code == UINT32_MAX)
			return false;
		if (code == known) {
			search->records[known++] = search->of[i];
		} else if (search->out->twice++ == 0) {
			search->out->twice_first = search->of[i];
			search->out->twice_of = search->records[code];
		}
	}
	search->count = 0;
	return true;
}

static bool find_id_faults(const struct table *table, struct id_faults *out)
{
	struct id_search search = { .out = out };
	search.records = pool_take(table->pool, (size_t)table->count + 1, sizeof(uint32_t));
	bool done = dictionary_init(&search.ids, table->pool, table->seed) && search.records;
	*out = (struct id_faults){ 0 };
	for (uint32_t i = 0; done && i < table->count; i++) {
		if (!table->ids[i].n) {
			out->missing_first = out->missing++ ? out->missing_first : i;
			continue;
		}
		search.puts[search.count] = (struct dictionary_put){ .text = table->ids[i] };
		search.of[search.count++] = i;
		done = search.count < DICTIONARY_PUTS || look_up_ids(&search);
	}
	done = done && look_up_ids(&search);
	dictionary_finish(&search.ids);
	pool_give(table->pool, search.records);
	return done;
}

static bool check_ids(const struct table *table, struct str name, const struct id_faults *faults,
                      struct err *err)
{
	if (faults->missing)
		return err_set(err, ERR_INPUT, "%.*s:%u: the record has no id (%u such row%s)",
		               STR_ARG(name), line_of(table, faults->missing_first),
		               faults->missing, faults->missing == 1 ? "" : "s");
	if (faults->twice)
		return err_set(err, ERR_INPUT,
		               "%.*s:%u: it has the id of line %u; make ids differ (%u such row%s)",
		               STR_ARG(name), line_of(table, faults->twice_first),
		               line_of(table, faults->twice_of), faults->twice,
		               faults->twice == 1 ? "" : "s");
	return true;
}

/* --- dates
 * -------------------------------------------------------------------------------------------------
 */

/* What there is to say of it. */
static struct str doubt_of(const struct date_order *found)
{
	bool is_sure = !found->is_by_order || (found->is_told && !found->is_mixed);
	return is_sure ? STR("")
	       : !found->is_mixed
	               ? STR("day and month can be read either way; taken as day/month/year")
	       : found->order == NORM_DMY
	               ? STR("day and month stand in either order; taken as day/month/year")
	               : STR("day and month stand in either order; taken as month/day/year");
}

/* By raw code: TABLE_ROW where nothing is wrong. */
static uint8_t *judge_dates(const struct table *table, const struct table_source *source,
                            int this_year, bool *is_any)
{
	const struct dictionary *raw = &source->raw;
	uint8_t *why = pool_take(table->pool, raw->count, 1);
	*is_any = false;
	for (uint32_t code = 1; why && code < raw->count; code++) {
		struct str text = dictionary_text(raw, code);
		struct norm_date date;
		struct norm_text folded;
		if (norm_date(text, source->order, this_year, &date))
			continue;
		norm_fold(text, &folded);
		if (!folded.n || norm_is_no_name(norm_str(&folded)))
			continue;
		why[code] = norm_date_is_everybodys(text, source->order, this_year) ? TABLE_DEFAULT
		                                                                    : TABLE_DATE;
		*is_any = true;
	}
	return why;
}

static bool note_dates(struct table *table, const struct table_source *source, const uint8_t *why,
                       const struct table_checks *checks)
{
	struct lines lines = { .table = table };
	struct table_bad first[TABLE_DEFAULT + 1] = { 0 };
	uint64_t rows[TABLE_DEFAULT + 1] = { 0 };
	for (uint32_t i = 0; i < table->count; i++) {
		uint32_t line = next_line(&lines);
		struct table_bad bad = { .line = line,
			                 .column = (uint16_t)(source->columns[0] + 1),
			                 .why = why[source->codes[i]] };
		if (bad.why == TABLE_ROW)
			continue;
		if (rows[bad.why]++ == 0)
			first[bad.why] = bad;
		if (checks->lists_dates && bad.why == TABLE_DATE && !table_add_bad(table, bad))
			return false;
	}
	for (enum table_why w = TABLE_DATE; w <= TABLE_DEFAULT; w++) {
		if (rows[w])
			notes_add(checks->notes, checks->arena,
			          (struct note){
					  .file = checks->name,
					  .line = first[w].line,
					  .column = arena_copy(checks->arena,
			                                       table_bad_column(table, &first[w])),
					  .what = table_bad_words(&first[w], 0, checks->arena),
					  .rows = rows[w] });
	}
	return true;
}

static bool check_dates(struct table *table, struct table_source *source,
                        const struct table_checks *checks)
{
	struct str doubt = STR("");
	bool is_any;
	if (!source->has_order) {
		struct date_order found = date_order_of(&source->raw);
		source->order = found.order;
		source->is_by_order = found.is_by_order;
		doubt = doubt_of(&found);
	}
	source->has_order = true;
	if (doubt.n)
		notes_add(
			checks->notes, checks->arena,
			(struct note){ .file = checks->name,
		                       .column = arena_copy(checks->arena,
		                                            table->csv.header[source->columns[0]]),
		                       .what = doubt });
	uint8_t *why = judge_dates(table, source, checks->this_year, &is_any);
	bool done = why && (!is_any || note_dates(table, source, why, checks));
	pool_give(table->pool, why);
	return done;
}

/* Ids by one thread, dates by another. */
struct checking {
	struct table *table;
	const struct table_checks *checks;
	struct id_faults faults;
	bool has_ids, has_dates; /* there was memory for them */
};

static bool check_half(void *ctx, size_t part, unsigned thread)
{
	struct checking *checking = ctx;
	struct table *table = checking->table;
	(void)thread;
	if (part == 0) {
		checking->has_ids = find_id_faults(table, &checking->faults);
		return true;
	}
	checking->has_dates = true;
	for (size_t i = 0; checking->has_dates && i < table->source_count; i++) {
		if (table->sources[i].field == FIELD_DOB)
			checking->has_dates =
				check_dates(table, &table->sources[i], checking->checks);
	}
	return true;
}

bool table_check(struct table *table, const struct table_checks *checks, struct err *err)
{
	struct checking checking = { .table = table, .checks = checks };
	if (!look_at_bad_rows(table))
		return err_set(err, ERR_UNABLE, "There is no memory for so many bad rows");
	note_bad_rows(table, checks);
	if (!check_share(table, checks, err))
		return false;
	if (!work_share(checks->threads, 2, check_half, &checking) || !checking.has_ids)
		return err_set(err, ERR_UNABLE, "There is no memory for so many records");
	if (!check_ids(table, checks->name, &checking.faults, err)) {
		/* Nothing is read, so nothing is told of its dates. */
		table->bad_count = table->left_out;
		return false;
	}
	if (!checking.has_dates)
		return err_set(err, ERR_UNABLE, "There is no memory for so many dates");
	if (table->recoded)
		notes_add(checks->notes, checks->arena,
		          (struct note){ .file = checks->name,
		                         .what = STR("letters that are not UTF-8 are read as "
		                                     "Windows-1252"),
		                         .rows = table->recoded });
	return true;
}
