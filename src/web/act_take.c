/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A posted form of an act, from who sends it to what came of it. What was
 * written is lost on no way out.
 */
#include "web/act_form.h"

#include "web/session_gate.h"

#define BESIDE_PAGE 100 /* entries looked at in one go */
#define OLD_FORM "This form was open for a long time. Check it and send again"

/* Each account's ids are its own, so that nobody is given the answer to another's act. */
static struct str submission_of(struct act_form *form)
{
	struct web_request *request = form->request;
	struct str key =
		request->head->key.p ? request->head->key : site_choice(request, STR("submission"));
	if (!key.n)
		return STR("");
	const struct str pieces[] = { practice_viewer(request)->actor.account, STR("\n"),
		                      act_form_path(form), STR("\n"), key };
	struct str whole = arena_join(request->arena, pieces, COUNT_OF(pieces));
	struct hash hash = hash_of(whole);
	return arena_format(request->arena, "act %.*s", STR_ARG(hash_hex(request->arena, &hash)));
}

static bool keep(struct act_form *form, struct err *err)
{
	return kept_form_save(form->request, act_form_file(form), form->kind->name,
	                      act_when_keep(form), err);
}

static bool again(struct act_form *form, struct web_answer *answer, unsigned status,
                  struct err *err)
{
	answer->status = status;
	return act_form_answer(form, answer, err);
}

/* Its submission was used for other words: the form comes back with a new one, so that it can be
 * sent. */
static bool answer_used(struct act_form *form, const struct casebook_answer *given,
                        struct web_answer *answer, struct err *err)
{
	if (form->request->json || site_via(form->request) == CASEBOOK_API)
		return act_answer_program(form, given, answer, err);
	page_submission(form->request, form->model, site_random(form->request));
	page_answer_errors(form->request, form->model, given, STR("submission"));
	return again(form, answer, 409, err);
}

static bool answer_failed(struct act_form *form, const struct casebook_answer *given,
                          struct web_answer *answer, struct err *err)
{
	if (given->err.code == ERR_REFUSED)
		return answer_used(form, given, answer, err);
	if (given->err.code == ERR_FAULT || given->err.code == ERR_UNABLE ||
	    site_via(form->request) == CASEBOOK_API || form->request->json) {
		*err = given->err;
		if (given->error_count > 0)
			return act_answer_program(form, given, answer, err);
		return false;
	}
	page_answer_errors(form->request, form->model, given, STR("submission"));
	return again(form, answer, given->err.code == ERR_ABSENT ? 404 : 422, err);
}

/* Whether this agreed to the reset of an account: then there is half a code to hand over. */
static bool agreed_to_reset(struct act_form *form, const struct casebook_answer *given)
{
	struct casebook_reader *reader;
	struct casebook_half half;
	struct err ignored = { 0 };
	if (!str_eq(form->kind->name, STR("second.given")) ||
	    !str_eq(json_text(form->fields, STR("answer")), STR("yes")))
		return false;
	site_reader_end(form->request); /* what was just written is seen by a new one */
	return site_reader(form->request, &reader, &ignored) &&
	       casebook_account_half(reader, practice_viewer(form->request)->actor.account,
	                             given->index, form->request->arena, &half, &ignored);
}

/*
 * The newest entry of the file that was written since the form was opened and
 * before its own; -1: none. A form that was sent twice finds its own entry on
 * the file, and what came behind it, and is answered as the first time.
 */
static int64_t beside(struct act_form *form, const struct casebook_answer *given)
{
	const struct json *clash = json_member(form->model, STR("clash"));
	const struct casebook_entry *list;
	struct err ignored = { 0 };
	int64_t seen;
	size_t count = BESIDE_PAGE;
	int64_t found = -1;
	if (!clash || clash->type != JSON_OBJECT)
		return -1;
	if (!given->is_repeat)
		return json_number(clash, STR("entry"), -1);
	if (!act_read_seen(form, &seen))
		return -1;
	for (int64_t at = seen; count == BESIDE_PAGE && at < given->index;) {
		if (!casebook_entries(form->reader, form->request->arena, form->file.n, at,
		                      BESIDE_PAGE, &list, &count, &ignored))
			return -1;
		for (size_t i = 0; i < count; i++) {
			at = list[i].index;
			found = at < given->index ? at : found;
		}
	}
	return found;
}

static struct str path_done(struct act_form *form, const struct casebook_answer *given)
{
	struct arena *arena = form->request->arena;
	int64_t other;
	if (agreed_to_reset(form, given))
		return arena_format(arena, "/accounts/agreed/%" PRId64, given->index);
	struct str number = form->is_new ? given->number : form->file.number;
	if (str_eq(site_choice(form->request, STR("to")), STR("/work")))
		return arena_format(arena, "/work?done=%" PRId64, given->index);
	struct str path =
		practice_file_path(form->request, number.n ? number : given->file, STR(""));
	other = beside(form, given);
	if (other >= 0)
		return arena_format(arena, "%.*s?done=%" PRId64 "&beside=%" PRId64, STR_ARG(path),
		                    given->index, other);
	return arena_format(arena, "%.*s?done=%" PRId64, STR_ARG(path), given->index);
}

