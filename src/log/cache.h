/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whole tiles and bundles that were served, kept in memory: what is whole is
 * never another. What was put
 * lay within the published size then, and so it does for ever.
 */
#ifndef CANDOUR_LOG_CACHE_H
#define CANDOUR_LOG_CACHE_H

#include "base/base.h"
#include "log/path.h"

struct log_cache; /* any thread */

/* Room for `tiles` (1 or more) of 8.5 KiB each, taken as they come. NULL: no memory. */
struct log_cache *log_cache_create(size_t tiles);
void log_cache_destroy(struct log_cache *cache); /* takes NULL */

/* The bytes of the path, whole or the beginning of a whole one, in the arena. False: they are not
 * kept, or there is no room for them. */
bool log_cache_get(struct log_cache *cache, const struct log_path *path, struct arena *arena,
                   struct str *out);
/* Keeps the bytes of a whole tile or bundle, perhaps in another's place; of a partial one nothing.
 */
void log_cache_put(struct log_cache *cache, const struct log_path *path, struct str bytes);

#endif
