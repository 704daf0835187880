/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Tries to hide a concern, or to make less of the crime, by somebody with a
 * manager's rights in the council or the police. docs/threat-model.md has them
 * in a table.
 */
#include "england/bad_actor.h"

/* --- hiding ----------------------------------------------------------------------------------- */

static struct str day_after(struct bad *b, int days)
{
	struct str at = instant_write(b->e->f.arena, casebook_now(b->e->f.book) + days * 24 * INSTANT_PER_HOUR);
	return str_sub(at, 0, 10);
}

static struct casebook_answer restricts(struct bad *b, const char *office, int days, const char *who)
{
	return tries(b, office, "restriction.placed", b->concern,
	             "{'reason':'child-safety','until':'%.*s','who':['%s'],'reasons':'Too many read it.'}",
	             STR_ARG(day_after(b, days)), who);
}

static void a_manager_restricts_it(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = restricts(b, MANAGER, 14, SCRUTINEER);
	refused(b, &answer);
}

static void the_head_restricts_it_to_his_own_line(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = restricts(b, "head-of-service", 14, "dcs");
	refused_by(b, &answer, "G9");
}

static void the_head_restricts_it_and_the_scrutineer_is_owed_to(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = restricts(b, "head-of-service", 14, SCRUTINEER);
	is_done(b, &answer);
	found_by_night(b, b->concern, SCRUTINEER);
	struct casebook_answer closed = tries(b, MANAGER, "concern.closed", b->concern, "{'closing':'done'}");
	refused_saying(b, &closed, "A restriction still stands");
}

static void the_head_restricts_it_for_a_year(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = restricts(b, "head-of-service", 365, SCRUTINEER);
	not_taken(b, &answer, "until");
	answer = restricts(b, "head-of-service", 28, SCRUTINEER);
	is_done(b, &answer);
	struct casebook_duty duty = owed(b, b->concern, "T81");
	assert_true(duty.due <= casebook_now(b->e->f.book) + 29 * 24 * INSTANT_PER_HOUR);
	late_and_told(b, b->concern, "T81", SCRUTINEER, 20);
}

static struct casebook_answer renews(struct bad *b)
{
	return tries(b, "head-of-service", "restriction.renewed", b->concern,
	             "{'restriction':'%.*s','reason':'child-safety','until':'%.*s','who':['" SCRUTINEER "'],"
	             "'reasons':'Still.'}",
	             STR_ARG(owed(b, b->concern, "T81").name), STR_ARG(day_after(b, 27)));
}

static void the_head_renews_it_a_third_time_unread(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = restricts(b, "head-of-service", 27, SCRUTINEER);
	is_done(b, &answer);
	for (int i = 0; i < 2; i++) {
		england_until(b->e, casebook_now(b->e->f.book) + 26 * 24 * INSTANT_PER_HOUR);
		answer = renews(b);
		is_done(b, &answer);
	}
	england_until(b->e, casebook_now(b->e->f.book) + 26 * 24 * INSTANT_PER_HOUR);
	answer = renews(b);
	refused_saying(b, &answer, "The third time, the independent scrutineer first reads");
}

static void the_director_restricts_the_warning_to_leaders(void **state)
{
	struct bad *b = *state;
	struct casebook_answer warning = does(b->e, "vol-worker", "warning.lodged", STR(""),
		"{'author':'analyst','addressed':['dcs'],'subject':['sexual-exploitation'],'children-number':40,'text':'Forty.'}");
	struct casebook_answer answer = tries(b, "monitoring-officer", "restriction.placed", warning.file,
		"{'reason':'live-investigation','until':'%.*s','who':['dcs','" SCRUTINEER "'],'reasons':'Asked.'}",
		STR_ARG(day_after(b, 20)));
	is_done(b, &answer);
	found_by_night(b, warning.file, SCRUTINEER);
	late_and_told(b, warning.file, "T75", "chief-executive", 20);
}

