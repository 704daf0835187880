/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Candidate pairs: their patterns counted, and those kept that may yet be
 * worth something. Private to the room.
 */
#ifndef CANDOUR_MATCH_PAIRS_H
#define CANDOUR_MATCH_PAIRS_H

#include "match/block.h"
#include "match/compare.h"
#include "match/estimate.h"
#include "match/model.h"

struct pair {
	uint32_t a, b; /* claims, a before b */
	union {
		pattern_of_levels pattern; /* until it was scored */
		float alone; /* in the end: bits of the two by themselves; -INFINITY: they were not
		                kept, and are one by others */
	};
	float weight; /* bits; once it was scored */
};

struct pairs {
	struct pool *pool;
	struct pattern_count *patterns; /* by pattern */
	size_t pattern_count;
	struct pair *pairs; /* once pairs_keep_only has been called: by a, then b */
	size_t count;
	struct pairs_chunk *chunks; /* until then, in no order */
	uint64_t candidates;
	uint64_t by_rule[RULES_MAX];
	uint64_t asked, missed; /* of names, by the caches */
};

/* Which patterns are kept: those that may be worth `least` bits by `model` (score_most). */
struct pairs_keep {
	const struct model *model; /* NULL: all are kept */
	double least;
};

/* False: there is no memory, or somebody ended it. */
bool pairs_make(struct pairs *pairs, const struct blocks *blocks, const struct block_limits *limits,
                const struct pairs_keep *keep) MUST_USE;
/* Those whose pattern may be worth `least` bits by the model, by a, then b. */
bool pairs_keep_only(struct pairs *pairs, const struct claims *claims, const struct model *model,
                     double least) MUST_USE;
void pairs_finish(struct pairs *pairs);

#endif
