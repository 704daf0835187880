/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tables for spreadsheets: no cell is taken for a formula, and none ends early. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/csv.h"

static void a_cell_is(const char *text, const char *expected)
{
	struct buf out;
	buf_init(&out, 1000);
	csv_cell(&out, str_from_c(text));
	assert_true(str_eq(buf_str(&out), str_from_c(expected)));
	buf_finish(&out);
}

static void a_cell_is_no_formula(void **state)
{
	(void)state;
	a_cell_is("=HYPERLINK(1)", "\"'=HYPERLINK(1)\"");
	a_cell_is("+1", "\"'+1\"");
	a_cell_is("-1", "\"'-1\"");
	a_cell_is("@SUM(A1)", "\"'@SUM(A1)\"");
	a_cell_is("\t=1", "\"'\t=1\"");
	a_cell_is(" \r\n=1", "\"' \r\n=1\"");
	a_cell_is("1=1", "\"1=1\"");
}

static void a_cell_ends_where_its_text_ends(void **state)
{
	(void)state;
	a_cell_is("", "\"\"");
	a_cell_is("a,b", "\"a,b\"");
	a_cell_is("say \"no\"", "\"say \"\"no\"\"\"");
	a_cell_is("two\nlines", "\"two\nlines\"");
}

static void a_row_ends_as_the_standard_says(void **state)
{
	struct buf out;
	(void)state;
	buf_init(&out, 1000);
	csv_row(&out, 2, STR("a"), STR("b"));
	assert_true(str_eq(buf_str(&out), STR("\"a\",\"b\"\r\n")));
	buf_finish(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_is_no_formula),
		cmocka_unit_test(a_cell_ends_where_its_text_ends),
		cmocka_unit_test(a_row_ends_as_the_standard_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
