/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Sessions. The register keeps the SHA-256 of a secret that only the browser
 * holds. A session ends 15 minutes after its last use, 10 hours after it was
 * made, with its account, and with the holding or deputising it leans on.
 */
#include "casebook/account.h"

#include "casebook/credential.h"
#include "casebook/readings.h"

#define IDLE (15 * INSTANT_PER_MINUTE)
#define WHOLE (10 * INSTANT_PER_HOUR)
#define PROVED_FOR (5 * INSTANT_PER_MINUTE)
#define TOUCH INSTANT_PER_MINUTE /* uses within it are not written again */
#define TAG_HEX 16

/* All by the primary key. */
static const char GET_SQL[] =
	"SELECT account, office, made, used, proved FROM short_session WHERE hash = ?1";
static const char PUT_SQL[] =
	"INSERT INTO short_session (hash, account, office, step, made, used, proved, office_made)"
	" VALUES (?1, ?2, ?3, '', ?4, ?5, ?6, ?7)";
static const char USED_SQL[] = "UPDATE short_session SET used = ?2 WHERE hash = ?1";
static const char PROVED_SQL[] = "UPDATE short_session SET proved = ?2, used = ?2 WHERE hash = ?1";
static const char DROP_SQL[] = "DELETE FROM short_session WHERE hash = ?1";

struct kept {
	struct hash hash;
	struct str account;
	struct str office;
	instant made;
	instant used;
	instant proved;
};

/* What a piece of writing is told. */
struct change {
	const struct kept *put;   /* a new row, or NULL */
	const struct hash *drop;  /* a row to be dropped, or NULL */
	const struct hash *touch; /* a row that was used or proved at `now`, or NULL */
	const char *touch_sql;
	instant now;
};

static bool ended(struct err *err)
{
	return err_set(err, ERR_ABSENT, "Your session has ended. Sign in again");
}

static bool put(struct store *store, const struct kept *kept, instant now, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, PUT_SQL, &stmt, err))
		return false;
	store_bind_blob(stmt, 1, hash_str(&kept->hash));
	store_bind_str(stmt, 2, kept->account);
	store_bind_str(stmt, 3, kept->office.p ? kept->office : STR(""));
	store_bind_int(stmt, 4, kept->made);
	store_bind_int(stmt, 5, kept->used);
	store_bind_int(stmt, 6, kept->proved);
	store_bind_int(stmt, 7, now);
	return store_do(stmt, err);
}

static bool drop(struct store *store, const struct hash *hash, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, DROP_SQL, &stmt, err))
		return false;
	store_bind_blob(stmt, 1, hash_str(hash));
	return store_do(stmt, err);
}

static bool touch(struct store *store, const char *sql, const struct hash *hash, instant now,
                  struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, sql, &stmt, err))
		return false;
	store_bind_blob(stmt, 1, hash_str(hash));
	store_bind_int(stmt, 2, now);
	return store_do(stmt, err);
}

static bool write_change(struct casebook *book, void *ctx, struct err *err)
{
	const struct change *change = ctx;
	if (change->drop && !drop(book->store, change->drop, err))
		return false;
	if (change->put && !put(book->store, change->put, change->now, err))
		return false;
	return !change->touch ||
	       touch(book->store, change->touch_sql, change->touch, change->now, err);
}

/* The session of a secret while it lives. */
static bool find(struct casebook_reader *reader, struct arena *arena, struct str secret,
                 instant now, struct kept *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct account_row account;
	bool is_there;
	*out = (struct kept){ 0 };
	if (!secret_hash(secret, &out->hash))
		return ended(err);
	if (!store_prepare(reader->store, GET_SQL, &stmt, err))
		return false;
	store_bind_blob(stmt, 1, hash_str(&out->hash));
	enum store_step step = store_step(stmt, err);
	if (step != STORE_ROW)
		return step == STORE_DONE ? ended(err) : false;
	out->account = arena_copy(arena, store_str(stmt, 0));
	out->office = arena_copy(arena, store_str(stmt, 1));
	out->made = store_int(stmt, 2);
	out->used = store_int(stmt, 3);
	out->proved = store_int(stmt, 4);
	if (!out->account.p || !out->office.p)
		return err_set(err, ERR_UNABLE, "There is no memory for this session");
	if (now - out->used >= IDLE || now - out->made >= WHOLE)
		return ended(err);
	if (!account_by_id(reader->store, out->account, &account, &is_there, err))
		return false;
	if (!is_there || account.is_ended ||
	    (out->office.n && !reader_is_seat(reader, out->office, out->account)))
		return ended(err);
	return true;
}

