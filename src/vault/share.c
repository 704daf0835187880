/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Officers' shares: the master key split by Shamir's scheme (libgfshare) and rebuilt. */
#include <stdio.h>

#include <libgfshare.h>

#include "vault/kept.h"
#include "vault/key_file.h"
#include "vault/share_list.h"
#include "vault/state.h"

static void free_context(gfshare_ctx **context)
{
	if (*context)
		gfshare_ctx_free(*context); /* overwrites what it held */
}

/* --- splitting ---------------------------------------------------------------------------- */

static bool make_shares(struct vault *vault, int needed, int count, struct share shares[],
                        struct err *err)
{
	CLEANUP(free_context) gfshare_ctx *context = NULL;
	unsigned char numbers[VAULT_SHARES_MAX];
	uint8_t master[VAULT_KEY_SIZE], set[3];

	for (int i = 0; i < count; i++)
		numbers[i] = (unsigned char)(i + 1);
	context = gfshare_ctx_init_enc(numbers, (unsigned)count, (unsigned char)needed, SHARE_SIZE);
	if (!context)
		return err_set(err, ERR_UNABLE, "There is not enough memory to split the key");
	memcpy(master, vault->keys->master, sizeof master);
	gfshare_ctx_enc_setsecret(context, master);
	sodium_memzero(master, sizeof master);
	vault_random(vault, set, sizeof set);
	for (int i = 0; i < count; i++) {
		shares[i] = (struct share){ .needed = needed, .count = count, .number = i + 1 };
		share_set_from(set, shares[i].set);
		gfshare_ctx_enc_getshare(context, (unsigned char)i, shares[i].bytes);
	}
	return true;
}

/* The five symbols of a group, as they are printed; p NULL: the text is no share. */
static struct str group_of(struct str text, int group)
{
	struct str word = STR_NONE, part = STR_NONE;
	for (int i = 0; i < 6; i++)
		if (!str_cut(&text, ' ', &word))
			return STR_NONE;
	for (int i = 0; i < group; i++)
		if (!str_cut(&word, '-', &part))
			return STR_NONE;
	return part;
}

static void mark_group(struct vault *vault, const char set[SHARE_SET], int number, int group,
                       struct str symbols, char out[SHARE_MARK])
{
	char text[64], hex[9];
	int n = snprintf(text, sizeof text, "%.4s %d %d %.*s", set, number, group,
	                 STR_ARG(str_sub(symbols, 0, 8)));
	struct hash mark = vault_tag(vault, STR("share"), (struct str){ text, (size_t)n });
	(void)snprintf(hex, sizeof hex, "%02x%02x%02x%02x", mark.bytes[0], mark.bytes[1],
	               mark.bytes[2], mark.bytes[3]);
	memcpy(out, hex, SHARE_MARK);
	sodium_memzero(text, sizeof text);
}

static void mark_all(struct vault *vault, const struct vault_share shares[],
                     struct share_list *list)
{
	for (int i = 0; i < list->said.count; i++)
		for (int group = 1; group <= VAULT_SHARE_GROUPS; group++)
			mark_group(vault, list->set, i + 1, group,
			           group_of(str_from_c(shares[i].text), group),
			           list->marks[i] + (group - 1) * SHARE_MARK);
}

/* Writes the list as one transaction; the caller holds writer_lock. */
static bool keep_list(struct vault *vault, const struct share_list *list, struct err *err)
{
	CLEANUP(buf_finish) struct buf text;
	buf_init(&text, KEPT_MAX);
	share_list_write(list, &text);
	base_check(!text.full);
	if (!store_begin(vault->writer, err))
		return false;
	if (!kept_write(vault->writer, vault->keys->tags, "shares", buf_str(&text), err)) {
		store_abort(vault->writer);
		return false;
	}
	return store_commit(vault->writer, err);
}

static bool read_list(struct store *store, const uint8_t *tag_key, struct share_list *out,
                      struct err *err)
{
	CLEANUP(buf_finish) struct buf text;
	buf_init(&text, KEPT_MAX);
	if (!kept_read(store, tag_key, "shares", &text, err))
		return false;
	if (!share_list_read(buf_str(&text), out))
		return err_set(err, ERR_INPUT, "The row \"shares\" of keys.db was altered");
	return true;
}

bool vault_split(struct vault *vault, int needed, int count, instant now, struct vault_share out[],
                 struct err *err)
{
	struct share shares[VAULT_SHARES_MAX];
	struct share_list list = { .said = { .needed = needed, .count = count, .made = now } };

