/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/moved.h"

#include <unistd.h>

/* False too where files have no names: in memory, and on the shim. */
static bool is_named(sqlite3_file *file, int *moved)
{
	*moved = 0;
	return file && file->pMethods && file->pMethods->xFileControl &&
	       file->pMethods->xFileControl(file, SQLITE_FCNTL_HAS_MOVED, moved) == SQLITE_OK;
}

bool files_are_in_place(sqlite3 *db, struct err *err)
{
	sqlite3_file *database = NULL, *journal = NULL;
	const char *path = sqlite3_db_filename(db, "main");
	int moved;
	(void)sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &database);
	(void)sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &journal);
	if (!path || !*path || !is_named(database, &moved))
		return true;
	/* The engine keeps no inode of its log, so that only a missing one shows. */
	const char *log = sqlite3_filename_wal(path);
	bool has_log = !journal || !journal->pMethods || access(log, F_OK) == 0;
	if (moved == 0 && has_log)
		return true;
	const char *lost = moved != 0 ? path : log, *slash = strrchr(lost, '/');
	return err_set(
		err, ERR_UNABLE,
		"%s was moved, removed or replaced while it is in use. Put it back as it was;"
		" nothing is taken until then",
		slash ? slash + 1 : lost);
}
