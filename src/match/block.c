/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Each rule by one thread: keys are sorted by radix over their lowest bits and
 * then within equal ones, claims with a key of their own fall away. Equal keys
 * of 64 bits count as equal: a pair made by a collision is one more that is
 * compared, never one less.
 */
#include "match/block.h"

#include <stdlib.h>

#include "match/work.h"

#define RADIX_BITS 11
#define RADIX ((size_t)1 << RADIX_BITS)
#define PASSES 3
#define WINDOW 40
#define TASK_PAIRS ((uint64_t)1 << 18)

struct keyed {
	uint64_t key;
	uint32_t claim;
	uint32_t spare;
};

struct making {
	struct blocks *blocks;
	const struct block_limits *limits;
};

/* --- sorting
 * -------------------------------------------------------------------------------------- */

static void sort_pass(const struct keyed *from, struct keyed *to, size_t count, unsigned shift)
{
	uint32_t at[RADIX] = { 0 };
	uint32_t sum = 0;
	for (size_t i = 0; i < count; i++)
		at[from[i].key >> shift & (RADIX - 1)]++;
	for (size_t i = 0; i < RADIX; i++) {
		uint32_t here = at[i];
		at[i] = sum;
		sum += here;
	}
	for (size_t i = 0; i < count; i++)
		to[at[from[i].key >> shift & (RADIX - 1)]++] = from[i];
}

static bool is_same_low(uint64_t a, uint64_t b)
{
	return ((a ^ b) & ((UINT64_C(1) << RADIX_BITS * PASSES) - 1)) == 0;
}

static int by_key(const void *a, const void *b)
{
	const struct keyed *left = a, *right = b;
	if (left->key != right->key)
		return left->key < right->key ? -1 : 1;
	return (left->claim > right->claim) - (left->claim < right->claim);
}

/* What the passes left together is mostly of one key. */
static void sort_within(struct keyed *keyed, size_t count)
{
	for (size_t from = 0, to; from < count; from = to) {
		bool is_one = true;
		for (to = from + 1; to < count && is_same_low(keyed[from].key, keyed[to].key); to++)
			is_one = is_one && keyed[to].key == keyed[from].key;
		if (!is_one)
			qsort(keyed + from, to - from, sizeof *keyed, by_key);
	}
}

static void sort_keyed(struct keyed *keyed, struct keyed *spare, size_t count)
{
	struct keyed *from = keyed, *to = spare;
	for (unsigned pass = 0; pass < PASSES; pass++) {
		sort_pass(from, to, count, pass * RADIX_BITS);
		struct keyed *swap = from;
		from = to;
		to = swap;
	}
	if (from != keyed)
		memcpy(keyed, from, count * sizeof *keyed);
	sort_within(keyed, count);
}

/* --- blocks of one rule
 * --------------------------------------------------------------------------- */

static size_t fill_keys(const struct blocks *blocks, const struct rule *rule, struct keyed *keyed)
{
	size_t count = 0;
	uint64_t keys[RULE_KEYS_MAX];
	for (uint32_t i = 0; i < blocks->claims->count; i++) {
		size_t n = rule_keys(blocks->claims, rule, &blocks->claims->claims[i], keys);
		for (size_t k = 0; k < n; k++)
			keyed[count++] = (struct keyed){ .key = keys[k], .claim = i };
	}
	return count;
}

struct building {
	struct blocks *blocks;
	struct block_rule *out;
	const struct block_limits *limits;
	size_t members;
};

static uint64_t pairs_of(uint64_t n)
{
	return n < 2 ? 0 : n * (n - 1) / 2;
}

static void add_block(struct building *building, const struct keyed *keyed, size_t n, uint64_t key)
{
	struct block_rule *out = building->out;
	if (n < 2)
		return;
	for (size_t i = 0; i < n; i++)
		out->order[building->members + i] = keyed[i].claim;
	out->starts[out->block_count] = (uint32_t)building->members;
	if (out->keys)
		out->keys[out->block_count] = key;
	out->block_count++;
	building->members += n;
	uint64_t windowed = n > building->limits->max_block ? (uint64_t)n * WINDOW : UINT64_MAX;
	out->pairs += pairs_of(n) < windowed ? pairs_of(n) : windowed;
}

/* By which a block that is too large is cut, the most telling first. */
uint32_t block_cut_value(const struct claim *claim, size_t step)
{
	switch (step) {
	case 0:
		return claim->sure_dob;
	case 1:
		return claim->postcode;
	case 2:
		return claim->either;
	case 3:
		return claim->surname;
	case 4:
		return claim->first;
	default:
		return claim->house;
	}
}

