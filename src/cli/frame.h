/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What goes over the register's socket: JSON values, one a line.
 *
 *   caller:  {"version","words":[…],"inputs":{OPTION: text},"prepared","token","asks","watches"}
 *   server:  {"ask","hidden"}         caller: {"answer"} or {"none": words}
 *            {"progress","done","all"}
 *            {"exit","out","words","outputs":{OPTION: text}}      the last
 */
#ifndef CANDOUR_CLI_FRAME_H
#define CANDOUR_CLI_FRAME_H

#include "base/base.h"

#define FRAME_MAX ((size_t)128 << 20) /* bytes of a line */

struct frame {
	int fd;
	struct buf in;
	size_t used; /* bytes of `in` that were given out */
};

void frame_init(struct frame *frame, int fd);
void frame_finish(struct frame *frame); /* wipes; does not close */
/* ERR_UNABLE: the other end went away, took too long, or sent what is no message. */
bool frame_read(struct frame *frame, struct arena *arena, const struct json **out,
                struct err *err) MUST_USE;
bool frame_write(struct frame *frame, const struct json *value, struct err *err) MUST_USE;

/* Binds (listening) or connects the socket of the register in `dir`; its path may be of any length.
 * connect: ERR_ABSENT: nobody serves it; ERR_UNABLE: somebody else's. */
bool frame_listen(const char *dir, int *fd, struct err *err) MUST_USE;
bool frame_connect(const char *dir, int *fd, struct err *err) MUST_USE;
/* The user at the other end. False: not told. */
bool frame_peer(int fd, unsigned *uid) MUST_USE;
void frame_remove(const char *dir);

#endif
