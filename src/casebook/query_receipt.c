/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Receipts: what proves that an entry stands in the log, made for whoever asks for it.
 */
#include "casebook/query.h"

#include "casebook/key.h"
#include "casebook/readings.h"
#include "casebook/rows.h"

#define NOTE_MAX ((size_t)32 << 10)
#define OWN_LASTS INSTANT_PER_HOUR /* as long as the reporter's draft would have */

static const char ENTRY_SQL[] = "SELECT header, nonce FROM entry WHERE idx = ?1"; /* primary key */
/* By the primary key. */
static const char PUBLISHED_SQL[] =
	"SELECT size, note FROM published WHERE size > ?1 ORDER BY size DESC LIMIT 1";

struct making {
	struct buf header;
	struct hash opener;
	struct hash plain_salt;
	instant recorded;
	int64_t size;
	struct buf note;
};

static void making_finish(struct making *making)
{
	buf_finish(&making->header);
	buf_finish(&making->note);
}

bool reader_entry_opened(struct casebook_reader *reader, int64_t entry, struct buf *bytes,
                         struct log_header *header, struct hash *opener, struct hash *plain_salt,
                         struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	uint8_t nonce[LOG_NONCE_SIZE];
	if (!store_prepare(reader->store, ENTRY_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, entry);
	enum store_step step = store_step(stmt, err);
	if (step == STORE_FAILED)
		return false;
	struct str stored = step == STORE_ROW ? store_blob(stmt, 1) : STR_NONE;
	if (stored.n != sizeof nonce)
		return err_set(err, ERR_ABSENT, "There is no such entry");
	memcpy(nonce, stored.p, sizeof nonce);
	*opener = log_opener(reader->hasher, nonce);
	*plain_salt = log_plain_salt(reader->hasher, nonce);
	vault_wipe(nonce, sizeof nonce);
	buf_add(bytes, store_blob(stmt, 0));
	return log_header_read(buf_str(bytes), header, err);
}

static bool read_entry(struct casebook_reader *reader, int64_t entry, struct making *making,
                       struct err *err)
{
	struct log_header header;
	if (!reader_entry_opened(reader, entry, &making->header, &header, &making->opener,
	                         &making->plain_salt, err))
		return false;
	making->recorded = header.recorded;
	return true;
}

/* What witnesses signed, where it reaches the entry. */
static bool read_published(struct casebook_reader *reader, int64_t entry, struct making *making,
                           struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(reader->store, PUBLISHED_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, entry);
	enum store_step step = store_step(stmt, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	making->size = store_int(stmt, 0);
	buf_add(&making->note, store_str(stmt, 1));
	return true;
}

static bool read_signed(struct casebook_reader *reader, int64_t entry, struct making *making,
                        struct err *err)
{
	struct log_signed row;
	struct log_eras eras = key_eras_now(reader->book);
	if (!log_signed_newest(reader->store, &row, err))
		return false;
	if (row.size <= entry)
		return err_set(err, ERR_UNABLE,
		               "This entry is not signed yet; try again in a moment");
	making->size = row.size;
	return log_signed_note(&making->note, &row, &eras, err);
}

static bool read_path(struct casebook_reader *reader, int64_t entry, int64_t size,
                      struct log_proof *path, struct err *err)
{
	CLEANUP(log_reader_cleanup) struct log_reader *tiles = NULL;
	return log_reader_create(reader->store, &tiles, err) &&
	       log_reader_inclusion(tiles, entry, size, path, err);
}

static bool write_receipt(struct casebook_reader *reader, struct arena *arena, int64_t entry,
                          const struct making *making, const struct hash *plain_salt,
                          const struct hash *sealed_salt, struct str *out, struct err *err)
{
	struct log_proof path;
	struct buf text;
	if (!read_path(reader, entry, making->size, &path, err))
		return false;
	struct log_receipt receipt = {
		.header = buf_str(&making->header),
		.opener = making->opener,
		.plain_salt = plain_salt,
		.sealed_salt = sealed_salt,
		.index = entry,
		.path = &path,
		.note = buf_str(&making->note),
	};
	buf_init(&text, LOG_RECEIPT_MAX);
	bool done = log_receipt_write(&text, &receipt, err);
	if (done)
		*out = arena_copy(arena, buf_str(&text));
	buf_finish(&text);
	return done && (out->p || rows_too_long(err));
}

bool casebook_receipt(struct casebook_reader *reader, struct arena *arena, int64_t entry,
                      struct str *out, struct err *err)
{
	CLEANUP(making_finish) struct making making = { 0 };
	*out = STR_NONE;
	buf_init(&making.header, LOG_HEADER_MAX);
	buf_init(&making.note, NOTE_MAX);
	if (!read_entry(reader, entry, &making, err) ||
	    !read_published(reader, entry, &making, err))
		return false;
	if (making.note.n == 0 && !read_signed(reader, entry, &making, err))
		return false;
	return write_receipt(reader, arena, entry, &making, NULL, NULL, out, err);
}

/* For whoever wrote the entry, in the hour after: nobody else knows its moment. */
static bool is_own(struct casebook_reader *reader, const struct casebook_answer *answer,
                   struct making *making, struct err *err)
{
	if (answer->outcome != CASEBOOK_ADMITTED || answer->index < 0)
		return err_set(err, ERR_ABSENT, "There is no such entry");
	if (!read_entry(reader, answer->index, making, err))
		return false;
	return (making->recorded == answer->recorded &&
	        casebook_now(reader->book) - making->recorded < OWN_LASTS) ||
	       err_set(err, ERR_ABSENT,
	               "This receipt was given once; the shorter one can always be had");
}

bool casebook_receipt_own(struct casebook_reader *reader, struct arena *arena,
                          const struct casebook_answer *answer, struct str *out, struct err *err)
{
	CLEANUP(making_finish) struct making making = { 0 };
	struct hash sealed_salt;
	bool has_sealed = false;
	*out = STR_NONE;
	buf_init(&making.header, LOG_HEADER_MAX);
	buf_init(&making.note, NOTE_MAX);
	if (!is_own(reader, answer, &making, err) ||
	    !read_published(reader, answer->index, &making, err) ||
	    (making.note.n == 0 && !read_signed(reader, answer->index, &making, err)) ||
	    !reader_sealed_salt(reader, answer->index, &sealed_salt, &has_sealed, err))
		return false;
	bool done = write_receipt(reader, arena, answer->index, &making, &making.plain_salt,
	                          has_sealed ? &sealed_salt : NULL, out, err);
	vault_wipe(&sealed_salt, sizeof sealed_salt);
	return done;
}

static bool read_plain(struct casebook_reader *reader, struct arena *arena, int64_t entry,
                       struct str *plain, struct err *err)
{
	static const char PLAIN_SQL[] = "SELECT plain FROM entry WHERE idx = ?1"; /* primary key */
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*plain = STR_NONE;
	if (!store_prepare(reader->store, PLAIN_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, entry);
	enum store_step step = store_step(stmt, err);
	if (step == STORE_ROW)
		*plain = arena_copy(arena, store_str(stmt, 0));
	return step != STORE_FAILED && (step == STORE_DONE || plain->p || rows_too_long(err));
}

static void put_hex(struct arena *arena, struct json *to, struct str name, const struct hash *hash)
{
	json_put_text(arena, to, name, hash_hex(arena, hash));
}

static bool is_listed(const struct json *list, const struct json *sealed, struct str field)
{
	const struct json *value = json_member(sealed, field);
	for (const struct json *one = list ? list->first : NULL; one; one = one->next) {
		if (value && value->type == JSON_STRING && one->type == JSON_STRING &&
		    str_eq(value->string, one->string))
			return true;
	}
	return false;
}

/* A part that is shown with its salt, or what stands for it. */
static struct json *part_object(struct casebook_reader *reader, struct arena *arena,
                                const struct hash *salt, const struct log_part *part, bool is_shown)
{
	struct json *object = json_object(arena);
	struct hash own = log_part_salt(reader->hasher, salt->bytes, part);
	json_put_text(arena, object, STR("field"), part->field);
	if (is_shown) {
		put_hex(arena, object, STR("salt"), &own);
		json_put_text(arena, object, STR("text"), part->text);
	} else {
		struct hash kept = log_part_hash(reader->hasher, &own, part->sort, part->text);
		put_hex(arena, object, STR("kept"), &kept);
	}
	return object;
}

bool casebook_words_own(struct casebook_reader *reader, struct arena *arena,
                        const struct casebook_answer *answer, const struct json *words,
                        struct json **out, struct err *err)
{
	CLEANUP(making_finish) struct making making = { 0 };
	const struct json *sealed = NULL;
	const struct log_part *parts;
	struct log_header header;
	struct hash salt;
	size_t count = 0;
	bool is_gone, has_salt = false;
	*out = json_array(arena);
	buf_init(&making.header, LOG_HEADER_MAX);
	if (!is_own(reader, answer, &making, err) ||
	    !reader_open_claim(reader, answer->index, arena, &header, &is_gone, &sealed, err) ||
	    !reader_sealed_salt(reader, answer->index, &salt, &has_salt, err))
		return false;
	if (sealed && has_salt && !log_parts_cut(arena, sealed, &parts, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		json_push(*out, part_object(reader, arena, &salt, &parts[i],
		                            is_listed(words, sealed, parts[i].field)));
	vault_wipe(&salt, sizeof salt);
	return json_complete(*out) || rows_too_long(err);
}

/* By a receipt of its own, judged as anybody's would be: what fits no proof is an answer. */
bool reader_proved_entry(struct casebook_reader *reader, struct arena *arena, int64_t entry,
                         struct log_header *header, struct str *plain, bool *is_proved,
                         struct err *err)
{
	CLEANUP(making_finish) struct making making = { 0 };
	const struct log_policy *policy;
	struct log_receipt_found found;
	struct str receipt;
	struct err why = { 0 };
	*is_proved = false;
	buf_init(&making.header, LOG_HEADER_MAX);
	buf_init(&making.note, NOTE_MAX);
	if (!read_entry(reader, entry, &making, &why) ||
	    !read_signed(reader, entry, &making, &why) ||
	    !write_receipt(reader, arena, entry, &making, &making.plain_salt, NULL, &receipt, &why))
		return why.code != ERR_UNABLE || err_set(err, why.code, "%s", why.message);
	if (!read_plain(reader, arena, entry, plain, err) ||
	    !log_policy_of_key(arena, casebook_vkey(reader->book), &policy, err))
		return false;
	struct str pieces[3] = { STR("{\"plain\":"), *plain, STR("}") };
	struct str told = arena_join(arena, pieces, 3);
	if (!told.p)
		return rows_too_long(err);
	if (!log_receipt_check(reader->hasher, arena, receipt, policy, &told, &found, err))
		return false;
	*header = found.header;
	*is_proved = found.result == LOG_RECEIPT_SIGNED;
	return true;
}

bool casebook_root(struct casebook_reader *reader, int64_t size, struct hash *out, struct err *err)
{
	CLEANUP(log_reader_cleanup) struct log_reader *tiles = NULL;
	return log_reader_create(reader->store, &tiles, err) &&
	       log_reader_root(tiles, size, out, err);
}
