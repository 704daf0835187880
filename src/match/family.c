/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * 1. Two dates of birth of one person differ by a slip: of another year and of
 *    another day of the year are two people's.
 */
#include "match/family.h"

#define HOUSE_MOST 64  /* claims: of more it is no family's */
#define YEAR_DIGITS 16 /* bits of the day of the year before it */

/* Claims house by house. */
struct houses {
	uint32_t
		*ends; /* by house: where its claims begin, and once they are put, where they end */
	uint32_t *claims;
};

static bool is_of_family(const struct claim *claim)
{
	return claim->house && claim->first && claim->surname && claim->sure_dob;
}

static bool put_by_house(struct houses *houses, const struct claims *claims)
{
	uint32_t codes = claims->houses.texts.count, sum = 0;
	houses->ends = pool_take(claims->pool, (size_t)codes + 1, sizeof *houses->ends);
	houses->claims = pool_take(claims->pool, claims->high, sizeof *houses->claims);
	if (!houses->ends || !houses->claims)
		return false;
	for (uint32_t i = 0; i < claims->high; i++)
		houses->ends[claims->claims[i].house] += is_of_family(&claims->claims[i]);
	for (uint32_t code = 0; code < codes; code++) {
		uint32_t count = houses->ends[code];
		houses->ends[code] = sum;
		sum += count;
	}
	for (uint32_t i = 0; i < claims->high; i++) {
		if (is_of_family(&claims->claims[i]))
			houses->claims[houses->ends[claims->claims[i].house]++] = i;
	}
	return true;
}

/* 1 */
static bool is_another(const struct claim *a, const struct claim *b)
{
	uint32_t by = a->dob_digits ^ b->dob_digits;
	return by >> YEAR_DIGITS && by << YEAR_DIGITS;
}

static void count_house(struct full_names *names, const struct claims *claims, const uint32_t *of,
                        uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct claim *a = &claims->claims[of[i]];
		struct name_ties *ties = &names->by_first[a->first];
		for (uint32_t j = 0; j < count; j++) {
			const struct claim *b = &claims->claims[of[j]];
			if (a->surname_sound != b->surname_sound || !is_another(a, b))
				continue;
			ties->met++;
			ties->again += a->first == b->first;
		}
	}
}

bool family_count(struct full_names *names, const struct claims *claims)
{
	struct houses houses = { 0 };
	double met = 0, again = 0;
	bool done = put_by_house(&houses, claims);
	for (uint32_t code = 1, from = 0; done && code < claims->houses.texts.count; code++) {
		uint32_t to = houses.ends[code];
		if (to - from <= HOUSE_MOST)
			count_house(names, claims, houses.claims + from, to - from);
		from = to;
	}
	for (uint32_t code = 1; done && code < claims->names.texts.count; code++) {
		met += names->by_first[code].met;
		again += names->by_first[code].again;
	}
	names->again = met > 0 ? again / met : 0;
	pool_give(claims->pool, houses.ends);
	pool_give(claims->pool, houses.claims);
	return done;
}

double family_again(const struct full_names *names, uint32_t first, double before)
{
	const struct name_ties *ties = &names->by_first[first];
	if (!(names->again > 0))
		return before;
	return (ties->again + 1) / (ties->met * names->again + 1 / before);
}
