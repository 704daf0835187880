/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The journal on standard error; one write a line, so that threads do not mix. */
#include "base/journal.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static enum journal_level lowest = JOURNAL_INFO; /* set before threads start */

void journal_set_level(enum journal_level level)
{
	lowest = level;
}

static void put_line(const char *line, size_t n)
{
	while (n > 0) {
		ssize_t put = write(STDERR_FILENO, line, n);
		if (put <= 0)
			return; /* nobody reads: nothing better to do than to go on */
		line += put;
		n -= (size_t)put;
	}
}

void journal_write(enum journal_level level, const char *format, ...)
{
	static const char *const name[] = { "debug", "info", "warning", "error", "" };
	char line[1024];
	va_list args;
	if (level < lowest)
		return;
	int n = snprintf(line, sizeof line, "candour: %s: ", name[level]);
	va_start(args, format);
	int more = vsnprintf(line + n, sizeof line - (size_t)n - 1, format, args);
	va_end(args);
	size_t length = (size_t)n + (more < 0 ? 0 : (size_t)more);
	if (length > sizeof line - 1)
		length = sizeof line - 1;
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)line[i] < 0x20)
			line[i] = ' ';
	}
	line[length] = '\n';
	put_line(line, length + 1);
}

void journal_fault(const struct err *err, char reference[5])
{
	static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	unsigned char bytes[4];
	randombytes_buf(bytes, sizeof bytes);
	for (int i = 0; i < 4; i++)
		reference[i] = symbols[bytes[i] & 31];
	reference[4] = 0;
	journal_write(JOURNAL_ERROR, "fault %s: %s (%s)", reference, err->message, err->context);
}
