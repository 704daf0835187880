/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whom a claim may be about: claims that share a key of any rule with it, and
 * those that would if a slip of the pen were mended; all of them compared, the
 * best kept. What is found in which order never shows.
 */
#include "match/index_parts.h"

#include <math.h>
#include <stdlib.h>

#include "match/index_probe.h"

#define MOST 20
#define MOST_MAX 1000
#define AHEAD 8 /* claims that are fetched before they are compared */
#define WORTHS_BITS 10
#define NO_PATTERN UINT32_MAX

/* What a pattern may be worth at most; each slot has the one that came last. */
struct worth {
	pattern_of_levels pattern;
	float most;
};

struct best {
	uint32_t record;
	pattern_of_levels pattern;
	struct scored scored;
};

struct searching {
	struct match_index *index;
	const struct match_search *search;
	struct claim query; /* masked */
	struct best *best;  /* in order */
	size_t count, most;
	double least;    /* bits */
	bool is_alone;   /* one thing is asked, or half a name */
	size_t by_words; /* found first, by words of a whole name */
	struct worth worths[1 << WORTHS_BITS];
};

/* --- the best
 * ------------------------------------------------------------------------------------------ */

/* Whether a comes before b. */
static bool is_before(const struct match_index *index, const struct best *a, const struct best *b)
{
	if (a->scored.weight != b->scored.weight)
		return a->scored.weight > b->scored.weight;
	return str_compare(index_id(index, a->record), index_id(index, b->record)) < 0;
}

/* Where the same person stands; count: nowhere. */
static size_t find_person(const struct searching *searching, uint32_t record)
{
	const struct match_index *index = searching->index;
	struct str person = index_person(index, record);
	size_t i = 0;
	if (!searching->search->is_of_people || !person.n)
		return searching->count;
	while (i < searching->count &&
	       !str_eq(index_person(index, searching->best[i].record), person))
		i++;
	return i;
}

static void keep_best(struct searching *searching, const struct best *one)
{
	size_t at = find_person(searching, one->record);
	bool is_known = at < searching->count;
	if (is_known && !is_before(searching->index, one, &searching->best[at]))
		return;
	if (!is_known && searching->count == searching->most) {
		at = searching->count - 1;
		if (!is_before(searching->index, one, &searching->best[at]))
			return;
	} else if (!is_known) {
		searching->count++;
	}
	while (at > 0 && is_before(searching->index, one, &searching->best[at - 1])) {
		searching->best[at] = searching->best[at - 1];
		at--;
	}
	searching->best[at] = *one;
}

/* --- comparing
 * ------------------------------------------------------------------------------------- */

static double most_of(struct searching *searching, pattern_of_levels pattern)
{
	const struct match *match = searching->index->match;
	struct worth *worth =
		&searching->worths[pattern * UINT32_C(0x9E3779B1) >> (32 - WORTHS_BITS)];
	if (worth->pattern != pattern)
		*worth = (struct worth){ pattern, (float)score_most(&match->claims, &match->model,
			                                            pattern) };
	return (double)worth->most + 1e-3;
}

static double least_of(const struct searching *searching, double least)
{
	if (searching->count < searching->most)
		return least;
	double last = searching->best[searching->count - 1].scored.weight;
	return last > least ? last : least;
}

static void compare_one(struct searching *searching, size_t at)
{
	struct match_index *index = searching->index;
	uint32_t record = index->found[at];
	const struct match *match = index->match;
	struct claim room;
	const struct claim *claim = index_masked(index, &match->claims.claims[record], &room);
	struct best one = { .record = record,
		            .pattern = compare_claims(&match->claims, &index->cache,
		                                      &searching->query, claim) };
	bool is_meant =
		at < searching->by_words && compare_level(one.pattern, COMPARE_DOB) != DOB_ELSE;
	double least = is_meant ? (double)-INFINITY : searching->least;
	if (most_of(searching, one.pattern) < least_of(searching, least))
		return;
	one.scored = score_pair(&match->scorer, &searching->query, claim, one.pattern);
	if (one.scored.weight >= least)
		keep_best(searching, &one);
}

static void compare_all(struct searching *searching)
{
	const struct match_index *index = searching->index;
	const struct claim *claims = index->match->claims.claims;
	for (size_t i = 0; i < index->found_count; i++) {
		if (i + AHEAD < index->found_count) {
			const char *next = (const char *)&claims[index->found[i + AHEAD]];
			__builtin_prefetch(next);
			__builtin_prefetch(next + 64);
		}
		compare_one(searching, i);
	}
}

/* --- what comes out
 * -------------------------------------------------------------------------------- */

static bool copy_hit(const struct searching *searching, const struct best *best,
                     struct arena *arena, struct match_hit *out)
{
	const struct match_index *index = searching->index;
	const double *of = best->scored.parts.of;
	double all = of[MODEL_M] + of[MODEL_H] + of[MODEL_S] + of[MODEL_U];
	double edge = index->match->model.edge;
	*out = (struct match_hit){ .id = arena_copy(arena, index_id(index, best->record)),
		                   .person = arena_copy(arena, index_person(index, best->record)),
		                   .weight = best->scored.weight,
		                   .pattern = best->pattern,
		                   .band = explain_band(best->scored.weight, edge),
		                   .kind = explain_kind(&best->scored, best->pattern, edge),
		                   .same = of[MODEL_M] / all,
		                   .household = of[MODEL_H] / all,
		                   .street = of[MODEL_S] / all,
		                   .anybody = of[MODEL_U] / all };
	return out->id.p && out->person.p;
}

