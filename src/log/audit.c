/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Comparing what the log keeps with what its leaves make. */
#include "log/audit.h"

#include <stdlib.h>

#define DRAIN_EVERY 4096 /* leaves */

static const char TILE_SQL[] = "SELECT width, hashes FROM tile WHERE level = ?1 AND idx = ?2";
static const char TILES_SQL[] = "SELECT COUNT(*) FROM tile";
static const char SIGNED_SQL[] = "SELECT size, root, sig, keyid FROM signed ORDER BY size";
static const char PUBLISHED_SQL[] = "SELECT size, note FROM published ORDER BY size";

struct log_audit {
	struct store *store;
	struct log_tree *tree; /* what the leaves make */
	const struct log_eras *eras;
	const struct log_signer *signer;  /* the present key; NULL: not at hand */
	const struct log_vkey *witnesses; /* whose cosignatures are looked at */
	size_t witness_count;
	log_finding *finding;
	void *ctx;
	struct store_stmt *rows; /* of `signed`, in order */
	bool has_row;
	int64_t row_size; /* of the row that is next, where has_row */
	int64_t tiles;    /* that there must be */
	int64_t proved;   /* size of the newest row whose signature holds */
	size_t undrained;
};

static void find(struct log_audit *audit, const char *where, const char *what, ...) PRINTF(3, 4);
static void find(struct log_audit *audit, const char *where, const char *what, ...)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	va_list args;
	buf_init(&text, 1024);
	va_start(args, what);
	buf_vformat(&text, what, args);
	va_end(args);
	audit->finding(audit->ctx, str_from_c(where), buf_str(&text));
}

/* --- signed --------------------------------------------------------------------------------- */

static bool next_row(struct log_audit *audit, struct err *err)
{
	enum store_step step = store_step(audit->rows, err);
	audit->has_row = step == STORE_ROW;
	if (audit->has_row)
		audit->row_size = store_int(audit->rows, 0);
	return step != STORE_FAILED;
}

static bool take_signatures(struct log_signed *row, struct str bytes)
{
	row->has_former = bytes.n == 2 * LOG_SIGNATURE_SIZE;
	if (bytes.n != LOG_SIGNATURE_SIZE && !row->has_former)
		return false;
	memcpy(row->signature, bytes.p, LOG_SIGNATURE_SIZE);
	if (row->has_former)
		memcpy(row->former, bytes.p + LOG_SIGNATURE_SIZE, LOG_SIGNATURE_SIZE);
	return true;
}

/* Every column stands under the signature, but the signature itself may have been let go. */
static void check_row(struct log_audit *audit)
{
	struct str root = store_blob(audit->rows, 1), signature = store_blob(audit->rows, 2);
	int64_t key_id = store_int(audit->rows, 3);
	struct log_signed row = { .size = audit->row_size, .root = log_tree_root(audit->tree) };
	bool is_true = str_eq(root, hash_str(&row.root));
	if (!is_true)
		find(audit, "signed.root",
		     "The checkpoint signed at size %" PRId64
		     " has another root than the entries make",
		     row.size);
	if (!audit->eras)
		return;
	row.has_signature = !store_is_null(audit->rows, 2);
	const struct log_era *era = log_eras_find(audit->eras, row.size);
	bool is_in_force = key_id == (int64_t)log_key_id_number(era->key.id);
	if (!is_in_force)
		find(audit, "signed.keyid",
		     log_eras_know(audit->eras, key_id) ? "The checkpoint signed at size %" PRId64
		                                          " names a key that was not in force then"
		                                        : "The checkpoint signed at size %" PRId64
		                                          " names a key that the log never had",
		     row.size);
	if (!row.has_signature || !is_in_force)
		return;
	row.key_id = (uint32_t)key_id; /* it equals an id of 4 bytes */
	if (root.n == HASH_SIZE)
		memcpy(row.root.bytes, root.p, HASH_SIZE);
	bool is_whole = take_signatures(&row, signature);
	bool holds = is_whole && ((is_true && audit->signer && !row.has_former &&
	                           !era->has_former && log_signed_is_by(&row, audit->signer)) ||
	                          log_signed_holds(&row, audit->eras));
	if (holds && is_true)
		audit->proved = row.size;
	if (!holds)
		find(audit, "signed.sig",
		     "The checkpoint signed at size %" PRId64 " has a signature that does not hold",
		     row.size);
}

