/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A flood: more reports within an hour than anybody can read in a list. They
 * stand as one row, danger first behind it, and are opened one by one.
 */
#include "web/work.h"

#define COUNTED_MAX 1000

static const struct casebook_mark DANGER = { { "danger-now", 10 }, { "yes", 3 } };

bool work_bursts(struct web_request *request, struct casebook_reader *reader, struct str office,
                 int64_t open, const struct casebook_burst **out, size_t *count, struct err *err)
{
	*out = NULL;
	*count = 0;
	/* No burst is smaller than its limit: the ordinary list costs nothing more. An office's
	 * open duties are counted to a thousand. */
	if (open <= casebook_burst_limit(reader) && open < COUNTED_MAX)
		return true;
	return casebook_bursts(reader, request->arena, office, &DANGER, out, count, err);
}

/* "Between 10am and 11am on Thursday 26 November 2026." */
static struct str hour_words(struct web_request *request, instant hour)
{
	struct arena *arena = request->arena;
	struct local from = zone_local(page_zone(request), hour);
	struct local to = zone_local(page_zone(request), hour + INSTANT_PER_HOUR);
	return arena_format(arena, "They began between %.*s and %.*s on %.*s.",
	                    STR_ARG(wording_time(arena, from.hour, from.minute)),
	                    STR_ARG(wording_time(arena, to.hour, to.minute)),
	                    STR_ARG(wording_day(arena, from.day)));
}

static struct str address(struct arena *arena, const struct casebook_burst *burst)
{
	return arena_format(arena, "/work/burst?office=%.*s&rule=%.*s&hour=%" PRId64,
	                    STR_ARG(burst->office), STR_ARG(burst->rule),
	                    burst->hour / INSTANT_PER_HOUR);
}

struct json *work_burst_row(struct web_request *request, const struct casebook_burst *burst)
{
	struct arena *arena = request->arena;
	struct json *row = json_object(arena), *tag = json_object(arena);
	struct json *office = json_object(arena);
	bool is_late = burst->due <= request->now;
	struct json *late =
		is_late ? page_late(request, burst->due, request->now) : json_null(arena);
	json_put_text(arena, row, STR("rule"), burst->rule);
	json_put_text(arena, row, STR("what"), burst->title);
	json_put_integer(arena, row, STR("count"), burst->count);
	json_put_text(arena, row, STR("line"), hour_words(request, burst->hour));
	json_put(row, STR("due"), page_time_due(request, burst->due));
	json_put_bool(arena, row, STR("is_late"), is_late);
	json_put_text(arena, tag, STR("kind"), is_late ? STR("late") : STR("owed"));
	json_put_text(arena, tag, STR("text"),
	              is_late ? json_text(late, STR("text")) : STR("Owed"));
	json_put(row, STR("tag"), tag);
	json_put(row, STR("late"), late);
	json_put_text(arena, office, STR("id"), burst->office);
	json_put_text(arena, office, STR("title"), burst->office_title);
	json_put(row, STR("office"), office);
	json_put_bool(arena, row, STR("has_marked"), burst->marked > 0);
	json_put_integer(arena, row, STR("marked"), burst->marked);
	json_put_text(arena, row, STR("href"), address(arena, burst));
	return row;
}

/* --- its page -------------------------------------------------------------------------------- */

static bool read_burst(struct web_request *request, struct casebook_reader *reader,
                       struct casebook_burst *out, struct err *err)
{
	const struct fields *query = &request->head->query;
	const struct pack_duty *rule;
	uint64_t hour;
	*out = (struct casebook_burst){ .office = fields_get(query, STR("office")),
		                        .rule = fields_get(query, STR("rule")) };
	rule = out->rule.n ? pack_duty_find(casebook_pack(site_book(request)), out->rule) : NULL;
	if (!rule ||
	    !str_to_u64(fields_get(query, STR("hour")), INSTANT_MAX / INSTANT_PER_HOUR - 1, &hour))
		return err_set(err, ERR_ABSENT, "There is no such list");
	out->title = rule->title;
	out->hour = (instant)hour * INSTANT_PER_HOUR;
	return casebook_office_title(reader, request->arena, out->office, &out->office_title, err);
}

/* "<y or n>.<due>.<id>" of the last row of the page before. */
static void read_after(struct web_request *request, struct casebook_burst_at *out)
{
	struct str rest = fields_get(&request->head->query, STR("after")), mark, due;
	uint64_t due_n, id_n;
	*out = (struct casebook_burst_at){ true, INSTANT_MIN, 0 };
	if (!rest.p || !str_cut(&rest, '.', &mark) || !str_cut(&rest, '.', &due) ||
	    !str_to_u64(due, INSTANT_MAX, &due_n) || !str_to_u64(rest, INT64_MAX, &id_n))
		return;
	*out = (struct casebook_burst_at){ str_eq(mark, STR("y")), (instant)due_n, (int64_t)id_n };
}

static bool put_rows(struct web_request *request, struct casebook_reader *reader,
                     const struct casebook_duty_list *list, struct json *model, struct err *err)
{
	struct json *rows = json_array(request->arena);
	for (size_t i = 0; i < list->count; i++) {
		struct json *row;
		if (!duty_row_listed(request, reader, &list->at[i], &row, err))
			return false;
		json_put_bool(request->arena, row, STR("is_many"), false);
		json_push(rows, row);
	}
	json_put_bool(request->arena, model, STR("has_rows"), list->count > 0);
	json_put(model, STR("rows"), rows);
	return true;
}

static void put_next(struct arena *arena, const struct casebook_burst *burst, bool has_more,
                     const struct casebook_burst_at *last, struct json *model)
{
	json_put(model, STR("next"), json_null(arena));
	if (has_more)
		draft_set(
			model, STR("next"),
			json_string(arena, arena_format(arena, "%.*s&after=%c.%" PRId64 ".%" PRId64,
		                                        STR_ARG(address(arena, burst)),
		                                        last->is_marked ? 'y' : 'n', last->due,
		                                        last->id)));
}

bool burst_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct arena *arena = request->arena;
	struct casebook_reader *reader;
	struct casebook_burst burst;
	struct casebook_burst_at after, last;
	struct casebook_duty_list list;
	struct json *model;
	if (!practice_has_office(request, answer))
		return true;
	if (!site_reader(request, &reader, err) || !read_burst(request, reader, &burst, err))
		return false;
	struct page_head head = { .page = STR("burst"),
		                  .title = arena_format(arena, "%.*s: many at once",
		                                        STR_ARG(burst.title)),
		                  .back = STR("/work") };
	read_after(request, &after);
	if (!practice_begin(request, &head, PRACTICE_WORK, &model, err) ||
	    !casebook_duties_of_burst(reader, arena, &burst, &DANGER, &after, PRACTICE_ROWS, &list,
	                              &last, err) ||
	    !put_rows(request, reader, &list, model, err))
		return false;
	struct str begun = hour_words(request, burst.hour);
	json_put_text(arena, model, STR("sentence"),
	              list.count > 0
	                      ? arena_format(arena, "%.*s Danger now stands first.", STR_ARG(begun))
	                      : arena_format(arena, "%.*s None of them is owed any more.",
	                                     STR_ARG(begun)));
	put_next(arena, &burst, list.more, &last, model);
	return page_answer(request, answer, STR("practice/burst-list"), model, err);
}
