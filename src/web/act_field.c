/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A field of a form from its type: what it looks like, and what stands in it. */
#include "web/act_form.h"

#define CODES_AS_RADIOS 6
#define REFERENCES_AS_RADIOS 12
#define LINE_MAX 1000  /* a text of at most so many characters is one line */
#define SHORT_MAX 2000 /* and of so many a box of two lines */

/* What a template draws; exactly one is true in a model. */
enum look {
	LOOK_RADIOS,
	LOOK_SELECT,
	LOOK_CHECKS,
	LOOK_LINE,
	LOOK_NUMBER,
	LOOK_AREA,
	LOOK_LINES, /* a repeated line: one a line of a box */
	LOOK_DATE,
	LOOK_INSTANT,
	LOOK_MONTH,
	LOOK_FILE,
	LOOK_ROWS,
	LOOKS,
};

static const char *const LOOK_NAMES[LOOKS] = {
	[LOOK_RADIOS] = "is_radios", [LOOK_SELECT] = "is_select", [LOOK_CHECKS] = "is_checks",
	[LOOK_LINE] = "is_line",     [LOOK_NUMBER] = "is_number", [LOOK_AREA] = "is_area",
	[LOOK_LINES] = "is_lines",   [LOOK_DATE] = "is_date",     [LOOK_INSTANT] = "is_instant",
	[LOOK_MONTH] = "is_month",   [LOOK_FILE] = "is_file",     [LOOK_ROWS] = "is_rows",
};

/* Fields that every register has, in words for those who fill them in. */
static const struct {
	const char *kind; /* NULL: any built-in */
	const char *field;
	const char *label;
} LABELS[] = {
	{ "access.broken", "because", "Why must you read this now?" },
	{ "access.broken", "until", "Until when? At most 24 hours" },
	{ "second.given", "of", "Which act do you answer?" },
	{ "second.given", "answer", "Your answer" },
	{ "duty.extended", "until", "What is the later time?" },
	{ "entry.corrected", "of", "Which entry?" },
	{ "entry.corrected", "field", "Which field of it?" },
	{ "entry.corrected", "why", "What was wrong?" },
	{ "entry.corrected", "value", "The right answer, if it is a choice or a date" },
	{ "entry.corrected", "right", "The right words" },
	{ "office.deputised", "deputy", "Which office stands in?" },
	{ "office.deputised", "from", "From when?" },
	{ "office.deputised", "until", "Until when?" },
	{ "office.made", "office", "A short name for it, in small letters" },
	{ "office.made", "line", "Which office does it answer to?" },
	{ NULL, "duty", "Which duty?" },
	{ NULL, "to", "To which office?" },
	{ NULL, "account", "Whose account?" },
	{ NULL, "second", "Which other administrator agrees?" },
	{ NULL, "reasons", "Why?" },
	{ NULL, "office", "Which office?" },
	{ NULL, "role", "What is its role?" },
	{ NULL, "title", "What is it called?" },
};

struct str act_field_label(const struct pack_kind *kind, const struct pack_field *field)
{
	for (size_t i = 0; kind->is_built_in && i < COUNT_OF(LABELS); i++) {
		bool fits = !LABELS[i].kind || str_eq(str_from_c(LABELS[i].kind), kind->name);
		if (fits && str_eq(str_from_c(LABELS[i].field), field->name))
			return str_from_c(LABELS[i].label);
	}
	return field->label;
}

bool act_field_is_asked(const struct act_form *form, const struct pack_field *field)
{
	static const struct str INNER[] = { { "return", 6 },
		                            { "file-count", 10 },
		                            { "founding", 8 } };
	if (field->retired.p || field->counted ||
	    (form->office.n && str_eq(field->name, STR("office"))))
		return false;
	for (size_t i = 0; i < COUNT_OF(INNER); i++)
		if (str_eq(field->name, INNER[i]))
			return false;
	return !(str_eq(form->kind->name, STR("second.given")) && str_eq(field->name, STR("role")));
}

