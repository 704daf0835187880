/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the head of a file's page tells: the newest entry of a kind, or that there is none. */
#include "pack/load.h"

/* where: { FIELD: CODE }, one field that anybody may see. */
static void read_where(struct load *load, const struct yaml *node, struct str about,
                       struct pack_tell *tell)
{
	const struct yaml *pair = node ? node->first : NULL;
	const struct str *codes = NULL;
	if (!pair)
		return;
	const struct pack_field *field = pack_field_find(tell->kind, pair->key);
	size_t count = field ? load_codes(field, &codes, load->loader->errors_arena) : 0, i = 0;
	if (pair->next || pair->type != YAML_SCALAR || !field || field->is_sealed || count == 0) {
		loader_error_at(load->loader, node,
		                "%.*s: where names no answer of %.*s; expected { FIELD: CODE }",
		                STR_ARG(about), STR_ARG(tell->kind->name));
		return;
	}
	while (i < count && !str_eq(codes[i], pair->text))
		i++;
	if (i == count)
		loader_error_at(load->loader, pair, "%.*s: %.*s has no code \"%.*s\"%.*s",
		                STR_ARG(about), STR_ARG(field->name),
		                STR_ARG(str_sub(pair->text, 0, 60)),
		                STR_ARG(loader_nearest(load->loader, pair->text, codes, count)));
	tell->field = pair->key;
	tell->code = pair->text;
}

static bool read_tell(struct load *load, const struct yaml *node, const struct pack_file_type *type,
                      struct pack_tell *tell)
{
	struct str about =
		arena_format(load->loader->errors_arena, "tells of %.*s", STR_ARG(type->name));
	const struct yaml *kind = member_of(node, "kind");
	size_t number = load_resolve(load, kind, kind->text, about, "kind", &load->whole->kinds);
	if (number == SIZE_MAX)
		return false;
	*tell = (struct pack_tell){ .title = text_of(node, "title"),
		                    .kind = &load->kinds[number],
		                    .none = text_of(node, "none") };
	if (!(tell->kind->file_types >> type->number & 1))
		loader_error_at(load->loader, kind, "%.*s: %.*s is never made on a %.*s",
		                STR_ARG(about), STR_ARG(kind->text), STR_ARG(type->name));
	read_where(load, member_of(node, "where"), about, tell);
	return true;
}

void load_tells(struct load *load)
{
	struct pack_file_type *type = load->file_types;
	for (const struct yaml *node = load->whole->roots[SECTION_FILES]->first; node;
	     node = node->next, type++) {
		const struct yaml *tells = member_of(node, "tells");
		struct pack_tell *made = loader_alloc(load->loader, count_of(tells), sizeof *made);
		for (const struct yaml *tell = made && tells ? tells->first : NULL; tell;
		     tell = tell->next)
			if (read_tell(load, tell, type, &made[type->tell_count]))
				type->tell_count++;
		type->tells = made;
	}
}
