/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A mirror's own register, without a word: the entries' public side in a database of the same
 * shape, whose views stay empty. They are folded into shadows when something is asked, and
 * forgotten.
 *
 * O1. An entry is kept once it opens the leaf that the log has at its place.
 * O2. The column of the nonce holds what a mirror has of it: opener and plain salt.
 * O3. A file has the number of its first entry among files, as in the register itself.
 */
#include "casebook/outside.h"

#include <stdlib.h>
#include <unistd.h>

#include "casebook/chart.h"
#include "casebook/packs.h"
#include "casebook/rows.h"
#include "casebook/shelf.h"
#include "casebook/views.h"
#include "log/log.h"

#define DATABASE "opened.db"
#define PLAIN_DEPTH 8
#define OPENED (2 * HASH_SIZE)

static const char FILES_SQL[] =
	"CREATE TABLE IF NOT EXISTS outside_file (id TEXT NOT NULL PRIMARY KEY, n INTEGER NOT NULL)";
/* Primary keys. */
static const char FILE_SQL[] = "SELECT n FROM outside_file WHERE id = ?1";
static const char PUT_FILE_SQL[] = "INSERT INTO outside_file (id, n) VALUES (?1, ?2)";
static const char COUNT_FILES_SQL[] = "SELECT COUNT(*) FROM outside_file";
static const char PUT_SQL[] =
	"INSERT INTO entry (idx, size, file, kind, header, nonce, plain, sealed, commitment)"
	" VALUES (?1, ?1 + 1, ?2, ?3, ?4, ?5, ?6, NULL, ?7)";
static const char SIZE_SQL[] = "SELECT COALESCE(MAX(idx), -1) + 1 FROM entry";
static const char NEWEST_SQL[] = "SELECT header FROM entry ORDER BY idx DESC LIMIT 1";
static const char RULES_N_SQL[] = "SELECT COUNT(*) FROM pack";
static const char PUT_RULES_SQL[] =
	"INSERT INTO pack (n, entry, hash, text) VALUES (?1, ?2, ?3, ?4)";
static const char TEXTS_SQL[] = "SELECT text FROM pack ORDER BY n";
/* By entry_file(file, kind, idx); adoptions are few. */
static const char ADOPTED_SQL[] =
	"SELECT idx, plain FROM entry WHERE file = 0 AND kind = 'pack.adopted' ORDER BY idx";
/* Of the shadow, once all is folded: looked through once. */
static const char UNTOLD_SQL[] =
	"SELECT id, rule, office, due, next_at, pack FROM duty WHERE next_at IS NOT NULL"
	" AND next_at < ?1 ORDER BY next_at, id LIMIT ?2";
static const char UNTOLD_N_SQL[] =
	"SELECT COUNT(*) FROM duty WHERE next_at IS NOT NULL AND next_at < ?1";

struct casebook_outside {
	struct store *store;
	struct hasher *hasher;
	int64_t size;
	int64_t files;
	instant newest;
};

static bool no_room(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory for what is kept of a register");
}

/* --- opening --------------------------------------------------------------------------------- */

static bool read_newest(struct casebook_outside *outside, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	struct log_header header;
	if (!store_get_int(outside->store, SIZE_SQL, &outside->size, err) ||
	    !store_get_int(outside->store, COUNT_FILES_SQL, &outside->files, err) ||
	    !store_prepare(outside->store, NEWEST_SQL, &row, err))
		return false;
	enum store_step step = store_step(row, err);
	outside->newest = 0;
	if (step != STORE_ROW)
		return step == STORE_DONE;
	if (!log_header_read(store_blob(row, 0), &header, err))
		return false;
	outside->newest = header.recorded;
	return true;
}

static bool open_store(struct casebook_outside *outside, const char *dir, struct err *err)
{
	char path[BOOK_PATH_MAX];
	int n = snprintf(path, sizeof path, "%s/" DATABASE, dir);
	if (n < 0 || n >= (int)sizeof path)
		return err_set(err, ERR_INPUT, "The path of what is kept is too long");
	return file_make_folder(dir, 0700, err) &&
	       store_open(path, file_exists(path) ? STORE_WRITE : STORE_CREATE, &outside->store,
	                  err) &&
	       store_migrate(outside->store, "register", err) &&
	       store_run(outside->store, FILES_SQL, err) && read_newest(outside, err);
}

bool casebook_outside_open(const char *dir, struct casebook_outside **out, struct err *err)
{
	CLEANUP(casebook_outside_cleanup)
	struct casebook_outside *outside = calloc(1, sizeof *outside);
	*out = NULL;
	if (!outside || !(outside->hasher = hasher_create()))
		return no_room(err);
	if (!open_store(outside, dir, err))
		return false;
	*out = outside;
	outside = NULL;
	return true;
}

void casebook_outside_close(struct casebook_outside *outside)
{
	if (!outside)
		return;
	store_close(outside->store);
	hasher_destroy(outside->hasher);
	free(outside);
}

void casebook_outside_cleanup(struct casebook_outside **outside)
{
	casebook_outside_close(*outside);
	*outside = NULL;
}

