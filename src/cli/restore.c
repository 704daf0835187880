/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour restore: a backup into an empty folder, then verified. */
#include "vault/vault.h"

#include "cli/carried.h"
#include "cli/commands.h"
#include "cli/folder.h"
#include "cli/shares.h"

static const struct cli_option OPTIONS[] = {
	{ "master", CLI_INPUT, "FILE|-", "the register's master key file" },
	{ "shares", CLI_INPUT, "FILE|-", "the officers' shares, one a line (else they are asked)" },
	{ "trial-of", CLI_TEXT, "DIR",
	  "the register whose health page says that its backup was tried" },
};

/* Asked and tried on the backup before anything is made. */
static bool read_shares(struct cli_call *call, const char *from, struct shares *shares,
                        struct err *err)
{
	if (cli_has(call, "master"))
		return true;
	return shares_read(call, "shares", shares, err) &&
	       vault_join(from, shares->texts, shares->count, VAULT_JOIN_PROVE, err);
}

static bool put_master(struct cli_call *call, const char *dir, const struct shares *shares,
                       struct err *err)
{
	const char *path = file_join(call->arena, dir, "keys/master.key");
	if (cli_has(call, "master"))
		return file_write(path, 0600, cli_text(call, "master"), err);
	return vault_join(dir, shares->texts, shares->count, VAULT_JOIN_WRITE, err);
}

static bool copy(struct cli_call *call, const char *from, const char *dir, struct err *err)
{
	const char *keys = file_join(call->arena, dir, "keys");
	const char *database = file_join(call->arena, from, "register.db");
	if (!database || !keys)
		return err_set(err, ERR_INPUT, "The name of a folder is too long");
	return file_make_folder(keys, 0700, err) &&
	       copy_database(call, database, file_join(call->arena, dir, "register.db"), "register",
	                     err) &&
	       copy_database(call, file_join(call->arena, from, "keys/keys.db"),
	                     file_join(call->arena, dir, "keys/keys.db"), "key slots", err) &&
	       copy_settings(call, from, dir, err);
}

/* The register that this was a trial for learns of it. */
static bool remember(struct cli_call *call, bool is_good, struct err *err)
{
	const char *of = cli_has(call, "trial-of")
	                         ? str_to_c(call->arena, cli_text(call, "trial-of"))
	                         : NULL;
	if (!cli_has(call, "trial-of"))
		return true;
	const char *database = of ? file_join(call->arena, of, "register.db") : NULL;
	if (!database || !file_exists(database))
		return err_set(err, ERR_ABSENT,
		               "The copy is made, but there is no register at %s to tell",
		               of ? of : "");
	return casebook_remember(of, CASEBOOK_RESTORED, clock_read().wall, is_good, err);
}

static bool run(struct cli_call *call, struct err *err)
{
	struct casebook_verified found = { 0 };
	struct shares shares = { 0 };
	const char *from = str_to_c(call->arena, call->args[0]),
		   *dir = str_to_c(call->arena, call->args[1]);
	if (!from || !dir)
		return err_set(err, ERR_INPUT, "The name of a folder cannot be read");
	if (cli_has(call, "master") && cli_has(call, "shares"))
		return err_set(err, ERR_USAGE, "Give --master or --shares, one of them");
	const char *database = file_join(call->arena, from, "register.db");
	if (!database || !file_exists(database))
		return err_set(err, ERR_ABSENT, "There is no backup at %s", from);
	if (!casebook_is_whole(from, err) || !read_shares(call, from, &shares, err))
		return false;
	struct folder folder;
	if (!folder_begin(call->arena, dir, "restore", &folder, err))
		return false;
	if (!copy(call, from, dir, err) || !put_master(call, dir, &shares, err) ||
	    !carried_open(call, from, dir, err)) {
		folder_give_up(call->arena, &folder);
		return false;
	}
	if (!folder_end(call->arena, &folder, err) ||
	    !casebook_verify(dir, CASEBOOK_VERIFY_WHOLE, call->arena, call->person.progress,
	                     call->person.ctx, &found, err))
		return false;
	call->status = found.ok ? 0 : err_exit_status(ERR_ABSENT);
	if ((found.ok && !casebook_keep_newest(dir, err)) || !remember(call, found.ok, err))
		return false;
	if (!found.ok) {
		cli_print(call, "restored, but not ok: %.*s: %.*s", STR_ARG(found.difference.where),
		          STR_ARG(found.difference.what));
		return true;
	}
	cli_print(call, "restored to %s", dir);
	cli_print(call, "entries %" PRId64, found.entries);
	cli_say(call,
	        "What was added after the backup is not in it; receipts that people hold would show it.\n"
	        "What was lawfully destroyed after it can be read in it again: destroy it there too.\n"
	        "Never serve this copy while the first register may still run: two logs of one name"
	        " would contradict each other.");
	return true;
}

const struct cli_command cli_restore = {
	.name = "restore",
	.arguments = "TO DIR",
	.about = "Restore the backup in TO into a new or empty folder DIR, and verify it",
	.detail = "Needs the master key or the officers' shares.",
	.least = 2,
	.most = 2,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};
