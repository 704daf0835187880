/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Signing in: name and password on one page, six digits on the next. Nothing is
 * checked before both are there, so that no page tells whether an account
 * exists; between them the words lie sealed under a key that only the browser
 * holds, for five minutes.
 */
#include "web/practice.h"

#include "web/draft.h"
#include "web/kept_form.h"
#include "web/session_gate.h"

#define BETWEEN (5 * INSTANT_PER_MINUTE)

static const struct str KEPT = { "sign-in", 7 };
#define WRONG "The account name, the password or the digits are not right"

static bool show_name(struct web_request *request, struct web_answer *answer, struct str name,
                      struct str name_error, struct str password_error, struct err *err)
{
	struct page_head head = { .page = STR("sign-in"), .title = STR("Sign in") };
	struct json *model = page_begin(request, &head);
	page_field(request, model, STR("name"), name);
	json_put_bool(request->arena, model, STR("is_drill"), site_web(request)->is_drill);
	json_put_bool(request->arena, model, STR("is_kept"),
	              str_eq(fields_get(&request->head->query, STR("kept")), STR("yes")));
	if (name_error.n || password_error.n)
		answer->status = 422;
	if (name_error.n)
		page_error(request, model, STR("name"), name_error);
	if (password_error.n)
		page_error(request, model, STR("password"), password_error);
	json_put_text(request->arena, model, STR("name_error"), name_error);
	json_put_text(request->arena, model, STR("password_error"), password_error);
	return page_answer(request, answer, STR("practice/sign-in"), model, err);
}

bool sign_in_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	return show_name(request, answer, STR(""), STR_NONE, STR_NONE, err);
}

bool sign_in_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(draft_finish) struct draft draft;
	struct arena *arena = request->arena;
	struct str name = site_choice(request, STR("name"));
	struct str password = site_value(request, STR("password"));
	if (name.n == 0 || password.n == 0)
		return show_name(request, answer, name,
		                 name.n ? STR_NONE : STR("Write your account name"),
		                 password.n ? STR_NONE : STR("Write your password"), err);
	if (!draft_open(request, &draft, err))
		return false;
	struct json *kept = json_object(arena);
	json_put_text(arena, kept, STR("name"), name);
	json_put_text(arena, kept, STR("password"), password);
	json_put_integer(arena, kept, STR("at"), request->now);
	draft_set(draft.root, KEPT, kept);
	if (!draft_save(request, answer, &draft, err))
		return false;
	web_answer_redirect(answer, STR("/sign-in/digits"));
	return true;
}

/* --- six digits ------------------------------------------------------------------------------ */

static bool show_digits(struct web_request *request, struct web_answer *answer, struct str error,
                        struct err *err)
{
	struct page_head head = { .page = STR("sign-in.digits"),
		                  .title = STR("Enter the 6 digits from your authenticator"),
		                  .back = STR("/sign-in") };
	struct json *model = page_begin(request, &head);
	if (error.n) {
		answer->status = 422;
		page_error(request, model, STR("digits"), error);
	}
	json_put_text(request->arena, model, STR("digits_error"), error);
	return page_answer(request, answer, STR("practice/digits"), model, err);
}

bool sign_in_digits_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	return show_digits(request, answer, STR_NONE, err);
}

bool sign_in_lost(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("sign-in.lost"),
		                  .title = STR("You lost your device"),
		                  .back = STR("/sign-in/digits") };
	return page_answer(request, answer, STR("practice/lost"), page_begin(request, &head), err);
}

/* The only office when there is one: choosing among one is no question. */
static bool only_office(struct web_request *request, struct str account, struct str *office,
                        struct err *err)
{
	struct casebook_reader *reader;
	const struct casebook_seat *seats;
	size_t count;
	*office = STR("");
	if (!site_reader(request, &reader, err) ||
	    !casebook_seats(reader, request->arena, account, &seats, &count, err))
		return false;
	if (count == 1)
		*office = seats[0].office;
	site_reader_end(request);
	return true;
}

