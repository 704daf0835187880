/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What anybody may count: how much is owed, how much of it is late, and how
 * long the oldest has waited. Numbers so small that they could point to
 * somebody are told as "fewer than 6".
 */
#include "web/public.h"

#define SMALL 6

static struct str count_words(struct arena *arena, int64_t n)
{
	if (n > 0 && n < SMALL)
		return STR("fewer than 6");
	return wording_number(arena, n);
}

static bool put_oldest(struct web_request *request, struct casebook_reader *reader,
                       struct json *model, struct err *err)
{
	struct arena *arena = request->arena;
	struct casebook_duty_list late;
	if (!casebook_duties_open(reader, arena, true, INSTANT_MIN, 0, 1, &late, err))
		return false;
	if (late.count == 0) {
		json_put(model, STR("oldest"), json_null(arena));
		return true;
	}
	struct json *oldest = json_object(arena);
	json_put_text(arena, oldest, STR("what"), late.at[0].title);
	json_put_text(arena, oldest, STR("by"), late.at[0].office_title);
	json_put(oldest, STR("late"), page_late(request, late.at[0].due, request->now));
	json_put(model, STR("oldest"), oldest);
	return true;
}

bool public_figures(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct arena *arena = request->arena;
	struct casebook_reader *reader;
	struct casebook_health health;
	struct page_head head = { .page = STR("figures"),
		                  .title = STR("How we are doing"),
		                  .back = STR("/") };
	if (!site_reader(request, &reader, err) || !casebook_health(reader, &health, err))
		return false;
	struct json *model = page_begin(request, &head);
	json_put_text(arena, model, STR("owed"), count_words(arena, health.open_duties));
	json_put_text(arena, model, STR("late"), count_words(arena, health.late_duties));
	json_put_bool(arena, model, STR("is_late"), health.late_duties > 0);
	json_put_text(arena, model, STR("entries"), wording_number(arena, health.entries));
	json_put_bool(arena, model, STR("clock_is_late"), health.clock_is_late);
	return put_oldest(request, reader, model, err) &&
	       page_answer(request, answer, STR("public/figures"), model, err);
}
