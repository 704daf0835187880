/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A list of one stands in its slot. A longer one is a block of 4, 8, 16 …
 * words: the first says how many records there are, and its class; the records
 * follow. Free blocks of a class are linked by their first words.
 */
#include "match/postings.h"

#define SHARD_BITS 12
#define SHARDS ((size_t)1 << SHARD_BITS)
#define FIRST_ROOM 4
#define IS_LIST UINT32_C(0x80000000)
#define UNIT 4                         /* words */
#define MORE_UNITS ((uint32_t)1 << 12) /* when there is no more room, at least */
#define UNITS_MAX (IS_LIST - 1)
#define CLASS_BITS 5
#define CLASS_MASK ((UINT32_C(1) << CLASS_BITS) - 1)

/* --- blocks
 * ---------------------------------------------------------------------------------------- */

static uint32_t *block_at(const struct postings *postings, uint32_t unit)
{
	return postings->words + (size_t)unit * UNIT;
}

static uint32_t room_of(unsigned class)
{
	return ((uint32_t)UNIT << class) - 1;
}

static void free_block(struct postings *postings, uint32_t unit, unsigned class)
{
	*block_at(postings, unit) = postings->free[class];
	postings->free[class] = unit;
}

/* A free block of the class, or half of a larger one; 0: there is none. */
static uint32_t take_free(struct postings *postings, unsigned class)
{
	unsigned from = class;
	while (from < POSTINGS_CLASSES && !postings->free[from])
		from++;
	if (from == POSTINGS_CLASSES)
		return 0;
	uint32_t unit = postings->free[from];
	postings->free[from] = *block_at(postings, unit);
	while (from > class) {
		from--;
		free_block(postings, unit + (UINT32_C(1) << from), from);
	}
	return unit;
}

/* 0: there is no memory. */
static uint32_t take_block(struct postings *postings, unsigned class)
{
	uint32_t unit = take_free(postings, class), units = UINT32_C(1) << class;
	if (unit)
		return unit;
	if ((uint64_t)postings->unit_count + units > postings->unit_room) {
		uint64_t more = postings->unit_room / 16 + (uint64_t)units + MORE_UNITS;
		if (more > UNITS_MAX - postings->unit_room)
			return 0;
		uint32_t room = postings->unit_room + (uint32_t)more;
		uint32_t *words =
			pool_grow(postings->pool, postings->words, room, UNIT * sizeof *words);
		if (!words)
			return 0;
		postings->words = words;
		postings->unit_room = room;
	}
	unit = postings->unit_count;
	postings->unit_count += units;
	return unit;
}

/* --- slots
 * ----------------------------------------------------------------------------------------- */

static struct postings_shard *shard_of(const struct postings *postings, uint64_t key)
{
	return &postings->shards[key >> (64 - SHARD_BITS)];
}

static uint32_t tag_of(uint64_t key)
{
	return (uint32_t)(key >> (32 - SHARD_BITS));
}

static uint32_t home_of(const struct postings_shard *shard, uint32_t tag)
{
	return (uint32_t)((uint64_t)tag * shard->room >> 32);
}

static uint32_t after(const struct postings_shard *shard, uint32_t at)
{
	return at + 1 == shard->room ? 0 : at + 1;
}

/* Where the tag is, or the free slot where it would be. The shard has a free slot. */
static uint32_t slot_of(const struct postings_shard *shard, uint32_t tag)
{
	uint32_t at = home_of(shard, tag);
	while (shard->slots[at].list && shard->slots[at].tag != tag)
		at = after(shard, at);
	return at;
}

static bool grow_shard(struct postings *postings, struct postings_shard *shard)
{
	struct postings_shard grown = { .room = shard->room + shard->room / 2 + FIRST_ROOM,
		                        .count = shard->count };
	grown.slots = pool_take(postings->pool, grown.room, sizeof *grown.slots);
	if (!grown.slots)
		return false;
	for (uint32_t i = 0; i < shard->room; i++) {
		if (shard->slots[i].list)
			grown.slots[slot_of(&grown, shard->slots[i].tag)] = shard->slots[i];
	}
	pool_give(postings->pool, shard->slots);
	*shard = grown;
	return true;
}

/* What stands behind moves up, so that nothing is sought past a gap. */
static void free_slot(struct postings_shard *shard, uint32_t hole)
{
	shard->count--;
	for (uint32_t at = after(shard, hole); shard->slots[at].list; at = after(shard, at)) {
		uint32_t home = home_of(shard, shard->slots[at].tag);
		bool is_between =
			hole <= at ? hole < home && home <= at : hole < home || home <= at;
		if (is_between)
			continue;
		shard->slots[hole] = shard->slots[at];
		hole = at;
	}
	shard->slots[hole].list = 0;
}

/* --- lists
 * ----------------------------------------------------------------------------------------- */

