/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Attachments: sealed piece by piece as they arrive, given back piece by
 * piece. Nothing is ever whole in memory, and nothing is decoded.
 */
#include "casebook/object.h"

#include <stdlib.h>

#include "casebook/book.h"

#define FREE_MIN (INT64_C(512) * 1024 * 1024) /* bytes that stay free on the disk */
#define BATCH_PIECES 16                       /* written as one transaction: some 1 MiB */
#define PIECE_MAX (VAULT_OBJECT_HEADER + VAULT_PIECE_PLAIN + VAULT_PIECE_EXTRA)
#define FIRST_MAX 512 /* bytes by which a type is told */
#define NAME_MAX_N 255
#define DRAFT_MAX_N 128

static const char OBJECT_PUT_SQL[] =
	"INSERT INTO object (id, draft, size, digest, made) VALUES (?1, ?2, 0, ?3, ?4)";
static const char OBJECT_END_SQL[] = "UPDATE object SET size = ?2, digest = ?3 WHERE id = ?1";
static const char PIECE_PUT_SQL[] = "INSERT INTO piece (object, n, bytes) VALUES (?1, ?2, ?3)";
static const char PIECES_DROP_SQL[] = "DELETE FROM piece WHERE object = ?1";
static const char OBJECT_DROP_SQL[] = "DELETE FROM object WHERE id = ?1 AND entry IS NULL";
/* All by the primary keys. */
static const char OBJECT_SQL[] = "SELECT size, digest FROM object WHERE id = ?1";
static const char PIECES_SQL[] = "SELECT bytes FROM piece WHERE object = ?1 ORDER BY n";

struct casebook_upload {
	struct casebook *book;
	struct vault_sealing *sealing;
	struct id id;
	struct str draft;
	char draft_text[DRAFT_MAX_N];
	struct buf pieces; /* sealed, not yet written */
	size_t piece_n[BATCH_PIECES];
	size_t piece_count;
	int64_t written; /* pieces in the store */
	bool has_row;
	bool is_ended;
	char first[FIRST_MAX];
	size_t first_n;
	struct vault_object object; /* once ended */
};

/* --- writing -------------------------------------------------------------------------------- */

static bool put_row(struct casebook_upload *upload, struct store *store, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, OBJECT_PUT_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, id_str(&upload->id));
	store_bind_str(stmt, 2, upload->draft);
	store_bind_blob(stmt, 3, STR(""));
	store_bind_int(stmt, 4, casebook_now(upload->book));
	return store_do(stmt, err);
}

static bool put_end(struct casebook_upload *upload, struct store *store, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, OBJECT_END_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, id_str(&upload->id));
	store_bind_int(stmt, 2, upload->object.sealed_bytes);
	store_bind_blob(stmt, 3, hash_str(&upload->object.sealed_sum));
	return store_do(stmt, err);
}

static bool put_pieces(struct casebook_upload *upload, struct store *store, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct str rest = buf_str(&upload->pieces);
	if (!store_prepare(store, PIECE_PUT_SQL, &stmt, err))
		return false;
	for (size_t i = 0; i < upload->piece_count; i++) {
		store_bind_str(stmt, 1, id_str(&upload->id));
		store_bind_int(stmt, 2, upload->written + (int64_t)i);
		store_bind_blob(stmt, 3, str_sub(rest, 0, upload->piece_n[i]));
		if (!store_do(stmt, err))
			return false;
		store_reset(stmt);
		rest = str_sub(rest, upload->piece_n[i], rest.n);
	}
	return true;
}

/* book_work: what is at hand, and the row of the object with the first of it. */
static bool write_batch(struct casebook *book, void *ctx, struct err *err)
{
	struct casebook_upload *upload = ctx;
	return (upload->has_row || put_row(upload, book->store, err)) &&
	       put_pieces(upload, book->store, err) &&
	       (!upload->is_ended || put_end(upload, book->store, err));
}

static bool flush(struct casebook_upload *upload, struct err *err)
{
	if (!book_write(upload->book, write_batch, upload, err))
		return false;
	upload->has_row = true;
	upload->written += (int64_t)upload->piece_count;
	upload->piece_count = 0;
	buf_clear(&upload->pieces);
	return true;
}

