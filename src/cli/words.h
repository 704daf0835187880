/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Entries and duties as people read them at a terminal: labels and titles of
 * the pack, times of the register's zone, offices by name. Whatever a stranger
 * wrote is shown so that it cannot steer the terminal.
 */
#ifndef CANDOUR_CLI_WORDS_H
#define CANDOUR_CLI_WORDS_H

#include "cli/call.h"

/*
 * The text with control characters made visible (^[ for escape) and marks that
 * turn the direction of writing named (<U+202E>); line ends and tabs stay.
 */
struct str words_printable(struct arena *arena, struct str text);
/* Whether it is shown as it is. */
bool words_is_printable(struct str text);

/* "Friday 20 November 2026, 9:20am", in the zone of the register's pack. */
struct str words_when(struct cli_call *call, instant at);
/*
 * When an entry was written, likewise. What the register did by itself when a day ended is said as
 * what was owed is said: "the end of Friday 20 November", as midnight names neither day.
 */
struct str words_when_of(struct cli_call *call, const struct casebook_entry *entry, instant at);
/* The title of an office; an id that is gone stays as it is. */
bool words_office(struct cli_call *call, struct casebook_reader *reader, struct str id,
                  struct str *out, struct err *err) MUST_USE;

/* "due the end of today", "was due 9am on Friday 20 November, late by 2 hours". */
struct str words_due(struct cli_call *call, const struct casebook_duty *duty);
/* Who was told that it is late, lowest rung first: "Team manager, Service manager"; "" nobody. */
bool words_told(struct cli_call *call, struct casebook_reader *reader,
                const struct casebook_duty *duty, struct str *out, struct err *err) MUST_USE;

/* What the fields of an entry are read against. */
struct words_of {
	struct casebook_reader *reader;
	const struct casebook_entry *entry;
	const struct json *sealed; /* NULL: not opened */
};
/* Prints the fields in the pack's order, a line each; long words below their label. */
bool words_print_fields(struct cli_call *call, const struct words_of *of, struct err *err) MUST_USE;

#endif
