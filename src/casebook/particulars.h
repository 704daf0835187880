/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: the picture of the particulars that pages read, and what opening asks. */
#ifndef CANDOUR_CASEBOOK_PARTICULARS_H
#define CANDOUR_CASEBOOK_PARTICULARS_H

#include "casebook/book.h"

struct particulars *particulars_create(void);
void particulars_destroy(struct particulars *particulars); /* takes NULL */
/* An entry changed them: the next reader reads anew. Any thread. */
void particulars_changed(struct particulars *particulars);

/* The first of those that open a register that is not set: its sentence; p NULL: all are. */
bool particulars_missing(struct store *store, struct arena *arena, struct str *sentence,
                         struct err *err) MUST_USE;

#endif
