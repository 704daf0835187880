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
		{ "Forename(s)", FIELD_FIRST },       { "Legal Forename", FIELD_FIRST },
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(other_partnerships_headers_are_known),
		PROVES(what_ends_as_an_id_is_one_where_nothing_is_called_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
