/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/arena_fixture.h"

static void a_seed_replays_one_history(void **state)
{
	(void)state;
	unsigned char whole[2000], parts[2000];
	struct random_source *a = random_seeded_create(7), *b = random_seeded_create(7);
	random_bytes(a, whole, sizeof whole);
	for (size_t at = 0, n = 1; at < sizeof parts; at += n, n = n * 3 % 97) {
		if (n > sizeof parts - at)
			n = sizeof parts - at;
		random_bytes(b, parts + at, n);
	}
	assert_memory_equal(whole, parts, sizeof whole);
	random_destroy(a);
	random_destroy(b);
}

/* ChaCha20 under BLAKE2b-256 of the seed, worked out by another implementation of both. */
static void the_stream_of_a_seed_never_changes(void **state)
{
	(void)state;
	char hex[32];
	unsigned char bytes[16];
	struct random_source *source = random_seeded_create(1);
	random_bytes(source, bytes, sizeof bytes);
	hex_write(hex, bytes, sizeof bytes);
	assert_memory_equal(hex, "5aa4346f11b0369ca83c9ab48da47ad6", 32);
	random_destroy(source);
}

static void other_seeds_give_other_streams(void **state)
{
	(void)state;
	unsigned char first[32], second[32];
	struct random_source *a = random_seeded_create(1),
			     *b = random_seeded_create(UINT64_C(1) << 63 | 1);
	random_bytes(a, first, sizeof first);
	random_bytes(b, second, sizeof second);
	assert_memory_not_equal(first, second, sizeof first);
	random_destroy(a);
	random_destroy(b);
}

static void the_systems_bytes_differ_each_time(void **state)
{
	(void)state;
	unsigned char first[32] = { 0 }, second[32] = { 0 };
	struct random_source *a = random_system_create();
	random_bytes(a, first, sizeof first);
	random_bytes(a, second, sizeof second);
	assert_memory_not_equal(first, second, sizeof first);
	random_bytes(a, first, 0);
	random_destroy(a);
	random_destroy(NULL);
}

/* Pieces of every length over the edges of what is drawn at once: no byte is given twice or left out. */
static void what_is_drawn_ahead_is_given_once(void **state)
{
	(void)state;
	unsigned char bytes[64], before[64] = { 0 };
	size_t zeros = 0, all = 0;
	struct random_source *source = random_pooled_create();
	for (int i = 0; i < 4000; i++) {
		size_t n = 16 + (size_t)(i * 7 % 49);
		random_bytes(source, bytes, n);
		assert_memory_not_equal(bytes, before, 16);
		memcpy(before, bytes, sizeof before);
		for (size_t b = 0; b < n; b++)
			zeros += bytes[b] == 0;
		all += n;
	}
	/* One in 256: what was wiped, and given again, would be far more. */
	assert_in_range(zeros, all / 512, all / 128);
	random_destroy(source);
}

static void numbers_below_a_bound_are_even(void **state)
{
	(void)state;
	size_t found[6] = { 0 };
	struct random_source *source = random_seeded_create(3);
	for (int i = 0; i < 60000; i++) {
		uint64_t n = random_below(source, 6);
		assert_true(n < 6);
		found[n]++;
	}
	for (size_t i = 0; i < 6; i++)
		assert_true(found[i] > 9500 && found[i] < 10500);
	assert_int_equal(random_below(source, 1), 0);
	assert_true(random_below(source, UINT64_MAX) < UINT64_MAX);
	random_destroy(source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_seed_replays_one_history),     PROVES(the_stream_of_a_seed_never_changes),
		PROVES(other_seeds_give_other_streams), PROVES(the_systems_bytes_differ_each_time),
		PROVES(numbers_below_a_bound_are_even),
		PROVES(what_is_drawn_ahead_is_given_once),
	};
	return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
