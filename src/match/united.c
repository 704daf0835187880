/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/united.h"

#include <math.h>
#include <stdlib.h>

#include "match/work.h"

#define AGAINST (-6.0) /* bits: the two speak against each other */
#define UNDER_EDGE 0.5 /* bits */
#define OVER_EDGE 1.0  /* bits of two that are one by others */
#define APART 3.0      /* bits under even chance of two of groups that do not fit */
#define MEMBERS_MOST 20
#define ALONE_MOST 3.0 /* bits */
#define PAIRS_LEAST 30.0
#define ROOM_FIRST 1024 /* pairs */
#define CACHE_BITS 18   /* few pairs are compared anew */

static double weight_together(const struct scored *alone, size_t members,
                              const struct clusters *clusters, double edge)
{
	if (alone->weight >= edge || alone->rule == SCORE_TWINS || alone->weight < AGAINST)
		return alone->weight;
	if (members == 2) /* 3 */
		return alone->weight + (alone->rule == SCORE_NO_RULE ? clusters->alone : 0);
	return members <= MEMBERS_MOST ? edge + OVER_EDGE : alone->weight; /* 1 */
}

double united_weight(const struct scored *alone, const struct united_state *state,
                     const struct clusters *clusters, double edge)
{
	bool is_first = state->members[0] > 1, is_second = state->members[1] > 1;
	double held = edge - UNDER_EDGE;
	if (state->is_together)
		return weight_together(alone, state->members[0], clusters, edge);
	if (alone->rule != SCORE_NO_RULE && alone->rule != SCORE_NEAR)
		return alone->weight;
	if (is_first && is_second) /* 2 */
		return fmin(alone->weight, fmin(held, 0)) - APART;
	return fmin(alone->weight + (is_first || is_second ? 0 : clusters->alone), held);
}

/* Claims group by group. */
struct groups {
	uint32_t *ends; /* by a group's first claim */
	uint32_t *claims;
};

/* What one thread found. */
struct uniter {
	struct compare_cache cache;
	struct pair *more;
	size_t count, room;
	char apart[64]; /* from the next thread's line of the cache */
};

struct uniting {
	struct pairs *pairs;
	const struct scorer *scorer;
	struct clusters *clusters;
	const struct cluster_limits *limits;
	double edge;
	bool is_across;
	struct groups groups;
	struct uniter *by_thread;
};

static bool put_by_group(struct groups *groups, const struct claims *claims, const uint32_t *of)
{
	uint32_t sum = 0;
	groups->ends = pool_take(claims->pool, (size_t)claims->count + 1, sizeof *groups->ends);
	groups->claims = pool_take(claims->pool, (size_t)claims->count + 1, sizeof *groups->claims);
	if (!groups->ends || !groups->claims)
		return false;
	for (uint32_t i = 0; i < claims->count; i++)
		groups->ends[of[i]]++;
	for (uint32_t i = 0; i < claims->count; i++) {
		uint32_t members = groups->ends[i];
		groups->ends[i] = sum;
		sum += members;
	}
	for (uint32_t i = 0; i < claims->count; i++)
		groups->claims[groups->ends[of[i]]++] = i;
	return true;
}

static void give_groups(struct groups *groups, const struct claims *claims)
{
	pool_give(claims->pool, groups->ends);
	pool_give(claims->pool, groups->claims);
	*groups = (struct groups){ 0 };
}

/* Where the group's claims begin, with how many there are. */
static const uint32_t *members_of(const struct uniting *uniting, uint32_t first, size_t *members)
{
	uint32_t from = first ? uniting->groups.ends[first - 1] : 0;
	*members = uniting->groups.ends[first] - from;
	return uniting->groups.claims + from;
}

static struct scored score_of(const struct uniting *uniting, unsigned thread, uint32_t a,
                              uint32_t b)
{
	const struct claims *claims = uniting->scorer->claims;
	const struct claim *x = &claims->claims[a], *y = &claims->claims[b];
	return score_pair(uniting->scorer, x, y,
	                  compare_claims(claims, &uniting->by_thread[thread].cache, x, y));
}

static struct united_state state_of(const struct uniting *uniting, uint32_t a, uint32_t b)
{
	const uint32_t *of = uniting->clusters->of;
	struct united_state state = { .is_together = of[a] == of[b] };
	(void)members_of(uniting, of[a], &state.members[0]);
	(void)members_of(uniting, of[b], &state.members[1]);
	return state;
}

#define PAIRS_AT_ONCE ((size_t)1 << 13)

static bool unite_some(void *ctx, size_t part, unsigned thread)
{
	const struct uniting *uniting = ctx;
	size_t to = (part + 1) * PAIRS_AT_ONCE;
	to = to < uniting->pairs->count ? to : uniting->pairs->count;
	for (size_t i = part * PAIRS_AT_ONCE; i < to; i++) {
		struct pair *pair = &uniting->pairs->pairs[i];
		struct united_state state = state_of(uniting, pair->a, pair->b);
		struct scored alone = { .weight = (double)pair->weight };
		pair->alone = pair->weight;
		if (alone.weight >= uniting->edge && state.is_together)
			continue;
		if (alone.weight < uniting->edge)
			alone = score_of(uniting, thread, pair->a, pair->b);
		pair->weight =
			(float)united_weight(&alone, &state, uniting->clusters, uniting->edge);
	}
	return true;
}

