/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "vault/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#define LINE_MAX_BYTES 256
#define HEAD "candour-secret/v1 "

static void close_file(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static bool open_to_read(const char *path, int *fd, struct err *err)
{
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (*fd >= 0)
		return true;
	if (errno == ENOENT)
		return err_set(err, ERR_ABSENT, "The key file %s is not there", path);
	if (errno == ELOOP)
		return err_set(err, ERR_INPUT,
		               "The key file %s is a link; put the file itself in its place", path);
	err_set(err, ERR_UNABLE, "The key file %s cannot be read", path);
	return err_context(err, "open: errno %d", errno);
}

/* Only its owner, who is us or the superuser, may have a hand on it. */
static bool check_guard(const char *path, int fd, struct err *err)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return err_set(err, ERR_UNABLE, "The key file %s cannot be read", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_INPUT, "The key file %s is not a plain file", path);
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return err_set(err, ERR_INPUT, "Others may read the key file %s; run: chmod 600 %s",
		               path, path);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return err_set(err, ERR_INPUT,
		               "The key file %s belongs to somebody else; run: chown it to the"
		               " account that runs candour",
		               path);
	return true;
}

static bool read_bytes(int fd, char *out, size_t room, size_t *n)
{
	*n = 0;
	while (*n < room) {
		ssize_t got = read(fd, out + *n, room - *n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		*n += (size_t)got;
	}
	return true;
}

static bool parse(struct str line, struct str name, uint8_t key[KEY_FILE_SECRET])
{
	struct str rest = line, word;
	size_t n = KEY_FILE_SECRET;
	if (!str_ends(line, STR("\n")) || !str_starts(line, STR(HEAD)))
		return false;
	rest = str_sub(line, sizeof HEAD - 1, line.n - sizeof HEAD);
	if (!str_cut(&rest, ' ', &word) || !str_eq(word, name))
		return false;
	return base64_read(rest, key, &n) && n == KEY_FILE_SECRET;
}

bool key_file_read(const char *path, const char *name, uint8_t key[KEY_FILE_SECRET],
                   struct err *err)
{
	CLEANUP(close_file) int fd = -1;
	char line[LINE_MAX_BYTES];
	size_t n = 0;

	if (!open_to_read(path, &fd, err) || !check_guard(path, fd, err))
		return false;
	bool good = read_bytes(fd, line, sizeof line, &n);
	if (!good) {
		sodium_memzero(line, sizeof line);
		return err_set(err, ERR_UNABLE, "The key file %s cannot be read", path);
	}
	good = n < sizeof line && parse((struct str){ line, n }, str_from_c(name), key);
	sodium_memzero(line, sizeof line);
	if (!good) {
		sodium_memzero(key, KEY_FILE_SECRET);
		return err_set(err, ERR_INPUT,
		               "The key file %s does not hold one line \"" HEAD
		               "%s\" with a key; bring it back from where it is kept",
		               path, name);
	}
	return true;
}

static bool write_bytes(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t put = write(fd, bytes, n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		bytes += put;
		n -= (size_t)put;
	}
	return true;
}

/* The name of a new file lasts only when its folder does. */
static bool sync_folder_of(const char *path)
{
	char folder[4096];
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) : 0;
	if (n >= sizeof folder)
		return false;
	memcpy(folder, path, n);
	folder[n] = '\0';
	CLEANUP(close_file)
	int fd = open(slash ? (n ? folder : "/") : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && fsync(fd) == 0;
}

bool key_file_make(const char *path, const char *name, const uint8_t key[KEY_FILE_SECRET],
                   struct err *err)
{
	CLEANUP(close_file)
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	char text[LINE_MAX_BYTES];
	size_t name_n = strlen(name);

	if (fd < 0 && errno == EEXIST)
		return err_set(err, ERR_INPUT, "The key file %s is there already", path);
	if (fd < 0)
		return err_set(err, ERR_UNABLE, "The key file %s cannot be written", path);
	base_check(name_n < 64);
	memcpy(text, HEAD, sizeof HEAD - 1);
	size_t n = sizeof HEAD - 1;
	memcpy(text + n, name, name_n);
	n += name_n;
	text[n++] = ' ';
	base64_write(text + n, key, KEY_FILE_SECRET);
	n += base64_length(KEY_FILE_SECRET);
	text[n++] = '\n';
	bool good = fchmod(fd, 0600) == 0 && write_bytes(fd, text, n) && fsync(fd) == 0 &&
	            sync_folder_of(path);
	sodium_memzero(text, sizeof text);
	if (good)
		return true;
	unlink(path);
	return err_set(err, ERR_UNABLE, "The key file %s cannot be written", path);
}