static bool find_alone(struct casebook *book, struct arena *arena, struct str secret, instant now,
                       struct kept *out, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	return casebook_reader_take(book, &reader, err) &&
	       find(reader, arena, secret, now, out, err);
}

static bool check_seat(struct casebook *book, struct str office, struct str account,
                       struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	if (!casebook_reader_take(book, &reader, err))
		return false;
	return reader_is_seat(reader, office, account) ||
	       err_set(err, ERR_REFUSED, "You neither hold this office nor stand in for it today");
}

bool casebook_session_make(struct casebook *book, struct str account, struct str office,
                           char secret[CASEBOOK_SECRET_TEXT + 1], struct err *err)
{
	instant now = casebook_now(book);
	struct kept kept = {
		.account = account, .office = office, .made = now, .used = now, .proved = now
	};
	struct change change = { .put = &kept, .now = now };
	secret[0] = '\0';
	if (office.n && !check_seat(book, office, account, err))
		return false;
	secret_make(book, secret, &kept.hash);
	return book_write(book, write_change, &change, err);
}

/* Short, says nothing of the secret, and another for each session. */
static bool fill_tag(struct arena *arena, struct str secret, struct str *tag, struct err *err)
{
	struct str pieces[2] = { STR("candour/session-tag/v1\n"), secret };
	struct hash hash = hash_hmac(pieces[0], &pieces[1], 1);
	*tag = str_sub(hash_hex(arena, &hash), 0, TAG_HEX);
	return tag->p || err_set(err, ERR_UNABLE, "There is no memory for this session");
}

bool casebook_session_get(struct casebook *book, struct arena *arena, struct str secret,
                          struct casebook_session *out, struct err *err)
{
	struct kept kept;
	instant now = casebook_now(book);
	*out = (struct casebook_session){ 0 };
	if (!find_alone(book, arena, secret, now, &kept, err))
		return false;
	if (now - kept.used >= TOUCH) {
		struct change change = { .touch = &kept.hash, .touch_sql = USED_SQL, .now = now };
		if (!book_write(book, write_change, &change, err))
			return false;
		kept.used = now;
	}
	instant idle_ends = kept.used + IDLE, whole_ends = kept.made + WHOLE;
	out->account = kept.account;
	out->office = kept.office;
	out->made = kept.made;
	out->ends = idle_ends < whole_ends ? idle_ends : whole_ends;
	out->is_proved = now - kept.proved < PROVED_FOR;
	return fill_tag(arena, secret, &out->tag, err);
}

bool casebook_session_office(struct casebook *book, struct str secret, struct str office,
                             char next[CASEBOOK_SECRET_TEXT + 1], struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(4096);
	struct kept old, kept;
	instant now = casebook_now(book);
	next[0] = '\0';
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory for this session");
	if (!find_alone(book, arena, secret, now, &old, err) ||
	    !check_seat(book, office, old.account, err))
		return false;
	kept = old;
	kept.office = office;
	kept.used = now;
	secret_make(book, next, &kept.hash);
	struct change change = { .put = &kept, .drop = &old.hash, .now = now };
	return book_write(book, write_change, &change, err);
}

static bool read_account(struct casebook *book, struct str account, struct account_row *row,
                         struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	bool found = false;
	if (!casebook_reader_take(book, &reader, err) ||
	    !account_by_id(reader->store, account, row, &found, err))
		return false;
	return found || ended(err);
}

bool casebook_session_prove(struct casebook *book, struct str secret, struct str password,
                            struct str digits, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(4096);
	struct account_row row;
	struct kept kept;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory for this session");
	if (!find_alone(book, arena, secret, casebook_now(book), &kept, err) ||
	    !read_account(book, kept.account, &row, err) ||
	    !proof_check(book, &row, kept.account, password, digits, err))
		return false;
	struct change change = { .touch = &kept.hash,
		                 .touch_sql = PROVED_SQL,
		                 .now = casebook_now(book) };
	return book_write(book, write_change, &change, err);
}

bool casebook_session_end(struct casebook *book, struct str secret, struct err *err)
{
	struct hash hash;
	struct change change = { .drop = &hash };
	return !secret_hash(secret, &hash) || book_write(book, write_change, &change, err);
}
