/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Edit distances by bits: G. Myers, JACM 46 (1999) 395, and with swaps
 * H. Hyyrö, Nordic J. of Computing 10 (2003) 29. Each column of the table of
 * distances is two words of bits a block of 64 rows: where it rises by one and
 * where it falls; the last row's distance is carried along.
 *
 * 1. `rise` and `fall` of one row are never both set.
 * 2. The last row changes by at most one a column, so that a distance that
 *    exceeds the bound by more than the columns left is settled.
 */
#include "match/similar.h"

#include <string.h>

#include "match/similar_places.h"

#define BLOCK 64
#define BLOCKS_MAX (SIMILAR_POINTS_MAX / BLOCK)

/* One block of 64 rows of the column that was last made. */
struct rows {
	uint64_t rise, fall;
	uint64_t flat;  /* where the diagonal before did not grow */
	uint64_t equal; /* where the letter of the column before stands */
};

/* What goes from one block down into the next. */
struct carry {
	uint64_t rise, fall; /* of the row above: 0 or 1 */
	uint64_t swap;
};

/* One block of one column; `across_*` tell the rows whose distance grew or fell from the left. */
static void step(struct rows *rows, uint64_t equal, bool swaps, struct carry *carry,
                 uint64_t *across_rise, uint64_t *across_fall)
{
	uint64_t unswapped = ~rows->flat & equal;
	uint64_t swapped = swaps ? (unswapped << 1 | carry->swap) & rows->equal : 0;
	carry->swap = unswapped >> (BLOCK - 1);
	uint64_t x = equal | carry->fall;
	uint64_t flat = (((x & rows->rise) + rows->rise) ^ rows->rise) | x | rows->fall | swapped;
	uint64_t rise = rows->fall | ~(flat | rows->rise);
	uint64_t fall = flat & rows->rise;
	*across_rise = rise;
	*across_fall = fall;
	uint64_t down_rise = rise << 1 | carry->rise, down_fall = fall << 1 | carry->fall;
	carry->rise = rise >> (BLOCK - 1);
	carry->fall = fall >> (BLOCK - 1);
	rows->rise = down_fall | ~(flat | down_rise);
	rows->fall = down_rise & flat;
	rows->flat = flat;
	rows->equal = equal;
}

/* Bits of the places of `point` in blocks. */
static void spread(const struct places *places, uint32_t point, uint64_t *bits, uint32_t blocks)
{
	memset(bits, 0, blocks * sizeof *bits);
	uint32_t slot = places_slot(places, point);
	for (uint32_t at = places->heads[slot]; at != PLACES_NONE; at = places->next[at - 1])
		bits[(at - 1) / BLOCK] |= UINT64_C(1) << (at - 1) % BLOCK;
}

/* a and b are not empty; b is the longer. */
static uint32_t distance(struct places *places, struct similar_word a, struct similar_word b,
                         bool swaps, uint32_t bound)
{
	struct rows rows[BLOCKS_MAX];
	uint64_t equal[BLOCKS_MAX], rise = 0, fall = 0;
	uint32_t blocks = (a.n + BLOCK - 1) / BLOCK, now = a.n;
	for (uint32_t k = 0; k < blocks; k++)
		rows[k] = (struct rows){ ~UINT64_C(0), 0, ~UINT64_C(0), 0 };
	places_of(places, a);
	for (uint32_t j = 0; j < b.n; j++) {
		struct carry carry = { 1, 0, 0 };
		if (j == 0 || b.points[j] != b.points[j - 1])
			spread(places, b.points[j], equal, blocks);
		for (uint32_t k = 0; k < blocks; k++)
			step(&rows[k], equal[k], swaps, &carry, &rise, &fall);
		now += (uint32_t)(rise >> (a.n - 1) % BLOCK & 1);
		now -= (uint32_t)(fall >> (a.n - 1) % BLOCK & 1);
		if (now > bound && now - bound > b.n - 1 - j) /* 2 */
			return bound + 1;
	}
	return now;
}

static uint32_t distance_short(struct similar_word a, struct similar_word b, bool swaps,
                               uint32_t bound)
{
	uint32_t keys[2 * PLACES_SHORT];
	uint16_t heads[2 * PLACES_SHORT], next[PLACES_SHORT];
	struct places places = { keys, heads, next, 0 };
	return distance(&places, a, b, swaps, bound);
}

static uint32_t distance_long(struct similar_word a, struct similar_word b, bool swaps,
                              uint32_t bound)
{
	uint32_t keys[2 * SIMILAR_POINTS_MAX];
	uint16_t heads[2 * SIMILAR_POINTS_MAX], next[SIMILAR_POINTS_MAX];
	struct places places = { keys, heads, next, 0 };
	return distance(&places, a, b, swaps, bound);
}

/* What both begin and end with needs no edit. */
static void cut_common(struct similar_word *a, struct similar_word *b)
{
	uint32_t head = 0, tail = 0;
	while (head < a->n && head < b->n && a->points[head] == b->points[head])
		head++;
	*a = (struct similar_word){ a->points + head, a->n - head };
	*b = (struct similar_word){ b->points + head, b->n - head };
	while (tail < a->n && tail < b->n &&
	       a->points[a->n - 1 - tail] == b->points[b->n - 1 - tail])
		tail++;
	a->n -= tail;
	b->n -= tail;
}

static uint32_t edits(struct similar_word a, struct similar_word b, bool swaps, uint32_t bound)
{
	if (a.n > SIMILAR_POINTS_MAX || b.n > SIMILAR_POINTS_MAX)
		return bound + 1;
	if (a.n > b.n) {
		struct similar_word longer = a;
		a = b;
		b = longer;
	}
	if (b.n - a.n > bound)
		return bound + 1;
	cut_common(&a, &b);
	if (a.n == 0)
		return b.n;
	return a.n <= PLACES_SHORT ? distance_short(a, b, swaps, bound)
	                           : distance_long(a, b, swaps, bound);
}

uint32_t similar_osa(struct similar_word a, struct similar_word b, uint32_t bound)
{
	return edits(a, b, true, bound);
}

uint32_t similar_levenshtein(struct similar_word a, struct similar_word b, uint32_t bound)
{
	return edits(a, b, false, bound);
}
