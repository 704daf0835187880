/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A disk in memory under SQLite, for the simulator.
 *
 * D1. A file is what was synced (`kept`) and what a reader sees (`seen`), with
 *     the writes between them in order.
 * D2. At a restart each write since the last sync is there, lost or torn at a
 *     sector, each by its own chance: so later writes may survive earlier ones.
 * D3. A sync that fails keeps by chance what it should have kept, and forgets
 *     that the rest was ever to be written: as kernels do.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/shim_parts.h"

#define SECTOR 512

static bool grow(struct bytes *bytes, size_t n)
{
	if (n > bytes->room) {
		size_t room = bytes->room ? bytes->room : 4096;
		while (room < n)
			room *= 2;
		unsigned char *p = realloc(bytes->p, room);
		if (!p)
			return false;
		bytes->p = p;
		bytes->room = room;
	}
	if (n > bytes->n) {
		memset(bytes->p + bytes->n, 0, n - bytes->n);
		bytes->n = n;
	}
	return true;
}

static void apply(struct bytes *to, const struct change *change, size_t from, size_t n)
{
	if (!change->data) {
		if ((size_t)change->at < to->n)
			to->n = (size_t)change->at;
		return;
	}
	if (n && grow(to, (size_t)change->at + from + n))
		memcpy(to->p + change->at + from, change->data + from, n);
}

static void forget_changes(struct disk_file *file)
{
	for (struct change *at = file->first; at;) {
		struct change *next = at->next;
		free(at->data);
		free(at);
		at = next;
	}
	file->first = file->last = NULL;
}

static bool keep_all(struct disk_file *file)
{
	file->kept.n = 0;
	if (!grow(&file->kept, file->seen.n))
		return false;
	if (file->seen.n)
		memcpy(file->kept.p, file->seen.p, file->seen.n);
	file->kept.n = file->seen.n;
	forget_changes(file);
	return true;
}

/* D2: each change by its own chance. */
static void keep_by_chance(struct store_shim *shim, struct disk_file *file)
{
	for (const struct change *at = file->first; at; at = at->next) {
		uint64_t chance = random_below(shim->random, 4);
		if (chance == 0)
			continue;
		if (chance < 3 || at->n <= SECTOR) {
			apply(&file->kept, at, 0, at->n);
			continue;
		}
		/* Torn: sectors each there or not. */
		for (size_t from = 0; from < at->n; from += SECTOR) {
			size_t n = at->n - from < SECTOR ? at->n - from : SECTOR;
			if (random_below(shim->random, 2))
				apply(&file->kept, at, from, n);
		}
	}
	forget_changes(file);
}

static void see_what_is_kept(struct disk_file *file)
{
	file->seen.n = 0;
	if (grow(&file->seen, file->kept.n) && file->kept.n)
		memcpy(file->seen.p, file->kept.p, file->kept.n);
	file->seen.n = file->kept.n;
}

/* Counts an operation; the fault planned for it, or none. */
static enum store_fault next_fault(struct store_shim *shim)
{
	shim->operations++;
	if (shim->fault == STORE_FAULT_NONE || shim->operations < shim->fault_at)
		return STORE_FAULT_NONE;
	return shim->fault;
}

static void happened(struct store_shim *shim)
{
	shim->has_failed = true;
	shim->fault = STORE_FAULT_NONE;
}

/* --- one file ------------------------------------------------------------------------------ */

static int shim_close(sqlite3_file *base);

static int shim_read(sqlite3_file *base, void *out, int n, sqlite3_int64 at)
{
	struct handle *handle = handle_of(base);
	const struct bytes *seen = &handle->file->seen;
	size_t have = (size_t)at < seen->n ? seen->n - (size_t)at : 0;
	size_t want = (size_t)n;
	if (handle->shim->is_dead)
		return SQLITE_IOERR_READ;
	if (have >= want) {
		memcpy(out, seen->p + at, want);
		return SQLITE_OK;
	}
	memset(out, 0, want);
	if (have)
		memcpy(out, seen->p + at, have);
	return SQLITE_IOERR_SHORT_READ;
}

static bool note_change(struct disk_file *file, const void *data, size_t n, int64_t at)
{
	struct change *change = calloc(1, sizeof *change);
	if (!change)
		return false;
	change->at = at;
	change->n = n;
	if (data && !(change->data = malloc(n ? n : 1))) {
		free(change);
		return false;
	}
	if (data)
		memcpy(change->data, data, n);
	if (file->last)
		file->last->next = change;
	else
		file->first = change;
	file->last = change;
	return true;
}

static int write_bytes(struct disk_file *file, const void *data, size_t n, int64_t at)
{
	if (!note_change(file, data, n, at) || !grow(&file->seen, (size_t)at + n))
		return SQLITE_NOMEM;
	memcpy(file->seen.p + at, data, n);
	return SQLITE_OK;
}

