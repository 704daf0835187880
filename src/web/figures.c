/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/figures.h"

#define SMALL 6

static bool is_small(int64_t n)
{
	return n > 0 && n < SMALL;
}

struct str figures_count(struct arena *arena, int64_t n)
{
	return is_small(n) ? STR("fewer than 6") : wording_number(arena, n);
}

/* --- quarters -------------------------------------------------------------------------------- */

static struct day first_day(int nth)
{
	return (struct day){ nth / 4, nth % 4 * 3 + 1, 1 };
}

/* The quarter that has begun, counted from the year 0. */
static int quarter_now(struct web_request *request)
{
	struct day today = zone_day(page_zone(request), request->now);
	return today.year * 4 + (today.month - 1) / 3;
}

static void name_quarter(struct arena *arena, int nth, struct figures_quarter *out)
{
	static const char *const SPANS[] = { "January to March", "April to June",
		                             "July to September", "October to December" };
	out->name = arena_format(arena, "%d-%d", nth / 4, nth % 4 + 1);
	out->text = arena_format(arena, "%s %d", SPANS[nth % 4], nth / 4);
}

/* --- what may be told ------------------------------------------------------------------------ */

struct str figures_what(struct web_request *request, struct str rule, struct str title)
{
	const struct pack_duty *known = pack_duty_find(casebook_pack(site_book(request)), rule);
	return known && known->public_text.n ? known->public_text : title;
}

static void add_rule(struct web_request *request, const struct casebook_kept *rule,
                     struct figures_quarter *quarter)
{
	struct arena *arena = request->arena;
	struct json *row = json_object(arena);
	int64_t late = rule->owed - rule->kept;
	bool is_shown = !is_small(rule->kept) && !is_small(late);
	json_put_text(arena, row, STR("rule"), rule->rule);
	json_put_text(arena, row, STR("what"), figures_what(request, rule->rule, rule->title));
	json_put_bool(arena, row, STR("is_by_law"), rule->is_by_law);
	json_put_bool(arena, row, STR("is_few"), is_small(rule->owed));
	quarter->few += is_small(rule->owed);
	quarter->has_told = quarter->has_told || !is_small(rule->owed);
	json_put_text(arena, row, STR("owed"), figures_count(arena, rule->owed));
	json_put_text(arena, row, STR("in_time"),
	              is_shown ? wording_number(arena, rule->kept) : STR("withheld"));
	json_put_text(arena, row, STR("late"),
	              is_shown ? wording_number(arena, late) : STR("withheld"));
	json_put(row, STR("in_time_n"),
	         is_shown ? json_integer(arena, rule->kept) : json_null(arena));
	json_put(row, STR("late_n"), is_shown ? json_integer(arena, late) : json_null(arena));
	json_push(quarter->rows, row);
	quarter->has_rows = true;
	quarter->has_withheld = quarter->has_withheld || !is_shown;
	if (rule->is_by_law && is_shown) {
		quarter->owed += rule->owed;
		quarter->written_late += rule->written_late;
		quarter->in_time += rule->kept;
	} else if (rule->is_by_law) {
		quarter->withheld.rules++;
		quarter->withheld.owed += rule->owed;
		quarter->withheld.written_late += rule->written_late;
		quarter->withheld.in_time += rule->kept;
	}
}

/* Whether the sum of so many numbers, each of which is there, says what one of them is. */
static bool gives_away(int64_t sum, int64_t rules)
{
	return sum <= rules;
}

/* Takes into the sum what is withheld rule by rule, unless it gave one rule's numbers away. */
static void close_sum(struct figures_quarter *quarter)
{
	int64_t rules = quarter->withheld.rules;
	int64_t late = quarter->withheld.owed - quarter->withheld.in_time;
	quarter->left_out = rules;
	if (rules < 2 || gives_away(late, rules) || gives_away(quarter->withheld.in_time, rules))
		return;
	quarter->left_out = 0;
	quarter->owed += quarter->withheld.owed;
	quarter->in_time += quarter->withheld.in_time;
	quarter->written_late += quarter->withheld.written_late;
}

/* Quarters before anything was due are not told of; the last one always is. */
static void drop_before(struct figures *out)
{
	size_t first = 0;
	while (first + 1 < out->count && !out->at[first].has_rows)
		first++;
	out->count -= first;
	memmove(out->at, out->at + first, out->count * sizeof *out->at);
}

static bool choose(struct web_request *request, struct figures *out, struct err *err)
{
	struct str wanted = fields_get(&request->head->query, STR("quarter"));
	out->chosen = out->count - 1;
	if (!wanted.p)
		return true;
	for (size_t i = 0; i < out->count; i++) {
		if (str_eq(out->at[i].name, wanted)) {
			out->chosen = i;
			return true;
		}
	}
	return err_set(err, ERR_ABSENT, "No such quarter is counted here; choose one on /figures");
}

bool figures_read(struct web_request *request, struct casebook_reader *reader, struct figures *out,
                  struct err *err)
{
	struct arena *arena = request->arena;
	instant bounds[CASEBOOK_SPANS_MAX + 1];
	const struct casebook_kept *kept;
	size_t count;
	int first = quarter_now(request) - CASEBOOK_SPANS_MAX;
	*out = (struct figures){ .count = CASEBOOK_SPANS_MAX };
	for (int i = 0; i <= CASEBOOK_SPANS_MAX; i++)
		bounds[i] = zone_day_start(page_zone(request), first_day(first + i));
	for (int i = 0; i < CASEBOOK_SPANS_MAX; i++) {
		out->at[i].rows = json_array(arena);
		out->at[i].is_last = i == CASEBOOK_SPANS_MAX - 1;
		name_quarter(arena, first + i, &out->at[i]);
	}
	if (!casebook_clocks_kept(reader, arena, bounds, CASEBOOK_SPANS_MAX, &kept, &count,
	                          &out->is_whole, err))
		return false;
	for (size_t i = 0; i < count; i++)
		add_rule(request, &kept[i], &out->at[kept[i].span]);
	for (size_t i = 0; i < out->count; i++)
		close_sum(&out->at[i]);
	drop_before(out);
	return choose(request, out, err);
}
