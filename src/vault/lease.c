/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "vault/lease.h"

bool lease_init(struct lease_pool *pool, const char *path, struct err *err)
{
	*pool = (struct lease_pool){ .path = path };
	if (pthread_mutex_init(&pool->lock, NULL) != 0)
		return err_set(err, ERR_UNABLE, "There is not enough memory to read keys");
	if (pthread_cond_init(&pool->changed, NULL) != 0) {
		pthread_mutex_destroy(&pool->lock);
		return err_set(err, ERR_UNABLE, "There is not enough memory to read keys");
	}
	return true;
}

static void close_all(struct lease_pool *pool)
{
	for (size_t i = 0; i < LEASE_CONNECTIONS; i++) {
		store_close(pool->connections[i]);
		pool->connections[i] = NULL;
	}
}

void lease_finish(struct lease_pool *pool)
{
	close_all(pool);
	pthread_cond_destroy(&pool->changed);
	pthread_mutex_destroy(&pool->lock);
}

/* The free place to use, an open connection before a new one; LEASE_CONNECTIONS when there is none.
 */
static size_t free_place(const struct lease_pool *pool)
{
	size_t best = LEASE_CONNECTIONS;
	if (pool->is_taken)
		return best;
	for (size_t i = 0; i < LEASE_CONNECTIONS; i++) {
		if (pool->is_busy[i])
			continue;
		if (pool->connections[i])
			return i;
		if (best == LEASE_CONNECTIONS)
			best = i;
	}
	return best;
}

bool lease_begin(struct lease_pool *pool, struct lease *out, struct err *err)
{
	*out = (struct lease){ 0 };
	if (pool->lent) {
		out->store = pool->lent;
		return true;
	}
	pthread_mutex_lock(&pool->lock);
	size_t at = free_place(pool);
	while (at == LEASE_CONNECTIONS) {
		pthread_cond_wait(&pool->changed, &pool->lock);
		at = free_place(pool);
	}
	pool->is_busy[at] = true;
	pthread_mutex_unlock(&pool->lock);

	/* The place is ours, so that opening needs no lock. */
	*out = (struct lease){ .pool = pool, .at = at };
	if (!pool->connections[at] &&
	    !store_open(pool->path, STORE_READ, &pool->connections[at], err)) {
		pool->connections[at] = NULL;
		lease_end(out);
		return false;
	}
	out->store = pool->connections[at];
	return true;
}

void lease_end(struct lease *lease)
{
	if (!lease->pool)
		return;
	pthread_mutex_lock(&lease->pool->lock);
	lease->pool->is_busy[lease->at] = false;
	pthread_cond_broadcast(&lease->pool->changed);
	pthread_mutex_unlock(&lease->pool->lock);
	*lease = (struct lease){ 0 };
}

static bool somebody_reads(const struct lease_pool *pool)
{
	for (size_t i = 0; i < LEASE_CONNECTIONS; i++)
		if (pool->is_busy[i])
			return true;
	return false;
}

void lease_take_all(struct lease_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	while (pool->is_taken)
		pthread_cond_wait(&pool->changed, &pool->lock);
	pool->is_taken = true;
	while (somebody_reads(pool))
		pthread_cond_wait(&pool->changed, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
	close_all(pool); /* is_taken keeps everybody out */
}

void lease_return_all(struct lease_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->is_taken = false;
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
}
