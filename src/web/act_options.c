/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What can be chosen in a field: codes of a list, offices, entries and duties of the file. */
#include "web/act_options.h"

#define ACCOUNTS_SHOWN 500
#define OPTIONS_LONG 12 /* more have a box to look through them, where scripts run */

static bool is_chosen(const struct json *value, struct str option)
{
	const struct json *item = value && value->type == JSON_ARRAY ? value->first : value;
	for (; item; item = value->type == JSON_ARRAY ? item->next : NULL) {
		uint64_t n;
		if (item->type == JSON_STRING && str_eq(item->string, option))
			return true;
		if (item->type == JSON_INTEGER && str_to_u64(option, INT64_MAX, &n) &&
		    item->integer == (int64_t)n)
			return true;
		if ((item->type == JSON_TRUE && str_eq(option, STR("yes"))) ||
		    (item->type == JSON_FALSE && str_eq(option, STR("no"))))
			return true;
	}
	return false;
}

static void add_with_hint(struct act_options *options, struct str value, struct str text,
                          struct str hint)
{
	struct arena *arena = options->form->request->arena;
	struct json *row = json_object(arena);
	size_t n = options->list ? options->list->count : 0;
	json_put_text(arena, row, STR("value"), value);
	json_put_text(arena, row, STR("text"), text);
	json_put_text(arena, row, STR("code_hint"), hint.p ? hint : STR(""));
	json_put_text(arena, row, STR("id"),
	              n == 0 ? options->name
	                     : arena_format(arena, "%.*s-%zu", STR_ARG(options->name), n));
	json_put_text(arena, row, STR("above"), options->group);
	json_put_bool(arena, row, STR("is_on"), is_chosen(options->value, value));
	json_push(options->list, row);
	options->group = STR("");
}

void act_option_add(struct act_options *options, struct str value, struct str text)
{
	add_with_hint(options, value, text, STR_NONE);
}

/* The answers of a second reader, and of the writer: each says what it means. */
static void add_answers(struct act_options *options)
{
	static const char *const WORDS[][2] = {
		{ "yes", "I agree" },
		{ "no", "I do not agree" },
		{ "more", "I need to know more" },
		{ "withdrawn", "I withdraw it" },
	};
	const struct act_form *form = options->form;
	const struct casebook_entry *waiting = form->waiting;
	bool is_writer = waiting && str_eq(json_text(waiting->plain, STR("writer")),
	                                   practice_viewer(form->request)->actor.account);
	for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
		bool is_withdrawal = i + 1 == COUNT_OF(WORDS);
		if (!waiting || is_withdrawal == is_writer)
			act_option_add(options, str_from_c(WORDS[i][0]), str_from_c(WORDS[i][1]));
	}
}

static bool answers_a_waiting_act(const struct act_form *form)
{
	return str_eq(form->kind->name, STR("second.given"));
}

static void add_codes(struct act_options *options, const struct pack_list *list)
{
	struct web_request *request = options->form->request;
	struct day today = zone_day(page_zone(request), request->now), retired;
	for (size_t i = 0; list && i < list->count; i++) {
		const struct pack_code *code = &list->codes[i];
		bool is_gone = code->retired.p && day_read(code->retired, &retired) &&
		               day_compare(today, retired) >= 0;
		if (!is_gone)
			add_with_hint(options, code->code, code->title.n ? code->title : code->code,
			              code->hint);
	}
}

/* A duty that is passed goes to whoever can owe it. */
static bool fits_office(const struct act_options *options, const struct pack_field *field,
                        const struct casebook_office *office)
{
	const struct pack_kind *kind = options->form->kind;
	bool passes = kind->is_built_in && pack_field_find(kind, STR("duty")) != NULL &&
	              str_eq(field->name, STR("to"));
	return !passes || !office_is_outside(office);
}

/* By agency, each under its title, in the order of the rules. */
static void add_offices_of(struct act_options *options, const struct pack_field *field,
                           const struct casebook_office *offices, size_t count,
                           const struct pack_agency *agency)
{
	const struct pack *pack = casebook_pack(site_book(options->form->request));
	options->group = agency ? agency->title : STR("");
	for (size_t i = 0; i < count; i++) {
		bool is_of = agency ? str_eq(offices[i].agency, agency->name)
		                    : !pack_agency_find(pack, offices[i].agency);
		if (is_of && fits_office(options, field, &offices[i]))
			act_option_add(options, offices[i].id, offices[i].title);
	}
}

static bool add_offices(struct act_options *options, const struct pack_field *field,
                        struct err *err)
{
	const struct pack *pack = casebook_pack(site_book(options->form->request));
	const struct casebook_office *offices;
	size_t count;
	if (!casebook_offices(options->form->reader, options->form->request->arena, &offices,
	                      &count, err))
		return false;
	for (size_t i = 0; i < pack->agency_count; i++)
		add_offices_of(options, field, offices, count, &pack->agencies[i]);
	add_offices_of(options, field, offices, count, NULL);
	return true;
}

