/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The planned change of the signing key: both sign for 90 days, then the new one alone. */
#include <fcntl.h>

#include "casebook/owed.h"
#include "casebook/keys.h"

/* --- the whole way -------------------------------------------------------------------------- */

static void receipts_check_by_the_old_key_by_either_and_by_the_new_one(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator");
	struct str old = vkey_now(f);
	struct str before = receipt_of(f, report(f, "He is alone at night.").index);
	struct casebook_answer changed = rotate(f, &admin);
	fixture_must_admit(&changed, "log.key-changed");
	struct str new = vkey_now(f);
	assert_false(str_eq(old, new));
	assert_true(holds(f, receipt_of(f, changed.index), old));
	for (int i = 0; i < 2; i++) {
		struct casebook_answer concern = report(f, "He is alone again.");
		/* Signed alone, then published too. */
		struct str receipt = receipt_of(f, concern.index);
		assert_true(holds(f, receipt, old) && holds(f, receipt, new));
		MUST(f, casebook_beat(f->book, &f->err));
		receipt = receipt_of(f, concern.index);
		assert_true(holds(f, receipt, old) && holds(f, receipt, new));
		fixture_reopen(f);
		assert_true(str_eq(vkey_now(f), new));
	}
	move_time(f, 89);
	MUST(f, casebook_beat(f->book, &f->err));
	assert_true(holds(f, receipt_of(f, report(f, "Still.").index), old));
	move_time(f, 2);
	MUST(f, casebook_beat(f->book, &f->err));
	struct str after = receipt_of(f, report(f, "And now.").index);
	assert_true(holds(f, after, new));
	assert_false(holds(f, after, old));
	assert_true(holds(f, before, old));
	assert_false(holds(f, before, new));
	fixture_reopen(f);
	assert_true(holds(f, receipt_of(f, report(f, "And later.").index), new));
	close_register(f);
	must_verify(f);
}

static void the_keys_are_listed_with_the_sizes_that_they_signed(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator");
	const struct casebook_key *keys;
	size_t count;
	struct str old = vkey_now(f);
	MUST(f, casebook_keys(f->book, f->arena, &keys, &count, &f->err));
	assert_int_equal(count, 1);
	assert_true(keys[0].signs && str_eq(keys[0].vkey, old));
	int64_t changed = rotate(f, &admin).index;
	MUST(f, casebook_keys(f->book, f->arena, &keys, &count, &f->err));
	assert_int_equal(count, 2);
	assert_true(keys[0].signs && keys[1].signs && str_eq(keys[1].vkey, vkey_now(f)));
	assert_int_equal(keys[1].from, changed + 1);
	move_time(f, 91);
	int64_t entries = report(f, "And now.").index + 1;
	MUST(f, casebook_tidy(f->book, &f->err));
	MUST(f, casebook_keys(f->book, f->arena, &keys, &count, &f->err));
	assert_true(count == 2 && !keys[0].signs && keys[1].signs);
	assert_true(keys[0].to >= entries && str_eq(keys[0].vkey, old));
}

static void the_former_key_is_overwritten_when_it_signs_no_more(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator");
	struct str secret = bytes_of(f, NOW);
	(void)rotate(f, &admin);
	assert_true(str_eq(bytes_of(f, FORMER), secret));
	assert_false(file_exists(path_of(f, NEXT)));
	int fd = open(path_of(f, FORMER), O_RDONLY);
	assert_true(fd >= 0);
	move_time(f, 91);
	MUST(f, casebook_beat(f->book, &f->err));
	assert_false(file_exists(path_of(f, FORMER)));
	char left[4096];
	ssize_t n = read(fd, left, sizeof left);
	close(fd);
	assert_int_equal(n, secret.n);
	for (ssize_t i = 0; i < n; i++)
		assert_int_equal(left[i], 0);
}

/* --- who may, and when ---------------------------------------------------------------------- */

