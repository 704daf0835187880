/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Files that were said to be one person, put together as far as they fit: what
 * stands proposed and unanswered, and what somebody joined. Nothing is joined
 * by it, and nothing is written.
 *
 * H1. What hangs together by pairs alone may be too much: a sister between two
 *     brothers. So each such lump is put together anew, its best pair first,
 *     and two parts only where their files fit on the whole.
 * H2. What is destroyed, or has words that few may read now, is left out.
 * H3. A file says of what age it is by the newest birth on it, else by its type. One file without a
 *     birth makes no child of somebody whom others know as grown up.
 *
 * Source of the rule of H1: linkage.md 9.2.
 */
#include <stdlib.h>

#include "people/people_parts.h"

#define LUMPS_BYTES ((size_t)2 << 30)
#define LUMP_BYTES ((size_t)64 << 20)
#define LUMP_MAX 512 /* files that hang together; more are not looked at */
#define EDGE_BITS                                                                                  \
	2.0 /* of the model: what is held under it, as twins are, is together by no pair */
#define MEAN_LEAST 0.0
#define AGAINST (-6.0) /* bits; no more than one pair in four of two parts weighs less */
#define AGAINST_SHARE 4
#define JOINED_BITS 1000.0
#define APART_BITS (-1000.0)
#define AGENCIES_AT_ONCE 64

struct edge {
	uint32_t root;
	uint32_t a, b;
	bool is_joined;
	int64_t entry;
};

struct groups {
	struct people *people;
	struct casebook_reader *reader;
	const struct people_groups_ask *ask;
	people_visit_group *visit;
	void *ctx;
	struct arena *arena; /* of a lump */
	struct people_groups_told *told;
	const struct pack_relation *same, *apart;
	struct day today;
};

/* --- lumps ------------------------------------------------------------------------------------ */

static uint32_t root_of(uint32_t *parents, uint32_t n)
{
	while (parents[n] != n) {
		parents[n] = parents[parents[n]];
		n = parents[n];
	}
	return n;
}

static int by_root(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;
	if (x->root != y->root)
		return x->root < y->root ? -1 : 1;
	return x->entry < y->entry ? -1 : x->entry > y->entry;
}

/* Pairs that stand, those of one lump side by side; the lump with the lowest file first. */
static bool find_lumps(const struct groups *groups, struct arena *arena, struct edge **out,
                       size_t *count, struct err *err)
{
	size_t pair_count, files = contacts_files(groups->people->contacts);
	const struct contact_pair *pairs = contacts_pairs(groups->people->contacts, &pair_count);
	struct edge *edges = arena_alloc(arena, pair_count + 1, sizeof *edges);
	uint32_t *parents = arena_alloc(arena, files + 1, sizeof *parents);
	*count = 0;
	*out = edges;
	if (!edges || !parents)
		return err_set(err, ERR_UNABLE, "There is no memory for who is who");
	for (size_t i = 0; i < files; i++)
		parents[i] = (uint32_t)i;
	for (size_t i = 0; i < pair_count; i++) {
		const struct contact_pair *pair = &pairs[i];
		if (pair->is_over || (size_t)pair->a >= files || (size_t)pair->b >= files)
			continue;
		uint32_t a = root_of(parents, (uint32_t)pair->a),
			 b = root_of(parents, (uint32_t)pair->b);
		parents[a > b ? a : b] = a > b ? b : a;
		edges[(*count)++] = (struct edge){ .a = (uint32_t)pair->a,
			                           .b = (uint32_t)pair->b,
			                           .is_joined = pair->is_joined,
			                           .entry = pair->entry };
	}
	for (size_t i = 0; i < *count; i++)
		edges[i].root = root_of(parents, edges[i].a);
	qsort(edges, *count, sizeof *edges, by_root);
	return true;
}

static bool is_of_import(const struct groups *groups, int64_t file)
{
	const struct people_groups_ask *ask = groups->ask;
	if (ask->of_import)
		return (size_t)file < ask->of_count && ask->of_import[file];
	return contacts_is_imported(groups->people->contacts, file);
}

