/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The beginning of set-up: the code from the console, the first administrator, the second factor.
 */
#include "web/setup.h"

#include "web/admin.h"
#include "web/draft.h"
#include "web/session_gate.h"

static const struct str KEPT = { "setup", 5 };

/* --- what the pages share --------------------------------------------------------------------- */

struct json *setup_begin(struct web_request *request, struct str page, struct str title,
                         struct str back, int step)
{
	struct page_head head = {
		.page = page, .title = title, .back = back, .step = step, .steps = SETUP_STEPS
	};
	struct json *model = page_begin(request, &head);
	json_put(model, STR("fields"), json_array(request->arena));
	json_put(model, STR("facts"), json_array(request->arena));
	return model;
}

static struct json *list_of(const struct json *model, struct str key)
{
	for (struct json *at = model ? model->first : NULL; at; at = at->next)
		if (str_eq(at->key, key))
			return at;
	return NULL;
}

void setup_put_field(struct web_request *request, struct json *model,
                     const struct setup_field *field)
{
	struct arena *arena = request->arena;
	struct json *row = json_object(arena);
	struct str error = page_error_of(model, field->name);
	json_put_text(arena, row, STR("name"), field->name);
	json_put_text(arena, row, STR("label"), field->label);
	json_put_text(arena, row, STR("hint"), field->hint.p ? field->hint : STR(""));
	json_put_text(arena, row, STR("error"), error.p ? error : STR(""));
	json_put_text(arena, row, STR("value"), field->value.p ? field->value : STR(""));
	json_put_bool(arena, row, STR("is_line"), field->look == SETUP_LINE);
	json_put_bool(arena, row, STR("is_area"), field->look == SETUP_AREA);
	json_put_bool(arena, row, STR("is_secret"), field->look == SETUP_SECRET);
	json_put_bool(arena, row, STR("is_heading"), field->is_heading);
	json_push(list_of(model, STR("fields")), row);
}

void setup_put_fact(struct web_request *request, struct json *model, struct str label,
                    struct str text)
{
	struct json *row = json_object(request->arena);
	json_put_text(request->arena, row, STR("label"), label);
	json_put_text(request->arena, row, STR("text"), text);
	json_push(list_of(model, STR("facts")), row);
}

bool setup_ask(struct web_request *request, struct web_answer *answer, struct json *model,
               const struct setup_round *round, struct err *err)
{
	struct arena *arena = request->arena;
	json_put_text(arena, model, STR("action"), round->action);
	json_put_text(arena, model, STR("lede"), round->lede.p ? round->lede : STR(""));
	json_put_text(arena, model, STR("inset"), round->inset.p ? round->inset : STR(""));
	json_put(model, STR("choice"), round->choice ? round->choice : json_null(arena));
	json_put_bool(arena, model, STR("has_title"), round->has_title);
	json_put_bool(arena, model, STR("has_facts"),
	              json_member(model, STR("facts")) &&
	                      json_member(model, STR("facts"))->count > 0);
	if (json_is_true(model, STR("has_errors")))
		answer->status = 422;
	return page_answer(request, answer, STR("admin/setup-question"), model, err);
}

