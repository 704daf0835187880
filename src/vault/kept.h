/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The rows of `kept` in keys.db: what the vault remembers about itself, tagged
 * so that nobody without the master key can change one.
 */
#ifndef CANDOUR_VAULT_KEPT_H
#define CANDOUR_VAULT_KEPT_H

#include "vault/state.h"

#define KEPT_MAX 16384 /* bytes of a value */

/* Writes or replaces a row; call inside a transaction. */
bool kept_write(struct store *store, const uint8_t tag_key[VAULT_KEY_SIZE], const char *name,
                struct str value, struct err *err) MUST_USE;
/*
 * Appends the value to `out`. `tag_key` NULL: unchecked, for who has no master key
 * yet. ERR_INPUT: the row is gone or altered; ERR_UNABLE.
 */
bool kept_read(struct store *store, const uint8_t *tag_key, const char *name, struct buf *out,
               struct err *err) MUST_USE;
/* The commitment by which a master key is known to be this register's. */
struct hash kept_commitment(const uint8_t master[VAULT_KEY_SIZE]);
/* ERR_INPUT: `master` is not the key that wrapped these slots. */
bool kept_check_master(struct store *store, const uint8_t master[VAULT_KEY_SIZE],
                       struct err *err) MUST_USE;

#endif
