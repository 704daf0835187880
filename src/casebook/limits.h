/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: the limits of DIR/limits. */
#ifndef CANDOUR_CASEBOOK_LIMITS_H
#define CANDOUR_CASEBOOK_LIMITS_H

#include "casebook/book.h"

/* Fills book->limits from the file, or with what holds without one. ERR_INPUT names file, line and
 * remedy. */
bool limits_read(struct casebook *book, struct err *err) MUST_USE;

#endif
