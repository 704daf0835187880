/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An agency's own file of people: what becomes of its rows, once and again, cut short, and of bad files. */
#define _XOPEN_SOURCE 700
#include "cli/cli_fixture.h"

#define PEOPLE "tests/data/linkage/people_2000.csv"
#define HEADER "id,first_name,surname,dob,postcode,address,phone,ethnicity\n"
#define LEO    "L1,Leo,Marsh,2011-03-12,NM2 3CD,9 Mill Lane,06100000017,Martian\n"

#define run_import(f, in, ...) run((f), "import", drill(f), "people", (in), __VA_ARGS__)
#define must_import(f, in, ...)                                                                    \
	must_be_done((f), run_import((f), (in), "--as", "mo", "--office", "social-worker", __VA_ARGS__))

static const char *write_text(struct fixture *f, const char *text)
{
	write_file(f, "a.csv", str_from_c(text));
	return path_of(f, "a.csv");
}

static int64_t sum(struct fixture *f, const char *name)
{
	return json_number(json_of(f), str_from_c(name), -1);
}

/* What the report says of the row: "L1,opened,P-1,". */
static bool report_has(struct fixture *f, const char *part)
{
	return says(text_of(f, path_of(f, "report.csv")), part);
}

static void must_say(struct fixture *f, const char *part)
{
	if (!says(f->out, part))
		fail_msg("%s is not in: %.*s", part, STR_ARG(f->out));
}

static void must_show(struct fixture *f, const char *file, const char *part)
{
	must_run(f, "show", drill(f), file, "--as", "mo", "--office", "social-worker");
	must_say(f, part);
}
static void a_row_begins_a_file_of_its_agency(void **state)
{
	struct fixture *f = *state;
	must_import(f, write_text(f, HEADER LEO), "--report", path_of(f, "report.csv"));
	assert_true(says(f->out, "rows read: 1\nopened: 1  A child's file was opened"));
	assert_true(says(f->words, "a.csv: column ethnicity is not read: nobody is matched by it"));
	assert_true(report_has(f, "2,L1,opened,P-1,0,"));
	must_show(f, "P-1", "Leo Marsh");
	must_show(f, "P-1", "9 Mill Lane, NM2 3CD");
	must_show(f, "P-1", "council, social-worker: L1");
	assert_false(says(f->out, "Martian"));
	must_run(f, "find", drill(f), "06100000017", "--as", "mo");
	assert_true(says(f->out, "P-1"));
}

static void an_age_that_is_sure_says_what_a_row_becomes(void **state)
{
	struct fixture *f = *state;
	must_import(f, write_text(f, HEADER "1,Ann,Old,1970-05-06,,,,\n" /* an adult */
	                                    "2,Ben,Young,2015-05-06,,,,\n"
	                                    "3,Cat,Unknown,,,,,\n"
	                                    "4,Dan,Edge,2008,,,,\n" /* 17 or 18 on 26 November 2026 */
	                                    "5,Eve,Over,2007,,,,\n"),
	            "--report", path_of(f, "report.csv"));
	assert_true(report_has(f, "2,1,opened,A-1,"));
	assert_true(report_has(f, "3,2,opened,P-1,"));
	assert_true(report_has(f, "4,3,opened,P-2,"));
	assert_true(report_has(f, "5,4,opened,P-3,"));
	assert_true(report_has(f, "6,5,opened,A-2,"));
}

