/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * candour key: officers' shares of the master key, which speak to DIR/keys alone, served or not;
 * and the change of the signing key, which is an act.
 */
#include "vault/vault.h"

#include "cli/acts.h"
#include "cli/commands.h"
#include "cli/shares.h"
#include "cli/who.h"

static bool open_vault(struct cli_call *call, enum vault_mode mode, struct vault **out,
                       struct err *err)
{
	struct vault_options options = { .cached_keys = 16 };
	const char *dir = str_to_c(call->arena, call->args[0]);
	*out = NULL;
	if (!dir || !file_is_folder(dir))
		return err_set(err, ERR_ABSENT, "There is no register at %.*s",
		               STR_ARG(call->args[0]));
	return casebook_is_whole(dir, err) && vault_open(dir, mode, &options, out, err);
}

/* "3/5" */
static bool read_numbers(struct str text, int *needed, int *count, struct err *err)
{
	size_t slash = str_find(text, '/');
	uint64_t k, n;
	if (!str_to_u64(str_sub(text, 0, slash), VAULT_SHARES_MAX, &k) ||
	    !str_to_u64(str_sub(text, slash + 1, text.n), VAULT_SHARES_MAX, &n) || k < 2 || k > n)
		return err_set(err, ERR_USAGE,
		               "Shares are given as K/N, such as 3/5: 2 or more, of at most %d",
		               VAULT_SHARES_MAX);
	*needed = (int)k;
	*count = (int)n;
	return true;
}

static bool split(struct cli_call *call, struct err *err)
{
	CLEANUP(vault_cleanup) struct vault *vault = NULL;
	struct vault_share shares[VAULT_SHARES_MAX];
	int needed = 0, count = 0;
	if (!read_numbers(call->args[1], &needed, &count, err) ||
	    !open_vault(call, VAULT_WRITE, &vault, err) ||
	    !vault_split(vault, needed, count, clock_read().wall, shares, err))
		return false;
	for (int i = 0; i < count; i++)
		cli_print(call, "%s", shares[i].text);
	vault_wipe(shares, sizeof shares);
	cli_say(call,
	        "Give each officer one of the %d shares, on paper. They are shown once. Any %d rebuild\n"
	        "the master key. Let each be read back: candour key confirm %.*s",
	        count, needed, STR_ARG(call->args[0]));
	return true;
}

const struct cli_command cli_key_split = {
	.name = "key split",
	.arguments = "DIR K/N",
	.about = "Make N officers' shares, of which any K rebuild the master key",
	.detail =
		"One share a line on standard output, shown once. Earlier shares still rebuild the key.",
	.least = 2,
	.most = 2,
	.needs = CLI_NOTHING,
	.run = split,
};

static const struct cli_option CONFIRM_OPTIONS[] = {
	{ "share", CLI_INPUT, "FILE|-", "the share (else it is asked)" },
};

static bool confirm(struct cli_call *call, struct err *err)
{
	CLEANUP(vault_cleanup) struct vault *vault = NULL;
	struct vault_shares all;
	struct str share = cli_text(call, "share");
	int number;
	if (!share.p && !cli_ask(call, CLI_HIDDEN, "The share, as it is printed: ", &share, err))
		return false;
	if (!open_vault(call, VAULT_WRITE, &vault, err) ||
	    !vault_share_confirm(vault, str_trim(share), clock_read().wall, &number, err) ||
	    !vault_shares(vault, &all, err))
		return false;
	cli_print(call, "share %d of %d", number, all.count);
	cli_say(call, "%d of %d were read back; %d are needed.", all.confirmed, all.count,
	        all.needed);
	return true;
}

const struct cli_command cli_key_confirm = {
	.name = "key confirm",
	.arguments = "DIR",
	.about = "An officer reads a share back, so that it is known to be right",
	.least = 1,
	.most = 1,
	.needs = CLI_NOTHING,
	.options = CONFIRM_OPTIONS,
	.option_count = COUNT_OF(CONFIRM_OPTIONS),
	.run = confirm,
};

