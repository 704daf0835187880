/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One field of a road from its type: what it looks like, and what stands in it. */
#include "web/road.h"

#define OPTIONS_LONG 12  /* more have a box to look through them, where scripts run */
#define LINE_MAX 200     /* a text of at most so many characters is one line */
#define COUNTED_MIN 1000 /* of at least so many it says how many are left */

enum look {
	LOOK_RADIOS,
	LOOK_CHECKS,
	LOOK_LINE,
	LOOK_NUMBER,
	LOOK_TEXT,
	LOOK_DAY,
	LOOK_MOMENT,
	LOOK_FILES,
	LOOKS,
};

static const char *const LOOK_NAMES[LOOKS] = {
	[LOOK_RADIOS] = "is_radios", [LOOK_CHECKS] = "is_checks", [LOOK_LINE] = "is_line",
	[LOOK_NUMBER] = "is_number", [LOOK_TEXT] = "is_text",     [LOOK_DAY] = "is_day",
	[LOOK_MOMENT] = "is_moment", [LOOK_FILES] = "is_files",
};

static enum look look_of(const struct pack_field *field)
{
	switch (field->type) {
	case PACK_CODE:
	case PACK_YES:
		return LOOK_RADIOS;
	case PACK_CODES:
		return LOOK_CHECKS;
	case PACK_OFFICE:
		return field->is_repeated ? LOOK_CHECKS : LOOK_RADIOS;
	case PACK_INTEGER:
		return LOOK_NUMBER;
	case PACK_DATE:
		return LOOK_DAY;
	case PACK_INSTANT:
		return LOOK_MOMENT;
	case PACK_ATTACHMENT:
		return LOOK_FILES;
	case PACK_WORDS:
	case PACK_ADDRESS:
		return LOOK_TEXT;
	case PACK_TEXT:
		return field->max > 0 && field->max <= LINE_MAX ? LOOK_LINE : LOOK_TEXT;
	case PACK_NAME:
	case PACK_IDENTIFIER:
	case PACK_MONTH:
	case PACK_VERSION:
	case PACK_FILE:
	case PACK_ENTRY:
	case PACK_DUTY:
	case PACK_ROWS:
		break;
	}
	return LOOK_LINE;
}

/* --- what can be chosen ---------------------------------------------------------------------- */

struct options {
	struct arena *arena;
	const struct pack_field *field;
	const struct json *value;
	struct json *list;
};

/* Yes and no are kept as they were sent: as a word, or by a program as true and false. */
static bool is_chosen(const struct json *value, struct str code)
{
	const struct json *item = value && value->type == JSON_ARRAY ? value->first : value;
	for (; item; item = value->type == JSON_ARRAY ? item->next : NULL)
		if ((item->type == JSON_STRING && str_eq(item->string, code)) ||
		    (item->type == JSON_TRUE && str_eq(code, STR("yes"))) ||
		    (item->type == JSON_FALSE && str_eq(code, STR("no"))))
			return true;
	return false;
}

static void add(struct options *options, struct str code, struct str text, struct str hint)
{
	struct arena *arena = options->arena;
	struct json *row = json_object(arena);
	size_t n = options->list ? options->list->count : 0;
	json_put_text(arena, row, STR("value"), code);
	json_put_text(arena, row, STR("text"), text.n ? text : code);
	json_put(row, STR("code_hint"), hint.n ? json_string(arena, hint) : json_null(arena));
	json_put_text(
		arena, row, STR("option_id"),
		n == 0 ? options->field->name
		       : arena_format(arena, "%.*s-%zu", STR_ARG(options->field->name), n + 1));
	json_put_bool(arena, row, STR("is_on"), is_chosen(options->value, code));
	json_push(options->list, row);
}