static void a_manager_takes_the_link_to_the_child_away(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = tries(b, MANAGER, "link.removed", b->concern,
		"{'about':'%.*s','evidence':[%lld],'reasons':'Another girl.'}", STR_ARG(b->child),
		(long long)b->ground->received);
	waits_for(b, &answer, "records-officer");
	struct casebook_answer again = agrees(b, &england_holder(b->e, MANAGER)->actor, b->concern, answer.index);
	refused(b, &again);
	again = agrees(b, &england_holder(b->e, "records-officer")->actor, b->concern, answer.index);
	is_done(b, &again);
}

static void a_manager_says_that_the_uncle_was_never_named(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = tries(b, MANAGER, "link.removed", b->child,
		"{'named-in':'%.*s','evidence':[%lld],'reasons':'Another man.'}", STR_ARG(b->adult),
		(long long)b->ground->suspected);
	waits_for(b, &answer, "records-officer");
	late_and_told(b, b->adult, "T33", SCRUTINEER, 31);
}

static void a_manager_parts_the_child_into_two(void **state)
{
	struct bad *b = *state;
	struct casebook_answer other = does(b->e, MANAGER, "person.opened", STR(""), "{'birth-known':'no','names':['Mina']}");
	struct casebook_answer answer = tries(b, MANAGER, "person.parted", b->child,
		"{'other':'%.*s','evidence':[%lld],'reasons':'Two girls.'}", STR_ARG(other.file),
		(long long)b->ground->received);
	refused_saying(b, &answer, "This file was not joined to another");
}

static void another_concern(struct bad *b, struct str child, const char *source, struct str *file)
{
	*file = does(b->e, "dsl", "concern.received", STR(""),
		"{'danger-now':'no','source':'%s','happening':'Again.','harm':['neglect'],'harm-sign':'no','channel':'phone',"
		"'child-file':'%.*s'}", source, STR_ARG(child)).file;
}

/* What adds up is looked for on each file; what each concern asks is owed whichever file it lies on. */
static void a_manager_spreads_concerns_over_two_files_of_one_child(void **state)
{
	struct bad *b = *state;
	struct str second, third;
	struct casebook_answer other = does(b->e, MANAGER, "person.opened", STR(""), "{'birth-known':'no','names':['Mina']}");
	another_concern(b, other.file, "neighbour", &second);
	another_concern(b, other.file, "friend", &third);
	late_and_told(b, second, "T01", SCRUTINEER, 16);
	late_and_told(b, third, "T02", SCRUTINEER, 16);
}

static void a_manager_joins_her_with_another_girl(void **state)
{
	struct bad *b = *state;
	struct casebook_answer other = does(b->e, MANAGER, "person.opened", STR(""), "{'birth-known':'no','names':['Nina']}");
	struct casebook_answer answer = tries(b, MANAGER, "person.joined", b->child,
		"{'other':'%.*s','evidence':[%lld],'reasons':'One girl.'}", STR_ARG(other.file),
		(long long)b->ground->received);
	waits_for(b, &answer, "service-manager");
}

static void a_manager_has_a_fact_left_out(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = tries(b, "social-worker", "fact.left-out", b->child,
		"{'which':'ethnicity','asked-by':'" MANAGER "','reason':'instruction','words':'Leave it out.'}");
	is_done(b, &answer);
	found_by_night(b, b->child, SCRUTINEER);
}

static void a_manager_withdraws_the_signs_of_exploitation(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = tries(b, MANAGER, "exploitation.withdrawn", b->child,
		"{'of':%lld,'evidence':%lld,'reasons':'Presents.'}", (long long)b->ground->suspected,
		(long long)b->ground->suspected);
	refused_by(b, &answer, "G12");
}

static void a_manager_withdraws_them_after_the_child_was_seen(void **state)
{
	struct bad *b = *state;
	struct casebook_answer seen = does(b->e, "health-visitor", "child.seen", b->child,
		"{'contact':'seen-alone','alone':'yes','spoke':'yes'}");
	struct casebook_answer answer = tries(b, MANAGER, "exploitation.withdrawn", b->child,
		"{'of':%lld,'evidence':%lld,'reasons':'Presents.'}", (long long)b->ground->suspected, (long long)seen.index);
	waits_for(b, &answer, "exploitation-lead");
	(void)owed(b, b->child, "T30");
}

