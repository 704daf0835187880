/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The row "shares" of keys.db: of each share made last a commitment, by which
 * it is known again, and when it was read back. A share is 32 random bytes, so
 * that its commitment tells nothing of it. A group of it is short: its mark is
 * keyed by the master key, so that whoever has keys.db alone cannot try groups.
 *
 *   SET NEEDED COUNT MADE LF, then for each NUMBER COMMITMENT MARKS CONFIRMED LF
 */
#ifndef CANDOUR_VAULT_SHARE_LIST_H
#define CANDOUR_VAULT_SHARE_LIST_H

#include "vault/share_text.h"

#define SHARE_MARK 8 /* hex digits of a group's mark */
#define SHARE_MARKS (VAULT_SHARE_GROUPS * SHARE_MARK)

struct share_list {
	struct vault_shares said;
	char set[SHARE_SET];
	struct hash commitments[VAULT_SHARES_MAX];
	char marks[VAULT_SHARES_MAX][SHARE_MARKS];
};

struct hash share_commitment(const struct share *share);
void share_list_write(const struct share_list *list, struct buf *out);
/* The empty text is a list without shares. False when it is anything else. */
bool share_list_read(struct str text, struct share_list *out) MUST_USE;
/* Whether it is one of the list, to the last bit. */
bool share_list_has(const struct share_list *list, const struct share *share);

#endif
