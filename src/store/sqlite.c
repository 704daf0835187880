/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The store on SQLite: everything that is this engine's own stands here.
 *
 * S1. Every connection is opened with the settings of open_settings(); a commit
 *     returns only after the write-ahead log is synced (synchronous=FULL).
 * S2. The engine goes on after a failed fsync as if nothing had been, while
 *     the kernel may have dropped the pages. So an I/O failure in a write makes
 *     the connection broken, and nothing is written through it again.
 * S3. Writers begin IMMEDIATE: a deferred reader that turns writer is answered
 *     BUSY_SNAPSHOT at once, whatever the time-out.
 */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/dialect.h"
#include "store/moved.h"
#include "store/sqlite_parts.h"

#define APPLICATION_ID 1128353871 /* "CanO": a file of ours */
#define BUSY_MS 5000
#define LENGTH_MAX (20 * 1024 * 1024)
#define LOOKASIDE_BYTES 1200
#define LOOKASIDE_WRITER 2000
#define LOOKASIDE_READER 400
#define LOOKASIDE_BRIEF 100
#define JOURNAL_KEEP (64 * 1024 * 1024)
#define COPIED_IN_PAGES 2000 /* the turn at whose end this many are copied in waits for them */

/* --- errors ------------------------------------------------------------------------------ */

static bool is_input_output(int status)
{
	int primary = status & 0xFF;
	return primary == SQLITE_IOERR || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

#define FULL "The disk is full; free some space and try again"

static const char DAMAGED[] = " is damaged; stop, keep it, and restore from a backup";
static const char NO_DATABASE[] =
	" is not a database of Candour, or its beginning is damaged; keep it as it is, and "
	"restore from a backup if it was one";

bool store_says_damaged(const struct err *err)
{
	struct str message = str_from_c(err->message);
	return str_ends(message, str_from_c(DAMAGED)) || str_ends(message, str_from_c(NO_DATABASE));
}

/* Which file, as long as the words after it still have room. */
static const char *file_of(const struct store *store)
{
	const char *name = store->db ? sqlite3_db_filename(store->db, "main") : NULL;
	return name && *name && strlen(name) < 300 ? name : "The database";
}

bool sqlite_failed(struct store *store, int status, struct err *err)
{
	int code = store->db ? sqlite3_extended_errcode(store->db) : status;
	if (is_input_output(status) && store->is_writer)
		store->is_broken = true;
	switch (status & 0xFF) {
	case SQLITE_FULL:
		err_set(err, ERR_UNABLE, FULL);
		break;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		err_set(err, ERR_UNABLE,
		        "The register is busy with another program; try again in a moment");
		break;
	case SQLITE_IOERR:
		if (store->db && sqlite3_system_errno(store->db) == ENOSPC)
			err_set(err, ERR_UNABLE, FULL);
		else
			err_set(err, ERR_UNABLE,
			        "The disk did not take or give what was asked; look at the machine's disk");
		break;
	case SQLITE_NOTADB:
		err_set(err, ERR_INPUT, "%s%s", file_of(store), NO_DATABASE);
		break;
	case SQLITE_CORRUPT:
		err_set(err, ERR_UNABLE, "%s%s", file_of(store), DAMAGED);
		break;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
		err_set(err, ERR_UNABLE,
		        "The database file cannot be written; check who owns it and the disk");
		break;
	case SQLITE_NOMEM:
	case SQLITE_TOOBIG:
		err_set(err, ERR_UNABLE, "This is too large to hold");
		break;
	case SQLITE_INTERRUPT:
		err_set(err, ERR_UNABLE, "This was stopped before it was done");
		break;
	default:
		err_set(err, ERR_FAULT, "A statement did not run");
		break;
	}
	err_context(err, "sqlite %d %s", code, store->db ? sqlite3_errmsg(store->db) : "");
	return false;
}

/* --- opening ----------------------------------------------------------------------------- */

bool sqlite_pragma(struct store *store, const char *sql, struct err *err)
{
	int status = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
	return status == SQLITE_OK || sqlite_failed(store, status, err);
}

static bool open_settings(struct store *store, struct err *err)
{
	/* Kept statements fill the engine's own small store, after which each step of each would
	 * call malloc. */
	int slots = store->is_writer ? LOOKASIDE_WRITER : LOOKASIDE_READER;
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_LOOKASIDE, NULL, LOOKASIDE_BYTES,
	                  store->is_brief ? LOOKASIDE_BRIEF : slots);
	sqlite3_extended_result_codes(store->db, 1);
	sqlite3_busy_timeout(store->db, BUSY_MS);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	/* The schema has neither. One put in by hand could drop what a turn writes, and the turn
	 * would be answered all the same. */
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
	return sqlite_pragma(
		store,
		"PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON;"
		"PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON",
		err);
}

