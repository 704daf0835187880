/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Filling errors, and what each code means to the process. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/journal.h"

/* Takes away the beginning of a character that no longer fitted: a message is shown and sent on. */
static void cut_between_characters(char *text, size_t n)
{
	size_t at = n;
	while (at > 0 && ((unsigned char)text[at - 1] & 0xC0) == 0x80)
		at--;
	if (at == 0 || (unsigned char)text[at - 1] < 0xC0)
		return;
	unsigned char first = (unsigned char)text[at - 1];
	size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
	if (at - 1 + length > n)
		text[at - 1] = 0;
}

bool err_set(struct err *err, enum err_code code, const char *message, ...)
{
	va_list args;
	err->code = code;
	err->context[0] = 0;
	va_start(args, message);
	int n = vsnprintf(err->message, sizeof err->message, message, args);
	va_end(args);
	if (n >= (int)sizeof err->message)
		cut_between_characters(err->message, sizeof err->message - 1);
	return false;
}

bool err_context(struct err *err, const char *context, ...)
{
	va_list args;
	size_t at = strlen(err->context);
	if (at > 0 && at + 3 < sizeof err->context) {
		err->context[at++] = ';';
		err->context[at++] = ' ';
	}
	va_start(args, context);
	(void)vsnprintf(err->context + at, sizeof err->context - at, context, args);
	va_end(args);
	return false;
}

int err_exit_status(enum err_code code)
{
	switch (code) {
	case ERR_NONE:
		return 0;
	case ERR_ABSENT:
	case ERR_REFUSED:
		return 1;
	case ERR_USAGE:
		return 2;
	case ERR_INPUT:
		return 3;
	case ERR_UNABLE:
		return 4;
	case ERR_FAULT:
		break;
	}
	return 70;
}

void base_check_failed(const char *cond, const char *file, int line)
{
	struct err err;
	char reference[5];
	err_set(&err, ERR_FAULT, "an invariant does not hold");
	err_context(&err, "%s at %s:%d", cond, file, line);
	journal_fault(&err, reference);
	abort();
}
