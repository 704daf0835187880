/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/compare.h"

#include "match/date.h"
#include "match/name_level.h"

#define MAIL_CLOSE 0.92 /* Jaro-Winkler */

#define CACHE_BITS 22
#define CACHE_BITS_LEAST 12

static const struct {
	const char *name;
	enum field field;
	unsigned levels;
	unsigned shift, bits;
} TABLE[COMPARE_COUNT] = {
	[COMPARE_NAME] = { "name", FIELD_SURNAME, NAME_LEVELS, 0, 6 },
	[COMPARE_DOB] = { "dob", FIELD_DOB, 8, 6, 3 },
	[COMPARE_POSTCODE] = { "postcode", FIELD_POSTCODE, 4, 9, 2 },
	[COMPARE_ADDRESS] = { "address", FIELD_ADDRESS, 4, 11, 2 },
	[COMPARE_PHONE] = { "phone", FIELD_PHONE, 3, 13, 2 },
	[COMPARE_EMAIL] = { "email", FIELD_EMAIL, 4, 15, 2 },
	[COMPARE_NHS] = { "nhs_number", FIELD_NHS, 4, 17, 2 },
	[COMPARE_UPN] = { "upn", FIELD_UPN, 4, 19, 2 },
	[COMPARE_MIDDLE] = { "middle_names", FIELD_MIDDLE, 4, 21, 2 },
	[COMPARE_SEX] = { "sex", FIELD_SEX, 3, 23, 2 },
	[COMPARE_OTHER_1] = { "other_1", FIELD_OTHER, 4, 25, 2 },
	[COMPARE_OTHER_2] = { "other_2", FIELD_OTHER + 1, 4, 27, 2 },
};

unsigned compare_levels(enum comparison comparison)
{
	return TABLE[comparison].levels;
}

struct str compare_name(enum comparison comparison)
{
	return str_from_c(TABLE[comparison].name);
}

enum field compare_field(enum comparison comparison)
{
	return TABLE[comparison].field;
}

unsigned compare_level(pattern_of_levels pattern, enum comparison comparison)
{
	return pattern >> TABLE[comparison].shift & ((1u << TABLE[comparison].bits) - 1);
}

pattern_of_levels compare_with(pattern_of_levels pattern, enum comparison comparison,
                               unsigned level)
{
	pattern_of_levels mask = ((1u << TABLE[comparison].bits) - 1) << TABLE[comparison].shift;
	return (pattern & ~mask) | level << TABLE[comparison].shift;
}

/* --- digits
 * ------------------------------------------------------------------------------------------ */

/* Of two rows of as many digits, of `bits` each: whether one differs, or two neighbours changed
 * over. */
static bool is_one_edit(uint64_t a, uint64_t b, unsigned bits)
{
	uint64_t mask = (UINT64_C(1) << bits) - 1, differ = a ^ b;
	if (!differ)
		return true;
	unsigned at = (unsigned)__builtin_ctzll(differ) / bits * bits;
	differ >>= at;
	if (differ <= mask)
		return true;
	if (differ >> bits > mask || at + 2 * bits > 64)
		return false;
	uint64_t x = a >> at, y = b >> at;
	return (x & mask) == (y >> bits & mask) && (x >> bits & mask) == (y & mask);
}

/* A letter more in one than in the other, of letters of a byte each. */
static bool is_one_more(uint64_t longer, uint64_t shorter)
{
	uint64_t differ = longer ^ shorter;
	unsigned at = differ ? (unsigned)__builtin_ctzll(differ) / 8 * 8 : 64;
	if (at >= 56)
		return true;
	uint64_t low = (UINT64_C(1) << at) - 1;
	return ((longer >> 8 & ~low) | (longer & low)) == shorter;
}

/* --- dates
 * ------------------------------------------------------------------------------------------- */

static unsigned digits_month(uint32_t digits)
{
	return digits >> 8 & 0xFF;
}