static void given_again_a_file_begins_nothing_twice(void **state)
{
	struct fixture *f = *state;
	must_import(f, write_text(f, HEADER LEO), "--json");
	must_import(f, write_text(f, HEADER LEO "L2,Mia,Marsh,2013-03-12,,,,\n"), "--json");
	assert_int_equal(sum(f, "opened"), 1);
	assert_int_equal(sum(f, "there"), 1);
	/* Longer than a submission is remembered. */
	must_run(f, "clock", drill(f), "--until", "2027-01-26T10:00:00Z");
	must_import(f, write_text(f, HEADER LEO), "--json");
	assert_int_equal(sum(f, "opened"), 0);
	assert_int_equal(sum(f, "there"), 1);
	/* A colleague of the office goes on with it. */
	must_be_done(f, run_import(f, path_of(f, "a.csv"), "--as", "moritz", "--office", "social-worker", "--json"));
	assert_int_equal(sum(f, "there"), 1);
	/* Another agency's, or another system's, are other people's ids. */
	must_be_done(f, run_import(f, path_of(f, "a.csv"), "--as", "pat", "--office", "police-officer", "--json"));
	assert_int_equal(sum(f, "opened"), 1);
	must_import(f, path_of(f, "a.csv"), "--system", "youth service", "--json");
	assert_int_equal(sum(f, "opened"), 1);
}

static void what_a_row_says_anew_is_told_and_not_written(void **state)
{
	struct fixture *f = *state;
	must_import(f, write_text(f, HEADER LEO), "--quiet");
	must_import(f, write_text(f, HEADER "L1,Leo,Marsh,2011-03-12,NM9 9ZZ,1 New Road,,\n"), "--report",
	            path_of(f, "report.csv"));
	assert_true(report_has(f, "2,L1,differs,P-1,"));
	assert_true(says(f->words, "a.csv:2: it is there, and says something else now"));
	must_show(f, "P-1", "9 Mill Lane");
	assert_false(says(f->out, "New Road"));
}

static void no_report_is_written_over_what_is_imported(void **state)
{
	struct fixture *f = *state;
	const char *in = write_text(f, HEADER LEO), *both = path_of(f, "both.csv");
	assert_int_equal(run_import(f, in, "--as", "mo", "--office", "social-worker", "--report", in), 2);
	assert_true(says(f->words, "A report would be written over the file that is imported"));
	assert_int_equal(run_import(f, in, "--as", "mo", "--office", "social-worker", "--report", both, "--invisible", both), 2);
	assert_true(says(f->words, "give each a file of its own"));
	must_import(f, in, "--json");
	assert_int_equal(sum(f, "opened"), 1);
}

/* Two organisations of one agency, or two that call their system alike, each have somebody with id 1. */
static void another_office_s_row_one_is_somebody_else(void **state)
{
	struct fixture *f = *state;
	must_import(f, write_text(f, HEADER LEO), "--system", "youth service", "--quiet");
	write_text(f, HEADER "L1,Quite,Another,2015-05-05,,,,\n");
	must_be_done(f, run_import(f, path_of(f, "a.csv"), "--as", "tom", "--office", "team-manager", "--system",
	                           "youth service", "--json"));
	assert_int_equal(sum(f, "opened"), 1);
	assert_int_equal(sum(f, "differs"), 0);
	must_be_done(f, run_import(f, path_of(f, "a.csv"), "--as", "tom", "--office", "team-manager", "--system",
	                           "youth service", "--json"));
	assert_int_equal(sum(f, "there"), 1);
}

/* A row is known by the number that the register wrote first, not by one that came in another column. */
static void a_number_in_another_column_keeps_no_row_out(void **state)
{
	struct fixture *f = *state;
	must_import(f, write_text(f, "id,name,phone\n9,Nobody,\"council, social-worker: L1\"\n"), "--quiet");
	must_import(f, write_text(f, HEADER LEO), "--json");
	assert_int_equal(sum(f, "opened"), 1);
}

