/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The queue of the one writer: what waits together is done together, and nobody pays for another's failure. */
#include "fixture.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "casebook/shape.h"
#include "casebook/turn_parts.h"
#include "store/dialect.h"
#include "store/store.h"

#define JOBS 3

/* Somebody who waits: for an act, or for a piece of work that keeps a value under its name. */
struct job {
	struct fixture *f;
	pthread_t thread;
	const char *name; /* of work; NULL: an act */
	bool is_bad;
	bool takes_a_number; /* as a reading does */
	bool done;
	int64_t seen; /* values that another connection saw when the work ran */
	struct arena *arena;
	struct casebook_answer answer;
	struct err err;
};

static int64_t values(const struct fixture *f)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	char path[128];
	struct err err;
	int64_t count = -1;
	(void)snprintf(path, sizeof path, "%s/register.db", f->dir);
	if (!store_open(path, STORE_READ, &store, &err) ||
	    !store_get_int(store, "SELECT COUNT(*) FROM short_state WHERE name LIKE 'job-%'", &count, &err))
		return -1;
	return count;
}

/* Checkpoints that hold the one entry and not yet the other. */
static int64_t signed_between(const struct fixture *f, int64_t first, int64_t second)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	char path[128];
	struct err err;
	(void)snprintf(path, sizeof path, "%s/register.db", f->dir);
	if (!store_open(path, STORE_READ, &store, &err) ||
	    !store_prepare(store, "SELECT COUNT(*) FROM signed WHERE size > ?1 AND size <= ?2", &stmt, &err))
		return -1;
	store_bind_int(stmt, 1, first);
	store_bind_int(stmt, 2, second);
	return store_step(stmt, &err) == STORE_ROW ? store_int(stmt, 0) : -1;
}

static bool keep_value(struct casebook *book, void *ctx, struct err *err)
{
	struct job *job = ctx;
	job->seen = values(job->f);
	if (job->takes_a_number)
		book->next_reading++;
	if (job->is_bad)
		return err_set(err, ERR_INPUT, "%s is not as it must be", job->name);
	return book_put_state(book->store, str_from_c(job->name), STR("there"), err);
}

static void *wait_for_it(void *ctx)
{
	struct job *job = ctx;
	const struct json *fields;
	if (job->name) {
		job->done = book_write(job->f->book, keep_value, job, &job->err);
		return NULL;
	}
	struct str text = STR("{\"danger-now\":\"no\",\"source\":\"neighbour\",\"happening\":\"He is alone at night.\","
	                      "\"harm\":[\"not-yet-known\"],\"harm-sign\":\"unknown\",\"channel\":\"web\"}");
	job->done = json_read(job->arena, text, 4, &fields, &job->err);
	struct casebook_act act = { .actor = { .by = CASEBOOK_BY_PUBLIC },
		                    .via = CASEBOOK_WEB,
		                    .kind = STR("concern.received"),
		                    .fields = fields };
	job->done = job->done && casebook_submit(job->f->book, &act, job->arena, &job->answer, &job->err);
	return NULL;
}

/* Keeps the writer at it until it is let go. */
struct holding {
	struct casebook *book;
	pthread_t thread;
	atomic_bool is_held;
	atomic_bool may_go;
	bool done;
	struct err err;
};

static bool hold_writer(struct casebook *book, void *ctx, struct err *err)
{
	struct holding *holding = ctx;
	(void)book;
	(void)err;
	atomic_store(&holding->is_held, true);
	while (!atomic_load(&holding->may_go))
		(void)sched_yield();
	return true;
}

static void *start_holding(void *ctx)
{
	struct holding *holding = ctx;
	holding->done = book_write(holding->book, hold_writer, holding, &holding->err);
	return NULL;
}

static void until_queued(struct casebook *book, size_t count)
{
	for (;;) {
		pthread_mutex_lock(&book->queue_lock);
		bool is_so = book->queue_count == count;
		pthread_mutex_unlock(&book->queue_lock);
		if (is_so)
			return;
		(void)sched_yield();
	}
}

static void start(struct fixture *f, struct job *job, size_t queued)
{
	job->f = f;
	job->arena = arena_create((size_t)1 << 20);
	assert_int_equal(pthread_create(&job->thread, NULL, wait_for_it, job), 0);
	until_queued(f->book, queued);
}

/* All jobs wait in their order before the writer takes them, at once. */
static void run_at_once(struct fixture *f, struct job jobs[JOBS])
{
	struct holding first = { .book = f->book };
	MUST(f, casebook_start_writer(f->book, &f->err));
	assert_int_equal(pthread_create(&first.thread, NULL, start_holding, &first), 0);
	while (!atomic_load(&first.is_held))
		(void)sched_yield();
	for (size_t i = 0; i < JOBS; i++)
		start(f, &jobs[i], i + 1);
	atomic_store(&first.may_go, true);
	pthread_join(first.thread, NULL);
	for (size_t i = 0; i < JOBS; i++) {
		pthread_join(jobs[i].thread, NULL);
		jobs[i].answer.file = STR_NONE; /* it lay in the arena */
		arena_destroy(jobs[i].arena);
	}
	assert_true(first.done);
}

