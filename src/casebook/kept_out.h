/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: readings refused to an account that has read there before (kept_out.c). */
#ifndef CANDOUR_CASEBOOK_KEPT_OUT_H
#define CANDOUR_CASEBOOK_KEPT_OUT_H

#include "casebook/book.h"
#include "casebook/reader.h"

/*
 * Looks at what was refused since a night last did, and tells it on each file
 * that the pack watches over and whose writer it was refused to. The caller
 * holds turn_lock; turns of its own.
 */
bool kept_out_look(struct casebook *book, struct err *err) MUST_USE;

#endif
