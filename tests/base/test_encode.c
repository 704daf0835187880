/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/arena_fixture.h"

static void hex_is_small_and_exact(void **state)
{
	(void)state;
	unsigned char bytes[3];
	char text[6];
	hex_write(text, "\x00\xab\xff", 3);
	assert_memory_equal(text, "00abff", 6);
	assert_true(hex_read(STR("00abff"), bytes, 3));
	assert_memory_equal(bytes, "\x00\xab\xff", 3);
	assert_false(hex_read(STR("00ABff"), bytes, 3));
	assert_false(hex_read(STR("00abf"), bytes, 3));
	assert_false(hex_read(STR("00abff00"), bytes, 3));
	assert_false(hex_read(STR("00abfg"), bytes, 3));
	struct buf buf;
	buf_init(&buf, 100);
	buf_add_hex(&buf, "\x01\xfe", 2);
	assert_str(buf_str(&buf), "01fe");
	buf_finish(&buf);
}

/* RFC 4648, 10 */
static void base64_keeps_the_published_vectors(void **state)
{
	(void)state;
	static const char *const PAIRS[][2] = {
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
	};
	for (size_t i = 0; i < COUNT_OF(PAIRS); i++) {
		struct buf buf;
		char bytes[16];
		size_t n = sizeof bytes;
		buf_init(&buf, 100);
		buf_add_base64(&buf, PAIRS[i][0], strlen(PAIRS[i][0]));
		assert_true(str_eq(buf_str(&buf), str_from_c(PAIRS[i][1])));
		assert_int_equal(base64_length(strlen(PAIRS[i][0])), buf.n);
		assert_true(base64_read(buf_str(&buf), bytes, &n));
		assert_true(str_eq((struct str){ bytes, n }, str_from_c(PAIRS[i][0])));
		buf_finish(&buf);
	}
}

static void base64_takes_only_the_canonical_form(void **state)
{
	(void)state;
	static const char *const BAD[] = { "Zg=",  "Zg",    "Zh==",   "Zm9=", "Zg==\n",
		                           "Z g=", "=",     "====",   "A===", "Zg==Zg==",
		                           "Zm-_", "Zm9v=", "Zm\x80v" };
	char bytes[16];
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		size_t n = sizeof bytes;
		assert_false(base64_read(str_from_c(BAD[i]), bytes, &n));
	}
	size_t n = 2;
	assert_false(base64_read(STR("Zm9v"), bytes, &n));
	n = 3;
	assert_true(base64_read(STR("Zm9v"), bytes, &n));
}

static void percent_escapes_are_decoded_strictly(void **state)
{
	struct fixture *f = *state;
	static const char *const BAD[] = { "%", "%4", "%4g", "%g4", "a%00b", "%%41", "% 41" };
	struct str out;
	assert_true(percent_decode(f->arena, STR("a%41%c3%A9+b"), true, &out));
	assert_str(out, "aA\xc3\xa9 b");
	assert_true(percent_decode(f->arena, STR("a+b"), false, &out));
	assert_str(out, "a+b");
	assert_true(percent_decode(f->arena, STR_NONE, false, &out));
	assert_str(out, "");
	for (size_t i = 0; i < COUNT_OF(BAD); i++)
		assert_false(percent_decode(f->arena, str_from_c(BAD[i]), true, &out));
	assert_false(percent_decode(f->arena, STR("a\0b"), true, &out));
	struct arena *small = arena_create(8);
	assert_false(percent_decode(small, STR("a"), true, &out));
	arena_destroy(small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(hex_is_small_and_exact),
		PROVES(base64_keeps_the_published_vectors),
		PROVES(base64_takes_only_the_canonical_form),
		PROVES(percent_escapes_are_decoded_strictly),
	};
	return cmocka_run_group_tests_name("encode", tests, NULL, NULL);
}
