/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* First set-up: the code that init printed, once, makes the first administrator. */
#include "web/admin.h"

/* What whoever sets it up agrees to: the rules that were adopted when the register was made. */
static void put_pack(struct web_request *request, struct json *model)
{
	struct arena *arena = request->arena;
	const struct pack *pack = casebook_pack(site_book(request));
	struct json *about = json_object(arena);
	json_put_text(arena, about, STR("name"), pack->name);
	json_put_text(arena, about, STR("version"), pack->version);
	json_put_text(arena, about, STR("hash"), hash_hex(arena, &pack->hash));
	json_put_integer(arena, about, STR("duties_n"), (int64_t)pack->duty_count);
	json_put(model, STR("pack"), about);
}

static bool show(struct web_request *request, struct web_answer *answer, struct str field,
                 struct str error, struct err *err)
{
	struct page_head head = { .page = STR("setup"), .title = STR("Set up this register") };
	struct arena *arena = request->arena;
	struct json *model = page_begin(request, &head);
	struct str name = site_choice(request, STR("name")),
		   person = site_choice(request, STR("person"));
	page_field(request, model, STR("name"), name.p ? name : STR(""));
	page_field(request, model, STR("person"), person.p ? person : STR(""));
	if (error.n) {
		answer->status = 422;
		page_error(request, model, field, error);
	}
	static const char *const FIELDS[][2] = { { "code", "code_error" },
		                                 { "name", "name_error" },
		                                 { "password", "password_error" } };
	for (size_t i = 0; i < COUNT_OF(FIELDS); i++) {
		struct str text = page_error_of(model, str_from_c(FIELDS[i][0]));
		json_put_text(arena, model, str_from_c(FIELDS[i][1]), text.p ? text : STR(""));
	}
	put_pack(request, model);
	return page_answer(request, answer, STR("admin/setup"), model, err);
}

bool setup_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	return show(request, answer, STR(""), STR_NONE, err);
}

static bool show_done(struct web_request *request, const struct casebook_account_made *made,
                      struct str name, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("setup.done"),
		                  .title = STR("You are the first administrator") };
	struct json *model = page_begin(request, &head);
	answer->status = 201;
	return admin_put_totp(request, model, name, made->totp_base32, err) &&
	       page_answer(request, answer, STR("admin/setup-done"), model, err);
}

/* Which field a sentence is about. */
static struct str field_of(const struct err *why)
{
	struct str text = str_from_c(why->message);
	if (why->code == ERR_ABSENT)
		return STR("code");
	return str_find_str(text, STR("assword")) < text.n ? STR("password") : STR("name");
}

bool setup_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_new_account made_of = { .name = site_choice(request, STR("name")),
		                                .person = site_choice(request, STR("person")),
		                                .password = site_value(request, STR("password")) };
	struct casebook_account_made made = { 0 };
	struct err why = { 0 };
	struct str code = site_choice(request, STR("code"));
	if (!made_of.person.p)
		made_of.person = STR("");
	if (!code.n)
		return show(request, answer, STR("code"), STR("Write the set-up code"), err);
	if (!made_of.name.n)
		return show(request, answer, STR("name"), STR("Write an account name"), err);
	if (casebook_account_first(site_book(request), code, &made_of, request->arena, &made,
	                           &why)) {
		if (made.answer.outcome == CASEBOOK_ADMITTED)
			return show_done(request, &made, made_of.name, answer, err);
		why = made.answer.outcome == CASEBOOK_FAILED ? made.answer.err : why;
		if (made.answer.outcome == CASEBOOK_REFUSED)
			err_set(&why, ERR_ABSENT, "%.*s", STR_ARG(made.answer.sentence));
	}
	if (why.code == ERR_FAULT || why.code == ERR_UNABLE) {
		*err = why;
		return false;
	}
	return show(request, answer, field_of(&why),
	            arena_copy(request->arena, str_from_c(why.message)), err);
}
