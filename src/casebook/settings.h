/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Settings of a register (table setting), and loading an adopted pack's text. */
#ifndef CANDOUR_CASEBOOK_SETTINGS_H
#define CANDOUR_CASEBOOK_SETTINGS_H

#include "casebook/book.h"

/* p NULL: not set. */
bool setting_read(struct store *store, struct arena *arena, struct str name, struct str *out,
                  struct err *err) MUST_USE;
/* Compiles a pack from the text kept in table pack. */
bool book_pack_load(struct str text, struct pack **out, struct err *err) MUST_USE;

#endif