static bool new_file_settings(struct store *store, struct err *err)
{
	char sql[80];
	(void)snprintf(sql, sizeof sql, "PRAGMA page_size=4096; PRAGMA application_id=%d",
	               APPLICATION_ID);
	return sqlite_pragma(store, sql, err);
}

static bool is_ours(struct store *store, const char *path, struct err *err)
{
	int64_t id = 0;
	if (!store_get_int(store, "PRAGMA application_id", &id, err))
		return false;
	if (id != APPLICATION_ID)
		return err_set(err, ERR_INPUT, "%s is not a database of Candour", path);
	return true;
}

static bool writer_settings(struct store *store, struct err *err)
{
	char sql[160];
	(void)snprintf(sql, sizeof sql,
	               "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-%d;"
	               "PRAGMA journal_size_limit=%d; PRAGMA wal_autocheckpoint=%d",
	               PAGE_CACHE_KIB, JOURNAL_KEEP, COPIED_IN_PAGES);
	return sqlite_pragma(store, sql, err);
}

static bool reader_settings(struct store *store, struct err *err)
{
	return sqlite_pragma(store, "PRAGMA query_only=ON; PRAGMA cache_size=-2048", err);
}

static bool is_memory(const char *path)
{
	return strcmp(path, ":memory:") == 0;
}

/* What nobody asks for costs two locks an allocation. Refused once the engine has begun. */
static void count_no_memory(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static bool open_handle(struct store *store, const char *vfs, const char *path, int flags,
                        struct err *err)
{
	static pthread_once_t begun = PTHREAD_ONCE_INIT;
	(void)pthread_once(&begun, count_no_memory);
	flags |= SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
	int status = sqlite3_open_v2(path, &store->db, flags, vfs);
	return status == SQLITE_OK || sqlite_failed(store, status, err);
}

/* `name` is what the engine opens; `path` is what an error calls it. */
static bool open_ready(struct store *store, const char *vfs, const char *name, const char *path,
                       int flags, enum store_mode mode, struct err *err)
{
	return open_handle(store, vfs, name, flags, err) && open_settings(store, err) &&
	       (mode == STORE_CREATE ? new_file_settings(store, err) : is_ours(store, path, err)) &&
	       (mode == STORE_READ ? reader_settings(store, err) : writer_settings(store, err));
}

static void close_handle(struct store *store)
{
	for (size_t i = 0; i < CACHE_SLOTS; i++) {
		sqlite3_finalize(store->cache[i].handle);
		store->cache[i] = (struct store_stmt){ 0 };
	}
	sqlite3_close_v2(store->db);
	store->db = NULL;
}

/* "file:" and the path, with what a URI means otherwise written by its number. */
static bool write_uri(struct buf *out, const char *path)
{
	buf_add(out, STR("file:"));
	for (const char *at = path; *at; at++) {
		if (*at == '?' || *at == '#' || *at == '%')
			buf_format(out, "%%%02X", (unsigned)(unsigned char)*at);
		else
			buf_add_char(out, *at);
	}
	buf_add(out, STR("?immutable=1"));
	buf_add_char(out, 0);
	return !out->full;
}

/* The journal beside `path`, or what its readers share, is there. */
static bool has_beside(const char *path, const char *end)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	buf_init(&text, (size_t)64 << 10);
	buf_format(&text, "%s%s", path, end);
	buf_add_char(&text, 0);
	return !text.full && file_exists(text.p);
}

/* What was written last still stands in the journal, which nobody reads without the file that
 * readers share, and that one cannot be made here. */
static bool is_journal_still(const struct store *store, const char *path)
{
	int code = store->db ? sqlite3_errcode(store->db) & 0xFF : SQLITE_OK;
	return (code == SQLITE_CANTOPEN || code == SQLITE_READONLY) && has_beside(path, "-wal") &&
	       !has_beside(path, "-shm");
}

/*
 * A reader that may write nothing here, not even the file that readers share:
 * a folder kept as evidence, a disk mounted to read. Without a write-ahead log
 * beside it the file is all there is, and nobody writes it.
 */
static bool open_still(struct store *store, const char *path, struct err *err)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	buf_init(&text, (size_t)64 << 10);
	close_handle(store);
	if (open_ready(store, NULL, path, path, SQLITE_OPEN_READONLY, STORE_READ, err))
		return true;
	bool is_still = is_journal_still(store, path);
	close_handle(store);
	if (is_still)
		return err_set(
			err, ERR_UNABLE,
			"%.200s cannot be read where nothing can be written: what was written"
			" last is in the file beside it, whose name ends in -wal. Copy the whole"
			" folder to where you may write, and use that copy",
			path);
	if (has_beside(path, "-wal"))
		return false;
	return write_uri(&text, path) &&
	       open_ready(store, NULL, text.p, path, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
	                  STORE_READ, err);
}

