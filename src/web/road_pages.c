/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The pages of a road: what it is for, one field a page, and the answers once
 * more. What was answered is kept as it is sent; twice sent is sent once.
 */
#include "web/road.h"

#include "web/act_form.h"

/* --- opening --------------------------------------------------------------------------------- */

static struct str key_of(const struct road *road)
{
	return road->rules->name;
}

/* Of a road that adds: the file that the code opened. ERR_NONE in err: there is none, and the
 * answer leads to where a code is typed. */
static bool open_file(struct road_form *form, struct web_answer *answer,
                      struct casebook_file **file, struct err *err)
{
	struct owed owed;
	*file = NULL;
	if (!str_starts(form->request->head->path, STR("/return/")))
		return true;
	if (!return_open(form->request, answer, &form->visit, &owed, err))
		return false;
	*file = arena_alloc(form->request->arena, 1, sizeof **file);
	if (!*file)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	**file = owed.file;
	return true;
}

bool road_open(struct web_request *request, struct web_answer *answer, struct road_form *out,
               struct err *err)
{
	struct casebook_file *file;
	*out = (struct road_form){ .request = request };
	if (!open_file(out, answer, &file, err) || !road_find(request, file, &out->road, err) ||
	    !report_open(request, &out->report, err))
		return false;
	struct json *root = out->report.draft.root;
	struct json *roads = draft_object(request->arena, root, STR("tell"));
	out->is_begun = json_member(roads, key_of(&out->road)) != NULL;
	out->kept = draft_object(request->arena, roads, key_of(&out->road));
	out->fields = draft_object(request->arena, out->kept, STR("fields"));
	return out->fields || err_set(err, ERR_UNABLE, "There is no memory for this page");
}

void road_form_finish(struct road_form *form)
{
	return_visit_finish(&form->visit);
	report_finish(&form->report);
}

/* Nothing of it stays in the draft; another road's answers do. */
static void forget(struct road_form *form)
{
	struct json *root = form->report.draft.root;
	struct json *roads = draft_object(form->request->arena, root, STR("tell"));
	draft_set(roads, key_of(&form->road), NULL);
	if (roads->count == 0)
		draft_set(root, STR("tell"), NULL);
}

static bool save(struct road_form *form, struct web_answer *answer, struct err *err)
{
	if (!report_submission(form->request, &form->report).p)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	return draft_save(form->request, answer, &form->report.draft, err);
}

static bool adds(const struct road_form *form)
{
	return form->road.file.n > 0;
}

static struct str home_of(const struct road_form *form)
{
	return adds(form) ? STR("/return/status") : STR("/");
}

/* Leaving drops these answers at once, and keeps what the code has opened. */
static bool leave(struct road_form *form, struct web_answer *answer, struct err *err)
{
	forget(form);
	web_answer_redirect(answer, home_of(form));
	return draft_save(form->request, answer, &form->report.draft, err);
}

/* --- what it is for -------------------------------------------------------------------------- */

static struct str heading_of(struct road_form *form)
{
	struct str action = road_words(form->request, form->road.rules, STR("action"));
	return action.n ? action : pack_kind_action(form->road.rules);
}

/* Who owes what by when as soon as it is sent, where the rules say it to the public. */
static struct json *promises(struct road_form *form)
{
	struct arena *arena = form->request->arena;
	const struct pack_kind *kind = form->road.rules;
	struct json *rows = json_array(arena);
	for (size_t i = 0; i < kind->open_count; i++) {
		const struct pack_duty *duty = kind->opens[i].duty;
		const struct pack_period *within = &duty->within;
		bool is_known = !duty->within_is_field &&
		                (within->unit == PACK_HOURS || within->unit == PACK_WORKING_DAYS);
		if (!duty->public_text.n || kind->opens[i].owner || !is_known)
			continue;
		json_push(rows, json_string(arena,
		                            arena_format(arena, "%.*s: within %" PRId64 " %s%s.",
		                                         STR_ARG(duty->public_text), within->amount,
		                                         within->unit == PACK_HOURS ? "hour"
		                                                                    : "working day",
		                                         within->amount == 1 ? "" : "s")));
	}
	return rows;
}

