/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour show: one file, read by an account; each opening leaves a trace. */
#include "cli/commands.h"
#include "cli/showing.h"
#include "cli/who.h"

#define AT_ONCE 500
#define DUTIES_MAX 500

static const struct cli_option OPTIONS[] = {
	CLI_WHO,
	{ "who", CLI_FLAG, NULL,
	  "also who told us and how to reach them, as a reading of that purpose" },
	{ "json", CLI_FLAG, NULL, "as JSON, for programs" },
};

static struct json *copy_fields(struct cli_call *call, const struct json *from)
{
	struct json *to = json_object(call->arena);
	for (const struct json *value = from ? from->first : NULL; value; value = value->next) {
		struct json *copy = arena_alloc(call->arena, 1, sizeof *copy);
		if (!copy)
			break;
		*copy = *value;
		copy->next = NULL;
		json_put(to, value->key, copy);
	}
	return to;
}

/* Who told is not shown with the words: it is asked for by itself. */
static void hold_teller_back(struct cli_call *call, struct shown_entry *shown)
{
	struct json *rest = json_object(call->arena);
	for (const struct json *value = shown->sealed->first; value; value = value->next) {
		struct json *copy = arena_alloc(call->arena, 1, sizeof *copy);
		if (casebook_names_teller(&shown->entry, value->key)) {
			shown->has_teller = true;
			continue;
		}
		if (!copy)
			break;
		*copy = *value;
		copy->next = NULL;
		json_put(rest, value->key, copy);
	}
	shown->sealed = rest;
}

static struct json *entry_json(struct cli_call *call, const struct shown_entry *shown)
{
	const struct casebook_entry *entry = &shown->entry;
	struct json *row = json_object(call->arena);
	json_put_integer(call->arena, row, STR("entry"), entry->index);
	json_put_text(call->arena, row, STR("kind"), entry->kind);
	json_put_text(call->arena, row, STR("title"),
	              entry->rules ? entry->rules->title : entry->kind);
	json_put_text(call->arena, row, STR("happened"), cli_when(call, entry->happened));
	json_put_text(call->arena, row, STR("recorded"), cli_when(call, entry->recorded));
	json_put_text(call->arena, row, STR("by"), shown->by);
	if (entry->office.n)
		json_put_text(call->arena, row, STR("office"), entry->office);
	json_put(row, STR("plain"), copy_fields(call, entry->plain));
	json_put_text(call->arena, row, STR("seal"), str_from_c(casebook_seal_name(shown->how)));
	if (shown->how == CASEBOOK_SEAL_OPEN)
		json_put(row, STR("sealed"), copy_fields(call, shown->sealed));
	if (shown->has_teller)
		json_put_bool(call->arena, row, STR("who_held_back"), true);
	return row;
}

/* The account's sign-in name; its id where the name cannot be told. */
static struct str maker_of(struct cli_call *call, const struct showing *showing,
                           const struct casebook_entry *entry)
{
	struct str who = STR("the public");
	struct err ignored = { 0 };
	if (entry->by == CASEBOOK_BY_REGISTER)
		who = STR("the register");
	if (entry->by == CASEBOOK_BY_OFFICE &&
	    !casebook_account_name(showing->reader, call->arena, entry->account, &who, &ignored))
		who = entry->account;
	return who;
}

static bool hide_items(struct cli_call *call, const struct showing *showing,
                       const struct casebook_entry *entry, struct json *list, struct err *err)
{
	struct json *shown = json_array(call->arena);
	for (const struct json *item = list->first; item; item = item->next) {
		bool is_hidden = false;
		if (item->type == JSON_STRING &&
		    !casebook_hides_file(showing->reader, &showing->viewer, entry, item->string,
		                         &is_hidden, err))
			return false;
		json_push(shown, json_string(call->arena,
		                             is_hidden ? STR(CASEBOOK_HIDDEN_FILE) : item->string));
	}
	list->first = shown->first;
	return true;
}

/* Which other file it names is not for whoever may not know of that one: a copy says so. */
static bool hide_files(struct cli_call *call, const struct showing *showing,
                       const struct casebook_entry *entry, const struct json **fields,
                       struct err *err)
{
	struct json *copy = copy_fields(call, *fields);
	for (struct json *value = copy->first; value; value = value->next) {
		const struct pack_field *field =
			entry->rules ? pack_field_find(entry->rules, value->key) : NULL;
		bool is_hidden = false;
		if (!field || field->type != PACK_FILE)
			continue;
		if (value->type == JSON_STRING &&
		    !casebook_hides_file(showing->reader, &showing->viewer, entry, value->string,
		                         &is_hidden, err))
			return false;
		if (is_hidden)
			value->string = STR(CASEBOOK_HIDDEN_FILE);
		if (value->type == JSON_ARRAY && !hide_items(call, showing, entry, value, err))
			return false;
	}
	*fields = copy;
	return true;
}

