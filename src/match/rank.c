/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/rank.h"

#include <stdlib.h>

#include "match/sort.h"

static int by_id(const struct claims *claims, uint32_t a, uint32_t b)
{
	return str_compare(claims_id(claims, a), claims_id(claims, b));
}

/* Ids of one hash, which hardly ever are, by themselves. */
static void rank_equal(const struct claims *claims, struct sort_key *keys, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct sort_key key = keys[i];
		size_t to = i;
		for (; to > 0 && keys[to - 1].key == key.key &&
		       by_id(claims, keys[to - 1].at, key.at) > 0;
		     to--)
			keys[to] = keys[to - 1];
		keys[to] = key;
	}
}

/* Of one file; `room` as large as `keys`. */
static void rank_file(struct claims *claims, struct sort_key *keys, struct sort_key *room,
                      uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		keys[i] = (struct sort_key){
			dictionary_hash(claims_id(claims, i), claims->limits.seed), i, 0
		};
	sort_keys(keys + from, room, to - from);
	rank_equal(claims, keys + from, to - from);
	for (uint32_t i = from; i < to; i++) {
		claims->by_rank[i] = keys[i].at;
		claims->ranks[keys[i].at] = i;
	}
}

bool rank_claims(struct claims *claims)
{
	struct sort_key *keys = pool_take(claims->pool, claims->count, sizeof *keys),
			*room = pool_take(claims->pool, claims->count, sizeof *room);
	claims->ranks = pool_take(claims->pool, claims->count, sizeof *claims->ranks);
	claims->by_rank = pool_take(claims->pool, claims->count, sizeof *claims->by_rank);
	bool done = keys && room && claims->ranks && claims->by_rank;
	if (done) {
		rank_file(claims, keys, room, 0, claims->first_count);
		rank_file(claims, keys, room, claims->first_count, claims->count);
	}
	pool_give(claims->pool, keys);
	pool_give(claims->pool, room);
	return done;
}

/* --- places
 * ---------------------------------------------------------------------------------------------- */

/* The first eight bytes as a number, which mostly decides. */
static uint64_t key_of(struct str id)
{
	uint64_t out = 0;
	for (size_t i = 0; i < 8; i++)
		out = out << 8 | (i < id.n ? (uint8_t)id.p[i] : 0);
	return out;
}

static bool are_ids_in_order(const struct claims *claims)
{
	for (uint32_t i = 1; i < claims->count; i++) {
		if (by_id(claims, i - 1, i) >= 0)
			return false;
	}
	return true;
}

struct named {
	struct str id;
	uint32_t claim;
};

static int by_name(const void *a, const void *b)
{
	return str_compare(((const struct named *)a)->id, ((const struct named *)b)->id);
}

/* Those that begin alike. */
static bool place_alike(const struct claims *claims, struct sort_key *keys, size_t count)
{
	struct named *named = pool_take(claims->pool, count, sizeof *named);
	for (size_t i = 0; named && i < count; i++)
		named[i] = (struct named){ claims_id(claims, keys[i].at), keys[i].at };
	if (named)
		qsort(named, count, sizeof *named, by_name);
	for (size_t i = 0; named && i < count; i++)
		keys[i].at = named[i].claim;
	pool_give(claims->pool, named);
	return named != NULL;
}

static bool put_in_places(const struct claims *claims, struct sort_key *keys)
{
	bool done = sort_keys_shared(keys, claims->count, claims->pool, claims->limits.threads);
	for (size_t from = 0, to; done && from < claims->count; from = to) {
		for (to = from + 1; to < claims->count && keys[to].key == keys[from].key; to++) {
		}
		done = to - from < 2 || place_alike(claims, keys + from, to - from);
	}
	return done;
}

uint32_t *rank_places(const struct claims *claims)
{
	uint32_t *places = pool_take(claims->pool, claims->count, sizeof *places);
	if (!places || are_ids_in_order(claims)) {
		for (uint32_t i = 0; places && i < claims->count; i++)
			places[i] = i;
		return places;
	}
	struct sort_key *keys = pool_take(claims->pool, claims->count, sizeof *keys);
	for (uint32_t i = 0; keys && i < claims->count; i++)
		keys[i] = (struct sort_key){ key_of(claims_id(claims, i)), i, 0 };
	bool done = keys && put_in_places(claims, keys);
	for (uint32_t i = 0, place = 0; done && i < claims->count; i++) {
		place += i > 0 && by_id(claims, keys[i - 1].at, keys[i].at) != 0;
		places[keys[i].at] = place;
	}
	pool_give(claims->pool, keys);
	if (done)
		return places;
	pool_give(claims->pool, places);
	return NULL;
}