bool road_begin_get(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(road_form_finish) struct road_form form = { 0 };
	struct arena *arena = request->arena;
	if (!road_open(request, answer, &form, err))
		return err->code == ERR_NONE;
	struct page_head head = { .page = STR("tell"),
		                  .title = STR("Tell us"),
		                  .back = home_of(&form) };
	struct json *model = page_begin(request, &head);
	struct str about = road_words(request, form.road.rules, STR("about"));
	json_put_text(arena, model, STR("heading"), heading_of(&form));
	json_put(model, STR("about"), about.n ? json_string(arena, about) : json_null(arena));
	json_put_text(arena, model, STR("next"), road_page_path(request, &form.road, 0));
	json_put_integer(arena, model, STR("pages"), (int64_t)form.road.kind.field_count);
	json_put_bool(arena, model, STR("begins"), !adds(&form));
	json_put(model, STR("promises"), promises(&form));
	return page_answer(request, answer, STR("public/tell"), model, err);
}

/* --- one field ------------------------------------------------------------------------------- */

/* By its number in the path, from 1. */
static const struct pack_field *field_of(struct road_form *form, size_t *n, struct err *err)
{
	uint64_t number;
	struct str given = web_param(form->request, STR("page"));
	if (!str_to_u64(given, form->road.kind.field_count, &number) || number == 0) {
		err_set(err, ERR_ABSENT, "We cannot find that page");
		return NULL;
	}
	*n = (size_t)number - 1;
	return &form->road.kind.fields[*n];
}

static struct json *begin_page(struct road_form *form, size_t n)
{
	struct web_request *request = form->request;
	bool is_checked = json_is_true(form->kept, STR("checked"));
	struct page_head head = {
		.page = STR("tell.question"),
		.title = arena_format(request->arena, "Question %zu", n + 1),
		.back = is_checked ? road_page_path(request, &form->road, SIZE_MAX)
		        : n > 0    ? road_page_path(request, &form->road, n - 1)
		                   : form->road.path,
		.step = (int)n + 1,
		.steps = (int)form->road.kind.field_count,
	};
	return page_begin(request, &head);
}

static bool show_page(struct road_form *form, struct web_answer *answer,
                      const struct pack_field *field, size_t n, struct json *model, struct err *err)
{
	struct web_request *request = form->request;
	struct arena *arena = request->arena;
	bool takes_files = field->type == PACK_ATTACHMENT;
	const struct json *files = takes_files ? json_member(form->fields, field->name) : NULL;
	instant until = request->now + INSTANT_PER_HOUR;
	struct json *kept = json_object(arena);
	json_put(kept, STR("until"), page_time_clock(request, until));
	json_put_integer(arena, kept, STR("left"), INSTANT_PER_HOUR / INSTANT_PER_SECOND);
	json_put(model, STR("kept"), form->report.draft.is_there ? kept : json_null(arena));
	json_put_bool(arena, model, STR("is_lost"), form->report.draft.is_lost);
	json_put_text(arena, model, STR("action"), road_page_path(request, &form->road, n));
	json_put_bool(arena, model, STR("takes_files"), takes_files);
	json_put(model, STR("files"), report_files_rows(request, files));
	json_put_bool(arena, model, STR("has_files"), files && files->count > 0);
	return road_field_put(form, field, model, err) &&
	       page_answer(request, answer, STR("public/tell-question"), model, err);
}

bool road_page_get(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(road_form_finish) struct road_form form = { 0 };
	size_t n;
	if (!road_open(request, answer, &form, err))
		return err->code == ERR_NONE;
	if (form.report.is_found)
		return report_tell_found(request, answer, &form.report, err);
	const struct pack_field *field = field_of(&form, &n, err);
	return field && show_page(&form, answer, field, n, begin_page(&form, n), err);
}

