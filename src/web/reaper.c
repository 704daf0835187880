/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/reaper.h"

#include <stdlib.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOOK_EVERY_MS 250
#define BYTES_A_SECOND (16 * 1024) /* the slowest line we wait for */

struct reaper_slot {
	bool is_open;
	bool is_cut; /* shut down, not yet closed by the library */
	bool has_peer;
	int fd;
	enum reaper_phase phase;
	int64_t since_us;
	int64_t deadline_us;
	struct hash peer;
};

struct reaper {
	struct reaper_rules rules; /* set at creation */
	pthread_mutex_t lock;
	struct reaper_slot *slots; /* guarded by lock */
	size_t open;               /* guarded by lock */
	int wake[2];               /* set at creation; a byte ends the thread */
	pthread_t thread;
	bool has_thread; /* of the creating thread */
};

struct reaper *reaper_create(const struct reaper_rules *rules)
{
	struct reaper *reaper = calloc(1, sizeof *reaper);
	if (!reaper)
		return NULL;
	reaper->rules = *rules;
	reaper->slots = calloc(rules->connections_max, sizeof *reaper->slots);
	if (!reaper->slots || pipe(reaper->wake) != 0) {
		free(reaper->slots);
		free(reaper);
		return NULL;
	}
	pthread_mutex_init(&reaper->lock, NULL);
	return reaper;
}

void reaper_destroy(struct reaper *reaper)
{
	if (!reaper)
		return;
	(void)close(reaper->wake[1]); /* the thread sees the end of the pipe */
	if (reaper->has_thread)
		(void)pthread_join(reaper->thread, NULL);
	(void)close(reaper->wake[0]);
	pthread_mutex_destroy(&reaper->lock);
	free(reaper->slots);
	free(reaper);
}

static size_t count_peer(const struct reaper *reaper, const struct hash *peer)
{
	size_t count = 0;
	for (size_t i = 0; i < reaper->rules.connections_max; i++) {
		const struct reaper_slot *slot = &reaper->slots[i];
		count += slot->is_open && slot->has_peer && hash_eq(&slot->peer, peer);
	}
	return count;
}

/* Under the lock: the descriptor is certain to be this connection's. Does not block. */
static void cut(struct reaper_slot *slot)
{
	slot->is_cut = true;
	(void)shutdown(slot->fd, slot->phase == REAPER_ANSWER ? SHUT_RDWR : SHUT_RD);
}

struct reaper_slot *reaper_add(struct reaper *reaper, int fd, const struct hash *peer,
                               int64_t now_us)
{
	struct reaper_slot *free_slot = NULL;
	pthread_mutex_lock(&reaper->lock);
	for (size_t i = 0; i < reaper->rules.connections_max && !free_slot; i++)
		if (!reaper->slots[i].is_open)
			free_slot = &reaper->slots[i];
	if (free_slot) {
		bool is_crowded = peer && count_peer(reaper, peer) >= reaper->rules.peer_max;
		*free_slot = (struct reaper_slot){
			.is_open = true,
			.fd = fd,
			.phase = REAPER_HEAD,
			.since_us = now_us,
			.deadline_us = now_us + reaper->rules.head_us,
			.has_peer = peer != NULL,
		};
		if (peer)
			free_slot->peer = *peer;
		reaper->open++;
		if (is_crowded) {
			free_slot->is_cut = true;
			(void)shutdown(fd, SHUT_RDWR);
		}
	}
	pthread_mutex_unlock(&reaper->lock);
	return free_slot;
}

void reaper_remove(struct reaper *reaper, struct reaper_slot *slot)
{
	if (!slot)
		return;
	pthread_mutex_lock(&reaper->lock);
	*slot = (struct reaper_slot){ .fd = -1 };
	reaper->open--;
	pthread_mutex_unlock(&reaper->lock);
}

