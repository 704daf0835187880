/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the other rooms count on: rows as they were bound, turns whole or not at all, schemas by number. */
#include "store_fixture.h"

#include <sys/stat.h>
#include <sys/wait.h>

#define NOBODY 65534

static void test_what_was_bound_comes_back_to_the_byte(void **state)
{
	struct disk *disk = *state;
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	static const char bytes[] = { 0, 1, (char)0xff, 0, '\'' };
	struct str word = STR("O'Neill; DROP TABLE thing --"), blob = { bytes, sizeof bytes };
	disk_must(disk, disk_put(disk, INT64_MIN, word, blob));
	disk_must(disk, disk_put(disk, INT64_MAX, STR(""), (struct str){ "", 0 }));
	disk_must(disk, disk_put(disk, 0, STR_NONE, STR_NONE));
	disk_must(disk, store_prepare(disk->store, "SELECT n, word, bytes FROM thing ORDER BY n", &found, &disk->err));
	assert_int_equal(store_step(found, &disk->err), STORE_ROW);
	assert_int_equal(store_int(found, 0), INT64_MIN);
	assert_true(str_eq(store_str(found, 1), word));
	assert_true(str_eq(store_blob(found, 2), blob));
	assert_int_equal(store_step(found, &disk->err), STORE_ROW);
	assert_true(store_is_null(found, 1) && store_is_null(found, 2));
	assert_int_equal(store_step(found, &disk->err), STORE_ROW);
	assert_int_equal(store_int(found, 0), INT64_MAX);
	assert_true(!store_is_null(found, 1) && store_str(found, 1).n == 0);
	assert_true(!store_is_null(found, 2) && store_blob(found, 2).n == 0);
	assert_int_equal(store_step(found, &disk->err), STORE_DONE);
}

static void test_a_statement_given_back_has_forgotten_its_bindings(void **state)
{
	struct disk *disk = *state;
	static const char SQL[] = "SELECT ?1";
	struct store_stmt *one;
	disk_must(disk, store_prepare(disk->store, SQL, &one, &disk->err));
	store_bind_int(one, 1, 7);
	assert_int_equal(store_step(one, &disk->err), STORE_ROW);
	assert_int_equal(store_int(one, 0), 7);
	store_stmt_finish(&one);
	disk_must(disk, store_prepare(disk->store, SQL, &one, &disk->err));
	assert_int_equal(store_step(one, &disk->err), STORE_ROW);
	assert_true(store_is_null(one, 0));
	store_stmt_finish(&one);
}

static void test_a_statement_in_use_can_be_had_twice(void **state)
{
	struct disk *disk = *state;
	static const char SQL[] = "SELECT n FROM thing ORDER BY n";
	struct store_stmt *outer, *inner;
	for (int64_t n = 1; n <= 3; n++)
		disk_must(disk, disk_put(disk, n, STR("x"), STR_NONE));
	disk_must(disk, store_prepare(disk->store, SQL, &outer, &disk->err));
	assert_int_equal(store_step(outer, &disk->err), STORE_ROW);
	disk_must(disk, store_prepare(disk->store, SQL, &inner, &disk->err));
	assert_ptr_not_equal(outer, inner);
	assert_int_equal(store_step(inner, &disk->err), STORE_ROW);
	assert_int_equal(store_int(inner, 0), 1);
	store_stmt_finish(&inner);
	assert_int_equal(store_step(outer, &disk->err), STORE_ROW);
	assert_int_equal(store_int(outer, 0), 2);
	store_stmt_finish(&outer);
}

static void test_a_broken_constraint_is_a_fault_and_bad_sql_too(void **state)
{
	struct disk *disk = *state;
	struct store_stmt *stmt = NULL;
	disk_must(disk, disk_put(disk, 1, STR("x"), STR_NONE));
	assert_false(disk_put(disk, 1, STR("y"), STR_NONE));
	assert_int_equal(disk->err.code, ERR_FAULT);
	assert_false(store_prepare(disk->store, "SELECT nothing FROM nowhere", &stmt, &disk->err));
	assert_int_equal(disk->err.code, ERR_FAULT);
	assert_int_equal(disk_count(disk, disk->store), 1);
}

