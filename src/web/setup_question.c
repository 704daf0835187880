/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The questions of set-up after signing in, each on its page: names, calendar, agencies, shares,
 * rules. */
#include "web/setup.h"

#include "web/draft.h"

static bool tell_nothing(struct web_request *request, struct json *model, struct setup_round *round,
                         struct err *err)
{
	(void)request;
	(void)model;
	(void)round;
	(void)err;
	return true;
}

/* Monday is bit 0. */
static struct str weekend_words(struct arena *arena, unsigned weekend)
{
	static const char *const DAYS[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
		                            "Friday", "Saturday", "Sunday" };
	struct str words = STR("");
	for (size_t i = 0; i < COUNT_OF(DAYS); i++)
		if (weekend >> i & 1)
			words = arena_format(arena, "%.*s%s%s", STR_ARG(words),
			                     words.n ? " and " : "", DAYS[i]);
	return words.n ? words : STR("none");
}

static bool tell_calendar(struct web_request *request, struct json *model,
                          struct setup_round *round, struct err *err)
{
	struct arena *arena = request->arena;
	const struct pack_calendar *calendar = casebook_pack(site_book(request))->calendar;
	(void)round;
	(void)err;
	if (!calendar)
		return true;
	setup_put_fact(request, model, STR("Calendar of the rules"), calendar->name);
	setup_put_fact(request, model, STR("Days of each week on which nobody works"),
	               weekend_words(arena, calendar->weekend));
	setup_put_fact(request, model, STR("Bank holidays are known for"),
	               arena_format(arena, "%d to %d", calendar->published_first,
	                            calendar->published_last));
	if (calendar->office_to_minute > 0)
		setup_put_fact(
			request, model, STR("Office hours"),
			arena_format(arena, "%.*s to %.*s",
		                     STR_ARG(wording_time(arena, calendar->office_from_minute / 60,
		                                          calendar->office_from_minute % 60)),
		                     STR_ARG(wording_time(arena, calendar->office_to_minute / 60,
		                                          calendar->office_to_minute % 60))));
	return true;
}

static bool tell_shares(struct web_request *request, struct json *model, struct setup_round *round,
                        struct err *err)
{
	struct arena *arena = request->arena;
	struct casebook_upkeep care;
	(void)round;
	if (!casebook_upkeep(site_book(request), &care, err))
		return false;
	setup_put_fact(request, model, STR("Shares made"),
	               care.shares_made ? arena_format(arena, "%d", care.shares_made)
	                                : STR("none: make them by candour key split"));
	if (!care.shares_made)
		return true;
	setup_put_fact(request, model, STR("Needed together to rebuild the key"),
	               arena_format(arena, "%d", care.shares_needed));
	setup_put_fact(request, model, STR("Read back so far"),
	               arena_format(arena, "%d", care.shares_confirmed));
	return true;
}

static bool tell_rules(struct web_request *request, struct json *model, struct setup_round *round,
                       struct err *err)
{
	struct arena *arena = request->arena;
	const struct pack *pack = casebook_pack(site_book(request));
	(void)err;
	setup_put_fact(request, model, STR("Name"), pack->name);
	setup_put_fact(request, model, STR("Version"), pack->version);
	setup_put_fact(request, model, STR("Hash"), hash_hex(arena, &pack->hash));
	round->inset =
		arena_format(arena, "By adopting you agree that these %zu duties bind your offices",
	                     pack->duty_count);
	return true;
}

struct question {
	const char *name;
	const char *title;
	const char *lede;
	const char *choice;  /* the one answer that is asked for instead of fields; NULL: fields */
	const char *other;   /* the answer that stops here; NULL: a box to tick */
	const char *missing; /* when the choice was not made */
	const char *stop;    /* when the other was chosen */
	bool (*tell)(struct web_request *, struct json *, struct setup_round *, struct err *);
	int step;
};

static const struct question QUESTIONS[] = {
	{ .name = "names",
	  .title = "What are you called?",
	  .lede = "",
	  .tell = tell_nothing,
	  .step = 4 },
	{ .name = "calendar",
	  .title = "Do your offices work by this calendar?",
	  .lede = "What is owed in working days is counted by it.",
	  .choice = "Yes, they work by it",
	  .other = "No",
	  .missing = "Choose whether your offices work by this calendar",
	  .stop = "Then write a layer of the rules with your calendar and adopt it (candour pack adopt). Come back"
	          " after that: what you answered is kept",
	  .tell = tell_calendar,
	  .step = 5 },
	{ .name = "agencies",
	  .title = "Who takes part?",
	  .lede = "Write what each is called. Leave out those that take no part: council, police, health and a "
	          "scrutineer from outside always do.",
	  .tell = tell_nothing,
	  .step = 6 },
	{ .name = "shares",
	  .title = "Who keeps the shares of the key?",
	  .lede = "Whoever made this register was given the shares once, to be printed. Give each to another officer. "
	          "Some of them together rebuild a lost key, so that a lost disk loses no child\xE2\x80\x99s record.",
	  .tell = tell_shares,
	  .step = 7 },
	{ .name = "rules",
	  .title = "The rules of this register",
	  .lede = "",
	  .choice = "We have read them, and agree",
	  .missing = "Say that you agree, or leave this page: what you answered is kept",
	  .tell = tell_rules,
	  .step = 8 },
};

static const struct question *question_of(const struct web_request *request)
{
	struct str name = web_param(request, STR("question"));
	for (size_t i = 0; i < COUNT_OF(QUESTIONS); i++)
		if (str_eq(str_from_c(QUESTIONS[i].name), name))
			return &QUESTIONS[i];
	return NULL;
}

