/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A weighty act is looked at once more before it is written: what was written,
 * and what follows from it. What could not be recorded at all comes back to
 * the form first.
 */
#include "web/act_form.h"

#define NAMED_MAX 12 /* acts that are no longer possible, by name */

/* "Concern" as it stands within a sentence. */
static struct str within(struct arena *arena, struct str title)
{
	char *p = arena_alloc(arena, title.n + 1, 1);
	if (!p || title.n == 0)
		return title;
	memcpy(p, title.p, title.n);
	if (p[0] >= 'A' && p[0] <= 'Z')
		p[0] = (char)(p[0] - 'A' + 'a');
	return (struct str){ p, title.n };
}

/* "Close concern C-183?"; a title that names no type of file has it behind. */
static struct str question_of(struct act_form *form)
{
	struct arena *arena = form->request->arena;
	struct str title = pack_kind_action(form->kind);
	if (form->is_new || !form->file.type)
		return arena_format(arena, "%.*s?", STR_ARG(title));
	struct str type = within(arena, form->file.type->title);
	struct str said = arena_format(arena, "the %.*s", STR_ARG(type));
	size_t at = str_find_str(title, said);
	if (at == title.n)
		return arena_format(arena, "%.*s: %.*s %.*s?", STR_ARG(title), STR_ARG(type),
		                    STR_ARG(form->file.number));
	struct str before = str_sub(title, 0, at), after = str_sub(title, at + said.n, title.n);
	return arena_format(arena, "%.*s%.*s %.*s%.*s?", STR_ARG(before), STR_ARG(type),
	                    STR_ARG(form->file.number), STR_ARG(after));
}

static void put_duty(struct act_form *form, const struct casebook_duty *duty, struct json *list)
{
	struct web_request *request = form->request;
	struct arena *arena = request->arena;
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("what"), duty->title);
	json_put_text(arena, row, STR("rule"), duty->rule);
	json_put_text(arena, row, STR("owner"), duty->office_title);
	json_put_text(arena, row, STR("late_text"),
	              duty->is_late
	                      ? json_text(page_late(request, duty->due, request->now), STR("text"))
	                      : STR(""));
	json_push(list, row);
}

/* Whether what happened then is done for it by the line, whichever of several is due first. */
static bool is_done(const struct act_form *form, const struct pack_settle *line,
                    const struct casebook_duty *duty, instant happened)
{
	struct err ignored = { 0 };
	bool is_perhaps, counts;
	return act_means(form, line, duty, &is_perhaps) && !is_perhaps &&
	       casebook_counts(form->reader, form->request->arena, duty, line, form->fields,
	                       happened, &counts, &ignored) &&
	       counts;
}

static bool is_first(const struct act_form *form, const struct pack_settle *line,
                     const struct casebook_duty *duty, instant happened)
{
	for (size_t i = 0; line->only == PACK_ONLY_EARLIEST && i < form->duties.count; i++) {
		const struct casebook_duty *other = &form->duties.at[i];
		if (act_is_before(other, duty) && is_done(form, line, other, happened))
			return false;
	}
	return true;
}

static bool settles(const struct act_form *form, const struct casebook_trial *trial,
                    const struct casebook_duty *duty, instant happened)
{
	for (size_t i = 0; i < form->kind->settle_count; i++) {
		const struct pack_settle *line = &form->kind->settles[i];
		if (trial->settles[i] && is_done(form, line, duty, happened) &&
		    is_first(form, line, duty, happened))
			return true;
	}
	return false;
}

static bool ends(const struct act_form *form, const struct casebook_trial *trial,
                 const struct casebook_duty *duty)
{
	for (size_t i = 0; i < form->kind->end_count; i++)
		if (trial->ends[i] && str_eq(form->kind->ends[i].duty->name, duty->rule))
			return true;
	return false;
}

/* Open duties of the file that it settles, and those that it ends without doing what is owed. */
static void put_done(struct act_form *form, const struct casebook_trial *trial,
                     const struct act_when *when)
{
	instant happened = when->has_happened ? when->happened : form->request->now;
	struct arena *arena = form->request->arena;
	struct json *settled = json_array(arena), *ended = json_array(arena);
	for (size_t i = 0; i < form->duties.count; i++) {
		const struct casebook_duty *duty = &form->duties.at[i];
		if (!duty->is_open)
			continue;
		if (settles(form, trial, duty, happened))
			put_duty(form, duty, settled);
		else if (ends(form, trial, duty))
			put_duty(form, duty, ended);
	}
	draft_set(form->model, STR("has_settles"), json_bool(arena, settled && settled->count > 0));
	draft_set(form->model, STR("settles"), settled);
	json_put_bool(arena, form->model, STR("has_ends"), ended && ended->count > 0);
	json_put(form->model, STR("ends"), ended);
}

static bool is_of_people(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->by_count; i++)
		if (kind->by[i].sort != PACK_BY_REGISTER)
			return !kind->is_built_in && !kind->retired.p && !kind->may_begin;
	return false;
}

