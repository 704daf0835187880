/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `counted` of a field of codes: which entries, on which files, say them. */
#include "pack/load_kind.h"

#define KINDS_MAX 8

struct naming {
	struct reading *r;
	const struct yaml *counted;
	const struct pack_field *field; /* that the register fills */
	struct str about;
	struct pack_known *out;
	uint64_t types; /* on which the entries are made, and it looks */
};

static bool wrong(const struct naming *naming, const struct yaml *at, const char *what)
{
	loader_error_at(naming->r->load->loader, at, "%.*s: counted: %s", STR_ARG(naming->about),
	                what);
	return false;
}

static bool read_kinds(struct naming *naming)
{
	struct load *load = naming->r->load;
	const struct yaml *of = member_of(naming->counted, "of");
	size_t n = 0;
	const struct pack_kind **kinds =
		loader_alloc(load->loader, count_of(of), sizeof(const struct pack_kind *));
	if (!kinds)
		return false;
	if (count_of(of) > KINDS_MAX)
		return wrong(naming, of, "more than 8 kinds");
	for (const struct yaml *item = first_of(of); item; item = next_of(of, item)) {
		size_t number = load_resolve(load, item, item->text, naming->about, "kind",
		                             &load->whole->kinds);
		if (number == SIZE_MAX)
			return false;
		kinds[n++] = &load->kinds[number];
		naming->types |= load->kinds[number].file_types;
	}
	naming->out->kinds = kinds;
	naming->out->kind_count = n;
	return true;
}

static bool is_plain_code(const struct pack_field *field)
{
	return field && field->type == PACK_CODE && !field->is_sealed && !field->is_protected &&
	       !field->is_repeated;
}

static bool read_field(struct naming *naming)
{
	const struct yaml *name = member_of(naming->counted, "field");
	naming->out->field = name->text;
	for (size_t i = 0; i < naming->out->kind_count; i++) {
		const struct pack_field *field = pack_field_find(naming->out->kinds[i], name->text);
		if (!is_plain_code(field) || field->list != naming->field->list)
			return wrong(naming, name,
			             "expected a plain field of type code, of the same list, that"
			             " each of these kinds has");
	}
	return true;
}

/* The field of that name of the first of the kinds that has it. */
static const struct pack_field *how_field(const struct naming *naming, struct str name)
{
	const struct pack_field *found = NULL;
	for (size_t i = 0; i < naming->out->kind_count && !found; i++)
		found = pack_field_find(naming->out->kinds[i], name);
	return found;
}

static bool read_where(struct naming *naming)
{
	const struct yaml *where = member_of(naming->counted, "where"), *said = where->first;
	if (where->count != 1)
		return wrong(naming, where, "expected one { FIELD: codes }");
	const struct pack_field *field = how_field(naming, said->key);
	if (!is_plain_code(field))
		return wrong(naming, where,
		             "expected a plain field of type code that one of these kinds has");
	struct str *by = loader_alloc(naming->r->load->loader, count_of(said) ? count_of(said) : 1,
	                              sizeof *by);
	size_t n = 0;
	for (const struct yaml *item = first_of(said); by && item; item = next_of(said, item)) {
		if (item->type != YAML_SCALAR || !pack_code_find(field->list, item->text))
			return wrong(naming, item, "expected codes of that field");
		by[n++] = item->text;
	}
	if (n == 0)
		return wrong(naming, where, "expected codes of that field");
	naming->out->how = said->key;
	naming->out->by = by;
	naming->out->by_count = n;
	return true;
}

/* Narrows the types of file to those that are named. */
static bool read_on(struct naming *naming)
{
	const struct yaml *on = member_of(naming->counted, "on");
	if (!on)
		return true;
	naming->types &= load_type_mask(naming->r->load, on, naming->about);
	return naming->types || wrong(naming, on, "no such entry is made on these types of file");
}

static bool read_own(struct naming *naming)
{
	const struct yaml *own = member_of(naming->counted, "own");
	naming->out->is_own = own != NULL;
	return !own || (naming->r->kind->file_types & naming->types) ||
	       wrong(naming, own, "no such entry is made on the act's own file");
}

static bool read_through(struct naming *naming)
{
	struct load *load = naming->r->load;
	const struct yaml *through = member_of(naming->counted, "through");
	if (!through)
		return naming->out->is_own ||
		       wrong(naming, naming->counted, "expected through, or own, or both");
	size_t number = load_resolve(load, through, through->text, naming->about, "relation",
	                             &load->whole->relations);
	if (number == SIZE_MAX)
		return false;
	const struct pack_relation *relation = &load->relations[number];
	uint64_t own = naming->r->kind->file_types;
	bool leads = ((own & relation->from) && (naming->types & relation->to)) ||
	             ((own & relation->to) && (naming->types & relation->from));
	naming->out->through = relation;
	return leads ||
	       wrong(naming, through, "expected a relation from the act's file to such entries");
}

const struct pack_known *kind_known(struct reading *r, const struct yaml *counted,
                                    const struct pack_field *field)
{
	struct naming naming = {
		.r = r,
		.counted = counted,
		.field = field,
		.about = arena_format(r->load->loader->errors_arena, "%.*s: field \"%.*s\"",
		                      STR_ARG(r->kind->name), STR_ARG(field->name)),
		.out = loader_alloc(r->load->loader, 1, sizeof(struct pack_known))
	};
	if (!naming.out || !member_of(counted, "of") || !member_of(counted, "field") ||
	    !member_of(counted, "where"))
		return NULL; /* told by its form */
	if (!read_kinds(&naming) || !read_on(&naming) || !read_field(&naming) ||
	    !read_where(&naming) || !read_own(&naming) || !read_through(&naming))
		return NULL;
	naming.out->types = naming.types;
	return naming.out;
}
