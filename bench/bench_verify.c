/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * How fast a register is proved and rebuilt.
 *
 *   bench_verify FOLDER [ENTRIES=100000] [keep]
 *
 * Builds a drill register of at least ENTRIES entries in FOLDER on the one
 * road: concerns that come and are looked at, decided, told, or that nobody
 * looks at, so that they climb. Then verify --log, verify with every seal
 * opened, refold, and the whole verify. One line a measure. With `keep` a
 * folder that is there already is measured again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "casebook/casebook.h"

#define AT_ONCE 512

static const char *const OFFICES[] = { "screener", "team-manager" };

struct bench {
	struct casebook *book;
	struct arena *arena;  /* of one batch */
	struct arena *people; /* of the program */
	struct casebook_actor actors[2];
	struct err err;
	size_t submissions;
};

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
	(void)fprintf(stderr, "bench_verify: %s: %s (%s)\n", what, err->message, err->context);
	exit(1);
}

static void create(struct bench *bench, const char *dir)
{
	const char *named = file_environment("CANDOUR_PACKS");
	const char *folders[] = { named ? named : "tests/data/packs" };
	const struct pack_bytes *pack;
	struct casebook_made made;
	must(pack_find(bench->people, folders, 1, STR("england"), &pack, &bench->err), "pack", &bench->err);
	struct casebook_founding founding = { .dir = dir,
		                              .pack = pack,
		                              .is_drill = true,
		                              .start = INT64_C(1795687200000000) };
	must(casebook_create(&founding, bench->people, &made, &bench->err), "create", &bench->err);
}

static struct casebook_answer submit(struct bench *bench, struct casebook_act *act)
{
	struct casebook_answer answer;
	must(casebook_submit(bench->book, act, bench->people, &answer, &bench->err), "submit", &bench->err);
	must(answer.outcome == CASEBOOK_ADMITTED, "submit", &answer.err);
	return answer;
}

static void people(struct bench *bench)
{
	for (size_t i = 0; i < COUNT_OF(OFFICES); i++) {
		struct casebook_actor founder = { .by = CASEBOOK_BY_REGISTER };
		struct casebook_new_account account = { .name = str_from_c(OFFICES[i]),
			                                .person = STR("Some Body"),
			                                .password = STR("a long enough password") };
		struct casebook_account_made made;
		const struct casebook_office *offices;
		struct casebook_reader *reader;
		size_t count;
		must(casebook_account_add(bench->book, &founder, CASEBOOK_REGISTER, &account, bench->people,
		                          &made, &bench->err),
		     "account", &bench->err);
		must(casebook_reader_take(bench->book, &reader, &bench->err), "reader", &bench->err);
		must(casebook_offices(reader, bench->people, &offices, &count, &bench->err), "offices", &bench->err);
		struct str file = STR_NONE;
		for (size_t o = 0; o < count; o++) {
			struct casebook_file found;
			if (!str_eq(offices[o].id, str_from_c(OFFICES[i])))
				continue;
			must(casebook_file_get(reader, bench->people, offices[o].file, &found, &bench->err), "file",
			     &bench->err);
			file = found.id;
		}
		casebook_reader_give(&reader);
		struct json *fields = json_object(bench->people);
		json_put_text(bench->people, fields, STR("office"), str_from_c(OFFICES[i]));
		json_put_text(bench->people, fields, STR("account"), made.account);
		struct casebook_act act = { .actor = founder,
			                    .via = CASEBOOK_REGISTER,
			                    .kind = STR("office.held"),
			                    .file = file,
			                    .fields = fields };
		(void)submit(bench, &act);
		bench->actors[i] = (struct casebook_actor){ .by = CASEBOOK_BY_OFFICE,
			                                    .account = made.account,
			                                    .office = str_from_c(OFFICES[i]),
			                                    .is_proved = true };
	}
}

static const struct json *fields_of(struct arena *arena, const char *text)
{
	const struct json *fields = NULL;
	struct err err;
	struct str copy = arena_copy(arena, str_from_c(text));
	char *p = arena_alloc(arena, copy.n + 1, 1);
	for (size_t i = 0; i < copy.n; i++)
		p[i] = copy.p[i] == '\'' ? '"' : copy.p[i];
	must(json_read(arena, (struct str){ p, copy.n }, 8, &fields, &err), "fields", &err);
	return fields;
}

