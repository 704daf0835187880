/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The index in memory: it answers as a bulk run does, whatever came and went before. */
#include "index_fixture.h"

#include <math.h>
#include <pthread.h>

#define ALL SIZE_MAX

static struct match_hits search_row(struct people *p, struct match_index *index, size_t row, double least, size_t most)
{
	struct match_columns columns = columns_of(p, index);
	struct match_search search = { .columns = &columns,
		                       .cells = p->rows[row] + 1,
		                       .least = least,
		                       .most = most,
		                       .except_id = p->rows[row][0] };
	struct match_hits hits;
	must(p->f, match_index_search(index, &search, p->f->arena, &hits, &p->f->err));
	return hits;
}

static struct match_index *filled(struct people *p, uint32_t max_block)
{
	struct match_index *index = open_index(p, max_block, 0);
	must(p->f, match_index_fill(index, STR("A.csv"), p->text, &p->f->err));
	return index;
}

/* --- as in bulk
 * ---------------------------------------------------------------------------------------- */

struct bulk {
	struct people *p;
	struct match_index *index;
	size_t pairs, found;
};

static size_t row_of(const struct people *p, struct str id)
{
	size_t i = 0;
	while (i < p->count && !str_eq(p->rows[i][0], id))
		i++;
	assert_true(i < p->count);
	return i;
}

static bool look_for(struct bulk *bulk, struct str query, struct str id, double weight)
{
	struct match_hits hits = search_row(bulk->p, bulk->index, row_of(bulk->p, query), -3.01, 1000);
	for (size_t i = 0; i < hits.count; i++) {
		if (!str_eq(hits.hits[i].id, id))
			continue;
		if (fabs(hits.hits[i].weight - weight) > 0.001)
			fail_msg("%.*s and %.*s weigh %.4f in bulk and %.4f here", STR_ARG(query), STR_ARG(id), weight,
			         hits.hits[i].weight);
		return true;
	}
	return false;
}

static bool compare_pair(void *ctx, const struct match_pair *pair)
{
	struct bulk *bulk = ctx;
	/* What groups say is not the index's to know. */
	if (pair->alone < -3)
		return true;
	bulk->pairs += 2;
	bulk->found += look_for(bulk, pair->left, pair->right, pair->alone);
	bulk->found += look_for(bulk, pair->right, pair->left, pair->alone);
	arena_reset(bulk->p->f->arena);
	return true;
}

static void compare_with_bulk(struct people *p, uint32_t max_block)
{
	/* What the arena holds is needed beyond its resets. */
	struct fixture own = { .arena = p->f->arena };
	struct people here = *p;
	struct bulk bulk = { .p = &here, .index = filled(p, max_block) };
	struct match_limits limits = { .threads = 2, .seed = 7, .least = -3, .max_block = max_block };
	struct match *match;
	must(p->f, match_open(&limits, &match, &p->f->err));
	must(p->f, match_use_model(match, STR("people"), p->model, &p->f->err));
	must(p->f, match_add(match, STR("A.csv"), p->text, &p->f->err));
	must(p->f, match_fit(match, MATCH_AUTO, &p->f->err));
	own.arena = arena_create((size_t)64 << 20);
	here.f = &own;
	must(p->f, match_pairs(match, -10, compare_pair, &bulk, &p->f->err));
	arena_destroy(own.arena);
	match_close(match);
	match_index_close(bulk.index);
	assert_true(bulk.pairs > 1000);
	assert_int_equal(bulk.found, bulk.pairs);
}

static void every_pair_of_a_bulk_run_is_found_and_weighs_the_same(void **state)
{
	struct people p = people_of(*state, ALL);
	compare_with_bulk(&p, 0);
	finish_people(&p);
}

static void so_it_is_where_lists_are_cut(void **state)
{
	struct people p = people_of(*state, ALL);
	compare_with_bulk(&p, 4);
	finish_people(&p);
}

