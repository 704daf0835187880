/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Fifty tries and more to make a concern go away, by somebody with a manager's
 * rights: closing and deciding, words and dates, owners. docs/threat-model.md
 * has them in a table.
 */
#include "england/bad_actor.h"

/* --- closing and deciding --------------------------------------------------------------------- */

/* All that closing asks for is there, truly: the agencies heard, the child seen, police told. */
static void all_is_there(struct bad *b)
{
	does(b->e, "screener", "concern.looked", b->concern,
	     "{'danger':'none-found','checked':['own-files','police','health','school']}");
	does(b->e, "vol-worker", "offence.told-police", b->offence,
	     "{'how':'phone','to':'police-contact','force':'own'}");
	does(b->e, "health-visitor", "child.seen", b->child, "{'contact':'seen-alone','alone':'yes','spoke':'yes'}");
}

static struct casebook_answer lets_go(struct bad *b, const char *office, const char *reason)
{
	return tries(b, office, "concern.decided", b->concern,
	             "{'decision':'none','threshold':'2026','evidence':[%lld],'reason-none':'%s',"
	             "'reasons':'Nothing in it.'}", (long long)b->ground->received, reason);
}

static struct casebook_answer does_less(struct bad *b, const char *office, const char *decision)
{
	return tries(b, office, "concern.decided", b->concern,
	             "{'decision':'%s','threshold':'2026','evidence':[%lld],'reasons':'That is enough.'}", decision,
	             (long long)b->ground->received);
}

static void a_manager_calls_it_advice_with_the_child_not_seen(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = does_less(b, MANAGER, "advice");
	refused_saying(b, &answer, "A sign of harm was recorded and the child has not been seen");
	answer = does_less(b, "screener", "early-help");
	refused_by(b, &answer, "G1h");
}

static void a_manager_calls_it_early_help_alone(void **state)
{
	struct bad *b = *state;
	all_is_there(b);
	struct casebook_answer waits = does_less(b, MANAGER, "early-help");
	waits_for(b, &waits, "service-manager");
	struct casebook_answer answer =
		agrees(b, &england_holder(b->e, MANAGER)->actor, b->concern, waits.index);
	refused(b, &answer);
	assert_true(is_in(b, b->concern, "received"));
	waits = does_less(b, "screener", "advice");
	waits_for(b, &waits, MANAGER);
}

static void a_manager_closes_it_before_anything_was_decided(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = tries(b, MANAGER, "concern.closed", b->concern, "{'closing':'done'}");
	refused_saying(b, &answer, "Nobody has decided that nothing more follows");
	refused_by(b, &answer, "G1");
	refused_by(b, &answer, "G2");
}

static void a_manager_lets_it_go_with_the_child_not_seen(void **state)
{
	struct bad *b = *state;
	does(b->e, "screener", "concern.looked", b->concern,
	     "{'danger':'none-found','checked':['own-files','police','health','school']}");
	struct casebook_answer answer = lets_go(b, MANAGER, "information-only");
	refused_by(b, &answer, "G1h");
	refused_saying(b, &answer, "A sign of harm was recorded, or nobody has judged whether there is one, and the child");
}

static void a_manager_lets_it_go_with_the_police_not_told(void **state)
{
	struct bad *b = *state;
	does(b->e, "health-visitor", "child.seen", b->child, "{'contact':'seen-alone','alone':'yes','spoke':'yes'}");
	struct casebook_answer answer = lets_go(b, MANAGER, "information-only");
	refused_by(b, &answer, "G1h");
	refused_saying(b, &answer, "A possible offence came to light here, and the police have not been told");
	refused_saying(b, &answer, "A possible offence against this child is written down");
}

static void a_manager_lets_it_go_while_an_agency_is_silent(void **state)
{
	struct bad *b = *state;
	all_is_there(b);
	does(b->e, "screener", "concern.asked", b->concern,
	     "{'office':'health-visitor','urgent':'no','lawful-basis':'public-task','question':'What do you know?'}");
	struct casebook_answer answer = lets_go(b, MANAGER, "information-only");
	refused_saying(b, &answer, "An agency you asked has not answered");
}