bool store_open_on(const char *vfs, const char *path, enum store_mode mode, struct store **out,
                   struct err *err)
{
	*out = NULL;
	if (!vfs && !is_memory(path)) {
		if (mode == STORE_CREATE && !private_file_make(path, err))
			return false;
		if (mode != STORE_CREATE && !file_exists(path))
			return err_set(err, ERR_ABSENT, "There is no database %s", path);
	}
	struct store *store = calloc(1, sizeof *store);
	if (!store)
		return err_set(err, ERR_UNABLE, "There is no memory to open %s", path);
	store->is_writer = mode != STORE_READ;
	store->is_brief = mode == STORE_BRIEF;
	/* WAL readers need to write the shared-memory file, hence READWRITE for them as well;
	 * query_only keeps them from the database itself. */
	int flags = SQLITE_OPEN_READWRITE | (mode == STORE_CREATE ? SQLITE_OPEN_CREATE : 0);
	bool done = open_ready(store, vfs, path, path, flags, mode, err);
	if (!done && mode == STORE_READ && !vfs && err->code == ERR_UNABLE)
		done = open_still(store, path, err);
	if (!done) {
		store_close(store);
		return false;
	}
	*out = store;
	return true;
}

bool store_open(const char *path, enum store_mode mode, struct store **out, struct err *err)
{
	return store_open_on(NULL, path, mode, out, err);
}

void store_close(struct store *store)
{
	if (!store)
		return;
	close_handle(store);
	free(store);
}

void store_cleanup(struct store **store)
{
	store_close(*store);
	*store = NULL;
}

/* --- statements -------------------------------------------------------------------------- */

static bool compile(struct store *store, const char *sql, struct store_stmt *stmt, struct err *err)
{
	int status = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
	                                &stmt->handle, NULL);
	if (status != SQLITE_OK) {
		sqlite_failed(store, status, err);
		if (err->code == ERR_FAULT)
			err_context(err, "%.60s", sql);
		return false;
	}
	stmt->store = store;
	stmt->sql = sql;
	stmt->bind_status = SQLITE_OK;
	stmt->in_use = true;
	return true;
}