static bool add_accounts(struct act_options *options, struct err *err)
{
	const struct casebook_account_row *accounts;
	size_t count;
	if (!casebook_accounts(options->form->reader, options->form->request->arena, &accounts,
	                       &count, err))
		return false;
	for (size_t i = 0; i < count && i < ACCOUNTS_SHOWN; i++)
		if (!accounts[i].is_ended)
			act_option_add(options, accounts[i].id, accounts[i].name);
	return true;
}

/* Fields of the entry that is corrected, when it is known which. */
static bool add_fields(struct act_options *options, struct err *err)
{
	struct act_form *form = options->form;
	struct arena *arena = form->request->arena;
	const struct json *of = json_member(form->fields, STR("of"));
	struct casebook_entry entry;
	uint64_t index = of && of->type == JSON_INTEGER ? (uint64_t)of->integer : 0;
	if (of && of->type == JSON_STRING && !str_to_u64(of->string, INT64_MAX, &index))
		return true;
	if (!of)
		return true;
	if (!casebook_entry_get(form->reader, arena, (int64_t)index, &entry, err))
		return err->code == ERR_ABSENT;
	for (size_t i = 0; entry.rules && i < entry.rules->field_count; i++)
		if (entry.rules->fields[i].type != PACK_WORDS)
			act_option_add(options, entry.rules->fields[i].name,
			               entry.rules->fields[i].label);
	return true;
}

/* Lines of the register's own kinds that have a known set of answers. */
static bool add_own(struct act_options *options, const struct pack_field *field, struct err *err)
{
	struct act_form *form = options->form;
	const struct pack *pack = casebook_pack(site_book(form->request));
	if (!form->kind->is_built_in)
		return true;
	if (str_eq(field->name, STR("account")) || str_eq(field->name, STR("second")))
		return add_accounts(options, err);
	if (str_eq(field->name, STR("field")))
		return add_fields(options, err);
	if (str_eq(field->name, STR("role")))
		for (size_t i = 0; i < pack->office_count; i++)
			act_option_add(options, pack->offices[i].name, pack->offices[i].title);
	if (str_eq(field->name, STR("agency")))
		for (size_t i = 0; i < pack->agency_count; i++)
			act_option_add(options, pack->agencies[i].name, pack->agencies[i].title);
	return true;
}

static bool add_by_type(struct act_options *options, const struct pack_field *field,
                        struct err *err)
{
	if (field->type == PACK_CODE || field->type == PACK_CODES) {
		if (answers_a_waiting_act(options->form) && str_eq(field->name, STR("answer")))
			add_answers(options);
		else
			add_codes(options, field->list);
	}
	if (field->type == PACK_YES) {
		act_option_add(options, STR("yes"), STR("Yes"));
		act_option_add(options, STR("no"), STR("No"));
	}
	if (field->type == PACK_OFFICE)
		return add_offices(options, field, err);
	if (field->type == PACK_DUTY)
		return act_pick_duties(options, field, err);
	if (field->type == PACK_FILE)
		return act_pick_files(options, field, err);
	if (field->type == PACK_ENTRY)
		return act_pick_entries(options, field, err);
	if (field->type == PACK_VERSION)
		return add_own(options, field, err);
	return true;
}

/* A list inside a list for each group, as a select has it. */
static struct json *in_groups(struct arena *arena, const struct json *options)
{
	struct json *groups = json_array(arena), *group = NULL, *rows = NULL;
	for (const struct json *row = options ? options->first : NULL; row; row = row->next) {
		struct str heading = json_text(row, STR("above"));
		if (!group || heading.n) {
			group = json_object(arena);
			rows = json_array(arena);
			json_put_text(arena, group, STR("heading"), heading);
			json_put(group, STR("rows"), rows);
			json_push(groups, group);
		}
		json_push(rows, draft_copy(arena, row));
	}
	return groups;
}

bool act_options_put(struct act_form *form, const struct pack_field *field,
                     const struct json *value, struct str name, struct json *object,
                     struct err *err)
{
	struct arena *arena = form->request->arena;
	struct act_options options = { .form = form,
		                       .value = value,
		                       .name = name,
		                       .group = STR(""),
		                       .list = json_array(arena) };
	bool is_reference = field->type == PACK_FILE ||
	                    (!form->kind->is_built_in &&
	                     (field->type == PACK_ENTRY || field->type == PACK_DUTY));
	if (!add_by_type(&options, field, err))
		return false;
	json_put_bool(arena, object, STR("has_options"), options.list && options.list->count > 0);
	json_put(object, STR("options"), options.list);
	json_put(object, STR("option_groups"), in_groups(arena, options.list));
	json_put_bool(arena, object, STR("is_long"),
	              options.list && options.list->count > OPTIONS_LONG);
	json_put_bool(arena, object, STR("has_typed"), is_reference);
	json_put_text(arena, object, STR("typed"),
	              is_reference ? act_pick_typed(&options) : STR(""));
	return true;
}
