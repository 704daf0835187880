/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/dictionary.h"

#define FIRST_ROOM 1024
#define AHEAD 16 /* texts whose slots are asked for before they are put */
#define BLOCK_BYTES ((uint32_t)1 << 18)

__extension__ typedef unsigned __int128 wide;

/* Both halves of a product, folded into one. */
static uint64_t fold_product(uint64_t a, uint64_t b)
{
	wide product = (wide)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t read_8(const char *p)
{
	uint64_t out;
	memcpy(&out, p, 8);
	return out;
}

static uint64_t read_4(const char *p)
{
	uint32_t out;
	memcpy(&out, p, 4);
	return out;
}

/* Up to 8 bytes, the first lowest; in steps of a size that is known, which may read one twice. */
static inline uint64_t read_bytes(const char *p, size_t n)
{
	if (n >= 8)
		return read_8(p);
	if (n >= 4)
		return read_4(p) | read_4(p + n - 4) << 8 * (n - 4);
	if (n == 0)
		return 0;
	uint64_t first = (uint8_t)p[0], middle = (uint8_t)p[n / 2], last = (uint8_t)p[n - 1];
	return first | middle << 8 * (n / 2) | last << 8 * (n - 1);
}

static bool is_same(const char *a, const char *b, size_t n)
{
	if (n > 16)
		return memcmp(a, b, n) == 0;
	if (n >= 8)
		return ((read_8(a) ^ read_8(b)) | (read_8(a + n - 8) ^ read_8(b + n - 8))) == 0;
	return read_bytes(a, n) == read_bytes(b, n);
}

uint64_t dictionary_hash(struct str text, uint64_t seed)
{
	static const uint64_t A = UINT64_C(0x9E3779B97F4A7C15), B = UINT64_C(0xD6E8FEB86659FD93);
	uint64_t hash = seed ^ fold_product(text.n ^ A, B);
	size_t at = 0;
	for (; text.n - at >= 16; at += 16)
		hash = fold_product(read_bytes(text.p + at, 8) ^ A ^ hash,
		                    read_bytes(text.p + at + 8, 8) ^ B ^ seed);
	size_t left = text.n - at;
	uint64_t first = left ? read_bytes(text.p + at, left > 8 ? 8 : left) : 0;
	uint64_t second = left > 8 ? read_bytes(text.p + at + 8, left - 8) : 0;
	return fold_product(fold_product(first ^ A ^ hash, second ^ B ^ seed) ^ A, hash ^ B);
}

bool dictionary_init(struct dictionary *dictionary, struct pool *pool, uint64_t seed)
{
	*dictionary = (struct dictionary){ .pool = pool,
		                           .seed = seed,
		                           .count = 1,
		                           .room = FIRST_ROOM,
		                           .mask = 2 * FIRST_ROOM - 1 };
	dictionary->texts = pool_take(pool, FIRST_ROOM, sizeof *dictionary->texts);
	dictionary->slots = pool_take(pool, 2 * FIRST_ROOM, sizeof *dictionary->slots);
	if (dictionary->texts && dictionary->slots)
		return true;
	dictionary_finish(dictionary);
	return false;
}

void dictionary_finish(struct dictionary *dictionary)
{
	if (!dictionary->pool)
		return;
	for (uint32_t i = 0; i < dictionary->block_count; i++)
		pool_give(dictionary->pool, dictionary->blocks[i]);
	pool_give(dictionary->pool, dictionary->blocks);
	pool_give(dictionary->pool, dictionary->texts);
	pool_give(dictionary->pool, dictionary->slots);
	*dictionary = (struct dictionary){ .pool = NULL };
}

static uint32_t slot_of(const struct dictionary *dictionary, struct str text, uint32_t hash)
{
	uint32_t slot = hash & dictionary->mask;
	for (;; slot = (slot + 1) & dictionary->mask) {
		uint32_t code = dictionary->slots[slot];
		const struct dictionary_text *there = &dictionary->texts[code];
		if (!code || (there->hash == hash && there->n == text.n &&
		              is_same(there->p, text.p, text.n)))
			return slot;
	}
}

/* Twice the room; the slots are at most half full. */
static bool grow(struct dictionary *dictionary)
{
	uint32_t room = dictionary->room * 2;
	if (room > UINT32_MAX / 8)
		return false;
	struct dictionary_text *texts =
		pool_grow(dictionary->pool, dictionary->texts, room, sizeof *texts);
	if (!texts)
		return false;
	dictionary->texts = texts;
	uint32_t *slots = pool_take(dictionary->pool, (size_t)room * 2, sizeof *slots);
	if (!slots)
		return false;
	uint32_t mask = room * 2 - 1;
	pool_touch(slots);
	for (uint32_t code = 1; code < dictionary->count; code++) {
		if (code + AHEAD < dictionary->count)
			__builtin_prefetch(&slots[texts[code + AHEAD].hash & mask], 1);
		if (!texts[code].n) /* forgotten */
			continue;
		uint32_t slot = texts[code].hash & mask;
		while (slots[slot])
			slot = (slot + 1) & mask;
		slots[slot] = code;
	}
	pool_give(dictionary->pool, dictionary->slots);
	dictionary->slots = slots;
	dictionary->mask = mask;
	dictionary->room = room;
	return true;
}

bool dictionary_reserve(struct dictionary *dictionary, uint32_t more)
{
	while (dictionary->room - dictionary->count < more) {
		if (!grow(dictionary))
			return false;
	}
	return true;
}

static const char *copy_bytes(struct dictionary *dictionary, struct str text)
{
	uint32_t n = (uint32_t)text.n;
	if (n > dictionary->block_left) {
		uint32_t room = n > BLOCK_BYTES ? n : BLOCK_BYTES;
		char **blocks = pool_grow(dictionary->pool, dictionary->blocks,
		                          dictionary->block_count + 1, sizeof *blocks);
		if (!blocks)
			return NULL;
		dictionary->blocks = blocks;
		char *block = pool_take(dictionary->pool, room, 1);
		if (!block)
			return NULL;
		blocks[dictionary->block_count++] = block;
		dictionary->block_left = room;
	}
	char *block = dictionary->blocks[dictionary->block_count - 1];
	size_t bytes = dictionary->block_left > BLOCK_BYTES ? dictionary->block_left : BLOCK_BYTES;
	char *out = block + (bytes - dictionary->block_left);
	memcpy(out, text.p, n);
	dictionary->block_left -= n;
	return out;
}

static uint32_t put_hashed(struct dictionary *dictionary, struct str text, uint32_t hash,
                           bool is_copied)
{
	if (text.n == 0)
		return 0;
	if (text.n > UINT32_MAX / 2)
		return UINT32_MAX;
	uint32_t slot = slot_of(dictionary, text, hash);
	if (dictionary->slots[slot])
		return dictionary->slots[slot];
	if (dictionary->count == dictionary->room) {
		if (!grow(dictionary))
			return UINT32_MAX;
		slot = slot_of(dictionary, text, hash);
	}
	const char *p = is_copied ? copy_bytes(dictionary, text) : text.p;
	if (!p)
		return UINT32_MAX;
	uint32_t code = dictionary->count++;
	dictionary->texts[code] = (struct dictionary_text){ p, (uint32_t)text.n, hash };
	dictionary->slots[slot] = code;
	return code;
}

static uint32_t put(struct dictionary *dictionary, struct str text, bool is_copied)
{
	return put_hashed(dictionary, text, (uint32_t)dictionary_hash(text, dictionary->seed),
	                  is_copied);
}

void dictionary_put_some(struct dictionary *dictionary, struct dictionary_put *puts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		puts[i].hash = (uint32_t)dictionary_hash(puts[i].text, dictionary->seed);
		__builtin_prefetch(&dictionary->slots[puts[i].hash & dictionary->mask]);
	}
	for (size_t i = 0; i < count; i++)
		__builtin_prefetch(
			&dictionary->texts[dictionary->slots[puts[i].hash & dictionary->mask]]);
	for (size_t i = 0; i < count; i++)
		__builtin_prefetch(
			dictionary->texts[dictionary->slots[puts[i].hash & dictionary->mask]].p);
	for (size_t i = 0; i < count; i++)
		puts[i].code =
			put_hashed(dictionary, puts[i].text, puts[i].hash, puts[i].is_copied);
}

