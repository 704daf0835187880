/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What pages and commands ask the views, and how the questions are served. */
#include "fixture.h"

#include "casebook/book.h"

static struct casebook_duty_list duties_of(struct fixture *f, const char *office, size_t limit)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_duty_list list;
	MUST(f, casebook_duties_of_office(reader, f->arena, str_from_c(office), INSTANT_MIN, -1,
	                                  limit, &list, &f->err));
	return list;
}

static const struct casebook_duty *duty_of(const struct casebook_duty_list *list, const char *rule)
{
	for (size_t i = 0; i < list->count; i++) {
		if (str_eq(list->at[i].rule, str_from_c(rule)))
			return &list->at[i];
	}
	return NULL;
}

static void a_file_is_found_by_id_or_number(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_file by_id = file_named(f, concern.file),
			     by_number = file_named(f, STR("c-1"));
	assert_true(str_eq(concern.number, STR("C-1")));
	assert_int_equal(by_id.n, by_number.n);
	assert_true(str_eq(by_number.number, STR("C-1")));
	assert_true(str_eq(by_number.state_name, STR("received")));
	assert_int_equal(by_id.first_entry, concern.index);
	assert_false(by_id.is_destroyed);
}

static void what_is_no_file_is_not_found(void **state)
{
	struct fixture *f = *state;
	static const char *const names[] = {
		"",     "C",         "C-", "C-2",  "C-0",
		"C-1x", "X-1",       "-1", "C-01", "00000000000000000000000000",
		"C--1", "CONCERNS-1"
	};
	(void)report(f, "He is alone at night.");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct casebook_file file;
		assert_false(
			casebook_file_find(reader, f->arena, str_from_c(names[i]), &file, &f->err));
		assert_int_equal(f->err.code, ERR_ABSENT);
	}
}

static void a_code_opens_its_own_file_alone(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer one = report(f, "He is alone at night.");
	struct casebook_answer two = report(f, "She is hungry.");
	struct casebook_file file;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	assert_true(one.has_code && two.has_code);
	MUST(f, casebook_file_by_code(reader, f->arena, &two.code, &file, &f->err));
	assert_true(str_eq(file.id, two.file));
	one.code.digits = (uint16_t)((one.code.digits + 1) % 10000);
	assert_false(casebook_file_by_code(reader, f->arena, &one.code, &file, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
	assert_null(file.id.p);
}

static void a_new_concern_is_owed_by_a_named_office(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_duty_list list = duties_of(f, "screener", 50);
	const struct casebook_duty *decide = duty_of(&list, "T01");
	assert_non_null(decide);
	assert_true(str_eq(decide->file_id, concern.file));
	assert_true(str_eq(decide->file_number, STR("C-1")));
	assert_true(str_eq(decide->office, STR("screener")));
	assert_true(str_eq(decide->office_title, STR("Duty team")));
	assert_true(str_eq(decide->name, arena_format(f->arena, "D%" PRId64 ".%" PRId64,
	                                              concern.index, decide->id % 1024)));
	assert_true(decide->title.n && decide->source.n);
	assert_int_equal(decide->opened_at, FIXTURE_START);
	/* Thursday: by the end of Friday 27 November. */
	assert_int_equal(decide->due, FIXTURE_START + 38 * INSTANT_PER_HOUR);
	assert_true(decide->is_open);
	assert_false(decide->is_late);
}

/* L6 */
static void a_duty_is_late_from_its_due_time_on(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	later(f, 38 * INSTANT_PER_HOUR - INSTANT_PER_MS);
	struct casebook_duty_list list = duties_of(f, "screener", 50);
	assert_false(duty_of(&list, "T01")->is_late);
	later(f, INSTANT_PER_MS);
	list = duties_of(f, "screener", 50);
	assert_true(duty_of(&list, "T01")->is_late);
}

static void late_only_leaves_out_what_is_in_time(void **state)
{
	struct fixture *f = *state;
	struct casebook_duty_list late, all;
	(void)report(f, "He is alone at night.");
	later(f, 5 * INSTANT_PER_HOUR); /* past the first look, before the decision */
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_duties_open(reader, f->arena, true, INSTANT_MIN, -1, 100, &late, &f->err));
	MUST(f, casebook_duties_open(reader, f->arena, false, INSTANT_MIN, -1, 100, &all, &f->err));
	assert_true(late.count >= 1 && late.count < all.count);
	for (size_t i = 0; i < late.count; i++)
		assert_true(late.at[i].is_late);
	assert_null(duty_of(&late, "T01"));
	assert_non_null(duty_of(&all, "T01"));
}

/* By key, never by offset; nothing twice, nothing left out. */
static void pages_of_duties_join_into_the_whole_list(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 7; i++)
		(void)report(f, "He is alone at night.");
	struct casebook_duty_list all = duties_of(f, "screener", 1000);
	assert_true(all.count >= 21);
	assert_false(all.more);
	instant after_due = INSTANT_MIN;
	int64_t after_id = -1;
	size_t seen = 0;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	for (;;) {
		struct casebook_duty_list page;
		MUST(f, casebook_duties_of_office(reader, f->arena, STR("screener"), after_due,
		                                  after_id, 4, &page, &f->err));
		for (size_t i = 0; i < page.count; i++)
			assert_int_equal(page.at[i].id, all.at[seen++].id);
		if (!page.more)
			break;
		assert_int_equal(page.count, 4);
		after_due = page.at[page.count - 1].due;
		after_id = page.at[page.count - 1].id;
	}
	assert_int_equal(seen, all.count);
}

