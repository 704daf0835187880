/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a column is called, and what it is taken for. */
#include "../base/arena_fixture.h"

#include "match/columns.h"

static void other_partnerships_headers_are_known(void **state)
{
	static const struct {
		const char *header;
		enum field field;
	} CASES[] = {
		{ "Forename(s)", FIELD_FIRST },       { "First", FIELD_FIRST },
		{ "Other Names", FIELD_MIDDLE },      { "Family Name", FIELD_SURNAME },
		{ "D.O.B.", FIELD_DOB },              { "Date of Birth", FIELD_DOB },
		{ "Gender", FIELD_SEX },              { "Home Postcode", FIELD_POSTCODE },
		{ "Address Line 2", FIELD_ADDRESS },  { "Tel. No.", FIELD_PHONE },
		{ "NHS No", FIELD_NHS },              { "Unique Pupil Number", FIELD_UPN },
		{ "Unique_Ref", FIELD_ID },           { "Pupil ID", FIELD_ID },
		{ "eth", FIELD_REFUSED },             { "Eth_Code", FIELD_REFUSED },
		{ "Place of birth", FIELD_REFUSED },  { "country_of_origin", FIELD_REFUSED },
		{ "Passport country", FIELD_REFUSED }, { "Caste", FIELD_REFUSED },
		{ "citizenship 2", FIELD_REFUSED },   { "Refugee", FIELD_REFUSED },
		{ "Ethnic Group", FIELD_REFUSED },    { "First Language", FIELD_REFUSED },
		{ "EAL", FIELD_REFUSED },             { "ethnie", FIELD_REFUSED },
		{ "Traveller", FIELD_REFUSED },       { "interpreter needed", FIELD_REFUSED },
		{ "Gypsy/Roma/Traveller", FIELD_REFUSED }, { "Muttersprache", FIELD_REFUSED },
		{ "UASC", FIELD_REFUSED },            { "Belief", FIELD_REFUSED },
		{ "NRPF", FIELD_REFUSED },            { "Leave to remain", FIELD_REFUSED },
		{ "BAME", FIELD_REFUSED },            { "NATION", FIELD_REFUSED },
		{ "Country", FIELD_REFUSED },         { "No recourse to public funds", FIELD_REFUSED },
		{ "Last", FIELD_SURNAME },            { "First contact", FIELD_NONE },
		{ "Comments", FIELD_NONE },
	};
	(void)state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
		if (field_of_header(str_from_c(CASES[i].header)) != CASES[i].field)
			fail_msg("%s", CASES[i].header);
}

static void what_ends_as_an_id_is_one_where_nothing_is_called_so(void **state)
{
	struct fixture *f = *state;
	struct pool *pool = pool_create((size_t)64 << 20);
	struct csv csv;
	struct columns columns;
	assert_int_equal(csv_open(&csv, pool, STR("Surname,System Ref,Case_ID\nBell,A1,7\nPrice,A2,8\n"), f->arena),
	                 CSV_OPENED);
	assert_true(columns_find(&columns, &csv, STR("A.csv"), 2026, NULL, NULL, &f->err));
	assert_int_equal(columns.fields[1], FIELD_ID);
	assert_int_not_equal(columns.fields[2], FIELD_ID);
	csv_close(&csv);
	pool_destroy(pool);
}

/* What each column of a file of that header and so many rows of cells is taken for. */
static void taken(struct fixture *f, struct str text, struct columns *columns)
{
	struct pool *pool = pool_create((size_t)64 << 20);
	struct csv csv;
	assert_int_equal(csv_open(&csv, pool, text, f->arena), CSV_OPENED);
	assert_true(columns_find(columns, &csv, STR("A.csv"), 2026, NULL, NULL, &f->err));
	csv_close(&csv);
	pool_destroy(pool);
}