bool setup_is_administrator(struct web_request *request, bool *is, struct err *err)
{
	const struct casebook_office *offices;
	struct casebook_reader *reader;
	size_t count;
	*is = false;
	if (!site_reader(request, &reader, err) ||
	    !casebook_offices(reader, request->arena, &offices, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (str_eq(offices[i].id, practice_viewer(request)->actor.office))
			*is = str_eq(offices[i].role_name, STR("register-administrator"));
	return true;
}

bool setup_must_administer(struct web_request *request, struct web_answer *answer, struct err *err)
{
	bool is;
	if (!practice_has_office(request, answer) || !setup_is_administrator(request, &is, err))
		return false;
	return is ||
	       err_set(err, ERR_REFUSED,
	               "Your office may not do this. It can be done by: Register administrator");
}

/* --- the code ----------------------------------------------------------------------------------
 */

static bool show_code(struct web_request *request, struct web_answer *answer, struct str error,
                      struct err *err)
{
	struct json *model =
		setup_begin(request, STR("setup.code"), STR("Set up this register"), STR(""), 1);
	struct str code = site_choice(request, STR("code"));
	if (error.n)
		page_error(request, model, STR("code"), error);
	setup_put_field(request, model,
	                &(struct setup_field){
				.name = STR("code"),
				.label = STR("Enter the set-up code that \"candour init\" printed"),
				.hint = STR("It works once: it makes the first administrator"),
				.value = code,
				.is_heading = true });
	return setup_ask(request, answer, model, &(struct setup_round){ .action = STR("/setup") },
	                 err);
}

/* Nobody is signed in, and the first administrator is there: who that is goes on by signing in. */
static bool show_closed(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct json *model =
		setup_begin(request, STR("setup.closed"),
	                    STR("This register has its first administrator already"), STR(""), 0);
	return page_answer(request, answer, STR("admin/setup-closed"), model, err);
}

bool setup_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct setup_answers answers;
	bool waits;
	if (!session_gate_look(request, err) ||
	    !casebook_setup_waits(site_book(request), &waits, err))
		return false;
	if (site_visit(request)->known == SITE_UNKNOWN)
		return waits ? show_code(request, answer, STR_NONE, err)
		             : show_closed(request, answer, err);
	if (!setup_must_administer(request, answer, err))
		return err->code == 0;
	if (!setup_answers_load(request, &answers, err))
		return false;
	bool is_recorded =
		answers.draft->count == 0 && str_eq(setup_next(&answers), STR("/setup/check"));
	web_answer_redirect(answer, is_recorded ? STR("/setup/done") : setup_next(&answers));
	return true;
}

static bool keep(struct web_request *request, struct web_answer *answer, struct draft *draft,
                 struct json *kept, struct str to, struct err *err)
{
	json_put_integer(request->arena, kept, STR("at"), request->now);
	draft_set(draft->root, KEPT, kept);
	if (!draft_save(request, answer, draft, err))
		return false;
	web_answer_redirect(answer, to);
	return true;
}

bool setup_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(draft_finish) struct draft draft;
	struct str code = site_choice(request, STR("code"));
	if (!draft_open(request, &draft, err))
		return false;
	if (!code.n)
		return show_code(request, answer, STR("Write the set-up code"), err);
	if (!casebook_setup_check(site_book(request), code, err)) {
		if (err->code != ERR_ABSENT)
			return false;
		return show_code(request, answer,
		                 arena_copy(request->arena, str_from_c(err->message)), err);
	}
	struct json *kept = json_object(request->arena);
	json_put_text(request->arena, kept, STR("code"), code);
	return keep(request, answer, &draft, kept, STR("/setup/account"), err);
}

/* --- the first administrator -------------------------------------------------------------------
 */

static bool show_account(struct web_request *request, struct web_answer *answer, struct str field,
                         struct str error, struct err *err)
{
	struct json *model = setup_begin(request, STR("setup.account"),
	                                 STR("Your account as administrator"), STR("/setup"), 2);
	if (error.n)
		page_error(request, model, field, error);
	const struct setup_field fields[] = {
		{ STR("name"), STR("Account name"), STR("You sign in with it"),
		  site_choice(request, STR("name")), SETUP_LINE, false },
		{ STR("person"), STR("Your full name"),
		  STR("It is sealed: who administers may see it, nobody else"),
		  site_choice(request, STR("person")), SETUP_LINE, false },
		{ STR("password"), STR("Password"), STR("12 letters or more"), STR(""),
		  SETUP_SECRET, false },
	};
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		setup_put_field(request, model, &fields[i]);
	return setup_ask(
		request, answer, model,
		&(struct setup_round){ .action = STR("/setup/account"), .has_title = true }, err);
}

bool setup_account_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(draft_finish) struct draft draft;
	if (!draft_open(request, &draft, err))
		return false;
	if (json_text(json_member(draft.root, KEPT), STR("code")).n)
		return show_account(request, answer, STR(""), STR_NONE, err);
	web_answer_redirect(answer, STR("/setup"));
	return true;
}

/* Which field a sentence is about. */
static struct str field_of(const struct err *why)
{
	struct str text = str_from_c(why->message);
	return str_find_str(text, STR("assword")) < text.n ? STR("password") : STR("name");
}

/* Makes it; false with err, or with *why for the person. */
static bool make_account(struct web_request *request, struct str code,
                         const struct casebook_new_account *of, struct casebook_account_made *made,
                         struct err *why)
{
	if (!casebook_account_first(site_book(request), code, of, request->arena, made, why))
		return false;
	if (made->answer.outcome == CASEBOOK_ADMITTED)
		return true;
	if (made->answer.outcome == CASEBOOK_FAILED)
		*why = made->answer.err;
	else
		err_set(why, ERR_ABSENT, "%.*s", STR_ARG(made->answer.sentence));
	return false;
}

