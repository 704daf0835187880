/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * How far an entry's receipt has come: whom this register asks to countersign
 * (DIR/policy), whether their quorum did, and what is promised until they have.
 */
#include "casebook/query.h"

#include "casebook/quorum.h"
#include "casebook/readings.h"
#include "casebook/rows.h"

#define LATELY 64 /* checkpoints that are looked through */

/* A line for each key of this log that `text` does not name, then the text: a receipt is good under
 * whichever of them signed it. */
static bool with_own_keys(const struct casebook *book, struct arena *arena, struct str *text,
                          struct err *err)
{
	const struct casebook_key *keys;
	size_t count;
	struct buf all;
	if (!casebook_keys(book, arena, &keys, &count, err))
		return false;
	buf_init(&all, 2 * LOG_POLICY_MAX);
	for (size_t i = count > LOG_POLICY_LOGS_MAX / 2 ? count - LOG_POLICY_LOGS_MAX / 2 : 0;
	     i < count; i++) {
		if (str_find_str(*text, keys[i].vkey) == text->n)
			buf_format(&all, "log %.*s\n", STR_ARG(keys[i].vkey));
	}
	buf_add(&all, *text);
	*text = arena_copy(arena, buf_str(&all));
	buf_finish(&all);
	return text->p || rows_too_long(err);
}

bool quorum_policy(const struct casebook *book, struct arena *arena, struct str *text,
                   const struct log_policy **out, struct err *err)
{
	const char *path = file_join(arena, casebook_dir(book), "policy");
	if (!path)
		return rows_too_long(err);
	if (!file_read(arena, path, LOG_POLICY_MAX, text, err)) {
		if (err->code != ERR_ABSENT)
			return false;
		*err = (struct err){ 0 };
		*text = STR("quorum none\n");
	}
	return with_own_keys(book, arena, text, err) &&
	       (log_policy_read(arena, *text, out, err) || err_context(err, "%s", path));
}

bool casebook_policy(struct casebook_reader *reader, struct arena *arena, struct str *text,
                     const struct log_policy **out, struct err *err)
{
	return quorum_policy(reader->book, arena, text, out, err);
}

bool quorum_lines(struct arena *arena, struct str text, const struct log_policy *policy,
                  struct log_verified *out, struct err *err)
{
	struct log_note note;
	struct err why = { 0 };
	size_t count;
	const struct log_vkey *keys = log_policy_keys(policy, &count);
	*out = (struct log_verified){ 0 };
	return log_note_read(arena, text, &note, err) &&
	       (log_note_verify(&note, keys, count, out, &why) || why.code == ERR_INPUT ||
	        err_set(err, why.code, "%s", why.message));
}

/* Whether a checkpoint that was published reaches the entry, and who signed the newest. */
static bool read_signers(struct casebook_reader *reader, struct arena *arena, int64_t entry,
                         const struct log_policy *policy, struct log_verified *out, bool *reaches,
                         struct err *err)
{
	struct str text;
	struct err why = { 0 };
	int64_t size;
	*out = (struct log_verified){ 0 };
	*reaches = false;
	if (!log_published_newest(reader->store, arena, &size, &text, &why))
		return why.code == ERR_ABSENT || err_set(err, why.code, "%s", why.message);
	*reaches = size > entry;
	return quorum_lines(arena, text, policy, out, err);
}

static bool put_witnesses(struct arena *arena, const struct log_verified *signers,
                          struct casebook_grade *out, struct err *err)
{
	struct str *names = arena_alloc(arena, signers->count + 1, sizeof *names);
	if (!names)
		return rows_too_long(err);
	for (size_t i = 0; i < signers->count; i++) {
		if (signers->at[i].key->type == LOG_KEY_WITNESS)
			names[out->witness_count++] = signers->at[i].key->name;
	}
	out->witnesses = names;
	return true;
}

static bool read_leaf(struct casebook_reader *reader, int64_t entry, struct log_promise *out,
                      struct err *err)
{
	CLEANUP(buf_finish) struct buf bytes = { 0 };
	struct log_header header;
	struct hash opener, plain_salt;
	buf_init(&bytes, LOG_HEADER_MAX);
	if (!reader_entry_opened(reader, entry, &bytes, &header, &opener, &plain_salt, err))
		return false;
	vault_wipe(&plain_salt, sizeof plain_salt);
	struct hash commitment = log_commitment(reader->hasher, &opener, buf_str(&bytes));
	out->leaf = log_leaf_hash(reader->hasher, &commitment);
	out->recorded = header.recorded;
	return true;
}

bool casebook_promise_key(struct casebook *book, struct log_signer **out, struct err *err)
{
	uint8_t seed[VAULT_KEY_SIZE];
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)1 << 12);
	struct str name = arena ? log_promise_key_name(arena, casebook_origin(book)) : STR_NONE;
	if (!name.p)
		return rows_too_long(err);
	vault_promise_seed(book->vault, seed);
	bool done = log_signer_create(name, LOG_KEY_LOG, seed, out, err);
	vault_wipe(seed, sizeof seed);
	return done;
}