/* How many agencies, `max` at most, wrote on the files. */
static size_t agencies_of(const struct people *people, const int64_t *files, size_t count,
                          uint16_t *out, size_t max)
{
	uint16_t some[AGENCIES_AT_ONCE];
	size_t found = 0;
	for (size_t i = 0; i < count; i++) {
		size_t n = contacts_agencies(people->contacts, files[i], some, AGENCIES_AT_ONCE);
		for (size_t k = 0; k < n; k++) {
			size_t at = 0;
			while (at < found && out[at] != some[k])
				at++;
			if (at == found && found < max)
				out[found++] = some[k];
		}
	}
	return found;
}

/* --- one lump --------------------------------------------------------------------------------- */

struct lump {
	struct groups *groups;
	const struct edge *edges;
	size_t edge_count;
	int64_t *files; /* rising */
	bool *is_import;
	bool *is_left_out;
	size_t count;
	double *weights; /* by two members; UNKNOWN: not asked yet */
	size_t *part;    /* by member: the lowest member of its part */
};

#define UNKNOWN (-2000.0)
#define NOTHING (-3000.0) /* one of them says nothing that is compared */

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

static size_t member_of(const struct lump *lump, int64_t file)
{
	const int64_t *found = bsearch(&file, lump->files, lump->count, sizeof file, by_number);
	return found ? (size_t)(found - lump->files) : SIZE_MAX;
}

static double *weight_at(const struct lump *lump, size_t i, size_t j)
{
	return &lump->weights[i < j ? i * lump->count + j : j * lump->count + i];
}

/* What somebody said of two members, if it stands. */
static bool take_links(struct lump *lump, size_t i, struct err *err)
{
	const struct casebook_linked *links;
	struct groups *groups = lump->groups;
	size_t count;
	if (!casebook_links(groups->reader, groups->arena, lump->files[i], &links, &count, err))
		return false;
	for (size_t k = 0; k < count; k++) {
		size_t j = member_of(lump, links[k].file);
		bool is_same = groups->same && str_eq(links[k].relation, groups->same->name);
		bool is_apart = groups->apart && str_eq(links[k].relation, groups->apart->name);
		if (links[k].removed < 0 && j != SIZE_MAX && (is_same || is_apart))
			*weight_at(lump, i, j) = is_same ? JOINED_BITS : APART_BITS;
	}
	return true;
}

/* H2 */
static bool look_at_member(struct lump *lump, size_t i, struct err *err)
{
	struct casebook_file file;
	bool is_restricted;
	if (!casebook_file_get(lump->groups->reader, lump->groups->arena, lump->files[i], &file,
	                       err) ||
	    !casebook_is_restricted(lump->groups->reader, lump->files[i], &is_restricted, err))
		return false;
	lump->is_left_out[i] = file.is_destroyed || is_restricted || !file.type;
	return take_links(lump, i, err);
}

static bool weigh(struct lump *lump, size_t i, size_t j, double *out, struct err *err)
{
	double *weight = weight_at(lump, i, j);
	if (*weight == UNKNOWN) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create_wiping(LUMP_BYTES);
		struct people_compared *compared =
			arena ? arena_alloc(arena, 1, sizeof *compared) : NULL;
		bool has;
		if (!compared)
			return err_set(err, ERR_UNABLE, "There is no memory for who is who");
		if (!people_compare(lump->groups->people, lump->groups->reader, lump->files[i],
		                    lump->files[j], STR(""), arena, compared, &has, err))
			return false;
		*weight = has ? compared->reasons.weight : NOTHING;
	}
	*out = *weight;
	return true;
}