static bool drop(struct store *store, const char *sql, struct str id, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, sql, &stmt, err))
		return false;
	store_bind_str(stmt, 1, id);
	return store_do(stmt, err);
}

/* book_work */
static bool write_drop(struct casebook *book, void *ctx, struct err *err)
{
	const struct casebook_upload *upload = ctx;
	return drop(book->store, PIECES_DROP_SQL, id_str(&upload->id), err) &&
	       drop(book->store, OBJECT_DROP_SQL, id_str(&upload->id), err);
}

/* vault_piece_sink */
static bool take_piece(void *ctx, int64_t number, struct str piece, struct err *err)
{
	struct casebook_upload *upload = ctx;
	(void)number;
	if (upload->piece_count == BATCH_PIECES && !flush(upload, err))
		return false;
	buf_add(&upload->pieces, piece);
	upload->piece_n[upload->piece_count++] = piece.n;
	return !upload->pieces.full ||
	       err_set(err, ERR_UNABLE, "There is no memory to take an attachment");
}

/* --- an upload ------------------------------------------------------------------------------ */

/* Frees; the rows stay. */
static void finish(struct casebook_upload **upload)
{
	struct casebook_upload *old = *upload;
	*upload = NULL;
	if (!old)
		return;
	vault_sealing_destroy(old->sealing);
	buf_finish(&old->pieces);
	vault_wipe(old, sizeof *old);
	free(old);
}

bool casebook_upload_begin(struct casebook *book, struct str draft, struct casebook_upload **out,
                           struct err *err)
{
	int64_t limit = casebook_limit(book, STR("limits.attachment"));
	long long free_bytes = file_free_bytes(book->dir);
	uint8_t bytes[16];
	*out = NULL;
	if (free_bytes >= 0 && free_bytes < FREE_MIN)
		return err_set(err, ERR_UNABLE,
		               "The disk is nearly full; no attachment can be taken now");
	if (draft.n == 0 || draft.n > DRAFT_MAX_N)
		return err_set(err, ERR_FAULT, "a draft's id of %zu bytes", draft.n);
	struct casebook_upload *upload = calloc(1, sizeof *upload);
	if (!upload)
		return err_set(err, ERR_UNABLE, "There is no memory to take an attachment");
	upload->book = book;
	memcpy(upload->draft_text, draft.p, draft.n);
	upload->draft = (struct str){ upload->draft_text, draft.n };
	vault_random(book->vault, bytes, sizeof bytes);
	upload->id = id_from_bytes(bytes);
	buf_init(&upload->pieces, BATCH_PIECES * PIECE_MAX);
	if (!vault_sealing_begin(book->vault, limit, take_piece, upload, &upload->sealing, err)) {
		finish(&upload);
		return false;
	}
	*out = upload;
	return true;
}

bool casebook_upload_add(struct casebook_upload *upload, struct str bytes, struct err *err)
{
	struct str first = str_sub(bytes, 0, FIRST_MAX - upload->first_n);
	if (first.n)
		memcpy(upload->first + upload->first_n, first.p, first.n);
	upload->first_n += first.n;
	return vault_sealing_push(upload->sealing, bytes, err);
}

static const struct json *describe(const struct casebook_upload *upload, struct arena *arena,
                                   struct str name, struct str type)
{
	struct json *value = json_object(arena);
	char key[2 * VAULT_KEY_SIZE];
	hex_write(key, upload->object.key, VAULT_KEY_SIZE);
	json_put_text(arena, value, STR("object"), arena_copy(arena, id_str(&upload->id)));
	json_put_text(arena, value, STR("key"), arena_copy(arena, (struct str){ key, sizeof key }));
	json_put_text(arena, value, STR("sha256"), hash_hex(arena, &upload->object.plain_sum));
	json_put_integer(arena, value, STR("size"), upload->object.plain_bytes);
	json_put_text(arena, value, STR("name"), arena_copy(arena, name));
	json_put_text(arena, value, STR("type"), type);
	vault_wipe(key, sizeof key);
	return json_complete(value) ? value : NULL;
}

