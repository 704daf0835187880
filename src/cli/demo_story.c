/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What people of Northmere do about a concern: one step an act, taken when its
 * moment in the plan has come. A step that has lost its reason does nothing.
 */
#include "cli/demo_world.h"

static const struct casebook_actor PUBLIC = { .by = CASEBOOK_BY_PUBLIC };
static const struct casebook_actor PERSON = { .by = CASEBOOK_BY_PERSON };

/* --- fields --------------------------------------------------------------------------------- */

static void put(struct demo *demo, struct json *fields, const char *name, struct str text)
{
	if (text.n)
		json_put_text(demo->act, fields, str_from_c(name), text);
}

static void put_word(struct demo *demo, struct json *fields, const char *name, const char *word)
{
	if (word)
		put(demo, fields, name, str_from_c(word));
}

static void put_codes(struct demo *demo, struct json *fields, const char *name, const char *codes)
{
	struct json *list = json_array(demo->act);
	struct str rest = str_from_c(codes), piece;
	while (rest.n && str_cut(&rest, ' ', &piece))
		json_push(list, json_string(demo->act, piece));
	json_put(fields, str_from_c(name), list);
}

/* --- what stands on the file ---------------------------------------------------------------- */

/* The newest entry of a kind, or -1. */
static int64_t newest_of(struct demo *demo, const struct demo_concern *concern, const char *kind)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_entry *entries;
	struct casebook_file file;
	struct err err = { 0 };
	size_t count;
	int64_t found = -1;
	if (!casebook_reader_take(demo->book, &reader, &err) ||
	    !casebook_file_find(reader, demo->act, concern->file, &file, &err) ||
	    !casebook_entries(reader, demo->act, file.n, -1, 1000, &entries, &count, &err))
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (str_eq(entries[i].kind, str_from_c(kind)))
			found = entries[i].index;
	}
	return found;
}

static struct str state_of(struct demo *demo, const struct demo_concern *concern)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_file file;
	struct err err = { 0 };
	if (!concern->file.n || !casebook_reader_take(demo->book, &reader, &err) ||
	    !casebook_file_find(reader, demo->act, concern->file, &file, &err))
		return STR_NONE;
	return file.state_name;
}

static bool is_closed(struct demo *demo, const struct demo_concern *concern)
{
	return str_eq(state_of(demo, concern), STR("closed"));
}

/* The name of an open duty of a rule on the file, and who owes it; empty: none is owed. */
static struct str owed_by(struct demo *demo, const struct demo_concern *concern, const char *rule,
                          struct str *office)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_duty_list duties;
	struct casebook_file file;
	struct err err = { 0 };
	if (!casebook_reader_take(demo->book, &reader, &err) ||
	    !casebook_file_find(reader, demo->act, concern->file, &file, &err) ||
	    !casebook_duties_of_file(reader, demo->act, file.n, 500, &duties, &err))
		return STR_NONE;
	for (size_t i = 0; i < duties.count; i++) {
		if (!duties.at[i].is_open || !str_eq(duties.at[i].rule, str_from_c(rule)))
			continue;
		*office = duties.at[i].office;
		return duties.at[i].name;
	}
	return STR_NONE;
}

static struct str owed(struct demo *demo, const struct demo_concern *concern, const char *rule)
{
	struct str office;
	return owed_by(demo, concern, rule, &office);
}

/* --- it arrives ----------------------------------------------------------------------------- */

static const char *channel_of(enum demo_way way)
{
	switch (way) {
	case DEMO_WEB:
		return "web";
	case DEMO_PHONE:
		return "phone";
	case DEMO_OFFICE:
		return "web";
	}
	return "web";
}

static const struct casebook_actor *on_duty(struct demo *demo)
{
	instant now = casebook_now(demo->book);
	return demo_actor(demo, pack_in_office_hours(demo->calendar, now) ? "screener" : "edt");
}