/* Each beside an id, so that the header alone says it. */
static void headers_nobody_listed_are_read_by_their_words(void **state)
{
	static const struct {
		const char *header;
		enum field field;
	} CASES[] = {
		{ "Child Forename(s)", FIELD_FIRST },
		{ "Forename 1", FIELD_FIRST },
		{ "ChildFirstName", FIELD_FIRST },
		{ "patientforename", FIELD_FIRST },
		{ "Preferred First Name", FIELD_FIRST },
		{ "Legal Forename", FIELD_FIRST },
		{ "Preferred Surname", FIELD_SURNAME },
		{ "Street Name", FIELD_ADDRESS },
		{ "Last visit", FIELD_NONE },
		{ "First name / given name", FIELD_FIRST },
		{ "Forename 2", FIELD_MIDDLE },
		{ "Child Middle Name", FIELD_MIDDLE },
		{ "Pupil Surname", FIELD_SURNAME },
		{ "Child\xe2\x80\x99s Surname", FIELD_SURNAME },
		{ "CHILD_LAST_NAME", FIELD_SURNAME },
		{ "Surname/Family name", FIELD_SURNAME },
		{ "Last Names", FIELD_SURNAME },
		{ "Name of child", FIELD_FULL },
		{ "Forename and surname", FIELD_FULL },
		{ "Child DOB", FIELD_DOB },
		{ "DOB (dd/mm/yyyy)", FIELD_DOB },
		{ "Date Of Birth (Child)", FIELD_DOB },
		{ "pupilDoB", FIELD_DOB },
		{ "Post Code (home)", FIELD_POSTCODE },
		{ "Address post code", FIELD_POSTCODE },
		{ "Home Address Line 1", FIELD_ADDRESS },
		{ "Child's Mobile No. 2", FIELD_PHONE },
		{ "Patient NHS Number", FIELD_NHS },
		{ "NHS Num", FIELD_NHS },
		{ "UPN Number", FIELD_UPN },
		{ "Sex at birth", FIELD_SEX },
		{ "Legal Sex", FIELD_SEX },
		/* Another person's, another name of hers, or about nothing that is compared. */
		{ "Mother Surname", FIELD_NONE },
		{ "Mother's First Name", FIELD_NONE },
		{ "Worker Name", FIELD_NONE },
		{ "Referrer Forename", FIELD_NONE },
		{ "Name of carer", FIELD_NONE },
		{ "Carer DOB", FIELD_NONE },
		{ "School Name", FIELD_NONE },
		{ "Previous Surname", FIELD_NONE },
		{ "Surname at birth", FIELD_NONE },
		{ "Surname 2", FIELD_NONE },
		{ "Home Name", FIELD_NONE },
		{ "Child", FIELD_NONE },
		{ "Child's Ethnicity", FIELD_REFUSED },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		struct columns columns;
		taken(f, arena_format(f->arena, "id,\"%s\"\n1,\n", CASES[i].header), &columns);
		if (columns.fields[1] != CASES[i].field)
			fail_msg("%s: %s", CASES[i].header, str_to_c(f->arena, field_name(columns.fields[1])));
	}
}

static void what_is_called_so_outright_comes_before_what_is_called_so_in_other_words(void **state)
{
	struct fixture *f = *state;
	struct columns columns;
	static const char *const HEADERS[] = { "id,Preferred Forename(s),First name", "id,Preferred Forename,Forename",
		                               "id,Legal Forename,First" };
	for (size_t i = 0; i < sizeof HEADERS / sizeof *HEADERS; i++) {
		taken(f, arena_format(f->arena, "%s\n1,Jo,Joanna\n", HEADERS[i]), &columns);
		assert_int_equal(columns.fields[1], FIELD_NONE);
		assert_int_equal(columns.fields[2], FIELD_FIRST);
	}
}

/* Each file's only numbers; the values are everybody's own, or not. */
static void an_id_is_what_is_called_a_number_of_a_record_and_is_everybodys_own(void **state)
{
	static const char *const HEADERS[] = { "Case Number", "Ref No", "Record ID", "CaseNo", "System number", "Child Ref" };
	struct fixture *f = *state;
	struct columns columns;
	for (size_t i = 0; i < sizeof HEADERS / sizeof *HEADERS; i++) {
		taken(f, arena_format(f->arena, "Surname,%s\nBell,7\nPrice,8\n", HEADERS[i]), &columns);
		assert_int_equal(columns.fields[1], FIELD_ID);
	}
	taken(f, STR("Worker ID,Family ref,Case Number,Surname\n3,9,7,Bell\n3,9,8,Price\n"), &columns);
	assert_int_equal(columns.fields[2], FIELD_ID);
}

static void nobody_elses_number_or_birthday_is_taken_for_hers_by_how_it_looks(void **state)
{
	struct fixture *f = *state;
	struct columns columns;
	taken(f,
	      STR("id,Mother Birth,Date of referral,Wann,GP phone,Contact Tel No\n"
	          "1,1985-02-03,2025-11-04,2011-05-06,01632960001,07700900001\n"
	          "2,1987-02-03,2025-11-05,2012-05-06,01632960002,07700900002\n"),
	      &columns);
	assert_int_equal(columns.fields[1], FIELD_NONE);
	assert_int_equal(columns.fields[2], FIELD_NONE);
	assert_int_equal(columns.fields[3], FIELD_DOB);
	assert_int_equal(columns.fields[4], FIELD_NONE);
	assert_int_equal(columns.fields[5], FIELD_PHONE);
}

