/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lists of codes, calendars, indicators. */
#include <stdlib.h>

#include "pack/load.h"
#include "pack/name.h"

static void read_code(struct load *load, struct str about, const struct yaml *node,
                      struct pack_code *out)
{
	static const char *const KEYS[] = { "title", "hint", "retired", "instead" };
	struct day day;
	out->code = node->key;
	if (node->type == YAML_SCALAR) {
		out->title = node->text;
		return;
	}
	if (node->type != YAML_MAPPING) {
		loader_error_at(load->loader, node, "%.*s: code %.*s is a list; expected a title",
		                STR_ARG(about), STR_ARG(node->key));
		return;
	}
	for (const struct yaml *member = node->first; member; member = member->next) {
		struct str known[COUNT_OF(KEYS)];
		bool is_known = false;
		for (size_t i = 0; i < COUNT_OF(KEYS); i++) {
			known[i] = str_from_c(KEYS[i]);
			is_known = is_known || str_eq(known[i], member->key);
		}
		if (!is_known || member->type != YAML_SCALAR)
			loader_error_key(load->loader, member,
			                 "%.*s: code %.*s has key \"%.*s\"; no such key%.*s",
			                 STR_ARG(about), STR_ARG(node->key),
			                 STR_ARG(str_sub(member->key, 0, 60)),
			                 STR_ARG(loader_nearest(load->loader, member->key, known,
			                                        COUNT_OF(KEYS))));
	}
	out->title = text_of(node, "title");
	out->hint = text_of(node, "hint");
	out->retired = text_of(node, "retired");
	out->instead = text_of(node, "instead");
	if (!out->title.p)
		loader_error_key(load->loader, node, "%.*s: code %.*s has no \"title\"",
		                 STR_ARG(about), STR_ARG(node->key));
	if (out->retired.p && !day_read(out->retired, &day))
		loader_error_key(load->loader, member_of(node, "retired"),
		                 "%.*s: retired is no date, YYYY-MM-DD", STR_ARG(about));
}

static void read_list(struct load *load, const struct yaml *node, struct pack_list *list)
{
	struct str about = about_of(load, "list", node->key);
	struct pack_code *codes = loader_alloc(load->loader, node->count, sizeof *codes);
	size_t count = 0;
	if (!codes)
		return;
	for (const struct yaml *code = node->first; code; code = code->next) {
		if (str_eq(code->key, STR("closed")))
			list->is_closed = str_eq(code->text, STR("yes"));
		else
			read_code(load, about, code, &codes[count++]);
	}
	list->codes = codes;
	list->count = count;
	for (size_t i = 0; i < count; i++) {
		if (!codes[i].instead.p || pack_code_find(list, codes[i].instead))
			continue;
		const struct yaml *at = member_of(yaml_member(node, codes[i].code), "instead");
		loader_error_at(load->loader, at, "%.*s: instead names \"%.*s\"; no such code",
		                STR_ARG(about), STR_ARG(at->text));
	}
}

void load_lists(struct load *load)
{
	struct pack_list *list = load->lists;
	for (const struct yaml *node = load->whole->roots[SECTION_LISTS]->first; node;
	     node = node->next)
		read_list(load, node, list++);
}

/* --- calendars ------------------------------------------------------------------------------- */

static const struct str WEEKDAYS[] = {
	{ "monday", 6 }, { "tuesday", 7 },  { "wednesday", 9 }, { "thursday", 8 },
	{ "friday", 6 }, { "saturday", 8 }, { "sunday", 6 },
};

static void read_weekend(struct load *load, const struct yaml *node, struct pack_calendar *out)
{
	for (const struct yaml *item = node->first; item; item = item->next) {
		size_t day = 0;
		while (day < COUNT_OF(WEEKDAYS) && !str_eq(WEEKDAYS[day], item->text))
			day++;
		if (day < COUNT_OF(WEEKDAYS))
			out->weekend |= 1u << day;
		else
			loader_error_at(load->loader, item,
			                "weekend names \"%.*s\"; no such day%.*s",
			                STR_ARG(str_sub(item->text, 0, 60)),
			                STR_ARG(loader_nearest(load->loader, item->text, WEEKDAYS,
			                                       COUNT_OF(WEEKDAYS))));
	}
	if (out->weekend == 0x7f)
		loader_error_at(load->loader, node,
		                "every day is a weekend; nobody would ever work");
}

static void read_published(struct load *load, const struct yaml *node, struct pack_calendar *out)
{
	int64_t first = 0, last = 0;
	if (node->count != 2 || !scalar_integer(node->first->text, &first) ||
	    !scalar_integer(node->last->text, &last) || first < 1900 || last > 2200 ||
	    first > last) {
		loader_error_at(load->loader, node,
		                "published is no pair of years; expected [first, last]");
		return;
	}
	out->published_first = (int)first;
	out->published_last = (int)last;
}

static int by_number(const void *a, const void *b)
{
	const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
	return left < right ? -1 : left > right;
}