/* Whether two parts fit (H1). */
static bool fit(struct lump *lump, size_t a, size_t b, bool *out, struct err *err)
{
	double sum = 0;
	size_t pairs = 0, against = 0;
	*out = false;
	for (size_t i = 0; i < lump->count; i++) {
		for (size_t j = 0; lump->part[i] == a && j < lump->count; j++) {
			double weight;
			if (lump->part[j] != b)
				continue;
			if (!weigh(lump, i, j, &weight, err))
				return false;
			if (weight == APART_BITS)
				return true;
			if (weight == NOTHING)
				continue;
			pairs++;
			sum += weight < JOINED_BITS ? weight : -AGAINST;
			against += weight < AGAINST;
		}
	}
	*out = pairs > 0 && sum >= MEAN_LEAST * (double)pairs && against * AGAINST_SHARE <= pairs;
	return true;
}

struct best {
	size_t i, j;
	double weight;
	int64_t entry;
};

static int by_weight(const void *a, const void *b)
{
	const struct best *x = a, *y = b;
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->entry < y->entry ? -1 : x->entry > y->entry;
}

static bool put_together(struct lump *lump, struct err *err)
{
	struct best *best = arena_alloc(lump->groups->arena, lump->edge_count, sizeof *best);
	size_t count = 0;
	if (!best)
		return err_set(err, ERR_UNABLE, "There is no memory for who is who");
	for (size_t e = 0; e < lump->edge_count; e++) {
		const struct edge *edge = &lump->edges[e];
		size_t i = member_of(lump, edge->a), j = member_of(lump, edge->b);
		double weight;
		if (i == j || lump->is_left_out[i] || lump->is_left_out[j])
			continue;
		if (!weigh(lump, i, j, &weight, err))
			return false;
		/* What was joined and parted again is together no more. */
		if (weight < EDGE_BITS || (edge->is_joined && weight != JOINED_BITS))
			continue;
		best[count++] = (struct best){ i, j, weight, edge->entry };
	}
	qsort(best, count, sizeof *best, by_weight);
	for (size_t e = 0; e < count; e++) {
		size_t a = lump->part[best[e].i], b = lump->part[best[e].j];
		bool do_fit = best[e].weight == JOINED_BITS;
		if (a == b)
			continue;
		if (!do_fit && !fit(lump, a, b, &do_fit, err))
			return false;
		for (size_t i = 0; do_fit && i < lump->count; i++) {
			if (lump->part[i] == a || lump->part[i] == b)
				lump->part[i] = a < b ? a : b;
		}
	}
	return true;
}

/* --- what comes out --------------------------------------------------------------------------- */

/* Whether some of them were known to so many before: without what was imported. */
static bool were_together(const struct lump *lump, size_t part)
{
	const struct groups *groups = lump->groups;
	size_t least = groups->ask->least_agencies;
	uint16_t agencies[AGENCIES_AT_ONCE];
	int64_t *files = arena_alloc(groups->arena, lump->count, sizeof *files);
	size_t *before = arena_alloc(groups->arena, lump->count, sizeof *before);
	for (size_t i = 0; files && before && i < lump->count; i++)
		before[i] = i;
	for (size_t e = 0; files && before && e < lump->edge_count; e++) {
		size_t i = member_of(lump, lump->edges[e].a), j = member_of(lump, lump->edges[e].b);
		if (lump->part[i] != part || lump->part[j] != part || lump->is_import[i] ||
		    lump->is_import[j] || before[i] == before[j])
			continue;
		size_t from = before[j], to = before[i];
		for (size_t k = 0; k < lump->count; k++)
			before[k] = before[k] == from ? to : before[k];
	}
	for (size_t k = 0; files && before && k < lump->count; k++) {
		size_t count = 0;
		for (size_t i = 0; i < lump->count; i++) {
			if (before[i] == k && lump->part[i] == part && !lump->is_import[i])
				files[count++] = lump->files[i];
		}
		if (agencies_of(groups->people, files, count, agencies, least) >= least)
			return true;
	}
	return false;
}

