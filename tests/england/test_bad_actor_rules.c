/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Tries to go round the rules, the people and the clock: another pack, another
 * seat, a flood, an area that never answers, a machine whose time is set.
 * docs/threat-model.md has them in a table.
 */
#include "england/bad_actor.h"

#include "casebook/live.h"

/* --- the rules -------------------------------------------------------------------------------- */

/* The pack in the folder of packs with one text replaced, under a higher number. */
static const struct pack_bytes *rules_with(struct fixture *f, const char *path, const char *from, const char *to)
{
	const char *folders[] = { england_packs() };
	const struct pack_bytes *old = NULL, *next = NULL;
	char folder[] = "/tmp/candour-rules-XXXXXX";
	MUST(f, pack_find(f->arena, folders, 1, STR("england"), &old, &f->err));
	assert_non_null(mkdtemp(folder));
	const char *pack = file_join(f->arena, folder, "england");
	MUST(f, file_make_folder(pack, 0700, &f->err));
	MUST(f, file_make_folder(file_join(f->arena, pack, "kinds"), 0700, &f->err));
	MUST(f, file_make_folder(file_join(f->arena, pack, "texts"), 0700, &f->err));
	for (size_t i = 0; i < old->count; i++) {
		struct str bytes = old->files[i].bytes, name = old->files[i].path;
		bool is_head = str_eq(name, STR("pack.yaml"));
		if (is_head || str_eq(name, str_from_c(path))) {
			struct str wanted = is_head ? STR("\nversion: ") : str_from_c(from);
			size_t at = str_find_str(bytes, wanted);
			assert_true(at < bytes.n);
			struct str pieces[3] = { str_sub(bytes, 0, at), is_head ? STR("\nversion: 9") : str_from_c(to),
				                 str_sub(bytes, at + wanted.n, bytes.n) };
			bytes = arena_join(f->arena, pieces, 3);
		}
		MUST(f, file_write(file_join(f->arena, pack, str_to_c(f->arena, name)), 0600, bytes, &f->err));
	}
	MUST(f, pack_find(f->arena, folders, 1, str_from_c(pack), &next, &f->err));
	fixture_remove_folder(f->arena, folder);
	return next;
}

static struct casebook_adoption adopts(struct bad *b, const char *one, const char *two, const struct pack_bytes *pack)
{
	struct casebook_adoption out;
	MUST(&b->e->f, casebook_adopt(b->e->f.book, &england_holder(b->e, one)->actor, &england_holder(b->e, two)->actor,
	                              CASEBOOK_CLI, STR_NONE, pack, b->e->f.arena, &out, &b->e->f.err));
	return out;
}

/* Two agencies agree to it: it waits for the scrutineer, and the rules are those of before. */
static void waits_with_the_scrutineer(struct bad *b, const char *path, const char *from, const char *to)
{
	struct str version = casebook_pack(b->e->f.book)->version;
	struct casebook_adoption out =
		adopts(b, "register-administrator", "named-nurse", rules_with(&b->e->f, path, from, to));
	waits_for(b, &out.answer, SCRUTINEER);
	assert_true(out.change_count > 0);
	assert_true(str_eq(casebook_pack(b->e->f.book)->version, version));
}

