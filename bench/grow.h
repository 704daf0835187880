/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A log for benchmarks: leaves that are their own numbers, a turn at a time. */
#ifndef CANDOUR_BENCH_GROW_H
#define CANDOUR_BENCH_GROW_H

#include "log/log.h"

/* One turn of `count` leaves, signed and committed; ends the program when it cannot. */
static inline void grow_turn(struct store *store, struct log_tree *tree,
                             const struct log_signer *signer, struct hasher *hasher, int64_t count)
{
	struct err err;
	struct log_signed row;
	base_check(store_begin(store, &err));
	for (int64_t i = 0; i < count; i++) {
		int64_t index = log_tree_size(tree);
		struct hash leaf =
			hasher_of(hasher, (struct str[]){ str_from_bytes(&index, 8) }, 1);
		base_check(log_tree_append(tree, &leaf, &err));
	}
	base_check(log_tree_flush(tree, store, &err));
	struct hash root = log_tree_root(tree);
	base_check(log_sign(store, signer, NULL, log_tree_size(tree), &root, &row, &err));
	base_check(store_commit(store, &err));
	log_tree_commit(tree);
}

#endif
