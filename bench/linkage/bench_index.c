/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The index in memory: filling it from a file, what it takes, putting claims in
 * one by one, searching by claims that it does not hold, quiet and with 100
 * claims a second put in beside, how often the same person is among the first
 * five, and searching by a surname, a first name or a street alone.
 *
 *   bench_index PEOPLE.csv TRUTH.csv MODEL.yaml [SEARCHES [PUTS]]
 *
 * TRUTH has the same records in the same order: id, then whose they are. Every
 * so-manieth record is held back: SEARCHES (2000) to be searched by, PUTS
 * (50000) to be put in.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/base.h"
#include "match/csv.h"
#include "match/match.h"

#define FILE_MAX ((size_t)4 << 30)
#define EVERY_MS 10 /* a claim put in beside the searches */
#define SHOWN 5

struct bench {
	struct arena *arena;
	struct pool *pool;
	struct csv people, truth;
	uint32_t *whose;   /* by record */
	uint32_t *indexed; /* by person: records in the index */
	bool *is_held;
	size_t *searched, *put;
	size_t search_count, put_count;
	size_t id_column;
	struct match_index *index;
	struct match_columns columns;
	pthread_mutex_t lock;
	_Atomic bool is_over;
	_Atomic bool
		is_waiting; /* a claim is to be put in: whoever searches without a pause lets it */
	size_t put_beside;
	double *times; /* ms, of each search */
	double *own;   /* the same in time of its processor alone */
};

static double now_ms(void)
{
	return (double)clock_read().boot_us / 1000;
}

