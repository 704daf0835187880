/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Somebody who has an account and writes the database, without a key, gives himself no office. */
#include "casebook/book.h"
#include "casebook/keys.h"
#include "casebook/live.h"

#define SQL(f, ...) str_to_c((f)->arena, arena_format((f)->arena, __VA_ARGS__))

static bool opens(struct fixture *f, bool is_to_refold)
{
	struct casebook_options options = { .has_seed = true, .seed = 9, .is_to_refold = is_to_refold };
	return casebook_open_with(f->dir, CASEBOOK_WRITE, &options, &f->book, &f->err);
}

static void must_stay_shut(struct fixture *f, const char *view)
{
	for (int tries = 0; tries < 2; tries++) /* whoever tries again is told the same */
		assert_false(opens(f, false));
	assert_int_equal(f->err.code, ERR_UNABLE);
	assert_non_null(strstr(f->err.message, "by hand"));
	assert_non_null(strstr(f->err.message, "candour refold"));
	struct casebook_difference found = looked_at(f);
	if (!str_starts(found.where, str_from_c(view)))
		fail_msg("%.*s: %.*s", STR_ARG(found.where), STR_ARG(found.what));
}

static void must_be_mended_by_a_refold(struct fixture *f)
{
	if (!opens(f, true))
		fail_msg("%s", f->err.message);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	close_register(f);
	must_verify(f);
	if (!opens(f, false))
		fail_msg("%s", f->err.message);
}

static bool may_open(struct fixture *f, struct person *who, const char *office, struct str file)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_access access;
	struct casebook_file found;
	who->viewer = (struct casebook_viewer){ .actor = { .by = CASEBOOK_BY_OFFICE,
		                                           .account = who->account,
		                                           .office = str_from_c(office) },
		                                .session = STR("test") };
	MUST(f, casebook_file_find(reader, f->arena, file, &found, &f->err));
	MUST(f, casebook_may(reader, &who->viewer, found.n, &access, &f->err));
	return access.may_open;
}

