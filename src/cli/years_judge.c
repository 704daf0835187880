/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* L7 and L8 of one entry, by what was remembered of those before it. */
#include "cli/years_world.h"

static bool serves(const struct pack_office *office, const struct pack_office *role)
{
	for (size_t i = 0; i < role->deputy_count; i++) {
		if (role->deputies[i] == office)
			return true;
	}
	return role == office;
}

/* L8: where whoever began a file is named, nobody else but the offices that are named with him. */
static bool check_whose(struct years *years, const struct years_entry *entry,
                        const struct years_office *office)
{
	const struct years_file *file = &years->files[entry->file];
	const struct years_entry *first = &years->entries[file->entries[0]];
	const struct pack_office *role = pack_office_find(years->rules, office->role->name);
	const struct pack_kind *kind = pack_kind_find(years->rules, entry->kind->name);
	bool is_named = false, is_his = first == entry || str_eq(first->account, entry->account);
	for (size_t i = 0; kind && i < kind->by_count; i++) {
		const struct pack_by *by = &kind->by[i];
		is_named = is_named || by->sort == PACK_BY_FIRST_ACCOUNT;
		is_his = is_his || (by->sort == PACK_BY_ROLE && serves(role, by->role));
		is_his = is_his || by->sort == PACK_BY_ANYONE || by->sort == PACK_BY_OWNER;
	}
	if (is_named && !is_his)
		return years_broken(years,
		                    "L8: entry %" PRId64 " (%.*s) is by %.*s, who did not begin it",
		                    entry->index, STR_ARG(entry->kind->name), STR_ARG(office->id));
	years->report->checked[YEARS_L8] += is_named;
	return true;
}

/* Somebody else's yes to what waited. */
static bool check_second(struct years *years, const struct years_entry *entry)
{
	const struct years_file *file = &years->files[entry->file];
	const struct json *plain;
	for (size_t i = 0; i < file->entry_count; i++) {
		const struct years_entry *at = &years->entries[file->entries[i]];
		if (at->index >= entry->index || !at->kind ||
		    !str_eq(at->kind->name, STR("second.given")))
			continue;
		if (!json_read_own(years->arena, at->text, 8, &plain, &years->err))
			return false;
		if (json_number(plain, STR("of"), -1) != entry->waited ||
		    !str_eq(json_text(plain, STR("answer")), STR("yes")))
			continue;
		if (str_eq(at->account, entry->account))
			return years_broken(
				years, "L7: entry %" PRId64 " was agreed to by whoever wrote it",
				entry->index);
		years->report->checked[YEARS_SECOND]++;
		return true;
	}
	return years_broken(years, "L7: entry %" PRId64 " waited, and nobody agreed", entry->index);
}

/* --- what it needed --------------------------------------------------------------------------- */

static bool check_need(struct years *years, const struct years_entry *entry,
                       const struct pack_world *world, const struct pack_need *need)
{
	bool holds;
	if (!pack_cond_holds(need->when, world, &holds, &years->err))
		return false;
	if (!holds)
		return true;
	if (!pack_cond_holds(need->need, world, &holds, &years->err))
		return false;
	return holds ||
	       years_broken(years, "L7: entry %" PRId64 " (%.*s) was admitted, and: %.*s",
	                    entry->index, STR_ARG(entry->kind->name), STR_ARG(need->otherwise));
}

static bool check_needs(struct years *years, const struct years_entry *entry)
{
	struct pack_world world;
	bool holds;
	if (!years_show(years, entry, &world))
		return false;
	if (!world.kind || !world.kind->need_count)
		return true;
	for (size_t i = 0; i < world.kind->need_count; i++) {
		const struct pack_kind_need *line = &world.kind->needs[i];
		if (line->need && !check_need(years, entry, &world, line->need))
			return false;
		if (!line->gate)
			continue;
		if (!pack_cond_holds(line->when, &world, &holds, &years->err))
			return false;
		for (size_t n = 0; holds && n < line->gate->need_count; n++) {
			if (!check_need(years, entry, &world, &line->gate->needs[n]))
				return false;
		}
	}
	years->report->checked[YEARS_NEEDS]++;
	return true;
}

bool years_judge(struct years *years, const struct years_entry *entry)
{
	const struct years_office *office = years_office(years, entry->office);
	if (entry->file < 0 || !entry->kind || entry->kind->is_built_in ||
	    entry->by == CASEBOOK_BY_REGISTER)
		return true;
	if (entry->by == CASEBOOK_BY_OFFICE && office && !check_whose(years, entry, office))
		return false;
	return check_needs(years, entry) && (entry->waited < 0 || check_second(years, entry));
}
