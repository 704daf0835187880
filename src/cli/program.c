/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The program: words in, a command found, its register reached or opened, its
 * results put out. Nothing else of the room touches standard output.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store.h"
#include "vault/vault.h"

#include "cli/carried.h"
#include "cli/door.h"
#include "cli/parts.h"

#define TRIES 50 /* at the lock, a tenth of a second apart */

static bool put_out(int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = str_sub(bytes, (size_t)n, bytes.n);
	}
	return true;
}

bool cli_flush(struct cli_call *call)
{
	if (call->out.n || call->words.n)
		terminal_settle();
	bool good = put_out(STDOUT_FILENO, buf_str(&call->out));
	(void)put_out(STDERR_FILENO, buf_str(&call->words));
	buf_clear(&call->out);
	buf_clear(&call->words);
	return good;
}

/* Whether it is the lock that kept the register from opening: another command has its turn. */
static bool is_busy(const struct cli_call *call)
{
	struct store_lock *lock = NULL;
	struct err err = { 0 };
	const char *path = file_join(call->arena, call->dir, "lock");
	if (call->command->needs != CLI_WRITER || !path || !file_exists(path))
		return false;
	bool is_free = store_lock_take(path, &lock, &err);
	store_lock_release(lock);
	return !is_free;
}

/* Whether a register is there whose master key is not: its officers can rebuild it. */
static bool lacks_master(const struct cli_call *call)
{
	const char *database = file_join(call->arena, call->dir, "register.db");
	const char *key = file_join(call->arena, call->dir, "keys/master.key");
	return database && key && file_exists(database) && !file_exists(key);
}

/* Its shares rebuild nothing: the wrapped keys are not there either. */
static bool lacks_keys(const struct cli_call *call)
{
	const char *keys = file_join(call->arena, call->dir, "keys");
	return keys && !file_exists(keys);
}

/* What stands in the register's own folder is nobody's input: what is wrong there keeps it shut. */
bool register_refuse(const struct cli_call *call, const struct err *why, struct err *err)
{
	const char *database = file_join(call->arena, call->dir, "register.db");
	bool is_there = database && file_exists(database);
	bool is_named = str_find_str(str_from_c(why->message), str_from_c(call->dir)) <
	                strlen(why->message);
	if (!casebook_is_whole(call->dir, err))
		return false;
	if (!is_there || why->code == ERR_FAULT || why->code == ERR_USAGE) {
		*err = *why;
		return false;
	}
	if (carried_alone(call->arena, call->dir))
		return err_set(
			err, ERR_UNABLE,
			"%s is a backup, which no key here opens, and nothing was done."
			" Restore it into a new folder: candour restore %s DIR. What needs no"
			" key is checked by candour verify with --log",
			call->dir, call->dir);
	if (lacks_keys(call))
		return err_set(
			err, ERR_UNABLE,
			"%s/keys is not there, and nothing was done. Put it back. What needs no"
			" key is checked by candour verify with --log",
			call->dir);
	if (lacks_master(call))
		return err_set(
			err, ERR_UNABLE,
			"%s/keys/master.key is not there. Put it back, or rebuild it from the"
			" officers' shares: candour key join %s",
			call->dir, call->dir);
	return err_set(err, ERR_UNABLE, "%s%s%.300s%s", is_named ? "" : call->dir,
	               is_named ? "" : ": ", why->message,
	               why->code == ERR_ABSENT ? "; put it back from a backup" : "");
}

bool register_open(const struct cli_call *call, enum casebook_mode mode, struct casebook **out,
                   struct err *err)
{
	struct err why = { 0 };
	return casebook_open(call->dir, mode, out, &why) || register_refuse(call, &why, err);
}

/* The same for the command alone. */
static bool open_briefly(const struct cli_call *call, enum casebook_mode mode,
                         struct casebook **out, struct err *err)
{
	const struct casebook_options options = { .is_brief = !call->command->has_threads };
	struct err why = { 0 };
	return casebook_open_with(call->dir, mode, &options, out, &why) ||
	       register_refuse(call, &why, err);
}

