/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the sources of candour import share. */
#ifndef CANDOUR_CLI_IMPORT_PARTS_H
#define CANDOUR_CLI_IMPORT_PARTS_H

#include "match/match.h"
#include "people/people.h"

#include "cli/call.h"

#define IMPORT_BATCH 256 /* acts sent at once */

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

/* --- what came of it: import_told.c */

enum import_outcome {
	IMPORT_OPENED,
	IMPORT_THERE,
	IMPORT_DIFFERS, /* there, and it says something else today */
	IMPORT_REFUSED,
	IMPORT_OUTCOMES,
};

/* What came of a row. */
struct import_told {
	uint32_t line;
	enum import_outcome outcome;
	struct str id, number, why; /* number of the file; empty: none */
};

/* A row whose act is sent. */
struct import_sent {
	uint32_t line;
	struct str id;
	struct people_import import;
};

struct importing {
	struct cli_call *call;
	struct people *people;
	struct people *own; /* made for this; NULL: the serving program's is used */
	const struct pack *pack;
	struct casebook_actor actor;
	struct str whose;
	struct day today;
	bool is_dry;
	int64_t rows, all;
	int64_t count[IMPORT_OUTCOMES];
	int64_t *by_import; /* that were opened, or would be, by the pack's import */
	int64_t said;
	int64_t before; /* the newest entry before it began */
	/* By the rows: on their files, and whom they brought together; now: since it began. */
	int64_t proposed, proposed_now;
	int64_t invisible, invisible_now;
	size_t too_large;
	struct arena *kept;       /* what is told of rows, until the end */
	struct import_told *told; /* by row */
	size_t told_count;
	struct arena *arena; /* of the batch */
	struct casebook_act acts[IMPORT_BATCH];
	struct casebook_answer answers[IMPORT_BATCH];
	struct import_sent sent[IMPORT_BATCH];
	size_t waiting;
};

/* Keeps it, and says what is refused. ERR_UNABLE. */
bool import_tell(struct importing *importing, const struct import_told *told,
                 struct err *err) MUST_USE;
void import_show(struct importing *importing, const char *what, int64_t done, int64_t of);
/* Who became known to three agencies by these rows, in this run or in one before. ERR_UNABLE. */
bool import_find_invisible(struct importing *importing, struct err *err) MUST_USE;
/* The report, for whoever asked for one: also of what was done before it stopped. ERR_UNABLE. */
bool import_report(struct importing *importing, struct err *err) MUST_USE;
bool import_say_sums(struct importing *importing, struct err *err) MUST_USE;

/* A cell of a report; one that a spreadsheet would take for a formula has an apostrophe before it.
 */
void import_cell(struct buf *out, struct str cell);

#endif
