/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour account: who may sign in. */
#include "vault/vault.h"

#include "cli/acts.h"
#include "cli/commands.h"
#include "cli/who.h"
#include "cli/words.h"

static const struct cli_option FIRST_OPTIONS[] = {
	{ "setup-code", CLI_INPUT, "FILE|-",
	  "the set-up code that init printed (else it is asked)" },
	{ "password", CLI_INPUT, "FILE|-", "the new password (else it is asked)" },
	{ "person", CLI_TEXT, "NAME", "the full name; it is sealed" },
};

static const struct cli_option ADD_OPTIONS[] = {
	{ "password", CLI_INPUT, "FILE|-",
	  "in a drill register alone: its password, instead of a code" },
	{ "person", CLI_TEXT, "NAME", "the full name; it is sealed" },
	CLI_WHO,
};

static const struct cli_option BEGIN_OPTIONS[] = {
	{ "code", CLI_INPUT, "FILE|-", "the one-time code (else it is asked)" },
	{ "password", CLI_INPUT, "FILE|-", "the new password (else it is asked)" },
};

static const struct cli_option PASSWORD_OPTIONS[] = {
	{ "password", CLI_INPUT, "FILE|-", "the new password (else it is asked)" },
	CLI_WHO,
};

static const struct cli_option END_OPTIONS[] = {
	{ "reasons", CLI_TEXT, "TEXT", "why; it is sealed" },
	CLI_WHO,
	CLI_SECOND,
};

static const struct cli_option RESET_OPTIONS[] = {
	CLI_WHO,
	CLI_SECOND,
};

static const struct cli_option TOTP_OPTIONS[] = {
	CLI_WHO,
};

static const struct cli_option TOKEN_OPTIONS[] = {
	{ "for", CLI_TEXT, "OFFICE", "the office that the token acts in" },
	{ "until", CLI_TEXT, "TIME", "when it ends" },
	CLI_WHO,
};

static const struct cli_option LIST_OPTIONS[] = {
	{ "json", CLI_FLAG, NULL, "as JSON, for programs" },
};

static bool finish(struct cli_call *call, struct str name, struct casebook_account_made *made,
                   struct err *err)
{
	if (!acts_check(call, &made->answer, err))
		return false;
	acts_print(call, &made->answer);
	if (made->account.n)
		cli_print(call, "account %.*s", STR_ARG(made->account));
	acts_print_totp(call, name, made->totp_base32);
	acts_print_code(call, name, made->code);
	return true;
}

/* What --code or --setup-code held, or what is typed. */
static bool read_code(struct cli_call *call, const char *option, const char *question,
                      struct str *code, struct err *err)
{
	*code = cli_text(call, option);
	if (!code->p && !cli_ask(call, CLI_HIDDEN, question, code, err))
		return false;
	*code = str_trim(str_sub(*code, 0, str_find(*code, '\n')));
	return true;
}

static bool first(struct cli_call *call, struct err *err)
{
	struct casebook_new_account account = { .name = call->args[0],
		                                .person = cli_text(call, "person"),
		                                .machine_user = call->machine_user };
	struct casebook_account_made made = { 0 };
	struct str code;
	if (!read_code(call, "setup-code", "The set-up code: ", &code, err) ||
	    !who_new_password(call, "password", &account.password, err) ||
	    !casebook_account_first(call->book, code, &account, call->arena, &made, err))
		return false;
	return finish(call, account.name, &made, err);
}

const struct cli_command cli_account_first = {
	.name = "account first",
	.arguments = "DIR NAME",
	.about = "Make the first administrator, by the set-up code",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = FIRST_OPTIONS,
	.option_count = COUNT_OF(FIRST_OPTIONS),
	.run = first,
};

static bool add(struct cli_call *call, struct err *err)
{
	struct casebook_new_account account = { .name = call->args[0],
		                                .person = cli_text(call, "person"),
		                                .machine_user = call->machine_user };
	struct casebook_account_made made = { 0 };
	struct casebook_actor actor;
	if (cli_has(call, "password") && !casebook_is_drill(call->book))
		return err_set(
			err, ERR_USAGE,
			"Whoever the account belongs to chooses the password: leave --password out");
	if (cli_has(call, "password") &&
	    !who_new_password(call, "password", &account.password, err))
		return false;
	if (!who_acts(call, STR(WHO_ADMINISTRATOR), &actor, err) ||
	    !casebook_account_add(call->book, &actor, CASEBOOK_CLI, &account, call->arena, &made,
	                          err))
		return false;
	return finish(call, account.name, &made, err);
}

const struct cli_command cli_account_add = {
	.name = "account add",
	.arguments = "DIR NAME",
	.about = "Add an account; it holds no office yet",
	.detail =
		"Prints a one-time sign-in code, to be handed to its owner: by it the owner chooses a password\n"
		"and gets the secret of the six-digit codes. It works once, within 14 days.",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = ADD_OPTIONS,
	.option_count = COUNT_OF(ADD_OPTIONS),
	.run = add,
};