static void it_wants_an_administrator_who_proved_himself_and_one_change_at_a_time(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator"), screener = person(f, "amara", "screener");
	struct casebook_answer answer;
	struct casebook_actor unproved = admin.actor;
	struct str old = vkey_now(f);
	unproved.is_proved = false;
	MUST(f, casebook_key_rotate(f->book, &unproved, CASEBOOK_CLI, STR_NONE, f->arena, &answer, &f->err));
	REFUSED(f, answer, "not-proved");
	assert_int_equal(rotate(f, &screener).outcome, CASEBOOK_REFUSED);
	REFUSED(f, act(f, &admin.actor, "log.key-changed", STR("R-1"), fields_of(f, "{'key':'a','old':'b'}")), "by-itself");
	assert_true(str_eq(vkey_now(f), old));
	assert_false(file_exists(path_of(f, NEXT)));
	struct casebook_answer changed = rotate(f, &admin);
	fixture_must_admit(&changed, "log.key-changed");
	REFUSED(f, rotate(f, &admin), "both-sign");
	move_time(f, 91);
	MUST(f, casebook_beat(f->book, &f->err));
	changed = rotate(f, &admin);
	fixture_must_admit(&changed, "log.key-changed");
	report(f, "He is alone at night.");
	fixture_reopen(f);
	close_register(f);
	must_verify(f);
}

/* --- broken off ------------------------------------------------------------------------------ */

static void a_change_that_was_broken_off_is_whole_or_not_at_all(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator");
	struct str old = vkey_now(f), old_file = bytes_of(f, NOW);
	report(f, "He is alone at night.");
	copy_database(f, "before.db");
	(void)rotate(f, &admin);
	struct str new = vkey_now(f), new_file = bytes_of(f, NOW);
	copy_database(f, "after.db");
	close_register(f);
	/* After the commit, before any file moved. */
	put_file(f, NEXT, new_file);
	put_file(f, NOW, old_file);
	(void)unlink(path_of(f, FORMER));
	must_go_on(f, new, true);
	/* Between the second name of the old key and the new one's taking its place. */
	put_file(f, NEXT, new_file);
	put_file(f, NOW, old_file);
	(void)unlink(path_of(f, FORMER));
	assert_int_equal(link(path_of(f, NOW), path_of(f, FORMER)), 0);
	must_go_on(f, new, true);
	/* Before the commit; the new key whole, torn while it was written, and not yet begun. */
	take_database(f, "before.db");
	for (size_t n = new_file.n;; n /= 2) {
		put_file(f, NEXT, str_sub(new_file, 0, n));
		put_file(f, NOW, old_file);
		(void)unlink(path_of(f, FORMER));
		must_go_on(f, old, false);
		if (n == 0)
			break;
	}
}

static void an_end_that_was_broken_off_is_ended_at_the_next_start(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator");
	struct str old_file = bytes_of(f, NOW);
	(void)rotate(f, &admin);
	struct str new = vkey_now(f);
	move_time(f, 91);
	MUST(f, casebook_beat(f->book, &f->err));
	close_register(f);
	put_file(f, FORMER, old_file);
	must_go_on(f, new, false);
	/* Overwritten, and not yet removed. */
	char *noughts = arena_alloc(f->arena, old_file.n, 1);
	memset(noughts, 0, old_file.n);
	put_file(f, FORMER, (struct str){ noughts, old_file.n });
	must_go_on(f, new, false);
}

static void a_former_key_whose_file_is_gone_ends_at_the_next_start(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator");
	(void)rotate(f, &admin);
	struct str new = vkey_now(f);
	close_register(f);
	(void)unlink(path_of(f, FORMER));
	must_go_on(f, new, false);
}

/* The register put back from a copy that is older than the change: its keys are all there still. */
static void an_older_copy_beside_newer_keys_loses_none_of_them(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator");
	struct str old = vkey_now(f);
	copy_database(f, "before.db");
	(void)rotate(f, &admin);
	struct str new_file = bytes_of(f, NOW), old_file = bytes_of(f, FORMER);
	close_register(f);
	take_database(f, "before.db");
	must_go_on(f, old, true);
	assert_true(str_eq(bytes_of(f, NOW), new_file));
	assert_true(str_eq(bytes_of(f, FORMER), old_file));
}

/* A register on a disk that fails, in a folder of its own for the keys. */
struct failing {
	struct fixture g;
	struct casebook_shelf *shelf;
	struct store_shim *shim;
	struct casebook_actor admin;
};

static void open_failing(struct fixture *f, struct failing *on, uint64_t seed)
{
	struct casebook_options options = {
		.vfs = store_shim_name(on->shim), .shelf = on->shelf, .has_seed = true, .seed = seed
	};
	MUST(f, casebook_open_with(on->g.dir, CASEBOOK_WRITE, &options, &on->g.book, &f->err));
}

