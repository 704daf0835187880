/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/session_gate.h"

static const struct str FORM_NAME = { "page", 4 };

static bool look_by_token(struct web_request *request, struct site_visit *visit, struct err *err)
{
	struct casebook_reader *reader;
	if (!site_reader(request, &reader, err))
		return false;
	if (!casebook_token_get(reader, request->arena, request->head->bearer, &visit->viewer.actor,
	                        err))
		return err->code == ERR_ABSENT;
	visit->known = SITE_BY_TOKEN;
	visit->viewer.session = STR("token");
	/* Said beside the reading: who made the token may not be whose name stands there. */
	visit->viewer.purpose = STR("work, by a token");
	return true;
}

static bool look_by_cookie(struct web_request *request, struct site_visit *visit, struct err *err)
{
	struct web *web = site_web(request);
	struct str secret = fields_get(&request->head->cookies, web->cookies[1]);
	if (!secret.p)
		return true;
	if (!casebook_session_get(web->book, request->arena, secret, &visit->session, err))
		return err->code == ERR_ABSENT;
	visit->known = SITE_BY_SESSION;
	visit->secret = secret;
	visit->viewer = (struct casebook_viewer){
		.actor = { .by = CASEBOOK_BY_OFFICE,
		           .account = visit->session.account,
		           .office = visit->session.office,
		           .is_proved = visit->session.is_proved },
		.session = visit->session.tag,
	};
	return true;
}

bool session_gate_look(struct web_request *request, struct err *err)
{
	struct site_visit *visit = site_visit(request);
	if (!visit || visit->known != SITE_UNKNOWN || casebook_unfit(site_book(request)).p)
		return true;
	return request->head->bearer.p ? look_by_token(request, visit, err)
	                               : look_by_cookie(request, visit, err);
}

static bool send_to(struct web_request *request, struct web_answer *answer, struct str path,
                    const char *sentence, struct err *err)
{
	if (site_wants_json(request) || request->head->bearer.p) {
		struct json *model = json_object(request->arena);
		json_put_integer(request->arena, model, STR("status"), 401);
		json_put_text(request->arena, model, STR("message"), str_from_c(sentence));
		answer->status = 401;
		web_answer_header(answer, STR("WWW-Authenticate"), STR("Bearer"));
		web_answer_json(answer, model);
		return false;
	}
	(void)err;
	web_answer_redirect(answer, path);
	return false;
}

bool session_gate_pass(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct site_visit *visit = site_visit(request);
	if (!(visit->route->flags & (WEB_NEEDS_SESSION | WEB_NEEDS_PROOF)))
		return true;
	if (!casebook_fits(site_book(request), err) || !session_gate_look(request, err))
		return false;
	if (visit->known == SITE_UNKNOWN)
		return send_to(request, answer, STR("/sign-in"), "Sign in first, or send a token",
		               err);
	bool is_proved = visit->viewer.actor.is_proved;
	if (visit->route->flags & WEB_NEEDS_PROOF && !is_proved)
		return send_to(request, answer, STR("/sign-in/again"),
		               "This asks for password and code again", err);
	return true;
}

struct str session_gate_token(struct web_request *request)
{
	const struct site_visit *visit = site_visit(request);
	if (!visit || visit->known != SITE_BY_SESSION)
		return STR("");
	return csrf_token(request->arena, visit->secret, FORM_NAME, clock_read().wall);
}

bool session_gate_form(struct web_request *request, struct err *err)
{
	const struct site_visit *visit = site_visit(request);
	if (request->head->method != WEB_POST || visit->known != SITE_BY_SESSION ||
	    visit->route->flags & SITE_NO_CSRF)
		return true;
	if (csrf_token_holds(site_value(request, STR("csrf")), visit->secret, FORM_NAME,
	                     clock_read().wall))
		return true;
	return err_set(err, ERR_USAGE,
	               "This form was open for a long time. Check it and send again");
}

void session_gate_set(struct web_request *request, struct web_answer *answer, struct str secret)
{
	web_answer_cookie(answer, (struct cookie){ .name = STR(SITE_SESSION_COOKIE),
	                                           .value = arena_copy(request->arena, secret),
	                                           .site = COOKIE_SITE_LAX,
	                                           .is_secure = request->is_secure });
}

void session_gate_drop(struct web_request *request, struct web_answer *answer)
{
	web_answer_cookie(answer, (struct cookie){ .name = STR(SITE_SESSION_COOKIE),
	                                           .value = STR(""),
	                                           .site = COOKIE_SITE_LAX,
	                                           .is_secure = request->is_secure,
	                                           .is_dropped = true });
}
