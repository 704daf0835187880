/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who acts by a command: an account after its password and digits, a token's, or in a drill a name.
 */
#ifndef CANDOUR_CLI_WHO_H
#define CANDOUR_CLI_WHO_H

#include "cli/call.h"

/* A register-administrator's office; its id is its role's. */
#define WHO_ADMINISTRATOR "register-administrator"

/*
 * The actor of a command that has the options of CLI_WHO. `office` is where it
 * acts when nothing else is said; p NULL: the account's only office.
 * ERR_USAGE: nobody is named, or no office can be told; ERR_ABSENT: not
 * proved; ERR_REFUSED: the office is not the account's.
 */
bool who_acts(struct cli_call *call, struct str office, struct casebook_actor *out,
              struct err *err) MUST_USE;
/* The second account of a command that has the options of CLI_SECOND; *given false: none was named.
 * ERR_USAGE: it is the first one again. */
bool who_seconds(struct cli_call *call, const struct casebook_actor *first, struct str office,
                 struct casebook_actor *out, bool *given, struct err *err) MUST_USE;
struct casebook_viewer who_views(const struct cli_call *call, const struct casebook_actor *actor,
                                 struct str purpose);
/* The id of the account with a sign-in name, for arguments. ERR_ABSENT names it. */
bool who_account(struct cli_call *call, struct str name, struct str *id, struct err *err) MUST_USE;

/* A new password: from an input option, or asked twice. ERR_INPUT: they differ. */
bool who_new_password(struct cli_call *call, const char *option, struct str *out,
                      struct err *err) MUST_USE;

#endif
