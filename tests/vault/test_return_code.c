/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Return codes: cut from the act, kept nowhere. */
#include "vault_fixture.h"

static struct hash act_of(const char *text)
{
	return hash_of(str_from_c(text));
}

static bool same(struct vault_return_code a, struct vault_return_code b)
{
	return memcmp(&a, &b, sizeof a) == 0;
}

static void a_retry_gives_the_same_code(void **state)
{
	struct fixture *f = *state;
	struct hash act = act_of("act");
	struct vault_return_code first = vault_return_code(f->vault, STR("sub-1"), &act);
	assert_true(same(first, vault_return_code(f->vault, STR("sub-1"), &act)));
	reopen(f, VAULT_READ);
	assert_true(same(first, vault_return_code(f->vault, STR("sub-1"), &act)));
}

static void another_submission_or_act_gives_another_code(void **state)
{
	struct fixture *f = *state;
	struct hash act = act_of("act"), other = act_of("other");
	struct vault_return_code first = vault_return_code(f->vault, STR("sub-1"), &act);
	assert_false(same(first, vault_return_code(f->vault, STR("sub-2"), &act)));
	assert_false(same(first, vault_return_code(f->vault, STR("sub-1"), &other)));
}

static void another_register_gives_another_code(void **state)
{
	struct fixture *f = *state;
	struct hash act = act_of("act");
	void *other = NULL;
	(void)set_up(&other);
	struct fixture *g = other;
	assert_false(same(vault_return_code(f->vault, STR("sub-1"), &act),
	                  vault_return_code(g->vault, STR("sub-1"), &act)));
	(void)tear_down(&other);
}

static void every_word_and_every_digit_comes_up(void **state)
{
	struct fixture *f = *state;
	bool words[2048] = { false };
	uint16_t highest = 0, lowest = 9999;
	size_t seen = 0;
	for (int i = 0; i < 6000; i++) {
		struct hash act = act_of(arena_format(f->arena, "act %d", i).p);
		struct vault_return_code code = vault_return_code(f->vault, STR("s"), &act);
		for (int w = 0; w < 4; w++) {
			assert_true(code.word[w] < 2048);
			seen += !words[code.word[w]];
			words[code.word[w]] = true;
		}
		assert_true(code.digits < 10000);
		highest = code.digits > highest ? code.digits : highest;
		lowest = code.digits < lowest ? code.digits : lowest;
	}
	assert_true(seen > 2040);
	assert_true(highest > 9950);
	assert_true(lowest < 50);
}

/* Four times 11 bits and 14 bits, big-endian. */
static void the_canonical_form_is_eight_bytes(void **state)
{
	const struct vault_return_code codes[] = {
		{ { 0, 0, 0, 1 }, 0 },
		{ { 2047, 2047, 2047, 2047 }, 9999 },
		{ { 1, 2, 3, 4 }, 4071 },
	};
	const char *const forms[] = { "0000000000004000", "03ffffffffffe70f", "0000802006010fe7" };
	uint8_t bytes[VAULT_RETURN_CANONICAL];
	char hex[17] = { 0 };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		vault_return_canonical(&codes[i], bytes);
		hex_write(hex, bytes, sizeof bytes);
		assert_string_equal(hex, forms[i]);
	}
}

static void the_tag_needs_the_return_key(void **state)
{
	struct fixture *f = *state;
	struct str line = bytes_of(f, "return.key");
	uint8_t code[VAULT_RETURN_CANONICAL] = { 3, 1, 4, 1, 5, 9, 2, 6 }, key[32];
	size_t n = sizeof key;
	assert_true(base64_read(str_sub(line, line.n - 45, 44), key, &n));
	const struct str pieces[] = { STR("candour/return/v1\n"), str_from_bytes(code, 8) };
	struct hash right = hash_hmac(str_from_bytes(key, 32), pieces, 2);
	struct hash tag = vault_return_tag(f->vault, code);
	assert_true(hash_eq(&tag, &right));
	code[7] = 7;
	tag = vault_return_tag(f->vault, code);
	assert_false(hash_eq(&tag, &right));
}

static void the_promise_seed_is_the_one_of_its_file(void **state)
{
	struct fixture *f = *state;
	struct str line = bytes_of(f, "promise.key");
	uint8_t seed[VAULT_KEY_SIZE], key[32];
	size_t n = sizeof key;
	assert_true(base64_read(str_sub(line, line.n - 45, 44), key, &n));
	vault_promise_seed(f->vault, seed);
	assert_memory_equal(seed, key, sizeof seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_retry_gives_the_same_code),
		PROVES(another_submission_or_act_gives_another_code),
		PROVES(another_register_gives_another_code),
		PROVES(every_word_and_every_digit_comes_up),
		PROVES(the_canonical_form_is_eight_bytes),
		PROVES(the_tag_needs_the_return_key),
		PROVES(the_promise_seed_is_the_one_of_its_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
