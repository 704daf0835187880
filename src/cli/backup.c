/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * candour backup: a copy that its keeper cannot read. The register, and apart
 * from it the key slots, still wrapped; the lesser keys sealed under the master
 * key; never the master key.
 *
 * B1. The register is copied before the key slots: slots are made ahead, so
 *     that the later copy of them serves every file of the earlier register.
 */
#include "store/store.h"

#include "cli/carried.h"
#include "cli/commands.h"
#include "cli/folder.h"

#define PLAIN_FILE_MAX 65536

struct copying {
	struct cli_call *call;
	const char *what;
};

static void show(void *ctx, int64_t done, int64_t all)
{
	const struct copying *copying = ctx;
	if (copying->call->person.progress)
		copying->call->person.progress(copying->call->person.ctx, copying->what, done, all);
}

bool copy_database(struct cli_call *call, const char *from, const char *to, const char *what,
                   struct err *err)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	struct copying copying = { call, what };
	if (!from || !to)
		return err_set(err, ERR_INPUT, "The name of a folder is too long");
	return store_open(from, STORE_READ, &store, err) &&
	       store_backup(store, to, show, &copying, err);
}

/* A file that people write beside the register, where there is one. */
static bool copy_plain(struct cli_call *call, const char *from, const char *to, const char *name,
                       struct err *err)
{
	const char *there = file_join(call->arena, from, name),
		   *here = file_join(call->arena, to, name);
	struct str text;
	if (!there || !here)
		return err_set(err, ERR_INPUT, "The name of a folder is too long");
	return !file_exists(there) || (file_read(call->arena, there, PLAIN_FILE_MAX, &text, err) &&
	                               file_write(here, 0600, text, err));
}

bool copy_settings(struct cli_call *call, const char *from, const char *to, struct err *err)
{
	return copy_plain(call, from, to, "limits", err) &&
	       copy_plain(call, from, to, "policy", err);
}

/* The newest checkpoint of the copy, as the log signed it: what a later restore must come up to. */
static bool write_checkpoint(struct cli_call *call, const char *dir, const char *to,
                             struct err *err)
{
	int64_t size;
	struct str note;
	const char *database = file_join(call->arena, to, "register.db");
	const char *path = file_join(call->arena, to, "checkpoint");
	if (!database || !path)
		return err_set(err, ERR_INPUT, "The name of a folder is too long");
	if (!casebook_copy_checkpoint(dir, database, call->arena, &size, &note, err) ||
	    !file_write(path, 0600, note, err))
		return false;
	cli_print(call, "size %" PRId64, size);
	return true;
}

static bool copy(struct cli_call *call, const char *dir, const char *to, struct err *err)
{
	const char *database = file_join(call->arena, dir, "register.db");
	const char *keys = file_join(call->arena, to, "keys");
	if (!file_make_folder(keys, 0700, err))
		return false;
	/* B1 */
	return copy_database(call, database, file_join(call->arena, to, "register.db"), "register",
	                     err) &&
	       copy_database(call, file_join(call->arena, dir, "keys/keys.db"),
	                     file_join(call->arena, to, "keys/keys.db"), "key slots", err) &&
	       copy_settings(call, dir, to, err) && carried_seal(call, dir, to, err) &&
	       write_checkpoint(call, dir, to, err);
}

static bool run(struct cli_call *call, struct err *err)
{
	const char *dir = str_to_c(call->arena, call->args[0]),
		   *to = str_to_c(call->arena, call->args[1]);
	if (!dir || !to)
		return err_set(err, ERR_INPUT, "The name of a folder cannot be read");
	const char *database = file_join(call->arena, dir, "register.db");
	if (!database || !file_exists(database))
		return err_set(err, ERR_ABSENT, "There is no register at %s", dir);
	struct folder folder;
	if (!casebook_is_whole(dir, err) || !folder_begin(call->arena, to, "backup", &folder, err))
		return false;
	if (!copy(call, dir, to, err)) {
		folder_give_up(call->arena, &folder);
		return false;
	}
	if (!folder_end(call->arena, &folder, err) ||
	    !casebook_remember(dir, CASEBOOK_BACKED_UP, clock_read().wall, true, err))
		return false;
	cli_print(call, "backed up to %s", to);
	cli_say(call,
	        "The master key is not in it: keep that, or the officers' shares, somewhere else.");
	return true;
}

const struct cli_command cli_backup = {
	.name = "backup",
	.arguments = "DIR TO",
	.about = "Copy a register, served or not, to a new or empty folder",
	.detail =
		"TO holds register.db, a signed checkpoint and, in keys/, the key slots; never the master\n"
		"key. Who keeps it can read nothing.",
	.least = 2,
	.most = 2,
	.needs = CLI_NOTHING,
	.run = run,
};
