/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The log alone, served: takes entries by POST /add, answers each with its
 * index once it is durable, in the tiles, and under a published checkpoint.
 * Speaks as Tessera's POSIX log does, so that one client can drive both.
 *
 *   bench_served_log FOLDER PORT SEED_HEX
 *
 * Ends at SIGTERM and prints how long entries waited to be integrated.
 *
 *   bench_served_log FOLDER alone SECONDS
 *
 * No page: the log by itself, fed with entries of 1 KiB, 256 of which are always under way.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "log/log.h"
#include "web/server.h"

#define ENTRY_MAX (64 << 10)
#define TURN_MAX 4096
#define FED 256
#define FED_BYTES 1024
#define PAGES_KIB 2048
#define TIMES_MAX ((size_t)1 << 22)
#define SEED_ALONE "0101010101010101010101010101010101010101010101010101010101010101"

static const char TABLE_SQL[] =
	"CREATE TABLE bench_entry (idx INTEGER PRIMARY KEY, commitment BLOB NOT NULL,"
	" words BLOB NOT NULL)";
static const char ADD_SQL[] =
	"INSERT INTO bench_entry (idx, commitment, words) VALUES (?1, ?2, ?3)";
static const char COMMITMENTS_SQL[] =
	"SELECT commitment FROM bench_entry WHERE idx >= ?1 ORDER BY idx LIMIT ?2";

/* One entry that waits for its turn; lives on its sender's stack. */
struct pending {
	struct str words;
	int64_t came_us;
	int64_t index; /* -1 until it is integrated */
	struct pending *next;
};

struct bench {
	struct store *store; /* writer */
	struct log_tree *tree;
	struct log_signer *signer;
	struct hasher *hasher;
	struct log_era era;
	struct log_eras eras;
	pthread_mutex_t lock;
	pthread_cond_t filled, done;
	struct pending *first, **end; /* guarded by lock */
	bool is_stopping;             /* guarded by lock */
	float *took_ms;               /* writer */
	size_t count;                 /* writer */
	size_t turns;                 /* writer */
	pthread_mutex_t reading;
	struct store *read_store;  /* guarded by reading */
	struct log_reader *reader; /* guarded by reading */
};

/* --- the writer ------------------------------------------------------------------------------- */

static void add_one(struct bench *b, struct store_stmt *add, const struct pending *one)
{
	struct err err = { 0 };
	struct hash commitment = hasher_of(b->hasher, &one->words, 1);
	struct hash leaf = log_leaf_hash(b->hasher, &commitment);
	store_bind_int(add, 1, log_tree_size(b->tree));
	store_bind_blob(add, 2, hash_str(&commitment));
	store_bind_blob(add, 3, one->words);
	base_check(store_do(add, &err) && log_tree_append(b->tree, &leaf, &err));
	store_reset(add);
}

static void turn(struct bench *b, struct pending *first)
{
	CLEANUP(store_stmt_finish) struct store_stmt *add = NULL;
	struct err err = { 0 };
	struct log_signed row;
	int64_t index = log_tree_size(b->tree), published;
	base_check(store_begin(b->store, &err) && store_prepare(b->store, ADD_SQL, &add, &err));
	for (struct pending *one = first; one; one = one->next)
		add_one(b, add, one);
	base_check(log_tree_flush(b->tree, b->store, &err));
	struct hash root = log_tree_root(b->tree);
	base_check(log_sign(b->store, b->signer, NULL, log_tree_size(b->tree), &root, &row, &err) &&
	           log_publish(b->store, &b->eras, &published, &err) &&
	           store_commit(b->store, &err));
	log_tree_commit(b->tree);
	int64_t now = clock_read().boot_us;
	b->turns++;
	pthread_mutex_lock(&b->lock);
	for (struct pending *one = first, *next; one; one = next) {
		next = one->next; /* its sender goes on once the lock is let go */
		one->index = index++;
		if (b->count < TIMES_MAX)
			b->took_ms[b->count++] = (float)(now - one->came_us) / 1000;
	}
	pthread_cond_broadcast(&b->done);
	pthread_mutex_unlock(&b->lock);
}

