/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The full off-site copy as people make it: two programs, a token, and a register made of it again. */
#include "cli/cli_fixture.h"

static void wait_for_words(struct fixture *f, const char *words)
{
	for (int i = 0; i < 200; i++) {
		f->out = file_exists(path_of(f, "out")) ? text_of(f, path_of(f, "out")) : STR_NONE;
		if (says(f->out, words))
			return;
		(void)poll(NULL, 0, 50);
	}
	fail_msg("never said: %s", words);
}

/* Makes a keeper and starts it: its token goes into the file "token". Its address. */
static const char *keep(struct fixture *f, const char *vkey)
{
	const char *const words[] = { "keep", path_of(f, "kept"), "--vkey", vkey, "--listen", "127.0.0.1:0", NULL };
	struct str rest, line;
	(void)unlink(path_of(f, "out"));
	f->serving = start(f, NULL, words);
	wait_for_words(f, "heard ");
	write_file(f, "token", str_from_c(value_of(f, "token")));
	rest = f->out;
	while (str_cut(&rest, '\n', &line)) {
		if (str_starts(line, STR("http://")))
			return str_to_c(f->arena, line);
	}
	fail_msg("no address in: %.*s", STR_ARG(f->out));
	return NULL;
}

static void a_copy_elsewhere_is_kept_and_restored(void **state)
{
	struct fixture *f = *state;
	const char *receipt = path_of(f, "receipt"), *token = path_of(f, "token"), *kept = path_of(f, "kept"),
		   *again = path_of(f, "again");
	must_run(f, "report", drill(f), "--text", "He is alone at night.", "--receipt", receipt);
	const char *code = line_of(f, 0);
	must_run(f, "key", "split", drill(f), "2/3");
	write_file(f, "shares", str_from_c(arena_format(f->arena, "%s\n%s\n", line_of(f, 0), line_of(f, 2)).p));
	must_run(f, "log", "vkey", drill(f));
	const char *key = line_of(f, 0);
	const char *url = keep(f, key);
	must_run(f, "backup", drill(f), "--stream", url, "--token", token);
	int size = atoi(value_of(f, "size"));
	must_run(f, "backup", drill(f), "--stream", url, "--token", token);
	assert_string_equal(value_of(f, "new"), "0");
	write_file(f, "wrong", STR("another"));
	assert_int_equal(run(f, "backup", drill(f), "--stream", url, "--token", path_of(f, "wrong")), 4);
	assert_true(says(f->words, "token"));
	assert_int_equal(stop_serving(f), 0);
	must_run(f, "keep", "check", kept);
	assert_int_equal(atoi(value_of(f, "entries")), size);
	remove_folder(f->arena, path_of(f, "r"));
	must_run(f, "restore", kept, again, "--shares", path_of(f, "shares"));
	assert_int_equal(atoi(value_of(f, "entries")), size + 1);
	must_run(f, "verify", again);
	must_run(f, "status", again, code);
	must_run(f, "receipt", receipt, "--vkey", key);
	must_run(f, "log", "vkey", again);
	assert_string_not_equal(line_of(f, 0), key);
	assert_true(says(f->out, key));
}

/* Told to the sender, at the keeper's end, and whenever it is looked at. */
static void an_alarm_is_told_to_both_sides(void **state)
{
	struct fixture *f = *state;
	const char *kept = path_of(f, "kept"), *token = path_of(f, "token");
	copy_folder(f->arena, drill(f), path_of(f, "old"));
	(void)report(f, "He is alone at night.");
	must_run(f, "log", "vkey", drill(f));
	const char *url = keep(f, line_of(f, 0));
	must_run(f, "backup", drill(f), "--stream", url, "--token", token);
	assert_int_equal(run(f, "backup", path_of(f, "old"), "--stream", url, "--token", token), 1);
	assert_true(says(f->words, "alarm rollback"));
	assert_int_equal(stop_serving(f), 1);
	assert_int_equal(run(f, "keep", "check", kept), 1);
	assert_true(says(f->out, "alarm rollback"));
	assert_int_equal(unlink(file_join(f->arena, kept, "alarm")), 0);
	must_run(f, "keep", "check", kept, "--silent", "3600");
}

/* Whoever outside holds a larger tree than the copy has proof of what is gone. */
static void a_copy_behind_what_others_saw_is_not_restored(void **state)
{
	struct fixture *f = *state;
	const char *kept = path_of(f, "kept"), *again = path_of(f, "again"), *master = path_of(f, "r/keys/master.key");
	(void)report(f, "He is alone at night.");
	must_run(f, "log", "vkey", drill(f));
	const char *url = keep(f, line_of(f, 0));
	must_run(f, "backup", drill(f), "--stream", url, "--token", path_of(f, "token"));
	assert_int_equal(stop_serving(f), 0);
	(void)report(f, "He is alone again.");
	must_run(f, "backup", drill(f), path_of(f, "copy"));
	const char *seen = path_of(f, "copy/checkpoint");
	assert_int_equal(run(f, "restore", kept, again, "--master", master, "--seen", seen), 1);
	assert_true(says(f->words, "must not go on"));
	assert_false(file_exists(again));
	/* What nobody whom the keeper knows signed proves nothing, and is not passed over either. */
	struct err why = { 0 };
	struct str note;
	assert_true(file_read(f->arena, file_join(f->arena, kept, "checkpoint"), 4096, &note, &why));
	size_t root = str_find(note, '\n') + 1;
	root += str_find(str_sub(note, root, note.n), '\n') + 1;
	for (size_t at = 0; at < root + 4; at += root + 2) {
		char *other = arena_alloc(f->arena, note.n, 1);
		memcpy(other, note.p, note.n);
		other[at] = other[at] == 'a' ? 'b' : 'a';
		assert_true(file_write(path_of(f, "other"), 0600, (struct str){ other, note.n }, &why));
		assert_int_equal(run(f, "restore", kept, again, "--master", master, "--seen", path_of(f, "other")), 3);
		assert_false(file_exists(again));
	}
	must_run(f, "restore", kept, again, "--master", master, "--seen", file_join(f->arena, kept, "checkpoint"));
}

/* Silence is noticed where nobody has to stop what takes the copy. */
static void a_keeper_is_checked_while_it_serves(void **state)
{
	struct fixture *f = *state;
	const char *kept = path_of(f, "kept"), *token = path_of(f, "token");
	(void)report(f, "He is alone at night.");
	must_run(f, "log", "vkey", drill(f));
	const char *url = keep(f, line_of(f, 0));
	must_run(f, "backup", drill(f), "--stream", url, "--token", token);
	int size = atoi(value_of(f, "size"));
	must_run(f, "keep", "check", kept, "--silent", "86400");
	assert_int_equal(atoi(value_of(f, "entries")), size);
	const char *heard = file_join(f->arena, kept, "heard");
	assert_int_equal(unlink(heard), 0);
	assert_int_equal(run(f, "keep", "check", kept, "--silent", "86400"), 1);
	assert_true(says(f->out, "alarm silent"));
	(void)report(f, "He is alone again.");
	must_run(f, "backup", drill(f), "--stream", url, "--token", token);
	must_run(f, "keep", "check", kept, "--silent", "86400");
	assert_true(atoi(value_of(f, "entries")) > size);
	assert_int_equal(stop_serving(f), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_copy_elsewhere_is_kept_and_restored),
		PROVES(a_keeper_is_checked_while_it_serves),
		PROVES(an_alarm_is_told_to_both_sides),
		PROVES(a_copy_behind_what_others_saw_is_not_restored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
