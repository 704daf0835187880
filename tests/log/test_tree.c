/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Trees: roots and proofs against RFC 6962 done by brute force. */
#include "log/leaves.h"

#define SMALL 70

struct source {
	struct hasher *hasher;
	const struct hash *leaves;
	size_t n;
};

static bool brute_stored(void *ctx, unsigned level, uint64_t index, struct hash *out,
                         struct err *err)
{
	struct source *source = ctx;
	size_t first = (size_t)index << level, n = (size_t)1 << level;
	if (first + n > source->n)
		return err_set(err, ERR_FAULT, "asked past the tree");
	*out = brute_root(source->hasher, source->leaves + first, n);
	return true;
}

static void appending_gives_the_root_of_all_leaves(void **state)
{
	struct fixture *f = *state;
	struct hash *leaves = leaves_of(f, 600);
	struct log_frontier *frontier = arena_alloc(f->arena, 1, sizeof *frontier);
	for (size_t n = 0; n <= 600; n++) {
		struct hash root = log_frontier_root(f->hasher, frontier);
		struct hash wanted = brute_root(f->hasher, leaves, n);
		assert_true(hash_eq(&root, &wanted));
		assert_int_equal(frontier->count, __builtin_popcountll(n));
		if (n < 600)
			log_frontier_append(f->hasher, frontier, &leaves[n]);
	}
}

static void every_entry_of_every_small_tree_is_proved(void **state)
{
	struct fixture *f = *state;
	struct source source = { f->hasher, leaves_of(f, SMALL), 0 };
	struct log_proof *proof = arena_alloc(f->arena, 1, sizeof *proof);
	for (source.n = 1; source.n <= SMALL; source.n++) {
		struct hash root = brute_root(f->hasher, source.leaves, source.n);
		for (size_t i = 0; i < source.n; i++) {
			assert_true(log_inclusion_make(f->hasher, i, source.n, brute_stored,
			                               &source, proof, &f->err));
			assert_true(log_inclusion_check(f->hasher, i, source.n, &source.leaves[i],
			                                proof->at, proof->count, &root));
			/* no other entry, no other place, no longer path */
			assert_false(log_inclusion_check(f->hasher, i, source.n,
			                                 &source.leaves[source.n % SMALL],
			                                 proof->at, proof->count, &root) &&
			             source.n % SMALL != i);
			assert_false(log_inclusion_check(f->hasher, source.n, source.n,
			                                 &source.leaves[i], proof->at, proof->count,
			                                 &root));
			proof->at[proof->count] = root;
			assert_false(log_inclusion_check(f->hasher, i, source.n, &source.leaves[i],
			                                 proof->at, proof->count + 1, &root));
		}
	}
}

/* A path one hash longer leads to a root of its own making: the size says where it must end. */
static void a_path_that_climbs_past_the_root_is_refused(void **state)
{
	struct fixture *f = *state;
	struct source source = { f->hasher, leaves_of(f, SMALL), 0 };
	struct log_proof *proof = arena_alloc(f->arena, 1, sizeof *proof);
	for (source.n = 1; source.n < 20; source.n++) {
		struct hash root = brute_root(f->hasher, source.leaves, source.n);
		struct hash more = commitment_of(7), above = log_node_hash(f->hasher, &more, &root);
		for (size_t i = 0; i < source.n; i++) {
			assert_true(log_inclusion_make(f->hasher, i, source.n, brute_stored,
			                               &source, proof, &f->err));
			proof->at[proof->count] = more;
			assert_false(log_inclusion_check(f->hasher, i, source.n, &source.leaves[i],
			                                 proof->at, proof->count + 1, &above));
			struct hash older = brute_root(f->hasher, source.leaves, i);
			struct hash older_above = log_node_hash(f->hasher, &more, &older);
			assert_true(log_consistency_make(f->hasher, i, source.n, brute_stored,
			                                 &source, proof, &f->err));
			proof->at[proof->count] = more;
			assert_false(log_consistency_check(f->hasher, i, source.n, proof->at,
			                                   proof->count + 1, &older_above, &above));
		}
	}
}

static void a_log_that_shrank_is_never_consistent(void **state)
{
	struct fixture *f = *state;
	struct hash proof[] = { commitment_of(1), commitment_of(2) };
	struct hash newer = log_node_hash(f->hasher, &proof[0], &proof[1]);
	assert_false(log_consistency_check(f->hasher, 3, 2, proof, 2, &proof[0], &newer));
}

