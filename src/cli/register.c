/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour register: its name, and its opening. */
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

static bool submit(struct cli_call *call, const struct casebook_actor *actor, struct str kind,
                   const struct json *fields, struct err *err)
{
	struct casebook_answer answer;
	if (!acts_submit(call, actor, kind, STR(ACTS_REGISTER_FILE), fields, &answer, err))
		return false;
	acts_print(call, &answer);
	return true;
}

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
	struct casebook_actor actor;
	struct json *fields = json_object(call->arena);
	if (!who_acts(call, STR(WHO_ADMINISTRATOR), &actor, err) ||
	    !who_put_second(call, fields, err))
		return false;
	return submit(call, &actor, STR("register.opened"), fields, err);
}

const struct cli_command cli_register_opened = {
	.name = "register opened",
	.arguments = "DIR",
	.about = "Open a live register: from then on it is no training",
	.detail =
		"Needs a second administrator, and an account of a second agency, both signed in once.",
	.least = 1,
	.most = 1,
	.needs = CLI_WRITER,
	.options = OPENED_OPTIONS,
	.option_count = COUNT_OF(OPENED_OPTIONS),
	.run = opened,
};
