/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Keys of logs and witnesses (C2SP signed-note): verifier keys as text, and
 * private keys, which live in locked memory and are wiped when given back.
 */
#ifndef CANDOUR_LOG_KEY_H
#define CANDOUR_LOG_KEY_H

#include "base/base.h"

#define LOG_KEY_ID_SIZE 4
#define LOG_KEY_SIZE 32       /* an Ed25519 public key, and a seed */
#define LOG_MLDSA_SIZE 1312   /* an ML-DSA-44 public key */
#define LOG_SIGNATURE_SIZE 64 /* Ed25519 */
#define LOG_KEY_NAME_MAX 255  /* bytes of the name of a key of ours */

/* The byte in front of the public key. */
enum log_key_type {
	LOG_KEY_LOG = 0x01,     /* Ed25519 over a note's text */
	LOG_KEY_WITNESS = 0x04, /* Ed25519 cosignature/v1 */
	LOG_KEY_MLDSA = 0x06,   /* ML-DSA-44 cosignature: read, and never counted */
};

/* A verifier key, "name+id+base64". */
struct log_vkey {
	struct str name;
	uint8_t id[LOG_KEY_ID_SIZE];
	enum log_key_type type;
	struct str pub;
};

/* Not empty, valid UTF-8, no plus, no Unicode space. */
bool log_key_is_name(struct str name);

/*
 * Reads a verifier key into the arena; the id is reckoned anew.
 * ERR_INPUT: not one, or of a type that is not listed above; ERR_UNABLE: arena.
 */
bool log_vkey_read(struct arena *arena, struct str text, struct log_vkey *out,
                   struct err *err) MUST_USE;
/* Whether signatures of this key can count: ML-DSA's never do. */
bool log_vkey_counts(const struct log_vkey *key);
void log_vkey_write(struct buf *out, const struct log_vkey *key);
/* The fingerprint people compare: 16 bytes of SHA-256 of the verifier key's text, as 8 groups of 4
 * hex digits; no NUL. */
#define LOG_FINGERPRINT_LENGTH 39
void log_vkey_fingerprint(const struct log_vkey *key, char out[LOG_FINGERPRINT_LENGTH]);
/* The id as a number, most significant byte first. */
uint32_t log_key_id_number(const uint8_t id[LOG_KEY_ID_SIZE]);

/* A private key in locked memory. */
struct log_signer;

/*
 * From a seed; type is LOG_KEY_LOG or LOG_KEY_WITNESS. The caller wipes its
 * seed. ERR_INPUT: the name is none or too long; ERR_UNABLE: no locked memory.
 */
bool log_signer_create(struct str name, enum log_key_type type, const uint8_t seed[LOG_KEY_SIZE],
                       struct log_signer **out, struct err *err) MUST_USE;
/* A new key from the random source. */
bool log_signer_make(struct str name, enum log_key_type type, struct random_source *random,
                     struct log_signer **out, struct err *err) MUST_USE;
/* The same key under another name, which gives it another id. The errors of log_signer_create. */
bool log_signer_rename(const struct log_signer *signer, struct str name, struct log_signer **out,
                       struct err *err) MUST_USE;
/*
 * Reads a key file: "candour-key/v1 <name> <type> <base64 seed>" and LF, type
 * in decimal, readable by its owner alone (mode 0600 or less).
 * ERR_ABSENT: no file; ERR_REFUSED: others may read it; ERR_INPUT: damaged;
 * ERR_UNABLE: cannot be read.
 */
bool log_signer_load(const char *path, struct log_signer **out, struct err *err) MUST_USE;
/* Writes a key file with mode 0600. ERR_UNABLE: one is there already, or disk. */
bool log_signer_save(const struct log_signer *signer, const char *path, struct err *err) MUST_USE;
/* Wipes and gives back; takes NULL. */
void log_signer_destroy(struct log_signer *signer);
void log_signer_cleanup(struct log_signer **signer); /* for CLEANUP */

/* The verifier key that goes with it; borrowed. */
const struct log_vkey *log_signer_vkey(const struct log_signer *signer);
/* Ed25519 over the bytes; deterministic. Any thread. */
void log_signer_sign(const struct log_signer *signer, struct str message,
                     uint8_t out[LOG_SIGNATURE_SIZE]);
/* Whether `signature` is the key's over the bytes (RFC 8032 as libsodium checks it: S below L, no
 * small-order or non-canonical key). */
bool log_vkey_verify(const struct log_vkey *key, struct str message, struct str signature);

#endif
