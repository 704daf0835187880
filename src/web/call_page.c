/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A report by telephone: one long page in the order of a call, what to say
 * beside it; then the code, to be read aloud. The code is shown to this account
 * in this answer, and is kept readable nowhere.
 */
#include "web/act_form.h"

#include "web/session_gate.h"

/* Said by the register itself: it came by telephone. */
static bool is_set(struct str name)
{
	return str_eq(name, STR("channel"));
}

static bool find_form(struct act_form *form, struct err *err)
{
	struct web_request *request = form->request;
	form->kind = casebook_pack(site_book(request))->report;
	form->is_new = true;
	form->path = STR("/work/call");
	form->fields = json_object(request->arena);
	if (!form->kind)
		return err_set(err, ERR_ABSENT, "These rules know no report");
	return site_reader(request, &form->reader, err);
}

static bool begin(struct act_form *form, struct err *err)
{
	struct web_request *request = form->request;
	struct arena *arena = request->arena;
	struct page_head head = { .page = STR("call"), .title = STR("Record a call") };
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &form->model, err))
		return false;
	json_put_text(arena, form->model, STR("form_of"),
	              kept_form_mark(request, practice_viewer(request)->actor.account));
	json_put(form->model, STR("kept"),
	         form->kept_at ? page_time_near(request, form->kept_at) : json_null(arena));
	struct str sent = site_choice(request, STR("submission"));
	page_submission(request, form->model, sent.n ? sent : site_random(request));
	return true;
}

/* The order in which people tell it, with the headings in between; what it does not
 * name comes behind, as the rules have it. */
static const struct {
	struct str name;
	const char *heading;
	int64_t lines; /* 0: as on any form */
} ORDER[] = {
	{ { "danger-now", 10 }, "", 0 },
	{ { "happening", 9 }, "Words as said", 14 },
	{ { "said", 4 }, "", 0 },
	{ { "about", 5 }, "The child", 0 },
	{ { "child", 5 }, "", 0 },
	{ { "age-said", 8 }, "", 0 },
	{ { "born", 4 }, "", 0 },
	{ { "home", 4 }, "", 0 },
	{ { "school", 6 }, "", 0 },
	{ { "others", 6 }, "", 0 },
	{ { "when-kind", 9 }, "When and where", 0 },
	{ { "when", 4 }, "", 0 },
	{ { "where", 5 }, "", 0 },
	{ { "harm", 4 }, "What it may be", 0 },
	{ { "harm-sign", 9 }, "", 0 },
	{ { "sexual-activity", 15 }, "", 0 },
	{ { "child-knows", 11 }, "", 0 },
	{ { "files", 5 }, "", 0 },
	{ { "source", 6 }, "Who is telling", 0 },
};

static bool is_ordered(struct str name)
{
	for (size_t i = 0; i < COUNT_OF(ORDER); i++)
		if (str_eq(ORDER[i].name, name))
			return true;
	return false;
}

static bool put_field(struct act_form *form, const struct pack_field *field, const char *heading,
                      int64_t lines, struct json *fields, struct err *err)
{
	struct arena *arena = form->request->arena;
	struct json *asked = json_array(arena);
	if (!field || !act_field_is_asked(form, field) || is_set(field->name))
		return true;
	if (!act_field_put(form, field, json_member(form->fields, field->name), asked, err))
		return false;
	struct json *one = asked ? asked->first : NULL;
	json_put_text(arena, one, STR("before"), str_from_c(heading));
	if (lines > 0)
		draft_set(one, STR("lines"), json_integer(arena, lines));
	json_push(fields, draft_copy(arena, one));
	return true;
}

static bool answer_form(struct act_form *form, struct web_answer *answer, struct err *err)
{
	struct json *fields = json_array(form->request->arena);
	const struct pack_kind *kind = form->kind;
	if (!act_words_read(form, err))
		return false;
	act_words_put_page(form);
	for (size_t i = 0; i < COUNT_OF(ORDER); i++)
		if (!put_field(form, pack_field_find(kind, ORDER[i].name), ORDER[i].heading,
		               ORDER[i].lines, fields, err))
			return false;
	for (size_t i = 0; i < kind->field_count; i++)
		if (!is_ordered(kind->fields[i].name) &&
		    !put_field(form, &kind->fields[i], "", 0, fields, err))
			return false;
	json_put(form->model, STR("asked_fields"), fields);
	act_when_put(form);
	return page_answer(form->request, answer, STR("practice/call"), form->model, err);
}

