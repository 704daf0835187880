/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Attachments: each row named by the entry that holds its key, each piece there and opening. */
#include "casebook/verify.h"

static const char OBJECT_SQL[] =
	"SELECT entry, draft, size, digest, made FROM object WHERE id = ?1";
static const char PIECES_SQL[] = "SELECT n, bytes FROM piece WHERE object = ?1 ORDER BY n";
static const char COUNT_SQL[] = "SELECT COUNT(*) FROM object WHERE entry IS NOT NULL";
/* Objects of files whose key is gone: nothing can name them any more. */
static const char LOST_SQL[] =
	"SELECT COUNT(*) FROM object AS o JOIN entry AS e ON e.idx = o.entry JOIN file AS f ON f.n = e.file"
	" WHERE f.destroyed IS NOT NULL";
static const char DRAFTS_SQL[] =
	"SELECT o.id, o.size, o.digest, EXISTS (SELECT 1 FROM short_draft AS d WHERE d.id = o.draft)"
	" FROM object AS o WHERE o.entry IS NULL ORDER BY o.id";
static const char STRAYS_SQL[] =
	"SELECT p.object FROM piece AS p WHERE NOT EXISTS (SELECT 1 FROM object AS o WHERE o.id = p.object)"
	" LIMIT 1";

static bool differs(struct verify *verify, const char *where, const struct verify_entry *entry,
                    struct str id, const char *what)
{
	return verify_differs(verify, where, entry ? entry->index : -1, "The object %.*s %s",
	                      STR_ARG(str_sub(id, 0, 40)), what);
}

static bool read_value(const struct json *value, struct vault_object *out)
{
	*out = (struct vault_object){ .plain_bytes = json_number(value, STR("size"), -1) };
	out->pieces = (out->plain_bytes + VAULT_PIECE_PLAIN - 1) / VAULT_PIECE_PLAIN;
	return out->plain_bytes > 0 &&
	       hex_read(json_text(value, STR("key")), out->key, VAULT_KEY_SIZE) &&
	       hash_read_hex(json_text(value, STR("sha256")), &out->plain_sum);
}

