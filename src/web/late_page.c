/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is late, everywhere: oldest first, with the office that owes it and who was told. */
#include "web/practice.h"

#include "web/draft.h"
#include "web/late.h"
#include "web/work.h"

static void read_after(struct web_request *request, instant *due, int64_t *id)
{
	struct str after = fields_get(&request->head->query, STR("after")), first;
	uint64_t due_n = 0, id_n = 0;
	*due = INSTANT_MIN;
	*id = 0;
	if (!after.p || !str_cut(&after, '.', &first) || !str_to_u64(first, INSTANT_MAX, &due_n) ||
	    !str_to_u64(after, INT64_MAX, &id_n))
		return;
	*due = (instant)due_n;
	*id = (int64_t)id_n;
}

/* The number links for those who may know the file; for others it is only a number. */
static bool put_row(struct web_request *request, struct casebook_reader *reader,
                    const struct casebook_duty *duty, struct json *rows, struct err *err)
{
	struct arena *arena = request->arena;
	struct casebook_access access;
	struct json *row;
	if (!duty_row_listed(request, reader, duty, &row, err) ||
	    !casebook_may(reader, practice_viewer(request), duty->file, &access, err))
		return false;
	json_put_bool(arena, row, STR("may_know"), access.may_know);
	/* What is to be read has no ladder of its own. */
	const struct pack_duty *reading = casebook_pack(site_book(request))->read_duty;
	json_put_bool(arena, row, STR("is_reading"), reading && str_eq(duty->rule, reading->name));
	json_push(rows, row);
	return true;
}

/* A flood that is late is one row above the table, on the first page. */
static bool put_bursts(struct web_request *request, struct casebook_reader *reader, int64_t late,
                       bool is_first, struct json *model, bool *has, struct err *err)
{
	const struct casebook_burst *bursts;
	struct json *rows = json_array(request->arena);
	size_t count;
	if (!work_bursts(request, reader, STR(""), late, &bursts, &count, err))
		return false;
	for (size_t i = 0; is_first && i < count; i++)
		json_push(rows, work_burst_row(request, &bursts[i]));
	*has = count > 0;
	json_put_bool(request->arena, model, STR("has_bursts"), is_first && count > 0);
	json_put(model, STR("bursts"), rows);
	return true;
}

/* The oldest of all stands first on the first page, in a flood or alone. */
static bool put_sentence(struct web_request *request, struct casebook_reader *reader, int64_t late,
                         struct json *model, struct err *err)
{
	struct arena *arena = request->arena;
	struct casebook_duty_list first;
	if (!casebook_duties_open(reader, arena, true, INSTANT_MIN, 0, 1, &first, err))
		return false;
	if (first.count == 0) {
		json_put_text(arena, model, STR("sentence"),
		              arena_format(arena, "Nothing is late. Checked %.*s.",
		                           STR_ARG(wording_near(arena, page_zone(request),
		                                                request->now, request->now))));
		return true;
	}
	const struct casebook_duty *oldest = &first.at[0];
	struct str age = wording_elapsed(arena, request->now - oldest->due);
	json_put_text(arena, model, STR("sentence"),
	              arena_format(arena,
	                           "%" PRId64
	                           " %s late. The oldest is %.*s late: %.*s, owed by %.*s.",
	                           late, late == 1 ? "duty is" : "duties are", STR_ARG(age),
	                           STR_ARG(oldest->title), STR_ARG(oldest->office_title)));
	return true;
}

static void put_next(struct web_request *request, const struct casebook_duty_list *list,
                     struct json *model)
{
	struct arena *arena = request->arena;
	json_put(model, STR("next"), json_null(arena));
	if (!list->more)
		return;
	const struct casebook_duty *last = &list->at[list->count - 1];
	draft_set(model, STR("next"),
	          json_string(arena, arena_format(arena, "/late?after=%" PRId64 ".%" PRId64,
	                                          last->due, last->id)));
}

/* The rows of one page, and where it goes on. */
static bool put_rows(struct web_request *request, struct casebook_reader *reader, int64_t late,
                     struct json *model, struct err *err)
{
	struct casebook_duty_list list;
	struct json *rows = json_array(request->arena);
	bool has_bursts;
	instant due;
	int64_t id;
	read_after(request, &due, &id);
	if (!put_bursts(request, reader, late, id == 0, model, &has_bursts, err))
		return false;
	bool is_read = has_bursts ? casebook_duties_apart(reader, request->arena, STR(""), due, id,
	                                                  PRACTICE_ROWS, &list, err)
	                          : casebook_duties_open(reader, request->arena, true, due, id,
	                                                 PRACTICE_ROWS, &list, err);
	if (!is_read)
		return false;
	for (size_t i = 0; i < list.count; i++)
		if (!put_row(request, reader, &list.at[i], rows, err))
			return false;
	json_put_bool(request->arena, model, STR("has_rows"), list.count > 0);
	json_put(model, STR("rows"), rows);
	put_next(request, &list, model);
	return true;
}

bool late_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("late"), .title = STR("What is late") };
	struct casebook_reader *reader;
	struct casebook_health health;
	struct json *model;
	enum casebook_late_by by = CASEBOOK_LATE_BY_OFFICE;
	if (!practice_has_office(request, answer))
		return true;
	if (!site_reader(request, &reader, err) ||
	    !practice_begin(request, &head, PRACTICE_LATE, &model, err) ||
	    !casebook_health(reader, &health, err))
		return false;
	bool is_put = late_way(request, model, &by)
	                      ? late_put_groups(request, reader, by, model, err)
	                      : put_rows(request, reader, health.late_duties, model, err);
	json_put_integer(request->arena, model, STR("late_n"), health.late_duties);
	json_put_integer(request->arena, model, STR("open_n"), health.open_duties);
	return is_put && put_sentence(request, reader, health.late_duties, model, err) &&
	       page_answer(request, answer, STR("practice/late"), model, err);
}
