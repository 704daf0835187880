/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The two ends of a stream: the checkpoint it will reach, and whether it came there whole. */
#include "log/keeper_parts.h"

static const char NO_BOX_SQL[] =
	"SELECT m.entry FROM mark AS m WHERE m.sort = 'no-box' AND NOT EXISTS"
	" (SELECT 1 FROM mark AS d WHERE d.file = m.file AND d.sort = 'destroyed')"
	" ORDER BY m.entry LIMIT 1";
static const char FILES_SQL[] =
	"SELECT f.n, EXISTS (SELECT 1 FROM mark AS d WHERE d.file = f.n AND d.sort = 'destroyed')"
	" FROM file AS f ORDER BY f.n";
/* Rows without which nothing can be restored. */
static const char SETS_SQL[] =
	"SELECT COUNT(DISTINCT part) FROM dark WHERE part IN ('carried', 'setting', 'pack')";
#define SETS_N 3

/* --- completeness --------------------------------------------------------------------------- */

static bool find_no_box(struct log_keeper *keeper, int64_t *entry, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	*entry = -1;
	if (!store_prepare(keeper->store, NO_BOX_SQL, &row, err))
		return false;
	enum store_step step = store_step(row, err);
	if (step == STORE_ROW)
		*entry = store_int(row, 0);
	return step != STORE_FAILED;
}

/* A file whose key is not there, although nothing says that it was destroyed; -1: none. */
static bool find_no_key(struct log_keeper *keeper, int64_t *file, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step;
	*file = -1;
	if (!store_prepare(keeper->store, FILES_SQL, &rows, err))
		return false;
	while ((step = store_step(rows, err)) == STORE_ROW) {
		bool has;
		if (store_int(rows, 1))
			continue;
		if (!vault_copied_has(keeper->slots, store_int(rows, 0), &has, err))
			return false;
		if (!has) {
			*file = store_int(rows, 0);
			return true;
		}
	}
	return step == STORE_DONE;
}

bool keeper_is_complete(struct log_keeper *keeper, struct arena *arena,
                        enum log_keeper_alarm *alarm, struct str *words, struct err *err)
{
	int64_t entry, file, sets;
	*alarm = LOG_KEEPER_FINE;
	if (!find_no_key(keeper, &file, err) || !find_no_box(keeper, &entry, err) ||
	    !store_get_int(keeper->store, SETS_SQL, &sets, err))
		return false;
	if (file >= 0) {
		*alarm = LOG_KEEPER_KEYS;
		*words = arena_format(arena,
		                      "the wrapped key of file %" PRId64
		                      " is not there, and no entry says that it was destroyed",
		                      file);
	} else if (entry >= 0) {
		*alarm = LOG_KEEPER_WITHHELD;
		*words = arena_format(arena,
		                      "the sealed words of entry %" PRId64
		                      " are not there, and no entry says that they were destroyed",
		                      entry);
	} else if (sets < SETS_N) {
		*alarm = LOG_KEEPER_WITHHELD;
		*words = STR("keys, settings or packs did not come: nothing could be restored");
	}
	return words->p || *alarm == LOG_KEEPER_FINE ||
	       err_set(err, ERR_UNABLE, "There is no memory for an answer");
}

/* --- checkpoints ---------------------------------------------------------------------------- */

static bool read_checkpoint(struct keeper_taking *taking, struct str text,
                            struct log_checkpoint *out, struct err *err)
{
	const struct log_keeper *keeper = taking->keeper;
	struct log_verified verified;
	struct log_note note;
	struct err why = { 0 };
	if (!text.p || text.n > KEEPER_NOTE_MAX)
		return keeper_say(taking, 400, "The parcel is malformed");
	taking->note = text;
	if (log_note_read(taking->arena, text, &note, &why) &&
	    log_note_verify(&note, keeper->keys, keeper->key_count, &verified, &why) &&
	    log_checkpoint_read(note.text, out, &why)) {
		if (str_eq(out->origin, keeper->keys[0].name))
			return true;
		return keeper_sound(taking, LOG_KEEPER_SIGNATURE,
		                    "the checkpoint is of another log");
	}
	if (why.code == ERR_UNABLE) {
		*err = why;
		return false;
	}
	return keeper_sound(taking, LOG_KEEPER_SIGNATURE,
	                    "no key of the log that is trusted here signed its checkpoint");
}

static bool is_in(struct keeper_taking *taking, const struct log_frontier *kept,
                  const struct log_checkpoint *checkpoint)
{
	struct hash root = log_frontier_root(taking->keeper->hasher, kept);
	int64_t size = (int64_t)kept->size;
	if (checkpoint->size < size)
		return keeper_sound(taking, LOG_KEEPER_ROLLBACK,
		                    "the register ends at %" PRId64 " entries, and %" PRId64
		                    " of it are kept here",
		                    checkpoint->size, size);
	return checkpoint->size > size || hash_eq(&checkpoint->root, &root) ||
	       keeper_sound(taking, LOG_KEEPER_FORK,
	                    "at %" PRId64 " entries the register has another tree than this copy",
	                    size);
}

/* Held against what a checkpoint proved first: what came after it may be the copy's own fault. */
bool keeper_take_begin(struct keeper_taking *taking, const struct log_parcel_record *record,
                       struct err *err)
{
	const struct log_keeper *keeper = taking->keeper;
	struct log_checkpoint checkpoint;
	struct hash root = log_frontier_root(keeper->hasher, &keeper->now);
	int64_t size;
	if (!log_parcel_number(record->at[1], &size) || record->at[2].n != HASH_SIZE)
		return keeper_say(taking, 400, "The parcel is malformed");
	if (!read_checkpoint(taking, record->at[0], &checkpoint, err) ||
	    !is_in(taking, &keeper->proved, &checkpoint))
		return false;
	if (size != (int64_t)keeper->now.size)
		return keeper_say(taking, 409, "again");
	taking->is_past_proved = true;
	if (!is_in(taking, &keeper->now, &checkpoint))
		return false;
	taking->is_past_proved = !str_eq(record->at[2], hash_str(&root));
	return !taking->is_past_proved ||
	       keeper_sound(taking, LOG_KEEPER_FORK,
	                    "at %" PRId64 " entries the register has another tree than this copy",
	                    size);
}

bool keeper_take_end(struct keeper_taking *taking, const struct log_parcel_record *record,
                     struct err *err)
{
	struct log_checkpoint checkpoint;
	enum log_keeper_alarm alarm;
	struct str words = STR_NONE;
	struct hash root = log_frontier_root(taking->keeper->hasher, &taking->now);
	int64_t here = (int64_t)taking->now.size;
	if (!read_checkpoint(taking, record->at[0], &checkpoint, err))
		return false;
	if (checkpoint.size > here)
		return keeper_sound(taking, LOG_KEEPER_WITHHELD, "entry %" PRId64 " did not come",
		                    here);
	taking->is_past_proved = checkpoint.size < here || !hash_eq(&root, &checkpoint.root);
	if (taking->is_past_proved)
		return keeper_sound(taking, LOG_KEEPER_FORK,
		                    "the entries that came do not make the tree that was signed");
	if (!keeper_is_complete(taking->keeper, taking->arena, &alarm, &words, err))
		return false;
	if (alarm != LOG_KEEPER_FINE)
		return keeper_sound(taking, alarm, "%.*s", STR_ARG(words));
	taking->is_whole = true;
	return true;
}
