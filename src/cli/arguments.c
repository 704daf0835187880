/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Words after the program's name: which command, its arguments, its options.
 * Options stand anywhere, as --name VALUE or --name=VALUE; -- ends them.
 */
#include "cli/call.h"

#include <string.h>

#define NEAR_MAX 2

static struct str first_word(struct str name)
{
	return str_sub(name, 0, str_find(name, ' '));
}

/* The nearest command or option to a mistyped word; p NULL: none is near. */
static struct str nearest(struct str typed, const struct str *of, size_t count)
{
	struct str best = STR_NONE;
	size_t least = NEAR_MAX + 1;
	for (size_t i = 0; i < count; i++) {
		size_t d = str_distance(typed, of[i]);
		if (d < least) {
			least = d;
			best = of[i];
		}
	}
	return best;
}

static bool refuse_command(struct str word, struct err *err)
{
	size_t count, n = 0;
	const struct cli_command *const *all = cli_commands(&count);
	struct str names[128];
	for (size_t i = 0; i < count && n < COUNT_OF(names); i++)
		names[n++] = first_word(str_from_c(all[i]->name));
	struct str near = nearest(word, names, n);
	if (str_starts(word, STR("-")))
		return err_set(
			err, ERR_USAGE,
			"The command stands first and options after it; before it there is no"
			" %.*s. See: candour --help",
			STR_ARG(str_sub(word, 0, 60)));
	if (near.p)
		return err_set(err, ERR_USAGE,
		               "There is no command \"%.*s\". Did you mean \"%.*s\"?",
		               STR_ARG(str_sub(word, 0, 60)), STR_ARG(near));
	return err_set(err, ERR_USAGE, "There is no command \"%.*s\". See them all: candour --help",
	               STR_ARG(str_sub(word, 0, 60)));
}

/* "pack" without a second word, or with one that is none: tells which there are. */
static bool refuse_family(struct arena *arena, struct str family, struct err *err)
{
	size_t count;
	const struct cli_command *const *all = cli_commands(&count);
	struct str list = STR("");
	for (size_t i = 0; i < count; i++) {
		struct str name = str_from_c(all[i]->name);
		if (!str_eq(first_word(name), family))
			continue;
		struct str pieces[3] = { list, STR(", "), str_sub(name, family.n + 1, name.n) };
		list = list.n ? arena_join(arena, pieces, 3) : pieces[2];
	}
	return err_set(err, ERR_USAGE, "\"%.*s\" wants one of these after it: %.*s",
	               STR_ARG(family), STR_ARG(list));
}

/* How many words a command's name has, where all of them stand in argv; else 0. */
static size_t words_that_match(struct str name, const struct str *argv, size_t argc)
{
	struct str word;
	size_t n = 0;
	while (name.n && str_cut(&name, ' ', &word)) {
		if (n == argc || !str_eq(argv[n++], word))
			return 0;
	}
	return n;
}

/* *words: how many words name the command, the longest name of those that fit. A family alone is
 * found by cli_call_read. */
static bool find_command(struct cli_call *call, const struct str *argv, size_t argc, size_t *words,
                         struct err *err)
{
	size_t count;
	const struct cli_command *const *all = cli_commands(&count);
	bool is_family = false;
	*words = 0;
	for (size_t i = 0; i < count; i++) {
		struct str name = str_from_c(all[i]->name);
		if (!str_eq(first_word(name), argv[0]))
			continue;
		size_t n = words_that_match(name, argv, argc);
		is_family = true;
		if (n > *words) {
			call->command = all[i];
			*words = n;
		}
	}
	if (*words > 0)
		return true;
	return is_family ? refuse_family(call->arena, argv[0], err) : refuse_command(argv[0], err);
}

static bool refuse_option(const struct cli_command *command, struct str name, struct err *err)
{
	struct str names[CLI_OPTIONS_MAX];
	for (size_t i = 0; i < command->option_count; i++)
		names[i] = str_from_c(command->options[i].name);
	struct str near = nearest(name, names, command->option_count);
	if (near.p)
		return err_set(err, ERR_USAGE, "\"%s\" has no option --%.*s. Did you mean --%.*s?",
		               command->name, STR_ARG(str_sub(name, 0, 60)), STR_ARG(near));
	return err_set(err, ERR_USAGE, "\"%s\" has no option --%.*s", command->name,
	               STR_ARG(str_sub(name, 0, 60)));
}

/* The value's word, behind those that stand there already of an option that may be repeated. */
static bool put_word(struct cli_call *call, const struct cli_option *option,
                     struct cli_value *value, struct str word, struct err *err)
{
	if (option->takes == CLI_TEXTS && value->word.n)
		word = arena_format(call->arena, "%.*s\n%.*s", STR_ARG(value->word), STR_ARG(word));
	value->word = word;
	if (!word.p)
		return err_set(err, ERR_UNABLE, "There is no memory to read so many words");
	return word.n > 0 || option->takes == CLI_TEXT || option->takes == CLI_TEXTS ||
	       err_set(err, ERR_USAGE, "--%s wants the name of a file", option->name);
}

