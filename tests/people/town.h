/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A register of England with an index of its people that proposes, and those who write in it. */
#ifndef CANDOUR_TESTS_PEOPLE_TOWN_H
#define CANDOUR_TESTS_PEOPLE_TOWN_H

#include "england/england.h"
#include "people/people.h"

#define START INT64_C(1774602000000000) /* 2026-03-27T09:00:00Z */

struct town {
	struct england *e;
	struct people *people;
	const struct person *screener, *worker, *manager;
};

static struct england *founded;

static inline int found_england(void **state)
{
	(void)state;
	founded = england_begin(START);
	casebook_close(founded->f.book);
	founded->f.book = NULL;
	return 0;
}

static inline int forget_england(void **state)
{
	(void)state;
	england_end(founded);
	return 0;
}

static inline struct town *open_town(void)
{
	static const struct people_options options = { .proposes = true };
	struct town *town = calloc(1, sizeof *town);
	assert_non_null(town);
	town->e = england_copy(founded);
	town->screener = england_holder(town->e, "screener");
	town->worker = england_holder(town->e, "social-worker");
	town->manager = england_holder(town->e, "team-manager");
	MUST(&town->e->f, people_start(town->e->f.book, &options, &town->people, &town->e->f.err));
	return town;
}

static inline void close_town(struct town *town)
{
	people_stop(town->people);
	england_end(town->e);
	free(town);
}

static inline int set_up(void **state)
{
	*state = open_town();
	return 0;
}

static inline int tear_down(void **state)
{
	close_town(*state);
	return 0;
}

#define TOWN(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)

/* --- what is done ----------------------------------------------------------------------------- */

static inline struct casebook_answer open_child(struct town *t, const char *name, const char *birth, const char *home)
{
	struct fixture *f = &t->e->f;
	struct str fields = arena_format(f->arena, "{'birth-known':'no','names':['%s'],'birth':'%s','home':['%s']}", name, birth, home);
	return admitted(f, &t->worker->actor, "person.opened", STR_NONE, fields_of(f, fields.p));
}

static inline struct casebook_answer tell(struct town *t, const char *more)
{
	struct fixture *f = &t->e->f;
	struct str fields = arena_format(f->arena,
	                                 "{'danger-now':'no','source':'school','happening':'He is alone at night.',"
	                                 "'harm':['neglect'],'harm-sign':'no','channel':'phone'%s}",
	                                 more);
	return admitted(f, &t->screener->actor, "concern.received", STR_NONE, fields_of(f, fields.p));
}

static inline size_t find_in(struct town *t, struct people *people, const char *words, struct people_found *found)
{
	size_t count;
	MUST(&t->e->f, people_wait(people, &t->e->f.err));
	MUST(&t->e->f, people_find(people, str_from_c(words), t->e->f.arena, found, &count, &t->e->f.err));
	return count;
}

#endif
