/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour register: its name, what it says of itself, and its opening. */
#include "cli/acts.h"
#include "cli/commands.h"
#include "cli/who.h"

static const struct cli_option WHO_OPTIONS[] = {
	CLI_WHO,
};

static const struct cli_option OPENED_OPTIONS[] = {
	CLI_WHO,
	CLI_SECOND,
};

static bool name_register(struct cli_call *call, struct err *err)
{
	struct casebook_actor actor;
	struct casebook_answer answer;
	if (!who_acts(call, STR(WHO_ADMINISTRATOR), &actor, err) ||
	    !casebook_register_name(call->book, &actor, CASEBOOK_CLI, call->machine_user,
	                            call->args[0], call->arena, &answer, err) ||
	    !acts_check(call, &answer, err))
		return false;
	acts_print(call, &answer);
	cli_say(call, "Publish the key that bears the name: candour log vkey %s", call->dir);
	return true;
}

const struct cli_command cli_register_name = {
	.name = "register name",
	.arguments = "DIR HOST/NAME",
	.about = "Give the register its name, once",
	.detail =
		"A register that was made without --origin has none that others could trust. Before the first\n"
		"concern it may be given one: the name of its signing key. Afterwards it never changes.",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = WHO_OPTIONS,
	.option_count = COUNT_OF(WHO_OPTIONS),
	.run = name_register,
};

static bool opened(struct cli_call *call, struct err *err)
{
	struct acts_two two;
	return acts_two_read(call, STR(WHO_ADMINISTRATOR), &two, err) &&
	       acts_submit_two(call, &two, STR("register.opened"), STR(ACTS_REGISTER_FILE),
	                       json_object(call->arena), err);
}

const struct cli_command cli_register_opened = {
	.name = "register opened",
	.arguments = "DIR",
	.about = "Open a live register: from then on it is no training",
	.detail =
		"Needs a second administrator, who agrees, and an account of a second agency, all signed in\n"
		"once; the privacy notice filled in and the telephone numbers tried (candour register\n"
		"describe); enough shares of the key read back; and a backup made, and one tried. Without\n"
		"--second it waits, and the other administrator agrees on his own page.",
	.least = 1,
	.most = 1,
	.needs = CLI_WRITER,
	.options = OPENED_OPTIONS,
	.option_count = COUNT_OF(OPENED_OPTIONS),
	.run = opened,
};

/* --- what it says of itself ------------------------------------------------------------------ */

static const struct cli_option DESCRIBE_OPTIONS[] = {
	{ "text", CLI_INPUT, "FILE|-", "what it says, when it has more than one line" },
	{ "json", CLI_INPUT, "FILE|-", "several at once: an object of names and texts" },
	CLI_WHO,
};

#define DESCRIBED_MAX 64

static bool read_json(struct cli_call *call, struct casebook_described of[DESCRIBED_MAX],
                      size_t *count, struct err *err)
{
	const struct json *all;
	if (!json_read(call->arena, cli_text(call, "json"), 2, &all, err))
		return false;
	if (all->type != JSON_OBJECT)
		return err_set(err, ERR_INPUT, "--json is an object of names and texts");
	for (const struct json *one = all->first; one; one = one->next) {
		if (one->type != JSON_STRING)
			return err_set(err, ERR_INPUT, "The text of \"%.*s\" must be text",
			               STR_ARG(str_sub(one->key, 0, 64)));
		if (*count == DESCRIBED_MAX)
			return err_set(err, ERR_INPUT, "At most %d at once", DESCRIBED_MAX);
		of[(*count)++] = (struct casebook_described){ one->key, one->string };
	}
	return true;
}

static bool read_described(struct cli_call *call, struct casebook_described of[DESCRIBED_MAX],
                           size_t *count, struct err *err)
{
	bool has_text = cli_has(call, "text"), has_json = cli_has(call, "json");
	size_t given = call->arg_count;
	*count = 0;
	if (has_json && !has_text && given == 0)
		return read_json(call, of, count, err);
	if (has_json || given < 1 || has_text == (given == 2))
		return err_set(err, ERR_USAGE,
		               "Give a name and its text, a name and --text FILE, or --json FILE");
	*count = 1;
	of[0] = (struct casebook_described){ call->args[0],
		                             has_text ? str_trim(cli_text(call, "text"))
		                                      : call->args[1] };
	return true;
}

static bool describe(struct cli_call *call, struct err *err)
{
	struct casebook_described of[DESCRIBED_MAX];
	struct casebook_actor actor;
	struct casebook_answer answer;
	size_t count;
	if (!read_described(call, of, &count, err) ||
	    !who_acts(call, STR(WHO_ADMINISTRATOR), &actor, err) ||
	    !casebook_describe(call->book, &actor, CASEBOOK_CLI, call->machine_user,
	                       acts_submission(call), of, count, call->arena, &answer, err) ||
	    !acts_check(call, &answer, err))
		return false;
	acts_print(call, &answer);
	return true;
}

const struct cli_command cli_register_describe = {
	.name = "register describe",
	.arguments = "DIR [NAME] [TEXT]",
	.about = "Set what the register says of itself, such as privacy.officer",
	.detail =
		"Pages show it: names of the partnership, the places of the privacy notice, the accessibility\n"
		"statement. All names, and what they say now: candour register particulars DIR. An empty text\n"
		"takes one away again; those without which a register is not opened may only be changed.",
	.least = 1,
	.most = 3,
	.needs = CLI_WRITER,
	.options = DESCRIBE_OPTIONS,
	.option_count = COUNT_OF(DESCRIBE_OPTIONS),
	.run = describe,
};

static const struct cli_option PARTICULARS_OPTIONS[] = {
	{ "json", CLI_FLAG, NULL, "as JSON, for programs" },
};

static void print_one(struct cli_call *call, const struct casebook_particular *one,
                      struct json *list)
{
	struct json *row = json_object(call->arena);
	json_put_text(call->arena, row, STR("name"), one->name);
	json_put_text(call->arena, row, STR("label"), one->label);
	json_put_bool(call->arena, row, STR("needed"), one->opens);
	json_put_text(call->arena, row, STR("text"), one->text);
	json_push(list, row);
	if (cli_has(call, "json"))
		return;
	struct str rest = one->text, line = STR("");
	(void)str_cut(&rest, '\n', &line);
	cli_print(call, "%.*s  %.*s: %.*s%s", STR_ARG(one->name), STR_ARG(one->label),
	          STR_ARG(one->text.n  ? line
	                  : one->opens ? STR("EMPTY; a register is not opened without it")
	                               : STR("-")),
	          rest.n ? " …" : "");
}

static bool list_particulars(struct cli_call *call, struct err *err)
{
	const struct casebook_particular *all;
	struct json *list = json_array(call->arena);
	size_t count;
	if (!casebook_particulars(call->book, call->arena, &all, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		print_one(call, &all[i], list);
	return !cli_has(call, "json") || cli_print_json(call, list, err);
}

const struct cli_command cli_register_particulars = {
	.name = "register particulars",
	.arguments = "DIR",
	.about = "What the register says of itself, and what is still empty",
	.least = 1,
	.most = 1,
	.needs = CLI_READER,
	.options = PARTICULARS_OPTIONS,
	.option_count = COUNT_OF(PARTICULARS_OPTIONS),
	.run = list_particulars,
};
