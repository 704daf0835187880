/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Of a person's page: which other files are of the same person, who said so, and how it is undone.
 */
#include "web/file_parts.h"

static bool takes_away(const struct pack_kind *kind, const struct pack_relation *relation)
{
	for (size_t i = 0; i < kind->unlink_count; i++)
		if (kind->unlinks[i].relation == relation)
			return true;
	return false;
}

/* The act by which this office says that they are two after all; NULL: it has none here. */
static const struct pack_kind *parting(const struct file_page *page)
{
	const struct pack *pack = casebook_pack(site_book(page->request));
	for (size_t i = 0; i < page->act_count; i++)
		if (page->acts[i].is_possible &&
		    takes_away(page->acts[i].kind, pack->matching.joins))
			return page->acts[i].kind;
	return NULL;
}

static void put_undo(const struct file_page *page, const struct same_file *same,
                     const struct casebook_file *file, struct json *row)
{
	struct arena *arena = page->request->arena;
	const struct pack_kind *kind = same->to == page->file.n ? parting(page) : NULL;
	struct str href = STR("");
	if (kind)
		href = arena_format(
			arena, "%.*s?other=%.*s",
			STR_ARG(practice_file_path(page->request, page->file.number, kind->name)),
			STR_ARG(file->number));
	json_put_text(arena, row, STR("undo_href"), href);
	json_put_text(arena, row, STR("undo"), kind ? pack_kind_action(kind) : STR(""));
}

static bool put_one(struct file_page *page, const struct same_file *same, struct json *rows,
                    struct err *err)
{
	struct web_request *request = page->request;
	struct arena *arena = request->arena;
	struct casebook_file file;
	struct casebook_entry entry;
	struct str office = STR("");
	if (!casebook_file_get(page->reader, arena, same->file, &file, err) ||
	    !casebook_entry_get(page->reader, arena, same->entry, &entry, err))
		return false;
	if (entry.office.n &&
	    !casebook_office_title(page->reader, arena, entry.office, &office, err) &&
	    err->code != ERR_ABSENT)
		return false;
	struct json *row = json_object(arena);
	json_put(row, STR("name"), file_name(request, &file));
	json_put_text(arena, row, STR("number"), file.number);
	json_put_text(arena, row, STR("href"), practice_file_path(request, file.number, STR("")));
	json_put(row, STR("at"), page_time_near(request, entry.recorded));
	json_put_text(arena, row, STR("office"), office);
	json_put_integer(arena, row, STR("entry"), entry.index);
	put_undo(page, same, &file, row);
	json_push(rows, row);
	return true;
}

bool file_put_same(struct file_page *page, struct json *model, struct err *err)
{
	struct web_request *request = page->request;
	struct arena *arena = request->arena;
	struct json *part = json_object(arena), *rows = json_array(arena);
	size_t hidden = 0;
	for (size_t i = 1; i < page->same.count; i++) {
		struct casebook_access access;
		if (!casebook_may(page->reader, practice_viewer(request), page->same.at[i].file,
		                  &access, err))
			return false;
		hidden += !access.may_know;
		if (access.may_know && !put_one(page, &page->same.at[i], rows, err))
			return false;
	}
	json_put(part, STR("rows"), rows);
	json_put_integer(arena, part, STR("hidden_n"), (int64_t)hidden);
	json_put_bool(arena, part, STR("has_hidden"), hidden > 0);
	json_put_bool(arena, part, STR("is_hidden_one"), hidden == 1);
	json_put_bool(arena, part, STR("has_apart"), page->same.has_apart);
	json_put_bool(arena, model, STR("is_joined"), page->same.count > 1);
	json_put(model, STR("same"), part);
	return true;
}
