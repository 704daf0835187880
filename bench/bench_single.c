/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Single acts as people send them: at a fixed rate, whatever the answers do,
 * and each waited for from the moment it should have been sent, so that a
 * stall is counted for all whom it keeps waiting.
 *
 *   bench_single book FOLDER [RATE=200] [SECONDS=10] [WORKERS=32]
 *   bench_single http HOST:PORT FOLDER [RATE=200] [SECONDS=10] [WORKERS=32]
 *
 * book: through casebook_submit beside a writer of its own, a report and then
 *       a note by an account on the same file, in turns.
 * http: reports as JSON to a program that serves, over connections that stay.
 * Either way one sync of 4 KiB is measured in FOLDER before and after, each
 * time by itself.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "casebook/casebook.h"

#define WORKERS_MAX 256
#define SYNCS       200

static const char *const REPORT =
	"{\"source\":\"neighbour\",\"harm\":[\"neglect\"],\"danger-now\":\"no\",\"harm-sign\":\"unknown\","
	"\"channel\":\"web\",\"child\":\"The boy from number 12\",\"happening\":\"He is out alone until late and says"
	" there is nothing to eat.\\n\\nOn Tuesday he had no coat and asked for a sandwich.\"}";
static const char *const NOTE = "{\"text\":\"She came to the door.\",\"next\":\"visit\"}";
static const char *const SENT = "{\"happening\":\"He is out alone until late and says there is nothing to eat.\","
				"\"where\":\"Quarry Lane\",\"child\":\"the boy from number 12\"}";

/* Everything but `next` and `refused` is set before threads start. */
struct load {
	double began;
	double apart; /* seconds from one act to the next */
	size_t count;
	double *took; /* each written by the worker that took it */
	atomic_size_t next;
	atomic_size_t refused;
	struct casebook *book; /* NULL: over HTTP */
	struct str account;
	struct sockaddr_in to;
	long mark; /* no two runs send the same keys */
};

struct worker {
	struct load *load;
	pthread_t thread;
	struct arena *arena;
	int fd;
	bool has_file;
	char file[ID_LENGTH];
};

static double seconds(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void stop(const char *what, const char *why)
{
	(void)fprintf(stderr, "bench_single: %s: %s\n", what, why);
	exit(1);
}

static void must(bool done, const char *what, const struct err *err)
{
	if (!done)
		stop(what, err->message);
}

static void wait_until(double when)
{
	struct timespec at = { .tv_sec = (time_t)when, .tv_nsec = (long)((when - (double)(time_t)when) * 1e9) };
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) != 0)
		;
}

/* --- one act -------------------------------------------------------------------------------- */

static bool submit(struct worker *worker, size_t n)
{
	struct load *load = worker->load;
	struct casebook_answer answer;
	struct err err = { 0 };
	const struct json *fields;
	bool is_note = worker->has_file;
	arena_reset(worker->arena);
	must(json_read(worker->arena, str_from_c(is_note ? NOTE : REPORT), 6, &fields, &err), "fields", &err);
	struct casebook_act act = { .actor = { .by = CASEBOOK_BY_PUBLIC },
		                    .via = CASEBOOK_WEB,
		                    .kind = STR("concern.received"),
		                    .fields = fields,
		                    .submission = arena_format(worker->arena, "single-%ld-%zu", load->mark, n),
		                    .wants_code = true };
	if (is_note) {
		act.actor = (struct casebook_actor){ .by = CASEBOOK_BY_OFFICE,
			                             .account = load->account,
			                             .office = STR("screener") };
		act.kind = STR("note.made");
		act.file = (struct str){ worker->file, ID_LENGTH };
		act.wants_code = false;
	}
	if (!casebook_submit(load->book, &act, worker->arena, &answer, &err) ||
	    answer.outcome != CASEBOOK_ADMITTED) {
		(void)fprintf(stderr, "bench_single: %s%s\n", err.message, answer.err.message);
		return false;
	}
	worker->has_file = !is_note;
	if (!is_note)
		memcpy(worker->file, answer.file.p, ID_LENGTH);
	return true;
}

/* Whether the answer is 201 and was read to its end. */
static bool read_answer(int fd)
{
	char text[8192];
	size_t have = 0;
	for (;;) {
		ssize_t n = recv(fd, text + have, sizeof text - 1 - have, 0);
		if (n <= 0)
			return false;
		have += (size_t)n;
		text[have] = '\0';
		const char *body = strstr(text, "\r\n\r\n"), *length = strstr(text, "Content-Length: ");
		if (body && !length)
			return false;
		if (body && have >= (size_t)(body + 4 - text) + strtoul(length + 16, NULL, 10))
			return strncmp(text, "HTTP/1.1 201 ", 13) == 0;
		if (have == sizeof text - 1)
			return false;
	}
}

static bool post(struct worker *worker, size_t n)
{
	char text[1024], host[INET_ADDRSTRLEN];
	struct load *load = worker->load;
	(void)inet_ntop(AF_INET, &load->to.sin_addr, host, sizeof host);
	int length = snprintf(text, sizeof text,
	                      "POST /report HTTP/1.1\r\nHost: %s:%u\r\nContent-Type: application/json\r\n"
	                      "Accept: application/json\r\nIdempotency-Key: single-%ld-%zu\r\n"
	                      "Content-Length: %zu\r\n\r\n%s",
	                      host, ntohs(load->to.sin_port), load->mark, n, strlen(SENT), SENT);
	return send(worker->fd, text, (size_t)length, MSG_NOSIGNAL) == length && read_answer(worker->fd);
}