static void pages_of_all_open_duties_join_too(void **state)
{
	struct fixture *f = *state;
	struct casebook_duty_list all, page = { .more = true };
	instant after_due = INSTANT_MIN;
	int64_t after_id = -1;
	size_t seen = 0;
	for (int i = 0; i < 5; i++)
		(void)report(f, "He is alone at night.");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_duties_open(reader, f->arena, false, INSTANT_MIN, -1, 1000, &all, &f->err));
	while (page.more) {
		MUST(f, casebook_duties_open(reader, f->arena, false, after_due, after_id, 3, &page,
		                             &f->err));
		for (size_t i = 0; i < page.count; i++)
			assert_int_equal(page.at[i].id, all.at[seen++].id);
		after_due = page.at[page.count - 1].due;
		after_id = page.at[page.count - 1].id;
	}
	assert_int_equal(seen, all.count);
}

static void counts_agree_with_the_lists(void **state)
{
	struct fixture *f = *state;
	int64_t open, late;
	(void)report(f, "He is alone at night.");
	(void)report(f, "She is hungry.");
	later(f, 5 * INSTANT_PER_HOUR);
	struct casebook_duty_list list = duties_of(f, "screener", 1000);
	int64_t late_found = 0;
	for (size_t i = 0; i < list.count; i++)
		late_found += list.at[i].is_late;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_office_counts(reader, STR("screener"), &open, &late, &f->err));
	assert_int_equal(open, list.count);
	assert_int_equal(late, late_found);
	assert_true(late > 0);
	struct casebook_health health;
	MUST(f, casebook_health(reader, &health, &f->err));
	assert_true(health.open_duties >= open);
	assert_true(health.late_duties >= late);
	assert_int_equal(health.newest_entry, FIXTURE_START);
	assert_true(health.free_slots > 1024);
}

static void a_files_duties_show_open_ones_first(void **state)
{
	struct fixture *f = *state;
	struct casebook_duty_list list;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	admitted(f, &screener.actor, "concern.looked", concern.file,
	         fields_of(f, "{'danger':'possible','checked':['own-files']}"));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_file file;
	MUST(f, casebook_file_find(reader, f->arena, concern.file, &file, &f->err));
	MUST(f, casebook_duties_of_file(reader, f->arena, file.n, 100, &list, &f->err));
	bool closed_seen = false;
	for (size_t i = 0; i < list.count; i++) {
		assert_false(closed_seen && list.at[i].is_open);
		closed_seen = closed_seen || !list.at[i].is_open;
	}
	const struct casebook_duty *looked = duty_of(&list, "T03");
	assert_non_null(looked);
	assert_false(looked->is_open);
	assert_false(looked->is_late);
	assert_false(looked->was_ended);
	assert_int_equal(looked->closed_at, FIXTURE_START);
}

