/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A small table by open addressing, at most half full, so that every search ends. */
#include "match/similar_places.h"

#include <string.h>

uint32_t places_slots(uint32_t n)
{
	uint32_t slots = 4;
	while (slots < 2 * n)
		slots *= 2;
	return slots;
}

uint32_t places_slot(const struct places *places, uint32_t point)
{
	/* Knuth's multiplier; the high half is where it mixes. */
	uint32_t slot = (point * UINT32_C(2654435761)) >> 16 & places->mask;
	while (places->heads[slot] != PLACES_NONE && places->keys[slot] != point)
		slot = (slot + 1) & places->mask;
	return slot;
}

void places_of(struct places *places, struct similar_word word)
{
	places->mask = places_slots(word.n) - 1;
	memset(places->heads, 0, (places->mask + 1) * sizeof *places->heads);
	/* From the end, so that each list begins with the first place. */
	for (uint32_t i = word.n; i > 0; i--) {
		uint32_t slot = places_slot(places, word.points[i - 1]);
		places->next[i - 1] = places->heads[slot];
		places->keys[slot] = word.points[i - 1];
		places->heads[slot] = (uint16_t)i;
	}
}
