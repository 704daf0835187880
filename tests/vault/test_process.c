/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a process that holds keys asks of the system; each in a child of its own. */
#include "vault_fixture.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { GOOD = 7 };

/* The sanitisers make locking memory do nothing and say it was done. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { IS_SANITISED = 1 };
#else
enum { IS_SANITISED = 0 };
#endif

/* Ends a child without the exit handlers of test tools, which want to read its memory. */
static void child_ends(bool is_good)
{
	_exit(is_good ? GOOD : 1);
}

static int status_of(pid_t child)
{
	int status = 0;
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void a_hardened_process_leaves_no_core(void **state)
{
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		struct vault_hardening hardening;
		struct rlimit limit;
		vault_harden_process(&hardening);
		child_ends(hardening.leaves_no_core && getrlimit(RLIMIT_CORE, &limit) == 0 &&
		           limit.rlim_cur == 0 && limit.rlim_max == 0);
	}
	int status = status_of(child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == GOOD);
}

static void a_crash_of_a_hardened_process_dumps_nothing(void **state)
{
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		struct vault_hardening hardening;
		struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
		(void)setrlimit(RLIMIT_CORE, &limit);
		vault_harden_process(&hardening);
		(void)signal(SIGABRT, SIG_DFL);
		abort();
	}
	int status = status_of(child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(status & 0x80, 0); /* the bit that says a core was written */
}

static void a_hardened_process_is_not_read_by_others(void **state)
{
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		struct vault_hardening hardening;
		vault_harden_process(&hardening);
		child_ends(hardening.is_not_readable && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
	}
	int status = status_of(child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == GOOD);
}

/* Nobody but the superuser may lock more than the limit: then it is told, not passed over. */
static void memory_that_cannot_be_locked_is_told(void **state)
{
	struct fixture *f = *state;
	if (IS_SANITISED || geteuid() != 0)
		skip();
	vault_close(f->vault);
	f->vault = NULL;
	assert_int_equal(chown(f->dir, 65534, 65534), 0);
	assert_int_equal(chown(path_of(f, ""), 65534, 65534), 0);
	const char *const names[] = { "master.key", "promise.key", "return.key", "keys.db" };
	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_int_equal(chown(path_of(f, names[i]), 65534, 65534), 0);
	pid_t child = fork();
	if (child == 0) {
		struct vault_hardening hardening;
		const struct rlimit little = { 16384, 16384 };
		if (setrlimit(RLIMIT_MEMLOCK, &little) != 0 || setgid(65534) != 0 ||
		    setuid(65534) != 0)
			child_ends(false);
		vault_harden_process(&hardening);
		bool is_open = vault_open(f->dir, VAULT_READ, &DRILL, &f->vault, &f->err);
		child_ends(is_open && !vault_is_locked(f->vault));
	}
	int status = status_of(child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == GOOD);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_int_equal(chown(path_of(f, names[i]), 0, 0), 0);
}

static void an_unlimited_process_locks_its_keys(void **state)
{
	struct fixture *f = *state;
	pid_t child = fork();
	if (child == 0) {
		struct vault_hardening hardening;
		const struct rlimit much = { RLIM_INFINITY, RLIM_INFINITY };
		bool may = setrlimit(RLIMIT_MEMLOCK, &much) == 0;
		vault_harden_process(&hardening);
		vault_close(f->vault);
		bool is_open = vault_open(f->dir, VAULT_READ, &DRILL, &f->vault, &f->err);
		child_ends(is_open && (!may || vault_is_locked(f->vault)));
	}
	int status = status_of(child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == GOOD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hardened_process_leaves_no_core),
		cmocka_unit_test(a_crash_of_a_hardened_process_dumps_nothing),
		cmocka_unit_test(a_hardened_process_is_not_read_by_others),
		PROVES(memory_that_cannot_be_locked_is_told),
		PROVES(an_unlimited_process_locks_its_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