static void work_that_waits_together_is_one_commit(void **state)
{
	struct fixture *f = *state;
	struct job jobs[JOBS] = { { .name = "job-1" }, { .name = "job-2" }, { .name = "job-3" } };
	run_at_once(f, jobs);
	for (size_t i = 0; i < JOBS; i++) {
		assert_true(jobs[i].done);
		assert_int_equal(jobs[i].seen, 0); /* nothing of it was committed before all of it was */
	}
	assert_int_equal(values(f), JOBS);
}

static void a_piece_of_work_that_fails_spoils_no_other(void **state)
{
	struct fixture *f = *state;
	struct job jobs[JOBS] = { { .name = "job-1", .takes_a_number = true },
		                  { .name = "job-2", .is_bad = true },
		                  { .name = "job-3", .takes_a_number = true } };
	int64_t next = f->book->next_reading;
	run_at_once(f, jobs);
	assert_true(jobs[0].done);
	assert_false(jobs[1].done);
	assert_int_equal(jobs[1].err.code, ERR_INPUT);
	assert_string_equal(jobs[1].err.message, "job-2 is not as it must be");
	assert_true(jobs[2].done);
	assert_int_equal(values(f), 2);
	/* What was given up has used no number up: readings are numbered without a gap. */
	assert_int_equal(f->book->next_reading, next + 2);
}

static void work_between_two_acts_does_not_part_their_turn(void **state)
{
	struct fixture *f = *state;
	struct job jobs[JOBS] = { { .name = NULL }, { .name = "job-2" }, { .name = NULL } };
	run_at_once(f, jobs);
	for (size_t i = 0; i < JOBS; i++)
		assert_true(jobs[i].done);
	assert_int_equal(jobs[0].answer.outcome, CASEBOOK_ADMITTED);
	assert_int_equal(jobs[2].answer.outcome, CASEBOOK_ADMITTED);
	assert_true(jobs[0].answer.index < jobs[2].answer.index);
	/* One turn, one signature: no smaller tree was signed between them. */
	assert_int_equal(signed_between(f, jobs[0].answer.index, jobs[2].answer.index), 0);
	assert_int_equal(values(f), 1);
}

/* Somebody took the lock away and started another writer: the first says so, and writes nothing. */
static void a_writer_whose_lock_was_taken_away_stops(void **state)
{
	struct fixture *f = *state;
	char path[128];
	struct casebook *other = NULL;
	struct casebook_answer answer;
	struct err err = { 0 };
	struct casebook_act what = {
		.actor = BY_PUBLIC,
		.via = CASEBOOK_WEB,
		.kind = STR("concern.received"),
		.fields = fields_of(f, "{'source':'neighbour','happening':'He hits her.','harm':['physical'],"
		                       "'danger-now':'no','harm-sign':'unknown','channel':'web'}"),
	};
	assert_true(casebook_may_take(f->book));
	(void)snprintf(path, sizeof path, "%s/lock", f->dir);
	assert_int_equal(unlink(path), 0);
	/* A turn that is under way already finds it at its begin. */
	assert_true(casebook_submit(f->book, &what, f->arena, &answer, &err));
	assert_int_equal(answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(answer.err.code, ERR_UNABLE);
	assert_non_null(strstr(answer.err.message, "its lock was taken away"));
	assert_false(casebook_may_take(f->book));
	MUST(f, casebook_open(f->dir, CASEBOOK_WRITE, &other, &f->err));
	MUST(f, casebook_submit(other, &what, f->arena, &answer, &f->err));
	assert_int_equal(answer.outcome, CASEBOOK_ADMITTED);
	assert_true(casebook_may_take(other));
	assert_false(casebook_submit(f->book, &what, f->arena, &answer, &err));
	assert_int_equal(err.code, ERR_UNABLE);
	assert_non_null(strstr(err.message, "another program may be writing it"));
	assert_false(casebook_beat(f->book, &err));
	casebook_close(other);
}

static int64_t entries_on_disk(struct fixture *f)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	int64_t count;
	MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_READ, &store, &f->err));
	MUST(f, store_get_int(store, "SELECT COUNT(*) FROM entry", &count, &f->err));
	return count;
}

