/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A file as it was read for somebody: its duties, its entries, the seals that opened. */
#ifndef CANDOUR_CLI_SHOWING_H
#define CANDOUR_CLI_SHOWING_H

#include "cli/call.h"

struct shown_entry {
	struct casebook_entry entry;
	struct str by; /* who made it */
	enum casebook_seal how;
	const struct json *sealed; /* CASEBOOK_SEAL_OPEN */
	bool has_teller;           /* who told was held back */
	struct shown_entry *next;
};

struct showing {
	struct casebook_reader *reader;
	struct casebook_viewer viewer;
	struct casebook_file file;
	struct casebook_duty_list duties;
	struct shown_entry *first;
	struct shown_entry **last; /* where the next one goes */
};

/*
 * The label of a file from the sealed fields of its first entry, if they are
 * open: who the child is, or the first of the names; else empty.
 */
struct str showing_label(const struct json *sealed);
/* Prints the file for people: what it is, what is owed, what was settled, each entry. */
bool showing_print(struct cli_call *call, const struct showing *showing, struct err *err) MUST_USE;

#endif
