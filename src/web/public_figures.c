/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The page of figures: what was owed in a whole quarter and done in time or
 * late, rule by rule; the quarters beside each other; how much is owed now, how
 * much of it is late, and how long the oldest has waited. The same as tables.
 */
#include "web/csv.h"
#include "web/draft.h"
#include "web/figures.h"
#include "web/log_health.h"
#include "web/owed.h"
#include "web/public.h"

#define RULES_MAX 200  /* bars of a chart */
#define LOOKED_MAX 900 /* things late, oldest first, to find what the law asks */

static bool is_by_law(const struct casebook_duty *duty)
{
	return duty->class == PACK_STATUTE || duty->class == PACK_GUIDANCE;
}

/* The oldest by law or guidance, as all beside it is; else the oldest by the register's own rules.
 */
static bool put_oldest(struct web_request *request, struct casebook_reader *reader,
                       struct json *model, struct err *err)
{
	struct arena *arena = request->arena;
	struct casebook_duty_list late;
	if (!casebook_duties_open(reader, arena, true, INSTANT_MIN, 0, LOOKED_MAX, &late, err))
		return false;
	size_t at = 0;
	while (at < late.count && !is_by_law(&late.at[at]))
		at++;
	bool by_law = at < late.count;
	at = by_law ? at : 0;
	if (late.count == 0) {
		json_put(model, STR("oldest"), json_null(arena));
		return true;
	}
	struct json *oldest = json_object(arena), *office;
	if (!page_office(request, reader, late.at[at].office, &office, err))
		return false;
	json_put_text(arena, oldest, STR("what"),
	              figures_what(request, late.at[at].rule, late.at[at].title));
	json_put_text(arena, oldest, STR("rests_on"),
	              by_law ? STR("law or guidance") : STR("this register's own rules"));
	json_put_text(arena, oldest, STR("by"), owed_office_words(request, reader, office));
	json_put(oldest, STR("late"), page_late(request, late.at[at].due, request->now));
	json_put(model, STR("oldest"), oldest);
	return true;
}

/* --- the chosen quarter ---------------------------------------------------------------------- */

/* What is withheld is no bar: it stands in the table, and is counted beside the picture. */
static void put_rules_chart(struct arena *arena, const struct figures_quarter *quarter,
                            struct json *kept)
{
	struct figures_bar *bars = arena_alloc(arena, RULES_MAX, sizeof *bars);
	size_t count = 0;
	const struct json *row = quarter->rows ? quarter->rows->first : NULL;
	int64_t withheld = 0;
	for (; bars && row && count < RULES_MAX; row = row->next) {
		bool is_shown = json_member(row, STR("in_time_n"))->type == JSON_INTEGER;
		withheld += !is_shown;
		if (!is_shown)
			continue;
		bars[count++] = (struct figures_bar){
			.name = json_text(row, STR("what")),
			.in_time = json_number(row, STR("in_time_n"), 0),
			.late = json_number(row, STR("late_n"), 0),
			.is_shown = true,
		};
	}
	struct str title = arena_format(arena,
	                                "Bars: what was done in time and late in %.*s, rule by "
	                                "rule. The table below says the same.",
	                                STR_ARG(quarter->text));
	json_put(kept, STR("chart"),
	         count > 0 ? figures_chart(arena, "rules", title, bars, count) : json_null(arena));
	json_put_bool(arena, kept, STR("has_not_drawn"), withheld > 0);
	json_put_integer(arena, kept, STR("not_drawn"), withheld);
}

