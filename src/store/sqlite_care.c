/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Care of a database file on SQLite: copies, its log, its pages, and what its statements would do.
 */
#include <unistd.h>

#include "store/moved.h"
#include "store/sqlite_parts.h"

#define BACKUP_PAGES 1000
#define BACKUP_PAUSE_MS 2

static bool copy_pages(struct store *store, sqlite3 *to, store_progress *progress, void *ctx,
                       struct err *err)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", store->db, "main");
	if (!backup)
		return err_set(err, ERR_UNABLE, "The copy cannot be begun: %s", sqlite3_errmsg(to));
	int status;
	do {
		status = sqlite3_backup_step(backup, BACKUP_PAGES);
		if (progress && (status == SQLITE_OK || status == SQLITE_DONE))
			progress(ctx,
			         sqlite3_backup_pagecount(backup) -
			                 sqlite3_backup_remaining(backup),
			         sqlite3_backup_pagecount(backup));
		if (status == SQLITE_OK || status == SQLITE_BUSY || status == SQLITE_LOCKED)
			sqlite3_sleep(BACKUP_PAUSE_MS); /* so that the writer lives */
	} while (status == SQLITE_OK || status == SQLITE_BUSY || status == SQLITE_LOCKED);
	int finished = sqlite3_backup_finish(backup);
	if (status == SQLITE_DONE && finished == SQLITE_OK)
		return true;
	return err_set(err, ERR_UNABLE, "The copy could not be finished: %s",
	               sqlite3_errstr(status));
}

bool store_backup(struct store *store, const char *to, store_progress *progress, void *ctx,
                  struct err *err)
{
	sqlite3 *copy = NULL;
	if (!private_file_make(to, err))
		return false;
	int status = sqlite3_open_v2(to, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	bool done = false;
	if (status != SQLITE_OK)
		err_set(err, ERR_UNABLE, "The copy %s cannot be opened: %s", to,
		        sqlite3_errstr(status));
	else
		done = copy_pages(store, copy, progress, ctx, err);
	/* One file that stands alone: no write-ahead log beside it. */
	if (done && sqlite3_exec(copy, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) != SQLITE_OK)
		done = err_set(err, ERR_UNABLE, "The copy %s could not be closed: %s", to,
		               sqlite3_errmsg(copy));
	sqlite3_close_v2(copy);
	if (!done)
		(void)unlink(to);
	return done;
}

void store_leave_log(struct store *store, int64_t most)
{
	if (store->is_broken || log_length(store->db) > most)
		return;
	log_fill(store->db, most);
	(void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

bool store_checkpoint(struct store *store, struct err *err)
{
	if (!sqlite_let_go(store, err))
		return false;
	int status =
		sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return status == SQLITE_OK || status == SQLITE_BUSY || sqlite_failed(store, status, err);
}

bool store_vacuum(struct store *store, struct err *err)
{
	return sqlite_let_go(store, err) && store_run(store, "VACUUM", err) &&
	       store_checkpoint(store, err);
}

static bool set_cache(struct store *store, int64_t size, struct err *err)
{
	char sql[60];
	(void)snprintf(sql, sizeof sql, "PRAGMA cache_size=%" PRId64, size);
	return sqlite_pragma(store, sql, err);
}

bool store_keep_pages(struct store *store, int64_t kib, struct err *err)
{
	return set_cache(store, -kib, err);
}

bool store_check_pages(struct store *store, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *check = NULL;
	int64_t cache = 0;
	/* Each row is looked for in each index, here and there in the file. */
	if (!store_get_int(store, "PRAGMA cache_size", &cache, err) ||
	    !set_cache(store, -PAGE_CACHE_KIB, err) ||
	    !store_prepare(store, "PRAGMA integrity_check(1)", &check, err))
		return false;
	enum store_step step = store_step(check, err);
	if (step == STORE_FAILED)
		return false;
	struct str found = step == STORE_ROW ? store_str(check, 0) : STR_NONE;
	if (str_eq(found, STR("ok")))
		return set_cache(store, cache, err);
	return err_set(err, ERR_INPUT, "The database file is damaged: %.*s",
	               STR_ARG(str_sub(found, 0, 200)));
}

bool store_prepared(struct store *store, struct arena *arena, const struct str **out, size_t *count,
                    struct err *err)
{
	struct str *kept = arena_alloc(arena, CACHE_SLOTS, sizeof *kept);
	*out = kept;
	*count = 0;
	if (!kept)
		return err_set(err, ERR_UNABLE, "There is no memory for this");
	for (size_t i = 0; i < CACHE_SLOTS; i++) {
		if (store->cache[i].handle)
			kept[(*count)++] = str_from_c(store->cache[i].sql);
	}
	return true;
}

bool store_explain(struct store *store, struct arena *arena, const char *sql, struct str *out,
                   struct err *err)
{
	struct str text = arena_format(arena, "EXPLAIN QUERY PLAN %s", sql);
	sqlite3_stmt *plan = NULL;
	if (!text.p)
		return err_set(err, ERR_UNABLE, "There is no memory for the plan");
	int status = sqlite3_prepare_v2(store->db, text.p, -1, &plan, NULL);
	if (status != SQLITE_OK)
		return sqlite_failed(store, status, err);
	struct str all = STR("");
	while (sqlite3_step(plan) == SQLITE_ROW) {
		struct str pieces[3] = { all,
			                 str_from_c((const char *)sqlite3_column_text(plan, 3)),
			                 STR("\n") };
		all = arena_join(arena, pieces, 3);
	}
	sqlite3_finalize(plan);
	*out = all;
	return all.p != NULL || err_set(err, ERR_UNABLE, "There is no memory for the plan");
}
