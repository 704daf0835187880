/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the header of an entry says, by its row. */
#ifndef CANDOUR_CASEBOOK_RECORDED_H
#define CANDOUR_CASEBOOK_RECORDED_H

#include "casebook/book.h"

/* When it was recorded. *at stays as it is where the entry is not there, or was destroyed. */
bool recorded_read(struct store *store, int64_t index, instant *at, struct err *err) MUST_USE;
/* Whether the account made it; false also where it is not there, or was destroyed. */
bool recorded_is_by(struct store *store, int64_t index, struct str account, bool *is_by,
                    struct err *err) MUST_USE;

#endif
