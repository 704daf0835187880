/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Two who read the same and decide at the same moment: one decides, the other is told. */
#include "fixture.h"

static struct casebook_act deciding(struct fixture *f, const struct person *who,
                                    const struct casebook_answer *concern, const char *decision)
{
	struct str fields = arena_format(f->arena,
	                                 "{'decision':'%s','threshold':'1','evidence':[%" PRId64
	                                 "],'reasons':'Read by %.*s.'}",
	                                 decision, concern->index, STR_ARG(who->actor.office));
	return (struct casebook_act){
		.actor = who->actor,
		.via = CASEBOOK_WEB,
		.submission = arena_format(f->arena, "by %.*s", STR_ARG(who->account)),
		.kind = STR("concern.decided"),
		.file = concern->file,
		.fields = fields_of(f, fields.p),
		.has_seen = true,
		.seen = file_named(f, concern->file).last_entry,
	};
}

static struct casebook_answer sent(struct fixture *f, const struct casebook_act *what)
{
	struct casebook_answer answer;
	MUST(f, casebook_submit(f->book, what, f->arena, &answer, &f->err));
	return answer;
}

static void the_second_of_two_decisions_is_told_of_the_first(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener"), tomas = person(f, "tomas", "team-manager");
	struct casebook_answer concern = report(f, "He is alone at night."), answers[2];
	struct casebook_act acts[2] = { deciding(f, &amara, &concern, "assess"),
		                        deciding(f, &tomas, &concern, "advice") };
	/* In one turn, as they came. */
	MUST(f, casebook_submit_many(f->book, acts, 2, f->arena, answers, &f->err));
	fixture_must_admit(&answers[0], "concern.decided");
	assert_int_equal(answers[1].outcome, CASEBOOK_REFUSED);
	assert_int_equal(answers[1].since, answers[0].index);
	assert_true(answers[1].index > answers[0].index); /* L7: the refusal is an entry */
	/* Sent again, each is answered as it was. */
	struct casebook_answer again = sent(f, &acts[1]);
	assert_true(again.is_repeat);
	assert_int_equal(again.outcome, CASEBOOK_REFUSED);
	assert_int_equal(again.since, answers[0].index);
	assert_true(str_eq(again.sentence, answers[1].sentence));
	acts[0].seen = 0; /* what was seen is no part of what was sent */
	again = sent(f, &acts[0]);
	assert_true(again.is_repeat);
	assert_int_equal(again.index, answers[0].index);
	/* Whoever has read it decides after it. */
	acts[1].submission = STR("once more");
	acts[1].seen = file_named(f, concern.file).last_entry;
	again = sent(f, &acts[1]);
	fixture_must_admit(&again, "concern.decided");
}

static void without_what_was_seen_nothing_is_held_back(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener"), tomas = person(f, "tomas", "team-manager");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_act first = deciding(f, &amara, &concern, "assess");
	struct casebook_act second = deciding(f, &tomas, &concern, "advice");
	second.has_seen = false;
	struct casebook_answer answer = sent(f, &first);
	fixture_must_admit(&answer, "concern.decided");
	answer = sent(f, &second);
	fixture_must_admit(&answer, "concern.decided");
}

static void what_decides_nothing_stands_beside(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener"), tomas = person(f, "tomas", "team-manager");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_act decision = deciding(f, &tomas, &concern, "advice");
	struct casebook_act asking = decision;
	asking.kind = STR("concern.asked");
	asking.submission = STR("asked");
	asking.fields = fields_of(f, "{'office':'gp','urgent':false,'lawful-basis':'public-task',"
	                             "'question':'Known?'}");
	admitted(f, &amara.actor, "concern.asked", concern.file,
	         fields_of(f, "{'office':'dsl','urgent':false,'lawful-basis':'public-task',"
	                      "'question':'Known?'}"));
	struct casebook_answer answer = sent(f, &asking);
	fixture_must_admit(&answer, "concern.asked");
	answer = sent(f, &decision); /* nobody decided */
	fixture_must_admit(&answer, "concern.decided");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_second_of_two_decisions_is_told_of_the_first),
		PROVES(without_what_was_seen_nothing_is_held_back),
		PROVES(what_decides_nothing_stands_beside),
	};
	return PROVE(tests);
}
