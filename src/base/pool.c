/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Each piece has its size in front of what is handed out; what is out is counted by an atomic.
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

/* Right before what is handed out. */
struct head {
	size_t bytes;    /* of the piece */
	uint32_t before; /* bytes of it before what is handed out */
	bool has_pages;  /* of its own */
};

/* What is handed out begins with a line of the processor's cache, and with the first of the two
 * that are fetched together: who reads things of such a size reads no third. */
#define ALIGNMENT 128
#define OVERHEAD (sizeof(struct head) + ALIGNMENT) /* of a piece: more than it ever is */

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

static struct head *head_of(char *at)
{
	return (struct head *)(void *)at - 1;
}

static char *base_of(char *at)
{
	return at - head_of(at)->before;
}

/* What is handed out of a piece that begins at `base`. */
static char *aligned(char *base)
{
	size_t past = (uintptr_t)(base + sizeof(struct head)) % ALIGNMENT;
	return base + sizeof(struct head) + (past ? ALIGNMENT - past : 0);
}

static char *hand_out(char *base, size_t bytes, bool has_pages)
{
	char *at = aligned(base);
	*head_of(at) = (struct head){ bytes, (uint32_t)(at - base), has_pages };
	return at;
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

static void advise(char *at)
{
	char *base = base_of(at);
	size_t bytes = head_of(at)->bytes;
	uintptr_t begin = (uintptr_t)base, from = (begin + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
	uintptr_t to = (begin + bytes) & ~(LARGE_PAGE - 1);
	/* Pages of its own all alike: those that are not cannot move together. */
	if (bytes >= 2 * LARGE_PAGE && head_of(at)->has_pages)
		(void)madvise(base, bytes, LARGE_PAGES_ADVISED);
	else if (bytes >= 2 * LARGE_PAGE && from < to)
		(void)madvise(base + (from - begin), to - from, LARGE_PAGES_ADVISED);
}

void pool_touch(void *at)
{
	volatile char *first = at;
	size_t bytes = at ? head_of(at)->bytes - OVERHEAD : 0;
	for (size_t i = 0; i < bytes; i += LARGE_PAGE)
		first[i] = 0;
}

static bool bytes_of(size_t count, size_t size, size_t *out)
{
	return !__builtin_mul_overflow(count, size, out) &&
	       !__builtin_add_overflow(*out, OVERHEAD, out);
}

/* Zeroed. */
static char *piece_make(const struct pool *pool, size_t bytes)
{
	bool has_pages = pool->wipes && bytes >= OWN_PAGES;
	char *base = has_pages ? mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	                              MAP_PRIVATE | PAGES_OF_NOTHING, -1, 0)
	                       : calloc(1, bytes);
	if (!base || (has_pages && base == MAP_FAILED))
		return NULL;
	return hand_out(base, bytes, has_pages);
}

static void piece_free(const struct pool *pool, char *at)
{
	char *base = base_of(at);
	size_t bytes = head_of(at)->bytes;
	bool has_pages = head_of(at)->has_pages;
	if (pool->wipes)
		base_wipe(base, bytes);
	if (has_pages)
		(void)munmap(base, bytes);
	else
		free(base);
}

static char *piece_copy(const struct pool *pool, char *at, size_t bytes)
{
	char *copy = piece_make(pool, bytes);
	if (!copy)
		return NULL;
	memcpy(copy, at, head_of(at)->bytes - OVERHEAD);
	piece_free(pool, at);
	return copy;
}

/* Of a pool that does not wipe. */
static char *piece_regrow(char *at, size_t bytes)
{
	size_t held = head_of(at)->bytes - OVERHEAD, before = head_of(at)->before;
	char *base = realloc(base_of(at), bytes);
	if (!base)
		return NULL;
	char *grown = aligned(base);
	if (grown != base + before)
		memmove(grown, base + before, held);
	memset(grown + held, 0, bytes - OVERHEAD - held);
	return hand_out(base, bytes, false);
}

/* What is new is zero. NULL: all is as it was. */
static char *piece_grow(const struct pool *pool, char *at, size_t bytes)
{
	if (!pool->wipes)
		return piece_regrow(at, bytes);
	char *base = head_of(at)->has_pages
	                     ? mremap(base_of(at), head_of(at)->bytes, bytes, PAGES_MAY_MOVE)
	                     : MAP_FAILED;
	return base == MAP_FAILED ? piece_copy(pool, at, bytes) : hand_out(base, bytes, true);
}

void *pool_take(struct pool *pool, size_t count, size_t size)
{
	size_t bytes;
	if (!bytes_of(count, size, &bytes) || !reserve(pool, bytes))
		return NULL;
	char *at = piece_make(pool, bytes);
	if (!at) {
		release(pool, bytes);
		return NULL;
	}
	advise(at);
	return at;
}

void *pool_grow(struct pool *pool, void *at, size_t count, size_t size)
{
	size_t bytes;
	if (!at)
		return pool_take(pool, count, size);
	size_t before = head_of(at)->bytes;
	if (!bytes_of(count, size, &bytes))
		return NULL;
	if (bytes <= before)
		return at;
	if (!reserve(pool, bytes - before))
		return NULL;
	char *grown = piece_grow(pool, at, bytes);
	if (!grown) {
		release(pool, bytes - before);
		return NULL;
	}
	advise(grown);
	return grown;
}

void pool_give(struct pool *pool, void *at)
{
	if (!at)
		return;
	release(pool, head_of(at)->bytes);
	piece_free(pool, at);
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
