/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files that were said to be one person: which are together, which not, and who is told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "people/people_parts.h"
#include "people/town.h"

#define LEAST 3
#define GROUPS_MAX 8
#define FILES_MAX 64

struct seen {
	int64_t files[GROUPS_MAX][FILES_MAX];
	size_t counts[GROUPS_MAX];
	size_t agencies[GROUPS_MAX];
	int64_t since[GROUPS_MAX], lump[GROUPS_MAX];
	size_t count;
};

static bool keep(void *ctx, const struct people_group *group)
{
	struct seen *seen = ctx;
	assert_true(seen->count < GROUPS_MAX);
	memcpy(seen->files[seen->count], group->files, group->count * sizeof *group->files);
	seen->counts[seen->count] = group->count;
	seen->agencies[seen->count] = group->agency_count;
	seen->since[seen->count] = group->since;
	seen->lump[seen->count++] = group->lump;
	return true;
}

/* The groups of which one of the files is, after a lump. */
static void find_groups(struct town *t, const int64_t *import, size_t count, int64_t after, struct seen *seen)
{
	struct fixture *f = &t->e->f;
	struct people_groups_told told;
	bool of_import[1000] = { false };
	for (size_t i = 0; i < count; i++)
		of_import[import[i]] = true;
	const struct people_groups_ask ask = {
		.of_import = of_import, .of_count = COUNT_OF(of_import), .least_agencies = LEAST, .after = after
	};
	*seen = (struct seen){ 0 };
	MUST(f, people_wait(t->people, &f->err));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, people_groups(t->people, reader, &ask, keep, seen, &told, &f->err));
	assert_int_equal(told.too_large, 0);
}

static int64_t opens(struct town *t, const char *office, const char *kind, const char *birth)
{
	struct fixture *f = &t->e->f;
	bool is_child = strcmp(kind, "person.opened") == 0;
	struct str fields = arena_format(f->arena,
	                                 "{%s'names':['Leonard Foxwell'],%s%s%s'home':['4 Weir Street, Northmere NM7 3CD'],"
	                                 "'identifiers':['07700 900123','943 476 5919']}",
	                                 is_child ? "'birth-known':'no'," : "", birth ? "'birth':'" : "", birth ? birth : "",
	                                 birth ? "'," : "");
	struct str number = admitted(f, &england_holder(t->e, office)->actor, kind, STR_NONE, fields_of(f, fields.p)).number;
	MUST(f, people_wait(t->people, &f->err));
	return file_named(f, number).n;
}

static const char *const OFFICES[] = { "social-worker", "police-officer", "named-nurse", "dsl" };

/* A file of each of so many agencies. */
static void open_each(struct town *t, size_t count, int64_t *files)
{
	for (size_t i = 0; i < count; i++)
		files[i] = opens(t, OFFICES[i], "person.opened", "06/05/2012");
}

static void three_agencies_files_are_one_group_that_is_told_once(void **state)
{
	struct town *t = *state;
	struct seen seen;
	int64_t files[LEAST];
	open_each(t, LEAST, files);
	find_groups(t, &files[2], 1, -1, &seen);
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.counts[0], LEAST);
	assert_int_equal(seen.agencies[0], LEAST);
	for (size_t i = 0; i < LEAST; i++)
		assert_int_equal(seen.files[0][i], files[i]);
	assert_int_equal(seen.lump[0], files[0]);
	int64_t newest;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(&t->e->f);
	MUST(&t->e->f, casebook_newest_entry(reader, &newest, &t->e->f.err));
	assert_true(seen.since[0] > 0 && seen.since[0] <= newest);
	/* Behind it there is none. */
	find_groups(t, &files[2], 1, seen.lump[0], &seen);
	assert_int_equal(seen.count, 0);
}

static void two_agencies_or_those_who_were_seen_before_are_not_told(void **state)
{
	struct town *t = *state;
	struct seen seen;
	int64_t files[LEAST + 1];
	open_each(t, 2, files);
	find_groups(t, &files[1], 1, -1, &seen);
	assert_int_equal(seen.count, 0);
	open_each(t, COUNT_OF(files), files);
	/* Without the file of the import three agencies knew already. */
	find_groups(t, &files[3], 1, -1, &seen);
	assert_int_equal(seen.count, 0);
	/* Nothing of it is of the import. */
	find_groups(t, NULL, 0, -1, &seen);
	assert_int_equal(seen.count, 0);
}

static void who_is_grown_up_by_one_file_is_no_child(void **state)
{
	struct town *t = *state;
	struct seen seen;
	int64_t last = 0;
	for (size_t i = 0; i < LEAST - 1; i++)
		(void)opens(t, OFFICES[i], "adult.opened", "06/05/1985");
	last = opens(t, OFFICES[LEAST - 1], "person.opened", NULL);
	find_groups(t, &last, 1, -1, &seen);
	assert_int_equal(seen.count, 0);
}

