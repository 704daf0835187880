/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/wipe.h"

#include <string.h>

void base_wipe(void *at, size_t n)
{
	if (n == 0)
		return;
	memset(at, 0, n);
	/* As if somebody read them: else the compiler leaves the line above out. */
	__asm__ __volatile__("" : : "r"(at) : "memory");
}
