/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The form of an act. It comes back filled after an error, is kept as a draft
 * on the way, and outlives the session it was written in.
 */
#include "web/act_form.h"

#include "web/file_parts.h"

#define DUTIES_MAX 200

/* --- which form ------------------------------------------------------------------------------ */

static bool is_by_register(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->by_count; i++)
		if (kind->by[i].sort != PACK_BY_REGISTER)
			return false;
	return true;
}

static bool no_such_form(struct err *err)
{
	return err_set(err, ERR_ABSENT, "There is no such act");
}

bool act_form_kind(struct act_form *form, struct err *err)
{
	const struct pack *pack = casebook_pack(site_book(form->request));
	form->kind = pack_kind_find(pack, web_param(form->request, STR("kind")));
	if (!form->kind || is_by_register(form->kind))
		return no_such_form(err);
	/* Accounts are made with their password, never by this form. */
	if (str_eq(form->kind->name, STR("account.added")) ||
	    str_eq(form->kind->name, STR("account.changed")) ||
	    str_eq(form->kind->name, STR("token.made")))
		return no_such_form(err);
	return true;
}

static bool breaks_glass(const struct act_form *form)
{
	return form->kind && str_eq(form->kind->name, STR("access.broken"));
}

/* On an office's own file, what is said of an office is said of this one. */
static bool find_office(struct act_form *form, struct err *err)
{
	const struct casebook_office *offices;
	size_t count;
	if (!form->kind->is_built_in || !pack_field_find(form->kind, STR("office")) ||
	    !str_eq(form->file.type->name, STR("office")))
		return true;
	if (!casebook_offices(form->reader, form->request->arena, &offices, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (offices[i].file != form->file.n)
			continue;
		form->office = offices[i].id;
		form->office_title = offices[i].title;
	}
	return true;
}

bool act_form_find(struct act_form *form, struct err *err)
{
	struct web_request *request = form->request;
	if (!act_form_kind(form, err) || !site_reader(request, &form->reader, err))
		return false;
	form->is_new = str_eq(web_param(request, STR("id")), STR("new"));
	form->fields = json_object(request->arena);
	if (form->is_new)
		return form->kind->may_begin || no_such_form(err);
	if (!practice_file_to_break(request, form->reader, &form->file, &form->access, err))
		return false;
	/* Neither who breaks the glass nor who writes alone is told anything of the file. */
	if (!form->access.may_know && !breaks_glass(form) &&
	    !casebook_writes_alone(form->reader, practice_viewer(request), &form->access,
	                           form->kind))
		return err_set(err, ERR_ABSENT, "There is no such file");
	if (!form->file.type || !(form->kind->file_types >> form->file.type->number & 1))
		return no_such_form(err);
	/* What only begins a file is made on none. */
	if (form->kind->may_begin)
		return no_such_form(err);
	if (!form->access.may_know)
		return true;
	return find_office(form, err) &&
	       casebook_duties_of_file(form->reader, request->arena, form->file.n, DUTIES_MAX,
	                               &form->duties, err);
}

/* As the path has it; empty: no file was ever called so. */
static struct str file_of_path(const struct act_form *form)
{
	struct str id = web_param(form->request, STR("id"));
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		      c == '-'))
			return STR("");
	}
	return id;
}

struct str act_form_file(const struct act_form *form)
{
	if (form->is_new)
		return STR("new");
	return form->file.number.p ? form->file.number : file_of_path(form);
}

struct str act_form_path(const struct act_form *form)
{
	if (form->path.p)
		return form->path;
	return practice_file_path(form->request, act_form_file(form), form->kind->name);
}

/* --- the page -------------------------------------------------------------------------------- */

/* What an act about an account says of it in plain, where its seal opens for nobody. */
static const struct json *plain_about(struct arena *arena, const struct casebook_entry *waits)
{
	struct json *fields = json_object(arena);
	struct str account = json_text(waits->plain, STR("about"));
	struct str what = json_text(waits->plain, STR("what"));
	if (account.n)
		json_put_text(arena, fields, STR("account"), account);
	if (what.n)
		json_put_text(arena, fields, STR("what"), what);
	struct str version = json_text(waits->plain, STR("version"));
	if (version.n)
		json_put_text(arena, fields, STR("version"), version);
	return fields;
}

