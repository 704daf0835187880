/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Slots of keys.db: made ahead, durable, destroyed for good. */
#include "vault_fixture.h"

#include <pthread.h>

#include "store/store.h"

static const char FILE_ID[] = "2V5T0M9QZJ4K8XW1B7C3D6F0GH";

#define FILE_STR ((struct str){ FILE_ID, 26 })

static void change(struct fixture *f, const char *sql)
{
	struct store *store = NULL;
	if (!store_open(path_of(f, "keys.db"), STORE_WRITE, &store, &f->err) ||
	    !store_run(store, sql, &f->err))
		fail_msg("%s (%s)", f->err.message, f->err.context);
	store_close(store);
}

static enum vault_slot state_of(struct fixture *f, int64_t slot)
{
	enum vault_slot state = VAULT_SLOT_MISSING;
	if (!vault_slot_state(f->vault, slot, &state, &f->err))
		fail_msg("%s (%s)", f->err.message, f->err.context);
	return state;
}

static struct buf sealed(struct fixture *f, int64_t slot)
{
	struct buf box;
	buf_init(&box, 4096);
	if (!vault_seal(f->vault, slot, FILE_STR, 17, STR("the child said it hurts"), &box,
	                &f->err))
		fail_msg("%s (%s)", f->err.message, f->err.context);
	return box;
}

static bool opens(struct fixture *f, int64_t slot, const struct buf *box)
{
	CLEANUP(vault_secret_finish) struct vault_secret words = { 0 };
	f->err = (struct err){ 0 };
	return vault_open_box(f->vault, slot, FILE_STR, 17, buf_str(box), &words, &f->err) &&
	       str_eq(vault_secret_str(&words), STR("the child said it hurts"));
}

/* The wrapped bytes of a slot as they lie in the file. */
static struct str wrapped(struct fixture *f, int64_t slot)
{
	static const char SQL[] = "SELECT wrapped FROM slot WHERE n = ?1";
	struct store *store = NULL;
	struct store_stmt *stmt = NULL;
	if (!store_open(path_of(f, "keys.db"), STORE_READ, &store, &f->err) ||
	    !store_prepare(store, SQL, &stmt, &f->err))
		fail_msg("%s (%s)", f->err.message, f->err.context);
	store_bind_int(stmt, 1, slot);
	assert_int_equal(store_step(stmt, &f->err), STORE_ROW);
	struct str bytes = arena_copy(f->arena, store_blob(stmt, 0));
	store_stmt_finish(&stmt);
	store_close(store);
	return bytes;
}

static void a_new_register_has_4095_slots_for_files(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(vault_free(f->vault, 0), 4095);
	assert_int_equal(state_of(f, 0), VAULT_SLOT_PRESENT);
	assert_int_equal(state_of(f, 4095), VAULT_SLOT_PRESENT);
	assert_int_equal(state_of(f, 4096), VAULT_SLOT_MISSING);
	assert_int_equal(vault_free(f->vault, 4090), 5);
	assert_int_equal(vault_free(f->vault, 5000), 0);
}

