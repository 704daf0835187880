/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Parts of a file's page: who was asked, links, what can be done now. */
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
		json_put_text(arena, row, STR("number"), file.number);
		json_put_text(arena, row, STR("href"),
		              practice_file_path(request, file.number, STR("")));
		json_push(rows, row);
	}
	json_put_bool(arena, model, STR("has_links"), count > 0);
	json_put(model, STR("links"), rows);
	json_put_integer(arena, model, STR("links_hidden"), (int64_t)hidden);
	json_put_bool(arena, model, STR("has_links_hidden"), hidden > 0);
	return true;
}

/* --- what can be done ------------------------------------------------------------------------ */

/* Made from where they belong, not from a list of everything. */
static bool is_listed(const struct file_page *page, const struct pack_kind *kind)
{
	static const struct str ELSEWHERE[] = {
		{ "duty.read", 9 },       { "second.given", 12 },    { "office.handed-over", 18 },
		{ "pack.adopted", 12 },   { "account.added", 13 },   { "account.changed", 15 },
		{ "token.made", 10 },     { "register.opened", 15 }, { "office.made", 11 },
		{ "entry.corrected", 15 }
	};
	for (size_t i = 0; i < COUNT_OF(ELSEWHERE); i++)
		if (str_eq(ELSEWHERE[i], kind->name))
			return false;
	if (kind->may_begin)
		return false;
	return !str_eq(kind->name, STR("access.broken")) || !page->access.may_open;
}

static void put_act(struct file_page *page, const struct casebook_possible *act, struct json *rows)
{
	struct arena *arena = page->request->arena;
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("kind"), act->kind->name);
	json_put_text(arena, row, STR("text"), pack_kind_action(act->kind));
	json_put_text(arena, row, STR("href"),
	              practice_file_path(page->request, page->file.number, act->kind->name));
	json_put_text(arena, row, STR("why_not"), act->why_not.p ? act->why_not : STR(""));
	json_push(rows, row);
}

bool file_find_possible(struct file_page *page, struct err *err)
{
	return casebook_possible_acts(page->reader, page->request->arena,
	                              practice_viewer(page->request), &page->file, &page->acts,
	                              &page->act_count, err);
}

static bool names(const struct casebook_possible *act, struct str duty)
{
	for (size_t i = 0; i < act->duty_count; i++)
		if (str_eq(act->duties[i], duty))
			return true;
	return false;
}

void file_put_duty_acts(const struct file_page *page, const struct casebook_duty *duty,
                        struct json *row)
{
	struct arena *arena = page->request->arena;
	struct str passes = STR(""), puts_off = STR("");
	for (size_t i = 0; i < page->act_count; i++) {
		const struct pack_kind *kind = page->acts[i].kind;
		if (!names(&page->acts[i], duty->name))
			continue;
		struct str path = arena_format(arena, "/files/%.*s/%.*s?duty=%.*s",
		                               STR_ARG(page->file.number), STR_ARG(kind->name),
		                               STR_ARG(duty->name));
		if (str_eq(kind->name, STR("duty.taken")))
			passes = path;
		else
			puts_off = path;
	}
	json_put_text(arena, row, STR("passes"), passes);
	json_put_text(arena, row, STR("puts_off"), puts_off);
	json_put_text(arena, row, STR("of"), duty->file_number);
}

void file_put_possible(struct file_page *page, struct json *model)
{
	struct arena *arena = page->request->arena;
	struct json *owed = json_array(arena), *also = json_array(arena), *not = json_array(arena);
	for (size_t i = 0; i < page->act_count; i++) {
		const struct casebook_possible *act = &page->acts[i];
		if (!is_listed(page, act->kind))
			continue;
		if (!act->is_possible)
			put_act(page, act, not );
		else
			put_act(page, act, act->settles_owed ? owed : also);
	}
	json_put_bool(arena, model, STR("has_do_owed"), owed && owed->count > 0);
	json_put(model, STR("do_owed"), owed);
	json_put_bool(arena, model, STR("has_do_also"), also && also->count > 0);
	json_put(model, STR("do_also"), also);
	json_put_bool(arena, model, STR("has_do_not"), not &&not ->count > 0);
	json_put(model, STR("do_not"), not );
}
