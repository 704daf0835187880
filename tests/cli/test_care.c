/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Keeping a register well: verify, refold, backup and restore, shares, doctor, the log's public side. */
#include "cli/cli_fixture.h"
#include "store/store.h"

static void a_good_register_verifies(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	must_run(f, "verify", drill(f), "--json");
	const struct json *found = json_of(f);
	assert_true(has_members(found, "ok entries acts root difference"));
	assert_true(json_is_true(found, STR("ok")));
	assert_true(json_number(found, STR("entries"), 0) > 1);
	assert_int_equal(json_number(found, STR("acts"), 0), 1);
	assert_int_equal(json_text(found, STR("root")).n, 64);
	assert_int_equal(json_member(found, STR("difference"))->type, JSON_NULL);
	must_run(f, "verify", drill(f), "--log");
}

static void an_altered_byte_is_an_answer_no(void **state)
{
	struct fixture *f = *state; /* L2 */
	(void)report(f, "He is alone at night.");
	struct str bytes = text_of(f, path_of(f, "r/register.db"));
	size_t at = str_find_str(bytes, STR("not-yet-known"));
	assert_true(at < bytes.n);
	char *altered = arena_alloc(f->arena, bytes.n, 1);
	memcpy(altered, bytes.p, bytes.n);
	memcpy(altered + at, "physical-harm", 13);
	write_file(f, "r/register.db", (struct str){ altered, bytes.n });
	assert_int_equal(run(f, "verify", drill(f), "--json"), 1);
	const struct json *found = json_of(f);
	assert_false(json_is_true(found, STR("ok")));
	assert_true(has_members(json_member(found, STR("difference")), "where index what"));
}

static void refolding_changes_nothing_that_is_seen(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	must_run(f, "duties", drill(f), "--json");
	struct str before = f->out;
	must_run(f, "refold", drill(f));
	must_run(f, "duties", drill(f), "--json");
	assert_true(str_eq(f->out, before));
}

static void offices_changed_by_hand_shut_the_register_until_a_refold(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	struct store *store = NULL;
	struct err err = { 0 };
	bool done = store_open(path_of(f, "r/register.db"), STORE_WRITE, &store, &err) &&
	            store_run(store, "UPDATE office SET role = 'edt' WHERE id = 'screener'", &err);
	store_cleanup(&store);
	if (!done)
		fail_msg("%s", err.message);
	assert_int_equal(run(f, "report", drill(f), "--text", "He is alone again."), 4);
	assert_true(says(f->words, "candour refold"));
	must_run(f, "refold", drill(f));
	(void)report(f, "He is alone again.");
	must_run(f, "verify", drill(f));
}

static void a_backup_holds_no_master_key(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	struct str master = text_of(f, (drill(f), path_of(f, "r/keys/master.key")));
	struct str secret = str_trim(str_sub(master, master.n - 46, 46));
	must_run(f, "backup", drill(f), path_of(f, "copy"));
	static const char *const FILES[] = { "copy/register.db", "copy/checkpoint", "copy/keys/keys.db",
		                             "copy/keys/carried" };
	for (size_t i = 0; i < COUNT_OF(FILES); i++)
		assert_false(says(text_of(f, path_of(f, FILES[i])), str_to_c(f->arena, secret)));
	assert_false(file_exists(path_of(f, "copy/keys/master.key")));
	assert_false(file_exists(path_of(f, "copy/keys/log.key")));
}

/* Exit 1 is for what does not fit; a register that verify cannot look into says what to do. */
static void verify_without_the_master_key_says_how_to_get_it_back(void **state)
{
	struct fixture *f = *state;
	const char *dir = drill(f);
	(void)report(f, "He is alone at night.");
	assert_int_equal(rename(path_of(f, "r/keys/master.key"), path_of(f, "kept")), 0);
	assert_int_equal(run(f, "verify", dir), 4);
	assert_true(says(f->words, "candour key join"));
	assert_int_equal(run(f, "verify", dir, "--log"), 0);
	assert_int_equal(rename(path_of(f, "kept"), path_of(f, "r/keys/master.key")), 0);
	must_run(f, "verify", dir);
}

