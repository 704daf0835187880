/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What came of it, in the order of the ids. */
#include "match/match_parts.h"
#include "match/rank.h"
#include "match/sort.h"

/* Of two of one file the one whose id comes first is told first. */
static struct sort_key key_of(const struct match *match, const uint32_t *places, size_t at)
{
	uint32_t first_count = match->claims.first_count;
	const struct pair *pair = &match->pairs.pairs[at];
	bool is_one_file = (pair->a < first_count) == (pair->b < first_count);
	uint64_t a = places[pair->a], b = places[pair->b];
	bool is_turned = is_one_file && a > b;
	return (struct sort_key){ is_turned ? b << 32 | a : a << 32 | b, (uint32_t)at, is_turned };
}

/* How many pairs are worth it; with `out` each of them. */
static size_t list_pairs(const struct match *match, const uint32_t *places, double least,
                         struct sort_key *out)
{
	size_t count = 0;
	for (size_t i = 0; i < match->pairs.count; i++) {
		if ((double)match->pairs.pairs[i].weight < least)
			continue;
		if (out)
			out[count] = key_of(match, places, i);
		count++;
	}
	return count;
}

#define AHEAD 8 /* pairs whose ids are asked for before they are told */

static void fetch(const struct match *match, const struct sort_key *keys, size_t left)
{
	const struct pairs *pairs = &match->pairs;
	const struct claims *claims = &match->claims;
	if (left > 4 * AHEAD)
		__builtin_prefetch(&pairs->pairs[keys[4 * AHEAD].at]);
	if (left > 2 * AHEAD) {
		__builtin_prefetch(&claims->id_ends[pairs->pairs[keys[2 * AHEAD].at].a]);
		__builtin_prefetch(&claims->id_ends[pairs->pairs[keys[2 * AHEAD].at].b]);
	}
	if (left > AHEAD) {
		const struct pair *pair = &pairs->pairs[keys[AHEAD].at];
		__builtin_prefetch(claims_id(claims, pair->a).p);
		__builtin_prefetch(claims_id(claims, pair->b).p);
	}
}

static void tell_all(const struct match *match, const struct sort_key *keys, size_t count,
                     match_visit_pair *visit, void *ctx)
{
	for (size_t i = 0; i < count; i++) {
		const struct pair *pair = &match->pairs.pairs[keys[i].at];
		bool is_turned = keys[i].spare;
		fetch(match, keys + i, count - i);
		struct match_pair told = {
			claims_id(&match->claims, is_turned ? pair->b : pair->a),
			claims_id(&match->claims, is_turned ? pair->a : pair->b),
			(double)pair->weight,
			(double)pair->alone,
		};
		if (!visit(ctx, &told))
			break;
	}
}

bool match_pairs(struct match *match, double least, match_visit_pair *visit, void *ctx,
                 struct err *err)
{
	uint32_t *places = match->pairs.count > UINT32_MAX ? NULL : rank_places(&match->claims);
	size_t count = places ? list_pairs(match, places, least, NULL) : 0;
	struct sort_key *keys = places ? pool_take(match->pool, count, sizeof *keys) : NULL;
	if (keys)
		(void)list_pairs(match, places, least, keys);
	pool_give(match->pool, places);
	bool done = keys && sort_keys_shared(keys, count, match->pool, match->limits.threads);
	if (done)
		tell_all(match, keys, count, visit, ctx);
	pool_give(match->pool, keys);
	return done || match_no_memory(err);
}

bool match_clusters(struct match *match, match_visit_member *visit, void *ctx, struct err *err)
{
	(void)err;
	for (uint32_t i = 0; i < match->claims.count; i++) {
		struct match_member member = { claims_id(&match->claims, i),
			                       claims_id(&match->claims, match->clusters.of[i]) };
		if (!visit(ctx, &member))
			break;
	}
	return true;
}