/* "actions.0.by-date": in a row there is little room. */
static bool is_cell(const struct pack_field *field)
{
	return str_find(field->name, '.') < field->name.n;
}

static enum look look_of(const struct act_form *form, const struct pack_field *field)
{
	bool is_many = field->is_repeated;
	switch (field->type) {
	case PACK_CODE:
		return field->list && field->list->count > CODES_AS_RADIOS ? LOOK_SELECT
		                                                           : LOOK_RADIOS;
	case PACK_CODES:
		return LOOK_CHECKS;
	case PACK_YES:
		return LOOK_RADIOS;
	case PACK_INTEGER:
		return LOOK_NUMBER;
	case PACK_DATE:
		return LOOK_DATE;
	case PACK_INSTANT:
		return LOOK_INSTANT;
	case PACK_MONTH:
		return LOOK_MONTH;
	case PACK_OFFICE:
		return is_many ? LOOK_CHECKS : LOOK_SELECT;
	case PACK_FILE:
	case PACK_ENTRY:
	case PACK_DUTY:
		return is_many ? LOOK_CHECKS : is_cell(field) ? LOOK_SELECT : LOOK_RADIOS;
	case PACK_ROWS:
		return LOOK_ROWS;
	case PACK_ATTACHMENT:
		return LOOK_FILE;
	case PACK_WORDS:
	case PACK_ADDRESS:
		return LOOK_AREA;
	case PACK_TEXT:
		return field->max > 0 && field->max <= LINE_MAX ? LOOK_LINE : LOOK_AREA;
	case PACK_VERSION:
	case PACK_NAME:
	case PACK_IDENTIFIER:
		break;
	}
	(void)form;
	return is_many ? LOOK_LINES : LOOK_LINE;
}

/* --- what stands in it ----------------------------------------------------------------------- */

static struct str text_of(struct web_request *request, const struct json *value)
{
	if (!value)
		return STR("");
	if (value->type == JSON_INTEGER)
		return arena_format(request->arena, "%" PRId64, value->integer);
	return value->type == JSON_STRING ? value->string : STR("");
}

static void put_box(struct arena *arena, struct json *object, const char *name, struct str value)
{
	json_put_text(arena, object, str_from_c(name), value);
}

/* "2026-11-26" in three boxes; what is no date stands there as it was typed. */
static void put_day(struct web_request *request, struct str text, struct json *object)
{
	struct arena *arena = request->arena;
	struct str year = STR(""), month = STR("");
	struct day day;
	if (day_read(text, &day)) {
		put_box(arena, object, "d", arena_format(arena, "%d", day.day));
		put_box(arena, object, "m", arena_format(arena, "%d", day.month));
		put_box(arena, object, "y", arena_format(arena, "%d", day.year));
		return;
	}
	(void)str_cut(&text, '-', &year);
	(void)str_cut(&text, '-', &month);
	put_box(arena, object, "d", text.p ? text : STR(""));
	put_box(arena, object, "m", month.p ? month : STR(""));
	put_box(arena, object, "y", year.p ? year : STR(""));
}

static void put_instant(struct web_request *request, struct str text, struct json *object)
{
	struct arena *arena = request->arena;
	struct str day;
	instant at;
	if (instant_read(text, &at)) {
		struct local local = zone_local(page_zone(request), at);
		put_day(request, day_write(arena, local.day), object);
		put_box(arena, object, "t",
		        arena_format(arena, "%02d:%02d", local.hour, local.minute));
		return;
	}
	(void)str_cut(&text, ' ', &day);
	put_day(request, day.p ? day : STR(""), object);
	put_box(arena, object, "t", text.p ? text : STR(""));
}

/* One line for each of a list. */
static struct str lines_of(struct web_request *request, const struct json *value)
{
	struct arena *arena = request->arena;
	struct str text = STR("");
	if (!value || value->type != JSON_ARRAY)
		return text_of(request, value);
	for (const struct json *item = value->first; item; item = item->next)
		text = arena_format(arena, "%.*s%s%.*s", STR_ARG(text), text.n ? "\n" : "",
		                    STR_ARG(text_of(request, item)));
	return text;
}

