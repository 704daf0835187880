/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Tries to meet a gate with too little: one person alone, old evidence for new
 * words, another child, oneself as the other area.
 * docs/threat-model.md has them in a table.
 */
#include "england/bad_actor.h"

#define DAY (24 * INSTANT_PER_HOUR)
#define ALL_TICKS "{'danger':'none-found','checked':['own-files','police','health','school']}"

/* A concern of somebody in the public, as every report comes in: whether there is a sign of harm is not known. */
static struct casebook_answer told(struct bad *b, const char *office, const char *sign, const char *extra)
{
	return does(b->e, office, "concern.received", STR(""),
	            "{'danger-now':'no','source':'neighbour','happening':'She is hurt.','harm':['sexual'],"
	            "'harm-sign':'%s','channel':'phone'%s}", sign, extra);
}

static struct casebook_answer quiet(struct bad *b, const char *extra)
{
	return does(b->e, "dsl", "concern.received", STR(""),
	            "{'danger-now':'no','source':'school','happening':'Noise.','harm':['neglect'],'harm-sign':'no',"
	            "'channel':'phone'%s}", extra);
}

static struct casebook_answer decides(struct bad *b, const char *office, const struct casebook_answer *told_of,
                                      const char *decision, const char *reason)
{
	char text[128] = "";
	if (*reason)
		(void)snprintf(text, sizeof text, ",'reason-none':'%s'", reason);
	return tries(b, office, "concern.decided", told_of->file,
	             "{'decision':'%s','threshold':'2026','evidence':[%lld],'reasons':'Nothing in it.'%s}", decision,
	             (long long)told_of->index, text);
}

/* --- one person ------------------------------------------------------------------------------- */

static void a_screener_lets_a_report_go_alone(void **state)
{
	struct bad *b = *state;
	struct casebook_answer c = told(b, "screener", "unknown", "");
	does(b->e, "screener", "concern.looked", c.file, ALL_TICKS);
	struct casebook_answer answer = decides(b, "screener", &c, "none", "information-only");
	refused_by(b, &answer, "G1h");
	refused_saying(b, &answer, "Whoever looked does not decide alone");
}

static void a_screener_judges_that_there_is_no_sign_of_harm(void **state)
{
	struct bad *b = *state;
	struct casebook_answer c = told(b, "dsl", "unknown", "");
	does(b->e, "edt", "concern.looked", c.file,
	     "{'danger':'none-found','harm-sign':'no','checked':['own-files','police','health','school']}");
	struct casebook_answer answer = decides(b, "screener", &c, "none", "information-only");
	waits_for(b, &answer, MANAGER);
}

/* What was judged before the newest words came is no judgement of them. */
static void a_screener_judged_it_before_the_worst_was_told(void **state)
{
	struct bad *b = *state;
	struct casebook_answer c = told(b, "dsl", "unknown", "");
	does(b->e, "edt", "concern.looked", c.file, "{'danger':'none-found','harm-sign':'no','checked':['own-files']}");
	does(b->e, "dsl", "concern.added", c.file, "{'source':'school','words':'He rapes her.'}");
	does(b->e, "edt", "concern.looked", c.file, ALL_TICKS);
	struct casebook_answer answer = decides(b, "screener", &c, "none", "information-only");
	refused_by(b, &answer, "G1h");
}

static void a_screener_closes_what_he_decided(void **state)
{
	struct bad *b = *state;
	struct casebook_answer c = quiet(b, "");
	does(b->e, "edt", "concern.looked", c.file, ALL_TICKS);
	does(b->e, "screener", "concern.acknowledged", c.file, "{'to':'not-reachable','how':'none'}");
	struct casebook_answer decided = decides(b, "screener", &c, "advice", "");
	is_done(b, &decided);
	does(b->e, "screener", "concern.told", c.file, "{'to':'not-reachable','how':'none'}");
	struct casebook_answer answer = tries(b, "screener", "concern.closed", c.file, "{'closing':'done','decision':%lld}",
	                                      (long long)decided.index);
	refused_saying(b, &answer, "Whoever decided does not close it too");
}

