/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Group by group, every pair of its records; very large groups are looked at in their first part
 * alone, for they are named anyway. */
#include "match/look.h"

#include "match/work.h"

#define MEMBERS_MAX 200 /* records of one group that are looked at */
#define AGENCIES_MAX 16 /* of one group */
#define CACHE_BITS 18   /* few pairs are compared anew */
#define CLAIMS_AT_ONCE ((size_t)1 << 14)

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

/* What all threads read; each writes what it finds in the claims of a part to a place of its own.
 */
struct groups {
	const struct match *match;
	uint32_t *next;   /* by claim: the next of its group; UINT32_MAX at the end */
	uint32_t *last;   /* by first claim */
	uint32_t *starts; /* by claim: where its pairs begin */
	struct looking *by_thread;
	struct look *by_part;
	size_t parts;
};

struct looking {
	const struct match *match;
	const struct groups *groups;
	struct compare_cache cache;
	uint32_t members[MEMBERS_MAX];
	uint32_t count;
};

static void judge_pair(struct looking *looking, const struct claim *a, const struct claim *b,
                       struct look_group *group)
{
	bool is_sure = a->dob_sure == NORM_SURE_DAY && b->dob_sure == NORM_SURE_DAY;
	if (is_sure && compare_dob(a, b) == DOB_ELSE)
		group->why[LOOK_TWO_BIRTHDAYS] = true;
	/* Most are of one name, or of two houses. */
	if (!a->house || a->house != b->house || (a->first == b->first && a->surname == b->surname))
		return;
	pattern_of_levels pattern = compare_claims(&looking->match->claims, &looking->cache, a, b);
	unsigned name = compare_level(pattern, COMPARE_NAME);
	if (name != NAME_SWAPPED && name / HALF_COUNT == HALF_ELSE)
		group->why[LOOK_TWO_FIRST_NAMES] = true;
}

/* --- one agency --------------------------------------------------------------------------------
 */

static bool is_pair(const struct looking *looking, uint32_t a, uint32_t b)
{
	const struct pairs *pairs = &looking->match->pairs;
	uint32_t from = looking->groups->starts[a], to = looking->groups->starts[a + 1];
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
	for (uint32_t x = first; x != UINT32_MAX; x = looking->groups->next[x]) {
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

static bool judge_some(void *ctx, size_t part, unsigned thread)
{
	struct groups *groups = ctx;
	const struct match *match = groups->match;
	size_t to = (part + 1) * CLAIMS_AT_ONCE;
	to = to < match->claims.count ? to : match->claims.count;
	for (size_t i = part * CLAIMS_AT_ONCE; i < to; i++) {
		if (match->clusters.of[i] == i)
			judge_group(&groups->by_thread[thread], (uint32_t)i,
			            &groups->by_part[part]);
	}
	return true;
}

static void put_by_group(struct groups *groups)
{
	const struct match *match = groups->match;
	uint32_t count = match->claims.count, at = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t first = match->clusters.of[i];
		groups->next[i] = UINT32_MAX;
		if (first != i)
			groups->next[groups->last[first]] = i;
		groups->last[first] = i;
		while (at < match->pairs.count && match->pairs.pairs[at].a < i)
			at++;
		groups->starts[i] = at;
	}
	groups->starts[count] = (uint32_t)match->pairs.count;
}

static bool begin(struct groups *groups)
{
	const struct match *match = groups->match;
	struct pool *pool = match->pool;
	uint32_t count = match->claims.count;
	groups->parts = count / CLAIMS_AT_ONCE + 1;
	groups->next = pool_take(pool, count, sizeof(uint32_t));
	groups->last = pool_take(pool, count, sizeof(uint32_t));
	groups->starts = pool_take(pool, (size_t)count + 1, sizeof(uint32_t));
	groups->by_part = pool_take(pool, groups->parts, sizeof *groups->by_part);
	groups->by_thread = pool_take(pool, match->limits.threads, sizeof *groups->by_thread);
	if (!groups->next || !groups->last || !groups->starts || !groups->by_part ||
	    !groups->by_thread)
		return false;
	for (unsigned t = 0; t < match->limits.threads; t++) {
		struct looking *looking = &groups->by_thread[t];
		*looking = (struct looking){ .match = match, .groups = groups };
		if (!compare_cache_init_bits(&looking->cache, pool, CACHE_BITS))
			return false;
	}
	put_by_group(groups);
	return true;
}

/* In the order of the parts, whoever looked at them. */
static void add_up(const struct groups *groups, struct look *out)
{
	for (size_t part = 0; part < groups->parts; part++) {
		const struct look *look = &groups->by_part[part];
		out->count += look->count;
		for (enum look_why w = 0; w < LOOK_WHYS; w++)
			out->by_why[w] += look->by_why[w];
		for (size_t i = 0; i < look->listed && out->listed < LOOK_LISTED; i++)
			out->groups[out->listed++] = look->groups[i];
	}
}

bool look_at_groups(const struct match *match, struct look *out)
{
	struct groups groups = { .match = match };
	*out = (struct look){ .count = 0 };
	bool done = match->pairs.count < UINT32_MAX && begin(&groups) &&
	            work_share(match->limits.threads, groups.parts, judge_some, &groups);
	if (done)
		add_up(&groups, out);
	for (unsigned t = 0; groups.by_thread && t < match->limits.threads; t++)
		compare_cache_finish(&groups.by_thread[t].cache, match->pool);
	pool_give(match->pool, groups.next);
	pool_give(match->pool, groups.last);
	pool_give(match->pool, groups.starts);
	pool_give(match->pool, groups.by_part);
	pool_give(match->pool, groups.by_thread);
	return done;
}
