/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Verifying: everything that a register keeps is computed again from what
 * cannot be altered without a key. One pass over the entries, and the fold of
 * them behind it, of one moment of the register, on connections of its own; it
 * needs no writer and hinders none.
 */
#include "casebook/verify.h"

#include <stdlib.h>

#include "casebook/newest.h"
#include "casebook/shape.h"
#include "casebook/shelf.h"

#define SCRATCH_MAX ((size_t)64 << 20)
#define KEYS_IN_MEMORY 65536

bool verify_differs(struct verify *verify, const char *where, int64_t index, const char *what, ...)
{
	char text[480];
	va_list args;
	if (verify->has_found)
		return false;
	verify->has_found = true;
	va_start(args, what);
	(void)vsnprintf(text, sizeof text, what, args);
	va_end(args);
	verify->out->difference = (struct casebook_difference){
		.where = str_from_c(where),
		.index = index,
		.what = arena_copy(verify->arena, str_from_c(text)),
	};
	return false;
}

bool verify_plain(struct verify *verify, const struct verify_entry *entry, const struct json **out,
                  struct err *err)
{
	struct err why = { 0 };
	arena_reset(verify->scratch);
	if (json_read_own(verify->scratch, entry->plain, 8, out, &why))
		return true;
	if (why.code == ERR_UNABLE) {
		*err = why;
		return false;
	}
	return verify_differs(verify, "entry.plain", entry->index,
	                      "Entry %" PRId64 ": its plain fields are no JSON", entry->index);
}

/* --- shape --------------------------------------------------------------------------------- */

static const char MIGRATIONS_SQL[] = "SELECT number, name FROM migration ORDER BY number, name";

static bool same_migrations(struct verify *verify, struct store *store, struct store *fresh,
                            const char *where, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *wanted = NULL;
	if (!store_prepare(store, MIGRATIONS_SQL, &rows, err) ||
	    !store_prepare(fresh, MIGRATIONS_SQL, &wanted, err))
		return false;
	for (;;) {
		enum store_step step = store_step(rows, err), want = store_step(wanted, err);
		if (step == STORE_FAILED || want == STORE_FAILED)
			return false;
		if (step != want)
			return verify_differs(verify, where, -1,
			                      "The list of migrations is not this program's");
		if (step == STORE_DONE)
			return true;
		if (store_int(rows, 0) != store_int(wanted, 0) ||
		    !str_eq(store_str(rows, 1), store_str(wanted, 1)))
			return verify_differs(verify, where, -1,
			                      "Migration %" PRId64 " is not this program's",
			                      store_int(rows, 0));
	}
}

/* Tables and indexes, nothing more and nothing less than this program makes. */
static bool check_shape(struct verify *verify, struct store *store, const char *set,
                        const char *where, const char *migrations, struct err *err)
{
	CLEANUP(store_cleanup) struct store *fresh = NULL;
	bool fits;
	if (!shape_fits(store, set, &fits, err))
		return false;
	if (!fits)
		return verify_differs(verify, where, -1,
		                      "Tables or indexes are not those that this program makes");
	if (!store_open(":memory:", STORE_CREATE, &fresh, err) || !store_migrate(fresh, set, err))
		return false;
	return same_migrations(verify, store, fresh, migrations, err);
}

/* --- settings ------------------------------------------------------------------------------ */

static bool check_settings(struct verify *verify, struct err *err)
{
	static const char SETTINGS_SQL[] = "SELECT name, value FROM setting ORDER BY name";
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	const struct log_eras *eras = &verify->key.eras.eras;
	if (!eras->count) /* no key tells the name */
		return true;
	struct str origin = log_eras_last(eras)->key.name;
	struct str drill = str_starts(origin, STR("drill.")) ? STR("yes") : STR("no");
	const struct {
		struct str name;
		struct str value;
	} must[] = { { STR("drill"), drill }, { STR("origin"), origin } };
	if (!store_prepare(verify->store, SETTINGS_SQL, &rows, err))
		return false;
	for (size_t i = 0;; i++) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			return i == COUNT_OF(must) ||
			       verify_differs(verify, "setting.name", -1,
			                      "A setting of the founding is gone");
		struct str name = store_str(rows, 0);
		if (i == COUNT_OF(must) || !str_eq(name, must[i].name))
			return verify_differs(verify, "setting.name", -1,
			                      "The setting \"%.*s\" was not made at the founding",
			                      STR_ARG(str_sub(name, 0, 64)));
		if (!str_eq(store_str(rows, 1), must[i].value))
			return verify_differs(
				verify, "setting.value", -1,
				"The setting \"%.*s\" is not the one of the signing key",
				STR_ARG(name));
	}
}

/* --- the whole ----------------------------------------------------------------------------- */