/* Its keys lie in it sealed: nothing is asked of them, and nobody is sent to rebuild one there. */
static void a_backup_is_checked_without_a_key(void **state)
{
	struct fixture *f = *state;
	const char *backup = path_of(f, "backup");
	(void)report(f, "He is alone at night.");
	must_run(f, "backup", drill(f), backup);
	must_run(f, "verify", drill(f), "--log");
	const char *root = value_of(f, "root");
	must_run(f, "verify", backup, "--log");
	assert_string_equal(value_of(f, "root"), root);
	assert_true(says(f->out, "not checked: sealed words"));
	assert_int_equal(run(f, "verify", backup), 4);
	assert_true(says(f->words, "is a backup"));
	assert_true(says(f->words, "candour restore"));
	assert_true(says(f->words, "--log"));
	assert_false(says(f->words, "key join"));
	assert_int_equal(run(f, "duties", backup), 4);
	assert_true(says(f->words, "is a backup"));
}

/* Nobody knows then whether the database was set back: it is said until the newest tree is kept again. */
static void a_register_that_forgot_its_newest_tree_says_so(void **state)
{
	struct fixture *f = *state;
	const char *dir = drill(f);
	must_run(f, "verify", dir);
	assert_false(says(f->out, "not checked"));
	assert_int_equal(unlink(path_of(f, "r/keys/newest")), 0);
	must_run(f, "verify", dir);
	assert_true(says(f->out, "not checked: whether something newer was here: keys/newest"));
	must_run(f, "verify", dir, "--json");
	assert_true(json_is_true(json_of(f), STR("ok")));
	assert_true(says(f->out, "\"unchecked\""));
	must_run(f, "doctor", dir);
	assert_true(says(f->out, "newest: keys/newest is gone"));
	assert_true(says(f->out, "witnesses: nobody outside is asked to countersign"));
	must_run(f, "report", dir, "--text", "He is alone at night.");
	assert_true(says(f->words, "All was checked and fits"));
	must_run(f, "doctor", dir);
	assert_false(says(f->out, "keys/newest"));
	must_run(f, "verify", dir);
	assert_false(says(f->out, "not checked"));
}

static void keys_without_a_database_are_not_made_anew(void **state)
{
	static const char *const COMMANDS[] = { "verify", "duties", "refold" };
	struct fixture *f = *state;
	const char *dir = drill(f);
	assert_int_equal(unlink(path_of(f, "r/register.db")), 0);
	for (size_t i = 0; i < COUNT_OF(COMMANDS); i++) {
		assert_int_equal(run(f, COMMANDS[i], dir), 1);
		assert_true(says(f->words, "holds keys and no register.db"));
		assert_false(says(f->words, "make one with"));
	}
}

/* Whoever inspects has register.db, and the verifier key from elsewhere. */
static void a_bare_copy_of_the_database_is_checked_without_a_key(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	must_run(f, "log", "vkey", drill(f));
	const char *key = line_of(f, 0), *bare = path_of(f, "bare");
	must_run(f, "verify", drill(f), "--log");
	const char *root = value_of(f, "root");
	struct err err = { 0 };
	assert_true(file_make_folder(bare, 0700, &err));
	write_file(f, "bare/register.db", text_of(f, path_of(f, "r/register.db")));
	must_run(f, "verify", bare, "--log");
	assert_string_equal(value_of(f, "root"), root);
	assert_true(says(f->out, "not checked: signatures"));
	assert_int_equal(run(f, "verify", bare), 4);
	assert_true(says(f->words, "keys is not there"));
	assert_true(says(f->words, "--log"));
	must_run(f, "verify", bare, "--log", "--vkey", key);
	assert_string_equal(value_of(f, "by"), arena_format(f->arena, "key %s", key).p);
	assert_false(says(f->out, "not checked: signatures"));
	must_run(f, "verify", bare, "--log", "--json");
	assert_true(has_members(json_of(f), "ok entries acts root difference by_key unchecked"));
	assert_int_equal(json_member(json_of(f), STR("unchecked"))->count, 2);
	assert_int_equal(run(f, "verify", bare, "--vkey", key), 2);
	must_run(f, "init", path_of(f, "other"), "--drill", "--origin", "drill.other.example/r");
	must_run(f, "log", "vkey", path_of(f, "other"));
	assert_int_equal(run(f, "verify", bare, "--log", "--vkey", line_of(f, 0)), 1);
	assert_false(file_exists(path_of(f, "bare/last-verify")));
}

