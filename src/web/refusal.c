/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One page for all that is not given: heading and sentence by the status, the
 * reference of a fault, and the numbers to call. It says the same for what is
 * not there and for what this reader may not see.
 */
#include "web/refusal.h"

#include "web/draft.h"
#include "web/practice.h"
#include "web/report.h"
#include "web/session_gate.h"

struct refusal {
	unsigned status;
	const char *title;
	const char *sentence; /* NULL: the message of the error */
};

static const struct refusal REFUSALS[] = {
	{ 400, "We could not read that", NULL },
	{ 401, "Sign in first", NULL },
	{ 403, "Your office may not do this", NULL },
	{ 404, "We cannot find that page", "It may have moved, or the address may be mistyped." },
	{ 405, "We cannot find that page", "It may have moved, or the address may be mistyped." },
	{ 409, "This cannot be done now", NULL },
	{ 413, "This is larger than we can take",
	  "Send less at once. A file can be up to 200 MB." },
	{ 415, "We cannot take this", NULL },
	{ 422, "Something is not right yet", NULL },
	{ 429, "Wait a little", NULL },
	{ 500, "Something went wrong with us", NULL },
	{ 503, "We cannot take this right now", NULL },
};

static const struct refusal *refusal_of(unsigned status)
{
	static const struct refusal OTHERWISE = { 0, "We could not read that", NULL };
	for (size_t i = 0; i < COUNT_OF(REFUSALS); i++)
		if (REFUSALS[i].status == status)
			return &REFUSALS[i];
	return &OTHERWISE;
}

/* A post that comes from elsewhere is no matter of offices. */
static struct str title_of(const struct web_request *request, const struct refusal *refusal)
{
	const struct site_visit *visit = site_visit(request);
	if (refusal->status == 403 && (!visit || visit->known == SITE_UNKNOWN))
		return STR("We could not take this");
	return str_from_c(refusal->title);
}

/* Where a report was being sent, the same post may be made again: it cannot be sent twice. */
static bool was_sending(const struct web_request *request)
{
	return request->head->method == WEB_POST && request->head->path.p &&
	       str_eq(request->head->path, STR("/report/check"));
}

/* --- inside a session ------------------------------------------------------------------------ */

/* Who signed in stays among the pages of work; what is wrong with the register itself needs none of
 * it. */
static bool is_at_work(struct web_request *request, unsigned status)
{
	struct err ignored = { 0 };
	if (status >= 500)
		return false;
	if (!site_visit(request) && (status == 404 || status == 405)) {
		struct site_visit *visit = arena_alloc(request->arena, 1, sizeof *visit);
		if (!visit)
			return false;
		visit->web = request->ctx;
		visit->viewer.actor.by = CASEBOOK_BY_PUBLIC;
		request->session = visit;
		if (!session_gate_look(request, &ignored))
			return false;
	}
	return site_visit(request) && site_visit(request)->known == SITE_BY_SESSION;
}

/* "/files/C-9/access.broken" of any path of a file, whether there is one or not: it says nothing of
 * that. */
static struct str emergency_way(struct web_request *request)
{
	struct str rest = request->head->path, file;
	if (!rest.p || !str_starts(rest, STR("/files/")))
		return STR("");
	rest = str_sub(rest, 7, rest.n);
	(void)str_cut(&rest, '/', &file);
	for (size_t i = 0; i < file.n; i++) {
		char c = file.p[i];
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '-'))
			return STR("");
	}
	if (file.n == 0 || str_eq(rest, STR("access.broken")))
		return STR("");
	return practice_file_path(request, file, STR("access.broken"));
}

static struct json *begin(struct web_request *request, const struct page_head *head,
                          unsigned status, struct str *template)
{
	struct err ignored = { 0 };
	struct json *model;
	*template = STR("refusal");
	if (!is_at_work(request, status) ||
	    !practice_begin(request, head, PRACTICE_ELSEWHERE, &model, &ignored))
		return page_begin(request, head);
	*template = STR("practice/refusal");
	json_put_text(request->arena, model, STR("emergency"),
	              status == 404 ? emergency_way(request) : STR(""));
	return model;
}

/* A page of the report that was not yet being sent. */
static bool was_answering(const struct web_request *request)
{
	return request->head->path.p && str_starts(request->head->path, STR("/report/")) &&
	       !was_sending(request);
}

struct saved {
	bool is_draft;   /* answers are kept, and nothing of them was sent */
	instant until;   /* when they go */
	struct str code; /* of what was sent, while it may be shown; p NULL: nothing was, or it may
	                    not */
};

