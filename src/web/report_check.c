/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The answers once more, and sending them: twice sent is sent once. */
#include "web/report.h"

/* --- the list of answers --------------------------------------------------------------------- */

struct listing {
	struct web_request *request;
	const struct report *report;
	struct buf text; /* of the row at hand */
};

static void add_line(struct listing *listing, struct str text)
{
	if (str_trim(text).n == 0)
		return;
	if (listing->text.n > 0)
		buf_add_char(&listing->text, '\n');
	buf_add(&listing->text, text);
}

/* A number by itself says nothing: "Age: 9". */
static struct str in_words(struct listing *listing, const struct question *question,
                           struct str text)
{
	bool is_age = str_eq(str_from_c(question->name), STR("age-said")) && str_trim(text).n > 0;
	return is_age ? arena_format(listing->request->arena, "Age: %.*s", STR_ARG(text)) : text;
}

static void add_answer(struct listing *listing, const struct question *question)
{
	const struct json *value =
		json_member(listing->report->answers, str_from_c(question->name));
	bool is_me = listing->report->is_me;
	struct day day;
	switch (question->type) {
	case QUESTION_LINE:
	case QUESTION_TEXT:
		add_line(listing, value ? in_words(listing, question, value->string) : STR(""));
		break;
	case QUESTION_CHOICE:
		if (value)
			add_line(listing, question_code_text(listing->request, question,
			                                     value->string, is_me));
		break;
	case QUESTION_CHOICES:
		for (const struct json *item = value ? value->first : NULL; item; item = item->next)
			add_line(listing, question_code_text(listing->request, question,
			                                     item->string, is_me));
		break;
	case QUESTION_DATE:
		if (question_day(listing->report->answers, question->name, listing->request->arena,
		                 &day))
			add_line(listing, wording_day(listing->request->arena, day));
		break;
	}
}

static void add_files(struct listing *listing)
{
	for (const struct json *file = listing->report->files->first; file; file = file->next)
		add_line(listing, json_text(file, STR("name")));
}

static struct json *row_of(struct listing *listing, const struct question_page *page)
{
	struct arena *arena = listing->request->arena;
	struct json *row = json_object(arena);
	bool is_me = listing->report->is_me;
	buf_clear(&listing->text);
	for (size_t i = 0; i < page->count; i++)
		add_answer(listing, &page->questions[i]);
	if (page->count == 0)
		add_files(listing);
	struct str rest = arena_copy(arena, buf_str(&listing->text)), line;
	struct json *lines = json_array(arena);
	while (rest.n > 0 && str_cut(&rest, '\n', &line))
		json_push(lines, json_string(arena, line));
	json_put_text(arena, row, STR("row_id"), str_from_c(page->name));
	json_put_text(arena, row, STR("question"), question_heading(listing->request, page, is_me));
	json_put_bool(arena, row, STR("answer"), lines && lines->count > 0);
	json_put(row, STR("lines"), lines);
	json_put_text(arena, row, STR("href"), arena_format(arena, "/report/%s", page->name));
	json_put_text(arena, row, STR("change"),
	              question_words(listing->request, "page", page->name, "change", is_me));
	return row;
}

static struct json *list_answers(struct web_request *request, const struct report *report)
{
	struct listing listing = { .request = request, .report = report };
	struct json *rows = json_array(request->arena);
	buf_init(&listing.text, WEB_FORM_MAX);
	for (size_t i = 0; i < report_page_count; i++)
		if (question_page_is_asked(request, &report_pages[i], report->is_me))
			json_push(rows, row_of(&listing, &report_pages[i]));
	buf_finish(&listing.text);
	return rows;
}

static struct json *begin(struct web_request *request, const struct report *report)
{
	struct page_head head = { .page = STR("report.check"),
		                  .title = STR("Check your answers"),
		                  .voice = report->is_me ? STR("me") : STR("other"),
		                  .back = report->is_me ? STR("/report/contact")
		                                        : STR("/report/you") };
	return page_begin(request, &head);
}

static bool show(struct web_request *request, struct web_answer *answer, struct report *report,
                 struct json *model, struct err *err)
{
	json_put(model, STR("answers"), list_answers(request, report));
	json_put_text(request->arena, model, STR("action"), STR("/report/check"));
	json_put_bool(request->arena, model, STR("has_code"), true);
	json_put_bool(request->arena, model, STR("is_lost"), report->draft.is_lost);
	page_submission(request, model, report_submission(request, report));
	return page_answer(request, answer, STR("public/check"), model, err);
}

