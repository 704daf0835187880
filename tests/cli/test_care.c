/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Keeping a register well: verify, refold, backup and restore, shares, doctor, the log's public side. */
#include "cli/cli_fixture.h"

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
		PROVES(a_backup_holds_no_master_key),
		PROVES(a_restored_register_goes_on),
		PROVES(officers_shares_restore_without_the_master_key),
		PROVES(a_lost_master_key_is_joined_again),
		PROVES(the_doctor_wants_shares_read_back),
		PROVES(the_doctor_sees_what_others_may_read),
		PROVES(the_logs_public_side_is_printed),
		PROVES(a_pack_is_checked_and_explained),
		PROVES(the_version_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
