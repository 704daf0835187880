/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Laying one layer upon another: mappings by key, fields and states
 * by name, rungs by their place in the list; what is added to (needs, opens,
 * settles, tell, any of a pattern) is appended; all else is replaced whole.
 * Whether the outcome only adds or tightens is asked afterwards, by comparing.
 */
#include "pack/tree.h"

enum manner {
	MANNER_REPLACE,
	MANNER_BY_KEY,   /* mappings */
	MANNER_BY_NAME,  /* lists of mappings with `name`, or of words */
	MANNER_BY_PLACE, /* rungs */
	MANNER_APPEND,
	MANNER_PERIOD, /* by key, but one unit drives out another */
};

/* How a key of an element's body is merged; keys not listed are replaced. */
struct key_manner {
	enum section section;
	const char *key;
	enum manner manner;
};

static const struct key_manner MANNERS[] = {
	{ SECTION_FILES, "states", MANNER_BY_NAME },
	{ SECTION_FILES, "facts", MANNER_BY_KEY },
	{ SECTION_KINDS, "fields", MANNER_BY_NAME },
	{ SECTION_KINDS, "needs", MANNER_APPEND },
	{ SECTION_KINDS, "opens", MANNER_APPEND },
	{ SECTION_KINDS, "settles", MANNER_APPEND },
	{ SECTION_KINDS, "to", MANNER_BY_KEY },
	{ SECTION_DUTIES, "within", MANNER_PERIOD },
	{ SECTION_DUTIES, "not-before", MANNER_PERIOD },
	{ SECTION_DUTIES, "ladder", MANNER_BY_KEY },
	{ SECTION_DUTIES, "cases", MANNER_APPEND },
	{ SECTION_LADDERS, "rungs", MANNER_BY_PLACE },
	{ SECTION_GATES, "needs", MANNER_APPEND },
	{ SECTION_PATTERNS, "opens", MANNER_APPEND },
	{ SECTION_PATTERNS, "through", MANNER_BY_NAME },
};

static struct yaml *own_member(struct yaml *mapping, struct str key)
{
	for (struct yaml *child = mapping->first; child; child = child->next) {
		if (str_eq(child->key, key))
			return child;
	}
	return NULL;
}

/* Puts what `over` holds in the place of `base`, which keeps its neighbours. */
static void replace(struct yaml *parent, struct yaml *base, struct yaml *over)
{
	struct yaml **at = &parent->first;
	while (*at != base)
		at = &(*at)->next;
	over->next = base->next;
	*at = over;
	if (parent->last == base)
		parent->last = over;
}

static void append(struct yaml *base, struct yaml *over)
{
	struct yaml *next;
	for (struct yaml *child = over->first; child; child = next) {
		next = child->next;
		tree_push(base, child);
	}
}

static bool is_unit(struct str key)
{
	return str_eq(key, STR("hours")) || str_eq(key, STR("days")) ||
	       str_eq(key, STR("working-days")) || str_eq(key, STR("months"));
}

/* Keys of a mapping one by one; those that both have are replaced, mappings inside merged if
 * `deep`. */
static void merge_keys(struct yaml *base, struct yaml *over, bool deep)
{
	struct yaml *next;
	for (struct yaml *child = over->first; child; child = next) {
		next = child->next;
		struct yaml *there = own_member(base, child->key);
		if (!there)
			tree_push(base, child);
		else if (deep && there->type == YAML_MAPPING && child->type == YAML_MAPPING)
			merge_keys(there, child, false);
		else
			replace(base, there, child);
	}
}

/* A unit that is named anew drives out the old one with all that narrowed it. */
static void merge_period(struct yaml *parent, struct yaml *base, struct yaml *over)
{
	for (const struct yaml *child = over->first; child; child = child->next) {
		if (is_unit(child->key) || str_eq(child->key, STR("field"))) {
			replace(parent, base, over);
			return;
		}
	}
	merge_keys(base, over, false);
}

/* The name of an entry of a list: a word, or the `name` of a mapping. */
static struct str entry_name(const struct yaml *entry)
{
	if (entry->type == YAML_SCALAR)
		return entry->text;
	const struct yaml *name =
		entry->type == YAML_MAPPING ? yaml_member(entry, STR("name")) : NULL;
	return name && name->type == YAML_SCALAR ? name->text : STR_NONE;
}

