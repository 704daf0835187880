/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which office somebody works in: those held, and those stood in for. */
#include "web/practice.h"

#include "web/draft.h"
#include "web/kept_form.h"
#include "web/session_gate.h"

/* A form whose session ended, of somebody who had to choose an office first. */
static bool restore_form(struct web_request *request, struct web_answer *answer, struct str office,
                         struct str *to, struct err *err)
{
	CLEANUP(draft_finish) struct draft draft;
	struct str account = practice_viewer(request)->actor.account;
	if (!draft_open(request, &draft, err))
		return false;
	if (!json_member(draft.root, STR("form")))
		return true;
	return kept_form_restore(request, draft.root, account, office, to, err) &&
	       (draft.root->count == 0 ? draft_drop(request, answer, &draft, err)
	                               : draft_save(request, answer, &draft, err));
}

static bool put_seat(struct web_request *request, struct casebook_reader *reader,
                     const struct casebook_seat *seat, struct json *offices, struct err *err)
{
	struct arena *arena = request->arena;
	struct json *row = json_object(arena);
	int64_t open, late;
	if (!casebook_office_counts(reader, seat->office, &open, &late, err))
		return false;
	json_put_text(arena, row, STR("id"), seat->office);
	/* The first is where an error leads to. */
	json_put_text(arena, row, STR("option_id"),
	              offices && offices->count == 0
	                      ? STR("office")
	                      : arena_format(arena, "office-%.*s", STR_ARG(seat->office)));
	json_put_text(arena, row, STR("office_title"), seat->title);
	json_put_bool(arena, row, STR("is_deputy"), seat->is_deputy);
	json_put_integer(arena, row, STR("owed"), open);
	json_put_integer(arena, row, STR("late_n"), late);
	json_put_text(arena, row, STR("owed_text"), practice_count(arena, open));
	json_put_text(arena, row, STR("late_text"), practice_count(arena, late));
	json_put_bool(arena, row, STR("is_here"),
	              str_eq(seat->office, practice_viewer(request)->actor.office));
	json_push(offices, row);
	return true;
}

static bool show(struct web_request *request, struct web_answer *answer, struct str error,
                 struct err *err)
{
	struct page_head head = { .page = STR("office"),
		                  .title = STR("Which office are you working in?") };
	struct arena *arena = request->arena;
	struct casebook_actor actor = practice_viewer(request)->actor;
	struct casebook_reader *reader;
	const struct casebook_seat *seats;
	struct json *model, *offices = json_array(arena);
	size_t count;
	if (!site_reader(request, &reader, err) ||
	    !casebook_seats(reader, arena, actor.account, &seats, &count, err))
		return false;
	/* Nothing is to be chosen by who is at work in the one office there is. */
	bool is_only = error.n == 0 && count == 1 && str_eq(seats[0].office, actor.office);
	if (is_only)
		head.title = STR("You hold one office");
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!put_seat(request, reader, &seats[i], offices, err))
			return false;
	json_put(model, STR("offices"), offices);
	json_put_bool(arena, model, STR("has_offices"), count > 0);
	json_put_bool(arena, model, STR("is_only"), is_only);
	json_put_text(arena, model, STR("office_error"), error);
	if (error.n) {
		answer->status = 422;
		page_error(request, model, STR("office"), error);
	}
	return page_answer(request, answer, STR("practice/office"), model, err);
}

bool office_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	return show(request, answer, STR_NONE, err);
}

bool office_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	char next[CASEBOOK_SECRET_TEXT + 1];
	const struct site_visit *visit = site_visit(request);
	struct str office = site_choice(request, STR("office"));
	if (visit->known != SITE_BY_SESSION)
		return err_set(err, ERR_USAGE, "A token is bound to its office");
	if (office.n == 0)
		return show(request, answer, STR("Choose an office"), err);
	if (!casebook_session_office(site_book(request), visit->secret, office, next, err))
		return err->code == ERR_REFUSED &&
		       show(request, answer, arena_copy(request->arena, str_from_c(err->message)),
		            err);
	struct str to = STR("/work");
	if (!restore_form(request, answer, office, &to, err))
		return false;
	session_gate_set(request, answer, str_from_c(next));
	web_answer_redirect(answer, to);
	return true;
}