/* Files that arrived before, each with a way to leave it out again. */
static void put_files(struct web_request *request, const struct json *value, struct json *object)
{
	struct arena *arena = request->arena;
	struct json *files = json_array(arena);
	const struct json *item = value && value->type == JSON_ARRAY ? value->first : value;
	for (; item; item = value->type == JSON_ARRAY ? item->next : NULL) {
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("file_name"), json_text(item, STR("name")));
		json_put_text(arena, row, STR("object"), json_text(item, STR("object")));
		json_push(files, row);
	}
	json_put_bool(arena, object, STR("has_files"), files && files->count > 0);
	json_put(object, STR("files"), files);
}

/* --- rows ------------------------------------------------------------------------------------ */

static bool put_rows(struct act_form *form, const struct pack_field *field,
                     const struct json *value, struct json *object, struct err *err)
{
	struct arena *arena = form->request->arena;
	struct json *rows = json_array(arena);
	size_t have = value && value->type == JSON_ARRAY ? value->count : 0;
	const struct json *given = have > 0 ? value->first : NULL;
	size_t shown = have + (str_eq(form->more, field->name) ? ACT_ROWS_MORE : ACT_ROWS);
	for (size_t i = 0; i < shown && i < field->items_max; i++) {
		struct json *row = json_object(arena), *cells = json_array(arena);
		for (size_t c = 0; c < field->column_count; c++) {
			struct pack_field cell = field->columns[c];
			cell.name = arena_format(arena, "%.*s.%zu.%.*s", STR_ARG(field->name), i,
			                         STR_ARG(field->columns[c].name));
			if (!act_field_put(form, &cell, json_member(given, field->columns[c].name),
			                   cells, err))
				return false;
		}
		json_put_text(arena, row, STR("row_label"),
		              arena_format(arena, "%.*s, row %zu", STR_ARG(field->label), i + 1));
		json_put_text(arena, row, STR("row_short"), arena_format(arena, "Row %zu", i + 1));
		json_put(row, STR("cells"), cells);
		json_push(rows, row);
		given = given ? given->next : NULL;
	}
	json_put(object, STR("table"), rows);
	json_put_bool(arena, object, STR("has_more"), shown < field->items_max);
	json_put_integer(arena, object, STR("rows_max"), (int64_t)field->items_max);
	json_put_text(arena, object, STR("more_action"),
	              arena_format(arena, "%.*s#%.*s", STR_ARG(act_form_path(form)),
	                           STR_ARG(field->name)));
	return true;
}

/* --- the field ------------------------------------------------------------------------------- */

static void put_value(struct act_form *form, enum look look, const struct json *value,
                      struct json *object)
{
	struct web_request *request = form->request;
	struct str text = look == LOOK_LINES ? lines_of(request, value) : text_of(request, value);
	json_put_text(request->arena, object, STR("value"), text);
	if (look == LOOK_DATE)
		put_day(request, text, object);
	else if (look == LOOK_INSTANT)
		put_instant(request, text, object);
	else if (look == LOOK_MONTH)
		put_day(request,
		        text.n ? arena_format(request->arena, "%.*s-", STR_ARG(text)) : text,
		        object);
	else if (look == LOOK_FILE)
		put_files(request, value, object);
}

/* Reasons of a second reader; of the writer who withdraws none are asked. */
static bool is_asked_why(const struct act_form *form, const struct pack_field *field)
{
	return form->waiting && str_eq(field->name, STR("reasons")) &&
	       !str_eq(json_text(form->waiting->plain, STR("writer")),
	               practice_viewer(form->request)->actor.account);
}

