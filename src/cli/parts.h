/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: help, the terminal, and the way to the register. */
#ifndef CANDOUR_CLI_PARTS_H
#define CANDOUR_CLI_PARTS_H

#include <signal.h>

#include "cli/call.h"

/* Adds the help of a command; of the program when it is NULL; of a family when that is named. */
void help_write(struct buf *out, const struct cli_command *command, struct str family);
/* Adds "candour report DIR [--text TEXT] …", without a line end. */
void help_usage(struct buf *out, const struct cli_command *command);

/* The person at this program's terminal, if there is one. */
struct cli_person terminal_person(void);
/* Ends a line of progress, so that other words begin on a new one. */
void terminal_settle(void);

/* The sign-in name of a user of the machine, or its number as text. */
struct str machine_user_name(struct arena *arena, unsigned uid);
struct str machine_user_here(struct arena *arena);

/* Puts out what a call has printed so far. False: standard output is closed or full. Local calls
 * only. */
bool cli_flush(struct cli_call *call);

/*
 * Opens the register that a call names. ERR_ABSENT: there is none; ERR_UNABLE:
 * its keys or its database keep it shut, with what to do.
 */
bool register_open(const struct cli_call *call, enum casebook_mode mode, struct casebook **out,
                   struct err *err) MUST_USE;

/* What register_open makes of such a failure: false, with *err. For commands that open it by
 * themselves. */
bool register_refuse(const struct cli_call *call, const struct err *why, struct err *err) MUST_USE;

struct log_policy;
/* The policy that --policy gives, or the one of --vkey alone; one of the two. ERR_USAGE, and the
 * errors of log_policy_read. */
bool cli_policy(struct cli_call *call, const struct log_policy **out, struct err *err) MUST_USE;

struct web_config;

/* The signals that end a program that serves: blocked before the first thread starts, so that this
 * one alone waits for them. */
void serve_block_signals(sigset_t *ends);
void serve_wait_for_end(const sigset_t *ends);
/* --listen; a port without a host is this machine's own. NULL: it was not given. ERR_USAGE. */
bool serve_read_listen(struct cli_call *call, const char **out, struct err *err) MUST_USE;
/* What the proxy in front proves itself by, the line in the file --proxy-secret; p NULL: it was not
 * given. ERR_ABSENT, ERR_INPUT: no such file, or not as it must be. */
bool serve_read_proxy_secret(struct cli_call *call, struct str *out, struct err *err) MUST_USE;
/* Prints where it is reached; nothing for a socket (port 0). */
void serve_tell_address(struct cli_call *call, uint16_t port);
/* Serves the register in call->dir, at --listen if the command has it, until it is told to end. */
bool serve_folder(struct cli_call *call, const struct web_config *asked, struct err *err) MUST_USE;

#endif
