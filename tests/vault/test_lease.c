/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Readers of keys.db, and the one who destroys, wait for each other. */
#include "vault_fixture.h"

#include <pthread.h>
#include <sched.h>

#include "vault/state.h"

struct destroyer {
	struct fixture *f;
	struct err err;
	bool destroyed;
	_Atomic bool done;
};

static void *destroy(void *ctx)
{
	struct destroyer *d = ctx;
	d->destroyed = vault_destroy(d->f->vault, 9, &d->err);
	atomic_store(&d->done, true);
	return NULL;
}

static bool is_taken(struct lease_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	bool taken = pool->is_taken;
	pthread_mutex_unlock(&pool->lock);
	return taken;
}

static void destroying_waits_for_whoever_reads(void **state)
{
	struct fixture *f = *state;
	struct lease_pool *pool = &f->vault->pool;
	struct destroyer d = { .f = f };
	struct lease lease;
	pthread_t thread;
	int64_t slots = 0;

	assert_true(lease_begin(pool, &lease, &f->err));
	assert_true(store_begin(lease.store, &f->err)); /* a snapshot with the old bytes */
	assert_true(store_get_int(lease.store, "SELECT COUNT(*) FROM slot", &slots, &f->err));
	assert_int_equal(pthread_create(&thread, NULL, destroy, &d), 0);
	while (!is_taken(pool) && !atomic_load(&d.done))
		sched_yield();
	assert_true(is_taken(pool));
	assert_false(atomic_load(&d.done));
	store_abort(lease.store);
	lease_end(&lease);
	pthread_join(thread, NULL);
	assert_true(d.destroyed);
	assert_int_equal(bytes_of(f, "keys.db-wal").n, 0);
	/* And lets readers in again. */
	assert_true(lease_begin(pool, &lease, &f->err));
	lease_end(&lease);
}

static void all_connections_are_closed_while_taken(void **state)
{
	struct fixture *f = *state;
	struct lease_pool *pool = &f->vault->pool;
	struct lease leases[LEASE_CONNECTIONS];
	for (size_t i = 0; i < LEASE_CONNECTIONS; i++)
		assert_true(lease_begin(pool, &leases[i], &f->err));
	for (size_t i = 0; i < LEASE_CONNECTIONS; i++)
		lease_end(&leases[i]);
	lease_take_all(pool);
	for (size_t i = 0; i < LEASE_CONNECTIONS; i++)
		assert_null(pool->connections[i]);
	lease_return_all(pool);
}

static void one_reader_uses_one_connection(void **state)
{
	struct fixture *f = *state;
	struct lease_pool *pool = &f->vault->pool;
	struct lease lease;
	for (int i = 0; i < 10; i++) {
		assert_true(lease_begin(pool, &lease, &f->err));
		assert_int_equal(lease.at, 0);
		lease_end(&lease);
	}
	assert_null(pool->connections[1]);
}

static void a_connection_that_does_not_open_gives_its_place_back(void **state)
{
	struct fixture *f = *state;
	struct lease_pool pool;
	struct lease lease;
	assert_true(lease_init(&pool, path_of(f, "nowhere.db"), &f->err));
	for (int i = 0; i < 2 * LEASE_CONNECTIONS; i++) {
		assert_false(lease_begin(&pool, &lease, &f->err));
		assert_int_equal(f->err.code, ERR_ABSENT);
	}
	lease_take_all(&pool);
	lease_return_all(&pool);
	lease_finish(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(destroying_waits_for_whoever_reads),
		PROVES(all_connections_are_closed_while_taken),
		PROVES(one_reader_uses_one_connection),
		PROVES(a_connection_that_does_not_open_gives_its_place_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