/* Offices by what their roles are called in public, never by what those who work there say. */
static bool add_offices(struct road_form *form, struct options *options, struct err *err)
{
	const struct pack *pack = casebook_pack(site_book(form->request));
	const struct casebook_office *offices;
	struct casebook_reader *reader;
	size_t count;
	if (!site_reader(form->request, &reader, err) ||
	    !casebook_offices(reader, form->request->arena, &offices, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct pack_office *role = offices[i].role;
		const struct pack_agency *agency = pack_agency_find(pack, offices[i].agency);
		struct str title = !role                  ? offices[i].title
		                   : role->public_title.n ? role->public_title
		                                          : role->title;
		add(options, offices[i].id, title, agency ? agency->title : STR_NONE);
	}
	return true;
}

static bool list_options(struct road_form *form, const struct pack_field *field,
                         const struct json *value, struct json **out, struct err *err)
{
	struct arena *arena = form->request->arena;
	struct options options = { arena, field, value, json_array(arena) };
	const struct pack_list *list = field->list;
	*out = options.list;
	for (size_t i = 0; list && i < list->count; i++)
		add(&options, list->codes[i].code, list->codes[i].title, list->codes[i].hint);
	if (field->type == PACK_YES) {
		add(&options, STR("yes"), STR("Yes"), STR_NONE);
		add(&options, STR("no"), STR("No"), STR_NONE);
	}
	return field->type != PACK_OFFICE || add_offices(form, &options, err);
}

/* --- what stands in it ----------------------------------------------------------------------- */

static void put_boxes(struct road_form *form, const struct pack_field *field, struct str text,
                      struct json *object)
{
	static const char *const NAMES[] = { "y", "m", "d" };
	struct arena *arena = form->request->arena;
	struct str parts[3] = { STR(""), STR(""), STR("") }, time = STR("");
	struct str day_text = text;
	struct day day;
	instant at;
	if (field->type == PACK_INSTANT && instant_read(text, &at)) {
		struct local local = zone_local(page_zone(form->request), at);
		day_text = day_write(arena, local.day);
		time = arena_format(arena, "%02d:%02d", local.hour, local.minute);
	} else if (field->type == PACK_INSTANT) {
		(void)str_cut(&text, ' ', &day_text);
		time = text.p ? text : STR("");
	}
	if (day_read(day_text, &day)) {
		parts[0] = arena_format(arena, "%d", day.year);
		parts[1] = arena_format(arena, "%d", day.month);
		parts[2] = arena_format(arena, "%d", day.day);
	} else {
		for (size_t i = 0; i < 3; i++)
			(void)str_cut(&day_text, '-', &parts[i]);
	}
	for (size_t i = 0; i < 3; i++)
		json_put_text(arena, object, str_from_c(NAMES[i]), parts[i].p ? parts[i] : STR(""));
	json_put_text(arena, object, STR("t"), time);
}

static struct str text_of(struct arena *arena, const struct json *value)
{
	if (value && value->type == JSON_INTEGER)
		return arena_format(arena, "%" PRId64, value->integer);
	return value && value->type == JSON_STRING ? value->string : STR("");
}

static void put_described(struct arena *arena, const struct pack_field *field, bool has_hint,
                          bool has_error, bool counts, struct json *object)
{
	struct str names = STR("");
	static const char *const ENDS[] = { "hint", "error", "info" };
	const bool has[] = { has_hint, has_error, counts };
	for (size_t i = 0; i < COUNT_OF(ENDS); i++)
		if (has[i])
			names = arena_format(arena, "%.*s%s%.*s-%s", STR_ARG(names),
			                     names.n ? " " : "", STR_ARG(field->name), ENDS[i]);
	json_put(object, STR("described_by"),
	         names.n ? json_string(arena, names) : json_null(arena));
}

static void put_look(struct arena *arena, const struct pack_field *field, struct json *object)
{
	enum look look = look_of(field);
	bool counts = look == LOOK_TEXT && field->max >= COUNTED_MIN;
	for (size_t i = 0; i < LOOKS; i++)
		json_put_bool(arena, object, str_from_c(LOOK_NAMES[i]), i == look);
	json_put_bool(arena, object, STR("counts"), counts);
	json_put_integer(arena, object, STR("rows"), field->type == PACK_WORDS ? 8 : 4);
	json_put_integer(arena, object, STR("max"), field->max);
	json_put_text(arena, object, STR("max_text"), wording_number(arena, field->max));
}

bool road_field_put(struct road_form *form, const struct pack_field *field, struct json *model,
                    struct err *err)
{
	struct arena *arena = form->request->arena;
	struct json *object = json_object(arena), *options;
	const struct json *value = json_member(form->fields, field->name);
	struct str error = page_error_of(model, field->name);
	bool counts = look_of(field) == LOOK_TEXT && field->max >= COUNTED_MIN;
	if (!list_options(form, field, value, &options, err))
		return false;
	json_put_text(arena, object, STR("name"), field->name);
	json_put_text(arena, object, STR("label"), field->label);
	json_put(object, STR("hint"),
	         field->hint.n ? json_string(arena, field->hint) : json_null(arena));
	json_put(object, STR("error"), error.n ? json_string(arena, error) : json_null(arena));
	json_put_bool(arena, object, STR("required"), field->required == PACK_REQUIRED);
	put_look(arena, field, object);
	put_described(arena, field, field->hint.n > 0, error.n > 0, counts, object);
	json_put_bool(arena, object, STR("is_long"), options && options->count > OPTIONS_LONG);
	json_put(object, STR("options"), options);
	json_put_text(arena, object, STR("text_value"), text_of(arena, value));
	put_boxes(form, field, text_of(arena, value), object);
	json_put(model, STR("field"), object);
	return true;
}

/* --- in the list of answers ------------------------------------------------------------------ */

static void add_text(struct road_form *form, const struct pack_field *field, struct str text,
                     struct json *lines)
{
	struct arena *arena = form->request->arena;
	struct str line;
	struct day day;
	instant at;
	if (field->type == PACK_DATE && day_read(text, &day))
		text = wording_day(arena, day);
	else if (field->type == PACK_INSTANT && instant_read(text, &at))
		text = json_text(page_time(form->request, at), STR("text"));
	while (str_trim(text).n > 0 && str_cut(&text, '\n', &line))
		json_push(lines, json_string(arena, line));
}

bool road_field_lines(struct road_form *form, const struct pack_field *field, struct json *lines,
                      struct err *err)
{
	struct arena *arena = form->request->arena;
	const struct json *value = json_member(form->fields, field->name);
	enum look look = look_of(field);
	struct json *options;
	if (!value)
		return true;
	if (look == LOOK_FILES) {
		const struct json *file = value->type == JSON_ARRAY ? value->first : value;
		for (; file; file = value->type == JSON_ARRAY ? file->next : NULL)
			json_push(lines, json_string(arena, json_text(file, STR("name"))));
		return true;
	}
	if (look != LOOK_RADIOS && look != LOOK_CHECKS) {
		add_text(form, field, text_of(arena, value), lines);
		return true;
	}
	if (!list_options(form, field, value, &options, err))
		return false;
	for (const struct json *row = options ? options->first : NULL; row; row = row->next)
		if (json_is_true(row, STR("is_on")))
			json_push(lines, json_string(arena, json_text(row, STR("text"))));
	return true;
}
