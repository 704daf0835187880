/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: keys of files that are lawfully destroyed. */
#ifndef CANDOUR_CASEBOOK_DISPOSE_H
#define CANDOUR_CASEBOOK_DISPOSE_H

#include "casebook/fold.h"

struct turn;

/* After an act whose kind destroys: the register's entry, and a note of what is to be done. */
bool dispose_follow(struct turn *turn, const struct folding *entry, struct err *err) MUST_USE;
/* Overwrites the keys that are noted, each if the log says so. Holds turn_lock, outside a
 * transaction. What fails stays noted. */
bool dispose_due(struct casebook *book, struct err *err) MUST_USE;

#endif
