/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_NAME "socket"
#define WAITING_MAX 64

void frame_init(struct frame *frame, int fd)
{
	*frame = (struct frame){ .fd = fd };
	buf_init(&frame->in, FRAME_MAX);
}

static void wipe(struct buf *buf)
{
	if (buf->p)
		explicit_bzero(buf->p, buf->n);
}

void frame_finish(struct frame *frame)
{
	wipe(&frame->in);
	buf_finish(&frame->in);
}

static bool fill(struct frame *frame, struct err *err)
{
	char piece[8192];
	ssize_t n;
	do {
		n = recv(frame->fd, piece, sizeof piece, 0);
	} while (n < 0 && errno == EINTR);
	if (n > 0)
		buf_add_bytes(&frame->in, piece, (size_t)n);
	explicit_bzero(piece, sizeof piece);
	if (n <= 0)
		return err_set(err, ERR_UNABLE, "The other end of the register's socket went away");
	return !frame->in.full || err_set(err, ERR_UNABLE, "That is too much for one command");
}

bool frame_read(struct frame *frame, struct arena *arena, const struct json **out, struct err *err)
{
	struct err found = { 0 };
	size_t looked = frame->used;
	for (;;) {
		struct str rest = str_sub(buf_str(&frame->in), looked, frame->in.n);
		size_t end = str_find(rest, '\n');
		if (end < rest.n) {
			struct str line = str_sub(buf_str(&frame->in), frame->used,
			                          looked + end - frame->used);
			struct str kept = arena_copy(arena, line);
			frame->used = looked + end + 1;
			if (!kept.p)
				return err_set(err, ERR_UNABLE,
				               "There is not enough memory for this command");
			return json_read(arena, kept, JSON_DEPTH_MAX, out, &found) ||
			       err_set(err, ERR_UNABLE,
			               "What came over the register's socket cannot be read");
		}
		looked = frame->in.n;
		if (!fill(frame, err))
			return false;
	}
}

static bool send_all(int fd, struct str bytes, struct err *err)
{
	while (bytes.n > 0) {
		ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set(err, ERR_UNABLE,
			               "The other end of the register's socket went away");
		bytes = str_sub(bytes, (size_t)n, bytes.n);
	}
	return true;
}

bool frame_write(struct frame *frame, const struct json *value, struct err *err)
{
	struct buf line;
	buf_init(&line, FRAME_MAX);
	json_write(&line, value);
	buf_add_char(&line, '\n');
	bool good = line.full ? err_set(err, ERR_UNABLE, "That is too much for one command")
	                      : send_all(frame->fd, buf_str(&line), err);
	wipe(&line);
	buf_finish(&line);
	return good;
}

/*
 * A socket's path holds 107 bytes; a folder's may be longer. So it is named by
 * way of the open folder.
 */
static bool address(const char *dir, int *folder, struct sockaddr_un *out, struct err *err)
{
	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	*folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*folder < 0)
		return err_set(err, ERR_ABSENT, "There is no register at %s", dir);
	snprintf(out->sun_path, sizeof out->sun_path, "/proc/self/fd/%d/" SOCKET_NAME, *folder);
	return true;
}

bool frame_listen(const char *dir, int *fd, struct err *err)
{
	struct sockaddr_un at;
	int folder;
	*fd = -1;
	if (!address(dir, &folder, &at, err))
		return false;
	/* Who gets here holds the writer's lock, so that a socket in the way is one left behind. */
	unlinkat(folder, SOCKET_NAME, 0);
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	mode_t before = umask(0177);
	bool good = *fd >= 0 && bind(*fd, (struct sockaddr *)&at, sizeof at) == 0 &&
	            listen(*fd, WAITING_MAX) == 0;
	umask(before);
	int why = errno;
	close(folder);
	if (good)
		return true;
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return err_set(err, ERR_UNABLE, "The socket %s/" SOCKET_NAME " cannot be made: %s", dir,
	               why == EROFS ? "the disk is read-only" : strerror(why));
}

bool frame_connect(const char *dir, int *fd, struct err *err)
{
	struct sockaddr_un at;
	int folder;
	unsigned uid;
	*fd = -1;
	if (!address(dir, &folder, &at, err))
		return false;
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool good = *fd >= 0 && connect(*fd, (struct sockaddr *)&at, sizeof at) == 0;
	int why = errno;
	close(folder);
	if (good && frame_peer(*fd, &uid) &&
	    (uid == (unsigned)geteuid() || uid == 0 || geteuid() == 0))
		return true;
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	if (!good && (why == ENOENT || why == ECONNREFUSED || why == ENOTSOCK))
		return err_set(err, ERR_ABSENT, "Nobody serves the register at %s", dir);
	return err_set(
		err, ERR_UNABLE,
		"The register at %s is served by another user of this machine; run the command as"
		" that user",
		dir);
}

bool frame_peer(int fd, unsigned *uid)
{
	struct ucred peer = { 0 };
	socklen_t n = sizeof peer;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0 || n != sizeof peer)
		return false;
	*uid = (unsigned)peer.uid;
	return true;
}

void frame_remove(const char *dir)
{
	int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return;
	unlinkat(folder, SOCKET_NAME, 0);
	close(folder);
}