static void a_row_that_seats_somebody_shuts_the_register(void **state)
{
	struct fixture *f = *state;
	struct person clerk = person(f, "clerk", "register-administrator");
	static const char *const rows[][2] = {
		{ "holding", "INSERT INTO holding (office, account, since) VALUES ('screener', '%.*s', 1);" },
		{ "deputising", "INSERT INTO deputising (office, account, entry, from_at, until_at)"
		                " VALUES ('screener', '%.*s', 1, 1, 9000000000000000);" },
		{ "office", "UPDATE office SET role = 'screener' WHERE id = 'register-administrator' AND '%.*s' <> '';" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		close_register(f);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		run_sql(f, SQL(f, rows[i][1], STR_ARG(clerk.account)));
#pragma GCC diagnostic pop
		must_stay_shut(f, rows[i][0]);
		must_be_mended_by_a_refold(f);
	}
}

/* The row was right once: he held the office, and left it. */
static void who_has_left_does_not_put_his_row_back(void **state)
{
	struct fixture *f = *state;
	struct person other = person(f, "other", "screener");
	struct person gone = person(f, "gone", "screener");
	close_register(f);
	assert_true(opens(f, false));
	leave(f, &gone);
	close_register(f);
	run_sql(f, SQL(f, "UPDATE holding SET until = NULL WHERE account = '%.*s';",
	               STR_ARG(gone.account)));
	must_stay_shut(f, "holding");
	must_be_mended_by_a_refold(f);
	(void)other;
}

static void while_it_is_open_a_row_seats_nobody_and_is_found_at_the_next_change(void **state)
{
	struct fixture *f = *state;
	struct person clerk = person(f, "clerk", "register-administrator");
	struct person screener = person(f, "screener", "screener");
	struct str file = report(f, "He is alone at night.").file;
	run_sql(f, SQL(f, "INSERT INTO holding (office, account, since) VALUES ('screener', '%.*s', 1);",
	               STR_ARG(clerk.account)));
	assert_true(may_open(f, &screener, "screener", file));
	assert_false(may_open(f, &clerk, "screener", file));
	struct json *fields = json_object(f->arena);
	struct casebook_answer answer;
	struct casebook_act left = { .actor = BY_REGISTER,
		                     .via = CASEBOOK_REGISTER,
		                     .kind = STR("office.left"),
		                     .file = file_of_office(f, "screener"),
		                     .fields = fields };
	json_put_text(f->arena, fields, STR("office"), STR("screener"));
	json_put_text(f->arena, fields, STR("account"), screener.account);
	bool done = casebook_submit(f->book, &left, f->arena, &answer, &f->err);
	const char *message = done ? answer.err.message : f->err.message;
	assert_true(!done || answer.outcome != CASEBOOK_ADMITTED);
	assert_non_null(strstr(message, "by hand"));
	/* What touches no office goes on. */
	report(f, "He is alone again.");
	assert_false(may_open(f, &clerk, "screener", file));
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	leave(f, &screener);
	close_register(f);
	must_verify(f);
}

/* Both sums stand from before the commit to the next beat: a power cut on either side is none. */
static void a_power_cut_around_a_change_of_offices_is_no_forgery(void **state)
{
	struct fixture *f = *state;
	struct person first = person(f, "first", "screener");
	MUST(f, casebook_beat(f->book, &f->err));
	struct str settled = bytes_of(f, "keys/newest");
	copy_database(f, "before.db");
	struct person second = person(f, "second", "screener");
	struct str around = bytes_of(f, "keys/newest");
	assert_false(str_eq(settled, around));
	copy_database(f, "after.db");
	close_register(f);
	(void)first;
	(void)second;
	/* The commit was lost, then not. */
	static const char *const cut[] = { "before.db", "after.db" };
	for (size_t i = 0; i < COUNT_OF(cut); i++) {
		take_database(f, cut[i]);
		put_file(f, "keys/newest", around);
		if (!opens(f, false))
			fail_msg("%s: %s", cut[i], f->err.message);
		report(f, "He is alone at night.");
		close_register(f);
		must_verify(f);
	}
}

static void one_that_an_earlier_version_left_is_taken_as_it_is(void **state)
{
	struct fixture *f = *state;
	struct person first = person(f, "first", "screener");
	(void)first;
	close_register(f);
	struct str line = bytes_of(f, "keys/newest");
	size_t cut = 0;
	for (int words = 0; cut < line.n && words < 7; cut++)
		words += line.p[cut] == ' ';
	put_file(f, "keys/newest", str_sub(line, 0, cut - 1));
	assert_true(opens(f, false));
	close_register(f);
	assert_true(str_eq(bytes_of(f, "keys/newest"), line));
}

/* More deputies than anybody counts were named over the years: the last of them stands in. */
static void the_hundredth_deputy_stands_in(void **state)
{
	struct fixture *f = *state;
	struct person deputy = person(f, "deputy", "register-administrator");
	struct person screener = person(f, "screener", "screener");
	struct str office = file_of_office(f, "screener");
	struct str file = report(f, "He is alone at night.").file;
	(void)screener;
	for (int i = 0; i < 100; i++) {
		assert_false(may_open(f, &deputy, "screener", file));
		instant at = casebook_now(f->book);
		struct json *fields = json_object(f->arena);
		instant from = at + (i < 99 ? 400 : 0) * INSTANT_PER_DAY;
		json_put_text(f->arena, fields, STR("office"), STR("screener"));
		json_put_text(f->arena, fields, STR("deputy"), STR("register-administrator"));
		json_put_text(f->arena, fields, STR("from"), instant_write(f->arena, from));
		json_put_text(f->arena, fields, STR("until"), instant_write(f->arena, from + INSTANT_PER_DAY));
		admitted(f, &BY_REGISTER, "office.deputised", office, fields);
	}
	later(f, INSTANT_PER_MINUTE);
	assert_true(may_open(f, &deputy, "screener", file));
}

/* --- emergency readings ----------------------------------------------------------------------- */

static struct casebook_answer break_in(struct fixture *f, const struct person *who, struct str file,
                                       instant until)
{
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("because"), STR("He is here and unconscious."));
	json_put_text(f->arena, fields, STR("until"), instant_write(f->arena, until));
	return admitted(f, &who->actor, "access.broken", file, fields);
}

/* None of these rows is one that the log tells of: another's, of another file, of another hour, of
 * another act, of an entry whose plain side was written anew, of none. */