static int shim_write(sqlite3_file *base, const void *data, int n, sqlite3_int64 at)
{
	struct handle *handle = handle_of(base);
	struct store_shim *shim = handle->shim;
	if (shim->is_dead)
		return SQLITE_IOERR_WRITE;
	enum store_fault fault = next_fault(shim);
	size_t half = (size_t)random_below(shim->random, (uint64_t)n + 1);
	if (fault == STORE_FAULT_POWER) {
		(void)write_bytes(handle->file, data, half, at);
		happened(shim);
		shim->is_dead = true;
		return SQLITE_IOERR_WRITE;
	}
	if (fault == STORE_FAULT_WRITE) {
		(void)write_bytes(handle->file, data, half, at);
		happened(shim);
		return SQLITE_IOERR_WRITE;
	}
	if (fault == STORE_FAULT_FULL) {
		happened(shim);
		shim->is_full = true;
	}
	if (shim->is_full)
		return SQLITE_FULL;
	return write_bytes(handle->file, data, (size_t)n, at);
}

static int shim_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct handle *handle = handle_of(base);
	struct store_shim *shim = handle->shim;
	if (shim->is_dead)
		return SQLITE_IOERR_TRUNCATE;
	if (next_fault(shim) == STORE_FAULT_POWER) {
		happened(shim);
		shim->is_dead = true;
		return SQLITE_IOERR_TRUNCATE;
	}
	if ((size_t)size >= handle->file->seen.n)
		return SQLITE_OK;
	if (!note_change(handle->file, NULL, 0, size))
		return SQLITE_NOMEM;
	handle->file->seen.n = (size_t)size;
	return SQLITE_OK;
}

static int shim_sync(sqlite3_file *base, int flags)
{
	struct handle *handle = handle_of(base);
	struct store_shim *shim = handle->shim;
	(void)flags;
	if (shim->is_dead)
		return SQLITE_IOERR_FSYNC;
	enum store_fault fault = next_fault(shim);
	if (fault == STORE_FAULT_POWER || fault == STORE_FAULT_AFTER) {
		if (fault == STORE_FAULT_AFTER)
			(void)keep_all(handle->file);
		happened(shim);
		shim->is_dead = true;
		return SQLITE_IOERR_FSYNC;
	}
	if (fault == STORE_FAULT_SYNC) {
		happened(shim);
		keep_by_chance(shim, handle->file);
		return SQLITE_IOERR_FSYNC;
	}
	if (shim->lies)
		return SQLITE_OK;
	return keep_all(handle->file) ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

static int shim_file_size(sqlite3_file *base, sqlite3_int64 *size)
{
	*size = (sqlite3_int64)handle_of(base)->file->seen.n;
	return SQLITE_OK;
}

static int shim_file_control(sqlite3_file *base, int op, void *arg)
{
	(void)base;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int shim_sector_size(sqlite3_file *base)
{
	(void)base;
	return SECTOR;
}

static int shim_device(sqlite3_file *base)
{
	(void)base;
	return 0;
}

static const sqlite3_io_methods METHODS = {
	.iVersion = 2,
	.xClose = shim_close,
	.xRead = shim_read,
	.xWrite = shim_write,
	.xTruncate = shim_truncate,
	.xSync = shim_sync,
	.xFileSize = shim_file_size,
	.xLock = shim_lock,
	.xUnlock = shim_unlock,
	.xCheckReservedLock = shim_check_reserved,
	.xFileControl = shim_file_control,
	.xSectorSize = shim_sector_size,
	.xDeviceCharacteristics = shim_device,
	.xShmMap = shim_shm_map,
	.xShmLock = shim_shm_lock,
	.xShmBarrier = shim_shm_barrier,
	.xShmUnmap = shim_shm_unmap,
};

static void remove_file(struct disk_file *file)
{
	forget_changes(file);
	file->kept.n = file->seen.n = 0;
	file->exists = false;
}

static int shim_close(sqlite3_file *base)
{
	struct handle *handle = handle_of(base);
	(void)shim_unlock(base, SQLITE_LOCK_NONE);
	(void)shim_shm_unmap(base, 0);
	handle->file->users--;
	if (handle->deletes && handle->file->users == 0)
		remove_file(handle->file);
	return SQLITE_OK;
}

/* --- the disk ------------------------------------------------------------------------------ */

static struct store_shim *shim_of(sqlite3_vfs *vfs)
{
	return vfs->pAppData;
}

static struct disk_file *find_file(struct store_shim *shim, const char *name, bool make)
{
	struct disk_file *empty = NULL;
	for (int i = 0; i < FILES_MAX; i++) {
		struct disk_file *file = &shim->files[i];
		if (file->exists && strcmp(file->name, name) == 0)
			return file;
		if (!file->exists && file->users == 0 && !empty)
			empty = file;
	}
	if (!make || !empty)
		return NULL;
	(void)snprintf(empty->name, sizeof empty->name, "%s", name);
	empty->exists = true;
	return empty;
}

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags,
                     int *out_flags)
{
	struct store_shim *shim = shim_of(vfs);
	struct handle *handle = handle_of(base);
	memset(handle, 0, sizeof *handle);
	if (shim->is_dead)
		return SQLITE_CANTOPEN;
	if (shim->fault == STORE_FAULT_OPEN && shim->operations + 1 >= shim->fault_at) {
		shim->operations++;
		happened(shim);
		return SQLITE_CANTOPEN;
	}
	handle->shim = shim;
	handle->file =
		find_file(shim, name ? name : "temporary", (flags & SQLITE_OPEN_CREATE) != 0);
	if (!handle->file)
		return SQLITE_CANTOPEN;
	handle->file->users++;
	handle->deletes = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
	handle->base.pMethods = &METHODS;
	if (out_flags)
		*out_flags = flags;
	return SQLITE_OK;
}

static int shim_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	struct store_shim *shim = shim_of(vfs);
	struct disk_file *file = find_file(shim, name, false);
	(void)sync;
	if (shim->is_dead)
		return SQLITE_IOERR_DELETE;
	if (!file)
		return SQLITE_IOERR_DELETE_NOENT;
	remove_file(file);
	return SQLITE_OK;
}

