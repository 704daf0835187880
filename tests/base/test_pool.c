/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Memory in large pieces, and what is left of it in what was given back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"
#include "base/left_behind.h"

#define SMALL ((size_t)4 << 10)
#define LARGE ((size_t)3 << 20)
#define HUGE ((size_t)40 << 20)

static void assert_zero(const unsigned char *at, size_t n)
{
	size_t i = 0;
	while (i < n && at[i] == 0)
		i++;
	assert_int_equal(i, n);
}

static void a_piece_that_grows_keeps_what_it_has(struct pool *pool)
{
	static const size_t STEPS[] = { 1, 100, SMALL, SMALL + 1, LARGE, LARGE + 5000, LARGE * 3, LARGE * 4, HUGE };
	unsigned char *at = NULL;
	size_t before = 0;
	for (size_t k = 0; k < COUNT_OF(STEPS); k++) {
		unsigned char *grown = pool_grow(pool, at, STEPS[k], 1);
		assert_non_null(grown);
		assert_int_equal((uintptr_t)grown % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < before; i++) {
			if (grown[i] != (unsigned char)(i % 251 + 1))
				fail_msg("byte %zu of %zu is lost", i, before);
		}
		assert_zero(grown + before, STEPS[k] - before);
		for (size_t i = before; i < STEPS[k]; i++)
			grown[i] = (unsigned char)(i % 251 + 1);
		at = grown;
		before = STEPS[k];
	}
	assert_true(pool_used(pool) > HUGE && pool_used(pool) < HUGE + 4096);
	/* Past the maximum it stays as it was. */
	assert_null(pool_grow(pool, at, HUGE * 2, 1));
	assert_int_equal(at[HUGE - 1], (HUGE - 1) % 251 + 1);
	pool_give(pool, at);
	assert_int_equal(pool_used(pool), 0);
	pool_destroy(pool);
}

static void pieces_of_any_pool_grow(void **state)
{
	(void)state;
	a_piece_that_grows_keeps_what_it_has(pool_create(HUGE + LARGE));
}

static void pieces_of_a_pool_that_wipes_grow(void **state)
{
	(void)state;
	a_piece_that_grows_keeps_what_it_has(pool_create_wiping(HUGE + LARGE));
}

#if SEES_WHAT_IS_LEFT

enum { WORDS = 48 };

/* The words in the midst of a piece that then grows; so that it must move something lies behind. */
static void grow_and_give(size_t first, size_t then, unsigned number)
{
	struct pool *pool = pool_create_wiping(HUGE);
	char *at = pool_take(pool, first, 1), *behind = NULL;
	assert_non_null(at);
	left_write(LEFT_LETTERS, number, at + first / 2, WORDS);
	behind = pool_take(pool, SMALL, 1);
	assert_int_equal(left_count(LEFT_LETTERS, number, WORDS), 1);
	at = pool_grow(pool, at, then, 1);
	assert_non_null(at);
	assert_int_equal(left_count(LEFT_LETTERS, number, WORDS), 1);
	pool_give(pool, at);
	assert_int_equal(left_count(LEFT_LETTERS, number, WORDS), 0);
	pool_give(pool, behind);
	pool_destroy(pool);
}

static void a_pool_that_wipes_leaves_no_words_behind(void **state)
{
	(void)state;
	grow_and_give(SMALL, SMALL * 4, 1);
	grow_and_give(SMALL, LARGE, 2);
	grow_and_give(LARGE, LARGE * 4, 3);
}

static void an_arena_that_wipes_leaves_no_words_behind(void **state)
{
	(void)state;
	struct arena *arena = arena_create_wiping(LARGE);
	for (size_t i = 0; i < 2; i++) {
		assert_non_null(arena_alloc(arena, 100, 1));
		left_write(LEFT_LETTERS, 4, arena_alloc(arena, WORDS, 1), WORDS);
		assert_non_null(arena_alloc(arena, SMALL * 4, 1));
		left_write(LEFT_LETTERS, 5, (char *)arena_alloc(arena, SMALL, 1) + 100, WORDS);
		assert_int_equal(left_count(LEFT_LETTERS, 4, WORDS), 1);
		assert_int_equal(left_count(LEFT_LETTERS, 5, WORDS), 1);
		if (i == 0)
			arena_reset(arena);
		else
			arena_destroy(arena);
		assert_int_equal(left_count(LEFT_LETTERS, 4, WORDS), 0);
		assert_int_equal(left_count(LEFT_LETTERS, 5, WORDS), 0);
	}
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_of_any_pool_grow),
		cmocka_unit_test(pieces_of_a_pool_that_wipes_grow),
#if SEES_WHAT_IS_LEFT
		cmocka_unit_test(a_pool_that_wipes_leaves_no_words_behind),
		cmocka_unit_test(an_arena_that_wipes_leaves_no_words_behind),
#endif
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
