/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How many claims have a value, now, and what follows from it. */
#include "match/index_parts.h"
#include "match/prepare.h"

#define DATES_LEAST 50   /* of so many different ones a form's can be told; as in a bulk run */
#define DEFAULT_TIMES 20 /* as frequent as the median date */
#define FIRST_FULL 1024

/* --- full names
 * --------------------------------------------------------------------------------------- */

static size_t full_slot(const struct full_names *names, uint64_t key)
{
	size_t at = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 24) & names->mask;
	while (names->keys[at] && names->keys[at] != key)
		at = (at + 1) & names->mask;
	return at;
}

static bool take_full(struct full_names *names, struct pool *pool, size_t room)
{
	names->pool = pool;
	names->mask = room - 1;
	names->keys = pool_take(pool, room, sizeof *names->keys);
	names->counts = pool_take(pool, room, sizeof *names->counts);
	if (names->keys && names->counts)
		return true;
	pool_give(pool, names->keys);
	pool_give(pool, names->counts);
	names->keys = NULL;
	names->counts = NULL;
	return false;
}

/* Twice the room, or as much without those that nobody has any more. */
static bool grow_full(struct match_index *index)
{
	struct full_names *names = &index->match->full_names, grown = *names;
	size_t room = names->mask + 1, used = 0;
	for (size_t i = 0; i < room; i++)
		used += names->counts[i] > 0;
	if (!take_full(&grown, names->pool, used * 3 > room ? room * 2 : room))
		return false;
	for (size_t i = 0; i < room; i++) {
		if (!names->counts[i])
			continue;
		size_t at = full_slot(&grown, names->keys[i]);
		grown.keys[at] = names->keys[i];
		grown.counts[at] = names->counts[i];
	}
	pool_give(names->pool, names->keys);
	pool_give(names->pool, names->counts);
	*names = grown;
	index->full_used = (uint32_t)used;
	return true;
}

static uint64_t full_key(const struct claim *claim)
{
	return (uint64_t)claim->first << 32 | claim->surname;
}

static void count_full(struct match_index *index, const struct claim *claim, int by)
{
	struct full_names *names = &index->match->full_names;
	if (!claim->first || !claim->surname)
		return;
	size_t at = full_slot(names, full_key(claim));
	index->full_used += !names->keys[at];
	names->keys[at] = full_key(claim);
	names->counts[at] += (uint32_t)by;
}

/* How names go together, of all claims as they are now. */
bool index_ties_make(struct match_index *index)
{
	struct full_names *names = &index->match->full_names, made;
	struct claims *claims = &index->match->claims;
	uint32_t room = index->rooms[INDEX_NAMES];
	claims->high = index->high;
	if (!full_names_make(&made, claims))
		return false;
	struct name_ties *first = pool_grow(made.pool, made.by_first, room, sizeof *first),
			 *surname =
				 first ? pool_grow(made.pool, made.by_surname, room, sizeof *first)
				       : NULL;
	made.by_first = first ? first : made.by_first;
	if (surname) {
		made.by_surname = names->by_surname;
		made.by_first = names->by_first;
		names->by_first = first;
		names->by_surname = surname;
		names->ratio = made.ratio;
		names->household = made.household;
		names->again = made.again;
		index->changed = 0;
	}
	full_names_finish(&made);
	return surname != NULL;
}

/* --- offices
 * ------------------------------------------------------------------------------------------- */

static void mark(struct claim *claim, unsigned bit, bool is_marked)
{
	claim->flags = (uint8_t)(is_marked ? claim->flags | bit : claim->flags & ~bit);
}

static void mark_value(struct claim *claim, enum index_holder holder, uint32_t code, bool is_hot)
{
	if (holder == HOLDER_EMAIL)
		mark(claim, INDEX_HOT_EMAIL, is_hot);
	if (holder == HOLDER_HOUSE)
		mark(claim, INDEX_HOT_HOUSE, is_hot);
	if (holder == HOLDER_PHONE && claim->phone[0] == code)
		mark(claim, INDEX_HOT_PHONE, is_hot);
	if (holder == HOLDER_PHONE && claim->phone[1] == code)
		mark(claim, INDEX_HOT_PHONE_2, is_hot);
}

static const struct value_set *holder_set(const struct match_index *index, enum index_holder holder)
{
	const struct claims *claims = &index->match->claims;
	const struct value_set *const SETS[HOLDERS] = { &claims->phones, &claims->emails,
		                                        &claims->houses, &claims->dates };
	return SETS[holder];
}

static bool has_value(const struct claim *claim, enum index_holder holder, uint32_t code)
{
	switch (holder) {
	case HOLDER_PHONE:
		return claim->phone[0] == code || claim->phone[1] == code;
	case HOLDER_EMAIL:
		return claim->email == code;
	case HOLDER_HOUSE:
		return claim->house == code;
	case HOLDER_DOB:
	case HOLDERS:
		break;
	}
	return claim->sure_dob == code;
}

