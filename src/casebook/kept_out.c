/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Readings refused to an account that has read there before. No entry says so
 * when it happens: it would show, to whoever watches the log grow, who is
 * watched over. A row beside the log says so for everybody alike, and the night
 * looks whose account began a file that the pack watches over, and tells it
 * there, without a name.
 *
 * K1. What counts is that it was asked for. Rows are of accounts that act, at
 *     that moment, in the very office in which they read: whoever left it is
 *     told of by the turn (turn_watch.c), as is whoever a restriction keeps out.
 * K2. A reading of what the account wrote itself is none, and none made while
 *     an emergency reading let it in, which ends with its hour.
 * K3. A loss is known by the newest reading before it: asked for again and
 *     again it is the same one, until it was read once more.
 */
#include "casebook/kept_out.h"

#include "casebook/readings.h"
#include "casebook/recorded.h"
#include "casebook/turn_parts.h"

#define READINGS_LOOKED 4096 /* newest of the file */
#define ROWS_AT_ONCE 256     /* in one turn */

struct loss {
	struct str account;
	struct str office;
	int64_t file;
	int64_t reading;
	instant at;
};

/* --- when it is refused --------------------------------------------------------------------- */

/* By the primary key (file, account, entry): emergency readings of one account are few. */
static bool is_by_glass(struct store *store, const struct loss *loss, instant minute, bool *is,
                        struct err *err)
{
	static const char BROKEN_SQL[] =
		"SELECT entry, until_at FROM broken WHERE file = ?1 AND account = ?2";
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	*is = false;
	if (!store_prepare(store, BROKEN_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, loss->file);
	store_bind_str(rows, 2, loss->account);
	while (!*is) {
		instant from = INSTANT_MIN;
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!recorded_read(store, store_int(rows, 0), &from, err))
			return false;
		*is = minute + INSTANT_PER_MINUTE > from && minute < store_int(rows, 1);
	}
	return true;
}

/* The newest reading that counts; 0: there is none. */
static bool find_reading(struct store *store, struct loss *loss, struct err *err)
{
	/* By reading_file(file, n). */
	static const char READ_SQL[] =
		"SELECT n, account, office, minute, highest FROM reading WHERE file = ?1"
		" ORDER BY n DESC LIMIT ?2";
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!store_prepare(store, READ_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, loss->file);
	store_bind_int(rows, 2, READINGS_LOOKED);
	while (!loss->reading) {
		bool is_none;
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!str_eq(store_str(rows, 1), loss->account) ||
		    !str_eq(store_str(rows, 2), loss->office))
			continue;
		if (!recorded_is_by(store, store_int(rows, 4), loss->account, &is_none, err) ||
		    (!is_none && !is_by_glass(store, loss, store_int(rows, 3), &is_none, err)))
			return false;
		if (!is_none)
			loss->reading = store_int(rows, 0);
	}
	return true;
}

/* By the primary key. */
static bool is_kept(struct store *store, const struct loss *loss, bool *is, struct err *err)
{
	static const char KEPT_SQL[] =
		"SELECT reading FROM short_kept_out WHERE account = ?1 AND file = ?2 AND office = ?3";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (!store_prepare(store, KEPT_SQL, &found, err))
		return false;
	store_bind_str(found, 1, loss->account);
	store_bind_int(found, 2, loss->file);
	store_bind_str(found, 3, loss->office);
	enum store_step step = store_step(found, err);
	*is = step == STORE_ROW && store_int(found, 0) >= loss->reading;
	return step != STORE_FAILED;
}

