/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a keeper makes of each record of a parcel. */
#include "log/keeper_parts.h"

#define FILE_DESTROYED STR("file.destroyed")
#define PIECE_MAX ((size_t)128 << 10)
#define SEALED_MAX ((size_t)2 << 20)
#define SETS_PAST INT64_C(-1)

static const char ENTRY_SQL[] = "INSERT INTO entry (idx, size, file, header, opener, sealed, dark)"
				" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char FILE_SQL[] = "SELECT id FROM file WHERE n = ?1";
static const char NEW_FILE_SQL[] = "INSERT INTO file (n, id, first) VALUES (?1, ?2, ?3)";
static const char MARK_SQL[] = "INSERT INTO mark (file, sort, entry) VALUES (?1, ?2, ?3)";
static const char SIGNED_SQL[] = "INSERT INTO signed (size, root, sig, keyid)"
				 " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (size) DO NOTHING";
static const char ROOT_SQL[] = "SELECT root FROM signed WHERE size = ?1";
static const char NEWEST_SQL[] = "SELECT COALESCE(MAX(size), 0) FROM published";
static const char PUBLISHED_SQL[] = "INSERT INTO published (size, note) VALUES (?1, ?2)"
				    " ON CONFLICT (size) DO UPDATE SET note = ?2";
static const char HAS_OBJECT_SQL[] = "SELECT 1 FROM object WHERE id = ?1";
static const char PIECE_SQL[] = "INSERT INTO piece (object, n, bytes) VALUES (?1, ?2, ?3)"
				" ON CONFLICT (object, n) DO UPDATE SET bytes = ?3";
static const char PIECES_SQL[] = "SELECT n, bytes FROM piece WHERE object = ?1 ORDER BY n";
static const char OBJECT_SQL[] =
	"INSERT INTO object (id, entry, size, digest) VALUES (?1, ?2, ?3, ?4)";
static const char DARK_SQL[] = "INSERT INTO dark (part, n, entry, bytes) VALUES (?1, ?2, ?3, ?4)"
			       " ON CONFLICT (part, n) DO NOTHING";
static const char DARK_NONE_SQL[] = "DELETE FROM dark WHERE part = ?1 AND entry < 0";

static bool malformed(struct keeper_taking *taking)
{
	return keeper_say(taking, 400, "The parcel is malformed");
}

/* Numbers of a record's first fields. */
static bool numbers(const struct log_parcel_record *record, int64_t *out, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!log_parcel_number(record->at[i], &out[i]))
			return false;
	}
	return true;
}

/* --- keys ----------------------------------------------------------------------------------- */

/* What the keys' room finds wrong is an alarm; what fails is none. */
static bool as_alarm(struct keeper_taking *taking, const struct err *why, struct err *err)
{
	if (why->code == ERR_INPUT)
		return keeper_sound(taking, LOG_KEEPER_KEYS, "%s", why->message);
	*err = *why;
	return false;
}

static bool take_slot(struct keeper_taking *taking, const struct log_parcel_record *record,
                      struct err *err)
{
	struct err why = { 0 };
	int64_t n;
	if (!numbers(record, &n, 1) || !record->at[1].p)
		return malformed(taking);
	return vault_copied_put(taking->keeper->slots, n, record->at[1], &why) ||
	       as_alarm(taking, &why, err);
}

static bool take_kept(struct keeper_taking *taking, const struct log_parcel_record *record,
                      struct err *err)
{
	struct err why = { 0 };
	return vault_copied_keep(taking->keeper->slots, record->at[0], record->at[1], record->at[2],
	                         &why) ||
	       as_alarm(taking, &why, err);
}

/* --- entries -------------------------------------------------------------------------------- */

struct given {
	int64_t index;
	int64_t size;
	int64_t file;
	struct str text;
	struct str opener;
	struct str sealed;
	struct str dark;
	struct log_header header;
};

static bool mark(struct keeper_taking *taking, const struct given *given, struct str sort,
                 struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(taking->keeper->store, MARK_SQL, &put, err))
		return false;
	store_bind_int(put, 1, given->file);
	store_bind_str(put, 2, sort);
	store_bind_int(put, 3, given->index);
	return store_do(put, err);
}

