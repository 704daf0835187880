/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Putting acts to the casebook, and telling what came of them. */
#ifndef CANDOUR_CLI_ACTS_H
#define CANDOUR_CLI_ACTS_H

#include "cli/call.h"

/* Turns an outcome into an answer of the command: admitted and waiting are good; a refusal is
 * ERR_REFUSED with every sentence said; bad fields are ERR_INPUT, each named. */
bool acts_check(struct cli_call *call, const struct casebook_answer *answer,
                struct err *err) MUST_USE;

/* An act of an account with a kind and its fields, on `file` (empty: a new one). */
bool acts_submit(struct cli_call *call, const struct casebook_actor *actor, struct str kind,
                 struct str file, const struct json *fields, struct casebook_answer *answer,
                 struct err *err) MUST_USE;
/* Prints "entry", "file", "number", "recorded" as lines, or that it waits and for whom. */
void acts_print(struct cli_call *call, const struct casebook_answer *answer);

/* The number of the register's own file; of an office's. ERR_ABSENT names the office. */
#define ACTS_REGISTER_FILE "R-1"
bool acts_office_file(struct cli_call *call, struct str office, struct str *file,
                      struct err *err) MUST_USE;
/* A random submission id, so that a command is one act of its own. */
struct str acts_submission(struct cli_call *call);
/* The secret of the six digits, shown once; nothing where it is empty. */
void acts_print_totp(struct cli_call *call, struct str name, struct str base32);

#endif