static void entries_come_oldest_first_and_go_on_by_index(void **state)
{
	struct fixture *f = *state;
	const struct casebook_entry *all, *rest;
	size_t all_count, rest_count;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	admitted(f, &screener.actor, "concern.looked", concern.file,
	         fields_of(f, "{'danger':'possible','checked':['own-files']}"));
	struct casebook_file file = file_named(f, concern.file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_entries(reader, f->arena, file.n, -1, 1000, &all, &all_count, &f->err));
	assert_true(all_count >= 2);
	assert_true(str_eq(all[0].kind, STR("concern.received")));
	assert_int_equal(all[0].by, CASEBOOK_BY_PUBLIC);
	assert_true(all[0].is_sealed);
	assert_non_null(all[0].rules);
	assert_true(str_eq(all[0].file_id, concern.file));
	for (size_t i = 1; i < all_count; i++)
		assert_true(all[i].index > all[i - 1].index);
	MUST(f, casebook_entries(reader, f->arena, file.n, all[0].index, 1000, &rest, &rest_count,
	                         &f->err));
	assert_int_equal(rest_count, all_count - 1);
	assert_true(str_eq(json_text(all[0].plain, STR("source")), STR("neighbour")));
}

static void no_plain_field_holds_a_word_of_a_person(void **state)
{
	struct fixture *f = *state;
	struct casebook_entry entry;
	struct casebook_answer concern = report(f, "He is alone at night.");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_entry_get(reader, f->arena, concern.index, &entry, &f->err));
	assert_null(json_member(entry.plain, STR("happening")));
}

static void seats_tell_what_is_held_before_what_is_stood_in_for(void **state)
{
	struct fixture *f = *state;
	const struct casebook_seat *seats;
	size_t count;
	struct person manager = person(f, "milo", "team-manager");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_seats(reader, f->arena, manager.account, &seats, &count, &f->err));
	assert_true(count >= 2); /* the screener's office is vacant */
	assert_true(str_eq(seats[0].office, STR("team-manager")));
	assert_false(seats[0].is_deputy);
	assert_true(seats[1].is_deputy);
	MUST(f, casebook_seats(reader, f->arena, STR("00000000000000000000000000"), &seats, &count,
	                       &f->err));
	assert_int_equal(count, 0);
}

static const struct casebook_possible *possible(const struct casebook_possible *all, size_t count,
                                                const char *kind)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(all[i].kind->name, str_from_c(kind)))
			return &all[i];
	}
	return NULL;
}

static void possible_acts_follow_state_and_office(void **state)
{
	struct fixture *f = *state;
	const struct casebook_possible *acts;
	size_t count;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_file file = file_named(f, concern.file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_possible_acts(reader, f->arena, &screener.viewer, &file, &acts, &count,
	                               &f->err));
	const struct casebook_possible *decide = possible(acts, count, "concern.decided");
	const struct casebook_possible *close = possible(acts, count, "concern.closed");
	assert_non_null(decide);
	assert_true(decide->is_possible);
	assert_true(decide->settles_owed);
	assert_non_null(close);
	assert_false(close->is_possible); /* the wrong state: told why */
	assert_true(close->why_not.n > 0);
	const struct casebook_possible *tell = possible(acts, count, "concern.told");
	assert_true(tell && tell->is_possible && tell->is_not_yet); /* whatever is filled in */
	assert_true(str_eq(tell->why_not, STR("Nothing has been decided yet")));
	assert_false(decide->is_not_yet);
	assert_null(possible(acts, count, "concern.answered")); /* owes no answer */
	assert_null(possible(acts, count, "silence.noted"));    /* the register's alone */
}

