/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files, folders and the environment. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/buf.h"

#define NAMES_MAX 10000

static bool read_failed(const char *path, struct err *err)
{
	if (errno == ENOENT || errno == ENOTDIR)
		return err_set(err, ERR_ABSENT, "There is no file %s", path);
	if (errno == EACCES)
		return err_set(err, ERR_UNABLE,
		               "The file %s may not be read by this account; check who owns it",
		               path);
	return err_set(err, ERR_UNABLE, "The file %s cannot be read: %s", path, strerror(errno));
}

static bool read_all(int fd, const char *path, char *out, size_t n, struct err *err)
{
	for (size_t at = 0; at < n;) {
		ssize_t got = read(fd, out + at, n - at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return err_set(err, ERR_UNABLE, "The file %s cannot be read to its end",
			               path);
		at += (size_t)got;
	}
	return true;
}

bool file_read(struct arena *arena, const char *path, size_t max_bytes, struct str *out,
               struct err *err)
{
	struct stat info;
	/* Not to be held up by a pipe that nobody writes to; files do not mind. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return read_failed(path, err);
	bool done = false;
	char *bytes = NULL;
	if (fstat(fd, &info) != 0)
		read_failed(path, err);
	else if (!S_ISREG(info.st_mode))
		err_set(err, ERR_INPUT, "%s is not a file", path);
	else if ((uintmax_t)info.st_size > max_bytes)
		err_set(err, ERR_INPUT, "The file %s is larger than %zu bytes", path, max_bytes);
	else if (!(bytes = arena_room(arena, (size_t)info.st_size + 1)))
		err_set(err, ERR_UNABLE, "The file %s is too large to hold", path);
	else
		done = read_all(fd, path, bytes, (size_t)info.st_size, err);
	close(fd);
	if (done) {
		bytes[info.st_size] = 0;
		*out = (struct str){ bytes, (size_t)info.st_size };
	}
	return done;
}

static bool write_all(int fd, struct str bytes)
{
	for (size_t at = 0; at < bytes.n;) {
		ssize_t put = write(fd, bytes.p + at, bytes.n - at);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		at += (size_t)put;
	}
	return true;
}

/* Makes a rename in the folder of `path` durable. */
static bool sync_folder(const char *path)
{
	struct buf folder;
	buf_init(&folder, 4096);
	const char *slash = strrchr(path, '/');
	if (!slash)
		buf_add_char(&folder, '.');
	else
		buf_add_bytes(&folder, path, slash == path ? 1 : (size_t)(slash - path));
	buf_add_char(&folder, 0);
	int fd = folder.full ? -1 : open(folder.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	buf_finish(&folder);
	if (fd < 0)
		return false;
	bool done = fsync(fd) == 0;
	close(fd);
	return done;
}

static bool cannot_write(const char *path, const char *reason, struct err *err)
{
	return err_set(err, ERR_UNABLE, "The file %s cannot be written: %s", path, reason);
}

static bool name_beside(const char *path, struct buf *name, struct err *err)
{
	buf_init(name, 4096);
	buf_format(name, "%s.new", path);
	buf_add_char(name, 0);
	return !name->full || err_set(err, ERR_INPUT, "The name %s is too long", path);
}

static bool write_named(const char *name, const char *path, mode_t mode, struct str bytes,
                        struct err *err)
{
	struct stat there;
	/* A device or a pipe would be replaced by a file. */
	if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
		return cannot_write(path, "it is no plain file", err);
	(void)unlink(name);
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	bool done = fd >= 0 && fchmod(fd, mode) == 0 && write_all(fd, bytes) && fsync(fd) == 0;
	int reason = errno;
	if (fd >= 0 && close(fd) != 0 && done) {
		done = false;
		reason = errno;
	}
	if (!done && fd >= 0)
		(void)unlink(name);
	return done || cannot_write(path, strerror(reason), err);
}

bool file_write_beside(const char *path, mode_t mode, struct str bytes, struct err *err)
{
	struct buf name;
	bool done = name_beside(path, &name, err) && write_named(name.p, path, mode, bytes, err);
	buf_finish(&name);
	return done;
}

bool file_take_beside(const char *path, struct err *err)
{
	struct buf name;
	bool done = name_beside(path, &name, err) &&
	            ((rename(name.p, path) == 0 && sync_folder(path)) ||
	             cannot_write(path, strerror(errno), err));
	buf_finish(&name);
	return done;
}

void file_drop_beside(const char *path)
{
	struct buf name;
	struct err ignored = { 0 };
	if (name_beside(path, &name, &ignored))
		(void)unlink(name.p);
	buf_finish(&name);
}

bool file_write(const char *path, mode_t mode, struct str bytes, struct err *err)
{
	if (!file_write_beside(path, mode, bytes, err))
		return false;
	if (file_take_beside(path, err))
		return true;
	file_drop_beside(path);
	return false;
}

bool file_exists(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0;
}

bool file_is_folder(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool file_is_link(const char *path)
{
	struct stat info;
	return lstat(path, &info) == 0 && S_ISLNK(info.st_mode);
}

bool file_is_same(const char *a, const char *b)
{
	struct stat one, other;
	return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev &&
	       one.st_ino == other.st_ino;
}

bool file_make_folder(const char *path, mode_t mode, struct err *err)
{
	if (mkdir(path, mode) == 0 || (errno == EEXIST && file_is_folder(path)))
		return true;
	return err_set(err, ERR_UNABLE, "The folder %s cannot be made: %s", path, strerror(errno));
}

static int by_bytes(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

bool file_list(struct arena *arena, const char *path, const struct str **names, size_t *count,
               struct err *err)
{
	DIR *folder = opendir(path);
	if (!folder)
		return errno == ENOENT
		               ? err_set(err, ERR_ABSENT, "There is no folder %s", path)
		               : err_set(err, ERR_UNABLE, "The folder %s cannot be read: %s", path,
		                         strerror(errno));
	struct buf found;
	buf_init(&found, NAMES_MAX * sizeof(struct str));
	bool done = true;
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
		struct str name = str_from_c(entry->d_name);
		if (str_eq(name, STR(".")) || str_eq(name, STR("..")))
			continue;
		struct str copy = arena_copy(arena, name);
		buf_add_bytes(&found, &copy, sizeof copy);
		done = done && copy.p && !found.full;
	}
	closedir(folder);
	size_t n = found.n / sizeof(struct str);
	struct str *sorted = arena_alloc(arena, n, sizeof *sorted);
	if (done && sorted && n) {
		memcpy(sorted, found.p, found.n);
		qsort(sorted, n, sizeof *sorted, by_bytes);
	}
	buf_finish(&found);
	if (!done || !sorted)
		return err_set(err, ERR_UNABLE, "The folder %s holds too many files", path);
	*names = sorted;
	*count = n;
	return true;
}

const char *file_join(struct arena *arena, const char *folder, const char *name)
{
	size_t n = strlen(folder);
	return arena_format(arena, "%s%s%s", folder, n && folder[n - 1] == '/' ? "" : "/", name).p;
}

long long file_free_bytes(const char *path)
{
	struct statvfs info;
	if (statvfs(path, &info) != 0)
		return -1;
	return (long long)info.f_bavail * (long long)info.f_frsize;
}

const char *file_environment(const char *name)
{
	const char *value = getenv(name);
	return value && value[0] ? value : NULL;
}
