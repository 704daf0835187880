/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which records a search compares. Private to the room. */
#ifndef CANDOUR_MATCH_INDEX_PROBE_H
#define CANDOUR_MATCH_INDEX_PROBE_H

#include "match/index_parts.h"

/* All that share a key with the query, or would after one slip of the pen, into index->found, each
 * once. `raw` has all its values, `masked` those that are keys. */
void index_probe_all(struct match_index *index, const struct claim *raw,
                     const struct claim *masked);

/* All that have the only half of a name that is asked, however it is spelt; or, where no name is,
 * the same number and street, whatever the postcode. */
void index_probe_alone(struct match_index *index, const struct claim *raw);

/* Where both names are asked, or of them an initial and a word: all that have two of their words,
 * wherever and however spelt, or one word and no second name. False: there is no memory. */
bool index_probe_words(struct match_index *index, const struct claim *raw) MUST_USE;

#endif