/* A name of at most 255 bytes, cut between two code points. */
static struct str short_name(struct str name)
{
	struct str cut = str_sub(name.n ? name : STR("file"), 0, NAME_MAX_N);
	while (cut.n > 0 && cut.n < name.n && ((unsigned char)name.p[cut.n] & 0xC0) == 0x80)
		cut.n--;
	return cut;
}

static bool end(struct casebook_upload *upload, struct arena *arena, struct str name,
                const struct json **value, struct err *err)
{
	struct str type = casebook_object_type((struct str){ upload->first, upload->first_n });
	if (upload->first_n == 0)
		return err_set(err, ERR_INPUT, "\"%.*s\" is empty", STR_ARG(name));
	if (!type.p)
		return err_set(err, ERR_INPUT,
		               "\"%.*s\" is a type we cannot open. Send it as PDF or a photo",
		               STR_ARG(name));
	if (!vault_sealing_finish(upload->sealing, &upload->object, err))
		return false;
	upload->is_ended = true;
	if (!flush(upload, err))
		return false;
	*value = describe(upload, arena, name, type);
	return *value || err_set(err, ERR_UNABLE, "There is no memory to take an attachment");
}

bool casebook_upload_end(struct casebook_upload **upload, struct arena *arena, struct str name,
                         const struct json **value, struct err *err)
{
	*value = NULL;
	if (!end(*upload, arena, short_name(name), value, err)) {
		casebook_upload_drop(upload);
		return false;
	}
	finish(upload);
	return true;
}

void casebook_upload_drop(struct casebook_upload **upload)
{
	struct err ignored = { 0 };
	/* Should it fail, the clock removes what no draft names. */
	if (*upload && (*upload)->has_row &&
	    !book_write((*upload)->book, write_drop, *upload, &ignored))
		journal_write(JOURNAL_WARNING,
		              "pieces of an object that was given up are still there");
	finish(upload);
}

/* --- reading -------------------------------------------------------------------------------- */

static bool lost(struct err *err)
{
	return err_set(err, ERR_INPUT,
	               "This attachment does not open: it was altered or is not whole");
}

/* What the sealed field says, with what the store says of the sealed side. */
static bool read_value(struct casebook_reader *reader, const struct json *value, struct str id,
                       struct vault_object *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*out = (struct vault_object){ .plain_bytes = json_number(value, STR("size"), -1) };
	if (!id_is(id) || out->plain_bytes < 1 ||
	    !hex_read(json_text(value, STR("key")), out->key, VAULT_KEY_SIZE) ||
	    !hash_read_hex(json_text(value, STR("sha256")), &out->plain_sum))
		return lost(err);
	if (!store_prepare(reader->store, OBJECT_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, id);
	enum store_step step = store_step(stmt, err);
	if (step == STORE_FAILED)
		return false;
	struct str digest = step == STORE_ROW ? store_blob(stmt, 1) : STR_NONE;
	if (digest.n != HASH_SIZE)
		return lost(err);
	memcpy(out->sealed_sum.bytes, digest.p, HASH_SIZE);
	out->sealed_bytes = store_int(stmt, 0);
	out->pieces = (out->plain_bytes + VAULT_PIECE_PLAIN - 1) / VAULT_PIECE_PLAIN;
	return true;
}

static bool give_pieces(struct casebook_reader *reader, struct str id,
                        struct vault_opening *opening, casebook_object_sink *sink, void *ctx,
                        struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(reader->store, PIECES_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, id);
	for (;;) {
		struct str plain;
		enum store_step step = store_step(stmt, err);
		if (step != STORE_ROW)
			return step == STORE_DONE && vault_opening_finish(opening, err);
		if (!vault_opening_piece(opening, store_blob(stmt, 0), &plain, err) ||
		    !sink(ctx, plain, err))
			return false;
	}
}

bool casebook_object_read(struct casebook_reader *reader, const struct json *value,
                          casebook_object_sink *sink, void *ctx, struct err *err)
{
	CLEANUP(vault_opening_cleanup) struct vault_opening *opening = NULL;
	struct vault_object object;
	struct str id = json_text(value, STR("object"));
	bool done = read_value(reader, value, id, &object, err) &&
	            vault_opening_begin(&object, &opening, err);
	vault_wipe(&object, sizeof object);
	return done && give_pieces(reader, id, opening, sink, ctx, err);
}
