/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How fast entries become leaves, turns become tiles, and proofs are made. One core, one thread. */
#include <stdio.h>

#include "grow.h"

#define ENTRIES 400000
#define TURN 4096
#define PROOFS 5000

static double seconds_since(int64_t start_us)
{
	return (double)(clock_read().boot_us - start_us) / 1e6;
}

static void tell(const char *what, double count, double seconds)
{
	printf("%-44s %12.0f a second\n", what, count / seconds);
}

/* What verify does for each entry, and writing it too: read the header, hash plain fields and box,
 * leaf, tree. */
static void bench_entries(struct hasher *hasher)
{
	struct log_header header = { .kind = STR("concern.received"),
		                     .by = LOG_BY_ACCOUNT,
		                     .office = STR("northmere.mash-screener"),
		                     .is_sealed = true },
			  again;
	struct log_frontier frontier = { 0 };
	struct err err;
	char text[LOG_HEADER_MAX];
	uint8_t nonce[LOG_NONCE_SIZE] = { 1 }, box[300] = { 2 };
	size_t n = 0;
	base_check(id_read(STR("2V5T0M9QZJ4K8XW1B7C3D6F0GH"), &header.file));
	header.account = header.file;
	int64_t start = clock_read().boot_us;
	for (int64_t i = 0; i < ENTRIES; i++) {
		header.index = i;
		struct hash opener = log_opener(hasher, nonce),
			    salt = log_plain_salt(hasher, nonce);
		header.plain = log_plain_hash(hasher, &salt,
		                              STR("{\"harm-sign\":\"yes\",\"via\":\"web\"}"));
		header.box = log_box_hash(hasher, str_from_bytes(box, sizeof box));
		base_check(log_header_write(&header, text, &n, &err));
		base_check(log_header_read((struct str){ text, n }, &again, &err));
		struct hash commitment = log_commitment(hasher, &opener, (struct str){ text, n });
		struct hash leaf = log_leaf_hash(hasher, &commitment);
		log_frontier_append(hasher, &frontier, &leaf);
	}
	tell("entries, header to tree, all hashes", ENTRIES, seconds_since(start));
}

/* What checking the log alone does: the stored header and nonce to the leaf and into the tree. */
static void bench_leaves(struct hasher *hasher)
{
	struct log_frontier frontier = { 0 };
	char header[440] = { 'h' };
	uint8_t nonce[LOG_NONCE_SIZE] = { 1 };
	int64_t start = clock_read().boot_us;
	for (int64_t i = 0; i < ENTRIES; i++) {
		struct hash opener = log_opener(hasher, nonce);
		struct hash commitment =
			log_commitment(hasher, &opener, str_from_bytes(header, sizeof header));
		struct hash leaf = log_leaf_hash(hasher, &commitment);
		log_frontier_append(hasher, &frontier, &leaf);
	}
	tell("entries, nonce and header to tree", ENTRIES, seconds_since(start));
}

static void grow(struct store *store, struct log_tree *tree, struct log_signer *signer,
                 struct hasher *hasher, int64_t turns, int64_t each)
{
	for (int64_t i = 0; i < turns; i++)
		grow_turn(store, tree, signer, hasher, each);
}

static void bench_proofs(struct store *store)
{
	struct err err;
	struct log_proof proof;
	CLEANUP(log_reader_cleanup) struct log_reader *reader = NULL;
	int64_t size = 0;
	base_check(log_reader_create(store, &reader, &err) && log_reader_size(reader, &size, &err));
	int64_t start = clock_read().boot_us;
	for (int64_t i = 0; i < PROOFS; i++)
		base_check(log_reader_inclusion(reader, i * 7919 % size, size, &proof, &err));
	tell("inclusion proofs, anywhere in the log", PROOFS, seconds_since(start));
}

int main(void)
{
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	CLEANUP(store_cleanup) struct store *store = NULL;
	CLEANUP(log_tree_cleanup) struct log_tree *tree = NULL;
	CLEANUP(log_signer_cleanup) struct log_signer *signer = NULL;
	uint8_t seed[LOG_KEY_SIZE] = { 1 };
	struct err err;
	base_check(store_open(":memory:", STORE_CREATE, &store, &err) &&
	           store_migrate(store, "register", &err) && log_tree_open(store, &tree, &err) &&
	           log_signer_create(STR("bench.example"), LOG_KEY_LOG, seed, &signer, &err));
	bench_leaves(hasher);
	bench_entries(hasher);
	int64_t start = clock_read().boot_us;
	grow(store, tree, signer, hasher, ENTRIES / TURN, TURN);
	tell("leaves in turns of 4,096, tiles and signature", ENTRIES / TURN * TURN,
	     seconds_since(start));
	start = clock_read().boot_us;
	grow(store, tree, signer, hasher, 5000, 1);
	tell("turns of one leaf, tiles and signature", 5000, seconds_since(start));
	bench_proofs(store);
	return 0;
}