static const struct casebook_actor *teller(struct demo *demo, const struct demo_story *story)
{
	switch (story->way) {
	case DEMO_WEB:
		return &PUBLIC;
	case DEMO_PHONE:
		return on_duty(demo);
	case DEMO_OFFICE:
		return demo_actor(demo, story->office);
	}
	return &PUBLIC;
}

static void put_reporter(struct demo *demo, const struct demo_concern *concern, struct json *fields)
{
	if (!concern->reporter.n)
		return;
	put(demo, fields, "name", concern->reporter);
	put(demo, fields, "contact", concern->contact);
	json_put_bool(demo->act, fields, STR("may-contact"), true);
	json_put_bool(demo->act, fields, STR("tell-family"), false);
	put(demo, fields, "contact-rules", STR("After six in the evening. Say it is about the library."));
}

static struct str others_in(struct demo *demo, const struct demo_concern *concern)
{
	const struct demo_home *home = concern->home;
	for (int i = 0; i < home->child_count; i++) {
		if (&home->children[i] != concern->child)
			return arena_format(demo->act, "%.*s, about %d; parent %.*s",
			                    STR_ARG(home->children[i].first), home->children[i].age,
			                    STR_ARG(home->parent));
	}
	return arena_format(demo->act, "Parent %.*s", STR_ARG(home->parent));
}

static bool put_file(struct demo *demo, const struct demo_concern *concern, struct json *fields,
                     struct err *err)
{
	const struct json *value;
	struct json *list = json_array(demo->act);
	if (!concern->story->file)
		return true;
	if (!demo_attach(demo, concern->story->file, &value, err))
		return false;
	json_push(list, (struct json *)(uintptr_t)value); /* made for this act alone */
	json_put(fields, STR("files"), list);
	return true;
}

static bool step_receive(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	const struct demo_story *story = concern->story;
	const struct demo_child *child = concern->child;
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	(void)n;
	put_word(demo, fields, "danger-now", story->outcome == DEMO_EMERGENCY ? "unknown" : "no");
	put_word(demo, fields, "source", story->source);
	put_word(demo, fields, "about", str_eq(str_from_c(story->source), STR("child")) ? "me" : "child");
	put(demo, fields, "happening", demo_fill(demo, concern, story->happening));
	if (story->said)
		put(demo, fields, "said", demo_fill(demo, concern, story->said));
	put_codes(demo, fields, "harm", story->way == DEMO_WEB ? "not-yet-known" : story->harm);
	put_word(demo, fields, "harm-sign", story->way == DEMO_WEB ? "unknown" : story->sign);
	put(demo, fields, "child",
	    arena_format(demo->act, "%.*s %.*s", STR_ARG(child->first), STR_ARG(concern->home->family)));
	json_put_integer(demo->act, fields, STR("age-said"), child->age);
	put(demo, fields, "home", concern->home->address);
	put_word(demo, fields, "school", concern->home->school);
	put(demo, fields, "others", others_in(demo, concern));
	put(demo, fields, "when", demo_fill(demo, concern, story->when));
	put(demo, fields, "where", demo_fill(demo, concern, story->where));
	put_word(demo, fields, "channel", channel_of(story->way));
	put_reporter(demo, concern, fields);
	if (!put_file(demo, concern, fields, err) ||
	    !demo_do(demo, teller(demo, story), "concern.received", STR_NONE, fields, &answer, err))
		return false;
	if (answer.outcome != CASEBOOK_ADMITTED)
		return true;
	demo->made->concerns++;
	concern->file = arena_copy(demo->arena, answer.file);
	concern->number = arena_copy(demo->arena, answer.number);
	concern->first = answer.index;
	if (answer.has_code)
		concern->code = casebook_code_write(demo->arena, &answer.code, '-');
	return true;
}

/* --- it is looked at ------------------------------------------------------------------------ */

#define LOOK_FIRST  0
#define LOOK_WHOLE  1 /* everywhere that closing asks for */

static const char *danger_of(const struct demo_story *story)
{
	if (story->outcome == DEMO_EMERGENCY)
		return "now";
	return story->outcome == DEMO_STRATEGY ? "possible" : "none-found";
}

