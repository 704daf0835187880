/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What keeps the register going by itself: climbs, the beat, tidying. */
#include "casebook/chart.h"
#include "casebook/dispose.h"
#include "casebook/fold_parts.h"
#include "casebook/key.h"
#include "casebook/newest.h"
#include "casebook/quorum.h"
#include "casebook/submission.h"
#include "casebook/turn.h"

#define READINGS_AT_ONCE 4096
#define DRAFT_PUBLIC INSTANT_PER_HOUR
#define DRAFT_PRACTICE (14 * INSTANT_PER_DAY)
#define SUBMISSION_KEPT (30 * INSTANT_PER_DAY)
#define SESSION_WHOLE (10 * INSTANT_PER_HOUR)
#define REFUSALS_AN_HOUR 20
#define KEPT_OUT_KEPT (732 * INSTANT_PER_DAY) /* two years, as long as anybody is watched over */
#define TURN_ACTS 64

/* --- climbing ------------------------------------------------------------------------------ */

/* In order of time by duty_next(next_at, id). */
static const char DUE_SQL[] =
	"SELECT id FROM duty WHERE next_at IS NOT NULL AND next_at <= ?1 ORDER BY next_at, id LIMIT 1";
static const char NEXT_SQL[] = "SELECT MIN(next_at) FROM duty WHERE next_at IS NOT NULL";

struct climbing {
	instant now;
	size_t limit;
};

/* The duty whose next rung is due first; *found false: none is. */
static bool first_due(struct store *store, instant now, int64_t *id, bool *found, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!store_prepare(store, DUE_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, now);
	enum store_step step = store_step(rows, err);
	*found = step == STORE_ROW;
	if (*found)
		*id = store_int(rows, 0);
	return step != STORE_FAILED;
}

static bool climb_one(struct turn *turn, int64_t id, struct err *err)
{
	bool made = false;
	fold_begin_act(turn->fold);
	turn->follow_count = 0;
	turn->now = book_recorded(turn->book);
	if (!turn_climb(turn, id, -1, &made, err) || !turn_end_act(turn, err))
		return false;
	/* Or it would be found again and again. */
	return made || err_set(err, ERR_FAULT, "a duty that is due cannot climb");
}

/*
 * Asked anew after each climb: a duty that has several rungs behind it takes
 * its turn among the others, so that steps fire in order of time.
 */
static bool climb_turn(struct casebook *book, struct climbing *climbing, size_t *fired,
                       struct err *err)
{
	struct turn *turn;
	int64_t id;
	bool found;
	*fired = 0;
	if (!first_due(book->store, climbing->now, &id, &found, err))
		return false;
	if (!found)
		return true;
	if (!turn_begin(book, &turn, err))
		return false;
	while (found) {
		if (!climb_one(turn, id, err)) {
			turn_abort(turn);
			return false;
		}
		if (++*fired == TURN_ACTS || *fired == climbing->limit)
			break;
		if (!first_due(book->store, climbing->now, &id, &found, err)) {
			turn_abort(turn);
			return false;
		}
	}
	return turn_commit(turn, err);
}

static bool next_due(struct store *store, instant *next, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (!store_prepare(store, NEXT_SQL, &found, err))
		return false;
	if (store_step(found, err) == STORE_FAILED)
		return false;
	*next = store_is_null(found, 0) ? 0 : store_int(found, 0);
	if (*next % INSTANT_PER_MS)
		*next += INSTANT_PER_MS - *next % INSTANT_PER_MS;
	return true;
}

static bool refused_now(struct casebook *book, struct err *err)
{
	pthread_mutex_lock(&book->queue_lock);
	bool is_broken = book->is_broken;
	pthread_mutex_unlock(&book->queue_lock);
	if (is_broken || !book->is_writer)
		return err_set(err, ERR_UNABLE, "The register cannot be written now");
	return true;
}

