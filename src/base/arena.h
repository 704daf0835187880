/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Arenas: memory of one turn, request or call, given back all at once. Each
 * has a maximum in bytes; past it allocation answers NULL, and the caller
 * answers ERR_UNABLE. Secrets never go into an arena.
 */
#ifndef CANDOUR_BASE_ARENA_H
#define CANDOUR_BASE_ARENA_H

#include <stddef.h>

#include "base/attribute.h"
#include "base/str.h"

struct arena;

/* NULL only when memory is out. `max_bytes` bounds all that is ever handed out between resets. */
struct arena *arena_create(size_t max_bytes);
/* The same; what it gives back, destroyed or reset, is wiped: for words that were sealed. */
struct arena *arena_create_wiping(size_t max_bytes);
/* Takes NULL. */
void arena_destroy(struct arena *arena);
void arena_cleanup(struct arena **arena); /* for CLEANUP */
/* Gives all memory back but keeps the first block for reuse. */
void arena_reset(struct arena *arena);

/* Zeroed room for `count` things of `size` bytes, aligned for any type; NULL when exhausted. A
 * count or size of 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);
/* Room for `n` bytes as it happens to be, for what is written over at once; else the same. */
void *arena_room(struct arena *arena, size_t n);
/* A copy of the bytes; {NULL, 0} when exhausted; an empty slice copies to an empty non-NULL one. */
struct str arena_copy(struct arena *arena, struct str s);
/* printf into the arena; {NULL, 0} when exhausted. A NUL stands behind it. */
struct str arena_format(struct arena *arena, const char *format, ...) PRINTF(2, 3);
/* Pieces joined; {NULL, 0} when exhausted. A NUL stands behind it. */
struct str arena_join(struct arena *arena, const struct str *pieces, size_t count);
/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *arena);

#endif
