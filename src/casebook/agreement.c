/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Agreements with mirrors. They are read from the log alone: the entry that made one is proved by
 * the log's own key before anything is given, so that nobody who writes the database makes one.
 */
#include "casebook/agreement.h"

#include "casebook/credential.h"
#include "casebook/query.h"
#include "casebook/rows.h"

#define PLAIN_DEPTH 8

/* By entry_file(file, kind, idx): agreements are few. */
static const char AGREED_SQL[] =
	"SELECT idx FROM entry WHERE file = 0 AND kind = 'mirror.agreed' AND plain IS NOT NULL"
	" ORDER BY idx";
static const char ENDED_SQL[] =
	"SELECT plain FROM entry WHERE file = 0 AND kind = 'mirror.ended' AND idx > ?1"
	" AND plain IS NOT NULL";
/* By the primary key. */
static const char IS_AGREED_SQL[] =
	"SELECT 1 FROM entry WHERE idx = ?1 AND file = 0 AND kind = 'mirror.agreed'";
static const char GIVEN_SQL[] =
	"SELECT idx, header, nonce, plain FROM entry WHERE idx >= ?1 AND idx < ?2 ORDER BY idx LIMIT ?3";
static const char RULES_SQL[] = "SELECT text FROM pack WHERE n = ?1";

bool casebook_agreement_secret(struct casebook *book, struct arena *arena,
                               char secret[CASEBOOK_SECRET_TEXT + 1], struct str *kept,
                               struct err *err)
{
	struct hash sum;
	if (!secret_make(book, secret, &sum, err))
		return false;
	*kept = hash_hex(arena, &sum);
	return kept->p || err_set(err, ERR_UNABLE, "There is no memory for an agreement");
}

static bool was_ended(struct store *store, struct arena *arena, int64_t entry, bool *ended,
                      struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	*ended = false;
	if (!store_prepare(store, ENDED_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, entry);
	while (!*ended) {
		const struct json *plain;
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!json_read(arena, arena_copy(arena, store_str(rows, 0)), PLAIN_DEPTH, &plain,
		               err))
			return false;
		*ended = json_number(plain, STR("of"), -1) == entry;
	}
	return true;
}

bool agreement_stands(struct store *store, struct arena *arena, int64_t entry, bool *stands,
                      struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	bool ended;
	if (!store_prepare(store, IS_AGREED_SQL, &found, err))
		return false;
	store_bind_int(found, 1, entry);
	enum store_step step = store_step(found, err);
	*stands = step == STORE_ROW;
	if (!*stands)
		return step == STORE_DONE;
	if (!was_ended(store, arena, entry, &ended, err))
		return false;
	*stands = !ended;
	return true;
}

/* One agreement, and the sum of its secret. *is_proved false: the log knows none there. */
static bool read_one(struct casebook_reader *reader, struct arena *arena, int64_t entry,
                     struct casebook_agreement *out, struct str *sum, bool *is_proved,
                     struct err *err)
{
	struct log_header header;
	const struct json *plain;
	struct str text;
	bool ended;
	if (!reader_proved_entry(reader, arena, entry, &header, &text, is_proved, err))
		return false;
	*is_proved = *is_proved && str_eq(header.kind, STR("mirror.agreed"));
	if (!*is_proved)
		return true;
	if (!json_read(arena, text, PLAIN_DEPTH, &plain, err) ||
	    !was_ended(reader->store, arena, entry, &ended, err))
		return false;
	*out = (struct casebook_agreement){ .entry = entry,
		                            .name = json_text(plain, STR("name")),
		                            .made = header.recorded };
	*sum = json_text(plain, STR("secret"));
	if (!instant_read(json_text(plain, STR("until")), &out->until))
		return err_set(err, ERR_FAULT, "entry %" PRId64 " agrees without an end", entry);
	out->state = CASEBOOK_AGREEMENT_LIVE;
	if (out->until <= casebook_now(reader->book))
		out->state = CASEBOOK_AGREEMENT_LAPSED;
	if (ended)
		out->state = CASEBOOK_AGREEMENT_ENDED;
	return true;
}

static bool list_entries(struct casebook_reader *reader, struct rows *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	return store_prepare(reader->store, AGREED_SQL, &rows, err) &&
	       rows_of_ids(out, out->arena, rows, err);
}

