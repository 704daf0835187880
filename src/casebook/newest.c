/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/newest.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define NEWEST_BYTES 128 /* one piece of a disk: written in place, there whole or as it was */
#define NEWEST_HEAD "candour/newest/v1 "

static bool newest_path(const char *dir, char out[BOOK_PATH_MAX])
{
	int n = snprintf(out, BOOK_PATH_MAX, "%s/keys/newest", dir);
	return n > 0 && n < BOOK_PATH_MAX;
}

void newest_read(const char *dir, struct newest *out)
{
	char path[BOOK_PATH_MAX], bytes[NEWEST_BYTES];
	uint64_t size;
	*out = (struct newest){ 0 };
	int fd = newest_path(dir, path) ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
	if (fd < 0)
		return;
	ssize_t n = read(fd, bytes, sizeof bytes);
	close(fd);
	struct str text = str_from_bytes(bytes, n > 0 ? (size_t)n : 0);
	if (!str_starts(text, STR(NEWEST_HEAD)))
		return;
	text = str_sub(text, sizeof NEWEST_HEAD - 1, text.n);
	size_t space = str_find(text, ' ');
	if (str_to_u64(str_sub(text, 0, space), INT64_MAX, &size) &&
	    text.n >= space + 1 + 2 * HASH_SIZE &&
	    hash_read_hex(str_sub(text, space + 1, (size_t)2 * HASH_SIZE), &out->root))
		out->size = (int64_t)size;
}

bool newest_is_there(struct store *store, const struct newest *newest, const char *dir,
                     struct err *err)
{
	static const char ROOT_SQL[] = "SELECT root FROM signed WHERE size = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (newest->size == 0)
		return true;
	if (!store_prepare(store, ROOT_SQL, &found, err))
		return false;
	store_bind_int(found, 1, newest->size);
	enum store_step step = store_step(found, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_ROW && str_eq(store_blob(found, 0), hash_str(&newest->root)))
		return true;
	return err_set(
		err, ERR_UNABLE,
		"The database was set back: the tree of %" PRId64
		" entries that keys/newest names is %s. Put the "
		"newer one back, or make a register of a backup with: candour restore BACKUP NEW-FOLDER. When what "
		"came after is known to be lost for good, say so to those who hold receipts, and remove %s/keys/newest",
		newest->size, step == STORE_ROW ? "another one there" : "not there", dir);
}

bool newest_is_longer(struct store *store, const struct newest *newest, bool *out, struct err *err)
{
	static const char ENDS_SQL[] = "SELECT MAX(COALESCE((SELECT MAX(idx) FROM entry), -1) + 1,"
				       " COALESCE((SELECT MAX(size) FROM signed), 0))";
	int64_t ends = 0;
	*out = false;
	if (newest->size == 0)
		return true;
	if (!store_get_int(store, ENDS_SQL, &ends, err))
		return false;
	*out = ends < newest->size;
	return true;
}

void newest_keep(struct casebook *book)
{
	char path[BOOK_PATH_MAX], bytes[NEWEST_BYTES], hex[2 * HASH_SIZE];
	if (book->vfs || !book->is_writer || !book->tree || book->is_broken || book->entries == 0)
		return;
	struct hash root = log_tree_root(book->tree);
	hex_write(hex, root.bytes, HASH_SIZE);
	memset(bytes, '\n', sizeof bytes);
	int n = snprintf(bytes, sizeof bytes, NEWEST_HEAD "%" PRId64 " %.*s", book->entries,
	                 (int)sizeof hex, hex);
	bytes[n] = '\n';
	int fd = newest_path(book->dir, path)
	                 ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)
	                 : -1;
	bool done = fd >= 0 && pwrite(fd, bytes, sizeof bytes, 0) == (ssize_t)sizeof bytes;
	if (fd >= 0)
		done = close(fd) == 0 && done;
	if (!done)
		journal_write(JOURNAL_WARNING,
		              "the newest tree could not be kept beside the keys: %s",
		              strerror(errno));
}
