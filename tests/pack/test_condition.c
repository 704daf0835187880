/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The condition language: each form read from YAML and asked of a small world. */
#include "condition_fixture.h"

/* --- fields, facts, joins ----------------------------------------------------------------------
 */

static void a_field_is_tested_by_its_codes(void **state)
{
	struct fixture *f = *state;
	act_of(f, "concern.received", "concern",
	       "{\"harm-sign\":\"yes\",\"harm\":[\"neglect\",\"sexual\"],\"age-said\":14}");
	assert_true(holds(f, "{ field: { harm-sign: yes } }"));
	assert_true(holds(f, "{ harm-sign: [no, yes] }"));
	assert_false(holds(f, "{ harm-sign: [no, unknown] }"));
	assert_true(holds(f, "{ harm: [sexual, trafficking] }"));
	assert_false(holds(f, "{ harm: trafficking }"));
	assert_true(holds(f, "{ age-said: { at-least: 14, at-most: 14 } }"));
	assert_false(holds(f, "{ age-said: { at-least: 15 } }"));
	assert_true(holds(f, "{ age-said: 14 }"));
}

static void an_absent_value_fails_every_test_but_absent(void **state)
{
	struct fixture *f = *state;
	act_of(f, "concern.received", "concern", "{\"harm\":[]}");
	assert_false(holds(f, "{ harm-sign: [yes, no, unknown] }"));
	assert_false(holds(f, "{ age-said: { at-most: 99 } }"));
	assert_false(holds(f, "{ harm: present }"));
	assert_true(holds(f, "{ harm: absent, harm-sign: absent }"));
	assert_true(holds(f, "{ not: { harm-sign: yes } }"));
}

static void a_fact_is_tested_by_its_value(void **state)
{
	struct fixture *f = *state;
	assert_true(holds(f, "{ fact: { harm-sign: absent } }"));
	fact(f, "harm-sign", "yes");
	assert_true(holds(f, "{ fact: { harm-sign: yes, danger: absent } }"));
	assert_true(holds(f, "{ harm-sign: [yes, no] }"));
	assert_false(holds(f, "{ fact: { harm-sign: present, danger: present } }"));
}

static void the_short_form_means_the_acts_field_even_when_it_is_absent(void **state)
{
	struct fixture *f = *state;
	act_of(f, "concern.added", "concern", "{}");
	fact(f, "harm-sign", "yes");
	assert_false(holds(f, "{ harm-sign: yes }"));
	assert_true(holds(f, "{ fact: { harm-sign: yes } }"));
}

static void conditions_join_by_all_any_and_not(void **state)
{
	struct fixture *f = *state;
	fact(f, "harm-sign", "yes");
	assert_true(holds(f, "{ any: [{ danger: now }, { harm-sign: yes }] }"));
	assert_false(holds(f, "{ all: [{ danger: now }, { harm-sign: yes }] }"));
	assert_true(holds(f, "{ not: { all: [{ danger: now }, { harm-sign: yes }] } }"));
	assert_false(holds(
		f, "{ any: [{ danger: now }, { not: { harm-sign: yes } }], state: received }"));
	assert_true(holds(
		f,
		"{ any: [{ danger: now }, { all: [{ harm-sign: yes }, { not: { danger: now } }] }], state: received }"));
	assert_true(holds(f, "{ not: { any: [{ danger: now }, { not: { harm-sign: yes } }] } }"));
}

static void what_is_decided_is_not_asked_further(void **state)
{
	struct fixture *f = *state;
	fact(f, "harm-sign", "yes");
	assert_true(holds(f, "{ any: [{ harm-sign: yes }, { has: concern.asked }] }"));
	assert_int_equal(f->fake->asked, 1);
	assert_false(holds(f, "{ harm-sign: no, has: concern.asked }"));
	assert_int_equal(f->fake->asked, 2);
}

static void state_and_file_are_those_before_the_act(void **state)
{
	struct fixture *f = *state;
	f->world.state = 1;
	assert_true(holds(f, "{ state: [received, gathering] }"));
	assert_false(holds(f, "{ state: closed }"));
	assert_true(holds(f, "{ file: [concern, child] }"));
	assert_false(holds(f, "{ file: child }"));
}

/* --- entries -----------------------------------------------------------------------------------
 */

static void has_and_lacks_look_for_an_entry(void **state)
{
	struct fixture *f = *state;
	assert_false(holds(f, "{ has: concern.looked }"));
	assert_true(holds(f, "{ lacks: concern.looked }"));
	entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z",
	      "{\"checked\":[\"police\"],\"danger\":\"now\"}");
	assert_true(holds(f, "{ has: [concern.asked, concern.looked] }"));
	assert_true(holds(
		f,
		"{ has: { kind: concern.looked, where: { danger: now, checked: [health, police] } } }"));
	assert_false(holds(f, "{ has: { kind: concern.looked, where: { danger: possible } } }"));
	assert_true(holds(f, "{ has: { kind: concern.looked, by: [edt, screener] } }"));
	assert_true(holds(f, "{ lacks: { kind: concern.looked, by: edt } }"));
	assert_true(holds(f, "{ lacks: { kind: concern.looked, after: concern.looked } }"));
	entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z",
	      "{\"basis\":\"a \\\"b\\\", {c: [d\",\"checked\":[\"police\",\"health\",\"school\"],\"danger\":\"now\"}");
	assert_true(holds(f, "{ has: { kind: concern.looked, where: { checked: school } } }"));
	assert_false(holds(f, "{ has: { kind: concern.looked, where: { checked: own-files } } }"));
}

