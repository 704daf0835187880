/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What leans on a code, and what people lean on in a sentence. A code that no
 * rule knows goes past the rules that ask for its neighbours.
 */
#include "pack/compare.h"

#include "pack/load.h"

#define DEPTH_MAX 24

/* Where rules are written that may ask for the value of a field. */
static const enum section RULES_IN[] = { SECTION_KINDS,  SECTION_GATES, SECTION_PATTERNS,
	                                 SECTION_DUTIES, SECTION_FILES, SECTION_WORDS,
	                                 SECTION_OFFICES };

/* "concern.received.source" names the field source. */
static bool is_path_to(struct str text, struct str field)
{
	return text.n > field.n && text.p[text.n - field.n - 1] == '.' &&
	       str_eq(str_sub(text, text.n - field.n, text.n), field);
}

/* Whether a rule under `node` names the field: as a key of a condition, behind `by`, or as the
 * source of a fact. Some that mean another thing of the same name are counted too. */
static bool names_field(const struct yaml *node, struct str field, int depth)
{
	if (depth > DEPTH_MAX)
		return true;
	if (node->type == YAML_SCALAR)
		return is_path_to(node->text, field) ||
		       (str_eq(node->key, STR("by")) && str_eq(node->text, field));
	for (const struct yaml *child = node->first; child; child = child->next) {
		if (depth > 1 && str_eq(child->key, field))
			return true;
		if (names_field(child, field, depth + 1))
			return true;
	}
	return false;
}

static bool is_leant_on(const struct whole *whole, const struct pack_field *field)
{
	if (field->required != PACK_OPTIONAL)
		return true;
	for (size_t i = 0; i < COUNT_OF(RULES_IN); i++)
		if (names_field(whole->roots[RULES_IN[i]], field->name, 0))
			return true;
	return false;
}

static bool is_of(const struct pack_field *field, struct str list)
{
	return field->list && field->list->name.p && str_eq(field->list->name, list);
}

bool compare_is_asked(const struct whole *whole, struct str list)
{
	const struct pack *pack = &whole->pack;
	for (size_t k = 0; k < pack->kind_count; k++) {
		for (size_t f = 0; f < pack->kinds[k].field_count; f++) {
			const struct pack_field *field = &pack->kinds[k].fields[f];
			if (is_of(field, list) && is_leant_on(whole, field))
				return true;
			for (size_t c = 0; c < field->column_count; c++)
				if (is_of(&field->columns[c], list))
					return true;
		}
	}
	return false;
}

/* --- sentences ------------------------------------------------------------------------------- */

/* What explains beside a question may change; what a thing, an answer or an act is called may turn
 * it round. */
enum verdict compare_sentence(struct str path)
{
	bool is_beside = str_ends(path, STR(".hint")) ||
	                 (str_ends(path, STR(".label")) && !str_starts(path, STR("report."))) ||
	                 str_ends(path, STR(".else"));
	return is_beside ? VERDICT_TEXT : VERDICT_LOOK;
}

enum verdict compare_sentences(const struct yaml *texts)
{
	enum verdict verdict = VERDICT_TEXT;
	for (const struct yaml *one = texts->first; one; one = one->next)
		verdict = verdict_worse(verdict, compare_sentence(one->key));
	return verdict;
}