static void a_manager_says_that_another_area_has_it(void **state)
{
	struct bad *b = *state;
	struct casebook_answer c = quiet(b, "");
	does(b->e, "screener", "concern.looked", c.file, ALL_TICKS);
	struct casebook_answer answer = decides(b, MANAGER, &c, "none", "outside-area-passed");
	refused_saying(b, &answer, "No other area has accepted it");
}

static void advice_for_the_third_time_is_nothing_more(void **state)
{
	struct bad *b = *state;
	char extra[128];
	struct str child = does(b->e, "dsl", "person.opened", STR(""), "{'birth-known':'no','names':['Ada']}").file;
	(void)snprintf(extra, sizeof extra, ",'child-file':'%.*s'", STR_ARG(child));
	for (int i = 0; i < 2; i++) {
		struct casebook_answer c = quiet(b, extra);
		struct casebook_answer decided = decides(b, "screener", &c, "advice", "");
		is_done(b, &decided);
	}
	struct casebook_answer third = quiet(b, extra);
	found_by_night(b, child, "service-manager");
	struct casebook_answer answer = decides(b, "screener", &third, "advice", "");
	refused_saying(b, &answer, "Twice before nothing more was done about this child, and by you");
	answer = decides(b, MANAGER, &third, "advice", "");
	waits_for(b, &answer, "service-manager");
}

/* --- the other area --------------------------------------------------------------------------- */

static void a_manager_asks_himself_to_take_it_over(void **state)
{
	static const char *const TO[] = { MANAGER, "screener", "vol-worker" };
	struct bad *b = *state;
	for (size_t i = 0; i < COUNT_OF(TO); i++) {
		struct casebook_answer answer = tries(b, MANAGER, "transfer.sent", b->concern,
			"{'to':'%s','area':'england','reason':'moved','summary':'She moved.'}", TO[i]);
		refused_saying(b, &answer, "That office is of this area");
	}
}

static void the_police_pass_an_offence_to_themselves(void **state)
{
	struct bad *b = *state;
	does(b->e, "vol-worker", "offence.told-police", b->offence, "{'how':'phone','to':'police-contact','force':'own'}");
	struct casebook_duty record = owed(b, b->offence, "T39");
	does(b->e, "police-contact", "duty.taken", b->offence, "{'duty':'%.*s','to':'police-sergeant'}", STR_ARG(record.name));
	struct casebook_answer answer = tries(b, "police-sergeant", "transfer.sent", b->offence,
		"{'to':'police-contact','area':'england','reason':'wrong-area','summary':'Theirs.'}");
	refused_saying(b, &answer, "That office is of this area");
}

static void goes_to_another_area(struct bad *b, struct str file, int64_t told_of)
{
	does(b->e, MANAGER, "transfer.sent", file,
	     "{'to':'other-area','area':'england','reason':'moved','summary':'She moved.'}");
	does(b->e, MANAGER, "concern.decided", file,
	     "{'decision':'transfer','threshold':'2026','evidence':[%lld],'reasons':'Theirs.'}", (long long)told_of);
}

static void a_manager_passes_it_with_the_child_not_seen(void **state)
{
	struct bad *b = *state;
	goes_to_another_area(b, b->concern, b->ground->received);
	struct casebook_answer accepted = does(b->e, "other-area", "transfer.accepted", b->concern, "{'from':'" MANAGER "'}");
	struct casebook_answer answer = tries(b, MANAGER, "concern.passed", b->concern, "{'accepted':%lld}",
	                                      (long long)accepted.index);
	refused_by(b, &answer, "G1h");
}

static void what_is_told_while_it_is_passed_goes_with_it(void **state)
{
	struct bad *b = *state;
	goes_to_another_area(b, b->concern, b->ground->received);
	does(b->e, "dsl", "concern.added", b->concern, "{'source':'school','words':'She is back.'}");
	assert_true(is_in(b, b->concern, "received"));
	(void)owed(b, b->concern, "T01");
}

/* --- evidence --------------------------------------------------------------------------------- */

static void a_visit_of_ten_years_ago_is_no_visit_since(void **state)
{
	struct bad *b = *state;
	struct casebook_answer c = told(b, "dsl", "yes", "");
	does(b->e, "screener", "concern.looked", c.file, ALL_TICKS);
	struct casebook_answer seen = at_another_time(b, "dsl", "child.seen", c.file,
		"{'contact':'seen-alone','alone':'yes','spoke':'yes'}", casebook_now(b->e->f.book) - 3650 * DAY, 0);
	is_done(b, &seen);
	struct casebook_answer answer = decides(b, MANAGER, &c, "none", "information-only");
	refused_saying(b, &answer, "A sign of harm was recorded, or nobody has judged");
}