bool casebook_climb(struct casebook *book, instant now, size_t limit, size_t *fired, instant *next,
                    struct err *err)
{
	/* Entries are recorded in whole milliseconds: none is told before it is due. */
	struct climbing climbing = { .now = now - now % INSTANT_PER_MS, .limit = limit };
	bool done = true;
	*fired = 0;
	*next = 0;
	if (!refused_now(book, err))
		return false;
	pthread_mutex_lock(&book->turn_lock);
	while (done && climbing.limit > 0 && !book->is_intake_only) {
		size_t made;
		done = climb_turn(book, &climbing, &made, err);
		*fired += made;
		climbing.limit -= made;
		if (made == 0)
			break;
	}
	done = done && next_due(book->store, next, err);
	pthread_mutex_unlock(&book->turn_lock);
	return done;
}

/* --- readings ------------------------------------------------------------------------------ */

/* By reading_open(n): those no entry has sealed. */
static const char READINGS_SQL[] =
	"SELECT n, account, office, session, file, highest, minute, purpose FROM reading"
	" WHERE sealed_in IS NULL ORDER BY n LIMIT ?1";
static const char SEALED_SQL[] = "UPDATE reading SET sealed_in = ?1 WHERE n >= ?2 AND n <= ?3";

struct batch {
	int64_t first;
	int64_t last;
	int64_t count;
	struct hash root;
};

void reading_text(struct buf *out, struct store_stmt *row)
{
	buf_format(out,
	           "%" PRId64 "\n%.*s\n%.*s\n%.*s\n%" PRId64 "\n%" PRId64 "\n%" PRId64 "\n%.*s\n",
	           store_int(row, 0), STR_ARG(store_str(row, 1)), STR_ARG(store_str(row, 2)),
	           STR_ARG(store_str(row, 3)), store_int(row, 4), store_int(row, 5),
	           store_int(row, 6), STR_ARG(store_str(row, 7)));
}

/* The root of the batch: the Merkle tree of its rows' texts, as leaves of RFC 6962. */
static bool read_batch(struct casebook *book, struct batch *batch, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct log_frontier frontier = { 0 };
	struct buf text;
	bool done = true;
	*batch = (struct batch){ 0 };
	if (!store_prepare(book->store, READINGS_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, READINGS_AT_ONCE);
	buf_init(&text, (size_t)16 << 10);
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			done = false;
		if (step != STORE_ROW)
			break;
		buf_clear(&text);
		reading_text(&text, rows);
		struct str leaf_pieces[2] = { STR("candour/reading/v1\n"), buf_str(&text) };
		struct hash leaf = hasher_of(book->hasher, leaf_pieces, 2);
		log_frontier_append(book->hasher, &frontier, &leaf);
		batch->last = store_int(rows, 0);
		if (batch->count++ == 0)
			batch->first = batch->last;
	}
	buf_finish(&text);
	if (batch->count)
		batch->root = log_frontier_root(book->hasher, &frontier);
	return done;
}

/* What was published up to here, and how often: so a published checkpoint that is gone shows. */
static bool put_published(struct turn *turn, struct json *plain, struct err *err)
{
	struct casebook *book = turn->book;
	struct arena *arena = turn->fold->arena;
	if (!newest_count(book, turn->store, err))
		return false;
	if (book->publications > 0) {
		json_put_integer(arena, plain, STR("published"), book->published);
		json_put_integer(arena, plain, STR("publications"), book->publications);
	}
	return true;
}

