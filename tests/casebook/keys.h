/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What tests of the signing keys share: the files, receipts by a key, a copy of the database put back. */
#ifndef CANDOUR_TESTS_CASEBOOK_KEYS_H
#define CANDOUR_TESTS_CASEBOOK_KEYS_H

#include "casebook/fixture.h"
#include "log/log.h"
#include "store/dialect.h"
#include "store/store.h"

#define NOW    "keys/log.key"
#define NEXT   "keys/log.key.next"
#define FORMER "keys/log.key.former"

static inline const char *path_of(struct fixture *f, const char *name)
{
	return file_join(f->arena, f->dir, name);
}

static inline struct str bytes_of(struct fixture *f, const char *name)
{
	struct str bytes;
	MUST(f, file_read(f->arena, path_of(f, name), 4096, &bytes, &f->err));
	return bytes;
}

static inline struct casebook_answer rotate(struct fixture *f, const struct person *by)
{
	struct casebook_answer answer;
	struct casebook_actor actor = by->actor;
	actor.is_proved = true;
	MUST(f, casebook_key_rotate(f->book, &actor, CASEBOOK_CLI, STR("root"), f->arena, &answer, &f->err));
	return answer;
}

static inline void close_register(struct fixture *f)
{
	casebook_close(f->book);
	f->book = NULL;
}

/* What somebody does to the database while nobody serves it. */
static inline void by_hand(struct fixture *f, const char *sql)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	instant now = casebook_now(f->book);
	static const struct casebook_options options = { .has_seed = true, .seed = 9 };
	close_register(f);
	MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_WRITE, &store, &f->err));
	MUST(f, store_run(store, sql, &f->err));
	store_cleanup(&store);
	store = NULL;
	MUST(f, casebook_open_with(f->dir, CASEBOOK_WRITE, &options, &f->book, &f->err));
	MUST(f, casebook_set_now(f->book, now, &f->err));
}

static inline struct casebook_difference looked_at(struct fixture *f)
{
	struct casebook_verified found;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	if (found.ok)
		return (struct casebook_difference){ .where = STR("none") };
	return found.difference;
}

static inline void must_verify(struct fixture *f)
{
	struct casebook_difference found = looked_at(f);
	if (!str_eq(found.where, STR("none")))
		fail_msg("%.*s: %.*s", STR_ARG(found.where), STR_ARG(found.what));
}

static inline struct str vkey_now(struct fixture *f)
{
	return arena_copy(f->arena, casebook_vkey(f->book));
}

static inline struct str receipt_of(struct fixture *f, int64_t entry)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct str receipt;
	MUST(f, casebook_receipt(reader, f->arena, entry, &receipt, &f->err));
	return receipt;
}

static inline bool holds(struct fixture *f, struct str receipt, struct str vkey)
{
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	const struct log_policy *policy;
	struct log_receipt_found found;
	MUST(f, log_policy_of_key(f->arena, vkey, &policy, &f->err));
	MUST(f, log_receipt_check(hasher, f->arena, receipt, policy, NULL, &found, &f->err));
	return found.result == LOG_RECEIPT_SIGNED;
}

static inline void run_sql(struct fixture *f, const char *sql)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	MUST(f, store_open(path_of(f, "register.db"), STORE_WRITE, &store, &f->err));
	MUST(f, store_run_script(store, sql, &f->err));
}

static inline void move_time(struct fixture *f, int64_t days)
{
	MUST(f, casebook_set_now(f->book, casebook_now(f->book) + days * INSTANT_PER_DAY, &f->err));
}

static inline void put_file(struct fixture *f, const char *name, struct str bytes)
{
	(void)unlink(path_of(f, name));
	MUST(f, file_write(path_of(f, name), 0600, bytes, &f->err));
}

static inline void copy_database(struct fixture *f, const char *to)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	MUST(f, store_open(path_of(f, "register.db"), STORE_READ, &store, &f->err));
	MUST(f, store_backup(store, path_of(f, to), NULL, NULL, &f->err));
}

static inline void take_database(struct fixture *f, const char *from)
{
	(void)unlink(path_of(f, "register.db-wal"));
	(void)unlink(path_of(f, "register.db-shm"));
	(void)unlink(path_of(f, "keys/newest")); /* or it would be told that it was set back */
	assert_int_equal(rename(path_of(f, from), path_of(f, "register.db")), 0);
}

/* Opens, writes, is whole, and the files are those of a register in that state. */
static inline void must_go_on(struct fixture *f, struct str vkey, bool has_former)
{
	static const struct casebook_options options = { .has_seed = true, .seed = 9 };
	must_verify(f);
	MUST(f, casebook_open(f->dir, CASEBOOK_READ, &f->book, &f->err));
	assert_true(str_eq(vkey_now(f), vkey));
	close_register(f);
	MUST(f, casebook_open_with(f->dir, CASEBOOK_WRITE, &options, &f->book, &f->err));
	assert_true(str_eq(vkey_now(f), vkey));
	assert_false(file_exists(path_of(f, NEXT)));
	assert_int_equal(file_exists(path_of(f, FORMER)), has_former);
	struct str receipt = receipt_of(f, report(f, "He is alone again.").index);
	assert_true(holds(f, receipt, vkey));
	close_register(f);
	must_verify(f);
}

#endif
