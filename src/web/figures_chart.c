/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A chart of bars, from numbers to places on the picture: each bar's name above
 * it, what was in time, then what was late, and both numbers in words, so that
 * nothing is told by colour alone. A narrow screen gets a picture of its own.
 */
#include "web/figures.h"

#define LINE 19 /* from one line of a name to the next */
#define BAR 16  /* high */
#define GAP 16
#define BETWEEN 10 /* a bar and what stands behind it */

struct shape {
	int width;
	int bar;  /* the longest */
	int line; /* letters of a name on one line */
	bool has_words_above;
};

static const struct shape WIDE = { 640, 440, 76, false };
static const struct shape TALL = { 290, 286, 33, true };

static void put_line(struct arena *arena, struct json *lines, struct str text, int y)
{
	struct json *line = json_object(arena);
	json_put_text(arena, line, STR("text"), text);
	json_put_integer(arena, line, STR("y"), y);
	json_push(lines, line);
}

/* A name on as many lines as it takes; answers where the next thing begins. */
static int put_name(struct arena *arena, const struct shape *shape, struct str name,
                    struct json *lines, int y)
{
	while (name.n > 0) {
		size_t end = name.n;
		if (end > (size_t)shape->line) {
			end = (size_t)shape->line;
			while (end > 0 && name.p[end] != ' ')
				end--;
			end = end > 0 ? end : name.n;
		}
		y += LINE;
		put_line(arena, lines, str_sub(name, 0, end), y - 4);
		name = str_trim(str_sub(name, end, name.n));
	}
	return y;
}

static int64_t length(const struct shape *shape, int64_t n, int64_t most)
{
	int64_t long_as = most > 0 ? n * shape->bar / most : 0;
	return n > 0 && long_as < 2 ? 2 : long_as;
}

static int put_bar(struct arena *arena, const struct shape *shape, const struct figures_bar *bar,
                   int64_t most, struct json *bars, int y)
{
	struct json *object = json_object(arena), *lines = json_array(arena);
	int64_t in_time = bar->is_shown ? length(shape, bar->in_time, most) : 0;
	int64_t late = bar->is_shown ? length(shape, bar->late, most) : 0;
	struct str in_words = wording_number(arena, bar->in_time);
	struct str late_words = wording_number(arena, bar->late);
	struct str words = bar->is_shown ? arena_format(arena, "%.*s in time, %.*s late",
	                                                STR_ARG(in_words), STR_ARG(late_words))
	                                 : STR("withheld");
	y = put_name(arena, shape, bar->name, lines, y);
	if (shape->has_words_above)
		y += LINE;
	json_put(object, STR("lines"), lines);
	json_put_text(arena, object, STR("words"), words);
	json_put_integer(arena, object, STR("words_x"),
	                 shape->has_words_above ? 0
	                 : in_time + late > 0   ? in_time + late + BETWEEN
	                                        : 0);
	json_put_integer(arena, object, STR("words_y"), shape->has_words_above ? y - 4 : y + 13);
	json_put_integer(arena, object, STR("y"), y);
	json_put_bool(arena, object, STR("has_in"), in_time > 0);
	json_put_integer(arena, object, STR("in_w"), in_time);
	json_put_bool(arena, object, STR("has_late"), late > 0);
	json_put_integer(arena, object, STR("late_x"), in_time + 1);
	json_put_integer(arena, object, STR("late_w"), late);
	json_push(bars, object);
	return y + (bar->is_shown || !shape->has_words_above ? BAR : 0) + GAP;
}

static struct json *draw(struct arena *arena, const struct shape *shape,
                         const struct figures_bar *bars, size_t count, int64_t most)
{
	struct json *drawn = json_object(arena), *list = json_array(arena);
	int y = 0;
	for (size_t i = 0; i < count; i++)
		y = put_bar(arena, shape, &bars[i], most, list, y);
	json_put_text(arena, drawn, STR("box"),
	              arena_format(arena, "0 0 %d %d", shape->width, y > GAP ? y - GAP + 2 : 1));
	json_put(drawn, STR("bars"), list);
	return drawn;
}

struct json *figures_chart(struct arena *arena, const char *id, struct str title,
                           const struct figures_bar *bars, size_t count)
{
	struct json *chart = json_object(arena);
	int64_t most = 0;
	for (size_t i = 0; i < count; i++) {
		int64_t all = bars[i].in_time + bars[i].late;
		most = bars[i].is_shown && all > most ? all : most;
	}
	json_put_text(arena, chart, STR("id"), str_from_c(id));
	json_put_text(arena, chart, STR("title"), title);
	json_put(chart, STR("wide"), draw(arena, &WIDE, bars, count, most));
	json_put(chart, STR("tall"), draw(arena, &TALL, bars, count, most));
	return chart;
}
