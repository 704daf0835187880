/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a change of one key is, said in a line: of a list only what came, went and differs. */
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

static void say_value(struct buf *out, const struct yaml *node)
{
	struct buf text;
	buf_init(&text, LINE_MAX_BYTES);
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

static void say_pair(struct buf *out, const struct yaml *old, const struct yaml *new)
{
	struct buf before, after;
	buf_init(&before, LINE_MAX_BYTES);
	buf_init(&after, LINE_MAX_BYTES);
	write_value(&before, old);
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

static void say_item(struct buf *out, const struct yaml *item)
{
	struct str name = name_of(item), sentence = text_of(item, "else");
	if (name.p)
		buf_add(out, name);
	else if (sentence.p)
		buf_format(out, "\"%.*s\"", STR_ARG(sentence));
	else
		say_value(out, item);
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

static void say_keys(struct buf *out, size_t from, const struct yaml *label, const struct yaml *old,
                     const struct yaml *new)
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
				say_item(out, label);
				buf_add_char(out, ' ');
			}
			buf_format(out, "%.*s", STR_ARG(key->key));
			if (!before)
				buf_add(out, STR(" added: "));
			if (!after)
				buf_add(out, STR(" gone"));
			if (before && after) {
				buf_add(out, STR(": "));
				say_pair(out, before, after);
			} else if (after) {
				say_value(out, after);
			}
		}
	}
}

static void say_list(struct buf *out, const struct yaml *old, const struct yaml *new)
{
	size_t from = out->n;
	for (const struct yaml *item = first_of(old); item; item = next_of(old, item)) {
		if (holds_equal(new, item))
			continue;
		const struct yaml *now = counterpart(new, item, old);
		if (now && item->type == YAML_MAPPING && now->type == YAML_MAPPING) {
			say_keys(out, from, item, item, now);
			continue;
		}
		say_next(out, from);
		say_item(out, item);
		if (now) {
			buf_add(out, STR(": "));
			say_pair(out, item, now);
		} else {
			buf_add(out, STR(" gone"));
		}
	}
	for (const struct yaml *item = first_of(new); item; item = next_of(new, item)) {
		if (holds_equal(old, item) || counterpart(old, item, new))
			continue;
		say_next(out, from);
		say_item(out, item);
		buf_add(out, STR(" added"));
	}
	if (out->n == from)
		buf_add(out, STR("in another order"));
}

/* By their places: what has no name. */
static void say_places(struct buf *out, const struct yaml *old, const struct yaml *new)
{
	size_t from = out->n, place = 1;
	const struct yaml *before = first_of(old), *after = first_of(new);
	for (; before || after; place++) {
		if (!before || !after) {
			say_next(out, from);
			buf_format(out, "%zu %s", place, after ? "added: " : "gone");
			if (after)
				say_value(out, after);
		} else if (!tree_equal(before, after)) {
			say_next(out, from);
			buf_format(out, "%zu ", place);
			say_keys(out, out->n, NULL, before, after);
		}
		before = before ? next_of(old, before) : NULL;
		after = after ? next_of(new, after) : NULL;
	}
}

static void say_what(struct buf *out, const struct change *change)
{
	const struct yaml *old = change->old, *new = change->new;
	bool is_list = (old && old->type == YAML_SEQUENCE) || (new &&new->type == YAML_SEQUENCE);
	bool is_mapping = old && new && old->type == YAML_MAPPING &&new->type == YAML_MAPPING;
	if (str_eq(change->key, STR("rungs")) && old && new)
		say_places(out, old, new);
	else if (is_list)
		say_list(out, old, new);
	else if (is_mapping && !is_period(old) && !is_period(new) &&
	         !str_eq(change->key, STR("when")))
		say_keys(out, out->n, NULL, old, new);
	else
		say_pair(out, old, new);
}

struct str compare_said(struct arena *arena, const struct change *change)
{
	struct buf text;
	if (!change->key.p && change->new)
		return STR("added");
	if (!change->key.p)
		return STR("gone");
	buf_init(&text, LINE_MAX_BYTES);
	say_what(&text, change);
	struct str kept =
		arena_format(arena, "%.*s%s", STR_ARG(buf_str(&text)), text.full ? "…" : "");
	buf_finish(&text);
	return kept;
}