/* A numbered file has one id, whose key lies in the slot of its number. */
static bool check_file(struct keeper_taking *taking, const struct given *given, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	struct store *store = taking->keeper->store;
	struct str id = id_str(&given->header.file);
	if (!store_prepare(store, FILE_SQL, &found, err))
		return false;
	store_bind_int(found, 1, given->file);
	enum store_step step = store_step(found, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_ROW)
		return str_eq(store_str(found, 0), id) ||
		       keeper_sound(taking, LOG_KEEPER_ALTERED,
		                    "entry %" PRId64 " is of another file than file %" PRId64,
		                    given->index, given->file);
	if (!store_prepare(store, NEW_FILE_SQL, &put, err))
		return false;
	store_bind_int(put, 1, given->file);
	store_bind_str(put, 2, id);
	store_bind_int(put, 3, given->index);
	return store_do(put, err);
}

static bool check_box(struct keeper_taking *taking, const struct given *given, struct err *err)
{
	if (!given->header.is_sealed)
		return !given->sealed.p ||
		       keeper_sound(taking, LOG_KEEPER_ALTERED,
		                    "entry %" PRId64
		                    " has sealed words that its header does not know",
		                    given->index);
	if (!given->sealed.p) /* its file's key may have been destroyed: known at the end */
		return mark(taking, given, STR("no-box"), err);
	struct hash box = log_box_hash(taking->keeper->hasher, given->sealed);
	return hash_eq(&box, &given->header.box) ||
	       keeper_sound(taking, LOG_KEEPER_ALTERED,
	                    "the sealed words of entry %" PRId64 " are not those of its header",
	                    given->index);
}

static bool put_entry(struct keeper_taking *taking, const struct given *given, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(taking->keeper->store, ENTRY_SQL, &put, err))
		return false;
	store_bind_int(put, 1, given->index);
	store_bind_int(put, 2, given->size);
	store_bind_int(put, 3, given->file);
	store_bind_blob(put, 4, given->text);
	store_bind_blob(put, 5, given->opener);
	store_bind_blob(put, 6, given->sealed);
	store_bind_blob(put, 7, given->dark);
	return store_do(put, err);
}

static bool read_given(const struct log_parcel_record *record, struct given *out)
{
	int64_t n[3];
	if (!numbers(record, n, COUNT_OF(n)))
		return false;
	*out = (struct given){ .index = n[0],
		               .size = n[1],
		               .file = n[2],
		               .text = record->at[3],
		               .opener = record->at[4],
		               .sealed = record->at[5],
		               .dark = record->at[6] };
	return out->text.p && out->text.n <= LOG_HEADER_MAX && out->opener.p &&
	       out->opener.n == HASH_SIZE && out->dark.p && out->sealed.n <= SEALED_MAX &&
	       out->size > out->index;
}

static bool take_entry(struct keeper_taking *taking, const struct log_parcel_record *record,
                       struct err *err)
{
	struct log_keeper *keeper = taking->keeper;
	struct given given;
	struct err why = { 0 };
	struct hash opener;
	int64_t here = (int64_t)taking->now.size;
	if (!read_given(record, &given))
		return malformed(taking);
	if (given.index < here)
		return keeper_say(taking, 409, "again");
	if (given.index > here)
		return keeper_sound(taking, LOG_KEEPER_WITHHELD, "entry %" PRId64 " did not come",
		                    here);
	if (!log_header_read(given.text, &given.header, &why) || given.header.index != given.index)
		return keeper_sound(taking, LOG_KEEPER_ALTERED,
		                    "the header of entry %" PRId64 " is none", given.index);
	if (!check_file(taking, &given, err) || !check_box(taking, &given, err) ||
	    !put_entry(taking, &given, err))
		return false;
	if (str_eq(given.header.kind, FILE_DESTROYED) &&
	    !mark(taking, &given, STR("destroyed"), err))
		return false;
	memcpy(opener.bytes, given.opener.p, HASH_SIZE);
	struct hash commitment = log_commitment(keeper->hasher, &opener, given.text);
	struct hash leaf = log_leaf_hash(keeper->hasher, &commitment);
	log_frontier_append(keeper->hasher, &taking->now, &leaf);
	return true;
}

/* --- checkpoints ---------------------------------------------------------------------------- */

static bool put_signed(struct keeper_taking *taking, const struct log_parcel_record *record,
                       int64_t size, int64_t key_id, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(taking->keeper->store, SIGNED_SQL, &put, err))
		return false;
	store_bind_int(put, 1, size);
	store_bind_blob(put, 2, record->at[1]);
	store_bind_blob(put, 3, record->at[2]);
	store_bind_int(put, 4, key_id);
	return store_do(put, err);
}

/* Each tree that was ever signed is what its entries make: so it is known where they stop doing so.
 */