static void read_holidays(struct load *load, const struct yaml *node, struct pack_calendar *out)
{
	int64_t *days = loader_alloc(load->loader, node->count, sizeof *days);
	size_t count = 0;
	if (!days)
		return;
	for (const struct yaml *item = node->first; item; item = item->next) {
		struct day day;
		if (!day_read(item->text, &day))
			loader_error_at(load->loader, item,
			                "\"%.*s\" is no date; expected YYYY-MM-DD",
			                STR_ARG(str_sub(item->text, 0, 60)));
		else if (out->published_last != 0 &&
		         (day.year < out->published_first || day.year > out->published_last))
			loader_error_at(
				load->loader, item, "holiday %.*s lies outside published, %d to %d",
				STR_ARG(item->text), out->published_first, out->published_last);
		else
			days[count++] = day_number(day);
	}
	qsort(days, count, sizeof *days, by_number);
	out->holidays = days;
	out->holiday_count = count;
}

static void read_hours(struct load *load, const struct yaml *node, struct pack_calendar *out)
{
	const struct yaml *from = member_of(node, "from"), *to = member_of(node, "to");
	if (!from || !to || node->count != 2 || from->type != YAML_SCALAR ||
	    to->type != YAML_SCALAR || !scalar_time(from->text, &out->office_from_minute) ||
	    !scalar_time(to->text, &out->office_to_minute) ||
	    out->office_from_minute >= out->office_to_minute)
		loader_error_key(load->loader, node,
		                 "office-hours: expected { from: \"HH:MM\", to: \"HH:MM\" },"
		                 " the first before the second");
}

void load_calendars(struct load *load)
{
	struct pack_calendar *out = load->calendars;
	for (const struct yaml *node = load->whole->roots[SECTION_CALENDARS]->first; node;
	     node = node->next) {
		out->zone = load->whole->zone;
		out->has_standing_rules = str_eq(text_of(node, "rules"), STR("england-wales"));
		read_weekend(load, member_of(node, "weekend"), out);
		read_published(load, member_of(node, "published"), out);
		read_holidays(load, member_of(node, "holidays"), out);
		if (member_of(node, "office-hours"))
			read_hours(load, member_of(node, "office-hours"), out);
		out++;
	}
}

/* --- indicators ------------------------------------------------------------------------------ */

static bool is_never(const struct pack *pack, struct str name)
{
	for (size_t i = 0; i < pack->never_count; i++) {
		if (str_eq(pack->never[i], name))
			return true;
	}
	return false;
}

/* Names an indicator may speak of: whatever the pack has a name for. */
static bool is_named(const struct pack *pack, struct str name)
{
	if (pack_duty_find(pack, name) || pack_kind_find(pack, name) ||
	    pack_gate_find(pack, name) || pack_file_type_find(pack, name) ||
	    pack_ladder_find(pack, name) || list_find(pack, name) || pack_office_find(pack, name) ||
	    pack_relation_find(pack, name))
		return true;
	for (size_t i = 0; i < pack->pattern_count; i++) {
		if (str_eq(pack->patterns[i].name, name))
			return true;
	}
	return false;
}

static bool is_field_of_kind(const struct pack *pack, struct str name)
{
	size_t dot = name.n;
	while (dot > 0 && name.p[dot - 1] != '.')
		dot--;
	if (dot == 0)
		return false;
	const struct pack_kind *kind = pack_kind_find(pack, str_sub(name, 0, dot - 1));
	return kind && pack_field_find(kind, str_sub(name, dot, name.n));
}

static void check_measured(struct load *load, const struct yaml *node, struct str about)
{
	const struct pack *pack = &load->whole->pack;
	const struct yaml *of = member_of(node, "of"), *measure = member_of(node, "measure");
	for (const struct yaml *item = first_of(of); item; item = next_of(of, item)) {
		if (is_never(pack, item->text))
			loader_error_at(load->loader, item,
			                "%.*s measures \"%.*s\", of which only whether it is"
			                " recorded may be counted (L10)",
			                STR_ARG(about), STR_ARG(item->text));
		else if (!is_named(pack, item->text) && !is_field_of_kind(pack, item->text))
			loader_error_at(load->loader, item,
			                "%.*s names \"%.*s\"; the pack has nothing of that"
			                " name",
			                STR_ARG(about), STR_ARG(str_sub(item->text, 0, 80)));
	}
	for (const struct yaml *item = measure && measure->type == YAML_MAPPING ? measure->first
	                                                                        : NULL;
	     item; item = item->next) {
		if (item->type == YAML_SCALAR && is_never(pack, item->text) &&
		    !str_eq(item->key, STR("recorded")))
			loader_error_at(load->loader, item,
			                "%.*s measures \"%.*s\", of which only whether it is"
			                " recorded may be counted (L10)",
			                STR_ARG(about), STR_ARG(item->text));
	}
	if (!measure && !member_of(node, "recorded"))
		loader_error_key(load->loader, node, "%.*s has no \"measure\"", STR_ARG(about));
}

void load_indicators(struct load *load)
{
	const struct yaml *root = load->whole->roots[SECTION_INDICATORS];
	struct pack_indicator *made = loader_alloc(load->loader, root->count, sizeof *made);
	size_t count = 0;
	if (!made)
		return;
	for (const struct yaml *node = root->first; node; node = node->next) {
		made[count++] = (struct pack_indicator){ .name = node->key,
			                                 .title = text_of(node, "title") };
		check_measured(load, node, about_of(load, "indicator", node->key));
	}
	load->whole->pack.indicators = made;
	load->whole->pack.indicator_count = count;
}
