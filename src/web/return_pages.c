/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The code is typed into a form and never stands in an address; every wrong
 * one is answered alike, and counted for its address alone.
 */
#include "web/return.h"

#include "web/return_visit.h"

#define WRONG_CODE                                                                                 \
	STR("That code does not open anything. Check each word, or see \"I lost my code\"")

static struct json *begin(struct web_request *request)
{
	struct page_head head = { .page = STR("return"),
		                  .title = STR("Your code"),
		                  .back = STR("/") };
	return page_begin(request, &head);
}

/* The field as it was typed is shown again: it opened nothing. */
static bool show_form(struct web_request *request, struct web_answer *answer, struct json *model,
                      struct str typed, struct err *err)
{
	struct str error = page_error_of(model, STR("code"));
	page_field(request, model, STR("code"), typed);
	json_put(model, STR("code_error"),
	         error.p ? json_string(request->arena, error) : json_null(request->arena));
	return page_answer(request, answer, STR("public/return"), model, err);
}

bool return_get(struct web_request *request, struct web_answer *answer, struct err *err)
{
	return show_form(request, answer, begin(request), STR(""), err);
}

bool return_lost(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("return.lost"),
		                  .title = STR("No code"),
		                  .back = STR("/return") };
	return page_answer(request, answer, STR("public/lost"), page_begin(request, &head), err);
}

static bool refuse_code(struct web_request *request, struct web_answer *answer, struct str typed,
                        struct str sentence, struct err *err)
{
	if (!request->is_peer_exempt)
		(void)limit_take(site_web(request)->limits, LIMIT_CODES, &request->peer,
		                 clock_read().wall);
	answer->status = 404;
	if (site_wants_json(request)) {
		struct json *body = json_object(request->arena);
		json_put_integer(request->arena, body, STR("status"), 404);
		json_put_text(request->arena, body, STR("message"), sentence);
		web_answer_json(answer, body);
		return true;
	}
	struct json *model = begin(request);
	page_error(request, model, STR("code"), sentence);
	return show_form(request, answer, model, str_sub(typed, 0, 200), err);
}

/* A file of that code is in *file; else *sentence says what is wrong. False: it cannot be told. */
static bool find_file(struct web_request *request, struct str typed, struct casebook_file *file,
                      struct str *sentence, struct err *err)
{
	struct casebook_code code;
	struct casebook_reader *reader;
	*sentence = STR_NONE;
	if (typed.n == 0) {
		*sentence = STR("Write your code: four words and four digits");
		return true;
	}
	if (!casebook_code_read(typed, &code, err)) {
		if (err->code != ERR_ABSENT)
			return false;
		*sentence = arena_copy(request->arena, str_from_c(err->message));
		return true;
	}
	if (!site_reader(request, &reader, err))
		return false;
	if (casebook_file_by_code(reader, request->arena, &code, file, err))
		return true;
	*sentence = WRONG_CODE;
	return err->code == ERR_ABSENT;
}

bool return_status_post(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(return_visit_finish) struct return_visit visit = { 0 };
	struct str typed = site_choice(request, STR("code")), sentence;
	struct casebook_file file;
	unsigned wait = request->is_peer_exempt ? 0
	                                        : limit_look(site_web(request)->limits, LIMIT_CODES,
	                                                     &request->peer, clock_read().wall);
	if (wait > 0)
		return site_too_many(request, answer, wait, err);
	if (!find_file(request, typed, &file, &sentence, err))
		return false;
	if (sentence.p)
		return refuse_code(request, answer, typed, sentence, err);
	if (site_wants_json(request)) {
		struct casebook_reader *reader;
		struct owed owed;
		return site_reader(request, &reader, err) &&
		       owed_read(request, reader, file.id, &owed, err) &&
		       return_show_status(request, answer, &owed, STR(""), NULL, err);
	}
	if (!return_visit_open(request, &visit, err) ||
	    !return_visit_keep(request, answer, &visit, file.id, STR(""), err))
		return false;
	web_answer_redirect(answer, STR("/return/status"));
	return true;
}

bool return_leave(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(return_visit_finish) struct return_visit visit = { 0 };
	if (!return_visit_open(request, &visit, err) ||
	    !draft_drop(request, answer, &visit.draft, err))
		return false;
	web_answer_redirect(answer, STR("/"));
	return true;
}
