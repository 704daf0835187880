/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whole turns beside the bare floor on the same disk, in one run.
 *
 *   bench_turn FOLDER [ACTS=20000] [RUNS=3]
 *
 * turn:  concerns through casebook_submit_many, as users' acts go.
 * floor: the rows that those turns left, written again by SQLite alone in the
 *        same groups, with as many SHA-256, seals and signatures, and nothing
 *        else: no judging, no reading, no JSON.
 * Prints one line a measure; the median of RUNS.
 */
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "casebook/casebook.h"

#define HASHES_AN_ENTRY 16 /* opener, salts, plain, 7 parts and salts, list, box, commitment, leaf, nodes, ids */

static double seconds(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void stop(const char *what, const char *why)
{
	(void)fprintf(stderr, "bench_turn: %s: %s\n", what, why);
	exit(1);
}

static void must(bool done, const char *what, const struct err *err)
{
	if (!done)
		stop(what, err->message);
}

/* --- the turn ------------------------------------------------------------------------------- */

static const struct json *report_fields(struct arena *arena)
{
	struct json *fields = json_object(arena), *harm = json_array(arena);
	json_put_text(arena, fields, STR("source"), STR("neighbour"));
	json_push(harm, json_string(arena, STR("neglect")));
	json_put(fields, STR("harm"), harm);
	json_put_text(arena, fields, STR("danger-now"), STR("no"));
	json_put_text(arena, fields, STR("harm-sign"), STR("unknown"));
	json_put_text(arena, fields, STR("channel"), STR("web"));
	json_put_text(arena, fields, STR("child"), STR("The boy from number 12, about eight"));
	json_put_text(arena, fields, STR("where"), STR("Quarry Lane, the house with the blue door"));
	json_put_text(arena, fields, STR("happening"),
	              STR("He is out alone until late most nights and says there is nothing to eat at home.\n\n"
	                  "On Tuesday he had no coat. He asked my daughter for her sandwich."));
	return fields;
}

static double run_turns(const char *dir, size_t count)
{
	struct err err = { 0 };
	struct arena *arena = arena_create((size_t)4 << 30);
	const char *named = file_environment("CANDOUR_PACKS");
	const char *folders[] = { named ? named : "tests/data/packs" };
	const struct pack_bytes *pack;
	struct casebook_made made;
	struct casebook *book;
	struct casebook_act *acts = calloc(count, sizeof *acts);
	struct casebook_answer *answers = calloc(count, sizeof *answers);
	must(pack_find(arena, folders, 1, STR("england"), &pack, &err), "pack", &err);
	struct casebook_founding founding = { .dir = dir, .pack = pack, .is_drill = true };
	must(casebook_create(&founding, arena, &made, &err), "create", &err);
	must(casebook_open(dir, CASEBOOK_WRITE, &book, &err), "open", &err);
	const struct json *fields = report_fields(arena);
	for (size_t i = 0; i < count; i++)
		acts[i] = (struct casebook_act){ .actor = { .by = CASEBOOK_BY_PUBLIC },
			                         .via = CASEBOOK_API,
			                         .submission = arena_format(arena, "bench-%zu", i),
			                         .kind = STR("concern.received"),
			                         .fields = fields,
			                         .wants_code = true };
	double began = seconds();
	must(casebook_submit_many(book, acts, count, arena, answers, &err), "submit", &err);
	double took = seconds() - began;
	for (size_t i = 0; i < count; i++) {
		if (answers[i].outcome != CASEBOOK_ADMITTED)
			stop("an act", answers[i].err.message);
	}
	casebook_close(book);
	free(acts);
	free(answers);
	arena_destroy(arena);
	return took;
}

/* --- the floor ------------------------------------------------------------------------------ */

struct row {
	sqlite3_value *value[24];
};

struct table {
	const char *name;
	const char *turn; /* which column tells the entry it came with */
	int columns;
	struct row *rows;
	int64_t *entry;
	size_t count;
	sqlite3_stmt *insert;
};

static sqlite3 *open_database(const char *path)
{
	sqlite3 *db;
	if (sqlite3_open(path, &db) != SQLITE_OK)
		stop(path, sqlite3_errmsg(db));
	return db;
}

static void run(sqlite3 *db, const char *sql)
{
	char *why = NULL;
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		stop(sql, why);
}

static void load(sqlite3 *from, struct table *table)
{
	char sql[200];
	sqlite3_stmt *stmt;
	size_t room = 1024;
	table->rows = calloc(room, sizeof *table->rows);
	table->entry = calloc(room, sizeof *table->entry);
	(void)snprintf(sql, sizeof sql, "SELECT *, %s FROM %s ORDER BY %s", table->turn, table->name, table->turn);
	if (sqlite3_prepare_v2(from, sql, -1, &stmt, NULL) != SQLITE_OK)
		stop(sql, sqlite3_errmsg(from));
	table->columns = sqlite3_column_count(stmt) - 1;
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		if (table->count == room) {
			room *= 2;
			table->rows = realloc(table->rows, room * sizeof *table->rows);
			table->entry = realloc(table->entry, room * sizeof *table->entry);
		}
		for (int c = 0; c < table->columns; c++)
			table->rows[table->count].value[c] = sqlite3_value_dup(sqlite3_column_value(stmt, c));
		table->entry[table->count++] = sqlite3_column_int64(stmt, table->columns);
	}
	sqlite3_finalize(stmt);
}

