/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a pattern of levels is worth. A pair is of one of four classes: the same
 * person (M), two of one household (H), two of one street or postcode (S),
 * anybody (U); within a class levels are independent. Household classes keep
 * what a family shares from adding up to one person. Private to the room.
 */
#ifndef CANDOUR_MATCH_MODEL_H
#define CANDOUR_MATCH_MODEL_H

#include "match/compare.h"

enum model_class { MODEL_M, MODEL_H, MODEL_S, MODEL_U, MODEL_CLASSES };

/* In what an estimated model was of no people, so that it was not taken. */
enum model_breach { MODEL_SOUND, MODEL_BIRTH, MODEL_SEX, MODEL_PAIRS, MODEL_NOTHING };

struct model {
	bool is_used[COMPARE_COUNT];
	double p[MODEL_CLASSES][COMPARE_COUNT]
		[LEVELS_MAX]; /* of level 1 and more; level 0 says nothing */
	/* The same of people elsewhere; chances that are learned of few pairs lean on it. */
	double elsewhere[MODEL_CLASSES][COMPARE_COUNT][LEVELS_MAX];
	double n[MODEL_CLASSES];       /* pairs of the class; of U all there are */
	bool has_class[MODEL_CLASSES]; /* who lives together shows only where it is said who lives
	                                  where */
	double any[COMPARE_COUNT][LEVELS_MAX]; /* of any two claims, the same person's among them */
	double there[COMPARE_COUNT];           /* pairs with a value on both sides */
	double edge;                           /* bits from which a pair is joined */
	double name_ratio; /* how many times as often two share a full name as both names say */
	bool is_flat[COMPARE_COUNT];    /* how frequent a value is does not count */
	double clamp[COMPARE_COUNT][2]; /* bits that a level is worth, at least and at most; both 0:
	                                   any */
	unsigned rounds;                /* of estimation; 0: none */
	enum model_breach breach;       /* M, H and S are those of people elsewhere for it */
};

/* The parts of a pattern's odds: pairs that one expects of each class. */
struct model_parts {
	double of[MODEL_CLASSES];
};
struct model_parts model_parts(const struct model *model, pattern_of_levels pattern);
/* log2 (M / (H + S + U)). */
double model_weight(const struct model *model, pattern_of_levels pattern);

/* Where estimation begins, and what it falls back to. */
void model_start(struct model *model, const struct claims *claims);
/* Of an estimated model: births that differ speak against a pair, however few pairs it was learned
 * of. */
void model_keep_births(struct model *model);
/* Keeps what a level is worth, against anybody, within its clamp. */
void model_keep_clamps(struct model *model);
/* How many pairs of each class one expects at first; of anybody it is known. */
void model_begin_counts(struct model *model, uint32_t claims);

#endif
