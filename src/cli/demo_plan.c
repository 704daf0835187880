/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * When things happen to a concern that is told by hand: mostly in time,
 * sometimes late, now and then not at all.
 */
#include "cli/demo_world.h"

struct demo_concern *demo_new_concern(struct demo *demo, const struct demo_story *story)
{
	struct demo_concern *concern = &demo->concerns[demo->concern_count];
	const struct demo_words_of *words;
	base_check(demo->concern_count < DEMO_CONCERNS);
	demo->concern_count++;
	concern->story = story;
	concern->home =
		&demo->homes[demo->quiet_homes +
	                     (int)demo_below(demo, (uint64_t)(DEMO_HOMES - demo->quiet_homes))];
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
