/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Offices that nobody holds: who is told, and who owes to name a holder. L4 */
#include "casebook/changed_pack.h"
#include "casebook/owed.h"

static void hand_over(struct fixture *f, const struct person *by, struct str file, const char *rule, const char *to)
{
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("duty"), open_of(f, file, rule)->name);
	json_put_text(f->arena, fields, STR("to"), str_from_c(to));
	admitted(f, &by->actor, "duty.taken", file, fields);
}

static void climb(struct fixture *f, instant to)
{
	size_t fired;
	instant next;
	MUST(f, casebook_set_now(f->book, to, &f->err));
	MUST(f, casebook_climb(f->book, to, 1000, &fired, &next, &f->err));
	assert_true(fired > 0);
}

static void when_the_last_holder_leaves_somebody_owes_to_name_another_at_once(void **state)
{
	struct fixture *f = *state;
	struct person first = person(f, "amara", "screener"), second = person(f, "joel", "screener");
	person(f, "tomas", "team-manager");
	report(f, "He is alone at night.");
	struct str office = file_of_office(f, "screener");
	leave(f, &first);
	assert_null(open_of(f, office, "T94"));
	leave(f, &second);
	assert_non_null(open_of(f, office, "T94"));
	assert_true(str_eq(open_of(f, office, "T94")->office, STR("team-manager")));
	assert_true(str_eq(open_of(f, office, "R02")->office, STR("team-manager")));
	report(f, "He is alone again.");
	assert_int_equal(open_count_of(f, office, "T94"), 1);
}

static void an_office_that_owes_nothing_may_be_empty(void **state)
{
	struct fixture *f = *state;
	struct person nurse = person(f, "nadia", "named-nurse");
	leave(f, &nurse);
	assert_null(open_of(f, file_of_office(f, "named-nurse"), "T94"));
}

/* Named, gone and named again before the clock has moved: the last of the three counts. */
static void who_is_back_in_the_same_instant_holds_it(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	person(f, "tomas", "team-manager");
	MUST(f, casebook_set_now(f->book, FIXTURE_START + INSTANT_PER_HOUR, &f->err));
	struct person other = person(f, "joel", "screener");
	leave(f, &screener);
	leave(f, &other);
	hold(f, &other, "screener");
	report(f, "He is alone at night.");
	assert_null(open_of(f, file_of_office(f, "screener"), "T94"));
}

static void with_an_account_all_its_offices_are_left(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	hold(f, &screener, "edt");
	person(f, "tomas", "team-manager");
	report(f, "He is alone at night.");
	MUST(f, casebook_set_now(f->book, FIXTURE_START + 12 * INSTANT_PER_HOUR, &f->err));
	report(f, "He is alone, and it is late.");
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("account"), screener.account);
	admitted(f, &BY_REGISTER, "account.ended", STR("R-1"), fields);
	assert_non_null(open_of(f, file_of_office(f, "screener"), "T94"));
	assert_non_null(open_of(f, file_of_office(f, "edt"), "T94"));
}

static void a_duty_passed_to_an_empty_office_is_told(void **state)
{
	struct fixture *f = *state;
	struct person manager = person(f, "tomas", "team-manager");
	person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	assert_null(open_of(f, file_of_office(f, "edt"), "T94"));
	hand_over(f, &manager, concern.number, "T03", "edt");
	assert_non_null(open_of(f, file_of_office(f, "edt"), "T94"));
}

static void an_empty_office_that_is_told_of_a_late_duty_is_told_of_itself(void **state)
{
	struct fixture *f = *state;
	person(f, "amara", "screener");
	person(f, "sana", "service-manager");
	report(f, "He is alone at night.");
	struct str office = file_of_office(f, "team-manager");
	assert_null(open_of(f, office, "T94"));
	climb(f, FIXTURE_START + 5 * INSTANT_PER_HOUR);
	assert_non_null(open_of(f, office, "T94"));
	assert_true(str_eq(open_of(f, office, "R02")->office, STR("service-manager")));
}

static void where_nobody_is_held_the_administrators_office_is_told(void **state)
{
	struct fixture *f = *state;
	report(f, "He is alone at night.");
	struct str screener = file_of_office(f, "screener"), own = file_of_office(f, "register-administrator");
	assert_true(str_eq(open_of(f, screener, "R02")->office, STR("register-administrator")));
	assert_true(str_eq(open_of(f, own, "T94")->office, STR("partnership-manager")));
	assert_null(open_of(f, file_of_office(f, "ofsted-contact"), "T94"));
}

/* A concern that somebody screens until nothing but the rest duty is owed. */
static struct casebook_answer rest(struct fixture *f, const struct person *screener)
{
	struct casebook_answer concern = report(f, "He is alone at night.");
	admitted(f, &screener->actor, "concern.looked", concern.number,
	         fields_of(f, "{'danger':'none-found','checked':['own-files','police','health','school']}"));
	admitted(f, &screener->actor, "concern.acknowledged", concern.number,
	         fields_of(f, "{'to':'not-reachable','how':'none'}"));
	struct json *decided = (struct json *)(uintptr_t)fields_of(
		f, "{'decision':'early-help','threshold':'2026','reasons':'Help is wanted.'}");
	struct json *evidence = json_array(f->arena);
	json_push(evidence, json_integer(f->arena, concern.index));
	json_put(decided, STR("evidence"), evidence);
	admitted(f, &screener->actor, "concern.decided", concern.number, decided);
	admitted(f, &screener->actor, "concern.told", concern.number, fields_of(f, "{'to':'not-reachable','how':'none'}"));
	return concern;
}

static void each_of_those_who_owe_a_rest_duty_is_looked_at(void **state)
{
	struct fixture *f = *state;
	const struct text_change change = { "duties.yaml", "owed-by: office of the last entry\n",
		                            "owed-by: [office of the last entry, named-nurse, dsl]\n" };
	found_by(f, changed_all(f, "version: 0.2.0", &change, 1));
	struct person screener = person(f, "amara", "screener");
	person(f, "tomas", "team-manager");
	struct casebook_answer concern = rest(f, &screener);
	assert_int_equal(open_of(f, concern.number, "T00")->also_count, 2);
	assert_non_null(open_of(f, file_of_office(f, "named-nurse"), "T94"));
	assert_non_null(open_of(f, file_of_office(f, "dsl"), "T94"));
	assert_null(open_of(f, file_of_office(f, "screener"), "T94"));
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	assert_int_equal(open_count_of(f, file_of_office(f, "dsl"), "T94"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(who_is_back_in_the_same_instant_holds_it),
		PROVES(when_the_last_holder_leaves_somebody_owes_to_name_another_at_once),
		PROVES(an_office_that_owes_nothing_may_be_empty),
		PROVES(with_an_account_all_its_offices_are_left),
		PROVES(a_duty_passed_to_an_empty_office_is_told),
		PROVES(an_empty_office_that_is_told_of_a_late_duty_is_told_of_itself),
		PROVES(where_nobody_is_held_the_administrators_office_is_told),
		PROVES(each_of_those_who_owe_a_rest_duty_is_looked_at),
	};
	return PROVE(tests);
}
