/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the machine: binding kinds to it. */
#ifndef CANDOUR_PACK_MACHINE_BIND_H
#define CANDOUR_PACK_MACHINE_BIND_H

#include "pack/machine.h"

/* Whether an atom's number is kept: entries of this file, without a window. */
bool machine_counts(const struct machine *machine, const struct cond_atom *atom);
/* Whether entries that are meant may stand on the machine's files. */
bool machine_is_here(const struct machine *machine, const struct cond_which *which);
/* "child.seen alone yes": equal counters have equal keys. */
struct str machine_key(struct arena *arena, const struct cond_which *which);
void machine_write_test(struct buf *out, struct str name, const struct cond_test *test);
/* The number of a fact or counter among all; SIZE_MAX: it is not kept. */
size_t machine_fact_number(const struct machine *machine, struct str name);
size_t machine_counter_number(const struct machine *machine, const struct cond_atom *atom);

/* The codes that a fact may have. False: no room. */
bool machine_fact_codes(struct machine *machine, struct machine_fact *fact) MUST_USE;
/* The codes that a field may hold; count 0: its values are not kept. False: no room. */
bool machine_field_codes(struct arena *arena, const struct pack_field *field,
                         const struct str **out, size_t *count) MUST_USE;
/* Binds all kinds. False: no room. */
bool machine_bind(struct machine *machine) MUST_USE;
/* What fields do to facts, and the choices of kinds of which nothing else is looked at. */
bool machine_bind_choices(struct machine *machine) MUST_USE;
/* The choices of a kind where `rule` and these facts and counters are looked at. False: no room. */
bool machine_choices(const struct machine *machine, const struct machine_kind *kind,
                     const struct pack_duty *rule, const struct var_set *tracked,
                     struct arena *arena, struct choices *out) MUST_USE;

#endif
