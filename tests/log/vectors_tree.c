/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* tree.json and proof.json: roots, frontiers, proofs. */
#include "log/vectors.h"

static struct hash leaf_hash(struct run *run, uint64_t index)
{
	struct hash data = leaf_data(run, index);
	return log_leaf_hash(run->hasher, &data);
}

static void judge_roots(struct run *run)
{
	struct log_frontier frontier = { 0 };
	for (const struct json *one = want_array(run, run->root, "roots"); one; one = one->next) {
		begin_case(run, one, "size root");
		uint64_t size = want_number(run, one, "size");
		struct hash wanted = want_hash(run, one, "root");
		if (!expect(run, size >= frontier.size, "roots are not in order at %" PRIu64, size))
			return;
		while (frontier.size < size) {
			struct hash leaf = leaf_hash(run, frontier.size);
			log_frontier_append(run->hasher, &frontier, &leaf);
		}
		struct hash root = log_frontier_root(run->hasher, &frontier);
		expect(run, hash_eq(&root, &wanted), "root of %" PRIu64, size);
	}
}

static void judge_large(struct run *run)
{
	struct log_frontier frontier = { 0 };
	for (const struct json *one = want_array(run, run->root, "large"); one; one = one->next) {
		size_t count = 0;
		begin_case(run, one, "size root frontier");
		uint64_t size = want_number(run, one, "size");
		struct hash wanted = want_hash(run, one, "root");
		const struct hash *at = want_hashes(run, one, "frontier", &count);
		if (size < frontier.size)
			frontier = (struct log_frontier){ 0 };
		while (frontier.size < size) {
			struct hash leaf = leaf_hash(run, frontier.size);
			log_frontier_append(run->hasher, &frontier, &leaf);
		}
		bool is_same = count == frontier.count;
		for (size_t i = 0; is_same && i < count; i++)
			is_same = hash_eq(&at[i], &frontier.at[i]);
		struct hash root = log_frontier_root(run->hasher, &frontier);
		expect(run, is_same && hash_eq(&root, &wanted), "large tree of %" PRIu64, size);
	}
}

/* SHA-256("candour-vectors/node/SEED/level/index"): stored hashes of trees nobody could grow. */
static bool made_up_node(void *ctx, unsigned level, uint64_t index, struct hash *out,
                         struct err *err)
{
	struct run *run = ctx;
	(void)err;
	struct str place = arena_format(run->scratch, "/%u/%" PRIu64, level, index);
	struct str pieces[] = { STR("candour-vectors/node/"), json_text(run->root, STR("seed")),
		                place };
	*out = hasher_of(run->hasher, pieces, COUNT_OF(pieces));
	return true;
}

static void judge_synthetic(struct run *run)
{
	for (const struct json *one = want_array(run, run->root, "synthetic"); one;
	     one = one->next) {
		begin_case(run, one, "size root root_after_appending_leaf_0 frontier_len_after");
		uint64_t size = want_number(run, one, "size"), done = 0;
		struct hash wanted = want_hash(run, one, "root"), made = { 0 },
			    leaf = leaf_hash(run, 0);
		struct hash after = want_hash(run, one, "root_after_appending_leaf_0");
		struct log_frontier frontier = { .size = size };
		for (unsigned level = 64; level-- > 0;) {
			if (!(size >> level & 1))
				continue;
			expect(run,
			       made_up_node(run, level, done >> level,
			                    &frontier.at[frontier.count++], &run->err),
			       "node");
			done += UINT64_C(1) << level;
		}
		struct hash root = log_frontier_root(run->hasher, &frontier);
		expect(run, hash_eq(&root, &wanted), "synthetic root of %" PRIu64, size);
		expect(run,
		       log_root_make(run->hasher, size, made_up_node, run, &made, &run->err) &&
		               hash_eq(&made, &wanted),
		       "synthetic root made of %" PRIu64, size);
		log_frontier_append(run->hasher, &frontier, &leaf);
		root = log_frontier_root(run->hasher, &frontier);
		expect(run, hash_eq(&root, &after), "synthetic root behind %" PRIu64, size);
		expect(run, frontier.count == want_number(run, one, "frontier_len_after"),
		       "synthetic frontier behind %" PRIu64, size);
	}
}

void judge_tree(struct run *run)
{
	only(run, run->root, "comment seed leaf_rule roots large synthetic");
	judge_roots(run);
	judge_large(run);
	judge_synthetic(run);
}

/* --- proofs -------------------------------------------------------------------------------- */

/* Hashes of perfect subtrees of the sets' tree, by brute force and remembered. */
struct known_tree {
	struct run *run;
	struct hash *leaves;
	size_t count;
};

