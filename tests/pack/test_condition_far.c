/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The condition language: forms of patterns, other files, duties, who acts. */
#include "condition_fixture.h"

/* --- forms of patterns -------------------------------------------------------------------------
 */

static void after_joins_a_first_and_a_then_within_the_period(void **state)
{
	struct fixture *f = *state;
	static const char TEXT[] =
		"{ after: { first: concern.asked, then: concern.looked, within: { days: 14 } } }";
	entry(f, own(f), "concern.looked", "2026-05-01T10:00:00Z", "{}");
	entry(f, own(f), "concern.asked", "2026-05-02T10:00:00Z", "{}");
	assert_false(holds(f, TEXT));
	entry(f, own(f), "concern.looked", "2026-05-20T10:00:00Z", "{}");
	assert_false(holds(f, TEXT));
	entry(f, own(f), "concern.asked", "2026-05-10T10:00:00Z", "{}"); /* paper found late */
	assert_true(holds(f, TEXT));
}

static void running_looks_at_the_last_of_several_kinds(void **state)
{
	struct fixture *f = *state;
	static const char TEXT[] =
		"{ running: { of: concern.looked, among: [concern.looked, concern.asked], times: 2 } }";
	entry(f, own(f), "concern.looked", "2026-05-01T10:00:00Z", "{}");
	assert_false(holds(f, TEXT));
	entry(f, own(f), "concern.told", "2026-05-01T10:00:00Z", "{}");
	entry(f, own(f), "concern.looked", "2026-05-01T10:00:00Z", "{}");
	assert_true(holds(f, TEXT));
	entry(f, own(f), "concern.asked", "2026-05-01T10:00:00Z", "{}");
	assert_false(holds(f, TEXT));
}

static void share_needs_enough_entries_and_one_that_prevails(void **state)
{
	struct fixture *f = *state;
	static const char TEXT[] =
		"{ share: { of: entries, from-one: agency, at-least: 80, among-at-least: 5, within: { months: 6 } } }";
	f->is_pattern = true;
	for (int i = 0; i < 4; i++)
		entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{}");
	assert_false(holds(f, TEXT));
	entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{}")->office =
		STR("named-nurse");
	assert_true(holds(f, TEXT));
	entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{}")->office =
		STR("police-officer");
	assert_false(holds(f, TEXT));
	entry(f, own(f), "duty.climbed", "2026-06-01T10:00:00Z", "{}")->by_register = true;
	assert_false(holds(f, TEXT));
}

static void silence_is_counted_for_each_agency_that_owes(void **state)
{
	struct fixture *f = *state;
	f->is_pattern = true;
	entry(f, own(f), "concern.received", "2026-03-01T10:00:00Z", "{}");
	entry(f, own(f), "concern.looked", "2026-06-10T10:00:00Z", "{}");
	assert_false(holds(f, "{ silent-for: { days: 60, by: anyone } }"));
	assert_true(holds(f, "{ silent-for: { days: 4, by: anyone } }"));
	assert_false(holds(f, "{ silent-for: { days: 60, by: agency } }"));
	duty(f, "T04", true, false, "named-nurse");
	assert_true(holds(f, "{ silent-for: { days: 60, by: agency } }"));
	entry(f, own(f), "concern.answered", "2026-06-10T10:00:00Z", "{}")->office =
		STR("icb-nurse");
	assert_false(holds(f, "{ silent-for: { days: 60, by: agency } }"));
	assert_true(holds(f, "{ silent-for: { days: 60, by: office } }"));
}

static void what_was_asked_within_the_period_is_no_silence_yet(void **state)
{
	struct fixture *f = *state;
	f->is_pattern = true;
	entry(f, own(f), "concern.received", "2026-03-01T10:00:00Z", "{}");
	entry(f, own(f), "concern.looked", "2026-06-10T10:00:00Z", "{}");
	duty(f, "T04", true, false, "named-nurse");
	own(f)->duties[0].started = at("2026-06-10T10:00:00Z");
	assert_false(holds(f, "{ silent-for: { days: 60, by: agency } }"));
	own(f)->duties[0].started = at("2026-03-02T10:00:00Z");
	assert_true(holds(f, "{ silent-for: { days: 60, by: agency } }"));
}

