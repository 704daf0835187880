/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pairs of which somebody settled that they are one person, or that they are not. Private to the
 * room. */
#ifndef CANDOUR_MATCH_SETTLED_H
#define CANDOUR_MATCH_SETTLED_H

#include "match/claims.h"
#include "match/cluster.h"

struct settled {
	struct pool *pool;
	struct str name;            /* of the file */
	struct cluster_pair *pairs; /* by a, then b */
	size_t count;
	size_t absent; /* pairs of which one record is not here */
	uint32_t absent_line;
	enum cluster_stop *stops; /* by pair, of those to be put together: what was in the way */
};

/* "id_l,id_r" and rows of ids; further columns are not read. ERR_INPUT names file and line. */
bool settled_read(struct settled *settled, const struct claims *claims, struct str name,
                  struct str text, struct err *err) MUST_USE;
void settled_finish(struct settled *settled);

#endif
