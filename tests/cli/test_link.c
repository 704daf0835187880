/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Linking from the command line: what it takes, what it writes, and what it says of bad and hostile files. */
#define _XOPEN_SOURCE 700
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/left_behind.h"
#include "cli/terminal.h"

#define PEOPLE "tests/data/linkage/people_2000.csv"
#define HEADER "id,first_name,middle_names,surname,dob,sex,postcode,address,phone,nhs_number,upn,agency\n"
/* One person, twice. */
#define TWO                                                                                                     \
	"X1,Zebedee,,Quillfeather,2012-05-06,M,NM1 1AA,\"1 Quill Road, Northmere\",06100000017,,,health\n"      \
	"X2,Zebedee,,Quillfeather,2012-05-06,M,NM1 1AA,\"1 Quill Road, Northmere\",06100000017,,,school\n"
/* Two of one name, and of two NHS numbers that are both right. */
#define TWO_NUMBERS                                                                                             \
	"Y1,Tarquin,,Underhill,2013-07-08,M,NM1 1AB,\"2 Hill Road, Northmere\",06100000018,9990004102,,health\n" \
	"Y2,Tarquin,,Underhill,2013-07-08,M,NM1 1AB,\"2 Hill Road, Northmere\",06100000018,9990000166,,school\n"

static const char *write_text(struct fixture *f, const char *name, const char *text)
{
	write_file(f, name, str_from_c(text));
	return path_of(f, name);
}

/* The synthetic people, and rows of a test's own behind them. */
static const char *people_and(struct fixture *f, const char *rows)
{
	struct str text = text_of(f, PEOPLE);
	write_file(f, "a.csv", arena_join(f->arena, (const struct str[]){ text, str_from_c(rows) }, 2));
	return path_of(f, "a.csv");
}

/* Whether the line is one of the file's. */
static bool has_line(struct fixture *f, const char *name, const char *wanted)
{
	struct str rest = text_of(f, path_of(f, name)), line;
	while (str_cut(&rest, '\n', &line)) {
		if (str_eq(line, str_from_c(wanted)))
			return true;
	}
	return false;
}

/* Runs candour link on the file of people with the words given, pairs and clusters beside. */
#define run_link(f, in, ...)                                                                                    \
	run((f), "link", "--in", (in), "--pairs", path_of((f), "pairs.csv"), "--clusters", path_of((f), "clusters.csv"), \
	    __VA_ARGS__)
#define must_link(f, in, ...) must_be_done((f), run_link((f), (in), __VA_ARGS__))

static bool is_pair(struct fixture *f, const char *begin)
{
	struct str rest = text_of(f, path_of(f, "pairs.csv")), line;
	while (str_cut(&rest, '\n', &line)) {
		if (str_starts(line, str_from_c(begin)))
			return true;
	}
	return false;
}

#define SEEN_MAX 4000
#define FEW_HEADER "id,first_name,surname,dob,postcode\n"

/* The cells of id, first name, surname, birth and postcode; false: some are missing. */
static bool few_cells(struct str line, struct str out[5])
{
	static const size_t AT[] = { 0, 1, 5, 2, 3, 5, 4 };
	struct str cells[6];
	for (size_t i = 0; i < COUNT_OF(AT); i++) {
		if (!str_cut(&line, ',', &cells[AT[i]]) || !cells[AT[i]].n)
			if (AT[i] < 5)
				return false;
	}
	memcpy(out, cells, 5 * sizeof *out);
	return true;
}

/* So many people of the synthetic ones, each once; the first again behind them, or in a file by itself. */
static const char *few_people(struct fixture *f, size_t count, const char **alone)
{
	struct str rest = text_of(f, PEOPLE), truth = text_of(f, "tests/data/linkage/people_2000_truth.csv"), line, of, person;
	struct str cells[5], first = STR_NONE, all = STR(FEW_HEADER);
	bool is_seen[SEEN_MAX] = { false };
	assert_true(str_cut(&rest, '\n', &line) && str_cut(&truth, '\n', &of));
	while (count && str_cut(&rest, '\n', &line) && str_cut(&truth, '\n', &of)) {
		assert_true(str_cut(&of, ',', &person) && str_cut(&of, ',', &person));
		size_t number = strtoul(person.p, NULL, 10);
		if (number >= SEEN_MAX || is_seen[number] || !few_cells(line, cells))
			continue;
		is_seen[number] = true;
		struct str row = arena_format(f->arena, "%.*s,%.*s,%.*s,%.*s\n", STR_ARG(cells[1]), STR_ARG(cells[2]),
		                              STR_ARG(cells[3]), STR_ARG(cells[4]));
		first = first.n ? first : row;
		all = arena_format(f->arena, "%.*sP%zu,%.*s", STR_ARG(all), count--, STR_ARG(row));
	}
	assert_int_equal(count, 0);
	if (alone)
		*alone = write_text(f, "alone.csv", arena_format(f->arena, FEW_HEADER "AGAIN,%.*s", STR_ARG(first)).p);
	return write_text(f, "few.csv",
	                  arena_format(f->arena, "%.*s%s%.*s", STR_ARG(all), alone ? "" : "AGAIN,",
	                               STR_ARG(alone ? STR("") : first))
	                          .p);
}

static void a_double_is_found_in_a_file_of_few(void **state)
{
	static const size_t COUNTS[] = { 1, 5, 20, 100, 300 };
	struct fixture *f = *state;
	for (size_t i = 0; i < COUNT_OF(COUNTS); i++) {
		struct str wanted = arena_format(f->arena, "AGAIN,P%zu", COUNTS[i]);
		must_link(f, few_people(f, COUNTS[i], NULL), "--quiet");
		if (!has_line(f, "clusters.csv", wanted.p))
			fail_msg("one file of %zu", COUNTS[i]);
		const char *alone, *in = few_people(f, COUNTS[i], &alone);
		must_link(f, in, "--in2", alone, "--quiet");
		if (!has_line(f, "clusters.csv", wanted.p))
			fail_msg("one against %zu", COUNTS[i]);
	}
}

/* That they agree speaks for them, also where nobody else says how rare the names are. */
static void two_rows_that_are_one_are_one(void **state)
{
	struct fixture *f = *state;
	const char *in = write_text(f, "two.csv", "id,first_name,surname,dob\n1,Ann,Lee,2010-02-03\n2,Ann,Lee,2010-02-03\n");
	static const char *const MODELS[] = { "auto", "people", "wide" };
	for (size_t i = 0; i < COUNT_OF(MODELS); i++) {
		must_link(f, in, "--quiet", "--model", MODELS[i]);
		assert_true(has_line(f, "clusters.csv", "2,1"));
	}
	must_link(f, write_text(f, "two.csv", "id,first_name,surname,dob\n1,Ann,Lee,2010-02-03\n2,Joe,Bell,1987-11-24\n"), "--quiet");
	assert_true(has_line(f, "clusters.csv", "2,2"));
}

/* Of forty who have nothing else in common two are looked at; what is said of their address. */
static struct str said_of_address(struct fixture *f, const char *address)
{
	struct str all = STR("id,first_name,surname,dob,address\n"), line, rest;
	static const char LETTERS[] = "abdefgiklmnoprstuvz";
	for (size_t i = 0; i < 40; i++) {
		char first[8] = { 0 }, last[8] = { 0 };
		for (size_t k = 0; k < 6; k++) {
			first[k] = LETTERS[(i * 7 + k * k * 5 + i * k) % 19];
			last[k] = LETTERS[(i * 3 + k * 11 + i * i * k) % 19];
		}
		all = arena_format(f->arena, "%.*sP%zu,%s,%s,20%02zu-%02zu-%02zu,%s\n", STR_ARG(all), i, first, last, i % 18,
		                   i % 12 + 1, i % 28 + 1, address);
	}
	all = arena_format(f->arena, "%.*sQ1,,,,\"3 Kiln Row, Northmere\"\nQ2,,,,\"4 Kiln Row, Northmere\"\n", STR_ARG(all));
	must_run(f, "link", "explain", "--in", write_text(f, "office.csv", str_to_c(f->arena, all)), "P1", "P2");
	rest = f->out;
	while (str_cut(&rest, '\n', &line)) {
		if (str_find_str(line, STR("address")) < line.n)
			return line;
	}
	return STR("");
}

