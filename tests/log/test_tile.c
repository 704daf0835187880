/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tiles: what a turn writes, what a lost turn leaves, and what is read of them. */
#include "log/leaves.h"

static struct log_tree *open_tree(struct fixture *f)
{
	struct log_tree *tree = NULL;
	assert_true(log_tree_open(f->store, &tree, &f->err));
	return tree;
}

static struct log_reader *open_reader(struct fixture *f)
{
	struct log_reader *reader = NULL;
	assert_true(log_reader_create(f->store, &reader, &f->err));
	return reader;
}

static void assert_root(struct fixture *f, struct log_tree *tree, size_t n)
{
	struct hash wanted = brute_root(f->hasher, leaves_of(f, n), n), root = log_tree_root(tree);
	assert_int_equal(log_tree_size(tree), n);
	assert_memory_equal(root.bytes, wanted.bytes, HASH_SIZE);
}

static void a_turn_of_one_entry_writes_one_tile(void **state)
{
	struct fixture *f = *state;
	CLEANUP(log_tree_cleanup) struct log_tree *tree = open_tree(f);
	turn(f, tree, 300);
	assert_int_equal(count_of(f, "SELECT COUNT(*) FROM tile"), 3); /* full, open, level 1 */
	assert_true(store_run(f->store, "UPDATE tile SET hashes = x'' WHERE idx = 0", &f->err));
	turn(f, tree, 1); /* touches neither the full tile nor level 1 */
	assert_int_equal(count_of(f, "SELECT COUNT(*) FROM tile WHERE length(hashes) = 0"), 2);
	assert_int_equal(count_of(f, "SELECT width FROM tile WHERE level = 0 AND idx = 1"), 45);
}

static void a_reopened_tree_goes_on_where_it_was(void **state)
{
	struct fixture *f = *state;
	static const size_t TURNS[] = {
		1, 254, 1, 1, 255, 256, 300, 4096, 7, 65536 - 5167, 1, 513
	};
	size_t n = 0;
	for (size_t i = 0; i < COUNT_OF(TURNS); i++) {
		CLEANUP(log_tree_cleanup) struct log_tree *tree = open_tree(f);
		assert_int_equal(log_tree_size(tree), n);
		turn(f, tree, TURNS[i]);
		n += TURNS[i];
		assert_root(f, tree, n);
		CLEANUP(log_tree_cleanup) struct log_tree *again = open_tree(f);
		assert_root(f, again, n);
		arena_reset(f->arena);
	}
}

/* Everything a lost turn may have done: nothing, open tiles only, whole tiles, several flushes. */
static void a_turn_given_up_leaves_no_trace(void **state)
{
	struct fixture *f = *state;
	static const size_t LOST[] = { 1, 3, 200, 256, 700, 70000 };
	CLEANUP(log_tree_cleanup) struct log_tree *tree = open_tree(f);
	size_t n = 0;
	for (size_t i = 0; i < COUNT_OF(LOST); i++) {
		for (size_t flushes = 0; flushes <= 2; flushes++) {
			assert_true(store_begin(f->store, &f->err));
			for (size_t j = 0; j < LOST[i]; j++) {
				struct hash wrong = commitment_of((int64_t)j);
				assert_true(log_tree_append(tree, &wrong, &f->err));
				if (flushes == 2 && j == LOST[i] / 2)
					assert_true(log_tree_flush(tree, f->store, &f->err));
			}
			if (flushes)
				assert_true(log_tree_flush(tree, f->store, &f->err));
			store_abort(f->store);
			log_tree_rollback(tree);
			assert_root(f, tree, n);
			turn(f, tree, 101);
			n += 101;
			assert_root(f, tree, n);
			CLEANUP(log_tree_cleanup) struct log_tree *again = open_tree(f);
			assert_root(f, again, n);
			arena_reset(f->arena);
		}
	}
}

static void another_writer_is_noticed(void **state)
{
	struct fixture *f = *state;
	CLEANUP(log_tree_cleanup) struct log_tree *one = open_tree(f);
	CLEANUP(log_tree_cleanup) struct log_tree *two = open_tree(f);
	turn(f, one, 5);
	struct hash leaf = leaf_of(f->hasher, 0);
	assert_true(store_begin(f->store, &f->err));
	assert_true(log_tree_append(two, &leaf, &f->err));
	assert_false(log_tree_flush(two, f->store, &f->err));
	assert_int_equal(f->err.code, ERR_FAULT);
	store_abort(f->store);
}

