/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a keeper answers: parcels, how far it is, and whether all of it is still what it was. */
#include <stdarg.h>
#include <stdio.h>

#include "log/keeper_parts.h"

#define TELL_MAX ((size_t)64 << 10)
#define WORDS_BYTES 400

struct str log_keeper_alarm_word(enum log_keeper_alarm alarm)
{
	switch (alarm) {
	case LOG_KEEPER_FINE:
		return STR("fine");
	case LOG_KEEPER_SIGNATURE:
		return STR("signature");
	case LOG_KEEPER_ROLLBACK:
		return STR("rollback");
	case LOG_KEEPER_FORK:
		return STR("fork");
	case LOG_KEEPER_ALTERED:
		return STR("altered");
	case LOG_KEEPER_WITHHELD:
		return STR("withheld");
	case LOG_KEEPER_KEYS:
		return STR("keys");
	case LOG_KEEPER_SILENT:
		return STR("silent");
	}
	return STR("fine");
}

bool keeper_say(struct keeper_taking *taking, int status, const char *words)
{
	taking->is_answered = true;
	*taking->out =
		(struct log_keeper_answer){ .status = status,
		                            .body = arena_format(taking->arena, "%s\n", words) };
	return false;
}

bool keeper_sound(struct keeper_taking *taking, enum log_keeper_alarm alarm, const char *words, ...)
{
	char text[WORDS_BYTES];
	va_list args;
	va_start(args, words);
	(void)vsnprintf(text, sizeof text, words, args);
	va_end(args);
	taking->is_answered = true;
	taking->alarm = alarm;
	taking->words = arena_copy(taking->arena, str_from_c(text));
	*taking->out = (struct log_keeper_answer){
		.status = 409,
		.body = arena_format(taking->arena, "alarm %.*s: %s\n",
		                     STR_ARG(log_keeper_alarm_word(alarm)), text)
	};
	return false;
}

/* --- taking --------------------------------------------------------------------------------- */

static bool take_records(struct keeper_taking *taking, struct str body, struct err *err)
{
	struct log_parcel_record record;
	bool more = true;
	if (!log_parcel_open(&body))
		return keeper_say(taking, 400, "The parcel is of another version");
	for (;;) {
		if (!log_parcel_next(&body, &record, &more))
			return keeper_say(taking, 400, "The parcel is malformed");
		if (!more)
			return true;
		if (!keeper_take_record(taking, &record, err))
			return false;
	}
}

/* The wrapped keys are durable before what they open. */
static bool commit(struct keeper_taking *taking, struct err *err)
{
	struct log_keeper *keeper = taking->keeper;
	if (!keeper_state_write(keeper->store, STR("now"), &taking->now, err) ||
	    !keeper_piece_write(keeper->store, &taking->piece, err) ||
	    (taking->is_whole &&
	     !keeper_state_write(keeper->store, STR("proved"), &taking->now, err))) {
		vault_copied_abort(keeper->slots);
		store_abort(keeper->store);
		return false;
	}
	if (!vault_copied_commit(keeper->slots, err)) {
		store_abort(keeper->store);
		return false;
	}
	if (!store_commit(keeper->store, err))
		return false;
	keeper->now = taking->now;
	keeper->piece = taking->piece;
	if (taking->is_whole)
		keeper->proved = taking->now;
	return true;
}

static bool take_in_one(struct keeper_taking *taking, struct str body, struct err *err)
{
	struct log_keeper *keeper = taking->keeper;
	if (!store_begin(keeper->store, err))
		return false;
	if (!vault_copied_begin(keeper->slots, err)) {
		store_abort(keeper->store);
		return false;
	}
	if (take_records(taking, body, err)) {
		bool done = commit(taking, err);
		keeper->is_broken = !done;
		return done;
	}
	vault_copied_abort(keeper->slots);
	store_abort(keeper->store);
	return false;
}

static bool write_file(struct log_keeper *keeper, struct arena *arena, const char *name,
                       struct str text, struct err *err)
{
	const char *path = file_join(arena, keeper->dir, name);
	return path ? file_write(path, 0600, text, err)
	            : err_set(err, ERR_UNABLE, "There is no memory to keep a copy");
}