/* What the office may not read is there, and nothing more: its words are not compared. */
static void of_a_file_that_is_closed_a_row_is_there_and_no_more(void **state)
{
	struct fixture *f = *state;
	static const char RESTRICTED[] = "{\"reason\":\"child-safety\",\"until\":\"2026-12-10\",\"who\":[\"independent-scrutineer\"],"
					 "\"reasons\":\"x\"}";
	must_import(f, write_text(f, HEADER LEO), "--quiet");
	must_be_done(f, run_import(f, path_of(f, "a.csv"), "--as", "pat", "--office", "police-officer", "--quiet"));
	must_be_done(f, run_with(f, RESTRICTED, "add", drill(f), "restriction.placed", "--file", "P-2", "--as", "hugo",
	                         "--office", "head-of-service", "--json", "-"));
	write_text(f, HEADER "L1,Leo,Marsh,2011-03-12,NM9 9ZZ,1 New Road,,\n");
	must_be_done(f, run_import(f, path_of(f, "a.csv"), "--as", "pat", "--office", "police-officer", "--json", "--report",
	                           path_of(f, "report.csv")));
	assert_int_equal(sum(f, "differs"), 0);
	assert_true(report_has(f, "2,L1,there,P-2,1,"));
	must_be_done(f, run_import(f, path_of(f, "a.csv"), "--as", "pat", "--office", "police-officer", "--dry-run",
	                           "--json", "--report", path_of(f, "report.csv")));
	assert_true(report_has(f, "2,L1,there,P-2,0,"));
}

/* Whoever wants a child kept out writes its number on another file: only what was imported counts. */
static void a_number_that_somebody_typed_keeps_no_row_out(void **state)
{
	struct fixture *f = *state;
	static const char TYPED[] = "{\"birth-known\":\"no\",\"names\":[\"Nobody\"],\"identifiers\":[\"council: L1\"]}";
	must_be_done(f, run_with(f, TYPED, "add", drill(f), "person.opened", "--as", "mo", "--office",
	                         "social-worker", "--json", "-"));
	must_import(f, write_text(f, HEADER LEO), "--json");
	assert_int_equal(sum(f, "opened"), 1);
}

/* Each day that could be read both ways, and days that could not. */
static void births_are_those_that_the_file_means(void **state)
{
	struct fixture *f = *state;
	struct buf text;
	buf_init(&text, OUTPUT_MAX);
	buf_add(&text, STR(HEADER));
	for (int day = 2; day <= 14; day++)
		buf_format(&text, "B%d,Quentin%c,Mossgrave,04/%02d/%s,,,,\n", day, 'a' + day, day, day % 2 ? "13" : "2013");
	write_file(f, "a.csv", buf_str(&text));
	buf_finish(&text);
	must_import(f, path_of(f, "a.csv"), "--quiet");
	for (int day = 2; day <= 14; day++) {
		must_run(f, "find", drill(f), arena_format(f->arena, "Quentin%c Mossgrave, %d April 2013", 'a' + day, day).p, "--as",
		         "mo");
		must_say(f, arena_format(f->arena, "P-%d  Child: Known; very likely\n    name: first name equal, surname equal\n"
		                                   "    dob: equal", day - 1).p);
	}
}

static void a_month_of_birth_is_known_to_the_month(void **state)
{
	struct fixture *f = *state;
	static const char *const FORMS[] = { "Feb 2014", "02/2014", "2014-02", "1 Feb 2014" };
	struct buf text;
	buf_init(&text, OUTPUT_MAX);
	buf_add(&text, STR(HEADER));
	for (size_t i = 0; i < COUNT_OF(FORMS); i++)
		buf_format(&text, "B%zu,Cordelia,Wexcombe,%s,,,,\n", i, FORMS[i]);
	write_file(f, "a.csv", buf_str(&text));
	buf_finish(&text);
	must_import(f, path_of(f, "a.csv"), "--quiet");
	for (size_t i = 0; i < COUNT_OF(FORMS); i++) {
		must_show(f, arena_format(f->arena, "P-%zu", i + 1).p, FORMS[i]);
		must_say(f, i + 1 < COUNT_OF(FORMS) ? "To the month" : "To the day");
	}
}

static void what_is_alike_is_proposed(void **state)
{
	struct fixture *f = *state;
	must_import(f, write_text(f, HEADER LEO), "--quiet");
	must_be_done(f, run_import(f, path_of(f, "a.csv"), "--as", "pat", "--office", "police-officer", "--quiet"));
	must_run(f, "show", drill(f), "P-2", "--as", "pat", "--office", "police-officer");
	must_say(f, "Two files may belong together");
	must_run(f, "duties", drill(f));
	must_say(f, "T103");
}