/* A file of 120 rows, of which the first 60 are of 30 people and the last 30 of 15 families; the last column is asked
 * about. */
#define ROWS_OF(f, header, ...)                                                                                 \
	do {                                                                                                    \
		buf_format(&text, "id,first_name,dob,%s\n", header);                                            \
		for (int row = 0; row < 120; row++) {                                                                 \
			int person = row < 60 ? row / 2 : row, house = row < 90 ? row : row / 2;                                                        \
			(void)person, (void)house;                                                              \
			buf_format(&text, "%d,Jo%d,%d-03-%02d,", row, person, 1950 + person, 1 + person % 28);    \
			buf_format(&text, __VA_ARGS__);                                                         \
		}                                                                                               \
		taken(f, arena_copy((f)->arena, buf_str(&text)), &columns);                                     \
		buf_clear(&text);                                                                               \
	} while (0)

static void an_address_is_no_number_of_somebodys_own(void **state)
{
	static const char *const HEADERS[] = { "Home", "Lives at", "Residence", "Property", "Location", "UPRN", "c4" };
	struct fixture *f = *state;
	struct columns columns;
	struct buf text;
	buf_init(&text, 1 << 20);
	for (size_t i = 0; i < COUNT_OF(HEADERS); i++) {
		ROWS_OF(f, HEADERS[i], "\"%d Quill%d Road, Northmere\"\n", house + 1, house);
		assert_int_equal(columns.fields[3], FIELD_ADDRESS);
		ROWS_OF(f, HEADERS[i], "%d rue de Vire%d\n", house + 1, house);
		assert_int_equal(columns.fields[3], FIELD_NONE);
	}
	/* A second one is another home, no line of the first. */
	taken(f, STR("id,address,Stayed at\n1,2 Mill Road,4 Oak Lane\n2,5 Mill Road,9 Elm Close\n"), &columns);
	assert_int_equal(columns.fields[2], FIELD_NONE);
	assert_int_equal(columns.why[2], COLUMNS_TWICE);
	taken(f, STR("id,School address\n1,2 Mill Road\n2,5 Mill Road\n"), &columns);
	assert_int_equal(columns.fields[1], FIELD_NONE);
	buf_finish(&text);
}

static void a_number_that_a_family_shares_is_nobodys_own(void **state)
{
	struct fixture *f = *state;
	struct columns columns;
	struct buf text;
	buf_init(&text, 1 << 20);
	ROWS_OF(f, "Fall", "C%d\n", 40000 + person);
	assert_int_equal(columns.fields[3], FIELD_OTHER);
	ROWS_OF(f, "Fall", "QQ %02d %02d 56 C\n", person, person);
	assert_int_equal(columns.fields[3], FIELD_OTHER);
	ROWS_OF(f, "Famille", "C%d\n", 40000 + house);
	assert_int_equal(columns.fields[3], FIELD_NONE);
	assert_int_equal(columns.why[3], COLUMNS_SHARED);
	ROWS_OF(f, "Household number", "C%d\n", 40000 + person);
	assert_int_equal(columns.fields[3], FIELD_NONE);
	buf_finish(&text);
}

static void two_headers_of_one_name_are_refused(void **state)
{
	static const char *const FILES[] = { "id,First Name,first_name\n1,Jo,Joan\n", "id,dob,D.O.B.\n1,,\n", "id,ID,dob\n1,2,\n" };
	struct fixture *f = *state;
	for (size_t i = 0; i < COUNT_OF(FILES); i++) {
		struct pool *pool = pool_create((size_t)64 << 20);
		struct csv csv;
		struct columns columns;
		assert_int_equal(csv_open(&csv, pool, str_from_c(FILES[i]), f->arena), CSV_OPENED);
		assert_false(columns_find(&columns, &csv, STR("A.csv"), 2026, NULL, NULL, &f->err));
		assert_int_equal(f->err.code, ERR_INPUT);
		assert_non_null(strstr(f->err.message, "are both called"));
		csv_close(&csv);
		pool_destroy(pool);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(other_partnerships_headers_are_known),
		PROVES(what_ends_as_an_id_is_one_where_nothing_is_called_so),
		PROVES(headers_nobody_listed_are_read_by_their_words),
		PROVES(what_is_called_so_outright_comes_before_what_is_called_so_in_other_words),
		PROVES(an_id_is_what_is_called_a_number_of_a_record_and_is_everybodys_own),
		PROVES(an_address_is_no_number_of_somebodys_own),
		PROVES(a_number_that_a_family_shares_is_nobodys_own),
		PROVES(two_headers_of_one_name_are_refused),
		PROVES(nobody_elses_number_or_birthday_is_taken_for_hers_by_how_it_looks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
