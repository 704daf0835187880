/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Ids of records: looked up, and told apart where both files have one. Private to the room. */
#ifndef CANDOUR_MATCH_IDS_H
#define CANDOUR_MATCH_IDS_H

#include "match/claims.h"

#define IDS_ABSENT UINT32_MAX

/* Whose an id is that both files have: of the first named it is the first file's. */
enum ids_side { IDS_LEFT, IDS_RIGHT };

struct ids {
	const struct claims *claims;
	struct dictionary codes; /* a claim's is its number and 1 */
};

/* False: there is no memory. */
bool ids_open(struct ids *ids, const struct claims *claims) MUST_USE;
void ids_close(struct ids *ids);
/* The claim of an id; where both files have it also without its "a:" or "b:". IDS_ABSENT. */
uint32_t ids_find(const struct ids *ids, struct str id, enum ids_side side);

/*
 * Writes "a:" before an id of the first file that the second has too, and "b:"
 * before the second's; before all of them where an id begins so by itself. False: there is no
 * memory.
 */
bool ids_tell_apart(struct claims *claims) MUST_USE;

#endif
