/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Signing, publishing, and the gate at the start. */
#include "log/signed.h"

#include "log/entry.h"

/* All served by the primary keys. */
static const char NEWEST_SQL[] =
	"SELECT size, root, sig, keyid FROM signed ORDER BY size DESC LIMIT 1";
static const char READ_SQL[] = "SELECT size, root, sig, keyid FROM signed WHERE size = ?1";
static const char SIGN_SQL[] =
	"INSERT INTO signed (size, root, sig, keyid) VALUES (?1, ?2, ?3, ?4)";
static const char PUBLISH_SQL[] = "INSERT INTO published (size, note) VALUES (?1, ?2)";
static const char PUBLISHED_SQL[] = "SELECT size, note FROM published ORDER BY size DESC LIMIT 1";

#define NOTE_MAX ((size_t)64 << 10) /* of a served checkpoint */
#define SIGNATURES_TWO ((size_t)2 * LOG_SIGNATURE_SIZE)
#define CONFLICT_FORK "fork: "
#define CONFLICT_ROLLBACK "rollback: "

static bool row_to_signed(struct store_stmt *stmt, struct log_signed *out, struct err *err)
{
	struct str root = store_blob(stmt, 1), signature = store_blob(stmt, 2);
	int64_t key_id = store_int(stmt, 3);
	*out = (struct log_signed){ .size = store_int(stmt, 0) };
	out->has_signature = !store_is_null(stmt, 2);
	out->has_former = signature.n == SIGNATURES_TWO;
	if (out->size < 0 || root.n != HASH_SIZE || key_id < 0 || key_id > UINT32_MAX ||
	    (out->has_signature && signature.n != LOG_SIGNATURE_SIZE && !out->has_former))
		return err_set(err, ERR_INPUT,
		               "The signed checkpoint of size %" PRId64 " is damaged; run "
		               "candour verify",
		               out->size);
	memcpy(out->root.bytes, root.p, HASH_SIZE);
	out->key_id = (uint32_t)key_id;
	if (out->has_signature)
		memcpy(out->signature, signature.p, LOG_SIGNATURE_SIZE);
	if (out->has_former)
		memcpy(out->former, signature.p + LOG_SIGNATURE_SIZE, LOG_SIGNATURE_SIZE);
	return true;
}

static bool take_row(struct store_stmt *stmt, struct log_signed *out, struct err *err)
{
	enum store_step step = store_step(stmt, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return err_set(err, ERR_ABSENT, "No such checkpoint was signed");
	return row_to_signed(stmt, out, err);
}

bool log_signed_read(struct store *store, int64_t size, struct log_signed *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, READ_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, size);
	return take_row(stmt, out, err);
}

bool log_signed_newest(struct store *store, struct log_signed *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	return store_prepare(store, NEWEST_SQL, &stmt, err) && take_row(stmt, out, err);
}

static bool text_of(struct buf *out, const struct log_signed *row, struct str origin)
{
	struct log_checkpoint checkpoint = { origin, row->size, row->root };
	log_checkpoint_write(out, &checkpoint);
	return !out->full;
}

bool log_signed_holds(const struct log_signed *row, const struct log_eras *eras)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	const struct log_era *era = log_eras_find(eras, row->size);
	buf_init(&text, NOTE_MAX);
	return row->has_signature && era->key.type == LOG_KEY_LOG &&
	       row->key_id == log_key_id_number(era->key.id) &&
	       row->has_former == era->has_former && text_of(&text, row, era->key.name) &&
	       log_vkey_verify(&era->key, buf_str(&text),
	                       str_from_bytes(row->signature, LOG_SIGNATURE_SIZE)) &&
	       (!era->has_former ||
	        log_vkey_verify(&era->former, buf_str(&text),
	                        str_from_bytes(row->former, LOG_SIGNATURE_SIZE)));
}

bool log_signed_is_by(const struct log_signed *row, const struct log_signer *signer)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	uint8_t signature[LOG_SIGNATURE_SIZE];
	const struct log_vkey *key = log_signer_vkey(signer);
	buf_init(&text, NOTE_MAX);
	if (!row->has_signature || key->type != LOG_KEY_LOG ||
	    row->key_id != log_key_id_number(key->id) || !text_of(&text, row, key->name))
		return false;
	log_signer_sign(signer, buf_str(&text), signature);
	return memcmp(signature, row->signature, sizeof signature) == 0;
}

