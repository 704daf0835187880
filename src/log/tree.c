/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Trees of RFC 6962. Ranges of leaves that come up in proofs begin at a
 * multiple of a power of two that is no smaller than they are; so a range is
 * the perfect subtrees of its length's bits, the largest first, folded from
 * the right.
 */
#include "log/tree.h"

struct hash log_node_hash(struct hasher *hasher, const struct hash *left, const struct hash *right)
{
	struct str pieces[] = { { "\1", 1 }, hash_str(left), hash_str(right) };
	return hasher_of(hasher, pieces, COUNT_OF(pieces));
}

struct hash log_empty_root(struct hasher *hasher)
{
	return hasher_of(hasher, NULL, 0);
}

static struct hash fold(struct hasher *hasher, const struct hash *at, size_t count)
{
	struct hash root = at[count - 1];
	for (size_t i = count - 1; i > 0; i--)
		root = log_node_hash(hasher, &at[i - 1], &root);
	return root;
}

void log_frontier_append(struct hasher *hasher, struct log_frontier *frontier,
                         const struct hash *leaf)
{
	base_check(frontier->size <= LOG_SIZE_MAX && frontier->count < COUNT_OF(frontier->at));
	struct hash root = *leaf;
	/* Each 1-bit at the low end is a subtree as large as what has been gathered. */
	for (uint64_t bits = frontier->size; bits & 1; bits >>= 1)
		root = log_node_hash(hasher, &frontier->at[--frontier->count], &root);
	frontier->at[frontier->count++] = root;
	frontier->size++;
}

struct hash log_frontier_root(struct hasher *hasher, const struct log_frontier *frontier)
{
	return frontier->count ? fold(hasher, frontier->at, frontier->count)
	                       : log_empty_root(hasher);
}

/* --- making -------------------------------------------------------------------------------- */

struct maker {
	struct hasher *hasher;
	log_stored *stored;
	void *ctx;
	struct err *err;
};

/* Leaves lo .. hi - 1. */
struct range {
	uint64_t lo;
	uint64_t hi;
};

static unsigned highest_bit(uint64_t n)
{
	return 63 - (unsigned)__builtin_clzll(n);
}

/* The largest power of two below n; n >= 2. */
static uint64_t split(uint64_t n)
{
	return UINT64_C(1) << highest_bit(n - 1);
}

static bool range_hash(const struct maker *maker, struct range range, struct hash *out)
{
	struct hash at[64];
	size_t count = 0;
	while (range.lo < range.hi) {
		unsigned level = highest_bit(range.hi - range.lo);
		if (!maker->stored(maker->ctx, level, range.lo >> level, &at[count], maker->err))
			return false;
		count++;
		range.lo += UINT64_C(1) << level;
	}
	*out = fold(maker->hasher, at, count);
	return true;
}

/* The ranges were met from the root downwards; a proof runs from the leaf upwards. */
static bool hash_upwards(const struct maker *maker, const struct range *met, size_t count,
                         struct log_proof *out)
{
	out->count = 0;
	for (size_t i = count; i > 0; i--) {
		if (!range_hash(maker, met[i - 1], &out->at[out->count]))
			return false;
		out->count++;
	}
	return true;
}

bool log_root_make(struct hasher *hasher, uint64_t size, log_stored *stored, void *ctx,
                   struct hash *out, struct err *err)
{
	struct maker maker = { hasher, stored, ctx, err };
	if (size > LOG_SIZE_MAX)
		return err_set(err, ERR_USAGE, "A log has at most 2^63 - 1 entries");
	if (size == 0) {
		*out = log_empty_root(hasher);
		return true;
	}
	return range_hash(&maker, (struct range){ 0, size }, out);
}

