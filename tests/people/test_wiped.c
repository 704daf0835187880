/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What people are compared by is opened in memory: none of it is left behind there. */
#include <stdlib.h>

#include "base/left_behind.h"
#include "casebook/book.h"
#include "people/people_parts.h"
#include "people/town.h"

#if SEES_WHAT_IS_LEFT

enum { KEY = 48, NAME = 1, MARK, GONE };

static void what_grows_leaves_no_words_behind(void **state)
{
	char key[KEY], other[KEY] = { 0 };
	struct marks *marks = marks_create();
	(void)state;
	assert_non_null(marks);
	/* Behind what the memory itself writes into what is given back. */
	for (size_t i = 0; i < 3; i++)
		assert_true(marks_put(marks, (struct str){ other, KEY }, 1, 1));
	left_write(LEFT_LETTERS, MARK, key, KEY);
	assert_true(marks_put(marks, (struct str){ key, KEY }, 1, 1));
	base_wipe(key, KEY);
	void *behind = malloc((size_t)64 << 10); /* so that it cannot grow where it is */
	assert_non_null(behind);
	for (size_t i = 0; i < 100; i++)
		assert_true(marks_put(marks, (struct str){ other, KEY }, 1, 1));
	assert_int_equal(left_count(LEFT_LETTERS, MARK, KEY - 1), 1);
	marks_destroy(marks);
	assert_int_equal(left_count(LEFT_LETTERS, MARK, KEY - 1), 0);
	free(behind);
}

/* Whoever wrote has them still, so that those that are there already are counted first. */
static void what_was_opened_to_compare_people_is_left_nowhere(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	const struct people_options options = { .proposes = true };
	char name[KEY + 1] = { 0 };
	left_write(LEFT_LETTERS, NAME, name, KEY);
	for (size_t i = 0; i < 3; i++)
		(void)open_child(t, name, "06/05/2012", "7 Weir Street, Northmere NM7 3CD");
	base_wipe(name, sizeof name);
	MUST(f, people_wait(t->people, &f->err));
	people_stop(t->people);
	t->people = NULL;
	size_t before = left_count(LEFT_LETTERS, NAME, KEY);
	MUST(f, people_start(f->book, &options, &t->people, &f->err));
	MUST(f, people_wait(t->people, &f->err));
	size_t open = left_count(LEFT_LETTERS, NAME, KEY);
	people_stop(t->people);
	t->people = NULL;
	/* Some of what was there before may be written over meanwhile. */
	assert_true(left_count(LEFT_LETTERS, NAME, KEY) < open);
	assert_true(left_count(LEFT_LETTERS, NAME, KEY) <= before);
}

/* Whoever wrote has them still: an index that is closed leaves as many behind as one that goes on. */
static void what_a_destroyed_file_said_is_not_in_the_index(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	char name[KEY + 1] = { 0 };
	left_write(LEFT_LETTERS, GONE, name, KEY);
	struct casebook_answer child = open_child(t, name, "06/05/2012", "7 Weir Street, Northmere NM7 3CD");
	base_wipe(name, sizeof name);
	MUST(f, people_wait(t->people, &f->err));
	MUST(f, vault_destroy(f->book->vault, file_named(f, child.file).n, &f->err));
	admitted(f, &BY_REGISTER, "file.destroyed", child.file, fields_of(f, "{'because':'kept-long-enough'}"));
	MUST(f, people_wait(t->people, &f->err));
	size_t open = left_count(LEFT_LETTERS, GONE, KEY);
	people_stop(t->people);
	t->people = NULL;
	assert_int_equal(open, left_count(LEFT_LETTERS, GONE, KEY));
}

#endif

int main(void)
{
#if SEES_WHAT_IS_LEFT
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_grows_leaves_no_words_behind),
		TOWN(what_was_opened_to_compare_people_is_left_nowhere),
		TOWN(what_a_destroyed_file_said_is_not_in_the_index),
	};
	return cmocka_run_group_tests(tests, found_england, forget_england);
#else
	(void)found_england;
	(void)forget_england;
	return 0;
#endif
}
