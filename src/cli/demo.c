/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour demo: makes Northmere where there is none yet, says who may sign in, and serves it. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock/clock.h"

#include "web/web.h"

#include "cli/commands.h"
#include "cli/demo.h"
#include "cli/packs.h"
#include "cli/parts.h"

#define FIRST_PORT 8080
#define LAST_PORT 8099

static const struct cli_option OPTIONS[] = {
	{ "listen", CLI_TEXT, "HOST:PORT", "where pages are served; \"none\": make it and end" },
	{ "seed", CLI_TEXT, "NUMBER", "all that is by chance follows from it; 1 when left out" },
	{ "children", CLI_TEXT, "NUMBER",
	  "of whom its year tells; 48 when left out: fewer are made sooner" },
	{ "start", CLI_TEXT, "TIME", "the moment its year leads up to; now when left out" },
	{ "dir", CLI_TEXT, "DIR", "the folder, instead of the argument" },
	CLI_PACKS,
};

/* --- where ---------------------------------------------------------------------------------- */

/* Beside the program when that may be written to, as in a build; else among the temporary files. */
static const char *default_folder(struct arena *arena)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	while (n > 0 && path[n - 1] != '/')
		n--;
	if (n > 1) {
		path[n - 1] = '\0';
		if (access(path, W_OK) == 0 && !str_ends(str_from_c(path), STR("/bin")))
			return file_join(arena, path, "demo");
	}
	return str_to_c(arena, arena_format(arena, "/tmp/candour-demo-%u", (unsigned)getuid()));
}

static bool choose_folder(struct cli_call *call, struct err *err)
{
	struct str named = cli_text(call, "dir");
	if (named.p && call->arg_count)
		return err_set(err, ERR_USAGE,
		               "Name the folder once: as the argument, or by --dir");
	if (!named.p && call->arg_count)
		named = call->args[0];
	if (named.p && !named.n)
		return err_set(err, ERR_USAGE, "The name of the demo's folder is empty");
	call->dir = named.p ? str_to_c(call->arena, named) : default_folder(call->arena);
	return call->dir || err_set(err, ERR_INPUT, "The name of the demo's folder cannot be read");
}

/* A port nobody listens at; another program may still be quicker, and then serving says so. */
static bool is_free(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int yes = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0)
		return false;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	bool free = bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
	            listen(fd, 1) == 0;
	(void)close(fd);
	return free;
}

static bool choose_listen(struct cli_call *call, struct err *err)
{
	struct cli_value *listen = cli_value(call, "listen");
	if (listen->is_given)
		return true;
	for (uint16_t port = FIRST_PORT; port <= LAST_PORT; port++) {
		if (!is_free(port))
			continue;
		listen->word = arena_format(call->arena, "127.0.0.1:%u", (unsigned)port);
		listen->is_given = true;
		return listen->word.p ||
		       err_set(err, ERR_UNABLE, "There is no memory for the demo");
	}
	return err_set(err, ERR_UNABLE,
	               "Ports %d to %d of this machine are all in use; name one by --listen",
	               FIRST_PORT, LAST_PORT);
}

/* --- making --------------------------------------------------------------------------------- */

static bool make(struct cli_call *call, struct demo_made *made, struct err *err)
{
	struct demo_options options = { .dir = call->dir,
		                        .seed = 1,
		                        .children = DEMO_LIVED,
		                        .now = clock_read().wall,
		                        .progress = call->person.progress,
		                        .progress_ctx = call->person.ctx };
	struct str seed = cli_text(call, "seed");
	if (seed.p && !str_to_u64(seed, UINT64_MAX - 1, &options.seed))
		return err_set(err, ERR_USAGE, "--seed must be a whole number");
	struct str children = cli_text(call, "children");
	if (children.p &&
	    (!str_to_u64(children, DEMO_LIVED, &options.children) || options.children == 0))
		return err_set(err, ERR_USAGE, "--children must be a whole number from 1 to %d",
		               DEMO_LIVED);
	if (cli_has(call, "start") && !cli_instant(call, "start", &options.now, err))
		return false;
	if (!packs_find(call, STR("england"), &options.pack, err))
		return false;
	cli_say(call, "Making Northmere in %s: a year of a partnership that does not exist.",
	        call->dir);
	(void)cli_flush(call);
	int64_t before = clock_read().boot_us;
	if (!demo_make(&options, call->arena, made, err))
		return false;
	cli_say(call, "%" PRId64 " people, %" PRId64 " concerns, made in %" PRId64 " ms.",
	        made->people, made->concerns, (clock_read().boot_us - before) / INSTANT_PER_MS);
	(void)cli_flush(call);
	return true;
}

