/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What people of Northmere do about a concern from its decision to its
 * closing: one step an act, taken when its moment in the plan has come. A step
 * that has lost its reason does nothing.
 */
#include "cli/demo_steps.h"

static const struct casebook_actor PERSON = { .by = CASEBOOK_BY_PERSON };

/* --- it is decided -------------------------------------------------------------------------- */

static const char *const DECISIONS[] = { "none",   "advice",   "early-help",
	                                 "assess", "strategy", "emergency" };

static struct json *decision_fields(struct demo *demo, const struct demo_concern *concern,
                                    enum demo_outcome outcome, struct str reasons)
{
	struct json *fields = json_object(demo->act), *evidence = json_array(demo->act);
	demo_put_word(demo, fields, "decision", DECISIONS[outcome]);
	demo_put_word(demo, fields, "threshold", "2026.1");
	json_push(evidence, json_integer(demo->act, concern->first));
	if (concern->answered)
		json_push(evidence, json_integer(demo->act, concern->answered));
	json_put(fields, STR("evidence"), evidence);
	demo_put(demo, fields, "reasons", reasons);
	return fields;
}

static demo_step step_tell, step_close, step_settle;

static bool step_second(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	struct str office, duty = demo_owed_by(demo, concern, "R01", &office);
	int64_t of = demo_newest(demo, concern, "act.waiting");
	const struct casebook_actor *actor =
		duty.n ? demo_actor(demo, str_to_c(demo->act, office)) : NULL;
	if (of < 0 || !actor)
		return true;
	if (!demo_read(demo, actor, concern->first, err))
		return false;
	json_put_integer(demo->act, fields, STR("of"), of);
	demo_put_word(demo, fields, "answer", n ? "no" : "yes");
	demo_put_word(demo, fields, "reasons",
	              n ? "Nobody has spoken with the child alone yet. Please do that first."
	                : "Read whole. I agree.");
	if (!demo_do(demo, actor, "second.given", concern->file, fields, &answer, err))
		return false;
	if (!n && demo_owed(demo, concern, "R01").n) /* a third pair of eyes is wanted as well */
		demo_at(demo, demo_work(demo, casebook_now(demo->book), 240), step_second, concern,
		        0);
	concern->is_decided = concern->is_decided || (!n && answer.outcome == CASEBOOK_ADMITTED);
	demo_at(demo, demo_work(demo, casebook_now(demo->book), demo_between(demo, 40, 300)),
	        step_tell, concern, 1);
	return true;
}

/* A second reader is found the same or the next day. */
static void want_second(struct demo *demo, struct demo_concern *concern,
                        const struct casebook_answer *answer)
{
	if (answer->outcome == CASEBOOK_WAITING)
		demo_at(demo,
		        demo_work(demo, casebook_now(demo->book), demo_between(demo, 30, 420)),
		        step_second, concern, 0);
}

/* An agency that was asked is waited for, a day at a time. */
static bool must_wait(struct demo *demo, struct demo_concern *concern, demo_step *step, int n)
{
	if (!demo_owed(demo, concern, "T04").n && !demo_owed(demo, concern, "T05").n)
		return false;
	demo_at(demo, demo_work(demo, casebook_now(demo->book), 480), step, concern, n);
	return true;
}

static bool step_decide(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	enum demo_outcome outcome = concern->story->outcome;
	bool is_grave = outcome >= DEMO_STRATEGY;
	const struct casebook_actor *actor =
		is_grave ? demo_actor(demo, "team-manager")
			 : demo_other(demo, concern, "screener", "concern.looked");
	struct casebook_answer answer;
	if (!concern->file.n || concern->is_decided || demo_is_closed(demo, concern) ||
	    (outcome == DEMO_NONE && must_wait(demo, concern, step_decide, n)))
		return true;
	if (((outcome == DEMO_NONE || outcome == DEMO_HELP) &&
	     !demo_see_on_concern(demo, concern, err)) ||
	    !demo_read(demo, actor, concern->first, err) ||
	    (concern->answered && !demo_read(demo, actor, concern->answered, err)))
		return false;
	struct json *fields = decision_fields(demo, concern, outcome,
	                                      demo_fill(demo, concern, concern->story->reasons));
	if (outcome == DEMO_NONE)
		demo_put_word(demo, fields, "reason-none", "information-only");
	if (is_grave)
		demo_put_word(demo, fields, "child-seen", "not-seen");
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
	demo_put_word(demo, fields, "reason-none", "information-only");
	if (!demo_submit(demo, demo_actor(demo, "screener"), "concern.decided", concern->file,
	                 fields, &answer, err))
		return false;
	demo->made->refused += answer.outcome == CASEBOOK_REFUSED;
	concern->is_decided = answer.outcome == CASEBOOK_ADMITTED; /* all was there after all */
	return true;
}