/* Changes the older of two concerns' first entry, the % of `sql`, whose number comes back. */
static const char *altered(struct fixture *f, const char *path, const char *sql)
{
	struct err err = { 0 };
	struct store *store = NULL;
	int64_t n;
	assert_true(store_open(path, STORE_WRITE, &store, &err));
	assert_true(store_get_int(store, "SELECT MIN(idx) FROM entry WHERE kind = 'concern.received'", &n, &err));
	const char *number = arena_format(f->arena, "%" PRId64, n).p;
	struct str text = str_from_c(sql);
	size_t at = str_find(text, '%');
	if (!store_run(store, arena_format(f->arena, "%.*s%s", (int)at, sql, number).p, &err))
		fail_msg("%s (%s)", err.message, err.context);
	assert_int_equal(store_changes(store), 1);
	store_close(store);
	return number;
}

static void must_name(struct fixture *f, const char *dir, const char *entry)
{
	assert_int_equal(run(f, "verify", dir, "--log"), 1);
	assert_true(says(f->out, "not ok: entry"));
	assert_true(says(f->out, entry) || says(f->words, entry));
}

/* Each by itself, of a fresh copy: what somebody could do to the one that an inspector is handed. */
static void a_bare_copy_names_the_entry_that_was_altered(void **state)
{
	static const struct {
		const char *sql;
		const char *where;
	} CHANGES[] = {
		{ "UPDATE entry SET plain = replace(plain, '\"harm\"', '\"hurt\"') WHERE idx = %", "entry.plain" },
		{ "UPDATE entry SET sealed = zeroblob(length(sealed)) WHERE idx = %", "entry.sealed" },
		{ "UPDATE entry SET header = CAST(replace(CAST(header AS TEXT), 'received', 'answered') AS BLOB)"
		  " WHERE idx = %", "entry.header" },
		{ "UPDATE entry SET nonce = zeroblob(length(nonce)) WHERE idx = %", "entry.nonce" },
		{ "UPDATE entry SET kind = 'concern.answered' WHERE idx = %", "entry.kind" },
		{ "UPDATE entry SET commitment = zeroblob(length(commitment)) WHERE idx = %", "entry.commitment" },
		{ "DELETE FROM entry WHERE idx = %", "entry" },
	};
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	(void)report(f, "He is alone again.");
	must_run(f, "log", "vkey", drill(f));
	const char *key = line_of(f, 0), *bare = path_of(f, "bare");
	struct str whole = text_of(f, path_of(f, "r/register.db"));
	struct err err = { 0 };
	assert_true(file_make_folder(bare, 0700, &err));
	for (size_t i = 0; i < COUNT_OF(CHANGES); i++) {
		write_file(f, "bare/register.db", whole);
		const char *n = altered(f, path_of(f, "bare/register.db"), CHANGES[i].sql);
		for (int with_key = 0; with_key < 2; with_key++) {
			assert_int_equal(with_key ? run(f, "verify", bare, "--log", "--json", "--vkey", key)
			                          : run(f, "verify", bare, "--log", "--json"), 1);
			const struct json *difference = json_member(json_of(f), STR("difference"));
			struct str where = json_text(difference, STR("where"));
			if (!str_starts(where, str_from_c(CHANGES[i].where)))
				fail_msg("%s: %.*s", CHANGES[i].sql, STR_ARG(where));
			assert_string_equal(n, arena_format(f->arena, "%" PRId64, json_number(difference, STR("index"), -1)).p);
		}
		must_name(f, bare, n);
	}
}

static void a_restored_register_goes_on(void **state)
{
	struct fixture *f = *state;
	const char *code = report(f, "He is alone at night.");
	const char *copy = path_of(f, "copy"), *back = path_of(f, "back");
	must_run(f, "backup", drill(f), copy);
	must_run(f, "restore", copy, back, "--master", path_of(f, "r/keys/master.key"));
	must_run(f, "status", back, code);
	must_run(f, "report", back, "--text", "She has no coat.");
	must_run(f, "verify", back);
}

