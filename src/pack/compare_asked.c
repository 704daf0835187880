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

static bool is_of_public(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->by_count; i++)
		if (kind->by[i].sort == PACK_BY_PUBLIC)
			return true;
	return false;
}

enum verdict compare_asked_of(const struct pack *pack, struct str name)
{
	const struct pack_kind *kind = pack_kind_find(pack, name);
	return kind && is_of_public(kind) ? VERDICT_LOOK : VERDICT_TEXT;
}

/* Whether the path is of a field of a kind that the public makes: "kind.KIND.field. …". */
static bool is_asked_of_public(const struct pack *pack, struct str path)
{
	const struct str before = STR("kind."), behind = STR(".field.");
	for (size_t k = 0; str_starts(path, before) && k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		struct str rest = str_sub(path, before.n, path.n);
		if (is_of_public(kind) && str_starts(rest, kind->name) &&
		    str_starts(str_sub(rest, kind->name.n, rest.n), behind))
			return true;
	}
	return false;
}

/* What explains beside a question may change; what a thing, an answer or an act is called may turn
 * it round. Whoever comes from outside knows no more than the page says: there a hint may as well.
 */
enum verdict compare_sentence(const struct pack *pack, struct str path)
{
	bool is_beside = str_ends(path, STR(".hint")) || str_ends(path, STR(".label")) ||
	                 str_ends(path, STR(".else"));
	bool is_outside = str_starts(path, STR("report.")) || str_starts(path, STR("public.")) ||
	                  is_asked_of_public(pack, path);
	return is_beside && !is_outside ? VERDICT_TEXT : VERDICT_LOOK;
}

enum verdict compare_sentences(const struct pack *pack, const struct yaml *texts)
{
	enum verdict verdict = VERDICT_TEXT;
	for (const struct yaml *one = texts->first; one; one = one->next)
		verdict = verdict_worse(verdict, compare_sentence(pack, one->key));
	return verdict;
}

/* --- what the head of a file tells ----------------------------------------------------------- */

/* The item of `list` that tells of the same entries as `item`, or NULL. */
static const struct yaml *telling(const struct yaml *list, const struct yaml *item)
{
	for (const struct yaml *one = first_of(list); one; one = next_of(list, one))
		if (str_eq(text_of(one, "kind"), text_of(item, "kind")) &&
		    tree_equal(member_of(one, "where"), member_of(item, "where")))
			return one;
	return NULL;
}

/* That nobody has seen a child is told nowhere else: to say no more of it loosens. */
enum verdict compare_tells(const struct yaml *old, const struct yaml *new)
{
	for (const struct yaml *one = first_of(old); one; one = next_of(old, one)) {
		const struct yaml *now = telling(new, one);
		if (!now || !member_of(now, "none") != !member_of(one, "none"))
			return VERDICT_LOOSER;
	}
	return VERDICT_LOOK;
}
