/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Locks of a file of the disk in memory, and the shared memory of its write-ahead log. */
#include <stdlib.h>

#include "store/shim_parts.h"

#define REGION_SIZE 32768

int shim_lock(sqlite3_file *base, int level)
{
	struct handle *handle = handle_of(base);
	struct disk_file *file = handle->file;
	if (handle->level >= level)
		return SQLITE_OK;
	if (level == SQLITE_LOCK_SHARED) {
		if (file->lock_exclusive)
			return SQLITE_BUSY;
		file->lock_shared++;
	} else if (level == SQLITE_LOCK_RESERVED) {
		if (file->lock_reserved)
			return SQLITE_BUSY;
		file->lock_reserved = true;
	} else {
		if (file->lock_shared > 1 ||
		    (file->lock_reserved && handle->level < SQLITE_LOCK_RESERVED))
			return SQLITE_BUSY;
		file->lock_reserved = file->lock_exclusive = true;
		level = SQLITE_LOCK_EXCLUSIVE;
	}
	handle->level = level;
	return SQLITE_OK;
}

int shim_unlock(sqlite3_file *base, int level)
{
	struct handle *handle = handle_of(base);
	struct disk_file *file = handle->file;
	if (handle->level <= level)
		return SQLITE_OK;
	if (handle->level >= SQLITE_LOCK_RESERVED) {
		file->lock_reserved = false;
		if (handle->level == SQLITE_LOCK_EXCLUSIVE)
			file->lock_exclusive = false;
	}
	if (level == SQLITE_LOCK_NONE)
		file->lock_shared--;
	handle->level = level;
	return SQLITE_OK;
}

int shim_check_reserved(sqlite3_file *base, int *reserved)
{
	*reserved = handle_of(base)->file->lock_reserved;
	return SQLITE_OK;
}

/* --- shared memory of the write-ahead log --------------------------------------------------- */

int shim_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **out)
{
	struct handle *handle = handle_of(base);
	struct disk_file *file = handle->file;
	*out = NULL;
	if (region >= REGIONS_MAX || size != REGION_SIZE)
		return SQLITE_IOERR_SHMMAP;
	if (!handle->has_shm) {
		handle->has_shm = true;
		file->shm_users++;
	}
	if (!file->regions[region]) {
		if (!extend)
			return SQLITE_OK;
		file->regions[region] = calloc(1, REGION_SIZE);
		if (!file->regions[region])
			return SQLITE_NOMEM;
	}
	*out = file->regions[region];
	return SQLITE_OK;
}

static int shm_release(struct handle *handle, unsigned mask)
{
	for (int i = 0; i < SHM_LOCKS; i++) {
		unsigned bit = 1U << i;
		if (!(mask & bit))
			continue;
		if (handle->shm_shared & bit)
			handle->file->shm_shared[i]--;
		if (handle->shm_exclusive & bit)
			handle->file->shm_exclusive[i] = false;
		handle->shm_shared &= ~bit;
		handle->shm_exclusive &= ~bit;
	}
	return SQLITE_OK;
}

int shim_shm_lock(sqlite3_file *base, int offset, int n, int flags)
{
	struct handle *handle = handle_of(base);
	struct disk_file *file = handle->file;
	unsigned mask = ((1U << n) - 1U) << offset;
	if (flags & SQLITE_SHM_UNLOCK)
		return shm_release(handle, mask);
	for (int i = offset; i < offset + n; i++) {
		bool mine = handle->shm_shared & (1U << i);
		if (file->shm_exclusive[i] && !(handle->shm_exclusive & (1U << i)))
			return SQLITE_BUSY;
		if ((flags & SQLITE_SHM_EXCLUSIVE) && file->shm_shared[i] > (mine ? 1 : 0))
			return SQLITE_BUSY;
	}
	for (int i = offset; i < offset + n; i++) {
		unsigned bit = 1U << i;
		if (flags & SQLITE_SHM_SHARED) {
			if (!(handle->shm_shared & bit))
				file->shm_shared[i]++;
			handle->shm_shared |= bit;
		} else {
			file->shm_exclusive[i] = true;
			handle->shm_exclusive |= bit;
		}
	}
	return SQLITE_OK;
}

void shim_shm_barrier(sqlite3_file *base)
{
	(void)base;
}

int shim_shm_unmap(sqlite3_file *base, int delete_flag)
{
	struct handle *handle = handle_of(base);
	struct disk_file *file = handle->file;
	(void)delete_flag;
	shm_release(handle, (1U << SHM_LOCKS) - 1U);
	if (!handle->has_shm)
		return SQLITE_OK;
	handle->has_shm = false;
	if (--file->shm_users > 0)
		return SQLITE_OK;
	for (int i = 0; i < REGIONS_MAX; i++) {
		free(file->regions[i]);
		file->regions[i] = NULL;
	}
	return SQLITE_OK;
}
