/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Fields of an entry in people's words: codes by their titles, times as they are said. */
#include "web/practice.h"

static bool office_text(struct web_request *request, struct casebook_reader *reader, struct str id,
                        struct str *out, struct err *err)
{
	*out = id;
	return casebook_office_title(reader, request->arena, id, out, err) ||
	       err->code == ERR_ABSENT;
}

/* Of whoever may not know of it, it is not named. */
static bool file_text(struct web_request *request, struct casebook_reader *reader,
                      const struct casebook_entry *of, struct str id, struct str *out,
                      struct err *err)
{
	struct casebook_file file;
	bool is_hidden;
	*out = id;
	if (!casebook_hides_file(reader, practice_viewer(request), of, id, &is_hidden, err))
		return false;
	if (is_hidden) {
		*out = STR(CASEBOOK_HIDDEN_FILE);
		return true;
	}
	if (!casebook_file_find(reader, request->arena, id, &file, err))
		return err->code == ERR_ABSENT;
	*out = file.number;
	return true;
}

/* What is owed on which file, and the name that commands know it by. */
static bool duty_text(struct web_request *request, struct casebook_reader *reader, struct str name,
                      struct str *out, struct err *err)
{
	struct casebook_duty duty;
	*out = name;
	if (!casebook_duty_named(reader, request->arena, name, &duty, err))
		return err->code == ERR_ABSENT;
	*out = arena_format(request->arena, "%.*s, %.*s (%.*s)", STR_ARG(duty.title),
	                    STR_ARG(duty.file_number), STR_ARG(name));
	return true;
}

/* Accounts are named where people administer them: a second reader must see whose it is. */
static bool account_text(struct web_request *request, struct casebook_reader *reader, struct str id,
                         struct str *out, struct err *err)
{
	struct str name;
	*out = id;
	if (!casebook_account_name(reader, request->arena, id, &name, err))
		return err->code == ERR_ABSENT;
	*out = name;
	return true;
}

static struct str code_title(const struct pack_field *field, struct str code)
{
	const struct pack_code *found = field->list ? pack_code_find(field->list, code) : NULL;
	return found && found->title.n ? found->title : code;
}

static struct str day_text(struct web_request *request, struct str text)
{
	struct day day;
	return day_read(text, &day) ? wording_day(request->arena, day) : text;
}

static struct str month_text(struct web_request *request, struct str text)
{
	struct month month;
	return month_or_year_read(text, &month) ? wording_month(request->arena, month) : text;
}

static struct str instant_text(struct web_request *request, struct str text)
{
	instant at;
	return instant_read(text, &at) ? wording_instant(request->arena, page_zone(request), at)
	                               : text;
}

static struct str size_text(struct arena *arena, int64_t size)
{
	if (size >= 1000 * 1000)
		return arena_format(arena, "%" PRId64 " MB", size / (1000 * 1000));
	return arena_format(arena, "%" PRId64 " KB", (size + 999) / 1000);
}

static struct str attachment_text(struct arena *arena, const struct json *value)
{
	struct str name = json_text(value, STR("name"));
	struct str size = size_text(arena, json_number(value, STR("size"), 0));
	return arena_format(arena, "%.*s, %.*s", STR_ARG(name.n ? name : STR("A file")),
	                    STR_ARG(size));
}

/* An entry by its number: a field of that type, or what the register itself keeps with another. */
static bool is_entry(const struct pack_field *field, const struct json *value)
{
	return value->type == JSON_INTEGER &&
	       (field ? field->type == PACK_ENTRY : str_eq(value->key, STR("waited")));
}

struct str entry_label(struct web_request *request, const struct casebook_entry *entry)
{
	struct arena *arena = request->arena;
	struct str title = entry->rules ? entry->rules->title : entry->kind;
	if (str_eq(entry->kind, STR("act.waiting"))) {
		const struct pack_kind *act = pack_kind_find(casebook_pack(site_book(request)),
		                                             json_text(entry->plain, STR("kind")));
		title = act ? act->title : title;
	}
	struct str when = wording_near(arena, page_zone(request), entry->happened, request->now);
	return arena_format(arena, "%.*s, %.*s (entry %" PRId64 ")", STR_ARG(title), STR_ARG(when),
	                    entry->index);
}

/* The number of an entry that a field names, as its form and the register hold it; -1: none. */
static int64_t entry_named(const struct pack_field *field, const struct json *value)
{
	uint64_t index;
	if (is_entry(field, value))
		return value->integer;
	if (field && field->type == PACK_ENTRY && value->type == JSON_STRING &&
	    str_to_u64(value->string, INT64_MAX, &index))
		return (int64_t)index;
	return -1;
}