static bool answer_given(struct act_form *form, const struct casebook_answer *given,
                         struct web_answer *answer, struct err *err)
{
	bool is_program = form->request->json != NULL;
	bool is_written = given->outcome == CASEBOOK_ADMITTED || given->outcome == CASEBOOK_WAITING;
	bool was_kept = form->kept_at || form->request->upload;
	/* A draft is touched when there is one, or when the words would be lost without it. */
	if (is_written && was_kept &&
	    !kept_form_drop(form->request, act_form_file(form), form->kind->name, err))
		return false;
	if (!is_written && !is_program && !keep(form, err))
		return false;
	if (given->outcome == CASEBOOK_FAILED)
		return answer_failed(form, given, answer, err);
	if (is_program)
		return act_answer_program(form, given, answer, err);
	if (given->outcome == CASEBOOK_REFUSED && given->since)
		return act_answer_since(form, given, answer, err);
	if (given->outcome == CASEBOOK_REFUSED)
		return act_answer_refused(form, given, answer, err);
	if (given->outcome == CASEBOOK_WAITING)
		return act_answer_waiting(form, given, answer, err);
	web_answer_redirect(answer, path_done(form, given));
	return true;
}

static bool submit(struct act_form *form, struct web_answer *answer, const struct act_when *when,
                   struct err *err)
{
	struct web_request *request = form->request;
	struct casebook_answer given;
	struct casebook_act act = {
		.actor = site_actor(request),
		.via = site_via(request),
		.submission = submission_of(form),
		.kind = form->kind->name,
		.file = form->is_new ? STR("") : form->file.id,
		.has_happened = when->has_happened,
		.happened = when->happened,
		.has_received = when->has_received,
		.received = when->received,
		.fields = form->fields,
	};
	act.has_seen = act_read_seen(form, &act.seen);
	/* Files that have arrived are named by a draft until an entry names them. */
	if (request->upload && !keep(form, err))
		return false;
	if (!casebook_submit(site_book(request), &act, request->arena, &given, err)) {
		struct err ignored = { 0 };
		if (!request->json && !keep(form, &ignored))
			journal_write(JOURNAL_WARNING, "web: an unsent form could not be kept");
		return false;
	}
	return answer_given(form, &given, answer, err);
}

/* A form whose session has ended is put aside; who never had one signs in. */
static bool is_known(struct web_request *request, bool *known, struct err *err)
{
	*known = false;
	if (!session_gate_look(request, err))
		return false;
	*known = site_visit(request)->known != SITE_UNKNOWN;
	return true;
}

static bool take_unknown(struct act_form *form, struct web_answer *answer, struct err *err)
{
	struct web_request *request = form->request;
	struct str cookie = fields_get(&request->head->cookies, site_web(request)->cookies[1]);
	if (request->json || site_wants_json(request) || request->head->bearer.p) {
		struct json *model = json_object(request->arena);
		json_put_integer(request->arena, model, STR("status"), 401);
		json_put_text(request->arena, model, STR("message"),
		              STR("Sign in first, or send a token"));
		answer->status = 401;
		web_answer_header(answer, STR("WWW-Authenticate"), STR("Bearer"));
		web_answer_json(answer, model);
		return true;
	}
	if (!cookie.p || !act_form_kind(form, err)) {
		web_answer_redirect(answer, STR("/sign-in"));
		return true;
	}
	unsigned wait = request->is_peer_exempt
	                        ? 0
	                        : limit_take(site_web(request)->limits, LIMIT_SIGN_IN,
	                                     &request->peer, clock_read().wall);
	if (wait > 0)
		return site_too_many(request, answer, wait, err);
	form->fields = json_object(request->arena);
	form->fields = act_read(form);
	return kept_form_set_aside(request, answer, web_param(request, STR("id")), form->kind->name,
	                           act_when_keep(form), err);
}

static bool read_and_submit(struct act_form *form, struct web_answer *answer, struct err *err)
{
	struct web_request *request = form->request;
	bool is_fresh = session_gate_form(request, err);
	struct act_when when;
	bool is_confirm = str_eq(site_choice(request, STR("confirm")), STR("yes"));
	if (!act_load_kept(form, err))
		return false;
	if (!is_confirm) {
		form->fields = act_read(form);
		act_upload_merge(form);
	}
	if (!act_form_begin(form, err))
		return false;
	if (!is_fresh) {
		page_error(request, form->model, STR("send"), STR(OLD_FORM));
		return again(form, answer, 400, err);
	}
	bool is_undeclared = act_read_undeclared(form);
	form->more = request->json ? STR("") : site_choice(request, STR("more"));
	if (form->more.n && !is_undeclared)
		return keep(form, err) && again(form, answer, 200, err);
	if (act_upload_errors(form) || is_undeclared)
		return keep(form, err) && again(form, answer, 422, err);
	if (site_choice(request, STR("check")).p && !request->json) {
		form->is_words_checked = true;
		return (!request->upload || keep(form, err)) && again(form, answer, 200, err);
	}
	if (site_choice(request, STR("save")).p && !request->json) {
		web_answer_redirect(answer, STR("/work"));
		return keep(form, err);
	}
	bool is_right;
	if (!act_when_take(form, &when, &is_right, err))
		return false;
	if (!is_right)
		return keep(form, err) && again(form, answer, 422, err);
	bool is_answered = false;
	if (!form->is_new && !is_confirm && !request->json &&
	    !act_confirm(form, &when, answer, &is_answered, err))
		return false;
	return is_answered || submit(form, answer, &when, err);
}

bool act_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct act_form form = { .request = request };
	bool known;
	if (!is_known(request, &known, err))
		return false;
	if (!known)
		return take_unknown(&form, answer, err);
	if (!practice_has_office(request, answer))
		return true;
	if (!act_form_find(&form, err))
		return act_must_prove_first(&form, answer, err);
	form.fields = act_read(&form);
	if (act_must_prove(&form, answer))
		return request->json || keep(&form, err);
	return read_and_submit(&form, answer, err);
}
