/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Submissions are remembered for 30 days, however many there are. */
#include <stdlib.h>

#include "fixture.h"

#include "casebook/submission.h"

#define RUN 65536

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

static void test_each_of_many_is_known_and_no_other(void **state)
{
	struct memory memory;
	(void)state;
	set_up(&memory, ":memory:");
	assert_true(store_begin(memory.store, &memory.err));
	put(&memory, 1, 3 * RUN + 500);
	assert_true(store_commit(memory.store, &memory.err));
	assert_int_equal(count(&memory, "SELECT COUNT(*) FROM short_submission_run"), 3);
	for (int pass = 0; pass < 2; pass++) {
		for (int64_t i = 1; i < 3 * RUN + 500; i += 37)
			assert_true(knows(&memory, i));
		for (int64_t i = 4 * RUN; i < 4 * RUN + 3000; i++)
			assert_false(knows(&memory, i));
		read_again(&memory);
	}
	tear_down(&memory);
}

static void test_a_turn_given_up_leaves_no_memory(void **state)
{
	struct memory memory;
	(void)state;
	set_up(&memory, ":memory:");
	assert_true(store_begin(memory.store, &memory.err));
	put(&memory, 1, RUN - 10);
	assert_true(store_commit(memory.store, &memory.err));
	assert_true(store_begin(memory.store, &memory.err));
	put(&memory, RUN, RUN + 100); /* a run is made, and given up */
	assert_int_equal(count(&memory, "SELECT COUNT(*) FROM short_submission_run"), 1);
	store_abort(memory.store);
	submissions_forget(memory.all);
	assert_int_equal(count(&memory, "SELECT COUNT(*) FROM short_submission_run"), 0);
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
	assert_true(submissions_drop(memory.all, memory.store, RUN + 100, &memory.err));
	assert_true(store_commit(memory.store, &memory.err));
	assert_int_equal(count(&memory, "SELECT COUNT(*) FROM short_submission_run"), 1);
	assert_int_equal(count(&memory, "SELECT COUNT(*) FROM short_submission_bucket"), 256);
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
	assert_int_equal(count(&memory, "SELECT COUNT(*) FROM short_submission_bucket"), 0);
	assert_false(knows(&memory, 2 * RUN + 499));
	assert_true(store_begin(memory.store, &memory.err));
	put(&memory, 5 * RUN, 5 * RUN + 10);
	assert_true(store_commit(memory.store, &memory.err));
	assert_true(knows(&memory, 5 * RUN + 9));
	tear_down(&memory);
}

/* Each of these programs takes two acts: none reads the whole into memory. */
static void test_many_short_programs_know_what_each_of_them_took(void **state)
{
	struct memory memory;
	(void)state;
	set_up(&memory, ":memory:");
	assert_true(store_begin(memory.store, &memory.err));
	put(&memory, 1, RUN + 1);
	for (int64_t i = RUN + 1; i < RUN + 2600; i += 2) {
		read_again(&memory);
		put(&memory, i, i + 2);
	}
	assert_int_equal(count(&memory, "SELECT COUNT(*) FROM short_submission"), RUN + 2600);
	assert_int_equal(count(&memory, "SELECT COUNT(*) FROM short_submission_run"), 1);
	assert_int_equal(count(&memory, "SELECT COUNT(*) FROM short_submission_block"), 2);
	for (int64_t i = 1; i < RUN + 2601; i += 7) {
		read_again(&memory);
		assert_true(knows(&memory, i)); /* in the newest, a block, a run */
		assert_false(knows(&memory, i + 2 * RUN));
	}
	put(&memory, RUN + 2601, 2 * RUN + 2);
	assert_int_equal(count(&memory, "SELECT COUNT(*) FROM short_submission_run"), 2);
	assert_int_equal(count(&memory, "SELECT COUNT(*) FROM short_submission_block"), 0);
	for (int64_t i = 1; i < 2 * RUN + 2; i += 97)
		assert_true(knows(&memory, i));
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
		cmocka_unit_test(test_many_short_programs_know_what_each_of_them_took),
	};
	return cmocka_run_group_tests_name("submission", tests, NULL, NULL);
}
