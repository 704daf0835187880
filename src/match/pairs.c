/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Each thread counts into a table of its own; what they counted is added up and
 * put in order, so that nothing depends on who counted what.
 */
#include "match/pairs.h"

#include "match/score.h"
#include "match/work.h"

#include <stdlib.h>

#define FIRST_SLOTS ((size_t)1 << 14)
#define CHUNK ((size_t)1 << 14)
#define NO_PATTERN UINT32_MAX
#define PAIRS_OF_ONE 2 /* of so many one asks what is remembered of names */

struct slot {
	pattern_of_levels pattern;
	uint32_t is_kept;
	uint64_t count;
};

struct kept {
	uint32_t a, b;
	pattern_of_levels pattern;
};

struct pairs_chunk {
	struct pairs_chunk *next;
	size_t count;
	struct kept pairs[];
};

struct counter {
	struct compare_cache cache;
	struct slot *slots;
	size_t mask, used;
	struct pairs_chunk *chunks;
	uint64_t candidates;
	uint64_t by_rule[RULES_MAX];
	char apart[64]; /* from the next thread's line of the cache */
};

struct counting {
	const struct claims *claims;
	const struct pairs_keep *keep;
	struct counter *counters;
	struct pool *pool;
	uint64_t most; /* pairs */
};

static size_t slot_of(const struct counter *counter, pattern_of_levels pattern)
{
	size_t at = (pattern * UINT64_C(0x9E3779B97F4A7C15) >> 32) & counter->mask;
	while (counter->slots[at].pattern != pattern && counter->slots[at].pattern != NO_PATTERN)
		at = (at + 1) & counter->mask;
	return at;
}

static bool take_slots(struct counter *counter, struct pool *pool, size_t count)
{
	counter->slots = pool_take(pool, count, sizeof *counter->slots);
	for (size_t i = 0; counter->slots && i < count; i++)
		counter->slots[i].pattern = NO_PATTERN;
	counter->mask = count - 1;
	return counter->slots != NULL;
}

static bool grow(struct counter *counter, struct pool *pool)
{
	struct slot *old = counter->slots;
	size_t count = counter->mask + 1;
	if (!take_slots(counter, pool, count * 2)) {
		counter->slots = old;
		counter->mask = count - 1;
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (old[i].pattern != NO_PATTERN)
			counter->slots[slot_of(counter, old[i].pattern)] = old[i];
	}
	pool_give(pool, old);
	return true;
}

static struct slot *find_slot(struct counting *counting, struct counter *counter,
                              pattern_of_levels pattern)
{
	struct slot *slot = &counter->slots[slot_of(counter, pattern)];
	if (slot->pattern == pattern)
		return slot;
	if (counter->used * 2 > counter->mask) {
		if (!grow(counter, counting->pool))
			return NULL;
		slot = &counter->slots[slot_of(counter, pattern)];
	}
	counter->used++;
	*slot = (struct slot){ .pattern = pattern };
	const struct pairs_keep *keep = counting->keep;
	slot->is_kept =
		!keep->model || score_most(counting->claims, keep->model, pattern) >= keep->least;
	return slot;
}

static bool keep_pair(struct counting *counting, struct counter *counter, const struct kept *pair)
{
	struct pairs_chunk *chunk = counter->chunks;
	if (!chunk || chunk->count == CHUNK) {
		chunk = pool_take(counting->pool, 1, sizeof *chunk + CHUNK * sizeof(struct kept));
		if (!chunk)
			return false;
		chunk->next = counter->chunks;
		counter->chunks = chunk;
	}
	chunk->pairs[chunk->count++] = *pair;
	return true;
}

static bool count_pair(void *ctx, unsigned thread, const struct compared *left,
                       const struct compared *right, uint32_t a, uint32_t b, size_t rule)
{
	struct counting *counting = ctx;
	struct counter *counter = &counting->counters[thread];
	struct kept pair = { .a = a,
		             .b = b,
		             .pattern = compare_ready_claims(counting->claims, &counter->cache,
		                                             left, right) };
	struct slot *slot = find_slot(counting, counter, pair.pattern);
	if (!slot)
		return false;
	slot->count++;
	counter->candidates++;
	counter->by_rule[rule]++;
	return !slot->is_kept || keep_pair(counting, counter, &pair);
}

/* --- added up
 * ------------------------------------------------------------------------------------------- */