static unsigned digits_day(uint32_t digits)
{
	return digits & 0xFF;
}

/* Four of them as a number. */
static int year_of(uint32_t digits)
{
	uint32_t y = digits >> 16;
	return (int)((y >> 12 & 15) * 1000 + (y >> 8 & 15) * 100 + (y >> 4 & 15) * 10 + (y & 15));
}

static enum dob_level default_level(const struct claim *a, const struct claim *b)
{
	int years = year_of(a->dob_digits) - year_of(b->dob_digits);
	if (a->dob == b->dob && a->dob_sure == b->dob_sure)
		return DOB_BOTH_DEFAULT;
	return years >= -1 && years <= 1 ? DOB_DEFAULT : DOB_ELSE;
}

enum dob_level compare_dob(const struct claim *a, const struct claim *b)
{
	uint32_t x = a->dob_digits, y = b->dob_digits;
	if (!a->dob || !b->dob)
		return DOB_MISSING;
	if (a->dob_sure == NORM_DEFAULT || b->dob_sure == NORM_DEFAULT)
		return default_level(a, b);
	if (a->dob_sure == NORM_SURE_YEAR || b->dob_sure == NORM_SURE_YEAR)
		return x >> 16 == y >> 16 ? DOB_YEAR : DOB_ELSE;
	if (x == y)
		return DOB_EQUAL;
	bool is_year = x >> 16 == y >> 16;
	if (is_one_edit(x, y, 4) ||
	    (is_year && digits_month(x) == digits_day(y) && digits_day(x) == digits_month(y)))
		return DOB_EDIT;
	if ((is_year && digits_month(x) == digits_month(y)) || (x & 0xFFFF) == (y & 0xFFFF))
		return DOB_TWO_OF_THREE;
	return is_year ? DOB_YEAR : DOB_ELSE;
}

/* --- places and numbers
 * ------------------------------------------------------------------------------- */

static enum edit_level postcode_level(const struct claim *a, const struct claim *b)
{
	if (!a->postcode || !b->postcode || ((a->flags | b->flags) & CLAIM_HALF))
		return EDIT_MISSING;
	if (a->postcode == b->postcode)
		return EDIT_EQUAL;
	unsigned n = (unsigned)(a->postcode_letters >> 56),
		 m = (unsigned)(b->postcode_letters >> 56);
	uint64_t x = a->postcode_letters & (UINT64_MAX >> 8),
		 y = b->postcode_letters & (UINT64_MAX >> 8);
	bool is_one = n == m       ? is_one_edit(x, y, 8)
	              : n == m + 1 ? is_one_more(x, y)
	              : m == n + 1 ? is_one_more(y, x)
	                           : false;
	return is_one ? EDIT_ONE : EDIT_ELSE;
}

static enum address_level address_level(const struct claim *a, const struct claim *b)
{
	if (!a->street || !b->street)
		return ADDRESS_MISSING;
	if (a->house && a->house == b->house)
		return ADDRESS_HOUSE;
	return a->street == b->street ? ADDRESS_STREET : ADDRESS_ELSE;
}

static enum same_level phone_level(const struct claim *a, const struct claim *b)
{
	enum same_level out = SAME_MISSING;
	for (size_t i = 0; i < CLAIM_PHONES && a->phone[i]; i++) {
		for (size_t j = 0; j < CLAIM_PHONES && b->phone[j]; j++) {
			if (a->phone[i] == b->phone[j])
				return SAME_YES;
			out = SAME_NO;
		}
	}
	return out;
}

/* As far as the @; or all of it but for a slip or two. */
static enum edit_level email_level(const struct claims *claims, const struct claim *a,
                                   const struct claim *b)
{
	if (!a->email || !b->email)
		return EDIT_MISSING;
	if (a->email == b->email)
		return EDIT_EQUAL;
	struct str x = dictionary_text(&claims->emails.texts, a->email),
		   y = dictionary_text(&claims->emails.texts, b->email);
	size_t at = str_find(x, '@');
	bool is_one = at > 0 && at == str_find(y, '@') && at < x.n && memcmp(x.p, y.p, at) == 0;
	return is_one || name_text_jw(x, y) >= MAIL_CLOSE ? EDIT_ONE : EDIT_ELSE;
}