/* What is queued, cut behind TURN_MAX. */
static struct pending *take(struct bench *b)
{
	struct pending *first = b->first, *last = first;
	for (size_t n = 1; last && last->next && n < TURN_MAX; n++)
		last = last->next;
	if (!last)
		return NULL;
	b->first = last->next;
	if (!b->first)
		b->end = &b->first;
	last->next = NULL;
	return first;
}

static void *write_turns(void *ctx)
{
	struct bench *b = ctx;
	for (;;) {
		pthread_mutex_lock(&b->lock);
		while (!b->first && !b->is_stopping)
			pthread_cond_wait(&b->filled, &b->lock);
		struct pending *first = take(b);
		pthread_mutex_unlock(&b->lock);
		if (!first)
			return NULL;
		turn(b, first);
	}
}

/* --- pages ------------------------------------------------------------------------------------ */

static bool add(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct bench *b = request->ctx;
	struct pending own = { .words = request->body,
		               .came_us = clock_read().boot_us,
		               .index = -1 };
	(void)err;
	pthread_mutex_lock(&b->lock);
	*b->end = &own;
	b->end = &own.next;
	pthread_cond_signal(&b->filled);
	while (own.index < 0)
		pthread_cond_wait(&b->done, &b->lock);
	pthread_mutex_unlock(&b->lock);
	web_answer_text(answer, 200, arena_format(request->arena, "%" PRId64, own.index));
	return true;
}