static void readings_of_an_account_are_found_without_its_files(void **state)
{
	struct fixture *f = *state;
	const struct casebook_reading *readings;
	const struct json *sealed;
	enum casebook_seal how;
	size_t count;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer one = report(f, "He is alone at night.");
	struct casebook_answer two = report(f, "She is hungry.");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_open_seal(reader, &screener.viewer, one.index, f->arena, &how, &sealed,
	                           &f->err));
	MUST(f, casebook_open_seal(reader, &screener.viewer, two.index, f->arena, &how, &sealed,
	                           &f->err));
	casebook_reader_give(&reader);
	reader = reader_of(f);
	MUST(f, casebook_readings(reader, f->arena, -1, screener.account, 10, &readings, &count,
	                          &f->err));
	assert_int_equal(count, 2);
	assert_int_equal(readings[0].highest, two.index); /* newest first */
	assert_int_equal(readings[1].highest, one.index);
}

/* --- receipts ------------------------------------------------------------------------------- */

static struct log_receipt_found check(struct fixture *f, struct str receipt,
                                      const struct str *report_json)
{
	const struct log_policy *policy;
	struct log_receipt_found found;
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	MUST(f, log_policy_of_key(f->arena, casebook_vkey(f->book), &policy, &f->err));
	MUST(f, log_receipt_check(hasher, f->arena, receipt, policy, report_json, &found, &f->err));
	return found;
}

static void a_receipt_checks_offline(void **state)
{
	struct fixture *f = *state;
	struct str receipt;
	struct casebook_answer concern = report(f, "He is alone at night.");
	(void)report(f, "She is hungry.");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_receipt(reader, f->arena, concern.index, &receipt, &f->err));
	struct log_receipt_found found = check(f, receipt, NULL);
	assert_int_equal(found.result, LOG_RECEIPT_SIGNED);
	assert_int_equal(found.header.index, concern.index);
	assert_false(found.has_plain_salt);
	assert_false(found.has_sealed_salt);
}

static void the_writers_own_receipt_proves_the_words(void **state)
{
	struct fixture *f = *state;
	struct str receipt;
	struct str said = STR("{\"sealed\":{\"happening\":\"He is alone at night.\"}}");
	struct str other = STR("{\"sealed\":{\"happening\":\"He is never alone.\"}}");
	struct casebook_answer concern = report(f, "He is alone at night.");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_receipt_own(reader, f->arena, &concern, &receipt, &f->err));
	assert_int_equal(check(f, receipt, &said).result, LOG_RECEIPT_SIGNED);
	assert_int_equal(check(f, receipt, &other).result, LOG_RECEIPT_REPORT);
	later(f, INSTANT_PER_HOUR);
	assert_false(casebook_receipt_own(reader, f->arena, &concern, &receipt, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
}

/* --- how they are served -------------------------------------------------------------------- */

static bool is_scan(struct str line)
{
	static const struct str names[] = {
		{ "SCAN entry", 10 }, { "SCAN e ", 7 },    { "SCAN duty", 9 },  { "SCAN d ", 7 },
		{ "SCAN file ", 10 },   { "SCAN f ", 7 },    { "SCAN code ", 10 },  { "SCAN link", 9 },
		{ "SCAN object", 11 }, { "SCAN climb", 10 }, { "SCAN corrected", 14 },
	};
	struct str with_end = str_sub(line, str_find_str(line, STR("SCAN")), line.n);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (str_starts(with_end, names[i]) || str_eq(with_end, str_trim(names[i])))
			return true;
	}
	return false;
}

