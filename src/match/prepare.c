/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is known of each distinct value by itself, and how many claims have it. */
#include <stdlib.h>

#include "match/claims.h"
#include "match/date.h"
#include "match/prepare.h"
#include "match/sound.h"
#include "match/street.h"
#include "match/text.h"
#include "match/work.h"

#define NAMES_ROOM ((size_t)1 << 32)
#define DEFAULT_TIMES 20 /* as frequent as the median date: a default of the file's */

/* --- letters ------------------------------------------------------------------------------------
 */

/* Bytes of the first `letters` code points; 0: there are fewer. */
static size_t bytes_of_letters(struct str text, unsigned letters)
{
	size_t at = 0;
	while (at < text.n && letters) {
		at++;
		while (at < text.n && ((uint8_t)text.p[at] & 0xC0) == 0x80)
			at++;
		letters--;
	}
	return letters ? 0 : at;
}

bool prepare_name(struct claims *claims, struct arena *arena, uint32_t code, uint32_t sound)
{
	struct str text = dictionary_text(&claims->names.texts, code);
	struct name_keys *keys = &claims->name_keys[code];
	struct err ignored;
	keys->sound = sound;
	if (!name_value_init(&claims->name_values[code], arena, claims->name_set, text, STR_NONE,
	                     &ignored))
		return false;
	claims->name_hints[code] = name_hint_of(&claims->name_values[code]);
	for (unsigned k = 0; k < 4; k++) {
		size_t bytes = bytes_of_letters(text, k + 1);
		/* Never 0, which says that there is none. */
		keys->start[k] =
			(uint32_t)dictionary_hash(str_sub(text, 0, bytes ? bytes : text.n), 1) | 1;
	}
	return true;
}

static bool prepare_names(struct claims *claims, uint64_t seed)
{
	struct dictionary *texts = &claims->names.texts;
	claims->name_keys = pool_take(claims->pool, texts->count, sizeof *claims->name_keys);
	claims->name_values = pool_take(claims->pool, texts->count, sizeof *claims->name_values);
	struct err ignored;
	claims->names_arena = pool_wipes(claims->pool) ? arena_create_wiping(NAMES_ROOM)
	                                               : arena_create(NAMES_ROOM);
	if (!claims->names_arena || !names_load(claims->names_arena, &claims->name_set, &ignored))
		return false;
	claims->name_hints = pool_take(claims->pool, texts->count, sizeof *claims->name_hints);
	if (!claims->name_keys || !claims->name_values || !claims->name_hints ||
	    !dictionary_init(&claims->sounds, claims->pool, seed))
		return false;
	for (uint32_t code = 1; code < texts->count; code++) {
		char sound[NORM_ROOM];
		struct str usual = names_usual(claims->name_set, dictionary_text(texts, code));
		size_t n = sound_key(usual, sound, sizeof sound);
		uint32_t key = dictionary_put_copy(&claims->sounds, (struct str){ sound, n });
		if (key == UINT32_MAX || !prepare_name(claims, claims->names_arena, code, key))
			return false;
	}
	return true;
}

size_t prepare_middle_names(struct str text, struct str names[CLAIM_TOKENS + 1])
{
	size_t n = 0;
	struct str word;
	names[n++] = text;
	while (n <= CLAIM_TOKENS && str_cut(&text, ' ', &word)) {
		if (word.n)
			names[n++] = word;
	}
	return n;
}

void prepare_middle(struct claims *claims, uint32_t code, const uint32_t *codes, size_t n)
{
	struct middle_value *value = &claims->middle_values[code];
	*value = (struct middle_value){ .whole = codes[0], .count = (uint32_t)n - 1 };
	value->given = claims_given_bit(codes[0]);
	for (size_t i = 1; i < n; i++) {
		value->names[i - 1] = codes[i];
		value->given |= claims_given_bit(codes[i]);
	}
}

