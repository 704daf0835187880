/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Tries to end what was told by its age, or to put off what is owed: destroying
 * by dates that somebody writes, ages against a known birth, restrictions one
 * after the other, days far away, time taken when it has passed.
 * docs/threat-model.md has them in a table.
 */
#include "england/bad_actor.h"

#define DAY (24 * INSTANT_PER_HOUR)

static void passes(struct bad *b, int days)
{
	england_until(b->e, casebook_now(b->e->f.book) + days * DAY);
}

static struct str day_after(struct bad *b, int days)
{
	return str_sub(instant_write(b->e->f.arena, casebook_now(b->e->f.book) + days * DAY), 0, 10);
}

/* --- destroying ------------------------------------------------------------------------------- */

static struct str another_child(struct bad *b, const char *born)
{
	return does(b->e, "records-officer", "person.opened", STR(""), "{'birth-known':'month','born':'%s','names':['Nobody']}",
	            born).file;
}

/* A file of somebody who is said to have died, written down as a serious incident. */
static struct str who_died(struct bad *b)
{
	struct str child = another_child(b, "2008-05");
	does(b->e, MANAGER, "incident.known", STR(""), "{'what':'death','aware':'2026-01-05T09:00:00Z','child':'%.*s'}",
	     STR_ARG(child));
	return child;
}

static void a_manager_writes_that_she_died_and_nobody_is_notified(void **state)
{
	struct bad *b = *state;
	struct str child = another_child(b, "2008-05");
	struct casebook_answer answer = tries(b, MANAGER, "child.closed", child,
		"{'closing':'died','told':'talk','reasons':'She died.'}");
	refused_saying(b, &answer, "That the child died is written down as a serious incident first");
}

static void a_manager_writes_alone_that_she_died_long_ago(void **state)
{
	struct bad *b = *state;
	struct str child = who_died(b);
	struct casebook_answer answer = at_another_time(b, MANAGER, "child.closed", child,
		"{'closing':'died','told':'talk','reasons':'Long ago.'}", casebook_now(b->e->f.book) - 5600 * DAY, 0);
	waits_for(b, &answer, "service-manager");
}

static void two_managers_write_that_she_died_long_ago(void **state)
{
	struct bad *b = *state;
	struct str child = who_died(b);
	struct casebook_answer answer = at_another_time(b, MANAGER, "child.closed", child,
		"{'closing':'died','told':'talk','reasons':'Long ago.'}", casebook_now(b->e->f.book) - 5600 * DAY, 0);
	struct casebook_answer yes = agrees(b, &england_holder(b->e, "service-manager")->actor, child, answer.index);
	is_done(b, &yes);
	struct casebook_answer gone = tries(b, "records-officer", "disposal.proposed", child,
		"{'rule':'died-under-18','earliest':'2020-01-01','words':'Old.'}");
	refused_by(b, &gone, "G10");
}

static void a_manager_opens_her_file_as_of_somebody_old(void **state)
{
	struct bad *b = *state;
	struct str child = another_child(b, "1940-05");
	does(b->e, MANAGER, "child.closed", child, "{'closing':'done','told':'talk','reasons':'Old.'}");
	struct casebook_answer gone = tries(b, "records-officer", "disposal.proposed", child,
		"{'rule':'birth-75','earliest':'2020-01-01','words':'Old.'}");
	refused_by(b, &gone, "G10");
}

/* --- ages ------------------------------------------------------------------------------------- */

/* The child was born in May 2012: thirteen. */
static struct str offence_at(struct bad *b, const char *age, const char *family)
{
	struct str offence = does(b->e, "vol-worker", "offence.disclosed", STR(""),
		"{'child':'%.*s','age-at-event':'%s','family':['%s'],'told-by':'child','suspect-known':'yes',"
		"'several-suspects':'no','suspect-trust':'no','recent':'older','threat':'yes','words':'He did it.'}",
		STR_ARG(b->child), age, family).file;
	does(b->e, "vol-worker", "offence.told-police", offence, "{'how':'phone','to':'police-contact','force':'own'}");
	return offence;
}

