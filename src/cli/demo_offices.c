/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What happens to the offices of Northmere in a year: one stands empty for weeks, one has a deputy,
 * one is handed over; a glass is broken and reviewed; those who were told read what they were told.
 */
#include "cli/demo_world.h"

static instant weeks_in(const struct demo *demo, int weeks, int64_t minutes)
{
	return demo_work(demo, demo->start + weeks * 7 * INSTANT_PER_DAY, minutes);
}

static struct json *holding(struct demo *demo, const char *office, const struct demo_worker *worker)
{
	struct json *fields = json_object(demo->act);
	json_put_text(demo->act, fields, STR("office"), str_from_c(office));
	json_put_text(demo->act, fields, STR("account"), worker->account);
	return fields;
}

static bool change(struct demo *demo, const char *by, const char *kind, const char *office,
                   const struct json *fields, struct err *err)
{
	struct casebook_answer answer;
	return demo_do(demo, &demo_worker(demo, by)->actor, kind, demo_office_file(demo, office),
	               fields, &answer, err);
}

/* --- an empty office ------------------------------------------------------------------------ */

static bool step_health_visitor_leaves(struct demo *demo, struct demo_concern *concern, int n,
                                       struct err *err)
{
	struct demo_worker *faye = demo_worker(demo, "faye");
	(void)concern;
	(void)n;
	if (!change(demo, "bram", "office.left", "health-visitor",
	            holding(demo, "health-visitor", faye), err))
		return false;
	faye->actor.office = STR_NONE;
	return true;
}

static bool step_health_visitor_comes(struct demo *demo, struct demo_concern *concern, int n,
                                      struct err *err)
{
	struct demo_worker *faye = demo_worker(demo, "faye");
	(void)concern;
	(void)n;
	if (!change(demo, "bram", "office.held", "health-visitor",
	            holding(demo, "health-visitor", faye), err))
		return false;
	faye->actor.office = STR("health-visitor");
	return true;
}

/* --- a deputy ------------------------------------------------------------------------------- */

#define DEPUTY_DAYS 7

static bool step_deputy(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	instant now = casebook_now(demo->book);
	(void)concern;
	(void)n;
	json_put_text(demo->act, fields, STR("office"), STR("police-contact"));
	json_put_text(demo->act, fields, STR("deputy"), STR("police-sergeant"));
	json_put_text(demo->act, fields, STR("from"), instant_write(demo->act, now));
	json_put_text(demo->act, fields, STR("until"),
	              instant_write(demo->act, now + DEPUTY_DAYS * INSTANT_PER_DAY));
	if (!change(demo, "zora", "office.deputised", "police-contact", fields, err))
		return false;
	demo_worker(demo, "priya")->actor.office = STR_NONE; /* on leave */
	demo_worker(demo, "owen")->actor.office = STR("police-contact");
	return true;
}

static bool step_deputy_ends(struct demo *demo, struct demo_concern *concern, int n,
                             struct err *err)
{
	(void)concern;
	(void)n;
	(void)err;
	demo_worker(demo, "priya")->actor.office = STR("police-contact");
	demo_worker(demo, "owen")->actor.office = STR("police-sergeant");
	return true;
}

/* --- a hand-over ---------------------------------------------------------------------------- */

static bool first_owed(struct demo *demo, const char *office, struct str *duty, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_duty_list duties;
	*duty = STR_NONE;
	if (!casebook_reader_take(demo->book, &reader, err) ||
	    !casebook_duties_of_office(reader, demo->act, str_from_c(office), 0, 0, 20, &duties,
	                               err))
		return false;
	for (size_t i = 0; i < duties.count && !duty->n; i++) {
		if (str_eq(duties.at[i].rule, STR("T00")))
			*duty = duties.at[i].name;
	}
	return true;
}

