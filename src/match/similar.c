/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Jaro and Jaro-Winkler, in a form for any words and one for short ASCII.
 *
 * 1. Scanning b from the left, each letter takes the leftmost unused equal
 *    letter of a within the window. What lies left of the window once does so
 *    for ever, and what was taken lies left of all that is taken later: for
 *    one letter the two rising lists of places are merged, the smaller of two
 *    heads that are too far apart being dropped. The merge knows no left and
 *    right, so both words in either order match the same places.
 */
#include "match/similar.h"

#include <string.h>

#include "match/similar_places.h"

#define BOOST_FROM 0.7
#define BOOST 0.1
#define PREFIX_MAX 4
#define BLOCK 64

static uint32_t window_of(uint32_t n_a, uint32_t n_b)
{
	uint32_t half = (n_a > n_b ? n_a : n_b) / 2;
	return half > 0 ? half - 1 : 0;
}

/* `matched` letters, of which `astray` do not stand in the same order on both sides. */
static double jaro_value(uint32_t matched, uint32_t astray, uint32_t n_a, uint32_t n_b)
{
	if (matched == 0)
		return 0.0;
	double m = matched;
	/* Half a transposition is dropped, as in Winkler's own strcmp95.c. */
	return (m / n_a + m / n_b + (m - astray / 2) / m) / 3.0;
}

static double winkler_value(double jaro, uint32_t prefix)
{
	return jaro > BOOST_FROM ? jaro + BOOST * prefix * (1.0 - jaro) : jaro;
}

/* The first set bit at or behind `from` in rising order; the caller knows that there is one. */
static uint32_t next_bit(const uint64_t *bits, uint32_t from)
{
	uint32_t block = from / BLOCK;
	uint64_t rest = bits[block] & ~UINT64_C(0) << from % BLOCK;
	while (rest == 0)
		rest = bits[++block];
	return block * BLOCK + (uint32_t)__builtin_ctzll(rest);
}

/* Marks matched places on both sides (1); returns how many. */
static uint32_t match_places(struct places *places, struct similar_word b, uint32_t window,
                             uint64_t *in_a, uint64_t *in_b)
{
	uint32_t matched = 0;
	for (uint32_t i = 0; i < b.n; i++) {
		uint32_t slot = places_slot(places, b.points[i]);
		if (places->heads[slot] == PLACES_NONE || places->keys[slot] != b.points[i])
			continue;
		uint32_t place = places->heads[slot];
		/* A list that has run out keeps its slot: its last place is marked as used. */
		while (place - 1 + window < i && places->next[place - 1] != PLACES_NONE)
			place = places->next[place - 1];
		while ((in_a[(place - 1) / BLOCK] >> (place - 1) % BLOCK & 1) != 0 &&
		       places->next[place - 1] != PLACES_NONE)
			place = places->next[place - 1];
		places->heads[slot] = (uint16_t)place;
		place--;
		bool used = (in_a[place / BLOCK] >> place % BLOCK & 1) != 0;
		if (used || place + window < i || place > i + window)
			continue;
		in_a[place / BLOCK] |= UINT64_C(1) << place % BLOCK;
		in_b[i / BLOCK] |= UINT64_C(1) << i % BLOCK;
		matched++;
	}
	return matched;
}

static double jaro_by_places(struct places *places, struct similar_word a, struct similar_word b,
                             uint64_t *in_a, uint64_t *in_b)
{
	places_of(places, a);
	uint32_t matched = match_places(places, b, window_of(a.n, b.n), in_a, in_b);
	uint32_t astray = 0;
	for (uint32_t k = 0, i = 0, j = 0; k < matched; k++, i++, j++) {
		i = next_bit(in_b, i);
		j = next_bit(in_a, j);
		astray += a.points[j] != b.points[i];
	}
	return jaro_value(matched, astray, a.n, b.n);
}

static double jaro_short(struct similar_word a, struct similar_word b)
{
	uint32_t keys[2 * PLACES_SHORT];
	uint16_t heads[2 * PLACES_SHORT], next[PLACES_SHORT];
	uint64_t in_a[1] = { 0 }, in_b[1] = { 0 };
	struct places places = { keys, heads, next, 0 };
	return jaro_by_places(&places, a, b, in_a, in_b);
}

static double jaro_long(struct similar_word a, struct similar_word b)
{
	uint32_t keys[2 * SIMILAR_POINTS_MAX];
	uint16_t heads[2 * SIMILAR_POINTS_MAX], next[SIMILAR_POINTS_MAX];
	uint64_t in_a[SIMILAR_POINTS_MAX / BLOCK] = { 0 }, in_b[SIMILAR_POINTS_MAX / BLOCK] = { 0 };
	struct places places = { keys, heads, next, 0 };
	return jaro_by_places(&places, a, b, in_a, in_b);
}

