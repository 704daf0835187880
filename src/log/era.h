/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Which key signs at which size. A log's signing key may be changed: from then
 * on checkpoints carry the signature of the new key and, for a time, that of
 * the former one too, so that holders of its verifier key can still check.
 * A stolen key signs no more from then on. Each size lies in one era, whose keys alone may sign it.
 */
#ifndef CANDOUR_LOG_ERA_H
#define CANDOUR_LOG_ERA_H

#include "base/base.h"
#include "log/key.h"

#define LOG_ERAS_MAX 256

struct log_era {
	int64_t above; /* sizes greater than this, up to the next era's */
	struct log_vkey key;
	bool has_former;
	struct log_vkey former; /* signs beside it */
	instant doubted; /* since when the keys that it ended may be known to others; 0: they are
	                    not */
};

/* A log's eras, ascending; the first one's `above` is -1. At least one. */
struct log_eras {
	const struct log_era *at;
	size_t count;
};

/* The eras of a log whose key never changed; `room` holds them and borrows the key. */
struct log_eras log_eras_of_key(struct log_era *room, const struct log_vkey *key);
/* The era of a size, from 0. */
const struct log_era *log_eras_find(const struct log_eras *eras, int64_t size);
/* The one that the next checkpoint belongs to. */
const struct log_era *log_eras_last(const struct log_eras *eras);
/* Whether the key signs in this era. */
bool log_era_has(const struct log_era *era, const struct log_vkey *key);
/* Whether the key signed in some era, and signs no more. */
bool log_eras_have_ended(const struct log_eras *eras, const struct log_vkey *key);
/* Whether any era has a key of this id. */
bool log_eras_know(const struct log_eras *eras, int64_t key_id);

#endif
