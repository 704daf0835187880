/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A register made of a keeper's copy: as it was at the newest checkpoint that the copy was held
 * against. What came after that checkpoint is left out.
 */
#include <stdlib.h>

#include "casebook/chart.h"
#include "casebook/key.h"
#include "casebook/offsite.h"
#include "casebook/offsite_parts.h"
#include "casebook/turn.h"

#define ROWS_AT_ONCE 50000 /* of a transaction */
#define PROGRESS_EVERY 8192
#define NOTE_BYTES ((size_t)64 << 10)
#define PATHS_ARENA ((size_t)1 << 20)
#define KEYS_BYTES ((size_t)8 << 10)

static const char ENTRIES_SQL[] =
	"SELECT idx, size, file, header, opener, sealed, dark FROM entry WHERE idx < ?1 ORDER BY idx";
static const char ENTRY_SQL[] =
	"INSERT INTO entry (idx, size, file, kind, header, nonce, plain, sealed, commitment)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
static const char DARK_SQL[] =
	"SELECT n, entry, bytes FROM dark WHERE part = ?1 AND entry < ?2 ORDER BY n";

struct restoring {
	const char *from;
	const char *dir;
	casebook_progress *progress;
	void *progress_ctx;
	struct store *copy;
	struct store *store;
	struct vault *vault;
	struct hasher *hasher;
	struct log_tree *tree;
	int64_t size;
	int64_t rows; /* of the transaction at hand */
};

static bool damaged(struct err *err, const char *what, int64_t n)
{
	return err_set(err, ERR_INPUT,
	               "The copy is damaged, or of another master key: %s %" PRId64
	               " does not open. Its keeper should look: candour keep check",
	               what, n);
}

/* --- opening -------------------------------------------------------------------------------- */

bool casebook_offsite_is(const char *from)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(PATHS_ARENA);
	const char *path = arena ? file_join(arena, from, "copy.db") : NULL;
	return path && file_exists(path);
}

bool casebook_offsite_checkpoint(const char *from, struct arena *arena, int64_t *size,
                                 struct str *note, struct err *err)
{
	struct log_note read;
	struct log_checkpoint checkpoint;
	const char *path = file_join(arena, from, "checkpoint");
	if (!path)
		return err_set(err, ERR_INPUT, "The name of a folder is too long");
	if (!file_exists(path))
		return err_set(
			err, ERR_INPUT,
			"Nothing came whole to the keeper in %s yet: there is nothing to restore",
			from);
	if (!file_read(arena, path, NOTE_BYTES, note, err) ||
	    !log_note_read(arena, *note, &read, err) ||
	    !log_checkpoint_read(read.text, &checkpoint, err))
		return false;
	*size = checkpoint.size;
	return true;
}

static bool open_copy(const char *from, struct store **out, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(PATHS_ARENA);
	const char *path = arena ? file_join(arena, from, "copy.db") : NULL;
	if (!path)
		return err_set(err, ERR_INPUT, "The name of a folder is too long");
	return store_open(path, STORE_READ, out, err) && store_schema_check(*out, "copy", err) &&
	       store_begin(*out, err);
}

/* --- what others saw ------------------------------------------------------------------------ */

/* Signed by a key that the keeper trusts: else anybody could keep a lawful copy from being used. */
static bool is_signed(const char *from, struct str seen, struct arena *arena,
                      struct log_checkpoint *out, struct err *err)
{
	struct log_vkey keys[LOG_KEEPER_KEYS_MAX];
	struct log_verified *verified = arena_alloc(arena, 1, sizeof *verified);
	const char *path = file_join(arena, from, "log");
	struct log_note note;
	struct str text, line;
	size_t count = 0;
	if (!verified || !path)
		return err_set(err, ERR_UNABLE, "There is no memory to restore a copy");
	if (!file_read(arena, path, KEYS_BYTES, &text, err) ||
	    !log_note_read(arena, seen, &note, err) || !log_checkpoint_read(note.text, out, err))
		return false;
	while (count < COUNT_OF(keys) && str_cut(&text, '\n', &line) && line.n) {
		if (!log_vkey_read(arena, line, &keys[count++], err))
			return false;
	}
	return log_note_verify(&note, keys, count, verified, err);
}

/* The root that the log signed at a size that the copy has; *has false: none was. */
static bool root_at(const char *from, int64_t size, struct hash *out, bool *has, struct err *err)
{
	CLEANUP(store_cleanup) struct store *copy = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	*has = false;
	if (!open_copy(from, &copy, err) ||
	    !store_prepare(copy, "SELECT root FROM signed WHERE size = ?1", &row, err))
		return false;
	store_bind_int(row, 1, size);
	enum store_step step = store_step(row, err);
	*has = step == STORE_ROW && store_blob(row, 0).n == HASH_SIZE;
	if (*has)
		memcpy(out->bytes, store_blob(row, 0).p, HASH_SIZE);
	return step != STORE_FAILED;
}

