/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Why two records weigh what they weigh, as a waterfall: each line begins where the one before
 * ended. */
#include <math.h>

#include "match/match.h"

#include "web/mustache.h"
#include "web/web.h"

#define WIDTH 760
#define LEFT 24
#define RIGHT 640 /* of the bars; the bits stand behind */
#define BITS_X 740
#define TOP 34
#define ROW 44
#define BAR 12 /* high */
#define PICTURE_MAX ((size_t)1 << 20)
#define NOTHING 0.0005 /* bits: a line of less is left out */

/* The running sum's range, with 0 and the edge in it. */
struct range {
	double least, most;
};

static struct range range_of(const struct match_reasons *reasons)
{
	struct range out = { fmin(0, reasons->edge), fmax(0, reasons->edge) };
	double sum = 0;
	for (size_t i = 0; i < reasons->count; i++) {
		sum += reasons->lines[i].bits;
		out.least = fmin(out.least, sum);
		out.most = fmax(out.most, sum);
	}
	return out;
}

static int64_t place_of(const struct range *range, double bits)
{
	double span = fmax(range->most - range->least, 1);
	return LEFT + llround((bits - range->least) / span * (RIGHT - LEFT));
}

static void push_row(struct arena *arena, struct json *rows, const struct range *range, double from,
                     double to, const struct match_line *line, bool is_last)
{
	struct json *row = json_object(arena);
	int64_t x = place_of(range, from), end = place_of(range, to);
	int64_t y = TOP + ROW * (int64_t)rows->count + 18;
	json_put_text(arena, row, STR("what"), line->what);
	json_put_text(arena, row, STR("level"), line->level);
	json_put_text(arena, row, STR("bits"), arena_format(arena, "%+.3f", line->bits));
	json_put_bool(arena, row, STR("is_for"), line->bits >= 0);
	json_put_integer(arena, row, STR("x"), x < end ? x : end);
	json_put_integer(arena, row, STR("w"), x < end ? end - x : x - end);
	json_put_integer(arena, row, STR("to"), end);
	json_put_integer(arena, row, STR("y"), y);
	json_put_integer(arena, row, STR("text_y"), y - 5);
	json_put_integer(arena, row, STR("next_y"), y + (is_last ? BAR : ROW));
	json_put_integer(arena, row, STR("bits_x"), BITS_X);
	json_put_integer(arena, row, STR("bits_y"), y + 11);
	json_push(rows, row);
}

/* The same in a sentence a line, for those who hear it. */
static struct str describe(struct arena *arena, const struct match_reasons *reasons)
{
	struct buf text;
	buf_init(&text, PICTURE_MAX);
	for (size_t i = 0; i < reasons->count; i++) {
		const struct match_line *line = &reasons->lines[i];
		if (fabs(line->bits) >= NOTHING)
			buf_format(&text, "%.*s: %.*s, %+.3f bits. ", STR_ARG(line->what),
			           STR_ARG(line->level), line->bits);
	}
	buf_format(&text, "In all %+.3f bits: %.*s.", reasons->weight,
	           STR_ARG(match_band_name(reasons->band)));
	struct str kept = arena_copy(arena, buf_str(&text));
	buf_finish(&text);
	return kept;
}

static struct json *rows_of(struct arena *arena, const struct match_reasons *reasons,
                            const struct range *range)
{
	struct json *rows = json_array(arena);
	double sum = 0;
	if (!rows)
		return NULL;
	for (size_t i = 0; i < reasons->count; i++) {
		const struct match_line *line = &reasons->lines[i];
		if (fabs(line->bits) >= NOTHING)
			push_row(arena, rows, range, sum, sum + line->bits, line, false);
		sum += line->bits;
	}
	struct match_line all = { .what = STR("in all"),
		                  .level = match_band_name(reasons->band),
		                  .bits = reasons->weight };
	push_row(arena, rows, range, 0, reasons->weight, &all, true);
	return rows;
}

struct json *web_match_waterfall(const struct match_reasons *reasons, struct str title,
                                 struct arena *arena)
{
	struct range range = range_of(reasons);
	struct json *model = json_object(arena), *rows = rows_of(arena, reasons, &range);
	int64_t height = TOP + ROW * (rows ? (int64_t)rows->count : 0) + 8;
	json_put_text(arena, model, STR("title"), title);
	json_put_text(arena, model, STR("desc"), describe(arena, reasons));
	json_put_integer(arena, model, STR("width"), WIDTH);
	json_put_integer(arena, model, STR("height"), height);
	json_put_integer(arena, model, STR("zero"), place_of(&range, 0));
	json_put_integer(arena, model, STR("edge"), place_of(&range, reasons->edge));
	json_put_text(arena, model, STR("edge_words"),
	              arena_format(arena, "%.3g: one person", reasons->edge));
	json_put(model, STR("rows"), rows);
	return model;
}

bool web_match_picture(const struct match_reasons *reasons, struct str title, struct arena *arena,
                       struct str *out, struct err *err)
{
	CLEANUP(mustache_set_cleanup)
	struct mustache_set *set = mustache_set_create(MUSTACHE_STRICT);
	struct json *model = web_match_waterfall(reasons, title, arena);
	struct buf text;
	*out = STR_NONE;
	if (!set || !json_complete(model))
		return err_set(err, ERR_UNABLE, "There is no memory to draw the weights");
	if (!mustache_set_add_embedded(set, web_template_files, web_template_files_n, err) ||
	    !mustache_set_link(set, err))
		return false;
	buf_init(&text, PICTURE_MAX);
	bool done = mustache_render(set, STR("match/waterfall"), model, &text, err) &&
	            ((*out = arena_copy(arena, buf_str(&text))).p ||
	             err_set(err, ERR_UNABLE, "There is no memory to draw the weights"));
	buf_finish(&text);
	return done;
}
