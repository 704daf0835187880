/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/estimate.h"

#include <math.h>
#include <stdio.h>

#include "match/bounds.h"
#include "match/work.h"

#define PART ((uint64_t)1 << 15) /* random pairs of one part */
#define ENOUGH 30                /* of a level, to be taken as it was seen */
#define SAMPLE_EACH 8            /* random pairs for one of which the memory of names is asked */
#define THIN 8                   /* pairs for each that was sampled */
#define STILL 1e-5
#define HALF_SHARE 0.5 /* added to each level */
/* How much chances of few pairs lean on those of elsewhere: as if so many had been seen there, of a
 * class and of anybody. Measured on files of 20 to 1,000 records (bench/RESULTS.md). */
#define PRIOR_PAIRS 20.0
#define PRIOR_ANY 1000.0

/* --- chance
 * ------------------------------------------------------------------------------------------- */

/* A number for each (seed, index): the same whichever thread asks. */
static uint64_t random_of(uint64_t seed, uint64_t index)
{
	uint64_t x = seed + index * UINT64_C(0x9E3779B97F4A7C15);
	x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
	return x ^ x >> 31;
}

struct sampling {
	const struct claims *claims;
	const struct estimate_limits *limits;
	struct compare_cache *caches;
	uint64_t (*counts)[COMPARE_COUNT][LEVELS_MAX]; /* by thread */
};

static void count_levels(struct sampling *sampling, unsigned thread, uint32_t a, uint32_t b)
{
	const struct claims *claims = sampling->claims;
	pattern_of_levels pattern = compare_claims(claims, &sampling->caches[thread],
	                                           &claims->claims[a], &claims->claims[b]);
	for (enum comparison k = 0; k < COMPARE_COUNT; k++)
		sampling->counts[thread][k][compare_level(pattern, k)]++;
}

/* One claim with all behind it, or with all of the second file: where there are few, nothing is
 * left to chance. */
static bool count_part(void *ctx, size_t part, unsigned thread)
{
	struct sampling *sampling = ctx;
	const struct claims *claims = sampling->claims;
	uint32_t from = sampling->limits->is_across ? claims->first_count : (uint32_t)part + 1;
	for (uint32_t b = from; b < claims->count; b++)
		count_levels(sampling, thread, (uint32_t)part, b);
	return true;
}

/* Pairs that are drawn together: what they will read lies anywhere, and is asked for while others
 * are drawn. */
#define DRAWN 32

struct drawn {
	uint32_t a, b;
};

static void draw(const struct sampling *sampling, uint64_t from, struct drawn drawn[DRAWN])
{
	const struct claims *claims = sampling->claims;
	bool is_across = sampling->limits->is_across;
	uint32_t first = is_across ? claims->first_count : claims->count,
		 least = is_across ? claims->first_count : 0;
	for (uint64_t i = 0; i < DRAWN; i++) {
		uint64_t x = random_of(sampling->limits->seed, 2 * (from + i)),
			 y = random_of(sampling->limits->seed, 2 * (from + i) + 1);
		drawn[i].a = claims->by_rank[x % first];
		drawn[i].b = claims->by_rank[least + y % (claims->count - least)];
		const char *left = (const char *)&claims->claims[drawn[i].a],
			   *right = (const char *)&claims->claims[drawn[i].b];
		__builtin_prefetch(left);
		__builtin_prefetch(left + 64);
		__builtin_prefetch(right);
		__builtin_prefetch(right + 64);
	}
	for (size_t i = 0; i < DRAWN; i++) {
		compare_fetch(claims, &claims->claims[drawn[i].a]);
		compare_fetch(claims, &claims->claims[drawn[i].b]);
	}
}

static bool sample_part(void *ctx, size_t part, unsigned thread)
{
	struct sampling *sampling = ctx;
	struct drawn drawn[DRAWN];
	for (uint64_t i = part * PART; i < (part + 1) * PART; i += DRAWN) {
		draw(sampling, i, drawn);
		for (size_t k = 0; k < DRAWN; k++) {
			compare_fetch_middle(sampling->claims,
			                     &sampling->claims->claims[drawn[k].a]);
			compare_fetch_middle(sampling->claims,
			                     &sampling->claims->claims[drawn[k].b]);
		}
		for (size_t k = 0; k < DRAWN; k++) {
			if (drawn[k].a != drawn[k].b)
				count_levels(sampling, thread, drawn[k].a, drawn[k].b);
		}
	}
	return true;
}