/* After help: nothing more is owed by the front door. */
static bool step_settle(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct casebook_answer answer;
	struct str state = demo_state(demo, concern);
	if (!concern->is_decided || str_eq(state, STR("closed")) || str_eq(state, STR("closing")) ||
	    (!n && must_wait(demo, concern, step_settle, n)))
		return true;
	if (!step_look(demo, concern, LOOK_WHOLE, err) || !demo_see_on_concern(demo, concern, err))
		return false;
	struct json *fields = decision_fields(
		demo, concern, n ? DEMO_ADVICE : DEMO_NONE,
		STR("The plan is done. The family goes on with the help it chose."));
	if (!n) {
		demo_put_word(demo, fields, "reason-none", "help-accepted-elsewhere");
		demo_put_word(demo, fields, "helped-by", "vol-worker");
		demo_put_word(demo, fields, "child-seen", "seen-alone");
	}
	if (!demo_do(demo, demo_other(demo, concern, "screener", "concern.looked"),
	             "concern.decided", concern->file, fields, &answer, err))
		return false;
	want_second(demo, concern, &answer);
	return true;
}

/* --- what follows a decision ---------------------------------------------------------------- */

static bool step_tell(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	if (!concern->file.n || !demo_owed(demo, concern, "T06").n)
		return true;
	demo_put_word(demo, fields, "to", "referrer");
	demo_put_word(demo, fields, "how", concern->code.n ? "return-page" : "phone");
	demo_put_word(demo, fields, "agrees", concern->code.n ? "not-said" : "yes");
	if (concern->code.n)
		demo_put_word(
			demo, fields, "reply",
			demo_reply_words(demo->random, n ? DEMO_HELP : concern->story->outcome));
	return demo_do(demo, demo_actor(demo, "screener"), "concern.told", concern->file, fields,
	               &answer, err);
}

static bool step_take(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	struct str duty = demo_owed(demo, concern, "T07");
	(void)n;
	if (!duty.n)
		return true;
	demo_put(demo, fields, "duty", duty);
	demo_put_word(demo, fields, "to", "social-worker");
	return demo_do(demo, demo_actor(demo, "team-manager"), "duty.taken", concern->file, fields,
	               &answer, err);
}

/* What is owed on the file goes to the social worker, who has no part in it until then. */
static bool pass_on(struct demo *demo, struct demo_concern *concern, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	struct str office, duty = demo_owed_by(demo, concern, "T00", &office);
	if (concern->has_worker || !duty.n ||
	    (!str_eq(office, STR("screener")) && !str_eq(office, STR("team-manager"))))
		return true;
	demo_put(demo, fields, "duty", duty);
	demo_put_word(demo, fields, "to", "social-worker");
	if (!demo_do(demo, demo_actor(demo, "team-manager"), "duty.taken", concern->file, fields,
	             &answer, err))
		return false;
	concern->has_worker = answer.outcome == CASEBOOK_ADMITTED;
	return true;
}

static bool step_note(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	static const char *const NEXT[] = { "visit", "ask", "meet", "look-again" };
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	struct str state = demo_state(demo, concern);
	bool is_worked = str_eq(state, STR("assessing")) || str_eq(state, STR("protecting"));
	(void)n;
	if ((!is_worked && !str_eq(state, STR("helped"))) ||
	    (is_worked && demo_owed(demo, concern, "T07").n))
		return true;
	if (is_worked && !pass_on(demo, concern, err))
		return false;
	const char *office = !is_worked            ? "screener"
	                     : concern->has_worker ? "social-worker"
	                                           : "team-manager";
	demo_put_word(demo, fields, "topic", "visit");
	demo_put_word(demo, fields, "next", NEXT[demo_below(demo, COUNT_OF(NEXT))]);
	demo_put(demo, fields, "text", demo_fill(demo, concern, demo_note_words(demo->random)));
	return demo_do(demo, demo_actor(demo, office), "note.made", concern->file, fields, &answer,
	               err);
}

void demo_decide_again(struct demo *demo, struct demo_concern *concern)
{
	instant decided = demo_work(demo, casebook_now(demo->book), demo_between(demo, 200, 600));
	instant told = demo_work(demo, decided, demo_between(demo, 60, 300));
	demo_at(demo, decided, step_settle, concern, 1);
	demo_at(demo, told, step_tell, concern, 1);
	demo_at(demo, demo_work(demo, told, demo_between(demo, 300, 1200)), step_close, concern, 0);
}

