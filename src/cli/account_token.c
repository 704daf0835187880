/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour account token list, end: which tokens there are, and ending one of them. */
#include "cli/acts.h"
#include "cli/commands.h"
#include "cli/who.h"

static const struct cli_option LIST_OPTIONS[] = {
	{ "json", CLI_FLAG, NULL, "as JSON, for programs" },
};

static const struct cli_option END_OPTIONS[] = {
	CLI_WHO,
};

static struct str state_word(enum casebook_token_state state)
{
	switch (state) {
	case CASEBOOK_TOKEN_LIVE:
		return STR("live");
	case CASEBOOK_TOKEN_ENDED:
		return STR("ended");
	case CASEBOOK_TOKEN_LAPSED:
		return STR("lapsed");
	case CASEBOOK_TOKEN_SPOILT:
		return STR("spoilt");
	}
	return STR_NONE;
}

static bool list(struct cli_call *call, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_token *tokens;
	struct json *model = json_array(call->arena);
	size_t count, spoilt = 0;
	if (!casebook_reader_take(call->book, &reader, err) ||
	    !casebook_tokens(reader, call->arena, &tokens, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct json *row = json_object(call->arena);
		struct str name = tokens[i].account, state = state_word(tokens[i].state);
		struct err ignored = { 0 };
		spoilt += tokens[i].state == CASEBOOK_TOKEN_SPOILT;
		if (!casebook_account_name(reader, call->arena, tokens[i].account, &name, &ignored))
			name = tokens[i].account;
		if (!cli_has(call, "json"))
			cli_print(call, "%" PRId64 "  %.*s  %.*s  until %.*s  %.*s",
			          tokens[i].entry, STR_ARG(name), STR_ARG(tokens[i].office),
			          STR_ARG(cli_when(call, tokens[i].until)), STR_ARG(state));
		json_put_integer(call->arena, row, STR("entry"), tokens[i].entry);
		json_put_text(call->arena, row, STR("account"), tokens[i].account);
		json_put_text(call->arena, row, STR("name"), name);
		json_put_text(call->arena, row, STR("office"), tokens[i].office);
		json_put_text(call->arena, row, STR("made"), cli_when(call, tokens[i].made));
		json_put_text(call->arena, row, STR("until"), cli_when(call, tokens[i].until));
		json_put_text(call->arena, row, STR("state"), state);
		json_push(model, row);
	}
	if (spoilt)
		cli_say(call,
		        "Spoilt: somebody altered the token in the database by hand. It opens nothing; make a new"
		        " one, and look who can write the database.");
	return !cli_has(call, "json") || cli_print_json(call, model, err);
}

const struct cli_command cli_account_token_list = {
	.name = "account token list",
	.arguments = "DIR",
	.about = "List the tokens ever made, by the entry that made each",
	.detail =
		"A token is live, ended by an entry, or lapsed: past its time, or its account ended, was reset or left.\n"
		"Spoilt: it was altered in the database by hand, and opens nothing.",
	.least = 1,
	.most = 1,
	.needs = CLI_READER,
	.options = LIST_OPTIONS,
	.option_count = COUNT_OF(LIST_OPTIONS),
	.run = list,
};

static bool end(struct cli_call *call, struct err *err)
{
	struct casebook_actor actor;
	struct casebook_answer answer = { 0 };
	uint64_t entry;
	if (!str_to_u64(call->args[0], JSON_INTEGER_MAX, &entry))
		return err_set(
			err, ERR_INPUT,
			"\"%.*s\" is not the number of an entry. See: candour account token list DIR",
			STR_ARG(str_sub(call->args[0], 0, 60)));
	if (!who_acts(call, STR_NONE, &actor, err) ||
	    !casebook_token_end(call->book, &actor, CASEBOOK_CLI, call->machine_user,
	                        (int64_t)entry, call->arena, &answer, err) ||
	    !acts_check(call, &answer, err))
		return false;
	acts_print(call, &answer);
	return true;
}

const struct cli_command cli_account_token_end = {
	.name = "account token end",
	.arguments = "DIR ENTRY",
	.about = "End one token, named by the entry that made it",
	.detail =
		"It opens nothing from then on; the account and its other tokens stay. Its owner or an\n"
		"administrator ends it.",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = END_OPTIONS,
	.option_count = COUNT_OF(END_OPTIONS),
	.run = end,
};
