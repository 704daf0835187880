/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is left of claims where no number is looked at. Private to the room. */
#ifndef CANDOUR_MATCH_DEMOG_H
#define CANDOUR_MATCH_DEMOG_H

#include "match/claims.h"

/* Keeps names, birth, sex and home, as if nothing else had been written. Before claims_prepare. */
void demog_keep(struct claims *claims);
/* Whether the field is none of those. */
bool demog_forgets(enum field field);

#endif
