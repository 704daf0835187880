/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A table of places in order of use (a ring of two links), found by slot
 * through chains. Keys lie apart from them in one piece of sodium_malloc:
 * every such piece costs four pages of the few that may be locked, so one
 * holds all.
 */
#include "vault/key_cache.h"

#include <pthread.h>
#include <stdlib.h>

#include <sodium.h>

#include "base/base.h"

#define NONE UINT32_MAX

struct place {
	int64_t slot; /* -1: empty */
	uint32_t newer;
	uint32_t older;
	uint32_t next; /* of the same chain */
};

struct key_cache {
	pthread_mutex_t lock;
	uint32_t count; /* set before threads start */
	bool is_locked; /* set before threads start */
	/* guarded by lock, all that follows */
	uint32_t newest;
	uint32_t oldest;
	size_t held;
	struct place *places;
	uint32_t *chains; /* `count` heads */
	uint8_t *keys;    /* KEY_CACHE_KEY bytes a place */
};

static uint32_t chain_of(const struct key_cache *cache, int64_t slot)
{
	return (uint32_t)((uint64_t)slot % cache->count);
}

static uint8_t *key_at(struct key_cache *cache, uint32_t at)
{
	return cache->keys + (size_t)at * KEY_CACHE_KEY;
}

static uint32_t find(const struct key_cache *cache, int64_t slot)
{
	uint32_t at = cache->chains[chain_of(cache, slot)];
	while (at != NONE && cache->places[at].slot != slot)
		at = cache->places[at].next;
	return at;
}

static void leave_order(struct key_cache *cache, uint32_t at)
{
	struct place *place = &cache->places[at];
	if (place->newer == NONE)
		cache->newest = place->older;
	else
		cache->places[place->newer].older = place->older;
	if (place->older == NONE)
		cache->oldest = place->newer;
	else
		cache->places[place->older].newer = place->newer;
}

static void join_as_newest(struct key_cache *cache, uint32_t at)
{
	cache->places[at].newer = NONE;
	cache->places[at].older = cache->newest;
	if (cache->newest != NONE)
		cache->places[cache->newest].newer = at;
	cache->newest = at;
	if (cache->oldest == NONE)
		cache->oldest = at;
}

static void join_as_oldest(struct key_cache *cache, uint32_t at)
{
	cache->places[at].older = NONE;
	cache->places[at].newer = cache->oldest;
	if (cache->oldest != NONE)
		cache->places[cache->oldest].older = at;
	cache->oldest = at;
	if (cache->newest == NONE)
		cache->newest = at;
}

/* Empties a place: its key is wiped, its chain forgets it. Its place in the order stays. */
static void empty(struct key_cache *cache, uint32_t at)
{
	struct place *place = &cache->places[at];
	if (place->slot < 0)
		return;
	uint32_t *link = &cache->chains[chain_of(cache, place->slot)];
	while (*link != at)
		link = &cache->places[*link].next;
	*link = place->next;
	place->slot = -1;
	place->next = NONE;
	sodium_memzero(key_at(cache, at), KEY_CACHE_KEY);
	cache->held--;
}

struct key_cache *key_cache_create(size_t count)
{
	if (count < 1 || count > 65536)
		return NULL;
	struct key_cache *cache = calloc(1, sizeof *cache);
	if (!cache)
		return NULL;
	cache->count = (uint32_t)count;
	cache->places = calloc(count, sizeof *cache->places);
	cache->chains = calloc(count, sizeof *cache->chains);
	cache->keys = sodium_malloc(count * KEY_CACHE_KEY);
	if (!cache->places || !cache->chains || !cache->keys ||
	    pthread_mutex_init(&cache->lock, NULL) != 0) {
		free(cache->places);
		free(cache->chains);
		sodium_free(cache->keys);
		free(cache);
		return NULL;
	}
	sodium_memzero(cache->keys, count * KEY_CACHE_KEY);
	/* sodium_malloc does not tell when the limit kept it from locking; asking again does. */
	cache->is_locked = sodium_mlock(cache->keys, count * KEY_CACHE_KEY) == 0;
	cache->newest = cache->oldest = NONE;
	for (uint32_t at = 0; at < cache->count; at++) {
		cache->chains[at] = NONE;
		cache->places[at].slot = -1;
		cache->places[at].next = NONE;
		join_as_newest(cache, at);
	}
	return cache;
}

void key_cache_destroy(struct key_cache *cache)
{
	if (!cache)
		return;
	pthread_mutex_destroy(&cache->lock);
	sodium_memzero(cache->keys, (size_t)cache->count * KEY_CACHE_KEY);
	sodium_free(cache->keys);
	free(cache->places);
	free(cache->chains);
	free(cache);
}

bool key_cache_get(struct key_cache *cache, int64_t slot, uint8_t key[KEY_CACHE_KEY])
{
	pthread_mutex_lock(&cache->lock);
	uint32_t at = find(cache, slot);
	if (at != NONE) {
		memcpy(key, key_at(cache, at), KEY_CACHE_KEY);
		leave_order(cache, at);
		join_as_newest(cache, at);
	}
	pthread_mutex_unlock(&cache->lock);
	return at != NONE;
}

void key_cache_put(struct key_cache *cache, int64_t slot, const uint8_t key[KEY_CACHE_KEY])
{
	pthread_mutex_lock(&cache->lock);
	uint32_t at = find(cache, slot);
	if (at == NONE) {
		at = cache->oldest;
		empty(cache, at);
		uint32_t *chain = &cache->chains[chain_of(cache, slot)];
		cache->places[at].slot = slot;
		cache->places[at].next = *chain;
		*chain = at;
		cache->held++;
	}
	memcpy(key_at(cache, at), key, KEY_CACHE_KEY);
	leave_order(cache, at);
	join_as_newest(cache, at);
	pthread_mutex_unlock(&cache->lock);
}

void key_cache_drop(struct key_cache *cache, int64_t slot)
{
	pthread_mutex_lock(&cache->lock);
	uint32_t at = find(cache, slot);
	if (at != NONE) {
		empty(cache, at);
		leave_order(cache, at);
		join_as_oldest(cache, at);
	}
	pthread_mutex_unlock(&cache->lock);
}

size_t key_cache_held(struct key_cache *cache)
{
	pthread_mutex_lock(&cache->lock);
	size_t held = cache->held;
	pthread_mutex_unlock(&cache->lock);
	return held;
}

bool key_cache_is_locked(const struct key_cache *cache)
{
	return cache->is_locked;
}