static void reasons_add_up_to_the_weight_that_was_found(void **state)
{
	struct people p = people_of(*state, ALL);
	struct match_index *index = filled(&p, 0);
	struct match_columns columns = columns_of(&p, index);
	size_t explained = 0;
	for (size_t row = 0; row < 200; row++) {
		struct match_hits hits = search_row(&p, index, row, -4, 3);
		for (size_t i = 0; i < hits.count; i++) {
			struct match_reasons why;
			double sum = 0;
			must(p.f, match_index_explain(index, &columns, p.rows[row] + 1, hits.hits[i].id, p.f->arena, &why,
			                              &p.f->err));
			for (size_t k = 0; k < why.count; k++)
				sum += why.lines[k].bits;
			assert_true(fabs(sum - hits.hits[i].weight) < 0.001);
			assert_true(fabs(why.weight - hits.hits[i].weight) < 1e-9);
			assert_int_equal(why.band, hits.hits[i].band);
			explained++;
		}
	}
	assert_true(explained > 100);
	struct match_reasons why;
	assert_false(match_index_explain(index, &columns, p.rows[0] + 1, STR("nobody"), p.f->arena, &why, &p.f->err));
	assert_int_equal(p.f->err.code, ERR_ABSENT);
	match_index_close(index);
	finish_people(&p);
}

/* --- one thing alone
 * --------------------------------------------------------------------------------------- */

static size_t found_by_one(struct people *p, struct match_index *index, const char *header, struct str cell,
                           struct match_hits *hits)
{
	struct match_columns columns;
	struct str name = str_from_c(header);
	must(p->f, match_index_columns(index, &name, 1, &columns, &p->f->err));
	struct match_search search = { .columns = &columns, .cells = &cell, .least = -4, .most = 1000, .is_wide = true };
	must(p->f, match_index_search(index, &search, p->f->arena, hits, &p->f->err));
	assert_true(hits->is_alone);
	return hits->count;
}

static bool is_hit(const struct match_hits *hits, struct str id)
{
	for (size_t i = 0; i < hits->count; i++) {
		if (str_eq(hits->hits[i].id, id))
			return true;
	}
	return false;
}

/* Of what is normalised to the same, whatever it weighs. */
static void by_half_a_name_or_a_street_all_that_have_it_are_found(void **state)
{
	static const struct {
		const char *header;
		size_t at; /* of the code, in a claim */
	} ASKED[] = { { "surname", offsetof(struct claim, surname) },
		      { "first_name", offsetof(struct claim, first) },
		      { "address", offsetof(struct claim, house) } };
	struct people p = people_of(*state, ALL);
	struct match_index *index = filled(&p, 20);
	const struct claims *claims = &index->match->claims;
	for (size_t k = 0; k < COUNT_OF(ASKED); k++) {
		size_t column = 0, asked = 0;
		while (!str_eq(p.csv.header[column], str_from_c(ASKED[k].header)))
			column++;
		for (uint32_t i = 0; i < claims->count; i += 7) {
			uint32_t code, other;
			struct match_hits hits;
			memcpy(&code, (const char *)&claims->claims[i] + ASKED[k].at, sizeof code);
			/* What an office's house is by how many live there is compared by nobody. */
			if (!code || (k == 2 && claims->houses.counts[code] > 10))
				continue;
			if (found_by_one(&p, index, ASKED[k].header, p.rows[i][column], &hits) == 1000)
				continue;
			asked++;
			for (uint32_t j = 0; j < claims->count; j++) {
				memcpy(&other, (const char *)&claims->claims[j] + ASKED[k].at, sizeof other);
				if (other == code && !is_hit(&hits, index_id(index, j)))
					fail_msg("%.*s is not found by its %s", STR_ARG(index_id(index, j)), ASKED[k].header);
			}
		}
		assert_true(asked > 100);
	}
	match_index_close(index);
	finish_people(&p);
}

/* --- whatever came and went
 * -------------------------------------------------------------------------- */

struct chance {
	uint64_t x;
};

static size_t draw(struct chance *chance, size_t below)
{
	chance->x = chance->x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)(chance->x >> 33) % below;
}

static uint64_t seed_of(void)
{
	uint64_t seed = 20261127;
	const char *given = file_environment("SEED");
	if (given && !str_to_u64(str_from_c(given), UINT64_MAX, &seed))
		fail_msg("SEED is no number");
	return seed;
}