static bool seal_batch(struct turn *turn, const struct batch *batch, struct err *err)
{
	struct arena *arena = turn->fold->arena;
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	struct json *plain = json_object(arena);
	struct folding entry;
	json_put_integer(arena, plain, STR("first"), batch->first);
	json_put_integer(arena, plain, STR("last"), batch->last);
	json_put_integer(arena, plain, STR("count"), batch->count);
	json_put_text(arena, plain, STR("root"), hash_hex(arena, &batch->root));
	if (!put_published(turn, plain, err) ||
	    !turn_register_entry(turn, STR("readings.sealed"), 0, plain, -1, &entry, err) ||
	    !store_prepare(turn->store, SEALED_SQL, &put, err))
		return false;
	store_bind_int(put, 1, entry.index);
	store_bind_int(put, 2, batch->first);
	store_bind_int(put, 3, batch->last);
	return store_do(put, err);
}

/* --- entries the beat makes ---------------------------------------------------------------- */

bool turn_own(struct casebook *book, turn_own_act *fn, void *ctx, struct err *err)
{
	struct turn *turn;
	if (!turn_begin(book, &turn, err))
		return false;
	fold_begin_act(turn->fold);
	turn->follow_count = 0;
	turn->now = book_recorded(book);
	if (!fn(turn, ctx, err) || !turn_end_act(turn, err)) {
		turn_abort(turn);
		return false;
	}
	return turn_commit(turn, err);
}

static bool make_sealed(struct turn *turn, void *ctx, struct err *err)
{
	return seal_batch(turn, ctx, err);
}

static bool seal_all(struct casebook *book, struct err *err)
{
	for (;;) {
		struct batch batch;
		if (!read_batch(book, &batch, err))
			return false;
		if (batch.count == 0)
			return true;
		if (!turn_own(book, make_sealed, &batch, err))
			return false;
	}
}

bool casebook_seal_readings(struct casebook *book, struct err *err)
{
	if (!refused_now(book, err))
		return false;
	pthread_mutex_lock(&book->turn_lock);
	bool done = seal_all(book, err);
	pthread_mutex_unlock(&book->turn_lock);
	return done;
}

static bool make_blank(struct turn *turn, struct err *err)
{
	struct json *plain = json_object(turn->fold->arena);
	struct folding entry;
	return put_published(turn, plain, err) &&
	       turn_register_entry(turn, STR("log.blank"), 0, plain, -1, &entry, err);
}

/*
 * What a beat adds so that the log grows by it, and to a multiple of publish.pad, in one turn: how
 * many acts there were since the last beat is then not told by how much it grew (tlog 1.7). The
 * first says what was published.
 */
static bool add_blanks(struct casebook *book, int64_t count, struct err *err)
{
	struct turn *turn;
	if (!turn_begin(book, &turn, err))
		return false;
	for (int64_t i = 0; i < count; i++) {
		struct folding entry;
		fold_begin_act(turn->fold);
		turn->follow_count = 0;
		turn->now = book_recorded(book);
		if (!(i == 0 ? make_blank(turn, err)
		             : turn_register_entry(turn, STR("log.blank"), 0,
		                                   json_object(turn->fold->arena), -1, &entry,
		                                   err)) ||
		    !turn_end_act(turn, err)) {
			turn_abort(turn);
			return false;
		}
	}
	return turn_commit(turn, err);
}

static bool grow(struct casebook *book, int64_t before, struct err *err)
{
	int64_t pad = casebook_limit(book, STR("publish.pad"));
	int64_t least = book->entries == before;
	int64_t over = (book->entries + least) % pad;
	int64_t count = least + (over ? pad - over : 0);
	return count == 0 || add_blanks(book, count, err);
}

static bool make_stepped(struct turn *turn, void *ctx, struct err *err)
{
	struct arena *arena = turn->fold->arena;
	struct json *plain = json_object(arena);
	struct folding entry;
	const instant *wall = ctx;
	json_put_text(arena, plain, STR("wall"), instant_write(arena, *wall));
	json_put_text(arena, plain, STR("register"), instant_write(arena, turn->now));
	return turn_register_entry(turn, STR("clock.stepped"), 0, plain, -1, &entry, err) &&
	       turn_follow(turn, &entry, 0, err);
}

