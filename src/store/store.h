/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The store: the only room that speaks to a database. SQLite stands behind it
 * (sqlite.c); statements are the common SQL of both engines with ?1 ?2 … as
 * parameters, so that another engine can stand beside it. It does not know
 * what a table means.
 *
 * A connection and its statements belong to one thread at a time. Statements
 * are kept prepared by the connection: pass SQL that lives as long as the
 * program (static const char[]).
 */
#ifndef CANDOUR_STORE_STORE_H
#define CANDOUR_STORE_STORE_H

#include "base/base.h"

struct store;
struct store_stmt;

enum store_mode {
	STORE_WRITE,  /* the one writer */
	STORE_READ,   /* sees committed turns only, writes nothing */
	STORE_CREATE, /* as STORE_WRITE, and makes the file; refuses one that is there */
	STORE_BRIEF,  /* as STORE_WRITE, for the length of one command: takes little memory */
};

enum store_step {
	STORE_ROW,
	STORE_DONE,
	STORE_FAILED,
};

/*
 * Opens the database at `path` (":memory:" for tests, STORE_CREATE).
 * ERR_ABSENT: no such file; ERR_INPUT: not a database of ours;
 * ERR_UNABLE: locked, unreadable, disk.
 */
bool store_open(const char *path, enum store_mode mode, struct store **out,
                struct err *err) MUST_USE;
/* Finishes every kept statement; takes NULL. */
void store_close(struct store *store);
void store_cleanup(struct store **store); /* for CLEANUP */

/*
 * Takes the statement for `sql` from the connection's cache, preparing it the
 * first time. Give it back by store_stmt_finish (CLEANUP) before it is asked
 * for again: a statement in use is prepared anew beside it.
 * ERR_FAULT: the SQL does not compile; ERR_UNABLE.
 */
bool store_prepare(struct store *store, const char *sql, struct store_stmt **out,
                   struct err *err) MUST_USE;
void store_stmt_finish(struct store_stmt **stmt); /* for CLEANUP; takes NULL */

/* Parameters count from 1. Bytes and text must live until the next step, reset or finish. */
void store_bind_int(struct store_stmt *stmt, int at, int64_t value);
void store_bind_str(struct store_stmt *stmt, int at, struct str value);  /* p NULL binds NULL */
void store_bind_blob(struct store_stmt *stmt, int at, struct str value); /* p NULL binds NULL */
void store_bind_null(struct store_stmt *stmt, int at);

/*
 * One step. STORE_FAILED sets *err: ERR_UNABLE for lock, disk, full, memory;
 * ERR_FAULT for a broken constraint or SQL. A binding that failed shows here.
 */
enum store_step store_step(struct store_stmt *stmt, struct err *err) MUST_USE;
/* Ready for new bindings (all are NULL again) and another run. */
void store_reset(struct store_stmt *stmt);

/* Columns of the present row count from 0. Text and bytes are borrowed until the next step. */
int64_t store_int(struct store_stmt *stmt, int column);
struct str store_str(struct store_stmt *stmt, int column);
struct str store_blob(struct store_stmt *stmt, int column);
bool store_is_null(struct store_stmt *stmt, int column);
/* Whether the present rows of two statements hold the same in a column, NULL and all. */
bool store_same(struct store_stmt *one, struct store_stmt *other, int column);

/* Shorthands. Runs a statement without parameters or rows. */
bool store_run(struct store *store, const char *sql, struct err *err) MUST_USE;
/* First column of the first row of a statement without parameters; ERR_ABSENT when there is none.
 */
bool store_get_int(struct store *store, const char *sql, int64_t *out, struct err *err) MUST_USE;
/* Steps a statement that gives no row: true when done. */
bool store_do(struct store_stmt *stmt, struct err *err) MUST_USE;

/* Rows the last insert, update or delete of this connection touched. */
int64_t store_changes(struct store *store);

/*
 * One transaction at a time on a connection. On a writer it takes the write
 * lock at once; on a reader it is a snapshot. After any failure inside, abort.
 * store_commit: ERR_UNABLE when it could not be made durable; the connection is
 * then `broken` (an fsync that failed once proves nothing later): close it and
 * stop.
 */
bool store_begin(struct store *store, struct err *err) MUST_USE;
bool store_commit(struct store *store, struct err *err) MUST_USE;
void store_abort(struct store *store);
bool store_is_broken(const struct store *store);
/*
 * What a writer reads from here to its next transaction is one snapshot, for which the file is
 * locked once, not once a statement. For a program that alone writes.
 */
bool store_hold(struct store *store, struct err *err) MUST_USE;
/*
 * At the close the write-ahead log stays as it is, for whoever opens next to go on with, unless it
 * is longer than `most` bytes: a command that writes one entry need not move it into the file.
 */
void store_leave_log(struct store *store, int64_t most);

/*
 * Brings the schema to the newest of the program's migrations of `set`
 * ("register", "keys"): each numbered file once, in one transaction.
 * ERR_INPUT: the database is newer than this program; nothing is touched.
 */
