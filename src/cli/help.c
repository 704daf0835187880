/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The words of --help, made from the table of commands. */
#include "cli/parts.h"

#include <string.h>

#define COLUMN 26

void help_usage(struct buf *out, const struct cli_command *command)
{
	buf_format(out, "candour %s", command->name);
	if (command->arguments[0])
		buf_format(out, " %s", command->arguments);
	for (size_t i = 0; i < command->option_count; i++) {
		const struct cli_option *option = &command->options[i];
		if (option->takes == CLI_FLAG)
			buf_format(out, " [--%s]", option->name);
		else
			buf_format(out, " [--%s %s]", option->name, option->value);
	}
}

static void add_row(struct buf *out, struct str left, const char *right)
{
	buf_format(out, "  %-*.*s", COLUMN - 3, STR_ARG(left));
	buf_format(out, left.n > COLUMN - 3 ? "\n%*s%s\n" : "%*s%s\n",
	           left.n > COLUMN - 3 ? COLUMN : 1, "", right);
}

static void write_command(struct buf *out, const struct cli_command *command)
{
	buf_add(out, STR("Usage: "));
	help_usage(out, command);
	buf_format(out, "\n\n%s.\n", command->about);
	if (command->detail)
		buf_format(out, "%s\n", command->detail);
	buf_add_char(out, '\n');
	for (size_t i = 0; i < command->option_count; i++) {
		const struct cli_option *option = &command->options[i];
		char left[64];
		struct buf row;
		buf_init(&row, sizeof left);
		buf_format(&row, "--%s%s%s", option->name, option->value ? " " : "",
		           option->value ? option->value : "");
		add_row(out, buf_str(&row), option->about);
		buf_finish(&row);
	}
	add_row(out, STR("--help"), "these words");
}

static void write_list(struct buf *out, struct str family)
{
	size_t count;
	const struct cli_command *const *all = cli_commands(&count);
	for (size_t i = 0; i < count; i++) {
		struct str name = str_from_c(all[i]->name);
		if (!family.n || str_eq(family, str_sub(name, 0, str_find(name, ' '))))
			add_row(out, name, all[i]->about);
	}
}

static bool is_family(struct str word)
{
	size_t count;
	const struct cli_command *const *all = cli_commands(&count);
	for (size_t i = 0; i < count; i++) {
		struct str name = str_from_c(all[i]->name);
		if (str_find(name, ' ') < name.n &&
		    str_eq(word, str_sub(name, 0, str_find(name, ' '))))
			return true;
	}
	return false;
}

void help_write(struct buf *out, const struct cli_command *command, struct str family)
{
	if (command) {
		write_command(out, command);
		return;
	}
	if (is_family(family)) {
		buf_format(out, "Usage: candour %.*s COMMAND ...\n\n", STR_ARG(family));
		write_list(out, family);
		return;
	}
	buf_add(out,
	        STR("Usage: candour COMMAND ...\n\n"
	            "Candour keeps a register of concerns about children: nothing in it can be made\n"
	            "to disappear, and whatever is open is owed by a named office.\n\n"));
	write_list(out, STR_NONE);
	buf_add(out,
	        STR("\nHelp for each: candour COMMAND --help\n"
	            "Exit status: 0 done; 1 the answer is no; 2 wrong use; 3 the input is bad;\n"
	            "4 the register cannot do it now; 70 a fault of ours.\n"));
}