/* Neighbours by sound and date stand together. */
static uint64_t neighbour_key(const struct claim *claim)
{
	return (uint64_t)claim->surname_sound << 44 ^ (uint64_t)claim->first_sound << 24 ^
	       claim->dob;
}

static void split(struct building *building, struct keyed *keyed, size_t n, uint64_t key,
                  size_t step)
{
	const struct claim *claims = building->blocks->claims->claims;
	if (n <= building->limits->max_block) {
		add_block(building, keyed, n, key);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const struct claim *claim = &claims[keyed[i].claim];
		keyed[i].key = step < BLOCK_CUT_STEPS ? block_cut_value(claim, step)
		                                      : neighbour_key(claim);
	}
	qsort(keyed, n, sizeof *keyed, by_key);
	if (step == BLOCK_CUT_STEPS) {
		building->out->windowed++;
		add_block(building, keyed, n, key);
		return;
	}
	for (size_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && keyed[to].key == keyed[from].key; to++) {
		}
		split(building, keyed + from, to - from, key, step + 1);
	}
}

static void note_hot(struct block_rule *out, size_t n)
{
	out->hot_count++;
	out->hot_largest = n > out->hot_largest ? (uint32_t)n : out->hot_largest;
}

static bool take_rule(struct building *building, size_t keyed, bool has_keys)
{
	struct block_rule *out = building->out;
	struct pool *pool = building->blocks->pool;
	out->order = pool_take(pool, keyed, sizeof *out->order);
	out->starts = pool_take(pool, keyed / 2 + 1, sizeof *out->starts);
	if (has_keys)
		out->keys = pool_take(pool, keyed / 2 + 1, sizeof *out->keys);
	return out->order && out->starts && (!has_keys || out->keys);
}

static bool build(struct building *building, struct keyed *keyed, size_t count,
                  const struct rule *rule)
{
	size_t kept = 0;
	/* What has a key of its own is no block. */
	for (size_t from = 0, to; from < count; from = to) {
		for (to = from + 1; to < count && keyed[to].key == keyed[from].key; to++) {
		}
		if (to - from > 1) {
			memmove(keyed + kept, keyed + from, (to - from) * sizeof *keyed);
			kept += to - from;
		}
	}
	if (!take_rule(building, kept, rule_is_several(rule)))
		return false;
	for (size_t from = 0, to; from < kept; from = to) {
		uint64_t key = keyed[from].key;
		for (to = from + 1; to < kept && keyed[to].key == key; to++) {
		}
		if (to - from > building->limits->max_block)
			note_hot(building->out, to - from);
		split(building, keyed + from, to - from, key, 0);
	}
	building->out->starts[building->out->block_count] = (uint32_t)building->members;
	return true;
}

static bool make_rule(void *ctx, size_t part, unsigned thread)
{
	struct making *making = ctx;
	struct blocks *blocks = making->blocks;
	const struct rule *rule = &blocks->rules[part];
	size_t each = rule_is_several(rule) ? RULE_KEYS_MAX : 1,
	       room = (size_t)blocks->claims->count * each;
	struct building building = { .blocks = blocks,
		                     .out = &blocks->by_rule[part],
		                     .limits = making->limits };
	(void)thread;
	struct keyed *keyed = pool_take(blocks->pool, room, sizeof *keyed);
	size_t count = keyed ? fill_keys(blocks, rule, keyed) : 0;
	struct keyed *spare = keyed ? pool_take(blocks->pool, count, sizeof *spare) : NULL;
	if (spare)
		sort_keyed(keyed, spare, count);
	pool_give(blocks->pool, spare);
	bool done = spare && build(&building, keyed, count, rule);
	pool_give(blocks->pool, keyed);
	return done;
}

bool blocks_make(struct blocks *blocks, struct pool *pool, const struct claims *claims,
                 const struct rule *rules, size_t rule_count, const struct block_limits *limits)
{
	*blocks = (struct blocks){
		.pool = pool, .claims = claims, .rules = rules, .rule_count = rule_count
	};
	for (size_t r = 0; r < rule_count; r++)
		blocks->places[r] = rule_places(&rules[r]);
	struct making making = { blocks, limits };
	if (work_share(limits->threads, rule_count, make_rule, &making))
		return true;
	blocks_finish(blocks);
	return false;
}

void blocks_finish(struct blocks *blocks)
{
	for (size_t r = 0; blocks->pool && r < blocks->rule_count; r++) {
		pool_give(blocks->pool, blocks->by_rule[r].order);
		pool_give(blocks->pool, blocks->by_rule[r].starts);
		pool_give(blocks->pool, blocks->by_rule[r].keys);
	}
	*blocks = (struct blocks){ .pool = NULL };
}

/* --- pairs
 * ------------------------------------------------------------------------------------------ */

