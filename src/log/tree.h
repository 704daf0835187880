/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The Merkle tree of RFC 6962, 2.1: roots by a frontier, and inclusion and
 * consistency proofs, made from stored hashes and checked. Sizes and indexes
 * go to 2^63 - 1. Nothing here allocates.
 */
#ifndef CANDOUR_LOG_TREE_H
#define CANDOUR_LOG_TREE_H

#include "base/base.h"

#define LOG_SIZE_MAX UINT64_C(0x7fffffffffffffff)

/*
 * Roots of the perfect subtrees of a tree, left to right: one for each 1-bit
 * of its size, the largest first. A zeroed one is the empty tree.
 */
struct log_frontier {
	uint64_t size;
	size_t count;
	struct hash at[64];
};

/* SHA-256(0x01 || left || right). */
struct hash log_node_hash(struct hasher *hasher, const struct hash *left, const struct hash *right);
/* The root of the empty tree. */
struct hash log_empty_root(struct hasher *hasher);

/* Appends a leaf hash; size at most LOG_SIZE_MAX before. */
void log_frontier_append(struct hasher *hasher, struct log_frontier *frontier,
                         const struct hash *leaf);
struct hash log_frontier_root(struct hasher *hasher, const struct log_frontier *frontier);

/*
 * A tree's stored hashes: the root of the perfect subtree `index` of 2^level
 * leaves. Asked only for subtrees that lie within the size of the proof.
 */
typedef bool log_stored(void *ctx, unsigned level, uint64_t index, struct hash *out,
                        struct err *err);

/* A proof as it was made: an inclusion path runs from the leaf's sibling upwards. */
#define LOG_PROOF_MAX 64
struct log_proof {
	size_t count;
	struct hash at[LOG_PROOF_MAX];
};

/* The root at `size` (0 .. LOG_SIZE_MAX), which may be any earlier one. Errors are those of
 * `stored`. */
bool log_root_make(struct hasher *hasher, uint64_t size, log_stored *stored, void *ctx,
                   struct hash *out, struct err *err) MUST_USE;
/* ERR_USAGE: index is not below size. Else the errors of `stored`. */
bool log_inclusion_make(struct hasher *hasher, uint64_t index, uint64_t size, log_stored *stored,
                        void *ctx, struct log_proof *out, struct err *err) MUST_USE;
/* ERR_USAGE: older is above newer. Else the errors of `stored`. */
bool log_consistency_make(struct hasher *hasher, uint64_t older, uint64_t newer, log_stored *stored,
                          void *ctx, struct log_proof *out, struct err *err) MUST_USE;

/*
 * Whether `leaf` is the leaf hash at `index` of the tree of `size` leaves with
 * `root` (RFC 9162, 2.1.3.2). Take index and size from signed text and the leaf
 * hash from leaf data: an inner node passes as a leaf of a smaller tree.
 */
bool log_inclusion_check(struct hasher *hasher, uint64_t index, uint64_t size,
                         const struct hash *leaf, const struct hash *path, size_t count,
                         const struct hash *root) MUST_USE;
/* Whether the newer tree begins with all of the older (RFC 9162, 2.1.4.2). */
bool log_consistency_check(struct hasher *hasher, uint64_t older, uint64_t newer,
                           const struct hash *proof, size_t count, const struct hash *older_root,
                           const struct hash *newer_root) MUST_USE;

#endif
