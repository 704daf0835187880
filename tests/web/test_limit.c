/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Limits of an address, under a clock of the test's own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/limit.h"

#define LIMIT_REPORTS_A_MINUTE 30
#define LIMIT_CODES_A_MINUTE   20
#define LIMIT_SIGN_IN_A_MINUTE 10

static const unsigned A_MINUTE[LIMIT_KINDS] = { LIMIT_REPORTS_A_MINUTE, LIMIT_CODES_A_MINUTE,
	                                        LIMIT_SIGN_IN_A_MINUTE };
#define START (INT64_C(1700000003) * INSTANT_PER_SECOND)

static struct hash peer(uint64_t n)
{
	return hash_of(str_from_bytes(&n, sizeof n));
}

static void the_limit_holds_and_then_lifts(void **state)
{
	(void)state;
	struct limits *limits = limits_create(A_MINUTE, 64);
	struct hash me = peer(1);
	for (unsigned i = 0; i < LIMIT_REPORTS_A_MINUTE; i++)
		assert_int_equal(limit_take(limits, LIMIT_REPORTS, &me, START), 0);
	unsigned wait = limit_take(limits, LIMIT_REPORTS, &me, START);
	assert_in_range(wait, 1, 70);
	instant then = START + wait * INSTANT_PER_SECOND;
	assert_true(limit_take(limits, LIMIT_REPORTS, &me, then - INSTANT_PER_SECOND) > 0);
	assert_int_equal(limit_take(limits, LIMIT_REPORTS, &me, then), 0);
	limits_destroy(limits);
}

/* However the tries lie in time, no 60 seconds hold more than the limit. */
static void no_minute_ever_sees_more(void **state)
{
	(void)state;
	struct limits *limits = limits_create(A_MINUTE, 64);
	struct hash me = peer(1);
	static instant taken[2000];
	size_t count = 0;
	uint64_t random = 12345;
	for (instant now = START; now < START + 20 * INSTANT_PER_MINUTE;) {
		if (limit_take(limits, LIMIT_SIGN_IN, &me, now) == 0)
			taken[count++] = now;
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
		now += (instant)(random >> 40) % (3 * INSTANT_PER_SECOND);
	}
	assert_true(count > 100);
	for (size_t i = LIMIT_SIGN_IN_A_MINUTE; i < count; i++)
		assert_true(taken[i] - taken[i - LIMIT_SIGN_IN_A_MINUTE] >= INSTANT_PER_MINUTE);
	limits_destroy(limits);
}

static void the_wait_that_is_told_is_long_enough(void **state)
{
	(void)state;
	struct limits *limits = limits_create(A_MINUTE, 64);
	struct hash me = peer(1);
	for (instant now = START; now < START + 10 * INSTANT_PER_MINUTE;
	     now += INSTANT_PER_SECOND) {
		unsigned wait = limit_take(limits, LIMIT_SIGN_IN, &me, now);
		if (wait > 0)
			assert_int_equal(limit_look(limits, LIMIT_SIGN_IN, &me,
			                            now + wait * INSTANT_PER_SECOND),
			                 0);
	}
	limits_destroy(limits);
}

static void kinds_and_addresses_are_apart(void **state)
{
	(void)state;
	struct limits *limits = limits_create(A_MINUTE, 64);
	struct hash me = peer(1), other = peer(2);
	for (unsigned i = 0; i < LIMIT_SIGN_IN_A_MINUTE; i++)
		assert_int_equal(limit_take(limits, LIMIT_SIGN_IN, &me, START), 0);
	assert_true(limit_take(limits, LIMIT_SIGN_IN, &me, START) > 0);
	assert_int_equal(limit_take(limits, LIMIT_SIGN_IN, &other, START), 0);
	assert_int_equal(limit_take(limits, LIMIT_CODES, &me, START), 0);
	limits_destroy(limits);
}

static void looking_counts_nothing(void **state)
{
	(void)state;
	struct limits *limits = limits_create(A_MINUTE, 64);
	struct hash me = peer(1);
	for (int i = 0; i < 100; i++)
		assert_int_equal(limit_look(limits, LIMIT_CODES, &me, START), 0);
	limits_destroy(limits);
}

static void a_flood_of_addresses_shuts_nobody_out(void **state)
{
	(void)state;
	struct limits *limits = limits_create(A_MINUTE, 64);
	for (uint64_t n = 0; n < 10000; n++) {
		struct hash one = peer(n);
		assert_int_equal(limit_take(limits, LIMIT_REPORTS, &one, START + (instant)n), 0);
	}
	limits_destroy(limits);
}

static void who_is_counted_is_not_forgotten_while_there_is_room(void **state)
{
	(void)state;
	struct limits *limits = limits_create(A_MINUTE, 8);
	struct hash me = peer(1);
	for (unsigned i = 0; i < LIMIT_CODES_A_MINUTE; i++)
		assert_int_equal(limit_take(limits, LIMIT_CODES, &me, START), 0);
	for (uint64_t n = 2; n <= 8; n++) {
		struct hash other = peer(n);
		assert_int_equal(limit_take(limits, LIMIT_CODES, &other, START), 0);
	}
	assert_true(limit_take(limits, LIMIT_CODES, &me, START) > 0);
	limits_destroy(limits);
}

static void a_clock_that_steps_back_lifts_nothing(void **state)
{
	(void)state;
	struct limits *limits = limits_create(A_MINUTE, 64);
	struct hash me = peer(1);
	for (unsigned i = 0; i < LIMIT_CODES_A_MINUTE; i++)
		assert_int_equal(limit_take(limits, LIMIT_CODES, &me, START), 0);
	assert_true(limit_take(limits, LIMIT_CODES, &me, START - INSTANT_PER_HOUR) > 0);
	limits_destroy(limits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_limit_holds_and_then_lifts),
		cmocka_unit_test(no_minute_ever_sees_more),
		cmocka_unit_test(the_wait_that_is_told_is_long_enough),
		cmocka_unit_test(kinds_and_addresses_are_apart),
		cmocka_unit_test(looking_counts_nothing),
		cmocka_unit_test(a_flood_of_addresses_shuts_nobody_out),
		cmocka_unit_test(who_is_counted_is_not_forgotten_while_there_is_room),
		cmocka_unit_test(a_clock_that_steps_back_lifts_nothing),
	};
	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