static int receipt_by(struct fixture *f, const char *key)
{
	return run(f, "receipt", path_of(f, "receipt"), "--vkey", key);
}

/* A backup taken while both keys sign carries both; the restored register signs on with both. */
static void the_signing_key_is_changed_and_carried_in_a_backup(void **state)
{
	struct fixture *f = *state;
	const char *copy = path_of(f, "copy"), *back = path_of(f, "back");
	must_run(f, "log", "vkey", drill(f));
	const char *old = line_of(f, 0);
	must_run(f, "key", "rotate", drill(f), "--as", "ada");
	assert_int_equal(run(f, "key", "rotate", drill(f), "--as", "ada"), 1);
	must_run(f, "log", "vkey", drill(f));
	const char *new = line_of(f, 0);
	assert_string_not_equal(old, new);
	assert_true(says(f->out, old)); /* further down, with the sizes it signed */
	must_run(f, "backup", drill(f), copy);
	must_run(f, "restore", copy, back, "--master", path_of(f, "r/keys/master.key"));
	must_run(f, "report", back, "--text", "She has no coat.", "--receipt", path_of(f, "receipt"));
	assert_int_equal(receipt_by(f, old), 0);
	assert_int_equal(receipt_by(f, new), 0);
	must_run(f, "verify", back);
	must_run(f, "clock", back, "--until", "2030-01-01T00:00:00Z");
	assert_false(file_exists(path_of(f, "back/keys/log.key.former")));
	must_run(f, "report", back, "--text", "She is cold.", "--receipt", path_of(f, "receipt"));
	assert_int_equal(receipt_by(f, old), 1);
	assert_int_equal(receipt_by(f, new), 0);
	must_run(f, "verify", back);
}

/* For the health page: when it was done, never where to. */
static void what_was_done_is_left_in_the_registers_folder(void **state)
{
	struct fixture *f = *state;
	const char *copy = path_of(f, "copy"), *back = path_of(f, "back");
	(void)report(f, "He is alone at night.");
	must_run(f, "verify", drill(f));
	must_run(f, "backup", drill(f), copy);
	assert_true(file_exists(path_of(f, "r/last-verify")));
	assert_true(file_exists(path_of(f, "r/last-backup")));
	assert_false(file_exists(path_of(f, "r/last-restore")));
	must_run(f, "restore", copy, back, "--master", path_of(f, "r/keys/master.key"), "--trial-of",
	         drill(f));
	assert_true(file_exists(path_of(f, "r/last-restore")));
	struct str text;
	struct err err = { 0 };
	assert_true(file_read(f->arena, path_of(f, "r/last-restore"), 100, &text, &err));
	assert_int_equal(str_find(text, ' '), text.n); /* it was good */
}

static void officers_shares_restore_without_the_master_key(void **state)
{
	struct fixture *f = *state;
	const char *code = report(f, "He is alone at night.");
	const char *copy = path_of(f, "copy"), *back = path_of(f, "back");
	must_run(f, "key", "split", drill(f), "2/3");
	write_file(f, "shares", arena_format(f->arena, "%s\n%s\n", line_of(f, 0), line_of(f, 2)));
	write_file(f, "one", str_from_c(line_of(f, 1)));
	must_run(f, "backup", drill(f), copy);
	assert_int_equal(run(f, "restore", copy, back, "--shares", path_of(f, "one")), 3);
	assert_false(file_exists(back));
	must_run(f, "restore", copy, back, "--shares", path_of(f, "shares"));
	must_run(f, "status", back, code);
}

static void a_lost_master_key_is_joined_again(void **state)
{
	struct fixture *f = *state;
	const char *code = report(f, "He is alone at night.");
	must_run(f, "key", "split", drill(f), "2/2");
	write_file(f, "shares", f->out);
	assert_int_equal(unlink(path_of(f, "r/keys/master.key")), 0);
	must_run(f, "key", "join", drill(f), "--shares", path_of(f, "shares"));
	must_run(f, "show", drill(f), "C-1", "--as", "amara", "--office", "screener");
	assert_true(says(f->out, "He is alone at night."));
	must_run(f, "status", drill(f), code);
}