/* A wall clock that ran ahead is told once. */
static bool tell_step(struct casebook *book, struct err *err)
{
	pthread_mutex_lock(&book->time_lock);
	bool has_stepped = book->has_stepped && !book->is_step_told;
	instant wall = book->stepped_wall;
	pthread_mutex_unlock(&book->time_lock);
	if (!has_stepped)
		return true;
	if (!turn_own(book, make_stepped, &wall, err))
		return false;
	pthread_mutex_lock(&book->time_lock);
	book->is_step_told = true;
	pthread_mutex_unlock(&book->time_lock);
	return true;
}

static const char STATE_SQL[] = "INSERT INTO short_state (name, value) VALUES (?1, ?2)"
				" ON CONFLICT (name) DO UPDATE SET value = excluded.value";

bool book_put_state(struct store *store, struct str name, struct str value, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(store, STATE_SQL, &put, err))
		return false;
	store_bind_str(put, 1, name);
	store_bind_str(put, 2, value);
	return store_do(put, err);
}

static void beat_seen(struct casebook *book, instant at)
{
	pthread_mutex_lock(&book->time_lock);
	book->beat_at = at;
	pthread_mutex_unlock(&book->time_lock);
}

/* What a beat, or what follows it, publishes. */
struct publishing {
	bool is_beat; /* the clock's turn is noted */
	bool at_once; /* the newest that was signed, by the log's signature alone */
	int64_t size; /* else this one, with cosignatures; -1: nothing */
	struct str lines;
};

static bool publish_it(struct casebook *book, const struct publishing *what, int64_t *size,
                       struct err *err)
{
	*size = book->published;
	if (what->at_once)
		return log_publish(book->store, &book->eras, size, err);
	return what->size < 0 || (log_publish_cosigned(book->store, &book->eras, what->size,
	                                               what->lines, size, err) &&
	                          quorum_published(book, err));
}

/* The clock's last turn, and what is published from here on. */
static bool publish(struct casebook *book, const struct publishing *what, struct err *err)
{
	char text[32];
	int64_t size;
	instant now = casebook_now(book);
	(void)snprintf(text, sizeof text, "%" PRId64, now);
	if (!book_begin(book, err))
		return false;
	bool done =
		newest_count(book, book->store, err) && publish_it(book, what, &size, err) &&
		(!what->is_beat || book_put_state(book->store, STR("beat"), str_from_c(text), err));
	if (!done)
		store_abort(book->store);
	done = done && store_commit(book->store, err);
	if (!done)
		book->has_publications = false; /* counted anew before it is next said */
	else if (size != book->published)
		book->publications++;
	if (done)
		book->published = size;
	if (done && what->is_beat)
		beat_seen(book, now);
	return done;
}

static bool beat(struct casebook *book, const struct publishing *what, struct err *err)
{
	if (!refused_now(book, err))
		return false;
	pthread_mutex_lock(&book->turn_lock);
	int64_t before = book->beat_entries;
	bool done = key_end_due(book, err) && tell_step(book, err) && quorum_beat(book, err) &&
	            seal_all(book, err);
	done = done && grow(book, before, err) && publish(book, what, err);
	if (done) {
		book->beat_entries = book->entries;
		newest_keep(book);
	}
	pthread_mutex_unlock(&book->turn_lock);
	return done;
}

bool casebook_beat(struct casebook *book, struct err *err)
{
	static const struct publishing newest = { .is_beat = true, .at_once = true };
	return beat(book, &newest, err);
}

bool casebook_beat_unpublished(struct casebook *book, struct err *err)
{
	static const struct publishing nothing = { .is_beat = true, .size = -1 };
	return beat(book, &nothing, err);
}

bool casebook_publish(struct casebook *book, int64_t size, struct str lines, struct err *err)
{
	struct publishing what = { .size = size, .lines = lines };
	if (!refused_now(book, err))
		return false;
	pthread_mutex_lock(&book->turn_lock);
	bool done = publish(book, &what, err);
	if (done)
		newest_keep(book);
	pthread_mutex_unlock(&book->turn_lock);
	return done;
}

