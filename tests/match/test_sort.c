/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Many things in order by a number, by one thread and by several. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "match/sort.h"

#define MANY 200000

static uint64_t next(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state ^ *state >> 29;
}

/* `mask` says which bits differ at all. */
static void fill(struct sort_key *keys, uint32_t count, uint64_t mask)
{
	uint64_t state = 7;
	for (uint32_t i = 0; i < count; i++)
		keys[i] = (struct sort_key){ (next(&state) & mask) | UINT64_C(0x40000000), i, ~i };
}

static void assert_sorted(const struct sort_key *keys, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		assert_int_equal(keys[i].spare, ~keys[i].at);
		if (i == 0)
			continue;
		assert_true(keys[i - 1].key <= keys[i].key);
		/* Those of one key stay as they came. */
		assert_true(keys[i - 1].key < keys[i].key || keys[i - 1].at < keys[i].at);
	}
}

static void test_sorts(void **state)
{
	static const uint64_t MASKS[] = {
		UINT64_MAX, 0, 1, 0xFF, UINT64_C(0xFFFF) << 48, UINT64_C(0x0F0F0F0F0F0F0F0F)
	};
	static const uint32_t COUNTS[] = { 0, 1, 2, 24, 25, 3000, MANY };
	struct pool *pool = pool_create((size_t)64 << 20);
	struct sort_key *keys = pool_take(pool, MANY, sizeof *keys);
	struct sort_key *room = pool_take(pool, MANY, sizeof *room);
	(void)state;
	assert_non_null(keys);
	assert_non_null(room);
	for (size_t i = 0; i < sizeof MASKS / sizeof *MASKS; i++) {
		for (size_t k = 0; k < sizeof COUNTS / sizeof *COUNTS; k++) {
			for (unsigned threads = 0; threads < 4; threads++) {
				fill(keys, COUNTS[k], MASKS[i]);
				if (threads)
					assert_true(
						sort_keys_shared(keys, COUNTS[k], pool, threads));
				else
					sort_keys(keys, room, COUNTS[k]);
				assert_sorted(keys, COUNTS[k]);
			}
		}
	}
	pool_refuse_after(pool, 0);
	assert_false(sort_keys_shared(keys, 100, pool, 2));
	pool_refuse_after(pool, SIZE_MAX);
	pool_give(pool, keys);
	pool_give(pool, room);
	pool_destroy(pool);
}

static void test_numbers_in_order(void **state)
{
	static const float VALUES[] = { -1e30f, -8.5f, -8.25f, -1e-30f, 0, 1e-30f, 2, 2.5f, 1e30f };
	(void)state;
	for (size_t i = 1; i < sizeof VALUES / sizeof *VALUES; i++)
		assert_true(sort_number(VALUES[i - 1]) < sort_number(VALUES[i]));
	assert_int_equal(sort_number(-0.0f), sort_number(0.0f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sorts),
		cmocka_unit_test(test_numbers_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
