/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour duties: what is owed in the register, by due time. Opens no seal. */
#include "cli/commands.h"
#include "cli/words.h"

#define AT_ONCE 500
#define ON_A_FILE 1000 /* duties of one file that are looked through */

static const struct cli_option OPTIONS[] = {
	{ "overdue", CLI_FLAG, NULL, "only what is late" },
	{ "office", CLI_TEXT, "OFFICE", "only what this office owes" },
	{ "rule", CLI_TEXT, "RULE", "only duties under this rule, such as T01" },
	{ "file", CLI_TEXT, "FILE", "only what is owed on this file, by number or id" },
	{ "json", CLI_FLAG, NULL, "as JSON, for programs" },
};

/* What the list has come to. */
struct listing {
	struct casebook_reader *reader;
	struct json *list; /* with --json */
	size_t shown;
	size_t late;
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
	if (duty->is_provisional)
		json_put_bool(call->arena, row, STR("provisional"), true);
	json_put_integer(call->arena, row, STR("rung"), duty->rung);
	json_push(list, row);
}

static void print_row(struct cli_call *call, const struct casebook_duty *duty)
{
	cli_print(call, "%-6.*s  %-4.*s  %-4s  %.*s: %.*s, %.*s", STR_ARG(duty->file_number),
	          STR_ARG(duty->rule), duty->is_late ? "late" : "", STR_ARG(duty->office_title),
	          STR_ARG(duty->title), STR_ARG(words_due(call, duty)));
}

static bool is_owed_by(const struct casebook_duty *duty, struct str office)
{
	for (size_t i = 0; i < duty->also_count; i++)
		if (str_eq(duty->also[i], office))
			return true;
	return str_eq(duty->office, office);
}

static void take_row(struct cli_call *call, struct listing *listing,
                     const struct casebook_duty *duty)
{
	if (!duty->is_open || (cli_has(call, "overdue") && !duty->is_late) ||
	    (cli_has(call, "rule") && !str_eq(duty->rule, cli_text(call, "rule"))) ||
	    (cli_has(call, "office") && !is_owed_by(duty, cli_text(call, "office"))))
		return;
	listing->shown++;
	listing->late += duty->is_late;
	if (listing->list)
		put_json(call, listing->list, duty);
	else
		print_row(call, duty);
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

/* R01 and R02 are the register's own, and no pack's. */
static bool check_rule(struct cli_call *call, struct err *err)
{
	const struct pack *pack = casebook_pack(call->book);
	struct str rule = cli_has(call, "rule") ? cli_text(call, "rule") : STR_NONE;
	if (!rule.p || pack_duty_find(pack, rule) || str_eq(rule, pack->read_duty->name) ||
	    str_eq(rule, pack->second_duty->name))
		return true;
	return err_set(err, ERR_ABSENT,
	               "There is no rule %.*s in the pack of this register. See: candour pack table"
	               " %.*s",
	               STR_ARG(str_sub(rule, 0, 40)), STR_ARG(pack->name));
}

static bool list_file(struct cli_call *call, struct listing *listing, struct err *err)
{
	struct casebook_file file;
	struct casebook_duty_list duties;
	struct err found = { 0 };
	struct str name = cli_text(call, "file");
	if (!casebook_file_find(listing->reader, call->arena, name, &file, &found)) {
		if (found.code == ERR_ABSENT)
			return err_set(err, ERR_ABSENT,
			               "There is no file %.*s. Give its number, like C-12",
			               STR_ARG(str_sub(name, 0, 40)));
		*err = found;
		return false;
	}
	if (!casebook_duties_of_file(listing->reader, call->arena, file.n, ON_A_FILE, &duties, err))
		return false;
	for (size_t i = 0; i < duties.count; i++)
		take_row(call, listing, &duties.at[i]);
	return true;
}

static bool list_all(struct cli_call *call, struct listing *listing, struct err *err)
{
	struct casebook_duty_list some = { .more = true };
	instant after_due = INSTANT_MIN;
	int64_t after_id = -1;
	while (some.more) {
		if (!read_some(call, listing->reader, after_due, after_id, &some, err))
			return false;
		for (size_t i = 0; i < some.count; i++) {
			after_due = some.at[i].due;
			after_id = some.at[i].id;
			take_row(call, listing, &some.at[i]);
		}
	}
	return true;
}

static void say_sum(struct cli_call *call, const struct listing *listing)
{
	bool is_part = cli_has(call, "office") || cli_has(call, "rule") || cli_has(call, "file");
	if (!listing->shown)
		cli_say(call, "Nothing %s%s.", cli_has(call, "overdue") ? "is late" : "is owed",
		        is_part ? " of what you asked for" : "");
	else
		cli_say(call, "%zu owed, %zu late.", listing->shown, listing->late);
}

static bool run(struct cli_call *call, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct listing listing = { 0 };
	if (!casebook_reader_take(call->book, &reader, err) || !check_office(call, reader, err) ||
	    !check_rule(call, err))
		return false;
	listing.reader = reader;
	if (cli_has(call, "json"))
		listing.list = json_array(call->arena);
	if (cli_has(call, "file") ? !list_file(call, &listing, err)
	                          : !list_all(call, &listing, err))
		return false;
	if (cli_has(call, "json"))
		return cli_print_json(call, listing.list, err);
	say_sum(call, &listing);
	return true;
}

const struct cli_command cli_duties = {
	.name = "duties",
	.arguments = "DIR",
	.about = "List what offices owe, by due time",
	.detail =
		"Each line: the file, the rule, whether it is late, who owes what, and by when. Opens no\n"
		"seal and needs no account; options narrow the list together.\n"
		"JSON: [{\"rule\", \"file\", \"what\", \"office\", \"opened\", \"due\", \"late\", \"rung\"}].",
	.least = 1,
	.most = 1,
	.needs = CLI_READER,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};