static void a_call_by_video_is_no_sight_of_the_child(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = tries(b, "dsl", "child.seen", b->concern,
		"{'contact':'video','alone':'no','why-not-alone':'carer-refused','spoke':'no'}");
	refused_saying(b, &answer, "If the child was not seen, record the attempt");
}

static void old_evidence_does_not_answer_new_words(void **state)
{
	struct bad *b = *state;
	struct casebook_answer c = told(b, "dsl", "yes", "");
	does(b->e, "screener", "concern.looked", c.file, ALL_TICKS);
	does(b->e, "dsl", "child.seen", c.file, "{'contact':'seen-alone','alone':'yes','spoke':'yes'}");
	does(b->e, "dsl", "concern.added", c.file, "{'source':'school','words':'He rapes her every night.'}");
	struct casebook_answer answer = decides(b, MANAGER, &c, "none", "information-only");
	refused_saying(b, &answer, "Nobody has looked in our own files");
	refused_saying(b, &answer, "Nobody has asked the police");
	refused_by(b, &answer, "G1h");
}

static void another_child_is_seen_in_her_place(void **state)
{
	struct bad *b = *state;
	struct casebook_answer other = does(b->e, MANAGER, "person.opened", STR(""),
		"{'birth-known':'no','names':['Nobody'],'concern':'%.*s'}", STR_ARG(b->concern));
	does(b->e, "screener", "concern.looked", b->concern, ALL_TICKS);
	does(b->e, MANAGER, "child.seen", other.file, "{'contact':'seen-alone','alone':'yes','spoke':'yes'}");
	struct casebook_answer answer = tries(b, MANAGER, "concern.decided", b->concern,
		"{'decision':'none','threshold':'2026','evidence':[%lld],'reason-none':'information-only','reasons':'No.'}",
		(long long)b->ground->received);
	refused_saying(b, &answer, "A sign of harm was recorded, or nobody has judged");
}

static void another_child_is_named_for_her(void **state)
{
	struct bad *b = *state;
	struct str other = does(b->e, MANAGER, "person.opened", STR(""), "{'birth-known':'no','names':['Nobody']}").file;
	struct casebook_answer answer = tries(b, MANAGER, "link.made", b->concern, "{'about':'%.*s'}", STR_ARG(other));
	waits_for(b, &answer, "service-manager");
	answer = tries(b, MANAGER, "link.made", other, "{'about':'%.*s'}", STR_ARG(b->concern));
	waits_for(b, &answer, "service-manager");
}

static void a_child_is_made_up_for_the_concern(void **state)
{
	struct bad *b = *state;
	does(b->e, "screener", "concern.looked", b->concern, "{'danger':'now','checked':['own-files']}");
	struct str made_up = does(b->e, MANAGER, "person.opened", STR(""),
		"{'birth-known':'no','names':['Nobody'],'concern':'%.*s'}", STR_ARG(b->concern)).file;
	does(b->e, MANAGER, "strategy.held", made_up,
	     "{'concern':'%.*s','present':['team-manager','police-officer','named-nurse'],'decision':'no-enquiry',"
	     "'decisions':[{'office':'team-manager','decision':'no-enquiry'},{'office':'police-officer','decision':"
	     "'no-enquiry'},{'office':'named-nurse','decision':'no-enquiry'}],"
	     "'medical':'no','offence-considered':'none-seen','siblings-considered':'yes','discussion':'A.','plan':'B.'}",
	     STR_ARG(b->concern));
	struct casebook_answer answer = tries(b, MANAGER, "child.agreed", made_up, "{'answer':'yes','reasons':'It is.'}");
	refused(b, &answer);
	assert_true(is_owed_by(b, made_up, "T100", "service-manager"));
	late_and_told(b, b->concern, "T12", SCRUTINEER, 10);
}

