/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The full off-site copy: a register sent to a keeper elsewhere (log/keeper.h), only what is new
 * each time, and made again of what he kept. He gets headers and openers, boxes as they lie, keys
 * as they are wrapped, and all else sealed under the register's own key; never the master key, and
 * no key that signs the log.
 */
#ifndef CANDOUR_CASEBOOK_OFFSITE_H
#define CANDOUR_CASEBOOK_OFFSITE_H

#include "base/base.h"
#include "casebook/care.h"

/*
 * Sends a parcel, or asks how far the copy is (`body` p NULL); status and answer come into the
 * arena. False: nothing came back, *err says why.
 */
typedef bool casebook_offsite_way(void *ctx, const struct str *body, struct arena *arena,
                                  int *status, struct str *answer, struct err *err);

struct casebook_offsite {
	casebook_offsite_way *way;
	void *way_ctx;
	size_t parcel_bytes;         /* from which a parcel is sent; 0: some 1 MiB */
	struct str carried;          /* keys beside the master key, sealed by it already */
	casebook_progress *progress; /* NULL: nobody is told */
	void *progress_ctx;
};

struct casebook_offsite_sent {
	int64_t size;      /* entries in the copy now */
	int64_t before;    /* and before */
	int64_t destroyed; /* files whose keys were destroyed here */
	int64_t attested;  /* and there, as the keeper says */
};

/*
 * Sends what the keeper lacks of the register in `dir`, served or not. ERR_REFUSED: the keeper
 * sounded an alarm, in its words; ERR_UNABLE: he does not answer, or not as a keeper; else the
 * errors of the store and of the keys. Cut short, the next call goes on from there.
 */
bool casebook_offsite_send(const char *dir, const struct casebook_offsite *how, struct arena *arena,
                           struct casebook_offsite_sent *out, struct err *err) MUST_USE;

/* Whether a folder is a keeper's. */
bool casebook_offsite_is(const char *from);
/* The newest checkpoint that the keeper in `from` held his copy against: its size and its note.
 * ERR_INPUT: nothing came whole to him, or damaged. */
bool casebook_offsite_checkpoint(const char *from, struct arena *arena, int64_t *size,
                                 struct str *note, struct err *err) MUST_USE;
/*
 * Whether nobody outside holds more than the copy in `from`, by a checkpoint that one of them
 * showed (`seen`, its note). ERR_REFUSED: it is of more entries, or of another history, and signed
 * by the log; ERR_INPUT: no checkpoint, of another log, or signed by no key that the keeper knows.
 */
bool casebook_offsite_is_newest(const char *from, struct str seen, struct arena *arena,
                                struct err *err) MUST_USE;
/*
 * What was `carried`, and files beside the register by their name ("limits", "policy"; empty: there
 * was none), opened by the keys in `dir`, which may be stand-ins but for the master key. ERR_INPUT:
 * another master key, or damaged.
 */
bool casebook_offsite_open(const char *from, const char *dir, struct str name, struct arena *arena,
                           struct str *out, struct err *err) MUST_USE;
/*
 * Makes register.db in `dir`, whose keys are there but for the log's, of the copy in `from`, as it
 * was at the keeper's newest checkpoint; folds its views; and lets a new key sign it, which the
 * entry log.key-changed says, with the last tree of the old one. ERR_INPUT: the copy does not fit
 * together; ERR_UNABLE: disk.
 */
bool casebook_offsite_restore(const char *from, const char *dir, casebook_progress *progress,
                              void *ctx, struct arena *arena, struct err *err) MUST_USE;

#endif