static bool is_kept(const struct pairs *pairs, uint32_t a, uint32_t b)
{
	size_t from = 0, to = pairs->count;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		const struct pair *pair = &pairs->pairs[middle];
		if (pair->a == a && pair->b == b)
			return true;
		if (pair->a < a || (pair->a == a && pair->b < b))
			from = middle + 1;
		else
			to = middle;
	}
	return false;
}

static bool make_room(struct uniter *uniter, struct pool *pool, size_t room)
{
	struct pair *more = pool_grow(pool, uniter->more, room, sizeof *more);
	if (!more)
		return false;
	uniter->more = more;
	uniter->room = room;
	return true;
}

static bool add(struct uniter *uniter, struct pool *pool, uint32_t a, uint32_t b, double weight)
{
	if (uniter->count == uniter->room &&
	    !make_room(uniter, pool, uniter->room ? 2 * uniter->room : ROOM_FIRST))
		return false;
	uniter->more[uniter->count++] =
		(struct pair){ .a = a, .b = b, .alone = -INFINITY, .weight = (float)weight };
	return true;
}

static bool add_group(const struct uniting *uniting, unsigned thread, const uint32_t *of,
                      size_t members)
{
	uint32_t first_count = uniting->scorer->claims->first_count;
	for (size_t i = 0; i < members; i++) {
		for (size_t j = i + 1; j < members; j++) {
			uint32_t a = of[i], b = of[j];
			if ((uniting->is_across && (a < first_count) == (b < first_count)) ||
			    is_kept(uniting->pairs, a, b))
				continue;
			struct united_state state = { true, { members, members } };
			struct scored alone = score_of(uniting, thread, a, b);
			double weight =
				united_weight(&alone, &state, uniting->clusters, uniting->edge);
			if (weight >= uniting->edge &&
			    !add(&uniting->by_thread[thread], uniting->pairs->pool, a, b, weight))
				return false;
		}
	}
	return true;
}

static int by_claims(const void *a, const void *b)
{
	const struct pair *left = a, *right = b;
	if (left->a != right->a)
		return left->a < right->a ? -1 : 1;
	return (left->b > right->b) - (left->b < right->b);
}

#define CLAIMS_AT_ONCE ((size_t)1 << 13)

static bool add_groups(void *ctx, size_t part, unsigned thread)
{
	const struct uniting *uniting = ctx;
	size_t to = (part + 1) * CLAIMS_AT_ONCE;
	to = to < uniting->scorer->claims->count ? to : uniting->scorer->claims->count;
	for (size_t first = part * CLAIMS_AT_ONCE; first < to; first++) {
		size_t members;
		const uint32_t *of = members_of(uniting, (uint32_t)first, &members);
		if (members > 2 && members <= MEMBERS_MOST &&
		    !add_group(uniting, thread, of, members))
			return false;
	}
	return true;
}

/* All threads' to the first one's. */
static bool gather(struct uniting *uniting, unsigned threads)
{
	struct uniter *all = &uniting->by_thread[0];
	size_t count = 0;
	for (unsigned t = 0; t < threads; t++)
		count += uniting->by_thread[t].count;
	if (count > all->room && !make_room(all, uniting->pairs->pool, count))
		return false;
	for (unsigned t = 1; t < threads; t++) {
		const struct uniter *one = &uniting->by_thread[t];
		if (one->count)
			memcpy(all->more + all->count, one->more, one->count * sizeof *one->more);
		all->count += one->count;
	}
	return true;
}

/* Both are in order; from behind, so that nothing is written over. */
static bool merge(struct uniting *uniting)
{
	struct pairs *pairs = uniting->pairs;
	struct uniter *found = &uniting->by_thread[0];
	size_t kept = pairs->count, more = found->count, to = kept + more;
	if (more == 0)
		return true;
	struct pair *all = pool_grow(pairs->pool, pairs->pairs, to, sizeof *all);
	if (!all)
		return false;
	qsort(found->more, more, sizeof *found->more, by_claims);
	pairs->pairs = all;
	pairs->count = to;
	while (more) {
		bool is_kept_last = kept && by_claims(&all[kept - 1], &found->more[more - 1]) > 0;
		all[--to] = is_kept_last ? all[--kept] : found->more[--more];
	}
	return true;
}

/* 3: how much oftener two of one person are one with nobody else than two of anybody are. */
static double alone_bits(const struct uniting *uniting)
{
	double pairs = 0, couples = 0, singles = 0;
	for (uint32_t first = 0; first < uniting->scorer->claims->count; first++) {
		size_t members;
		(void)members_of(uniting, first, &members);
		pairs += claims_pairs((double)members);
		couples += members == 2;
		singles += members == 1;
	}
	double share = singles / uniting->scorer->claims->count;
	if (pairs < PAIRS_LEAST || !(share > 0) || !(couples > 0))
		return 0;
	return fmin(fmax(log2(couples / pairs / (share * share)), 0), ALONE_MOST);
}

