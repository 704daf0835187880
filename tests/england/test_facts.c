/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Facts that must be recorded stand sealed. What they say finds, sorts, ranks
 * and owes nothing: another value leaves every view as it is, byte for byte.
 * (L10; the law of a register's facts on ethnicity and nationality.)
 */
#include "england/england.h"

#include "casebook/dump.h"

#define BEGINS INT64_C(1790000000000000)

static struct casebook_answer does(struct england *e, const char *office, const char *kind, struct str file,
                                   const char *fields)
{
	struct casebook_answer answer =
		act(&e->f, &england_holder(e, office)->actor, kind, file, fields_of(&e->f, fields));
	fixture_must_admit(&answer, kind);
	return answer;
}

/* Each fact that there is, of the file's own sort, with the value that is tried. */
static void write_facts(struct england *e, const char *office, struct str file, bool is_group, const char *value)
{
	const struct pack_kind *kind = pack_kind_find(e->pack, STR("fact.recorded"));
	const struct pack_list *facts = pack_field_find(kind, STR("which"))->list;
	for (size_t i = 0; i < facts->count; i++) {
		struct str which = facts->codes[i].code;
		if (str_starts(which, STR("group-")) != is_group)
			continue;
		const char *fields = arena_format(e->f.arena, "{'which':'%.*s','how-known':'self','value':'%s'}",
		                                  STR_ARG(which), value)
		                             .p;
		(void)does(e, office, "fact.recorded", file, fields);
	}
}

/* Two children, an adult whom both name, a group: what adds up over them, and a quarter of nights. */
static struct buf lived(const char *value)
{
	struct england *e = england_begin(BEGINS);
	struct casebook_answer adult =
		does(e, "exploitation-lead", "adult.opened", STR_NONE, "{'names':['The driver']}");
	struct casebook_answer group =
		does(e, "exploitation-lead", "group.opened", STR_NONE, "{'name':'The drivers'}");
	write_facts(e, "exploitation-lead", group.number, true, value);
	for (size_t i = 0; i < 2; i++) {
		struct casebook_answer child = does(e, "social-worker", "person.opened", STR_NONE,
		                                    "{'birth-known':'month','born':'2013-01','names':['Ava']}");
		(void)does(e, "social-worker", "link.made", child.number, arena_format(e->f.arena, "{'named-in':'%.*s'}", STR_ARG(adult.number)).p);
		write_facts(e, "social-worker", child.number, false, value);
	}
	write_facts(e, "exploitation-lead", adult.number, false, value);
	england_until(e, BEGINS + 100 * INSTANT_PER_DAY);
	struct buf out = dump(&e->f);
	england_end(e);
	return out;
}

static void what_a_fact_says_changes_no_view(void **state)
{
	static const char *const VALUES[] = { "Pakistani", "White British", "Gypsy or Irish Traveller", "17" };
	struct buf first = lived("Any other"), again = lived("Any other");
	(void)state;
	/* The history itself goes the same way twice, or nothing would be shown. */
	assert_same_dump(&first, &again);
	buf_finish(&again);
	for (size_t i = 0; i < COUNT_OF(VALUES); i++) {
		struct buf other = lived(VALUES[i]);
		assert_same_dump(&first, &other);
		buf_finish(&other);
	}
	assert_true(str_find_str(buf_str(&first), STR("K04")) < buf_str(&first).n);
	buf_finish(&first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_fact_says_changes_no_view),
	};
	return cmocka_run_group_tests_name("england: facts", tests, NULL, NULL);
}