static void test_a_turn_is_seen_whole_or_not_at_all(void **state)
{
	struct disk *disk = *state;
	struct store *reader;
	disk_must(disk, store_open(disk->path, STORE_READ, &reader, &disk->err));
	disk_must(disk, store_begin(disk->store, &disk->err));
	disk_must(disk, disk_put(disk, 1, STR("x"), STR_NONE));
	disk_must(disk, disk_put(disk, 2, STR("y"), STR_NONE));
	assert_int_equal(disk_count(disk, reader), 0);
	store_abort(disk->store);
	assert_int_equal(disk_count(disk, disk->store), 0);
	disk_must(disk, store_begin(disk->store, &disk->err));
	disk_must(disk, disk_put(disk, 1, STR("x"), STR_NONE));
	disk_must(disk, store_commit(disk->store, &disk->err));
	assert_int_equal(disk_count(disk, reader), 1);
	store_close(reader);
}

static void test_a_readers_transaction_sees_one_instant(void **state)
{
	struct disk *disk = *state;
	struct store *reader;
	disk_must(disk, store_open(disk->path, STORE_READ, &reader, &disk->err));
	disk_must(disk, store_begin(reader, &disk->err));
	assert_int_equal(disk_count(disk, reader), 0);
	disk_must(disk, disk_put(disk, 1, STR("x"), STR_NONE));
	assert_int_equal(disk_count(disk, reader), 0);
	disk_must(disk, store_commit(reader, &disk->err));
	assert_int_equal(disk_count(disk, reader), 1);
	store_close(reader);
}

static void test_a_reader_cannot_write(void **state)
{
	struct disk *disk = *state;
	struct store *reader;
	disk_must(disk, store_open(disk->path, STORE_READ, &reader, &disk->err));
	assert_false(store_run(reader, "DELETE FROM thing", &disk->err));
	store_close(reader);
}

static void test_a_trigger_put_in_by_hand_does_nothing(void **state)
{
	struct disk *disk = *state;
	disk_must(disk, store_run(disk->store,
	                          "CREATE TRIGGER away BEFORE INSERT ON thing BEGIN SELECT raise(ignore); END", &disk->err));
	disk_must(disk, disk_put(disk, 1, STR("x"), STR_NONE));
	assert_int_equal(disk_count(disk, disk->store), 1);
}

static void test_a_view_is_not_read_for_a_table(void **state)
{
	struct disk *disk = *state;
	int64_t n;
	disk_must(disk, store_run(disk->store, "CREATE VIEW other AS SELECT 0 AS n", &disk->err));
	assert_false(store_get_int(disk->store, "SELECT n FROM other", &n, &disk->err));
}

static void move(const char *from, const char *to)
{
	assert_int_equal(rename(from, to), 0);
}

static bool commit_one(struct disk *disk, int64_t n)
{
	disk_must(disk, store_begin(disk->store, &disk->err));
	disk_must(disk, disk_put(disk, n, STR("x"), STR_NONE));
	return store_commit(disk->store, &disk->err);
}

static void test_nothing_is_committed_into_a_file_that_was_taken_away(void **state)
{
	struct disk *disk = *state;
	static const char *const ENDS[] = { "", "-wal" };
	char here[128], aside[128];
	assert_true(commit_one(disk, 1));
	for (size_t i = 0; i < COUNT_OF(ENDS); i++) {
		(void)snprintf(here, sizeof here, "%s%s", disk->path, ENDS[i]);
		(void)snprintf(aside, sizeof aside, "%s/aside", disk->folder);
		move(here, aside);
		assert_false(commit_one(disk, 2));
		assert_int_equal(disk->err.code, ERR_UNABLE);
		assert_non_null(strstr(disk->err.message, "Put it back"));
		move(aside, here);
		assert_true(commit_one(disk, 10 + (int64_t)i));
	}
	assert_int_equal(disk_count(disk, disk->store), 3);
}