bool log_inclusion_make(struct hasher *hasher, uint64_t index, uint64_t size, log_stored *stored,
                        void *ctx, struct log_proof *out, struct err *err)
{
	struct maker maker = { hasher, stored, ctx, err };
	struct range met[LOG_PROOF_MAX], here = { 0, size };
	size_t count = 0;
	*out = (struct log_proof){ 0 };
	if (size > LOG_SIZE_MAX || index >= size)
		return err_set(err, ERR_USAGE,
		               "Entry %" PRIu64 " is not in a log of %" PRIu64 " entries", index,
		               size);
	while (here.hi - here.lo > 1) {
		uint64_t middle = here.lo + split(here.hi - here.lo);
		if (index < middle) {
			met[count++] = (struct range){ middle, here.hi };
			here.hi = middle;
		} else {
			met[count++] = (struct range){ here.lo, middle };
			here.lo = middle;
		}
	}
	return hash_upwards(&maker, met, count, out);
}

bool log_consistency_make(struct hasher *hasher, uint64_t older, uint64_t newer, log_stored *stored,
                          void *ctx, struct log_proof *out, struct err *err)
{
	struct maker maker = { hasher, stored, ctx, err };
	struct range met[LOG_PROOF_MAX], here = { 0, newer };
	size_t count = 0;
	bool is_whole = true; /* `here` begins the older tree, whose root the reader has */
	*out = (struct log_proof){ 0 };
	if (newer > LOG_SIZE_MAX || older > newer)
		return err_set(err, ERR_USAGE,
		               "A log of %" PRIu64 " entries does not come before one of "
		               "%" PRIu64,
		               older, newer);
	if (older == 0 || older == newer)
		return true;
	while (here.hi != older) {
		uint64_t middle = here.lo + split(here.hi - here.lo);
		if (older <= middle) {
			met[count++] = (struct range){ middle, here.hi };
			here.hi = middle;
		} else {
			met[count++] = (struct range){ here.lo, middle };
			here.lo = middle;
			is_whole = false;
		}
	}
	if (!is_whole)
		met[count++] = here;
	return hash_upwards(&maker, met, count, out);
}

/* --- checking ------------------------------------------------------------------------------ */

bool log_inclusion_check(struct hasher *hasher, uint64_t index, uint64_t size,
                         const struct hash *leaf, const struct hash *path, size_t count,
                         const struct hash *root)
{
	if (size > LOG_SIZE_MAX || index >= size)
		return false;
	uint64_t fn = index, sn = size - 1; /* the names of RFC 9162, 2.1.3.2 */
	struct hash r = *leaf;
	for (size_t i = 0; i < count; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) || fn == sn) {
			r = log_node_hash(hasher, &path[i], &r);
			while (fn && !(fn & 1)) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			r = log_node_hash(hasher, &r, &path[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && hash_eq(&r, root);
}

/* The proof between two different sizes, neither nought; `first` is where it sets out. */
static bool climb_both(struct hasher *hasher, uint64_t fn, uint64_t sn, const struct hash *first,
                       const struct hash *proof, size_t count, const struct hash *older_root,
                       const struct hash *newer_root)
{
	struct hash fr = *first, sr = *first; /* the names of RFC 9162, 2.1.4.2 */
	while (fn & 1) {
		fn >>= 1;
		sn >>= 1;
	}
	for (size_t i = 0; i < count; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) || fn == sn) {
			fr = log_node_hash(hasher, &proof[i], &fr);
			sr = log_node_hash(hasher, &proof[i], &sr);
			while (fn && !(fn & 1)) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			sr = log_node_hash(hasher, &sr, &proof[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && hash_eq(&fr, older_root) && hash_eq(&sr, newer_root);
}

bool log_consistency_check(struct hasher *hasher, uint64_t older, uint64_t newer,
                           const struct hash *proof, size_t count, const struct hash *older_root,
                           const struct hash *newer_root)
{
	if (older > newer || newer > LOG_SIZE_MAX)
		return false;
	if (older == 0) {
		struct hash empty = log_empty_root(hasher);
		return count == 0 && hash_eq(older_root, &empty);
	}
	if (older == newer)
		return count == 0 && hash_eq(older_root, newer_root);
	if (count == 0)
		return false;
	/* The root of a perfect older tree is known, so proofs leave it out. */
	if ((older & (older - 1)) == 0)
		return climb_both(hasher, older - 1, newer - 1, older_root, proof, count,
		                  older_root, newer_root);
	return climb_both(hasher, older - 1, newer - 1, &proof[0], proof + 1, count - 1, older_root,
	                  newer_root);
}