/* Rows in and out, and others' cells under an id for a while; at last each row as it is. */
static void shuffle(struct people *p, struct match_index *index, struct chance *chance)
{
	for (size_t turn = 0; turn < p->count * 3; turn++) {
		size_t row = draw(chance, p->count), other = draw(chance, p->count);
		struct str id = p->rows[row][0];
		if (draw(chance, 10) == 0)
			must(p->f, match_index_forget(index, &p->f->err));
		if (draw(chance, 3) == 0)
			assert_true(match_index_remove(index, id, &p->f->err) || p->f->err.code == ERR_ABSENT);
		else
			must(p->f, put_row(p, index, other, id));
	}
	for (size_t i = 0; i < p->count; i++) {
		size_t row = (i * 7919 + 13) % p->count;
		must(p->f, put_row(p, index, row, STR_NONE));
	}
	assert_int_equal(match_index_count(index), p->count);
}

static void what_it_holds_depends_on_its_claims_alone(void **state)
{
	static const uint32_t BLOCKS[] = { 0, 3, 20 };
	struct people p = people_of(*state, 701);
	struct chance chance = { seed_of() };
	print_message("seed %llu\n", (unsigned long long)chance.x);
	for (size_t i = 0; i < COUNT_OF(BLOCKS); i++) {
		/* Four of one telephone are an office here, so that many are. */
		struct match_index *one = open_index(&p, BLOCKS[i], 4), *other = open_index(&p, BLOCKS[i], 4);
		for (size_t row = 0; row < p.count; row++)
			must(p.f, put_row(&p, one, row, STR_NONE));
		shuffle(&p, other, &chance);
		assert_same_state(p.f, one, other);
		match_index_close(one);
		match_index_close(other);
	}
	finish_people(&p);
}

static void one_by_one_is_as_from_a_file(void **state)
{
	struct people p = people_of(*state, ALL);
	struct match_index *one = filled(&p, 10), *other = open_index(&p, 10, 0);
	for (size_t row = p.count; row-- > 0;)
		must(p.f, put_row(&p, other, row, STR_NONE));
	assert_same_state(p.f, one, other);
	match_index_close(one);
	match_index_close(other);
	finish_people(&p);
}

static void taking_all_away_leaves_nothing(void **state)
{
	struct people p = people_of(*state, 500);
	struct match_index *one = open_index(&p, 5, 4), *other = open_index(&p, 5, 4);
	for (size_t row = 0; row < p.count; row++)
		must(p.f, put_row(&p, one, row, STR_NONE));
	for (size_t row = 0; row < p.count; row++)
		must(p.f, match_index_remove(one, p.rows[row][0], &p.f->err));
	assert_same_state(p.f, one, other);
	assert_int_equal(search_row(&p, one, 3, -50, 20).count, 0);
	assert_false(match_index_remove(one, p.rows[0][0], &p.f->err));
	assert_int_equal(p.f->err.code, ERR_ABSENT);
	match_index_close(one);
	match_index_close(other);
	finish_people(&p);
}

/* --- slips
 * --------------------------------------------------------------------------------------------- */

/* Without the rules that small files have besides, by one name alone. */
static struct str narrow_rules(struct fixture *f, struct str model)
{
	struct str last = STR("  - [\"key(surname)\"]\n");
	size_t from = str_find_str(model, STR("  - [\"first_name\"]\n")), to = str_find_str(model, last) + last.n;
	assert_true(from < to && to < model.n);
	return arena_format(f->arena, "%.*s%.*s", (int)from, model.p, (int)(model.n - to), model.p + to);
}

