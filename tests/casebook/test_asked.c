/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Smaller points of docs/asked.md, by their numbers there. The stories are in test_stories.c. */
#include "casebook/fixture.h"

static struct casebook_duty duty_of(struct fixture *f, struct str file, const char *rule)
{
	struct casebook_duty_list list;
	struct casebook_file found = file_named(f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_duties_of_file(reader, f->arena, found.n, 100, &list, &f->err));
	for (size_t i = 0; i < list.count; i++) {
		if (str_eq(list.at[i].rule, str_from_c(rule)))
			return list.at[i];
	}
	fail_msg("nothing is or was owed under %s", rule);
	return list.at[0];
}

static size_t entries_of(struct fixture *f, struct str file, const char *kind,
                         const struct casebook_entry **out)
{
	size_t count, n = 0;
	const struct casebook_entry *entries;
	struct casebook_file found = file_named(f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_entries(reader, f->arena, found.n, -1, 1000, &entries, &count, &f->err));
	struct casebook_entry *some = arena_alloc(f->arena, count, sizeof *some);
	for (size_t i = 0; i < count; i++) {
		if (str_eq(entries[i].kind, str_from_c(kind)))
			some[n++] = entries[i];
	}
	*out = some;
	return n;
}

static void two_corrections_of_one_thing_both_stand(void **state) /* 6 */
{
	struct fixture *f = *state;
	const struct casebook_entry *found;
	struct person one = person(f, "amara", "screener"), two = person(f, "priya", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_answer looked = admitted(f, &one.actor, "concern.looked", concern.file,
	                                         fields_of(f, "{'danger':'possible','checked':['own-files']}"));
	static const char *const values[] = { "none-found", "now" };
	const struct person *who[] = { &one, &two };
	for (size_t i = 0; i < 2; i++) {
		struct json *fields = json_object(f->arena);
		json_put_integer(f->arena, fields, STR("of"), looked.index);
		json_put_text(f->arena, fields, STR("field"), STR("danger"));
		json_put_text(f->arena, fields, STR("value"), str_from_c(values[i]));
		json_put_text(f->arena, fields, STR("why"), STR("mistyped"));
		admitted(f, &who[i]->actor, "entry.corrected", concern.file, fields);
	}
	/* Both, in their order, each with its writer; and what was first written is as it was. */
	assert_int_equal(entries_of(f, concern.file, "entry.corrected", &found), 2);
	for (size_t i = 0; i < 2; i++) {
		assert_true(str_eq(json_text(found[i].plain, STR("value")), str_from_c(values[i])));
		assert_true(str_eq(found[i].account, who[i]->account));
	}
	assert_int_equal(entries_of(f, concern.file, "concern.looked", &found), 1);
	assert_true(str_eq(json_text(found[0].plain, STR("danger")), STR("possible")));
}

static void what_is_done_reminds_nobody_any_more(void **state) /* 12 */
{
	struct fixture *f = *state;
	const struct casebook_entry *climbs;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_duty look = duty_of(f, concern.file, "T03");
	size_t fired, told = 0;
	instant next;
	/* Late by an hour, and the first rung was told; then it is done. */
	later(f, 5 * INSTANT_PER_HOUR);
	MUST(f, casebook_climb(f->book, casebook_now(f->book), 100, &fired, &next, &f->err));
	admitted(f, &screener.actor, "concern.looked", concern.file,
	         fields_of(f, "{'danger':'none-found','checked':['own-files']}"));
	for (int day = 0; day < 60; day++) {
		later(f, INSTANT_PER_DAY);
		MUST(f, casebook_climb(f->book, casebook_now(f->book), 1000, &fired, &next, &f->err));
	}
	size_t count = entries_of(f, concern.file, "duty.climbed", &climbs);
	for (size_t i = 0; i < count; i++)
		told += str_eq(json_text(climbs[i].plain, STR("duty")), look.name);
	assert_int_equal(told, 1);
	assert_true(count > told); /* what is still owed went on */
	assert_false(duty_of(f, concern.file, "T03").is_open);
}

static void telling_that_it_arrived_decides_nothing(void **state) /* 15 */
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	admitted(f, &screener.actor, "concern.acknowledged", concern.file,
	         fields_of(f, "{'to':'referrer','how':'return-page','reply':'We have it.'}"));
	assert_false(duty_of(f, concern.file, "T02").is_open);
	assert_true(duty_of(f, concern.file, "T01").is_open);
	assert_true(duty_of(f, concern.file, "T03").is_open);
	assert_true(str_eq(file_named(f, concern.file).state_name, STR("received")));
}

/* --- what is told after the decision ---------------------------------------------------------- */

static bool is_owed(struct fixture *f, struct str file, const char *rule)
{
	struct casebook_duty_list list;
	struct casebook_file found = file_named(f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_duties_of_file(reader, f->arena, found.n, 100, &list, &f->err));
	for (size_t i = 0; i < list.count; i++) {
		if (list.at[i].is_open && str_eq(list.at[i].rule, str_from_c(rule)))
			return true;
	}
	return false;
}

