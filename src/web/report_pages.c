/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One question a page. What was answered is kept as it is sent, so that going
 * back never loses an answer; an error shows the page again as it was filled.
 */
#include "web/report.h"

#define SUBMISSION_PREFIX "report/"

struct str report_submission_id(struct web_request *request, struct str submission)
{
	return arena_format(request->arena, SUBMISSION_PREFIX "%.*s", STR_ARG(submission));
}

bool report_find(struct web_request *request, struct str submission, struct casebook_answer *out,
                 bool *is_found, struct err *err)
{
	struct str id = report_submission_id(request, submission);
	struct casebook_reader *reader;
	struct err why = { 0 };
	*is_found = false;
	if (submission.n == 0 || id.n > CASEBOOK_SUBMISSION_MAX)
		return true;
	if (!id.p)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	if (!site_reader(request, &reader, err))
		return false;
	*is_found = casebook_sent(reader, request->arena, id, out, &why);
	return *is_found || why.code == ERR_ABSENT || err_set(err, why.code, "%s", why.message);
}

/* The hour is over and the answers are gone: sent or not, only the register knows. */
static bool find_lost(struct web_request *request, struct report *report, struct err *err)
{
	struct casebook_answer sent;
	if (!report->draft.is_lost)
		return true;
	if (!report_find(request, report->draft.submission, &sent, &report->is_found, err))
		return false;
	if (!report->is_found)
		return true;
	report->draft.is_lost = false;
	report_keep_sent(request, report, &sent);
	return true;
}

bool report_tell_found(struct web_request *request, struct web_answer *answer,
                       struct report *report, struct err *err)
{
	web_answer_redirect(answer, STR("/report/done"));
	return draft_save(request, answer, &report->draft, err);
}

bool report_open(struct web_request *request, struct report *out, struct err *err)
{
	*out = (struct report){ 0 };
	if (!draft_open(request, &out->draft, err) || !find_lost(request, out, err))
		return false;
	out->answers = draft_object(request->arena, out->draft.root, STR("answers"));
	out->files = draft_list(request->arena, out->draft.root, STR("files"));
	out->is_me = str_eq(json_text(out->answers, STR("about")), STR("me"));
	return out->answers && out->files
	               ? true
	               : err_set(err, ERR_UNABLE, "There is no memory for this page");
}

void report_finish(struct report *report)
{
	draft_finish(&report->draft);
}

struct str report_submission(struct web_request *request, struct report *report)
{
	struct str submission = json_text(report->draft.root, STR("submission"));
	if (submission.n > 0)
		return submission;
	submission = site_random(request);
	if (submission.p)
		json_put_text(request->arena, report->draft.root, STR("submission"), submission);
	return submission;
}

static struct str path_of(struct web_request *request, const struct question_page *page)
{
	return page ? arena_format(request->arena, "/report/%s", page->name) : STR("/report/check");
}

static struct json *begin(struct web_request *request, const struct question_page *page,
                          const struct report *report)
{
	const struct question_page *before = question_page_before(request, page, report->is_me);
	struct page_head head = {
		.page = arena_format(request->arena, "report.%s", page->name),
		.title = question_words(request, "page", page->name, "title", report->is_me),
		.voice = report->is_me ? STR("me") : STR("other"),
		.back = before ? path_of(request, before) : STR("/"),
	};
	question_page_step(request, page, report->is_me, &head.step, &head.steps);
	if (json_is_true(report->draft.root, STR("checked")))
		head.back = STR("/report/check");
	return page_begin(request, &head);
}

/* When the answers go, told in time by script, and on the page to everybody. */
static void put_kept(struct web_request *request, const struct report *report, struct json *model)
{
	struct arena *arena = request->arena;
	instant until = request->now + INSTANT_PER_HOUR;
	struct json *kept = json_object(arena);
	json_put(kept, STR("until"), page_time_clock(request, until));
	json_put_integer(arena, kept, STR("left"), INSTANT_PER_HOUR / INSTANT_PER_SECOND);
	json_put(model, STR("kept"), report->draft.is_there ? kept : json_null(arena));
	json_put_bool(arena, model, STR("is_lost"), report->draft.is_lost);
}

static bool show(struct web_request *request, struct web_answer *answer,
                 const struct question_page *page, struct report *report, struct json *model,
                 struct err *err)
{
	struct arena *arena = request->arena;
	static const char *const EXTRAS[] = { "child", "happening", "contact", "files", "you" };
	question_page_show(request, page, report->is_me, report->answers, model);
	put_kept(request, report, model);
	json_put_text(arena, model, STR("action"), path_of(request, page));
	for (size_t i = 0; i < COUNT_OF(EXTRAS); i++)
		json_put_bool(arena, model, arena_format(arena, "on_%s", EXTRAS[i]),
		              str_eq(str_from_c(page->name), str_from_c(EXTRAS[i])));
	json_put(model, STR("files"), report_files_rows(request, report->files));
	json_put_bool(arena, model, STR("has_files"), report->files->count > 0);
	return page_answer(request, answer, STR("public/question"), model, err);
}