static int shim_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	struct disk_file *file = find_file(shim_of(vfs), name, false);
	/* A file of no bytes is as good as none to who asks for a journal. */
	*out = file && (flags != SQLITE_ACCESS_EXISTS || file->seen.n > 0);
	return SQLITE_OK;
}

static int shim_full_path(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
	(void)vfs;
	(void)snprintf(out, (size_t)n, "%s", name);
	return SQLITE_OK;
}

static int shim_randomness(sqlite3_vfs *vfs, int n, char *out)
{
	random_bytes(shim_of(vfs)->random, out, (size_t)n);
	return n;
}

static int shim_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return us; /* nobody else runs: waiting changes nothing */
}

static int shim_current_time(sqlite3_vfs *vfs, double *out)
{
	(void)vfs;
	*out = 2460000.5;
	return SQLITE_OK;
}

bool store_shim_create(uint64_t seed, struct store_shim **out, struct err *err)
{
	static _Atomic unsigned count; /* names must differ; nothing else depends on it */
	struct store_shim *shim = calloc(1, sizeof *shim);
	*out = NULL;
	if (!shim)
		return err_set(err, ERR_UNABLE, "There is no memory for a disk to simulate");
	(void)snprintf(shim->name, sizeof shim->name, "candour-shim-%u", ++count);
	shim->random = random_seeded_create(seed);
	shim->vfs = (sqlite3_vfs){ .iVersion = 1,
		                   .szOsFile = sizeof(struct handle),
		                   .mxPathname = NAME_MAX_ - 20,
		                   .zName = shim->name,
		                   .pAppData = shim,
		                   .xOpen = shim_open,
		                   .xDelete = shim_delete,
		                   .xAccess = shim_access,
		                   .xFullPathname = shim_full_path,
		                   .xRandomness = shim_randomness,
		                   .xSleep = shim_sleep,
		                   .xCurrentTime = shim_current_time };
	if (sqlite3_vfs_register(&shim->vfs, 0) != SQLITE_OK) {
		store_shim_destroy(shim);
		return err_set(err, ERR_UNABLE, "The disk to simulate could not be put in");
	}
	*out = shim;
	return true;
}

void store_shim_destroy(struct store_shim *shim)
{
	if (!shim)
		return;
	(void)sqlite3_vfs_unregister(&shim->vfs);
	for (int i = 0; i < FILES_MAX; i++) {
		forget_changes(&shim->files[i]);
		free(shim->files[i].kept.p);
		free(shim->files[i].seen.p);
		for (int r = 0; r < REGIONS_MAX; r++)
			free(shim->files[i].regions[r]);
	}
	random_destroy(shim->random);
	free(shim);
}

const char *store_shim_name(const struct store_shim *shim)
{
	return shim->name;
}

int64_t store_shim_operations(const struct store_shim *shim)
{
	return shim->operations;
}

void store_shim_plan(struct store_shim *shim, enum store_fault fault, int64_t after)
{
	shim->fault = fault;
	shim->fault_at = shim->operations + after;
	shim->has_failed = false;
}

bool store_shim_has_failed(const struct store_shim *shim)
{
	return shim->has_failed;
}

void store_shim_restart(struct store_shim *shim)
{
	shim->is_dead = shim->is_full = false;
	shim->fault = STORE_FAULT_NONE;
	for (int i = 0; i < FILES_MAX; i++) {
		if (!shim->files[i].exists)
			continue;
		keep_by_chance(shim, &shim->files[i]);
		see_what_is_kept(&shim->files[i]);
	}
}

void store_shim_heal(struct store_shim *shim)
{
	shim->is_full = false;
	shim->fault = STORE_FAULT_NONE;
}

void store_shim_lie(struct store_shim *shim)
{
	shim->lies = true;
}
