/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: a pack of a text, compiled anew or taken from a shelf. */
#ifndef CANDOUR_CASEBOOK_SHELF_H
#define CANDOUR_CASEBOOK_SHELF_H

#include "casebook/casebook.h"

/* The pack of `text`; with a shelf it is the shelf's, else the caller's. */
bool shelf_load(struct casebook_shelf *shelf, struct str text, struct pack **out,
                struct err *err) MUST_USE;
/* The first finding of pack_check that fails; p NULL: it holds. In the arena. */
bool shelf_check(struct casebook_shelf *shelf, const struct pack *pack, struct arena *arena,
                 struct str *fails, struct err *err) MUST_USE;
/* Ends the caller's use: without a shelf it is destroyed. Takes NULL. */
void shelf_give(const struct casebook_shelf *shelf, struct pack *pack);

#endif
