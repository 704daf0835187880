/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Gates and patterns. A gate is read once for each kind that
 * asks it, since its conditions may name the kind's fields; the gate of the
 * table is read without a kind when no kind asks it.
 */
#include "pack/load.h"

/* The role, when the need is `second:` and nothing else. */
static const struct pack_office *second_of(struct load *load, const struct yaml *need)
{
	const struct yaml *second = need->count == 1 ? member_of(need, "second") : NULL;
	return second && second->type == YAML_SCALAR
	               ? pack_office_find(&load->whole->pack, second->text)
	               : NULL;
}

bool load_need(struct load *load, const struct yaml *node, struct str about,
               const struct pack_kind *kind, uint64_t file_types, struct pack_need *out)
{
	const struct yaml *need = member_of(node, "need"), *when = member_of(node, "when");
	*out = (struct pack_need){ .otherwise = text_of(node, "else"),
		                   .there = text_of(node, "there"),
		                   .place = loader_place(load->loader, node) };
	out->need = load_cond(load, need, about, kind, file_types, false);
	if (when)
		out->when = load_cond(load, when, about, kind, file_types, true);
	out->second = second_of(load, need);
	out->is_second = out->second != NULL;
	return out->need != NULL;
}

void load_gate_for(struct load *load, struct pack_gate *gate, const struct pack_kind *kind,
                   uint64_t file_types)
{
	const struct yaml *node = yaml_member(load->whole->roots[SECTION_GATES], gate->name);
	const struct yaml *list = member_of(node, "needs");
	struct pack_need *needs = loader_alloc(load->loader, list->count, sizeof *needs);
	struct str about = about_of(load, "gate", gate->name);
	if (kind)
		about = arena_format(load->loader->errors_arena, "%.*s for %.*s", STR_ARG(about),
		                     STR_ARG(kind->name));
	gate->need_count = 0;
	for (const struct yaml *item = needs ? list->first : NULL; item; item = item->next)
		(void)load_need(load, item, about, kind, file_types, &needs[gate->need_count++]);
	gate->needs = needs;
}

/* The first kind that asks a gate, or NULL. */
static const struct pack_kind *asker_of(struct load *load, struct str gate)
{
	const struct pack *pack = &load->whole->pack;
	for (size_t i = 0; i < pack->kind_count; i++) {
		const struct yaml *node = load->kind_nodes[i];
		const struct yaml *needs = node ? member_of(node, "needs") : NULL;
		for (const struct yaml *item = needs ? needs->first : NULL; item;
		     item = item->next) {
			if (tree_says(member_of(item, "gate"), gate))
				return &load->kinds[i];
		}
	}
	return NULL;
}

void load_gates(struct load *load)
{
	struct pack_gate *gate = load->gates;
	for (const struct yaml *node = load->whole->roots[SECTION_GATES]->first; node;
	     node = node->next, gate++) {
		const struct pack_kind *kind = asker_of(load, node->key);
		gate->title = text_of(node, "title");
		load_gate_for(load, gate, kind, kind ? kind->file_types : UINT64_MAX);
	}
}

/* --- patterns -------------------------------------------------------------------------------- */

static void read_through(struct load *load, const struct yaml *node, struct str about,
                         struct pack_pattern *pattern)
{
	const struct pack_relation **out = loader_alloc(load->loader, count_of(node), sizeof *out);
	for (const struct yaml *item = out && node ? node->first : NULL; item; item = item->next) {
		size_t number = load_resolve(load, item, item->text, about, "relation",
		                             &load->whole->relations);
		if (number != SIZE_MAX)
			out[pattern->through_count++] = &load->relations[number];
	}
	pattern->through = out;
}

/* About offices no links lead to the entries: they are an office's by what they say. */
static void read_of_office(struct load *load, const struct yaml *node, struct str about,
                           struct pack_pattern *pattern)
{
	static const struct str WORDS[PACK_OF_OFFICE_N] = { { "made-in", 7 }, { "asked-of", 8 } };
	for (const struct yaml *item = node ? node->first : NULL; item; item = item->next) {
		size_t i = 0;
		while (i < COUNT_OF(WORDS) && !str_eq(item->text, WORDS[i]))
			i++;
		if (i < COUNT_OF(WORDS))
			pattern->of_office |= 1u << i;
		else
			loader_error_at(
				load->loader, item,
				"%.*s: about offices, \"through\" is made-in or asked-of, not "
				"\"%.*s\"",
				STR_ARG(about), STR_ARG(item->text));
	}
	if (!pattern->of_office)
		pattern->of_office = PACK_MADE_IN;
}

static void read_opens(struct load *load, const struct yaml *node, struct str about,
                       struct pack_pattern *pattern)
{
	const struct pack_duty **out = loader_alloc(load->loader, count_of(node), sizeof *out);
	for (const struct yaml *item = out && node ? node->first : NULL; item; item = item->next) {
		size_t number =
			load_resolve(load, item, item->text, about, "duty", &load->whole->duties);
		if (number != SIZE_MAX)
			out[pattern->open_count++] = &load->duties[number];
	}
	pattern->opens = out;
}

static void read_pattern(struct load *load, const struct yaml *node, struct pack_pattern *pattern)
{
	struct str about = about_of(load, "pattern", node->key);
	const struct yaml *type = member_of(node, "about");
	struct pack_owner *owner = loader_alloc(load->loader, 1, sizeof *owner);
	if (!owner)
		return;
	pattern->name = node->key;
	pattern->title = text_of(node, "title");
	pattern->source = text_of(node, "source");
	pattern->is_once = is_yes(node, "once");
	if (owner_read(load->loader, member_of(node, "owner"), owner))
		pattern->owner = owner;
	size_t number =
		load_resolve(load, type, type->text, about, "file type", &load->whole->file_types);
	if (number != SIZE_MAX && &load->file_types[number] == load->whole->pack.office_type)
		read_of_office(load, member_of(node, "through"), about, pattern);
	else
		read_through(load, member_of(node, "through"), about, pattern);
	read_opens(load, member_of(node, "opens"), about, pattern);
	if (number == SIZE_MAX)
		return;
	pattern->about = &load->file_types[number];
	load->loader->about = about;
	load->loader->saturates_to_true = true;
	pattern->when = condition_read(load->loader, member_of(node, "when"), NULL,
	                               UINT64_C(1) << number, true);
	load->loader->about = STR_NONE;
	load->loader->saturates_to_true = false;
}

void load_patterns(struct load *load)
{
	const struct yaml *root = load->whole->roots[SECTION_PATTERNS];
	load->patterns = loader_alloc(load->loader, root->count, sizeof *load->patterns);
	if (!load->patterns)
		return;
	for (const struct yaml *node = root->first; node; node = node->next)
		read_pattern(load, node, &load->patterns[load->whole->pack.pattern_count++]);
	load->whole->pack.patterns = load->patterns;
}