static void another_child_is_discussed_for_her(void **state)
{
	struct bad *b = *state;
	struct str other = does(b->e, MANAGER, "person.opened", STR(""), "{'birth-known':'no','names':['Nobody']}").file;
	does(b->e, "screener", "concern.looked", b->concern, "{'danger':'now','checked':['own-files']}");
	struct casebook_answer answer = tries(b, MANAGER, "strategy.held", other,
		"{'concern':'%.*s','present':['team-manager','police-officer','named-nurse'],'decision':'no-enquiry',"
		"'decisions':[{'office':'team-manager','decision':'no-enquiry'},{'office':'police-officer','decision':"
		"'no-enquiry'},{'office':'named-nurse','decision':'no-enquiry'}],"
		"'medical':'no','offence-considered':'none-seen','siblings-considered':'yes','discussion':'A.','plan':'B.'}",
		STR_ARG(b->concern));
	refused_saying(b, &answer, "That concern is not linked to this child");
	(void)owed(b, b->concern, "T12");
}

/* The correction itself needs the scrutineer's yes; with it, it stands beside what was written. */
static void corrects(struct bad *b, const char *office, struct str file, int64_t of, const char *field, const char *value)
{
	struct casebook_answer answer = tries(b, office, "entry.corrected", file,
		"{'of':%lld,'field':'%s','value':'%s','why':'mistyped'}", (long long)of, field, value);
	waits_for(b, &answer, SCRUTINEER);
	answer = agrees(b, &england_holder(b->e, SCRUTINEER)->actor, file, answer.index);
	is_done(b, &answer);
}

static void what_was_told_is_corrected_away(void **state)
{
	struct bad *b = *state;
	struct casebook_answer c = told(b, "screener", "yes", ",'sexual-activity':'yes'");
	struct casebook_answer look = does(b->e, "screener", "concern.looked", c.file,
		"{'danger':'possible','checked':['own-files','police','health','school']}");
	corrects(b, "screener", c.file, c.index, "harm-sign", "no");
	corrects(b, "screener", c.file, c.index, "sexual-activity", "no");
	corrects(b, "screener", c.file, look.index, "danger", "none-found");
	struct casebook_answer answer = decides(b, MANAGER, &c, "none", "information-only");
	refused_by(b, &answer, "G1h");
}

/* Who said it, what was looked at, when the child was born: gates and duties read them. */
static void an_answer_is_corrected_by_one_alone(void **state)
{
	static const char *const FIELDS[][2] = { { "source", "police" }, { "harm", "neglect" }, { "channel", "letter" } };
	struct bad *b = *state;
	struct casebook_answer c = told(b, "screener", "yes", "");
	for (size_t i = 0; i < COUNT_OF(FIELDS); i++) {
		struct casebook_answer answer = tries(b, "screener", "entry.corrected", c.file,
			"{'of':%lld,'field':'%s','value':'%s','why':'mistyped'}", (long long)c.index, FIELDS[i][0],
			FIELDS[i][1]);
		waits_for(b, &answer, SCRUTINEER);
		answer = agrees(b, &england_holder(b->e, "screener")->actor, c.file, answer.index);
		refused(b, &answer);
	}
	struct casebook_answer look = does(b->e, "screener", "concern.looked", c.file,
		"{'danger':'possible','checked':['own-files']}");
	struct casebook_answer answer = tries(b, "screener", "entry.corrected", c.file,
		"{'of':%lld,'field':'checked','value':'police','why':'mistyped'}", (long long)look.index);
	waits_for(b, &answer, SCRUTINEER);
}

/* --- one alone --------------------------------------------------------------------------------- */

static void a_manager_closes_the_file_of_a_child_who_spoke(void **state)
{
	struct bad *b = *state;
	struct str child = does(b->e, MANAGER, "person.opened", STR(""), "{'birth-known':'no','names':['Ada']}").file;
	does(b->e, MANAGER, "child.said", child, "{'own-words':'yes','words':'He rapes me.'}");
	struct casebook_answer answer = tries(b, MANAGER, "child.closed", child,
	                                      "{'closing':'done','told':'not-safe','reasons':'Nothing.'}");
	waits_for(b, &answer, "service-manager");
}

