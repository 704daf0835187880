/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A witness over HTTP: asked to cosign a long log as it grows, over a
 * connection that stays. Timed is the request alone, its sync included.
 *
 *   bench_witness FOLDER [ENTRIES=1000000] [ASKED=3000]
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "log/log.h"
#include "web/web.h"

#define TURN 4096
#define GROWS_MOST 64
#define SYNCS 200
#define ARENA ((size_t)4 << 20)
#define ANSWER_MAX ((size_t)64 << 10)

struct bench {
	struct store *store;
	struct log_tree *tree;
	struct hasher *hasher;
	struct log_signer *signer;
	struct log_fetch *fetch;
	struct arena *arena;
	char url[128];
};

static double ms_since(int64_t start_us)
{
	return (double)(clock_read().boot_us - start_us) / 1e3;
}

static void grow(struct bench *b, int64_t count)
{
	struct err err;
	base_check(store_begin(b->store, &err));
	for (int64_t i = 0; i < count; i++) {
		int64_t index = log_tree_size(b->tree);
		struct hash leaf =
			hasher_of(b->hasher, (struct str[]){ str_from_bytes(&index, 8) }, 1);
		base_check(log_tree_append(b->tree, &leaf, &err));
	}
	base_check(log_tree_flush(b->tree, b->store, &err) && store_commit(b->store, &err));
	log_tree_commit(b->tree);
}

static struct str note_of(struct bench *b)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	CLEANUP(buf_finish) struct buf note = { 0 };
	const struct log_signer *signers[] = { b->signer };
	struct log_checkpoint checkpoint = { log_signer_vkey(b->signer)->name,
		                             log_tree_size(b->tree), log_tree_root(b->tree) };
	buf_init(&text, LOG_CHECKPOINT_MAX);
	buf_init(&note, LOG_NOTE_MAX);
	log_checkpoint_write(&text, &checkpoint);
	log_note_sign(&note, buf_str(&text), signers, 1);
	return arena_copy(b->arena, buf_str(&note));
}

/* Milliseconds of one request; the log is then cosigned at its size. */
static double ask(struct bench *b, int64_t older)
{
	CLEANUP(buf_finish) struct buf body = { 0 };
	CLEANUP(log_reader_cleanup) struct log_reader *reader = NULL;
	struct log_proof proof = { 0 };
	struct log_fetched got;
	struct err err = { 0 };
	base_check(log_reader_create(b->store, &reader, &err) &&
	           (older == 0 ||
	            log_reader_consistency(reader, older, log_tree_size(b->tree), &proof, &err)));
	buf_init(&body, LOG_WITNESS_BODY_MAX);
	log_witness_body(&body, older, &proof, note_of(b));
	int64_t start = clock_read().boot_us;
	base_check(log_fetch_post(b->fetch, b->arena, str_from_c(b->url), buf_str(&body),
	                          ANSWER_MAX, &got, &err));
	double took = ms_since(start);
	if (got.status != 200) {
		(void)fprintf(stderr, "bench_witness: %d %.*s\n", got.status, STR_ARG(got.body));
		exit(1);
	}
	return took;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void tell(const char *what, double *took, size_t count)
{
	qsort(took, count, sizeof *took, by_size);
	printf("%s_p50_ms %.3f\n%s_p99_ms %.3f\n%s_longest_ms %.3f\n", what, took[count / 2], what,
	       took[count * 99 / 100], what, took[count - 1]);
}

/* What the disk takes for a sync of 4 KiB. */
static void tell_sync(const char *folder)
{
	char path[1024], bytes[4096] = { 1 };
	double took[SYNCS];
	(void)snprintf(path, sizeof path, "%s/sync", folder);
	int fd = open(path, O_CREAT | O_WRONLY, 0600);
	base_check(fd >= 0);
	for (size_t i = 0; i < SYNCS; i++) {
		int64_t start = clock_read().boot_us;
		base_check(pwrite(fd, bytes, sizeof bytes, 0) == sizeof bytes && fsync(fd) == 0);
		took[i] = ms_since(start);
	}
	(void)close(fd);
	tell("sync", took, SYNCS);
}

static void start_log(struct bench *b)
{
	uint8_t seed[LOG_KEY_SIZE] = { 1 };
	static const struct log_fetch_patience patience = { 5000, 10000 };
	struct err err;
	b->hasher = hasher_create();
	b->arena = arena_create(ARENA);
	base_check(b->arena && log_fetch_create(&patience, &b->fetch, &err) &&
	           store_open(":memory:", STORE_CREATE, &b->store, &err) &&
	           store_migrate(b->store, "register", &err) &&
	           log_tree_open(b->store, &b->tree, &err) &&
	           log_signer_create(STR("bench.example"), LOG_KEY_LOG, seed, &b->signer, &err));
}

static struct web_witness *start_witness(struct bench *b, const char *folder,
                                         struct log_witness **witness)
{
	CLEANUP(log_signer_cleanup) struct log_signer *key = NULL;
	CLEANUP(buf_finish) struct buf vkey = { 0 };
	struct web_witness *web = NULL;
	uint8_t seed[LOG_KEY_SIZE] = { 2 };
	char dir[1024];
	struct err err = { 0 };
	(void)snprintf(dir, sizeof dir, "%s/witness", folder);
	buf_init(&vkey, LOG_POLICY_MAX);
	log_vkey_write(&vkey, log_signer_vkey(b->signer));
	base_check(log_signer_create(STR("witness.example"), LOG_KEY_WITNESS, seed, &key, &err) &&
	           log_witness_make(dir, key, &err) &&
	           log_witness_add_log(dir, buf_str(&vkey), &err) &&
	           log_witness_open(dir, witness, &err) &&
	           web_witness_start(*witness, "127.0.0.1:0", STR_NONE, &web, &err));
	(void)snprintf(b->url, sizeof b->url, "http://127.0.0.1:%u/add-checkpoint",
	               (unsigned)web_witness_port(web));
	return web;
}

int main(int argc, char **argv)
{
	struct bench b = { 0 };
	struct log_witness *witness = NULL;
	int64_t entries = argc > 2 ? strtoll(argv[2], NULL, 10) : 1000000;
	size_t asked = argc > 3 ? strtoul(argv[3], NULL, 10) : 3000;
	double *took = calloc(asked, sizeof *took);
	if (argc < 2 || entries < 1 || asked < 1 || !took)
		return 2;
	start_log(&b);
	for (int64_t left = entries; left > 0; left -= TURN)
		grow(&b, left < TURN ? left : TURN);
	struct web_witness *web = start_witness(&b, argv[1], &witness);
	(void)ask(&b, 0);
	for (size_t i = 0; i < asked; i++) {
		int64_t older = log_tree_size(b.tree);
		arena_reset(b.arena);
		grow(&b, 1 + (int64_t)i % GROWS_MOST);
		took[i] = ask(&b, older);
	}
	tell("add_checkpoint", took, asked);
	tell_sync(argv[1]);
	web_witness_stop(web);
	log_witness_close(witness);
	log_fetch_destroy(b.fetch);
	log_tree_close(b.tree);
	store_close(b.store);
	log_signer_destroy(b.signer);
	hasher_destroy(b.hasher);
	arena_destroy(b.arena);
	free(took);
	return 0;
}
