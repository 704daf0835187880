/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Postcodes and addresses. (Single addresses: tests/data/linkage/normalise_more.csv.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "match/place.h"

static void assert_postcode(const char *text, const char *out, const char *in)
{
	struct norm_postcode code;
	if (!norm_postcode(str_from_c(text), &code) || strcmp(code.out, out) != 0 ||
	    strcmp(code.in, in) != 0)
		fail_msg("\"%s\" is \"%s\" \"%s\"", text, code.out, code.in);
	assert_false(code.is_nowhere);
}

static void each_shape_of_postcode_is_read(void **state)
{
	(void)state;
	assert_postcode("M1 1AE", "M1", "1AE");
	assert_postcode("b338th", "B33", "8TH");
	assert_postcode("CR2 6XH", "CR2", "6XH");
	assert_postcode("DN55  1PT", "DN55", "1PT");
	assert_postcode("w1a 1hq", "W1A", "1HQ");
	assert_postcode("EC1A 1BB", "EC1A", "1BB");
}

static void figures_and_letters_are_mended_by_their_place(void **state)
{
	(void)state;
	assert_postcode("NM4 7BA", "NM4", "7BA");
	assert_postcode("N8 OAA", "N8", "0AA");
	assert_postcode("MI IAA", "M1", "1AA");
	assert_postcode("0X1 1AA", "OX1", "1AA");
	assert_postcode("OXI IAA", "OX1", "1AA");
	assert_postcode("NM4O LAA", "NM40", "1AA");
}

static void nobody_lives_at_a_code_that_was_made_up(void **state)
{
	(void)state;
	static const char *const TEXTS[] = { "ZZ99 3VZ", "zz99 3cz", "ZZ993WZ", "ZZ99", "XX1 1XX" };
	for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
		struct norm_postcode code;
		assert_false(norm_postcode(str_from_c(TEXTS[i]), &code));
		assert_true(code.is_nowhere);
	}
}

static void assert_address(const char *text, const char *unit, const char *number,
                           const char *street)
{
	struct norm_text bytes;
	struct norm_address a;
	norm_address(str_from_c(text), &bytes, &a);
	if (!str_eq(a.unit, str_from_c(unit)) || !str_eq(a.number, str_from_c(number)) ||
	    !str_eq(a.street, str_from_c(street)))
		fail_msg("\"%s\" is \"%.*s\" \"%.*s\" \"%.*s\"", text, STR_ARG(a.unit),
		         STR_ARG(a.number), STR_ARG(a.street));
}

static void one_house_is_one_however_it_is_written(void **state)
{
	(void)state;
	static const char *const TEXTS[] = {
		"Flat 17, 128 Chapel Road, Northmere",
		"FLAT 17 128 CHAPEL RD, NORTHMERE",
		"flat no. 17; no. 128, Chapel Road",
		"Apartment 17, 128 Chapel Rd.",
		"Flt 17, 128, Chapel Road, Northmere",
		"128 Chapel Road, Flat 17, Northmere",
		"Flat 17\n128 Chapel Road\nNorthmere",
		"Flat 17, 128 Chapel Road, Northmere, NM4 7BA",
		"c/o Smith, Flat 17, 128 Chapel Road",
		"128/17 Chapel Road",
	};
	for (size_t i = 0; i < COUNT_OF(TEXTS); i++)
		assert_address(TEXTS[i], "17", "128", "chapel road");
}

static void a_letter_behind_the_number_is_the_unit(void **state)
{
	(void)state;
	assert_address("3a High St", "a", "3", "high street");
	assert_address("3 A High Street", "a", "3", "high street");
	assert_address("Flat 2, 3a High St", "2", "3a", "high street");
}

static void st_is_a_saint_before_a_name(void **state)
{
	(void)state;
	assert_address("St James Road", "", "", "saint james road");
	assert_address("5 Saint James Rd", "", "5", "saint james road");
	assert_address("12 Upper St Martin's Lane", "", "12", "upper saint martins lane");
	assert_address("5 High St", "", "5", "high street");
	assert_address("5 High St Northmere", "", "5", "high street");
	assert_address("5 Mill St Court", "", "5", "mill street court");
}

