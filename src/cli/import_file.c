/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The file of candour import: read where the command was given, and handed on row by row. */
#include "cli/import_parts.h"

#define FILE_MAX ((size_t)48 << 20) /* bytes of one file */
#define PREPARED_MAX ((size_t)100 << 20)
#define ROW_BYTES ((size_t)4 << 20)

struct preparing {
	struct buf *out;
	int64_t rows;
	struct arena *arena;
};

static void add_line(struct preparing *preparing, const struct json *line)
{
	json_write(preparing->out, line);
	buf_add_char(preparing->out, '\n');
	arena_reset(preparing->arena);
}

static bool add_row(void *ctx, const struct match_row *row, struct err *err)
{
	struct preparing *preparing = ctx;
	struct arena *arena = preparing->arena;
	struct json *line = json_array(arena);
	json_push(line, json_integer(arena, row->line));
	json_push(line, json_integer(arena, row->year));
	json_push(line, json_integer(arena, row->month));
	json_push(line, json_integer(arena, row->day));
	for (size_t i = 0; i < MATCH_CELLS; i++)
		json_push(line, json_string(arena, row->cells[i].p ? row->cells[i] : STR("")));
	preparing->rows++;
	if (!json_complete(line))
		return err_set(err, ERR_UNABLE, "There is no memory for a row");
	add_line(preparing, line);
	return true;
}

static bool add_bad(void *ctx, const struct match_bad *bad)
{
	struct preparing *preparing = ctx;
	struct arena *arena = preparing->arena;
	struct json *line = json_array(arena);
	if (!bad->is_left_out)
		return true;
	json_push(line, json_integer(arena, bad->line));
	json_push(line, json_string(arena, bad->column));
	json_push(line, json_string(arena, bad->why));
	preparing->rows++;
	add_line(preparing, line);
	return true;
}

static bool read_rows(struct cli_call *call, struct match *match, struct str name, struct str text,
                      struct buf *out, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(ROW_BYTES);
	struct buf rows;
	struct preparing preparing = { .out = &rows, .arena = arena };
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory for this file");
	buf_init(&rows, PREPARED_MAX);
	bool done = match_rows(match, name, text, add_row, &preparing, err) &&
	            match_bad_rows(match, add_bad, &preparing, err);
	struct json *head = match_rows_report(match, call->arena);
	if (done)
		json_put_integer(call->arena, head, STR("rows"), preparing.rows);
	if (done) {
		json_write(out, head);
		buf_add_char(out, '\n');
		buf_add(out, buf_str(&rows));
	}
	done = done &&
	       ((!rows.full && !out->full) ||
	        err_set(err, ERR_INPUT, "%.*s is too large; import it in parts", STR_ARG(name)));
	buf_finish(&rows);
	return done;
}

/* What is read is not written over, and each report has a file of its own. */
static bool spares_input(struct cli_call *call, const char *path, struct err *err)
{
	const char *report = str_to_c(call->arena, cli_text(call, "report"));
	const char *seen = str_to_c(call->arena, cli_text(call, "invisible"));
	bool has_report = cli_has(call, "report") && report;
	bool has_seen = cli_has(call, "invisible") && seen;
	if ((has_report && file_is_same(report, path)) || (has_seen && file_is_same(seen, path)))
		return err_set(
			err, ERR_USAGE,
			"A report would be written over the file that is imported: name another");
	if (has_report && has_seen && (strcmp(report, seen) == 0 || file_is_same(report, seen)))
		return err_set(err, ERR_USAGE,
		               "--report and --invisible: give each a file of its own");
	return true;
}

bool import_prepare(struct cli_call *call, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *texts = arena_create(2 * FILE_MAX);
	const struct match_limits limits = { .lists_bad = true };
	struct match *match = NULL;
	struct buf out;
	struct str text;
	if (!str_eq(call->args[0], STR("people")))
		return err_set(err, ERR_USAGE, "\"%.*s\" is nothing that is imported; people are",
		               STR_ARG(str_sub(call->args[0], 0, 60)));
	const char *path = str_to_c(call->arena, call->args[1]);
	if (!path || !texts)
		return err_set(err, ERR_USAGE, "The name of the file cannot be read");
	if (!spares_input(call, path, err))
		return false;
	if (!file_read(texts, path, FILE_MAX, &text, err)) {
		err->code = err->code == ERR_ABSENT ? ERR_INPUT : err->code;
		return false;
	}
	if (!match_open(&limits, &match, err))
		return false;
	buf_init(&out, PREPARED_MAX);
	bool done = read_rows(call, match, call->args[1], text, &out, err);
	match_close(match);
	call->prepared = done ? arena_copy(call->arena, buf_str(&out)) : STR_NONE;
	buf_finish(&out);
	return done &&
	       (call->prepared.p || err_set(err, ERR_UNABLE, "There is no memory for this file"));
}

static bool read_row(const struct json *line, struct import_line *out)
{
	const struct json *item = line->first;
	int *const numbers[] = { &out->row.year, &out->row.month, &out->row.day };
	out->row.line = (uint32_t)item->integer;
	item = item->next;
	for (size_t i = 0; i < COUNT_OF(numbers); i++, item = item->next) {
		if (!item || item->type != JSON_INTEGER)
			return false;
		*numbers[i] = (int)item->integer;
	}
	for (size_t i = 0; i < MATCH_CELLS; i++, item = item->next) {
		if (!item || item->type != JSON_STRING)
			return false;
		out->row.cells[i] = item->string;
	}
	return item == NULL;
}

static bool read_bad(const struct json *line, struct import_line *out)
{
	const struct json *column = line->first->next, *why = column->next;
	out->is_bad = true;
	out->row.line = (uint32_t)line->first->integer;
	out->column = column->string;
	out->why = why->string;
	return column->type == JSON_STRING && why->type == JSON_STRING;
}

bool import_next(struct str *rest, struct arena *arena, struct import_line *out, bool *has,
                 struct err *err)
{
	struct str text;
	const struct json *line;
	*out = (struct import_line){ .head = NULL };
	*has = rest->n > 0 && str_cut(rest, '\n', &text) && text.n > 0;
	if (!*has)
		return true;
	if (!json_read(arena, text, JSON_DEPTH_MAX, &line, err))
		return false;
	if (line->type == JSON_OBJECT) {
		out->head = line;
		return true;
	}
	bool is_list =
		line->type == JSON_ARRAY && line->count >= 3 && line->first->type == JSON_INTEGER;
	bool good = is_list && (line->count == 3 ? read_bad(line, out) : read_row(line, out));
	return good || err_set(err, ERR_FAULT, "a row was not handed on whole");
}

void import_cell(struct buf *out, struct str cell)
{
	bool is_formula = cell.n && (cell.p[0] == '=' || cell.p[0] == '+' || cell.p[0] == '-' ||
	                             cell.p[0] == '@' || cell.p[0] == '\t' || cell.p[0] == '\r');
	bool is_plain = true;
	for (size_t i = 0; i < cell.n; i++)
		is_plain = is_plain && cell.p[i] != ',' && cell.p[i] != '"' && cell.p[i] != '\n' &&
		           cell.p[i] != '\r';
	if (!is_plain)
		buf_add_char(out, '"');
	if (is_formula)
		buf_add_char(out, '\'');
	for (size_t i = 0; i < cell.n; i++) {
		if (cell.p[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, cell.p[i]);
	}
	if (!is_plain)
		buf_add_char(out, '"');
}