static int by_pattern(const void *a, const void *b)
{
	pattern_of_levels left = ((const struct pattern_count *)a)->pattern,
			  right = ((const struct pattern_count *)b)->pattern;
	return (left > right) - (left < right);
}

static bool add_patterns(struct pairs *pairs, const struct counter *counters, unsigned threads)
{
	size_t room = 0, kept = 0;
	for (unsigned t = 0; t < threads; t++)
		room += counters[t].used;
	pairs->patterns = pool_take(pairs->pool, room, sizeof *pairs->patterns);
	if (!pairs->patterns)
		return false;
	for (unsigned t = 0; t < threads; t++) {
		for (size_t i = 0; i <= counters[t].mask; i++) {
			const struct slot *slot = &counters[t].slots[i];
			if (slot->pattern != NO_PATTERN)
				pairs->patterns[pairs->pattern_count++] =
					(struct pattern_count){ slot->pattern, slot->count };
		}
	}
	qsort(pairs->patterns, pairs->pattern_count, sizeof *pairs->patterns, by_pattern);
	for (size_t i = 0; i < pairs->pattern_count; i++) {
		if (kept && pairs->patterns[kept - 1].pattern == pairs->patterns[i].pattern)
			pairs->patterns[kept - 1].count += pairs->patterns[i].count;
		else
			pairs->patterns[kept++] = pairs->patterns[i];
	}
	pairs->pattern_count = kept;
	return true;
}

static void take_chunks(struct pairs *pairs, struct counter *counter)
{
	struct pairs_chunk *last = counter->chunks;
	while (last && last->next)
		last = last->next;
	if (last) {
		last->next = pairs->chunks;
		pairs->chunks = counter->chunks;
	}
}

/* One by each thread, for its first pages are long in coming. */
static bool open_counter(void *ctx, size_t part, unsigned thread)
{
	struct counting *counting = ctx;
	struct counter *counter = &counting->counters[part];
	(void)thread;
	return compare_cache_init(&counter->cache, counting->pool, counting->most / PAIRS_OF_ONE) &&
	       take_slots(counter, counting->pool, FIRST_SLOTS);
}

bool pairs_make(struct pairs *pairs, const struct blocks *blocks, const struct block_limits *limits,
                const struct pairs_keep *keep)
{
	unsigned threads = limits->threads;
	*pairs = (struct pairs){ .pool = blocks->pool };
	struct counting counting = { .claims = blocks->claims, .keep = keep, .pool = blocks->pool };
	for (size_t r = 0; r < blocks->rule_count; r++)
		counting.most += blocks->by_rule[r].pairs;
	counting.counters = pool_take(blocks->pool, threads, sizeof *counting.counters);
	bool done = counting.counters && work_share(threads, threads, open_counter, &counting) &&
	            blocks_visit(blocks, limits, count_pair, &counting);
	for (unsigned t = 0; counting.counters && t < threads; t++) {
		struct counter *counter = &counting.counters[t];
		pairs->candidates += counter->candidates;
		pairs->asked += counter->cache.asked;
		pairs->missed += counter->cache.missed;
		for (size_t r = 0; r < RULES_MAX; r++)
			pairs->by_rule[r] += counter->by_rule[r];
		compare_cache_finish(&counter->cache, blocks->pool);
		take_chunks(pairs, counter);
	}
	done = done && add_patterns(pairs, counting.counters, threads);
	for (unsigned t = 0; counting.counters && t < threads; t++)
		pool_give(blocks->pool, counting.counters[t].slots);
	pool_give(blocks->pool, counting.counters);
	if (!done)
		pairs_finish(pairs);
	return done;
}

/* --- worth something
 * ------------------------------------------------------------------------------------- */

/* What each pattern is worth by the model at most; found by hash. */
struct worths {
	struct worth {
		pattern_of_levels pattern;
		float weight;
	} * at;
	size_t mask;
};

static struct worth *worth_of(const struct worths *worths, pattern_of_levels pattern)
{
	size_t at = (pattern * UINT64_C(0x9E3779B97F4A7C15) >> 32) & worths->mask;
	while (worths->at[at].pattern != pattern && worths->at[at].pattern != NO_PATTERN)
		at = (at + 1) & worths->mask;
	return &worths->at[at];
}

