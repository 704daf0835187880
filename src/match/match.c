/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/demog.h"
#include "match/budget.h"
#include "match/match_parts.h"
#include "match/united.h"

#include <math.h>
#include <stdlib.h>

#define MEMORY ((size_t)8 << 30)
#define KEEP_UNDER                                                                                 \
	8.0 /* bits under what is asked for, by a rough model: what may yet be worth it */
#define KEEP_ALL (UINT64_C(1) << 22) /* pairs: so few are kept, whatever they are worth */
#define ROUGH_PART 4                 /* of as many pairs a quarter are enough for a rough model */
#define ROUGH_ONE_IN 64              /* blocks, at most */
#define RARE 8.0                     /* pairs of a part: fewer say little */
#define SCORED_LEAST UNITED_LEAST    /* bits: what is less is not kept, unless it is asked for */
#define SAMPLE UINT64_C(2000000)
#define ROUNDS 200

struct str match_phase_name(enum match_phase phase)
{
	static const char *const NAMES[MATCH_PHASES] = { "reading",   "preparing",  "blocking",
		                                         "comparing", "estimating", "grouping" };
	return str_from_c(NAMES[phase]);
}

double match_seconds(void)
{
	return (double)clock_read().boot_us / 1e6;
}

bool match_is_across(const struct match *match)
{
	return match->file_count == MATCH_FILES && !(match->given && match->given->is_within);
}

bool match_no_memory(struct err *err)
{
	return err_set(err, ERR_UNABLE,
	               "There is no memory for so many records; link fewer at a time");
}

bool match_open(const struct match_limits *limits, struct match **out, struct err *err)
{
	struct match *match = calloc(1, sizeof *match);
	*out = match;
	if (!match)
		return match_no_memory(err);
	match->limits = *limits;
	struct match_limits *l = &match->limits;
	l->memory = l->memory ? l->memory : MEMORY;
	l->threads = !l->threads ? 2 : l->threads > 64 ? 64 : l->threads;
	l->seed = l->seed ? l->seed : 1;
	l->max_block = l->max_block ? l->max_block : 1000;
	l->keep_all = l->keep_all ? l->keep_all : KEEP_ALL;
	l->hot = l->hot ? l->hot : 30;
	l->this_year = l->this_year ? l->this_year : 2026;
	match->least = l->least < SCORED_LEAST ? l->least : SCORED_LEAST;
	match->pool = l->wipes ? pool_create_wiping(l->memory) : pool_create(l->memory);
	match->arena = arena_create((size_t)16 << 20);
	struct claims_limits claims = { l->threads, l->seed, l->hot, l->this_year };
	if (match->pool && match->arena && claims_open(&match->claims, match->pool, &claims, err))
		return true;
	match_close(match);
	*out = NULL;
	return match_no_memory(err);
}

void match_close(struct match *match)
{
	if (!match)
		return;
	clusters_finish(&match->clusters);
	settled_finish(&match->settled[MATCH_APART]);
	settled_finish(&match->settled[MATCH_TOGETHER]);
	full_names_finish(&match->full_names);
	pairs_finish(&match->pairs);
	blocks_finish(&match->blocks);
	for (size_t i = 0; i < MATCH_FILES; i++)
		pool_give(match->pool, match->bad[i]);
	claims_finish(&match->claims);
	arena_destroy(match->arena);
	pool_destroy(match->pool);
	free(match);
}

/* --- fitting
 * -----------------------------------------------------------------------------------------------
 */

static bool tell(struct match *match, enum match_phase phase, uint64_t done, uint64_t of,
                 struct err *err)
{
	return !match->limits.progress ||
	       match->limits.progress(match->limits.ctx, phase, done, of) ||
	       err_set(err, ERR_UNABLE, "It was ended");
}

static bool tell_pairs(void *ctx, uint64_t done, uint64_t of)
{
	const struct match *match = ctx;
	return !match->limits.progress ||
	       match->limits.progress(match->limits.ctx, MATCH_COMPARING, done, of);
}

