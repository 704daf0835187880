/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Fields of an entry as lines: codes by their titles, files by number, duties by what they are. */
#include "cli/words.h"

#define INDENT 8
#define LONG 72 /* bytes of text that stand beside their label */

/* "Decide what happens next (T01, D12.1)"; of another file, its number too. */
static bool of_duty(struct cli_call *call, const struct words_of *of, struct str name,
                    struct str *out, struct err *err)
{
	struct casebook_duty duty;
	struct err found = { 0 };
	*out = name;
	if (!casebook_duty_named(of->reader, call->arena, name, &duty, &found))
		return found.code == ERR_ABSENT || err_set(err, found.code, "%s", found.message);
	bool is_own = duty.file == of->entry->file;
	*out = arena_format(call->arena, "%.*s%s%.*s (%.*s, %.*s)", STR_ARG(duty.title),
	                    is_own ? "" : ", ", STR_ARG(is_own ? STR("") : duty.file_number),
	                    STR_ARG(duty.rule), STR_ARG(name));
	return true;
}

static bool of_file(struct cli_call *call, const struct words_of *of, struct str id,
                    struct str *out, struct err *err)
{
	struct casebook_file file;
	struct err found = { 0 };
	*out = id;
	if (casebook_file_find(of->reader, call->arena, id, &file, &found)) {
		*out = file.number;
		return true;
	}
	if (found.code == ERR_ABSENT)
		return true;
	*err = found;
	return false;
}

static struct str of_code(const struct pack_field *field, struct str code)
{
	const struct pack_code *found = field->list ? pack_code_find(field->list, code) : NULL;
	return found && found->title.n ? found->title : code;
}

static struct str of_attachment(struct cli_call *call, const struct json *value)
{
	struct str name = json_text(value, STR("name"));
	return arena_format(
		call->arena, "%.*s, %.*s bytes", STR_ARG(name.n ? name : STR("a file")),
		STR_ARG(wording_number(call->arena, json_number(value, STR("size"), 0))));
}

static bool of_text(struct cli_call *call, const struct words_of *of,
                    const struct pack_field *field, struct str text, struct str *out,
                    struct err *err)
{
	struct day day;
	instant at;
	*out = text;
	if (!field)
		return true;
	if (field->type == PACK_OFFICE)
		return words_office(call, of->reader, text, out, err);
	if (field->type == PACK_FILE)
		return of_file(call, of, text, out, err);
	if (field->type == PACK_DUTY)
		return of_duty(call, of, text, out, err);
	if (field->type == PACK_CODE || field->type == PACK_CODES)
		*out = of_code(field, text);
	else if (field->type == PACK_DATE && day_read(text, &day))
		*out = wording_day(call->arena, day);
	else if (field->type == PACK_INSTANT && instant_read(text, &at))
		*out = words_when(call, at);
	return true;
}

static bool of_value(struct cli_call *call, const struct words_of *of,
                     const struct pack_field *field, const struct json *value, struct str *out,
                     struct err *err);

static struct str joined(struct cli_call *call, struct str list, const char *by, struct str label,
                         struct str text)
{
	return arena_format(call->arena, "%.*s%s%.*s%s%.*s", STR_ARG(list), list.n ? by : "",
	                    STR_ARG(label), label.n ? ": " : "", STR_ARG(text));
}

/* Several: "One; two; three". Rows of a table: a line each. */
static bool of_list(struct cli_call *call, const struct words_of *of,
                    const struct pack_field *field, const struct json *value, struct str *out,
                    struct err *err)
{
	const char *by = field && field->type == PACK_ROWS ? "\n" : "; ";
	*out = STR("");
	for (const struct json *item = value->first; item; item = item->next) {
		struct str text;
		if (!of_value(call, of, field, item, &text, err))
			return false;
		*out = joined(call, *out, by, STR(""), text);
	}
	return true;
}

/* A row of a table, its columns in the pack's order: "Office: Police; Urgent: Yes". */
static bool of_row(struct cli_call *call, const struct words_of *of, const struct pack_field *field,
                   const struct json *value, struct str *out, struct err *err)
{
	struct str text;
	*out = STR("");
	for (size_t i = 0; field && i < field->column_count; i++) {
		const struct pack_field *column = &field->columns[i];
		const struct json *cell = json_member(value, column->name);
		if (cell && !of_value(call, of, column, cell, &text, err))
			return false;
		if (cell)
			*out = joined(call, *out, "; ", column->label, text);
	}
	for (const struct json *cell = value->first; cell; cell = cell->next) {
		bool is_said = false;
		for (size_t i = 0; field && i < field->column_count; i++)
			is_said = is_said || str_eq(field->columns[i].name, cell->key);
		if (!is_said && !of_value(call, of, NULL, cell, &text, err))
			return false;
		if (!is_said)
			*out = joined(call, *out, "; ", cell->key, text);
	}
	return true;
}