/* An adult's file that says the birth of a child is a child's. */
static void a_birth_says_more_than_the_type_of_a_file(void **state)
{
	struct town *t = *state;
	struct seen seen;
	int64_t last = 0;
	for (size_t i = 0; i < LEAST; i++)
		last = opens(t, OFFICES[i], "adult.opened", "06/05/2012");
	find_groups(t, &last, 1, -1, &seen);
	assert_int_equal(seen.count, 1);
}

static void what_is_kept_apart_or_restricted_is_in_no_group(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct seen seen;
	int64_t files[LEAST];
	open_each(t, LEAST, files);
	admitted(f, &england_holder(t->e, "head-of-service")->actor, "restriction.placed", file_named(f, STR("P-1")).id,
	         fields_of(f, "{'reason':'live-investigation','until':'2026-04-10',"
	                      "'who':['head-of-service','independent-scrutineer'],'reasons':'It is under way.'}"));
	find_groups(t, &files[2], 1, -1, &seen);
	assert_int_equal(seen.count, 0);
}

static void who_is_said_to_be_somebody_else_is_in_no_group(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct seen seen;
	int64_t files[LEAST];
	open_each(t, LEAST, files);
	for (size_t i = 0; i < 2; i++) {
		struct str other = arena_format(f->arena, "P-%zu", i + 1);
		(void)admitted(f, &t->manager->actor, "person.kept-apart", STR("P-3"),
		               fields_of(f, arena_format(f->arena, "{'other':'%.*s','evidence':[%" PRId64 "],'reasons':'Two.'}",
		                                         STR_ARG(other), file_named(f, STR("P-3")).first_entry)
		                                    .p));
	}
	find_groups(t, &files[2], 1, -1, &seen);
	assert_int_equal(seen.count, 0);
}

/* --- who had to do with somebody ------------------------------------------------------------------ */

/* The register's proposal that stands on the file. */
static int64_t proposed_on(struct town *t, int64_t file)
{
	struct fixture *f = &t->e->f;
	struct casebook_own_proposal own[1];
	size_t count;
	MUST(f, people_wait(t->people, &f->err));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_own_proposals(reader, f->arena, file, 1, own, &count, &f->err));
	assert_int_equal(count, 1);
	return own[0].entry;
}

static void writes(struct town *t, const char *kind, const char *fields)
{
	struct fixture *f = &t->e->f;
	(void)admitted(f, &t->manager->actor, kind, STR("P-2"), fields_of(f, fields));
}

static size_t told_of(struct town *t, int64_t file)
{
	struct seen seen;
	find_groups(t, &file, 1, -1, &seen);
	return seen.count;
}

/* Police and health know the child; the council tidies up, until somebody of it has something to say. */
static void whoever_tidies_up_does_not_know_the_child_by_it(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	int64_t files[2];
	for (size_t i = 0; i < 2; i++)
		files[i] = opens(t, OFFICES[i + 1], "person.opened", "06/05/2012");
	int64_t of = proposed_on(t, files[1]);
	writes(t, "link.answered",
	       arena_format(f->arena, "{'of':%" PRId64 ",'answer':'cannot-tell','reasons':'Ask.'}", of).p);
	assert_int_equal(told_of(t, files[1]), 0);
	writes(t, "link.proposed", "{'other':'P-1','what':'other','words':'One coat.'}");
	assert_int_equal(told_of(t, files[1]), 0);
	writes(t, "link.made", arena_format(f->arena, "{'friend':'P-1','evidence':[%" PRId64 "]}", of).p);
	assert_int_equal(told_of(t, files[1]), 0);
	writes(t, "person.known", "{'what':['name'],'names':['Leo Foxwell']}");
	assert_int_equal(told_of(t, files[1]), 1);
}

/* By what the rules say of kinds, and not by their names: these are what it comes to. */
static void no_kind_that_keeps_the_register_is_a_contact(void **state)
{
	static const char *const TIDYING[] = { "link.made",     "link.removed",  "link.proposed",     "link.answered",
		                               "person.joined", "person.parted", "person.kept-apart", "person.looked-again" };
	struct town *t = *state;
	const struct pack *pack = casebook_pack(t->e->f.book);
	size_t tidying = 0;
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		bool is_named = false;
		for (size_t i = 0; i < COUNT_OF(TIDYING); i++)
			is_named = is_named || str_eq(kind->name, str_from_c(TIDYING[i]));
		tidying += is_named;
		if (pack_kind_is_contact(pack, kind) != (!kind->is_built_in && !is_named))
			fail_msg("%.*s", STR_ARG(kind->name));
	}
	assert_int_equal(tidying, COUNT_OF(TIDYING));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOWN(three_agencies_files_are_one_group_that_is_told_once),
		TOWN(two_agencies_or_those_who_were_seen_before_are_not_told),
		TOWN(who_is_grown_up_by_one_file_is_no_child),
		TOWN(a_birth_says_more_than_the_type_of_a_file),
		TOWN(what_is_kept_apart_or_restricted_is_in_no_group),
		TOWN(who_is_said_to_be_somebody_else_is_in_no_group),
		TOWN(whoever_tidies_up_does_not_know_the_child_by_it),
		TOWN(no_kind_that_keeps_the_register_is_a_contact),
	};
	return cmocka_run_group_tests(tests, found_england, forget_england);
}
