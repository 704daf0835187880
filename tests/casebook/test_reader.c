/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who may read, and the trace that reading leaves. */
#include "fixture.h"

#include <pthread.h>

#include "casebook/book.h"

static struct casebook_access access_to(struct fixture *f, const struct person *who,
                                        struct str file)
{
	struct casebook_access access;
	struct casebook_file found = file_named(f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_may(reader, &who->viewer, found.n, &access, &f->err));
	return access;
}

static size_t readings_of(struct fixture *f, struct str file, const struct casebook_reading **out)
{
	struct casebook_file found = file_named(f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	size_t count;
	MUST(f, casebook_readings(reader, f->arena, found.n, STR_NONE, 100, out, &count, &f->err));
	return count;
}

static enum casebook_seal open_seal(struct fixture *f, const struct person *who, int64_t entry,
                                    const struct json **sealed)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	enum casebook_seal how;
	MUST(f, casebook_open_seal(reader, &who->viewer, entry, f->arena, &how, sealed, &f->err));
	return how;
}

static void a_screener_opens_the_words_of_a_concern(void **state)
{
	struct fixture *f = *state;
	const struct json *sealed;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.\r\n");
	assert_int_equal(open_seal(f, &screener, concern.index, &sealed), CASEBOOK_SEAL_OPEN);
	struct str words = json_text(sealed, STR("happening"));
	assert_true(str_eq(words, STR("He is alone at night.\r\n"))); /* L12 */
}

/* L9 */
static void opening_a_seal_leaves_a_durable_trace(void **state)
{
	struct fixture *f = *state;
	const struct json *sealed;
	const struct casebook_reading *readings;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	assert_int_equal(readings_of(f, concern.file, &readings), 0);
	assert_int_equal(open_seal(f, &screener, concern.index, &sealed), CASEBOOK_SEAL_OPEN);
	fixture_reopen(f);
	assert_int_equal(readings_of(f, concern.file, &readings), 1);
	assert_true(str_eq(readings[0].account, screener.account));
	assert_true(str_eq(readings[0].office, STR("screener")));
	assert_int_equal(readings[0].highest, concern.index);
	assert_int_equal(readings[0].minute, FIXTURE_START);
}

static void the_same_reading_in_a_minute_adds_nothing(void **state)
{
	struct fixture *f = *state;
	const struct json *sealed;
	const struct casebook_reading *readings;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	for (int i = 0; i < 5; i++)
		assert_int_equal(open_seal(f, &screener, concern.index, &sealed),
		                 CASEBOOK_SEAL_OPEN);
	assert_int_equal(readings_of(f, concern.file, &readings), 1);
	later(f, INSTANT_PER_MINUTE);
	assert_int_equal(open_seal(f, &screener, concern.index, &sealed), CASEBOOK_SEAL_OPEN);
	assert_int_equal(readings_of(f, concern.file, &readings), 2);
}

static void another_purpose_is_another_reading(void **state)
{
	struct fixture *f = *state;
	const struct casebook_reading *readings;
	const struct json *sealed;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	assert_int_equal(open_seal(f, &screener, concern.index, &sealed), CASEBOOK_SEAL_OPEN);
	screener.viewer.purpose = STR("search");
	assert_int_equal(open_seal(f, &screener, concern.index, &sealed), CASEBOOK_SEAL_OPEN);
	assert_int_equal(readings_of(f, concern.file, &readings), 2);
}

