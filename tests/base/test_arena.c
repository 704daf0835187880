/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/arena_fixture.h"

static void memory_is_zeroed_and_aligned(void **state)
{
	struct fixture *f = *state;
	for (size_t n = 0; n < 5000; n += 7) {
		unsigned char *p = arena_alloc(f->arena, n, 1);
		assert_non_null(p);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		if (n)
			memset(p, 0xee, n);
	}
}

static void memory_used_before_a_reset_is_zeroed_again(void **state)
{
	struct fixture *f = *state;
	memset(arena_alloc(f->arena, 1000, 1), 0xee, 1000);
	arena_reset(f->arena);
	assert_int_equal(arena_used(f->arena), 0);
	const unsigned char *p = arena_alloc(f->arena, 1000, 1);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(p[i], 0);
}

static void the_maximum_holds_until_the_next_reset(void **state)
{
	(void)state;
	struct arena *arena = arena_create(100000);
	size_t handed = 0;
	while (arena_alloc(arena, 100, 1))
		handed += 100;
	assert_true(handed <= 100000 && handed > 80000);
	assert_true(arena_used(arena) <= 100000);
	assert_null(arena_alloc(arena, 100000, 1));
	arena_reset(arena);
	assert_non_null(arena_alloc(arena, 99000, 1));
	arena_destroy(arena);
	arena_destroy(NULL);
}

static void a_size_that_overflows_is_refused(void **state)
{
	struct fixture *f = *state;
	assert_null(arena_alloc(f->arena, SIZE_MAX, 1));
	assert_null(arena_alloc(f->arena, SIZE_MAX / 2, 3));
	assert_null(arena_alloc(f->arena, SIZE_MAX - 8, 1));
	assert_non_null(arena_alloc(f->arena, 0, SIZE_MAX));
}

static void copies_are_their_own(void **state)
{
	struct fixture *f = *state;
	char text[] = "abc";
	struct str copy = arena_copy(f->arena, str_from_c(text));
	text[0] = 'x';
	assert_str(copy, "abc");
	assert_non_null(arena_copy(f->arena, STR_NONE).p);
	assert_int_equal(arena_copy(f->arena, STR("a\0b")).n, 3);
}

static void text_is_formatted_with_a_nul_behind_it(void **state)
{
	struct fixture *f = *state;
	struct str text = arena_format(f->arena, "%d %.*s", 7, STR_ARG(STR("abc")));
	assert_str(text, "7 abc");
	assert_int_equal(text.p[text.n], 0);
	struct str pieces[] = { STR("a"), STR_NONE, STR("bc") };
	text = arena_join(f->arena, pieces, COUNT_OF(pieces));
	assert_str(text, "abc");
	assert_int_equal(text.p[text.n], 0);
	assert_str(arena_join(f->arena, NULL, 0), "");
}

static void an_exhausted_arena_gives_the_empty_slice(void **state)
{
	(void)state;
	struct arena *arena = arena_create(16);
	assert_null(arena_format(arena, "%s", "longer than sixteen bytes").p);
	assert_null(arena_copy(arena, STR("longer than sixteen bytes")).p);
	struct str pieces[] = { STR("longer than"), STR("sixteen bytes") };
	assert_null(arena_join(arena, pieces, 2).p);
	struct str huge[] = { { "x", SIZE_MAX }, STR("y") };
	assert_null(arena_join(arena, huge, 2).p);
	assert_str(arena_copy(arena, STR("short")), "short");
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(memory_is_zeroed_and_aligned),
		PROVES(memory_used_before_a_reset_is_zeroed_again),
		PROVES(the_maximum_holds_until_the_next_reset),
		PROVES(a_size_that_overflows_is_refused),
		PROVES(copies_are_their_own),
		PROVES(text_is_formatted_with_a_nul_behind_it),
		PROVES(an_exhausted_arena_gives_the_empty_slice),
	};
	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
