/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/csv.h"

#include <stdarg.h>

/* What spreadsheets begin a formula by, also behind blanks that they drop. */
static bool is_formula(struct str text)
{
	size_t i = 0;
	while (i < text.n &&
	       (text.p[i] == ' ' || text.p[i] == '\t' || text.p[i] == '\r' || text.p[i] == '\n'))
		i++;
	return i < text.n &&
	       (text.p[i] == '=' || text.p[i] == '+' || text.p[i] == '-' || text.p[i] == '@');
}

void csv_cell(struct buf *out, struct str text)
{
	buf_add_char(out, '"');
	if (is_formula(text))
		buf_add_char(out, '\'');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, text.p[i]);
	}
	buf_add_char(out, '"');
}

void csv_row(struct buf *out, int count, ...)
{
	va_list cells;
	va_start(cells, count);
	for (int i = 0; i < count; i++) {
		if (i > 0)
			buf_add_char(out, ',');
		csv_cell(out, va_arg(cells, struct str));
	}
	va_end(cells);
	buf_add(out, STR("\r\n"));
}