bool casebook_offsite_is_newest(const char *from, struct str seen, struct arena *arena,
                                struct err *err)
{
	struct log_checkpoint theirs, ours;
	struct log_note read;
	struct str note;
	struct hash root;
	int64_t size;
	bool has;
	if (!casebook_offsite_checkpoint(from, arena, &size, &note, err) ||
	    !log_note_read(arena, note, &read, err) ||
	    !log_checkpoint_read(read.text, &ours, err) ||
	    !is_signed(from, seen, arena, &theirs, err))
		return false;
	if (!str_eq(theirs.origin, ours.origin))
		return err_set(err, ERR_INPUT,
		               "The checkpoint that was seen is of %.*s, and the copy of %.*s",
		               STR_ARG(theirs.origin), STR_ARG(ours.origin));
	if (theirs.size > size)
		return err_set(
			err, ERR_REFUSED,
			"Somebody holds a checkpoint of %" PRId64
			" entries, and the copy ends at %" PRId64
			": what came between is proved to have been, and is not in it. Look for a newer"
			" backup first. Under its old name this log must not go on without them",
			theirs.size, size);
	if (!root_at(from, theirs.size, &root, &has, err))
		return false;
	if (theirs.size == size) {
		root = ours.root;
		has = true;
	}
	if (has && memcmp(root.bytes, theirs.root.bytes, HASH_SIZE) != 0)
		return err_set(err, ERR_REFUSED,
		               "The log signed another history of %" PRId64
		               " entries than the copy has: both cannot be true. Keep the"
		               " checkpoint and the copy, and do not restore it under this name",
		               theirs.size);
	return true;
}

/* --- sealed rows ---------------------------------------------------------------------------- */

/* Fields of an opened row; borrowed from the secret. */
struct opened {
	struct vault_secret secret;
	struct str at[LOG_PARCEL_FIELDS_MAX];
};

static void opened_finish(struct opened *opened)
{
	vault_secret_finish(&opened->secret);
}

/* Fields lie as in a parcel's record: so they are read as one. */
static bool read_fields(struct str text, struct str *out, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t n = 0;
		for (size_t k = 0; k < 4; k++)
			n = n << 8 | (k < text.n ? (unsigned char)text.p[k] : 0);
		out[i] = STR_NONE;
		if (text.n < 4 || (n != UINT32_MAX && n > text.n - 4))
			return false;
		if (n != UINT32_MAX)
			out[i] = str_sub(text, 4, (size_t)n);
		text = str_sub(text, n == UINT32_MAX ? 4 : 4 + (size_t)n, text.n);
	}
	return text.n == 0;
}

static bool open_row(struct vault *vault, struct str part, int64_t n, struct str bytes,
                     size_t fields, struct opened *out, struct err *err)
{
	char bound[OFFSITE_BOUND_MAX];
	struct err why = { 0 };
	*out = (struct opened){ 0 };
	if (!vault_open_own(vault, OFFSITE_PURPOSE, offsite_bound(bound, part, n), bytes,
	                    &out->secret, &why)) {
		if (why.code == ERR_INPUT)
			return damaged(err, part.p, n);
		*err = why;
		return false;
	}
	return read_fields(vault_secret_str(&out->secret), out->at, fields) ||
	       damaged(err, part.p, n);
}

