/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour status: what a reporter sees by the code. Opens no seal. */
#include "cli/commands.h"
#include "cli/words.h"

#define DUTIES_MAX 500
#define ENTRIES_MAX 1000

static const struct cli_option OPTIONS[] = {
	{ "json", CLI_FLAG, NULL, "as JSON, for programs" },
};

struct seen {
	struct casebook_reader *reader;
	struct casebook_file file;
	struct casebook_duty_list duties;
	const struct casebook_entry *entries;
	size_t entry_count;
	instant received;
};

static bool look(struct cli_call *call, struct str code_text, struct seen *seen, struct err *err)
{
	struct casebook_code code;
	if (!casebook_code_read(code_text, &code, err) ||
	    !casebook_reader_take(call->book, &seen->reader, err))
		return false;
	if (!casebook_file_by_code(seen->reader, call->arena, &code, &seen->file, err) ||
	    !casebook_duties_of_file(seen->reader, call->arena, seen->file.n, DUTIES_MAX,
	                             &seen->duties, err) ||
	    !casebook_entries(seen->reader, call->arena, seen->file.n, -1, ENTRIES_MAX,
	                      &seen->entries, &seen->entry_count, err))
		return false;
	seen->received = seen->entry_count ? seen->entries[0].recorded : 0;
	return true;
}

/* Duties of the register's own making are no step that a reporter waits for. */
static bool is_shown(const struct casebook_duty *duty)
{
	return duty->is_open && !(duty->rules && duty->rules->is_built_in);
}

/* What the reporter waits for, in the pack's words for the public. */
static struct str owed_words(const struct casebook_duty *duty)
{
	bool has_words = duty->rules && duty->rules->public_text.n;
	return has_words ? duty->rules->public_text : STR("The next step is taken");
}

/* What the public knows an office by: "Duty team, Council". */
static bool public_office(struct cli_call *call, const struct seen *seen, struct str id,
                          struct str *out, struct err *err)
{
	const struct pack_office *role = casebook_office_role(seen->reader, id);
	if (!role)
		return words_office(call, seen->reader, id, out, err);
	struct str title = role->public_title.n ? role->public_title : role->title;
	*out = role->agency->is_outside ? title
	                                : arena_format(call->arena, "%.*s, %.*s", STR_ARG(title),
	                                               STR_ARG(role->agency->title));
	return true;
}

/* Where it stands: the newest that was done, as the public is told it. */
static struct str headline(const struct seen *seen)
{
	for (size_t i = seen->entry_count; i-- > 0;) {
		const struct casebook_entry *entry = &seen->entries[i];
		if (entry->by != CASEBOOK_BY_REGISTER && entry->rules &&
		    entry->rules->public_text.n)
			return entry->rules->public_text;
	}
	return STR("Your concern has arrived.");
}

static bool owed_json(struct cli_call *call, const struct seen *seen, struct json **out,
                      struct err *err)
{
	struct json *list = *out = json_array(call->arena);
	for (size_t i = 0; i < seen->duties.count; i++) {
		const struct casebook_duty *duty = &seen->duties.at[i];
		struct json *row = json_object(call->arena);
		struct str by;
		if (!is_shown(duty))
			continue;
		if (!public_office(call, seen, duty->office, &by, err))
			return false;
		json_put_text(call->arena, row, STR("rule"), duty->rule);
		json_put_text(call->arena, row, STR("what"), owed_words(duty));
		json_put_text(call->arena, row, STR("by"), by);
		json_put_text(call->arena, row, STR("due"), cli_when(call, duty->due));
		json_put_bool(call->arena, row, STR("late"), duty->is_late);
		json_put_integer(call->arena, row, STR("rung"), duty->rung);
		json_push(list, row);
	}
	return true;
}

/* What happened, in the pack's words for the public; kinds without them are not told. */
static struct str public_words(const struct casebook_entry *entry)
{
	return entry->rules ? entry->rules->public_text : STR_NONE;
}

static bool print_json(struct cli_call *call, const struct seen *seen, struct err *err)
{
	struct json *model = json_object(call->arena), *done = json_array(call->arena), *owed;
	if (!owed_json(call, seen, &owed, err))
		return false;
	for (size_t i = 0; i < seen->entry_count; i++) {
		struct str what = public_words(&seen->entries[i]);
		struct json *row = json_object(call->arena);
		if (!what.n)
			continue;
		json_put_text(call->arena, row, STR("what"), what);
		json_put_text(call->arena, row, STR("when"),
		              cli_when(call, seen->entries[i].recorded));
		json_push(done, row);
	}
	json_put_text(call->arena, model, STR("received"), cli_when(call, seen->received));
	json_put_text(call->arena, model, STR("state"), seen->file.state_name);
	json_put(model, STR("owed"), owed);
	json_put(model, STR("done"), done);
	return cli_print_json(call, model, err);
}