/* "destroyed N" for each, so that the sender knows that it was done here as well. */
static bool tell_destroyed(struct log_keeper *keeper, struct buf *out, struct err *err)
{
	static const char DESTROYED_SQL[] =
		"SELECT entry FROM mark WHERE sort = 'destroyed' ORDER BY entry";
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step;
	if (!store_prepare(keeper->store, DESTROYED_SQL, &rows, err))
		return false;
	while ((step = store_step(rows, err)) == STORE_ROW)
		buf_format(out, "destroyed %" PRId64 "\n", store_int(rows, 0));
	return step == STORE_DONE;
}

static bool end_whole(struct keeper_taking *taking, instant now, struct err *err)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	struct log_keeper *keeper = taking->keeper;
	struct str at = instant_write(taking->arena, now - now % INSTANT_PER_MS);
	struct str line = arena_format(taking->arena, "%.*s\n", STR_ARG(at));
	buf_init(&text, LOG_PARCEL_MAX);
	buf_format(&text, "whole %" PRIu64 "\n", keeper->proved.size);
	if (!write_file(keeper, taking->arena, "checkpoint", taking->note, err) ||
	    !write_file(keeper, taking->arena, "heard", line, err) ||
	    !tell_destroyed(keeper, &text, err))
		return false;
	taking->out->body = arena_copy(taking->arena, buf_str(&text));
	return taking->out->body.p || err_set(err, ERR_UNABLE, "There is no memory for an answer");
}

static bool take(struct keeper_taking *taking, struct str body, instant now, struct err *err)
{
	struct log_keeper *keeper = taking->keeper;
	if (keeper->is_broken)
		return err_set(err, ERR_UNABLE,
		               "The disk of this keeper failed; it is to be started again");
	*taking->out = (struct log_keeper_answer){ .status = 200, .body = STR("taken\n") };
	if (!take_in_one(taking, body, err)) {
		if (!taking->is_answered)
			return false;
		if (taking->alarm != LOG_KEEPER_FINE)
			keeper_alarm_keep(keeper, taking->arena, taking->alarm, taking->words,
			                  taking->note, now);
		return !taking->is_past_proved || keeper_go_back(keeper, err);
	}
	return !taking->is_whole || (keeper_dispose(keeper, err) && end_whole(taking, now, err));
}

bool log_keeper_take(struct log_keeper *keeper, struct arena *arena, struct str body, instant now,
                     struct log_keeper_answer *out, struct err *err)
{
	pthread_mutex_lock(&keeper->lock);
	struct keeper_taking taking = { .keeper = keeper,
		                        .arena = arena,
		                        .out = out,
		                        .now = keeper->now,
		                        .piece = keeper->piece };
	bool done = take(&taking, body, now, err);
	pthread_mutex_unlock(&keeper->lock);
	return done &&
	       (out->body.p || err_set(err, ERR_UNABLE, "There is no memory for an answer"));
}

/* --- telling -------------------------------------------------------------------------------- */

static struct str read_file(struct log_keeper *keeper, struct arena *arena, const char *name)
{
	struct str text = STR_NONE;
	struct err ignored = { 0 };
	const char *path = file_join(arena, keeper->dir, name);
	return path && file_read(arena, path, TELL_MAX, &text, &ignored) ? text : STR("");
}

static bool tell_counts(struct log_keeper *keeper, struct buf *out, struct err *err)
{
	static const struct {
		const char *word;
		const char *sql;
	} COUNTS[] = {
		{ "reading", "SELECT COALESCE(MAX(n), -1) + 1 FROM dark WHERE part = 'reading'" },
		{ "pack", "SELECT COALESCE(MAX(n), -1) + 1 FROM dark WHERE part = 'pack'" },
		{ "published", "SELECT COALESCE(MAX(size), 0) FROM published" },
		{ "destroyed", "SELECT COUNT(*) FROM mark WHERE sort = 'destroyed'" },
	};
	for (size_t i = 0; i < COUNT_OF(COUNTS); i++) {
		int64_t n;
		if (!store_get_int(keeper->store, COUNTS[i].sql, &n, err))
			return false;
		buf_format(out, "%s %" PRId64 "\n", COUNTS[i].word, n);
	}
	return true;
}

