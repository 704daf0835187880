/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Each rule by one thread: keys are sorted by radix over their lowest bits and
 * then within equal ones, claims with a key of their own fall away. Equal keys
 * of 64 bits count as equal: a pair made by a collision is one more that is
 * compared, never one less.
 */
#include "match/block.h"

#include <stdlib.h>

#include "match/sort.h"
#include "match/work.h"

#define LOW_BITS 33
#define WINDOW 40
#define TASK_PAIRS ((uint32_t)1 << 18)

/* Keys of one rule, of one thread, which are sorted; kept for its next rule. */
struct keys {
	struct sort_key *keys, *spare;
	size_t room, spare_room;
};

struct making {
	struct blocks *blocks;
	const struct block_limits *limits;
	struct keys *by_thread;
};

/* --- sorting
 * -------------------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b)
{
	const struct sort_key *left = a, *right = b;
	if (left->key != right->key)
		return left->key < right->key ? -1 : 1;
	return (left->at > right->at) - (left->at < right->at);
}

/* Blocks stand in the order of the lowest bits of their keys. */
static uint64_t turned(uint64_t key)
{
	return key << (64 - LOW_BITS) | key >> LOW_BITS;
}

static uint64_t turned_back(uint64_t key)
{
	return key >> (64 - LOW_BITS) | key << LOW_BITS;
}

/* --- blocks of one rule
 * --------------------------------------------------------------------------- */

static size_t count_keys(const struct blocks *blocks, const struct rule *rule)
{
	size_t count = 0;
	uint64_t keys[RULE_KEYS_MAX];
	for (uint32_t i = 0; i < blocks->claims->count; i++)
		count += rule_keys(blocks->claims, rule, &blocks->claims->claims[i], keys);
	return count;
}

