/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Comparing claims: what is answered at a glance or from memory is what looking gives. */
#include "claims_fixture.h"

#include "match/compare.h"

/* Every two names of some claims; how many are alike. */
static size_t check_names(const struct claims *claims, struct compare_cache *cache)
{
	uint32_t names = claims->names.texts.count;
	size_t alike = 0;
	for (uint32_t a = 1; a < names; a++) {
		for (uint32_t b = a; b < names; b++) {
			unsigned looked = a == b ? HALF_EQUAL : (unsigned)compare_look(claims, a, b);
			unsigned answered = compare_half(claims, cache, a, b);
			if (looked != answered || answered != (unsigned)compare_half(claims, cache, b, a))
				fail_msg("%.*s and %.*s: %u, expected %u", STR_ARG(dictionary_text(&claims->names.texts, a)),
				         STR_ARG(dictionary_text(&claims->names.texts, b)), answered, looked);
			alike += answered == HALF_CLOSE || answered == HALF_VARIANT;
		}
	}
	return alike;
}

static void a_glance_and_the_memory_say_what_looking_says(void **state)
{
	struct fixture *f = *state;
	struct made made = make_claims(f);
	struct compare_cache cache;
	assert_true(compare_cache_init(&cache, made.pool, 1 << 20));
	assert_true(made.claims.names.texts.count > 500);
	for (int round = 0; round < 2; round++)
		assert_true(check_names(&made.claims, &cache) > 100);
	/* Most are told at a glance: looking is what costs. */
	uint64_t pairs = (uint64_t)made.claims.names.texts.count * made.claims.names.texts.count;
	assert_true(cache.missed * 10 < pairs);
	compare_cache_finish(&cache, made.pool);
	finish(&made);
}

/* Names that are alike, or look it, of many languages; and what no list of pairs has. */
static struct str odd_names(struct fixture *f)
{
	static const char *const MORE =
		"1,Jo Ann,Smith-Jones\n2,Joann,Jones\n3,J,O'Brien\n4,Mary J,Brien\n5,K,MacDonald\n6,Abdul Rahman,Donald\n"
		"7,Abdirahman,Ivanova\n8,Cabdi,Ivanov\n9,Xasan,Ivan\n10,Hassan,Novakova\n11,Yaxya,Novak\n12,Yahya,Sedlackova\n"
		"13,al Hassan,Sedlacek\n14,Abd al Xaqq,Kowalska\n15,Abdulhaq,Kowalski\n16,Van der Berg,Berg\n"
		"17,Ann-Marie,Annmarie\n18,Ni Bhriain,Briain\n19,O Neill,Neil\n20,El,Al\n21,Ng,Ngo\n22,\xe6\x9d\x8e,\xe9\x99\x88\n"
		"23,Alex,Alexandra\n24,Maxw,Maxwell\n25,Seb,Sebastian\n26,Bok,Bot\n27,Karan,Karanveer\n";
	const char *given = file_environment("CANDOUR_LINKAGE");
	struct str text, line, a, b;
	struct buf out;
	int n = 100;
	must(f, file_read(f->arena, file_join(f->arena, given ? given : "tests/data/linkage", "name_pairs.csv"), FILE_MAX, &text,
	                  &f->err));
	buf_init(&out, FILE_MAX);
	buf_format(&out, "id,first_name,surname\n%s", MORE);
	(void)str_cut(&text, '\n', &line);
	while (str_cut(&text, '\n', &line) && str_cut(&line, ',', &a) && str_cut(&line, ',', &b))
		buf_format(&out, "%d,%.*s,%.*s\n", n++, STR_ARG(a), STR_ARG(b));
	text = arena_copy(f->arena, buf_str(&out));
	buf_finish(&out);
	return text;
}

static void so_they_do_of_names_of_several_words_and_languages(void **state)
{
	struct fixture *f = *state;
	struct made made = { .pool = pool_create((size_t)256 << 20) };
	struct compare_cache cache;
	claims_of(f, &made, odd_names(f));
	assert_true(compare_cache_init(&cache, made.pool, 1 << 20));
	assert_true(made.claims.names.texts.count > 200);
	assert_true(check_names(&made.claims, &cache) > 50);
	compare_cache_finish(&cache, made.pool);
	finish(&made);
}

static void which_comes_first_does_not_count(void **state)
{
	struct fixture *f = *state;
	struct made made = make_claims(f);
	struct compare_cache cache;
	assert_true(compare_cache_init(&cache, made.pool, 1 << 20));
	for (uint32_t a = 0; a < made.claims.count; a++) {
		for (uint32_t b = a; b < made.claims.count; b++) {
			const struct claim *x = &made.claims.claims[a], *y = &made.claims.claims[b];
			assert_int_equal(compare_claims(&made.claims, &cache, x, y), compare_claims(&made.claims, &cache, y, x));
		}
	}
	compare_cache_finish(&cache, made.pool);
	finish(&made);
}

