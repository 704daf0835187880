/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "log/cache.h"

#include <pthread.h>
#include <stdlib.h>

#define HASH_BYTES 32
#define ENTRY_BYTES 34 /* with its length in front */
#define BYTES_MAX (LOG_TILE_WIDTH * ENTRY_BYTES)

struct place {
	char *bytes; /* BYTES_MAX of them; NULL: nothing was kept here yet */
	struct log_path path;
};

struct log_cache {
	pthread_mutex_t lock;
	size_t count;
	struct place at[]; /* guarded by lock */
};

static size_t width_bytes(const struct log_path *path)
{
	return path->width * (size_t)(path->is_entries ? ENTRY_BYTES : HASH_BYTES);
}

/* Neighbours lie in different places: the first `count` tiles of a level all have room. */
static struct place *place_of(struct log_cache *cache, const struct log_path *path)
{
	uint64_t level = path->is_entries ? 0 : path->level + 1;
	return &cache->at[(path->index + level * (cache->count / 2 + 1)) % cache->count];
}

static bool is_of(const struct place *place, const struct log_path *path)
{
	return place->bytes && place->path.is_entries == path->is_entries &&
	       place->path.level == path->level && place->path.index == path->index;
}

struct log_cache *log_cache_create(size_t tiles)
{
	struct log_cache *cache = calloc(1, sizeof *cache + tiles * sizeof cache->at[0]);
	if (!cache || pthread_mutex_init(&cache->lock, NULL) != 0) {
		free(cache);
		return NULL;
	}
	cache->count = tiles;
	return cache;
}

void log_cache_destroy(struct log_cache *cache)
{
	if (!cache)
		return;
	for (size_t i = 0; i < cache->count; i++)
		free(cache->at[i].bytes);
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}

bool log_cache_get(struct log_cache *cache, const struct log_path *path, struct arena *arena,
                   struct str *out)
{
	size_t n = width_bytes(path);
	struct place *place = place_of(cache, path);
	*out = STR_NONE;
	char *bytes = arena_alloc(arena, n, 1);
	if (!bytes)
		return false;
	pthread_mutex_lock(&cache->lock);
	bool is_there = is_of(place, path);
	if (is_there)
		memcpy(bytes, place->bytes, n);
	pthread_mutex_unlock(&cache->lock);
	if (is_there)
		*out = (struct str){ bytes, n };
	return is_there;
}

void log_cache_put(struct log_cache *cache, const struct log_path *path, struct str bytes)
{
	if (path->width != LOG_TILE_WIDTH || bytes.n != width_bytes(path))
		return;
	struct place *place = place_of(cache, path);
	pthread_mutex_lock(&cache->lock);
	if (!place->bytes)
		place->bytes = malloc(BYTES_MAX);
	if (place->bytes) {
		memcpy(place->bytes, bytes.p, bytes.n);
		place->path = *path;
	}
	pthread_mutex_unlock(&cache->lock);
}
