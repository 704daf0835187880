/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Parts of a file's page: who was asked, and what it is linked to. */
#include "web/file_parts.h"

/* --- asked, answered, silent ----------------------------------------------------------------- */

/* Owed by whom a field of an entry names: somebody was asked. */
static bool was_asked(const struct casebook_duty *duty)
{
	return duty->rules && duty->rules->owner_count == 1 &&
	       duty->rules->owners[0].sort == PACK_OWNER_FIELD &&
	       duty->rules->owners[0].step_count == 0;
}

static void put_asked(struct file_page *page, const struct casebook_duty *duty, struct json *rows)
{
	struct web_request *request = page->request;
	struct arena *arena = request->arena;
	struct json *row = json_object(arena);
	bool is_silent = duty->is_open && duty->is_late;
	json_put_text(arena, row, STR("office_title"), duty->office_title);
	json_put_text(arena, row, STR("what"), duty->title);
	json_put(row, STR("asked_at"), page_time_near(request, duty->opened_at));
	json_put(row, STR("owed_by"), page_time_due(request, duty->due));
	json_put_bool(arena, row, STR("is_silent"), is_silent);
	json_put_bool(arena, row, STR("is_waiting"), duty->is_open && !duty->is_late);
	json_put_bool(arena, row, STR("is_answered"), !duty->is_open && !duty->was_ended);
	json_put_bool(arena, row, STR("was_ended"), duty->was_ended);
	json_put(row, STR("since"), page_time_due(request, duty->due));
	json_put(row, STR("answered_at"),
	         duty->is_open ? json_null(arena) : page_time_near(request, duty->closed_at));
	json_put_text(arena, row, STR("answer_href"),
	              arena_format(arena, "/entries/%" PRId64, duty->closed));
	json_push(rows, row);
}

bool file_put_asked(struct file_page *page, struct json *model, struct err *err)
{
	struct arena *arena = page->request->arena;
	struct json *rows = json_array(arena);
	(void)err;
	for (size_t i = 0; i < page->duties.count; i++)
		if (was_asked(&page->duties.at[i]))
			put_asked(page, &page->duties.at[i], rows);
	json_put_bool(arena, model, STR("has_asked"), rows && rows->count > 0);
	json_put(model, STR("asked"), rows);
	return true;
}

/* --- links ----------------------------------------------------------------------------------- */

/* "child, same household": what it is, and how it is linked. */
static struct str said_of(struct arena *arena, const struct casebook_file *file,
                          struct str relation)
{
	struct str type = file->type ? file_inside(arena, file->type->title) : STR("file");
	struct str said = STR("");
	while (relation.n) {
		size_t dash = str_find(relation, '-');
		said = arena_format(arena, "%.*s%s%.*s", STR_ARG(said), said.n ? " " : "",
		                    STR_ARG(str_sub(relation, 0, dash)));
		relation = str_sub(relation, dash + 1, relation.n);
	}
	return arena_format(arena, "%.*s, %.*s", STR_ARG(type), STR_ARG(said));
}

bool file_put_links(struct file_page *page, struct json *model, struct err *err)
{
	struct web_request *request = page->request;
	struct arena *arena = request->arena;
	struct json *rows = json_array(arena);
	const struct casebook_linked *links;
	size_t count, hidden = 0;
	if (!casebook_links(page->reader, arena, page->file.n, &links, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct casebook_access access;
		struct casebook_file file;
		if (!casebook_may(page->reader, practice_viewer(request), links[i].file, &access,
		                  err))
			return false;
		if (!access.may_know) {
			hidden++;
			continue;
		}
		if (!casebook_file_get(page->reader, arena, links[i].file, &file, err))
			return false;
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("relation"), links[i].relation);
		json_put_text(arena, row, STR("said"), said_of(arena, &file, links[i].relation));
		json_put_text(arena, row, STR("number"), file.number);
		json_put_text(arena, row, STR("href"),
		              practice_file_path(request, file.number, STR("")));
		json_put_bool(arena, row, STR("removed"), links[i].removed >= 0);
		if (links[i].removed >= 0)
			json_put_text(arena, row, STR("removed_href"),
			              arena_format(arena, "/entries/%" PRId64, links[i].removed));
		json_push(rows, row);
	}
	json_put_bool(arena, model, STR("has_links"), count > 0);
	json_put(model, STR("links"), rows);
	json_put_integer(arena, model, STR("links_hidden"), (int64_t)hidden);
	json_put_bool(arena, model, STR("has_links_hidden"), hidden > 0);
	return true;
}
