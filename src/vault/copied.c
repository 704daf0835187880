/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "vault/copied.h"

#include <stdlib.h>

#include "vault/kept.h"
#include "vault/state.h"

static const char COUNT_SQL[] = "SELECT COALESCE(MAX(n), -1) + 1 FROM slot";
static const char HAS_SQL[] = "SELECT length(wrapped) FROM slot WHERE n = ?1";
static const char PUT_SQL[] = "INSERT INTO slot (n, wrapped) VALUES (?1, ?2)";
static const char SAME_SQL[] = "SELECT value = ?2 FROM kept WHERE name = ?1";
static const char KEEP_SQL[] = "INSERT INTO kept (name, value, tag) VALUES (?1, ?2, ?3)"
			       " ON CONFLICT (name) DO UPDATE SET value = ?2, tag = ?3";
static const char DESTROY_SQL[] = "UPDATE slot SET wrapped = ?2 WHERE n = ?1";
static const char WALK_SQL[] = "SELECT n, wrapped FROM slot WHERE n >= ?1 ORDER BY n";
static const char KEPT_SQL[] = "SELECT name, value, tag FROM kept ORDER BY name";

struct vault_copied {
	struct store *store;
	int64_t count;
	int64_t committed; /* the count to which an abort goes back */
};

static bool open_store(const char *dir, bool is_looked, struct store **out, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(VAULT_PATH_BYTES);
	const char *folder = arena ? file_join(arena, dir, "keys") : NULL;
	const char *path = folder ? file_join(arena, folder, "keys.db") : NULL;
	if (!path)
		return err_set(err, ERR_INPUT, "The name of the folder is too long");
	if (is_looked)
		return store_open(path, STORE_READ, out, err) &&
		       store_schema_check(*out, "keys", err);
	return file_make_folder(folder, 0700, err) &&
	       store_open(path, file_exists(path) ? STORE_WRITE : STORE_CREATE, out, err) &&
	       store_migrate(*out, "keys", err);
}

static bool open_copied(const char *dir, bool is_looked, struct vault_copied **out, struct err *err)
{
	struct vault_copied *copied = calloc(1, sizeof *copied);
	*out = NULL;
	if (!copied)
		return err_set(err, ERR_UNABLE, "There is no memory to keep keys");
	if (!open_store(dir, is_looked, &copied->store, err) ||
	    !store_get_int(copied->store, COUNT_SQL, &copied->count, err)) {
		vault_copied_close(copied);
		return false;
	}
	copied->committed = copied->count;
	*out = copied;
	return true;
}

bool vault_copied_open(const char *dir, struct vault_copied **out, struct err *err)
{
	return open_copied(dir, false, out, err);
}

bool vault_copied_look(const char *dir, struct vault_copied **out, struct err *err)
{
	return open_copied(dir, true, out, err);
}

void vault_copied_close(struct vault_copied *copied)
{
	if (!copied)
		return;
	store_close(copied->store);
	free(copied);
}

void vault_copied_cleanup(struct vault_copied **copied)
{
	vault_copied_close(*copied);
}

int64_t vault_copied_count(const struct vault_copied *copied)
{
	return copied->count;
}

bool vault_copied_has(struct vault_copied *copied, int64_t slot, bool *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (!store_prepare(copied->store, HAS_SQL, &found, err))
		return false;
	store_bind_int(found, 1, slot);
	enum store_step step = store_step(found, err);
	*out = step == STORE_ROW && store_int(found, 0) == SLOT_WRAPPED_SIZE;
	return step != STORE_FAILED;
}

/* --- putting -------------------------------------------------------------------------------- */

bool vault_copied_begin(struct vault_copied *copied, struct err *err)
{
	return store_begin(copied->store, err);
}

bool vault_copied_commit(struct vault_copied *copied, struct err *err)
{
	if (!store_commit(copied->store, err))
		return false;
	copied->committed = copied->count;
	return true;
}

void vault_copied_abort(struct vault_copied *copied)
{
	store_abort(copied->store);
	copied->count = copied->committed;
}

bool vault_copied_put(struct vault_copied *copied, int64_t slot, struct str wrapped,
                      struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (slot < copied->count)
		return true;
	if (slot > copied->count)
		return err_set(err, ERR_INPUT, "Key slot %" PRId64 " is not there", copied->count);
	if (wrapped.n != 0 && wrapped.n != SLOT_WRAPPED_SIZE)
		return err_set(err, ERR_INPUT, "Key slot %" PRId64 " holds no wrapped key", slot);
	if (!store_prepare(copied->store, PUT_SQL, &put, err))
		return false;
	store_bind_int(put, 1, slot);
	store_bind_blob(put, 2, wrapped.p ? wrapped : STR(""));
	if (!store_do(put, err))
		return false;
	copied->count++;
	return true;
}