/* One claim in the index, and a query that shares no key of any rule with it. */
static void a_slip_hides_nobody_from_a_search(void **state)
{
	static const struct str NAMES[] = { { "first_name", 10 }, { "surname", 7 }, { "dob", 3 }, { "postcode", 8 } };
	static const struct {
		const char *held[4], *asked[4];
		size_t found;
	} CASES[] = {
		{ { "Amara", "Kowalska", "2011-03-05", "" }, { "Amara", "Bell", "2011-03-14", "" }, 0 },
		{ { "Amara", "Kowalska", "2011-03-15", "" }, { "Amara", "Bell", "2011-03-14", "" }, 1 },
		{ { "Amara", "Kowalska", "2011-03-05", "" }, { "Amara", "Bell", "2011-05-03", "" }, 1 },
		{ { "Amara", "Kowalska", "2011-03-01", "" }, { "Amara", "Bell", "2011-03-04", "" }, 1 },
		{ { "Rosa", "Kowalska", "2011-03-15", "" }, { "Amara", "Bell", "2011-03-14", "" }, 0 },
		{ { "Amara", "Kowalska", "", "NM1 1AA" }, { "Amara", "Bell", "", "NM1 1AB" }, 1 },
		{ { "Amara", "Kowalska", "", "NM1 1BA" }, { "Amara", "Bell", "", "NM1 1AB" }, 1 },
		{ { "Rosa", "Kowalska", "", "NM1 1AA" }, { "Amara", "Bell", "", "NM1 1AB" }, 0 },
		{ { "Bel", "Ammara", "", "" }, { "Amara", "Bell", "", "" }, 1 },
	};
	struct people p = people_of(*state, 10);
	p.model = narrow_rules(p.f, p.model);
	for (size_t i = 0; i < COUNT_OF(CASES); i++) {
		struct match_index *index = open_index(&p, 0, 0);
		struct match_columns columns;
		struct match_hits hits;
		struct str held[4], asked[4];
		for (size_t k = 0; k < 4; k++) {
			held[k] = str_from_c(CASES[i].held[k]);
			asked[k] = str_from_c(CASES[i].asked[k]);
		}
		must(p.f, match_index_columns(index, NAMES, 4, &columns, &p.f->err));
		struct match_claim claim = { .id = STR("a"), .cells = held };
		must(p.f, match_index_put(index, &columns, &claim, &p.f->err));
		struct match_search search = { .columns = &columns, .cells = asked, .least = -100 };
		must(p.f, match_index_search(index, &search, p.f->arena, &hits, &p.f->err));
		if (hits.count != CASES[i].found)
			fail_msg("case %zu: found %zu", i, hits.count);
		match_index_close(index);
	}
	finish_people(&p);
}

/* --- marks
 * --------------------------------------------------------------------------------------------- */

static const struct str HEADERS[] = { { "first_name", 10 }, { "surname", 7 }, { "dob", 3 }, { "phone", 5 }, { "address", 7 } };

static void put_cells(struct people *p, struct match_index *index, const char *id, const char *const cells[5])
{
	struct match_columns columns;
	struct str texts[5];
	for (size_t i = 0; i < 5; i++)
		texts[i] = str_from_c(cells[i]);
	must(p->f, match_index_columns(index, HEADERS, 5, &columns, &p->f->err));
	struct match_claim claim = { .id = str_from_c(id), .person = str_from_c(id + 1), .cells = texts };
	must(p->f, match_index_put(index, &columns, &claim, &p->f->err));
}

static struct match_hits search_cells(struct people *p, struct match_index *index, const char *const cells[5], bool is_of_people)
{
	struct match_columns columns;
	struct match_hits hits;
	struct str texts[5];
	for (size_t i = 0; i < 5; i++)
		texts[i] = str_from_c(cells[i]);
	must(p->f, match_index_columns(index, HEADERS, 5, &columns, &p->f->err));
	struct match_search search = { .columns = &columns, .cells = texts, .least = -100, .is_of_people = is_of_people };
	must(p->f, match_index_search(index, &search, p->f->arena, &hits, &p->f->err));
	return hits;
}

