/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The condition language: each form read from YAML and asked of a small world. */
#include "fake_world.h"

#include "pack/atom.h"
#include "pack/whole.h"

#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)
#define NODES_MAX 10000

struct fixture {
	struct arena *arena;
	struct pack *pack;
	struct loader loader;
	struct fake *fake;
	struct fake_file *others; /* linked files, as many as a test wants */
	struct fake *pair[2];
	struct pack_world world;
	const struct pack_kind *kind; /* whose act is judged */
	uint64_t file_types;
	bool is_pattern;
	struct err err;
};

static instant at(const char *text)
{
	instant out;
	assert_true(instant_read(str_from_c(text), &out));
	return out;
}

static void act_of(struct fixture *f, const char *kind, const char *type, const char *plain)
{
	f->kind = kind ? pack_kind_find(f->pack, str_from_c(kind)) : NULL;
	f->world.kind = f->kind;
	f->world.type = pack_file_type_find(f->pack, str_from_c(type));
	assert_non_null(f->world.type);
	f->fake->own.type = f->world.type;
	f->file_types = UINT64_C(1) << f->world.type->number;
	f->world.plain = NULL;
	if (plain)
		assert_true(json_read(f->arena, str_from_c(plain), 8, &f->world.plain, &f->err));
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	struct pack_errors errors;
	f->arena = arena_create(FIXTURE_BYTES);
	assert_true(pack_load(find_pack(f->arena, sample_folder()), &f->pack, f->arena, &errors,
	                      &f->err));
	f->loader = (struct loader){ .arena = f->arena,
		                     .errors_arena = f->arena,
		                     .pack = f->pack,
		                     .whole = (struct whole *)(void *)f->pack,
		                     .file = STR("cond.yaml") };
	f->fake = calloc(1, sizeof *f->fake);
	f->others = calloc(400, sizeof *f->others);
	f->fake->pack = f->pack;
	f->fake->own.id = "own";
	f->pair[0] = f->fake;
	f->pair[1] = (struct fake *)(void *)&f->fake->own;
	f->world = (struct pack_world){ .calls = &FAKE_CALLS,
		                        .ctx = f->pair,
		                        .pack = f->pack,
		                        .now = at("2026-06-15T12:00:00Z"),
		                        .happened = at("2026-06-15T11:00:00Z"),
		                        .account = STR("ann"),
		                        .office = STR("screener") };
	act_of(f, NULL, "concern", NULL);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	pack_destroy(f->pack);
	free(f->others);
	free(f->fake);
	arena_destroy(f->arena);
	free(f);
	return 0;
}

static const struct pack_cond *read_text(struct fixture *f, const char *text)
{
	const struct yaml *root;
	const struct yaml_error *errors;
	if (!yaml_read(f->arena, str_from_c(text), NODES_MAX, &root, &errors))
		fail_msg("%s: %.*s", text, STR_ARG(errors->what));
	return condition_read(&f->loader, root, f->kind, f->file_types, f->is_pattern);
}

static bool holds(struct fixture *f, const char *text)
{
	const struct pack_cond *cond = read_text(f, text);
	bool answer;
	if (!cond)
		fail_msg("%s: %.*s", text,
		         STR_ARG(f->loader.line_count ? f->loader.lines[0].text : STR("?")));
	if (!pack_cond_holds(cond, &f->world, &answer, &f->err))
		fail_msg("%s: %s", text, f->err.message);
	return answer;
}

static void assert_refused(struct fixture *f, const char *text, const char *message)
{
	f->loader.line_count = f->loader.error_count = 0;
	assert_null(read_text(f, text));
	assert_int_equal(f->loader.line_count, 1);
	struct str found =
		arena_format(f->arena, "%d:%d: %.*s", f->loader.lines[0].line,
	                     f->loader.lines[0].column, STR_ARG(f->loader.lines[0].text));
	assert_string_equal(found.p, message);
}

/* An entry on a file, the newest so far. */
static struct pack_seen *entry(struct fixture *f, struct fake_file *file, const char *kind,
                               const char *happened, const char *plain)
{
	struct pack_seen *made = &file->entries[file->entry_count];
	*made = (struct pack_seen){ .index = (int64_t)file->entry_count++,
		                    .kind = pack_kind_find(f->pack, str_from_c(kind)),
		                    .file = str_from_c(file->id),
		                    .happened = at(happened),
		                    .recorded = at(happened),
		                    .plain = str_from_c(plain),
		                    .account = STR("ann"),
		                    .office = STR("screener") };
	assert_non_null(made->kind);
	return made;
}

static struct fake_file *own(struct fixture *f)
{
	return &f->fake->own;
}

static struct fake_file *link_file(struct fixture *f, const char *type, const char *id)
{
	struct fake_file *other = &f->others[own(f)->link_count];
	own(f)->links[own(f)->link_count++] = other;
	other->id = id;
	other->type = pack_file_type_find(f->pack, str_from_c(type));
	return other;
}

static void fact(struct fixture *f, const char *name, const char *value)
{
	const struct pack_fact *found = cond_fact_find(f->world.type, str_from_c(name));
	assert_non_null(found);
	own(f)->facts[found->number] = str_from_c(value);
}

static void duty(struct fixture *f, const char *rule, bool is_open, bool is_late,
                 const char *office)
{
	const struct pack_duty *found = pack_duty_find(f->pack, str_from_c(rule));
	own(f)->duties[own(f)->duty_count++] =
		(struct pack_seen_duty){ found->name, found->class, is_open,
		                         is_late,     !is_open,     str_from_c(office) };
}

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
	assert_true(listens(f, "{ lacks: concern.looked }", "concern.told"));
	assert_true(listens(f, "{ not: { has: concern.looked } }", "concern.told"));
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
		PROVES(count_keeps_to_its_window_and_bounds),
		PROVES(count_tells_different_values_apart),
		PROVES(count_with_this_adds_an_act_that_is_not_yet_shown),
		PROVES(past_a_thousand_rows_a_count_is_reached),
		PROVES(a_plain_count_stops_at_one_row_past_what_it_compares),
		PROVES(same_account_compares_who_made_the_newest),
		PROVES(after_joins_a_first_and_a_then_within_the_period),
		PROVES(running_looks_at_the_last_of_several_kinds),
		PROVES(share_needs_enough_entries_and_one_that_prevails),
		PROVES(silence_is_counted_for_each_agency_that_owes),
		PROVES(ages_count_as_young_as_they_may_be),
		PROVES(linked_counts_the_files_for_which_where_holds),
		PROVES(linked_named_looks_at_what_the_act_names_alone),
		PROVES(past_two_hundred_and_fifty_six_links_the_bound_is_reached),
		PROVES(one_file_shared_by_several_is_found),
		PROVES(a_duty_is_asked_by_rule_or_class),
		PROVES(everybody_asked_has_answered_or_is_chased),
		PROVES(looking_for_answers_has_its_bound),
		PROVES(who_acts_is_asked_by_role),
		PROVES(an_error_names_what_was_found_and_what_is_near),
		PROVES(depth_and_length_are_limited),
		PROVES(linked_inside_linked_is_refused),
		PROVES(what_no_condition_may_look_at_never_holds),
		PROVES(fields_alone_are_judged_without_a_world),
		PROVES(a_condition_listens_to_what_can_change_it),
		PROVES(a_condition_says_what_would_supply_it),
		PROVES(a_condition_can_be_said_in_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
