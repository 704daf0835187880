/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Values that no claim has any more. Their words are wiped wherever they lie,
 * and nothing finds them; their codes are never given again, so that nothing
 * that goes by a code can mean another word.
 */
#include "match/index_parts.h"

/* A set for each set of values, and one for sounds. */
#define SOUNDS CLAIMS_SETS

struct forgetting {
	struct match_index *index;
	struct claims *claims;
	struct value_set *sets[CLAIMS_SETS];
	uint8_t *used[CLAIMS_SETS + 1]; /* bits by code */
};

static void use(struct forgetting *forgetting, size_t set, uint32_t code)
{
	forgetting->used[set][code / 8] |= (uint8_t)(1u << code % 8);
}

static bool is_used(const struct forgetting *forgetting, size_t set, uint32_t code)
{
	return forgetting->used[set][code / 8] >> code % 8 & 1;
}

/* --- what is in use
 * -------------------------------------------------------------------------------- */

static void use_claim(struct forgetting *forgetting, const struct claim *claim)
{
	use(forgetting, INDEX_NAMES, claim->first);
	use(forgetting, INDEX_NAMES, claim->surname);
	use(forgetting, INDEX_MIDDLES, claim->middle);
	use(forgetting, INDEX_DATES, claim->dob);
	use(forgetting, INDEX_POSTCODES, claim->postcode);
	use(forgetting, INDEX_HOUSES, claim->house);
	use(forgetting, INDEX_STREETS, claim->street);
	for (size_t k = 0; k < CLAIM_PHONES; k++)
		use(forgetting, INDEX_PHONES, claim->phone[k]);
	use(forgetting, INDEX_EMAILS, claim->email);
	use(forgetting, INDEX_NHS, claim->nhs);
	use(forgetting, INDEX_UPNS, claim->upn);
	for (size_t k = 0; k < FIELD_OTHERS; k++)
		use(forgetting, INDEX_OTHERS + k, claim->other[k]);
}

/* The words of middle names are names, and names have sounds. */
static void use_all(struct forgetting *forgetting)
{
	const struct match_index *index = forgetting->index;
	const struct claims *claims = forgetting->claims;
	for (uint32_t i = 0; i < index->high; i++) {
		if (index->id_at[i])
			use_claim(forgetting, &claims->claims[i]);
	}
	for (uint32_t code = 1; code < index->ready[INDEX_MIDDLES]; code++) {
		const struct middle_value *value = &claims->middle_values[code];
		if (!is_used(forgetting, INDEX_MIDDLES, code))
			continue;
		use(forgetting, INDEX_NAMES, value->whole);
		for (uint32_t k = 0; k < value->count; k++)
			use(forgetting, INDEX_NAMES, value->names[k]);
	}
	for (uint32_t code = 1; code < index->ready[INDEX_NAMES]; code++) {
		if (is_used(forgetting, INDEX_NAMES, code))
			use(forgetting, SOUNDS, claims->name_keys[code].sound);
	}
}

static bool begin(struct forgetting *forgetting)
{
	struct pool *pool = forgetting->index->match->pool;
	claims_sets(forgetting->claims, forgetting->sets);
	for (size_t set = 0; set <= SOUNDS; set++) {
		const struct dictionary *texts =
			set == SOUNDS ? &forgetting->claims->sounds : &forgetting->sets[set]->texts;
		forgetting->used[set] = pool_take(pool, (size_t)texts->count / 8 + 1, 1);
		if (!forgetting->used[set])
			return false;
	}
	return true;
}

static void end(struct forgetting *forgetting)
{
	for (size_t set = 0; set <= SOUNDS; set++)
		pool_give(forgetting->index->match->pool, forgetting->used[set]);
}

/* --- what is not
 * ----------------------------------------------------------------------------------- */

/* Agencies are nobody's words. What is not ready yet is of a claim that did not come in. */
static void forget_set(struct forgetting *forgetting, size_t set)
{
	struct match_index *index = forgetting->index;
	struct dictionary *texts = &forgetting->sets[set]->texts;
	if (set == INDEX_AGENCIES)
		return;
	for (uint32_t code = 1; code < texts->count; code++) {
		if (is_used(forgetting, set, code) || !dictionary_text(texts, code).n)
			continue;
		if (set == INDEX_NAMES && code < index->ready[set])
			index_wipe_name(index, code);
		index_wipe_code(index, set, code);
		dictionary_forget(texts, code);
	}
	index->ready[set] = texts->count;
}

/* What was asked last lies behind all codes, and what was put last where values are made. */
static void forget_calls(struct forgetting *forgetting)
{
	struct match_index *index = forgetting->index;
	for (size_t set = 0; set < CLAIMS_SETS; set++) {
		struct dictionary *texts = &forgetting->sets[set]->texts;
		for (uint32_t code = texts->count;
		     code < index->rooms[set] && code - texts->count < INDEX_SPARE; code++) {
			index_wipe_code(index, set, code);
			texts->texts[code] = (struct dictionary_text){ .p = NULL };
		}
	}
	arena_reset(index->scratch);
	base_wipe(index->value, sizeof *index->value);
}

bool match_index_forget(struct match_index *index, struct err *err)
{
	struct forgetting forgetting = { .index = index, .claims = &index->match->claims };
	bool done = begin(&forgetting);
	if (done) {
		struct dictionary *sounds = &forgetting.claims->sounds;
		use_all(&forgetting);
		forget_calls(&forgetting);
		for (size_t set = 0; set < CLAIMS_SETS; set++)
			forget_set(&forgetting, set);
		for (uint32_t code = 1; code < sounds->count; code++) {
			if (!is_used(&forgetting, SOUNDS, code) && dictionary_text(sounds, code).n)
				dictionary_forget(sounds, code);
		}
	}
	end(&forgetting);
	return done ||
	       err_set(err, ERR_UNABLE, "There is no memory to look which words are in use");
}