static void after_means_later_in_the_log_than_the_last(void **state)
{
	struct fixture *f = *state;
	entry(f, own(f), "concern.looked", "2026-06-03T10:00:00Z", "{}");
	assert_true(holds(f, "{ has: { kind: concern.looked, after: concern.asked } }"));
	entry(f, own(f), "concern.asked", "2026-06-01T10:00:00Z", "{}");
	assert_false(holds(f, "{ has: { kind: concern.looked, after: concern.asked } }"));
	entry(f, own(f), "concern.looked", "2026-06-01T09:00:00Z", "{}");
	assert_true(holds(f, "{ has: { kind: concern.looked, after: concern.asked } }"));
}

static void through_looks_at_the_files_at_the_other_end(void **state)
{
	struct fixture *f = *state;
	struct fake_file *child = link_file(f, "child", "c1");
	assert_false(holds(f, "{ has: { kind: child.seen, through: about } }"));
	entry(f, child, "child.seen", "2026-06-01T10:00:00Z", "{\"alone\":true}");
	assert_true(
		holds(f, "{ has: { kind: child.seen, where: { alone: yes }, through: about } }"));
	assert_false(holds(f, "{ has: child.seen }"));
}

static void past_sixty_four_rows_a_need_is_not_met(void **state)
{
	struct fixture *f = *state;
	entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{\"danger\":\"now\"}");
	for (int i = 0; i < COND_ROWS_MAX - 1; i++)
		entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z",
		      "{\"danger\":\"possible\"}");
	assert_true(holds(f, "{ has: { kind: concern.looked, where: { danger: now } } }"));
	entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{\"danger\":\"possible\"}");
	assert_false(holds(f, "{ has: { kind: concern.looked, where: { danger: now } } }"));
	assert_false(holds(f, "{ lacks: { kind: concern.looked, where: { danger: now } } }"));
	assert_false(
		holds(f, "{ not: { has: { kind: concern.looked, where: { danger: now } } } }"));
	f->is_pattern = true;
	assert_true(holds(f, "{ has: { kind: concern.looked, where: { danger: now } } }"));
	assert_true(holds(f, "{ lacks: { kind: concern.looked, where: { danger: now } } }"));
}

static void fresh_ends_with_its_period(void **state)
{
	struct fixture *f = *state;
	entry(f, own(f), "concern.looked", "2026-06-10T10:00:00Z", "{}");
	assert_true(holds(f, "{ fresh: { kind: concern.looked, within: { days: 5 } } }"));
	assert_false(holds(f, "{ fresh: { kind: concern.looked, within: { days: 4 } } }"));
	assert_false(holds(f, "{ fresh: { kind: concern.asked, within: { days: 400 } } }"));
}

static void older_than_needs_something_to_be_old(void **state)
{
	struct fixture *f = *state;
	assert_false(holds(f, "{ older-than: { kind: concern.looked, days: 5 } }"));
	entry(f, own(f), "concern.looked", "2026-06-10T10:00:00Z", "{}");
	assert_false(holds(f, "{ older-than: { kind: concern.looked, days: 5 } }"));
	assert_true(holds(f, "{ older-than: { kind: concern.looked, days: 4 } }"));
}

static void nothing_is_old_by_a_date_that_somebody_writes(void **state)
{
	struct fixture *f = *state;
	struct pack_seen *looked = entry(f, own(f), "concern.looked", "1922-06-10T10:00:00Z", "{}");
	assert_true(holds(f, "{ older-than: { kind: concern.looked, months: 900 } }"));
	looked->recorded = f->world.now;
	assert_false(holds(f, "{ older-than: { kind: concern.looked, days: 1 } }"));
}

static void count_keeps_to_its_window_and_bounds(void **state)
{
	struct fixture *f = *state;
	entry(f, own(f), "concern.looked", "2025-06-01T10:00:00Z", "{}");
	entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{}");
	entry(f, own(f), "concern.looked", "2026-06-14T10:00:00Z", "{}");
	assert_true(holds(f, "{ count: { of: concern.looked, at-least: 3 } }"));
	assert_false(holds(f, "{ count: { of: concern.looked, at-least: 4 } }"));
	assert_false(holds(f, "{ count: { of: concern.looked, at-most: 2 } }"));
	assert_true(holds(
		f,
		"{ count: { of: concern.looked, within: { months: 12 }, at-least: 2, at-most: 2 } }"));
	assert_true(holds(f, "{ count: { of: concern.looked, within: { days: 3 }, at-most: 1 } }"));
	entry(f, own(f), "concern.asked", "2026-06-14T11:00:00Z", "{}");
	assert_true(
		holds(f, "{ count: { of: concern.looked, since: concern.asked, at-most: 0 } }"));
}

static void count_tells_different_values_apart(void **state)
{
	struct fixture *f = *state;
	entry(f, own(f), "concern.added", "2026-06-01T10:00:00Z", "{\"source\":\"police\"}");
	entry(f, own(f), "concern.added", "2026-06-01T10:00:00Z", "{\"source\":\"police\"}");
	assert_false(holds(f, "{ count: { of: concern.added, different: source, at-least: 2 } }"));
	entry(f, own(f), "concern.added", "2026-06-01T10:00:00Z", "{\"source\":\"school\"}")
		->office = STR("named-nurse");
	assert_true(holds(f, "{ count: { of: concern.added, different: source, at-least: 2 } }"));
	assert_true(holds(f, "{ count: { of: concern.added, different: agency, at-least: 2 } }"));
	assert_false(holds(f, "{ count: { of: concern.added, different: account, at-least: 2 } }"));
}