/* What it is and of when, for those who may know it; for others its number stands. */
static bool entry_text(struct web_request *request, struct casebook_reader *reader, int64_t index,
                       struct str *out, struct err *err)
{
	struct casebook_entry entry;
	struct casebook_access access;
	if (!casebook_entry_get(reader, request->arena, index, &entry, err))
		return err->code == ERR_ABSENT;
	if (!casebook_may_see(reader, practice_viewer(request), index, &access, err))
		return false;
	if (access.may_know)
		*out = entry_label(request, &entry);
	return true;
}

bool entry_value_text(struct web_request *request, struct casebook_reader *reader,
                      const struct casebook_entry *of, const struct pack_field *field,
                      const struct json *value, struct str *out, struct err *err)
{
	struct arena *arena = request->arena;
	*out = value->string;
	switch (value->type) {
	case JSON_TRUE:
	case JSON_FALSE:
		*out = value->type == JSON_TRUE ? STR("Yes") : STR("No");
		return true;
	case JSON_INTEGER:
		*out = is_entry(field, value)
		               ? arena_format(arena, "Entry %" PRId64, value->integer)
		               : arena_format(arena, "%" PRId64, value->integer);
		return true;
	case JSON_OBJECT:
		*out = attachment_text(arena, value);
		return true;
	case JSON_NULL:
	case JSON_REAL:
	case JSON_STRING:
	case JSON_ARRAY:
		break;
	}
	if (!field || value->type != JSON_STRING)
		return true;
	if (field->type == PACK_VERSION &&
	    (str_eq(field->name, STR("account")) || str_eq(field->name, STR("writer")) ||
	     str_eq(field->name, STR("about"))))
		return account_text(request, reader, value->string, out, err);
	if (field->type == PACK_ENTRY)
		*out = arena_format(arena, "Entry %.*s", STR_ARG(value->string));
	if (field->type == PACK_OFFICE)
		return office_text(request, reader, value->string, out, err);
	if (field->type == PACK_DUTY)
		return duty_text(request, reader, value->string, out, err);
	if (field->type == PACK_FILE)
		return file_text(request, reader, of, value->string, out, err);
	if (field->type == PACK_CODE || field->type == PACK_CODES)
		*out = code_title(field, value->string);
	else if (field->type == PACK_DATE)
		*out = day_text(request, value->string);
	else if (field->type == PACK_MONTH)
		*out = month_text(request, value->string);
	else if (field->type == PACK_INSTANT)
		*out = instant_text(request, value->string);
	return true;
}

static bool is_hidden(struct str text)
{
	return str_eq(text, STR(CASEBOOK_HIDDEN_FILE));
}

/* Where a value leads: another file, an entry, a stored object. */
static struct str href_of(struct web_request *request, const struct pack_field *field,
                          const struct json *value, struct str text, int64_t entry)
{
	struct arena *arena = request->arena;
	if (value->type == JSON_OBJECT && json_text(value, STR("object")).n)
		return arena_format(arena, "/objects/%.*s?entry=%" PRId64,
		                    STR_ARG(json_text(value, STR("object"))), entry);
	if (entry_named(field, value) >= 0)
		return arena_format(arena, "/entries/%" PRId64, entry_named(field, value));
	if (field && field->type == PACK_FILE && value->type == JSON_STRING && !is_hidden(text))
		return practice_file_path(request, text, STR(""));
	return STR("");
}

static bool put_value(struct web_request *request, struct casebook_reader *reader,
                      const struct casebook_entry *of, const struct pack_field *field,
                      const struct json *value, struct json *values, struct err *err)
{
	struct arena *arena = request->arena;
	struct json *row = json_object(arena);
	struct str text;
	if (!entry_value_text(request, reader, of, field, value, &text, err))
		return false;
	if (field && value->type == JSON_STRING &&
	    !entry_own_text(request, reader, of, field->name, text, &text, err))
		return false;
	if (field && entry_named(field, value) >= 0 &&
	    !entry_text(request, reader, entry_named(field, value), &text, err))
		return false;
	json_put_text(arena, row, STR("text"), text);
	json_put_text(arena, row, STR("href"), href_of(request, field, value, text, of->index));
	json_put_bool(arena, row, STR("is_number"),
	              field && field->type == PACK_FILE && !is_hidden(text));
	json_push(values, row);
	return true;
}

