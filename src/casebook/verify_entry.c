/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What stands behind an entry: its seal, the readings it sealed, the pack it adopted, a key it
 * destroyed. */
#include "casebook/verify.h"

#define READING_MAX ((size_t)16 << 10)

/* By the primary key. */
static const char READINGS_SQL[] =
	"SELECT n, account, office, session, file, highest, minute, purpose, sealed_in FROM reading"
	" WHERE n >= ?1 AND n <= ?2 ORDER BY n";
static const char PACK_SQL[] = "SELECT entry, hash, text FROM pack WHERE n = ?1";
/* By entry_file(file, kind, idx). */
static const char DESTROYED_SQL[] =
	"SELECT 1 FROM entry WHERE file = ?1 AND kind = 'file.destroyed'";

/* --- seals ---------------------------------------------------------------------------------- */

/* Objects stand in sealed fields of type attachment: one, or a list of them. */
static bool check_objects(struct verify *verify, const struct verify_entry *entry,
                          const struct json *value, struct err *err)
{
	if (value->type == JSON_OBJECT && json_text(value, STR("object")).p &&
	    json_text(value, STR("key")).p)
		return verify_object(verify, entry, value, err);
	if (value->type != JSON_OBJECT && value->type != JSON_ARRAY)
		return true;
	for (const struct json *child = value->first; child; child = child->next) {
		if (!check_objects(verify, entry, child, err))
			return false;
	}
	return true;
}

static bool check_words(struct verify *verify, const struct verify_entry *entry, struct str inside,
                        struct err *err)
{
	const struct json *sealed = NULL;
	struct hash hash;
	struct err why = { 0 };
	arena_reset(verify->scratch);
	bool fits = inside.n > LOG_NONCE_SIZE &&
	            json_read_own(verify->scratch, str_sub(inside, LOG_NONCE_SIZE, inside.n), 8,
	                          &sealed, &why) &&
	            log_sealed_hash(verify->hasher, verify->scratch, sealed,
	                            (const uint8_t *)inside.p, &hash, &why);
	if (!fits && why.code == ERR_UNABLE) {
		*err = why;
		return false;
	}
	if (!fits || !hash_eq(&hash, &entry->header.sealed))
		return verify_differs(verify, "entry.sealed", entry->index,
		                      "Entry %" PRId64
		                      ": its words are not those that were committed to",
		                      entry->index);
	return check_objects(verify, entry, sealed, err);
}

static bool is_destroyed(struct verify *verify, int64_t file, bool *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (!store_prepare(verify->store, DESTROYED_SQL, &found, err))
		return false;
	store_bind_int(found, 1, file);
	enum store_step step = store_step(found, err);
	*out = step == STORE_ROW;
	return step != STORE_FAILED;
}

/* Why a box did not open: another box, no key, or a key that may be gone. */
static bool closed_box(struct verify *verify, const struct verify_entry *entry,
                       const struct err *why, struct err *err)
{
	enum vault_slot state;
	bool is_meant;
	if (why->code == ERR_INPUT)
		return verify_differs(verify, "entry.sealed", entry->index,
		                      "Entry %" PRId64 ": its sealed words do not open: %s",
		                      entry->index, why->message);
	if (!vault_slot_state(verify->vault, entry->file, &state, err))
		return false;
	switch (state) {
	case VAULT_SLOT_PRESENT:
		break;
	case VAULT_SLOT_DESTROYED:
		if (!is_destroyed(verify, entry->file, &is_meant, err))
			return false;
		return is_meant ||
		       verify_differs(verify, "keys.slot", entry->index,
		                      "Slot %" PRId64 ": key missing, and no entry says that it was"
		                      " destroyed",
		                      entry->file);
	case VAULT_SLOT_MISSING:
		return verify_differs(verify, "keys.slot", entry->index,
		                      "Slot %" PRId64 ": key missing", entry->file);
	case VAULT_SLOT_DAMAGED:
		return verify_differs(verify, "keys.slot", entry->index,
		                      "Slot %" PRId64 ": key altered", entry->file);
	}
	*err = *why;
	return false;
}

static bool check_seal(struct verify *verify, const struct verify_entry *entry, struct err *err)
{
	CLEANUP(vault_secret_finish) struct vault_secret secret = { 0 };
	struct err why = { 0 };
	if (!vault_open_box(verify->vault, entry->file, id_str(&entry->header.file), entry->index,
	                    entry->sealed, &secret, &why))
		return closed_box(verify, entry, &why, err);
	return check_words(verify, entry, vault_secret_str(&secret), err);
}

/* --- readings ------------------------------------------------------------------------------- */

struct batch {
	int64_t first;
	int64_t last;
	int64_t count;
	struct str root;
};