static void count_alike_takes_the_value_that_most_share(void **state)
{
	struct fixture *f = *state;
	entry(f, own(f), "concern.added", "2026-06-01T10:00:00Z", "{\"source\":\"police\"}");
	entry(f, own(f), "concern.added", "2026-06-02T10:00:00Z", "{\"source\":\"school\"}");
	entry(f, own(f), "concern.added", "2026-06-03T10:00:00Z", "{\"source\":\"hospital\"}");
	entry(f, own(f), "concern.added", "2026-06-03T10:00:00Z", "{}");
	entry(f, own(f), "concern.added", "2026-06-03T10:00:00Z", "{}");
	assert_false(holds(f, "{ count: { of: concern.added, alike: source, at-least: 2 } }"));
	assert_true(holds(f, "{ count: { of: concern.added, alike: source, at-most: 1 } }"));
	entry(f, own(f), "concern.added", "2026-06-04T10:00:00Z", "{\"source\":\"police\"}");
	assert_true(holds(f, "{ count: { of: concern.added, alike: source, at-least: 2 } }"));
	assert_false(holds(f, "{ count: { of: concern.added, alike: source, at-least: 3 } }"));
	assert_false(holds(f, "{ count: { of: concern.added, alike: source, within: { days: 12 }, at-least: 2 } }"));
}

static void count_on_file_looks_at_the_file_of_each_entry(void **state)
{
	static const char *const IDS[] = { "a", "b", "c" };
	struct fixture *f = *state;
	f->is_pattern = true;
	for (size_t i = 0; i < COUNT_OF(IDS); i++) {
		f->others[i].id = IDS[i];
		f->others[i].type = f->world.type;
		own(f)->links[own(f)->link_count++] = &f->others[i];
		entry(f, own(f), "concern.looked", "2026-05-02T10:00:00Z", "{}")->file = str_from_c(IDS[i]);
	}
	entry(f, &f->others[1], "concern.asked", "2026-05-02T10:00:00Z", "{}");
	assert_true(holds(f, "{ count: { of: concern.looked, at-least: 3 } }"));
	assert_true(holds(f, "{ count: { of: concern.looked, at-least: 2, on-file: { lacks: concern.asked } } }"));
	assert_false(holds(f, "{ count: { of: concern.looked, at-least: 3, on-file: { lacks: concern.asked } } }"));
	assert_refused(f, "{ count: { of: concern.looked, at-most: 3, on-file: { lacks: concern.asked } } }",
	               "1:53: a condition: on-file goes with at-least, and without with-this, of-newest and of-owed");
	f->is_pattern = false;
	assert_refused(f, "{ count: { of: concern.looked, at-least: 3, on-file: { lacks: concern.asked } } }",
	               "1:54: a condition: on-file is asked in patterns alone");
}

static void count_of_owed_asks_for_a_share_of_what_was_due_by_the_same_rule(void **state)
{
	struct fixture *f = *state;
	static const char TEXT[] =
		"{ count: { of: duty.climbed, alike: rule, within: { days: 30 }, at-least: 2, of-owed: 20 } }";
	f->is_pattern = true;
	entry(f, own(f), "duty.climbed", "2026-04-01T10:00:00Z", "{\"rule\":\"T04\"}");
	entry(f, own(f), "duty.climbed", "2026-06-01T10:00:00Z", "{\"rule\":\"T04\"}");
	entry(f, own(f), "duty.climbed", "2026-06-01T11:00:00Z", "{\"rule\":\"T01\"}");
	assert_false(holds(f, TEXT)); /* one each within the time */
	entry(f, own(f), "duty.climbed", "2026-06-02T10:00:00Z", "{\"rule\":\"T04\"}");
	for (size_t i = 0; i < 11; i++)
		own(f)->owed[i] = at("2026-06-01T09:00:00Z");
	own(f)->owed_count = 10;
	assert_true(holds(f, TEXT));
	own(f)->owed_count = 11;
	assert_false(holds(f, TEXT)); /* two of eleven are less than a fifth */
	own(f)->owed[10] = at("2026-05-01T09:00:00Z");
	assert_true(holds(f, TEXT)); /* of another month */
	own(f)->owed_count = 100;
	for (size_t i = 0; i < 100; i++)
		own(f)->owed[i] = at("2026-06-01T09:00:00Z");
	f->fake->visits = 0;
	assert_false(holds(f, TEXT));
	assert_int_equal(f->fake->visits, 4 + 11); /* no more than is too many */
}

static void count_of_all_asks_for_a_share_whatever_the_others_say(void **state)
{
	struct fixture *f = *state;
	static const char TEXT[] = "{ count: { of: { kind: concern.added, where: { source: police } }, within: { days: 30 },"
				   " at-least: 2, of-all: 20 } }";
	f->is_pattern = true;
	entry(f, own(f), "concern.added", "2026-04-01T10:00:00Z", "{\"source\":\"police\"}");
	entry(f, own(f), "concern.added", "2026-06-01T10:00:00Z", "{\"source\":\"police\"}");
	assert_false(holds(f, TEXT)); /* one within the time */
	entry(f, own(f), "concern.added", "2026-06-02T10:00:00Z", "{\"source\":\"police\"}");
	assert_true(holds(f, TEXT));
	for (size_t i = 0; i < 8; i++)
		entry(f, own(f), "concern.added", "2026-06-03T10:00:00Z", "{\"source\":\"school\"}");
	assert_true(holds(f, TEXT));
	entry(f, own(f), "concern.received", "2026-06-03T10:00:00Z", "{\"source\":\"school\"}");
	assert_true(holds(f, TEXT)); /* of another kind */
	entry(f, own(f), "concern.added", "2026-06-03T10:00:00Z", "{}");
	assert_false(holds(f, TEXT)); /* two of eleven are less than a fifth */
}