static void found_failing(struct fixture *f, const struct pack_bytes *pack, struct casebook_shelf *shelf,
                          struct failing *on)
{
	struct casebook_made made;
	*on = (struct failing){ .g = { .arena = f->arena }, .shelf = shelf };
	MUST(f, store_shim_create(99, &on->shim, &f->err));
	(void)snprintf(on->g.dir, sizeof on->g.dir, "%.40s-failing", f->dir);
	struct casebook_founding founding = { .dir = on->g.dir,
		                              .pack = pack,
		                              .shelf = shelf,
		                              .origin = STR("drill.north.example/register"),
		                              .is_drill = true,
		                              .has_seed = true,
		                              .seed = 1,
		                              .start = FIXTURE_START - INSTANT_PER_HOUR,
		                              .vfs = store_shim_name(on->shim) };
	MUST(f, casebook_create(&founding, f->arena, &made, &f->err));
	open_failing(f, on, 20);
	MUST(f, casebook_set_now(on->g.book, FIXTURE_START, &f->err));
	on->admin = person(&on->g, "ada", "register-administrator").actor;
	on->admin.is_proved = true;
}

static void verify_failing(struct fixture *f, struct failing *on)
{
	struct casebook_options options = { .vfs = store_shim_name(on->shim) };
	struct casebook_verified found;
	MUST(f, casebook_verify_on(&options, on->g.dir, CASEBOOK_VERIFY_LOG, f->arena, NULL, NULL, &found,
	                           &f->err));
	if (!found.ok)
		fail_msg("%.*s: %.*s", STR_ARG(found.difference.where), STR_ARG(found.difference.what));
}

enum what { CHANGE, END, STOLEN, WHATS };

static bool begin_what(struct fixture *f, struct failing *on, enum what what, struct casebook_answer *answer)
{
	instant since = casebook_now(on->g.book) - INSTANT_PER_DAY;
	switch (what) {
	case CHANGE:
		return casebook_key_rotate(on->g.book, &on->admin, CASEBOOK_CLI, STR_NONE, f->arena, answer, &on->g.err);
	case STOLEN:
		return casebook_key_compromised(on->g.book, &on->admin, CASEBOOK_CLI, STR_NONE, since, f->arena, answer,
		                                &on->g.err);
	case END:
	case WHATS:
		break;
	}
	return casebook_tidy(on->g.book, &on->g.err);
	}

/* One fault at one operation of the disk, in a change or in an end; false: it came to no fault. */
static bool fail_once(struct fixture *f, const struct pack_bytes *pack, struct casebook_shelf *shelf,
                      enum store_fault fault, int64_t at, enum what what, size_t *changed)
{
	struct failing on;
	struct casebook_answer answer = { 0 };
	found_failing(f, pack, shelf, &on);
	struct str old = vkey_now(&on.g);
	if (what == END) {
		MUST(f, casebook_key_rotate(on.g.book, &on.admin, CASEBOOK_CLI, STR_NONE, f->arena, &answer, &f->err));
		move_time(&on.g, 91);
	}
	store_shim_plan(on.shim, fault, at);
	(void)!begin_what(f, &on, what, &answer);
	bool has_failed = store_shim_has_failed(on.shim);
	bool is_told = what != END && on.g.err.code == 0 && answer.outcome == CASEBOOK_ADMITTED;
	casebook_close(on.g.book);
	store_shim_restart(on.shim);
	verify_failing(f, &on);
	open_failing(f, &on, 30);
	struct str now = vkey_now(&on.g);
	*changed += !str_eq(now, old);
	if (is_told || what == END)
		assert_false(str_eq(now, old)); /* L1 */
	assert_true(holds(&on.g, receipt_of(&on.g, report(&on.g, "He is alone at night.").index), now));
	assert_false(file_exists(path_of(&on.g, NEXT)));
	if (what == STOLEN)
		assert_false(file_exists(path_of(&on.g, FORMER)));
	casebook_close(on.g.book);
	verify_failing(f, &on);
	store_shim_destroy(on.shim);
	fixture_remove_folder(f->arena, on.g.dir);
	return has_failed;
}

static void a_disk_that_fails_at_any_point_leaves_a_register_with_its_key(void **state)
{
	struct fixture *f = *state;
	const char *folders[] = { test_packs() };
	static const enum store_fault faults[] = { STORE_FAULT_POWER, STORE_FAULT_AFTER, STORE_FAULT_SYNC, STORE_FAULT_WRITE };
	CLEANUP(casebook_shelf_cleanup) struct casebook_shelf *shelf = casebook_shelf_create();
	const struct pack_bytes *pack = NULL;
	MUST(f, pack_find(f->arena, folders, 1, STR("england"), &pack, &f->err));
	size_t points = 0, changed = 0;
	journal_set_level(JOURNAL_SILENT);
	for (size_t i = 0; i < WHATS * COUNT_OF(faults); i++) {
		enum what what = (enum what)(i % WHATS);
		int64_t at = 1;
		while (at < 40 && fail_once(f, pack, shelf, faults[i / WHATS], at, what, &changed))
			at += at < 4 || what != END ? 1 : 6;
		points += (size_t)at;
	}
	journal_set_level(JOURNAL_INFO);
	/* Neither always before the commit nor always after it. */
	assert_true(points > 16);
	assert_true(changed > 8 && changed < points);
}

