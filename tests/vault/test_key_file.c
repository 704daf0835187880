/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Key files: who may read them, and what must stand in them. */
#include "store/store.h"
#include "vault_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>

static bool opens(struct fixture *f)
{
	vault_close(f->vault);
	f->err = (struct err){ 0 };
	return vault_open(f->dir, VAULT_WRITE, &DRILL, &f->vault, &f->err);
}

static void write_file(struct fixture *f, const char *name, struct str bytes)
{
	(void)unlink(path_of(f, name));
	int fd = open(path_of(f, name), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.p, bytes.n), (ssize_t)bytes.n);
	close(fd);
}

static void new_keys_are_their_owners_alone(void **state)
{
	struct fixture *f = *state;
	const char *const names[] = { "master.key", "promise.key", "return.key", "keys.db" };
	struct stat st;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		assert_int_equal(stat(path_of(f, names[i]), &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
	}
	assert_int_equal(stat(path_of(f, ""), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

static void a_key_file_others_may_read_is_refused(void **state)
{
	struct fixture *f = *state;
	const char *const names[] = { "master.key", "promise.key", "return.key" };
	const mode_t modes[] = { 0604, 0640, 0602, 0610 };
	for (size_t i = 0; i < COUNT_OF(names); i++)
		for (size_t m = 0; m < COUNT_OF(modes); m++) {
			assert_int_equal(chmod(path_of(f, names[i]), modes[m]), 0);
			assert_false(opens(f));
			assert_int_equal(f->err.code, ERR_INPUT);
			const char *advice =
				arena_format(f->arena, "chmod 600 %s", path_of(f, names[i])).p;
			assert_non_null(strstr(f->err.message, advice));
			assert_int_equal(chmod(path_of(f, names[i]), 0400), 0);
			assert_true(opens(f));
		}
}

static void a_key_file_that_is_a_link_is_refused(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(rename(path_of(f, "master.key"), path_of(f, "elsewhere.key")), 0);
	assert_int_equal(symlink("elsewhere.key", path_of(f, "master.key")), 0);
	assert_false(opens(f));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_non_null(strstr(f->err.message, "is a link"));
}

static void a_folder_or_pipe_in_place_of_a_key_is_refused(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(unlink(path_of(f, "master.key")), 0);
	assert_int_equal(mkfifo(path_of(f, "master.key"), 0600), 0);
	assert_false(opens(f)); /* and does not wait for a writer */
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_int_equal(unlink(path_of(f, "master.key")), 0);
	assert_int_equal(mkdir(path_of(f, "master.key"), 0700), 0);
	assert_false(opens(f));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_int_equal(rmdir(path_of(f, "master.key")), 0);
}

static void a_missing_key_file_is_absent(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(unlink(path_of(f, "return.key")), 0);
	assert_false(opens(f));
	assert_int_equal(f->err.code, ERR_ABSENT);
	assert_non_null(strstr(f->err.message, "return.key"));
}

static void a_malformed_key_file_is_refused(void **state)
{
	struct fixture *f = *state;
	struct str good = bytes_of(f, "master.key");
	struct str line = str_sub(good, 0, good.n - 1);
	assert_true(str_starts(good, STR("candour-secret/v1 master ")));
	assert_int_equal(good.n, 25 + 44 + 1);
	const struct str bad[] = {
		STR(""),
		STR("\n"),
		line, /* the end is missing */
		arena_format(f->arena, "%.*s\n\n", STR_ARG(line)),
		arena_format(f->arena, "%.*s\r\n", STR_ARG(line)),
		arena_format(f->arena, " %.*s", STR_ARG(good)),
		arena_format(f->arena, "candour-secret/v2 %.*s", STR_ARG(str_sub(good, 18, 99))),
		arena_format(f->arena, "candour-secret/v1 return %.*s",
		             STR_ARG(str_sub(good, 25, 99))),
		arena_format(f->arena, "candour-secret/v1 %.*s", STR_ARG(str_sub(good, 25, 99))),
		arena_format(f->arena, "candour-secret/v1 master %.*s=\n",
		             STR_ARG(str_sub(good, 25, 40))),
		arena_format(f->arena, "%.*s%.*s", STR_ARG(good), STR_ARG(good)),
		arena_format(f->arena, "%0300d\n", 1),
		{ "candour-secret/v1 master \0", 26 },
	};
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		write_file(f, "master.key", bad[i]);
		assert_false(opens(f));
		assert_int_equal(f->err.code, ERR_INPUT);
		assert_non_null(strstr(f->err.message, "master.key"));
		assert_null(strstr(f->err.message, str_to_c(f->arena, str_sub(good, 25, 20))));
	}
	write_file(f, "master.key", good);
	assert_true(opens(f));
}

static void the_master_key_of_another_register_is_refused(void **state)
{
	struct fixture *f = *state;
	void *other = NULL;
	(void)set_up(&other);
	write_file(f, "master.key", bytes_of(other, "master.key"));
	assert_false(opens(f));
	assert_int_equal(f->err.code, ERR_INPUT);
	(void)tear_down(&other);
}

static void a_key_of_another_register_beside_the_master_key_is_refused(void **state)
{
	static const char *const NAMES[] = { "promise.key", "return.key" };
	struct fixture *f = *state;
	void *other = NULL;
	(void)set_up(&other);
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		struct str own = bytes_of(f, NAMES[i]);
		write_file(f, NAMES[i], bytes_of(other, NAMES[i]));
		assert_false(opens(f));
		assert_int_equal(f->err.code, ERR_INPUT);
		write_file(f, NAMES[i], own);
		assert_true(opens(f));
	}
	(void)tear_down(&other);
}

static void a_register_without_the_sum_of_its_keys_gets_it(void **state)
{
	struct fixture *f = *state;
	CLEANUP(store_cleanup) struct store *store = NULL;
	void *other = NULL;
	(void)set_up(&other);
	assert_true(store_open(path_of(f, "keys.db"), STORE_WRITE, &store, &f->err));
	assert_true(store_run(store, "DELETE FROM kept WHERE name = 'others'", &f->err));
	assert_true(opens(f));
	struct str own = bytes_of(f, "return.key");
	write_file(f, "return.key", bytes_of(other, "return.key"));
	assert_false(opens(f));
	write_file(f, "return.key", own);
	assert_true(opens(f));
	(void)tear_down(&other);
}

static void keys_that_are_there_are_never_made_anew(void **state)
{
	struct fixture *f = *state;
	struct str before = bytes_of(f, "master.key");
	assert_false(vault_create(f->dir, &DRILL, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_true(str_eq(before, bytes_of(f, "master.key")));
}

/* Drills replay: the same seed gives the same keys and the same boxes. */
static void a_seed_gives_the_same_keys_again(void **state)
{
	struct fixture *f = *state;
	struct str masters[2], boxes[2];
	for (size_t i = 0; i < 2; i++) {
		struct random_source *random = random_seeded_create(7);
		struct vault_options seeded = { .cost = VAULT_DRILL, .random = random };
		const char *const names[] = { "master.key", "promise.key", "return.key",
			                      "keys.db",    "keys.db-wal", "keys.db-shm" };
		struct buf box;
		buf_init(&box, 1000);
		vault_close(f->vault);
		f->vault = NULL;
		for (size_t n = 0; n < COUNT_OF(names); n++)
			(void)unlink(path_of(f, names[n]));
		assert_true(vault_create(f->dir, &seeded, &f->err));
		assert_true(vault_open(f->dir, VAULT_WRITE, &seeded, &f->vault, &f->err));
		assert_true(vault_seal_own(f->vault, STR("draft"), STR("x"), STR("words"), &box,
		                           &f->err));
		masters[i] = bytes_of(f, "master.key");
		boxes[i] = arena_copy(f->arena, buf_str(&box));
		buf_finish(&box);
		vault_close(f->vault);
		f->vault = NULL;
		random_destroy(random);
	}
	assert_true(str_eq(masters[0], masters[1]));
	assert_true(str_eq(boxes[0], boxes[1]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(new_keys_are_their_owners_alone),
		PROVES(a_key_file_others_may_read_is_refused),
		PROVES(a_key_file_that_is_a_link_is_refused),
		PROVES(a_folder_or_pipe_in_place_of_a_key_is_refused),
		PROVES(a_missing_key_file_is_absent),
		PROVES(a_malformed_key_file_is_refused),
		PROVES(the_master_key_of_another_register_is_refused),
		PROVES(a_key_of_another_register_beside_the_master_key_is_refused),
		PROVES(a_register_without_the_sum_of_its_keys_gets_it),
		PROVES(keys_that_are_there_are_never_made_anew),
		PROVES(a_seed_gives_the_same_keys_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
