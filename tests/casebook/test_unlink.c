/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Links that an entry takes away: nothing looks along them any more, and they stay to be seen. */
#include "casebook/dump.h"
#include "casebook/keys.h"
#include "casebook/sample_changed.h"

static const struct text_change PARTED = {
	"kinds/concern.yaml", "",
	"concern.parted:\n  title: Not about this child\n  file: concern\n  by: [anyone, screener]\n"
	"  fields: [{ name: child, type: file, of: [child], required: yes }]\n"
	"  unlinks: [{ relation: about, to: child }]\n  tells-owners: [child]\n"
	"concern.named:\n  title: About this child\n  file: concern\n  by: [anyone, screener]\n"
	"  fields: [{ name: child, type: file, of: [child], required: yes }]\n"
	"  links: [{ relation: about, to: child }]\n"
	"concern.counted:\n  title: Of several\n  file: concern\n  by: [anyone, screener]\n"
	"  needs: [{ need: { linked: { by: about, type: child } }, else: It is about nobody }]\n"
};

struct world {
	struct fixture *f;
	struct person screener;
	struct str rose;
};

static struct world begin_parted(struct fixture *f)
{
	found_by(f, sample_changed(f, &PARTED, 1));
	struct world w = { .f = f, .screener = person(f, "amara", "screener") };
	struct person worker = person(f, "sam", "social-worker");
	w.rose = admitted(f, &worker.actor, "person.opened", STR_NONE, fields_of(f, "{'names':['Rose']}")).file;
	return w;
}

static struct casebook_answer concern_of(struct world *w)
{
	return admitted(w->f, &BY_PUBLIC, "concern.received", STR_NONE,
	                fields_of(w->f, arena_format(w->f->arena,
	                                             "{'source':'school','harm':['neglect'],'danger-now':'no',"
	                                             "'harm-sign':'no','area':'screener','words':'Alone.',"
	                                             "'child':'%.*s'}",
	                                             STR_ARG(w->rose))
	                                        .p));
}

static struct casebook_answer say(struct world *w, const char *kind, struct str file)
{
	return admitted(w->f, &w->screener.actor, kind, file,
	                fields_of(w->f, arena_format(w->f->arena, "{'child':'%.*s'}", STR_ARG(w->rose)).p));
}