static bool known_node(void *ctx, unsigned level, uint64_t index, struct hash *out, struct err *err)
{
	struct known_tree *tree = ctx;
	uint64_t first = index << level, n = UINT64_C(1) << level;
	struct log_frontier frontier = { 0 };
	if (first + n > tree->count)
		return err_set(err, ERR_FAULT, "asked past the tree");
	for (uint64_t i = 0; i < n; i++)
		log_frontier_append(tree->run->hasher, &frontier, &tree->leaves[first + i]);
	*out = log_frontier_root(tree->run->hasher, &frontier);
	return true;
}

static bool is_proof(const struct log_proof *made, const struct hash *path, size_t count)
{
	bool is_same = made->count == count;
	for (size_t i = 0; is_same && i < count; i++)
		is_same = hash_eq(&made->at[i], &path[i]);
	return is_same;
}

/* Some cases are of other trees: an inner node shown as a leaf. */
static bool is_of(struct known_tree *tree, uint64_t size, const struct hash *root)
{
	struct hash made = { 0 };
	struct err err = { 0 };
	return size <= tree->count &&
	       log_root_make(tree->run->hasher, size, known_node, tree, &made, &err) &&
	       hash_eq(&made, root);
}

static bool is_hash_list(const struct json *object, const char *key)
{
	const struct json *array = json_member(object, str_from_c(key));
	for (const struct json *one = array ? array->first : NULL; one; one = one->next)
		if (one->string.n != 2 * HASH_SIZE)
			return false;
	return array != NULL;
}

static void judge_inclusion(struct run *run, struct known_tree *tree)
{
	for (const struct json *one = want_array(run, run->root, "inclusion"); one;
	     one = one->next) {
		size_t count = 0;
		struct log_proof made;
		begin_case(run, one, "index size leaf_hash path root ok why");
		bool wanted = want_bool(run, one, "ok");
		uint64_t index = want_number(run, one, "index"),
			 size = want_number(run, one, "size");
		/* A path with a hash of another length is no path at all. */
		if (!is_hash_list(one, "path")) {
			expect(run, !wanted, "a good path with a broken hash");
			continue;
		}
		struct hash leaf = want_hash(run, one, "leaf_hash"),
			    root = want_hash(run, one, "root");
		const struct hash *path = want_hashes(run, one, "path", &count);
		bool is_good =
			log_inclusion_check(run->hasher, index, size, &leaf, path, count, &root);
		struct str why = want_text(run, one, "why");
		expect(run, is_good == wanted, "inclusion of %" PRIu64 " in %" PRIu64 ": %.*s",
		       index, size, STR_ARG(why));
		if (wanted && is_of(tree, size, &root))
			expect(run,
			       log_inclusion_make(run->hasher, index, size, known_node, tree, &made,
			                          &run->err) &&
			               is_proof(&made, path, count),
			       "inclusion of %" PRIu64 " in %" PRIu64 " as made", index, size);
	}
}

static void judge_consistency(struct run *run, struct known_tree *tree)
{
	for (const struct json *one = want_array(run, run->root, "consistency"); one;
	     one = one->next) {
		size_t count = 0;
		struct log_proof made;
		begin_case(run, one, "old new old_root new_root proof ok why");
		bool wanted = want_bool(run, one, "ok");
		uint64_t older = want_number(run, one, "old"), newer = want_number(run, one, "new");
		if (!is_hash_list(one, "proof")) {
			expect(run, !wanted, "a good proof with a broken hash");
			continue;
		}
		struct hash from = want_hash(run, one, "old_root"),
			    to = want_hash(run, one, "new_root");
		const struct hash *proof = want_hashes(run, one, "proof", &count);
		bool is_good =
			log_consistency_check(run->hasher, older, newer, proof, count, &from, &to);
		struct str why = want_text(run, one, "why");
		expect(run, is_good == wanted, "consistency of %" PRIu64 " with %" PRIu64 ": %.*s",
		       older, newer, STR_ARG(why));
		if (wanted && is_of(tree, newer, &to))
			expect(run,
			       log_consistency_make(run->hasher, older, newer, known_node, tree,
			                            &made, &run->err) &&
			               is_proof(&made, proof, count),
			       "consistency of %" PRIu64 " with %" PRIu64 " as made", older, newer);
	}
}

#define KNOWN_LEAVES 5000

void judge_proof(struct run *run)
{
	struct known_tree tree = { .run = run };
	only(run, run->root, "comment seed inclusion consistency");
	tree.leaves = arena_alloc(run->arena, KNOWN_LEAVES, sizeof *tree.leaves);
	if (!expect(run, tree.leaves != NULL, "no room for the leaves"))
		return;
	for (; tree.count < KNOWN_LEAVES; tree.count++)
		tree.leaves[tree.count] = leaf_hash(run, tree.count);
	judge_inclusion(run, &tree);
	judge_consistency(run, &tree);
}