static void officers_shares_give_an_account_a_way_in_again(void **state)
{
	struct fixture *f = *state;
	const char *dir = path_of(f, "r");
	must_run(f, "init", dir, "--drill", "--start", START, "--shares", "2/3");
	write_file(f, "shares", arena_format(f->arena, "%s\n%s\n", line_of(f, 0), line_of(f, 2)));
	write_file(f, "one", str_from_c(line_of(f, 1)));
	write_file(f, "password", STR("twelve letters and more\n"));
	must_run(f, "account", "add", dir, "zofia", "--as", "admin", "--password", path_of(f, "password"));
	assert_int_equal(run(f, "account", "recover", dir, "zofia", "--shares", path_of(f, "one"), "--password",
	                     path_of(f, "password")), 3);
	assert_int_equal(run(f, "account", "recover", dir, "nobody", "--shares", path_of(f, "shares"), "--password",
	                     path_of(f, "password")), 1);
	must_run(f, "account", "recover", dir, "zofia", "--shares", path_of(f, "shares"), "--password",
	         path_of(f, "password"));
	assert_true(says(f->out, "otpauth://totp/Candour:zofia"));
	must_run(f, "duties", dir, "--office", "head-of-service", "--json");
	assert_true(says(f->out, "\"R02\""));
	must_run(f, "verify", dir);
}

static void one_token_is_ended_by_the_entry_that_made_it(void **state)
{
	struct fixture *f = *state;
	write_file(f, "password", STR("twelve letters and more\n"));
	(void)report(f, "He is alone at night.");
	assert_int_equal(run(f, "show", drill(f), "C-1", "--as", "amara", "--office", "screener"), 0);
	must_run(f, "account", "token", drill(f), "amara", "--for", "screener", "--until", "2099-01-01T00:00:00Z", "--as",
	         "amara");
	write_file(f, "token", str_from_c(line_of(f, 0)));
	must_run(f, "show", drill(f), "C-1", "--token", path_of(f, "token"));
	must_run(f, "account", "token", "list", drill(f), "--json");
	const struct json *token = json_of(f)->first;
	assert_true(has_members(token, "entry account name office made until state"));
	assert_true(str_eq(json_text(token, STR("state")), STR("live")));
	const char *entry = arena_format(f->arena, "%" PRId64, json_number(token, STR("entry"), -1)).p;
	assert_int_equal(run(f, "account", "token", "end", drill(f), "1", "--as", "amara"), 1);
	assert_int_equal(run(f, "account", "token", "end", drill(f), "x", "--as", "amara"), 3);
	must_run(f, "account", "token", "end", drill(f), entry, "--as", "amara");
	assert_int_equal(run(f, "show", drill(f), "C-1", "--token", path_of(f, "token")), 1);
	must_run(f, "account", "token", "list", drill(f));
	assert_true(says(f->out, "amara  screener"));
	assert_true(says(f->out, "ended"));
}

static void the_doctor_wants_shares_read_back(void **state)
{
	struct fixture *f = *state;
	const char *live = path_of(f, "live");
	must_run(f, "init", live, "--origin", "northmere.example/register", "--shares", "2/3");
	const char *one = line_of(f, 1), *two = line_of(f, 3);
	assert_int_equal(run(f, "doctor", live), 1);
	assert_true(says(f->out, "BAD   shares: 0 of 3"));
	write_file(f, "one", str_from_c(one));
	write_file(f, "two", str_from_c(two));
	must_run(f, "key", "confirm", live, "--share", path_of(f, "one"));
	must_run(f, "key", "confirm", live, "--share", path_of(f, "two"));
	must_run(f, "backup", live, path_of(f, "copy"));
	must_run(f, "doctor", live, "--json");
	assert_true(json_of(f)->count > 4);
}

static void the_doctor_sees_what_others_may_read(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(chmod((drill(f), path_of(f, "r")), 0755), 0);
	assert_int_equal(run(f, "doctor", drill(f)), 1);
	assert_true(says(f->out, "chmod go= "));
}

