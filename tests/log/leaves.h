/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the log's tests share: a store in memory, made-up leaves, and a tree by brute force. */
#ifndef CANDOUR_TESTS_LOG_LEAVES_H
#define CANDOUR_TESTS_LOG_LEAVES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "log/log.h"

struct fixture {
	struct store *store;
	struct arena *arena;
	struct hasher *hasher;
	struct err err;
};

#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)

static inline int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	*state = f;
	f->arena = arena_create((size_t)64 << 20);
	f->hasher = hasher_create();
	return store_open(":memory:", STORE_CREATE, &f->store, &f->err) &&
	                       store_migrate(f->store, "register", &f->err)
	               ? 0
	               : -1;
}

static inline int tear_down(void **state)
{
	struct fixture *f = *state;
	store_close(f->store);
	hasher_destroy(f->hasher);
	arena_destroy(f->arena);
	free(f);
	return 0;
}

/* The made-up C of an entry. */
static inline struct hash commitment_of(int64_t index)
{
	return hash_of(str_from_bytes(&index, sizeof index));
}

static inline struct hash leaf_of(struct hasher *hasher, int64_t index)
{
	struct hash commitment = commitment_of(index);
	return log_leaf_hash(hasher, &commitment);
}

/* RFC 6962, 2.1, to the letter. */
static inline struct hash brute_root(struct hasher *hasher, const struct hash *leaves, size_t n)
{
	if (n == 0)
		return hash_of(STR(""));
	if (n == 1)
		return leaves[0];
	size_t k = 1;
	while (2 * k < n)
		k *= 2;
	struct hash left = brute_root(hasher, leaves, k),
		    right = brute_root(hasher, leaves + k, n - k);
	uint8_t node[1 + 2 * HASH_SIZE] = { 1 };
	memcpy(node + 1, left.bytes, HASH_SIZE);
	memcpy(node + 1 + HASH_SIZE, right.bytes, HASH_SIZE);
	return hash_of(str_from_bytes(node, sizeof node));
}

static inline struct hash *leaves_of(struct fixture *f, size_t n)
{
	struct hash *leaves = arena_alloc(f->arena, n, sizeof *leaves);
	for (size_t i = 0; i < n; i++)
		leaves[i] = leaf_of(f->hasher, (int64_t)i);
	return leaves;
}

/* A turn that appends `n` leaves and commits. */
static inline void turn(struct fixture *f, struct log_tree *tree, size_t n)
{
	assert_true(store_begin(f->store, &f->err));
	for (size_t i = 0; i < n; i++) {
		struct hash leaf = leaf_of(f->hasher, log_tree_size(tree));
		assert_true(log_tree_append(tree, &leaf, &f->err));
	}
	assert_true(log_tree_flush(tree, f->store, &f->err));
	assert_true(store_commit(f->store, &f->err));
	log_tree_commit(tree);
}

static inline int64_t count_of(struct fixture *f, const char *sql)
{
	int64_t n = -1;
	assert_true(store_get_int(f->store, sql, &n, &f->err));
	return n;
}

static inline bool commitments(void *ctx, int64_t first, size_t count, struct hash *out,
                               struct err *err)
{
	(void)ctx;
	(void)err;
	for (size_t i = 0; i < count; i++)
		out[i] = commitment_of(first + (int64_t)i);
	return true;
}

#endif