/* --- tidying ------------------------------------------------------------------------------- */

static const char SESSIONS_SQL[] = "DELETE FROM short_session WHERE made < ?1";
static const char DRAFTS_SQL[] = "DELETE FROM short_draft WHERE used < ?1 AND owner = ''";
static const char OLD_DRAFTS_SQL[] = "DELETE FROM short_draft WHERE used < ?1";
/* Digits of a step that long ago are dead anyhow, and so is the count of wrong tries. */
static const char TRIES_SQL[] = "DELETE FROM short_totp WHERE wait_until < ?1";
static const char TOKENS_SQL[] = "DELETE FROM short_token WHERE until_at < ?1";
static const char KEPT_OUT_SQL[] = "DELETE FROM short_kept_out WHERE at < ?1 AND looked = 1";
static const char PIECES_SQL[] =
	"DELETE FROM piece WHERE object IN (SELECT id FROM object WHERE entry IS NULL AND made < ?1"
	" AND NOT EXISTS (SELECT 1 FROM short_draft AS d WHERE d.id = object.draft))";
static const char OBJECTS_SQL[] =
	"DELETE FROM object WHERE entry IS NULL AND made < ?1"
	" AND NOT EXISTS (SELECT 1 FROM short_draft AS d WHERE d.id = object.draft)";

static bool run_with(struct store *store, const char *sql, int64_t value, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, sql, &stmt, err))
		return false;
	store_bind_int(stmt, 1, value);
	return store_do(stmt, err);
}

static bool drop_old(struct casebook *book, void *ctx, struct err *err)
{
	const instant *now = ctx;
	return submissions_drop(book->submissions, book->store, *now - SUBMISSION_KEPT, err) &&
	       run_with(book->store, SESSIONS_SQL, *now - SESSION_WHOLE, err) &&
	       run_with(book->store, DRAFTS_SQL, *now - DRAFT_PUBLIC, err) &&
	       run_with(book->store, OLD_DRAFTS_SQL, *now - DRAFT_PRACTICE, err) &&
	       run_with(book->store, TRIES_SQL, *now - INSTANT_PER_DAY, err) &&
	       run_with(book->store, TOKENS_SQL, *now, err) &&
	       run_with(book->store, KEPT_OUT_SQL, *now - KEPT_OUT_KEPT, err) &&
	       run_with(book->store, PIECES_SQL, *now - DRAFT_PUBLIC, err) &&
	       run_with(book->store, OBJECTS_SQL, *now - DRAFT_PUBLIC, err);
}

/* By waiting's key; few wait at any time. */
static const char FALLEN_SQL[] =
	"SELECT w.entry, w.file, w.kind, w.office FROM waiting AS w"
	" WHERE w.closed IS NULL AND w.until_at <= ?1 ORDER BY w.entry LIMIT 1";
/* By duty_about. */
static const char SILENT_SQL[] = "SELECT DISTINCT office FROM duty WHERE about = ?1 AND rule = ?2"
				 " AND closed IS NULL ORDER BY office";

struct fallen {
	int64_t entry;
	int64_t file;
	struct str kind;
	struct str office; /* whose it was */
};

/* Who was asked, and said nothing. */
static bool put_silent(struct turn *turn, int64_t waiting, struct json *plain, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct arena *arena = turn->fold->arena;
	struct json *silent = json_array(arena);
	if (!store_prepare(turn->store, SILENT_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, waiting * FOLD_ORDINAL_BASE);
	store_bind_str(rows, 2, turn->fold->pack->second_duty->name);
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		json_push(silent, json_string(arena, arena_copy(arena, store_str(rows, 0))));
	}
	json_put(plain, STR("silent"), silent);
	return true;
}