static void many(struct bench *bench, struct casebook_act *acts, struct casebook_answer *answers)
{
	must(casebook_submit_many(bench->book, acts, AT_ONCE, bench->arena, answers, &bench->err), "acts",
	     &bench->err);
	for (size_t i = 0; i < AT_ONCE; i++)
		must(answers[i].outcome == CASEBOOK_ADMITTED, "act", &answers[i].err);
}

static void on_all(struct bench *bench, struct casebook_act *acts, const struct casebook_answer *received,
                   const char *kind, const char *fields, bool has_evidence)
{
	static struct casebook_answer answers[AT_ONCE];
	for (size_t i = 0; i < AT_ONCE; i++) {
		struct json *given = (struct json *)(uintptr_t)fields_of(bench->arena, fields);
		if (has_evidence) {
			struct json *evidence = json_array(bench->arena);
			json_push(evidence, json_integer(bench->arena, received[i].index));
			json_put(given, STR("evidence"), evidence);
		}
		acts[i] = (struct casebook_act){ .actor = bench->actors[0],
			                         .via = CASEBOOK_WEB,
			                         .kind = str_from_c(kind),
			                         .file = received[i].file,
			                         .fields = given };
	}
	many(bench, acts, answers);
}

/* A batch of concerns; three of four batches are worked on, the fourth is left to climb. */
static void batch(struct bench *bench, size_t round)
{
	static struct casebook_act acts[AT_ONCE];
	static struct casebook_answer received[AT_ONCE];
	size_t fired;
	instant next;
	arena_reset(bench->arena);
	for (size_t i = 0; i < AT_ONCE; i++)
		acts[i] = (struct casebook_act){
			.actor = { .by = CASEBOOK_BY_PUBLIC },
			.via = CASEBOOK_WEB,
			.kind = STR("concern.received"),
			.submission = arena_format(bench->arena, "bench-%zu", bench->submissions++),
			.wants_code = true,
			.fields = fields_of(
				bench->arena,
				"{'source':'neighbour','harm':['neglect'],'danger-now':'no','harm-sign':'unknown',"
				"'channel':'web','child':'The boy from number 12, about eight','where':'Quarry Lane',"
				"'happening':'He is out alone until late most nights and says there is nothing to eat."
				" On Tuesday he had no coat. He asked my daughter for her sandwich.'}"),
		};
	many(bench, acts, received);
	must(casebook_set_now(bench->book, casebook_now(bench->book) + 10 * INSTANT_PER_MINUTE, &bench->err),
	     "time", &bench->err);
	if (round % 4 < 3) {
		on_all(bench, acts, received, "concern.looked",
		       "{'danger':'none-found','checked':['own-files','police','health','school']}", false);
		on_all(bench, acts, received, "concern.acknowledged", "{'to':'referrer','how':'return-page'}", false);
		on_all(bench, acts, received, "concern.decided",
		       "{'decision':'early-help','threshold':'2026','reasons':'Food parcels, and a visit.'}", true);
		on_all(bench, acts, received, "concern.told",
		       "{'to':'referrer','how':'return-page','reply':'The school gives breakfast.'}", false);
		on_all(bench, acts, received, "note.made", "{'text':'She came to the door.','next':'visit'}", false);
	} else {
		must(casebook_set_now(bench->book, casebook_now(bench->book) + 6 * INSTANT_PER_HOUR, &bench->err),
		     "time", &bench->err);
		must(casebook_climb(bench->book, casebook_now(bench->book), 2048, &fired, &next, &bench->err),
		     "climb", &bench->err);
	}
	must(casebook_beat(bench->book, &bench->err), "beat", &bench->err);
}

static int64_t entries_of(struct bench *bench)
{
	struct casebook_reader *reader;
	struct casebook_health health;
	must(casebook_reader_take(bench->book, &reader, &bench->err), "reader", &bench->err);
	must(casebook_health(reader, &health, &bench->err), "health", &bench->err);
	casebook_reader_give(&reader);
	return health.entries;
}

/* A stretch of work: by the clock on the wall, and by this process or thread alone. */
struct watch {
	double wall;
	double own;
	double thread;
};

