/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Keys, key files and notes. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/leaves.h"

static struct log_signer *signer_of(struct str name, enum log_key_type type, uint8_t seed_byte)
{
	struct log_signer *signer = NULL;
	struct err err = { 0 };
	uint8_t seed[LOG_KEY_SIZE] = { seed_byte };
	assert_true(log_signer_create(name, type, seed, &signer, &err));
	return signer;
}

/* A path that is free, in a folder of the test's own. */
static const char *key_path(struct fixture *f)
{
	const char *folder = file_environment("TMPDIR");
	char *made = arena_alloc(f->arena, 200, 1);
	snprintf(made, 200, "%s/candour-key-XXXXXX", folder ? folder : "/tmp");
	assert_non_null(mkdtemp(made));
	return file_join(f->arena, made, "log.key");
}

static void remove_key(const char *path)
{
	char folder[240];
	snprintf(folder, sizeof folder, "%s", path);
	folder[strlen(folder) - strlen("/log.key")] = 0;
	(void)unlink(path);
	assert_int_equal(rmdir(folder), 0);
}

static void write_key(const char *path, struct str text, mode_t mode)
{
	struct err err;
	assert_true(file_write(path, mode, text, &err));
}

static void a_key_file_is_read_as_it_was_written(void **state)
{
	struct fixture *f = *state;
	const char *path = key_path(f);
	CLEANUP(log_signer_cleanup)
	struct log_signer *signer =
		signer_of(STR("register.example.org/northmere"), LOG_KEY_LOG, 7);
	CLEANUP(log_signer_cleanup) struct log_signer *again = NULL;
	struct stat stat_of;
	assert_true(log_signer_save(signer, path, &f->err));
	assert_int_equal(stat(path, &stat_of), 0);
	assert_int_equal(stat_of.st_mode & 0777, 0600);
	assert_true(log_signer_load(path, &again, &f->err));
	assert_true(str_eq(log_signer_vkey(again)->name, log_signer_vkey(signer)->name));
	assert_true(str_eq(log_signer_vkey(again)->pub, log_signer_vkey(signer)->pub));
	assert_false(log_signer_save(signer, path, &f->err)); /* nothing is overwritten */
	assert_int_equal(f->err.code, ERR_UNABLE);
	remove_key(path);
}

static void a_key_that_others_can_read_is_refused(void **state)
{
	struct fixture *f = *state;
	const char *path = key_path(f);
	CLEANUP(log_signer_cleanup) struct log_signer *signer = signer_of(STR("a"), LOG_KEY_LOG, 7);
	CLEANUP(log_signer_cleanup) struct log_signer *again = NULL;
	static const mode_t OPEN[] = { 0640, 0604, 0660, 0601, 0644 };
	assert_true(log_signer_save(signer, path, &f->err));
	for (size_t i = 0; i < COUNT_OF(OPEN); i++) {
		assert_int_equal(chmod(path, OPEN[i]), 0);
		assert_false(log_signer_load(path, &again, &f->err));
		assert_int_equal(f->err.code, ERR_REFUSED);
		assert_null(again);
	}
	assert_int_equal(chmod(path, 0400), 0);
	assert_true(log_signer_load(path, &again, &f->err));
	remove_key(path);
}