static bool of_value(struct cli_call *call, const struct words_of *of,
                     const struct pack_field *field, const struct json *value, struct str *out,
                     struct err *err)
{
	struct buf number;
	switch (value->type) {
	case JSON_TRUE:
		*out = STR("Yes");
		return true;
	case JSON_FALSE:
		*out = STR("No");
		return true;
	case JSON_INTEGER:
		*out = arena_format(call->arena, "%s%" PRId64,
		                    field && field->type == PACK_ENTRY ? "entry " : "",
		                    value->integer);
		return true;
	case JSON_STRING:
		return of_text(call, of, field, value->string, out, err);
	case JSON_OBJECT:
		if (field && field->type == PACK_ATTACHMENT) {
			*out = of_attachment(call, value);
			return true;
		}
		return of_row(call, of, field, value, out, err);
	case JSON_ARRAY:
		return of_list(call, of, field, value, out, err);
	case JSON_NULL:
	case JSON_REAL:
		break;
	}
	buf_init(&number, 64);
	json_write(&number, value);
	*out = arena_copy(call->arena, buf_str(&number));
	buf_finish(&number);
	return true;
}

/* What the register itself keeps with an entry, and no reader needs. */
static bool is_inner(struct str name)
{
	static const struct str INNER[] = {
		{ "via", 3 },      { "user", 4 },     { "return", 6 },
		{ "tag", 3 },      { "cause", 5 },    { "totp", 4 },
		{ "password", 8 }, { "founding", 8 }, { "advised", 7 }
	};
	for (size_t i = 0; i < COUNT_OF(INNER); i++)
		if (str_eq(INNER[i], name))
			return true;
	return false;
}

/* "What is happening?", "Rung:"; a name that has no label begins with a capital. */
static struct str label_of(struct cli_call *call, const struct pack_field *field, struct str name)
{
	struct str label = field && field->label.n ? field->label : name;
	char first = label.n ? label.p[0] : '\0';
	if (first >= 'a' && first <= 'z')
		label = arena_format(call->arena, "%c%.*s", first - 'a' + 'A',
		                     STR_ARG(str_sub(label, 1, label.n)));
	return str_ends(label, STR("?")) ? label
	                                 : arena_format(call->arena, "%.*s:", STR_ARG(label));
}

static bool print_field(struct cli_call *call, const struct words_of *of,
                        const struct pack_field *field, const struct json *value, struct err *err)
{
	struct str text, line, label = label_of(call, field, value->key);
	if (!of_value(call, of, field, value, &text, err))
		return false;
	text = words_printable(call->arena, text);
	label = words_printable(call->arena, label);
	if (str_find(text, '\n') == text.n && label.n + text.n < LONG) {
		cli_print(call, "%*s%.*s %.*s", INDENT, "", STR_ARG(label), STR_ARG(text));
		return true;
	}
	cli_print(call, "%*s%.*s", INDENT, "", STR_ARG(label));
	while (str_cut(&text, '\n', &line))
		cli_print(call, "%*s%.*s", line.n ? INDENT + 2 : 0, "", STR_ARG(line));
	return true;
}

bool words_print_fields(struct cli_call *call, const struct words_of *of, struct err *err)
{
	const struct pack_kind *kind = of->entry->rules;
	const struct json *sides[] = { of->entry->plain, of->sealed };
	for (size_t i = 0; kind && i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		const struct json *value = of->sealed ? json_member(of->sealed, field->name) : NULL;
		if (!value && of->entry->plain)
			value = json_member(of->entry->plain, field->name);
		if (value && !is_inner(field->name) && !print_field(call, of, field, value, err))
			return false;
	}
	/* What the pack of today does not name, after what it does. */
	for (size_t i = 0; i < COUNT_OF(sides); i++) {
		for (const struct json *value = sides[i] ? sides[i]->first : NULL; value;
		     value = value->next) {
			if (is_inner(value->key) || (kind && pack_field_find(kind, value->key)))
				continue;
			if (!print_field(call, of, NULL, value, err))
				return false;
		}
	}
	return true;
}