static void count_office(struct match_index *index, enum index_holder holder, uint32_t code,
                         uint32_t record, int by)
{
	uint32_t *count = &holder_set(index, holder)->counts[code], one, before = *count;
	struct claim *claims = index->match->claims.claims;
	*count = before + (uint32_t)by;
	bool is_hot = *count > index->hot;
	if (!code)
		return;
	mark_value(&claims[record], holder, code, is_hot);
	if (is_hot == (before > index->hot))
		return;
	struct posting_list list =
		postings_find(&index->postings, index_holder_key(index, holder, code), &one);
	for (uint32_t i = 0; i < list.count; i++) {
		if (has_value(&claims[list.records[i]], holder, code))
			mark_value(&claims[list.records[i]], holder, code, is_hot);
	}
}

/* --- dates that a form fills in
 * ---------------------------------------------------------------------- */

static uint32_t most_of_dates(const struct index_dates *dates)
{
	uint32_t median = 1;
	if (dates->distinct < DATES_LEAST)
		return UINT32_MAX;
	for (uint32_t seen = dates->by_count[1]; seen <= dates->distinct / 2;)
		seen += dates->by_count[++median];
	return DEFAULT_TIMES * (median > 1 ? median : 2);
}

/* The date as it is now: a form's, or by itself. */
static void mark_date(struct match_index *index, uint32_t code)
{
	struct claims *claims = &index->match->claims;
	uint32_t one;
	struct date_value *value = &claims->date_values[code];
	struct date_value own = prepare_date(dictionary_text(&claims->dates.texts, code));
	bool is_default =
		claims->dates.counts[code] > index->dates.most && own.sure != NORM_SURE_YEAR;
	uint8_t sure = is_default ? NORM_DEFAULT : own.sure;
	if (value->sure == sure)
		return;
	value->sure = sure;
	/* One that is a form's by itself has no list, and nothing to change. */
	struct posting_list list =
		postings_find(&index->postings, index_holder_key(index, HOLDER_DOB, code), &one);
	for (uint32_t i = 0; i < list.count; i++) {
		struct claim *claim = &claims->claims[list.records[i]];
		if (has_value(claim, HOLDER_DOB, code))
			claim->dob_sure = sure;
	}
}

static void mark_dates(struct match_index *index)
{
	struct claims *claims = &index->match->claims;
	uint32_t before = index->dates.most, most = most_of_dates(&index->dates);
	index->dates.most = most;
	for (uint32_t code = 1; before != most && code < claims->dates.texts.count; code++) {
		uint32_t count = claims->dates.counts[code];
		if ((count > before) != (count > most))
			mark_date(index, code);
	}
}

static void count_date(struct match_index *index, uint32_t code, int by)
{
	struct index_dates *dates = &index->dates;
	uint32_t *count = &index->match->claims.dates.counts[code];
	if (!code) {
		*count += (uint32_t)by;
		return;
	}
	index->date_pairs += by > 0 ? (double)*count : -(double)(*count - 1);
	dates->by_count[*count]--;
	dates->distinct -= *count > 0;
	*count += (uint32_t)by;
	dates->distinct += *count > 0;
	dates->by_count[*count]++;
	mark_dates(index);
	mark_date(index, code);
}

/* --- all counts
 * ---------------------------------------------------------------------------------------- */

bool index_counts_begin(struct match_index *index)
{
	index->full_used = 0;
	index->dates = (struct index_dates){ .most = UINT32_MAX, .room = 64 };
	index->dates.by_count = pool_take(index->match->pool, 64, sizeof(uint32_t));
	index->match->full_names = (struct full_names){ .ratio = 1, .household = 1 };
	return index->dates.by_count &&
	       take_full(&index->match->full_names, index->match->pool, FIRST_FULL);
}

bool index_counts_make(struct match_index *index, const struct claim *claim)
{
	struct index_dates *dates = &index->dates;
	uint32_t needed = index->match->claims.dates.counts[claim->dob] + 2;
	if (needed > dates->room) {
		uint32_t room = needed + needed / 2;
		uint32_t *grown =
			pool_grow(index->match->pool, dates->by_count, room, sizeof *grown);
		if (!grown)
			return false;
		dates->by_count = grown;
		dates->room = room;
	}
	return (index->full_used + UINT64_C(1)) * 3 <= (index->match->full_names.mask + 1) * 2 ||
	       grow_full(index);
}

/* A value, and the pairs of claims that share it. */
static void count_pairs(uint32_t *counts, uint32_t code, double *pairs, int by)
{
	if (code)
		*pairs += by > 0 ? (double)counts[code] : -(double)(counts[code] - 1);
	counts[code] += (uint32_t)by;
}