static void enter(struct reaper *reaper, struct reaper_slot *slot, enum reaper_phase phase,
                  int64_t now_us, int64_t length_us)
{
	if (!slot)
		return;
	pthread_mutex_lock(&reaper->lock);
	slot->phase = phase;
	slot->since_us = now_us;
	slot->deadline_us = now_us + length_us;
	pthread_mutex_unlock(&reaper->lock);
}

void reaper_enter(struct reaper *reaper, struct reaper_slot *slot, enum reaper_phase phase,
                  uint64_t bytes, int64_t now_us)
{
	uint64_t seconds = bytes / BYTES_A_SECOND;
	int64_t more = seconds > 86400 ? 86400 : (int64_t)seconds; /* a day is for ever */
	int64_t base = phase == REAPER_HEAD ? reaper->rules.head_us : reaper->rules.body_us;
	enter(reaper, slot, phase, now_us, base + more * INSTANT_PER_SECOND);
}

void reaper_wait(struct reaper *reaper, struct reaper_slot *slot, int64_t now_us)
{
	enter(reaper, slot, REAPER_HEAD, now_us, reaper->rules.idle_us + reaper->rules.head_us);
}

/* The oldest that awaits its head, not cut yet; NULL: none. */
static struct reaper_slot *oldest_head(struct reaper *reaper)
{
	struct reaper_slot *oldest = NULL;
	for (size_t i = 0; i < reaper->rules.connections_max; i++) {
		struct reaper_slot *slot = &reaper->slots[i];
		if (!slot->is_open || slot->is_cut || slot->phase != REAPER_HEAD)
			continue;
		if (!oldest || slot->since_us < oldest->since_us)
			oldest = slot;
	}
	return oldest;
}

size_t reaper_sweep(struct reaper *reaper, int64_t now_us)
{
	size_t cuts = 0, alive = 0;
	pthread_mutex_lock(&reaper->lock);
	for (size_t i = 0; i < reaper->rules.connections_max; i++) {
		struct reaper_slot *slot = &reaper->slots[i];
		if (!slot->is_open || slot->is_cut)
			continue;
		if (slot->phase != REAPER_BUSY && now_us >= slot->deadline_us) {
			cut(slot);
			cuts++;
		} else {
			alive++;
		}
	}
	for (; alive >= reaper->rules.crowd; alive--, cuts++) {
		struct reaper_slot *slot = oldest_head(reaper);
		if (!slot)
			break;
		cut(slot);
	}
	pthread_mutex_unlock(&reaper->lock);
	return cuts;
}

size_t reaper_hush(struct reaper *reaper)
{
	size_t left = 0;
	pthread_mutex_lock(&reaper->lock);
	for (size_t i = 0; i < reaper->rules.connections_max; i++) {
		struct reaper_slot *slot = &reaper->slots[i];
		if (!slot->is_open || slot->is_cut)
			continue;
		if (slot->phase == REAPER_HEAD)
			cut(slot);
		else
			left++;
	}
	pthread_mutex_unlock(&reaper->lock);
	return left;
}

size_t reaper_count(struct reaper *reaper)
{
	pthread_mutex_lock(&reaper->lock);
	size_t open = reaper->open;
	pthread_mutex_unlock(&reaper->lock);
	return open;
}

static void *look_again_and_again(void *cls)
{
	struct reaper *reaper = cls;
	struct pollfd end = { .fd = reaper->wake[0], .events = POLLIN };
	while (poll(&end, 1, LOOK_EVERY_MS) <= 0) /* 0: time is up; -1: a signal */
		(void)reaper_sweep(reaper, clock_read().boot_us);
	return NULL;
}

bool reaper_start(struct reaper *reaper, struct err *err)
{
	if (pthread_create(&reaper->thread, NULL, look_again_and_again, reaper) != 0)
		return err_set(err, ERR_UNABLE, "The machine gives no thread to the web server");
	reaper->has_thread = true;
	return true;
}
