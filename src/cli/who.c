/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/who.h"

#include "cli/acts.h"

/* The options that name somebody. */
struct naming {
	const char *as;
	const char *office;
	const char *token;
	bool has_environment; /* CANDOUR_TOKEN may stand for the token */
};

static const struct naming FIRST = { "as", "office", "token", true };
static const struct naming SECOND = { "second", "second-office", "second-token", false };

/* The first line of what a file held. */
static struct str first_line(struct str text)
{
	return str_trim(str_sub(text, 0, str_find(text, '\n')));
}

static bool find_account(struct cli_call *call, struct str name, struct str *id, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	return casebook_reader_take(call->book, &reader, err) &&
	       casebook_account_find(reader, call->arena, name, id, err);
}

bool who_account(struct cli_call *call, struct str name, struct str *id, struct err *err)
{
	struct err found = { 0 };
	if (find_account(call, name, id, &found))
		return true;
	if (found.code == ERR_ABSENT)
		return err_set(err, ERR_ABSENT, "There is no account called %.*s",
		               STR_ARG(str_sub(name, 0, 64)));
	*err = found;
	return false;
}

static bool list_seats(struct cli_call *call, struct str account,
                       const struct casebook_seat **seats, size_t *count, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	return casebook_reader_take(call->book, &reader, err) &&
	       casebook_seats(reader, call->arena, account, seats, count, err);
}

/* Where the account acts: what --office says, else `otherwise`, else its only office. */
static bool choose_office(struct cli_call *call, const struct naming *by, struct str account,
                          struct str otherwise, struct str *office, struct err *err)
{
	const struct casebook_seat *seats;
	size_t count;
	*office = cli_has(call, by->office) ? cli_text(call, by->office) : otherwise;
	if (office->n)
		return true;
	if (!list_seats(call, account, &seats, &count, err))
		return false;
	if (count == 0)
		return err_set(
			err, ERR_USAGE,
			"This account holds no office. Say which it acts in: --office OFFICE");
	if (count > 1)
		return err_set(
			err, ERR_USAGE,
			"This account may act in several offices. Say which: --office %.*s, or another",
			STR_ARG(seats[0].office));
	*office = seats[0].office;
	return true;
}

/* --- a drill: a name is enough, and makes what is not there --------------------------------------
 */

static bool make_account(struct cli_call *call, struct str name, struct str *id, struct err *err)
{
	struct casebook_actor by = { .by = CASEBOOK_BY_REGISTER };
	struct casebook_account_made made;
	/* Nothing in a drill is secret; whoever practises may sign in by it too. */
	struct casebook_new_account account = {
		.name = name,
		.password = arena_format(call->arena, "practice only %.*s", STR_ARG(name)),
		.machine_user = call->machine_user,
	};
	if (!casebook_account_add(call->book, &by, CASEBOOK_CLI, &account, call->arena, &made, err))
		return false;
	*id = made.account;
	return acts_check(call, &made.answer, err);
}

static bool make_holding(struct cli_call *call, struct str account, struct str office,
                         struct err *err)
{
	struct json *fields = json_object(call->arena);
	struct casebook_act act = { .actor = { .by = CASEBOOK_BY_REGISTER },
		                    .via = CASEBOOK_CLI,
		                    .kind = STR("office.held"),
		                    .fields = fields,
		                    .machine_user = call->machine_user };
	struct casebook_answer answer;
	if (!acts_office_file(call, office, &act.file, err))
		return false;
	json_put_text(call->arena, fields, STR("office"), office);
	json_put_text(call->arena, fields, STR("account"), account);
	return casebook_submit(call->book, &act, call->arena, &answer, err) &&
	       acts_check(call, &answer, err);
}

static bool has_seat(const struct casebook_seat *seats, size_t count, struct str office)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(seats[i].office, office))
			return true;
	}
	return false;
}

/*
 * A command that presumes the administrator's office makes nobody an administrator
 * on the way, but for somebody new in a drill in which nobody is one yet.
 */
