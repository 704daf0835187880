/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: rows found by a tag, 63 bits of something random.
 *
 * A tree keyed by random tags would be touched all over by every turn, and the
 * more so the larger it is. So the rows themselves lie in the order they came,
 * numbered from 1, and their tags in runs beside them: each 64 rows become a
 * run, each sixteen runs of a level one of the next, up to 262,144 rows. A
 * run's tags are sorted, in buckets of 256 or so. What a row costs does not
 * grow: its tag is written four times. The same rows make the same runs.
 *
 * Whoever looks asks the rows after the last run and every run: some twenty
 * small readings. A writer that goes on keeps the tags after the last full run
 * in memory, and of each full run a filter that says "surely not here": two
 * bytes a row.
 */
#ifndef CANDOUR_CASEBOOK_TAGS_H
#define CANDOUR_CASEBOOK_TAGS_H

#include "base/base.h"
#include "store/store.h"

/* The statements of one table of rows and its runs: TAGS_SQL makes them. */
struct tags_sql {
	const char *rows, *among, *last, *runs, *level, *pairs, *run_put, *runs_drop, *buckets_drop,
		*bucket, *bucket_put;
};

/* `rows` has columns n and `tag`; NAME_run and NAME_bucket are as in the schema. */
#define TAGS_SQL(name, rows_, tag)                                                                 \
	{                                                                                          \
		.rows = "SELECT n, " tag " FROM " rows_ " WHERE n > ?1 AND n <= ?2 ORDER BY n",    \
		.among = "SELECT n FROM " rows_ " WHERE n > ?1 AND " tag " = ?2 ORDER BY n",       \
		.last = "SELECT COALESCE((SELECT last FROM " name                                  \
			"_run ORDER BY first DESC LIMIT 1), 0)",                                   \
		.runs = "SELECT first, last, level, filter FROM " name "_run ORDER BY first",      \
		.level = "SELECT COUNT(*), MIN(first), MAX(last) FROM " name                       \
			 "_run WHERE level = ?1",                                                  \
		.pairs = "SELECT r.first, r.last, b.pairs FROM " name "_run AS r JOIN " name       \
			 "_bucket AS b ON b.first = r.first WHERE r.level = ?1"                    \
			 " ORDER BY r.first, b.bucket",                                            \
		.run_put = "INSERT INTO " name                                                     \
			   "_run (first, last, level, filter) VALUES (?1, ?2, ?3, ?4)",            \
		.runs_drop = "DELETE FROM " name "_run WHERE level = ?1",                          \
		.buckets_drop = "DELETE FROM " name "_bucket WHERE first >= ?1",                   \
		.bucket = "SELECT pairs FROM " name "_bucket WHERE first = ?1 AND bucket = ?2",    \
		.bucket_put =                                                                      \
			"INSERT INTO " name "_bucket (first, bucket, pairs) VALUES (?1, ?2, ?3)",  \
	}

/* What a writer knows of one table. */
struct tags;

/* `keeps`: whether it looks so often that it keeps tags in memory. NULL: no memory. */
struct tags *tags_create(const struct tags_sql *sql, bool keeps);
void tags_destroy(struct tags *tags); /* takes NULL */
/* The transaction was given up, or rows are gone: what is in memory no longer counts. */
void tags_forget(struct tags *tags);

/* Whether row `n` is the one that was asked for; two may share a tag, and a row may be gone. */
typedef bool tags_is_it(void *ctx, int64_t n, bool *yes, struct err *err);

/* *n: the row of a tag; 0: none. */
bool tags_find(struct tags *tags, struct store *store, int64_t tag, tags_is_it *is_it, void *ctx,
               int64_t *n, struct err *err) MUST_USE;
/* The same on any connection; it costs the same whether there is such a row or not. */
bool tags_look(const struct tags_sql *sql, struct store *store, int64_t tag, tags_is_it *is_it,
               void *ctx, int64_t *n, struct err *err) MUST_USE;

/* Row `n` is there and is the newest; in its transaction. */
bool tags_put(struct tags *tags, struct store *store, int64_t tag, int64_t n,
              struct err *err) MUST_USE;

#endif