static const struct cli_option JOIN_OPTIONS[] = {
	{ "shares", CLI_INPUT, "FILE|-", "the shares, one a line (else they are asked)" },
	{ "prove", CLI_FLAG, NULL, "only tell whether they rebuild the key; write nothing" },
};

static bool join(struct cli_call *call, struct err *err)
{
	const char *dir = str_to_c(call->arena, call->args[0]);
	struct shares shares;
	if (!dir || !file_is_folder(dir))
		return err_set(err, ERR_ABSENT, "There is no register at %.*s",
		               STR_ARG(call->args[0]));
	if (!casebook_is_whole(dir, err) || !shares_read(call, "shares", &shares, err) ||
	    !vault_join(dir, shares.texts, shares.count,
	                cli_has(call, "prove") ? VAULT_JOIN_PROVE : VAULT_JOIN_WRITE, err))
		return false;
	cli_print(call, cli_has(call, "prove") ? "the shares rebuild the master key"
	                                       : "wrote keys/master.key");
	return true;
}

const struct cli_command cli_key_join = {
	.name = "key join",
	.arguments = "DIR",
	.about = "Rebuild a lost master key from officers' shares",
	.least = 1,
	.most = 1,
	.needs = CLI_NOTHING,
	.options = JOIN_OPTIONS,
	.option_count = COUNT_OF(JOIN_OPTIONS),
	.run = join,
};

static const struct cli_option ROTATE_OPTIONS[] = {
	{ "compromised", CLI_TEXT, "TIME", "the key may have been known to others since then" },
	CLI_WHO,
};

static void say_replaced(struct cli_call *call)
{
	cli_say(call,
	        "The old signing key signs no more, and is destroyed. Tell those who hold the old verifier key\n"
	        "by another way, on paper or by telephone, what follows:\n"
	        "the new key, and since when the old one is doubtful: candour log vkey %s\n"
	        "Receipts that the old key alone signed since then: give new ones.\n"
	        "Take a backup: the new signing key is not in those that you have.",
	        call->dir);
}

static bool rotate(struct cli_call *call, struct err *err)
{
	struct casebook_actor actor;
	struct casebook_answer answer;
	bool is_compromised = cli_has(call, "compromised");
	instant since = 0;
	if ((is_compromised && !cli_instant(call, "compromised", &since, err)) ||
	    !who_acts(call, STR(WHO_ADMINISTRATOR), &actor, err))
		return false;
	bool done = is_compromised
	                    ? casebook_key_compromised(call->book, &actor, CASEBOOK_CLI,
	                                               call->machine_user, since, call->arena,
	                                               &answer, err)
	                    : casebook_key_rotate(call->book, &actor, CASEBOOK_CLI,
	                                          call->machine_user, call->arena, &answer, err);
	if (!done || !acts_check(call, &answer, err))
		return false;
	acts_print(call, &answer);
	if (is_compromised) {
		say_replaced(call);
		return true;
	}
	cli_say(call,
	        "For 90 days both keys sign, so that the old verifier key goes on to check; then the old\n"
	        "signing key is destroyed. Publish the new one: candour log vkey %s\n"
	        "Take a backup: the new signing key is not in those that you have.",
	        call->dir);
	return true;
}

const struct cli_command cli_key_rotate = {
	.name = "key rotate",
	.arguments = "DIR",
	.about = "Change the signing key of the log",
	.detail =
		"An entry says which key follows which. For 90 days every checkpoint carries both\n"
		"signatures; then the former key is destroyed, by an entry of its own. One change at a time.\n"
		"With --compromised the old key signs no more from the entry on, which says since when what it\n"
		"signed is doubtful; a former one that signs beside it ends too.",
	.least = 1,
	.most = 1,
	.needs = CLI_WRITER,
	.options = ROTATE_OPTIONS,
	.option_count = COUNT_OF(ROTATE_OPTIONS),
	.run = rotate,
};
