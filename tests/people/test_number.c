/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Numbers with their names before them and words behind them; and that no two become one by it. */
#include "../base/arena_fixture.h"

#include "people/people_parts.h"

static struct str key_of(struct fixture *f, const char *text)
{
	return subject_number_key(f->arena, str_from_c(text));
}

static void a_number_is_understood_with_its_name_and_words_behind_it(void **state)
{
	static const struct {
		const char *bare;
		const char *written[14];
	} NUMBERS[] = {
		{ "9434765919",
		  { "NHS 943 476 5919", "NHS number 943 476 5919", "nhs no. 943-476-5919", "NHS: 9434765919", "943 476 5919 (NHS)",
		    "943 476 5919 (Aisha)", "Her NHS number is 943 476 5919" } },
		{ "J993123456789", { "UPN J993123456789", "upn: J 993 123 456 789", "Unique Pupil Number J993123456789", "J993123456789 (UPN)" } },
		{ "07700900123",
		  { "tel 07700 900123", "Tel.: 07700 900123", "mobile: 07700 900123", "mum's mobile 07700 900123", "07700 900123 (mum)",
		    "07700 900123 (MUM's, evenings)", "07700-900123 mob", "+44 7700 900123", "phone +44 (0)7700 900123", "(07700) 900123",
		    "mum: +447700900123" } },
		{ "01632 960123", { "home 01632 960123", "landline: (01632) 960123", "01632 960123, mum" } },
		{ "AB12CDE",
		  { "AB12 CDE", "Plate AB12 CDE", "reg: ab12 cde", "AB12 CDE (blue Golf)", "blue Golf AB12 CDE", "Car reg no. AB12CDE", "AB 12 CDE",
		    "AB12 CDE, white Transit" } },
		{ "A123BCD", { "reg A123 BCD", "A123 BCD (old Fiesta)" } },
		{ "mum@example.org", { "email: mum@example.org", "mum@example.org (mum)", "<mum@example.org>" } },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < COUNT_OF(NUMBERS); i++) {
		for (const char *const *text = NUMBERS[i].written; *text; text++) {
			if (!str_eq(key_of(f, *text), key_of(f, NUMBERS[i].bare)))
				fail_msg("\"%s\" is not read as %s, but as %.*s", *text, NUMBERS[i].bare, STR_ARG(key_of(f, *text)));
		}
	}
}

/* Each of these is another number than all the rest. */
static void no_two_numbers_become_one_by_what_stands_around_them(void **state)
{
	static const char *const NUMBERS[] = {
		"943 476 5919",      "NHS 943 476 5918", "RXH 943 476 5919", "RYK 943 476 5919",    "case 943 476 5919",   "Number 943 476 5919",
		"943 476 5919 (RXH)", "school, dsl: 9434765919", "school, dsl: 07700900123", "school, head: 07700900123",
		"07700 900123",      "07700 900124",     "case 07700900123", "07700 900123 ext 4", "07700 900123 ext 5",  "07700 900123 / 07700 900124",
		"AB12 CDE",          "AB12 CDF",         "AB12",             "AB12 XY",            "X AB12 CDE",          "AB12 CDE X",
		"BAB 1234",          "CAB 1234",         "1234",             "leo marsh 2011",     "dean marsh 2011",     "2011",
		"snap leo_123",      "insta leo_123",    "UPN J993123456789", "J993123456788",     "URN J993123456789",   "mum@example.org",
		"mum@example.com",   "dad@example.org",
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < COUNT_OF(NUMBERS); i++) {
		assert_true(key_of(f, NUMBERS[i]).n > 0);
		for (size_t j = 0; j < i; j++) {
			if (str_eq(key_of(f, NUMBERS[i]), key_of(f, NUMBERS[j])))
				fail_msg("\"%s\" and \"%s\" became one", NUMBERS[i], NUMBERS[j]);
		}
	}
}

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* A text of words and digits at random, and its digits alone. */
static struct str some_text(struct fixture *f, uint32_t *seed, struct str *digits)
{
	static const char *const WORDS[] = { "NHS", "tel", "(mum)", "RXH", "ab", "CDE", "mobile", "+", ",", "reg", "Golf", "no.", "x1", "-" };
	struct str text = STR("");
	char all[64];
	size_t n = 0;
	for (uint32_t piece = 1 + next(seed) % 6; piece > 0; piece--) {
		if (next(seed) % 2) {
			text = arena_format(f->arena, "%.*s %s", STR_ARG(text), WORDS[next(seed) % COUNT_OF(WORDS)]);
			continue;
		}
		text = arena_format(f->arena, "%.*s %u", STR_ARG(text), next(seed) % (next(seed) % 2 ? 1000000 : 20));
	}
	for (size_t i = 0; i < text.n && n < sizeof all; i++) {
		if (text.p[i] >= '0' && text.p[i] <= '9')
			all[n++] = text.p[i];
	}
	*digits = arena_copy(f->arena, (struct str){ all, n });
	return text;
}

/* N2: every digit that was written is in the slice, and nothing but what was written. */
static void no_digit_is_left_out_of_a_number(void **state)
{
	struct fixture *f = *state;
	uint32_t seed = 7;
	size_t cut = 0;
	for (size_t i = 0; i < 20000; i++) {
		struct str digits, text = some_text(f, &seed, &digits);
		enum subject_number what;
		struct str number = subject_number_of(text, &what);
		size_t at = 0;
		assert_true(number.p >= text.p && number.p + number.n <= text.p + text.n);
		for (size_t k = 0; k < number.n; k++)
			at += at < digits.n && number.p[k] == digits.p[at];
		assert_int_equal(at, digits.n);
		assert_true(what != SUBJECT_NUMBER_OTHER || number.n == text.n);
		cut += number.n < text.n;
		arena_reset(f->arena);
	}
	assert_true(cut > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_number_is_understood_with_its_name_and_words_behind_it),
		PROVES(no_two_numbers_become_one_by_what_stands_around_them),
		PROVES(no_digit_is_left_out_of_a_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
