/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The log's part of verify: each row of `entry` against its header, each leaf
 * into the audit of tiles and checkpoints. The hot loop of the whole: nothing
 * is allocated for a row.
 */
#include "casebook/verify.h"

#define PROGRESS_EVERY 8192
#define SIGNATURE_KEPT (INT64_C(90) * INSTANT_PER_DAY)

static const char ENTRIES_SQL[] =
	"SELECT idx, size, file, kind, header, nonce, plain, sealed, commitment FROM entry ORDER BY idx";
static const char COUNT_SQL[] = "SELECT COALESCE(MAX(idx), -1) + 1 FROM entry";
static const char SIZES_SQL[] = "SELECT size FROM signed ORDER BY size";
static const char PUBLISHED_SQL[] = "SELECT size FROM published ORDER BY size";
/* By entry_thread(file, idx). */
static const char FIRST_OF_FILE_SQL[] =
	"SELECT header FROM entry WHERE file = ?1 ORDER BY idx LIMIT 1";
static const char DESTROYED_SQL[] =
	"SELECT plain FROM entry WHERE file = ?1 AND kind = 'entry.destroyed' AND idx > ?2";
static const char UNSIGNED_SQL[] = "SELECT size FROM signed WHERE sig IS NULL ORDER BY size DESC";
static const char HEADER_SQL[] = "SELECT header FROM entry WHERE idx = ?1";
static const char IS_PUBLISHED_SQL[] = "SELECT 1 FROM published WHERE size = ?1";

struct row {
	struct verify *verify;
	struct store_stmt *rows;
	struct log_audit *audit;
	struct log_reader *leaves;
	struct str header_text;
	struct str nonce;
	struct str commitment;
	int64_t size;
	struct str kind;
	struct verify_entry entry;
};

/* --- sizes ---------------------------------------------------------------------------------- */

static bool next_of(struct store_stmt *sizes, int64_t *size, struct err *err)
{
	enum store_step step = store_step(sizes, err);
	*size = step == STORE_ROW ? store_int(sizes, 0) : INT64_MAX;
	return step != STORE_FAILED;
}

/* Whether the log did sign at a size. */
static bool is_signed(struct verify *verify, int64_t size, bool *out, struct err *err)
{
	struct log_signed signed_row;
	struct err why = { 0 };
	*out = false;
	if (log_signed_read(verify->store, size, &signed_row, &why)) {
		*out = log_signed_holds(&signed_row, &verify->key.eras.eras);
		return true;
	}
	*err = why;
	return why.code != ERR_UNABLE;
}

/* The turn's size is the least that was signed past the entry. */
static bool check_size(struct row *row, struct err *err)
{
	struct verify *verify = row->verify;
	int64_t index = row->entry.index;
	bool holds = false;
	while (verify->size <= index) {
		if (!next_of(verify->sizes, &verify->size, err))
			return false;
	}
	if (row->size == verify->size && verify->size != INT64_MAX)
		return true;
	/* A lower checkpoint that holds speaks against the entry's row; one that does not, against
	 * itself. */
	if (row->size > verify->size && verify->key.eras.eras.count) {
		if (!is_signed(verify, verify->size, &holds, err))
			return false;
		return verify_differs(
			verify, holds ? "entry.size" : "signed.size", index,
			holds ? "Entry %" PRId64 " was signed at size %" PRId64 ", not %" PRId64
			      : "Before entry %" PRId64 ": the checkpoint at size %" PRId64
				" was not signed by the log; its turn says %" PRId64,
			index, verify->size, row->size);
	}
	/* Here either may be what was altered: nothing else tells them apart. */
	return verify_differs(verify, "entry.size or signed.size", index,
	                      "Entry %" PRId64 " says that its turn was signed at size %" PRId64
	                      ", and no such checkpoint is there",
	                      index, row->size);
}

