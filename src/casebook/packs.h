/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: the adopted packs of a register that is being opened.
 *
 * Beside each text lies what its YAML says, with a tag under the register's own key over it, the
 * pack's number and the hash of the text it was read from. A row that was altered, that belongs to
 * another text than the one whose hash the pack's row names, or that another version of the program
 * wrote, is as if it were not there: the text is read, once it is the one that its entry names. What
 * is judged follows from the text alone.
 */
#ifndef CANDOUR_CASEBOOK_PACKS_H
#define CANDOUR_CASEBOOK_PACKS_H

#include "casebook/book.h"

/* Loads all of them, in order. After the vault. */
bool packs_read(struct casebook *book, struct err *err) MUST_USE;
/* One sum of the first `n` packs: who may do and read what follows from them. */
struct hash packs_sum(const struct casebook *book, int64_t n);
/* Keeps what packs_read had to read from YAML. A writer; what cannot be kept is read again next
 * time. */
void packs_keep(struct casebook *book);

#endif
