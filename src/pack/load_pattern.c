/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Patterns: what they go round, who looks at what is found, and what is then owed on which files.
 */
#include "pack/condition.h"
#include "pack/load.h"

static void read_through(struct load *load, const struct yaml *node, struct str about,
                         struct pack_pattern *pattern)
{
	const struct pack_relation **out = loader_alloc(load->loader, count_of(node), sizeof *out);
	for (const struct yaml *item = out && node ? node->first : NULL; item; item = item->next) {
		size_t number = load_resolve(load, item, item->text, about, "relation",
		                             &load->whole->relations);
		if (number != SIZE_MAX)
			out[pattern->through_count++] = &load->relations[number];
	}
	pattern->through = out;
}

/* About offices no links lead to the entries: they are an office's by what they say. */
static void read_of_office(struct load *load, const struct yaml *node, struct str about,
                           struct pack_pattern *pattern)
{
	static const struct str WORDS[PACK_OF_OFFICE_N] = { { "made-in", 7 },
		                                            { "asked-of", 8 },
		                                            { "late-in", 7 } };
	for (const struct yaml *item = node ? node->first : NULL; item; item = item->next) {
		size_t i = 0;
		while (i < COUNT_OF(WORDS) && !str_eq(item->text, WORDS[i]))
			i++;
		if (i < COUNT_OF(WORDS))
			pattern->of_office |= 1u << i;
		else
			loader_error_at(
				load->loader, item,
				"%.*s: about offices, \"through\" is made-in, asked-of or late-in, not "
				"\"%.*s\"",
				STR_ARG(about), STR_ARG(item->text));
	}
	if (!pattern->of_office)
		pattern->of_office = PACK_MADE_IN;
}

/* The files at the other end of a relation from files of `types`. */
static uint64_t step(const struct pack_relation *relation, uint64_t types)
{
	return (types & relation->from ? relation->to : 0) |
	       (types & relation->to ? relation->from : 0);
}

/* The relations that lead to the files it is opened on; the types of those files. */
static uint64_t read_on(struct load *load, const struct yaml *node, struct str about,
                        uint64_t types, struct pack_found_open *open)
{
	for (const struct yaml *item = first_of(node); item; item = next_of(node, item)) {
		size_t number = load_resolve(load, item, item->text, about, "relation",
		                             &load->whole->relations);
		if (number == SIZE_MAX)
			return 0;
		if (open->on_count == COUNT_OF(open->on)) {
			loader_error_at(load->loader, item,
			                "%.*s: on leads over %zu relations at most", STR_ARG(about),
			                COUNT_OF(open->on));
			return 0;
		}
		open->on[open->on_count++] = &load->relations[number];
		types = step(&load->relations[number], types);
		if (types)
			continue;
		loader_error_at(load->loader, item,
		                "%.*s: on names relation %.*s, which leads nowhere from there",
		                STR_ARG(about), STR_ARG(item->text));
		return 0;
	}
	return types;
}

/* On which of the files that are led to. */
static void read_types(struct load *load, const struct yaml *node, struct str about,
                       struct pack_found_open *open)
{
	if (!node || !open->types)
		return;
	uint64_t named = load_type_mask(load, node, about);
	if (named & ~open->types)
		loader_error_at(load->loader, node,
		                "%.*s: type names files that on does not lead to", STR_ARG(about));
	open->types &= named;
}

/* Whether whatever begins a file of those types names offices in the field. */
static bool are_begun_with(const struct load *load, uint64_t types, const struct pack_owner *owner)
{
	const struct pack *pack = &load->whole->pack;
	bool is_any = false;
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		if (!kind->may_begin || !(kind->file_types & types))
			continue;
		const struct pack_field *field = pack_field_find(kind, owner->field);
		if (!field || field->type != PACK_OFFICE || field->is_sealed)
			return false;
		is_any = true;
	}
	return is_any && !owner->column.p;
}

/* What it is owed by belongs to the duty unless the pattern says another. A field is that of the
 * entry which began the file: the pattern's own has none. */
static void read_owed_by(struct load *load, const struct yaml *node, struct str about,
                         bool is_of_office, struct pack_found_open *open)
{
	struct pack_owner *owner = node ? loader_alloc(load->loader, 1, sizeof *owner) : NULL;
	load->loader->is_about_offices = is_of_office && !open->on_count;
	bool is_read = owner && owner_read(load->loader, node, owner);
	load->loader->is_about_offices = false;
	if (!is_read)
		return;
	if (owner->sort == PACK_OWNER_OWNER)
		loader_error_at(load->loader, node, "%.*s: \"%.*s\" names nobody here",
		                STR_ARG(about), STR_ARG(node->text));
	if (owner->sort == PACK_OWNER_FIELD && !are_begun_with(load, open->types, owner))
		loader_error_at(
			load->loader, node,
			"%.*s: \"%.*s\" names nobody here; expected a field of type office of"
			" every kind that begins such a file",
			STR_ARG(about), STR_ARG(node->text));
	open->owner = owner;
}

/* Whoever is meant is named by the office field of whom the duty's own owners are. */
static bool is_owed_by_named(const struct pack_duty *duty)
{
	bool is = duty->owner_count > 0 && !duty->out_of_hours && !duty->renewals, is_own = false;
	for (size_t i = 0; i < duty->owner_count; i++) {
		const struct pack_owner *owner = &duty->owners[i];
		is = is && owner->sort == PACK_OWNER_FIELD && !owner->column.p;
		is_own = is_own || owner->step_count == 0;
	}
	return is && is_own;
}

