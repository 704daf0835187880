/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Fields of a kind, one by one: what is asked of people may grow, save of those who report. */
#include "pack/compare.h"
#include "pack/load.h"
#include "pack/name.h"

static const struct yaml *field_named(const struct yaml *list, struct str name)
{
	for (const struct yaml *field = list ? list->first : NULL; field; field = field->next) {
		if (str_eq(text_of(field, "name"), name))
			return field;
	}
	return NULL;
}

static enum verdict by_required(enum verdict asked, const struct yaml *old, const struct yaml *new)
{
	bool was = tree_says(old, STR("yes")), is = tree_says(new, STR("yes"));
	bool was_cond = old && old->type == YAML_MAPPING, is_cond = new &&new->type == YAML_MAPPING;
	if ((!was && !was_cond && (is || is_cond)) || (was_cond && is))
		return asked;
	if ((was || was_cond) && !is && !is_cond)
		return VERDICT_LOOSER;
	return was == is && was_cond == is_cond && !was_cond ? VERDICT_TEXT : VERDICT_OTHER;
}

static enum verdict by_bound(const struct yaml *old, const struct yaml *new, bool less_tightens)
{
	int64_t before = 0, after = 0;
	if (!old)
		return VERDICT_TIGHTER;
	if (!new || !scalar_integer(old->text, &before) || !scalar_integer(new->text, &after))
		return VERDICT_LOOSER;
	return (after < before) == less_tightens ? VERDICT_TIGHTER : VERDICT_LOOSER;
}

static enum verdict by_field_key(enum verdict asked, enum verdict said, const struct yaml *field,
                                 struct str key, const struct yaml *old, const struct yaml *new)
{
	if (str_eq(key, STR("label")) || str_eq(key, STR("hint")))
		return said;
	/* What the register counts is there always, and is asked of nobody. */
	if (str_eq(key, STR("required")) && member_of(field, "counted"))
		return VERDICT_OTHER;
	if (str_eq(key, STR("required")))
		return by_required(asked, old, new);
	if (str_eq(key, STR("max")) && str_eq(text_of(field, "type"), STR("words")))
		return by_bound(old, new, true) == VERDICT_TIGHTER ? VERDICT_LOOSER : VERDICT_OTHER;
	if (str_eq(key, STR("max")) || str_eq(key, STR("max-items")))
		return verdict_worse(by_bound(old, new, true), asked);
	if (str_eq(key, STR("min")))
		return verdict_worse(by_bound(old, new, false), asked);
	return VERDICT_OTHER;
}

static enum verdict by_field(enum verdict asked, enum verdict said, const struct yaml *old,
                             const struct yaml *new)
{
	enum verdict verdict = VERDICT_TEXT;
	for (const struct yaml *key = old->first; key; key = key->next) {
		const struct yaml *now = yaml_member(new, key->key);
		if (!tree_equal(key, now))
			verdict = verdict_worse(verdict,
			                        by_field_key(asked, said, new, key->key, key, now));
	}
	for (const struct yaml *key = new->first; key; key = key->next) {
		if (!yaml_member(old, key->key))
			verdict = verdict_worse(
				verdict, by_field_key(asked, said, new, key->key, NULL, key));
	}
	return verdict;
}

static enum verdict by_new_field(enum verdict asked, const struct yaml *new)
{
	const struct yaml *required = member_of(new, "required");
	return required && !tree_says(required, STR("no")) ? asked : VERDICT_TIGHTER;
}

enum verdict compare_fields(enum verdict asked, enum verdict said, const struct yaml *old,
                            const struct yaml *new)
{
	enum verdict verdict = VERDICT_TEXT;
	for (const struct yaml *field = old ? old->first : NULL; field; field = field->next) {
		const struct yaml *now = field_named(new, text_of(field, "name"));
		enum verdict one = !now                     ? VERDICT_LOOSER
		                   : tree_equal(field, now) ? VERDICT_SAME
		                                            : by_field(asked, said, field, now);
		verdict = verdict_worse(verdict, one);
	}
	for (const struct yaml *field = new ? new->first : NULL; field; field = field->next) {
		if (!field_named(old, text_of(field, "name")))
			verdict = verdict_worse(verdict, by_new_field(asked, field));
	}
	return verdict;
}