/* Joel goes on leave; what the office owed next is the team manager's until he is back. */
static bool step_hand_over(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct str duty;
	(void)concern;
	(void)n;
	if (!first_owed(demo, "social-worker", &duty, err))
		return false;
	json_put_text(demo->act, fields, STR("office"), STR("social-worker"));
	if (duty.n)
		json_put_text(demo->act, fields, STR("duty"), duty);
	json_put_text(demo->act, fields, STR("to"), STR("team-manager"));
	return change(demo, "joel", "office.handed-over", "social-worker", fields, err);
}

/* --- the glass ------------------------------------------------------------------------------ */

/* The office says what it thinks of the reading that it was told of. */
static bool review(struct demo *demo, const char *office, struct str file, const char *reasons,
                   struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct json *fields = json_object(demo->act);
	struct casebook_duty_list duties;
	struct casebook_answer answer;
	if (!casebook_reader_take(demo->book, &reader, err) ||
	    !casebook_duties_of_office(reader, demo->act, str_from_c(office), 0, 0, 100, &duties,
	                               err))
		return false;
	for (size_t i = 0; i < duties.count; i++) {
		if (!str_eq(duties.at[i].rule, STR("T96")))
			continue;
		json_put_text(demo->act, fields, STR("duty"), duties.at[i].name);
		json_put_text(demo->act, fields, STR("reasons"), str_from_c(reasons));
		return demo_do(demo, demo_actor(demo, office), "duty.read", file, fields, &answer,
		               err);
	}
	return true;
}

static bool step_review(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	(void)n;
	return review(demo, "headteacher", concern->file,
	              "Right to open it: a parent stood at the gate. I have told the duty team.",
	              err) &&
	       review(demo, "data-protection-officer", concern->file,
	              "No more was read than was needed, and for no longer.", err);
}

static bool step_break_glass(struct demo *demo, struct demo_concern *concern, int n,
                             struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	instant now = casebook_now(demo->book);
	(void)n;
	/* One that school has no part in: the newest by the police. */
	for (size_t i = demo->concern_count; i-- > 0 && !concern;) {
		struct demo_concern *one = &demo->concerns[i];
		if (one->file.n && one->story->office &&
		    str_starts(str_from_c(one->story->office), STR("police")))
			concern = one;
	}
	if (!concern)
		return true;
	json_put_text(
		demo->act, fields, STR("because"),
		STR("A man asks for the child at the gate. I must know who may fetch the child."));
	json_put_text(demo->act, fields, STR("until"),
	              instant_write(demo->act, now + 2 * INSTANT_PER_HOUR));
	if (!demo_do(demo, demo_actor(demo, "dsl"), "access.broken", concern->file, fields, &answer,
	             err) ||
	    !demo_read(demo, demo_actor(demo, "dsl"), concern->first, err))
		return false;
	demo_at(demo, demo_work(demo, now, 400), step_review, concern, 0);
	return true;
}

/* --- opening again -------------------------------------------------------------------------- */

static bool step_reopen(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	struct casebook_file file;
	(void)n;
	if (!casebook_reader_take(demo->book, &reader, err))
		return false;
	for (size_t i = demo->concern_count; i-- > 0 && !concern;) {
		struct demo_concern *one = &demo->concerns[i];
		struct err absent = { 0 };
		if (one->file.n &&
		    casebook_file_find(reader, demo->act, one->file, &file, &absent) &&
		    str_eq(file.state_name, STR("closed")))
			concern = one;
	}
	if (!concern)
		return true;
	json_put_integer(demo->act, fields, STR("because"), concern->first);
	json_put_text(demo->act, fields, STR("reasons"),
	              STR("Two other concerns name the same street. I want this one read again."));
	if (!demo_do(demo, demo_actor(demo, "team-manager"), "concern.reopened", concern->file,
	             fields, &answer, err))
		return false;
	if (answer.outcome == CASEBOOK_ADMITTED)
		demo_decide_again(demo, concern);
	return true;
}

/* --- every working day ---------------------------------------------------------------------- */

struct unread {
	struct str duty;
	struct str office;
	struct str file;
};

#define UNREAD_MAX 256