/* Nor does it that it is in one street. */
static void an_address_that_many_share_says_nothing(void **state)
{
	static const char *const OFFICES[] = { "\"5 Kiln Row, Northmere\"", "The Refuge", "St Mary School" };
	struct fixture *f = *state;
	for (size_t i = 0; i < COUNT_OF(OFFICES); i++) {
		struct str said = said_of_address(f, OFFICES[i]);
		if (str_find_str(said, STR("missing")) == said.n)
			fail_msg("%s: %.*s", OFFICES[i], STR_ARG(said));
	}
	/* A street is one however many live there. */
	struct str said = said_of_address(f, "Chapel Road");
	if (str_find_str(said, STR("street equal")) == said.n)
		fail_msg("%.*s", STR_ARG(said));
}

/* Whoever is looked after moves, so that another home speaks little against her. */
static void another_address_weighs_two_bits_at_most(void **state)
{
	struct fixture *f = *state;
	struct str line, rest;
	must_run(f, "link", "explain", "--in", people_and(f, TWO "X3,Zebedee,,Quillfeather,2012-05-06,M,NM9 9ZZ,\"9 Oak Lane, Kelbrough\",,,,police\n"),
	         "X1", "X3");
	for (rest = f->out; str_cut(&rest, '\n', &line);) {
		if (str_find_str(line, STR("address ")) < line.n && str_find_str(line, STR("  -2.000  address")) == line.n)
			fail_msg("%.*s", STR_ARG(line));
	}
	assert_true(says(f->out, "  -2.000  address"));
}

/* Of one house and one birthday, of names that may be one: proposed, and never sure. */
static void twins_of_names_that_are_near_are_not_sure(void **state)
{
	static const struct {
		const char *first, *second;
		bool is_sure;
	} CASES[] = { { "Jon", "Ian", false },
		      { "Alice", "Alicia", false },
		      { "Jonathan", "Jonathon", true },
		      { "Alice", "Alice", true } };
	struct fixture *f = *state;
	for (size_t i = 0; i < COUNT_OF(CASES); i++) {
		const char *rows = arena_format(f->arena,
		                                "N1,%s,,Quillfeather,2012-05-06,,NM1 1AA,\"1 Quill Road, Northmere\",06100000017,,,\n"
		                                "N2,%s,,Quillfeather,2012-05-06,,NM1 1AA,\"1 Quill Road, Northmere\",06100000017,,,\n",
		                                CASES[i].first, CASES[i].second)
		                           .p;
		must_run(f, "link", "explain", "--in", people_and(f, rows), "N1", "N2");
		if (says(f->out, "may be twins") == CASES[i].is_sure)
			fail_msg("%s %s: %.*s", CASES[i].first, CASES[i].second, STR_ARG(f->out));
	}
}

/* As linkage.md has one (16.5), but for what it leaves open of the default's chances. */
static void a_model_as_the_specification_writes_it_is_read_and_run(void **state)
{
	static const char MODEL[] = "model: people\nversion: 1\n"
				    "columns: { first_name: [given], dob: { from: birthdate, order: dmy } }\n"
				    "rules:\n  - [nhs_number]\n  - [surname, dob]\n"
				    "  - [\"first_name[3]\", \"surname[4]\"]        # leading letters\n"
				    "limits: { max_block: 1000, hot: 30, max_pairs: 400000000 }\n"
				    "comparisons:\n  - name: dob\n    levels:\n"
				    "      - { name: equal,   m: 0.83, h: 0.005, s: 0.0001, u: exact }\n"
				    "      - { name: edit1,   m: 0.02, h: 0.001, s: 0.002,  u: 0.0021 }\n"
				    "      - { name: default, m: 0.02, h: 0.002, s: 0.003 }\n    tf: true\n"
				    "  - { name: sex, clamp: [-4, 1] }\n"
				    "classes: { M: 853000, H: 1591000, S: 16486000 }\nthreshold: 2\n"
				    "cannot-link: [nhs_number, upn, apart]\n";
	struct fixture *f = *state;
	const char *model = write_text(f, "m.yaml", MODEL);
	must_run(f, "link", "check", "--model", model);
	assert_true(says(f->out, "- { name: edit, m: 0.02, h: 0.001, s: 0.002, u: 0.0021 }"));
	must_link(f, write_text(f, "a.csv", "id,given,surname,birthdate,nhs_number\n1,Ann,Lee,03/02/2010,9990004102\n2,Ann,Lee,03/02/2010,9990004102\n"),
	          "--model", model);
	assert_true(is_pair(f, "1,2,"));
}

static void what_somebody_settled_is_kept(void **state)
{
	struct fixture *f = *state;
	const char *in = people_and(f, TWO TWO_NUMBERS);
	must_link(f, in, "--quiet");
	assert_true(has_line(f, "clusters.csv", "X2,X1"));
	must_link(f, in, "--quiet", "--apart", write_text(f, "apart.csv", "id_l,id_r\nX2,X1\nX1,gone\n"));
	assert_true(has_line(f, "clusters.csv", "X2,X2"));
	assert_false(is_pair(f, "X1,X2,")); /* nor is it offered again, with whatever weight */
	must_run(f, "link", "why-not", "--in", in, "--apart", path_of(f, "apart.csv"), "X1", "X2");
	assert_true(str_starts(f->out, STR("it was settled that they are not the same\n")));
	assert_true(says(f->out, "bits: not\nnot proposed as one person"));
	must_link(f, in, "--quiet", "--together", write_text(f, "together.csv", "id_l,id_r,why\nR0000001,R0000002,seen\n"));
	assert_true(has_line(f, "clusters.csv", "R0000002,R0000001"));
}

static void what_may_not_be_together_is_not_put_together_in_silence(void **state)
{
	struct fixture *f = *state;
	const char *in = people_and(f, TWO TWO_NUMBERS), *report = path_of(f, "r.json");
	must_link(f, in, "--together", write_text(f, "together.csv", "id_l,id_r\nY1,Y2\n"), "--report", report);
	assert_true(has_line(f, "clusters.csv", "Y2,Y2"));
	assert_true(says(f->words, "together.csv:2: not put together: two different NHS numbers, both right"));
	must_link(f, in, "--apart", write_text(f, "apart.csv", "id_l,id_r\nX1,X2\n"), "--together",
	          write_text(f, "together.csv", "id_l,id_r\nX2,X1\n"));
	assert_true(has_line(f, "clusters.csv", "X2,X2"));
	assert_true(says(f->words, "together.csv:2: not put together: it was settled that they are not the same"));
	must_link(f, in, "--apart", write_text(f, "apart.csv", "id_l,id_r\nX1,gone\nX1,X2\nno,gone\n"));
	assert_true(says(f->words, "apart.csv:2: a record is not in the files; the pair is left out (2 such rows)"));
}

