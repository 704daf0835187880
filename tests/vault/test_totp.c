/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One-time codes against RFC 6238's own vectors and against liboath. */
#include "vault_fixture.h"

#include <dlfcn.h>

static const uint8_t RFC_SECRET[VAULT_TOTP_SECRET] = "12345678901234567890";

static instant at_second(int64_t second)
{
	return second * INSTANT_PER_SECOND;
}

static bool accepts(const uint8_t *secret, const char *code, int64_t second, int64_t last)
{
	int64_t step = -1;
	bool is_accepted =
		vault_totp_accepts(secret, str_from_c(code), at_second(second), last, &step);
	assert_int_equal(is_accepted, step >= 0);
	return is_accepted;
}

/* RFC 6238, appendix B (SHA-1); the last six of its eight digits. */
static void the_codes_are_those_of_the_rfc(void **state)
{
	static const struct {
		int64_t second;
		const char *code;
	} vectors[] = {
		{ 59, "287082" },         { 1111111109, "081804" }, { 1111111111, "050471" },
		{ 1234567890, "005924" }, { 2000000000, "279037" }, { 20000000000, "353130" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(vectors); i++) {
		int64_t step = 0;
		assert_true(vault_totp_accepts(RFC_SECRET, str_from_c(vectors[i].code),
		                               at_second(vectors[i].second), 0, &step));
		assert_int_equal(step, vectors[i].second / 30);
	}
}

static void one_step_early_or_late_is_taken_two_are_not(void **state)
{
	(void)state;
	/* 050471 is of the step 37037037: seconds 1111111110 .. 1111111139 */
	assert_true(accepts(RFC_SECRET, "050471", 1111111080, 0));
	assert_true(accepts(RFC_SECRET, "050471", 1111111169, 0));
	assert_false(accepts(RFC_SECRET, "050471", 1111111079, 0));
	assert_false(accepts(RFC_SECRET, "050471", 1111111170, 0));
}

static void a_code_serves_once(void **state)
{
	int64_t step = 0, again = 0;
	(void)state;
	assert_true(vault_totp_accepts(RFC_SECRET, STR("050471"), at_second(1111111111), 0, &step));
	assert_false(
		vault_totp_accepts(RFC_SECRET, STR("050471"), at_second(1111111111), step, &again));
	/* Nor an older one that somebody saw over a shoulder. */
	assert_false(accepts(RFC_SECRET, "081804", 1111111111, step));
	assert_true(accepts(RFC_SECRET, "081804", 1111111111, 0));
}

static void what_is_not_six_digits_is_wrong(void **state)
{
	const char *const bad[] = {
		"", "28708", "2870822", "94287082", "28708a", " 87082", "287083"
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(accepts(RFC_SECRET, bad[i], 59, 0));
	assert_false(accepts(RFC_SECRET, "287082", -59, 0));
}

static void the_secret_in_base32_is_that_of_the_rfc(void **state)
{
	char text[VAULT_TOTP_BASE32 + 1] = { 0 };
	const uint8_t ends[VAULT_TOTP_SECRET] = { 0xFF, [19] = 0x1F };
	(void)state;
	vault_totp_base32(RFC_SECRET, text);
	assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
	vault_totp_base32(ends, text);
	assert_string_equal(text, "74AAAAAAAAAAAAAAAAAAAAAAAAAAAAA7");
}

static void new_secrets_differ(void **state)
{
	struct fixture *f = *state;
	uint8_t one[VAULT_TOTP_SECRET], two[VAULT_TOTP_SECRET];
	vault_totp_make(f->vault, one);
	vault_totp_make(f->vault, two);
	assert_memory_not_equal(one, two, sizeof one);
}

/* The oracle: OATH Toolkit's library, found when the program runs. */
typedef int oath_totp(const char *secret, size_t secret_n, time_t now, unsigned step, time_t start,
                      unsigned digits, char *out);

static void a_thousand_codes_are_those_of_liboath(void **state)
{
	struct fixture *f = *state;
	void *library = dlopen("liboath.so.0", RTLD_NOW);
	if (!library)
		skip();
	oath_totp *generate = NULL;
	*(void **)&generate = dlsym(library, "oath_totp_generate");
	assert_non_null(generate);
	struct random_source *random = random_seeded_create(6238);
	for (int i = 0; i < 1000; i++) {
		uint8_t secret[VAULT_TOTP_SECRET];
		char code[8] = { 0 };
		int64_t second = (int64_t)random_below(random, 4102444800), step = 0;
		vault_totp_make(f->vault, secret);
		assert_int_equal(
			generate((const char *)secret, sizeof secret, second, 30, 0, 6, code), 0);
		assert_true(
			vault_totp_accepts(secret, str_from_c(code), at_second(second), -1, &step));
		assert_in_range(step - second / 30 + 1, 0, 2);
	}
	random_destroy(random);
	dlclose(library);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_codes_are_those_of_the_rfc),
		cmocka_unit_test(one_step_early_or_late_is_taken_two_are_not),
		cmocka_unit_test(a_code_serves_once),
		cmocka_unit_test(what_is_not_six_digits_is_wrong),
		cmocka_unit_test(the_secret_in_base32_is_that_of_the_rfc),
		PROVES(new_secrets_differ),
		PROVES(a_thousand_codes_are_those_of_liboath),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