/* With the rules of a register; by a name alone, in a set that it may share with others or not begin with. */
static void a_name_finds_each_of_its_variants(void **state)
{
	static const char *const NAMES[][2] = { { "Aisha", "Ayesha" }, { "Aisha", "Aysha" },   { "Aisha", "Mwanaisha" },
		                                { "William", "Bill" }, { "Iman", "Eman" },     { "Mia", "Mya" },
		                                { "Elizabeth", "Liz" }, { "John", "Juan" },    { "Olu", "Oluwaseun" } };
	struct people p = people_of(*state, ALL);
	must(p.f, file_read(p.f->arena, "src/people/model.yaml", FILE_MAX, &p.model, &p.f->err));
	struct match_index *index = filled(&p, 0);
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		const char *const here[] = { NAMES[i][0], "Crockwell", "", "", "" }, *const asked[] = { NAMES[i][1], "Crockwell", "", "", "" },
			   *const turned[] = { "Crockwell", NAMES[i][1], "", "", "" };
		put_cells(&p, index, "V1", here);
		for (size_t way = 0; way < 2; way++) {
			struct match_hits hits = search_cells(&p, index, way ? turned : asked, false);
			bool is_found = false;
			for (size_t k = 0; k < hits.count; k++)
				is_found = is_found || str_eq(hits.hits[k].id, STR("V1"));
			if (!is_found)
				fail_msg("%s does not find %s", NAMES[i][1], NAMES[i][0]);
		}
		must(p.f, match_index_remove(index, STR("V1"), &p.f->err));
	}
	match_index_close(index);
	finish_people(&p);
}

static void a_telephone_that_many_share_finds_nobody_until_few_have_it(void **state)
{
	static const char *const QUERY[] = { "", "", "", "06122816456", "" };
	struct people p = people_of(*state, 10);
	struct match_index *index = open_index(&p, 0, 3);
	for (int i = 0; i < 4; i++) {
		char id[8];
		(void)snprintf(id, sizeof id, "t%d", i);
		put_cells(&p, index, id, QUERY);
		assert_int_equal(search_cells(&p, index, QUERY, false).count, i < 3 ? i + 1 : 0);
	}
	must(p.f, match_index_remove(index, STR("t2"), &p.f->err));
	assert_int_equal(search_cells(&p, index, QUERY, false).count, 3);
	match_index_close(index);
	finish_people(&p);
}

static void a_date_that_far_more_have_than_others_is_a_forms(void **state)
{
	struct people p = people_of(*state, 10);
	struct match_index *index = open_index(&p, 0, 0);
	const char *cells[5] = { "", "", "2011-05-06", "", "" };
	char id[16], date[16];
	for (int i = 0; i < 60; i++) {
		const char *other[5] = { "", "", date, "", "" };
		(void)snprintf(id, sizeof id, "d%d", i);
		(void)snprintf(date, sizeof date, "19%02d-07-%02d", 20 + i, 2 + i % 20);
		put_cells(&p, index, id, other);
	}
	for (int i = 0; i < 41; i++) {
		(void)snprintf(id, sizeof id, "x%d", i);
		put_cells(&p, index, id, cells);
		assert_int_equal(search_cells(&p, index, cells, false).count, i < 20 ? i + 1 : i < 40 ? 20 : 0);
	}
	must(p.f, match_index_remove(index, STR("x7"), &p.f->err));
	assert_int_equal(search_cells(&p, index, cells, false).count, 20);
	match_index_close(index);
	finish_people(&p);
}

static bool is_among(const struct match_hits *hits, const char *id)
{
	for (size_t i = 0; i < hits->count; i++) {
		if (str_eq(hits->hits[i].id, str_from_c(id)))
			return true;
	}
	return false;
}

static void of_each_person_the_best_claim_alone_is_shown(void **state)
{
	static const char *const FULL[] = { "Amara", "Bell", "2011-03-04", "", "3 Mill Lane" };
	static const char *const LESS[] = { "Amara", "Bell", "2011-03-04", "", "" };
	static const char *const OTHER[] = { "Amara", "Bel", "2011-03-05", "", "" };
	struct people p = people_of(*state, ALL);
	struct match_index *index = filled(&p, 0);
	put_cells(&p, index, "aP", LESS);
	put_cells(&p, index, "bP", FULL);
	put_cells(&p, index, "cQ", OTHER);
	put_cells(&p, index, "dP", OTHER);
	struct match_hits hits = search_cells(&p, index, FULL, true);
	assert_str(hits.hits[0].id, "bP");
	assert_str(hits.hits[0].person, "P");
	assert_true(is_among(&hits, "cQ"));
	assert_false(is_among(&hits, "aP") || is_among(&hits, "dP"));
	hits = search_cells(&p, index, FULL, false);
	assert_true(is_among(&hits, "aP") && is_among(&hits, "dP"));
	match_index_close(index);
	finish_people(&p);
}

