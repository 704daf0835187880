/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/arena_fixture.h"

static void the_most_significant_bits_stand_first(void **state)
{
	(void)state;
	unsigned char bytes[16] = { 0 };
	struct id id = id_from_bytes(bytes);
	assert_str(id_str(&id), "00000000000000000000000000");
	bytes[15] = 33;
	id = id_from_bytes(bytes);
	assert_str(id_str(&id), "00000000000000000000000011");
	memset(bytes, 0xff, sizeof bytes);
	id = id_from_bytes(bytes);
	assert_str(id_str(&id), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
	memset(bytes, 0, sizeof bytes);
	bytes[0] = 0x80;
	id = id_from_bytes(bytes);
	assert_str(id_str(&id), "40000000000000000000000000");
}

static void what_is_made_is_read(void **state)
{
	(void)state;
	struct random_source *source = random_seeded_create(1);
	struct id last = { 0 };
	for (int i = 0; i < 1000; i++) {
		struct id made = id_make(source), read;
		assert_true(id_read(id_str(&made), &read));
		assert_true(id_eq(&made, &read));
		assert_false(id_eq(&made, &last));
		last = made;
	}
	random_destroy(source);
}

static void nothing_is_folded_or_corrected(void **state)
{
	(void)state;
	static const char *const BAD[] = {
		"",
		"8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
		"7zZZZZZZZZZZZZZZZZZZZZZZZZ",
		"7IZZZZZZZZZZZZZZZZZZZZZZZZ",
		"7LZZZZZZZZZZZZZZZZZZZZZZZZ",
		"7OZZZZZZZZZZZZZZZZZZZZZZZZ",
		"7UZZZZZZZZZZZZZZZZZZZZZZZZ",
		"7ZZZZZZZZZZZZZZZZZZZZZZZZ",
		"7ZZZZZZZZZZZZZZZZZZZZZZZZZZ",
		"7ZZZ-ZZZZZZZZZZZZZZZZZZZZZ",
		" 7ZZZZZZZZZZZZZZZZZZZZZZZZ",
	};
	struct id id;
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		assert_false(id_is(str_from_c(BAD[i])));
		assert_false(id_read(str_from_c(BAD[i]), &id));
	}
	assert_true(id_is(STR("2V5T0M9QZJ4K8XW1B7C3D6F0GH")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_most_significant_bits_stand_first),
		PROVES(what_is_made_is_read),
		PROVES(nothing_is_folded_or_corrected),
	};
	return cmocka_run_group_tests_name("id", tests, NULL, NULL);
}