static enum edit_level nhs_level(const struct claim *a, const struct claim *b)
{
	if (!a->nhs || !b->nhs)
		return EDIT_MISSING;
	if (a->nhs == b->nhs)
		return a->flags & CLAIM_NHS ? EDIT_EQUAL : EDIT_ONE;
	return is_one_edit(a->nhs_digits, b->nhs_digits, 4) ? EDIT_ONE : EDIT_ELSE;
}

/* Letters of two words of sixteen at most. */
static bool is_number_edit(const struct number_value *x, const struct number_value *y)
{
	if (x->n != y->n)
		return false;
	if (x->low == y->low)
		return is_one_edit(x->high, y->high, 8);
	return x->high == y->high && is_one_edit(x->low, y->low, 8);
}

static enum edit_level number_level(const struct number_value *values, uint32_t a, uint32_t b)
{
	if (!a || !b)
		return EDIT_MISSING;
	if (a == b)
		return EDIT_EQUAL;
	return is_number_edit(&values[a], &values[b]) ? EDIT_ONE : EDIT_ELSE;
}

/* Two numbers for a time say nothing against each other. */
static enum edit_level upn_level(const struct compared *a, const struct compared *b)
{
	if (!a->claim.upn || !b->claim.upn)
		return EDIT_MISSING;
	if (a->claim.upn == b->claim.upn)
		return EDIT_EQUAL;
	if (is_number_edit(&a->upn, &b->upn))
		return EDIT_ONE;
	return a->claim.flags & b->claim.flags & CLAIM_UPN ? EDIT_ELSE : EDIT_MISSING;
}

/* --- names
 * --------------------------------------------------------------------------------------------- */

bool compare_cache_init(struct compare_cache *cache, struct pool *pool, uint64_t pairs)
{
	unsigned bits = CACHE_BITS_LEAST;
	while (bits < CACHE_BITS && UINT64_C(1) << bits < pairs)
		bits++;
	return compare_cache_init_bits(cache, pool, bits);
}

bool compare_cache_init_bits(struct compare_cache *cache, struct pool *pool, unsigned bits)
{
	*cache = (struct compare_cache){
		.pairs = pool_take(pool, (size_t)1 << bits, sizeof *cache->pairs), .bits = bits
	};
	pool_touch(cache->pairs);
	return cache->pairs != NULL;
}

void compare_cache_finish(struct compare_cache *cache, struct pool *pool)
{
	pool_give(pool, cache->pairs);
	*cache = (struct compare_cache){ .pairs = NULL };
}

#define UNHEARD_MOST 2 /* claims with a name, and one more for so many claims */
#define UNHEARD_ONE_IN 50000

/* A name that hardly anybody is written with, and that no set knows. */
static bool is_unheard(const struct claims *claims, uint32_t name)
{
	return claims->name_values[name].whole.groups.n == 0 &&
	       claims->first_counts[name] + claims->surname_counts[name] <=
	               UNHEARD_MOST + claims->count / UNHEARD_ONE_IN;
}

/* Jaro-Winkler forgives a slip in a long name, and not at its beginning: one edit from a name to
 * what is none is a slip, however short the name. */
static bool is_slip(const struct claims *claims, uint32_t a, uint32_t b)
{
	return (is_unheard(claims, a) || is_unheard(claims, b)) &&
	       name_value_is_one_edit(&claims->name_values[a], &claims->name_values[b]);
}

enum name_half compare_look(const struct claims *claims, uint32_t a, uint32_t b)
{
	enum name_half half = (enum name_half)name_level(claims->name_set, &claims->name_values[a],
	                                                 &claims->name_values[b]);
	return half >= HALF_VARIANT && is_slip(claims, a, b) ? HALF_CLOSE : half;
}