static bool prepare(struct match *match, enum match_model model, struct err *err)
{
	match->set = model;
	if (model == MATCH_DEMOG)
		demog_keep(&match->claims);
	if (!claims_prepare(&match->claims))
		return match_no_memory(err);
	match->block_limits = (struct block_limits){ .threads = match->limits.threads,
		                                     .max_block = match->limits.max_block,
		                                     .is_across = match_is_across(match),
		                                     .progress = tell_pairs,
		                                     .ctx = match };
	rules_choose(&match->rules, &match->claims, (enum rules_set)model);
	if (match->given && match->given->rules.count)
		match->rules = match->given->rules;
	return true;
}

/* Pairs that were not kept by the rough model, and may be worth something by the one that was
 * estimated. */
static uint64_t count_lost(const struct match *match, const struct pairs_keep *kept)
{
	uint64_t lost = 0;
	for (size_t i = 0; kept->model && i < match->pairs.pattern_count; i++) {
		pattern_of_levels pattern = match->pairs.patterns[i].pattern;
		if (score_most(&match->claims, &match->model, pattern) >= match->least &&
		    score_most(&match->claims, kept->model, pattern) < kept->least)
			lost += match->pairs.patterns[i].count;
	}
	return lost;
}

/* Once more, with what is known now. */
static bool make_again(struct match *match, struct err *err)
{
	struct pairs_keep keep = { &match->model, match->least };
	pairs_finish(&match->pairs);
	match->passes++;
	return pairs_make(&match->pairs, &match->blocks, &match->block_limits, &keep) ||
	       match_no_memory(err);
}

static uint64_t most_pairs(const struct match *match)
{
	uint64_t out = 0;
	for (size_t r = 0; r < match->rules.count; r++)
		out += match->blocks.by_rule[r].pairs;
	return out;
}

/* A part of all blocks is too little to say how seldom two numbers of one person differ, or two
 * names go together in some way: as it began with, unless that was seen. */
static void doubt_rare(struct model *rough, const struct model *start, uint32_t one_in)
{
	double thin = RARE * one_in / fmax(rough->n[MODEL_M], 1);
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		bool is_number = k >= COMPARE_EMAIL && k != COMPARE_MIDDLE && k != COMPARE_SEX;
		for (unsigned l = 1; l < compare_levels(k); l++) {
			double least = fmin(start->p[MODEL_M][k][l], is_number ? 1 : thin);
			rough->p[MODEL_M][k][l] = fmax(rough->p[MODEL_M][k][l], least);
		}
	}
}

/* A model of a part of all blocks, by which pairs are kept until all are counted. */
static bool make_rough(struct match *match, uint64_t most, const struct estimate_limits *limits)
{
	struct block_limits part = match->block_limits;
	struct pairs_keep none = { &match->model, (double)INFINITY };
	struct pairs pairs;
	uint64_t one_in = most / (match->limits.keep_all / ROUGH_PART + 1);
	part.one_in = one_in < 2 ? 2 : one_in < ROUGH_ONE_IN ? (uint32_t)one_in : ROUGH_ONE_IN;
	match->rough = match->model;
	if (!pairs_make(&pairs, &match->blocks, &part, &none))
		return false;
	for (size_t i = 0; i < pairs.pattern_count; i++)
		pairs.patterns[i].count *= part.one_in;
	bool done = estimate_classes(&match->rough, &match->claims, pairs.patterns,
	                             pairs.pattern_count, limits);
	doubt_rare(&match->rough, &match->model, part.one_in);
	pairs_finish(&pairs);
	return done;
}

/* Which pairs to keep while all are counted. */
static bool choose_keep(struct match *match, bool is_given, const struct estimate_limits *limits,
                        struct pairs_keep *keep)
{
	uint64_t most = most_pairs(match);
	*keep = (struct pairs_keep){ .model = NULL };
	if (is_given)
		*keep = (struct pairs_keep){ &match->model, match->least };
	if (is_given || most <= match->limits.keep_all)
		return true;
	*keep = (struct pairs_keep){ &match->rough, match->least - KEEP_UNDER };
	return make_rough(match, most, limits);
}