static bool tell(struct log_keeper *keeper, struct arena *arena, struct buf *out, struct err *err)
{
	struct str heard = str_trim(read_file(keeper, arena, "heard"));
	struct str alarms = read_file(keeper, arena, "alarm"), line;
	buf_format(out, "candour/keeper/v1\norigin %.*s\n", STR_ARG(log_keeper_origin(keeper)));
	buf_format(out, "size %" PRIu64 "\nproved %" PRIu64 "\nslots %" PRId64 "\n",
	           keeper->now.size, keeper->proved.size, vault_copied_count(keeper->slots));
	if (!tell_counts(keeper, out, err))
		return false;
	if (keeper->piece.n)
		buf_format(out, "piece %.*s %" PRId64 "\n", (int)keeper->piece.n,
		           keeper->piece.object, keeper->piece.next);
	buf_format(out, "heard %.*s\n", STR_ARG(heard.n ? heard : STR("-")));
	while (str_cut(&alarms, '\n', &line)) {
		if (line.n)
			buf_format(out, "alarm %.*s\n", STR_ARG(line));
	}
	return true;
}

bool log_keeper_tell(struct log_keeper *keeper, struct arena *arena, struct log_keeper_answer *out,
                     struct err *err)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	buf_init(&text, TELL_MAX);
	pthread_mutex_lock(&keeper->lock);
	bool done = tell(keeper, arena, &text, err);
	pthread_mutex_unlock(&keeper->lock);
	*out = (struct log_keeper_answer){ .status = 200,
		                           .body = arena_copy(arena, buf_str(&text)) };
	return done &&
	       (out->body.p || err_set(err, ERR_UNABLE, "There is no memory for an answer"));
}

/* --- the whole ------------------------------------------------------------------------------ */

#define AHEAD (LOG_TIME_AHEAD * INSTANT_PER_SECOND)

struct checking {
	struct log_keeper *keeper;
	struct arena *arena;
	struct log_kept *out;
	struct log_frontier frontier;
};

static PRINTF(3, 4) bool found(struct checking *checking, enum log_keeper_alarm alarm,
                               const char *words, ...)
{
	char text[WORDS_BYTES];
	va_list args;
	va_start(args, words);
	(void)vsnprintf(text, sizeof text, words, args);
	va_end(args);
	checking->out->alarm = alarm;
	checking->out->words = arena_copy(checking->arena, str_from_c(text));
	return false;
}

/* True: it fits. */
static bool check_row(struct checking *checking, struct store_stmt *rows)
{
	struct hasher *hasher = checking->keeper->hasher;
	struct log_header header;
	struct err why = { 0 };
	struct hash opener;
	int64_t index = (int64_t)checking->frontier.size;
	struct str text = store_blob(rows, 1), bytes = store_blob(rows, 2),
		   sealed = store_blob(rows, 3);
	if (store_int(rows, 0) != index)
		return found(checking, LOG_KEEPER_WITHHELD, "entry %" PRId64 " is not there",
		             index);
	if (bytes.n != HASH_SIZE || !log_header_read(text, &header, &why) || header.index != index)
		return found(checking, LOG_KEEPER_ALTERED,
		             "the header of entry %" PRId64 " is none", index);
	bool has_box = !store_is_null(rows, 3);
	struct hash box = log_box_hash(hasher, sealed);
	if (has_box && !(header.is_sealed && hash_eq(&box, &header.box)))
		return found(checking, LOG_KEEPER_ALTERED,
		             "the sealed words of entry %" PRId64 " are not those of its header",
		             index);
	memcpy(opener.bytes, bytes.p, HASH_SIZE);
	struct hash commitment = log_commitment(hasher, &opener, text);
	struct hash leaf = log_leaf_hash(hasher, &commitment);
	log_frontier_append(hasher, &checking->frontier, &leaf);
	return true;
}

static bool check_entries(struct checking *checking, struct err *err)
{
	static const char ENTRIES_SQL[] =
		"SELECT idx, header, opener, sealed FROM entry ORDER BY idx";
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct log_keeper *keeper = checking->keeper;
	enum store_step step;
	if (!store_prepare(keeper->store, ENTRIES_SQL, &rows, err))
		return false;
	while (checking->frontier.size < keeper->proved.size &&
	       (step = store_step(rows, err)) == STORE_ROW) {
		if (!check_row(checking, rows))
			return true;
	}
	struct hash root = log_frontier_root(keeper->hasher, &checking->frontier);
	struct hash proved = log_frontier_root(keeper->hasher, &keeper->proved);
	if (checking->frontier.size < keeper->proved.size) {
		(void)found(checking, LOG_KEEPER_WITHHELD, "entry %" PRId64 " is not there",
		            (int64_t)checking->frontier.size);
	} else if (!hash_eq(&root, &proved)) {
		(void)found(checking, LOG_KEEPER_ALTERED,
		            "of the first %" PRId64 " entries one is not what was signed",
		            (int64_t)keeper->proved.size);
	}
	return true;
}

