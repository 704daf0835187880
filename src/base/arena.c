/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Blocks in a list; each twice as large as the one before, the first kept over
 * a reset. Invariant: used <= max, counted in bytes handed out.
 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/wipe.h"

#define ALIGNMENT 16
#define BLOCK_FIRST ((size_t)4096)
#define BLOCK_LARGE ((size_t)1 << 20)

struct block {
	struct block *next;
	size_t room;
	size_t used;
	size_t pad; /* keeps data[] aligned */
	char data[];
};

struct arena {
	struct block *first;
	struct block *now;
	size_t used;
	size_t max;
	bool wipes;
};

struct arena *arena_create(size_t max_bytes)
{
	struct arena *arena = calloc(1, sizeof *arena);
	if (arena)
		arena->max = max_bytes;
	return arena;
}

struct arena *arena_create_wiping(size_t max_bytes)
{
	struct arena *arena = arena_create(max_bytes);
	if (arena)
		arena->wipes = true;
	return arena;
}

static void blocks_free(const struct arena *arena, struct block *block)
{
	while (block) {
		struct block *next = block->next;
		if (arena->wipes)
			base_wipe(block->data, block->used);
		free(block);
		block = next;
	}
}

void arena_destroy(struct arena *arena)
{
	if (!arena)
		return;
	blocks_free(arena, arena->first);
	free(arena);
}

void arena_cleanup(struct arena **arena)
{
	arena_destroy(*arena);
	*arena = NULL;
}

void arena_reset(struct arena *arena)
{
	if (arena->first) {
		blocks_free(arena, arena->first->next);
		if (arena->wipes)
			base_wipe(arena->first->data, arena->first->used);
		arena->first->next = NULL;
		arena->first->used = 0;
	}
	arena->now = arena->first;
	arena->used = 0;
}

static bool block_add(struct arena *arena, size_t at_least)
{
	size_t room = arena->now ? arena->now->room * 2 : BLOCK_FIRST;
	if (room > BLOCK_LARGE)
		room = BLOCK_LARGE;
	if (room < at_least)
		room = at_least;
	struct block *block = malloc(sizeof *block + room);
	if (!block)
		return false;
	block->next = NULL;
	block->room = room;
	block->used = 0;
	if (arena->now)
		arena->now->next = block;
	else
		arena->first = block;
	arena->now = block;
	return true;
}

void *arena_room(struct arena *arena, size_t n)
{
	if (n > SIZE_MAX - ALIGNMENT)
		return NULL;
	n = (n + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (n == 0)
		n = ALIGNMENT;
	if (n > arena->max - arena->used)
		return NULL;
	if (!arena->now || n > arena->now->room - arena->now->used) {
		if (!block_add(arena, n))
			return NULL;
	}
	void *out = arena->now->data + arena->now->used;
	arena->now->used += n;
	arena->used += n;
	return out;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
	size_t n;
	if (__builtin_mul_overflow(count, size, &n))
		return NULL;
	void *out = arena_room(arena, n);
	if (out)
		memset(out, 0, n);
	return out;
}

struct str arena_copy(struct arena *arena, struct str s)
{
	char *out = arena_alloc(arena, s.n + 1, 1);
	if (!out)
		return STR_NONE;
	if (s.n)
		memcpy(out, s.p, s.n);
	return (struct str){ out, s.n };
}

struct str arena_format(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	char *out = n < 0 ? NULL : arena_alloc(arena, (size_t)n + 1, 1);
	if (out)
		(void)vsnprintf(out, (size_t)n + 1, format, again);
	va_end(again);
	return out ? (struct str){ out, (size_t)n } : STR_NONE;
}

struct str arena_join(struct arena *arena, const struct str *pieces, size_t count)
{
	size_t n = 1, at = 0;
	for (size_t i = 0; i < count; i++) {
		if (__builtin_add_overflow(n, pieces[i].n, &n))
			return STR_NONE;
	}
	char *out = arena_alloc(arena, n, 1);
	if (!out)
		return STR_NONE;
	for (size_t i = 0; i < count; i++) {
		if (pieces[i].n)
			memcpy(out + at, pieces[i].p, pieces[i].n);
		at += pieces[i].n;
	}
	return (struct str){ out, n - 1 };
}

size_t arena_used(const struct arena *arena)
{
	return arena->used;
}
