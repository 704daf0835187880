/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Advice that is due of children alone: of whom a file is about, known or not. */
#include "condition_fixture.h"

static bool is_due(struct fixture *f, unsigned under, const char *when)
{
	struct pack_word word = { .name = STR("word"), .under = under };
	bool due;
	if (when)
		word.when = read_text(f, when);
	if (!pack_word_is_due(&word, &f->world, &due, &f->err))
		fail_msg("%s", f->err.message);
	return due;
}

static void born(struct fixture *f, struct fake_file *file, const char *month)
{
	file->facts[f->pack->born->number] = month ? str_from_c(month) : STR_NONE;
}

static struct fake_file *link_child(struct fixture *f, const char *month)
{
	struct fake_file *other = &f->others[f->fake->own.link_count];
	other->id = f->fake->own.link_count ? "two" : "one";
	other->type = pack_file_type_find(f->pack, STR("child"));
	born(f, other, month);
	f->fake->own.links[f->fake->own.link_count++] = other;
	return other;
}

static void a_word_for_anybody_is_always_due(void **state)
{
	struct fixture *f = *state;
	assert_true(is_due(f, 0, NULL));
}

static void on_a_person_s_own_file_the_age_decides(void **state)
{
	struct fixture *f = *state;
	act_of(f, NULL, "child", NULL);
	born(f, &f->fake->own, NULL);
	assert_true(is_due(f, 18, NULL));
	born(f, &f->fake->own, "2010-03");
	assert_true(is_due(f, 18, NULL));
	assert_false(is_due(f, 16, NULL));
	born(f, &f->fake->own, "2008-06"); /* 18 within this month: perhaps not yet */
	assert_true(is_due(f, 18, NULL));
	born(f, &f->fake->own, "2008-05");
	assert_false(is_due(f, 18, NULL));
}

static void the_age_is_that_of_the_time_when_it_happened(void **state)
{
	struct fixture *f = *state;
	act_of(f, "assessment.opened", "child", NULL);
	born(f, &f->fake->own, "2008-05");
	assert_false(is_due(f, 18, NULL));
	f->world.happened = at("2026-01-02T10:00:00Z");
	assert_true(is_due(f, 18, NULL));
}

static void another_file_is_about_those_linked_to_it(void **state)
{
	struct fixture *f = *state;
	assert_true(is_due(f, 18, NULL)); /* nobody yet */
	link_child(f, "2000-01");
	assert_false(is_due(f, 18, NULL));
	link_child(f, NULL);
	assert_true(is_due(f, 18, NULL));
	f->fake->own.link_count = 1;
	link_child(f, "2015-01");
	assert_true(is_due(f, 18, NULL));
}

static void a_condition_may_be_asked_besides(void **state)
{
	struct fixture *f = *state;
	f->is_pattern = false;
	assert_true(is_due(f, 0, "{ lacks: concern.looked }"));
	assert_false(is_due(f, 0, "{ has: concern.looked }"));
	assert_true(is_due(f, 18, "{ file: concern }"));
	link_child(f, "2000-01");
	assert_false(is_due(f, 18, "{ file: concern }"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_word_for_anybody_is_always_due),
		PROVES(on_a_person_s_own_file_the_age_decides),
		PROVES(the_age_is_that_of_the_time_when_it_happened),
		PROVES(another_file_is_about_those_linked_to_it),
		PROVES(a_condition_may_be_asked_besides),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