static bool step_look(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	const struct casebook_actor *actor = on_duty(demo);
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	if (!concern->file.n || is_closed(demo, concern))
		return true;
	if (!demo_read(demo, actor, concern->first, err))
		return false;
	put_word(demo, fields, "danger", n == LOOK_WHOLE ? "none-found" : danger_of(concern->story));
	put_codes(demo, fields, "checked",
	          n == LOOK_WHOLE ? "own-files police health school" :
	          demo_chance(demo, 40) ? "own-files school" : "own-files");
	put(demo, fields, "basis", demo_fill(demo, concern, demo_basis_words(demo->random)));
	return demo_do(demo, actor, "concern.looked", concern->file, fields, &answer, err);
}

static bool step_acknowledge(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	(void)n;
	if (!concern->file.n)
		return true;
	put_word(demo, fields, "to", "referrer");
	put_word(demo, fields, "how", concern->code.n ? "return-page" : "phone");
	if (concern->code.n)
		put(demo, fields, "reply",
		    STR("Thank you. We have your concern, and somebody is reading it. You need do nothing more. If "
		        "you see anything else, write here."));
	return demo_do(demo, demo_actor(demo, "screener"), "concern.acknowledged", concern->file, fields, &answer,
	               err);
}

/* --- others are asked ----------------------------------------------------------------------- */

/* While nobody holds an office, the first held one above it may act in it. */
static const struct casebook_actor *answerer(struct demo *demo, const char *office,
                                             struct casebook_actor *stand_in)
{
	const struct casebook_actor *actor = demo_actor(demo, office);
	if (actor || !str_eq(str_from_c(office), STR("health-visitor")))
		return actor;
	actor = demo_actor(demo, "named-nurse");
	if (!actor)
		return NULL;
	*stand_in = *actor;
	stand_in->office = str_from_c(office);
	return stand_in;
}

static bool step_answer(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	const struct demo_ask *ask = &concern->plan.asks[n];
	struct casebook_actor stand_in;
	const struct casebook_actor *actor = answerer(demo, ask->office, &stand_in);
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	bool knows = demo_chance(demo, 65);
	if (!ask->entry || !actor || is_closed(demo, concern))
		return true;
	if (!demo_read(demo, actor, ask->entry, err))
		return false;
	put_word(demo, fields, "knows", knows ? "yes" : "nothing");
	put(demo, fields, "answer",
	    demo_fill(demo, concern, demo_answer_words(demo->random, ask->office, knows)));
	if (!demo_do(demo, actor, "concern.answered", concern->file, fields, &answer, err))
		return false;
	if (answer.outcome == CASEBOOK_ADMITTED)
		concern->answered = answer.index;
	return true;
}

static bool step_ask(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct demo_ask *ask = &concern->plan.asks[n];
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	if (!concern->file.n || is_closed(demo, concern))
		return true;
	put_word(demo, fields, "office", ask->office);
	json_put_bool(demo->act, fields, STR("urgent"), ask->is_urgent);
	put_word(demo, fields, "lawful-basis", "public-task");
	put(demo, fields, "question", demo_fill(demo, concern, demo_question_words(demo->random)));
	if (!demo_do(demo, on_duty(demo), "concern.asked", concern->file, fields, &answer, err))
		return false;
	if (answer.outcome == CASEBOOK_ADMITTED)
		ask->entry = answer.index;
	demo_at(demo, ask->answered, step_answer, concern, n);
	return true;
}

/* --- it is decided -------------------------------------------------------------------------- */

static const char *const DECISIONS[] = { "none", "advice", "early-help", "assess", "strategy", "emergency" };

static struct json *decision_fields(struct demo *demo, const struct demo_concern *concern,
                                    enum demo_outcome outcome, struct str reasons)
{
	struct json *fields = json_object(demo->act), *evidence = json_array(demo->act);
	put_word(demo, fields, "decision", DECISIONS[outcome]);
	put_word(demo, fields, "threshold", "2026.1");
	json_push(evidence, json_integer(demo->act, concern->first));
	if (concern->answered)
		json_push(evidence, json_integer(demo->act, concern->answered));
	json_put(fields, STR("evidence"), evidence);
	put(demo, fields, "reasons", reasons);
	return fields;
}