static void a_challenge_is_put_off_by_notes(void **state)
{
	struct bad *b = *state;
	struct casebook_answer raised = does(b->e, "dsl", "challenge.raised", STR(""),
		"{'about':'%.*s','to':'" MANAGER "','urgent':'yes','wants':'act','words':'Nobody acts.'}", STR_ARG(b->concern));
	does(b->e, MANAGER, "challenge.answered", raised.file,
	     "{'answer':'will-by-date','by-date':'2099-01-01','reasons':'Later.'}");
	for (int i = 0; i < 3; i++) {
		england_until(b->e, casebook_now(b->e->f.book) + 5 * DAY);
		does(b->e, MANAGER, "note.made", raised.file, "{'next':'wait','text':'Later.'}");
	}
	found_by_night(b, raised.file, SCRUTINEER);
}

static void a_challenge_is_answered_with_later_and_later(void **state)
{
	struct bad *b = *state;
	struct casebook_answer raised = does(b->e, "dsl", "challenge.raised", STR(""),
		"{'about':'%.*s','to':'" MANAGER "','urgent':'yes','wants':'act','words':'Nobody acts.'}", STR_ARG(b->concern));
	does(b->e, MANAGER, "challenge.answered", raised.file,
	     "{'answer':'will-by-date','by-date':'2099-01-01','reasons':'Later.'}");
	does(b->e, "dsl", "challenge.raised-up", raised.file, "{'to':'" MANAGER "'}");
	does(b->e, "service-manager", "challenge.answered", raised.file,
	     "{'answer':'will-by-date','by-date':'2099-01-01','reasons':'Later.'}");
	found_by_night(b, raised.file, SCRUTINEER);
}

/* Whoever spoke agrees, writes the contact, and nobody else asks. */
static void a_contact_closes_what_she_was_told_alone(void **state)
{
	static const char WHAT[] = "{'done':['records-read'],'agrees':'agrees','words':'Nothing in it.'}";
	struct bad *b = *state;
	struct casebook_answer spoke = does(b->e, "social-worker", "disclosure.made", STR(""),
		"{'about':['concealment'],'line':['" MANAGER "'],'words':'He told me to write nothing.'}");
	does(b->e, "prescribed-contact", "disclosure.acknowledged", spoke.file, "{'how':'phone','words':'It is read.'}");
	does(b->e, "prescribed-contact", "disclosure.reported", spoke.file, "{'done':['records-read'],'words':'Read.'}");
	struct casebook_answer answer = tries(b, "prescribed-contact", "disclosure.closed", spoke.file, "%s", WHAT);
	waits_for(b, &answer, SCRUTINEER);
}

/* The contact is named in it herself: another owes it, and what she writes settles nothing. */
static void a_contact_answers_for_herself(void **state)
{
	struct bad *b = *state;
	struct casebook_answer spoke = does(b->e, "social-worker", "disclosure.made", STR(""),
		"{'about':['concealment'],'line':['prescribed-contact'],'words':'She told them who I am.'}");
	struct casebook_duty before = owed(b, spoke.file, "T64");
	assert_true(str_eq(before.office, STR(SCRUTINEER)));
	struct casebook_answer answer = tries(b, "prescribed-contact", "disclosure.acknowledged", spoke.file,
		"{'how':'phone','words':'It is read.'}");
	refused_by(b, &answer, "G15a");
	struct casebook_duty after = owed(b, spoke.file, "T64");
	assert_true(str_eq(before.name, after.name));
	does(b->e, SCRUTINEER, "disclosure.acknowledged", spoke.file, "{'how':'phone','words':'It is read.'}");
	answer = tries(b, "prescribed-contact", "disclosure.reported", spoke.file, "{'done':['records-read'],'words':'Read.'}");
	refused_by(b, &answer, "G15a");
	answer = tries(b, "prescribed-contact", "disclosure.closed", spoke.file,
		"{'done':['records-read'],'agrees':'agrees','words':'Nothing in it.'}");
	refused_by(b, &answer, "G15a");
}