static bool check_rows_here(struct log_audit *audit, struct err *err)
{
	while (audit->has_row && audit->row_size <= log_tree_size(audit->tree)) {
		if (audit->row_size < 0)
			find(audit, "signed.size", "A checkpoint is signed at the size %" PRId64,
			     audit->row_size);
		else
			check_row(audit);
		if (!next_row(audit, err))
			return false;
	}
	return true;
}

/* --- tiles ---------------------------------------------------------------------------------- */

static bool compare_tile(void *ctx, unsigned level, uint64_t index, const struct hash *at,
                         size_t width, struct err *err)
{
	struct log_audit *audit = ctx;
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(audit->store, TILE_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, level);
	store_bind_int(stmt, 2, (int64_t)index); /* below 2^45 */
	enum store_step step = store_step(stmt, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE) {
		find(audit, "tile.idx", "Tile %" PRIu64 " of level %u is missing", index, level);
		return true;
	}
	audit->tiles++;
	if (store_int(stmt, 0) != (int64_t)width)
		find(audit, "tile.width",
		     "Tile %" PRIu64 " of level %u has the width %" PRId64 ", not %zu", index,
		     level, store_int(stmt, 0), width);
	if (!str_eq(store_blob(stmt, 1), str_from_bytes(at, width * HASH_SIZE)))
		find(audit, "tile.hashes",
		     "Tile %" PRIu64 " of level %u has other hashes than the entries make", index,
		     level);
	return true;
}

static bool check_tile_count(struct log_audit *audit, struct err *err)
{
	int64_t there = 0;
	if (!store_get_int(audit->store, TILES_SQL, &there, err))
		return false;
	if (there != audit->tiles)
		find(audit, "tile.level", "There are %" PRId64 " tiles too many",
		     there - audit->tiles);
	return true;
}

/* --- published ------------------------------------------------------------------------------ */

/* The key that a line is of by its name or its id; NULL: it is of none that is known. */
static const struct log_vkey *witness_of(const struct log_audit *audit,
                                         const struct log_note_line *line)
{
	for (size_t i = 0; i < audit->witness_count; i++) {
		const struct log_vkey *key = &audit->witnesses[i];
		if (log_vkey_counts(key) && (str_eq(line->name, key->name) ||
		                             memcmp(line->id, key->id, LOG_KEY_ID_SIZE) == 0))
			return key;
	}
	return NULL;
}

/* Each line by itself: of a witness that signed twice a reader looks at the first alone. */
static void check_cosignatures(struct log_audit *audit, struct arena *arena, int64_t size,
                               struct str raw)
{
	struct log_note note;
	struct err why = { 0 };
	struct log_verified *verified = arena_alloc(arena, 1, sizeof *verified);
	if (!audit->witness_count || !verified || !log_note_read(arena, raw, &note, &why))
		return;
	for (size_t i = 0; i < note.count; i++) {
		const struct log_vkey *key = witness_of(audit, &note.lines[i]);
		struct log_note one = { note.text, &note.lines[i], 1 };
		if (key && !log_note_verify(&one, key, 1, verified, &why))
			find(audit, "published.note",
			     "The cosignature of %.*s under the checkpoint published at size "
			     "%" PRId64 " does not hold",
			     STR_ARG(key->name), size);
	}
}

static bool check_published_row(struct log_audit *audit, struct arena *arena, int64_t size,
                                struct str note, struct err *err)
{
	struct log_checkpoint checkpoint;
	struct log_signed row;
	struct err why = { 0 };
	if (!audit->eras)
		return true;
	if (!log_eras_open(arena, note, size, audit->eras, &checkpoint, &why)) {
		find(audit, "published.note",
		     "The checkpoint published at size %" PRId64 " does not verify: %s", size,
		     why.message);
		return true;
	}
	if (checkpoint.size != size) {
		find(audit, "published.size",
		     "The checkpoint published at size %" PRId64 " says size %" PRId64, size,
		     checkpoint.size);
		return true;
	}
	if (!log_signed_read(audit->store, size, &row, &why)) {
		if (why.code == ERR_UNABLE) {
			*err = why;
			return false;
		}
		find(audit, "published.size",
		     "The checkpoint published at size %" PRId64 " was not signed", size);
		return true;
	}
	if (!row.has_signature)
		find(audit, "signed.sig",
		     "The checkpoint published at size %" PRId64
		     " has no signature where it was signed: that of a published one is kept",
		     size);
	if (!hash_eq(&row.root, &checkpoint.root))
		find(audit, "published.note",
		     "The checkpoint published at size %" PRId64
		     " has another root than was signed",
		     size);
	check_cosignatures(audit, arena, size, note);
	return true;
}