static size_t fill_keys(const struct blocks *blocks, const struct rule *rule,
                        struct sort_key *keyed)
{
	size_t count = 0;
	uint64_t keys[RULE_KEYS_MAX];
	for (uint32_t i = 0; i < blocks->claims->count; i++) {
		size_t n = rule_keys(blocks->claims, rule, &blocks->claims->claims[i], keys);
		for (size_t k = 0; k < n; k++)
			keyed[count++] = (struct sort_key){ .key = turned(keys[k]), .at = i };
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

static void add_block(struct building *building, const struct sort_key *keyed, size_t n,
                      uint64_t key)
{
	struct block_rule *out = building->out;
	if (n < 2)
		return;
	for (size_t i = 0; i < n; i++)
		out->order[building->members + i] = keyed[i].at;
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

static void split(struct building *building, struct sort_key *keyed, size_t n, uint64_t key,
                  size_t step)
{
	const struct claim *claims = building->blocks->claims->claims;
	if (n <= building->limits->max_block) {
		add_block(building, keyed, n, key);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const struct claim *claim = &claims[keyed[i].at];
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

static bool build(struct building *building, struct sort_key *keyed, size_t count,
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
		key = turned_back(key);
		if (to - from > building->limits->max_block)
			note_hot(building->out, to - from);
		split(building, keyed + from, to - from, key, 0);
	}
	building->out->starts[building->out->block_count] = (uint32_t)building->members;
	return true;
}

/* Room for so many; what stands in them is not kept. */
static bool take_room(struct pool *pool, struct sort_key **keys, size_t *room, size_t count)
{
	if (count <= *room)
		return true;
	pool_give(pool, *keys);
	*keys = pool_take(pool, count, sizeof **keys);
	*room = *keys ? count : 0;
	return *keys != NULL;
}

static bool make_rule(void *ctx, size_t part, unsigned thread)
{
	struct making *making = ctx;
	struct blocks *blocks = making->blocks;
	const struct rule *rule = &blocks->rules[part];
	size_t room = rule_is_several(rule) ? count_keys(blocks, rule) : blocks->claims->count;
	struct building building = { .blocks = blocks,
		                     .out = &blocks->by_rule[part],
		                     .limits = making->limits };
	struct keys *keys = &making->by_thread[thread];
	if (!take_room(blocks->pool, &keys->keys, &keys->room, room))
		return false;
	size_t count = fill_keys(blocks, rule, keys->keys);
	if (!take_room(blocks->pool, &keys->spare, &keys->spare_room, count))
		return false;
	sort_keys(keys->keys, keys->spare, count);
	return build(&building, keys->keys, count, rule);
}

bool blocks_make(struct blocks *blocks, struct pool *pool, const struct claims *claims,
                 const struct rule *rules, size_t rule_count, const struct block_limits *limits)
{
	*blocks = (struct blocks){
		.pool = pool, .claims = claims, .rules = rules, .rule_count = rule_count
	};
	for (size_t r = 0; r < rule_count; r++)
		blocks->places[r] = rule_places(&rules[r]);
	struct making making = { blocks, limits, NULL };
	making.by_thread = pool_take(pool, limits->threads, sizeof *making.by_thread);
	bool done = making.by_thread && work_share(limits->threads, rule_count, make_rule, &making);
	for (unsigned t = 0; making.by_thread && t < limits->threads; t++) {
		pool_give(pool, making.by_thread[t].keys);
		pool_give(pool, making.by_thread[t].spare);
	}
	pool_give(pool, making.by_thread);
	if (done)
		return true;
	blocks_finish(blocks);
	return false;
}

void blocks_forget(struct blocks *blocks)
{
	for (size_t r = 0; blocks->pool && r < blocks->rule_count; r++) {
		struct block_rule *rule = &blocks->by_rule[r];
		pool_give(blocks->pool, rule->order);
		pool_give(blocks->pool, rule->starts);
		pool_give(blocks->pool, rule->keys);
		rule->order = rule->starts = NULL;
		rule->keys = NULL;
		rule->block_count = 0;
	}
}

void blocks_finish(struct blocks *blocks)
{
	blocks_forget(blocks);
	*blocks = (struct blocks){ .pool = NULL };
}

/* --- pairs
 * ------------------------------------------------------------------------------------------ */

struct task {
	uint32_t rule;
	uint32_t from, to;             /* blocks */
	uint32_t from_claim, to_claim; /* of a block that several tasks share; else all */
};

struct visiting {
	const struct blocks *blocks;
	const struct block_limits *limits;
	block_pair *visit;
	void *ctx;
	struct task *tasks;
	size_t task_count;
	size_t room;               /* claims, for each of: */
	struct compared *near[64]; /* by thread: the claims of a block side by side */
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

#define AHEAD 8 /* claims that are fetched before they are read */

/* Claims of a block lie anywhere: what will be read is asked for while others are compared. */
static void fetch(const struct claims *claims, const uint32_t *order, const uint32_t *end)
{
	if (order + AHEAD < end) {
		const struct claim *far = &claims->claims[order[AHEAD]];
		__builtin_prefetch(far);
		__builtin_prefetch((const char *)far + 64);
	}
	if (order + AHEAD / 2 < end)
		compare_fetch(claims, &claims->claims[order[AHEAD / 2]]);
}

/* One claim of a block, and those before it that it is compared with. */
struct row {
	const struct compared *lefts, *right;
	const uint32_t *order; /* of lefts; right's is behind them */
	size_t count;
	uint64_t key;
};

static bool visit_row(struct visiting *visiting, const struct task *task, const struct row *row,
                      unsigned thread)
{
	const struct blocks *blocks = visiting->blocks;
	const struct rule *rule = &blocks->rules[task->rule];
	const struct compared *right = row->right;
	uint32_t b = row->order[row->count];
	bool is_across = visiting->limits->is_across,
	     has_keys = blocks->by_rule[task->rule].keys != NULL;
	for (size_t j = 0; j < row->count; j++) {
		const struct compared *left = &row->lefts[j];
		uint32_t a = row->order[j];
		if (is_across && !((left->claim.flags ^ right->claim.flags) & CLAIM_SECOND))
			continue;
		if (has_keys &&
		    rule_common_key(blocks->claims, rule, &left->claim, &right->claim) != row->key)
			continue;
		if (is_earlier(visiting, task->rule, &left->claim, &right->claim))
			continue;
		if (!(a < b ? visiting->visit(visiting->ctx, thread, left, right, a, b, task->rule)
		            : visiting->visit(visiting->ctx, thread, right, left, b, a,
		                              task->rule)))
			return false;
	}
	return true;
}

/* Claims `from` to `to` of a block with those before them. A window of claims is kept side by
 * side, and all of a block that is none. */
static bool visit_claims(struct visiting *visiting, const struct task *task, size_t block,
                         unsigned thread)
{
	const struct blocks *blocks = visiting->blocks;
	const struct block_rule *by_rule = &blocks->by_rule[task->rule];
	const uint32_t *order = by_rule->order + by_rule->starts[block];
	size_t n = by_rule->starts[block + 1] - by_rule->starts[block];
	size_t to = task->to_claim < n ? task->to_claim : n, from = task->from_claim;
	size_t window = n > visiting->limits->max_block ? WINDOW : n;
	struct compared *near = visiting->near[thread];
	size_t base = from > window ? from - window : 0;
	for (size_t i = base; i < to; i++) {
		if (i - base == visiting->room) {
			memmove(near, near + (visiting->room - window), window * sizeof *near);
			base = i - window;
		}
		fetch(blocks->claims, order + i,
		      by_rule->order + by_rule->starts[by_rule->block_count]);
		compare_ready(&near[i - base], blocks->claims, &blocks->claims->claims[order[i]]);
		size_t first = i > window ? i - window : 0;
		struct row row = { near + (first - base), &near[i - base], order + first, i - first,
			           by_rule->keys ? by_rule->keys[block] : 0 };
		if (i >= from && !visit_row(visiting, task, &row, thread))
			return false;
	}
	return true;
}

static bool is_left_out(const struct block_limits *limits, size_t block)
{
	uint64_t chance = (uint64_t)block * UINT64_C(0x9E3779B97F4A7C15) >> 32;
	return limits->one_in && chance % limits->one_in != 0;
}

static bool visit_task(void *ctx, size_t part, unsigned thread)
{
	struct visiting *visiting = ctx;
	const struct task *task = &visiting->tasks[part];
	const struct block_limits *limits = visiting->limits;
	/* Parts are given out in their order. */
	if (thread == 0 && limits->progress &&
	    !limits->progress(limits->ctx, part, visiting->task_count))
		return false;
	for (size_t block = task->from; block < task->to; block++) {
		if (is_left_out(visiting->limits, block))
			continue;
		if (!visit_claims(visiting, task, block, thread))
			return false;
	}
	return true;
}

static void add_task(struct task *tasks, size_t *count, struct task task)
{
	if (task.from == task.to)
		return;
	if (tasks)
		tasks[*count] = task;
	++*count;
}

/* A block that is too large for all of its pairs, in pieces. */
static void cut_block(const struct block_rule *by_rule, struct task task, struct task *tasks,
                      size_t *count)
{
	uint32_t n = by_rule->starts[task.to] - by_rule->starts[task.from];
	for (uint32_t at = 0; at < n; at += TASK_PAIRS / WINDOW) {
		task.from_claim = at;
		task.to_claim = at + TASK_PAIRS / WINDOW;
		add_task(tasks, count, task);
	}
}

/* Blocks of about TASK_PAIRS pairs together; counted first, then written. */
static size_t cut_tasks(const struct blocks *blocks, uint32_t max_block, struct task *tasks)
{
	size_t count = 0;
	for (size_t r = 0; r < blocks->rule_count; r++) {
		const struct block_rule *by_rule = &blocks->by_rule[r];
		struct task task = { .rule = (uint32_t)r, .to_claim = UINT32_MAX };
		uint64_t pairs = 0;
		for (uint32_t block = 0; block < by_rule->block_count; block++) {
			uint32_t n = by_rule->starts[block + 1] - by_rule->starts[block];
			bool is_windowed = n > max_block;
			task.to = is_windowed ? block : block + 1;
			pairs += pairs_of(n);
			if (pairs < TASK_PAIRS && block + 1 < by_rule->block_count)
				continue;
			add_task(tasks, &count, task);
			task.from = block + 1;
			pairs = 0;
			if (is_windowed) {
				struct task whole = task;
				whole.from = block;
				whole.to = block + 1;
				cut_block(by_rule, whole, tasks, &count);
			}
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
	bool done = true;
	visiting.room = (limits->max_block > WINDOW ? limits->max_block : WINDOW) + 2;
	visiting.task_count = cut_tasks(blocks, limits->max_block, NULL);
	visiting.tasks = pool_take(blocks->pool, visiting.task_count, sizeof *visiting.tasks);
	for (unsigned i = 0; i < limits->threads && i < 64; i++) {
		visiting.near[i] = pool_take(blocks->pool, visiting.room, sizeof(struct compared));
		done = done && visiting.near[i];
	}
	if (visiting.tasks && done) {
		(void)cut_tasks(blocks, limits->max_block, visiting.tasks);
		done = work_share(limits->threads, visiting.task_count, visit_task, &visiting);
	} else {
		done = false;
	}
	for (unsigned i = 0; i < 64; i++)
		pool_give(blocks->pool, visiting.near[i]);
	pool_give(blocks->pool, visiting.tasks);
	return done;
}