/* The act that waits, opened for its second reader as a recorded reading. */
static bool put_waiting(struct act_form *form, struct err *err)
{
	struct web_request *request = form->request;
	struct arena *arena = request->arena;
	const struct json *of = json_member(form->fields, STR("of")), *sealed, *act;
	struct casebook_entry entry;
	enum casebook_seal how;
	uint64_t index = 0;
	json_put(form->model, STR("waits"), json_null(arena));
	if (!str_eq(form->kind->name, STR("second.given")) || !of ||
	    !str_to_u64(of->string, INT64_MAX, &index))
		return true;
	if (!casebook_entry_get(form->reader, arena, (int64_t)index, &entry, err) ||
	    !casebook_open_seal(form->reader, practice_viewer(request), entry.index, arena, &how,
	                        &sealed, err))
		return err->code == ERR_ABSENT;
	struct json *waits = json_object(arena), *values = json_array(arena);
	const struct pack *pack = casebook_pack(site_book(request));
	const struct json *fields = plain_about(arena, &entry);
	if (entry.file != form->file.n || (how != CASEBOOK_SEAL_OPEN && fields->count == 0))
		return true;
	if (how == CASEBOOK_SEAL_OPEN) {
		if (!json_read(arena, json_text(sealed, STR("act")), 16, &act, err))
			return false;
		fields = json_member(act, STR("fields"));
	}
	struct casebook_entry *waiting = arena_alloc(arena, 1, sizeof *waiting);
	if (!waiting)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	*waiting = entry;
	form->waiting = waiting;
	struct casebook_entry meant = entry;
	meant.rules = pack_kind_find(pack, json_text(entry.plain, STR("kind")));
	if (!entry_values(request, form->reader, &meant, fields, values, err))
		return false;
	json_put_text(arena, waits, STR("act_title"),
	              meant.rules ? pack_kind_action(meant.rules) : STR(""));
	json_put(waits, STR("at"), page_time_near(request, entry.recorded));
	json_put(waits, STR("values"), values);
	json_put_text(arena, waits, STR("proposal_href"),
	              json_text(entry.plain, STR("version")).n
	                      ? arena_format(arena, "/pack/proposed/%" PRIu64, index)
	                      : STR(""));
	draft_set(form->model, STR("waits"), waits);
	return true;
}

/* Whoever breaks the glass is told nothing of the file before it is broken, who writes alone not
 * after it either. */
static bool knows_file(const struct act_form *form)
{
	return !form->is_new && form->access.may_know;
}

/* The one file that a form of a new file names already, where it was begun about it. */
static bool begun_about(const struct act_form *form, struct casebook_file *file)
{
	struct err ignored = { 0 };
	for (size_t i = 0; i < form->kind->field_count; i++) {
		struct str name = json_text(form->fields, form->kind->fields[i].name);
		if (form->kind->fields[i].type == PACK_FILE && name.n &&
		    casebook_file_find(form->reader, form->request->arena, name, file, &ignored))
			return file->type != NULL;
	}
	return false;
}

/* Where it leads back to. */
static void put_back(struct act_form *form)
{
	struct web_request *request = form->request;
	struct casebook_file file = form->file;
	bool has_file = !form->is_new || begun_about(form, &file);
	json_put(form->model, STR("file_name"),
	         has_file ? file_name(request, &file)
	                  : file_no_name(request->arena, STR("Begin a file")));
	json_put_text(request->arena, form->model, STR("file_href"),
	              has_file ? practice_file_path(request, file.number, STR(""))
	                       : STR("/work/begin"));
}

static void put_head(struct act_form *form)
{
	struct web_request *request = form->request;
	struct arena *arena = request->arena;
	struct json *model = form->model;
	bool has_files = false, has_rows = false;
	for (size_t i = 0; i < form->kind->field_count; i++) {
		has_files = has_files || form->kind->fields[i].type == PACK_ATTACHMENT;
		has_rows = has_rows || form->kind->fields[i].type == PACK_ROWS;
	}
	json_put_text(arena, model, STR("kind"), form->kind->name);
	struct str action = pack_kind_action(form->kind);
	json_put_text(arena, model, STR("heading"), action);
	json_put_text(arena, model, STR("button"),
	              form->kind->action.n ? action
	                                   : arena_format(arena, "Record: %.*s", STR_ARG(action)));
	json_put_text(arena, model, STR("action"), act_form_path(form));
	put_back(form);
	json_put(model, STR("office_given"),
	         form->office.n ? json_string(arena, form->office_title) : json_null(arena));
	json_put_bool(arena, model, STR("has_uploads"), has_files);
	json_put_bool(arena, model, STR("has_rows"), has_rows);
	json_put_bool(arena, model, STR("has_note"), form->kind->has_note);
	/* What begins a file has none to be looked at before it is written. */
	json_put_bool(arena, model, STR("is_weighty"), form->kind->is_weighty && !form->is_new);
	json_put_bool(arena, model, STR("asks_when"), !form->kind->is_built_in);
	struct str note = json_text(form->fields, STR("note"));
	json_put_text(arena, model, STR("note"), note.p ? note : STR(""));
	json_put(model, STR("kept"),
	         form->kept_at ? page_time_near(request, form->kept_at) : json_null(arena));
	json_put_integer(arena, model, STR("seen"), knows_file(form) ? form->file.last_entry : -1);
	json_put_text(arena, model, STR("form_of"),
	              kept_form_mark(request, practice_viewer(request)->actor.account));
	json_put(model, STR("clash"), json_null(arena));
	json_put_bool(arena, model, STR("has_between"), false);
	page_submission(request, model, site_random(request));
}