int64_t casebook_outside_size(const struct casebook_outside *outside)
{
	return outside->size;
}

instant casebook_outside_newest(const struct casebook_outside *outside)
{
	return outside->newest;
}

/* --- keeping --------------------------------------------------------------------------------- */

/* O1. False: *why says what is wrong, or memory. */
static bool opens(struct casebook_outside *outside, const struct casebook_given *given,
                  const struct hash *leaf, int64_t index, struct log_header *header,
                  struct hash *commitment, struct str *what)
{
	struct err why = { 0 };
	*what = STR_NONE;
	if (!given->header.p) {
		*what = STR("is withheld");
		return false;
	}
	*commitment = log_commitment(outside->hasher, &given->opener, given->header);
	struct hash made = log_leaf_hash(outside->hasher, commitment);
	struct hash plain = log_plain_hash(outside->hasher, &given->plain_salt, given->plain);
	if (!log_header_read(given->header, header, &why))
		*what = STR("has a header that cannot be read");
	else if (given->index != index || header->index != index)
		*what = STR("was given as another one");
	else if (!hash_eq(&made, leaf))
		*what = STR("has a header that is not what the log has there");
	else if (!hash_eq(&plain, &header->plain))
		*what = STR("has plain fields that its header does not name");
	return !what->p;
}

/* O3 */
static bool number_of(struct casebook_outside *outside, const struct log_header *header,
                      int64_t *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(outside->store, FILE_SQL, &found, err) ||
	    !store_prepare(outside->store, PUT_FILE_SQL, &put, err))
		return false;
	store_bind_str(found, 1, id_str(&header->file));
	enum store_step step = store_step(found, err);
	if (step == STORE_FAILED)
		return false;
	*out = step == STORE_ROW ? store_int(found, 0) : outside->files;
	if (step == STORE_ROW)
		return true;
	store_bind_str(put, 1, id_str(&header->file));
	store_bind_int(put, 2, outside->files++);
	return store_do(put, err);
}

static bool put_entry(struct casebook_outside *outside, const struct casebook_given *given,
                      const struct log_header *header, const struct hash *commitment,
                      struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	uint8_t opened[OPENED]; /* O2 */
	int64_t file;
	memcpy(opened, given->opener.bytes, HASH_SIZE);
	memcpy(opened + HASH_SIZE, given->plain_salt.bytes, HASH_SIZE);
	if (!number_of(outside, header, &file, err) ||
	    !store_prepare(outside->store, PUT_SQL, &put, err))
		return false;
	store_bind_int(put, 1, header->index);
	store_bind_int(put, 2, file);
	store_bind_str(put, 3, header->kind);
	store_bind_blob(put, 4, given->header);
	store_bind_blob(put, 5, str_from_bytes(opened, sizeof opened));
	store_bind_str(put, 6, given->plain);
	store_bind_blob(put, 7, hash_str(commitment));
	return store_do(put, err);
}

static bool put_all(struct casebook_outside *outside, const struct casebook_given *given,
                    const struct hash *leaves, size_t count, struct arena *arena, struct str *why,
                    struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		struct log_header header;
		struct hash commitment;
		struct str what;
		int64_t index = outside->size + (int64_t)i;
		if (!opens(outside, &given[i], &leaves[i], index, &header, &commitment, &what)) {
			*why = arena_format(arena, "Entry %" PRId64 " %.*s", index, STR_ARG(what));
			return why->p || no_room(err);
		}
		if (!put_entry(outside, &given[i], &header, &commitment, err))
			return false;
	}
	return true;
}

bool casebook_outside_add(struct casebook_outside *outside, const struct casebook_given *given,
                          const struct hash *leaves, size_t count, struct arena *arena,
                          struct str *why, struct err *err)
{
	struct err ignored = { 0 };
	*why = STR_NONE;
	if (!store_begin(outside->store, err))
		return false;
	bool done = put_all(outside, given, leaves, count, arena, why, err);
	if (done && !why->p)
		return store_commit(outside->store, err) && read_newest(outside, err);
	store_abort(outside->store);
	return read_newest(outside, done ? err : &ignored) && done;
}

/* The entry by which the n-th rules were adopted, and the hash it names. *entry -1: there is none.
 */
static bool adoption(struct casebook_outside *outside, int64_t n, struct arena *arena,
                     int64_t *entry, struct str *hash, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	const struct json *plain;
	*entry = -1;
	if (!store_prepare(outside->store, ADOPTED_SQL, &rows, err))
		return false;
	while (n-- > 0) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
	}
	if (!json_read(arena, arena_copy(arena, store_str(rows, 1)), PLAIN_DEPTH, &plain, err))
		return false;
	*entry = store_int(rows, 0);
	*hash = json_text(plain, STR("hash"));
	return true;
}

bool casebook_outside_wants_rules(struct casebook_outside *outside, int64_t *n, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)1 << 20);
	int64_t kept, entry;
	struct str hash = STR_NONE;
	*n = 0;
	if (!arena)
		return no_room(err);
	if (!store_get_int(outside->store, RULES_N_SQL, &kept, err) ||
	    !adoption(outside, kept + 1, arena, &entry, &hash, err))
		return false;
	if (entry >= 0)
		*n = kept + 1;
	return true;
}

