/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The end of set-up: the answers checked and recorded as one entry, and what is still to be done.
 */
#include "web/setup.h"

#include "web/draft.h"

#define DESCRIBED_MAX 64

/* --- check your answers -------------------------------------------------------------------------
 */

static void put_answer(struct web_request *request, const struct setup_answers *answers,
                       const struct casebook_particular *one, struct str question,
                       const struct json *model, struct json *rows)
{
	struct arena *arena = request->arena;
	struct str text = setup_answer(answers, one->name);
	struct str error = page_error_of(model, one->name);
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("label"), one->label);
	json_put_text(arena, row, STR("text"), text.n ? text : STR("Not named"));
	json_put_text(arena, row, STR("error"), error.p ? error : STR(""));
	json_put_text(arena, row, STR("href"),
	              arena_format(arena, "/setup/%.*s", STR_ARG(question)));
	json_put_text(arena, row, STR("id"), one->name);
	json_push(rows, row);
}

/* In the order in which they were asked. */
static void put_answers(struct web_request *request, const struct setup_answers *answers,
                        struct json *model)
{
	static const struct str QUESTIONS[] = { { "names", 5 },
		                                { "calendar", 8 },
		                                { "agencies", 8 },
		                                { "shares", 6 },
		                                { "rules", 5 } };
	struct json *rows = json_array(request->arena);
	for (size_t q = 0; q < COUNT_OF(QUESTIONS); q++)
		for (size_t i = 0; i < answers->count; i++)
			if (setup_asks(QUESTIONS[q], &answers->all[i]))
				put_answer(request, answers, &answers->all[i], QUESTIONS[q], model,
				           rows);
	json_put(model, STR("rows"), rows);
}

static bool show_check(struct web_request *request, const struct setup_answers *answers,
                       const struct casebook_answer *failed, struct web_answer *answer,
                       struct err *err)
{
	struct json *model = setup_begin(request, STR("setup.check"), STR("Check your answers"),
	                                 STR("/setup/rules"), SETUP_STEPS);
	if (failed) {
		answer->status = 422;
		page_answer_errors(request, model, failed, STR("answers"));
	}
	put_answers(request, answers, model);
	return page_answer(request, answer, STR("admin/setup-check"), model, err);
}

/* False, and redirected, when a question has no answer yet. */
static bool find(struct web_request *request, struct web_answer *answer,
                 struct setup_answers *answers, struct err *err)
{
	if (!setup_must_administer(request, answer, err) ||
	    !setup_answers_load(request, answers, err))
		return false;
	struct str next = setup_next(answers);
	if (str_eq(next, STR("/setup/check")))
		return true;
	web_answer_redirect(answer, next);
	return false;
}

bool setup_check_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct setup_answers answers;
	if (!find(request, answer, &answers, err))
		return err->code == ERR_NONE;
	return show_check(request, &answers, NULL, answer, err);
}

/* Those of the draft that say something else than the register does. */
static size_t changes_of(const struct setup_answers *answers,
                         struct casebook_described out[DESCRIBED_MAX])
{
	size_t count = 0;
	for (size_t i = 0; i < answers->count && count < DESCRIBED_MAX; i++) {
		struct str drafted = json_text(answers->draft, answers->all[i].name);
		if (drafted.p && !str_eq(drafted, answers->all[i].text))
			out[count++] = (struct casebook_described){ answers->all[i].name, drafted };
	}
	return count;
}

bool setup_check_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_described changes[DESCRIBED_MAX];
	struct casebook_actor actor = site_actor(request);
	struct casebook_answer given = { .outcome = CASEBOOK_ADMITTED };
	struct setup_answers answers;
	if (!find(request, answer, &answers, err))
		return err->code == ERR_NONE;
	size_t count = changes_of(&answers, changes);
	struct str submission =
		arena_format(request->arena, "setup %.*s", STR_ARG(answers.submission));
	if (count && !casebook_describe(site_book(request), &actor, site_via(request), STR_NONE,
	                                submission, changes, count, request->arena, &given, err))
		return false;
	if (given.outcome == CASEBOOK_FAILED && given.err.code == ERR_INPUT)
		return show_check(request, &answers, &given, answer, err);
	if (given.outcome == CASEBOOK_FAILED) {
		*err = given.err;
		return false;
	}
	if (given.outcome != CASEBOOK_ADMITTED)
		return err_set(err, ERR_REFUSED, "%.*s", STR_ARG(given.sentence));
	answers.draft = json_object(request->arena);
	if (!setup_answers_save(&answers, err))
		return false;
	web_answer_redirect(answer, STR("/setup/done"));
	return true;
}

/* --- before the first real report
 * ------------------------------------------------------------------ */

struct step_list {
	struct web_request *request;
	struct json *rows;
	int64_t open;
};

enum step_state {
	STEP_OPEN,
	STEP_DONE,
};

static void put_step(struct step_list *steps, enum step_state state, const char *what,
                     const char *how, const char *href)
{
	static const char *const WORDS[] = { "To do", "Done" };
	struct arena *arena = steps->request->arena;
	struct json *row = json_object(arena);
	steps->open += state == STEP_OPEN;
	json_put_text(arena, row, STR("what"), str_from_c(what));
	json_put_text(arena, row, STR("how"), str_from_c(how));
	json_put_text(arena, row, STR("href"), str_from_c(href));
	json_put_text(arena, row, STR("state"), str_from_c(WORDS[state]));
	json_put_bool(arena, row, STR("is_done"), state == STEP_DONE);
	json_put_bool(arena, row, STR("is_open"), state == STEP_OPEN);
	json_push(steps->rows, row);
}