static bool begin(struct cli_call *call, struct err *err)
{
	struct casebook_beginning beginning = { .name = call->args[0],
		                                .via = CASEBOOK_CLI,
		                                .machine_user = call->machine_user };
	struct casebook_account_begun begun;
	if (!read_code(call, "code", "The one-time code: ", &beginning.code, err) ||
	    !who_new_password(call, "password", &beginning.password, err) ||
	    !casebook_account_begin(call->book, &beginning, call->arena, &begun, err) ||
	    !finish(call, beginning.name, &begun.made, err))
		return false;
	if (begun.was_reset)
		cli_say(call,
		        "This account was reset on %.*s, by entry %" PRId64
		        ". If you did not ask for it, say so to your\nmanager and to an administrator now.",
		        STR_ARG(words_when(call, begun.given)), begun.given_in);
	return true;
}

const struct cli_command cli_account_begin = {
	.name = "account begin",
	.arguments = "DIR NAME",
	.about = "Begin your account, or begin it again, by the one-time code that you were handed",
	.detail =
		"You choose a password; the secret of your six-digit codes is printed, once. Nobody else is\n"
		"told either. The code works once.",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = BEGIN_OPTIONS,
	.option_count = COUNT_OF(BEGIN_OPTIONS),
	.run = begin,
};

/* Both stand here: the whole code is told. */
static bool join_halves(struct cli_call *call, const struct acts_two *two,
                        struct casebook_account_made *made, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_half half;
	if (!casebook_reader_take(call->book, &reader, err) ||
	    !casebook_account_half(reader, two->second.account, made->answer.index, call->arena,
	                           &half, err))
		return false;
	made->code = casebook_code_join(call->arena, made->code, half.half);
	return true;
}

static void print_first_half(struct cli_call *call, struct casebook_account_made *made)
{
	cli_print(call, "half %.*s", STR_ARG(made->code));
	cli_say(call,
	        "This is the first half of a one-time code; whoever agrees is shown the second. Hand it to\n"
	        "%.*s. Until another administrator agrees, nothing changes.",
	        STR_ARG(call->args[0]));
	made->code = STR_NONE;
}

static bool reset(struct cli_call *call, struct err *err)
{
	struct acts_two two;
	struct casebook_account_made made = { 0 };
	struct str account;
	if (!acts_two_read(call, STR(WHO_ADMINISTRATOR), &two, err) ||
	    !who_account(call, call->args[0], &account, err) ||
	    !casebook_account_reset(call->book, &two.actor, CASEBOOK_CLI, call->machine_user,
	                            account, call->arena, &made, err) ||
	    !acts_check(call, &made.answer, err))
		return false;
	bool is_half = made.answer.outcome == CASEBOOK_WAITING;
	if (!acts_agree(call, &two, STR(ACTS_REGISTER_FILE), &made.answer, err) ||
	    (is_half && two.has_second && !join_halves(call, &two, &made, err)))
		return false;
	if (is_half && !two.has_second)
		print_first_half(call, &made);
	return finish(call, call->args[0], &made, err);
}

const struct cli_command cli_account_reset = {
	.name = "account reset",
	.arguments = "DIR NAME",
	.about = "Let somebody who lost the password or the six-digit codes begin anew",
	.detail =
		"Takes two administrators. The password, the codes, the sessions and the tokens of the account\n"
		"end; a one-time code is printed, to be handed to its owner. Without --second the first half of\n"
		"it is printed, and it waits for another administrator, who agrees on his own page and is shown\n"
		"the second half; until then nothing changes.",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = RESET_OPTIONS,
	.option_count = COUNT_OF(RESET_OPTIONS),
	.run = reset,
};

static bool end(struct cli_call *call, struct err *err)
{
	struct acts_two two;
	struct json *fields = json_object(call->arena);
	struct str account;
	if (!acts_two_read(call, STR(WHO_ADMINISTRATOR), &two, err) ||
	    !who_account(call, call->args[0], &account, err))
		return false;
	json_put_text(call->arena, fields, STR("account"), account);
	if (cli_text(call, "reasons").n)
		json_put_text(call->arena, fields, STR("reasons"), cli_text(call, "reasons"));
	return acts_submit_two(call, &two, STR("account.ended"), STR(ACTS_REGISTER_FILE), fields,
	                       err);
}

const struct cli_command cli_account_end = {
	.name = "account end",
	.arguments = "DIR NAME",
	.about = "End an account; what it wrote stays",
	.detail =
		"The account of whoever holds an office, or stands in for one, is ended by two administrators.\n"
		"Where that cannot wait, the office above lets him leave first (office leave).",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = END_OPTIONS,
	.option_count = COUNT_OF(END_OPTIONS),
	.run = end,
};

