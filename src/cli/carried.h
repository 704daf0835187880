/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The lesser keys of a register (log and the former one while it signs,
 * promise, return) as a backup carries them: sealed under the master key, in keys/carried, a line
 * each: "NAME BASE64".
 */
#ifndef CANDOUR_CLI_CARRIED_H
#define CANDOUR_CLI_CARRIED_H

#include "cli/call.h"

/* Seals the keys of the register in `dir` into the backup in `to`. */
bool carried_seal(struct cli_call *call, const char *dir, const char *to, struct err *err) MUST_USE;
/*
 * Opens the keys of the backup in `from` into the restored register in `dir`,
 * whose master.key and keys.db are there. ERR_INPUT: damaged, or of another
 * master key.
 */
bool carried_open(struct cli_call *call, const char *from, const char *dir,
                  struct err *err) MUST_USE;

/* The same for an off-site copy: as text, and without the keys that sign the log. */
bool carried_text(struct cli_call *call, const char *dir, struct buf *out,
                  struct err *err) MUST_USE;
/* Keys that stand in for those that the master key does not need, until the right ones are there.
 */
bool carried_stand_in(const char *dir, struct err *err) MUST_USE;
/* Opens what carried_text sealed into the register in `dir`, whose master.key and keys.db are
 * there. The errors of carried_open. */
bool carried_open_text(const char *dir, struct str text, struct err *err) MUST_USE;

/* Of backup.c: copies a database, also while others write it. */
bool copy_database(struct cli_call *call, const char *from, const char *to, const char *what,
                   struct err *err) MUST_USE;
/* What people set beside a register, where they did: DIR/limits, and DIR/policy, without which a
 * copy that is restored would ask no witness what it saw. */
bool copy_settings(struct cli_call *call, const char *from, const char *to,
                   struct err *err) MUST_USE;

/* Whether the keys lie in `dir` sealed alone, as in a backup: it is a copy without keys. */
bool carried_alone(struct arena *arena, const char *dir);

#endif