/* The offices that silence told, one a line, each with its time: said as what was owed is said, so
 * that midnight is the end of the day before. */
static bool print_told(struct cli_call *call, const struct seen *seen,
                       const struct casebook_duty *duty, struct err *err)
{
	const struct casebook_told *told;
	size_t count;
	if (!casebook_duty_told(seen->reader, call->arena, duty->id, &told, &count, err))
		return false;
	const struct zone *zone = casebook_pack(call->book)->zone;
	instant now = casebook_now(call->book);
	if (count)
		cli_print(call, "    because it is late, these were told:");
	for (size_t i = 0; i < count; i++) {
		struct str office;
		if (!public_office(call, seen, told[i].office, &office, err))
			return false;
		cli_print(call, "      %.*s%s, %.*s", STR_ARG(office),
		          told[i].is_vacant ? " (nobody holds this office now)" : "",
		          STR_ARG(wording_due(call->arena, zone, told[i].at, now)));
	}
	return true;
}

static bool print_owed(struct cli_call *call, const struct seen *seen, struct err *err)
{
	size_t shown = 0;
	for (size_t i = 0; i < seen->duties.count; i++) {
		const struct casebook_duty *duty = &seen->duties.at[i];
		struct str by;
		if (!is_shown(duty))
			continue;
		if (!public_office(call, seen, duty->office, &by, err))
			return false;
		if (shown++ == 0)
			cli_print(call, "\nOwed");
		cli_print(call, "  %.*s", STR_ARG(owed_words(duty)));
		cli_print(call, "    by %.*s, %.*s", STR_ARG(by), STR_ARG(words_due(call, duty)));
		if (!print_told(call, seen, duty, err))
			return false;
	}
	if (!shown)
		cli_print(call, "\nOwed: nothing");
	return true;
}

static void print_one(struct cli_call *call, const struct casebook_entry *entry, struct str what,
                      size_t times)
{
	struct str at = words_when_of(call, entry, entry->recorded);
	if (times == 1)
		cli_print(call, "  %.*s", STR_ARG(at));
	else
		cli_print(call, "  %.*s (the last of %zu times)", STR_ARG(at), times);
	cli_print(call, "    %.*s", STR_ARG(what));
}

/* The same thing several times over is told once, at its newest time, with its number. */
static void print_done(struct cli_call *call, const struct seen *seen)
{
	struct str last = STR_NONE;
	const struct casebook_entry *newest = NULL;
	size_t times = 0;
	cli_print(call, "\nDone");
	for (size_t i = 0; i <= seen->entry_count; i++) {
		struct str what =
			i < seen->entry_count ? public_words(&seen->entries[i]) : STR_NONE;
		if (i < seen->entry_count && !what.n)
			continue;
		if (times && !str_eq(what, last)) {
			print_one(call, newest, last, times);
			times = 0;
		}
		last = what;
		times++;
		if (i < seen->entry_count)
			newest = &seen->entries[i];
	}
}

static bool print_text(struct cli_call *call, const struct seen *seen, struct err *err)
{
	cli_print(call, "Received %.*s", STR_ARG(words_when(call, seen->received)));
	cli_print(call, "Now: %.*s", STR_ARG(headline(seen)));
	if (!print_owed(call, seen, err))
		return false;
	print_done(call, seen);
	return true;
}

static bool run(struct cli_call *call, struct err *err)
{
	struct seen seen = { 0 };
	struct str pieces[CLI_ARGUMENTS_MAX * 2];
	size_t count = 0;
	/* The code's words may stand apart, as people write them. */
	for (size_t i = 0; i < call->arg_count; i++) {
		if (count)
			pieces[count++] = STR(" ");
		pieces[count++] = call->args[i];
	}
	bool good = look(call, arena_join(call->arena, pieces, count), &seen, err);
	if (good && cli_has(call, "json"))
		good = print_json(call, &seen, err);
	else if (good)
		good = print_text(call, &seen, err);
	casebook_reader_give(&seen.reader);
	return good;
}

const struct cli_command cli_status = {
	.name = "status",
	.arguments = "DIR CODE",
	.about = "Tell by its code what became of a report",
	.detail =
		"Who owes the next step, by when, late or not, whom silence told, and what was done. The\n"
		"code is four words and four digits, in any case, with blanks or hyphens.",
	.least = 2,
	.most = 7,
	.needs = CLI_READER,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};
