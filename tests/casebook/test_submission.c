/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Submissions are remembered for 30 days, however many there are. */
#include <stdlib.h>

#include "fixture.h"

#include "casebook/submission.h"

#define RUN 4096    /* rows */
#define FULL 262144 /* of a full run */

struct memory {
	struct store *store;
	struct submissions *all;
	struct err err;
};

static void set_up(struct memory *memory, const char *path)
{
	*memory = (struct memory){ .all = submissions_create() };
	assert_non_null(memory->all);
	assert_true(store_open(path, STORE_CREATE, &memory->store, &memory->err));
	assert_true(store_migrate(memory->store, "register", &memory->err));
}

static void tear_down(struct memory *memory)
{
	submissions_destroy(memory->all);
	store_close(memory->store);
}

/* As the tags of hashed ids: spread over all 63 bits. */
static int64_t tag_of(int64_t i)
{
	uint64_t x = (uint64_t)i * 0x9e3779b97f4a7c15U;
	x ^= x >> 29;
	x *= 0xbf58476d1ce4e5b9U;
	x ^= x >> 32;
	return (int64_t)(x >> 1);
}

static struct submission submission_of(int64_t i)
{
	struct submission out = { .entry = i * 3 };
	memset(out.act.bytes, (int)(i % 251), sizeof out.act.bytes);
	return out;
}

static void put(struct memory *memory, int64_t from, int64_t to)
{
	for (int64_t i = from; i < to; i++) {
		struct submission one = submission_of(i);
		assert_true(submissions_put(memory->all, memory->store, tag_of(i), &one, i, &memory->err));
	}
}

static bool knows(struct memory *memory, int64_t i)
{
	struct submission found, wanted = submission_of(i);
	bool is_found;
	assert_true(submissions_find(memory->all, memory->store, tag_of(i), &found, &is_found, &memory->err));
	if (!is_found)
		return false;
	assert_int_equal(found.entry, wanted.entry);
	assert_true(hash_eq(&found.act, &wanted.act));
	return true;
}

static void read_again(struct memory *memory)
{
	submissions_destroy(memory->all);
	memory->all = submissions_create();
	assert_non_null(memory->all);
}

static int64_t count(struct memory *memory, const char *sql)
{
	int64_t n;
	assert_true(store_get_int(memory->store, sql, &n, &memory->err));
	return n;
}

#define RUNS "SELECT COUNT(*) FROM short_submission_run"
#define LEVEL(n) RUNS " WHERE level = " #n

static void test_each_of_many_is_known_and_no_other(void **state)
{
	struct memory memory;
	(void)state;
	set_up(&memory, ":memory:");
	assert_true(store_begin(memory.store, &memory.err));
	put(&memory, 1, FULL + 20000);
	assert_true(store_commit(memory.store, &memory.err));
	assert_int_equal(count(&memory, LEVEL(4)), 1);
	assert_int_equal(count(&memory, LEVEL(3)), 1);
	assert_int_equal(count(&memory, LEVEL(2)), 3);
	assert_int_equal(count(&memory, LEVEL(1)), 8); /* 16384 + 3 * 1024 + 8 * 64 + 31 */
	for (int pass = 0; pass < 3; pass++) {
		for (int64_t i = 1; i < FULL + 20000; i += 37)
			assert_true(knows(&memory, i));
		for (int64_t i = 2 * FULL; i < 2 * FULL + 3000; i++)
			assert_false(knows(&memory, i));
		if (pass == 0)
			read_again(&memory);
		if (pass == 1)
			put(&memory, FULL + 20000, FULL + 20200);
	}
	tear_down(&memory);
}

/* Each of these programs takes few acts: none reads the whole into memory. */
static void test_many_short_programs_make_the_same_runs_as_a_long_one(void **state)
{
	struct memory memory, other;
	const char *const sums[] = {
		"SELECT COALESCE(SUM(first * 31 + last * 7 + level), 0) FROM short_submission_run",
		"SELECT COALESCE(SUM(LENGTH(pairs) * (bucket + 1) + first), 0) FROM short_submission_bucket",
	};
	(void)state;
	set_up(&memory, ":memory:");
	set_up(&other, ":memory:");
	assert_true(store_begin(memory.store, &memory.err));
	assert_true(store_begin(other.store, &other.err));
	for (int64_t i = 1; i < 3000; i += 3) {
		read_again(&memory);
		put(&memory, i, i + 3);
		assert_true(knows(&memory, (i + 3) / 2));
		assert_false(knows(&memory, i + 3));
	}
	for (int64_t i = 1; i < 10; i++)
		assert_false(knows(&other, i + FULL));
	put(&other, 1, 3001);
	for (size_t i = 0; i < COUNT_OF(sums); i++)
		assert_int_equal(count(&memory, sums[i]), count(&other, sums[i]));
	for (int64_t i = 1; i < 3001; i += 7) {
		read_again(&memory);
		assert_true(knows(&memory, i));
	}
	tear_down(&memory);
	tear_down(&other);
}