static bool commitments(void *ctx, int64_t first, size_t count, struct hash *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct bench *b = ctx;
	if (!store_prepare(b->read_store, COMMITMENTS_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, first);
	store_bind_int(rows, 2, (int64_t)count);
	for (size_t i = 0; i < count; i++) {
		if (store_step(rows, err) != STORE_ROW)
			return false;
		memcpy(out[i].bytes, store_blob(rows, 0).p, HASH_SIZE);
	}
	return true;
}

static bool read_log(struct bench *b, struct web_request *request, struct str path,
                     struct str *bytes, struct err *err)
{
	int64_t size;
	bool is_checkpoint = str_eq(path, STR("checkpoint"));
	return log_published_newest(b->read_store, request->arena, &size, bytes, err) &&
	       (is_checkpoint || log_reader_serve(b->reader, request->arena, path, size,
	                                          commitments, b, bytes, err));
}

static bool give(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct bench *b = request->ctx;
	struct str bytes = STR_NONE;
	pthread_mutex_lock(&b->reading);
	bool done = read_log(b, request, str_sub(request->head->path, 1, request->head->path.n),
	                     &bytes, err);
	pthread_mutex_unlock(&b->reading);
	answer->type = STR("application/octet-stream");
	buf_add(&answer->body, bytes);
	return done;
}

static const struct web_route ROUTES[] = {
	{ .method = WEB_POST,
	  .pattern = "/add",
	  .handler = add,
	  .takes = GATE_TAKES_OTHER,
	  .max_bytes = ENTRY_MAX,
	  .flags = WEB_ANY_SITE },
	{ .method = WEB_GET, .pattern = "/checkpoint", .handler = give },
	{ .method = WEB_GET, .pattern = "/tile/*path", .handler = give },
};

/* --- all -------------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

/* The highest that this program's memory was. */
static void tell_memory(void)
{
	char line[256];
	FILE *status = fopen("/proc/self/status", "r");
	while (status && fgets(line, sizeof line, status))
		if (strncmp(line, "VmHWM:", 6) == 0)
			printf("most_memory_kib %ld\n", strtol(line + 6, NULL, 10));
	if (status)
		(void)fclose(status);
}

static void tell(struct bench *b)
{
	tell_memory();
	printf("entries %zu\nturns %zu\n", b->count, b->turns);
	if (!b->count)
		return;
	qsort(b->took_ms, b->count, sizeof *b->took_ms, by_size);
	printf("integrated_p50_ms %.2f\nintegrated_p99_ms %.2f\nintegrated_longest_ms %.2f\n",
	       (double)b->took_ms[b->count / 2], (double)b->took_ms[b->count * 99 / 100],
	       (double)b->took_ms[b->count - 1]);
}

static void open_log(struct bench *b, const char *folder, const char *seed_hex)
{
	char path[1024];
	uint8_t seed[LOG_KEY_SIZE];
	struct err err = { 0 };
	(void)snprintf(path, sizeof path, "%s/log.db", folder);
	base_check(hex_read(str_from_c(seed_hex), seed, sizeof seed));
	base_check(
		log_signer_create(STR("bench.example/log"), LOG_KEY_LOG, seed, &b->signer, &err));
	base_check(store_open(path, STORE_CREATE, &b->store, &err) &&
	           store_migrate(b->store, "register", &err) &&
	           store_keep_pages(b->store, PAGES_KIB, &err) &&
	           store_run(b->store, TABLE_SQL, &err) &&
	           log_tree_open(b->store, &b->tree, &err) &&
	           store_open(path, STORE_READ, &b->read_store, &err) &&
	           log_reader_create(b->read_store, &b->reader, &err));
	b->eras = log_eras_of_key(&b->era, log_signer_vkey(b->signer));
	b->hasher = hasher_create();
	b->end = &b->first;
	b->took_ms = calloc(TIMES_MAX, sizeof *b->took_ms);
	base_check(b->took_ms && pthread_mutex_init(&b->lock, NULL) == 0 &&
	           pthread_mutex_init(&b->reading, NULL) == 0 &&
	           pthread_cond_init(&b->filled, NULL) == 0 &&
	           pthread_cond_init(&b->done, NULL) == 0);
}

/* Sends each entry's successor as soon as it is integrated. */
static void feed(struct bench *b, int64_t until_us)
{
	static char words[FED][FED_BYTES];
	struct pending own[FED];
	uint64_t sent = 0;
	memset(own, 0, sizeof own);
	pthread_mutex_lock(&b->lock);
	while (clock_read().boot_us < until_us) {
		for (size_t i = 0; i < FED; i++) {
			if (sent >= FED && own[i].index < 0)
				continue;
			memcpy(words[i], &sent, sizeof sent);
			sent++;
			own[i] = (struct pending){ .words = { words[i], FED_BYTES },
				                   .came_us = clock_read().boot_us,
				                   .index = -1 };
			*b->end = &own[i];
			b->end = &own[i].next;
		}
		pthread_cond_signal(&b->filled);
		pthread_cond_wait(&b->done, &b->lock);
	}
	for (size_t i = 0; i < FED; i++)
		while (own[i].index < 0)
			pthread_cond_wait(&b->done, &b->lock);
	pthread_mutex_unlock(&b->lock);
}

static void end_turns(struct bench *b, pthread_t writer)
{
	pthread_mutex_lock(&b->lock);
	b->is_stopping = true;
	pthread_cond_signal(&b->filled);
	pthread_mutex_unlock(&b->lock);
	(void)pthread_join(writer, NULL);
	tell(b);
}

int main(int argc, char **argv)
{
	struct bench b = { 0 };
	struct server *server = NULL;
	struct err err = { 0 };
	pthread_t writer;
	sigset_t ends;
	char listen[64];
	int which;
	if (argc < 4)
		return 2;
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	bool is_alone = strcmp(argv[2], "alone") == 0;
	open_log(&b, argv[1], is_alone ? SEED_ALONE : argv[3]);
	(void)snprintf(listen, sizeof listen, "127.0.0.1:%s", argv[2]);
	struct server_config config = { .listen = listen,
		                        .routes = ROUTES,
		                        .route_count = COUNT_OF(ROUTES),
		                        .ctx = &b,
		                        .peer_max = SERVER_CONNECTIONS_MAX };
	base_check(pthread_create(&writer, NULL, write_turns, &b) == 0);
	if (is_alone) {
		int64_t start = clock_read().boot_us;
		feed(&b, start + strtoll(argv[3], NULL, 10) * 1000000);
		printf("seconds %.3f\n", (double)(clock_read().boot_us - start) / 1e6);
		end_turns(&b, writer);
		return 0;
	}
	if (!server_start(&config, &server, &err)) {
		(void)fprintf(stderr, "bench_served_log: %s\n", err.message);
		return 1;
	}
	(void)sigwait(&ends, &which);
	server_stop(server);
	end_turns(&b, writer);
	return 0;
}