static void a_manager_agrees_with_himself(void **state)
{
	struct bad *b = *state;
	all_is_there(b);
	struct casebook_answer waits = lets_go(b, MANAGER, "information-only");
	waits_for(b, &waits, "service-manager");
	struct casebook_answer answer =
		agrees(b, &england_holder(b->e, MANAGER)->actor, b->concern, waits.index);
	refused(b, &answer);
	assert_true(is_in(b, b->concern, "received"));
}

/* Two in one office, and a visit that one of them made up: what a manager lets go is read by the office above. */
static void two_managers_let_it_go_on_a_visit_that_nobody_made(void **state)
{
	struct bad *b = *state;
	struct person friend = person(&b->e->f, "a-friend", MANAGER);
	does(b->e, "screener", "concern.looked", b->concern,
	     "{'danger':'none-found','checked':['own-files','police','health','school']}");
	does(b->e, MANAGER, "offence.told-police", b->offence, "{'how':'phone','to':'police-contact','force':'own'}");
	does(b->e, MANAGER, "child.seen", b->child, "{'contact':'seen-alone','alone':'yes','spoke':'yes'}");
	struct casebook_answer waits = lets_go(b, MANAGER, "information-only");
	waits_for(b, &waits, "service-manager");
	struct casebook_answer answer = agrees(b, &friend.actor, b->concern, waits.index);
	refused(b, &answer);
	assert_true(is_in(b, b->concern, "received"));
	late_and_told(b, b->child, "T32", SCRUTINEER, 31);
	late_and_told(b, b->child, "T30", SCRUTINEER, 31);
	late_and_told(b, b->offence, "T39", "pcc", 16);
}

static void a_manager_closes_it_while_something_is_owed(void **state)
{
	struct bad *b = *state;
	struct person friend = person(&b->e->f, "a-friend", MANAGER);
	all_is_there(b);
	struct casebook_answer waits = does_less(b, MANAGER, "advice");
	struct casebook_answer decided = agrees(b, &friend.actor, b->concern, waits.index);
	is_done(b, &decided);
	decided = agrees(b, &england_holder(b->e, "service-manager")->actor, b->concern, waits.index);
	is_done(b, &decided);
	struct casebook_answer answer = tries(b, MANAGER, "concern.closed", b->concern,
		"{'closing':'done','decision':%lld}", (long long)decided.index + 1);
	refused_by(b, &answer, "G2");
}

static void a_manager_calls_it_an_error(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = tries(b, MANAGER, "concern.closed", b->concern, "{'closing':'opened-in-error'}");
	refused_by(b, &answer, "G1");
	refused_by(b, &answer, "G2");
}

static void a_manager_calls_it_malicious(void **state)
{
	struct bad *b = *state;
	all_is_there(b);
	struct casebook_answer answer = lets_go(b, MANAGER, "malicious");
	not_taken(b, &answer, "reason-none");
}

static void a_manager_closes_the_childs_file_instead(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = tries(b, MANAGER, "child.closed", b->child,
		"{'closing':'done','told':'talk','reasons':'Nothing more is owed.'}");
	refused_by(b, &answer, "G2c");
}

static void a_manager_says_that_she_is_an_adult_now(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = tries(b, MANAGER, "child.closed", b->child,
		"{'closing':'adult-now','told':'letter','reasons':'She is grown.'}");
	refused_by(b, &answer, "G2c");
	answer = tries(b, MANAGER, "concern.closed", b->concern, "{'closing':'adult-now'}");
	refused_by(b, &answer, "G1");
}

static void a_manager_calls_it_a_duplicate_of_a_closed_file(void **state)
{
	struct bad *b = *state;
	struct casebook_answer noise = does(b->e, "dsl", "concern.received", STR(""),
		"{'danger-now':'no','source':'school','happening':'Noise.','harm':['not-yet-known'],'harm-sign':'no',"
		"'channel':'phone'}");
	struct str other = noise.file;
	does(b->e, "screener", "concern.looked", other,
	     "{'danger':'none-found','checked':['own-files','police','health','school']}");
	struct casebook_answer decided = does(b->e, MANAGER, "concern.decided", other,
		"{'decision':'none','threshold':'2026','evidence':[%lld],'reason-none':'information-only','reasons':'Noise.'}",
		(long long)noise.index);
	does(b->e, "screener", "concern.acknowledged", other, "{'to':'referrer','how':'phone'}");
	does(b->e, "screener", "concern.told", other, "{'to':'referrer','how':'phone'}");
	does(b->e, "screener", "concern.closed", other, "{'closing':'done','decision':%lld}", (long long)decided.index);
	struct casebook_answer answer = tries(b, MANAGER, "concern.closed", b->concern,
		"{'closing':'duplicate-of','same-as':'%.*s'}", STR_ARG(other));
	refused_saying(b, &answer, "The file that this one is a duplicate of is closed");
	refused_by(b, &answer, "G1");
}

