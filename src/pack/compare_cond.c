/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Narrower and wider by form, not by logic: more under `all`, fewer
 * codes in a set; more under `any`, more codes. Coarse, exact, and explained
 * in one sentence.
 */
#include "pack/compare.h"
#include "pack/condition_reader.h"
#include "pack/name.h"

#define DEPTH_MAX 8

static enum cond_order flipped(enum cond_order order)
{
	if (order == COND_ORDER_NARROWER)
		return COND_ORDER_WIDER;
	return order == COND_ORDER_WIDER ? COND_ORDER_NARROWER : order;
}

/* Two parts that must both hold. */
static enum cond_order together(enum cond_order a, enum cond_order b)
{
	if (a == COND_ORDER_EQUAL)
		return b;
	return b == COND_ORDER_EQUAL || a == b ? a : COND_ORDER_NEITHER;
}

static bool has_code(const struct yaml *set, const struct yaml *code)
{
	if (set->type == YAML_SCALAR)
		return str_eq(set->text, code->text);
	for (const struct yaml *item = set->first; item; item = item->next) {
		if (item->type == YAML_SCALAR && str_eq(item->text, code->text))
			return true;
	}
	return false;
}

static bool is_within(const struct yaml *few, const struct yaml *many)
{
	if (few->type == YAML_SCALAR)
		return has_code(many, few);
	for (const struct yaml *item = few->first; item; item = item->next) {
		if (item->type != YAML_SCALAR || !has_code(many, item))
			return false;
	}
	return true;
}

/* Sets of codes. `absent` and `present` are no codes: they must not change. */
static enum cond_order order_of_sets(const struct yaml *old, const struct yaml *new)
{
	if (tree_equal(old, new))
		return COND_ORDER_EQUAL;
	if (old->type == YAML_MAPPING || new->type == YAML_MAPPING ||
	    tree_says(old, STR("absent")) || tree_says(old, STR("present")) ||
	    tree_says(new, STR("absent")) || tree_says(new, STR("present")))
		return COND_ORDER_NEITHER;
	bool narrower = is_within(new, old), wider = is_within(old, new);
	if (narrower && wider)
		return COND_ORDER_EQUAL;
	return narrower ? COND_ORDER_NARROWER : wider ? COND_ORDER_WIDER : COND_ORDER_NEITHER;
}

static bool holds_item(const struct yaml *list, const struct yaml *item)
{
	for (const struct yaml *one = list->first; one; one = one->next) {
		if (tree_equal(one, item))
			return true;
	}
	return false;
}

static bool holds_all(const struct yaml *list, const struct yaml *items)
{
	for (const struct yaml *item = items->first; item; item = item->next) {
		if (!holds_item(list, item))
			return false;
	}
	return true;
}

/* The list under a single key, or NULL. */
static const struct yaml *only(const struct yaml *cond, struct str key)
{
	const struct yaml *list =
		cond->type == YAML_MAPPING && cond->count == 1 ? yaml_member(cond, key) : NULL;
	return list && list->type == YAML_SEQUENCE ? list : NULL;
}

static bool is_part(const struct yaml *small, const struct yaml *large, struct str key)
{
	const struct yaml *list = only(large, key), *own = only(small, key);
	return list && (holds_item(list, small) || (own && holds_all(list, own)));
}

static enum cond_order order_of_conds(const struct yaml *old, const struct yaml *new, int depth);

static enum cond_order order_of_pair(const struct yaml *old, const struct yaml *new, int depth)
{
	struct str key = old->key;
	if (str_eq(key, STR("not")))
		return flipped(order_of_conds(old, new, depth + 1));
	if (str_eq(key, STR("field")) || str_eq(key, STR("fact")))
		return order_of_conds(old, new, depth + 1);
	if (str_eq(key, STR("state")) || str_eq(key, STR("file")))
		return order_of_sets(old, new);
	if (!str_eq(key, STR("all")) && !str_eq(key, STR("any")))
		return condition_form_find(key)
		               ? tree_equal(old, new) ? COND_ORDER_EQUAL : COND_ORDER_NEITHER
		               : order_of_sets(old, new);
	if (old->type != YAML_SEQUENCE || new->type != YAML_SEQUENCE || old->count != new->count)
		return COND_ORDER_NEITHER;
	enum cond_order order = COND_ORDER_EQUAL;
	const struct yaml *beside = new->first;
	for (const struct yaml *item = old->first; item; item = item->next, beside = beside->next)
		order = together(order, order_of_conds(item, beside, depth + 1));
	return order;
}

