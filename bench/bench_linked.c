/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a turn costs on files that belong together, by two packs in one run.
 *
 *   bench_linked FOLDER [CHILDREN=64] [CONCERNS=20] [NOTES=20] [ROUNDS=3] [PACK]
 *
 * Each child's history is CONCERNS concerns by four agencies and the public and
 * NOTES notes by the duty team, in turns of one act a child. With the law as it is shipped
 * (packs) the concerns are about the child's file, and the notes stand on it:
 * every pattern looks over all of them. With the small pack of the tests
 * (tests/data/packs), which knows no child's file, the same words stand on
 * concerns that nothing joins. PACK, "spine" or "england", runs one of the two
 * alone; what is measured is the function `history`, so that a program that
 * counts instructions can be told to look at that.
 *
 * Beside whole acts it measures the fold alone, entry by entry: what the entry
 * does to the views and which patterns it makes true, without making the
 * entries that follow. The linker puts the functions below around those of the
 * rooms (--wrap, tools/make/bench.mk). Prints the median of ROUNDS.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "casebook/casebook.h"
#include "casebook/fold_parts.h"
#include "casebook/turn.h"

#define CHILDREN_MAX 4096
#define ENTRIES_MAX (1 << 20)
#define ROUNDS_MAX 15
#define OFFICES 4