/* What a busy machine does not touch. */
static double cpu_ms(clockid_t clock)
{
	struct timespec now;
	(void)clock_gettime(clock, &now);
	return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

static void stop(const char *what)
{
	fprintf(stderr, "bench_index: %s\n", what);
	exit(1);
}

static void must(bool done, const struct err *err)
{
	if (!done)
		stop(err->message);
}

static struct str read_file(struct bench *bench, const char *path)
{
	struct str text;
	struct err err = { 0 };
	must(file_read(bench->arena, path, FILE_MAX, &text, &err), &err);
	return text;
}

static void open_csv(struct bench *bench, struct csv *csv, struct str text)
{
	if (csv_open(csv, bench->pool, text, bench->arena) != CSV_OPENED)
		stop("a file is no CSV");
}

static void read_row(const struct csv *csv, size_t row, struct str *cells, struct arena *arena)
{
	if (csv_cells(csv, &csv->rows[row], cells, arena) != CSV_GOOD)
		stop("a row is bad");
}

/* --- what is held back
 * ---------------------------------------------------------------------------------- */

static void read_truth(struct bench *bench)
{
	struct str cells[CSV_COLUMNS_MAX];
	size_t count = bench->people.count;
	bench->whose = calloc(count, sizeof *bench->whose);
	bench->indexed = calloc(UINT32_C(1) << 24, sizeof *bench->indexed);
	bench->is_held = calloc(count, sizeof *bench->is_held);
	if (!bench->whose || !bench->indexed || !bench->is_held || bench->truth.count != count)
		stop("the truth is of other records");
	for (size_t i = 0; i < count; i++) {
		uint64_t person;
		read_row(&bench->truth, i, cells, bench->arena);
		if (!str_to_u64(cells[1], (1 << 24) - 1, &person))
			stop("a person of the truth is no number");
		bench->whose[i] = (uint32_t)person;
		bench->indexed[person]++;
	}
}

/* `count` records, spread evenly from `from` on; *out are their rows. */
static size_t hold_back(struct bench *bench, size_t **out, size_t count, size_t from)
{
	size_t rows = bench->people.count, step = rows / (count + 1) + 1, held = 0;
	*out = calloc(count + 1, sizeof **out);
	for (size_t i = from; *out && i < rows && held < count; i += step) {
		if (bench->is_held[i])
			continue;
		bench->is_held[i] = true;
		bench->indexed[bench->whose[i]]--;
		(*out)[held++] = i;
	}
	return held;
}

static struct str without_held(struct bench *bench, struct str text)
{
	struct buf out;
	const struct csv *csv = &bench->people;
	buf_init(&out, FILE_MAX);
	buf_add(&out, str_sub(text, 0, (size_t)csv->rows[0].at));
	for (size_t i = 0; i < csv->count; i++) {
		if (bench->is_held[i])
			continue;
		buf_add(&out, str_sub(text, (size_t)csv->rows[i].at, csv->rows[i].n));
		buf_add(&out, STR("\n"));
	}
	return buf_str(&out);
}

/* --- one claim
 * ------------------------------------------------------------------------------------------ */

/* Its cells without the id, which is answered. */
static struct str claim_of(struct bench *bench, size_t row, struct str *cells, struct arena *arena)
{
	size_t n = bench->people.columns;
	read_row(&bench->people, row, cells, arena);
	struct str id = cells[bench->id_column];
	memmove(cells + bench->id_column, cells + bench->id_column + 1,
	        (n - bench->id_column - 1) * sizeof *cells);
	return id;
}

static void find_columns(struct bench *bench)
{
	struct str headers[CSV_COLUMNS_MAX];
	struct err err = { 0 };
	size_t n = bench->people.columns;
	while (bench->id_column < n && !str_eq(bench->people.header[bench->id_column], STR("id")))
		bench->id_column++;
	if (bench->id_column == n)
		stop("no column is called id");
	memcpy(headers, bench->people.header, n * sizeof *headers);
	memmove(headers + bench->id_column, headers + bench->id_column + 1,
	        (n - bench->id_column - 1) * sizeof *headers);
	must(match_index_columns(bench->index, headers, n - 1, &bench->columns, &err), &err);
}

static void put_row(struct bench *bench, size_t row, struct arena *arena)
{
	struct str cells[CSV_COLUMNS_MAX];
	struct err err = { 0 };
	struct match_claim claim = { .cells = cells };
	claim.id = claim_of(bench, row, cells, arena);
	must(match_index_put(bench->index, &bench->columns, &claim, &err), &err);
}

/* --- searching
 * ------------------------------------------------------------------------------------------- */

static bool is_found(const struct bench *bench, const struct match_hits *hits, uint32_t person)
{
	for (size_t i = 0; i < hits->count && i < SHOWN; i++) {
		size_t row = 0;
		for (size_t k = 1; k < hits->hits[i].id.n; k++)
			row = row * 10 + (size_t)(hits->hits[i].id.p[k] - '0');
		if (row > 0 && row <= bench->people.count && bench->whose[row - 1] == person)
			return true;
	}
	return false;
}

struct tally {
	size_t asked, found, compared;
};

/* All that is known of whoever is looked for; or, of each by turns, one thing alone. */
enum asked { ASKED_ALL, ASKED_ALONE };

static void keep_one(const struct bench *bench, size_t turn, struct str *cells)
{
	static const char *const COLUMNS[] = { "surname", "first_name", "address" };
	struct str kept = str_from_c(COLUMNS[turn % COUNT_OF(COLUMNS)]);
	for (size_t c = 0, out = 0; c < bench->people.columns; c++) {
		if (c == bench->id_column)
			continue;
		if (!str_eq(bench->people.header[c], kept))
			cells[out] = STR("");
		out++;
	}
}

static struct tally search_all(struct bench *bench, enum asked asked)
{
	struct tally tally = { 0 };
	struct arena *arena = arena_create((size_t)16 << 20);
	for (size_t i = 0; i < bench->search_count; i++) {
		struct str cells[CSV_COLUMNS_MAX];
		struct match_hits hits;
		struct err err = { 0 };
		arena_reset(arena);
		(void)claim_of(bench, bench->searched[i], cells, arena);
		struct match_search search = { .columns = &bench->columns,
			                       .cells = cells,
			                       .least = -20,
			                       .is_wide = asked == ASKED_ALONE };
		if (asked == ASKED_ALONE)
			keep_one(bench, i, cells);
		double from = now_ms(), own = cpu_ms(CLOCK_THREAD_CPUTIME_ID);
		pthread_mutex_lock(&bench->lock);
		must(match_index_search(bench->index, &search, arena, &hits, &err), &err);
		pthread_mutex_unlock(&bench->lock);
		while (bench->is_waiting)
			(void)sched_yield();
		bench->times[i] = now_ms() - from;
		bench->own[i] = cpu_ms(CLOCK_THREAD_CPUTIME_ID) - own;
		tally.compared += hits.compared;
		uint32_t person = bench->whose[bench->searched[i]];
		if (!bench->indexed[person])
			continue;
		bool found = is_found(bench, &hits, person);
		tally.asked++;
		tally.found += found;
		if (!found && getenv("BENCH_LOST"))
			printf("lost %zu\n", bench->searched[i] + 1);
	}
	arena_destroy(arena);
	return tally;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void tell_sort(double *times, size_t n, const char *what)
{
	qsort(times, n, sizeof *times, by_size);
	printf("%-22s %8.3f ms in the middle, %.3f at 99 of 100, %.3f at most\n", what,
	       times[n / 2], times[n * 99 / 100], times[n - 1]);
}

static void tell_times(struct bench *bench, const char *what)
{
	tell_sort(bench->times, bench->search_count, what);
	tell_sort(bench->own, bench->search_count, "  processor time");
}

static void *put_beside(void *arg)
{
	struct bench *bench = arg;
	struct arena *arena = arena_create((size_t)1 << 20);
	struct timespec next;
	(void)clock_gettime(CLOCK_MONOTONIC, &next);
	for (size_t i = bench->put_count / 2; i < bench->put_count && !bench->is_over; i++) {
		arena_reset(arena);
		bench->is_waiting = true;
		pthread_mutex_lock(&bench->lock);
		bench->is_waiting = false;
		put_row(bench, bench->put[i], arena);
		pthread_mutex_unlock(&bench->lock);
		bench->put_beside++;
		/* By the clock: what a put takes, or waits for, does not make the next one later.
		 */
		next.tv_nsec += EVERY_MS * 1000000L;
		next.tv_sec += next.tv_nsec / 1000000000L;
		next.tv_nsec %= 1000000000L;
		(void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
	}
	arena_destroy(arena);
	return NULL;
}

/* --- all
 * ------------------------------------------------------------------------------------------------
 */

static void fill(struct bench *bench, struct str text, const char *model)
{
	struct match_limits limits = { .threads = 2 };
	struct err err = { 0 };
	struct str rest = without_held(bench, text);
	double from = now_ms(), own = cpu_ms(CLOCK_PROCESS_CPUTIME_ID);
	must(match_index_open(&limits, STR("model"), read_file(bench, model), &bench->index, &err),
	     &err);
	must(match_index_fill(bench->index, STR("people"), rest, &err), &err);
	size_t count = match_index_count(bench->index);
	printf("%-22s %8.2f s, of the processor %.2f s, %zu claims\n", "filled from a file",
	       (now_ms() - from) / 1000, (cpu_ms(CLOCK_PROCESS_CPUTIME_ID) - own) / 1000, count);
	printf("%-22s %8.0f bytes\n", "memory of a claim",
	       (double)match_index_bytes(bench->index) / (double)count);
}

static void put_half(struct bench *bench)
{
	struct arena *arena = arena_create((size_t)1 << 20);
	size_t half = bench->put_count / 2;
	double from = now_ms(), own = cpu_ms(CLOCK_PROCESS_CPUTIME_ID);
	for (size_t i = 0; i < half; i++) {
		arena_reset(arena);
		put_row(bench, bench->put[i], arena);
	}
	double ms = now_ms() - from;
	own = cpu_ms(CLOCK_PROCESS_CPUTIME_ID) - own;
	printf("%-22s %8.0f a second, %.0f a second of the processor\n", "put in one by one",
	       (double)half / ms * 1000, (double)half / own * 1000);
	arena_destroy(arena);
}

static void search_both(struct bench *bench)
{
	pthread_t writer;
	struct tally tally = search_all(bench, ASKED_ALL);
	tell_times(bench, "searched, quiet");
	double from = now_ms();
	if (pthread_create(&writer, NULL, put_beside, bench))
		stop("no thread could be had");
	(void)search_all(bench, ASKED_ALL);
	bench->is_over = true;
	(void)pthread_join(writer, NULL);
	double seconds = (now_ms() - from) / 1000;
	tell_times(bench, "searched, with puts");
	printf("%-22s %8.0f a second\n", "  put in meanwhile", (double)bench->put_beside / seconds);
	printf("%-22s %8.0f\n", "compared a search",
	       (double)tally.compared / (double)bench->search_count);
	printf("%-22s %8.4f of %zu\n", "found in the first 5",
	       (double)tally.found / (double)(tally.asked ? tally.asked : 1), tally.asked);
	tally = search_all(bench, ASKED_ALONE);
	tell_times(bench, "by one thing alone");
	printf("%-22s %8.0f\n", "compared a search",
	       (double)tally.compared / (double)bench->search_count);
}

int main(int argc, char **argv)
{
	uint64_t searches = 2000, puts = 50000;
	struct bench bench = { .lock = PTHREAD_MUTEX_INITIALIZER };
	if (argc < 4 || argc > 6 ||
	    (argc > 4 && !str_to_u64(str_from_c(argv[4]), 1000000, &searches)) ||
	    (argc > 5 && !str_to_u64(str_from_c(argv[5]), 10000000, &puts))) {
		fprintf(stderr, "bench_index PEOPLE.csv TRUTH.csv MODEL.yaml [SEARCHES [PUTS]]\n");
		return 2;
	}
	bench.arena = arena_create(FILE_MAX);
	bench.pool = pool_create(FILE_MAX);
	struct str text = read_file(&bench, argv[1]);
	open_csv(&bench, &bench.people, text);
	open_csv(&bench, &bench.truth, read_file(&bench, argv[2]));
	read_truth(&bench);
	bench.search_count = hold_back(&bench, &bench.searched, (size_t)searches, 7);
	bench.put_count = hold_back(&bench, &bench.put, (size_t)puts, 3);
	bench.times = calloc(bench.search_count + 1, sizeof *bench.times);
	bench.own = calloc(bench.search_count + 1, sizeof *bench.own);
	if (!bench.times || !bench.own || !bench.searched || !bench.put || !bench.search_count)
		stop("there is nothing to search by");
	fill(&bench, text, argv[3]);
	find_columns(&bench);
	put_half(&bench);
	search_both(&bench);
	match_index_close(bench.index);
	return 0;
}
