/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/moved.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define PIECE 65536

bool private_file_make(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 && errno == EEXIST)
		return err_set(err, ERR_INPUT, "There is already a file %s; nothing was changed",
		               path);
	if (fd < 0)
		return err_set(err, ERR_UNABLE, "The file %s cannot be made: %s", path,
		               strerror(errno));
	close(fd);
	return true;
}

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

static sqlite3_file *log_of(sqlite3 *db)
{
	sqlite3_file *log = NULL;
	(void)sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
	return log && log->pMethods ? log : NULL;
}

int64_t log_length(sqlite3 *db)
{
	sqlite3_file *log = log_of(db);
	sqlite3_int64 length = 0;
	return log && log->pMethods->xFileSize(log, &length) == SQLITE_OK ? length : 0;
}

void log_fill(sqlite3 *db, int64_t length)
{
	static const char nothing[PIECE];
	sqlite3_file *log = log_of(db);
	int64_t at = log_length(db);
	while (log && at > 0 && at < length) {
		int n = length - at < PIECE ? (int)(length - at) : PIECE;
		if (log->pMethods->xWrite(log, nothing, n, at) != SQLITE_OK)
			return;
		at += n;
	}
}