bool casebook_outside_add_rules(struct casebook_outside *outside, int64_t n, struct str text,
                                struct arena *arena, struct str *why, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	struct hash hash = hash_of(text);
	struct str named = STR_NONE, hex = hash_hex(arena, &hash);
	int64_t entry;
	*why = STR_NONE;
	if (!hex.p)
		return no_room(err);
	if (!adoption(outside, n, arena, &entry, &named, err))
		return false;
	if (entry < 0 || !str_eq(named, hex)) {
		*why = arena_format(
			arena, "Rules %" PRId64 " are not those whose hash entry %" PRId64 " names",
			n, entry);
		return why->p || no_room(err);
	}
	if (!store_prepare(outside->store, PUT_RULES_SQL, &put, err))
		return false;
	store_bind_int(put, 1, n);
	store_bind_int(put, 2, entry);
	store_bind_blob(put, 3, hash_str(&hash));
	store_bind_blob(put, 4, text);
	return store_do(put, err);
}

/* --- what follows ---------------------------------------------------------------------------- */

static bool load_rules(struct casebook_outside *outside, struct casebook *packs, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!store_prepare(outside->store, TEXTS_SQL, &rows, err))
		return false;
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!book_pack_add(packs, store_blob(rows, 0), err))
			return err_context(err, "pack %d", packs->pack_count + 1);
	}
}

static bool fill_untold(struct casebook *packs, struct arena *arena, struct store_stmt *row,
                        struct casebook_untold *out, struct err *err)
{
	const struct pack *pack = book_pack(packs, store_int(row, 5));
	const struct pack_duty *rule = pack ? pack_duty_find(pack, store_str(row, 1)) : NULL;
	bool lost = false;
	*out = (struct casebook_untold){
		.duty = arena_format(arena, "D%" PRId64 ".%" PRId64,
		                     store_int(row, 0) / FOLD_ORDINAL_BASE,
		                     store_int(row, 0) % FOLD_ORDINAL_BASE),
		.rule = row_text(arena, row, 1, &lost),
		.title = rule ? arena_copy(arena, rule->title) : STR(""),
		.office = row_text(arena, row, 2, &lost),
		.due = store_int(row, 3),
		.at = store_int(row, 4),
	};
	return (!lost && out->duty.p && out->title.p) || no_room(err);
}

static bool list_untold(struct casebook_outside *outside, struct casebook *packs, instant before,
                        size_t limit, struct rows *found, int64_t *all, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL, *counted = NULL;
	bool failed = false;
	if (!store_prepare(outside->store, UNTOLD_SQL, &stmt, err) ||
	    !store_prepare(outside->store, UNTOLD_N_SQL, &counted, err))
		return false;
	store_bind_int(counted, 1, before);
	if (store_step(counted, err) != STORE_ROW)
		return false;
	*all = store_int(counted, 0);
	store_bind_int(stmt, 1, before);
	store_bind_int(stmt, 2, (int64_t)limit);
	for (struct casebook_untold *one; (one = rows_next(found, stmt, &failed, err));)
		if (!fill_untold(packs, found->arena, stmt, one, err))
			return false;
	return !failed;
}

/* Folds all into shadows and asks them. */
static bool reckon(struct casebook_outside *outside, struct casebook *packs, instant before,
                   size_t limit, struct rows *found, int64_t *all, struct err *err)
{
	struct refold_way way = { 0 };
	struct chart *chart = NULL;
	if (!store_begin(outside->store, err))
		return false;
	bool done = load_rules(outside, packs, err) &&
	            refold_entries(packs, outside->store, &way, &chart, err) &&
	            list_untold(outside, packs, before, limit, found, all, err);
	chart_give(chart);
	store_abort(outside->store); /* nothing is kept of it */
	return done;
}

bool casebook_outside_untold(struct casebook_outside *outside, instant grace, size_t limit,
                             struct arena *arena, const struct casebook_untold **out, size_t *count,
                             int64_t *all, struct err *err)
{
	struct rows found = { .arena = arena, .size = sizeof(struct casebook_untold) };
	struct casebook *packs;
	struct err ignored = { 0 };
	*out = NULL;
	*count = 0;
	*all = 0;
	if (outside->size == 0)
		return true;
	if (!(packs = calloc(1, sizeof *packs)))
		return no_room(err);
	bool done = store_shadow(outside->store, book_view_names, VIEWS_N, book_unused_indexes,
	                         VIEWS_UNUSED_N, err) &&
	            reckon(outside, packs, outside->newest - grace, limit, &found, all, err);
	if (!store_unshadow(outside->store, book_view_names, VIEWS_N, done ? err : &ignored))
		done = false;
	for (size_t i = 0; i < BOOK_PACKS_MAX; i++)
		shelf_give(packs->shelf, packs->packs[i]);
	free(packs);
	*out = found.at;
	*count = found.count;
	return done;
}