static bool keep(struct casebook *book, void *ctx, struct err *err)
{
	static const char KEEP_SQL[] =
		"INSERT INTO short_kept_out (account, file, office, reading, at, looked)"
		" VALUES (?1, ?2, ?3, ?4, ?5, 0) ON CONFLICT (account, file, office) DO UPDATE"
		" SET reading = excluded.reading, at = excluded.at, looked = 0"
		" WHERE short_kept_out.reading < excluded.reading";
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	const struct loss *loss = ctx;
	if (!store_prepare(book->store, KEEP_SQL, &put, err))
		return false;
	store_bind_str(put, 1, loss->account);
	store_bind_int(put, 2, loss->file);
	store_bind_str(put, 3, loss->office);
	store_bind_int(put, 4, loss->reading);
	store_bind_int(put, 5, loss->at);
	return store_do(put, err);
}

static bool note(struct casebook_reader *reader, struct loss *loss, struct err *err)
{
	bool is_known;
	if (!find_reading(reader->store, loss, err))
		return false;
	if (!loss->reading)
		return true;
	return is_kept(reader->store, loss, &is_known, err) &&
	       (is_known || book_write(reader->book, keep, loss, err));
}

void casebook_note_refused(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                           int64_t file)
{
	const struct casebook_actor *actor = &viewer->actor;
	struct err err = { 0 };
	struct loss loss = { .account = actor->account,
		             .office = actor->office,
		             .file = file,
		             .at = casebook_now(reader->book) };
	if (!reader->book->is_writer || !reader_pack(reader)->watches || file == 0 ||
	    actor->by != CASEBOOK_BY_OFFICE || !reader_is_seat(reader, loss.office, loss.account))
		return;
	if (!note(reader, &loss, &err))
		journal_write(JOURNAL_WARNING, "a refused reading was not kept for the night: %s",
		              err.message);
}

/* --- at night ------------------------------------------------------------------------------- */

/* By short_kept_out_new. */
static bool find_new(struct turn *turn, struct turn_refused **out, struct err *err)
{
	static const char NEW_SQL[] =
		"SELECT account, file, office, at FROM short_kept_out WHERE looked = 0"
		" ORDER BY account, file, office LIMIT ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	*out = NULL;
	if (!store_prepare(turn->store, NEW_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, ROWS_AT_ONCE);
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		struct turn_refused *one = arena_alloc(turn->arena, 1, sizeof *one);
		if (one)
			*one = (struct turn_refused){
				.account = arena_copy(turn->arena, store_str(rows, 0)),
				.file = store_int(rows, 1),
				.office = arena_copy(turn->arena, store_str(rows, 2)),
				.at = store_int(rows, 3),
				.next = *out,
			};
		if (!one || !one->account.p || !one->office.p)
			return err_set(err, ERR_UNABLE, "There is no memory for this night");
		*out = one;
	}
}

static bool mark_looked(struct turn *turn, const struct turn_refused *refused, struct err *err)
{
	static const char LOOKED_SQL[] =
		"UPDATE short_kept_out SET looked = 1 WHERE account = ?1 AND file = ?2 AND office = ?3";
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(turn->store, LOOKED_SQL, &put, err))
		return false;
	store_bind_str(put, 1, refused->account);
	store_bind_int(put, 2, refused->file);
	store_bind_str(put, 3, refused->office);
	return store_do(put, err);
}

/* They are told as the act ends (turn_watch). */
static bool look(struct turn *turn, void *ctx, struct err *err)
{
	struct turn_refused *first;
	(void)ctx;
	if (!find_new(turn, &first, err))
		return false;
	for (const struct turn_refused *one = first; one; one = one->next) {
		if (!mark_looked(turn, one, err))
			return false;
	}
	return !first || turn_watch_refused(turn, first, err);
}

bool kept_out_look(struct casebook *book, struct err *err)
{
	/* By short_kept_out_new. */
	static const char LEFT_SQL[] =
		"SELECT EXISTS (SELECT 1 FROM short_kept_out WHERE looked = 0)";
	for (;;) {
		int64_t is_left;
		if (!store_get_int(book->store, LEFT_SQL, &is_left, err))
			return false;
		if (!is_left)
			return true;
		if (!turn_own(book, look, NULL, err))
			return false;
	}
}
