/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Officers' shares: the master key split among people and rebuilt from what
 * they kept. Part of vault.h, which others include.
 */
#ifndef CANDOUR_VAULT_SHARE_H
#define CANDOUR_VAULT_SHARE_H

#include "base/base.h"
#include "vault/vault.h"

#define VAULT_SHARES_MAX 32
#define VAULT_SHARE_TEXT 128 /* room for the printed form and its NUL */

/* One share as it is printed, read aloud and typed. The caller wipes it. */
struct vault_share {
	char text[VAULT_SHARE_TEXT];
};

/* What keys.db remembers of the shares made last; nothing of the shares themselves. */
struct vault_shares {
	int needed; /* 0: none were made */
	int count;
	int confirmed;
	instant made;
	instant confirmed_at[VAULT_SHARES_MAX]; /* of share 1 at 0; 0: not read back */
};

/*
 * Splits the master key: any `needed` of `count` shares rebuild it, fewer tell
 * nothing. Shares made before are worth nothing to vault_share_confirm, but
 * still rebuild. ERR_USAGE: not 2 <= needed <= count <= 32; ERR_UNABLE: store.
 */
bool vault_split(struct vault *vault, int needed, int count, instant now,
                 struct vault_share shares[], struct err *err) MUST_USE;
bool vault_shares(struct vault *vault, struct vault_shares *out, struct err *err) MUST_USE;
/* An officer read the share back: it is remembered under its number. ERR_INPUT: mistyped (which
 * group), or not one of those made last. */
bool vault_share_confirm(struct vault *vault, struct str text, instant now, int *number,
                         struct err *err) MUST_USE;

#define VAULT_SHARE_GROUPS 13 /* of five symbols each, behind the set */

/*
 * An officer typed two groups of the share, numbered from 1: it is there, and can be read. It is
 * remembered like one that was read back whole. ERR_INPUT: which group is not as it was printed.
 */
bool vault_share_confirm_groups(struct vault *vault, int number, const int groups[2],
                                const struct str texts[2], instant now, struct err *err) MUST_USE;

enum vault_join {
	VAULT_JOIN_PROVE, /* only whether the shares rebuild this register's master key */
	VAULT_JOIN_WRITE, /* and writes DIR/keys/master.key, which may not be there */
};
/* ERR_INPUT: too few, of different sets, or damaged: names the share and, mistyped, its group. */
bool vault_join(const char *dir, const struct str texts[], size_t count, enum vault_join what,
                struct err *err) MUST_USE;

#endif
