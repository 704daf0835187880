/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/budget.h"

#define EACH UINT64_C(150) /* pairs a claim, each rule's for itself: at most about 100 candidates  \
	                    */
#define MOST UINT64_C(400000000)

/* How often two claims of one person agree on a key's part, roughly, where both have it: by the
 * chances that estimation begins with. */
static double agreement(enum rule_part part)
{
	switch (rule_part_field(part)) {
	case FIELD_FIRST:
		return part == RULE_FIRST ? .78 : .85;
	case FIELD_SURNAME:
		return part == RULE_SURNAME ? .84 : part == RULE_EITHER ? .67 : .89;
	case FIELD_MIDDLE:
		return .8;
	case FIELD_DOB:
		return part == RULE_DOB ? .88 : .95;
	case FIELD_POSTCODE:
		return part == RULE_POSTCODE ? .7 : .8;
	case FIELD_ADDRESS:
		return part == RULE_HOUSE ? .65 : .75;
	case FIELD_PHONE:
		return .6;
	case FIELD_EMAIL:
		return .7;
	case FIELD_NHS:
	case FIELD_UPN:
		return .93;
	case FIELD_OTHER:
	case FIELD_SEX:
	case FIELD_AGENCY:
	case FIELD_COUNT:
	case FIELD_ID:
	case FIELD_NONE:
	case FIELD_REFUSED:
		break;
	}
	return .8;
}

/* The share of one person's pairs that the rule finds: both must have all of its keys. */
static double share_found(const struct claims *claims, const struct rule *rule)
{
	uint64_t keys[RULE_KEYS_MAX];
	double there = 0;
	for (uint32_t i = 0; i < claims->count; i++)
		there += rule_keys(claims, rule, &claims->claims[i], keys) > 0;
	double share = claims->count ? there / claims->count : 0, out = share * share;
	for (size_t i = 0; i < rule->count; i++)
		out *= agreement(rule->parts[i]);
	return out;
}

static uint64_t allowed(const struct match *match)
{
	if (match->limits.max_pairs)
		return match->limits.max_pairs;
	bool is_chosen = match->set == MATCH_AUTO && !(match->given && match->given->rules.count);
	uint64_t each = EACH * match->claims.count;
	return !is_chosen ? UINT64_MAX : each < MOST ? each : MOST;
}

/* The best of those that are neither in nor out. */
static size_t next_best(const double *worth, const uint8_t *is_seen, size_t count)
{
	size_t best = count;
	for (size_t i = 0; i < count; i++) {
		if (!is_seen[i] && (best == count || worth[i] > worth[best]))
			best = i;
	}
	return best;
}

static void choose(struct match *match, uint64_t most, bool is_in[RULES_MAX])
{
	const struct blocks *blocks = &match->blocks;
	double worth[RULES_MAX];
	uint8_t is_seen[RULES_MAX] = { 0 };
	uint64_t pairs = 0;
	for (size_t i = 0; i < blocks->rule_count; i++)
		worth[i] = share_found(&match->claims, &blocks->rules[i]) /
		           ((double)blocks->by_rule[i].pairs + 1);
	for (size_t n = 0; n < blocks->rule_count; n++) {
		size_t i = next_best(worth, is_seen, blocks->rule_count);
		is_seen[i] = 1;
		is_in[i] = pairs + blocks->by_rule[i].pairs <= most;
		pairs += is_in[i] ? blocks->by_rule[i].pairs : 0;
	}
}

bool budget_keep(struct match *match)
{
	struct blocks *blocks = &match->blocks;
	struct rules kept = { .count = 0 };
	bool is_in[RULES_MAX] = { false };
	uint64_t pairs = 0, most = allowed(match);
	for (size_t i = 0; i < blocks->rule_count; i++)
		pairs += blocks->by_rule[i].pairs;
	if (pairs <= most)
		return true;
	choose(match, most, is_in);
	for (size_t i = 0; i < match->rules.count; i++) {
		struct rules *to = is_in[i] ? &kept : &match->left_out;
		if (!is_in[i])
			match->left_out_pairs[to->count] = blocks->by_rule[i].pairs;
		to->rules[to->count++] = match->rules.rules[i];
	}
	blocks_finish(blocks);
	match->rules = kept;
	return blocks_make(blocks, match->pool, &match->claims, match->rules.rules,
	                   match->rules.count, &match->block_limits);
}
