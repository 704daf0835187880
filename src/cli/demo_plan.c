/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * When things happen to a concern: mostly in time, sometimes late, now and
 * then not at all. Half a year of them, one after another.
 */
#include "cli/demo_world.h"

struct demo_concern *demo_new_concern(struct demo *demo, const struct demo_story *story)
{
	struct demo_concern *concern = &demo->concerns[demo->concern_count];
	const struct demo_words_of *words;
	base_check(demo->concern_count < DEMO_CONCERNS);
	demo->concern_count++;
	concern->story = story;
	concern->home = &demo->homes[demo_below(demo, DEMO_HOMES)];
	concern->child =
		&concern->home->children[demo_below(demo, (uint64_t)concern->home->child_count)];
	bool is_named =
		story->way != DEMO_OFFICE && !str_eq(str_from_c(story->source), STR("child")) &&
		!str_eq(str_from_c(story->source), STR("anonymous")) && demo_chance(demo, 60);
	if (!is_named)
		return concern;
	const char *first = demo_first_name(demo->random, &words);
	concern->reporter =
		arena_format(demo->arena, "%s %s", first, demo_family_name(demo->random));
	concern->contact =
		arena_format(demo->arena, "01632 960%03" PRId64, demo_between(demo, 0, 999));
	demo->made->people++;
	return concern;
}

static instant soon(struct demo *demo, instant from, int64_t least, int64_t most)
{
	return demo_work(demo, from, demo_between(demo, least, most));
}

static instant minutes(struct demo *demo, instant from, int64_t least, int64_t most)
{
	return from + demo_between(demo, least, most) * INSTANT_PER_MINUTE;
}

/* An office of the agency that reports is not asked again. */
static bool is_of_reporter(const struct demo_story *story, const char *office)
{
	if (!story->office)
		return false;
	struct str asked = str_from_c(office), reporter = str_from_c(story->office);
	return str_eq(asked, reporter) ||
	       (str_starts(reporter, STR("police")) && str_starts(asked, STR("police"))) ||
	       (str_eq(reporter, STR("headteacher")) && str_eq(asked, STR("dsl")));
}

static void plan_asks(struct demo *demo, struct demo_concern *concern)
{
	static const char *const OFFICES[] = { "police-contact", "dsl", "health-visitor", "gp",
		                               "vol-worker" };
	struct demo_plan *plan = &concern->plan;
	size_t first = demo_below(demo, 2), step = 1 + demo_below(demo, 2);
	int wanted = (int)demo_between(demo, 0, DEMO_ASKS), count = 0;
	plan->asked = minutes(demo, plan->looked, 8, 50);
	for (size_t i = first; i < COUNT_OF(OFFICES) && count < wanted; i += step) {
		struct demo_ask *ask = &plan->asks[count];
		if (is_of_reporter(concern->story, OFFICES[i]))
			continue;
		ask->office = OFFICES[i];
		ask->is_urgent = concern->story->outcome >= DEMO_STRATEGY && i == 0;
		if (ask->is_urgent)
			ask->answered =
				minutes(demo, plan->asked, 25, demo_chance(demo, 8) ? 500 : 200);
		else if (demo_chance(demo, 88))
			ask->answered = soon(demo, plan->asked, 50, 560);
		else
			ask->answered = soon(demo, plan->asked, 900, 2600);
		count++;
	}
}

static instant last_answer(const struct demo_plan *plan)
{
	instant last = plan->looked;
	for (int i = 0; i < DEMO_ASKS && plan->asks[i].office; i++)
		last = plan->asks[i].answered > last ? plan->asks[i].answered : last;
	return last;
}

static void plan_decision(struct demo *demo, struct demo_concern *concern)
{
	struct demo_plan *plan = &concern->plan;
	enum demo_outcome outcome = concern->story->outcome;
	uint64_t pace = demo_below(demo, 100);
	if (outcome == DEMO_EMERGENCY)
		plan->decided = minutes(demo, plan->looked, 10, 60);
	else if (pace < 82)
		plan->decided = soon(demo, plan->looked, 120, 460);
	else if (pace < 96)
		plan->decided = soon(demo, plan->looked, 700, 1900);
	else
		plan->decided = soon(demo, plan->looked, 2400, 4300);
	if (outcome <= DEMO_ADVICE && plan->decided < last_answer(plan))
		plan->decided = soon(demo, last_answer(plan), 15, 60);
	if (outcome == DEMO_NONE && demo_chance(demo, 50))
		plan->refused = plan->decided - 30 * INSTANT_PER_MINUTE;
	plan->told = soon(demo, plan->decided, 40, demo_chance(demo, 90) ? 700 : 1500);
	if (outcome == DEMO_ASSESS || outcome == DEMO_STRATEGY)
		plan->taken = soon(demo, plan->decided, 30, demo_chance(demo, 90) ? 420 : 1300);
	if (outcome >= DEMO_STRATEGY)
		plan->held = soon(demo, plan->decided, 45, demo_chance(demo, 92) ? 420 : 700);
}