uint32_t dictionary_put(struct dictionary *dictionary, struct str text)
{
	return put(dictionary, text, false);
}

uint32_t dictionary_put_copy(struct dictionary *dictionary, struct str text)
{
	return put(dictionary, text, true);
}

uint32_t dictionary_find(const struct dictionary *dictionary, struct str text)
{
	uint32_t hash = (uint32_t)dictionary_hash(text, dictionary->seed);
	return text.n ? dictionary->slots[slot_of(dictionary, text, hash)] : 0;
}

/* Whoever is looked for passes no free slot: those behind move up where they may. */
static void free_slot(struct dictionary *dictionary, uint32_t slot)
{
	uint32_t mask = dictionary->mask, *slots = dictionary->slots;
	for (uint32_t at = (slot + 1) & mask; slots[at]; at = (at + 1) & mask) {
		uint32_t first = dictionary->texts[slots[at]].hash & mask;
		if (((at - first) & mask) < ((at - slot) & mask))
			continue;
		slots[slot] = slots[at];
		slot = at;
	}
	slots[slot] = 0;
}

void dictionary_forget(struct dictionary *dictionary, uint32_t code)
{
	struct dictionary_text *text = &dictionary->texts[code];
	uint32_t slot = text->hash & dictionary->mask;
	char *letters;
	while (dictionary->slots[slot] != code)
		slot = (slot + 1) & dictionary->mask;
	free_slot(dictionary, slot);
	memcpy(&letters, &text->p, sizeof letters); /* they are the dictionary's own */
	base_wipe(letters, text->n);
	*text = (struct dictionary_text){ .p = NULL };
}

struct str dictionary_text(const struct dictionary *dictionary, uint32_t code)
{
	const struct dictionary_text *text = &dictionary->texts[code];
	return (struct str){ text->p, text->n };
}
