/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour serve: the writer, the clock, the door for commands, and the pages. */
#include <sys/stat.h>

#include "clock/clock.h"
#include "people/people.h"
#include "web/web.h"

#include "cli/commands.h"
#include "cli/door.h"
#include "cli/parts.h"

static const struct cli_option OPTIONS[] = {
	{ "listen", CLI_TEXT, "HOST:PORT",
	  "where pages are served, or the path of a socket; \"none\" for no pages" },
	{ "host", CLI_TEXT, "NAMES",
	  "the names it answers to, with commas between; else its origin's behind a proxy" },
	{ "proxy-secret", CLI_TEXT, "FILE",
	  "what the proxy in front proves itself by: a line in FILE" },
};

#define SECRET_FILE_MAX 4096
#define SECRET_LEAST 16
#define HOSTS_MAX 16

void serve_block_signals(sigset_t *ends)
{
	sigemptyset(ends);
	sigaddset(ends, SIGINT);
	sigaddset(ends, SIGTERM);
	sigaddset(ends, SIGHUP);
	pthread_sigmask(SIG_BLOCK, ends, NULL);
}

void serve_wait_for_end(const sigset_t *ends)
{
	int which = 0;
	while (sigwait(ends, &which) != 0)
		;
}

/* What runs while a register is served; stopped in the opposite order. */
struct serving {
	struct clock *clock;
	struct people *people;
	struct door *door;
	struct web *web;
};

static bool wants_pages(struct cli_call *call)
{
	return !str_eq(cli_text(call, "listen"), STR("none"));
}

bool serve_read_listen(struct cli_call *call, const char **out, struct err *err)
{
	struct str text = cli_text(call, "listen");
	uint64_t port;
	*out = NULL;
	if (!text.p)
		return true;
	if (str_to_u64(text, 65535, &port))
		text = arena_format(call->arena, "127.0.0.1:%.*s", STR_ARG(text));
	*out = str_to_c(call->arena, text);
	return *out && (*out)[0] ? true : err_set(err, ERR_USAGE, "--listen wants HOST:PORT");
}

/* One line that nobody else may read. */
bool serve_read_proxy_secret(struct cli_call *call, struct str *out, struct err *err)
{
	struct stat found;
	struct str text;
	const char *path = str_to_c(call->arena, cli_text(call, "proxy-secret"));
	*out = STR_NONE;
	if (!cli_has(call, "proxy-secret"))
		return true;
	if (!path || stat(path, &found) != 0)
		return err_set(err, ERR_ABSENT, "There is no file %s with the proxy's secret",
		               path ? path : "");
	if (found.st_mode & (S_IRWXG | S_IRWXO))
		return err_set(err, ERR_INPUT,
		               "Others may read %s; take that away with: chmod 600 %s", path, path);
	if (!file_read(call->arena, path, SECRET_FILE_MAX, &text, err))
		return false;
	*out = str_trim(text);
	if (out->n >= SECRET_LEAST && str_find(*out, '\n') == out->n)
		return true;
	return err_set(err, ERR_INPUT,
	               "The proxy's secret in %s must be one line of %d characters or more", path,
	               SECRET_LEAST);
}

/* "register.example.org,safe.example.org"; behind a proxy else the host of the register's origin.
 */
static bool read_hosts(struct cli_call *call, struct web_config *config, struct err *err)
{
	struct str *hosts = arena_alloc(call->arena, HOSTS_MAX, sizeof *hosts);
	struct str rest = cli_text(call, "host");
	if (!hosts)
		return err_set(err, ERR_UNABLE, "There is no memory to serve pages");
	config->hosts = hosts;
	while (rest.n) {
		size_t end = str_find(rest, ',');
		struct str name = str_trim(str_sub(rest, 0, end));
		if (!name.n || config->host_count == HOSTS_MAX)
			return err_set(err, ERR_USAGE,
			               "--host wants 1 to %d names with commas between, like "
			               "register.example.org",
			               HOSTS_MAX);
		hosts[config->host_count++] = name;
		rest = str_sub(rest, end < rest.n ? end + 1 : end, rest.n);
	}
	return true;
}

/* Behind a proxy it answers to the host of its origin, unless other names were given. */
static bool start_pages(struct cli_call *call, struct casebook *book,
                        const struct web_config *asked, struct serving *serving, struct err *err)
{
	struct web_config config = *asked;
	struct str origin = casebook_origin(book), host = str_sub(origin, 0, str_find(origin, '/'));
	if (!wants_pages(call))
		return true;
	if (config.proxy_secret.p && config.host_count == 0) {
		config.hosts = &host;
		config.host_count = 1;
	}
	config.people = serving->people;
	return serve_read_listen(call, &config.listen, err) &&
	       web_start(book, &config, &serving->web, err);
}