static int64_t decide(struct fixture *f, const struct person *who, const struct casebook_answer *concern,
                      const char *decision)
{
	struct json *fields = json_object(f->arena), *evidence = json_array(f->arena);
	json_put_text(f->arena, fields, STR("threshold"), STR("2026"));
	json_put_text(f->arena, fields, STR("reasons"), STR("We spoke with them."));
	json_push(evidence, json_integer(f->arena, concern->index));
	json_put(fields, STR("evidence"), evidence);
	json_put_text(f->arena, fields, STR("decision"), str_from_c(decision));
	return admitted(f, &who->actor, "concern.decided", concern->file, fields).index;
}

/* Looked at, decided, told: nothing is owed but what comes next. */
static int64_t work_until_told(struct fixture *f, const struct person *who,
                               const struct casebook_answer *concern, const char *decision)
{
	admitted(f, &who->actor, "concern.looked", concern->file,
	         fields_of(f, "{'danger':'none-found','checked':['own-files','police','health','school']}"));
	admitted(f, &who->actor, "concern.acknowledged", concern->file,
	         fields_of(f, "{'to':'referrer','how':'phone'}"));
	int64_t decision_index = decide(f, who, concern, decision);
	admitted(f, &who->actor, "concern.told", concern->file, fields_of(f, "{'to':'referrer','how':'phone'}"));
	assert_false(is_owed(f, concern->file, "T03"));
	return decision_index;
}

static void write_again(struct fixture *f, const struct casebook_answer *concern, const char *fields)
{
	struct casebook_actor reporter = { .by = CASEBOOK_BY_PERSON };
	admitted(f, &reporter, "concern.added", concern->file, fields_of(f, fields));
}

static void words_that_came_after_the_decision_cannot_be_closed_over(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct json *fields = json_object(f->arena);
	int64_t decision = work_until_told(f, &screener, &concern, "advice");
	assert_true(str_eq(file_named(f, concern.file).state_name, STR("closing")));
	write_again(f, &concern, "{'source':'neighbour','words':'It got worse.'}");
	assert_true(str_eq(file_named(f, concern.file).state_name, STR("received")));
	assert_true(is_owed(f, concern.file, "T01"));
	assert_true(is_owed(f, concern.file, "T03"));
	json_put_integer(f->arena, fields, STR("decision"), decision);
	json_put_text(f->arena, fields, STR("closing"), STR("done"));
	struct casebook_answer answer = act(f, &screener.actor, "concern.closed", concern.file, fields);
	assert_int_equal(answer.outcome, CASEBOOK_REFUSED);
}

static void what_is_told_while_help_goes_on_is_read_as_soon_as_the_first_words(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	static const char *const DECISIONS[] = { "early-help", "assess", "strategy" };
	for (size_t i = 0; i < COUNT_OF(DECISIONS); i++) {
		struct casebook_answer concern = report(f, "He is alone at night.");
		(void)work_until_told(f, &screener, &concern, DECISIONS[i]);
		write_again(f, &concern, "{'source':'neighbour','words':'He hit me again.','danger-now':'no'}");
		assert_true(is_owed(f, concern.file, "T03"));
		struct casebook_duty look = duty_of(f, concern.file, "T03");
		assert_int_equal(look.due - look.opened_at, 4 * INSTANT_PER_HOUR);
	}
}

static void who_does_not_know_whether_there_is_danger_is_heard_like_at_first(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	admitted(f, &screener.actor, "concern.looked", concern.file,
	         fields_of(f, "{'danger':'none-found','checked':['own-files']}"));
	write_again(f, &concern, "{'source':'neighbour','words':'More.','danger-now':'no'}");
	assert_false(is_owed(f, concern.file, "T03")); /* the decision is still owed, and reads it */
	assert_true(is_owed(f, concern.file, "T01"));
	write_again(f, &concern, "{'source':'neighbour','words':'More.','danger-now':'unknown'}");
	assert_true(is_owed(f, concern.file, "T03"));
}

/* --- what the reporter is told was told ------------------------------------------------------- */

static void nothing_is_told_before_it_is_decided_nor_without_words(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	const struct json *told = fields_of(f, "{'to':'not-reachable','how':'none'}");
	struct casebook_answer answer = act(f, &screener.actor, "concern.told", concern.file, told);
	assert_int_equal(answer.outcome, CASEBOOK_REFUSED);
	(void)decide(f, &screener, &concern, "early-help");
	answer = act(f, &screener.actor, "concern.told", concern.file,
	             fields_of(f, "{'to':'referrer','how':'return-page'}"));
	assert_int_equal(answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(answer.err.code, ERR_INPUT);
	assert_true(is_owed(f, concern.file, "T06"));
	admitted(f, &screener.actor, "concern.told", concern.file,
	         fields_of(f, "{'to':'referrer','how':'return-page','reply':'Help begins on Monday.'}"));
	assert_false(is_owed(f, concern.file, "T06"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(two_corrections_of_one_thing_both_stand),
		PROVES(what_is_done_reminds_nobody_any_more),
		PROVES(telling_that_it_arrived_decides_nothing),
		PROVES(words_that_came_after_the_decision_cannot_be_closed_over),
		PROVES(what_is_told_while_help_goes_on_is_read_as_soon_as_the_first_words),
		PROVES(nothing_is_told_before_it_is_decided_nor_without_words),
		PROVES(who_does_not_know_whether_there_is_danger_is_heard_like_at_first),
	};
	return PROVE(tests);
}
