/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The cache of unwrapped keys: bounded, oldest out, wiped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/base.h"
#include "vault/key_cache.h"

static void fill(uint8_t key[KEY_CACHE_KEY], int64_t slot)
{
	memset(key, (int)(slot % 251), KEY_CACHE_KEY);
	memcpy(key, &slot, sizeof slot);
}

static bool holds_right(struct key_cache *cache, int64_t slot)
{
	uint8_t key[KEY_CACHE_KEY], right[KEY_CACHE_KEY];
	fill(right, slot);
	if (!key_cache_get(cache, slot, key))
		return false;
	assert_memory_equal(key, right, sizeof key);
	return true;
}

static void put(struct key_cache *cache, int64_t slot)
{
	uint8_t key[KEY_CACHE_KEY];
	fill(key, slot);
	key_cache_put(cache, slot, key);
}

static void the_key_used_longest_ago_makes_room(void **state)
{
	struct key_cache *cache = key_cache_create(3);
	(void)state;
	put(cache, 1);
	put(cache, 2);
	put(cache, 3);
	assert_true(holds_right(cache, 1)); /* 2 is now the oldest */
	put(cache, 4);
	assert_false(holds_right(cache, 2));
	assert_true(holds_right(cache, 1));
	assert_true(holds_right(cache, 3));
	assert_true(holds_right(cache, 4));
	assert_int_equal(key_cache_held(cache), 3);
	key_cache_destroy(cache);
}

static void a_dropped_key_is_gone(void **state)
{
	struct key_cache *cache = key_cache_create(3);
	(void)state;
	put(cache, 1);
	put(cache, 4); /* the same chain as 1 */
	put(cache, 7);
	key_cache_drop(cache, 4);
	key_cache_drop(cache, 4);
	key_cache_drop(cache, 99);
	assert_false(holds_right(cache, 4));
	assert_true(holds_right(cache, 1));
	assert_true(holds_right(cache, 7));
	assert_int_equal(key_cache_held(cache), 2);
	put(cache, 10); /* takes the emptied place, not one in use */
	assert_true(holds_right(cache, 1));
	assert_true(holds_right(cache, 7));
	key_cache_destroy(cache);
}

static void a_cache_of_one_holds_one(void **state)
{
	struct key_cache *cache = key_cache_create(1);
	(void)state;
	put(cache, 5);
	put(cache, 5);
	assert_true(holds_right(cache, 5));
	put(cache, 6);
	assert_false(holds_right(cache, 5));
	assert_true(holds_right(cache, 6));
	key_cache_drop(cache, 6);
	assert_int_equal(key_cache_held(cache), 0);
	key_cache_destroy(cache);
}

static void a_cache_has_bounds(void **state)
{
	(void)state;
	assert_null(key_cache_create(0));
	assert_null(key_cache_create(65537));
	key_cache_destroy(NULL);
}

/* Against a plain model: the same keys are held after any history. */
static void any_history_holds_what_a_plain_list_holds(void **state)
{
	enum { ROOM = 7 };
	struct random_source *random = random_seeded_create(20261126);
	struct key_cache *cache = key_cache_create(ROOM);
	int64_t list[ROOM]; /* newest first */
	size_t count = 0;
	(void)state;
	for (int turn = 0; turn < 20000; turn++) {
		int64_t slot = (int64_t)random_below(random, 20);
		uint64_t what = random_below(random, 10);
		size_t at = 0;
		while (at < count && list[at] != slot)
			at++;
		bool was_held = at < count;
		if (was_held)
			memmove(list + at, list + at + 1, (--count - at) * sizeof *list);
		if (what == 0) {
			key_cache_drop(cache, slot);
			continue;
		}
		if (what < 5) {
			assert_int_equal(holds_right(cache, slot), was_held);
			if (!was_held)
				continue;
		} else {
			put(cache, slot);
			if (count == ROOM)
				count--;
		}
		memmove(list + 1, list, count * sizeof *list);
		list[0] = slot;
		count++;
		assert_int_equal(key_cache_held(cache), count);
	}
	key_cache_destroy(cache);
	random_destroy(random);
}

static int start(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_key_used_longest_ago_makes_room),
		cmocka_unit_test(a_dropped_key_is_gone),
		cmocka_unit_test(a_cache_of_one_holds_one),
		cmocka_unit_test(a_cache_has_bounds),
		cmocka_unit_test(any_history_holds_what_a_plain_list_holds),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
