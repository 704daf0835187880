/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a form sent, as the fields of an act. Whether they are good is judged in the turn. */
#include "web/act_form.h"

#define ROWS_MAX 100

static const struct str BOXES[] = {
	{ "-y", 2 }, { "-m", 2 }, { "-d", 2 }, { "-t", 2 }, { "-n", 2 }
};
#define BOX_TYPED 4

static struct str box(const struct act_form *form, struct str name, size_t which)
{
	struct str pieces[2] = { name, BOXES[which] };
	return str_trim(
		fields_get(&form->request->form, arena_join(form->request->arena, pieces, 2)));
}

/* "9" -> "09": what is no number stays as it was typed. */
static struct str two(struct arena *arena, struct str text)
{
	bool is_digit = text.n == 1 && text.p[0] >= '0' && text.p[0] <= '9';
	return is_digit ? arena_format(arena, "0%.*s", STR_ARG(text)) : text;
}

struct str act_read_day(const struct act_form *form, struct str name)
{
	struct arena *arena = form->request->arena;
	struct str y = box(form, name, 0), m = box(form, name, 1), d = box(form, name, 2);
	if (!y.n && !m.n && !d.n)
		return STR("");
	return arena_format(arena, "%.*s-%.*s-%.*s", STR_ARG(y), STR_ARG(two(arena, m)),
	                    STR_ARG(two(arena, d)));
}

/* Two digits, or one; -1: neither. */
static int small_number(struct str text)
{
	int n = 0;
	if (text.n < 1 || text.n > 2)
		return -1;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return -1;
		n = 10 * n + (text.p[i] - '0');
	}
	return n;
}

/* "15:30", "9:05"; false: no time of day. */
static bool read_time(struct str text, int *hour, int *minute)
{
	struct str first;
	if (!str_cut(&text, ':', &first) || text.n != 2)
		return false;
	*hour = small_number(first);
	*minute = small_number(text);
	return *hour >= 0 && *hour < 24 && *minute >= 0 && *minute < 60;
}

/* Boxes as an instant of UTC; what is none stays as typed, so that the turn names the field. */
struct str act_read_instant(const struct act_form *form, struct str name)
{
	struct arena *arena = form->request->arena;
	struct str text = act_read_day(form, name), time = box(form, name, 3);
	struct local local = { 0 };
	if (!text.n && !time.n)
		return STR("");
	if (!day_read(text, &local.day) || !read_time(time, &local.hour, &local.minute))
		return arena_format(arena, "%.*s %.*s", STR_ARG(text), STR_ARG(time));
	return instant_write(arena, zone_instant(page_zone(form->request), local));
}

/* What names something of the register: what is typed stands before what is chosen. */
static bool is_reference(const struct pack_field *field)
{
	return field->type == PACK_FILE || field->type == PACK_ENTRY || field->type == PACK_DUTY;
}

static struct json *read_one(const struct act_form *form, const struct pack_field *field,
                             struct str name)
{
	struct arena *arena = form->request->arena;
	struct str text = fields_get(&form->request->form, name);
	if (is_reference(field) && box(form, name, BOX_TYPED).n)
		text = box(form, name, BOX_TYPED);
	else if (field->type == PACK_DATE)
		text = act_read_day(form, name);
	else if (field->type == PACK_INSTANT)
		text = act_read_instant(form, name);
	else if (field->type == PACK_MONTH && (box(form, name, 0).n || box(form, name, 1).n))
		text = field->has_year_alone && !box(form, name, 1).n
		               ? box(form, name, 0)
		               : arena_format(arena, "%.*s-%.*s", STR_ARG(box(form, name, 0)),
		                              STR_ARG(two(arena, box(form, name, 1))));
	else if (field->type < PACK_TEXT)
		text = str_trim(text);
	return text.n ? json_string(arena, text) : NULL;
}

static bool is_among(const struct json *list, struct str text)
{
	for (const struct json *item = list ? list->first : NULL; item; item = item->next)
		if (str_eq(item->string, text))
			return true;
	return false;
}

/* Numbers that were typed beside what is chosen. */
static void read_typed(const struct act_form *form, const struct pack_field *field,
                       struct json *list)
{
	struct arena *arena = form->request->arena;
	struct str text = box(form, field->name, BOX_TYPED), line;
	while (str_cut(&text, '\n', &line))
		if (str_trim(line).n > 0 && !is_among(list, str_trim(line)))
			json_push(list, json_string(arena, str_trim(line)));
}