static double seconds(clockid_t clock)
{
	struct timespec now;
	(void)clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void stop(const char *what, const char *why)
{
	(void)fprintf(stderr, "bench_linked: %s: %s\n", what, why);
	exit(1);
}

static void must(bool done, const char *what, const struct err *err)
{
	if (!done)
		stop(what, err->message);
}

/* --- the fold alone -------------------------------------------------------------------------- */

static struct {
	double at;      /* since when the present part runs */
	double *into;   /* of which entry; NULL: no part of the fold runs */
	int64_t newest; /* entry in hand */
	double cost[ENTRIES_MAX];
} spent;

/* What runs from now on belongs to `into`; whose it was before. */
static double *go_over_to(double *into)
{
	double now = seconds(CLOCK_MONOTONIC), *before = spent.into;
	if (before)
		*before += now - spent.at;
	spent.at = now;
	spent.into = into;
	return before;
}

static double *of_entry(int64_t index)
{
	return index >= 0 && index < ENTRIES_MAX ? &spent.cost[index] : NULL;
}

bool __real_fold_before(struct fold *fold, struct folding *entry, struct err *err);
bool __wrap_fold_before(struct fold *fold, struct folding *entry, struct err *err);
bool __wrap_fold_before(struct fold *fold, struct folding *entry, struct err *err)
{
	spent.newest = entry->index;
	double *before = go_over_to(of_entry(entry->index));
	bool done = __real_fold_before(fold, entry, err);
	(void)go_over_to(before);
	return done;
}

bool __real_fold_entry(struct fold *fold, const struct folding *entry, struct err *err);
bool __wrap_fold_entry(struct fold *fold, const struct folding *entry, struct err *err);
bool __wrap_fold_entry(struct fold *fold, const struct folding *entry, struct err *err)
{
	double *before = go_over_to(of_entry(entry->index));
	bool done = __real_fold_entry(fold, entry, err);
	(void)go_over_to(before);
	return done;
}

bool __real_fold_refresh(struct fold *fold, bool *changed, struct err *err);
bool __wrap_fold_refresh(struct fold *fold, bool *changed, struct err *err);
bool __wrap_fold_refresh(struct fold *fold, bool *changed, struct err *err)
{
	double *before = go_over_to(of_entry(spent.newest));
	bool done = __real_fold_refresh(fold, changed, err);
	(void)go_over_to(before);
	return done;
}

/* The rest rule and the rows written back: of the act's newest entry. */
bool __real_fold_end_act(struct fold *fold, struct err *err);
bool __wrap_fold_end_act(struct fold *fold, struct err *err);
bool __wrap_fold_end_act(struct fold *fold, struct err *err)
{
	double *before = go_over_to(of_entry(spent.newest));
	bool done = __real_fold_end_act(fold, err);
	(void)go_over_to(before);
	return done;
}

bool __real_turn_patterns(struct turn *turn, const struct folding *entry, int depth, struct err *err);
bool __wrap_turn_patterns(struct turn *turn, const struct folding *entry, int depth, struct err *err);
bool __wrap_turn_patterns(struct turn *turn, const struct folding *entry, int depth, struct err *err)
{
	double *before = go_over_to(of_entry(entry->index));
	bool done = __real_turn_patterns(turn, entry, depth, err);
	(void)go_over_to(before);
	return done;
}

/* Making an entry is no part of the fold that asked for it. */
bool __real_turn_register_entry(struct turn *turn, struct str kind, int64_t file, struct json *plain, int64_t cause,
                                struct folding *out, struct err *err);
bool __wrap_turn_register_entry(struct turn *turn, struct str kind, int64_t file, struct json *plain, int64_t cause,
                                struct folding *out, struct err *err);
bool __wrap_turn_register_entry(struct turn *turn, struct str kind, int64_t file, struct json *plain, int64_t cause,
                                struct folding *out, struct err *err)
{
	double *before = go_over_to(NULL);
	bool done = __real_turn_register_entry(turn, kind, file, plain, cause, out, err);
	(void)go_over_to(before);
	return done;
}

/* --- a register ------------------------------------------------------------------------------ */

struct bench {
	struct casebook *book;
	struct arena *arena; /* of a turn */
	struct arena *forever;
	struct str account[OFFICES];
	bool has_children;
	size_t children;
	char file[CHILDREN_MAX][ID_LENGTH]; /* the child's, or its first concern's */
	struct json *concern[CHILDREN_MAX];
	const struct json *note;
	uint64_t number;
	size_t acts;
	struct casebook_act act[CHILDREN_MAX];
	struct casebook_answer answer[CHILDREN_MAX];
	struct err err;
};

static const char *const OFFICE[OFFICES] = { "screener", "police-officer", "named-nurse", "dsl" };
static const char *const SOURCE[OFFICES + 1] = { "relative", "police", "health-visitor", "school", "neighbour" };

static const struct json *parse(struct bench *bench, const char *text)
{
	const struct json *out;
	must(json_read(bench->forever, str_from_c(text), 6, &out, &bench->err), "fields", &bench->err);
	return out;
}

static void name_holder(struct bench *bench, size_t i, const struct casebook_office *office,
                        struct casebook_reader *reader)
{
	struct casebook_actor by = { .by = CASEBOOK_BY_REGISTER };
	struct casebook_new_account new_account = { .name = str_from_c(OFFICE[i]), .person = STR("Amara Bell"),
		                                    .password = STR("practice only, not a secret") };
	struct casebook_account_made made;
	struct casebook_answer answer;
	struct casebook_file file;
	struct json *fields = json_object(bench->forever);
	must(casebook_account_add(bench->book, &by, CASEBOOK_REGISTER, &new_account, bench->forever, &made,
	                          &bench->err),
	     "account", &bench->err);
	bench->account[i] = made.account;
	must(casebook_file_get(reader, bench->forever, office->file, &file, &bench->err), "file", &bench->err);
	json_put_text(bench->forever, fields, STR("office"), str_from_c(OFFICE[i]));
	json_put_text(bench->forever, fields, STR("account"), made.account);
	struct casebook_act act = { .actor = by, .via = CASEBOOK_REGISTER, .kind = STR("office.held"), .file = file.id,
		                    .fields = fields };
	must(casebook_submit(bench->book, &act, bench->forever, &answer, &bench->err), "hold", &bench->err);
}

static void name_holders(struct bench *bench)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_office *offices;
	size_t count;
	must(casebook_reader_take(bench->book, &reader, &bench->err), "reader", &bench->err);
	must(casebook_offices(reader, bench->forever, &offices, &count, &bench->err), "offices", &bench->err);
	for (size_t o = 0; o < OFFICES; o++) {
		for (size_t i = 0; i < count; i++) {
			if (str_eq(offices[i].id, str_from_c(OFFICE[o])))
				name_holder(bench, o, &offices[i], reader);
		}
	}
}

static struct casebook_actor actor_of(const struct bench *bench, size_t i)
{
	if (i % (OFFICES + 1) == OFFICES)
		return (struct casebook_actor){ .by = CASEBOOK_BY_PUBLIC };
	return (struct casebook_actor){ .by = CASEBOOK_BY_OFFICE,
		                        .account = bench->account[i % (OFFICES + 1)],
		                        .office = str_from_c(OFFICE[i % (OFFICES + 1)]) };
}

