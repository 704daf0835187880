/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Many things put in order by a number that each has. Private to the room. */
#ifndef CANDOUR_MATCH_SORT_H
#define CANDOUR_MATCH_SORT_H

#include <stdint.h>

#include "base/base.h"

/* What is put in order by `key` has a number of its own. */
struct sort_key {
	uint64_t key;
	uint32_t at;
	uint32_t spare;
};

/* By key, those of one key in the order in which they came. There is room for as many in `room`. */
void sort_keys(struct sort_key *keys, struct sort_key *room, size_t count);
/* The same by several threads. False: there is no memory. */
bool sort_keys_shared(struct sort_key *keys, size_t count, struct pool *pool,
                      unsigned threads) MUST_USE;

/* Numbers stand in the order of what is given: those of less weight first. Neither is NaN. */
static inline uint32_t sort_number(float value)
{
	uint32_t bits;
	value += 0.0f; /* there is one nought */
	memcpy(&bits, &value, sizeof bits);
	return bits >> 31 ? ~bits : bits | UINT32_C(1) << 31;
}

#endif
