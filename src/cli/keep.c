/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour keep: somebody else's full off-site copy, checked as it comes and opened by nobody. */
#include <poll.h>

#include "log/log.h"
#include "web/web.h"

#include "cli/commands.h"
#include "cli/parts.h"

#define TOKEN_BYTES 32
#define SILENT_MAX ((uint64_t)366 * 86400)
#define LOOKS 3
#define LOOK_AGAIN_MS 1000

static const struct cli_option OPTIONS[] = {
	{ "vkey", CLI_TEXTS, "KEY",
	  "makes the keeper in DIR, new, of the log with this verifier key; may be repeated" },
	{ "listen", CLI_TEXT, "HOST:PORT", "where the copy is sent to, or the path of a socket" },
};

static const struct cli_option CHECK_OPTIONS[] = {
	{ "silent", CLI_TEXT, "SECONDS", "how long nothing may have come; any time when left out" },
};

/* --- making --------------------------------------------------------------------------------- */

/* Shown once: the folder holds a sum of it. */
static bool make(struct cli_call *call, struct err *err)
{
	uint8_t bytes[TOKEN_BYTES];
	char hex[2 * TOKEN_BYTES];
	struct str rest = cli_text(call, "vkey"), vkey;
	struct random_source *random = random_system_create();
	if (!random)
		return err_set(err, ERR_UNABLE, "There is no memory to make a keeper");
	random_bytes(random, bytes, sizeof bytes);
	random_destroy(random);
	hex_write(hex, bytes, sizeof bytes);
	if (!log_keeper_make(call->dir, (struct str){ hex, sizeof hex }, err))
		return false;
	while (str_cut(&rest, '\n', &vkey)) {
		if (!log_keeper_add_key(call->dir, str_trim(vkey), err))
			return false;
	}
	cli_print(call, "token %.*s", (int)sizeof hex, hex);
	cli_say(call,
	        "The token is shown this once: give it, by a way of its own, to those who send.");
	return true;
}

/* --- serving -------------------------------------------------------------------------------- */

static bool tell(struct cli_call *call, struct log_keeper *keeper, const struct web_keeper *web,
                 struct err *err)
{
	struct log_keeper_answer answer;
	struct str line;
	if (!log_keeper_tell(keeper, call->arena, &answer, err))
		return false;
	serve_tell_address(call, web_keeper_port(web));
	while (str_cut(&answer.body, '\n', &line)) {
		if (str_starts(line, STR("origin ")) || str_starts(line, STR("proved ")) ||
		    str_starts(line, STR("heard ")) || str_starts(line, STR("alarm ")))
			cli_print(call, "%.*s", STR_ARG(line));
	}
	(void)cli_flush(call);
	return true;
}

static bool run(struct cli_call *call, struct err *err)
{
	CLEANUP(log_keeper_cleanup) struct log_keeper *keeper = NULL;
	struct web_keeper *web = NULL;
	const char *listen = NULL;
	sigset_t ends;
	serve_block_signals(&ends);
	call->dir = str_to_c(call->arena, call->args[0]);
	if (!call->dir || !serve_read_listen(call, &listen, err))
		return call->dir ? false : err_set(err, ERR_INPUT, "The folder cannot be read");
	bool is_new = cli_has(call, "vkey") && !file_exists(call->dir);
	if (cli_has(call, "vkey") && !is_new)
		return err_set(
			err, ERR_USAGE,
			"%s is there already; one more key is trusted by: candour keep add-key",
			call->dir);
	if ((is_new && !make(call, err)) || !log_keeper_open(call->dir, &keeper, err) ||
	    !web_keeper_start(keeper, listen, &web, err))
		return false;
	bool done = tell(call, keeper, web, err);
	if (done)
		serve_wait_for_end(&ends);
	web_keeper_stop(web);
	if (done && log_keeper_has_alarmed(keeper))
		return err_set(err, ERR_REFUSED, "The copy is not as it must be: read %s/alarm",
		               call->dir);
	return done;
}

