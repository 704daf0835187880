/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the store's files on SQLite: a connection and its statements. */
#ifndef CANDOUR_STORE_SQLITE_PARTS_H
#define CANDOUR_STORE_SQLITE_PARTS_H

#include <sqlite3.h>

#include "store/store.h"

#define CACHE_SLOTS 256
#define PAGE_CACHE_KIB 32768

struct store_stmt {
	struct store *store;
	const char *sql;
	sqlite3_stmt *handle;
	int bind_status; /* the first binding that failed, shown at the next step */
	bool in_use;
	bool is_kept; /* lives in the cache; others are freed at finish */
};

struct store {
	sqlite3 *db;
	bool is_writer;
	bool is_brief;
	bool is_broken;
	bool is_held;                         /* inside a transaction that only reads */
	struct store_stmt cache[CACHE_SLOTS]; /* open addressing by the SQL's address */
};

/* Says what the engine's status means; a writer's failure of the disk breaks the connection (S2).
 * False. */
bool sqlite_failed(struct store *store, int status, struct err *err);
bool sqlite_pragma(struct store *store, const char *sql, struct err *err) MUST_USE;
/* Ends what store_hold began. */
bool sqlite_let_go(struct store *store, struct err *err) MUST_USE;

#endif