/* He never held the office, and stood in for it last month. */
static void a_deputy_answers_what_he_stood_in_for(void **state)
{
	struct bad *b = *state;
	struct fixture *f = &b->e->f;
	struct casebook_actor manager = england_holder(b->e, "complaints-manager")->actor;
	instant now = casebook_now(f->book);
	does(b->e, MANAGER, "office.deputised", file_of_office(f, "social-worker"),
	     "{'office':'social-worker','deputy':'complaints-manager','from':'%.*s','until':'%.*s'}",
	     STR_ARG(instant_write(f->arena, now)), STR_ARG(instant_write(f->arena, now + DAY)));
	england_until(b->e, now + 30 * DAY);
	struct casebook_answer made = does(b->e, "dsl", "complaint.made", STR(""),
		"{'by':'parent','advocate-offered':'no','words':'She was not believed.'}");
	struct casebook_answer answer = bad_act(b->e, &manager, "complaint.answered", made.file,
		"{'about-office':'social-worker','upheld':'no','words':'All was right.'}");
	refused_by(b, &answer, "G15");
}

static struct str alleged(struct bad *b)
{
	static const char WHAT[] = "{'threshold':'met','safety':'suspended','police':'no','words':'What was agreed.'}";
	struct casebook_answer told_of = does(b->e, "dsl", "allegation.received", STR(""),
		"{'setting':'school','criterion':['harmed'],'still-at-work':'yes','employer':'headteacher','words':'He hurts them.'}");
	does(b->e, "headteacher", "allegation.referred", told_of.file, "{'safety':'suspended','police':'no'}");
	does(b->e, "lado", "allegation.discussed", told_of.file, "%s", WHAT);
	return told_of.file;
}

static void an_allegation_is_closed_by_one_alone(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = tries(b, "lado", "allegation.closed", alleged(b),
		"{'finding':'unfounded','barring':'not-asked','reasons':'Why.'}");
	assert_int_equal(answer.outcome, CASEBOOK_WAITING);
}

static void an_allegation_is_reviewed_for_ever(void **state)
{
	struct bad *b = *state;
	struct str file = alleged(b);
	for (int i = 0; i < 6; i++) {
		england_until(b->e, casebook_now(b->e->f.book) + 28 * DAY);
		does(b->e, "lado", "allegation.reviewed", file,
		     "{'threshold':'met','safety':'suspended','police':'no','words':'What was agreed.'}");
	}
	found_by_night(b, file, SCRUTINEER);
}

static void asks_for_more(struct bad *b, const char *office, struct str file, int64_t waits)
{
	for (int i = 0; i < 3; i++) {
		does(b->e, office, "second.given", file, "{'of':%" PRId64 ",'answer':'more','reasons':'I must know more.'}",
		     waits);
		england_until(b->e, casebook_now(b->e->f.book) + DAY);
	}
}

static void a_second_reader_asks_about_an_allegation_again_and_again(void **state)
{
	struct bad *b = *state;
	struct str file = alleged(b);
	struct casebook_answer answer = tries(b, "lado", "allegation.closed", file,
		"{'finding':'unfounded','barring':'not-asked','reasons':'Why.'}");
	waits_for(b, &answer, "head-of-service");
	asks_for_more(b, "head-of-service", file, answer.index);
	assert_true(is_owed_by(b, file, "T90", SCRUTINEER));
	assert_true(is_in(b, file, "discussed"));
}

static void the_scrutineer_asks_about_a_disclosure_again_and_again(void **state)
{
	struct bad *b = *state;
	struct casebook_answer spoke = does(b->e, "social-worker", "disclosure.made", STR(""),
		"{'about':['concealment'],'line':['" MANAGER "'],'words':'He told me to write nothing.'}");
	does(b->e, "prescribed-contact", "disclosure.acknowledged", spoke.file, "{'how':'phone','words':'It is read.'}");
	does(b->e, "prescribed-contact", "disclosure.reported", spoke.file, "{'done':['records-read'],'words':'Read.'}");
	struct casebook_answer answer = tries(b, "prescribed-contact", "disclosure.closed", spoke.file,
		"{'done':['records-read'],'agrees':'agrees','words':'Nothing in it.'}");
	waits_for(b, &answer, SCRUTINEER);
	asks_for_more(b, SCRUTINEER, spoke.file, answer.index);
	assert_true(is_owed_by(b, spoke.file, "T90", "monitoring-officer"));
}

/* --- rest ------------------------------------------------------------------------------------- */

static void early_help_for_what_nobody_looked_at(void **state)
{
	struct bad *b = *state;
	struct casebook_answer c = told(b, "dsl", "unknown", "");
	struct casebook_answer answer = decides(b, MANAGER, &c, "early-help", "");
	refused_by(b, &answer, "G1h");
}

