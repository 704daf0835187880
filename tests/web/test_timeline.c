/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A picture of who did what when, from numbers to places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/timeline.h"

#define START INT64_C(1795687200000000) /* 2026-11-26T10:00:00Z */

struct drawn {
	struct arena *arena;
	struct timeline_mark marks[64];
	struct timeline_owed owed[4];
	struct timeline timeline;
};

static const struct str LANES[] = { { "Council", 7 }, { "Police", 6 } };

static int set_up(void **state)
{
	static struct drawn drawn;
	static struct zone *zone;
	struct err err = { 0 };
	drawn = (struct drawn){ .arena = arena_create((size_t)4 << 20) };
	if (!zone_load(STR("Europe/London"), &zone, &err))
		return 1;
	drawn.timeline = (struct timeline){ .id = "t",
		                            .title = STR("Two agencies"),
		                            .lanes = LANES,
		                            .lane_count = 2,
		                            .marks = drawn.marks,
		                            .owed = drawn.owed,
		                            .from = START,
		                            .to = START + 100 * INSTANT_PER_DAY,
		                            .zone = zone };
	*state = &drawn;
	return 0;
}

static int tear_down(void **state)
{
	struct drawn *drawn = *state;
	arena_destroy(drawn->arena);
	return 0;
}

static void mark(struct drawn *drawn, size_t lane, int64_t day, enum timeline_shape shape)
{
	drawn->marks[drawn->timeline.mark_count++] =
		(struct timeline_mark){ lane, START + day * INSTANT_PER_DAY, shape };
}

static const struct json *nth(const struct json *list, size_t n)
{
	const struct json *item = list ? list->first : NULL;
	while (item && n-- > 0)
		item = item->next;
	return item;
}

static const struct json *lane_of(const struct json *picture, const char *form, size_t n)
{
	return nth(json_member(json_member(picture, str_from_c(form)), STR("lanes")), n);
}

static void time_runs_right_in_each_lane(void **state)
{
	struct drawn *drawn = *state;
	mark(drawn, 0, 10, TIMELINE_ACT);
	mark(drawn, 0, 90, TIMELINE_BEGUN);
	mark(drawn, 1, 50, TIMELINE_WORDS);
	const struct json *picture = timeline_draw(drawn->arena, &drawn->timeline);
	const struct json *council = json_member(lane_of(picture, "wide", 0), STR("marks"));
	const struct json *police = json_member(lane_of(picture, "wide", 1), STR("marks"));
	assert_int_equal(council->count, 2);
	assert_int_equal(police->count, 1);
	assert_true(json_number(nth(council, 0), STR("x"), 0) < json_number(nth(police, 0), STR("x"), 0));
	assert_true(json_number(nth(police, 0), STR("x"), 0) < json_number(nth(council, 1), STR("x"), 0));
	assert_true(json_number(nth(council, 0), STR("y"), 0) < json_number(nth(police, 0), STR("y"), 0));
	assert_true(json_is_true(nth(council, 0), STR("is_act")));
	assert_true(json_is_true(nth(council, 1), STR("is_begun")));
	assert_true(json_is_true(nth(police, 0), STR("is_words")));
}

static void those_that_fall_together_are_one_that_says_how_many(void **state)
{
	struct drawn *drawn = *state;
	for (int i = 0; i < 40; i++)
		mark(drawn, 0, 50, i == 7 ? TIMELINE_ALARM : TIMELINE_ACT);
	const struct json *picture = timeline_draw(drawn->arena, &drawn->timeline);
	const struct json *marks = json_member(lane_of(picture, "tall", 0), STR("marks"));
	assert_int_equal(marks->count, 1);
	assert_true(str_eq(json_text(nth(marks, 0), STR("times")), STR("40")));
	assert_true(json_is_true(nth(marks, 0), STR("is_alarm")));
}