static void a_list_of_settled_pairs_that_is_bad_is_told_by_its_line(void **state)
{
	static const struct {
		const char *text, *said;
	} CASES[] = {
		{ "one,other\nX1,X2\n", "f.csv:1: the first line must name the columns id_l and id_r" },
		{ "id_l,id_r\nX1\n", "f.csv:2: " },
		{ "id_l,id_r\nX1,X2\nX1,X1\n", "f.csv:3: two ids are expected" },
	};
	struct fixture *f = *state;
	const char *in = write_text(f, "a.csv", HEADER TWO);
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		assert_int_equal(run_link(f, in, "--apart", write_text(f, "f.csv", CASES[i].text)), 3);
		assert_true(says(f->words, CASES[i].said));
	}
	assert_int_equal(run_link(f, in, "--apart", path_of(f, "nowhere.csv")), 3);
}

static void equal_ids_of_two_files_are_told_apart(void **state)
{
	struct fixture *f = *state;
	const char *one = write_text(f, "a.csv", HEADER TWO "only,Owen,,Price,2009-11-30,M,,,,,,\n");
	const char *two = write_text(f, "b.csv", HEADER "X1,Zebedee,,Quillfeather,2012-05-06,M,NM1 1AA,,06100000017,,,\n");
	must_link(f, one, "--in2", two, "--threshold", "-30");
	assert_true(is_pair(f, "a:X1,b:X1,"));
	assert_true(is_pair(f, "X2,b:X1,"));
	assert_true(has_line(f, "clusters.csv", "only,only"));
	must_run(f, "link", "explain", "--in", one, "--in2", two, "X1", "X1");
	must_run(f, "link", "explain", "--in", one, "--in2", two, "a:X1", "b:X1");
	assert_int_equal(run(f, "link", "explain", "--in", one, "--in2", two, "nobody", "b:X1"), 1);
}

static void where_no_number_is_looked_at_none_counts(void **state)
{
	struct fixture *f = *state;
	/* Nothing but a number in common. */
	const char *in = people_and(f, "N1,Zebedee,,Quillfeather,2012-05-06,M,NM1 1AA,,06100000017,9990004102,,health\n"
	                               "N2,Orlando,,Underhill,2015-07-08,M,NM2 1AA,,06100000017,9990004102,,school\n");
	must_link(f, in, "--model", "people", "--threshold", "-100", "--quiet");
	assert_true(is_pair(f, "N1,N2,"));
	must_link(f, in, "--model", "people-demog", "--threshold", "-100", "--quiet");
	assert_false(is_pair(f, "N1,N2,"));
	must_run(f, "link", "explain", "--in", in, "--model", "people-demog", "N1", "N2");
	assert_false(says(f->out, "nhs_number"));
	assert_false(says(f->out, "phone"));
}

/* Rows behind the synthetic people: one bad one in two thousand is not too many. */
static void assert_bad(struct fixture *f, struct str row, const char *said, const char *listed)
{
	struct str text = text_of(f, PEOPLE);
	write_file(f, "a.csv", arena_join(f->arena, (const struct str[]){ text, row, STR("\nlast,,,,,,,,,,,\n") }, 3));
	must_link(f, path_of(f, "a.csv"), "--bad", path_of(f, "bad.csv"));
	if (!says(f->words, said))
		fail_msg("said \"%.*s\", expected \"%s\"", STR_ARG(f->words), said);
	if (!says(text_of(f, path_of(f, "bad.csv")), listed))
		fail_msg("listed \"%.*s\", expected \"%s\"", STR_ARG(text_of(f, path_of(f, "bad.csv"))), listed);
	assert_true(has_line(f, "clusters.csv", "last,last"));
	assert_false(says(f->words, "Secret"));
	assert_false(says(text_of(f, path_of(f, "bad.csv")), "Secret"));
}

static struct str long_row(struct fixture *f, size_t n)
{
	char *row = arena_alloc(f->arena, n + 10, 1);
	memset(row, 'a', n + 10);
	memcpy(row, "Z,", 2);
	memcpy(row + n, ",,,,,,,,,,", 10);
	return (struct str){ row, n + 10 };
}

static void bad_rows_are_told_by_line_column_and_reason(void **state)
{
	struct fixture *f = *state;
	assert_bad(f, STR("Z,Secret"), "a.csv:2002: 2 cells where the header has 12; the row is left out (1 such row)",
	           "a.csv,2002,,2 cells where the header has 12\n");
	assert_bad(f, STR("Z,Secret,,,,,,,,,,,,more"), "a.csv:2002: 14 cells where the header has 12", ",2002,,14 cells");
	assert_bad(f, STR("Z,,,\"Secret,,,,,,,,"), "a.csv:2002: column surname: a quotation mark opens and does not close",
	           ",2002,surname,a quotation mark");
	assert_bad(f, STR("Z,Secret,,a\0b,,,,,,,,"), "a.csv:2002: column surname: a NUL byte", ",2002,surname,a NUL byte\n");
	assert_bad(f, STR("Z,Secret,,\x81\xff,,,,,,,,"), "a.csv:2002: column surname: letters that are neither UTF-8",
	           ",2002,surname,letters");
	assert_bad(f, long_row(f, 70000), "a.csv:2002: column first_name: longer than 64 KiB", ",2002,first_name,longer");
	assert_bad(f, long_row(f, 1100000), "a.csv:2002: the line is longer than 1 MiB", ",2002,,the line is longer");
}

static void a_date_that_is_none_is_told_by_its_first_row_and_their_number(void **state)
{
	struct fixture *f = *state;
	const char *in = people_and(f, "D1,Jo,,,31/04/2011,,,,,,,\nD2,Jo,,,2071-01-05,,,,,,,\nD3,Jo,,,unknown,,,,,,,\n"
	                               "D4,Jo,,,1900-01-01,,,,,,,\n");
	must_link(f, in, "--bad", path_of(f, "bad.csv"));
	assert_true(says(f->words, "a.csv:2002: column dob: not a real date; kept as missing (2 such rows)\n"));
	assert_true(says(f->words, "column dob: a form's default date; kept as missing (6 such rows)\n"));
	struct str bad = text_of(f, path_of(f, "bad.csv"));
	assert_true(says(bad, "a.csv,2002,dob,not a real date; kept as missing\n"));
	assert_true(says(bad, "a.csv,2003,dob,not a real date; kept as missing\n"));
	assert_false(says(bad, ",2004,"));
	in = write_text(f, "b.csv", "id,birthdate\n1,03/04/2011\n2,05/06/2011\n");
	must_link(f, in, "--threads", "1");
	assert_true(says(f->words, "b.csv: column birthdate: day and month can be read either way; taken as day/month/year\n"));
	in = write_text(f, "b.csv", "id,birthdate\n1,03/14/2011\n2,05/06/2011\n");
	must_link(f, in, "--threads", "1");
	assert_false(says(f->words, "day and month"));
}

static void letters_that_are_not_utf8_are_told_by_rows(void **state)
{
	struct fixture *f = *state;
	must_link(f, write_text(f, "a.csv", "id,first_name,surname\n1,Zo\xeb,P\xe9rez\n2,Jo,Bell\n3,Ren\xe9,Bell\n"), "--threads", "1");
	assert_true(says(f->words, "letters that are not UTF-8 are read as Windows-1252 (2 such rows)\n"));
}

static void a_file_without_known_names_is_told(void **state)
{
	struct fixture *f = *state;
	must_link(f, write_text(f, "a.csv", "id,c1,c2,dob\n1,Jo,Bell,2011-02-03\n2,Jo,Bell,2011-02-03\n"), "--threads", "1");
	assert_true(says(f->words, "a.csv: no column is known to hold names"));
	must_link(f, write_text(f, "a.csv", "id,surname,dob\n1,Bell,2011-02-03\n2,Bell,2011-02-03\n"), "--threads", "1");
	assert_false(says(f->words, "no column is known to hold names"));
}

