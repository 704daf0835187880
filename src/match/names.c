/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Variant sets.
 *
 * 1. Groups are numbered as they are read, and a name's memberships are added
 *    in that order: each list rises, and two lists are compared by one walk.
 * 2. A membership is the group's number with, in its lowest bits, what the
 *    name is in it (enum side).
 * 3. A key is of a group: how its head sounds, so that groups about one name
 *    have one key. Groups in which all usual forms sound alike need none.
 */
#include "match/names.h"

#include "match/sound.h"
#include "match/text.h"

extern const struct embed_file match_name_files[];
extern const size_t match_name_files_n;

#define NODES_MAX 400000
#define KEYS_ROOM ((size_t)8 << 20)
#define SIDE_BITS 3
#define SIDE_MASK ((1U << SIDE_BITS) - 1)

enum side {
	SIDE_VARIANT, /* a form of what the group is about */
	SIDE_APART,   /* unlike every other in it */
	SIDE_LEFT,    /* unlike those on the right */
	SIDE_RIGHT,
	SIDE_FULL, /* of a diminutive: joined to what is short for it, and to nothing else here */
	SIDE_SHORT,
};

struct form {
	struct str text; /* n 0: the slot is free */
	uint32_t first, n;
	uint32_t key_first, key_n;
	uint32_t last; /* membership that was added last, while there is one */
};

struct membership {
	uint32_t slot, of;
};

struct names {
	struct form *forms; /* by open addressing, at most half full */
	uint32_t mask;
	uint32_t *groups; /* of all forms, one list behind the other */
	uint32_t *usual;  /* by group: the slot of the form by which it begins; UINT32_MAX: none */
	uint32_t *keys;   /* of all forms, one list behind the other */
	struct names_count count;
};

struct reading {
	struct arena *arena;
	struct names *names;
	struct membership *memberships;
	size_t room;
	const char *file;
	struct err *err;
};

static uint32_t hash_text(struct str text)
{
	uint32_t hash = UINT32_C(2166136261); /* FNV-1a */
	for (size_t i = 0; i < text.n; i++)
		hash = (hash ^ (uint8_t)text.p[i]) * UINT32_C(16777619);
	return hash;
}

static const struct form *find(const struct names *names, struct str text, uint32_t *slot)
{
	uint32_t hash = hash_text(text);
	uint32_t at = (hash ^ hash >> 15) & names->mask;
	while (names->forms[at].text.n > 0 && !str_eq(names->forms[at].text, text))
		at = (at + 1) & names->mask;
	*slot = at;
	return &names->forms[at];
}

static bool wrong(const struct reading *reading, const struct yaml *node, const char *what)
{
	return err_set(reading->err, ERR_INPUT, "Names, %s, line %d: %s.", reading->file,
	               node->line, what);
}

static bool unable(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is not enough memory for the names.");
}

static bool add_form(struct reading *reading, const struct yaml *node, enum side side)
{
	struct norm_text folded;
	norm_name(node->text, &folded);
	if (node->type != YAML_SCALAR || folded.n == 0)
		return wrong(reading, node, "this is no name");
	struct names *names = reading->names;
	uint32_t slot;
	(void)find(names, norm_str(&folded), &slot);
	struct form *form = &names->forms[slot];
	uint32_t of = (uint32_t)names->count.groups << SIDE_BITS | (uint32_t)side;
	if (form->n > 0 && form->last >> SIDE_BITS == of >> SIDE_BITS)
		return form->last == of ||
		       wrong(reading, node, "this name stands on both sides of its group");
	if (form->text.n == 0) {
		form->text = arena_copy(reading->arena, norm_str(&folded));
		if (!form->text.p)
			return unable(reading->err);
		names->count.forms++;
	}
	form->n++;
	form->last = of;
	reading->memberships[names->count.memberships++] = (struct membership){ slot, of };
	return true;
}

static bool add_forms(struct reading *reading, const struct yaml *group, struct str key,
                      enum side side)
{
	const struct yaml *forms = yaml_member(group, key);
	if (!forms || forms->type != YAML_SEQUENCE)
		return wrong(reading, group, "a group has a list of forms");
	for (const struct yaml *form = forms->first; form; form = form->next)
		if (!add_form(reading, form, side))
			return false;
	return true;
}

static void sides_of(struct str other, bool has_other, enum side *side, enum side *other_side)
{
	if (str_eq(other, STR("of"))) {
		*side = SIDE_SHORT;
		*other_side = SIDE_FULL;
	} else if (other.n > 0) {
		*side = has_other ? SIDE_LEFT : SIDE_APART;
		*other_side = SIDE_RIGHT;
	}
}