bool casebook_agreements(struct casebook_reader *reader, struct arena *arena,
                         const struct casebook_agreement **out, size_t *count, struct err *err)
{
	struct rows entries = { .arena = arena, .size = sizeof(int64_t) };
	struct rows found = { .arena = arena, .size = sizeof(struct casebook_agreement) };
	if (!list_entries(reader, &entries, err))
		return false;
	for (size_t i = 0; i < entries.count; i++) {
		struct casebook_agreement one, *kept;
		struct str sum;
		bool is_proved;
		if (!read_one(reader, arena, rows_id(&entries, i), &one, &sum, &is_proved, err))
			return false;
		if (!is_proved)
			continue;
		if (!(kept = rows_add(&found)))
			return rows_too_long(err);
		*kept = one;
	}
	*out = found.at;
	*count = found.count;
	return true;
}

static bool no_such_agreement(struct err *err)
{
	return err_set(err, ERR_ABSENT, "This opens nothing: there is no such agreement now");
}

bool casebook_agreement_get(struct casebook_reader *reader, struct arena *arena, struct str secret,
                            struct casebook_agreement *out, struct err *err)
{
	struct rows entries = { .arena = arena, .size = sizeof(int64_t) };
	struct hash kept;
	struct err why = { 0 };
	if (!casebook_fits(reader->book, err))
		return false;
	if (!secret_hash(reader->book, secret, &kept, &why)) {
		*err = why;
		return why.code == ERR_ABSENT ? no_such_agreement(err) : false;
	}
	struct str hex = hash_hex(arena, &kept);
	if (!hex.p)
		return rows_too_long(err);
	if (!list_entries(reader, &entries, err))
		return false;
	for (size_t i = entries.count; i-- > 0;) {
		struct str sum;
		bool is_proved;
		if (!read_one(reader, arena, rows_id(&entries, i), out, &sum, &is_proved, err))
			return false;
		if (is_proved && str_eq(sum, hex))
			return out->state == CASEBOOK_AGREEMENT_LIVE || no_such_agreement(err);
	}
	return no_such_agreement(err);
}

/* --- what is given --------------------------------------------------------------------------- */

static bool fill_given(struct casebook_reader *reader, struct arena *arena, struct store_stmt *row,
                       struct casebook_given *out, struct err *err)
{
	uint8_t nonce[LOG_NONCE_SIZE];
	struct str kept = store_blob(row, 2);
	bool lost = false;
	*out = (struct casebook_given){ .index = store_int(row, 0) };
	if (store_is_null(row, 1) || kept.n != sizeof nonce)
		return true;
	memcpy(nonce, kept.p, sizeof nonce);
	out->opener = log_opener(reader->hasher, nonce);
	out->plain_salt = log_plain_salt(reader->hasher, nonce);
	vault_wipe(nonce, sizeof nonce);
	out->header = arena_copy(arena, store_blob(row, 1));
	out->plain = row_text(arena, row, 3, &lost);
	return (!lost && out->header.p) || rows_too_long(err);
}

bool casebook_given(struct casebook_reader *reader, const struct casebook_agreement *agreement,
                    int64_t from, struct arena *arena, const struct casebook_given **out,
                    size_t *count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_given) };
	struct str note;
	int64_t published;
	size_t bytes = 0;
	bool failed = false;
	if (agreement->state != CASEBOOK_AGREEMENT_LIVE)
		return no_such_agreement(err);
	if (!casebook_log_checkpoint(reader, arena, &published, &note, err) ||
	    !store_prepare(reader->store, GIVEN_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, from);
	store_bind_int(stmt, 2, published);
	store_bind_int(stmt, 3, CASEBOOK_GIVEN_MAX);
	while (bytes < CASEBOOK_GIVEN_BYTES) {
		struct casebook_given *given = rows_next(&rows, stmt, &failed, err);
		if (!given)
			break;
		if (!fill_given(reader, arena, stmt, given, err))
			return false;
		bytes += given->plain.n;
	}
	if (failed)
		return false;
	*out = rows.at;
	*count = rows.count;
	return rows.count > 0 || err_set(err, ERR_ABSENT, "No entry is published from there on");
}

bool casebook_given_rules(struct casebook_reader *reader,
                          const struct casebook_agreement *agreement, int64_t n,
                          struct arena *arena, struct str *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (agreement->state != CASEBOOK_AGREEMENT_LIVE)
		return no_such_agreement(err);
	if (!store_prepare(reader->store, RULES_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, n);
	enum store_step step = store_step(stmt, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return err_set(err, ERR_ABSENT, "So many rules were not adopted");
	*out = arena_copy(arena, store_blob(stmt, 0));
	return out->p || rows_too_long(err);
}
