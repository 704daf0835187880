/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files and folders of the machine: read whole, written so that a crash leaves the old or the new.
 */
#ifndef CANDOUR_BASE_FILE_H
#define CANDOUR_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/attribute.h"
#include "base/err.h"
#include "base/str.h"

/* Reads a regular file of at most `max_bytes`. ERR_ABSENT, ERR_INPUT (too large, not a file),
 * ERR_UNABLE. */
bool file_read(struct arena *arena, const char *path, size_t max_bytes, struct str *out,
               struct err *err) MUST_USE;

/*
 * Writes by temporary name, fsync, rename, fsync of the folder, with exactly
 * `mode`. ERR_UNABLE: disk; the old file, if any, is then still there.
 */
bool file_write(const char *path, mode_t mode, struct str bytes, struct err *err) MUST_USE;

/*
 * The same in two steps, so that of several files all become new or none: each is on the disk under
 * its temporary name (ERR_UNABLE: disk, or the path is no plain file) before the first is taken.
 */
bool file_write_beside(const char *path, mode_t mode, struct str bytes, struct err *err) MUST_USE;
bool file_take_beside(const char *path, struct err *err) MUST_USE;
void file_drop_beside(const char *path);

bool file_exists(const char *path);
bool file_is_folder(const char *path);
/* Makes a folder (not its parents) with `mode`; one that is there is good. */
bool file_make_folder(const char *path, mode_t mode, struct err *err) MUST_USE;
/* Names in a folder, sorted by bytes, without . and .. ; ERR_ABSENT, ERR_UNABLE. */
bool file_list(struct arena *arena, const char *path, const struct str **names, size_t *count,
               struct err *err) MUST_USE;
bool file_is_link(const char *path);
/* Whether both names lead to one file that is there. */
bool file_is_same(const char *a, const char *b);
/* Joined by one slash, as a C string in the arena; NULL when exhausted. */
const char *file_join(struct arena *arena, const char *folder, const char *name);
/* Free bytes for us on the file system of `path`; -1 when not known. */
long long file_free_bytes(const char *path);
/* The environment, read here and nowhere else; NULL when unset or empty. */
const char *file_environment(const char *name);

#endif
