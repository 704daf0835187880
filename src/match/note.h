/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a run has to say of its files: where, what, and how often; never a value. Private to the
 * room. */
#ifndef CANDOUR_MATCH_NOTE_H
#define CANDOUR_MATCH_NOTE_H

#include <stdint.h>

#include "base/base.h"

struct note {
	struct str file;
	uint32_t line;     /* the first such row's; 0: of the file as a whole */
	struct str column; /* empty: of none */
	struct str what;
	uint64_t rows; /* such ones in all; 0: they are not counted */
	struct note *next;
};

struct notes {
	struct note *first, *last;
};

/* Copies nothing: texts last as long as `arena`. What finds no memory is left out. */
void notes_add(struct notes *notes, struct arena *arena, struct note note);

#endif
