/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* DIR/limits: what a register takes is what its file says, and a line that is not understood is named. */
#include "fixture.h"

static void write_limits(struct fixture *f, const char *text)
{
	MUST(f, file_write(file_join(f->arena, f->dir, "limits"), 0600, str_from_c(text), &f->err));
}

static void without_the_file_the_usual_limits_hold(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(casebook_limit(f->book, STR("intake.burst")), 60);
	assert_int_equal(casebook_limit(f->book, STR("limits.attachment")), 200 << 20);
	assert_int_equal(casebook_limit(f->book, STR("limits.reports")), 30);
	assert_int_equal(casebook_limit(f->book, STR("limits.codes")), 20);
	assert_int_equal(casebook_limit(f->book, STR("limits.sign-in")), 10);
	assert_int_equal(casebook_limit(f->book, STR("publish.every")), 60);
	assert_int_equal(casebook_limit(f->book, STR("publish.unwitnessed")), 3600);
}

static void a_larger_attachment_than_the_file_says_is_refused(void **state)
{
	struct fixture *f = *state;
	static const char piece[2000] = { 'x' };
	struct casebook_upload *upload;
	write_limits(f, "# small\n\nlimits.attachment\t1000\nintake.burst 7");
	fixture_reopen(f);
	assert_int_equal(casebook_limit(f->book, STR("limits.attachment")), 1000);
	assert_int_equal(casebook_limit(f->book, STR("intake.burst")), 7);
	assert_int_equal(casebook_limit(f->book, STR("limits.codes")), 20);
	MUST(f, casebook_upload_begin(f->book, STR("0123456789abcdef0123456789abcdef"), &upload, &f->err));
	assert_false(casebook_upload_add(upload, str_from_bytes(piece, sizeof piece), &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	casebook_upload_drop(&upload);
}

static void a_line_that_is_not_understood_keeps_it_shut_and_is_named(void **state)
{
	static const struct {
		const char *text, *says, *line;
	} ROWS[] = {
		{ "intake.bursts 7\n", "there is no limit \"intake.bursts\"", "limits:1" },
		{ "\n\nintake.burst\n", "from 1 to 1000000, not \"\"", "limits:3" },
		{ "intake.burst 0\n", "not \"0\"", "limits:1" },
		{ "intake.burst -4\n", "not \"-4\"", "limits:1" },
		{ "intake.burst 7 days\n", "not \"7 days\"", "limits:1" },
		{ "publish.every 99999999999999999999\n", "from 1 to 3600", "limits:1" },
		{ "limits.codes 5\n# and\nlimits.codes 6\n", "stands there twice", "limits:3" },
	};
	struct fixture *f = *state;
	casebook_close(f->book);
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		write_limits(f, ROWS[i].text);
		assert_false(casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
		assert_int_equal(f->err.code, ERR_INPUT);
		assert_non_null(strstr(f->err.message, ROWS[i].says));
		assert_non_null(strstr(f->err.context, ROWS[i].line));
		f->err = (struct err){ 0 };
	}
	write_limits(f, "");
	MUST(f, casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(without_the_file_the_usual_limits_hold),
		PROVES(a_larger_attachment_than_the_file_says_is_refused),
		PROVES(a_line_that_is_not_understood_keeps_it_shut_and_is_named),
	};
	return PROVE(tests);
}
