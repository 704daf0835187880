/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The words of return codes, as they are written and as people type them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/base.h"
#include "casebook/casebook.h"

#define WORDS 2048
/* Fixed for ever: another list would make every code that was written down another one. */
#define LIST_SHA256 "f6a1b56038afd4f3baf9f6e7232e54ecbc4d1c67f6997537864b7f16250cd8d8"

struct words {
	struct arena *arena;
	struct err err;
	struct casebook_code code;
	struct str w[4];
};

static int set_up(void **state)
{
	struct words *words = calloc(1, sizeof *words);
	assert_non_null(words);
	words->arena = arena_create((size_t)1 << 20);
	words->code = (struct casebook_code){ { 1024, 0, 2047, 77 }, 4071 };
	for (size_t i = 0; i < 4; i++)
		words->w[i] = casebook_code_word(words->code.word[i]);
	*state = words;
	return 0;
}

static int tear_down(void **state)
{
	struct words *words = *state;
	arena_destroy(words->arena);
	free(words);
	return 0;
}

static void read_as_code(struct words *words, struct str text)
{
	struct casebook_code code;
	if (!casebook_code_read(text, &code, &words->err))
		fail_msg("\"%.*s\": %s", STR_ARG(text), words->err.message);
	assert_memory_equal(code.word, words->code.word, sizeof code.word);
	assert_int_equal(code.digits, words->code.digits);
}

static void not_a_code(struct words *words, struct str text)
{
	struct casebook_code code;
	if (casebook_code_read(text, &code, &words->err))
		fail_msg("\"%.*s\" was read as a code", STR_ARG(text));
	assert_int_equal(words->err.code, ERR_ABSENT);
	assert_true(strlen(words->err.message) > 0);
}

static void the_list_is_the_one_that_was_fixed(void **state)
{
	(void)state;
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	char hex[2 * HASH_SIZE + 1] = { 0 };
	hasher_start(hasher);
	for (unsigned i = 0; i < WORDS; i++) {
		hasher_add(hasher, casebook_code_word(i));
		hasher_add(hasher, STR("\n"));
	}
	struct hash sum = hasher_end(hasher);
	hex_write(hex, sum.bytes, HASH_SIZE);
	assert_string_equal(hex, LIST_SHA256);
	assert_int_equal(casebook_code_word(WORDS).n, 0);
}

static void words_have_four_to_seven_letters_and_are_told_apart_by_four(void **state)
{
	(void)state;
	for (unsigned i = 0; i < WORDS; i++) {
		struct str word = casebook_code_word(i);
		assert_in_range(word.n, 4, 7);
		for (size_t c = 0; c < word.n; c++)
			assert_in_range(word.p[c], 'a', 'z');
		if (i > 0)
			assert_true(str_compare(str_sub(casebook_code_word(i - 1), 0, 4),
			                        str_sub(word, 0, 4)) < 0);
	}
}

static void a_code_reads_back_as_it_was_written(void **state)
{
	struct words *words = *state;
	read_as_code(words, casebook_code_write(words->arena, &words->code, ' '));
	read_as_code(words, casebook_code_write(words->arena, &words->code, '-'));
	for (unsigned i = 0; i < WORDS; i++) {
		words->code = (struct casebook_code){ { (uint16_t)i, (uint16_t)(WORDS - 1 - i),
			                                (uint16_t)(i * 7 % WORDS),
			                                (uint16_t)(i * 5 % WORDS) },
			                              (uint16_t)(i * 4 % 10000) };
		arena_reset(words->arena);
		read_as_code(words, casebook_code_write(words->arena, &words->code, ' '));
	}
}