static void early_help_is_offered_for_ever(void **state)
{
	struct bad *b = *state;
	struct casebook_answer c = quiet(b, "");
	does(b->e, "screener", "concern.looked", c.file, ALL_TICKS);
	does(b->e, "screener", "concern.acknowledged", c.file, "{'to':'referrer','how':'phone'}");
	struct casebook_answer decided = decides(b, MANAGER, &c, "early-help", "");
	is_done(b, &decided);
	does(b->e, "screener", "concern.told", c.file, "{'to':'referrer','how':'phone'}");
	struct casebook_duty last = owed(b, c.file, "T00");
	for (int i = 0; i < 3; i++) {
		england_until(b->e, casebook_now(b->e->f.book) + 4 * DAY);
		does(b->e, "screener", "early-help.offered", c.file, "{'lead':'dsl','accepted':'yes','agreed-to-share':'yes'}");
		struct casebook_duty now = owed(b, c.file, "T00");
		assert_true((now.id == last.id) == (i > 0));
		last = now;
	}
	found_by_night(b, c.file, SCRUTINEER);
}

static int open_of(struct bad *b, struct str file, const char *rule)
{
	struct fixture *f = &b->e->f;
	struct casebook_duty_list list;
	int open = 0;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_duties_of_file(reader, f->arena, file_named(f, file).n, 400, &list, &f->err));
	for (size_t i = 0; i < list.count; i++)
		open += list.at[i].is_open && str_eq(list.at[i].rule, str_from_c(rule));
	return open;
}

static void an_attempt_that_fails_again_and_again_asks_once(void **state)
{
	struct bad *b = *state;
	struct str child = does(b->e, "dsl", "person.opened", STR(""), "{'birth-known':'no','names':['Ada']}").file;
	int open = 0;
	for (int i = 0; i < 9; i++) {
		does(b->e, "dsl", "child.not-seen", child, "{'reason':'not-in','tried':'The door.'}");
		if (i == 2) /* one of these, and one of the pattern (K16) */
			open = open_of(b, child, "T12");
	}
	assert_in_range(open, 1, 2);
	assert_int_equal(open_of(b, child, "T12"), open);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRIES(a_screener_lets_a_report_go_alone),
		TRIES(a_screener_judges_that_there_is_no_sign_of_harm),
		TRIES(a_screener_judged_it_before_the_worst_was_told),
		TRIES(a_screener_closes_what_he_decided),
		TRIES(a_manager_says_that_another_area_has_it),
		TRIES(advice_for_the_third_time_is_nothing_more),
		TRIES(a_manager_asks_himself_to_take_it_over),
		TRIES(the_police_pass_an_offence_to_themselves),
		TRIES(a_manager_passes_it_with_the_child_not_seen),
		TRIES(what_is_told_while_it_is_passed_goes_with_it),
		TRIES(a_visit_of_ten_years_ago_is_no_visit_since),
		TRIES(a_call_by_video_is_no_sight_of_the_child),
		TRIES(old_evidence_does_not_answer_new_words),
		TRIES(another_child_is_seen_in_her_place),
		TRIES(another_child_is_named_for_her),
		TRIES(a_child_is_made_up_for_the_concern),
		TRIES(another_child_is_discussed_for_her),
		TRIES(what_was_told_is_corrected_away),
		TRIES(an_answer_is_corrected_by_one_alone),
		TRIES(a_manager_closes_the_file_of_a_child_who_spoke),
		TRIES(a_challenge_is_put_off_by_notes),
		TRIES(a_challenge_is_answered_with_later_and_later),
		TRIES(a_contact_closes_what_she_was_told_alone),
		TRIES(a_contact_answers_for_herself),
		TRIES(a_deputy_answers_what_he_stood_in_for),
		TRIES(an_allegation_is_closed_by_one_alone),
		TRIES(an_allegation_is_reviewed_for_ever),
		TRIES(a_second_reader_asks_about_an_allegation_again_and_again),
		TRIES(the_scrutineer_asks_about_a_disclosure_again_and_again),
		TRIES(early_help_for_what_nobody_looked_at),
		TRIES(early_help_is_offered_for_ever),
		TRIES(an_attempt_that_fails_again_and_again_asks_once),
	};
	return PROVE_TRIES(tests);
}