static bool is_open_reading(const struct casebook_duty_list *duties,
                            const struct casebook_told *told)
{
	for (size_t i = 0; i < duties->count; i++) {
		const struct casebook_duty *duty = &duties->at[i];
		if (duty->is_open && str_eq(duty->rule, STR("R02")) &&
		    duty->opened == told->entry && str_eq(duty->office, told->office))
			return true;
	}
	return false;
}

static bool find_unread(struct demo *demo, struct unread *out, size_t *count, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_duty_list late, all;
	if (!casebook_reader_take(demo->book, &reader, err) ||
	    !casebook_duties_open(reader, demo->act, true, 0, 0, 200, &late, err))
		return false;
	for (size_t i = 0; i < late.count; i++) {
		const struct casebook_told *told;
		size_t told_count;
		if (str_eq(late.at[i].rule, STR("R02")) ||
		    years_began(demo->years, late.at[i].file))
			continue; /* what the simulated year began it also reads */
		if (!casebook_duty_told(reader, demo->act, late.at[i].id, &told, &told_count,
		                        err) ||
		    !casebook_duties_of_file(reader, demo->act, late.at[i].file, 100, &all, err))
			return false;
		for (size_t t = 0; t < told_count && *count < UNREAD_MAX; t++) {
			if (is_open_reading(&all, &told[t]))
				out[(*count)++] = (struct unread){ late.at[i].name, told[t].office,
					                           late.at[i].file_id };
		}
	}
	return true;
}

static bool step_morning(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct unread *unread = arena_alloc(demo->act, UNREAD_MAX, sizeof *unread);
	struct casebook_answer answer;
	size_t count = 0;
	(void)concern;
	(void)n;
	if (!unread)
		return err_set(err, ERR_UNABLE, "There is no memory for the demo");
	if (!find_unread(demo, unread, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct casebook_actor *actor =
			demo_actor(demo, str_to_c(demo->act, unread[i].office));
		struct json *fields = json_object(demo->act);
		if (!actor || demo_chance(demo, 20)) /* tomorrow, perhaps */
			continue;
		json_put_text(demo->act, fields, STR("duty"), unread[i].duty);
		if (!demo_do(demo, actor, "duty.read", unread[i].file, fields, &answer, err))
			return false;
	}
	return true;
}

static bool step_evening(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	(void)concern;
	(void)n;
	return casebook_seal_readings(demo->book, err);
}

void demo_plan_offices(struct demo *demo)
{
	const struct zone *zone = demo->calendar->zone;
	demo_at(demo, demo_days_ago(demo, DEMO_REOPENED_DAYS + 21, 9, 30),
	        step_health_visitor_leaves, NULL, 0);
	demo_at(demo, demo_days_ago(demo, DEMO_REOPENED_DAYS + 2, 10, 0), step_health_visitor_comes,
	        NULL, 0);
	instant leave = weeks_in(demo, 41, 20);
	demo_at(demo, leave, step_deputy, NULL, 0);
	demo_at(demo, leave + DEPUTY_DAYS * INSTANT_PER_DAY - INSTANT_PER_HOUR, step_deputy_ends,
	        NULL, 0);
	demo_at(demo, weeks_in(demo, 44, 90), step_hand_over, NULL, 0);
	demo_at(demo, demo_days_ago(demo, DEMO_GLASS_DAYS, 13, 10), step_break_glass, NULL, 0);
	demo_at(demo, demo_days_ago(demo, DEMO_REOPENED_DAYS, 11, 10), step_reopen, NULL, 0);
	for (int64_t d = DEMO_WEEKS * 7 - 1; d >= 0; d--) {
		struct day day =
			day_from_number(day_number(zone_day(zone, demo->options->now)) - d);
		struct local morning = { .day = day, .hour = 8, .minute = 40 };
		struct local evening = { .day = day, .hour = 18, .minute = 5 };
		if (pack_is_working_day(demo->calendar, day))
			demo_at(demo, zone_instant(zone, morning), step_morning, NULL, 0);
		demo_at(demo, zone_instant(zone, evening), step_evening, NULL, 0);
	}
}