static void test_a_turn_given_up_leaves_no_memory(void **state)
{
	struct memory memory;
	(void)state;
	set_up(&memory, ":memory:");
	assert_true(store_begin(memory.store, &memory.err));
	put(&memory, 1, RUN - 10);
	assert_true(store_commit(memory.store, &memory.err));
	for (int64_t i = 1; i < 10; i++)
		assert_true(knows(&memory, i)); /* now all is in memory */
	int64_t before = count(&memory, LEVEL(2));
	assert_true(store_begin(memory.store, &memory.err));
	put(&memory, RUN - 10, RUN + 100); /* runs are joined, and given up */
	assert_int_equal(count(&memory, LEVEL(2)), before + 1);
	store_abort(memory.store);
	submissions_forget(memory.all);
	assert_int_equal(count(&memory, LEVEL(2)), before);
	assert_false(knows(&memory, RUN + 5));
	assert_true(knows(&memory, RUN - 11));
	assert_true(store_begin(memory.store, &memory.err));
	put(&memory, RUN, RUN + 100);
	assert_true(store_commit(memory.store, &memory.err));
	assert_true(knows(&memory, RUN + 5));
	tear_down(&memory);
}

static void test_the_old_are_dropped_and_the_rest_stays(void **state)
{
	struct memory memory;
	(void)state;
	set_up(&memory, ":memory:");
	assert_true(store_begin(memory.store, &memory.err));
	put(&memory, 1, 2 * RUN + 500);
	assert_int_equal(count(&memory, RUNS " WHERE last <= 4096"), 4);
	assert_true(submissions_drop(memory.all, memory.store, RUN + 100, &memory.err));
	assert_true(store_commit(memory.store, &memory.err));
	assert_int_equal(count(&memory, RUNS " WHERE last <= 4096"), 0);
	for (int pass = 0; pass < 2; pass++) {
		for (int64_t i = 1; i < RUN + 100; i += 97)
			assert_false(knows(&memory, i));
		for (int64_t i = RUN + 100; i < 2 * RUN + 500; i += 97)
			assert_true(knows(&memory, i));
		read_again(&memory);
	}
	assert_true(store_begin(memory.store, &memory.err));
	assert_true(submissions_drop(memory.all, memory.store, INT64_MAX, &memory.err));
	assert_true(store_commit(memory.store, &memory.err));
	assert_int_equal(count(&memory, "SELECT COUNT(*) FROM short_submission"), 0);
	assert_int_equal(count(&memory, RUNS), 1); /* it says where numbers go on */
	assert_false(knows(&memory, 2 * RUN + 499));
	assert_true(store_begin(memory.store, &memory.err));
	put(&memory, 5 * RUN, 5 * RUN + 10);
	assert_true(store_commit(memory.store, &memory.err));
	assert_true(knows(&memory, 5 * RUN + 9));
	tear_down(&memory);
}

/* What few people report is dropped month by month and fills no run for years. */
static void test_a_long_quiet_life_loses_none(void **state)
{
	struct memory memory;
	(void)state;
	set_up(&memory, ":memory:");
	assert_true(store_begin(memory.store, &memory.err));
	for (int64_t month = 0; month < 300; month++) {
		int64_t first = 1 + 500 * month;
		read_again(&memory);
		put(&memory, first, first + 500);
		assert_true(submissions_drop(memory.all, memory.store, first + 200, &memory.err));
		read_again(&memory);
		for (int64_t i = first + 200; i < first + 500; i += 37) {
			assert_true(knows(&memory, i));
			assert_false(knows(&memory, i - 300));
		}
	}
	assert_int_equal(count(&memory, "SELECT COUNT(*) FROM short_submission"), 300);
	tear_down(&memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_of_many_is_known_and_no_other),
		cmocka_unit_test(test_a_turn_given_up_leaves_no_memory),
		cmocka_unit_test(test_the_old_are_dropped_and_the_rest_stays),
		cmocka_unit_test(test_a_long_quiet_life_loses_none),
		cmocka_unit_test(test_many_short_programs_make_the_same_runs_as_a_long_one),
	};
	return cmocka_run_group_tests_name("submission", tests, NULL, NULL);
}