static void a_row_that_cannot_be_taken_is_told_and_the_others_are(void **state)
{
	struct fixture *f = *state;
	must_import(f, write_text(f, HEADER LEO), "--quiet");
	assert_int_equal(run_import(f, write_text(f, HEADER "N1,,,2012-02-02,,,,\nN2,Sam,Fox,,,,,\n"), "--as", "mo",
	                            "--office", "social-worker", "--report", path_of(f, "report.csv")),
	                 1);
	assert_true(says(f->out, "refused: 1"));
	assert_true(says(f->words, "a.csv:2: "));
	assert_true(report_has(f, "2,N1,refused,,0,"));
	assert_true(report_has(f, "3,N2,opened,P-2,"));
}

/* Whoever begins a file reads it: so nobody who runs the machine does, nor who looks after data. */
static void whoever_reads_nothing_imports_nobody(void **state)
{
	static const char *const OFFICES[] = { "register-administrator", "data-protection-officer", "caldicott-guardian" };
	struct fixture *f = *state;
	for (size_t i = 0; i < COUNT_OF(OFFICES); i++) {
		assert_int_equal(run_import(f, write_text(f, HEADER LEO "2,Ann,Old,1970-05-06,,,,\n"), "--as", OFFICES[i],
		                            "--office", OFFICES[i]),
		                 1);
		assert_true(says(f->words, "Your office may not do this"));
	}
	must_import(f, path_of(f, "a.csv"), "--json");
	assert_int_equal(sum(f, "opened"), 2);
}

/* --- who was almost invisible ---------------------------------------------------------------------- */

static int64_t invisible(struct fixture *f, const char *office, const char *text)
{
	must_be_done(f, run_import(f, write_text(f, text), "--as", office, "--office", office, "--json", "--invisible",
	                           path_of(f, "invisible.csv"), "--report", path_of(f, "report.csv")));
	return sum(f, "almost_invisible");
}

static bool list_has(struct fixture *f, const char *part)
{
	return says(text_of(f, path_of(f, "invisible.csv")), part);
}

static void whom_three_agencies_knew_each_for_itself_is_told_once(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(invisible(f, "social-worker", HEADER LEO), 0);
	assert_int_equal(invisible(f, "police-officer", HEADER "77,Leo,Marsh,2011-03-12,NM2 3CD,9 Mill Lane,,\n"), 0);
	/* What its office may not know of is a number. */
	assert_int_equal(invisible(f, "named-nurse",
	                           HEADER "9,Leo,Marsh,2011-03-12,,,06100000017,\n10,Sam,Fox,2012-01-03,,,,\n"),
	                 1);
	assert_true(report_has(f, "2,9,opened,P-3,2,"));
	assert_true(report_has(f, "3,10,opened,P-4,0,"));
	assert_true(list_has(f, "agencies,files,files_not_shown,now\n3,P-3,2,yes\n"));
	assert_int_equal(sum(f, "proposed"), 2);
	/* Given again, it tells the whole, and brings nobody together now: that was done before. */
	assert_int_equal(invisible(f, "named-nurse", HEADER "9,Leo,Marsh,2011-03-12,,,06100000017,\n"), 1);
	assert_int_equal(sum(f, "almost_invisible_now"), 0);
	assert_int_equal(sum(f, "proposed"), 2);
	assert_int_equal(sum(f, "proposed_now"), 0);
	assert_true(list_has(f, "agencies,files,files_not_shown,now\n3,P-3,2,no\n"));
	assert_true(report_has(f, "2,9,there,P-3,2,"));
	/* Whose rows were there before did not bring them together. */
	assert_int_equal(invisible(f, "police-officer", HEADER "77,Leo,Marsh,2011-03-12,NM2 3CD,9 Mill Lane,,\n"), 0);
	/* The fourth to know finds somebody who is seen. */
	assert_int_equal(invisible(f, "dsl", HEADER "L-1,Leo,Marsh,2011-03-12,NM2 3CD,9 Mill Lane,,\n"), 0);
}