static const struct question_page *page_asked(struct web_request *request, struct err *err)
{
	const struct question_page *page = question_page_find(web_param(request, STR("question")));
	if (!page)
		err_set(err, ERR_ABSENT, "We cannot find that page");
	return page;
}

bool report_question_get(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(report_finish) struct report report = { 0 };
	const struct question_page *page = page_asked(request, err);
	if (!page || !report_open(request, &report, err))
		return false;
	if (report.is_found)
		return report_tell_found(request, answer, &report, err);
	struct json *model = begin(request, page, &report);
	if (page->count == 0)
		report_files_broke(request, &report, model);
	return show(request, answer, page, &report, model, err);
}

/* Leaving drops the answers at once. */
static bool leave(struct web_request *request, struct web_answer *answer, struct report *report,
                  struct err *err)
{
	if (!draft_drop(request, answer, &report->draft, err))
		return false;
	web_answer_redirect(answer, STR("/"));
	return true;
}

static bool go_on(struct web_request *request, struct web_answer *answer,
                  const struct question_page *page, struct report *report, struct err *err)
{
	bool is_danger = str_eq(str_from_c(page->name), STR("danger")) &&
	                 str_eq(json_text(report->answers, STR("danger-now")), STR("yes"));
	if (!report_submission(request, report).p)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	if (!draft_save(request, answer, &report->draft, err))
		return false;
	report->is_me = str_eq(json_text(report->answers, STR("about")), STR("me"));
	if (report->is_found)
		web_answer_redirect(answer, STR("/report/done"));
	else if (is_danger)
		web_answer_redirect(answer, STR("/report/danger-now"));
	else if (json_is_true(report->draft.root, STR("checked")))
		web_answer_redirect(answer, STR("/report/check"));
	else
		web_answer_redirect(
			answer, path_of(request, question_page_next(request, page, report->is_me)));
	return true;
}

bool report_question_post(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(report_finish) struct report report = { 0 };
	const struct question_page *page = page_asked(request, err);
	if (!page || !report_open(request, &report, err))
		return false;
	if (site_value(request, STR("leave")).n > 0)
		return leave(request, answer, &report, err);
	struct json *model = begin(request, page, &report);
	if (!question_page_read(request, page, report.is_me, report.answers, model)) {
		answer->status = 422;
		return show(request, answer, page, &report, model, err);
	}
	return go_on(request, answer, page, &report, err);
}

bool report_danger_now(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(report_finish) struct report report = { 0 };
	if (!report_open(request, &report, err))
		return false;
	if (report.is_found)
		return report_tell_found(request, answer, &report, err);
	struct page_head head = { .page = STR("report.danger-now"),
		                  .title = STR("Call now"),
		                  .voice = report.is_me ? STR("me") : STR("other"),
		                  .back = STR("/report/danger") };
	struct json *model = page_begin(request, &head);
	bool is_checked = json_is_true(report.draft.root, STR("checked"));
	json_put_text(request->arena, model, STR("next"),
	              is_checked ? STR("/report/check") : STR("/report/child"));
	return page_answer(request, answer, STR("public/danger-now"), model, err);
}

/* --- files ----------------------------------------------------------------------------------- */

static void add_taken(struct web_request *request, struct report *report, struct json *model)
{
	if (!report_files_keep(request, report->files, report_files_taken(request)))
		page_error(request, model, STR("files"), STR("Send at most 10 files"));
	draft_set(report->draft.root, STR("broke"), NULL);
}

bool report_files_post(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(report_finish) struct report report = { 0 };
	const struct question_page *page = question_page_find(STR("files"));
	(void)report_files_taken(request);
	if (!report_open(request, &report, err))
		return false;
	if (site_value(request, STR("leave")).n > 0)
		return leave(request, answer, &report, err);
	struct json *model = begin(request, page, &report);
	struct str away = site_value(request, STR("away"));
	report_file_away(report.files, away);
	add_taken(request, &report, model);
	if (!report_files_errors(request, model) || page_error_of(model, STR("files")).p) {
		answer->status = 422; /* what arrived is kept all the same */
		return draft_save(request, answer, &report.draft, err) &&
		       show(request, answer, page, &report, model, err);
	}
	if (away.n == 0 && site_value(request, STR("add")).n == 0)
		return go_on(request, answer, page, &report, err);
	if (!draft_save(request, answer, &report.draft, err))
		return false;
	web_answer_redirect(answer, report.is_found ? STR("/report/done") : STR("/report/files"));
	return true;
}