static bool make_fallen(struct turn *turn, void *ctx, struct err *err)
{
	struct arena *arena = turn->fold->arena;
	const struct fallen *fallen = ctx;
	struct json *plain = json_object(arena);
	struct folding entry;
	json_put_integer(arena, plain, STR("of"), fallen->entry);
	json_put_text(arena, plain, STR("kind"), fallen->kind);
	json_put_text(arena, plain, STR("office"), fallen->office);
	return put_silent(turn, fallen->entry, plain, err) &&
	       turn_register_entry(turn, STR("act.fell"), fallen->file, plain, -1, &entry, err) &&
	       turn_follow(turn, &entry, 0, err);
}

static bool end_fallen(struct casebook *book, instant now, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)1 << 16);
	for (;;) {
		struct fallen fallen;
		CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
		if (!arena)
			return err_set(err, ERR_UNABLE, "There is no memory to tidy the register");
		arena_reset(arena);
		if (!store_prepare(book->store, FALLEN_SQL, &found, err))
			return false;
		store_bind_int(found, 1, now);
		enum store_step step = store_step(found, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		fallen.entry = store_int(found, 0);
		fallen.file = store_int(found, 1);
		fallen.kind = arena_copy(arena, store_str(found, 2));
		fallen.office = arena_copy(arena, store_str(found, 3));
		store_stmt_finish(&found);
		if (!turn_own(book, make_fallen, &fallen, err))
			return false;
	}
}

static const char REFUSED_SQL[] =
	"SELECT account, hour, count FROM short_refusal WHERE hour < ?1 ORDER BY hour, account LIMIT 1";
static const char FORGET_SQL[] = "DELETE FROM short_refusal WHERE account = ?1 AND hour = ?2";

struct refused {
	struct str account;
	int64_t hour;
	int64_t count;
};

static bool make_refused(struct turn *turn, void *ctx, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct arena *arena = turn->fold->arena;
	const struct refused *refused = ctx;
	struct json *plain = json_object(arena);
	struct folding entry;
	if (!store_prepare(turn->store, FORGET_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, refused->account);
	store_bind_int(stmt, 2, refused->hour);
	if (!store_do(stmt, err) || refused->count <= REFUSALS_AN_HOUR)
		return refused->count <= REFUSALS_AN_HOUR;
	json_put_text(arena, plain, STR("kind"), STR("several"));
	json_put_text(arena, plain, STR("because"), STR("many"));
	json_put_integer(arena, plain, STR("count"), refused->count - REFUSALS_AN_HOUR);
	if (!str_eq(refused->account, STR("-")))
		json_put_text(arena, plain, STR("account"), refused->account);
	return turn_register_entry(turn, STR("act.refused"), 0, plain, -1, &entry, err);
}

static bool tell_refusals(struct casebook *book, instant now, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)1 << 16);
	for (;;) {
		struct refused refused;
		CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
		if (!arena)
			return err_set(err, ERR_UNABLE, "There is no memory to tidy the register");
		arena_reset(arena);
		if (!store_prepare(book->store, REFUSED_SQL, &found, err))
			return false;
		store_bind_int(found, 1, now / INSTANT_PER_HOUR);
		enum store_step step = store_step(found, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		refused.account = arena_copy(arena, store_str(found, 0));
		refused.hour = store_int(found, 1);
		refused.count = store_int(found, 2);
		store_stmt_finish(&found);
		if (!turn_own(book, make_refused, &refused, err))
			return false;
	}
}

bool casebook_tidy(struct casebook *book, struct err *err)
{
	instant now = casebook_now(book);
	if (!book_write(book, drop_old, &now, err))
		return false;
	pthread_mutex_lock(&book->turn_lock);
	bool done = key_end_due(book, err) && end_fallen(book, now, err) &&
	            tell_refusals(book, now, err) && dispose_due(book, err);
	pthread_mutex_unlock(&book->turn_lock);
	return done;
}
