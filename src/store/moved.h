/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The files of a connection: made for their owner alone, still under their names, how long. */
#ifndef CANDOUR_STORE_MOVED_H
#define CANDOUR_STORE_MOVED_H

#include <sqlite3.h>

#include "base/base.h"

/* With mode 0600, before the engine opens it: its own default follows the umask. */
bool private_file_make(const char *path, struct err *err) MUST_USE;
/*
 * ERR_UNABLE when the database or its log was moved, removed or replaced
 * beneath the connection: what is written into a file without a name is gone
 * with the program. Two looks at the folder, nothing read.
 */
bool files_are_in_place(sqlite3 *db, struct err *err) MUST_USE;
/* Bytes of its write-ahead log; 0: there is none. */
int64_t log_length(sqlite3 *db);
/*
 * Makes a log that holds something as long as `length`, by bytes that are no frame: a sync of what
 * is then written over them need not wait for the file system to note a new length.
 */
void log_fill(sqlite3 *db, int64_t length);

#endif
