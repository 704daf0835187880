/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Making, opening and closing: key files and keys.db into one struct vault. */
#include "vault/vault.h"

#include <stdlib.h>

#include <libgfshare.h>

#include "vault/kept.h"
#include "vault/key_file.h"
#include "vault/password.h"
#include "vault/state.h"

#define CACHED_KEYS 1024

/* The files of DIR/keys, as paths of the arena. */
struct paths {
	const char *folder;
	const char *master;
	const char *promise;
	const char *answer;
	const char *slots;
};

static void fill_random(unsigned char *out, unsigned int n)
{
	randombytes_buf(out, n);
}

bool vault_prepare(struct err *err)
{
	if (sodium_init() < 0)
		return err_set(err, ERR_UNABLE, "This machine gives no random bytes");
	/* libgfshare takes its random bytes, also those it wipes with, from this one place. */
	gfshare_fill_rand = fill_random;
	return true;
}

void vault_wipe(void *bytes, size_t n)
{
	sodium_memzero(bytes, n);
}

void vault_random(struct vault *vault, void *out, size_t n)
{
	pthread_mutex_lock(&vault->random_lock);
	random_bytes(vault->random, out, n);
	pthread_mutex_unlock(&vault->random_lock);
}

void vault_tag_key(const uint8_t master[VAULT_KEY_SIZE], uint8_t out[VAULT_KEY_SIZE])
{
	const struct str purpose = STR("candour/kept/v1\n");
	struct hash hash = hash_hmac(str_from_bytes(master, VAULT_KEY_SIZE), &purpose, 1);
	memcpy(out, hash.bytes, VAULT_KEY_SIZE);
	sodium_memzero(&hash, sizeof hash);
}

static bool find_paths(struct arena *arena, const char *dir, struct paths *out, struct err *err)
{
	*out = (struct paths){ 0 };
	out->folder = file_join(arena, dir, "keys");
	if (out->folder) {
		out->master = file_join(arena, out->folder, "master.key");
		out->promise = file_join(arena, out->folder, "promise.key");
		out->answer = file_join(arena, out->folder, "return.key");
		out->slots = file_join(arena, out->folder, "keys.db");
	}
	if (!out->slots || !out->answer || !out->promise || !out->master)
		return err_set(err, ERR_INPUT, "The name of the register's folder is too long");
	return true;
}

/* --- making ------------------------------------------------------------------------------- */

static void free_keys(struct keys **keys)
{
	sodium_free(*keys);
	*keys = NULL;
}

static bool refuse_what_is_there(const struct paths *paths, struct err *err)
{
	const char *const names[] = { paths->master, paths->promise, paths->answer, paths->slots };
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (file_exists(names[i]))
			return err_set(err, ERR_INPUT, "%s is there already; nothing was changed",
			               names[i]);
	return true;
}

/* The keys beside the master key, none of which the slots would miss. */
static struct hash sum_of_others(const struct keys *keys)
{
	const struct str pieces[] = { STR("candour/keys/v1\n"),
		                      str_from_bytes(keys->promise, VAULT_KEY_SIZE),
		                      str_from_bytes(keys->answer, VAULT_KEY_SIZE) };
	return hash_hmac(str_from_bytes(keys->tags, VAULT_KEY_SIZE), pieces, COUNT_OF(pieces));
}

static bool fill_keys_db(struct store *store, const struct keys *keys, struct random_source *random,
                         struct err *err)
{
	struct hash commitment = kept_commitment(keys->master), others = sum_of_others(keys);
	if (!store_migrate(store, "keys", err) || !store_begin(store, err))
		return false;
	if (!slot_make(store, keys->master, random, 0, VAULT_SLOTS_AT_ONCE, err) ||
	    !kept_write(store, keys->tags, "master", hash_str(&commitment), err) ||
	    !kept_write(store, keys->tags, "others", hash_str(&others), err) ||
	    !kept_write(store, keys->tags, "shares", STR(""), err)) {
		store_abort(store);
		return false;
	}
	return store_commit(store, err);
}

