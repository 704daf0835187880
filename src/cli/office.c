/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour office: offices, and who holds them. */
#include "cli/acts.h"
#include "cli/commands.h"
#include "cli/who.h"

static const struct cli_option LIST_OPTIONS[] = {
	{ "json", CLI_FLAG, NULL, "as JSON, for programs" },
};

static const struct cli_option MAKE_OPTIONS[] = {
	{ "agency", CLI_TEXT, "AGENCY", "the agency it belongs to" },
	{ "id", CLI_TEXT, "OFFICE", "what it is called in commands; else ROLE-AREA" },
	{ "area", CLI_TEXT, "AREA", "the area it covers" },
	{ "title", CLI_TEXT, "TITLE", "its name for people; else the role's" },
	{ "line", CLI_TEXT, "OFFICE", "the office above it; else the role's" },
	CLI_WHO,
};

static const struct cli_option HOLDER_OPTIONS[] = {
	CLI_WHO,
	CLI_SECOND,
};

static const struct cli_option DEPUTISE_OPTIONS[] = {
	{ "from", CLI_TEXT, "TIME", "when it begins" },
	{ "until", CLI_TEXT, "TIME", "when it ends" },
	{ "account", CLI_TEXT, "NAME",
	  "this account alone, of those who hold the deputy's office" },
	CLI_WHO,
	CLI_SECOND,
};

static void put(struct cli_call *call, struct json *fields, struct str name, struct str value)
{
	if (value.n)
		json_put_text(call->arena, fields, name, value);
}

static bool submit(struct cli_call *call, const struct casebook_actor *actor, struct str kind,
                   struct str file, const struct json *fields, struct err *err)
{
	struct casebook_answer answer;
	if (!acts_submit(call, actor, kind, file, fields, &answer, err))
		return false;
	acts_print(call, &answer);
	return true;
}

static struct json *holders(struct cli_call *call, struct casebook_reader *reader,
                            const struct casebook_office *office)
{
	struct json *list = json_array(call->arena);
	for (size_t i = 0; i < office->holder_count; i++) {
		struct err ignored = { 0 };
		struct str name = office->holders[i];
		if (!casebook_account_name(reader, call->arena, office->holders[i], &name,
		                           &ignored))
			name = office->holders[i];
		json_push(list, json_string(call->arena, name));
	}
	return list;
}

static void print_office(struct cli_call *call, const struct casebook_office *office,
                         const struct json *held_by)
{
	struct str names = held_by->count ? STR("") : STR("nobody");
	for (const struct json *name = held_by->first; name; name = name->next)
		names = arena_format(call->arena, "%.*s%.*s%s", STR_ARG(names),
		                     STR_ARG(name->string), name->next ? ", " : "");
	cli_print(call, "%.*s  %.*s, %.*s: %.*s", STR_ARG(office->id), STR_ARG(office->title),
	          STR_ARG(office->agency), STR_ARG(names));
}

