/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/model.h"

#include <math.h>

/* Sex is weak evidence whatever is estimated, in bits. */
#define SEX_LEAST (-4.0)
#define SEX_MOST 1.0
/* Who is looked after moves: another address weighs so little against at most. */
#define ADDRESS_LEAST (-2.0)
#define ADDRESS_MOST 100.0
/* Two births that have nothing in common are a father's and a son's of one name, in bits; unless so
 * many of one person's are such that they are no births. */
#define BIRTH_ELSE (-6.0)
#define NO_BIRTHS 0.5

struct model_parts model_parts(const struct model *model, pattern_of_levels pattern)
{
	struct model_parts out;
	for (size_t c = 0; c < MODEL_CLASSES; c++)
		out.of[c] = model->n[c];
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		unsigned level = compare_level(pattern, k);
		if (!level || !model->is_used[k])
			continue;
		for (size_t c = 0; c < MODEL_CLASSES; c++)
			out.of[c] *= model->p[c][k][level];
	}
	return out;
}

double model_weight(const struct model *model, pattern_of_levels pattern)
{
	struct model_parts parts = model_parts(model, pattern);
	return log2(parts.of[MODEL_M] /
	            (parts.of[MODEL_H] + parts.of[MODEL_S] + parts.of[MODEL_U]));
}

/* --- where it begins
 * ----------------------------------------------------------------------------------- */

static void set(double *p, const double *from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		p[i + 1] = from[i];
}

#define SET(model, class, comparison, ...)                                                         \
	set((model)->p[class][comparison], (const double[]){ __VA_ARGS__ },                        \
	    sizeof((const double[]){ __VA_ARGS__ }) / sizeof(double))

/* A joint cell from its halves. */
static void set_names(struct model *model, enum model_class class, const double first[HALF_COUNT],
                      const double surname[HALF_COUNT], double swapped)
{
	double *p = model->p[class][COMPARE_NAME];
	for (unsigned f = 0; f < HALF_COUNT; f++) {
		for (unsigned s = 0; s < HALF_COUNT; s++)
			p[NAME_LEVEL(f, s)] = first[f] * surname[s] * (1 - swapped);
	}
	p[NAME_SWAPPED] = swapped;
}

/* Two who have nothing to do with each other, and two of one street in what they have not in common
 * with it. */
static void start_anybody(struct model *model)
{
	static const double FIRST[] = { 1, .0022, .0008, .0025, .0024, .9921 },
			    SURNAME[] = { 1, .0022, .0005, .0008, .0001, .9964 };
	static const enum comparison AS_ANYBODY[] = { COMPARE_NAME,   COMPARE_NHS, COMPARE_UPN,
		                                      COMPARE_MIDDLE, COMPARE_SEX, COMPARE_OTHER_1,
		                                      COMPARE_OTHER_2 };
	set_names(model, MODEL_U, FIRST, SURNAME, 7e-6);
	/* A people's first names and surnames go together. */
	model->p[MODEL_U][COMPARE_NAME][NAME_LEVEL(HALF_EQUAL, HALF_EQUAL)] = 2.3e-5;
	SET(model, MODEL_U, COMPARE_DOB, .0001, .0023, .0035, .029, .0028, .9623, 1e-5);
	SET(model, MODEL_U, COMPARE_POSTCODE, 5e-5, .00013, .99982);
	SET(model, MODEL_U, COMPARE_ADDRESS, 7e-6, .0013, .998693);
	SET(model, MODEL_U, COMPARE_PHONE, 2e-6, .999998);
	SET(model, MODEL_U, COMPARE_EMAIL, 2e-6, 1e-6, .999997);
	SET(model, MODEL_U, COMPARE_NHS, 1e-7, 1e-6, 1);
	SET(model, MODEL_U, COMPARE_UPN, 1e-7, 1e-6, 1);
	SET(model, MODEL_U, COMPARE_MIDDLE, .004, .03, .966);
	SET(model, MODEL_U, COMPARE_SEX, .5, .5);
	SET(model, MODEL_U, COMPARE_OTHER_1, 1e-6, 1e-5, 1);
	SET(model, MODEL_U, COMPARE_OTHER_2, 1e-6, 1e-5, 1);
	for (size_t i = 0; i < sizeof AS_ANYBODY / sizeof *AS_ANYBODY; i++)
		memcpy(model->p[MODEL_S][AS_ANYBODY[i]], model->p[MODEL_U][AS_ANYBODY[i]],
		       sizeof model->p[MODEL_S][0]);
}

