/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the witness: what it holds in memory, and its folder. */
#ifndef CANDOUR_LOG_WITNESS_PARTS_H
#define CANDOUR_LOG_WITNESS_PARTS_H

#include <pthread.h>

#include "log/witness.h"

#define WITNESS_NOTE_MAX ((size_t)64 << 10)

/* A log that is watched. */
struct watched {
	struct str origin;
	const struct log_vkey *keys; /* of this origin */
	size_t key_count;
	struct str hex;     /* of SHA-256(origin): the folder's name */
	const char *folder; /* NUL-ended */
	bool is_known;      /* the folder is there */
	struct str trouble; /* p NULL: none */
	bool has_state;
	int64_t size;
	struct hash root;
	struct buf note; /* the file's bytes */
};

struct log_witness {
	struct arena *arena; /* all that does not change */
	const char *dir;
	struct log_signer *key;
	struct store_lock *lock;
	struct watched *logs;
	size_t count;
	pthread_mutex_t turn; /* guards has_state, size, root and note of each log */
};

/* Reads a log's state from its folder. False: no memory (ERR_UNABLE); what is damaged is
 * `trouble`. */
bool witness_state_read(struct log_witness *witness, struct watched *log, struct err *err) MUST_USE;
/* Makes `note` the state, on the disk first. ERR_UNABLE: disk; the old one is then the state. */
bool witness_state_write(struct watched *log, const struct log_checkpoint *checkpoint,
                         struct str note, struct err *err) MUST_USE;
/* Keeps a request that is no growth of the state, once. False: there are too many, or disk. */
bool witness_evidence_keep(const struct log_witness *witness, struct arena *arena, struct str body);

#endif