static bool list(struct cli_call *call, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_office *offices;
	struct json *model = json_array(call->arena);
	size_t count;
	if (!casebook_reader_take(call->book, &reader, err) ||
	    !casebook_offices(reader, call->arena, &offices, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct json *row = json_object(call->arena),
			    *held_by = holders(call, reader, &offices[i]);
		if (!cli_has(call, "json"))
			print_office(call, &offices[i], held_by);
		json_put_text(call->arena, row, STR("office"), offices[i].id);
		json_put_text(call->arena, row, STR("role"), offices[i].role_name);
		json_put_text(call->arena, row, STR("title"), offices[i].title);
		json_put_text(call->arena, row, STR("agency"), offices[i].agency);
		json_put_text(call->arena, row, STR("area"), offices[i].area);
		json_put(row, STR("holders"), held_by);
		json_push(model, row);
	}
	return !cli_has(call, "json") || cli_print_json(call, model, err);
}

const struct cli_command cli_office_list = {
	.name = "office list",
	.arguments = "DIR",
	.about = "List the offices and who holds them",
	.least = 1,
	.most = 1,
	.needs = CLI_READER,
	.options = LIST_OPTIONS,
	.option_count = COUNT_OF(LIST_OPTIONS),
	.run = list,
};

static bool make(struct cli_call *call, struct err *err)
{
	struct casebook_actor actor;
	struct json *fields = json_object(call->arena);
	struct str role = call->args[0], id = cli_text(call, "id"), area = cli_text(call, "area");
	if (!cli_text(call, "agency").n)
		return err_set(err, ERR_USAGE, "Say which agency it belongs to: --agency AGENCY");
	if (!id.n && !area.n)
		return err_set(
			err, ERR_USAGE,
			"Say what tells it from the role's first one: --area AREA or --id OFFICE");
	if (!who_acts(call, STR(WHO_ADMINISTRATOR), &actor, err))
		return false;
	if (!id.n)
		id = arena_format(call->arena, "%.*s-%.*s", STR_ARG(role), STR_ARG(area));
	put(call, fields, STR("office"), id);
	put(call, fields, STR("role"), role);
	put(call, fields, STR("agency"), cli_text(call, "agency"));
	put(call, fields, STR("area"), area);
	put(call, fields, STR("title"), cli_text(call, "title"));
	put(call, fields, STR("line"), cli_text(call, "line"));
	return submit(call, &actor, STR("office.made"), STR_NONE, fields, err);
}

const struct cli_command cli_office_make = {
	.name = "office make",
	.arguments = "DIR ROLE",
	.about = "Make another office of a role of the pack",
	.detail =
		"Of its area it owes nothing before somebody held it: until then the one for all areas does.",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = MAKE_OPTIONS,
	.option_count = COUNT_OF(MAKE_OPTIONS),
	.run = make,
};

/* "hold" and "leave": an office and an account. */
static bool change_holder(struct cli_call *call, struct str kind, struct err *err)
{
	struct acts_two two;
	struct json *fields = json_object(call->arena);
	struct str file, account;
	if (!acts_two_read(call, STR(WHO_ADMINISTRATOR), &two, err) ||
	    !acts_office_file(call, call->args[0], &file, err) ||
	    !who_account(call, call->args[1], &account, err))
		return false;
	put(call, fields, STR("office"), call->args[0]);
	put(call, fields, STR("account"), account);
	return acts_submit_two(call, &two, kind, file, fields, err);
}

static bool hold(struct cli_call *call, struct err *err)
{
	return change_holder(call, STR("office.held"), err);
}

static bool leave(struct cli_call *call, struct err *err)
{
	return change_holder(call, STR("office.left"), err);
}

const struct cli_command cli_office_hold = {
	.name = "office hold",
	.arguments = "DIR OFFICE NAME",
	.about = "Name an account to an office",
	.detail =
		"In a live register that is open, an administrator alone does not: with --second another\n"
		"agrees at the same terminal, else it waits for one.",
	.least = 3,
	.most = 3,
	.needs = CLI_WRITER,
	.options = HOLDER_OPTIONS,
	.option_count = COUNT_OF(HOLDER_OPTIONS),
	.run = hold,
};

const struct cli_command cli_office_leave = {
	.name = "office leave",
	.arguments = "DIR OFFICE NAME",
	.about = "An account leaves an office; what the office owes stays with it",
	.least = 3,
	.most = 3,
	.needs = CLI_WRITER,
	.options = HOLDER_OPTIONS,
	.option_count = COUNT_OF(HOLDER_OPTIONS),
	.run = leave,
};

static bool deputise(struct cli_call *call, struct err *err)
{
	struct acts_two two;
	struct json *fields = json_object(call->arena);
	struct str file, account = STR_NONE;
	instant from, until;
	if (!cli_has(call, "from") || !cli_has(call, "until"))
		return err_set(err, ERR_USAGE,
		               "Say from when until when: --from TIME --until TIME");
	if (!cli_instant(call, "from", &from, err) || !cli_instant(call, "until", &until, err))
		return false;
	if (until <= from)
		return err_set(err, ERR_INPUT, "--until must be later than --from");
	if (!acts_two_read(call, STR(WHO_ADMINISTRATOR), &two, err) ||
	    !acts_office_file(call, call->args[0], &file, err) ||
	    (cli_has(call, "account") &&
	     !who_account(call, cli_text(call, "account"), &account, err)))
		return false;
	put(call, fields, STR("office"), call->args[0]);
	put(call, fields, STR("deputy"), call->args[1]);
	put(call, fields, STR("account"), account);
	put(call, fields, STR("from"), cli_when(call, from));
	put(call, fields, STR("until"), cli_when(call, until));
	return acts_submit_two(call, &two, STR("office.deputised"), file, fields, err);
}

const struct cli_command cli_office_deputise = {
	.name = "office deputise",
	.arguments = "DIR OFFICE DEPUTY",
	.about = "Let another office stand in for one, for a time",
	.least = 3,
	.most = 3,
	.needs = CLI_WRITER,
	.options = DEPUTISE_OPTIONS,
	.option_count = COUNT_OF(DEPUTISE_OPTIONS),
	.run = deputise,
};
