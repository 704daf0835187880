/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Gates. A gate is read once for each kind that
 * asks it, since its conditions may name the kind's fields; the gate of the
 * table is read without a kind when no kind asks it.
 */
#include "pack/load.h"

/* The role, when the need is `second:` and nothing else. */
static const struct pack_office *second_of(struct load *load, const struct yaml *need)
{
	const struct yaml *second = need->count == 1 ? member_of(need, "second") : NULL;
	const struct yaml *office =
		second && second->type == YAML_MAPPING ? member_of(second, "office") : second;
	return office && office->type == YAML_SCALAR
	               ? pack_office_find(&load->whole->pack, office->text)
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
	out->who_began = out->is_second && member_of(need, "second")->type == YAML_MAPPING;
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