static void copy_schema(sqlite3 *from, sqlite3 *to)
{
	sqlite3_stmt *stmt;
	if (sqlite3_prepare_v2(from,
	                       "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, rowid", -1,
	                       &stmt, NULL) != SQLITE_OK)
		stop("schema", sqlite3_errmsg(from));
	while (sqlite3_step(stmt) == SQLITE_ROW)
		run(to, (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
}

static void prepare_insert(sqlite3 *db, struct table *table)
{
	char sql[400];
	int n = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", table->name);
	for (int c = 1; c < table->columns; c++)
		n += snprintf(sql + n, sizeof sql - (size_t)n, ",?");
	(void)snprintf(sql + n, sizeof sql - (size_t)n, ")");
	if (sqlite3_prepare_v2(db, sql, -1, &table->insert, NULL) != SQLITE_OK)
		stop(sql, sqlite3_errmsg(db));
}

/* The rows of entries below `end`, from where it stood. */
static void insert_up_to(sqlite3 *db, struct table *table, size_t *at, int64_t end)
{
	for (; *at < table->count && table->entry[*at] < end; (*at)++) {
		for (int c = 0; c < table->columns; c++)
			sqlite3_bind_value(table->insert, c + 1, table->rows[*at].value[c]);
		if (sqlite3_step(table->insert) != SQLITE_DONE)
			stop(table->name, sqlite3_errmsg(db));
		sqlite3_reset(table->insert);
	}
}

static double run_floor(const char *from_path, const char *to_path, int64_t *entries)
{
	sqlite3 *from = open_database(from_path), *to = open_database(to_path);
	struct table tables[] = {
		{ .name = "entry", .turn = "idx" },        { .name = "file", .turn = "first_entry" },
		{ .name = "duty", .turn = "opened" },      { .name = "code", .turn = "rowid - 1" },
		{ .name = "short_submission", .turn = "entry" }, { .name = "signed", .turn = "size - 1" },
	};
	size_t at[sizeof tables / sizeof tables[0]] = { 0 };
	unsigned char pk[crypto_sign_PUBLICKEYBYTES], sk[crypto_sign_SECRETKEYBYTES], signature[64];
	unsigned char key[32] = { 1 }, nonce[24] = { 2 }, box[2048], plain[1200] = { 3 };
	struct hasher *hasher = hasher_create();
	crypto_sign_keypair(pk, sk);
	run(to, "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384;"
	        "PRAGMA wal_autocheckpoint=4000");
	copy_schema(from, to);
	for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
		load(from, &tables[t]);
		prepare_insert(to, &tables[t]);
	}
	const struct table *turns = &tables[5];
	double began = seconds();
	int64_t done = 0;
	for (size_t turn = 0; turn < turns->count; turn++) {
		int64_t end = turns->entry[turn] + 1;
		run(to, "BEGIN IMMEDIATE");
		for (int64_t e = done; e < end; e++) {
			struct str bytes = { (const char *)plain, 200 };
			for (int h = 0; h < HASHES_AN_ENTRY; h++)
				(void)hasher_of(hasher, &bytes, 1);
			crypto_aead_xchacha20poly1305_ietf_encrypt(box, NULL, plain, 600, NULL, 0, NULL, nonce, key);
		}
		for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
			insert_up_to(to, &tables[t], &at[t], end);
		crypto_sign_detached(signature, NULL, plain, 200, sk);
		run(to, "COMMIT");
		done = end;
	}
	double took = seconds() - began;
	*entries = done;
	hasher_destroy(hasher);
	for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
		sqlite3_finalize(tables[t].insert);
		for (size_t r = 0; r < tables[t].count; r++) {
			for (int c = 0; c < tables[t].columns; c++)
				sqlite3_value_free(tables[t].rows[r].value[c]);
		}
		free(tables[t].rows);
		free(tables[t].entry);
	}
	sqlite3_close(from);
	sqlite3_close(to);
	return took;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	size_t count = argc > 2 ? (size_t)strtoul(argv[2], NULL, 10) : 20000;
	int runs = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 3;
	double turn[16], bare[16], ratio[16];
	if (argc < 2 || runs < 1 || runs > 15)
		stop("usage", "bench_turn FOLDER [ACTS] [RUNS]");
	if (sodium_init() < 0)
		return 1;
	for (int r = 0; r < runs; r++) {
		char dir[400], from[460], to[460];
		int64_t entries;
		(void)snprintf(dir, sizeof dir, "%s/register-%d", argv[1], r);
		(void)snprintf(from, sizeof from, "%s/register.db", dir);
		(void)snprintf(to, sizeof to, "%s/floor-%d.db", argv[1], r);
		turn[r] = (double)count / run_turns(dir, count);
		double took = run_floor(from, to, &entries);
		bare[r] = (double)entries / took;
		ratio[r] = turn[r] / bare[r];
		(void)fprintf(stderr, "run %d: turn %.0f/s floor %.0f/s ratio %.2f\n", r + 1, turn[r], bare[r],
		              ratio[r]);
	}
	qsort(turn, (size_t)runs, sizeof *turn, by_value);
	qsort(bare, (size_t)runs, sizeof *bare, by_value);
	qsort(ratio, (size_t)runs, sizeof *ratio, by_value);
	printf("turns_in_bulk          %10.0f entries/s\n", turn[runs / 2]);
	printf("floor                  %10.0f entries/s\n", bare[runs / 2]);
	printf("turns_over_floor       %10.2f\n", ratio[runs / 2]);
	return 0;
}
