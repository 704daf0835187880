/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the program answers where it stops itself. */
#define _XOPEN_SOURCE 700
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "cli/cli_fixture.h"

/* Once it has begun to read what it was given. */
static pid_t start_and_wait(struct fixture *f, int *to)
{
	const char *pipe = path_of(f, "pipe");
	int left = 1;
	assert_int_equal(mkfifo(pipe, 0600), 0);
	*to = open(pipe, O_RDWR);
	assert_int_equal(write(*to, "{", 1), 1);
	pid_t pid = start(f, pipe, (const char *const[]){ "add", "nowhere", "concern.received", "--json", "-", NULL });
	while (left) {
		(void)poll(NULL, 0, 5);
		assert_int_equal(ioctl(*to, FIONREAD, &left), 0);
	}
	return pid;
}

/* As an invariant does that is broken, and a library that gives up. */
static void what_stops_itself_ends_as_a_fault_of_ours(void **state)
{
	struct fixture *f = *state;
	int to;
	pid_t pid = start_and_wait(f, &to);
	assert_int_equal(kill(pid, SIGABRT), 0);
	assert_int_equal(status_of(pid), 70);
	close(to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_stops_itself_ends_as_a_fault_of_ours),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
