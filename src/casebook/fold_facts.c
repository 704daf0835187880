/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Facts of a file: what conditions ask of it besides entries. Each
 * entry adds to them; a correction reckons them anew over all entries, each
 * read with its newest plain values; so does a pack that adds, changes or drops
 * a fact, for every file of the type.
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

/* Over the entries up to `newest`; *out in `keep`, p NULL: absent. */
static bool reckon(struct fold *fold, struct file_row *row, int64_t newest,
                   const struct pack_fact *fact, struct arena *keep, struct str *out,
                   struct err *err)
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
		               .up_to = newest + 1 };
	struct pack_world shown;
	*out = STR_NONE;
	if (!kinds)
		return err_set(err, ERR_UNABLE,
		               "There is no memory to reckon the facts of a file anew");
	for (size_t i = 0; i < fact->from_count; i++)
		kinds[i] = fact->from[i].kind;
	world_show(&world, &shown);
	if (!shown.calls->entries(&shown, kinds, fact->from_count, NULL, see_anew, &anew, err) ||
	    !anew.done)
		return false;
	if (anew.kept.p)
		*out = arena_copy(keep, anew.kept);
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
		if (!reckon(fold, row, entry->index, fact, fold->arena, &value, err))
			return false;
		/* What was once the worst stays so: a correction may add to it, and takes nothing.
		 */
		if (fact->keep == PACK_KEEP_EVER || fact->keep == PACK_KEEP_HIGHEST)
			keep_value(fact, row->facts[f], &value);
		if (value.p == row->facts[f].p ||
		    (value.p && row->facts[f].p && str_eq(value, row->facts[f])))
			continue;
		row->facts[f] = value;
		row->is_dirty = *changed = true;
	}
	return true;
}

/* --- facts of another pack ----------------------------------------------------------------------
 */

static bool is_same_source(const struct pack_fact_source *a, const struct pack_fact_source *b)
{
	return str_eq(a->kind->name, b->kind->name) && str_eq(a->field, b->field);
}

/* Whether a fact is what it was: the same answers, kept in the same way. */
static bool is_same_fact(const struct pack_fact *old, const struct pack_fact *now)
{
	bool same = old->keep == now->keep && old->from_count == now->from_count &&
	            old->order_count == now->order_count && str_eq(old->value, now->value);
	for (size_t i = 0; same && i < old->from_count; i++)
		same = is_same_source(&old->from[i], &now->from[i]);
	for (size_t i = 0; same && i < old->order_count; i++)
		same = str_eq(old->order[i], now->order[i]);
	return same;
}

static const struct pack_fact *fact_named(const struct pack_file_type *type, struct str name)
{
	for (size_t i = 0; i < type->fact_count; i++) {
		if (str_eq(type->facts[i].name, name))
			return &type->facts[i];
	}
	return NULL;
}

static bool is_kept(const struct pack_file_type *old, const struct pack_fact *now)
{
	const struct pack_fact *before = fact_named(old, now->name);
	return before && is_same_fact(before, now);
}

/* The fact of the type that ages count from; p NULL: none. */
static struct str born_of(const struct pack *pack, const struct pack_file_type *type)
{
	const struct pack_fact *born = pack->born;
	bool is_here = born && born >= type->facts && born < type->facts + type->fact_count;
	return is_here ? born->name : STR_NONE;
}

static bool is_born_other(const struct fold *fold, const struct pack *old,
                          const struct pack_file_type *type, const struct pack_file_type *now)
{
	return !str_eq(born_of(old, type), born_of(fold->pack, now));
}

/* What the file's entries say of the facts that `old` asked otherwise, or not. */
static bool facts_of_file(struct fold *fold, const struct pack_file_type *old, bool is_other_born,
                          int64_t n, struct arena *arena, struct err *err)
{
	static const char PUT_SQL[] = "UPDATE file SET facts = ?2 WHERE n = ?1 AND facts <> ?2";
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	struct file_row *row;
	struct str text;
	if (!file_row_read(fold->store, fold->pack, arena, n, &row, err))
		return false;
	for (size_t f = 0; f < row->type->fact_count; f++) {
		const struct pack_fact *fact = &row->type->facts[f];
		if (!is_kept(old, fact) &&
		    !reckon(fold, row, fold->act_index, fact, arena, &row->facts[f], err))
			return false;
	}
	if (is_other_born)
		row->born = STR(""); /* the view holds another fact, or none */
	if (!fold_facts_text(arena, row, &text, err) ||
	    !store_prepare(fold->store, PUT_SQL, &put, err))
		return false;
	store_bind_int(put, 1, n);
	store_bind_str(put, 2, text);
	return store_do(put, err) && fold_born(fold, row, err);
}

static bool facts_of_files(struct fold *fold, const struct pack_file_type *old, bool is_other_born,
                           struct err *err)
{
	/* By file_number(type, number). */
	static const char NEXT_SQL[] =
		"SELECT n, number FROM file WHERE type = ?1 AND number > ?2 ORDER BY number LIMIT 1";
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(ANEW_ARENA);
	if (!arena)
		return err_set(err, ERR_UNABLE,
		               "There is no memory to reckon the facts of a file anew");
	for (int64_t number = 0;;) {
		CLEANUP(store_stmt_finish) struct store_stmt *next = NULL;
		if (!store_prepare(fold->store, NEXT_SQL, &next, err))
			return false;
		store_bind_str(next, 1, old->name);
		store_bind_int(next, 2, number);
		enum store_step step = store_step(next, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		int64_t n = store_int(next, 0);
		number = store_int(next, 1);
		store_stmt_finish(&next);
		arena_reset(arena);
		if (!facts_of_file(fold, old, is_other_born, n, arena, err))
			return false;
	}
}

bool fold_facts_of_pack(struct fold *fold, const struct pack *old, struct err *err)
{
	for (size_t i = 0; i < old->file_type_count; i++) {
		const struct pack_file_type *type = &old->file_types[i];
		const struct pack_file_type *now = pack_file_type_find(fold->pack, type->name);
		bool is_other_born = now && is_born_other(fold, old, type, now);
		bool differs = is_other_born;
		for (size_t f = 0; now && f < now->fact_count; f++)
			differs = differs || !is_kept(type, &now->facts[f]);
		for (size_t f = 0; now && f < type->fact_count; f++)
			differs = differs || !fact_named(now, type->facts[f].name);
		if (differs && !facts_of_files(fold, type, is_other_born, err))
			return false;
	}
	return true;
}