static void what_is_owed_is_a_bar_full_from_when_it_is_late(void **state)
{
	struct drawn *drawn = *state;
	mark(drawn, 0, 0, TIMELINE_BEGUN);
	drawn->owed[0] = (struct timeline_owed){ 0, START, START + 30 * INSTANT_PER_DAY };
	drawn->owed[1] = (struct timeline_owed){ 1, START, START + 300 * INSTANT_PER_DAY };
	drawn->timeline.owed_count = 2;
	const struct json *picture = timeline_draw(drawn->arena, &drawn->timeline);
	const struct json *late = json_member(lane_of(picture, "wide", 0), STR("bars"));
	const struct json *in_time = json_member(lane_of(picture, "wide", 1), STR("bars"));
	assert_int_equal(late->count, 2);
	assert_false(json_is_true(nth(late, 0), STR("is_late")));
	assert_true(json_is_true(nth(late, 1), STR("is_late")));
	assert_true(json_number(nth(late, 1), STR("x"), 0) > json_number(nth(late, 0), STR("x"), 0));
	assert_int_equal(in_time->count, 1);
}

/* A single moment, times before the beginning and after the end: all on the picture. */
static void nothing_stands_outside_the_picture(void **state)
{
	struct drawn *drawn = *state;
	mark(drawn, 0, -400, TIMELINE_ACT);
	mark(drawn, 1, 4000, TIMELINE_ALARM);
	for (int narrow = 0; narrow < 2; narrow++) {
		const struct json *picture = timeline_draw(drawn->arena, &drawn->timeline);
		for (size_t lane = 0; lane < 2; lane++) {
			const struct json *at = nth(json_member(lane_of(picture, narrow ? "tall" : "wide", lane),
			                                        STR("marks")), 0);
			int64_t x = json_number(at, STR("x"), -1);
			assert_true(x > 0 && x < (narrow ? 312 : 1012));
		}
		drawn->timeline.to = drawn->timeline.from;
	}
}

static void a_span_goes_from_its_first_to_its_last_with_a_notch_for_each(void **state)
{
	struct drawn *drawn = *state;
	static const struct str silent[] = { { "", 0 }, { "waited for", 10 } };
	const struct timeline_span span = { 0, START + 20 * INSTANT_PER_DAY, START + 80 * INSTANT_PER_DAY };
	struct timeline_notch notches[5000];
	for (size_t i = 0; i < COUNT_OF(notches); i++)
		notches[i] = (struct timeline_notch){ 0, span.from + (instant)i * INSTANT_PER_MINUTE };
	notches[4999].at = span.to;
	drawn->timeline.spans = &span;
	drawn->timeline.span_count = 1;
	drawn->timeline.notches = notches;
	drawn->timeline.notch_count = COUNT_OF(notches);
	drawn->timeline.silent = silent;
	const struct json *picture = timeline_draw(drawn->arena, &drawn->timeline);
	const struct json *council = lane_of(picture, "wide", 0), *police = lane_of(picture, "wide", 1);
	const struct json *bar = nth(json_member(council, STR("spans")), 0);
	int64_t x = json_number(bar, STR("x"), 0), w = json_number(bar, STR("w"), 0);
	struct str path = json_text(council, STR("notches"));
	assert_true(x > 300 && x < 400 && x + w > 800 && x + w < 900);
	assert_true(path.n > 0 && path.n < 300); /* those that fall together are one */
	assert_true(str_starts(path, STR("M")));
	assert_int_equal(json_member(police, STR("spans"))->count, 0);
	assert_int_equal(json_text(police, STR("notches")).n, 0);
	assert_true(str_eq(json_text(police, STR("silent")), STR("waited for")));
	assert_int_equal(json_text(council, STR("silent")).n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(time_runs_right_in_each_lane, set_up, tear_down),
		cmocka_unit_test_setup_teardown(those_that_fall_together_are_one_that_says_how_many, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_owed_is_a_bar_full_from_when_it_is_late, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_span_goes_from_its_first_to_its_last_with_a_notch_for_each, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_stands_outside_the_picture, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