bool casebook_offsite_open(const char *from, const char *dir, struct str name, struct arena *arena,
                           struct str *out, struct err *err)
{
	CLEANUP(vault_cleanup) struct vault *vault = NULL;
	CLEANUP(store_cleanup) struct store *copy = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	CLEANUP(opened_finish) struct opened opened = { 0 };
	struct vault_options options = { .cached_keys = 16, .has_stand_ins = true };
	*out = STR("");
	if (!vault_open(dir, VAULT_READ, &options, &vault, err) || !open_copy(from, &copy, err) ||
	    !store_prepare(copy, DARK_SQL, &row, err))
		return false;
	store_bind_str(row, 1, name);
	store_bind_int(row, 2, 0);
	enum store_step step = store_step(row, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	if (!open_row(vault, name, 0, store_blob(row, 2), 1, &opened, err))
		return false;
	*out = arena_copy(arena, opened.at[0]);
	return out->p || err_set(err, ERR_UNABLE, "There is no memory to restore a copy");
}

/* Puts the fields of a row into the statement for it, from parameter `first` on; `ints` of them are
 * numbers, from the number-th on. */
static bool bind_fields(struct store_stmt *put, int first, const struct opened *opened,
                        const char *sorts)
{
	for (int i = 0; sorts[i]; i++) {
		int64_t number;
		switch (sorts[i]) {
		case 'i':
			if (!log_parcel_number(opened->at[i], &number))
				return false;
			store_bind_int(put, first + i, number);
			break;
		case 't':
			store_bind_str(put, first + i, opened->at[i]);
			break;
		default:
			store_bind_blob(put, first + i, opened->at[i]);
		}
	}
	return true;
}

/* How a table lies in the copy: `t`ext, `i`ntegers, `b`ytes; its key and entry first or last. */
static const struct table {
	struct str part;
	const char *sorts;
	const char *sql; /* parameters: the fields, then n and entry, where they are used */
	bool has_n;
	bool has_entry;
} TABLES[] = {
	{ { "setting", 7 },
	  "tt",
	  "INSERT INTO setting (name, value) VALUES (?1, ?2)",
	  false,
	  false },
	{ { "credential", 10 },
	  "ttb",
	  "INSERT INTO credential (account, sort, bytes) VALUES (?1, ?2, ?3)",
	  false,
	  false },
	{ { "pack", 4 },
	  "bb",
	  "INSERT INTO pack (hash, text, n, entry) VALUES (?1, ?2, ?3, ?4)",
	  true,
	  true },
	{ { "reading", 7 },
	  "tttiiit",
	  "INSERT INTO reading (account, office, session, file, highest, minute, purpose, n, sealed_in)"
	  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	  true,
	  true },
};

static bool commit_often(struct restoring *restoring, struct err *err);

static bool put_row(struct restoring *restoring, const struct table *table, struct store_stmt *row,
                    struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	CLEANUP(opened_finish) struct opened opened = { 0 };
	int fields = (int)strlen(table->sorts);
	int64_t n = store_int(row, 0);
	if (!open_row(restoring->vault, table->part, n, store_blob(row, 2), (size_t)fields, &opened,
	              err) ||
	    !store_prepare(restoring->store, table->sql, &put, err))
		return false;
	if (!bind_fields(put, 1, &opened, table->sorts))
		return damaged(err, table->part.p, n);
	if (table->has_n)
		store_bind_int(put, fields + 1, n);
	if (table->has_entry)
		store_bind_int(put, fields + 2, store_int(row, 1));
	return store_do(put, err) && commit_often(restoring, err);
}

static bool put_tables(struct restoring *restoring, struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(TABLES); i++) {
		CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
		enum store_step step;
		if (!store_prepare(restoring->copy, DARK_SQL, &rows, err))
			return false;
		store_bind_str(rows, 1, TABLES[i].part);
		store_bind_int(rows, 2, restoring->size);
		while ((step = store_step(rows, err)) == STORE_ROW) {
			if (!put_row(restoring, &TABLES[i], rows, err))
				return false;
		}
		if (step != STORE_DONE)
			return false;
	}
	return true;
}

/* --- entries -------------------------------------------------------------------------------- */

/* Commits what is there and begins anew, so that no transaction holds a whole register. */
static bool commit_often(struct restoring *restoring, struct err *err)
{
	if (++restoring->rows < ROWS_AT_ONCE)
		return true;
	restoring->rows = 0;
	if (!log_tree_flush(restoring->tree, restoring->store, err) ||
	    !store_commit(restoring->store, err))
		return false;
	log_tree_commit(restoring->tree);
	return store_begin(restoring->store, err);
}

static bool bind_entry(struct restoring *restoring, struct store_stmt *row, struct store_stmt *put,
                       struct str inside, struct err *err)
{
	struct log_header header;
	struct hash opener;
	struct err why = { 0 };
	int64_t index = store_int(row, 0);
	struct str text = store_blob(row, 3);
	if (inside.n <= LOG_NONCE_SIZE || !log_header_read(text, &header, &why))
		return damaged(err, "entry", index);
	opener = log_opener(restoring->hasher, (const uint8_t *)inside.p);
	struct hash commitment = log_commitment(restoring->hasher, &opener, text);
	struct hash leaf = log_leaf_hash(restoring->hasher, &commitment);
	for (int i = 0; i < 3; i++)
		store_bind_int(put, i + 1, store_int(row, i));
	store_bind_str(put, 4, header.kind);
	store_bind_blob(put, 5, text);
	store_bind_blob(put, 6, str_sub(inside, 0, LOG_NONCE_SIZE));
	store_bind_str(put, 7, str_sub(inside, LOG_NONCE_SIZE, inside.n));
	store_bind_blob(put, 8, store_is_null(row, 5) ? STR_NONE : store_blob(row, 5));
	store_bind_blob(put, 9, hash_str(&commitment));
	return store_do(put, err) && log_tree_append(restoring->tree, &leaf, err);
}

