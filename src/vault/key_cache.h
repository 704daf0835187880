/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * File keys that were unwrapped lately, at most a fixed number, in one piece
 * of locked memory. The one used longest ago makes room. Any thread.
 */
#ifndef CANDOUR_VAULT_KEY_CACHE_H
#define CANDOUR_VAULT_KEY_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEY_CACHE_KEY 32

struct key_cache;

/* NULL when memory is out. `count` is 1 .. 65,536. */
struct key_cache *key_cache_create(size_t count);
/* Wipes all; takes NULL. */
void key_cache_destroy(struct key_cache *cache);
/* Copies the key out; the caller wipes it. False when it is not held. */
bool key_cache_get(struct key_cache *cache, int64_t slot, uint8_t key[KEY_CACHE_KEY]);
void key_cache_put(struct key_cache *cache, int64_t slot, const uint8_t key[KEY_CACHE_KEY]);
/* Forgets and wipes one key, if it is held. */
void key_cache_drop(struct key_cache *cache, int64_t slot);
/* Keys held now. */
size_t key_cache_held(struct key_cache *cache);
/* False when the system did not lock the memory. */
bool key_cache_is_locked(const struct key_cache *cache);

#endif