/* Somebody wrote since this form was opened: said, and no obstacle. */
static bool put_clash(struct act_form *form, int64_t seen, struct err *err)
{
	struct web_request *request = form->request;
	struct arena *arena = request->arena;
	struct casebook_entry last;
	if (!knows_file(form) || seen < 0 || form->file.last_entry <= seen)
		return true;
	if (!casebook_entry_get(form->reader, arena, form->file.last_entry, &last, err))
		return false;
	struct str title = last.office;
	if (last.office.n &&
	    !casebook_office_title(form->reader, arena, last.office, &title, err) &&
	    err->code != ERR_ABSENT)
		return false;
	struct json *clash = json_object(arena);
	json_put(clash, STR("at"), page_time_near(request, last.recorded));
	json_put_text(arena, clash, STR("by"), title.n ? title : STR("the register"));
	json_put_text(arena, clash, STR("href"),
	              arena_format(arena, "/entries/%" PRId64, last.index));
	json_put_integer(arena, clash, STR("entry"), last.index);
	draft_set(form->model, STR("clash"), clash);
	return true;
}

bool act_form_begin(struct act_form *form, struct err *err)
{
	struct web_request *request = form->request;
	int64_t seen;
	struct page_head head = { .page = STR("act"), .title = pack_kind_action(form->kind) };
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &form->model, err))
		return false;
	put_head(form);
	bool was_open = act_read_seen(form, &seen);
	return act_does_put(form, err) && put_waiting(form, err) &&
	       put_clash(form, was_open ? seen : -1, err);
}

bool act_form_answer(struct act_form *form, struct web_answer *answer, struct err *err)
{
	struct arena *arena = form->request->arena;
	struct json *fields = json_array(arena);
	if (!act_words_read(form, err))
		return false;
	act_words_put_page(form);
	for (size_t i = 0; i < form->kind->field_count; i++) {
		const struct pack_field *field = &form->kind->fields[i];
		if (act_field_is_asked(form, field) &&
		    !act_field_put(form, field, json_member(form->fields, field->name), fields,
		                   err))
			return false;
	}
	json_put(form->model, STR("asked_fields"), fields);
	act_when_put(form);
	return page_answer(form->request, answer, STR("practice/act"), form->model, err);
}

/* --- shown ----------------------------------------------------------------------------------- */

/* What the path already says: "?duty=D12.1", "?of=52". */
static void read_query(struct act_form *form)
{
	struct arena *arena = form->request->arena;
	const struct fields *query = &form->request->head->query;
	for (size_t i = 0; i < query->count; i++) {
		const struct pack_field *field = pack_field_find(form->kind, query->at[i].name);
		if (field && !field->is_sealed && !json_member(form->fields, field->name))
			json_put_text(arena, form->fields, field->name, query->at[i].value);
	}
}

/* The kind that is written: of a second reader who agrees, the one that waits. */
static struct str kind_written(struct act_form *form)
{
	const struct json *of = json_member(form->fields, STR("of"));
	struct casebook_entry entry;
	struct err ignored = { 0 };
	uint64_t index = of ? (uint64_t)of->integer : 0;
	if (!of || !str_eq(form->kind->name, STR("second.given")) ||
	    !str_eq(json_text(form->fields, STR("answer")), STR("yes")) ||
	    (of->type != JSON_INTEGER && !str_to_u64(of->string, JSON_INTEGER_MAX, &index)) ||
	    !casebook_entry_get(form->reader, form->request->arena, (int64_t)index, &entry,
	                        &ignored))
		return form->kind->name;
	return json_text(entry.plain, STR("kind"));
}

