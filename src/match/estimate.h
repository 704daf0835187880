/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Estimating a model from the patterns of all candidate pairs, without labels. Private to the room.
 */
#ifndef CANDOUR_MATCH_ESTIMATE_H
#define CANDOUR_MATCH_ESTIMATE_H

#include "match/model.h"

struct pattern_count {
	pattern_of_levels pattern;
	uint64_t count;
};

struct estimate_limits {
	unsigned threads;
	uint64_t seed;
	uint64_t sample; /* random pairs */
	unsigned rounds;
	bool is_across;
};

/* The chances of levels among any two claims: by counting where a level is equality, else from
 * random pairs. False: there is no memory. */
bool estimate_any(struct model *model, const struct claims *claims,
                  const struct estimate_limits *limits) MUST_USE;
/* Expectation and maximisation over patterns in a fixed order. */
bool estimate_classes(struct model *model, const struct claims *claims,
                      const struct pattern_count *patterns, size_t count,
                      const struct estimate_limits *limits) MUST_USE;

#endif