/* An entry of the beat says what was published before it, and how often. */
static bool check_published(struct verify *verify, const struct verify_entry *entry,
                            struct err *err)
{
	const struct json *plain;
	if (!verify_plain(verify, entry, &plain, err))
		return false;
	int64_t size = json_number(plain, STR("published"), -1),
		count = json_number(plain, STR("publications"), -1);
	if (size < 0)
		return true;
	while (verify->published_size <= size) {
		verify->published_last = verify->published_size;
		verify->published_count++;
		if (!next_of(verify->published, &verify->published_size, err))
			return false;
	}
	return (verify->published_count == count && verify->published_last == size) ||
	       verify_differs(verify, "published.size", entry->index,
	                      "Entry %" PRId64 " counts %" PRId64
	                      " published checkpoints up to size %" PRId64
	                      ", and there are %" PRId64,
	                      entry->index, count, size, verify->published_count);
}

/* --- files ---------------------------------------------------------------------------------- */

static bool id_of_slot(struct verify *verify, int64_t slot, struct id *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct log_header header;
	if (!store_prepare(verify->store, FIRST_OF_FILE_SQL, &found, err))
		return false;
	store_bind_int(found, 1, slot);
	enum store_step step = store_step(found, err);
	if (step == STORE_FAILED)
		return false;
	memset(out, 0, sizeof *out);
	struct err ignored;
	if (step == STORE_ROW && log_header_read(store_blob(found, 0), &header, &ignored))
		*out = header.file;
	return true;
}

/* Slots are given in the order in which files first appear. */
static bool check_file(struct row *row, struct err *err)
{
	struct verify *verify = row->verify;
	const struct verify_entry *entry = &row->entry;
	if (entry->file < 0 || entry->file > verify->files)
		return verify_differs(verify, "entry.file", entry->index,
		                      "Entry %" PRId64 ": there is no file %" PRId64 " yet",
		                      entry->index, entry->file);
	struct verify_slot *slot = &verify->slots[entry->file % VERIFY_SLOTS];
	bool is_new = entry->file == verify->files;
	if (is_new) {
		verify->files++;
		*slot = (struct verify_slot){ entry->file, entry->header.file };
		return true;
	}
	if (slot->n != entry->file || slot->id.text[0] == 0) {
		slot->n = entry->file;
		if (!id_of_slot(verify, entry->file, &slot->id, err))
			return false;
	}
	return id_eq(&slot->id, &entry->header.file) ||
	       verify_differs(verify, "entry.file", entry->index,
	                      "Entry %" PRId64 ": its header names another file than its row",
	                      entry->index);
}

/* --- one row -------------------------------------------------------------------------------- */

/* Text is read as bytes: the engine would copy each to put a NUL behind it. */
static void read_row(struct row *row)
{
	struct store_stmt *rows = row->rows;
	row->entry.index = store_int(rows, 0);
	row->size = store_int(rows, 1);
	row->entry.file = store_int(rows, 2);
	row->kind = store_blob(rows, 3);
	row->header_text = store_blob(rows, 4);
	row->nonce = store_blob(rows, 5);
	row->entry.plain = store_blob(rows, 6);
	row->entry.sealed = store_blob(rows, 7);
	row->commitment = store_blob(rows, 8);
}

/* Header and nonce against the commitment; which of the three was altered, the tiles know. */
static bool wrong_commitment(struct row *row, const struct hash *plain, struct err *err)
{
	struct verify *verify = row->verify;
	int64_t index = row->entry.index;
	struct hash kept, leaf, logged;
	struct err why = { 0 };
	(void)err;
	memcpy(kept.bytes, row->commitment.p, HASH_SIZE);
	leaf = log_leaf_hash(verify->hasher, &kept);
	bool is_logged = log_reader_stored(row->leaves, 0, (uint64_t)index, &logged, &why) &&
	                 hash_eq(&leaf, &logged);
	if (!is_logged)
		return verify_differs(verify, "entry.commitment", index,
		                      "Entry %" PRId64 ": its commitment is not the one in the log",
		                      index);
	return verify_differs(
		verify, hash_eq(plain, &row->entry.header.plain) ? "entry.header" : "entry.nonce",
		index, "Entry %" PRId64 ": header and nonce are not those it was logged with",
		index);
}

