/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Group by group, every pair of its records; very large groups are looked at in their first part
 * alone, for they are named anyway. */
#include "match/look.h"

#define MEMBERS_MAX 200 /* records of one group that are looked at */
#define AGENCIES_MAX 16 /* of one group */
#define CACHE_BITS 18   /* few pairs are compared anew */

struct str look_words(enum look_why why)
{
	static const char *const WORDS[LOOK_WHYS] = {
		[LOOK_MANY_RECORDS] = "more than 20 records",
		[LOOK_TWO_BIRTHDAYS] = "two dates of birth that have nothing in common",
		[LOOK_TWO_FIRST_NAMES] = "two first names in one household",
		[LOOK_ONE_AGENCY] = "held together by the rows of one agency alone",
	};
	return str_from_c(WORDS[why]);
}

struct looking {
	const struct match *match;
	struct compare_cache cache;
	uint32_t *next;   /* by claim: the next of its group; UINT32_MAX at the end */
	uint32_t *last;   /* by first claim */
	uint32_t *starts; /* by claim: where its pairs begin */
	uint32_t members[MEMBERS_MAX];
	uint32_t count, all;
};

static void judge_pair(struct looking *looking, const struct claim *a, const struct claim *b,
                       struct look_group *group)
{
	pattern_of_levels pattern = compare_claims(&looking->match->claims, &looking->cache, a, b);
	unsigned name = compare_level(pattern, COMPARE_NAME);
	bool is_sure = a->dob_sure == NORM_SURE_DAY && b->dob_sure == NORM_SURE_DAY;
	if (compare_level(pattern, COMPARE_DOB) == DOB_ELSE && is_sure)
		group->why[LOOK_TWO_BIRTHDAYS] = true;
	if (name != NAME_SWAPPED && name / HALF_COUNT == HALF_ELSE && a->house &&
	    a->house == b->house)
		group->why[LOOK_TWO_FIRST_NAMES] = true;
}

/* --- one agency --------------------------------------------------------------------------------
 */

static bool is_pair(const struct looking *looking, uint32_t a, uint32_t b)
{
	const struct pairs *pairs = &looking->match->pairs;
	uint32_t from = looking->starts[a], to = looking->starts[a + 1];
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		if (pairs->pairs[middle].b == b)
			return (double)pairs->pairs[middle].alone >= looking->match->model.edge;
		if (pairs->pairs[middle].b < b)
			from = middle + 1;
		else
			to = middle;
	}
	return false;
}

/* Whether those of the group that are not the agency's (0: all of them) hang together. */
static bool hangs_together(const struct looking *looking, unsigned agency)
{
	uint32_t group[MEMBERS_MAX], left = 0;
	const struct claim *claims = looking->match->claims.claims;
	for (uint32_t i = 0; i < looking->count; i++) {
		group[i] = i;
		left += !agency || claims[looking->members[i]].agency != agency;
	}
	for (uint32_t i = 0; i < looking->count; i++) {
		for (uint32_t j = i + 1; j < looking->count; j++) {
			uint32_t a = looking->members[i], b = looking->members[j];
			bool is_out = agency &&
			              (claims[a].agency == agency || claims[b].agency == agency);
			if (is_out || group[i] == group[j] || !is_pair(looking, a, b))
				continue;
			uint32_t from = group[j], to = group[i];
			for (uint32_t k = 0; k < looking->count; k++)
				group[k] = group[k] == from ? to : group[k];
			left--;
		}
	}
	return left <= 1;
}

static void judge_agencies(struct looking *looking, struct look_group *group)
{
	const struct claim *claims = looking->match->claims.claims;
	uint8_t seen[AGENCIES_MAX];
	size_t count = 0;
	for (uint32_t i = 0; i < looking->count && count < AGENCIES_MAX; i++) {
		uint8_t agency = claims[looking->members[i]].agency;
		if (agency && agency < CLAIM_AGENCIES && !memchr(seen, agency, count))
			seen[count++] = agency;
	}
	if (count < 2 || looking->count < 3 || !hangs_together(looking, 0))
		return;
	for (size_t i = 0; i < count; i++)
		group->why[LOOK_ONE_AGENCY] =
			group->why[LOOK_ONE_AGENCY] || !hangs_together(looking, seen[i]);
}

/* --- groups --------------------------------------------------------------------------------------
 */

static void judge_group(struct looking *looking, uint32_t first, struct look *out)
{
	const struct claim *claims = looking->match->claims.claims;
	struct look_group group = { .first = first };
	bool is_any = false;
	looking->count = 0;
	for (uint32_t x = first; x != UINT32_MAX; x = looking->next[x]) {
		group.records++;
		if (looking->count < MEMBERS_MAX)
			looking->members[looking->count++] = x;
	}
	if (group.records < 2)
		return;
	group.why[LOOK_MANY_RECORDS] = group.records > LOOK_MANY;
	for (uint32_t i = 0; i < looking->count; i++) {
		for (uint32_t j = i + 1; j < looking->count; j++)
			judge_pair(looking, &claims[looking->members[i]],
			           &claims[looking->members[j]], &group);
	}
	judge_agencies(looking, &group);
	for (enum look_why w = 0; w < LOOK_WHYS; w++) {
		out->by_why[w] += group.why[w];
		/* How many one agency holds together is told; most of them are as they should be.
		 */
		is_any = is_any || (group.why[w] && w != LOOK_ONE_AGENCY);
	}
	out->count += is_any;
	if (is_any && out->listed < LOOK_LISTED)
		out->groups[out->listed++] = group;
}

static bool begin(struct looking *looking)
{
	const struct match *match = looking->match;
	uint32_t count = match->claims.count;
	looking->next = pool_take(match->pool, count, sizeof(uint32_t));
	looking->last = pool_take(match->pool, count, sizeof(uint32_t));
	looking->starts = pool_take(match->pool, (size_t)count + 1, sizeof(uint32_t));
	if (!looking->next || !looking->last || !looking->starts ||
	    !compare_cache_init_bits(&looking->cache, match->pool, CACHE_BITS))
		return false;
	uint32_t at = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t first = match->clusters.of[i];
		looking->next[i] = UINT32_MAX;
		if (first != i)
			looking->next[looking->last[first]] = i;
		looking->last[first] = i;
		while (at < match->pairs.count && match->pairs.pairs[at].a < i)
			at++;
		looking->starts[i] = at;
	}
	looking->starts[count] = (uint32_t)match->pairs.count;
	return true;
}

bool look_at_groups(const struct match *match, struct look *out)
{
	struct looking looking = { .match = match };
	*out = (struct look){ .count = 0 };
	bool done = match->pairs.count < UINT32_MAX && begin(&looking);
	for (uint32_t i = 0; done && i < match->claims.count; i++) {
		if (match->clusters.of[i] == i)
			judge_group(&looking, i, out);
	}
	pool_give(match->pool, looking.next);
	pool_give(match->pool, looking.last);
	pool_give(match->pool, looking.starts);
	compare_cache_finish(&looking.cache, match->pool);
	return done;
}
