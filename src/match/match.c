/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/demog.h"
#include "match/budget.h"
#include "match/match_parts.h"
#include "match/united.h"
#include "match/work.h"

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
	if (!is_given)
		model_keep_births(&match->model);
	model_keep_clamps(&match->model);
	match->seconds[MATCH_ESTIMATING] = match_seconds() - began;
	if (!done)
		return match_no_memory(err);
	return count_lost(match, &keep) == 0 || make_again(match, err);
}

#define SCORED_AT_ONCE ((size_t)1 << 13)
#define AHEAD 8 /* pairs whose claims are asked for before they are scored */

static bool score_some(void *ctx, size_t part, unsigned thread)
{
	struct match *match = ctx;
	const struct claim *claims = match->claims.claims;
	struct pair *pairs = match->pairs.pairs;
	size_t from = part * SCORED_AT_ONCE, to = from + SCORED_AT_ONCE;
	to = to < match->pairs.count ? to : match->pairs.count;
	(void)thread;
	for (size_t i = from; i < to; i++) {
		struct pair *pair = &pairs[i];
		if (i + 2 * AHEAD < to) {
			__builtin_prefetch(&claims[pair[2 * AHEAD].a]);
			__builtin_prefetch(&claims[pair[2 * AHEAD].b]);
			__builtin_prefetch(&claims[pair[2 * AHEAD].b].postcode_letters);
		}
		if (i + AHEAD < to)
			full_names_fetch(&match->full_names, &claims[pair[AHEAD].a]);
		pair->weight = (float)score_pair(&match->scorer, &claims[pair->a], &claims[pair->b],
		                                 pair->pattern)
		                       .weight;
	}
	return true;
}

static bool score(struct match *match, struct err *err)
{
	size_t kept = 0;
	/* The frequency of its values may be worth so much more. */
	if (!full_names_make(&match->full_names, &match->claims) ||
	    !pairs_keep_only(&match->pairs, &match->claims, &match->model, match->least))
		return match_no_memory(err);
	match->scorer = scorer_of(&match->claims, &match->model, &match->full_names);
	size_t parts = (match->pairs.count + SCORED_AT_ONCE - 1) / SCORED_AT_ONCE;
	if (!work_share(match->limits.threads, parts, score_some, match))
		return match_no_memory(err);
	for (size_t i = 0; i < match->pairs.count; i++) {
		if ((double)match->pairs.pairs[i].weight >= match->least)
			match->pairs.pairs[kept++] = match->pairs.pairs[i];
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

/* What somebody settled as not the same is not offered again. */
static void drop_apart(struct match *match)
{
	struct pairs *pairs = &match->pairs;
	size_t kept = 0;
	if (!match->bars.apart_count)
		return;
	for (size_t i = 0; i < pairs->count; i++) {
		if (!cluster_is_apart(&match->bars, pairs->pairs[i].a, pairs->pairs[i].b))
			pairs->pairs[kept++] = pairs->pairs[i];
	}
	pairs->count = kept;
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
	drop_apart(match);
	match->is_fitted = true;
	return step(match, MATCH_GROUPING, &began, err);
}
