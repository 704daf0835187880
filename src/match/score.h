/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a pair is worth in bits: its pattern by the model, how frequent the
 * values are on which it agrees, and the rules for those who share a house.
 * Private to the room.
 */
#ifndef CANDOUR_MATCH_SCORE_H
#define CANDOUR_MATCH_SCORE_H

#include "match/full_name.h"
#include "match/model.h"

#define SCORE_FREQUENCY_MOST 8.0 /* bits, either way */

enum score_rule {
	SCORE_NO_RULE,
	SCORE_TWINS,   /* one house and one birthday, and another first name */
	SCORE_NEAR,    /* the same, and a first name that is near: not held, but never sure */
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
	double dates,
		postcodes; /* chance that two claims' are equal, the same person's among them */
	bool has_frequency;
	bool has_rules;
};
/* With both; all are borrowed. */
struct scorer scorer_of(const struct claims *claims, const struct model *model,
                        const struct full_names *names);

/* What a pair of the pattern may be worth at most, however rare its values are. */
double score_most(const struct claims *claims, const struct model *model,
                  pattern_of_levels pattern);

/* One birthday and one surname, another first name, no number, and no other house: who are so are
 * twins oftener than one person. */
bool score_may_be_twins(pattern_of_levels pattern);

struct scored score_pair(const struct scorer *scorer, const struct claim *a, const struct claim *b,
                         pattern_of_levels pattern);

#endif