/* So many rows, each of somebody else. */
static struct str rows_of(struct fixture *f, size_t count)
{
	static const char *const FIRST[] = { "Leonard", "Philippa", "Zephaniah", "Ottoline" };
	static const char *const LAST[] = { "Foxwell", "Quill", "Thwaite" };
	struct str text = STR(HEADER);
	for (size_t i = 0; i < count; i++)
		text = arena_format(f->arena, "%.*sR%zu,%s,%s,20%02zu-0%zu-1%zu,NM%zu 3CD,%zu Mill Lane,061000000%zu,\n", STR_ARG(text), i,
		                    FIRST[i % COUNT_OF(FIRST)], LAST[i / COUNT_OF(FIRST)], 10 + i % 5, 1 + i % 9, i % 7, 1 + i, 11 + 13 * i, 10 + i);
	return text;
}

/* Wherever it was cut: what both runs told is what one would have, and how much of it is of the second. */
static void cut_short_and_given_again_it_tells_the_whole(void **state)
{
	enum { ROWS = 12, CUT = 5 };
	struct fixture *f = *state;
	assert_int_equal(invisible(f, "social-worker", rows_of(f, ROWS).p), 0);
	assert_int_equal(invisible(f, "police-officer", rows_of(f, ROWS).p), 0);
	assert_int_equal(invisible(f, "named-nurse", rows_of(f, CUT).p), CUT);
	assert_int_equal(sum(f, "almost_invisible_now"), CUT);
	int64_t first = sum(f, "proposed");
	assert_int_equal(sum(f, "proposed_now"), first);
	assert_int_equal(invisible(f, "named-nurse", rows_of(f, ROWS).p), ROWS);
	assert_int_equal(sum(f, "almost_invisible_now"), ROWS - CUT);
	assert_int_equal(sum(f, "proposed") - sum(f, "proposed_now"), first);
	assert_true(first >= 2 * CUT && sum(f, "proposed") >= 2 * ROWS);
}

static void twins_and_strangers_are_not_one_whom_three_agencies_know(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(invisible(f, "social-worker", HEADER LEO), 0);
	assert_int_equal(invisible(f, "police-officer", HEADER "77,Leo,Marsh,2011-03-12,NM2 3CD,9 Mill Lane,,\n"), 0);
	assert_int_equal(invisible(f, "named-nurse", HEADER "9,Mia,Marsh,2011-03-12,NM2 3CD,9 Mill Lane,06100000017,\n"), 0);
	assert_int_equal(invisible(f, "dsl", HEADER "1,Leo,Marsh,2004-09-30,NM8 8ZZ,77 Far Road,,\n"), 0);
}

/* A row without a birth begins a child's file; what others know of the birth says who it is. */
static void somebody_grown_up_is_no_child_because_one_row_has_no_birth(void **state)
{
#define NHS_HEADER "id,first_name,surname,dob,postcode,address,phone,nhs_number\n"
#define ANN(birth) "1,Annabel,Marshall," birth ",NM2 3CD,9 Mill Lane,06100000017,9434765919\n"
#define LEN(birth) "2,Leonard,Foxwell," birth ",NM7 3CD,4 Weir Street,06100000099,9434765870\n"
	struct fixture *f = *state;
	assert_int_equal(invisible(f, "social-worker", NHS_HEADER ANN("1985-05-06")), 0);
	assert_int_equal(invisible(f, "police-officer", NHS_HEADER ANN("1985-05-06")), 0);
	assert_int_equal(invisible(f, "named-nurse", NHS_HEADER ANN("")), 0);
	assert_true(report_has(f, "2,1,opened,P-1,2,"));
	/* As a child whose birth one row lacks is one. */
	assert_int_equal(invisible(f, "social-worker", NHS_HEADER LEN("2012-05-06")), 0);
	assert_int_equal(invisible(f, "police-officer", NHS_HEADER LEN("2012-05-06")), 0);
	assert_int_equal(invisible(f, "named-nurse", NHS_HEADER LEN("")), 1);
}