static void the_lead_decides_to_do_nothing_about_the_uncle(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = tries(b, "exploitation-lead", "disruption.decided", b->adult,
		"{'tools':['none'],'review':'%.*s','reasons':'Nothing.'}", STR_ARG(day_after(b, 20)));
	waits_for(b, &answer, "detective-inspector");
}

/* --- crime ------------------------------------------------------------------------------------ */

static void police_are_told(struct bad *b)
{
	does(b->e, "vol-worker", "offence.told-police", b->offence, "{'how':'phone','to':'police-contact','force':'own'}");
}

static void the_police_never_record_it(void **state)
{
	struct bad *b = *state;
	police_are_told(b);
	late_and_told(b, b->offence, "T39", "pcc", 16);
}

static void nobody_tells_the_police_of_it(void **state)
{
	struct bad *b = *state;
	late_and_told(b, b->offence, "T36", SCRUTINEER, 30);
}

static struct casebook_answer does_not_record(struct bad *b, const char *why, const char *more)
{
	return tries(b, "police-contact", "crime.not-recorded", b->offence,
	             "{'family':['exploit-pay'],'why':'%s','victim-told':'told','reference':'I 1',"
	             "'reasons':'No crime.'%s}", why, more);
}

static void an_officer_says_that_it_is_no_crime(void **state)
{
	struct bad *b = *state;
	police_are_told(b);
	struct casebook_answer answer = does_not_record(b, "not-a-crime", ",'section':'None.'");
	refused_by(b, &answer, "G8");
	refused_saying(b, &answer, "From 13 to 15 the law calls this an offence");
}

static void an_officer_says_that_another_force_has_it(void **state)
{
	struct bad *b = *state;
	police_are_told(b);
	struct casebook_answer answer = does_not_record(b, "other-force", "");
	not_taken(b, &answer, "accepted-by");
}

static void an_officer_says_that_she_took_it_back(void **state)
{
	struct bad *b = *state;
	police_are_told(b);
	struct casebook_answer back = does(b->e, "police-contact", "retraction.made", b->offence,
		"{'heard-by':'police-contact','present':['suspect-family'],'threat-sign':'yes','contact-with-suspect':'yes',"
		"'words':'It was not so.'}");
	struct casebook_answer answer = does_not_record(b, "facts-disprove", "");
	not_taken(b, &answer, "evidence");
	char more[64];
	(void)snprintf(more, sizeof more, ",'evidence':%lld", (long long)back.index);
	answer = does_not_record(b, "facts-disprove", more);
	if (answer.outcome == CASEBOOK_ADMITTED || answer.outcome == CASEBOOK_WAITING)
		fail_msg("a retraction was taken as evidence");
}

static struct casebook_answer records(struct bad *b, const char *age, const char *what)
{
	return tries(b, "police-contact", "crime.recorded", b->offence,
	             "{'offence-code':['%s'],'age-at-event':'%s','suspects':1,'flags':['none'],'facts-complete':['sex'],"
	             "'reference':'CR 1'}", what, age);
}

static void an_officer_records_a_lesser_offence(void **state)
{
	struct bad *b = *state;
	police_are_told(b);
	struct casebook_answer answer = records(b, "13-15", "threat");
	refused_saying(b, &answer, "Sexual exploitation of a child was disclosed");
}

static void an_officer_records_her_as_grown_up(void **state)
{
	struct bad *b = *state;
	police_are_told(b);
	struct casebook_answer answer = records(b, "18-or-older", "threat");
	refused_saying(b, &answer, "The child's file says that the child is under 16");
}

static void the_inspector_ends_the_offence(void **state)
{
	struct bad *b = *state;
	police_are_told(b);
	struct casebook_answer answer = tries(b, "detective-inspector", "offence.ended", b->offence,
		"{'how':'no-further-action','rests-on':%lld,'reasons':'Nothing.'}", (long long)b->ground->received);
	if (answer.outcome == CASEBOOK_ADMITTED || answer.outcome == CASEBOOK_WAITING)
		fail_msg("it was ended");
	assert_true(is_in(b, b->offence, "told"));
}

static int64_t checks(struct bad *b, const char *office, const char *shows)
{
	return does(b->e, office, "facts.checked", b->offence,
	            "{'what':['recording'],'shows':'%s','kept':'Exhibit 4.','found':'They were elsewhere.'}", shows).index;
}

