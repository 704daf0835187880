/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the tests of base share: an arena a test, and slices compared as text. */
#ifndef CANDOUR_TESTS_BASE_ARENA_FIXTURE_H
#define CANDOUR_TESTS_BASE_ARENA_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)

struct fixture {
	struct arena *arena;
	struct err err;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	if (!f)
		return -1;
	f->arena = arena_create((size_t)64 << 20);
	*state = f;
	return f->arena ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	arena_destroy(f->arena);
	free(f);
	return 0;
}

static inline void assert_str(struct str found, const char *expected)
{
	size_t n = strlen(expected);
	if (!found.p || found.n != n || memcmp(found.p, expected, n) != 0)
		fail_msg("found \"%.*s\", expected \"%s\"", STR_ARG(found), expected);
}

#endif
