/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Accounts: added with a one-time code, reset, ended. What takes another
 * administrator waits for him. Nobody acts on his own.
 */
#include "web/admin.h"

#include "web/qr.h"

#define LONG_AGO (30 * INSTANT_PER_DAY)

/* --- the second factor ------------------------------------------------------------------------ */

bool admin_put_totp(struct web_request *request, struct json *model, struct str name,
                    struct str base32, struct err *err)
{
	struct arena *arena = request->arena;
	struct str area = site_area(request);
	struct str uri =
		arena_format(arena, "otpauth://totp/Candour:%.*s?secret=%.*s&issuer=Candour%s%.*s",
	                     STR_ARG(name), STR_ARG(base32), area.n ? "%20" : "", STR_ARG(area));
	struct json *totp = qr_picture(arena, uri);
	if (!totp)
		return err_set(err, ERR_UNABLE,
		               "The picture for the authenticator cannot be drawn");
	json_put_text(arena, totp, STR("secret"), base32);
	json_put_text(arena, totp, STR("name"), name);
	json_put(model, STR("totp"), totp);
	return true;
}

/* --- the list --------------------------------------------------------------------------------- */

static bool is_administrator(struct web_request *request, struct casebook_reader *reader, bool *is,
                             struct err *err)
{
	const struct casebook_office *offices;
	size_t count;
	*is = false;
	if (!casebook_offices(reader, request->arena, &offices, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (str_eq(offices[i].id, practice_viewer(request)->actor.office))
			*is = str_eq(offices[i].role_name, STR("register-administrator"));
	return true;
}

static void put_account(struct web_request *request, const struct casebook_account_row *account,
                        struct json *rows)
{
	struct arena *arena = request->arena;
	struct json *row = json_object(arena);
	/* Who acts by commands and tokens alone signs in nowhere: that is said, and no more. */
	bool is_quiet = !account->is_ended && account->signed_in &&
	                request->now - account->signed_in > LONG_AGO;
	json_put_text(arena, row, STR("id"), account->id);
	json_put_text(arena, row, STR("name"), account->name);
	json_put_bool(arena, row, STR("is_ended"), account->is_ended);
	json_put_bool(arena, row, STR("is_founding"), account->is_founding);
	json_put_bool(arena, row, STR("is_quiet"), is_quiet);
	bool has_code = !account->is_ended && account->code_until;
	json_put_bool(arena, row, STR("has_code"), has_code && account->code_until > request->now);
	json_put_bool(arena, row, STR("has_old_code"),
	              has_code && account->code_until <= request->now);
	json_put(row, STR("code_until"),
	         has_code ? page_time_near(request, account->code_until) : json_null(arena));
	json_put_bool(arena, row, STR("is_own"),
	              str_eq(account->id, practice_viewer(request)->actor.account));
	json_put(row, STR("signed_in"),
	         account->signed_in ? page_time_near(request, account->signed_in)
	                            : json_null(arena));
	json_push(rows, row);
}

static bool begin(struct web_request *request, struct json **model, struct err *err)
{
	struct page_head head = { .page = STR("accounts"), .title = STR("Accounts") };
	const struct casebook_account_row *accounts;
	struct arena *arena = request->arena;
	struct json *rows = json_array(arena);
	struct casebook_reader *reader;
	size_t count;
	bool is;
	if (!site_reader(request, &reader, err) || !is_administrator(request, reader, &is, err))
		return false;
	if (!is)
		return err_set(err, ERR_REFUSED, "Accounts are kept by: Register administrator");
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, model, err) ||
	    !casebook_accounts(reader, arena, &accounts, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		put_account(request, &accounts[i], rows);
	json_put(*model, STR("accounts"), rows);
	struct str name = site_choice(request, STR("name")),
		   person = site_choice(request, STR("person"));
	page_field(request, *model, STR("name"), name.p ? name : STR(""));
	page_field(request, *model, STR("person"), person.p ? person : STR(""));
	return practice_put_done(request, reader, *model, err);
}

static bool answer_page(struct web_request *request, struct json *model, struct web_answer *answer,
                        struct err *err)
{
	struct str text = page_error_of(model, STR("name"));
	json_put_text(request->arena, model, STR("name_error"), text.p ? text : STR(""));
	return page_answer(request, answer, STR("admin/accounts"), model, err);
}

bool accounts_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct json *model;
	if (!practice_has_office(request, answer))
		return true;
	return begin(request, &model, err) && answer_page(request, model, answer, err);
}

/* --- changes -----------------------------------------------------------------------------------
 */

static bool must_prove(struct web_request *request, struct web_answer *answer)
{
	const struct site_visit *visit = site_visit(request);
	if (visit->viewer.actor.is_proved || visit->known != SITE_BY_SESSION)
		return false;
	web_answer_redirect(answer, STR("/sign-in/again?to=/accounts"));
	return true;
}

/* The code, once: whoever made it hands it over and cannot look it up again. */
static bool show_code(struct web_request *request, const struct casebook_account_made *made,
                      struct str name, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("accounts.code"),
		                  .title = STR("Hand this code over"),
		                  .back = STR("/accounts") };
	bool waits = made->answer.outcome == CASEBOOK_WAITING;
	instant until = made->answer.recorded + CASEBOOK_CODE_DAYS * INSTANT_PER_DAY;
	struct json *model;
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err))
		return false;
	json_put_integer(request->arena, model, STR("entry"), made->answer.index);
	json_put_text(request->arena, model, STR("name"), name);
	json_put_text(request->arena, model, STR("code"), made->code);
	json_put_bool(request->arena, model, STR("waits"), waits);
	json_put(model, STR("until"),
	         waits ? json_null(request->arena) : page_time_near(request, until));
	answer->status = waits ? 202 : 201;
	return page_answer(request, answer, STR("admin/code"), model, err);
}

