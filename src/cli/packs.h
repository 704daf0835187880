/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where packs are looked for. */
#ifndef CANDOUR_CLI_PACKS_H
#define CANDOUR_CLI_PACKS_H

#include "cli/call.h"

#define PACKS_FOLDERS_MAX 24

#define CLI_PACKS                                                                                  \
	{                                                                                          \
		"packs", CLI_TEXT, "FOLDER",                                                       \
			"where packs lie (else $CANDOUR_PACKS, then the installed ones)"           \
	}

/*
 * Reads the pack of that name; empty: the one named in the file `default` of
 * the first folder that has one. Looks in --packs, $CANDOUR_PACKS (parted by
 * colons), DIR/packs, beside the program and where it was installed.
 * ERR_INPUT: not there, and where it was looked for.
 */
bool packs_find(struct cli_call *call, struct str name, const struct pack_bytes **out,
                struct err *err) MUST_USE;
/* Loads it too; errors found are said, each a line. ERR_INPUT. Destroy with pack_destroy. */
bool packs_load(struct cli_call *call, struct str name, struct pack **out,
                struct err *err) MUST_USE;
void packs_cleanup(struct pack **pack); /* for CLEANUP */

#endif
