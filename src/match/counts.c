/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/counts.h"

#include <stdlib.h>

#include "match/date.h"
#include "match/prepare.h"
#include "match/street.h"

#define DEFAULT_TIMES 20 /* as frequent as the median date: a default of the file's */

/* --- how many have it ---------------------------------------------------------------------------
 */

static bool take_counts(struct claims *claims, struct value_set *set)
{
	set->counts = pool_take(claims->pool, set->texts.count, sizeof *set->counts);
	return set->counts != NULL;
}

bool counts_take(struct claims *claims)
{
	struct value_set *sets[CLAIMS_SETS];
	claims_sets(claims, sets);
	for (size_t i = 0; i < CLAIMS_SETS; i++) {
		if (!take_counts(claims, sets[i]))
			return false;
	}
	claims->first_counts = pool_take(claims->pool, claims->names.texts.count, sizeof(uint32_t));
	claims->surname_counts =
		pool_take(claims->pool, claims->names.texts.count, sizeof(uint32_t));
	return claims->first_counts && claims->surname_counts;
}

void counts_names(struct claims *claims)
{
	for (uint32_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->claims[i];
		claims->first_counts[claim->first]++;
		claims->surname_counts[claim->surname]++;
		claims->middles.counts[claim->middle]++;
		claims->dates.counts[claim->dob]++;
		claims->postcodes.counts[claim->postcode]++;
		claims->emails.counts[claim->email]++;
		for (size_t k = 0; k < FIELD_OTHERS; k++)
			claims->others[k].counts[claim->other[k]]++;
	}
}

void counts_places(struct claims *claims)
{
	for (uint32_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->claims[i];
		claims->houses.counts[claim->house]++;
		claims->streets.counts[claim->house ? 0 : claim->street]++;
		claims->nhs.counts[claim->nhs]++;
		claims->upns.counts[claim->upn]++;
		for (size_t k = 0; k < CLAIM_PHONES; k++)
			claims->phones.counts[claim->phone[k]]++;
	}
}

/* --- an office's, and a file's default -----------------------------------------------------------
 */

static size_t count_hot(struct value_set *set, uint32_t hot)
{
	size_t found = 0;
	for (uint32_t code = 1; code < set->texts.count; code++)
		found += set->counts[code] > hot;
	return found;
}

static void drop_hot(uint32_t *code, const struct value_set *set, uint32_t hot)
{
	if (set->counts[*code] > hot)
		*code = 0;
}

bool prepare_is_office(const struct claims *claims, const struct claim *claim, uint32_t hot)
{
	return !claim->house && claim->street && claims->streets.counts[claim->street] > hot &&
	       street_is_place(dictionary_text(&claims->streets.texts, claim->street));
}

/* Addresses without a number. */
static size_t count_places(const struct claims *claims, uint32_t hot)
{
	size_t found = 0;
	for (uint32_t code = 1; code < claims->streets.texts.count; code++) {
		struct claim claim = { .street = code };
		found += prepare_is_office(claims, &claim, hot);
	}
	return found;
}

void counts_drop_offices(struct claims *claims, uint32_t hot)
{
	claims->hot[FIELD_PHONE] = count_hot(&claims->phones, hot);
	claims->hot[FIELD_EMAIL] = count_hot(&claims->emails, hot);
	claims->hot[FIELD_ADDRESS] = count_hot(&claims->houses, hot) + count_places(claims, hot);
	if (!claims->hot[FIELD_PHONE] && !claims->hot[FIELD_EMAIL] && !claims->hot[FIELD_ADDRESS])
		return;
	for (uint32_t i = 0; i < claims->count; i++) {
		struct claim *claim = &claims->claims[i];
		for (size_t k = 0; k < CLAIM_PHONES; k++)
			drop_hot(&claim->phone[k], &claims->phones, hot);
		drop_hot(&claim->email, &claims->emails, hot);
		if (prepare_is_office(claims, claim, hot) ||
		    (claim->house && claims->houses.counts[claim->house] > hot))
			claim->house = claim->street = 0;
	}
}

static int by_number(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	return (left > right) - (left < right);
}

bool counts_find_default_dates(struct claims *claims)
{
	uint32_t count = claims->dates.texts.count - 1;
	if (count < 50)
		return true;
	uint32_t *sorted = pool_take(claims->pool, count, sizeof *sorted);
	if (!sorted)
		return false;
	memcpy(sorted, claims->dates.counts + 1, count * sizeof *sorted);
	qsort(sorted, count, sizeof *sorted, by_number);
	uint32_t median = sorted[count / 2];
	pool_give(claims->pool, sorted);
	for (uint32_t code = 1; code <= count; code++) {
		if (claims->dates.counts[code] > DEFAULT_TIMES * (median > 1 ? median : 2) &&
		    claims->date_values[code].sure != NORM_SURE_YEAR) {
			claims->date_values[code].sure = NORM_DEFAULT;
			claims->hot[FIELD_DOB]++;
		}
	}
	return true;
}
