/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * candour backup: a copy that its keeper cannot read. The register, and apart
 * from it the key slots, still wrapped; the lesser keys sealed under the master
 * key; never the master key.
 *
 * B1. The register is copied before the key slots: slots are made ahead, so
 *     that the later copy of them serves every file of the earlier register.
 */
#include "log/log.h"
#include "store/store.h"

#include "cli/carried.h"
#include "cli/commands.h"
#include "cli/folder.h"

#define PLAIN_FILE_MAX 65536
#define CARRIED_MAX 65536
#define ANSWER_MAX ((size_t)9 << 20)
#define CONNECT_MS 10000
#define ALL_MS 120000

static const struct cli_option OPTIONS[] = {
	{ "stream", CLI_TEXT, "URL",
	  "sends what is new to the keeper of a copy there, instead of TO" },
	{ "token", CLI_INPUT, "FILE|-", "with --stream: the keeper's token" },
};

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

/* --- to a keeper ---------------------------------------------------------------------------- */

struct keeper {
	struct log_fetch *fetch;
	struct str url;
};

/* casebook_offsite_way */
static bool reach(void *ctx, const struct str *body, struct arena *arena, int *status,
                  struct str *answer, struct err *err)
{
	struct keeper *keeper = ctx;
	struct log_fetched got;
	bool came = body ? log_fetch_post(keeper->fetch, arena, keeper->url, *body, ANSWER_MAX,
	                                  &got, err)
	                 : log_fetch_get(keeper->fetch, arena, keeper->url, ANSWER_MAX, &got, err);
	if (!came)
		return false;
	*status = got.status;
	*answer = got.body;
	return true;
}

static void tell_sent(struct cli_call *call, const struct casebook_offsite_sent *sent)
{
	cli_print(call, "size %" PRId64, sent->size);
	cli_print(call, "new %" PRId64, sent->size - sent->before);
	cli_print(call, "destroyed %" PRId64 ", by the keeper too %" PRId64, sent->destroyed,
	          sent->attested);
}

static bool stream_to(struct cli_call *call, const char *dir, struct keeper *keeper,
                      struct err *err)
{
	CLEANUP(buf_finish) struct buf carried = { 0 };
	struct casebook_offsite_sent sent;
	buf_init(&carried, CARRIED_MAX);
	if (!log_fetch_bear(keeper->fetch, str_trim(cli_text(call, "token")), err) ||
	    !carried_text(call, dir, &carried, err))
		return false;
	struct casebook_offsite how = { .way = reach,
		                        .way_ctx = keeper,
		                        .carried = buf_str(&carried),
		                        .progress = call->person.progress,
		                        .progress_ctx = call->person.ctx };
	if (!casebook_offsite_send(dir, &how, call->arena, &sent, err) ||
	    !casebook_remember(dir, CASEBOOK_BACKED_UP, clock_read().wall, true, err))
		return false;
	tell_sent(call, &sent);
	return true;
}

static bool stream(struct cli_call *call, struct err *err)
{
	static const struct log_fetch_patience patience = { CONNECT_MS, ALL_MS };
	struct keeper keeper = { .fetch = NULL };
	const char *dir = str_to_c(call->arena, call->args[0]);
	struct str url = cli_text(call, "stream");
	if (!dir)
		return err_set(err, ERR_INPUT, "The name of a folder cannot be read");
	if (call->arg_count > 1)
		return err_set(err, ERR_USAGE, "Give a folder TO or --stream URL, one of them");
	if (!cli_has(call, "token"))
		return err_set(err, ERR_USAGE, "A keeper wants its token: --token FILE");
	if (!log_fetch_is_url(url, err) || !log_fetch_create(&patience, &keeper.fetch, err))
		return false;
	keeper.url = arena_format(call->arena, "%.*s%scopy", STR_ARG(url),
	                          str_ends(url, STR("/")) ? "" : "/");
	bool done = stream_to(call, dir, &keeper, err);
	log_fetch_destroy(keeper.fetch);
	return done;
}

static bool run(struct cli_call *call, struct err *err)
{
	if (cli_has(call, "stream"))
		return stream(call, err);
	if (call->arg_count < 2)
		return err_set(err, ERR_USAGE, "Where to? Give a folder TO, or --stream URL");
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
	.arguments = "DIR [TO]",
	.about =
		"Copy a register, served or not, to a new or empty folder, or to a keeper elsewhere",
	.detail =
		"TO holds register.db, a signed checkpoint and, in keys/, the key slots; never the master\n"
		"key. With --stream what is new since the last time goes to a candour keep, which checks all\n"
		"of it and can read nothing; cut short, it goes on where it was.",
	.least = 1,
	.most = 2,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};