static bool make_worths(struct worths *worths, const struct pairs *pairs,
                        const struct claims *claims, const struct model *model)
{
	size_t room = 1024;
	while (room < pairs->pattern_count * 2)
		room *= 2;
	*worths = (struct worths){ pool_take(pairs->pool, room, sizeof *worths->at), room - 1 };
	for (size_t i = 0; worths->at && i < room; i++)
		worths->at[i].pattern = NO_PATTERN;
	for (size_t i = 0; worths->at && i < pairs->pattern_count; i++) {
		pattern_of_levels pattern = pairs->patterns[i].pattern;
		*worth_of(worths, pattern) =
			(struct worth){ pattern, (float)score_most(claims, model, pattern) };
	}
	return worths->at != NULL;
}

/* By radix from the low end: the digits of b, then those of a. */
struct sorting {
	struct pair *from, *to;
	size_t count;
};

#define RADIX_BITS 10
#define RADIX ((size_t)1 << RADIX_BITS)

static uint32_t digit_of(const struct pair *pair, unsigned pass, unsigned passes)
{
	uint32_t key = pass < passes ? pair->b : pair->a;
	return key >> pass % passes * RADIX_BITS & (RADIX - 1);
}

static void sort_once(struct sorting *sorting, unsigned pass, unsigned passes)
{
	size_t at[RADIX] = { 0 }, sum = 0;
	for (size_t i = 0; i < sorting->count; i++)
		at[digit_of(&sorting->from[i], pass, passes)]++;
	for (size_t i = 0; i < RADIX; i++) {
		size_t here = at[i];
		at[i] = sum;
		sum += here;
	}
	for (size_t i = 0; i < sorting->count; i++)
		sorting->to[at[digit_of(&sorting->from[i], pass, passes)]++] = sorting->from[i];
	struct pair *swap = sorting->from;
	sorting->from = sorting->to;
	sorting->to = swap;
}

/* By a, then b; both are below `claims`. */
static bool sort_pairs(struct pairs *pairs, uint32_t claims)
{
	unsigned passes = 1;
	while (passes < 4 && claims >> passes * RADIX_BITS)
		passes++;
	struct sorting sorting = { pairs->pairs, NULL, pairs->count };
	sorting.to = pool_take(pairs->pool, pairs->count, sizeof *sorting.to);
	if (!sorting.to)
		return false;
	for (unsigned pass = 0; pass < 2 * passes; pass++)
		sort_once(&sorting, pass, passes);
	pairs->pairs = sorting.from;
	pool_give(pairs->pool, sorting.to);
	return true;
}

/* How many of the chunks' pairs are worth it; with `out` they are written. */
static size_t worth_keeping(const struct pairs *pairs, const struct worths *worths, double least,
                            struct pair *out)
{
	size_t count = 0;
	for (const struct pairs_chunk *chunk = pairs->chunks; chunk; chunk = chunk->next) {
		for (size_t i = 0; i < chunk->count; i++) {
			const struct kept *pair = &chunk->pairs[i];
			if ((double)worth_of(worths, pair->pattern)->weight < least)
				continue;
			if (out)
				out[count] = (struct pair){ .a = pair->a,
					                    .b = pair->b,
					                    .pattern = pair->pattern };
			count++;
		}
	}
	return count;
}

static void give_chunks(struct pairs *pairs)
{
	while (pairs->chunks) {
		struct pairs_chunk *chunk = pairs->chunks;
		pairs->chunks = chunk->next;
		pool_give(pairs->pool, chunk);
	}
}

bool pairs_keep_only(struct pairs *pairs, const struct claims *claims, const struct model *model,
                     double least)
{
	struct worths worths;
	if (!make_worths(&worths, pairs, claims, model))
		return false;
	pairs->count = worth_keeping(pairs, &worths, least, NULL);
	pairs->pairs = pool_take(pairs->pool, pairs->count, sizeof *pairs->pairs);
	if (pairs->pairs)
		(void)worth_keeping(pairs, &worths, least, pairs->pairs);
	pool_give(pairs->pool, worths.at);
	give_chunks(pairs);
	return pairs->pairs && sort_pairs(pairs, claims->count);
}

void pairs_finish(struct pairs *pairs)
{
	if (!pairs->pool)
		return;
	give_chunks(pairs);
	pool_give(pairs->pool, pairs->patterns);
	pool_give(pairs->pool, pairs->pairs);
	*pairs = (struct pairs){ .pool = NULL };
}