/* --- levels of equality, counted
 * ----------------------------------------------------------------------- */

static double pairs_there(const struct claims *claims, uint32_t missing)
{
	return claims_pairs((double)(claims->count - missing));
}

struct equality {
	enum comparison comparison;
	unsigned level;
	double agree; /* pairs */
	double there;
};

#define EQUALITIES 8

static size_t list_equalities(const struct claims *claims, struct equality out[EQUALITIES])
{
	const struct {
		enum comparison comparison;
		unsigned level;
		const struct value_set *set;
	} SETS[] = {
		{ COMPARE_DOB, DOB_EQUAL, &claims->dates },
		{ COMPARE_POSTCODE, EDIT_EQUAL, &claims->postcodes },
		{ COMPARE_ADDRESS, ADDRESS_HOUSE, &claims->houses },
		{ COMPARE_EMAIL, EDIT_EQUAL, &claims->emails },
		{ COMPARE_NHS, EDIT_EQUAL, &claims->nhs },
		{ COMPARE_UPN, EDIT_EQUAL, &claims->upns },
		{ COMPARE_OTHER_1, EDIT_EQUAL, &claims->others[0] },
		{ COMPARE_OTHER_2, EDIT_EQUAL, &claims->others[1] },
	};
	for (size_t i = 0; i < EQUALITIES; i++) {
		out[i] = (struct equality){ .comparison = SETS[i].comparison,
			                    .level = SETS[i].level,
			                    .agree = claims_pairs_equal(SETS[i].set->counts,
			                                                SETS[i].set->texts.count),
			                    .there = pairs_there(claims, SETS[i].set->counts[0]) };
	}
	return EQUALITIES;
}

/* --- U
 * ---------------------------------------------------------------------------------------------------
 */

struct halves {
	double first[HALF_COUNT], surname[HALF_COUNT]; /* pairs */
	double firsts, surnames;                       /* all of them */
};

/* Of pairs with both names; where hardly any has both, of those with one. */
static struct halves halves_of(const uint64_t counts[LEVELS_MAX])
{
	struct halves out = { .firsts = 0 };
	uint64_t both = 0;
	for (unsigned f = 1; f < HALF_COUNT; f++) {
		for (unsigned s = 1; s < HALF_COUNT; s++) {
			double n = (double)counts[NAME_LEVEL(f, s)] + HALF_SHARE / HALF_COUNT;
			out.first[f] += n;
			out.surname[s] += n;
			out.firsts += n;
			both += counts[NAME_LEVEL(f, s)];
		}
	}
	out.surnames = out.firsts;
	for (unsigned h = 1; both < ENOUGH && h < HALF_COUNT; h++) {
		double first = (double)counts[NAME_LEVEL(h, 0)],
		       surname = (double)counts[NAME_LEVEL(0, h)];
		out.first[h] += first;
		out.firsts += first;
		out.surname[h] += surname;
		out.surnames += surname;
	}
	return out;
}

/* Joint cells that were hardly seen are taken as if both halves had nothing to do with each other.
 */
static void smooth_names(double p[LEVELS_MAX], const uint64_t counts[LEVELS_MAX])
{
	struct halves halves = halves_of(counts);
	for (unsigned f = 1; f < HALF_COUNT; f++) {
		for (unsigned s = 1; s < HALF_COUNT; s++) {
			uint64_t seen = counts[NAME_LEVEL(f, s)];
			double alone = halves.first[f] / halves.firsts *
			               (halves.surname[s] / halves.surnames);
			p[NAME_LEVEL(f, s)] = seen >= ENOUGH ? (double)seen / halves.firsts
			                      : alone > 0    ? alone
			                                     : HALF_SHARE / halves.firsts;
		}
	}
	for (unsigned h = 1; h < HALF_COUNT; h++) {
		p[NAME_LEVEL(h, 0)] = halves.first[h] / halves.firsts;
		p[NAME_LEVEL(0, h)] = halves.surname[h] / halves.surnames;
	}
	p[NAME_SWAPPED] =
		((double)counts[NAME_SWAPPED] + HALF_SHARE) / (halves.firsts + HALF_SHARE);
}