static void every_two_small_trees_are_proved_consistent(void **state)
{
	struct fixture *f = *state;
	struct source source = { f->hasher, leaves_of(f, SMALL), 0 };
	struct log_proof *proof = arena_alloc(f->arena, 1, sizeof *proof);
	struct hash *roots = arena_alloc(f->arena, SMALL + 1, sizeof *roots);
	for (size_t n = 0; n <= SMALL; n++)
		roots[n] = brute_root(f->hasher, source.leaves, n);
	for (source.n = 0; source.n <= SMALL; source.n++) {
		for (size_t older = 0; older <= source.n; older++) {
			assert_true(log_consistency_make(f->hasher, older, source.n, brute_stored,
			                                 &source, proof, &f->err));
			assert_true(log_consistency_check(f->hasher, older, source.n, proof->at,
			                                  proof->count, &roots[older],
			                                  &roots[source.n]));
			if (proof->count == 0)
				continue;
			proof->at[proof->count / 2].bytes[7] ^= 1;
			assert_false(log_consistency_check(f->hasher, older, source.n, proof->at,
			                                   proof->count, &roots[older],
			                                   &roots[source.n]));
		}
	}
}

static void a_proof_past_the_tree_is_refused(void **state)
{
	struct fixture *f = *state;
	struct source source = { f->hasher, leaves_of(f, 4), 4 };
	struct log_proof proof;
	assert_false(log_inclusion_make(f->hasher, 4, 4, brute_stored, &source, &proof, &f->err));
	assert_int_equal(f->err.code, ERR_USAGE);
	assert_false(log_consistency_make(f->hasher, 5, 4, brute_stored, &source, &proof, &f->err));
	assert_int_equal(f->err.code, ERR_USAGE);
	assert_false(log_inclusion_make(f->hasher, 0, LOG_SIZE_MAX + 1, brute_stored, &source,
	                                &proof, &f->err));
}

/* A tree of 2^63 - 1 made-up leaves: each perfect subtree's hash follows from its place. */
static bool giant_stored(void *ctx, unsigned level, uint64_t index, struct hash *out,
                         struct err *err)
{
	(void)ctx;
	(void)err;
	uint64_t place[] = { level, index };
	*out = hash_of(str_from_bytes(place, sizeof place));
	return true;
}

static void proofs_reach_to_the_last_size(void **state)
{
	struct fixture *f = *state;
	struct log_proof proof;
	struct hash leaf, root;
	uint64_t last = LOG_SIZE_MAX - 1;
	/* The last leaf's path is made of whole subtrees alone, so made-up hashes fit together. */
	assert_true(giant_stored(NULL, 0, last, &leaf, &f->err));
	assert_true(log_root_make(f->hasher, LOG_SIZE_MAX, giant_stored, NULL, &root, &f->err));
	assert_true(log_inclusion_make(f->hasher, last, LOG_SIZE_MAX, giant_stored, NULL, &proof,
	                               &f->err));
	assert_int_equal(proof.count, 62);
	assert_true(log_inclusion_check(f->hasher, last, LOG_SIZE_MAX, &leaf, proof.at, proof.count,
	                                &root));
	assert_false(log_inclusion_check(f->hasher, last - 1, LOG_SIZE_MAX, &leaf, proof.at,
	                                 proof.count, &root));
	assert_true(log_consistency_make(f->hasher, last, LOG_SIZE_MAX, giant_stored, NULL, &proof,
	                                 &f->err));
	struct hash before;
	assert_true(log_root_make(f->hasher, last, giant_stored, NULL, &before, &f->err));
	assert_true(log_consistency_check(f->hasher, last, LOG_SIZE_MAX, proof.at, proof.count,
	                                  &before, &root));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(appending_gives_the_root_of_all_leaves),
		PROVES(every_entry_of_every_small_tree_is_proved),
		PROVES(a_path_that_climbs_past_the_root_is_refused),
		PROVES(a_log_that_shrank_is_never_consistent),
		PROVES(every_two_small_trees_are_proved_consistent),
		PROVES(a_proof_past_the_tree_is_refused),
		PROVES(proofs_reach_to_the_last_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
