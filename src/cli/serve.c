/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour serve: the writer, the clock, the door for commands, and the pages. */
#include <signal.h>

#include "clock/clock.h"

#include "cli/commands.h"
#include "cli/door.h"
#include "cli/parts.h"

static const struct cli_option OPTIONS[] = {
	{ "listen", CLI_TEXT, "HOST:PORT", "where pages are served; \"none\" for no pages" },
};

/* Blocked before the first thread starts, so that this one alone waits for them. */
static void block_signals(sigset_t *ends)
{
	sigemptyset(ends);
	sigaddset(ends, SIGINT);
	sigaddset(ends, SIGTERM);
	sigaddset(ends, SIGHUP);
	pthread_sigmask(SIG_BLOCK, ends, NULL);
}

static void wait_for_end(const sigset_t *ends)
{
	int which = 0;
	while (sigwait(ends, &which) != 0)
		;
}

static bool serve(struct cli_call *call, struct casebook *book, const sigset_t *ends,
                  struct err *err)
{
	struct clock *clock = NULL;
	struct door *door = NULL;
	bool good = casebook_start_writer(book, err) && clock_start(book, &clock, err) &&
	            door_open(book, &door, err);
	if (good) {
		cli_print(call, "serving %s", call->dir);
		(void)cli_flush(call);
		wait_for_end(ends);
		cli_say(call, "Stopping: what is under way is finished first.");
		(void)cli_flush(call);
	}
	door_close(door);
	clock_stop(clock);
	return good;
}

static bool run(struct cli_call *call, struct err *err)
{
	CLEANUP(casebook_cleanup) struct casebook *book = NULL;
	sigset_t ends;
	call->dir = str_to_c(call->arena, call->args[0]);
	if (!call->dir)
		return err_set(err, ERR_INPUT, "The name of the register's folder cannot be read");
	block_signals(&ends);
	return casebook_open(call->dir, CASEBOOK_WRITE, &book, err) &&
	       serve(call, book, &ends, err);
}

const struct cli_command cli_serve = {
	.name = "serve",
	.arguments = "DIR",
	.about = "Serve a register: its pages, its clock, and commands of this machine",
	.detail =
		"Runs until it is told to end (SIGTERM or SIGINT). Commands reach it by DIR/socket.",
	.least = 1,
	.most = 1,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};