static void too_many_bad_rows_end_it_and_nothing_is_written(void **state)
{
	struct fixture *f = *state;
	const char *in = write_text(f, "a.csv", "id,first_name\n1,Ada\n2\n3,Jo\n4\n");
	assert_int_equal(run_link(f, in, "--bad", path_of(f, "bad.csv")), 3);
	assert_true(says(f->words, "a.csv:3: 1 cells where the header has 2; 2 of 4 rows are bad"));
	assert_false(file_exists(path_of(f, "pairs.csv")));
	assert_false(file_exists(path_of(f, "clusters.csv")));
	assert_true(has_line(f, "bad.csv", arena_format(f->arena, "%s,5,,1 cells where the header has 2", in).p));
}

/* docs/linkage.md says how many. */
static void more_columns_than_are_read_are_told_as_such(void **state)
{
	struct fixture *f = *state;
	for (int columns = 127; columns <= 130; columns++) {
		struct buf text;
		buf_init(&text, 8192);
		buf_add(&text, STR("id"));
		for (int i = 1; i < columns; i++)
			buf_format(&text, ",c%d", i);
		buf_add(&text, STR("\n1"));
		for (int i = 1; i < columns; i++)
			buf_add_char(&text, ',');
		buf_add(&text, STR("x\n"));
		write_file(f, "a.csv", buf_str(&text));
		buf_finish(&text);
		assert_int_equal(run_link(f, path_of(f, "a.csv"), "--quiet"), columns <= 128 ? 0 : 3);
		assert_true(columns <= 128 || says(f->words, "a.csv:1: more than 128 columns"));
	}
}

static void a_header_that_is_bad_ends_it(void **state)
{
	static const struct {
		const char *text, *said;
	} CASES[] = {
		{ "1,Jo,Bell\n2,Ada,Price\n", "a.csv:1: no column of ids" },
		{ "id,name,name\n1,Jo,Jo\n", "a.csv:1: columns 2 and 3 are both called name" },
		{ "id,First Name,first_name\n1,Jo,Jo\n", "a.csv:1: columns 2 and 3 are both called first_name" },
		/* No value of a person's is among the words. */
		{ "1,Lee,Lee,2011-02-03\n2,Ada,Price,2011-02-03\n", "a.csv:1: columns 2 and 3 are both called the same; the first line" },
		{ "name,dob\nJo,2011-01-02\n", "a.csv:1: no column of ids" },
		{ "id,n\xe9\x81,dob\n1,Jo,2011-01-02\n", "a.csv:1: column 2: letters that are neither UTF-8 nor Windows-1252" },
		{ "id,name\n1,Jo\n2,Jo\n1,Ada\n1,Eve\n", "a.csv:4: it has the id of line 2; make ids differ (2 such rows)" },
		{ "id,name\n1,Jo\n,Ada\n", "a.csv:3: the record has no id (1 such row)" },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		assert_int_equal(run_link(f, write_text(f, "a.csv", CASES[i].text), "--threads", "1"), 3);
		if (!says(f->words, CASES[i].said))
			fail_msg("said \"%.*s\", expected \"%s\"", STR_ARG(f->words), CASES[i].said);
		assert_false(file_exists(path_of(f, "pairs.csv")));
	}
	assert_int_equal(run_link(f, path_of(f, "nowhere.csv"), "--threads", "1"), 3);
	assert_int_equal(run(f, "link", "--pairs", path_of(f, "pairs.csv")), 2);
	assert_int_equal(run_link(f, PEOPLE, "--threshold", "much"), 2);
	assert_int_equal(run_link(f, PEOPLE, "--model", "best"), 2);
}

static void next_to_nothing_is_linked_too(void **state)
{
	static const struct {
		const char *text, *clusters;
	} CASES[] = {
		{ "", "id,cluster\n" },
		{ "\n\n", "id,cluster\n" },
		{ "id,first_name\n", "id,cluster\n" },
		{ "id\n", "id,cluster\n" },
		{ "id,first_name\n7,Jo\n", "id,cluster\n7,7\n" },
		{ "\xEF\xBB\xBFid;first_name\r\n7;\"Jo \"\"J\"\"\nBell\"\r\n", "id,cluster\n7,7\n" },
		{ "id,pr\xe9nom\n7,Jo\n", "id,cluster\n7,7\n" },
		{ "id\tfirst_name\n\"a,b\"\t=cmd|' /C calc'!A0\n", "id,cluster\n\"a,b\",\"a,b\"\n" },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		must_link(f, write_text(f, "a.csv", CASES[i].text), "--report", path_of(f, "r.json"));
		assert_true(str_eq(text_of(f, path_of(f, "pairs.csv")), STR("id_l,id_r,weight\n")));
		assert_true(str_eq(text_of(f, path_of(f, "clusters.csv")), str_from_c(CASES[i].clusters)));
	}
}

static void what_was_found_is_told_without_any_value(void **state)
{
	struct fixture *f = *state;
	const char *in = people_and(f, TWO "H1,Caf\xe9,,Quillfeather,,,,,,,,\n"), *report = path_of(f, "r.json");
	must_link(f, in, "--report", report);
	struct str texts[2] = { f->words, text_of(f, report) };
	for (size_t i = 0; i < 2; i++) {
		assert_false(says(texts[i], "Quillfeather"));
		assert_false(says(texts[i], "quillfeather"));
		assert_false(says(texts[i], "06100000017"));
		assert_true(says(texts[i], "read as Windows-1252"));
	}
	assert_true(says(f->words, "a.csv: 2003 records\n"));
	assert_true(says(f->words, "rule nhs_number: "));
	assert_true(says(f->words, "bands: link "));
	assert_true(says(f->words, "look at cluster "));
	struct hash hash = hash_of(text_of(f, in));
	assert_true(says(texts[1], hash_hex(f->arena, &hash).p));
	assert_true(says(texts[1], "\"seconds\":{\"reading\":"));
	assert_true(says(texts[1], "\"held_by_one_agency\":"));
	assert_true(says(texts[1], "\"level\":\"equal/equal\",\"m\":0."));
	must_link(f, in, "--quiet");
	assert_int_equal(f->words.n, 0);
}

/* Weights of the same pairs, to a thousandth and its rounding. */
static void assert_near(struct str one, struct str two)
{
	struct str left, right;
	while (str_cut(&one, '\n', &left)) {
		assert_true(str_cut(&two, '\n', &right));
		size_t at = left.n;
		while (at > 0 && left.p[at - 1] != ',')
			at--;
		assert_true(right.n >= at && memcmp(left.p, right.p, at) == 0);
		if (at && left.n > at && left.p[at] != 'w') {
			double x = strtod(left.p + at, NULL), y = strtod(right.p + at, NULL);
			assert_true(x - y < 0.0021 && y - x < 0.0021);
		}
	}
	assert_false(str_cut(&two, '\n', &right));
}

static void a_model_that_was_saved_gives_the_same_weights(void **state)
{
	struct fixture *f = *state;
	const char *model = path_of(f, "m.yaml"), *again = path_of(f, "again.yaml");
	must_link(f, PEOPLE, "--save-model", model, "--quiet");
	struct str pairs = text_of(f, path_of(f, "pairs.csv")), saved = text_of(f, model);
	assert_true(says(saved, "model: \"auto\"\nversion: 1\ncolumns:\n  id: [\"id\"]\n  first_name: [\"first_name\"]\n"));
	assert_true(says(saved, "cannot-link: [nhs_number, upn, apart]\n"));
	assert_true(says(saved, "  - name: sex\n    clamp: [-4, 1]\n    levels:\n      - { name: equal, m: 0."));
	assert_true(says(saved, "limits: { max_block: 1000, hot: 30"));
	must_link(f, PEOPLE, "--model", model, "--save-model", again, "--quiet");
	assert_near(pairs, text_of(f, path_of(f, "pairs.csv")));
	must_run(f, "link", "check", "--model", model);
	assert_true(str_eq(f->out, saved));
}