static bool promise(struct casebook_reader *reader, struct arena *arena, int64_t entry,
                    struct casebook_grade *out, struct err *err)
{
	CLEANUP(log_signer_cleanup) struct log_signer *signer = NULL;
	struct log_promise made = { .origin = casebook_origin(reader->book), .index = entry };
	struct buf note;
	if (!read_leaf(reader, entry, &made, err) ||
	    !casebook_promise_key(reader->book, &signer, err))
		return false;
	made.by = made.recorded +
	          casebook_limit(reader->book, STR("publish.promise")) * INSTANT_PER_SECOND;
	buf_init(&note, LOG_PROMISE_MAX);
	bool done = log_promise_write(&note, &made, signer, err);
	if (done) {
		out->promise = arena_copy(arena, buf_str(&note));
		out->promised = made.by;
	}
	buf_finish(&note);
	return done && (out->promise.p || rows_too_long(err));
}

bool casebook_grade(struct casebook_reader *reader, struct arena *arena, int64_t entry,
                    struct casebook_grade *out, struct err *err)
{
	struct log_verified *signers = arena_alloc(arena, 1, sizeof *signers);
	const struct log_policy *policy;
	struct str text;
	bool reaches;
	*out = (struct casebook_grade){ 0 };
	if (!signers)
		return rows_too_long(err);
	if (!casebook_policy(reader, arena, &text, &policy, err) ||
	    !read_signers(reader, arena, entry, policy, signers, &reaches, err))
		return false;
	out->asks_witnesses = log_policy_asks_witnesses(policy);
	bool is_met = reaches && log_policy_is_met(policy, signers);
	out->is_witnessed = is_met && out->asks_witnesses;
	if (reaches && !put_witnesses(arena, signers, out, err))
		return false;
	return is_met || promise(reader, arena, entry, out, err);
}

/* --- who countersigned lately ---------------------------------------------------------------- */

/* By the primary key, backwards. */
static const char LATELY_SQL[] = "SELECT size, note FROM published ORDER BY size DESC LIMIT ?1";

static bool name_witnesses(struct arena *arena, const struct log_policy *policy,
                           struct casebook_witnesses *out, struct err *err)
{
	out->count = log_policy_witness_count(policy);
	out->at = arena_alloc(arena, out->count + 1, sizeof *out->at);
	if (!out->at)
		return rows_too_long(err);
	for (size_t i = 0; i < out->count; i++)
		out->at[i] = (struct casebook_witness){ log_policy_witness_name(policy, i), 0, -1 };
	out->asks = log_policy_asks_witnesses(policy);
	out->quorum_size = -1;
	return true;
}

/* Witnesses' keys come behind the logs', in the order of their names. */
static void note_signers(const struct log_policy *policy, const struct log_verified *signers,
                         int64_t size, struct casebook_witnesses *out)
{
	size_t count;
	const struct log_vkey *keys = log_policy_keys(policy, &count);
	size_t first = count - out->count;
	for (size_t i = 0; i < signers->count; i++) {
		size_t at = (size_t)(signers->at[i].key - keys);
		if (at < first || out->at[at - first].size >= 0)
			continue;
		out->at[at - first].size = size;
		out->at[at - first].signed_at = signers->at[i].time * INSTANT_PER_SECOND;
	}
	if (out->quorum_size < 0 && out->asks && log_policy_is_met(policy, signers))
		out->quorum_size = size;
}

/* Whether nothing older could tell more. */
static bool is_all_told(const struct casebook_witnesses *all)
{
	if (all->published < 0 || (all->asks && all->quorum_size < 0))
		return false;
	for (size_t i = 0; i < all->count; i++)
		if (all->at[i].size < 0)
			return false;
	return true;
}

/* When the newest entry below a size was recorded; 0: there is none, or it was destroyed. */
static bool recorded_below(struct casebook_reader *reader, int64_t size, instant *out,
                           struct err *err)
{
	static const char HEADER_SQL[] =
		"SELECT header FROM entry WHERE idx = ?1"; /* primary key */
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct log_header header;
	*out = 0;
	if (size <= 0)
		return true;
	if (!store_prepare(reader->store, HEADER_SQL, &found, err))
		return false;
	store_bind_int(found, 1, size - 1);
	enum store_step step = store_step(found, err);
	if (step != STORE_ROW || store_is_null(found, 0))
		return step != STORE_FAILED;
	if (!log_header_read(store_blob(found, 0), &header, err))
		return false;
	*out = header.recorded;
	return true;
}

bool casebook_witnesses(struct casebook_reader *reader, struct arena *arena,
                        struct casebook_witnesses *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct log_verified *signers = arena_alloc(arena, 1, sizeof *signers);
	const struct log_policy *policy;
	struct str text;
	enum store_step step = STORE_ROW;
	*out = (struct casebook_witnesses){ .published = -1 };
	if (!signers)
		return rows_too_long(err);
	if (!casebook_policy(reader, arena, &text, &policy, err) ||
	    !name_witnesses(arena, policy, out, err) ||
	    !store_prepare(reader->store, LATELY_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, out->count ? LATELY : 1);
	while (!is_all_told(out) && (step = store_step(stmt, err)) == STORE_ROW) {
		int64_t size = store_int(stmt, 0);
		out->published = out->published < 0 ? size : out->published;
		if (!quorum_lines(arena, arena_copy(arena, store_str(stmt, 1)), policy, signers,
		                  err))
			return false;
		note_signers(policy, signers, size, out);
	}
	return step != STORE_FAILED &&
	       recorded_below(reader, out->published, &out->published_at, err) &&
	       recorded_below(reader, out->quorum_size, &out->quorum_at, err);
}
