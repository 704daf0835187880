/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "casebook/casebook.h"

#define DEEP 2 /* folders inside a register */

/* What a new register or a backup holds: nothing else is ever taken away. */
static const char *const OURS[] = { CASEBOOK_HALF_MADE,
	                            "register.db",
	                            "register.db-wal",
	                            "register.db-shm",
	                            "keys",
	                            "lock",
	                            "register.db-journal",
	                            "limits",
	                            "limits.new",
	                            "policy",
	                            "policy.new",
	                            "checkpoint",
	                            "checkpoint.new" };

static bool is_ours(struct str name)
{
	for (size_t i = 0; i < COUNT_OF(OURS); i++) {
		if (str_eq(name, str_from_c(OURS[i])))
			return true;
	}
	return false;
}

/* --- taking away ---------------------------------------------------------------------------- */

/* The mark goes last: until then it is half made. */
static void take_away(struct arena *arena, const char *dir, int deep)
{
	const struct str *names;
	size_t count = 0;
	struct err ignored = { 0 };
	if (!file_list(arena, dir, &names, &count, &ignored))
		return;
	for (size_t i = 0; i < count; i++) {
		const char *name = str_to_c(arena, names[i]);
		const char *path = name ? file_join(arena, dir, name) : NULL;
		bool is_of_top = deep == DEEP;
		if (!path || (is_of_top &&
		              (str_eq(names[i], STR(CASEBOOK_HALF_MADE)) || !is_ours(names[i]))))
			continue;
		if (file_is_folder(path) && !file_is_link(path) && deep > 0) {
			take_away(arena, path, deep - 1);
			(void)rmdir(path);
		} else {
			(void)unlink(path);
		}
	}
}

void folder_give_up(struct arena *arena, struct folder *folder)
{
	const char *mark = file_join(arena, folder->dir, CASEBOOK_HALF_MADE);
	if (folder->mark < 0)
		return;
	take_away(arena, folder->dir, DEEP);
	if (mark)
		(void)unlink(mark);
	close(folder->mark);
	folder->mark = -1;
	if (!folder->was_there)
		(void)rmdir(folder->dir);
}

/* --- beginning ------------------------------------------------------------------------------ */

static bool sync_path(const char *path, int flags)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | flags);
	bool done = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return done;
}

static bool not_marked(const char *dir, struct err *err)
{
	return err_set(err, ERR_UNABLE, "The folder %s cannot be filled: %s", dir, strerror(errno));
}

/* Takes the mark: made new, or left behind by a command that was stopped. */
static bool take_mark(const char *dir, const char *path, int *out, struct err *err)
{
	struct stat held, there;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd < 0)
		return not_marked(dir, err);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return err_set(err, ERR_UNABLE,
		               "Another command is filling the folder %s just now; let it end",
		               dir);
	}
	/* One that ended in between took its mark away. */
	if (fstat(fd, &held) != 0 || stat(path, &there) != 0 || held.st_ino != there.st_ino) {
		close(fd);
		return err_set(err, ERR_UNABLE,
		               "Another command has just filled the folder %s; look at it", dir);
	}
	*out = fd;
	return true;
}

static bool write_mark(const char *dir, const char *by, int fd, struct err *err)
{
	size_t n = strlen(by);
	return (ftruncate(fd, 0) == 0 && pwrite(fd, by, n, 0) == (ssize_t)n && fsync(fd) == 0 &&
	        sync_path(dir, O_DIRECTORY)) ||
	       not_marked(dir, err);
}

/* Empty, but for what a command left that was stopped. */
static bool is_free(struct arena *arena, const char *dir, struct err *err)
{
	const struct str *names;
	size_t count;
	bool is_half = false;
	if (!file_list(arena, dir, &names, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		is_half = is_half || str_eq(names[i], STR(CASEBOOK_HALF_MADE));
	for (size_t i = 0; i < count; i++) {
		if (is_half && !is_ours(names[i]))
			return err_set(
				err, ERR_INPUT,
				"The folder %s is half made, and something else lies in it: %.*s. Move that"
				" elsewhere, or name a new folder",
				dir, STR_ARG(str_sub(names[i], 0, 64)));
	}
	return is_half || count == 0 ||
	       err_set(err, ERR_INPUT, "The folder %s is not empty; name a new or an empty one",
	               dir);
}

bool folder_begin(struct arena *arena, const char *dir, const char *by, struct folder *out,
                  struct err *err)
{
	const char *path = file_join(arena, dir, CASEBOOK_HALF_MADE);
	int fd = -1;
	*out = (struct folder){ .dir = dir, .was_there = file_exists(dir), .mark = -1 };
	if (!path)
		return err_set(err, ERR_INPUT, "The name of a folder is too long");
	if (!file_make_folder(dir, 0700, err) || !is_free(arena, dir, err) ||
	    !take_mark(dir, path, &fd, err)) {
		if (!out->was_there)
			(void)rmdir(dir); /* when it is empty */
		return false;
	}
	out->mark = fd;
	if (write_mark(dir, by, fd, err)) {
		take_away(arena, dir, DEEP);
		return true;
	}
	folder_give_up(arena, out);
	return false;
}

/* --- ending --------------------------------------------------------------------------------- */

static bool sync_all(struct arena *arena, const char *dir, int deep)
{
	const struct str *names;
	size_t count = 0;
	struct err ignored = { 0 };
	bool done = file_list(arena, dir, &names, &count, &ignored);
	for (size_t i = 0; done && i < count; i++) {
		const char *name = str_to_c(arena, names[i]);
		const char *path = name ? file_join(arena, dir, name) : NULL;
		bool is_folder = path && file_is_folder(path) && deep > 0;
		done = path && (is_folder ? sync_all(arena, path, deep - 1) : sync_path(path, 0));
	}
	return done && sync_path(dir, O_DIRECTORY);
}

bool folder_end(struct arena *arena, struct folder *folder, struct err *err)
{
	const char *mark = file_join(arena, folder->dir, CASEBOOK_HALF_MADE);
	const char *above = file_join(arena, folder->dir, "..");
	if (mark && above && sync_all(arena, folder->dir, DEEP) && unlink(mark) == 0 &&
	    sync_path(folder->dir, O_DIRECTORY)) {
		(void)sync_path(above, O_DIRECTORY); /* may be nobody's to read */
		close(folder->mark);
		folder->mark = -1;
		return true;
	}
	not_marked(folder->dir, err);
	folder_give_up(arena, folder);
	return false;
}