static void smooth_plain(double p[LEVELS_MAX], const uint64_t counts[LEVELS_MAX], unsigned levels)
{
	double all = 0;
	for (unsigned l = 1; l < levels; l++)
		all += (double)counts[l] + HALF_SHARE;
	for (unsigned l = 1; l < levels; l++)
		p[l] = ((double)counts[l] + HALF_SHARE) / all;
}

static bool take_sampling(struct sampling *sampling, unsigned threads)
{
	struct pool *pool = sampling->claims->pool;
	sampling->caches = pool_take(pool, threads, sizeof *sampling->caches);
	sampling->counts = pool_take(pool, threads, sizeof *sampling->counts);
	bool done = sampling->caches && sampling->counts;
	for (unsigned i = 0; done && i < threads; i++)
		done = compare_cache_init(&sampling->caches[i], pool,
		                          sampling->limits->sample / SAMPLE_EACH);
	return done;
}

static void give_sampling(struct sampling *sampling, struct pool *pool, unsigned threads)
{
	for (unsigned i = 0; sampling->caches && i < threads; i++)
		compare_cache_finish(&sampling->caches[i], pool);
	pool_give(pool, sampling->caches);
	pool_give(pool, sampling->counts);
}

/* How many pairs of all there are have a value on both sides, by what was sampled. */
static void note_there(struct model *model, enum comparison k, const uint64_t counts[LEVELS_MAX])
{
	uint64_t all = 0, there = 0;
	for (unsigned l = 0; l < compare_levels(k); l++)
		all += counts[l];
	there = all - counts[0];
	model->there[k] = all ? model->n[MODEL_U] * (double)there / (double)all : 0;
	memcpy(model->any[k], model->p[MODEL_U][k], sizeof model->any[k]);
}

bool estimate_any(struct model *model, const struct claims *claims,
                  const struct estimate_limits *limits)
{
	struct sampling sampling = { .claims = claims, .limits = limits };
	unsigned threads = limits->threads;
	uint32_t second = claims->count - claims->first_count;
	model->n[MODEL_U] = limits->is_across ? (double)claims->first_count * second
	                                      : claims_pairs(claims->count);
	bool done = take_sampling(&sampling, threads);
	if (done && model->n[MODEL_U] <= (double)limits->sample)
		done = work_share(threads, limits->is_across ? claims->first_count : claims->count,
		                  count_part, &sampling);
	else if (done)
		done = work_share(threads, (size_t)(limits->sample / PART + 1), sample_part,
		                  &sampling);
	for (enum comparison k = 0; done && k < COMPARE_COUNT; k++) {
		uint64_t counts[LEVELS_MAX] = { 0 };
		for (unsigned t = 0; t < threads; t++) {
			for (unsigned l = 0; l < compare_levels(k); l++)
				counts[l] += sampling.counts[t][k][l];
		}
		if (k == COMPARE_NAME)
			smooth_names(model->p[MODEL_U][k], counts);
		else
			smooth_plain(model->p[MODEL_U][k], counts, compare_levels(k));
		note_there(model, k, counts);
	}
	give_sampling(&sampling, claims->pool, threads);
	/* Two of one street have nothing in common but where they live. */
	static const enum comparison AS_ANYBODY[] = { COMPARE_NAME,   COMPARE_NHS, COMPARE_UPN,
		                                      COMPARE_MIDDLE, COMPARE_SEX, COMPARE_OTHER_1,
		                                      COMPARE_OTHER_2 };
	for (size_t i = 0; i < sizeof AS_ANYBODY / sizeof *AS_ANYBODY; i++)
		memcpy(model->p[MODEL_S][AS_ANYBODY[i]], model->p[MODEL_U][AS_ANYBODY[i]],
		       sizeof model->p[MODEL_S][0]);
	return done;
}

/* --- M, H, S
 * -----------------------------------------------------------------------------------------------
 */

