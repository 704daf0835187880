/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The first sign-in, and the first after a reset: the one-time code that was
 * handed over, a password of one's own, and the second factor, shown once to
 * whoever it belongs to and to nobody else.
 */
#include "web/admin.h"

static bool show(struct web_request *request, struct web_answer *answer, struct str field,
                 struct str error, struct err *err)
{
	static const char *const FIELDS[][2] = { { "name", "name_error" },
		                                 { "code", "code_error" },
		                                 { "password", "password_error" },
		                                 { "again", "again_error" } };
	struct page_head head = { .page = STR("sign-in.first"),
		                  .title = STR("Begin with your one-time code"),
		                  .back = STR("/sign-in") };
	struct arena *arena = request->arena;
	struct json *model = page_begin(request, &head);
	struct str name = site_choice(request, STR("name"));
	page_field(request, model, STR("name"), name.p ? name : STR(""));
	if (error.n) {
		answer->status = 422;
		page_error(request, model, field, error);
	}
	for (size_t i = 0; i < COUNT_OF(FIELDS); i++) {
		struct str text = page_error_of(model, str_from_c(FIELDS[i][0]));
		json_put_text(arena, model, str_from_c(FIELDS[i][1]), text.p ? text : STR(""));
	}
	return page_answer(request, answer, STR("practice/first"), model, err);
}

bool first_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	return show(request, answer, STR(""), STR_NONE, err);
}

/* Whoever did not ask for a reset learns of it here, and what to do. */
static bool put_reset(struct web_request *request, const struct casebook_account_begun *begun,
                      struct json *model, struct err *err)
{
	struct arena *arena = request->arena;
	struct casebook_reader *reader;
	struct json *reset = json_object(arena);
	struct str by = STR_NONE;
	if (!begun->was_reset) {
		json_put(model, STR("reset"), json_null(arena));
		return true;
	}
	if (!site_reader(request, &reader, err))
		return false;
	if (begun->given_by.n && !casebook_account_name(reader, arena, begun->given_by, &by, err) &&
	    err->code != ERR_ABSENT)
		return false;
	site_reader_end(request);
	json_put(reset, STR("at"), page_time_near(request, begun->given));
	json_put_integer(arena, reset, STR("entry"), begun->given_in);
	json_put_text(arena, reset, STR("by"), by.n ? by : STR("the register"));
	json_put(model, STR("reset"), reset);
	return true;
}

static bool show_begun(struct web_request *request, const struct casebook_account_begun *begun,
                       struct str name, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("sign-in.begun"),
		                  .title = STR("Your second factor") };
	struct json *model = page_begin(request, &head);
	answer->status = 201;
	return admin_put_totp(request, model, name, begun->made.totp_base32, err) &&
	       put_reset(request, begun, model, err) &&
	       page_answer(request, answer, STR("practice/begun"), model, err);
}

static bool is_failure(const struct err *why)
{
	return why->code == ERR_FAULT || why->code == ERR_UNABLE;
}

bool first_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_beginning beginning = { .name = site_choice(request, STR("name")),
		                                .code = site_choice(request, STR("code")),
		                                .password = site_value(request, STR("password")),
		                                .via = site_via(request) };
	struct casebook_account_begun begun;
	struct err why = { 0 };
	if (!beginning.name.n)
		return show(request, answer, STR("name"), STR("Write your account name"), err);
	if (!beginning.code.n)
		return show(request, answer, STR("code"),
		            STR("Write the code that you were handed"), err);
	if (!str_eq(beginning.password, site_value(request, STR("again"))))
		return show(request, answer, STR("again"), STR("The two passwords differ"), err);
	if (casebook_account_begin(site_book(request), &beginning, request->arena, &begun, &why)) {
		if (begun.made.answer.outcome == CASEBOOK_ADMITTED)
			return show_begun(request, &begun, beginning.name, answer, err);
		why = begun.made.answer.err;
		if (begun.made.answer.outcome == CASEBOOK_REFUSED)
			err_set(&why, ERR_ABSENT, "%.*s", STR_ARG(begun.made.answer.sentence));
	}
	if (is_failure(&why)) {
		*err = why;
		return false;
	}
	return show(request, answer, why.code == ERR_ABSENT ? STR("code") : STR("password"),
	            arena_copy(request->arena, str_from_c(why.message)), err);
}