static void whoever_is_named_is_waited_for_until_a_later_word_says_otherwise(void **state)
{
	struct fixture *f = *state;
	static const char TEXT[] =
		"{ silent-for: { days: 60, by: office, named: { kind: concern.asked, where: { urgent: yes } } } }";
	f->is_pattern = true;
	assert_false(holds(f, TEXT));
	entry(f, own(f), "concern.asked", "2026-06-10T10:00:00Z",
	      "{\"office\":\"named-nurse\",\"urgent\":\"no\"}");
	assert_false(holds(f, TEXT));
	entry(f, own(f), "concern.asked", "2026-06-10T11:00:00Z",
	      "{\"office\":\"named-nurse\",\"urgent\":\"yes\"}");
	assert_true(holds(f, TEXT)); /* and it owes nothing */
	entry(f, own(f), "concern.looked", "2026-06-10T12:00:00Z", "{}")->office = STR("icb-nurse");
	assert_true(holds(f, TEXT));
	assert_false(holds(f, "{ silent-for: { days: 60, by: agency, named: { kind: concern.asked, where: { urgent: yes } } } }"));
	entry(f, own(f), "concern.answered", "2026-06-10T13:00:00Z", "{}")->office =
		STR("named-nurse");
	assert_false(holds(f, TEXT));
	assert_true(holds(f, "{ silent-for: { days: 2, by: office, named: concern.asked } }"));
	entry(f, own(f), "concern.asked", "2026-06-11T10:00:00Z",
	      "{\"office\":\"named-nurse\",\"urgent\":\"no\"}");
	assert_false(holds(f, "{ silent-for: { days: 2, by: office, named: { kind: concern.asked, where: { urgent: yes } } } }"));
}

static void who_is_named_is_read_from_one_kind(void **state)
{
	struct fixture *f = *state;
	f->is_pattern = true;
	assert_null(read_text(f, "{ silent-for: { days: 60, by: anyone, named: concern.asked } }"));
	assert_null(read_text(f, "{ silent-for: { days: 60, by: office, named: concern.told } }"));
	assert_null(read_text(f, "{ silent-for: { days: 60, by: office, named: [concern.asked, concern.told] } }"));
}

/* The same by the fields alone, for a page that shows who is waited for. */
static void who_is_named_is_told_without_a_world(void **state)
{
	struct fixture *f = *state;
	struct pack_naming naming[2];
	struct pack_pattern pattern = { 0 };
	const struct json *urgent = NULL, *calm = NULL;
	struct pack pack = *f->pack;
	f->is_pattern = true;
	pattern.when = read_text(
		f, "{ silent-for: { days: 60, by: office, named: { kind: concern.asked, where: { urgent: yes } } } }");
	assert_non_null(pattern.when);
	pack.patterns = &pattern;
	pack.pattern_count = 1;
	assert_int_equal(pack_namings(&pack, naming, 0), 0);
	assert_int_equal(pack_namings(&pack, naming, 2), 1);
	assert_true(str_eq(naming[0].kind->name, STR("concern.asked")));
	assert_true(str_eq(naming[0].office, STR("office")));
	assert_true(json_read(f->arena, STR("{\"office\":\"named-nurse\",\"urgent\":\"yes\"}"), 8, &urgent, &f->err));
	assert_true(json_read(f->arena, STR("{\"office\":\"named-nurse\",\"urgent\":\"no\"}"), 8, &calm, &f->err));
	assert_true(pack_naming_holds(&naming[0], urgent));
	assert_false(pack_naming_holds(&naming[0], calm));
}