static size_t refuse_scans(struct fixture *f, struct store *store)
{
	const struct str *sql;
	size_t count;
	MUST(f, store_prepared(store, f->arena, &sql, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		struct str plan, line;
		if (!str_starts(sql[i], STR("SELECT")) && !str_starts(sql[i], STR("UPDATE")) &&
		    !str_starts(sql[i], STR("DELETE")) && !str_starts(sql[i], STR("INSERT")))
			continue;
		MUST(f, store_explain(store, f->arena, str_to_c(f->arena, sql[i]), &plan, &f->err));
		while (str_cut(&plan, '\n', &line)) {
			if (is_scan(line))
				fail_msg("%.*s\n\t%.*s", STR_ARG(sql[i]), STR_ARG(line));
		}
	}
	return count;
}

/* S40: every statement that a page or a turn has prepared, whichever it is. */
static void no_hot_statement_scans_what_grows(void **state)
{
	struct fixture *f = *state;
	const struct casebook_entry *entries;
	const struct casebook_reading *readings;
	static const struct casebook_mark mark = { { "danger-now", 10 }, { "yes", 3 } };
	const struct casebook_burst *bursts;
	const struct casebook_news *news;
	const struct casebook_told *told;
	const struct casebook_linked *linked;
	const struct casebook_possible *acts;
	const struct json *sealed;
	enum casebook_seal how;
	struct casebook_duty_list list;
	struct casebook_health health;
	struct casebook_file file;
	struct str receipt;
	int64_t open, late;
	size_t count, fired;
	instant next;
	struct person screener = person(f, "amara", "screener");
	struct person nurse = person(f, "nadia", "named-nurse");
	struct casebook_answer concern = report(f, "He is alone at night.");
	admitted(f, &screener.actor, "concern.looked", concern.file,
	         fields_of(f, "{'danger':'possible','checked':['own-files']}"));
	admitted(
		f, &screener.actor, "concern.decided", concern.file,
		fields_of(f,
	                  arena_format(
				  f->arena,
				  "{'decision':'assess','threshold':'2025','reasons':'He said so.',"
				  "'evidence':[%" PRId64 "]}",
				  concern.index)
	                          .p));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_file_find(reader, f->arena, STR("C-1"), &file, &f->err));
	MUST(f, casebook_file_find(reader, f->arena, concern.file, &file, &f->err));
	MUST(f, casebook_file_by_code(reader, f->arena, &concern.code, &file, &f->err));
	MUST(f, casebook_entries(reader, f->arena, file.n, -1, 50, &entries, &count, &f->err));
	MUST(f, casebook_duties_of_office(reader, f->arena, STR("screener"), 0, 0, 50, &list,
	                                  &f->err));
	MUST(f, casebook_duties_apart(reader, f->arena, STR("screener"), 0, 0, 50, &list, &f->err));
	MUST(f, casebook_duties_apart(reader, f->arena, STR(""), 0, 0, 50, &list, &f->err));
	MUST(f, casebook_bursts(reader, f->arena, STR("screener"), &mark, &bursts, &count, &f->err));
	MUST(f, casebook_bursts(reader, f->arena, STR(""), &mark, &bursts, &count, &f->err));
	MUST(f, casebook_news(reader, f->arena, &screener.viewer, 10, &news, &count, &f->err));
	MUST(f, casebook_duties_of_file(reader, f->arena, file.n, 50, &list, &f->err));
	MUST(f, casebook_duties_open(reader, f->arena, true, 0, 0, 50, &list, &f->err));
	MUST(f, casebook_duty_told(reader, f->arena, 0, &told, &count, &f->err));
	MUST(f, casebook_office_counts(reader, STR("screener"), &open, &late, &f->err));
	MUST(f, casebook_possible_acts(reader, f->arena, &screener.viewer, &file, &acts, &count,
	                               &f->err));
	MUST(f, casebook_possible_acts(reader, f->arena, &nurse.viewer, &file, &acts, &count,
	                               &f->err));
	MUST(f, casebook_links(reader, f->arena, file.n, &linked, &count, &f->err));
	MUST(f, casebook_open_seal(reader, &screener.viewer, concern.index, f->arena, &how, &sealed,
	                           &f->err));
	MUST(f,
	     casebook_readings(reader, f->arena, file.n, STR_NONE, 50, &readings, &count, &f->err));
	MUST(f, casebook_readings(reader, f->arena, -1, screener.account, 50, &readings, &count,
	                          &f->err));
	MUST(f, casebook_receipt(reader, f->arena, concern.index, &receipt, &f->err));
	MUST(f, casebook_health(reader, &health, &f->err));
	casebook_reader_give(&reader);
	later(f, 60 * INSTANT_PER_HOUR);
	MUST(f, casebook_climb(f->book, casebook_now(f->book), 1000, &fired, &next, &f->err));
	assert_true(fired > 0);
	MUST(f, casebook_beat(f->book, &f->err));
	MUST(f, casebook_tidy(f->book, &f->err));
	reader = reader_of(f);
	assert_true(refuse_scans(f, reader->store) > 25);
	assert_true(refuse_scans(f, f->book->store) > 15);
}