/* Takes the option at argv[*at], and moves *at behind its value. */
static bool take_option(struct cli_call *call, const struct str *argv, size_t argc, size_t *at,
                        struct err *err)
{
	struct str word = str_sub(argv[*at], 2, argv[*at].n);
	size_t equal = str_find(word, '=');
	struct str name = str_sub(word, 0, equal);
	const struct cli_option *option = NULL;
	struct cli_value *value = NULL;
	for (size_t i = 0; i < call->command->option_count; i++) {
		if (str_eq(str_from_c(call->command->options[i].name), name)) {
			option = &call->command->options[i];
			value = &call->values[i];
		}
	}
	(*at)++;
	if (!option)
		return refuse_option(call->command, name, err);
	if (value->is_given && option->takes != CLI_TEXTS)
		return err_set(err, ERR_USAGE, "--%s is given twice", option->name);
	value->is_given = true;
	if (option->takes == CLI_FLAG)
		return equal == word.n ||
		       err_set(err, ERR_USAGE, "--%s takes no value", option->name);
	if (equal < word.n)
		return put_word(call, option, value, str_sub(word, equal + 1, word.n), err);
	if (*at == argc)
		return err_set(err, ERR_USAGE, "--%s wants a value after it: %s", option->name,
		               option->value);
	return put_word(call, option, value, argv[(*at)++], err);
}

static bool is_option(struct str word)
{
	return word.n > 2 && str_starts(word, STR("--"));
}

static bool is_help(struct str word)
{
	return str_eq(word, STR("--help")) || str_eq(word, STR("-h"));
}

/* DIR stands first; of two-word commands also last, as people say it. */
static bool take_dir(struct cli_call *call, struct str *args, size_t *count, struct err *err)
{
	size_t at = 0;
	const char *first = str_to_c(call->arena, args[0]);
	const char *last = str_to_c(call->arena, args[*count - 1]);
	if (!first || !last)
		return err_set(err, ERR_INPUT, "The name of the register's folder cannot be read");
	if (strchr(call->command->name, ' ') && !file_is_folder(first) && file_is_folder(last))
		at = *count - 1;
	call->dir = at ? last : first;
	if (!at)
		memmove(args, args + 1, (*count - 1) * sizeof *args);
	(*count)--;
	return call->dir[0] ||
	       err_set(err, ERR_USAGE, "The name of the register's folder is empty");
}

static bool check_count(const struct cli_call *call, size_t count, struct err *err)
{
	if (count < call->command->least)
		return err_set(err, ERR_USAGE, "Something is missing: candour %s %s",
		               call->command->name, call->command->arguments);
	if (count > call->command->most)
		return err_set(err, ERR_USAGE, "There is too much behind it: candour %s %s",
		               call->command->name, call->command->arguments);
	return true;
}

static bool read_words(struct cli_call *call, const struct str *argv, size_t argc, struct err *err)
{
	struct str *args = arena_alloc(call->arena, argc + 1, sizeof *args);
	size_t count = 0;
	bool ended = false;
	if (!args)
		return err_set(err, ERR_UNABLE, "There is not enough memory for this command");
	for (size_t at = 0; at < argc;) {
		if (!ended && is_option(argv[at])) {
			if (!take_option(call, argv, argc, &at, err))
				return false;
			continue;
		}
		if (!ended && str_eq(argv[at], STR("--")))
			ended = true;
		else if (!ended && argv[at].n > 1 && argv[at].p[0] == '-')
			return err_set(err, ERR_USAGE,
			               "There is no option %.*s; options begin with two dashes",
			               STR_ARG(str_sub(argv[at], 0, 20)));
		else
			args[count++] = argv[at];
		at++;
	}
	if (!check_count(call, count, err))
		return false;
	if (call->command->needs != CLI_NOTHING && !take_dir(call, args, &count, err))
		return false;
	call->args = args;
	call->arg_count = count;
	return true;
}

bool cli_call_read(struct cli_call *call, const struct str *argv, size_t argc, bool *wants_help,
                   struct err *err)
{
	size_t words = 0;
	*wants_help = argc == 0 || is_help(argv[0]) || str_eq(argv[0], STR("help"));
	if (*wants_help)
		return argc < 2 || find_command(call, argv + 1, argc - 1, &words, err);
	if (argc > CLI_ARGUMENTS_MAX)
		return err_set(err, ERR_USAGE, "There are too many words behind the command");
	for (size_t i = 0; i < argc; i++) {
		if (!str_is_utf8(argv[i]))
			return err_set(err, ERR_INPUT, "Word %zu of the command is not UTF-8 text",
			               i + 1);
	}
	for (size_t i = 1; i < argc && !str_eq(argv[i], STR("--")); i++)
		*wants_help = *wants_help || is_help(argv[i]);
	struct err found = { 0 };
	if (!find_command(call, argv, argc, &words, &found)) {
		if (*wants_help && argc == 2)
			return true; /* "candour pack --help": of the family, told by the caller */
		*err = found;
		return false;
	}
	return *wants_help || read_words(call, argv + words, argc - words, err);
}
