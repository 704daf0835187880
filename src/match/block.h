/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Claims that share a rule's key, in blocks; and every pair of them once, by
 * several threads. Private to the room.
 */
#ifndef CANDOUR_MATCH_BLOCK_H
#define CANDOUR_MATCH_BLOCK_H

#include "match/compare.h"
#include "match/rule.h"

struct block_rule {
	uint32_t *order;  /* claims, block after block, in each in their order */
	uint32_t *starts; /* block_count + 1 */
	uint64_t *keys;   /* of each block; of rules that give several keys alone */
	size_t block_count;
	uint64_t pairs;       /* at most: what earlier rules make is among them */
	size_t hot_count;     /* blocks that were too large */
	uint32_t hot_largest; /* claims in the largest of them */
	size_t windowed;      /* blocks that were still too large when they had been split */
};

struct blocks {
	struct pool *pool;
	const struct claims *claims;
	const struct rule *rules;
	size_t rule_count;
	struct rule_places places[RULES_MAX];
	struct block_rule by_rule[RULES_MAX];
};

struct block_limits {
	unsigned threads;
	uint32_t max_block; /* claims */
	bool is_across;     /* two files: no pair within one */
	uint32_t one_in;    /* of so many blocks one is visited, by chance; 0: all are */
	/* Told by one thread, now and then, how far pairs have come; false ends it all. May be
	 * NULL. */
	bool (*progress)(void *ctx, uint64_t done, uint64_t of);
	void *ctx;
};

/* False: there is no memory. */
bool blocks_make(struct blocks *blocks, struct pool *pool, const struct claims *claims,
                 const struct rule *rules, size_t rule_count,
                 const struct block_limits *limits) MUST_USE;
/* What is in which block, given back; what was counted of each rule stays. */
void blocks_forget(struct blocks *blocks);
void blocks_finish(struct blocks *blocks);

/* One pair, a before b. `thread` below limits->threads. False ends it all. */
typedef bool block_pair(void *ctx, unsigned thread, const struct compared *left,
                        const struct compared *right, uint32_t a, uint32_t b, size_t rule);
/* Every pair that any rule makes, once, under its first rule; in no order. */
bool blocks_visit(const struct blocks *blocks, const struct block_limits *limits, block_pair *visit,
                  void *ctx) MUST_USE;

/* By which a block that is too large is cut, step by step, the most telling first. */
#define BLOCK_CUT_STEPS 6
uint32_t block_cut_value(const struct claim *claim, size_t step);

#endif
