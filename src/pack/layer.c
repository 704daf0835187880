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
	{ SECTION_DUTIES, "not-older", MANNER_PERIOD },
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

/* --- what a layer says in vain --------------------------------------------------------------- */

/* Two items that say the same, but for a `when` that the other has not: it would have no effect
 * beside one that always stands. */
static bool says_no_more(const struct yaml *item, const struct yaml *there)
{
	static const char *const NAMES[] = { "gate", "duty", "need" };
	if (tree_equal(item, there))
		return true;
	if (item->type != YAML_MAPPING || !yaml_member(item, STR("when")) ||
	    (there->type == YAML_MAPPING && yaml_member(there, STR("when"))))
		return false;
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		const struct yaml *name = yaml_member(item, str_from_c(NAMES[i]));
		const struct yaml *other = there->type == YAML_SCALAR ? there
		                           : there->type == YAML_MAPPING
		                                   ? yaml_member(there, str_from_c(NAMES[i]))
		                                   : NULL;
		if (name && other && name->type == YAML_SCALAR && other->type == YAML_SCALAR)
			return str_eq(name->text, other->text) &&
			       (there->type == YAML_SCALAR ? item->count == 2
			                                   : item->count == there->count + 1);
		if (name && other && tree_equal(name, other))
			return true;
	}
	return false;
}

/* One list of a layer, laid upon one below. */
struct adding {
	struct loader *loader;
	const char *what; /* "gate" */
	struct str name;
	const struct yaml *base;
	const struct yaml *over;
};

static void in_vain(const struct adding *adding, const struct yaml *node, const struct yaml *there,
                    const char *how)
{
	struct str file = whole_file_of(adding->loader->whole, there);
	loader_error_at(adding->loader, node,
	                "%s %.*s: %.*s %s; a layer adds to what stands below, and neither takes "
	                "away nor narrows; below it stands at %.*s:%d",
	                adding->what, STR_ARG(adding->name), STR_ARG(adding->over->key), how,
	                STR_ARG(file), there->key_line ? there->key_line : there->line);
}

static void check_adding(const struct adding *adding, bool by_items)
{
	const struct yaml *base = adding->base, *over = adding->over;
	if (base->type != YAML_SEQUENCE || over->type != YAML_SEQUENCE || !base->first)
		return;
	if (!over->first)
		in_vain(adding, over, base, "is an empty list");
	for (const struct yaml *item = by_items ? over->first : NULL; item; item = item->next) {
		for (const struct yaml *there = base->first; there; there = there->next) {
			if (says_no_more(item, there)) {
				in_vain(adding, item, there, "says what is there already");
				break;
			}
		}
	}
}

/* A list that is added to, the alternatives of a pattern's `any` among them. */
static void check_list(struct loader *loader, enum section section, const char *what,
                       struct str name, const struct yaml *there, const struct yaml *over)
{
	bool is_when = section == SECTION_PATTERNS && str_eq(over->key, STR("when"));
	bool has_any = is_when && there->type == YAML_MAPPING && over->type == YAML_MAPPING &&
	               over->count == 1;
	const struct yaml *base_any = has_any ? yaml_member(there, STR("any")) : NULL;
	const struct yaml *over_any = base_any ? yaml_member(over, STR("any")) : NULL;
	enum manner manner = manner_of(section, over->key);
	if (over_any)
		check_adding(&(struct adding){ loader, what, name, base_any, over_any }, true);
	else if (manner == MANNER_APPEND && !str_eq(over->key, STR("cases")))
		check_adding(&(struct adding){ loader, what, name, there, over }, true);
	else if (manner == MANNER_BY_NAME)
		check_adding(&(struct adding){ loader, what, name, there, over }, false);
}

void layer_check_adding(struct loader *loader, enum section section, const char *what,
                        const struct yaml *base, const struct yaml *over)
{
	for (const struct yaml *body = over->first; body; body = body->next) {
		const struct yaml *below = yaml_member(base, body->key);
		bool are_mappings =
			below && below->type == YAML_MAPPING && body->type == YAML_MAPPING;
		for (const struct yaml *key = are_mappings ? body->first : NULL; key;
		     key = key->next) {
			const struct yaml *there = yaml_member(below, key->key);
			if (there)
				check_list(loader, section, what, body->key, there, key);
		}
	}
}
