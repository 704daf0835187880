/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the sources of candour import share. */
#ifndef CANDOUR_CLI_IMPORT_PARTS_H
#define CANDOUR_CLI_IMPORT_PARTS_H

#include "match/match.h"

#include "cli/call.h"

/* Reads the file in the program that was called, into call->prepared: one JSON value a line, the
 * first of what was found in it, then bad rows and good ones. ERR_INPUT as candour link has it. */
bool import_prepare(struct cli_call *call, struct err *err) MUST_USE;

/* One line of what was prepared. */
struct import_line {
	const struct json *head; /* the first: report, rows */
	bool is_bad;             /* it is left out: row.line, column and why */
	struct match_row row;
	struct str column, why;
};
/* Takes the next line off *rest; texts lie in `arena`. *has false: there is none. ERR_FAULT. */
bool import_next(struct str *rest, struct arena *arena, struct import_line *out, bool *has,
                 struct err *err) MUST_USE;

/* A cell of a report; one that a spreadsheet would take for a formula has an apostrophe before it.
 */
void import_cell(struct buf *out, struct str cell);

#endif
