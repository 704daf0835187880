/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/score.h"

#include <math.h>

#define SEEN_LEAST 5.0 /* claims: fewer are no evidence that a value is rare */
#define JOINT_LEAST 20 /* claims with a full name, for its own frequency to count */
#define UNDER_EDGE 0.5 /* bits */

/* --- full names
 * --------------------------------------------------------------------------------------- */

static size_t slot_of(const struct full_names *names, uint64_t key)
{
	size_t at = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 24) & names->mask;
	while (names->keys[at] && names->keys[at] != key)
		at = (at + 1) & names->mask;
	return at;
}

bool full_names_make(struct full_names *names, const struct claims *claims)
{
	size_t room = 1024, there = 0;
	while (room < (size_t)claims->count * 2)
		room *= 2;
	*names = (struct full_names){ .pool = claims->pool, .mask = room - 1, .ratio = 1 };
	names->keys = pool_take(claims->pool, room, sizeof *names->keys);
	names->counts = pool_take(claims->pool, room, sizeof *names->counts);
	if (!names->keys || !names->counts) {
		full_names_finish(names);
		return false;
	}
	for (uint32_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->claims[i];
		if (!claim->first || !claim->surname)
			continue;
		uint64_t key = (uint64_t)claim->first << 32 | claim->surname;
		size_t at = slot_of(names, key);
		names->keys[at] = key;
		names->pairs += names->counts[at]++;
		there++;
	}
	names->there = claims_pairs((double)there);
	uint32_t codes = claims->names.texts.count;
	double alone = claims_pairs_equal(claims->first_counts, codes) *
	               claims_pairs_equal(claims->surname_counts, codes);
	if (alone > 0 && names->there > 0)
		names->ratio = fmax(names->pairs * names->there / alone, 1);
	return true;
}

void full_names_finish(struct full_names *names)
{
	if (!names->pool)
		return;
	pool_give(names->pool, names->keys);
	pool_give(names->pool, names->counts);
	*names = (struct full_names){ .pool = NULL };
}

uint32_t full_names_count(const struct full_names *names, uint32_t first, uint32_t surname)
{
	return names->counts[slot_of(names, (uint64_t)first << 32 | surname)];
}

/* --- frequency
 * ----------------------------------------------------------------------------------------- */

static double share_of(const struct scorer *scorer, double count)
{
	return fmax(count, SEEN_LEAST) / scorer->claims->count;
}

/* log2 of how much more frequent a value is than values that agree are by themselves. */
struct frequency {
	double anybody, household; /* bits */
};

static double marginal_first(const struct model *model)
{
	double out = 0;
	for (unsigned s = 1; s < HALF_COUNT; s++)
		out += model->p[MODEL_U][COMPARE_NAME][NAME_LEVEL(HALF_EQUAL, s)];
	return out;
}

static double marginal_surname(const struct model *model)
{
	double out = 0;
	for (unsigned f = 1; f < HALF_COUNT; f++)
		out += model->p[MODEL_U][COMPARE_NAME][NAME_LEVEL(f, HALF_EQUAL)];
	return out;
}

static void add_names(const struct scorer *scorer, const struct claim *a, const struct claim *b,
                      unsigned level, struct frequency *out)
{
	const struct claims *claims = scorer->claims;
	if (level == NAME_SWAPPED)
		return;
	unsigned f = level / HALF_COUNT, s = level % HALF_COUNT;
	double first = share_of(scorer, claims->first_counts[a->first]);
	/* A surname may stand where the first name belongs, on both sides. */
	uint32_t shared = a->surname == b->surname ? a->surname : a->first;
	double surname = share_of(scorer, claims->surname_counts[shared]);
	if (f == HALF_EQUAL)
		out->household += log2(first / marginal_first(scorer->model));
	if (f == HALF_EQUAL && s == HALF_EQUAL) {
		uint32_t both = full_names_count(scorer->names, a->first, a->surname);
		double joint = both >= JOINT_LEAST ? (double)both / claims->count
		                                   : first * surname * scorer->names->ratio;
		out->anybody += log2(joint / scorer->model->p[MODEL_U][COMPARE_NAME][level]);
	} else if (f == HALF_EQUAL) {
		out->anybody += log2(first / marginal_first(scorer->model));
	} else if (s == HALF_EQUAL) {
		out->anybody += log2(surname / marginal_surname(scorer->model));
	}
}

static struct frequency frequency_of(const struct scorer *scorer, const struct claim *a,
                                     const struct claim *b, pattern_of_levels pattern)
{
	const struct claims *claims = scorer->claims;
	const struct model *model = scorer->model;
	struct frequency out = { 0 };
	unsigned name = compare_level(pattern, COMPARE_NAME);
	if (name)
		add_names(scorer, a, b, name, &out);
	if (compare_level(pattern, COMPARE_DOB) == DOB_EQUAL)
		out.anybody += log2(share_of(scorer, claims->dates.counts[a->dob]) /
		                    model->p[MODEL_U][COMPARE_DOB][DOB_EQUAL]);
	if (compare_level(pattern, COMPARE_POSTCODE) == EDIT_EQUAL)
		out.anybody += log2(share_of(scorer, claims->postcodes.counts[a->postcode]) /
		                    model->p[MODEL_U][COMPARE_POSTCODE][EDIT_EQUAL]);
	out.anybody = fmin(fmax(out.anybody, -SCORE_FREQUENCY_MOST), SCORE_FREQUENCY_MOST);
	out.household = fmin(fmax(out.household, -SCORE_FREQUENCY_MOST), SCORE_FREQUENCY_MOST);
	return out;
}

