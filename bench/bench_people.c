/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The index of a register's people, filled from what is sealed.
 *
 *   bench_people FOLDER PEOPLE.csv [COUNT=20000]
 *
 * Makes a drill register in FOLDER by the law as it is shipped, opens a child's file for each of
 * the first COUNT rows of PEOPLE.csv
 * (id, first_name, middle_names, surname, dob, sex, postcode, address, phone, nhs_number, ...),
 * and then reads it as a start of serve does; what was made in FOLDER before is read alone.
 * Prints how long that took, and how much of it a record needs; a search's time is bench_index's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "casebook/casebook.h"
#include "pack/pack.h"
#include "people/people.h"

#define BYTES ((size_t)1 << 30)
#define AT_ONCE 512
#define CELLS 11

static double seconds(clockid_t clock)
{
	struct timespec now;
	(void)clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void must(bool done, const char *what, const struct err *err)
{
	if (done)
		return;
	(void)fprintf(stderr, "bench_people: %s: %s\n", what, err->message);
	exit(1);
}

/* Cells of a row; quotes around a cell, none within one. */
static size_t cells_of(struct str line, struct str *cells)
{
	size_t count = 0, at = 0;
	while (count < CELLS && at <= line.n) {
		bool is_quoted = at < line.n && line.p[at] == '"';
		size_t from = at + is_quoted, end = from;
		while (end < line.n && line.p[end] != (is_quoted ? '"' : ','))
			end++;
		cells[count++] = str_sub(line, from, end - from);
		at = end + 1 + is_quoted;
	}
	return count;
}

static struct json *list_of(struct arena *arena, struct str text)
{
	struct json *list = json_array(arena);
	json_push(list, json_string(arena, text));
	return list;
}

static const struct json *fields_of(struct arena *arena, const struct str *cells)
{
	struct json *fields = json_object(arena);
	struct str name = arena_format(arena, "%.*s %.*s", STR_ARG(cells[1]), STR_ARG(cells[3]));
	struct str home = arena_format(arena, "%.*s %.*s", STR_ARG(cells[7]), STR_ARG(cells[6]));
	json_put_text(arena, fields, STR("birth-known"), STR("no"));
	json_put(fields, STR("names"),
	         list_of(arena, str_trim(name).n ? str_trim(name) : STR("Unknown")));
	if (cells[4].n)
		json_put_text(arena, fields, STR("birth"), cells[4]);
	if (str_trim(home).n)
		json_put(fields, STR("home"), list_of(arena, str_trim(home)));
	struct str number = cells[9].n ? cells[9] : cells[8];
	if (number.n)
		json_put(fields, STR("identifiers"), list_of(arena, number));
	return fields;
}

static void begin(struct arena *arena, const char *dir, struct casebook **book)
{
	static const char *const folders[] = { "packs" };
	const struct pack_bytes *pack = NULL;
	struct casebook_made made;
	struct err err = { 0 };
	must(pack_find(arena, folders, 1, STR("england"), &pack, &err), "rules", &err);
	struct casebook_founding founding = { .dir = dir,
		                              .pack = pack,
		                              .origin = STR("drill.northmere.example/register"),
		                              .is_drill = true,
		                              .has_seed = true,
		                              .seed = 1,
		                              .start = INT64_C(1774602000000000) };
	must(casebook_create(&founding, arena, &made, &err), "make", &err);
	must(casebook_open(dir, CASEBOOK_WRITE, book, &err), "open", &err);
}

static struct casebook_actor worker_of(struct casebook *book, struct arena *arena)
{
	static const struct casebook_actor register_itself = { .by = CASEBOOK_BY_REGISTER };
	struct casebook_new_account account = { .name = STR("sam"),
		                                .person = STR("Sam Some"),
		                                .password = STR("a long enough password") };
	struct casebook_account_made made;
	struct casebook_answer answer;
	const struct casebook_office *offices;
	size_t count;
	struct casebook_file file = { 0 };
	struct casebook_reader *reader;
	struct err err = { 0 };
	must(casebook_account_add(book, &register_itself, CASEBOOK_REGISTER, &account, arena, &made,
	                          &err),
	     "account", &err);
	must(casebook_reader_take(book, &reader, &err), "reader", &err);
	must(casebook_offices(reader, arena, &offices, &count, &err), "offices", &err);
	for (size_t i = 0; i < count; i++) {
		if (str_eq(offices[i].id, STR("social-worker")))
			must(casebook_file_get(reader, arena, offices[i].file, &file, &err),
			     "office", &err);
	}
	casebook_reader_give(&reader);
	struct json *fields = json_object(arena);
	json_put_text(arena, fields, STR("office"), STR("social-worker"));
	json_put_text(arena, fields, STR("account"), made.account);
	struct casebook_act act = { .actor = register_itself,
		                    .via = CASEBOOK_REGISTER,
		                    .kind = STR("office.held"),
		                    .file = file.id,
		                    .fields = fields };
	must(casebook_submit(book, &act, arena, &answer, &err), "office.held", &err);
	return (struct casebook_actor){ .by = CASEBOOK_BY_OFFICE,
		                        .account = made.account,
		                        .office = STR("social-worker") };
}

static void fill(struct casebook *book, const struct casebook_actor *worker, struct str csv,
                 size_t wanted)
{
	struct str line;
	size_t made = 0;
	(void)str_cut(&csv, '\n', &line);
	while (made < wanted) {
		struct arena *arena = arena_create(BYTES);
		struct casebook_act acts[AT_ONCE];
		struct casebook_answer answers[AT_ONCE];
		struct err err = { 0 };
		size_t count = 0;
		while (count < AT_ONCE && made + count < wanted && str_cut(&csv, '\n', &line)) {
			struct str cells[CELLS];
			if (cells_of(line, cells) == CELLS)
				acts[count++] =
					(struct casebook_act){ .actor = *worker,
					                       .via = CASEBOOK_IMPORT,
					                       .kind = STR("person.opened"),
					                       .fields = fields_of(arena, cells) };
		}
		if (count == 0)
			break;
		must(casebook_submit_many(book, acts, count, arena, answers, &err), "submit", &err);
		for (size_t i = 0; i < count; i++)
			made += answers[i].outcome == CASEBOOK_ADMITTED;
		arena_destroy(arena);
		(void)fprintf(stderr, "\r%zu", made);
	}
}

int main(int argc, char **argv)
{
	struct arena *arena = arena_create(BYTES);
	struct casebook *book = NULL;
	struct people *people;
	struct people_state state;
	struct str csv;
	struct err err = { 0 };
	static const struct people_options silent = { .proposes = false };
	if (argc < 3 || !arena) {
		(void)fprintf(stderr, "bench_people FOLDER PEOPLE.csv [COUNT]\n");
		return 2;
	}
	size_t wanted = argc > 3 ? strtoul(argv[3], NULL, 10) : 20000;
	if (access(argv[1], F_OK) == 0) {
		must(casebook_open(argv[1], CASEBOOK_WRITE, &book, &err), "open", &err);
	} else {
		must(file_read(arena, argv[2], BYTES / 2, &csv, &err), "read", &err);
		begin(arena, argv[1], &book);
		struct casebook_actor worker = worker_of(book, arena);
		fill(book, &worker, csv, wanted);
	}
	double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	must(people_start(book, &silent, &people, &err), "start", &err);
	must(people_wait(people, &err), "wait", &err);
	wall = seconds(CLOCK_MONOTONIC) - wall;
	cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	people_state(people, &state);
	printf("\n%zu claims: %.2f s, %.2f s of the processor, %.1f us and %.0f bytes a claim\n",
	       state.claims, wall, cpu, 1e6 * cpu / (double)state.claims,
	       (double)state.bytes / (double)state.claims);
	people_stop(people);
	casebook_close(book);
	arena_destroy(arena);
	return 0;
}