static bool compare(struct match *match, struct err *err)
{
	struct estimate_limits limits = { .threads = match->limits.threads,
		                          .seed = match->limits.seed,
		                          .sample = SAMPLE,
		                          .rounds = ROUNDS,
		                          .is_across = match_is_across(match) };
	struct pairs_keep keep;
	model_start(&match->model, &match->claims);
	if (match->limits.has_edge)
		match->model.edge = match->limits.edge;
	if (!estimate_any(&match->model, &match->claims, &limits))
		return match_no_memory(err);
	bool is_given = match_take_given(match);
	if (is_given)
		model_keep_clamps(&match->model);
	match->passes = 1;
	if (!choose_keep(match, is_given, &limits, &keep) ||
	    !pairs_make(&match->pairs, &match->blocks, &match->block_limits, &keep))
		return match_no_memory(err);
	double began = match_seconds();
	bool done =
		is_given || estimate_classes(&match->model, &match->claims, match->pairs.patterns,
	                                     match->pairs.pattern_count, &limits);
	model_keep_clamps(&match->model);
	match->seconds[MATCH_ESTIMATING] = match_seconds() - began;
	if (!done)
		return match_no_memory(err);
	return count_lost(match, &keep) == 0 || make_again(match, err);
}

static bool score(struct match *match, struct err *err)
{
	size_t kept = 0;
	/* The frequency of its values may be worth so much more. */
	if (!full_names_make(&match->full_names, &match->claims) ||
	    !pairs_keep_only(&match->pairs, &match->claims, &match->model, match->least))
		return match_no_memory(err);
	match->scorer = scorer_of(&match->claims, &match->model, &match->full_names);
	for (size_t i = 0; i < match->pairs.count; i++) {
		struct pair *pair = &match->pairs.pairs[i];
		const struct claim *claims = match->claims.claims;
		pair->weight = (float)score_pair(&match->scorer, &claims[pair->a], &claims[pair->b],
		                                 pair->pattern)
		                       .weight;
		if ((double)pair->weight >= match->least)
			match->pairs.pairs[kept++] = *pair;
	}
	match->pairs.count = kept;
	return true;
}

static bool step(struct match *match, enum match_phase phase, double *began, struct err *err)
{
	double now = match_seconds();
	match->seconds[phase] += now - *began;
	*began = now;
	return tell(match, phase, 1, 1, err);
}

/* What may not be together, and what must. */
static void set_bars(struct match *match)
{
	const struct settled *apart = &match->settled[MATCH_APART],
			     *together = &match->settled[MATCH_TOGETHER];
	const struct model_given *given = match->given;
	match->bars = (struct cluster_limits){ .one_of_agency = given && given->bars_agency,
		                               .is_nhs_free =
		                                       given && given->has_bars && !given->bars_nhs,
		                               .is_upn_free =
		                                       given && given->has_bars && !given->bars_upn,
		                               .edge = match->model.edge,
		                               .apart = apart->pairs,
		                               .apart_count = apart->count,
		                               .together = together->pairs,
		                               .together_count = together->count,
		                               .together_stops = together->stops };
}

bool match_fit(struct match *match, enum match_model model, struct err *err)
{
	double began = match_seconds();
	if (!prepare(match, model, err) || !step(match, MATCH_PREPARING, &began, err))
		return false;
	if (!blocks_make(&match->blocks, match->pool, &match->claims, match->rules.rules,
	                 match->rules.count, &match->block_limits) ||
	    !budget_keep(match))
		return match_no_memory(err);
	if (!step(match, MATCH_BLOCKING, &began, err) || !compare(match, err))
		return false;
	blocks_forget(&match->blocks);
	began += match->seconds[MATCH_ESTIMATING];
	if (!step(match, MATCH_COMPARING, &began, err) || !score(match, err))
		return false;
	set_bars(match);
	if (!clusters_make(&match->clusters, &match->scorer, &match->pairs, &match->bars) ||
	    !united_pairs(&match->pairs, &match->scorer, &match->clusters, &match->bars,
	                  match_is_across(match)))
		return match_no_memory(err);
	match->is_fitted = true;
	return step(match, MATCH_GROUPING, &began, err);
}

/* --- what came of it
 * ----------------------------------------------------------------------------------------- */