static void put_head(struct act_form *form, const struct pack_field *field, struct json *object)
{
	struct arena *arena = form->request->arena;
	struct str error = page_error_of(form->model, field->name);
	bool is_needed = field->required == PACK_REQUIRED || is_asked_why(form, field);
	json_put_text(arena, object, STR("name"), field->name);
	json_put_text(arena, object, STR("label"), act_field_label(form->kind, field));
	json_put_text(arena, object, STR("hint"), field->hint.p ? field->hint : STR(""));
	json_put_bool(arena, object, STR("is_required"), is_needed);
	json_put_bool(arena, object, STR("is_optional"),
	              field->required == PACK_OPTIONAL && !is_needed);
	json_put_bool(arena, object, STR("is_sealed"), field->is_sealed);
	json_put_bool(arena, object, STR("has_year_alone"), field->has_year_alone);
	json_put_bool(arena, object, STR("is_words"), field->type == PACK_WORDS);
	json_put_bool(arena, object, STR("is_repeated"), field->is_repeated);
	/* Yes, no and not known stand side by side. */
	json_put_bool(arena, object, STR("is_short"), field->type == PACK_YES);
	json_put_text(arena, object, STR("error"), error.p ? error : STR(""));
	int64_t rows = field->type == PACK_WORDS                   ? 8
	               : field->max > 0 && field->max <= SHORT_MAX ? 2
	                                                           : 5;
	json_put_integer(arena, object, STR("lines"), rows);
	int64_t max = field->max > 0 && field->max < INT64_MAX ? field->max : 10000;
	json_put_integer(arena, object, STR("max"), max);
	json_put_text(arena, object, STR("max_text"), wording_number(arena, max));
}

/* Some of the register's own lines have a known set of answers; many things to choose one from
 * would be a long list of buttons. */
static enum look look_by_options(const struct act_form *form, enum look look,
                                 const struct json *options, bool is_reference)
{
	size_t count = options ? options->count : 0;
	(void)form;
	if (look == LOOK_LINE && count > 0)
		return LOOK_SELECT;
	if (look == LOOK_RADIOS && is_reference && count > REFERENCES_AS_RADIOS)
		return LOOK_SELECT;
	return look;
}

/* The ids of what stands beside a field and is read out with it: hint, seal, error, and by its
 * look. */
static struct str described_by(struct arena *arena, const struct json *object, enum look look)
{
	bool has_day = look == LOOK_DATE || look == LOOK_INSTANT || look == LOOK_MONTH;
	const struct {
		const char *tail;
		bool is_there;
	} notes[] = {
		{ "hint", has_day || json_text(object, STR("hint")).n > 0 },
		{ "sealed", json_is_true(object, STR("is_sealed")) },
		{ "error", json_text(object, STR("error")).n > 0 },
		{ "lines", look == LOOK_LINES },
		{ "advice", json_is_true(object, STR("is_advised")) },
		{ "count", look == LOOK_AREA },
	};
	struct str name = json_text(object, STR("name")), ids = STR("");
	for (size_t i = 0; i < COUNT_OF(notes); i++)
		if (notes[i].is_there)
			ids = arena_format(arena, "%.*s%s%.*s-%s", STR_ARG(ids), ids.n ? " " : "",
			                   STR_ARG(name), notes[i].tail);
	return ids;
}

bool act_field_put(struct act_form *form, const struct pack_field *field, const struct json *value,
                   struct json *into, struct err *err)
{
	struct arena *arena = form->request->arena;
	struct json *object = json_object(arena);
	enum look look = look_of(form, field);
	put_head(form, field, object);
	act_words_put(form, field, object);
	if (!act_options_put(form, field, value, field->name, object, err))
		return false;
	look = look_by_options(form, look, json_member(object, STR("options")),
	                       json_is_true(object, STR("has_typed")));
	for (int i = 0; i < LOOKS; i++)
		json_put_bool(arena, object, str_from_c(LOOK_NAMES[i]), i == (int)look);
	json_put_text(arena, object, STR("described"), described_by(arena, object, look));
	put_value(form, look, value, object);
	if (look == LOOK_ROWS && !put_rows(form, field, value, object, err))
		return false;
	json_push(into, object);
	return true;
}
