/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a process that holds keys asks of the system. */
#include <sys/prctl.h>
#include <sys/resource.h>

#include "vault/vault.h"

static bool forbid_core(void)
{
	const struct rlimit none = { 0, 0 };
	struct rlimit now;
	return setrlimit(RLIMIT_CORE, &none) == 0 && getrlimit(RLIMIT_CORE, &now) == 0 &&
	       now.rlim_cur == 0 && now.rlim_max == 0;
}

static void ask_for_all_that_may_be_locked(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_MEMLOCK, &limit);
}

void vault_harden_process(struct vault_hardening *out)
{
	ask_for_all_that_may_be_locked();
	*out = (struct vault_hardening){
		.leaves_no_core = forbid_core(),
		.is_not_readable = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
		                   prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0,
	};
}
