/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An older database, or an older or another register's write-ahead log, in the place of today's. */
#include "casebook/keys.h"

#include <sys/stat.h>

#define DATABASE "register.db"
#define WAL      "register.db-wal"

static struct str big_file(struct fixture *f, const char *name)
{
	struct str bytes;
	MUST(f, file_read(f->arena, path_of(f, name), FIXTURE_FILE_MAX, &bytes, &f->err));
	return bytes;
}

static void put_database(struct fixture *f, const char *from)
{
	(void)unlink(path_of(f, WAL));
	(void)unlink(path_of(f, "register.db-shm"));
	put_file(f, DATABASE, big_file(f, from));
}

static int64_t entries_of(struct fixture *f)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_health health;
	MUST(f, casebook_health(reader, &health, &f->err));
	return health.entries;
}

static void must_be_told_as_set_back(struct fixture *f, int64_t last)
{
	struct casebook_difference found = looked_at(f);
	if (!str_eq(found.where, STR("signed.size")) || found.index != last)
		fail_msg("%.*s of %d: %.*s", STR_ARG(found.where), (int)found.index, STR_ARG(found.what));
	assert_true(str_find_str(found.what, STR("set back")) < found.what.n);
	assert_true(str_find_str(found.what, STR("candour restore")) < found.what.n);
	assert_false(casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	assert_non_null(strstr(f->err.message, "set back"));
}

static void an_older_database_is_told_as_such(void **state)
{
	struct fixture *f = *state;
	report(f, "He is alone at night.");
	copy_database(f, "old.db");
	int64_t last = report(f, "He is alone again.").index;
	close_register(f);
	put_database(f, "old.db");
	must_be_told_as_set_back(f, last);
}

/* What is no plain file holds nobody up. */
static void a_pipe_in_the_place_of_the_newest_tree_is_none(void **state)
{
	struct fixture *f = *state;
	report(f, "He is alone at night.");
	close_register(f);
	assert_int_equal(unlink(path_of(f, "keys/newest")), 0);
	assert_int_equal(mkfifo(path_of(f, "keys/newest"), 0600), 0);
	(void)alarm(20);
	MUST(f, casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
	report(f, "He is alone again.");
	(void)alarm(0);
}

static struct casebook_verified verified(struct fixture *f)
{
	struct casebook_verified found;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	return found;
}

/* Gone, empty, or no line of ours: nobody says which tree is the newest, and that is said. */
static void without_the_newest_tree_a_register_that_fits_goes_on_and_says_so(void **state)
{
	struct fixture *f = *state;
	static const char *const says[] = { NULL, "", "candour/newest/v9 1" };
	report(f, "He is alone at night.");
	close_register(f);
	assert_false(verified(f).is_without_newest);
	for (size_t i = 0; i < COUNT_OF(says); i++) {
		(void)unlink(path_of(f, "keys/newest"));
		if (says[i])
			put_file(f, "keys/newest", str_from_c(says[i]));
		assert_true(verified(f).ok);
		assert_true(verified(f).is_without_newest);
		MUST(f, casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
		assert_false(casebook_knows_newest(f->book));
		report(f, "He is alone again.");
		MUST(f, casebook_beat(f->book, &f->err));
		assert_true(casebook_knows_newest(f->book));
		close_register(f);
		assert_false(verified(f).is_without_newest);
	}
}

/* What it would have shut out stays out. */
static void without_the_newest_tree_a_row_that_seats_somebody_shuts_the_register(void **state)
{
	struct fixture *f = *state;
	struct person clerk = person(f, "clerk", "register-administrator");
	report(f, "He is alone at night.");
	close_register(f);
	assert_int_equal(unlink(path_of(f, "keys/newest")), 0);
	run_sql(f, str_to_c(f->arena, arena_format(f->arena, "INSERT INTO holding (office, account, since) VALUES"
	                                                     " ('screener', '%.*s', 1);", STR_ARG(clerk.account))));
	assert_false(casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	assert_non_null(strstr(f->err.message, "keys/newest"));
	assert_non_null(strstr(f->err.message, "holding"));
	assert_non_null(strstr(f->err.message, "candour refold"));
	assert_int_equal(access(path_of(f, "keys/newest"), F_OK), -1);
	struct casebook_options options = { .is_to_refold = true };
	MUST(f, casebook_open_with(f->dir, CASEBOOK_WRITE, &options, &f->book, &f->err));
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	close_register(f);
	must_verify(f);
	MUST(f, casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
}

static void after_a_restore_the_newest_tree_is_kept_at_once(void **state)
{
	struct fixture *f = *state;
	report(f, "He is alone at night.");
	close_register(f);
	struct str line = str_sub(bytes_of(f, "keys/newest"), 0, 80); /* size, and most of the root */
	assert_int_equal(unlink(path_of(f, "keys/newest")), 0);
	MUST(f, casebook_keep_newest(f->dir, &f->err));
	assert_true(str_starts(bytes_of(f, "keys/newest"), line));
	MUST(f, casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
	close_register(f);
	run_sql(f, "INSERT INTO holding (office, account, since) VALUES ('screener', 'x', 1);");
	assert_false(casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
	assert_non_null(strstr(f->err.message, "by hand"));
}

/* Its key is destroyed by now: that is no reason to speak of keys. */
static void one_from_before_a_key_that_is_destroyed_is_told_as_set_back(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator");
	copy_database(f, "first.db");
	(void)rotate(f, &admin);
	copy_database(f, "both.db");
	move_time(f, 91);
	MUST(f, casebook_beat(f->book, &f->err));
	assert_false(file_exists(path_of(f, FORMER)));
	(void)rotate(f, &admin);
	move_time(f, 91);
	MUST(f, casebook_beat(f->book, &f->err));
	report(f, "He is alone at night.");
	int64_t last = entries_of(f) - 1;
	close_register(f);
	static const char *const older[] = { "first.db", "both.db" };
	for (size_t i = 0; i < COUNT_OF(older); i++) {
		put_database(f, older[i]);
		must_be_told_as_set_back(f, last);
	}
	/* Nobody remembers what came after: then the key of that time is wanted, by name. */
	(void)unlink(path_of(f, "keys/newest"));
	assert_false(casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
	assert_non_null(strstr(f->err.message, "keys/log.key"));
}

/* --- the write-ahead log ---------------------------------------------------------------------- */

/* A database and its log as they lie on the disk while the register is open, as after a kill. */
static void keep_killed(struct fixture *f, const char *database, const char *wal)
{
	put_file(f, database, big_file(f, DATABASE));
	put_file(f, wal, big_file(f, WAL));
}

static void put_killed(struct fixture *f, const char *database, const char *wal)
{
	put_database(f, database);
	if (wal)
		put_file(f, WAL, big_file(f, wal));
}

/* Whether verify or the start notices; without a difference both must go on with all that was acknowledged. */
static void must_be_noticed_or_nothing(struct fixture *f, int64_t last)
{
	struct casebook_verified found = { .ok = false };
	bool could_look = casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err);
	bool opened = casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err);
	if (!could_look || !found.ok) {
		if (opened && could_look && !str_starts(found.difference.where, STR("register.")))
			fail_msg("it starts although %.*s", STR_ARG(found.difference.what));
		close_register(f);
		return;
	}
	MUST(f, opened);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_entry entry;
	MUST(f, casebook_entry_get(reader, f->arena, last, &entry, &f->err));
}

static void an_earlier_log_put_back_after_a_clean_end_is_noticed(void **state)
{
	struct fixture *f = *state;
	report(f, "He is alone at night.");
	keep_killed(f, "early.db", "early.wal");
	for (int i = 0; i < 20; i++)
		report(f, "He is alone again.");
	int64_t last = report(f, "And again.").index;
	close_register(f);
	put_file(f, "whole.db", big_file(f, DATABASE));
	put_killed(f, "whole.db", "early.wal");
	must_be_noticed_or_nothing(f, last);
}

static void a_log_that_is_older_or_gone_after_a_kill_is_noticed(void **state)
{
	struct fixture *f = *state;
	report(f, "He is alone at night.");
	keep_killed(f, "early.db", "early.wal");
	for (int i = 0; i < 20; i++)
		report(f, "He is alone again.");
	MUST(f, casebook_beat(f->book, &f->err));
	keep_killed(f, "late.db", "late.wal");
	put_file(f, "newest", bytes_of(f, "keys/newest"));
	int64_t entries = entries_of(f);
	close_register(f);
	static const char *const logs[] = { "early.wal", NULL };
	for (size_t i = 0; i < COUNT_OF(logs); i++) {
		put_killed(f, "late.db", logs[i]);
		put_file(f, "keys/newest", bytes_of(f, "newest"));
		must_be_told_as_set_back(f, entries - 1);
	}
	put_killed(f, "late.db", "late.wal");
	put_file(f, "keys/newest", bytes_of(f, "newest"));
	must_verify(f);
	MUST(f, casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
}

static void another_registers_log_is_noticed(void **state)
{
	struct fixture *f = *state;
	struct fixture other = { .arena = f->arena };
	struct casebook_made made;
	report(f, "He is alone at night.");
	report(f, "He is alone again.");
	keep_killed(f, "mine.db", "mine.wal");
	close_register(f);
	put_file(f, "clean.db", big_file(f, DATABASE));
	(void)snprintf(other.dir, sizeof other.dir, "%.40s-other", f->dir);
	fixture_create(&other, other.dir, true, &made);
	fixture_open(&other);
	for (int i = 0; i < 30; i++)
		report(&other, "She is alone at night.");
	put_file(f, "other.wal", big_file(&other, WAL));
	close_register(&other);
	fixture_remove_folder(f->arena, other.dir);
	static const char *const databases[] = { "mine.db", "clean.db" };
	for (size_t i = 0; i < COUNT_OF(databases); i++) {
		put_killed(f, databases[i], "other.wal");
		struct casebook_verified found = { .ok = false };
		bool could_look =
			casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err);
		assert_false(could_look && found.ok);
		assert_false(casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
	}
	put_killed(f, "mine.db", "mine.wal");
	must_verify(f);
	MUST(f, casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(an_older_database_is_told_as_such),
		PROVES(a_pipe_in_the_place_of_the_newest_tree_is_none),
		PROVES(without_the_newest_tree_a_register_that_fits_goes_on_and_says_so),
		PROVES(without_the_newest_tree_a_row_that_seats_somebody_shuts_the_register),
		PROVES(after_a_restore_the_newest_tree_is_kept_at_once),
		PROVES(one_from_before_a_key_that_is_destroyed_is_told_as_set_back),
		PROVES(an_earlier_log_put_back_after_a_clean_end_is_noticed),
		PROVES(a_log_that_is_older_or_gone_after_a_kill_is_noticed),
		PROVES(another_registers_log_is_noticed),
	};
	return PROVE(tests);
}
