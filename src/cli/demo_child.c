/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What follows on the child's own file: it is opened, a strategy discussion is
 * held or an assessment made, the child is seen, told, and the file closes
 * when nothing else about the child is open.
 */
#include "cli/demo_steps.h"

static demo_step step_say_which, step_see, step_circulate, step_check, step_complete, step_agree,
	step_share, step_tell_child, step_note_child;

/* The child's file in the place of the concern's, for what asks about a file. */
static struct demo_concern of_child(const struct demo_concern *concern)
{
	return (struct demo_concern){ .file = concern->child_file };
}

static bool is_child_owed(struct demo *demo, const struct demo_concern *concern, const char *rule)
{
	struct demo_concern child = of_child(concern);
	return child.file.n && demo_owed(demo, &child, rule).n;
}

static int64_t newest_of_child(struct demo *demo, const struct demo_concern *concern,
                               const char *kind)
{
	struct demo_concern child = of_child(concern);
	return child.file.n ? demo_newest(demo, &child, kind) : -1;
}

static bool is_child_closed(struct demo *demo, const struct demo_concern *concern)
{
	struct demo_concern child = of_child(concern);
	return demo_is_closed(demo, &child);
}

static void after(struct demo *demo, int64_t least, int64_t most, demo_step *step,
                  struct demo_concern *concern)
{
	demo_at(demo, demo_work(demo, casebook_now(demo->book), demo_between(demo, least, most)),
	        step, concern, 0);
}

static bool do_on_child(struct demo *demo, const struct demo_concern *concern, const char *office,
                        const char *kind, const struct json *fields, struct casebook_answer *answer,
                        struct err *err)
{
	return demo_do(demo, demo_actor(demo, office), kind, concern->child_file, fields, answer,
	               err);
}

/* --- the file ------------------------------------------------------------------------------- */

/* One that another concern about this child has opened, and that is open still. */
static struct str file_there(struct demo *demo, const struct demo_concern *concern)
{
	for (size_t i = 0; i < demo->concern_count; i++) {
		const struct demo_concern *other = &demo->concerns[i];
		if (other->child == concern->child && other->child_file.n &&
		    !is_child_closed(demo, other))
			return other->child_file;
	}
	return STR_NONE;
}

static struct json *put_person(struct demo *demo, const struct demo_concern *concern)
{
	struct json *fields = json_object(demo->act), *names = json_array(demo->act);
	struct json *home = json_array(demo->act);
	struct day today = zone_day(demo->calendar->zone, demo->start);
	demo_put(demo, fields, "concern", concern->number);
	demo_put_word(demo, fields, "birth-known", "month");
	demo_put(demo, fields, "born",
	         arena_format(demo->act, "%04d-03", today.year - concern->child->age));
	json_push(names, json_string(demo->act, arena_format(demo->act, "%.*s %.*s",
	                                                     STR_ARG(concern->child->first),
	                                                     STR_ARG(concern->home->family))));
	json_push(home, json_string(demo->act, concern->home->address));
	json_put(fields, STR("names"), names);
	json_put(fields, STR("home"), home);
	return fields;
}

/* That a concern is about a child who is known already: where harm is possible a second office
 * agrees. */
static bool link_to_child(struct demo *demo, const struct demo_concern *concern, struct err *err)
{
	struct json *fields = json_object(demo->act), *agreed = json_object(demo->act);
	struct casebook_answer answer;
	demo_put(demo, fields, "about", concern->child_file);
	if (!demo_do(demo, demo_actor(demo, "team-manager"), "link.made", concern->file, fields,
	             &answer, err))
		return false;
	if (answer.outcome != CASEBOOK_WAITING)
		return true;
	json_put_integer(demo->act, agreed, STR("of"), answer.index);
	demo_put_word(demo, agreed, "answer", "yes");
	demo_put_word(demo, agreed, "reasons", "It is this child: name, street and school agree.");
	return demo_do(demo, demo_actor(demo, "service-manager"), "second.given", concern->file,
	               agreed, &answer, err);
}