static int64_t since_of(const struct lump *lump, size_t part)
{
	int64_t since = -1;
	for (size_t e = 0; e < lump->edge_count; e++) {
		size_t i = member_of(lump, lump->edges[e].a), j = member_of(lump, lump->edges[e].b);
		if (lump->part[i] == part && lump->part[j] == part && lump->edges[e].entry > since)
			since = lump->edges[e].entry;
	}
	return since;
}

/* The entry by which so many agencies came together first, and the file on which it stands. */
static bool find_coming(struct lump *lump, size_t part, struct people_group *out, struct err *err)
{
	const struct groups *groups = lump->groups;
	size_t least = groups->ask->least_agencies;
	uint16_t agencies[AGENCIES_AT_ONCE];
	int64_t *files = arena_alloc(groups->arena, lump->count, sizeof *files);
	size_t *with = arena_alloc(groups->arena, lump->count, sizeof *with);
	if (!files || !with)
		return err_set(err, ERR_UNABLE, "There is no memory for who is who");
	for (size_t i = 0; i < lump->count; i++)
		with[i] = i;
	for (size_t e = 0; e < lump->edge_count; e++) { /* in their order */
		size_t i = member_of(lump, lump->edges[e].a), j = member_of(lump, lump->edges[e].b);
		size_t from = with[j], to = with[i], count = 0;
		if (lump->part[i] != part || lump->part[j] != part)
			continue;
		for (size_t k = 0; k < lump->count; k++) {
			with[k] = with[k] == from ? to : with[k];
			if (with[k] == to)
				files[count++] = lump->files[k];
		}
		out->first = lump->edges[e].entry;
		out->first_on = lump->edges[e].a;
		if (agencies_of(groups->people, files, count, agencies, least) >= least)
			return true;
	}
	return true;
}

/* --- of what age (H3) ------------------------------------------------------------------------- */

struct aging {
	int this_year;
	struct match_birth birth; /* the newest that can be read */
};

static bool look_for_birth(void *ctx, const struct casebook_claim *claim)
{
	struct aging *aging = ctx;
	struct match_birth birth;
	for (size_t i = 0; i < claim->count; i++) {
		if (claim->texts[i].as == PACK_MATCHED_BIRTH &&
		    match_birth_read(claim->texts[i].text, aging->this_year, &birth))
			aging->birth = birth;
	}
	return true;
}

static uint64_t types_of(const struct pack_import *import)
{
	return import->kind->file_types;
}

struct said {
	bool yes, otherwise;
};

static bool add_said(const struct groups *groups, int64_t n, struct said *said, struct err *err)
{
	const struct pack *pack = casebook_pack(groups->people->book);
	struct aging aging = { .this_year = groups->today.year };
	struct casebook_file file;
	if (!casebook_file_get(groups->reader, groups->arena, n, &file, err) ||
	    !casebook_claims_of(groups->reader, n, look_for_birth, &aging, err))
		return false;
	if (aging.birth.year) {
		bool is_first =
			people_import_of(pack, &aging.birth, groups->today) == &pack->imports[0];
		said->yes = said->yes || is_first;
		said->otherwise = said->otherwise || !is_first;
		return true;
	}
	uint64_t type = file.type ? UINT64_C(1) << (file.type - pack->file_types) : 0;
	bool is_first = types_of(&pack->imports[0]) & type;
	said->yes = said->yes || is_first;
	for (size_t i = 1; !is_first && i < pack->import_count; i++)
		said->otherwise = said->otherwise || (types_of(&pack->imports[i]) & type);
	return true;
}

static bool are_of_the_first(const struct groups *groups, const struct people_group *group,
                             bool *out, struct err *err)
{
	struct said said = { .yes = false };
	*out = true;
	if (!casebook_pack(groups->people->book)->import_count)
		return true;
	for (size_t i = 0; i < group->count && !said.otherwise; i++) {
		if (!add_said(groups, group->files[i], &said, err))
			return false;
	}
	*out = said.yes && !said.otherwise;
	return true;
}

/* --- what is told ----------------------------------------------------------------------------- */

