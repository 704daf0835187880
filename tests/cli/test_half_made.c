/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What init, backup and restore leave when they are killed: nothing that is taken for whole, and no obstacle. */
#include "cli/cli_fixture.h"

#include <signal.h>
#include <sys/file.h>

#define KILLS 5
#define LONGEST_MS 400

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Kills the command after a time that grows with `round`; answers whether it was killed before its end. */
static bool is_killed(struct fixture *f, const char *const *args, int round)
{
	pid_t pid = start(f, NULL, args);
	(void)poll(NULL, 0, 1 + round * round * LONGEST_MS / (KILLS * KILLS));
	assert_int_equal(kill(pid, SIGKILL), 0);
	return status_of(pid) == 128 + SIGKILL;
}

/* What every command that reads a register says of a folder that was left half made. */
static void must_be_no_register(struct fixture *f, const char *dir)
{
	static const char *const COMMANDS[] = { "verify", "duties", "refold", "serve" };
	for (size_t i = 0; i < COUNT_OF(COMMANDS); i++) {
		assert_int_equal(run(f, COMMANDS[i], dir), 4);
		assert_true(says(f->words, "is half made"));
		assert_true(says(f->words, "begins anew"));
	}
}

/* The same command again does it, or says that it was done before the kill. */
static void must_go_on(struct fixture *f, const char *dir, const char *const *args)
{
	const char *mark = file_join(f->arena, dir, "half-made");
	bool is_half = file_exists(mark);
	if (is_half)
		must_be_no_register(f, dir);
	if (run_list(f, NULL, args) == 3 && !is_half)
		assert_true(says(f->words, "not empty"));
	else
		must_be_done(f, f->status);
	assert_false(file_exists(mark));
}

static void must_survive_kills(struct fixture *f, const char *dir, const char *const *args)
{
	for (int round = 0; round < KILLS; round++) {
		remove_folder(f->arena, dir);
		(void)is_killed(f, args, round);
		must_go_on(f, dir, args);
		must_run(f, "log", "vkey", dir);
	}
}

static void a_killed_init_is_begun_anew(void **state)
{
	struct fixture *f = *state;
	const char *dir = path_of(f, "made");
	must_survive_kills(f, dir, ARGS("init", dir, "--drill"));
	must_survive_kills(f, dir, ARGS("init", dir));
	must_run(f, "verify", dir);
}

static void a_killed_restore_is_begun_anew(void **state)
{
	struct fixture *f = *state;
	const char *backup = path_of(f, "backup"), *dir = path_of(f, "made");
	(void)report(f, "He is alone at night.");
	must_run(f, "backup", drill(f), backup);
	must_survive_kills(f, dir, ARGS("restore", backup, dir, "--master", path_of(f, "r/keys/master.key")));
	must_run(f, "verify", dir);
}

static void a_killed_backup_is_begun_anew(void **state)
{
	struct fixture *f = *state;
	const char *dir = path_of(f, "made"), *again = path_of(f, "again");
	(void)report(f, "He is alone at night.");
	for (int round = 0; round < KILLS; round++) {
		remove_folder(f->arena, dir);
		(void)is_killed(f, ARGS("backup", drill(f), dir), round);
		must_go_on(f, dir, ARGS("backup", drill(f), dir));
	}
	must_run(f, "restore", dir, again, "--master", path_of(f, "r/keys/master.key"));
}

/* A folder as a command leaves it that is killed in its middle. */
static const char *half_made(struct fixture *f)
{
	const char *dir = path_of(f, "made");
	assert_int_equal(mkdir(dir, 0700), 0);
	write_file(f, "made/half-made", STR("backup"));
	write_file(f, "made/register.db", STR("half of it"));
	return dir;
}

static void what_else_lies_in_a_half_made_folder_is_left(void **state)
{
	struct fixture *f = *state;
	const char *dir = half_made(f);
	must_be_no_register(f, dir);
	assert_int_equal(run(f, "restore", dir, path_of(f, "again"), "--master", path_of(f, "made/half-made")), 4);
	assert_true(says(f->words, "is half made"));
	assert_int_equal(run(f, "backup", dir, path_of(f, "again")), 4);
	assert_false(file_exists(path_of(f, "again")));
	write_file(f, "made/letter", STR("to keep"));
	assert_int_equal(run(f, "init", dir, "--drill"), 3);
	assert_true(says(f->words, "something else lies in it: letter"));
	assert_true(file_exists(path_of(f, "made/register.db")));
	assert_int_equal(unlink(path_of(f, "made/letter")), 0);
	must_run(f, "init", dir, "--drill");
	must_run(f, "verify", dir);
}

static void a_folder_that_another_command_fills_is_left_to_it(void **state)
{
	struct fixture *f = *state;
	const char *dir = half_made(f);
	int mark = open(path_of(f, "made/half-made"), O_RDWR | O_CLOEXEC);
	assert_true(mark >= 0);
	assert_int_equal(flock(mark, LOCK_EX), 0);
	assert_int_equal(run(f, "init", dir, "--drill"), 4);
	assert_true(says(f->words, "just now"));
	assert_true(file_exists(path_of(f, "made/register.db")));
	assert_int_equal(close(mark), 0);
	must_run(f, "init", dir, "--drill");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_killed_init_is_begun_anew),
		PROVES(a_killed_restore_is_begun_anew),
		PROVES(a_killed_backup_is_begun_anew),
		PROVES(what_else_lies_in_a_half_made_folder_is_left),
		PROVES(a_folder_that_another_command_fills_is_left_to_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
