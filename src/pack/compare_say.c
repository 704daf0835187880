/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a change of one key is, said in a line: of a list only what came, went and differs. */
#include "pack/atom.h"
#include "pack/compare.h"
#include "pack/load.h"

#define WHOLE_MAX 160 /* bytes of a value that is shown with all that is the same */
#define AROUND 60     /* bytes of the same that are shown before and behind what differs */
#define LINE_MAX_BYTES ((size_t)64 * 1024)

/* What names an item of a list, in the order in which it is looked for. */
static const char *const NAMES[] = { "name", "gate", "duty", "kind", "relation", "what" };

static bool is_period(const struct yaml *node)
{
	static const struct str UNITS[] = {
		{ "hours", 5 }, { "days", 4 }, { "working-days", 12 }, { "months", 6 }
	};
	if (node->type != YAML_MAPPING || node->count != 1 || node->first->type != YAML_SCALAR)
		return false;
	for (size_t i = 0; i < COUNT_OF(UNITS); i++)
		if (str_eq(node->first->key, UNITS[i]))
			return true;
	return false;
}

/* --- conditions ------------------------------------------------------------------------------ */

/* One of the two packs, and the element of it that is told. */
struct side {
	const struct whole *whole;
	struct arena *arena;
	const struct change *change;
};

static bool asks_gate(const struct pack_kind *kind, struct str gate)
{
	for (size_t i = 0; i < kind->need_count; i++) {
		if (kind->needs[i].gate && str_eq(kind->needs[i].gate->name, gate))
			return true;
	}
	return false;
}

/* Whose fields its conditions may name; of a gate, a kind that asks it. */
static const struct pack_kind *acting(const struct side *side)
{
	const struct pack *pack = &side->whole->pack;
	if (side->change->section == SECTION_KINDS)
		return pack_kind_find(pack, side->change->name);
	for (size_t i = 0; side->change->section == SECTION_GATES && i < pack->kind_count; i++) {
		if (asks_gate(&pack->kinds[i], side->change->name))
			return &pack->kinds[i];
	}
	return NULL;
}

static bool is_condition(const struct side *side, const struct yaml *node)
{
	static const struct str KEYS[] = { { "when", 4 }, { "need", 4 }, { "required", 8 } };
	bool asks = side->change->section == SECTION_KINDS ||
	            side->change->section == SECTION_GATES ||
	            side->change->section == SECTION_PATTERNS;
	for (size_t i = 0; asks && i < COUNT_OF(KEYS); i++) {
		if (node->type == YAML_MAPPING && str_eq(node->key, KEYS[i]))
			return true;
	}
	return false;
}

/* The condition that a node says; NULL: it is none, or cannot be read by itself. */
static const struct pack_cond *read_again(const struct side *side, const struct yaml *node)
{
	struct loader loader = { .arena = side->arena, .errors_arena = side->arena };
	if (!node || !is_condition(side, node))
		return NULL;
	/* It was read without an error when its pack was loaded. */
	loader.whole = (struct whole *)(uintptr_t)side->whole;
	loader.pack = &loader.whole->pack;
	return condition_read(&loader, node, acting(side), UINT64_MAX, true);
}

/* Whether no two atoms that differ have the same words: nothing may change behind them. */
static bool are_told_apart(struct arena *arena, const struct pack_cond *old,
                           const struct pack_cond *new)
{
	for (size_t i = 0; old && i < old->atom_count; i++) {
		for (size_t j = 0; new &&j < new->atom_count; j++) {
			const struct cond_atom *a = old->atoms[i], *b = new->atoms[j];
			if (str_eq(a->words, b->words))
				continue;
			struct str before = cond_atom_words(arena, a, false);
			struct str after = cond_atom_words(arena, b, false);
			if (!before.p || str_eq(before, after) ||
			    !are_told_apart(arena, a->where, b->where))
				return false;
		}
	}
	return true;
}

/* --- values ---------------------------------------------------------------------------------- */

/* A period as people say it, anything else as YAML, in one line: a text of several lines stays in
 * its own. */
static void write_value(struct buf *out, const struct yaml *node)
{
	if (!node)
		buf_add(out, STR("(nothing)"));
	else if (is_period(node))
		buf_format(out, "%.*s %.*s", STR_ARG(node->first->text), STR_ARG(node->first->key));
	else
		tree_write(out, node);
}

static void say_part(struct buf *out, struct str all, size_t from, size_t to)
{
	if (from > 0)
		buf_add(out, STR("…"));
	for (size_t i = from; i < to; i++)
		buf_add_char(out, all.p[i] == '\n' ? ' ' : all.p[i]);
	if (to < all.n)
		buf_add(out, STR("…"));
}