bool report_check_get(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(report_finish) struct report report = { 0 };
	struct casebook_answer sent;
	bool is_confirmed;
	if (!report_open(request, &report, err))
		return false;
	if (report.is_found)
		return report_tell_found(request, answer, &report, err);
	if (report_sent(&report, &sent, &is_confirmed) && report.answers->count == 0) {
		web_answer_redirect(answer, STR("/report/done"));
		return true;
	}
	if (!report.draft.is_there) {
		web_answer_redirect(answer, STR("/report/danger"));
		return true;
	}
	if (!json_is_true(report.draft.root, STR("checked"))) {
		json_put_bool(request->arena, report.draft.root, STR("checked"), true);
		(void)report_submission(request, &report);
		if (!draft_save(request, answer, &report.draft, err))
			return false;
	}
	return show(request, answer, &report, begin(request, &report), err);
}

/* --- sending --------------------------------------------------------------------------------- */

static bool is_whole(struct web_request *request, const struct report *report, struct json *model)
{
	if (json_text(report->answers, STR("danger-now")).n == 0)
		page_error(request, model, STR("danger"),
		           report->is_me ? STR("Choose if you are in danger right now")
		                         : STR("Choose if somebody is in danger right now"));
	if (str_trim(json_text(report->answers, STR("happening"))).n == 0)
		page_error(request, model, STR("happening"),
		           STR("Write something about what is happening, even a few words"));
	return !json_is_true(model, STR("has_errors"));
}

static bool submit(struct web_request *request, struct report *report, struct casebook_answer *sent,
                   struct err *err)
{
	struct str submission = report_submission(request, report);
	const struct pack_kind *kind = casebook_pack(site_book(request))->report;
	struct casebook_act act = {
		.actor = { .by = CASEBOOK_BY_PUBLIC },
		.via = CASEBOOK_WEB,
		.kind = kind ? kind->name : STR_NONE,
		.submission = report_submission_id(request, submission),
		.fields = report_fields(request, report),
		.wants_code = true,
	};
	if (!kind)
		return err_set(err, ERR_ABSENT, "These rules know no report by the public");
	if (!submission.p || !json_complete(act.fields))
		return err_set(err, ERR_UNABLE, "There is no memory for this report");
	if (!casebook_submit(site_book(request), &act, request->arena, sent, err))
		return false;
	if (sent->outcome == CASEBOOK_ADMITTED)
		return true;
	if (sent->outcome == CASEBOOK_FAILED) {
		*err = sent->err;
		return false;
	}
	return err_set(err, ERR_FAULT, "a report was neither admitted nor failed");
}

/* It is in: whatever happens to the draft now, the code must be shown. */
static bool tell_sent(struct web_request *request, struct web_answer *answer, struct report *report,
                      const struct casebook_answer *sent, struct err *err)
{
	report_keep_sent(request, report, sent);
	if (!draft_save(request, answer, &report->draft, err))
		return report_show_done(request, answer, report, sent, false, err);
	web_answer_redirect(answer, STR("/report/done"));
	return true;
}

/* Somebody opened the page, waited, and the hour was over; or pressed twice. The page itself says
 * under which submission it was sent; the code is not shown to whoever comes with nothing else. */
bool report_without_answers(struct web_request *request, struct web_answer *answer,
                            struct report *report, struct str begin, struct err *err)
{
	struct casebook_answer sent;
	bool is_confirmed, is_sent = report_sent(report, &sent, &is_confirmed);
	bool is_news = report->is_found;
	if (!is_sent) {
		if (!report_find(request, site_choice(request, STR("submission")), &sent, &is_news,
		                 err))
			return false;
		is_sent = is_news;
		sent.has_code = false;
		if (is_news) {
			report_keep_sent(request, report, &sent);
			draft_set(report->draft.root, STR("was-shown"),
			          json_bool(request->arena, true));
		}
	}
	web_answer_redirect(answer, is_sent ? STR("/report/done") : begin);
	return !is_news || draft_save(request, answer, &report->draft, err);
}

bool report_check_post(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(report_finish) struct report report = { 0 };
	struct casebook_answer sent = { 0 };
	if (!report_open(request, &report, err))
		return false;
	if (site_value(request, STR("leave")).n > 0) {
		web_answer_redirect(answer, STR("/"));
		return draft_drop(request, answer, &report.draft, err);
	}
	if (report.answers->count == 0)
		return report_without_answers(request, answer, &report, STR("/report/danger"), err);
	struct json *model = begin(request, &report);
	if (!is_whole(request, &report, model)) {
		answer->status = 422;
		return show(request, answer, &report, model, err);
	}
	json_put_bool(request->arena, report.draft.root, STR("keep-words"),
	              site_choice(request, STR("keep-words")).n > 0);
	if (submit(request, &report, &sent, err))
		return tell_sent(request, answer, &report, &sent, err);
	if (err->code != ERR_INPUT)
		return false;
	page_answer_errors(request, model, &sent, STR("happening"));
	answer->status = 422;
	return show(request, answer, &report, model, err);
}
