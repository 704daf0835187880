/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Receipts: one file that proves that an entry stands in a signed log (C2SP
 * tlog-proof, with the header and what opens it in the extra line).
 */
#ifndef CANDOUR_LOG_RECEIPT_H
#define CANDOUR_LOG_RECEIPT_H

#include "base/base.h"
#include "log/checkpoint.h"
#include "log/entry.h"
#include "log/policy.h"
#include "log/tree.h"

#define LOG_RECEIPT_MAX ((size_t)64 << 10) /* bytes */
#define LOG_RECEIPT_PATH_MAX 63            /* hashes */

/* What a receipt is made of. */
struct log_receipt {
	struct str header; /* bytes */
	struct hash opener;
	const struct hash *plain_salt;  /* NULL: left out */
	const struct hash *sealed_salt; /* NULL: left out; the writer's own only */
	int64_t index;
	const struct log_proof *path;
	struct str note; /* the signed checkpoint, verbatim */
};

/* Writes the file's text. ERR_FAULT: it would break the format; ERR_UNABLE: memory. */
bool log_receipt_write(struct buf *out, const struct log_receipt *receipt,
                       struct err *err) MUST_USE;

/* What checking found: the first that fails names itself. */
enum log_receipt_result {
	LOG_RECEIPT_WITNESSED, /* all holds, and a quorum that names witnesses is met */
	LOG_RECEIPT_SIGNED,    /* all holds */
	LOG_RECEIPT_MALFORMED,
	LOG_RECEIPT_ORIGIN,    /* of a log that is not trusted */
	LOG_RECEIPT_SIGNATURE, /* the log did not sign, or a trusted key's signature fails */
	LOG_RECEIPT_INDEX,     /* index line and header differ */
	LOG_RECEIPT_INCLUSION, /* the entry is not in the tree that was signed */
	LOG_RECEIPT_REPORT,    /* the words given are not those that were sealed or written */
	LOG_RECEIPT_DOUBTFUL, /* all holds, by a key that may be a thief's, and no witness saw it */
};

/* "witnessed", "signed", "malformed" … */
struct str log_receipt_word(enum log_receipt_result result);
/* The exit status of the command: 0 for both results, 3 for malformed, else 1. */
int log_receipt_exit(enum log_receipt_result result);

/* What was found, in the arena; filled as far as checking came. */
struct log_receipt_found {
	enum log_receipt_result result;
	struct str why; /* a sentence for people; empty when all holds */
	struct log_header header;
	struct log_checkpoint checkpoint;
	struct log_verified signers; /* the log's key among them; keys are the policy's */
	bool has_plain_salt;
	bool has_sealed_salt;
};

/*
 * Checks a receipt's bytes by a policy. `report` is JSON
 * {"plain":{…},"sealed":{…}} (either may be missing), or NULL for none.
 * ERR_UNABLE: arena. Every fault of the receipt is a result, not an error.
 */
bool log_receipt_check(struct hasher *hasher, struct arena *arena, struct str raw,
                       const struct log_policy *policy, const struct str *report,
                       struct log_receipt_found *out, struct err *err) MUST_USE;
/*
 * The log's key may have been known to others since `since`: what it alone signed of entries
 * recorded from then on could be theirs. Any other result stays.
 */
void log_receipt_doubt(struct log_receipt_found *found, instant since);

#endif