/* The child's file, opened where there is none, and the concern linked to it. */
static bool need_file(struct demo *demo, struct demo_concern *concern, const char *office,
                      struct err *err)
{
	struct casebook_answer answer;
	if (concern->child_file.n && !is_child_closed(demo, concern))
		return true;
	concern->child_file = file_there(demo, concern);
	if (concern->child_file.n)
		return link_to_child(demo, concern, err);
	if (!demo_do(demo, demo_actor(demo, office), "person.opened", STR_NONE,
	             put_person(demo, concern), &answer, err))
		return false;
	if (answer.outcome == CASEBOOK_ADMITTED)
		concern->child_file = arena_copy(demo->arena, answer.file);
	demo_at(demo, demo_work(demo, casebook_now(demo->book), 180), step_say_which, concern, 0);
	return true;
}

/* Somebody else says that the file is that of the child whom the concern is about. */
static bool step_say_which(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct casebook_answer answer;
	(void)n;
	if (!is_child_owed(demo, concern, "T100"))
		return true;
	struct json *fields = json_object(demo->act);
	demo_put_word(demo, fields, "answer", "yes");
	demo_put_word(demo, fields, "reasons", "It is this child: name, street and school agree.");
	return do_on_child(demo, concern, "service-manager", "child.agreed", fields, &answer, err);
}

/* --- a strategy discussion ------------------------------------------------------------------ */

/* What each of the three that must be there decides. */
static void put_decisions(struct demo *demo, struct json *fields)
{
	static const char *const OFFICES[] = { "team-manager", "police-sergeant", "named-nurse",
		                               "dsl" };
	struct json *rows = json_array(demo->act);
	for (size_t i = 0; i < COUNT_OF(OFFICES); i++) {
		struct json *row = json_object(demo->act);
		demo_put_word(demo, row, "office", OFFICES[i]);
		demo_put_word(demo, row, "decision", "no-enquiry");
		json_push(rows, row);
	}
	json_put(fields, STR("decisions"), rows);
}

bool step_hold(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct casebook_answer answer;
	(void)n;
	if (!concern->file.n ||
	    (!demo_owed(demo, concern, "T12").n && !is_child_owed(demo, concern, "T12")))
		return true;
	if (!need_file(demo, concern, "team-manager", err))
		return false;
	struct json *fields = json_object(demo->act);
	demo_put(demo, fields, "concern", concern->number);
	demo_put_codes(demo, fields, "present", "team-manager police-sergeant named-nurse dsl");
	demo_put_word(demo, fields, "decision", "no-enquiry");
	put_decisions(demo, fields);
	json_put_bool(demo->act, fields, STR("medical"), false);
	demo_put_word(demo, fields, "offence-considered", "none-seen");
	json_put_bool(demo->act, fields, STR("siblings-considered"), true);
	demo_put_word(demo, fields, "discussion",
	              "Council, police and health. All three shared what they have.");
	demo_put(demo, fields, "plan",
	         demo_fill(demo, concern,
	                   "{child} is seen alone, at school, before anybody at home is told."));
	if (!do_on_child(demo, concern, "team-manager", "strategy.held", fields, &answer, err))
		return false;
	after(demo, 60, 400, step_circulate, concern);
	after(demo, 90, 700, step_see, concern);
	return true;
}

static bool step_circulate(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	(void)n;
	if (!is_child_owed(demo, concern, "T13"))
		return true;
	demo_put_codes(demo, fields, "to", "team-manager police-sergeant named-nurse dsl");
	return do_on_child(demo, concern, "team-manager", "strategy.circulated", fields, &answer,
	                   err);
}

/* --- an assessment -------------------------------------------------------------------------- */

bool step_assess(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct casebook_answer answer;
	(void)n;
	if (!demo_owed(demo, concern, "T07").n)
		return true;
	if (!need_file(demo, concern, "team-manager", err))
		return false;
	struct json *fields = json_object(demo->act);
	demo_put(demo, fields, "concern", concern->number);
	demo_put_word(demo, fields, "under", "s17");
	demo_put(demo, fields, "referral-received",
	         instant_write(demo->act, concern->plan.received));
	demo_put_word(demo, fields, "worker", "social-worker");
	if (!do_on_child(demo, concern, "team-manager", "assessment.opened", fields, &answer, err))
		return false;
	after(demo, 400, 1900, step_see, concern);
	after(demo, 4800, 6600, step_check, concern);
	after(demo, 5800, 12000, step_complete, concern);
	return true;
}