static void complete_asks_how_much_of_what_was_due_is_said(void **state)
{
	struct fixture *f = *state;
	static const char TEXT[] =
		"{ complete: { of: [{ kind: concern.looked, field: checked, due: [own-files, police, health] },"
		" { kind: concern.received, field: harm, due: [neglect] }],"
		" within: { days: 30 }, under: 80, at-least: 20 } }";
	struct pack_seen *old;
	f->is_pattern = true;
	/* Written down long ago, whatever day it is of. */
	for (size_t i = 0; i < 9; i++) {
		old = entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{\"checked\":[]}");
		old->recorded = at("2026-04-01T10:00:00Z");
	}
	for (size_t i = 0; i < 5; i++)
		entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z",
		      "{\"checked\":[\"own-files\",\"police\",\"health\",\"school\"]}");
	entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{\"checked\":[]}");
	entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{}"); /* nothing was due */
	entry(f, own(f), "concern.received", "2026-06-01T10:00:00Z", "{\"harm\":[\"sexual\"]}");
	assert_false(holds(f, TEXT)); /* 15 of 19 */
	old = entry(f, own(f), "concern.received", "2026-06-02T10:00:00Z", "{\"harm\":[\"neglect\",\"sexual\"]}");
	assert_false(holds(f, TEXT)); /* 16 of 20: four fifths */
	old->plain = STR("{\"harm\":[\"sexual\"]}");
	assert_true(holds(f, TEXT)); /* 15 of 20 */
	f->fake->visits = 0;
	for (size_t i = own(f)->entry_count; i < FAKE_MAX; i++)
		entry(f, own(f), "concern.looked", "2026-06-03T10:00:00Z", "{\"checked\":[\"own-files\",\"police\",\"health\"]}");
	assert_false(holds(f, TEXT));
	assert_true(f->fake->visits <= PACK_ROWS_MAX + 1);
	f->is_pattern = false;
	assert_refused(f, TEXT, "1:3: a condition: \"complete\" is a condition of patterns alone");
}

static void complete_says_what_is_wrong_with_it(void **state)
{
	static const char *const WRONG[][2] = {
		{ "{ complete: { of: { kind: concern.looked, field: checked, due: [police] }, within: { days: 9 }, under: 101, at-least: 20 } }",
		  "1:104: a condition: \"under\" is a number from 1 to 100" },
		{ "{ complete: { of: { kind: concern.looked, field: checked, due: [police] }, within: { days: 9 }, under: 0, at-least: 20 } }",
		  "1:104: a condition: \"under\" is a number from 1 to 100" },
		{ "{ complete: { of: { kind: concern.looked, field: checked, due: [] }, within: { days: 9 }, under: 80, at-least: 20 } }",
		  "1:64: a condition: an empty list; expected the codes that are due" },
		{ "{ complete: { of: { kind: concern.looked, field: checked, due: [polis] }, within: { days: 9 }, under: 80, at-least: 20 } }",
		  "1:65: a condition names code \"polis\"; no such code; one of: own-files, police, health, school" },
		{ "{ complete: { of: { kind: concern.looked, field: checked, due: [police, police] }, within: { days: 9 }, under: 80, at-least: 20 } }",
		  "1:73: a condition: a code that is due twice" },
		{ "{ complete: { of: { kind: concern.looked, field: cheked, due: [police] }, within: { days: 9 }, under: 80, at-least: 20 } }",
		  "1:50: a condition names field \"cheked\"; no such field; nearest: checked" },
		{ "{ complete: { of: { kind: concern.looked, field: danger, due: [now] }, within: { days: 9 }, under: 80, at-least: 20 } }",
		  "1:50: a condition: expected a plain field of type codes" },
		{ "{ complete: { of: { kind: concern.loked, field: checked, due: [police] }, within: { days: 9 }, under: 80, at-least: 20 } }",
		  "1:27: a condition names kind \"concern.loked\"; no such kind; nearest: concern.looked" },
		{ "{ complete: { of: [{ kind: concern.looked, field: checked, due: [police] }, { kind: concern.looked, field: checked, due: [health] }], within: { days: 9 }, under: 80, at-least: 20 } }",
		  "1:77: a condition: a field that stands twice" },
		{ "{ complete: { of: concern.looked, within: { days: 9 }, under: 80, at-least: 20 } }",
		  "1:19: a condition: expected { kind, field, due }, or up to 12 of them" },
	};
	struct fixture *f = *state;
	f->is_pattern = true;
	for (size_t i = 0; i < COUNT_OF(WRONG); i++)
		assert_refused(f, WRONG[i][0], WRONG[i][1]);
}