struct sums {
	double n[MODEL_CLASSES];
	double of[MODEL_CLASSES][COMPARE_COUNT][LEVELS_MAX];
};

static void expect(const struct model *model, const struct pattern_count *patterns, size_t count,
                   struct sums *sums)
{
	*sums = (struct sums){ .n = { 0 } };
	for (size_t i = 0; i < count; i++) {
		struct model_parts parts = model_parts(model, patterns[i].pattern);
		double all = parts.of[0] + parts.of[1] + parts.of[2] + parts.of[3];
		if (!(all > 0))
			continue;
		for (size_t c = 0; c < MODEL_U; c++) {
			double share = (double)patterns[i].count * parts.of[c] / all;
			sums->n[c] += share;
			for (enum comparison k = 0; k < COMPARE_COUNT; k++)
				sums->of[c][k][compare_level(patterns[i].pattern, k)] += share;
		}
	}
}

static bool is_fixed(enum model_class class, enum comparison k)
{
	bool is_number = k == COMPARE_NHS || k == COMPARE_UPN;
	return class == MODEL_S ? k == COMPARE_NAME || k == COMPARE_SEX || k == COMPARE_MIDDLE ||
	                                  is_number || k >= COMPARE_OTHER_1
	                        : class == MODEL_H && is_number;
}

/* What is said of halves, the other missing, is what the joint cells add up to. */
static void add_halves(double p[LEVELS_MAX])
{
	double all = p[NAME_SWAPPED];
	for (unsigned f = 1; f < HALF_COUNT; f++) {
		for (unsigned s = 1; s < HALF_COUNT; s++)
			all += p[NAME_LEVEL(f, s)];
	}
	for (unsigned h = 1; h < HALF_COUNT; h++) {
		double first = 0, surname = 0;
		for (unsigned o = 1; o < HALF_COUNT; o++) {
			first += p[NAME_LEVEL(h, o)];
			surname += p[NAME_LEVEL(o, h)];
		}
		p[NAME_LEVEL(h, 0)] = first / all;
		p[NAME_LEVEL(0, h)] = surname / all;
	}
}

static bool is_cell(unsigned level)
{
	return level == NAME_SWAPPED || (level % HALF_COUNT && level / HALF_COUNT);
}

/* How a class is spread over the levels of one comparison: by what was seen of it, `n` pairs, and
 * by `prior` as if so many more had been. */
static double set_levels(double p[LEVELS_MAX], const double sums[LEVELS_MAX],
                         const double prior[LEVELS_MAX], double n, enum comparison k)
{
	double more[LEVELS_MAX] = { 0 }, all = 0, moved = 0;
	double each = HALF_SHARE * n / (n + PRIOR_PAIRS);
	unsigned levels = compare_levels(k);
	for (unsigned l = 1; l < levels; l++) {
		if (k == COMPARE_NAME && !is_cell(l))
			continue;
		more[l] = sums[l] + each + PRIOR_PAIRS * prior[l];
		all += more[l];
	}
	for (unsigned l = 1; l < levels; l++) {
		if (k == COMPARE_NAME && !is_cell(l))
			continue;
		double now = more[l] / all;
		moved = fmax(moved, fabs(now - p[l]));
		p[l] = now;
	}
	if (k == COMPARE_NAME)
		add_halves(p);
	return moved;
}

/* Of so many pairs that are `there` a part is of the level; of anybody is what M, H and S leave of
 * them, and of few pairs the chance leans on what it is elsewhere. */
static double chance_left(const struct model *model, double of_level, double there,
                          const struct sums *sums, enum comparison k, unsigned level)
{
	double left = of_level, most = there + PRIOR_ANY;
	for (size_t c = 0; c < MODEL_U; c++)
		left -= sums->of[c][k][level];
	left = fmax(fmax(left, of_level / 1000), HALF_SHARE * there / most);
	return (left + PRIOR_ANY * model->elsewhere[MODEL_U][k][level]) / most;
}

/* Any two claims hold the matches too: of anybody is what they leave. In a small file that is much.
 */