static void the_doctor_looks_over_a_register_that_cannot_be_opened(void **state)
{
	struct fixture *f = *state;
	const char *dir = drill(f);
	(void)report(f, "He is alone at night.");
	assert_int_equal(chmod(path_of(f, "r/keys/master.key"), 0644), 0);
	assert_int_equal(run(f, "doctor", dir), 1);
	assert_true(says(f->out, "BAD   register: it cannot be opened"));
	assert_true(says(f->out, "BAD   permissions: "));
	assert_true(says(f->out, "disk: "));
	assert_int_equal(unlink(path_of(f, "r/keys/master.key")), 0);
	assert_int_equal(run(f, "doctor", dir), 1);
	assert_true(says(f->out, "master.key is not there"));
	assert_true(says(f->out, "candour key join"));
	assert_true(says(f->out, "disk: "));
	assert_int_equal(run(f, "doctor", dir, "--json"), 1);
	assert_true(json_of(f)->count >= 4);
	assert_int_equal(run(f, "doctor", path_of(f, "nowhere")), 1);
	assert_int_equal(f->out.n, 0);
}

static void the_doctor_knows_of_a_verify_that_failed(void **state)
{
	struct fixture *f = *state;
	const char *dir = drill(f);
	must_run(f, "verify", dir);
	must_run(f, "doctor", dir);
	assert_true(says(f->out, "ok    proof: "));
	write_file(f, "r/last-verify", STR("2026-11-26T10:00:00Z not ok\n"));
	assert_int_equal(run(f, "doctor", dir), 1);
	assert_true(says(f->out, "BAD   proof: "));
}

static bool is_told_as_a_copy_when_served(struct fixture *f)
{
	serve(f);
	assert_int_equal(stop_serving(f), 0);
	return says(text_of(f, path_of(f, "words")), "Only one of them may go on");
}

/* Two copies would sign two histories under one name. */
static void a_copy_of_a_folder_is_told_when_it_is_served(void **state)
{
	struct fixture *f = *state;
	const char *dir = drill(f), *copy = path_of(f, "copy"), *away = path_of(f, "away");
	(void)is_told_as_a_copy_when_served(f); /* drills of tests are copies themselves */
	assert_false(is_told_as_a_copy_when_served(f));
	copy_folder(f->arena, dir, copy);
	must_run(f, "report", copy, "--text", "She has no coat."); /* no command takes it for its own */
	must_run(f, "doctor", copy);
	assert_true(says(f->out, "note  folder: it is a copy"));
	must_run(f, "doctor", dir);
	assert_false(says(f->out, "it is a copy"));
	assert_int_equal(rename(dir, away), 0);
	assert_int_equal(rename(copy, dir), 0);
	assert_true(is_told_as_a_copy_when_served(f));
	assert_false(is_told_as_a_copy_when_served(f));
	must_run(f, "doctor", dir);
	assert_false(says(f->out, "it is a copy"));
	assert_int_equal(rename(dir, copy), 0);
	assert_int_equal(rename(away, dir), 0);
	assert_false(is_told_as_a_copy_when_served(f));
}

static void the_logs_public_side_is_printed(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	must_run(f, "log", "vkey", drill(f));
	const char *key = line_of(f, 0);
	assert_true(says(f->out, "drill.northmere.example/register+"));
	must_run(f, "log", "prove", drill(f), "3");
	write_file(f, "proof", f->out);
	must_run(f, "receipt", path_of(f, "proof"), "--vkey", key);
	must_run(f, "log", "checkpoint", drill(f));
	assert_string_equal(line_of(f, 0), "drill.northmere.example/register");
	must_run(f, "log", "consistency", drill(f), "3", "9");
	assert_true(f->out.n > 0);
}

static void a_pack_is_checked_and_explained(void **state)
{
	struct fixture *f = *state;
	must_run(f, "pack", "check", "england");
	assert_true(says(f->out, "properties hold"));
	must_run(f, "pack", "check", "packs/england", "--json");
	assert_true(json_is_true(json_of(f), STR("holds")));
	must_run(f, "pack", "explain", "england", "T03");
	assert_true(says(f->out, "T03"));
	must_run(f, "pack", "table", "england", "duties");
	assert_true(says(f->out, "\t"));
	must_run(f, "pack", "table", "england");
}

