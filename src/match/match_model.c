/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A run's model: taken from a text, and given back as one. */
#include <math.h>

#include "match/match_parts.h"

#define LEAST_CHANCE 1e-12

static const char *const NAMES[] = { [MATCH_AUTO] = "auto",
	                             [MATCH_PEOPLE] = "people",
	                             [MATCH_WIDE] = "wide",
	                             [MATCH_DEMOG] = "people-demog" };

bool match_use_model(struct match *match, struct str name, struct str text, struct err *err)
{
	if (match->file_count)
		return err_set(err, ERR_USAGE, "A model is given before the files");
	match->given = arena_alloc(match->arena, 1, sizeof *match->given);
	match->given_file = arena_copy(match->arena, name);
	struct str kept = arena_copy(match->arena, text);
	if (!match->given || !kept.p || !match->given_file.p)
		return match_no_memory(err);
	if (!model_read(kept, match->given_file, match->arena, match->given, err))
		return false;
	match->claims.limits.hot = match->given->hot ? match->given->hot : match->limits.hot;
	match->limits.max_block =
		match->given->max_block ? match->given->max_block : match->limits.max_block;
	if (!match->limits.max_pairs)
		match->limits.max_pairs = match->given->max_pairs;
	return true;
}

/* --- taken
 * ---------------------------------------------------------------------------------------------------
 */

static void take_chances(struct model *model, const struct model_given *given)
{
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		/* A comparison that a model with chances does not name is none of it. */
		model->is_used[k] = model->is_used[k] && given->is_listed[k];
		for (size_t c = 0; c < MODEL_CLASSES; c++) {
			for (unsigned l = 1; l < compare_levels(k); l++) {
				if (given->p[c][k][l] >= 0)
					model->p[c][k][l] = fmax(given->p[c][k][l], LEAST_CHANCE);
			}
		}
	}
}

static void take_wishes(struct model *model, const struct model_given *given)
{
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		model->is_flat[k] = given->is_flat[k];
		if (given->has_clamp[k])
			memcpy(model->clamp[k], given->clamp[k], sizeof model->clamp[k]);
	}
}

static void note_absent_columns(struct match *match)
{
	for (size_t i = 0; i < match->given->column_count; i++) {
		struct str header = match->given->columns[i].header;
		bool is_there = false;
		for (size_t f = 0; f < match->file_count; f++) {
			for (size_t h = 0; h < match->header_count[f]; h++)
				is_there = is_there || str_eq(match->headers[f][h], header);
		}
		if (!is_there)
			notes_add(&match->notes, match->arena,
			          (struct note){ .file = match->given_file,
			                         .column = header,
			                         .what = STR("no file has it") });
	}
}

void match_take_counts(struct match *match)
{
	const struct model_given *given = match->given;
	struct model *model = &match->model;
	bool has_chances = given && model_given_has_chances(given);
	model_begin_counts(model, match->claims.count);
	/* Matches grow as the records do, pairs of anybody as their square. */
	double scale =
		given && given->n[MODEL_U] > 0 ? sqrt(model->n[MODEL_U] / given->n[MODEL_U]) : 1;
	for (size_t c = 0; has_chances && given->has_classes && c < MODEL_U; c++)
		model->n[c] = given->n[c] * scale;
}

bool match_take_given(struct match *match)
{
	const struct model_given *given = match->given;
	struct model *model = &match->model;
	bool has_chances = given && model_given_has_chances(given);
	if (given)
		take_wishes(model, given);
	if (given)
		note_absent_columns(match);
	if (has_chances)
		take_chances(model, given);
	match_take_counts(match);
	if (given && given->has_edge && !match->limits.has_edge)
		model->edge = given->edge;
	/* No group can hang on pairs that are not asked for. */
	model->edge = fmax(model->edge, match->limits.least);
	return has_chances;
}

/* --- given back
 * -----------------------------------------------------------------------------------------------
 */

struct str match_model_name(const struct match *match)
{
	return match->given && match->given->name.n ? match->given->name
	                                            : str_from_c(NAMES[match->set]);
}