static bool begin_session(struct web_request *request, struct web_answer *answer,
                          struct draft *draft, struct str account, struct err *err)
{
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct str office, to = STR("/work");
	if (!only_office(request, account, &office, err) ||
	    !casebook_session_make(site_book(request), account, office, secret, err))
		return false;
	draft_set(draft->root, KEPT, NULL);
	if (!kept_form_restore(request, draft->root, account, office, &to, err))
		return false;
	bool is_empty = draft->root->count == 0;
	if (!(is_empty ? draft_drop(request, answer, draft, err)
	               : draft_save(request, answer, draft, err)))
		return false;
	session_gate_set(request, answer, str_from_c(secret));
	web_answer_redirect(answer, office.n ? to : STR("/office"));
	return true;
}

bool sign_in_digits_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(draft_finish) struct draft draft;
	struct str digits = site_choice(request, STR("digits")), account;
	if (!draft_open(request, &draft, err))
		return false;
	const struct json *kept = json_member(draft.root, KEPT);
	struct str name = arena_copy(request->arena, json_text(kept, STR("name")));
	struct str password = json_text(kept, STR("password"));
	if (!kept || request->now - json_number(kept, STR("at"), 0) > BETWEEN)
		return show_name(request, answer, name, STR("Begin again: name and password first"),
		                 STR_NONE, err);
	if (digits.n == 0)
		return show_digits(request, answer, STR("Write the 6 digits"), err);
	if (casebook_sign_in(site_book(request), name, password, digits, request->arena, &account,
	                     err))
		return begin_session(request, answer, &draft, account, err);
	if (err->code != ERR_ABSENT && err->code != ERR_UNABLE)
		return false;
	struct str sentence = err->code == ERR_ABSENT
	                              ? STR(WRONG)
	                              : arena_copy(request->arena, str_from_c(err->message));
	return show_name(request, answer, name, sentence, STR_NONE, err);
}

/* --- proof anew ------------------------------------------------------------------------------ */

/* Only a path of ours is gone back to. */
static struct str path_back(const struct web_request *request)
{
	struct str to = site_choice(request, STR("to"));
	if (!to.p)
		to = fields_get(&request->head->query, STR("to"));
	bool is_ours = to.n > 0 && to.p[0] == '/' && (to.n == 1 || to.p[1] != '/');
	/* What is no plain path of an address cannot stand in a header either. */
	for (size_t i = 0; i < to.n; i++)
		is_ours = is_ours && to.p[i] > ' ' && to.p[i] < 0x7f && to.p[i] != '\\';
	return is_ours ? to : STR("/work");
}

static bool show_again(struct web_request *request, struct web_answer *answer, struct str error,
                       struct err *err)
{
	struct page_head head = { .page = STR("sign-in.again"),
		                  .title = STR("Show again that it is you") };
	struct json *model;
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err))
		return false;
	json_put_text(request->arena, model, STR("to"), path_back(request));
	if (error.n) {
		answer->status = 422;
		page_error(request, model, STR("password"), error);
	}
	json_put_text(request->arena, model, STR("password_error"), error);
	return page_answer(request, answer, STR("practice/again"), model, err);
}

bool sign_in_again_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	return show_again(request, answer, STR_NONE, err);
}

bool sign_in_again_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	const struct site_visit *visit = site_visit(request);
	if (visit->known != SITE_BY_SESSION)
		return err_set(err, ERR_USAGE, "A token has no proof to give: sign in");
	if (casebook_session_prove(site_book(request), visit->secret,
	                           site_value(request, STR("password")),
	                           site_choice(request, STR("digits")), err)) {
		web_answer_redirect(answer, path_back(request));
		return true;
	}
	if (err->code != ERR_ABSENT && err->code != ERR_UNABLE)
		return false;
	struct str sentence = err->code == ERR_ABSENT
	                              ? STR("The password or the digits are not right")
	                              : arena_copy(request->arena, str_from_c(err->message));
	return show_again(request, answer, sentence, err);
}

/* --- the end, and its delay ------------------------------------------------------------------ */

bool sign_out_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	const struct site_visit *visit = site_visit(request);
	if (visit->known == SITE_BY_SESSION &&
	    !casebook_session_end(site_book(request), visit->secret, err))
		return false;
	session_gate_drop(request, answer);
	web_answer_redirect(answer, STR("/sign-in"));
	return true;
}

bool session_stay(struct web_request *request, struct web_answer *answer, struct err *err)
{
	(void)err;
	web_answer_redirect(answer, path_back(request));
	return true;
}
