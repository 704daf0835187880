/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/united.h"

#include <math.h>
#include <stdlib.h>

#define AGAINST (-6.0) /* bits: the two speak against each other */
#define UNDER_EDGE 0.5 /* bits */
#define OVER_EDGE 1.0  /* bits of two that are one by others */
#define APART 3.0      /* bits under even chance of two of groups that do not fit */
#define MEMBERS_MOST 20
#define ALONE_MOST 3.0 /* bits */
#define PAIRS_LEAST 30.0
#define ROOM_FIRST 1024 /* pairs */

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

struct uniting {
	struct pairs *pairs;
	const struct scorer *scorer;
	struct clusters *clusters;
	const struct cluster_limits *limits;
	double edge;
	bool is_across;
	struct compare_cache cache;
	struct groups groups;
	struct pair *more;
	size_t count, room;
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

static struct scored score_of(struct uniting *uniting, uint32_t a, uint32_t b)
{
	const struct claims *claims = uniting->scorer->claims;
	const struct claim *x = &claims->claims[a], *y = &claims->claims[b];
	return score_pair(uniting->scorer, x, y, compare_claims(claims, &uniting->cache, x, y));
}

static struct united_state state_of(const struct uniting *uniting, uint32_t a, uint32_t b)
{
	const uint32_t *of = uniting->clusters->of;
	struct united_state state = { .is_together = of[a] == of[b] };
	(void)members_of(uniting, of[a], &state.members[0]);
	(void)members_of(uniting, of[b], &state.members[1]);
	return state;
}

static void unite_kept(struct uniting *uniting)
{
	for (size_t i = 0; i < uniting->pairs->count; i++) {
		struct pair *pair = &uniting->pairs->pairs[i];
		struct united_state state = state_of(uniting, pair->a, pair->b);
		struct scored alone = { .weight = (double)pair->weight };
		pair->alone = pair->weight;
		if (alone.weight >= uniting->edge && state.is_together)
			continue;
		if (alone.weight < uniting->edge)
			alone = score_of(uniting, pair->a, pair->b);
		pair->weight =
			(float)united_weight(&alone, &state, uniting->clusters, uniting->edge);
	}
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

static bool add(struct uniting *uniting, uint32_t a, uint32_t b, double weight)
{
	if (uniting->count == uniting->room) {
		size_t room = uniting->room ? 2 * uniting->room : ROOM_FIRST;
		struct pair *more =
			pool_grow(uniting->pairs->pool, uniting->more, room, sizeof *uniting->more);
		if (!more)
			return false;
		uniting->more = more;
		uniting->room = room;
	}
	uniting->more[uniting->count++] =
		(struct pair){ .a = a, .b = b, .alone = -INFINITY, .weight = (float)weight };
	return true;
}

static bool add_group(struct uniting *uniting, const uint32_t *of, size_t members)
{
	uint32_t first_count = uniting->scorer->claims->first_count;
	for (size_t i = 0; i < members; i++) {
		for (size_t j = i + 1; j < members; j++) {
			uint32_t a = of[i], b = of[j];
			if ((uniting->is_across && (a < first_count) == (b < first_count)) ||
			    is_kept(uniting->pairs, a, b))
				continue;
			struct united_state state = { true, { members, members } };
			struct scored alone = score_of(uniting, a, b);
			double weight =
				united_weight(&alone, &state, uniting->clusters, uniting->edge);
			if (weight >= uniting->edge && !add(uniting, a, b, weight))
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

/* Both are in order; from behind, so that nothing is written over. */
static bool merge(struct uniting *uniting)
{
	struct pairs *pairs = uniting->pairs;
	size_t kept = pairs->count, more = uniting->count, to = kept + more;
	if (more == 0)
		return true;
	struct pair *all = pool_grow(pairs->pool, pairs->pairs, to, sizeof *all);
	if (!all)
		return false;
	qsort(uniting->more, more, sizeof *uniting->more, by_claims);
	pairs->pairs = all;
	pairs->count = to;
	while (more) {
		bool is_kept_last = kept && by_claims(&all[kept - 1], &uniting->more[more - 1]) > 0;
		all[--to] = is_kept_last ? all[--kept] : uniting->more[--more];
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
static bool is_couple(struct uniting *uniting, const struct pair *pair)
{
	double least = fmax(uniting->edge - uniting->clusters->alone, UNITED_LEAST);
	if ((double)pair->weight < least || (double)pair->weight >= uniting->edge)
		return false;
	struct united_state state = state_of(uniting, pair->a, pair->b);
	return state.members[0] == 1 && state.members[1] == 1 &&
	       cluster_bar(uniting->scorer->claims, uniting->limits, pair->a, pair->b) ==
	               CLUSTER_JOINED &&
	       score_of(uniting, pair->a, pair->b).rule == SCORE_NO_RULE;
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
	if (!put_by_group(&uniting->groups, claims, uniting->clusters->of) ||
	    !join_couples(uniting))
		return false;
	give_groups(&uniting->groups, claims);
	if (!put_by_group(&uniting->groups, claims, uniting->clusters->of))
		return false;
	unite_kept(uniting);
	for (uint32_t first = 0; first < claims->count; first++) {
		size_t members;
		const uint32_t *of = members_of(uniting, first, &members);
		if (members > 2 && members <= MEMBERS_MOST && !add_group(uniting, of, members))
			return false;
	}
	return merge(uniting);
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
	bool done = compare_cache_init(&uniting.cache, claims->pool) && unite(&uniting);
	pool_give(claims->pool, uniting.more);
	give_groups(&uniting.groups, claims);
	compare_cache_finish(&uniting.cache, claims->pool);
	return done;
}
