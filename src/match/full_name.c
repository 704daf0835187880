/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * 1. Somebody written down twice has one year of birth, save a slip in it:
 *    claims of one full name and of two years are two people's.
 * 2. Around a name that few bear there are too few others to tell by. What is
 *    known around the names that it goes with counts as if it were known around
 *    it, and so on a few steps from name to name. Without it names of a small
 *    community seem rarer among those who bear them than they are.
 */
#include "match/family.h"

#include <math.h>

#include "match/work.h"

#define RATIO_LEAST 0.25
#define STEPS 3 /* from name to name (2) */

static uint64_t key_of(uint32_t first, uint32_t surname)
{
	return (uint64_t)first << 32 | surname;
}

static size_t slot_of(const uint64_t *keys, size_t mask, uint64_t key)
{
	size_t at = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 24) & mask;
	while (keys[at] && keys[at] != key)
		at = (at + 1) & mask;
	return at;
}

/* Claims by something of them, while it is counted. */
struct tally {
	uint64_t *keys;
	uint32_t *counts;
	size_t mask;
};

static bool tally_open(struct tally *tally, struct pool *pool, size_t room)
{
	*tally = (struct tally){ pool_take(pool, room, sizeof *tally->keys),
		                 pool_take(pool, room, sizeof *tally->counts), room - 1 };
	pool_touch(tally->keys);
	pool_touch(tally->counts);
	return tally->keys && tally->counts;
}

static void tally_close(struct tally *tally, struct pool *pool)
{
	pool_give(pool, tally->keys);
	pool_give(pool, tally->counts);
}

static uint32_t *tally_of(struct tally *tally, uint64_t key)
{
	size_t at = slot_of(tally->keys, tally->mask, key);
	tally->keys[at] = key;
	return &tally->counts[at];
}

/* The name and the year in one; two that fall together by chance are too few to count. */
static uint64_t year_key(const struct claim *claim)
{
	uint64_t key = key_of(claim->first, claim->surname) * UINT64_C(0xD1B54A32D192ED03) ^
	               (uint64_t)claim->year * UINT64_C(0x9E3779B97F4A7C15);
	return key | 1;
}

static bool is_told(const struct claim *claim)
{
	return claim->first && claim->surname && claim->year && claim->sure_dob;
}

/* The share of all claims that a claim with a year may count as another's. */
static double share_of_years(const struct claims *claims, struct tally *years)
{
	double told = 0, same = 0;
	for (uint32_t i = 0; i < claims->high; i++) {
		const struct claim *claim = &claims->claims[i];
		if (!is_told(claim))
			continue;
		same += 2.0 * (*tally_of(years, claim->year))++;
		told++;
	}
	return told > 0 ? (told - same / told) / claims->count : 0;
}

static void add_ties(struct full_names *names, const struct claims *claims, struct tally *told,
                     struct tally *by_year, double share)
{
	double others = 0, expected = 0;
	for (uint32_t i = 0; i < claims->high; i++) {
		const struct claim *claim = &claims->claims[i];
		if (!is_told(claim))
			continue;
		float found = (float)(*tally_of(told, key_of(claim->first, claim->surname)) -
		                      *tally_of(by_year, year_key(claim)));
		double chance = (double)claims->first_counts[claim->first] *
		                claims->surname_counts[claim->surname] / claims->count * share;
		names->by_first[claim->first].others += found;
		names->by_first[claim->first].expected += (float)chance;
		names->by_surname[claim->surname].others += found;
		names->by_surname[claim->surname].expected += (float)chance;
		others += (double)found;
		expected += chance;
	}
	names->ratio = expected > 0 ? fmax(others / expected, RATIO_LEAST) : 1;
}

static bool count_others(struct full_names *names, const struct claims *claims, size_t room)
{
	struct tally told = { 0 }, by_year = { 0 }, years = { 0 };
	bool done = tally_open(&told, claims->pool, room) &&
	            tally_open(&by_year, claims->pool, room) &&
	            tally_open(&years, claims->pool, 1 << 15);
	for (uint32_t i = 0; done && i < claims->high; i++) {
		const struct claim *claim = &claims->claims[i];
		if (!is_told(claim))
			continue;
		(*tally_of(&told, key_of(claim->first, claim->surname)))++;
		(*tally_of(&by_year, year_key(claim)))++;
	}
	if (done)
		add_ties(names, claims, &told, &by_year, share_of_years(claims, &years));
	tally_close(&told, claims->pool);
	tally_close(&by_year, claims->pool);
	tally_close(&years, claims->pool);
	return done;
}

/* What is expected of a name, and as many others as hold of all names, seen as if around it. */
static float ties_of(const struct full_names *names, const struct name_ties *known, double expected)
{
	double others = (double)known->others + names->ratio,
	       of = (double)known->expected + names->ratio / expected;
	return (float)fmax(others / of, RATIO_LEAST);
}

static double known_ties(const struct full_names *names, const struct name_ties *known)
{
	return known->ties > 0 ? (double)known->ties : names->ratio;
}

/* Ties around the other halves that a name goes with, added up by claim. */
struct around {
	double *first, *surname; /* by name */
};

static void add_around(const struct full_names *names, const struct claims *claims,
                       const struct around *around)
{
	uint32_t codes = claims->names.texts.count;
	memset(around->first, 0, codes * sizeof *around->first);
	memset(around->surname, 0, codes * sizeof *around->surname);
	for (uint32_t i = 0; i < claims->high; i++) {
		uint32_t first = claims->claims[i].first, surname = claims->claims[i].surname;
		if (!first || !surname)
			continue;
		around->first[first] += known_ties(names, &names->by_surname[surname]);
		around->surname[surname] += known_ties(names, &names->by_first[first]);
	}
}

