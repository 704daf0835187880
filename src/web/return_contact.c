/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How safe it is to reach whoever holds the code: said anew, and kept beside what was said before.
 */
#include "web/return.h"

#include "web/report.h"
#include "web/return_visit.h"

static struct json *begin(struct web_request *request, bool is_me)
{
	struct page_head head = { .page = STR("return.contact"),
		                  .title = STR("Contact"),
		                  .voice = is_me ? STR("me") : STR("other"),
		                  .back = STR("/return/status") };
	return page_begin(request, &head);
}

static bool show(struct web_request *request, struct web_answer *answer, struct json *model,
                 const struct json *answers, bool is_me, struct err *err)
{
	question_page_show(request, question_page_find(STR("contact")), is_me, answers, model);
	page_submission(request, model, site_random(request));
	return page_answer(request, answer, STR("public/reach"), model, err);
}

static bool is_child(const struct owed *owed)
{
	return owed->entry_count > 0 &&
	       str_eq(json_text(owed->entries[0].plain, STR("source")), STR("child"));
}

bool return_contact_get(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(return_visit_finish) struct return_visit visit = { 0 };
	struct owed owed;
	if (!return_open(request, answer, &visit, &owed, err))
		return err->code == ERR_NONE;
	bool is_me = is_child(&owed);
	return show(request, answer, begin(request, is_me), json_object(request->arena), is_me,
	            err);
}

bool return_contact_post(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(return_visit_finish) struct return_visit visit = { 0 };
	struct casebook_answer sent = { 0 };
	struct owed owed;
	if (!return_open(request, answer, &visit, &owed, err))
		return err->code == ERR_NONE;
	bool is_me = is_child(&owed);
	struct json *model = begin(request, is_me), *answers = json_object(request->arena);
	struct json *fields = json_object(request->arena);
	bool good = question_page_read(request, question_page_find(STR("contact")), is_me, answers,
	                               model);
	if (good && json_text(answers, STR("way")).n == 0) {
		page_error(request, model, STR("way"),
		           question_words(request, "question", "way", "wrong", is_me));
		good = false;
	}
	if (good) {
		report_contact_fields(request, answers, fields);
		if (!return_submit(request, &owed, STR("I say anew how you may reach me."), fields,
		                   &sent, err))
			return false;
		if (sent.outcome == CASEBOOK_ADMITTED) {
			web_answer_redirect(answer, STR("/return/status"));
			return return_visit_keep(request, answer, &visit, visit.file,
			                         STR("We have how we may reach you."), err);
		}
		if (!return_refused(request, model, &sent, err))
			return false;
	}
	answer->status = 422;
	return show(request, answer, model, answers, is_me, err);
}
