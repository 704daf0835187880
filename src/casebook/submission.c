/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/submission.h"

#include <stdlib.h>

#include "casebook/tags.h"

static const struct tags_sql TAGS = TAGS_SQL("short_submission", "short_submission", "tag");

struct submissions {
	struct tags *tags;
	int64_t last; /* the newest row, -1: not known */
};

struct submissions *submissions_create(void)
{
	struct submissions *all = calloc(1, sizeof *all);
	if (!all || !(all->tags = tags_create(&TAGS, true))) {
		free(all);
		return NULL;
	}
	all->last = -1;
	return all;
}

void submissions_destroy(struct submissions *all)
{
	if (!all)
		return;
	tags_destroy(all->tags);
	free(all);
}

void submissions_forget(struct submissions *all)
{
	tags_forget(all->tags);
	all->last = -1;
}

/* --- find, put ------------------------------------------------------------------------------- */

static const char ROW_SQL[] = "SELECT tag, act, entry FROM short_submission WHERE n = ?1";
static const char PUT_SQL[] =
	"INSERT INTO short_submission (n, tag, act, entry, at) VALUES (?1, ?2, ?3, ?4, ?5)";
static const char LAST_SQL[] = "SELECT COALESCE(MAX(n), 0) FROM short_submission";

int64_t submission_tag(struct hasher *hasher, struct str id)
{
	struct str pieces[2] = { STR("candour/submission/v1\n"), id };
	struct hash hash = hasher_of(hasher, pieces, 2);
	uint64_t tag = 0;
	for (int i = 0; i < 8; i++)
		tag = tag << 8 | hash.bytes[i];
	return (int64_t)(tag >> 1);
}

struct wanted {
	struct store *store;
	int64_t tag;
	struct submission *out;
};

static bool is_wanted(void *ctx, int64_t n, bool *yes, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	struct wanted *wanted = ctx;
	*yes = false;
	if (!store_prepare(wanted->store, ROW_SQL, &row, err))
		return false;
	store_bind_int(row, 1, n);
	enum store_step step = store_step(row, err);
	if (step != STORE_ROW)
		return step == STORE_DONE; /* it was dropped */
	struct str act = store_blob(row, 1);
	*yes = store_int(row, 0) == wanted->tag;
	if (act.n != HASH_SIZE)
		return err_set(err, ERR_FAULT, "submission %" PRId64 " is broken", n);
	memcpy(wanted->out->act.bytes, act.p, HASH_SIZE);
	wanted->out->entry = store_int(row, 2);
	return true;
}

bool submissions_find(struct submissions *all, struct store *store, int64_t tag,
                      struct submission *out, bool *found, struct err *err)
{
	struct wanted wanted = { store, tag, out };
	int64_t n;
	*found = false;
	if (!tags_find(all->tags, store, tag, is_wanted, &wanted, &n, err))
		return false;
	*found = n != 0;
	return true;
}

bool submission_look(struct store *store, int64_t tag, struct submission *out, bool *found,
                     struct err *err)
{
	struct wanted wanted = { store, tag, out };
	int64_t n;
	*found = false;
	if (!tags_look(&TAGS, store, tag, is_wanted, &wanted, &n, err))
		return false;
	*found = n != 0;
	return true;
}

/* Numbers go on after what lies in runs, also when all rows were dropped. */
static bool read_last(struct submissions *all, struct store *store, struct err *err)
{
	int64_t in_run;
	if (!store_get_int(store, LAST_SQL, &all->last, err) ||
	    !store_get_int(store, TAGS.last, &in_run, err))
		return false;
	if (all->last < in_run)
		all->last = in_run;
	return true;
}

bool submissions_put(struct submissions *all, struct store *store, int64_t tag,
                     const struct submission *submission, instant at, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (all->last < 0 && !read_last(all, store, err))
		return false;
	if (!store_prepare(store, PUT_SQL, &put, err))
		return false;
	store_bind_int(put, 1, all->last + 1);
	store_bind_int(put, 2, tag);
	store_bind_blob(put, 3, hash_str(&submission->act));
	store_bind_int(put, 4, submission->entry);
	store_bind_int(put, 5, at);
	return store_do(put, err) && tags_put(all->tags, store, tag, ++all->last, err);
}

/* --- drop ------------------------------------------------------------------------------------ */

/* Rows lie in the order of time: those to go are the first ones. */
static const char OLDEST_LEFT_SQL[] =
	"SELECT n FROM short_submission WHERE at >= ?1 ORDER BY n LIMIT 1";
static const char DROP_SQL[] = "DELETE FROM short_submission WHERE n < ?1";
/* The newest run stays: it says where numbers go on. */
#define OLD_RUNS                                                                                   \
	" FROM short_submission_run WHERE last < ?1"                                               \
	" AND first < (SELECT MAX(first) FROM short_submission_run)"
static const char OLD_RUNS_SQL[] = "SELECT COUNT(*)" OLD_RUNS;
static const char DROP_BUCKETS_SQL[] =
	"DELETE FROM short_submission_bucket WHERE first IN (SELECT first" OLD_RUNS ")";
static const char DROP_RUNS_SQL[] = "DELETE" OLD_RUNS;

static bool drop_below(struct store *store, const char *sql, int64_t n, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *drop = NULL;
	if (!store_prepare(store, sql, &drop, err))
		return false;
	store_bind_int(drop, 1, n);
	return store_do(drop, err);
}

static bool has_old_runs(struct store *store, int64_t oldest, bool *has, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (!store_prepare(store, OLD_RUNS_SQL, &found, err))
		return false;
	store_bind_int(found, 1, oldest);
	if (store_step(found, err) != STORE_ROW)
		return false;
	*has = store_int(found, 0) > 0;
	return true;
}

/* The first row to stay: rows and runs below it go. */
static bool first_to_stay(struct submissions *all, struct store *store, instant before, int64_t *n,
                          struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *left = NULL;
	if (!read_last(all, store, err) || !store_prepare(store, OLDEST_LEFT_SQL, &left, err))
		return false;
	store_bind_int(left, 1, before);
	enum store_step step = store_step(left, err);
	*n = step == STORE_ROW ? store_int(left, 0) : all->last + 1;
	return step != STORE_FAILED;
}

bool submissions_drop(struct submissions *all, struct store *store, instant before, struct err *err)
{
	int64_t oldest;
	bool loses_run;
	if (!first_to_stay(all, store, before, &oldest, err) ||
	    !has_old_runs(store, oldest, &loses_run, err))
		return false;
	/* Rows in memory that are gone are found absent; a run that is gone must not be asked. */
	if (loses_run)
		submissions_forget(all);
	return drop_below(store, DROP_SQL, oldest, err) &&
	       (!loses_run || (drop_below(store, DROP_BUCKETS_SQL, oldest, err) &&
	                       drop_below(store, DROP_RUNS_SQL, oldest, err)));
}