/* Every set of rules: what it did not look at, its model does not read either. */
static void a_model_that_was_saved_is_that_model(void **state)
{
	static const char *const SETS[] = { "auto", "people", "people-demog", "wide" };
	struct fixture *f = *state;
	const char *model = path_of(f, "m.yaml");
	for (size_t i = 0; i < COUNT_OF(SETS); i++) {
		must_link(f, PEOPLE, "--model", SETS[i], "--save-model", model, "--quiet");
		struct str pairs = text_of(f, path_of(f, "pairs.csv")), clusters = text_of(f, path_of(f, "clusters.csv"));
		must_link(f, PEOPLE, "--model", model, "--quiet");
		assert_near(pairs, text_of(f, path_of(f, "pairs.csv")));
		assert_true(str_eq(clusters, text_of(f, path_of(f, "clusters.csv"))));
	}
}

static void a_model_is_checked_and_printed_back(void **state)
{
	struct fixture *f = *state;
	const char *model = write_text(
		f, "m.yaml",
		"model: people\nversion: 1\n"
		"columns: { first_name: [given], dob: { from: birthdate, order: mdy }, none: [remarks, race] }\n"
		"within: yes\n"
		"rules:\n  - [nhs_number]\n  - [\"first_name[3]\", \"surname[4]\"]\n  - [key(surname), year(dob)]\n"
		"  - [outward(postcode), dob]\n"
		"limits: { max_block: 500, hot: 20, max_pairs: 400000000 }\n"
		"comparisons:\n  - name: dob\n    tf: false\n    levels:\n"
		"      - { name: equal, m: 0.83, h: 0.005, s: 0.0001, u: exact }\n"
		"  - { name: sex, clamp: [-3, 0.5] }\n"
		"classes: { M: 853000, H: 1591000, S: 16486000, U: 5e11 }\nthreshold: 2.5\ncannot-link: [upn, agency, apart]\n");
	must_run(f, "link", "check", "--model", model);
	assert_true(str_eq(
		f->out,
		STR("model: \"people\"\nversion: 1\ncolumns:\n  first_name: [\"given\"]\n"
	            "  dob: { from: [\"birthdate\"], order: mdy }\n  none: [\"remarks\", \"race\"]\nwithin: yes\nrules:\n"
	            "  - [\"nhs_number\"]\n  - [\"first_name[3]\", \"surname[4]\"]\n  - [\"key(surname)\", \"year(dob)\"]\n"
	            "  - [\"outward(postcode)\", \"dob\"]\nlimits: { max_block: 500, hot: 20, max_pairs: 400000000 }\n"
	            "classes: { M: 853000, H: 1591000, S: 16486000, U: 5e+11 }\nthreshold: 2.5\n"
	            "cannot-link: [upn, agency, apart]\ncomparisons:\n  - name: dob\n    tf: no\n    levels:\n"
	            "      - { name: equal, m: 0.83, h: 0.005, s: 0.0001 }\n  - name: sex\n    clamp: [-3, 0.5]\n")));
	static const char *const SETS[] = { "auto", "people", "people-demog", "wide" };
	for (size_t i = 0; i < sizeof SETS / sizeof *SETS; i++) {
		must_run(f, "link", "check", "--model", SETS[i]);
		struct str shown = f->out;
		write_file(f, "m.yaml", shown);
		must_run(f, "link", "check", "--model", path_of(f, "m.yaml"));
		assert_true(str_eq(f->out, shown));
		assert_true(says(f->out, "nhs_number") == (i != 2));
	}
	assert_int_equal(run(f, "link", "check"), 2);
	assert_int_equal(run(f, "link", "check", "--model", "best"), 2);
	assert_int_equal(run(f, "link", "check", "--model", path_of(f, "no.yaml")), 3);
}

static void what_is_wrong_with_a_model_is_told_by_its_place(void **state)
{
	static const struct {
		const char *text, *said;
	} CASES[] = {
		{ "comparisons:\n  - name: race\n", "m.yaml:2:5: comparison \"race\" may not be used: people are never matched by ethnicity" },
		{ "comparisons:\n  - { name: Nationality }\n",
	          "m.yaml:2:5: comparison \"Nationality\" may not be used: people are never matched by nationality" },
		{ "rules:\n  - [surname, religion]\n", "m.yaml:2:15: key \"religion\" may not be used: people are never matched by religion" },
		{ "columns: { surname: ethnic_group_code }\n",
	          "m.yaml:1:21: column \"ethnic_group_code\" may not be used: people are never matched by ethnicity" },
		{ "columns:\n  language: tongue\n", "may not be used: people are never matched by language" },
		{ "rules:\n  - [surname, shoe]\n", "m.yaml:2:15: there is no such key of a rule: \"shoe\"" },
		{ "rules:\n  - [[nhs_number, dob]]\n", "m.yaml:2:6: a key of a rule is a word; for \"or\" write two rules" },
		{ "rules:\n  - [surname or dob]\n", "m.yaml:2:6: for \"or\" write two rules, not \"surname or dob\"" },
		{ "comparisons:\n  - name: address\n    clamp: [0.5, 8]\n", "m.yaml:3:13: a clamp has 0 between its two" },
		{ "comparisons:\n  - name: address\n    clamp: [-4, -1]\n", "m.yaml:3:17: a clamp has 0 between its two" },
		{ "rules:\n  - [sex]\n", "m.yaml:2:6: there is no such key of a rule: \"sex\"" },
		{ "rules:\n  - [phone, given(name)]\n", "m.yaml:2:13: of a telephone and a given name a rule has one" },
		{ "model: x\nversion: 2\n", "m.yaml:2:10: this program reads version 1, not \"2\"" },
		{ "models: x\n", "m.yaml:1:1: there is no such key: \"models\"" },
		{ "limits: { max_blocks: 2 }\n", "m.yaml:1:11: there is no such limit: \"max_blocks\"" },
		{ "columns: { shoe: x }\n", "m.yaml:1:12: there is no such field: \"shoe\"" },
		{ "columns: { dob: { from: x, order: ymd } }\n", "m.yaml:1:35: the order is dmy or mdy, not \"ymd\"" },
		{ "columns: { sex: { from: x, order: dmy } }\n", "there is no such key of this column: \"order\"" },
		{ "comparisons:\n  - { name: sex, clamp: [1, -4] }\n", "m.yaml:2:29: the least comes first" },
		{ "comparisons:\n  - { name: sex, tf: yes }\n", "how frequent a value is does not count for \"sex\"" },
		{ "comparisons:\n  - { name: sex }\n  - { name: sex }\n", "m.yaml:3:13: it is there twice: \"sex\"" },
		{ "comparisons:\n  - name: dob\n    levels:\n      - { name: near }\n", "m.yaml:4:17: there is no such level: \"near\"" },
		{ "cannot-link: [mood]\n", "m.yaml:1:15: nhs_number, upn, agency or apart keeps apart, not \"mood\"" },
		{ "threshold: high\n", "m.yaml:1:12: a number " },
		{ "threshold: [\n", "m.yaml:" },
	};
	struct fixture *f = *state;
	const char *in = write_text(f, "a.csv", HEADER TWO);
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		const char *model = write_text(f, "m.yaml", CASES[i].text);
		assert_int_equal(run(f, "link", "check", "--model", model), 3);
		if (!says(f->words, CASES[i].said))
			fail_msg("said \"%.*s\", expected \"%s\"", STR_ARG(f->words), CASES[i].said);
		assert_int_equal(run_link(f, in, "--model", model), 3);
	}
}