static void count_of_files_asks_for_a_share_of_those_on_which_the_office_owes(void **state)
{
	struct fixture *f = *state;
	static const char *const IDS[] = { "P-1", "P-2" };
	static const char TEXT[] =
		"{ count: { of: concern.looked, different: file, within: { days: 28 }, at-least: 2, of-files: 20 } }";
	f->is_pattern = true;
	own(f)->owed_count = 10;
	entry(f, own(f), "concern.looked", "2026-05-30T10:00:00Z", "{}")->file = str_from_c(IDS[0]);
	entry(f, own(f), "concern.looked", "2026-05-30T11:00:00Z", "{}")->file = str_from_c(IDS[0]);
	assert_false(holds(f, TEXT)); /* one file */
	entry(f, own(f), "concern.looked", "2026-05-31T10:00:00Z", "{}")->file = str_from_c(IDS[1]);
	assert_true(holds(f, TEXT)); /* two of ten */
	own(f)->owed_count = 11;
	assert_false(holds(f, TEXT)); /* two of eleven are less than a fifth */
	own(f)->owed_count = 0;
	assert_true(holds(f, TEXT)); /* it owes nothing on any */
	assert_refused(f, "{ count: { of: concern.looked, different: office, within: { days: 28 }, at-least: 2, of-files: 20 } }",
	               "1:96: a condition: of-files goes with of kinds, different: file, within and at-least, and nothing else");
	f->is_pattern = false;
	assert_refused(f, TEXT, "1:94: a condition: of-files is asked in patterns alone");
}

static void count_by_recorded_counts_old_papers_that_are_written_down_now(void **state)
{
	struct fixture *f = *state;
	static const char TEXT[] = "{ count: { of: concern.added, within: { days: 30 }, recorded: yes, at-least: 2 } }";
	f->is_pattern = true;
	entry(f, own(f), "concern.added", "2022-04-01T10:00:00Z", "{}")->recorded = at("2026-06-01T10:00:00Z");
	entry(f, own(f), "concern.added", "2023-04-01T10:00:00Z", "{}")->recorded = at("2026-04-01T10:00:00Z");
	assert_false(holds(f, TEXT)); /* one was written down within the time */
	entry(f, own(f), "concern.added", "2023-05-01T10:00:00Z", "{}")->recorded = at("2026-06-01T11:00:00Z");
	assert_true(holds(f, TEXT));
	assert_false(holds(f, "{ count: { of: concern.added, within: { days: 30 }, at-least: 1 } }"));
	assert_refused(f, "{ count: { of: concern.added, recorded: yes, at-least: 2 } }",
	               "1:41: a condition: recorded goes with within and at-least, and not with at-most, with-this, anywhere or a share");
	f->is_pattern = false;
	assert_refused(f, TEXT, "1:63: a condition: recorded is asked in patterns alone");
}

static void count_with_this_adds_an_act_that_is_not_yet_shown(void **state)
{
	struct fixture *f = *state;
	static const char TEXT[] =
		"{ count: { of: child.not-seen, since: child.seen, at-least: 3, with-this: yes } }";
	act_of(f, "child.not-seen", "child", "{\"reason\":\"not-in\"}");
	entry(f, own(f), "child.not-seen", "2026-06-01T10:00:00Z", "{}");
	assert_false(holds(f, TEXT));
	entry(f, own(f), "child.not-seen", "2026-06-02T10:00:00Z", "{}");
	assert_true(holds(f, TEXT));
	f->world.shows_act = true;
	assert_false(holds(f, TEXT));
}

static void past_a_thousand_rows_a_count_is_reached(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < COND_COUNT_MAX; i++)
		entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{\"danger\":\"now\"}");
	assert_false(holds(
		f,
		"{ count: { of: { kind: concern.looked, where: { danger: possible } }, at-least: 1 } }"));
	entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{}");
	assert_true(holds(
		f,
		"{ count: { of: { kind: concern.looked, where: { danger: possible } }, at-least: 1 } }"));
}

static void a_count_of_the_newest_is_reached_where_there_are_more(void **state)
{
	struct fixture *f = *state;
	static const char TEXT[] =
		"{ count: { of: { kind: concern.looked, where: { danger: possible } }, at-least: 2, of-newest: 4 } }";
	entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{\"danger\":\"possible\"}");
	for (int i = 0; i < 3; i++)
		entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{\"danger\":\"now\"}");
	assert_false(holds(f, TEXT));
	entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{\"danger\":\"now\"}");
	assert_true(holds(f, TEXT));
	assert_int_equal(f->fake->visits, 4 + 5);
}

static struct pack_seen *on_register(struct fixture *f, const char *kind, const char *day)
{
	return entry(f, &f->fake->of_register, kind, day, "{}");
}

static void what_stands_on_the_register_itself_is_asked_there(void **state)
{
	struct fixture *f = *state;
	static const char TEXT[] =
		"{ register: { count: { of: { kind: clock.stepped, by: [screener] }, at-least: 2 } } }";
	assert_true(holds(f, "{ register: { lacks: clock.stepped } }"));
	entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{}");
	on_register(f, "clock.stepped", "2026-06-01T10:00:00Z");
	on_register(f, "clock.stepped", "2026-06-02T10:00:00Z")->office = STR("named-nurse");
	assert_false(holds(f, TEXT));
	on_register(f, "clock.stepped", "2026-06-03T10:00:00Z");
	assert_true(holds(f, TEXT));
	assert_false(holds(f, "{ register: { lacks: clock.stepped } }"));
	assert_true(holds(f, "{ register: { fresh: { kind: clock.stepped, within: { days: 20 } } } }"));
	assert_false(holds(f, "{ register: { fresh: { kind: clock.stepped, within: { days: 10 } } } }"));
}