static enum name_half look_up(const struct claims *claims, struct compare_cache *cache, uint32_t a,
                              uint32_t b)
{
	uint64_t both = a < b ? (uint64_t)a << 28 | b : (uint64_t)b << 28 | a;
	uint64_t *slot = &cache->pairs[both * UINT64_C(0x9E3779B97F4A7C15) >> (64 - cache->bits)];
	cache->asked++;
	if (*slot >> 8 == both)
		return (enum name_half)(*slot & 0xFF);
	cache->missed++;
	enum name_half half = compare_look(claims, a, b);
	*slot = both << 8 | half;
	return half;
}

/* Two names with what is known of each. */
static inline enum name_half half_of(const struct claims *claims, struct compare_cache *cache,
                                     uint32_t a, uint32_t b, const struct name_hint *of_a,
                                     const struct name_hint *of_b)
{
	if (a == b)
		return HALF_EQUAL;
	enum name_glance glance = name_glance(of_a, of_b);
	if (glance != NAME_GLANCE_LOOK)
		return glance == NAME_GLANCE_UNLIKE ? HALF_ELSE : HALF_VARIANT;
	return look_up(claims, cache, a, b);
}

enum name_half compare_half(const struct claims *claims, struct compare_cache *cache, uint32_t a,
                            uint32_t b)
{
	return half_of(claims, cache, a, b, &claims->name_hints[a], &claims->name_hints[b]);
}

#define SURNAME_TIMES 8 /* as often a surname as a first name: it is none */

/* One half of two names, and whose it is. */
struct name_sides {
	uint32_t a, b;
	const struct claim *of_a, *of_b;
};

/* Equal to one of the other's middle names, or to all of them. */
static bool is_middle(const struct claims *claims, uint32_t name, uint32_t middle)
{
	const struct middle_value *value = &claims->middle_values[middle];
	bool is = value->whole == name;
	for (size_t i = 0; i < value->count; i++)
		is = is || value->names[i] == name;
	return is;
}

/* Another form of one of them; an initial is too little. */
static bool is_like_middle(const struct claims *claims, struct compare_cache *cache, uint32_t name,
                           uint32_t middle)
{
	const struct middle_value *value = &claims->middle_values[middle];
	for (size_t i = 0; i < value->count; i++) {
		if (!name_word_is_initial(&claims->name_values[value->names[i]].whole) &&
		    compare_half(claims, cache, name, value->names[i]) < HALF_ELSE)
			return true;
	}
	return false;
}

/* Where the other half agrees, other forms are looked for too: of most pairs nothing does. */
static enum name_half with_middle(const struct claims *claims, struct compare_cache *cache,
                                  const struct name_sides *sides, bool is_supported)
{
	uint32_t left = sides->of_a->middle, right = sides->of_b->middle;
	bool is = (right && is_middle(claims, sides->a, right)) ||
	          (left && is_middle(claims, sides->b, left));
	if (!is && is_supported)
		is = (right && is_like_middle(claims, cache, sides->a, right)) ||
		     (left && is_like_middle(claims, cache, sides->b, left));
	return is ? HALF_MIDDLE : HALF_ELSE;
}

/* Hardly anybody is called so, many have it as a surname. */
static bool is_family_name(const struct claims *claims, uint32_t name)
{
	uint32_t first = claims->first_counts[name];
	return claims->surname_counts[name] / SURNAME_TIMES >= (first > 0 ? first : 1);
}

/* a's first name in the place of b's surname, in another form or not; an initial is too little. */
static bool is_across(const struct claims *claims, struct compare_cache *cache,
                      const struct compared *a, const struct compared *b)
{
	const struct claim *x = &a->claim, *y = &b->claim;
	return x->first && y->surname &&
	       (x->first_start[0] == y->surname_start[0] || x->first_sound == y->surname_sound ||
	        name_hint_may_be_variant(&a->first, &b->surname)) &&
	       a->first.n > 1 && b->surname.n > 1 &&
	       half_of(claims, cache, x->first, y->surname, &a->first, &b->surname) <= HALF_VARIANT;
}