static void a_model_says_which_columns_are_what(void **state)
{
	struct fixture *f = *state;
	const char *in = write_text(f, "a.csv",
	                            "key,vorname,nachname,tag,remarks,race\n1,Ada,Bell,03/04/2011,x,y\n2,Ada,Bell,04/03/2011,x,z\n");
	const char *model = write_text(f, "m.yaml",
	                               "columns:\n  id: key\n  first_name: vorname\n  surname: [nachname]\n"
	                               "  dob: { from: tag, order: mdy }\n  none: [remarks]\n  phone: telefon\n");
	must_link(f, in, "--model", model);
	assert_true(says(f->words, "columns: key as id, vorname as first_name, nachname as surname, tag as dob\n"));
	assert_true(says(f->words, "column remarks is not read: the model says so\n"));
	assert_true(says(f->words, "column race is not read: nobody is matched by it\n"));
	assert_true(says(f->words, "m.yaml: column telefon: no file has it\n"));
	assert_false(says(f->words, "either way"));
	must_run(f, "link", "explain", "--in", in, "--model", model, "1", "2");
	assert_true(says(f->out, "one digit or day and month changed over: 03/04/2011 | 04/03/2011"));
}

static void what_a_model_asks_for_is_done(void **state)
{
	struct fixture *f = *state;
	const char *in = people_and(f, TWO TWO_NUMBERS), *model;
	must_link(f, in, "--quiet", "--model", write_text(f, "m.yaml", "cannot-link: [upn, agency]\n"));
	assert_true(has_line(f, "clusters.csv", "Y2,Y1"));
	in = people_and(f, TWO "X3,Zebedee,,Quillfeather,2012-05-06,M,NM1 1AA,\"1 Quill Road, Northmere\",06100000017,,,school\n");
	must_link(f, in, "--quiet");
	assert_true(has_line(f, "clusters.csv", "X3,X1"));
	must_link(f, in, "--quiet", "--model", write_text(f, "m.yaml", "cannot-link: [agency]\n"));
	assert_false(has_line(f, "clusters.csv", "X2,X1") && has_line(f, "clusters.csv", "X3,X1"));
	model = write_text(f, "m.yaml", "within: yes\n");
	const char *two = write_text(f, "b.csv", HEADER "B1,Zebedee,,Quillfeather,2012-05-06,M,NM1 1AA,,06100000017,,,\n");
	must_link(f, in, "--quiet", "--in2", two);
	assert_false(is_pair(f, "X1,X2,"));
	assert_true(is_pair(f, "X1,B1,"));
	must_link(f, in, "--quiet", "--in2", two, "--model", model);
	assert_true(is_pair(f, "X1,X2,"));
	assert_true(is_pair(f, "X1,B1,"));
	must_link(f, in, "--quiet", "--model", write_text(f, "m.yaml", "rules:\n  - [outward(postcode), \"surname[1]\"]\n"));
	assert_true(is_pair(f, "X1,X2,"));
	must_link(f, in, "--quiet", "--threshold", "60");
	assert_false(has_line(f, "clusters.csv", "X2,X1"));
}

static int64_t candidates(struct fixture *f)
{
	const struct json *report;
	struct err err;
	struct str text = text_of(f, path_of(f, "r.json"));
	assert_true(json_read(f->arena, text, JSON_DEPTH_MAX, &report, &err));
	return json_number(report, STR("candidates"), -1);
}

static void rules_that_make_too_many_pairs_are_left_out_and_told(void **state)
{
	struct fixture *f = *state;
	const char *report = path_of(f, "r.json");
	must_link(f, PEOPLE, "--report", report);
	int64_t all = candidates(f);
	assert_false(says(f->words, "left out"));
	must_link(f, PEOPLE, "--report", report, "--max-pairs", "5000");
	assert_true(candidates(f) > 0 && candidates(f) <= 5000 && all > 5000);
	assert_true(says(f->words, "rule postcode: left out, for its "));
	assert_true(says(text_of(f, report), "{\"rule\":\"postcode\",\"pairs\":"));
	must_link(f, PEOPLE, "--report", report, "--model", write_text(f, "m.yaml", "limits: { max_pairs: 5000 }\n"));
	assert_true(candidates(f) > 0 && candidates(f) <= 5000);
	must_link(f, PEOPLE, "--report", report, "--max-pairs", "1");
	assert_int_equal(candidates(f), 0);
	assert_int_equal(run_link(f, PEOPLE, "--max-pairs", "many"), 2);
}

static void how_far_it_has_come_is_shown_on_a_terminal_alone(void **state)
{
	static const char *const NO_ANSWERS[] = { NULL };
	struct fixture *f = *state;
	const char *pairs = path_of(f, "pairs.csv");
	run_on_terminal(f, NO_ANSWERS, (const char *const[]){ "link", "--in", PEOPLE, "--pairs", pairs, NULL });
	assert_true(says(f->words, "reading: 2000 of 2000"));
	assert_true(says(f->words, "grouping: 1 of 1"));
	assert_true(says(f->words, "people_2000.csv: 2000 records"));
	must_link(f, PEOPLE, "--threads", "2");
	assert_false(says(f->words, "grouping: 1 of 1"));
	run_on_terminal(f, NO_ANSWERS, (const char *const[]){ "link", "--in", PEOPLE, "--pairs", pairs, "--quiet", NULL });
	assert_false(says(f->words, "grouping"));
}

static void a_block_that_is_hot_is_named_without_its_value(void **state)
{
	struct fixture *f = *state;
	struct buf text;
	buf_init(&text, (size_t)4 << 20);
	buf_add(&text, STR("id,first_name,surname,dob\n"));
	for (int i = 0; i < 3000; i++)
		buf_format(&text, "%d,John,Smithson,1999-02-03\n", i);
	write_file(f, "a.csv", buf_str(&text));
	buf_finish(&text);
	must_link(f, path_of(f, "a.csv"), "--threads", "2");
	assert_true(says(f->words, "rule first_name, surname: 1 hot block, the largest of 3000 records") ||
	            says(f->words, "rule dob: 1 hot block, the largest of 3000 records"));
	assert_false(says(f->words, "Smithson") || says(f->words, "smithson"));
}

static void explain_says_what_each_comparison_gave(void **state)
{
	struct fixture *f = *state;
	must_be_done(f, run(f, "link", "explain", "--in", PEOPLE, "R0000011", "R0000037"));
	assert_true(says(f->out, "any two records"));
	assert_true(says(f->out, "bits: "));
	assert_true(says(f->out, "proposed as one person"));
}

static void why_not_says_first_what_stood_between(void **state)
{
	struct fixture *f = *state;
	must_be_done(f, run(f, "link", "why-not", "--in", PEOPLE, "R0000001", "R0000002"));
	assert_true(str_starts(f->out, STR("no rule makes the pair")));
}