/* However often: what one office took back is not taken back by another. */
static void the_last_of_one_office_is_looked_for_behind_its_own(void **state)
{
	struct fixture *f = *state;
	static const char HERE[] =
		"{ has: { kind: concern.looked, by: [screener], after: { kind: concern.asked, by: [screener] } } }";
	static const char THERE[] =
		"{ register: { has: { kind: clock.stepped, by: [screener], after: { kind: clock.confirmed, by: [screener] } } } }";
	assert_false(holds(f, HERE));
	for (int i = 0; i < 6; i++) {
		entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{}");
		entry(f, own(f), "concern.asked", "2026-06-01T10:00:00Z", "{}")->office =
			STR("named-nurse");
		on_register(f, "clock.stepped", "2026-06-01T10:00:00Z");
		on_register(f, "clock.confirmed", "2026-06-01T10:00:00Z")->office = STR("named-nurse");
		assert_true(holds(f, HERE));
		assert_true(holds(f, THERE));
		entry(f, own(f), "concern.asked", "2026-06-01T10:00:00Z", "{}");
		on_register(f, "clock.confirmed", "2026-06-01T10:00:00Z");
		assert_false(holds(f, HERE));
		assert_false(holds(f, THERE));
	}
	f->loader.about = STR("gate G1");
	assert_refused(f, "{ has: { kind: concern.looked, after: { kind: concern.asked } } }",
	               "1:32: gate G1: \"after\" has no \"by\"");
}

static void of_the_register_itself_nothing_is_read_through(void **state)
{
	struct fixture *f = *state;
	f->loader.about = STR("gate G1");
	assert_refused(f, "{ register: { state: open } }",
	               "1:13: gate G1: expected has, lacks, fresh, count or older-than of one kind");
	assert_refused(f, "{ register: { has: [clock.stepped, clock.confirmed] } }",
	               "1:13: gate G1: expected has, lacks, fresh, count or older-than of one kind");
	assert_refused(f, "{ register: { has: concern.looked } }",
	               "1:13: gate G1: expected a kind that is made on the register");
	assert_refused(f, "{ linked: { by: named-in, where: { register: { has: clock.stepped } } } }",
	               "1:46: gate G1: register stands in no other file's condition");
	f->is_pattern = true;
	assert_refused(f, "{ register: { has: clock.stepped } }",
	               "1:13: gate G1: no entry of the register's own file wakes a pattern");
}

static void a_plain_count_stops_at_one_row_past_what_it_compares(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 500; i++)
		entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{}");
	assert_true(holds(f, "{ count: { of: concern.looked, at-least: 3 } }"));
	assert_int_equal(f->fake->visits, 4);
}

static void same_account_compares_who_made_the_newest(void **state)
{
	struct fixture *f = *state;
	assert_false(holds(f, "{ same-account: { as: concern.looked } }"));
	entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{}");
	assert_true(holds(f, "{ same-account: { as: concern.looked } }"));
	entry(f, own(f), "concern.looked", "2026-06-01T10:00:00Z", "{}")->account = STR("ben");
	assert_false(holds(f, "{ same-account: { as: concern.looked } }"));
}

/* --- reading ------------------------------------------------------------------------------------
 */

static void an_error_names_what_was_found_and_what_is_near(void **state)
{
	struct fixture *f = *state;
	act_of(f, "concern.decided", "concern", NULL);
	f->loader.about = STR("gate G1");
	assert_refused(f, "{ hass: concern.asked }",
	               "1:3: gate G1: \"hass\" is no condition, field or fact; nearest: has");
	assert_refused(f, "{ decision: asess }",
	               "1:13: gate G1: field \"decision\" has no code \"asess\"; nearest: assess");
	assert_refused(
		f, "{ has: concern.askd }",
		"1:8: gate G1 names kind \"concern.askd\"; no such kind; nearest: concern.asked");
	assert_refused(f, "{ has: { kind: concern.asked, where: { urgnt: yes } } }",
	               "1:40: gate G1: concern.asked has no field \"urgnt\"; nearest: urgent");
	assert_refused(f, "{ state: recieved }",
	               "1:10: gate G1: no state \"recieved\"; nearest: received");
	assert_refused(f, "{ silent-for: { days: 3, by: agency } }",
	               "1:3: gate G1: \"silent-for\" is a condition of patterns alone");
	assert_refused(f, "{ fact: { harmsign: yes } }",
	               "1:11: gate G1: \"harmsign\" is no fact of this file; nearest: harm-sign");
	assert_refused(f, "{}", "1:1: gate G1: a condition is a mapping with at least one pair");
	assert_refused(f, "{ count: { of: concern.asked } }",
	               "1:10: gate G1: expected at-least or at-most");
	assert_refused(f, "{ count: { of: concern.added, alike: source, different: office, at-least: 2 } }",
	               "1:38: gate G1: alike stands without different and with-this");
	assert_refused(f, "{ count: { of: duty.climbed, alike: rule, within: { days: 9 }, at-least: 2, of-owed: 20 } }",
	               "1:86: gate G1: of-owed is asked in patterns alone");
	assert_refused(f, "{ count: { of: child.seen, anywhere: contact, within: { days: 9 }, at-least: 2 } }",
	               "1:38: gate G1: anywhere is asked in patterns alone");
	assert_refused(f, "{ count: { of: { kind: child.seen, where: { contact: video } }, within: { days: 9 }, at-least: 2, of-all: 9 } }",
	               "1:107: gate G1: of-all is asked in patterns alone");
	assert_refused(f, "{ count: { of: concern.added, at-most: 2, of-newest: 4 } }",
	               "1:54: gate G1: of-newest goes with at-least alone, and is no less");
	assert_refused(f, "{ count: { of: concern.added, at-least: 5, of-newest: 4 } }",
	               "1:55: gate G1: of-newest goes with at-least alone, and is no less");
}