static struct json *seen_fields(struct demo *demo)
{
	struct json *fields = json_object(demo->act);
	demo_put_word(demo, fields, "contact", "seen-alone");
	demo_put_word(demo, fields, "where", "school");
	json_put_bool(demo->act, fields, STR("alone"), true);
	json_put_bool(demo->act, fields, STR("spoke"), true);
	demo_put_word(demo, fields, "words", "I like it when somebody asks me.");
	return fields;
}

static bool step_see(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct casebook_answer answer;
	(void)n;
	if (!concern->child_file.n || is_child_closed(demo, concern))
		return true;
	return do_on_child(demo, concern, "team-manager", "child.seen", seen_fields(demo), &answer,
	                   err) &&
	       (demo_at(demo, demo_work(demo, casebook_now(demo->book), 4300), step_note_child,
	                concern, 0),
	        true);
}

bool demo_see_on_concern(struct demo *demo, struct demo_concern *concern, struct err *err)
{
	const struct demo_story *story = concern->story;
	struct casebook_answer answer;
	bool is_sign = str_eq(str_from_c(story->sign), STR("yes"));
	int64_t added = demo_newest(demo, concern, "concern.added");
	int64_t told = added < concern->first ? concern->first : added;
	if ((!is_sign && story->outcome < DEMO_STRATEGY) ||
	    demo_newest(demo, concern, "child.seen") > told ||
	    newest_of_child(demo, concern, "child.seen") > told)
		return true;
	return demo_do(demo, demo_actor(demo, "team-manager"), "child.seen", concern->file,
	               seen_fields(demo), &answer, err);
}

static bool step_check(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	(void)n;
	if (!is_child_owed(demo, concern, "T09"))
		return true;
	json_put_bool(demo->act, fields, STR("on-course"), true);
	json_put_bool(demo->act, fields, STR("sooner-needed"), false);
	demo_put_word(demo, fields, "advice", "See the child once more, and ask the school.");
	return do_on_child(demo, concern, "service-manager", "assessment.checked", fields, &answer,
	                   err);
}

static bool step_complete(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	int64_t seen = newest_of_child(demo, concern, "child.seen");
	struct json *heard = json_array(demo->act);
	(void)n;
	if (seen < 0 || !demo_owed(demo, concern, "T10").n || is_child_closed(demo, concern))
		return true;
	demo_put_word(demo, fields, "outcome", "early-help");
	json_put_bool(demo->act, fields, STR("harm"), false);
	json_put_integer(demo->act, fields, STR("child-seen"), seen);
	json_put_integer(demo->act, fields, STR("child-view"), seen);
	json_push(heard, json_string(demo->act, STR("dsl")));
	json_push(heard, json_string(demo->act, STR("gp")));
	json_put(fields, STR("agencies-heard"), heard);
	json_put_bool(demo->act, fields, STR("siblings-looked-at"), true);
	demo_put_word(demo, fields, "analysis",
	              "The help that the family chose fits what the child asks for.");
	demo_put_word(demo, fields, "facts", "Seen at home and at school, each time alone.");
	demo_put_word(demo, fields, "view", "The child wants it to stay quiet in the evening.");
	if (!do_on_child(demo, concern, "social-worker", "assessment.completed", fields, &answer,
	                 err))
		return false;
	if (answer.outcome == CASEBOOK_WAITING)
		after(demo, 30, 420, step_agree, concern);
	return true;
}

static bool step_agree(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	int64_t of = newest_of_child(demo, concern, "act.waiting");
	(void)n;
	if (of < 0 || !is_child_owed(demo, concern, "R01"))
		return true;
	json_put_integer(demo->act, fields, STR("of"), of);
	demo_put_word(demo, fields, "answer", "yes");
	demo_put_word(demo, fields, "reasons", "Read whole. I agree.");
	if (!do_on_child(demo, concern, "team-manager", "second.given", fields, &answer, err))
		return false;
	after(demo, 200, 1500, step_share, concern);
	return true;
}

static bool step_share(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	(void)n;
	if (!is_child_owed(demo, concern, "T11"))
		return true;
	demo_put_codes(demo, fields, "to", "child parents referrer");
	if (!do_on_child(demo, concern, "social-worker", "outcome.shared", fields, &answer, err))
		return false;
	after(demo, 200, 1500, step_tell_child, concern);
	return true;
}