/* Enough reports that their codes lie in runs and after the last of them. */
static void each_code_and_id_of_many_finds_its_file_and_a_broken_run_is_named(void **state)
{
	enum { REPORTS = 150 };
	struct fixture *f = *state;
	struct casebook_code codes[REPORTS];
	int64_t files[REPORTS];
	struct str ids[REPORTS];
	struct casebook_verified found;
	for (size_t i = 0; i < REPORTS; i++) {
		struct casebook_answer one = report(f, "He is alone at night.");
		codes[i] = one.code;
		files[i] = file_named(f, one.file).n;
		ids[i] = one.file;
	}
	for (int pass = 0; pass < 2; pass++) {
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
		struct casebook_file file;
		for (size_t i = 0; i < REPORTS; i += 13) {
			MUST(f, casebook_file_by_code(reader, f->arena, &codes[i], &file, &f->err));
			assert_int_equal(file.n, files[i]);
			MUST(f, casebook_file_find(reader, f->arena, ids[i], &file, &f->err));
			assert_int_equal(file.n, files[i]);
		}
		struct casebook_code none = { .digits = codes[0].digits == 1 ? 2 : 1 };
		assert_false(casebook_file_by_code(reader, f->arena, &none, &file, &f->err));
		f->err = (struct err){ 0 };
		if (pass == 0)
			MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	}
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	assert_true(found.ok);
	const char *const names[] = { "code_bucket", "file_bucket" };
	const char *const broken[] = { "UPDATE code_bucket SET pairs = zeroblob(11) WHERE first = 1",
		                       "UPDATE file_bucket SET pairs = zeroblob(11) WHERE first = 1" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		MUST(f, store_run(f->book->store, broken[i], &f->err));
		MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
		assert_false(found.ok);
		assert_true(str_starts(found.difference.where, str_from_c(names[i])));
		MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_file_is_found_by_id_or_number),
		PROVES(what_is_no_file_is_not_found),
		PROVES(a_code_opens_its_own_file_alone),
		PROVES(each_code_and_id_of_many_finds_its_file_and_a_broken_run_is_named),
		PROVES(a_new_concern_is_owed_by_a_named_office),
		PROVES(a_duty_is_late_from_its_due_time_on),
		PROVES(late_only_leaves_out_what_is_in_time),
		PROVES(pages_of_duties_join_into_the_whole_list),
		PROVES(pages_of_all_open_duties_join_too),
		PROVES(counts_agree_with_the_lists),
		PROVES(a_files_duties_show_open_ones_first),
		PROVES(entries_come_oldest_first_and_go_on_by_index),
		PROVES(no_plain_field_holds_a_word_of_a_person),
		PROVES(seats_tell_what_is_held_before_what_is_stood_in_for),
		PROVES(possible_acts_follow_state_and_office),
		PROVES(readings_of_an_account_are_found_without_its_files),
		PROVES(a_receipt_checks_offline),
		PROVES(the_writers_own_receipt_proves_the_words),
		PROVES(no_hot_statement_scans_what_grows),
	};
	return PROVE(tests);
}