static void tiles_that_do_not_fit_are_refused_at_the_start(void **state)
{
	struct fixture *f = *state;
	static const char *const DAMAGE[] = {
		"DELETE FROM tile WHERE level = 1",
		"DELETE FROM tile WHERE level = 0 AND idx >= 2",
		"UPDATE tile SET width = 200 WHERE level = 0 AND idx = 3",
		"UPDATE tile SET width = 0 WHERE level = 0 AND idx = 3",
		"UPDATE tile SET hashes = x'00' WHERE level = 1",
		"UPDATE tile SET idx = 9223372036854775807 WHERE level = 0 AND idx = 3",
	};
	CLEANUP(log_tree_cleanup) struct log_tree *tree = open_tree(f);
	turn(f, tree, 1000); /* three full tiles, the open fourth, level 1 with three hashes */
	for (size_t i = 0; i < COUNT_OF(DAMAGE); i++) {
		struct log_tree *again = NULL;
		assert_true(store_begin(f->store, &f->err));
		assert_true(store_run(f->store, DAMAGE[i], &f->err));
		assert_false(log_tree_open(f->store, &again, &f->err));
		assert_int_equal(f->err.code, ERR_INPUT);
		store_abort(f->store);
	}
}

static void proofs_hold_at_any_earlier_size(void **state)
{
	struct fixture *f = *state;
	CLEANUP(log_tree_cleanup) struct log_tree *tree = open_tree(f);
	CLEANUP(log_reader_cleanup) struct log_reader *reader = open_reader(f);
	CLEANUP(arena_cleanup) struct arena *all = arena_create((size_t)64 << 20);
	const char *named = file_environment("SEED");
	uint64_t seed = 20261123;
	if (named)
		assert_true(str_to_u64(str_from_c(named), UINT64_MAX, &seed));
	print_message("SEED=%" PRIu64 "\n", seed);
	struct random_source *random = random_seeded_create(seed);
	for (size_t i = 0; i < 3; i++)
		turn(f, tree, 25000);
	const struct hash *leaves = leaves_of(f, 75000);
	for (size_t i = 0; i < 200; i++) {
		int64_t size = 1 + (int64_t)random_below(random, 75000);
		int64_t index = (int64_t)random_below(random, (uint64_t)size);
		struct log_proof proof;
		struct hash root, older;
		assert_true(log_reader_root(reader, size, &root, &f->err));
		assert_true(log_reader_inclusion(reader, index, size, &proof, &f->err));
		assert_true(log_inclusion_check(f->hasher, (uint64_t)index, (uint64_t)size,
		                                &leaves[index], proof.at, proof.count, &root));
		assert_true(log_reader_root(reader, index, &older, &f->err));
		assert_true(log_reader_consistency(reader, index, size, &proof, &f->err));
		assert_true(log_consistency_check(f->hasher, (uint64_t)index, (uint64_t)size,
		                                  proof.at, proof.count, &older, &root));
		if (i % 20 == 0) {
			struct hash wanted = brute_root(f->hasher, leaves, (size_t)size);
			assert_memory_equal(root.bytes, wanted.bytes, HASH_SIZE);
		}
	}
	random_destroy(random);
}

static void a_reader_sees_a_tile_grow(void **state)
{
	struct fixture *f = *state;
	CLEANUP(log_tree_cleanup) struct log_tree *tree = open_tree(f);
	CLEANUP(log_reader_cleanup) struct log_reader *reader = open_reader(f);
	for (size_t n = 1; n <= 600; n += 7) {
		struct hash root, wanted;
		turn(f, tree, n - (size_t)log_tree_size(tree));
		assert_true(log_reader_root(reader, (int64_t)n, &root, &f->err));
		wanted = log_tree_root(tree);
		assert_memory_equal(root.bytes, wanted.bytes, HASH_SIZE);
	}
}

static void a_size_past_the_tree_is_refused(void **state)
{
	struct fixture *f = *state;
	CLEANUP(log_tree_cleanup) struct log_tree *tree = open_tree(f);
	CLEANUP(log_reader_cleanup) struct log_reader *reader = open_reader(f);
	struct log_proof proof;
	struct hash root;
	turn(f, tree, 10);
	assert_false(log_reader_root(reader, 11, &root, &f->err));
	assert_int_equal(f->err.code, ERR_USAGE);
	assert_false(log_reader_inclusion(reader, -1, 10, &proof, &f->err));
	assert_int_equal(f->err.code, ERR_USAGE);
	assert_false(log_reader_consistency(reader, 3, 11, &proof, &f->err));
	assert_int_equal(f->err.code, ERR_USAGE);
}

