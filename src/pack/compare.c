/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Two packs laid side by side: every element, every key, and a word for what
 * its change amounts to. A layer is judged by the same words as a new version.
 */
#include "pack/compare.h"

#include <stdlib.h>

#include "pack/load.h"

#define CHANGES_FIRST 32

static const char *const SECTION_WORDS_OF[SECTION_COUNT] = {
	[SECTION_PACK] = "pack",
	[SECTION_AGENCIES] = "agency",
	[SECTION_OFFICES] = "office",
	[SECTION_LISTS] = "list",
	[SECTION_FILES] = "file type",
	[SECTION_RELATIONS] = "relation",
	[SECTION_KINDS] = "kind",
	[SECTION_DUTIES] = "duty",
	[SECTION_LADDERS] = "ladder",
	[SECTION_GATES] = "gate",
	[SECTION_PATTERNS] = "pattern",
	[SECTION_WORDS] = "word",
	[SECTION_INDICATORS] = "indicator",
	[SECTION_CALENDARS] = "calendar",
	[SECTION_TEXTS] = "text",
};

const char *compare_section_word(enum section section)
{
	return SECTION_WORDS_OF[section];
}

/* In byte order of the files. */
static const enum section ORDER[] = {
	SECTION_CALENDARS,  SECTION_DUTIES, SECTION_FILES,    SECTION_RELATIONS, SECTION_GATES,
	SECTION_INDICATORS, SECTION_KINDS,  SECTION_LADDERS,  SECTION_LISTS,     SECTION_AGENCIES,
	SECTION_OFFICES,    SECTION_PACK,   SECTION_PATTERNS, SECTION_TEXTS,     SECTION_WORDS,
};

static void add(struct comparing *comparing, struct change change)
{
	if (change.verdict == VERDICT_SAME)
		return;
	if (comparing->count == comparing->room) {
		size_t room = comparing->room ? comparing->room * 2 : CHANGES_FIRST;
		struct change *made = arena_alloc(comparing->arena, room, sizeof *made);
		if (!made) {
			comparing->out_of_memory = true;
			return;
		}
		if (comparing->count)
			memcpy(made, comparing->changes, comparing->count * sizeof *made);
		comparing->changes = made;
		comparing->room = room;
	}
	comparing->changes[comparing->count++] = change;
}

/* The member of `mapping` named `key`. Two versions keep their order for the most part: `near` is
 * where the last one was found, so that what is long is not searched from its beginning. */
static const struct yaml *member_near(const struct yaml *mapping, struct str key,
                                      const struct yaml **near)
{
	const struct yaml *next = *near ? (*near)->next : mapping->first;
	const struct yaml *found =
		next && str_eq(next->key, key) ? next : yaml_member(mapping, key);
	if (found)
		*near = found;
	return found;
}

/* What a pack is called breaks nothing. */
static enum verdict suspected(enum section section)
{
	return section == SECTION_PACK ? VERDICT_SAME : VERDICT_OTHER;
}

static void compare_keys(struct comparing *comparing, enum section section, const struct yaml *old,
                         const struct yaml *new, struct str name)
{
	const struct yaml *sides[2] = { old, new };
	for (size_t i = 0; i < COUNT_OF(sides); i++) {
		const struct yaml *near = NULL;
		for (const struct yaml *key = sides[i]->first; key; key = key->next) {
			const struct yaml *other = member_near(sides[1 - i], key->key, &near);
			struct change change = { .section = section,
				                 .name = name,
				                 .key = key->key,
				                 .old = i ? other : key,
				                 .new = i ? key : other };
			if ((i == 1 && change.old) || tree_equal(change.old, change.new))
				continue;
			change.verdict = comparing->is_suspecting
			                         ? suspected(section)
			                         : compare_key(comparing, section, name, key->key,
			                                       change.old, change.new);
			change.is_suspect = comparing->is_suspecting;
			add(comparing, change);
		}
	}
}

