/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The two times of an act beside that of its writing: when it happened, when it arrived. */
#include "web/act_form.h"

static const struct when_asked {
	struct str name;
	struct str key; /* of a program */
	const char *said;
	const char *legend;
	const char *hint;
} ASKED[] = {
	{ { "happened", 8 },
	  { "happened-at", 11 },
	  "When it happened",
	  "If it did not happen just now, when? (optional)",
	  "Leave it empty for now. Day, month, year, and the time on a 24-hour clock, like 27 3 2026 15:30" },
	{ { "received", 8 },
	  { "received-at", 11 },
	  "When it reached you",
	  "If it reached you earlier, when? (optional)",
	  "A letter or a message that lay there: what is owed is counted from when it came" },
};

/* As it was sent, else as it was kept. */
static struct str box(const struct act_form *form, struct str name, char which)
{
	struct arena *arena = form->request->arena;
	struct str key = arena_format(arena, "%.*s-%c", STR_ARG(name), which);
	if (form->request->form.count == 0)
		return json_text(form->kept_when, key);
	return str_trim(fields_get(&form->request->form, key));
}

/* No field is called so. */
static const struct str KEPT = { "(when)", 6 };

const struct json *act_when_keep(const struct act_form *form)
{
	struct arena *arena = form->request->arena;
	struct json *whole = draft_copy(arena, form->fields), *boxes = json_object(arena);
	for (size_t i = 0; i < COUNT_OF(ASKED); i++)
		for (const char *which = "dmyt"; *which; which++) {
			struct str typed = box(form, ASKED[i].name, *which);
			if (typed.n)
				json_put_text(arena, boxes,
				              arena_format(arena, "%.*s-%c", STR_ARG(ASKED[i].name),
				                           *which),
				              typed);
		}
	if (whole && boxes && boxes->count > 0)
		json_put(whole, KEPT, boxes);
	return whole;
}

void act_when_restore(struct act_form *form)
{
	if (!form->fields)
		return;
	form->kept_when = json_member(form->fields, KEPT);
	draft_set(form->fields, KEPT, NULL);
}

/* Which part of the boxes is wrong. */
static const char *wrong(const struct act_form *form, struct str name)
{
	struct str text = act_read_day(form, name), time = box(form, name, 't');
	struct day day, today = zone_day(page_zone(form->request), form->request->now);
	if (!day_read(text, &day))
		return "must be a real date and time, like 27 3 2026 15:30";
	if (day_compare(day, today) > 0)
		return "must be in the past";
	if (time.n == 0)
		return "wants a time of the day too, like 15:30";
	return "must have its time on a 24-hour clock, like 15:30";
}

static bool read_one(struct act_form *form, const struct when_asked *asked, bool tells, bool *has,
                     instant *at)
{
	struct web_request *request = form->request;
	struct str text = request->json ? json_text(request->json, asked->key)
	                                : act_read_instant(form, asked->name);
	const char *what = NULL;
	*has = text.n > 0;
	*at = 0;
	if (!*has)
		return true;
	if (!instant_read(text, at))
		what = request->json ? "must be an instant, like 2026-03-27T15:30:00Z"
		                     : wrong(form, asked->name);
	else if (*at > request->now)
		what = "must be in the past";
	if (what && tells)
		page_error(request, form->model, asked->name,
		           arena_format(request->arena, "%s %s", asked->said, what));
	return what == NULL;
}

static bool read_both(struct act_form *form, bool tells, struct act_when *out)
{
	bool happened = read_one(form, &ASKED[0], tells, &out->has_happened, &out->happened);
	return read_one(form, &ASKED[1], tells, &out->has_received, &out->received) && happened;
}

bool act_when_read(struct act_form *form, struct act_when *out)
{
	return read_both(form, true, out);
}

bool act_when_take(struct act_form *form, struct act_when *out, bool *is_right, struct err *err)
{
	const struct casebook_field_error *errors;
	size_t count = 0;
	*is_right = read_both(form, false, out);
	if (*is_right)
		return true;
	if (!form->request->json &&
	    !casebook_fields_try(form->reader, form->request->arena, form->kind, form->fields,
	                         &errors, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		page_error(form->request, form->model, errors[i].field, errors[i].text);
	read_both(form, true, out);
	return true;
}

void act_when_put(struct act_form *form)
{
	struct arena *arena = form->request->arena;
	struct json *list = json_array(arena);
	for (size_t i = 0; i < COUNT_OF(ASKED); i++) {
		const struct when_asked *asked = &ASKED[i];
		struct json *one = json_object(arena);
		struct str error = page_error_of(form->model, asked->name);
		bool is_typed = false;
		json_put_text(arena, one, STR("name"), asked->name);
		json_put_text(arena, one, STR("legend"), str_from_c(asked->legend));
		json_put_text(arena, one, STR("hint"), str_from_c(asked->hint));
		json_put_text(arena, one, STR("error"), error.p ? error : STR(""));
		for (const char *which = "dmyt"; *which; which++) {
			struct str typed = box(form, asked->name, *which);
			is_typed = is_typed || typed.n > 0;
			json_put_text(arena, one, (struct str){ which, 1 },
			              typed.p ? typed : STR(""));
		}
		json_put_text(arena, one, STR("said"),
		              is_typed ? str_from_c(asked->said) : STR(""));
		json_push(list, one);
	}
	json_put(form->model, STR("when"), list);
}