/* What was told after the decision is read by whoever is on duty, day or night. */
static bool step_look_again(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	const struct casebook_actor *actor = demo_on_duty(demo);
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	(void)n;
	if (!demo_owed(demo, concern, "T03").n)
		return true;
	if (!demo_read(demo, actor, concern->first, err))
		return false;
	demo_put_word(demo, fields, "danger", "none-found");
	demo_put_codes(demo, fields, "checked", "own-files");
	demo_judge_harm(demo, concern, fields);
	demo_put_word(demo, fields, "basis", "Read with what was told before. The plan holds.");
	return demo_do(demo, actor, "concern.looked", concern->file, fields, &answer, err);
}

#define READ_AGAIN_MINUTES 95

static bool step_add(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	const struct demo_story *story = concern->story;
	bool is_anew = n || str_eq(demo_state(demo, concern), STR("closing"));
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	const char *words =
		n || !story->more ? "It has begun again. I thought you should know." : story->more;
	const struct casebook_actor *actor =
		story->way == DEMO_OFFICE ? demo_actor(demo, story->office) : &PERSON;
	if (!concern->file.n || (n && !demo_is_closed(demo, concern)))
		return true;
	demo_put_word(demo, fields, "source", story->source);
	demo_put(demo, fields, "words", demo_fill(demo, concern, words));
	if (!demo_do(demo, actor, "concern.added", concern->file, fields, &answer, err))
		return false;
	demo_at(demo, casebook_now(demo->book) + READ_AGAIN_MINUTES * INSTANT_PER_MINUTE,
	        step_look_again, concern, 0);
	if (is_anew && answer.outcome == CASEBOOK_ADMITTED)
		demo_decide_again(demo, concern);
	return true;
}

/* --- it closes ------------------------------------------------------------------------------ */

/* Told first; a colleague who still owes something is waited for. */
static bool owes_before_closing(struct demo *demo, const struct demo_concern *concern)
{
	static const char *const RULES[] = { "T02", "T03", "T04", "T05", "T06", "T07",
		                             "T10", "T12", "T88", "T90", "T96" };
	for (size_t i = 0; i < COUNT_OF(RULES); i++) {
		if (demo_owed(demo, concern, RULES[i]).n)
			return true;
	}
	return false;
}

static bool step_close(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	int64_t decision = demo_newest(demo, concern, "concern.decided");
	if (concern->file.n && n < 24 && demo_owed(demo, concern, "R01").n) {
		/* what was decided waits for a second reader, who may be later than was planned */
		demo_at(demo, demo_work(demo, casebook_now(demo->book), 480), step_close, concern,
		        n + 1);
		return true;
	}
	if (!str_eq(demo_state(demo, concern), STR("closing")) || decision < 0)
		return true;
	if (owes_before_closing(demo, concern)) {
		if (n < 24)
			demo_at(demo, demo_work(demo, casebook_now(demo->book), 960), step_close,
			        concern, n + 1);
		return n % 4 == 3 ? step_tell(demo, concern, 1, err) : true;
	}
	if (!demo_see_on_concern(demo, concern, err))
		return false;
	demo_put_word(demo, fields, "closing", "done");
	json_put_integer(demo->act, fields, STR("decision"), decision);
	if (!demo_do(demo, demo_other(demo, concern, "screener", "concern.decided"),
	             "concern.closed", concern->file, fields, &answer, err))
		return false;
	want_second(demo, concern, &answer);
	return true;
}

void demo_schedule(struct demo *demo, struct demo_concern *concern)
{
	const struct demo_plan *plan = &concern->plan;
	bool looks_whole = concern->story->outcome <= DEMO_HELP;
	demo_at(demo, plan->received, step_receive, concern, 0);
	demo_at(demo, plan->looked, step_look, concern, LOOK_FIRST);
	demo_at(demo, plan->acknowledged, step_acknowledge, concern, 0);
	for (int i = 0; i < DEMO_ASKS && plan->asks[i].office; i++)
		demo_at(demo, plan->asked, step_ask, concern, i);
	demo_at(demo, plan->refused, step_refused, concern, 0);
	if (looks_whole)
		demo_at(demo, plan->decided, step_look, concern, LOOK_WHOLE);
	demo_at(demo, plan->decided, step_decide, concern, 0);
	demo_at(demo, plan->taken, concern->story->outcome == DEMO_ASSESS ? step_assess : step_take,
	        concern, 0);
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