static struct casebook_answer cancels(struct bad *b, const char *why, int64_t evidence)
{
	return tries(b, "police-officer", "crime.cancel-asked", b->offence,
	             "{'why':'%s','evidence':%lld,'mistake':'Typed twice.','victim-told':'told','reasons':'I doubt it.'}", why,
	             (long long)evidence);
}

static void an_officer_disproves_it_with_a_note(void **state)
{
	struct bad *b = *state;
	police_are_told(b);
	struct casebook_answer recorded = records(b, "13-15", "exploit-pay");
	is_done(b, &recorded);
	int64_t note = does(b->e, "police-officer", "note.made", b->offence, "{'text':'She took it back.'}").index;
	struct casebook_answer answer = cancels(b, "facts-disprove", note);
	not_taken(b, &answer, "evidence");
	answer = cancels(b, "error", note);
	not_taken(b, &answer, "evidence");
}

static void an_officer_checks_the_facts_for_himself(void **state)
{
	struct bad *b = *state;
	police_are_told(b);
	struct casebook_answer recorded = records(b, "13-15", "exploit-pay");
	is_done(b, &recorded);
	struct casebook_answer answer = cancels(b, "facts-disprove", checks(b, "police-officer", "disproves"));
	refused_by(b, &answer, "G8");
	refused_saying(b, &answer, "Whoever asks that it is no crime does not check the facts too");
	answer = cancels(b, "facts-disprove", checks(b, "detective-inspector", "bears-out"));
	refused_saying(b, &answer, "No check of the facts shows that it cannot have happened");
	answer = cancels(b, "error", checks(b, "detective-inspector", "disproves"));
	refused_saying(b, &answer, "No check of the facts shows the mistake");
}

static void an_officer_asks_to_cancel_what_was_recorded(void **state)
{
	struct bad *b = *state;
	police_are_told(b);
	struct casebook_answer recorded = records(b, "13-15", "exploit-pay");
	is_done(b, &recorded);
	int64_t checked = checks(b, "detective-inspector", "disproves");
	struct casebook_answer answer = cancels(b, "facts-disprove", checked);
	waits_for(b, &answer, "police-sergeant");
	struct casebook_answer yes = agrees(b, &england_holder(b->e, "police-sergeant")->actor, b->offence, answer.index);
	is_done(b, &yes);
	assert_true(is_owed_by(b, b->offence, "T40", "crime-registrar"));
	assert_true(is_in(b, b->offence, "recorded"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRIES(a_manager_restricts_it),
		TRIES(the_head_restricts_it_to_his_own_line),
		TRIES(the_head_restricts_it_and_the_scrutineer_is_owed_to),
		TRIES(the_head_restricts_it_for_a_year),
		TRIES(the_head_renews_it_a_third_time_unread),
		TRIES(the_director_restricts_the_warning_to_leaders),
		TRIES(a_manager_takes_the_link_to_the_child_away),
		TRIES(a_manager_says_that_the_uncle_was_never_named),
		TRIES(a_manager_parts_the_child_into_two),
		TRIES(a_manager_spreads_concerns_over_two_files_of_one_child),
		TRIES(a_manager_joins_her_with_another_girl),
		TRIES(a_manager_has_a_fact_left_out),
		TRIES(a_manager_withdraws_the_signs_of_exploitation),
		TRIES(a_manager_withdraws_them_after_the_child_was_seen),
		TRIES(the_lead_decides_to_do_nothing_about_the_uncle),
		TRIES(the_police_never_record_it),
		TRIES(nobody_tells_the_police_of_it),
		TRIES(an_officer_says_that_it_is_no_crime),
		TRIES(an_officer_says_that_another_force_has_it),
		TRIES(an_officer_says_that_she_took_it_back),
		TRIES(an_officer_records_a_lesser_offence),
		TRIES(an_officer_records_her_as_grown_up),
		TRIES(the_inspector_ends_the_offence),
		TRIES(an_officer_disproves_it_with_a_note),
		TRIES(an_officer_checks_the_facts_for_himself),
		TRIES(an_officer_asks_to_cancel_what_was_recorded),
	};
	return PROVE_TRIES(tests);
}