/* The words of middle names are names as any. */
static bool prepare_middles(struct claims *claims)
{
	const struct dictionary *texts = &claims->middles.texts;
	claims->middle_values =
		pool_take(claims->pool, texts->count, sizeof *claims->middle_values);
	if (!claims->middle_values)
		return false;
	for (uint32_t code = 1; code < texts->count; code++) {
		struct str names[CLAIM_TOKENS + 1];
		uint32_t codes[CLAIM_TOKENS + 1];
		size_t n = prepare_middle_names(dictionary_text(texts, code), names);
		for (size_t i = 0; i < n; i++) {
			codes[i] = dictionary_put_copy(&claims->names.texts, names[i]);
			if (codes[i] == UINT32_MAX)
				return false;
		}
		prepare_middle(claims, code, codes, n);
	}
	return true;
}

/* --- numbers and dates -------------------------------------------------------------------------
 */

static uint64_t letters_of(struct str text, size_t from)
{
	uint64_t out = 0;
	for (size_t i = 0; i < 8 && from + i < text.n; i++)
		out |= (uint64_t)(uint8_t)text.p[from + i] << 8 * i;
	return out;
}

/* Four bits each; what is no digit counts as 15. */
static uint64_t digits_of(struct str text)
{
	uint64_t out = 0;
	for (size_t i = 0; i < 16 && i < text.n; i++)
		out = out << 4 |
		      (text.p[i] >= '0' && text.p[i] <= '9' ? (uint64_t)(text.p[i] - '0') : 15);
	return out;
}

/* "…!": the check digit is wrong; "…~": for a time. */
struct number_value prepare_number(struct str text)
{
	struct number_value out = { .is_temporary = str_ends(text, STR("~")) };
	text.n -= out.is_temporary;
	out.is_valid = !str_ends(text, STR("!"));
	text.n -= !out.is_valid;
	out.low = letters_of(text, 0);
	out.high = letters_of(text, 8);
	out.digits = digits_of(text);
	out.n = (uint8_t)(text.n < 255 ? text.n : 255);
	return out;
}

static struct number_value *prepare_numbers(struct pool *pool, const struct dictionary *texts)
{
	struct number_value *values = pool_take(pool, texts->count, sizeof *values);
	for (uint32_t code = 1; values && code < texts->count; code++)
		values[code] = prepare_number(dictionary_text(texts, code));
	return values;
}

struct postcode_value prepare_postcode(struct str text)
{
	struct postcode_value out = { .is_half = str_ends(text, STR("-")) };
	text.n -= out.is_half;
	out.n = (uint8_t)text.n;
	out.letters = letters_of(text, 0);
	return out;
}

static bool prepare_postcodes(struct claims *claims)
{
	const struct dictionary *texts = &claims->postcodes.texts;
	claims->postcode_values =
		pool_take(claims->pool, texts->count, sizeof *claims->postcode_values);
	if (!claims->postcode_values)
		return false;
	for (uint32_t code = 1; code < texts->count; code++)
		claims->postcode_values[code] = prepare_postcode(dictionary_text(texts, code));
	return true;
}

static unsigned digits(struct str text, size_t from, size_t n)
{
	unsigned out = 0;
	for (size_t i = from; i < from + n; i++)
		out = out * 10 + (unsigned)(text.p[i] - '0');
	return out;
}

struct date_value prepare_date(struct str text)
{
	return (struct date_value){ .digits = (uint32_t)digits_of(str_sub(text, 0, 8)),
		                    .year = (int16_t)digits(text, 0, 4),
		                    .month = (uint8_t)digits(text, 4, 2),
		                    .day = (uint8_t)digits(text, 6, 2),
		                    .sure = (uint8_t)digits(text, 8, 1) };
}

static bool prepare_dates(struct claims *claims)
{
	const struct dictionary *texts = &claims->dates.texts;
	claims->date_values = pool_take(claims->pool, texts->count, sizeof *claims->date_values);
	if (!claims->date_values)
		return false;
	for (uint32_t code = 1; code < texts->count; code++)
		claims->date_values[code] = prepare_date(dictionary_text(texts, code));
	return true;
}

/* --- how many have it ---------------------------------------------------------------------------
 */

static bool take_counts(struct claims *claims, struct value_set *set)
{
	set->counts = pool_take(claims->pool, set->texts.count, sizeof *set->counts);
	return set->counts != NULL;
}

