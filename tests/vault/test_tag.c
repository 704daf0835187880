/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Keyed tags. */
#include "vault_fixture.h"

static void a_tag_is_the_same_for_the_same_text(void **state)
{
	struct fixture *f = *state;
	struct hash one = vault_tag(f->vault, STR("sign-in"), STR("amara"));
	struct hash two = vault_tag(f->vault, STR("sign-in"), STR("amara"));
	assert_true(hash_eq(&one, &two));
}

static void another_purpose_gives_another_tag(void **state)
{
	struct fixture *f = *state;
	struct hash one = vault_tag(f->vault, STR("sign-in"), STR("amara"));
	struct hash two = vault_tag(f->vault, STR("sign"), STR("in\namara"));
	struct hash three = vault_tag(f->vault, STR("sign-in"), STR("amarb"));
	assert_false(hash_eq(&one, &two));
	assert_false(hash_eq(&one, &three));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_tag_is_the_same_for_the_same_text),
		PROVES(another_purpose_gives_another_tag),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
