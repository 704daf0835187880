/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The journal: lines for those who run the machine, on standard error. Never
 * content, names, codes, addresses, targets or secrets: ids and numbers only.
 */
#ifndef CANDOUR_BASE_JOURNAL_H
#define CANDOUR_BASE_JOURNAL_H

#include "base/attribute.h"
#include "base/err.h"

enum journal_level {
	JOURNAL_DEBUG,
	JOURNAL_INFO,
	JOURNAL_WARNING,
	JOURNAL_ERROR,
	JOURNAL_SILENT, /* as a level to set: nothing is written */
};

/* Lines below `level` are dropped. Set before threads start; INFO at first. */
void journal_set_level(enum journal_level level);
/* One line: level, text. */
void journal_write(enum journal_level level, const char *format, ...) PRINTF(2, 3);
/* Writes err's message and context under a reference such as "R7K2" and gives the reference back
 * (5 bytes with NUL), so that the person's page and the journal can be put together. */
void journal_fault(const struct err *err, char reference[5]);

#endif
