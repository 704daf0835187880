/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A share as people handle it:
 *
 *   candour-share/v1 3 5 2 K7QX 4F0MR-…-9Q2TX CHECK
 *
 * needed, count, number, set, then 13 groups of four symbols (Crockford's
 * base32) and one that checks them, then five symbols over all. A symbol
 * misread, two of a group swapped, or two groups swapped show in their group.
 */
#ifndef CANDOUR_VAULT_SHARE_TEXT_H
#define CANDOUR_VAULT_SHARE_TEXT_H

#include "base/base.h"
#include "vault/vault.h"

#define SHARE_SIZE 32
#define SHARE_SET 4

struct share {
	int needed;
	int count;
	int number;          /* 1 .. count */
	char set[SHARE_SET]; /* symbols that all shares of one splitting have */
	uint8_t bytes[SHARE_SIZE];
};

void share_finish(struct share *share); /* wipes; for CLEANUP */
/* Four symbols from 20 random bits. */
void share_set_from(const uint8_t random[3], char set[SHARE_SET]);
void share_text_write(const struct share *share, char out[VAULT_SHARE_TEXT]);
/*
 * Reads it in any case, with any blanks, hyphens and line ends; I and L are 1,
 * O is 0. ERR_INPUT names the group to read again, with `which` in front
 * ("Share 2", "The second share"), and never shows what was typed.
 */
bool share_text_read(struct str text, const char *which, struct share *out,
                     struct err *err) MUST_USE;

#endif