static void read_each(struct load *load, const struct yaml *item, struct str about,
                      struct pack_found_open *open)
{
	const struct yaml *each = member_of(item, "each");
	if (!each)
		return;
	if (str_eq(each->text, STR("silent")))
		open->each = PACK_FOUND_SILENT;
	else if (str_eq(each->text, STR("others")))
		open->each = PACK_FOUND_OTHERS;
	else
		loader_error_at(load->loader, each,
		                "%.*s: each is \"%.*s\"; expected silent or others", STR_ARG(about),
		                STR_ARG(each->text));
	if (open->owner)
		loader_error_at(load->loader, each,
		                "%.*s: each says who owes it; it has owed-by besides",
		                STR_ARG(about));
	if (!is_owed_by_named(open->duty))
		loader_error_at(load->loader, each,
		                "%.*s: each opens %.*s, which is not owed by \"office in FIELD\""
		                " itself, alone or with those above it",
		                STR_ARG(about), STR_ARG(open->duty->name));
}

static void read_open(struct load *load, const struct yaml *item, struct str about, uint64_t types,
                      struct pack_pattern *pattern, struct pack_found_open *open)
{
	const struct yaml *duty = item->type == YAML_SCALAR ? item : member_of(item, "duty");
	size_t number = load_resolve(load, duty, duty->text, about, "duty", &load->whole->duties);
	if (number == SIZE_MAX)
		return;
	open->duty = &load->duties[number];
	pattern->open_count++;
	open->types = types;
	if (item->type == YAML_SCALAR)
		return;
	if (member_of(item, "on"))
		open->types = read_on(load, member_of(item, "on"), about, types, open);
	read_types(load, member_of(item, "type"), about, open);
	read_owed_by(load, member_of(item, "owed-by"), about, pattern->of_office != 0, open);
	read_each(load, item, about, open);
	if (member_of(item, "when") && open->types)
		open->when =
			load_cond(load, member_of(item, "when"), about, NULL, open->types, true);
}

static void read_opens(struct load *load, const struct yaml *node, struct str about, uint64_t types,
                       struct pack_pattern *pattern)
{
	struct pack_found_open *out = loader_alloc(load->loader, count_of(node), sizeof *out);
	for (const struct yaml *item = out && node ? node->first : NULL; item; item = item->next)
		read_open(load, item, about, types, pattern, &out[pattern->open_count]);
	pattern->opens = out;
}

/* Each of them owes an answer of its own. */
static void read_owners(struct load *load, const struct yaml *node, struct str about,
                        struct pack_pattern *pattern)
{
	struct pack_owner *out = loader_alloc(load->loader, count_of(node), sizeof *out);
	if (count_of(node) > PACK_PATTERN_OWNERS_MAX)
		loader_error_at(load->loader, node, "%.*s: at most %d owners look at it",
		                STR_ARG(about), PACK_PATTERN_OWNERS_MAX);
	for (const struct yaml *item = out ? first_of(node) : NULL; item;
	     item = next_of(node, item))
		pattern->owner_count += owner_read(load->loader, item, &out[pattern->owner_count]);
	pattern->owners = out;
}

/* Where nobody is waited for, nobody could owe it. */
static void check_each(struct load *load, const struct yaml *node,
                       const struct pack_pattern *pattern)
{
	bool is_each = false;
	for (size_t i = 0; i < pattern->open_count; i++)
		is_each = is_each || pattern->opens[i].each != PACK_FOUND_ONE;
	if (is_each && pattern->when && !pack_cond_awaits(pattern->when))
		loader_error_key(load->loader, node,
		                 "pattern %.*s opens a duty for each who is silent or waited for;"
		                 " its when has no silent-for by agency or office",
		                 STR_ARG(pattern->name));
}

static void read_pattern(struct load *load, const struct yaml *node, struct pack_pattern *pattern)
{
	struct str about = about_of(load, "pattern", node->key);
	const struct yaml *type = member_of(node, "about");
	pattern->name = node->key;
	pattern->title = text_of(node, "title");
	pattern->source = text_of(node, "source");
	pattern->is_once = is_yes(node, "once");
	read_owners(load, member_of(node, "owner"), about, pattern);
	size_t number =
		load_resolve(load, type, type->text, about, "file type", &load->whole->file_types);
	if (number != SIZE_MAX && &load->file_types[number] == load->whole->pack.office_type)
		read_of_office(load, member_of(node, "through"), about, pattern);
	else
		read_through(load, member_of(node, "through"), about, pattern);
	if (number == SIZE_MAX)
		return;
	pattern->about = &load->file_types[number];
	read_opens(load, member_of(node, "opens"), about, UINT64_C(1) << number, pattern);
	load->loader->about = about;
	load->loader->saturates_to_true = true;
	pattern->when = condition_read(load->loader, member_of(node, "when"), NULL,
	                               UINT64_C(1) << number, true);
	load->loader->about = STR_NONE;
	load->loader->saturates_to_true = false;
	check_each(load, node, pattern);
}

void load_patterns(struct load *load)
{
	const struct yaml *root = load->whole->roots[SECTION_PATTERNS];
	load->patterns = loader_alloc(load->loader, root->count, sizeof *load->patterns);
	if (!load->patterns)
		return;
	for (const struct yaml *node = root->first; node; node = node->next)
		read_pattern(load, node, &load->patterns[load->whole->pack.pattern_count++]);
	load->whole->pack.patterns = load->patterns;
}