static bool add_group(struct reading *reading, const struct yaml *group)
{
	if (group->type != YAML_MAPPING)
		return wrong(reading, group, "a group has kind, langs and forms");
	const struct yaml *kind = yaml_member(group, STR("kind"));
	const struct yaml *langs = yaml_member(group, STR("langs"));
	if (!kind ||
	    !str_has_word(STR("spelling diminutive translation form different"), kind->text))
		return wrong(reading, group,
		             "its kind is spelling, diminutive, translation, form or different");
	if (!langs || langs->type != YAML_SEQUENCE || langs->count == 0)
		return wrong(reading, group, "a group says in which languages it is so");
	struct str other = str_eq(kind->text, STR("diminutive"))  ? STR("of")
	                   : str_eq(kind->text, STR("different")) ? STR("against")
	                                                          : STR_NONE;
	bool has_other = other.n > 0 && yaml_member(group, other) != NULL;
	if (group->count != 3 + (size_t)has_other)
		return wrong(reading, group, "a group has kind, langs and forms, and no more");
	if (str_starts(other, STR("o")) && !has_other)
		return wrong(reading, group, "a diminutive says of which names it is one");
	enum side side = SIDE_VARIANT, other_side = SIDE_VARIANT;
	sides_of(other, has_other, &side, &other_side);
	if (!add_forms(reading, group, STR("forms"), side) ||
	    (has_other && !add_forms(reading, group, other, other_side)))
		return false;
	reading->names->count.groups++;
	return true;
}

/* Also counts how many forms there may be. */
static bool read_file(struct reading *reading, const struct embed_file *file,
                      const struct yaml **root)
{
	const struct yaml_error *errors;
	reading->file = file->name;
	if (!yaml_read(reading->arena, str_from_bytes(file->bytes, file->size), NODES_MAX, root,
	               &errors))
		return err_set(reading->err, ERR_INPUT, "Names, %s, line %d: %.*s.", file->name,
		               errors->line, STR_ARG(errors->what));
	if ((*root)->type != YAML_SEQUENCE)
		return wrong(reading, *root, "a file of names is a list of groups");
	for (const struct yaml *group = (*root)->first; group; group = group->next)
		for (const struct yaml *list = group->first; list; list = list->next)
			reading->room += list->count;
	return true;
}

static bool add_groups(struct reading *reading, const struct yaml *root, const char *file)
{
	reading->file = file;
	for (const struct yaml *group = root->first; group; group = group->next)
		if (!add_group(reading, group))
			return false;
	return true;
}

/* Lists by form (1). */
static void sort_memberships(const struct reading *reading)
{
	struct names *names = reading->names;
	uint32_t first = 0;
	for (uint32_t slot = 0; slot <= names->mask; slot++) {
		names->forms[slot].first = first;
		first += names->forms[slot].n;
		names->forms[slot].n = 0;
	}
	for (size_t i = 0; i < names->count.groups; i++)
		names->usual[i] = UINT32_MAX;
	for (size_t i = 0; i < names->count.memberships; i++) {
		const struct membership *membership = &reading->memberships[i];
		struct form *form = &names->forms[membership->slot];
		uint32_t *usual = &names->usual[membership->of >> SIDE_BITS];
		names->groups[form->first + form->n++] = membership->of;
		if (*usual == UINT32_MAX && (membership->of & SIDE_MASK) == SIDE_VARIANT)
			*usual = membership->slot;
	}
}

/* --- keys (3) --- */

/* 0: it has no sound. */
static uint32_t sound_of(struct str folded)
{
	char sound[NORM_ROOM];
	size_t n = sound_key(folded, sound, sizeof sound);
	return n ? hash_text((struct str){ sound, n }) | 1 : 0;
}

/* What is reckoned of each group before the lists are made. */
struct group_key {
	uint32_t key;   /* 0: no name of its forms was seen yet */
	uint32_t sound; /* of the usual form of one of them */
	bool is_linking;
};

static bool is_related(uint32_t of)
{
	enum side side = of & SIDE_MASK;
	return side == SIDE_VARIANT || side == SIDE_FULL || side == SIDE_SHORT;
}

/* The name that a group is about, and whether its forms are told apart by sound. */
static void look_at_groups(const struct reading *reading, struct group_key *groups)
{
	const struct names *names = reading->names;
	for (size_t i = 0; i < names->count.memberships; i++) {
		const struct membership *membership = &reading->memberships[i];
		struct group_key *group = &groups[membership->of >> SIDE_BITS];
		struct str text = names->forms[membership->slot].text;
		if (!is_related(membership->of))
			continue;
		uint32_t sound = sound_of(names_usual(names, text));
		group->is_linking =
			group->is_linking || !sound || (group->sound && sound != group->sound);
		group->sound = sound;
		if (!group->key && (membership->of & SIDE_MASK) != SIDE_SHORT)
			group->key = sound_of(text) ? sound_of(text) : hash_text(text) | 1;
	}
}

static void add_key(const struct names *names, struct form *form, uint32_t key)
{
	uint32_t *keys = names->keys + form->key_first;
	for (uint32_t i = 0; i < form->key_n; i++) {
		if (keys[i] == key)
			return;
	}
	keys[form->key_n++] = key;
}