static bool load_kept(struct act_form *form, struct err *err)
{
	const struct json *kept;
	if (!kept_form_load(form->request, STR("new"), form->kind->name, &kept, &form->kept_at,
	                    err))
		return false;
	if (kept) {
		form->fields = draft_copy(form->request->arena, kept);
		act_when_restore(form);
	}
	return form->fields || err_set(err, ERR_UNABLE, "There is no memory for this form");
}

bool call_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct act_form form = { .request = request };
	if (!practice_has_office(request, answer))
		return true;
	return find_form(&form, err) && load_kept(&form, err) && begin(&form, err) &&
	       answer_form(&form, answer, err);
}

/* --- the code -------------------------------------------------------------------------------- */

/* "l for London, a for apple". */
static struct str spelled(struct arena *arena, struct str word)
{
	static const char *const AS[26] = { "apple", "Bristol", "Cardiff", "Derby",   "Exeter",
		                            "Fred",  "George",  "Harry",   "Italy",   "Jack",
		                            "King",  "London",  "Mother",  "Norwich", "orange",
		                            "Peter", "queen",   "Robert",  "sugar",   "Tommy",
		                            "uncle", "Victor",  "William", "X-ray",   "yellow",
		                            "zebra" };
	struct str text = STR("");
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] < 'a' || word.p[i] > 'z')
			continue;
		text = arena_format(arena, "%.*s%s%c for %s", STR_ARG(text), text.n ? ", " : "",
		                    word.p[i] - 'a' + 'A', AS[word.p[i] - 'a']);
	}
	return text;
}

static struct str digits_aloud(struct arena *arena, unsigned digits)
{
	static const char *const NAMES[] = { "zero", "one", "two",   "three", "four",
		                             "five", "six", "seven", "eight", "nine" };
	return arena_format(arena, "%s, %s, %s, %s", NAMES[digits / 1000 % 10],
	                    NAMES[digits / 100 % 10], NAMES[digits / 10 % 10], NAMES[digits % 10]);
}

static void put_code(struct arena *arena, struct json *model, const struct casebook_code *code)
{
	struct json *aloud = json_array(arena);
	for (size_t i = 0; i < 4; i++) {
		struct json *row = json_object(arena);
		struct str word = casebook_code_word(code->word[i]);
		json_put_text(arena, row, STR("word"), word);
		json_put_text(arena, row, STR("spelled"), spelled(arena, word));
		json_push(aloud, row);
	}
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("word"), arena_format(arena, "%04u", code->digits));
	json_put_text(arena, row, STR("spelled"), digits_aloud(arena, code->digits));
	json_push(aloud, row);
	json_put(model, STR("aloud"), aloud);
}

static bool put_promises(struct web_request *request, struct json *model, struct str file_id,
                         struct str *number, struct err *err)
{
	struct arena *arena = request->arena;
	struct json *rows = json_array(arena);
	struct casebook_reader *reader;
	struct casebook_file file;
	struct casebook_duty_list duties;
	site_reader_end(request); /* what was just written must be in its view */
	if (!site_reader(request, &reader, err) ||
	    !casebook_file_find(reader, arena, file_id, &file, err) ||
	    !casebook_duties_of_file(reader, arena, file.n, PRACTICE_ROWS, &duties, err))
		return false;
	for (size_t i = 0; i < duties.count; i++) {
		struct json *row = json_object(arena);
		/* To whoever is on the telephone: in the words for the public, if there are any. */
		const struct pack_duty *rules = duties.at[i].rules;
		bool has_words = rules && rules->public_text.n;
		json_put_text(arena, row, STR("what"),
		              has_words ? rules->public_text : duties.at[i].title);
		json_put_bool(arena, row, STR("is_plain"), has_words);
		json_put_text(arena, row, STR("office_title"), duties.at[i].office_title);
		json_put(row, STR("due"), page_time_due(request, duties.at[i].due));
		json_push(rows, row);
	}
	json_put(model, STR("promises"), rows);
	*number = file.number;
	return true;
}

static bool answer_code(struct web_request *request, const struct casebook_answer *given,
                        struct web_answer *answer, struct err *err)
{
	struct arena *arena = request->arena;
	struct page_head head = { .page = STR("call.code"), .title = STR("Read the code aloud") };
	struct json *model;
	struct str number;
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err) ||
	    !put_promises(request, model, given->file, &number, err))
		return false;
	put_code(arena, model, &given->code);
	json_put_bool(arena, model, STR("has_code"), given->has_code);
	json_put_integer(arena, model, STR("entry"), given->index);
	json_put_text(arena, model, STR("number"), number);
	json_put_text(arena, model, STR("file_href"), practice_file_path(request, number, STR("")));
	answer->status = 201;
	return page_answer(request, answer, STR("practice/call-code"), model, err);
}