/* The master key is written last: where it is, all is. */
static bool make_files(const struct paths *paths, const struct keys *keys,
                       struct random_source *random, struct err *err)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	if (!file_make_folder(paths->folder, 0700, err) || !refuse_what_is_there(paths, err))
		return false;
	if (!store_open(paths->slots, STORE_CREATE, &store, err))
		return false;
	return fill_keys_db(store, keys, random, err) &&
	       key_file_make(paths->promise, "promise", keys->promise, err) &&
	       key_file_make(paths->answer, "return", keys->answer, err) &&
	       key_file_make(paths->master, "master", keys->master, err);
}

bool vault_create(const char *dir, const struct vault_options *options, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(VAULT_PATH_BYTES);
	CLEANUP(free_keys) struct keys *keys = NULL;
	struct paths paths;

	if (!arena)
		return err_set(err, ERR_UNABLE, "There is not enough memory to make keys");
	if (!vault_prepare(err) || !find_paths(arena, dir, &paths, err))
		return false;
	keys = sodium_malloc(sizeof *keys);
	if (!keys)
		return err_set(err, ERR_UNABLE, "There is not enough memory to make keys");
	struct random_source *random = options->random ? options->random : random_system_create();
	random_bytes(random, keys->master, VAULT_KEY_SIZE);
	random_bytes(random, keys->promise, VAULT_KEY_SIZE);
	random_bytes(random, keys->answer, VAULT_KEY_SIZE);
	vault_tag_key(keys->master, keys->tags);
	bool good = make_files(&paths, keys, random, err);
	if (!options->random)
		random_destroy(random);
	return good;
}

/* --- opening ------------------------------------------------------------------------------ */

static bool read_keys(struct vault *vault, const struct paths *paths, struct err *err)
{
	vault->keys = sodium_malloc(sizeof *vault->keys);
	if (!vault->keys)
		return err_set(err, ERR_UNABLE, "There is not enough memory to hold keys");
	sodium_memzero(vault->keys, sizeof *vault->keys);
	if (!key_file_read(paths->master, "master", vault->keys->master, err) ||
	    !key_file_read(paths->promise, "promise", vault->keys->promise, err) ||
	    !key_file_read(paths->answer, "return", vault->keys->answer, err))
		return false;
	vault_tag_key(vault->keys->master, vault->keys->tags);
	/* sodium_malloc does not tell when the limit kept it from locking; asking again does. */
	vault->is_locked = sodium_mlock(vault->keys, sizeof *vault->keys) == 0;
	return sodium_mprotect_readonly(vault->keys) == 0 ||
	       err_set(err, ERR_UNABLE, "The memory of the keys cannot be guarded");
}

/* A register made before there was the row gets it when it is first opened for writing. */
static bool keep_others(struct store *store, const struct keys *keys, const struct hash *others,
                        struct err *err)
{
	if (!store_begin(store, err))
		return false;
	if (kept_write(store, keys->tags, "others", hash_str(others), err))
		return store_commit(store, err);
	store_abort(store);
	return false;
}

/* Under another return key no code that was given opens anything, and nobody is known by name. */
static bool check_others(const struct vault *vault, struct store *store, enum vault_mode mode,
                         struct err *err)
{
	static const char KEPT_SQL[] = "SELECT COUNT(*) FROM kept WHERE name = 'others'";
	CLEANUP(buf_finish) struct buf value;
	struct hash others = sum_of_others(vault->keys);
	int64_t kept = 0;
	buf_init(&value, KEPT_MAX);
	if (!store_get_int(store, KEPT_SQL, &kept, err))
		return false;
	if (!kept)
		return mode != VAULT_WRITE || keep_others(store, vault->keys, &others, err);
	if (!kept_read(store, vault->keys->tags, "others", &value, err))
		return false;
	return str_eq_constant_time(buf_str(&value), hash_str(&others)) ||
	       err_set(err, ERR_INPUT,
	               "keys/promise.key or keys/return.key is not the one of this register; bring back"
	               " both from its newest backup, or from where they are kept");
}