static void a_silence_is_broken_by_the_first_word_behind_it(void **state)
{
	struct fixture *f = *state;
	static const char TEXT[] = "{ silent-for: { days: 60, by: anyone, broken: yes } }";
	f->is_pattern = true;
	assert_false(holds(f, TEXT));
	entry(f, own(f), "concern.received", "2026-03-01T10:00:00Z", "{}");
	assert_false(holds(f, TEXT));
	entry(f, own(f), "duty.climbed", "2026-05-01T10:00:00Z", "{}")->by_register = true;
	assert_false(holds(f, TEXT));
	entry(f, own(f), "concern.looked", "2026-05-20T10:00:00Z", "{}");
	assert_true(holds(f, TEXT));
	assert_false(holds(f, "{ silent-for: { days: 80, by: anyone, broken: yes } }"));
	entry(f, own(f), "duty.climbed", "2026-05-21T10:00:00Z", "{}")->by_register = true;
	assert_true(holds(f, TEXT));
	entry(f, own(f), "concern.looked", "2026-06-10T10:00:00Z", "{}");
	assert_false(holds(f, TEXT));
	assert_null(read_text(f, "{ silent-for: { days: 60, by: agency, broken: yes } }"));
}

static void ages_count_as_young_as_they_may_be(void **state)
{
	struct fixture *f = *state;
	act_of(f, NULL, "child", NULL);
	f->is_pattern = true;
	assert_true(holds(f, "{ age: { under: 1 } }"));
	assert_false(holds(f, "{ age: { at-least: 0 } }"));
	assert_false(holds(f, "{ turns-age: { years: 0 } }"));
	fact(f, "born", "2012-06");
	assert_true(holds(f, "{ age: { under: 14 } }"));
	assert_false(holds(f, "{ age: { at-least: 14 } }"));
	assert_true(holds(f, "{ age: { at-least: 13 } }"));
	f->world.now = at("2026-06-30T12:00:00Z");
	assert_true(holds(f, "{ age: { at-least: 14 } }"));
	assert_false(holds(f, "{ turns-age: { years: 14, months: 1 } }"));
	f->world.now = at("2026-07-29T23:00:00Z");
	assert_true(holds(f, "{ turns-age: { years: 14, months: 1 } }"));
	fact(f, "born", "2012-02"); /* perhaps the 29th, which 2026 lacks */
	f->world.now = at("2026-02-28T23:59:59Z");
	assert_false(holds(f, "{ turns-age: { years: 14 } }"));
	f->world.now = at("2026-03-01T00:00:00Z");
	assert_true(holds(f, "{ turns-age: { years: 14 } }"));
}

/* --- other files, duties, who acts --------------------------------------------------------------
 */

static void linked_counts_the_files_for_which_where_holds(void **state)
{
	struct fixture *f = *state;
	act_of(f, NULL, "child", NULL);
	assert_false(holds(f, "{ linked: { by: about, type: challenge } }"));
	link_file(f, "challenge", "h1")->state = 3;
	link_file(f, "concern", "c1");
	assert_true(holds(f, "{ linked: { by: about, type: challenge } }"));
	assert_false(holds(
		f,
		"{ linked: { by: about, type: challenge, where: { state: [raised, answered] } } }"));
	link_file(f, "challenge", "h2");
	assert_true(holds(
		f,
		"{ linked: { by: about, type: challenge, where: { state: [raised, answered] } } }"));
	assert_true(holds(f, "{ linked: { by: about, at-least: 3, at-most: 3 } }"));
	assert_true(holds(f, "{ linked: { by: about, type: episode, at-most: 0 } }"));
}

/* The act links itself by `about` to what its field child names. */
static void joins(struct fake_file *file, struct fake_file *other)
{
	file->links[file->link_count++] = other;
}

