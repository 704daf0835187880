/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * SHA-256, and HMAC (RFC 2104) over it and SHA-1, by libcrypto. The digests are
 * called by their own functions, not through EVP: of 86 ns for a tree's leaf
 * EVP's bookkeeping is 33, and proving a register is eight such short hashes an
 * entry; besides, EVP's own setting up is a millisecond of each command.
 * libcrypto calls these functions deprecated; they stand in this file alone.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/encode.h"
#include "base/err.h"

#define HMAC_BLOCK 64

struct hasher {
	SHA256_CTX state;
};

struct hasher *hasher_create(void)
{
	struct hasher *hasher = calloc(1, sizeof *hasher);
	base_check(hasher != NULL);
	return hasher;
}

void hasher_destroy(struct hasher *hasher)
{
	if (!hasher)
		return;
	OPENSSL_cleanse(hasher, sizeof *hasher); /* it may have been given a key */
	free(hasher);
}

void hasher_cleanup(struct hasher **hasher)
{
	hasher_destroy(*hasher);
	*hasher = NULL;
}

void hasher_start(struct hasher *hasher)
{
	base_check(SHA256_Init(&hasher->state) == 1);
}

void hasher_add(struct hasher *hasher, struct str bytes)
{
	if (bytes.n)
		base_check(SHA256_Update(&hasher->state, bytes.p, bytes.n) == 1);
}

struct hash hasher_end(struct hasher *hasher)
{
	struct hash out;
	base_check(SHA256_Final(out.bytes, &hasher->state) == 1); /* wipes the last block */
	return out;
}

struct hash hasher_of(struct hasher *hasher, const struct str *pieces, size_t count)
{
	hasher_start(hasher);
	for (size_t i = 0; i < count; i++)
		hasher_add(hasher, pieces[i]);
	return hasher_end(hasher);
}

struct hash hash_of(struct str bytes)
{
	struct hasher hasher;
	struct hash out = hasher_of(&hasher, &bytes, 1);
	OPENSSL_cleanse(&hasher, sizeof hasher);
	return out;
}

/* The key as one block of RFC 2104, each byte of it changed by `mask`. */
static void pad_key(struct str key, unsigned char mask, unsigned char block[HMAC_BLOCK])
{
	memset(block, mask, HMAC_BLOCK);
	for (size_t i = 0; i < key.n; i++)
		block[i] = (unsigned char)((unsigned char)key.p[i] ^ mask);
}

/* Over the streaming form, so that pieces need not be joined. */
struct hash hash_hmac(struct str key, const struct str *pieces, size_t count)
{
	struct hasher state, *hasher = &state;
	unsigned char block[HMAC_BLOCK];
	struct hash short_key;
	if (key.n > HMAC_BLOCK) {
		short_key = hasher_of(hasher, &key, 1);
		key = hash_str(&short_key);
	}
	pad_key(key, 0x36, block);
	hasher_start(hasher);
	hasher_add(hasher, str_from_bytes(block, sizeof block));
	for (size_t i = 0; i < count; i++)
		hasher_add(hasher, pieces[i]);
	struct hash inner = hasher_end(hasher);
	pad_key(key, 0x5C, block);
	struct str outer[2] = { str_from_bytes(block, sizeof block), hash_str(&inner) };
	struct hash out = hasher_of(hasher, outer, 2);
	OPENSSL_cleanse(block, sizeof block);
	OPENSSL_cleanse(&state, sizeof state);
	return out;
}

static void sha1_of(struct str first, struct str second, uint8_t out[SHA_DIGEST_LENGTH])
{
	SHA_CTX state;
	base_check(SHA1_Init(&state) == 1);
	base_check(SHA1_Update(&state, first.p, first.n) == 1);
	base_check(second.n == 0 || SHA1_Update(&state, second.p, second.n) == 1);
	base_check(SHA1_Final(out, &state) == 1);
	OPENSSL_cleanse(&state, sizeof state);
}

void hash_hmac_sha1(struct str key, struct str bytes, uint8_t out[20])
{
	unsigned char block[HMAC_BLOCK];
	uint8_t short_key[SHA_DIGEST_LENGTH];
	if (key.n > HMAC_BLOCK) {
		sha1_of(key, STR_NONE, short_key);
		key = str_from_bytes(short_key, sizeof short_key);
	}
	pad_key(key, 0x36, block);
	sha1_of(str_from_bytes(block, sizeof block), bytes, out);
	pad_key(key, 0x5C, block);
	sha1_of(str_from_bytes(block, sizeof block), str_from_bytes(out, 20), out);
	OPENSSL_cleanse(block, sizeof block);
}

bool hash_eq(const struct hash *a, const struct hash *b)
{
	return memcmp(a->bytes, b->bytes, HASH_SIZE) == 0;
}

struct str hash_str(const struct hash *hash)
{
	return str_from_bytes(hash->bytes, HASH_SIZE);
}

struct str hash_hex(struct arena *arena, const struct hash *hash)
{
	char *out = arena_alloc(arena, 2 * HASH_SIZE + 1, 1);
	if (!out)
		return STR_NONE;
	hex_write(out, hash->bytes, HASH_SIZE);
	return (struct str){ out, 2 * HASH_SIZE };
}

bool hash_read_hex(struct str text, struct hash *out)
{
	return hex_read(text, out->bytes, HASH_SIZE);
}
