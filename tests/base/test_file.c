/* SPDX-License-Identifier: AGPL-3.0-or-later */
#define _DEFAULT_SOURCE /* mkdtemp */
#include "base/arena_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

/* A folder of the test's own, removed with all that is in it. */
static const char *make_folder(struct fixture *f)
{
	static const char FORM[] = "/tmp/candour-test-XXXXXX";
	char *path = arena_alloc(f->arena, sizeof FORM, 1);
	memcpy(path, FORM, sizeof FORM);
	if (!mkdtemp(path))
		fail_msg("no folder in /tmp");
	return path;
}

static void remove_folder(struct fixture *f, const char *path)
{
	const struct str *names;
	size_t count;
	assert_true(file_list(f->arena, path, &names, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		const char *inner = file_join(f->arena, path, str_to_c(f->arena, names[i]));
		if (unlink(inner) != 0)
			assert_int_equal(rmdir(inner), 0);
	}
	assert_int_equal(rmdir(path), 0);
}

static void what_is_written_is_read_with_its_mode(void **state)
{
	struct fixture *f = *state;
	const char *folder = make_folder(f);
	const char *path = file_join(f->arena, folder, "a");
	struct str bytes;
	struct stat info;
	mode_t mask = umask(0077);
	assert_true(file_write(path, 0640, STR("one\0two"), &f->err));
	umask(mask);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0640);
	assert_true(file_read(f->arena, path, 7, &bytes, &f->err));
	assert_true(str_eq(bytes, STR("one\0two")));
	assert_true(file_write(path, 0600, STR(""), &f->err));
	assert_true(file_read(f->arena, path, 7, &bytes, &f->err));
	assert_int_equal(bytes.n, 0);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	remove_folder(f, folder);
}

