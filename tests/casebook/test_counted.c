/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the register counts itself as an act is recorded, and nobody types. */
#include "casebook/dump.h"
#include "casebook/owed.h"
#include "casebook/sample_changed.h"

#include "casebook/book.h"
#include "store/store.h"

static const struct text_change COUNTED[] = {
	{ "kinds/child.yaml", "child.seen:\n  title: The child was seen\n  file: child\n",
	  "talk.held:\n  title: A talk\n  file: child\n  by: [social-worker]\n  fields:\n"
	  "    - { name: late, type: integer, counted: late, max: 10000 }\n"
	  "    - { name: two, type: integer, counted: late, max: 2 }\n"
	  "    - { name: open, type: integer, counted: challenge, max: 10000 }\n"
	  "    - { name: said, type: yes, required: yes }\n"
	  "child.seen:\n  title: The child was seen\n  file: child\n" },
};

struct counted {
	int64_t index;
	int64_t late;
	int64_t two;
	int64_t open;
};

static struct counted talk(struct fixture *f, const struct person *who, struct str child)
{
	struct casebook_answer answer =
		admitted(f, &who->actor, "talk.held", child, fields_of(f, "{'said':'yes'}"));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_entry entry;
	MUST(f, casebook_entry_get(reader, f->arena, answer.index, &entry, &f->err));
	return (struct counted){ answer.index, json_number(entry.plain, STR("late"), -1),
		                 json_number(entry.plain, STR("two"), -1),
		                 json_number(entry.plain, STR("open"), -1) };
}

static struct str raise(struct fixture *f, const struct person *who, struct str child)
{
	return admitted(f, &who->actor, "challenge.raised", STR_NONE,
	                fields_of(f, arena_format(f->arena,
	                                          "{'child':'%.*s','to':'screener','urgent':'no',"
	                                          "'words':'Nobody comes.'}",
	                                          STR_ARG(child))
	                                     .p))
	        .file;
}

/* As a page of what is late lists it. */
static int64_t late_now(struct fixture *f)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_duty_list list;
	MUST(f, casebook_duties_open(reader, f->arena, true, 0, 0, 500, &list, &f->err));
	return (int64_t)list.count;
}

struct ground {
	struct person sam;
	struct str child;
};

static struct ground founded(struct fixture *f)
{
	struct ground on;
	found_by(f, sample_changed(f, COUNTED, COUNT_OF(COUNTED)));
	on.sam = person(f, "sam", "social-worker");
	on.child = admitted(f, &on.sam.actor, "person.opened", STR_NONE,
	                    fields_of(f, "{'names':['Rose'],'born':'2012-03'}"))
	                   .file;
	return on;
}

static void what_is_late_and_open_is_the_registers_own_number(void **state)
{
	struct fixture *f = *state;
	struct ground on = founded(f);
	struct counted seen = talk(f, &on.sam, on.child);
	assert_int_equal(seen.late, late_now(f));
	assert_int_equal(seen.open, 0);
	struct str first = raise(f, &on.sam, on.child);
	for (int i = 0; i < 3; i++)
		(void)raise(f, &on.sam, on.child);
	seen = talk(f, &on.sam, on.child);
	assert_int_equal(seen.open, 4);
	later(f, 60 * INSTANT_PER_DAY);
	seen = talk(f, &on.sam, on.child);
	assert_true(seen.late >= 4);
	assert_int_equal(seen.late, late_now(f));
	assert_int_equal(seen.two, 2); /* no further than its max */
	admitted(f, &on.sam.actor, "challenge.settled", first, fields_of(f, "{}"));
	assert_int_equal(talk(f, &on.sam, on.child).open, 3);
}

static void nobody_writes_it_or_corrects_it(void **state)
{
	struct fixture *f = *state;
	struct ground on = founded(f);
	struct casebook_answer answer =
		act(f, &on.sam.actor, "talk.held", on.child, fields_of(f, "{'said':'yes','late':0}"));
	assert_int_equal(answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(answer.error_count, 1);
	assert_true(str_eq(answer.errors[0].text, STR("Late: the register counts this itself; leave it out")));
	int64_t held = talk(f, &on.sam, on.child).index;
	struct str text = arena_format(f->arena, "{'of':%" PRId64 ",'field':'late','value':'0','why':'other'}", held);
	REFUSED(f, act(f, &on.sam.actor, "entry.corrected", on.child, fields_of(f, text.p)), "counted");
}

static void it_stands_in_the_entry_and_a_refold_keeps_it(void **state)
{
	struct fixture *f = *state;
	struct ground on = founded(f);
	struct casebook_verified found;
	(void)raise(f, &on.sam, on.child);
	later(f, 60 * INSTANT_PER_DAY);
	(void)talk(f, &on.sam, on.child);
	CLEANUP(buf_finish) struct buf before = dump(f);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	CLEANUP(buf_finish) struct buf after = dump(f);
	assert_true(str_eq(buf_str(&before), buf_str(&after)));
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	assert_true(found.ok);
}

/* Whoever writes the database hides what is late while the act is made, and puts it back. */
static void a_number_that_was_not_so_is_found_by_verify(void **state)
{
	struct fixture *f = *state;
	struct ground on = founded(f);
	struct casebook_verified found;
	(void)raise(f, &on.sam, on.child);
	later(f, 60 * INSTANT_PER_DAY);
	MUST(f, store_run(f->book->store, "UPDATE duty SET due = due + 9000000000000000", &f->err));
	struct counted seen = talk(f, &on.sam, on.child);
	assert_int_equal(seen.late, 0);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	assert_false(found.ok);
	assert_int_equal(found.difference.index, seen.index);
	if (str_find_str(found.difference.what, STR("It says 0 for \"Late\"")) == found.difference.what.n)
		fail_msg("%.*s", STR_ARG(found.difference.what));
}

static void a_count_reads_no_more_rows_than_it_says(void **state)
{
	static const char *const PARTS[] = { "duty_due", "file_number" };
	struct fixture *f = *state;
	struct ground on = founded(f);
	const struct str *sql;
	size_t count, looked = 0;
	(void)talk(f, &on.sam, on.child);
	MUST(f, store_prepared(f->book->store, f->arena, &sql, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		struct str plan;
		if (str_find_str(sql[i], STR("AS late")) == sql[i].n && str_find_str(sql[i], STR("AS newest WHERE")) == sql[i].n)
			continue;
		MUST(f, store_explain(f->book->store, f->arena, str_to_c(f->arena, sql[i]), &plan, &f->err));
		for (size_t p = 0; p < COUNT_OF(PARTS); p++)
			looked += str_find_str(plan, str_from_c(PARTS[p])) < plan.n;
		assert_true(str_find_str(plan, STR("SCAN duty")) == plan.n);
		assert_true(str_find_str(plan, STR("SCAN file")) == plan.n);
		assert_true(str_find_str(sql[i], STR("LIMIT ?2")) < sql[i].n);
	}
	assert_int_equal(looked, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_is_late_and_open_is_the_registers_own_number),
		PROVES(nobody_writes_it_or_corrects_it),
		PROVES(it_stands_in_the_entry_and_a_refold_keeps_it),
		PROVES(a_number_that_was_not_so_is_found_by_verify),
		PROVES(a_count_reads_no_more_rows_than_it_says),
	};
	return PROVE(tests);
}