static bool check_presumed(struct cli_call *call, const struct naming *by, struct str name,
                           struct str account, struct str presumed, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_seat *seats = NULL;
	const struct casebook_office *offices;
	size_t seat_count = 0, count;
	bool is_held = false;
	if (cli_has(call, by->office) || !str_eq(presumed, STR(WHO_ADMINISTRATOR)))
		return true;
	if (!casebook_reader_take(call->book, &reader, err) ||
	    (account.n &&
	     !casebook_seats(reader, call->arena, account, &seats, &seat_count, err)) ||
	    !casebook_offices(reader, call->arena, &offices, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		is_held = is_held || (str_eq(offices[i].id, presumed) && offices[i].holder_count);
	if (account.n ? has_seat(seats, seat_count, presumed) : !is_held)
		return true;
	return err_set(
		err, ERR_USAGE,
		"%.*s is no register-administrator, and this is done in that office. Name one by"
		" --%s, or say in which office it is done: --%s OFFICE",
		STR_ARG(str_sub(name, 0, 64)), by->as, by->office);
}

static bool act_in_drill(struct cli_call *call, const struct naming *by, struct str otherwise,
                         struct casebook_actor *out, struct err *err)
{
	struct str name = cli_text(call, by->as), account = STR_NONE, office, file;
	const struct casebook_seat *seats;
	size_t count;
	struct err found = { 0 };
	/* Looked at before anything is made: a mistyped office leaves no account behind. */
	if (cli_has(call, by->office) &&
	    !acts_office_file(call, cli_text(call, by->office), &file, err))
		return false;
	bool is_there = find_account(call, name, &account, &found);
	if (!is_there && found.code != ERR_ABSENT) {
		*err = found;
		return false;
	}
	if (!check_presumed(call, by, name, is_there ? account : STR_NONE, otherwise, err))
		return false;
	if (!is_there) {
		if (!cli_has(call, by->office) && !otherwise.n)
			return err_set(
				err, ERR_USAGE,
				"%.*s is new here. Say which office it acts in: --office OFFICE",
				STR_ARG(str_sub(name, 0, 64)));
		if (!make_account(call, name, &account, err))
			return false;
	}
	if (!choose_office(call, by, account, otherwise, &office, err) ||
	    !list_seats(call, account, &seats, &count, err))
		return false;
	if (!has_seat(seats, count, office) && !make_holding(call, account, office, err))
		return false;
	*out = (struct casebook_actor){ CASEBOOK_BY_OFFICE, account, office, true };
	return true;
}

/* --- a live register: proof ------------------------------------------------------------------- */

static bool sign_in(struct cli_call *call, const struct naming *by, struct str otherwise,
                    struct casebook_actor *out, struct err *err)
{
	struct str name = cli_text(call, by->as), password, digits, account, office;
	struct str question =
		arena_format(call->arena, "Password of %.*s: ", STR_ARG(str_sub(name, 0, 64)));
	if (!question.p)
		return err_set(err, ERR_UNABLE, "There is not enough memory");
	if (!cli_ask(call, CLI_HIDDEN, question.p, &password, err) ||
	    !cli_ask(call, CLI_SHOWN, "The six digits: ", &digits, err))
		return false;
	if (!casebook_sign_in(call->book, name, password, str_trim(digits), call->arena, &account,
	                      err) ||
	    !choose_office(call, by, account, otherwise, &office, err))
		return false;
	*out = (struct casebook_actor){ CASEBOOK_BY_OFFICE, account, office, true };
	return true;
}

static bool act_by_token(struct cli_call *call, const struct naming *by, struct str token,
                         struct casebook_actor *out, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	if (!casebook_reader_take(call->book, &reader, err) ||
	    !casebook_token_get(reader, call->arena, first_line(token), out, err))
		return false;
	if (cli_has(call, by->office) && !str_eq(cli_text(call, by->office), out->office))
		return err_set(err, ERR_USAGE, "The token is for the office %.*s alone",
		               STR_ARG(out->office));
	return true;
}

static bool find_actor(struct cli_call *call, const struct naming *by, struct str office,
                       struct casebook_actor *out, struct err *err)
{
	if (cli_has(call, by->token) && cli_has(call, by->as))
		return err_set(err, ERR_USAGE, "Give --%s or --%s, not both", by->as, by->token);
	if (cli_has(call, by->as)) {
		if (cli_text(call, by->as).n == 0)
			return err_set(err, ERR_USAGE, "--%s wants the name of an account", by->as);
		return casebook_is_drill(call->book) ? act_in_drill(call, by, office, out, err)
		                                     : sign_in(call, by, office, out, err);
	}
	struct str token = cli_text(call, by->token);
	if (!token.p && by->has_environment)
		token = call->token;
	if (token.n)
		return act_by_token(call, by, token, out, err);
	return err_set(err, ERR_USAGE, "Say who acts: --%s NAME, or a token by --%s FILE%s", by->as,
	               by->token, by->has_environment ? " or CANDOUR_TOKEN" : "");
}

bool who_acts(struct cli_call *call, struct str office, struct casebook_actor *out, struct err *err)
{
	return find_actor(call, &FIRST, office, out, err);
}

bool who_seconds(struct cli_call *call, const struct casebook_actor *first, struct str office,
                 struct casebook_actor *out, bool *given, struct err *err)
{
	*given = cli_has(call, SECOND.as) || cli_has(call, SECOND.token);
	if (!*given)
		return true;
	if (!find_actor(call, &SECOND, office, out, err))
		return false;
	return !str_eq(out->account, first->account) ||
	       err_set(err, ERR_USAGE,
	               "The second account is the first one; somebody else must agree");
}

struct casebook_viewer who_views(const struct cli_call *call, const struct casebook_actor *actor,
                                 struct str purpose)
{
	(void)call;
	return (struct casebook_viewer){ .actor = *actor,
		                         .session = STR("cli"),
		                         .purpose = purpose };
}

bool who_new_password(struct cli_call *call, const char *option, struct str *out, struct err *err)
{
	struct str again;
	if (cli_has(call, option)) {
		*out = first_line(cli_text(call, option));
		return true;
	}
	if (!cli_ask(call, CLI_HIDDEN, "New password (12 characters or more): ", out, err) ||
	    !cli_ask(call, CLI_HIDDEN, "The same again: ", &again, err))
		return false;
	return str_eq(*out, again) ||
	       err_set(err, ERR_INPUT, "The two passwords differ; nothing was changed");
}
