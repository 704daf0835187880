/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whether outside witnesses sign: what is remembered of it, and the two entries that tell it. */
#include "casebook/quorum.h"

#include "casebook/turn.h"

#define QUORUM_ARENA ((size_t)1 << 19)
#define PATIENCE_SECONDS 60 /* of beats, in which witnesses can sign what was sent to them (Q2) */

/* When a quorum was met last, and since when one is wanted; "0": none is. In register time. */
static const struct str WITNESSED = { "witnessed", 9 };
static const struct str WANTED = { "witnesses-wanted", 16 };

/* --- what is remembered --------------------------------------------------------------------- */

static bool read_state(struct store *store, struct str name, instant *out, struct err *err)
{
	static const char STATE_SQL[] = "SELECT value FROM short_state WHERE name = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	uint64_t value = 0;
	*out = 0;
	if (!store_prepare(store, STATE_SQL, &found, err))
		return false;
	store_bind_str(found, 1, name);
	enum store_step step = store_step(found, err);
	if (step == STORE_ROW && str_to_u64(store_str(found, 0), INSTANT_MAX, &value))
		*out = (instant)value;
	return step != STORE_FAILED;
}

static bool put_state(struct store *store, struct str name, instant at, struct err *err)
{
	char text[32];
	(void)snprintf(text, sizeof text, "%" PRId64, at);
	return book_put_state(store, name, str_from_c(text), err);
}

/* When the outage that the log tells of last was told; 0: none, or it is over. */
static bool read_told(struct store *store, instant *out, struct err *err)
{
	/* By entry_file(file, kind, idx), one step from the end of each kind. */
	static const char TOLD_SQL[] =
		"SELECT e.header FROM entry AS e WHERE e.idx ="
		" (SELECT MAX(idx) FROM entry WHERE file = 0 AND kind = 'log.unwitnessed')"
		" AND e.idx > COALESCE((SELECT MAX(idx) FROM entry WHERE file = 0"
		" AND kind = 'log.witnessed'), -1)";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct log_header header;
	*out = 0;
	if (!store_prepare(store, TOLD_SQL, &found, err))
		return false;
	enum store_step step = store_step(found, err);
	if (step != STORE_ROW || store_is_null(found, 0))
		return step != STORE_FAILED;
	if (!log_header_read(store_blob(found, 0), &header, err))
		return false;
	*out = header.recorded;
	return true;
}

static bool know(struct casebook *book, struct err *err)
{
	struct book_quorum *quorum = &book->quorum;
	if (quorum->is_known)
		return true;
	*quorum = (struct book_quorum){ 0 };
	quorum->is_known = read_state(book->store, WITNESSED, &quorum->witnessed, err) &&
	                   read_state(book->store, WANTED, &quorum->wanted, err) &&
	                   read_told(book->store, &quorum->told, err);
	return quorum->is_known;
}

/* --- what is published ----------------------------------------------------------------------- */

static bool is_met(const struct casebook *book, struct arena *arena)
{
	struct log_verified *signers = arena_alloc(arena, 1, sizeof *signers);
	const struct log_policy *policy;
	struct err why = { 0 };
	struct str text;
	int64_t size;
	return signers && quorum_policy(book, arena, &text, &policy, &why) &&
	       log_policy_asks_witnesses(policy) &&
	       log_published_newest(book->store, arena, &size, &text, &why) &&
	       quorum_lines(arena, text, policy, signers, &why) &&
	       log_policy_is_met(policy, signers);
}

bool quorum_published(struct casebook *book, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(QUORUM_ARENA);
	instant now = casebook_now(book);
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to publish a checkpoint");
	if (!know(book, err))
		return false;
	if (!is_met(book, arena))
		return true;
	/* Read anew where the transaction fails. */
	book->quorum.is_known = false;
	return put_state(book->store, WITNESSED, now, err);
}

/* --- the beat -------------------------------------------------------------------------------- */

static bool asks_anybody(const struct casebook *book, bool *asks, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(QUORUM_ARENA);
	const struct log_policy *policy;
	struct err why = { 0 };
	struct str text;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to look who asks witnesses");
	/* A file that was spoilt since the start holds no beat up; it asked somebody when it was
	 * read. */
	*asks = quorum_policy(book, arena, &text, &policy, &why) ? log_policy_asks_witnesses(policy)
	                                                         : book->quorum.wanted > 0;
	return true;
}

/* Keeps since when witnesses are wanted; 0: they are not. */
static bool want(struct casebook *book, instant since, struct err *err)
{
	if (book->quorum.wanted == since)
		return true;
	if (!book_begin(book, err))
		return false;
	if (!put_state(book->store, WANTED, since, err) || !store_commit(book->store, err)) {
		store_abort(book->store);
		return false;
	}
	book->quorum.wanted = since;
	return true;
}

static bool make_told(struct turn *turn, struct str kind, instant since, struct err *err)
{
	struct arena *arena = turn->fold->arena;
	struct json *plain = json_object(arena);
	struct folding entry;
	json_put_text(arena, plain, STR("since"), instant_write(arena, since));
	return turn_register_entry(turn, kind, 0, plain, -1, &entry, err) &&
	       turn_follow(turn, &entry, 0, err);
}

static bool make_unwitnessed(struct turn *turn, void *ctx, struct err *err)
{
	const instant *since = ctx;
	return make_told(turn, STR("log.unwitnessed"), *since, err);
}

static bool make_witnessed(struct turn *turn, void *ctx, struct err *err)
{
	const instant *since = ctx;
	return make_told(turn, STR("log.witnessed"), *since, err);
}

/* The entry, and what the log says from then on, read anew with the next beat. */
static bool tell(struct casebook *book, turn_own_act *fn, instant since, struct err *err)
{
	book->quorum.is_known = false;
	return turn_own(book, fn, &since, err);
}

/* Whether a quorum is missing for too long, and witnesses could have signed since that is so (Q2).
 */
static bool is_missing(struct casebook *book, instant since)
{
	int64_t promise = casebook_limit(book, STR("publish.promise")) * INSTANT_PER_SECOND;
	int64_t every = casebook_limit(book, STR("publish.every"));
	if (casebook_now(book) - since < promise) {
		book->quorum.late_beats = 0;
		return false;
	}
	return book->quorum.late_beats++ * every >= PATIENCE_SECONDS;
}

bool quorum_beat(struct casebook *book, struct err *err)
{
	struct book_quorum *quorum = &book->quorum;
	bool asks;
	if (!know(book, err))
		return false;
	if (quorum->told)
		return quorum->witnessed < quorum->told ||
		       tell(book, make_witnessed, quorum->witnessed, err);
	if (!asks_anybody(book, &asks, err))
		return false;
	if (!asks || !quorum->wanted)
		return want(book, asks ? casebook_now(book) : 0, err);
	instant since = quorum->witnessed > quorum->wanted ? quorum->witnessed : quorum->wanted;
	return !is_missing(book, since) || tell(book, make_unwitnessed, since, err);
}