static bool refused(const struct casebook_answer *answer, struct err *err)
{
	if (answer->outcome == CASEBOOK_FAILED) {
		*err = answer->err;
		return false;
	}
	return err_set(err, ERR_REFUSED, "%.*s", STR_ARG(answer->sentence));
}

bool accounts_add(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_actor actor = site_actor(request);
	struct casebook_new_account made_of = { .name = site_choice(request, STR("name")),
		                                .person = site_choice(request, STR("person")) };
	struct casebook_account_made made = { 0 };
	struct json *model;
	struct err why = { 0 };
	if (!practice_has_office(request, answer) || must_prove(request, answer))
		return true;
	if (!made_of.person.p)
		made_of.person = STR("");
	if (casebook_account_add(site_book(request), &actor, site_via(request), &made_of,
	                         request->arena, &made, &why)) {
		if (made.answer.outcome == CASEBOOK_ADMITTED)
			return show_code(request, &made, made_of.name, answer, err);
		if (made.answer.outcome != CASEBOOK_FAILED)
			return refused(&made.answer, err);
		why = made.answer.err;
	}
	if (why.code != ERR_INPUT && why.code != ERR_USAGE) {
		*err = why;
		return false;
	}
	if (!begin(request, &model, err))
		return false;
	page_error(request, model, STR("name"),
	           arena_copy(request->arena, str_from_c(why.message)));
	answer->status = 422;
	return answer_page(request, model, answer, err);
}

/* What cannot be undone is asked a second time before it is done (pages.md 4.7). */
enum ask { ASK_END, ASK_RESET };

static bool ask_again(struct web_request *request, struct web_answer *answer, enum ask what,
                      struct err *err)
{
	struct arena *arena = request->arena;
	struct page_head head = { .page = STR("accounts.ask"), .back = STR("/accounts") };
	struct str id = web_param(request, STR("id")), name;
	struct casebook_reader *reader;
	struct json *model;
	bool is;
	if (!site_reader(request, &reader, err) || !is_administrator(request, reader, &is, err))
		return false;
	if (!is)
		return err_set(err, ERR_REFUSED, "Accounts are kept by: Register administrator");
	if (!casebook_account_name(reader, arena, id, &name, err))
		return false;
	head.title = what == ASK_END ? STR("End this account?") : STR("Reset this account?");
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err))
		return false;
	json_put_text(arena, model, STR("name"), name);
	json_put_text(arena, model, STR("action"),
	              arena_format(arena, "/accounts/%.*s/%s", STR_ARG(id),
	                           what == ASK_END ? "end" : "reset"));
	json_put_bool(arena, model, STR("is_end"), what == ASK_END);
	json_put_bool(arena, model, STR("is_reset"), what == ASK_RESET);
	return page_answer(request, answer, STR("admin/account-ask"), model, err);
}

