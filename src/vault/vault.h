/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The vault: keys, and what is done with them. It seals, opens and destroys;
 * it knows numbers of slots, ids of files and purposes, and nothing of kinds,
 * offices or people. No key leaves it but an object's own, which the caller
 * keeps inside a sealed box.
 *
 * DIR/keys/ holds master.key, promise.key and return.key (0600, one line each)
 * and keys.db, whose slots are wrapped by the master key. log.key beside them
 * belongs to room log.
 *
 * Threads: a vault is opened once and used by all of them. vault_make_slots,
 * vault_destroy, vault_split and vault_share_confirm… wait for one another.
 * Nothing here ever puts a secret, or words of a person, into an error.
 */
#ifndef CANDOUR_VAULT_VAULT_H
#define CANDOUR_VAULT_VAULT_H

#include "base/base.h"

struct vault;

enum vault_mode {
	VAULT_READ,  /* seals and opens, changes nothing in keys.db */
	VAULT_WRITE, /* the register's one writer: also makes slots, destroys, splits */
};

enum vault_cost {
	VAULT_LIVE,  /* passwords: 2 passes of 19 MiB */
	VAULT_DRILL, /* passwords: 1 pass of 8 KiB; for drill registers alone */
};

struct vault_options {
	/* NULL: the system's. Borrowed until vault_close; a seeded one is for drill registers. */
	struct random_source *random;
	enum vault_cost cost;
	bool is_brief;      /* for the length of one command, in one thread */
	size_t cached_keys; /* file keys held in locked memory, at most 65,536; 0: 1,024 */
	bool has_stand_ins; /* while a backup is restored: the keys beside the master key come later
	                     */
};

#define VAULT_SLOTS_AT_ONCE 4096

/*
 * Makes DIR/keys with new keys and the first 4,096 slots. DIR must be there.
 * ERR_INPUT: it holds keys already; ERR_UNABLE: disk.
 */
bool vault_create(const char *dir, const struct vault_options *options, struct err *err) MUST_USE;
/*
 * Opens the keys of a register. ERR_ABSENT: a key file is not there (master.key:
 * `key join` rebuilds it); ERR_INPUT: a key file others may read, a link,
 * malformed, or one that is not this keys.db's; ERR_UNABLE: store.
 */
bool vault_open(const char *dir, enum vault_mode mode, const struct vault_options *options,
                struct vault **out, struct err *err) MUST_USE;
/* Wipes every key; no other thread may be inside. Takes NULL. */
void vault_close(struct vault *vault);
void vault_cleanup(struct vault **vault); /* for CLEANUP */
/* False when the system would not lock the keys in memory, so that they may reach the swap. */
bool vault_is_locked(const struct vault *vault);

/* Overwrites secret bytes of the caller's in a way the compiler keeps. */
void vault_wipe(void *bytes, size_t n);

/* Opened words: heap memory that is wiped when it is finished. */
struct vault_secret {
	uint8_t *p;
	size_t n;
};
struct str vault_secret_str(const struct vault_secret *secret); /* borrowed */
void vault_secret_finish(struct vault_secret *secret); /* for CLEANUP; takes a zeroed one */

/* --- slots -------------------------------------------------------------------------------- */

enum vault_slot {
	VAULT_SLOT_PRESENT,
	VAULT_SLOT_DESTROYED,
	VAULT_SLOT_MISSING, /* never made, or its row is gone */
	VAULT_SLOT_DAMAGED, /* altered, or moved from another slot or register */
};

/* Slots made and not used, when `highest_used` is the highest in use (0: the register's own only).
 */
int64_t vault_free(const struct vault *vault, int64_t highest_used);
/* Makes 4,096 more, durable before it answers true. ERR_UNABLE: store; ERR_FAULT: VAULT_READ. */
bool vault_make_slots(struct vault *vault, struct err *err) MUST_USE;
/* How a slot stands in keys.db, the cache aside. ERR_UNABLE: store. */
bool vault_slot_state(struct vault *vault, int64_t slot, enum vault_slot *out,
                      struct err *err) MUST_USE;
/*
 * Walks all slots by number and tells each that is not present (a gap as
 * missing, once for each number). For `verify`. `found` runs under no lock.
 * ERR_INPUT: what the vault keeps about itself was altered, by name; ERR_UNABLE.
 */
typedef void vault_slot_found(void *ctx, int64_t slot, enum vault_slot state);
bool vault_verify(struct vault *vault, vault_slot_found *found, void *ctx,
                  struct err *err) MUST_USE;
/*
 * Destroys a file's key: nothing sealed under it ever opens again, and its
 * wrapped bytes are in no page of keys.db. The caller has made the entry.
 * Once destroyed, again is good. ERR_UNABLE: slot missing, store;
 * ERR_FAULT: slot 0, VAULT_READ.
 */
bool vault_destroy(struct vault *vault, int64_t slot, struct err *err) MUST_USE;

/* --- boxes -------------------------------------------------------------------------------- */

#define VAULT_BOX_EXTRA 40 /* nonce 24 and tag 16 around the sealed bytes */

/*
 * Seals `plain` under a file's slot and appends nonce || ciphertext || tag to
 * `out`. Bound to file (26 symbols) and entry index.
 *   ERR_ABSENT  the key was destroyed
 *   ERR_UNABLE  the slot is not made, or damaged; `out` is full; store
 */
bool vault_seal(struct vault *vault, int64_t slot, struct str file, int64_t index, struct str plain,
                struct buf *out, struct err *err) MUST_USE;
/* As above; ERR_INPUT: the box is altered, or of another file, entry or slot. */
bool vault_open_box(struct vault *vault, int64_t slot, struct str file, int64_t index,
                    struct str box, struct vault_secret *out, struct err *err) MUST_USE;