static void put_kept(struct web_request *request, const struct figures *figures, struct json *model)
{
	struct arena *arena = request->arena;
	const struct figures_quarter *quarter = &figures->at[figures->chosen];
	struct json *kept = json_object(arena);
	json_put_text(arena, kept, STR("name"), quarter->name);
	json_put_text(arena, kept, STR("quarter"), quarter->text);
	json_put_text(arena, kept, STR("when"),
	              quarter->is_last ? STR("Last quarter")
	                               : arena_format(arena, "In %.*s,", STR_ARG(quarter->text)));
	json_put_bool(arena, kept, STR("has_rows"), quarter->has_rows);
	json_put(kept, STR("rows"), quarter->rows);
	json_put_bool(arena, kept, STR("has_told"), quarter->has_told);
	json_put_bool(arena, kept, STR("has_few"), quarter->few > 0);
	json_put_integer(arena, kept, STR("few"), quarter->few);
	json_put_bool(arena, kept, STR("has_sum"), quarter->owed > 0);
	json_put_text(arena, kept, STR("owed"), wording_number(arena, quarter->owed));
	json_put_text(arena, kept, STR("in_time"), wording_number(arena, quarter->in_time));
	json_put_text(arena, kept, STR("late"),
	              wording_number(arena, quarter->owed - quarter->in_time));
	json_put_text(arena, kept, STR("written_late"),
	              quarter->written_late ? figures_count(arena, quarter->written_late)
	                                    : STR(""));
	json_put_bool(arena, kept, STR("has_withheld"), quarter->has_withheld);
	json_put_bool(arena, kept, STR("is_partial"), quarter->left_out > 0);
	json_put_text(arena, kept, STR("left_out"),
	              quarter->left_out == 1
	                      ? STR("One thing more that law or guidance asks is")
	                      : arena_format(arena,
	                                     "%" PRId64
	                                     " things more that law or guidance asks are",
	                                     quarter->left_out));
	json_put_bool(arena, kept, STR("is_whole"), figures->is_whole);
	json_put_text(arena, kept, STR("csv"),
	              arena_format(arena, "/figures.csv?quarter=%.*s", STR_ARG(quarter->name)));
	put_rules_chart(arena, quarter, kept);
	json_put(model, STR("kept"), kept);
}

/* --- one quarter beside the other ------------------------------------------------------------ */

/* "at least 9" where rules are left out of the sum. */
static struct str sum_text(struct arena *arena, const struct figures_quarter *quarter, int64_t n)
{
	struct str number = wording_number(arena, n);
	return quarter->left_out ? arena_format(arena, "at least %.*s", STR_ARG(number)) : number;
}

static void put_quarter(struct arena *arena, const struct figures_quarter *quarter, bool is_chosen,
                        struct json *rows)
{
	struct json *row = json_object(arena);
	struct str none = quarter->has_withheld ? STR("withheld") : STR("0");
	bool has_sum = quarter->owed > 0;
	int64_t late = quarter->owed - quarter->in_time;
	json_put_text(arena, row, STR("quarter"), quarter->text);
	json_put_text(arena, row, STR("href"),
	              arena_format(arena, "/figures?quarter=%.*s", STR_ARG(quarter->name)));
	json_put_bool(arena, row, STR("is_chosen"), is_chosen);
	json_put_text(arena, row, STR("owed"),
	              has_sum ? sum_text(arena, quarter, quarter->owed) : none);
	json_put_text(arena, row, STR("in_time"),
	              has_sum ? sum_text(arena, quarter, quarter->in_time) : none);
	json_put_text(arena, row, STR("late"), has_sum ? sum_text(arena, quarter, late) : none);
	json_push(rows, row);
}

static void put_history(struct web_request *request, const struct figures *figures,
                        struct json *model)
{
	struct arena *arena = request->arena;
	struct json *history = json_object(arena), *rows = json_array(arena);
	struct figures_bar bars[CASEBOOK_SPANS_MAX];
	for (size_t i = 0; i < figures->count; i++) {
		const struct figures_quarter *quarter = &figures->at[i];
		put_quarter(arena, quarter, i == figures->chosen, rows);
		bars[i] = (struct figures_bar){ quarter->text, quarter->in_time,
			                        quarter->owed - quarter->in_time,
			                        quarter->owed > 0 || !quarter->has_withheld };
	}
	json_put(history, STR("rows"), rows);
	json_put(history, STR("chart"),
	         figures_chart(arena, "quarters",
	                       STR("Bars: what was owed by law or guidance and done in time and "
	                           "late, quarter by quarter. The table below says the same."),
	                       bars, figures->count));
	json_put(model, STR("history"), history);
}

/* --- leaving --------------------------------------------------------------------------------- */

/*
 * Who has been here before gets it again only when something in it has changed;
 * that it was counted a minute later is no change. Kept for those alone who sent
 * no cookie: what others get is theirs.
 */
