/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the disk in memory: its files, those who have them open, their locks. */
#ifndef CANDOUR_STORE_SHIM_PARTS_H
#define CANDOUR_STORE_SHIM_PARTS_H

#include <sqlite3.h>

#include "store/store.h"

#define FILES_MAX 32
#define NAME_MAX_ 160
#define REGIONS_MAX 64
#define SHM_LOCKS 8

struct bytes {
	unsigned char *p;
	size_t n;
	size_t room;
};

/* One change since the last sync: a write, or a truncation (data NULL). */
struct change {
	struct change *next;
	int64_t at;
	size_t n;
	unsigned char *data;
};

struct disk_file {
	char name[NAME_MAX_];
	bool exists;
	struct bytes kept;
	struct bytes seen;
	struct change *first;
	struct change *last;
	int users;
	int lock_shared; /* holders of SHARED and above */
	bool lock_reserved;
	bool lock_exclusive;
	/* Shared memory of the write-ahead log: lives as long as somebody has it open. */
	unsigned char *regions[REGIONS_MAX];
	int shm_users;
	int shm_shared[SHM_LOCKS];
	bool shm_exclusive[SHM_LOCKS];
};

struct store_shim {
	sqlite3_vfs vfs;
	char name[40];
	struct random_source *random;
	struct disk_file files[FILES_MAX];
	int64_t operations;
	enum store_fault fault;
	int64_t fault_at;
	bool has_failed;
	bool is_dead; /* power is off: everything fails */
	bool is_full;
	bool lies; /* syncs keep nothing */
};

struct handle {
	sqlite3_file base;
	struct store_shim *shim;
	struct disk_file *file;
	int level; /* SQLITE_LOCK_… */
	bool deletes;
	unsigned shm_shared; /* by this connection */
	unsigned shm_exclusive;
	bool has_shm;
};

static inline struct handle *handle_of(sqlite3_file *file)
{
	return (struct handle *)(void *)file;
}

/* Methods of a file, as the engine asks for them: shim_lock.c. */
int shim_lock(sqlite3_file *base, int level);
int shim_unlock(sqlite3_file *base, int level);
int shim_check_reserved(sqlite3_file *base, int *reserved);
int shim_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **out);
int shim_shm_lock(sqlite3_file *base, int offset, int n, int flags);
void shim_shm_barrier(sqlite3_file *base);
int shim_shm_unmap(sqlite3_file *base, int delete_flag);

#endif
