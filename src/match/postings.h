/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Which records have a key, for many keys that come and go. Private to the room.
 *
 * 1. A key is known by 44 of its bits: two that share them are one list, and
 *    whoever asks compares what he finds. Keys must be mixed well.
 * 2. Keys lie in shards, each of which grows by itself: no add waits for all.
 * 3. Taking away needs no memory: a list that shrinks gives half its room back.
 */
#ifndef CANDOUR_MATCH_POSTINGS_H
#define CANDOUR_MATCH_POSTINGS_H

#include <stdint.h>

#include "base/base.h"

#define POSTINGS_CLASSES 27 /* sizes of lists, each twice the one before */

struct postings_slot {
	uint32_t tag;  /* of the key */
	uint32_t list; /* 0: free; a record and 1; or, the highest bit set, where a list lies */
};

struct postings_shard {
	struct postings_slot *slots;
	uint32_t room, count;
};

struct postings {
	struct pool *pool;
	struct postings_shard *shards;
	uint32_t *words; /* of all lists; a unit is four of them */
	uint32_t unit_count, unit_room;
	uint32_t free[POSTINGS_CLASSES]; /* first free list of each size; 0: none */
};

/* In no order. Until the next add. */
struct posting_list {
	const uint32_t *records;
	uint32_t count;
};

/* False: there is no memory. */
bool postings_init(struct postings *postings, struct pool *pool) MUST_USE;
void postings_finish(struct postings *postings);

/* A record below 2^31 that the key does not have. False: there is no memory, and nothing has
 * changed. */
bool postings_add(struct postings *postings, uint64_t key, uint32_t record) MUST_USE;
/* One that it has. */
void postings_remove(struct postings *postings, uint64_t key, uint32_t record);
/* `one` is where a list of one lies. */
struct posting_list postings_find(const struct postings *postings, uint64_t key, uint32_t *one);
/* Says that the key will be asked for soon. */
void postings_expect(const struct postings *postings, uint64_t key);

#endif