/* A copy of the tests' pack in the test's folder, its file `name` with `old` made `new`. */
static const char *england_with(struct fixture *f, const char *name, const char *old, const char *new)
{
	static const char *const FILES[] = { "calendar.yaml", "duties.yaml", "files.yaml", "gates.yaml",
		                             "ladders.yaml", "lists.yaml", "offices.yaml", "pack.yaml",
		                             "words.yaml", "kinds/concern.yaml", "kinds/note.yaml",
		                             "kinds/register.yaml", "texts/en.yaml" };
	const char *dir = path_of(f, "england");
	(void)mkdir(dir, 0700);
	(void)mkdir(path_of(f, "england/kinds"), 0700);
	(void)mkdir(path_of(f, "england/texts"), 0700);
	for (size_t i = 0; i < COUNT_OF(FILES); i++) {
		const char *to = arena_format(f->arena, "england/%s", FILES[i]).p;
		const char *from = arena_format(f->arena, "%s/england/%s", test_packs(), FILES[i]).p;
		struct str text = text_of(f, file_exists(path_of(f, to)) ? path_of(f, to) : from);
		size_t at = str_find_str(text, str_from_c(old));
		if (strcmp(FILES[i], name) == 0) {
			assert_true(at < text.n);
			text = arena_format(f->arena, "%.*s%s%.*s", STR_ARG(str_sub(text, 0, at)), new,
			                    STR_ARG(str_sub(text, at + strlen(old), text.n)));
		}
		write_file(f, to, text);
	}
	return dir;
}

#define TWO "--as", "admin", "--second", "gwen", "--second-office", "named-nurse"

static void a_pack_of_new_words_is_adopted_by_two_agencies(void **state)
{
	struct fixture *f = *state;
	(void)england_with(f, "pack.yaml", "0.1.0", "0.1.1");
	const char *pack = england_with(f, "duties.yaml", "within one working day of receiving a referral",
	                                "one working day from the referral");
	assert_int_equal(run(f, "pack", "adopt", drill(f), pack, "--as", "admin"), 2);
	must_run(f, "pack", "adopt", drill(f), pack, TWO);
	assert_string_equal(value_of(f, "change"), "text");
	(void)report(f, "He is alone at night.");
	must_run(f, "verify", drill(f));
}

static void a_pack_that_loosens_is_named_and_waits_for_the_scrutineer(void **state)
{
	struct fixture *f = *state;
	(void)england_with(f, "pack.yaml", "0.1.0", "1.0.0");
	const char *pack = england_with(f, "kinds/concern.yaml", "by: [screener, edt]", "by: [screener, edt, gp]");
	must_run(f, "log", "checkpoint", drill(f));
	must_run(f, "pack", "adopt", drill(f), pack, TWO);
	assert_true(says(f->words, "concern.looked by"));
}

static void what_is_wrong_with_a_pack_is_named_where_it_was_read(void **state)
{
	struct fixture *f = *state;
	(void)england_with(f, "pack.yaml", "0.1.0", "0.1.1");
	const char *pack = england_with(f, "duties.yaml", "due: 2026-03-30T23:00:00Z", "due: 2026-03-29T23:00:00Z");
	must_run(f, "log", "checkpoint", drill(f));
	assert_int_equal(run(f, "pack", "adopt", drill(f), pack, TWO), 3);
	assert_true(says(f->words, arena_format(f->arena, "%s/duties.yaml:", pack).p));
	assert_false(says(f->words, " tests/data/packs/england/"));
}

static void what_a_pack_lacks_is_told_apart_from_advice(void **state)
{
	struct fixture *f = *state;
	must_run(f, "pack", "check", "tests/data/pack-sample");
	assert_true(says(f->out, "ok   P01 "));
	assert_true(says(f->out, "\nnote: tests/data/pack-sample/duties.yaml:"));
	(void)england_with(f, "pack.yaml", "0.1.0", "0.1.1");
	const char *pack = england_with(f, "duties.yaml", "due: 2026-03-30T23:00:00Z", "due: 2026-03-29T23:00:00Z");
	assert_int_equal(run(f, "pack", "check", pack), 1);
	assert_true(says(f->out, "\nFAIL P15 "));
}