static void twins_and_a_household_are_shown_apart(void **state)
{
	static const char *const GIRL[] = { "Amara", "Bell", "2011-03-04", "06122816456", "3 Mill Lane" };
	static const char *const AGAIN[] = { "Amara", "Bell", "2011-03-04", "06122816456", "3 Mill Lane" };
	static const char *const TWIN[] = { "Rosalind", "Bell", "2011-03-04", "06122816456", "3 Mill Lane" };
	static const char *const BROTHER[] = { "Theodore", "Bell", "2008-11-30", "06122816456", "3 Mill Lane" };
	struct people p = people_of(*state, ALL);
	struct match_index *index = filled(&p, 0);
	put_cells(&p, index, "again", AGAIN);
	put_cells(&p, index, "twin", TWIN);
	put_cells(&p, index, "brother", BROTHER);
	struct match_hits hits = search_cells(&p, index, GIRL, false);
	size_t seen = 0;
	for (size_t i = 0; i < hits.count; i++) {
		const struct match_hit *hit = &hits.hits[i];
		assert_true(fabs(hit->same + hit->household + hit->street + hit->anybody - 1) < 1e-9);
		if (str_eq(hit->id, STR("again"))) {
			assert_int_equal(hit->kind, MATCH_HIT_SAME);
			assert_true(hit->same > 0.9);
			seen |= 1;
		} else if (str_eq(hit->id, STR("twin"))) {
			assert_int_equal(hit->kind, MATCH_HIT_TWIN);
			assert_true(hit->weight < 2);
			seen |= 2;
		} else if (str_eq(hit->id, STR("brother"))) {
			assert_int_equal(hit->kind, MATCH_HIT_HOUSEHOLD);
			assert_true(hit->household > hit->same);
			seen |= 4;
		}
	}
	assert_int_equal(seen, 7);
	match_index_close(index);
	finish_people(&p);
}

/* What is said of a claim that is looked for by name and birth, or by its home too. */
static enum match_hit_kind kind_of(struct people *p, struct match_index *index, const char *const cells[5], const char *id)
{
	struct match_hits hits = search_cells(p, index, cells, false);
	for (size_t i = 0; i < hits.count; i++) {
		if (str_eq(hits.hits[i].id, str_from_c(id)))
			return hits.hits[i].kind;
	}
	fail_msg("%s is not found", id);
	return MATCH_HIT_NEAR;
}

static void twins_are_told_by_each_ones_own_label(void **state)
{
	static const char *const JON[] = { "Jon", "Bell", "2011-03-04", "06122816456", "3 Mill Lane" };
	static const char *const IAN[] = { "Ian", "Bell", "2011-03-04", "06122816456", "3 Mill Lane" };
	static const char *const ROSALIND[] = { "Rosalind", "Bell", "2011-03-04", "06122816456", "3 Mill Lane" };
	static const char *const JON_ALONE[] = { "Jon", "Bell", "2011-03-04", "", "" };
	static const char *const ELSEWHERE[] = { "Rosalind", "Bell", "2011-03-04", "", "41 Far Street" };
	struct people p = people_of(*state, ALL);
	struct match_index *index = filled(&p, 0);
	put_cells(&p, index, "jon", JON);
	put_cells(&p, index, "ian", IAN);
	put_cells(&p, index, "rosalind", ROSALIND);
	assert_int_equal(kind_of(&p, index, JON, "jon"), MATCH_HIT_SAME);
	assert_int_equal(kind_of(&p, index, JON, "ian"), MATCH_HIT_NEAR_TWIN);
	assert_int_equal(kind_of(&p, index, JON, "rosalind"), MATCH_HIT_TWIN);
	assert_int_equal(kind_of(&p, index, JON_ALONE, "jon"), MATCH_HIT_SAME);
	assert_int_equal(kind_of(&p, index, JON_ALONE, "rosalind"), MATCH_HIT_TWIN);
	assert_int_not_equal(kind_of(&p, index, ELSEWHERE, "jon"), MATCH_HIT_TWIN);
	match_index_close(index);
	finish_people(&p);
}