/* Of names of three parts: b's surname is a's first name, and b's first name is a's middle one. */
static bool is_turned(const struct claims *claims, struct compare_cache *cache,
                      const struct compared *a, const struct compared *b)
{
	return a->claim.middle && b->claim.first && is_across(claims, cache, a, b) &&
	       is_like_middle(claims, cache, b->claim.first, a->claim.middle);
}

/* What neither half agrees in: changed over, or one name at least in the other's place. */
static unsigned level_across(const struct claims *claims, struct compare_cache *cache,
                             const struct compared *a, const struct compared *b,
                             enum name_half first, enum name_half surname)
{
	bool is_one = is_across(claims, cache, a, b), is_other = is_across(claims, cache, b, a);
	if (!is_one && !is_other)
		return NAME_LEVEL(first, surname);
	if ((is_one && is_other) || is_turned(claims, cache, a, b) ||
	    is_turned(claims, cache, b, a))
		return NAME_SWAPPED;
	/* A family's name in the wrong place is what a family shares. */
	if (is_family_name(claims, is_one ? b->claim.surname : a->claim.surname))
		return NAME_LEVEL(first, HALF_EQUAL);
	return NAME_LEVEL(HALF_MIDDLE, surname);
}

/* Which of the two a name by itself is nobody wrote, and its place is a guess: it is the other's
 * first name or surname, whichever agrees, and by a first name one is called. An initial is too
 * little. */
static unsigned level_of_lone(const struct claims *claims, struct compare_cache *cache,
                              const struct compared *a, const struct compared *b, unsigned level)
{
	bool is_of_a = a->claim.first && b->claim.surname;
	const struct compared *x = is_of_a ? a : b, *y = is_of_a ? b : a;
	if (!x->claim.first || !y->claim.surname || (x->claim.surname && y->claim.first) ||
	    x->first.n <= 1 || y->surname.n <= 1)
		return level;
	enum name_half half =
		half_of(claims, cache, x->claim.first, y->claim.surname, &x->first, &y->surname);
	if (half >= HALF_ELSE)
		return level;
	return !x->claim.surname && y->claim.first ? NAME_LEVEL(HALF_MISSING, half)
	                                           : NAME_LEVEL(half, HALF_MISSING);
}

static unsigned name_level_of(const struct claims *claims, struct compare_cache *cache,
                              const struct compared *a, const struct compared *b)
{
	const struct claim *x = &a->claim, *y = &b->claim;
	enum name_half first = x->first && y->first ? half_of(claims, cache, x->first, y->first,
	                                                      &a->first, &b->first)
	                                            : HALF_MISSING;
	enum name_half surname =
		x->surname && y->surname
			? half_of(claims, cache, x->surname, y->surname, &a->surname, &b->surname)
			: HALF_MISSING;
	bool is_first = first && first < HALF_ELSE, is_surname = surname && surname < HALF_ELSE;
	/* Of most pairs no name can be a middle one: their bits say so. */
	if (first == HALF_ELSE &&
	    (is_surname || (a->first_bit & b->given) | (b->first_bit & a->given)))
		first = with_middle(claims, cache, &(struct name_sides){ x->first, y->first, x, y },
		                    is_surname);
	if (surname == HALF_ELSE &&
	    (is_first || (a->surname_bit & b->given) | (b->surname_bit & a->given)))
		surname =
			with_middle(claims, cache,
		                    &(struct name_sides){ x->surname, y->surname, x, y }, is_first);
	if (first >= HALF_MIDDLE && surname >= HALF_MIDDLE)
		return level_across(claims, cache, a, b, first, surname);
	/* Both have it where the first name belongs. */
	if (first == HALF_EQUAL && surname > HALF_VARIANT && is_family_name(claims, x->first))
		return NAME_LEVEL(surname, first);
	unsigned level = NAME_LEVEL(first, surname);
	bool is_lone = level == NAME_LEVEL(HALF_MISSING, HALF_MISSING) ||
	               level == NAME_LEVEL(HALF_MISSING, HALF_ELSE) ||
	               level == NAME_LEVEL(HALF_ELSE, HALF_MISSING);
	return is_lone ? level_of_lone(claims, cache, a, b, level) : level;
}

