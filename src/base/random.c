/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Random bytes: libsodium's generator, or ChaCha20 under a seed (libsodium, deterministic). */
#include "base/random.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

struct random_source {
	bool is_seeded;
	bool is_pooled;
	unsigned char key[crypto_stream_chacha20_KEYBYTES];
	unsigned char block[512]; /* of the stream or the system, used from `at` on */
	size_t at;
	uint64_t next; /* block number */
};

struct random_source *random_system_create(void)
{
	struct random_source *source = calloc(1, sizeof *source);
	base_check(source != NULL && sodium_init() >= 0);
	return source;
}

struct random_source *random_pooled_create(void)
{
	struct random_source *source = random_system_create();
	source->is_pooled = true;
	source->at = sizeof source->block;
	return source;
}

struct random_source *random_seeded_create(uint64_t seed)
{
	struct random_source *source = random_system_create();
	unsigned char text[8];
	for (int i = 0; i < 8; i++)
		text[i] = (unsigned char)(seed >> (8 * i));
	base_check(crypto_generichash(source->key, sizeof source->key, text, sizeof text, NULL,
	                              0) == 0);
	source->is_seeded = true;
	source->at = sizeof source->block;
	return source;
}

void random_destroy(struct random_source *source)
{
	if (source)
		sodium_memzero(source, sizeof *source);
	free(source);
}

static void refill(struct random_source *source)
{
	if (source->is_pooled) {
		randombytes_buf(source->block, sizeof source->block);
		source->at = 0;
		return;
	}
	unsigned char nonce[crypto_stream_chacha20_NONCEBYTES];
	for (int i = 0; i < 8; i++)
		nonce[i] = (unsigned char)(source->next >> (8 * i));
	source->next++;
	base_check(crypto_stream_chacha20(source->block, sizeof source->block, nonce,
	                                  source->key) == 0);
	source->at = 0;
}

void random_bytes(struct random_source *source, void *out, size_t n)
{
	unsigned char *p = out;
	if (!source->is_seeded && !source->is_pooled) {
		randombytes_buf(out, n);
		return;
	}
	while (n > 0) {
		if (source->at == sizeof source->block)
			refill(source);
		size_t piece = sizeof source->block - source->at;
		if (piece > n)
			piece = n;
		memcpy(p, source->block + source->at, piece);
		memset(source->block + source->at, 0, piece); /* given once */
		source->at += piece;
		p += piece;
		n -= piece;
	}
}

uint64_t random_below(struct random_source *source, uint64_t below)
{
	base_check(below > 0);
	uint64_t limit = UINT64_MAX - UINT64_MAX % below, value;
	do {
		random_bytes(source, &value, sizeof value);
	} while (value >= limit);
	return value % below;
}
