/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Refold: the same entries give the same views, to the last column. */
#include "casebook/dump.h"
#include "casebook/history.h"

static void refold(struct fixture *f)
{
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
}

static void after_any_history_the_same_bytes_come_back(void **state)
{
	struct fixture *f = *state;
	const char *seeds = getenv("CANDOUR_SEEDS");
	uint64_t base = seeds ? strtoull(seeds, NULL, 10) : 0;
	struct history h;
	history_begin(&h, f, base + 11);
	for (int round = 0; round < 8; round++) {
		history_run(&h, 120);
		CLEANUP(buf_finish) struct buf before = dump(f);
		refold(f);
		CLEANUP(buf_finish) struct buf after = dump(f);
		assert_same_dump(&before, &after);
	}
	/* The history was one of every sort. */
	print_message("           admitted %zu, waiting %zu, refused %zu, failed %zu\n",
	              h.outcomes[CASEBOOK_ADMITTED], h.outcomes[CASEBOOK_WAITING],
	              h.outcomes[CASEBOOK_REFUSED], h.outcomes[CASEBOOK_FAILED]);
	assert_true(h.outcomes[CASEBOOK_ADMITTED] > 100);
	assert_true(h.outcomes[CASEBOOK_REFUSED] > 20);
}

static void many_short_histories_come_back_the_same(void **state)
{
	struct fixture *f = *state;
	for (uint64_t seed = 1; seed <= 6; seed++) {
		struct history h;
		if (seed > 1) {
			casebook_close(f->book);
			fixture_remove_folder(f->arena, f->dir);
			fixture_copy_folder(f, f->founded, f->dir);
			fixture_open(f);
		}
		history_begin(&h, f, seed);
		history_run(&h, 150);
		CLEANUP(buf_finish) struct buf before = dump(f);
		refold(f);
		CLEANUP(buf_finish) struct buf after = dump(f);
		assert_same_dump(&before, &after);
	}
}

static void views_that_were_spoilt_are_mended(void **state)
{
	struct fixture *f = *state;
	struct history h;
	history_begin(&h, f, 5);
	history_run(&h, 80);
	CLEANUP(buf_finish) struct buf before = dump(f);
	instant now = casebook_now(f->book);
	casebook_close(f->book);
	f->book = NULL;
	{
		CLEANUP(store_cleanup) struct store *store = NULL;
		MUST(f, store_open(file_join(f->arena, f->dir, BOOK_DATABASE), STORE_WRITE, &store, &f->err));
		MUST(f, store_run(store, "DELETE FROM duty WHERE id % 3 = 0", &f->err));
		MUST(f, store_run(store, "UPDATE duty SET due = due + 1", &f->err));
		MUST(f, store_run(store, "UPDATE holding SET until = 5", &f->err));
		MUST(f, store_run(store, "DELETE FROM file WHERE n > 50", &f->err));
		MUST(f, store_run(store, "UPDATE code SET file = 1", &f->err));
	}
	static const struct casebook_options options = { .is_to_refold = true };
	MUST(f, casebook_open_with(f->dir, CASEBOOK_WRITE, &options, &f->book, &f->err));
	MUST(f, casebook_set_now(f->book, now, &f->err));
	refold(f);
	CLEANUP(buf_finish) struct buf after = dump(f);
	assert_same_dump(&before, &after);
	/* And it goes on: the offices in memory are those of the mended views. */
	history_run(&h, 20);
	CLEANUP(buf_finish) struct buf later_on = dump(f);
	refold(f);
	CLEANUP(buf_finish) struct buf again = dump(f);
	assert_same_dump(&later_on, &again);
}

static void acts_go_on_after_a_refold(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer one = report(f, "He is alone at night.");
	refold(f);
	struct casebook_answer two = report(f, "He is alone again.");
	assert_int_not_equal(one.index, two.index);
	assert_false(str_eq(one.number, two.number));
	assert_true(str_eq(file_named(f, one.number).id, one.file));
	fixture_reopen(f);
	assert_true(str_eq(file_named(f, two.number).id, two.file));
}

/* The tests' pack with one text replaced in one file. */
static void replace_in(struct fixture *f, struct pack_file *file, const char *path, struct str from, struct str to)
{
	size_t at = str_find_str(file->bytes, from);
	if (!str_eq(file->path, str_from_c(path)))
		return;
	assert_true(at < file->bytes.n);
	struct str pieces[3] = { str_sub(file->bytes, 0, at), to,
		                 str_sub(file->bytes, at + from.n, file->bytes.n) };
	file->bytes = arena_join(f->arena, pieces, 3);
}

