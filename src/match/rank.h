/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Orders of claims that their ids alone give. Private to the room. */
#ifndef CANDOUR_MATCH_RANK_H
#define CANDOUR_MATCH_RANK_H

#include "match/claims.h"

/* claims->ranks and by_rank: those of the first file, then those of the second, each by the hash of
 * its id. False: there is no memory. */
bool rank_claims(struct claims *claims) MUST_USE;
/* By claim: how many other ids come before its own; of two files' equal ids the same. NULL: there
 * is no memory. */
uint32_t *rank_places(const struct claims *claims) MUST_USE;

#endif