/* --- altered --------------------------------------------------------------------------------- */

struct way {
	const char *sql;
	const char *where;
};

static void verify_names_whoever_alters_what_the_log_says_of_its_keys(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator");
	static const struct way ways[] = {
		{ "UPDATE signed SET sig = substr(sig, 1, 64) WHERE size = (SELECT MAX(size) FROM signed WHERE length(sig) = 128)",
		  "signed.sig" },
		{ "UPDATE signed SET sig = CAST(substr(sig, 65, 64) || substr(sig, 1, 64) AS BLOB) WHERE length(sig) = 128", "signed.sig" },
		{ "UPDATE signed SET sig = CAST(sig || zeroblob(64) AS BLOB) WHERE size = (SELECT MAX(size) FROM signed)", "signed.sig" },
		{ "UPDATE signed SET keyid = (SELECT s.keyid FROM signed AS s ORDER BY s.size LIMIT 1)"
		  " WHERE size = (SELECT MAX(size) FROM signed)",
		  "signed.keyid" },
		{ "UPDATE signed SET keyid = (SELECT s.keyid FROM signed AS s ORDER BY s.size DESC LIMIT 1) WHERE size = 9",
		  "signed.keyid" },
		{ "UPDATE published SET note = substr(note, 1, length(note) - 300)", "published.note" },
		{ "UPDATE entry SET plain = replace(plain, 'ended', 'endee') WHERE kind = 'log.key-changed'", "entry.plain" },
		{ "UPDATE entry SET plain = NULL WHERE kind = 'log.key-changed'", "entry.plain" },
		{ "UPDATE entry SET kind = 'log.blank' WHERE kind = 'log.key-changed'", "signed.keyid" },
		{ "UPDATE entry SET file = 1 WHERE kind = 'log.key-changed'", "signed.keyid" },
		{ "DELETE FROM entry WHERE kind = 'log.key-changed'", "signed.keyid" },
		{ "UPDATE entry SET kind = 'log.key-changed' WHERE idx = (SELECT MAX(idx) FROM entry WHERE file = 0"
		  " AND kind = 'log.blank')",
		  "entry.kind" },
	};
	(void)rotate(f, &admin);
	report(f, "He is alone at night.");
	MUST(f, casebook_beat(f->book, &f->err));
	move_time(f, 91);
	MUST(f, casebook_beat(f->book, &f->err));
	MUST(f, casebook_beat(f->book, &f->err));
	copy_database(f, "whole.db");
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

static void another_key_than_the_log_names_opens_nothing(void **state)
{
	struct fixture *f = *state;
	struct person admin = person(f, "ada", "register-administrator");
	struct str old_file = bytes_of(f, NOW);
	(void)rotate(f, &admin);
	close_register(f);
	(void)unlink(path_of(f, FORMER));
	put_file(f, NOW, old_file);
	struct casebook_difference found = looked_at(f);
	assert_true(str_eq(found.where, STR("entry.plain or keys/log.key")));
	assert_false(casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
	assert_non_null(strstr(f->err.message, "put that one back"));
	assert_true(str_eq(bytes_of(f, NOW), old_file));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(receipts_check_by_the_old_key_by_either_and_by_the_new_one),
		PROVES(the_keys_are_listed_with_the_sizes_that_they_signed),
		PROVES(the_former_key_is_overwritten_when_it_signs_no_more),
		PROVES(it_wants_an_administrator_who_proved_himself_and_one_change_at_a_time),
		PROVES(a_change_that_was_broken_off_is_whole_or_not_at_all),
		PROVES(an_end_that_was_broken_off_is_ended_at_the_next_start),
		PROVES(a_former_key_whose_file_is_gone_ends_at_the_next_start),
		PROVES(an_older_copy_beside_newer_keys_loses_none_of_them),
		PROVES(a_disk_that_fails_at_any_point_leaves_a_register_with_its_key),
		PROVES(verify_names_whoever_alters_what_the_log_says_of_its_keys),
		PROVES(another_key_than_the_log_names_opens_nothing),
	};
	return PROVE(tests);
}