/* Today is today: what fell due since the demo was last served is told now, at its own time. */
static bool catch_up(struct cli_call *call, instant *now, struct err *err)
{
	CLEANUP(casebook_cleanup) struct casebook *book = NULL;
	struct clock_ran ran;
	if (!casebook_open(call->dir, CASEBOOK_WRITE, &book, err))
		return false;
	instant wall = clock_read().wall;
	if (wall > casebook_now(book) && !clock_run_until(book, wall, &ran, err))
		return false;
	if (!casebook_beat(book, err)) /* an entry, so that the register opens at this time again */
		return false;
	*now = casebook_now(book);
	return true;
}

/* --- telling -------------------------------------------------------------------------------- */

static bool tell_personas(struct cli_call *call, const struct demo_made *made, instant now,
                          struct err *err)
{
	cli_print(call, "\nSign in at /sign-in. The password of everybody: %s", DEMO_PASSWORD);
	cli_print(call, "  %-26s %-8s %-20s %-8s %s", "", "name", "", "digits",
	          "secret of the digits");
	for (size_t i = 0; i < DEMO_PERSONAS; i++) {
		const struct demo_persona *persona = &made->personas[i];
		char digits[7];
		if (!code_digits(persona->secret, now, digits, err))
			return false;
		cli_print(call, "  %-26.*s %-8.*s %-20.*s %-8s %.*s", STR_ARG(persona->title),
		          STR_ARG(persona->name), STR_ARG(persona->person), digits,
		          STR_ARG(persona->secret));
	}
	cli_print(
		call,
		"Digits change every half minute, and each is good once. New ones: candour code SECRET");
	if (now > clock_read().wall + INSTANT_PER_MINUTE)
		cli_print(call,
		          "The clock of this demo was run ahead: candour code SECRET --at %.*s",
		          STR_ARG(cli_when(call, now)));
	return true;
}

static void tell_codes(struct cli_call *call, const struct demo_made *made)
{
	cli_print(call, "\nReturn codes to try at /return:");
	for (size_t i = 0; i < DEMO_CODES; i++)
		cli_print(call, "  %.*s  %.*s: %.*s", STR_ARG(made->codes[i].code),
		          STR_ARG(made->codes[i].number), STR_ARG(made->codes[i].what));
	cli_print(call, "\nAll of it is made up. The tutorial is docs/tutorial.md.");
}

static bool is_served(struct cli_call *call)
{
	return !str_eq(cli_text(call, "listen"), STR("none"));
}

/* One that is made to a moment of its own, and not served, stays as its seed made it. */
static bool reach_today(struct cli_call *call, instant *now, struct err *err)
{
	if (!cli_has(call, "start") || is_served(call))
		return catch_up(call, now, err);
	return cli_instant(call, "start", now, err);
}

static bool load_or_make(struct cli_call *call, struct demo_made *made, struct err *err)
{
	struct err absent = { 0 };
	if (!demo_load(call->dir, made, call->arena, &absent)) {
		if (absent.code == ERR_ABSENT)
			return make(call, made, err);
		*err = absent;
		return false;
	}
	const char *making = cli_has(call, "start")      ? "start"
	                     : cli_has(call, "seed")     ? "seed"
	                     : cli_has(call, "children") ? "children"
	                                                 : NULL;
	return !making ||
	       err_set(err, ERR_USAGE,
	               "--%s is for making a demo, and there is one in %s; name another folder",
	               making, call->dir);
}

static bool run(struct cli_call *call, struct err *err)
{
	struct demo_made made;
	instant now;
	if (!choose_folder(call, err) || !choose_listen(call, err))
		return false;
	if (!load_or_make(call, &made, err))
		return false;
	if (!reach_today(call, &now, err))
		return false;
	if (is_served(call))
		cli_print(call, "Northmere is at http://%.*s/", STR_ARG(cli_text(call, "listen")));
	if (!tell_personas(call, &made, now, err))
		return false;
	tell_codes(call, &made);
	(void)cli_flush(call);
	return !is_served(call) || serve_folder(call, &(struct web_config){ 0 }, err);
}

const struct cli_command cli_demo = {
	.name = "demo",
	.arguments = "[DIR]",
	.about = "Northmere: a made-up partnership with a year of history, served",
	.detail =
		"Made where DIR holds none yet; a demo that is there is served again, at today's time.\n"
		"Prints the address, sign-ins of six people, and three return codes to try.\n"
		"With --start, one seed makes one log, to the last bit; once served, it goes on to today.",
	.least = 0,
	.most = 1,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};