	if (needed < 2 || needed > count || count > VAULT_SHARES_MAX)
		return err_set(err, ERR_USAGE,
		               "Shares are made for 2 to %d officers, and at least 2 of them"
		               " rebuild the key",
		               VAULT_SHARES_MAX);
	if (!vault->writer)
		return err_set(err, ERR_FAULT, "vault_split: opened to read");
	bool good = make_shares(vault, needed, count, shares, err);
	if (good) {
		memcpy(list.set, shares[0].set, SHARE_SET);
		for (int i = 0; i < count; i++) {
			list.commitments[i] = share_commitment(&shares[i]);
			share_text_write(&shares[i], out[i].text);
		}
		mark_all(vault, out, &list);
		pthread_mutex_lock(&vault->writer_lock);
		good = keep_list(vault, &list, err);
		pthread_mutex_unlock(&vault->writer_lock);
	}
	if (!good)
		sodium_memzero(out, (size_t)count * sizeof out[0]);
	sodium_memzero(shares, sizeof shares);
	return good;
}

bool vault_shares(struct vault *vault, struct vault_shares *out, struct err *err)
{
	CLEANUP(lease_end) struct lease lease = { 0 };
	struct share_list list;
	*out = (struct vault_shares){ 0 };
	if (!lease_begin(&vault->pool, &lease, err) ||
	    !read_list(lease.store, vault->keys->tags, &list, err))
		return false;
	*out = list.said;
	return true;
}

static bool confirm(struct vault *vault, const struct share *share, instant now, struct err *err)
{
	struct share_list list;
	if (!read_list(vault->writer, vault->keys->tags, &list, err))
		return false;
	if (!share_list_has(&list, share))
		return err_set(err, ERR_INPUT,
		               "Share %d is not one of those made last; ask for a new one",
		               share->number);
	list.said.confirmed_at[share->number - 1] = now;
	return keep_list(vault, &list, err);
}

bool vault_share_confirm(struct vault *vault, struct str text, instant now, int *number,
                         struct err *err)
{
	CLEANUP(share_finish) struct share share = { 0 };
	if (!vault->writer || now <= 0)
		return err_set(err, ERR_FAULT, "vault_share_confirm: opened to read, or no time");
	if (!share_text_read(text, "The share", &share, err))
		return false;
	pthread_mutex_lock(&vault->writer_lock);
	bool good = confirm(vault, &share, now, err);
	pthread_mutex_unlock(&vault->writer_lock);
	*number = share.number;
	return good;
}

/* As people type it: any case, I and L for 1, O for 0, blanks at its ends. p NULL: not five. */
static struct str tidy_group(struct str typed, char out[5])
{
	typed = str_trim(typed);
	if (typed.n != 5)
		return STR_NONE;
	for (size_t i = 0; i < 5; i++) {
		char c = typed.p[i];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		out[i] = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
	}
	return (struct str){ out, 5 };
}

static bool groups_fit(struct vault *vault, const struct share_list *list, int number,
                       const int groups[2], const struct str texts[2], struct err *err)
{
	for (size_t i = 0; i < 2; i++) {
		char tidy[5], mark[SHARE_MARK];
		struct str symbols = tidy_group(texts[i], tidy);
		if (groups[i] < 1 || groups[i] > VAULT_SHARE_GROUPS || groups[0] == groups[1])
			return err_set(err, ERR_FAULT, "vault_share_confirm_groups: which groups");
		mark_group(vault, list->set, number, groups[i], symbols.p ? symbols : STR(""),
		           mark);
		const char *kept = list->marks[number - 1] + (groups[i] - 1) * SHARE_MARK;
		bool is_it = sodium_memcmp(mark, kept, SHARE_MARK) == 0;
		sodium_memzero(tidy, sizeof tidy);
		if (!is_it)
			return err_set(
				err, ERR_INPUT,
				"Group %d of share %d is not as it was printed: read it again",
				groups[i], number);
	}
	return true;
}

static bool confirm_groups(struct vault *vault, int number, const int groups[2],
                           const struct str texts[2], instant now, struct err *err)
{
	struct share_list list;
	if (!read_list(vault->writer, vault->keys->tags, &list, err))
		return false;
	if (number < 1 || number > list.said.count)
		return err_set(err, ERR_INPUT, "There is no share %d", number);
	if (!groups_fit(vault, &list, number, groups, texts, err))
		return false;
	list.said.confirmed_at[number - 1] = now;
	return keep_list(vault, &list, err);
}

bool vault_share_confirm_groups(struct vault *vault, int number, const int groups[2],
                                const struct str texts[2], instant now, struct err *err)
{
	if (!vault->writer || now <= 0)
		return err_set(err, ERR_FAULT, "vault_share_confirm_groups: opened to read");
	pthread_mutex_lock(&vault->writer_lock);
	bool good = confirm_groups(vault, number, groups, texts, now, err);
	pthread_mutex_unlock(&vault->writer_lock);
	return good;
}

/* --- joining ------------------------------------------------------------------------------ */

