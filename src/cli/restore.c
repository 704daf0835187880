/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour restore: a backup, or a keeper's copy, into an empty folder, then verified. */
#include "log/log.h"
#include "vault/vault.h"

#include "cli/carried.h"
#include "cli/commands.h"
#include "cli/folder.h"
#include "cli/shares.h"

static const struct cli_option OPTIONS[] = {
	{ "master", CLI_INPUT, "FILE|-", "the register's master key file" },
	{ "shares", CLI_INPUT, "FILE|-", "the officers' shares, one a line (else they are asked)" },
	{ "seen", CLI_INPUT, "FILE|-",
	  "with a keeper's copy: the newest checkpoint that anybody outside holds" },
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

/* --- of a keeper's copy ----------------------------------------------------------------------- */

/* A file that lay beside the register. */
static bool put_beside(struct cli_call *call, const char *from, const char *dir, const char *name,
                       struct err *err)
{
	struct str text;
	const char *path = file_join(call->arena, dir, name);
	if (!path)
		return err_set(err, ERR_INPUT, "The name of a folder is too long");
	return casebook_offsite_open(from, dir, str_from_c(name), call->arena, &text, err) &&
	       (text.n == 0 || file_write(path, 0600, text, err));
}

/*
 * Whoever outside holds a larger tree than the copy has proof of entries that are gone. The old
 * name is then not signed again as if nothing had been (tlog.md 11.3).
 */
static bool is_newest(struct cli_call *call, const char *from, struct err *err)
{
	return !cli_has(call, "seen") ||
	       casebook_offsite_is_newest(from, cli_text(call, "seen"), call->arena, err);
}

static bool regain(struct cli_call *call, const char *from, const char *dir,
                   const struct shares *shares, struct err *err)
{
	const char *keys = file_join(call->arena, dir, "keys");
	struct str carried;
	if (!keys)
		return err_set(err, ERR_INPUT, "The name of a folder is too long");
	return file_make_folder(keys, 0700, err) &&
	       copy_database(call, file_join(call->arena, from, "keys/keys.db"),
	                     file_join(call->arena, dir, "keys/keys.db"), "key slots", err) &&
	       put_master(call, dir, shares, err) && carried_stand_in(dir, err) &&
	       casebook_offsite_open(from, dir, STR("carried"), call->arena, &carried, err) &&
	       carried_open_text(dir, carried, err) && put_beside(call, from, dir, "limits", err) &&
	       put_beside(call, from, dir, "policy", err) &&
	       casebook_offsite_restore(from, dir, call->person.progress, call->person.ctx,
	                                call->arena, err);
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

/* How it was asked first, then what is there. */
static bool check_asked(struct cli_call *call, const char *from, bool is_kept, struct err *err)
{
	const char *database = file_join(call->arena, from, "register.db");
	if (cli_has(call, "master") && cli_has(call, "shares"))
		return err_set(err, ERR_USAGE, "Give --master or --shares, one of them");
	if (!is_kept && (!database || !file_exists(database)))
		return err_set(err, ERR_ABSENT, "There is no backup at %s", from);
	return is_kept || !cli_has(call, "seen") ||
	       err_set(err, ERR_USAGE,
	               "--seen goes with a keeper's copy; a backup says itself where it ends");
}

/* Fills the folder, whole or not at all. */
static bool fill(struct cli_call *call, const char *from, const char *dir, bool is_kept,
                 struct err *err)
{
	struct shares shares = { 0 };
	struct folder folder;
	if (!casebook_is_whole(from, err) || (is_kept && !is_newest(call, from, err)) ||
	    !read_shares(call, from, &shares, err) ||
	    !folder_begin(call->arena, dir, "restore", &folder, err))
		return false;
	bool done = is_kept ? regain(call, from, dir, &shares, err)
	                    : copy(call, from, dir, err) && put_master(call, dir, &shares, err) &&
	                              carried_open(call, from, dir, err);
	if (done)
		return folder_end(call->arena, &folder, err);
	folder_give_up(call->arena, &folder);
	return false;
}

static void say_what_next(struct cli_call *call, const char *dir, bool is_kept)
{
	cli_say(call,
	        "What was added after the backup is not in it; receipts that people hold would show it.\n"
	        "What was lawfully destroyed after it can be read in it again: destroy it there too.\n"
	        "Never serve this copy while the first register may still run: two logs of one name"
	        " would contradict each other.");
	if (is_kept)
		cli_say(call,
		        "A new key signs from here on; the entry log.key-changed names the last tree of the old\n"
		        "one. Publish it (candour log vkey %s), tell it to witnesses and keepers by telephone or\n"
		        "letter, and name it in %s/policy. Receipts from before check by the old key.",
		        dir, dir);
}

static bool run(struct cli_call *call, struct err *err)
{
	struct casebook_verified found = { 0 };
	const char *from = str_to_c(call->arena, call->args[0]),
		   *dir = str_to_c(call->arena, call->args[1]);
	if (!from || !dir)
		return err_set(err, ERR_INPUT, "The name of a folder cannot be read");
	bool is_kept = casebook_offsite_is(from);
	if (!check_asked(call, from, is_kept, err) || !fill(call, from, dir, is_kept, err) ||
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
	say_what_next(call, dir, is_kept);
	return true;
}

const struct cli_command cli_restore = {
	.name = "restore",
	.arguments = "TO DIR",
	.about = "Restore the backup in TO into a new or empty folder DIR, and verify it",
	.detail =
		"Needs the master key or the officers' shares. TO may be a keeper's folder (candour keep): the register\n"
		"made of that signs with a new key, which an entry says.",
	.least = 2,
	.most = 2,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};
