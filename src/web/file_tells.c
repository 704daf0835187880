/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The head of a file's page: the newest of what its rules have told there, by
 * whom and when, who owes it anew; and in words where there is none, since that
 * nobody wrote it down is worth knowing too.
 */
#include "web/file_parts.h"

#define LINKED_MAX 40  /* linked files that are looked at */
#define DUTIES_MAX 200 /* of one file */

struct seen {
	struct casebook_entry entry;
	bool is_there;
};

static bool look(struct file_page *page, const struct pack_tell *tell, int64_t file,
                 struct seen *seen, struct err *err)
{
	struct casebook_entry found;
	struct err none = { 0 };
	if (!casebook_entry_newest(page->reader, page->request->arena, file, tell->kind->name,
	                           tell->field, tell->code, &found, &none)) {
		if (none.code == ERR_ABSENT)
			return true;
		*err = none;
		return false;
	}
	if (!seen->is_there || found.happened > seen->entry.happened)
		seen->entry = found;
	seen->is_there = true;
	return true;
}

static bool may_know(struct file_page *page, int64_t file, bool *out, struct err *err)
{
	struct casebook_access access;
	if (!casebook_may(page->reader, practice_viewer(page->request), file, &access, err))
		return false;
	*out = access.may_know;
	return true;
}

/* On what is linked to one of the person's files, as far as this viewer may know of it. */
static bool look_at_linked(struct file_page *page, const struct pack_tell *tell,
                           const struct same_file *of, struct seen *seen, struct err *err)
{
	for (size_t i = 0; i < of->link_count && i < LINKED_MAX; i++) {
		struct casebook_file other;
		bool may;
		if (of->links[i].removed >= 0)
			continue;
		if (!casebook_file_get(page->reader, page->request->arena, of->links[i].file,
		                       &other, err)) {
			if (err->code != ERR_ABSENT)
				return false;
			continue;
		}
		/* What another person's file says is theirs, however near they are. */
		if (other.type && other.type->is_person)
			continue;
		if (!may_know(page, other.n, &may, err) ||
		    (may && !look(page, tell, other.n, seen, err)))
			return false;
	}
	return true;
}

/* On each file of the person, and on what is linked to each. */
static bool find(struct file_page *page, const struct pack_tell *tell, struct seen *seen,
                 struct err *err)
{
	*seen = (struct seen){ 0 };
	for (size_t i = 0; i < page->same.count; i++) {
		const struct same_file *one = &page->same.at[i];
		bool may;
		if (!may_know(page, one->file, &may, err) ||
		    (may && !look(page, tell, one->file, seen, err)) ||
		    !look_at_linked(page, tell, one, seen, err))
			return false;
	}
	return true;
}

/* What is owed on each file of the person, as far as this viewer may know of it. */
struct owing {
	struct casebook_duty_list of[SAME_FILES_MAX];
	size_t count;
};

static bool find_owing(struct file_page *page, struct owing *owing, struct err *err)
{
	owing->of[0] = page->duties;
	owing->count = 1;
	for (size_t i = 1; i < page->same.count; i++) {
		bool may;
		if (!may_know(page, page->same.at[i].file, &may, err))
			return false;
		if (may && !casebook_duties_of_file(page->reader, page->request->arena,
		                                    page->same.at[i].file, DUTIES_MAX,
		                                    &owing->of[owing->count++], err))
			return false;
	}
	return true;
}

/* What is due first of all that is owed anew; NULL: nothing. */
static const struct casebook_duty *
owed_first(const struct file_page *page, const struct owing *owing, const struct pack_tell *tell)
{
	const struct pack_duty *rest = casebook_pack(site_book(page->request))->rest;
	const struct casebook_duty *first = NULL;
	for (size_t f = 0; f < owing->count; f++) {
		const struct casebook_duty *found = NULL;
		for (size_t i = 0; i < owing->of[f].count && !found; i++) {
			const struct casebook_duty *duty = &owing->of[f].at[i];
			if (duty->is_open && duty->rules != rest &&
			    duty_is_settled_by(duty, tell->kind, duty->office))
				found = duty;
		}
		if (found && (!first || found->due < first->due))
			first = found;
	}
	return first;
}

/* "Judge it anew (T31), owed by Social worker by the end of 24 November, 2 days late"; or empty. */
static struct str owed_text(struct file_page *page, const struct casebook_duty *duty)
{
	struct web_request *request = page->request;
	if (!duty)
		return STR("");
	struct str due = json_text(page_time_due(request, duty->due), STR("text"));
	struct str late =
		duty->is_late ? json_text(page_late(request, duty->due, request->now), STR("text"))
			      : STR("");
	return arena_format(request->arena, "%.*s (%.*s): %s by %.*s, by %.*s%s%.*s",
	                    STR_ARG(duty->title), STR_ARG(duty->rule),
	                    duty->is_late ? "was owed" : "owed", STR_ARG(duty->office_title),
	                    STR_ARG(due), late.n ? ", " : "", STR_ARG(late));
}

static bool put_one(struct file_page *page, const struct owing *owing, const struct pack_tell *tell,
                    struct json *rows, struct err *err)
{
	struct web_request *request = page->request;
	struct arena *arena = request->arena;
	struct json *row = json_object(arena);
	struct seen seen;
	struct str office = STR("");
	if (!find(page, tell, &seen, err))
		return false;
	if (seen.is_there && seen.entry.office.n &&
	    !casebook_office_title(page->reader, arena, seen.entry.office, &office, err) &&
	    err->code != ERR_ABSENT)
		return false;
	const struct casebook_duty *owed = owed_first(page, owing, tell);
	json_put_text(arena, row, STR("title"), tell->title);
	json_put_bool(arena, row, STR("is_there"), seen.is_there);
	json_put_text(arena, row, STR("none"), tell->none);
	json_put(row, STR("at"),
	         seen.is_there ? page_time_near(request, seen.entry.happened) : json_null(arena));
	json_put_text(arena, row, STR("office"), office);
	json_put_text(arena, row, STR("href"),
	              seen.is_there ? arena_format(arena, "/entries/%" PRId64, seen.entry.index)
	                            : STR(""));
	json_put_text(arena, row, STR("owed"), owed_text(page, owed));
	json_put_bool(arena, row, STR("is_late"), owed && owed->is_late);
	json_push(rows, row);
	return true;
}

bool file_put_tells(struct file_page *page, struct json *model, struct err *err)
{
	struct arena *arena = page->request->arena;
	const struct pack_file_type *type = page->file.type;
	struct json *rows = json_array(arena);
	struct owing owing;
	if (!find_owing(page, &owing, err))
		return false;
	for (size_t i = 0; type && i < type->tell_count; i++)
		if (!put_one(page, &owing, &type->tells[i], rows, err))
			return false;
	json_put_bool(arena, model, STR("has_tells"), rows && rows->count > 0);
	json_put(model, STR("tells"), rows);
	return true;
}
