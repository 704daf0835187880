/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Point 38 of docs/asked.md, told as the administrator lives it: the machine is
 * gone, a backup and the officers' shares are there, and one command brings the
 * register back and says that it is whole.
 */
#include "cli/cli_fixture.h"

/* Each run of the program has a large frame under sanitisers: not all in one. */
#define APART __attribute__((noinline))

/* The officers' shares, numbered from 0, as they would type them. */
static const char *shares_file(struct fixture *f, const struct str *shares, size_t count)
{
	struct buf text;
	buf_init(&text, 65536);
	for (size_t i = 0; i < count; i++)
		buf_format(&text, "%.*s\n", STR_ARG(shares[i]));
	write_file(f, "shares", buf_str(&text));
	buf_finish(&text);
	return path_of(f, "shares");
}

static APART void split(struct fixture *f, struct str shares[5])
{
	must_run(f, "key", "split", drill(f), "3/5");
	for (size_t i = 0; i < 5; i++)
		shares[i] = str_from_c(line_of(f, i));
}

/* A backup made while the register is served, and then the machine is lost. */
static APART const char *lose_the_machine(struct fixture *f)
{
	const char *backup = path_of(f, "backup");
	serve(f);
	must_run(f, "backup", drill(f), backup);
	assert_int_equal(stop_serving(f), 0);
	remove_folder(f->arena, path_of(f, "r"));
	assert_false(file_exists(file_join(f->arena, backup, "keys/master.key")));
	return backup;
}

/* The same log, the code opens, the words are there, a receipt from before still proves. */
static APART void must_be_the_same(struct fixture *f, const char *dir, const char *code, const char *key)
{
	must_run(f, "log", "vkey", dir);
	assert_string_equal(line_of(f, 0), key);
	must_run(f, "status", dir, code);
	must_run(f, "show", dir, "C-2", "--as", "amara", "--office", "screener");
	assert_true(says(f->out, "He is alone at night."));
	must_run(f, "receipt", path_of(f, "receipt"), "--vkey", key);
	must_run(f, "verify", dir, "--json");
	assert_true(json_is_true(json_of(f), STR("ok")));
}

static void a_backup_is_restored_and_verified_in_one_command(void **state)
{
	struct fixture *f = *state;
	struct str shares[5];
	const char *receipt = path_of(f, "receipt"), *again = path_of(f, "again");
	const char *code = report(f, "She is hungry.");
	must_run(f, "report", drill(f), "--text", "He is alone at night.", "--receipt", receipt);
	must_run(f, "log", "vkey", drill(f));
	const char *key = line_of(f, 0);
	split(f, shares);
	const char *backup = lose_the_machine(f);
	const struct str three[3] = { shares[1], shares[4], shares[2] };
	must_run(f, "restore", backup, again, "--shares", shares_file(f, three, 3));
	assert_true(says(f->out, "restored to"));
	assert_true(atoi(value_of(f, "entries")) > 2);
	must_be_the_same(f, again, code, key);
}

static void a_backup_alone_opens_for_nobody(void **state)
{
	struct fixture *f = *state;
	struct str shares[5];
	const char *again = path_of(f, "again");
	(void)report(f, "She is hungry.");
	split(f, shares);
	const char *backup = lose_the_machine(f);
	assert_int_equal(run(f, "restore", backup, again, "--shares", shares_file(f, shares, 2)), 3);
	assert_true(says(f->words, "3"));
	assert_false(file_exists(again)); /* nothing half-done stays in the way of the next try */
	must_run(f, "restore", backup, again, "--shares", shares_file(f, shares, 3));
}

/* Somebody wrote into the copy: restoring says so, and where. */
static void a_backup_that_was_altered_is_not_taken_for_whole(void **state)
{
	struct fixture *f = *state;
	struct str shares[5];
	const char *again = path_of(f, "again");
	must_run(f, "report", drill(f), "--text", "She is hungry.");
	split(f, shares);
	const char *backup = lose_the_machine(f);
	const char *database = file_join(f->arena, backup, "register.db");
	struct str bytes = text_of(f, database);
	struct str written = STR("\"source\":\"anonymous\"");
	size_t at = str_find_str(bytes, written);
	assert_true(at < bytes.n);
	FILE *file = fopen(database, "r+b");
	assert_non_null(file);
	assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
	assert_int_equal(fwrite("\"source\":\"neighbour\"", 1, written.n, file), written.n);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(run(f, "restore", backup, again, "--shares", shares_file(f, shares, 3)), 1);
	assert_true(says(f->out, "restored, but not ok"));
	assert_true(says(f->out, "entry"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_backup_is_restored_and_verified_in_one_command),
		PROVES(a_backup_alone_opens_for_nobody),
		PROVES(a_backup_that_was_altered_is_not_taken_for_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