static void put_column(struct model_given *out, struct model_column column)
{
	for (size_t i = 0; i < out->column_count; i++) {
		struct model_column *there = &out->columns[i];
		if (!str_eq(there->header, column.header))
			continue;
		/* Two files that differ: each is looked at anew. */
		there->order = there->order == column.order ? column.order : MODEL_ORDER_FOUND;
		return;
	}
	if (out->column_count < MODEL_GIVEN_COLUMNS)
		out->columns[out->column_count++] = column;
}

static void put_columns(const struct match *match, struct model_given *out)
{
	for (size_t f = 0; f < match->file_count; f++) {
		const struct columns *columns = &match->columns[f];
		for (size_t i = 0; i < match->header_count[f]; i++) {
			enum field field = columns->fields[i];
			bool is_read = field != FIELD_NONE && field != FIELD_REFUSED;
			if (!is_read && columns->why[i] != COLUMNS_UNWANTED)
				continue;
			/* What was not looked at is not to be read by whoever takes the model. */
			if (match->set == MATCH_DEMOG && demog_forgets(field))
				field = FIELD_NONE;
			put_column(out,
			           (struct model_column){ match->headers[f][i], field,
			                                  field == FIELD_DOB ? match->orders[f]
			                                                     : MODEL_ORDER_FOUND });
		}
	}
}

static void put_model(const struct model *model, struct model_given *out)
{
	out->has_edge = out->has_classes = true;
	out->edge = model->edge;
	memcpy(out->n, model->n, sizeof out->n);
	memcpy(out->clamp, model->clamp, sizeof out->clamp);
	memcpy(out->is_flat, model->is_flat, sizeof out->is_flat);
	memcpy(out->is_listed, model->is_used, sizeof out->is_listed);
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		const double *clamp = model->clamp[k];
		out->has_clamp[k] = clamp[0] < 0 || clamp[0] > 0 || clamp[1] < 0 || clamp[1] > 0;
		for (size_t c = 0; c < MODEL_CLASSES; c++)
			memcpy(out->p[c][k], model->p[c][k], sizeof out->p[c][k]);
	}
}

void match_save_model(const struct match *match, struct buf *out, struct arena *arena)
{
	struct model_given *given = arena_alloc(arena, 1, sizeof *given);
	if (!given) {
		out->full = true;
		return;
	}
	model_given_init(given);
	given->name = match_model_name(match);
	given->rules = match->rules;
	given->max_block = match->limits.max_block;
	given->hot = match->claims.limits.hot;
	given->max_pairs = match->limits.max_pairs;
	given->is_within = match->given && match->given->is_within;
	given->has_bars = true;
	given->bars_nhs = !match->bars.is_nhs_free;
	given->bars_upn = !match->bars.is_upn_free;
	given->bars_agency = match->bars.one_of_agency;
	put_columns(match, given);
	put_model(&match->model, given);
	model_write(given, out, arena);
}

/* --- a model by itself
 * ---------------------------------------------------------------------------------------- */

bool match_show_model(struct str name, struct str text, struct arena *arena, struct buf *out,
                      struct err *err)
{
	struct model_given *given = arena_alloc(arena, 1, sizeof *given);
	if (!given)
		return match_no_memory(err);
	if (!model_read(text, name, arena, given, err))
		return false;
	model_write(given, out, arena);
	return !out->full || match_no_memory(err);
}

bool match_show_set(enum match_model set, struct arena *arena, struct buf *out, struct err *err)
{
	struct model_given *given = arena_alloc(arena, 1, sizeof *given);
	struct claims *claims = arena_alloc(arena, 1, sizeof *claims);
	struct model *model = arena_alloc(arena, 1, sizeof *model);
	if (!given || !claims || !model)
		return match_no_memory(err);
	for (enum field field = 0; field < FIELD_COUNT; field++)
		claims->has[field] = true;
	if (set == MATCH_DEMOG)
		demog_keep(claims);
	model_start(model, claims);
	model_given_init(given);
	put_model(model, given);
	given->name = str_from_c(NAMES[set]);
	given->has_classes = false;
	/* What any two share by chance is the files' own. */
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		for (size_t l = 0; l < LEVELS_MAX; l++)
			given->p[MODEL_U][k][l] = -1;
	}
	rules_choose(&given->rules, claims, (enum rules_set)set);
	model_write(given, out, arena);
	return !out->full || match_no_memory(err);
}
