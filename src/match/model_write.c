/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A model as a text that a person can read and correct, and model_read reads back. */
#include "match/model_text.h"

static bool has_level(const struct model_given *given, enum comparison k, unsigned level)
{
	for (size_t c = 0; c < MODEL_CLASSES; c++) {
		if (given->p[c][k][level] >= 0)
			return true;
	}
	return false;
}

static void write_level(const struct model_given *given, enum comparison k, unsigned level,
                        struct buf *out, struct arena *arena)
{
	static const char *const KEYS[MODEL_CLASSES] = { "m", "h", "s", "u" };
	buf_format(out, "      - { name: %.*s", STR_ARG(model_level_name(k, level, arena)));
	for (size_t c = 0; c < MODEL_CLASSES; c++) {
		if (given->p[c][k][level] >= 0)
			buf_format(out, ", %s: %.9g", KEYS[c], given->p[c][k][level]);
	}
	buf_add(out, STR(" }\n"));
}

static void write_comparison(const struct model_given *given, enum comparison k, struct buf *out,
                             struct arena *arena)
{
	bool is_first = true;
	buf_format(out, "  - name: %.*s\n", STR_ARG(compare_name(k)));
	if (model_has_frequency(k))
		buf_format(out, "    tf: %s\n", given->is_flat[k] ? "no" : "yes");
	if (given->has_clamp[k])
		buf_format(out, "    clamp: [%.9g, %.9g]\n", given->clamp[k][0],
		           given->clamp[k][1]);
	for (unsigned l = 1; l < compare_levels(k); l++) {
		if (!has_level(given, k, l) || (k == COMPARE_NAME && l == NAME_LEVEL(0, 0)))
			continue;
		if (is_first)
			buf_add(out, STR("    levels:\n"));
		is_first = false;
		write_level(given, k, l, out, arena);
	}
}

static void write_comparisons(const struct model_given *given, struct buf *out, struct arena *arena)
{
	bool is_first = true;
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		if (!given->is_listed[k])
			continue;
		if (is_first)
			buf_add(out, STR("comparisons:\n"));
		is_first = false;
		write_comparison(given, k, out, arena);
	}
}

/* All headers of one field, and the order of a date's. */
static void write_field(const struct model_given *given, enum field field, struct buf *out)
{
	enum model_order order = MODEL_ORDER_FOUND;
	size_t count = 0;
	for (size_t i = 0; i < given->column_count; i++) {
		const struct model_column *column = &given->columns[i];
		if (column->field != field)
			continue;
		if (count == 0)
			buf_format(out, "  %.*s: %s[", STR_ARG(field_name(field)),
			           column->order ? "{ from: " : "");
		buf_add(out, count ? STR(", ") : STR(""));
		json_write_string(out, column->header);
		order = count++ ? order : column->order;
	}
	if (count)
		buf_format(out, "]%s\n",
		           order == MODEL_ORDER_DMY   ? ", order: dmy }"
		           : order == MODEL_ORDER_MDY ? ", order: mdy }"
		                                      : "");
}

static void write_columns(const struct model_given *given, struct buf *out)
{
	if (!given->column_count)
		return;
	buf_add(out, STR("columns:\n"));
	write_field(given, FIELD_ID, out);
	write_field(given, FIELD_FULL, out);
	for (enum field field = 0; field < FIELD_COUNT; field++)
		write_field(given, field, out);
	write_field(given, FIELD_NONE, out);
}

static void write_rules(const struct rules *rules, struct buf *out)
{
	if (rules->count)
		buf_add(out, STR("rules:\n"));
	for (size_t i = 0; i < rules->count; i++) {
		buf_add(out, STR("  - ["));
		for (size_t p = 0; p < rules->rules[i].count; p++)
			buf_format(out, "%s\"%.*s\"", p ? ", " : "",
			           STR_ARG(rule_part_name(rules->rules[i].parts[p])));
		buf_add(out, STR("]\n"));
	}
}

static void write_limits(const struct model_given *given, struct buf *out)
{
	const char *by = "";
	if (!given->max_block && !given->hot && !given->max_pairs)
		return;
	buf_add(out, STR("limits: { "));
	if (given->max_block) {
		buf_format(out, "max_block: %u", given->max_block);
		by = ", ";
	}
	if (given->hot) {
		buf_format(out, "%shot: %u", by, given->hot);
		by = ", ";
	}
	if (given->max_pairs)
		buf_format(out, "%smax_pairs: %llu", by, (unsigned long long)given->max_pairs);
	buf_add(out, STR(" }\n"));
}

static void write_bars(const struct model_given *given, struct buf *out)
{
	if (given->has_bars)
		buf_format(out, "cannot-link: [%s%s%sapart]\n",
		           given->bars_nhs ? "nhs_number, " : "", given->bars_upn ? "upn, " : "",
		           given->bars_agency ? "agency, " : "");
}

void model_write(const struct model_given *given, struct buf *out, struct arena *arena)
{
	static const char *const NAMES[MODEL_CLASSES] = { "M", "H", "S", "U" };
	buf_add(out, STR("model: "));
	json_write_string(out, given->name.n ? given->name : STR("auto"));
	buf_add(out, STR("\nversion: 1\n"));
	write_columns(given, out);
	if (given->is_within)
		buf_add(out, STR("within: yes\n"));
	write_rules(&given->rules, out);
	write_limits(given, out);
	if (given->has_classes) {
		buf_add(out, STR("classes: { "));
		for (size_t c = 0; c < MODEL_CLASSES; c++)
			buf_format(out, "%s%s: %.9g", c ? ", " : "", NAMES[c], given->n[c]);
		buf_add(out, STR(" }\n"));
	}
	if (given->has_edge)
		buf_format(out, "threshold: %.9g\n", given->edge);
	write_bars(given, out);
	write_comparisons(given, out, arena);
}
