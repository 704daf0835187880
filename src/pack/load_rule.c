/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Stage 5, what needs neither walk nor chart: P12 (limits of law stand) and
 * P14 (a duty of law names its law). P13 is kept while names are resolved.
 */
#include "pack/load.h"
#include "pack/span.h"

static bool is_law(const struct pack_duty *duty)
{
	return duty->class == PACK_STATUTE || duty->class == PACK_GUIDANCE;
}

static struct str class_name(const struct pack_duty *duty)
{
	return duty->class == PACK_STATUTE ? STR("statute") : STR("guidance");
}

static void check_not_before(struct load *load, const struct yaml *node,
                             const struct pack_duty *duty)
{
	instant witness;
	if (!duty->has_not_before || duty->within_is_field)
		return;
	enum span_order order = span_compare(load->whole->pack.calendar, &duty->not_before,
	                                     &duty->within, &witness);
	if (order != SPAN_SHORTER)
		loader_error_at(
			load->loader, member_of(node, "not-before"),
			"duty %.*s may be settled only when it is late already; not-before must end"
			" before within does",
			STR_ARG(duty->name));
}

static void check_duty(struct load *load, const struct yaml *node, const struct pack_duty *duty)
{
	const struct yaml *extendable = member_of(node, "extendable");
	bool has_digit = false;
	if (extendable && is_law(duty) && str_eq(extendable->text, STR("line-above")))
		loader_error_at(load->loader, extendable,
		                "duty %.*s is of class %.*s and cannot be extended (X2)",
		                STR_ARG(duty->name), STR_ARG(class_name(duty)));
	check_not_before(load, node, duty);
	for (size_t i = 0; i < duty->source.n; i++)
		has_digit = has_digit || (duty->source.p[i] >= '0' && duty->source.p[i] <= '9');
	if (duty->class == PACK_STATUTE && !has_digit)
		loader_error_at(
			load->loader, member_of(node, "source"),
			"duty %.*s is of class statute and names no Act or instrument with its"
			" year",
			STR_ARG(duty->name));
}

static void check_ends(struct load *load, const struct pack_kind *kind, const struct yaml *node)
{
	const struct yaml *ends = member_of(node, "ends");
	for (const struct yaml *item = ends ? ends->first : NULL; item; item = item->next) {
		const struct yaml *at = item->type == YAML_SCALAR ? item : member_of(item, "duty");
		const struct pack_duty *duty = pack_duty_find(&load->whole->pack, at->text);
		bool has_when = item->type == YAML_MAPPING && member_of(item, "when");
		if (duty && is_law(duty) && !has_when)
			loader_error_at(load->loader, at,
			                "%.*s ends duty %.*s of class %.*s without a condition"
			                " (X6)",
			                STR_ARG(kind->name), STR_ARG(duty->name),
			                STR_ARG(class_name(duty)));
	}
}

void load_rules(struct load *load)
{
	const struct pack *pack = &load->whole->pack;
	const struct pack_duty *duty = pack->duties;
	for (const struct yaml *node = load->whole->roots[SECTION_DUTIES]->first; node;
	     node = node->next)
		check_duty(load, node, duty++);
	for (size_t i = 0; i < pack->kind_count; i++) {
		if (load->kind_nodes[i] && !pack->kinds[i].is_built_in)
			check_ends(load, &pack->kinds[i], load->kind_nodes[i]);
	}
}
