/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A link has a file at either end that its relation names. */
#include "england/england.h"

static struct casebook_answer does(struct england *e, const char *office, const char *kind, struct str file,
                                   const char *fields)
{
	return act(&e->f, &england_holder(e, office)->actor, kind, file, fields_of(&e->f, fields));
}

static const char *naming(struct england *e, const char *field, struct str file)
{
	return arena_format(e->f.arena, "{'%s':'%.*s'}", field, STR_ARG(file)).p;
}

static void a_relation_joins_the_types_that_it_names(void **state)
{
	struct england *e = england_begin(INT64_C(1790000000000000));
	struct casebook_answer child = does(e, "social-worker", "person.opened", STR_NONE,
	                                    "{'birth-known':'month','born':'2013-01','names':['Ava']}");
	struct casebook_answer place = does(e, "exploitation-lead", "place.opened", STR_NONE,
	                                    "{'sort':'takeaway','where':'The corner shop'}");
	(void)state;
	if (place.outcome != CASEBOOK_ADMITTED)
		fail_msg("%s %.*s", place.err.message,
		         STR_ARG(place.error_count ? place.errors[0].text : place.sentence));
	struct casebook_answer answer =
		does(e, "social-worker", "link.made", child.number, naming(e, "seen-at", place.number));
	assert_int_equal(answer.outcome, CASEBOOK_ADMITTED);
	/* A concern is about a child; a place is not, and nobody is the brother of a place. */
	answer = does(e, "exploitation-lead", "link.made", place.number, naming(e, "about", child.number));
	assert_int_equal(answer.outcome, CASEBOOK_REFUSED);
	assert_true(str_ends(answer.sentence,
	                     STR("no file of type \"Place\" is joined so to one of type \"Child\"; name another, or leave it out")));
	answer = does(e, "exploitation-lead", "link.made", place.number, naming(e, "sibling", child.number));
	assert_int_equal(answer.outcome, CASEBOOK_REFUSED);
	/* From the other end it is the same link. */
	answer = does(e, "exploitation-lead", "link.made", place.number, naming(e, "seen-at", child.number));
	assert_int_equal(answer.outcome, CASEBOOK_ADMITTED);
	england_end(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_relation_joins_the_types_that_it_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