/* The row against the entry; what it says of the pieces goes into *object. */
static bool check_row(struct verify *verify, const struct verify_entry *entry, struct str id,
                      struct vault_object *object, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	if (!store_prepare(verify->store, OBJECT_SQL, &row, err))
		return false;
	store_bind_str(row, 1, id);
	enum store_step step = store_step(row, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return differs(verify, "object.id", entry, id, "is gone");
	if (store_is_null(row, 0) || store_int(row, 0) != entry->index)
		return differs(verify, "object.entry", entry, id,
		               "belongs to this entry, and its row names another");
	if (!store_is_null(row, 1))
		return differs(verify, "object.draft", entry, id,
		               "belongs to an entry, and its row names a draft");
	if (store_int(row, 4) != entry->header.recorded)
		return differs(verify, "object.made", entry, id,
		               "is as old as its entry, and its row says otherwise");
	struct str digest = store_blob(row, 3);
	if (digest.n != HASH_SIZE)
		return differs(verify, "object.digest", entry, id, "has no sum");
	memcpy(object->sealed_sum.bytes, digest.p, HASH_SIZE);
	object->sealed_bytes = store_int(row, 2);
	return true;
}

struct pieces {
	int64_t count;
	int64_t bytes;
	struct hash sum;
};

/* All pieces in their order, each given to `opening` where there is one. */
static bool walk_pieces(struct verify *verify, const struct verify_entry *entry, struct str id,
                        struct vault_opening *opening, struct pieces *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	*out = (struct pieces){ 0 };
	if (!store_prepare(verify->store, PIECES_SQL, &rows, err))
		return false;
	store_bind_str(rows, 1, id);
	hasher_start(hasher);
	for (;;) {
		struct str plain;
		struct err why = { 0 };
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		if (store_int(rows, 0) != out->count)
			return differs(verify, "piece.n", entry, id,
			               "has a piece out of its order");
		struct str bytes = store_blob(rows, 1);
		hasher_add(hasher, bytes);
		out->bytes += (int64_t)bytes.n;
		out->count++;
		if (opening && !vault_opening_piece(opening, bytes, &plain, &why))
			return differs(verify, "piece.bytes", entry, id,
			               "has a piece that does not open");
	}
	out->sum = hasher_end(hasher);
	return true;
}

static bool open_pieces(struct verify *verify, const struct verify_entry *entry, struct str id,
                        const struct vault_object *object, struct err *err)
{
	CLEANUP(vault_opening_cleanup) struct vault_opening *opening = NULL;
	struct pieces pieces;
	struct err why = { 0 };
	if (!vault_opening_begin(object, &opening, err) ||
	    !walk_pieces(verify, entry, id, opening, &pieces, err))
		return false;
	if (pieces.count != object->pieces)
		return differs(verify, "piece.n", entry, id, "has lost pieces, or gained some");
	if (pieces.bytes != object->sealed_bytes)
		return differs(verify, "object.size", entry, id,
		               "is of another length than its row says");
	if (!hash_eq(&pieces.sum, &object->sealed_sum))
		return differs(verify, "object.digest", entry, id,
		               "has another sum than its row says");
	if (!vault_opening_finish(opening, &why))
		return differs(verify, "piece.bytes", entry, id, "is not what the entry says");
	verify->objects++;
	verify->pieces += pieces.count;
	return true;
}

bool verify_object(struct verify *verify, const struct verify_entry *entry,
                   const struct json *value, struct err *err)
{
	struct vault_object object;
	struct str id = json_text(value, STR("object"));
	if (!read_value(value, &object))
		return differs(verify, "entry.sealed", entry, id, "is not named as an object is");
	bool done = check_row(verify, entry, id, &object, err) &&
	            open_pieces(verify, entry, id, &object, err);
	vault_wipe(&object, sizeof object);
	return done;
}

/* --- what no entry names -------------------------------------------------------------------- */

static bool check_draft(struct verify *verify, struct store_stmt *rows, struct err *err)
{
	struct pieces pieces;
	struct str id = store_str(rows, 0), digest = store_blob(rows, 2);
	if (!store_int(rows, 3))
		return differs(verify, "object.draft", NULL, id,
		               "is named by no entry and by no draft");
	if (!walk_pieces(verify, NULL, id, NULL, &pieces, err))
		return false;
	if (store_int(rows, 1) == 0 && digest.n == 0)
		return true; /* it still arrives */
	if (pieces.bytes != store_int(rows, 1))
		return differs(verify, "object.size", NULL, id,
		               "is of another length than its row says");
	return str_eq(hash_str(&pieces.sum), digest) ||
	       differs(verify, "object.digest", NULL, id, "has another sum than its row says");
}

static bool check_drafts(struct verify *verify, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!store_prepare(verify->store, DRAFTS_SQL, &rows, err))
		return false;
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!check_draft(verify, rows, err))
			return false;
	}
}

static bool check_strays(struct verify *verify, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	if (!store_prepare(verify->store, STRAYS_SQL, &row, err))
		return false;
	enum store_step step = store_step(row, err);
	if (step == STORE_ROW)
		return differs(verify, "piece.object", NULL, store_str(row, 0),
		               "has pieces and no row");
	return step == STORE_DONE;
}

bool verify_objects_rest(struct verify *verify, struct err *err)
{
	int64_t there = 0, lost = 0;
	if (!store_get_int(verify->store, COUNT_SQL, &there, err) ||
	    !store_get_int(verify->store, LOST_SQL, &lost, err))
		return false;
	if (there != verify->objects + lost)
		return verify_differs(verify, "object.entry", -1,
		                      "Entries name %" PRId64 " objects, and rows of %" PRId64
		                      " say so",
		                      verify->objects + lost, there);
	return check_drafts(verify, err) && check_strays(verify, err);
}
