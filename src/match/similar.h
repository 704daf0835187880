/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * How alike two folded words are. Private to match. All functions are pure,
 * allocate nothing and answer for every input, in the same way whichever word
 * comes first.
 *
 * Jaro and Jaro-Winkler: M. A. Jaro, JASA 84 (1989) 414; W. E. Winkler, Proc.
 * Section on Survey Research Methods, ASA (1990) 354. Half a transposition is
 * dropped, as Winkler's strcmp95.c, jellyfish and RapidFuzz do; the prefix, up
 * to four, counts only where Jaro is above 0.7.
 */
#ifndef MATCH_SIMILAR_H
#define MATCH_SIMILAR_H

#include <stdbool.h>
#include <stdint.h>

#define SIMILAR_MAX 256         /* points of a value that is kept for comparison */
#define SIMILAR_POINTS_MAX 1024 /* above this nothing is alike: 0, and bound + 1 */
#define SIMILAR_PATTERN_MAX 64  /* bytes of a word that a pattern takes */

/* A folded word as code points, borrowed. */
struct similar_word {
	const uint32_t *points;
	uint32_t n;
};

/* 0 (nothing in common) .. 1 (the same). Two empty words: 1; one empty: 0. */
double similar_jaro(struct similar_word a, struct similar_word b);
double similar_jaro_winkler(struct similar_word a, struct similar_word b);

/*
 * Edits from one word to the other, or bound + 1 when there are more than
 * `bound` (UINT32_MAX - 1 at most). OSA: insertion, deletion, substitution,
 * and the swap of neighbours, no part edited twice ("ca", "abc": 3);
 * Levenshtein: the same without swaps.
 */
uint32_t similar_osa(struct similar_word a, struct similar_word b, uint32_t bound);
uint32_t similar_levenshtein(struct similar_word a, struct similar_word b, uint32_t bound);

/*
 * One word of at most SIMILAR_PATTERN_MAX bytes of ASCII made ready to be
 * compared with many: where each byte stands in it. 2 KB; the caller's.
 */
struct similar_pattern {
	uint64_t places[256]; /* bit j: the byte stands at j */
	uint32_t n;
	uint8_t bytes[SIMILAR_PATTERN_MAX];
};

/* False, and a pattern of nothing, when the word is longer. */
bool similar_pattern_init(struct similar_pattern *pattern, const uint8_t *bytes, uint32_t n);
/* Exactly similar_jaro_winkler and similar_jaro of the two words; b.n at most SIMILAR_PATTERN_MAX.
 */
double similar_pattern_jw(const struct similar_pattern *pattern, const uint8_t *bytes, uint32_t n);
double similar_pattern_jaro(const struct similar_pattern *pattern, const uint8_t *bytes,
                            uint32_t n);

/* The same of two words of at most SIMILAR_PATTERN_MAX bytes each, without making one ready. */
double similar_bytes_jw(const uint8_t *a, uint32_t n_a, const uint8_t *b, uint32_t n_b);

#endif
