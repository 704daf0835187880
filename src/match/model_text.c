/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/model_text.h"

#include <math.h>
#include <stdlib.h>

#define NODES_MAX 20000
#define NUMBER_MAX 40
#define BITS_MOST 100

static const char *const CLASS_KEYS[MODEL_CLASSES] = { "m", "h", "s", "u" };
static const char *const CLASS_NAMES[MODEL_CLASSES] = { "M", "H", "S", "U" };

/* --- levels
 * ------------------------------------------------------------------------------------------------
 */

static struct str half_name(unsigned half)
{
	static const char *const NAMES[HALF_COUNT] = { "missing", "equal",  "close",
		                                       "variant", "middle", "else" };
	return str_from_c(NAMES[half]);
}

struct str model_level_name(enum comparison comparison, unsigned level, struct arena *arena)
{
	static const char *const DOB[] = { "missing", "equal",   "edit", "two-of-three",
		                           "year",    "default", "else", "both-default" };
	static const char *const EDIT[] = { "missing", "equal", "edit", "else" };
	static const char *const ADDRESS[] = { "missing", "house", "street", "else" };
	static const char *const SAME[] = { "missing", "equal", "else" };
	switch ((int)comparison) {
	case COMPARE_NAME:
		return level == NAME_SWAPPED ? STR("swapped")
		                             : arena_format(arena, "%.*s/%.*s",
		                                            STR_ARG(half_name(level / HALF_COUNT)),
		                                            STR_ARG(half_name(level % HALF_COUNT)));
	case COMPARE_DOB:
		return str_from_c(DOB[level]);
	case COMPARE_ADDRESS:
		return str_from_c(ADDRESS[level]);
	case COMPARE_PHONE:
	case COMPARE_SEX:
		return str_from_c(SAME[level]);
	default:
		return str_from_c(EDIT[level]);
	}
}

/* "edit1" is read too: one edit. */
static unsigned level_named(enum comparison comparison, struct str name, struct arena *arena)
{
	if (str_eq(name, STR("edit1")))
		name = STR("edit");
	for (unsigned level = 1; level < compare_levels(comparison); level++) {
		if (str_eq(model_level_name(comparison, level, arena), name))
			return level;
	}
	return 0;
}

static enum comparison comparison_named(struct str name)
{
	enum comparison k = 0;
	while (k < COMPARE_COUNT && !str_eq(compare_name(k), name))
		k++;
	return k;
}

/* --- reading
 * -----------------------------------------------------------------------------------------------
 */

struct reading {
	struct arena *arena;
	struct str file;
	struct model_given *out;
	struct err *err;
};

static bool bad(const struct reading *reading, const struct yaml *node, bool at_key,
                const char *what, struct str word)
{
	int line = at_key ? node->key_line : node->line,
	    column = at_key ? node->key_column : node->column;
	return err_set(reading->err, ERR_INPUT, "%.*s:%d:%d: %s \"%.*s\"", STR_ARG(reading->file),
	               line, column, what, STR_ARG(str_sub(word, 0, 60)));
}

/* "model.yaml:9:5: comparison "race" may not be used: people are never matched by ethnicity" */
static bool check_refused(const struct reading *reading, const struct yaml *at, const char *sort,
                          struct str word)
{
	struct str noun = field_refused(word);
	if (!noun.n)
		return true;
	return err_set(reading->err, ERR_INPUT,
	               "%.*s:%d:%d: %s \"%.*s\" may not be used: people are never matched by %.*s",
	               STR_ARG(reading->file), at->line, at->column, sort,
	               STR_ARG(str_sub(word, 0, 60)), STR_ARG(noun));
}

static bool read_yes(const struct reading *reading, const struct yaml *node, bool *out)
{
	*out = str_eq(node->text, STR("yes")) || str_eq(node->text, STR("true"));
	return *out || str_eq(node->text, STR("no")) || str_eq(node->text, STR("false")) ||
	       bad(reading, node, false, "yes or no is expected, not", node->text);
}

/* A decimal of at most NUMBER_MAX characters. */
static bool read_between(const struct reading *reading, const struct yaml *node, double least,
                         double most, double *out)
{
	char room[NUMBER_MAX + 1], *end = room;
	if (node->type != YAML_SCALAR || node->text.n == 0 || node->text.n > NUMBER_MAX)
		return bad(reading, node, false, "a number is expected, not", node->text);
	memcpy(room, node->text.p, node->text.n);
	room[node->text.n] = 0;
	*out = strtod(room, &end);
	const char *first = room + (room[0] == '-');
	bool is_number = *end == 0 && isfinite(*out) && *out >= least && *out <= most &&
	                 *first >= '0' && *first <= '9';
	return is_number || bad(reading, node, false,
	                        least < 0 ? "a number of bits is expected, not"
	                                  : "a number is expected that is not below 0 and not too "
	                                    "large, not",
	                        node->text);
}

