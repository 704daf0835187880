/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

bool key_file_path(const char *dir, const char *name, char out[BOOK_PATH_MAX], struct err *err)
{
	int n = snprintf(out, BOOK_PATH_MAX, "%s/%s", dir, name);
	return (n > 0 && n < BOOK_PATH_MAX) ||
	       err_set(err, ERR_INPUT, "The path of this register is too long");
}

static void complain(const char *name)
{
	journal_write(JOURNAL_WARNING, "%s is not put in order before the next start: %s", name,
	              strerror(errno));
}

static void sync_keys(const char *dir)
{
	char path[BOOK_PATH_MAX];
	struct err ignored = { 0 };
	if (!key_file_path(dir, "keys", path, &ignored))
		return;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		complain("keys");
	if (fd >= 0)
		close(fd);
}

void key_file_link(const char *dir, const char *from, const char *to)
{
	char old[BOOK_PATH_MAX], new[BOOK_PATH_MAX];
	struct err ignored = { 0 };
	if (!key_file_path(dir, from, old, &ignored) || !key_file_path(dir, to, new, &ignored))
		return;
	if (link(old, new) != 0 && errno != EEXIST)
		complain(to);
	sync_keys(dir);
}

void key_file_move(const char *dir, const char *from, const char *to)
{
	char old[BOOK_PATH_MAX], new[BOOK_PATH_MAX];
	struct err ignored = { 0 };
	if (!key_file_path(dir, from, old, &ignored) || !key_file_path(dir, to, new, &ignored))
		return;
	if (rename(old, new) != 0)
		complain(from);
	sync_keys(dir);
}

static bool overwrite(int fd, off_t size)
{
	static const char NOUGHT[512];
	for (off_t at = 0; at < size;) {
		size_t n = size - at < (off_t)sizeof NOUGHT ? (size_t)(size - at) : sizeof NOUGHT;
		ssize_t put = pwrite(fd, NOUGHT, n, at);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		at += put;
	}
	return fsync(fd) == 0;
}

void key_file_destroy(const char *dir, const char *name)
{
	char path[BOOK_PATH_MAX];
	struct err ignored = { 0 };
	struct stat info;
	if (!key_file_path(dir, name, path, &ignored))
		return;
	int fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return;
	bool done = fd >= 0 && fstat(fd, &info) == 0 &&
	            (info.st_nlink > 1 || overwrite(fd, info.st_size));
	if (fd >= 0)
		close(fd);
	if (!done || unlink(path) != 0)
		complain(name);
	sync_keys(dir);
}

void key_file_replace(const char *dir)
{
	key_file_destroy(dir, KEY_FORMER);
	key_file_move(dir, KEY_NOW, KEY_FORMER);
	key_file_move(dir, KEY_NEXT, KEY_NOW);
	key_file_destroy(dir, KEY_FORMER);
}
