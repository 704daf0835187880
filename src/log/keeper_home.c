/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A keeper's folder: whom it trusts, what it holds, what it found. */
#include <stdio.h>
#include <stdlib.h>

#include "log/keeper_parts.h"

#define KEYS_BYTES ((size_t)8 << 10)
#define ALARM_BYTES ((size_t)64 << 10)
#define DISPOSE_AT_ONCE 256

/* --- state ---------------------------------------------------------------------------------- */

static const char GET_SQL[] = "SELECT value FROM state WHERE name = ?1";

static bool put_state(struct store *store, struct str name, struct str value, struct err *err)
{
	static const char PUT_SQL[] = "INSERT INTO state (name, value) VALUES (?1, ?2)"
				      " ON CONFLICT (name) DO UPDATE SET value = ?2";
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(store, PUT_SQL, &put, err))
		return false;
	store_bind_str(put, 1, name);
	store_bind_blob(put, 2, value);
	return store_do(put, err);
}

/* "ID NEXT", or nothing. */
bool keeper_piece_write(struct store *store, const struct keeper_piece *piece, struct err *err)
{
	char text[KEEPER_OBJECT_MAX + 32] = "";
	int n = 0;
	if (piece->n)
		n = snprintf(text, sizeof text, "%.*s %" PRId64, (int)piece->n, piece->object,
		             piece->next);
	return put_state(store, STR("piece"), (struct str){ text, n > 0 ? (size_t)n : 0 }, err);
}

static bool piece_read(struct store *store, struct keeper_piece *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	uint64_t next = 0;
	*out = (struct keeper_piece){ .n = 0 };
	if (!store_prepare(store, GET_SQL, &found, err))
		return false;
	store_bind_str(found, 1, STR("piece"));
	enum store_step step = store_step(found, err);
	struct str text = step == STORE_ROW ? store_blob(found, 0) : STR("");
	size_t blank = str_find(text, ' ');
	if (blank < text.n && blank <= KEEPER_OBJECT_MAX &&
	    str_to_u64(str_sub(text, blank + 1, text.n), INT64_MAX, &next)) {
		memcpy(out->object, text.p, blank);
		out->n = blank;
		out->next = (int64_t)next;
	}
	return step != STORE_FAILED;
}

bool keeper_state_write(struct store *store, struct str name, const struct log_frontier *frontier,
                        struct err *err)
{
	char bytes[8 + COUNT_OF(frontier->at) * HASH_SIZE];
	for (size_t i = 0; i < 8; i++)
		bytes[i] = (char)(unsigned char)(frontier->size >> (56 - 8 * i));
	memcpy(bytes + 8, frontier->at, frontier->count * HASH_SIZE);
	return put_state(store, name, (struct str){ bytes, 8 + frontier->count * HASH_SIZE }, err);
}