/* A program says what it means at once. */
static bool is_confirmed(const struct web_request *request)
{
	return request->json || site_via(request) == CASEBOOK_API ||
	       str_eq(site_choice(request, STR("confirm")), STR("yes"));
}

bool accounts_end_ask(struct web_request *request, struct web_answer *answer, struct err *err)
{
	return !practice_has_office(request, answer) || ask_again(request, answer, ASK_END, err);
}

bool accounts_reset_ask(struct web_request *request, struct web_answer *answer, struct err *err)
{
	return !practice_has_office(request, answer) || ask_again(request, answer, ASK_RESET, err);
}

bool accounts_end(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct arena *arena = request->arena;
	struct json *fields = json_object(arena);
	struct casebook_answer given;
	if (!practice_has_office(request, answer) || must_prove(request, answer))
		return true;
	if (!is_confirmed(request))
		return ask_again(request, answer, ASK_END, err);
	json_put_text(arena, fields, STR("account"), web_param(request, STR("id")));
	struct casebook_act act = { .actor = site_actor(request),
		                    .via = site_via(request),
		                    .kind = STR("account.ended"),
		                    .file = STR("R-1"),
		                    .fields = fields };
	if (!casebook_submit(site_book(request), &act, arena, &given, err))
		return false;
	if (given.outcome != CASEBOOK_ADMITTED && given.outcome != CASEBOOK_WAITING)
		return refused(&given, err);
	web_answer_redirect(answer, arena_format(arena, "/accounts?done=%" PRId64, given.index));
	return true;
}

bool accounts_reset(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_actor actor = site_actor(request);
	struct casebook_account_made made = { 0 };
	struct casebook_reader *reader;
	struct str id = web_param(request, STR("id")), name;
	if (!practice_has_office(request, answer) || must_prove(request, answer))
		return true;
	if (!is_confirmed(request))
		return ask_again(request, answer, ASK_RESET, err);
	if (!casebook_account_reset(site_book(request), &actor, site_via(request), STR_NONE, id,
	                            request->arena, &made, err))
		return false;
	if (!made.code.n)
		return refused(&made.answer, err);
	return site_reader(request, &reader, err) &&
	       casebook_account_name(reader, request->arena, id, &name, err) &&
	       show_code(request, &made, name, answer, err);
}

/* --- whoever agreed to a reset ------------------------------------------------------------------
 */

bool accounts_agreed(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("accounts.agreed"),
		                  .title = STR("Hand this half over"),
		                  .back = STR("/accounts") };
	struct arena *arena = request->arena;
	struct casebook_reader *reader;
	struct casebook_half half;
	struct json *model;
	struct str name, asked_by;
	uint64_t entry;
	if (!practice_has_office(request, answer) || must_prove(request, answer))
		return true;
	if (!str_to_u64(web_param(request, STR("n")), INT64_MAX, &entry))
		return err_set(err, ERR_ABSENT, "There is no such entry");
	if (!site_reader(request, &reader, err) ||
	    !casebook_account_half(reader, practice_viewer(request)->actor.account, (int64_t)entry,
	                           arena, &half, err) ||
	    !casebook_account_name(reader, arena, half.account, &name, err) ||
	    !casebook_account_name(reader, arena, half.asked_by, &asked_by, err) ||
	    !practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err))
		return false;
	json_put_integer(arena, model, STR("entry"), (int64_t)entry);
	json_put_text(arena, model, STR("name"), name);
	json_put_text(arena, model, STR("asked_by"), asked_by);
	json_put_text(arena, model, STR("half"), half.half);
	json_put(model, STR("until"), page_time_near(request, half.until));
	return page_answer(request, answer, STR("admin/half"), model, err);
}