const struct cli_command cli_keep = {
	.name = "keep",
	.arguments = "DIR",
	.about = "Keep the full off-site copy of somebody's register, and open none of it",
	.detail =
		"Runs until it is told to end (SIGTERM or SIGINT), and takes what candour backup --stream sends. Every\n"
		"sealed box is held against its header, every entry against the tree that the log signed. What is wrong\n"
		"stands in DIR/alarm and at /status; it then ends with status 1. It holds no key that opens anything.",
	.least = 1,
	.most = 1,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};

/* --- checking ------------------------------------------------------------------------------- */

/* What ended while it was looked at (a newer checkpoint, a key destroyed) can seem wrong: it is
 * looked at again before it is told. */
static bool look(struct cli_call *call, int64_t silent, struct log_kept *out, struct err *err)
{
	for (int i = 0;; i++) {
		CLEANUP(log_keeper_cleanup) struct log_keeper *keeper = NULL;
		if (!log_keeper_look(call->dir, &keeper, err) ||
		    !log_keeper_check(keeper, call->arena, clock_read().wall, silent, out, err))
			return false;
		out->origin = arena_copy(call->arena, out->origin);
		if (i == LOOKS - 1 ||
		    (out->alarm != LOG_KEEPER_SIGNATURE && out->alarm != LOG_KEEPER_KEYS))
			return true;
		(void)poll(NULL, 0, LOOK_AGAIN_MS);
	}
}

static bool check(struct cli_call *call, struct err *err)
{
	struct log_kept kept;
	uint64_t silent = 0;
	call->dir = str_to_c(call->arena, call->args[0]);
	if (!call->dir)
		return err_set(err, ERR_INPUT, "The folder cannot be read");
	if (cli_has(call, "silent") && !str_to_u64(cli_text(call, "silent"), SILENT_MAX, &silent))
		return err_set(err, ERR_USAGE, "--silent wants a number of seconds");
	if (!look(call, (int64_t)silent, &kept, err))
		return false;
	cli_print(call, "origin %.*s", STR_ARG(kept.origin));
	cli_print(call, "entries %" PRId64, kept.size);
	cli_print(call, "destroyed %" PRId64, kept.destroyed);
	cli_print(call, "heard %.*s", STR_ARG(kept.heard ? cli_when(call, kept.heard) : STR("-")));
	if (kept.alarm == LOG_KEEPER_FINE)
		return true;
	cli_print(call, "alarm %.*s: %.*s", STR_ARG(log_keeper_alarm_word(kept.alarm)),
	          STR_ARG(kept.words));
	return err_set(
		err, ERR_REFUSED,
		"The copy is not as it must be. Tell those who send it, and keep %s/evidence;"
		" take %s/alarm away once it is known why",
		call->dir, call->dir);
}

const struct cli_command cli_keep_check = {
	.name = "keep check",
	.arguments = "DIR",
	.about = "Hash the whole of a copy anew, and say whether an alarm stands",
	.detail =
		"Beside candour keep, which may go on taking what comes. Ends with status 1 when an alarm stands, the\n"
		"copy is not what was signed, or nothing came for longer than --silent.",
	.least = 1,
	.most = 1,
	.needs = CLI_NOTHING,
	.options = CHECK_OPTIONS,
	.option_count = COUNT_OF(CHECK_OPTIONS),
	.run = check,
};

static bool add_key(struct cli_call *call, struct err *err)
{
	const char *dir = str_to_c(call->arena, call->args[0]);
	return dir ? log_keeper_add_key(dir, str_trim(call->args[1]), err)
	           : err_set(err, ERR_INPUT, "The folder cannot be read");
}

const struct cli_command cli_keep_add_key = {
	.name = "keep add-key",
	.arguments = "DIR VKEY",
	.about = "Trust one more signing key of the log whose copy is kept",
	.detail = "After candour key rotate, within the 90 days in which both keys sign.",
	.least = 2,
	.most = 2,
	.needs = CLI_NOTHING,
	.run = add_key,
};