static void *work(void *ctx)
{
	struct worker *worker = ctx;
	struct load *load = worker->load;
	for (;;) {
		size_t n = atomic_fetch_add(&load->next, 1);
		if (n >= load->count)
			return NULL;
		double due = load->began + (double)n * load->apart;
		wait_until(due);
		if (!(load->book ? submit(worker, n) : post(worker, n)))
			atomic_fetch_add(&load->refused, 1);
		load->took[n] = seconds() - due;
	}
}

/* --- one sync ------------------------------------------------------------------------------- */

static void measure_syncs(const char *dir, double *took)
{
	char path[600], bytes[4096];
	memset(bytes, 'x', sizeof bytes);
	(void)snprintf(path, sizeof path, "%s/bench-sync", dir);
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	if (fd < 0)
		stop(path, "cannot be written");
	for (size_t i = 0; i < SYNCS; i++) {
		double began = seconds();
		if (write(fd, bytes, sizeof bytes) != (ssize_t)sizeof bytes || fdatasync(fd) != 0)
			stop(path, "cannot be synced");
		took[i] = seconds() - began;
	}
	close(fd);
	(void)unlink(path);
}

/* --- the run -------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static double quantile(double *sorted, size_t count, double q)
{
	size_t at = (size_t)((double)count * q);
	return sorted[at < count ? at : count - 1] * 1e3;
}

static void prepare(struct worker *worker)
{
	int one = 1;
	struct load *load = worker->load;
	if (load->book) {
		worker->arena = arena_create((size_t)16 << 20);
		return;
	}
	worker->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (worker->fd < 0 || connect(worker->fd, (struct sockaddr *)&load->to, sizeof load->to) != 0)
		stop("http", "nobody answers there");
	(void)setsockopt(worker->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static void run(struct load *load, const char *dir, double rate, double length, size_t workers)
{
	static struct worker team[WORKERS_MAX];
	double syncs[2 * SYNCS];
	load->apart = 1 / rate;
	load->count = (size_t)(rate * length);
	load->took = calloc(load->count, sizeof *load->took);
	measure_syncs(dir, syncs);
	for (size_t i = 0; i < workers; i++) {
		team[i].load = load;
		prepare(&team[i]);
	}
	load->began = seconds() + 0.05;
	for (size_t i = 0; i < workers; i++) {
		if (pthread_create(&team[i].thread, NULL, work, &team[i]) != 0)
			stop("threads", "no more can be started");
	}
	for (size_t i = 0; i < workers; i++)
		pthread_join(team[i].thread, NULL);
	double took = seconds() - load->began;
	measure_syncs(dir, syncs + SYNCS);
	qsort(load->took, load->count, sizeof *load->took, by_value);
	qsort(syncs, 2 * SYNCS, sizeof *syncs, by_value);
	printf("sent %zu\nrefused %zu\nrate %.1f\n", load->count, atomic_load(&load->refused),
	       (double)load->count / took);
	printf("p50_ms %.3f\np99_ms %.3f\nmax_ms %.3f\n", quantile(load->took, load->count, 0.5),
	       quantile(load->took, load->count, 0.99), quantile(load->took, load->count, 1));
	printf("sync_p50_ms %.3f\nsync_p99_ms %.3f\n", quantile(syncs, 2 * SYNCS, 0.5),
	       quantile(syncs, 2 * SYNCS, 0.99));
}

static void open_book(struct load *load, const char *dir, struct arena *arena)
{
	struct err err = { 0 };
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	must(casebook_open(dir, CASEBOOK_WRITE, &load->book, &err), "open", &err);
	must(casebook_start_writer(load->book, &err), "writer", &err);
	must(casebook_reader_take(load->book, &reader, &err), "reader", &err);
	must(casebook_account_find(reader, arena, STR("amara"), &load->account, &err), "account", &err);
}

static void read_address(struct load *load, const char *text)
{
	char host[64];
	const char *colon = strrchr(text, ':');
	if (!colon || (size_t)(colon - text) >= sizeof host)
		stop(text, "must be HOST:PORT");
	(void)snprintf(host, sizeof host, "%.*s", (int)(colon - text), text);
	load->to = (struct sockaddr_in){ .sin_family = AF_INET,
		                         .sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10)) };
	if (inet_pton(AF_INET, host, &load->to.sin_addr) != 1)
		stop(text, "must be HOST:PORT");
}

int main(int argc, char **argv)
{
	struct load load = { .mark = (long)(seconds() * 1e6) };
	bool is_http = argc > 1 && strcmp(argv[1], "http") == 0;
	int at = is_http ? 4 : 3;
	if (argc < at || (!is_http && strcmp(argv[1], "book") != 0)) {
		(void)fprintf(stderr, "usage: bench_single book FOLDER | http HOST:PORT FOLDER [RATE] [SECONDS]"
		                      " [WORKERS]\n");
		return 2;
	}
	double rate = argc > at ? strtod(argv[at], NULL) : 200;
	double length = argc > at + 1 ? strtod(argv[at + 1], NULL) : 10;
	size_t workers = argc > at + 2 ? strtoul(argv[at + 2], NULL, 10) : 32;
	if (rate <= 0 || rate * length < 1 || workers < 1 || workers > WORKERS_MAX)
		stop("usage", "RATE, SECONDS and WORKERS must be positive, WORKERS at most 256");
	struct arena *arena = arena_create((size_t)1 << 20);
	if (is_http)
		read_address(&load, argv[2]);
	else
		open_book(&load, argv[2], arena);
	run(&load, argv[at - 1], rate, length, workers);
	casebook_close(load.book);
	arena_destroy(arena);
	free(load.took);
	return atomic_load(&load.refused) ? 1 : 0;
}