static enum verdict removed(const struct comparing *comparing, enum section section,
                            const struct yaml *body)
{
	bool is_words = section == SECTION_WORDS || section == SECTION_INDICATORS;
	if (section == SECTION_TEXTS)
		return compare_sentences(&comparing->old->pack, body);
	return is_words ? VERDICT_TEXT : VERDICT_LOOSER;
}

static void compare_section(struct comparing *comparing, enum section section)
{
	const struct yaml *old = comparing->old->roots[section],
			  *new = comparing->new->roots[section];
	if (section == SECTION_PACK) {
		compare_keys(comparing, section, old, new, comparing->new->pack.name);
		return;
	}
	const struct yaml *near = NULL;
	for (const struct yaml *body = old->first; body; body = body->next) {
		const struct yaml *now = member_near(new, body->key, &near);
		if (now)
			compare_keys(comparing, section, body, now, body->key);
		else if (!comparing->is_half_read)
			add(comparing,
			    (struct change){ .section = section,
			                     .name = body->key,
			                     .old = body,
			                     .verdict = removed(comparing, section, body) });
	}
	near = NULL;
	for (const struct yaml *body = new->first; body && !comparing->is_half_read;
	     body = body->next) {
		struct change change = { .section = section, .name = body->key, .new = body };
		if (member_near(old, body->key, &near))
			continue;
		compare_added(comparing, &change);
		add(comparing, change);
	}
}

static int by_name_and_key(const void *a, const void *b)
{
	const struct change *left = a, *right = b;
	int order = str_compare(left->name, right->name);
	return order ? order : str_compare(left->key, right->key);
}

void compare_all(struct comparing *comparing)
{
	for (size_t i = 0; i < COUNT_OF(ORDER); i++) {
		size_t from = comparing->count;
		compare_section(comparing, ORDER[i]);
		if (comparing->count > from)
			qsort(comparing->changes + from, comparing->count - from,
			      sizeof *comparing->changes, by_name_and_key);
	}
}

/* --- said in lines --------------------------------------------------------------------------- */

struct str pack_change_word(enum pack_change change)
{
	static const struct str WORDS[] = {
		[PACK_CHANGE_EQUAL] = { "equal", 5 },     [PACK_CHANGE_TEXT] = { "text", 4 },
		[PACK_CHANGE_TIGHTER] = { "tighter", 7 }, [PACK_CHANGE_OTHER] = { "other", 5 },
		[PACK_CHANGE_LOOSER] = { "looser", 6 },
	};
	return WORDS[change];
}

static enum pack_change change_of(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_SAME:
		return PACK_CHANGE_EQUAL;
	case VERDICT_TEXT:
		return PACK_CHANGE_TEXT;
	case VERDICT_TIGHTER:
		return PACK_CHANGE_TIGHTER;
	case VERDICT_LOOSER:
		return PACK_CHANGE_LOOSER;
	case VERDICT_LOOK:
	case VERDICT_OTHER:
		break;
	}
	return PACK_CHANGE_OTHER;
}

static struct pack_changed changed_of(const struct comparing *comparing,
                                      const struct change *change)
{
	struct arena *arena = comparing->arena;
	struct pack_changed changed = { .element = str_from_c(SECTION_WORDS_OF[change->section]),
		                        .name = change->name,
		                        .key = change->key,
		                        .what = compare_said(comparing, change),
		                        .change = change_of(change->verdict) };
	bool has_key = change->key.p != NULL;
	changed.line = arena_format(
		arena, "%.*s %.*s%s%.*s%s %.*s   %.*s", STR_ARG(changed.element),
		STR_ARG(changed.name), has_key ? " " : "", STR_ARG(changed.key), has_key ? ":" : "",
		STR_ARG(changed.what), STR_ARG(pack_change_word(changed.change)));
	return changed;
}

/* The version number itself: a consequence of what changed, no change of its own. */
static bool is_number(const struct change *change)
{
	return change->section == SECTION_PACK && str_eq(change->key, STR("version"));
}

