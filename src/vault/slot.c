/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Slots of keys.db. A wrapped key is nonce || ciphertext || tag under the
 * master key, bound to its number: a row moved to another number, or into
 * another register, does not open.
 */
#include <stdio.h>

#include "vault/kept.h"
#include "vault/state.h"

#define AD_MAX 64
#define WALK 1024 /* rows looked at under one lease */
#define DRAWN 16  /* slots whose random bytes are drawn at once */
#define AHEAD 32  /* slots read at once by whoever takes one after the other */

static const char MAKE_SQL[] = "INSERT INTO slot (n, wrapped) VALUES (?1, ?2)";
static const char COUNT_SQL[] = "SELECT COALESCE(MAX(n), -1) + 1 FROM slot";
static const char READ_SQL[] = "SELECT wrapped FROM slot WHERE n = ?1";
static const char WALK_SQL[] = "SELECT n, wrapped FROM slot WHERE n >= ?1 ORDER BY n LIMIT ?2";
static const char DESTROY_SQL[] = "UPDATE slot SET wrapped = ?2 WHERE n = ?1";

static size_t associated(char out[AD_MAX], int64_t slot)
{
	int n = snprintf(out, AD_MAX, "candour/slot/v1\n%" PRId64 "\n", slot);
	base_check(n > 0 && n < AD_MAX);
	return (size_t)n;
}

static void wrap(const uint8_t master[VAULT_KEY_SIZE], int64_t slot,
                 const uint8_t nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES],
                 const uint8_t key[VAULT_KEY_SIZE], uint8_t out[SLOT_WRAPPED_SIZE])
{
	char ad[AD_MAX];
	size_t ad_n = associated(ad, slot);
	memcpy(out, nonce, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		out + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, NULL, key, VAULT_KEY_SIZE,
		(const unsigned char *)ad, ad_n, NULL, nonce, master);
}

/* How `wrapped` stands as slot `slot`; when present, its key, which the caller wipes. */
static enum vault_slot unwrap(const uint8_t master[VAULT_KEY_SIZE], int64_t slot,
                              struct str wrapped, uint8_t key[VAULT_KEY_SIZE])
{
	char ad[AD_MAX];
	size_t ad_n = associated(ad, slot);
	const unsigned char *bytes = (const unsigned char *)wrapped.p;
	const size_t nonce_n = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
	if (wrapped.n == 0)
		return VAULT_SLOT_DESTROYED;
	if (wrapped.n != SLOT_WRAPPED_SIZE ||
	    crypto_aead_xchacha20poly1305_ietf_decrypt(
		    key, NULL, NULL, bytes + nonce_n, wrapped.n - nonce_n,
		    (const unsigned char *)ad, ad_n, bytes, master) != 0)
		return VAULT_SLOT_DAMAGED;
	return VAULT_SLOT_PRESENT;
}

bool slot_make(struct store *store, const uint8_t master[VAULT_KEY_SIZE],
               struct random_source *random, int64_t from, int64_t count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *make = NULL;
	if (!store_prepare(store, MAKE_SQL, &make, err))
		return false;
	/* Nonces and keys of some slots from one draw: the source has no key of its own to lock
	 * for. */
	uint8_t drawn[DRAWN][crypto_aead_xchacha20poly1305_ietf_NPUBBYTES + VAULT_KEY_SIZE];
	bool done = true;
	for (int64_t i = 0; done && i < count; i++) {
		uint8_t wrapped[SLOT_WRAPPED_SIZE], *mine = drawn[i % DRAWN];
		if (i % DRAWN == 0)
			random_bytes(random, drawn, sizeof drawn);
		wrap(master, from + i, mine, mine + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
		     wrapped);
		store_reset(make);
		store_bind_int(make, 1, from + i);
		store_bind_blob(make, 2, str_from_bytes(wrapped, sizeof wrapped));
		done = store_do(make, err);
	}
	sodium_memzero(drawn, sizeof drawn);
	return done;
}

bool slot_count(struct store *store, int64_t *out, struct err *err)
{
	return store_get_int(store, COUNT_SQL, out, err);
}

