/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Checkpoints (C2SP tlog-checkpoint): origin, size and root as a log signs them. */
#ifndef CANDOUR_LOG_CHECKPOINT_H
#define CANDOUR_LOG_CHECKPOINT_H

#include "base/base.h"
#include "log/note.h"

#define LOG_ORIGIN_MAX 255     /* bytes of an origin of ours */
#define LOG_CHECKPOINT_MAX 400 /* bytes of a checkpoint's text as we write it */

struct log_checkpoint {
	struct str origin;
	int64_t size; /* 0 .. 2^63 - 1 */
	struct hash root;
};

/* An origin that a register may have: host/path, [a-z0-9.-]+(/[A-Za-z0-9._~-]+)*, 255 bytes at
 * most. */
bool log_origin_is(struct str origin);

/* Writes the three lines; no extension lines. */
void log_checkpoint_write(struct buf *out, const struct log_checkpoint *checkpoint);
/*
 * Reads a note's text as a checkpoint; extension lines are passed over, their
 * bytes stand under the signature. ERR_INPUT names what is wrong.
 */
bool log_checkpoint_read(struct str text, struct log_checkpoint *out, struct err *err) MUST_USE;
/* The same, but that the root of no entries may be any: a witness answers that otherwise. */
bool log_checkpoint_read_lines(struct str text, struct log_checkpoint *out,
                               struct err *err) MUST_USE;

/*
 * Opens a signed note as the checkpoint of the log whose key is `log`: its
 * type is LOG_KEY_LOG, its name is the origin, and it signed. Cosignatures of
 * others are passed over. ERR_INPUT; ERR_UNABLE: arena.
 */
bool log_checkpoint_open(struct arena *arena, struct str note, const struct log_vkey *log,
                         struct log_checkpoint *out, struct err *err) MUST_USE;

#endif
