/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Two claims, field by field, as levels: 0 says nothing (missing on a side),
 * then from best to worst. All levels of a pair together are its pattern.
 * Private to the room.
 */
#ifndef CANDOUR_MATCH_COMPARE_H
#define CANDOUR_MATCH_COMPARE_H

#include "match/claims.h"

enum comparison {
	COMPARE_NAME, /* first name and surname, jointly */
	COMPARE_DOB,
	COMPARE_POSTCODE,
	COMPARE_ADDRESS,
	COMPARE_PHONE,
	COMPARE_EMAIL,
	COMPARE_NHS,
	COMPARE_UPN,
	COMPARE_MIDDLE,
	COMPARE_SEX,
	COMPARE_OTHER_1,
	COMPARE_OTHER_2,
	COMPARE_COUNT,
};

/* Of one half of a name. */
enum name_half {
	HALF_MISSING,
	HALF_EQUAL,
	HALF_CLOSE,   /* Jaro-Winkler at least .92, or a slip of the pen */
	HALF_VARIANT, /* another form, the same sound, an initial, a part */
	HALF_MIDDLE,  /* it is the other's middle name, or a form of it */
	HALF_ELSE,
	HALF_COUNT,
};
#define NAME_SWAPPED (HALF_COUNT * HALF_COUNT)
#define NAME_LEVELS (NAME_SWAPPED + 1)
#define NAME_LEVEL(first, surname) ((unsigned)(first)*HALF_COUNT + (unsigned)(surname))

#define LEVELS_MAX NAME_LEVELS

enum dob_level {
	DOB_MISSING,
	DOB_EQUAL,
	DOB_EDIT,         /* one digit, or day and month changed over */
	DOB_TWO_OF_THREE, /* year and month, or month and day */
	DOB_YEAR,
	DOB_DEFAULT, /* one is a form's default, and the years are near */
	DOB_ELSE,
	DOB_BOTH_DEFAULT,
};

/* Of what is compared by equality and by one edit. */
enum edit_level { EDIT_MISSING, EDIT_EQUAL, EDIT_ONE, EDIT_ELSE };
enum address_level { ADDRESS_MISSING, ADDRESS_HOUSE, ADDRESS_STREET, ADDRESS_ELSE };
enum same_level { SAME_MISSING, SAME_YES, SAME_NO };

/* Levels of a comparison, the missing one included. */
unsigned compare_levels(enum comparison comparison);
struct str compare_name(enum comparison comparison);
enum field compare_field(enum comparison comparison);

/* A pattern keeps each level in a few bits. */
typedef uint32_t pattern_of_levels;
unsigned compare_level(pattern_of_levels pattern, enum comparison comparison);
/* The pattern with another level of one comparison. */
pattern_of_levels compare_with(pattern_of_levels pattern, enum comparison comparison,
                               unsigned level);

/* What one thread remembers of names that it has compared. */
struct compare_cache {
	uint64_t *pairs;
	unsigned bits; /* 2 to their number of them */
	uint64_t asked, missed;
};
/* As large as so many pairs want it, of claims or of what two have in common. */
bool compare_cache_init(struct compare_cache *cache, struct pool *pool, uint64_t pairs) MUST_USE;
/* The same of 2 to their number. */
bool compare_cache_init_bits(struct compare_cache *cache, struct pool *pool,
                             unsigned bits) MUST_USE;
void compare_cache_finish(struct compare_cache *cache, struct pool *pool);

/* Of two names by their codes, both there: equal, close, variant or else. */
enum name_half compare_half(const struct claims *claims, struct compare_cache *cache, uint32_t a,
                            uint32_t b);
/* The same without a glance and without memory: a slip in a name is forgiven where one of the two
 * is no name that anybody else has. */
enum name_half compare_look(const struct claims *claims, uint32_t a, uint32_t b);

/* A claim with what is known of its names beside it: who compares it with many makes it once. */
struct compared {
	struct claim claim;
	struct name_hint first, surname, middle; /* of all middle names as one */
	uint64_t given;                          /* middle names, a bit each (claims_given_bit) */
	uint64_t first_bit, surname_bit;
	uint32_t middle_whole; /* name */
	struct number_value upn;
};
/* Asks for what compare_ready will read of a claim that is at hand. */
static inline void compare_fetch(const struct claims *claims, const struct claim *claim)
{
	const struct name_hint *first = &claims->name_hints[claim->first],
			       *surname = &claims->name_hints[claim->surname];
	/* They may lie on two lines of the cache. */
	__builtin_prefetch(first);
	__builtin_prefetch(&first->kind);
	__builtin_prefetch(surname);
	__builtin_prefetch(&surname->kind);
	__builtin_prefetch(&claims->middle_values[claim->middle]);
	__builtin_prefetch(&claims->upn_values[claim->upn]);
}
/* The same of its middle names, once what compare_fetch asked for is there. */
static inline void compare_fetch_middle(const struct claims *claims, const struct claim *claim)
{
	if (claim->middle)
		__builtin_prefetch(&claims->name_hints[claims->middle_values[claim->middle].whole]);
}
void compare_ready(struct compared *out, const struct claims *claims, const struct claim *claim);

/* The dates alone. */
enum dob_level compare_dob(const struct claim *a, const struct claim *b);

pattern_of_levels compare_ready_claims(const struct claims *claims, struct compare_cache *cache,
                                       const struct compared *a, const struct compared *b);
/* The same of two claims that are compared once. */
pattern_of_levels compare_claims(const struct claims *claims, struct compare_cache *cache,
                                 const struct claim *a, const struct claim *b);

#endif
