/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The register's own checkpoints: every one it signed (table `signed`, one root
 * a size, never changed) and those it published (table `published`); and the
 * gate that a register passes before it takes acts.
 *
 * `eras`: the log's keys by size; the name of each is the origin.
 */
#ifndef CANDOUR_LOG_SIGNED_H
#define CANDOUR_LOG_SIGNED_H

#include "base/base.h"
#include "log/checkpoint.h"
#include "log/era.h"
#include "log/tile.h"
#include "store/store.h"

/* A row of `signed`. */
struct log_signed {
	int64_t size;
	struct hash root;
	uint32_t key_id;
	bool has_signature; /* old ones may have been let go */
	uint8_t signature[LOG_SIGNATURE_SIZE];
	bool has_former; /* the former key signed too: behind the other one in the column */
	uint8_t former[LOG_SIGNATURE_SIZE];
};

/*
 * Signs the checkpoint of `size` leaves and keeps it, inside the caller's
 * transaction: nothing is signed that is not durable with it. The same size
 * and root give the row that is there. `former`: the key that signs beside, or
 * NULL.
 * ERR_UNABLE: another root was signed for this size (a fork; the context says
 * "fork"), a greater size was signed already (context "rollback"), or store.
 * log_sign_is_conflict tells these two from a store that fails: then commit nothing, and stop.
 */
bool log_sign(struct store *store, const struct log_signer *signer, const struct log_signer *former,
              int64_t size, const struct hash *root, struct log_signed *out,
              struct err *err) MUST_USE;
/* Whether that is why log_sign gave up: another tree stands signed where this one would be. */
bool log_sign_is_conflict(const struct err *err);

/*
 * Signs every checkpoint anew, those that were published too, for a register
 * that is given its name before anybody outside can hold one of them.
 * Sizes and roots stay. Inside the caller's transaction. ERR_UNABLE.
 */
bool log_sign_anew(struct store *store, const struct log_signer *signer, struct err *err) MUST_USE;

/* ERR_ABSENT: nothing was signed (at this size); ERR_INPUT: the row is damaged; ERR_UNABLE: store.
 */
bool log_signed_read(struct store *store, int64_t size, struct log_signed *out,
                     struct err *err) MUST_USE;
bool log_signed_newest(struct store *store, struct log_signed *out, struct err *err) MUST_USE;
/* Whether the row is signed by all keys of its era and by no other. False without a signature. */
bool log_signed_holds(const struct log_signed *row, const struct log_eras *eras);
/*
 * Whether the row's signature is, byte for byte, the one that the signer makes
 * for it: a third of the cost of log_signed_holds. False proves nothing: the
 * row may be another key's. For rows whose root the caller knows to be true
 * alone, so that nothing else is ever signed.
 */
bool log_signed_is_by(const struct log_signed *row, const struct log_signer *signer);
/*
 * Writes the signed note that the row stands for. ERR_ABSENT: its signature was let go;
 * ERR_UNABLE: memory, or `eras` are older than the row.
 */
bool log_signed_note(struct buf *out, const struct log_signed *row, const struct log_eras *eras,
                     struct err *err) MUST_USE;
/* Opens a note of a checkpoint by all keys of the era of `size`. The errors of log_checkpoint_open.
 */
bool log_eras_open(struct arena *arena, struct str note, int64_t size, const struct log_eras *eras,
                   struct log_checkpoint *out, struct err *err) MUST_USE;

/*
 * Publishes the newest signed checkpoint, inside the caller's transaction,
 * unless it is published already. *size: what is published then, 0 for nothing
 * signed. ERR_INPUT: published is ahead of signed; ERR_UNABLE: store.
 */
bool log_publish(struct store *store, const struct log_eras *eras, int64_t *size,
                 struct err *err) MUST_USE;
/*
 * Publishes the checkpoint that was signed at `size` with cosignatures behind the log's own
 * signature (`lines`, each with its LF), inside the caller's transaction. What is published at that
 * size already gets those that it lacks, and of one key the newer instead of the older; below what
 * is published nothing is done. *newest: what is published then. ERR_ABSENT: nothing was signed at that size; ERR_UNABLE.
 */
bool log_publish_cosigned(struct store *store, const struct log_eras *eras, int64_t size,
                          struct str lines, int64_t *newest, struct err *err) MUST_USE;
/* Size and note of the newest, the note in the arena. ERR_ABSENT: nothing is published; ERR_UNABLE.
 */
bool log_published_newest(struct store *store, struct arena *arena, int64_t *size, struct str *note,
                          struct err *err) MUST_USE;

/*
 * Whether what is published last, if anything is, holds under the key of its size, and the tiles
 * give its root; none is above `newest`. ERR_INPUT says what does not fit; ERR_UNABLE: store.
 */
bool log_published_check(struct store *store, struct log_reader *reader,
                         const struct log_eras *eras, int64_t newest, struct err *err) MUST_USE;

/*
 * The start-up gate, as far as it concerns the log: the newest signed
 * checkpoint verifies, the register has all its entries, the tiles give its
 * root; what is published is signed, verifies, and has the same root.
 * ERR_INPUT says what does not fit: serve for reading alone. ERR_UNABLE: store.
 */
bool log_gate_check(struct store *store, struct log_reader *reader, const struct log_eras *eras,
                    int64_t entries, struct err *err) MUST_USE;
/*
 * Folds entries past the tree's size into it, inside the caller's transaction
 * (follow with commit and log_tree_commit). ERR_INPUT: the tree is ahead of
 * the entries; else the errors of `commitments` and of the tree.
 */
bool log_gate_fold(struct log_tree *tree, struct store *store, int64_t entries,
                   log_commitments *commitments, void *ctx, struct err *err) MUST_USE;

#endif