/* Fills what is told of the part; *wanted: it is asked for. */
static bool describe(struct lump *lump, size_t part, struct people_group *out, bool *wanted,
                     struct err *err)
{
	struct groups *groups = lump->groups;
	int64_t *files = arena_alloc(groups->arena, lump->count, sizeof *files);
	struct str *names = arena_alloc(groups->arena, AGENCIES_AT_ONCE, sizeof *names);
	uint16_t agencies[AGENCIES_AT_ONCE];
	bool has_import = false;
	*wanted = false;
	*out = (struct people_group){ .files = files, .agencies = names };
	if (!files || !names)
		return err_set(err, ERR_UNABLE, "There is no memory for who is who");
	for (size_t i = 0; i < lump->count; i++) {
		if (lump->part[i] != part || lump->is_left_out[i])
			continue;
		has_import = has_import || lump->is_import[i];
		files[out->count++] = lump->files[i];
	}
	if (out->count < 2 || !has_import)
		return true;
	pthread_mutex_lock(&groups->people->contact_lock);
	out->agency_count =
		agencies_of(groups->people, files, out->count, agencies, AGENCIES_AT_ONCE);
	for (size_t i = 0; i < out->agency_count; i++)
		names[i] = arena_copy(groups->arena,
		                      contacts_agency(groups->people->contacts, agencies[i]));
	*wanted = out->agency_count >= groups->ask->least_agencies && !were_together(lump, part);
	bool done = !*wanted || find_coming(lump, part, out, err);
	pthread_mutex_unlock(&groups->people->contact_lock);
	out->since = since_of(lump, part);
	return done && (!*wanted || are_of_the_first(groups, out, wanted, err));
}

static bool visit_parts(struct lump *lump, bool *goes_on, struct err *err)
{
	for (size_t part = 0; *goes_on && part < lump->count; part++) {
		struct people_group group;
		bool wanted;
		if (lump->part[part] != part)
			continue;
		if (!describe(lump, part, &group, &wanted, err))
			return false;
		group.lump = lump->edges[0].root;
		if (wanted)
			*goes_on = lump->groups->visit(lump->groups->ctx, &group);
	}
	return true;
}

static bool list_members(struct lump *lump, struct err *err)
{
	struct arena *arena = lump->groups->arena;
	size_t n = 0;
	lump->files = arena_alloc(arena, 2 * lump->edge_count, sizeof *lump->files);
	if (!lump->files)
		return err_set(err, ERR_UNABLE, "There is no memory for who is who");
	for (size_t e = 0; e < lump->edge_count; e++) {
		lump->files[n++] = lump->edges[e].a;
		lump->files[n++] = lump->edges[e].b;
	}
	qsort(lump->files, n, sizeof *lump->files, by_number);
	for (size_t i = 0; i < n; i++) {
		if (lump->count == 0 || lump->files[lump->count - 1] != lump->files[i])
			lump->files[lump->count++] = lump->files[i];
	}
	return true;
}

/* Whether it may hold what is asked for: cheap, and before any seal is opened. */
static bool is_worth_it(struct lump *lump, bool *out, struct err *err)
{
	struct groups *groups = lump->groups;
	uint16_t agencies[AGENCIES_AT_ONCE];
	bool has_import = false;
	lump->is_import = arena_alloc(groups->arena, lump->count, sizeof *lump->is_import);
	if (!lump->is_import)
		return err_set(err, ERR_UNABLE, "There is no memory for who is who");
	pthread_mutex_lock(&groups->people->contact_lock);
	for (size_t i = 0; i < lump->count; i++) {
		lump->is_import[i] = is_of_import(groups, lump->files[i]);
		has_import = has_import || lump->is_import[i];
	}
	size_t least = groups->ask->least_agencies;
	*out = has_import && lump->edges[0].root > groups->ask->after &&
	       agencies_of(groups->people, lump->files, lump->count, agencies, least) >= least;
	pthread_mutex_unlock(&groups->people->contact_lock);
	return true;
}

