/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/cluster.h"

#include <stdlib.h>

#include "match/sort.h"

#define CROSS_MAX 400   /* pairs across two groups that are looked at */
#define MEAN_UNDER 2.0  /* bits by which the mean may lie under the edge */
#define AGAINST (-6.0)  /* bits: the pair speaks against */
#define AGAINST_SHARE 4 /* one in so many may */
#define CACHE_BITS 18   /* few pairs are compared anew */
#define AHEAD 16        /* pairs of which something is asked for before it is read */
#define UPN_YEAR_AT 0   /* of the high letters: the ninth and tenth */

/* Pairs of one weight go by their ids, not by the order of the rows. */
struct edge {
	float weight;
	uint32_t low, high; /* ranks */
	uint32_t a, b;      /* the lower's first */
};

/* A group's claims hang on one another in a list; its first is the least by rank, so that nothing
 * depends on the order of the rows. */
struct grouping {
	const struct scorer *scorer;
	const struct pairs *pairs;
	const struct cluster_limits *limits;
	struct compare_cache cache;
	uint32_t *root; /* by claim: towards the group's first */
	uint32_t *next; /* by claim: UINT32_MAX at the end */
	uint32_t *last; /* by first claim */
	size_t *starts; /* by claim: where its pairs begin */
};

/* --- what may not be together
 * ------------------------------------------------------------------------ */

static int by_pair(const void *a, const void *b)
{
	const struct cluster_pair *left = a, *right = b;
	if (left->a != right->a)
		return left->a < right->a ? -1 : 1;
	return (left->b > right->b) - (left->b < right->b);
}

/* The year of giving is in its ninth and tenth letter. */
static bool is_of_one_year(const struct claims *claims, const struct claim *a,
                           const struct claim *b)
{
	uint64_t x = claims->upn_values[a->upn].high, y = claims->upn_values[b->upn].high;
	return ((x ^ y) >> 8 * UPN_YEAR_AT & 0xFFFF) == 0;
}

bool cluster_is_apart(const struct cluster_limits *limits, uint32_t a, uint32_t b)
{
	struct cluster_pair pair = { .a = a < b ? a : b, .b = a < b ? b : a };
	return limits->apart_count &&
	       bsearch(&pair, limits->apart, limits->apart_count, sizeof pair, by_pair);
}

enum cluster_stop cluster_bar(const struct claims *claims, const struct cluster_limits *limits,
                              uint32_t a, uint32_t b)
{
	const struct claim *x = &claims->claims[a], *y = &claims->claims[b];
	uint8_t both = x->flags & y->flags;
	if (!limits->is_nhs_free && (both & CLAIM_NHS) && x->nhs != y->nhs)
		return CLUSTER_NHS;
	if (!limits->is_upn_free && (both & CLAIM_UPN) && x->upn != y->upn &&
	    is_of_one_year(claims, x, y))
		return CLUSTER_UPN;
	if (cluster_is_apart(limits, a, b))
		return CLUSTER_APART;
	if (limits->one_of_agency && x->agency && x->agency < CLAIM_AGENCIES &&
	    x->agency == y->agency)
		return CLUSTER_AGENCY;
	return CLUSTER_JOINED;
}

/* --- pairs across
 * --------------------------------------------------------------------------------------- */

/* As it was scored, or now. */
static double weight_of(struct grouping *grouping, uint32_t a, uint32_t b)
{
	const struct claims *claims = grouping->scorer->claims;
	uint32_t low = a < b ? a : b, high = a < b ? b : a;
	size_t from = grouping->starts[low], to = grouping->starts[low + 1];
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (grouping->pairs->pairs[middle].b == high)
			return (double)grouping->pairs->pairs[middle].weight;
		if (grouping->pairs->pairs[middle].b < high)
			from = middle + 1;
		else
			to = middle;
	}
	const struct claim *x = &claims->claims[low], *y = &claims->claims[high];
	return score_pair(grouping->scorer, x, y, compare_claims(claims, &grouping->cache, x, y))
	        .weight;
}

/* What may not be together, whatever the weights. */
static enum cluster_stop bar_across(const struct grouping *grouping, uint32_t a, uint32_t b)
{
	for (uint32_t x = a; x != UINT32_MAX; x = grouping->next[x]) {
		for (uint32_t y = b; y != UINT32_MAX; y = grouping->next[y]) {
			enum cluster_stop bar =
				cluster_bar(grouping->scorer->claims, grouping->limits, x, y);
			if (bar != CLUSTER_JOINED)
				return bar;
		}
	}
	return CLUSTER_JOINED;
}