/* The answer of this page out of the form or the JSON that was sent. */
static void read_field(struct road_form *form, const struct pack_field *field)
{
	struct web_request *request = form->request;
	struct act_form act = {
		.request = request, .kind = &form->road.kind, .fields = form->fields, .is_new = true
	};
	if (field->type == PACK_ATTACHMENT) {
		struct json *files = draft_list(request->arena, form->fields, field->name);
		report_file_away(files, site_value(request, STR("away")));
		return;
	}
	const struct json *value = json_member(act_read(&act), field->name);
	draft_set(form->fields, field->name,
	          value && value->type != JSON_NULL ? draft_copy(request->arena, value) : NULL);
}

static bool take_files(struct road_form *form, const struct pack_field *field, struct json *model)
{
	struct web_request *request = form->request;
	const struct json *taken = report_files_taken(request);
	if (field->type != PACK_ATTACHMENT)
		return true;
	struct json *files = draft_list(request->arena, form->fields, field->name);
	if (!report_files_keep(request, files, taken))
		page_error(request, model, STR("files"), STR("Send at most 10 files"));
	return report_files_errors(request, model) && !page_error_of(model, STR("files")).p;
}

/* Notes what is wrong with one field, or with all (NULL): each beside its page. */
static bool check(struct road_form *form, const struct pack_field *field, struct json *model,
                  struct err *err)
{
	struct web_request *request = form->request;
	const struct casebook_field_error *errors;
	struct casebook_reader *reader;
	size_t count;
	if (!site_reader(request, &reader, err) ||
	    !casebook_fields_try(reader, request->arena, &form->road.kind, form->fields, &errors,
	                         &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!field || str_eq(errors[i].field, field->name))
			page_error(request, model, errors[i].field, errors[i].text);
	return true;
}

static bool go_on(struct road_form *form, struct web_answer *answer, size_t n, struct err *err)
{
	bool is_checked = json_is_true(form->kept, STR("checked"));
	bool stays = site_value(form->request, STR("away")).n > 0 ||
	             site_value(form->request, STR("add")).n > 0;
	web_answer_redirect(answer, road_page_path(form->request, &form->road,
	                                           stays        ? n
	                                           : is_checked ? SIZE_MAX
	                                                        : n + 1));
	return save(form, answer, err);
}

bool road_page_post(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(road_form_finish) struct road_form form = { 0 };
	size_t n;
	(void)report_files_taken(request);
	if (!road_open(request, answer, &form, err))
		return err->code == ERR_NONE;
	const struct pack_field *field = field_of(&form, &n, err);
	if (!field)
		return false;
	if (site_value(request, STR("leave")).n > 0)
		return leave(&form, answer, err);
	struct json *model = begin_page(&form, n);
	read_field(&form, field);
	if (!take_files(&form, field, model)) {
		answer->status = 422; /* what arrived is kept all the same */
		return save(&form, answer, err) && show_page(&form, answer, field, n, model, err);
	}
	if (!check(&form, field, model, err))
		return false;
	if (json_is_true(model, STR("has_errors"))) {
		answer->status = 422;
		return show_page(&form, answer, field, n, model, err);
	}
	return go_on(&form, answer, n, err);
}

/* --- the answers once more ------------------------------------------------------------------- */

static bool put_answers(struct road_form *form, struct json *model, struct err *err)
{
	struct arena *arena = form->request->arena;
	struct json *rows = json_array(arena);
	for (size_t i = 0; i < form->road.kind.field_count; i++) {
		const struct pack_field *field = &form->road.kind.fields[i];
		struct json *row = json_object(arena), *lines = json_array(arena);
		if (!road_field_lines(form, field, lines, err))
			return false;
		json_put_text(arena, row, STR("row_id"), field->name);
		json_put_text(arena, row, STR("question"), field->label);
		json_put_bool(arena, row, STR("answer"), lines && lines->count > 0);
		json_put(row, STR("lines"), lines);
		json_put_text(arena, row, STR("href"),
		              road_page_path(form->request, &form->road, i));
		json_put_text(
			arena, row, STR("change"),
			arena_format(arena, "question %zu: %.*s", i + 1, STR_ARG(field->label)));
		json_push(rows, row);
	}
	json_put(model, STR("answers"), rows);
	return true;
}

static struct json *begin_check(struct road_form *form)
{
	struct page_head head = { .page = STR("tell.check"),
		                  .title = STR("Check your answers"),
		                  .back = road_page_path(form->request, &form->road,
		                                         form->road.kind.field_count - 1) };
	return page_begin(form->request, &head);
}

static bool show_check(struct road_form *form, struct web_answer *answer, struct json *model,
                       struct err *err)
{
	struct web_request *request = form->request;
	if (!put_answers(form, model, err))
		return false;
	json_put_text(request->arena, model, STR("action"),
	              road_page_path(request, &form->road, SIZE_MAX));
	json_put_bool(request->arena, model, STR("has_code"), !adds(form));
	json_put_bool(request->arena, model, STR("is_lost"), form->report.draft.is_lost);
	page_submission(request, model, report_submission(request, &form->report));
	return page_answer(request, answer, STR("public/check"), model, err);
}

bool road_check_get(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(road_form_finish) struct road_form form = { 0 };
	if (!road_open(request, answer, &form, err))
		return err->code == ERR_NONE;
	if (form.report.is_found)
		return report_tell_found(request, answer, &form.report, err);
	if (!form.is_begun) {
		web_answer_redirect(answer, form.road.path);
		return true;
	}
	json_put_bool(request->arena, form.kept, STR("checked"), true);
	return save(&form, answer, err) && show_check(&form, answer, begin_check(&form), err);
}

/* --- sending --------------------------------------------------------------------------------- */

static bool submit(struct road_form *form, enum casebook_via via, struct str submission,
                   struct casebook_answer *sent, struct err *err)
{
	struct web_request *request = form->request;
	struct casebook_act act = {
		.actor = { .by = adds(form) ? CASEBOOK_BY_PERSON : CASEBOOK_BY_PUBLIC },
		.via = via,
		.kind = form->road.rules->name,
		.file = form->road.file,
		.submission = submission,
		.fields = form->fields,
		.wants_code = !adds(form),
	};
	if (!submission.p || !json_complete(form->fields))
		return err_set(err, ERR_UNABLE, "There is no memory for this");
	return casebook_submit(site_book(request), &act, request->arena, sent, err);
}

/* The words that the writer may want in her file. */
static const struct json *own_words(const struct road_form *form)
{
	struct json *words = json_array(form->request->arena);
	for (size_t i = 0; i < form->road.kind.field_count; i++) {
		const struct pack_field *field = &form->road.kind.fields[i];
		struct str text = json_text(form->fields, field->name);
		if ((field->type == PACK_WORDS || field->type == PACK_TEXT) && str_trim(text).n > 0)
			json_push(words, json_string(form->request->arena, text));
	}
	return words;
}

/* It is in: whatever happens to the draft now, the code must be shown. */
static bool tell_sent(struct road_form *form, struct web_answer *answer,
                      const struct casebook_answer *sent, struct err *err)
{
	struct web_request *request = form->request;
	if (adds(form)) {
		forget(form);
		draft_set(form->report.draft.root, STR("submission"), NULL);
		form->visit.draft.root = form->report.draft.root;
		web_answer_redirect(answer, STR("/return/status"));
		return return_visit_keep(request, answer, &form->visit, form->visit.file,
		                         STR("We have what you sent."), err);
	}
	json_put_bool(request->arena, form->report.draft.root, STR("keep-words"),
	              site_choice(request, STR("keep-words")).n > 0);
	form->report.own_words = own_words(form);
	report_keep_code(request, &form->report, sent);
	forget(form);
	if (!draft_save(request, answer, &form->report.draft, err))
		return report_show_done(request, answer, &form->report, sent, false, err);
	web_answer_redirect(answer, STR("/report/done"));
	return true;
}

/* What was not admitted, as errors of the model. False: it could not be told, and err says why. */
static bool note_refused(struct road_form *form, struct json *model,
                         const struct casebook_answer *sent, struct err *err)
{
	struct str first = form->road.kind.fields[0].name;
	if (sent->outcome != CASEBOOK_FAILED) {
		page_error(form->request, model, first,
		           sent->sentence.n ? sent->sentence : STR("This cannot be sent now"));
		return true;
	}
	if (sent->err.code != ERR_INPUT) {
		*err = sent->err;
		return false;
	}
	page_answer_errors(form->request, model, sent, first);
	return true;
}

bool road_check_post(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(road_form_finish) struct road_form form = { 0 };
	struct casebook_answer sent = { 0 };
	if (!road_open(request, answer, &form, err))
		return err->code == ERR_NONE;
	if (site_value(request, STR("leave")).n > 0)
		return leave(&form, answer, err);
	if (form.fields->count == 0 && adds(&form)) {
		web_answer_redirect(answer, STR("/return/status"));
		return true;
	}
	if (form.fields->count == 0) {
		forget(&form);
		return report_without_answers(request, answer, &form.report, form.road.path, err);
	}
	struct json *model = begin_check(&form);
	if (!check(&form, NULL, model, err))
		return false;
	if (!json_is_true(model, STR("has_errors"))) {
		struct str id = report_submission(request, &form.report);
		if (!submit(&form, CASEBOOK_WEB, id.p ? report_submission_id(request, id) : id,
		            &sent, err))
			return false;
		if (sent.outcome == CASEBOOK_ADMITTED)
			return tell_sent(&form, answer, &sent, err);
		if (!note_refused(&form, model, &sent, err))
			return false;
	}
	answer->status = 422;
	return show_check(&form, answer, model, err);
}

/* --- all at once, by a program --------------------------------------------------------------- */

static void put_errors(struct arena *arena, struct json *body,
                       const struct casebook_field_error *errors, size_t count)
{
	struct json *list = json_array(arena);
	for (size_t i = 0; i < count; i++) {
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("field"), errors[i].field);
		json_put_text(arena, row, STR("text"), errors[i].text);
		json_push(list, row);
	}
	json_put(body, STR("errors"), list);
}

