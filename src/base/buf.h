/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A growing buffer with its maximum named at the start. Appends never fail at
 * the spot: past the maximum (or without memory) the buffer is `full`, keeps
 * what it had, and the caller looks once at the end.
 */
#ifndef CANDOUR_BASE_BUF_H
#define CANDOUR_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attribute.h"
#include "base/str.h"

struct buf {
	char *p;
	size_t n;
	size_t room;
	size_t max;
	bool full;
};

void buf_init(struct buf *buf, size_t max_bytes);
/* Frees, and may be called on a zeroed or finished buffer. */
void buf_finish(struct buf *buf);
void buf_clear(struct buf *buf);
void buf_add(struct buf *buf, struct str s);
void buf_add_bytes(struct buf *buf, const void *bytes, size_t n);
void buf_add_char(struct buf *buf, char c);
void buf_format(struct buf *buf, const char *format, ...) PRINTF(2, 3);
void buf_vformat(struct buf *buf, const char *format, va_list args) PRINTF(2, 0);
/* What is in it; borrowed until the next change. */
struct str buf_str(const struct buf *buf);

#endif