static void each_entry_is_folded_by_the_pack_of_its_day(void **state)
{
	struct fixture *f = *state;
	const char *folders[] = { test_packs() };
	const struct pack_bytes *old = NULL;
	struct casebook_adoption out;
	struct history h;
	history_begin(&h, f, 8);
	struct person nurse = person(f, "noor", "named-nurse");
	history_run(&h, 60);
	if (!h.holds[5])
		hold(f, &h.people[5], HISTORY_OFFICES[5]);
	h.holds[5] = true;
	MUST(f, pack_find(f->arena, folders, 1, STR("england"), &old, &f->err));
	struct pack_bytes next = *old;
	struct pack_file *files = arena_alloc(f->arena, old->count, sizeof *files);
	memcpy(files, old->files, old->count * sizeof *files);
	next.files = files;
	for (size_t i = 0; i < next.count; i++) {
		replace_in(f, &files[i], "duties.yaml", STR("within one working day of receiving a referral"),
		           STR("one working day from the referral"));
		replace_in(f, &files[i], "pack.yaml", STR("version: 0.1.0"), STR("version: 0.2.0"));
	}
	MUST(f, casebook_adopt(f->book, &h.people[5].actor, &nurse.actor, CASEBOOK_CLI, STR_NONE, &next, f->arena, &out,
	                       &f->err));
	assert_int_equal(out.answer.outcome, CASEBOOK_ADMITTED);
	history_run(&h, 60);
	CLEANUP(buf_finish) struct buf before = dump(f);
	assert_true(str_find_str(buf_str(&before), STR(" pack=2 ")) < before.n);
	assert_true(str_find_str(buf_str(&before), STR(" pack=1 ")) < before.n);
	refold(f);
	CLEANUP(buf_finish) struct buf after = dump(f);
	assert_same_dump(&before, &after);
	struct casebook_verified found;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	assert_true(found.ok);
}

static bool is_listed(struct str table)
{
	for (size_t i = 0; i < VIEWS_N; i++) {
		if (str_eq(table, str_from_c(book_views[i].name)))
			return true;
	}
	for (size_t i = 0; i < TRUTH_N; i++) {
		if (str_eq(table, str_from_c(book_truth[i])))
			return true;
	}
	return str_starts(table, STR("short_"));
}

static const struct view *view_named(struct str table)
{
	for (size_t i = 0; i < VIEWS_N; i++) {
		if (str_eq(table, str_from_c(book_views[i].name)))
			return &book_views[i];
	}
	return NULL;
}

static void every_table_is_truth_or_a_view_or_short_lived(void **state)
{
	struct fixture *f = *state;
	CLEANUP(store_cleanup) struct store *store = NULL;
	const struct str *columns;
	size_t count, in_views = 0, listed = 0;
	MUST(f, store_open(file_join(f->arena, f->dir, BOOK_DATABASE), STORE_READ, &store, &f->err));
	MUST(f, store_columns(store, f->arena, &columns, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		struct str column = columns[i], table;
		assert_true(str_cut(&column, '.', &table));
		if (!is_listed(table))
			fail_msg("nobody says what the table %.*s is", STR_ARG(table));
		const struct view *view = view_named(table);
		bool is_known = view == NULL;
		for (int c = 0; view && view->columns[c]; c++)
			is_known = is_known || str_eq(column, str_from_c(view->columns[c]));
		if (!is_known)
			fail_msg("%.*s.%.*s is no column of the view", STR_ARG(table), STR_ARG(column));
		in_views += view != NULL;
	}
	for (size_t v = 0; v < VIEWS_N; v++) {
		assert_string_equal(book_views[v].name, book_view_names[v]);
		for (int c = 0; book_views[v].columns[c]; c++)
			listed++;
	}
	assert_int_equal(in_views, listed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(after_any_history_the_same_bytes_come_back),
		PROVES(many_short_histories_come_back_the_same),
		PROVES(views_that_were_spoilt_are_mended),
		PROVES(each_entry_is_folded_by_the_pack_of_its_day),
		PROVES(acts_go_on_after_a_refold),
		PROVES(every_table_is_truth_or_a_view_or_short_lived),
	};
	return PROVE(tests);
}
