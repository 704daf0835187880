/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A register whose log does not fit its own proof at the start, opened to be read all the same: it takes nothing,
 * signs nothing, writes nothing, lets nobody in, and says why.
 */
#include "casebook/keys.h"

#define DATABASE "register.db"
#define NEWEST   "keys/newest"

struct damage {
	const char *sql;
	const char *says;
	bool is_shown; /* what is published fits all the same */
};

static const struct damage DAMAGE[] = {
	{ "UPDATE signed SET sig = zeroblob(64) WHERE size = (SELECT MAX(size) FROM signed)", "does not hold under", true },
	{ "DELETE FROM entry WHERE idx = (SELECT MAX(idx) FROM entry)", "entries were lost", true },
	{ "UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 0", "", false },
	{ "BEGIN; CREATE TEMP TABLE more AS SELECT * FROM entry WHERE idx = (SELECT MAX(idx) FROM entry);"
	  " UPDATE more SET idx = idx + 1; INSERT INTO entry SELECT * FROM more; COMMIT",
	  "the log's tree has", true },
	{ "UPDATE published SET size = size + 9", "ahead of what was signed", false },
	{ "UPDATE published SET note = replace(note, char(10), char(10) || '1')", "", false },
};

static const struct casebook_options READING = { .reads_unfit = true };

struct kept {
	struct str database;
	struct str newest;
	struct str shown;
	struct person screener;
	struct casebook_answer concern;
	char secret[CASEBOOK_SECRET_TEXT + 1];
};

static struct str whole(struct fixture *f, const char *name)
{
	struct str bytes;
	MUST(f, file_read(f->arena, path_of(f, name), FIXTURE_FILE_MAX, &bytes, &f->err));
	return bytes;
}

/* A register in use, published and closed, in which somebody is signed in. */
static void fill(struct fixture *f, struct kept *kept)
{
	int64_t size;
	kept->screener = person(f, "amara", "screener");
	kept->concern = report(f, "He is alone at night.");
	MUST(f, casebook_session_make(f->book, kept->screener.account, STR("screener"), kept->secret, &f->err));
	MUST(f, casebook_beat(f->book, &f->err));
	{
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
		MUST(f, casebook_log_checkpoint(reader, f->arena, &size, &kept->shown, &f->err));
	}
	report(f, "He is alone again.");
	close_register(f);
}

static void must_refuse(struct fixture *f, bool done)
{
	assert_false(done);
	assert_int_equal(f->err.code, ERR_UNABLE); /* exit 4, 503 */
	f->err = (struct err){ 0 };
}

static void must_take_nothing(struct fixture *f)
{
	struct casebook_answer answer;
	struct casebook_act what = { .actor = BY_PUBLIC, .via = CASEBOOK_WEB, .kind = STR("concern.received") };
	assert_false(casebook_may_take(f->book));
	assert_false(casebook_submit(f->book, &what, f->arena, &answer, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	assert_non_null(strstr(f->err.message, "does not fit its own proof"));
	assert_non_null(strstr(f->err.message, "candour doctor"));
	must_refuse(f, casebook_beat(f->book, &f->err));
	must_refuse(f, casebook_tidy(f->book, &f->err));
	must_refuse(f, casebook_publish(f->book, 1, STR(""), &f->err));
}

/* A reading that cannot be recorded is not given, and who may read is what the log says. */
static void must_let_nobody_in(struct fixture *f, const struct kept *kept)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_session session;
	struct casebook_actor actor;
	struct str secret = str_from_c(kept->secret);
	char again[CASEBOOK_SECRET_TEXT + 1];
	const struct json *sealed;
	enum casebook_seal how;
	must_refuse(f, casebook_session_get(f->book, f->arena, secret, &session, &f->err));
	must_refuse(f, casebook_session_make(f->book, kept->screener.account, STR("screener"), again, &f->err));
	must_refuse(f, casebook_token_get(reader, f->arena, secret, &actor, &f->err));
	must_refuse(f, casebook_open_seal(reader, &kept->screener.viewer, kept->concern.index, f->arena, &how, &sealed,
	                                  &f->err));
	assert_null(sealed);
}

static void must_be_read(struct fixture *f, const struct kept *kept, bool is_shown)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_duty_list duties;
	struct str note, tile;
	int64_t size;
	MUST(f, casebook_duties_of_file(reader, f->arena, file_named(f, STR("C-1")).n, 100, &duties, &f->err));
	assert_true(duties.count > 0);
	struct str path = STR("tile/entries/000.p/3");
	if (is_shown) {
		MUST(f, casebook_log_checkpoint(reader, f->arena, &size, &note, &f->err));
		assert_true(str_eq(note, kept->shown));
		MUST(f, casebook_log_tile(reader, f->arena, path, &tile, &f->err));
		return;
	}
	must_refuse(f, casebook_log_checkpoint(reader, f->arena, &size, &note, &f->err));
	must_refuse(f, casebook_log_tile(reader, f->arena, path, &tile, &f->err));
}