static bool take_signed(struct keeper_taking *taking, const struct log_parcel_record *record,
                        struct err *err)
{
	int64_t size, key_id, here = (int64_t)taking->now.size;
	if (!numbers(record, &size, 1) || !log_parcel_number(record->at[3], &key_id) ||
	    record->at[1].n != HASH_SIZE)
		return malformed(taking);
	if (size < here)
		return keeper_say(taking, 409, "again");
	if (size > here)
		return keeper_sound(taking, LOG_KEEPER_WITHHELD, "entry %" PRId64 " did not come",
		                    here);
	struct hash root = log_frontier_root(taking->keeper->hasher, &taking->now);
	if (str_eq(record->at[1], hash_str(&root)))
		return put_signed(taking, record, size, key_id, err);
	taking->is_past_proved = true;
	return keeper_sound(taking, LOG_KEEPER_ALTERED,
	                    "of the entries before %" PRId64
	                    " one is not as it was signed, or the checkpoint there is not",
	                    size);
}

static bool read_root(struct keeper_taking *taking, int64_t size, struct hash *out, bool *found,
                      struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	if (!store_prepare(taking->keeper->store, ROOT_SQL, &row, err))
		return false;
	store_bind_int(row, 1, size);
	enum store_step step = store_step(row, err);
	*found = step == STORE_ROW && store_blob(row, 0).n == HASH_SIZE;
	if (*found)
		memcpy(out->bytes, store_blob(row, 0).p, HASH_SIZE);
	return step != STORE_FAILED;
}

/* Older ones are as they were; the newest may be cosigned by others yet. */
static bool take_published(struct keeper_taking *taking, const struct log_parcel_record *record,
                           struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	struct log_checkpoint checkpoint;
	struct err why = { 0 };
	struct str note = record->at[1];
	struct hash root;
	int64_t size, newest;
	bool found;
	if (!numbers(record, &size, 1) || !note.p || note.n > KEEPER_NOTE_MAX || !str_is_utf8(note))
		return malformed(taking);
	struct str text = str_sub(note, 0, str_find_str(note, STR("\n\n")) + 1);
	if (!log_checkpoint_read(text, &checkpoint, &why) || checkpoint.size != size)
		return malformed(taking);
	if (!store_get_int(taking->keeper->store, NEWEST_SQL, &newest, err) ||
	    !read_root(taking, size, &root, &found, err))
		return false;
	if (size < newest)
		return true;
	if (!found || !hash_eq(&root, &checkpoint.root))
		return keeper_sound(taking, LOG_KEEPER_ALTERED,
		                    "what was published at size %" PRId64
		                    " is not what was signed there",
		                    size);
	if (!store_prepare(taking->keeper->store, PUBLISHED_SQL, &put, err))
		return false;
	store_bind_int(put, 1, size);
	store_bind_str(put, 2, note);
	return store_do(put, err);
}

/* --- files ---------------------------------------------------------------------------------- */

static bool is_object_id(struct str id)
{
	if (!id.p || id.n == 0 || id.n > KEEPER_OBJECT_MAX)
		return false;
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
			return false;
	}
	return true;
}

/* What was taken whole stays as it was taken. */
static bool has_object(struct keeper_taking *taking, struct str id, bool *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (!store_prepare(taking->keeper->store, HAS_OBJECT_SQL, &found, err))
		return false;
	store_bind_str(found, 1, id);
	enum store_step step = store_step(found, err);
	*out = step == STORE_ROW;
	return step != STORE_FAILED;
}

static bool take_piece(struct keeper_taking *taking, const struct log_parcel_record *record,
                       struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	int64_t n;
	bool is_there;
	if (!is_object_id(record->at[0]) || !log_parcel_number(record->at[1], &n) ||
	    !record->at[2].p || record->at[2].n > PIECE_MAX)
		return malformed(taking);
	if (!has_object(taking, record->at[0], &is_there, err))
		return false;
	if (is_there)
		return true;
	if (!store_prepare(taking->keeper->store, PIECE_SQL, &put, err))
		return false;
	store_bind_str(put, 1, record->at[0]);
	store_bind_int(put, 2, n);
	store_bind_blob(put, 3, record->at[2]);
	taking->piece.n = record->at[0].n;
	memcpy(taking->piece.object, record->at[0].p, record->at[0].n);
	taking->piece.next = n + 1;
	return store_do(put, err);
}

/* The sum of its pieces, which are there without a gap. */
static bool sum_pieces(struct keeper_taking *taking, struct str id, int64_t *bytes,
                       struct hash *sum, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	int64_t next = 0;
	enum store_step step;
	*bytes = 0;
	if (!store_prepare(taking->keeper->store, PIECES_SQL, &rows, err))
		return false;
	store_bind_str(rows, 1, id);
	hasher_start(hasher);
	while ((step = store_step(rows, err)) == STORE_ROW) {
		if (store_int(rows, 0) != next)
			return keeper_sound(taking, LOG_KEEPER_WITHHELD,
			                    "piece %" PRId64 " of the file %.*s did not come", next,
			                    STR_ARG(id));
		hasher_add(hasher, store_blob(rows, 1));
		*bytes += (int64_t)store_blob(rows, 1).n;
		next++;
	}
	*sum = hasher_end(hasher);
	return step == STORE_DONE;
}