/* The lock went away and came back: what this writer knows of the log is old. */
static void a_writer_behind_whose_back_another_wrote_stops(void **state)
{
	struct fixture *f = *state;
	struct casebook *other = NULL;
	struct casebook_answer answer;
	struct err err = { 0 };
	const char *lock = file_join(f->arena, f->dir, "lock"), *away = file_join(f->arena, f->dir, "lock-away");
	struct casebook_act what = {
		.actor = BY_PUBLIC,
		.via = CASEBOOK_WEB,
		.kind = STR("concern.received"),
		.fields = fields_of(f, "{'source':'neighbour','happening':'He hits her.','harm':['physical'],"
		                       "'danger-now':'no','harm-sign':'unknown','channel':'web'}"),
	};
	report(f, "He is alone at night.");
	assert_int_equal(rename(lock, away), 0);
	MUST(f, casebook_open(f->dir, CASEBOOK_WRITE, &other, &f->err));
	MUST(f, casebook_submit(other, &what, f->arena, &answer, &f->err));
	assert_int_equal(answer.outcome, CASEBOOK_ADMITTED);
	casebook_close(other);
	assert_int_equal(rename(away, lock), 0);
	int64_t before = entries_on_disk(f);
	assert_true(casebook_submit(f->book, &what, f->arena, &answer, &err));
	assert_int_equal(answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(answer.err.code, ERR_UNABLE);
	assert_non_null(strstr(answer.err.message, "another program has written it since this one began"));
	assert_false(casebook_may_take(f->book));
	assert_false(casebook_submit(f->book, &what, f->arena, &answer, &err));
	assert_non_null(strstr(err.message, "another program has written it"));
	assert_false(casebook_beat(f->book, &err));
	assert_int_equal(entries_on_disk(f), before);
	/* Started anew it goes on, and nothing is half there. */
	fixture_reopen(f);
	MUST(f, casebook_submit(f->book, &what, f->arena, &answer, &f->err));
	assert_int_equal(answer.outcome, CASEBOOK_ADMITTED);
	struct casebook_verified found;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	assert_true(found.ok);
}

/* A table of the same columns that drops a second duty of a rule as it is written. */
static void a_table_made_anew_by_hand_stops_the_writer(void **state)
{
	static const char REMAKE[] =
		"BEGIN; CREATE TABLE remade AS SELECT * FROM duty; DROP TABLE duty;"
		"CREATE TABLE duty (id INTEGER NOT NULL PRIMARY KEY, file INTEGER NOT NULL, rule TEXT NOT NULL,"
		" pack INTEGER NOT NULL, class INTEGER NOT NULL, office TEXT NOT NULL, opened INTEGER NOT NULL,"
		" started INTEGER NOT NULL, due INTEGER NOT NULL, last_day INTEGER NOT NULL,"
		" provisional INTEGER NOT NULL, earliest INTEGER, agreed INTEGER, ladder TEXT NOT NULL,"
		" rung INTEGER NOT NULL, next_at INTEGER, about INTEGER, closed INTEGER, closed_at INTEGER,"
		" closed_how TEXT, done_at INTEGER, UNIQUE (rule) ON CONFLICT IGNORE) STRICT;"
		"INSERT INTO duty SELECT * FROM remade; DROP TABLE remade; COMMIT";
	struct fixture *f = *state;
	struct casebook *again = NULL;
	struct casebook_answer answer;
	struct err err = { 0 };
	struct casebook_act what = {
		.actor = BY_PUBLIC,
		.via = CASEBOOK_WEB,
		.kind = STR("concern.received"),
		.fields = fields_of(f, "{'source':'neighbour','happening':'He hits her.','harm':['physical'],"
		                       "'danger-now':'no','harm-sign':'unknown','channel':'web'}"),
	};
	report(f, "She is cold.");
	{
		CLEANUP(store_cleanup) struct store *store = NULL;
		MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_WRITE, &store, &f->err));
		MUST(f, store_run_script(store, REMAKE, &f->err));
	}
	int64_t before = entries_on_disk(f);
	assert_true(casebook_submit(f->book, &what, f->arena, &answer, &err));
	assert_int_equal(answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(answer.err.code, ERR_UNABLE);
	assert_non_null(strstr(answer.err.message, "somebody changed the tables of register.db by hand"));
	assert_false(casebook_may_take(f->book));
	assert_int_equal(entries_on_disk(f), before);
	casebook_close(f->book);
	f->book = NULL;
	assert_false(casebook_open(f->dir, CASEBOOK_WRITE, &again, &err));
	assert_int_equal(err.code, ERR_UNABLE);
	assert_non_null(strstr(err.message, "are not those that this program makes"));
	const struct casebook_options brief = { .is_brief = true };
	assert_false(casebook_open_with(f->dir, CASEBOOK_WRITE, &brief, &again, &err));
	assert_non_null(strstr(err.message, "are not those that this program makes"));
}

/* Without it each start would make a fresh database to compare with. */
static void the_shape_of_a_new_register_is_known(void **state)
{
	struct fixture *f = *state;
	CLEANUP(store_cleanup) struct store *store = NULL;
	bool fits, is_known;
	MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_READ, &store, &f->err));
	MUST(f, shape_fits(store, "register", &fits, &f->err));
	MUST(f, shape_is_known(store, &is_known, &f->err));
	assert_true(fits);
	if (!is_known)
		print_message("the sum in shape.c is not that of the migrations\n");
	assert_true(is_known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(work_that_waits_together_is_one_commit),
		PROVES(a_piece_of_work_that_fails_spoils_no_other),
		PROVES(work_between_two_acts_does_not_part_their_turn),
		PROVES(a_writer_whose_lock_was_taken_away_stops),
		PROVES(a_writer_behind_whose_back_another_wrote_stops),
		PROVES(a_table_made_anew_by_hand_stops_the_writer),
		PROVES(the_shape_of_a_new_register_is_known),
	};
	return PROVE(tests);
}
