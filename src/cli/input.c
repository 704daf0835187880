/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files that options name: read before a command runs, written after it. */
#include "cli/call.h"

#include <errno.h>
#include <unistd.h>

static bool read_standard_input(struct arena *arena, struct str *out, struct err *err)
{
	struct buf got;
	char piece[4096];
	buf_init(&got, CLI_INPUT_MAX);
	for (;;) {
		ssize_t n = read(STDIN_FILENO, piece, sizeof piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		buf_add_bytes(&got, piece, (size_t)n);
	}
	*out = got.full ? STR_NONE : arena_copy(arena, buf_str(&got));
	bool is_full = got.full;
	buf_finish(&got);
	if (is_full)
		return err_set(err, ERR_INPUT, "Standard input is longer than %zu megabytes",
		               CLI_INPUT_MAX >> 20);
	return out->p ||
	       err_set(err, ERR_UNABLE, "There is not enough memory to read standard input");
}

static bool read_input(struct cli_call *call, struct cli_value *value, struct err *err)
{
	if (str_eq(value->word, STR("-"))) {
		if (!read_standard_input(call->arena, &value->text, err))
			return false;
	} else {
		const char *path = str_to_c(call->arena, value->word);
		if (!path)
			return err_set(err, ERR_INPUT, "The name of a file cannot be read");
		if (!file_read(call->arena, path, CLI_INPUT_MAX, &value->text, err)) {
			/* A file that is not there is bad input, not an answer "no". */
			err->code = err->code == ERR_ABSENT ? ERR_INPUT : err->code;
			return false;
		}
	}
	for (size_t i = 0; i < value->text.n; i++) {
		if (value->text.p[i] == '\0')
			return err_set(err, ERR_INPUT, "%.*s holds a NUL; it must be text",
			               STR_ARG(value->word));
	}
	return str_is_utf8(value->text) ||
	       err_set(err, ERR_INPUT, "%.*s is not UTF-8 text",
	               STR_ARG(str_eq(value->word, STR("-")) ? STR("standard input")
	                                                     : value->word));
}

bool cli_call_read_inputs(struct cli_call *call, struct err *err)
{
	bool has_standard_input = false;
	for (size_t i = 0; i < call->command->option_count; i++) {
		struct cli_value *value = &call->values[i];
		if (call->command->options[i].takes != CLI_INPUT || !value->is_given)
			continue;
		if (str_eq(value->word, STR("-"))) {
			if (has_standard_input)
				return err_set(err, ERR_USAGE,
				               "Only one option can read standard input");
			has_standard_input = true;
		}
		if (!read_input(call, value, err))
			return false;
	}
	return true;
}

bool cli_call_write_outputs(struct cli_call *call, struct err *err)
{
	for (size_t i = 0; i < call->command->option_count; i++) {
		struct cli_value *value = &call->values[i];
		if (call->command->options[i].takes != CLI_OUTPUT || !value->is_written)
			continue;
		const char *path = str_to_c(call->arena, value->word);
		if (!path)
			return err_set(err, ERR_INPUT, "The name of a file cannot be read");
		if (!file_write(path, 0600, value->text, err))
			return false;
	}
	return true;
}
