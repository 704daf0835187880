/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A pattern about an office, in the browser: on the office's file, owed and answered there. */
#include "web/staff.h"

#include "casebook/changed_pack.h"

static void a_second_warning_to_an_office_is_looked_at_on_its_file(void **state)
{
	static const char *const folders[] = { "packs" };
	static const char WARNING[] = "{'author':'inspector','addressed':['dcs'],'subject':['sexual-exploitation'],"
				      "'text':'They are not believed.'}";
	struct fixture *f = *state;
	const struct pack_bytes *pack = NULL;
	MUST(f, pack_find(f->arena, folders, 1, STR("england"), &pack, &f->err));
	found_by(f, pack);
	struct person chair = person(f, "carys", "partnership-chair"), police = person(f, "pavel", "police-officer");
	for (int i = 0; i < 2; i++)
		admitted(f, &police.actor, "warning.lodged", STR(""), fields_of(f, WARNING));
	const char *office = arena_format(f->arena, "/files/%.*s", STR_ARG(file_of_office(f, "dcs"))).p;
	const char *answer = arena_format(f->arena, "%s/pattern.considered", office).p;
	struct site site = serve(f, NULL);
	sign_in(&site, "carys", &chair);
	get(&site, "/office");
	post_own(&site, "/office", "office=partnership-chair");
	get(&site, "/work");
	must_see(&site, "Look at a pattern, and say what follows");
	must_see(&site, "/pattern.considered?pattern=D"); /* the form is led to with the one that is meant */
	get(&site, office);
	assert_int_equal(site.status, 200);
	must_see(&site, "An office was warned before");
	must_see(&site, "Look at a pattern, and say what follows");
	must_see(&site, "pattern.considered");
	get(&site, answer);
	assert_int_equal(site.status, 200);
	must_see(&site, "An office was warned before: Look at a pattern"); /* by which it is chosen */
	struct str duty = between(&site, "value=\"D", "\"");
	post_own(&site, answer,
	         arena_format(f->arena, "pattern=D%.*s&follows=meet&reasons=We+meet+on+Monday", STR_ARG(duty)).p);
	assert_int_equal(site.status, 303);
	get(&site, office);
	must_see(&site, "A pattern was looked at");
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_second_warning_to_an_office_is_looked_at_on_its_file),
	};
	return PROVE(tests);
}