bool act_must_prove(struct act_form *form, struct web_answer *answer)
{
	const struct site_visit *visit = site_visit(form->request);
	if (visit->known != SITE_BY_SESSION || visit->viewer.actor.is_proved ||
	    !casebook_wants_proof(kind_written(form)))
		return false;
	if (form->request->json) {
		struct json *model = json_object(form->request->arena);
		json_put_integer(form->request->arena, model, STR("status"), 401);
		json_put_text(form->request->arena, model, STR("message"),
		              STR("This asks for password and code again, at /sign-in/again"));
		answer->status = 401;
		web_answer_json(answer, model);
		return true;
	}
	web_answer_redirect(answer, arena_format(form->request->arena, "/sign-in/again?to=%.*s",
	                                         STR_ARG(act_form_path(form))));
	return true;
}

bool act_must_prove_first(struct act_form *form, struct web_answer *answer, const struct err *err)
{
	return err->code == ERR_ABSENT && breaks_glass(form) && file_of_path(form).n > 0 &&
	       act_must_prove(form, answer);
}

bool act_load_kept(struct act_form *form, struct err *err)
{
	const struct json *kept;
	if (!kept_form_load(form->request, act_form_file(form), form->kind->name, &kept,
	                    &form->kept_at, err))
		return false;
	if (kept) {
		form->fields = draft_copy(form->request->arena, kept);
		act_when_restore(form);
	}
	return form->fields || err_set(err, ERR_UNABLE, "There is no memory for this form");
}

static bool find_possible_new(struct act_form *form, bool *is_offered, struct err *err)
{
	const struct pack_kind *const *kinds;
	size_t count;
	*is_offered = form->kind->is_built_in;
	if (!casebook_possible_begin(form->reader, form->request->arena,
	                             practice_viewer(form->request), &kinds, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		*is_offered = *is_offered || str_eq(kinds[i]->name, form->kind->name);
	return true;
}

/* Why the form is not given, or true with *is_possible. */
static bool find_possible(struct act_form *form, bool *is_offered, struct str *why, struct err *err)
{
	const struct casebook_possible *acts;
	size_t count;
	/* The register's own kinds are judged by what they name, which nobody has filled in yet. */
	*is_offered = form->kind->is_built_in;
	*why = STR_NONE;
	if (form->is_new)
		return find_possible_new(form, is_offered, err);
	if (*is_offered)
		return true;
	if (!casebook_possible_acts(form->reader, form->request->arena,
	                            practice_viewer(form->request), &form->file, &acts, &count,
	                            err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (acts[i].kind != form->kind && !str_eq(acts[i].kind->name, form->kind->name))
			continue;
		*is_offered = true;
		*why = acts[i].is_possible ? STR_NONE : acts[i].why_not;
	}
	return true;
}

/* Each office that may do it, and whoever owes what it settles. */
static struct json *who_may(struct act_form *form)
{
	struct arena *arena = form->request->arena;
	struct json *all = json_array(arena);
	for (size_t i = 0; i < form->kind->by_count; i++) {
		const struct pack_by *by = &form->kind->by[i];
		if (by->sort == PACK_BY_ROLE)
			json_push(all, json_string(arena, by->role->title));
		else if (by->sort == PACK_BY_OWNER)
			json_push(all, json_string(arena, arena_format(arena, "Whoever owes: %.*s",
			                                               STR_ARG(by->duty->title))));
	}
	return all;
}

static bool answer_not_yours(struct act_form *form, struct web_answer *answer, struct str why,
                             struct err *err)
{
	struct web_request *request = form->request;
	struct arena *arena = request->arena;
	struct page_head head = { .page = STR("act.not-possible"),
		                  .title = pack_kind_action(form->kind) };
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &form->model, err))
		return false;
	put_head(form);
	json_put_text(arena, form->model, STR("why_not"), why.p ? why : STR(""));
	struct json *may = who_may(form);
	json_put_bool(arena, form->model, STR("has_who_may"), may && may->count > 0);
	json_put(form->model, STR("who_may"), may);
	answer->status = why.p ? 409 : 403;
	return page_answer(request, answer, STR("practice/not-possible"), form->model, err);
}

bool act_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct act_form form = { .request = request };
	bool is_offered;
	struct str why;
	if (!practice_has_office(request, answer))
		return true;
	if (!act_form_find(&form, err))
		return act_must_prove_first(&form, answer, err);
	/* A form of it that is open still is answered by the turn, and its words come back. */
	if (form.kind->retired.p)
		return no_such_form(err);
	if (act_must_prove(&form, answer))
		return true;
	if (!find_possible(&form, &is_offered, &why, err))
		return false;
	if (!is_offered || why.p)
		return answer_not_yours(&form, answer, why, err);
	if (!act_load_kept(&form, err))
		return false;
	read_query(&form);
	return act_form_begin(&form, err) && act_form_answer(&form, answer, err);
}
