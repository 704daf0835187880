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
/*
 * The two of a command that has the options of CLI_SECOND, both proved before anything is written;
 * by default both in the office `otherwise`.
 */
struct acts_two {
	struct casebook_actor actor;
	struct casebook_actor second;
	bool has_second;
};
bool acts_two_read(struct cli_call *call, struct str otherwise, struct acts_two *out,
                   struct err *err) MUST_USE;
/* What waits on `file` for another's yes is agreed to by the second, if one was named, by an entry
 * of its own; *answer is then that one's. Where nobody else need agree the second makes none. */
bool acts_agree(struct cli_call *call, const struct acts_two *two, struct str file,
                struct casebook_answer *answer, struct err *err) MUST_USE;
/* acts_submit, acts_agree and acts_print. */
bool acts_submit_two(struct cli_call *call, const struct acts_two *two, struct str kind,
                     struct str file, const struct json *fields, struct err *err) MUST_USE;
/* Prints "entry", "file", "number", "recorded" as lines, or that it waits and for whom. */
void acts_print(struct cli_call *call, const struct casebook_answer *answer);

/* For cli_command.prepare of a command with the options --receipt and --promise: where the first
 * alone is given, the promise goes beside it, into its name with ".promise" behind. */
bool acts_promise_beside(struct cli_call *call, struct err *err) MUST_USE;
/* Writes the promise of the answer's entry, where a receipt or a promise is asked for. Of what has
 * its quorum already nothing is promised, and no file made; it is said. */
bool acts_write_promise(struct cli_call *call, const struct casebook_answer *answer,
                        struct err *err) MUST_USE;

/* The number of the register's own file; of an office's. ERR_ABSENT names the office. */
#define ACTS_REGISTER_FILE "R-1"
bool acts_office_file(struct cli_call *call, struct str office, struct str *file,
                      struct err *err) MUST_USE;
/* A random submission id, so that a command is one act of its own. */
struct str acts_submission(struct cli_call *call);
/* A one-time sign-in code, shown once; nothing where it is empty. */
void acts_print_code(struct cli_call *call, struct str name, struct str code);
/* The secret of the six digits, shown once; nothing where it is empty. */
void acts_print_totp(struct cli_call *call, struct str name, struct str base32);

#endif