static void nothing_past_the_published_size_is_served(void **state)
{
	struct fixture *f = *state;
	CLEANUP(log_tree_cleanup) struct log_tree *tree = open_tree(f);
	CLEANUP(log_reader_cleanup) struct log_reader *reader = open_reader(f);
	struct str bytes;
	turn(f, tree, 600);
	assert_true(log_reader_serve(reader, f->arena, STR("tile/0/000.p/77"), 77, commitments,
	                             NULL, &bytes, &f->err));
	assert_int_equal(bytes.n, 77 * HASH_SIZE);
	assert_true(log_reader_serve(reader, f->arena, STR("tile/entries/000.p/77"), 77,
	                             commitments, NULL, &bytes, &f->err));
	assert_int_equal(bytes.n, 77 * 34);
	struct hash wanted = commitment_of(76);
	assert_memory_equal(bytes.p + 76 * 34 + 2, wanted.bytes, HASH_SIZE);
	static const char *const NOT[] = { "tile/0/000.p/78", "tile/0/000", "tile/1/000.p/1",
		                           "tile/entries/000.p/78", "tile/0/001.p/1",
		                           /* 2^56, whose hashes are 2^64 */
		                           "tile/0/x072/x057/x594/x037/x927/936.p/3",
		                           "tile/entries/x072/x057/x594/x037/x927/936.p/3" };
	for (size_t i = 0; i < COUNT_OF(NOT); i++) {
		assert_false(log_reader_serve(reader, f->arena, str_from_c(NOT[i]), 77, commitments,
		                              NULL, &bytes, &f->err));
		assert_int_equal(f->err.code, ERR_ABSENT);
	}
}

/* What is kept is found by all of its name, and by no other's whose place it has. */
static void a_kept_tile_is_never_taken_for_another(void **state)
{
	struct fixture *f = *state;
	struct log_cache *cache = log_cache_create(2);
	struct log_path tile = { .level = 0, .index = 4, .width = 256 }, other = tile;
	char bytes[256 * HASH_SIZE] = { 7 };
	struct str found;
	assert_non_null(cache);
	assert_false(log_cache_get(cache, &tile, f->arena, &found));
	log_cache_put(cache, &tile, (struct str){ bytes, sizeof bytes });
	assert_true(log_cache_get(cache, &tile, f->arena, &found));
	assert_int_equal(found.n, sizeof bytes);
	assert_memory_equal(found.p, bytes, sizeof bytes);
	for (other.index = 0; other.index < 9; other.index++)
		assert_int_equal(log_cache_get(cache, &other, f->arena, &found), other.index == 4);
	other = tile;
	for (other.level = 1; other.level < 8; other.level++)
		assert_false(log_cache_get(cache, &other, f->arena, &found));
	other = (struct log_path){ .is_entries = true, .index = 4, .width = 256 };
	assert_false(log_cache_get(cache, &other, f->arena, &found));
	log_cache_destroy(cache);
}

static void a_partial_tile_is_not_kept(void **state)
{
	struct fixture *f = *state;
	struct log_cache *cache = log_cache_create(2);
	struct log_path tile = { .index = 4, .width = 255 };
	char bytes[255 * HASH_SIZE] = { 7 };
	struct str found;
	log_cache_put(cache, &tile, (struct str){ bytes, sizeof bytes });
	assert_false(log_cache_get(cache, &tile, f->arena, &found));
	tile.width = 256;
	log_cache_put(cache, &tile, (struct str){ bytes, sizeof bytes });
	assert_false(log_cache_get(cache, &tile, f->arena, &found));
	log_cache_destroy(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_turn_of_one_entry_writes_one_tile),
		PROVES(a_reopened_tree_goes_on_where_it_was),
		PROVES(a_turn_given_up_leaves_no_trace),
		PROVES(another_writer_is_noticed),
		PROVES(tiles_that_do_not_fit_are_refused_at_the_start),
		PROVES(proofs_hold_at_any_earlier_size),
		PROVES(a_reader_sees_a_tile_grow),
		PROVES(a_size_past_the_tree_is_refused),
		PROVES(nothing_past_the_published_size_is_served),
		PROVES(a_kept_tile_is_never_taken_for_another),
		PROVES(a_partial_tile_is_not_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