/* Bits by which a value that is as rare as any may be worth more than values that agree are by
 * themselves. */
static double rarest(double chance, double share)
{
	return fmax(log2(chance / share), 0);
}

double score_most(const struct claims *claims, const struct model *model, pattern_of_levels pattern)
{
	double share = SEEN_LEAST / fmax(claims->count, SEEN_LEAST), more = 0;
	unsigned name = compare_level(pattern, COMPARE_NAME);
	bool is_first = name != NAME_SWAPPED && name / HALF_COUNT == HALF_EQUAL;
	bool is_surname = name != NAME_SWAPPED && name % HALF_COUNT == HALF_EQUAL;
	if (is_first && is_surname)
		more += rarest(model->p[MODEL_U][COMPARE_NAME][name], share * share);
	else if (is_first)
		more += rarest(marginal_first(model), share);
	else if (is_surname)
		more += rarest(marginal_surname(model), share);
	if (compare_level(pattern, COMPARE_DOB) == DOB_EQUAL)
		more += rarest(model->p[MODEL_U][COMPARE_DOB][DOB_EQUAL], share);
	if (compare_level(pattern, COMPARE_POSTCODE) == EDIT_EQUAL)
		more += rarest(model->p[MODEL_U][COMPARE_POSTCODE][EDIT_EQUAL], share);
	return model_weight(model, pattern) + fmin(more, SCORE_FREQUENCY_MOST);
}

/* --- rules
 * -----------------------------------------------------------------------------------------------
 */

static bool is_numbered(pattern_of_levels pattern)
{
	return compare_level(pattern, COMPARE_NHS) == EDIT_EQUAL ||
	       compare_level(pattern, COMPARE_UPN) == EDIT_EQUAL;
}

static unsigned first_half(unsigned level)
{
	return level == NAME_SWAPPED ? HALF_EQUAL : level / HALF_COUNT;
}

static unsigned surname_half(unsigned level)
{
	return level == NAME_SWAPPED ? HALF_EQUAL : level % HALF_COUNT;
}

static bool is_one_house(pattern_of_levels pattern)
{
	return compare_level(pattern, COMPARE_ADDRESS) == ADDRESS_HOUSE ||
	       (compare_level(pattern, COMPARE_POSTCODE) == EDIT_EQUAL &&
	        compare_level(pattern, COMPARE_PHONE) == SAME_YES);
}

/* Twins have one birthday and one house, and often names that are near. */
static bool is_twins(pattern_of_levels pattern)
{
	unsigned first = first_half(compare_level(pattern, COMPARE_NAME));
	if (compare_level(pattern, COMPARE_DOB) != DOB_EQUAL || is_numbered(pattern) ||
	    !is_one_house(pattern))
		return false;
	return first == HALF_ELSE || ((first == HALF_CLOSE || first == HALF_VARIANT) &&
	                              compare_level(pattern, COMPARE_MIDDLE) == EDIT_ELSE);
}

/* Another surname wants a third thing besides first name and birthday. */
static bool is_by_first_alone(pattern_of_levels pattern)
{
	return surname_half(compare_level(pattern, COMPARE_NAME)) == HALF_ELSE &&
	       !is_numbered(pattern) && compare_level(pattern, COMPARE_ADDRESS) != ADDRESS_HOUSE &&
	       compare_level(pattern, COMPARE_POSTCODE) != EDIT_EQUAL &&
	       compare_level(pattern, COMPARE_PHONE) != SAME_YES &&
	       compare_level(pattern, COMPARE_EMAIL) != EDIT_EQUAL &&
	       compare_level(pattern, COMPARE_OTHER_1) != EDIT_EQUAL &&
	       compare_level(pattern, COMPARE_OTHER_2) != EDIT_EQUAL;
}

struct scored score_pair(const struct scorer *scorer, const struct claim *a, const struct claim *b,
                         pattern_of_levels pattern)
{
	struct model_parts parts = model_parts(scorer->model, pattern);
	struct scored out = { .rule = SCORE_NO_RULE, .parts = parts };
	double cap = scorer->model->edge - UNDER_EDGE;
	double plain = log2(parts.of[MODEL_M] /
	                    (parts.of[MODEL_H] + parts.of[MODEL_S] + parts.of[MODEL_U]));
	out.weight = plain;
	if (scorer->has_frequency) {
		struct frequency frequency = frequency_of(scorer, a, b, pattern);
		double anybody = exp2(frequency.anybody), household = exp2(frequency.household);
		out.parts.of[MODEL_H] *= household;
		out.parts.of[MODEL_S] *= anybody;
		out.parts.of[MODEL_U] *= anybody;
		out.weight = log2(
			out.parts.of[MODEL_M] /
			(out.parts.of[MODEL_H] + out.parts.of[MODEL_S] + out.parts.of[MODEL_U]));
	}
	out.frequency = out.weight - plain;
	if (!scorer->has_rules || out.weight <= cap)
		return out;
	out.rule = is_twins(pattern)            ? SCORE_TWINS
	           : is_by_first_alone(pattern) ? SCORE_SURNAME
	                                        : SCORE_NO_RULE;
	if (out.rule != SCORE_NO_RULE)
		out.weight = cap;
	return out;
}