static void test_opening_tells_what_is_wrong(void **state)
{
	struct disk *disk = *state;
	struct store *other = NULL;
	char path[128];
	(void)snprintf(path, sizeof path, "%s/none.db", disk->folder);
	assert_false(store_open(path, STORE_WRITE, &other, &disk->err));
	assert_int_equal(disk->err.code, ERR_ABSENT);
	assert_false(store_open(disk->path, STORE_CREATE, &other, &disk->err));
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	(void)fputs("This is a letter, and no database at all, however long it may be.\n", file);
	assert_int_equal(fclose(file), 0);
	assert_false(store_open(path, STORE_WRITE, &other, &disk->err));
	assert_int_equal(disk->err.code, ERR_INPUT);
	assert_true(store_says_damaged(&disk->err));
	assert_non_null(strstr(disk->err.message, "none.db"));
	assert_null(other);
}

static void test_a_schema_is_brought_up_once_and_a_newer_one_refused(void **state)
{
	struct disk *disk = *state;
	int newest = store_migration_newest("register");
	int64_t have;
	assert_true(newest >= 2);
	assert_int_equal(store_migration_newest("no-such-set"), 0);
	for (int i = 0; i < 2; i++)
		disk_must(disk, store_migrate(disk->store, "register", &disk->err));
	disk_must(disk, store_get_int(disk->store, "SELECT COUNT(*) FROM migration", &have, &disk->err));
	assert_int_equal(have, newest);
	disk_must(disk, store_schema_check(disk->store, "register", &disk->err));
	disk_must(disk, store_run(disk->store, "INSERT INTO migration (number, name) VALUES (9999, 'later')", &disk->err));
	assert_false(store_migrate(disk->store, "register", &disk->err));
	assert_int_equal(disk->err.code, ERR_INPUT);
	assert_non_null(strstr(disk->err.message, "newer"));
	assert_false(store_schema_check(disk->store, "register", &disk->err));
	disk_must(disk, store_run(disk->store, "DELETE FROM migration WHERE number > 1", &disk->err));
	assert_false(store_schema_check(disk->store, "register", &disk->err));
	assert_int_equal(disk->err.code, ERR_UNABLE);
	assert_non_null(strstr(disk->err.message, "older"));
}

static void test_a_backup_of_a_live_database_is_a_whole_one(void **state)
{
	struct disk *disk = *state;
	struct store *copy;
	char to[128];
	(void)snprintf(to, sizeof to, "%s/copy.db", disk->folder);
	for (int64_t n = 0; n < 2000; n++)
		disk_must(disk, disk_put(disk, n, STR("a row long enough to fill some pages of the file"), STR_NONE));
	disk_must(disk, store_backup(disk->store, to, NULL, NULL, &disk->err));
	disk_must(disk, disk_put(disk, 5000, STR("later"), STR_NONE));
	disk_must(disk, store_open(to, STORE_READ, &copy, &disk->err));
	disk_must(disk, store_check_pages(copy, &disk->err));
	assert_int_equal(disk_count(disk, copy), 2000);
	store_close(copy);
	(void)snprintf(to, sizeof to, "%s/no/such/folder/copy.db", disk->folder);
	assert_false(store_backup(disk->store, to, NULL, NULL, &disk->err));
	assert_int_not_equal(access(to, F_OK), 0);
}

static void test_damaged_pages_are_named(void **state)
{
	struct disk *disk = *state;
	for (int64_t n = 0; n < 500; n++)
		disk_must(disk, disk_put(disk, n, STR("a row"), STR_NONE));
	disk_must(disk, store_checkpoint(disk->store, &disk->err));
	store_close(disk->store);
	FILE *file = fopen(disk->path, "r+");
	assert_non_null(file);
	assert_int_equal(fseek(file, 4096 + 3, SEEK_SET), 0);
	(void)fputs("scribble", file);
	assert_int_equal(fclose(file), 0);
	disk_must(disk, store_open(disk->path, STORE_WRITE, &disk->store, &disk->err));
	assert_false(store_check_pages(disk->store, &disk->err));
	assert_int_equal(disk->err.code, ERR_INPUT);
}

static void test_one_writer_holds_the_lock(void **state)
{
	struct disk *disk = *state;
	struct store_lock *one, *two = NULL;
	char path[128];
	(void)snprintf(path, sizeof path, "%s/writer.lock", disk->folder);
	disk_must(disk, store_lock_take(path, &one, &disk->err));
	assert_false(store_lock_take(path, &two, &disk->err));
	assert_int_equal(disk->err.code, ERR_UNABLE);
	store_lock_release(one);
	disk_must(disk, store_lock_take(path, &two, &disk->err));
	store_lock_release(two);
}

