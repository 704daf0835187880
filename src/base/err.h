/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Errors: a code (what the program does next), a message (for the person who
 * asked: what happened, to which thing, what to do) and a context (for the
 * log: ids and engine codes, never content).
 */
#ifndef CANDOUR_BASE_ERR_H
#define CANDOUR_BASE_ERR_H

#include <stdbool.h>

#include "base/attribute.h"
#include "base/str.h"

enum err_code {
	ERR_NONE,
	ERR_ABSENT,  /* not there, or not for this reader; exit 1, 404 */
	ERR_REFUSED, /* access or gate says no, and that is an entry; exit 1, 403 or 409 */
	ERR_USAGE,   /* called wrongly; exit 2, 400 */
	ERR_INPUT,   /* the data is not as it must be; exit 3, 422 */
	ERR_UNABLE,  /* cannot now: locked, full, no key, disk; exit 4, 503 */
	ERR_FAULT,   /* a fault of ours; exit 70, 500 */
};

struct err {
	enum err_code code;
	char message[480];
	char context[160];
};

/* Fills *err and returns false, so that a failing function ends with `return err_set(…)`. */
bool err_set(struct err *err, enum err_code code, const char *message, ...) PRINTF(3, 4);

/* Adds to the context ("; " between), keeps code and message; returns false. */
bool err_context(struct err *err, const char *context, ...) PRINTF(2, 3);

/* The process's exit status for a code: 0, 1, 1, 2, 3, 4, 70. */
int err_exit_status(enum err_code code);

/*
 * An invariant that must hold in every build. When it does not: writes a
 * reference to the journal and stops the process. The writer never commits
 * past a broken invariant.
 */
#define base_check(cond) ((cond) ? (void)0 : base_check_failed(#cond, __FILE__, __LINE__))
void base_check_failed(const char *cond, const char *file, int line) NORETURN;

#endif
