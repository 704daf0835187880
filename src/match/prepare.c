/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is known of each distinct value by itself, and how many claims have it. */
#include "match/counts.h"
#include "match/date.h"
#include "match/prepare.h"
#include "match/rank.h"
#include "match/sound.h"
#include "match/text.h"
#include "match/work.h"

#define NAMES_ROOM ((size_t)1 << 32)

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
	struct names_keys sets = names_keys(claims->name_set, text);
	struct err ignored;
	keys->sound = sound;
	keys->sets = sets.keys;
	keys->set_count = sets.n;
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

/* Names, cut into ranges. */
struct naming {
	struct claims *claims;
	struct str *sounds; /* by name, until each is put among the others */
	uint32_t codes;
};

#define NAMES_AT_ONCE 512

static bool prepare_some_names(struct naming *naming, size_t part, unsigned thread)
{
	struct claims *claims = naming->claims;
	struct arena *arena = claims->names_arenas[thread];
	size_t from = part * NAMES_AT_ONCE, to = from + NAMES_AT_ONCE;
	for (size_t code = from ? from : 1; code < to && code < naming->codes; code++) {
		char sound[NORM_ROOM];
		struct str text = dictionary_text(&claims->names.texts, (uint32_t)code);
		size_t n = sound_key(names_usual(claims->name_set, text), sound, sizeof sound);
		naming->sounds[code] = arena_copy(arena, (struct str){ sound, n });
		if (!naming->sounds[code].p || !prepare_name(claims, arena, (uint32_t)code, 0))
			return false;
	}
	return true;
}

static bool begin_names(struct naming *naming)
{
	struct claims *claims = naming->claims;
	struct pool *pool = claims->pool;
	struct err ignored;
	naming->codes = claims->names.texts.count;
	claims->name_keys = pool_take(pool, naming->codes, sizeof *claims->name_keys);
	claims->name_values = pool_take(pool, naming->codes, sizeof *claims->name_values);
	claims->name_hints = pool_take(pool, naming->codes, sizeof *claims->name_hints);
	naming->sounds = pool_take(pool, naming->codes, sizeof *naming->sounds);
	for (unsigned i = 0; i == 0 || (i < claims->limits.threads && i < CLAIM_THREADS); i++) {
		claims->names_arenas[i] = pool_wipes(pool) ? arena_create_wiping(NAMES_ROOM)
		                                           : arena_create(NAMES_ROOM);
		if (!claims->names_arenas[i])
			return false;
	}
	return names_load(claims->names_arenas[0], &claims->name_set, &ignored) &&
	       claims->name_keys && claims->name_values && claims->name_hints && naming->sounds &&
	       dictionary_init(&claims->sounds, pool, claims->limits.seed);
}

/* In the order of names, whoever prepared them. */
static bool put_sounds(struct naming *naming)
{
	struct claims *claims = naming->claims;
	for (uint32_t code = 1; code < naming->codes; code++) {
		uint32_t key = dictionary_put_copy(&claims->sounds, naming->sounds[code]);
		if (key == UINT32_MAX)
			return false;
		claims->name_keys[code].sound = key;
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
#define PREPARE_OTHERS 5 /* the first part of them */

static bool prepare_range(void *ctx, size_t part, unsigned thread)
{
	struct claims *claims = ctx;
	size_t end = (part + 1) * RANGE < claims->count ? (part + 1) * RANGE : claims->count;
	(void)thread;
	for (size_t i = part * RANGE; i < end; i++)
		prepare_claim(claims, &claims->claims[i]);
	return true;
}

/* What needs nothing but the texts, a part each. */
static bool prepare_set(void *ctx, size_t part, unsigned thread)
{
	struct claims *claims = ctx;
	(void)thread;
	switch (part) {
	case 0:
		return rank_claims(claims);
	case 1:
		return prepare_middles(claims);
	case 2:
		claims->nhs_values = prepare_numbers(claims->pool, &claims->nhs.texts);
		return claims->nhs_values != NULL;
	case 3:
		claims->upn_values = prepare_numbers(claims->pool, &claims->upns.texts);
		return claims->upn_values != NULL;
	case 4:
		return prepare_postcodes(claims) && prepare_dates(claims);
	default:
		part -= PREPARE_OTHERS;
		claims->other_values[part] =
			prepare_numbers(claims->pool, &claims->others[part].texts);
		return claims->other_values[part] != NULL;
	}
}

/* What needs all names: those of middle names are among them. */
static bool prepare_or_count(void *ctx, size_t part, unsigned thread)
{
	struct naming *naming = ctx;
	if (part >= 2)
		return prepare_some_names(naming, part - 2, thread);
	if (part == 0)
		counts_names(naming->claims);
	else
		counts_places(naming->claims);
	return true;
}

bool claims_prepare(struct claims *claims)
{
	unsigned threads = claims->limits.threads;
	struct naming naming = { .claims = claims };
	bool done = work_share(threads, PREPARE_OTHERS + FIELD_OTHERS, prepare_set, claims) &&
	            begin_names(&naming) && counts_take(claims) &&
	            work_share(threads, 2 + (naming.codes + NAMES_AT_ONCE - 1) / NAMES_AT_ONCE,
	                       prepare_or_count, &naming) &&
	            put_sounds(&naming) && counts_find_default_dates(claims);
	pool_give(claims->pool, naming.sounds);
	if (!done)
		return false;
	counts_drop_offices(claims, claims->limits.hot);
	return work_share(threads, (claims->count + RANGE - 1) / RANGE, prepare_range, claims);
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
	for (size_t i = 0; i < CLAIM_THREADS; i++)
		arena_destroy(claims->names_arenas[i]);
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