void model_start(struct model *model, const struct claims *claims)
{
	static const double M_FIRST[] = { 1, .78, .07, .09, .02, .04 },
			    M_SURNAME[] = { 1, .84, .06, .05, .01, .04 };
	static const double H_FIRST[] = { 1, .01, .02, .03, .01, .93 },
			    H_SURNAME[] = { 1, .85, .06, .05, .01, .03 };
	*model = (struct model){ .edge = 2 };
	model->clamp[COMPARE_SEX][0] = SEX_LEAST;
	model->clamp[COMPARE_SEX][1] = SEX_MOST;
	model->clamp[COMPARE_ADDRESS][0] = ADDRESS_LEAST;
	model->clamp[COMPARE_ADDRESS][1] = ADDRESS_MOST;
	for (enum comparison k = 0; k < COMPARE_COUNT; k++)
		model->is_used[k] = claims->has[compare_field(k)] ||
		                    (k == COMPARE_NAME && claims->has[FIELD_FIRST]);
	model->has_class[MODEL_M] = model->has_class[MODEL_U] = true;
	model->has_class[MODEL_S] = claims->has[FIELD_POSTCODE] || claims->has[FIELD_ADDRESS];
	model->has_class[MODEL_H] =
		model->has_class[MODEL_S] || claims->has[FIELD_PHONE] || claims->has[FIELD_EMAIL];
	set_names(model, MODEL_M, M_FIRST, M_SURNAME, .01);
	set_names(model, MODEL_H, H_FIRST, H_SURNAME, 1e-5);
	SET(model, MODEL_M, COMPARE_DOB, .88, .06, .02, .01, .01, .015, .005);
	SET(model, MODEL_H, COMPARE_DOB, .02, .01, .05, .08, .01, .82, .01);
	SET(model, MODEL_S, COMPARE_DOB, .0005, .002, .05, .06, .01, .8775, .0001);
	SET(model, MODEL_M, COMPARE_POSTCODE, .7, .05, .25);
	SET(model, MODEL_H, COMPARE_POSTCODE, .9, .04, .06);
	SET(model, MODEL_S, COMPARE_POSTCODE, .95, .02, .03);
	SET(model, MODEL_M, COMPARE_ADDRESS, .65, .1, .25);
	SET(model, MODEL_H, COMPARE_ADDRESS, .9, .05, .05);
	SET(model, MODEL_S, COMPARE_ADDRESS, .02, .5, .48);
	SET(model, MODEL_M, COMPARE_PHONE, .6, .4);
	SET(model, MODEL_H, COMPARE_PHONE, .6, .4);
	SET(model, MODEL_S, COMPARE_PHONE, .001, .999);
	SET(model, MODEL_M, COMPARE_EMAIL, .7, .1, .2);
	SET(model, MODEL_H, COMPARE_EMAIL, .05, .01, .94);
	SET(model, MODEL_S, COMPARE_EMAIL, .0001, .0001, .9998);
	SET(model, MODEL_M, COMPARE_NHS, .93, .05, .02);
	SET(model, MODEL_H, COMPARE_NHS, 1e-6, 1e-5, 1);
	SET(model, MODEL_M, COMPARE_UPN, .93, .04, .03);
	SET(model, MODEL_H, COMPARE_UPN, 1e-6, 1e-5, 1);
	SET(model, MODEL_M, COMPARE_MIDDLE, .75, .15, .1);
	SET(model, MODEL_H, COMPARE_MIDDLE, .02, .03, .95);
	SET(model, MODEL_M, COMPARE_SEX, .985, .015);
	SET(model, MODEL_H, COMPARE_SEX, .5, .5);
	for (enum comparison k = COMPARE_OTHER_1; k <= COMPARE_OTHER_2; k++) {
		SET(model, MODEL_M, k, .8, .1, .1);
		SET(model, MODEL_H, k, .001, .001, .998);
	}
	start_anybody(model);
	memcpy(model->elsewhere, model->p, sizeof model->elsewhere);
}

void model_keep_births(struct model *model)
{
	double most = model->p[MODEL_U][COMPARE_DOB][DOB_ELSE] * exp2(BIRTH_ELSE),
	       *m = &model->p[MODEL_M][COMPARE_DOB][DOB_ELSE];
	if (*m < NO_BIRTHS)
		*m = fmin(*m, most);
}

void model_keep_clamps(struct model *model)
{
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		double least = model->clamp[k][0], most = model->clamp[k][1];
		if (!(least < 0 || least > 0 || most < 0 || most > 0))
			continue;
		for (unsigned l = 1; l < compare_levels(k); l++) {
			double u = model->p[MODEL_U][k][l], *m = &model->p[MODEL_M][k][l];
			*m = fmin(fmax(*m, u * exp2(least)), u * exp2(most));
		}
	}
}

void model_begin_counts(struct model *model, uint32_t claims)
{
	model->n[MODEL_M] = claims * .8;
	model->n[MODEL_H] = model->has_class[MODEL_H] ? claims * 1.5 : 0;
	model->n[MODEL_S] = model->has_class[MODEL_S] ? claims * 15. : 0;
}
