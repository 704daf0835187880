/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What random_pack.h and random_pattern.h have drawn so far, and how they draw. */
#ifndef CANDOUR_TESTS_CASEBOOK_RANDOM_DRAWN_H
#define CANDOUR_TESTS_CASEBOOK_RANDOM_DRAWN_H

#include "base/base.h"
#include "pack/pack.h"

#define RANDOM_OFFICES_MAX 12
#define RANDOM_DUTIES_MAX 6 /* of one file type, without those that it may not open itself */
#define RANDOM_TYPES_MAX 2
#define RANDOM_TEXT_MAX ((size_t)1 << 18)

struct drawn {
	struct random_source *random;
	struct arena *arena;
	int agencies;
	int insides; /* offices o0 .. */
	int agency_of[RANDOM_OFFICES_MAX];
	int independents; /* free0 .. */
	int outsides;     /* out0 .. */
	int plain_ladders; /* l0 .. without `makes` */
	int types;
	int states[RANDOM_TYPES_MAX];
	int duties[RANDOM_TYPES_MAX]; /* T1<type><n> */
	bool is_silence_made[RANDOM_TYPES_MAX];   /* t<type>.silent is by the register alone */
	bool is_answered_ended[RANDOM_TYPES_MAX]; /* T3<type> is settled on a file that has ended too */
	bool is_strict[RANDOM_TYPES_MAX]; /* it lists where it may rest: the register writes in every state */
};

static inline int drawn_below(struct drawn *d, int n)
{
	return (int)random_below(d->random, (uint64_t)n);
}

static inline bool drawn_once_in(struct drawn *d, int n)
{
	return drawn_below(d, n) == 0;
}

static inline const char *drawn_one(struct drawn *d, const char *const *from, size_t n)
{
	return from[random_below(d->random, n)];
}

#define DRAWN_OF(d, ...)                                                                           \
	drawn_one((d), (const char *const[]){ __VA_ARGS__ },                                       \
	          sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

#endif