/* One id, its first eight bytes as a number, which mostly decides. */
struct named {
	uint64_t key;
	struct str id;
	uint32_t claim;
};

static uint64_t key_of(struct str id)
{
	uint64_t out = 0;
	for (size_t i = 0; i < 8; i++)
		out = out << 8 | (i < id.n ? (uint8_t)id.p[i] : 0);
	return out;
}

static int by_id(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return str_compare(x->id, y->id);
}

static bool are_ids_in_order(const struct claims *claims)
{
	for (uint32_t i = 1; i < claims->count; i++) {
		if (str_compare(claims_id(claims, i - 1), claims_id(claims, i)) >= 0)
			return false;
	}
	return true;
}

/* By claim: how many other ids come before its own; of two files' equal ids the same. NULL: there
 * is no memory. */
static uint32_t *place_ids(const struct claims *claims)
{
	uint32_t *places = pool_take(claims->pool, claims->count, sizeof *places);
	if (!places || are_ids_in_order(claims)) {
		for (uint32_t i = 0; places && i < claims->count; i++)
			places[i] = i;
		return places;
	}
	struct named *named = pool_take(claims->pool, claims->count, sizeof *named);
	for (uint32_t i = 0; named && i < claims->count; i++)
		named[i] = (struct named){ key_of(claims_id(claims, i)), claims_id(claims, i), i };
	if (!named) {
		pool_give(claims->pool, places);
		return NULL;
	}
	qsort(named, claims->count, sizeof *named, by_id);
	for (uint32_t i = 0, place = 0; i < claims->count; i++) {
		place += i > 0 && by_id(&named[i - 1], &named[i]) != 0;
		places[named[i].claim] = place;
	}
	pool_give(claims->pool, named);
	return places;
}

/* A pair by the places of its ids. */
struct ordered {
	uint32_t left, right;
	uint32_t a, b; /* claims, as they are told */
	float weight, alone;
};

static int by_places(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;
	if (x->left != y->left)
		return x->left < y->left ? -1 : 1;
	return (x->right > y->right) - (x->right < y->right);
}

static size_t put_in_order(const struct match *match, const uint32_t *places, double least,
                           struct ordered *out)
{
	size_t count = 0;
	uint32_t first_count = match->claims.first_count;
	for (size_t i = 0; i < match->pairs.count; i++) {
		const struct pair *pair = &match->pairs.pairs[i];
		if ((double)pair->weight < least)
			continue;
		bool is_one_file = (pair->a < first_count) == (pair->b < first_count);
		bool is_turned = is_one_file && places[pair->a] > places[pair->b];
		uint32_t a = is_turned ? pair->b : pair->a, b = is_turned ? pair->a : pair->b;
		if (out)
			out[count] = (struct ordered){ places[a], places[b],    a,
				                       b,         pair->weight, pair->alone };
		count++;
	}
	if (out)
		qsort(out, count, sizeof *out, by_places);
	return count;
}

bool match_pairs(struct match *match, double least, match_visit_pair *visit, void *ctx,
                 struct err *err)
{
	uint32_t *places = place_ids(&match->claims);
	size_t count = places ? put_in_order(match, places, least, NULL) : 0;
	struct ordered *ordered = places ? pool_take(match->pool, count, sizeof *ordered) : NULL;
	if (ordered)
		(void)put_in_order(match, places, least, ordered);
	pool_give(match->pool, places);
	if (!ordered)
		return match_no_memory(err);
	for (size_t i = 0; i < count; i++) {
		struct match_pair pair = { claims_id(&match->claims, ordered[i].a),
			                   claims_id(&match->claims, ordered[i].b),
			                   (double)ordered[i].weight, (double)ordered[i].alone };
		if (!visit(ctx, &pair))
			break;
	}
	pool_give(match->pool, ordered);
	return true;
}

bool match_clusters(struct match *match, match_visit_member *visit, void *ctx, struct err *err)
{
	(void)err;
	for (uint32_t i = 0; i < match->claims.count; i++) {
		struct match_member member = { claims_id(&match->claims, i),
			                       claims_id(&match->claims, match->clusters.of[i]) };
		if (!visit(ctx, &member))
			break;
	}
	return true;
}
