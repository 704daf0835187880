/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * How frequent a full name is. First names and surnames go together: who is
 * called Nguyen is called Minh far oftener than anybody is. How far is told by
 * other people of the same name, those whose year of birth is another, around
 * each first name and each surname; nobody says of which origin a name is.
 * Private to the room.
 */
#ifndef CANDOUR_MATCH_FULL_NAME_H
#define CANDOUR_MATCH_FULL_NAME_H

#include "match/claims.h"

/* Others of the same full name around one half of it: as there are, and as both halves by
 * themselves would give. */
struct name_ties {
	float others, expected;
	float ties; /* how many times as many, what is known around its other halves counted in;
	               0: nothing is known yet */
	uint32_t met, again; /* of a first name: claims of others of a family, and those of them
	                        that have it too */
};

struct full_names {
	struct pool *pool;
	uint64_t *keys; /* first << 32 | surname; 0: free */
	uint32_t *counts;
	size_t mask;
	struct name_ties *by_first, *by_surname; /* by name */
	double ratio;     /* how many times as many as both halves would give, over all */
	double household; /* the same around first names, as often as they meet */
	double again;     /* how often others of a family have one's first name; 0: not known */
};
bool full_names_make(struct full_names *names, const struct claims *claims) MUST_USE;
void full_names_finish(struct full_names *names);
/* Claims that have both. */
uint32_t full_names_count(const struct full_names *names, uint32_t first, uint32_t surname);
/* Asks for what full_names_count will read. */
void full_names_fetch(const struct full_names *names, const struct claim *claim);
/* How many times as many have names like these two claims' as both halves would give. */
double full_names_ties(const struct full_names *names, const struct claim *a,
                       const struct claim *b);
/* How many times as often as another first name this one comes again in a family: as it was met
 * there, and before that by how much more frequent it is than names are that agree. */
double full_names_household(const struct full_names *names, uint32_t first, double frequent);

#endif
