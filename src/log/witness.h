/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A witness (C2SP tlog-witness, v1): of each log that it watches it keeps the newest tree it has
 * seen, and cosigns only what that tree grows into. It needs no register, learns sizes and roots
 * and nothing else, and lives in a folder of its own:
 *
 *	key                           its private key (key.h, LOG_KEY_WITNESS)
 *	policy                        whom it watches: a line "log VKEY" for each key (policy.h)
 *	<hex SHA-256(origin)>/checkpoint   the newest note that it cosigned: its state, and what
 *	                              anybody may read of it
 *	evidence/                     what it refused because it is no growth of what it saw
 *	lock                          held by the one process that cosigns
 *
 * A log without its folder is unknown, never empty: whoever loses the folder does not begin anew.
 */
#ifndef CANDOUR_LOG_WITNESS_H
#define CANDOUR_LOG_WITNESS_H

#include "base/base.h"
#include "log/checkpoint.h"
#include "log/policy.h"
#include "log/tree.h"

#define LOG_WITNESS_BODY_MAX ((size_t)64 << 10) /* bytes of a request */
#define LOG_WITNESS_PROOF_MAX 63                /* hashes in it */
#define LOG_WITNESS_EVIDENCE_MAX 100            /* files kept */

/* Any thread may ask; one at a time is answered. */
struct log_witness;

/* What is answered over HTTP; in the arena that was given. */
struct log_witness_answer {
	int status;
	struct str type; /* its Content-Type */
	struct str body;
};

/*
 * Makes the folder (new or empty) of a witness with this key, which watches nothing yet.
 * ERR_USAGE: the key is no witness's, or something lies in the folder; ERR_UNABLE: disk.
 */
bool log_witness_make(const char *dir, const struct log_signer *key, struct err *err) MUST_USE;
/*
 * Watches one more log, or one more key of a log that it watches already. Only this makes a log's
 * folder. ERR_INPUT: no log's key, or it is there already; ERR_ABSENT: no witness in the folder;
 * ERR_UNABLE: it is being served, or disk.
 */
bool log_witness_add_log(const char *dir, struct str vkey, struct err *err) MUST_USE;

/*
 * Takes the lock and reads key, policy and every state, whose signatures must hold. A state that
 * does not hold stops that log alone (`log_witness_trouble`); it never begins at nothing.
 * ERR_ABSENT: no witness there; ERR_INPUT: key or policy are damaged; ERR_UNABLE: another serves
 * it.
 */
bool log_witness_open(const char *dir, struct log_witness **out, struct err *err) MUST_USE;
void log_witness_close(struct log_witness *witness);    /* takes NULL */
void log_witness_cleanup(struct log_witness **witness); /* for CLEANUP */

const struct log_vkey *log_witness_vkey(const struct log_witness *witness);
/* The logs watched, by number: origin, and the newest size cosigned (-1: none yet). */
size_t log_witness_count(const struct log_witness *witness);
struct str log_witness_origin(const struct log_witness *witness, size_t at);
int64_t log_witness_size(struct log_witness *witness, size_t at);
/* Why that log is not cosigned, with the remedy; p NULL: nothing is wrong. */
struct str log_witness_trouble(const struct log_witness *witness, size_t at);

/*
 * Answers the body of a POST to add-checkpoint at `now` (POSIX seconds): the checks of tlog-witness
 * in their order, the first that fails answers. What is cosigned is on the disk before it is
 * answered. False: no memory for an answer (ERR_UNABLE).
 */
bool log_witness_add_checkpoint(struct log_witness *witness, struct arena *arena, struct str body,
                                int64_t now, struct log_witness_answer *out,
                                struct err *err) MUST_USE;
/* Answers a GET of the raw path "/<hex SHA-256(origin)>/checkpoint". The same error. */
bool log_witness_checkpoint(struct log_witness *witness, struct arena *arena, struct str path,
                            struct log_witness_answer *out, struct err *err) MUST_USE;

/* The body of a request: what a register sends. `note` is the checkpoint as the log signed it. */
void log_witness_body(struct buf *out, int64_t older, const struct log_proof *proof,
                      struct str note);

#endif