static bool write_note(struct buf *out, const struct log_signed *row, const struct log_vkey *key,
                       const struct log_vkey *former, struct err *err)
{
	(void)text_of(out, row, key->name);
	buf_add_char(out, '\n');
	log_note_add_line(out, key->name, key->id,
	                  str_from_bytes(row->signature, LOG_SIGNATURE_SIZE));
	if (former)
		log_note_add_line(out, former->name, former->id,
		                  str_from_bytes(row->former, LOG_SIGNATURE_SIZE));
	return !out->full || err_set(err, ERR_UNABLE, "There is no memory to write a checkpoint");
}

bool log_signed_note(struct buf *out, const struct log_signed *row, const struct log_eras *eras,
                     struct err *err)
{
	const struct log_era *era = log_eras_find(eras, row->size);
	if (!row->has_signature)
		return err_set(err, ERR_ABSENT,
		               "The signature of size %" PRId64 " is no longer kept; ask for "
		               "a newer one",
		               row->size);
	if (row->key_id != log_key_id_number(era->key.id) || row->has_former != era->has_former)
		return err_set(
			err, ERR_UNABLE,
			"The signing key is being changed, or the checkpoint of size %" PRId64
			" is not by the key of its time; try again, then run candour verify",
			row->size);
	return write_note(out, row, &era->key, era->has_former ? &era->former : NULL, err);
}

bool log_eras_open(struct arena *arena, struct str note, int64_t size, const struct log_eras *eras,
                   struct log_checkpoint *out, struct err *err)
{
	const struct log_era *era = log_eras_find(eras, size);
	return log_checkpoint_open(arena, note, &era->key, out, err) &&
	       (!era->has_former || log_checkpoint_open(arena, note, &era->former, out, err));
}

/* --- signing -------------------------------------------------------------------------------- */

static bool make_signature(const struct log_signer *signer, const struct log_signer *former,
                           struct log_signed *row, struct err *err)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	buf_init(&text, NOTE_MAX);
	if (!text_of(&text, row, log_signer_vkey(signer)->name))
		return err_set(err, ERR_UNABLE, "There is no memory to sign a checkpoint");
	log_signer_sign(signer, buf_str(&text), row->signature);
	row->key_id = log_key_id_number(log_signer_vkey(signer)->id);
	row->has_signature = true;
	row->has_former = former != NULL;
	if (former)
		log_signer_sign(former, buf_str(&text), row->former);
	return true;
}

static bool insert_signed(struct store *store, const struct log_signed *row, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	uint8_t signatures[SIGNATURES_TWO];
	if (!store_prepare(store, SIGN_SQL, &stmt, err))
		return false;
	memcpy(signatures, row->signature, LOG_SIGNATURE_SIZE);
	memcpy(signatures + LOG_SIGNATURE_SIZE, row->former, LOG_SIGNATURE_SIZE);
	store_bind_int(stmt, 1, row->size);
	store_bind_blob(stmt, 2, hash_str(&row->root));
	store_bind_blob(
		stmt, 3,
		str_from_bytes(signatures, row->has_former ? SIGNATURES_TWO : LOG_SIGNATURE_SIZE));
	store_bind_int(stmt, 4, row->key_id);
	return store_do(stmt, err);
}

/* What to do about a size that is not past the newest: give its row, or refuse. */
static bool reuse(struct store *store, const struct log_signer *signer,
                  const struct log_signer *former, int64_t size, const struct hash *root,
                  struct log_signed *out, struct err *err)
{
	if (!log_signed_read(store, size, out, err)) {
		if (err->code != ERR_ABSENT)
			return false;
		err_set(err, ERR_UNABLE,
		        "The log signed more entries than it has now: entries were lost. "
		        "Stop, and restore from a newer backup");
		return err_context(err, CONFLICT_ROLLBACK "size %" PRId64, size);
	}
	if (!hash_eq(&out->root, root)) {
		err_set(err, ERR_UNABLE,
		        "The log signed another history of the same length before. Stop, keep "
		        "this folder as it is, and call those who answer for the register");
		return err_context(err, CONFLICT_FORK "size %" PRId64, size);
	}
	return out->has_signature || make_signature(signer, former, out, err);
}

