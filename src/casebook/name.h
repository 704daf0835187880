/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: giving a register its name, once (tlog 4). The name is
 * that of the signing key, so the turn that names signs by the renamed key:
 * keys/log.key.next is written before the commit and takes the place of
 * keys/log.key after it. Whichever of the two the settings name is the key.
 */
#ifndef CANDOUR_CASEBOOK_NAME_H
#define CANDOUR_CASEBOOK_NAME_H

#include "casebook/book.h"

/* At opening: after a crash between commit and renaming the right key is taken, the other let go. */
bool name_settle(struct casebook *book, struct err *err) MUST_USE;
/* What casebook_vkey says from here on. */
bool name_tell(struct casebook *book, struct err *err) MUST_USE;
/* After the commit of a turn that named the register, and when such a turn is given up. */
void name_take(struct casebook *book);
void name_drop(struct casebook *book);

#endif
