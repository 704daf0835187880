/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Codes are the same, whether texts are put one by one or several at once. */
#include "../base/arena_fixture.h"

#include "match/dictionary.h"

#define TEXTS 200000
#define DISTINCT 50000

static uint64_t next(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

static struct str text_of(char room[16], uint64_t n)
{
	int length = n % 17 == 0 ? 0 : snprintf(room, 16, "%llx", (unsigned long long)(n * 2654435761u));
	return (struct str){ room, (size_t)length };
}

static void several_at_once_get_the_codes_of_one_by_one(void **state)
{
	struct pool *pool = pool_create((size_t)256 << 20);
	struct dictionary one, some;
	struct dictionary_put puts[DICTIONARY_PUTS];
	char rooms[DICTIONARY_PUTS][16];
	uint64_t seed = 11;
	(void)state;
	assert_non_null(pool);
	assert_true(dictionary_init(&one, pool, 5) && dictionary_init(&some, pool, 5));
	for (size_t done = 0; done < TEXTS;) {
		size_t count = next(&seed) % (DICTIONARY_PUTS + 1);
		for (size_t i = 0; i < count; i++) {
			/* Now and then the same text twice among those at once. */
			uint64_t n = i && next(&seed) % 8 == 0 ? 7 : next(&seed) % DISTINCT;
			puts[i] = (struct dictionary_put){ .text = text_of(rooms[i], n), .is_copied = true };
		}
		dictionary_put_some(&some, puts, count);
		for (size_t i = 0; i < count; i++) {
			uint32_t code = dictionary_put_copy(&one, puts[i].text);
			assert_int_equal(code, puts[i].code);
			assert_true(str_eq(dictionary_text(&some, code), puts[i].text));
		}
		done += count;
	}
	assert_int_equal(one.count, some.count);
	dictionary_finish(&one);
	dictionary_finish(&some);
	pool_destroy(pool);
}

/* Whatever is forgotten, and however often it grows meanwhile, the others are found. */
static void what_is_forgotten_is_not_found_and_all_else_is(void **state)
{
	struct pool *pool = pool_create((size_t)256 << 20);
	struct dictionary texts;
	static uint32_t codes[DISTINCT]; /* 0: it is not there */
	uint64_t seed = 12;
	char room[16];
	(void)state;
	assert_non_null(pool);
	assert_true(dictionary_init(&texts, pool, 5));
	for (size_t i = 0; i < TEXTS; i++) {
		size_t n = next(&seed) % DISTINCT;
		struct str text = text_of(room, n);
		assert_int_equal(dictionary_find(&texts, text), codes[n]);
		if (codes[n] && next(&seed) % 2) {
			const char *there = dictionary_text(&texts, codes[n]).p;
			dictionary_forget(&texts, codes[n]);
			assert_int_equal(there[0], 0);
			codes[n] = 0;
		} else if (text.n) {
			uint32_t count = texts.count, code = dictionary_put_copy(&texts, text);
			assert_int_equal(code, codes[n] ? codes[n] : count);
			codes[n] = code;
		}
	}
	for (size_t n = 0; n < DISTINCT; n++) {
		assert_int_equal(dictionary_find(&texts, text_of(room, n)), codes[n]);
		assert_true(!codes[n] || str_eq(dictionary_text(&texts, codes[n]), text_of(room, n)));
	}
	dictionary_finish(&texts);
	pool_destroy(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(several_at_once_get_the_codes_of_one_by_one),
		PROVES(what_is_forgotten_is_not_found_and_all_else_is),
	};
	return cmocka_run_group_tests_name("match: dictionary", tests, NULL, NULL);
}
