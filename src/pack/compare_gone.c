/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a new version may never do, whatever its number: take away what old
 * entries name. It may retire it, from a day on. States are not looked at here:
 * whether one may go depends on the files that are in it.
 */
#include "pack/compare.h"

#define LINES_MAX 64

struct gone {
	struct arena *arena;
	struct str *lines;
	size_t count;
};

static void add(struct gone *gone, struct str line)
{
	if (gone->count < LINES_MAX)
		gone->lines[gone->count++] = line;
}

static void add_gone(struct gone *gone, const char *what, struct str name)
{
	add(gone, arena_format(gone->arena,
	                       "%s %.*s is gone; what was adopted is never deleted: write"
	                       " retired: DATE",
	                       what, STR_ARG(name)));
}

static void of_codes(struct gone *gone, const char *what, struct str name,
                     const struct pack_list *old, const struct pack_list *new)
{
	for (size_t i = 0; old && i < old->count; i++) {
		if (new &&pack_code_find(new, old->codes[i].code))
			continue;
		add(gone,
		    arena_format(gone->arena,
		                 "%s %.*s has no code %.*s any more; what was adopted is never"
		                 " deleted: write it in a list, with retired: DATE",
		                 what, STR_ARG(name), STR_ARG(old->codes[i].code)));
	}
}

/* Codes of a named list are looked at once, not by each field that takes them. */
static bool is_named(const struct pack *pack, const struct pack_list *list)
{
	return list && list->name.p && list_find(pack, list->name) == list;
}

static void of_field(struct gone *gone, const struct pack *pack, const struct pack_kind *kind,
                     const struct pack_field *old, const struct pack_field *new)
{
	struct str name =
		arena_format(gone->arena, "%.*s of %.*s", STR_ARG(old->name), STR_ARG(kind->name));
	if (!new) {
		add_gone(gone, "field", name);
		return;
	}
	if (old->type != new->type || old->is_sealed != new->is_sealed ||
	    old->is_repeated != new->is_repeated)
		add(gone, arena_format(gone->arena,
		                       "field %.*s is of another type; old entries must stay"
		                       " readable: add a field, and retire this one",
		                       STR_ARG(name)));
	else if (!is_named(pack, old->list) || !new->list ||
	         !str_eq(old->list->name, new->list->name))
		of_codes(gone, "field", name, old->list, new->list);
}

static void of_kinds(struct gone *gone, const struct pack *old, const struct pack *new)
{
	for (size_t i = 0; i < old->kind_count; i++) {
		const struct pack_kind *kind = &old->kinds[i];
		const struct pack_kind *now = pack_kind_find(new, kind->name);
		if (!now)
			add_gone(gone, "kind", kind->name);
		for (size_t f = 0; now && f < kind->field_count; f++)
			of_field(gone, old, kind, &kind->fields[f],
			         pack_field_find(now, kind->fields[f].name));
	}
}

static void of_file_types(struct gone *gone, const struct pack *old, const struct pack *new)
{
	for (size_t i = 0; i < old->file_type_count; i++) {
		const struct pack_file_type *type = &old->file_types[i];
		const struct pack_file_type *now = pack_file_type_find(new, type->name);
		if (!now)
			add(gone, arena_format(gone->arena,
			                       "file type %.*s is gone; what was adopted is never"
			                       " deleted",
			                       STR_ARG(type->name)));
		else if (!str_eq(now->letter, type->letter))
			add(gone, arena_format(gone->arena,
			                       "file type %.*s has the letter %.*s; files are known"
			                       " by %.*s: write letter: %.*s",
			                       STR_ARG(type->name), STR_ARG(now->letter),
			                       STR_ARG(type->letter), STR_ARG(type->letter)));
	}
	for (size_t i = 0; i < old->relation_count; i++)
		if (!pack_relation_find(new, old->relations[i].name))
			add(gone, arena_format(gone->arena,
			                       "relation %.*s is gone; what was adopted is never"
			                       " deleted",
			                       STR_ARG(old->relations[i].name)));
}

bool compare_gone(const struct pack *old, const struct pack *new, struct arena *arena,
                  struct pack_comparison *out)
{
	struct gone gone = { .arena = arena,
		             .lines = arena_alloc(arena, LINES_MAX, sizeof *gone.lines) };
	if (!gone.lines)
		return false;
	of_kinds(&gone, old, new);
	of_file_types(&gone, old, new);
	for (size_t i = 0; i < old->duty_count; i++)
		if (!pack_duty_find(new, old->duties[i].name))
			add_gone(&gone, "duty", old->duties[i].name);
	for (size_t i = 0; i < old->office_count; i++)
		if (!pack_office_find(new, old->offices[i].name))
			add_gone(&gone, "office", old->offices[i].name);
	for (size_t i = 0; i < old->agency_count; i++)
		if (!pack_agency_find(new, old->agencies[i].name))
			add(&gone,
			    arena_format(arena,
			                 "agency %.*s is gone; what was adopted is never deleted",
			                 STR_ARG(old->agencies[i].name)));
	for (size_t i = 0; i < old->list_count; i++)
		of_codes(&gone, "list", old->lists[i].name, &old->lists[i],
		         list_find(new, old->lists[i].name));
	out->gone = gone.lines;
	out->gone_count = gone.count;
	return true;
}
