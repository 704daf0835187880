/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an engine answers about its own words; one file an engine carries it out. */
#ifndef CANDOUR_STORE_DIALECT_H
#define CANDOUR_STORE_DIALECT_H

#include "store/store.h"

/* The engine's word for a token of the schema ({I64}, {BLOB}, {TAIL}); p NULL for an unknown one.
 */
struct str store_dialect(struct str token);

/* Runs a script of several statements without parameters. */
bool store_run_script(struct store *store, const char *sql, struct err *err) MUST_USE;

#endif
