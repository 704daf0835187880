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

static void an_own_tag_is_of_its_purpose_and_bytes(void **state)
{
	struct fixture *f = *state;
	struct hash one, same, purpose, bytes;
	struct hash looked_up = vault_tag(f->vault, STR("session"), STR("amara"));
	struct err err = { 0 };
	assert_true(vault_tag_own(f->vault, STR("session"), STR("amara"), &one, &err));
	assert_true(vault_tag_own(f->vault, STR("session"), STR("amara"), &same, &err));
	assert_true(vault_tag_own(f->vault, STR("token"), STR("amara"), &purpose, &err));
	assert_true(vault_tag_own(f->vault, STR("session"), STR("amarb"), &bytes, &err));
	assert_true(hash_eq(&one, &same));
	assert_false(hash_eq(&one, &purpose));
	assert_false(hash_eq(&one, &bytes));
	assert_false(hash_eq(&one, &looked_up));
	assert_false(vault_tag_own(f->vault, STR("two words"), STR("amara"), &one, &err));
	assert_int_equal(err.code, ERR_FAULT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_tag_is_the_same_for_the_same_text),
		PROVES(another_purpose_gives_another_tag),
		PROVES(an_own_tag_is_of_its_purpose_and_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
