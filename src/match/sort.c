/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * By the highest bits in which keys differ, part by part: what is large is gone
 * through once, and its parts lie near each other from then on.
 */
#include "match/sort.h"

#include "match/work.h"

#define FEW 24 /* are put in their places one by one */
#define MANY ((size_t)1 << 16)
#define DIGIT_OF_MANY 11 /* bits */
#define DIGIT 8
#define DIGITS_MOST ((size_t)1 << DIGIT_OF_MANY)

struct digit {
	unsigned shift, bits;
};

static size_t digit_of(struct digit digit, uint64_t key)
{
	return key >> digit.shift & ((UINT64_C(1) << digit.bits) - 1);
}

/* The highest bits in which any two differ; of none, 0 bits. */
static struct digit choose_digit(const struct sort_key *keys, size_t count, unsigned bits)
{
	uint64_t differ = 0;
	for (size_t i = 1; i < count; i++)
		differ |= keys[i].key ^ keys[0].key;
	unsigned top = differ ? 64 - (unsigned)__builtin_clzll(differ) : 0;
	return top >= bits ? (struct digit){ top - bits, bits } : (struct digit){ 0, top };
}

/* ends[d]: where the keys of digit d end. */
static void part_keys(struct sort_key *keys, struct sort_key *room, size_t count,
                      struct digit digit, uint32_t *ends)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < count; i++)
		ends[digit_of(digit, keys[i].key)]++;
	for (size_t d = 0; d < (size_t)1 << digit.bits; d++) {
		uint32_t here = ends[d];
		ends[d] = sum;
		sum += here;
	}
	for (size_t i = 0; i < count; i++)
		room[ends[digit_of(digit, keys[i].key)]++] = keys[i];
	memcpy(keys, room, count * sizeof *keys);
}

static void sort_few(struct sort_key *keys, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct sort_key key = keys[i];
		size_t to = i;
		for (; to > 0 && keys[to - 1].key > key.key; to--)
			keys[to] = keys[to - 1];
		keys[to] = key;
	}
}

/* All but the largest, of which there is one. */
static void sort_part(struct sort_key *keys, struct sort_key *room, size_t count)
{
	if (count <= FEW) {
		sort_few(keys, count);
		return;
	}
	struct digit digit = choose_digit(keys, count, DIGIT);
	uint32_t ends[1 << DIGIT] = { 0 };
	if (!digit.bits)
		return;
	part_keys(keys, room, count, digit, ends);
	for (size_t d = 0, from = 0; d < (size_t)1 << digit.bits; from = ends[d++])
		sort_part(keys + from, room + from, ends[d] - from);
}

struct sorting {
	struct sort_key *keys, *room;
	uint32_t ends[DIGITS_MOST];
};

static bool sort_shared(void *ctx, size_t part, unsigned thread)
{
	const struct sorting *sorting = ctx;
	size_t from = part ? sorting->ends[part - 1] : 0;
	(void)thread;
	sort_part(sorting->keys + from, sorting->room + from, sorting->ends[part] - from);
	return true;
}

static bool sort_all(struct sorting *sorting, size_t count, unsigned threads)
{
	struct digit digit =
		choose_digit(sorting->keys, count, count < MANY ? DIGIT : DIGIT_OF_MANY);
	if (!digit.bits)
		return true;
	part_keys(sorting->keys, sorting->room, count, digit, sorting->ends);
	return work_share(threads, (size_t)1 << digit.bits, sort_shared, sorting);
}

void sort_keys(struct sort_key *keys, struct sort_key *room, size_t count)
{
	struct sorting sorting = { .keys = keys, .room = room };
	(void)sort_all(&sorting, count, 1);
}

bool sort_keys_shared(struct sort_key *keys, size_t count, struct pool *pool, unsigned threads)
{
	struct sorting sorting = { .keys = keys };
	sorting.room = pool_take(pool, count, sizeof *keys);
	bool done = sorting.room && sort_all(&sorting, count, count < MANY ? 1 : threads);
	pool_give(pool, sorting.room);
	return done;
}