/* --- words and dates -------------------------------------------------------------------------- */

static void a_manager_corrects_the_sign_of_harm_away(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = tries(b, MANAGER, "entry.corrected", b->concern,
		"{'of':%lld,'field':'harm-sign','why':'other','value':'no','reasons':'It was never so.'}",
		(long long)b->ground->received);
	refused_saying(b, &answer, "An entry is corrected by the office that wrote it");
}

static void a_manager_corrects_the_words_of_whoever_told(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = tries(b, "dsl", "entry.corrected", b->concern,
		"{'of':%lld,'field':'happening','why':'other','right':'Nothing.','reasons':'My manager asked me.'}",
		(long long)b->ground->received);
	refused_saying(b, &answer, "A person's own words are never corrected");
}

static void a_manager_says_that_it_happened_tomorrow(void **state)
{
	struct bad *b = *state;
	instant now = casebook_now(b->e->f.book);
	struct casebook_answer answer = at_another_time(b, MANAGER, "child.seen", b->child,
		"{'contact':'seen-alone','alone':'yes','spoke':'yes'}", now + 24 * INSTANT_PER_HOUR, 0);
	if (answer.outcome == CASEBOOK_ADMITTED || answer.outcome == CASEBOOK_WAITING)
		fail_msg("the future was taken");
}

static void a_backdated_visit_does_not_make_the_late_thing_in_time(void **state)
{
	struct bad *b = *state;
	struct casebook_duty first = owed(b, b->concern, "T03");
	england_until(b->e, first.due + INSTANT_PER_HOUR);
	struct casebook_answer answer = at_another_time(b, "screener", "concern.looked", b->concern,
		"{'danger':'none-found','checked':['own-files']}", first.due - INSTANT_PER_HOUR, 0);
	is_done(b, &answer);
	struct fixture *f = &b->e->f;
	struct casebook_duty now;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_duty_named(reader, f->arena, first.name, &now, &f->err));
	assert_true(now.is_late && !now.is_open && now.due == first.due);
}

static struct casebook_answer asks_for_time(struct bad *b, const char *office, const struct casebook_duty *duty,
                                            int days)
{
	struct str until = instant_write(b->e->f.arena, duty->due + days * 24 * INSTANT_PER_HOUR);
	return tries(b, office, "duty.extended", duty->file_id, "{'duty':'%.*s','until':'%.*s','reasons':'Busy.'}",
	             STR_ARG(duty->name), STR_ARG(until));
}

static void a_manager_extends_a_limit_of_guidance(void **state)
{
	struct bad *b = *state;
	struct casebook_duty duty = owed(b, b->concern, "T01");
	struct casebook_answer answer = asks_for_time(b, MANAGER, &duty, 30);
	refused_saying(b, &answer, "This time limit cannot be extended");
}

static void a_manager_extends_what_he_owes_himself(void **state)
{
	struct bad *b = *state;
	does(b->e, MANAGER, "concern.decided", b->concern,
	     "{'decision':'assess','threshold':'2026','evidence':[%lld],'reasons':'Look.'}", (long long)b->ground->received);
	struct casebook_duty duty = owed(b, b->concern, "T07");
	struct casebook_answer answer = asks_for_time(b, MANAGER, &duty, 30);
	refused_saying(b, &answer, "A later time is agreed by the office above");
}

/* The later time stands beside the due time, and moves nothing. */
static void the_manager_above_extends_it_for_ever(void **state)
{
	struct bad *b = *state;
	does(b->e, MANAGER, "concern.decided", b->concern,
	     "{'decision':'assess','threshold':'2026','evidence':[%lld],'reasons':'Look.'}", (long long)b->ground->received);
	struct casebook_duty duty = owed(b, b->concern, "T07");
	struct casebook_answer answer = asks_for_time(b, "service-manager", &duty, 3000);
	is_done(b, &answer);
	late_and_told(b, b->concern, "T07", SCRUTINEER, 20);
}