static demo_step step_tell, step_close, step_settle;

static bool step_second(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	int64_t of = newest_of(demo, concern, "act.waiting");
	if (of < 0 || !owed(demo, concern, "R01").n)
		return true;
	if (!demo_read(demo, demo_actor(demo, "team-manager"), concern->first, err))
		return false;
	json_put_integer(demo->act, fields, STR("of"), of);
	put_word(demo, fields, "answer", n ? "no" : "yes");
	put_word(demo, fields, "reasons",
	         n ? "Nobody has spoken with the child alone yet. Please do that first." :
	             "Read whole. I agree.");
	if (!demo_do(demo, demo_actor(demo, "team-manager"), "second.given", concern->file, fields, &answer, err))
		return false;
	concern->is_decided = concern->is_decided || (!n && answer.outcome == CASEBOOK_ADMITTED);
	demo_at(demo, demo_work(demo, casebook_now(demo->book), demo_between(demo, 40, 300)), step_tell, concern, 1);
	return true;
}

/* A second reader is found the same or the next day. */
static void want_second(struct demo *demo, struct demo_concern *concern,
                        const struct casebook_answer *answer)
{
	if (answer->outcome == CASEBOOK_WAITING)
		demo_at(demo, demo_work(demo, casebook_now(demo->book), demo_between(demo, 30, 420)),
		        step_second, concern, 0);
}

/* An agency that was asked is waited for, a day at a time. */
static bool must_wait(struct demo *demo, struct demo_concern *concern, demo_step *step, int n)
{
	if (!owed(demo, concern, "T04").n && !owed(demo, concern, "T05").n)
		return false;
	demo_at(demo, demo_work(demo, casebook_now(demo->book), 480), step, concern, n);
	return true;
}

static bool step_decide(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	enum demo_outcome outcome = concern->story->outcome;
	bool is_grave = outcome >= DEMO_STRATEGY;
	const struct casebook_actor *actor = demo_actor(demo, is_grave ? "team-manager" : "screener");
	struct casebook_answer answer;
	if (!concern->file.n || concern->is_decided || is_closed(demo, concern) ||
	    (outcome == DEMO_NONE && must_wait(demo, concern, step_decide, n)))
		return true;
	if (!demo_read(demo, actor, concern->first, err) ||
	    (concern->answered && !demo_read(demo, actor, concern->answered, err)))
		return false;
	struct json *fields = decision_fields(demo, concern, outcome,
	                                      demo_fill(demo, concern, concern->story->reasons));
	if (outcome == DEMO_NONE)
		put_word(demo, fields, "reason-none", "information-only");
	if (is_grave)
		put_word(demo, fields, "child-seen", "not-seen");
	if (!demo_do(demo, actor, "concern.decided", concern->file, fields, &answer, err))
		return false;
	want_second(demo, concern, &answer);
	concern->is_decided = answer.outcome == CASEBOOK_ADMITTED;
	return true;
}

/* A hurried "no further action": the register asks for what is missing. */
static bool step_refused(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct casebook_answer answer;
	(void)n;
	if (!concern->file.n)
		return true;
	struct json *fields = decision_fields(demo, concern, DEMO_NONE, STR("Nothing new in it."));
	put_word(demo, fields, "reason-none", "information-only");
	if (!demo_submit(demo, demo_actor(demo, "screener"), "concern.decided", concern->file, fields, &answer,
	                 err))
		return false;
	demo->made->refused += answer.outcome == CASEBOOK_REFUSED;
	concern->is_decided = answer.outcome == CASEBOOK_ADMITTED; /* all was there after all */
	return true;
}

