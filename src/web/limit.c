/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Time is cut in slices of ten seconds. A place counts what fell into the
 * current slice and the six before it, which hold the last minute whole; their
 * sum is at most the limit, so that no stretch of 60 seconds sees more.
 */
#include "web/limit.h"

#include <stdlib.h>
#include <pthread.h>

#define SLICES 7 /* the current one, and the six that the last minute reaches into */
#define SLICE_US (10 * INSTANT_PER_SECOND)
#define WAYS 8 /* places that one hash may take */

struct place {
	uint64_t key[2]; /* half of the peer's hash: enough to tell peers apart */
	int64_t slice;   /* number of the newest slice counted; 0: free */
	uint16_t counts[SLICES];
	uint8_t kind;
};

struct limits {
	pthread_mutex_t lock;
	unsigned a_minute[LIMIT_KINDS]; /* set at creation */
	size_t sets;                    /* set at creation */
	struct place *places;           /* guarded by lock */
};

struct limits *limits_create(const unsigned a_minute[LIMIT_KINDS], size_t places)
{
	if (places > LIMIT_PLACES_MAX)
		places = LIMIT_PLACES_MAX;
	struct limits *limits = calloc(1, sizeof *limits);
	if (!limits)
		return NULL;
	limits->sets = places / WAYS + (places % WAYS != 0 || places == 0);
	limits->places = calloc(limits->sets * WAYS, sizeof *limits->places);
	if (!limits->places || pthread_mutex_init(&limits->lock, NULL) != 0) {
		free(limits->places);
		free(limits);
		return NULL;
	}
	memcpy(limits->a_minute, a_minute, sizeof limits->a_minute);
	return limits;
}

void limits_destroy(struct limits *limits)
{
	if (!limits)
		return;
	pthread_mutex_destroy(&limits->lock);
	free(limits->places);
	free(limits);
}

/* The place of a peer and kind, taken from the longest unused when it has none. */
static struct place *find_place(struct limits *limits, enum limit_kind kind,
                                const struct hash *peer)
{
	uint64_t key[2];
	memcpy(key, peer->bytes, sizeof key);
	uint64_t mixed = key[0] + (uint64_t)kind * UINT64_C(0x9e3779b97f4a7c15);
	struct place *set = &limits->places[(size_t)(mixed % limits->sets) * WAYS];
	struct place *oldest = set;
	for (size_t i = 0; i < WAYS; i++) {
		struct place *place = &set[i];
		if (place->slice != 0 && place->kind == kind &&
		    memcmp(place->key, key, sizeof key) == 0)
			return place;
		if (place->slice < oldest->slice)
			oldest = place;
	}
	*oldest = (struct place){ .kind = (uint8_t)kind };
	memcpy(oldest->key, key, sizeof key);
	return oldest;
}

/* Forgets the slices between the newest counted and `slice`. A clock that steps back changes
 * nothing. */
static void move_on(struct place *place, int64_t slice)
{
	if (slice <= place->slice)
		return;
	int64_t steps = slice - place->slice;
	for (int64_t i = 1; i <= steps && i <= SLICES; i++)
		place->counts[(place->slice + i) % SLICES] = 0;
	if (steps > SLICES)
		memset(place->counts, 0, sizeof place->counts);
	place->slice = slice;
}

static unsigned count_minute(const struct place *place)
{
	unsigned sum = 0;
	for (size_t i = 0; i < SLICES; i++)
		sum += place->counts[i];
	return sum;
}

/* Seconds until enough of the counted has left the minute. */
static unsigned wait_of(const struct place *place, unsigned limit, instant now)
{
	unsigned left = count_minute(place);
	for (int64_t ago = SLICES - 1; ago >= 0; ago--) {
		left -= place->counts[(place->slice + SLICES - ago) % SLICES];
		if (left >= limit)
			continue;
		/* Slice s leaves when slice s + SLICES begins. */
		instant at = (place->slice - ago + SLICES) * SLICE_US;
		int64_t seconds = (at - now + INSTANT_PER_SECOND - 1) / INSTANT_PER_SECOND;
		return seconds < 1 ? 1 : (unsigned)seconds;
	}
	return 1; /* not reached: without any counted there is room */
}

static unsigned ask(struct limits *limits, enum limit_kind kind, const struct hash *peer,
                    instant now, unsigned count)
{
	unsigned limit = limits->a_minute[kind];
	unsigned wait = 0;
	pthread_mutex_lock(&limits->lock);
	struct place *place = find_place(limits, kind, peer);
	move_on(place, now / SLICE_US + 1);
	/* The slice number is one more than the time's, so that 0 can mean free. */
	if (count_minute(place) >= limit)
		wait = wait_of(place, limit, now + SLICE_US);
	else
		place->counts[place->slice % SLICES] =
			(uint16_t)(place->counts[place->slice % SLICES] + count);
	pthread_mutex_unlock(&limits->lock);
	return wait;
}

unsigned limit_take(struct limits *limits, enum limit_kind kind, const struct hash *peer,
                    instant now)
{
	return ask(limits, kind, peer, now, 1);
}

unsigned limit_look(struct limits *limits, enum limit_kind kind, const struct hash *peer,
                    instant now)
{
	return ask(limits, kind, peer, now, 0);
}
