/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/arena_fixture.h"

static void appends_stand_one_behind_the_other(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, 10000);
	assert_int_equal(buf_str(&buf).n, 0);
	buf_add(&buf, STR("ab"));
	buf_add(&buf, STR_NONE);
	buf_add_char(&buf, 'c');
	buf_add_bytes(&buf, "\0d", 2);
	buf_format(&buf, " %d", 7);
	assert_int_equal(buf.n, 7);
	assert_memory_equal(buf.p, "abc\0d 7", 7);
	buf_format(&buf, "%2000d", 1); /* longer than what is formatted at the spot */
	assert_int_equal(buf.n, 2007);
	assert_false(buf.full);
	buf_finish(&buf);
	buf_finish(&buf);
}

static void a_full_buffer_keeps_what_it_had(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, 5);
	buf_add(&buf, STR("abcde"));
	assert_false(buf.full);
	buf_add_char(&buf, 'f');
	assert_true(buf.full);
	assert_str(buf_str(&buf), "abcde");
	buf_clear(&buf);
	assert_false(buf.full);
	buf_add(&buf, STR("abcdef"));
	assert_true(buf.full);
	buf_add(&buf, STR("a"));
	assert_int_equal(buf.n, 0); /* nothing follows what was left out */
	buf_finish(&buf);
}

static void a_buffer_of_no_room_is_full_at_once(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, 0);
	buf_add(&buf, STR(""));
	assert_false(buf.full);
	buf_format(&buf, "%s", "x");
	assert_true(buf.full);
	buf_finish(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(appends_stand_one_behind_the_other),
		PROVES(a_full_buffer_keeps_what_it_had),
		PROVES(a_buffer_of_no_room_is_full_at_once),
	};
	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
