/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Deadlines and crowds, under a clock of the test's own, on pairs of sockets. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/reaper.h"

#define SECOND INSTANT_PER_SECOND
#define PAIRS 6

struct fixture {
	struct reaper *reaper;
	int ours[PAIRS], theirs[PAIRS];
	struct reaper_slot *slots[PAIRS];
};

static int set_up(void **state)
{
	static struct fixture f;
	struct reaper_rules rules = { .connections_max = PAIRS,
		                      .crowd = PAIRS,
		                      .peer_max = 2,
		                      .head_us = 10 * SECOND,
		                      .body_us = 10 * SECOND,
		                      .idle_us = 15 * SECOND };
	f = (struct fixture){ .reaper = reaper_create(&rules) };
	for (size_t i = 0; i < PAIRS; i++) {
		int pair[2];
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
			return -1;
		f.ours[i] = pair[0];
		f.theirs[i] = pair[1];
	}
	*state = &f;
	return !f.reaper;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	reaper_destroy(f->reaper);
	for (size_t i = 0; i < PAIRS; i++) {
		(void)close(f->ours[i]);
		(void)close(f->theirs[i]);
	}
	return 0;
}

/* Reading ends for us when the reaper has shut the connection down. */
static bool is_cut(const struct fixture *f, size_t i)
{
	char c;
	struct pollfd ready = { .fd = f->ours[i], .events = POLLIN };
	return poll(&ready, 1, 0) == 1 && recv(f->ours[i], &c, 1, 0) == 0;
}

static void add(struct fixture *f, size_t i, int64_t now)
{
	f->slots[i] = reaper_add(f->reaper, f->ours[i], NULL, now);
	assert_non_null(f->slots[i]);
}

static void a_head_has_ten_seconds(void **state)
{
	struct fixture *f = *state;
	add(f, 0, 0);
	assert_int_equal(reaper_sweep(f->reaper, 10 * SECOND - 1), 0);
	assert_false(is_cut(f, 0));
	assert_int_equal(reaper_sweep(f->reaper, 10 * SECOND), 1);
	assert_true(is_cut(f, 0));
	assert_int_equal(reaper_sweep(f->reaper, 11 * SECOND), 0); /* once */
}

static void a_body_has_a_second_more_for_each_16_kib(void **state)
{
	struct fixture *f = *state;
	add(f, 0, 0);
	reaper_enter(f->reaper, f->slots[0], REAPER_BODY, 160 * 1024, 0);
	assert_int_equal(reaper_sweep(f->reaper, 20 * SECOND - 1), 0);
	assert_int_equal(reaper_sweep(f->reaper, 20 * SECOND), 1);
}

static void a_page_at_work_has_no_deadline(void **state)
{
	struct fixture *f = *state;
	add(f, 0, 0);
	reaper_enter(f->reaper, f->slots[0], REAPER_BUSY, 0, 0);
	assert_int_equal(reaper_sweep(f->reaper, 1000 * SECOND), 0);
	reaper_enter(f->reaper, f->slots[0], REAPER_ANSWER, 0, 1000 * SECOND);
	assert_int_equal(reaper_sweep(f->reaper, 1010 * SECOND), 1);
}

static void between_requests_a_connection_may_be_idle(void **state)
{
	struct fixture *f = *state;
	add(f, 0, 0);
	reaper_wait(f->reaper, f->slots[0], 0);
	assert_int_equal(reaper_sweep(f->reaper, 24 * SECOND), 0);
	assert_int_equal(reaper_sweep(f->reaper, 25 * SECOND), 1);
}

static void in_a_crowd_the_oldest_head_goes_first(void **state)
{
	struct fixture *f = *state;
	for (size_t i = 0; i < PAIRS; i++)
		add(f, i, (int64_t)i);
	reaper_enter(f->reaper, f->slots[0], REAPER_BUSY, 0, 0);
	assert_int_equal(reaper_sweep(f->reaper, 10), 1);
	assert_false(is_cut(f, 0));
	assert_true(is_cut(f, 1));
	assert_false(is_cut(f, 2));
	assert_int_equal(reaper_sweep(f->reaper, 10), 0);
}

static void a_freed_slot_leaves_nothing_to_the_next(void **state)
{
	struct fixture *f = *state;
	add(f, 0, 0);
	reaper_remove(f->reaper, f->slots[0]);
	assert_int_equal(reaper_count(f->reaper), 0);
	add(f, 0, 100 * SECOND); /* the same descriptor, another connection */
	assert_int_equal(reaper_sweep(f->reaper, 105 * SECOND), 0);
	assert_int_equal(reaper_count(f->reaper), 1);
}

static void past_its_bound_a_peer_is_shut_down_at_once(void **state)
{
	struct fixture *f = *state;
	struct hash me = hash_of(STR("me")), other = hash_of(STR("other"));
	for (size_t i = 0; i < 3; i++)
		f->slots[i] = reaper_add(f->reaper, f->ours[i], &me, 0);
	assert_false(is_cut(f, 1));
	assert_true(is_cut(f, 2));
	f->slots[3] = reaper_add(f->reaper, f->ours[3], &other, 0);
	assert_false(is_cut(f, 3));
}

static void no_more_slots_than_named(void **state)
{
	struct fixture *f = *state;
	for (size_t i = 0; i < PAIRS; i++)
		add(f, i, 0);
	assert_null(reaper_add(f->reaper, f->ours[0], NULL, 0));
	reaper_enter(f->reaper, NULL, REAPER_BUSY, 0, 0); /* a connection without a slot goes on */
	reaper_remove(f->reaper, NULL);
}

static void hushing_spares_what_is_at_work(void **state)
{
	struct fixture *f = *state;
	add(f, 0, 0);
	add(f, 1, 0);
	reaper_enter(f->reaper, f->slots[1], REAPER_BUSY, 0, 0);
	assert_int_equal(reaper_hush(f->reaper), 1);
	assert_true(is_cut(f, 0));
	assert_false(is_cut(f, 1));
}

#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_head_has_ten_seconds),
		PROVES(a_body_has_a_second_more_for_each_16_kib),
		PROVES(a_page_at_work_has_no_deadline),
		PROVES(between_requests_a_connection_may_be_idle),
		PROVES(in_a_crowd_the_oldest_head_goes_first),
		PROVES(a_freed_slot_leaves_nothing_to_the_next),
		PROVES(past_its_bound_a_peer_is_shut_down_at_once),
		PROVES(no_more_slots_than_named),
		PROVES(hushing_spares_what_is_at_work),
	};
	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