static void say_value(struct buf *out, const struct side *side, const struct yaml *node)
{
	const struct pack_cond *cond = read_again(side, node);
	struct buf text;
	buf_init(&text, LINE_MAX_BYTES);
	if (cond)
		buf_add(&text, pack_cond_words(side->arena, cond));
	else
		write_value(&text, node);
	say_part(out, buf_str(&text), 0, buf_str(&text).n);
	buf_finish(&text);
}

static bool is_inside_character(struct str text, size_t at)
{
	return at > 0 && at < text.n && ((unsigned char)text.p[at] & 0xc0) == 0x80;
}

/* Of what is long only what is the same on both sides is left out, never what differs. */
static void say_both(struct buf *out, struct str old, struct str new)
{
	size_t shorter = old.n < new.n ? old.n : new.n, before = 0, behind = 0;
	while (before < shorter && old.p[before] == new.p[before])
		before++;
	while (behind < shorter - before && old.p[old.n - 1 - behind] == new.p[new.n - 1 - behind])
		behind++;
	bool is_cut = old.n > WHOLE_MAX || new.n > WHOLE_MAX;
	size_t from = is_cut && before > AROUND ? before - AROUND : 0;
	size_t left = is_cut && behind > AROUND ? behind - AROUND : 0;
	while (is_inside_character(old, from))
		from--;
	while (is_inside_character(old, old.n - left))
		left--;
	say_part(out, old, from, old.n - left);
	buf_add(out, STR(" -> "));
	say_part(out, new, from, new.n - left);
}

/* The two packs, the old one first. */
struct sides {
	struct side old;
	struct side new;
};

/* In words where these tell the two apart. */
static void say_pair(struct buf *out, const struct sides *sides, const struct yaml *old,
                     const struct yaml *new)
{
	struct arena *arena = sides->old.arena;
	const struct pack_cond *was = read_again(&sides->old, old);
	const struct pack_cond *is = read_again(&sides->new, new);
	struct str said = was ? pack_cond_words(arena, was) : STR_NONE;
	struct str now = is ? pack_cond_words(arena, is) : STR_NONE;
	bool has_words = (said.p || !old) && (now.p || !new) && !str_eq(said, now) &&
	                 are_told_apart(arena, was, is);
	struct buf before, after;
	buf_init(&before, LINE_MAX_BYTES);
	buf_init(&after, LINE_MAX_BYTES);
	if (has_words && said.p)
		buf_add(&before, said);
	else
		write_value(&before, old);
	if (has_words && now.p)
		buf_add(&after, now);
	else
		write_value(&after, new);
	say_both(out, buf_str(&before), buf_str(&after));
	buf_finish(&before);
	buf_finish(&after);
}

/* What begins the next thing said. */
static void say_next(struct buf *out, size_t from)
{
	if (out->n > from)
		buf_add(out, STR("; "));
}

static struct str name_of(const struct yaml *item)
{
	if (item->type == YAML_SCALAR)
		return item->text;
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		struct str name = text_of(item, NAMES[i]);
		if (name.p)
			return name;
	}
	return STR_NONE;
}

static void say_item(struct buf *out, const struct side *side, const struct yaml *item)
{
	struct str name = name_of(item), sentence = text_of(item, "else");
	if (name.p)
		buf_add(out, name);
	else if (sentence.p)
		buf_format(out, "\"%.*s\"", STR_ARG(sentence));
	else
		say_value(out, side, item);
}

/* On what condition it came or went. */
static void say_when(struct buf *out, const struct side *side, const struct yaml *item)
{
	const struct yaml *when = item->type == YAML_MAPPING ? member_of(item, "when") : NULL;
	if (!when)
		return;
	buf_add(out, STR(", when "));
	say_value(out, side, when);
}

static bool holds_equal(const struct yaml *list, const struct yaml *item)
{
	for (const struct yaml *one = first_of(list); one; one = next_of(list, one))
		if (one->type == item->type &&
		    (one->type == YAML_SCALAR ? str_eq(one->text, item->text)
		                              : tree_equal(one, item)))
			return true;
	return false;
}

static bool is_counterpart(const struct yaml *item, const struct yaml *one)
{
	struct str name = name_of(item);
	if (name.p)
		return str_eq(name, name_of(one));
	if (item->type != YAML_MAPPING || one->type != YAML_MAPPING)
		return false;
	const struct yaml *need = member_of(item, "need"), *sentence = member_of(item, "else");
	return (need && tree_equal(need, member_of(one, "need"))) ||
	       (sentence && tree_equal(sentence, member_of(one, "else")));
}