static bool copy_hits(const struct searching *searching, struct arena *arena,
                      struct match_hits *out)
{
	struct match_hit *hits = arena_alloc(arena, searching->count, sizeof *hits);
	for (size_t i = 0; hits && i < searching->count; i++) {
		if (!copy_hit(searching, &searching->best[i], arena, &hits[i]))
			return false;
	}
	*out = (struct match_hits){ hits, searching->count, searching->index->found_count,
		                    searching->is_alone };
	return hits != NULL;
}

/* --- searching
 * ------------------------------------------------------------------------------------- */

/* The query's own claim, and its names in their cache, which the next query may not see. */
static bool begin(struct searching *searching, struct claim *raw)
{
	struct match_index *index = searching->index;
	arena_reset(index->scratch);
	memset(index->cache.pairs, 0, sizeof *index->cache.pairs << index->cache.bits);
	index_model_refresh(index);
	if (!index_read(index, searching->search->columns, searching->search->cells, INDEX_ASKED,
	                raw))
		return false;
	index_mark_query(index, raw);
	searching->query = *index_masked(index, raw, &searching->query);
	if (raw->dob_sure == NORM_DEFAULT)
		searching->query.year = searching->query.sure_dob = 0;
	return true;
}

/* What is asked is one thing, or of the name one half. */
static bool is_alone(const struct claim *raw)
{
	bool has_first = raw->first != 0, has_surname = raw->surname != 0;
	const bool has[] = { has_first || has_surname,
		             raw->dob != 0,
		             raw->phone[0] != 0,
		             raw->postcode || raw->house || raw->street,
		             raw->email != 0,
		             raw->nhs != 0,
		             raw->upn != 0 };
	size_t things = 0;
	for (size_t i = 0; i < COUNT_OF(has); i++)
		things += has[i];
	return things == 1 || has_first != has_surname;
}

static void leave_out(struct match_index *index, struct str id)
{
	uint32_t record;
	if (!id.n || !index_find(index, id, &record))
		return;
	index->seen[record / 8] |= (uint8_t)(1u << record % 8);
}

static void end(struct match_index *index, struct str except)
{
	uint32_t record;
	for (size_t i = 0; i < index->found_count; i++)
		index->seen[index->found[i] / 8] = 0;
	if (except.n && index_find(index, except, &record))
		index->seen[record / 8] = 0;
	index->found_count = 0;
}

static bool run(struct searching *searching, struct arena *arena, struct match_hits *out)
{
	struct match_index *index = searching->index;
	const struct match_search *search = searching->search;
	struct claim raw;
	for (size_t i = 0; i < COUNT_OF(searching->worths); i++)
		searching->worths[i].pattern = NO_PATTERN;
	searching->best = arena_alloc(arena, searching->most, sizeof *searching->best);
	if (!searching->best || !begin(searching, &raw))
		return false;
	leave_out(index, search->except_id);
	searching->least = search->least;
	searching->is_alone = is_alone(&raw);
	if (search->is_wide && raw.first && raw.surname) {
		if (!index_probe_words(index, &raw))
			return false;
		searching->by_words = index->found_count;
	}
	index_probe_all(index, &raw, &searching->query);
	if (search->is_wide && searching->is_alone) {
		searching->least = -INFINITY;
		index_probe_alone(index, &raw);
	}
	compare_all(searching);
	bool done = copy_hits(searching, arena, out);
	end(index, search->except_id);
	return done;
}

bool match_index_search(struct match_index *index, const struct match_search *search,
                        struct arena *arena, struct match_hits *out, struct err *err)
{
	size_t most = search->most ? search->most : MOST;
	struct searching searching = { .index = index,
		                       .search = search,
		                       .most = most < MOST_MAX ? most : MOST_MAX };
	*out = (struct match_hits){ .count = 0 };
	return run(&searching, arena, out) ||
	       err_set(err, ERR_UNABLE, "There is no memory to search for so much");
}

bool match_index_explain(struct match_index *index, const struct match_columns *columns,
                         const struct str *cells, struct str id, struct arena *arena,
                         struct match_reasons *out, struct err *err)
{
	struct match_search search = { .columns = columns, .cells = cells };
	struct searching searching = { .index = index, .search = &search };
	struct claim raw, room;
	uint32_t record;
	if (!index_find(index, id, &record))
		return err_set(err, ERR_ABSENT, "There is no record %.*s", STR_ARG(id));
	if (!begin(&searching, &raw))
		return err_set(err, ERR_UNABLE, "There is no memory to compare them");
	const struct claim *claim =
		index_masked(index, &index->match->claims.claims[record], &room);
	pattern_of_levels pattern =
		compare_claims(&index->match->claims, &index->cache, &searching.query, claim);
	explain_pair(index->match, &searching.query, claim, pattern, arena, out);
	explain_round(out);
	return true;
}