static void merge_by_name(struct yaml *base, struct yaml *over)
{
	struct yaml *next;
	for (struct yaml *child = over->first; child; child = next) {
		next = child->next;
		struct yaml *there = base->first;
		while (there && !str_eq(entry_name(there), entry_name(child)))
			there = there->next;
		if (!there)
			tree_push(base, child);
		else if (there->type == YAML_MAPPING && child->type == YAML_MAPPING)
			merge_keys(there, child, false);
	}
}

static void merge_rung(struct yaml *base, struct yaml *over)
{
	struct yaml *next;
	for (struct yaml *child = over->first; child; child = next) {
		next = child->next;
		struct yaml *there = own_member(base, child->key);
		bool is_tell = str_eq(child->key, STR("tell"));
		if (!there)
			tree_push(base, child);
		else if (is_tell && there->type == YAML_SEQUENCE && child->type == YAML_SEQUENCE)
			append(there, child);
		else
			replace(base, there, child);
	}
}

static void merge_by_place(struct yaml *base, struct yaml *over)
{
	struct yaml *there = base->first, *next;
	for (struct yaml *child = over->first; child; child = next) {
		next = child->next;
		if (!there) {
			tree_push(base, child);
			continue;
		}
		struct yaml *behind = there->next;
		if (there->type == YAML_MAPPING && child->type == YAML_MAPPING)
			merge_rung(there, child);
		there = behind;
	}
}

/* A pattern's `when`: what its `any` lists is added to. */
static bool merge_any(struct yaml *base, struct yaml *over)
{
	struct yaml *there = base->type == YAML_MAPPING ? own_member(base, STR("any")) : NULL;
	struct yaml *more = over->type == YAML_MAPPING && over->count == 1
	                            ? own_member(over, STR("any"))
	                            : NULL;
	if (!there || !more || there->type != YAML_SEQUENCE || more->type != YAML_SEQUENCE)
		return false;
	append(there, more);
	return true;
}

static enum manner manner_of(enum section section, struct str key)
{
	for (size_t i = 0; i < COUNT_OF(MANNERS); i++) {
		if (MANNERS[i].section == section && str_eq(str_from_c(MANNERS[i].key), key))
			return MANNERS[i].manner;
	}
	return MANNER_REPLACE;
}

static void merge_value(enum section section, struct yaml *parent, struct yaml *base,
                        struct yaml *over)
{
	enum manner manner = manner_of(section, over->key);
	bool mappings = base->type == YAML_MAPPING && over->type == YAML_MAPPING;
	bool sequences = base->type == YAML_SEQUENCE && over->type == YAML_SEQUENCE;

	if (section == SECTION_PATTERNS && str_eq(over->key, STR("when")) && merge_any(base, over))
		return;
	if (manner == MANNER_BY_KEY && mappings)
		merge_keys(base, over, true);
	else if (manner == MANNER_PERIOD && mappings)
		merge_period(parent, base, over);
	else if (manner == MANNER_BY_NAME && sequences)
		merge_by_name(base, over);
	else if (manner == MANNER_BY_PLACE && sequences)
		merge_by_place(base, over);
	else if (manner == MANNER_APPEND && sequences)
		append(base, over);
	else
		replace(parent, base, over);
}

static void merge_body(enum section section, struct yaml *parent, struct yaml *base,
                       struct yaml *over)
{
	struct yaml *next;
	if (base->type != YAML_MAPPING || over->type != YAML_MAPPING) {
		replace(parent, base, over);
		return;
	}
	for (struct yaml *child = over->first; child; child = next) {
		next = child->next;
		struct yaml *there = own_member(base, child->key);
		if (there)
			merge_value(section, base, there, child);
		else
			tree_push(base, child);
	}
}

void layer_merge(enum section section, struct yaml *base, struct yaml *over)
{
	struct yaml *next;
	for (struct yaml *child = over->first; child; child = next) {
		next = child->next;
		struct yaml *there = own_member(base, child->key);
		if (!there)
			tree_push(base, child);
		else if (section == SECTION_PACK)
			replace(base, there, child);
		else
			merge_body(section, base, there, child);
	}
}