/* --- owners ----------------------------------------------------------------------------------- */

static struct casebook_answer hands_over(struct bad *b, const char *office, const struct casebook_duty *duty,
                                         const char *to)
{
	const char *owner = str_to_c(b->e->f.arena, duty->office);
	return tries(b, office, "office.handed-over", file_of_office(&b->e->f, owner),
	             "{'office':'%s','duty':'%.*s','to':'%s'}", owner, STR_ARG(duty->name), to);
}

static void empties(struct bad *b, const char *by, const char *office)
{
	does(b->e, by, "office.left", file_of_office(&b->e->f, office), "{'office':'%s','account':'%.*s'}", office,
	     STR_ARG(england_holder(b->e, office)->account));
}

static void a_manager_takes_it_from_the_screener_and_sits_on_it(void **state)
{
	struct bad *b = *state;
	struct casebook_duty duty = owed(b, b->concern, "T01");
	struct casebook_answer answer = hands_over(b, MANAGER, &duty, MANAGER);
	is_done(b, &answer);
	late_and_told(b, b->concern, "T01", SCRUTINEER, 16);
}

static void a_manager_hands_it_to_an_office_that_nobody_holds(void **state)
{
	struct bad *b = *state;
	does(b->e, MANAGER, "concern.decided", b->concern,
	     "{'decision':'strategy','threshold':'2026','evidence':[%lld],'reasons':'Talk.'}", (long long)b->ground->received);
	empties(b, "head-of-service", "service-manager");
	struct casebook_duty duty = owed(b, b->concern, "T12");
	struct casebook_answer answer = hands_over(b, MANAGER, &duty, "service-manager");
	is_done(b, &answer);
	assert_true(is_owed_by(b, b->concern, "T12", "service-manager"));
	(void)owed(b, file_of_office(&b->e->f, "service-manager"), "T94");
	late_and_told(b, b->concern, "T12", SCRUTINEER, 20);
}

static void a_manager_hands_it_to_an_office_that_cannot_do_it(void **state)
{
	struct bad *b = *state;
	struct casebook_duty duty = owed(b, b->concern, "T01");
	struct casebook_answer answer = hands_over(b, MANAGER, &duty, "vol-worker");
	refused_saying(b, &answer, "That office may not do what settles this duty");
}

static void a_manager_hands_it_to_an_office_outside(void **state)
{
	struct bad *b = *state;
	struct casebook_duty duty = owed(b, b->concern, "T01");
	struct casebook_answer answer = hands_over(b, MANAGER, &duty, "ofsted-contact");
	refused_saying(b, &answer, "An office outside the partnership");
}

static void a_manager_takes_what_the_police_owe(void **state)
{
	struct bad *b = *state;
	does(b->e, "vol-worker", "offence.told-police", b->offence,
	     "{'how':'phone','to':'police-contact','force':'own'}");
	struct casebook_duty duty = owed(b, b->offence, "T39");
	struct casebook_answer answer = tries(b, MANAGER, "duty.taken", b->offence, "{'duty':'%.*s','to':'" MANAGER "'}",
	                                      STR_ARG(duty.name));
	refused_saying(b, &answer, "A duty is passed on by the office that owes it");
}

static void a_manager_names_a_worker_who_does_nothing(void **state)
{
	struct bad *b = *state;
	does(b->e, MANAGER, "concern.decided", b->concern,
	     "{'decision':'assess','threshold':'2026','evidence':[%lld],'reasons':'Look.'}", (long long)b->ground->received);
	struct casebook_duty duty = owed(b, b->concern, "T07");
	struct casebook_answer answer = tries(b, MANAGER, "duty.taken", b->concern,
		"{'duty':'%.*s','to':'social-worker','reasons':'Take it.'}", STR_ARG(duty.name));
	is_done(b, &answer);
	late_and_told(b, b->concern, "T10", SCRUTINEER, 31);
}