static void reading_says_why_it_cannot(void **state)
{
	struct fixture *f = *state;
	const char *folder = make_folder(f);
	const char *path = file_join(f->arena, folder, "a");
	struct str bytes;
	assert_false(file_read(f->arena, path, 10, &bytes, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
	assert_true(file_write(path, 0600, STR("12345"), &f->err));
	assert_false(file_read(f->arena, path, 4, &bytes, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_false(file_read(f->arena, folder, 100000, &bytes, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_false(file_read(f->arena, file_join(f->arena, path, "b"), 10, &bytes, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
	struct arena *small = arena_create(4);
	assert_false(file_read(small, path, 10, &bytes, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	arena_destroy(small);
	remove_folder(f, folder);
}

static void a_pipe_without_a_writer_does_not_hold_us_up(void **state)
{
	struct fixture *f = *state;
	const char *folder = make_folder(f);
	const char *path = file_join(f->arena, folder, "pipe");
	struct str bytes;
	assert_int_equal(mkfifo(path, 0600), 0);
	alarm(10); /* ends the test if it is held up */
	assert_false(file_read(f->arena, path, 10, &bytes, &f->err));
	alarm(0);
	assert_int_equal(f->err.code, ERR_INPUT);
	remove_folder(f, folder);
}

static void a_write_that_fails_leaves_the_old_file_alone(void **state)
{
	struct fixture *f = *state;
	const char *folder = make_folder(f);
	const char *path = file_join(f->arena, folder, "a");
	const struct str *names;
	struct str bytes;
	size_t count;
	assert_true(file_write(path, 0600, STR("old"), &f->err));
	assert_int_equal(mkdir(file_join(f->arena, folder, "a.new"), 0700), 0); /* in the way */
	assert_false(file_write(path, 0600, STR("new"), &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	assert_true(file_read(f->arena, path, 10, &bytes, &f->err));
	assert_str(bytes, "old");
	assert_false(file_write(file_join(f->arena, path, "b"), 0600, STR("new"), &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	/* The target is a folder: the temporary file goes again. */
	assert_int_equal(mkdir(file_join(f->arena, folder, "dir"), 0700), 0);
	assert_false(file_write(file_join(f->arena, folder, "dir"), 0600, STR("new"), &f->err));
	assert_true(file_list(f->arena, folder, &names, &count, &f->err));
	assert_int_equal(count, 3);
	remove_folder(f, folder);
}

static void a_left_over_of_a_crash_is_written_over(void **state)
{
	struct fixture *f = *state;
	const char *folder = make_folder(f);
	const char *path = file_join(f->arena, folder, "a");
	struct str bytes;
	assert_true(file_write(file_join(f->arena, folder, "a.new"), 0600, STR("half"), &f->err));
	assert_true(file_write(path, 0600, STR("whole"), &f->err));
	assert_true(file_read(f->arena, path, 10, &bytes, &f->err));
	assert_str(bytes, "whole");
	assert_false(file_exists(file_join(f->arena, folder, "a.new")));
	remove_folder(f, folder);
}

static void names_are_listed_in_order(void **state)
{
	struct fixture *f = *state;
	const char *folder = make_folder(f);
	const struct str *names;
	size_t count;
	assert_true(file_list(f->arena, folder, &names, &count, &f->err));
	assert_int_equal(count, 0);
	assert_true(file_write(file_join(f->arena, folder, "b"), 0600, STR("x"), &f->err));
	assert_true(file_write(file_join(f->arena, folder, "B"), 0600, STR("x"), &f->err));
	assert_true(file_write(file_join(f->arena, folder, ".a"), 0600, STR("x"), &f->err));
	assert_true(file_list(f->arena, folder, &names, &count, &f->err));
	assert_int_equal(count, 3);
	assert_str(names[0], ".a");
	assert_str(names[1], "B");
	assert_str(names[2], "b");
	assert_false(
		file_list(f->arena, file_join(f->arena, folder, "no"), &names, &count, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
	remove_folder(f, folder);
}

static void folders_and_links_are_told_apart(void **state)
{
	struct fixture *f = *state;
	const char *folder = make_folder(f);
	const char *inner = file_join(f->arena, folder, "inner");
	const char *link = file_join(f->arena, folder, "link");
	struct stat info;
	assert_true(file_make_folder(inner, 0700, &f->err));
	assert_true(file_make_folder(inner, 0700, &f->err));
	assert_int_equal(stat(inner, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0700);
	assert_false(file_make_folder(file_join(f->arena, link, "x"), 0700, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	assert_int_equal(symlink("inner", link), 0);
	assert_true(file_is_folder(inner) && file_is_folder(link));
	assert_true(file_is_link(link) && !file_is_link(inner));
	assert_true(file_exists(inner) && !file_exists(file_join(f->arena, folder, "no")));
	assert_true(file_free_bytes(folder) > 0);
	assert_true(file_free_bytes(file_join(f->arena, folder, "no")) == -1);
	assert_string_equal(file_join(f->arena, "/a/", "b"), "/a/b");
	assert_string_equal(file_join(f->arena, "a", "b"), "a/b");
	remove_folder(f, folder);
}

static void an_empty_variable_is_as_good_as_none(void **state)
{
	(void)state;
	assert_int_equal(setenv("CANDOUR_TEST", "x", 1), 0);
	assert_string_equal(file_environment("CANDOUR_TEST"), "x");
	assert_int_equal(setenv("CANDOUR_TEST", "", 1), 0);
	assert_null(file_environment("CANDOUR_TEST"));
	assert_int_equal(unsetenv("CANDOUR_TEST"), 0);
	assert_null(file_environment("CANDOUR_TEST"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_is_written_is_read_with_its_mode),
		PROVES(reading_says_why_it_cannot),
		PROVES(a_pipe_without_a_writer_does_not_hold_us_up),
		PROVES(a_write_that_fails_leaves_the_old_file_alone),
		PROVES(a_left_over_of_a_crash_is_written_over),
		PROVES(names_are_listed_in_order),
		PROVES(folders_and_links_are_told_apart),
		PROVES(an_empty_variable_is_as_good_as_none),
	};
	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
