/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What anybody may count: what was owed in the last whole quarter and done in
 * time or late, rule by rule; how much is owed now, how much of it is late,
 * and how long the oldest has waited. Numbers so small that they could point
 * to somebody are told as "fewer than 6" or withheld, and no sum has a
 * withheld one in it, so that none can be reckoned from the others.
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

/* --- the last whole quarter ------------------------------------------------------------------ */

struct quarter {
	instant from;
	instant until;
	struct str text; /* "July to September 2026" */
};

static struct quarter last_quarter(struct web_request *request)
{
	static const char *const SPANS[] = { "January to March", "April to June",
		                             "July to September", "October to December" };
	const struct zone *zone = page_zone(request);
	struct day today = zone_day(zone, request->now);
	int nth = today.year * 4 + (today.month - 1) / 3; /* the one that has begun */
	struct day from = { (nth - 1) / 4, (nth - 1) % 4 * 3 + 1, 1 };
	struct day until = { nth / 4, nth % 4 * 3 + 1, 1 };
	return (struct quarter){ zone_day_start(zone, from), zone_day_start(zone, until),
		                 arena_format(request->arena, "%s %d", SPANS[(nth - 1) % 4],
		                              from.year) };
}

static bool is_small(int64_t n)
{
	return n > 0 && n < SMALL;
}

/* True: shown whole, and may stand in a sum. */
static bool put_rule(struct arena *arena, const struct casebook_kept *rule, struct json *rows)
{
	struct json *row = json_object(arena);
	int64_t late = rule->owed - rule->kept;
	bool is_shown = !is_small(rule->kept) && !is_small(late);
	json_put_text(arena, row, STR("what"), rule->title);
	json_put_bool(arena, row, STR("is_by_law"), rule->is_by_law);
	json_put_text(arena, row, STR("owed"), count_words(arena, rule->owed));
	json_put_text(arena, row, STR("in_time"),
	              is_shown ? wording_number(arena, rule->kept) : STR("withheld"));
	json_put_text(arena, row, STR("late"),
	              is_shown ? wording_number(arena, late) : STR("withheld"));
	json_push(rows, row);
	return is_shown;
}

static bool put_kept(struct web_request *request, struct casebook_reader *reader,
                     struct json *model, struct err *err)
{
	struct arena *arena = request->arena;
	struct quarter quarter = last_quarter(request);
	struct json *kept = json_object(arena), *rows = json_array(arena);
	const struct casebook_kept *rules;
	int64_t owed = 0, in_time = 0, withheld = 0;
	size_t count;
	bool is_whole;
	if (!casebook_clocks_kept(reader, arena, quarter.from, quarter.until, &rules, &count,
	                          &is_whole, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		bool is_shown = put_rule(arena, &rules[i], rows);
		withheld += !is_shown;
		owed += is_shown && rules[i].is_by_law ? rules[i].owed : 0;
		in_time += is_shown && rules[i].is_by_law ? rules[i].kept : 0;
	}
	json_put_text(arena, kept, STR("quarter"), quarter.text);
	json_put_bool(arena, kept, STR("has_rows"), count > 0);
	json_put(kept, STR("rows"), rows);
	json_put_bool(arena, kept, STR("has_sum"), owed > 0);
	json_put_text(arena, kept, STR("owed"), wording_number(arena, owed));
	json_put_text(arena, kept, STR("in_time"), wording_number(arena, in_time));
	json_put_text(arena, kept, STR("late"), wording_number(arena, owed - in_time));
	json_put_bool(arena, kept, STR("has_withheld"), withheld > 0);
	json_put_bool(arena, kept, STR("is_whole"), is_whole);
	json_put(model, STR("kept"), kept);
	return true;
}

/* --- the page -------------------------------------------------------------------------------- */

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
	return put_kept(request, reader, model, err) && put_oldest(request, reader, model, err) &&
	       page_answer(request, answer, STR("public/figures"), model, err);
}