static bool begin_lump(struct lump *lump, struct err *err)
{
	struct arena *arena = lump->groups->arena;
	size_t n = lump->count;
	lump->is_left_out = arena_alloc(arena, n, sizeof *lump->is_left_out);
	lump->weights = arena_alloc(arena, n * n, sizeof *lump->weights);
	lump->part = arena_alloc(arena, n, sizeof *lump->part);
	if (!lump->is_left_out || !lump->weights || !lump->part)
		return err_set(err, ERR_UNABLE, "There is no memory for who is who");
	for (size_t i = 0; i < n * n; i++)
		lump->weights[i] = UNKNOWN;
	for (size_t i = 0; i < n; i++) {
		lump->part[i] = i;
		if (!look_at_member(lump, i, err))
			return false;
	}
	return true;
}

static bool look_at_lump(struct groups *groups, const struct edge *edges, size_t count,
                         bool *goes_on, struct err *err)
{
	struct lump lump = { .groups = groups, .edges = edges, .edge_count = count };
	bool is_worth = false;
	arena_reset(groups->arena);
	if (!list_members(&lump, err) || !is_worth_it(&lump, &is_worth, err))
		return false;
	if (!is_worth)
		return true;
	groups->told->too_large += lump.count > LUMP_MAX;
	return lump.count > LUMP_MAX || (begin_lump(&lump, err) && put_together(&lump, err) &&
	                                 visit_parts(&lump, goes_on, err));
}

bool people_groups(struct people *people, struct casebook_reader *reader,
                   const struct people_groups_ask *ask, people_visit_group *visit, void *ctx,
                   struct people_groups_told *told, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *all = arena_create(LUMPS_BYTES);
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(LUMP_BYTES);
	const struct pack *pack = casebook_pack(people->book);
	struct groups groups = { .people = people,
		                 .reader = reader,
		                 .ask = ask,
		                 .visit = visit,
		                 .ctx = ctx,
		                 .arena = arena,
		                 .told = told };
	struct edge *edges = NULL;
	size_t count = 0;
	bool goes_on = true;
	*told = (struct people_groups_told){ 0 };
	if (!all || !arena)
		return err_set(err, ERR_UNABLE, "There is no memory for who is who");
	if (!pack->matching.propose)
		return true;
	groups.same = pack->matching.same->links[0].relation;
	groups.apart = pack->matching.apart->links[0].relation;
	groups.today = zone_day(pack->zone, casebook_now(people->book));
	pthread_mutex_lock(&people->contact_lock);
	bool done = find_lumps(&groups, all, &edges, &count, err);
	pthread_mutex_unlock(&people->contact_lock);
	for (size_t from = 0, to; done && goes_on && from < count; from = to) {
		to = from + 1;
		while (to < count && edges[to].root == edges[from].root)
			to++;
		done = look_at_lump(&groups, &edges[from], to - from, &goes_on, err);
	}
	return done;
}

unsigned people_proposed_on(struct people *people, int64_t file)
{
	pthread_mutex_lock(&people->contact_lock);
	unsigned count = contacts_proposed(people->contacts, file);
	pthread_mutex_unlock(&people->contact_lock);
	return count;
}

bool people_agencies(struct people *people, const int64_t *files, size_t count, struct arena *arena,
                     const struct str **out, size_t *out_count, struct err *err)
{
	struct str *names = arena_alloc(arena, AGENCIES_AT_ONCE, sizeof *names);
	uint16_t agencies[AGENCIES_AT_ONCE];
	*out = names;
	if (!names)
		return err_set(err, ERR_UNABLE, "There is no memory for who is who");
	pthread_mutex_lock(&people->contact_lock);
	*out_count = agencies_of(people, files, count, agencies, AGENCIES_AT_ONCE);
	for (size_t i = 0; i < *out_count; i++)
		names[i] = arena_copy(arena, contacts_agency(people->contacts, agencies[i]));
	pthread_mutex_unlock(&people->contact_lock);
	return true;
}
