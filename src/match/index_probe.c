/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/index_probe.h"

#define FOUND_MAX ((size_t)1 << 16) /* as many as index->found has room for */
#define SCAN_MAX 20000              /* records of a hot list that are looked at one by one */

struct probing {
	struct match_index *index;
	const struct claim *raw, *masked;
};

static void take(struct match_index *index, uint32_t record)
{
	uint8_t *seen = &index->seen[record / 8], bit = (uint8_t)(1u << record % 8);
	if ((*seen & bit) || index->found_count == FOUND_MAX)
		return;
	*seen |= bit;
	index->found[index->found_count++] = record;
}

/* --- hot lists
 * ------------------------------------------------------------------------------------- */

static bool shares_more(const struct claim *a, const struct claim *b, size_t from)
{
	for (size_t step = from; step < BLOCK_CUT_STEPS; step++) {
		uint32_t value = block_cut_value(a, step);
		if (value && value == block_cut_value(b, step))
			return true;
	}
	return false;
}

/* A query without the value by which a hot list is cut: what else it shares decides. */
static void scan(struct match_index *index, const struct posting_list *list,
                 const struct claim *raw, size_t step)
{
	const struct claim *claims = index->match->claims.claims;
	for (uint32_t i = 0; i < list->count; i++) {
		if (i + 8 < list->count)
			__builtin_prefetch(&claims[list->records[i + 8]]);
		if (shares_more(raw, &claims[list->records[i]], step + 1))
			take(index, list->records[i]);
	}
}

/* A list, or where it is hot the smaller one in which the query would be. */
static void probe_list(struct match_index *index, uint64_t key, const struct claim *raw)
{
	for (size_t step = 0;; step++) {
		uint32_t one;
		struct posting_list list = postings_find(&index->postings, key, &one);
		if (!index_is_cut(index, list.count, step)) {
			for (uint32_t i = 0; i < list.count; i++)
				take(index, list.records[i]);
			return;
		}
		if (step < BLOCK_CUT_STEPS && !block_cut_value(raw, step) && list.count <= SCAN_MAX)
			scan(index, &list, raw, step);
		key = index_key_cut(index, key, step, raw, 0);
	}
}

static void probe_rules(const struct probing *probing)
{
	struct match_index *index = probing->index;
	const struct claims *claims = &index->match->claims;
	uint64_t keys[RULES_MAX * RULE_KEYS_MAX];
	size_t count = 0;
	for (size_t r = 0; r < index->search_count; r++) {
		uint64_t of_rule[RULE_KEYS_MAX];
		size_t n = rule_keys(claims, &index->rules[r], probing->masked, of_rule);
		for (size_t k = 0; k < n; k++) {
			keys[count] = index_key(index, r, of_rule[k]);
			postings_expect(&index->postings, keys[count++]);
		}
	}
	for (size_t i = 0; i < count; i++)
		probe_list(index, keys[i], probing->raw);
}

void index_probe_all(struct match_index *index, const struct claim *raw, const struct claim *masked)
{
	struct probing probing = { index, raw, masked };
	probe_rules(&probing);
}
