/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A flood of reports: one row in a list, and never a word less owed. */
#include "fixture.h"

#define FLOOD 75

static const struct casebook_mark DANGER = { { "danger-now", 10 }, { "yes", 3 } };

static struct casebook_answer report_danger(struct fixture *f)
{
	struct casebook_act what = {
		.actor = BY_PUBLIC,
		.via = CASEBOOK_WEB,
		.kind = STR("concern.received"),
		.fields = fields_of(f, "{'danger-now':'yes','source':'neighbour',"
		                       "'happening':'He shouts now.','harm':['not-yet-known'],"
		                       "'harm-sign':'unknown','channel':'web'}"),
	};
	struct casebook_answer answer;
	MUST(f, casebook_submit(f->book, &what, f->arena, &answer, &f->err));
	fixture_must_admit(&answer, "concern.received");
	return answer;
}

/* Within one hour; two of them say that somebody is in danger. */
static void flood(struct fixture *f, int reports)
{
	for (int i = 0; i < reports; i++) {
		if (i == 20 || i == 50)
			report_danger(f);
		else
			report(f, arena_format(f->arena, "Worry %d.", i).p);
		later(f, 20 * INSTANT_PER_SECOND);
	}
}

static size_t bursts_of(struct fixture *f, const char *office, const struct casebook_burst **out)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	size_t count;
	MUST(f, casebook_bursts(reader, f->arena, str_from_c(office), &DANGER, out, &count,
	                        &f->err));
	return count;
}

static size_t apart_of(struct fixture *f, const char *office, struct casebook_duty_list *list)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_duties_apart(reader, f->arena, str_from_c(office), INSTANT_MIN, 0, 1000,
	                              list, &f->err));
	return list->count;
}

static void a_flood_is_counted_rule_by_rule(void **state)
{
	struct fixture *f = *state;
	const struct casebook_burst *bursts;
	struct casebook_duty_list list;
	flood(f, FLOOD);
	assert_int_equal(bursts_of(f, "screener", &bursts), 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(bursts[i].count, FLOOD);
		assert_int_equal(bursts[i].marked, 2);
		assert_int_equal(bursts[i].hour, FIXTURE_START);
		assert_true(str_eq(bursts[i].office_title, STR("Duty team")));
	}
	assert_true(str_eq(bursts[0].rule, STR("T03"))); /* the first due */
	assert_int_equal(apart_of(f, "screener", &list), 0);
	assert_int_equal(bursts_of(f, "social-worker", &bursts), 0);
}

static void what_is_no_flood_stands_beside_it(void **state)
{
	struct fixture *f = *state;
	const struct casebook_burst *bursts;
	struct casebook_duty_list list;
	flood(f, 60);
	assert_int_equal(bursts_of(f, "screener", &bursts), 0);
	assert_int_equal(apart_of(f, "screener", &list), 3 * 60);
	flood(f, 15);
	later(f, INSTANT_PER_HOUR);
	report(f, "A worry of its own.");
	assert_int_equal(bursts_of(f, "screener", &bursts), 3);
	assert_int_equal(apart_of(f, "screener", &list), 3);
	assert_true(str_eq(list.at[0].file_number, STR("C-76")));
}

/* Every one of them, danger first, each once: by pages of ten. */
static void a_flood_is_opened_one_by_one_and_danger_first(void **state)
{
	struct fixture *f = *state;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_burst_at at = { true, INSTANT_MIN, 0 };
	struct casebook_duty_list list = { .more = true };
	struct casebook_burst burst = { .office = STR("screener"),
		                        .rule = STR("T01"),
		                        .hour = FIXTURE_START };
	char seen[FLOOD + 1] = { 0 };
	size_t count = 0;
	flood(f, FLOOD);
	reader = reader_of(f);
	while (list.more) {
		MUST(f, casebook_duties_of_burst(reader, f->arena, &burst, &DANGER, &at, 10, &list,
		                                 &at, &f->err));
		for (size_t i = 0; i < list.count; i++, count++) {
			uint64_t n;
			struct str number = list.at[i].file_number;
			assert_true(str_to_u64(str_sub(number, 2, number.n), FLOOD, &n));
			assert_int_equal(seen[n]++, 0);
			if (count == 0)
				assert_int_equal(n, 21);
			if (count == 1)
				assert_int_equal(n, 51);
			if (count == 2)
				assert_int_equal(n, 1);
		}
	}
	assert_int_equal(count, FLOOD);
}

/* L4, L6: grouped is not settled; the office still owes each, and each is late by itself. */
static void a_flood_that_is_late_is_late_in_every_one(void **state)
{
	struct fixture *f = *state;
	const struct casebook_burst *bursts;
	int64_t open, late;
	flood(f, FLOOD);
	later(f, 5 * INSTANT_PER_DAY);
	assert_int_equal(bursts_of(f, "", &bursts), 3);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_office_counts(reader, STR("screener"), &open, &late, &f->err));
	assert_int_equal(open, 3 * FLOOD);
	assert_int_equal(late, 3 * FLOOD);
}

static void it_is_over_when_enough_of_them_are_done(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	const struct casebook_burst *bursts;
	struct casebook_duty_list list;
	flood(f, FLOOD);
	for (int i = 0; i < FLOOD - 60; i++)
		admitted(f, &screener.actor, "concern.looked",
		         file_named(f, arena_format(f->arena, "C-%d", i + 1)).id,
		         fields_of(f, "{'danger':'possible','checked':['own-files']}"));
	assert_int_equal(bursts_of(f, "screener", &bursts), 2);
	assert_int_equal(apart_of(f, "screener", &list), 60);
	assert_true(str_eq(list.at[0].rule, STR("T03")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_flood_is_counted_rule_by_rule),
		PROVES(what_is_no_flood_stands_beside_it),
		PROVES(a_flood_is_opened_one_by_one_and_danger_first),
		PROVES(a_flood_that_is_late_is_late_in_every_one),
		PROVES(it_is_over_when_enough_of_them_are_done),
	};
	return PROVE(tests);
}
