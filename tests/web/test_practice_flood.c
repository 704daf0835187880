/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A flood of reports stands before the screener as one row, and each is opened from there. */
#include "web/staff.h"

#define FLOOD 65

static void flood(struct fixture *f)
{
	for (int i = 0; i < FLOOD; i++)
		report(f, "The same words, again and again.");
}

static void a_flood_is_one_row_and_hides_nothing_else(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	report(f, "An old worry.");
	later(f, INSTANT_PER_DAY);
	flood(f);
	later(f, INSTANT_PER_HOUR);
	report(f, "A worry of its own.");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/work");
	must_see(&site, "Decide what happens next: 65 at once");
	must_see(&site, "They began between 10am and 11am on Friday 27 November 2026.");
	must_see(&site, "/files/C-1/concern.decided");
	must_see(&site, "/files/C-67/concern.decided");
	must_not_see(&site, "/files/C-2/concern.decided");
	/* Each is counted: 66 first looks and two more are due today, 132 on Monday. */
	must_see(&site, "<strong class=\"cd-sum__late\">1 late</strong>");
	must_see(&site, "<strong>68 due today</strong>");
	must_see(&site, "<strong>132 later</strong>");
	get_json(&site, "/work");
	must_see(&site, "\"bursts\":[{");
	must_see(&site, "\"count\":65");
	shut(&site);
}

static void a_flood_is_opened_one_by_one(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	flood(f);
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/work");
	struct str rest = between(&site, "/work/burst?office=screener&amp;rule=T01", "\"");
	get(&site, arena_format(f->arena, "/work/burst?office=screener&rule=T01&%.*s",
	                        STR_ARG(str_sub(rest, 5, rest.n)))
	                   .p);
	assert_int_equal(site.status, 200);
	must_see(&site, "<h1 class=\"govuk-heading-l\">Decide what happens next: many at once</h1>");
	must_see(&site, "/files/C-1/concern.decided");
	must_see(&site, "/files/C-50/concern.decided");
	must_not_see(&site, "/files/C-51/concern.decided");
	struct str next = between(&site, "href=\"/work/burst?", "\"");
	struct str tail = str_sub(next, str_find_str(next, STR("after=")), next.n);
	get(&site, arena_format(f->arena, "/work/burst?office=screener&rule=T01&%.*s&%.*s",
	                        STR_ARG(str_sub(rest, 5, rest.n)), STR_ARG(tail))
	                   .p);
	must_see(&site, "/files/C-51/concern.decided");
	must_see(&site, "/files/C-65/concern.decided");
	must_not_see(&site, "Next page");
	get(&site, "/work/burst?office=screener&rule=T01&hour=1");
	must_see(&site, "None of them is owed any more.");
	get(&site, "/work/burst?office=screener&rule=X&hour=1");
	assert_int_equal(site.status, 404);
	shut(&site);
}

static void what_is_late_shows_a_flood_as_one_row(void **state)
{
	struct fixture *f = *state;
	struct person noor = person(f, "noor", "independent-scrutineer");
	person(f, "amara", "screener");
	flood(f);
	later(f, 4 * INSTANT_PER_DAY);
	struct site site = serve(f, NULL);
	sign_in(&site, "noor", &noor);
	get(&site, "/late");
	must_see(&site, "195 duties are late.");
	must_see(&site, "Decide what happens next: 65 at once");
	must_not_see(&site, "<tbody");
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_flood_is_one_row_and_hides_nothing_else),
		PROVES(a_flood_is_opened_one_by_one),
		PROVES(what_is_late_shows_a_flood_as_one_row),
	};
	return PROVE(tests);
}