static bool open_slots(struct vault *vault, enum vault_mode mode,
                       const struct vault_options *options, struct err *err)
{
	enum store_mode writes = options->is_brief ? STORE_BRIEF : STORE_WRITE;
	CLEANUP(store_cleanup) struct store *store = NULL;
	int64_t made = 0;
	if (!store_open(vault->keys_path, mode == VAULT_WRITE ? writes : STORE_READ, &store, err))
		return false;
	if (mode == VAULT_WRITE && !store_migrate(store, "keys", err))
		return false;
	if (!kept_check_master(store, vault->keys->master, err) ||
	    (!options->has_stand_ins && !check_others(vault, store, mode, err)) ||
	    !slot_count(store, &made, err))
		return false;
	atomic_store(&vault->made, made);
	if (mode == VAULT_WRITE) {
		vault->writer = store;
		vault->is_brief = options->is_brief;
		vault->pool.lent = options->is_brief ? store : NULL;
		store = NULL;
	}
	return true;
}

static bool fill(struct vault *vault, const char *dir, enum vault_mode mode,
                 const struct vault_options *options, struct err *err)
{
	struct paths paths;
	size_t cached = options->cached_keys ? options->cached_keys : CACHED_KEYS;

	if (!find_paths(vault->paths, dir, &paths, err) || !read_keys(vault, &paths, err))
		return false;
	vault->keys_path = paths.slots;
	vault->pool.path = paths.slots;
	vault->cost = options->cost;
	vault->owns_random = !options->random;
	vault->random = options->random ? options->random : random_system_create();
	vault->nonces = options->random ? options->random : random_pooled_create();
	vault->cache = key_cache_create(cached);
	if (!vault->random || !vault->nonces || !vault->cache)
		return err_set(err, ERR_UNABLE, "There is not enough memory to hold keys");
	vault->is_locked = vault->is_locked && key_cache_is_locked(vault->cache);
	return open_slots(vault, mode, options, err) && password_prepare(vault, err);
}

/* Locks first: vault_close may then be called whatever fails after. */
static struct vault *make_empty(struct err *err)
{
	struct vault *vault = calloc(1, sizeof *vault);
	if (!vault)
		return NULL;
	vault->paths = arena_create(VAULT_PATH_BYTES);
	if (vault->paths && lease_init(&vault->pool, NULL, err)) {
		if (turnstile_init(&vault->passwords, err)) {
			pthread_mutex_init(&vault->random_lock, NULL);
			pthread_mutex_init(&vault->writer_lock, NULL);
			return vault;
		}
		lease_finish(&vault->pool);
	}
	arena_destroy(vault->paths);
	free(vault);
	return NULL;
}

bool vault_open(const char *dir, enum vault_mode mode, const struct vault_options *options,
                struct vault **out, struct err *err)
{
	*out = NULL;
	if (!vault_prepare(err))
		return false;
	struct vault *vault = make_empty(err);
	if (!vault)
		return err_set(err, ERR_UNABLE, "There is not enough memory to hold keys");
	if (!fill(vault, dir, mode, options, err)) {
		vault_close(vault);
		return false;
	}
	*out = vault;
	return true;
}

void vault_close(struct vault *vault)
{
	if (!vault)
		return;
	if (vault->writer && vault->is_brief)
		store_leave_log(vault->writer,
		                0); /* the engine's two files, with nothing in them */
	store_close(vault->writer);
	lease_finish(&vault->pool);
	turnstile_finish(&vault->passwords);
	key_cache_destroy(vault->cache);
	sodium_free(vault->keys); /* wipes */
	if (vault->owns_random) {
		random_destroy(vault->random);
		random_destroy(vault->nonces);
	}
	pthread_mutex_destroy(&vault->random_lock);
	pthread_mutex_destroy(&vault->writer_lock);
	arena_destroy(vault->paths);
	free(vault);
}

void vault_cleanup(struct vault **vault)
{
	vault_close(*vault);
	*vault = NULL;
}

bool vault_is_locked(const struct vault *vault)
{
	return vault->is_locked;
}