static bool check_hashes(struct row *row, struct hash *leaf, struct err *err)
{
	struct verify *verify = row->verify;
	struct hasher *hasher = verify->hasher;
	const struct log_header *header = &row->entry.header;
	int64_t index = row->entry.index;
	const uint8_t *nonce = (const uint8_t *)row->nonce.p;
	struct hash salt = log_plain_salt(hasher, nonce), opener = log_opener(hasher, nonce);
	struct hash plain = log_plain_hash(hasher, &salt, row->entry.plain);
	struct hash commitment = log_commitment(hasher, &opener, row->header_text);
	if (!str_eq(hash_str(&commitment), row->commitment))
		return wrong_commitment(row, &plain, err);
	if (!hash_eq(&plain, &header->plain))
		return verify_differs(verify, "entry.plain", index,
		                      "Entry %" PRId64
		                      ": its plain fields are not those it was logged with",
		                      index);
	if (header->is_sealed != (row->entry.sealed.p != NULL))
		return verify_differs(verify, "entry.sealed", index,
		                      "Entry %" PRId64 ": its sealed words are %s", index,
		                      header->is_sealed ? "gone" : "not its own: it had none");
	if (header->is_sealed) {
		struct hash box = log_box_hash(hasher, row->entry.sealed);
		if (!hash_eq(&box, &header->box))
			return verify_differs(verify, "entry.sealed", index,
			                      "Entry %" PRId64
			                      ": its sealed words are not those it was logged with",
			                      index);
	}
	*leaf = log_leaf_hash(hasher, &commitment);
	return true;
}