/* Two records of one person, one of somebody who agrees with both in part, and a chain's ends. */
static void why_not_names_what_would_have_done(void **state)
{
	struct fixture *f = *state;
	const char *in = people_and(f, TWO TWO_NUMBERS "Z1,Orlando,,Quillfeather,2012-05-06,M,NM1 1AA,\"1 Quill Road, Northmere\",06100000017,,,health\n"
	                               "C2,Zebedee,,Quillfeather,2012-05-06,M,NM9 9ZZ,\"9 Oak Lane, Kelbrough\",06100000019,,,school\n"
	                               "W1,Zebedee,,Quillfeather,1971-01-03,F,ZE9 9ZZ,,,,,\n");
	must_run(f, "link", "why-not", "--in", in, "X1", "W1");
	assert_true(says(f->out, " bits are too few, for 2.000 are wanted\nmost is lost by dob: another, -"));
	assert_true(says(f->out, "it would do with: one digit or day and month changed over\n") ||
	            says(f->out, "it would do with: equal\n") || says(f->out, "no other level of it alone would do\n"));
	must_run(f, "link", "why-not", "--in", in, "Y1", "Y2");
	assert_true(says(f->out, "the weight would do, but Y1 and Y2 keep their groups apart: two different NHS numbers, both right\n"));
	must_run(f, "link", "why-not", "--in", in, "R0000001", "R0000002");
	assert_true(says(f->out, "  rule phone: 06122816456 | -\n"));
	must_run(f, "link", "why-not", "--in", in, "X1", "X2");
	assert_true(str_starts(f->out, STR("they are proposed as one person\n")));
	must_run(f, "link", "explain", "--in", in, "--apart", write_text(f, "apart.csv", "id_l,id_r\nX1,X2\n"), "X1", "X2");
	assert_true(says(f->out, "not proposed as one person"));
}

/* What agrees as well as it can cost nothing, however little it gives. */
static void what_costs_most_is_what_could_give_most_besides(void **state)
{
	struct fixture *f = *state;
	const char *model = write_text(f, "m.yaml", "model: auto\nversion: 1\nthreshold: 9\n");
	const char *in = people_and(f, "A1,Aisha,,Khan,2011-03-04,F,,,,,,health\nA2,Ayesha,,Khan,2011-03-05,F,,,,,,school\n");
	must_run(f, "link", "why-not", "--in", in, "--model", model, "A1", "A2");
	assert_true(says(f->out, " bits are too few, for 9.000 are wanted\nmost is lost by dob: one digit or day and month changed over, +"));
	assert_true(says(f->out, " less than it might give\nit would do with: equal\n"));
}

/* Lines add up to the weight; in both forms it is the pair's. */
static void lines_add_up_to_the_weight(void **state)
{
	struct fixture *f = *state;
	static const char *const PAIRS[][2] = {
		{ "X1", "X2" }, { "X1", "Z1" }, { "R0000011", "R0000037" }, { "R0000001", "R0000002" }, { "Y1", "Y2" },
	};
	const char *in = people_and(f, TWO TWO_NUMBERS "Z1,Orlando,,Quillfeather,2012-05-06,M,NM1 1AA,\"1 Quill Road, Northmere\",06100000017,,,health\n");
	must_link(f, in, "--quiet", "--threshold", "-100");
	for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
		must_run(f, "link", "explain", "--in", in, PAIRS[i][0], PAIRS[i][1], "--json");
		const struct json *told = json_of(f);
		int64_t sum = 0, weight = json_number(told, STR("millibits"), 0);
		for (const struct json *line = json_member(told, STR("lines"))->first; line; line = line->next)
			sum += json_number(line, STR("millibits"), 0);
		assert_int_equal(sum, weight); /* as they are shown */
		const char *row = arena_format(f->arena, "%s,%s,%s%d.%03d", PAIRS[i][0], PAIRS[i][1], weight < 0 ? "-" : "",
		                               abs((int)(weight / 1000)), abs((int)(weight % 1000)))
		                          .p;
		if (json_is_true(told, STR("compared")) && !has_line(f, "pairs.csv", row))
			fail_msg("pairs.csv lacks %s", row);
	}
}

static void the_waterfall_has_title_words_and_no_value(void **state)
{
	struct fixture *f = *state;
	const char *in = people_and(f, TWO);
	must_run(f, "link", "explain", "--in", in, "X1", "X2", "--svg");
	assert_true(str_starts(f->out, STR("<svg xmlns=\"http://www.w3.org/2000/svg\"")));
	assert_true(says(f->out, "role=\"img\" aria-labelledby=\"waterfall-title waterfall-desc\""));
	assert_true(says(f->out, "<title id=\"waterfall-title\">Why X1 and X2 weigh +"));
	assert_true(says(f->out, "<desc id=\"waterfall-desc\">start: any two records, -"));
	assert_true(says(f->out, " bits. In all +"));
	assert_true(says(f->out, "<tspan font-weight=\"bold\">dob</tspan> equal</text>"));
	assert_true(says(f->out, "2: one person"));
	assert_true(str_ends(f->out, STR("</svg>\n")));
	assert_false(says(f->out, "Quillfeather") || says(f->out, "quillfeather") || says(f->out, "style="));
	must_run(f, "link", "why-not", "--in", in, "X1", "X2", "--svg");
	assert_true(str_ends(f->out, STR("</svg>\n")));
}

static void a_record_that_is_not_there_is_said(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(run(f, "link", "explain", "--in", PEOPLE, "R0000001", "nobody"), 1);
	assert_true(says(f->words, "nobody"));
}

static void what_is_no_pair_is_said(void **state)
{
	struct fixture *f = *state;
	const char *one = write_text(f, "a.csv", HEADER TWO);
	const char *two = write_text(f, "b.csv", HEADER "X3,Zebedee,,Quillfeather,2012-05-06,M,NM1 1AA,,06100000017,,,\n");
	assert_int_equal(run(f, "link", "explain", "--in", one, "X1", "X1"), 1);
	assert_true(says(f->words, "There is no pair: both are record X1"));
	assert_int_equal(run(f, "link", "why-not", "--in", one, "--in2", two, "X1", "X2"), 1);
	assert_true(says(f->words, "a.csv, and pairs go across the two files alone"));
	must_run(f, "link", "explain", "--in", one, "--in2", two, "X1", "X3");
	/* A model may ask for pairs within each. */
	const char *within = write_text(f, "m.yaml", "model: auto\nversion: 1\nwithin: yes\n");
	must_run(f, "link", "explain", "--in", one, "--in2", two, "--model", within, "X1", "X2");
}

/* 0 is no number of any of these, and stood for what is taken by itself. */
static void none_of_what_there_must_be_is_wrong_use(void **state)
{
	static const char *const OPTIONS[] = { "--threads", "--seed", "--max-pairs" };
	struct fixture *f = *state;
	const char *in = write_text(f, "a.csv", HEADER TWO);
	for (size_t i = 0; i < sizeof OPTIONS / sizeof *OPTIONS; i++) {
		assert_int_equal(run_link(f, in, OPTIONS[i], "0"), 2);
		assert_true(says(f->words, "must be a whole number from 1 to "));
		must_link(f, in, OPTIONS[i], "1");
	}
}

#if SEES_WHAT_IS_LEFT /* a sanitizer takes more memory than there is here */

/* What is advised there is, and can be done. */
static void without_memory_it_advises_what_can_be_done(void **state)
{
	struct fixture *f = *state;
	struct rlimit before, few = { (rlim_t)64 << 20, RLIM_INFINITY };
	assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
	few.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_AS, &few), 0);
	/* Each thread wants some of its own. */
	const char *const args[] = { "link", "--in", PEOPLE, "--threads", "64", "--quiet", NULL };
	pid_t pid = start(f, NULL, args);
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
	assert_int_equal(status_of(pid), 4);
	struct str words = text_of(f, path_of(f, "words"));
	assert_true(says(words, "There is no memory for so many records; link fewer at a time\n"));
}

#endif

/* --- what a disk does ------------------------------------------------------------------------- */

