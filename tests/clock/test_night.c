/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The night: what time alone makes true is found once a local day, by the
 * clock, though nobody writes anything.
 */
#include "casebook/book.h"
#include "casebook/dump.h"
#include "casebook/keys.h"
#include "casebook/sample_changed.h"
#include "clock/clock.h"

static void begin_with(struct fixture *f, const struct text_change *changes, size_t count)
{
	found_by(f, sample_changed(f, changes, count));
}

static struct str child_born(struct fixture *f, const struct person *who, const char *born)
{
	struct str text = arena_format(f->arena, "{'names':['Rose'],'born':'%s'}", born);
	return admitted(f, &who->actor, "person.opened", STR_NONE, fields_of(f, text.p)).file;
}

static void run_to(struct fixture *f, instant until)
{
	struct clock_ran ran;
	MUST(f, clock_run_until(f->book, until, &ran, &f->err));
}

static void pass_days(struct fixture *f, int days)
{
	run_to(f, casebook_now(f->book) + days * INSTANT_PER_DAY);
}

/* How often a pattern was found on a file, and when it was last. */
static size_t found(struct fixture *f, struct str file, const char *pattern, instant *last)
{
	const struct casebook_entry *entries;
	size_t count, n = 0;
	struct casebook_file row = file_named(f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_entries(reader, f->arena, row.n, -1, 500, &entries, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		if (!str_eq(entries[i].kind, STR("pattern.found")) ||
		    !str_eq(json_text(entries[i].plain, STR("pattern")), str_from_c(pattern)))
			continue;
		if (last && (n == 0 || entries[i].recorded > *last))
			*last = entries[i].recorded;
		n++;
	}
	return n;
}

static const struct text_change AGE = {
	"patterns.yaml", "age: { under: 18 }, older-than: { kind: risk.judged, days: 84 }, state: [plan, enquiry]",
	"age: { under: 18 }"
};
static const struct text_change OLDER = {
	"patterns.yaml", "",
	"K20:\n  title: The judgement of risk is old\n  about: child\n  owner: team-manager\n"
	"  when: { older-than: { kind: risk.judged, days: 84 } }\n  source: Norm\n"
};

static void an_agency_that_owes_and_is_silent_for_sixty_days_is_found_at_night(void **state)
{
	struct fixture *f = *state;
	begin_with(f, NULL, 0);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child_born(f, &worker, "2015-01");
	instant at = 0;
	pass_days(f, 59);
	assert_int_equal(found(f, rose, "K05", NULL), 0);
	pass_days(f, 3);
	assert_int_equal(found(f, rose, "K05", &at), 1);
	/* 60 days behind 26 November 2026, 10am: the first night after it. */
	assert_true(str_eq(instant_write(f->arena, at), STR("2027-01-26T03:00:00Z")));
	pass_days(f, 10);
	assert_int_equal(found(f, rose, "K05", NULL), 1);
}

static void who_speaks_breaks_the_silence(void **state)
{
	struct fixture *f = *state;
	begin_with(f, NULL, 0);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child_born(f, &worker, "2015-01");
	pass_days(f, 50);
	(void)admitted(f, &worker.actor, "note.made", rose, fields_of(f, "{'text':'I rang them.'}"));
	pass_days(f, 59);
	assert_int_equal(found(f, rose, "K05", NULL), 0);
	pass_days(f, 2);
	assert_int_equal(found(f, rose, "K05", NULL), 1);
}

static void an_age_is_found_on_the_night_it_is_reached(void **state)
{
	struct fixture *f = *state;
	begin_with(f, &AGE, 1);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child_born(f, &worker, "2009-05"), tom = child_born(f, &worker, "2009-06");
	instant at = 0;
	/* The last of May is the thirty-first, which November lacks. */
	pass_days(f, 4);
	assert_int_equal(found(f, rose, "K19", NULL), 0);
	pass_days(f, 2);
	assert_int_equal(found(f, rose, "K19", &at), 1);
	assert_true(str_eq(instant_write(f->arena, at), STR("2026-12-01T03:00:00Z")));
	assert_int_equal(found(f, tom, "K19", NULL), 0);
	pass_days(f, 30);
	assert_int_equal(found(f, tom, "K19", NULL), 1);
	assert_int_equal(found(f, rose, "K19", NULL), 1);
}

static void what_grew_old_is_found_at_night_and_again_when_it_grew_old_anew(void **state)
{
	struct fixture *f = *state;
	begin_with(f, &OLDER, 1);
	struct person worker = person(f, "sam", "social-worker");
	struct person manager = person(f, "mina", "team-manager");
	struct str rose = child_born(f, &worker, "2015-01");
	const struct json *risk = fields_of(f, "{'harm-happened':'no'}");
	(void)admitted(f, &worker.actor, "risk.judged", rose, risk);
	pass_days(f, 83);
	assert_int_equal(found(f, rose, "K20", NULL), 0);
	pass_days(f, 3);
	assert_int_equal(found(f, rose, "K20", NULL), 1);
	(void)admitted(f, &manager.actor, "pattern.considered", rose,
	               fields_of(f, "{'follows':'already-in-hand','reasons':'It is planned.'}"));
	pass_days(f, 20);
	assert_int_equal(found(f, rose, "K20", NULL), 1);
	(void)admitted(f, &worker.actor, "risk.judged", rose, risk);
	pass_days(f, 83);
	assert_int_equal(found(f, rose, "K20", NULL), 1);
	pass_days(f, 3);
	assert_int_equal(found(f, rose, "K20", NULL), 2);
}

/* Nobody ran it for weeks: what ended meanwhile is found by the newest night. */
static void after_an_outage_the_newest_night_finds_what_the_others_would_have(void **state)
{
	struct fixture *f = *state;
	begin_with(f, &OLDER, 1);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child_born(f, &worker, "2015-01");
	(void)admitted(f, &worker.actor, "risk.judged", rose, fields_of(f, "{'harm-happened':'no'}"));
	pass_days(f, 2);
	later(f, 100 * INSTANT_PER_DAY);
	fixture_reopen(f);
	struct clock_ran ran;
	MUST(f, clock_run_now(f->book, &ran, &f->err));
	assert_int_equal(found(f, rose, "K20", NULL), 1);
	close_register(f);
	must_verify(f);
}

/* No statement that the turn and the night have prepared walks a table that grows. */
static void neither_the_turn_nor_the_night_scans_what_grows(void **state)
{
	struct fixture *f = *state;
	static const char *const tables[] = { "SCAN entry", "SCAN e\n", "SCAN link", "SCAN l\n", "SCAN file\n",
		                              "SCAN duty", "SCAN d\n", "SCAN pattern", "SCAN p\n", "SCAN born" };
	const struct str *sql;
	size_t count;
	begin_with(f, &OLDER, 1);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child_born(f, &worker, "2009-05");
	for (int i = 0; i < 4; i++)
		(void)admitted(f, &BY_PUBLIC, "concern.received", STR_NONE,
		               fields_of(f, arena_format(f->arena,
		                                         "{'source':'school','harm':['neglect'],'danger-now':'no',"
		                                         "'harm-sign':'no','area':'screener','words':'Alone.',"
		                                         "'child':'%.*s'}",
		                                         STR_ARG(rose))
		                                    .p));
	(void)admitted(f, &worker.actor, "risk.judged", rose, fields_of(f, "{'harm-happened':'no'}"));
	pass_days(f, 100);
	assert_int_equal(found(f, rose, "K01", NULL), 2);
	MUST(f, store_prepared(f->book->store, f->arena, &sql, &count, &f->err));
	assert_true(count > 30);
	for (size_t i = 0; i < count; i++) {
		struct str plan;
		if (!str_starts(sql[i], STR("SELECT")) && !str_starts(sql[i], STR("UPDATE")))
			continue;
		MUST(f, store_explain(f->book->store, f->arena, str_to_c(f->arena, sql[i]), &plan, &f->err));
		for (size_t t = 0; t < COUNT_OF(tables); t++) {
			if (str_find_str(plan, str_from_c(tables[t])) < plan.n)
				fail_msg("%.*s\n%.*s", STR_ARG(sql[i]), STR_ARG(plan));
		}
	}
}

/* Put in by hand while the third came, and taken out again: every view fits, and the log tells. */
static void a_pattern_that_a_made_up_link_brought_about_is_named_by_verify(void **state)
{
	struct fixture *f = *state;
	begin_with(f, NULL, 0);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child_born(f, &worker, "2015-01");
	for (int i = 0; i < 3; i++) {
		bool is_about = i > 0;
		struct str text = arena_format(f->arena,
		                               "{'source':'school','harm':['neglect'],'danger-now':'no','harm-sign':'no',"
		                               "'area':'screener','words':'Alone.'%s%.*s%s}",
		                               is_about ? ",'child':'" : "", STR_ARG(is_about ? rose : STR("")),
		                               is_about ? "'" : "");
		if (i == 2)
			by_hand(f, "INSERT INTO link (relation, a, b, entry) SELECT 'about', MIN(c.n), p.n, 1"
			           " FROM file AS c JOIN file AS p ON p.type = 'child' WHERE c.type = 'concern'"
			           " GROUP BY p.n");
		(void)admitted(f, &BY_PUBLIC, "concern.received", STR_NONE, fields_of(f, text.p));
	}
	assert_int_equal(found(f, rose, "K01", NULL), 1);
	by_hand(f, "DELETE FROM link WHERE entry = 1");
	close_register(f);
	struct casebook_difference differs = looked_at(f);
	assert_true(str_eq(differs.where, STR("entry")));
	assert_true(str_find_str(differs.what, STR("K01")) < differs.what.n);
}

/* Somebody makes the month of birth another while its night comes, and puts it back. */
static void what_a_night_was_kept_from_finding_is_named_by_verify(void **state)
{
	struct fixture *f = *state;
	begin_with(f, &AGE, 1);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child_born(f, &worker, "2009-05");
	by_hand(f, "UPDATE file SET facts = replace(facts, '2009-05', '2019-05')");
	pass_days(f, 10);
	assert_int_equal(found(f, rose, "K19", NULL), 0);
	by_hand(f, "UPDATE file SET facts = replace(facts, '2019-05', '2009-05')");
	close_register(f);
	struct casebook_difference differs = looked_at(f);
	assert_true(str_eq(differs.where, STR("entry")));
	assert_true(str_find_str(differs.what, STR("K19")) < differs.what.n);
}

/* Where the next night goes on is an entry, and no row that anybody may set. */
static void the_night_goes_on_from_the_one_that_the_log_names(void **state)
{
	struct fixture *f = *state;
	begin_with(f, NULL, 0);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child_born(f, &worker, "2015-01");
	pass_days(f, 59);
	by_hand(f, "INSERT INTO short_state (name, value) VALUES ('night', '9000000000000000') ON CONFLICT (name)"
	           " DO UPDATE SET value = excluded.value");
	pass_days(f, 3);
	assert_int_equal(found(f, rose, "K05", NULL), 1);
	close_register(f);
	must_verify(f);
	CLEANUP(store_cleanup) struct store *store = NULL;
	int64_t nights = 0;
	MUST(f, store_open(file_join(f->arena, f->dir, BOOK_DATABASE), STORE_READ, &store, &f->err));
	MUST(f, store_get_int(store, "SELECT COUNT(*) FROM entry WHERE kind = 'night.looked'", &nights, &f->err));
	assert_int_equal(nights, 63);
}

/* Ages count from a fact that was there before the rules named it. */
static void an_age_counts_from_a_month_that_was_known_before_the_rules_asked(void **state)
{
	struct fixture *f = *state;
	static const struct text_change changes[] = {
		{ "patterns.yaml", "age: { under: 18 }, older-than: { kind: risk.judged, days: 84 }, state: [plan, enquiry]",
		  "age: { under: 18 }" },
		{ "pack.yaml", "born: child.born ", "#" },
		{ "pack.yaml", "version: 0.1.0", "version: 1.0.0" },
	};
	static const struct text_change born[] = {
		{ "patterns.yaml", "age: { under: 18 }, older-than: { kind: risk.judged, days: 84 }, state: [plan, enquiry]",
		  "age: { under: 18 }" },
		{ "pack.yaml", "version: 0.1.0", "version: 2.0.0" },
	};
	begin_with(f, changes, COUNT_OF(changes));
	struct person worker = person(f, "sam", "social-worker"), ada = person(f, "ada", "register-administrator"),
		      noor = person(f, "noor", "named-nurse"), reader = person(f, "ines", "independent-scrutineer");
	struct str rose = child_born(f, &worker, "2009-05");
	struct casebook_adoption out;
	MUST(f, casebook_adopt(f->book, &ada.actor, &noor.actor, CASEBOOK_CLI, STR_NONE,
	                       sample_changed(f, born, COUNT_OF(born)), f->arena, &out, &f->err));
	if (out.answer.outcome == CASEBOOK_WAITING)
		(void)admitted(f, &reader.actor, "second.given", STR("R-1"),
		               fields_of(f, arena_format(f->arena, "{'of':%" PRId64 ",'answer':'yes','reasons':'I read it.'}",
		                                         out.answer.index)
		                                    .p));
	else
		fixture_must_admit(&out.answer, "pack.adopted");
	assert_true(str_eq(casebook_pack(f->book)->version, STR("2.0.0")));
	CLEANUP(buf_finish) struct buf before = dump(f);
	assert_true(str_find_str(buf_str(&before), STR("born file=")) < buf_str(&before).n);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	CLEANUP(buf_finish) struct buf after = dump(f);
	assert_same_dump(&before, &after);
	pass_days(f, 10);
	assert_int_equal(found(f, rose, "K19", NULL), 1);
	close_register(f);
	must_verify(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(an_agency_that_owes_and_is_silent_for_sixty_days_is_found_at_night),
		PROVES(who_speaks_breaks_the_silence),
		PROVES(an_age_is_found_on_the_night_it_is_reached),
		PROVES(what_grew_old_is_found_at_night_and_again_when_it_grew_old_anew),
		PROVES(neither_the_turn_nor_the_night_scans_what_grows),
		PROVES(a_pattern_that_a_made_up_link_brought_about_is_named_by_verify),
		PROVES(what_a_night_was_kept_from_finding_is_named_by_verify),
		PROVES(the_night_goes_on_from_the_one_that_the_log_names),
		PROVES(an_age_counts_from_a_month_that_was_known_before_the_rules_asked),
		PROVES(after_an_outage_the_newest_night_finds_what_the_others_would_have),
	};
	return PROVE(tests);
}
