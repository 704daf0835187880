/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How many claims have each value, and what follows from it by itself. Private to the room. */
#ifndef CANDOUR_MATCH_COUNTS_H
#define CANDOUR_MATCH_COUNTS_H

#include "match/claims.h"

/* Room for the counts of all values there are. False: there is no memory. */
bool counts_take(struct claims *claims) MUST_USE;
/* Fills them: either half by itself, so that two threads may. */
void counts_names(struct claims *claims);
void counts_places(struct claims *claims);
/* Dates that many more have than others are what a form fills in by itself. False: there is no
 * memory. */
bool counts_find_default_dates(struct claims *claims) MUST_USE;
/* A telephone, an address or a mail that many share is an office's: it says nothing, and nor does
 * the street in which it is. */
void counts_drop_offices(struct claims *claims, uint32_t hot);

#endif