static bool read_number(const struct reading *reading, const struct yaml *node, double most,
                        double *out)
{
	return read_between(reading, node, 0, most, out);
}

static bool read_rule(const struct reading *reading, const struct yaml *node)
{
	struct rules *rules = &reading->out->rules;
	struct rule rule = { .count = 0 };
	size_t several = 0;
	if (node->type != YAML_SEQUENCE || node->count == 0 || node->count > RULE_PARTS_MAX)
		return bad(reading, node, false,
		           "a rule is a list of one to four keys; for \"or\" write two rules, not",
		           node->text);
	for (const struct yaml *part = node->first; part; part = part->next) {
		enum rule_part named = rule_part_named(part->text);
		if (!check_refused(reading, part, "key", part->text))
			return false;
		if (part->type != YAML_SCALAR)
			return bad(reading, part, false,
			           "a key of a rule is a word; for \"or\" write two rules, not",
			           STR("a list"));
		if (named == RULE_PART_COUNT)
			return bad(reading, part, false,
			           str_find_str(part->text, STR(" or ")) < part->text.n
			                   ? "for \"or\" write two rules, not"
			                   : "there is no such key of a rule:",
			           part->text);
		several += rule_part_is_several(named);
		if (several > 1)
			return bad(reading, part, false,
			           "of a telephone and a given name a rule has one; besides it not",
			           part->text);
		rule.parts[rule.count++] = named;
	}
	if (rules->count == RULES_MAX)
		return bad(reading, node, false, "too many rules;", STR("32 at most"));
	rules->rules[rules->count++] = rule;
	return true;
}

static bool read_rules(const struct reading *reading, const struct yaml *node)
{
	if (node->type != YAML_SEQUENCE)
		return bad(reading, node, false, "rules are a list, not", node->text);
	for (const struct yaml *rule = node->first; rule; rule = rule->next) {
		if (!read_rule(reading, rule))
			return false;
	}
	return true;
}

static bool read_level(const struct reading *reading, enum comparison k, const struct yaml *node)
{
	const struct yaml *name = yaml_member(node, STR("name"));
	unsigned level = name ? level_named(k, name->text, reading->arena) : 0;
	if (!level)
		return bad(reading, name ? name : node, false,
		           "there is no such level:", name ? name->text : STR(""));
	for (const struct yaml *child = node->first; child; child = child->next) {
		size_t c = 0;
		while (c < MODEL_CLASSES && !str_eq(child->key, str_from_c(CLASS_KEYS[c])))
			c++;
		if (child == name || (c == MODEL_U && str_eq(child->text, STR("exact"))))
			continue;
		if (c == MODEL_CLASSES)
			return bad(reading, child, true,
			           "there is no such key of a level:", child->key);
		if (!read_number(reading, child, 1, &reading->out->p[c][k][level]))
			return false;
	}
	return true;
}

static bool read_levels(const struct reading *reading, enum comparison k, const struct yaml *node)
{
	if (node->type != YAML_SEQUENCE)
		return bad(reading, node, false, "levels are a list, not", node->text);
	for (const struct yaml *level = node->first; level; level = level->next) {
		if (level->type != YAML_MAPPING)
			return bad(reading, level, false, "a level has a name and chances, not",
			           level->text);
		if (!read_level(reading, k, level))
			return false;
	}
	return true;
}

static bool read_tf(const struct reading *reading, enum comparison k, const struct yaml *node)
{
	bool has_tf;
	if (!read_yes(reading, node, &has_tf))
		return false;
	if (has_tf && !model_has_frequency(k))
		return bad(reading, node, true, "how frequent a value is does not count for",
		           compare_name(k));
	reading->out->is_flat[k] = !has_tf;
	return true;
}

static bool read_clamp(const struct reading *reading, enum comparison k, const struct yaml *node)
{
	double *clamp = reading->out->clamp[k];
	if (node->type != YAML_SEQUENCE || node->count != 2)
		return bad(reading, node, false, "a clamp is [least, most] in bits, not",
		           node->text);
	if (!read_between(reading, node->first, -BITS_MOST, BITS_MOST, &clamp[0]) ||
	    !read_between(reading, node->last, -BITS_MOST, BITS_MOST, &clamp[1]))
		return false;
	reading->out->has_clamp[k] = true;
	if (clamp[0] > clamp[1])
		return bad(reading, node->last, false, "the least comes first, then the most, not",
		           node->last->text);
	/* Else some chance would have to be above 1. */
	return (clamp[0] <= 0 && clamp[1] >= 0) ||
	       bad(reading, clamp[0] > 0 ? node->first : node->last, false,
	           "a clamp has 0 between its two, for what agrees and for what does not, not",
	           clamp[0] > 0 ? node->first->text : node->last->text);
}

