/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A picture of who did what when: drawn wide, and once more for narrow screens. */
#include "web/timeline.h"

#define HEAD 26     /* above the first lane, for the days */
#define MARK 9      /* half of a mark */
#define OWED 7      /* how high the bar of what is owed is */
#define SPAN 6      /* half of how high a span is */
#define NOTCH 10    /* half of a notch */
#define NEAR 4      /* notches nearer than this are one */
#define TICKS 5     /* at most */
#define DAY_WIDE 96 /* of a day's name */

struct shape {
	int width;
	int left;   /* where time begins: names stand before it, or above the lane */
	int lane;   /* from one lane to the next */
	int name_y; /* below the lane's top */
	int line_y;
	int bucket; /* marks nearer than this become one */
	int ticks;
};

static const struct shape WIDE = { 1000, 200, 44, 22, 17, 22, TICKS };
static const struct shape TALL = { 300, 4, 72, 16, 46, 22, 2 };

static int place(const struct timeline *timeline, const struct shape *shape, instant at)
{
	int room = shape->width - shape->left - 2 * MARK;
	instant long_as = timeline->to - timeline->from;
	if (at <= timeline->from || long_as <= 0)
		return shape->left + MARK;
	if (at >= timeline->to)
		return shape->left + MARK + room;
	return shape->left + MARK + (int)((double)(at - timeline->from) / (double)long_as * room);
}

/* --- marks ----------------------------------------------------------------------------------- */

struct heap {
	size_t count;
	enum timeline_shape shape;
	int x;
};

static void put_mark(struct arena *arena, const struct heap *heap, int y, struct json *marks)
{
	struct json *row = json_object(arena);
	json_put_integer(arena, row, STR("x"), heap->x);
	json_put_integer(arena, row, STR("y"), y);
	json_put_integer(arena, row, STR("x0"), heap->x - MARK + 1);
	json_put_integer(arena, row, STR("y0"), y - MARK + 1);
	json_put_integer(arena, row, STR("x1"), heap->x + MARK - 1);
	json_put_integer(arena, row, STR("y1"), y + MARK - 1);
	json_put_bool(arena, row, STR("is_act"), heap->shape == TIMELINE_ACT);
	json_put_bool(arena, row, STR("is_begun"), heap->shape == TIMELINE_BEGUN);
	json_put_bool(arena, row, STR("is_words"), heap->shape == TIMELINE_WORDS);
	json_put_bool(arena, row, STR("is_alarm"), heap->shape == TIMELINE_ALARM);
	json_put_text(arena, row, STR("times"),
	              heap->count > 1 ? wording_number(arena, (int64_t)heap->count) : STR(""));
	json_put_integer(arena, row, STR("times_y"), y - MARK - 2);
	json_push(marks, row);
}

static struct json *marks_of(struct arena *arena, const struct timeline *timeline,
                             const struct shape *shape, size_t lane, int y)
{
	struct json *marks = json_array(arena);
	size_t room = (size_t)((shape->width - shape->left) / shape->bucket) + 2;
	struct heap *heaps = arena_alloc(arena, room, sizeof *heaps);
	for (size_t i = 0; heaps && i < timeline->mark_count; i++) {
		const struct timeline_mark *mark = &timeline->marks[i];
		if (mark->lane != lane)
			continue;
		int x = place(timeline, shape, mark->at);
		size_t n = (size_t)(x - shape->left) / (size_t)shape->bucket;
		if (heaps[n].count++ == 0 || mark->shape > heaps[n].shape)
			heaps[n].shape = mark->shape;
		/* In the middle of their stretch, so that no two cover each other. */
		heaps[n].x = shape->left + (int)n * shape->bucket + shape->bucket / 2;
		if (heaps[n].x > shape->width - MARK)
			heaps[n].x = shape->width - MARK;
	}
	for (size_t i = 0; heaps && i < room; i++)
		if (heaps[i].count)
			put_mark(arena, &heaps[i], y, marks);
	return marks;
}

/* --- what is owed ---------------------------------------------------------------------------- */

static void put_bar(struct arena *arena, struct json *bars, int x, int until, int y, bool is_late)
{
	struct json *bar = json_object(arena);
	json_put_integer(arena, bar, STR("x"), x);
	json_put_integer(arena, bar, STR("y"), y);
	json_put_integer(arena, bar, STR("w"), until - x > 2 ? until - x : 2);
	json_put_bool(arena, bar, STR("is_late"), is_late);
	json_push(bars, bar);
}

/* All of a lane in one bar: from the first that is open, full from the first that is late. */
static struct json *bars_of(struct arena *arena, const struct timeline *timeline,
                            const struct shape *shape, size_t lane, int y)
{
	struct json *bars = json_array(arena);
	instant from = INT64_MAX, late = INT64_MAX;
	for (size_t i = 0; i < timeline->owed_count; i++) {
		const struct timeline_owed *owed = &timeline->owed[i];
		if (owed->lane != lane)
			continue;
		from = owed->from < from ? owed->from : from;
		if (owed->due <= timeline->to)
			late = owed->due < late ? owed->due : late;
	}
	int end = place(timeline, shape, timeline->to);
	if (from != INT64_MAX)
		put_bar(arena, bars, place(timeline, shape, from), end, y, false);
	if (late != INT64_MAX)
		put_bar(arena, bars, place(timeline, shape, late), end, y, true);
	return bars;
}

/* --- from when until when -------------------------------------------------------------------- */