static void an_emergency_that_the_log_does_not_tell_of_opens_nothing(void **state)
{
	struct fixture *f = *state;
	struct person nurse = person(f, "nadia", "named-nurse");
	struct person other = person(f, "other", "named-nurse");
	struct casebook_answer file = report(f, "He is alone at night.");
	struct casebook_answer second = report(f, "She is alone at night.");
	instant until = casebook_now(f->book) + INSTANT_PER_HOUR;
	int64_t entry = break_in(f, &nurse, file.file, until).index;
	int64_t first = file_named(f, file.file).n, next = file_named(f, second.file).n;
	assert_true(may_open(f, &nurse, "named-nurse", file.file));
	struct {
		int64_t file, entry;
		instant until;
		struct person *who;
		struct str named;
	} rows[] = {
		{ first, entry, until, &other, file.file },
		{ next, entry, until, &nurse, second.file },
		{ next, second.index, until, &nurse, second.file },
		{ next, 1000000, until, &nurse, second.file },
		{ first, entry, until + 1, &nurse, file.file },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *put = SQL(f, "DELETE FROM broken; INSERT INTO broken (file, account, until_at, entry)"
		                      " VALUES (%lld, '%.*s', %lld, %lld);",
		                      (long long)rows[i].file, STR_ARG(rows[i].who->account),
		                      (long long)rows[i].until, (long long)rows[i].entry);
		run_sql(f, put);
		if (may_open(f, rows[i].who, "named-nurse", rows[i].named))
			fail_msg("row %zu opens", i);
	}
	run_sql(f, SQL(f, "DELETE FROM broken; INSERT INTO broken (file, account, until_at, entry)"
	               " VALUES (%lld, '%.*s', %lld, %lld);",
	               (long long)first, STR_ARG(nurse.account), (long long)until, (long long)entry));
	assert_true(may_open(f, &nurse, "named-nurse", file.file));
	run_sql(f, SQL(f, "UPDATE broken SET until_at = until_at + 315619200000000;"
	               " UPDATE entry SET plain = REPLACE(plain, '\"until\":\"2026', '\"until\":\"2036')"
	               " WHERE idx = %lld;",
	               (long long)entry));
	assert_false(may_open(f, &nurse, "named-nurse", file.file));
}

/* --- return codes ----------------------------------------------------------------------------- */

static bool leads(struct fixture *f, const struct casebook_answer *concern, struct casebook_file *file)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	return casebook_file_by_code(reader, f->arena, &concern->code, file, &f->err);
}

/* Whoever reported has a code of his own, and needs no account: it opens no other's answers. */
static void a_code_leads_to_no_file_but_the_one_that_the_log_gives_it_to(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer own = report(f, "He is alone at night.");
	struct casebook_answer other = report(f, "She is alone at night.");
	struct casebook_file file;
	MUST(f, leads(f, &own, &file));
	assert_true(str_eq(file.id, own.file));
	int64_t from = file.n;
	MUST(f, leads(f, &other, &file));
	run_sql(f, SQL(f, "DELETE FROM code WHERE file = %lld; UPDATE code SET file = %lld WHERE file = %lld;",
	               (long long)file.n, (long long)file.n, (long long)from));
	assert_false(leads(f, &own, &file));
	assert_int_equal(f->err.code, ERR_ABSENT);
	/* Nor with the other's entry written anew around it. */
	run_sql(f, SQL(f, "UPDATE entry SET plain = (SELECT plain FROM entry WHERE idx = %lld) WHERE idx = %lld;",
	               (long long)own.index, (long long)other.index));
	assert_false(leads(f, &own, &file));
	assert_int_equal(f->err.code, ERR_ABSENT);
}

/* As a power cut within init leaves it: some offices made, nothing kept beside the keys. */
static void a_register_whose_making_was_cut_short_takes_no_report(void **state)
{
	struct fixture *f = *state;
	close_register(f);
	{
		CLEANUP(store_cleanup) struct store *store = NULL;
		MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_WRITE, &store, &f->err));
		MUST(f, store_run_script(store, "DELETE FROM office WHERE id = 'screener'", &f->err));
	}
	assert_int_equal(unlink(file_join(f->arena, f->dir, "keys/newest")), 0);
	assert_false(opens(f, false));
	assert_int_equal(f->err.code, ERR_UNABLE);
	assert_non_null(strstr(f->err.message, "cut short: its office screener is not there"));
	must_be_mended_by_a_refold(f);
}

