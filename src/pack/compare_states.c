/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * States that a new version retires for others (retired-states). The old pack
 * is compared as if it had been written with the names that stand for them
 * now, so that what is otherwise the same is the same.
 */
#include "pack/compare.h"

#include "pack/load.h"

/* The name that stands for `state` in the new version, or `state`. */
static struct str name_now(const struct pack_file_type *type, struct str state)
{
	for (size_t i = 0; i < type->retired_state_count; i++)
		if (str_eq(type->retired_states[i].old, state))
			return type->states[type->retired_states[i].now];
	return state;
}

static bool has_text(const struct yaml *list, struct str text)
{
	for (const struct yaml *item = list->first; item; item = item->next)
		if (item->type == YAML_SCALAR && str_eq(item->text, text))
			return true;
	return false;
}

/* A copy with the names of now; in a list each stands once. NULL: memory. */
static struct yaml *renamed(struct arena *arena, const struct yaml *node,
                            const struct pack_file_type *type)
{
	struct yaml *copy = arena_alloc(arena, 1, sizeof *copy);
	if (!copy)
		return NULL;
	*copy = *node;
	copy->next = copy->first = copy->last = NULL;
	copy->count = 0;
	if (node->type == YAML_SCALAR) {
		/* `by` of a kind's `to` names a field. */
		if (!str_eq(node->key, STR("by")))
			copy->text = name_now(type, node->text);
		return copy;
	}
	for (const struct yaml *item = node->first; item; item = item->next) {
		struct yaml *child = renamed(arena, item, type);
		if (!child)
			return NULL;
		if (node->type == YAML_SEQUENCE && child->type == YAML_SCALAR &&
		    has_text(copy, child->text))
			continue;
		tree_push(copy, child);
	}
	return copy;
}

/* The element with those of `keys` renamed; the others are the old ones. */
static struct yaml *with_keys_renamed(struct arena *arena, const struct yaml *body,
                                      const char *const *keys, size_t count,
                                      const struct pack_file_type *type)
{
	struct yaml *copy = arena_alloc(arena, 1, sizeof *copy);
	if (!copy)
		return NULL;
	*copy = *body;
	copy->next = copy->first = copy->last = NULL;
	copy->count = 0;
	for (const struct yaml *item = body->first; item; item = item->next) {
		bool is_named = false;
		for (size_t i = 0; i < count; i++)
			is_named = is_named || str_eq(item->key, str_from_c(keys[i]));
		struct yaml *child = is_named ? renamed(arena, item, type)
		                              : arena_alloc(arena, 1, sizeof *child);
		if (!child)
			return NULL;
		if (!is_named)
			*child = *item;
		child->next = NULL;
		tree_push(copy, child);
	}
	return copy;
}

/* The type that all states of a kind are of, if it retires any; a kind of several types is left
 * as it is. */
static const struct pack_file_type *type_of_kind(const struct pack *pack, const struct yaml *kind)
{
	const struct yaml *file = member_of(kind, "file");
	const struct yaml *name = file ? first_of(file) : NULL;
	if (!name || next_of(file, name))
		return NULL;
	const struct pack_file_type *type = pack_file_type_find(pack, name->text);
	return type && type->retired_state_count ? type : NULL;
}

static struct yaml *section_renamed(struct arena *arena, const struct whole *old,
                                    const struct whole *new, enum section section)
{
	static const char *const OF_FILES[] = { "states", "final", "rests" };
	static const char *const OF_KINDS[] = { "from", "to" };
	const struct yaml *root = old->roots[section];
	bool is_files = section == SECTION_FILES;
	struct yaml *copy = arena_alloc(arena, 1, sizeof *copy);
	if (!copy)
		return NULL;
	*copy = *root;
	copy->first = copy->last = NULL;
	copy->count = 0;
	for (const struct yaml *body = root->first; body; body = body->next) {
		const struct pack_file_type *type =
			is_files ? pack_file_type_find(&new->pack, body->key)
				 : type_of_kind(&new->pack, body);
		struct yaml *child;
		if (type && type->retired_state_count) {
			child = with_keys_renamed(
				arena, body, is_files ? OF_FILES : OF_KINDS,
				is_files ? COUNT_OF(OF_FILES) : COUNT_OF(OF_KINDS), type);
		} else if ((child = arena_alloc(arena, 1, sizeof *child))) {
			*child = *body;
		}
		if (!child)
			return NULL;
		child->next = NULL;
		tree_push(copy, child);
	}
	return copy;
}

const struct whole *compare_renamed(struct arena *arena, const struct whole *old,
                                    const struct whole *new)
{
	bool retires = false;
	for (size_t i = 0; i < new->pack.file_type_count; i++)
		retires = retires || new->pack.file_types[i].retired_state_count > 0;
	if (!retires)
		return old;
	struct whole *copy = arena_alloc(arena, 1, sizeof *copy);
	if (!copy)
		return NULL;
	*copy = *old;
	copy->roots[SECTION_FILES] = section_renamed(arena, old, new, SECTION_FILES);
	copy->roots[SECTION_KINDS] = section_renamed(arena, old, new, SECTION_KINDS);
	return copy->roots[SECTION_FILES] && copy->roots[SECTION_KINDS] ? copy : NULL;
}

/* --- what a state may become ----------------------------------------------------------------- */

/* Whether what may be done in `now` could all be done in `before`. */
static bool opens_no_door(const struct pack *pack, const struct pack_file_type *type, int before,
                          int now)
{
	for (size_t i = 0; i < pack->kind_count; i++) {
		uint32_t from = pack->kinds[i].file_types >> type->number & 1
		                        ? pack->kinds[i].from[type->number]
		                        : 0;
		if (from >> now & 1 && !(from >> before & 1))
			return false;
	}
	return true;
}

/* Whether whoever reads files in `now` could read those in `before`. */
static bool shows_no_more(const struct pack *pack, const struct pack_file_type *type, int before,
                          int now)
{
	for (size_t i = 0; i < pack->office_count; i++) {
		for (size_t r = 0; r < pack->offices[i].read_count; r++) {
			const struct pack_read *read = &pack->offices[i].reads[r];
			uint32_t states = read->states ? read->states[type->number] : UINT32_MAX;
			if (states >> now & 1 && !(states >> before & 1))
				return false;
		}
	}
	return true;
}

enum verdict compare_retired_states(const struct comparing *comparing, struct str name)
{
	const struct pack_file_type *old = pack_file_type_find(&comparing->old->pack, name);
	const struct pack_file_type *new = pack_file_type_find(&comparing->new->pack, name);
	for (size_t i = 0; old && new &&i < new->retired_state_count; i++) {
		int before = pack_state_find(old, new->retired_states[i].old);
		int now = new->retired_states[i].now;
		int now_before = pack_state_find(old, new->states[now]);
		if (before < 0)
			continue;
		/* No file is closed, put to rest, let through a door or shown to others by a new
		 * name. */
		if ((new->final >> now & 1) != (old->final >> before & 1) ||
		    (new->rests >> now & 1 && !(old->rests >> before & 1)) ||
		    (now_before >= 0 &&
		     (!opens_no_door(&comparing->old->pack, old, before, now_before) ||
		      !shows_no_more(&comparing->old->pack, old, before, now_before))))
			return VERDICT_LOOSER;
	}
	return VERDICT_TIGHTER;
}
