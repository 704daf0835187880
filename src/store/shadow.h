/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Shadows: empty tables of the same shape that stand in front of those of the
 * file, seen by one connection alone and gone with it. Statements that name a
 * table without more see its shadow; STORE_KEPT and STORE_SHADOW say which.
 * They lie in a file of the system's temporary folder that has no name, not in
 * memory, so that their size does not matter.
 */
#ifndef CANDOUR_STORE_SHADOW_H
#define CANDOUR_STORE_SHADOW_H

#include "store/store.h"

#define STORE_KEPT "main."   /* before a table's name: the one in the file */
#define STORE_SHADOW "temp." /* before a table's name: its shadow */

/*
 * Makes an empty shadow of each table, with its keys and those of its indexes
 * that `without` does not name. Outside a transaction; on any connection, a
 * reading one too, which still writes nothing into the file. ERR_UNABLE: disk;
 * ERR_INPUT: there is no such table.
 */
bool store_shadow(struct store *store, const char *const *tables, size_t count,
                  const char *const *without, size_t without_count, struct err *err) MUST_USE;
/* Takes the shadows away. Outside a transaction. */
bool store_unshadow(struct store *store, const char *const *tables, size_t count,
                    struct err *err) MUST_USE;
/* Replaces all rows of each table by those of its shadow and builds its indexes anew, inside the
 * caller's transaction. Then each is as if it had been filled in the shadow's order. */
bool store_shadow_keep(struct store *store, const char *const *tables, size_t count,
                       struct err *err) MUST_USE;

/* A number that is another whenever the shape was changed; 0: nothing was made yet. */
bool store_shape_number(struct store *store, int64_t *out, struct err *err) MUST_USE;
/* What the file says of its own shape, as one text: tables, indexes and whatever else stands there,
 * by name. ERR_UNABLE: arena. */
bool store_shape(struct store *store, struct arena *arena, struct str *out,
                 struct err *err) MUST_USE;

#endif