bool verify_path(const struct verify *verify, const char *name, char out[BOOK_PATH_MAX],
                 struct err *err)
{
	int n = snprintf(out, BOOK_PATH_MAX, "%s/%s", verify->dir, name);
	return (n > 0 && n < BOOK_PATH_MAX) ||
	       err_set(err, ERR_INPUT, "The path of this register is too long");
}

static bool open_register(struct verify *verify, struct err *err)
{
	char path[BOOK_PATH_MAX];
	if (!casebook_is_whole(verify->dir, err) || !verify_path(verify, BOOK_DATABASE, path, err))
		return false;
	if (!verify->vfs && !file_exists(path))
		return book_no_register(verify->dir, err);
	return store_open_on(verify->vfs, path, STORE_READ, &verify->store, err);
}

/* What the vault keeps about itself may be what was altered. */
static bool open_vault(struct verify *verify, struct err *err)
{
	char path[BOOK_PATH_MAX];
	struct vault_options options = { .cost = VAULT_LIVE, .cached_keys = KEYS_IN_MEMORY };
	struct err why = { 0 };
	if (!verify_path(verify, "keys/keys.db", path, err) ||
	    !store_open(path, STORE_READ, &verify->keys, err))
		return false;
	if (!check_shape(verify, verify->keys, "keys", "keys.shape", "keys.migration", err))
		return false;
	if (vault_open(verify->dir, VAULT_READ, &options, &verify->vault, &why))
		return true;
	if (why.code == ERR_INPUT)
		return verify_differs(verify, "keys.kept", -1, "%s", why.message);
	*err = why;
	return false;
}

static bool open_all(struct verify *verify, struct err *err)
{
	bool is_whole = verify->how == CASEBOOK_VERIFY_WHOLE;
	if (!open_register(verify, err) || !check_shape(verify, verify->store, "register",
	                                                "register.shape", "migration.number", err))
		return false;
	if (!is_whole)
		return store_begin(verify->store, err);
	return open_vault(verify, err) && store_begin(verify->keys, err) &&
	       verify_fold_open(verify, err);
}

/* The walk over the entries; pages and fold beside it. */
static bool check_log_and_pages(struct verify *verify, struct err *err)
{
	struct verify_pages pages;
	if (!verify_fold_begin(verify, err) || !verify_pages_begin(verify, &pages, err))
		return false;
	bool fits = verify_log(verify, err);
	return verify_pages_end(verify, &pages, err) && fits;
}

/* What the keys' folder says was there before is there still. */
static bool check_newest(struct verify *verify, const struct newest *newest, struct err *err)
{
	struct err why = { 0 };
	if (newest_is_there(verify->store, newest, verify->dir, &why))
		return true;
	if (why.context[0]) { /* the store's own */
		*err = why;
		return false;
	}
	return verify_differs(verify, "signed.size", newest->size - 1, "%s", why.message);
}

/* The newest checkpoints that were published: no entry speaks of them yet. */
static bool check_published(struct verify *verify, const struct newest *newest, struct err *err)
{
	bool is_there;
	return newest_is_published(verify->store, newest, &is_there, err) &&
	       (is_there || verify_differs(verify, "published.size", -1,
	                                   "keys/newest counts %" PRId64
	                                   " published checkpoints, the newest at size %" PRId64
	                                   ", and not all of them are there",
	                                   newest->publications, newest->published));
}

/* A database that ends before what was there is told as such, before its keys are. */
static bool check_older(struct verify *verify, const struct newest *newest, struct err *err)
{
	bool is_longer;
	return newest_is_longer(verify->store, newest, &is_longer, err) &&
	       (!is_longer || check_newest(verify, newest, err));
}

/* The entries that say which key was in force are looked at before they are relied on. */
static bool check_changes(struct verify *verify, struct err *err)
{
	static const char CHANGES_SQL[] =
		"SELECT idx FROM entry WHERE file = 0"
		" AND kind IN ('log.key-changed', 'log.key-compromised') ORDER BY idx";
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!store_prepare(verify->store, CHANGES_SQL, &rows, err))
		return false;
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!verify_one(verify, store_int(rows, 0), err))
			return false;
	}
}

static bool find_public(struct verify *verify, struct err *err)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	struct key_eras *eras = &verify->key.eras;
	struct err why = { 0 };
	verify->out->is_without_keys = true;
	if (!key_find_public(verify->store, verify->arena, verify->vkey, eras, &why)) {
		if (why.code == ERR_INPUT)
			return verify_differs(verify, "the log's keys", eras->changed_in, "%s",
			                      why.message);
		*err = why;
		return false;
	}
	if (!eras->eras.count)
		return true;
	buf_init(&text, KEY_TEXT_MAX);
	log_vkey_write(&text, &log_eras_last(&eras->eras)->key);
	verify->out->by_key = arena_copy(verify->arena, buf_str(&text));
	return verify->out->by_key.p || err_set(err, ERR_UNABLE, "There is no memory to verify");
}