static bool refuse(struct web_request *request, struct web_answer *answer, unsigned status,
                   struct str message, const struct casebook_field_error *errors, size_t count)
{
	struct json *body = json_object(request->arena);
	json_put_integer(request->arena, body, STR("status"), (int64_t)status);
	json_put_text(request->arena, body, STR("message"), message);
	put_errors(request->arena, body, errors, count);
	answer->status = status;
	web_answer_json(answer, body);
	return true;
}

static bool answer_program(struct road_form *form, struct web_answer *answer,
                           const struct casebook_answer *sent, struct err *err)
{
	struct web_request *request = form->request;
	if (sent->outcome == CASEBOOK_ADMITTED)
		return report_tell_program(request, answer, sent);
	if (sent->outcome != CASEBOOK_FAILED)
		return refuse(request, answer, 409, sent->sentence, NULL, 0);
	if (sent->err.code == ERR_INPUT)
		return refuse(request, answer, 422,
		              STR("Nothing was sent. Some of it is not as it must be."),
		              sent->errors, sent->error_count);
	*err = sent->err;
	return false;
}

bool road_whole_post(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct road_form form = { .request = request };
	struct act_form act = { .request = request, .is_new = true };
	const struct casebook_field_error *errors;
	struct casebook_reader *reader;
	struct casebook_answer sent;
	size_t count;
	if (!road_find(request, NULL, &form.road, err))
		return false;
	if (!request->json || request->json->type != JSON_OBJECT)
		return err_set(err, ERR_USAGE, "Send one object as JSON");
	act.kind = &form.road.kind;
	form.fields = act_read(&act);
	/* By what is asked of the public: a field that is not asked is not sent either. */
	if (!site_reader(request, &reader, err) ||
	    !casebook_fields_try(reader, request->arena, &form.road.kind, form.fields, &errors,
	                         &count, err))
		return false;
	if (count > 0)
		return refuse(request, answer, 422,
		              STR("Nothing was sent. Some of it is not as it must be."), errors,
		              count);
	struct str submission =
		site_submission(request, form.road.path, form.road.file, form.fields);
	return submit(&form, CASEBOOK_API, submission, &sent, err) &&
	       answer_program(&form, answer, &sent, err);
}