static void an_officer_records_an_age_that_she_has_not_reached(void **state)
{
	struct bad *b = *state;
	struct str offence = offence_at(b, "16-17", "rape");
	struct casebook_answer answer = tries(b, "police-contact", "crime.recorded", offence,
		"{'offence-code':['rape'],'age-at-event':'16-17','suspects':1,'flags':['none'],'facts-complete':['age'],"
		"'reference':'R-1'}");
	refused_saying(b, &answer, "The child's file says that the child is under 16");
}

static void an_officer_records_an_older_age_than_was_told(void **state)
{
	struct bad *b = *state;
	struct str offence = does(b->e, "vol-worker", "offence.disclosed", STR(""),
		"{'age-at-event':'13-15','family':['threat'],'told-by':'child','suspect-known':'yes','several-suspects':'no',"
		"'suspect-trust':'no','recent':'older','threat':'yes','words':'He did it.'}").file;
	does(b->e, "vol-worker", "offence.told-police", offence, "{'how':'phone','to':'police-contact','force':'own'}");
	struct casebook_answer answer = tries(b, "police-contact", "crime.recorded", offence,
		"{'offence-code':['threat'],'age-at-event':'18-or-older','suspects':1,'flags':['none'],"
		"'facts-complete':['age'],'reference':'R-1'}");
	waits_for(b, &answer, "crime-registrar");
}

static void an_officer_calls_it_no_crime_at_an_age_that_she_has_not_reached(void **state)
{
	struct bad *b = *state;
	struct str offence = offence_at(b, "18-or-older", "assault-sexual");
	struct casebook_answer answer = tries(b, "police-contact", "crime.not-recorded", offence,
		"{'family':['assault-sexual'],'why':'not-a-crime','section':'s.3','victim-told':'told','reference':'N-1',"
		"'reasons':'Grown up.'}");
	refused_saying(b, &answer, "The child's file says that the child is under 16");
}

/* --- putting off ------------------------------------------------------------------------------ */

static struct casebook_answer restricts(struct bad *b, const char *who)
{
	return tries(b, "head-of-service", "restriction.placed", b->concern,
	             "{'reason':'child-safety','until':'%.*s','who':['%s'],'reasons':'Too many read it.'}",
	             STR_ARG(day_after(b, 27)), who);
}

static void the_head_leaves_an_empty_office_to_read_it(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = restricts(b, "advocate");
	refused_by(b, &answer, "G9");
}

static void the_head_restricts_it_anew_each_month(void **state)
{
	struct bad *b = *state;
	for (int i = 0; i < 2; i++) {
		struct casebook_answer placed = restricts(b, SCRUTINEER);
		is_done(b, &placed);
		does(b->e, "head-of-service", "restriction.lifted", b->concern, "{'restriction':'%.*s','part':'no'}",
		     STR_ARG(owed(b, b->concern, "T81").name));
	}
	struct casebook_answer third = restricts(b, SCRUTINEER);
	refused_saying(b, &third, "The third time in a year, the independent scrutineer");
}

static void the_lead_has_it_done_by_a_far_day(void **state)
{
	struct bad *b = *state;
	struct str place = does(b->e, "dsl", "place.opened", STR(""), "{'sort':'takeaway','where':'Corner shop'}").file;
	does(b->e, "exploitation-lead", "exploitation.met", place,
	     "{'present':['police-officer'],'offence-considered':'none-seen',"
	     "'actions':[{'office':'vol-worker','what':'visit','by-date':'2099-12-31'}]}");
	assert_true(owed(b, place, "T93").due < casebook_now(b->e->f.book) + 93 * DAY);
	late_and_told(b, place, "T93", SCRUTINEER, 60);
}

static void the_director_is_under_way_for_ever(void **state)
{
	struct bad *b = *state;
	struct str made = does(b->e, SCRUTINEER, "recommendation.made", STR(""),
		"{'to':['dcs'],'measure':'practice','text':'See the child.'}").file;
	does(b->e, "dcs", "recommendation.answered", made,
	     "{'answer':'accepted','owner':'dcs','by-date':'2099-01-01','reasons':'We do.'}");
	for (int i = 0; i < 4; i++)
		does(b->e, "dcs", "recommendation.progressed", made, "{'progress':'under-way'}");
	found_by_night(b, made, SCRUTINEER);
}