static bool make_keys(const struct reading *reading)
{
	struct names *names = reading->names;
	CLEANUP(arena_cleanup) struct arena *scratch = arena_create(KEYS_ROOM);
	struct group_key *groups =
		scratch ? arena_alloc(scratch, names->count.groups + 1, sizeof *groups) : NULL;
	names->keys =
		arena_alloc(reading->arena, names->count.memberships + 1, sizeof *names->keys);
	if (!groups || !names->keys)
		return false;
	look_at_groups(reading, groups);
	for (uint32_t slot = 0; slot <= names->mask; slot++) {
		struct form *form = &names->forms[slot];
		form->key_first = form->first;
		for (uint32_t i = 0; i < form->n; i++) {
			uint32_t of = names->groups[form->first + i];
			const struct group_key *group = &groups[of >> SIDE_BITS];
			if (is_related(of) && group->is_linking && group->key)
				add_key(names, form, group->key);
		}
	}
	return true;
}

static bool take_room(struct reading *reading)
{
	struct names *names = reading->names;
	size_t slots = 2;
	while (slots < 2 * reading->room)
		slots *= 2;
	names->mask = (uint32_t)slots - 1;
	names->forms = arena_alloc(reading->arena, slots, sizeof *names->forms);
	names->groups = arena_alloc(reading->arena, reading->room, sizeof *names->groups);
	names->usual = arena_alloc(reading->arena, reading->room, sizeof *names->usual);
	reading->memberships =
		arena_alloc(reading->arena, reading->room, sizeof *reading->memberships);
	return names->forms && names->groups && names->usual && reading->memberships;
}

bool names_read(struct arena *arena, const struct embed_file *files, size_t count,
                const struct names **out, struct err *err)
{
	struct names *names = arena_alloc(arena, 1, sizeof *names);
	const struct yaml **roots = arena_alloc(arena, count, sizeof *roots);
	struct reading reading = { .arena = arena, .names = names, .file = "", .err = err };
	if (!names || !roots)
		return unable(err);
	for (size_t i = 0; i < count; i++)
		if (!read_file(&reading, &files[i], &roots[i]))
			return false;
	if (!take_room(&reading))
		return unable(err);
	for (size_t i = 0; i < count; i++)
		if (!add_groups(&reading, roots[i], files[i].name))
			return false;
	sort_memberships(&reading);
	if (!make_keys(&reading))
		return unable(err);
	*out = names;
	return true;
}

bool names_load(struct arena *arena, const struct names **names, struct err *err)
{
	return names_read(arena, match_name_files, match_name_files_n, names, err);
}

struct names_count names_count(const struct names *names)
{
	return names->count;
}

struct names_groups names_groups(const struct names *names, struct str folded)
{
	uint32_t slot;
	if (folded.n == 0)
		return (struct names_groups){ NULL, 0 };
	const struct form *form = find(names, folded, &slot);
	return (struct names_groups){ names->groups + form->first, form->n };
}

struct str names_usual(const struct names *names, struct str folded)
{
	struct names_groups groups = names_groups(names, folded);
	for (uint32_t i = 0; i < groups.n; i++) {
		if ((groups.groups[i] & SIDE_MASK) == SIDE_VARIANT)
			return names->forms[names->usual[groups.groups[i] >> SIDE_BITS]].text;
	}
	return folded;
}

struct names_keys names_keys(const struct names *names, struct str folded)
{
	uint32_t slot;
	if (folded.n == 0)
		return (struct names_keys){ NULL, 0 };
	const struct form *form = find(names, folded, &slot);
	return (struct names_keys){ names->keys + form->key_first, form->key_n };
}

/* Of two names in one group, by what each is in it. */
static enum names_relation relation_of(enum side a, enum side b)
{
	if (a == SIDE_APART)
		return NAMES_DIFFERENT;
	if (a == b)
		return a == SIDE_VARIANT ? NAMES_VARIANT : NAMES_NONE;
	return a == SIDE_FULL || a == SIDE_SHORT ? NAMES_VARIANT : NAMES_DIFFERENT;
}

uint64_t names_bits(struct names_groups groups, unsigned which)
{
	static const uint32_t MIX[2] = { UINT32_C(0x9E3779B9), UINT32_C(0x85EBCA6B) };
	uint64_t bits = 0;
	for (uint32_t i = 0; i < groups.n; i++)
		bits |= UINT64_C(1) << ((groups.groups[i] >> SIDE_BITS) * MIX[which] >> 26);
	return bits;
}

enum names_relation names_related(struct names_groups a, struct names_groups b)
{
	enum names_relation relation = NAMES_NONE;
	for (uint32_t i = 0, j = 0; i < a.n && j < b.n;) {
		uint32_t left = a.groups[i], right = b.groups[j];
		if (left >> SIDE_BITS == right >> SIDE_BITS) {
			enum names_relation here = relation_of(left & SIDE_MASK, right & SIDE_MASK);
			if (here == NAMES_DIFFERENT)
				return here;
			relation = here == NAMES_VARIANT ? here : relation;
		}
		i += left >> SIDE_BITS <= right >> SIDE_BITS;
		j += right >> SIDE_BITS <= left >> SIDE_BITS;
	}
	return relation;
}

enum names_relation names_relation(const struct names *names, struct str a, struct str b)
{
	if (str_eq(a, b))
		return NAMES_VARIANT;
	return names_related(names_groups(names, a), names_groups(names, b));
}