static enum cond_order order_of_conds(const struct yaml *old, const struct yaml *new, int depth)
{
	if (tree_equal(old, new))
		return COND_ORDER_EQUAL;
	if (depth > DEPTH_MAX || old->type != YAML_MAPPING || new->type != YAML_MAPPING)
		return COND_ORDER_NEITHER;
	if (is_part(old, new, STR("all")) || is_part(new, old, STR("any")))
		return COND_ORDER_NARROWER;
	if (is_part(old, new, STR("any")) || is_part(new, old, STR("all")))
		return COND_ORDER_WIDER;
	/* Pairs of a mapping all hold: one more narrows, one less widens. */
	enum cond_order order = old->count < new->count   ? COND_ORDER_NARROWER
	                        : old->count > new->count ? COND_ORDER_WIDER
	                                                  : COND_ORDER_EQUAL;
	const struct yaml *few = old->count <= new->count ? old : new;
	for (const struct yaml *pair = few->first; pair; pair = pair->next) {
		const struct yaml *before = yaml_member(old, pair->key),
				  *after = yaml_member(new, pair->key);
		if (!before || !after)
			return COND_ORDER_NEITHER;
		order = together(order, order_of_pair(before, after, depth));
	}
	return order;
}

enum cond_order compare_cond(const struct yaml *old, const struct yaml *new)
{
	if (!old || !new)
		return old == new ? COND_ORDER_EQUAL : old ? COND_ORDER_WIDER : COND_ORDER_NARROWER;
	return order_of_conds(old, new, 0);
}

/* --- patterns: what fires sooner is tighter --------------------------------------------------- */

static enum verdict numbers(const struct yaml *old, const struct yaml *new)
{
	int64_t before, after;
	if (!scalar_integer(old->text, &before) || !scalar_integer(new->text, &after))
		return VERDICT_OTHER;
	return after < before ? VERDICT_TIGHTER : after > before ? VERDICT_LOOSER : VERDICT_SAME;
}

static enum verdict window(const struct comparing *comparing, const struct yaml *old,
                           const struct yaml *new)
{
	enum verdict shorter = compare_period(comparing, old, new);
	if (shorter == VERDICT_TIGHTER)
		return VERDICT_LOOSER;
	return shorter == VERDICT_LOOSER ? VERDICT_TIGHTER : shorter;
}

static enum verdict pattern_node(const struct comparing *comparing, const struct yaml *old,
                                 const struct yaml *new, int depth);

static enum verdict pattern_any(const struct comparing *comparing, const struct yaml *old,
                                const struct yaml *new, int depth)
{
	enum verdict verdict = new->count > old->count ? VERDICT_TIGHTER : VERDICT_SAME;
	const struct yaml *beside = new->first;
	if (new->type != YAML_SEQUENCE || new->count < old->count)
		return VERDICT_OTHER;
	for (const struct yaml *item = old->first; item; item = item->next, beside = beside->next)
		verdict = verdict_worse(verdict, pattern_node(comparing, item, beside, depth + 1));
	return verdict;
}

static enum verdict pattern_node(const struct comparing *comparing, const struct yaml *old,
                                 const struct yaml *new, int depth)
{
	enum verdict verdict = VERDICT_SAME;
	if (tree_equal(old, new))
		return VERDICT_SAME;
	if (depth > DEPTH_MAX || old->type != new->type || old->type != YAML_MAPPING ||
	    old->count != new->count)
		return VERDICT_OTHER;
	for (const struct yaml *pair = old->first; pair; pair = pair->next) {
		const struct yaml *after = yaml_member(new, pair->key);
		bool is_number = str_eq(pair->key, STR("at-least")) ||
		                 str_eq(pair->key, STR("among-at-least"));
		if (!after || str_eq(pair->key, STR("not")))
			verdict = verdict_worse(verdict, after && tree_equal(pair, after)
			                                         ? VERDICT_SAME
			                                         : VERDICT_OTHER);
		else if (is_number)
			verdict = verdict_worse(verdict, numbers(pair, after));
		else if (str_eq(pair->key, STR("under")) && str_eq(old->key, STR("complete")))
			verdict = verdict_worse(verdict, numbers(after, pair));
		else if (str_eq(pair->key, STR("within")))
			verdict = verdict_worse(verdict, window(comparing, pair, after));
		else if (str_eq(pair->key, STR("any")))
			verdict =
				verdict_worse(verdict, pattern_any(comparing, pair, after, depth));
		else
			verdict = verdict_worse(verdict,
			                        pattern_node(comparing, pair, after, depth + 1));
	}
	return verdict;
}

enum verdict compare_pattern(const struct comparing *comparing, const struct yaml *old,
                             const struct yaml *new)
{
	return pattern_node(comparing, old, new, 0);
}