static void linked_apart_takes_those_that_are_joined_as_one(void **state)
{
	struct fixture *f = *state;
	static const char TWO[] = "{ linked: { by: named-in, apart: about, at-least: 2 } }";
	static const char THREE[] = "{ linked: { by: named-in, apart: about, at-least: 3 } }";
	act_of(f, NULL, "child", NULL);
	f->is_pattern = true;
	struct fake_file *child = link_file(f, "child", "p1"), *about = link_file(f, "concern", "c1");
	joins(about, child);
	assert_false(holds(f, TWO));
	struct fake_file *other = link_file(f, "concern", "c2");
	assert_true(holds(f, TWO));
	joins(other, child);
	assert_false(holds(f, TWO));
	link_file(f, "concern", "c3");
	assert_true(holds(f, TWO));
	assert_false(holds(f, THREE));
	/* Each way leads here to the same files: they count once. */
	assert_true(holds(f, "{ linked: { by: [named-in, about], apart: about, at-least: 2 } }"));
	assert_false(holds(f, "{ linked: { by: [named-in, about], apart: about, at-least: 3 } }"));
	assert_null(read_text(f, "{ linked: { by: [named-in, about], at-least: 2 } }"));
	f->is_pattern = false;
	assert_null(read_text(f, TWO));
}

static void linked_named_looks_at_what_the_act_names_alone(void **state)
{
	struct fixture *f = *state;
	static const char OPEN[] = "{ linked: { by: about, named: yes, where: { not: { state: [closed] } } } }";
	static const char ANY[] = "{ linked: { by: about, named: no, where: { not: { state: [closed] } } } }";
	act_of(f, "concern.received", "concern", "{\"child\":\"second\"}");
	link_file(f, "child", "first");
	assert_true(holds(f, ANY));
	assert_false(holds(f, OPEN));
	struct fake_file *second = link_file(f, "child", "second");
	assert_true(holds(f, OPEN));
	second->state = pack_state_find(second->type, STR("closed"));
	assert_false(holds(f, OPEN));
	assert_true(holds(f, ANY));
	act_of(f, NULL, "concern", NULL);
	assert_false(holds(f, "{ linked: { by: about, named: yes } }"));
	assert_null(read_text(f, "{ linked: { by: about, named: perhaps } }"));
}

static void past_two_hundred_and_fifty_six_links_the_bound_is_reached(void **state)
{
	struct fixture *f = *state;
	act_of(f, NULL, "child", NULL);
	for (int i = 0; i < COND_LINKS_MAX; i++)
		link_file(f, "concern", "c");
	assert_false(holds(f, "{ linked: { by: about, type: challenge } }"));
	link_file(f, "concern", "c");
	assert_true(holds(f, "{ linked: { by: about, type: challenge } }"));
}

static void one_file_shared_by_several_is_found(void **state)
{
	struct fixture *f = *state;
	static const char TEXT[] =
		"{ same-file: { by: named-in, type: concern, of: 2, within: { months: 3 } } }";
	act_of(f, NULL, "child", NULL);
	f->is_pattern = true;
	struct fake_file *concern = link_file(f, "concern", "c1");
	concern->links[concern->link_count++] = own(f);
	assert_false(holds(f, TEXT));
	struct fake_file *sister = &f->others[300];
	sister->id = "k2";
	sister->type = f->world.type;
	concern->links[concern->link_count++] = sister;
	assert_true(holds(f, TEXT));
}

static void a_duty_is_asked_by_rule_or_class(void **state)
{
	struct fixture *f = *state;
	assert_false(holds(f, "{ duty: { rule: T01, is: open } }"));
	duty(f, "T01", true, false, "screener");
	duty(f, "T03", false, false, "screener");
	assert_true(holds(f, "{ duty: { rule: [T02, T01], is: open } }"));
	assert_false(holds(f, "{ duty: { rule: T01, is: late } }"));
	assert_true(holds(f, "{ duty: { class: [guidance], is: open } }"));
	assert_false(holds(f, "{ duty: { class: [statute, norm], is: open } }"));
	assert_true(holds(f, "{ duty: { rule: T03, is: settled } }"));
	f->fake->owner = STR("dcs");
	assert_false(holds(f, "{ duty: { rule: T01, is: open, of: screener } }"));
	f->fake->owner = STR("screener");
	assert_true(holds(f, "{ duty: { rule: T01, is: open, of: screener } }"));
	own(f)->duties[0].is_late = true;
	assert_true(holds(f, "{ duty: { rule: T01, is: late } }"));
}