/* A row without a header: only where a later entry says that it was destroyed. */
static bool check_destroyed(struct row *row, struct hash *leaf, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct verify *verify = row->verify;
	int64_t index = row->entry.index;
	struct hash commitment;
	bool is_named = false;
	if (!store_prepare(verify->store, DESTROYED_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, row->entry.file);
	store_bind_int(rows, 2, index);
	while (!is_named) {
		const struct json *plain = NULL;
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		struct verify_entry later = { .index = index, .plain = store_str(rows, 0) };
		if (!verify_plain(verify, &later, &plain, err))
			return false;
		is_named = json_number(plain, STR("of"), -1) == index;
	}
	if (!is_named || row->nonce.p || row->entry.plain.p || row->entry.sealed.p ||
	    row->commitment.n != HASH_SIZE)
		return verify_differs(verify, "entry.header", index,
		                      "Entry %" PRId64 ": its header is gone", index);
	memcpy(commitment.bytes, row->commitment.p, HASH_SIZE);
	*leaf = log_leaf_hash(verify->hasher, &commitment);
	return true;
}

static bool check_header(struct row *row, struct err *err)
{
	struct verify *verify = row->verify;
	struct log_header *header = &row->entry.header;
	int64_t index = row->entry.index;
	struct err why = { 0 };
	(void)err;
	if (row->nonce.n != LOG_NONCE_SIZE)
		return verify_differs(verify, "entry.nonce", index,
		                      "Entry %" PRId64 ": its nonce is gone", index);
	if (!row->entry.plain.p)
		return verify_differs(verify, "entry.plain", index,
		                      "Entry %" PRId64 ": its plain fields are gone", index);
	if (row->commitment.n != HASH_SIZE)
		return verify_differs(verify, "entry.commitment", index,
		                      "Entry %" PRId64 ": its commitment is gone", index);
	return log_header_read(row->header_text, header, &why) ||
	       verify_differs(verify, "entry.header", index, "Entry %" PRId64 ": %s", index,
	                      why.message);
}

/* The columns that say again what stands in the header. */
static bool check_columns(struct row *row, struct err *err)
{
	struct verify *verify = row->verify;
	const struct log_header *header = &row->entry.header;
	int64_t index = row->entry.index;
	if (header->index != index)
		return verify_differs(verify, "entry.idx", index,
		                      "Entry %" PRId64
		                      ": its header says that it is entry %" PRId64,
		                      index, header->index);
	if (!str_eq(header->kind, row->kind))
		return verify_differs(verify, "entry.kind", index,
		                      "Entry %" PRId64 ": its header says that it is %.*s", index,
		                      STR_ARG(header->kind));
	if (header->recorded < verify->recorded)
		return verify_differs(verify, "entry.header", index,
		                      "Entry %" PRId64 " was recorded before the one before it",
		                      index);
	verify->recorded = header->recorded;
	if (header->by != LOG_BY_REGISTER)
		verify->out->acts++;
	return check_file(row, err);
}

/* Entries of the beat alone name what was published. */
static bool is_of_beat(struct str kind)
{
	return str_eq(kind, STR("log.blank")) || str_eq(kind, STR("readings.sealed"));
}

static bool check_row(struct row *row, struct err *err)
{
	struct verify *verify = row->verify;
	struct hash leaf;
	read_row(row);
	if (row->entry.index != verify->entries)
		return verify_differs(verify, "entry.idx", verify->entries,
		                      "Entry %" PRId64 " is gone", verify->entries);
	if (!row->header_text.p) {
		if (!check_destroyed(row, &leaf, err))
			return false;
	} else {
		if (!check_header(row, err) || !check_hashes(row, &leaf, err) ||
		    !check_columns(row, err))
			return false;
		if (is_of_beat(row->kind) && !check_published(verify, &row->entry, err))
			return false;
		if (verify->how == CASEBOOK_VERIFY_WHOLE &&
		    !verify_entry_whole(verify, &row->entry, err))
			return false;
	}
	verify->entries++;
	return log_audit_leaf(row->audit, &leaf, err) && !verify->has_found && check_size(row, err);
}

bool verify_one(struct verify *verify, int64_t index, struct err *err)
{
	static const char ONE_SQL[] =
		"SELECT idx, size, file, kind, header, nonce, plain, sealed, commitment FROM entry WHERE idx = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	CLEANUP(log_reader_cleanup) struct log_reader *leaves = NULL;
	struct hash leaf, logged;
	struct err why = { 0 };
	if (!store_prepare(verify->store, ONE_SQL, &rows, err) ||
	    !log_reader_create(verify->store, &leaves, err))
		return false;
	store_bind_int(rows, 1, index);
	if (store_step(rows, err) != STORE_ROW)
		return false;
	struct row row = { .verify = verify, .rows = rows, .leaves = leaves };
	read_row(&row);
	if (!row.header_text.p)
		return verify_differs(verify, "entry.header", index,
		                      "Entry %" PRId64 ": its header is gone", index);
	if (!check_header(&row, err) || !check_hashes(&row, &leaf, err))
		return false;
	if (!str_eq(row.entry.header.kind, row.kind) || row.entry.header.index != index)
		return verify_differs(verify, "entry.kind or entry.idx", index,
		                      "Entry %" PRId64 ": its header says that it is another",
		                      index);
	return (log_reader_stored(leaves, 0, (uint64_t)index, &logged, &why) &&
	        hash_eq(&leaf, &logged)) ||
	       verify_differs(verify, "entry.commitment or tile.hashes", index,
	                      "Entry %" PRId64 ": its commitment is not the one in the log", index);
}

/* --- the whole log -------------------------------------------------------------------------- */

static void take_finding(void *ctx, struct str where, struct str what)
{
	struct verify *verify = ctx;
	/* The audit's names of columns live as long as the program. */
	(void)verify_differs(verify, where.p, -1, "%.*s", STR_ARG(what));
}

/* A signature may be let go after 90 days, where the checkpoint was not published. */
static bool check_let_go(struct verify *verify, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!store_prepare(verify->store, UNSIGNED_SQL, &rows, err))
		return false;
	for (;;) {
		CLEANUP(store_stmt_finish) struct store_stmt *last = NULL, *published = NULL;
		struct log_header header;
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		int64_t size = store_int(rows, 0);
		if (!store_prepare(verify->store, HEADER_SQL, &last, err) ||
		    !store_prepare(verify->store, IS_PUBLISHED_SQL, &published, err))
			return false;
		store_bind_int(last, 1, size - 1);
		store_bind_int(published, 1, size);
		enum store_step found = store_step(last, err), named = store_step(published, err);
		if (found == STORE_FAILED || named == STORE_FAILED)
			return false;
		struct err ignored;
		bool is_old = found == STORE_ROW &&
		              log_header_read(store_blob(last, 0), &header, &ignored) &&
		              header.recorded <= verify->recorded - SIGNATURE_KEPT;
		if (!is_old || named == STORE_ROW)
			return verify_differs(verify, "signed.sig", -1,
			                      "The signature of the checkpoint at size %" PRId64
			                      " is gone",
			                      size);
	}
}

