/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What stood between two records. Private to the room. */
#ifndef CANDOUR_MATCH_WHY_H
#define CANDOUR_MATCH_WHY_H

#include "match/match_parts.h"

/* Into reasons that hold lines, weight and rule of the pair already. */
void why_find(const struct match *match, struct compare_cache *cache, uint32_t a, uint32_t b,
              pattern_of_levels pattern, struct arena *arena, struct match_reasons *out);

/* As explain.c words it: a claim's value for a rule's key (empty: it is missing), and a level. */
struct str explain_key(const struct match *match, const struct claim *claim, enum rule_part part,
                       struct arena *arena);
struct str explain_level(enum comparison comparison, unsigned level, struct arena *arena);

#endif
