/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/packs.h"

#include "casebook/credential.h"
#include "casebook/settings.h"
#include "casebook/shelf.h"

#define PACK_TEXT_MAX ((size_t)17 << 20)
#define PARSED_MAX ((size_t)16 << 20)
#define TAG_PURPOSE STR("parsed-pack")

/* The row's own hash stands beside the text: `verify` covers both. */
static const char KEPT_SQL[] = "SELECT p.hash, s.parsed, s.tag FROM pack p"
			       " LEFT JOIN short_pack s ON s.n = p.n WHERE p.n = ?1";
/* The third: whether nothing was founded yet, so that no entry can name the pack. */
static const char TEXT_SQL[] =
	"SELECT p.text, e.plain, NOT EXISTS (SELECT 1 FROM entry)"
	" FROM pack AS p LEFT JOIN entry AS e ON e.idx = p.entry WHERE p.n = ?1";
static const char COUNT_SQL[] = "SELECT COUNT(*) FROM pack";
static const char PUT_SQL[] = "INSERT INTO short_pack (n, parsed, tag) VALUES (?1, ?2, ?3)"
			      " ON CONFLICT (n) DO UPDATE SET parsed = ?2, tag = ?3";

const struct pack *book_pack(const struct casebook *book, int64_t n)
{
	return n >= 1 && n < BOOK_PACKS_MAX ? book->packs[n] : NULL;
}

const struct pack *casebook_pack(const struct casebook *book)
{
	return book_pack(book, book->pack_count);
}

struct hash packs_sum(const struct casebook *book, int64_t n)
{
	struct hash sum = { 0 };
	for (int64_t i = 1; i <= n; i++) {
		uint8_t both[2 * HASH_SIZE];
		const struct pack *pack = book_pack(book, i);
		memcpy(both, sum.bytes, HASH_SIZE);
		memset(both + HASH_SIZE, 0, HASH_SIZE);
		if (pack)
			memcpy(both + HASH_SIZE, pack->sum.bytes, HASH_SIZE);
		sum = hash_of(str_from_bytes(both, sizeof both));
	}
	return sum;
}

bool book_pack_load(struct str text, struct pack **out, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(64 * PACK_TEXT_MAX);
	const struct pack_bytes *bytes = NULL;
	struct pack_errors errors = { 0 };
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory for a pack");
	if (!pack_bytes_read(arena, text, &bytes, err))
		return false;
	if (pack_load(bytes, out, arena, &errors, err))
		return true;
	if (errors.count)
		err_set(err, ERR_INPUT, "%.*s", STR_ARG(errors.lines[0]));
	return false;
}

static bool has_room(const struct casebook *book, struct err *err)
{
	return book->pack_count + 1 < BOOK_PACKS_MAX ||
	       err_set(err, ERR_UNABLE, "This register has adopted more packs than it can hold");
}

bool book_pack_add(struct casebook *book, struct str text, struct err *err)
{
	int n = book->pack_count + 1;
	if (!has_room(book, err))
		return false;
	shelf_give(book->shelf, book->packs[n]);
	book->packs[n] = NULL;
	if (!shelf_load(book->shelf, text, &book->packs[n], err))
		return false;
	book->pack_count = n;
	return true;
}

/* --- what was parsed before ------------------------------------------------------------------ */

static struct row_fields fields_of(int64_t n, struct str hash, struct str parsed)
{
	return (struct row_fields){ .texts = { hash, parsed }, .numbers = { n } };
}

/* The next pack from the row kept beside it; false: there is none that is this register's own. */
static bool add_kept(struct casebook *book)
{
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(PARSED_MAX);
	const struct pack_bytes *bytes;
	struct pack_errors errors;
	struct err ignored = { 0 };
	int n = book->pack_count + 1;
	bool holds = false;
	if (!arena || !store_prepare(book->store, KEPT_SQL, &row, &ignored))
		return false;
	store_bind_int(row, 1, n);
	if (store_step(row, &ignored) != STORE_ROW || store_is_null(row, 1))
		return false;
	struct str parsed = store_blob(row, 1);
	struct row_fields fields = fields_of(n, store_blob(row, 0), parsed);
	if (!row_holds(book, TAG_PURPOSE, &fields, store_blob(row, 2), &holds, &ignored) ||
	    !holds || !pack_parsed_read(arena, parsed, &bytes) ||
	    !pack_load(bytes, &book->packs[n], arena, &errors, &ignored))
		return false;
	book->pack_count = n;
	return true;
}