/* An office for an area that was never held leaves the work where it is: nobody makes it one by hand. */
static void that_an_office_was_held_is_not_taken_away(void **state)
{
	struct fixture *f = *state;
	admitted(f, &BY_REGISTER, "office.made", STR_NONE,
	         fields_of(f, "{'office':'screener-north','role':'screener','agency':'council','area':'north'}"));
	struct person gone = person(f, "gone", "screener-north");
	leave(f, &gone);
	close_register(f);
	run_sql(f, "DELETE FROM holding WHERE office = 'screener-north';");
	must_stay_shut(f, "holding");
	must_be_mended_by_a_refold(f);
}

static const char NOT_OPENED[] = "UPDATE entry SET kind = 'register.kept' WHERE kind = 'register.opened'";
static const char OPENED[] = "UPDATE entry SET kind = 'register.opened' WHERE kind = 'register.kept'";

static void run_live(struct live *live, const char *sql)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	struct fixture *l = &live->f;
	MUST(l, store_open(file_join(l->arena, live->dir, "register.db"), STORE_WRITE, &store, &l->err));
	MUST(l, store_run_script(store, sql, &l->err));
}

/* In a register that is being set up one administrator alone names holders, so none is made of an open one. */
static void an_open_register_is_not_set_back_to_its_making(void **state)
{
	struct live live;
	struct fixture *l = &live.f;
	live_found(*state, &live, STR("northmere.example/register"));
	live_open(&live);
	close_register(l);
	run_live(&live, NOT_OPENED);
	assert_false(casebook_open(live.dir, CASEBOOK_WRITE, &l->book, &l->err));
	assert_int_equal(l->err.code, ERR_UNABLE);
	assert_non_null(strstr(l->err.message, "by hand"));
	run_live(&live, OPENED);
	MUST(l, casebook_open(live.dir, CASEBOOK_WRITE, &l->book, &l->err));
	assert_true(casebook_is_opened(l->book));
	live_close(&live);
}

/* However he came to do it. */
static void what_one_administrator_did_alone_is_named(void **state)
{
	struct live live;
	struct fixture *l = &live.f;
	struct casebook_verified found;
	live_found(*state, &live, STR("northmere.example/register"));
	live_open(&live);
	struct person mo = account_named(l, "mo");
	struct casebook_answer waits = act(l, &live.ada.actor, "office.held", file_of_office(l, "screener"),
	                                   naming(l, "screener", mo.account));
	assert_int_equal(waits.outcome, CASEBOOK_WAITING);
	l->book->is_opened = false;
	struct casebook_answer alone = act(l, &live.ada.actor, "office.held", file_of_office(l, "team-manager"),
	                                   naming(l, "team-manager", mo.account));
	assert_int_equal(alone.outcome, CASEBOOK_ADMITTED);
	l->book->is_opened = true;
	close_register(l);
	MUST(l, casebook_verify(live.dir, CASEBOOK_VERIFY_WHOLE, l->arena, NULL, NULL, &found, &l->err));
	assert_false(found.ok);
	assert_int_equal(found.difference.index, alone.index);
	assert_int_equal(str_find_str(found.difference.what, STR("One administrator did it alone")) < found.difference.what.n, 1);
	fixture_remove_folder(l->arena, live.dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(an_open_register_is_not_set_back_to_its_making),
		PROVES(what_one_administrator_did_alone_is_named),
		PROVES(a_row_that_seats_somebody_shuts_the_register),
		PROVES(who_has_left_does_not_put_his_row_back),
		PROVES(that_an_office_was_held_is_not_taken_away),
		PROVES(while_it_is_open_a_row_seats_nobody_and_is_found_at_the_next_change),
		PROVES(a_power_cut_around_a_change_of_offices_is_no_forgery),
		PROVES(one_that_an_earlier_version_left_is_taken_as_it_is),
		PROVES(the_hundredth_deputy_stands_in),
		PROVES(an_emergency_that_the_log_does_not_tell_of_opens_nothing),
		PROVES(a_register_whose_making_was_cut_short_takes_no_report),
		PROVES(a_code_leads_to_no_file_but_the_one_that_the_log_gives_it_to),
	};
	return PROVE(tests);
}