struct task {
	uint32_t rule;
	uint32_t from, to; /* blocks */
};

struct visiting {
	const struct blocks *blocks;
	const struct block_limits *limits;
	block_pair *visit;
	void *ctx;
	struct task *tasks;
	size_t task_count;
	struct claim *near[64]; /* by thread: the claims of a block side by side */
};

static bool is_earlier(const struct visiting *visiting, size_t rule, const struct claim *a,
                       const struct claim *b)
{
	const struct blocks *blocks = visiting->blocks;
	for (size_t r = 0; r < rule; r++) {
		const struct rule_places *places = &blocks->places[r];
		if (rule_places_hold(places, a, b) &&
		    (!places->is_several || rule_holds(blocks->claims, &blocks->rules[r], a, b)))
			return true;
	}
	return false;
}

static bool visit_block(struct visiting *visiting, const struct task *task, size_t block,
                        unsigned thread)
{
	const struct blocks *blocks = visiting->blocks;
	const struct block_rule *by_rule = &blocks->by_rule[task->rule];
	const uint32_t *order = by_rule->order + by_rule->starts[block];
	size_t n = by_rule->starts[block + 1] - by_rule->starts[block];
	bool is_windowed = n > visiting->limits->max_block;
	for (size_t i = 0; i < n; i++) {
		/* A window of claims is kept side by side, and all of a block that is none. */
		size_t first = is_windowed && i > WINDOW ? i - WINDOW : 0;
		struct claim *near = visiting->near[thread];
		size_t room = is_windowed ? WINDOW + 1 : n;
		near[i % room] = blocks->claims->claims[order[i]];
		const struct claim *right = &near[i % room];
		for (size_t j = first; j < i; j++) {
			const struct claim *left = &near[j % room];
			if (visiting->limits->is_across &&
			    (left->flags & CLAIM_SECOND) == (right->flags & CLAIM_SECOND))
				continue;
			if (by_rule->keys &&
			    rule_common_key(blocks->claims, &blocks->rules[task->rule], left,
			                    right) != by_rule->keys[block])
				continue;
			if (is_earlier(visiting, task->rule, left, right))
				continue;
			bool is_in_order = order[j] < order[i];
			if (!visiting->visit(visiting->ctx, thread, is_in_order ? left : right,
			                     is_in_order ? right : left,
			                     is_in_order ? order[j] : order[i],
			                     is_in_order ? order[i] : order[j], task->rule))
				return false;
		}
	}
	return true;
}

static bool visit_task(void *ctx, size_t part, unsigned thread)
{
	struct visiting *visiting = ctx;
	const struct task *task = &visiting->tasks[part];
	for (size_t block = task->from; block < task->to; block++) {
		if (!visit_block(visiting, task, block, thread))
			return false;
	}
	return true;
}

/* Blocks of about TASK_PAIRS pairs together; counted first, then written. */
static size_t cut_tasks(const struct blocks *blocks, struct task *tasks)
{
	size_t count = 0;
	for (size_t r = 0; r < blocks->rule_count; r++) {
		const struct block_rule *by_rule = &blocks->by_rule[r];
		uint64_t pairs = 0;
		uint32_t from = 0;
		for (uint32_t block = 0; block < by_rule->block_count; block++) {
			pairs += pairs_of(by_rule->starts[block + 1] - by_rule->starts[block]);
			if (pairs < TASK_PAIRS && block + 1 < by_rule->block_count)
				continue;
			if (tasks)
				tasks[count] = (struct task){ (uint32_t)r, from, block + 1 };
			count++;
			from = block + 1;
			pairs = 0;
		}
	}
	return count;
}

bool blocks_visit(const struct blocks *blocks, const struct block_limits *limits, block_pair *visit,
                  void *ctx)
{
	struct visiting visiting = {
		.blocks = blocks, .limits = limits, .visit = visit, .ctx = ctx
	};
	size_t room = (limits->max_block > WINDOW ? limits->max_block : WINDOW) + 2;
	bool done = true;
	visiting.task_count = cut_tasks(blocks, NULL);
	visiting.tasks = pool_take(blocks->pool, visiting.task_count, sizeof *visiting.tasks);
	for (unsigned i = 0; i < limits->threads && i < 64; i++) {
		visiting.near[i] = pool_take(blocks->pool, room, sizeof(struct claim));
		done = done && visiting.near[i];
	}
	if (visiting.tasks && done) {
		(void)cut_tasks(blocks, visiting.tasks);
		done = work_share(limits->threads, visiting.task_count, visit_task, &visiting);
	} else {
		done = false;
	}
	for (unsigned i = 0; i < 64; i++)
		pool_give(blocks->pool, visiting.near[i]);
	pool_give(blocks->pool, visiting.tasks);
	return done;
}
