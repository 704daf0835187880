/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Periods, { UNIT: N, at: "HH:MM", calendar: NAME }, and owners. */
#include "pack/name.h"
#include "pack/whole.h"

#define AMOUNT_MAX 99999

static const struct str UNITS[] = {
	[PACK_HOURS] = { "hours", 5 },
	[PACK_DAYS] = { "days", 4 },
	[PACK_WORKING_DAYS] = { "working-days", 12 },
	[PACK_MONTHS] = { "months", 6 },
};

static bool read_at(struct loader *loader, const struct yaml *node, struct pack_period *out)
{
	if (node->type == YAML_SCALAR && scalar_time(node->text, &out->at_minute))
		return true;
	loader_error_at(loader, node, "at: is no time of day; expected \"HH:MM\"");
	return false;
}

static bool read_calendar(struct loader *loader, const struct yaml *node, struct pack_period *out)
{
	out->calendar = calendar_find(loader->pack, node->text);
	if (out->calendar)
		return true;
	struct str known[12];
	size_t count = 0;
	for (; count < loader->pack->calendar_count && count < COUNT_OF(known); count++)
		known[count] = loader->pack->calendars[count].name;
	loader_error_at(loader, node, "a period names calendar \"%.*s\"; no such calendar%.*s",
	                STR_ARG(str_sub(node->text, 0, 80)),
	                STR_ARG(loader_nearest(loader, node->text, known, count)));
	return false;
}

static bool read_unit(struct loader *loader, const struct yaml *node, size_t unit, bool *has_unit,
                      struct pack_period *out)
{
	if (*has_unit) {
		loader_error_key(loader, node,
		                 "a period has two units; expected one of hours, days,"
		                 " working-days, months");
		return false;
	}
	*has_unit = true;
	out->unit = (enum pack_unit)unit;
	if (node->type == YAML_SCALAR && scalar_integer(node->text, &out->amount) &&
	    out->amount >= 0 && out->amount <= AMOUNT_MAX)
		return true;
	loader_error_at(loader, node, "%.*s: expected a whole number from 0 to %d",
	                STR_ARG(UNITS[unit]), AMOUNT_MAX);
	return false;
}

static size_t unit_of(struct str key)
{
	size_t unit = 0;
	while (unit < COUNT_OF(UNITS) && !str_eq(UNITS[unit], key))
		unit++;
	return unit;
}

static bool unknown(struct loader *loader, const struct yaml *member)
{
	const struct str known[] = { STR("hours"),  STR("days"), STR("working-days"),
		                     STR("months"), STR("at"),   STR("calendar") };
	loader_error_key(loader, member, "a period has no key \"%.*s\"%.*s",
	                 STR_ARG(str_sub(member->key, 0, 60)),
	                 STR_ARG(loader_nearest(loader, member->key, known, COUNT_OF(known))));
	return false;
}

static bool read_period(struct loader *loader, const struct yaml *node, bool among,
                        struct pack_period *out)
{
	bool has_unit = false, is_good = true;
	*out = (struct pack_period){ .at_minute = -1 };
	if (node->type != YAML_MAPPING) {
		loader_error_at(loader, node,
		                "found no period; expected { hours | days | working-days |"
		                " months: N }");
		return false;
	}
	for (const struct yaml *member = node->first; member; member = member->next) {
		size_t unit = unit_of(member->key);
		if (unit < COUNT_OF(UNITS))
			is_good = read_unit(loader, member, unit, &has_unit, out) && is_good;
		else if (str_eq(member->key, STR("calendar")))
			is_good = read_calendar(loader, member, out) && is_good;
		else if (str_eq(member->key, STR("at")) && !among)
			is_good = read_at(loader, member, out) && is_good;
		else if (!among)
			is_good = unknown(loader, member) && is_good;
	}
	if (!has_unit) {
		loader_error_key(loader, node,
		                 "found no period; expected one of hours, days, working-days,"
		                 " months");
		return false;
	}
	if (out->at_minute >= 0 && out->unit == PACK_HOURS) {
		loader_error_key(loader, node,
		                 "a period of hours ends at its own instant; at: stands beside"
		                 " days, working-days or months");
		return false;
	}
	return is_good;
}

bool period_read(struct loader *loader, const struct yaml *node, struct pack_period *out)
{
	return read_period(loader, node, false, out);
}

bool period_read_among(struct loader *loader, const struct yaml *node, struct pack_period *out)
{
	return read_period(loader, node, true, out);
}

