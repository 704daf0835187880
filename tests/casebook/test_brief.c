/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Opened for the length of one command: durable all the same, and what it leaves behind is short. */
#include "fixture.h"

#include "store/store.h"
#include "vault/vault.h"

#define COMMANDS 60
#define LOG_MOST ((size_t)1200 << 10) /* what may be left, and the command that went beyond it */

static void open_briefly(struct fixture *f)
{
	const struct casebook_options options = { .is_brief = true };
	MUST(f, casebook_open_with(f->dir, CASEBOOK_WRITE, &options, &f->book, &f->err));
}

static void close_it(struct fixture *f)
{
	casebook_close(f->book);
	f->book = NULL;
}

static size_t log_bytes(struct fixture *f, const char *name)
{
	struct str text = STR_NONE;
	struct err err = { 0 };
	const char *path = file_join(f->arena, f->dir, name);
	return file_exists(path) && file_read(f->arena, path, (size_t)1 << 24, &text, &err) ? text.n : 0;
}

static void each_command_goes_on_where_the_last_one_left_off(void **state)
{
	struct fixture *f = *state;
	struct str numbers[COMMANDS];
	struct casebook_verified found;
	size_t longest = 0, left = 0, before, times_moved = 0;
	close_it(f);
	for (size_t i = 0; i < COMMANDS; i++) {
		open_briefly(f);
		if (i > 0)
			(void)file_named(f, numbers[i - 1]);
		numbers[i] = report(f, "a command of its own").number;
		(void)file_named(f, numbers[i]); /* its readers see what it wrote */
		close_it(f);
		before = left;
		left = log_bytes(f, "register.db-wal");
		longest = left > longest ? left : longest;
		times_moved += left < before;
	}
	assert_true(longest > 0 && longest < LOG_MOST);
	assert_in_range(times_moved, 1, COMMANDS / 4);
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	assert_true(found.ok);
	fixture_open(f);
	for (size_t i = 0; i < COMMANDS; i++)
		(void)file_named(f, numbers[i]);
	close_it(f);
	assert_int_equal(log_bytes(f, "register.db-wal"), 0); /* whoever stays moves it into the file */
}

/* Wrapped keys stand in keys.db alone, where destroying one finds it. */
static void no_key_is_left_beside_its_file(void **state)
{
	struct fixture *f = *state;
	const struct vault_options options = { .cost = VAULT_DRILL, .is_brief = true };
	struct vault *vault = NULL;
	close_it(f);
	MUST(f, vault_open(f->dir, VAULT_WRITE, &options, &vault, &f->err));
	MUST(f, vault_make_slots(vault, &f->err));
	assert_true(log_bytes(f, "keys/keys.db-wal") > 0);
	vault_close(vault);
	assert_int_equal(log_bytes(f, "keys/keys.db-wal"), 0);
}

/* A log that is taken away takes entries with it: the next opening says so. */
static void a_log_taken_away_is_a_register_set_back(void **state)
{
	struct fixture *f = *state;
	const struct casebook_options options = { .is_brief = true };
	close_it(f);
	open_briefly(f);
	(void)report(f, "in the log alone");
	close_it(f);
	assert_true(log_bytes(f, "register.db-wal") > 0);
	assert_int_equal(remove(file_join(f->arena, f->dir, "register.db-wal")), 0);
	(void)remove(file_join(f->arena, f->dir, "register.db-shm"));
	assert_false(casebook_open_with(f->dir, CASEBOOK_WRITE, &options, &f->book, &f->err));
	assert_non_null(strstr(f->err.message, "set back"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(each_command_goes_on_where_the_last_one_left_off),
		PROVES(no_key_is_left_beside_its_file),
		PROVES(a_log_taken_away_is_a_register_set_back),
	};
	return PROVE(tests);
}