bool log_sign_is_conflict(const struct err *err)
{
	struct str context = str_from_c(err->context);
	return err->code == ERR_UNABLE && (str_starts(context, STR(CONFLICT_FORK)) ||
	                                   str_starts(context, STR(CONFLICT_ROLLBACK)));
}

bool log_sign(struct store *store, const struct log_signer *signer, const struct log_signer *former,
              int64_t size, const struct hash *root, struct log_signed *out, struct err *err)
{
	struct log_signed newest;
	struct err why = { 0 };
	base_check(log_signer_vkey(signer)->type == LOG_KEY_LOG && size >= 0);
	bool is_there = log_signed_newest(store, &newest, &why);
	if (!is_there && why.code != ERR_ABSENT) {
		*err = why;
		return false;
	}
	if (is_there && newest.size >= size)
		return reuse(store, signer, former, size, root, out, err);
	*out = (struct log_signed){ .size = size, .root = *root };
	return make_signature(signer, former, out, err) && insert_signed(store, out, err);
}

/* --- signing anew --------------------------------------------------------------------------- */

static const char AFTER_SQL[] =
	"SELECT size, root, sig, keyid FROM signed WHERE size > ?1 ORDER BY size LIMIT 1";
static const char RENEW_SQL[] = "UPDATE signed SET sig = ?2, keyid = ?3 WHERE size = ?1";
/* Nothing where this size was not published. */
static const char RENEW_NOTE_SQL[] = "UPDATE published SET note = ?2 WHERE size = ?1";

static bool renew(struct store *store, const struct log_signer *signer, struct log_signed *row,
                  struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *put_note = NULL;
	CLEANUP(buf_finish) struct buf note = { 0 };
	buf_init(&note, NOTE_MAX);
	if (!make_signature(signer, NULL, row, err) ||
	    !write_note(&note, row, log_signer_vkey(signer), NULL, err) ||
	    !store_prepare(store, RENEW_SQL, &put, err) ||
	    !store_prepare(store, RENEW_NOTE_SQL, &put_note, err))
		return false;
	store_bind_int(put, 1, row->size);
	store_bind_blob(put, 2, str_from_bytes(row->signature, LOG_SIGNATURE_SIZE));
	store_bind_int(put, 3, row->key_id);
	store_bind_int(put_note, 1, row->size);
	store_bind_str(put_note, 2, buf_str(&note));
	return store_do(put, err) && store_do(put_note, err);
}

bool log_sign_anew(struct store *store, const struct log_signer *signer, struct err *err)
{
	for (int64_t after = -1;;) {
		CLEANUP(store_stmt_finish) struct store_stmt *next = NULL;
		struct log_signed row;
		if (!store_prepare(store, AFTER_SQL, &next, err))
			return false;
		store_bind_int(next, 1, after);
		enum store_step step = store_step(next, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!row_to_signed(next, &row, err))
			return false;
		store_stmt_finish(&next);
		if (!renew(store, signer, &row, err))
			return false;
		after = row.size;
	}
}

/* --- publishing ----------------------------------------------------------------------------- */

bool log_published_newest(struct store *store, struct arena *arena, int64_t *size, struct str *note,
                          struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*size = 0;
	*note = STR_NONE;
	if (!store_prepare(store, PUBLISHED_SQL, &stmt, err))
		return false;
	enum store_step step = store_step(stmt, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return err_set(err, ERR_ABSENT, "No checkpoint is published yet");
	*size = store_int(stmt, 0);
	*note = arena_copy(arena, store_str(stmt, 1));
	return note->p || err_set(err, ERR_UNABLE, "There is no room for the checkpoint");
}

/* -1 when nothing is published. */
static bool published_size(struct store *store, int64_t *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*out = -1;
	if (!store_prepare(store, PUBLISHED_SQL, &stmt, err))
		return false;
	enum store_step step = store_step(stmt, err);
	if (step == STORE_ROW)
		*out = store_int(stmt, 0);
	return step != STORE_FAILED;
}

static bool put_published(struct store *store, const char *sql, int64_t size, struct str note,
                          struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, sql, &stmt, err))
		return false;
	store_bind_int(stmt, 1, size);
	store_bind_str(stmt, 2, note);
	return store_do(stmt, err);
}