static void the_council_adopts_looser_rules_alone(void **state)
{
	struct bad *b = *state;
	struct casebook_adoption out = adopts(b, "head-of-service", "dcs",
		rules_with(&b->e->f, "duties.yaml", "renewals: 3", "renewals: 9"));
	assert_int_equal(out.answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(out.answer.err.code, ERR_REFUSED);
}

/* Another agency agrees by whoever leads it, and nobody above or below the first one does. */
static void the_administrator_adopts_rules_with_whoever_is_at_hand(void **state)
{
	static const char *const AT_HAND[] = { "partnership-manager", "vol-worker", "ofsted-contact", "police-officer" };
	struct bad *b = *state;
	const struct pack_bytes *tighter = rules_with(&b->e->f, "duties.yaml", "renewals: 3", "renewals: 2");
	for (size_t i = 0; i < COUNT_OF(AT_HAND); i++) {
		struct casebook_adoption out = adopts(b, "register-administrator", AT_HAND[i], tighter);
		if (out.answer.outcome != CASEBOOK_FAILED || out.answer.err.code != ERR_REFUSED)
			fail_msg("%s agrees", AT_HAND[i]);
	}
	struct casebook_adoption out = adopts(b, "register-administrator", "named-nurse", tighter);
	is_done(b, &out.answer);
}

static void two_agencies_let_it_rest_three_times_longer(void **state)
{
	waits_with_the_scrutineer(*state, "duties.yaml", "renewals: 3", "renewals: 9");
}

/* On the register's own file too: that the scrutineer said nothing is read by another. */
static void two_agencies_wait_until_the_scrutineer_has_said_nothing(void **state)
{
	struct bad *b = *state;
	waits_with_the_scrutineer(b, "duties.yaml", "renewals: 3", "renewals: 9");
	england_until(b->e, casebook_now(b->e->f.book) + 15 * INSTANT_PER_DAY);
	assert_true(is_owed_by(b, STR("R-1"), "T102a", "monitoring-officer"));
	does(b->e, "monitoring-officer", "silence.read", STR("R-1"),
	     "{'fell':'%.*s','follows':'looked-into','reasons':'The scrutineer is ill, and nobody stands in.'}",
	     STR_ARG(owed(b, STR("R-1"), "T102a").name));
	assert_false(is_owed_by(b, STR("R-1"), "T102a", "monitoring-officer"));
}

static void two_agencies_tell_the_director_later(void **state)
{
	waits_with_the_scrutineer(*state, "ladders.yaml", "    - { after: { working-days: 5 }, tell: [dcs] }\n",
	                          "    - { after: { working-days: 9 }, tell: [dcs] }\n");
}

static void two_agencies_take_a_rung_away(void **state)
{
	waits_with_the_scrutineer(*state, "ladders.yaml", "    - { after: { working-days: 5 }, tell: [dcs] }\n", "");
}

static void two_agencies_close_without_the_child_seen(void **state)
{
	waits_with_the_scrutineer(*state, "gates.yaml",
	                          "contact: [seen-alone, seen-with-other, unborn] }, after: [concern.received",
	                          "contact: [seen-alone, seen-with-other, unborn, phone] },"
	                          " after: [concern.received");
}

static void two_agencies_look_for_a_pattern_at_nine_not_three(void **state)
{
	waits_with_the_scrutineer(*state, "patterns.yaml", "within: { months: 12 }, at-least: 3",
	                          "within: { months: 12 }, at-least: 9");
}

/* The ladder would not end past somebody independent: it is no pack at all. */
static void two_agencies_leave_the_scrutineer_out(void **state)
{
	struct bad *b = *state;
	struct casebook_adoption out = adopts(b, "register-administrator", "named-nurse",
		rules_with(&b->e->f, "ladders.yaml", "    - { after: { hours: 48 }, tell: [" SCRUTINEER "], place: independent }\n",
	                   ""));
	assert_int_equal(out.answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(out.answer.err.code, ERR_INPUT);
}

static void a_local_layer_lengthens_a_limit(void **state)
{
	struct bad *b = *state;
	struct fixture *f = &b->e->f;
	const char *folders[] = { england_packs() };
	const struct pack_bytes *layer = NULL;
	char folder[] = "/tmp/candour-layer-XXXXXX";
	assert_non_null(mkdtemp(folder));
	const char *pack = file_join(f->arena, folder, "northmere");
	MUST(f, file_make_folder(pack, 0700, &f->err));
	struct str head = arena_format(f->arena, "name: northmere\nversion: 0.1.0\ntitle: Ours\nextends: england %.*s\n",
	                               STR_ARG(b->e->pack->version));
	MUST(f, file_write(file_join(f->arena, pack, "pack.yaml"), 0600, head, &f->err));
	MUST(f, file_write(file_join(f->arena, pack, "duties.yaml"), 0600, STR("T01: { within: { working-days: 9 } }\n"),
	                   &f->err));
	MUST(f, pack_find(f->arena, folders, 1, str_from_c(pack), &layer, &f->err));
	fixture_remove_folder(f->arena, folder);
	struct casebook_adoption out;
	if (!casebook_adopt(f->book, &england_holder(b->e, "register-administrator")->actor,
	                    &england_holder(b->e, "named-nurse")->actor, CASEBOOK_CLI, STR_NONE, layer, f->arena, &out,
	                    &f->err))
		out.answer = (struct casebook_answer){ .outcome = CASEBOOK_FAILED, .err = f->err };
	assert_int_equal(out.answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(out.answer.err.code, ERR_INPUT);
}

static void a_manager_agrees_to_the_rules_in_the_scrutineers_place(void **state)
{
	struct bad *b = *state;
	struct casebook_adoption out = adopts(b, "register-administrator", "named-nurse",
		rules_with(&b->e->f, "duties.yaml", "renewals: 3", "renewals: 9"));
	waits_for(b, &out.answer, SCRUTINEER);
	struct casebook_answer answer = agrees(b, &england_holder(b->e, MANAGER)->actor, STR("R-1"), out.answer.index);
	refused(b, &answer);
}

/* --- people ----------------------------------------------------------------------------------- */

static struct casebook_answer seats(struct bad *b, const char *by, const char *office, struct str account)
{
	return tries(b, by, "office.held", file_of_office(&b->e->f, office), "{'office':'%s','account':'%.*s'}", office,
	             STR_ARG(account));
}

static void the_director_seats_a_friend_as_scrutineer(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = seats(b, "dcs", SCRUTINEER, england_holder(b->e, "service-manager")->account);
	refused_saying(b, &answer, "A holder is named by the office above");
}

static void the_administrator_seats_a_manager_as_scrutineer(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = seats(b, "register-administrator", SCRUTINEER, england_holder(b->e, MANAGER)->account);
	refused_saying(b, &answer, "An office that stands outside is held by nobody who holds another");
}

static void the_administrator_gives_himself_an_office(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = seats(b, "register-administrator", "screener",
	                                      england_holder(b->e, "register-administrator")->account);
	refused_saying(b, &answer, "Nobody names himself to an office");
}

static void the_administrator_makes_a_second_duty_team(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = tries(b, "register-administrator", "office.made", STR(""),
		"{'office':'duty-team-two','role':'screener','agency':'council','area':'-'}");
	refused(b, &answer);
}

/* The account above takes a seat below as well, writes in the one and agrees in the other. */
static struct casebook_answer lets_go_in(struct bad *b, const struct casebook_actor *actor)
{
	char text[256];
	does(b->e, "screener", "concern.looked", b->concern,
	     "{'danger':'none-found','checked':['own-files','police','health','school']}");
	does(b->e, "vol-worker", "offence.told-police", b->offence, "{'how':'phone','to':'police-contact','force':'own'}");
	does(b->e, "health-visitor", "child.seen", b->child, "{'contact':'seen-alone','alone':'yes','spoke':'yes'}");
	(void)snprintf(text, sizeof text,
	               "{'decision':'none','threshold':'2026','evidence':[%lld],'reason-none':'information-only',"
	               "'reasons':'Nothing in it.'}", (long long)b->ground->received);
	return bad_act(b->e, actor, "concern.decided", b->concern, text);
}

static void one_person_in_two_offices_agrees_with_himself(void **state)
{
	struct bad *b = *state;
	struct casebook_actor screener = england_holder(b->e, MANAGER)->actor;
	struct casebook_answer held = seats(b, "service-manager", "screener", screener.account);
	is_done(b, &held);
	screener.office = STR("screener");
	struct casebook_answer waits = lets_go_in(b, &screener);
	waits_for(b, &waits, MANAGER);
	struct casebook_answer answer = agrees(b, &england_holder(b->e, MANAGER)->actor, b->concern, waits.index);
	refused(b, &answer);
	assert_true(is_in(b, b->concern, "received"));
}

/* Two readings are two persons': the same account in another office is no second. */
static void one_person_in_two_offices_gives_both_second_readings(void **state)
{
	struct bad *b = *state;
	struct casebook_actor both = england_holder(b->e, "service-manager")->actor;
	struct casebook_answer held = seats(b, "register-administrator", "records-officer", both.account);
	is_done(b, &held);
	struct casebook_answer waits = tries(b, MANAGER, "link.removed", b->concern,
		"{'about':'%.*s','evidence':[%lld],'reasons':'Another girl.'}", STR_ARG(b->child),
		(long long)b->ground->received);
	waits_for(b, &waits, "records-officer");
	struct casebook_answer answer = agrees(b, &both, b->concern, waits.index);
	is_done(b, &answer);
	both.office = STR("records-officer");
	answer = agrees(b, &both, b->concern, waits.index);
	refused_saying(b, &answer, "You have agreed to it already, in another office; another person must read it too");
	answer = agrees(b, &england_holder(b->e, "records-officer")->actor, b->concern, waits.index);
	is_done(b, &answer);
}

/* A second reader from another line holds nothing in the first, nor did while the act waited. */
static void whoever_leads_the_writer_agrees_for_another_agency(void **state)
{
	struct bad *b = *state;
	struct casebook_actor above = england_holder(b->e, "partnership-manager")->actor;
	struct casebook_answer held = seats(b, "police-commander", "detective-inspector", above.account);
	is_done(b, &held);
	struct casebook_answer waits = tries(b, "exploitation-lead", "disruption.decided", b->adult,
		"{'tools':['none'],'review':'2026-03-20','reasons':'Nothing is known.'}");
	waits_for(b, &waits, "detective-inspector");
	above.office = STR("detective-inspector");
	struct casebook_answer answer = agrees(b, &above, b->adult, waits.index);
	refused_saying(b, &answer, "You hold an office in the line of who wrote it, or held one while it waited; another person must read it");
	england_until(b->e, casebook_now(b->e->f.book) + INSTANT_PER_HOUR);
	does(b->e, "partnership-chair", "office.left", file_of_office(&b->e->f, "partnership-manager"),
	     "{'office':'partnership-manager','account':'%.*s'}", STR_ARG(above.account));
	answer = agrees(b, &above, b->adult, waits.index);
	refused(b, &answer);
	answer = agrees(b, &england_holder(b->e, "detective-inspector")->actor, b->adult, waits.index);
	is_done(b, &answer);
}

/* It is the person who stands outside the line, and not the chair he sits in while he answers. */
static void whoever_works_in_the_line_answers_for_it_from_another_office(void **state)
{
	struct bad *b = *state;
	struct casebook_actor answers = england_holder(b->e, "complaints-manager")->actor;
	struct str complaint = bad_act(b->e, &BY_PUBLIC, "complaint.made", STR(""),
		"{'by':'parent','about-office':'" MANAGER "','advocate-offered':'yes','words':'Nobody came.'}").file;
	struct casebook_answer held = seats(b, MANAGER, "social-worker", answers.account);
	is_done(b, &held);
	struct casebook_answer answer = bad_act(b->e, &answers, "complaint.answered", complaint,
		"{'about-office':'" MANAGER "','upheld':'no','words':'All was well.'}");
	refused_by(b, &answer, "G15");
	does(b->e, MANAGER, "office.left", file_of_office(&b->e->f, "social-worker"),
	     "{'office':'social-worker','account':'%.*s'}", STR_ARG(answers.account));
	answer = bad_act(b->e, &answers, "complaint.answered", complaint,
		"{'about-office':'" MANAGER "','upheld':'no','words':'All was well.'}");
	is_done(b, &answer);
}

static void a_managers_own_deputy_agrees_for_him(void **state)
{
	struct bad *b = *state;
	instant now = casebook_now(b->e->f.book);
	does(b->e, "head-of-service", "office.deputised", file_of_office(&b->e->f, MANAGER),
	     "{'office':'" MANAGER "','deputy':'service-manager','from':'%.*s','until':'%.*s'}",
	     STR_ARG(instant_write(b->e->f.arena, now)),
	     STR_ARG(instant_write(b->e->f.arena, now + 48 * INSTANT_PER_HOUR)));
	struct casebook_answer waits = lets_go_in(b, &england_holder(b->e, MANAGER)->actor);
	waits_for(b, &waits, "service-manager");
	struct casebook_actor deputy = england_holder(b->e, "service-manager")->actor;
	deputy.office = STR(MANAGER);
	struct casebook_answer answer = agrees(b, &deputy, b->concern, waits.index);
	refused(b, &answer);
}

static void a_manager_writes_in_an_office_that_he_does_not_hold(void **state)
{
	struct bad *b = *state;
	struct casebook_actor actor = england_holder(b->e, MANAGER)->actor;
	actor.office = STR("social-worker");
	struct casebook_answer answer = bad_act(b->e, &actor, "child.seen", b->child,
	                                        "{'contact':'seen-alone','alone':'yes','spoke':'yes'}");
	refused_saying(b, &answer, "You do not hold this office now");
}

static void a_manager_closes_the_report_of_whoever_spoke(void **state)
{
	struct bad *b = *state;
	struct casebook_answer spoke = does(b->e, "social-worker", "disclosure.made", STR(""),
		"{'about':['concealment'],'line':['" MANAGER "'],'words':'He told me to write nothing.'}");
	struct casebook_answer answer = tries(b, MANAGER, "disclosure.closed", spoke.file,
		"{'done':['nothing'],'agrees':'agrees','words':'Nothing in it.'}");
	if (answer.outcome != CASEBOOK_FAILED)
		refused(b, &answer);
	late_and_told(b, spoke.file, "T64", SCRUTINEER, 31);
}

static void a_manager_settles_the_challenge_against_him(void **state)
{
	struct bad *b = *state;
	struct casebook_answer raised = does(b->e, "dsl", "challenge.raised", STR(""),
		"{'about':'%.*s','to':'" MANAGER "','urgent':'no','wants':'act','words':'Nobody acts.'}", STR_ARG(b->concern));
	struct casebook_answer answer = tries(b, MANAGER, "challenge.settled", raised.file, "{'how':'satisfied'}");
	refused(b, &answer);
	late_and_told(b, raised.file, "T62", SCRUTINEER, 16);
}

/* --- clock and flood -------------------------------------------------------------------------- */

static void a_manager_asks_an_area_that_never_answers(void **state)
{
	struct bad *b = *state;
	struct casebook_answer sent = tries(b, MANAGER, "transfer.sent", b->concern,
		"{'to':'other-area','area':'england','reason':'moved','summary':'She moved.'}");
	is_done(b, &sent);
	does(b->e, MANAGER, "concern.decided", b->concern,
	     "{'decision':'transfer','threshold':'2026','evidence':[%lld],'reasons':'Theirs.'}",
	     (long long)b->ground->received);
	struct casebook_answer answer = tries(b, MANAGER, "concern.passed", b->concern, "{'accepted':%lld}",
	                                      (long long)sent.index);
	if (answer.outcome != CASEBOOK_FAILED)
		refused(b, &answer);
	assert_true(is_in(b, b->concern, "passing"));
	late_and_told(b, b->concern, "T56", SCRUTINEER, 16);
}

static void a_manager_passes_it_on_without_asking_anybody(void **state)
{
	struct bad *b = *state;
	struct casebook_answer answer = tries(b, MANAGER, "concern.decided", b->concern,
		"{'decision':'transfer','threshold':'2026','evidence':[%lld],'reasons':'Theirs.'}",
		(long long)b->ground->received);
	refused_saying(b, &answer, "Nobody has been asked to take it over");
}

/* A hundred reports in an hour: what was owed before is owed, listed and told as if they were not there. */
static void a_flood_of_reports_buries_nothing(void **state)
{
	struct bad *b = *state;
	for (int i = 0; i < 100; i++)
		(void)report(&b->e->f, "Somebody was rude.");
	late_and_told(b, b->concern, "T03", SCRUTINEER, 3);
	late_and_told(b, b->concern, "T01", "dcs", 9);
}

static void wrong_tries_burn_no_return_code(void **state)
{
	struct bad *b = *state;
	struct fixture *f = &b->e->f;
	struct casebook_answer mine = report(f, "It is me again.");
	struct casebook_file found;
	struct err none = { 0 };
	assert_true(mine.has_code);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	for (int i = 0; i < 200; i++) {
		struct casebook_code wrong = mine.code;
		wrong.digits = (uint16_t)((wrong.digits + 1 + i) % 10000);
		assert_false(casebook_file_by_code(reader, f->arena, &wrong, &found, &none));
	}
	MUST(f, casebook_file_by_code(reader, f->arena, &mine.code, &found, &f->err));
	assert_true(str_eq(found.id, mine.file));
}

static void the_whole_line_of_the_council_leaves(void **state)
{
	static const char *const LINE[] = { "screener", MANAGER, "service-manager", "head-of-service", "dcs" };
	struct bad *b = *state;
	for (size_t i = 0; i < COUNT_OF(LINE); i++)
		leave(&b->e->f, england_holder(b->e, LINE[i]));
	late_and_told(b, b->concern, "T01", SCRUTINEER, 16);
}

/* A note that says what is next settles that duty; at the fourth the scrutineer is to look at it. */
static void a_manager_lets_it_rest_for_ever(void **state)
{
	struct bad *b = *state;
	struct casebook_answer decided = tries(b, MANAGER, "concern.decided", b->concern,
		"{'decision':'assess','threshold':'2026','evidence':[%lld],'reasons':'We look at it.'}", (long long)b->ground->received);
	is_done(b, &decided);
	does(b->e, "screener", "concern.told", b->concern, "{'to':'referrer','how':'phone'}");
	does(b->e, "screener", "concern.acknowledged", b->concern, "{'to':'referrer','how':'phone'}");
	does(b->e, "screener", "concern.looked", b->concern, "{'danger':'none-found','checked':['own-files']}");
	for (int i = 0; i < 4; i++) {
		assert_false(is_owed_by(b, b->concern, "T90", SCRUTINEER));
		england_until(b->e, casebook_now(b->e->f.book) + 7 * 24 * INSTANT_PER_HOUR);
		does(b->e, MANAGER, "note.made", b->concern, "{'next':'visit','text':'We wait.'}");
	}
	found_by_night(b, b->concern, SCRUTINEER);
}

static void a_manager_writes_notes_about_a_child_whom_nobody_sees(void **state)
{
	struct bad *b = *state;
	for (int i = 0; i < 4; i++) {
		england_until(b->e, casebook_now(b->e->f.book) + 7 * 24 * INSTANT_PER_HOUR);
		does(b->e, MANAGER, "note.made", b->child, "{'next':'visit','text':'We wait.'}");
	}
	found_by_night(b, b->child, SCRUTINEER);
}

static void a_drills_time_is_not_set_back(void **state)
{
	struct bad *b = *state;
	struct err err = { 0 };
	struct clock_ran ran;
	struct casebook_duty duty = owed(b, b->concern, "T03");
	england_until(b->e, duty.due + INSTANT_PER_SECOND);
	assert_false(casebook_set_now(b->e->f.book, duty.due - INSTANT_PER_HOUR, &err));
	assert_false(clock_run_until(b->e->f.book, BAD_START - INSTANT_PER_HOUR, &ran, &err));
	assert_true(is_listed_late(b, duty.id));
}

/* --- a register in use ------------------------------------------------------------------------ */

static int live_begin(void **state)
{
	struct live *live = calloc(1, sizeof *live);
	struct fixture f = { .arena = arena_create(4 * FIXTURE_FILE_MAX) };
	assert_non_null(live);
	(void)snprintf(f.dir, sizeof f.dir, "/tmp/candour-bad-XXXXXX");
	assert_non_null(mkdtemp(f.dir));
	live_found(&f, live, STR("northmere.example/register"));
	live_open(live);
	fixture_remove_folder(f.arena, f.dir);
	*state = live;
	return 0;
}

static int live_end(void **state)
{
	struct live *live = *state;
	live_close(live);
	arena_destroy(live->f.arena);
	free(live);
	return 0;
}

static void must_wait(struct live *live, const struct casebook_answer *answer)
{
	(void)live;
	if (answer->outcome != CASEBOOK_WAITING) {
		bad_explain(answer);
		fail_msg("one administrator did it alone");
	}
	assert_true(str_eq(answer->roles[0], STR("register-administrator")));
}

static void one_administrator_alone_does_little_in_a_register_in_use(void **state)
{
	struct live *live = *state;
	struct fixture *f = &live->f;
	struct json *end = json_object(f->arena), *wall = json_object(f->arena);
	struct casebook_answer answer = act(f, &live->ada.actor, "office.held", file_of_office(f, "screener"),
	                                    naming(f, "screener", live->wanda.account));
	must_wait(live, &answer);
	json_put_text(f->arena, end, STR("account"), live->wanda.account);
	answer = act(f, &live->ada.actor, "account.ended", STR("R-1"), end);
	must_wait(live, &answer);
	json_put_text(f->arena, wall, STR("wall"), instant_write(f->arena, casebook_now(f->book)));
	answer = act(f, &live->ada.actor, "clock.confirmed", STR("R-1"), wall);
	if (answer.outcome != CASEBOOK_WAITING && answer.outcome != CASEBOOK_REFUSED) {
		bad_explain(&answer);
		fail_msg("the clock was confirmed by one");
	}
}

static void the_clock_is_run_ahead_of_the_machine(void **state)
{
	struct live *live = *state;
	struct clock_ran ran;
	struct err err = { 0 };
	assert_false(clock_run_until(live->f.book, casebook_now(live->f.book) + 24 * INSTANT_PER_HOUR, &ran, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_false(casebook_set_now(live->f.book, casebook_now(live->f.book) + 24 * INSTANT_PER_HOUR, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRIES(the_council_adopts_looser_rules_alone),
		TRIES(the_administrator_adopts_rules_with_whoever_is_at_hand),
		TRIES(two_agencies_let_it_rest_three_times_longer),
		TRIES(two_agencies_wait_until_the_scrutineer_has_said_nothing),
		TRIES(two_agencies_tell_the_director_later),
		TRIES(two_agencies_take_a_rung_away),
		TRIES(two_agencies_close_without_the_child_seen),
		TRIES(two_agencies_look_for_a_pattern_at_nine_not_three),
		TRIES(two_agencies_leave_the_scrutineer_out),
		TRIES(a_local_layer_lengthens_a_limit),
		TRIES(a_manager_agrees_to_the_rules_in_the_scrutineers_place),
		TRIES(the_director_seats_a_friend_as_scrutineer),
		TRIES(the_administrator_seats_a_manager_as_scrutineer),
		TRIES(the_administrator_gives_himself_an_office),
		TRIES(the_administrator_makes_a_second_duty_team),
		TRIES(one_person_in_two_offices_agrees_with_himself),
		TRIES(one_person_in_two_offices_gives_both_second_readings),
		TRIES(whoever_leads_the_writer_agrees_for_another_agency),
		TRIES(whoever_works_in_the_line_answers_for_it_from_another_office),
		TRIES(a_managers_own_deputy_agrees_for_him),
		TRIES(a_manager_writes_in_an_office_that_he_does_not_hold),
		TRIES(a_manager_closes_the_report_of_whoever_spoke),
		TRIES(a_manager_settles_the_challenge_against_him),
		TRIES(a_manager_asks_an_area_that_never_answers),
		TRIES(a_manager_passes_it_on_without_asking_anybody),
		TRIES(a_flood_of_reports_buries_nothing),
		TRIES(wrong_tries_burn_no_return_code),
		TRIES(the_whole_line_of_the_council_leaves),
		TRIES(a_manager_lets_it_rest_for_ever),
		TRIES(a_manager_writes_notes_about_a_child_whom_nobody_sees),
		TRIES(a_drills_time_is_not_set_back),
	};
	const struct CMUnitTest in_use[] = {
		cmocka_unit_test_setup_teardown(one_administrator_alone_does_little_in_a_register_in_use, live_begin, live_end),
		cmocka_unit_test_setup_teardown(the_clock_is_run_ahead_of_the_machine, live_begin, live_end),
	};
	if (setenv("CANDOUR_TEST_PACKS", england_packs(), 1) != 0)
		return 1;
	int failed = PROVE_TRIES(tests);
	return failed + cmocka_run_group_tests(in_use, NULL, NULL);
}
