/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The audit: given every leaf hash in turn, compares each tile, each signed and
 * each published checkpoint with what the leaves make, column by column.
 */
#ifndef CANDOUR_LOG_AUDIT_H
#define CANDOUR_LOG_AUDIT_H

#include "base/base.h"
#include "log/signed.h"

/* Told of each thing that does not fit: "tile.hashes" or another column, a sentence that names it.
 */
typedef void log_finding(void *ctx, struct str where, struct str what);

struct log_audit;

/*
 * `eras` must outlive the audit; NULL: no key is known, signatures and notes are not looked at.
 * `signer`, which may be NULL, is the present key itself: a signature that it makes again needs
 * no further check. Run it on
 * a connection inside one snapshot. ERR_UNABLE: store or memory.
 */
bool log_audit_create(struct store *store, const struct log_eras *eras,
                      const struct log_signer *signer, log_finding *finding, void *ctx,
                      struct log_audit **out, struct err *err) MUST_USE;
/* Whose cosignatures under what is published are looked at: the keys of a policy, which outlive the
 * audit. A line of somebody else, whose name and id are both another's, cannot be judged. */
void log_audit_witnesses(struct log_audit *audit, const struct log_vkey *keys, size_t count);
/* The next leaf hash. ERR_UNABLE: store or memory. */
bool log_audit_leaf(struct log_audit *audit, const struct hash *leaf, struct err *err) MUST_USE;
/* How many of the leaves stand under a signature that holds, as far as the audit has come. */
int64_t log_audit_proved(const struct log_audit *audit);
/* After the last leaf: the open tiles, rows that are too many, what was signed past the end, and
 * what is published. */
bool log_audit_end(struct log_audit *audit, struct err *err) MUST_USE;
void log_audit_destroy(struct log_audit *audit);  /* takes NULL */
void log_audit_cleanup(struct log_audit **audit); /* for CLEANUP */

#endif