static void everybody_asked_has_answered_or_is_chased(void **state)
{
	struct fixture *f = *state;
	static const char TEXT[] =
		"{ asked-and-answered: { ask: concern.asked, answer: concern.answered, silent: T88 } }";
	assert_true(holds(f, TEXT));
	entry(f, own(f), "concern.answered", "2026-06-01T10:00:00Z", "{}")->office =
		STR("icb-nurse");
	entry(f, own(f), "concern.asked", "2026-06-01T11:00:00Z", "{\"office\":\"icb-nurse\"}");
	assert_false(holds(f, TEXT));
	duty(f, "T88", true, true, "police-duty-inspector");
	assert_false(holds(f, TEXT));
	duty(f, "T88", true, true, "named-nurse"); /* the head of health */
	assert_true(holds(f, TEXT));
	own(f)->duty_count = 0;
	entry(f, own(f), "concern.answered", "2026-06-01T12:00:00Z", "{}")->office =
		STR("icb-nurse");
	assert_true(holds(f, TEXT));
}

/* Each ask looks through the answers behind it; all of them together have one bound. */
static void looking_for_answers_has_its_bound(void **state)
{
	struct fixture *f = *state;
	static const char TEXT[] =
		"{ asked-and-answered: { ask: concern.asked, answer: concern.answered, silent: T88 } }";
	for (int i = 0; i < 250; i++)
		entry(f, own(f), "concern.asked", "2026-06-01T10:00:00Z",
		      "{\"office\":\"icb-nurse\"}");
	entry(f, own(f), "concern.answered", "2026-06-01T11:00:00Z", "{}")->office =
		STR("icb-nurse");
	for (int i = 0; i < 100; i++)
		entry(f, own(f), "concern.answered", "2026-06-01T12:00:00Z", "{}");
	assert_true(holds(f, TEXT));
	for (int i = 0; i < 40; i++)
		entry(f, own(f), "concern.answered", "2026-06-01T13:00:00Z", "{}");
	assert_false(holds(f, TEXT));
}

static void who_acts_is_asked_by_role(void **state)
{
	struct fixture *f = *state;
	act_of(f, "strategy.held", "child",
	       "{\"present\":[\"social-worker\",\"police-officer-2\"]}");
	assert_true(holds(f, "{ office: [edt, screener] }"));
	assert_false(holds(f, "{ office: edt }"));
	assert_true(holds(f, "{ office: { in: present, agencies: [council, police] } }"));
	assert_false(holds(f, "{ office: { in: present, agencies: [council, health] } }"));
	assert_true(holds(f, "{ office: { in: present, offices: [police-officer] } }"));
	assert_false(holds(f, "{ second: team-manager }"));
	f->fake->has_second = true;
	assert_true(holds(f, "{ second: team-manager }"));
	f->fake->owner = STR("dcs");
	assert_false(holds(f, "{ outside-line: { of: dcs } }"));
	f->fake->is_outside = true;
	assert_true(holds(f, "{ outside-line: { of: office of the first entry } }"));
}