static void depth_and_length_are_limited(void **state)
{
	struct fixture *f = *state;
	struct buf text;
	assert_true(holds(
		f, "{ not: { not: { not: { not: { not: { not: { state: received } } } } } } }"));
	assert_null(read_text(
		f,
		"{ not: { not: { not: { not: { not: { not: { not: { state: received } } } } } } } }"));
	buf_init(&text, 100000);
	buf_add(&text, STR("{ any: ["));
	for (int i = 0; i < COND_PAIRS_MAX; i++)
		buf_format(&text, "%s{ state: received }", i ? ", " : "");
	buf_add(&text, STR("] }"));
	buf_add_char(&text, '\0');
	assert_null(read_text(f, text.p));
	buf_finish(&text);
}

static void linked_inside_linked_is_refused(void **state)
{
	struct fixture *f = *state;
	assert_null(read_text(f, "{ linked: { by: about, where: { linked: { by: about } } } }"));
}

/* L10 */
static void what_no_condition_may_look_at_never_holds(void **state)
{
	struct fixture *f = *state;
	act_of(f, "concern.received", "concern", "{\"ethnicity\":\"a\",\"words\":\"b\"}");
	assert_false(holds(f, "{ ethnicity: present }"));
	assert_false(holds(f, "{ words: present }"));
	const struct pack_cond *cond = read_text(f, "{ words: present }");
	assert_true(cond->atoms[0]->forbidden.n > 0);
}

static void fields_alone_are_judged_without_a_world(void **state)
{
	struct fixture *f = *state;
	act_of(f, "concern.answered", "concern", "{\"knows\":\"refused\"}");
	const struct pack_cond *cond = read_text(f, "{ field: { knows: refused } }");
	assert_true(cond_is_of_fields(cond));
	assert_true(pack_cond_holds_fields(cond, f->kind, f->world.plain));
	assert_false(pack_cond_holds_fields(cond, f->kind, NULL));
	cond = read_text(f, "{ any: [{ knows: nothing }, { has: concern.asked }] }");
	assert_false(cond_is_of_fields(cond));
	assert_false(pack_cond_holds_fields(cond, f->kind, f->world.plain));
}

static bool listens(struct fixture *f, const char *text, const char *kind)
{
	uint64_t mask[8] = { 0 };
	const struct pack_kind *found = pack_kind_find(f->pack, str_from_c(kind));
	assert_true(f->pack->kind_count <= 512);
	pack_cond_listens(f->pack, read_text(f, text), mask);
	return mask[found->number / 64] >> found->number % 64 & 1;
}

static void a_condition_listens_to_what_can_change_it(void **state)
{
	struct fixture *f = *state;
	static const char COUNT[] =
		"{ count: { of: concern.looked, since: concern.asked, at-least: 1 } }";
	assert_true(listens(f, COUNT, "concern.looked"));
	assert_true(listens(f, COUNT, "concern.asked"));
	assert_false(listens(f, COUNT, "concern.told"));
	assert_true(listens(f, "{ harm-sign: yes }", "concern.received"));
	assert_false(listens(f, "{ harm-sign: yes }", "concern.looked"));
	assert_true(listens(f, "{ duty: { rule: T01, is: open } }", "concern.decided"));
	assert_true(listens(f, "{ lacks: concern.looked }", "concern.looked"));
	assert_false(listens(f, "{ not: { has: concern.looked } }", "concern.told"));
	assert_true(listens(f, "{ linked: { by: about } }", "concern.received"));
	assert_false(listens(f, "{ linked: { by: about } }", "assessment.opened"));
}

/* What the register writes itself is counted by nothing that means every entry. */
static void a_condition_over_every_entry_does_not_listen_to_the_registers_own(void **state)
{
	struct fixture *f = *state;
	static const char SHARE[] =
		"{ share: { of: entries, from-one: agency, at-least: 80, among-at-least: 5, within: { months: 6 } } }";
	f->is_pattern = true;
	assert_true(listens(f, SHARE, "concern.looked"));
	assert_true(listens(f, SHARE, "concern.received"));
	assert_false(listens(f, SHARE, "pattern.found"));
	assert_false(listens(f, SHARE, "duty.climbed"));
	assert_true(listens(f, "{ has: duty.climbed }", "duty.climbed"));
}

/* Both short cuts, by months, days, working days and hours, with and without an hour of the day. */
static void whether_a_period_has_ended_is_said_as_the_calendar_says_it(void **state)
{
	struct fixture *f = *state;
	struct pack_world *world = &f->world;
	for (int i = 0; i < 48; i++) {
		struct pack_period period = { .unit = (enum pack_unit)(i % 4),
			                      .amount = 1 + i * i % 40,
			                      .at_minute = i % 3 ? -1 : 60 * (i % 24) };
		struct cond_window window = COND_WINDOW;
		uint64_t seed = (uint64_t)i;
		world->now = at(i % 8 < 4 ? "2026-03-01T00:30:00Z" : "2026-06-15T12:00:00Z");
		for (int n = 0; n < 400; n++) {
			struct pack_due due;
			bool within, in_window;
			seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
			int64_t days = period.amount * (period.unit == PACK_MONTHS ? 31 : 1) + 3;
			instant from = world->now + INSTANT_PER_DAY -
			               (instant)((seed >> 11) % (uint64_t)(days * INSTANT_PER_DAY));
			assert_true(pack_due(f->pack->calendar, from, &period, &due, &f->err));
			assert_true(cond_is_within(world, &period, from, &within, &f->err));
			assert_true(cond_is_in_window(&window, world, &period, from, &in_window, &f->err));
			assert_int_equal(within, world->now < due.due);
			assert_int_equal(in_window, within);
		}
	}
}

