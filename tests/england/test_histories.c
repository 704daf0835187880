/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Worked histories, act by act: what each opens and until when, what it
 * settles and whether in time, what it is refused, which pattern it completes.
 * They lie in tests/data/england, or where CANDOUR_HISTORIES says.
 */
#include "england/story.h"

static size_t replay(const char *name)
{
	char path[512];
	const char *folder = getenv("CANDOUR_HISTORIES");
	(void)snprintf(path, sizeof path, "%s/%s.yaml", folder && *folder ? folder : "tests/data/england",
	               name);
	return story_replay(path);
}

static void scattered_contacts_add_up_at_the_third_concern(void **state)
{
	(void)state;
	assert_true(replay("robin") > 40);
}

static void silence_of_agencies_is_seen_and_a_threat_is_recorded(void **state)
{
	(void)state;
	assert_true(replay("lena") > 40);
}

static void a_report_to_leaders_is_owed_an_answer_by_each(void **state)
{
	(void)state;
	assert_true(replay("shelved") > 15);
}

static void a_restriction_is_owed_again_and_again(void **state)
{
	(void)state;
	assert_true(replay("restricted") > 10);
}

static void a_child_driven_to_another_town_is_owed_to_by_the_clock_on_the_wall(void **state)
{
	(void)state;
	assert_true(replay("driven") > 25);
}

static void a_worker_who_speaks_is_answered_and_watched_over(void **state)
{
	(void)state;
	assert_true(replay("speaks") > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scattered_contacts_add_up_at_the_third_concern),
		cmocka_unit_test(silence_of_agencies_is_seen_and_a_threat_is_recorded),
		cmocka_unit_test(a_report_to_leaders_is_owed_an_answer_by_each),
		cmocka_unit_test(a_restriction_is_owed_again_and_again),
		cmocka_unit_test(a_child_driven_to_another_town_is_owed_to_by_the_clock_on_the_wall),
		cmocka_unit_test(a_worker_who_speaks_is_answered_and_watched_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