/* After help: nothing more is owed by the front door. */
static bool step_settle(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct casebook_answer answer;
	struct str state = state_of(demo, concern);
	if (!concern->is_decided || str_eq(state, STR("closed")) || str_eq(state, STR("closing")) ||
	    (!n && must_wait(demo, concern, step_settle, n)))
		return true;
	if (!step_look(demo, concern, LOOK_WHOLE, err))
		return false;
	struct json *fields = decision_fields(demo, concern, n ? DEMO_ADVICE : DEMO_NONE,
	                                      STR("The plan is done. The family goes on with the help it chose."));
	if (!n) {
		put_word(demo, fields, "reason-none", "help-accepted-elsewhere");
		put_word(demo, fields, "helped-by", "vol-worker");
		put_word(demo, fields, "child-seen", "seen-alone");
	}
	if (!demo_do(demo, demo_actor(demo, "screener"), "concern.decided", concern->file, fields, &answer, err))
		return false;
	want_second(demo, concern, &answer);
	return true;
}

/* --- what follows a decision ---------------------------------------------------------------- */

static bool step_tell(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	if (!concern->file.n || !owed(demo, concern, "T06").n)
		return true;
	put_word(demo, fields, "to", "referrer");
	put_word(demo, fields, "how", concern->code.n ? "return-page" : "phone");
	put_word(demo, fields, "agrees", concern->code.n ? "not-said" : "yes");
	if (concern->code.n)
		put_word(demo, fields, "reply",
		         demo_reply_words(demo->random, n ? DEMO_HELP : concern->story->outcome));
	return demo_do(demo, demo_actor(demo, "screener"), "concern.told", concern->file, fields, &answer, err);
}

static bool step_take(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	struct str duty = owed(demo, concern, "T07");
	(void)n;
	if (!duty.n)
		return true;
	put(demo, fields, "duty", duty);
	put_word(demo, fields, "to", "social-worker");
	return demo_do(demo, demo_actor(demo, "team-manager"), "duty.taken", concern->file, fields, &answer, err);
}

static bool step_hold(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	(void)n;
	if (!concern->file.n || !owed(demo, concern, "T12").n)
		return true;
	put_word(demo, fields, "topic", "strategy-held");
	put_word(demo, fields, "next", "visit");
	put(demo, fields, "text",
	    demo_fill(demo, concern, "Council, police and health. All three shared what they have. Next: {child} is "
	                             "seen alone, at school, before anybody at home is told."));
	return demo_do(demo, demo_actor(demo, "team-manager"), "note.made", concern->file, fields, &answer, err);
}

/* What is owed on the file goes to the social worker, who has no part in it until then. */
static bool pass_on(struct demo *demo, struct demo_concern *concern, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	struct str office, duty = owed_by(demo, concern, "T00", &office);
	if (concern->has_worker || !duty.n ||
	    (!str_eq(office, STR("screener")) && !str_eq(office, STR("team-manager"))))
		return true;
	put(demo, fields, "duty", duty);
	put_word(demo, fields, "to", "social-worker");
	if (!demo_do(demo, demo_actor(demo, "team-manager"), "duty.taken", concern->file, fields, &answer, err))
		return false;
	concern->has_worker = answer.outcome == CASEBOOK_ADMITTED;
	return true;
}

static bool step_note(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	static const char *const NEXT[] = { "visit", "ask", "meet", "look-again" };
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	struct str state = state_of(demo, concern);
	bool is_worked = str_eq(state, STR("assessing")) || str_eq(state, STR("protecting"));
	(void)n;
	if ((!is_worked && !str_eq(state, STR("helped"))) || (is_worked && owed(demo, concern, "T07").n))
		return true;
	if (is_worked && !pass_on(demo, concern, err))
		return false;
	const char *office = !is_worked ? "screener" : concern->has_worker ? "social-worker" : "team-manager";
	put_word(demo, fields, "topic", "visit");
	put_word(demo, fields, "next", NEXT[demo_below(demo, COUNT_OF(NEXT))]);
	put(demo, fields, "text", demo_fill(demo, concern, demo_note_words(demo->random)));
	return demo_do(demo, demo_actor(demo, office), "note.made", concern->file, fields, &answer, err);
}

