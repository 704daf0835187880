/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The disk that fails: what was synced is there after any fault, and what half was done is not. */
#include "store_fixture.h"

#define SEEDS 300
#define ROWS  12

struct faulty {
	struct store_shim *shim;
	struct store *store;
	struct err err;
	int64_t acknowledged; /* rows whose commit was answered */
};

static bool open_on(struct faulty *faulty, enum store_mode mode)
{
	return store_open_on(store_shim_name(faulty->shim), "one.db", mode, &faulty->store, &faulty->err);
}

static void begin(struct faulty *faulty, uint64_t seed)
{
	*faulty = (struct faulty){ 0 };
	assert_true(store_shim_create(seed, &faulty->shim, &faulty->err));
	assert_true(open_on(faulty, STORE_CREATE));
	assert_true(store_run(faulty->store, "CREATE TABLE thing (n INTEGER NOT NULL PRIMARY KEY, pair INTEGER)",
	                      &faulty->err));
}

/* Each turn writes two rows, n and -n. */
static bool turn(struct faulty *faulty, int64_t n)
{
	static const char PUT_SQL[] = "INSERT INTO thing (n, pair) VALUES (?1, ?2)";
	if (!store_begin(faulty->store, &faulty->err))
		return false;
	for (int i = 0; i < 2; i++) {
		CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
		bool done = store_prepare(faulty->store, PUT_SQL, &put, &faulty->err);
		if (done) {
			store_bind_int(put, 1, i ? -n : n);
			store_bind_int(put, 2, n);
			done = store_do(put, &faulty->err);
		}
		if (!done) {
			store_abort(faulty->store);
			return false;
		}
	}
	if (store_commit(faulty->store, &faulty->err))
		return true;
	store_abort(faulty->store);
	return false;
}

static int64_t number(struct faulty *faulty, const char *sql)
{
	int64_t n = -1;
	if (!store_get_int(faulty->store, sql, &n, &faulty->err))
		fail_msg("%s", faulty->err.message);
	return n;
}

static void restart(struct faulty *faulty)
{
	store_close(faulty->store);
	faulty->store = NULL;
	store_shim_restart(faulty->shim);
	store_shim_heal(faulty->shim);
	if (!open_on(faulty, STORE_WRITE))
		fail_msg("it does not open again: %s", faulty->err.message);
}

/* One history; answers whether the fault happened. */
static bool history(uint64_t seed, enum store_fault fault)
{
	struct faulty faulty;
	begin(&faulty, seed);
	store_shim_plan(faulty.shim, fault, 1 + (int64_t)(seed % 60));
	for (int64_t n = 1; n <= ROWS && turn(&faulty, n); n++)
		faulty.acknowledged = n;
	bool failed = store_shim_has_failed(faulty.shim);
	if (fault == STORE_FAULT_POWER || fault == STORE_FAULT_SYNC || fault == STORE_FAULT_WRITE)
		restart(&faulty);
	else
		store_shim_heal(faulty.shim);
	int64_t newest = number(&faulty, "SELECT COALESCE(MAX(n), 0) FROM thing");
	assert_true(newest >= faulty.acknowledged && newest <= faulty.acknowledged + 1);
	assert_int_equal(number(&faulty, "SELECT COUNT(*) FROM thing"), 2 * newest);
	assert_true(store_check_pages(faulty.store, &faulty.err));
	store_close(faulty.store);
	store_shim_destroy(faulty.shim);
	return failed;
}

static void run_histories(enum store_fault fault)
{
	int failed = 0;
	for (uint64_t seed = 1; seed <= SEEDS; seed++)
		failed += history(seed, fault);
	assert_true(failed > SEEDS / 2);
}

static void test_power_loss_takes_no_acknowledged_turn(void **state)
{
	(void)state;
	run_histories(STORE_FAULT_POWER);
}

static void test_a_failed_sync_takes_none(void **state)
{
	(void)state;
	run_histories(STORE_FAULT_SYNC);
}

static void test_a_half_write_takes_none(void **state)
{
	(void)state;
	run_histories(STORE_FAULT_WRITE);
}

static void test_a_full_disk_takes_none(void **state)
{
	(void)state;
	run_histories(STORE_FAULT_FULL);
}

/* So that the four above can fail at all. */
static void test_a_disk_that_lies_about_syncs_loses_turns(void **state)
{
	int losses = 0;
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct faulty faulty;
		begin(&faulty, seed);
		store_shim_lie(faulty.shim);
		for (int64_t n = 1; n <= ROWS && turn(&faulty, n); n++)
			faulty.acknowledged = n;
		store_close(faulty.store);
		store_shim_restart(faulty.shim);
		int64_t newest = -1;
		if (!open_on(&faulty, STORE_WRITE) ||
		    !store_get_int(faulty.store, "SELECT COALESCE(MAX(n), 0) FROM thing", &newest, &faulty.err) ||
		    newest < faulty.acknowledged)
			losses++;
		store_close(faulty.store);
		store_shim_destroy(faulty.shim);
	}
	assert_true(losses > 0);
}

static void test_one_seed_is_one_history(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		int64_t operations[2];
		for (int i = 0; i < 2; i++) {
			struct faulty faulty;
			begin(&faulty, seed);
			for (int64_t n = 1; n <= ROWS; n++)
				assert_true(turn(&faulty, n));
			operations[i] = store_shim_operations(faulty.shim);
			store_close(faulty.store);
			store_shim_destroy(faulty.shim);
		}
		assert_int_equal(operations[0], operations[1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_power_loss_takes_no_acknowledged_turn),
		cmocka_unit_test(test_a_failed_sync_takes_none),
		cmocka_unit_test(test_a_half_write_takes_none),
		cmocka_unit_test(test_a_full_disk_takes_none),
		cmocka_unit_test(test_a_disk_that_lies_about_syncs_loses_turns),
		cmocka_unit_test(test_one_seed_is_one_history),
	};
	return cmocka_run_group_tests_name("shim", tests, NULL, NULL);
}