/* What is agreed to on this page. */
static struct str subject_of(struct web_request *request, const struct question *question)
{
	return str_eq(str_from_c(question->name), STR("calendar")) ? setup_calendar(request)
	                                                           : setup_rules(request);
}

static struct json *choice_of(struct web_request *request, const struct question *question,
                              const struct setup_answers *answers, const struct json *model)
{
	struct arena *arena = request->arena;
	struct json *choice = json_object(arena);
	struct str name = str_from_c(question->name), error = page_error_of(model, name);
	struct str given = site_choice(request, name);
	bool is_agreed =
		given.p ? str_eq(given, STR("yes"))
			: str_eq(setup_answer(answers, name), subject_of(request, question));
	json_put_text(arena, choice, STR("name"), name);
	json_put_text(arena, choice, STR("label"), str_from_c(question->title));
	json_put_text(arena, choice, STR("yes"), str_from_c(question->choice));
	json_put_text(arena, choice, STR("no"), str_from_c(question->other ? question->other : ""));
	json_put_text(arena, choice, STR("error"), error.p ? error : STR(""));
	json_put_bool(arena, choice, STR("is_yes"), is_agreed);
	json_put_bool(arena, choice, STR("is_no"), str_eq(given, STR("no")));
	return choice;
}

static void put_fields(struct web_request *request, const struct question *question,
                       const struct setup_answers *answers, struct json *model)
{
	for (size_t i = 0; i < answers->count; i++) {
		const struct casebook_particular *one = &answers->all[i];
		if (!setup_asks(str_from_c(question->name), one))
			continue;
		struct str given = site_choice(request, one->name);
		setup_put_field(request, model,
		                &(struct setup_field){
					.name = one->name,
					.label = one->label,
					.hint = setup_wants(one)
		                                        ? one->hint
		                                        : STR("Leave it empty if it takes no part"),
					.value = given.p ? given : setup_answer(answers, one->name),
					.look = SETUP_LINE });
	}
}

/* A page with what was found wrong in it, if anything was. */
static bool show(struct web_request *request, const struct question *question,
                 const struct setup_answers *answers, struct json *model, struct web_answer *answer,
                 struct err *err)
{
	struct setup_round round = { .lede = str_from_c(question->lede), .has_title = true };
	round.action = arena_format(request->arena, "/setup/%s", question->name);
	if (!question->tell(request, model, &round, err))
		return false;
	if (question->choice)
		round.choice = choice_of(request, question, answers, model);
	else
		put_fields(request, question, answers, model);
	return setup_ask(request, answer, model, &round, err);
}

static struct json *begin(struct web_request *request, const struct question *question)
{
	struct str page = arena_format(request->arena, "setup.%s", question->name);
	struct str back = question->step > 4 ? arena_format(request->arena, "/setup/%s",
	                                                    QUESTIONS[question->step - 5].name)
	                                     : STR("");
	return setup_begin(request, page, str_from_c(question->title), back, question->step);
}

static bool find(struct web_request *request, struct web_answer *answer,
                 const struct question **question, struct setup_answers *answers, struct err *err)
{
	*question = question_of(request);
	if (!*question)
		return err_set(err, ERR_ABSENT, "We cannot find that page");
	return setup_must_administer(request, answer, err) &&
	       setup_answers_load(request, answers, err);
}

bool setup_question_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	const struct question *question;
	struct setup_answers answers;
	if (!find(request, answer, &question, &answers, err))
		return err->code == ERR_NONE;
	return show(request, question, &answers, begin(request, question), answer, err);
}

/* --- taken -------------------------------------------------------------------------------------
 */

static void take_choice(struct web_request *request, const struct question *question,
                        struct setup_answers *answers, struct json *model)
{
	struct str name = str_from_c(question->name), given = site_choice(request, name);
	if (str_eq(given, STR("yes")))
		draft_set(answers->draft, name,
		          json_string(request->arena, subject_of(request, question)));
	else
		page_error(request, model, name,
		           str_from_c(question->other && str_eq(given, STR("no"))
		                              ? question->stop
		                              : question->missing));
}

static size_t letters(struct str text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++)
		n += ((unsigned char)text.p[i] & 0xC0) != 0x80;
	return n;
}

static void take_fields(struct web_request *request, const struct question *question,
                        struct setup_answers *answers, struct json *model)
{
	struct arena *arena = request->arena;
	for (size_t i = 0; i < answers->count; i++) {
		const struct casebook_particular *one = &answers->all[i];
		struct str given = site_choice(request, one->name);
		if (!setup_asks(str_from_c(question->name), one))
			continue;
		if (!given.n && setup_wants(one))
			page_error(request, model, one->name,
			           arena_format(arena, "Write: %.*s", STR_ARG(one->label)));
		else if (letters(given) > one->max)
			page_error(
				request, model, one->name,
				arena_format(arena,
			                     "%.*s must be %zu characters or fewer. You have %zu",
			                     STR_ARG(one->label), one->max, letters(given)));
		else if (given.n || one->text.n)
			draft_set(answers->draft, one->name,
			          json_string(arena, given.n ? given : STR("")));
		else
			draft_set(answers->draft, one->name, NULL);
	}
}

bool setup_question_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	const struct question *question;
	struct setup_answers answers;
	if (!find(request, answer, &question, &answers, err))
		return err->code == ERR_NONE;
	struct json *model = begin(request, question);
	if (question->choice)
		take_choice(request, question, &answers, model);
	else
		take_fields(request, question, &answers, model);
	if (json_is_true(model, STR("has_errors")))
		return show(request, question, &answers, model, answer, err);
	if (!setup_answers_save(&answers, err))
		return false;
	web_answer_redirect(answer, setup_next(&answers));
	return true;
}