void demo_decide_again(struct demo *demo, struct demo_concern *concern)
{
	instant decided = demo_work(demo, casebook_now(demo->book), demo_between(demo, 200, 600));
	instant told = demo_work(demo, decided, demo_between(demo, 60, 300));
	demo_at(demo, decided, step_settle, concern, 1);
	demo_at(demo, told, step_tell, concern, 1);
	demo_at(demo, demo_work(demo, told, demo_between(demo, 300, 1200)), step_close, concern, 0);
}

static bool step_add(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	const struct demo_story *story = concern->story;
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	const char *words = n || !story->more ? "It has begun again. I thought you should know." : story->more;
	const struct casebook_actor *actor = story->way == DEMO_OFFICE ? demo_actor(demo, story->office) : &PERSON;
	if (!concern->file.n || (n && !is_closed(demo, concern)))
		return true;
	put_word(demo, fields, "source", story->source);
	put(demo, fields, "words", demo_fill(demo, concern, words));
	if (!demo_do(demo, actor, "concern.added", concern->file, fields, &answer, err))
		return false;
	if (n && answer.outcome == CASEBOOK_ADMITTED)
		demo_decide_again(demo, concern);
	return true;
}

/* --- it closes ------------------------------------------------------------------------------ */

/* Told first; a colleague who still owes something is waited for. */
static bool owes_before_closing(struct demo *demo, const struct demo_concern *concern)
{
	static const char *const RULES[] = { "T02", "T04", "T05", "T06", "T07", "T12", "T88", "T96" };
	for (size_t i = 0; i < COUNT_OF(RULES); i++) {
		if (owed(demo, concern, RULES[i]).n)
			return true;
	}
	return false;
}

static bool step_close(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	int64_t decision = newest_of(demo, concern, "concern.decided");
	if (!str_eq(state_of(demo, concern), STR("closing")) || decision < 0)
		return true;
	if (owes_before_closing(demo, concern)) {
		if (n < 12)
			demo_at(demo, demo_work(demo, casebook_now(demo->book), 960), step_close, concern, n + 1);
		return n % 4 == 3 ? step_tell(demo, concern, 1, err) : true;
	}
	put_word(demo, fields, "closing", "done");
	json_put_integer(demo->act, fields, STR("decision"), decision);
	if (!demo_do(demo, demo_actor(demo, "screener"), "concern.closed", concern->file, fields, &answer, err))
		return false;
	want_second(demo, concern, &answer);
	return true;
}

void demo_schedule(struct demo *demo, struct demo_concern *concern)
{
	const struct demo_plan *plan = &concern->plan;
	bool looks_whole = concern->story->outcome <= DEMO_ADVICE;
	demo_at(demo, plan->received, step_receive, concern, 0);
	demo_at(demo, plan->looked, step_look, concern, LOOK_FIRST);
	demo_at(demo, plan->acknowledged, step_acknowledge, concern, 0);
	for (int i = 0; i < DEMO_ASKS && plan->asks[i].office; i++)
		demo_at(demo, plan->asked, step_ask, concern, i);
	demo_at(demo, plan->refused, step_refused, concern, 0);
	if (looks_whole)
		demo_at(demo, plan->decided, step_look, concern, LOOK_WHOLE);
	demo_at(demo, plan->decided, step_decide, concern, 0);
	demo_at(demo, plan->taken, step_take, concern, 0);
	demo_at(demo, plan->held, step_hold, concern, 0);
	demo_at(demo, plan->told, step_tell, concern, 0);
	for (int i = 0; i < DEMO_NOTES; i++)
		demo_at(demo, plan->notes[i], step_note, concern, i);
	demo_at(demo, plan->added, step_add, concern, 0);
	demo_at(demo, plan->settled, step_settle, concern, 0);
	demo_at(demo, plan->told_again, step_tell, concern, 1);
	demo_at(demo, plan->closed, step_close, concern, 0);
	demo_at(demo, plan->added_late, step_add, concern, 1);
}
