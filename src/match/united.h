/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What groups say of pairs, beyond what the two have in common. Private to the
 * room.
 *
 * 1. Two of one group that by themselves are under the edge are one by others.
 * 2. Two of groups that do not fit together are two people: more was looked at
 *    than the two.
 * 3. Two that are one with nobody else are the likelier one: most are written
 *    down more than once. How much likelier the groups of the file tell.
 * What may be twins, or lacks what a rule wants, keeps its weight.
 */
#ifndef CANDOUR_MATCH_UNITED_H
#define CANDOUR_MATCH_UNITED_H

#include "match/cluster.h"

#define UNITED_LEAST (-1.0) /* bits: less is one by nothing but others */

/* How two stand to each other. */
struct united_state {
	bool is_together;
	size_t members[2]; /* claims of the group of either */
};

/* The weight of a pair in its groups. */
double united_weight(const struct scored *alone, const struct united_state *state,
                     const struct clusters *clusters, double edge);

/* Joins what is one with nobody else (3), and weighs all pairs, and those of one group that were
 * not among them. False: there is no memory. */
bool united_pairs(struct pairs *pairs, const struct scorer *scorer, struct clusters *clusters,
                  const struct cluster_limits *limits, bool is_across) MUST_USE;

#endif