static bool insert_published(struct store *store, const struct log_signed *row,
                             const struct log_eras *eras, struct str lines, struct err *err)
{
	CLEANUP(buf_finish) struct buf note = { 0 };
	buf_init(&note, NOTE_MAX);
	if (!log_signed_note(&note, row, eras, err))
		return false;
	buf_add(&note, lines);
	if (note.full)
		return err_set(err, ERR_UNABLE, "There are too many cosignatures to publish");
	return put_published(store, PUBLISH_SQL, row->size, buf_str(&note), err);
}

static const struct log_note_line *line_of(const struct log_note *note,
                                           const struct log_note_line *key)
{
	for (size_t i = 0; i < note->count; i++) {
		const struct log_note_line *line = &note->lines[i];
		if (str_eq(line->name, key->name) &&
		    memcmp(line->id, key->id, sizeof line->id) == 0)
			return line;
	}
	return NULL;
}

static void write_line(struct buf *out, const struct log_note_line *line)
{
	log_note_add_line(out, line->name, line->id, line->signature);
}

/* The newest published note with the lines that it lacks: one of each key, its newest, for of two
 * lines of one key readers count the first, and of a hundred and one they read none. */
static bool add_lines(struct store *store, struct arena *arena, int64_t size, struct str note,
                      struct str lines, struct err *err)
{
	CLEANUP(buf_finish) struct buf more = { 0 };
	struct log_note old, new;
	if (!lines.n)
		return true;
	buf_init(&more, NOTE_MAX);
	if (!log_note_read(arena, note, &old, err))
		return false;
	struct str pieces[3] = { old.text, STR("\n"), lines };
	struct str raw = arena_join(arena, pieces, 3);
	if (!raw.p)
		return err_set(err, ERR_UNABLE, "There is no memory to publish a checkpoint");
	if (!log_note_read(arena, raw, &new, err))
		return false;
	buf_add(&more, old.text);
	buf_add_char(&more, '\n');
	for (size_t i = 0; i < old.count; i++) {
		const struct log_note_line *renewed = line_of(&new, &old.lines[i]);
		if (line_of(&old, &old.lines[i]) == &old.lines[i])
			write_line(&more, renewed ? renewed : &old.lines[i]);
	}
	for (size_t i = 0; i < new.count; i++) {
		if (!line_of(&old, &new.lines[i]) && line_of(&new, &new.lines[i]) == &new.lines[i])
			write_line(&more, &new.lines[i]);
	}
	if (more.full)
		return err_set(err, ERR_UNABLE, "There are too many cosignatures to publish");
	return str_eq(buf_str(&more), note) ||
	       put_published(store, RENEW_NOTE_SQL, size, buf_str(&more), err);
}

bool log_publish_cosigned(struct store *store, const struct log_eras *eras, int64_t size,
                          struct str lines, int64_t *newest, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)1 << 20);
	struct log_signed row;
	struct err why = { 0 };
	struct str note;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to publish a checkpoint");
	if (!log_published_newest(store, arena, newest, &note, &why)) {
		if (why.code != ERR_ABSENT) {
			*err = why;
			return false;
		}
		*newest = -1;
	}
	if (*newest > size)
		return true;
	if (*newest == size)
		return add_lines(store, arena, size, note, lines, err);
	if (!log_signed_read(store, size, &row, err) ||
	    !insert_published(store, &row, eras, lines, err))
		return false;
	*newest = size;
	return true;
}

bool log_publish(struct store *store, const struct log_eras *eras, int64_t *size, struct err *err)
{
	struct log_signed newest;
	struct err why = { 0 };
	int64_t published = -1;
	*size = 0;
	if (!published_size(store, &published, err))
		return false;
	if (!log_signed_newest(store, &newest, &why)) {
		if (why.code == ERR_ABSENT && published < 0)
			return true;
		if (why.code == ERR_ABSENT)
			return err_set(err, ERR_INPUT,
			               "A checkpoint is published that was never signed");
		*err = why;
		return false;
	}
	if (published > newest.size)
		return err_set(err, ERR_INPUT,
		               "What is published is ahead of what was signed; run candour "
		               "verify");
	if (published < newest.size && !insert_published(store, &newest, eras, STR(""), err))
		return false;
	*size = newest.size;
	return true;
}