/* A row of a table as one line: "Office: Police. Urgent: Yes". */
static bool put_row(struct web_request *request, struct casebook_reader *reader,
                    const struct casebook_entry *of, const struct pack_field *field,
                    const struct json *row, struct json *values, struct err *err)
{
	struct arena *arena = request->arena;
	struct str line = STR("");
	for (size_t i = 0; i < field->column_count; i++) {
		const struct json *cell = json_member(row, field->columns[i].name);
		struct str text;
		if (!cell)
			continue;
		if (!entry_value_text(request, reader, of, &field->columns[i], cell, &text, err))
			return false;
		line = arena_format(arena, "%.*s%s%.*s: %.*s", STR_ARG(line), line.n ? ". " : "",
		                    STR_ARG(field->columns[i].label), STR_ARG(text));
	}
	struct json *object = json_object(arena);
	json_put_text(arena, object, STR("text"), line);
	json_put_text(arena, object, STR("href"), STR(""));
	json_put_bool(arena, object, STR("is_number"), false);
	json_push(values, object);
	return true;
}

/* A list that the register set, and that names nothing. */
static void put_none(struct arena *arena, struct json *values)
{
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("text"), STR("None"));
	json_put_text(arena, row, STR("href"), STR(""));
	json_put_bool(arena, row, STR("is_number"), false);
	json_push(values, row);
}

static bool put_values(struct web_request *request, struct casebook_reader *reader,
                       const struct casebook_entry *of, const struct pack_field *field,
                       const struct json *value, struct json *values, struct err *err)
{
	if (value->type != JSON_ARRAY)
		return put_value(request, reader, of, field, value, values, err);
	if (!value->first)
		put_none(request->arena, values);
	for (const struct json *item = value->first; item; item = item->next) {
		bool done = field && field->type == PACK_ROWS
		                    ? put_row(request, reader, of, field, item, values, err)
		                    : put_value(request, reader, of, field, item, values, err);
		if (!done)
			return false;
	}
	return true;
}

/* What the register itself keeps with an entry, and no reader needs. */
static bool is_inner(struct str name)
{
	static const struct str INNER[] = { { "via", 3 },      { "return", 6 },   { "tag", 3 },
		                            { "cause", 5 },    { "password", 8 }, { "totp", 4 },
		                            { "founding", 8 }, { "advised", 7 } };
	for (size_t i = 0; i < COUNT_OF(INNER); i++)
		if (str_eq(INNER[i], name))
			return true;
	return false;
}

/* The two times of an act stand above its fields. */
static bool is_time(const struct pack_field *field, struct str name)
{
	return !field && (str_eq(name, STR("happened")) || str_eq(name, STR("received")));
}

static struct str label_of(const struct pack_field *field, struct str name)
{
	if (str_eq(name, STR("note")))
		return STR("Note");
	if (!field && str_eq(name, STR("user")))
		return STR("At the command line, by the machine's user");
	if (!field && str_eq(name, STR("waited")))
		return STR("It waited for a second reader as");
	return field && field->label.n ? field->label : name;
}

/* What an act that waits would write, by the labels of its own kind. */
static bool put_waiting(struct web_request *request, struct casebook_reader *reader,
                        const struct casebook_entry *entry, const struct json *act,
                        struct json *into, struct err *err)
{
	struct casebook_entry meant = *entry;
	const struct json *read;
	meant.kind = json_text(entry->plain, STR("kind"));
	meant.rules = pack_kind_find(casebook_pack(site_book(request)), meant.kind);
	return json_read(request->arena, act->string, 16, &read, err) &&
	       entry_values(request, reader, &meant, json_member(read, STR("fields")), into, err);
}

/* Whether it is the act itself, sealed inside what waits for a second reader. */
static bool is_waiting(const struct casebook_entry *entry, const struct json *value)
{
	return str_eq(entry->kind, STR("act.waiting")) && str_eq(value->key, STR("act")) &&
	       value->type == JSON_STRING && entry->plain;
}

bool entry_values(struct web_request *request, struct casebook_reader *reader,
                  const struct casebook_entry *entry, const struct json *fields, struct json *into,
                  struct err *err)
{
	struct arena *arena = request->arena;
	for (const struct json *value = fields ? fields->first : NULL; value; value = value->next) {
		const struct pack_field *field =
			entry->rules ? pack_field_find(entry->rules, value->key) : NULL;
		struct json *row = json_object(arena), *values = json_array(arena);
		if (is_waiting(entry, value)) {
			if (!put_waiting(request, reader, entry, value, into, err))
				return false;
			continue;
		}
		if (is_inner(value->key) || is_time(field, value->key) ||
		    entry_own_is_inner(entry, value->key))
			continue;
		if (!put_values(request, reader, entry, field, value, values, err))
			return false;
		json_put_text(arena, row, STR("name"), value->key);
		struct str own = entry_own_label(entry, value->key);
		struct str label = own.p ? own : label_of(field, value->key);
		json_put_text(arena, row, STR("label"), label);
		json_put_bool(arena, row, STR("is_asking"), str_ends(label, STR("?")));
		json_put_bool(arena, row, STR("is_words"), field && field->type == PACK_WORDS);
		json_put(row, STR("values"), values);
		json_push(into, row);
	}
	return true;
}