/* --- nothing by a dry run ------------------------------------------------------------------------ */

static void keep_all(struct fixture *f, const char *dir, struct str *out)
{
	const struct str *names;
	size_t count = 0;
	struct err err = { 0 };
	assert_true(file_list(f->arena, dir, &names, &count, &err));
	for (size_t i = 0; i < count; i++) {
		const char *path = file_join(f->arena, dir, str_to_c(f->arena, names[i]));
		if (file_is_folder(path)) {
			keep_all(f, path, out);
			continue;
		}
		struct str pieces[4] = { *out, names[i], STR("\n"), text_of(f, path) };
		*out = arena_join(f->arena, pieces, 4);
	}
}

static void a_dry_run_leaves_the_register_to_the_byte(void **state)
{
	struct fixture *f = *state;
	struct str before = STR(""), after = STR("");
	must_import(f, write_text(f, HEADER LEO), "--quiet");
	keep_all(f, drill(f), &before);
	write_text(f, HEADER LEO "L2,Mia,Marsh,2013-03-12,,,,\nL3,,,,,,,\n");
	assert_int_equal(run_import(f, path_of(f, "a.csv"), "--dry-run", "--as", "mo", "--office", "social-worker", "--report",
	                            path_of(f, "report.csv")),
	                 1);
	assert_true(says(f->out, "rows read: 3\nwould open: 1  A child's file was opened"));
	assert_true(says(f->out, "there already: 1,"));
	assert_true(report_has(f, "2,L1,there,P-1,"));
	assert_true(report_has(f, "3,L2,opened,,0,"));
	assert_true(report_has(f, "4,L3,refused,,"));
	keep_all(f, drill(f), &after);
	assert_true(str_eq(before, after));
	/* It asks who acts, as the import does, and makes nobody. */
	assert_int_equal(run_import(f, path_of(f, "a.csv"), "--dry-run", "--office", "social-worker"), 2);
	assert_true(says(f->words, "Say who acts: --as NAME"));
	assert_int_equal(run_import(f, path_of(f, "a.csv"), "--dry-run", "--as", "mo", "--office", "dsl"), 1);
	assert_true(says(f->words, "This account does not act in the office dsl"));
	assert_int_equal(run_import(f, path_of(f, "a.csv"), "--dry-run", "--as", "nobody", "--office", "dsl"), 1);
	after = STR("");
	keep_all(f, drill(f), &after);
	assert_true(str_eq(before, after));
}

/* --- cut short ----------------------------------------------------------------------------------- */

static void must_be_whole(struct fixture *f, int64_t rows)
{
	must_import(f, PEOPLE, "--json", "--quiet");
	assert_int_equal(sum(f, "rows"), rows);
	assert_int_equal(sum(f, "opened") + sum(f, "there"), rows);
	must_import(f, PEOPLE, "--json", "--quiet", "--report", path_of(f, "report.csv"));
	assert_int_equal(sum(f, "there"), rows);
	must_run(f, "verify", drill(f));
}

/* Each file that was begun once: as many as there are rows, none twice. */
static void must_be_each_once(struct fixture *f, size_t rows)
{
	struct str rest = text_of(f, path_of(f, "report.csv")), line, cell;
	uint8_t *seen[2] = { arena_alloc(f->arena, rows + 1, 1), arena_alloc(f->arena, rows + 1, 1) };
	size_t count = 0;
	(void)str_cut(&rest, '\n', &line);
	while (str_cut(&rest, '\n', &line) && line.n) {
		uint64_t number;
		for (size_t i = 0; i < 4; i++)
			assert_true(str_cut(&line, ',', &cell));
		assert_true(str_to_u64(str_sub(cell, 2, cell.n), rows, &number));
		assert_false(seen[cell.p[0] == 'A'][number]);
		seen[cell.p[0] == 'A'][number] = 1;
		count++;
	}
	assert_int_equal(count, rows);
	for (size_t i = 0; i < 2; i++) { /* numbers have no gap, so that none was begun beside them */
		size_t last = 0, held = 0;
		for (size_t n = 1; n <= rows; n++) {
			held += seen[i][n];
			last = seen[i][n] ? n : last;
		}
		assert_int_equal(last, held);
	}
}