/* The demo tells a story of the law that is shipped. */
#define PRODUCT "--packs", "packs"

static const char *demo_root(struct fixture *f, const char *name)
{
	const char *dir = path_of(f, name);
	must_run(f, "demo", dir, "--seed", "7", "--start", START, "--children", "4", "--listen", "none", PRODUCT);
	must_run(f, "verify", dir, "--log");
	return value_of(f, "root");
}

static void one_seed_and_one_start_make_one_demo(void **state)
{
	struct fixture *f = *state;
	const char *first = demo_root(f, "one");
	assert_string_equal(first, demo_root(f, "two"));
	assert_int_equal(run(f, "demo", path_of(f, "one"), "--start", START, "--listen", "none", PRODUCT), 2);
	assert_int_equal(run(f, "demo", path_of(f, "one"), "--seed", "8", "--listen", "none", PRODUCT), 2);
	assert_true(says(f->words, "--seed is for making a demo, and there is one in"));
	assert_int_equal(run(f, "demo", path_of(f, "three"), "--children", "0", "--listen", "none", PRODUCT), 2);
	assert_int_equal(run(f, "demo", path_of(f, "three"), "--children", "49", "--listen", "none", PRODUCT), 2);
	assert_true(says(f->words, "--children must be a whole number from 1 to 48"));
	assert_int_equal(run(f, "demo", path_of(f, "one"), "--children", "3", "--listen", "none", PRODUCT), 2);
	assert_true(says(f->words, "--children is for making a demo, and there is one in"));
	assert_int_equal(run(f, "demo", path_of(f, "three"), "--start", "tomorrow", "--listen", "none", PRODUCT), 2);
	assert_false(file_exists(path_of(f, "three")));
	must_run(f, "demo", path_of(f, "one"), "--listen", "none", PRODUCT); /* it goes on to today */
}

static void the_version_is_told(void **state)
{
	struct fixture *f = *state;
	must_run(f, "--version");
	assert_string_equal(line_of(f, 0), "candour " CANDOUR_VERSION);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_good_register_verifies),
		PROVES(an_altered_byte_is_an_answer_no),
		PROVES(refolding_changes_nothing_that_is_seen),
		PROVES(offices_changed_by_hand_shut_the_register_until_a_refold),
		PROVES(a_backup_holds_no_master_key),
		PROVES(verify_without_the_master_key_says_how_to_get_it_back),
		PROVES(a_backup_is_checked_without_a_key),
		PROVES(a_register_that_forgot_its_newest_tree_says_so),
		PROVES(keys_without_a_database_are_not_made_anew),
		PROVES(a_bare_copy_of_the_database_is_checked_without_a_key),
		PROVES(a_bare_copy_names_the_entry_that_was_altered),
		PROVES(a_restored_register_goes_on),
		PROVES(the_signing_key_is_changed_and_carried_in_a_backup),
		PROVES(what_was_done_is_left_in_the_registers_folder),
		PROVES(officers_shares_restore_without_the_master_key),
		PROVES(a_lost_master_key_is_joined_again),
		PROVES(officers_shares_give_an_account_a_way_in_again),
		PROVES(one_token_is_ended_by_the_entry_that_made_it),
		PROVES(the_doctor_wants_shares_read_back),
		PROVES(the_doctor_sees_what_others_may_read),
		PROVES(the_doctor_looks_over_a_register_that_cannot_be_opened),
		PROVES(the_doctor_knows_of_a_verify_that_failed),
		PROVES(a_copy_of_a_folder_is_told_when_it_is_served),
		PROVES(the_logs_public_side_is_printed),
		PROVES(a_pack_is_checked_and_explained),
		PROVES(a_pack_of_new_words_is_adopted_by_two_agencies),
		PROVES(a_pack_that_loosens_is_named_and_waits_for_the_scrutineer),
		PROVES(what_is_wrong_with_a_pack_is_named_where_it_was_read),
		PROVES(what_a_pack_lacks_is_told_apart_from_advice),
		PROVES(one_seed_and_one_start_make_one_demo),
		PROVES(the_version_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