void index_counts_add(struct match_index *index, uint32_t record, int by)
{
	struct claims *claims = &index->match->claims;
	struct claim *claim = &claims->claims[record];
	claims->count += (uint32_t)by;
	index->changed++;
	claims->first_counts[claim->first] += (uint32_t)by;
	claims->surname_counts[claim->surname] += (uint32_t)by;
	count_full(index, claim, by);
	count_pairs(claims->postcodes.counts, claim->postcode, &index->postcode_pairs, by);
	for (size_t k = 0; k < CLAIM_PHONES; k++)
		count_office(index, HOLDER_PHONE, claim->phone[k], record, by);
	count_office(index, HOLDER_EMAIL, claim->email, record, by);
	count_office(index, HOLDER_HOUSE, claim->house, record, by);
	claims->streets.counts[claim->house ? 0 : claim->street] += (uint32_t)by;
	count_date(index, claim->dob, by);
	claim->dob_sure = claims->date_values[claim->dob].sure;
}

static bool count_dates(struct match_index *index)
{
	struct claims *claims = &index->match->claims;
	struct index_dates *dates = &index->dates;
	uint32_t most = 0;
	for (uint32_t code = 1; code < claims->dates.texts.count; code++)
		most = claims->dates.counts[code] > most ? claims->dates.counts[code] : most;
	uint32_t *grown =
		pool_grow(index->match->pool, dates->by_count, (size_t)most + 2, sizeof *grown);
	if (!grown)
		return false;
	dates->by_count = grown;
	dates->room = most + 2 > dates->room ? most + 2 : dates->room;
	for (uint32_t code = 1; code < claims->dates.texts.count; code++) {
		dates->by_count[claims->dates.counts[code]]++;
		dates->distinct += claims->dates.counts[code] > 0;
	}
	dates->most = most_of_dates(dates);
	return true;
}

bool index_counts_all(struct match_index *index)
{
	struct claims *claims = &index->match->claims;
	for (uint32_t i = 0; i < claims->count; i++) {
		struct claim *claim = &claims->claims[i];
		if ((index->full_used + UINT64_C(1)) * 3 >
		            (index->match->full_names.mask + 1) * 2 &&
		    !grow_full(index))
			return false;
		count_full(index, claim, 1);
		index_own_date(claims, claim);
		index_mark_query(index, claim);
	}
	index->date_pairs = claims_pairs_equal(claims->dates.counts, claims->dates.texts.count);
	index->postcode_pairs =
		claims_pairs_equal(claims->postcodes.counts, claims->postcodes.texts.count);
	return count_dates(index);
}

/* --- for comparing
 * ------------------------------------------------------------------------------------- */

const struct claim *index_masked(const struct match_index *index, const struct claim *claim,
                                 struct claim *room)
{
	bool is_office = prepare_is_office(&index->match->claims, claim, index->hot);
	if (!(claim->flags & INDEX_HOT) && !is_office)
		return claim;
	*room = *claim;
	room->phone[0] = claim->flags & INDEX_HOT_PHONE ? 0 : claim->phone[0];
	room->phone[1] = claim->flags & INDEX_HOT_PHONE_2 ? 0 : claim->phone[1];
	room->email = claim->flags & INDEX_HOT_EMAIL ? 0 : claim->email;
	if (is_office || claim->flags & INDEX_HOT_HOUSE)
		room->house = room->street = 0;
	return room;
}

void index_mark_query(const struct match_index *index, struct claim *claim)
{
	const struct claims *claims = &index->match->claims;
	mark(claim, INDEX_HOT_PHONE,
	     claim->phone[0] && claims->phones.counts[claim->phone[0]] > index->hot);
	mark(claim, INDEX_HOT_PHONE_2,
	     claim->phone[1] && claims->phones.counts[claim->phone[1]] > index->hot);
	mark(claim, INDEX_HOT_EMAIL,
	     claim->email && claims->emails.counts[claim->email] > index->hot);
	mark(claim, INDEX_HOT_HOUSE,
	     claim->house && claims->houses.counts[claim->house] > index->hot);
}

static double chance_of(const struct claims *claims, const struct value_set *set, double pairs)
{
	uint32_t there = claims->count - set->counts[0];
	return there > 1 ? pairs / claims_pairs(there) : 0;
}

void index_model_refresh(struct match_index *index)
{
	struct match *match = index->match;
	const struct claims *claims = &match->claims;
	match->model.n[MODEL_U] = claims_pairs(claims->count > 2 ? claims->count : 2);
	match_take_counts(match);
	match->scorer.dates = chance_of(claims, &claims->dates, index->date_pairs);
	match->scorer.postcodes = chance_of(claims, &claims->postcodes, index->postcode_pairs);
}