static bool state_read(struct store *store, struct str name, struct log_frontier *out,
                       struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	*out = (struct log_frontier){ 0 };
	if (!store_prepare(store, GET_SQL, &found, err))
		return false;
	store_bind_str(found, 1, name);
	enum store_step step = store_step(found, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	struct str bytes = store_blob(found, 0);
	for (size_t i = 0; i < 8 && i < bytes.n; i++)
		out->size = out->size << 8 | (unsigned char)bytes.p[i];
	out->count = (size_t)__builtin_popcountll(out->size);
	if (bytes.n != 8 + out->count * HASH_SIZE)
		return err_set(err, ERR_INPUT, "The copy is damaged: its state cannot be read");
	memcpy(out->at, bytes.p + 8, out->count * HASH_SIZE);
	return true;
}

static bool delete_from(struct store *store, const char *sql, int64_t size, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *drop = NULL;
	if (!store_prepare(store, sql, &drop, err))
		return false;
	store_bind_int(drop, 1, size);
	return store_do(drop, err);
}

bool keeper_go_back(struct log_keeper *keeper, struct err *err)
{
	static const char *const PAST_SQL[] = {
		"DELETE FROM entry WHERE idx >= ?1",
		"DELETE FROM file WHERE first >= ?1",
		"DELETE FROM mark WHERE entry >= ?1",
		"DELETE FROM signed WHERE size > ?1",
		"DELETE FROM published WHERE size > ?1",
		"DELETE FROM dark WHERE entry >= ?1",
		"DELETE FROM piece WHERE object NOT IN (SELECT id FROM object WHERE entry < ?1)",
		"DELETE FROM object WHERE entry >= ?1",
	};
	if (!store_begin(keeper->store, err))
		return false;
	const struct keeper_piece none = { .n = 0 };
	bool done = keeper_state_write(keeper->store, STR("now"), &keeper->proved, err) &&
	            keeper_piece_write(keeper->store, &none, err);
	for (size_t i = 0; done && i < COUNT_OF(PAST_SQL); i++)
		done = delete_from(keeper->store, PAST_SQL[i], (int64_t)keeper->proved.size, err);
	if (!done) {
		store_abort(keeper->store);
		return false;
	}
	keeper->is_broken = !store_commit(keeper->store, err);
	if (keeper->is_broken)
		return false;
	keeper->now = keeper->proved;
	keeper->piece = none;
	return true;
}

/* --- disposal ------------------------------------------------------------------------------- */

/* Files whose key is to go and is there. */
static bool find_due(struct log_keeper *keeper, int64_t due[DISPOSE_AT_ONCE], size_t *count,
                     struct err *err)
{
	static const char DESTROYED_SQL[] =
		"SELECT DISTINCT file FROM mark WHERE sort = 'destroyed' AND entry < ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step = STORE_DONE;
	*count = 0;
	if (!store_prepare(keeper->store, DESTROYED_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, (int64_t)keeper->proved.size);
	while (*count < DISPOSE_AT_ONCE && (step = store_step(rows, err)) == STORE_ROW) {
		bool has;
		if (!vault_copied_has(keeper->slots, store_int(rows, 0), &has, err))
			return false;
		if (has && store_int(rows, 0) > 0)
			due[(*count)++] = store_int(rows, 0);
	}
	return step != STORE_FAILED;
}

bool keeper_dispose(struct log_keeper *keeper, struct err *err)
{
	int64_t due[DISPOSE_AT_ONCE];
	size_t count;
	do {
		if (!find_due(keeper, due, &count, err) ||
		    !vault_copied_destroy(keeper->slots, due, count, err))
			return false;
	} while (count == DISPOSE_AT_ONCE);
	return true;
}

/* --- alarms --------------------------------------------------------------------------------- */

static void keep_evidence(struct log_keeper *keeper, struct arena *arena, struct str note)
{
	struct err ignored = { 0 };
	const struct str *names;
	size_t count = 0;
	struct hash hash = hash_of(note);
	struct str hex = hash_hex(arena, &hash);
	const char *folder = file_join(arena, keeper->dir, "evidence");
	const char *path = folder && hex.p ? file_join(arena, folder, hex.p) : NULL;
	if (!path || !note.n || file_exists(path))
		return;
	if (!file_list(arena, folder, &names, &count, &ignored) || count >= KEEPER_EVIDENCE_MAX ||
	    !file_write(path, 0600, note, &ignored))
		journal_write(JOURNAL_ERROR, "keeper: evidence cannot be kept (%s)",
		              ignored.message);
}

void keeper_alarm_keep(struct log_keeper *keeper, struct arena *arena, enum log_keeper_alarm alarm,
                       struct str words, struct str note, instant now)
{
	struct err ignored = { 0 };
	struct str before = STR("");
	struct str word = log_keeper_alarm_word(alarm), at = instant_write(arena, now);
	const char *path = file_join(arena, keeper->dir, "alarm");
	keeper->has_alarmed = true;
	journal_write(JOURNAL_ERROR, "keeper: alarm %.*s: %.*s", STR_ARG(word), STR_ARG(words));
	if (!path)
		return;
	if (!file_read(arena, path, ALARM_BYTES, &before, &ignored))
		before = STR(""); /* the first */
	/* The first ones tell most; the same again tells nothing. */
	struct str same = arena_format(arena, "%.*s: %.*s", STR_ARG(word), STR_ARG(words));
	if (before.n < ALARM_BYTES / 2 && str_find_str(before, words) == before.n) {
		struct str text = arena_format(arena, "%.*s%.*s (%.*s)\n", STR_ARG(before),
		                               STR_ARG(same), STR_ARG(at));
		if (!text.p || !file_write(path, 0600, text, &ignored))
			journal_write(JOURNAL_ERROR, "keeper: the alarm cannot be kept (%s)",
			              ignored.message);
	}
	keep_evidence(keeper, arena, note);
}

/* --- the folder ----------------------------------------------------------------------------- */

static bool no_room(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory to open a keeper");
}

bool log_keeper_make(const char *dir, struct str token, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(KEEPER_ARENA);
	CLEANUP(store_cleanup) struct store *store = NULL;
	CLEANUP(vault_copied_cleanup) struct vault_copied *slots = NULL;
	const struct str *names;
	size_t count = 0;
	struct err absent = { 0 };
	struct hash hash = hash_of(token);
	if (!arena)
		return no_room(err);
	if (file_list(arena, dir, &names, &count, &absent) && count > 0)
		return err_set(err, ERR_USAGE, "%s is not empty; a keeper takes a new folder", dir);
	/* The token last: a folder without one is no keeper. */
	return file_make_folder(dir, 0700, err) &&
	       file_make_folder(file_join(arena, dir, "evidence"), 0700, err) &&
	       file_write(file_join(arena, dir, "log"), 0644, STR(""), err) &&
	       store_open(file_join(arena, dir, "copy.db"), STORE_CREATE, &store, err) &&
	       store_migrate(store, "copy", err) && vault_copied_open(dir, &slots, err) &&
	       file_write(file_join(arena, dir, "token"), 0600, hash_hex(arena, &hash), err);
}

static bool read_token(struct log_keeper *keeper, struct err *err)
{
	struct str text;
	const char *path = file_join(keeper->arena, keeper->dir, "token");
	struct err why = { 0 };
	if (!path)
		return no_room(err);
	if (!file_read(keeper->arena, path, 1024, &text, &why))
		return why.code == ERR_ABSENT
		               ? err_set(err, ERR_ABSENT, "There is no keeper in %s", keeper->dir)
		               : err_set(err, why.code, "%s", why.message);
	return hash_read_hex(str_trim(text), &keeper->token) ||
	       err_set(err, ERR_INPUT, "%s is damaged", path);
}

static bool add_key(struct log_keeper *keeper, struct str line, struct err *err)
{
	struct log_vkey key;
	if (!log_vkey_read(keeper->arena, line, &key, err))
		return false;
	if (key.type != LOG_KEY_LOG)
		return err_set(err, ERR_INPUT, "This is no log's verifier key");
	if (keeper->key_count == LOG_KEEPER_KEYS_MAX)
		return err_set(err, ERR_INPUT, "A keeper trusts at most %d keys of a log",
		               LOG_KEEPER_KEYS_MAX);
	for (size_t i = 0; i < keeper->key_count; i++) {
		if (!str_eq(keeper->keys[i].name, key.name))
			return err_set(err, ERR_INPUT, "This keeper keeps the copy of %.*s alone",
			               STR_ARG(keeper->keys[i].name));
		if (str_eq(keeper->keys[i].pub, key.pub))
			return err_set(err, ERR_INPUT, "This key is trusted already");
	}
	keeper->keys[keeper->key_count++] = key;
	return true;
}

static bool read_keys(struct log_keeper *keeper, struct err *err)
{
	struct str text, line;
	const char *path = file_join(keeper->arena, keeper->dir, "log");
	if (!path)
		return no_room(err);
	if (!file_read(keeper->arena, path, KEYS_BYTES, &text, err))
		return false;
	while (str_cut(&text, '\n', &line)) {
		if (line.n && !add_key(keeper, line, err))
			return false;
	}
	return true;
}

static bool read_state(struct log_keeper *keeper, struct err *err)
{
	return state_read(keeper->store, STR("now"), &keeper->now, err) &&
	       state_read(keeper->store, STR("proved"), &keeper->proved, err) &&
	       piece_read(keeper->store, &keeper->piece, err);
}

static bool open_all(struct log_keeper *keeper, struct err *err)
{
	const char *lock = file_join(keeper->arena, keeper->dir, "lock");
	const char *database = file_join(keeper->arena, keeper->dir, "copy.db");
	return ((lock && database) || no_room(err)) && read_token(keeper, err) &&
	       store_lock_take(lock, &keeper->held, err) && read_keys(keeper, err) &&
	       store_open(database, STORE_WRITE, &keeper->store, err) &&
	       store_migrate(keeper->store, "copy", err) &&
	       vault_copied_open(keeper->dir, &keeper->slots, err) && read_state(keeper, err) &&
	       keeper_dispose(keeper, err);
}

/* The keys in no snapshot: while one lasts, what is destroyed would stay in the file's journal. */
static bool look_at_all(struct log_keeper *keeper, struct err *err)
{
	const char *database = file_join(keeper->arena, keeper->dir, "copy.db");
	keeper->is_looked = true;
	return (database || no_room(err)) && read_token(keeper, err) && read_keys(keeper, err) &&
	       store_open(database, STORE_READ, &keeper->store, err) &&
	       store_schema_check(keeper->store, "copy", err) && store_begin(keeper->store, err) &&
	       read_state(keeper, err) && vault_copied_look(keeper->dir, &keeper->slots, err);
}

static bool open_by(const char *dir, bool (*open)(struct log_keeper *, struct err *),
                    struct log_keeper **out, struct err *err)
{
	struct log_keeper *keeper = calloc(1, sizeof *keeper);
	*out = NULL;
	if (!keeper)
		return no_room(err);
	(void)pthread_mutex_init(&keeper->lock, NULL);
	keeper->hasher = hasher_create();
	keeper->arena = arena_create(KEEPER_ARENA);
	keeper->dir = keeper->arena ? str_to_c(keeper->arena, str_from_c(dir)) : NULL;
	if (!keeper->dir ? !no_room(err) : !open(keeper, err)) {
		log_keeper_close(keeper);
		return false;
	}
	*out = keeper;
	return true;
}

bool log_keeper_open(const char *dir, struct log_keeper **out, struct err *err)
{
	return open_by(dir, open_all, out, err);
}

bool log_keeper_look(const char *dir, struct log_keeper **out, struct err *err)
{
	return open_by(dir, look_at_all, out, err);
}

void log_keeper_close(struct log_keeper *keeper)
{
	if (!keeper)
		return;
	vault_copied_close(keeper->slots);
	if (keeper->is_looked && keeper->store)
		store_abort(keeper->store);
	store_close(keeper->store);
	store_lock_release(keeper->held);
	hasher_destroy(keeper->hasher);
	arena_destroy(keeper->arena);
	(void)pthread_mutex_destroy(&keeper->lock);
	free(keeper);
}

void log_keeper_cleanup(struct log_keeper **keeper)
{
	log_keeper_close(*keeper);
}

bool log_keeper_add_key(const char *dir, struct str vkey, struct err *err)
{
	CLEANUP(log_keeper_cleanup) struct log_keeper *keeper = NULL;
	CLEANUP(buf_finish) struct buf text = { 0 };
	if (!log_keeper_open(dir, &keeper, err) || !add_key(keeper, str_trim(vkey), err))
		return false;
	buf_init(&text, KEYS_BYTES);
	for (size_t i = 0; i < keeper->key_count; i++) {
		log_vkey_write(&text, &keeper->keys[i]);
		buf_add_char(&text, '\n');
	}
	const char *path = file_join(keeper->arena, dir, "log");
	return path && !text.full ? file_write(path, 0644, buf_str(&text), err) : no_room(err);
}

struct str log_keeper_origin(const struct log_keeper *keeper)
{
	return keeper->key_count ? keeper->keys[0].name : STR("-");
}

bool log_keeper_knows(const struct log_keeper *keeper, struct str token)
{
	struct hash hash = hash_of(token);
	return token.p && str_eq_constant_time(hash_str(&hash), hash_str(&keeper->token));
}

bool log_keeper_has_alarmed(struct log_keeper *keeper)
{
	pthread_mutex_lock(&keeper->lock);
	bool has = keeper->has_alarmed;
	pthread_mutex_unlock(&keeper->lock);
	return has;
}