/* All values of a name; each line of a box counts as one of its own. */
static struct json *read_many(const struct act_form *form, const struct pack_field *field)
{
	struct arena *arena = form->request->arena;
	const struct fields *sent = &form->request->form;
	struct json *list = json_array(arena);
	bool is_lines = is_reference(field) || field->type == PACK_VERSION ||
	                field->type == PACK_NAME || field->type == PACK_IDENTIFIER;
	for (size_t i = 0; i < fields_count(sent, field->name); i++) {
		struct str text = fields_get_nth(sent, field->name, i), line;
		while (is_lines && str_cut(&text, '\n', &line))
			if (str_trim(line).n > 0)
				json_push(list, json_string(arena, str_trim(line)));
		if (!is_lines && text.n > 0)
			json_push(list, json_string(arena, text));
	}
	if (is_reference(field))
		read_typed(form, field, list);
	return list && list->count > 0 ? list : NULL;
}

static struct json *read_rows(const struct act_form *form, const struct pack_field *field)
{
	struct arena *arena = form->request->arena;
	struct json *rows = json_array(arena);
	for (size_t i = 0; i < field->items_max && i < ROWS_MAX; i++) {
		struct json *row = json_object(arena);
		for (size_t c = 0; c < field->column_count; c++) {
			struct str name = arena_format(arena, "%.*s.%zu.%.*s", STR_ARG(field->name),
			                               i, STR_ARG(field->columns[c].name));
			struct json *cell = read_one(form, &field->columns[c], name);
			if (cell)
				json_put(row, field->columns[c].name, cell);
		}
		if (row && row->count > 0)
			json_push(rows, row);
	}
	return rows && rows->count > 0 ? rows : NULL;
}

/* What stood in the draft of an attachment, without those that were left out. */
static struct json *read_files(const struct act_form *form, const struct pack_field *field)
{
	struct arena *arena = form->request->arena;
	const struct json *kept = json_member(form->fields, field->name);
	struct json *list = json_array(arena);
	const struct json *item = kept && kept->type == JSON_ARRAY ? kept->first : kept;
	for (; item; item = kept->type == JSON_ARRAY ? item->next : NULL) {
		struct str leave =
			arena_format(arena, "leave-%.*s", STR_ARG(json_text(item, STR("object"))));
		if (!fields_get(&form->request->form, leave).p)
			json_push(list, draft_copy(arena, item));
	}
	if (!list || list->count == 0)
		return NULL;
	return field->is_repeated ? list : draft_copy(arena, list->first);
}

static struct json *read_field(const struct act_form *form, const struct pack_field *field)
{
	if (field->type == PACK_ATTACHMENT)
		return read_files(form, field);
	if (field->type == PACK_ROWS)
		return read_rows(form, field);
	if (field->is_repeated || field->type == PACK_CODES)
		return read_many(form, field);
	return read_one(form, field, field->name);
}

/* A program's body is the fields themselves, beside what speaks of the post. */
static struct json *read_program(const struct act_form *form)
{
	static const struct str OTHERS[] = { { "csrf", 4 },
		                             { "submission", 10 },
		                             { "seen", 4 },
		                             { "happened-at", 11 },
		                             { "received-at", 11 } };
	struct arena *arena = form->request->arena;
	struct json *fields = json_object(arena);
	const struct json *sent = form->request->json;
	for (const struct json *value = sent->first; value; value = value->next) {
		bool is_other = false;
		for (size_t i = 0; i < COUNT_OF(OTHERS); i++)
			is_other = is_other || str_eq(value->key, OTHERS[i]);
		if (!is_other)
			json_put(fields, value->key, draft_copy(arena, value));
	}
	return fields;
}

/* What was sent for the office all the same is judged in the turn, and named there if it is
 * another.
 */
static void give_office(const struct act_form *form, struct json *fields)
{
	struct str sent = fields_get(&form->request->form, STR("office"));
	if (form->office.n && !json_member(fields, STR("office")))
		json_put_text(form->request->arena, fields, STR("office"),
		              sent.n ? sent : form->office);
}

struct json *act_read(struct act_form *form)
{
	struct arena *arena = form->request->arena;
	struct json *fields = json_object(arena);
	if (form->request->json) {
		if (form->request->json->type == JSON_OBJECT)
			fields = read_program(form);
		give_office(form, fields);
		return fields;
	}
	give_office(form, fields);
	for (size_t i = 0; i < form->kind->field_count; i++) {
		const struct pack_field *field = &form->kind->fields[i];
		struct json *value =
			act_field_is_asked(form, field) ? read_field(form, field) : NULL;
		if (value)
			json_put(fields, field->name, value);
	}
	struct str note = fields_get(&form->request->form, STR("note"));
	if (form->kind->has_note && note.n > 0)
		json_put_text(arena, fields, STR("note"), note);
	return fields;
}

bool act_read_seen(const struct act_form *form, int64_t *seen)
{
	uint64_t n;
	if (form->is_new)
		return false;
	if (form->request->json) {
		*seen = json_number(form->request->json, STR("seen"), -1);
		return *seen >= 0;
	}
	if (!str_to_u64(site_choice(form->request, STR("seen")), INT64_MAX, &n))
		return false;
	*seen = (int64_t)n;
	return true;
}