/* The state it leads to, and what can be done now and not from there. */
static void put_state(struct act_form *form)
{
	struct arena *arena = form->request->arena;
	const struct pack *pack = casebook_pack(site_book(form->request));
	const struct pack_file_type *type = form->file.type;
	int old = form->file.state;
	int target =
		form->is_new || !type ? -1 : pack_kind_target(form->kind, type, old, form->fields);
	struct json *list = json_array(arena);
	bool moves = target >= 0 && target != old;
	json_put_text(arena, form->model, STR("becomes"),
	              moves ? type->state_titles[target] : STR(""));
	for (size_t i = 0; moves && old >= 0 && i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		uint32_t from = kind->file_types >> type->number & 1 ? kind->from[type->number] : 0;
		if (is_of_people(kind) && from >> old & 1 && !(from >> target & 1) && list &&
		    list->count < NAMED_MAX)
			json_push(list, json_string(arena, pack_kind_action(kind)));
	}
	json_put_bool(arena, form->model, STR("has_no_more"), list && list->count > 0);
	json_put(form->model, STR("no_more"), list);
}

/* Of what it may open, that which it opens by what was answered, and who then owes it. */
static void put_opens(struct act_form *form, const struct casebook_trial *trial)
{
	struct arena *arena = form->request->arena;
	const struct json *may = json_member(form->model, STR("opens"));
	struct json *opens = json_array(arena);
	size_t i = 0;
	for (const struct json *row = may ? may->first : NULL; row; row = row->next, i++) {
		/* What comes after the kind's lines the register opens of itself. */
		bool is_opened = i >= form->kind->open_count || trial->opens[i];
		struct json *one = is_opened ? draft_copy(arena, row) : NULL;
		if (!one)
			continue;
		draft_set(one, STR("is_perhaps"), json_bool(arena, false));
		json_push(opens, one);
	}
	draft_set(form->model, STR("has_opens"), json_bool(arena, opens && opens->count > 0));
	draft_set(form->model, STR("opens"), opens);
}

static void tell(struct act_form *form, struct json *told, struct str who)
{
	for (const struct json *at = told->first; at; at = at->next)
		if (str_eq(at->string, who))
			return;
	if (who.n && !str_eq(who, json_text(json_member(form->model, STR("you")), STR("title"))))
		json_push(told, json_string(form->request->arena, who));
}

/*
 * Who learns of it without asking: each office whose duty it opens, settles or
 * ends, on its own list. What whoever reported reads behind the code is apart.
 */
static void put_told(struct act_form *form)
{
	static const char *const LISTS[] = { "settles", "ends", "opens" };
	struct arena *arena = form->request->arena;
	struct json *told = json_array(arena);
	for (size_t i = 0; told && i < COUNT_OF(LISTS); i++) {
		const struct json *list = json_member(form->model, str_from_c(LISTS[i]));
		for (const struct json *row = list ? list->first : NULL; row; row = row->next) {
			struct str owner = json_text(row, STR("owner"));
			if (!str_eq(owner, STR("your own office")))
				tell(form, told, owner);
		}
	}
	json_put_bool(arena, form->model, STR("has_told"), told && told->count > 0);
	json_put(form->model, STR("told"), told);
	json_put_text(arena, form->model, STR("reporter_reads"),
	              form->kind->public_text.p ? form->kind->public_text : STR(""));
}

static bool show(struct act_form *form, const struct casebook_trial *trial,
                 const struct act_when *when, struct web_answer *answer, struct err *err)
{
	struct arena *arena = form->request->arena;
	struct json *values = json_array(arena);
	struct casebook_entry written = { .rules = form->kind,
		                          .kind = form->kind->name,
		                          .office = practice_viewer(form->request)->actor.office };
	draft_set(form->model, STR("title"), json_string(arena, question_of(form)));
	if (!entry_values(form->request, form->reader, &written, form->fields, values, err) ||
	    !act_words_put_confirm(form, err))
		return false;
	json_put(form->model, STR("values"), values);
	act_when_put(form);
	put_done(form, trial, when);
	put_state(form);
	put_opens(form, trial);
	put_told(form);
	return page_answer(form->request, answer, STR("practice/confirm"), form->model, err);
}

bool act_confirm(struct act_form *form, const struct act_when *when, struct web_answer *answer,
                 bool *is_answered, struct err *err)
{
	struct casebook_trial trial;
	*is_answered = false;
	if (!casebook_try(form->reader, form->request->arena, practice_viewer(form->request),
	                  form->is_new ? NULL : &form->file, form->kind, form->fields, &trial, err))
		return false;
	if (!form->kind->is_weighty && !trial.is_guarded)
		return true;
	/* What its gates would refuse is promised to nobody: the turn says at once what is missing.
	 */
	if (trial.error_count == 0 && trial.is_refused)
		return true;
	*is_answered = true;
	if (!kept_form_save(form->request, act_form_file(form), form->kind->name,
	                    act_when_keep(form), err))
		return false;
	if (trial.error_count == 0)
		return show(form, &trial, when, answer, err);
	for (size_t i = 0; i < trial.error_count; i++)
		page_error(form->request, form->model, trial.errors[i].field, trial.errors[i].text);
	answer->status = 422;
	return act_form_answer(form, answer, err);
}
