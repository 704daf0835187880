/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A register of a given size, as practice would leave it: concerns received,
 * looked at, acknowledged, decided, told and closed; ten are on the table.
 *
 *   bench_register FOLDER ENTRIES [TURN=64]
 *
 * Prints the cost of turns of TURN acts at 50,000 entries and at the end, and
 * the memory in use. What it leaves is for measuring pages, verify and refold.
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
	struct str file[TURN_MAX];
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
			                         .submission = arena_format(bench->arena, "b%" PRIu64, bench->number++) };
		if (step == 0) {
			acts[i].actor.by = CASEBOOK_BY_PUBLIC;
			acts[i].wants_code = true;
		} else {
			acts[i].actor = (struct casebook_actor){ .by = CASEBOOK_BY_OFFICE, .account = bench->account,
				                                 .office = STR("screener") };
			acts[i].file = bench->file[i];
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
			bench->file[i] = arena_copy(bench->forever, answers[i].file);
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

int main(int argc, char **argv)
{
	static struct bench bench;
	int64_t entries = 0, target = argc > 2 ? strtoll(argv[2], NULL, 10) : 0;
	size_t n = argc > 3 ? (size_t)strtoul(argv[3], NULL, 10) : 64;
	const char *folders[] = { "packs" };
	const struct pack_bytes *pack;
	struct casebook_made made;
	if (argc < 3 || n < 1 || n > TURN_MAX)
		return 2;
	bench.arena = arena_create((size_t)1 << 30);
	bench.forever = arena_create((size_t)8 << 30);
	must(pack_find(bench.forever, folders, 1, STR("england"), &pack, &bench.err), "pack", &bench.err);
	struct casebook_founding founding = { .dir = argv[1], .pack = pack, .is_drill = true };
	must(casebook_create(&founding, bench.forever, &made, &bench.err), "create", &bench.err);
	must(casebook_open(argv[1], CASEBOOK_WRITE, &bench.book, &bench.err), "open", &bench.err);
	make_fields(&bench);
	name_screener(&bench);
	double early = 0, late = 0, began = seconds();
	int64_t early_turns = 0, late_turns = 0;
	while (entries < target) {
		for (int step = 0; step < 6; step++) {
			double took = turn(&bench, step, n);
			entries += (int64_t)n;
			if (entries > 40000 && entries <= 60000) {
				early += took;
				early_turns++;
			}
			if (entries > target - 20000) {
				late += took;
				late_turns++;
			}
		}
		if (entries % 60000 < (int64_t)(6 * n))
			(void)fprintf(stderr, "%" PRId64 " entries, %.0f/s\n", entries, (double)entries / (seconds() - began));
	}
	/* What the screener has on the table today: ten concerns, thirty duties. */
	(void)turn(&bench, 0, 10);
	printf("entries                %10" PRId64 "\n", entries);
	printf("rate                   %10.0f entries/s\n", (double)entries / (seconds() - began));
	if (early_turns && late_turns) {
		printf("turn_at_50k            %10.0f microseconds\n", early / (double)early_turns * 1e6);
		printf("turn_at_the_end        %10.0f microseconds\n", late / (double)late_turns * 1e6);
		printf("end_over_50k           %10.2f\n", late / (double)late_turns / (early / (double)early_turns));
	}
	printf("resident               %10ld KiB (the bench's own lists included)\n", resident_kib());
	casebook_close(bench.book);
	return 0;
}