/* Where a middle name stood for a first name or a surname it has had its say; unless that was so
 * on both sides. */
static enum edit_level middle_level(const struct claims *claims, struct compare_cache *cache,
                                    const struct compared *of_a, const struct compared *of_b,
                                    unsigned name)
{
	const struct claim *a = &of_a->claim, *b = &of_b->claim;
	if (!a->middle || !b->middle)
		return EDIT_MISSING;
	if (name != NAME_SWAPPED && name / HALF_COUNT == HALF_MIDDLE)
		return is_like_middle(claims, cache, a->first, b->middle) &&
		                       is_like_middle(claims, cache, b->first, a->middle)
		               ? EDIT_ONE
		               : EDIT_MISSING;
	if (name != NAME_SWAPPED && name % HALF_COUNT == HALF_MIDDLE)
		return EDIT_MISSING;
	if (a->middle == b->middle)
		return EDIT_EQUAL;
	return half_of(claims, cache, of_a->middle_whole, of_b->middle_whole, &of_a->middle,
	               &of_b->middle) < HALF_ELSE
	               ? EDIT_ONE
	               : EDIT_ELSE;
}

/* --- claims
 * -------------------------------------------------------------------------------------------- */

void compare_ready(struct compared *out, const struct claims *claims, const struct claim *claim)
{
	const struct middle_value *middle = &claims->middle_values[claim->middle];
	out->claim = *claim;
	out->first = claims->name_hints[claim->first];
	out->surname = claims->name_hints[claim->surname];
	out->middle = claims->name_hints[middle->whole];
	out->middle_whole = middle->whole;
	out->given = middle->given;
	out->upn = claims->upn_values[claim->upn];
	out->first_bit = claims_given_bit(claim->first);
	out->surname_bit = claims_given_bit(claim->surname);
}

pattern_of_levels compare_ready_claims(const struct claims *claims, struct compare_cache *cache,
                                       const struct compared *of_a, const struct compared *of_b)
{
	const struct claim *a = &of_a->claim, *b = &of_b->claim;
	unsigned name = name_level_of(claims, cache, of_a, of_b);
	pattern_of_levels out = name;
	out |= (uint32_t)compare_dob(a, b) << 6;
	out |= (uint32_t)postcode_level(a, b) << 9;
	out |= (uint32_t)address_level(a, b) << 11;
	out |= (uint32_t)phone_level(a, b) << 13;
	out |= (uint32_t)email_level(claims, a, b) << 15;
	out |= (uint32_t)nhs_level(a, b) << 17;
	out |= (uint32_t)upn_level(of_a, of_b) << 19;
	out |= (uint32_t)middle_level(claims, cache, of_a, of_b, name) << 21;
	out |= (uint32_t)(a->sex && b->sex ? a->sex == b->sex ? SAME_YES : SAME_NO : SAME_MISSING)
	       << 23;
	out |= (uint32_t)number_level(claims->other_values[0], a->other[0], b->other[0]) << 25;
	out |= (uint32_t)number_level(claims->other_values[1], a->other[1], b->other[1]) << 27;
	return out;
}

pattern_of_levels compare_claims(const struct claims *claims, struct compare_cache *cache,
                                 const struct claim *a, const struct claim *b)
{
	struct compared left, right;
	compare_ready(&left, claims, a);
	compare_ready(&right, claims, b);
	return compare_ready_claims(claims, cache, &left, &right);
}
