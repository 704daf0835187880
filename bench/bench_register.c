/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A register of a given size, as practice would leave it: concerns received,
 * looked at, acknowledged, decided, told and closed; fifteen are on the table.
 *
 *   bench_register make FOLDER ENTRIES [TURN=64]
 *   bench_register turns SMALL BIG [ROUNDS=5] [CYCLES=10] [TURN=64]
 *
 * make:  builds one, and prints its rate and the memory in use. What it leaves
 *        is for measuring pages, verify and refold.
 * turns: what a turn of TURN acts costs in two registers that were made
 *        before, a round of CYCLES times six turns in the one and then in the
 *        other, so that whatever else the machine does falls on both. A round
 *        is long enough to hold several of the database's own checkpoints.
 *        Prints the median of ROUNDS.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "casebook/casebook.h"

#define TURN_MAX 4096

static double seconds(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void must(bool done, const char *what, const struct err *err)
{
	if (done)
		return;
	(void)fprintf(stderr, "bench_register: %s: %s (%s)\n", what, err->message, err->context);
	exit(1);
}

struct bench {
	struct casebook *book;
	struct arena *arena; /* of a turn */
	struct arena *forever;
	struct str account;
	const char *tag; /* before the number of a submission: no two programs send the same */
	char file[TURN_MAX][ID_LENGTH];
	int64_t first[TURN_MAX];
	int64_t decided[TURN_MAX];
	const struct json *fields[6];
	uint64_t number;
	struct err err;
};

static const struct json *parse(struct bench *bench, const char *text)
{
	const struct json *out;
	must(json_read(bench->forever, str_from_c(text), 6, &out, &bench->err), "fields", &bench->err);
	return out;
}

static void make_fields(struct bench *bench)
{
	bench->fields[0] = parse(bench, "{\"source\":\"neighbour\",\"harm\":[\"neglect\"],\"danger-now\":\"no\","
	                                "\"harm-sign\":\"unknown\",\"channel\":\"web\",\"child\":\"The boy from number 12\","
	                                "\"happening\":\"He is out alone until late and says there is nothing to eat."
	                                "\\n\\nOn Tuesday he had no coat and asked for a sandwich.\"}");
	bench->fields[1] = parse(bench, "{\"danger\":\"none-found\",\"checked\":[\"own-files\",\"police\",\"health\","
	                                "\"school\"],\"basis\":\"Spoke to the school.\"}");
	bench->fields[2] = parse(bench, "{\"to\":\"not-reachable\",\"how\":\"none\"}");
	bench->fields[4] = bench->fields[2];
}

static void name_screener(struct bench *bench)
{
	struct casebook_actor by = { .by = CASEBOOK_BY_REGISTER };
	struct casebook_new_account new_account = { .name = STR("amara"), .person = STR("Amara Bell"),
		                                    .password = STR("practice only, not a secret") };
	struct casebook_account_made made;
	struct casebook_answer answer;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_office *offices;
	size_t count;
	must(casebook_account_add(bench->book, &by, CASEBOOK_REGISTER, &new_account, bench->forever, &made,
	                          &bench->err),
	     "account", &bench->err);
	bench->account = made.account;
	(void)fprintf(stderr, "totp %.*s\n", STR_ARG(made.totp_base32));
	must(casebook_reader_take(bench->book, &reader, &bench->err), "reader", &bench->err);
	must(casebook_offices(reader, bench->forever, &offices, &count, &bench->err), "offices", &bench->err);
	for (size_t i = 0; i < count; i++) {
		struct casebook_file file;
		if (!str_eq(offices[i].id, STR("screener")))
			continue;
		must(casebook_file_get(reader, bench->forever, offices[i].file, &file, &bench->err), "file", &bench->err);
		struct json *fields = json_object(bench->forever);
		json_put_text(bench->forever, fields, STR("office"), STR("screener"));
		json_put_text(bench->forever, fields, STR("account"), made.account);
		struct casebook_act act = { .actor = by, .via = CASEBOOK_REGISTER, .kind = STR("office.held"),
			                    .file = file.id, .fields = fields };
		must(casebook_submit(bench->book, &act, bench->forever, &answer, &bench->err), "hold", &bench->err);
	}
}

static const char *const KIND[6] = { "concern.received", "concern.looked", "concern.acknowledged", "concern.decided",
	                             "concern.told", "concern.closed" };

/* Decided and closed name entries of their own file. */
static const struct json *fields_of(struct bench *bench, int step, size_t i)
{
	if (step != 3 && step != 5)
		return bench->fields[step];
	struct json *fields = json_object(bench->arena);
	if (step == 5) {
		json_put_text(bench->arena, fields, STR("closing"), STR("done"));
		json_put_integer(bench->arena, fields, STR("decision"), bench->decided[i]);
		return fields;
	}
	struct json *evidence = json_array(bench->arena);
	json_push(evidence, json_integer(bench->arena, bench->first[i]));
	json_put_text(bench->arena, fields, STR("decision"), STR("advice"));
	json_put_text(bench->arena, fields, STR("threshold"), STR("2026"));
	json_put(fields, STR("evidence"), evidence);
	json_put_text(bench->arena, fields, STR("reasons"), STR("The school gives breakfast; the aunt comes by."));
	return fields;
}

/* One turn of `n` acts of step `step` over the batch's files. */
static double turn(struct bench *bench, int step, size_t n)
{
	static struct casebook_act acts[TURN_MAX];
	static struct casebook_answer answers[TURN_MAX];
	arena_reset(bench->arena);
	for (size_t i = 0; i < n; i++) {
		acts[i] = (struct casebook_act){ .via = CASEBOOK_API,
			                         .kind = str_from_c(KIND[step]),
			                         .fields = fields_of(bench, step, i),
			                         .submission = arena_format(bench->arena, "%s-%" PRIu64, bench->tag,
			                                                  bench->number++) };
		if (step == 0) {
			acts[i].actor.by = CASEBOOK_BY_PUBLIC;
			acts[i].wants_code = true;
		} else {
			acts[i].actor = (struct casebook_actor){ .by = CASEBOOK_BY_OFFICE, .account = bench->account,
				                                 .office = STR("screener") };
			acts[i].file = (struct str){ bench->file[i], ID_LENGTH };
		}
	}
	double began = seconds();
	must(casebook_submit_many(bench->book, acts, n, bench->arena, answers, &bench->err), "submit", &bench->err);
	double took = seconds() - began;
	for (size_t i = 0; i < n; i++) {
		if (answers[i].outcome != CASEBOOK_ADMITTED) {
			(void)fprintf(stderr, "%s: %.*s %s\n", KIND[step], STR_ARG(answers[i].sentence),
			              answers[i].err.message);
			exit(1);
		}
		if (step == 0) {
			base_check(answers[i].file.n == ID_LENGTH);
			memcpy(bench->file[i], answers[i].file.p, ID_LENGTH);
			bench->first[i] = answers[i].index;
		}
		if (step == 3)
			bench->decided[i] = answers[i].index;
	}
	return took;
}

static long resident_kib(void)
{
	char line[200];
	long kib = 0;
	FILE *status = fopen("/proc/self/status", "r");
	while (status && fgets(line, sizeof line, status)) {
		if (strncmp(line, "VmRSS:", 6) == 0)
			kib = strtol(line + 6, NULL, 10);
	}
	if (status)
		(void)fclose(status);
	return kib;
}

static void begin(struct bench *bench, const char *dir, const char *tag)
{
	must(casebook_open(dir, CASEBOOK_WRITE, &bench->book, &bench->err), "open", &bench->err);
	bench->tag = tag;
	make_fields(bench);
}

static void create(struct bench *bench, const char *dir)
{
	const char *named = file_environment("CANDOUR_PACKS");
	const char *folders[] = { named ? named : "tests/data/packs" };
	const struct pack_bytes *pack;
	struct casebook_made made;
	must(pack_find(bench->forever, folders, 1, STR("england"), &pack, &bench->err), "pack", &bench->err);
	struct casebook_founding founding = { .dir = dir, .pack = pack, .is_drill = true };
	must(casebook_create(&founding, bench->forever, &made, &bench->err), "create", &bench->err);
}

static struct bench *bench_create(void)
{
	struct bench *bench = calloc(1, sizeof *bench);
	if (!bench)
		exit(1);
	bench->arena = arena_create((size_t)1 << 30);
	bench->forever = arena_create((size_t)64 << 20);
	return bench;
}

static void bench_destroy(struct bench *bench)
{
	casebook_close(bench->book);
	arena_destroy(bench->arena);
	arena_destroy(bench->forever);
	free(bench);
}

/* --- make ----------------------------------------------------------------------------------- */

static void make(const char *dir, int64_t target, size_t n)
{
	struct bench *bench = bench_create();
	int64_t entries = 0, shown = 0;
	create(bench, dir);
	begin(bench, dir, "made");
	name_screener(bench);
	double began = seconds();
	while (entries < target) {
		for (int step = 0; step < 6; step++)
			(void)turn(bench, step, n);
		entries += 6 * (int64_t)n;
		if (entries - shown < 250000)
			continue;
		shown = entries;
		(void)fprintf(stderr, "%" PRId64 " entries, %.0f/s\n", entries, (double)entries / (seconds() - began));
	}
	/* What the screener has on the table today: fifteen concerns, thirty duties. */
	(void)turn(bench, 0, 15);
	printf("entries %" PRId64 "\n", entries);
	printf("rate %.0f\n", (double)entries / (seconds() - began));
	printf("resident_kib %ld\n", resident_kib());
	bench_destroy(bench);
}

/* --- turns ---------------------------------------------------------------------------------- */

#define ROUNDS_MAX 64

static struct bench *take_up(const char *dir, const char *tag)
{
	struct bench *bench = bench_create();
	begin(bench, dir, tag);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	must(casebook_reader_take(bench->book, &reader, &bench->err), "reader", &bench->err);
	must(casebook_account_find(reader, bench->forever, STR("amara"), &bench->account, &bench->err), "account",
	     &bench->err);
	return bench;
}

/* Microseconds a turn. */
static double one_round(struct bench *bench, int cycles, size_t n)
{
	double took = 0;
	for (int cycle = 0; cycle < cycles; cycle++) {
		for (int step = 0; step < 6; step++)
			took += turn(bench, step, n);
	}
	return took / (6 * cycles) * 1e6;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static double median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof *values, by_value);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

static void turns(const char *small_dir, const char *big_dir, int rounds, int cycles, size_t n)
{
	double small[ROUNDS_MAX], big[ROUNDS_MAX], ratio[ROUNDS_MAX];
	char tag[64];
	(void)snprintf(tag, sizeof tag, "turns-%.0f", seconds() * 1e6);
	struct bench *few = take_up(small_dir, tag), *many = take_up(big_dir, tag);
	/* Once before it counts: the first turns read pages that later ones find in memory. */
	(void)one_round(few, cycles, n);
	(void)one_round(many, cycles, n);
	for (int round = 0; round < rounds; round++) {
		small[round] = one_round(few, cycles, n);
		big[round] = one_round(many, cycles, n);
		ratio[round] = big[round] / small[round];
		(void)fprintf(stderr, "round %d: %.0f and %.0f microseconds a turn, %.2f\n", round + 1, small[round],
		              big[round], ratio[round]);
	}
	printf("turn_small_us %.0f\n", median(small, rounds));
	printf("turn_big_us %.0f\n", median(big, rounds));
	printf("big_over_small %.3f\n", median(ratio, rounds));
	bench_destroy(few);
	bench_destroy(many);
}

static long number(int argc, char **argv, int at, long otherwise, long most)
{
	long value = argc > at ? strtol(argv[at], NULL, 10) : otherwise;
	if (value < 1 || value > most) {
		(void)fprintf(stderr, "bench_register: %s must be 1 to %ld\n", argv[at], most);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	if (argc >= 4 && strcmp(argv[1], "make") == 0) {
		make(argv[2], number(argc, argv, 3, 1, 100000000), (size_t)number(argc, argv, 4, 64, TURN_MAX));
		return 0;
	}
	if (argc >= 4 && strcmp(argv[1], "turns") == 0) {
		turns(argv[2], argv[3], (int)number(argc, argv, 4, 5, ROUNDS_MAX), (int)number(argc, argv, 5, 10, 10000),
		      (size_t)number(argc, argv, 6, 64, TURN_MAX));
		return 0;
	}
	(void)fprintf(stderr, "usage: bench_register make FOLDER ENTRIES [TURN]\n"
	                      "       bench_register turns SMALL BIG [ROUNDS] [CYCLES] [TURN]\n");
	return 2;
}