bool pack_compare(const struct pack *old, const struct pack *new, struct arena *arena,
                  struct pack_comparison *out, struct err *err)
{
	struct comparing comparing = { .old = compare_renamed(arena, whole_of(old), whole_of(new)),
		                       .new = whole_of(new),
		                       .arena = arena };
	enum pack_change but_number = PACK_CHANGE_EQUAL;
	*out = (struct pack_comparison){ 0 };
	if (!comparing.old)
		return err_set(err, ERR_UNABLE, "The two packs are too large to compare at once");
	compare_all(&comparing);
	struct str *lines = arena_alloc(arena, comparing.count, sizeof *lines);
	struct pack_changed *at = arena_alloc(arena, comparing.count, sizeof *at);
	for (size_t i = 0; lines && at && i < comparing.count; i++) {
		at[i] = changed_of(&comparing, &comparing.changes[i]);
		lines[i] = at[i].line;
		comparing.out_of_memory = comparing.out_of_memory || !lines[i].p;
		out->counts[at[i].change]++;
		if (at[i].change > out->change)
			out->change = at[i].change;
		if (!is_number(&comparing.changes[i]) && at[i].change > but_number)
			but_number = at[i].change;
	}
	out->smallest = version_after(arena, old->version, but_number);
	if (!lines || !at || comparing.out_of_memory || !out->smallest.p ||
	    !compare_gone(old, new, arena, out))
		return err_set(err, ERR_UNABLE, "The two packs are too large to compare at once");
	out->lines = lines;
	out->at = at;
	out->count = comparing.count;
	out->is_number_enough = pack_version_compare(new->version, out->smallest) >= 0;
	return true;
}

/* --- layers ---------------------------------------------------------------------------------- */

/* Names that a layer adds begin with its own, so that two layers never mean two things by one. */
static void check_prefix(struct loader *loader, const struct change *change)
{
	struct str layer = loader->pack->name;
	bool is_words = change->section == SECTION_WORDS || change->section == SECTION_INDICATORS ||
	                change->section == SECTION_TEXTS;
	if (is_words || (str_starts(change->name, layer) && change->name.n > layer.n &&
	                 change->name.p[layer.n] == '-'))
		return;
	loader_error_key(loader, change->new,
	                 "%s %.*s is added by a layer; its name begins with \"%.*s-\"",
	                 SECTION_WORDS_OF[change->section], STR_ARG(change->name), STR_ARG(layer));
}

/* Where a node of the pack below stands: its nodes are known to its own whole. */
static struct str place_below(struct loader *loader, const struct whole *below,
                              const struct yaml *node)
{
	struct str file = whole_file_of(below, node);
	return arena_format(loader->errors_arena, "%.*s:%d", STR_ARG(file),
	                    node->key_line ? node->key_line : node->line);
}

/* The first node under `node` that the layer itself wrote, or `node`. */
static const struct yaml *written_by(const struct loader *loader, struct str folder,
                                     const struct yaml *node)
{
	struct str file = whole_file_of(loader->whole, node);
	if (str_starts(file, folder))
		return node;
	for (const struct yaml *child = node->first; child; child = child->next) {
		const struct yaml *found = written_by(loader, folder, child);
		if (str_starts(whole_file_of(loader->whole, found), folder))
			return found;
	}
	return node;
}

/* What of the pack below a change is told beside: the key, the element that had no such key, or
 * what a whole element does something to. */
static const struct yaml *stands_below(const struct whole *below, const struct change *change)
{
	if (change->old)
		return change->old;
	return change->key.p ? yaml_member(below->roots[change->section], change->name)
	                     : change->to;
}

static void say_change(struct loader *loader, const struct whole *below, struct str folder,
                       const struct change *change)
{
	const char *what = SECTION_WORDS_OF[change->section];
	const struct yaml *stands = stands_below(below, change);
	struct str old = stands ? place_below(loader, below, stands) : STR_NONE;
	const char *found =
		change->is_suspect ? "changed so that the rules below are no longer whole"
		: change->verdict == VERDICT_LOOSER ? "is looser"
						    : "changed so that it cannot be told";
	if (!change->new) {
		loader_error(loader, 1, 1, "%s %.*s %.*s is taken away; it stands at %.*s", what,
		             STR_ARG(change->name), STR_ARG(change->key), STR_ARG(old));
		return;
	}
	if (!change->key.p) {
		loader_error_key(loader, change->new,
		                 "%s %.*s %s; a layer may only add or tighten%s%.*s", what,
		                 STR_ARG(change->name),
		                 change->why ? change->why : "loosens what stands below",
		                 old.p ? "; below it stands at " : "", STR_ARG(old));
		return;
	}
	loader_error_key(loader, written_by(loader, folder, change->new),
	                 "%s %.*s: %.*s %s; a layer may only add or tighten%s%.*s", what,
	                 STR_ARG(change->name), STR_ARG(change->key), found,
	                 old.p ? "; below it stands at " : "", STR_ARG(old));
}