static void take_around(const struct full_names *names, struct name_ties *ties, const double *sums,
                        const uint32_t *claims_of, uint32_t codes)
{
	for (uint32_t code = 1; code < codes; code++) {
		double expected = claims_of[code] && sums[code] > 0 ? sums[code] / claims_of[code]
		                                                    : names->ratio;
		ties[code].ties = ties_of(names, &ties[code], expected);
	}
}

/* Claims that have both halves, by one of them. */
static void count_both(const struct claims *claims, uint32_t *first, uint32_t *surname)
{
	for (uint32_t i = 0; i < claims->high; i++) {
		const struct claim *claim = &claims->claims[i];
		if (!claim->first || !claim->surname)
			continue;
		first[claim->first]++;
		surname[claim->surname]++;
	}
}

/* 2 */
static bool spread_ties(struct full_names *names, const struct claims *claims)
{
	uint32_t codes = claims->names.texts.count;
	struct around around = { pool_take(claims->pool, codes, sizeof *around.first),
		                 pool_take(claims->pool, codes, sizeof *around.surname) };
	uint32_t *first = pool_take(claims->pool, codes, sizeof *first),
		 *surname = pool_take(claims->pool, codes, sizeof *surname);
	bool done = around.first && around.surname && first && surname;
	if (done)
		count_both(claims, first, surname);
	for (size_t step = 0; done && step <= STEPS; step++) {
		if (step)
			add_around(names, claims, &around);
		take_around(names, names->by_first, around.first, first, codes);
		take_around(names, names->by_surname, around.surname, surname, codes);
	}
	pool_give(claims->pool, around.first);
	pool_give(claims->pool, around.surname);
	pool_give(claims->pool, first);
	pool_give(claims->pool, surname);
	return done;
}

static void weigh_household(struct full_names *names, const struct claims *claims)
{
	double all = 0, tied = 0;
	for (uint32_t code = 1; code < claims->names.texts.count; code++) {
		double meet = claims_pairs(claims->first_counts[code]);
		all += meet;
		tied += meet * known_ties(names, &names->by_first[code]);
	}
	names->household = all > 0 ? tied / all : 1;
}

#define AHEAD 16 /* claims whose place is asked for before it is looked at */

static size_t first_slot(size_t mask, uint64_t key)
{
	return (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 24) & mask;
}

static void count_full(struct full_names *names, const struct claims *claims)
{
	for (uint32_t i = 0; i < claims->high; i++) {
		const struct claim *claim = &claims->claims[i];
		if (i + AHEAD < claims->high) {
			size_t at = first_slot(names->mask,
			                       key_of(claim[AHEAD].first, claim[AHEAD].surname));
			__builtin_prefetch(&names->keys[at], 1);
			__builtin_prefetch(&names->counts[at], 1);
		}
		if (!claim->first || !claim->surname)
			continue;
		uint64_t key = key_of(claim->first, claim->surname);
		size_t at = slot_of(names->keys, names->mask, key);
		names->keys[at] = key;
		names->counts[at]++;
	}
}

/* Both halves of the work write other things of a name. */
struct naming {
	struct full_names *names;
	const struct claims *claims;
};

static bool make_half(void *ctx, size_t part, unsigned thread)
{
	const struct naming *naming = ctx;
	struct full_names *names = naming->names;
	(void)thread;
	if (part == 0)
		return count_others(names, naming->claims, names->mask + 1) &&
		       spread_ties(names, naming->claims);
	count_full(names, naming->claims);
	return family_count(names, naming->claims);
}

bool full_names_make(struct full_names *names, const struct claims *claims)
{
	size_t room = 1024;
	uint32_t codes = claims->names.texts.count;
	struct naming naming = { names, claims };
	while (room < (size_t)claims->count * 2)
		room *= 2;
	*names = (struct full_names){ .pool = claims->pool, .mask = room - 1, .ratio = 1 };
	names->keys = pool_take(claims->pool, room, sizeof *names->keys);
	names->counts = pool_take(claims->pool, room, sizeof *names->counts);
	names->by_first = pool_take(claims->pool, codes, sizeof *names->by_first);
	names->by_surname = pool_take(claims->pool, codes, sizeof *names->by_surname);
	if (!names->keys || !names->counts || !names->by_first || !names->by_surname ||
	    !work_share(claims->limits.threads, 2, make_half, &naming)) {
		full_names_finish(names);
		return false;
	}
	weigh_household(names, claims);
	return true;
}

void full_names_finish(struct full_names *names)
{
	if (!names->pool)
		return;
	pool_give(names->pool, names->keys);
	pool_give(names->pool, names->counts);
	pool_give(names->pool, names->by_first);
	pool_give(names->pool, names->by_surname);
	*names = (struct full_names){ .pool = NULL };
}

uint32_t full_names_count(const struct full_names *names, uint32_t first, uint32_t surname)
{
	return names->counts[slot_of(names->keys, names->mask, key_of(first, surname))];
}

void full_names_fetch(const struct full_names *names, const struct claim *claim)
{
	size_t at = first_slot(names->mask, key_of(claim->first, claim->surname));
	__builtin_prefetch(&names->keys[at]);
	__builtin_prefetch(&names->counts[at]);
}

double full_names_ties(const struct full_names *names, const struct claim *a, const struct claim *b)
{
	double first = known_ties(names, &names->by_first[a->first]) +
	               known_ties(names, &names->by_first[b->first]),
	       surname = known_ties(names, &names->by_surname[a->surname]) +
	                 known_ties(names, &names->by_surname[b->surname]);
	return fmax(first, surname) / 2;
}

double full_names_household(const struct full_names *names, uint32_t first, double frequent)
{
	const struct name_ties *ties = &names->by_first[first];
	return family_again(names, first, frequent * known_ties(names, ties) / names->household);
}
