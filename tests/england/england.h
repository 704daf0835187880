/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A drill register of the whole England pack whose time begins when a test
 * says, with an account in whatever office acts. The pack's folder is
 * CANDOUR_ENGLAND, or packs.
 */
#ifndef CANDOUR_TESTS_ENGLAND_ENGLAND_H
#define CANDOUR_TESTS_ENGLAND_ENGLAND_H

#include "casebook/fixture.h"
#include "clock/clock.h"

#define ENGLAND_OFFICES_MAX 128

struct england {
	struct fixture f; /* first: the helpers of fixtures take it */
	const struct pack *pack; /* of a copy: the founded one's */
	bool is_copy;
	struct person people[ENGLAND_OFFICES_MAX];
	const char *offices[ENGLAND_OFFICES_MAX];
	size_t count;
};

static inline const char *england_packs(void)
{
	const char *folder = getenv("CANDOUR_ENGLAND");
	return folder && *folder ? folder : "packs";
}

static inline void england_open(struct england *e)
{
	static const struct casebook_options options = { .has_seed = true, .seed = 7 };
	struct fixture *f = &e->f;
	MUST(f, casebook_open_with(f->dir, CASEBOOK_WRITE, &options, &f->book, &f->err));
}

static inline struct england *england_new(void)
{
	struct england *e = calloc(1, sizeof *e);
	assert_non_null(e);
	e->f.arena = arena_create(4 * FIXTURE_FILE_MAX);
	assert_non_null(e->f.arena);
	(void)snprintf(e->f.dir, sizeof e->f.dir, "/tmp/candour-england-XXXXXX");
	assert_non_null(mkdtemp(e->f.dir));
	return e;
}

/* A register whose time begins at `start`. */
static inline struct england *england_begin(instant start)
{
	struct england *e = england_new();
	struct fixture *f = &e->f;
	const char *folders[] = { england_packs() };
	const struct pack_bytes *bytes = NULL;
	struct pack_errors errors;
	struct casebook_made made;
	struct pack *pack = NULL;
	MUST(f, pack_find(f->arena, folders, 1, STR("england"), &bytes, &f->err));
	MUST(f, pack_load(bytes, &pack, f->arena, &errors, &f->err));
	e->pack = pack;
	struct casebook_founding founding = { .dir = f->dir,
		                              .pack = bytes,
		                              .origin = STR("drill.northmere.example/register"),
		                              .is_drill = true,
		                              .has_seed = true,
		                              .seed = 1,
		                              .start = start };
	MUST(f, casebook_create(&founding, f->arena, &made, &f->err));
	england_open(e);
	return e;
}

/* A copy of a register in which nothing has happened yet, a hundred times sooner than a new one. */
static inline struct england *england_copy(struct england *founded)
{
	struct england *e = england_new();
	e->is_copy = true;
	e->pack = founded->pack;
	fixture_copy_folder(&e->f, founded->f.dir, e->f.dir);
	england_open(e);
	return e;
}

/* Every history ends with a register that verifies: its acts were lawful, its patterns found. */
static inline void england_verify(struct england *e)
{
	struct fixture *f = &e->f;
	struct casebook_verified found;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	if (!found.ok)
		fail_msg("%.*s %" PRId64 ": %.*s", STR_ARG(found.difference.where), found.difference.index,
		         STR_ARG(found.difference.what));
}

static inline void england_end(struct england *e)
{
	struct fixture *f = &e->f;
	bool was_open = f->book != NULL;
	const char *kept = getenv("CANDOUR_KEEP"); /* a folder that is not there yet: to look at it by hand */
	casebook_close(f->book);
	if (was_open)
		england_verify(e);
	for (size_t i = 0; i < e->count; i++)
		free((char *)(uintptr_t)e->offices[i]);
	arena_reset(f->arena);
	if (kept && *kept)
		fixture_copy_folder(f, f->dir, kept);
	fixture_remove_folder(f->arena, f->dir);
	arena_destroy(f->arena);
	if (!e->is_copy)
		pack_destroy((struct pack *)(uintptr_t)e->pack);
	free(e);
}

/* Whoever holds the office; somebody does from the first asking. "dcs+2" is another holder of dcs. */
static inline const struct person *england_holder(struct england *e, const char *office)
{
	for (size_t i = 0; i < e->count; i++) {
		if (strcmp(e->offices[i], office) == 0)
			return &e->people[i];
	}
	assert_true(e->count < ENGLAND_OFFICES_MAX);
	char name[96];
	(void)snprintf(name, sizeof name, "holder-of-%s", office);
	e->offices[e->count] = strdup(office);
	struct str held = str_from_c(office);
	held = str_sub(held, 0, str_find(held, '+'));
	e->people[e->count] = person(&e->f, name, str_to_c(e->f.arena, held));
	return &e->people[e->count++];
}

/* Time passes to `until`; what falls due on the way is told at its moment. */
static inline void england_until(struct england *e, instant until)
{
	struct clock_ran ran;
	if (until > casebook_now(e->f.book))
		MUST(&e->f, clock_run_until(e->f.book, until, &ran, &e->f.err));
}

#endif
