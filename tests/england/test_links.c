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

/* Whether the file's page proposes an entry of the kind to whoever holds the office. */
static bool offers(struct england *e, const char *office, struct str file, const char *kind)
{
	const struct casebook_offer *list;
	size_t count;
	bool is_offered = false;
	struct casebook_file found = file_named(&e->f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(&e->f);
	MUST(&e->f, casebook_offers(reader, e->f.arena, &england_holder(e, office)->viewer, &found, &list,
	                            &count, &e->f.err));
	for (size_t i = 0; i < count; i++)
		is_offered = is_offered || str_eq(list[i].kind->name, str_from_c(kind));
	return is_offered;
}

/* What the pattern there opened for the exploitation lead. */
static struct str found_on(struct england *e, struct str file)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(&e->f);
	struct casebook_file found;
	struct casebook_duty_list list;
	MUST(&e->f, casebook_file_find(reader, e->f.arena, file, &found, &e->f.err));
	MUST(&e->f, casebook_duties_of_file(reader, e->f.arena, found.n, 50, &list, &e->f.err));
	for (size_t i = 0; i < list.count; i++) {
		if (str_eq(list.at[i].rule, STR("T90")) && str_eq(list.at[i].office, STR("exploitation-lead")))
			return list.at[i].name;
	}
	return STR_NONE;
}

static void whoever_looks_at_an_adult_named_by_two_is_proposed_a_group(void **state)
{
	struct england *e = england_begin(INT64_C(1790000000000000));
	struct casebook_answer adult =
		does(e, "exploitation-lead", "adult.opened", STR_NONE, "{'names':['The driver']}");
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct casebook_answer child = does(e, "social-worker", "person.opened", STR_NONE,
		                                    "{'birth-known':'month','born':'2013-01','names':['Ava']}");
		(void)does(e, "social-worker", "link.made", child.number, naming(e, "named-in", adult.number));
	}
	assert_false(offers(e, "exploitation-lead", adult.file, "group.opened"));
	struct casebook_answer looked = does(e, "exploitation-lead", "pattern.considered", adult.number,
	                                     arena_format(e->f.arena,
	                                                  "{'pattern':'%.*s','follows':'disrupt','reasons':'Both name the driver.'}",
	                                                  STR_ARG(found_on(e, adult.number)))
	                                             .p);
	assert_int_equal(looked.outcome, CASEBOOK_ADMITTED);
	assert_true(offers(e, "exploitation-lead", adult.file, "group.opened"));
	england_end(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_looks_at_an_adult_named_by_two_is_proposed_a_group),
		cmocka_unit_test(a_relation_joins_the_types_that_it_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