/* The register as it lies there, after what somebody did to it. */
static void must_only_be_read(struct fixture *f, const struct kept *kept, const char *says, bool is_shown)
{
	struct str database = whole(f, DATABASE), newest = whole(f, NEWEST);
	assert_false(casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
	f->err = (struct err){ 0 };
	MUST(f, casebook_open_with(f->dir, CASEBOOK_WRITE, &READING, &f->book, &f->err));
	MUST(f, casebook_start_writer(f->book, &f->err));
	struct str why = casebook_unfit(f->book);
	if (!why.p || !strstr(str_to_c(f->arena, why), says))
		fail_msg("\"%s\" is not said: %.*s", says, STR_ARG(why));
	assert_false(casebook_fits(f->book, &f->err));
	must_take_nothing(f);
	must_let_nobody_in(f, kept);
	must_be_read(f, kept, is_shown);
	close_register(f);
	assert_true(str_eq(whole(f, DATABASE), database));
	assert_true(str_eq(whole(f, NEWEST), newest));
}

static void what_does_not_fit_is_read_and_takes_nothing(void **state)
{
	struct fixture *f = *state;
	struct kept kept;
	fill(f, &kept);
	kept.database = whole(f, DATABASE);
	journal_set_level(JOURNAL_SILENT);
	for (size_t i = 0; i < COUNT_OF(DAMAGE); i++) {
		print_message("%s\n", DAMAGE[i].sql);
		put_file(f, DATABASE, kept.database);
		run_sql(f, DAMAGE[i].sql);
		must_only_be_read(f, &kept, DAMAGE[i].says, DAMAGE[i].is_shown);
	}
	put_file(f, DATABASE, kept.database);
	MUST(f, casebook_open_with(f->dir, CASEBOOK_WRITE, &READING, &f->book, &f->err));
	journal_set_level(JOURNAL_INFO);
	assert_null(casebook_unfit(f->book).p);
	report(f, "It fits, and takes.");
}

static void an_older_database_is_read_and_takes_nothing(void **state)
{
	struct fixture *f = *state;
	struct kept kept;
	fill(f, &kept);
	struct str older = whole(f, DATABASE);
	MUST(f, casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
	report(f, "He is alone once more.");
	close_register(f);
	put_file(f, DATABASE, older);
	journal_set_level(JOURNAL_SILENT);
	must_only_be_read(f, &kept, "set back", true);
	journal_set_level(JOURNAL_INFO);
}

/* Its keys, its rules, tables made anew by hand: nobody knows then what is read. */
static void what_else_is_wrong_keeps_it_shut(void **state)
{
	struct fixture *f = *state;
	struct kept kept;
	fill(f, &kept);
	kept.database = whole(f, DATABASE);
	run_sql(f, "DROP INDEX duty_file");
	assert_false(casebook_open_with(f->dir, CASEBOOK_WRITE, &READING, &f->book, &f->err));
	put_file(f, DATABASE, kept.database);
	(void)unlink(path_of(f, "keys/master.key"));
	assert_false(casebook_open_with(f->dir, CASEBOOK_WRITE, &READING, &f->book, &f->err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_does_not_fit_is_read_and_takes_nothing),
		PROVES(an_older_database_is_read_and_takes_nothing),
		PROVES(what_else_is_wrong_keeps_it_shut),
	};
	return PROVE(tests);
}
