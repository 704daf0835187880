/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/family.h"
#include "match/score.h"

#include <math.h>

#define SEEN_LEAST 5.0 /* claims: fewer are no evidence that a value is rare */
#define LEAN 200.0     /* claims: as if so many of elsewhere said how frequent a value is */
#define UNDER_EDGE 0.5 /* bits */
#define NEAR_MOST 5.5  /* bits: a person confirms each, none is linked with others at once */

/* --- frequency
 * ----------------------------------------------------------------------------------------- */

/* Of claims; where few are expected to agree by chance, few that do are no evidence that the value
 * is frequent, nor is it in a small file, where two of few are one person's. */
static double share_of(const struct scorer *scorer, double count, double chance)
{
	double least = fmin(SEEN_LEAST / scorer->claims->count, chance);
	return fmax((count + LEAN * chance) / (scorer->claims->count + LEAN), least);
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

/* Bits of one half: of an equal name its own frequency, of another form half of what both say. */
static double half_bits(const struct scorer *scorer, const uint32_t *counts, uint32_t a, uint32_t b,
                        unsigned half, double chance)
{
	double left = share_of(scorer, counts[a], chance),
	       right = share_of(scorer, counts[b], chance);
	if (half == HALF_EQUAL)
		return log2(left / chance);
	return half == HALF_CLOSE || half == HALF_VARIANT
	               ? log2(left * right / (chance * chance)) / 4
	               : 0;
}

/*
 * Claims of other people that one expects of a full name: by its halves so many, and there are so
 * many that are not one's own. The more there are, the less the halves count. Others come in as
 * many claims each as oneself does.
 */
static double others_of(const struct scorer *scorer, double by_halves, double all)
{
	const struct model *model = scorer->model;
	double own =
		1 + 2 * model->n[MODEL_M] *
			    model->p[MODEL_M][COMPARE_NAME][NAME_LEVEL(HALF_EQUAL, HALF_EQUAL)] /
			    scorer->claims->count;
	return (1 + fmax(all - own, 0) / own) / (1 / by_halves + 1 / own);
}

static double both_bits(const struct scorer *scorer, const struct claim *a, const struct claim *b,
                        unsigned level, double first, double surname)
{
	const double *u = scorer->model->p[MODEL_U][COMPARE_NAME];
	unsigned f = level / HALF_COUNT, s = level % HALF_COUNT;
	double chance = u[NAME_LEVEL(f, 0)] * u[NAME_LEVEL(0, s)];
	double ties = full_names_ties(scorer->names, a, b);
	double bits = first + surname + log2(ties * chance / u[level]);
	if (level != NAME_LEVEL(HALF_EQUAL, HALF_EQUAL))
		return bits;
	double count = scorer->claims->count, by_halves = exp2(bits) * u[level] * count;
	uint32_t both = full_names_count(scorer->names, a->first, a->surname);
	return log2(others_of(scorer, by_halves, both) / (u[level] * count));
}

/* A surname may stand where the first name belongs, on one side or on both. */
static uint32_t shared_surname(const struct claims *claims, const struct claim *a,
                               const struct claim *b)
{
	if (a->first == b->first)
		return a->first;
	return claims->surname_counts[a->surname] > claims->surname_counts[b->surname] ? a->surname
	                                                                               : b->surname;
}

/* A name by itself, which may stand in the place of either. */
static uint32_t first_of(const struct claim *claim)
{
	return claim->first ? claim->first : claim->surname;
}

static uint32_t surname_of(const struct claim *claim)
{
	return claim->surname ? claim->surname : claim->first;
}

static void add_names(const struct scorer *scorer, const struct claim *a, const struct claim *b,
                      unsigned level, struct frequency *out)
{
	const struct claims *claims = scorer->claims;
	const struct model *model = scorer->model;
	if (level == NAME_SWAPPED)
		return;
	unsigned f = level / HALF_COUNT, s = level % HALF_COUNT;
	uint32_t first_a = first_of(a), first_b = first_of(b);
	double first =
		half_bits(scorer, claims->first_counts, first_a, first_b, f, marginal_first(model));
	uint32_t left = surname_of(a), right = surname_of(b);
	if (s == HALF_EQUAL && left != right)
		left = right = shared_surname(claims, a, b);
	double surname =
		half_bits(scorer, claims->surname_counts, left, right, s, marginal_surname(model));
	if (f == HALF_EQUAL)
		out->household += log2(full_names_household(scorer->names, first_a, exp2(first)));
	else if (f == HALF_CLOSE || f == HALF_VARIANT)
		out->household += log2(family_again(scorer->names, first_a, 1) *
		                       family_again(scorer->names, first_b, 1)) /
		                  2;
	if (f && f <= HALF_VARIANT && s && s <= HALF_VARIANT)
		out->anybody += both_bits(scorer, a, b, level, first, surname);
	else
		out->anybody += first + surname;
}

/* Of a value that agrees; the less of those that agree are other people's, the less it says. */
static double value_bits(const struct scorer *scorer, double count, double chance, double any)
{
	return log2(share_of(scorer, count, chance) / chance) * chance / fmax(any, chance);
}

static struct frequency frequency_of(const struct scorer *scorer, const struct claim *a,
                                     const struct claim *b, pattern_of_levels pattern)
{
	const struct claims *claims = scorer->claims;
	const double(*u)[LEVELS_MAX] = scorer->model->p[MODEL_U];
	struct frequency out = { 0 };
	unsigned name = compare_level(pattern, COMPARE_NAME);
	const bool *is_flat = scorer->model->is_flat;
	if (name && !is_flat[COMPARE_NAME])
		add_names(scorer, a, b, name, &out);
	if (compare_level(pattern, COMPARE_DOB) == DOB_EQUAL && !is_flat[COMPARE_DOB])
		out.anybody += value_bits(scorer, claims->dates.counts[a->dob],
		                          u[COMPARE_DOB][DOB_EQUAL], scorer->dates);
	if (compare_level(pattern, COMPARE_POSTCODE) == EDIT_EQUAL && !is_flat[COMPARE_POSTCODE])
		out.anybody += value_bits(scorer, claims->postcodes.counts[a->postcode],
		                          u[COMPARE_POSTCODE][EDIT_EQUAL], scorer->postcodes);
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
	unsigned f = name == NAME_SWAPPED ? 0 : name / HALF_COUNT,
		 s = name == NAME_SWAPPED ? 0 : name % HALF_COUNT;
	bool is_first = f && f <= HALF_VARIANT, is_surname = s && s <= HALF_VARIANT;
	if (is_first && is_surname)
		more += SCORE_FREQUENCY_MOST;
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

static double chance_of(const struct claims *claims, const struct value_set *set)
{
	double there = claims_pairs((double)(claims->count - set->counts[0]));
	return there > 0 ? claims_pairs_equal(set->counts, set->texts.count) / there : 0;
}

struct scorer scorer_of(const struct claims *claims, const struct model *model,
                        const struct full_names *names)
{
	return (struct scorer){ .claims = claims,
		                .model = model,
		                .names = names,
		                .dates = chance_of(claims, &claims->dates),
		                .postcodes = chance_of(claims, &claims->postcodes),
		                .has_frequency = true,
		                .has_rules = true };
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

static bool is_of_one_birth(pattern_of_levels pattern)
{
	return compare_level(pattern, COMPARE_DOB) == DOB_EQUAL && !is_numbered(pattern) &&
	       is_one_house(pattern);
}

/* Twins have one birthday and one house, and often names that are near. */
static bool is_twins(pattern_of_levels pattern)
{
	unsigned first = first_half(compare_level(pattern, COMPARE_NAME));
	return is_of_one_birth(pattern) &&
	       (first == HALF_ELSE || ((first == HALF_CLOSE || first == HALF_VARIANT) &&
	                               compare_level(pattern, COMPARE_MIDDLE) == EDIT_ELSE));
}

bool score_may_be_twins(pattern_of_levels pattern)
{
	unsigned name = compare_level(pattern, COMPARE_NAME), surname = surname_half(name);
	unsigned address = compare_level(pattern, COMPARE_ADDRESS);
	bool is_elsewhere = address == ADDRESS_ELSE || address == ADDRESS_STREET ||
	                    compare_level(pattern, COMPARE_POSTCODE) == EDIT_ELSE;
	return compare_level(pattern, COMPARE_DOB) == DOB_EQUAL && !is_numbered(pattern) &&
	       first_half(name) == HALF_ELSE && surname && surname <= HALF_VARIANT &&
	       (is_one_house(pattern) || !is_elsewhere);
}

/* Alice and Alicia, Jon and Ian may be twins; Ann and Anne are written so nearly alike that it may
 * be a slip. */
static bool is_near_twins(const struct claims *claims, const struct claim *a, const struct claim *b,
                          pattern_of_levels pattern)
{
	unsigned first = first_half(compare_level(pattern, COMPARE_NAME));
	return is_of_one_birth(pattern) && (first == HALF_CLOSE || first == HALF_VARIANT) &&
	       !name_word_is_close(&claims->name_values[a->first].whole,
	                           &claims->name_values[b->first].whole, NAME_CLOSE);
}

/* Another surname wants a third thing besides first name and birthday. */
static bool is_by_first_alone(pattern_of_levels pattern)
{
	return surname_half(compare_level(pattern, COMPARE_NAME)) == HALF_ELSE &&
	       !is_numbered(pattern) && compare_level(pattern, COMPARE_ADDRESS) != ADDRESS_HOUSE &&
	       compare_level(pattern, COMPARE_POSTCODE) != EDIT_EQUAL &&
	       compare_level(pattern, COMPARE_PHONE) != SAME_YES &&
	       (compare_level(pattern, COMPARE_EMAIL) == EDIT_MISSING ||
	        compare_level(pattern, COMPARE_EMAIL) == EDIT_ELSE) &&
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
	else if (out.weight > NEAR_MOST && is_near_twins(scorer->claims, a, b, pattern)) {
		out.rule = SCORE_NEAR;
		out.weight = NEAR_MOST;
	}
	return out;
}
