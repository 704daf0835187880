/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The code by which a reporter comes back. It is cut
 * from an HMAC, so that nobody has to keep it and a retry gives it again.
 */
#include "vault/state.h"

#define WORD_BITS 11
#define DIGITS_END 10000

static struct str return_key(const struct vault *vault)
{
	return str_from_bytes(vault->keys->answer, VAULT_KEY_SIZE);
}

static uint64_t read_big_endian(const uint8_t bytes[8])
{
	uint64_t value = 0;
	for (int i = 0; i < 8; i++)
		value = value << 8 | bytes[i];
	return value;
}

struct vault_return_code vault_return_code(const struct vault *vault, struct str submission,
                                           const struct hash *act)
{
	const struct str pieces[] = { submission, hash_str(act) };
	struct vault_return_code code = { 0 };
	struct hash mac = hash_hmac(return_key(vault), pieces, COUNT_OF(pieces));
	/* The first 44 bits are the words; 64 bits of their own make the digits, all but evenly. */
	uint64_t words = read_big_endian(mac.bytes);
	for (int i = 0; i < 4; i++)
		code.word[i] = (uint16_t)(words >> (64 - WORD_BITS * (i + 1)) & 2047);
	code.digits = (uint16_t)(read_big_endian(mac.bytes + 8) % DIGITS_END);
	sodium_memzero(&mac, sizeof mac);
	return code;
}

void vault_return_canonical(const struct vault_return_code *code,
                            uint8_t out[VAULT_RETURN_CANONICAL])
{
	uint64_t value = 0;
	for (int i = 0; i < 4; i++)
		value = value << WORD_BITS | (code->word[i] & 2047);
	value = value << 14 | (code->digits & 16383);
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t)(value >> (56 - 8 * i));
}

struct hash vault_return_tag(const struct vault *vault,
                             const uint8_t canonical[VAULT_RETURN_CANONICAL])
{
	const struct str pieces[] = { STR("candour/return/v1\n"),
		                      str_from_bytes(canonical, VAULT_RETURN_CANONICAL) };
	return hash_hmac(return_key(vault), pieces, COUNT_OF(pieces));
}

struct hash vault_tag(const struct vault *vault, struct str purpose, struct str text)
{
	/* A key of its own, so that no tag is ever a code's and no code a tag's. */
	const struct str label = STR("candour/tag-key/v1\n");
	const struct str pieces[] = { purpose, STR("\n"), text };
	struct hash key = hash_hmac(return_key(vault), &label, 1);
	struct hash tag = hash_hmac(hash_str(&key), pieces, COUNT_OF(pieces));
	sodium_memzero(&key, sizeof key);
	return tag;
}

void vault_promise_seed(const struct vault *vault, uint8_t out[VAULT_KEY_SIZE])
{
	memcpy(out, vault->keys->promise, VAULT_KEY_SIZE);
}
