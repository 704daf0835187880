/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* First names and surnames go together, as other people of the same name tell. */
#include "claims_fixture.h"

#include "match/family.h"

#define MANY 2400 /* claims of names that have nothing to do with each other */
#define FEW 160   /* claims of names that go together */

/* Letters by a number, so that names are names. */
static void add_name(struct buf *text, const char *start, unsigned number)
{
	buf_format(text, "%s%c%c", start, (char)('a' + number / 26 % 26), (char)('a' + number % 26));
}

static struct str two_communities(struct fixture *f)
{
	struct buf text;
	buf_init(&text, FILE_MAX);
	buf_add(&text, STR("id,first_name,surname,dob\n"));
	for (unsigned i = 0; i < MANY + FEW; i++) {
		bool is_few = i >= MANY;
		uint64_t x = (i + 1) * UINT64_C(0x9E3779B97F4A7C15);
		x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
		unsigned first = (unsigned)(x >> 20) % (is_few ? 4 : 40),
			 surname = (unsigned)(x >> 40) % (is_few ? 5 : 50);
		buf_format(&text, "R%u,", i);
		add_name(&text, is_few ? "Mi" : "Jo", first);
		buf_add(&text, STR(","));
		add_name(&text, is_few ? "Ngu" : "Sto", surname);
		buf_format(&text, ",%u-05-%02u\n", 2000 + (unsigned)(x >> 10) % 20, 2 + i % 27);
	}
	struct str out = arena_copy(f->arena, buf_str(&text));
	buf_finish(&text);
	return out;
}

static const struct claim *claim_of(const struct made *made, unsigned at)
{
	return &made->claims.claims[at];
}

static void names_of_a_few_go_together(void **state)
{
	struct fixture *f = *state;
	struct made made = { .pool = pool_create((size_t)256 << 20) };
	struct full_names names;
	claims_of(f, &made, two_communities(f));
	assert_true(full_names_make(&names, &made.claims));
	double many = full_names_ties(&names, claim_of(&made, 5), claim_of(&made, 5)),
	       few = full_names_ties(&names, claim_of(&made, MANY + 5), claim_of(&made, MANY + 5));
	assert_true(many > 0.7 && many < 2);
	assert_true(few > 8 && few < 20); /* a sixteenth of all */
	assert_true(full_names_household(&names, claim_of(&made, MANY)->first, 1) >
	            4 * full_names_household(&names, claim_of(&made, 5)->first, 1));
	full_names_finish(&names);
	finish(&made);
}

static void somebody_written_down_often_is_nobody_elses_name(void **state)
{
	struct fixture *f = *state;
	struct made made = { .pool = pool_create((size_t)256 << 20) };
	struct full_names names;
	struct buf text;
	buf_init(&text, FILE_MAX);
	buf_add(&text, two_communities(f));
	for (unsigned i = 0; i < 30; i++)
		buf_format(&text, "X%u,Zebedee,Quill,2011-05-06\n", i);
	claims_of(f, &made, arena_copy(f->arena, buf_str(&text)));
	buf_finish(&text);
	assert_true(full_names_make(&names, &made.claims));
	const struct claim *one = claim_of(&made, MANY + FEW);
	assert_int_equal(full_names_count(&names, one->first, one->surname), 30);
	assert_true(full_names_ties(&names, one, one) <= names.ratio);
	full_names_finish(&names);
	finish(&made);
}

static void a_rare_name_is_known_by_those_it_goes_with(void **state)
{
	struct fixture *f = *state;
	struct made made = { .pool = pool_create((size_t)256 << 20) };
	struct full_names names;
	struct buf text;
	buf_init(&text, FILE_MAX);
	buf_add(&text, two_communities(f));
	buf_add(&text, STR("X1,Mizz,Nguzz,2011-05-06\nX2,Mizz,Nguaa,2013-01-07\nX3,Miaa,Nguzz,2001-02-03\n"));
	claims_of(f, &made, arena_copy(f->arena, buf_str(&text)));
	buf_finish(&text);
	assert_true(full_names_make(&names, &made.claims));
	const struct claim *rare = claim_of(&made, MANY + FEW);
	assert_true(full_names_ties(&names, rare, rare) > 6 * full_names_ties(&names, claim_of(&made, 5), claim_of(&made, 5)));
	full_names_finish(&names);
	finish(&made);
}

/* Houses of four; in the first half of them all children have one name before their own. */
static void a_name_that_comes_again_in_families_says_less_of_who_it_is(void **state)
{
	struct fixture *f = *state;
	struct made made = { .pool = pool_create((size_t)256 << 20) };
	struct full_names names;
	struct buf text;
	buf_init(&text, FILE_MAX);
	buf_add(&text, STR("id,first_name,surname,dob,address\n"));
	for (unsigned i = 0; i < 800; i++) {
		buf_format(&text, "R%u,", i);
		add_name(&text, "Jo", i < 400 ? 0 : i % 4 + 1);
		buf_format(&text, ",Stone,%u-%02u-%02u,%u Elm Road\n", 2000 + i % 4, 1 + i % 4, 2 + i % 23, 1 + i / 4);
	}
	claims_of(f, &made, arena_copy(f->arena, buf_str(&text)));
	buf_finish(&text);
	assert_true(full_names_make(&names, &made.claims));
	uint32_t again = claim_of(&made, 0)->first, once = claim_of(&made, 400)->first;
	assert_true(names.again > 0.4 && names.again < 0.6);
	assert_true(family_again(&names, again, 1) > 1.8);
	assert_true(family_again(&names, once, 1) < 0.1);
	assert_true(family_again(&names, 0, 3) == 3); /* nothing was met: as before */
	full_names_finish(&names);
	finish(&made);
}

static void without_years_all_names_are_taken_alike(void **state)
{
	struct fixture *f = *state;
	struct made made = { .pool = pool_create((size_t)256 << 20) };
	struct full_names names;
	claims_of(f, &made, STR("id,first_name,surname\n1,Anna,Novak\n2,Anna,Novak\n3,Omar,Ali\n"));
	assert_true(full_names_make(&names, &made.claims));
	assert_true(full_names_ties(&names, claim_of(&made, 0), claim_of(&made, 1)) ==
	            full_names_ties(&names, claim_of(&made, 2), claim_of(&made, 2)));
	full_names_finish(&names);
	finish(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(names_of_a_few_go_together),
		PROVES(somebody_written_down_often_is_nobody_elses_name),
		PROVES(a_rare_name_is_known_by_those_it_goes_with),
		PROVES(a_name_that_comes_again_in_families_says_less_of_who_it_is),
		PROVES(without_years_all_names_are_taken_alike),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