static void take_away_sampled(struct model *model, const struct sums *sums)
{
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		if (!model->is_used[k] || !(model->there[k] > 0))
			continue;
		for (unsigned l = 1; l < compare_levels(k); l++) {
			double left = chance_left(model, model->any[k][l] * model->there[k],
			                          model->there[k], sums, k, l);
			model->p[MODEL_U][k][l] = left;
			if (is_fixed(MODEL_S, k))
				model->p[MODEL_S][k][l] = left;
		}
	}
}

/* Where a level is equality, all pairs of it were counted. */
static void take_away(struct model *model, const struct sums *sums,
                      const struct equality *equalities, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct equality *e = &equalities[i];
		if (!(e->there > 0) || !model->is_used[e->comparison])
			continue;
		double left = chance_left(model, e->agree, e->there, sums, e->comparison, e->level);
		model->p[MODEL_U][e->comparison][e->level] = left;
		if (is_fixed(MODEL_S, e->comparison))
			model->p[MODEL_S][e->comparison][e->level] = left;
	}
}

struct rounds {
	const struct claims *claims;
	const struct pattern_count *patterns;
	size_t count;
	const struct estimate_limits *limits;
	struct equality equalities[EQUALITIES];
	size_t equal;
	struct sums *sums;
};

/* How far anything moved. */
static double learn_class(struct model *model, struct sums *sums, enum model_class class)
{
	double moved = 0;
	bounds_keep(sums->of[class], class);
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		if (model->is_used[k] && !is_fixed(class, k))
			moved = fmax(moved,
			             set_levels(model->p[class][k], sums->of[class][k],
			                        model->elsewhere[class][k], sums->n[class], k));
	}
	return moved;
}

static double count_class(struct model *model, const struct sums *sums, enum model_class class)
{
	double before = model->n[class];
	model->n[class] = model->has_class[class] ? fmax(sums->n[class], HALF_SHARE) : 0;
	return fabs(model->n[class] - before) / fmax(before, 1);
}

/* With what is known of people elsewhere nothing is learned but how many pairs there are. */
static void go_rounds(struct model *model, struct rounds *rounds, bool learns)
{
	const struct estimate_limits *limits = rounds->limits;
	struct sums *sums = rounds->sums;
	model_begin_counts(model, rounds->claims->count);
	for (model->rounds = 0; model->rounds < limits->rounds; model->rounds++) {
		double moved = 0;
		expect(model, rounds->patterns, rounds->count, sums);
		for (enum model_class c = 0; c < MODEL_U; c++) {
			double counted = count_class(model, sums, c);
			moved = fmax(moved, learns ? learn_class(model, sums, c) : counted);
		}
		/* What was sampled thinly is too rough to be taken away from. */
		if (model->n[MODEL_U] <= (double)limits->sample * THIN)
			take_away_sampled(model, sums);
		take_away(model, sums, rounds->equalities, rounds->equal);
		if (moved < STILL)
			break;
	}
}

/* What two of one street have not in common with it is as among anybody. */
static void take_elsewhere(struct model *model)
{
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		for (enum model_class c = 0; c < MODEL_U; c++)
			memcpy(model->p[c][k],
			       is_fixed(c, k) && c == MODEL_S ? model->p[MODEL_U][k]
			                                      : model->elsewhere[c][k],
			       sizeof model->p[c][k]);
	}
}

bool estimate_classes(struct model *model, const struct claims *claims,
                      const struct pattern_count *patterns, size_t count,
                      const struct estimate_limits *limits)
{
	struct rounds rounds = { .claims = claims,
		                 .patterns = patterns,
		                 .count = count,
		                 .limits = limits,
		                 .sums = pool_take(claims->pool, 1, sizeof *rounds.sums) };
	if (!rounds.sums)
		return false;
	rounds.equal = limits->is_across ? 0 : list_equalities(claims, rounds.equalities);
	go_rounds(model, &rounds, true);
	model->breach = bounds_look(model, claims, rounds.sums->of[MODEL_M][COMPARE_NAME]);
	if (model->breach != MODEL_SOUND) {
		take_elsewhere(model);
		go_rounds(model, &rounds, false);
	}
	pool_give(claims->pool, rounds.sums);
	return true;
}