/* One turn: an act of the kind for each child. */
static void turn_of(struct bench *bench, const char *kind, size_t who)
{
	bool is_new = strcmp(kind, "note.made") != 0, is_concern = strcmp(kind, "concern.received") == 0;
	for (size_t i = 0; i < bench->children; i++) {
		struct casebook_act *act = &bench->act[i];
		*act = (struct casebook_act){ .actor = actor_of(bench, is_concern ? who : 0),
			                      .via = CASEBOOK_API,
			                      .submission = arena_format(bench->arena, "linked-%" PRIu64, bench->number++),
			                      .kind = str_from_c(kind),
			                      .fields = is_new ? bench->concern[i] : bench->note };
		if (!is_new)
			act->file = (struct str){ bench->file[i], ID_LENGTH };
	}
	must(casebook_submit_many(bench->book, bench->act, bench->children, bench->arena, bench->answer, &bench->err),
	     "submit", &bench->err);
	for (size_t i = 0; i < bench->children; i++) {
		if (bench->answer[i].outcome != CASEBOOK_ADMITTED)
			stop(kind, bench->answer[i].err.code ? bench->answer[i].err.message
			                                     : arena_format(bench->arena, "%.*s",
			                                                    STR_ARG(bench->answer[i].sentence)).p);
	}
	bench->acts += bench->children;
}

static void keep_files(struct bench *bench)
{
	for (size_t i = 0; i < bench->children; i++)
		memcpy(bench->file[i], bench->answer[i].file.p, ID_LENGTH);
}

static void write_concerns(struct bench *bench, size_t who)
{
	for (size_t i = 0; i < bench->children; i++) {
		struct json *fields = json_object(bench->arena), *harm = json_array(bench->arena);
		json_put_text(bench->arena, fields, STR("source"), str_from_c(SOURCE[who % (OFFICES + 1)]));
		json_push(harm, json_string(bench->arena, STR("neglect")));
		json_put(fields, STR("harm"), harm);
		json_put_text(bench->arena, fields, STR("danger-now"), STR("no"));
		json_put_text(bench->arena, fields, STR("harm-sign"), STR("unknown"));
		json_put_text(bench->arena, fields, STR("channel"), STR("phone"));
		json_put_text(bench->arena, fields, STR("child"), STR("The boy from number 12, about eight"));
		json_put_text(bench->arena, fields, STR("happening"),
		              STR("He is out alone until late most nights and says there is nothing to eat at home."));
		if (bench->has_children)
			json_put_text(bench->arena, fields, STR("child-file"),
			              (struct str){ bench->file[i], ID_LENGTH });
		bench->concern[i] = fields;
	}
}

static void open_children(struct bench *bench)
{
	if (!bench->has_children)
		return;
	const struct json *fields = parse(bench, "{\"birth-known\":\"month\",\"born\":\"2017-03\",\"names\":[\"Jo\"]}");
	for (size_t i = 0; i < bench->children; i++)
		bench->concern[i] = (struct json *)fields;
	turn_of(bench, "person.opened", 0);
	keep_files(bench);
}

static void live(struct bench *bench, size_t concerns, size_t notes)
{
	for (size_t i = 0; i < concerns || i < notes; i++) {
		arena_reset(bench->arena);
		if (i < concerns) {
			write_concerns(bench, i);
			turn_of(bench, "concern.received", i);
			if (i == 0 && !bench->has_children)
				keep_files(bench);
		}
		if (i < notes)
			turn_of(bench, "note.made", i);
	}
}

__attribute__((noinline)) void history(struct bench *bench, size_t concerns, size_t notes);
void history(struct bench *bench, size_t concerns, size_t notes)
{
	live(bench, concerns, notes);
}

struct measured {
	double act_us;  /* processor time of an act, with all that follows from it */
	double entries; /* an act */
	double fold_us; /* of an entry, the median */
};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof *values, by_value);
	return count ? (values[(count - 1) / 2] + values[count / 2]) / 2 : 0;
}

