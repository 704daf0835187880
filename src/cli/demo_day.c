/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The present day in Northmere, told by hand, so that whoever signs in finds
 * something late, something for today and something for tomorrow, and three
 * return codes have something to say.
 */
#include "cli/demo_world.h"

static const struct demo_story *story_of(enum demo_way way, const char *source,
                                         enum demo_outcome outcome)
{
	size_t count;
	const struct demo_story *stories = demo_stories(&count);
	for (size_t i = 0; i < count; i++) {
		if (stories[i].way == way && stories[i].outcome == outcome &&
		    str_eq(str_from_c(stories[i].source), str_from_c(source)))
			return &stories[i];
	}
	return &stories[0];
}

static struct demo_concern *tell(struct demo *demo, enum demo_way way, const char *source,
                                 enum demo_outcome outcome)
{
	return demo_new_concern(demo, story_of(way, source, outcome));
}

static void ask(struct demo_plan *plan, int nth, const char *office, bool is_urgent,
                instant answered)
{
	plan->asks[nth] =
		(struct demo_ask){ .office = office, .is_urgent = is_urgent, .answered = answered };
}

/* --- the three codes ------------------------------------------------------------------------ */

static void plan_fresh(struct demo *demo)
{
	struct demo_concern *concern = tell(demo, DEMO_WEB, "neighbour", DEMO_HELP);
	demo->codes[0] = concern;
	concern->plan.received = demo->options->now - 38 * INSTANT_PER_MINUTE;
	demo_schedule(demo, concern);
}

static void plan_let_lie(struct demo *demo)
{
	struct demo_concern *concern = tell(demo, DEMO_WEB, "relative", DEMO_HELP);
	struct demo_plan *plan = &concern->plan;
	demo->codes[1] = concern;
	plan->received = demo_days_ago(demo, 27, 16, 10);
	plan->looked = demo_days_ago(demo, 27, 18, 5);
	plan->acknowledged = demo_days_ago(demo, 26, 10, 20);
	plan->asked = demo_days_ago(demo, 26, 10, 40);
	ask(plan, 0, "dsl", false, demo_days_ago(demo, 25, 9, 50));
	demo_schedule(demo, concern);
}

static void plan_answered(struct demo *demo)
{
	struct demo_concern *concern = tell(demo, DEMO_WEB, "public", DEMO_ADVICE);
	struct demo_plan *plan = &concern->plan;
	demo->codes[2] = concern;
	plan->received = demo_days_ago(demo, 16, 11, 15);
	plan->looked = demo_days_ago(demo, 16, 12, 2);
	plan->acknowledged = demo_days_ago(demo, 16, 12, 10);
	plan->asked = demo_days_ago(demo, 16, 12, 15);
	ask(plan, 0, "police-contact", false, demo_days_ago(demo, 16, 15, 30));
	ask(plan, 1, "dsl", false, demo_days_ago(demo, 15, 9, 40));
	plan->refused = demo_days_ago(demo, 16, 14, 5);
	plan->decided = demo_days_ago(demo, 15, 14, 25);
	plan->told = demo_days_ago(demo, 15, 15, 10);
	plan->closed = demo_days_ago(demo, 14, 10, 30);
	demo_schedule(demo, concern);
}

/* --- what is owed today --------------------------------------------------------------------- */

/* Three working days ago: looked at, asked about, not decided; health is silent. */
static void plan_late(struct demo *demo)
{
	struct demo_concern *concern = tell(demo, DEMO_OFFICE, "police", DEMO_ASSESS);
	struct demo_plan *plan = &concern->plan;
	plan->received = demo_days_ago(demo, 4, 9, 20);
	plan->looked = demo_days_ago(demo, 4, 10, 50);
	plan->acknowledged = demo_days_ago(demo, 4, 11, 0);
	plan->asked = demo_days_ago(demo, 4, 11, 5);
	ask(plan, 0, "dsl", false, demo_days_ago(demo, 3, 9, 15));
	ask(plan, 1, "named-nurse", false, 0);
	demo_schedule(demo, concern);

	concern = tell(demo, DEMO_PHONE, "neighbour", DEMO_ASSESS);
	plan = &concern->plan;
	plan->received = demo_days_ago(demo, 2, 10, 5);
	plan->looked = demo_days_ago(demo, 2, 10, 40);
	plan->asked = demo_days_ago(demo, 2, 10, 45);
	ask(plan, 0, "police-contact", false, demo_days_ago(demo, 2, 15, 15));
	ask(plan, 1, "dsl", false, 0);
	demo_schedule(demo, concern);
}

/* The working day before: decided by the end of today. */
static void plan_today(struct demo *demo)
{
	struct demo_concern *concern = tell(demo, DEMO_OFFICE, "school", DEMO_STRATEGY);
	struct demo_plan *plan = &concern->plan;
	plan->received = demo_days_ago(demo, 1, 11, 30);
	plan->looked = demo_days_ago(demo, 1, 12, 10);
	plan->acknowledged = demo_days_ago(demo, 1, 12, 20);
	plan->asked = demo_days_ago(demo, 1, 12, 30);
	ask(plan, 0, "police-contact", false, 0);
	ask(plan, 1, "gp", false, demo_days_ago(demo, 1, 16, 35));
	demo_schedule(demo, concern);

	concern = tell(demo, DEMO_WEB, "parent", DEMO_ASSESS);
	plan = &concern->plan;
	plan->received = demo_days_ago(demo, 1, 15, 45);
	plan->looked = demo_days_ago(demo, 1, 16, 25);
	plan->asked = demo_days_ago(demo, 1, 16, 30);
	ask(plan, 0, "dsl", false, 0);
	demo_schedule(demo, concern);

	/* For the team manager: a strategy discussion and a worker to name. */
	concern = tell(demo, DEMO_PHONE, "youth-work", DEMO_STRATEGY);
	plan = &concern->plan;
	plan->received = demo_days_ago(demo, 2, 13, 10);
	plan->looked = demo_days_ago(demo, 2, 13, 40);
	plan->acknowledged = demo_days_ago(demo, 2, 13, 45);
	plan->decided = demo_days_ago(demo, 1, 14, 50);
	demo_schedule(demo, concern);
}

