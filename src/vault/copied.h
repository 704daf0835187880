/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Wrapped keys as somebody keeps them who has no master key: a keys.db that grows with another's,
 * in which keys can be destroyed and none opened. Part of vault.h, which others include.
 */
#ifndef CANDOUR_VAULT_COPIED_H
#define CANDOUR_VAULT_COPIED_H

#include "base/base.h"
#include "vault/vault.h"

/* One thread at a time. */
struct vault_copied;

/* Opens DIR/keys/keys.db, or makes it. ERR_UNABLE: disk; ERR_INPUT: it is newer than this program.
 */
bool vault_copied_open(const char *dir, struct vault_copied **out, struct err *err) MUST_USE;
/* The same for vault_copied_count and vault_copied_has alone, beside whoever has it open: nothing
 * is made. ERR_ABSENT: none there. */
bool vault_copied_look(const char *dir, struct vault_copied **out, struct err *err) MUST_USE;
void vault_copied_close(struct vault_copied *copied);    /* takes NULL */
void vault_copied_cleanup(struct vault_copied **copied); /* for CLEANUP */

/* Slots held: 0 to this, less one. */
int64_t vault_copied_count(const struct vault_copied *copied);
/* Whether a slot is there with its wrapped key. ERR_UNABLE. */
bool vault_copied_has(struct vault_copied *copied, int64_t slot, bool *out,
                      struct err *err) MUST_USE;

/* What is put is durable with the commit; after any failure abort. */
bool vault_copied_begin(struct vault_copied *copied, struct err *err) MUST_USE;
bool vault_copied_commit(struct vault_copied *copied, struct err *err) MUST_USE;
void vault_copied_abort(struct vault_copied *copied);
/*
 * The next slot: `wrapped` as it lies in the other's keys.db, no bytes when its key was destroyed.
 * One that is held already stays as it is. ERR_INPUT: it is not the next, or of another length.
 */
bool vault_copied_put(struct vault_copied *copied, int64_t slot, struct str wrapped,
                      struct err *err) MUST_USE;
/* What the other vault keeps about itself, under a tag that it alone can make. ERR_INPUT: no name
 * of such a row, or of another master key than before. */
bool vault_copied_keep(struct vault_copied *copied, struct str name, struct str value,
                       struct str tag, struct err *err) MUST_USE;

/* Outside a transaction: the key is gone, and its wrapped bytes are in no page of the file. A slot
 * that is not there has nothing to destroy. ERR_UNABLE. */
bool vault_copied_destroy(struct vault_copied *copied, const int64_t *slots, size_t count,
                          struct err *err) MUST_USE;

/* Tells of the slots of the register in `dir` from one on, in their order: no key is opened. False
 * from `see` ends it. */
typedef bool vault_slot_seen(void *ctx, int64_t slot, struct str wrapped, struct err *err);
typedef bool vault_kept_seen(void *ctx, struct str name, struct str value, struct str tag,
                             struct err *err);
bool vault_show_wrapped(const char *dir, int64_t from, vault_slot_seen *see_slot,
                        vault_kept_seen *see_kept, void *ctx, struct err *err) MUST_USE;

#endif