struct hand {
	struct share shares[VAULT_SHARES_MAX];
	size_t count;
};

static void hand_finish(struct hand *hand)
{
	sodium_memzero(hand, sizeof *hand);
}

static bool fits_the_first(const struct hand *hand, const struct share *share, struct err *err)
{
	const struct share *first = &hand->shares[0];
	if (share->needed != first->needed || share->count != first->count ||
	    memcmp(share->set, first->set, SHARE_SET) != 0)
		return err_set(err, ERR_INPUT,
		               "Share %d is of set %.4s, share %d of set %.4s; bring shares of one"
		               " set",
		               share->number, share->set, first->number, first->set);
	for (size_t i = 0; i < hand->count; i++)
		if (hand->shares[i].number == share->number)
			return err_set(err, ERR_INPUT, "Share %d was given twice", share->number);
	return true;
}

static bool read_hand(const struct str texts[], size_t count, struct hand *hand, struct err *err)
{
	if (count < 1 || count > VAULT_SHARES_MAX)
		return err_set(err, ERR_INPUT, "Give the shares of 2 to %d officers",
		               VAULT_SHARES_MAX);
	for (size_t i = 0; i < count; i++) {
		char which[32];
		(void)snprintf(which, sizeof which, "The share given as number %zu", i + 1);
		struct share *share = &hand->shares[hand->count];
		if (!share_text_read(texts[i], which, share, err) ||
		    !fits_the_first(hand, share, err))
			return false;
		hand->count++;
	}
	if (hand->count < (size_t)hand->shares[0].needed)
		return err_set(err, ERR_INPUT, "%d shares are needed; %zu were given",
		               hand->shares[0].needed, hand->count);
	return true;
}

/* Names the first share that is not as it was made. Shares of an older set pass: the key tells. */
static bool check_hand(struct store *store, const struct hand *hand, struct err *err)
{
	struct share_list list;
	if (!read_list(store, NULL, &list, err))
		return false;
	if (memcmp(list.set, hand->shares[0].set, SHARE_SET) != 0)
		return true;
	for (size_t i = 0; i < hand->count; i++)
		if (!share_list_has(&list, &hand->shares[i]))
			return err_set(err, ERR_INPUT,
			               "Share %d is damaged: it is not the one that was made;"
			               " bring another officer's",
			               hand->shares[i].number);
	return true;
}

static bool rebuild(struct hand *hand, uint8_t master[VAULT_KEY_SIZE], struct err *err)
{
	CLEANUP(free_context) gfshare_ctx *context = NULL;
	unsigned char numbers[VAULT_SHARES_MAX];
	unsigned needed = (unsigned)hand->shares[0].needed;
	for (unsigned i = 0; i < needed; i++)
		numbers[i] = (unsigned char)hand->shares[i].number;
	context = gfshare_ctx_init_dec(numbers, needed, SHARE_SIZE);
	if (!context)
		return err_set(err, ERR_UNABLE, "There is not enough memory to rebuild the key");
	for (unsigned i = 0; i < needed; i++)
		gfshare_ctx_dec_giveshare(context, (unsigned char)i, hand->shares[i].bytes);
	gfshare_ctx_dec_extract(context, master);
	return true;
}

static bool join_hand(const char *folder_slots, struct hand *hand, uint8_t master[VAULT_KEY_SIZE],
                      struct err *err)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	struct err other = { 0 };
	if (!store_open(folder_slots, STORE_READ, &store, err) || !check_hand(store, hand, err) ||
	    !rebuild(hand, master, err))
		return false;
	if (kept_check_master(store, master, &other))
		return true;
	if (other.code == ERR_UNABLE || other.code == ERR_FAULT) {
		*err = other;
		return false;
	}
	return err_set(err, ERR_INPUT,
	               "The shares of set %.4s do not make the master key of this register",
	               hand->shares[0].set);
}

bool vault_join(const char *dir, const struct str texts[], size_t count, enum vault_join what,
                struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(VAULT_PATH_BYTES);
	CLEANUP(hand_finish) struct hand hand = { 0 };
	uint8_t master[VAULT_KEY_SIZE];
	const char *folder = arena ? file_join(arena, dir, "keys") : NULL;
	const char *slots = folder ? file_join(arena, folder, "keys.db") : NULL;
	const char *path = slots ? file_join(arena, folder, "master.key") : NULL;

	if (!path)
		return err_set(err, ERR_INPUT, "The name of the register's folder is too long");
	if (!vault_prepare(err) || !read_hand(texts, count, &hand, err))
		return false;
	bool good = join_hand(slots, &hand, master, err);
	if (good && what == VAULT_JOIN_WRITE)
		good = key_file_make(path, "master", master, err);
	sodium_memzero(master, sizeof master);
	return good;
}
