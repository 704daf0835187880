/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A condition read from YAML, and the small world that it is asked of. */
#ifndef CANDOUR_TESTS_PACK_CONDITION_FIXTURE_H
#define CANDOUR_TESTS_PACK_CONDITION_FIXTURE_H

#include "fake_world.h"

#include "pack/atom.h"
#include "pack/whole.h"

#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)
#define NODES_MAX 10000

struct fixture {
	struct arena *arena;
	struct pack *pack;
	struct loader loader;
	struct fake *fake;
	struct fake_file *others; /* linked files, as many as a test wants */
	struct fake *pair[2];
	struct pack_world world;
	const struct pack_kind *kind; /* whose act is judged */
	uint64_t file_types;
	bool is_pattern;
	struct err err;
};

static inline instant at(const char *text)
{
	instant out;
	assert_true(instant_read(str_from_c(text), &out));
	return out;
}

static inline void act_of(struct fixture *f, const char *kind, const char *type, const char *plain)
{
	f->kind = kind ? pack_kind_find(f->pack, str_from_c(kind)) : NULL;
	f->world.kind = f->kind;
	f->world.type = pack_file_type_find(f->pack, str_from_c(type));
	assert_non_null(f->world.type);
	f->fake->own.type = f->world.type;
	f->file_types = UINT64_C(1) << f->world.type->number;
	f->world.plain = NULL;
	if (plain)
		assert_true(json_read(f->arena, str_from_c(plain), 8, &f->world.plain, &f->err));
}

static inline int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	struct pack_errors errors;
	f->arena = arena_create(FIXTURE_BYTES);
	assert_true(pack_load(find_pack(f->arena, sample_folder()), &f->pack, f->arena, &errors,
	                      &f->err));
	f->loader = (struct loader){ .arena = f->arena,
		                     .errors_arena = f->arena,
		                     .pack = f->pack,
		                     .whole = (struct whole *)(void *)f->pack,
		                     .file = STR("cond.yaml") };
	f->fake = calloc(1, sizeof *f->fake);
	f->others = calloc(400, sizeof *f->others);
	f->fake->pack = f->pack;
	f->fake->own.id = "own";
	f->pair[0] = f->fake;
	f->pair[1] = (struct fake *)(void *)&f->fake->own;
	f->world = (struct pack_world){ .calls = &FAKE_CALLS,
		                        .ctx = f->pair,
		                        .pack = f->pack,
		                        .now = at("2026-06-15T12:00:00Z"),
		                        .happened = at("2026-06-15T11:00:00Z"),
		                        .account = STR("ann"),
		                        .office = STR("screener") };
	act_of(f, NULL, "concern", NULL);
	*state = f;
	return 0;
}

static inline int tear_down(void **state)
{
	struct fixture *f = *state;
	pack_destroy(f->pack);
	free(f->others);
	free(f->fake);
	arena_destroy(f->arena);
	free(f);
	return 0;
}

static const struct pack_cond *read_text(struct fixture *f, const char *text)
{
	const struct yaml *root;
	const struct yaml_error *errors;
	if (!yaml_read(f->arena, str_from_c(text), NODES_MAX, &root, &errors))
		fail_msg("%s: %.*s", text, STR_ARG(errors->what));
	return condition_read(&f->loader, root, f->kind, f->file_types, f->is_pattern);
}

static inline bool holds(struct fixture *f, const char *text)
{
	const struct pack_cond *cond = read_text(f, text);
	bool answer;
	if (!cond)
		fail_msg("%s: %.*s", text,
		         STR_ARG(f->loader.line_count ? f->loader.lines[0].text : STR("?")));
	if (!pack_cond_holds(cond, &f->world, &answer, &f->err))
		fail_msg("%s: %s", text, f->err.message);
	return answer;
}

static inline void assert_refused(struct fixture *f, const char *text, const char *message)
{
	f->loader.line_count = f->loader.error_count = 0;
	assert_null(read_text(f, text));
	assert_int_equal(f->loader.line_count, 1);
	struct str found =
		arena_format(f->arena, "%d:%d: %.*s", f->loader.lines[0].line,
	                     f->loader.lines[0].column, STR_ARG(f->loader.lines[0].text));
	assert_string_equal(found.p, message);
}

/* An entry on a file, the newest so far. */
static inline struct pack_seen *entry(struct fixture *f, struct fake_file *file, const char *kind,
                               const char *happened, const char *plain)
{
	struct pack_seen *made = &file->entries[file->entry_count];
	*made = (struct pack_seen){ .index = (int64_t)file->entry_count++,
		                    .kind = pack_kind_find(f->pack, str_from_c(kind)),
		                    .file = str_from_c(file->id),
		                    .happened = at(happened),
		                    .recorded = at(happened),
		                    .plain = str_from_c(plain),
		                    .account = STR("ann"),
		                    .office = STR("screener") };
	assert_non_null(made->kind);
	return made;
}

static inline struct fake_file *own(struct fixture *f)
{
	return &f->fake->own;
}

static inline struct fake_file *link_file(struct fixture *f, const char *type, const char *id)
{
	struct fake_file *other = &f->others[own(f)->link_count];
	own(f)->links[own(f)->link_count++] = other;
	other->id = id;
	other->type = pack_file_type_find(f->pack, str_from_c(type));
	return other;
}

static inline void fact(struct fixture *f, const char *name, const char *value)
{
	const struct pack_fact *found = cond_fact_find(f->world.type, str_from_c(name));
	assert_non_null(found);
	own(f)->facts[found->number] = str_from_c(value);
}

static inline void duty(struct fixture *f, const char *rule, bool is_open, bool is_late,
                 const char *office)
{
	const struct pack_duty *found = pack_duty_find(f->pack, str_from_c(rule));
	own(f)->duties[own(f)->duty_count++] =
		(struct pack_seen_duty){ .rule = found->name,
		                         .class = found->class,
		                         .is_open = is_open,
		                         .is_late = is_late,
		                         .is_settled = !is_open,
		                         .office = str_from_c(office),
		                         .started = INSTANT_MIN };
}

#endif
