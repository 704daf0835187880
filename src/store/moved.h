/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whether the files that a connection writes are still the ones that stand under their names. */
#ifndef CANDOUR_STORE_MOVED_H
#define CANDOUR_STORE_MOVED_H

#include <sqlite3.h>

#include "base/base.h"

/*
 * ERR_UNABLE when the database or its log was moved, removed or replaced
 * beneath the connection: what is written into a file without a name is gone
 * with the program. Two looks at the folder, nothing read.
 */
bool files_are_in_place(sqlite3 *db, struct err *err) MUST_USE;

#endif
