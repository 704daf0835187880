/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Promises: a signed note, given with a receipt that no witness saw yet, that by a certain time a
 * published checkpoint with its quorum will have this leaf at this index. One that was broken is
 * proved by the log's own later checkpoint, and needs nobody's word.
 */
#ifndef CANDOUR_LOG_PROMISE_H
#define CANDOUR_LOG_PROMISE_H

#include "base/base.h"
#include "log/note.h"

#define LOG_PROMISE_MAX 2048 /* bytes of the note */

struct log_promise {
	struct str origin;
	int64_t index;
	struct hash leaf; /* the leaf hash */
	instant recorded; /* in whole milliseconds */
	instant by;       /* the same; after `recorded` */
};

/* The name of the key that promises for a log: its origin and "/promise". p NULL: no memory. */
struct str log_promise_key_name(struct arena *arena, struct str origin);

/* Writes the signed note. ERR_FAULT: the key has another name, or a value none that is read again;
 * ERR_UNABLE: memory. */
bool log_promise_write(struct buf *out, const struct log_promise *promise,
                       const struct log_signer *signer, struct err *err) MUST_USE;
/* Opens one by the promise key. ERR_INPUT: not one, or not signed by it; ERR_UNABLE: arena. */
bool log_promise_open(struct arena *arena, struct str note, const struct log_vkey *key,
                      struct log_promise *out, struct err *err) MUST_USE;

#endif