static bool walk(struct row *row, struct err *err)
{
	struct verify *verify = row->verify;
	int64_t all = 0;
	if (!store_get_int(verify->store, COUNT_SQL, &all, err))
		return false;
	for (;;) {
		enum store_step step = store_step(row->rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		if (!check_row(row, err))
			return false;
		verify_fold_proved(verify, log_audit_proved(row->audit));
		if (verify->progress && verify->entries % PROGRESS_EVERY == 0)
			verify->progress(verify->progress_ctx, "entries", verify->entries, all);
	}
	return log_audit_end(row->audit, err) && !verify->has_found && check_let_go(verify, err);
}

static bool take_root(struct verify *verify, struct err *err)
{
	struct log_signed newest;
	struct err why = { 0 };
	if (log_signed_newest(verify->store, &newest, &why)) {
		verify->out->root = newest.root;
		return true;
	}
	if (why.code == ERR_ABSENT)
		return verify->entries == 0 ||
		       verify_differs(verify, "signed", -1, "Nothing was ever signed");
	*err = why;
	return false;
}

/* Cosignatures are judged by the keys of DIR/policy. Where that is none, or says nothing that can
 * be read, nobody's can be: doctor tells of such a file. */
static bool know_witnesses(struct verify *verify, struct log_audit *audit, struct err *err)
{
	const char *path = file_join(verify->arena, verify->dir, "policy");
	const struct log_policy *policy;
	struct err why = { 0 };
	struct str text;
	size_t count;
	if (!path)
		return err_set(err, ERR_UNABLE, "There is no memory to verify the register");
	if (verify->vfs || !file_read(verify->arena, path, LOG_POLICY_MAX, &text, &why) ||
	    !log_policy_read(verify->arena, text, &policy, &why))
		return true;
	const struct log_vkey *keys = log_policy_keys(policy, &count);
	size_t logs = count - log_policy_witness_count(policy);
	log_audit_witnesses(audit, keys + logs, count - logs);
	return true;
}

bool verify_log(struct verify *verify, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	CLEANUP(log_audit_cleanup) struct log_audit *audit = NULL;
	CLEANUP(log_reader_cleanup) struct log_reader *leaves = NULL;
	const struct log_eras *eras = &verify->key.eras.eras;
	if (!log_audit_create(verify->store, eras->count ? eras : NULL, verify->key.signer,
	                      take_finding, verify, &audit, err) ||
	    !know_witnesses(verify, audit, err) ||
	    !log_reader_create(verify->store, &leaves, err) ||
	    !store_prepare(verify->store, ENTRIES_SQL, &rows, err) ||
	    !store_prepare(verify->store, SIZES_SQL, &verify->sizes, err) ||
	    !store_prepare(verify->store, PUBLISHED_SQL, &verify->published, err) ||
	    !next_of(verify->sizes, &verify->size, err) ||
	    !next_of(verify->published, &verify->published_size, err))
		return false;
	struct row row = { .verify = verify, .rows = rows, .audit = audit, .leaves = leaves };
	return walk(&row, err) && take_root(verify, err);
}