static struct json *spans_of(struct arena *arena, const struct timeline *timeline,
                             const struct shape *shape, size_t lane, int y)
{
	struct json *spans = json_array(arena);
	for (size_t i = 0; i < timeline->span_count; i++) {
		const struct timeline_span *span = &timeline->spans[i];
		if (span->lane != lane)
			continue;
		struct json *row = json_object(arena);
		int from = place(timeline, shape, span->from);
		int to = place(timeline, shape, span->to);
		json_put_integer(arena, row, STR("x"), from - 2);
		json_put_integer(arena, row, STR("y"), y - SPAN);
		json_put_integer(arena, row, STR("w"), to - from + 4);
		json_put_integer(arena, row, STR("h"), 2 * SPAN);
		json_push(spans, row);
	}
	return spans;
}

/* All notches of a lane as one path, so that a page of thousands stays small. */
static struct str notches_of(struct arena *arena, const struct timeline *timeline,
                             const struct shape *shape, size_t lane, int y)
{
	CLEANUP(buf_finish) struct buf path;
	size_t room = (size_t)((shape->width - shape->left) / NEAR) + 1;
	bool *is_there = arena_alloc(arena, room, sizeof *is_there);
	buf_init(&path, room * sizeof "M1000 1000v1000");
	for (size_t i = 0; is_there && i < timeline->notch_count; i++) {
		const struct timeline_notch *notch = &timeline->notches[i];
		if (notch->lane != lane)
			continue;
		int x = place(timeline, shape, notch->at);
		size_t n = (size_t)(x - shape->left) / NEAR;
		if (!is_there[n])
			buf_format(&path, "M%d %dv%d", x, y - NOTCH, 2 * NOTCH);
		is_there[n] = true;
	}
	return arena_copy(arena, buf_str(&path));
}

static void put_spans(struct arena *arena, const struct timeline *timeline,
                      const struct shape *shape, size_t n, int y, struct json *lane)
{
	json_put(lane, STR("spans"), spans_of(arena, timeline, shape, n, y));
	json_put_text(arena, lane, STR("notches"), notches_of(arena, timeline, shape, n, y));
	json_put_text(arena, lane, STR("silent"), timeline->silent ? timeline->silent[n] : STR(""));
	json_put_integer(arena, lane, STR("silent_y"), y - SPAN);
}

/* --- the picture ----------------------------------------------------------------------------- */

static struct json *ticks_of(struct arena *arena, const struct timeline *timeline,
                             const struct shape *shape, int bottom)
{
	struct json *ticks = json_array(arena);
	struct str last = STR("");
	int n = shape->ticks;
	for (int i = 0; i < n; i++) {
		instant at = timeline->from +
		             (instant)((double)(timeline->to - timeline->from) / (n - 1) * i);
		struct str text = wording_day_short(arena, zone_day(timeline->zone, at));
		struct json *tick = json_object(arena);
		int x = place(timeline, shape, at);
		if (str_eq(text, last))
			continue;
		last = text;
		json_put_text(arena, tick, STR("text"), text);
		json_put_integer(arena, tick, STR("x"), x);
		json_put_integer(arena, tick, STR("text_x"),
		                 x + DAY_WIDE > shape->width ? shape->width - DAY_WIDE : x);
		json_put_integer(arena, tick, STR("text_y"), HEAD - 10);
		json_put_integer(arena, tick, STR("y0"), HEAD - 4);
		json_put_integer(arena, tick, STR("y1"), bottom);
		json_push(ticks, tick);
	}
	return ticks;
}

static struct json *draw(struct arena *arena, const struct timeline *timeline,
                         const struct shape *shape)
{
	struct json *drawn = json_object(arena), *lanes = json_array(arena);
	int bottom = HEAD + (int)timeline->lane_count * shape->lane;
	for (size_t i = 0; i < timeline->lane_count; i++) {
		struct json *lane = json_object(arena);
		int top = HEAD + (int)i * shape->lane;
		json_put_text(arena, lane, STR("name"), timeline->lanes[i]);
		json_put_integer(arena, lane, STR("name_y"), top + shape->name_y);
		json_put_integer(arena, lane, STR("line_x"), shape->left);
		json_put_integer(arena, lane, STR("line_end"), shape->width);
		json_put_integer(arena, lane, STR("line_y"), top + shape->line_y);
		json_put(lane, STR("bars"),
		         bars_of(arena, timeline, shape, i, top + shape->line_y + MARK + 2));
		json_put(lane, STR("marks"),
		         marks_of(arena, timeline, shape, i, top + shape->line_y));
		put_spans(arena, timeline, shape, i, top + shape->line_y, lane);
		json_push(lanes, lane);
	}
	json_put_text(arena, drawn, STR("box"),
	              arena_format(arena, "0 0 %d %d", shape->width, bottom + 4));
	json_put_integer(arena, drawn, STR("bar_h"), OWED);
	json_put(drawn, STR("lanes"), lanes);
	json_put(drawn, STR("ticks"), ticks_of(arena, timeline, shape, bottom));
	return drawn;
}

struct json *timeline_draw(struct arena *arena, const struct timeline *timeline)
{
	struct json *picture = json_object(arena);
	json_put_text(arena, picture, STR("id"), str_from_c(timeline->id));
	json_put_text(arena, picture, STR("title"), timeline->title);
	json_put(picture, STR("wide"), draw(arena, timeline, &WIDE));
	json_put(picture, STR("tall"), draw(arena, timeline, &TALL));
	return picture;
}
