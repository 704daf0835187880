/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A folder of its own, a table, and a database in it. */
#ifndef CANDOUR_TESTS_STORE_FIXTURE_H
#define CANDOUR_TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/store.h"

struct disk {
	char folder[64];
	char path[96];
	struct store *store;
	struct err err;
};

/* What went wrong is said, not only that it did. */
static inline void disk_must(struct disk *disk, bool done)
{
	if (!done)
		fail_msg("%s (%s)", disk->err.message, disk->err.context);
}

static inline int disk_set_up(void **state)
{
	struct disk *disk = calloc(1, sizeof *disk);
	assert_non_null(disk);
	(void)snprintf(disk->folder, sizeof disk->folder, "/tmp/candour-store-XXXXXX");
	assert_non_null(mkdtemp(disk->folder));
	(void)snprintf(disk->path, sizeof disk->path, "%s/one.db", disk->folder);
	disk_must(disk, store_open(disk->path, STORE_CREATE, &disk->store, &disk->err));
	disk_must(disk, store_run(disk->store, "CREATE TABLE thing (n INTEGER NOT NULL PRIMARY KEY, word TEXT, bytes BLOB)",
	                          &disk->err));
	*state = disk;
	return 0;
}

static inline int disk_tear_down(void **state)
{
	struct disk *disk = *state;
	char command[128];
	store_close(disk->store);
	(void)snprintf(command, sizeof command, "rm -rf '%s'", disk->folder);
	assert_int_equal(system(command), 0);
	free(disk);
	return 0;
}

static inline bool disk_put(struct disk *disk, int64_t n, struct str word, struct str bytes)
{
	static const char PUT_SQL[] = "INSERT INTO thing (n, word, bytes) VALUES (?1, ?2, ?3)";
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(disk->store, PUT_SQL, &put, &disk->err))
		return false;
	store_bind_int(put, 1, n);
	store_bind_str(put, 2, word);
	store_bind_blob(put, 3, bytes);
	return store_do(put, &disk->err);
}

static inline int64_t disk_count(struct disk *disk, struct store *store)
{
	int64_t n = -1;
	disk_must(disk, store_get_int(store, "SELECT COUNT(*) FROM thing", &n, &disk->err));
	return n;
}

#endif
