/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: one kind while it is read, shared by its two readers. */
#ifndef CANDOUR_PACK_LOAD_KIND_H
#define CANDOUR_PACK_LOAD_KIND_H

#include "pack/load.h"

struct reading {
	struct load *load;
	struct pack_kind *kind;
	const struct yaml *node;
};

/* The `when` of an item, or NULL: always. `protects_when_true`: what it saturates to. */
const struct pack_cond *kind_when(struct reading *r, const struct yaml *item,
                                  bool protects_when_true);
/* The kind's field of that name, or NULL and an error at `at`: KIND: KEY names field "x". */
const struct pack_field *kind_field(struct reading *r, const struct yaml *at, struct str name,
                                    const char *key);

/* What a field of codes that the register fills looks at; NULL and an error: it names what is not
 * there. */
const struct pack_known *kind_known(struct reading *r, const struct yaml *counted,
                                    const struct pack_field *field);

/* Each reads one key of the kind into its place. */
void kind_read_opens(struct reading *r);
void kind_read_settles(struct reading *r);
void kind_read_ends(struct reading *r);
void kind_read_offers(struct reading *r);
void kind_read_links(struct reading *r);
void kind_read_then(struct reading *r);
void kind_read_takes(struct reading *r);
void kind_read_restricts(struct reading *r); /* and lifts */
void kind_read_tells_owners(struct reading *r);

#endif