static void kinds_of_street_have_one_form(void **state)
{
	(void)state;
	static const char *const PAIRS[][2] = {
		{ "st", "street" },    { "rd", "road" },       { "ave", "avenue" },
		{ "cl", "close" },     { "gr", "grove" },      { "terr", "terrace" },
		{ "gdns", "gardens" }, { "cres", "crescent" }, { "ct", "court" },
		{ "pl", "place" },     { "ln", "lane" },       { "dr", "drive" },
		{ "Sq.", "square" },
	};
	for (size_t i = 0; i < COUNT_OF(PAIRS); i++) {
		char text[64], street[64];
		snprintf(text, sizeof text, "12 Oak %s", PAIRS[i][0]);
		snprintf(street, sizeof street, "oak %s", PAIRS[i][1]);
		assert_address(text, "", "12", street);
	}
}

/* A part lies behind the one before, in `bytes`. */
static size_t assert_lies_behind(struct str part, const struct norm_text *bytes, size_t behind)
{
	if (part.n == 0)
		return behind;
	size_t from = (size_t)(part.p - bytes->bytes);
	assert_true(from >= behind && from + part.n <= bytes->n && bytes->n <= NORM_ROOM);
	assert_true(part.p[0] != ' ' && part.p[part.n - 1] != ' ');
	return from + part.n;
}

static void parts_of_any_address_lie_in_order_in_their_bytes(void **state)
{
	(void)state;
	static const char *const PIECES[] = {
		"Flat ",    "12 ",   "3a ",  "St ",   "Road ",         ", ",     "/ ",
		"- ",       "No ",   "the ", "mill ", "Ground Floor ", "7 ",     "b ",
		"NM4 7BA ", "west ", "c/o ", "\n",    "Ḱrál ",         "улица ", "\xff "
	};
	struct random_source *random = random_seeded_create(20261127);
	for (size_t i = 0; i < 100000; i++) {
		char text[2000];
		size_t n = 0;
		struct norm_text bytes;
		struct norm_address a;
		for (size_t k = random_below(random, i % 100 ? 12 : 180); k > 0; k--) {
			const char *piece = PIECES[random_below(random, COUNT_OF(PIECES))];
			memcpy(text + n, piece, strlen(piece));
			n += strlen(piece);
		}
		norm_address((struct str){ text, n }, &bytes, &a);
		size_t behind = assert_lies_behind(a.unit, &bytes, 0);
		behind = assert_lies_behind(a.number, &bytes, behind);
		behind = assert_lies_behind(a.street, &bytes, behind);
		behind = assert_lies_behind(a.locality, &bytes, behind);
		assert_int_equal(behind, bytes.n);
	}
	random_destroy(random);
}

static void ten_thousand_of_anything_are_no_postcode(void **state)
{
	(void)state;
	static char text[10000];
	static const char SIGNS[] = { '0', 'A', ' ', ',', '/', '\0', '\xff', '\xe2' };
	for (size_t i = 0; i < sizeof SIGNS; i++) {
		struct norm_postcode code;
		struct norm_text bytes;
		struct norm_address address;
		memset(text, SIGNS[i], sizeof text);
		assert_false(norm_postcode((struct str){ text, sizeof text }, &code));
		norm_address((struct str){ text, sizeof text }, &bytes, &address);
		assert_true(bytes.n <= NORM_ROOM);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_shape_of_postcode_is_read),
		cmocka_unit_test(figures_and_letters_are_mended_by_their_place),
		cmocka_unit_test(nobody_lives_at_a_code_that_was_made_up),
		cmocka_unit_test(one_house_is_one_however_it_is_written),
		cmocka_unit_test(a_letter_behind_the_number_is_the_unit),
		cmocka_unit_test(st_is_a_saint_before_a_name),
		cmocka_unit_test(kinds_of_street_have_one_form),
		cmocka_unit_test(parts_of_any_address_lie_in_order_in_their_bytes),
		cmocka_unit_test(ten_thousand_of_anything_are_no_postcode),
	};
	return cmocka_run_group_tests_name("match: place", tests, NULL, NULL);
}
