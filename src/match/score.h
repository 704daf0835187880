/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a pair is worth in bits: its pattern by the model, how frequent the
 * values are on which it agrees, and the rules for those who share a house.
 * Private to the room.
 */
#ifndef CANDOUR_MATCH_SCORE_H
#define CANDOUR_MATCH_SCORE_H

#include "match/model.h"

#define SCORE_FREQUENCY_MOST 8.0 /* bits, either way */

/* How many claims have both names. */
struct full_names {
	struct pool *pool;
	uint64_t *keys; /* first << 32 | surname; 0: free */
	uint32_t *counts;
	size_t mask;
	double pairs; /* of claims with an equal full name */
	double there; /* pairs of claims that have both */
	double ratio; /* how many times as many as both names by themselves would give */
};
bool full_names_make(struct full_names *names, const struct claims *claims) MUST_USE;
void full_names_finish(struct full_names *names);
uint32_t full_names_count(const struct full_names *names, uint32_t first, uint32_t surname);

enum score_rule {
	SCORE_NO_RULE,
	SCORE_TWINS,   /* one house and one birthday, and another first name */
	SCORE_SURNAME, /* another surname, and nothing but first name and birthday for it */
};

struct scored {
	double weight;    /* bits */
	double frequency; /* of them, what the values' frequencies give */
	enum score_rule rule;
	struct model_parts parts; /* pairs that one expects of each class, frequencies counted in */
};

struct scorer {
	const struct claims *claims;
	const struct model *model;
	const struct full_names *names;
	bool has_frequency;
	bool has_rules;
};

/* What a pair of the pattern may be worth at most, however rare its values are. */
double score_most(const struct claims *claims, const struct model *model,
                  pattern_of_levels pattern);

struct scored score_pair(const struct scorer *scorer, const struct claim *a, const struct claim *b,
                         pattern_of_levels pattern);

#endif
