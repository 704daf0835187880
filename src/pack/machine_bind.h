/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: binding a kind's conditions to what a machine keeps. */
#ifndef CANDOUR_PACK_MACHINE_BIND_H
#define CANDOUR_PACK_MACHINE_BIND_H

#include "pack/machine.h"

/* Codes a fact can have; false: no room. */
bool machine_fact_codes(struct machine *machine, struct machine_fact *fact);
/* Binds one kept kind; false: no room. */
bool machine_bind(struct machine *machine, struct machine_kind *kind);

/* Whether an atom's entries are kept as a counter; whether any of its kinds is made on the type. */
bool machine_counts(const struct machine *machine, const struct cond_atom *atom);
bool machine_is_here(const struct machine *machine, const struct cond_which *which);
struct str machine_key(struct arena *arena, const struct cond_which *which);
void machine_write_test(struct buf *out, struct str name, const struct cond_test *test);

#endif
