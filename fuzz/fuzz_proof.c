/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The input is index and size (8 bytes each, most significant first), leaf,
 * root, and a path. Any path is answered; and over a small tree a proof made
 * for index and size holds, and holds no longer with one bit of the input's
 * choice changed.
 */
#include "target.h"

#include <string.h>

#include "log/log.h"

#define SMALL ((size_t)300)
#define LEVELS 9 /* 256 leaves are the largest whole subtree */
#define FIXED (16 + 2 * HASH_SIZE)
#define HASHES_MAX 100

static uint64_t number(const uint8_t *bytes)
{
	uint64_t n = 0;
	for (size_t i = 0; i < 8; i++)
		n = n << 8 | bytes[i];
	return n;
}

/* The subtrees of a tree whose leaves follow from their place: made once, since making them is dear. */
struct small_tree {
	struct hash level[LEVELS][SMALL];
};

static void grow(struct hasher *hasher, struct small_tree *tree)
{
	for (uint64_t i = 0; i < SMALL; i++)
		tree->level[0][i] =
			hasher_of(hasher, (struct str[]){ str_from_bytes(&i, sizeof i) }, 1);
	for (size_t level = 1; level < LEVELS; level++)
		for (size_t i = 0; i < SMALL >> level; i++)
			tree->level[level][i] = log_node_hash(hasher, &tree->level[level - 1][2 * i],
			                                      &tree->level[level - 1][2 * i + 1]);
}

static bool small_stored(void *ctx, unsigned level, uint64_t index, struct hash *out,
                         struct err *err)
{
	const struct small_tree *tree = ctx;
	(void)err;
	MUST_HOLD(level < LEVELS && index < SMALL >> level);
	*out = tree->level[level][index];
	return true;
}

static void try_inclusion(struct hasher *hasher, struct small_tree *tree, uint64_t index,
                          uint64_t size, uint8_t flip)
{
	struct log_proof proof;
	struct hash leaf, root;
	struct err err = { 0 };
	MUST_HOLD(log_root_make(hasher, size, small_stored, tree, &root, &err));
	MUST_HOLD(small_stored(tree, 0, index, &leaf, &err));
	MUST_HOLD(log_inclusion_make(hasher, index, size, small_stored, tree, &proof, &err));
	MUST_HOLD(log_inclusion_check(hasher, index, size, &leaf, proof.at, proof.count, &root));
	struct hash *changed = proof.count ? &proof.at[flip % proof.count] : &leaf;
	changed->bytes[flip / 8] ^= (uint8_t)(1u << flip % 8);
	MUST_HOLD(!log_inclusion_check(hasher, index, size, &leaf, proof.at, proof.count, &root));
}

static void try_consistency(struct hasher *hasher, struct small_tree *tree, uint64_t older,
                            uint64_t newer, uint8_t flip)
{
	struct log_proof proof;
	struct hash from, to;
	struct err err = { 0 };
	MUST_HOLD(log_root_make(hasher, older, small_stored, tree, &from, &err));
	MUST_HOLD(log_root_make(hasher, newer, small_stored, tree, &to, &err));
	MUST_HOLD(log_consistency_make(hasher, older, newer, small_stored, tree, &proof, &err));
	MUST_HOLD(log_consistency_check(hasher, older, newer, proof.at, proof.count, &from, &to));
	struct hash *changed = proof.count ? &proof.at[flip % proof.count] : &from;
	changed->bytes[flip / 8] ^= (uint8_t)(1u << flip % 8);
	MUST_HOLD(!log_consistency_check(hasher, older, newer, proof.at, proof.count, &from, &to));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct small_tree tree;
	static bool is_grown;
	struct hash leaf, root, path[HASHES_MAX];
	if (size < FIXED)
		return 0;
	size_t count = (size - FIXED) / HASH_SIZE;
	if (count > HASHES_MAX)
		count = HASHES_MAX;
	uint64_t index = number(data), of = number(data + 8);
	memcpy(leaf.bytes, data + 16, HASH_SIZE);
	memcpy(root.bytes, data + 16 + HASH_SIZE, HASH_SIZE);
	memcpy(path, data + FIXED, count * HASH_SIZE);
	struct hasher *hasher = hasher_create();
	if (!is_grown)
		grow(hasher, &tree);
	is_grown = true;
	if (log_inclusion_check(hasher, index, of, &leaf, path, count, &root)) {
		MUST_HOLD(index < of && of <= LOG_SIZE_MAX && count <= 63);
		root.bytes[0] ^= 1;
		MUST_HOLD(!log_inclusion_check(hasher, index, of, &leaf, path, count, &root));
	}
	if (log_consistency_check(hasher, index, of, path, count, &leaf, &root))
		MUST_HOLD(index <= of && of <= LOG_SIZE_MAX && count <= LOG_PROOF_MAX);
	uint64_t newer = 1 + of % SMALL;
	try_inclusion(hasher, &tree, index % newer, newer, data[16]);
	try_consistency(hasher, &tree, index % (newer + 1), newer, data[16]);
	hasher_destroy(hasher);
	return 0;
}