void serve_tell_address(struct cli_call *call, uint16_t port)
{
	struct str listen = cli_text(call, "listen");
	size_t host = listen.p ? listen.n : 0;
	while (host > 0 && listen.p[host - 1] != ':')
		host--;
	if (port)
		cli_print(call, "http://%.*s:%u/",
		          STR_ARG(host > 1 ? str_sub(listen, 0, host - 1) : STR("127.0.0.1")),
		          (unsigned)port);
}

static void tell(struct cli_call *call, const struct serving *serving)
{
	if (serving->web)
		serve_tell_address(call, web_port(serving->web));
	struct str unfit = casebook_unfit(call->book);
	cli_print(call, "serving %s", call->dir);
	if (unfit.p)
		cli_say(call,
		        "Its log does not fit its own proof: %.*s. It is read here and takes nothing in."
		        " Keep the folder as it is, see what differs by candour verify %s, and restore a"
		        " backup into a new folder.",
		        STR_ARG(unfit), call->dir);
	if (!casebook_is_drill(call->book) && !casebook_is_opened(call->book))
		cli_say(call,
		        "This register is for training until it is opened: candour register opened %s",
		        call->dir);
	if (!casebook_is_drill(call->book))
		cli_say(call, "Look it over from time to time: candour doctor %s", call->dir);
}

static bool serve(struct cli_call *call, const struct web_config *asked, const sigset_t *ends,
                  struct err *err)
{
	struct serving serving = { 0 };
	struct casebook *book = call->book;
	static const struct people_options proposing = { .proposes = true };
	/* Nobody finds anybody where nobody is let in. */
	bool is_unfit = casebook_unfit(book).p != NULL;
	bool good = casebook_start_writer(book, err) && clock_start(book, &serving.clock, err) &&
	            (is_unfit || people_start(book, &proposing, &serving.people, err)) &&
	            start_pages(call, book, asked, &serving, err) &&
	            door_open(book, serving.people, &serving.door, err);
	if (good) {
		tell(call, &serving);
		(void)cli_flush(call);
		serve_wait_for_end(ends);
		cli_say(call, "Stopping: what is under way is finished first.");
		(void)cli_flush(call);
	}
	door_close(serving.door);
	web_stop(serving.web);
	people_stop(serving.people);
	clock_stop(serving.clock);
	return good;
}

/* One stolen disk must not hold both; doctor says the same. */
static void warn_of_key(struct cli_call *call)
{
	struct stat key, database;
	const char *key_path = file_join(call->arena, call->dir, "keys/master.key");
	const char *path = file_join(call->arena, call->dir, "register.db");
	if (!casebook_is_drill(call->book) && key_path && path && stat(key_path, &key) == 0 &&
	    stat(path, &database) == 0 && key.st_dev == database.st_dev)
		cli_say(call,
		        "The master key lies on the same file system as the register: one stolen disk has both.");
}

/* Two copies would sign two histories under one name. */
static void warn_of_copy(struct cli_call *call)
{
	if (casebook_is_copy(call->book))
		cli_say(call,
		        "This folder is a copy, or was moved: another one was last served. Only one of them"
		        " may go on; two would sign two histories under one name.");
	casebook_claim_folder(call->book);
}

bool serve_folder(struct cli_call *call, const struct web_config *asked, struct err *err)
{
	CLEANUP(casebook_cleanup) struct casebook *book = NULL;
	const struct casebook_options reading = { .reads_unfit = true };
	struct err why = { 0 };
	sigset_t ends;
	serve_block_signals(&ends);
	if (!casebook_open_with(call->dir, CASEBOOK_WRITE, &reading, &book, &why))
		return register_refuse(call, &why, err);
	call->book = book;
	warn_of_key(call);
	warn_of_copy(call);
	bool good = serve(call, asked, &ends, err);
	call->book = NULL;
	return good;
}

/* What was asked for is looked at before the register is. */
static bool run(struct cli_call *call, struct err *err)
{
	struct web_config asked = { 0 };
	if (!serve_read_proxy_secret(call, &asked.proxy_secret, err) ||
	    !read_hosts(call, &asked, err))
		return false;
	call->dir = str_to_c(call->arena, call->args[0]);
	return call->dir ? serve_folder(call, &asked, err)
	                 : err_set(err, ERR_INPUT,
	                           "The name of the register's folder cannot be read");
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