static void plan_help(struct demo *demo, struct demo_plan *plan)
{
	instant from = plan->taken > plan->told ? plan->taken : plan->told;
	int notes = (int)demo_between(demo, 1, DEMO_NOTES);
	for (int i = 0; i < notes; i++) {
		plan->notes[i] =
			soon(demo, from, i ? 1900 : 60, demo_chance(demo, 94) ? 4300 : 5600);
		from = plan->notes[i];
	}
	plan->settled = soon(demo, from, 900, 4200);
	plan->told_again = soon(demo, plan->settled, 60, 600);
	plan->closed = soon(demo, plan->told_again, 120, 1500);
}

void demo_plan_by_chance(struct demo *demo, struct demo_concern *concern, instant received)
{
	struct demo_plan *plan = &concern->plan;
	plan->received = received;
	plan->looked = minutes(demo, received, 12, demo_chance(demo, 95) ? 210 : 420);
	plan->acknowledged = soon(demo, received, 45, demo_chance(demo, 93) ? 440 : 1400);
	if (plan->acknowledged < plan->looked)
		plan->acknowledged = soon(demo, plan->looked, 5, 30);
	plan_asks(demo, concern);
	plan_decision(demo, concern);
	if (concern->story->outcome > DEMO_ADVICE)
		plan_help(demo, plan);
	else
		plan->closed = soon(demo, plan->told, 120, 1500);
	if (concern->story->more && demo_chance(demo, 60))
		plan->added = minutes(demo, received, 900, 6000);
	if (concern->story->way == DEMO_WEB && demo_chance(demo, 12))
		plan->added_late = minutes(demo, plan->closed, 7000, 30000);
}

/* --- half a year ---------------------------------------------------------------------------- */

static instant time_of_day(struct demo *demo, struct day day, bool is_working)
{
	uint64_t part = demo_below(demo, 100);
	int64_t minute = part < 65   ? demo_between(demo, 500, 1040)
	                 : part < 91 ? demo_between(demo, 1041, 1400)
	                             : demo_between(demo, 10, 420);
	if (!is_working && part < 40)
		minute = demo_between(demo, 900, 1430);
	return zone_instant(demo->calendar->zone, (struct local){ .day = day,
	                                                          .hour = (int)(minute / 60),
	                                                          .minute = (int)(minute % 60) });
}

static const struct demo_story *any_story(struct demo *demo, instant at)
{
	size_t count;
	const struct demo_story *stories = demo_stories(&count);
	for (;;) {
		const struct demo_story *story = &stories[demo_below(demo, count)];
		bool is_day = pack_in_office_hours(demo->calendar, at);
		bool is_always_there = story->way != DEMO_OFFICE ||
		                       str_starts(str_from_c(story->office), STR("police"));
		if (is_day || is_always_there)
			return story;
	}
}

/* The few that were let lie: received so many working days ago, decided as late as that or never.
 */
static void let_lie(struct demo *demo, struct demo_concern *concern, int nth)
{
	struct demo_plan *plan = &concern->plan;
	plan->looked = demo_work(demo, plan->received, 60);
	plan->decided = demo_work(demo, plan->received, (21 + nth) * 480);
	plan->told = soon(demo, plan->decided, 60, 300);
	plan->taken =
		concern->story->outcome >= DEMO_ASSESS ? soon(demo, plan->decided, 60, 300) : 0;
	plan->held =
		concern->story->outcome >= DEMO_STRATEGY ? soon(demo, plan->decided, 60, 300) : 0;
	plan_help(demo, plan);
	plan->added = minutes(demo, plan->received, 12000, 20000);
}

#define LAST_DAYS 4 /* the present days are told by hand (demo_day.c) */

void demo_plan_half_year(struct demo *demo)
{
	struct day last = zone_day(demo->calendar->zone, demo->options->now);
	int64_t days = DEMO_WEEKS * 7;
	int let = 0;
	for (int64_t d = days - 1; d > LAST_DAYS; d--) {
		struct day day = day_from_number(day_number(last) - d);
		bool is_working = pack_is_working_day(demo->calendar, day);
		int many = is_working ? 1 + demo_chance(demo, 24) : demo_chance(demo, 45);
		for (int i = 0; i < many && demo->concern_count < DEMO_CONCERNS - 20; i++) {
			instant at = time_of_day(demo, day, is_working);
			struct demo_concern *concern = demo_new_concern(demo, any_story(demo, at));
			demo_plan_by_chance(demo, concern, at);
			if (let < 3 && d < days - 24 - let * 37 &&
			    concern->story->outcome > DEMO_ADVICE &&
			    concern->story->outcome < DEMO_EMERGENCY)
				let_lie(demo, concern, let++);
			demo_schedule(demo, concern);
		}
	}
}
