/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Signed notes (C2SP signed-note) and cosignatures (C2SP tlog-cosignature):
 * text, an empty line, and a line for each signature.
 */
#ifndef CANDOUR_LOG_NOTE_H
#define CANDOUR_LOG_NOTE_H

#include "base/base.h"
#include "log/key.h"

#define LOG_NOTE_MAX ((size_t)1 << 20) /* bytes */
#define LOG_NOTE_SIGNATURES_MAX 100
#define LOG_COSIGNATURE_SIZE (8 + LOG_SIGNATURE_SIZE) /* time and signature */
#define LOG_TIME_MAX INT64_MAX                        /* POSIX seconds */
#define LOG_TIME_AHEAD 300 /* seconds that a witness's clock may run before ours */

/* One signature line, decoded. */
struct log_note_line {
	struct str name;
	uint8_t id[LOG_KEY_ID_SIZE];
	struct str signature;
};

/* A note that keeps the grammar; nothing about it is verified. */
struct log_note {
	struct str text; /* with its last LF; borrowed from what was read */
	const struct log_note_line *lines;
	size_t count;
};

/* One trusted key's good signature. */
struct log_signed_by {
	const struct log_vkey *key;
	int64_t time; /* POSIX seconds, a witness's; else 0 */
};

struct log_verified {
	size_t count;
	struct log_signed_by at[LOG_NOTE_SIGNATURES_MAX];
};

/* ERR_INPUT: breaks the grammar; ERR_UNABLE: arena. */
bool log_note_read(struct arena *arena, struct str raw, struct log_note *out,
                   struct err *err) MUST_USE;

/*
 * Which of `keys` signed, in the order of the lines. Lines of other keys are
 * passed over, of one key the first line counts, and ML-DSA's never do.
 * ERR_INPUT: a trusted key's signature does not hold, or no trusted key
 * signed; *out is then empty.
 */
bool log_note_verify(const struct log_note *note, const struct log_vkey *keys, size_t count,
                     struct log_verified *out, struct err *err) MUST_USE;

/* Writes the line of a signature: "— name base64(id || signature)". */
void log_note_add_line(struct buf *out, struct str name, const uint8_t id[LOG_KEY_ID_SIZE],
                       struct str signature);
/* Writes text, empty line and a line of each log key. `text` ends in LF. */
void log_note_sign(struct buf *out, struct str text, const struct log_signer *const *signers,
                   size_t count);

/*
 * A witness's signature field over a checkpoint's text at `time` (0 ..
 * LOG_TIME_MAX). ERR_UNABLE: memory.
 */
bool log_cosign(const struct log_signer *witness, struct str text, int64_t time,
                uint8_t out[LOG_COSIGNATURE_SIZE], struct err *err) MUST_USE;

#endif