/* Of the pair that would join them the weight is at hand. */
static enum cluster_stop look_across(struct grouping *grouping, uint32_t a, uint32_t b,
                                     const struct edge *edge)
{
	size_t looked = 0, against = 0;
	double sum = 0;
	for (uint32_t x = a; x != UINT32_MAX; x = grouping->next[x]) {
		for (uint32_t y = b; y != UINT32_MAX; y = grouping->next[y]) {
			enum cluster_stop bar =
				cluster_bar(grouping->scorer->claims, grouping->limits, x, y);
			if (bar != CLUSTER_JOINED)
				return bar;
			if (looked == CROSS_MAX)
				continue;
			bool is_edge =
				(x == edge->a && y == edge->b) || (x == edge->b && y == edge->a);
			double weight = is_edge ? (double)edge->weight : weight_of(grouping, x, y);
			looked++;
			sum += weight;
			against += weight < AGAINST;
		}
	}
	if (against * AGAINST_SHARE > looked)
		return CLUSTER_AGAINST;
	return sum / (double)looked < grouping->limits->edge - MEAN_UNDER ? CLUSTER_MEAN
	                                                                  : CLUSTER_JOINED;
}

/* --- groups
 * -----------------------------------------------------------------------------------------------
 */

static uint32_t first_of(struct grouping *grouping, uint32_t claim)
{
	while (grouping->root[claim] != claim) {
		grouping->root[claim] = grouping->root[grouping->root[claim]];
		claim = grouping->root[claim];
	}
	return claim;
}

/* The later group's list behind the earlier one's. */
static void join(struct grouping *grouping, uint32_t a, uint32_t b)
{
	const uint32_t *ranks = grouping->scorer->claims->ranks;
	uint32_t first = ranks[a] < ranks[b] ? a : b, second = first == a ? b : a;
	grouping->root[second] = first;
	grouping->next[grouping->last[first]] = second;
	grouping->last[first] = grouping->last[second];
}

static int best_first(const void *a, const void *b)
{
	const struct edge *left = a, *right = b;
	if (left->weight > right->weight || left->weight < right->weight)
		return left->weight > right->weight ? -1 : 1;
	if (left->low != right->low)
		return left->low < right->low ? -1 : 1;
	return (left->high > right->high) - (left->high < right->high);
}

static bool begin(struct grouping *grouping, struct pool *pool, uint32_t count)
{
	grouping->root = pool_take(pool, count, sizeof *grouping->root);
	grouping->next = pool_take(pool, count, sizeof *grouping->next);
	grouping->last = pool_take(pool, count, sizeof *grouping->last);
	grouping->starts = pool_take(pool, (size_t)count + 1, sizeof *grouping->starts);
	if (!grouping->root || !grouping->next || !grouping->last || !grouping->starts ||
	    !compare_cache_init_bits(&grouping->cache, pool, CACHE_BITS))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		grouping->root[i] = grouping->last[i] = i;
		grouping->next[i] = UINT32_MAX;
	}
	size_t at = 0;
	for (uint32_t i = 0; i <= count; i++) {
		while (at < grouping->pairs->count && grouping->pairs->pairs[at].a < i)
			at++;
		grouping->starts[i] = at;
	}
	return true;
}

/* Those of one key, which has no room for the higher rank. */
static void sort_equal(const struct sort_key *keys, struct edge *edges, size_t count)
{
	for (size_t from = 0, to; from < count; from = to) {
		for (to = from + 1; to < count && keys[to].key == keys[from].key; to++) {
		}
		if (to - from > 1)
			qsort(edges + from, to - from, sizeof *edges, best_first);
	}
}

static struct edge edge_of(const struct claims *claims, const struct pair *pair)
{
	uint32_t x = claims->ranks[pair->a], y = claims->ranks[pair->b];
	return x < y ? (struct edge){ pair->weight, x, y, pair->a, pair->b }
	             : (struct edge){ pair->weight, y, x, pair->b, pair->a };
}

static bool sort_edges(const struct claims *claims, const struct pairs *pairs, double edge,
                       struct sort_key *keys, struct edge *edges)
{
	size_t count = 0;
	for (size_t i = 0; i < pairs->count; i++) {
		const struct pair *pair = &pairs->pairs[i];
		if ((double)pair->weight < edge)
			continue;
		uint64_t worst = UINT32_MAX - sort_number(pair->weight);
		keys[count++] = (struct sort_key){ worst << 32 | edge_of(claims, pair).low,
			                           (uint32_t)i, 0 };
	}
	if (!sort_keys_shared(keys, count, claims->pool, claims->limits.threads))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (i + AHEAD < count)
			__builtin_prefetch(&pairs->pairs[keys[i + AHEAD].at]);
		edges[i] = edge_of(claims, &pairs->pairs[keys[i].at]);
	}
	sort_equal(keys, edges, count);
	return true;
}

static struct edge *sorted_edges(const struct claims *claims, const struct pairs *pairs,
                                 double edge, size_t *count)
{
	*count = 0;
	for (size_t i = 0; i < pairs->count; i++)
		*count += (double)pairs->pairs[i].weight >= edge;
	struct edge *edges = pool_take(claims->pool, *count, sizeof *edges);
	struct sort_key *keys = pool_take(claims->pool, *count, sizeof *keys);
	bool done = edges && keys && pairs->count <= UINT32_MAX &&
	            sort_edges(claims, pairs, edge, keys, edges);
	pool_give(claims->pool, keys);
	if (done)
		return edges;
	pool_give(claims->pool, edges);
	return NULL;
}