static bool put_entry(struct restoring *restoring, struct store_stmt *row, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	CLEANUP(vault_secret_finish) struct vault_secret secret = { 0 };
	char bound[OFFSITE_BOUND_MAX];
	struct err why = { 0 };
	int64_t index = store_int(row, 0);
	if (!vault_open_own(restoring->vault, OFFSITE_PURPOSE,
	                    offsite_bound(bound, STR("entry"), index), store_blob(row, 6), &secret,
	                    &why)) {
		if (why.code == ERR_INPUT)
			return damaged(err, "entry", index);
		*err = why;
		return false;
	}
	return store_prepare(restoring->store, ENTRY_SQL, &put, err) &&
	       bind_entry(restoring, row, put, vault_secret_str(&secret), err);
}

static bool put_entries(struct restoring *restoring, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step;
	if (!store_prepare(restoring->copy, ENTRIES_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, restoring->size);
	while ((step = store_step(rows, err)) == STORE_ROW) {
		int64_t index = store_int(rows, 0);
		if (!put_entry(restoring, rows, err) || !commit_often(restoring, err))
			return false;
		if (restoring->progress && index % PROGRESS_EVERY == 0)
			restoring->progress(restoring->progress_ctx, "entries", index,
			                    restoring->size);
	}
	return step == STORE_DONE;
}

/* --- what is public, and files -------------------------------------------------------------- */

/* Rows that lie in the copy as they lie in the register: the columns of `from` into `to`. */
static const struct rows {
	const char *from; /* ?1: the size */
	const char *to;
	const char *sorts;
} ROWS[] = {
	{ "SELECT size, root, sig, keyid FROM signed WHERE size <= ?1 ORDER BY size",
	  "INSERT INTO signed (size, root, sig, keyid) VALUES (?1, ?2, ?3, ?4)", "ibbi" },
	{ "SELECT size, note FROM published WHERE size <= ?1 ORDER BY size",
	  "INSERT INTO published (size, note) VALUES (?1, ?2)", "it" },
	{ "SELECT p.object, p.n, p.bytes FROM object AS o JOIN piece AS p ON p.object = o.id"
	  " WHERE o.entry < ?1",
	  "INSERT INTO piece (object, n, bytes) VALUES (?1, ?2, ?3)", "tib" },
};

static void copy_column(struct store_stmt *put, struct store_stmt *row, int at, char sort)
{
	if (store_is_null(row, at))
		store_bind_null(put, at + 1);
	else if (sort == 'i')
		store_bind_int(put, at + 1, store_int(row, at));
	else if (sort == 't')
		store_bind_str(put, at + 1, store_str(row, at));
	else
		store_bind_blob(put, at + 1, store_blob(row, at));
}

static bool copy_rows(struct restoring *restoring, const struct rows *rows, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	enum store_step step;
	if (!store_prepare(restoring->copy, rows->from, &row, err))
		return false;
	store_bind_int(row, 1, restoring->size);
	while ((step = store_step(row, err)) == STORE_ROW) {
		CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
		if (!store_prepare(restoring->store, rows->to, &put, err))
			return false;
		for (int i = 0; rows->sorts[i]; i++)
			copy_column(put, row, i, rows->sorts[i]);
		if (!store_do(put, err) || !commit_often(restoring, err))
			return false;
	}
	return step == STORE_DONE;
}

/* A file is as old as its entry. */
static bool put_objects(struct restoring *restoring, struct err *err)
{
	static const char FROM_SQL[] =
		"SELECT o.id, o.entry, o.size, o.digest, e.header FROM object AS o"
		" JOIN entry AS e ON e.idx = o.entry WHERE o.entry < ?1";
	static const char TO_SQL[] =
		"INSERT INTO object (id, entry, size, digest, made) VALUES (?1, ?2, ?3, ?4, ?5)";
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	enum store_step step;
	if (!store_prepare(restoring->copy, FROM_SQL, &row, err))
		return false;
	store_bind_int(row, 1, restoring->size);
	while ((step = store_step(row, err)) == STORE_ROW) {
		CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
		struct log_header header;
		if (!log_header_read(store_blob(row, 4), &header, err) ||
		    !store_prepare(restoring->store, TO_SQL, &put, err))
			return false;
		store_bind_str(put, 1, store_str(row, 0));
		store_bind_int(put, 2, store_int(row, 1));
		store_bind_int(put, 3, store_int(row, 2));
		store_bind_blob(put, 4, store_blob(row, 3));
		store_bind_int(put, 5, header.recorded);
		if (!store_do(put, err) || !commit_often(restoring, err))
			return false;
	}
	return step == STORE_DONE;
}

/* --- the database --------------------------------------------------------------------------- */

static bool put_all(struct restoring *restoring, struct err *err)
{
	if (!put_entries(restoring, err) || !put_tables(restoring, err))
		return false;
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		if (!copy_rows(restoring, &ROWS[i], err))
			return false;
	}
	return put_objects(restoring, err) &&
	       log_tree_flush(restoring->tree, restoring->store, err);
}

