/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The writer's lock: a file that the system holds for the process, and lets go with it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store.h"

struct store_lock {
	int fd;
	char path[]; /* NUL-ended */
};

bool store_lock_take(const char *path, struct store_lock **out, struct err *err)
{
	*out = NULL;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err_set(err, ERR_UNABLE, "The lock %s cannot be opened: %s", path,
		               strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return err_set(err, ERR_UNABLE,
		               "Another program is writing this register; stop it or ask it");
	}
	size_t path_n = strlen(path) + 1;
	struct store_lock *lock = calloc(1, sizeof *lock + path_n);
	if (!lock) {
		close(fd);
		return err_set(err, ERR_UNABLE, "There is no memory to take the lock");
	}
	lock->fd = fd;
	memcpy(lock->path, path, path_n);
	*out = lock;
	return true;
}

bool store_lock_stands(const struct store_lock *lock)
{
	struct stat held, there;
	return fstat(lock->fd, &held) == 0 && lstat(lock->path, &there) == 0 &&
	       held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

void store_lock_release(struct store_lock *lock)
{
	if (!lock)
		return;
	close(lock->fd);
	free(lock);
}
