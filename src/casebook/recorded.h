/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* When an entry was recorded, by its row. */
#ifndef CANDOUR_CASEBOOK_RECORDED_H
#define CANDOUR_CASEBOOK_RECORDED_H

#include "casebook/book.h"

/* *at stays as it is where the entry is not there, or was destroyed. */
bool recorded_read(struct store *store, int64_t index, instant *at, struct err *err) MUST_USE;

#endif