static void create(struct bench *bench, const char *dir, bool is_england)
{
	const char *folders[] = { is_england ? "packs" : "tests/data/packs" };
	const struct pack_bytes *pack;
	struct casebook_made made;
	must(pack_find(bench->forever, folders, 1, STR("england"), &pack, &bench->err), "pack", &bench->err);
	struct casebook_founding founding = { .dir = dir, .pack = pack, .is_drill = true };
	must(casebook_create(&founding, bench->forever, &made, &bench->err), "create", &bench->err);
	must(casebook_open(dir, CASEBOOK_WRITE, &bench->book, &bench->err), "open", &bench->err);
	bench->has_children = is_england;
	bench->note = parse(bench, "{\"topic\":\"other\",\"text\":\"Spoke to the school: he was there, and hungry.\"}");
	name_holders(bench);
}

static struct measured measure(const char *dir, bool is_england, size_t children, size_t concerns, size_t notes)
{
	struct bench *bench = calloc(1, sizeof *bench);
	if (!bench)
		stop("memory", "there is none");
	bench->arena = arena_create((size_t)1 << 30);
	bench->forever = arena_create((size_t)64 << 20);
	create(bench, dir, is_england);
	/* Once before it counts: offices that nobody holds are told of at the first thing they owe. */
	bench->children = 1;
	open_children(bench);
	live(bench, concerns, notes);
	bench->children = children;
	open_children(bench);
	bench->acts = 0;
	size_t first = (size_t)spent.newest + 1;
	double began = seconds(CLOCK_PROCESS_CPUTIME_ID);
	history(bench, concerns, notes);
	double took = seconds(CLOCK_PROCESS_CPUTIME_ID) - began;
	size_t entries = (size_t)spent.newest + 1 - first;
	struct measured out = { .act_us = took / (double)bench->acts * 1e6,
		                .entries = (double)entries / (double)bench->acts,
		                .fold_us = median(spent.cost + first, entries) * 1e6 };
	memset(spent.cost, 0, sizeof spent.cost);
	spent.newest = -1;
	casebook_close(bench->book);
	arena_destroy(bench->arena);
	arena_destroy(bench->forever);
	free(bench);
	return out;
}

/* --- all --------------------------------------------------------------------------------------- */

static size_t number(int argc, char **argv, int at, size_t otherwise, size_t most)
{
	size_t value = argc > at ? (size_t)strtoul(argv[at], NULL, 10) : otherwise;
	if (value < 1 || value > most)
		stop("usage", "bench_linked FOLDER [CHILDREN] [CONCERNS] [NOTES] [ROUNDS] [PACK]");
	return value;
}

int main(int argc, char **argv)
{
	size_t children = number(argc, argv, 2, 64, CHILDREN_MAX), concerns = number(argc, argv, 3, 20, 1000),
	       notes = number(argc, argv, 4, 20, 1000), rounds = number(argc, argv, 5, 3, ROUNDS_MAX);
	const char *only = argc > 6 ? argv[6] : NULL;
	double act[2][ROUNDS_MAX], fold[2][ROUNDS_MAX], entries[2] = { 0 }, ratio[ROUNDS_MAX];
	static const char *const NAME[2] = { "spine", "england" };
	if (argc < 2 || children * (concerns + notes) * 3 > ENTRIES_MAX)
		stop("usage", "bench_linked FOLDER [CHILDREN] [CONCERNS] [NOTES] [ROUNDS] [PACK]");
	spent.newest = -1;
	for (size_t r = 0; r < rounds; r++) {
		for (size_t p = 0; p < 2; p++) {
			char dir[400];
			(void)snprintf(dir, sizeof dir, "%s/%s-%zu", argv[1], NAME[p], r);
			if (only && strcmp(only, NAME[p]) != 0)
				continue;
			struct measured got = measure(dir, p == 1, children, concerns, notes);
			act[p][r] = got.act_us;
			fold[p][r] = got.fold_us;
			entries[p] = got.entries;
			(void)fprintf(stderr, "%s: %.1f us an act, %.2f entries an act, %.2f us an entry in the fold\n",
			              NAME[p], got.act_us, got.entries, got.fold_us);
		}
		ratio[r] = only ? 0 : act[1][r] / act[0][r];
	}
	for (size_t p = 0; p < 2; p++) {
		if (only && strcmp(only, NAME[p]) != 0)
			continue;
		printf("%s_act_us %.2f\n", NAME[p], median(act[p], rounds));
		printf("%s_entries_an_act %.3f\n", NAME[p], entries[p]);
		printf("%s_fold_us %.2f\n", NAME[p], median(fold[p], rounds));
	}
	if (!only)
		printf("linked_over_spine %.3f\n", median(ratio, rounds));
	return 0;
}
