/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is owed, what is late, and the clock by hand. */
#include "cli/cli_fixture.h"

#define TOMORROW "2026-11-27T10:00:00Z"

static const struct json *duties(struct fixture *f, const char *option)
{
	if (option)
		must_run(f, "duties", drill(f), "--json", option);
	else
		must_run(f, "duties", drill(f), "--json");
	return json_of(f);
}

static const struct json *duty_of(const struct json *list, const char *rule)
{
	for (const struct json *row = list->first; row; row = row->next) {
		if (str_eq(json_text(row, STR("rule")), str_from_c(rule)))
			return row;
	}
	fail_msg("no duty %s", rule);
	return NULL;
}

static void a_new_register_owes_nothing(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(duties(f, NULL)->count, 0);
	must_run(f, "duties", drill(f));
	assert_true(says(f->words, "Nothing is owed"));
}

static void a_concern_is_owed_by_offices_until_instants(void **state)
{
	struct fixture *f = *state; /* L4 */
	(void)report(f, "He is alone at night.");
	const struct json *list = duties(f, NULL);
	const struct json *look = duty_of(list, "T03");
	assert_true(has_members(look, "rule file what office opened due late rung"));
	assert_int_equal(json_text(look, STR("file")).n, 26);
	assert_true(is_member_instant(look, "opened"));
	assert_true(is_member_instant(look, "due"));
	assert_true(str_eq(json_text(duty_of(list, "T01"), STR("office")), STR("screener")));
}

static void duties_are_listed_by_due_time(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	(void)report(f, "She has no coat.");
	instant before = INSTANT_MIN, due;
	for (const struct json *row = duties(f, NULL)->first; row; row = row->next) {
		assert_true(instant_read(json_text(row, STR("due")), &due));
		assert_true(due >= before);
		before = due;
	}
}

static void what_is_late_is_listed_alone(void **state)
{
	struct fixture *f = *state; /* L6 */
	(void)report(f, "He is alone at night.");
	assert_int_equal(duties(f, "--overdue")->count, 0);
	must_run(f, "clock", drill(f), "--until", TOMORROW);
	const struct json *late = duties(f, "--overdue");
	assert_true(late->count > 0);
	for (const struct json *row = late->first; row; row = row->next)
		assert_true(json_is_true(row, STR("late")));
	assert_true(json_number(duty_of(late, "T03"), STR("rung"), 0) > 0);
}

static void one_office_is_asked_alone(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	must_run(f, "duties", drill(f), "--json", "--office", "screener");
	const struct json *list = json_of(f);
	assert_true(list->count > 0);
	for (const struct json *row = list->first; row; row = row->next)
		assert_true(str_eq(json_text(row, STR("office")), STR("screener")));
}

static void the_clock_tells_how_far_it_ran_and_what_fired(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	must_run(f, "clock", drill(f), "--until", TOMORROW, "--json");
	const struct json *ran = json_of(f);
	assert_true(has_members(ran, "ran_to fired"));
	assert_true(str_eq(json_text(ran, STR("ran_to")), STR(TOMORROW)));
	assert_true(json_number(ran, STR("fired"), 0) > 0);
}

static void silence_climbs_to_somebody_outside(void **state)
{
	struct fixture *f = *state; /* L5 */
	(void)report(f, "He is alone at night.");
	must_run(f, "clock", drill(f), "--until", "2027-02-26T10:00:00Z");
	must_run(f, "show", drill(f), "C-1", "--as", "amara", "--office", "dcs", "--json");
	bool outside = false;
	for (const struct json *entry = json_member(json_of(f), STR("entries"))->first; entry; entry = entry->next) {
		const struct json *told = json_member(json_member(entry, STR("plain")), STR("told"));
		for (const struct json *office = told ? told->first : NULL; office; office = office->next)
			outside = outside || str_eq(office->string, STR("ofsted-contact"));
	}
	assert_true(outside);
}

static void the_reporter_sees_that_it_is_late(void **state)
{
	struct fixture *f = *state;
	const char *code = report(f, "He is alone at night.");
	must_run(f, "clock", drill(f), "--until", TOMORROW);
	must_run(f, "status", drill(f), code, "--json");
	const struct json *look = duty_of(json_member(json_of(f), STR("owed")), "T03");
	assert_true(json_is_true(look, STR("late")));
	assert_true(json_number(look, STR("rung"), 0) > 0);
}

static void the_reporter_reads_words_for_the_public(void **state)
{
	struct fixture *f = *state;
	const char *code = report(f, "He is alone at night.");
	must_run(f, "clock", drill(f), "--until", TOMORROW);
	must_run(f, "status", drill(f), code);
	assert_true(says(f->out, "Now: Your concern has arrived. A trained person reads it"));
	assert_true(says(f->out, "  A trained person reads it\n    by Duty team, Council, "));
	assert_false(says(f->out, "First look"));
	must_run(f, "status", drill(f), code, "--json");
	const struct json *look = duty_of(json_member(json_of(f), STR("owed")), "T03");
	assert_true(str_eq(json_text(look, STR("what")), STR("A trained person reads it")));
	assert_true(str_eq(json_text(look, STR("by")), STR("Duty team, Council")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_new_register_owes_nothing),
		PROVES(a_concern_is_owed_by_offices_until_instants),
		PROVES(duties_are_listed_by_due_time),
		PROVES(what_is_late_is_listed_alone),
		PROVES(one_office_is_asked_alone),
		PROVES(the_clock_tells_how_far_it_ran_and_what_fired),
		PROVES(silence_climbs_to_somebody_outside),
		PROVES(the_reporter_sees_that_it_is_late),
		PROVES(the_reporter_reads_words_for_the_public),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
