/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Passwords: Argon2id strings, two at once. */
#include "vault_fixture.h"

#include <pthread.h>

#include "vault/turnstile.h"

static enum vault_password verify(struct fixture *f, const char *stored, struct str password)
{
	enum vault_password answer = VAULT_PASSWORD_WRONG;
	if (!vault_password_verify(f->vault, str_from_c(stored), password, &answer, &f->err))
		fail_msg("%s", f->err.message);
	return answer;
}

static void the_right_password_is_right(void **state)
{
	struct fixture *f = *state;
	char stored[VAULT_PASSWORD_TEXT];
	assert_true(vault_password_hash(f->vault, STR("correct horse battery"), stored, &f->err));
	assert_non_null(strstr(stored, "$argon2id$v=19$m=8,t=1,p=1$"));
	assert_int_equal(verify(f, stored, STR("correct horse battery")), VAULT_PASSWORD_RIGHT);
	assert_int_equal(verify(f, stored, STR("correct horse batterz")), VAULT_PASSWORD_WRONG);
	assert_int_equal(verify(f, stored, STR("correct horse batter")), VAULT_PASSWORD_WRONG);
	assert_int_equal(verify(f, stored, STR("")), VAULT_PASSWORD_WRONG);
}

static void two_strings_of_one_password_differ(void **state)
{
	struct fixture *f = *state;
	char one[VAULT_PASSWORD_TEXT], two[VAULT_PASSWORD_TEXT];
	assert_true(vault_password_hash(f->vault, STR("correct horse"), one, &f->err));
	assert_true(vault_password_hash(f->vault, STR("correct horse"), two, &f->err));
	assert_string_not_equal(one, two);
}

static void a_name_typed_on_another_machine_is_the_same(void **state)
{
	struct fixture *f = *state;
	char stored[VAULT_PASSWORD_TEXT];
	/* e with acute, composed and as letter and accent */
	assert_true(vault_password_hash(f->vault,
	                                STR("Ren\xC3\xA9"
	                                    "e Zo\xC3\xAB"),
	                                stored, &f->err));
	assert_int_equal(verify(f, stored,
	                        STR("Rene\xCC\x81"
	                            "e Zoe\xCC\x88")),
	                 VAULT_PASSWORD_RIGHT);
	assert_int_equal(verify(f, stored, STR("Renee Zoe")), VAULT_PASSWORD_WRONG);
}

static void what_cannot_be_a_password_is_not_kept(void **state)
{
	struct fixture *f = *state;
	char stored[VAULT_PASSWORD_TEXT], longest[VAULT_PASSWORD_MAX + 1];
	memset(longest, 'a', sizeof longest);
	const struct str bad[] = { STR(""), STR("bad \xFF byte"), { longest, sizeof longest } };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		assert_false(vault_password_hash(f->vault, bad[i], stored, &f->err));
		assert_int_equal(f->err.code, ERR_INPUT);
		assert_string_equal(stored, "");
	}
	assert_true(vault_password_hash(f->vault, (struct str){ longest, VAULT_PASSWORD_MAX },
	                                stored, &f->err));
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_int_equal(verify(f, stored, bad[i]), VAULT_PASSWORD_WRONG);
}

static void no_account_and_a_broken_string_are_wrong(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(verify(f, "", STR("correct horse")), VAULT_PASSWORD_WRONG);
	assert_int_equal(verify(f, "$argon2id$", STR("correct horse")), VAULT_PASSWORD_WRONG);
	assert_int_equal(verify(f, "correct horse", STR("correct horse")), VAULT_PASSWORD_WRONG);
}

static void a_live_register_asks_for_the_live_cost(void **state)
{
	struct fixture *f = *state;
	char drill[VAULT_PASSWORD_TEXT], live[VAULT_PASSWORD_TEXT];
	struct vault_options options = { .cost = VAULT_LIVE };
	assert_true(vault_password_hash(f->vault, STR("correct horse"), drill, &f->err));
	vault_close(f->vault);
	assert_true(vault_open(f->dir, VAULT_WRITE, &options, &f->vault, &f->err));
	assert_true(vault_password_hash(f->vault, STR("correct horse"), live, &f->err));
	assert_non_null(strstr(live, "$argon2id$v=19$m=19456,t=2,p=1$"));
	assert_int_equal(verify(f, live, STR("correct horse")), VAULT_PASSWORD_RIGHT);
	/* right, and due to be hashed anew */
	assert_int_equal(verify(f, drill, STR("correct horse")), VAULT_PASSWORD_STALE);
	assert_int_equal(verify(f, drill, STR("wrong horse")), VAULT_PASSWORD_WRONG);
}

static void a_third_waits_two_seconds_and_is_told(void **state)
{
	struct turnstile turnstile;
	struct err err = { 0 };
	(void)state;
	assert_true(turnstile_init(&turnstile, &err));
	assert_true(turnstile_enter(&turnstile, &err));
	assert_true(turnstile_enter(&turnstile, &err));
	int64_t before = clock_read().boot_us;
	assert_false(turnstile_enter(&turnstile, &err));
	int64_t waited = clock_read().boot_us - before;
	assert_int_equal(err.code, ERR_UNABLE);
	assert_in_range(waited, 1900000, 4000000);
	turnstile_leave(&turnstile);
	assert_true(turnstile_enter(&turnstile, &err));
	turnstile_finish(&turnstile);
}

struct crowd {
	struct turnstile turnstile;
	_Atomic int inside;
	_Atomic int most;
	_Atomic int turned_away;
};

static void *pass_through(void *ctx)
{
	struct crowd *crowd = ctx;
	struct err err = { 0 };
	for (int i = 0; i < 200; i++) {
		if (!turnstile_enter(&crowd->turnstile, &err)) {
			crowd->turned_away++;
			continue;
		}
		int now = ++crowd->inside;
		if (now > crowd->most)
			crowd->most = now;
		crowd->inside--;
		turnstile_leave(&crowd->turnstile);
	}
	return NULL;
}

static void never_more_than_two_are_inside(void **state)
{
	struct crowd crowd = { .inside = 0 };
	struct err err = { 0 };
	pthread_t threads[8];
	(void)state;
	assert_true(turnstile_init(&crowd.turnstile, &err));
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, pass_through, &crowd), 0);
	for (size_t i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	assert_in_range(crowd.most, 1, 2);
	assert_int_equal(crowd.turned_away, 0);
	turnstile_finish(&crowd.turnstile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_right_password_is_right),
		PROVES(two_strings_of_one_password_differ),
		PROVES(a_name_typed_on_another_machine_is_the_same),
		PROVES(what_cannot_be_a_password_is_not_kept),
		PROVES(no_account_and_a_broken_string_are_wrong),
		PROVES(a_live_register_asks_for_the_live_cost),
		cmocka_unit_test(a_third_waits_two_seconds_and_is_told),
		cmocka_unit_test(never_more_than_two_are_inside),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