bool store_migrate(struct store *store, const char *set, struct err *err) MUST_USE;
/*
 * For those who only read: whether the schema is the program's own.
 * ERR_INPUT: newer than this program; ERR_UNABLE: older, so that the next
 * command that writes migrates it.
 */
bool store_schema_check(struct store *store, const char *set, struct err *err) MUST_USE;
/* The number the program would migrate to, for `set`. */
int store_migration_newest(const char *set);

/*
 * Copies a live database to a new file, while others write. `progress` may be
 * NULL. ERR_UNABLE: disk; the partial copy is removed.
 */
typedef void store_progress(void *ctx, int64_t pages_done, int64_t pages_all);
bool store_backup(struct store *store, const char *to, store_progress *progress, void *ctx,
                  struct err *err) MUST_USE;

/* Moves the write-ahead log into the file and empties it, where no reader hinders. */
bool store_checkpoint(struct store *store, struct err *err) MUST_USE;
/* Rewrites the file so that overwritten secrets are nowhere in it. */
bool store_vacuum(struct store *store, struct err *err) MUST_USE;
/* Whether an error of this room's says that the file itself is damaged. */
bool store_says_damaged(const struct err *err);
/* How much of the file the connection keeps in memory. */
bool store_keep_pages(struct store *store, int64_t kib, struct err *err) MUST_USE;
/* The engine's own check of its pages, with a large cache while it lasts. ERR_INPUT names what is
 * damaged. */
bool store_check_pages(struct store *store, struct err *err) MUST_USE;

/*
 * Tables and their columns as they stand in the file, for those who must cover
 * every one: "table.column" each, sorted.
 */
bool store_columns(struct store *store, struct arena *arena, const struct str **out, size_t *count,
                   struct err *err) MUST_USE;
/* How the engine would run `sql`, one line a step; for tests of hot paths. */
bool store_explain(struct store *store, struct arena *arena, const char *sql, struct str *out,
                   struct err *err) MUST_USE;
/* SQL of the statements that the connection keeps prepared: with store_explain, a test sees how
 * each that ran is served. */
bool store_prepared(struct store *store, struct arena *arena, const struct str **out, size_t *count,
                    struct err *err) MUST_USE;

/*
 * The one writer of a register: holds `path` (a lock file) until released, or
 * the process ends. ERR_UNABLE: somebody else holds it.
 */
struct store_lock;
bool store_lock_take(const char *path, struct store_lock **out, struct err *err) MUST_USE;
/* False: the file at its path is gone or another one, so that another program may hold it too. */
bool store_lock_stands(const struct store_lock *lock);
void store_lock_release(struct store_lock *lock); /* takes NULL */

/*
 * For simulation only: every file of connections opened after goes through
 * the named SQLite VFS, registered by the shim. NULL: the default.
 */
bool store_open_on(const char *vfs, const char *path, enum store_mode mode, struct store **out,
                   struct err *err) MUST_USE;

/*
 * The shim: a disk in memory that keeps what was synced and may lose, tear and
 * re-order what was not. One thread; paths are names, no folder is touched.
 */
struct store_shim;

enum store_fault {
	STORE_FAULT_NONE,
	STORE_FAULT_POWER, /* at the operation everything stops: store_shim_restart goes on from
	                      what is left */
	STORE_FAULT_AFTER, /* the same just after the next sync: all is kept, and nobody learns of
	                      it */
	STORE_FAULT_SYNC,  /* the sync fails, and what it should have kept may be lost */
	STORE_FAULT_WRITE, /* the write fails, half done */
	STORE_FAULT_FULL,  /* the disk is full from here on, until store_shim_heal */
	STORE_FAULT_OPEN,  /* opening fails */
};

/* Everything it does by chance follows from `seed`. ERR_UNABLE: memory, or too many shims. */
bool store_shim_create(uint64_t seed, struct store_shim **out, struct err *err) MUST_USE;
void store_shim_destroy(
	struct store_shim *shim); /* takes NULL; every connection is closed by then */
/* The name for store_open_on. */
const char *store_shim_name(const struct store_shim *shim);
/* Writes, syncs and truncations so far; faults are planned by this count. */
int64_t store_shim_operations(const struct store_shim *shim);
/* Plans one fault at the n-th operation from now (1: the next). */
void store_shim_plan(struct store_shim *shim, enum store_fault fault, int64_t after);
/* Whether the planned fault has happened. */
bool store_shim_has_failed(const struct store_shim *shim);
/* Power comes back: of what was not synced, each piece is there, lost or torn, by chance. Close all
 * connections before. */
void store_shim_restart(struct store_shim *shim);
/* The disk takes everything again. */
void store_shim_heal(struct store_shim *shim);
/* From now on a sync says that it is done and keeps nothing for sure: to see what then breaks. */
void store_shim_lie(struct store_shim *shim);

/* The rest of this header: tables that stand in front of others. */
#include "store/shadow.h"

#endif
