/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour init: makes a register. */
#include "cli/commands.h"
#include "cli/folder.h"
#include "cli/packs.h"
#include "cli/parts.h"

#define SHARES 3
#define SHARES_NEEDED 2

static const struct cli_option OPTIONS[] = {
	{ "pack", CLI_TEXT, "PACK", "the rules to begin with: a name, or a folder" },
	CLI_PACKS,
	{ "origin", CLI_TEXT, "HOST/NAME",
	  "the log's name, such as register.example.org/northmere" },
	{ "store", CLI_TEXT, "URL", "a database elsewhere; not in this version" },
	{ "drill", CLI_FLAG, NULL,
	  "a register for practice: virtual time, no secrets, never a live one" },
	{ "start", CLI_TEXT, "TIME", "drill only: the moment it begins at" },
	{ "seed", CLI_TEXT, "NUMBER", "drill only: all that is random follows from it" },
	{ "shares", CLI_TEXT, "K/N",
	  "make N officers' shares, of which any K rebuild the master key; a live register has 2/3" },
};

static bool read_shares(struct cli_call *call, struct casebook_founding *founding, struct err *err)
{
	struct str text = cli_text(call, "shares");
	uint64_t needed, count;
	if (!text.p) {
		/* A lost disk must lose no child's record, from the first day on. */
		founding->shares = founding->is_drill ? 0 : SHARES;
		founding->shares_needed = founding->is_drill ? 0 : SHARES_NEEDED;
		return true;
	}
	size_t slash = str_find(text, '/');
	if (!str_to_u64(str_sub(text, 0, slash), 32, &needed) ||
	    !str_to_u64(str_sub(text, slash + 1, text.n), 32, &count) || needed < 2 ||
	    needed > count)
		return err_set(err, ERR_USAGE,
		               "--shares is K/N, such as 3/5: 2 or more, of at most 32");
	founding->shares = (int)count;
	founding->shares_needed = (int)needed;
	return true;
}

/* The URL is not said again: somebody may have put a password into it. */
static bool read_store(struct cli_call *call, struct err *err)
{
	struct str url = cli_text(call, "store");
	if (!cli_has(call, "store"))
		return true;
	if (str_starts(url, STR("postgres://")) || str_starts(url, STR("postgresql://")))
		return err_set(
			err, ERR_UNABLE,
			"This version keeps a register in its folder alone, not yet in PostgreSQL. Leave out"
			" --store: candour init %.*s",
			STR_ARG(call->args[0]));
	return err_set(
		err, ERR_USAGE,
		"--store is the URL of a PostgreSQL database. Leave it out: a register is kept in its folder");
}

static bool read_drill(struct cli_call *call, struct casebook_founding *founding, struct err *err)
{
	struct str seed = cli_text(call, "seed");
	founding->is_drill = cli_has(call, "drill");
	if (!founding->is_drill && (seed.p || cli_has(call, "start")))
		return err_set(err, ERR_USAGE,
		               "--start and --seed are for drill registers: add --drill");
	if (seed.p && !str_to_u64(seed, UINT64_MAX, &founding->seed))
		return err_set(err, ERR_USAGE, "--seed must be a whole number");
	founding->has_seed = seed.p != NULL;
	return !cli_has(call, "start") || cli_instant(call, "start", &founding->start, err);
}

static void tell(struct cli_call *call, const struct casebook_founding *founding,
                 const struct casebook_made *made)
{
	if (made->setup_code.n) {
		cli_print(call, "%.*s", STR_ARG(made->setup_code));
		cli_say(call,
		        "The line above is the set-up code. It is shown once, and makes the first\n"
		        "administrator: candour account first %s NAME",
		        founding->dir);
	}
	for (size_t i = 0; i < made->share_count; i++)
		cli_print(call, "%.*s", STR_ARG(made->shares[i]));
	if (made->share_count)
		cli_say(call,
		        "Give each officer one of the %zu shares, on paper. They are shown once. Any %d\n"
		        "rebuild the master key. Let each be read back: candour key confirm %s",
		        made->share_count, founding->shares_needed, founding->dir);
	cli_say(call, "Made a %s register in %s.", founding->is_drill ? "drill" : "live",
	        founding->dir);
	if (founding->is_drill)
		cli_say(call, "Nobody holds an office yet. Serve it: candour serve %s",
		        founding->dir);
}

/* A register whose set-up code and shares nobody saw is of no use to anybody. */
static bool show(struct cli_call *call, const struct casebook_founding *founding,
                 const struct casebook_made *made, struct err *err)
{
	tell(call, founding, made);
	return (!made->setup_code.n && !made->share_count) || cli_flush(call) ||
	       err_set(err, ERR_UNABLE,
	               "The set-up code and the shares could not be shown, so nothing was made."
	               " Give the command again, with a standard output that takes them");
}

static bool run(struct cli_call *call, struct err *err)
{
	struct casebook_founding founding = { .dir = str_to_c(call->arena, call->args[0]),
		                              .origin = cli_text(call, "origin") };
	struct casebook_made made = { 0 };
	CLEANUP(packs_cleanup) struct pack *pack = NULL;
	if (!founding.dir || !founding.dir[0])
		return err_set(err, ERR_USAGE, "The name of the register's folder is empty");
	if (!read_store(call, err) || !read_drill(call, &founding, err) ||
	    !read_shares(call, &founding, err))
		return false;
	/* Loaded first, so that every error of the pack is told and not the first alone. */
	if (!packs_load(call, cli_text(call, "pack"), &pack, err) ||
	    !packs_find(call, cli_text(call, "pack"), &founding.pack, err))
		return false;
	struct folder folder;
	if (!folder_begin(call->arena, founding.dir, "init", &folder, err))
		return false;
	if (!casebook_create(&founding, call->arena, &made, err) ||
	    !show(call, &founding, &made, err)) {
		folder_give_up(call->arena, &folder);
		return false;
	}
	return folder_end(call->arena, &folder, err);
}

const struct cli_command cli_init = {
	.name = "init",
	.arguments = "DIR",
	.about = "Make a register in a new or empty folder",
	.detail =
		"A live register prints its set-up code on the first line of standard output; it is\n"
		"shown once. Shares follow, one a line.",
	.least = 1,
	.most = 1,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};