static bool step_tell_child(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	int64_t what = newest_of_child(demo, concern, "assessment.completed");
	(void)n;
	if (what < 0 || !is_child_owed(demo, concern, "T87"))
		return true;
	json_put_integer(demo->act, fields, STR("what"), what);
	demo_put_word(demo, fields, "how", "talk");
	demo_put_word(demo, fields, "understood", "yes");
	return do_on_child(demo, concern, "social-worker", "child.told", fields, &answer, err);
}

/* --- as long as it is open ------------------------------------------------------------------ */

/* What adds up is looked at by whoever owes that. */
static bool consider(struct demo *demo, struct demo_concern *concern, struct err *err)
{
	struct demo_concern child = of_child(concern);
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	struct str office, duty = demo_owed_by(demo, &child, "T90", &office);
	if (!duty.n)
		return true;
	const struct casebook_actor *actor = demo_actor(demo, str_to_c(demo->act, office));
	if (!actor)
		return true;
	demo_put(demo, fields, "pattern", duty);
	demo_put_word(demo, fields, "follows", "already-in-hand");
	json_put_integer(demo->act, fields, STR("in-hand"),
	                 newest_of_child(demo, concern, "child.seen"));
	demo_put_word(demo, fields, "reasons", "All of it is in the plan, and the child is seen.");
	return demo_do(demo, actor, "pattern.considered", concern->child_file, fields, &answer,
	               err);
}

/* A pattern of silence is broken by whoever owes the word. */
static bool speak(struct demo *demo, struct demo_concern *concern, struct err *err)
{
	struct demo_concern child = of_child(concern);
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	struct str office, duty = demo_owed_by(demo, &child, "T88", &office);
	const struct casebook_actor *actor =
		duty.n ? demo_actor(demo, str_to_c(demo->act, office)) : NULL;
	if (!actor)
		return true;
	demo_put_word(demo, fields, "knows", "yes");
	demo_put_word(demo, fields, "answer",
	              "We were slow, and have asked each of them again. All have spoken now.");
	return demo_do(demo, actor, "concern.answered", concern->child_file, fields, &answer, err);
}

static bool close_child(struct demo *demo, struct demo_concern *concern, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	demo_put_word(demo, fields, "closing", "done");
	demo_put_word(demo, fields, "told", "talk");
	demo_put_word(demo, fields, "reasons", "The plan is done, and the child says so too.");
	return do_on_child(demo, concern, "team-manager", "child.closed", fields, &answer, err);
}

/* Nothing about the child is open, and nothing is owed but a word of what is next. */
static bool may_close(struct demo *demo, const struct demo_concern *concern)
{
	static const char *const RULES[] = { "T07", "T08", "T09", "T10", "T11", "T12", "T13",
		                             "T87", "T88", "T90", "T44", "R01", "T96" };
	struct demo_concern child = of_child(concern);
	struct str state = demo_state(demo, &child);
	if (!str_eq(state, STR("known")) && !str_eq(state, STR("support")))
		return false;
	for (size_t i = 0; i < demo->concern_count; i++) {
		const struct demo_concern *other = &demo->concerns[i];
		if (other->file.n && str_eq(other->child_file, concern->child_file) &&
		    !demo_is_closed(demo, other))
			return false;
	}
	for (size_t i = 0; i < COUNT_OF(RULES); i++) {
		if (is_child_owed(demo, concern, RULES[i]))
			return false;
	}
	return true;
}

static bool step_note_child(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	(void)n;
	if (is_child_closed(demo, concern))
		return true;
	if (!consider(demo, concern, err) || !speak(demo, concern, err))
		return false;
	if (may_close(demo, concern))
		return close_child(demo, concern, err);
	after(demo, 4300, 4301, step_note_child, concern);
	if (is_child_owed(demo, concern, "T12"))
		return step_hold(demo, concern, 0, err);
	if (!is_child_owed(demo, concern, "T00"))
		return true;
	demo_put_word(demo, fields, "topic", "visit");
	demo_put_word(demo, fields, "next", "visit");
	demo_put(demo, fields, "text", demo_fill(demo, concern, demo_note_words(demo->random)));
	return do_on_child(demo, concern, "team-manager", "note.made", fields, &answer, err);
}