static bool has_all(struct restoring *restoring, struct err *err)
{
	return log_tree_size(restoring->tree) == restoring->size ||
	       err_set(err, ERR_INPUT,
	               "The copy holds %" PRId64 " entries, and its checkpoint names %" PRId64,
	               log_tree_size(restoring->tree), restoring->size);
}

static bool make_database(struct restoring *restoring, struct err *err)
{
	struct vault_options options = { .cached_keys = 16 };
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(PATHS_ARENA);
	const char *path = arena ? file_join(arena, restoring->dir, BOOK_DATABASE) : NULL;
	if (!path)
		return err_set(err, ERR_INPUT, "The name of a folder is too long");
	if (!vault_open(restoring->dir, VAULT_READ, &options, &restoring->vault, err) ||
	    !open_copy(restoring->from, &restoring->copy, err) ||
	    !store_open(path, STORE_CREATE, &restoring->store, err) ||
	    !store_migrate(restoring->store, "register", err) ||
	    !store_begin(restoring->store, err))
		return false;
	if (log_tree_open(restoring->store, &restoring->tree, err) && put_all(restoring, err) &&
	    has_all(restoring, err))
		return store_commit(restoring->store, err);
	store_abort(restoring->store);
	return false;
}

static bool build(const char *from, const char *dir, int64_t size, casebook_progress *progress,
                  void *ctx, struct err *err)
{
	struct restoring restoring = { .from = from,
		                       .dir = dir,
		                       .progress = progress,
		                       .progress_ctx = ctx,
		                       .hasher = hasher_create(),
		                       .size = size };
	bool done = make_database(&restoring, err);
	log_tree_close(restoring.tree);
	store_close(restoring.copy);
	store_close(restoring.store);
	vault_close(restoring.vault);
	hasher_destroy(restoring.hasher);
	return done;
}

/* --- a new key ------------------------------------------------------------------------------ */

/* The first key that the keeper was told: the entries tell of those that followed it. */
static bool first_key(const char *from, struct arena *arena, struct str *out, struct err *err)
{
	struct str text;
	const char *path = file_join(arena, from, "log");
	if (!path)
		return err_set(err, ERR_INPUT, "The name of a folder is too long");
	if (!file_read(arena, path, KEYS_BYTES, &text, err))
		return false;
	*out = str_trim(str_sub(text, 0, str_find(text, '\n')));
	return true;
}

static bool open_without_key(const char *dir, struct str vkey, bool is_to_refold,
                             struct casebook **out, struct err *err)
{
	struct casebook_options options = { .lost_key = vkey, .is_to_refold = is_to_refold };
	return casebook_open_with(dir, CASEBOOK_WRITE, &options, out, err);
}

static bool fold_views(const char *dir, struct str vkey, casebook_progress *progress, void *ctx,
                       struct err *err)
{
	CLEANUP(casebook_cleanup) struct casebook *book = NULL;
	return open_without_key(dir, vkey, true, &book, err) &&
	       casebook_refold(book, progress, ctx, err);
}

static bool sign_anew(const char *dir, struct str vkey, struct err *err)
{
	CLEANUP(casebook_cleanup) struct casebook *book = NULL;
	return open_without_key(dir, vkey, false, &book, err) && key_renew(book, err);
}

bool casebook_offsite_restore(const char *from, const char *dir, casebook_progress *progress,
                              void *ctx, struct arena *arena, struct err *err)
{
	struct str vkey, note;
	int64_t size;
	return casebook_offsite_checkpoint(from, arena, &size, &note, err) &&
	       first_key(from, arena, &vkey, err) && build(from, dir, size, progress, ctx, err) &&
	       fold_views(dir, vkey, progress, ctx, err) && sign_anew(dir, vkey, err);
}
