/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * When the register was last backed up, tried from a backup and verified: one
 * line each in files beside the database, so that a command that only reads
 * can leave it too. They are told, never trusted: losing one says "never".
 */
#include "casebook/care.h"

#include "casebook/book.h"

#define LINE_MAX_BYTES 100
#define LINE_ARENA ((size_t)4096)

static const char *const NAMES[CASEBOOK_UPKEEPS] = {
	[CASEBOOK_BACKED_UP] = "last-backup",
	[CASEBOOK_RESTORED] = "last-restore",
	[CASEBOOK_VERIFIED] = "last-verify",
};

bool casebook_remember(const char *dir, enum casebook_upkeep_sort sort, instant at, bool is_good,
                       struct err *err)
{
	char path[BOOK_PATH_MAX];
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(LINE_ARENA);
	int n = snprintf(path, sizeof path, "%s/%s", dir, NAMES[sort]);
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is not enough memory");
	if (n <= 0 || n >= (int)sizeof path)
		return err_set(err, ERR_INPUT, "The path of this register is too long");
	struct str when = instant_write(arena, at);
	return file_write(path, 0600,
	                  arena_format(arena, "%.*s%s\n", STR_ARG(when), is_good ? "" : " not ok"),
	                  err);
}

static void read_one(const struct casebook *book, struct arena *arena,
                     enum casebook_upkeep_sort sort, struct casebook_upkeep *out)
{
	char path[BOOK_PATH_MAX];
	struct str text, when;
	struct err ignored = { 0 };
	if (!book_path(book, NAMES[sort], path, &ignored) ||
	    !file_read(arena, path, LINE_MAX_BYTES, &text, &ignored))
		return;
	text = str_trim(text);
	when = str_sub(text, 0, str_find(text, ' '));
	if (!instant_read(when, &out->at[sort]))
		out->at[sort] = 0;
	out->is_good[sort] = when.n == text.n;
}

bool casebook_upkeep(struct casebook *book, struct casebook_upkeep *out, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(LINE_ARENA);
	struct vault_shares shares;
	*out = (struct casebook_upkeep){ .now = clock_read().wall };
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is not enough memory");
	for (int sort = 0; sort < CASEBOOK_UPKEEPS; sort++)
		read_one(book, arena, (enum casebook_upkeep_sort)sort, out);
	if (!vault_shares(book->vault, &shares, err))
		return false;
	out->shares_needed = shares.needed;
	out->shares_made = shares.count;
	out->shares_confirmed = shares.confirmed;
	return true;
}

bool casebook_share_confirm(struct casebook *book, struct str share, int *number, struct err *err)
{
	return vault_share_confirm(book->vault, str_trim(share), clock_read().wall, number, err);
}

bool casebook_shares(struct casebook *book, struct casebook_shares *out, struct err *err)
{
	struct vault_shares said;
	*out = (struct casebook_shares){ 0 };
	if (!vault_shares(book->vault, &said, err))
		return false;
	out->needed = said.needed;
	out->count = said.count;
	out->confirmed = said.confirmed;
	out->made = said.made;
	for (int i = 0; i < said.count; i++)
		out->confirmed_at[i] = said.confirmed_at[i];
	return true;
}

bool casebook_share_confirm_groups(struct casebook *book, int number, const int groups[2],
                                   const struct str texts[2], struct err *err)
{
	return vault_share_confirm_groups(book->vault, number, groups, texts, clock_read().wall,
	                                  err);
}

bool casebook_shares_make(struct casebook *book, int needed, int count,
                          char texts[][CASEBOOK_SHARE_TEXT], struct err *err)
{
	struct vault_share shares[VAULT_SHARES_MAX];
	_Static_assert(VAULT_SHARES_MAX == CASEBOOK_SHARES_MAX, "as many as the vault makes");
	_Static_assert(VAULT_SHARE_TEXT == CASEBOOK_SHARE_TEXT, "the vault's printed form");
	_Static_assert(VAULT_SHARE_GROUPS == CASEBOOK_SHARE_GROUPS, "the vault's groups");
	if (needed < 2 || needed > count || count > VAULT_SHARES_MAX)
		return err_set(
			err, ERR_INPUT,
			"Shares are made for 2 to %d officers, and at least 2 of them rebuild"
			" the key",
			VAULT_SHARES_MAX);
	if (!vault_split(book->vault, needed, count, clock_read().wall, shares, err))
		return false;
	for (int i = 0; i < count; i++)
		memcpy(texts[i], shares[i].text, CASEBOOK_SHARE_TEXT);
	vault_wipe(shares, sizeof shares);
	return true;
}