static bool is_known_already(struct web_request *request, const struct json *model,
                             struct web_answer *answer)
{
	struct arena *arena = request->arena;
	struct buf text;
	if (request->head->cookies.count > 0)
		return false;
	buf_init(&text, WEB_ANSWER_MAX);
	buf_add(&text, site_wants_json(request) ? STR("json\n") : STR("page\n"));
	for (const struct json *at = model ? model->first : NULL; at; at = at->next)
		if (!str_eq(at->key, STR("now")) && !str_eq(at->key, STR("csrf")))
			json_write(&text, at);
	struct hash hash = hash_of(buf_str(&text));
	buf_finish(&text);
	struct str hex = hash_hex(arena, &hash);
	struct str etag = arena_format(arena, "W/\"%.*s\"", 32, hex.p ? hex.p : "");
	answer->caching = STR("public, max-age=60");
	web_answer_header(answer, STR("ETag"), etag);
	web_answer_header(answer, STR("Vary"), STR("Accept, Cookie"));
	return request->head->etag.p && str_eq(request->head->etag, etag);
}

/*
 * What is owed, by the entries that are published: a report that came in a moment ago is told with
 * the beat that publishes it, as everything is that grows by it.
 */
static bool put_owed(struct web_request *request, struct casebook_reader *reader,
                     const struct json *log, struct json *model, struct err *err)
{
	struct arena *arena = request->arena;
	int64_t published = json_number(log, STR("published_n"), INT64_MAX), open, late;
	if (!casebook_owed_by_then(reader, published, &open, &late, err))
		return false;
	json_put_text(arena, model, STR("owed"), figures_count(arena, open));
	json_put_text(arena, model, STR("late"), figures_count(arena, late));
	json_put_bool(arena, model, STR("is_late"), late > 0);
	json_put_text(arena, model, STR("entries"), json_text(log, STR("published")));
	return true;
}

bool public_figures(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct arena *arena = request->arena;
	struct casebook_reader *reader;
	struct casebook_health health;
	struct figures figures;
	struct json *log;
	struct page_head head = { .page = STR("figures"),
		                  .title = STR("How we are doing"),
		                  .back = STR("/") };
	if (!site_reader(request, &reader, err) || !casebook_health(reader, &health, err) ||
	    !figures_read(request, reader, &figures, err) ||
	    !log_health(request, reader, &log, err))
		return false;
	struct json *model = page_begin(request, &head);
	if (!put_owed(request, reader, log, model, err))
		return false;
	json_put_bool(arena, model, STR("clock_is_late"), health.clock_is_late);
	json_put(model, STR("log"), log);
	put_kept(request, &figures, model);
	put_history(request, &figures, model);
	if (!put_oldest(request, reader, model, err))
		return false;
	if (is_known_already(request, model, answer)) {
		answer->status = 304;
		return true;
	}
	return page_answer(request, answer, STR("public/figures"), model, err);
}

/* --- tables ---------------------------------------------------------------------------------- */

bool public_figures_csv(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_reader *reader;
	struct figures figures;
	if (!site_reader(request, &reader, err) || !figures_read(request, reader, &figures, err))
		return false;
	const struct figures_quarter *quarter = &figures.at[figures.chosen];
	web_answer_download(request, answer, STR("figures.csv"), STR(CSV_TYPE));
	csv_row(&answer->body, 7, STR("Quarter"), STR("Rule"), STR("What was owed"),
	        STR("By law or guidance"), STR("How many"), STR("In time"), STR("Late"));
	for (const struct json *row = quarter->rows ? quarter->rows->first : NULL; row;
	     row = row->next)
		csv_row(&answer->body, 7, quarter->text, json_text(row, STR("rule")),
		        json_text(row, STR("what")),
		        json_is_true(row, STR("is_by_law")) ? STR("yes") : STR("no"),
		        json_text(row, STR("owed")), json_text(row, STR("in_time")),
		        json_text(row, STR("late")));
	return true;
}

bool public_quarters_csv(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_reader *reader;
	struct figures figures;
	struct json *model = json_object(request->arena);
	if (!site_reader(request, &reader, err) || !figures_read(request, reader, &figures, err))
		return false;
	put_history(request, &figures, model);
	const struct json *rows = json_member(json_member(model, STR("history")), STR("rows"));
	web_answer_download(request, answer, STR("quarters.csv"), STR(CSV_TYPE));
	csv_row(&answer->body, 4, STR("Quarter"), STR("Owed by law or guidance"), STR("In time"),
	        STR("Late"));
	for (const struct json *row = rows ? rows->first : NULL; row; row = row->next)
		csv_row(&answer->body, 4, json_text(row, STR("quarter")),
		        json_text(row, STR("owed")), json_text(row, STR("in_time")),
		        json_text(row, STR("late")));
	return true;
}