/* --- the gate ------------------------------------------------------------------------------- */

static bool has_root(struct log_reader *reader, int64_t size, const struct hash *root,
                     struct err *err)
{
	struct hash made = { 0 };
	if (!log_reader_root(reader, size, &made, err)) {
		if (err->code != ERR_USAGE)
			return false;
		return err_set(err, ERR_INPUT,
		               "The log's tiles end before size %" PRId64 ", which was "
		               "signed; restore from a backup",
		               size);
	}
	return hash_eq(&made, root) ||
	       err_set(err, ERR_INPUT,
	               "The log's tiles do not give the root that was signed at size "
	               "%" PRId64 "; run candour verify",
	               size);
}

bool log_published_check(struct store *store, struct log_reader *reader,
                         const struct log_eras *eras, int64_t newest, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)4 << 20);
	struct log_checkpoint checkpoint;
	struct str note;
	int64_t size = 0;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to check what is published");
	if (!log_published_newest(store, arena, &size, &note, err)) {
		bool is_none = err->code == ERR_ABSENT;
		if (is_none)
			*err = (struct err){ 0 };
		return is_none;
	}
	if (size > newest)
		return err_set(err, ERR_INPUT,
		               "What is published (size %" PRId64 ") is ahead of what was "
		               "signed (size %" PRId64 "); restore from a newer backup",
		               size, newest);
	if (!log_eras_open(arena, note, size, eras, &checkpoint, err))
		return err_context(err, "published at size %" PRId64, size);
	if (checkpoint.size != size)
		return err_set(err, ERR_INPUT,
		               "The checkpoint published at size %" PRId64 " says another size",
		               size);
	return has_root(reader, size, &checkpoint.root, err);
}

bool log_gate_check(struct store *store, struct log_reader *reader, const struct log_eras *eras,
                    int64_t entries, struct err *err)
{
	struct log_signed newest;
	if (!log_signed_newest(store, &newest, err)) {
		if (err->code != ERR_ABSENT)
			return false;
		*err = (struct err){ 0 };
		newest = (struct log_signed){ 0 };
		return log_published_check(store, reader, eras, -1, err);
	}
	if (!log_signed_holds(&newest, eras))
		return err_set(err, ERR_INPUT,
		               "The newest signed checkpoint (size %" PRId64 ") does not hold "
		               "under the log's key: it was changed, or the key was, or an older "
		               "database stands beside a newer key. Put keys/log.key or the "
		               "database of its time back from a backup",
		               newest.size);
	if (entries < newest.size)
		return err_set(err, ERR_INPUT,
		               "%" PRId64 " entries were signed and %" PRId64 " are here: "
		               "entries were lost; restore from a newer backup",
		               newest.size, entries);
	return has_root(reader, newest.size, &newest.root, err) &&
	       log_published_check(store, reader, eras, newest.size, err);
}

bool log_gate_fold(struct log_tree *tree, struct store *store, int64_t entries,
                   log_commitments *commitments, void *ctx, struct err *err)
{
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	struct hash at[LOG_TILE_WIDTH];
	if (log_tree_size(tree) > entries)
		return err_set(err, ERR_INPUT,
		               "The log's tree has %" PRId64 " entries and the register "
		               "%" PRId64 ": entries were lost; restore from a newer backup",
		               log_tree_size(tree), entries);
	while (log_tree_size(tree) < entries) {
		int64_t first = log_tree_size(tree), left = entries - first;
		size_t count = left < LOG_TILE_WIDTH ? (size_t)left : LOG_TILE_WIDTH;
		if (!commitments(ctx, first, count, at, err))
			return false;
		for (size_t i = 0; i < count; i++) {
			struct hash leaf = log_leaf_hash(hasher, &at[i]);
			if (!log_tree_append(tree, &leaf, err))
				return false;
		}
		if (!log_tree_flush(tree, store, err))
			return false;
	}
	return true;
}