static const struct casebook_linked *links_of(struct world *w, struct str file, size_t *count)
{
	const struct casebook_linked *links;
	struct casebook_file found = file_named(w->f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(w->f);
	MUST(w->f, casebook_links(reader, w->f->arena, found.n, &links, count, &w->f->err));
	return links;
}

static size_t found(struct world *w)
{
	const struct casebook_entry *entries;
	size_t count, n = 0;
	struct casebook_file row = file_named(w->f, w->rose);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(w->f);
	MUST(w->f, casebook_entries(reader, w->f->arena, row.n, -1, 200, &entries, &count, &w->f->err));
	for (size_t i = 0; i < count; i++)
		n += str_eq(entries[i].kind, STR("pattern.found"));
	return n;
}

static void a_link_that_was_taken_away_stays_with_the_entry_that_did_it(void **state)
{
	struct world w = begin_parted(*state);
	size_t count;
	struct casebook_answer concern = concern_of(&w);
	const struct casebook_linked *links = links_of(&w, w.rose, &count);
	assert_int_equal(count, 1);
	assert_int_equal(links[0].removed, -1);
	struct casebook_answer parted = say(&w, "concern.parted", concern.file);
	links = links_of(&w, w.rose, &count);
	assert_int_equal(count, 1);
	assert_int_equal(links[0].entry, concern.index);
	assert_int_equal(links[0].removed, parted.index);
	(void)say(&w, "concern.parted", concern.file); /* there is nothing left to take away */
	assert_int_equal(links_of(&w, w.rose, &count)[0].removed, parted.index);
}

static void no_condition_looks_along_it_any_more(void **state)
{
	struct fixture *f = *state;
	struct world w = begin_parted(f);
	struct casebook_answer concern = concern_of(&w);
	(void)admitted(f, &w.screener.actor, "concern.counted", concern.file, json_object(f->arena));
	(void)say(&w, "concern.parted", concern.file);
	struct casebook_answer refused =
		act(f, &w.screener.actor, "concern.counted", concern.file, json_object(f->arena));
	assert_int_equal(refused.outcome, CASEBOOK_REFUSED);
	(void)say(&w, "concern.named", concern.file);
	(void)admitted(f, &w.screener.actor, "concern.counted", concern.file, json_object(f->arena));
}

static void what_was_parted_is_not_counted_and_counts_when_it_is_named_again(void **state)
{
	struct world w = begin_parted(*state);
	struct casebook_answer first = concern_of(&w);
	(void)say(&w, "concern.parted", first.file);
	(void)concern_of(&w);
	(void)concern_of(&w);
	assert_int_equal(found(&w), 0);
	struct casebook_answer named = say(&w, "concern.named", first.file);
	size_t count;
	assert_int_equal(found(&w), 1);
	const struct casebook_linked *links = links_of(&w, first.file, &count);
	assert_int_equal(count, 1);
	assert_int_equal(links[0].entry, named.index);
	assert_int_equal(links[0].removed, -1);
}

/* How many read on the file what the entry told them: of one office, or of all. */
static size_t told(struct world *w, int64_t entry, struct str file, const char *office)
{
	struct casebook_duty_list list;
	size_t n = 0;
	struct casebook_file row = file_named(w->f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(w->f);
	MUST(w->f, casebook_duties_of_file(reader, w->f->arena, row.n, 200, &list, &w->f->err));
	for (size_t i = 0; i < list.count; i++)
		n += list.at[i].opened == entry && str_eq(list.at[i].rule, STR("R02")) &&
		     (!office || str_eq(list.at[i].office, str_from_c(office)));
	return n;
}

static void whoever_owes_on_either_file_is_told_once(void **state)
{
	struct fixture *f = *state;
	struct world w = begin_parted(f);
	struct person worker = person(f, "sid", "social-worker");
	struct casebook_answer concern = concern_of(&w);
	struct str child = arena_format(f->arena, "{'child':'%.*s'}", STR_ARG(w.rose));
	struct casebook_answer parted =
		admitted(f, &worker.actor, "concern.parted", concern.file, fields_of(f, child.p));
	assert_int_equal(told(&w, parted.index, concern.file, "screener"), 1);
	assert_int_equal(told(&w, parted.index, concern.file, NULL), 1); /* of T01, T02 and T03 */
	assert_int_equal(told(&w, parted.index, w.rose, NULL), 0); /* who wrote it knows */
	struct casebook_answer own = say(&w, "concern.parted", concern.file);
	assert_int_equal(told(&w, own.index, concern.file, NULL), 0);
	assert_int_equal(told(&w, own.index, w.rose, "social-worker"), 1);
}

static void what_was_parted_folds_anew_to_the_same_and_verifies(void **state)
{
	struct fixture *f = *state;
	struct world w = begin_parted(f);
	struct casebook_answer first = concern_of(&w), second = concern_of(&w);
	(void)say(&w, "concern.parted", first.file);
	(void)say(&w, "concern.parted", second.file);
	(void)say(&w, "concern.named", second.file);
	CLEANUP(buf_finish) struct buf before = dump(f);
	assert_true(str_find_str(buf_str(&before), STR(" removed=NULL")) < before.n);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	CLEANUP(buf_finish) struct buf after = dump(f);
	assert_same_dump(&before, &after);
	close_register(f);
	must_verify(f);
	fixture_open(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_link_that_was_taken_away_stays_with_the_entry_that_did_it),
		PROVES(no_condition_looks_along_it_any_more),
		PROVES(what_was_parted_is_not_counted_and_counts_when_it_is_named_again),
		PROVES(whoever_owes_on_either_file_is_told_once),
		PROVES(what_was_parted_folds_anew_to_the_same_and_verifies),
	};
	return PROVE(tests);
}
