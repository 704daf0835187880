/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The files of one person: those that are joined to a file, and to those, nearest first. */
#include "web/same.h"

#include "web/site.h"

static bool is_by(const struct casebook_linked *link, const struct pack_relation *relation)
{
	return relation && link->removed < 0 && str_eq(link->relation, relation->name);
}

bool same_has(const struct same *same, int64_t file)
{
	for (size_t i = 0; i < same->count; i++)
		if (same->at[i].file == file)
			return true;
	return false;
}

static bool add(struct casebook_reader *reader, struct arena *arena, int64_t file, int64_t entry,
                int64_t to, struct same *same, struct err *err)
{
	struct same_file *one = &same->at[same->count];
	*one = (struct same_file){ .file = file, .entry = entry, .to = to };
	if (!casebook_links(reader, arena, file, &one->links, &one->link_count, err))
		return false;
	same->count++;
	return true;
}

/* Whoever says of two that they are not one person says it against a chain over others too, also
 * over the file whose page it is; but of `from` and the file themselves whoever joined them spoke.
 */
static bool is_kept_apart(const struct same *same, const struct pack_relation *relation,
                          size_t from, int64_t file)
{
	for (size_t i = from > 0 ? 0 : 1; i < same->count; i++)
		for (size_t l = 0; l < same->at[i].link_count; l++)
			if (same->at[i].links[l].file == file &&
			    is_by(&same->at[i].links[l], relation))
				return true;
	return false;
}

bool same_find(struct web_request *request, struct casebook_reader *reader,
               const struct casebook_file *of, struct same *out, struct err *err)
{
	const struct pack_matching *matching = &casebook_pack(site_book(request))->matching;
	bool is_person = of->type && of->type->is_person;
	*out = (struct same){ 0 };
	if (!add(reader, request->arena, of->n, -1, -1, out, err))
		return false;
	for (size_t i = 0; is_person && i < out->count; i++) {
		const struct same_file *from = &out->at[i];
		for (size_t l = 0; l < from->link_count; l++) {
			const struct casebook_linked *link = &from->links[l];
			if (!is_by(link, matching->joins) || same_has(out, link->file))
				continue;
			if (is_kept_apart(out, matching->keeps_apart, i, link->file)) {
				out->has_apart = true;
				continue;
			}
			if (out->count == SAME_FILES_MAX) {
				out->is_cut = true;
				return true;
			}
			if (!add(reader, request->arena, link->file, link->entry, from->file, out,
			         err))
				return false;
		}
	}
	return true;
}