/* One date of birth against another, as levels. */
static void dates_of_birth_have_their_levels(void **state)
{
	static const struct {
		const char *one, *other;
		enum dob_level level;
	} CASES[] = {
		{ "2011-03-04", "2011-03-04", DOB_EQUAL },        { "2011-03-04", "2011-03-05", DOB_EDIT },
		{ "2011-03-04", "2011-04-03", DOB_EDIT },         { "2011-03-12", "2011-03-21", DOB_EDIT },
		{ "2011-03-04", "2011-03-19", DOB_TWO_OF_THREE }, { "2011-03-14", "1987-03-14", DOB_TWO_OF_THREE },
		{ "2011-03-14", "2011-11-28", DOB_YEAR },         { "2011-03-14", "2012-11-28", DOB_ELSE },
		{ "2011-01-01", "2011-01-01", DOB_BOTH_DEFAULT }, { "2011-01-01", "2012-11-28", DOB_DEFAULT },
		{ "2011-01-01", "2015-11-28", DOB_ELSE },         { "2011", "2011-11-28", DOB_YEAR },
		{ "2011-03-04", "", DOB_MISSING },                { "2011-03-04", "1900-01-01", DOB_MISSING },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		struct made made = { .pool = pool_create((size_t)256 << 20) };
		struct compare_cache cache;
		claims_of(f, &made, arena_format(f->arena, "id,dob\n1,%s\n2,%s\n", CASES[i].one, CASES[i].other));
		assert_true(compare_cache_init(&cache, made.pool, 1 << 20));
		unsigned level = compare_level(compare_claims(&made.claims, &cache, &made.claims.claims[0], &made.claims.claims[1]),
		                               COMPARE_DOB);
		if (level != CASES[i].level)
			fail_msg("%s and %s: %u, expected %u", CASES[i].one, CASES[i].other, level, CASES[i].level);
		compare_cache_finish(&cache, made.pool);
		finish(&made);
	}
}

/* Somebody else's names, so that they are heard of. */
#define OTHERS                                                                                                         \
	"3,Hodan,,Axmed\n4,Hodan,,Axmed\n5,Anna,,Tkachenko\n6,Olena,,Tkachenko\n7,Iryna,,Tkachenko\n8,Yulia,,Tkachenko\n"  \
	"9,Ivan,,Tkachenko\n10,Ihor,,Tkachenko\n11,Oleh,,Tkachenko\n12,Pavlo,,Tkachenko\n13,Artem,,Tkachenko\n"         \
	"14,Denys,,Tkachenko\n15,Daria,,Tkachenko\n16,Yana,,Tkachenko\n17,Alina,,Tkachenko\n18,Polina,,Tkachenko\n"     \
	"19,Sofia,,Tkachenko\n20,Maria,,Tkachenko\n21,Maksym,,Tkachenko\n"

/* Two records of names, and the level of the pair. */
static void names_are_found_however_they_are_written(void **state)
{
	static const struct {
		const char *one, *other;
		unsigned level;
	} CASES[] = {
		/* A slip in a short name, and at the beginning of one. */
		{ "Adzm,,Wilkinson", "Adam,,Wilkinson", NAME_LEVEL(HALF_CLOSE, HALF_EQUAL) },
		{ "rlla,,Farnton", "Ella,,Farnton", NAME_LEVEL(HALF_CLOSE, HALF_EQUAL) },
		{ "Sara,,Farnton", "Tara,,Farnton", NAME_LEVEL(HALF_ELSE, HALF_EQUAL) },
		/* What is left of a name. */
		{ "Karan,,Sharma", "Karanveer,,Sharma", NAME_LEVEL(HALF_VARIANT, HALF_EQUAL) },
		{ "Paul,,Smith", "Paula,,Smith", NAME_LEVEL(HALF_ELSE, HALF_EQUAL) },
		/* Changed over, and in another form besides. */
		{ "Hodan,,Ahmed", "Axmed,,Hodan", NAME_SWAPPED },
		{ "Hussein,,Ahmed", "Ahmed,,Xuseen", NAME_SWAPPED },
		{ "Hussein,,Omar", "Cumar,,Xuseen", NAME_SWAPPED },
		{ "Hussein,,Omar", "O,,Hussein", NAME_LEVEL(HALF_MIDDLE, HALF_ELSE) },
		/* The father's name where the grandfather's is elsewhere, and the middle one where the first is. */
		{ "Shukri,,Maxamed", "Shukri,Mohamed,Warsame", NAME_LEVEL(HALF_EQUAL, HALF_MIDDLE) },
		{ "Farah,,Rashid", "Fatima,Faarax,Rashid", NAME_LEVEL(HALF_MIDDLE, HALF_EQUAL) },
		{ "Fatima,F,Suleiman", "Nur,F,Suleiman", NAME_LEVEL(HALF_ELSE, HALF_EQUAL) },
		/* A family's name twice where the first name belongs is still a family's. */
		{ "Tkachenko,,Anna", "Tkachenko,,Bohdan", NAME_LEVEL(HALF_ELSE, HALF_EQUAL) },
		{ "Tkachenko,,Anna", "Bohdan,,Tkachenko", NAME_LEVEL(HALF_ELSE, HALF_EQUAL) },
		/* One name in the other's place: the child's, and her father's. */
		{ "Omar,,Xaliimo", "Xaliimo,,Nuur", NAME_LEVEL(HALF_MIDDLE, HALF_ELSE) },
		{ "Nimco,Mohamed,Muktar", "Mohamed,,Nimco", NAME_SWAPPED },
		{ "Nimco,Mohamed,Muktar", "Mohamed,,Muktar", NAME_LEVEL(HALF_MIDDLE, HALF_EQUAL) },
		/* One name by itself is whichever agrees. */
		{ "Zillah,,Okeover", ",,Zillah", NAME_LEVEL(HALF_EQUAL, HALF_MISSING) },
		{ ",,Zilah", "Zillah,,Okeover", NAME_LEVEL(HALF_CLOSE, HALF_MISSING) },
		{ "Zillah,,Okeover", "Okeover,,", NAME_LEVEL(HALF_MISSING, HALF_EQUAL) },
		{ "Zillah,,", ",,Zillah", NAME_LEVEL(HALF_EQUAL, HALF_MISSING) },
		{ "Zillah,,Okeover", ",,Okeover", NAME_LEVEL(HALF_MISSING, HALF_EQUAL) },
		{ "Zillah,,Okeover", ",,Callum", NAME_LEVEL(HALF_MISSING, HALF_ELSE) },
		{ "Zillah,,Okeover", ",,Z", NAME_LEVEL(HALF_MISSING, HALF_ELSE) },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		struct made made = { .pool = pool_create((size_t)256 << 20) };
		struct compare_cache cache;
		claims_of(f, &made,
		          arena_format(f->arena, "id,first_name,middle_names,surname\n1,%s\n2,%s\n" OTHERS, CASES[i].one,
		                       CASES[i].other));
		assert_true(compare_cache_init(&cache, made.pool, 1 << 20));
		unsigned level = compare_level(compare_claims(&made.claims, &cache, &made.claims.claims[0], &made.claims.claims[1]),
		                               COMPARE_NAME);
		if (level != CASES[i].level)
			fail_msg("%s and %s: %u, expected %u", CASES[i].one, CASES[i].other, level, CASES[i].level);
		compare_cache_finish(&cache, made.pool);
		finish(&made);
	}
}