static void who_acts_is_asked_what_they_held_since_it_was_told(void **state)
{
	static const char OF_ENTRY[] = "{ has-held: { of: { kind: concern.asked, field: office }, since: concern.asked } }";
	static const char OF_OWNER[] = "{ has-held: { of: office of the first entry, since: concern.asked } }";
	struct fixture *f = *state;
	f->fake->held = f->fake->owner = STR("dcs");
	f->fake->held_until = at("2026-05-20T10:00:00Z");
	assert_false(holds(f, OF_OWNER)); /* nothing was told: today counts */
	entry(f, own(f), "concern.asked", "2026-05-20T10:00:01Z", "{\"office\":\"edt\"}");
	assert_false(holds(f, OF_OWNER));
	entry(f, own(f), "concern.asked", "2026-05-22T10:00:00Z", "{\"office\":\"dcs\"}")->happened =
		at("2026-05-19T10:00:00Z");
	assert_true(holds(f, OF_OWNER));
	assert_true(holds(f, OF_ENTRY));
	entry(f, own(f), "concern.asked", "2026-05-23T10:00:00Z", "{\"office\":\"edt\"}");
	assert_false(holds(f, OF_ENTRY)); /* the newest says whom */
	f->fake->held_until = INSTANT_MAX;
	assert_true(holds(f, OF_OWNER));
	f->world.account = STR_NONE;
	assert_false(holds(f, OF_OWNER));
}

static void who_acts_is_asked_what_they_held_not_long_before(void **state)
{
	static const char TEXT[] =
		"{ has-held: { of: dcs, since: concern.asked, within: { months: 12 } } }";
	struct fixture *f = *state;
	f->fake->held = f->fake->owner = STR("dcs");
	entry(f, own(f), "concern.asked", "2026-05-20T10:00:00Z", "{\"office\":\"edt\"}");
	f->fake->held_until = at("2025-05-20T10:00:00Z");
	assert_true(holds(f, TEXT));
	f->fake->held_until = at("2025-05-18T10:00:00Z");
	assert_false(holds(f, TEXT));
	f->fake->held_until = INSTANT_MIN;
	assert_false(holds(f, TEXT));
}

static void what_somebody_held_is_asked_of_an_act_and_of_fields_that_name_offices(void **state)
{
	struct fixture *f = *state;
	assert_refused(f, "{ has-held: { of: { kind: concern.asked, field: words }, since: concern.asked } }",
	               "1:49: a condition: expected a field of that kind that names offices");
	assert_refused(f, "{ has-held: { of: dcs } }", "1:3: a condition: \"has-held\" has no \"since\"");
	f->is_pattern = true;
	assert_refused(f, "{ has-held: { of: dcs, since: concern.asked } }",
	               "1:13: a condition: nobody acts when a pattern is looked for");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(after_joins_a_first_and_a_then_within_the_period),
		PROVES(running_looks_at_the_last_of_several_kinds),
		PROVES(share_needs_enough_entries_and_one_that_prevails),
		PROVES(silence_is_counted_for_each_agency_that_owes),
		PROVES(what_was_asked_within_the_period_is_no_silence_yet),
		PROVES(whoever_is_named_is_waited_for_until_a_later_word_says_otherwise),
		PROVES(who_is_named_is_read_from_one_kind),
		PROVES(who_is_named_is_told_without_a_world),
		PROVES(a_silence_is_broken_by_the_first_word_behind_it),
		PROVES(ages_count_as_young_as_they_may_be),
		PROVES(linked_counts_the_files_for_which_where_holds),
		PROVES(linked_apart_takes_those_that_are_joined_as_one),
		PROVES(linked_named_looks_at_what_the_act_names_alone),
		PROVES(past_two_hundred_and_fifty_six_links_the_bound_is_reached),
		PROVES(one_file_shared_by_several_is_found),
		PROVES(a_duty_is_asked_by_rule_or_class),
		PROVES(everybody_asked_has_answered_or_is_chased),
		PROVES(looking_for_answers_has_its_bound),
		PROVES(who_acts_is_asked_by_role),
		PROVES(who_acts_is_asked_what_they_held_since_it_was_told),
		PROVES(who_acts_is_asked_what_they_held_not_long_before),
		PROVES(what_somebody_held_is_asked_of_an_act_and_of_fields_that_name_offices),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