static void capitals_separators_and_order_do_not_matter(void **state)
{
	struct words *words = *state;
	struct arena *arena = words->arena;
	const struct str *w = words->w;
	static const char *const forms[] = {
		"%.*s %.*s %.*s %.*s 4071",
		"4071 %.*s %.*s %.*s %.*s",
		"  %.*s\t%.*s\r\n%.*s  %.*s-4071 ",
		"%.*s.%.*s,%.*s/%.*s:4071!",
		"%.*s-%.*s-%.*s-%.*s4071",
		"4071%.*s %.*s %.*s %.*s",
		"%.*s %.*s %.*s %.*s 4 0 7 1",
		"%.*s %.*s %.*s %.*s 40 71",
		"\"%.*s\" \"%.*s\" \"%.*s\" \"%.*s\" \"4071\"",
		"%.*s\xC2\xA0%.*s \xE2\x80\x93 %.*s\xE2\x80\x94%.*s 4071",
	};
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		char text[256];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		int n = snprintf(text, sizeof text, forms[i], STR_ARG(w[0]), STR_ARG(w[1]),
		                 STR_ARG(w[2]), STR_ARG(w[3]));
#pragma GCC diagnostic pop
		read_as_code(words, (struct str){ text, (size_t)n });
		for (int c = 0; c < n; c++) {
			if (text[c] >= 'a' && text[c] <= 'z')
				text[c] = (char)(text[c] - 'a' + 'A');
		}
		read_as_code(words, (struct str){ text, (size_t)n });
	}
	(void)arena;
}

static void the_first_four_letters_are_enough(void **state)
{
	struct words *words = *state;
	const struct str *w = words->w;
	read_as_code(words, arena_format(words->arena, "%.4s %.4s %.4s %.4s 4071", w[0].p, w[1].p,
	                                 w[2].p, w[3].p));
	not_a_code(words, arena_format(words->arena, "%.3s %.4s %.4s %.4s 4071", w[0].p, w[1].p,
	                               w[2].p, w[3].p));
}

static void what_is_no_code_is_told_so(void **state)
{
	struct words *words = *state;
	struct arena *arena = words->arena;
	struct str four =
		arena_format(arena, "%.*s %.*s %.*s %.*s", STR_ARG(words->w[0]),
	                     STR_ARG(words->w[1]), STR_ARG(words->w[2]), STR_ARG(words->w[3]));
	char much[2000];
	memset(much, '7', sizeof much);
	not_a_code(words, STR(""));
	not_a_code(words, STR("4071"));
	not_a_code(words, four);
	not_a_code(words, arena_format(arena, "%.*s 407", STR_ARG(four)));
	not_a_code(words, arena_format(arena, "%.*s 40711", STR_ARG(four)));
	not_a_code(words,
	           arena_format(arena, "%.*s %.*s 4071", STR_ARG(four), STR_ARG(words->w[0])));
	not_a_code(words, arena_format(arena, "40 %.*s 71", STR_ARG(four)));
	not_a_code(words,
	           arena_format(arena, "%.*s 4071 %.*s %.*s %.*s", STR_ARG(words->w[0]),
	                        STR_ARG(words->w[1]), STR_ARG(words->w[2]), STR_ARG(words->w[3])));
	not_a_code(words, (struct str){ much, sizeof much });
	memset(much, 'q', sizeof much);
	not_a_code(words, (struct str){ much, sizeof much });
	not_a_code(words, (struct str){ much, 300 });
	not_a_code(words, STR("\xFF\xFE\x80 \xC3 4071"));
	not_a_code(words, STR("\0\0\0\0"));
}

static void a_mistyped_word_is_named_with_the_nearest(void **state)
{
	struct words *words = *state;
	struct casebook_code code;
	struct str word = words->w[0];
	char typed[8];
	size_t n = word.n;
	memcpy(typed, word.p, n);
	typed[n - 1] = 'q';
	typed[n - 2] = 'q';
	struct str text =
		arena_format(words->arena, "%.*s %.*s %.*s %.*s 4071", (int)n, typed,
	                     STR_ARG(words->w[1]), STR_ARG(words->w[2]), STR_ARG(words->w[3]));
	struct str expected = arena_format(
		words->arena, "\"%.*s\" is not one of our words. Did you mean \"%.*s\"?", (int)n,
		typed, STR_ARG(word));
	assert_false(casebook_code_read(text, &code, &words->err));
	assert_string_equal(words->err.message, expected.p);
	assert_false(casebook_code_read(STR("zzzzqqqqzzzz b c d 1"), &code, &words->err));
	assert_string_equal(words->err.message,
	                    "\"zzzzqqqqzzzz\" is not one of our words. Check each word");
}

#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_list_is_the_one_that_was_fixed),
		PROVES(words_have_four_to_seven_letters_and_are_told_apart_by_four),
		PROVES(a_code_reads_back_as_it_was_written),
		PROVES(capitals_separators_and_order_do_not_matter),
		PROVES(the_first_four_letters_are_enough),
		PROVES(what_is_no_code_is_told_so),
		PROVES(a_mistyped_word_is_named_with_the_nearest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
