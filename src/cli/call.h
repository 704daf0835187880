/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: making calls, and what commands use of them. */
#ifndef CANDOUR_CLI_CALL_H
#define CANDOUR_CLI_CALL_H

#include "cli/cli.h"

/* Options of every command that acts for somebody. */
/* clang-format off */
#define CLI_WHO                                                                                    \
	{ "as", CLI_TEXT, "NAME", "the account that acts" },                                       \
	{ "office", CLI_TEXT, "OFFICE", "the office it acts in; its only one when left out" },     \
	{ "token", CLI_INPUT, "FILE|-", "a token instead of password and code (or CANDOUR_TOKEN)" }
/* clang-format on */

/* Options of what needs two accounts. */
/* clang-format off */
#define CLI_SECOND                                                                                 \
	{ "second", CLI_TEXT, "NAME", "the second account, proved like the first" },               \
	{ "second-office", CLI_TEXT, "OFFICE", "the office it acts in" },                          \
	{ "second-token", CLI_INPUT, "FILE|-", "its token instead" }
/* clang-format on */

/* A new call. False: no memory. Finish it in any case. */
bool cli_call_init(struct cli_call *call) MUST_USE;
/* Wipes what was read and said, gives memory back. */
void cli_call_finish(struct cli_call *call);

/*
 * Finds the command and reads its arguments and options. `argv` are the words
 * after the program's name. ERR_USAGE, ERR_INPUT (not UTF-8). *wants_help: the
 * word --help stood among them, and the command (or NULL) is set.
 */
bool cli_call_read(struct cli_call *call, const struct str *argv, size_t argc, bool *wants_help,
                   struct err *err) MUST_USE;
/* Reads the files that CLI_INPUT options name. ERR_INPUT, ERR_UNABLE. */
bool cli_call_read_inputs(struct cli_call *call, struct err *err) MUST_USE;
/* Writes the files of CLI_OUTPUT options. ERR_UNABLE. */
bool cli_call_write_outputs(struct cli_call *call, struct err *err) MUST_USE;
/* Runs the command with what is open; the exit status; what failed goes to call->words. */
int cli_call_run(struct cli_call *call);
/* Adds an error as the person sees it; the exit status. */
int cli_call_fail(struct cli_call *call, const struct err *err);

/* --- for commands --------------------------------------------------------------------------- */

/* The option of that name, which the command has. */
struct cli_value *cli_value(struct cli_call *call, const char *name);
bool cli_has(struct cli_call *call, const char *name);
/* The text: what a file held, what was typed; p NULL when it was not given. */
struct str cli_text(struct cli_call *call, const char *name);
/* An instant in RFC 3339; ERR_USAGE names the option. */
bool cli_instant(struct cli_call *call, const char *name, instant *out, struct err *err) MUST_USE;
/* Gives an output option its text; copies it. ERR_UNABLE. */
bool cli_write(struct cli_call *call, const char *name, struct str text, struct err *err) MUST_USE;
/* A line of results, or of words for people. */
void cli_print(struct cli_call *call, const char *format, ...) PRINTF(2, 3);
void cli_say(struct cli_call *call, const char *format, ...) PRINTF(2, 3);
/* The JSON value and a line end. ERR_UNABLE: too large. */
bool cli_print_json(struct cli_call *call, const struct json *value, struct err *err) MUST_USE;
/* Asks the person. */
bool cli_ask(struct cli_call *call, enum cli_asks how, const char *question, struct str *answer,
             struct err *err) MUST_USE;
/* A JSON object from an input option; ERR_INPUT names the file. Not given: an empty object. */
bool cli_json_input(struct cli_call *call, const char *name, const struct json **out,
                    struct err *err) MUST_USE;
/* An instant as RFC 3339 for JSON and results; empty for 0. */
struct str cli_when(struct cli_call *call, instant at);

#endif
