/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Entries as the log sees them: the header's nine lines (version 1), what is
 * hashed into it, the commitment C and the leaf. Nothing here allocates; one
 * hasher a thread.
 */
#ifndef CANDOUR_LOG_ENTRY_H
#define CANDOUR_LOG_ENTRY_H

#include "base/base.h"

#define LOG_HEADER_MAX 512       /* bytes of a header */
#define LOG_KIND_MAX 64          /* bytes of a kind */
#define LOG_OFFICE_MAX 64        /* bytes of an office */
#define LOG_NONCE_SIZE HASH_SIZE /* an entry's nonce, and the salt of its sealed fields */
#define LOG_INDEX_MAX JSON_INTEGER_MAX

/* Who an entry is by. */
enum log_by {
	LOG_BY_NOBODY,   /* "-": no account */
	LOG_BY_REGISTER, /* the clock and the like */
	LOG_BY_ACCOUNT,  /* an account in an office */
};

/* A header's values. Slices are borrowed from what it was read from or made of. */
struct log_header {
	int64_t index;    /* 0 .. LOG_INDEX_MAX; equals the leaf's index */
	instant recorded; /* whole milliseconds, in microseconds UTC */
	struct str kind;  /* "concern.received" */
	struct id file;
	enum log_by by;
	struct id account; /* LOG_BY_ACCOUNT only */
	struct str office; /* LOG_BY_ACCOUNT only */
	struct hash plain;
	bool is_sealed; /* whether `sealed` and `box` are hashes or "-" */
	struct hash sealed;
	struct hash box;
};

/*
 * Writes the header's bytes, *n of them, no NUL. ERR_FAULT: a value breaks the
 * grammar; the caller should have known.
 */
bool log_header_write(const struct log_header *header, char out[LOG_HEADER_MAX], size_t *n,
                      struct err *err) MUST_USE;

/* Reads exactly the grammar, nothing else. ERR_INPUT names the line. */
bool log_header_read(struct str text, struct log_header *out, struct err *err) MUST_USE;
/* The same of a header that was read or written before: its hashes are passed over, and stay zero.
 */
bool log_header_glance(struct str text, struct log_header *out, struct err *err) MUST_USE;

/* Shown with a header: opens the commitment. From the entry's nonce, which is never shown. */
struct hash log_opener(struct hasher *hasher, const uint8_t nonce[LOG_NONCE_SIZE]);
/* Salts the plain fields; tells nothing of nonce or opener. */
struct hash log_plain_salt(struct hasher *hasher, const uint8_t nonce[LOG_NONCE_SIZE]);
/* The header's `plain`; `canonical` is the canonical JSON of the plain fields, "{}" for none. */
struct hash log_plain_hash(struct hasher *hasher, const struct hash *salt, struct str canonical);
/* The header's `box`, over the sealed bytes as they lie in the store. */
struct hash log_box_hash(struct hasher *hasher, struct str box);
/* C, the 32 bytes of leaf data: what the public log holds of an entry. */
struct hash log_commitment(struct hasher *hasher, const struct hash *opener, struct str header);
/* The leaf hash over C (RFC 6962, 2.1). */
struct hash log_leaf_hash(struct hasher *hasher, const struct hash *commitment);

#endif
