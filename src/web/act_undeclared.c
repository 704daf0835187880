/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a form may send: the fields that are asked, and what speaks of the post itself. */
#include "web/act_form.h"

#define SHOWN_MAX 5 /* errors */
#define NAME_SHOWN 60

/* What forms carry beside the fields of the kind. */
static bool is_of_the_post(const struct act_form *form, struct str name)
{
	static const struct str NAMES[] = {
		{ "csrf", 4 },    { "submission", 10 }, { "seen", 4 },
		{ "form-of", 7 }, { "confirm", 7 },     { "save", 4 },
		{ "to", 2 },      { "more", 4 },        { "check", 5 }
	};
	static const struct str WHEN[] = { { "happened-", 9 }, { "received-", 9 } };
	for (size_t i = 0; i < COUNT_OF(NAMES); i++)
		if (str_eq(NAMES[i], name))
			return true;
	for (size_t i = 0; i < COUNT_OF(WHEN); i++)
		if (str_starts(name, WHEN[i]) && name.n == WHEN[i].n + 1 &&
		    memchr("dmyt", name.p[name.n - 1], 4))
			return true;
	return str_starts(name, STR("leave-")) ||
	       (form->kind->has_note && str_eq(name, STR("note")));
}

/* A field by its name, or by one of its boxes: "seen-on", "seen-on-y". */
static bool is_box(const struct pack_field *field, struct str name)
{
	static const struct str BOXES[] = { { "-y", 2 }, { "-m", 2 }, { "-d", 2 }, { "-t", 2 } };
	bool is_reference =
		field->type == PACK_FILE || field->type == PACK_ENTRY || field->type == PACK_DUTY;
	struct str rest = str_sub(name, field->name.n, name.n);
	if (!str_starts(name, field->name))
		return false;
	for (size_t i = 0; i < COUNT_OF(BOXES); i++)
		if (str_eq(rest, BOXES[i]))
			return field->type == PACK_DATE || field->type == PACK_INSTANT ||
			       field->type == PACK_MONTH;
	return rest.n == 0 || (is_reference && str_eq(rest, STR("-n")));
}

/* "adults.0.name": a cell of a table. */
static bool is_cell(const struct pack_field *field, struct str name)
{
	struct str table, row;
	uint64_t n;
	if (field->type != PACK_ROWS || !str_cut(&name, '.', &table) ||
	    !str_eq(table, field->name) || !str_cut(&name, '.', &row) ||
	    !str_to_u64(row, UINT32_MAX, &n) || n >= field->items_max)
		return false;
	for (size_t i = 0; i < field->column_count; i++)
		if (is_box(&field->columns[i], name))
			return true;
	return false;
}

static bool is_declared(const struct act_form *form, struct str name)
{
	for (size_t i = 0; i < form->kind->field_count; i++) {
		const struct pack_field *field = &form->kind->fields[i];
		if (act_field_is_asked(form, field) &&
		    (is_box(field, name) || is_cell(field, name)))
			return true;
	}
	return false;
}

/* A field that was asked once: a form that was opened before the rules changed still has it. */
static const struct pack_field *retired_field(const struct act_form *form, struct str name)
{
	for (size_t i = 0; i < form->kind->field_count; i++) {
		const struct pack_field *field = &form->kind->fields[i];
		if (field->retired.p && (is_box(field, name) || is_cell(field, name)))
			return field;
	}
	return NULL;
}

static void say(struct act_form *form, struct str name)
{
	const struct pack_field *retired = retired_field(form, name);
	if (retired) {
		page_error(form->request, form->model, STR("send"),
		           arena_format(form->request->arena,
		                        "%.*s: this is not asked any more; leave it out. "
		                        "Nothing was recorded",
		                        STR_ARG(retired->label)));
		return;
	}
	struct str shown = str_sub(name, 0, NAME_SHOWN);
	while (shown.n > 0 && !str_is_utf8(shown))
		shown.n--;
	page_error(form->request, form->model, STR("send"),
	           arena_format(form->request->arena,
	                        "There is no field \"%.*s\" in %.*s. Nothing was recorded",
	                        STR_ARG(shown), STR_ARG(form->kind->title)));
}

bool act_read_undeclared(struct act_form *form)
{
	const struct fields *sent = &form->request->form;
	size_t wrong = 0;
	if (form->request->json)
		return false;
	for (size_t i = 0; i < sent->count && wrong < SHOWN_MAX; i++) {
		struct str name = sent->at[i].name;
		if (is_of_the_post(form, name) || is_declared(form, name) ||
		    (form->office.n && str_eq(name, STR("office"))))
			continue;
		say(form, name);
		wrong++;
	}
	struct str file = act_upload_undeclared(form);
	if (file.p) {
		say(form, file);
		wrong++;
	}
	return wrong > 0;
}
