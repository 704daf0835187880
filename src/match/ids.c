/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/ids.h"

#define MARK 2 /* bytes of "a:" */

bool ids_open(struct ids *ids, const struct claims *claims)
{
	*ids = (struct ids){ .claims = claims };
	if (!dictionary_init(&ids->codes, claims->pool, claims->limits.seed))
		return false;
	for (uint32_t i = 0; i < claims->count; i++) {
		if (dictionary_put(&ids->codes, claims_id(claims, i)) == UINT32_MAX) {
			dictionary_finish(&ids->codes);
			return false;
		}
	}
	return true;
}

void ids_close(struct ids *ids)
{
	dictionary_finish(&ids->codes);
}

uint32_t ids_find(const struct ids *ids, struct str id, enum ids_side side)
{
	char room[1024];
	uint32_t code = dictionary_find(&ids->codes, id);
	if (!code && ids->claims->file_count == 2 && id.n + MARK <= sizeof room) {
		memcpy(room, side == IDS_LEFT ? "a:" : "b:", MARK);
		memcpy(room + MARK, id.p, id.n);
		code = dictionary_find(&ids->codes, (struct str){ room, id.n + MARK });
	}
	return code ? code - 1 : IDS_ABSENT;
}

static bool is_marked(struct str id)
{
	return str_starts(id, STR("a:")) || str_starts(id, STR("b:"));
}

/* Which claims share their id with the other file's: a bit each; the number of them. */
static bool find_shared(const struct claims *claims, uint8_t *is_shared, size_t *count)
{
	struct dictionary first;
	bool done = dictionary_init(&first, claims->pool, claims->limits.seed);
	*count = 0;
	for (uint32_t i = 0; done && i < claims->first_count; i++)
		done = dictionary_put(&first, claims_id(claims, i)) != UINT32_MAX;
	for (uint32_t i = claims->first_count; done && i < claims->count; i++) {
		uint32_t code = dictionary_find(&first, claims_id(claims, i));
		if (!code)
			continue;
		is_shared[i] = is_shared[code - 1] = 1;
		*count += 2;
	}
	dictionary_finish(&first);
	return done;
}

static void copy_marked(const struct claims *claims, const uint8_t *is_shared, bool is_all,
                        char *letters, uint64_t *ends)
{
	size_t at = 0;
	for (uint32_t i = 0; i < claims->count; i++) {
		struct str id = claims_id(claims, i);
		if (is_all || is_shared[i]) {
			memcpy(letters + at, i < claims->first_count ? "a:" : "b:", MARK);
			at += MARK;
		}
		memcpy(letters + at, id.p, id.n);
		at += id.n;
		ends[i] = at;
	}
}

static bool mark(struct claims *claims, const uint8_t *is_shared, size_t count)
{
	bool is_all = false;
	for (uint32_t i = 0; !is_all && i < claims->count; i++)
		is_all = is_marked(claims_id(claims, i));
	size_t bytes = claims->id_bytes + MARK * (is_all ? claims->count : count);
	char *letters = pool_take(claims->pool, bytes, 1);
	uint64_t *ends = pool_take(claims->pool, claims->count, sizeof *ends);
	if (!letters || !ends) {
		pool_give(claims->pool, letters);
		pool_give(claims->pool, ends);
		return false;
	}
	copy_marked(claims, is_shared, is_all, letters, ends);
	pool_give(claims->pool, claims->id_letters);
	pool_give(claims->pool, claims->id_ends);
	claims->id_letters = letters;
	claims->id_ends = ends;
	claims->id_bytes = bytes;
	return true;
}

bool ids_tell_apart(struct claims *claims)
{
	size_t count;
	uint8_t *is_shared = pool_take(claims->pool, claims->count, 1);
	bool done = is_shared && find_shared(claims, is_shared, &count) &&
	            (count == 0 || mark(claims, is_shared, count));
	pool_give(claims->pool, is_shared);
	return done;
}