static bool check_published(struct log_audit *audit, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)8 << 20);
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to check what is published");
	if (!store_prepare(audit->store, PUBLISHED_SQL, &stmt, err))
		return false;
	for (;;) {
		enum store_step step = store_step(stmt, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		arena_reset(arena);
		struct str note = arena_copy(arena, store_str(stmt, 1));
		if (!note.p)
			note = STR("");
		if (!check_published_row(audit, arena, store_int(stmt, 0), note, err))
			return false;
	}
}

/* --- the whole ------------------------------------------------------------------------------ */

bool log_audit_create(struct store *store, const struct log_eras *eras,
                      const struct log_signer *signer, log_finding *finding, void *ctx,
                      struct log_audit **out, struct err *err)
{
	CLEANUP(log_audit_cleanup) struct log_audit *audit = calloc(1, sizeof *audit);
	*out = NULL;
	if (!audit)
		return err_set(err, ERR_UNABLE, "There is no memory for the audit");
	audit->store = store;
	audit->eras = eras;
	audit->signer = signer;
	audit->finding = finding;
	audit->ctx = ctx;
	if (!log_tree_create(&audit->tree, err) ||
	    !store_prepare(store, SIGNED_SQL, &audit->rows, err) || !next_row(audit, err) ||
	    !check_rows_here(audit, err))
		return false;
	*out = audit;
	audit = NULL;
	return true;
}

void log_audit_witnesses(struct log_audit *audit, const struct log_vkey *keys, size_t count)
{
	audit->witnesses = keys;
	audit->witness_count = count;
}

void log_audit_destroy(struct log_audit *audit)
{
	if (!audit)
		return;
	log_tree_close(audit->tree);
	store_stmt_finish(&audit->rows);
	free(audit);
}

void log_audit_cleanup(struct log_audit **audit)
{
	log_audit_destroy(*audit);
	*audit = NULL;
}

bool log_audit_leaf(struct log_audit *audit, const struct hash *leaf, struct err *err)
{
	if (!log_tree_append(audit->tree, leaf, err))
		return false;
	if (++audit->undrained == DRAIN_EVERY) {
		audit->undrained = 0;
		if (!log_tree_drain(audit->tree, compare_tile, audit, err))
			return false;
	}
	return check_rows_here(audit, err);
}

int64_t log_audit_proved(const struct log_audit *audit)
{
	return audit->proved;
}

/* Signed past the end: the log's own signature proves that entries are gone. */
static bool check_rows_past(struct log_audit *audit, struct err *err)
{
	while (audit->has_row) {
		struct str root = store_blob(audit->rows, 1),
			   signature = store_blob(audit->rows, 2);
		struct log_signed row = { .size = audit->row_size,
			                  .key_id = (uint32_t)store_int(audit->rows, 3),
			                  .has_signature = true };
		bool is_whole = root.n == HASH_SIZE && take_signatures(&row, signature);
		if (is_whole)
			memcpy(row.root.bytes, root.p, HASH_SIZE);
		find(audit,
		     is_whole && audit->eras && log_signed_holds(&row, audit->eras) ? "entry.idx"
		                                                                    : "signed.size",
		     "A checkpoint is signed at size %" PRId64 ", and there are %" PRId64
		     " entries",
		     audit->row_size, log_tree_size(audit->tree));
		if (!next_row(audit, err))
			return false;
	}
	return true;
}

bool log_audit_end(struct log_audit *audit, struct err *err)
{
	return check_rows_past(audit, err) &&
	       log_tree_drain(audit->tree, compare_tile, audit, err) &&
	       log_tree_show_open(audit->tree, compare_tile, audit, err) &&
	       check_tile_count(audit, err) && check_published(audit, err);
}