/* With nobody to screen, the office is owed a holder, and the concern climbs as before. */
static void the_manager_empties_the_duty_team(void **state)
{
	struct bad *b = *state;
	empties(b, MANAGER, "screener");
	struct casebook_answer next = does(b->e, "dsl", "concern.received", STR(""),
		"{'danger-now':'no','source':'school','happening':'Again.','harm':['neglect'],'harm-sign':'no','channel':'phone'}");
	(void)owed(b, file_of_office(&b->e->f, "screener"), "T94");
	late_and_told(b, next.file, "T01", SCRUTINEER, 16);
	late_and_told(b, b->concern, "T03", SCRUTINEER, 4);
}

static void a_manager_names_himself_screener(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = tries(b, MANAGER, "office.held", file_of_office(&b->e->f, "screener"),
		"{'office':'screener','account':'%.*s'}", STR_ARG(england_holder(b->e, MANAGER)->account));
	refused_saying(b, &answer, "Nobody names himself to an office");
}

static void a_manager_deputises_himself_for_the_scrutineer(void **state)
{
	struct bad *b = *state;
	instant now = casebook_now(b->e->f.book);
	struct casebook_answer answer = tries(b, MANAGER, "office.deputised", file_of_office(&b->e->f, SCRUTINEER),
		"{'office':'" SCRUTINEER "','deputy':'" MANAGER "','from':'%.*s','until':'%.*s'}",
		STR_ARG(instant_write(b->e->f.arena, now)),
		STR_ARG(instant_write(b->e->f.arena, now + 48 * INSTANT_PER_HOUR)));
	refused(b, &answer);
}

static void a_manager_ends_the_account_of_whoever_raised_it(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = tries(b, MANAGER, "account.ended", STR("R-1"), "{'account':'%.*s','reasons':'Left.'}",
		STR_ARG(england_holder(b->e, "dsl")->account));
	refused(b, &answer);
}

/* Whoever reported has gone, and so has nobody's duty. */
static void whoever_raised_it_has_left_and_it_is_owed_all_the_same(void **state)
{
	struct bad *b = *state;
	empties(b, "headteacher", "dsl");
	late_and_told(b, b->concern, "T01", SCRUTINEER, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRIES(a_manager_closes_it_before_anything_was_decided),
		TRIES(a_manager_lets_it_go_with_the_child_not_seen),
		TRIES(a_manager_lets_it_go_with_the_police_not_told),
		TRIES(a_manager_lets_it_go_while_an_agency_is_silent),
		TRIES(a_manager_agrees_with_himself),
		TRIES(two_managers_let_it_go_on_a_visit_that_nobody_made),
		TRIES(a_manager_calls_it_advice_with_the_child_not_seen),
		TRIES(a_manager_calls_it_early_help_alone),
		TRIES(a_manager_closes_it_while_something_is_owed),
		TRIES(a_manager_calls_it_an_error),
		TRIES(a_manager_calls_it_malicious),
		TRIES(a_manager_closes_the_childs_file_instead),
		TRIES(a_manager_says_that_she_is_an_adult_now),
		TRIES(a_manager_calls_it_a_duplicate_of_a_closed_file),
		TRIES(a_manager_corrects_the_sign_of_harm_away),
		TRIES(a_manager_corrects_the_words_of_whoever_told),
		TRIES(a_manager_says_that_it_happened_tomorrow),
		TRIES(a_backdated_visit_does_not_make_the_late_thing_in_time),
		TRIES(a_manager_extends_a_limit_of_guidance),
		TRIES(a_manager_extends_what_he_owes_himself),
		TRIES(the_manager_above_extends_it_for_ever),
		TRIES(a_manager_takes_it_from_the_screener_and_sits_on_it),
		TRIES(a_manager_hands_it_to_an_office_that_nobody_holds),
		TRIES(a_manager_hands_it_to_an_office_that_cannot_do_it),
		TRIES(a_manager_hands_it_to_an_office_outside),
		TRIES(a_manager_takes_what_the_police_owe),
		TRIES(a_manager_names_a_worker_who_does_nothing),
		TRIES(the_manager_empties_the_duty_team),
		TRIES(a_manager_names_himself_screener),
		TRIES(a_manager_deputises_himself_for_the_scrutineer),
		TRIES(a_manager_ends_the_account_of_whoever_raised_it),
		TRIES(whoever_raised_it_has_left_and_it_is_owed_all_the_same),
	};
	return PROVE_TRIES(tests);
}
