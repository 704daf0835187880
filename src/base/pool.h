/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Memory in large pieces that come and go one by one, all of them together
 * bounded: for work over millions of rows, whose parts are given back before
 * the next begins. Safe for several threads.
 */
#ifndef CANDOUR_BASE_POOL_H
#define CANDOUR_BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attribute.h"

struct pool;

/* `max_bytes` bounds what is out at any time. NULL: there is no memory. */
struct pool *pool_create(size_t max_bytes);
/* The same, for words that were sealed: a piece is wiped before it is given back, and one that
 * grows leaves nothing where it lay. */
struct pool *pool_create_wiping(size_t max_bytes);
bool pool_wipes(const struct pool *pool);
/* All pieces must have been given back. Takes NULL. */
void pool_destroy(struct pool *pool);

/* Zeroed room for `count` things of `size` bytes; NULL: past the maximum, or there is no memory.
 * Never NULL for a count of 0. */
void *pool_take(struct pool *pool, size_t count, size_t size) MUST_USE;
/* Writes to each large page of a piece that is all zero yet: what is read here and there before it is
 * written gets its page once, not twice. Takes NULL. */
void pool_touch(void *at);
/* The piece grown to `count` things, what is new zeroed; `at` may be NULL. NULL: as above, and the
 * old piece stays. */
void *pool_grow(struct pool *pool, void *at, size_t count, size_t size) MUST_USE;
/* Takes NULL. */
void pool_give(struct pool *pool, void *at);

/* Bytes out now, and the most there ever were. */
size_t pool_used(const struct pool *pool);
size_t pool_peak(const struct pool *pool);

/* After so many pieces more, taken or grown, there are none: how tests see what happens then.
 * SIZE_MAX: never, as at first. */
void pool_refuse_after(struct pool *pool, size_t pieces);

#endif
