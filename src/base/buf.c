/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A growing buffer; `full` is set once and stays until cleared. */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

void buf_init(struct buf *buf, size_t max_bytes)
{
	*buf = (struct buf){ .max = max_bytes };
}

void buf_finish(struct buf *buf)
{
	free(buf->p);
	*buf = (struct buf){ 0 };
}

void buf_clear(struct buf *buf)
{
	buf->n = 0;
	buf->full = false;
}

/* Room for n more bytes, or full. */
static bool make_room(struct buf *buf, size_t n)
{
	if (buf->full || n > buf->max - buf->n) {
		buf->full = true;
		return false;
	}
	if (n <= buf->room - buf->n)
		return true;
	size_t room = buf->room ? buf->room : 256;
	while (room < buf->n + n)
		room *= 2;
	if (room > buf->max)
		room = buf->max;
	char *p = realloc(buf->p, room);
	if (!p) {
		buf->full = true;
		return false;
	}
	buf->p = p;
	buf->room = room;
	return true;
}

void buf_add_bytes(struct buf *buf, const void *bytes, size_t n)
{
	if (n == 0 || !make_room(buf, n))
		return;
	memcpy(buf->p + buf->n, bytes, n);
	buf->n += n;
}

void buf_add(struct buf *buf, struct str s)
{
	buf_add_bytes(buf, s.p, s.n);
}

void buf_add_char(struct buf *buf, char c)
{
	if (!make_room(buf, 1))
		return;
	buf->p[buf->n++] = c;
}

void buf_vformat(struct buf *buf, const char *format, va_list args)
{
	char small[256];
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(small, sizeof small, format, args);
	if (n < 0) {
		buf->full = true;
	} else if ((size_t)n < sizeof small) {
		buf_add_bytes(buf, small, (size_t)n);
	} else {
		char *large = malloc((size_t)n + 1);
		if (large) {
			(void)vsnprintf(large, (size_t)n + 1, format, again);
			buf_add_bytes(buf, large, (size_t)n);
			free(large);
		} else {
			buf->full = true;
		}
	}
	va_end(again);
}

void buf_format(struct buf *buf, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	buf_vformat(buf, format, args);
	va_end(args);
}

struct str buf_str(const struct buf *buf)
{
	return (struct str){ buf->p, buf->n };
}