static void either_all_that_is_asked_for_is_new_or_all_is_as_it_was(void **state)
{
	struct fixture *f = *state;
	struct stat there;
	const char *in = write_text(f, "a.csv", HEADER TWO), *pipe = path_of(f, "pipe");
	(void)write_text(f, "pairs.csv", "as it was\n");
	assert_int_equal(mkdir(path_of(f, "clusters.csv"), 0700), 0);
	assert_int_equal(run_link(f, in, "--quiet"), 4);
	assert_true(says(f->words, "clusters.csv cannot be written: it is no plain file"));
	assert_true(has_line(f, "pairs.csv", "as it was"));
	assert_false(file_exists(path_of(f, "pairs.csv.new")));
	assert_int_equal(rmdir(path_of(f, "clusters.csv")), 0);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_int_equal(run_link(f, in, "--quiet", "--report", pipe), 4);
	assert_int_equal(stat(pipe, &there), 0);
	assert_true(S_ISFIFO(there.st_mode));
	assert_true(has_line(f, "pairs.csv", "as it was"));
	assert_int_equal(run_link(f, in, "--quiet", "--report", path_of(f, "pairs.csv")), 2);
	assert_true(says(f->words, "--report: give each output a file of its own"));
	assert_int_equal(run_link(f, in, "--quiet", "--report", in), 2);
	assert_true(says(f->words, "--report would write over what --in reads: name another file"));
	assert_int_equal(run_link(f, in, "--quiet", "--bad", path_of(f, "pairs.csv")), 2);
	/* Nor is what is read where an output is made. */
	const char *beside = write_text(f, "report.json.new", HEADER TWO);
	assert_int_equal(run_link(f, beside, "--quiet", "--report", path_of(f, "report.json")), 2);
	assert_true(has_line(f, "report.json.new", "X1,Zebedee,,Quillfeather,2012-05-06,M,NM1 1AA,\"1 Quill Road, Northmere\",06100000017,,,health"));
	assert_true(has_line(f, "a.csv", "X1,Zebedee,,Quillfeather,2012-05-06,M,NM1 1AA,\"1 Quill Road, Northmere\",06100000017,,,health"));
	must_link(f, in, "--quiet");
	assert_false(has_line(f, "pairs.csv", "as it was"));
}

static void what_keeps_two_apart_is_the_reason_that_is_given(void **state)
{
	static const struct {
		const char *rows, *because;
	} CASES[] = {
		{ TWO_NUMBERS, "groups        two different NHS numbers, both right" },
		{ "Y1,Tarquin,,Underhill,2013-07-08,M,NM1 1AB,\"2 Hill Road, Northmere\",06100000018,,B990112001001,health\n"
		  "Y2,Tarquin,,Underhill,2013-07-08,M,NM1 1AB,\"2 Hill Road, Northmere\",06100000018,,Q990112001002,school\n",
		  "groups        two different UPNs of one year" },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < COUNT_OF(CASES); i++) {
		must_run(f, "link", "explain", "--in", people_and(f, CASES[i].rows), "Y1", "Y2");
		assert_true(says(f->out, CASES[i].because));
		assert_false(says(f->out, "neither is one with anybody else"));
	}
}

static void one_output_spelt_in_two_ways_is_told_before_the_run(void **state)
{
	struct fixture *f = *state;
	const char *in = write_text(f, "a.csv", HEADER TWO), *pairs = write_text(f, "pairs", "as it was\n");
	static const char *const SPELT[] = { "./pairs", ".//pairs", "pairs" };
	for (size_t i = 0; i < COUNT_OF(SPELT); i++) {
		assert_int_equal(run(f, "link", "--in", in, "--pairs", pairs, "--clusters", path_of(f, SPELT[i]), "--quiet"), 2);
		assert_true(says(f->words, "--clusters: give each output a file of its own"));
		assert_true(has_line(f, "pairs", "as it was"));
		assert_false(file_exists(path_of(f, "pairs.new")));
	}
}

/* Before what is read is looked at: here it is not there. */
static void what_cannot_be_written_is_told_before_the_run(void **state)
{
	static const char *const OUT[] = { "--pairs", "--clusters", "--save-model", "--report", "--bad" };
	struct fixture *f = *state;
	const char *in = path_of(f, "nowhere.csv"), *good = path_of(f, "good");
	for (size_t i = 0; i < COUNT_OF(OUT); i++) {
		assert_int_equal(run(f, "link", "--in", in, OUT[i], "/dev/null"), 4);
		assert_true(says(f->words, "/dev/null cannot be written: it is no plain file"));
		assert_int_equal(run(f, "link", "--in", in, OUT[i], path_of(f, "no/folder")), 4);
		assert_int_equal(run(f, "link", "--in", in, OUT[i], good), 3);
		assert_true(!file_exists(good) || strcmp(OUT[i], "--bad") == 0);
		assert_false(file_exists(path_of(f, "good.new")));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_double_is_found_in_a_file_of_few),
		PROVES(two_rows_that_are_one_are_one),
		PROVES(an_address_that_many_share_says_nothing),
		PROVES(another_address_weighs_two_bits_at_most),
		PROVES(twins_of_names_that_are_near_are_not_sure),
		PROVES(a_model_as_the_specification_writes_it_is_read_and_run),
		PROVES(what_somebody_settled_is_kept),
		PROVES(what_may_not_be_together_is_not_put_together_in_silence),
		PROVES(a_list_of_settled_pairs_that_is_bad_is_told_by_its_line),
		PROVES(equal_ids_of_two_files_are_told_apart),
		PROVES(where_no_number_is_looked_at_none_counts),
		PROVES(bad_rows_are_told_by_line_column_and_reason),
		PROVES(a_date_that_is_none_is_told_by_its_first_row_and_their_number),
		PROVES(letters_that_are_not_utf8_are_told_by_rows),
		PROVES(a_file_without_known_names_is_told),
		PROVES(too_many_bad_rows_end_it_and_nothing_is_written),
		PROVES(more_columns_than_are_read_are_told_as_such),
		PROVES(a_header_that_is_bad_ends_it),
		PROVES(next_to_nothing_is_linked_too),
		PROVES(what_was_found_is_told_without_any_value),
		PROVES(a_model_that_was_saved_gives_the_same_weights),
		PROVES(a_model_that_was_saved_is_that_model),
		PROVES(a_model_is_checked_and_printed_back),
		PROVES(what_is_wrong_with_a_model_is_told_by_its_place),
		PROVES(a_model_says_which_columns_are_what),
		PROVES(what_a_model_asks_for_is_done),
		PROVES(rules_that_make_too_many_pairs_are_left_out_and_told),
		PROVES(how_far_it_has_come_is_shown_on_a_terminal_alone),
		PROVES(a_block_that_is_hot_is_named_without_its_value),
		PROVES(explain_says_what_each_comparison_gave),
		PROVES(why_not_says_first_what_stood_between),
		PROVES(why_not_names_what_would_have_done),
		PROVES(what_costs_most_is_what_could_give_most_besides),
		PROVES(lines_add_up_to_the_weight),
		PROVES(the_waterfall_has_title_words_and_no_value),
		PROVES(a_record_that_is_not_there_is_said),
		PROVES(what_is_no_pair_is_said),
		PROVES(none_of_what_there_must_be_is_wrong_use),
#if SEES_WHAT_IS_LEFT
		PROVES(without_memory_it_advises_what_can_be_done),
#endif
		PROVES(what_keeps_two_apart_is_the_reason_that_is_given),
		PROVES(one_output_spelt_in_two_ways_is_told_before_the_run),
		PROVES(what_cannot_be_written_is_told_before_the_run),
		PROVES(either_all_that_is_asked_for_is_new_or_all_is_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