static bool read_comparison(const struct reading *reading, const struct yaml *node)
{
	const struct yaml *name = yaml_member(node, STR("name"));
	if (!name)
		return bad(reading, node, false, "a comparison has a", STR("name"));
	enum comparison k = comparison_named(name->text);
	if (!check_refused(reading, node, "comparison", name->text))
		return false;
	if (k == COMPARE_COUNT)
		return bad(reading, name, false, "there is no such comparison:", name->text);
	if (reading->out->is_listed[k])
		return bad(reading, name, false, "it is there twice:", name->text);
	reading->out->is_listed[k] = true;
	for (const struct yaml *child = node->first; child; child = child->next) {
		bool is_read = child == name;
		if (str_eq(child->key, STR("levels")))
			is_read = read_levels(reading, k, child);
		else if (str_eq(child->key, STR("tf")))
			is_read = read_tf(reading, k, child);
		else if (str_eq(child->key, STR("clamp")))
			is_read = read_clamp(reading, k, child);
		else if (!is_read)
			return bad(reading, child, true,
			           "there is no such key of a comparison:", child->key);
		if (!is_read)
			return false;
	}
	return true;
}

static bool read_comparisons(const struct reading *reading, const struct yaml *node)
{
	if (node->type != YAML_SEQUENCE)
		return bad(reading, node, false, "comparisons are a list, not", node->text);
	for (const struct yaml *child = node->first; child; child = child->next) {
		if (child->type != YAML_MAPPING)
			return bad(reading, child, false, "a comparison has a name and levels, not",
			           child->text);
		if (!read_comparison(reading, child))
			return false;
	}
	return true;
}

static bool read_classes(const struct reading *reading, const struct yaml *node)
{
	reading->out->has_classes = true;
	if (node->type != YAML_MAPPING)
		return bad(reading, node, false, "classes have keys, not", node->text);
	for (const struct yaml *child = node->first; child; child = child->next) {
		size_t c = 0;
		while (c < MODEL_CLASSES && !str_eq(child->key, str_from_c(CLASS_NAMES[c])))
			c++;
		if (c == MODEL_CLASSES)
			return bad(reading, child, true, "there is no such class:", child->key);
		if (!read_number(reading, child, 1e18, &reading->out->n[c]))
			return false;
	}
	return true;
}

static bool add_column(const struct reading *reading, const struct yaml *at, enum field field,
                       enum model_order order)
{
	struct model_given *out = reading->out;
	if (at->type != YAML_SCALAR)
		return bad(reading, at, false, "a column's name is expected, not", at->text);
	/* Not to be read it may be, for it never is. */
	if (field != FIELD_NONE && !check_refused(reading, at, "column", at->text))
		return false;
	if (out->column_count == MODEL_GIVEN_COLUMNS)
		return bad(reading, at, false, "too many columns;", STR("64 at most"));
	out->columns[out->column_count++] = (struct model_column){ at->text, field, order };
	return true;
}

static bool add_columns(const struct reading *reading, const struct yaml *node, enum field field,
                        enum model_order order)
{
	if (node->type != YAML_SEQUENCE)
		return add_column(reading, node, field, order);
	for (const struct yaml *header = node->first; header; header = header->next) {
		if (!add_column(reading, header, field, order))
			return false;
	}
	return true;
}

/* { from: birthdate, order: dmy } */
static bool read_from(const struct reading *reading, const struct yaml *node, enum field field)
{
	enum model_order order = MODEL_ORDER_FOUND;
	const struct yaml *from = yaml_member(node, STR("from"));
	for (const struct yaml *child = node->first; child; child = child->next) {
		if (child == from)
			continue;
		if (!str_eq(child->key, STR("order")) || field != FIELD_DOB)
			return bad(reading, child, true,
			           "there is no such key of this column:", child->key);
		order = str_eq(child->text, STR("dmy"))   ? MODEL_ORDER_DMY
		        : str_eq(child->text, STR("mdy")) ? MODEL_ORDER_MDY
		                                          : MODEL_ORDER_FOUND;
		if (order == MODEL_ORDER_FOUND)
			return bad(reading, child, false, "the order is dmy or mdy, not",
			           child->text);
	}
	return from ? add_columns(reading, from, field, order)
	            : bad(reading, node, false, "a column has the key", STR("from"));
}

static bool read_columns(const struct reading *reading, const struct yaml *node)
{
	if (node->type != YAML_MAPPING)
		return bad(reading, node, false, "columns have keys, not", node->text);
	for (const struct yaml *child = node->first; child; child = child->next) {
		enum field field = field_named(child->key);
		bool is_none = str_eq(child->key, STR("none"));
		if (!is_none && field_refused(child->key).n)
			return check_refused(reading, child, "column", child->key);
		if (!is_none && (field == FIELD_NONE || field == FIELD_REFUSED))
			return bad(reading, child, true, "there is no such field:", child->key);
		bool is_read = child->type == YAML_MAPPING
		                       ? read_from(reading, child, field)
		                       : add_columns(reading, child, field, MODEL_ORDER_FOUND);
		if (!is_read)
			return false;
	}
	return true;
}