/* Two that are one with nobody else; of one weight by the ranks of their claims, not by the order
 * of the rows. */
struct couple {
	float weight;
	uint32_t low, high; /* ranks */
	uint32_t a, b;
};

static int best_first(const void *a, const void *b)
{
	const struct couple *left = a, *right = b;
	if (left->weight > right->weight || left->weight < right->weight)
		return left->weight > right->weight ? -1 : 1;
	if (left->low != right->low)
		return left->low < right->low ? -1 : 1;
	return (left->high > right->high) - (left->high < right->high);
}

/* Over the edge once it is known that neither is one with anybody else. */
static bool is_couple(const struct uniting *uniting, const struct pair *pair)
{
	double least = fmax(uniting->edge - uniting->clusters->alone, UNITED_LEAST);
	if ((double)pair->weight < least || (double)pair->weight >= uniting->edge)
		return false;
	struct united_state state = state_of(uniting, pair->a, pair->b);
	return state.members[0] == 1 && state.members[1] == 1 &&
	       cluster_bar(uniting->scorer->claims, uniting->limits, pair->a, pair->b) ==
	               CLUSTER_JOINED &&
	       score_of(uniting, 0, pair->a, pair->b).rule == SCORE_NO_RULE;
}

static size_t list_couples(struct uniting *uniting, struct couple *out)
{
	const uint32_t *ranks = uniting->scorer->claims->ranks;
	size_t count = 0;
	for (size_t i = 0; i < uniting->pairs->count; i++) {
		const struct pair *pair = &uniting->pairs->pairs[i];
		if (!is_couple(uniting, pair))
			continue;
		uint32_t x = ranks[pair->a], y = ranks[pair->b];
		if (out)
			out[count] = (struct couple){ pair->weight, x < y ? x : y, x < y ? y : x,
				                      pair->a, pair->b };
		count++;
	}
	return count;
}

static bool join_couples(struct uniting *uniting)
{
	struct clusters *clusters = uniting->clusters;
	struct pool *pool = uniting->pairs->pool;
	clusters->alone = alone_bits(uniting);
	size_t count = list_couples(uniting, NULL);
	struct couple *couples = pool_take(pool, count + 1, sizeof *couples);
	bool *is_taken = pool_take(pool, uniting->scorer->claims->count, sizeof *is_taken);
	bool done = couples && is_taken;
	if (done)
		(void)list_couples(uniting, couples);
	if (done && count)
		qsort(couples, count, sizeof *couples, best_first);
	for (size_t i = 0; done && i < count; i++) {
		uint32_t a = couples[i].a, b = couples[i].b;
		if (is_taken[a] || is_taken[b])
			continue;
		is_taken[a] = is_taken[b] = true;
		clusters->of[a > b ? a : b] = a < b ? a : b;
		clusters->count--;
		clusters->largest = clusters->largest < 2 ? 2 : clusters->largest;
	}
	pool_give(pool, couples);
	pool_give(pool, is_taken);
	return done;
}

static bool unite(struct uniting *uniting)
{
	const struct claims *claims = uniting->scorer->claims;
	unsigned threads = claims->limits.threads;
	if (!put_by_group(&uniting->groups, claims, uniting->clusters->of) ||
	    !join_couples(uniting))
		return false;
	give_groups(&uniting->groups, claims);
	if (!put_by_group(&uniting->groups, claims, uniting->clusters->of))
		return false;
	return work_share(threads, uniting->pairs->count / PAIRS_AT_ONCE + 1, unite_some,
	                  uniting) &&
	       work_share(threads, claims->count / CLAIMS_AT_ONCE + 1, add_groups, uniting) &&
	       gather(uniting, threads) && merge(uniting);
}

bool united_pairs(struct pairs *pairs, const struct scorer *scorer, struct clusters *clusters,
                  const struct cluster_limits *limits, bool is_across)
{
	const struct claims *claims = scorer->claims;
	struct uniting uniting = { .pairs = pairs,
		                   .scorer = scorer,
		                   .clusters = clusters,
		                   .limits = limits,
		                   .edge = limits->edge,
		                   .is_across = is_across };
	unsigned threads = claims->limits.threads;
	uniting.by_thread = pool_take(claims->pool, threads, sizeof *uniting.by_thread);
	bool done = uniting.by_thread != NULL;
	for (unsigned t = 0; done && t < threads; t++)
		done = compare_cache_init_bits(&uniting.by_thread[t].cache, claims->pool,
		                               CACHE_BITS);
	done = done && unite(&uniting);
	for (unsigned t = 0; uniting.by_thread && t < threads; t++) {
		pool_give(claims->pool, uniting.by_thread[t].more);
		compare_cache_finish(&uniting.by_thread[t].cache, claims->pool);
	}
	pool_give(claims->pool, uniting.by_thread);
	give_groups(&uniting.groups, claims);
	return done;
}