/* The middle name that stood for a first name has had its say; on both sides it agrees. */
static void a_middle_name_is_counted_once(void **state)
{
	static const struct {
		const char *one, *other;
		enum edit_level level;
	} CASES[] = {
		{ "Xuseen,Yusuf,Ali", "Yusuf,Xuseen,Ali", EDIT_ONE },
		{ "Xuseen,Yusuf,Ali", "Yusuf,Omar,Ali", EDIT_MISSING },
		{ "Xuseen,Yusuf,Ali", "Xuseen,Omar,Ali", EDIT_ELSE },
		{ "Xuseen,Yusuf,Ali", "Xuseen,Yusuf,Ali", EDIT_EQUAL },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		struct made made = { .pool = pool_create((size_t)256 << 20) };
		struct compare_cache cache;
		claims_of(f, &made,
		          arena_format(f->arena, "id,first_name,middle_names,surname\n1,%s\n2,%s\n", CASES[i].one, CASES[i].other));
		assert_true(compare_cache_init(&cache, made.pool, 1 << 20));
		assert_int_equal(
			compare_level(compare_claims(&made.claims, &cache, &made.claims.claims[0], &made.claims.claims[1]),
		                      COMPARE_MIDDLE),
			CASES[i].level);
		compare_cache_finish(&cache, made.pool);
		finish(&made);
	}
}

static void mail_with_a_slip_is_nearly_equal(void **state)
{
	static const struct {
		const char *other;
		enum edit_level level;
	} CASES[] = { { "jose33@trujillo.net", EDIT_EQUAL },
		      { "jos33@trujillo.net", EDIT_ONE },
		      { "jose33@trujillo.org", EDIT_ONE },
		      { "anna@hart.net", EDIT_ELSE } };
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		struct made made = { .pool = pool_create((size_t)256 << 20) };
		struct compare_cache cache;
		claims_of(f, &made, arena_format(f->arena, "id,email\n1,jose33@trujillo.net\n2,%s\n", CASES[i].other));
		assert_true(compare_cache_init(&cache, made.pool, 1 << 20));
		assert_int_equal(
			compare_level(compare_claims(&made.claims, &cache, &made.claims.claims[0], &made.claims.claims[1]),
		                      COMPARE_EMAIL),
			CASES[i].level);
		compare_cache_finish(&cache, made.pool);
		finish(&made);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_glance_and_the_memory_say_what_looking_says),
		PROVES(so_they_do_of_names_of_several_words_and_languages),
		PROVES(which_comes_first_does_not_count),
		PROVES(dates_of_birth_have_their_levels),
		PROVES(names_are_found_however_they_are_written),
		PROVES(a_middle_name_is_counted_once),
		PROVES(mail_with_a_slip_is_nearly_equal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