bool setup_account_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(draft_finish) struct draft draft;
	struct casebook_new_account of = { .name = site_choice(request, STR("name")),
		                           .person = site_choice(request, STR("person")),
		                           .password = site_value(request, STR("password")) };
	struct casebook_account_made made = { 0 };
	struct err why = { 0 };
	if (!draft_open(request, &draft, err))
		return false;
	struct str code = json_text(json_member(draft.root, KEPT), STR("code"));
	if (!code.n) {
		web_answer_redirect(answer, STR("/setup"));
		return true;
	}
	if (!of.person.p)
		of.person = STR("");
	if (!of.name.n)
		return show_account(request, answer, STR("name"), STR("Write an account name"),
		                    err);
	if (!make_account(request, code, &of, &made, &why)) {
		if (why.code != ERR_INPUT && why.code != ERR_ABSENT) {
			*err = why;
			return false;
		}
		return show_account(request, answer, field_of(&why),
		                    arena_copy(request->arena, str_from_c(why.message)), err);
	}
	struct json *kept = json_object(request->arena);
	json_put_text(request->arena, kept, STR("name"), of.name);
	json_put_text(request->arena, kept, STR("password"), of.password);
	json_put_text(request->arena, kept, STR("secret"), made.totp_base32);
	return keep(request, answer, &draft, kept, STR("/setup/second-factor"), err);
}

/* --- the second factor --------------------------------------------------------------------------
 */

static bool show_factor(struct web_request *request, const struct json *kept,
                        struct web_answer *answer, struct str error, struct err *err)
{
	struct json *model = setup_begin(request, STR("setup.second-factor"),
	                                 STR("Your second factor"), STR(""), 3);
	if (error.n) {
		answer->status = 422;
		page_error(request, model, STR("digits"), error);
	}
	struct str text = page_error_of(model, STR("digits"));
	json_put_text(request->arena, model, STR("digits_error"), text.p ? text : STR(""));
	return admin_put_totp(request, model, json_text(kept, STR("name")),
	                      json_text(kept, STR("secret")), err) &&
	       page_answer(request, answer, STR("admin/setup-factor"), model, err);
}

bool setup_factor_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(draft_finish) struct draft draft;
	if (!draft_open(request, &draft, err))
		return false;
	const struct json *kept = json_member(draft.root, KEPT);
	if (json_text(kept, STR("secret")).n)
		return show_factor(request, kept, answer, STR_NONE, err);
	web_answer_redirect(answer, STR("/setup"));
	return true;
}

static bool begin_session(struct web_request *request, struct web_answer *answer,
                          struct draft *draft, struct str account, struct err *err)
{
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_reader *reader;
	const struct casebook_seat *seats;
	size_t count;
	if (!site_reader(request, &reader, err) ||
	    !casebook_seats(reader, request->arena, account, &seats, &count, err))
		return false;
	struct str office = count == 1 ? seats[0].office : STR("");
	site_reader_end(request);
	if (!casebook_session_make(site_book(request), account, office, secret, err) ||
	    !draft_drop(request, answer, draft, err))
		return false;
	session_gate_set(request, answer, str_from_c(secret));
	web_answer_redirect(answer, STR("/setup/names"));
	return true;
}

bool setup_factor_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(draft_finish) struct draft draft;
	struct str digits = site_choice(request, STR("digits")), account;
	if (!draft_open(request, &draft, err))
		return false;
	const struct json *kept = json_member(draft.root, KEPT);
	if (!json_text(kept, STR("secret")).n) {
		web_answer_redirect(answer, STR("/setup"));
		return true;
	}
	if (!digits.n)
		return show_factor(request, kept, answer, STR("Write the 6 digits"), err);
	if (casebook_sign_in(site_book(request), json_text(kept, STR("name")),
	                     json_text(kept, STR("password")), digits, request->arena, &account,
	                     err))
		return begin_session(request, answer, &draft, account, err);
	if (err->code != ERR_ABSENT && err->code != ERR_UNABLE)
		return false;
	struct str sentence =
		err->code == ERR_ABSENT
			? STR("These are not the digits of now. Wait for the next ones, and write those")
			: arena_copy(request->arena, str_from_c(err->message));
	return show_factor(request, kept, answer, sentence, err);
}
