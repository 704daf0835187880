/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Blocks against every pair there is: each that a rule makes comes once, under its first rule. */
#include "claims_fixture.h"

#include "match/block.h"

struct seen {
	uint8_t rule[CLAIMS][CLAIMS]; /* 0: not made; else its number and one */
	size_t pairs, twice;
};

struct visited {
	struct made made;
	struct seen *seen[8]; /* by thread */
};

static bool note(void *ctx, unsigned thread, const struct compared *left, const struct compared *right, uint32_t a, uint32_t b,
                 size_t rule)
{
	struct visited *visited = ctx;
	const struct claims *claims = &visited->made.claims;
	struct seen *seen = visited->seen[thread];
	assert_true(a < b);
	assert_memory_equal(&left->claim, &claims->claims[a], sizeof left->claim);
	assert_memory_equal(&right->claim, &claims->claims[b], sizeof right->claim);
	seen->twice += seen->rule[a][b] != 0;
	seen->rule[a][b] = (uint8_t)(rule + 1);
	seen->pairs++;
	return true;
}

static void visit(struct visited *visited, uint32_t max_block, unsigned threads, struct seen *all)
{
	struct block_limits limits = { .threads = threads, .max_block = max_block };
	struct blocks blocks;
	assert_true(blocks_make(&blocks, visited->made.pool, &visited->made.claims, visited->made.rules.rules, visited->made.rules.count, &limits));
	for (unsigned t = 0; t < threads; t++) {
		visited->seen[t] = calloc(1, sizeof *visited->seen[t]);
		assert_non_null(visited->seen[t]);
	}
	assert_true(blocks_visit(&blocks, &limits, note, visited));
	*all = (struct seen){ .pairs = 0 };
	for (unsigned t = 0; t < threads; t++) {
		all->pairs += visited->seen[t]->pairs;
		all->twice += visited->seen[t]->twice;
		for (size_t a = 0; a < CLAIMS; a++) {
			for (size_t b = 0; b < CLAIMS; b++) {
				all->twice += all->rule[a][b] && visited->seen[t]->rule[a][b];
				all->rule[a][b] = visited->seen[t]->rule[a][b] ? visited->seen[t]->rule[a][b] : all->rule[a][b];
			}
		}
		free(visited->seen[t]);
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
	struct visited visited = { .made = make_claims(f) };
	const struct made *made = &visited.made;
	struct seen *all = calloc(1, sizeof *all);
	size_t expected = 0;
	assert_non_null(all);
	visit(&visited, 1000, 3, all);
	for (size_t a = 0; a < CLAIMS; a++) {
		for (size_t b = a + 1; b < CLAIMS; b++) {
			uint8_t rule = first_rule(made, a, b);
			if (rule != all->rule[a][b])
				fail_msg("claims %zu and %zu: rule %u, expected %u", a, b, all->rule[a][b], rule);
			expected += rule != 0;
		}
	}
	assert_int_equal(all->pairs, expected);
	assert_int_equal(all->twice, 0);
	assert_true(expected > 1000);
	free(all);
	finish(&visited.made);
}

static void a_large_block_is_cut_and_makes_no_pair_twice(void **state)
{
	struct fixture *f = *state;
	struct visited visited = { .made = make_claims(f) };
	struct seen *all = calloc(1, sizeof *all), *cut = calloc(1, sizeof *cut);
	assert_non_null(all);
	assert_non_null(cut);
	visit(&visited, 1000, 2, all);
	for (uint32_t max_block = 2; max_block < 8; max_block++) {
		visit(&visited, max_block, 2, cut);
		assert_int_equal(cut->twice, 0);
		assert_true(cut->pairs <= all->pairs && cut->pairs > 0);
		for (size_t a = 0; a < CLAIMS; a++) {
			for (size_t b = 0; b < CLAIMS; b++)
				assert_true(!cut->rule[a][b] || cut->rule[a][b] == all->rule[a][b]);
		}
	}
	free(all);
	free(cut);
	finish(&visited.made);
}

#define EQUALS ((size_t)15000)
#define WINDOW ((size_t)40)

/* Pairs of claims that are all equal: how far apart, each by its later claim. */
struct near {
	struct made made;
	_Atomic uint64_t seen[EQUALS]; /* a bit for each claim before it */
	_Atomic size_t pairs, far;
};

static bool note_near(void *ctx, unsigned thread, const struct compared *left, const struct compared *right, uint32_t a,
                      uint32_t b, size_t rule)
{
	struct near *near = ctx;
	(void)thread;
	(void)rule;
	(void)left;
	(void)right;
	near->far += b - a > WINDOW;
	near->seen[b] |= UINT64_C(1) << (b - a) % 64;
	near->pairs++;
	return true;
}

static void claims_that_are_all_equal_are_compared_with_their_neighbours_by_all_threads(void **state)
{
	struct fixture *f = *state;
	struct near *near = calloc(1, sizeof *near);
	struct block_limits limits = { .threads = 3, .max_block = 100 };
	struct blocks blocks;
	struct buf text;
	assert_non_null(near);
	near->made.pool = pool_create((size_t)256 << 20);
	buf_init(&text, FILE_MAX);
	buf_add(&text, STR("id,first_name,surname\n"));
	for (size_t i = 0; i < EQUALS; i++)
		buf_format(&text, "%zu,Amara,Bell\n", i);
	claims_of(f, &near->made, buf_str(&text));
	assert_true(blocks_make(&blocks, near->made.pool, &near->made.claims, near->made.rules.rules, near->made.rules.count, &limits));
	assert_true(blocks_visit(&blocks, &limits, note_near, near));
	assert_int_equal(near->far, 0);
	assert_int_equal(near->pairs, WINDOW * EQUALS - WINDOW * (WINDOW + 1) / 2);
	for (size_t b = 1; b < EQUALS; b++)
		assert_int_equal(__builtin_popcountll(near->seen[b]), b < WINDOW ? b : WINDOW);
	blocks_finish(&blocks);
	buf_finish(&text);
	finish(&near->made);
	free(near);
}

/* No date, no telephone, no house: names alone, in one of two places or in another spelling. */
static void a_parents_name_brings_two_claims_together(void **state)
{
	static const char *const OTHERS[] = { "Maryam,Nur,Mahad", "Nuur,,Maryam", "Mariam,Nur,Warsame" };
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++) {
		struct made made = { .pool = pool_create((size_t)256 << 20) };
		bool is_made = false;
		claims_of(f, &made,
		          arena_format(f->arena, "id,first_name,middle_names,surname\n1,Maryam,,Nur\n2,%s\n", OTHERS[i]));
		for (size_t r = 0; r < made.rules.count; r++)
			is_made = is_made || rule_holds(&made.claims, &made.rules.rules[r], &made.claims.claims[0],
			                                &made.claims.claims[1]);
		/* One name alone makes pairs of few claims; that is not meant here. */
		struct rule parent = { { RULE_FIRST_SOUND, RULE_PARENT }, 2 }, either = { { RULE_EITHER }, 1 };
		if (!is_made)
			fail_msg("%s of %zu rules", OTHERS[i], made.rules.count);
		assert_true(rule_holds(&made.claims, i == 1 ? &either : &parent, &made.claims.claims[0], &made.claims.claims[1]));
		finish(&made);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(every_pair_of_a_rule_comes_once_under_its_first),
		PROVES(a_large_block_is_cut_and_makes_no_pair_twice),
		PROVES(claims_that_are_all_equal_are_compared_with_their_neighbours_by_all_threads),
		PROVES(a_parents_name_brings_two_claims_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