/* --- what is refused
 * ------------------------------------------------------------------------------------ */

static void nobody_is_searched_for_by_ethnicity_or_religion(void **state)
{
	static const char *const NAMES[] = { "ethnicity", "Ethnic Group", "nationality", "religion", "language", "id", "shoe" };
	struct people p = people_of(*state, 10);
	struct match_index *index = open_index(&p, 0, 0);
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		struct str header = str_from_c(NAMES[i]);
		struct match_columns columns;
		assert_false(match_index_columns(index, &header, 1, &columns, &p.f->err));
		assert_int_equal(p.f->err.code, ERR_INPUT);
	}
	match_index_close(index);
	finish_people(&p);
}

static void a_model_without_chances_makes_no_index(void **state)
{
	struct fixture *f = *state;
	struct match_limits limits = { .threads = 2 };
	struct match_index *index;
	assert_false(match_index_open(&limits, STR("m"), STR("model: m\nversion: 1\n"), &index, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_null(index);
	assert_false(match_index_open(&limits, STR("m"), STR("{"), &index, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
}

static void a_claim_has_an_id_that_is_not_too_long(void **state)
{
	struct people p = people_of(*state, 10);
	struct match_index *index = open_index(&p, 0, 0);
	struct match_columns columns = columns_of(&p, index);
	char *letters = calloc(1, 70000);
	memset(letters, 'x', 70000);
	struct match_claim claims[] = { { .cells = p.rows[0] + 1 }, { .id = { letters, 65536 }, .cells = p.rows[0] + 1 } };
	for (size_t i = 0; i < COUNT_OF(claims); i++) {
		assert_false(match_index_put(index, &columns, &claims[i], &p.f->err));
		assert_int_equal(p.f->err.code, ERR_INPUT);
	}
	claims[1].id.n = 65535;
	must(p.f, match_index_put(index, &columns, &claims[1], &p.f->err));
	assert_int_equal(search_row(&p, index, 0, -50, 5).count, 1);
	free(letters);
	match_index_close(index);
	finish_people(&p);
}

/* --- no memory
 * ----------------------------------------------------------------------------------------- */

/* Each piece of memory is refused once, and the index is as it was. */
static void a_put_without_memory_leaves_the_index_as_it_was(void **state)
{
	struct people p = people_of(*state, 300);
	struct match_index *index = open_index(&p, 3, 4), *other = open_index(&p, 3, 4);
	size_t refused = 0;
	for (size_t row = 0; row < p.count; row++) {
		bool is_shown = row % 60 == 59;
		for (size_t pieces = 0;; pieces++) {
			struct str before = is_shown ? state_of(p.f, index) : STR_NONE;
			pool_refuse_after(index->match->pool, pieces);
			bool done = put_row(&p, index, row, p.rows[row % 250][0]);
			pool_refuse_after(index->match->pool, SIZE_MAX);
			if (done)
				break;
			refused++;
			assert_int_equal(p.f->err.code, ERR_UNABLE);
			assert_true(!is_shown || str_eq(before, state_of(p.f, index)));
			/* Words of a claim that did not come in are nobody's. */
			if (pieces % 2 == row % 2)
				must(p.f, match_index_forget(index, &p.f->err));
			assert_true(!is_shown || str_eq(before, state_of(p.f, index)));
		}
		must(p.f, put_row(&p, other, row, p.rows[row % 250][0]));
	}
	assert_true(refused > 1000);
	assert_same_state(p.f, index, other);
	for (size_t pieces = 0;; pieces++) {
		pool_refuse_after(index->match->pool, pieces);
		bool done = match_index_forget(index, &p.f->err);
		pool_refuse_after(index->match->pool, SIZE_MAX);
		assert_same_state(p.f, index, other);
		if (done)
			break;
		assert_int_equal(p.f->err.code, ERR_UNABLE);
	}
	/* None is needed to take away. */
	pool_refuse_after(index->match->pool, 0);
	for (size_t row = 0; row < 250; row++)
		must(p.f, match_index_remove(index, p.rows[row][0], &p.f->err));
	assert_int_equal(match_index_count(index), 0);
	match_index_close(index);
	match_index_close(other);
	finish_people(&p);
}

static void an_index_that_cannot_be_filled_can_be_closed(void **state)
{
	struct people p = people_of(*state, 10);
	size_t filled_ones = 0;
	for (size_t kb = 300; kb < 20000; kb += kb / 4) {
		struct match_limits limits = { .threads = 2, .memory = kb << 10 };
		struct match_index *index;
		if (!match_index_open(&limits, STR("people"), p.model, &index, &p.f->err))
			continue;
		filled_ones += match_index_fill(index, STR("A.csv"), p.text, &p.f->err);
		match_index_close(index);
	}
	assert_true(filled_ones > 0);
	finish_people(&p);
}

/* --- several threads
 * ----------------------------------------------------------------------------------- */

struct shared {
	struct people *p;
	struct match_index *index;
	pthread_mutex_t lock; /* around every call on the index */
	size_t found;         /* guarded by lock */
};

static void *search_all(void *arg)
{
	struct shared *shared = arg;
	struct fixture own = { .arena = arena_create((size_t)16 << 20) };
	struct people p = *shared->p;
	p.f = &own;
	for (size_t row = 0; row < 300; row++) {
		pthread_mutex_lock(&shared->lock);
		struct match_hits hits = search_row(&p, shared->index, row, 2, 5);
		shared->found += hits.count;
		pthread_mutex_unlock(&shared->lock);
		/* What came back stays when the lock is given back. */
		for (size_t i = 0; i < hits.count; i++)
			assert_true(hits.hits[i].id.n > 0 && hits.hits[i].weight >= 2);
		arena_reset(own.arena);
	}
	arena_destroy(own.arena);
	return NULL;
}

static void one_lock_of_the_callers_is_enough(void **state)
{
	struct people p = people_of(*state, ALL);
	struct match_index *alone = open_index(&p, 0, 0);
	struct shared shared = { .p = &p, .index = open_index(&p, 0, 0), .lock = PTHREAD_MUTEX_INITIALIZER };
	pthread_t readers[2];
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&readers[i], NULL, search_all, &shared), 0);
	for (size_t row = 0; row < p.count; row++) {
		pthread_mutex_lock(&shared.lock);
		bool done = put_row(&p, shared.index, row, STR_NONE);
		pthread_mutex_unlock(&shared.lock);
		must(p.f, done && put_row(&p, alone, row, STR_NONE));
	}
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_join(readers[i], NULL), 0);
	assert_same_state(p.f, alone, shared.index);
	match_index_close(alone);
	match_index_close(shared.index);
	finish_people(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(every_pair_of_a_bulk_run_is_found_and_weighs_the_same),
		PROVES(so_it_is_where_lists_are_cut),
		PROVES(reasons_add_up_to_the_weight_that_was_found),
		PROVES(by_half_a_name_or_a_street_all_that_have_it_are_found),
		PROVES(what_it_holds_depends_on_its_claims_alone),
		PROVES(one_by_one_is_as_from_a_file),
		PROVES(taking_all_away_leaves_nothing),
		PROVES(a_slip_hides_nobody_from_a_search),
		PROVES(a_name_finds_each_of_its_variants),
		PROVES(a_telephone_that_many_share_finds_nobody_until_few_have_it),
		PROVES(a_date_that_far_more_have_than_others_is_a_forms),
		PROVES(of_each_person_the_best_claim_alone_is_shown),
		PROVES(twins_and_a_household_are_shown_apart),
		PROVES(twins_are_told_by_each_ones_own_label),
		PROVES(nobody_is_searched_for_by_ethnicity_or_religion),
		PROVES(a_model_without_chances_makes_no_index),
		PROVES(a_claim_has_an_id_that_is_not_too_long),
		PROVES(a_put_without_memory_leaves_the_index_as_it_was),
		PROVES(an_index_that_cannot_be_filled_can_be_closed),
		PROVES(one_lock_of_the_callers_is_enough),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
