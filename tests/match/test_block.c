/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Blocks against every pair there is: each that a rule makes comes once, under its first rule. */
#include "../base/arena_fixture.h"

#include "match/block.h"
#include "match/columns.h"
#include "match/rules.h"

#define FILE_MAX ((size_t)8 << 20)
#define CLAIMS 700

struct seen {
	uint8_t rule[CLAIMS][CLAIMS]; /* 0: not made; else its number and one */
	size_t pairs, twice;
};

struct made {
	struct pool *pool;
	struct claims claims;
	struct rules rules;
	struct seen *seen[8]; /* by thread */
};

static void must(struct fixture *f, bool done)
{
	if (!done)
		fail_msg("%s", f->err.message);
}

/* The first CLAIMS rows of the synthetic people. */
static struct str some_people(struct fixture *f)
{
	const char *given = file_environment("CANDOUR_LINKAGE");
	struct str text, rest;
	size_t lines = 0;
	must(f, file_read(f->arena, file_join(f->arena, given ? given : "tests/data/linkage", "people_2000.csv"), FILE_MAX,
	                  &text, &f->err));
	for (rest = text; lines < CLAIMS + 1 && rest.n; lines++)
		rest = str_sub(rest, str_find(rest, '\n') + 1, rest.n);
	return str_sub(text, 0, text.n - rest.n);
}

static struct made make_claims(struct fixture *f)
{
	struct made out = { .pool = pool_create((size_t)256 << 20) };
	struct claims_limits limits = { .threads = 2, .seed = 1, .hot = 30, .this_year = 2026 };
	struct csv csv;
	struct columns columns;
	struct table table;
	assert_int_equal(csv_open(&csv, out.pool, some_people(f), f->arena), CSV_OPENED);
	must(f, columns_find(&columns, &csv, STR("A.csv"), 2026, NULL, NULL, &f->err));
	must(f, table_read(&table, out.pool, &csv, columns.fields, STR("A.csv"), 2, 1, &f->err));
	must(f, claims_open(&out.claims, out.pool, &limits, &f->err));
	must(f, claims_add(&out.claims, &table, &f->err));
	table_finish(&table);
	assert_true(claims_prepare(&out.claims));
	assert_int_equal(out.claims.count, CLAIMS);
	rules_choose(&out.rules, &out.claims, RULES_AUTO);
	assert_true(out.rules.count > 10);
	return out;
}

static void finish(struct made *made)
{
	claims_finish(&made->claims);
	assert_int_equal(pool_used(made->pool), 0);
	pool_destroy(made->pool);
}

static bool note(void *ctx, unsigned thread, const struct claim *left, const struct claim *right, uint32_t a, uint32_t b,
                 size_t rule)
{
	struct made *made = ctx;
	struct seen *seen = made->seen[thread];
	assert_true(a < b);
	assert_memory_equal(left, &made->claims.claims[a], sizeof *left);
	assert_memory_equal(right, &made->claims.claims[b], sizeof *right);
	seen->twice += seen->rule[a][b] != 0;
	seen->rule[a][b] = (uint8_t)(rule + 1);
	seen->pairs++;
	return true;
}

static void visit(struct made *made, uint32_t max_block, unsigned threads, struct seen *all)
{
	struct block_limits limits = { .threads = threads, .max_block = max_block };
	struct blocks blocks;
	assert_true(blocks_make(&blocks, made->pool, &made->claims, made->rules.rules, made->rules.count, &limits));
	for (unsigned t = 0; t < threads; t++) {
		made->seen[t] = calloc(1, sizeof *made->seen[t]);
		assert_non_null(made->seen[t]);
	}
	assert_true(blocks_visit(&blocks, &limits, note, made));
	*all = (struct seen){ .pairs = 0 };
	for (unsigned t = 0; t < threads; t++) {
		all->pairs += made->seen[t]->pairs;
		all->twice += made->seen[t]->twice;
		for (size_t a = 0; a < CLAIMS; a++) {
			for (size_t b = 0; b < CLAIMS; b++) {
				all->twice += all->rule[a][b] && made->seen[t]->rule[a][b];
				all->rule[a][b] = made->seen[t]->rule[a][b] ? made->seen[t]->rule[a][b] : all->rule[a][b];
			}
		}
		free(made->seen[t]);
	}
	blocks_finish(&blocks);
}

static uint8_t first_rule(const struct made *made, size_t a, size_t b)
{
	for (size_t r = 0; r < made->rules.count; r++) {
		if (rule_holds(&made->claims, &made->rules.rules[r], &made->claims.claims[a], &made->claims.claims[b]))
			return (uint8_t)(r + 1);
	}
	return 0;
}

static void every_pair_of_a_rule_comes_once_under_its_first(void **state)
{
	struct fixture *f = *state;
	struct made made = make_claims(f);
	struct seen *all = calloc(1, sizeof *all);
	size_t expected = 0;
	assert_non_null(all);
	visit(&made, 1000, 3, all);
	for (size_t a = 0; a < CLAIMS; a++) {
		for (size_t b = a + 1; b < CLAIMS; b++) {
			uint8_t rule = first_rule(&made, a, b);
			if (rule != all->rule[a][b])
				fail_msg("claims %zu and %zu: rule %u, expected %u", a, b, all->rule[a][b], rule);
			expected += rule != 0;
		}
	}
	assert_int_equal(all->pairs, expected);
	assert_int_equal(all->twice, 0);
	assert_true(expected > 1000);
	free(all);
	finish(&made);
}

static void a_large_block_is_cut_and_makes_no_pair_twice(void **state)
{
	struct fixture *f = *state;
	struct made made = make_claims(f);
	struct seen *all = calloc(1, sizeof *all), *cut = calloc(1, sizeof *cut);
	assert_non_null(all);
	assert_non_null(cut);
	visit(&made, 1000, 2, all);
	for (uint32_t max_block = 2; max_block < 8; max_block++) {
		visit(&made, max_block, 2, cut);
		assert_int_equal(cut->twice, 0);
		assert_true(cut->pairs <= all->pairs && cut->pairs > 0);
		for (size_t a = 0; a < CLAIMS; a++) {
			for (size_t b = 0; b < CLAIMS; b++)
				assert_true(!cut->rule[a][b] || cut->rule[a][b] == all->rule[a][b]);
		}
	}
	free(all);
	free(cut);
	finish(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(every_pair_of_a_rule_comes_once_under_its_first),
		PROVES(a_large_block_is_cut_and_makes_no_pair_twice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