/* --- owners ---------------------------------------------------------------------------------- */

static bool cut_front(struct str *text, struct str front)
{
	if (!str_starts(*text, front))
		return false;
	*text = str_sub(*text, front.n, text->n);
	return true;
}

static enum pack_owner_step cut_step(struct str *text)
{
	enum pack_owner_step step = PACK_STEP_NONE;
	if (cut_front(text, STR("manager of ")))
		step = PACK_STEP_MANAGER;
	else if (cut_front(text, STR("head of ")))
		step = PACK_STEP_HEAD;
	else if (cut_front(text, STR("chief of ")))
		step = PACK_STEP_CHIEF;
	else if (cut_front(text, STR("inspectorate of ")))
		step = PACK_STEP_INSPECTORATE;
	if (step != PACK_STEP_NONE)
		(void)cut_front(text, STR("the "));
	return step;
}

static bool read_field(struct loader *loader, const struct yaml *node, struct str text,
                       struct pack_owner *out)
{
	struct str rest = text, column = STR_NONE;
	out->sort = PACK_OWNER_FIELD;
	(void)str_cut(&rest, '.', &out->field);
	if (rest.p)
		column = rest;
	if (!name_is_word(out->field) || (column.p && !name_is_word(column))) {
		loader_error_at(loader, node,
		                "\"%.*s\" names no field; expected office in FIELD or office in"
		                " FIELD.COLUMN",
		                STR_ARG(str_sub(node->text, 0, 80)));
		return false;
	}
	out->column = column;
	return true;
}

static bool read_base(struct loader *loader, const struct yaml *node, struct str text,
                      struct pack_owner *out)
{
	static const struct {
		struct str words;
		enum pack_owner_sort sort;
	} FIXED[] = {
		{ { "office of the entry", 19 }, PACK_OWNER_ENTRY },
		{ { "office of the first entry", 25 }, PACK_OWNER_FIRST_ENTRY },
		{ { "office of the last entry", 24 }, PACK_OWNER_LAST_ENTRY },
		{ { "office of the file", 18 }, PACK_OWNER_OF_FILE },
		{ { "owner of the pattern", 20 }, PACK_OWNER_PATTERN },
		{ { "owner", 5 }, PACK_OWNER_OWNER },
	};
	for (size_t i = 0; i < COUNT_OF(FIXED); i++) {
		if (str_eq(text, FIXED[i].words)) {
			out->sort = FIXED[i].sort;
			if (out->sort != PACK_OWNER_OF_FILE || loader->is_about_offices)
				return true;
			loader_error_at(
				loader, node,
				"\"office of the file\" is nobody here; it is owed by in what"
				" a pattern about: office opens");
			return false;
		}
	}
	if (cut_front(&text, STR("office in ")))
		return read_field(loader, node, text, out);
	out->sort = PACK_OWNER_ROLE;
	out->role = pack_office_find(loader->pack, text);
	if (out->role)
		return true;
	const struct name_index *index = &loader->whole->offices;
	struct str *known = arena_alloc(loader->errors_arena, index->count, sizeof *known);
	for (size_t i = 0; known && i < index->count; i++)
		known[i] = index->at[i].name;
	loader_error_at(loader, node, "\"%.*s\" is no office and no owner%.*s",
	                STR_ARG(str_sub(text, 0, 80)),
	                STR_ARG(loader_nearest(loader, text, known, known ? index->count : 0)));
	return false;
}

bool owner_read(struct loader *loader, const struct yaml *node, struct pack_owner *out)
{
	enum pack_owner_step outermost_first[COUNT_OF(out->steps)];
	size_t count = 0;
	*out = (struct pack_owner){ 0 };
	if (node->type != YAML_SCALAR) {
		loader_error_at(loader, node,
		                "found no owner; expected an office, office of the entry, office"
		                " in FIELD, manager of … and the like");
		return false;
	}
	struct str text = node->text;
	for (;;) {
		enum pack_owner_step step = cut_step(&text);
		if (step == PACK_STEP_NONE)
			break;
		if (count == COUNT_OF(outermost_first)) {
			loader_error_at(loader, node, "more than %zu steps from an office",
			                COUNT_OF(outermost_first));
			return false;
		}
		outermost_first[count++] = step;
	}
	for (size_t i = 0; i < count; i++)
		out->steps[i] = outermost_first[count - 1 - i];
	out->step_count = count;
	return read_base(loader, node, text, out);
}