bool postings_init(struct postings *postings, struct pool *pool)
{
	*postings = (struct postings){ .pool = pool, .unit_count = 1 };
	postings->shards = pool_take(pool, SHARDS, sizeof *postings->shards);
	return postings->shards != NULL;
}

void postings_finish(struct postings *postings)
{
	if (!postings->pool)
		return;
	for (size_t i = 0; postings->shards && i < SHARDS; i++)
		pool_give(postings->pool, postings->shards[i].slots);
	pool_give(postings->pool, postings->shards);
	pool_give(postings->pool, postings->words);
	*postings = (struct postings){ .pool = NULL };
}

static uint32_t head_of(uint32_t count, unsigned class)
{
	return count << CLASS_BITS | class;
}

/* Two records, where there was one. */
static bool begin_list(struct postings *postings, struct postings_slot *slot, uint32_t record)
{
	uint32_t unit = take_block(postings, 0);
	if (!unit)
		return false;
	uint32_t *block = block_at(postings, unit);
	block[0] = head_of(2, 0);
	block[1] = slot->list - 1;
	block[2] = record;
	slot->list = IS_LIST | unit;
	return true;
}

static bool add_to_list(struct postings *postings, struct postings_slot *slot, uint32_t record)
{
	uint32_t unit = slot->list & ~IS_LIST, *block = block_at(postings, unit);
	uint32_t count = block[0] >> CLASS_BITS;
	unsigned class = block[0] & CLASS_MASK;
	if (count == room_of(class)) {
		uint32_t larger =
			class + 1 < POSTINGS_CLASSES ? take_block(postings, class + 1) : 0;
		if (!larger)
			return false;
		block = block_at(postings, larger);
		memcpy(block, block_at(postings, unit), ((size_t)count + 1) * sizeof *block);
		free_block(postings, unit, class);
		slot->list = IS_LIST | larger;
		class ++;
	}
	block[++count] = record;
	block[0] = head_of(count, class);
	return true;
}

bool postings_add(struct postings *postings, uint64_t key, uint32_t record)
{
	struct postings_shard *shard = shard_of(postings, key);
	/* A slot stays free, so that whatever is sought is missed somewhere. */
	if ((shard->count + UINT64_C(1)) * 5 > shard->room * UINT64_C(4) &&
	    !grow_shard(postings, shard))
		return false;
	struct postings_slot *slot = &shard->slots[slot_of(shard, tag_of(key))];
	if (slot->list)
		return slot->list & IS_LIST ? add_to_list(postings, slot, record)
		                            : begin_list(postings, slot, record);
	*slot = (struct postings_slot){ tag_of(key), record + 1 };
	shard->count++;
	return true;
}

/* The upper half of its room, if it needs it no more. */
static void give_half(struct postings *postings, uint32_t unit)
{
	uint32_t *block = block_at(postings, unit);
	uint32_t count = block[0] >> CLASS_BITS;
	unsigned class = block[0] & CLASS_MASK;
	if (class == 0 || count > room_of(class - 1))
		return;
	class --;
	block[0] = head_of(count, class);
	free_block(postings, unit + (UINT32_C(1) << class), class);
}

void postings_remove(struct postings *postings, uint64_t key, uint32_t record)
{
	struct postings_shard *shard = shard_of(postings, key);
	base_check(shard->count);
	uint32_t at = slot_of(shard, tag_of(key)), unit = shard->slots[at].list & ~IS_LIST;
	if (!(shard->slots[at].list & IS_LIST)) {
		base_check(shard->slots[at].list == record + 1);
		free_slot(shard, at);
		return;
	}
	uint32_t *block = block_at(postings, unit), count = block[0] >> CLASS_BITS, i = 1;
	while (i <= count && block[i] != record)
		i++;
	base_check(i <= count);
	block[i] = block[count--];
	block[0] = head_of(count, block[0] & CLASS_MASK);
	if (count > 1) {
		give_half(postings, unit);
		return;
	}
	shard->slots[at].list = block[1] + 1;
	free_block(postings, unit, block[0] & CLASS_MASK);
}

struct posting_list postings_find(const struct postings *postings, uint64_t key, uint32_t *one)
{
	const struct postings_shard *shard = shard_of(postings, key);
	if (!shard->count)
		return (struct posting_list){ NULL, 0 };
	uint32_t list = shard->slots[slot_of(shard, tag_of(key))].list;
	if (!list)
		return (struct posting_list){ NULL, 0 };
	if (list & IS_LIST) {
		const uint32_t *block = block_at(postings, list & ~IS_LIST);
		return (struct posting_list){ block + 1, block[0] >> CLASS_BITS };
	}
	*one = list - 1;
	return (struct posting_list){ one, 1 };
}

void postings_expect(const struct postings *postings, uint64_t key)
{
	const struct postings_shard *shard = shard_of(postings, key);
	if (shard->slots)
		__builtin_prefetch(&shard->slots[home_of(shard, tag_of(key))]);
}
