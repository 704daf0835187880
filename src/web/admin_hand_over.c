/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Handing over what an office owes, in one go: each duty is an act of its own,
 * so that each has its entry. Nothing ends because somebody leaves.
 */
#include "web/admin.h"

#include "web/draft.h"

#define LINES_MAX 200

struct handing {
	struct web_request *request;
	struct casebook_reader *reader;
	struct casebook_office office;
	struct casebook_file file;
	const struct casebook_office *offices;
	size_t office_count;
	struct casebook_duty_list duties;
	struct json *model;
};

static bool find_office(struct handing *handing, struct err *err)
{
	struct arena *arena = handing->request->arena;
	struct str id = web_param(handing->request, STR("id"));
	if (!site_reader(handing->request, &handing->reader, err) ||
	    !casebook_offices(handing->reader, arena, &handing->offices, &handing->office_count,
	                      err))
		return false;
	for (size_t i = 0; i < handing->office_count; i++) {
		if (!str_eq(handing->offices[i].id, id))
			continue;
		handing->office = handing->offices[i];
		return casebook_file_get(handing->reader, arena, handing->office.file,
		                         &handing->file, err) &&
		       casebook_duties_of_office(handing->reader, arena, id, INSTANT_MIN, 0,
		                                 LINES_MAX, &handing->duties, err);
	}
	return err_set(err, ERR_ABSENT, "There is no such office");
}

static void put_offices(struct handing *handing)
{
	struct arena *arena = handing->request->arena;
	struct json *rows = json_array(arena);
	struct str to = site_choice(handing->request, STR("to"));
	for (size_t i = 0; i < handing->office_count; i++) {
		struct json *row = json_object(arena);
		if (str_eq(handing->offices[i].id, handing->office.id) ||
		    office_is_outside(&handing->offices[i]))
			continue;
		json_put_text(arena, row, STR("value"), handing->offices[i].id);
		json_put_text(arena, row, STR("text"), handing->offices[i].title);
		json_put_bool(arena, row, STR("is_on"), str_eq(handing->offices[i].id, to));
		json_push(rows, row);
	}
	json_put(handing->model, STR("to_offices"), rows);
}

static void put_lines(struct handing *handing)
{
	struct web_request *request = handing->request;
	struct arena *arena = request->arena;
	struct json *rows = json_array(arena);
	for (size_t i = 0; i < handing->duties.count; i++) {
		const struct casebook_duty *duty = &handing->duties.at[i];
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("duty"), duty->name);
		json_put_text(arena, row, STR("what"), duty->title);
		json_put_text(arena, row, STR("number"), duty->file_number);
		json_put(row, STR("due"), page_time_due(request, duty->due));
		json_put_bool(arena, row, STR("is_late"), duty->is_late);
		json_put_text(arena, row, STR("late_text"),
		              duty->is_late ? json_text(page_late(request, duty->due, request->now),
		                                        STR("text"))
		                            : STR(""));
		json_push(rows, row);
	}
	json_put_bool(arena, handing->model, STR("has_lines"), handing->duties.count > 0);
	json_put_bool(arena, handing->model, STR("has_more"), handing->duties.more);
	json_put(handing->model, STR("lines"), rows);
}

static bool begin(struct handing *handing, struct err *err)
{
	struct web_request *request = handing->request;
	struct arena *arena = request->arena;
	struct page_head head = { .page = STR("hand-over"), .back = STR("/offices") };
	head.title = arena_format(arena, "Hand over: %.*s", STR_ARG(handing->office.title));
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &handing->model, err))
		return false;
	json_put_text(arena, handing->model, STR("action"),
	              arena_format(arena, "/offices/%.*s/hand-over", STR_ARG(handing->office.id)));
	json_put_text(arena, handing->model, STR("office_title"), handing->office.title);
	json_put_bool(arena, handing->model, STR("is_vacant"), handing->office.holder_count == 0);
	json_put_integer(arena, handing->model, STR("handed"), -1);
	put_offices(handing);
	put_lines(handing);
	page_submission(request, handing->model, site_random(request));
	return true;
}

static bool answer_page(struct handing *handing, struct web_answer *answer, struct err *err)
{
	struct arena *arena = handing->request->arena;
	static const char *const FIELDS[2][2] = { { "to", "to_error" }, { "duty", "duty_error" } };
	for (size_t i = 0; i < 2; i++) {
		struct str text = page_error_of(handing->model, str_from_c(FIELDS[i][0]));
		json_put_text(arena, handing->model, str_from_c(FIELDS[i][1]),
		              text.p ? text : STR(""));
	}
	return page_answer(handing->request, answer, STR("admin/hand-over"), handing->model, err);
}

