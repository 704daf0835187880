/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* DIR/limits: what a register takes is what its file says, and a line that is not understood is named. */
#include "fixture.h"
#include "log/log.h"

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
	assert_int_equal(casebook_limit(f->book, STR("publish.pad")), 1);
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
		{ "publish.pad 65\n", "from 1 to 64", "limits:1" },
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

static int64_t entries_of(struct fixture *f)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_health health;
	MUST(f, casebook_health(reader, &health, &f->err));
	return health.entries;
}

/* However many were written since the last, and if nothing was. */
static void what_is_published_grows_to_a_multiple_of_the_pad(void **state)
{
	struct fixture *f = *state;
	write_limits(f, "publish.pad 8\n");
	fixture_reopen(f);
	MUST(f, casebook_beat(f->book, &f->err));
	for (int acts = 0; acts < 3; acts++) {
		int64_t before = entries_of(f);
		for (int i = 0; i < acts; i++)
			report(f, "He is alone at night.");
		MUST(f, casebook_beat(f->book, &f->err));
		report(f, "After the beat.");
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
		struct log_checkpoint checkpoint;
		struct log_note read;
		struct str note, sent;
		int64_t size;
		MUST(f, casebook_log_checkpoint(reader, f->arena, &size, &note, &f->err));
		assert_int_equal(size % 8, 0);
		assert_true(size > before);
		/* And that is what goes to witnesses, though more is signed already. */
		MUST(f, casebook_log_beat(reader, f->arena, &sent, &f->err));
		MUST(f, log_note_read(f->arena, sent, &read, &f->err));
		MUST(f, log_checkpoint_read(read.text, &checkpoint, &f->err));
		assert_int_equal(checkpoint.size, size);
	}
	struct casebook_verified found;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	assert_true(found.ok);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(without_the_file_the_usual_limits_hold),
		PROVES(a_larger_attachment_than_the_file_says_is_refused),
		PROVES(what_is_published_grows_to_a_multiple_of_the_pad),
		PROVES(a_line_that_is_not_understood_keeps_it_shut_and_is_named),
	};
	return PROVE(tests);
}
