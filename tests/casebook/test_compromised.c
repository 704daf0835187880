/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A signing key that may be known to others: it ends at once, and the log says since when it is doubtful. */
#include <fcntl.h>

#include "casebook/keys.h"
#include "casebook/owed.h"

static struct casebook_answer compromised(struct fixture *f, const struct person *by, instant since)
{
	struct casebook_answer answer;
	struct casebook_actor actor = by->actor;
	actor.is_proved = true;
	MUST(f, casebook_key_compromised(f->book, &actor, CASEBOOK_CLI, STR("root"), since, f->arena, &answer, &f->err));
	return answer;
}

static struct casebook_key key_of(struct fixture *f, struct str vkey)
{
	const struct casebook_key *keys;
	size_t count;
	MUST(f, casebook_keys(f->book, f->arena, &keys, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		if (str_eq(keys[i].vkey, vkey))
			return keys[i];
	}
	fail_msg("the key is not listed");
	return keys[0];
}

static void must_be_noughts(int fd, size_t size)
{
	char left[4096];
	ssize_t n = read(fd, left, sizeof left);
	close(fd);
	assert_int_equal(n, size);
	for (ssize_t i = 0; i < n; i++)
		assert_int_equal(left[i], 0);
}

/* --- the whole way -------------------------------------------------------------------------- */

static void it_signs_no_more_from_its_entry_on_and_is_destroyed(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct str old = vkey_now(f), secret = bytes_of(f, NOW), before = receipt_of(f, concern.index);
	int fd = open(path_of(f, NOW), O_RDONLY);
	assert_true(fd >= 0);
	struct casebook_answer answer = compromised(f, &admin, casebook_now(f->book) - INSTANT_PER_DAY);
	fixture_must_admit(&answer, "log.key-compromised");
	struct str new = vkey_now(f);
	assert_false(str_eq(old, new));
	for (int i = 0; i < 2; i++) {
		/* The entry that ends it, and what comes after, are the new key's alone; what was before gets new receipts. */
		struct str receipt = receipt_of(f, i ? report(f, "And again.").index : answer.index);
		assert_true(holds(f, receipt, new));
		assert_false(holds(f, receipt, old));
		receipt = receipt_of(f, concern.index);
		assert_true(holds(f, receipt, new));
		assert_false(holds(f, receipt, old));
		MUST(f, casebook_beat(f->book, &f->err));
		fixture_reopen(f);
		assert_true(str_eq(vkey_now(f), new));
	}
	assert_true(holds(f, before, old));
	assert_false(file_exists(path_of(f, NEXT)));
	assert_false(file_exists(path_of(f, FORMER)));
	must_be_noughts(fd, secret.n);
	close_register(f);
	must_verify(f);
}

static void the_log_says_since_when_it_is_doubtful(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator");
	struct str old = vkey_now(f);
	instant since = casebook_now(f->book) - 3 * INSTANT_PER_DAY;
	int64_t ended = compromised(f, &admin, since).index;
	struct casebook_key key = key_of(f, old);
	assert_false(key.signs);
	assert_int_equal(key.to, ended);
	assert_int_equal(key.doubted, since);
	key = key_of(f, vkey_now(f));
	assert_true(key.signs && key.doubted == 0 && key.from == ended + 1);
	/* A change as planned, later, doubts nobody. */
	(void)rotate(f, &admin);
	fixture_reopen(f);
	assert_int_equal(key_of(f, old).doubted, since);
	close_register(f);
	must_verify(f);
}

static void a_former_key_that_signs_beside_it_ends_too(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator");
	struct str first = vkey_now(f);
	(void)rotate(f, &admin);
	struct str second = vkey_now(f);
	instant since = casebook_now(f->book) - INSTANT_PER_HOUR;
	struct casebook_answer answer = compromised(f, &admin, since);
	fixture_must_admit(&answer, "log.key-compromised");
	struct str receipt = receipt_of(f, report(f, "He is alone at night.").index);
	assert_true(holds(f, receipt, vkey_now(f)));
	assert_false(holds(f, receipt, second) || holds(f, receipt, first));
	assert_int_equal(key_of(f, first).doubted, since);
	assert_int_equal(key_of(f, second).doubted, since);
	assert_false(file_exists(path_of(f, FORMER)));
	/* Nothing is left of it to end, nor of the next one. */
	move_time(f, 91);
	MUST(f, casebook_beat(f->book, &f->err));
	answer = compromised(f, &admin, since);
	fixture_must_admit(&answer, "log.key-compromised");
	fixture_reopen(f);
	close_register(f);
	must_verify(f);
}

static void what_it_alone_signed_since_then_is_doubtful(void **state)
{
	struct fixture *f = *state;
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct str receipt = receipt_of(f, concern.index);
	const struct log_policy *policy;
	struct log_receipt_found found;
	MUST(f, log_policy_of_key(f->arena, vkey_now(f), &policy, &f->err));
	MUST(f, log_receipt_check(hasher, f->arena, receipt, policy, NULL, &found, &f->err));
	log_receipt_doubt(&found, found.header.recorded + 1);
	assert_int_equal(found.result, LOG_RECEIPT_SIGNED);
	log_receipt_doubt(&found, found.header.recorded);
	assert_int_equal(found.result, LOG_RECEIPT_DOUBTFUL);
	assert_true(str_eq(log_receipt_word(found.result), STR("doubtful")));
	assert_int_equal(log_receipt_exit(found.result), 1);
	assert_true(found.why.n > 0);
	/* Witnesses saw it in time; and what does not hold stays what it is. */
	found.result = LOG_RECEIPT_WITNESSED;
	log_receipt_doubt(&found, 0);
	assert_int_equal(found.result, LOG_RECEIPT_WITNESSED);
	found.result = LOG_RECEIPT_INCLUSION;
	log_receipt_doubt(&found, 0);
	assert_int_equal(found.result, LOG_RECEIPT_INCLUSION);
}

static void it_wants_an_administrator_who_proved_himself_and_a_time_that_is_past(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator"), screener = person(f, "amara", "screener");
	struct casebook_actor unproved = admin.actor;
	struct casebook_answer answer;
	struct str old = vkey_now(f);
	instant since = casebook_now(f->book) - INSTANT_PER_DAY;
	unproved.is_proved = false;
	MUST(f, casebook_key_compromised(f->book, &unproved, CASEBOOK_CLI, STR_NONE, since, f->arena, &answer, &f->err));
	REFUSED(f, answer, "not-proved");
	assert_int_equal(compromised(f, &screener, since).outcome, CASEBOOK_REFUSED);
	REFUSED(f, compromised(f, &admin, casebook_now(f->book) + INSTANT_PER_DAY), "since");
	REFUSED(f,
	        act(f, &admin.actor, "log.key-compromised", STR("R-1"),
	            fields_of(f, "{'key':'a','old':'b','since':'2026-11-20T10:00:00Z'}")),
	        "by-itself");
	assert_false(casebook_key_compromised(f->book, &admin.actor, CASEBOOK_CLI, STR_NONE, 0, f->arena, &answer, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_true(str_eq(vkey_now(f), old));
	assert_false(file_exists(path_of(f, NEXT)));
}

/* --- broken off ------------------------------------------------------------------------------ */

/* What lies under a name at a stop; p NULL: nothing. */
struct stop {
	struct str next;
	struct str now;
	struct str former;
};

static void put_or_remove(struct fixture *f, const char *name, struct str bytes)
{
	(void)unlink(path_of(f, name));
	if (bytes.p)
		put_file(f, name, bytes);
}

static void an_end_that_was_broken_off_anywhere_is_whole_at_the_next_start(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator");
	struct str first = bytes_of(f, NOW);
	(void)rotate(f, &admin);
	struct str second = bytes_of(f, NOW), noughts = arena_copy(f->arena, second), none = STR_NONE;
	memset((char *)(uintptr_t)noughts.p, 0, noughts.n);
	(void)compromised(f, &admin, casebook_now(f->book) - INSTANT_PER_DAY);
	struct str third = bytes_of(f, NOW), vkey = vkey_now(f);
	close_register(f);
	const struct stop stops[] = {
		{ third, second, first }, /* the commit, and no more */
		{ third, second, noughts }, /* the former one overwritten */
		{ third, second, none },
		{ third, none, second }, /* the one in force moved away */
		{ none, third, second },
		{ none, third, noughts },
		{ none, third, str_sub(noughts, 0, 0) },
		{ none, third, none },
	};
	for (size_t i = 0; i < COUNT_OF(stops); i++) {
		put_or_remove(f, NEXT, stops[i].next);
		put_or_remove(f, NOW, stops[i].now);
		put_or_remove(f, FORMER, stops[i].former);
		bool is_there = str_eq(stops[i].now, second);
		int fd = is_there ? open(path_of(f, NOW), O_RDONLY) : -1;
		must_go_on(f, vkey, false);
		assert_true(str_eq(bytes_of(f, NOW), third));
		if (is_there)
			must_be_noughts(fd, second.n);
	}
}

static void before_its_entry_the_old_key_goes_on(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator");
	struct str old = vkey_now(f), first = bytes_of(f, NOW);
	report(f, "He is alone at night.");
	copy_database(f, "before.db");
	(void)compromised(f, &admin, casebook_now(f->book) - INSTANT_PER_DAY);
	struct str next = bytes_of(f, NOW);
	close_register(f);
	take_database(f, "before.db");
	/* Whole, and torn while it was written. */
	const struct str nexts[] = { next, str_sub(next, 0, next.n / 2), str_sub(next, 0, 0) };
	for (size_t i = 0; i < COUNT_OF(nexts); i++) {
		put_file(f, NEXT, nexts[i]);
		put_file(f, NOW, first);
		must_go_on(f, old, false);
	}
}

/* --- altered --------------------------------------------------------------------------------- */

static void verify_names_whoever_alters_since_when(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator");
	static const struct {
		const char *sql;
		const char *where;
	} ways[] = {
		{ "UPDATE entry SET plain = replace(plain, '\"since\":\"2026-11-25', '\"since\":\"2026-11-26')"
		  " WHERE kind = 'log.key-compromised'",
		  "entry.plain" },
		{ "UPDATE entry SET kind = 'log.blank' WHERE kind = 'log.key-compromised'", "signed.keyid" },
		{ "UPDATE entry SET kind = 'log.key-changed' WHERE kind = 'log.key-compromised'", "entry.kind" },
		{ "UPDATE signed SET keyid = (SELECT s.keyid FROM signed AS s ORDER BY s.size LIMIT 1)"
		  " WHERE size = (SELECT MAX(size) FROM signed)",
		  "signed.keyid" },
		{ "DELETE FROM entry WHERE kind = 'log.key-compromised'", "signed.keyid" },
	};
	(void)compromised(f, &admin, casebook_now(f->book) - INSTANT_PER_DAY);
	report(f, "He is alone at night.");
	close_register(f);
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		copy_database(f, "kept.db");
		run_sql(f, ways[i].sql);
		struct casebook_difference found = looked_at(f);
		if (!str_starts(found.where, str_from_c(ways[i].where)))
			fail_msg("%s: %.*s: %.*s", ways[i].sql, STR_ARG(found.where), STR_ARG(found.what));
		take_database(f, "kept.db");
	}
	must_verify(f);
}

/* The thief's signature over what the register did not sign by it. */
static void verify_names_a_checkpoint_that_the_stolen_key_signed_later(void **state)
{
	struct fixture *f = *state;
	CLEANUP(log_signer_cleanup) struct log_signer *thief = NULL;
	CLEANUP(store_cleanup) struct store *store = NULL;
	struct person admin = person(f, "ada", "register-administrator");
	put_file(f, "stolen.key", bytes_of(f, NOW));
	MUST(f, log_signer_load(path_of(f, "stolen.key"), &thief, &f->err));
	(void)compromised(f, &admin, casebook_now(f->book) - INSTANT_PER_DAY);
	report(f, "He is alone at night.");
	close_register(f);
	must_verify(f);
	MUST(f, store_open(path_of(f, "register.db"), STORE_WRITE, &store, &f->err));
	struct log_signed newest, forged;
	MUST(f, log_signed_newest(store, &newest, &f->err));
	MUST(f, store_begin(store, &f->err));
	MUST(f, store_run(store, "DELETE FROM signed WHERE size = (SELECT MAX(size) FROM signed)", &f->err));
	MUST(f, log_sign(store, thief, NULL, newest.size, &newest.root, &forged, &f->err));
	MUST(f, store_commit(store, &f->err));
	assert_true(str_starts(looked_at(f).where, STR("signed.")));
	assert_false(casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
	assert_non_null(strstr(f->err.message, "does not hold under the log's key"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(it_signs_no_more_from_its_entry_on_and_is_destroyed),
		PROVES(the_log_says_since_when_it_is_doubtful),
		PROVES(a_former_key_that_signs_beside_it_ends_too),
		PROVES(what_it_alone_signed_since_then_is_doubtful),
		PROVES(it_wants_an_administrator_who_proved_himself_and_a_time_that_is_past),
		PROVES(an_end_that_was_broken_off_anywhere_is_whole_at_the_next_start),
		PROVES(before_its_entry_the_old_key_goes_on),
		PROVES(verify_names_whoever_alters_since_when),
		PROVES(verify_names_a_checkpoint_that_the_stolen_key_signed_later),
	};
	return PROVE(tests);
}