static bool read_bars(const struct reading *reading, const struct yaml *node)
{
	struct model_given *out = reading->out;
	if (node->type != YAML_SEQUENCE)
		return bad(reading, node, false, "what keeps apart is a list, not", node->text);
	out->has_bars = true;
	for (const struct yaml *bar = node->first; bar; bar = bar->next) {
		bool is_nhs = str_eq(bar->text, STR("nhs_number")),
		     is_upn = str_eq(bar->text, STR("upn")),
		     is_agency = str_eq(bar->text, STR("agency"));
		if (!is_nhs && !is_upn && !is_agency && !str_eq(bar->text, STR("apart")))
			return bad(reading, bar, false,
			           "nhs_number, upn, agency or apart keeps apart, not", bar->text);
		out->bars_nhs = out->bars_nhs || is_nhs;
		out->bars_upn = out->bars_upn || is_upn;
		out->bars_agency = out->bars_agency || is_agency;
	}
	return true;
}

static bool read_limits(const struct reading *reading, const struct yaml *node)
{
	if (node->type != YAML_MAPPING)
		return bad(reading, node, false, "limits have keys, not", node->text);
	for (const struct yaml *child = node->first; child; child = child->next) {
		double value;
		if (!read_number(reading, child, 1e12, &value))
			return false;
		if (str_eq(child->key, STR("max_block")))
			reading->out->max_block = (uint32_t)fmin(fmax(value, 2), 1e6);
		else if (str_eq(child->key, STR("hot")))
			reading->out->hot = (uint32_t)fmin(fmax(value, 2), 1e9);
		else if (str_eq(child->key, STR("max_pairs")))
			reading->out->max_pairs = (uint64_t)value;
		else
			return bad(reading, child, true, "there is no such limit:", child->key);
	}
	return true;
}

static bool read_key(const struct reading *reading, const struct yaml *child)
{
	if (str_eq(child->key, STR("model"))) {
		reading->out->name = child->text;
		return true;
	}
	if (str_eq(child->key, STR("version")))
		return str_eq(child->text, STR("1")) ||
		       bad(reading, child, false, "this program reads version 1, not", child->text);
	if (str_eq(child->key, STR("rules")))
		return read_rules(reading, child);
	if (str_eq(child->key, STR("comparisons")))
		return read_comparisons(reading, child);
	if (str_eq(child->key, STR("classes")))
		return read_classes(reading, child);
	if (str_eq(child->key, STR("columns")))
		return read_columns(reading, child);
	if (str_eq(child->key, STR("limits")))
		return read_limits(reading, child);
	if (str_eq(child->key, STR("within")))
		return read_yes(reading, child, &reading->out->is_within);
	if (str_eq(child->key, STR("cannot-link")))
		return read_bars(reading, child);
	if (str_eq(child->key, STR("threshold"))) {
		reading->out->has_edge = true;
		return read_number(reading, child, 1000, &reading->out->edge);
	}
	return bad(reading, child, true, "there is no such key:", child->key);
}

void model_given_init(struct model_given *given)
{
	*given = (struct model_given){ .name = STR("") };
	for (size_t c = 0; c < MODEL_CLASSES; c++) {
		for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
			for (size_t l = 0; l < LEVELS_MAX; l++)
				given->p[c][k][l] = -1;
		}
	}
}

bool model_given_has_chances(const struct model_given *given)
{
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		for (unsigned l = 1; l < compare_levels(k); l++) {
			if (given->p[MODEL_M][k][l] >= 0)
				return true;
		}
	}
	return false;
}

bool model_has_frequency(enum comparison comparison)
{
	return comparison == COMPARE_NAME || comparison == COMPARE_DOB ||
	       comparison == COMPARE_POSTCODE;
}

bool model_read(struct str text, struct str name, struct arena *arena, struct model_given *out,
                struct err *err)
{
	const struct yaml *root;
	const struct yaml_error *errors;
	struct reading reading = { arena, name, out, err };
	model_given_init(out);
	if (!yaml_read(arena, text, NODES_MAX, &root, &errors))
		return err_set(err, ERR_INPUT, "%.*s:%d:%d: %.*s", STR_ARG(name), errors->line,
		               errors->column, STR_ARG(errors->what));
	if (root->type != YAML_MAPPING)
		return bad(&reading, root, false, "a model has keys, not", root->text);
	for (const struct yaml *child = root->first; child; child = child->next) {
		if (!read_key(&reading, child))
			return false;
	}
	return true;
}
