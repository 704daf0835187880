/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour duties: what is owed in the register, by due time. Opens no seal. */
#include "cli/commands.h"

#define AT_ONCE 500

static const struct cli_option OPTIONS[] = {
	{ "overdue", CLI_FLAG, NULL, "only what is late" },
	{ "office", CLI_TEXT, "OFFICE", "only what this office owes" },
	{ "json", CLI_FLAG, NULL, "as JSON, for programs" },
};

static bool read_some(struct cli_call *call, struct casebook_reader *reader, instant after_due,
                      int64_t after_id, struct casebook_duty_list *out, struct err *err)
{
	if (cli_has(call, "office"))
		return casebook_duties_of_office(reader, call->arena, cli_text(call, "office"),
		                                 after_due, after_id, AT_ONCE, out, err);
	return casebook_duties_open(reader, call->arena, cli_has(call, "overdue"), after_due,
	                            after_id, AT_ONCE, out, err);
}

static void put_json(struct cli_call *call, struct json *list, const struct casebook_duty *duty)
{
	struct json *row = json_object(call->arena);
	json_put_text(call->arena, row, STR("rule"), duty->rule);
	json_put_text(call->arena, row, STR("file"), duty->file_id);
	json_put_text(call->arena, row, STR("what"), duty->title);
	json_put_text(call->arena, row, STR("office"), duty->office);
	json_put_text(call->arena, row, STR("opened"), cli_when(call, duty->opened_at));
	json_put_text(call->arena, row, STR("due"), cli_when(call, duty->due));
	json_put_bool(call->arena, row, STR("late"), duty->is_late);
	json_put_integer(call->arena, row, STR("rung"), duty->rung);
	json_push(list, row);
}

static void print_row(struct cli_call *call, const struct casebook_duty *duty)
{
	const struct zone *zone = casebook_pack(call->book)->zone;
	struct str due = wording_due(call->arena, zone, duty->due, casebook_now(call->book));
	cli_print(call, "%.*s  %.*s  %.*s: %.*s, %s %.*s%s", STR_ARG(duty->rule),
	          STR_ARG(duty->file_number), STR_ARG(duty->office_title), STR_ARG(duty->title),
	          duty->is_late ? "was due" : "due", STR_ARG(due), duty->is_late ? " (late)" : "");
}

static bool check_office(struct cli_call *call, struct casebook_reader *reader, struct err *err)
{
	struct str title;
	struct err found = { 0 };
	if (!cli_has(call, "office") ||
	    casebook_office_title(reader, call->arena, cli_text(call, "office"), &title, &found))
		return true;
	if (found.code == ERR_ABSENT)
		return err_set(err, ERR_ABSENT,
		               "There is no office called %.*s. See: candour office list DIR",
		               STR_ARG(str_sub(cli_text(call, "office"), 0, 64)));
	*err = found;
	return false;
}

static bool run(struct cli_call *call, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct json *list = json_array(call->arena);
	struct casebook_duty_list some = { .more = true };
	instant after_due = INSTANT_MIN;
	int64_t after_id = -1;
	size_t shown = 0;
	if (!casebook_reader_take(call->book, &reader, err) || !check_office(call, reader, err))
		return false;
	while (some.more) {
		if (!read_some(call, reader, after_due, after_id, &some, err))
			return false;
		for (size_t i = 0; i < some.count; i++) {
			const struct casebook_duty *duty = &some.at[i];
			after_due = duty->due;
			after_id = duty->id;
			if (cli_has(call, "overdue") && !duty->is_late)
				continue;
			shown++;
			if (cli_has(call, "json"))
				put_json(call, list, duty);
			else
				print_row(call, duty);
		}
	}
	if (cli_has(call, "json"))
		return cli_print_json(call, list, err);
	if (!shown)
		cli_say(call, cli_has(call, "overdue") ? "Nothing is late." : "Nothing is owed.");
	return true;
}

const struct cli_command cli_duties = {
	.name = "duties",
	.arguments = "DIR",
	.about = "List what offices owe, by due time",
	.detail =
		"JSON: [{\"rule\", \"file\", \"what\", \"office\", \"opened\", \"due\", \"late\", \"rung\"}].",
	.least = 1,
	.most = 1,
	.needs = CLI_READER,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};
