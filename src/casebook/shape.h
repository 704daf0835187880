/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: whether a database has the tables and indexes that this
 * program makes, nothing more and nothing less. Another clause of a table acts
 * like a trigger: with ON CONFLICT IGNORE an entry or a duty is dropped as it
 * is written, and the turn is answered all the same.
 */
#ifndef CANDOUR_CASEBOOK_SHAPE_H
#define CANDOUR_CASEBOOK_SHAPE_H

#include "casebook/book.h"

/* Compares with a fresh database of that set of migrations. */
bool shape_fits(struct store *store, const char *set, bool *fits, struct err *err) MUST_USE;
/* Whether the shape is the one that this program knows without making a fresh database. */
bool shape_is_known(struct store *store, bool *is_known, struct err *err) MUST_USE;
/* Looks at the shape when the register opens, and again when the schema's number says that it
 * changed. */
bool shape_is_own(struct casebook *book, bool *is_own, struct err *err) MUST_USE;

#endif
