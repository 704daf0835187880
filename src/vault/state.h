/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What an open vault holds, for the files of this room.
 *
 * 1. Keys lie in memory of sodium_malloc alone (struct keys, the cache), or on
 *    the stack for the length of one function that wipes them.
 * 2. A key goes into the cache only while its reader holds a lease of a
 *    connection; destroying takes all leases first. So no key comes back into
 *    the cache after its slot was destroyed.
 */
#ifndef CANDOUR_VAULT_STATE_H
#define CANDOUR_VAULT_STATE_H

#include <pthread.h>
#include <stdatomic.h>

#include <sodium.h>

#include "base/base.h"
#include "store/store.h"
#include "vault/key_cache.h"
#include "vault/lease.h"
#include "vault/turnstile.h"
#include "vault/vault.h"

#define SLOT_WRAPPED_SIZE                                                                          \
	(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES + VAULT_KEY_SIZE +                           \
	 crypto_aead_xchacha20poly1305_ietf_ABYTES)
#define VAULT_PATH_BYTES 8192 /* the few paths of a vault */

/* In locked memory, read only once open. */
struct keys {
	uint8_t master[VAULT_KEY_SIZE];
	uint8_t promise[VAULT_KEY_SIZE];
	uint8_t answer[VAULT_KEY_SIZE]; /* return.key */
	uint8_t tags[VAULT_KEY_SIZE];   /* of the rows of `kept`; follows from the master key */
};

struct vault {
	struct arena *paths;   /* set before threads start */
	const char *keys_path; /* DIR/keys/keys.db */
	struct keys *keys;     /* set before threads start, then read only */
	bool is_locked;        /* set before threads start */
	enum vault_cost cost;  /* set before threads start */

	pthread_mutex_t random_lock;
	struct random_source *random; /* guarded by random_lock */
	struct random_source *nonces; /* guarded by random_lock; of boxes, which anybody may know */
	bool owns_random;             /* set before threads start */

	struct key_cache *cache; /* guards itself */
	struct lease_pool pool;  /* guards itself */
	_Atomic int64_t made;    /* slots 0 .. made - 1 were made */
	_Atomic int64_t read_to; /* the slot that was read last: whoever wants the next wants more */

	/* Held over a whole change of keys.db: a connection is one thread's at a time. */
	pthread_mutex_t writer_lock;
	bool is_brief;        /* set before threads start */
	struct store *writer; /* guarded by writer_lock; NULL with VAULT_READ */

	struct turnstile passwords;               /* guards itself */
	char no_password[crypto_pwhash_STRBYTES]; /* set before threads start */
};

/* sodium_init and the libraries' own state; before anything else, more than once is good. */
bool vault_prepare(struct err *err) MUST_USE;
/* The key under which rows of `kept` are tagged. */
void vault_tag_key(const uint8_t master[VAULT_KEY_SIZE], uint8_t out[VAULT_KEY_SIZE]);

/* The file key of `slot` into `key`, which the caller wipes. Codes as vault_seal. */
bool slot_key(struct vault *vault, int64_t slot, uint8_t key[VAULT_KEY_SIZE],
              struct err *err) MUST_USE;
/* Makes slots from .. from + count - 1 in one transaction of `store`. */
bool slot_make(struct store *store, const uint8_t master[VAULT_KEY_SIZE],
               struct random_source *random, int64_t from, int64_t count, struct err *err) MUST_USE;
/* Number of the slots made: the highest and one. */
bool slot_count(struct store *store, int64_t *out, struct err *err) MUST_USE;

#endif
