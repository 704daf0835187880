/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/bounds.h"

/* Shares of a class's pairs. Two of a household have one first name where a son has his father's,
 * names that are near and one birthday where they are twins; files with births, one child in ten a
 * twin among them, show half of it at most. Of one person's pairs four in a hundred have another
 * first name where spelling is at its worst. */
#define HOUSE_SAME 0.005
#define HOUSE_CLOSE 0.005
#define HOUSE_VARIANT 0.01
#define HOUSE_BIRTH 0.05
#define HOUSE_BIRTH_EDIT 0.01
#define PERSON_ELSE 0.1

/* Of one person, at most. */
#define BIRTH_ELSE 0.02
#define SEX_ELSE 0.03
#define PAIRS_EACH 3.0 /* a claim */
#define ENOUGH 200.0   /* pairs: of fewer a chance says little, and leans on elsewhere */
#define VOUCHED 0.5    /* of one person's pairs have both names on both sides */

static double first_of(const double names[LEVELS_MAX], unsigned first)
{
	double out = 0;
	for (unsigned s = 1; s < HALF_COUNT; s++)
		out += names[NAME_LEVEL(first, s)];
	return out;
}

/* How much of each part of a whole is left, so that none is more than its share of what is left. */
static void bound(const double parts[LEVELS_MAX], const double most[LEVELS_MAX], unsigned count,
                  double out[LEVELS_MAX])
{
	double within = 0, rest = 1;
	for (unsigned i = 1; i < count; i++) {
		within += most[i] > 0 ? 0 : parts[i];
		rest -= most[i];
	}
	for (unsigned i = 1; i < count; i++) {
		double share = within / rest * most[i];
		out[i] = most[i] > 0 && parts[i] > share ? share / parts[i] : 1;
	}
}

static void keep_names(double names[LEVELS_MAX], enum model_class class)
{
	static const double MOST[MODEL_CLASSES][LEVELS_MAX] = {
		[MODEL_M] = { [HALF_ELSE] = PERSON_ELSE },
		[MODEL_H] = { [HALF_EQUAL] = HOUSE_SAME,
		              [HALF_CLOSE] = HOUSE_CLOSE,
		              [HALF_VARIANT] = HOUSE_VARIANT },
	};
	double parts[LEVELS_MAX] = { 0 }, left[LEVELS_MAX];
	for (unsigned f = 1; f < HALF_COUNT; f++)
		parts[f] = first_of(names, f);
	bound(parts, MOST[class], HALF_COUNT, left);
	for (unsigned f = 1; f < HALF_COUNT; f++) {
		for (unsigned s = 1; s < HALF_COUNT; s++)
			names[NAME_LEVEL(f, s)] *= left[f];
	}
}

void bounds_keep(double seen[COMPARE_COUNT][LEVELS_MAX], enum model_class class)
{
	static const double BIRTH[LEVELS_MAX] = {
		[DOB_EQUAL] = HOUSE_BIRTH, [DOB_EDIT] = HOUSE_BIRTH_EDIT
	};
	double left[LEVELS_MAX];
	keep_names(seen[COMPARE_NAME], class);
	if (class != MODEL_H)
		return;
	bound(seen[COMPARE_DOB], BIRTH, compare_levels(COMPARE_DOB), left);
	for (unsigned l = 1; l < compare_levels(COMPARE_DOB); l++)
		seen[COMPARE_DOB][l] *= left[l];
}

static double names_of(const double names[LEVELS_MAX])
{
	double out = names[NAME_SWAPPED];
	for (unsigned f = 1; f < HALF_COUNT; f++)
		out += first_of(names, f);
	return out;
}

/* Whether anything is compared that two of one household have not in common. */
static bool tells_people(const struct model *model, const struct claims *claims)
{
	bool is_household = true;
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		bool shares = k == COMPARE_NAME ? !claims->has[FIELD_FIRST]
		                                : k == COMPARE_POSTCODE || k == COMPARE_ADDRESS ||
		                                          k == COMPARE_PHONE || k == COMPARE_SEX;
		is_household = is_household && (shares || !model->is_used[k]);
	}
	return !is_household;
}

/* Where first names vouch for it that a pair is one person's, births and sex that differ are bad
 * births and a bad column of sex, which estimation finds to say little. */
enum model_breach bounds_look(const struct model *model, const struct claims *claims,
                              const double names[LEVELS_MAX])
{
	const double(*m)[LEVELS_MAX] = model->p[MODEL_M];
	double pairs = model->n[MODEL_M];
	if (pairs < ENOUGH)
		return MODEL_SOUND;
	if (!tells_people(model, claims))
		return MODEL_NOTHING;
	if (pairs > PAIRS_EACH * claims->count)
		return MODEL_PAIRS;
	if (names_of(names) > VOUCHED * pairs)
		return MODEL_SOUND;
	if (model->is_used[COMPARE_DOB] && m[COMPARE_DOB][DOB_ELSE] > BIRTH_ELSE)
		return MODEL_BIRTH;
	return model->is_used[COMPARE_SEX] && m[COMPARE_SEX][SAME_NO] > SEX_ELSE ? MODEL_SEX
	                                                                         : MODEL_SOUND;
}

struct str bounds_words(enum model_breach breach)
{
	switch (breach) {
	case MODEL_SOUND:
		break;
	case MODEL_BIRTH:
		return STR("births of one person would differ in more than 2 pairs of 100");
	case MODEL_SEX:
		return STR("the sex of one person would differ in more than 3 pairs of 100");
	case MODEL_NOTHING:
		return STR("nothing that is compared tells two of one household apart");
	case MODEL_PAIRS:
		return STR("there would be more than 3 pairs of one person for each record");
	}
	return STR_NONE;
}
