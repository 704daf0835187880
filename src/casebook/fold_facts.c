/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Facts of a file: what conditions ask of it besides entries. Each
 * entry adds to them; a correction reckons them anew over all entries, each
 * read with its newest plain values.
 */
#include "casebook/fold_parts.h"
#include "casebook/world.h"

static size_t order_of(const struct pack_fact *fact, struct str code)
{
	for (size_t i = 0; i < fact->order_count; i++) {
		if (str_eq(fact->order[i], code))
			return i + 1;
	}
	return 0;
}

/* What a fact keeps of a value that comes after what it has. */
static void keep_value(const struct pack_fact *fact, struct str value, struct str *kept)
{
	if (!value.p)
		return;
	switch (fact->keep) {
	case PACK_KEEP_LAST:
		*kept = value;
		return;
	case PACK_KEEP_FIRST:
		if (!kept->p)
			*kept = value;
		return;
	case PACK_KEEP_HIGHEST:
		if (!kept->p || order_of(fact, value) > order_of(fact, *kept))
			*kept = value;
		return;
	case PACK_KEEP_EVER:
		if (str_eq(value, fact->value))
			*kept = value;
		return;
	}
}

/* The fact's value after `plain` of a `kind`, from what it had before. */
static void keep_plain(struct arena *arena, const struct pack_fact *fact,
                       const struct pack_kind *kind, const struct json *plain, struct str *kept)
{
	for (size_t s = 0; s < fact->from_count; s++) {
		if (fact->from[s].kind != kind)
			continue;
		const struct json *value = json_member(plain, fact->from[s].field);
		if (!value || value->type != JSON_ARRAY) {
			keep_value(fact, plain_value(arena, value), kept);
			continue;
		}
		for (const struct json *item = value->first; item; item = item->next)
			keep_value(fact, plain_value(arena, item), kept);
	}
}

bool fold_facts(struct fold *fold, struct file_row *row, const struct folding *entry)
{
	bool is_changed = false;
	for (size_t f = 0; f < row->type->fact_count; f++) {
		struct str before = row->facts[f];
		keep_plain(fold->arena, &row->type->facts[f], entry->kind, entry->plain,
		           &row->facts[f]);
		is_changed = is_changed || !str_eq(before, row->facts[f]);
	}
	return is_changed;
}

/* --- reckoned anew, once a value was corrected ------------------------------------------------ */

#define ANEW_ARENA ((size_t)64 << 20)
#define PLAIN_DEPTH 8

struct anew {
	struct arena *arena;
	const struct pack_fact *fact;
	struct str kept;
	bool done;
	struct err *err;
};

/* Entries come newest first, so what is kept comes after what is seen. */
static bool see_anew(void *ctx, const struct pack_seen *seen)
{
	struct anew *anew = ctx;
	const struct pack_fact *fact = anew->fact;
	const struct json *plain;
	struct str one = STR_NONE;
	anew->done = json_read(anew->arena, arena_copy(anew->arena, seen->plain), PLAIN_DEPTH,
	                       &plain, anew->err);
	if (!anew->done)
		return false;
	keep_plain(anew->arena, fact, seen->kind, plain, &one);
	if (!one.p)
		return true;
	if (fact->keep == PACK_KEEP_FIRST || !anew->kept.p)
		anew->kept = one;
	else
		keep_value(fact, one, &anew->kept);
	return fact->keep != PACK_KEEP_LAST && fact->keep != PACK_KEEP_EVER;
}

static bool reckon(struct fold *fold, struct file_row *row, const struct folding *entry,
                   const struct pack_fact *fact, struct str *out, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(ANEW_ARENA);
	const struct pack_kind **kinds =
		arena ? arena_alloc(arena, fact->from_count, sizeof *kinds) : NULL;
	struct anew anew = { .arena = arena, .fact = fact, .done = true, .err = err };
	struct world world = { .store = fold->store,
		               .files = fold->file_tags,
		               .pack = fold->pack,
		               .chart = fold->chart,
		               .arena = arena,
		               .row = row,
		               .up_to = entry->index + 1 };
	struct pack_world shown;
	*out = STR_NONE;
	if (!kinds)
		return err_set(err, ERR_UNABLE,
		               "There is no memory to reckon what a correction changes");
	for (size_t i = 0; i < fact->from_count; i++)
		kinds[i] = fact->from[i].kind;
	world_show(&world, &shown);
	if (!shown.calls->entries(&shown, kinds, fact->from_count, NULL, see_anew, &anew, err) ||
	    !anew.done)
		return false;
	if (anew.kept.p)
		*out = arena_copy(fold->arena, anew.kept);
	return !anew.kept.p || out->p ||
	       err_set(err, ERR_UNABLE, "There is no memory for this act");
}

static bool is_from_field(const struct pack_fact *fact, struct str field)
{
	for (size_t i = 0; i < fact->from_count; i++) {
		if (str_eq(fact->from[i].field, field))
			return true;
	}
	return false;
}

bool fold_facts_anew(struct fold *fold, struct file_row *row, const struct folding *entry,
                     struct str field, bool *changed, struct err *err)
{
	*changed = false;
	for (size_t f = 0; row->type && f < row->type->fact_count; f++) {
		const struct pack_fact *fact = &row->type->facts[f];
		struct str value;
		if (!is_from_field(fact, field))
			continue;
		if (!reckon(fold, row, entry, fact, &value, err))
			return false;
		if (value.p == row->facts[f].p ||
		    (value.p && row->facts[f].p && str_eq(value, row->facts[f])))
			continue;
		row->facts[f] = value;
		row->is_dirty = *changed = true;
	}
	return true;
}
