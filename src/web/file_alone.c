/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A file in which the office has no part, and where the rules let it write all
 * the same: what it can write, and what it wrote. Nothing else is told.
 */
#include "web/file_parts.h"

#define ENTRIES_A_PAGE 200
#define OWN_SHOWN 50

static struct json *act_of(const struct file_page *page, const struct pack_kind *kind)
{
	struct arena *arena = page->request->arena;
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("kind"), kind->name);
	json_put_text(arena, row, STR("text"), pack_kind_action(kind));
	json_put_text(arena, row, STR("href"),
	              practice_file_path(page->request, page->file.number, kind->name));
	return row;
}

static bool put_acts(struct file_page *page, struct json *model, struct err *err)
{
	struct arena *arena = page->request->arena;
	struct json *rows = json_array(arena);
	if (!casebook_possible_acts(page->reader, arena, practice_viewer(page->request),
	                            &page->file, &page->acts, &page->act_count, err))
		return false;
	for (size_t i = 0; i < page->act_count; i++) {
		const struct pack_kind *kind = page->acts[i].kind;
		if (page->acts[i].is_possible &&
		    casebook_writes_alone(page->reader, practice_viewer(page->request),
		                          &page->access, kind))
			json_push(rows, act_of(page, kind));
	}
	json_put_bool(arena, model, STR("has_acts"), rows && rows->count > 0);
	json_put(model, STR("acts"), rows);
	return true;
}

static struct json *own_row(const struct file_page *page, const struct casebook_entry *entry)
{
	struct arena *arena = page->request->arena;
	struct json *row = json_object(arena);
	json_put_integer(arena, row, STR("n"), entry->index);
	json_put_text(arena, row, STR("text"), entry->rules ? entry->rules->title : entry->kind);
	json_put(row, STR("at"), page_time_near(page->request, entry->recorded));
	return row;
}

/* Its newest ones; another's are not counted either. */
static bool put_own(struct file_page *page, struct json *model, struct err *err)
{
	struct arena *arena = page->request->arena;
	struct json *rows = json_array(arena);
	const struct casebook_entry *entries;
	size_t count = ENTRIES_A_PAGE;
	for (int64_t before = INT64_MAX; rows && count == ENTRIES_A_PAGE;) {
		if (!casebook_entries_before(page->reader, arena, page->file.n, before,
		                             ENTRIES_A_PAGE, &entries, &count, err))
			return false;
		for (size_t i = 0; i < count; i++) {
			struct casebook_access access;
			before = entries[i].index;
			if (!casebook_may_see(page->reader, practice_viewer(page->request), before,
			                      &access, err))
				return false;
			if (access.is_own_entry && rows->count < OWN_SHOWN)
				json_push(rows, own_row(page, &entries[i]));
		}
	}
	json_put_bool(arena, model, STR("has_own"), rows && rows->count > 0);
	json_put(model, STR("own"), rows);
	return true;
}

bool file_alone_show(struct file_page *page, struct web_answer *answer, struct err *err)
{
	struct web_request *request = page->request;
	struct json *model;
	struct page_head head = { .page = STR("file.alone"),
		                  .title = file_heading(request, &page->file) };
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err))
		return false;
	json_put(model, STR("file_name"), file_name(request, &page->file));
	return put_acts(page, model, err) && put_own(page, model, err) &&
	       practice_put_done(request, page->reader, model, err) &&
	       page_answer(request, answer, STR("practice/alone"), model, err);
}
