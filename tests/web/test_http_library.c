/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The HTTP library comes with pages, not with every command. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <string.h>

#include "web/http_library.h"

static bool is_taken_in(void)
{
	return dlopen("libmicrohttpd.so.12", RTLD_NOW | RTLD_NOLOAD) != NULL;
}

static void it_is_taken_in_when_pages_are_served_and_not_before(void **state)
{
	struct http_library http;
	struct err err = { 0 };
	(void)state;
	assert_false(is_taken_in());
	assert_true(http_library_load(&http, &err));
	assert_true(is_taken_in());
}

static void each_of_its_functions_is_found(void **state)
{
	struct http_library http;
	struct err err = { 0 };
	void *each[sizeof http / sizeof(void *)];
	(void)state;
	assert_true(http_library_load(&http, &err));
	memcpy(each, &http, sizeof http);
	for (size_t i = 0; i < COUNT_OF(each); i++)
		assert_non_null(each[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_taken_in_when_pages_are_served_and_not_before),
		cmocka_unit_test(each_of_its_functions_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
