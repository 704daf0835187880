/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* POST /report: a whole report at once, as a form or as JSON. */
#include "web/report.h"

#include "web/public.h"

/* A program needs the errors alone, and no page around them. */
static struct json *begin(struct web_request *request)
{
	struct page_head head = { .page = STR("report"),
		                  .title = STR("Something is not right yet") };
	if (!site_wants_json(request))
		return page_begin(request, &head);
	struct json *model = json_object(request->arena);
	json_put(model, STR("errors"), json_array(request->arena));
	json_put_bool(request->arena, model, STR("has_errors"), false);
	return model;
}

/* What was wrong, by key: nothing was sent. */
static bool refuse(struct web_request *request, struct web_answer *answer, struct json *model,
                   unsigned status, struct str message, struct err *err)
{
	struct arena *arena = request->arena;
	answer->status = status;
	if (site_wants_json(request)) {
		struct json *body = json_object(arena);
		json_put_integer(arena, body, STR("status"), (int64_t)status);
		json_put_text(arena, body, STR("message"), message);
		json_put(body, STR("errors"), draft_copy(arena, json_member(model, STR("errors"))));
		web_answer_json(answer, body);
		return true;
	}
	json_put_text(arena, model, STR("message"), message);
	return page_answer(request, answer, STR("public/not-sent"), model, err);
}

/* What proves it. The entry stands whatever fails here, and its code is told once: then these are
 * left out, and the code brings the receipt. */
static void put_proof(struct web_request *request, struct json *body,
                      const struct casebook_answer *sent)
{
	struct arena *arena = request->arena;
	struct casebook_grade grade;
	struct json *ignored;
	struct str receipt, key;
	struct err why = { 0 };
	site_reader_end(request); /* what was just sent must be in its view */
	if (!report_receipt(request, sent, &receipt, &why))
		return;
	json_put_text(arena, body, STR("receipt"), receipt);
	if (!public_grade(request, sent->index, &grade, &ignored, &why) || !grade.promise.p ||
	    !report_promise_key(request, &key, &why))
		return;
	json_put_text(arena, body, STR("promise"), grade.promise);
	json_put_text(arena, body, STR("promise_key"), key);
}

bool report_tell_program(struct web_request *request, struct web_answer *answer,
                         const struct casebook_answer *sent)
{
	struct arena *arena = request->arena;
	struct json *body = json_object(arena);
	json_put_text(arena, body, STR("code"), casebook_code_write(arena, &sent->code, '-'));
	json_put_text(arena, body, STR("file"), sent->file);
	json_put_integer(arena, body, STR("index"), sent->index);
	json_put_text(arena, body, STR("received"), instant_write(arena, sent->recorded));
	json_put_text(arena, body, STR("status"), STR("/return"));
	put_proof(request, body, sent);
	answer->status = 201;
	web_answer_json(answer, body);
	return true;
}

static bool tell_person(struct web_request *request, struct web_answer *answer,
                        const struct casebook_answer *sent, struct err *err)
{
	CLEANUP(report_finish) struct report report = { 0 };
	if (!report_open(request, &report, err))
		return report_show_done(request, answer, &report, sent, false, err);
	report_keep_sent(request, &report, sent);
	if (!draft_save(request, answer, &report.draft, err))
		return report_show_done(request, answer, &report, sent, false, err);
	web_answer_redirect(answer, STR("/report/done"));
	return true;
}

static bool submit(struct web_request *request, const struct json *fields,
                   struct casebook_answer *sent, struct err *err)
{
	const struct pack_kind *kind = casebook_pack(site_book(request))->report;
	struct casebook_act act = {
		.actor = { .by = CASEBOOK_BY_PUBLIC },
		.via = request->json ? CASEBOOK_API : CASEBOOK_WEB,
		.kind = kind ? kind->name : STR_NONE,
		.submission = site_submission(request, STR("/report"), STR(""), fields),
		.fields = fields,
		.wants_code = true,
	};
	if (!kind)
		return err_set(err, ERR_ABSENT, "These rules know no report by the public");
	if (!act.submission.p || !json_complete(fields))
		return err_set(err, ERR_UNABLE, "There is no memory for this report");
	return casebook_submit(site_book(request), &act, request->arena, sent, err);
}

bool report_whole_post(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct json *model = begin(request), *fields;
	struct casebook_answer sent = { 0 };
	if (!report_short_fields(request, model, &fields))
		return refuse(request, answer, model, 422,
		              STR("Nothing was sent. Some of it is not as it must be."), err);
	if (!submit(request, fields, &sent, err))
		return false;
	if (sent.outcome == CASEBOOK_ADMITTED)
		return site_wants_json(request) ? report_tell_program(request, answer, &sent)
		                                : tell_person(request, answer, &sent, err);
	if (sent.outcome != CASEBOOK_FAILED)
		return err_set(err, ERR_FAULT, "a report was neither admitted nor failed");
	if (sent.err.code == ERR_INPUT) {
		page_answer_errors(request, model, &sent, STR("report"));
		return refuse(request, answer, model, 422,
		              STR("Nothing was sent. Some of it is not as it must be."), err);
	}
	*err = sent.err;
	return false;
}