/* The item of `list` that stands for `item` and is not word for word among `others`; or NULL. */
static const struct yaml *counterpart(const struct yaml *list, const struct yaml *item,
                                      const struct yaml *others)
{
	for (const struct yaml *one = first_of(list); one; one = next_of(list, one))
		if (is_counterpart(item, one) && !holds_equal(others, one))
			return one;
	return NULL;
}

static void say_keys(struct buf *out, const struct sides *of, size_t from, const struct yaml *label,
                     const struct yaml *old, const struct yaml *new)
{
	const struct yaml *sides[2] = { old, new };
	for (size_t i = 0; i < COUNT_OF(sides); i++) {
		for (const struct yaml *key = sides[i]->first; key; key = key->next) {
			const struct yaml *before = yaml_member(old, key->key);
			const struct yaml *after = yaml_member(new, key->key);
			if ((i == 1 && before) || tree_equal(before, after))
				continue;
			say_next(out, from);
			if (label) {
				say_item(out, &of->old, label);
				buf_add_char(out, ' ');
			}
			buf_format(out, "%.*s", STR_ARG(key->key));
			if (!before)
				buf_add(out, STR(" added: "));
			if (!after)
				buf_add(out, STR(" gone"));
			if (before && after) {
				buf_add(out, STR(": "));
				say_pair(out, of, before, after);
			} else if (after) {
				say_value(out, &of->new, after);
			}
		}
	}
}

static void say_list(struct buf *out, const struct sides *of, const struct yaml *old,
                     const struct yaml *new)
{
	size_t from = out->n;
	for (const struct yaml *item = first_of(old); item; item = next_of(old, item)) {
		if (holds_equal(new, item))
			continue;
		const struct yaml *now = counterpart(new, item, old);
		if (now && item->type == YAML_MAPPING && now->type == YAML_MAPPING) {
			say_keys(out, of, from, item, item, now);
			continue;
		}
		say_next(out, from);
		say_item(out, &of->old, item);
		if (now) {
			buf_add(out, STR(": "));
			say_pair(out, of, item, now);
		} else {
			buf_add(out, STR(" gone"));
			say_when(out, &of->old, item);
		}
	}
	for (const struct yaml *item = first_of(new); item; item = next_of(new, item)) {
		if (holds_equal(old, item) || counterpart(old, item, new))
			continue;
		say_next(out, from);
		say_item(out, &of->new, item);
		buf_add(out, STR(" added"));
		say_when(out, &of->new, item);
	}
	if (out->n == from)
		buf_add(out, STR("in another order"));
}

/* By their places: what has no name. */
static void say_places(struct buf *out, const struct sides *of, const struct yaml *old,
                       const struct yaml *new)
{
	size_t from = out->n, place = 1;
	const struct yaml *before = first_of(old), *after = first_of(new);
	for (; before || after; place++) {
		if (!before || !after) {
			say_next(out, from);
			buf_format(out, "%zu %s", place, after ? "added: " : "gone");
			if (after)
				say_value(out, &of->new, after);
		} else if (!tree_equal(before, after)) {
			say_next(out, from);
			buf_format(out, "%zu ", place);
			say_keys(out, of, out->n, NULL, before, after);
		}
		before = before ? next_of(old, before) : NULL;
		after = after ? next_of(new, after) : NULL;
	}
}

static void say_what(struct buf *out, const struct sides *of, const struct change *change)
{
	const struct yaml *old = change->old, *new = change->new;
	bool is_list = (old && old->type == YAML_SEQUENCE) || (new &&new->type == YAML_SEQUENCE);
	bool is_mapping = old && new && old->type == YAML_MAPPING &&new->type == YAML_MAPPING;
	if (str_eq(change->key, STR("rungs")) && old && new)
		say_places(out, of, old, new);
	else if (is_list)
		say_list(out, of, old, new);
	else if (is_mapping && !is_period(old) && !is_period(new) &&
	         !str_eq(change->key, STR("when")))
		say_keys(out, of, out->n, NULL, old, new);
	else
		say_pair(out, of, old, new);
}

struct str compare_said(const struct comparing *comparing, const struct change *change)
{
	struct arena *arena = comparing->arena;
	struct sides of = { { comparing->old, arena, change }, { comparing->new, arena, change } };
	struct buf text;
	if (!change->key.p && change->new)
		return STR("added");
	if (!change->key.p)
		return STR("gone");
	buf_init(&text, LINE_MAX_BYTES);
	say_what(&text, &of, change);
	struct str kept =
		arena_format(arena, "%.*s%s", STR_ARG(buf_str(&text)), text.full ? "…" : "");
	buf_finish(&text);
	return kept;
}
