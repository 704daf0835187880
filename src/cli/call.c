/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A call's life, and what commands take from it. */
#include "cli/call.h"

#include "cli/words.h"

#include <stdarg.h>
#include <string.h>

bool cli_call_init(struct cli_call *call)
{
	*call = (struct cli_call){ 0 };
	buf_init(&call->out, CLI_TEXT_MAX);
	buf_init(&call->words, CLI_TEXT_MAX);
	call->arena = arena_create(CLI_ARENA_MAX);
	return call->arena != NULL;
}

static void wipe(struct buf *buf)
{
	volatile char *p = buf->p;
	for (size_t i = 0; i < buf->n; i++)
		p[i] = 0;
}

void cli_call_finish(struct cli_call *call)
{
	wipe(&call->out);
	buf_finish(&call->out);
	buf_finish(&call->words);
	arena_destroy(call->arena);
	call->arena = NULL;
}

struct cli_value *cli_value(struct cli_call *call, const char *name)
{
	for (size_t i = 0; i < call->command->option_count; i++) {
		if (strcmp(call->command->options[i].name, name) == 0)
			return &call->values[i];
	}
	base_check(!"an option that the command has");
	return NULL;
}

bool cli_has(struct cli_call *call, const char *name)
{
	return cli_value(call, name)->is_given;
}

struct str cli_text(struct cli_call *call, const char *name)
{
	struct cli_value *value = cli_value(call, name);
	if (!value->is_given)
		return STR_NONE;
	return value->text.p ? value->text : value->word;
}

bool cli_instant(struct cli_call *call, const char *name, instant *out, struct err *err)
{
	struct str text = cli_text(call, name);
	return instant_read(text, out) ||
	       err_set(err, ERR_USAGE,
	               "--%s must be a moment like 2026-11-26T10:12:00Z, not \"%.*s\"", name,
	               STR_ARG(str_sub(text, 0, 60)));
}

bool cli_write(struct cli_call *call, const char *name, struct str text, struct err *err)
{
	struct cli_value *value = cli_value(call, name);
	value->text = arena_copy(call->arena, text);
	value->is_written = value->text.p != NULL;
	return value->is_written ||
	       err_set(err, ERR_UNABLE, "There is not enough memory to write the file");
}

/* What was added to `out` from `from` on, so that no word of it can steer the terminal. */
static void add_line(struct cli_call *call, struct buf *out, size_t from)
{
	struct str added = str_sub(buf_str(out), from, out->n);
	if (!words_is_printable(added)) {
		struct str shown = words_printable(call->arena, added);
		out->n = from;
		buf_add(out, shown);
	}
	buf_add_char(out, '\n');
}

void cli_print(struct cli_call *call, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	size_t from = call->out.n;
	buf_vformat(&call->out, format, args);
	va_end(args);
	add_line(call, &call->out, from);
}

void cli_say(struct cli_call *call, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	size_t from = call->words.n;
	buf_vformat(&call->words, format, args);
	va_end(args);
	add_line(call, &call->words, from);
}

bool cli_print_json(struct cli_call *call, const struct json *value, struct err *err)
{
	json_write(&call->out, value);
	buf_add_char(&call->out, '\n');
	return !call->out.full || err_set(err, ERR_UNABLE, "That is too much to print at once");
}

bool cli_ask(struct cli_call *call, enum cli_asks how, const char *question, struct str *answer,
             struct err *err)
{
	return call->person.ask(call->person.ctx, question, how, call->arena, answer, err);
}

bool cli_json_input(struct cli_call *call, const char *name, const struct json **out,
                    struct err *err)
{
	struct cli_value *value = cli_value(call, name);
	struct err found = { 0 };
	*out = json_object(call->arena);
	if (!value->is_given)
		return true;
	struct str from = str_eq(value->word, STR("-")) ? STR("standard input") : value->word;
	if (!json_read(call->arena, value->text, JSON_DEPTH_MAX, out, &found))
		return err_set(err, found.code, "%.*s: %s", STR_ARG(from), found.message);
	if ((*out)->type != JSON_OBJECT)
		return err_set(err, ERR_INPUT,
		               "%.*s must hold one JSON object: {\"field\": value, ...}",
		               STR_ARG(from));
	return true;
}

struct str cli_when(struct cli_call *call, instant at)
{
	return at ? instant_write(call->arena, at) : STR("");
}

int cli_call_fail(struct cli_call *call, const struct err *err)
{
	if (err->code == ERR_FAULT) {
		char reference[5];
		journal_fault(err, reference);
		cli_say(call, "candour: This is a fault of ours, not of yours; its reference is %s",
		        reference);
		return err_exit_status(err->code);
	}
	cli_say(call, "candour: %s", err->message[0] ? err->message : "It could not be done");
	if (err->code == ERR_USAGE && call->command)
		cli_say(call, "See: candour %s --help", call->command->name);
	return err_exit_status(err->code);
}

int cli_call_run(struct cli_call *call)
{
	struct err err = { 0 };
	if (!call->command->run(call, &err))
		return cli_call_fail(call, &err);
	if (call->out.full || call->words.full) {
		err_set(&err, ERR_UNABLE, "That is too much to print at once");
		return cli_call_fail(call, &err);
	}
	return call->status;
}