static void a_condition_says_what_would_supply_it(void **state)
{
	struct fixture *f = *state;
	struct pack_supply supply;
	pack_cond_supply(read_text(f, "{ any: [{ has: concern.looked }, { has: concern.asked },"
	                              " { not: { has: concern.told } }] }"),
	                 &supply);
	assert_int_equal(supply.kind_count, 2);
	assert_true(str_eq(supply.kinds[0].kind->name, STR("concern.looked")));
	assert_true(str_eq(supply.kinds[1].kind->name, STR("concern.asked")));
	pack_cond_supply(read_text(f, "{ not: { duty: { rule: T01, is: open } } }"), &supply);
	assert_int_equal(supply.kind_count, 0);
	assert_int_equal(supply.rule_count, 1);
	assert_true(str_eq(supply.rules[0]->name, STR("T01")));
	pack_cond_supply(read_text(f, "{ duty: { rule: T01, is: open } }"), &supply);
	assert_int_equal(supply.rule_count, 0); /* to owe it anew is not what is wanted */
	pack_cond_supply(read_text(f, "{ second: team-manager }"), &supply);
	assert_true(str_eq(supply.second->name, STR("team-manager")));
	pack_cond_supply(NULL, &supply);
	assert_int_equal(supply.kind_count, 0);
}

static void a_condition_can_be_said_in_words(void **state)
{
	struct fixture *f = *state;
	const struct pack_cond *cond = read_text(
		f,
		"{ any: [{ harm-sign: yes }, { all: [{ has: concern.asked }, { not: { state: closed } }] }] }");
	struct str words = pack_cond_words(f->arena, cond);
	assert_string_equal(words.p,
	                    "the file's harm-sign is yes; or (there is concern.asked, and the file is"
	                    " not in closed)");
	words = pack_cond_words(f->arena, read_text(f, "{ not: { duty: { rule: [T01, T20, T88], is: open } } }"));
	assert_string_equal(words.p, "none of T01, T20 and T88 is open");
	words = pack_cond_words(f->arena, read_text(f, "{ not: { duty: { rule: [T20], is: late } } }"));
	assert_string_equal(words.p, "T20 is not late");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_field_is_tested_by_its_codes),
		PROVES(an_absent_value_fails_every_test_but_absent),
		PROVES(a_fact_is_tested_by_its_value),
		PROVES(the_short_form_means_the_acts_field_even_when_it_is_absent),
		PROVES(conditions_join_by_all_any_and_not),
		PROVES(what_is_decided_is_not_asked_further),
		PROVES(state_and_file_are_those_before_the_act),
		PROVES(has_and_lacks_look_for_an_entry),
		PROVES(after_means_later_in_the_log_than_the_last),
		PROVES(through_looks_at_the_files_at_the_other_end),
		PROVES(past_sixty_four_rows_a_need_is_not_met),
		PROVES(fresh_ends_with_its_period),
		PROVES(older_than_needs_something_to_be_old),
		PROVES(nothing_is_old_by_a_date_that_somebody_writes),
		PROVES(count_keeps_to_its_window_and_bounds),
		PROVES(count_tells_different_values_apart),
		PROVES(count_alike_takes_the_value_that_most_share),
		PROVES(count_on_file_looks_at_the_file_of_each_entry),
		PROVES(count_of_owed_asks_for_a_share_of_what_was_due_by_the_same_rule),
		PROVES(count_of_all_asks_for_a_share_whatever_the_others_say),
		PROVES(complete_asks_how_much_of_what_was_due_is_said),
		PROVES(complete_says_what_is_wrong_with_it),
		PROVES(count_of_files_asks_for_a_share_of_those_on_which_the_office_owes),
		PROVES(count_by_recorded_counts_old_papers_that_are_written_down_now),
		PROVES(count_with_this_adds_an_act_that_is_not_yet_shown),
		PROVES(past_a_thousand_rows_a_count_is_reached),
		PROVES(a_count_of_the_newest_is_reached_where_there_are_more),
		PROVES(what_stands_on_the_register_itself_is_asked_there),
		PROVES(the_last_of_one_office_is_looked_for_behind_its_own),
		PROVES(of_the_register_itself_nothing_is_read_through),
		PROVES(a_plain_count_stops_at_one_row_past_what_it_compares),
		PROVES(same_account_compares_who_made_the_newest),
		PROVES(an_error_names_what_was_found_and_what_is_near),
		PROVES(depth_and_length_are_limited),
		PROVES(linked_inside_linked_is_refused),
		PROVES(what_no_condition_may_look_at_never_holds),
		PROVES(fields_alone_are_judged_without_a_world),
		PROVES(a_condition_listens_to_what_can_change_it),
		PROVES(a_condition_over_every_entry_does_not_listen_to_the_registers_own),
		PROVES(whether_a_period_has_ended_is_said_as_the_calendar_says_it),
		PROVES(a_condition_says_what_would_supply_it),
		PROVES(a_condition_can_be_said_in_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