static bool has_signed_in(const struct casebook_account_row *accounts, size_t count, struct str id)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(accounts[i].id, id))
			return accounts[i].signed_in > 0 && !accounts[i].is_ended;
	return false;
}

static bool put_witnesses(struct step_list *steps, struct err *err)
{
	struct casebook_witnesses all;
	struct casebook_reader *reader;
	if (!site_reader(steps->request, &reader, err) ||
	    !casebook_witnesses(reader, steps->request->arena, &all, err))
		return false;
	put_step(steps, all.asks ? STEP_DONE : STEP_OPEN, "Outside witnesses",
	         "Ask other organisations to countersign the log: candour log witness add", "");
	return true;
}

/* As opening asks it: two administrators, and somebody of another agency than theirs. */
static bool put_people(struct step_list *steps, struct err *err)
{
	struct web_request *request = steps->request;
	const struct casebook_account_row *accounts;
	const struct casebook_office *offices;
	struct casebook_reader *reader;
	size_t account_count, office_count, administrators = 0, others = 0;
	struct str agency = STR("");
	if (!site_reader(request, &reader, err) ||
	    !casebook_offices(reader, request->arena, &offices, &office_count, err) ||
	    !casebook_accounts(reader, request->arena, &accounts, &account_count, err))
		return false;
	for (size_t i = 0; i < office_count; i++)
		if (str_eq(offices[i].id, practice_viewer(request)->actor.office))
			agency = offices[i].agency;
	for (size_t i = 0; i < office_count; i++) {
		for (size_t h = 0; h < offices[i].holder_count; h++) {
			bool has = has_signed_in(accounts, account_count, offices[i].holders[h]);
			administrators +=
				has && str_eq(offices[i].role_name, STR("register-administrator"));
			others += has && !str_eq(offices[i].agency, agency);
		}
	}
	put_step(steps, administrators > 1 ? STEP_DONE : STEP_OPEN, "A second administrator",
	         "Add an account, name it to the office, and let that person sign in once",
	         "/accounts");
	put_step(steps, others > 0 ? STEP_DONE : STEP_OPEN, "An account of a second agency",
	         "Name somebody of another agency, who signs in once", "/offices");
	return true;
}

static bool put_care(struct step_list *steps, struct err *err)
{
	struct casebook_upkeep care;
	if (!casebook_upkeep(site_book(steps->request), &care, err))
		return false;
	bool is_read = care.shares_needed && care.shares_confirmed >= care.shares_needed;
	put_step(steps, is_read ? STEP_DONE : STEP_OPEN, "The shares of the key read back",
	         "Each officer types two groups of the share", "/key-shares");
	put_step(steps, care.at[CASEBOOK_BACKED_UP] ? STEP_DONE : STEP_OPEN, "A backup made",
	         "candour backup", "");
	put_step(steps, care.at[CASEBOOK_RESTORED] ? STEP_DONE : STEP_OPEN, "A backup tried",
	         "Restore one into an empty folder: candour restore, with --trial-of", "");
	return true;
}

static bool put_particulars(struct step_list *steps, struct err *err)
{
	const struct casebook_particular *all;
	size_t count, empty = 0;
	bool is_rung = true;
	if (!casebook_particulars(site_book(steps->request), steps->request->arena, &all, &count,
	                          err))
		return false;
	for (size_t i = 0; i < count; i++) {
		empty += all[i].sort == CASEBOOK_PARTICULAR_PRIVACY && all[i].opens &&
		         !all[i].text.n;
		if (str_eq(all[i].name, STR("phones")))
			is_rung = all[i].text.n > 0;
	}
	put_step(
		steps, empty ? STEP_OPEN : STEP_DONE, "The privacy notice filled in",
		"Who answers for it, the data protection officer, the keeping times, where to complain",
		"/particulars");
	put_step(steps, is_rung ? STEP_DONE : STEP_OPEN,
	         "The telephone numbers in the texts tested",
	         "Ring each number on the public pages, and write down who did", "/particulars");
	return true;
}

bool setup_done_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct arena *arena = request->arena;
	struct step_list steps = { .request = request, .rows = json_array(arena) };
	if (!setup_must_administer(request, answer, err))
		return err->code == ERR_NONE;
	struct json *model = setup_begin(request, STR("setup.done"),
	                                 STR("Before the first real report"), STR(""), 0);
	if (!put_witnesses(&steps, err) || !put_people(&steps, err) || !put_care(&steps, err) ||
	    !put_particulars(&steps, err))
		return false;
	json_put(model, STR("rows"), steps.rows);
	json_put_text(arena, model, STR("open_text"), wording_number(arena, steps.open));
	json_put_integer(arena, model, STR("open"), steps.open);
	json_put_bool(arena, model, STR("has_open"), steps.open > 0);
	json_put_bool(arena, model, STR("is_opened"), casebook_is_opened(site_book(request)));
	json_put_bool(arena, model, STR("is_named"), casebook_is_named(site_book(request)));
	return page_answer(request, answer, STR("admin/setup-done"), model, err);
}