static void killed_at_any_moment_it_goes_on(void **state)
{
	struct fixture *f = *state;
	uint64_t seed = (uint64_t)getpid();
	const char *given = getenv("SEED");
	if (given)
		assert_true(str_to_u64(str_from_c(given), UINT32_MAX, &seed));
	(void)drill(f);
	for (int i = 0; i < 6; i++) {
		pid_t pid = start(f, NULL,
		                  (const char *const[]){ "import", drill(f), "people", PEOPLE, "--as", "mo", "--office",
		                                         "social-worker", "--quiet", NULL });
		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
		(void)poll(NULL, 0, (int)(seed >> 33) % 700);
		assert_int_equal(kill(pid, SIGKILL), 0);
		(void)status_of(pid);
	}
	print_message("[   SEED   ] %ju\n", (uintmax_t)seed);
	must_be_whole(f, 2000);
	must_be_each_once(f, 2000);
}

static void while_the_register_is_served_it_is_the_same(void **state)
{
	struct fixture *f = *state;
	serve(f);
	must_import(f, write_text(f, HEADER LEO), "--json", "--report", path_of(f, "report.csv"));
	assert_int_equal(sum(f, "opened"), 1);
	assert_true(report_has(f, "2,L1,opened,P-1,0,"));
	must_import(f, PEOPLE, "--json", "--quiet");
	assert_int_equal(sum(f, "opened"), 2000);
	must_import(f, PEOPLE, "--json", "--quiet");
	assert_int_equal(sum(f, "there"), 2000);
	assert_int_equal(run_import(f, PEOPLE, "--dry-run", "--as", "mo", "--office", "social-worker", "--json"), 0);
	assert_int_equal(sum(f, "there"), 2000);
	assert_int_equal(stop_serving(f), 0);
}

/* Two of one office begin at once: each row is begun once, and is there for the other. */
static void two_of_an_office_at_once_are_both_told_that_it_is_there(void **state)
{
	struct fixture *f = *state;
	serve(f);
	must_import(f, write_text(f, HEADER LEO), "--quiet");
	must_be_done(f, run_import(f, path_of(f, "a.csv"), "--as", "moritz", "--office", "social-worker", "--quiet"));
	const char *other = path_of(f, "other.csv");
	pid_t pid = start(f, NULL,
	                  (const char *const[]){ "import", drill(f), "people", PEOPLE, "--as", "moritz", "--office",
	                                         "social-worker", "--quiet", "--report", other, NULL });
	assert_int_equal(run_import(f, PEOPLE, "--as", "mo", "--office", "social-worker", "--quiet", "--report",
	                            path_of(f, "report.csv")),
	                 0);
	assert_int_equal(status_of(pid), 0);
	assert_false(report_has(f, ",refused,"));
	assert_false(says(text_of(f, other), ",refused,"));
	must_import(f, PEOPLE, "--json", "--quiet");
	assert_int_equal(sum(f, "there"), 2000);
	assert_int_equal(stop_serving(f), 0);
}

/* --- bad files ----------------------------------------------------------------------------------- */

static void must_refuse(struct fixture *f, const char *text, const char *why)
{
	assert_int_equal(run_import(f, write_text(f, text), "--as", "mo", "--office", "social-worker"), 3);
	if (!says(f->words, why))
		fail_msg("%s is not in: %.*s", why, STR_ARG(f->words));
}

