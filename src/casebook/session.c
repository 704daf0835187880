/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Sessions. The register keeps a keyed sum of a secret that only the browser
 * holds. A session ends 15 minutes after its last use, 10 hours after it was
 * made, with its account, and with the holding or deputising it leans on.
 *
 * A row holds a keyed tag of itself and of the entry that gave the account its
 * password and second factor: put in or altered by hand, or brought back after
 * these changed, it opens nothing.
 */
#include "casebook/account.h"

#include "casebook/credential.h"
#include "casebook/readings.h"

#define IDLE (15 * INSTANT_PER_MINUTE)
#define WHOLE (10 * INSTANT_PER_HOUR)
#define PROVED_FOR (5 * INSTANT_PER_MINUTE)
#define TOUCH INSTANT_PER_MINUTE /* uses within it are not written again */
#define TAG_HEX 16

static const struct str PURPOSE = { "session", 7 };

/* All by the primary key. */
static const char GET_SQL[] =
	"SELECT account, office, made, used, proved, tag FROM short_session WHERE hash = ?1";
static const char PUT_SQL[] =
	"INSERT INTO short_session (hash, account, office, made, used, proved, tag)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char TOUCH_SQL[] =
	"UPDATE short_session SET used = ?2, proved = ?3, tag = ?4 WHERE hash = ?1";
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
	const struct hash *touch; /* a row that was used at `now`, or NULL */
	bool is_proof;            /* and proved */
	instant now;
};

static bool ended(struct err *err)
{
	return err_set(err, ERR_ABSENT, "Your session has ended. Sign in again");
}

/* Of a session of an account whose newest entry is `newest`. */
static struct row_fields fields_of(const struct kept *kept, int64_t newest)
{
	return (struct row_fields){
		.texts = { hash_str(&kept->hash), kept->account, kept->office },
		.numbers = { kept->made, kept->used, kept->proved, newest },
	};
}

static bool tag_of(struct casebook *book, const struct kept *kept, struct hash *tag,
                   struct err *err)
{
	struct account_row account;
	bool is_there;
	if (!account_by_id(book->store, kept->account, &account, &is_there, err))
		return false;
	if (!is_there || account.is_ended)
		return ended(err);
	struct row_fields fields = fields_of(kept, account.newest);
	return row_tag(book, PURPOSE, &fields, tag, err);
}

static bool put(struct casebook *book, const struct kept *kept, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct hash tag;
	if (!tag_of(book, kept, &tag, err) || !store_prepare(book->store, PUT_SQL, &stmt, err))
		return false;
	store_bind_blob(stmt, 1, hash_str(&kept->hash));
	store_bind_str(stmt, 2, kept->account);
	store_bind_str(stmt, 3, kept->office.p ? kept->office : STR(""));
	store_bind_int(stmt, 4, kept->made);
	store_bind_int(stmt, 5, kept->used);
	store_bind_int(stmt, 6, kept->proved);
	store_bind_blob(stmt, 7, hash_str(&tag));
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

/* The row of kept->hash where its tag holds; else as if there were none. */
static bool read_row(struct casebook *book, struct store *store, struct arena *arena,
                     struct kept *kept, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct account_row account;
	bool is_there, holds;
	if (!store_prepare(store, GET_SQL, &stmt, err))
		return false;
	store_bind_blob(stmt, 1, hash_str(&kept->hash));
	enum store_step step = store_step(stmt, err);
	if (step != STORE_ROW)
		return step == STORE_DONE ? ended(err) : false;
	kept->account = arena_copy(arena, store_str(stmt, 0));
	kept->office = arena_copy(arena, store_str(stmt, 1));
	kept->made = store_int(stmt, 2);
	kept->used = store_int(stmt, 3);
	kept->proved = store_int(stmt, 4);
	if (!kept->account.p || !kept->office.p)
		return err_set(err, ERR_UNABLE, "There is no memory for this session");
	if (!account_by_id(store, kept->account, &account, &is_there, err))
		return false;
	if (!is_there || account.is_ended)
		return ended(err);
	struct row_fields fields = fields_of(kept, account.newest);
	return row_holds(book, PURPOSE, &fields, store_blob(stmt, 5), &holds, err) &&
	       (holds || ended(err));
}

/* Reads the row anew: another request may have proved or ended it meanwhile. */
static bool touch(struct casebook *book, const struct change *change, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(4096);
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct kept kept = { .hash = *change->touch };
	struct hash tag;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory for this session");
	if (!read_row(book, book->store, arena, &kept, err))
		return false;
	kept.used = change->now;
	if (change->is_proof)
		kept.proved = change->now;
	if (!tag_of(book, &kept, &tag, err) || !store_prepare(book->store, TOUCH_SQL, &stmt, err))
		return false;
	store_bind_blob(stmt, 1, hash_str(&kept.hash));
	store_bind_int(stmt, 2, kept.used);
	store_bind_int(stmt, 3, kept.proved);
	store_bind_blob(stmt, 4, hash_str(&tag));
	return store_do(stmt, err);
}

static bool write_change(struct casebook *book, void *ctx, struct err *err)
{
	const struct change *change = ctx;
	if (change->drop && !drop(book->store, change->drop, err))
		return false;
	/* One that takes another's place does so while that one stands. */
	if (change->put && change->drop && store_changes(book->store) != 1)
		return ended(err);
	if (change->put && !put(book, change->put, err))
		return false;
	return !change->touch || touch(book, change, err);
}

/* What is kept of a secret; what cannot be one is a session that ended. */
static bool sum_of(struct casebook *book, struct str secret, struct hash *hash, struct err *err)
{
	struct err why = { 0 };
	if (secret_hash(book, secret, hash, &why))
		return true;
	if (why.code == ERR_ABSENT)
		return ended(err);
	*err = why;
	return false;
}

/* The session of a secret while it lives. */
static bool find(struct casebook_reader *reader, struct arena *arena, struct str secret,
                 instant now, struct kept *out, struct err *err)
{
	*out = (struct kept){ 0 };
	if (!sum_of(reader->book, secret, &out->hash, err) ||
	    !read_row(reader->book, reader->store, arena, out, err))
		return false;
	if (now - out->used >= IDLE || now - out->made >= WHOLE)
		return ended(err);
	return !out->office.n || reader_is_seat(reader, out->office, out->account) || ended(err);
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
	return secret_make(book, secret, &kept.hash, err) &&
	       book_write(book, write_change, &change, err);
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
	if (!casebook_fits(book, err))
		return false;
	if (!find_alone(book, arena, secret, now, &kept, err))
		return false;
	if (now - kept.used >= TOUCH) {
		struct change change = { .touch = &kept.hash, .now = now };
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
	if (!secret_make(book, next, &kept.hash, err))
		return false;
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
	struct change change = { .touch = &kept.hash, .is_proof = true, .now = casebook_now(book) };
	return book_write(book, write_change, &change, err);
}

bool casebook_session_end(struct casebook *book, struct str secret, struct err *err)
{
	struct hash hash;
	struct err why = { 0 };
	struct change change = { .drop = &hash };
	if (secret_hash(book, secret, &hash, &why))
		return book_write(book, write_change, &change, err);
	if (why.code == ERR_ABSENT)
		return true;
	*err = why;
	return false;
}
