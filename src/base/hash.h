/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* SHA-256 and HMAC (libcrypto): fast on short inputs, one state a thread of work. */
#ifndef CANDOUR_BASE_HASH_H
#define CANDOUR_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define HASH_SIZE 32

struct hash {
	uint8_t bytes[HASH_SIZE];
};

/* Hashing state of one thread; made once, reused for every hash. */
struct hasher;

/* Stops the process when there is no memory for it. */
struct hasher *hasher_create(void);
void hasher_destroy(struct hasher *hasher);
void hasher_cleanup(struct hasher **hasher); /* for CLEANUP */

/* Streaming: start, any number of adds, end. */
void hasher_start(struct hasher *hasher);
void hasher_add(struct hasher *hasher, struct str bytes);
struct hash hasher_end(struct hasher *hasher);

/* SHA-256 over the pieces, one behind the other. */
struct hash hasher_of(struct hasher *hasher, const struct str *pieces, size_t count);

/* One-off forms that need no state of the caller's. */
struct hash hash_of(struct str bytes);
struct hash hash_hmac(struct str key, const struct str *pieces, size_t count);
/* HMAC-SHA-1, for TOTP alone (RFC 6238); 20 bytes. */
void hash_hmac_sha1(struct str key, struct str bytes, uint8_t out[20]);

bool hash_eq(const struct hash *a, const struct hash *b);
struct str hash_str(const struct hash *hash);
struct str hash_hex(struct arena *arena, const struct hash *hash);
bool hash_read_hex(struct str text, struct hash *out) MUST_USE;

#endif
