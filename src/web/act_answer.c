/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What came of an act: refused with what is missing, waiting for a second reader, asked again. */
#include "web/act_form.h"

#include "web/file_parts.h"

static bool put_missing(struct act_form *form, const struct casebook_answer *given, struct err *err)
{
	struct arena *arena = form->request->arena;
	const struct pack *pack = casebook_pack(site_book(form->request));
	struct json *gates = json_array(arena);
	struct str last = STR("");
	for (size_t i = 0; i < given->missing_count; i++) {
		const struct casebook_missing *missing = &given->missing[i];
		const struct pack_gate *gate = pack_gate_find(pack, missing->gate);
		if (!gate || str_eq(gate->name, last))
			continue;
		last = gate->name;
		struct json *why = json_object(arena);
		json_put_text(arena, why, STR("name"), gate->name);
		json_put_text(arena, why, STR("gate_title"), gate->title.p ? gate->title : STR(""));
		json_push(gates, why);
	}
	json_put_bool(arena, form->model, STR("has_missing"), given->missing_count > 0);
	json_put_bool(arena, form->model, STR("has_gates"), gates && gates->count > 0);
	json_put(form->model, STR("gates"), gates);
	return act_supply_put(form, given, form->model, err);
}

/* What is met already, below what is missing: the writer sees how far it is. */
static bool put_there(struct act_form *form, struct err *err)
{
	struct arena *arena = form->request->arena;
	struct json *list = json_array(arena);
	const struct str *there = NULL;
	size_t count = 0;
	if (!form->is_new &&
	    !casebook_there(form->reader, arena, practice_viewer(form->request), &form->file,
	                    form->kind, form->fields, &there, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		json_push(list, json_string(arena, there[i]));
	json_put(form->model, STR("there"), list);
	return true;
}

/* The one entry that a file is begun about; NULL: none, or as many as one likes. */
static const struct pack_field *entry_field(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		if (field->type == PACK_ENTRY && !field->is_repeated && !field->retired.p)
			return field;
	}
	return NULL;
}

/*
 * disputes[{text, href}]: the files that this office may begin about a file and
 * one entry of it, with the refusal as that entry. Whoever thinks that the rule
 * is wrong is answered there, and passes no gate by it.
 */
static bool put_disputes(struct act_form *form, int64_t refusal, struct json *model,
                         struct err *err)
{
	struct arena *arena = form->request->arena;
	struct json *rows = json_array(arena);
	const struct pack_kind *const *kinds;
	size_t count = 0;
	if (!form->is_new && refusal >= 0 &&
	    !casebook_possible_begin(form->reader, arena, practice_viewer(form->request), &kinds,
	                             &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct pack_field *about = file_link_field(kinds[i], form->file.type);
		const struct pack_field *entry = entry_field(kinds[i]);
		struct json *row = json_object(arena);
		if (!about || !entry)
			continue;
		json_put_text(arena, row, STR("text"), pack_kind_action(kinds[i]));
		json_put_text(arena, row, STR("href"),
		              arena_format(arena, "/files/new/%.*s?%.*s=%.*s&%.*s=%" PRId64,
		                           STR_ARG(kinds[i]->name), STR_ARG(about->name),
		                           STR_ARG(form->file.number), STR_ARG(entry->name),
		                           refusal));
		json_push(rows, row);
	}
	json_put_bool(arena, model, STR("has_disputes"), rows && rows->count > 0);
	json_put(model, STR("disputes"), rows);
	return true;
}

static void put_title(struct act_form *form, struct str title)
{
	draft_set(form->model, STR("title"), json_string(form->request->arena, title));
}

/* Whether it would have led to where a file ends. */
static bool closes(const struct act_form *form)
{
	const struct pack_file_type *type = form->file.type;
	int target = form->is_new || !type
	                     ? -1
	                     : pack_kind_target(form->kind, type, form->file.state, form->fields);
	return target >= 0 && type->final >> target & 1;
}

bool act_answer_refused(struct act_form *form, const struct casebook_answer *given,
                        struct web_answer *answer, struct err *err)
{
	struct arena *arena = form->request->arena;
	bool is_gate = given->missing_count > 0;
	put_title(form, !is_gate       ? STR("This was refused")
	                : closes(form) ? STR("This cannot be closed yet")
	                               : STR("This cannot be done yet"));
	if (!put_missing(form, given, err) || (is_gate && !put_there(form, err)) ||
	    !put_disputes(form, given->index, form->model, err))
		return false;
	json_put_text(arena, form->model, STR("sentence"),
	              given->sentence.p ? given->sentence : STR(""));
	json_put_integer(arena, form->model, STR("refusal_entry"), given->index);
	json_put_bool(arena, form->model, STR("has_refusal_entry"), given->index >= 0);
	answer->status = is_gate ? 409 : 403;
	return page_answer(form->request, answer, STR("practice/refused"), form->model, err);
}

#define SINCE_MAX 20 /* entries of between that are told one by one */

/* What was written on the file after `seen`, but what the register said of this very act. */
static bool list_between(struct act_form *form, int64_t refusal, struct json *list, struct err *err)
{
	struct arena *arena = form->request->arena;
	const struct casebook_entry *entries;
	size_t count;
	int64_t seen;
	if (!act_read_seen(form, &seen))
		return true;
	if (!casebook_entries(form->reader, arena, form->file.n, seen, SINCE_MAX, &entries, &count,
	                      err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct json *row;
		if (entries[i].index == refusal)
			continue;
		if (!page_entry(form->request, form->reader, &entries[i], &row, err))
			return false;
		json_put_text(arena, row, STR("href"),
		              arena_format(arena, "/entries/%" PRId64, entries[i].index));
		json_push(list, row);
	}
	return true;
}

/* What was committed since the page was begun is in no reader that was taken before. */
static bool look_again(struct act_form *form, struct err *err)
{
	struct str number = form->file.number;
	site_reader_end(form->request);
	return site_reader(form->request, &form->reader, err) &&
	       casebook_file_find(form->reader, form->request->arena, number, &form->file, err);
}

bool act_answer_since(struct act_form *form, const struct casebook_answer *given,
                      struct web_answer *answer, struct err *err)
{
	struct web_request *request = form->request;
	struct json *between = json_array(request->arena);
	if (!look_again(form, err) || !act_form_begin(form, err) ||
	    !list_between(form, given->index, between, err))
		return false;
	draft_set(form->model, STR("clash"), json_null(request->arena));
	draft_set(form->model, STR("between"), between);
	draft_set(form->model, STR("has_between"),
	          json_bool(request->arena, between && between->count > 0));
	page_error(request, form->model, STR("send"), given->sentence);
	answer->status = 409;
	return act_form_answer(form, answer, err);
}

bool act_answer_waiting(struct act_form *form, const struct casebook_answer *given,
                        struct web_answer *answer, struct err *err)
{
	struct arena *arena = form->request->arena;
	const struct pack *pack = casebook_pack(site_book(form->request));
	struct json *roles = json_array(arena);
	put_title(form, STR("It waits for a second reader"));
	for (size_t i = 0; i < given->role_count; i++) {
		const struct pack_office *role = pack_office_find(pack, given->roles[i]);
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("role_title"), role ? role->title : given->roles[i]);
		json_push(roles, row);
	}
	json_put(form->model, STR("roles"), roles);
	json_put_integer(arena, form->model, STR("waiting"), given->index);
	answer->status = 202;
	return page_answer(form->request, answer, STR("practice/waiting"), form->model, err);
}

/* --- programs -------------------------------------------------------------------------------- */

/* Why, in one sentence: what a gate misses is named there too. */
static struct str refused_message(struct act_form *form, const struct casebook_answer *given)
{
	struct arena *arena = form->request->arena;
	struct str all = STR("");
	if (given->sentence.n)
		return given->sentence;
	for (size_t i = 0; i < given->missing_count; i++)
		all = arena_format(arena, "%.*s%s%.*s", STR_ARG(all),
		                   i ? "; " : "This cannot be done yet: ",
		                   STR_ARG(given->missing[i].sentence));
	return all.n ? all : STR("This was refused");
}

static bool put_lists(struct act_form *form, struct json *model,
                      const struct casebook_answer *given, struct err *err)
{
	struct arena *arena = form->request->arena;
	if (given->outcome == CASEBOOK_WAITING) {
		struct json *roles = json_array(arena);
		for (size_t i = 0; i < given->role_count; i++)
			json_push(roles, json_string(arena, given->roles[i]));
		json_put_integer(arena, model, STR("waiting"), given->index);
		json_put(model, STR("roles"), roles);
	}
	if (given->outcome == CASEBOOK_REFUSED && given->since) {
		struct json *between = json_array(arena);
		if (!look_again(form, err) || !list_between(form, given->index, between, err))
			return false;
		json_put_integer(arena, model, STR("since"), given->since);
		json_put(model, STR("between"), between);
	}
	if (given->outcome == CASEBOOK_REFUSED) {
		json_put_text(arena, model, STR("message"), refused_message(form, given));
		if (!act_supply_put(form, given, model, err) ||
		    !put_disputes(form, given->index, model, err))
			return false;
	}
	if (given->outcome == CASEBOOK_FAILED) {
		struct json *errors = json_array(arena);
		for (size_t i = 0; i < given->error_count; i++) {
			struct json *row = json_object(arena);
			json_put_text(arena, row, STR("field"), given->errors[i].field);
			json_put_text(arena, row, STR("text"), given->errors[i].text);
			json_push(errors, row);
		}
		json_put_text(arena, model, STR("message"), str_from_c(given->err.message));
		json_put(model, STR("errors"), errors);
	}
	return true;
}

bool act_answer_program(struct act_form *form, const struct casebook_answer *given,
                        struct web_answer *answer, struct err *err)
{
	static const char *const OUTCOMES[] = { [CASEBOOK_ADMITTED] = "admitted",
		                                [CASEBOOK_WAITING] = "waiting",
		                                [CASEBOOK_REFUSED] = "refused",
		                                [CASEBOOK_FAILED] = "failed" };
	static const unsigned STATUSES[] = { [CASEBOOK_ADMITTED] = 201,
		                             [CASEBOOK_WAITING] = 202,
		                             [CASEBOOK_REFUSED] = 409,
		                             [CASEBOOK_FAILED] = 422 };
	struct arena *arena = form->request->arena;
	struct json *model = json_object(arena);
	answer->status = STATUSES[given->outcome];
	if (given->outcome == CASEBOOK_REFUSED && given->missing_count == 0 && !given->since)
		answer->status = 403;
	if (given->outcome == CASEBOOK_FAILED && given->err.code == ERR_REFUSED)
		answer->status = 409; /* its key was used for something else */
	json_put_text(arena, model, STR("outcome"), str_from_c(OUTCOMES[given->outcome]));
	json_put_integer(arena, model, STR("entry"), given->index);
	if (given->outcome == CASEBOOK_ADMITTED) {
		json_put_text(arena, model, STR("file"), given->file.p ? given->file : STR(""));
		json_put_text(arena, model, STR("recorded"), instant_write(arena, given->recorded));
		json_put_bool(arena, model, STR("repeat"), given->is_repeat);
	}
	if (!put_lists(form, model, given, err) || !act_words_put_program(form, model, err))
		return false;
	web_answer_json(answer, model);
	return true;
}