/*
 * The same under the register's own slot: `purpose` ([a-z-], "totp", "draft",
 * "waiting") and `bound` (any text: the account, the office, the file) must be
 * the same at opening.
 */
bool vault_seal_own(struct vault *vault, struct str purpose, struct str bound, struct str plain,
                    struct buf *out, struct err *err) MUST_USE;
bool vault_open_own(struct vault *vault, struct str purpose, struct str bound, struct str box,
                    struct vault_secret *out, struct err *err) MUST_USE;

#define VAULT_KEY_SIZE 32

/* The same under a key that the vault does not keep: a reporter's cookie for her draft. */
bool vault_seal_with(struct vault *vault, const uint8_t key[VAULT_KEY_SIZE], struct str purpose,
                     struct str bound, struct str plain, struct buf *out, struct err *err) MUST_USE;
bool vault_open_with(const uint8_t key[VAULT_KEY_SIZE], struct str purpose, struct str bound,
                     struct str box, struct vault_secret *out, struct err *err) MUST_USE;

/* --- return codes ------------------------------------------------------------------------- */

/* Four numbers of words, 0 .. 2,047, and four digits, 0 .. 9,999. Wiped by whoever shows it. */
struct vault_return_code {
	uint16_t word[4];
	uint16_t digits;
};

#define VAULT_RETURN_CANONICAL 8

/* The code of an act: the same submission and the same act give the same one. */
struct vault_return_code vault_return_code(const struct vault *vault, struct str submission,
                                           const struct hash *act);
/* The canonical form: four times 11 bits, then 14 bits, as 8 bytes big-endian. */
void vault_return_canonical(const struct vault_return_code *code,
                            uint8_t out[VAULT_RETURN_CANONICAL]);
/* What stands plain in the entry: tells nothing of the code to who has no return key. */
struct hash vault_return_tag(const struct vault *vault,
                             const uint8_t canonical[VAULT_RETURN_CANONICAL]);

/*
 * A keyed tag of a text that is looked up but must not be told from its tag (a
 * sign-in name). It stays the same for the register's life; `purpose` ([a-z-])
 * parts one use from another.
 */
struct hash vault_tag(const struct vault *vault, struct str purpose, struct str text);
/*
 * A keyed tag of what the register keeps beside its entries (a session's row), so that nobody
 * who has the database without the master key puts it there. Under the register's own slot,
 * which no backup opens; `purpose` as above. ERR_UNABLE as vault_seal.
 */
bool vault_tag_own(struct vault *vault, struct str purpose, struct str bytes, struct hash *out,
                   struct err *err) MUST_USE;

/* Random bytes for any thread: ids, secrets of sessions. In a drill they follow from its seed. */
void vault_random(struct vault *vault, void *out, size_t n);

/* The seed of the promise key (Ed25519), for room log, which wipes its copy. */
void vault_promise_seed(const struct vault *vault, uint8_t out[VAULT_KEY_SIZE]);

/* --- passwords and second factors --------------------------------------------------------- */

#define VAULT_PASSWORD_TEXT 128 /* room for an Argon2id string and its NUL */
#define VAULT_PASSWORD_MAX 1024 /* bytes typed */

/*
 * The Argon2id string of a password (brought to NFC: the same word typed on
 * another machine is the same). ERR_INPUT: empty, not UTF-8 or over 1,024
 * bytes; ERR_UNABLE: two others took over 2 seconds, or memory.
 */
bool vault_password_hash(struct vault *vault, struct str password, char out[VAULT_PASSWORD_TEXT],
                         struct err *err) MUST_USE;

enum vault_password {
	VAULT_PASSWORD_WRONG,
	VAULT_PASSWORD_RIGHT,
	VAULT_PASSWORD_STALE, /* right, but made at another cost: hash it anew and keep that */
};

/*
 * Compares. `stored` empty (no such account) costs the same and is wrong.
 * ERR_UNABLE as above; a password that cannot be one is wrong, no error.
 */
bool vault_password_verify(struct vault *vault, struct str stored, struct str password,
                           enum vault_password *out, struct err *err) MUST_USE;

#define VAULT_TOTP_SECRET 20
#define VAULT_TOTP_BASE32 32 /* symbols, without NUL */

/* A new secret; the caller seals it (vault_seal_own, "totp") and wipes it. */
void vault_totp_make(struct vault *vault, uint8_t secret[VAULT_TOTP_SECRET]);
/* RFC 4648 base32 for the otpauth address; 20 bytes need no padding. Wipe it too. */
void vault_totp_base32(const uint8_t secret[VAULT_TOTP_SECRET], char out[VAULT_TOTP_BASE32]);
/*
 * RFC 6238: six digits, steps of 30 seconds, one step early or late. True when
 * `code` is of a step after `last_step` (0 at first): then *step is what the
 * caller keeps as the last, so that no code serves twice.
 */
bool vault_totp_accepts(const uint8_t secret[VAULT_TOTP_SECRET], struct str code, instant now,
                        int64_t last_step, int64_t *step);

/* --- the process -------------------------------------------------------------------------- */

struct vault_hardening {
	bool leaves_no_core;  /* no core file, whatever happens */
	bool is_not_readable; /* others of the same user cannot attach or read its memory */
};

/*
 * Asks the system for both, and that as much memory may be locked as it allows;
 * tells what it gave; before threads start. vault_is_locked tells of the keys.
 */
void vault_harden_process(struct vault_hardening *out);

/* The rest of this header, one a noun: wrapped keys of another, attachments, and the shares of the
 * master key. */
#include "vault/copied.h"
#include "vault/object.h"
#include "vault/share.h"

#endif