/* Reads a slot from keys.db under a lease the caller holds. */
static bool read_slot(struct vault *vault, struct store *store, int64_t slot,
                      uint8_t key[VAULT_KEY_SIZE], enum vault_slot *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	if (!store_prepare(store, READ_SQL, &read, err))
		return false;
	store_bind_int(read, 1, slot);
	enum store_step step = store_step(read, err);
	if (step == STORE_FAILED)
		return false;
	*out = step == STORE_DONE ? VAULT_SLOT_MISSING
	                          : unwrap(vault->keys->master, slot, store_blob(read, 0), key);
	return true;
}

/* The same, and into the cache those behind it, under the lease the caller holds. */
static bool read_ahead(struct vault *vault, struct store *store, int64_t slot,
                       uint8_t key[VAULT_KEY_SIZE], enum vault_slot *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	uint8_t next[VAULT_KEY_SIZE];
	enum store_step step;
	*out = VAULT_SLOT_MISSING;
	if (!store_prepare(store, WALK_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, slot);
	store_bind_int(rows, 2, AHEAD);
	for (int64_t at = slot; (step = store_step(rows, err)) == STORE_ROW; at++) {
		if (store_int(rows, 0) != at)
			break;
		enum vault_slot state = unwrap(vault->keys->master, at, store_blob(rows, 1), next);
		if (at == slot) {
			*out = state;
			memcpy(key, next, sizeof next);
		} else if (state == VAULT_SLOT_PRESENT) {
			key_cache_put(vault->cache, at, next);
		}
		atomic_store(&vault->read_to, at);
	}
	sodium_memzero(next, sizeof next);
	return step != STORE_FAILED;
}

static bool say_why_not(enum vault_slot state, int64_t slot, struct err *err)
{
	switch (state) {
	case VAULT_SLOT_DESTROYED:
		err_set(err, ERR_ABSENT,
		        "The key destroyed for this file cannot be brought back:"
		        " key destroyed");
		break;
	case VAULT_SLOT_MISSING:
		err_set(err, ERR_UNABLE, "There is no key for this file in keys.db: key missing");
		break;
	case VAULT_SLOT_DAMAGED:
		err_set(err, ERR_UNABLE,
		        "The key of this file was altered in keys.db: key damaged;"
		        " bring keys.db back from a backup");
		break;
	case VAULT_SLOT_PRESENT:
		return true;
	}
	return err_context(err, "slot %" PRId64, slot);
}

bool slot_key(struct vault *vault, int64_t slot, uint8_t key[VAULT_KEY_SIZE], struct err *err)
{
	CLEANUP(lease_end) struct lease lease = { 0 };
	enum vault_slot state = VAULT_SLOT_MISSING;

	if (key_cache_get(vault->cache, slot, key))
		return true;
	if (slot < 0)
		return err_set(err, ERR_FAULT, "slot_key: slot %" PRId64, slot);
	bool is_next = atomic_exchange(&vault->read_to, slot) + 1 == slot;
	if (!lease_begin(&vault->pool, &lease, err) ||
	    !(is_next ? read_ahead : read_slot)(vault, lease.store, slot, key, &state, err))
		return false;
	if (state != VAULT_SLOT_PRESENT)
		return say_why_not(state, slot, err);
	key_cache_put(vault->cache, slot, key); /* still under the lease: state.h, 2 */
	return true;
}

int64_t vault_free(const struct vault *vault, int64_t highest_used)
{
	int64_t left = atomic_load(&vault->made) - 1 - highest_used;
	return left > 0 ? left : 0;
}

static bool make_more(struct vault *vault, int64_t *made, struct err *err)
{
	struct store *store = vault->writer;
	int64_t from = 0;
	if (!store_begin(store, err))
		return false;
	bool good = slot_count(store, &from, err);
	if (good) {
		pthread_mutex_lock(&vault->random_lock);
		good = slot_make(store, vault->keys->master, vault->random, from,
		                 VAULT_SLOTS_AT_ONCE, err);
		pthread_mutex_unlock(&vault->random_lock);
	}
	if (!good) {
		store_abort(store);
		return false;
	}
	*made = from + VAULT_SLOTS_AT_ONCE;
	return store_commit(store, err);
}

bool vault_make_slots(struct vault *vault, struct err *err)
{
	int64_t made = 0;
	if (!vault->writer)
		return err_set(err, ERR_FAULT, "vault_make_slots: opened to read");
	pthread_mutex_lock(&vault->writer_lock);
	bool good = make_more(vault, &made, err);
	if (good)
		atomic_store(&vault->made, made); /* only now: durable before use */
	pthread_mutex_unlock(&vault->writer_lock);
	return good;
}

bool vault_slot_state(struct vault *vault, int64_t slot, enum vault_slot *out, struct err *err)
{
	CLEANUP(lease_end) struct lease lease = { 0 };
	uint8_t key[VAULT_KEY_SIZE];
	*out = VAULT_SLOT_MISSING;
	if (!lease_begin(&vault->pool, &lease, err))
		return false;
	bool good = read_slot(vault, lease.store, slot, key, out, err);
	sodium_memzero(key, sizeof key);
	return good;
}

/* The numbers and states of at most WALK rows. */
struct walk {
	int64_t slots[WALK];
	uint8_t states[WALK];
	size_t count;
};

static bool walk_on(struct vault *vault, int64_t from, struct walk *walk, struct err *err)
{
	CLEANUP(lease_end) struct lease lease = { 0 };
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	uint8_t key[VAULT_KEY_SIZE];
	enum store_step step = STORE_FAILED;

	walk->count = 0;
	if (!lease_begin(&vault->pool, &lease, err) ||
	    !store_prepare(lease.store, WALK_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, from);
	store_bind_int(rows, 2, WALK);
	while ((step = store_step(rows, err)) == STORE_ROW && walk->count < WALK) {
		int64_t slot = store_int(rows, 0);
		walk->slots[walk->count] = slot;
		walk->states[walk->count++] =
			(uint8_t)unwrap(vault->keys->master, slot, store_blob(rows, 1), key);
	}
	sodium_memzero(key, sizeof key);
	return step != STORE_FAILED;
}

static bool check_kept(struct vault *vault, struct err *err)
{
	static const char *const names[] = { "master", "others", "shares" };
	CLEANUP(lease_end) struct lease lease = { 0 };
	if (!lease_begin(&vault->pool, &lease, err))
		return false;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		CLEANUP(buf_finish) struct buf value;
		buf_init(&value, KEPT_MAX);
		if (!kept_read(lease.store, vault->keys->tags, names[i], &value, err))
			return false;
	}
	return true;
}

bool vault_verify(struct vault *vault, vault_slot_found *found, void *ctx, struct err *err)
{
	struct walk walk;
	int64_t next = 0;
	do {
		if (!walk_on(vault, next, &walk, err))
			return false;
		for (size_t i = 0; i < walk.count; i++) {
			while (next < walk.slots[i])
				found(ctx, next++, VAULT_SLOT_MISSING);
			if (walk.states[i] != VAULT_SLOT_PRESENT)
				found(ctx, next, (enum vault_slot)walk.states[i]);
			next++;
		}
	} while (walk.count == WALK);
	while (next % VAULT_SLOTS_AT_ONCE != 0) /* they are made so many at a time */
		found(ctx, next++, VAULT_SLOT_MISSING);
	return check_kept(vault, err);
}

/* Empties the row and then every place of the file where its bytes may still be. */
static bool overwrite(struct store *store, int64_t slot, struct err *err)
{
	{
		CLEANUP(store_stmt_finish) struct store_stmt *update = NULL;
		if (!store_begin(store, err))
			return false;
		if (!store_prepare(store, DESTROY_SQL, &update, err)) {
			store_abort(store);
			return false;
		}
		store_bind_int(update, 1, slot);
		store_bind_blob(update, 2, STR(""));
		if (!store_do(update, err)) {
			store_abort(store);
			return false;
		}
		if (store_changes(store) != 1) {
			store_abort(store);
			return say_why_not(VAULT_SLOT_MISSING, slot, err);
		}
	}
	return store_commit(store, err) && store_checkpoint(store, err) &&
	       store_vacuum(store, err) && store_checkpoint(store, err);
}

bool vault_destroy(struct vault *vault, int64_t slot, struct err *err)
{
	if (slot <= 0 || !vault->writer)
		return err_set(err, ERR_FAULT, "vault_destroy: slot %" PRId64, slot);
	pthread_mutex_lock(&vault->writer_lock);
	lease_take_all(&vault->pool);
	bool good = overwrite(vault->writer, slot, err);
	/* Also when it failed half-way: the next reader sees what the file says. */
	key_cache_drop(vault->cache, slot);
	lease_return_all(&vault->pool);
	pthread_mutex_unlock(&vault->writer_lock);
	return good;
}
