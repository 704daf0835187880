/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The dated cases, against the pack's own duties: each names a rule, and that
 * rule must count the same unit, number and calendar, and reach the same
 * instant. Ages too, as gates and patterns count them. CANDOUR_DATED_CASES
 * names another file of cases; any of its lists may be empty or absent.
 */
#include "england/england.h"

#define CASES_FILE "tests/data/dated-cases.json"
#define CASES_FILE_MAX ((size_t)16 * 1024 * 1024)

struct cases {
	struct arena *arena;
	struct pack *pack;
	const struct json *root;
	size_t looked;
	size_t wrong;
};

static int set_up(void **state)
{
	struct cases *cases = calloc(1, sizeof *cases);
	const char *path = getenv("CANDOUR_DATED_CASES"), *folders[] = { england_packs() };
	const struct pack_bytes *bytes = NULL;
	struct pack_errors errors;
	struct err err = { 0 };
	struct str text;
	assert_non_null(cases);
	cases->arena = arena_create(4 * FIXTURE_FILE_MAX);
	if (!pack_find(cases->arena, folders, 1, STR("england"), &bytes, &err) ||
	    !pack_load(bytes, &cases->pack, cases->arena, &errors, &err) ||
	    !file_read(cases->arena, path && *path ? path : CASES_FILE, CASES_FILE_MAX, &text, &err) ||
	    !json_read(cases->arena, text, 8, &cases->root, &err))
		fail_msg("%s", err.message);
	*state = cases;
	return 0;
}

static int tear_down(void **state)
{
	struct cases *cases = *state;
	pack_destroy(cases->pack);
	arena_destroy(cases->arena);
	free(cases);
	return 0;
}

static void differs(struct cases *cases, const struct json *row, const char *what)
{
	struct buf text;
	buf_init(&text, 65536);
	json_write(&text, row);
	print_error("%s: %.*s\n", what, STR_ARG(buf_str(&text)));
	buf_finish(&text);
	cases->wrong++;
}

static int minute_of(struct str text)
{
	if (text.n != 5)
		return -1;
	return (text.p[0] - '0') * 600 + (text.p[1] - '0') * 60 + (text.p[3] - '0') * 10 +
	       (text.p[4] - '0');
}

/* The unit and number of the rule are those of the case, and its calendar. */
static bool counts_the_same(const struct cases *cases, const struct pack_period *within,
                            const struct json *row)
{
	static const struct str UNITS[] = { [PACK_HOURS] = { "hours", 5 },
		                            [PACK_DAYS] = { "days", 4 },
		                            [PACK_WORKING_DAYS] = { "working-days", 12 },
		                            [PACK_MONTHS] = { "months", 6 } };
	const struct pack_calendar *calendar = within->calendar ? within->calendar : cases->pack->calendar;
	struct str name = json_text(row, STR("calendar"));
	return str_eq(json_text(row, STR("basis")), UNITS[within->unit]) &&
	       json_number(row, STR("amount"), -1) == within->amount &&
	       (!name.p || within->unit != PACK_WORKING_DAYS || str_eq(name, calendar->name));
}

static void one_case(struct cases *cases, const struct json *row)
{
	struct str rule = json_text(row, STR("rule"));
	const struct pack_duty *duty = rule.p ? pack_duty_find(cases->pack, rule) : NULL;
	struct pack_due due;
	struct err err = { 0 };
	struct day last;
	instant start, want;
	if (!rule.p)
		return; /* of the arithmetic alone */
	cases->looked++;
	if (!duty) {
		differs(cases, row, "the pack has no such rule");
		return;
	}
	/* A time of day is an area's own tightening: the rest is the pack's. */
	struct pack_period within = duty->within;
	int minute = minute_of(json_text(row, STR("at")));
	within.at_minute = minute >= 0 ? minute : within.at_minute;
	if (!counts_the_same(cases, &within, row))
		differs(cases, row, "the rule counts otherwise");
	else if (!instant_read(json_text(row, STR("start")), &start) ||
	         !instant_read(json_text(row, STR("due")), &want) ||
	         !pack_due(cases->pack->calendar, start, &within, &due, &err))
		differs(cases, row, "cannot be reckoned");
	else if (due.due != want)
		differs(cases, row, "the rule is due at another instant");
	else if (within.unit != PACK_HOURS && day_read(json_text(row, STR("due_day")), &last) &&
	         day_compare(due.last_day, last) != 0)
		differs(cases, row, "the rule is due on another day");
}

static void one_age(struct cases *cases, const struct json *row)
{
	struct day born, on;
	cases->looked++;
	if (!day_read(json_text(row, STR("born")), &born) || !day_read(json_text(row, STR("on")), &on))
		differs(cases, row, "cannot be read");
	else if (pack_age_on(born, on) != json_number(row, STR("age"), -99))
		differs(cases, row, "another age");
}

/* What is not known protects: the least age that the birth allows is the one used. */
static void one_partial(struct cases *cases, const struct json *row)
{
	struct str text = json_text(row, STR("born"));
	struct month born = { 0 };
	struct day on;
	uint64_t year;
	cases->looked++;
	bool is_read = month_read(text, &born);
	if (!is_read && str_to_u64(text, 9999, &year)) {
		born = (struct month){ (int)year, 0 };
		is_read = true;
	}
	if (!is_read || !day_read(json_text(row, STR("on")), &on))
		differs(cases, row, "cannot be read");
	else if (pack_age_least(born, on) != json_number(row, STR("least"), -99) ||
	         pack_age_most(born, on) != json_number(row, STR("most"), -99) ||
	         pack_age_least(born, on) != json_number(row, STR("use"), -99))
		differs(cases, row, "another age");
}

static void each(struct cases *cases, struct str list, void (*one)(struct cases *, const struct json *))
{
	const struct json *rows = json_member(cases->root, list);
	cases->wrong = cases->looked = 0;
	for (const struct json *row = rows ? rows->first : NULL; row; row = row->next)
		one(cases, row);
	if (cases->wrong)
		fail_msg("%zu of %zu cases are not so", cases->wrong, cases->looked);
}

static void every_dated_case_is_the_packs_own_due_time(void **state)
{
	each(*state, STR("cases"), one_case);
}

static void an_age_is_reached_as_the_birthday_begins(void **state)
{
	each(*state, STR("ages"), one_age);
}

static void a_birth_known_in_part_is_the_least_age_it_allows(void **state)
{
	each(*state, STR("partial_births"), one_partial);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_dated_case_is_the_packs_own_due_time),
		cmocka_unit_test(an_age_is_reached_as_the_birthday_begins),
		cmocka_unit_test(a_birth_known_in_part_is_the_least_age_it_allows),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
