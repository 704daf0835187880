/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Each piece has its size in front of it; what is out is counted by an atomic.
 * Of a pool that wipes, what is large has pages of its own: where it grows the
 * pages move, and nothing is copied or left behind. What is small is copied.
 */
#include "base/pool.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/wipe.h"

struct pool {
	size_t max;
	_Atomic size_t used;
	_Atomic size_t peak;
	_Atomic size_t left; /* pieces until none is had; SIZE_MAX: no end */
	bool wipes;
};

/* As large as the strictest alignment, so that what follows it is aligned for any type. */
union head {
	struct {
		size_t bytes;
		bool has_pages; /* of its own */
	} is;
	max_align_t align;
	char room[64];
};

struct pool *pool_create(size_t max_bytes)
{
	struct pool *pool = calloc(1, sizeof *pool);
	if (pool) {
		pool->max = max_bytes;
		pool->left = SIZE_MAX;
	}
	return pool;
}

struct pool *pool_create_wiping(size_t max_bytes)
{
	struct pool *pool = pool_create(max_bytes);
	if (pool)
		pool->wipes = true;
	return pool;
}

bool pool_wipes(const struct pool *pool)
{
	return pool->wipes;
}

void pool_destroy(struct pool *pool)
{
	free(pool);
}

/* Whether `more` bytes may still go out; then they are counted. */
static bool reserve(struct pool *pool, size_t more)
{
	size_t used = atomic_load(&pool->used), peak, left = atomic_load(&pool->left);
	if (left == 0)
		return false;
	if (left != SIZE_MAX)
		atomic_store(&pool->left, left - 1);
	do {
		if (more > pool->max - used)
			return false;
	} while (!atomic_compare_exchange_weak(&pool->used, &used, used + more));
	peak = atomic_load(&pool->peak);
	while (used + more > peak &&
	       !atomic_compare_exchange_weak(&pool->peak, &peak, used + more)) {
	}
	return true;
}

static void release(struct pool *pool, size_t bytes)
{
	atomic_fetch_sub(&pool->used, bytes);
}

static union head *head_of(void *at)
{
	return (union head *)at - 1;
}

/* Large pieces are read here and there: on large pages most of that finds its address at once. It
 * is but advice, and goes on without. */
#define LARGE_PAGE ((uintptr_t)2 << 20)
#define LARGE_PAGES_ADVISED 14
int madvise(void *at, size_t bytes, int advice); /* Linux; POSIX does not have them */
void *mremap(void *at, size_t before, size_t bytes, int how, ...);
#define PAGES_OF_NOTHING 0x20 /* MAP_ANONYMOUS */
#define PAGES_MAY_MOVE 1      /* MREMAP_MAYMOVE */
#define OWN_PAGES ((size_t)1 << 20)

static void advise(union head *head)
{
	size_t bytes = head->is.bytes;
	uintptr_t at = (uintptr_t)head, from = (at + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
	uintptr_t to = (at + bytes) & ~(LARGE_PAGE - 1);
	/* Pages of its own all alike: those that are not cannot move together. */
	if (bytes >= 2 * LARGE_PAGE && head->is.has_pages)
		(void)madvise(head, bytes, LARGE_PAGES_ADVISED);
	else if (bytes >= 2 * LARGE_PAGE && from < to)
		(void)madvise((char *)head + (from - at), to - from, LARGE_PAGES_ADVISED);
}

static bool bytes_of(size_t count, size_t size, size_t *out)
{
	return !__builtin_mul_overflow(count, size, out) &&
	       !__builtin_add_overflow(*out, sizeof(union head), out);
}

/* Zeroed. */
static union head *piece_make(const struct pool *pool, size_t bytes)
{
	bool has_pages = pool->wipes && bytes >= OWN_PAGES;
	union head *head = has_pages ? mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	                                    MAP_PRIVATE | PAGES_OF_NOTHING, -1, 0)
	                             : calloc(1, bytes);
	if (!head || (has_pages && head == MAP_FAILED))
		return NULL;
	head->is.bytes = bytes;
	head->is.has_pages = has_pages;
	return head;
}

static void piece_free(const struct pool *pool, union head *head)
{
	size_t bytes = head->is.bytes;
	bool has_pages = head->is.has_pages;
	if (pool->wipes)
		base_wipe(head, bytes);
	if (has_pages)
		(void)munmap(head, bytes);
	else
		free(head);
}

static union head *piece_copy(const struct pool *pool, union head *head, size_t bytes)
{
	union head *copy = piece_make(pool, bytes);
	if (!copy)
		return NULL;
	memcpy(copy + 1, head + 1, head->is.bytes - sizeof *head);
	piece_free(pool, head);
	return copy;
}

/* What is new is zero. NULL: all is as it was. */
static union head *piece_grow(const struct pool *pool, union head *head, size_t bytes)
{
	size_t before = head->is.bytes;
	union head *grown;
	if (pool->wipes) {
		grown = head->is.has_pages ? mremap(head, before, bytes, PAGES_MAY_MOVE)
		                           : MAP_FAILED;
		if (grown == MAP_FAILED)
			return piece_copy(pool, head, bytes);
	} else {
		grown = realloc(head, bytes);
		if (!grown)
			return NULL;
		memset((char *)grown + before, 0, bytes - before);
	}
	grown->is.bytes = bytes;
	return grown;
}

void *pool_take(struct pool *pool, size_t count, size_t size)
{
	size_t bytes;
	if (!bytes_of(count, size, &bytes) || !reserve(pool, bytes))
		return NULL;
	union head *head = piece_make(pool, bytes);
	if (!head) {
		release(pool, bytes);
		return NULL;
	}
	advise(head);
	return head + 1;
}

void *pool_grow(struct pool *pool, void *at, size_t count, size_t size)
{
	size_t bytes;
	if (!at)
		return pool_take(pool, count, size);
	union head *head = head_of(at);
	size_t before = head->is.bytes;
	if (!bytes_of(count, size, &bytes))
		return NULL;
	if (bytes <= before)
		return at;
	if (!reserve(pool, bytes - before))
		return NULL;
	union head *grown = piece_grow(pool, head, bytes);
	if (!grown) {
		release(pool, bytes - before);
		return NULL;
	}
	advise(grown);
	return grown + 1;
}

void pool_give(struct pool *pool, void *at)
{
	if (!at)
		return;
	union head *head = head_of(at);
	release(pool, head->is.bytes);
	piece_free(pool, head);
}

size_t pool_used(const struct pool *pool)
{
	return atomic_load(&pool->used);
}

size_t pool_peak(const struct pool *pool)
{
	return atomic_load(&pool->peak);
}

void pool_refuse_after(struct pool *pool, size_t pieces)
{
	atomic_store(&pool->left, pieces);
}