/* The slot that holds `sql` free for use, or an empty one, or NULL. */
static struct store_stmt *find_slot(struct store *store, const char *sql)
{
	size_t from = ((uintptr_t)sql >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 56;
	for (size_t i = 0; i < CACHE_SLOTS; i++) {
		struct store_stmt *slot = &store->cache[(from + i) % CACHE_SLOTS];
		if (!slot->handle || (slot->sql == sql && !slot->in_use))
			return slot;
	}
	return NULL;
}

bool store_prepare(struct store *store, const char *sql, struct store_stmt **out, struct err *err)
{
	*out = NULL;
	if (store->is_broken)
		return err_set(err, ERR_UNABLE,
		               "The disk failed before; stop and look at it before going on");
	struct store_stmt *slot = find_slot(store, sql);
	if (slot && slot->handle) {
		slot->in_use = true;
		*out = slot;
		return true;
	}
	bool is_kept = slot != NULL;
	if (!slot && !(slot = calloc(1, sizeof *slot)))
		return err_set(err, ERR_UNABLE, "There is no memory for this");
	if (!compile(store, sql, slot, err)) {
		if (!is_kept)
			free(slot);
		return false;
	}
	slot->is_kept = is_kept;
	*out = slot;
	return true;
}

void store_stmt_finish(struct store_stmt **stmt)
{
	struct store_stmt *old = *stmt;
	*stmt = NULL;
	if (!old)
		return;
	if (!old->is_kept) {
		sqlite3_finalize(old->handle);
		free(old);
		return;
	}
	store_reset(old);
	old->in_use = false;
}

static void bound(struct store_stmt *stmt, int status)
{
	if (stmt->bind_status == SQLITE_OK)
		stmt->bind_status = status;
}

void store_bind_int(struct store_stmt *stmt, int at, int64_t value)
{
	bound(stmt, sqlite3_bind_int64(stmt->handle, at, value));
}

void store_bind_str(struct store_stmt *stmt, int at, struct str value)
{
	if (!value.p)
		bound(stmt, sqlite3_bind_null(stmt->handle, at));
	else
		bound(stmt, sqlite3_bind_text64(stmt->handle, at, value.p, value.n, SQLITE_STATIC,
		                                SQLITE_UTF8));
}

void store_bind_blob(struct store_stmt *stmt, int at, struct str value)
{
	if (!value.p)
		bound(stmt, sqlite3_bind_null(stmt->handle, at));
	else if (value.n == 0)
		bound(stmt, sqlite3_bind_zeroblob(stmt->handle, at, 0));
	else
		bound(stmt, sqlite3_bind_blob64(stmt->handle, at, value.p, value.n, SQLITE_STATIC));
}

void store_bind_null(struct store_stmt *stmt, int at)
{
	bound(stmt, sqlite3_bind_null(stmt->handle, at));
}

enum store_step store_step(struct store_stmt *stmt, struct err *err)
{
	int status =
		stmt->bind_status != SQLITE_OK ? stmt->bind_status : sqlite3_step(stmt->handle);
	if (status == SQLITE_ROW)
		return STORE_ROW;
	if (status == SQLITE_DONE)
		return STORE_DONE;
	sqlite_failed(stmt->store, status, err);
	if (err->code == ERR_FAULT)
		err_context(err, "%.60s", stmt->sql);
	return STORE_FAILED;
}

void store_reset(struct store_stmt *stmt)
{
	sqlite3_reset(stmt->handle);
	sqlite3_clear_bindings(stmt->handle);
	stmt->bind_status = SQLITE_OK;
}

int64_t store_int(struct store_stmt *stmt, int column)
{
	return sqlite3_column_int64(stmt->handle, column);
}

struct str store_str(struct store_stmt *stmt, int column)
{
	const unsigned char *text = sqlite3_column_text(stmt->handle, column);
	int n = sqlite3_column_bytes(stmt->handle, column);
	return text ? (struct str){ (const char *)text, (size_t)n } : STR_NONE;
}

struct str store_blob(struct store_stmt *stmt, int column)
{
	const void *bytes = sqlite3_column_blob(stmt->handle, column);
	if (!bytes && sqlite3_column_type(stmt->handle, column) == SQLITE_NULL)
		return STR_NONE; /* no bytes at all are no NULL */
	int n = sqlite3_column_bytes(stmt->handle, column);
	return (struct str){ bytes ? bytes : "", (size_t)n };
}

bool store_is_null(struct store_stmt *stmt, int column)
{
	return sqlite3_column_type(stmt->handle, column) == SQLITE_NULL;
}

bool store_same(struct store_stmt *one, struct store_stmt *other, int column)
{
	int type = sqlite3_column_type(one->handle, column);
	if (type != sqlite3_column_type(other->handle, column))
		return false;
	switch (type) {
	case SQLITE_NULL:
		return true;
	case SQLITE_INTEGER:
		return store_int(one, column) == store_int(other, column);
	case SQLITE_TEXT: /* its bytes: as text the engine would copy each to put a NUL behind it */
	default:
		return str_eq(store_blob(one, column), store_blob(other, column));
	}
}

int64_t store_changes(struct store *store)
{
	return sqlite3_changes64(store->db);
}

/* --- transactions ------------------------------------------------------------------------ */

static const char BEGIN_WRITE_SQL[] = "BEGIN IMMEDIATE";
static const char BEGIN_READ_SQL[] = "BEGIN";
static const char COMMIT_SQL[] = "COMMIT";

bool store_hold(struct store *store, struct err *err)
{
	store->is_held = store_run(store, BEGIN_READ_SQL, err);
	return store->is_held;
}

bool sqlite_let_go(struct store *store, struct err *err)
{
	bool was_held = store->is_held;
	store->is_held = false;
	return !was_held || store_run(store, COMMIT_SQL, err);
}

bool store_begin(struct store *store, struct err *err)
{
	return sqlite_let_go(store, err) &&
	       store_run(store, store->is_writer ? BEGIN_WRITE_SQL : BEGIN_READ_SQL, err);
}

bool store_commit(struct store *store, struct err *err)
{
	if ((!store->is_writer || files_are_in_place(store->db, err)) &&
	    store_run(store, COMMIT_SQL, err))
		return true;
	store_abort(store);
	return false;
}

void store_abort(struct store *store)
{
	store->is_held = false;
	if (!sqlite3_get_autocommit(store->db))
		(void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

bool store_is_broken(const struct store *store)
{
	return store->is_broken;
}

/* --- schema in this engine's words ------------------------------------------------------- */

struct str store_dialect(struct str token)
{
	if (str_eq(token, STR("I64")))
		return STR("INTEGER");
	if (str_eq(token, STR("BLOB")))
		return STR("BLOB");
	if (str_eq(token, STR("TAIL")))
		return STR("STRICT");
	return STR_NONE;
}

bool store_run_script(struct store *store, const char *sql, struct err *err)
{
	int status = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
	return status == SQLITE_OK || sqlite_failed(store, status, err);
}