/* A log that contradicts itself about its keys is a difference; a key that cannot be read is none.
 */
static bool find_key(struct verify *verify, struct err *err)
{
	struct err why = { 0 };
	if (!check_changes(verify, err))
		return false;
	if (verify->is_public)
		return find_public(verify, err);
	if (key_find(verify->dir, verify->store, verify->arena, &verify->key, &why))
		return true;
	if (why.code == ERR_INPUT && verify->key.eras.changed_in >= 0)
		return verify_differs(verify, "entry.plain or keys/log.key",
		                      verify->key.eras.changed_in, "%s", why.message);
	*err = why;
	return false;
}

static bool check_all(struct verify *verify, struct err *err)
{
	bool is_whole = verify->how == CASEBOOK_VERIFY_WHOLE;
	struct newest newest = { 0 };
	if (!verify->vfs) {
		newest_read(verify->dir,
		            &newest); /* before the snapshot, which is then not older */
		verify->out->is_without_newest = newest.size == 0 && !verify->is_public;
	}
	if (!open_all(verify, err) || !check_older(verify, &newest, err) ||
	    !find_key(verify, err) || !check_settings(verify, err))
		return false;
	if (!is_whole)
		return verify_log(verify, err) && check_newest(verify, &newest, err) &&
		       check_published(verify, &newest, err);
	return check_log_and_pages(verify, err) && check_newest(verify, &newest, err) &&
	       check_published(verify, &newest, err) && verify_keys(verify, err) &&
	       verify_views(verify, err) && verify_rest(verify, err);
}

static void finish(struct verify *verify)
{
	verify_fold_stop(verify);
	store_stmt_finish(&verify->sizes);
	store_stmt_finish(&verify->published);
	store_close(verify->store); /* its snapshot goes with it */
	store_close(verify->views); /* so do the shadows */
	store_close(verify->keys);
	vault_close(verify->vault);
	key_found_finish(&verify->key);
	hasher_destroy(verify->hasher);
	arena_destroy(verify->scratch);
	free(verify->slots);
	for (size_t i = 0; verify->packs && i < BOOK_PACKS_MAX; i++)
		shelf_give(verify->packs->shelf, verify->packs->packs[i]);
	free(verify->packs);
}

static bool run(struct verify *verify, struct casebook_shelf *shelf, struct err *err)
{
	*verify->out = (struct casebook_verified){ .difference = { .index = -1 } };
	verify->scratch = arena_create(SCRATCH_MAX);
	verify->slots = calloc(VERIFY_SLOTS, sizeof *verify->slots);
	verify->packs = calloc(1, sizeof *verify->packs);
	verify->hasher = hasher_create();
	bool done = verify->scratch && verify->slots && verify->packs;
	if (!done)
		err_set(err, ERR_UNABLE, "There is no memory to verify");
	else
		verify->packs->shelf = shelf;
	verify->out->ok = done && check_all(verify, err);
	if (done && !verify->out->ok && !verify->has_found && store_says_damaged(err))
		(void)verify_differs(verify, "register.pages", -1, "%s", err->message);
	verify->out->entries = verify->entries;
	verify->out->is_without_newest = verify->out->is_without_newest && verify->entries > 0;
	finish(verify);
	return verify->out->ok || verify->has_found;
}

bool casebook_verify(const char *dir, enum casebook_verify how, struct arena *arena,
                     casebook_progress *progress, void *ctx, struct casebook_verified *out,
                     struct err *err)
{
	return casebook_verify_on(NULL, dir, how, arena, progress, ctx, out, err);
}

bool casebook_verify_on(const struct casebook_options *options, const char *dir,
                        enum casebook_verify how, struct arena *arena, casebook_progress *progress,
                        void *ctx, struct casebook_verified *out, struct err *err)
{
	struct verify verify = { .vfs = options ? options->vfs : NULL,
		                 .dir = dir,
		                 .how = how,
		                 .arena = arena,
		                 .progress = progress,
		                 .progress_ctx = ctx,
		                 .out = out };
	return run(&verify, options ? options->shelf : NULL, err);
}

bool casebook_verify_public(const char *dir, struct str vkey, struct arena *arena,
                            casebook_progress *progress, void *ctx, struct casebook_verified *out,
                            struct err *err)
{
	struct verify verify = { .dir = dir,
		                 .how = CASEBOOK_VERIFY_LOG,
		                 .is_public = true,
		                 .vkey = vkey,
		                 .arena = arena,
		                 .progress = progress,
		                 .progress_ctx = ctx,
		                 .out = out };
	return run(&verify, NULL, err);
}
