/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/model_text.h"

#include <math.h>
#include <stdlib.h>

#define NODES_MAX 20000
#define NUMBER_MAX 40

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

static unsigned level_named(enum comparison comparison, struct str name, struct arena *arena)
{
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

/* A decimal of at most NUMBER_MAX characters, not below 0. */
static bool read_number(const struct reading *reading, const struct yaml *node, double most,
                        double *out)
{
	char room[NUMBER_MAX + 1], *end = room;
	if (node->type != YAML_SCALAR || node->text.n == 0 || node->text.n > NUMBER_MAX)
		return bad(reading, node, false, "a number is expected, not", node->text);
	memcpy(room, node->text.p, node->text.n);
	room[node->text.n] = 0;
	*out = strtod(room, &end);
	bool is_number = *end == 0 && isfinite(*out) && *out >= 0 && *out <= most &&
	                 room[0] >= '0' && room[0] <= '9';
	return is_number ||
	       bad(reading, node, false,
	           "a number is expected that is not below 0 and not too large, not", node->text);
}

static bool read_rule(const struct reading *reading, const struct yaml *node)
{
	struct rules *rules = &reading->out->rules;
	struct rule rule = { .count = 0 };
	if (node->type != YAML_SEQUENCE || node->count == 0 || node->count > RULE_PARTS_MAX)
		return bad(reading, node, false,
		           "a rule is a list of one to four keys; for \"or\" write two rules, not",
		           node->text);
	for (const struct yaml *part = node->first; part; part = part->next) {
		enum rule_part named = rule_part_named(part->text);
		if (part->type != YAML_SCALAR || named == RULE_PART_COUNT)
			return bad(reading, part, false,
			           "there is no such key of a rule:", part->text);
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

static bool is_refused(struct str name)
{
	return field_of_header(name) == FIELD_REFUSED;
}

static bool read_comparison(const struct reading *reading, const struct yaml *node)
{
	const struct yaml *name = yaml_member(node, STR("name"));
	if (!name)
		return bad(reading, node, false, "a comparison has a", STR("name"));
	enum comparison k = comparison_named(name->text);
	if (is_refused(name->text))
		return err_set(
			reading->err, ERR_INPUT,
			"%.*s:%d:%d: comparison \"%.*s\" may not be used: people are never matched by it",
			STR_ARG(reading->file), name->line, name->column, STR_ARG(name->text));
	if (k == COMPARE_COUNT)
		return bad(reading, name, false, "there is no such comparison:", name->text);
	for (const struct yaml *child = node->first; child; child = child->next) {
		if (child == name)
			continue;
		if (!str_eq(child->key, STR("levels")) || child->type != YAML_SEQUENCE)
			return bad(reading, child, true,
			           "there is no such key of a comparison:", child->key);
		for (const struct yaml *level = child->first; level; level = level->next) {
			if (level->type != YAML_MAPPING || !read_level(reading, k, level))
				return level->type == YAML_MAPPING
				               ? false
				               : bad(reading, level, false,
				                     "a level has a name and chances, not",
				                     level->text);
		}
	}
	return true;
}

static bool read_comparisons(const struct reading *reading, const struct yaml *node)
{
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

static bool add_column(const struct reading *reading, const struct yaml *at, struct str header,
                       enum field field)
{
	struct model_given *out = reading->out;
	if (is_refused(header))
		return err_set(
			reading->err, ERR_INPUT,
			"%.*s:%d:%d: column \"%.*s\" may not be used: people are never matched by it",
			STR_ARG(reading->file), at->line, at->column, STR_ARG(header));
	if (out->column_count == MODEL_GIVEN_COLUMNS)
		return bad(reading, at, false, "too many columns;", STR("32 at most"));
	out->columns[out->column_count].header = header;
	out->columns[out->column_count++].field = field;
	return true;
}

static bool read_columns(const struct reading *reading, const struct yaml *node)
{
	for (const struct yaml *child = node->first; child; child = child->next) {
		enum field field = field_named(child->key);
		if (field == FIELD_NONE || field == FIELD_REFUSED)
			return bad(reading, child, true, "there is no such field:", child->key);
		if (child->type == YAML_SCALAR && !add_column(reading, child, child->text, field))
			return false;
		for (const struct yaml *header = child->first;
		     child->type == YAML_SEQUENCE && header; header = header->next) {
			if (!add_column(reading, header, header->text, field))
				return false;
		}
	}
	return true;
}

static bool read_limits(const struct reading *reading, const struct yaml *node)
{
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
	if (str_eq(child->key, STR("threshold"))) {
		reading->out->has_edge = true;
		return read_number(reading, child, 1000, &reading->out->edge);
	}
	return bad(reading, child, true, "there is no such key:", child->key);
}

bool model_read(struct str text, struct str name, struct arena *arena, struct model_given *out,
                struct err *err)
{
	const struct yaml *root;
	const struct yaml_error *errors;
	struct reading reading = { arena, name, out, err };
	*out = (struct model_given){ .name = STR("") };
	for (size_t c = 0; c < MODEL_CLASSES; c++) {
		for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
			for (size_t l = 0; l < LEVELS_MAX; l++)
				out->p[c][k][l] = -1;
		}
	}
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

/* --- writing
 * -----------------------------------------------------------------------------------------------
 */

static void write_comparison(const struct model *model, enum comparison k, struct buf *out,
                             struct arena *arena)
{
	buf_format(out, "  - name: %.*s\n    levels:\n", STR_ARG(compare_name(k)));
	for (unsigned l = 1; l < compare_levels(k); l++) {
		if (k == COMPARE_NAME && l == NAME_LEVEL(0, 0))
			continue;
		buf_format(out, "      - { name: %.*s", STR_ARG(model_level_name(k, l, arena)));
		for (size_t c = 0; c < MODEL_CLASSES; c++)
			buf_format(out, ", %s: %.9g", CLASS_KEYS[c], model->p[c][k][l]);
		buf_add(out, STR(" }\n"));
	}
}

void model_write(const struct model *model, const struct rules *rules, struct str name,
                 struct buf *out, struct arena *arena)
{
	buf_format(out, "model: %.*s\nversion: 1\nthreshold: %.3f\nrules:\n", STR_ARG(name),
	           model->edge);
	for (size_t i = 0; i < rules->count; i++) {
		buf_add(out, STR("  - ["));
		for (size_t p = 0; p < rules->rules[i].count; p++)
			buf_format(out, "%s\"%.*s\"", p ? ", " : "",
			           STR_ARG(rule_part_name(rules->rules[i].parts[p])));
		buf_add(out, STR("]\n"));
	}
	buf_add(out, STR("classes: { "));
	for (size_t c = 0; c < MODEL_CLASSES; c++)
		buf_format(out, "%s%s: %.9g", c ? ", " : "", CLASS_NAMES[c], model->n[c]);
	buf_add(out, STR(" }\ncomparisons:\n"));
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		if (model->is_used[k])
			write_comparison(model, k, out, arena);
	}
}