static void say_changes(struct loader *loader, struct str folder, const struct comparing *comparing)
{
	for (size_t i = 0; i < comparing->count; i++) {
		const struct change *change = &comparing->changes[i];
		if (change->verdict == VERDICT_LOOSER || change->verdict == VERDICT_OTHER)
			say_change(loader, comparing->old, folder, change);
		else if (!change->key.p && change->new)
			check_prefix(loader, change);
	}
}

/* Loads what lies below into *below. False: *err; *below NULL: it is wrong itself, which is noted.
 */
static bool load_below(struct loader *loader, const struct pack_bytes *bytes, struct arena *arena,
                       struct pack **below, struct err *err)
{
	struct pack_errors errors;
	*below = NULL;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to compare layers");
	if (pack_load(bytes->below, below, arena, &errors, err))
		return true;
	if (err->code != ERR_INPUT)
		return false;
	for (size_t i = 0; i < errors.count; i++)
		loader_error(loader, 1, (int)i + 1, "the pack below is wrong: %.*s",
		             STR_ARG(errors.lines[i]));
	return true;
}

static struct str folder_of(struct loader *loader, const struct pack_bytes *bytes)
{
	return arena_format(loader->errors_arena, "%.*s/", STR_ARG(bytes->shown_as));
}

bool layer_check(struct loader *loader, const struct pack_bytes *bytes, struct err *err)
{
	struct pack *below;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(WHOLE_BYTES_MAX);
	if (!load_below(loader, bytes, arena, &below, err))
		return false;
	if (!below)
		return true;
	struct comparing comparing = { .old = whole_of(below),
		                       .new = loader->whole,
		                       .arena = arena };
	compare_all(&comparing);
	if (comparing.out_of_memory)
		loader->out_of_memory = true;
	say_changes(loader, folder_of(loader, bytes), &comparing);
	pack_destroy(below);
	return true;
}

/* Of the errors those in the layer's own files stay. */
static void forget_others(struct loader *loader, struct str folder)
{
	size_t kept = 0;
	for (size_t i = 0; i < loader->line_count; i++)
		if (str_starts(loader->lines[i].file, folder))
			loader->lines[kept++] = loader->lines[i];
	loader->line_count = loader->error_count = kept;
}

static bool names_file_of(const struct loader *loader, struct str folder)
{
	for (size_t i = 0; i < loader->line_count; i++) {
		if (str_starts(loader->lines[i].file, folder))
			return true;
	}
	return false;
}

bool layer_blame(struct loader *loader, const struct pack_bytes *bytes, bool *found,
                 struct err *err)
{
	struct pack *below;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(WHOLE_BYTES_MAX);
	*found = false;
	if (!load_below(loader, bytes, arena, &below, err))
		return false;
	if (!below)
		return true;
	struct comparing comparing = {
		.old = whole_of(below), .new = loader->whole, .arena = arena, .is_half_read = true
	};
	struct str folder = folder_of(loader, bytes);
	compare_all(&comparing);
	for (size_t i = 0; i < comparing.count; i++)
		*found = *found || comparing.changes[i].verdict >= VERDICT_LOOSER;
	if (*found) {
		forget_others(loader, folder);
		say_changes(loader, folder, &comparing);
	} else if (!names_file_of(loader, folder)) {
		comparing.count = 0;
		comparing.is_suspecting = true;
		compare_all(&comparing);
		say_changes(loader, folder, &comparing);
	}
	pack_destroy(below);
	return true;
}