static bool take_object(struct keeper_taking *taking, const struct log_parcel_record *record,
                        struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	struct str id = record->at[0], digest = record->at[3];
	int64_t entry, size, bytes;
	struct hash sum;
	bool is_there;
	if (!is_object_id(id) || !log_parcel_number(record->at[1], &entry) ||
	    !log_parcel_number(record->at[2], &size) || digest.n != HASH_SIZE)
		return malformed(taking);
	if (!has_object(taking, id, &is_there, err))
		return false;
	if (is_there)
		return true;
	if (!sum_pieces(taking, id, &bytes, &sum, err))
		return false;
	if (bytes != size || !str_eq(digest, hash_str(&sum)))
		return keeper_sound(taking, bytes < size ? LOG_KEEPER_WITHHELD : LOG_KEEPER_ALTERED,
		                    "the file %.*s of entry %" PRId64 " is not whole", STR_ARG(id),
		                    entry);
	if (!store_prepare(taking->keeper->store, OBJECT_SQL, &put, err))
		return false;
	store_bind_str(put, 1, id);
	store_bind_int(put, 2, entry);
	store_bind_int(put, 3, size);
	store_bind_blob(put, 4, digest);
	taking->piece.n = 0;
	return store_do(put, err);
}

/* --- sealed rows ---------------------------------------------------------------------------- */

static bool is_part(struct str part)
{
	if (!part.p || part.n == 0 || part.n > 32)
		return false;
	for (size_t i = 0; i < part.n; i++) {
		if (part.p[i] < 'a' || part.p[i] > 'z')
			return false;
	}
	return true;
}

static bool take_dark_none(struct keeper_taking *taking, const struct log_parcel_record *record,
                           struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *drop = NULL;
	if (!is_part(record->at[0]))
		return malformed(taking);
	if (!store_prepare(taking->keeper->store, DARK_NONE_SQL, &drop, err))
		return false;
	store_bind_str(drop, 1, record->at[0]);
	return store_do(drop, err);
}

static bool take_dark(struct keeper_taking *taking, const struct log_parcel_record *record,
                      struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	int64_t n, entry;
	if (!is_part(record->at[0]) || !log_parcel_number(record->at[1], &n) ||
	    !log_parcel_number(record->at[2], &entry) || !record->at[3].p)
		return malformed(taking);
	if (!store_prepare(taking->keeper->store, DARK_SQL, &put, err))
		return false;
	store_bind_str(put, 1, record->at[0]);
	store_bind_int(put, 2, n);
	store_bind_int(put, 3, entry + SETS_PAST);
	store_bind_blob(put, 4, record->at[3]);
	return store_do(put, err);
}

/* --- all ------------------------------------------------------------------------------------ */

bool keeper_take_record(struct keeper_taking *taking, const struct log_parcel_record *record,
                        struct err *err)
{
	static const struct {
		enum log_parcel_sort sort;
		size_t fields;
		bool (*take)(struct keeper_taking *taking, const struct log_parcel_record *record,
		             struct err *err);
	} TAKES[] = {
		{ LOG_PARCEL_ENTRY, 7, take_entry },
		{ LOG_PARCEL_SIGNED, 4, take_signed },
		{ LOG_PARCEL_DARK, 4, take_dark },
		{ LOG_PARCEL_PIECE, 3, take_piece },
		{ LOG_PARCEL_OBJECT, 4, take_object },
		{ LOG_PARCEL_SLOT, 2, take_slot },
		{ LOG_PARCEL_KEPT, 3, take_kept },
		{ LOG_PARCEL_PUBLISHED, 2, take_published },
		{ LOG_PARCEL_DARK_NONE, 1, take_dark_none },
		{ LOG_PARCEL_BEGIN, 3, keeper_take_begin },
		{ LOG_PARCEL_END, 1, keeper_take_end },
	};
	if (taking->is_whole) /* nothing follows the end */
		return malformed(taking);
	for (size_t i = 0; i < COUNT_OF(TAKES); i++) {
		if (record->sort == (char)TAKES[i].sort)
			return record->count == TAKES[i].fields ? TAKES[i].take(taking, record, err)
			                                        : malformed(taking);
	}
	return malformed(taking);
}