static void test_a_lock_whose_file_was_taken_away_stands_no_more(void **state)
{
	struct disk *disk = *state;
	struct store_lock *one, *two = NULL;
	char path[128];
	(void)snprintf(path, sizeof path, "%s/writer.lock", disk->folder);
	disk_must(disk, store_lock_take(path, &one, &disk->err));
	assert_true(store_lock_stands(one));
	assert_int_equal(unlink(path), 0);
	assert_false(store_lock_stands(one));
	disk_must(disk, store_lock_take(path, &two, &disk->err));
	assert_false(store_lock_stands(one));
	assert_true(store_lock_stands(two));
	store_lock_release(one);
	assert_true(store_lock_stands(two));
	store_lock_release(two);
}

static void test_every_column_is_listed(void **state)
{
	struct disk *disk = *state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)1 << 20);
	const struct str *columns;
	size_t count;
	disk_must(disk, store_columns(disk->store, arena, &columns, &count, &disk->err));
	assert_int_equal(count, 3);
	assert_true(str_eq(columns[0], STR("thing.bytes")));
	assert_true(str_eq(columns[1], STR("thing.n")));
	assert_true(str_eq(columns[2], STR("thing.word")));
}

/* What a disk mounted to read holds of a database that was not closed: all but what readers share. */
static void make_still_copy(const struct disk *disk, char folder[128])
{
	char command[800];
	(void)snprintf(folder, 128, "%s/still", disk->folder);
	(void)snprintf(command, sizeof command,
	               "mkdir '%s' && cp '%s' '%s-wal' '%s' && chmod 0444 '%s'/* && chmod 0555 '%s'", folder, disk->path,
	               disk->path, folder, folder, folder);
	assert_int_equal(system(command), 0);
	assert_int_equal(chmod(disk->folder, 0755), 0);
}

static void test_a_journal_that_cannot_be_read_where_it_lies_is_named(void **state)
{
	struct disk *disk = *state;
	char folder[128], path[160];
	int status = 0;
	disk_must(disk, disk_put(disk, 1, STR("one"), STR_NONE));
	make_still_copy(disk, folder);
	(void)snprintf(path, sizeof path, "%s/one.db", folder);
	pid_t child = fork(); /* rights do not bind root: nobody looks */
	if (child == 0) {
		struct store *store = NULL;
		struct err err = { 0 };
		bool is_nobody = geteuid() != 0 || (setgid(NOBODY) == 0 && setuid(NOBODY) == 0);
		bool is_named = !store_open(path, STORE_READ, &store, &err) && strstr(err.message, path) &&
		                strstr(err.message, "-wal") && strstr(err.message, "Copy the whole folder");
		_exit(is_nobody && err.code == ERR_UNABLE && is_named ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(chmod(folder, 0755), 0);
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, disk_set_up, disk_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DISK(test_what_was_bound_comes_back_to_the_byte),
		ON_DISK(test_a_statement_given_back_has_forgotten_its_bindings),
		ON_DISK(test_a_statement_in_use_can_be_had_twice),
		ON_DISK(test_a_broken_constraint_is_a_fault_and_bad_sql_too),
		ON_DISK(test_a_turn_is_seen_whole_or_not_at_all),
		ON_DISK(test_a_readers_transaction_sees_one_instant),
		ON_DISK(test_a_reader_cannot_write),
		ON_DISK(test_a_trigger_put_in_by_hand_does_nothing),
		ON_DISK(test_a_view_is_not_read_for_a_table),
		ON_DISK(test_nothing_is_committed_into_a_file_that_was_taken_away),
		ON_DISK(test_opening_tells_what_is_wrong),
		ON_DISK(test_a_journal_that_cannot_be_read_where_it_lies_is_named),
		ON_DISK(test_a_schema_is_brought_up_once_and_a_newer_one_refused),
		ON_DISK(test_a_backup_of_a_live_database_is_a_whole_one),
		ON_DISK(test_damaged_pages_are_named),
		ON_DISK(test_one_writer_holds_the_lock),
		ON_DISK(test_a_lock_whose_file_was_taken_away_stands_no_more),
		ON_DISK(test_every_column_is_listed),
	};
	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