/* What somebody settled, by the ids; `a` of an edge is its place in the list. */
static struct edge *sorted_settled(const struct claims *claims, const struct cluster_limits *limits)
{
	struct edge *edges = pool_take(claims->pool, limits->together_count, sizeof *edges);
	for (size_t i = 0; edges && i < limits->together_count; i++) {
		uint32_t x = claims->ranks[limits->together[i].a];
		uint32_t y = claims->ranks[limits->together[i].b];
		edges[i] = (struct edge){ .low = x < y ? x : y,
			                  .high = x < y ? y : x,
			                  .a = (uint32_t)i };
	}
	if (edges)
		qsort(edges, limits->together_count, sizeof *edges, best_first);
	return edges;
}

/* Two that may not be together stay apart, and that is told. */
static void join_settled(struct grouping *grouping, struct clusters *clusters,
                         const struct edge *settled)
{
	const struct cluster_limits *limits = grouping->limits;
	for (size_t i = 0; i < limits->together_count; i++) {
		const struct cluster_pair *pair = &limits->together[settled[i].a];
		uint32_t a = first_of(grouping, pair->a), b = first_of(grouping, pair->b);
		enum cluster_stop stop = a == b ? CLUSTER_JOINED : bar_across(grouping, a, b);
		if (limits->together_stops)
			limits->together_stops[settled[i].a] = stop;
		clusters->refused += stop != CLUSTER_JOINED;
		if (a != b && stop == CLUSTER_JOINED)
			join(grouping, a, b);
	}
}

static void fetch(const struct grouping *grouping, const struct edge *edge)
{
	const struct claim *claims = grouping->scorer->claims->claims;
	__builtin_prefetch(&grouping->root[edge->a]);
	__builtin_prefetch(&grouping->root[edge->b]);
	__builtin_prefetch(&claims[edge->a].nhs);
	__builtin_prefetch(&claims[edge->b].nhs);
	__builtin_prefetch(&claims[edge->a].flags);
	__builtin_prefetch(&claims[edge->b].flags);
}

static void join_all(struct grouping *grouping, struct clusters *clusters, const struct edge *edges,
                     size_t count, const struct edge *settled)
{
	join_settled(grouping, clusters, settled);
	for (size_t i = 0; i < count; i++) {
		if (i + AHEAD < count)
			fetch(grouping, &edges[i + AHEAD]);
		uint32_t a = first_of(grouping, edges[i].a), b = first_of(grouping, edges[i].b);
		if (a == b)
			continue;
		enum cluster_stop stop = look_across(grouping, a, b, &edges[i]);
		clusters->stopped[stop]++;
		if (stop == CLUSTER_JOINED)
			join(grouping, a, b);
	}
}

/* A group is called by its first row. */
static void name_groups(struct grouping *grouping, struct clusters *clusters, uint32_t count)
{
	uint32_t *of = grouping->last;
	for (uint32_t i = 0; i < count; i++)
		of[i] = UINT32_MAX;
	for (uint32_t i = 0; i < count; i++) {
		size_t members = 0;
		if (of[i] != UINT32_MAX)
			continue;
		for (uint32_t x = first_of(grouping, i); x != UINT32_MAX; x = grouping->next[x]) {
			of[x] = i;
			members++;
		}
		clusters->count++;
		clusters->largest = members > clusters->largest ? members : clusters->largest;
	}
	clusters->of = of;
}

bool clusters_make(struct clusters *clusters, const struct scorer *scorer,
                   const struct pairs *pairs, const struct cluster_limits *limits)
{
	struct pool *pool = scorer->claims->pool;
	uint32_t count = scorer->claims->count;
	struct grouping grouping = { .scorer = scorer, .pairs = pairs, .limits = limits };
	size_t edge_count;
	*clusters = (struct clusters){ .pool = pool };
	struct edge *edges = sorted_edges(scorer->claims, pairs, limits->edge, &edge_count);
	struct edge *settled = sorted_settled(scorer->claims, limits);
	bool done = edges && settled && begin(&grouping, pool, count);
	if (done) {
		join_all(&grouping, clusters, edges, edge_count, settled);
		name_groups(&grouping, clusters, count);
	}
	pool_give(pool, settled);
	pool_give(pool, edges);
	pool_give(pool, grouping.root);
	pool_give(pool, grouping.next);
	pool_give(pool, grouping.starts);
	if (!done)
		pool_give(pool, grouping.last);
	compare_cache_finish(&grouping.cache, pool);
	return done;
}

void clusters_finish(struct clusters *clusters)
{
	if (clusters->pool)
		pool_give(clusters->pool, clusters->of);
	*clusters = (struct clusters){ .pool = NULL };
}