/* --- taken ----------------------------------------------------------------------------------- */

static struct str submission_of(struct web_request *request)
{
	struct str key =
		request->head->key.p ? request->head->key : site_choice(request, STR("submission"));
	const struct str pieces[] = { practice_viewer(request)->actor.account, STR("\ncall\n"),
		                      key };
	struct hash hash = hash_of(arena_join(request->arena, pieces, COUNT_OF(pieces)));
	if (!key.n)
		return STR("");
	return arena_format(request->arena, "call %.*s", STR_ARG(hash_hex(request->arena, &hash)));
}

static bool submit(struct act_form *form, const struct act_when *when, struct web_answer *answer,
                   struct err *err)
{
	struct web_request *request = form->request;
	struct casebook_answer given;
	draft_set(form->fields, STR("channel"), json_string(request->arena, STR("phone")));
	struct casebook_act act = {
		.actor = site_actor(request),
		.via = site_via(request),
		.submission = submission_of(request),
		.kind = form->kind->name,
		.has_happened = when->has_happened,
		.happened = when->happened,
		.has_received = when->has_received,
		.received = when->received,
		.fields = form->fields,
		.wants_code = true,
	};
	if (!casebook_submit(site_book(request), &act, request->arena, &given, err))
		return false;
	if (given.outcome == CASEBOOK_ADMITTED)
		return kept_form_drop(request, STR("new"), form->kind->name, err) &&
		       answer_code(request, &given, answer, err);
	if (given.outcome == CASEBOOK_REFUSED)
		return err_set(err, ERR_REFUSED, "%.*s", STR_ARG(given.sentence));
	if (given.err.code == ERR_FAULT || given.err.code == ERR_UNABLE) {
		*err = given.err;
		return false;
	}
	bool is_used = given.err.code == ERR_REFUSED; /* the submission, for other words */
	if (is_used)
		page_submission(request, form->model, site_random(request));
	page_answer_errors(request, form->model, &given, STR("send"));
	answer->status = is_used ? 409 : 422;
	return answer_form(form, answer, err);
}

/* Like the form of any act: what was written outlives its session. */
static bool take_unknown(struct act_form *form, struct web_answer *answer, struct err *err)
{
	struct web_request *request = form->request;
	struct str cookie = fields_get(&request->head->cookies, site_web(request)->cookies[1]);
	form->kind = casebook_pack(site_book(request))->report;
	form->fields = json_object(request->arena);
	if (!cookie.p || !form->kind || site_wants_json(request)) {
		web_answer_redirect(answer, STR("/sign-in"));
		return true;
	}
	form->fields = act_read(form);
	return kept_form_set_aside(request, answer, STR("new"), form->kind->name,
	                           act_when_keep(form), err);
}

bool call_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct act_form form = { .request = request, .is_new = true };
	struct err why = { 0 };
	if (!session_gate_look(request, err))
		return false;
	if (site_visit(request)->known == SITE_UNKNOWN)
		return take_unknown(&form, answer, err);
	if (!practice_has_office(request, answer))
		return true;
	bool is_fresh = session_gate_form(request, &why);
	if (!find_form(&form, err) || !load_kept(&form, err))
		return false;
	form.fields = act_read(&form);
	act_upload_merge(&form);
	if (!kept_form_save(request, STR("new"), form.kind->name, act_when_keep(&form), err) ||
	    !begin(&form, err))
		return false;
	bool is_undeclared = act_read_undeclared(&form);
	if (!is_undeclared && site_choice(request, STR("save")).p) {
		web_answer_redirect(answer, STR("/work"));
		return true;
	}
	form.more = site_choice(request, STR("more"));
	form.is_words_checked = site_choice(request, STR("check")).p != NULL;
	if ((form.more.n || form.is_words_checked) && is_fresh && !is_undeclared)
		return answer_form(&form, answer, err);
	if (!is_fresh)
		page_error(request, form.model, STR("send"), str_from_c(why.message));
	struct act_when when;
	bool is_wrong = !act_when_read(&form, &when);
	if (act_upload_errors(&form) || is_undeclared || is_wrong || !is_fresh) {
		answer->status = is_fresh ? 422 : 400;
		return answer_form(&form, answer, err);
	}
	return submit(&form, &when, answer, err);
}