static bool count_all(struct claims *claims)
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
	if (!claims->first_counts || !claims->surname_counts)
		return false;
	for (uint32_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->claims[i];
		claims->first_counts[claim->first]++;
		claims->surname_counts[claim->surname]++;
		claims->middles.counts[claim->middle]++;
		claims->dates.counts[claim->dob]++;
		claims->postcodes.counts[claim->postcode]++;
		claims->houses.counts[claim->house]++;
		claims->streets.counts[claim->house ? 0 : claim->street]++;
		claims->emails.counts[claim->email]++;
		claims->nhs.counts[claim->nhs]++;
		claims->upns.counts[claim->upn]++;
		for (size_t k = 0; k < CLAIM_PHONES; k++)
			claims->phones.counts[claim->phone[k]]++;
		for (size_t k = 0; k < FIELD_OTHERS; k++)
			claims->others[k].counts[claim->other[k]]++;
	}
	return true;
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

/* A telephone, an address or a mail that many share is an office's: it says nothing, and nor does
 * the street in which it is. */
static void drop_offices(struct claims *claims, uint32_t hot)
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

/* Dates that many more have than others are what a form fills in by itself. */
static bool find_default_dates(struct claims *claims)
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

/* --- an order of their own
 * ---------------------------------------------------------------------------- */

struct ranked {
	uint64_t key;
	struct str id;
	uint32_t claim;
	uint32_t second; /* of the second file */
};

static int by_key(const void *a, const void *b)
{
	const struct ranked *left = a, *right = b;
	if (left->key != right->key)
		return left->key < right->key ? -1 : 1;
	int ids = str_compare(left->id, right->id);
	return ids ? ids : (left->second > right->second) - (left->second < right->second);
}

static bool rank_claims(struct claims *claims, uint64_t seed)
{
	struct ranked *ranked = pool_take(claims->pool, claims->count, sizeof *ranked);
	claims->ranks = pool_take(claims->pool, claims->count, sizeof *claims->ranks);
	claims->by_rank = pool_take(claims->pool, claims->count, sizeof *claims->by_rank);
	bool done = ranked && claims->ranks && claims->by_rank;
	for (uint32_t i = 0; done && i < claims->count; i++)
		ranked[i] = (struct ranked){ dictionary_hash(claims_id(claims, i), seed),
			                     claims_id(claims, i), i,
			                     claims->claims[i].flags & CLAIM_SECOND };
	if (done)
		qsort(ranked, claims->first_count, sizeof *ranked, by_key);
	if (done)
		qsort(ranked + claims->first_count, claims->count - claims->first_count,
		      sizeof *ranked, by_key);
	for (uint32_t i = 0; done && i < claims->count; i++) {
		claims->by_rank[i] = ranked[i].claim;
		claims->ranks[ranked[i].claim] = i;
	}
	pool_give(claims->pool, ranked);
	return done;
}

/* --- by claim
 * -------------------------------------------------------------------------------------- */

static uint32_t either_of(uint32_t a, uint32_t b)
{
	uint64_t both = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
	both *= UINT64_C(0x9E3779B97F4A7C15);
	return a && b ? (uint32_t)(both >> 32) | 1 : 0;
}

void prepare_claim(const struct claims *claims, struct claim *claim)
{
	const struct name_keys *first = &claims->name_keys[claim->first],
			       *surname = &claims->name_keys[claim->surname];
	const struct date_value *dob = &claims->date_values[claim->dob];
	const struct postcode_value *postcode = &claims->postcode_values[claim->postcode];
	for (size_t k = 0; k < 3; k++)
		claim->first_start[k] = first->start[k];
	for (size_t k = 0; k < 4; k++)
		claim->surname_start[k] = surname->start[k];
	claim->first_sound = first->sound;
	claim->surname_sound = surname->sound;
	claim->either = either_of(claim->first_sound, claim->surname_sound);
	claim->year = dob->sure == NORM_DEFAULT ? 0 : (uint32_t)dob->year;
	claim->sure_dob =
		dob->sure == NORM_SURE_DAY || dob->sure == NORM_SURE_MONTH ? claim->dob : 0;
	claim->dob_digits = dob->digits;
	claim->dob_sure = dob->sure;
	claim->postcode_letters = postcode->letters | (uint64_t)postcode->n << 56;
	claim->nhs_digits = claims->nhs_values[claim->nhs].digits;
	claim->flags |= postcode->is_half ? CLAIM_HALF : 0;
	claim->flags |= claims->nhs_values[claim->nhs].is_valid ? CLAIM_NHS : 0;
	claim->flags |= claims->upn_values[claim->upn].is_valid &&
	                                !claims->upn_values[claim->upn].is_temporary
	                        ? CLAIM_UPN
	                        : 0;
}

