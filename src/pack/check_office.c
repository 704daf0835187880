/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Patterns about offices. The walk does not go through the files of offices,
 * which no rule of a pack begins or ends: what is opened there must be settled
 * by a kind that stands on such files.
 */
#include "pack/check.h"

static bool is_by_register_alone(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		if (kind->by[i].sort != PACK_BY_REGISTER)
			return false;
	}
	return true;
}

static bool is_settled(const struct pack *pack, const struct pack_duty *duty)
{
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		if (!(kind->file_types >> pack->office_type->number & 1) || kind->retired.p ||
		    is_by_register_alone(kind))
			continue;
		for (size_t i = 0; i < kind->settle_count; i++) {
			if (kind->settles[i].duty == duty)
				return true;
		}
	}
	return false;
}

static void check_settled(struct check *check, const struct pack_pattern *pattern,
                          const struct pack_duty *duty)
{
	if (duty && !is_settled(check->pack, duty))
		check_fails(
			check, "P03", check_body(check, SECTION_PATTERNS, pattern->name),
			"pattern %.*s opens %.*s on the file of an office, and nothing that may "
			"be made there settles it",
			STR_ARG(pattern->name), STR_ARG(duty->name));
}

/* The first `share` over entries of whichever kind. */
static const struct yaml *share_of_all(const struct yaml *node)
{
	const struct yaml *of = node->type == YAML_MAPPING && str_eq(node->key, STR("share"))
	                                ? yaml_member(node, STR("of"))
	                                : NULL;
	if (of && of->type == YAML_SCALAR && str_eq(of->text, STR("entries")))
		return of;
	for (const struct yaml *child = node->first; child; child = child->next) {
		of = share_of_all(child);
		if (of)
			return of;
	}
	return NULL;
}

/* A share of what an office owes is asked of an office, over what counts as its own. */
static void check_share(struct check *check, const struct pack_pattern *pattern,
                        const struct yaml *node)
{
	bool of_owed = false, of_files = false;
	for (size_t i = 0; pattern->when && i < pattern->when->atom_count; i++) {
		of_owed = of_owed || pattern->when->atoms[i]->owed;
		of_files = of_files || pattern->when->atoms[i]->of_files;
	}
	if (of_owed && pattern->of_office != PACK_LATE_IN)
		check_fails(check, "P13", check_place(check, node),
		            "pattern %.*s asks of how much that an office owed; it is about: "
		            "office, through: [late-in]",
		            STR_ARG(pattern->name));
	if (of_files && pattern->of_office != PACK_MADE_IN)
		check_fails(check, "P13", check_place(check, node),
		            "pattern %.*s asks of how many of its files an office did something; "
		            "it is about: office, through: [made-in]",
		            STR_ARG(pattern->name));
}

void check_office_patterns(struct check *check)
{
	const struct pack *pack = check->pack;
	for (size_t p = 0; p < pack->pattern_count; p++) {
		const struct pack_pattern *pattern = &pack->patterns[p];
		const struct yaml *node = check_node(check, SECTION_PATTERNS, pattern->name);
		check_share(check, pattern, node);
		if (!pattern->of_office)
			continue;
		const struct yaml *of = share_of_all(node);
		if (pattern->asks_time)
			check_fails(check, "P13", check_place(check, node),
			            "pattern %.*s asks what time alone makes true; an office is "
			            "looked at when an entry comes",
			            STR_ARG(pattern->name));
		if (of)
			check_fails(
				check, "P13", check_place(check, of),
				"pattern %.*s counts all entries of an office; name their kinds",
				STR_ARG(pattern->name));
		check_settled(check, pattern, pack->pattern_duty);
		for (size_t i = 0; i < pattern->open_count; i++) {
			if (!pattern->opens[i].on_count)
				check_settled(check, pattern, pattern->opens[i].duty);
		}
	}
}
