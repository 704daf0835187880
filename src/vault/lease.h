/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A few reading connections to keys.db for many threads. Whoever reads a slot
 * leases one for that row; whoever destroys a key takes all of them, so that
 * no snapshot and no reader keeps the old bytes.
 */
#ifndef CANDOUR_VAULT_LEASE_H
#define CANDOUR_VAULT_LEASE_H

#include <pthread.h>

#include "base/base.h"
#include "store/store.h"

#define LEASE_CONNECTIONS 4

struct lease_pool {
	const char *path; /* set before threads start */
	/* Set before threads start: what stands for them all where there is one thread; NULL. */
	struct store *lent;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* guarded by lock, all that follows; a busy connection belongs to its leaser */
	struct store *connections[LEASE_CONNECTIONS];
	bool is_busy[LEASE_CONNECTIONS];
	bool is_taken; /* one thread has all, or waits for all */
};

/* `path` must outlive the pool. */
bool lease_init(struct lease_pool *pool, const char *path, struct err *err) MUST_USE;
/* Closes the connections; nobody may hold a lease. */
void lease_finish(struct lease_pool *pool);

struct lease {
	struct lease_pool *pool;
	struct store *store;
	size_t at;
};

/* Waits for a free connection. Give it back with lease_end (CLEANUP). ERR_UNABLE: store. */
bool lease_begin(struct lease_pool *pool, struct lease *out, struct err *err) MUST_USE;
void lease_end(struct lease *lease); /* takes a zeroed one */

/* Waits until nobody reads, closes every connection and lets nobody in until lease_return_all. */
void lease_take_all(struct lease_pool *pool);
void lease_return_all(struct lease_pool *pool);

#endif