static int run_here(struct cli_call *call, struct casebook *book)
{
	call->book = book;
	call->machine_user = machine_user_here(call->arena);
	int status = cli_call_run(call);
	call->book = NULL;
	casebook_close(book);
	return status;
}

static int run_shut(struct cli_call *call, const struct err *why)
{
	const char *database = file_join(call->arena, call->dir, "register.db");
	struct err err = { 0 };
	if (!call->command->run_shut || !database || !file_exists(database))
		return cli_call_fail(call, why);
	return call->command->run_shut(call, why, &err) ? call->status : cli_call_fail(call, &err);
}

/* In the program that serves the register, else here, as soon as the lock is free. */
static int run_in_register(struct cli_call *call, const struct str *argv, size_t argc)
{
	struct err err = { 0 };
	bool writes = call->command->needs == CLI_WRITER;
	enum casebook_mode mode = writes ? CASEBOOK_WRITE : CASEBOOK_READ;
	for (int tries = 0;; tries++) {
		struct casebook *book = NULL;
		bool served;
		int status;
		err = (struct err){ 0 };
		if (!door_call(call, argv, argc, &served, &status, &err))
			return cli_call_fail(call, &err);
		if (served)
			return status;
		if (open_briefly(call, mode, &book, &err))
			return run_here(call, book);
		if (err.code != ERR_UNABLE || tries == TRIES || !is_busy(call))
			return run_shut(call, &err);
		(void)poll(NULL, 0, 100);
	}
}

static int carry_out(struct cli_call *call, const struct str *argv, size_t argc)
{
	struct err err = { 0 };
	int status;
	if (!cli_call_read_inputs(call, &err) ||
	    (call->command->prepare && !call->command->prepare(call, &err)))
		return cli_call_fail(call, &err);
	status = call->command->needs == CLI_NOTHING ? cli_call_run(call)
	                                             : run_in_register(call, argv, argc);
	if (!cli_call_write_outputs(call, &err)) {
		int failed = cli_call_fail(call, &err);
		status = status ? status : failed;
	}
	return status;
}

static int run_program(struct cli_call *call, const struct str *argv, size_t argc)
{
	struct err err = { 0 };
	bool wants_help;
	/* As a word or as an option, as every tool says it. */
	if (argc == 1 && str_eq(argv[0], STR("--version")))
		return run_program(call, &(struct str){ "version", 7 }, 1);
	if (!cli_call_read(call, argv, argc, &wants_help, &err))
		return cli_call_fail(call, &err);
	if (wants_help) {
		/* No command at all is wrong use; asked for, help is a result. */
		help_write(argc ? &call->out : &call->words, call->command,
		           argc ? argv[0] : STR_NONE);
		return argc ? 0 : err_exit_status(ERR_USAGE);
	}
	return carry_out(call, argv, argc);
}

/* An invariant that does not hold, or a library that gives up, stops the program: with the status
 * that every fault of ours has. What happened is told before. */
static void end_by_fault(int number)
{
	(void)number;
	_Exit(err_exit_status(ERR_FAULT));
}

/* Keys must reach no core file and no other process; files are made for their owner alone. */
static void harden(void)
{
	struct vault_hardening told;
	struct sigaction ignore = { .sa_handler = SIG_IGN }, fault = { .sa_handler = end_by_fault };
	vault_harden_process(&told);
	umask(077);
	(void)sigaction(SIGPIPE, &ignore, NULL);
	(void)sigaction(SIGABRT, &fault, NULL);
}

int cli_main(int argc, char **argv)
{
	struct str words[CLI_ARGUMENTS_MAX + 1];
	struct cli_call call;
	size_t count = 0;
	harden();
	if (!cli_call_init(&call))
		return err_exit_status(ERR_UNABLE);
	for (int i = 1; i < argc && count < COUNT_OF(words); i++)
		words[count++] = str_from_c(argv[i]);
	call.token = str_from_c(file_environment("CANDOUR_TOKEN"));
	call.person = terminal_person();
	int status = run_program(&call, words, count);
	if (!cli_flush(&call) && status == 0)
		status = err_exit_status(ERR_UNABLE);
	cli_call_finish(&call);
	return status;
}