/* What her cookie opens; nothing when it cannot be told. */
static struct saved saved_of(struct web_request *request)
{
	CLEANUP(report_finish) struct report report = { 0 };
	struct casebook_answer sent;
	struct saved saved = { 0 };
	struct err err = { 0 };
	bool is_confirmed = true;
	if (!report_open(request, &report, &err) || !report.draft.is_there)
		return saved;
	if (report_sent(&report, &sent, &is_confirmed)) {
		if (!is_confirmed)
			saved.code = casebook_code_write(request->arena, &sent.code, ' ');
		return saved;
	}
	saved.until = report.draft.used + INSTANT_PER_HOUR;
	saved.is_draft = report.answers->count > 0 && saved.until > request->now;
	return saved;
}

/* What is known of what she wrote: it was not sent, it was, or nobody knows. */
static void put_saved(struct web_request *request, struct json *model, bool is_stop, bool is_fault)
{
	struct arena *arena = request->arena;
	struct saved saved = { 0 };
	if ((is_stop || is_fault) && was_answering(request))
		saved = saved_of(request);
	const char *word = saved.is_draft ? "draft" : saved.code.n > 0 ? "sent" : "unknown";
	json_put_text(arena, model, STR("saved"), str_from_c(word));
	json_put_bool(arena, model, STR("is_draft"), saved.is_draft);
	json_put(model, STR("sent_code"),
	         saved.code.n ? json_string(arena, saved.code) : json_null(arena));
	json_put(model, STR("until"),
	         saved.is_draft ? page_time_clock(request, saved.until) : json_null(arena));
	json_put_text(arena, model, STR("again"),
	              request->head->path.p ? request->head->path : STR("/"));
}

static struct json *refusal_model(struct web_request *request, unsigned status, struct str message,
                                  struct str reference, struct str *template)
{
	struct arena *arena = request->arena;
	const struct refusal *refusal = refusal_of(status);
	struct page_head head = { .page = STR("refusal"), .title = title_of(request, refusal) };
	struct json *model = begin(request, &head, status, template);
	bool is_stop = status == 503;
	json_put_integer(arena, model, STR("status"), (int64_t)status);
	json_put_text(arena, model, STR("message"),
	              refusal->sentence ? str_from_c(refusal->sentence) : message);
	json_put(model, STR("reference"),
	         reference.p ? json_string(arena, reference) : json_null(arena));
	json_put_bool(arena, model, STR("is_fault"), status == 500);
	json_put_bool(arena, model, STR("is_absent"), status == 404 || status == 405);
	json_put_bool(arena, model, STR("is_unavailable"), is_stop);
	json_put_bool(arena, model, STR("is_unfit"),
	              is_stop && casebook_unfit(site_book(request)).p);
	json_put_bool(arena, model, STR("may_send_again"), is_stop && was_sending(request));
	put_saved(request, model, is_stop, status == 500);
	json_put_integer(arena, model, STR("retry_s"), is_stop ? SERVER_RETRY_S : 0);
	return model;
}

/* What could not be read as a whole is an error of the whole, where those of fields stand. */
static void put_body_error(struct web_request *request, struct json *model, struct str message)
{
	struct json *errors = json_array(request->arena), *error = json_object(request->arena);
	json_put_text(request->arena, error, STR("field"), STR("body"));
	json_put_text(request->arena, error, STR("href"), STR("#body"));
	json_put_text(request->arena, error, STR("text"), message);
	json_push(errors, error);
	json_put(model, STR("errors"), errors);
}

void refusal_program(struct web_request *request, struct web_answer *answer, struct str message,
                     struct str reference, unsigned retry_s)
{
	struct json *model = json_object(request->arena);
	json_put_integer(request->arena, model, STR("status"), (int64_t)answer->status);
	json_put_text(request->arena, model, STR("message"), message);
	if (reference.p)
		json_put_text(request->arena, model, STR("reference"), reference);
	if (answer->status == 422)
		put_body_error(request, model, message);
	if (retry_s > 0)
		json_put_integer(request->arena, model, STR("retry_s"), (int64_t)retry_s);
	web_answer_json(answer, model);
}

void refusal_render(struct web_request *request, struct web_answer *answer, struct str message,
                    struct str reference)
{
	struct err err = { 0 }, unfit = { 0 };
	if (answer->status == 503 && !casebook_fits(site_book(request), &unfit))
		message = str_from_c(unfit.message);
	if (site_wants_json(request)) {
		refusal_program(request, answer, message, reference,
		                answer->status == 503 ? SERVER_RETRY_S : 0);
		return;
	}
	struct str template;
	struct json *model = refusal_model(request, answer->status, message, reference, &template);
	if (page_answer(request, answer, template, model, &err))
		return;
	journal_write(JOURNAL_ERROR, "web: a refusal could not be shown: %s", err.message);
	web_answer_text(answer, answer->status, message);
}