double similar_jaro(struct similar_word a, struct similar_word b)
{
	if (a.n == 0 || b.n == 0)
		return a.n == b.n ? 1.0 : 0.0;
	if (a.n > SIMILAR_POINTS_MAX || b.n > SIMILAR_POINTS_MAX)
		return 0.0;
	if (a.n <= PLACES_SHORT && b.n <= PLACES_SHORT)
		return jaro_short(a, b);
	return jaro_long(a, b);
}

double similar_jaro_winkler(struct similar_word a, struct similar_word b)
{
	double jaro = similar_jaro(a, b);
	uint32_t prefix = 0;
	while (prefix < PREFIX_MAX && prefix < a.n && prefix < b.n &&
	       a.points[prefix] == b.points[prefix])
		prefix++;
	return winkler_value(jaro, prefix);
}

bool similar_pattern_init(struct similar_pattern *pattern, const uint8_t *bytes, uint32_t n)
{
	memset(pattern, 0, sizeof *pattern);
	if (n > SIMILAR_PATTERN_MAX)
		return false;
	pattern->n = n;
	for (uint32_t j = 0; j < n; j++) {
		pattern->bytes[j] = bytes[j];
		pattern->places[bytes[j]] |= UINT64_C(1) << j;
	}
	return true;
}

/* The same merge (1) by bits: lowest bit of what is equal, unused and in the window. No branch in
 * the loops hangs on the letters, which no predictor would guess. Neither word is empty. */
static double jaro_by_bits(const uint64_t *places, const uint8_t *left, uint32_t n_left,
                           const uint8_t *bytes, uint32_t n)
{
	uint32_t window = window_of(n_left, n);
	uint64_t near = (UINT64_C(2) << window) - 1, free_a = ~UINT64_C(0), in_b = 0;
	for (uint32_t i = 0; i < n; i++) {
		uint64_t equal = places[bytes[i]] & near & free_a;
		free_a ^= equal & (~equal + 1);
		in_b |= (uint64_t)(equal != 0) << i;
		near = near << 1 | (i < window);
	}
	uint64_t in_a = ~free_a;
	uint32_t matched = (uint32_t)__builtin_popcountll(in_b), astray = 0;
	for (; in_b != 0; in_a &= in_a - 1, in_b &= in_b - 1)
		astray += left[__builtin_ctzll(in_a)] != bytes[__builtin_ctzll(in_b)];
	return jaro_value(matched, astray, n_left, n);
}

double similar_pattern_jaro(const struct similar_pattern *pattern, const uint8_t *bytes, uint32_t n)
{
	if (pattern->n == 0 || n == 0)
		return pattern->n == n ? 1.0 : 0.0;
	if (n > SIMILAR_PATTERN_MAX)
		return 0.0;
	return jaro_by_bits(pattern->places, pattern->bytes, pattern->n, bytes, n);
}

static double jw_of_bytes(double jaro, const uint8_t *a, uint32_t n_a, const uint8_t *b,
                          uint32_t n_b)
{
	uint32_t prefix = 0;
	while (prefix < PREFIX_MAX && prefix < n_a && prefix < n_b && a[prefix] == b[prefix])
		prefix++;
	return winkler_value(jaro, prefix);
}

double similar_pattern_jw(const struct similar_pattern *pattern, const uint8_t *bytes, uint32_t n)
{
	return jw_of_bytes(similar_pattern_jaro(pattern, bytes, n), pattern->bytes, pattern->n,
	                   bytes, n);
}

double similar_bytes_jw(const uint8_t *a, uint32_t n_a, const uint8_t *b, uint32_t n_b)
{
	/* 2 KB of zeroes would cost more than the comparison: only what is read is written. */
	__attribute__((uninitialized)) uint64_t places[256];
	if (n_a == 0 || n_b == 0)
		return n_a == n_b ? 1.0 : 0.0;
	if (n_a > SIMILAR_PATTERN_MAX || n_b > SIMILAR_PATTERN_MAX)
		return 0.0;
	for (uint32_t i = 0; i < n_b; i++)
		places[b[i]] = 0;
	for (uint32_t j = 0; j < n_a; j++)
		places[a[j]] = 0;
	for (uint32_t j = 0; j < n_a; j++)
		places[a[j]] |= UINT64_C(1) << j;
	return jw_of_bytes(jaro_by_bits(places, a, n_a, b, n_b), a, n_a, b, n_b);
}