static bool password(struct cli_call *call, struct err *err)
{
	struct casebook_actor actor;
	struct casebook_answer answer = { 0 };
	struct str account, text;
	if (!who_acts(call, STR_NONE, &actor, err) ||
	    !who_account(call, call->args[0], &account, err) ||
	    !who_new_password(call, "password", &text, err) ||
	    !casebook_account_password(call->book, &actor, CASEBOOK_CLI, call->machine_user,
	                               account, text, call->arena, &answer, err) ||
	    !acts_check(call, &answer, err))
		return false;
	acts_print(call, &answer);
	return true;
}

const struct cli_command cli_account_password = {
	.name = "account password",
	.arguments = "DIR NAME",
	.about = "Set a new password of your own account",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = PASSWORD_OPTIONS,
	.option_count = COUNT_OF(PASSWORD_OPTIONS),
	.run = password,
};

static bool totp(struct cli_call *call, struct err *err)
{
	struct casebook_actor actor;
	struct casebook_account_made made = { 0 };
	struct str account;
	if (!who_acts(call, STR_NONE, &actor, err) ||
	    !who_account(call, call->args[0], &account, err) ||
	    !casebook_account_totp(call->book, &actor, CASEBOOK_CLI, call->machine_user, account,
	                           call->arena, &made, err))
		return false;
	return finish(call, call->args[0], &made, err);
}

const struct cli_command cli_account_totp = {
	.name = "account totp",
	.arguments = "DIR NAME",
	.about = "Make a new secret for the six-digit codes of your own account",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = TOTP_OPTIONS,
	.option_count = COUNT_OF(TOTP_OPTIONS),
	.run = totp,
};

static bool token(struct cli_call *call, struct err *err)
{
	struct casebook_actor actor;
	struct casebook_answer answer = { 0 };
	char secret[CASEBOOK_SECRET_TEXT + 1] = { 0 };
	struct str account;
	instant until;
	if (!cli_has(call, "for") || !cli_has(call, "until"))
		return err_set(err, ERR_USAGE,
		               "Say for which office and until when: --for OFFICE --until TIME");
	if (!cli_instant(call, "until", &until, err) ||
	    !who_acts(call, cli_text(call, "for"), &actor, err) ||
	    !who_account(call, call->args[0], &account, err) ||
	    !casebook_token_make(call->book, &actor, CASEBOOK_CLI, call->machine_user, account,
	                         cli_text(call, "for"), until, call->arena, secret, &answer, err) ||
	    !acts_check(call, &answer, err))
		return false;
	if (answer.outcome == CASEBOOK_ADMITTED) {
		cli_print(call, "%s", secret);
		cli_say(call,
		        "The line above is the token. It is shown once; keep it in a file that only its"
		        " program can read.");
	}
	vault_wipe(secret, sizeof secret);
	acts_print(call, &answer);
	return true;
}

const struct cli_command cli_account_token = {
	.name = "account token",
	.arguments = "DIR NAME",
	.about = "Make a token for a program of yours, bound to your account, an office and an end",
	.detail =
		"NAME is whoever acts: nobody makes a token for somebody else. It stands on the first line of\n"
		"standard output, and ends when the account is reset.",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = TOKEN_OPTIONS,
	.option_count = COUNT_OF(TOKEN_OPTIONS),
	.run = token,
};

static bool list(struct cli_call *call, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_account_row *rows;
	struct json *model = json_array(call->arena);
	size_t count;
	if (!casebook_reader_take(call->book, &reader, err) ||
	    !casebook_accounts(reader, call->arena, &rows, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct json *row = json_object(call->arena);
		if (!cli_has(call, "json"))
			cli_print(call, "%.*s  %.*s%s%s%s", STR_ARG(rows[i].id),
			          STR_ARG(rows[i].name), rows[i].is_ended ? "  ended" : "",
			          rows[i].code_until ? "  not begun" : "",
			          rows[i].is_founding ? "  founding" : "");
		json_put_text(call->arena, row, STR("account"), rows[i].id);
		json_put_text(call->arena, row, STR("name"), rows[i].name);
		json_put_bool(call->arena, row, STR("ended"), rows[i].is_ended);
		json_put_text(call->arena, row, STR("signed_in"),
		              cli_when(call, rows[i].signed_in));
		json_put_text(call->arena, row, STR("code_until"),
		              cli_when(call, rows[i].code_until));
		json_push(model, row);
	}
	return !cli_has(call, "json") || cli_print_json(call, model, err);
}

const struct cli_command cli_account_list = {
	.name = "account list",
	.arguments = "DIR",
	.about = "List the accounts",
	.least = 1,
	.most = 1,
	.needs = CLI_READER,
	.options = LIST_OPTIONS,
	.option_count = COUNT_OF(LIST_OPTIONS),
	.run = list,
};