/* Since midnight: for tomorrow. */
static void plan_tomorrow(struct demo *demo)
{
	struct demo_concern *concern = tell(demo, DEMO_WEB, "friend", DEMO_ASSESS);
	struct demo_plan *plan = &concern->plan;
	instant now = demo->options->now;
	plan->received = now - 170 * INSTANT_PER_MINUTE;
	plan->looked = now - 95 * INSTANT_PER_MINUTE;
	plan->asked = now - 90 * INSTANT_PER_MINUTE;
	ask(plan, 0, "police-contact", true, 0);
	ask(plan, 1, "dsl", false, 0);
	demo_schedule(demo, concern);
}

/* A sign of harm, all answered, to be closed: a second reader is waited for. */
static void plan_second(struct demo *demo)
{
	struct demo_concern *concern = tell(demo, DEMO_OFFICE, "gp", DEMO_ASSESS);
	struct demo_plan *plan = &concern->plan;
	plan->received = demo_days_ago(demo, 30, 10, 15);
	plan->looked = demo_days_ago(demo, 30, 10, 55);
	plan->acknowledged = demo_days_ago(demo, 30, 11, 10);
	plan->asked = demo_days_ago(demo, 30, 11, 15);
	ask(plan, 0, "police-contact", false, demo_days_ago(demo, 30, 15, 5));
	ask(plan, 1, "dsl", false, demo_days_ago(demo, 29, 9, 30));
	plan->decided = demo_days_ago(demo, 29, 11, 25);
	plan->told = demo_days_ago(demo, 29, 12, 0);
	plan->taken = demo_days_ago(demo, 29, 13, 30);
	plan->notes[0] = demo_days_ago(demo, 22, 15, 0);
	plan->notes[1] = demo_days_ago(demo, 14, 11, 30);
	plan->notes[2] = demo_days_ago(demo, 6, 14, 15);
	plan->settled = demo->options->now - 25 * INSTANT_PER_MINUTE;
	demo_schedule(demo, concern);
}

/* --- what was let lie, so that it went outside ---------------------------------------------- */

static void plan_outside(struct demo *demo)
{
	/* A strategy discussion that nobody held for a week. */
	struct demo_concern *concern = tell(demo, DEMO_OFFICE, "hospital", DEMO_STRATEGY);
	demo_plan_by_chance(demo, concern, demo_days_ago(demo, 61, 14, 5));
	concern->plan.decided = demo_days_ago(demo, 60, 15, 30);
	concern->plan.taken = demo_days_ago(demo, 60, 16, 15);
	concern->plan.told = demo_days_ago(demo, 59, 11, 5);
	concern->plan.held = demo_days_ago(demo, 53, 10, 0);
	concern->plan.added = demo_days_ago(demo, 52, 11, 40);
	demo_schedule(demo, concern);

	/* A surgery that was asked and said nothing for six weeks. */
	concern = tell(demo, DEMO_OFFICE, "health-visitor", DEMO_ASSESS);
	demo_plan_by_chance(demo, concern, demo_days_ago(demo, 48, 10, 30));
	ask(&concern->plan, 0, "gp", false, demo_days_ago(demo, 17, 11, 20));
	ask(&concern->plan, 1, NULL, false, 0);
	concern->plan.notes[DEMO_NOTES - 1] = demo_days_ago(demo, 8, 14, 40);
	concern->plan.settled = 0;
	concern->plan.closed = 0;
	demo_schedule(demo, concern);
}

/* --- for what happens to offices (demo_offices.c) -------------------------------------------- */

/* One that asks an empty office and ends soon, to be opened again; and one by the police, in which
 * school has no part. */
static void plan_for_offices(struct demo *demo)
{
	struct demo_concern *concern = tell(demo, DEMO_WEB, "business", DEMO_NONE);
	demo_plan_by_chance(demo, concern, demo_days_ago(demo, DEMO_REOPENED_DAYS + 20, 11, 40));
	ask(&concern->plan, 0, "health-visitor", false,
	    demo_days_ago(demo, DEMO_REOPENED_DAYS + 19, 9, 10));
	ask(&concern->plan, 1, NULL, false, 0);
	demo_schedule(demo, concern);

	concern = tell(demo, DEMO_OFFICE, "police", DEMO_HELP);
	demo_plan_by_chance(demo, concern, demo_days_ago(demo, DEMO_GLASS_DAYS + 1, 9, 35));
	ask(&concern->plan, 0, "vol-worker", false, demo_days_ago(demo, DEMO_GLASS_DAYS, 16, 5));
	ask(&concern->plan, 1, NULL, false, 0);
	demo_schedule(demo, concern);
}

void demo_plan_today(struct demo *demo)
{
	plan_for_offices(demo);
	plan_outside(demo);
	plan_second(demo);
	plan_let_lie(demo);
	plan_answered(demo);
	plan_late(demo);
	plan_today(demo);
	plan_tomorrow(demo);
	plan_fresh(demo);
}