#define RANGE ((size_t)1 << 14)

static bool prepare_range(void *ctx, size_t part, unsigned thread)
{
	struct claims *claims = ctx;
	size_t end = (part + 1) * RANGE < claims->count ? (part + 1) * RANGE : claims->count;
	(void)thread;
	for (size_t i = part * RANGE; i < end; i++)
		prepare_claim(claims, &claims->claims[i]);
	return true;
}

bool claims_prepare(struct claims *claims)
{
	const struct claims_limits *limits = &claims->limits;
	if (!rank_claims(claims, limits->seed) || !prepare_middles(claims) ||
	    !prepare_names(claims, limits->seed) || !prepare_postcodes(claims) ||
	    !prepare_dates(claims))
		return false;
	claims->nhs_values = prepare_numbers(claims->pool, &claims->nhs.texts);
	claims->upn_values = prepare_numbers(claims->pool, &claims->upns.texts);
	if (!claims->nhs_values || !claims->upn_values)
		return false;
	for (size_t i = 0; i < FIELD_OTHERS; i++) {
		claims->other_values[i] = prepare_numbers(claims->pool, &claims->others[i].texts);
		if (!claims->other_values[i])
			return false;
	}
	if (!count_all(claims) || !find_default_dates(claims))
		return false;
	drop_offices(claims, limits->hot);
	return work_share(limits->threads, (claims->count + RANGE - 1) / RANGE, prepare_range,
	                  claims);
}

void claims_sets(struct claims *claims, struct value_set *sets[CLAIMS_SETS])
{
	struct value_set *const ALL[CLAIMS_SETS] = {
		&claims->names,    &claims->middles, &claims->dates,    &claims->postcodes,
		&claims->houses,   &claims->streets, &claims->phones,   &claims->emails,
		&claims->nhs,      &claims->upns,    &claims->agencies, &claims->others[0],
		&claims->others[1]
	};
	for (size_t i = 0; i < CLAIMS_SETS; i++)
		sets[i] = ALL[i];
}

static void finish_set(struct claims *claims, struct value_set *set)
{
	dictionary_finish(&set->texts);
	pool_give(claims->pool, set->counts);
}

void claims_finish(struct claims *claims)
{
	if (!claims->pool)
		return;
	struct value_set *sets[CLAIMS_SETS];
	claims_sets(claims, sets);
	for (size_t i = 0; i < CLAIMS_SETS; i++)
		finish_set(claims, sets[i]);
	void *pieces[] = { claims->claims,          claims->id_letters,     claims->id_ends,
		           claims->first_counts,    claims->surname_counts, claims->name_keys,
		           claims->middle_values,   claims->date_values,    claims->postcode_values,
		           claims->nhs_values,      claims->upn_values,     claims->other_values[0],
		           claims->other_values[1], claims->name_values,    claims->ranks,
		           claims->by_rank,         claims->name_hints };
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
		pool_give(claims->pool, pieces[i]);
	dictionary_finish(&claims->sounds);
	arena_destroy(claims->names_arena);
	*claims = (struct claims){ .pool = NULL };
}

double claims_pairs(double n)
{
	return n * (n - 1) / 2;
}

double claims_pairs_equal(const uint32_t *counts, uint32_t codes)
{
	double out = 0;
	for (uint32_t code = 1; code < codes; code++)
		out += claims_pairs(counts[code]);
	return out;
}