static void a_bad_file_is_refused_as_linking_refuses_it(void **state)
{
	struct fixture *f = *state;
	must_refuse(f, "name,dob\nLeo Marsh,2011\n", "a.csv:1: no column of ids; call one of them id");
	must_refuse(f, "id,name,name\n1,a,b\n", "a.csv:1: columns 2 and 3 are both called name");
	must_refuse(f, HEADER LEO LEO, "a.csv:3: it has the id of line 2; make ids differ (1 such row)");
	must_refuse(f, HEADER LEO "L2,too,few\n", "a.csv:3: 3 cells where the header has 8");
	must_refuse(f, HEADER "L1,\"open,Marsh,,,,,\n", "a quotation mark opens and does not close");
	assert_int_equal(run_import(f, path_of(f, "none.csv"), "--as", "mo", "--office", "social-worker"), 3);
	assert_int_equal(run(f, "import", drill(f), "places", path_of(f, "a.csv"), "--as", "mo"), 2);
	must_run(f, "duties", drill(f));
	assert_false(says(f->out, "T00"));
}

static void one_bad_row_among_many_is_left_out(void **state)
{
	struct fixture *f = *state;
	struct buf text;
	buf_init(&text, OUTPUT_MAX);
	buf_add(&text, STR("\xEF\xBB\xBF" HEADER));
	for (int i = 0; i < 150; i++)
		buf_format(&text, "B%d,Jos\xE9,\"Marsh\nGreen\",2011-03-%02d,,,,\r\n", i, i % 28 + 1);
	buf_add(&text, STR("B150,\"=HYPERLINK(\"\"x\"\")\",Marsh,31/31/2011,,,,\nB151,too,few\n"));
	write_file(f, "a.csv", buf_str(&text));
	buf_finish(&text);
	assert_int_equal(run_import(f, path_of(f, "a.csv"), "--as", "mo", "--office", "social-worker", "--report",
	                            path_of(f, "report.csv")),
	                 1);
	assert_true(says(f->out, "rows read: 152"));
	assert_true(says(f->out, "refused: 1"));
	assert_true(says(f->words, "letters that are not UTF-8 are read as Windows-1252"));
	assert_true(report_has(f, "B0,opened,P-1,"));
	assert_true(report_has(f, ",,refused,,0,3 cells where the header has 8"));
	must_show(f, "P-1", "Jos\xC3\xA9 Marsh Green");
}

int main(void)
{
	/* What a row becomes is the law's: by the whole of it. */
	(void)setenv("CANDOUR_TEST_PACKS", "packs", 1);
	const struct CMUnitTest tests[] = {
		PROVES(a_row_begins_a_file_of_its_agency),
		PROVES(an_age_that_is_sure_says_what_a_row_becomes),
		PROVES(given_again_a_file_begins_nothing_twice),
		PROVES(what_a_row_says_anew_is_told_and_not_written),
		PROVES(no_report_is_written_over_what_is_imported),
		PROVES(another_office_s_row_one_is_somebody_else),
		PROVES(a_number_in_another_column_keeps_no_row_out),
		PROVES(of_a_file_that_is_closed_a_row_is_there_and_no_more),
		PROVES(a_number_that_somebody_typed_keeps_no_row_out),
		PROVES(births_are_those_that_the_file_means),
		PROVES(a_month_of_birth_is_known_to_the_month),
		PROVES(what_is_alike_is_proposed),
		PROVES(a_row_that_cannot_be_taken_is_told_and_the_others_are),
		PROVES(whoever_reads_nothing_imports_nobody),
		PROVES(whom_three_agencies_knew_each_for_itself_is_told_once),
		PROVES(cut_short_and_given_again_it_tells_the_whole),
		PROVES(somebody_grown_up_is_no_child_because_one_row_has_no_birth),
		PROVES(twins_and_strangers_are_not_one_whom_three_agencies_know),
		PROVES(a_dry_run_leaves_the_register_to_the_byte),
		PROVES(killed_at_any_moment_it_goes_on),
		PROVES(while_the_register_is_served_it_is_the_same),
		PROVES(two_of_an_office_at_once_are_both_told_that_it_is_there),
		PROVES(a_bad_file_is_refused_as_linking_refuses_it),
		PROVES(one_bad_row_among_many_is_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
