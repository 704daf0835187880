/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The gate at the start, on a long log: the newest signed and the published
 * checkpoint verify, the tiles give their roots, the writer's tree is read.
 *
 *   bench_gate FOLDER [ENTRIES=10000000] [ROUNDS=5]
 *
 * Makes the log in FOLDER, closes it, and opens it anew each time.
 */
#include <stdio.h>
#include <stdlib.h>

#include "grow.h"

#define TURN 4096

static double seconds_since(int64_t start_us)
{
	return (double)(clock_read().boot_us - start_us) / 1e6;
}

static void make(const char *path, const struct log_signer *signer, const struct log_eras *eras,
                 int64_t entries)
{
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	CLEANUP(store_cleanup) struct store *store = NULL;
	CLEANUP(log_tree_cleanup) struct log_tree *tree = NULL;
	struct err err;
	int64_t published = 0;
	base_check(store_open(path, STORE_CREATE, &store, &err) &&
	           store_migrate(store, "register", &err) && log_tree_open(store, &tree, &err));
	for (int64_t left = entries; left > 0; left -= TURN)
		grow_turn(store, tree, signer, hasher, left < TURN ? left : TURN);
	base_check(store_begin(store, &err) && log_publish(store, eras, &published, &err) &&
	           store_commit(store, &err) && published == entries);
}

static double open_anew(const char *path, const struct log_eras *eras, int64_t entries)
{
	int64_t start = clock_read().boot_us;
	CLEANUP(store_cleanup) struct store *store = NULL;
	CLEANUP(log_tree_cleanup) struct log_tree *tree = NULL;
	CLEANUP(log_reader_cleanup) struct log_reader *reader = NULL;
	struct err err;
	base_check(store_open(path, STORE_WRITE, &store, &err) &&
	           log_reader_create(store, &reader, &err) &&
	           log_gate_check(store, reader, eras, entries, &err) &&
	           log_tree_open(store, &tree, &err) && log_tree_size(tree) == entries);
	return seconds_since(start) * 1000;
}

int main(int argc, char **argv)
{
	CLEANUP(log_signer_cleanup) struct log_signer *signer = NULL;
	int64_t entries = argc > 2 ? strtoll(argv[2], NULL, 10) : 10000000;
	int rounds = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 5;
	uint8_t seed[LOG_KEY_SIZE] = { 1 };
	struct log_era room;
	struct err err;
	char path[1024];
	if (argc < 2 || entries < 1)
		return 2;
	(void)snprintf(path, sizeof path, "%s/gate.db", argv[1]);
	base_check(log_signer_create(STR("bench.example"), LOG_KEY_LOG, seed, &signer, &err));
	struct log_eras eras = log_eras_of_key(&room, log_signer_vkey(signer));
	int64_t start = clock_read().boot_us;
	make(path, signer, &eras, entries);
	printf("made_s %.1f\n", seconds_since(start));
	double longest = 0;
	for (int i = 0; i < rounds; i++) {
		double took = open_anew(path, &eras, entries);
		printf("round_%d_ms %.2f\n", i + 1, took);
		longest = took > longest ? took : longest;
	}
	printf("gate_longest_ms %.2f\n", longest);
	return 0;
}