static bool read_entry(struct cli_call *call, struct showing *showing,
                       const struct casebook_entry *entry, struct err *err)
{
	struct shown_entry *shown = arena_alloc(call->arena, 1, sizeof *shown);
	if (!shown)
		return err_set(err, ERR_UNABLE, "The file is too large to be shown at once");
	*shown = (struct shown_entry){ .entry = *entry, .by = maker_of(call, showing, entry) };
	*showing->last = shown;
	showing->last = &shown->next;
	if (entry->plain && !hide_files(call, showing, entry, &shown->entry.plain, err))
		return false;
	if (!casebook_open_seal(showing->reader, &showing->viewer, entry->index, call->arena,
	                        &shown->how, &shown->sealed, err))
		return false;
	if (shown->how == CASEBOOK_SEAL_OPEN && shown->sealed && !cli_has(call, "who"))
		hold_teller_back(call, shown);
	return true;
}

static bool read_entries(struct cli_call *call, struct showing *showing, struct err *err)
{
	const struct casebook_entry *some;
	int64_t after = -1;
	size_t count;
	showing->last = &showing->first;
	do {
		if (!casebook_entries(showing->reader, call->arena, showing->file.n, after, AT_ONCE,
		                      &some, &count, err))
			return false;
		for (size_t i = 0; i < count; i++) {
			if (!read_entry(call, showing, &some[i], err))
				return false;
			after = some[i].index;
		}
	} while (count == AT_ONCE);
	return true;
}

static struct json *duties_json(struct cli_call *call, const struct casebook_duty_list *duties)
{
	struct json *list = json_array(call->arena);
	for (size_t i = 0; i < duties->count; i++) {
		const struct casebook_duty *duty = &duties->at[i];
		struct json *row = json_object(call->arena);
		json_put_text(call->arena, row, STR("id"), duty->name);
		json_put_text(call->arena, row, STR("rule"), duty->rule);
		json_put_text(call->arena, row, STR("what"), duty->title);
		json_put_text(call->arena, row, STR("office"), duty->office);
		json_put_text(call->arena, row, STR("due"), cli_when(call, duty->due));
		json_put_bool(call->arena, row, STR("open"), duty->is_open);
		json_put_bool(call->arena, row, STR("late"), duty->is_late);
		if (duty->is_provisional)
			json_put_bool(call->arena, row, STR("provisional"), true);
		if (duty->was_done_in_time)
			json_put_text(call->arena, row, STR("done"), cli_when(call, duty->done_at));
		json_put_integer(call->arena, row, STR("rung"), duty->rung);
		json_push(list, row);
	}
	return list;
}

static bool print_json(struct cli_call *call, const struct showing *showing, struct err *err)
{
	struct json *model = json_object(call->arena), *entries = json_array(call->arena);
	for (const struct shown_entry *shown = showing->first; shown; shown = shown->next)
		json_push(entries, entry_json(call, shown));
	json_put_text(call->arena, model, STR("file"), showing->file.id);
	json_put_text(call->arena, model, STR("number"), showing->file.number);
	json_put_text(call->arena, model, STR("state"), showing->file.state_name);
	json_put(model, STR("duties"), duties_json(call, &showing->duties));
	json_put(model, STR("entries"), entries);
	return cli_print_json(call, model, err);
}

static bool show(struct cli_call *call, struct showing *showing, struct err *err)
{
	struct casebook_access access;
	if (!casebook_file_find(showing->reader, call->arena, call->args[0], &showing->file, err) ||
	    !casebook_may(showing->reader, &showing->viewer, showing->file.n, &access, err))
		return false;
	if (!access.may_open && !access.opens_restricted)
		casebook_note_refused(showing->reader, &showing->viewer, showing->file.n);
	if (!access.may_know)
		return err_set(err, ERR_ABSENT, "There is no file %.*s, or not for this office",
		               STR_ARG(str_sub(call->args[0], 0, 40)));
	if (!read_entries(call, showing, err) ||
	    !casebook_duties_of_file(showing->reader, call->arena, showing->file.n, DUTIES_MAX,
	                             &showing->duties, err))
		return false;
	return cli_has(call, "json") ? print_json(call, showing, err)
	                             : showing_print(call, showing, err);
}

static bool run(struct cli_call *call, struct err *err)
{
	struct casebook_actor actor;
	struct showing showing = { 0 };
	if (!who_acts(call, STR_NONE, &actor, err) ||
	    !casebook_reader_take(call->book, &showing.reader, err))
		return false;
	showing.viewer =
		who_views(call, &actor, cli_has(call, "who") ? STR("who told us") : STR("work"));
	bool good = show(call, &showing, err);
	casebook_reader_give(&showing.reader);
	return good;
}

const struct cli_command cli_show = {
	.name = "show",
	.arguments = "DIR FILE",
	.about = "Show a file: what is owed, and every entry, as an office may read it",
	.detail =
		"FILE is a number such as C-12, or an id. What is opened is recorded as a reading.",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};