/* Whether a text is the one that its entry names: a row of a pack is anybody's who can write the
 * database, and who may read what follows from its text. */
static bool is_adopted(const struct casebook *book, struct str text, struct str plain,
                       struct err *err)
{
	struct hash hash = hash_of(text);
	char named[2 * HASH_SIZE + sizeof "\"hash\":\"\""], hex[2 * HASH_SIZE];
	hex_write(hex, hash.bytes, HASH_SIZE);
	int n = snprintf(named, sizeof named, "\"hash\":\"%.*s\"", (int)sizeof hex, hex);
	return str_find_str(plain, (struct str){ named, (size_t)n }) < plain.n ||
	       err_set(err, ERR_UNABLE,
	               "Pack %d is not the one that was adopted: somebody changed the database by"
	               " hand. Keep a copy of %s, see what was changed with candour verify %s, and"
	               " restore from a backup",
	               book->pack_count + 1, book->dir, book->dir);
}

static bool add_text(struct casebook *book, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	if (!store_prepare(book->store, TEXT_SQL, &row, err))
		return false;
	store_bind_int(row, 1, book->pack_count + 1);
	enum store_step step = store_step(row, err);
	if (step == STORE_DONE)
		return err_set(
			err, ERR_INPUT,
			"Pack %d of this register is gone; keep it as it is, and restore from"
			" a backup",
			book->pack_count + 1);
	return step == STORE_ROW &&
	       (store_int(row, 2) ||
	        is_adopted(book, store_blob(row, 0), store_str(row, 1), err)) &&
	       book_pack_add(book, store_blob(row, 0), err);
}

bool packs_read(struct casebook *book, struct err *err)
{
	int64_t count;
	if (!store_get_int(book->store, COUNT_SQL, &count, err))
		return false;
	while (book->pack_count < count) {
		if (!has_room(book, err))
			return false;
		if (!book->shelf && add_kept(book))
			continue;
		if (!add_text(book, err))
			return false;
		book->has_unkept_packs = !book->shelf;
	}
	return true;
}

/* --- keeping --------------------------------------------------------------------------------- */

static bool put(struct casebook *book, int64_t n, struct str text, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(64 * PACK_TEXT_MAX);
	CLEANUP(arena_cleanup) struct arena *scratch = arena_create(64 * PACK_TEXT_MAX);
	CLEANUP(buf_finish) struct buf parsed = { 0 };
	const struct pack_bytes *bytes;
	struct hash hash = hash_of(text), tag;
	buf_init(&parsed, PARSED_MAX / 2);
	if (!arena || !scratch)
		return err_set(err, ERR_UNABLE, "There is no memory for a pack");
	if (!pack_bytes_read(arena, text, &bytes, err))
		return false;
	if (!pack_parsed_write(&parsed, bytes, scratch))
		return true; /* too large to be worth it */
	struct row_fields fields = fields_of(n, hash_str(&hash), buf_str(&parsed));
	if (!row_tag(book, TAG_PURPOSE, &fields, &tag, err) ||
	    !store_prepare(book->store, PUT_SQL, &put, err))
		return false;
	store_bind_int(put, 1, n);
	store_bind_blob(put, 2, buf_str(&parsed));
	store_bind_blob(put, 3, hash_str(&tag));
	return store_do(put, err);
}

static bool put_all(struct casebook *book, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	if (!store_prepare(book->store, TEXT_SQL, &row, err))
		return false;
	for (int n = 1; n <= book->pack_count; n++) {
		store_reset(row);
		store_bind_int(row, 1, n);
		if (store_step(row, err) != STORE_ROW || !put(book, n, store_blob(row, 0), err))
			return false;
	}
	return true;
}

void packs_keep(struct casebook *book)
{
	struct err err = { 0 };
	if (!book->is_writer || !book->has_unkept_packs || !book_begin(book, &err))
		return;
	if (!put_all(book, &err) || !store_commit(book->store, &err)) {
		store_abort(book->store);
		journal_write(JOURNAL_WARNING, "what the pack says could not be kept: %s",
		              err.message);
	}
}