static double used(clockid_t clock)
{
	struct timespec now;
	(void)clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct watch watch_now(void)
{
	return (struct watch){ seconds(), used(CLOCK_PROCESS_CPUTIME_ID), used(CLOCK_THREAD_CPUTIME_ID) };
}

static void tell(const char *what, struct watch began, int64_t entries)
{
	struct rusage usage;
	struct watch now = watch_now();
	double wall = now.wall - began.wall, own = now.own - began.own;
	(void)getrusage(RUSAGE_SELF, &usage);
	(void)printf("%-14s %8.3f s %9.0f entries/s   processor %8.3f s %9.0f entries/s   peak %ld MB\n", what,
	             wall, (double)entries / wall, own, (double)entries / own, usage.ru_maxrss / 1024);
	(void)fflush(stdout);
}

/* When the walk over the entries began, beside the check of the pages, and ended: the first time
 * that "entries" begins anew. The thread's time is the walk's alone. */
struct stages {
	struct watch walk_began;
	struct watch walk_done;
	int64_t last;
	bool walked;
};

static void note_stage(void *ctx, const char *what, int64_t done, int64_t all)
{
	struct stages *stages = ctx;
	(void)all;
	if (strcmp(what, "pages") == 0 && done == 0)
		stages->walk_began = watch_now();
	if (strcmp(what, "entries") != 0 || stages->walked)
		return;
	if (done < stages->last) {
		stages->walked = true;
		return;
	}
	stages->walk_done = watch_now();
	stages->last = done;
}

static void tell_walk(const struct stages *stages)
{
	double wall = stages->walk_done.wall - stages->walk_began.wall;
	double own = stages->walk_done.thread - stages->walk_began.thread;
	(void)printf("%-14s %8.3f s %9.0f entries/s   processor %8.3f s %9.0f entries/s\n", "  every seal", wall,
	             (double)stages->last / wall, own, (double)stages->last / own);
}

static void verify(struct bench *bench, const char *dir, enum casebook_verify how, const char *what)
{
	struct casebook_verified found;
	struct stages stages = { .walked = false };
	struct watch began = watch_now();
	must(casebook_verify(dir, how, bench->arena, note_stage, &stages, &found, &bench->err), "verify", &bench->err);
	tell(what, began, found.entries);
	if (how == CASEBOOK_VERIFY_WHOLE)
		tell_walk(&stages);
	if (found.ok)
		return;
	(void)fprintf(stderr, "bench_verify: differs at %.*s: %.*s\n", STR_ARG(found.difference.where),
	              STR_ARG(found.difference.what));
	exit(1);
}

int main(int argc, char **argv)
{
	struct bench bench = { .arena = arena_create((size_t)1 << 30), .people = arena_create((size_t)64 << 20) };
	if (argc < 2) {
		(void)fprintf(stderr, "usage: bench_verify FOLDER [ENTRIES] [keep]\n");
		return 2;
	}
	int64_t wanted = argc > 2 ? strtoll(argv[2], NULL, 10) : 100000;
	bool is_kept = argc > 3 && strcmp(argv[3], "keep") == 0;
	const char *dir = argv[1];
	if (!is_kept)
		create(&bench, dir);
	must(casebook_open(dir, CASEBOOK_WRITE, &bench.book, &bench.err), "open", &bench.err);
	if (!is_kept) {
		struct watch began = watch_now();
		people(&bench);
		for (size_t round = 0; entries_of(&bench) < wanted; round++)
			batch(&bench, round);
		tell("build", began, entries_of(&bench));
	}
	int64_t entries = entries_of(&bench);
	arena_reset(bench.arena);
	casebook_close(bench.book);
	verify(&bench, dir, CASEBOOK_VERIFY_LOG, "verify --log");
	must(casebook_open(dir, CASEBOOK_WRITE, &bench.book, &bench.err), "open", &bench.err);
	struct watch began = watch_now();
	must(casebook_refold(bench.book, NULL, NULL, &bench.err), "refold", &bench.err);
	tell("refold", began, entries);
	casebook_close(bench.book);
	verify(&bench, dir, CASEBOOK_VERIFY_WHOLE, "verify");
	return 0;
}
