/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What stood between two records: no key in common, too little weight, or what keeps groups apart.
 */
#include "match/why.h"

#include <math.h>

/* --- keys
 * ---------------------------------------------------------------------------------------------------
 */

static struct str keys_of(const struct match *match, const struct claim *claim,
                          const struct rule *rule, struct arena *arena)
{
	struct str out = STR("");
	for (size_t i = 0; i < rule->count; i++) {
		struct str value = explain_key(match, claim, rule->parts[i], arena);
		out = arena_format(arena, "%.*s%s%.*s", STR_ARG(out), i ? ", " : "",
		                   STR_ARG(value.n ? value : STR("-")));
	}
	return out;
}

static void list_keys(const struct match *match, const struct claim *x, const struct claim *y,
                      struct arena *arena, struct match_reasons *out)
{
	struct match_key *keys = arena_alloc(arena, match->rules.count, sizeof *keys);
	for (size_t i = 0; keys && i < match->rules.count; i++) {
		const struct rule *rule = &match->rules.rules[i];
		keys[i] =
			(struct match_key){ rule_text(arena, rule), keys_of(match, x, rule, arena),
			                    keys_of(match, y, rule, arena) };
	}
	out->keys = keys;
	out->key_count = keys ? match->rules.count : 0;
}

/* --- weight
 * -------------------------------------------------------------------------------------------------
 */

/* What the pair would weigh with another level of one comparison. */
struct trial {
	const struct match *match;
	const struct claim *x, *y;
	pattern_of_levels pattern;
};

/* Whether names that are at one level might have come to another: in no half to a worse one, nor to
 * what a middle name made of it. */
static bool may_be_names(unsigned level, unsigned is)
{
	if (level == is)
		return true;
	if (level == NAME_SWAPPED)
		return is == NAME_LEVEL(HALF_ELSE, HALF_ELSE);
	unsigned first = level / HALF_COUNT, surname = level % HALF_COUNT;
	return is != NAME_SWAPPED && first && surname && first <= is / HALF_COUNT &&
	       surname <= is % HALF_COUNT &&
	       (first != HALF_MIDDLE || is / HALF_COUNT == HALF_MIDDLE) &&
	       (surname != HALF_MIDDLE || is % HALF_COUNT == HALF_MIDDLE);
}

/* Whether a value might have come to that level: not to a half that is missing, nor to a default.
 */
static bool may_be(const struct trial *trial, enum comparison k, unsigned level)
{
	if (k == COMPARE_NAME)
		return may_be_names(level, compare_level(trial->pattern, k));
	return k != COMPARE_DOB || (level != DOB_DEFAULT && level != DOB_BOTH_DEFAULT);
}

static double weight_with(const struct trial *trial, enum comparison k, unsigned level)
{
	return score_pair(&trial->match->scorer, trial->x, trial->y,
	                  compare_with(trial->pattern, k, level))
	        .weight;
}

static double most_with(const struct trial *trial, enum comparison k)
{
	double most = -INFINITY;
	for (unsigned level = 1; level < compare_levels(k); level++) {
		if (may_be(trial, k, level))
			most = fmax(most, weight_with(trial, k, level));
	}
	return most;
}

/* The comparison that would give most besides if its values agreed as well as they could. */
static enum comparison find_worst(const struct trial *trial, double weight, double *most)
{
	enum comparison worst = COMPARE_COUNT;
	*most = weight;
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		if (!trial->match->model.is_used[k] || !compare_level(trial->pattern, k))
			continue;
		double best = most_with(trial, k);
		if (best <= *most)
			continue;
		worst = k;
		*most = best;
	}
	return worst;
}

/* The comparison that costs most, and the least good level of it that would have been enough. */
static void find_enough(const struct trial *trial, struct arena *arena, struct match_reasons *out)
{
	double most, best = 0;
	enum comparison worst = find_worst(trial, out->weight, &most);
	if (worst == COMPARE_COUNT)
		return;
	out->worst = compare_name(worst);
	out->lost = most - out->weight;
	for (unsigned level = 1; level < compare_levels(worst); level++) {
		double weight = weight_with(trial, worst, level);
		if (!may_be(trial, worst, level) || weight < trial->match->model.edge ||
		    (out->enough.n && weight >= best))
			continue;
		best = weight;
		out->enough = explain_level(worst, level, arena);
	}
}

/* --- groups
 * -------------------------------------------------------------------------------------------------
 */

struct across {
	enum cluster_stop stop;
	uint32_t a, b;
};

/* What keeps the two groups apart: a bar, else the pair that speaks most against it. */
static struct across look_across(const struct match *match, struct compare_cache *cache, uint32_t a,
                                 uint32_t b)
{
	const struct claims *claims = &match->claims;
	struct across out = { CLUSTER_MEAN, a, b };
	const uint32_t *of = match->clusters.of;
	double least = 0;
	bool is_first = true;
	for (uint32_t x = 0; x < claims->count; x++) {
		for (uint32_t y = 0; of[x] == of[a] && y < claims->count; y++) {
			if (of[y] != of[b])
				continue;
			enum cluster_stop stop = cluster_bar(claims, &match->bars, x, y);
			if (stop != CLUSTER_JOINED)
				return (struct across){ stop, x, y };
			const struct claim *p = &claims->claims[x < y ? x : y],
					   *q = &claims->claims[x < y ? y : x];
			double weight = score_pair(&match->scorer, p, q,
			                           compare_claims(claims, cache, p, q))
			                        .weight;
			if (!is_first && weight >= least)
				continue;
			is_first = false;
			least = weight;
			out = (struct across){ CLUSTER_MEAN, x, y };
		}
	}
	return out;
}

static bool is_kept(const struct match *match, uint32_t a, uint32_t b)
{
	const struct pairs *pairs = &match->pairs;
	uint32_t low = a < b ? a : b, high = a < b ? b : a;
	size_t from = 0, to = pairs->count;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		const struct pair *pair = &pairs->pairs[middle];
		if (pair->a == low && pair->b == high)
			return true;
		if (pair->a < low || (pair->a == low && pair->b < high))
			from = middle + 1;
		else
			to = middle;
	}
	return false;
}

void why_find(const struct match *match, struct compare_cache *cache, uint32_t a, uint32_t b,
              pattern_of_levels pattern, struct arena *arena, struct match_reasons *out)
{
	const struct claims *claims = &match->claims;
	const struct claim *x = &claims->claims[a], *y = &claims->claims[b];
	out->edge = match->model.edge;
	out->is_together = match->clusters.of[a] == match->clusters.of[b];
	out->is_compared =
		out->is_candidate && (out->weight < match->least || is_kept(match, a, b));
	list_keys(match, x, y, arena, out);
	if (cluster_is_apart(&match->bars, a, b)) {
		out->stopped = match_stop_words(CLUSTER_APART);
		out->band = MATCH_NOT;
		return;
	}
	if (out->weight < match->model.edge) {
		find_enough(&(struct trial){ match, x, y, pattern }, arena, out);
		return;
	}
	if (out->is_together || !out->is_compared)
		return;
	struct across across = look_across(match, cache, a, b);
	out->stopped = match_stop_words(across.stop);
	out->stopped_left = claims_id(claims, across.a);
	out->stopped_right = claims_id(claims, across.b);
}
