/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What tells of nearly all names at a glance that they are nothing alike,
 * before name_level is asked. Private to the room.
 */
#ifndef CANDOUR_MATCH_NAME_HINT_H
#define CANDOUR_MATCH_NAME_HINT_H

#include "match/name_level.h"

enum name_hint_kind {
	NAME_HINT_PLAIN = 0,
	NAME_HINT_INITIAL = 1, /* it agrees with what begins with it, and with nothing else */
	NAME_HINT_ODD = 2,     /* several words, or a frame */
	NAME_HINT_WILD = 4,    /* no glance is enough */
};

struct name_hint {
	uint64_t letters;   /* that there are, and that are there twice, a bit each; rare ones share
	                       bits */
	uint64_t groups[2]; /* of variants that it or a word of it is in, a bit each, twice over */
	uint32_t sound; /* of its sound key; of an odd one all of its words', a bit each; 0: none */
	uint32_t start; /* first letter */
	uint8_t n;      /* letters, 255 at most */
	uint8_t kind;   /* enum name_hint_kind */
};

struct name_hint name_hint_of(const struct name_value *value);

enum name_glance {
	NAME_GLANCE_LOOK,    /* it does not say: ask name_level */
	NAME_GLANCE_UNLIKE,  /* NAME_LEVEL_ELSE */
	NAME_GLANCE_INITIAL, /* NAME_LEVEL_VARIANT */
};

/* Least Jaro with which Jaro-Winkler comes to `least`, with so many letters in common at the
 * beginning; three times of it less one is what the two shares of letters that match add up to. */
#define NAME_PREFIX_SHARE(letters) (0.1 * (letters))
#define NAME_JARO_LEAST(least, letters)                                                            \
	(((least)-NAME_PREFIX_SHARE(letters)) / (1 - NAME_PREFIX_SHARE(letters)))
/* A hair less, for what is lost in reckoning. */
#define NAME_SHARES_LEAST(least, letters) (3 * NAME_JARO_LEAST(least, letters) - 1 - 1e-9)

/* Bits set, without an instruction that not every processor has. */
static inline int name_hint_bits(uint64_t x)
{
	x -= x >> 1 & UINT64_C(0x5555555555555555);
	x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
	x = (x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	return (int)(x * UINT64_C(0x0101010101010101) >> 56);
}

static inline bool name_hint_may_be_variant(const struct name_hint *a, const struct name_hint *b)
{
	return (a->groups[0] & b->groups[0]) && (a->groups[1] & b->groups[1]);
}

/* What is short for a name is its beginning: the longer has all of its letters. */
static inline bool name_hint_may_be_short(const struct name_hint *a, const struct name_hint *b,
                                          int lack_a, int lack_b)
{
	return a->start == b->start && (a->n < b->n ? lack_a : lack_b) == 0;
}

/* Letters that the other has not match nothing, and with so few matches Jaro stays below what any
 * level asks; nor is one what is short for the other, or a slip of one letter. */
static inline bool name_hint_is_unlike(const struct name_hint *a, const struct name_hint *b)
{
	static const double LEAST[] = { NAME_SHARES_LEAST(NAME_CLOSE, 0),
		                        NAME_SHARES_LEAST(NAME_CLOSE, 4) };
	double least = LEAST[a->start == b->start];
	if (a->sound && a->sound == b->sound) /* below Jaro .7 nothing is given for a beginning */
		least = NAME_SHARES_LEAST(NAME_SOUND_LIKE, 0);
	int lack_a = name_hint_bits(a->letters & ~b->letters),
	    lack_b = name_hint_bits(b->letters & ~a->letters);
	int x = a->n - lack_a, y = b->n - lack_b, most = x < y ? x : y, by = a->n - b->n;
	return (double)(most * (a->n + b->n)) < least * (double)(a->n * b->n) &&
	       !(by >= -1 && by <= 1 && lack_a <= 1 && lack_b <= 1) &&
	       !name_hint_may_be_short(a, b, lack_a, lack_b);
}

/* The same of a plain name and whatever part of an odd one: all of the part may match. */
static inline bool name_hint_is_unlike_odd(const struct name_hint *plain,
                                           const struct name_hint *odd)
{
	if ((plain->sound && odd->sound >> (plain->sound >> 27) & 1) ||
	    (plain->start == odd->start && plain->n > odd->n))
		return false;
	int most = plain->n - name_hint_bits(plain->letters & ~odd->letters);
	return (double)most < (NAME_SHARES_LEAST(NAME_CLOSE, 4) - 1) * plain->n;
}

/* Of two names that are not the same. Exact: what it says compare_look says too. */
static inline enum name_glance name_glance(const struct name_hint *a, const struct name_hint *b)
{
	unsigned kinds = a->kind | b->kind;
	bool is_unlike = false;
	if (kinds & NAME_HINT_INITIAL)
		return a->start == b->start ? NAME_GLANCE_INITIAL : NAME_GLANCE_UNLIKE;
	if (name_hint_may_be_variant(a, b))
		return NAME_GLANCE_LOOK;
	if (kinds == NAME_HINT_PLAIN)
		is_unlike = name_hint_is_unlike(a, b);
	else if (kinds == NAME_HINT_ODD && a->kind != b->kind)
		is_unlike = a->kind == NAME_HINT_ODD ? name_hint_is_unlike_odd(b, a)
		                                     : name_hint_is_unlike_odd(a, b);
	return is_unlike ? NAME_GLANCE_UNLIKE : NAME_GLANCE_LOOK;
}

#endif
