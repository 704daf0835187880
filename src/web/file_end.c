/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A file that has ended: when, why, and who may open it again. */
#include "web/file_parts.h"

#define ENTRIES_READ 256

static bool is_final(const struct casebook_file *file, int state)
{
	return file->type && state >= 0 && file->type->final >> state & 1;
}

/* The newest entry that led it to where it ends. */
static bool find_end(const struct file_page *page, struct casebook_entry *out, bool *found,
                     struct err *err)
{
	const struct casebook_file *file = &page->file;
	const struct casebook_entry *entries;
	int64_t after = -1;
	size_t count;
	*found = false;
	do {
		if (!casebook_entries(page->reader, page->request->arena, file->n, after,
		                      ENTRIES_READ, &entries, &count, err))
			return false;
		for (size_t i = 0; i < count; i++) {
			const struct casebook_entry *entry = &entries[i];
			if (!entry->rules || pack_kind_target(entry->rules, file->type, -1,
			                                      entry->plain) != file->state)
				continue;
			*out = *entry;
			*found = true;
		}
		after = count ? entries[count - 1].index : after;
	} while (count == ENTRIES_READ);
	return true;
}

/* The title of the first code that the act had to say: why it closes. */
static struct str reason_of(const struct casebook_entry *entry)
{
	const struct pack_kind *kind = entry->rules;
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		if (field->type != PACK_CODE || field->required != PACK_REQUIRED || !field->list)
			continue;
		const struct pack_code *code =
			pack_code_find(field->list, json_text(entry->plain, field->name));
		return code ? code->title : STR_NONE;
	}
	return STR_NONE;
}

/* Whether some act that the rules leave to anyone leads it on from here. */
static bool opens_for_anyone(const struct file_page *page)
{
	const struct pack *pack = casebook_pack(site_book(page->request));
	const struct casebook_file *file = &page->file;
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		if (!(kind->file_types >> file->type->number & 1) || !kind->from ||
		    !(kind->from[file->type->number] >> file->state & 1))
			continue;
		int target = pack_kind_target(kind, file->type, file->state, NULL);
		for (size_t i = 0; target >= 0 && !is_final(file, target) && i < kind->by_count;
		     i++)
			if (kind->by[i].sort == PACK_BY_ANYONE)
				return true;
	}
	return false;
}

bool file_put_end(const struct file_page *page, struct json *model, struct err *err)
{
	struct web_request *request = page->request;
	struct arena *arena = request->arena;
	struct casebook_entry entry;
	bool found = false;
	if (is_final(&page->file, page->file.state) && !find_end(page, &entry, &found, err))
		return false;
	if (!found) {
		json_put(model, STR("end"), json_null(arena));
		return true;
	}
	struct str reason = reason_of(&entry);
	struct json *end = json_object(arena);
	json_put(end, STR("at"), page_time(request, entry.recorded));
	json_put_text(arena, end, STR("because"), reason.p ? file_inside(arena, reason) : STR(""));
	json_put_bool(arena, end, STR("opens"), opens_for_anyone(page));
	json_put(model, STR("end"), end);
	return true;
}