bool hand_over_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct handing handing = { .request = request };
	if (!practice_has_office(request, answer))
		return true;
	return find_office(&handing, err) && begin(&handing, err) &&
	       answer_page(&handing, answer, err);
}

/* --- taken ----------------------------------------------------------------------------------- */

/* Late ones one by one; the others all together when that was chosen. */
static bool is_chosen(const struct handing *handing, const struct casebook_duty *duty)
{
	const struct fields *form = &handing->request->form;
	if (!duty->is_late && fields_get(form, STR("all")).p)
		return true;
	for (size_t i = 0; i < fields_count(form, STR("duty")); i++)
		if (str_eq(fields_get_nth(form, STR("duty"), i), duty->name))
			return true;
	return false;
}

static struct casebook_act act_of(struct handing *handing, const struct casebook_duty *duty,
                                  struct str to)
{
	struct web_request *request = handing->request;
	struct arena *arena = request->arena;
	struct json *fields = json_object(arena);
	const struct str pieces[] = { practice_viewer(request)->actor.account, STR("\nhand-over\n"),
		                      duty->name, STR("\n"),
		                      site_choice(request, STR("submission")) };
	struct hash hash = hash_of(arena_join(arena, pieces, COUNT_OF(pieces)));
	json_put_text(arena, fields, STR("office"), handing->office.id);
	json_put_text(arena, fields, STR("duty"), duty->name);
	json_put_text(arena, fields, STR("to"), to);
	return (struct casebook_act){
		.actor = site_actor(request),
		.via = site_via(request),
		.submission = arena_format(arena, "hand %.*s", STR_ARG(hash_hex(arena, &hash))),
		.kind = STR("office.handed-over"),
		.file = handing->file.id,
		.fields = fields,
	};
}

static void note_answers(struct handing *handing, const struct casebook_answer *answers,
                         size_t count, int64_t *handed)
{
	struct web_request *request = handing->request;
	*handed = 0;
	for (size_t i = 0; i < count; i++) {
		if (answers[i].outcome == CASEBOOK_ADMITTED) {
			(*handed)++;
			continue;
		}
		struct str why = answers[i].outcome == CASEBOOK_FAILED
		                         ? str_from_c(answers[i].err.message)
		                         : answers[i].sentence;
		if (!page_error_of(handing->model, STR("duty")).p)
			page_error(request, handing->model, STR("duty"),
			           why.p ? arena_copy(request->arena, why) : STR("It was refused"));
	}
}

static bool hand_over(struct handing *handing, struct str to, struct web_answer *answer,
                      struct err *err)
{
	struct web_request *request = handing->request;
	struct arena *arena = request->arena;
	struct casebook_act *acts = arena_alloc(arena, handing->duties.count, sizeof *acts);
	struct casebook_answer *answers =
		arena_alloc(arena, handing->duties.count, sizeof *answers);
	int64_t handed;
	size_t count = 0;
	if (!acts || !answers)
		return err_set(err, ERR_UNABLE, "There is no memory for this hand-over");
	for (size_t i = 0; i < handing->duties.count; i++)
		if (is_chosen(handing, &handing->duties.at[i]))
			acts[count++] = act_of(handing, &handing->duties.at[i], to);
	if (count > 0 &&
	    !casebook_submit_many(site_book(request), acts, count, arena, answers, err))
		return false;
	site_reader_end(request);
	if (!find_office(handing, err) || !begin(handing, err))
		return false;
	note_answers(handing, answers, count, &handed);
	if (count == 0)
		page_error(request, handing->model, STR("duty"), STR("Choose what is handed over"));
	draft_set(handing->model, STR("handed"), json_integer(arena, count > 0 ? handed : -1));
	if ((size_t)handed < count || count == 0)
		answer->status = count == 0 ? 422 : 409;
	return answer_page(handing, answer, err);
}

bool hand_over_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct handing handing = { .request = request };
	struct str to = site_choice(request, STR("to"));
	if (!practice_has_office(request, answer))
		return true;
	if (!find_office(&handing, err))
		return false;
	if (to.n > 0)
		return hand_over(&handing, to, answer, err);
	if (!begin(&handing, err))
		return false;
	page_error(request, handing.model, STR("to"), STR("Choose who takes it"));
	answer->status = 422;
	return answer_page(&handing, answer, err);
}