static void a_slot_not_made_yet_seals_nothing(void **state)
{
	struct fixture *f = *state;
	struct buf box;
	buf_init(&box, 4096);
	assert_false(vault_seal(f->vault, 4096, FILE_STR, 17, STR("x"), &box, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	assert_non_null(strstr(f->err.message, "key missing"));
	assert_int_equal(box.n, 0);
	buf_finish(&box);
}

static void slots_made_are_there_after_reopening(void **state)
{
	struct fixture *f = *state;
	assert_true(vault_make_slots(f->vault, &f->err));
	assert_int_equal(vault_free(f->vault, 0), 8191);
	CLEANUP(buf_finish) struct buf box = sealed(f, 8191);
	reopen(f, VAULT_READ);
	assert_int_equal(vault_free(f->vault, 0), 8191);
	assert_true(opens(f, 8191, &box));
}

/* What one process was told is made, another sees at once: it was committed before the answer. */
static void slots_are_durable_before_they_are_counted(void **state)
{
	struct fixture *f = *state;
	struct vault *other = NULL;
	assert_true(vault_make_slots(f->vault, &f->err));
	CLEANUP(buf_finish) struct buf box = sealed(f, 5000);
	assert_true(vault_open(f->dir, VAULT_READ, &DRILL, &other, &f->err));
	CLEANUP(vault_secret_finish) struct vault_secret words = { 0 };
	assert_true(vault_open_box(other, 5000, FILE_STR, 17, buf_str(&box), &words, &f->err));
	vault_close(other);
}

static void slots_that_could_not_be_made_are_not_counted(void **state)
{
	struct fixture *f = *state;
	/* The second slot past 5,000 is refused. */
	change(f, "CREATE UNIQUE INDEX full ON slot (n > 5000) WHERE n > 5000");
	assert_false(vault_make_slots(f->vault, &f->err));
	assert_int_equal(vault_free(f->vault, 0), 4095);
	assert_int_equal(state_of(f, 4096), VAULT_SLOT_MISSING);
	change(f, "DROP INDEX full");
	assert_true(vault_make_slots(f->vault, &f->err));
	assert_int_equal(vault_free(f->vault, 0), 8191);
}

static void a_reader_makes_no_slots(void **state)
{
	struct fixture *f = *state;
	reopen(f, VAULT_READ);
	assert_false(vault_make_slots(f->vault, &f->err));
	assert_int_equal(f->err.code, ERR_FAULT);
	assert_false(vault_destroy(f->vault, 5, &f->err));
}

static void a_destroyed_key_opens_nothing(void **state)
{
	struct fixture *f = *state;
	CLEANUP(buf_finish) struct buf box = sealed(f, 7);
	assert_true(opens(f, 7, &box)); /* it is in the cache now */
	assert_true(vault_destroy(f->vault, 7, &f->err));
	assert_false(opens(f, 7, &box));
	assert_int_equal(f->err.code, ERR_ABSENT);
	assert_non_null(strstr(f->err.message, "key destroyed"));
	assert_int_equal(state_of(f, 7), VAULT_SLOT_DESTROYED);
	reopen(f, VAULT_WRITE);
	assert_false(opens(f, 7, &box));
	assert_int_equal(f->err.code, ERR_ABSENT);
	assert_int_equal(state_of(f, 6), VAULT_SLOT_PRESENT);
	assert_int_equal(state_of(f, 8), VAULT_SLOT_PRESENT);
}

static void wrapped_bytes_of_a_destroyed_key_are_nowhere(void **state)
{
	struct fixture *f = *state;
	struct str old = wrapped(f, 9), neighbour = wrapped(f, 10);
	assert_int_equal(old.n, 72);
	assert_true(holds(bytes_of(f, "keys.db"), old) || holds(bytes_of(f, "keys.db-wal"), old));
	assert_true(vault_destroy(f->vault, 9, &f->err));
	assert_false(holds(bytes_of(f, "keys.db"), old));
	assert_false(holds(bytes_of(f, "keys.db-wal"), old));
	/* Nor half of them, as a page that was torn or moved would leave. */
	assert_false(holds(bytes_of(f, "keys.db"), str_sub(old, 0, 16)));
	assert_false(holds(bytes_of(f, "keys.db"), str_sub(old, 40, 16)));
	assert_true(holds(bytes_of(f, "keys.db"), neighbour));
	vault_close(f->vault);
	f->vault = NULL;
	assert_false(holds(bytes_of(f, "keys.db"), old));
	assert_false(holds(bytes_of(f, "keys.db-wal"), old));
}

static void wrapped_bytes_go_while_others_read(void **state)
{
	struct fixture *f = *state;
	struct str old = wrapped(f, 11);
	CLEANUP(buf_finish) struct buf box = sealed(f, 12);
	for (int64_t slot = 12; slot < 40; slot++)
		(void)state_of(f, slot); /* the pool's connections are open */
	assert_true(vault_destroy(f->vault, 11, &f->err));
	assert_false(holds(bytes_of(f, "keys.db"), old));
	assert_false(holds(bytes_of(f, "keys.db-wal"), old));
	assert_true(opens(f, 12, &box));
}

static void destroying_again_is_good(void **state)
{
	struct fixture *f = *state;
	assert_true(vault_destroy(f->vault, 7, &f->err));
	assert_true(vault_destroy(f->vault, 7, &f->err));
}

static void a_missing_key_cannot_be_destroyed(void **state)
{
	struct fixture *f = *state;
	assert_false(vault_destroy(f->vault, 4096, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
}

static void the_registers_own_key_is_never_destroyed(void **state)
{
	struct fixture *f = *state;
	assert_false(vault_destroy(f->vault, 0, &f->err));
	assert_int_equal(f->err.code, ERR_FAULT);
	assert_int_equal(state_of(f, 0), VAULT_SLOT_PRESENT);
}

static void an_altered_slot_is_damaged(void **state)
{
	struct fixture *f = *state;
	CLEANUP(buf_finish) struct buf box = sealed(f, 3);
	change(f, "UPDATE slot SET wrapped = (SELECT wrapped FROM slot WHERE n = 4) WHERE n = 3");
	assert_int_equal(state_of(f, 3), VAULT_SLOT_DAMAGED);
	change(f, "UPDATE slot SET wrapped = X'00' WHERE n = 5");
	assert_int_equal(state_of(f, 5), VAULT_SLOT_DAMAGED);
	reopen(f, VAULT_WRITE); /* the cache is empty again */
	assert_false(opens(f, 3, &box));
	assert_int_equal(f->err.code, ERR_UNABLE);
}

struct seen {
	int64_t slots[8];
	enum vault_slot states[8];
	size_t count;
};

static void see(void *ctx, int64_t slot, enum vault_slot state)
{
	struct seen *seen = ctx;
	if (seen->count < 8) {
		seen->slots[seen->count] = slot;
		seen->states[seen->count] = state;
	}
	seen->count++;
}

static void verify_names_each_slot_that_is_not_whole(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };
	assert_true(vault_verify(f->vault, see, &seen, &f->err));
	assert_int_equal(seen.count, 0);
	assert_true(vault_destroy(f->vault, 2000, &f->err));
	change(f, "UPDATE slot SET wrapped = (SELECT wrapped FROM slot WHERE n = 4) WHERE n = 3");
	change(f, "DELETE FROM slot WHERE n IN (1023, 4095)");
	assert_true(vault_verify(f->vault, see, &seen, &f->err));
	assert_int_equal(seen.count, 4);
	const int64_t slots[] = { 3, 1023, 2000, 4095 };
	const enum vault_slot states[] = { VAULT_SLOT_DAMAGED, VAULT_SLOT_MISSING,
		                           VAULT_SLOT_DESTROYED, VAULT_SLOT_MISSING };
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(seen.slots[i], slots[i]);
		assert_int_equal(seen.states[i], states[i]);
	}
}

static void verify_names_what_the_vault_kept_and_somebody_altered(void **state)
{
	struct fixture *f = *state;
	const char *const changes[] = {
		"UPDATE kept SET tag = X'00' WHERE name = 'shares'",
		"UPDATE kept SET value = X'31' WHERE name = 'shares'",
		"UPDATE kept SET name = 'sharez' WHERE name = 'shares'",
		"DELETE FROM kept WHERE name = 'shares'",
	};
	for (size_t i = 0; i < COUNT_OF(changes); i++) {
		struct seen seen = { 0 };
		change(f, "DELETE FROM kept WHERE name LIKE 'keep%'");
		change(f,
		       "INSERT INTO kept SELECT 'keep', value, tag FROM kept WHERE name = 'shares'");
		change(f, changes[i]);
		assert_false(vault_verify(f->vault, see, &seen, &f->err));
		assert_int_equal(f->err.code, ERR_INPUT);
		assert_non_null(strstr(f->err.message, "\"shares\""));
		change(f, "DELETE FROM kept WHERE name IN ('shares', 'sharez')");
		change(f, "UPDATE kept SET name = 'shares' WHERE name = 'keep'");
		assert_true(vault_verify(f->vault, see, &seen, &f->err));
	}
}

static void more_keys_than_the_cache_holds_still_open(void **state)
{
	struct fixture *f = *state;
	struct vault_options small = DRILL;
	struct buf boxes[40];
	small.cached_keys = 3;
	vault_close(f->vault);
	assert_true(vault_open(f->dir, VAULT_WRITE, &small, &f->vault, &f->err));
	for (int64_t slot = 0; slot < 40; slot++)
		boxes[slot] = sealed(f, slot + 1);
	for (int64_t slot = 39; slot >= 0; slot--) {
		assert_true(opens(f, slot + 1, &boxes[slot]));
		assert_true(opens(f, slot + 1, &boxes[slot]));
		buf_finish(&boxes[slot]);
	}
}

struct worker {
	struct fixture *f;
	const struct buf *boxes;
	unsigned seed;
	int wrong;
};

static void *open_many(void *ctx)
{
	struct worker *w = ctx;
	for (int i = 0; i < 400; i++) {
		CLEANUP(vault_secret_finish) struct vault_secret words = { 0 };
		struct err err = { 0 };
		w->seed = w->seed * 1103515245u + 12345u;
		int64_t slot = 1 + (int64_t)(w->seed >> 16) % 20;
		bool opened = vault_open_box(w->f->vault, slot, FILE_STR, 17,
		                             buf_str(&w->boxes[slot]), &words, &err);
		if (!opened && !(slot == 20 && err.code == ERR_ABSENT))
			w->wrong++;
	}
	return NULL;
}

/* Those behind are read at once: each seals for itself alone, and what is destroyed is not kept. */
static void slots_taken_in_a_row_are_each_their_own(void **state)
{
	struct fixture *f = *state;
	struct buf boxes[100];
	for (int64_t i = 0; i < 50; i++)
		boxes[i] = sealed(f, 1 + i);
	if (!vault_destroy(f->vault, 60, &f->err))
		fail_msg("%s", f->err.message);
	struct buf box;
	buf_init(&box, 4096);
	assert_false(vault_seal(f->vault, 60, FILE_STR, 17, STR("words"), &box, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
	buf_finish(&box);
	for (int64_t i = 50; i < 100; i++)
		boxes[i] = sealed(f, 101 + i);
	reopen(f, VAULT_WRITE);
	for (int64_t i = 0; i < 100; i++) {
		int64_t slot = i < 50 ? 1 + i : 101 + i;
		assert_true(opens(f, slot, &boxes[i]));
		assert_false(opens(f, slot + 1, &boxes[i]));
		buf_finish(&boxes[i]);
	}
}

static void many_threads_open_while_one_destroys(void **state)
{
	struct fixture *f = *state;
	struct vault_options small = DRILL;
	struct buf boxes[21];
	pthread_t threads[8];
	struct worker workers[8];

	small.cached_keys = 5;
	vault_close(f->vault);
	assert_true(vault_open(f->dir, VAULT_WRITE, &small, &f->vault, &f->err));
	for (int64_t slot = 1; slot <= 20; slot++)
		boxes[slot] = sealed(f, slot);
	for (unsigned i = 0; i < 8; i++) {
		workers[i] = (struct worker){ f, boxes, i, 0 };
		assert_int_equal(pthread_create(&threads[i], NULL, open_many, &workers[i]), 0);
	}
	assert_true(vault_make_slots(f->vault, &f->err));
	assert_true(vault_destroy(f->vault, 20, &f->err));
	assert_false(opens(f, 20, &boxes[20])); /* at once, whoever was reading it */
	for (unsigned i = 0; i < 8; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(workers[i].wrong, 0);
	}
	for (int64_t slot = 1; slot <= 20; slot++)
		buf_finish(&boxes[slot]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_new_register_has_4095_slots_for_files),
		PROVES(a_slot_not_made_yet_seals_nothing),
		PROVES(slots_made_are_there_after_reopening),
		PROVES(slots_are_durable_before_they_are_counted),
		PROVES(slots_that_could_not_be_made_are_not_counted),
		PROVES(a_reader_makes_no_slots),
		PROVES(a_destroyed_key_opens_nothing),
		PROVES(wrapped_bytes_of_a_destroyed_key_are_nowhere),
		PROVES(wrapped_bytes_go_while_others_read),
		PROVES(destroying_again_is_good),
		PROVES(a_missing_key_cannot_be_destroyed),
		PROVES(the_registers_own_key_is_never_destroyed),
		PROVES(an_altered_slot_is_damaged),
		PROVES(verify_names_each_slot_that_is_not_whole),
		PROVES(verify_names_what_the_vault_kept_and_somebody_altered),
		PROVES(more_keys_than_the_cache_holds_still_open),
		PROVES(slots_taken_in_a_row_are_each_their_own),
		PROVES(many_threads_open_while_one_destroys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