static bool check_batch(struct verify *verify, const struct verify_entry *entry,
                        const struct batch *batch, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	CLEANUP(buf_finish) struct buf text = { 0 };
	struct log_frontier frontier = { 0 };
	struct hash wanted;
	if (!store_prepare(verify->store, READINGS_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, batch->first);
	store_bind_int(rows, 2, batch->last);
	buf_init(&text, READING_MAX);
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		if (store_int(rows, 8) != entry->index)
			return verify_differs(verify, "reading.sealed_in", entry->index,
			                      "Reading %" PRId64 " was sealed in entry %" PRId64,
			                      store_int(rows, 0), entry->index);
		buf_clear(&text);
		reading_text(&text, rows);
		struct str pieces[2] = { STR("candour/reading/v1\n"), buf_str(&text) };
		struct hash leaf = hasher_of(verify->hasher, pieces, 2);
		log_frontier_append(verify->hasher, &frontier, &leaf);
	}
	if ((int64_t)frontier.size != batch->count)
		return verify_differs(verify, "reading.n", entry->index,
		                      "Entry %" PRId64 " sealed %" PRId64
		                      " readings, and there are %" PRIu64,
		                      entry->index, batch->count, frontier.size);
	struct hash root = log_frontier_root(verify->hasher, &frontier);
	return (hash_read_hex(batch->root, &wanted) && hash_eq(&root, &wanted)) ||
	       verify_differs(verify, "reading.account", entry->index,
	                      "Of the readings %" PRId64 " to %" PRId64
	                      " one is not as entry %" PRId64 " sealed it",
	                      batch->first, batch->last, entry->index);
}

static bool check_readings(struct verify *verify, const struct verify_entry *entry, struct err *err)
{
	const struct json *plain;
	if (!verify_plain(verify, entry, &plain, err))
		return false;
	struct batch batch = { .first = json_number(plain, STR("first"), -1),
		               .last = json_number(plain, STR("last"), -1),
		               .count = json_number(plain, STR("count"), -1),
		               .root = json_text(plain, STR("root")) };
	if (batch.first <= verify->readings_last || batch.last < batch.first || batch.count < 1)
		return verify_differs(verify, "entry.plain", entry->index,
		                      "Entry %" PRId64 " seals readings that were sealed already",
		                      entry->index);
	verify->readings_last = batch.last;
	verify->readings += batch.count;
	return check_batch(verify, entry, &batch, err);
}

/* --- packs ---------------------------------------------------------------------------------- */

static bool check_pack(struct verify *verify, const struct verify_entry *entry, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	const struct json *plain;
	struct hash wanted;
	int64_t n = ++verify->adopted;
	if (!verify_plain(verify, entry, &plain, err) ||
	    !store_prepare(verify->store, PACK_SQL, &row, err))
		return false;
	store_bind_int(row, 1, n);
	enum store_step step = store_step(row, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return verify_differs(verify, "pack.n", entry->index, "Pack %" PRId64 " is gone",
		                      n);
	if (store_int(row, 0) != entry->index)
		return verify_differs(verify, "pack.entry", entry->index,
		                      "Pack %" PRId64 " was adopted by entry %" PRId64, n,
		                      entry->index);
	if (!hash_read_hex(json_text(plain, STR("hash")), &wanted))
		return verify_differs(verify, "entry.plain", entry->index,
		                      "Entry %" PRId64 " names no pack", entry->index);
	if (!str_eq(store_blob(row, 1), hash_str(&wanted)))
		return verify_differs(verify, "pack.hash", entry->index,
		                      "Pack %" PRId64 ": its hash is not the one adopted", n);
	struct hash hash = hash_of(store_blob(row, 2));
	return hash_eq(&hash, &wanted) ||
	       verify_differs(verify, "pack.text", entry->index,
	                      "Pack %" PRId64 " is not the one adopted", n);
}

/* --- keys ----------------------------------------------------------------------------------- */

static bool check_key_gone(struct verify *verify, const struct verify_entry *entry, struct err *err)
{
	enum vault_slot state;
	verify->destroyed++;
	if (!vault_slot_state(verify->vault, entry->file, &state, err))
		return false;
	return state == VAULT_SLOT_DESTROYED ||
	       verify_differs(verify, "keys.slot", entry->index,
	                      "Slot %" PRId64 ": entry %" PRId64
	                      " says that its key was destroyed, and it is there",
	                      entry->file, entry->index);
}

bool verify_entry_whole(struct verify *verify, const struct verify_entry *entry, struct err *err)
{
	static const struct {
		struct str kind;
		bool (*check)(struct verify *verify, const struct verify_entry *entry,
		              struct err *err);
	} checks[] = {
		{ { "readings.sealed", 15 }, check_readings },
		{ { "pack.adopted", 12 }, check_pack },
		{ { "file.destroyed", 14 }, check_key_gone },
	};
	if (entry->header.is_sealed && !check_seal(verify, entry, err))
		return false;
	for (size_t i = 0; i < COUNT_OF(checks); i++) {
		if (str_eq(entry->header.kind, checks[i].kind))
			return checks[i].check(verify, entry, err);
	}
	return true;
}
