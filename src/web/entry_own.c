/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the register writes in its own entries by names of the rules, in words:
 * which act was refused, what was missing, whose account it was.
 */
#include "web/practice.h"

static bool is_one_of(struct str name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(name, str_from_c(names[i])))
			return true;
	return false;
}

/* "G1.2", or "need.3" of the kind's own: the sentence of that need. */
static struct str missing_text(const struct pack *pack, struct str kind, struct str name)
{
	size_t dot = name.n;
	while (dot > 0 && name.p[dot - 1] != '.')
		dot--;
	uint64_t n;
	if (dot < 2 || !str_to_u64(str_sub(name, dot, name.n), 1000, &n) || n == 0)
		return name;
	const struct pack_gate *gate = pack_gate_find(pack, str_sub(name, 0, dot - 1));
	if (gate)
		return n <= gate->need_count ? gate->needs[n - 1].otherwise : name;
	const struct pack_kind *of = pack_kind_find(pack, kind);
	bool is_own = of && n <= of->need_count && of->needs[n - 1].need;
	return is_own ? of->needs[n - 1].need->otherwise : name;
}

/* Why an act was refused, where its code is one that files meet; the rest stay as they are. */
static struct str because_text(struct str code)
{
	static const char *const WORDS[][2] = {
		{ "not-holder", "The office was not held by whoever tried" },
		{ "not-readable", "The office had no part in this file" },
		{ "not-by", "That office may not do this" },
		{ "file-type", "It cannot be made on this kind of file" },
		{ "begins-a-file", "It begins a file of its own" },
		{ "destroyed", "This file was lawfully destroyed" },
		{ "decided-since", "It was decided by somebody else meanwhile" },
		{ "state", "It cannot be made while the file is as it was" },
		{ "still-owed", "Something was still owed on the file that it did not settle" },
		{ "too-early", "It was too early for it" },
		{ "not-extendable", "That time cannot be put off" },
		{ "not-above", "A later time is agreed by the office above" },
		{ "not-later", "The time that was given is no later one" },
		{ "no-reasons", "No reasons were given" },
		{ "not-owner", "It is passed on by whoever owes it" },
		{ "cannot-settle", "The office it was passed to could not do it" },
		{ "outside", "An office that stands outside owes nothing" },
		{ "not-writer", "It is corrected by the office that wrote it" },
		{ "verbatim", "Somebody's own words are not corrected" },
		{ "not-proved", "Password and digits were not given anew" },
	};
	for (size_t i = 0; i < COUNT_OF(WORDS); i++)
		if (str_eq(code, str_from_c(WORDS[i][0])))
			return str_from_c(WORDS[i][1]);
	return code;
}

static struct str answer_text(struct str code)
{
	static const char *const ANSWERS[][2] = {
		{ "yes", "Agreed" },
		{ "no", "Not agreed" },
		{ "more", "Must know more" },
		{ "withdrawn", "Withdrawn by who wrote it" },
	};
	for (size_t i = 0; i < COUNT_OF(ANSWERS); i++)
		if (str_eq(code, str_from_c(ANSWERS[i][0])))
			return str_from_c(ANSWERS[i][1]);
	return code;
}

bool entry_own_text(struct web_request *request, struct casebook_reader *reader,
                    const struct casebook_entry *entry, struct str field, struct str value,
                    struct str *out, struct err *err)
{
	static const char *const ROLES[] = { "role", "roles" };
	const struct pack *pack = casebook_pack(site_book(request));
	*out = value;
	if (!entry->rules || !entry->rules->is_built_in)
		return true;
	if (str_eq(field, STR("second")))
		return casebook_account_name(reader, request->arena, value, out, err) ||
		       err->code == ERR_ABSENT;
	if (is_one_of(field, ROLES, COUNT_OF(ROLES))) {
		const struct pack_office *role = pack_office_find(pack, value);
		*out = role ? role->title : value;
	} else if (str_eq(field, STR("agency"))) {
		const struct pack_agency *agency = pack_agency_find(pack, value);
		*out = agency ? agency->title : value;
	} else if (str_eq(field, STR("kind"))) {
		const struct pack_kind *kind = pack_kind_find(pack, value);
		*out = kind ? pack_kind_action(kind) : value;
	} else if (str_eq(field, STR("because")) && str_eq(entry->kind, STR("act.refused"))) {
		*out = because_text(value);
	} else if (str_eq(field, STR("pattern"))) {
		const struct pack_pattern *pattern = pack_pattern_find(pack, value);
		*out = pattern ? arena_format(request->arena, "%.*s (%.*s)",
		                              STR_ARG(pattern->title), STR_ARG(value))
		               : value;
	} else if (str_eq(field, STR("answer"))) {
		*out = answer_text(value);
	} else if (str_eq(field, STR("missing"))) {
		*out = missing_text(pack, json_text(entry->plain, STR("kind")), value);
	}
	return true;
}

struct str entry_own_label(const struct casebook_entry *entry, struct str field)
{
	static const char *const LABELS[][2] = {
		{ "kind", "What was tried" },
		{ "missing", "What was missing" },
		{ "because", "Why" },
		{ "account", "Who" },
		{ "writer", "Who wrote it" },
		{ "second", "Who agreed" },
		{ "roles", "Who can agree" },
		{ "since", "What was decided meanwhile" },
		{ "pattern", "What adds up" },
		{ "entries", "What it rests on" },
		{ "silent", "Who said nothing" },
		{ "others", "Who else is asked" },
	};
	for (size_t i = 0; entry->rules && entry->rules->is_built_in && i < COUNT_OF(LABELS); i++)
		if (str_eq(field, str_from_c(LABELS[i][0])))
			return str_from_c(LABELS[i][1]);
	return STR_NONE;
}

/* The gates are told by what was missing of them. */
bool entry_own_is_inner(const struct casebook_entry *entry, struct str field)
{
	return entry->rules && entry->rules->is_built_in &&
	       str_eq(entry->kind, STR("gate.refused")) && str_eq(field, STR("gates"));
}