/* The signed checkpoint itself is what the frontier that is kept is held against. */
static bool check_checkpoint(struct checking *checking)
{
	struct log_keeper *keeper = checking->keeper;
	struct str text = read_file(keeper, checking->arena, "checkpoint");
	struct log_verified verified;
	struct log_checkpoint checkpoint;
	struct log_note note;
	struct err why = { 0 };
	struct hash root = log_frontier_root(keeper->hasher, &keeper->proved);
	if (keeper->proved.size == 0 && text.n == 0)
		return true;
	if (log_note_read(checking->arena, text, &note, &why) &&
	    log_note_verify(&note, keeper->keys, keeper->key_count, &verified, &why) &&
	    log_checkpoint_read(note.text, &checkpoint, &why) &&
	    checkpoint.size == (int64_t)keeper->proved.size && hash_eq(&checkpoint.root, &root))
		return true;
	return found(checking, LOG_KEEPER_SIGNATURE,
	             "the file \"checkpoint\" is not the one that %" PRId64
	             " entries were held against",
	             (int64_t)keeper->proved.size);
}

static bool check_alarms(struct checking *checking)
{
	struct str text = str_trim(read_file(checking->keeper, checking->arena, "alarm"));
	struct str line = str_sub(text, 0, str_find(text, '\n'));
	if (!text.n)
		return true;
	checking->out->alarm = LOG_KEEPER_WITHHELD;
	for (int i = LOG_KEEPER_SIGNATURE; i <= LOG_KEEPER_SILENT; i++) {
		struct str word = log_keeper_alarm_word((enum log_keeper_alarm)i);
		if (str_starts(line, word))
			checking->out->alarm = (enum log_keeper_alarm)i;
	}
	checking->out->words = str_trim(str_sub(line, str_find(line, ':') + 1, line.n));
	return false;
}

static bool check(struct checking *checking, instant now, int64_t silent_s, struct err *err)
{
	struct log_keeper *keeper = checking->keeper;
	struct log_kept *out = checking->out;
	int64_t at = now - silent_s * INSTANT_PER_SECOND;
	if (!store_get_int(keeper->store, "SELECT COUNT(*) FROM mark WHERE sort = 'destroyed'",
	                   &out->destroyed, err))
		return false;
	if (!check_alarms(checking) || !check_checkpoint(checking))
		return true;
	if (!check_entries(checking, err))
		return false;
	bool is_coming = keeper->is_looked && keeper->now.size != keeper->proved.size;
	if (out->alarm == LOG_KEEPER_FINE && keeper->proved.size > 0 && !is_coming &&
	    !keeper_is_complete(keeper, checking->arena, &out->alarm, &out->words, err))
		return false;
	if (out->alarm == LOG_KEEPER_FINE && silent_s > 0 && out->heard < at)
		(void)found(checking, LOG_KEEPER_SILENT,
		            "nothing came whole in the last %" PRId64 " seconds", silent_s);
	/* Else a clock that was once ahead would keep silence from being noticed until then. */
	if (out->alarm == LOG_KEEPER_FINE && silent_s > 0 && out->heard > now + AHEAD)
		(void)found(checking, LOG_KEEPER_SILENT,
		            "the last that came whole came at a time that is yet to come: this "
		            "machine's clock is wrong, or was");
	return true;
}

bool log_keeper_check(struct log_keeper *keeper, struct arena *arena, instant now, int64_t silent_s,
                      struct log_kept *out, struct err *err)
{
	struct checking checking = { .keeper = keeper, .arena = arena, .out = out };
	pthread_mutex_lock(&keeper->lock);
	*out = (struct log_kept){ .origin = log_keeper_origin(keeper),
		                  .size = (int64_t)keeper->proved.size };
	if (!instant_read(str_trim(read_file(keeper, arena, "heard")), &out->heard))
		out->heard = 0;
	bool done = check(&checking, now, silent_s, err);
	pthread_mutex_unlock(&keeper->lock);
	return done;
}
