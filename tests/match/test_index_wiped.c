/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an index of sealed words leaves in memory that it gave back: nothing. */
#include <stdlib.h>

#include "base/left_behind.h"
#include "index_fixture.h"

#if SEES_WHAT_IS_LEFT

enum { NAME = 1, STREET, PHONE, ASKED, PUPIL, ID, MIDDLE, FRAMED, HIDDEN };
enum { COLUMNS = 6 };

/* Of each, how much is looked for: behind what memory writes into what is given back. */
static const struct {
	enum left_words words;
	size_t n;
	const char *before, *after;
} WORDS[HIDDEN] = {
	[NAME] = { LEFT_LETTERS, 40, "", "" },    [STREET] = { LEFT_LETTERS, 40, "7 ", " Street" },
	[PHONE] = { LEFT_FIGURES, 9, "07", "" },  [ASKED] = { LEFT_LETTERS, 40, "", "" },
	[PUPIL] = { LEFT_FIGURES, 11, "A", "A" }, [ID] = { LEFT_LETTERS, 40, "", "" },
	[MIDDLE] = { LEFT_LETTERS, 40, "Zora ", "" },  [FRAMED] = { LEFT_LETTERS, 20, "Ann Mac", "" },
};

/* In one place, which is wiped after. */
static char cells[HIDDEN][80];

static struct str cell_of(unsigned number)
{
	size_t before = strlen(WORDS[number].before), after = strlen(WORDS[number].after), n = WORDS[number].n;
	memcpy(cells[number], WORDS[number].before, before);
	left_write(WORDS[number].words, number, cells[number] + before, n);
	memcpy(cells[number] + before + n, WORDS[number].after, after);
	return (struct str){ cells[number], before + n + after };
}

static size_t count_left(unsigned number)
{
	return left_count(WORDS[number].words, number, WORDS[number].n);
}

static void put_hidden(struct fixture *f, struct match_index *index, const struct match_columns *columns)
{
	const struct str row[COLUMNS] = { cell_of(NAME), STR("2012-05-06"), cell_of(STREET), cell_of(PHONE), cell_of(PUPIL), cell_of(MIDDLE) };
	const struct match_claim claim = { .id = cell_of(ID), .person = STR("1"), .cells = row };
	must(f, match_index_put(index, columns, &claim, &f->err));
	base_wipe(cells, sizeof cells);
}

static void put_many(struct fixture *f, struct match_index *index, const struct match_columns *columns, unsigned from,
                     unsigned count)
{
	for (unsigned i = from; i < from + count; i++) {
		char name[64], home[64], phone[64], pupil[64], id[64];
		(void)snprintf(name, sizeof name, "Ann%c%c%c%c Lee%c%c", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676 % 26, 'a' + i % 7,
		               'a' + i % 26, 'a' + i / 26 % 26);
		(void)snprintf(home, sizeof home, "%u Weir%c%c Street", i % 90 + 1, 'a' + i % 26, 'a' + i / 26 % 26);
		(void)snprintf(phone, sizeof phone, "07%09u", i * 7919U % 1000000000U);
		(void)snprintf(pupil, sizeof pupil, "B%011uB", i * 7919U);
		(void)snprintf(id, sizeof id, "%u", i);
		const struct str row[COLUMNS] = { str_from_c(name), STR("2011-04-05"), str_from_c(home), str_from_c(phone),
			                          str_from_c(pupil),  STR("Mary Ann") };
		const struct match_claim claim = { .id = str_from_c(id), .person = STR("2"), .cells = row };
		must(f, match_index_put(index, columns, &claim, &f->err));
	}
}

static void ask_hidden(struct fixture *f, struct match_index *index, const struct match_columns *columns)
{
	const struct str row[COLUMNS] = { cell_of(ASKED), STR("2012-05-06"), STR(""), STR(""), STR(""), STR("") };
	const struct match_search search = { .columns = columns, .cells = row, .least = -10, .most = 5 };
	CLEANUP(arena_cleanup) struct arena *arena = arena_create_wiping((size_t)1 << 20); /* has the ids */
	struct match_hits hits;
	must(f, match_index_search(index, &search, arena, &hits, &f->err));
	base_wipe(cells, sizeof cells);
}