#define SEED "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static void a_damaged_key_file_says_so(void **state)
{
	struct fixture *f = *state;
	const char *path = key_path(f);
	struct log_signer *signer = NULL;
	static const char *const DAMAGED[] = {
		"",
		"\n",
		"candour-key/v1",
		"candour-key/v1 a 1 " SEED,
		"candour-key/v1 a 1 " SEED "\n\n",
		"candour-key/v1 a 1 " SEED " \n",
		"candour-key/v1  1 " SEED "\n",
		"candour-key/v1 a 6 " SEED "\n",
		"candour-key/v1 a 01 " SEED "\n",
		"candour-key/v2 a 1 " SEED "\n",
		"candour-key/v1 a+b 1 " SEED "\n",
		"candour-key/v1 a 1 AQAA\n",
		"candour-key/v1 a 1 " SEED SEED "\n",
		"candour-key/v1 a 1\n",
		"candour-key/v1 a 1 AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",
	};
	for (size_t i = 0; i < COUNT_OF(DAMAGED); i++) {
		write_key(path, str_from_c(DAMAGED[i]), 0600);
		if (log_signer_load(path, &signer, &f->err))
			fail_msg("taken for a key: %s", DAMAGED[i]);
		assert_int_equal(f->err.code, ERR_INPUT);
		assert_null(signer);
		assert_null(strstr(f->err.message, "AQAA")); /* never the seed */
	}
	char *long_one = arena_alloc(f->arena, 5000, 1);
	memset(long_one, 'a', 5000);
	write_key(path, (struct str){ long_one, 5000 }, 0600);
	assert_false(log_signer_load(path, &signer, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_int_equal(unlink(path), 0);
	assert_false(log_signer_load(path, &signer, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_false(log_signer_load(path, &signer, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_int_equal(rmdir(path), 0);
	remove_key(path);
}

static void a_name_is_refused_for_plus_space_and_length(void **state)
{
	struct fixture *f = *state;
	struct log_signer *signer = NULL;
	char longest[LOG_KEY_NAME_MAX + 1];
	uint8_t seed[LOG_KEY_SIZE] = { 1 };
	memset(longest, 'n', sizeof longest);
	assert_false(log_signer_create((struct str){ longest, sizeof longest }, LOG_KEY_LOG, seed,
	                               &signer, &f->err));
	assert_true(log_signer_create((struct str){ longest, sizeof longest - 1 }, LOG_KEY_LOG,
	                              seed, &signer, &f->err));
	log_signer_destroy(signer);
	static const char *const NAMES[] = { "",          "a b",          "a+b",
		                             "a\xC2\xA0", "\xE2\x80\xA8", "\xFF",
		                             "a\tb",      "\xE3\x80\x80" };
	for (size_t i = 0; i < COUNT_OF(NAMES); i++)
		assert_false(log_key_is_name(str_from_c(NAMES[i])));
	assert_true(log_key_is_name(STR("\xD9\x85\xD9\x81/\xF0\x9F\x9A\x97")));
}

static void origins_keep_their_grammar(void **state)
{
	(void)state;
	static const char *const GOOD[] = { "register.example.org/northmere", "drill.example",
		                            "a/B_~.-/9", "unnamed.invalid/ab12cd34" };
	static const char *const BAD[] = { "",    "/a",    "a/",    "a//b",        "A.example/x",
		                           "a b", "a/b c", "a/b+c", "https://a/b", "a\n" };
	for (size_t i = 0; i < COUNT_OF(GOOD); i++)
		assert_true(log_origin_is(str_from_c(GOOD[i])));
	for (size_t i = 0; i < COUNT_OF(BAD); i++)
		assert_false(log_origin_is(str_from_c(BAD[i])));
	char longest[LOG_ORIGIN_MAX + 1];
	memset(longest, 'a', sizeof longest);
	assert_true(log_origin_is((struct str){ longest, LOG_ORIGIN_MAX }));
	assert_false(log_origin_is((struct str){ longest, LOG_ORIGIN_MAX + 1 }));
}

static struct str note_with(struct fixture *f, size_t strangers, const struct log_signer *signer)
{
	struct buf note;
	uint8_t id[LOG_KEY_ID_SIZE] = { 1, 2, 3, 4 };
	buf_init(&note, (size_t)4 << 20);
	buf_add(&note, STR("text\n\n"));
	for (size_t i = 0; i < strangers; i++)
		log_note_add_line(&note, STR("stranger"), id, STR("signature"));
	uint8_t signature[LOG_SIGNATURE_SIZE];
	log_signer_sign(signer, STR("text\n"), signature);
	log_note_add_line(&note, log_signer_vkey(signer)->name, log_signer_vkey(signer)->id,
	                  str_from_bytes(signature, sizeof signature));
	struct str text = arena_copy(f->arena, buf_str(&note));
	buf_finish(&note);
	return text;
}

static void a_note_may_have_a_hundred_signatures_and_no_more(void **state)
{
	struct fixture *f = *state;
	CLEANUP(log_signer_cleanup) struct log_signer *signer = signer_of(STR("a"), LOG_KEY_LOG, 1);
	struct log_note note;
	struct log_verified verified;
	assert_true(log_note_read(f->arena, note_with(f, 99, signer), &note, &f->err));
	assert_true(log_note_verify(&note, log_signer_vkey(signer), 1, &verified, &f->err));
	assert_int_equal(verified.count, 1);
	assert_false(log_note_read(f->arena, note_with(f, 100, signer), &note, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
}

static void an_exhausted_arena_is_an_answer_not_a_crash(void **state)
{
	struct fixture *f = *state;
	CLEANUP(log_signer_cleanup) struct log_signer *signer = signer_of(STR("a"), LOG_KEY_LOG, 1);
	struct str text = note_with(f, 20, signer);
	bool is_read = false;
	for (size_t bytes = 0; !is_read && bytes < 20000; bytes += 50) {
		struct arena *small = arena_create(bytes);
		struct log_note note;
		is_read = log_note_read(small, text, &note, &f->err);
		if (!is_read)
			assert_int_equal(f->err.code, ERR_UNABLE);
		arena_destroy(small);
	}
	assert_true(is_read);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_key_file_is_read_as_it_was_written),
		PROVES(a_key_that_others_can_read_is_refused),
		PROVES(a_damaged_key_file_says_so),
		PROVES(a_name_is_refused_for_plus_space_and_length),
		PROVES(origins_keep_their_grammar),
		PROVES(a_note_may_have_a_hundred_signatures_and_no_more),
		PROVES(an_exhausted_arena_is_an_answer_not_a_crash),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