/* Which master key it is, and which other keys, never changes. */
static bool stays_same(struct vault_copied *copied, struct str name, struct str value,
                       struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (str_eq(name, STR("shares")))
		return true;
	if (!store_prepare(copied->store, SAME_SQL, &found, err))
		return false;
	store_bind_str(found, 1, name);
	store_bind_blob(found, 2, value);
	enum store_step step = store_step(found, err);
	if (step == STORE_ROW && store_int(found, 0) != 1)
		return err_set(err, ERR_INPUT, "The keys are of another master key than before");
	return step != STORE_FAILED;
}

bool vault_copied_keep(struct vault_copied *copied, struct str name, struct str value,
                       struct str tag, struct err *err)
{
	static const struct str NAMES[] = { { "master", 6 }, { "others", 6 }, { "shares", 6 } };
	CLEANUP(store_stmt_finish) struct store_stmt *keep = NULL;
	bool is_known = false;
	for (size_t i = 0; i < COUNT_OF(NAMES); i++)
		is_known = is_known || str_eq(name, NAMES[i]);
	if (!is_known || value.n > KEPT_MAX || tag.n != HASH_SIZE)
		return err_set(err, ERR_INPUT, "What the vault keeps about itself is malformed");
	if (!stays_same(copied, name, value, err) ||
	    !store_prepare(copied->store, KEEP_SQL, &keep, err))
		return false;
	store_bind_str(keep, 1, name);
	store_bind_blob(keep, 2, value.p ? value : STR(""));
	store_bind_blob(keep, 3, tag);
	return store_do(keep, err);
}

/* --- destroying ----------------------------------------------------------------------------- */

static bool empty_rows(struct store *store, const int64_t *slots, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		CLEANUP(store_stmt_finish) struct store_stmt *update = NULL;
		if (!store_prepare(store, DESTROY_SQL, &update, err))
			return false;
		store_bind_int(update, 1, slots[i]);
		store_bind_blob(update, 2, STR(""));
		if (!store_do(update, err))
			return false;
	}
	return true;
}

bool vault_copied_destroy(struct vault_copied *copied, const int64_t *slots, size_t count,
                          struct err *err)
{
	struct store *store = copied->store;
	if (!count)
		return true;
	if (!store_begin(store, err))
		return false;
	if (!empty_rows(store, slots, count, err)) {
		store_abort(store);
		return false;
	}
	return store_commit(store, err) && store_checkpoint(store, err) &&
	       store_vacuum(store, err) && store_checkpoint(store, err);
}

/* --- showing -------------------------------------------------------------------------------- */

static bool show_slots(struct store *store, int64_t from, vault_slot_seen *see, void *ctx,
                       struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step;
	if (!store_prepare(store, WALK_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, from);
	while ((step = store_step(rows, err)) == STORE_ROW) {
		if (!see(ctx, store_int(rows, 0), store_blob(rows, 1), err))
			return false;
	}
	return step == STORE_DONE;
}

static bool show_kept(struct store *store, vault_kept_seen *see, void *ctx, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step;
	if (!store_prepare(store, KEPT_SQL, &rows, err))
		return false;
	while ((step = store_step(rows, err)) == STORE_ROW) {
		if (!see(ctx, store_str(rows, 0), store_blob(rows, 1), store_blob(rows, 2), err))
			return false;
	}
	return step == STORE_DONE;
}

bool vault_show_wrapped(const char *dir, int64_t from, vault_slot_seen *see_slot,
                        vault_kept_seen *see_kept, void *ctx, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(VAULT_PATH_BYTES);
	CLEANUP(store_cleanup) struct store *store = NULL;
	const char *folder = arena ? file_join(arena, dir, "keys") : NULL;
	const char *path = folder ? file_join(arena, folder, "keys.db") : NULL;
	if (!path)
		return err_set(err, ERR_INPUT, "The name of the register's folder is too long");
	return store_open(path, STORE_READ, &store, err) && store_begin(store, err) &&
	       show_slots(store, from, see_slot, ctx, err) && show_kept(store, see_kept, ctx, err);
}