static void readings_of_several_files_are_recorded_together_or_not_at_all(void **state)
{
	struct fixture *f = *state;
	const struct casebook_reading *readings;
	struct person screener = person(f, "amara", "screener"), nurse = person(f, "nadia", "named-nurse");
	struct casebook_answer one = report(f, "He is alone at night."), two = report(f, "She is too.");
	const int64_t files[] = { file_named(f, one.file).n, file_named(f, two.file).n };
	const int64_t highest[] = { one.index, two.index };
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	assert_false(casebook_record_readings(reader, &nurse.viewer, f->arena, files, highest, 2, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
	assert_int_equal(readings_of(f, one.file, &readings), 0);
	for (int i = 0; i < 2; i++) /* the same again adds nothing */
		MUST(f, casebook_record_readings(reader, &screener.viewer, f->arena, files, highest, 2,
		                                 &f->err));
	assert_int_equal(readings_of(f, one.file, &readings), 1);
	assert_int_equal(readings_of(f, two.file, &readings), 1);
	assert_int_equal(readings[0].highest, two.index);
}

static void an_office_without_a_part_learns_nothing(void **state)
{
	struct fixture *f = *state;
	const struct json *sealed;
	enum casebook_seal how;
	struct person nurse = person(f, "nadia", "named-nurse");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_access access = access_to(f, &nurse, concern.file);
	assert_false(access.may_know);
	assert_false(access.may_open);
	assert_true(access.because.n > 0);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	assert_false(casebook_open_seal(reader, &nurse.viewer, concern.index, f->arena, &how,
	                                &sealed, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
	assert_null(sealed);
}

static void an_office_that_is_asked_reads_the_file_from_then_on(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct person gp = person(f, "gita", "gp");
	struct casebook_answer concern = report(f, "He is alone at night.");
	assert_false(access_to(f, &gp, concern.file).may_open);
	admitted(f, &screener.actor, "concern.asked", concern.file,
	         fields_of(f, "{'office':'gp','urgent':'no','lawful-basis':'public-task',"
	                      "'question':'Do you know him?'}"));
	assert_true(access_to(f, &gp, concern.file).may_open);
	/* Having answered, it still reads: it owed, and it wrote. */
	admitted(f, &gp.actor, "concern.answered", concern.file,
	         fields_of(f, "{'knows':'nothing','answer':'We do not know him.'}"));
	assert_true(access_to(f, &gp, concern.file).may_open);
}

/* The outside end of a ladder is told that something is late, and reads no word. */
static void an_outside_office_that_was_told_knows_but_opens_nothing(void **state)
{
	struct fixture *f = *state;
	size_t fired;
	instant next;
	struct person outside = person(f, "olga", "ofsted-contact");
	struct casebook_answer concern = report(f, "He is alone at night.");
	assert_false(access_to(f, &outside, concern.file).may_know);
	for (int day = 0; day < 60; day++) {
		later(f, INSTANT_PER_DAY);
		MUST(f,
		     casebook_climb(f->book, casebook_now(f->book), 1000, &fired, &next, &f->err));
	}
	/* Told at the last rung: no higher one waits, so that nothing is owed by it; the climb
	 * names it. */
	struct casebook_access access = access_to(f, &outside, concern.file);
	assert_true(access.may_know);
	assert_false(access.may_open);
}

static void the_registers_own_file_opens_for_nobody(void **state)
{
	struct fixture *f = *state;
	const struct json *sealed;
	struct person administrator = person(f, "ada", "register-administrator");
	struct person head = person(f, "hana", "head-of-service");
	struct casebook_file own = file_named(f, STR("R-1"));
	struct casebook_access access = access_to(f, &administrator, STR("R-1"));
	assert_int_equal(own.n, 0);
	assert_true(access.may_know);
	assert_false(access.may_open);
	assert_false(access_to(f, &head, STR("R-1")).may_know);
	/* The newest entry of the file that holds a seal: an account's name. */
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	const struct casebook_entry *entries;
	size_t count;
	enum casebook_seal how;
	MUST(f, casebook_entries(reader, f->arena, 0, -1, 1000, &entries, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		if (!entries[i].is_sealed)
			continue;
		MUST(f, casebook_open_seal(reader, &administrator.viewer, entries[i].index,
		                           f->arena, &how, &sealed, &f->err));
		assert_int_equal(how, CASEBOOK_SEAL_KEPT);
		assert_null(sealed);
	}
}

static void who_left_an_office_reads_no_more(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	assert_true(access_to(f, &screener, concern.file).may_open);
	leave(f, &screener);
	assert_false(access_to(f, &screener, concern.file).may_open);
	assert_false(access_to(f, &screener, concern.file).may_know);
}

/* What somebody wrote stays for everybody when they are gone. */
static void authorship_outlives_access(void **state)
{
	struct fixture *f = *state;
	const struct json *sealed;
	struct person screener = person(f, "amara", "screener");
	struct person manager = person(f, "milo", "team-manager");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_answer looked = admitted(
		f, &screener.actor, "concern.looked", concern.file,
		fields_of(
			f,
			"{'danger':'possible','checked':['own-files'],'basis':'His own words.'}"));
	leave(f, &screener);
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("account"), screener.account);
	admitted(f, &BY_REGISTER, "account.ended", STR("R-1"), fields);
	assert_int_equal(open_seal(f, &manager, looked.index, &sealed), CASEBOOK_SEAL_OPEN);
	assert_true(str_eq(json_text(sealed, STR("basis")), STR("His own words.")));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_entry entry;
	struct str name;
	MUST(f, casebook_entry_get(reader, f->arena, looked.index, &entry, &f->err));
	assert_true(str_eq(entry.account, screener.account));
	MUST(f, casebook_account_name(reader, f->arena, entry.account, &name, &f->err));
	assert_true(str_eq(name, STR("amara")));
}

static void a_reading_in_an_emergency_ends_at_its_hour(void **state)
{
	struct fixture *f = *state;
	struct person nurse = person(f, "nadia", "named-nurse");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("because"), STR("He is here and unconscious."));
	json_put_text(f->arena, fields, STR("until"), STR("2026-11-26T12:00:00Z"));
	admitted(f, &nurse.actor, "access.broken", concern.file, fields);
	struct casebook_access access = access_to(f, &nurse, concern.file);
	assert_true(access.may_open);
	assert_true(access.by_broken_glass);
	later(f, 2 * INSTANT_PER_HOUR);
	assert_false(access_to(f, &nurse, concern.file).may_open);
}

static void nobody_opens_a_seal_through_a_register_that_is_only_read(void **state)
{
	struct fixture *f = *state;
	const struct json *sealed = NULL;
	enum casebook_seal how;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	casebook_close(f->book);
	f->book = NULL;
	MUST(f, casebook_open(f->dir, CASEBOOK_READ, &f->book, &f->err));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	assert_false(casebook_open_seal(reader, &screener.viewer, concern.index, f->arena, &how,
	                                &sealed, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	assert_null(sealed);
}

static void a_seventeenth_reader_waits_and_is_told(void **state)
{
	struct fixture *f = *state;
	struct casebook_reader *readers[16], *one_more = NULL;
	for (size_t i = 0; i < COUNT_OF(readers); i++)
		readers[i] = reader_of(f);
	assert_false(casebook_reader_take(f->book, &one_more, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	assert_null(one_more);
	casebook_reader_give(&readers[3]);
	readers[3] = reader_of(f);
	for (size_t i = 0; i < COUNT_OF(readers); i++)
		casebook_reader_give(&readers[i]);
}

static void a_register_that_was_taken_away_is_no_missing_page(void **state)
{
	struct fixture *f = *state;
	struct casebook_reader *reader = NULL;
	const char *here = file_join(f->arena, f->dir, "register.db");
	const char *aside = file_join(f->arena, f->dir, "aside.db");
	assert_int_equal(rename(here, aside), 0);
	assert_false(casebook_reader_take(f->book, &reader, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	assert_int_equal(rename(aside, here), 0);
	reader = reader_of(f);
	casebook_reader_give(&reader);
}

static void a_reader_sees_one_moment(void **state)
{
	struct fixture *f = *state;
	struct casebook_health before, after;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_health(reader, &before, &f->err));
	(void)report(f, "He is alone at night.");
	MUST(f, casebook_health(reader, &after, &f->err));
	assert_int_equal(before.entries, after.entries);
	casebook_reader_give(&reader);
	reader = reader_of(f);
	MUST(f, casebook_health(reader, &after, &f->err));
	assert_true(after.entries > before.entries);
}

static bool change(struct casebook *book, void *ctx, struct err *err)
{
	const char *const *sql = ctx;
	return store_run(book->store, *sql, err);
}

static void a_damaged_box_is_said_to_be_lost(void **state)
{
	struct fixture *f = *state;
	static const char *damage =
		"UPDATE entry SET sealed = zeroblob(200) WHERE kind = 'concern.received'";
	static const char *loss = "UPDATE entry SET sealed = NULL WHERE kind = 'concern.received'";
	const struct json *sealed;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	MUST(f, book_write(f->book, change, &damage, &f->err));
	assert_int_equal(open_seal(f, &screener, concern.index, &sealed), CASEBOOK_SEAL_LOST);
	assert_null(sealed);
	MUST(f, book_write(f->book, change, &loss, &f->err));
	assert_int_equal(open_seal(f, &screener, concern.index, &sealed), CASEBOOK_SEAL_LOST);
}

static void words_moved_to_another_file_do_not_open(void **state)
{
	struct fixture *f = *state;
	static const char *swap = "UPDATE entry SET sealed = (SELECT sealed FROM entry AS o"
				  " WHERE o.kind = 'concern.received' ORDER BY o.idx LIMIT 1)"
				  " WHERE kind = 'concern.received'";
	const struct json *sealed;
	struct person screener = person(f, "amara", "screener");
	(void)report(f, "He is alone at night.");
	struct casebook_answer two = report(f, "She is hungry.");
	MUST(f, book_write(f->book, change, &swap, &f->err));
	assert_int_equal(open_seal(f, &screener, two.index, &sealed), CASEBOOK_SEAL_LOST);
	assert_null(sealed);
}

struct forged {
	int64_t entry;
	struct str header;
};

static bool put_header(struct casebook *book, void *ctx, struct err *err)
{
	static const char sql[] = "UPDATE entry SET header = ?2 WHERE idx = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	const struct forged *forged = ctx;
	if (!store_prepare(book->store, sql, &stmt, err))
		return false;
	store_bind_int(stmt, 1, forged->entry);
	store_bind_blob(stmt, 2, forged->header);
	return store_do(stmt, err);
}

static void words_that_the_header_does_not_name_are_not_shown(void **state)
{
	struct fixture *f = *state;
	const struct json *sealed;
	struct casebook_entry entry;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_entry_get(reader, f->arena, concern.index, &entry, &f->err));
	char *header = arena_alloc(f->arena, entry.header.n, 1);
	memcpy(header, entry.header.p, entry.header.n);
	size_t at = str_find_str(entry.header, STR("sealed ")) + 7;
	header[at] = header[at] == 'a' ? 'b' : 'a';
	struct forged forged = { concern.index, { header, entry.header.n } };
	MUST(f, book_write(f->book, put_header, &forged, &f->err));
	assert_int_equal(open_seal(f, &screener, concern.index, &sealed), CASEBOOK_SEAL_LOST);
	assert_null(sealed);
}

static void what_was_destroyed_is_said_to_be_destroyed(void **state)
{
	struct fixture *f = *state;
	const struct json *sealed;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_file file = file_named(f, concern.file);
	MUST(f, vault_destroy(f->book->vault, file.n, &f->err));
	assert_int_equal(open_seal(f, &screener, concern.index, &sealed), CASEBOOK_SEAL_DESTROYED);
	assert_null(sealed);
	admitted(f, &BY_REGISTER, "file.destroyed", concern.file,
	         fields_of(f, "{'because':'kept-long-enough'}"));
	assert_int_equal(open_seal(f, &screener, concern.index, &sealed), CASEBOOK_SEAL_DESTROYED);
	assert_true(file_named(f, concern.file).is_destroyed);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_entry entry;
	MUST(f, casebook_entry_get(reader, f->arena, concern.index, &entry, &f->err));
	assert_true(entry.is_destroyed);
	assert_true(entry.is_sealed);
}

#define READERS 4
#define ROUNDS 25

struct side {
	pthread_t thread;
	struct fixture *f;
	struct person who;
	int64_t entry;
	size_t opened;
};

static void *read_all_the_time(void *ctx)
{
	struct side *side = ctx;
	struct arena *arena = arena_create((size_t)16 << 20);
	for (int i = 0; arena && i < ROUNDS; i++) {
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
		struct err err;
		enum casebook_seal how;
		const struct json *sealed;
		const struct casebook_possible *acts;
		struct casebook_duty_list list;
		struct casebook_file file;
		size_t count;
		arena_reset(arena);
		if (casebook_reader_take(side->f->book, &reader, &err) &&
		    casebook_open_seal(reader, &side->who.viewer, side->entry, arena, &how, &sealed,
		                       &err) &&
		    casebook_file_find(reader, arena, STR("C-1"), &file, &err) &&
		    casebook_possible_acts(reader, arena, &side->who.viewer, &file, &acts, &count,
		                           &err) &&
		    casebook_duties_of_office(reader, arena, STR("screener"), 0, 0, 50, &list,
		                              &err) &&
		    how == CASEBOOK_SEAL_OPEN && list.count >= 3)
			side->opened++;
	}
	arena_destroy(arena);
	return NULL;
}

/* Run with SAN=thread too. */
static void readers_work_beside_the_writer(void **state)
{
	struct fixture *f = *state;
	struct side sides[READERS];
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	MUST(f, casebook_start_writer(f->book, &f->err));
	for (size_t i = 0; i < READERS; i++) {
		sides[i] = (struct side){ .f = f, .who = screener, .entry = concern.index };
		assert_int_equal(
			pthread_create(&sides[i].thread, NULL, read_all_the_time, &sides[i]), 0);
	}
	for (int i = 0; i < ROUNDS; i++)
		(void)report(f, "She is hungry.");
	(void)person(f, "bela", "gp");
	for (size_t i = 0; i < READERS; i++) {
		assert_int_equal(pthread_join(sides[i].thread, NULL), 0);
		assert_int_equal(sides[i].opened, ROUNDS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_screener_opens_the_words_of_a_concern),
		PROVES(opening_a_seal_leaves_a_durable_trace),
		PROVES(the_same_reading_in_a_minute_adds_nothing),
		PROVES(another_purpose_is_another_reading),
		PROVES(readings_of_several_files_are_recorded_together_or_not_at_all),
		PROVES(an_office_without_a_part_learns_nothing),
		PROVES(an_office_that_is_asked_reads_the_file_from_then_on),
		PROVES(an_outside_office_that_was_told_knows_but_opens_nothing),
		PROVES(the_registers_own_file_opens_for_nobody),
		PROVES(who_left_an_office_reads_no_more),
		PROVES(authorship_outlives_access),
		PROVES(a_reading_in_an_emergency_ends_at_its_hour),
		PROVES(nobody_opens_a_seal_through_a_register_that_is_only_read),
		PROVES(a_seventeenth_reader_waits_and_is_told),
		PROVES(a_register_that_was_taken_away_is_no_missing_page),
		PROVES(a_reader_sees_one_moment),
		PROVES(a_damaged_box_is_said_to_be_lost),
		PROVES(words_moved_to_another_file_do_not_open),
		PROVES(words_that_the_header_does_not_name_are_not_shown),
		PROVES(what_was_destroyed_is_said_to_be_destroyed),
		PROVES(readers_work_beside_the_writer),
	};
	return PROVE(tests);
}
