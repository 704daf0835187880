/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where each code point stands in a word: lists of places, rising. Private to similar. */
#ifndef MATCH_SIMILAR_PLACES_H
#define MATCH_SIMILAR_PLACES_H

#include <stdint.h>

#include "match/similar.h"

#define PLACES_SHORT 64 /* points of a word that one machine word has a bit for each of */
#define PLACES_NONE 0   /* places are counted from 1 */

/* Room for a word of n points is 2 n rounded up to a power of two, n of them in `next`. */
struct places {
	uint32_t *keys;  /* the point in a slot */
	uint16_t *heads; /* its first place, or PLACES_NONE: the slot is free */
	uint16_t *next;  /* the next place of the same point, by place - 1 */
	uint32_t mask;   /* slots - 1 */
};

/* Slots that a word of n points needs. */
uint32_t places_slots(uint32_t n);
/* Fills what `places` points at; `heads` need not be zeroed. */
void places_of(struct places *places, struct similar_word word);
/* The slot of a point: its own, or a free one. */
uint32_t places_slot(const struct places *places, uint32_t point);

#endif