static void the_officer_takes_more_time_when_it_has_passed(void **state)
{
	struct bad *b = *state;
	(void)england_holder(b->e, "info-officer");
	struct str asked = does(b->e, "info-officer", "request.received", STR(""),
		"{'type':'access','text':'All about me.'}").file;
	passes(b, 40);
	struct casebook_answer answer = tries(b, "info-officer", "request.lengthened", asked,
		"{'why':'complex','told':'More time.'}");
	refused_saying(b, &answer, "The month has passed");
}

static void the_council_takes_more_time_for_a_complaint_when_it_has_passed(void **state)
{
	struct bad *b = *state;
	(void)england_holder(b->e, "complaints-manager");
	struct str asked = does(b->e, "complaints-manager", "complaint.made", STR(""),
		"{'by':'child','words':'Nobody came.','advocate-offered':'yes'}").file;
	passes(b, 20);
	struct casebook_answer answer = tries(b, "complaints-manager", "complaint.lengthened", asked,
		"{'why':'complex','told':'More time.'}");
	refused_saying(b, &answer, "The time has passed");
}

/* --- leaving out, and asking nothing ---------------------------------------------------------- */

static void a_manager_has_a_fact_about_the_uncle_left_out(void **state)
{
	struct bad *b = *state;
	does(b->e, "social-worker", "fact.left-out", b->adult,
	     "{'which':'ethnicity','asked-by':'team-manager','reason':'instruction','words':'Leave it out.'}");
	found_by_night(b, b->adult, SCRUTINEER);
}

static void the_board_writes_down_questions_that_nobody_asked(void **state)
{
	struct bad *b = *state;
	struct str board = does(b->e, "partnership-manager", "board.opened", STR(""), "{'words':'The board.'}").file;
	passes(b, 20);
	for (int i = 0; i < 2; i++)
		does(b->e, "partnership-manager", "meeting.held", board, "{'present':['dcs'],'questions':9}");
	found_by_night(b, board, SCRUTINEER);
}

static void the_board_writes_down_that_nothing_was_late(void **state)
{
	struct bad *b = *state;
	struct str board = does(b->e, "partnership-manager", "board.opened", STR(""), "{'words':'The board.'}").file;
	passes(b, 20);
	struct casebook_answer answer = tries(b, "partnership-manager", "meeting.held", board,
		"{'present':['dcs'],'overdue-shown':0,'questions':0}");
	not_taken(b, &answer, "overdue-shown");
	int64_t held = does(b->e, "partnership-manager", "meeting.held", board, "{'present':['dcs'],'questions':0}").index;
	answer = tries(b, "partnership-manager", "entry.corrected", board,
		"{'of':%" PRId64 ",'field':'overdue-shown','value':'0','why':'other'}", held);
	refused_saying(b, &answer, "The register counted it");
}

static void the_head_restricts_the_report_of_an_offence(void **state)
{
	struct bad *b = *state;
	does(b->e, "head-of-service", "restriction.placed", b->offence,
	     "{'reason':'child-safety','until':'%.*s','who':['independent-scrutineer'],'reasons':'Too many read it.'}",
	     STR_ARG(day_after(b, 14)));
	found_by_night(b, b->offence, SCRUTINEER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRIES(a_manager_writes_that_she_died_and_nobody_is_notified),
		TRIES(a_manager_writes_alone_that_she_died_long_ago),
		TRIES(two_managers_write_that_she_died_long_ago),
		TRIES(a_manager_opens_her_file_as_of_somebody_old),
		TRIES(an_officer_records_an_age_that_she_has_not_reached),
		TRIES(an_officer_records_an_older_age_than_was_told),
		TRIES(an_officer_calls_it_no_crime_at_an_age_that_she_has_not_reached),
		TRIES(the_head_leaves_an_empty_office_to_read_it),
		TRIES(the_head_restricts_it_anew_each_month),
		TRIES(the_lead_has_it_done_by_a_far_day),
		TRIES(the_director_is_under_way_for_ever),
		TRIES(the_officer_takes_more_time_when_it_has_passed),
		TRIES(the_council_takes_more_time_for_a_complaint_when_it_has_passed),
		TRIES(a_manager_has_a_fact_about_the_uncle_left_out),
		TRIES(the_board_writes_down_questions_that_nobody_asked),
		TRIES(the_board_writes_down_that_nothing_was_late),
		TRIES(the_head_restricts_the_report_of_an_offence),
	};
	return PROVE_TRIES(tests);
}
