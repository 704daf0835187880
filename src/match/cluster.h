/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Claims put together into people, best pair first. Each join of two groups
 * looks at all pairs across: what may not be together keeps them apart, and so
 * does a chain of which the ends do not fit. Private to the room.
 */
#ifndef CANDOUR_MATCH_CLUSTER_H
#define CANDOUR_MATCH_CLUSTER_H

#include "match/pairs.h"
#include "match/score.h"

struct cluster_pair {
	uint32_t a, b; /* a before b */
	uint32_t line; /* where somebody wrote it; 0: nowhere */
};

enum cluster_stop {
	CLUSTER_JOINED,
	CLUSTER_NHS,   /* two different numbers that are both right */
	CLUSTER_UPN,   /* two that were given in one year */
	CLUSTER_APART, /* somebody settled it */
	CLUSTER_AGENCY,
	CLUSTER_MEAN,    /* across all pairs there is too little for it */
	CLUSTER_AGAINST, /* too many pairs speak against it */
};

struct cluster_limits {
	double edge;                      /* bits */
	const struct cluster_pair *apart; /* by a, then b: settled as not the same */
	size_t apart_count;
	const struct cluster_pair *together;
	size_t together_count;
	enum cluster_stop *together_stops; /* by pair, what kept it apart all the same; may be NULL
	                                    */
	bool one_of_agency;                /* an agency holds each person once */
	bool is_nhs_free;                  /* two different right numbers keep nobody apart */
	bool is_upn_free;
};

struct clusters {
	struct pool *pool;
	uint32_t *of; /* by claim: the group's first claim */
	size_t count;
	size_t largest;
	size_t stopped[CLUSTER_AGAINST +
	               1]; /* joins that were not made, by what stood in the way */
	size_t refused;    /* pairs to be put together that something kept apart */
	double alone; /* bits by which two that are one with nobody else are the likelier one */
	size_t equal_edges; /* best pairs of one claim of one weight, to different groups */
};

/* `pairs` with their weights, by a, then b. False: there is no memory. */
bool clusters_make(struct clusters *clusters, const struct scorer *scorer,
                   const struct pairs *pairs, const struct cluster_limits *limits) MUST_USE;
void clusters_finish(struct clusters *clusters);

/* Whether somebody settled that two claims are not of one person. */
bool cluster_is_apart(const struct cluster_limits *limits, uint32_t a, uint32_t b);
/* What keeps two claims apart whatever their weight. */
enum cluster_stop cluster_bar(const struct claims *claims, const struct cluster_limits *limits,
                              uint32_t a, uint32_t b);

#endif