static struct match_index *index_of(struct fixture *f, struct str model, struct match_columns *columns)
{
	const struct str headers[COLUMNS] = { STR("name"), STR("dob"), STR("address"), STR("phone"), STR("upn"), STR("middle_name") };
	const struct match_limits limits = { .threads = 1, .seed = 7 };
	struct match_index *index;
	must(f, match_index_open(&limits, STR("model"), model, &index, &f->err));
	must(f, match_index_columns(index, headers, COLUMNS, columns, &f->err));
	return index;
}

static void an_index_that_is_closed_leaves_no_words_behind(void **state)
{
	struct fixture *f = *state;
	struct match_columns columns;
	struct people p = people_of(f, 100);
	struct match_index *index = index_of(f, p.model, &columns);
	put_many(f, index, &columns, 1, 50);
	put_hidden(f, index, &columns);
	ask_hidden(f, index, &columns);
	for (unsigned number = NAME; number < HIDDEN; number++)
		assert_true(number == ASKED || number == FRAMED || count_left(number) > 0);
	/* Each array moves several times. */
	put_many(f, index, &columns, 51, 20000);
	match_index_close(index);
	for (unsigned number = NAME; number < HIDDEN; number++) {
		size_t left = count_left(number);
		if (left)
			fail_msg("%zu times what is hidden as %u", left, number);
	}
	finish_people(&p);
}

static void whose_record_it_was_goes_with_it(void **state)
{
	struct fixture *f = *state;
	struct match_columns columns;
	struct people p = people_of(f, 100);
	struct match_index *index = index_of(f, p.model, &columns);
	put_hidden(f, index, &columns);
	assert_int_equal(count_left(ID), 1);
	must(f, match_index_remove(index, cell_of(ID), &f->err));
	base_wipe(cells, sizeof cells);
	assert_int_equal(count_left(ID), 0);
	match_index_close(index);
	finish_people(&p);
}

static void put_framed(struct fixture *f, struct match_index *index, const struct match_columns *columns)
{
	const struct str row[COLUMNS] = { cell_of(FRAMED), STR("2012-05-06"), STR(""), STR(""), STR(""), STR("") };
	const struct match_claim claim = { .id = STR("framed"), .cells = row };
	must(f, match_index_put(index, columns, &claim, &f->err));
	base_wipe(cells, sizeof cells);
}

/* Others live in the same street, and are called as one of the words of the middle name. */
static void what_nobody_has_any_more_is_wiped(void **state)
{
	struct fixture *f = *state;
	struct match_columns columns;
	struct people p = people_of(f, 100);
	struct match_index *index = index_of(f, p.model, &columns);
	put_many(f, index, &columns, 1, 2000);
	put_hidden(f, index, &columns);
	put_framed(f, index, &columns);
	ask_hidden(f, index, &columns);
	must(f, match_index_forget(index, &f->err));
	for (unsigned number = NAME; number < HIDDEN; number++)
		assert_true(number == ASKED || count_left(number) > 0);
	assert_int_equal(count_left(ASKED), 0);
	must(f, match_index_remove(index, cell_of(ID), &f->err));
	must(f, match_index_remove(index, STR("framed"), &f->err));
	base_wipe(cells, sizeof cells);
	assert_true(count_left(NAME) > 0);
	must(f, match_index_forget(index, &f->err));
	for (unsigned number = NAME; number < HIDDEN; number++) {
		size_t left = count_left(number);
		if (left)
			fail_msg("%zu times what is hidden as %u", left, number);
	}
	/* Whoever comes again is there again, for as long as before. */
	put_hidden(f, index, &columns);
	must(f, match_index_forget(index, &f->err));
	assert_true(count_left(NAME) > 0 && count_left(MIDDLE) > 0);
	match_index_close(index);
	finish_people(&p);
}

#endif

int main(void)
{
#if SEES_WHAT_IS_LEFT
	const struct CMUnitTest tests[] = {
		PROVES(an_index_that_is_closed_leaves_no_words_behind),
		PROVES(whose_record_it_was_goes_with_it),
		PROVES(what_nobody_has_any_more_is_wiped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
#else
	(void)set_up;
	(void)tear_down;
	return 0;
#endif
}
